/* Elections of the spatial model: coalitions, victories, and the probability of every option.
 *
 * Over options o, q and voters k of weight w_k with utilities u_k, each pair o > q is voted on once:
 *
 *     v_k = vote(w_k, u_k(o) - u_k(q));   C(o,q) = 1e-8 + sum of v_k > 0;   C(q,o) = 1e-8 + sum of -v_k > 0
 *
 * V(o,q) is the victory of strength C(o,q) over C(q,o). Then
 *
 *     conditional      p(o) ~ prod_q V(o,q)
 *     Markov, uniform  p is the rest point of  p(o) -> (1/m) sum_r V(o,r) (p(o) + p(r))
 *     Markov, incentive  the same with challenges Q(o,q) ~ C(o,q) V(o,q):
 *                        p(o) -> sum_r V(o,r) (p(o) Q(r,o) + p(r) Q(o,r))
 *
 * reached by steps of one half. Loops run over options within voters, so that every sum is in the order of voters and
 * yet two or more are made at once. The product of many probabilities is kept as a fraction and a power of 2^512. */
#include "settle/spatial.h"

#include <string.h>

#define FLOOR 1e-8    /* what every coalition has */
#define THRESHOLD 1.1 /* of binary victory */
#define MARKOV_STEPS 1000

double ent__spatial_victory(double *complement, int rule, double a, double b)
{
    double x = a, y = b;
    if (rule == ENT_SPATIAL_BINARY) {
        double share = (a / (a + b) * (THRESHOLD + 1) - 1) / (THRESHOLD - 1);
        bool first = a >= THRESHOLD * b, second = b >= THRESHOLD * a;
        x = first ? 1 : second ? 1e-6 : share;
        y = second ? 1 : first ? 1e-6 : 1 - share;
    } else if (rule != ENT_SPATIAL_LINEAR) {
        double most = a > b ? a : b; /* so that no power overflows */
        x = a / most * (a / most);
        y = b / most * (b / most);
        for (int k = rule; k > ENT_SPATIAL_SQUARE; k--) {
            x *= x;
            y *= y;
        }
    }
    *complement = y / (x + y);
    return x / (x + y);
}

/* For option o, the strengths for and against each option before it. */
static inline __attribute__((always_inline)) void vote_pairs(double *restrict up, double *restrict down, size_t o,
                                                             const ent__spatial_poll *poll, int rule)
{
    for (size_t q = 0; q < o; q++)
        up[q] = down[q] = FLOOR;
    for (size_t k = 0; k < poll->n; k++) {
        const double *restrict u = poll->utility + k * poll->m;
        double w = poll->weight[k], own = u[o];
        if (!(w > 0))
            continue;
        for (size_t q = 0; q < o; q++) {
            double v = ent__spatial_vote(rule, w, own - u[q]);
            up[q] += v > 0 ? v : 0;
            down[q] += v < 0 ? -v : 0;
        }
    }
}

/* A product that cannot vanish: fraction 2^(512 power). */
static void multiply(double *fraction, double *power, double by)
{
    *fraction *= by;
    if (*fraction < 0x1p-512) {
        *fraction *= 0x1p512;
        *power -= 1;
    }
}

static void normalise_products(double *p, const double *fraction, const double *power, size_t m)
{
    double most = power[0], sum = 0;
    for (size_t o = 1; o < m; o++)
        most = power[o] > most ? power[o] : most;
    for (size_t o = 0; o < m; o++) {
        p[o] = power[o] == most ? fraction[o] : power[o] == most - 1 ? fraction[o] * 0x1p-512 : 0;
        sum += p[o];
    }
    for (size_t o = 0; o < m; o++)
        p[o] /= sum;
}

/* One half step from p towards `aim`; returns the largest distance between them. */
static double step_half(double *restrict p, const double *restrict aim, size_t m)
{
    double most = 0;
    for (size_t o = 0; o < m; o++) {
        double far = aim[o] > p[o] ? aim[o] - p[o] : p[o] - aim[o];
        most = far > most ? far : most;
        p[o] = (p[o] + aim[o]) / 2;
    }
    return most;
}

