/* entente backtest: every model against decisions whose outcome is known. */
#include "backtest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct wanted {
    const char *models, *capability;
    int64_t replicates;
    cli_seed seed;
    bool csv, calibration;
} wanted;

/* --- what the command line says ---------------------------------------------------------------------------- */

static int find_rule(ent_capability_rule *rule, const char *word, bool json)
{
    const char *known[ENT_CAPABILITY_COUNT];
    for (int r = 0; r < ENT_CAPABILITY_COUNT; r++) {
        known[r] = ent_capability_rule_word((ent_capability_rule)r);
        if (strcmp(word, known[r]) == 0) {
            *rule = (ent_capability_rule)r;
            return CLI_GO;
        }
    }
    const char *near = ent_text_nearest(word, known, ENT_CAPABILITY_COUNT);
    return cli_fail(json, CLI_USAGE,
                    "there is no rule of capability '%.60s'%s%s%s; there is: equal, votes, population, gdp, given", word,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static bool is_of_settling(const ent_model *model)
{
    return strcmp(model->room, "settle") == 0 && (model->settle != NULL || model->settle_many != NULL);
}

static int unknown_model(const char *name, bool json)
{
    const char *known[64];
    char all[512] = "";
    size_t n = 0;
    for (size_t m = 0; m < ent_model_count() && n < sizeof known / sizeof known[0]; m++) {
        if (!is_of_settling(ent_model_get(m)))
            continue;
        known[n++] = ent_model_get(m)->name;
        if (strlen(all) + strlen(known[n - 1]) + 3 < sizeof all)
            strcat(strcat(all, n > 1 ? ", " : ""), known[n - 1]);
    }
    const char *near = ent_text_nearest(name, known, n);
    return cli_fail(json, CLI_USAGE, "there is no model '%.60s' that settles an issue%s%s%s; there is: %s", name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "", all);
}

/* compromise,nash: each once, in the order given. */
static int find_models(const ent_model **model, size_t *n, const char *text, bool json)
{
    *n = 0;
    for (const char *at = text; at != NULL && *at != 0;) {
        const size_t length = strcspn(at, ",");
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), at);
        at += length + (at[length] == ',');
        const ent_model *found = ent_model_find(name);
        if (found == NULL || !is_of_settling(found))
            return unknown_model(name, json);
        for (size_t i = 0; i < *n; i++)
            if (model[i] == found)
                return cli_fail(json, CLI_USAGE, "the model %s is named twice", name);
        if (*n + 2 >= ENT_BACKTEST_MODELS)
            return cli_fail(json, CLI_USAGE, "at most %d models at once", ENT_BACKTEST_MODELS - 2);
        model[(*n)++] = found;
    }
    if (text != NULL && *n == 0)
        return cli_fail(json, CLI_USAGE, "--models takes names apart by commas, such as compromise,nash");
    return CLI_GO;
}

