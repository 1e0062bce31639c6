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

/* For options first to last, each in a row of its own, the strengths for and against each option before it. The tables
 * are walked in tiles, so that what is added to stays in the cache. */
static inline __attribute__((always_inline)) void vote_pairs(double *restrict up, double *restrict down, size_t first,
                                                             size_t last, const ent__spatial_poll *poll, int rule)
{
    size_t m = poll->m;
    for (size_t at = 0; at < (last - first) * m; at++)
        up[at] = down[at] = FLOOR;
    for (size_t tile = 0; tile < last; tile += ENT__SPATIAL_TILE)
        for (size_t k = 0; k < poll->n; k++) {
            const double *restrict u = poll->utility + k * m;
            double w = poll->weight[k];
            for (size_t o = first; o < last && w > 0; o++) {
                double own = u[o], *restrict gains = up + (o - first) * m, *restrict losses = down + (o - first) * m;
                size_t end = tile + ENT__SPATIAL_TILE < o ? tile + ENT__SPATIAL_TILE : o;
                for (size_t q = tile; q < end; q++) {
                    double v = ent__spatial_vote(rule, w, own - u[q]);
                    gains[q] += v > 0 ? v : 0;
                    losses[q] += v < 0 ? -v : 0;
                }
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

/* What comes of the votes between options: products of victories, and for the Markov forms the tables. */
typedef struct tally {
    double *fraction, *power, *wins, *drive;
    bool markov;
} tally;

static void count_votes(tally *t, size_t o, const double *up, const double *down, const ent__spatial_poll *poll)
{
    size_t m = poll->m;
    for (size_t q = 0; q < o; q++) {
        double lost, won = ent__spatial_victory(&lost, poll->victory, up[q], down[q]);
        multiply(&t->fraction[o], &t->power[o], won);
        multiply(&t->fraction[q], &t->power[q], lost);
        if (t->markov) {
            t->wins[q * m + o] = won;
            t->wins[o * m + q] = lost;
            t->drive[q * m + o] = up[q];
            t->drive[o * m + q] = down[q];
        }
    }
    if (t->markov) {
        t->wins[o * m + o] = 0.5;
        t->drive[o * m + o] = FLOOR;
    }
}

bool ent__spatial_elect(double *p, const ent__spatial_poll *poll)
{
    size_t m = poll->m;
    bool markov = poll->election != ENT_SPATIAL_CONDITIONAL;
    double *fraction = poll->work, *power = fraction + m, *aim = power + m, *up = aim + m;
    double *down = up + ENT__SPATIAL_VOTED * m, *wins = markov ? down + ENT__SPATIAL_VOTED * m : NULL;
    double *drive = markov ? wins + m * m : NULL;
    tally t = {fraction, power, wins, drive, markov};
    for (size_t o = 0; o < m; o++) {
        fraction[o] = 1;
        power[o] = 0;
    }
    for (size_t first = 0; first < m; first += ENT__SPATIAL_VOTED) {
        size_t last = m - first < ENT__SPATIAL_VOTED ? m : first + ENT__SPATIAL_VOTED;
        ENT__SPATIAL_EACH_RULE(poll->vote, vote_pairs(up, down, first, last, poll, RULE));
        for (size_t o = first; o < last; o++)
            count_votes(&t, o, up + (o - first) * m, down + (o - first) * m, poll);
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
