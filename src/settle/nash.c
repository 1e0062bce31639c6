/* Nash: the asymmetric Nash bargaining solution over one issue.
 *
 *     maximise  sum_i w_i ln(u_i(x) - d_i)        u_i(x) = 1 - |x - x_i|^r / R^r,  R the range of the scale
 *     over the x that all with weight accept: u_i(x) >= d_i
 *     d_i = -L (a stated loss), or u_i(q) (the status quo q)
 *
 * Nash 1950; weights: Kalai 1977. In both forms actor i accepts what lies within a reach of its position,
 *
 *     u_i(x) - d_i = (h_i^r - |x - x_i|^r) / R^r      h_i = R (1 + L)^(1/r),  or  h_i = |q - x_i|
 *
 * so the accepted points are an interval, on which the sum is concave (the log of a concave function). The slope
 *
 *     g(x) = sum_i w_i s_i,   s_i = r sign(e) |e|^(r-1) / (h_i^r - |e|^r),   e = x_i - x
 *     g'(x) = sum_i w_i (-r (r-1) |e|^(r-2) / (h_i^r - |e|^r) - s_i^2)
 *
 * falls through zero once, between the least and the greatest position: Newton's method, which is replaced by halving
 * where it leaves the bracket. A search on the product itself would know x only to the square root of a double's
 * precision.
 *
 * With the status quo as disagreement: every interval has q as one end, so where q lies between two positions (or on
 * one) the only accepted point is q. Where all are on one side of it, say above, what all accept ends at 2 min x - q.
 */
#include "core/elementary.h"
#include "settle/settle.h"

#include <float.h>
#include <math.h>

enum { OPTION_R, OPTION_LOSS, OPTION_DISAGREEMENT };
enum { DISAGREE_LOSS, DISAGREE_STATUS_QUO };
enum { NEWTON_STEPS = 60, ALL_STEPS = 130 };
static const double PRECISION = 1e-14; /* of the bracket at the start */

/* The actors with weight. */
typedef struct bargain {
    size_t n;
    double r;
    double *position, *weight, *reach;
    double low, high; /* the solution lies within */
} bargain;

static size_t workspace(size_t n)
{
    return 3 * n * sizeof(double);
}

/* d^r / (h^r - d^r), 0 <= d < h, with all digits at both ends. */
static double share_left(double d, double reach, double r)
{
    if (d < 0.5 * reach) {
        double power = ent_pow(d / reach, r);
        return power / (1 - power);
    }
    double lost = ent_expm1(r * ent_log1p((d - reach) / reach)); /* (d / h)^r - 1 */
    return -(1 + lost) / lost;
}

/* s_i and its derivative for one actor at a signed distance e of its position from x. */
static inline void slope_of(double *s, double *ds, double e, double reach, double r)
{
    double d = fabs(e), inside, over; /* over: what h^r - d^r is divided by in the curvature's first term */
    if (!(d < reach)) {               /* farther than this actor accepts: back toward it */
        *s = e > 0 ? INFINITY : -INFINITY;
        *ds = -INFINITY;
        return;
    }
    if (r == 2) {
        inside = 1 / ((reach - d) * (reach + d));
        *s = 2 * e * inside;
        over = 2 * inside;
    } else if (r == 1) {
        *s = (e > 0 ? 1 : e < 0 ? -1 : 0) / (reach - d);
        over = 0;
    } else {
        double left = share_left(d, reach, r);
        *s = d > 0 ? r * left / e : 0;
        over = d > 0 ? r * (r - 1) * left / (d * d) : 0;
    }
    *ds = -over - *s * *s;
}

static double slope(double *derivative, const bargain *b, double x)
{
    double g = 0, dg = 0, s, ds;
    for (size_t i = 0; i < b->n; i++) {
        slope_of(&s, &ds, b->position[i] - x, b->reach[i], b->r);
        g += b->weight[i] * s;
        dg += b->weight[i] * ds;
    }
    *derivative = dg;
    return g;
}

/* Where the slope passes zero, between low and high. Every trial point narrows them, so whatever rounding makes of the
 * slope near the ends of a tiny interval, the answer lies within it. A small step alone is no sign of having arrived,
 * near an end where somebody's margin vanishes all are small: the last one goes a little too far, so as to have the
 * zero between two points. */
static double solve(const bargain *b, double low, double high, double start)
{
    double precision = fmax(PRECISION * (high - low), 4 * DBL_EPSILON * fmax(fabs(low), fabs(high)));
    double x = start > low && start < high ? start : low + (high - low) / 2;
    for (int i = 0; i < ALL_STEPS && x > low && x < high; i++) {
        double derivative, g = slope(&derivative, b, x);
        if (g == 0)
            return x;
        *(g > 0 ? &low : &high) = x;
        if (high - low <= 3 * precision)
            break;
        double step = -g / derivative;
        if (fabs(step) <= precision)
            step += g > 0 ? precision : -precision;
        double next = x + step;
        x = next > low && next < high && i < NEWTON_STEPS ? next : low + (high - low) / 2;
    }
    return low + (high - low) / 2;
}

/* The same for r = 1, where the slope falls by a jump at every position: by halves to the position whose jump passes
 * zero, or to the two neighbours between which it does. */
