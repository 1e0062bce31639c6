/* entente model: one model of an alliance on a table of states, for one year. */
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, NAMES = 16, DIGITS = 4 };

typedef struct played {
    model_given given;
    double *out[MODEL_PORTS];
    ent_stop stop;
} played;

/* --- the calls ------------------------------------------------------------------------------------------ */

static int32_t phase_of(const ent_port *port)
{
    return port->phase != 0 ? port->phase : ENT_PHASE_YEAR;
}

static bool gives(const ent_model *model, int32_t phase)
{
    for (size_t o = 0; o < model->n_outputs; o++)
        if ((phase_of(&model->outputs[o]) & phase) != 0)
            return true;
    return false;
}

/* One call; `before` NULL in the first. What the model does not take is told in its own words. */
static int make_call(played *p, int32_t phase, int32_t year, const double *before, double *after, void *workspace,
                     bool json)
{
    const model_given *g = &p->given;
    const double *in[MODEL_PORTS];
    double *out[MODEL_PORTS];
    ent_error err = {0};
    for (size_t i = 0; i < g->model->n_inputs; i++)
        in[i] = (phase_of(&g->model->inputs[i]) & phase) != 0 ? g->in[i] : NULL;
    for (size_t o = 0; o < g->model->n_outputs; o++) {
        const int32_t of = phase_of(&g->model->outputs[o]);
        out[o] = (of & phase) != 0 || (phase == ENT_PHASE_LAST && (of & ENT_PHASE_YEAR) != 0) ? p->out[o] : NULL;
    }
    const ent_call call = {.phase = phase,
                           .count = g->count,
                           .in = in,
                           .out = out,
                           .before = before,
                           .after = after,
                           .option = g->option,
                           .year = year,
                           .first_year = year,
                           .seen_month = -1,
                           .seen_state = -1};
    g->model->call(&p->stop, &call, workspace);
    if (p->stop != ENT_STOP_UNDEFINED)
        return CLI_GO;
    if (g->model->explain != NULL && g->model->explain(&call, workspace, &err) != ENT_OK) {
        snprintf(err.file, sizeof err.file, "%s", g->file);
        return cli_fail_error(json, &err);
    }
    return cli_fail(json, CLI_WRONG, "%s: %s gives nothing for these numbers", g->file, g->model->name);
}

static int play(played *p, int32_t year, bool json)
{
    const model_given *g = &p->given;
    const size_t n_state = g->model->state != NULL ? g->model->state(g->count) : 0;
    double *state = calloc(2 * n_state + 1, sizeof *state), *after = state != NULL ? state + n_state : NULL;
    void *workspace = malloc((g->model->call_workspace != NULL ? g->model->call_workspace(g->count, NULL) : 0) + 16);
    int code = state != NULL && workspace != NULL ? CLI_GO : cli_fail(json, CLI_IO, "not enough memory");
    for (size_t o = 0; o < g->model->n_outputs && code == CLI_GO; o++) {
        const size_t n = model_size(g, &g->model->outputs[o]);
        p->out[o] = malloc((n + 1) * sizeof *p->out[o]);
        code = p->out[o] != NULL ? CLI_GO : cli_fail(json, CLI_IO, "not enough memory");
        for (size_t i = 0; i < n && code == CLI_GO; i++)
            p->out[o][i] = NAN;
    }
    const bool first = gives(g->model, ENT_PHASE_FIRST);
    if (code == CLI_GO && first)
        code = make_call(p, ENT_PHASE_FIRST, year, NULL, state, workspace, json);
    if (code == CLI_GO)
        code = make_call(p, ENT_PHASE_YEAR, year, first ? state : NULL, after, workspace, json);
    const ent_stop stop = p->stop;
    if (code == CLI_GO && gives(g->model, ENT_PHASE_LAST))
        code = make_call(p, ENT_PHASE_LAST, year, NULL, NULL, workspace, json);
    p->stop = stop;
    free(state);
    free(workspace);
    return code;
}