static int read_decisions(ent_decisions **decisions, const char *folder, bool json)
{
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    int code = CLI_GO;
    if (list == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    const ent_status status = ent_decisions_read(decisions, folder, list, &err);
    ent_diagnostics_sort(list);
    if (status != ENT_OK)
        code = cli_compile_failed(json, status, list, &err);
    ent_diagnostics_free(list);
    return code;
}

/* A file, or a folder with a scenario.yaml. */
static bool is_scenario(const char *path)
{
    struct stat s;
    char inside[4096];
    if (stat(path, &s) != 0)
        return false;
    if (!S_ISDIR(s.st_mode))
        return true;
    const int length = snprintf(inside, sizeof inside, "%s/scenario.yaml", path);
    return length > 0 && (size_t)length < sizeof inside && stat(inside, &s) == 0;
}

/* The issues whose outcome a scenario states, at the medians of its stances. */
static int read_scenario(ent_decisions **decisions, const cli_args *args)
{
    static const int64_t draws[] = {64, 1000}; /* few tell whether there is anything to take, more have steady medians */
    ent_error err = {0};
    int code = CLI_GO;
    const cli_list none = {0};
    ent_plan *plan = cli_plan(args->item[0], &none, args, &code);
    if (plan == NULL)
        return code;
    code = CLI_GO;
    for (size_t i = 0; i < sizeof draws / sizeof draws[0] && code == CLI_GO; i++) {
        ent_results *results = NULL;
        ent_run_options options = ENT_RUN_OPTIONS_INIT;
        options.draws = draws[i];
        ent_decisions_free(*decisions);
        *decisions = NULL;
        if (ent_run(&results, plan, &options, &err) != ENT_OK || ent_decisions_of_results(decisions, results, &err) != ENT_OK)
            code = cli_fail_error(args->json, &err);
        ent_results_free(results);
    }
    ent_plan_free(plan);
    return code;
}

/* --- for machines --------------------------------------------------------------------------------------------- */

static void put_number(const char *key, double x)
{
    char number[32];
    ent_number_text(number, x);
    printf("\"%s\":%s", key, number);
}

static void put_interval(const char *key, ent_interval x)
{
    char low[32], high[32];
    ent_number_text(low, x.low);
    ent_number_text(high, x.high);
    printf("\"%s\":[%s,%s]", key, low, high);
}

static void put_list(const char *key, const double *x, size_t n)
{
    printf("\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        char number[32];
        ent_number_text(number, x[i]);
        printf("%s%s", i > 0 ? "," : "", number);
    }
    putchar(']');
}

/* Reliability: forecasts of "the outcome lies above 50" in five steps. */
static void put_reliability(const double *said, const double *happened, const double *count)
{
    fputs("\"reliability\":{", stdout);
    put_list("forecast", said, ENT_BACKTEST_STEPS), putchar(',');
    put_list("happened", happened, ENT_BACKTEST_STEPS), putchar(',');
    put_list("n", count, ENT_BACKTEST_STEPS);
    putchar('}');
}

/* The distribution learned from other proposals; null where there is none. */
static void put_calibrated(const ent_backtest_calibrated *s, const ent_calibration *c, const char *first, bool is_shipped)
{
    fputs(",\"calibrated\":", stdout);
    if (c == NULL || isnan(s->crps)) {
        fputs("null", stdout);
        return;
    }
    printf("{\"learned\":\"%s\",\"weights\":{\"held\":%d.%03d,\"error\":%d.%03d,\"past\":%d.%03d},", is_shipped ? "shipped" : "others", c->held / 1000, c->held % 1000,
           c->error / 1000, c->error % 1000, c->past / 1000, c->past % 1000);
    put_number("mae", s->mae), putchar(',');
    put_interval("mae_ci", s->mae_interval), putchar(',');
    put_number("crps", s->crps), putchar(',');
    put_interval("crps_ci", s->crps_interval), putchar(',');
    printf("\"against\":{\"model\":\"%s\",", first);
    put_number("difference", s->against), putchar(',');
    put_interval("ci90", s->against_interval), fputs("},", stdout);
    put_number("cover50", s->cover[0]), putchar(',');
    put_number("cover80", s->cover[1]), putchar(',');
    put_number("cover95", s->cover[2]), putchar(',');
    put_list("pit", s->pit, ENT_BACKTEST_BINS), putchar(',');
    put_number("brier_above_50", s->brier), putchar(',');
    put_reliability(s->said, s->happened, s->count);
    putchar('}');
}

static void put_scores(const ent_backtest_scores *s, const ent_calibration *c, const char *first, bool is_shipped)
{
    printf("\"%s\":{\"yardstick\":%s,\"n\":%zu,", s->name, s->is_yardstick ? "true" : "false", s->n);
    put_number("mae", s->mae), putchar(',');
    put_interval("mae_ci", s->mae_interval), putchar(',');
    put_number("crps", s->crps), putchar(',');
    put_interval("crps_ci", s->crps_interval), putchar(',');
    printf("\"against\":{\"model\":\"%s\",", first);
    put_number("difference", s->against), putchar(',');
    put_interval("ci90", s->against_interval), fputs("},", stdout);
    put_number("cover50", s->cover[0]), putchar(',');
    put_number("cover80", s->cover[1]), putchar(',');
    put_number("cover95", s->cover[2]), putchar(',');
    put_list("pit", s->pit, ENT_BACKTEST_BINS), putchar(',');
    put_number("brier_above_50", s->brier), putchar(',');
    double count[ENT_BACKTEST_STEPS];
    for (size_t b = 0; b < ENT_BACKTEST_STEPS; b++)
        count[b] = (double)s->count[b];
    put_reliability(s->said, s->happened, count);
    put_calibrated(&s->calibrated, c, first, is_shipped);
    putchar('}');
}

static void tell_json(const ent_backtest *b, const ent_decisions *d, ent_capability_rule rule)
{
    printf("{\"format\":1,\"version\":\"%s\",\"n\":%zu,\"proposals\":%zu,\"capability\":\"%s\",\"rows_without_"
           "position\":%zu,"
           "\"rows_without_salience\":%zu,\n\"models\":{",
           ENT_VERSION, b->issues, b->proposals, ent_capability_rule_word(rule), d->no_position, d->no_salience);
    for (size_t k = 0; k < b->forecasters; k++) {
        fputs(k > 0 ? ",\n" : "\n", stdout);
        put_scores(&b->scores[k], b->calibration[k], b->scores[0].name, b->is_shipped);
    }
    fputs("},\n\"stacking\":{", stdout);
    put_number("crps", b->stack_crps), putchar(',');
    put_interval("crps_ci", b->stack_interval);
    fputs(",\"weights\":{", stdout);
    bool any = false;
    for (size_t k = 0; k < b->forecasters; k++) {
        if (isnan(b->scores[k].weight))
            continue;
        fputs(any ? "," : "", stdout);
        put_number(b->scores[k].name, b->scores[k].weight);
        any = true;
    }
    puts("}}}");
}

static void put_thousandths(const char *key, const int16_t *x, int32_t n)
{
    printf("\"%s\":[", key);
    for (int32_t i = 0; i < n; i++)
        printf("%s%d", i > 0 ? "," : "", x[i]);
    putchar(']');
}

/* What was learned of every model, from all proposals: the file that ships is made of this. */
static void tell_calibration(const ent_backtest *b, ent_capability_rule rule)
{
    bool any = false;
    printf("{\"format\":1,\"unit\":\"thousandths of the range held\",\"issues\":%zu,\"proposals\":%zu,\"capability\":\"%s\",\n"
           "\"models\":{",
           b->issues, b->proposals, ent_capability_rule_word(rule));
    for (size_t k = 0; k < b->forecasters; k++) {
        const ent_calibration *c = b->calibration[k];
        if (c == NULL || c->n_errors == 0 || b->is_shipped)
            continue;
        printf("%s\"%s\":{\"weights\":{\"held\":%d,\"error\":%d,\"past\":%d},\"tested\":{", any ? ",\n" : "\n", c->model, c->held,
               c->error, c->past);
        put_number("mae", c->mae), putchar(',');
        put_number("crps", c->crps), putchar(',');
        put_number("cover80", c->cover80), fputs("},\n", stdout);
        put_thousandths("errors", c->errors, c->n_errors), fputs(",\n", stdout);
        put_thousandths("outcomes", c->outcomes, c->n_outcomes), putchar('}');
        any = true;
    }
    puts("}}");
}

/* A cell, quoted where it must be. */
static void put_cell(const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, stdout);
        return;
    }
    putchar('"');
    for (; *text != 0; text++)
        printf(*text == '"' ? "\"\"" : "%c", *text);
    putchar('"');
}

