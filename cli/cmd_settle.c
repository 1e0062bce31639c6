/* entente settle: one model on one table of actors. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct wanted {
    const char *model, *low, *high, *status_quo, *issue;
    cli_list option;
    cli_seed seed;
    bool all, predict;
} wanted;

/* --- what the command line says ----------------------------------------------------------------------- */

static bool is_of_settling(const ent_model *model)
{
    return model->settle != NULL || model->settle_many != NULL;
}

/* The model that was named, or the one that the file was made for. */
static int find_model(const ent_model **model, const char *name, const ent_table *table, bool json)
{
    const char *names[64];
    char all[512] = "";
    size_t n = 0;
    for (size_t m = 0; m < ent_model_count() && n < sizeof names / sizeof names[0]; m++) {
        if (!is_of_settling(ent_model_get(m)))
            continue;
        names[n++] = ent_model_get(m)->name;
        if (strlen(all) + strlen(names[n - 1]) + 3 < sizeof all)
            strcat(strcat(all, n > 1 ? ", " : ""), names[n - 1]);
    }
    if (name == NULL && table != NULL)
        name = table->model;
    if (name == NULL && table != NULL)
        return cli_fail(json, CLI_USAGE, "--model says how the issue is settled: %s; `entente models` tells about them",
                        all);
    if (name == NULL)
        return CLI_GO; /* the file may say */
    *model = ent_model_find(name);
    if (*model != NULL && is_of_settling(*model))
        return CLI_GO;
    const char *near = ent_text_nearest(name, names, n);
    return cli_fail(json, CLI_USAGE, "there is no model '%s' that settles an issue%s%s%s; there is: %s", name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "", all);
}

