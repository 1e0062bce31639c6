/* Times one call of the war model as a draw makes it: bench_war STATES MONTHS [RUNS] prints the best seconds of one
 * core.
 *
 * All outputs are wanted, with four events, inputs by calendar year, optimism on both sides (so that values are solved
 * anew each month), a range that is seldom found and lines that freeze and thaw (so that every line is fought over to
 * the end). It checks that with 20 states the war is that: after ten years still fought, settled, frozen or lost, each
 * with a chance. */
#include "entente.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_YEARS = 102, MOST_OUTPUTS = 32, EVENTS = 4 };

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

static size_t index_of(const ent_port *port, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(port[i].name, name) == 0)
            return i;
    fprintf(stderr, "war has no %s\n", name);
    exit(1);
}

/* Inputs that are not the defaults; those by year fall or rise from year to year. */
static double input_value(const char *name, double fallback, double states, int year)
{
    const struct {
        const char *name;
        double value, yearly;
    } given[] = {{"line", 0.3 * states, 0},    {"move", 0.4, 0},          {"effort_b", 0.8, 0.01},
                 {"aid_b", 0.4, 0.002},        {"cost_a", 0.002, 0.0001}, {"cost_b", 0.0015, 0.0001},
                 {"discount", 0.99, 0},        {"optimism_a", 0.3, 0},    {"optimism_b", 0.25, 0},
                 {"learning", 0.995, 0},       {"alpha_b", 0.6, 0},       {"guarantee_a", 0.8, 0},
                 {"guarantee_b", 0.6, -0.002}, {"talk", 0.02, 0.0001},    {"resume", 0.05, 0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++)
        if (strcmp(given[i].name, name) == 0)
            return given[i].value + given[i].yearly * year;
    return fallback;
}

static void check(const ent_model *model, double *const *out, size_t month)
{
    static const char *const some[] = {"fighting", "settled", "frozen", "collapse_a", "collapse_b"};
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        double p = out[index_of(model->outputs, model->n_outputs, some[i])][month];
        if (!(p > 1e-4)) {
            fprintf(stderr, "the war that is timed is too simple: %s %g\n", some[i], p);
            exit(1);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "bench_war STATES MONTHS [RUNS]\n");
        return 2;
    }
    const int states = atoi(argv[1]), months = atoi(argv[2]), runs = argc > 3 ? atoi(argv[3]) : 200;
    const ent_model *model = ent_model_find("war");
    static double input[64][MOST_YEARS], option[8];
    const double *in[64];
    double *out[MOST_OUTPUTS];
    const ent_war_event event[EVENTS] = {{ENT_WAR_SETTLED | ENT_WAR_FROZEN, 0, 0.05, 0.95, 0.5, 1},
                                         {ENT_WAR_SETTLED | ENT_WAR_COLLAPSE_B, 0, 0.9, 1, 0.8, 1},
                                         {ENT_WAR_SETTLED | ENT_WAR_FROZEN, 0, 0.15, 0.4, 0, 1},
                                         {ENT_WAR_SETTLED | ENT_WAR_COLLAPSE_A, 0, 0, 0.05, 0, 1}};
    size_t count[ENT_AXIS_COUNT] = {[ENT_AXIS_MONTH] = (size_t)months, [ENT_AXIS_EVENT] = EVENTS};
    for (size_t i = 0; i < model->n_inputs; i++) {
        for (int y = 0; y < MOST_YEARS; y++)
            input[i][y] = input_value(model->inputs[i].name, model->inputs[i].fallback, states, y);
        in[i] = input[i];
    }
    for (size_t i = 0; i < model->n_outputs; i++)
        out[i] = take((size_t)months * EVENTS);
    ent_model_defaults(option, model);
    option[index_of(model->options, model->n_options, "states")] = states;
    ent_call call = {.phase = ENT_PHASE_YEAR,
                     .count = count,
                     .in = in,
                     .out = out,
                     .option = option,
                     .event = event,
                     .start_month = 2022 * 12 + 3,
                     .seen_month = -1,
                     .seen_state = -1};
    void *workspace = take(model->call_workspace(count, NULL) / sizeof(double) + 1);
    double best = 1e9;
    for (int r = 0; r < runs; r++) {
        ent_stop stop = ENT_STOP_UNDEFINED;
        double start = now();
        model->call(&stop, &call, workspace);
        double seconds = now() - start;
        if (stop != ENT_STOP_DONE)
            return 1;
        best = seconds < best ? seconds : best;
    }
    if (states == 20 && months >= 120)
        check(model, out, 119);
    printf("%.9f\n", best);
    return 0;
}