static double solve_with_kinks(const bargain *b, double start)
{
    double low = -INFINITY, high = INFINITY, middle = start;
    for (;;) {
        double at = INFINITY, derivative, jump = 0;
        for (size_t i = 0; i < b->n; i++) {
            double x = b->position[i];
            if (x > low && x < high && fabs(x - middle) < fabs(at - middle))
                at = x;
        }
        if (at == INFINITY)
            break;
        double g = slope(&derivative, b, at);
        for (size_t i = 0; i < b->n; i++)
            jump += b->position[i] == at ? b->weight[i] / b->reach[i] : 0;
        if (fabs(g) <= jump)
            return at;
        *(g > 0 ? &low : &high) = at;
        double from = low > b->low ? low : b->low, to = high < b->high ? high : b->high;
        middle = from + (to - from) / 2;
    }
    return solve(b, low > b->low ? low : b->low, high < b->high ? high : b->high, start);
}

static double best(const bargain *b, double start)
{
    return b->r == 1 ? solve_with_kinks(b, start) : solve(b, b->low, b->high, start);
}

/* Fills the arrays with those who have weight; their compromise. */
static double gather(bargain *b, const ent_settle_input *in)
{
    double sum = 0, total = 0;
    b->n = 0;
    for (size_t i = 0; i < in->n; i++) {
        double w = ent__settle_weight(in, i), x = in->position[i];
        if (!(w > 0))
            continue;
        b->low = b->n == 0 || x < b->low ? x : b->low;
        b->high = b->n == 0 || x > b->high ? x : b->high;
        b->position[b->n] = x;
        b->weight[b->n++] = w;
        sum += w * x;
        total += w;
    }
    return sum / total;
}

static void against_loss(ent_settle_output *out, bargain *b, const ent_settle_input *in, double start)
{
    double range = in->high - in->low, room = 1 + in->option[OPTION_LOSS];
    double reach = range * (b->r == 1 ? room : b->r == 2 ? sqrt(room) : ent_pow(room, 1 / b->r));
    for (size_t i = 0; i < b->n; i++)
        b->reach[i] = reach;
    if (b->high - reach > b->low + reach) /* a draw may have put positions beyond the scale's ends, and too far apart */
        return;
    out->outcome = best(b, start);
    out->stop = ENT_STOP_DONE;
}

static void against_status_quo(ent_settle_output *out, bargain *b, const ent_settle_input *in, double start)
{
    double q = in->status_quo;
    if (!(q < b->low || q > b->high)) {
        out->outcome = q;
        out->stop = ent__is_undefined(q) ? ENT_STOP_UNDEFINED : ENT_STOP_STATUS_QUO;
        return;
    }
    for (size_t i = 0; i < b->n; i++)
        b->reach[i] = fabs(q - b->position[i]);
    /* what all accept may be tiny, and is solved to its own width */
    double limit = 2 * (q < b->low ? b->low : b->high) - q;
    if (q < b->low && limit < b->high)
        b->high = limit;
    if (q > b->high && limit > b->low)
        b->low = limit;
    out->outcome = best(b, start);
    out->stop = ENT_STOP_DONE;
}

static void settle(ent_settle_output *out, const ent_settle_input *in, void *space)
{
    bargain b = {.r = in->option[OPTION_R], .position = space};
    b.weight = b.position + in->n;
    b.reach = b.weight + in->n;
    double start = gather(&b, in);
    out->stop = ENT_STOP_UNDEFINED;
    if (in->option[OPTION_DISAGREEMENT] == DISAGREE_STATUS_QUO)
        against_status_quo(out, &b, in, start);
    else
        against_loss(out, &b, in, start);
}

static const ent_port options[] = {
    {.name = "r",
     .shape = "",
     .unit = "1",
     .low = 1,
     .high = 20,
     .fallback = 2,
     .meaning = "curvature of utility: 1 each step away costs the same, 2 far steps cost more"},
    {.name = "loss",
     .shape = "",
     .unit = "utility",
     .low = 0,
     .high = 1e6,
     .fallback = 1,
     .meaning =
         "how bad no agreement is: 1 as the far end of the scale twice over; large, and the outcome is the compromise"},
    {.name = "disagreement",
     .shape = "",
     .unit = "",
     .choices = "loss|status_quo",
     .meaning = "what happens without agreement: the loss, or the status quo stays"},
};

const ent_model ent__model_nash = {
    .name = "nash",
    .room = "settle",
    .title = "Nash bargaining",
    .summary = "Everyone must agree, and weighs an agreement against having none. The outcome is the point with the "
               "greatest weighted product of gains over no agreement; it protects those who would lose most. Actors "
               "without weight have no veto. Where nothing improves on the status quo for all, the status quo stands.",
    .equation = "x* maximises sum(w * ln(u(x) - d)) over the x with u(x) >= d for all\n"
                "u(x) = 1 - |x - position|^r / range^r;  d = -loss, or u(status_quo)\n"
                "w = capability * salience",
    .citation = "Nash, J. F. (1950). The bargaining problem. Econometrica 18(2), 155-162. Kalai, E. (1977). "
                "Nonsymmetric Nash solutions and replications of 2-person bargaining. International Journal of Game "
                "Theory 6(3), 129-133.",
    .accuracy = "",
    .cost = "O(n) a step of Newton's method, about 6 steps",
    .inputs = ent__settle_inputs,
    .n_inputs = ENT_COUNT(ent__settle_inputs),
    .options = options,
    .n_options = ENT_COUNT(options),
    .outputs = ent__settle_outputs,
    .n_outputs = ENT_COUNT(ent__settle_outputs),
    .workspace = workspace,
    .settle = settle,
};
