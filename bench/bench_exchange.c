/* Times an iteration of the exchange model: bench_exchange FILE|N ISSUES engine|naive|model ITERATIONS [RUNS] prints
 * the best seconds of one core an iteration, and the trades realised. FILE is a table issue,actor,position,salience,
 * power; ISSUES is 0 then.
 *
 * `naive` is the model as loops that say what the equations say: every possible trade carries what it knows, all of
 * them are sorted by gain before each choice, all are looked at after it, and every outcome is summed anew. It checks
 * that it comes to the outcomes of the engine. `model` is the call of the draw loop, in a workspace that is used again.
 */
#include "entente/exchange.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NAME = 48 };

typedef struct group {
    size_t n, issues;
    double *position, *salience, *power;
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

static void *take(size_t n, size_t size)
{
    void *block = calloc(n > 0 ? n : 1, size);
    if (!block)
        exit(1);
    return block;
}

static group make_group(size_t n, size_t issues)
{
    uint64_t state = 88172645463325252u;
    group g = {n, issues, take(n * issues, sizeof(double)), take(n * issues, sizeof(double)),
               take(n * issues, sizeof(double))};
    for (size_t k = 0; k < n * issues; k++) {
        g.position[k] = 100 * roll(&state);
        g.salience[k] = 0.1 + 0.9 * roll(&state);
        g.power[k] = 0.05 + 0.95 * roll(&state);
    }
    return g;
}

static size_t place_of(char (*name)[NAME], size_t *n, const char *wanted)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(name[i], wanted) == 0)
            return i;
    snprintf(name[*n], NAME, "%s", wanted);
    return (*n)++;
}

static group read_group(const char *path)
{
    enum { MOST = 256 };
    static char actor[MOST][NAME], issue[MOST][NAME];
    char line[512], one[NAME], other[NAME];
    double x[3];
    group g = {0};
    for (int pass = 0; pass < 2; pass++) { /* sizes first */
        FILE *file = fopen(path, "r");
        if (!file || !fgets(line, sizeof line, file))
            exit(1);
        while (fgets(line, sizeof line, file) &&
               sscanf(line, "%47[^,],%47[^,],%lf,%lf,%lf", one, other, &x[0], &x[1], &x[2]) == 5) {
            size_t d = place_of(issue, &g.issues, one), at = place_of(actor, &g.n, other) * g.issues + d;
            if (g.n >= MOST || g.issues >= MOST)
                exit(1);
            if (pass > 0)
                g.position[at] = x[0], g.salience[at] = x[1], g.power[at] = x[2];
        }
        fclose(file);
        if (pass > 0)
            return g;
        g.position = take(g.n * g.issues, sizeof(double));
        g.salience = take(g.n * g.issues, sizeof(double));
        g.power = take(g.n * g.issues, sizeof(double));
        for (size_t k = 0; k < g.n * g.issues; k++)
            g.position[k] = NAN;
    }
    return g;
}

static ent_exchange_result *play(const group *g, int32_t iterations)
{
    ent_exchange_options options = ENT_EXCHANGE_OPTIONS_INIT;
    ent_exchange_input input = {
        .n = g->n, .issues = g->issues, .position = g->position, .salience = g->salience, .power = g->power};
    ent_exchange_result *result = NULL;
    ent_error err = {0};
    options.iterations = iterations;
    if (ent_exchange(&result, &input, &options, &err) != ENT_OK) {
        fprintf(stderr, "%s\n", err.message);
        exit(1);
    }
    return result;
}

/* --- the naive model ---------------------------------------------------------------------------------------- */

typedef struct side {
    size_t actor, supply, demand;
    double x, first, wants, move, to, past, before, after;
    double *known; /* n: where others are known to stand on `supply`, NaN for where they started */
} side;

typedef struct trade {
    size_t number;
    side k[2];
    double gain;
    bool valid;
} trade;

typedef struct naive {
    const group *g;
    double *start, *share;
    trade *all;
    size_t many;
} naive;