/* --- tables in 80 columns --------------------------------------------------------------------------------- */

static int width_of(const ent_port *port)
{
    return strlen(port->name) < 8 ? 10 : (int)strlen(port->name) + 2;
}

/* The states of an axis: candidates come after the members. */
static const char *state_of(const model_given *g, char axis, size_t i)
{
    return model_state(g, axis == 'c' ? g->count[ENT_AXIS_ALLY] + i : i);
}

/* Outputs from..to of an axis, a row a state. */
static void tell_block(const played *p, const cli_style *style, char axis, size_t from, size_t to)
{
    const ent_model *model = p->given.model;
    const size_t rows = model_size(&p->given, &model->outputs[from]);
    printf("\n%-*s", NAMES, axis == 'c' ? "candidate" : "state");
    for (size_t o = from; o < to; o++)
        if (model_axis(&model->outputs[o]) == axis)
            printf("%*s", width_of(&model->outputs[o]), model->outputs[o].name);
    putchar('\n');
    for (size_t i = 0; i < rows; i++) {
        cli_put(stdout, style, state_of(&p->given, axis, i), NAMES, NAMES);
        for (size_t o = from; o < to; o++) {
            char number[32];
            if (model_axis(&model->outputs[o]) != axis)
                continue;
            ent_number_people(number, p->out[o][i], DIGITS);
            printf("%*s", width_of(&model->outputs[o]), number);
        }
        putchar('\n');
    }
}

/* All outputs of an axis, as many side by side as fit. */
static void tell_axis(const played *p, const cli_style *style, char axis)
{
    const ent_model *model = p->given.model;
    for (size_t from = 0, to; from < model->n_outputs; from = to) {
        int width = NAMES;
        to = from + 1;
        if (model_axis(&model->outputs[from]) != axis)
            continue;
        width += width_of(&model->outputs[from]);
        while (to < model->n_outputs) {
            const int more = model_axis(&model->outputs[to]) == axis ? width_of(&model->outputs[to]) : 0;
            if (width + more > WIDTH)
                break;
            width += more;
            to++;
        }
        tell_block(p, style, axis, from, to);
    }
}

static void tell(const played *p)
{
    const cli_style style = cli_style_of(stdout);
    const ent_model *model = p->given.model;
    printf("%s: ", model->name);
    cli_put(stdout, &style, model->title, 0, 0);
    printf("\n%zu states", p->given.count[ENT_AXIS_ACTOR]);
    if (p->given.count[ENT_AXIS_CANDIDATE] > 0)
        printf(", %zu of them candidates", p->given.count[ENT_AXIS_CANDIDATE]);
    printf("; `entente models %s` says what the words mean\n", model->name);
    if (p->stop != ENT_STOP_DONE)
        printf("%s\n", ent_stop_text(p->stop));
    for (const char *axis = "lac"; *axis != 0; axis++)
        if (*axis != 'c' || p->given.count[ENT_AXIS_CANDIDATE] > 0)
            tell_axis(p, &style, *axis);
    putchar('\n');
    for (size_t o = 0; o < model->n_outputs; o++) {
        char number[32];
        if (model_axis(&model->outputs[o]) != 0)
            continue;
        ent_number_people(number, p->out[o][0], DIGITS);
        printf("%-20s %s%s%s\n", model->outputs[o].name, number, strcmp(model->outputs[o].unit, "1") == 0 ? "" : " ",
               strcmp(model->outputs[o].unit, "1") == 0 ? "" : model->outputs[o].unit);
    }
}

/* Name, state and number to the last digit: for other programs' sake. */
static void tell_plain(const played *p)
{
    const cli_style style = cli_style_of(stdout);
    for (size_t o = 0; o < p->given.model->n_outputs; o++) {
        const ent_port *port = &p->given.model->outputs[o];
        for (size_t i = 0; i < model_size(&p->given, port); i++) {
            char number[32];
            ent_number_text(number, p->out[o][i]);
            printf("%s\t", port->name);
            if (model_axis(port) != 0)
                cli_put(stdout, &style, state_of(&p->given, model_axis(port), i), 0, 0);
            printf("\t%s\n", number);
        }
    }
}