static void tell_csv(const ent_backtest *b, const ent_decisions *d)
{
    fputs("proposal,issue,outcome", stdout);
    for (size_t k = 0; k < b->forecasters; k++)
        printf(",%s", b->scores[k].name);
    putchar('\n');
    for (size_t i = 0; i < b->issues; i++) {
        const ent_decision_issue *issue = &d->issue[b->issue[i]];
        char number[32];
        put_cell(d->proposal[issue->proposal]);
        putchar(',');
        put_cell(issue->id);
        ent_number_text(number, issue->outcome);
        printf(",%s", number);
        for (size_t k = 0; k < b->forecasters; k++) {
            const double x = b->prediction[k * b->issues + i];
            ent_number_text(number, x);
            printf(",%s", isnan(x) ? "" : number);
        }
        putchar('\n');
    }
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static int backtest(const wanted *w, const cli_args *args)
{
    const ent_model *model[ENT_BACKTEST_MODELS];
    ent_backtest_options options = ENT_BACKTEST_OPTIONS_INIT;
    ent_decisions *decisions = NULL;
    ent_backtest *found = NULL;
    ent_error err = {0};
    const bool scenario = is_scenario(args->item[0]);
    int code = CLI_GO;
    options.capability = scenario ? ENT_CAPABILITY_GIVEN : ENT_CAPABILITY_EQUAL;
    if (w->capability != NULL)
        code = find_rule(&options.capability, w->capability, args->json);
    if (code == CLI_GO)
        code = find_models(model, &options.n_models, w->models, args->json);
    if (code == CLI_GO && w->csv && args->json)
        code = cli_fail(true, CLI_USAGE, "--json and --csv are two ways to tell: one of them");
    if (code == CLI_GO && w->calibration && w->csv)
        code = cli_fail(args->json, CLI_USAGE, "--calibration and --csv are two ways to tell: one of them");
    if (code == CLI_GO)
        code = scenario ? read_scenario(&decisions, args) : read_decisions(&decisions, args->item[0], args->json);
    options.model = w->models != NULL ? model : NULL;
    options.replicates = (int32_t)w->replicates;
    options.seed = w->seed.given ? w->seed.value : 1;
    if (code == CLI_GO && ent_backtest_run(&found, decisions, &options, &err) != ENT_OK)
        code = cli_fail_error(args->json, &err);
    if (code == CLI_GO && w->calibration)
        tell_calibration(found, options.capability);
    else if (code == CLI_GO && args->json)
        tell_json(found, decisions, options.capability);
    else if (code == CLI_GO && w->csv)
        tell_csv(found, decisions);
    else if (code == CLI_GO && !args->quiet)
        backtest_tell(found, decisions, options.capability);
    ent_backtest_free(found);
    ent_decisions_free(decisions);
    return code == CLI_GO ? cli_close_stdout() : code;
}

int cmd_backtest(int argc, char **argv)
{
    wanted w = {0};
    const cli_option options[] = {
        {"models", CLI_TEXT, &w.models, "A,B,...", "which (default: all that settle issues)", 0},
        {"capability", CLI_TEXT, &w.capability, "RULE", "equal (default), votes, population, gdp; given (of scenarios)", 0},
        {"replicates", CLI_COUNT, &w.replicates, "N", "of the bootstrap (2000)", ENT_MAX_REPLICATES},
        {"seed", CLI_SEED, &w.seed, "S", "of the bootstrap, and of models that draw (1)", 0},
        {"csv", CLI_FLAG, &w.csv, NULL, "every issue with its outcome and predictions, instead of scores", 0},
        {"calibration", CLI_FLAG, &w.calibration, NULL, "what was learned of each model, as JSON, instead of scores", 0},
    };
    const cli_syntax syntax = {
        .name = "backtest",
        .arguments = "DATA",
        .about = "Settles decisions whose outcome is known by every model, and scores them. DATA is a folder with "
                 "issues.csv and actors.csv in the layout of Decision-making in the European Union (docs/backtest.md), "
                 "or a scenario that states how its issues ended. A distribution is a prediction with its errors on other proposals; intervals are by bootstrap over "
                 "proposals.",
        .example = "entente backtest data/eu --models compromise,median,nash,challenge\n"
                   "entente backtest data/eu --capability votes --json\n"
                   "entente backtest scenarios/ec-emissions-1989",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    code = backtest(&w, &args);
    cli_args_free(&args);
    return code;
}