/* --option K=V, each; a later one overrides. */
static int read_options(double *option, const ent_model *model, const cli_list *given, bool json)
{
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

/* What the file states for the model it was made for comes before what the command line says. */
static bool take_file_options(settled *s, double *option)
{
    bool any = false;
    if (s->table->model == NULL || strcmp(s->table->model, s->model->name) != 0)
        return false;
    for (size_t i = 0; i < s->table->n_options; i++) {
        double value = 0;
        size_t index = 0;
        const ent_table_option *said = &s->table->option[i];
        if (ent_model_option(&value, &index, s->model, said->name, said->value, NULL) != ENT_OK)
            continue;
        option[index] = value;
        any = true;
    }
    return any;
}

static int read_number(double *out, const char *text, const char *option, bool json)
{
    if (text != NULL && !ent_number_read(out, text, strlen(text)))
        return cli_fail(json, CLI_USAGE, "--%s takes a number, not '%s'", option, text);
    return CLI_GO;
}

/* --- the table, for this model ----------------------------------------------------------------------------- */

static void list_issues(char *out, size_t size, const ent_table *table)
{
    size_t used = 0;
    for (size_t d = 0; d < table->issues && used + 70 < size; d++)
        used += (size_t)snprintf(out + used, size - used, "%s%.60s", d > 0 ? ", " : "", table->issue[d]);
    if (used + 8 < size && used > 0 && strlen(out) + 70 >= size)
        strcat(out, ", ...");
}

/* The issue that --issue names, table->issues for all of them. */
static int find_issue(size_t *chosen, const settled *s, const char *name)
{
    const ent_table *table = s->table;
    char all[512] = "";
    *chosen = table->issues;
    list_issues(all, sizeof all, table);
    for (size_t d = 0; d < table->issues && name != NULL; d++)
        if (strcmp(table->issue[d], name) == 0)
            *chosen = d;
    if (name != NULL && *chosen == table->issues) {
        const char *near = ent_text_nearest(name, table->issue, table->issues);
        bool named = near != NULL && near[0] != 0;
        return cli_fail(s->json, CLI_USAGE, "there is no issue '%.60s'%s%.60s%s; there is: %s", name,
                        named ? "; did you mean '" : "", named ? near : "", named ? "'?" : "",
                        all[0] != 0 ? all : "one, without a name");
    }
    if (s->model->settle == NULL && (table->issues == 1 || name != NULL))
        return cli_fail(s->json, CLI_USAGE,
                        "the model %s trades one issue for another, and here is one: the table needs a column 'issue', "
                        "or columns position.NAME for each",
                        s->model->name);
    if (name == NULL && s->model->settle_many == NULL && table->issues > 1)
        return cli_fail(s->json, CLI_USAGE,
                        "the table has %zu issues and the model %s settles one: --issue says which "
                        "(%s)",
                        table->issues, s->model->name, all);
    if (name == NULL && table->issues == 1)
        *chosen = 0;
    return CLI_GO;
}

static bool reserve(settled *s, size_t n, size_t issues)
{
    size_t cells = n * issues;
    s->actor = calloc(n, sizeof *s->actor);
    s->said = calloc(n, sizeof *s->said);
    s->issue = calloc(issues, sizeof *s->issue);
    s->position = malloc(cells * sizeof *s->position);
    s->salience = malloc(cells * sizeof *s->salience);
    s->capability = malloc(cells * sizeof *s->capability);
    s->low = malloc(issues * sizeof *s->low);
    s->high = malloc(issues * sizeof *s->high);
    s->outcome = malloc(issues * sizeof *s->outcome);
    s->median = malloc(issues * sizeof *s->median);
    s->mean = malloc(issues * sizeof *s->mean);
    s->utility = malloc(n * sizeof *s->utility);
    s->gain = malloc(n * sizeof *s->gain);
    if (settle_output(s->model, "distribution") != NULL)
        s->distribution = malloc(n * sizeof *s->distribution);
    return s->actor && s->said && s->issue && s->position && s->salience && s->capability && s->low && s->high &&
           s->outcome && s->median && s->mean && s->utility && s->gain &&
           (s->distribution != NULL || settle_output(s->model, "distribution") == NULL);
}

/* One issue with those who take part in it, or all. */
static int take_part(settled *s, size_t chosen)
{
    const ent_table *table = s->table;
    const cli_style style = cli_style_of(stdout);
    size_t first = chosen < table->issues ? chosen : 0, issues = chosen < table->issues ? 1 : table->issues;
    if (!reserve(s, table->n, issues))
        return cli_fail(s->json, CLI_IO, "not enough memory");
    s->issues = issues;
    for (size_t i = 0; i < table->n; i++) {
        if (issues == 1 && isnan(table->position[i * table->issues + first]))
            continue;
        for (size_t d = 0; d < issues; d++) {
            size_t from = i * table->issues + first + d, to = s->n * issues + d;
            s->position[to] = table->position[from];
            s->salience[to] = table->salience[from];
            s->capability[to] = table->capability[from];
        }
        s->actor[s->n] = table->actor[i];
        s->said[s->n] = cli_safe(&style, table->actor[i], 32);
        if (s->said[s->n++] == NULL)
            return cli_fail(s->json, CLI_IO, "not enough memory");
    }
    for (size_t d = 0; d < issues; d++) {
        s->issue[d] = table->issue[first + d];
        s->low[d] = table->low[first + d];
        s->high[d] = table->high[first + d];
    }
    return CLI_GO;
}

/* --- the scale ---------------------------------------------------------------------------------------- */

static void widen(double *low, double *high, double x)
{
    *low = x < *low ? x : *low;
    *high = x > *high ? x : *high;
}

/* The ends that the file states or that were given; else 0 to 100 where all fits into that, else what it runs over. */
static int find_scale(settled *s, const wanted *w, size_t d, double given_low, double given_high)
{
    double low = INFINITY, high = -INFINITY;
    if (!isnan(s->low[d]))
        return CLI_GO;
    for (size_t i = 0; i < s->n; i++)
        widen(&low, &high, s->position[i * s->issues + d]);
    if (w->status_quo != NULL)
        widen(&low, &high, s->status_quo);
    bool fits = low >= 0 && high <= 100;
    bool guessed = !fits && (w->low == NULL || w->high == NULL);
    s->low[d] = w->low != NULL ? given_low : fits ? 0 : low;
    s->high[d] = w->high != NULL ? given_high : fits ? 100 : high;
    s->scale_is_guessed |= guessed;
    if (s->low[d] < s->high[d])
        return CLI_GO;
    char a[32], b[32];
    ent_number_text(a, s->low[d]), ent_number_text(b, s->high[d]);
    if (guessed)
        return cli_fail(s->json, CLI_USAGE, "the scale would run from %s to %s: give its ends with --low and --high", a,
                        b);
    return cli_fail(s->json, CLI_USAGE, "--low %s is not below --high %s", a, b);
}

static int find_scales(settled *s, const wanted *w)
{
    double low = 0, high = 100;
    bool stated = !isnan(s->low[0]);
    s->status_quo = NAN;
    int code = read_number(&low, w->low, "low", s->json);
    if (code == CLI_GO)
        code = read_number(&high, w->high, "high", s->json);
    if (code == CLI_GO)
        code = read_number(&s->status_quo, w->status_quo, "status-quo", s->json);
    if (code == CLI_GO && stated && (w->low != NULL || w->high != NULL))
        return cli_fail(s->json, CLI_USAGE, "%s states its scales itself: --low and --high are for tables that do not",
                        s->file);
    if (code == CLI_GO && s->issues > 1 && w->status_quo != NULL)
        return cli_fail(s->json, CLI_USAGE, "--status-quo is for one issue, and here are %zu", s->issues);
    for (size_t d = 0; d < s->issues && code == CLI_GO; d++)
        code = find_scale(s, w, d, low, high);
    return code;
}

/* A position off the scale is told with its place. */
static int check_positions(const settled *s, size_t chosen)
{
    const ent_table *table = s->table;
    for (size_t i = 0; i < table->n; i++)
        for (size_t d = 0; d < s->issues; d++) {
            size_t at = i * table->issues + (s->issues == 1 && chosen < table->issues ? chosen : d);
            double x = table->position[at];
            if (isnan(x) || (x >= s->low[d] && x <= s->high[d]))
                continue;
            char found[32], low[32], high[32];
            ent_error err = {.status = ENT_ERR_SCENARIO, .line = table->line[at], .column = table->column[at]};
            ent_number_text(found, x), ent_number_text(low, s->low[d]), ent_number_text(high, s->high[d]);
            snprintf(err.file, sizeof err.file, "%s", s->file);
            snprintf(err.message, sizeof err.message, "the position of '%.100s' is %s; the scale runs from %s to %s",
                     table->actor[i], found, low, high);
            return cli_fail_error(s->json, &err);
        }
    return CLI_GO;
}

/* --- the command ---------------------------------------------------------------------------------------- */

int settle_read(ent_table **table, const char *path, bool json)
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
    else if (ent_diagnostics_count(list) > 0 && !json)
        (void)cli_findings(false, list); /* warnings */
    ent_diagnostics_free(list);
    return code;
}

