/* entente settle: one model on one table of actors. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct wanted {
    const char *model, *low, *high, *status_quo;
    cli_list option;
    cli_seed seed;
} wanted;

/* --- what the command line says ----------------------------------------------------------------------- */

static int find_model(const ent_model **model, const char *name, bool json)
{
    const char *names[64];
    char all[512] = "";
    size_t n = 0;
    for (size_t m = 0; m < ent_model_count() && n < sizeof names / sizeof names[0]; m++) {
        if (ent_model_get(m)->settle == NULL)
            continue;
        names[n++] = ent_model_get(m)->name;
        if (strlen(all) + strlen(names[n - 1]) + 3 < sizeof all)
            strcat(strcat(all, n > 1 ? ", " : ""), names[n - 1]);
    }
    if (name == NULL)
        return cli_fail(json, CLI_USAGE, "--model says how the issue is settled: %s; `entente models` tells about them",
                        all);
    for (size_t m = 0; m < n; m++)
        if (strcmp(names[m], name) == 0)
            *model = ent_model_find(name);
    if (*model != NULL)
        return CLI_GO;
    const char *near = ent_text_nearest(name, names, n);
    return cli_fail(json, CLI_USAGE, "there is no model '%s' that settles an issue%s%s%s; there is: %s", name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "", all);
}

/* --option K=V, each; a later one overrides. */
static int read_options(double *option, const ent_model *model, const cli_list *given, bool json)
{
    ent_model_defaults(option, model);
    for (size_t i = 0; i < given->count; i++) {
        char name[64];
        const char *equals = strchr(given->item[i], '=');
        if (equals == NULL || equals == given->item[i] || (size_t)(equals - given->item[i]) >= sizeof name)
            return cli_fail(json, CLI_USAGE, "--option takes NAME=VALUE, such as --option r=1, not '%s'",
                            given->item[i]);
        snprintf(name, sizeof name, "%.*s", (int)(equals - given->item[i]), given->item[i]);
        double value = 0;
        size_t index = 0;
        ent_error err = {0};
        if (ent_model_option(&value, &index, model, name, equals + 1, &err) != ENT_OK)
            return cli_fail(json, CLI_USAGE, "%s", err.message);
        option[index] = value;
    }
    return CLI_GO;
}

static int read_number(double *out, const char *text, const char *option, bool json)
{
    if (text != NULL && !ent_number_read(out, text, strlen(text)))
        return cli_fail(json, CLI_USAGE, "--%s takes a number, not '%s'", option, text);
    return CLI_GO;
}

/* --- the scale ---------------------------------------------------------------------------------------- */

static void widen(double *low, double *high, double x)
{
    *low = x < *low ? x : *low;
    *high = x > *high ? x : *high;
}

/* The ends that were given; else 0 to 100 where all fits into that, else what it runs over. */
static int find_scale(settled *s, const wanted *w, bool json)
{
    ent_settle_input *in = &s->in;
    double low = INFINITY, high = -INFINITY;
    in->low = 0, in->high = 100, in->status_quo = NAN;
    int code = read_number(&in->low, w->low, "low", json);
    if (code == CLI_GO)
        code = read_number(&in->high, w->high, "high", json);
    if (code == CLI_GO)
        code = read_number(&in->status_quo, w->status_quo, "status-quo", json);
    if (code != CLI_GO)
        return code;
    for (size_t i = 0; i < s->table->n; i++)
        widen(&low, &high, s->table->position[i]);
    if (w->status_quo != NULL)
        widen(&low, &high, in->status_quo);
    bool fits = low >= 0 && high <= 100;
    s->scale_is_guessed = !fits && (w->low == NULL || w->high == NULL);
    if (!fits && w->low == NULL)
        in->low = low;
    if (!fits && w->high == NULL)
        in->high = high;
    if (in->low < in->high)
        return CLI_GO;
    char a[32], b[32];
    ent_number_text(a, in->low), ent_number_text(b, in->high);
    if (s->scale_is_guessed)
        return cli_fail(json, CLI_USAGE, "the scale would run from %s to %s: give its ends with --low and --high", a,
                        b);
    return cli_fail(json, CLI_USAGE, "--low %s is not below --high %s", a, b);
}

/* A position off the scale is told with its line. */
static int check_positions(const settled *s, bool json)
{
    for (size_t i = 0; i < s->table->n; i++) {
        double x = s->table->position[i];
        if (x >= s->in.low && x <= s->in.high)
            continue;
        char found[32], low[32], high[32];
        ent_error err = {.status = ENT_ERR_SCENARIO, .line = s->table->line[i]};
        ent_number_text(found, x), ent_number_text(low, s->in.low), ent_number_text(high, s->in.high);
        snprintf(err.file, sizeof err.file, "%s", s->file);
        snprintf(err.message, sizeof err.message, "the position of '%.100s' is %s; the scale runs from %s to %s",
                 s->table->actor[i], found, low, high);
        return cli_fail_error(json, &err);
    }
    return CLI_GO;
}