static double share_of(const naive *s, const side *k)
{
    return s->share[k->actor * s->g->issues + k->supply];
}
static double salience_of(const naive *s, size_t a, size_t d)
{
    return s->g->salience[a * s->g->issues + d];
}

/* The outcome of what k supplies with k at x; what is known of k itself counts first where `known_first`. */
static double outcome(const naive *s, const side *k, double x, bool known_first)
{
    double sum = 0;
    for (size_t a = 0; a < s->g->n; a++) {
        size_t at = a * s->g->issues + k->supply;
        if (s->start[at] != s->start[at])
            continue;
        double stands = k->known[a] == k->known[a] ? k->known[a] : s->start[at];
        if (a == k->actor && (!known_first || k->known[a] != k->known[a]))
            stands = x;
        sum += s->share[at] * stands;
    }
    return sum;
}

static void go(side *k, const side *o, double size)
{
    k->move = k->x > o->wants ? -size : size;
    k->to = k->x + k->move;
}

static bool can_go(const side *k)
{
    return fabs(k->move) > 1e-10 && k->to >= -1e-9 && k->to <= 100 + 1e-9 && fabs(k->past + k->move) <= 100 + 1e-9 &&
           k->past * k->move >= 0;
}

static void cap(const naive *s, trade *e, side *k, side *o)
{
    double z = o->wants;
    k->before = outcome(s, k, k->x, false);
    k->after = outcome(s, k, k->to, false);
    if (fmin(k->before, k->after) >= z - 1e-9 || fmax(k->before, k->after) <= z + 1e-9)
        return;
    go(k, o, fabs(z - outcome(s, k, k->x, true)) / share_of(s, k));
    double ss = salience_of(s, k->actor, k->supply), sd = salience_of(s, k->actor, k->demand);
    double os = salience_of(s, o->actor, o->supply), od = salience_of(s, o->actor, o->demand);
    double given = fabs(k->move) * share_of(s, k), got = given * (ss + od) / (sd + os);
    go(o, k, got / share_of(s, o));
    e->gain = fabs(got * os - given * od);
}

static void compute(const naive *s, trade *e)
{
    side *i = &e->k[0], *j = &e->k[1];
    double si = salience_of(s, i->actor, i->supply), di = salience_of(s, i->actor, i->demand);
    double sj = salience_of(s, j->actor, j->supply), dj = salience_of(s, j->actor, j->demand);
    double wi = share_of(s, i), wj = share_of(s, j);
    e->gain = 0;
    e->valid = wi > 0 && wj > 0;
    if (!e->valid)
        return;
    double mj = fabs(i->wants - j->x), dp = mj * wj, dq = dp * (sj + di) / (dj + si), mi = dq / wi;
    if (mi > fabs(j->wants - i->x) + 1e-9) {
        mi = fabs(j->wants - i->x);
        dq = mi * wi;
        dp = dq * (dj + si) / (sj + di);
        mj = dp / wj;
    }
    go(i, j, mi);
    go(j, i, mj);
    e->gain = fabs(dq * si - dp * di);
    e->valid = can_go(i) && can_go(j) && e->gain >= 1e-10;
    if (!e->valid)
        return;
    cap(s, e, i, j);
    cap(s, e, j, i);
    e->valid = can_go(i) && can_go(j);
}

static void update(const naive *s, trade *e, const trade *done)
{
    bool changed = false;
    for (int a = 0; a < 2; a++)
        for (int b = 0; b < 2; b++) {
            side *k = &e->k[a];
            const side *r = &done->k[b], *other = &done->k[!b];
            if (k->actor == r->actor && k->supply == r->supply) {
                k->x = r->to;
                k->past += k->move;
                changed = true;
            }
            if (k->actor == r->actor && k->demand == r->demand) {
                double *known = &e->k[!a].known[other->actor], to = other->to;
                *known = *known != *known ? to : other->first <= *known ? fmin(*known, to) : fmax(*known, to);
                changed = true;
            }
        }
    if (changed)
        compute(s, e);
}