/* wins[r m + o] = V(o, r). */
static bool rest_uniform(double *restrict p, const double *restrict wins, double *restrict aim, size_t m)
{
    for (int step = 0; step < MARKOV_STEPS; step++) {
        memset(aim, 0, m * sizeof *aim);
        for (size_t r = 0; r < m; r++)
            for (size_t o = 0; o < m; o++)
                aim[o] += wins[r * m + o] * (p[o] + p[r]);
        for (size_t o = 0; o < m; o++)
            aim[o] /= (double)m;
        if (step_half(p, aim, m) <= 1e-6)
            return true;
    }
    return false;
}

/* drive[r m + o] = C(o, r), overwritten with V(o, r) Q(o, r); keep[o] = sum_r V(o, r) Q(r, o); sum: m, scratch. */
static bool rest_incentive(double *restrict p, const double *restrict wins, double *restrict drive,
                           double *restrict aim, double *restrict keep, double *restrict sum, size_t m)
{
    for (size_t q = 0; q < m; q++) { /* incentive G(o, q), and its sum over challengers o of q */
        sum[q] = 0;
        for (size_t o = 0; o < m; o++) {
            drive[q * m + o] = drive[q * m + o] * wins[q * m + o] + (o == q ? 1e-10 : 0);
            sum[q] += drive[q * m + o];
        }
    }
    for (size_t o = 0; o < m; o++) {
        keep[o] = 0;
        for (size_t r = 0; r < m; r++)
            keep[o] += wins[r * m + o] * (drive[o * m + r] / sum[o]);
    }
    for (size_t r = 0; r < m; r++)
        for (size_t o = 0; o < m; o++)
            drive[r * m + o] = wins[r * m + o] * (drive[r * m + o] / sum[r]);
    for (int step = 0; step < MARKOV_STEPS; step++) {
        for (size_t o = 0; o < m; o++)
            aim[o] = p[o] * keep[o];
        for (size_t r = 0; r < m; r++)
            for (size_t o = 0; o < m; o++)
                aim[o] += drive[r * m + o] * p[r];
        if (step_half(p, aim, m) <= 1e-8)
            return true;
    }
    return false;
}

bool ent__spatial_elect(double *p, const ent__spatial_poll *poll)
{
    size_t m = poll->m;
    double *up = poll->work, *down = up + m, *fraction = down + m, *power = fraction + m, *aim = power + m,
           *wins = aim + m, *drive = wins + m * m;
    bool markov = poll->election != ENT_SPATIAL_CONDITIONAL;
    for (size_t o = 0; o < m; o++) {
        fraction[o] = 1;
        power[o] = 0;
    }
    for (size_t o = 0; o < m; o++) {
        ENT__SPATIAL_EACH_RULE(poll->vote, vote_pairs(up, down, o, poll, RULE));
        for (size_t q = 0; q < o; q++) {
            double lost, won = ent__spatial_victory(&lost, poll->victory, up[q], down[q]);
            multiply(&fraction[o], &power[o], won);
            multiply(&fraction[q], &power[q], lost);
            if (markov) {
                wins[q * m + o] = won;
                wins[o * m + q] = lost;
                drive[q * m + o] = up[q];
                drive[o * m + q] = down[q];
            }
        }
        if (markov) {
            wins[o * m + o] = 0.5;
            drive[o * m + o] = FLOOR;
        }
    }
    if (!markov) {
        normalise_products(p, fraction, power, m);
        return true;
    }
    for (size_t o = 0; o < m; o++)
        p[o] = 1.0 / (double)m;
    return poll->election == ENT_SPATIAL_MARKOV_UNIFORM ? rest_uniform(p, wins, aim, m)
                                                        : rest_incentive(p, wins, drive, aim, up, down, m);
}
