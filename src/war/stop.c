/* What a state does: settle, freeze, give up or fight on.
 *
 * With x = k / K, face values v_A = alpha_A x + (1 - alpha_A) y and v_B = alpha_B (1 - x) + (1 - alpha_B)(1 - y), and a
 * settlement worth g_i v_i, the y that side i takes rather than fight on are
 *
 *     A: y >= lo = (W_A / g_A - alpha_A x) / (1 - alpha_A)
 *     B: y <= hi = 1 - (W_B / g_B - alpha_B (1 - x)) / (1 - alpha_B)
 *
 * and in [max(0, lo), min(1, hi)] the asymmetric Nash solution y = clip((1 - beta) lo + beta hi). A side to which y
 * means nothing (alpha_i = 1 or g_i = 0) takes any y or none. A frozen line beats fighting on exactly when
 * v_i - phi c_i / (1 - delta) > W_i, which does not depend on how likely war resumes. */
#include "war/war.h"

#include <math.h>

/* Ends of a range that cross by less are one point: rounding may not decide whether there is a range. */
static const double EMPTY = 1e-12;

/* One side, all seen from its own end: share of the territory, share of the political stake. */
typedef struct side {
    double alpha, guarantee, worth; /* worth: W */
    double share;                   /* of the territory, by the present line */
} side;

/* Whether y matters to it; if not, `takes` says whether it settles at all; if so, `least` is the least share of the
 * political stake for which it does. */
static bool bargains(const side *s, bool *takes, double *least)
{
    if (s->alpha < 1 && s->guarantee > 0) {
        *takes = true;
        *least = (s->worth / s->guarantee - s->alpha * s->share) / (1 - s->alpha);
        return true;
    }
    *takes = s->guarantee * s->share >= s->worth; /* alpha = 1, or 0 >= W */
    return false;
}

static double clip(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

/* True where there is a range; then y is the point agreed on. */
static bool settles(double *y, const side *a, const side *b, double beta, double y0)
{
    bool a_takes, b_takes;
    double least_a = 0, least_b = 0;
    bool a_bargains = bargains(a, &a_takes, &least_a), b_bargains = bargains(b, &b_takes, &least_b);
    if (!a_takes || !b_takes)
        return false;
    double lo = least_a, hi = 1 - least_b;
    double low = a_bargains && lo > 0 ? lo : 0, high = b_bargains && hi < 1 ? hi : 1;
    if (!(low <= high + EMPTY))
        return false;
    if (low > high)
        low = high = low + (high - low) / 2;
    if (a_bargains && b_bargains)
        *y = clip((1 - beta) * lo + beta * hi, low, high);
    else
        *y = a_bargains ? high : b_bargains ? low : y0; /* the other's best end */
    return true;
}

static bool prefers_frozen(double face, double cost, double worth, double discount)
{
    return (1 - discount) * face - cost > (1 - discount) * worth;
}

ent__war_act ent__war_decide(double *y, const ent_war_input *in, const ent__war_month *now, const ent__war_values *v,
                             int32_t k)
{
    const int32_t from_b = in->states - k;
    const double states = in->states;
    const side a = {in->alpha_a, now->guarantee[0], v->value[0][k], k / states};
    const side b = {in->alpha_b, now->guarantee[1], v->value[1][from_b], from_b / states};
    if (settles(y, &a, &b, in->beta, in->y0))
        return ENT__WAR_SETTLE;
    double face_a = in->alpha_a * a.share + (1 - in->alpha_a) * in->y0;
    double face_b = in->alpha_b * b.share + (1 - in->alpha_b) * (1 - in->y0);
    if (in->freezing && prefers_frozen(face_a, in->freeze_cost * now->cost[0], a.worth, in->discount) &&
        prefers_frozen(face_b, in->freeze_cost * now->cost[1], b.worth, in->discount))
        return ENT__WAR_FREEZE;
    if (k <= v->quits[0])
        return ENT__WAR_QUIT_A;
    return from_b <= v->quits[1] ? ENT__WAR_QUIT_B : ENT__WAR_FIGHT;
}
