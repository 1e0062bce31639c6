/* Times a round of the spatial model: bench_spatial N DIMS corrected|ktab|naive [RUNS] prints the best seconds of one
 * core.
 *
 * `naive` is the same round (mode corrected, defaults) as loops that say what the equations say: a vote at a time, one
 * sum at a time, utilities made where they are needed. It checks that it moves everybody to where the engine does. */
#include "entente/spatial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct group {
    size_t n, dims;
    double *position, *salience, *capability;
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

static group make_group(size_t n, size_t dims)
{
    uint64_t state = 88172645463325252u;
    group g = {n, dims, take(n * dims), take(n * dims), take(n)};
    for (size_t i = 0; i < n; i++) {
        g.capability[i] = 1 + 99 * roll(&state);
        for (size_t k = 0; k < dims; k++) {
            g.position[i * dims + k] = 100 * roll(&state);
            g.salience[i * dims + k] = (0.1 + 0.9 * roll(&state)) / (double)dims;
        }
    }
    return g;
}

static ent_spatial_result *play(const group *g, ent_spatial_mode mode, int32_t rounds)
{
    ent_spatial_options options = ENT_SPATIAL_OPTIONS_INIT;
    ent_spatial_input input = {
        .n = g->n, .dims = g->dims, .position = g->position, .salience = g->salience, .capability = g->capability};
    ent_spatial_result *result = NULL;
    ent_error err = {0};
    options.mode = mode;
    options.max_rounds = rounds;
    if (ent_spatial(&result, &input, &options, &err) != ENT_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    return result;
}

/* --- the naive round ------------------------------------------------------------------------------------ */

typedef struct naive {
    const group *g;
    double *power, *total, *far, *risk, *to, *phi, *delta, *p;
    size_t *target;
} naive;

static double utility(double d, double risk)
{
    return d <= 1 ? (1 - d) * (1 + d * risk) : (1 - d) * (1 + risk);
}

static double distance(const naive *s, size_t i, const double *point)
{
    double sum = 0, norm = 0;
    for (size_t k = 0; k < s->g->dims; k++) {
        double w = s->g->salience[i * s->g->dims + k], far = w * (s->g->position[i * s->g->dims + k] - point[k]) / 100;
        sum += far * far;
        norm += w * w;
    }
    return sqrt(sum / norm);
}

/* u[k][o], m options, n voters: the product of victories in pairs. */
static void elect(double *p, const double *u, size_t m, const naive *s)
{
    double whole = 0;
    for (size_t o = 0; o < m; o++)
        p[o] = 0;
    for (size_t o = 0; o < m; o++)
        for (size_t q = 0; q < o; q++) {
            double up = 1e-8, down = 1e-8;
            for (size_t k = 0; k < s->g->n; k++) {
                double v = s->power[k] * (u[k * m + o] - u[k * m + q]);
                if (v > 0)
                    up += v;
                else
                    down -= v;
            }
            p[o] += log(up / (up + down));
            p[q] += log(down / (up + down));
        }
    double most = p[0];
    for (size_t o = 1; o < m; o++)
        most = p[o] > most ? p[o] : most;
    for (size_t o = 0; o < m; o++)
        whole += p[o] = exp(p[o] - most);
    for (size_t o = 0; o < m; o++)
        p[o] /= whole;
}

static double as_seen(const naive *s, size_t h, size_t a, size_t b)
{
    double risk = a == h ? s->risk[a] : (2 * s->risk[h] + s->risk[a]) / 3;
    return utility(s->far[a * s->g->n + b], risk);
}

static void contest(const naive *s, size_t i, size_t j, double *phi, double *delta)
{
    double up = 1e-10, down = 1e-10;
    for (size_t k = 0; k < s->g->n; k++) {
        double v = s->power[k] * s->total[k] * (as_seen(s, i, k, i) - as_seen(s, i, k, j));
        v = k == i || k == j ? v : v / 2;
        if (v > 0)
            up += v;
        else
            down -= v;
    }
    *phi = up / (up + down);
    double won = 2 * as_seen(s, i, i, i), lost = 2 * as_seen(s, i, i, j), resists = fmin(1, s->total[j]);
    *delta = (1 - resists) * won + resists * (*phi * won + (1 - *phi) * lost) - (won + lost) / 2;
}

static void meet(const naive *s, size_t i, size_t j, double phi, double *to_i, double *to_j)
{
    for (size_t k = 0; k < s->g->dims; k++) {
        double si = s->g->salience[i * s->g->dims + k] * phi, sj = s->g->salience[j * s->g->dims + k] * (1 - phi);
        double a = si * si, b = sj * sj, x = s->g->position[i * s->g->dims + k], y = s->g->position[j * s->g->dims + k];
        to_i[k] = ((a + 1e-6) * x + b * y) / (a + 1e-6 + b);
        to_j[k] = (a * x + (b + 1e-6) * y) / (a + 1e-6 + b);
    }
}

static void naive_assess(naive *s)
{
    size_t n = s->g->n;
    double sum = 0, low = 1, high = 0, *u = take(n * n);
    for (size_t i = 0; i < n; i++)
        sum += s->g->capability[i];
    for (size_t i = 0; i < n; i++) {
        s->power[i] = s->g->capability[i] / sum;
        s->total[i] = 0;
        for (size_t k = 0; k < s->g->dims; k++)
            s->total[i] += s->g->salience[i * s->g->dims + k];
        for (size_t j = 0; j < n; j++) {
            s->far[i * n + j] = distance(s, i, s->g->position + j * s->g->dims);
            u[i * n + j] = 1 - s->far[i * n + j];
        }
    }
    elect(s->p, u, n, s);
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, s->p[i]);
        high = fmax(high, s->p[i]);
    }
    for (size_t i = 0; i < n; i++)
        s->risk[i] = 1.5 * (s->p[i] - low) / (high - low) - 0.5;
    for (size_t i = 0; i < n; i++) /* the election of win probabilities, which the engine makes of every state */
        for (size_t j = 0; j < n; j++)
            u[i * n + j] = utility(s->far[i * n + j], s->risk[i]);
    elect(s->p, u, n, s);
    free(u);
}

