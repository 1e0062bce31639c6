/* Times one call of a model of the alliance as a draw makes it, year after year with inputs that move a little:
 * bench_alliance MODEL ALLIES [RUNS [KIND]] prints the best seconds of one core a call.
 *
 * MODEL is burden_sharing, membership, deterrence (with a factor that is required) or capability; all outputs are
 * wanted. "plain" in place of burden_sharing is the equilibrium alone, by best answers in turn, each sum taken anew. */
#include "entente.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { YEARS = 10, PORTS = 64 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *take(size_t n)
{
    void *block = calloc(n, sizeof(double));
    if (block == NULL)
        exit(1);
    return block;
}

/* Allies of all sizes: a few large, many small; ally i in year y. */
static double value_of(const char *name, double fallback, size_t i, int y)
{
    const double income = 30000 / ((double)i + 1), part = (double)((i * 7 + 3) % 11) / 11;
    const struct {
        const char *name;
        double value;
    } given[] = {{"income", income * (1 + 0.02 * y)},
                 {"observed", income * (0.01 + 0.03 * part)},
                 {"credibility", 0.95 - 0.5 * part - 0.02 * y},
                 {"baseline_credibility", 0.95 - 0.5 * part},
                 {"floor", income * 0.002 * y * part},
                 {"threat", 0.1 + 0.01 * y},
                 {"baseline_threat", 0.1},
                 {"threat_response", 2},
                 {"help", income * 0.01 * (1 - 0.01 * y)},
                 {"stake", 0.4 + 0.4 * part},
                 {"cost", 0.3 + 0.1 * part},
                 {"loss", 0.2 + 0.5 * part},
                 {"challenger", 350},
                 {"target", 10},
                 {"lambda_defender", 8},
                 {"lambda_challenger", 8},
                 {"m", 1.3},
                 {"v", 0.8},
                 {"c", 0.1},
                 {"c_opposed", 0.6},
                 {"withdraws", 0},
                 {"wanted", 0.85},
                 {"spending", income * (0.02 + 0.001 * y)},
                 {"spillover", 0.4},
                 {"taste_shared", 0.02},
                 {"taste_private", 0.02},
                 {"initial", income * 0.02},
                 {"baseline_efficiency", 1},
                 {"required", 1.2},
                 {"without_ally", 0}};
    for (size_t k = 0; k < sizeof given / sizeof given[0]; k++)
        if (strcmp(given[k].name, name) == 0)
            return given[k].value;
    return fallback;
}

typedef struct bench {
    const ent_model *model;
    size_t count[ENT_AXIS_COUNT];
    double *in[YEARS][PORTS], *out[PORTS], *state[2], option[8];
    void *workspace;
} bench;

static size_t size_of(const bench *b, const ent_port *port)
{
    static const char axes[] = "amlcyte";
    size_t n = 1;
    for (const char *letter = port->shape; *letter != 0; letter++) {
        const char *at = *letter != ',' ? strchr(axes, *letter) : NULL;
        n *= at != NULL && at - axes != ENT_AXIS_YEAR ? b->count[at - axes] : 1;
    }
    return n;
}

static void set(bench *b, const char *model, size_t allies)
{
    b->model = ent_model_find(model);
    if (b->model == NULL || b->model->n_inputs > PORTS)
        exit(2);
    b->count[ENT_AXIS_ALLY] = allies;
    b->count[ENT_AXIS_CANDIDATE] = 1;
    b->count[ENT_AXIS_ACTOR] = allies + 1;
    b->count[ENT_AXIS_YEAR] = 1;
    for (size_t i = 0; i < b->model->n_inputs; i++) {
        const ent_port *port = &b->model->inputs[i];
        for (int y = 0; y < YEARS; y++) {
            b->in[y][i] = take(size_of(b, port));
            for (size_t k = 0; k < size_of(b, port); k++)
                b->in[y][i][k] = value_of(port->name, port->fallback, k % (allies + 1), y);
        }
    }
    for (size_t o = 0; o < b->model->n_outputs; o++)
        b->out[o] = take(size_of(b, &b->model->outputs[o]));
    for (int s = 0; s < 2; s++)
        b->state[s] = take((b->model->state != NULL ? b->model->state(b->count) : 0) + 1);
    b->workspace =
        take((b->model->call_workspace != NULL ? b->model->call_workspace(b->count, NULL) : 0) / sizeof(double) + 1);
    ent_model_defaults(b->option, b->model);
}