/* --- JSON --------------------------------------------------------------------------------------------------- */

static int json_output(const played *p, size_t o)
{
    const ent_port *port = &p->given.model->outputs[o];
    char number[32];
    printf("\"%s\":%s", port->name, model_axis(port) != 0 ? "{" : "");
    for (size_t i = 0; i < model_size(&p->given, port); i++) {
        ent_number_text(number, p->out[o][i]);
        if (model_axis(port) != 0) {
            char *state = cli_json(state_of(&p->given, model_axis(port), i));
            if (state == NULL)
                return cli_fail(false, CLI_IO, "not enough memory");
            printf("%s%s:", i > 0 ? "," : "", state);
            ent_bytes_free(state);
        }
        fputs(number, stdout);
    }
    fputs(model_axis(port) != 0 ? "}" : "", stdout);
    return CLI_GO;
}

static int json(const played *p)
{
    const ent_model *model = p->given.model;
    int code = CLI_GO;
    printf("{\"format\":1,\"model\":\"%s\",\"stop\":\"%s\",\"options\":{", model->name, ent_stop_word(p->stop));
    for (size_t o = 0; o < model->n_options; o++) {
        const ent_port *port = &model->options[o];
        char number[32];
        const char *word = port->choices;
        for (int k = 0; word != NULL && k < (int)p->given.option[o]; k++)
            word += strcspn(word, "|") + 1;
        ent_number_text(number, p->given.option[o]);
        printf("%s\"%s\":", o > 0 ? "," : "", port->name);
        if (word != NULL)
            printf("\"%.*s\"", (int)strcspn(word, "|"), word);
        else
            fputs(number, stdout);
    }
    fputs("},\n \"outputs\":{", stdout);
    for (size_t o = 0; o < model->n_outputs && code == CLI_GO; o++) {
        fputs(o > 0 ? ",\n  " : "\n  ", stdout);
        code = json_output(p, o);
    }
    fputs("\n }}\n", stdout);
    return code;
}

int cmd_model(int argc, char **argv)
{
    cli_list option = {0};
    int64_t year = 0;
    const cli_option options[] = {
        {"option", CLI_LIST, &option, "K=V", "an input, for all states, or an option; may be repeated", 0},
        {"year", CLI_COUNT, &year, "Y", "the year that it is about (1)", 9998},
    };
    const cli_syntax syntax = {
        .name = "model",
        .arguments = "MODEL TABLE.csv",
        .about =
            "Runs one model of an alliance (burden_sharing, membership, deterrence, capability) for one year. The "
            "table "
            "has a row a state and a column for each input that differs by state; inputs that are one number are "
            "options. For membership a column candidate marks candidates with 1. `entente models MODEL` lists inputs "
            "and outputs. With --quiet a line a number: output, state, value.",
        .example = "entente model burden_sharing allies.csv --option spillover=0.4\n"
                   "entente model deterrence allies.csv --option challenger=350 \\\n"
                   "  --option target=10 --option lambda_defender=8 --option lambda_challenger=8 \\\n"
                   "  --option c=0.1 --option c_opposed=0.7 --option withdraws=us \\\n"
                   "  --option wanted=0.8",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 2,
        .most = 2,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    played p = {0};
    code = model_find(&p.given.model, args.item[0], args.json);
    if (code == CLI_GO)
        code = model_read(&p.given, args.item[1], &option, args.json);
    if (code == CLI_GO)
        code = play(&p, year > 0 ? (int32_t)year : 1, args.json);
    if (code == CLI_GO && args.json)
        code = json(&p);
    else if (code == CLI_GO && args.quiet)
        tell_plain(&p);
    else if (code == CLI_GO)
        tell(&p);
    for (size_t o = 0; o < MODEL_PORTS; o++)
        free(p.out[o]);
    model_free(&p.given);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
