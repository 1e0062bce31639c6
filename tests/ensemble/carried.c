/* A plan that another machine compiled: carried PLAN DRAWS runs it and prints the JSON; carried models prints a hash over the
 * bits that every model gives at made-up inputs, one line a model. Needs the C library alone, so a 32-bit compiler can build it. */
#include "core/core.h"
#include "core/random.h"
#include "entente.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUPS = 60, ACTORS = 9, YEARS = 3, OF_AXIS = 3, PORTS = 64, ROOM = OF_AXIS * OF_AXIS * 12 * YEARS };

typedef struct game {
    uint64_t drawn, hash;
    int done, refused;
} game;

/* In [low, high]; an open end is taken near the other. */
static double number(game *g, double low, double high)
{
    if (!isfinite(low))
        low = isfinite(high) ? high - 10 : 0;
    if (!isfinite(high))
        high = low + 10;
    return low + (high - low) * ent__uniform(32, 64, g->drawn++);
}

static void see(game *g, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (x != x)
        bits = UINT64_C(0x7ff8000000000000); /* the sign and payload of a NaN are not ours to fix */
    g->hash = (g->hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    g->hash ^= g->hash >> 29;
}

static void count_status(game *g, ent_status status)
{
    see(g, status);
    *(status == ENT_OK ? &g->done : &g->refused) += 1;
}

static void settle(game *g, const ent_model *model)
{
    double position[ACTORS], salience[ACTORS], capability[ACTORS], utility[ACTORS], gain[ACTORS], option[PORTS];
    ent_model_defaults(option, model);
    for (size_t k = 0; k < GROUPS; k++) {
        ent_settle_input in = {1 + k % ACTORS, position, salience, capability, 0, 100, 0, option, 7, 1, k};
        for (size_t i = 0; i < in.n; i++) {
            position[i] = number(g, 0, 100);
            salience[i] = number(g, 0, 1);
            capability[i] = number(g, 0, 1000);
        }
        in.status_quo = number(g, 0, 100);
        ent_settle_output out = {.utility = utility, .gain = gain};
        ent_status status = ent_settle(&out, &in, model, NULL);
        count_status(g, status);
        if (status != ENT_OK)
            continue;
        see(g, out.outcome);
        see(g, out.stop);
        see(g, out.rounds);
        for (size_t i = 0; i < in.n; i++) {
            see(g, utility[i]);
            see(g, gain[i]);
        }
    }
}

/* Ranges within which numbers that know nothing of each other fit together. */
static const struct {
    const char *input;
    double low, high;
} narrow[] = {{"income", 20, 40}, {"taste_shared", 0, 0.5}, {"taste_private", 0, 0.4}, {"line", 5, 15}, {"line_start", 5, 15},
              {"low", 0, 0}, {"high", 100, 100}};

static double input_of(game *g, const ent_port *port)
{
    for (size_t i = 0; i < ENT_COUNT(narrow); i++)
        if (strcmp(port->name, narrow[i].input) == 0)
            return number(g, narrow[i].low, narrow[i].high);
    return number(g, port->low, port->high);
}

static bool takes(const ent_model *model, char axis)
{
    for (size_t p = 0; p < model->n_inputs; p++)
        if (strchr(model->inputs[p].shape, axis) != NULL)
            return true;
    return false;
}

/* Four issues at once, some actors without a position on some. */
static void settle_many(game *g, const ent_model *model)
{
    enum { ISSUES = 4 };
    double table[3][ACTORS * ISSUES], outcome[ISSUES], option[PORTS];
    const double low[ISSUES] = {0}, high[ISSUES] = {100, 100, 100, 100}, status_quo[ISSUES] = {0, 20, 50, 100};
    ent_model_defaults(option, model);
    for (size_t k = 0; k < GROUPS; k++) {
        ent_settle_many_input in = {2 + k % (ACTORS - 1), ISSUES, table[0], table[1], table[2], low, high, status_quo, option, 7, 1, k};
        for (size_t i = 0; i < in.n * ISSUES; i++) {
            table[0][i] = number(g, 0, 1) < 0.1 ? NAN : number(g, 0, 100);
            table[1][i] = number(g, 0, 1);
            table[2][i] = number(g, 0, 1000);
        }
        ent_stop stop = ENT_STOP_DONE;
        ent_status status = ent_settle_many(outcome, &stop, &in, model, NULL);
        count_status(g, status);
        see(g, stop);
        for (size_t i = 0; i < ISSUES && status == ENT_OK; i++)
            see(g, outcome[i]);
    }
}

static void call(game *g, const ent_model *model, const ent_rule *rule)
{
    static double in_room[PORTS][ROOM], out_room[PORTS][ROOM];
    double option[PORTS], *out[PORTS];
    ent_numbers input[PORTS];
    ent_model_input in = ENT_MODEL_INPUT_INIT;
    ent_model_defaults(option, model);
    in.option = option;
    in.input = input;
    in.rule = rule;
    for (int axis = 0; axis < ENT_AXIS_COUNT; axis++)
        in.count[axis] = axis == ENT_AXIS_MONTH ? 12 * YEARS : axis == ENT_AXIS_EVENT || axis == ENT_AXIS_YEAR ? 0 : OF_AXIS;
    in.count[ENT_AXIS_YEAR] = takes(model, 'y') ? YEARS : 0;
    in.count[ENT_AXIS_ACTOR] = in.count[ENT_AXIS_ALLY] + in.count[ENT_AXIS_CANDIDATE];
    for (int k = 0; k < GROUPS; k++) {
        for (size_t p = 0; p < model->n_inputs; p++) {
            const ent_port *port = &model->inputs[p];
            size_t n = strchr(port->shape, 't') != NULL ? 1 : ent_port_size(port, in.count, true);
            input[p] = (ent_numbers){in_room[p], port->required || number(g, 0, 1) < 0.5 ? n : 0};
            if (input[p].n == 0 || n > ROOM)
                input[p] = (ent_numbers){NULL, 0};
            for (size_t i = 0; i < input[p].n; i++)
                in_room[p][i] = input_of(g, port);
        }
        for (size_t p = 0; p < model->n_outputs; p++) {
            bool fits = ent_model_gives(model, p) && ent_port_size(&model->outputs[p], in.count, false) <= ROOM;
            out[p] = fits ? out_room[p] : NULL;
        }
        ent_stop stop = ENT_STOP_DONE;
        ent_status status = ent_model_call(out, &stop, model, &in, NULL);
        count_status(g, status);
        see(g, stop);
        for (size_t p = 0; p < model->n_outputs && status == ENT_OK; p++)
            for (size_t i = 0; out[p] != NULL && i < ent_port_size(&model->outputs[p], in.count, false); i++)
                see(g, out[p][i]);
    }
}

static int models(void)
{
    ent_rule *rule = NULL;
    if (ent_rule_majority(&rule, OF_AXIS, NULL) != ENT_OK)
        return 1;
    for (size_t i = 0; i < ent_model_count(); i++) {
        const ent_model *model = ent_model_get(i);
        game g = {0};
        if (model->n_inputs > PORTS || model->n_outputs > PORTS || model->n_options > PORTS) {
            fprintf(stderr, "%s has more ports than this program has room for\n", model->name);
            return 1;
        }
        if (model->settle != NULL)
            settle(&g, model);
        if (model->settle_many != NULL)
            settle_many(&g, model);
        if (model->call != NULL)
            call(&g, model, rule);
        printf("%s %d %d %016llx\n", model->name, g.done, g.refused, (unsigned long long)g.hash);
    }
    ent_rule_free(rule);
    return 0;
}

static int run_plan(const char *path, const char *draws)
{
    ent_plan *plan = NULL;
    ent_results *results = NULL;
    char *text = NULL;
    size_t length = 0;
    ent_error err = {0};
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = atoll(draws);
    options.jobs = 2;
    static unsigned char bytes[1 << 25];
    FILE *file = fopen(path, "rb");
    size_t n = file != NULL ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file != NULL)
        fclose(file);
    bool done = ent_plan_load(&plan, bytes, n, &err) == ENT_OK && ent_run(&results, plan, &options, &err) == ENT_OK &&
                ent_results_json(&text, &length, results, &err) == ENT_OK;
    if (done)
        fwrite(text, 1, length, stdout);
    else
        fprintf(stderr, "%s\n", err.message);
    ent_bytes_free(text);
    ent_results_free(results);
    ent_plan_free(plan);
    return done ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "models") == 0)
        return models();
    if (argc == 3)
        return run_plan(argv[1], argv[2]);
    fprintf(stderr, "carried PLAN DRAWS | carried models\n");
    return 2;
}