static int by_gain(const void *a, const void *b)
{
    const trade *const *x = a, *const *y = b;
    if ((*x)->gain != (*y)->gain)
        return (*x)->gain > (*y)->gain ? -1 : 1;
    return (*x)->number < (*y)->number ? -1 : 1;
}

static void add_trade(naive *s, size_t a, size_t b, size_t p, size_t q)
{
    trade *e = &s->all[s->many];
    size_t n = s->g->n, issues = s->g->issues;
    if (salience_of(s, a, p) * salience_of(s, b, q) < salience_of(s, b, p) * salience_of(s, a, q) - 1e-12) {
        size_t c = a;
        a = b, b = c;
    }
    *e = (trade){.number = s->many++,
                 .k = {{.actor = a, .supply = q, .demand = p}, {.actor = b, .supply = p, .demand = q}}};
    for (int k = 0; k < 2; k++) {
        e->k[k].x = e->k[k].first = s->start[e->k[k].actor * issues + e->k[k].supply];
        e->k[k].wants = s->start[e->k[k].actor * issues + e->k[k].demand];
        e->k[k].known = take(n, sizeof(double));
        for (size_t i = 0; i < n; i++)
            e->k[k].known[i] = NAN;
    }
    compute(s, e);
}

static void form(naive *s, const double *mean)
{
    size_t n = s->g->n, issues = s->g->issues;
    for (size_t p = 0; p < issues; p++)
        for (size_t q = p + 1; q < issues; q++)
            for (int kind = 0; kind < 2; kind++)
                for (size_t a = 0; a < n; a++)
                    for (size_t b = 0; b < n; b++) {
                        double ap = s->start[a * issues + p], aq = s->start[a * issues + q];
                        double bp = s->start[b * issues + p], bq = s->start[b * issues + q];
                        if (ap != ap || aq != aq || bp != bp || bq != bq)
                            continue;
                        bool lap = ap <= mean[p] + 1e-9, laq = aq <= mean[q] + 1e-9, lbp = bp <= mean[p] + 1e-9,
                             lbq = bq <= mean[q] + 1e-9;
                        if (kind == 0 ? !lap && !laq && lbp && lbq : lap && !laq && !lbp && lbq)
                            add_trade(s, a, b, p, q);
                    }
}

/* One iteration; leaves the outcomes of its end in `mean`, and where all stand in `vote`. Returns the trades. */
static size_t naive_iteration(naive *s, double *mean, double *vote)
{
    size_t n = s->g->n, issues = s->g->issues, left = 0, trades = 0;
    for (size_t d = 0; d < issues; d++)
        mean[d] = 0;
    for (size_t k = 0; k < n * issues; k++)
        mean[k % issues] += s->start[k] == s->start[k] ? s->share[k] * s->start[k] : 0;
    memcpy(vote, s->start, n * issues * sizeof *vote);
    s->many = 0;
    form(s, mean);
    trade **list = take(s->many, sizeof *list);
    for (size_t k = 0; k < s->many; k++)
        if (s->all[k].valid)
            list[left++] = &s->all[k];
    while (left > 0) {
        qsort(list, left, sizeof *list, by_gain);
        size_t chosen = 0, kept = 0;
        for (size_t k = 1; k < left && list[k]->gain >= list[0]->gain - 1e-9; k++)
            chosen = list[k]->number < list[chosen]->number ? k : chosen;
        trade *done = list[chosen];
        trades++;
        for (int k = 0; k < 2; k++)
            vote[done->k[k].actor * issues + done->k[k].supply] = done->k[k].to;
        for (size_t k = 0; k < left; k++) {
            if (k == chosen)
                continue;
            update(s, list[k], done);
            if (list[k]->valid)
                list[kept++] = list[k];
        }
        left = kept;
    }
    for (size_t d = 0; d < issues; d++)
        mean[d] = 0;
    for (size_t k = 0; k < n * issues; k++)
        mean[k % issues] += vote[k] == vote[k] ? s->share[k] * vote[k] : 0;
    free(list);
    for (size_t k = 0; k < s->many; k++)
        free(s->all[k].k[0].known), free(s->all[k].k[1].known);
    return trades;
}

