/* Times a round of the challenge model: bench_challenge N engine|naive [RUNS] prints the best seconds of one core.
 *
 * `naive` is the same round (variant classic, defaults) as loops that say what the equations say: a vote at a time, each
 * loss made anew where it is needed. It checks that it moves everybody to where the engine does. */
#include "entente/challenge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define EQUAL 1e-9

typedef struct group {
    size_t n;
    double *position, *salience, *capability, *weight, *exponent, *danger;
    double *odds; /* n x n */
    double range, median;
} group;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double roll(uint64_t *state) /* xorshift: any spread will do */
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) * 0x1p-53;
}

static double *take(size_t n)
{
    double *block = calloc(n, sizeof *block);
    if (!block)
        exit(1);
    return block;
}

static group make_group(size_t n)
{
    uint64_t state = 88172645463325252u;
    group g = {n, take(n), take(n), take(n), take(n), take(n), take(n), take(n * n), 0, 0};
    double low = 100, high = 0, most = 0, total = 0, seen = 0;
    for (size_t i = 0; i < n; i++) {
        g.position[i] = 100 * roll(&state);
        g.salience[i] = 0.1 + 0.9 * roll(&state);
        g.capability[i] = 1 + 99 * roll(&state);
        low = g.position[i] < low ? g.position[i] : low;
        high = g.position[i] > high ? g.position[i] : high;
        most = g.capability[i] > most ? g.capability[i] : most;
    }
    g.range = high - low;
    for (size_t i = 0; i < n; i++)
        total += g.weight[i] = g.salience[i] * g.capability[i] / most;
    g.median = high;
    for (size_t i = 0; i < n; i++) { /* positions are all different: the lower median is the median */
        seen = 0;
        for (size_t k = 0; k < n; k++)
            seen += g.position[k] <= g.position[i] ? g.weight[k] : 0;
        if (seen >= total / 2 && g.position[i] < g.median)
            g.median = g.position[i];
    }
    return g;
}

/* --- the round, a sum at a time ------------------------------------------------------------------- */

static double distance(const group *g, size_t i, size_t j) { return fabs(g->position[i] - g->position[j]) / g->range; }
static double lost(double d, double r) { return d > EQUAL || r == 1 ? pow(d, r) : 0; }
static double worth(double base, double r) { return 2 - 4 * pow(base < 0 ? 0 : base > 1 ? 1 : base, r); }

static void probabilities(group *g)
{
    for (size_t i = 0; i < g->n; i++)
        for (size_t j = 0; j < g->n; j++) {
            double mine = 0, other = 0;
            for (size_t k = 0; k < g->n; k++) {
                double v = g->weight[k] * (lost(distance(g, k, j), g->exponent[k]) - lost(distance(g, k, i), g->exponent[k]));
                mine += v > 0 ? v : 0;
                other += v < 0 ? -v : 0;
            }
            g->odds[i * g->n + j] = mine + other > 0 ? mine / (mine + other) : 0.5;
        }
}

static double expected(const group *g, size_t i, size_t j, double r)
{
    double d = distance(g, i, j), s = g->salience[j], p = g->odds[i * g->n + j];
    double success = worth(0.5 - 0.5 * d, r), failure = worth(0.5 + 0.5 * d, r);
    return s * (p * success + (1 - p) * failure) + (1 - s) * success - worth(0.5, r); /* q = 1 */
}

static void naive_round(group *g, double *next)
{
    size_t n = g->n;
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < n; i++)
        g->exponent[i] = 1;
    probabilities(g);
    for (size_t i = 0; i < n; i++) {
        g->danger[i] = 0;
        for (size_t j = 0; j < n; j++)
            g->danger[i] += j != i ? expected(g, j, i, 1) : 0;
        least = g->danger[i] < least ? g->danger[i] : least;
        most = g->danger[i] > most ? g->danger[i] : most;
    }
    for (size_t i = 0; i < n; i++) {
        double risk = (2 * g->danger[i] - most - least) / (most - least);
        g->exponent[i] = (1 - risk / 3) / (1 + risk / 3);
    }
    probabilities(g);
    for (size_t i = 0; i < n; i++) {
        double nearest = INFINITY;
        next[i] = g->position[i];
        for (size_t j = 0; j < n; j++) {
            if (j == i)
                continue;
            double a = expected(g, i, j, g->exponent[i]), b = expected(g, j, i, g->exponent[i]), to;
            if (a > EQUAL && b > a + EQUAL)
                to = g->position[j];
            else if (a < -EQUAL && b > EQUAL && b > -a + EQUAL)
                to = g->position[i] + (g->position[j] - g->position[i]) * (-a / b);
            else
                continue;
            if (fabs(to - g->position[i]) < nearest - EQUAL * g->range) {
                nearest = fabs(to - g->position[i]);
                next[i] = to;
            }
        }
    }
}

/* --- timing ----------------------------------------------------------------------------------------- */

static ent_challenge_result *play(const group *g, int32_t rounds)
{
    ent_challenge_options options = ENT_CHALLENGE_OPTIONS_INIT;
    options.max_rounds = rounds;
    options.max_offers = 0;
    ent_challenge_input input = {g->n, g->position, g->salience, g->capability};
    ent_challenge_result *result = NULL;
    ent_error err = {0};
    if (ent_challenge(&result, &input, &options, &err) != ENT_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    return result;
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? (size_t)atoll(argv[1]) : 160;
    bool naive = argc > 2 && strcmp(argv[2], "naive") == 0;
    int runs = argc > 3 ? atoi(argv[3]) : 5;
    group g = make_group(n);
    double *next = take(n), best = INFINITY;
    for (int k = 0; k < runs; k++) {
        double start = now();
        if (naive) {
            naive_round(&g, next);
            best = fmin(best, now() - start);
        } else {
            ent_challenge_result *one = play(&g, 1);
            best = fmin(best, now() - start);
            ent_challenge_free(one);
        }
    }
    if (naive) {
        ent_challenge_result *one = play(&g, 1);
        for (size_t i = 0; i < n; i++)
            if (!(fabs(one->round[1].position[i] - next[i]) <= 1e-7)) {
                fprintf(stderr, "actor %zu: the loops move it to %.12g, the engine to %.12g\n", i, next[i], one->round[1].position[i]);
                return 1;
            }
        ent_challenge_free(one);
    }
    printf("%.9f\n", best);
    return 0;
}