/* Where everybody goes, into `to`. */
static void naive_round(naive *s, double *to)
{
    size_t n = s->g->n, dims = s->g->dims;
    double *u = take(n * (n + 1));
    size_t *line = malloc((n + 1) * sizeof *line);
    naive_assess(s);
    for (size_t i = 0; i < n; i++) {
        s->target[i] = n;
        double best = 1e-5, phi, delta, of_target = 0;
        for (size_t j = 0; j < n; j++) {
            if (j == i)
                continue;
            contest(s, i, j, &phi, &delta);
            if (delta > best) {
                best = delta;
                of_target = phi;
                s->target[i] = j;
            }
        }
        if (s->target[i] < n)
            meet(s, i, s->target[i], of_target, s->to + 2 * dims * i, s->to + (2 * i + 1) * dims);
    }
    for (size_t k = 0; k < n && line; k++) {
        size_t m = 0, best = 0;
        for (size_t i = 0; i < n; i++) {
            if (i == k)
                line[m++] = n;
            if (s->target[i] < n && (i == k || s->target[i] == k))
                line[m++] = i;
        }
        for (size_t v = 0; v < n; v++)
            for (size_t o = 0; o < m; o++) {
                size_t i = line[o];
                u[v * m + o] = 0;
                if (i < n) {
                    size_t j = s->target[i];
                    u[v * m + o] = (utility(distance(s, v, s->to + 2 * dims * i), s->risk[v]) -
                                    utility(s->far[v * n + i], s->risk[v]) +
                                    utility(distance(s, v, s->to + (2 * i + 1) * dims), s->risk[v]) -
                                    utility(s->far[v * n + j], s->risk[v])) /
                                   (double)n;
                }
            }
        elect(s->p, u, m, s);
        for (size_t o = 1; o < m; o++)
            best = s->p[o] > s->p[best] ? o : best;
        const double *from = line[best] == n   ? s->g->position + k * dims
                             : line[best] == k ? s->to + 2 * dims * k
                                               : s->to + (2 * line[best] + 1) * dims;
        memcpy(to + k * dims, from, dims * sizeof *to);
    }
    free(line);
    free(u);
}

static double time_naive(const group *g)
{
    size_t n = g->n;
    naive s = {g,           take(n),
               take(n),     take(n * n),
               take(n),     take(2 * n * g->dims),
               NULL,        NULL,
               take(n + 1), malloc(n * sizeof(size_t))};
    double *to = take(n * g->dims), most = 0, start = now();
    naive_round(&s, to);
    double seconds = now() - start;
    ent_spatial_result *result = play(g, ENT_SPATIAL_CORRECTED, 1);
    for (size_t at = 0; at < n * g->dims; at++)
        most = fmax(most, fabs(to[at] - result->round[1].position[at]));
    if (!(most <= 1e-6)) {
        fprintf(stderr, "the naive round differs from the engine's by %g\n", most);
        exit(1);
    }
    ent_spatial_free(result);
    free(s.power), free(s.total), free(s.far), free(s.risk), free(s.to), free(s.p), free(s.target), free(to);
    return seconds;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    group g = make_group((size_t)atoi(argv[1]), (size_t)atoi(argv[2]));
    int runs = argc > 4 ? atoi(argv[4]) : 5;
    double best = INFINITY;
    for (int r = 0; r < runs; r++) {
        double start = now(), seconds;
        if (strcmp(argv[3], "naive") == 0)
            seconds = time_naive(&g);
        else {
            ent_spatial_result *result =
                play(&g, strcmp(argv[3], "ktab") == 0 ? ENT_SPATIAL_KTAB : ENT_SPATIAL_CORRECTED, 5);
            seconds = (now() - start) / result->rounds;
            ent_spatial_free(result);
        }
        best = seconds < best ? seconds : best;
    }
    printf("%.6f\n", best);
    free(g.position), free(g.salience), free(g.capability);
    return 0;
}