static int tell(const settled *s)
{
    if (s->json)
        return settle_tell_json(s);
    if (!s->quiet)
        settle_tell(s);
    for (size_t d = 0; d < s->issues && s->quiet; d++) {
        char outcome[32];
        ent_number_text(outcome, s->outcome[d]);
        if (s->issues > 1) {
            const cli_style style = cli_style_of(stdout);
            cli_put(stdout, &style, s->issue[d], 0, 0);
            putchar('\t');
        }
        puts(outcome);
    }
    return CLI_GO;
}

static int settle_with(settled *s, const wanted *w, ent_table **table)
{
    double option[64]; /* more than any model has */
    size_t chosen = 0;
    int code = find_model(&s->model, w->model, NULL, s->json);
    if (code == CLI_GO && s->model != NULL) {
        ent_model_defaults(option, s->model); /* what is wrong with them is told before a file is read */
        code = read_options(option, s->model, &w->option, s->json);
    }
    if (code == CLI_GO)
        code = settle_read(table, s->file, s->json);
    s->table = *table;
    if (code == CLI_GO)
        code = find_model(&s->model, w->model, *table, s->json);
    if (code == CLI_GO) {
        s->option = option;
        ent_model_defaults(option, s->model);
        s->file_has_options = take_file_options(s, option);
        code = read_options(option, s->model, &w->option, s->json);
    }
    if (code == CLI_GO)
        code = find_issue(&chosen, s, w->issue);
    if (code == CLI_GO)
        code = take_part(s, chosen);
    if (code == CLI_GO)
        code = find_scales(s, w);
    if (code == CLI_GO)
        code = check_positions(s, chosen);
    if (code != CLI_GO)
        return code;
    bool ktab = s->table->format == ENT_TABLE_KTAB_CSV || s->table->format == ENT_TABLE_KTAB_XML;
    s->seed = w->seed.given ? w->seed.value : ktab ? s->table->seed : 1;
    s->in = (ent_settle_input){.n = s->n,
                               .position = s->position,
                               .salience = s->salience,
                               .capability = s->capability,
                               .low = s->low[0],
                               .high = s->high[0],
                               .status_quo = s->status_quo,
                               .option = option,
                               .seed = s->seed};
    s->out = (ent_settle_output){.utility = s->utility, .gain = s->gain, .distribution = s->distribution};
    code = settle_play(s);
    if (code == CLI_GO && w->predict)
        code = settle_predict(s);
    return code == CLI_GO ? tell(s) : code;
}