static double time_naive(const group *g, int32_t iterations, size_t *trades)
{
    size_t n = g->n, issues = g->issues, cells = n * issues, most = issues * (issues - 1) / 2 * (n * n / 4);
    naive s = {g, take(cells, sizeof(double)), take(cells, sizeof(double)), take(most, sizeof(trade)), 0};
    double *mean = take(issues, sizeof *mean), *vote = take(cells, sizeof *vote), start = now();
    memcpy(s.start, g->position, cells * sizeof *s.start);
    for (size_t d = 0; d < issues; d++) {
        double total = 0;
        for (size_t k = d; k < cells; k += issues)
            total += g->position[k] == g->position[k] ? g->salience[k] * g->power[k] : 0;
        for (size_t k = d; k < cells; k += issues)
            s.share[k] = g->salience[k] * g->power[k] / total;
    }
    *trades = 0;
    for (int32_t t = 0; t < iterations; t++) {
        *trades += naive_iteration(&s, mean, vote);
        for (size_t k = 0; k < cells; k++) {
            double part = (1 - g->salience[k]) * 0.4 + 0.1;
            s.start[k] = (1 - part) * s.start[k] + part * vote[k];
        }
    }
    double seconds = now() - start;
    ent_exchange_result *result = play(g, iterations);
    for (size_t d = 0; d < issues; d++)
        if (!(fabs(mean[d] - result->outcome[d]) <= 1e-6)) {
            fprintf(stderr, "the naive model comes to %g on issue %zu, the engine to %g\n", mean[d], d,
                    result->outcome[d]);
            exit(1);
        }
    ent_exchange_free(result);
    free(s.start), free(s.share), free(s.all), free(mean), free(vote);
    return seconds;
}

/* --- the engine ------------------------------------------------------------------------------------------------ */

static double time_engine(const group *g, int32_t iterations, size_t *trades)
{
    double start = now();
    ent_exchange_result *result = play(g, iterations);
    double seconds = now() - start;
    *trades = 0;
    for (int32_t t = 0; t < result->iterations; t++)
        *trades += result->iteration[t].n_trades + result->iteration[t].left_out;
    ent_exchange_free(result);
    return seconds;
}

static double time_model(const group *g, int32_t iterations, void *workspace)
{
    const ent_model *model = ent_model_find("exchange");
    double option[16], *outcome = take(3 * g->issues, sizeof *outcome), *low = outcome + g->issues,
                       *high = low + g->issues;
    ent_stop stop;
    ent_model_defaults(option, model);
    option[0] = iterations;
    for (size_t d = 0; d < g->issues; d++)
        low[d] = 0, high[d] = 100;
    ent_settle_many_input in = {.n = g->n,
                                .issues = g->issues,
                                .position = g->position,
                                .salience = g->salience,
                                .capability = g->power,
                                .low = low,
                                .high = high,
                                .option = option};
    double start = now();
    model->settle_many(outcome, &stop, &in, workspace);
    double seconds = now() - start;
    free(outcome);
    return seconds;
}

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    int issues = atoi(argv[2]), runs = argc > 5 ? atoi(argv[5]) : 5;
    int32_t iterations = atoi(argv[4]);
    group g = issues > 0 ? make_group((size_t)atoi(argv[1]), (size_t)issues) : read_group(argv[1]);
    double best = INFINITY;
    size_t trades = 0;
    void *workspace = take(1, ent_model_find("exchange")->workspace_many(g.n, g.issues));
    for (int r = 0; r < runs; r++) {
        double seconds = strcmp(argv[3], "naive") == 0   ? time_naive(&g, iterations, &trades)
                         : strcmp(argv[3], "model") == 0 ? time_model(&g, iterations, workspace)
                                                         : time_engine(&g, iterations, &trades);
        best = seconds < best ? seconds : best;
    }
    printf("%.6f %zu\n", best / iterations, trades);
    free(workspace), free(g.position), free(g.salience), free(g.power);
    return 0;
}
