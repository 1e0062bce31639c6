/* What each line does: settle, freeze, give up or fight on.
 *
 * With x = k / K, face values v_A = alpha_A x + (1 - alpha_A) y and v_B = alpha_B (1 - x) + (1 - alpha_B)(1 - y), and a
 * settlement worth g_i v_i, the y that side i takes rather than fight on are
 *
 *     A: y >= lo = (W_A / g_A - alpha_A x) / (1 - alpha_A)
 *     B: y <= hi = 1 - (W_B / g_B - alpha_B (1 - x)) / (1 - alpha_B)
 *
 * and in [max(0, lo), min(1, hi)] the asymmetric Nash solution y = clip((1 - beta) lo + beta hi). A side to which y
 * means nothing (alpha_i = 1 or g_i = 0) takes any y or none. A frozen line beats fighting on exactly when
 * v_i - phi c_i / (1 - delta) > W_i, which does not depend on how likely war resumes.
 *
 * Seen from its own end both sides are alike: share s of the territory, share z of the political stake, z at least
 * least_i = (W / g - alpha s) / (1 - alpha); lo = least_A, hi = 1 - least_B. */
#include "war/war.h"

/* Ends of a range that cross by less are one point: rounding may not decide whether there is a range. */
static const double EMPTY = 1e-12;

/* One side in one month. What it takes is W / g - alpha s, over 1 - alpha, with the divisions done once. */
typedef struct side {
    const double *worth; /* W by steps from its end */
    int32_t quits;
    bool bargains;             /* y matters to it */
    double of_worth, of_share; /* 1 / (g (1 - alpha)), alpha / (1 - alpha) */
    double guarantee;
    double frozen_share, frozen; /* a frozen line is worth the sum of frozen_share * s and frozen */
} side;

static side side_of(const ent_war_input *in, const ent__war_month *now, const ent__war_values *v, int i)
{
    const double alpha = i == 0 ? in->alpha_a : in->alpha_b, kept = i == 0 ? in->y0 : 1 - in->y0;
    const double least = now->guarantee[i] * (1 - alpha);
    side s = {.worth = v->value[i], .quits = v->quits[i], .bargains = least > 1e-300, .guarantee = now->guarantee[i]};
    s.frozen_share = alpha;
    s.frozen = (1 - alpha) * kept - in->freeze_cost * now->cost[i] / (1 - in->discount);
    if (s.bargains) {
        s.of_worth = 1 / least;
        s.of_share = alpha / (1 - alpha);
    }
    return s;
}

static double clip(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* True where there is a range; then y is the point agreed on. */
static bool settles(double *y, const side *a, const side *b, double worth_a, double share_a, double worth_b,
                    double share_b, const ent_war_input *in)
{
    if ((!a->bargains && a->guarantee * share_a < worth_a) || (!b->bargains && b->guarantee * share_b < worth_b))
        return false; /* of such a side only alpha = 1, s = v, or g = 0 */
    double lo = worth_a * a->of_worth - share_a * a->of_share, hi = 1 - (worth_b * b->of_worth - share_b * b->of_share);
    double low = a->bargains && lo > 0 ? lo : 0, high = b->bargains && hi < 1 ? hi : 1;
    if (!(low <= high + EMPTY))
        return false;
    if (low > high)
        low = high = low + (high - low) / 2;
    if (a->bargains && b->bargains)
        *y = clip((1 - in->beta) * lo + in->beta * hi, low, high);
    else
        *y = a->bargains ? high : b->bargains ? low : in->y0; /* the other's best end */
    return true;
}

void ent__war_decide(unsigned char *act, double *y, const ent_war_input *in, const ent__war_month *now,
                     const ent__war_values *v, const double *fight)
{
    const int32_t states = in->states;
    const double step = 1.0 / states;
    const side a = side_of(in, now, v, 0), b = side_of(in, now, v, 1);
    for (int32_t k = 1; k < states; k++) {
        if (fight != NULL && !(fight[k] > 0))
            continue;
        const double worth_a = a.worth[k], worth_b = b.worth[states - k], x = k * step, rest = (states - k) * step;
        if (settles(&y[k], &a, &b, worth_a, x, worth_b, rest, in))
            act[k] = ENT__WAR_SETTLE;
        else if (in->freezing && a.frozen_share * x + a.frozen > worth_a && b.frozen_share * rest + b.frozen > worth_b)
            act[k] = ENT__WAR_FREEZE;
        else if (k <= a.quits)
            act[k] = ENT__WAR_QUIT_A;
        else
            act[k] = states - k <= b.quits ? ENT__WAR_QUIT_B : ENT__WAR_FIGHT;
    }
}
