/* The Nash bargaining solution, weighted: everyone must gain over disagreement, and the product of the gains, each to
 * the power of its actor's weight, is greatest.
 *
 *     maximise f(x) = sum_i w_i ln(u_i(x) - d_i)      over the x that all accept
 *     u_i(x) = 1 - |x - x_i|^r / range^r,   w_i = capability_i * salience_i
 *     d_i = -loss, or u_i(status quo)
 *
 * Nash 1950; with weights: Kalai 1977. f is concave where it is defined (the logarithm of a concave positive function),
 * so its slope falls and has one root, found by Newton's steps inside a bracket that shrinks: no search on the product.
 * In units of the range, t = (x - low) / range, each gain is h_i(t) = c_i - |t - t_i|^r with c_i = 1 + loss, or
 * |status quo - t_i|^r. With the status quo as disagreement an actor accepts what is no farther from it than that, so
 * all together accept an interval that ends at the status quo; where it is that point alone, the status quo stands. */
#include "settle/settle.h"

#include "core/elementary.h"

enum { OPTION_R, OPTION_LOSS, OPTION_DISAGREEMENT };
enum { BY_LOSS, BY_STATUS_QUO };

typedef struct bargain {
    size_t n;
    double r;
    const double *weight, *ideal, *most; /* w_i, t_i, c_i; actors of weight zero are left out */
} bargain;

/* f'(t) and f''(t); f' is +inf or -inf where somebody's gain is gone on the way down or up. */
static double slope(double *curvature, const bargain *b, double t)
{
    double first = 0, second = 0;
    for (size_t i = 0; i < b->n; i++) {
        double a = t - b->ideal[i], distance = a < 0 ? -a : a, h, dh, ddh;
        if (b->r == 2) {
            h = b->most[i] - a * a;
            dh = -2 * a;
            ddh = -2;
        } else if (b->r == 1) {
            h = b->most[i] - distance;
            dh = a < 0 ? 1 : a > 0 ? -1 : 0;
            ddh = 0;
        } else {
            double power = distance > 0 ? ent_pow(distance, b->r - 1) : 0;
            h = b->most[i] - power * distance;
            dh = a < 0 ? b->r * power : -b->r * power;
            ddh = distance > 0 ? -b->r * (b->r - 1) * power / distance : 0;
        }
        if (!(h > 0)) {
            *curvature = 0;
            return a < 0 ? __builtin_inf() : -__builtin_inf();
        }
        double ratio = dh / h;
        first += b->weight[i] * ratio;
        second += b->weight[i] * (ddh / h - ratio * ratio);
    }
    *curvature = second;
    return first;
}

/* The root of the slope in [low, high], where it is not negative at low and not positive at high. */
static double solve(const bargain *b, double low, double high, double start)
{
    double t = start;
    for (int step = 0; step < 200 && high - low > 1e-16; step++) {
        double curvature, s = slope(&curvature, b, t);
        if (s == 0)
            return t;
        if (s > 0)
            low = t;
        else
            high = t;
        double next = curvature < 0 && ent__is_finite(s) ? t - s / curvature : low;
        if (!(next > low && next < high))
            next = low + 0.5 * (high - low);
        double moved = next - t;
        t = next;
        if ((moved < 0 ? -moved : moved) <= 1e-15)
            break;
    }
    return t;
}

static size_t workspace_bytes(size_t n) { return 3 * n * sizeof(double); }

static void settle(ent_settle_output *out, const ent_settle_input *in, void *workspace)
{
    double range = in->high - in->low, loss = in->option[OPTION_LOSS];
    double *weight = workspace, *ideal = weight + in->n, *most = ideal + in->n;
    bool by_status_quo = in->option[OPTION_DISAGREEMENT] == BY_STATUS_QUO;
    bargain b = {0, in->option[OPTION_R], weight, ideal, most};
    double quo = (in->status_quo - in->low) / range;
    if (by_status_quo && quo != quo) {
        out->stop = ENT_STOP_UNDEFINED;
        return;
    }
    double low = __builtin_inf(), high = -__builtin_inf(), sum = 0, total = 0, first = in->position[0], last = first;
    for (size_t i = 0; i < in->n; i++) {
        double w = in->capability[i] * in->salience[i], t = (in->position[i] - in->low) / range;
        if (!(w > 0)) /* nobody without weight has a veto */
            continue;
        if (t < low || b.n == 0)
            first = in->position[i];
        if (t > high || b.n == 0)
            last = in->position[i];
        low = t < low ? t : low;
        high = t > high ? t : high;
        weight[b.n] = w;
        ideal[b.n] = t;
        most[b.n] = by_status_quo ? ent__settle_loss(t < quo ? quo - t : t - quo, b.r) : 1 + loss;
        sum += w * t;
        total += w;
        b.n++;
    }
    double start = sum / total;
    out->stop = ENT_STOP_DONE;
    if (by_status_quo) {
        /* All on one side: from the status quo to its mirror image in the nearest position. Else nobody can gain alone. */
        double from = low > quo ? quo : high < quo ? 2 * high - quo : quo, to = low > quo ? 2 * low - quo : quo;
        if (!(to - from > 1e-12)) {
            out->outcome = in->status_quo;
            out->stop = ENT_STOP_STATUS_QUO;
            return;
        }
        low = low > from ? low : from;
        high = high < to ? high : to;
        start = start > low && start < high ? start : low + 0.5 * (high - low);
    }
    double t = solve(&b, low, high, start);
    double x = in->low + t * range;
    out->outcome = x < first ? first : x > last ? last : x;
}

static const ent_port options[] = {
    ENT__SETTLE_OPTION_R,
    {.name = "loss", .shape = "", .unit = "utility", .low = 0, .high = 1e6, .fallback = 1,
     .meaning = "How bad no agreement is: 0 is the far end of the scale, 1 the far end twice over. The larger, the nearer to the compromise."},
    {.name = "disagreement", .shape = "", .unit = "", .low = 0, .high = 1, .fallback = 0, .choices = "loss|status_quo",
     .meaning = "What happens without agreement: a stated loss for all, or the status quo."}};

const ent_model ent__model_nash = {
    .name = "nash",
    .room = "settle",
    .title = "Nash bargaining solution",
    .summary = "Nobody accepts less than no agreement gives; among what all accept, the point at which the product of the gains "
               "(each raised to its actor's weight) is greatest. Those who stand to lose most pull hardest, so extremes count "
               "for more than in the compromise.",
    .equation = "maximise sum(w ln(u(x) - d)),   u(x) = 1 - (|x - position| / range)^r,   d = -loss or u(status_quo)",
    .citation = "Nash, J.F. (1950), The Bargaining Problem, Econometrica 18. Kalai, E. (1977), Nonsymmetric Nash Solutions and "
                "Replications of 2-Person Bargaining, International Journal of Game Theory 6.",
    .accuracy = "Near the compromise on the decisions of the European Union, as its approximation should be (Achen 2006).",
    .cost = "O(n) a step, about six steps",
    .inputs = ent__settle_inputs, .n_inputs = 4,
    .options = options, .n_options = 3,
    .outputs = ent__settle_outputs, .n_outputs = 4,
    .workspace = workspace_bytes,
    .settle = settle,
};