/* --- settling ----------------------------------------------------------------------------------------- */

double settle_by(const settled *s, const char *name, const double *position)
{
    const ent_model *model = ent_model_find(name);
    double option[32];
    ent_settle_input in = s->in;
    ent_settle_output out = {.outcome = NAN};
    ent_model_defaults(option, model);
    in.position = position;
    in.option = option;
    return ent_settle(&out, &in, model, NULL) == ENT_OK ? out.outcome : NAN;
}

static int settle_table(settled *s, bool json)
{
    size_t n = s->table->n;
    s->utility = malloc(n * sizeof *s->utility);
    s->gain = malloc(n * sizeof *s->gain);
    if (settle_output(s->model, "distribution") != NULL)
        s->distribution = malloc(n * sizeof *s->distribution);
    if (s->utility == NULL || s->gain == NULL ||
        (s->distribution == NULL && settle_output(s->model, "distribution") != NULL))
        return cli_fail(json, CLI_IO, "not enough memory");
    s->out = (ent_settle_output){.utility = s->utility, .gain = s->gain, .distribution = s->distribution};
    ent_error err = {0};
    if (ent_settle_check(&s->in, s->model, &err) != ENT_OK) {
        ent_settle_input with = s->in;
        with.status_quo = with.low; /* is that all it lacks? */
        if (s->in.status_quo != s->in.status_quo && ent_settle_check(&with, s->model, NULL) == ENT_OK)
            return cli_fail(json, CLI_USAGE, "%s: state it with --status-quo", err.message);
        return cli_fail_error(json, &err);
    }
    if (ent_settle(&s->out, &s->in, s->model, &err) != ENT_OK)
        return cli_fail_error(json, &err);
    s->median = settle_by(s, "median", s->in.position);
    s->mean = settle_by(s, "compromise", s->in.position);
    return CLI_GO;
}

static int read_table(ent_table **table, const char *path, bool json)
{
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    int code = CLI_GO;
    if (list == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    ent_status status = ent_table_read(table, path, list, &err);
    ent_diagnostics_sort(list);
    if (status != ENT_OK && ent_diagnostics_errors(list) > 0)
        code = cli_findings(json, list);
    else if (status != ENT_OK)
        code = cli_fail_error(json, &err);
    ent_diagnostics_free(list);
    return code;
}

static int settle_with(settled *s, const wanted *w, const cli_args *args)
{
    ent_table *table = NULL;
    double option[32];
    int code = find_model(&s->model, w->model, args->json);
    if (code == CLI_GO)
        code = read_options(option, s->model, &w->option, args->json);
    if (code == CLI_GO)
        code = read_table(&table, s->file, args->json);
    if (code == CLI_GO) {
        s->table = table;
        s->option = option;
        s->in = (ent_settle_input){.n = table->n,
                                   .position = table->position,
                                   .salience = table->salience,
                                   .capability = table->capability,
                                   .option = option,
                                   .seed = w->seed.given ? w->seed.value : 1};
        code = find_scale(s, w, args->json);
    }
    if (code == CLI_GO)
        code = check_positions(s, args->json);
    if (code == CLI_GO)
        code = settle_table(s, args->json);
    if (code == CLI_GO && args->json)
        code = settle_tell_json(s);
    else if (code == CLI_GO && args->quiet) {
        char outcome[32];
        ent_number_text(outcome, s->out.outcome);
        puts(outcome);
    } else if (code == CLI_GO)
        settle_tell(s);
    ent_table_free(table);
    return code;
}

int cmd_settle(int argc, char **argv)
{
    wanted w = {0};
    const cli_option options[] = {
        {"model", CLI_TEXT, &w.model, "NAME", "how the issue is settled; `entente models` lists them", 0},
        {"option", CLI_LIST, &w.option, "K=V", "an option of the model, such as r=1; may be repeated", 0},
        {"low", CLI_TEXT, &w.low, "X", "the scale's low end (0, or the least position if that is below)", 0},
        {"high", CLI_TEXT, &w.high, "X", "its high end (100, or the greatest position if that is above)", 0},
        {"status-quo", CLI_TEXT, &w.status_quo, "X", "where the issue stands now; gains are against it", 0},
        {"seed", CLI_SEED, &w.seed, "S", "of models that draw (1)", 0},
    };
    const cli_syntax syntax = {
        .name = "settle",
        .arguments = "TABLE.csv",
        .about = "Settles one issue by one model. The table has the columns actor, position, salience (0 to 1) and "
                 "capability, "
                 "a row an actor. Tells where the issue ends and who gains. With --quiet the outcome alone.",
        .example = "entente settle emissions.csv --model nash --low 4 --high 10\n"
                   "entente settle emissions.csv --model nash --option disagreement=status_quo --status-quo 3\n"
                   "entente settle emissions.csv --model condorcet --json",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    settled s = {.file = args.item[0]};
    code = settle_with(&s, &w, &args);
    free(s.utility);
    free(s.gain);
    free(s.distribution);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