static void release(settled *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->said[i]);
    void *block[] = {(void *)s->actor, (void *)s->said, (void *)s->issue, s->position,    s->salience,
                     s->capability,    s->low,          s->high,          s->outcome,     s->median,
                     s->mean,          s->utility,      s->gain,          s->distribution, s->quantile};
    for (size_t k = 0; k < sizeof block / sizeof block[0]; k++)
        free(block[k]);
    ent_challenge_free(s->challenge);
    ent_spatial_free(s->spatial);
    ent_exchange_free(s->exchange);
}

int cmd_settle(int argc, char **argv)
{
    wanted w = {0};
    const cli_option options[] = {
        {"model", CLI_TEXT, &w.model, "NAME", "how the issue is settled; `entente models` lists them", 0},
        {"option", CLI_LIST, &w.option, "K=V", "an option of the model, such as r=1; may be repeated", 0},
        {"issue", CLI_TEXT, &w.issue, "NAME", "one issue of a table that has several", 0},
        {"low", CLI_TEXT, &w.low, "X", "the scale's low end (0, or the least position if that is below)", 0},
        {"high", CLI_TEXT, &w.high, "X", "its high end (100, or the greatest position if that is above)", 0},
        {"status-quo", CLI_TEXT, &w.status_quo, "X", "where the issue stands now; gains are against it", 0},
        {"seed", CLI_SEED, &w.seed, "S", "of models that draw (1, or what a KTAB file says)", 0},
        {"predict", CLI_FLAG, &w.predict, NULL, "how far off: quantiles by the model's errors on known decisions", 0},
        {"all", CLI_FLAG, &w.all, NULL, "every round, every move and every actor, however many", 0},
    };
    const cli_syntax syntax = {
        .name = "settle",
        .arguments = "TABLE.csv",
        .about = "Settles an issue, or several at once, by one model, and tells how it came about: who gave way to "
                 "whom, and why it ended. The table has the columns actor, position, salience (0 to 1) and capability, "
                 "a row an actor; several issues stand in rows named by a column issue, or in columns position.NAME. "
                 "KTAB's scenarios and Decide's data files are read as they are. With --quiet the outcome alone.",
        .example = "entente settle emissions.csv --model challenge --low 4 --high 10\n"
                   "entente settle emissions.csv --model nash --option disagreement=status_quo --status-quo 3\n"
                   "entente settle package.csv --model exchange\n"
                   "entente settle emissions.csv --model condorcet --predict --json",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    settled s = {.file = args.item[0], .all = w.all, .quiet = args.quiet, .json = args.json};
    ent_table *table = NULL;
    code = settle_with(&s, &w, &table);
    bool interrupted = s.interrupted;
    release(&s);
    ent_table_free(table);
    cli_args_free(&args);
    if (code == CLI_GO)
        code = cli_close_stdout();
    return code == CLI_DONE && interrupted ? CLI_INTERRUPTED : code;
}