static void make_call(bench *b, int32_t phase, int y, bool carried)
{
    ent_stop stop = ENT_STOP_UNDEFINED;
    const ent_call call = {.phase = phase,
                           .count = b->count,
                           .in = (const double *const *)b->in[y],
                           .out = b->out,
                           .before = carried ? b->state[y % 2] : NULL,
                           .after = b->state[!(y % 2)],
                           .option = b->option,
                           .year = 2026 + y,
                           .first_year = 2026,
                           .seen_month = -1,
                           .seen_state = -1};
    b->model->call(&stop, &call, b->workspace);
    if (stop != ENT_STOP_DONE) {
        fprintf(stderr, "%s: %s\n", b->model->name, ent_stop_text(stop));
        exit(1);
    }
}

/* The years of a draw; seconds a call. */
static double run(bench *b)
{
    const bool first = strcmp(b->model->name, "burden_sharing") == 0 || strcmp(b->model->name, "membership") == 0;
    const double start = now();
    for (int y = 0; y < YEARS; y++) {
        if (y == 0 && first) {
            make_call(b, ENT_PHASE_FIRST, 0, false);
            memcpy(b->state[0], b->state[1], (b->model->state(b->count)) * sizeof(double));
        }
        make_call(b, ENT_PHASE_YEAR, y, first || y > 0);
    }
    return (now() - start) / YEARS;
}

/* Each its best answer to a sum taken anew, until nothing moves: what the equations say, and no more. Warm as well. */
static double run_plain(bench *b, double *q)
{
    const size_t n = b->count[ENT_AXIS_ALLY];
    double *const a = b->state[1], *const t = take(n);
    make_call(b, ENT_PHASE_FIRST, 0, false);
    for (size_t i = 0; i < n; i++) {
        t[i] = a[i] + a[n + i];
        q[i] = a[2 * n + i];
    }
    const double start = now();
    for (int y = 0; y < YEARS; y++) {
        double **in = b->in[y], most = 1;
        while (most > 1e-12) {
            most = 0;
            for (size_t i = 0; i < n; i++) {
                double r = 0;
                for (size_t j = 0; j < n; j++)
                    r += j != i ? in[3][i * n + j] * in[4][j] * q[j] : 0;
                const double income = in[0][i], half = 0.5 * ((1 - a[i]) * r - t[i] * income);
                const double x = fmax(in[6][i], sqrt(half * half + (t[i] - a[i]) * r * income) - half);
                most = fmax(most, fabs(x - q[i]) / income);
                q[i] = x;
            }
        }
    }
    const double seconds = (now() - start) / YEARS;
    free(t);
    return seconds;
}

int main(int argc, char **argv)
{
    static bench b;
    if (argc < 3) {
        fprintf(stderr, "bench_alliance MODEL ALLIES [RUNS]\n");
        return 2;
    }
    const bool plain = strcmp(argv[1], "plain") == 0;
    const int allies = atoi(argv[2]), runs = argc > 3 ? atoi(argv[3]) : 200;
    double best = 1e9;
    if (allies < 1)
        return 2;
    set(&b, plain ? "burden_sharing" : argv[1], (size_t)allies);
    double *q = take((size_t)allies);
    for (int r = 0; r < runs; r++) {
        const double seconds = plain ? run_plain(&b, q) : run(&b);
        best = seconds < best ? seconds : best;
    }
    printf("%.9f\n", best);
    return 0;
}
