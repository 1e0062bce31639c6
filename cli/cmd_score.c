/* entente score: grades a forecast record against what happened.
 *
 * A quantity by the continuous ranked probability score of its twenty quantiles, and by its distance from the mean; a
 * claim by Brier's and the logarithmic score. A share of 0 or 1 among N draws says no more than "less than one in N":
 * it is taken as half a draw from the end, so that one surprise does not cost infinitely much. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct grade {
    const char *name;
    bool is_claim;
    double said, outcome; /* mean or share */
    double first, second; /* CRPS and |mean - outcome|; Brier and log */
    double cover;         /* of the central 90 % interval, of a quantity */
} grade;

typedef struct grades {
    const ent_seal *seal;
    grade *item;
    size_t n, unscored; /* unscored: of the record, without an outcome */
} grades;

static int wrong_row(const char *path, const ent_columns *table, size_t row, bool json, const char *problem)
{
    ent_error err = {.status = ENT_ERR_SCENARIO, .line = table->line[row]};
    snprintf(err.file, sizeof err.file, "%s", path);
    snprintf(err.message, sizeof err.message, "%s", problem);
    return cli_fail_error(json, &err);
}

static int read_outcomes(ent_columns **table, const char *path, bool json)
{
    static const char *const naming[] = {"name"}, *const column[] = {"outcome"};
    const ent_columns_wanted wanted = {naming, 1, column, 1, false};
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    int code = CLI_GO;
    if (list == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    const ent_status status = ent_columns_read(table, path, &wanted, list, &err);
    ent_diagnostics_sort(list);
    if (status != ENT_OK)
        code = cli_compile_failed(json, status, list, &err);
    else if ((*table)->column[0] == NULL)
        code = wrong_row(path, *table, 0, json,
                         "there is no column 'outcome'; the table has the columns name and outcome");
    ent_diagnostics_free(list);
    return code;
}

static void grade_quantity(grade *g, const ent_sealed_quantity *q)
{
    g->said = q->mean;
    g->first = ent_score_crps(q->dot, ENT_SEAL_DOTS, g->outcome);
    g->second = fabs(q->mean - g->outcome);
    g->cover = ent_score_coverage(ent_score_pit(q->dot, ENT_SEAL_DOTS, g->outcome), 0.9);
}

static void grade_claim(grade *g, const ent_sealed_claim *c, int64_t draws)
{
    const double least = 0.5 / (double)draws, p = c->share < least       ? least
                                                  : c->share > 1 - least ? 1 - least
                                                                         : c->share;
    g->said = c->share;
    g->first = ent_score_brier(p, g->outcome != 0);
    g->second = ent_score_log(p, g->outcome != 0);
}

static int unknown_name(const char *path, const ent_columns *table, size_t row, const ent_seal *seal, bool json)
{
    char problem[400];
    const size_t n = seal->quantities + seal->claims;
    const char **known = calloc(n + 1, sizeof *known);
    if (known == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    for (size_t i = 0; i < n; i++)
        known[i] = i < seal->quantities ? seal->quantity[i].name : seal->claim[i - seal->quantities].id;
    const char *near = ent_text_nearest(table->name[row], known, n);
    snprintf(problem, sizeof problem, "the record holds no quantity and no claim '%.80s'%s%.80s%s", table->name[row],
             near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
    free(known);
    return wrong_row(path, table, row, json, problem);
}

/* One row of outcomes; empty cells are outcomes that are not known yet. */
static int grade_row(grades *all, const char *path, const ent_columns *table, size_t row, bool json)
{
    const ent_seal *seal = all->seal;
    grade g = {.name = table->name[row], .outcome = table->column[0][row], .cover = NAN};
    bool found = false;
    for (size_t i = 0; i < seal->claims && !found; i++) {
        if (strcmp(seal->claim[i].id, g.name) != 0)
            continue;
        found = g.is_claim = true;
        if (!isnan(g.outcome) && g.outcome != 0 && g.outcome != 1)
            return wrong_row(path, table, row, json, "the outcome of a claim is 1 (it held) or 0 (it did not)");
        grade_claim(&g, &seal->claim[i], seal->draws);
    }
    for (size_t i = 0; i < seal->quantities && !found; i++)
        if (strcmp(seal->quantity[i].name, g.name) == 0) {
            found = true;
            grade_quantity(&g, &seal->quantity[i]);
        }
    if (!found)
        return unknown_name(path, table, row, seal, json);
    if (!isnan(g.outcome) && !isnan(g.first)) {
        all->item[all->n++] = g;
        all->unscored--;
    }
    return CLI_GO;
}

static double mean(const grades *all, bool claims, bool second, size_t *n)
{
    double sum = 0;
    *n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->item[i].is_claim == claims) {
            sum += second ? all->item[i].second : all->item[i].first;
            ++*n;
        }
    return *n > 0 ? sum / (double)*n : NAN;
}

static void put_number(const char *key, double x)
{
    char number[32];
    ent_number_text(number, x);
    printf("\"%s\":%s", key, number);
}

static void tell_json_kind(const grades *all, bool claims)
{
    size_t n;
    bool any = false;
    const double first = mean(all, claims, false, &n), second = mean(all, claims, true, &n);
    printf(",\n\"%s\":{\"n\":%zu,", claims ? "claims" : "quantities", n);
    if (claims) {
        put_number("brier", first), putchar(','), put_number("log", second);
    }
    fputs(claims ? ",\"scores\":{" : "\"scores\":{", stdout);
    for (size_t i = 0; i < all->n; i++) {
        const grade *g = &all->item[i];
        if (g->is_claim != claims)
            continue;
        char *name = cli_json(g->name);
        printf("%s%s:{", any ? "," : "", name != NULL ? name : "\"\"");
        ent_bytes_free(name);
        any = true;
        put_number(claims ? "share" : "mean", g->said), putchar(',');
        put_number("outcome", g->outcome), putchar(',');
        put_number(claims ? "brier" : "crps", g->first), putchar(',');
        put_number(claims ? "log" : "error", g->second);
        if (!claims) {
            putchar(',');
            put_number("in90", g->cover);
        }
        putchar('}');
    }
    fputs("}}", stdout);
}

static void tell_json(const grades *all)
{
    char *scenario = cli_json(all->seal->scenario);
    printf("{\"format\":1,\"scenario\":%s,\"date\":\"%s\",\"sha256\":\"%s\",\"unscored\":%zu",
           scenario != NULL ? scenario : "null", all->seal->date, all->seal->sha256, all->unscored);
    ent_bytes_free(scenario);
    tell_json_kind(all, false);
    tell_json_kind(all, true);
    puts("}");
}

static void tell_kind(const grades *all, bool claims, const cli_style *style)
{
    size_t n;
    const double first = mean(all, claims, false, &n), second = mean(all, claims, true, &n);
    char a[32], b[32], c[32], d[32];
    if (n == 0)
        return;
    printf("\n%-38s %9s %9s %9s %9s\n", claims ? "claim" : "quantity", claims ? "share" : "mean", "outcome",
           claims ? "Brier" : "CRPS", claims ? "log" : "error");
    for (size_t i = 0; i < all->n; i++) {
        const grade *g = &all->item[i];
        if (g->is_claim != claims)
            continue;
        ent_number_people(a, g->said, 4), ent_number_people(b, g->outcome, 4);
        ent_number_people(c, g->first, 3), ent_number_people(d, g->second, 3);
        cli_put(stdout, style, g->name, 38, 38);
        printf(" %9s %9s %9s %9s\n", a, b, c, d);
    }
    if (claims) {
        ent_number_people(c, first, 3), ent_number_people(d, second, 3);
        printf("%-38s %9s %9s %9s %9s\n", "mean", "", "", c, d);
    }
}

static int tell(const grades *all, const cli_args *args)
{
    const cli_style style = cli_style_of(stdout);
    if (args->json) {
        tell_json(all);
    } else if (!args->quiet) {
        printf("sealed on %s; %zu outcome%s; %zu of the record without one\n", all->seal->date, all->n,
               all->n == 1 ? "" : "s", all->unscored);
        tell_kind(all, false, &style);
        tell_kind(all, true, &style);
        puts("\nLower is better. Saying 1/2 gives 0.25 by Brier and 0.693 by log.");
    }
    return cli_close_stdout();
}

static int score(const cli_args *args, const char *outcomes)
{
    ent_error err = {0};
    ent_seal *seal = NULL;
    ent_columns *table = NULL;
    grades all = {0};
    int code = CLI_GO;
    if (outcomes == NULL)
        return cli_fail(args->json, CLI_USAGE,
                        "--outcomes says what happened: a table with the columns name and outcome");
    if (ent_seal_read(&seal, args->item[0], &err) != ENT_OK)
        return cli_fail_error(args->json, &err);
    code = read_outcomes(&table, outcomes, args->json);
    all.seal = seal;
    all.unscored = seal->quantities + seal->claims;
    if (code == CLI_GO && (all.item = calloc(table->n, sizeof *all.item)) == NULL)
        code = cli_fail(args->json, CLI_IO, "not enough memory");
    for (size_t row = 0; code == CLI_GO && row < table->n; row++)
        code = grade_row(&all, outcomes, table, row, args->json);
    if (code == CLI_GO && all.n == 0)
        code = cli_fail(args->json, CLI_WRONG, "nothing can be graded: %s holds no outcome of what the record says",
                        outcomes);
    if (code == CLI_GO)
        code = tell(&all, args);
    free(all.item);
    ent_columns_free(table);
    ent_seal_free(seal);
    return code;
}

int cmd_score(int argc, char **argv)
{
    const char *outcomes = NULL;
    const cli_option options[] = {
        {"outcomes", CLI_TEXT, &outcomes, "TABLE.csv", "what happened: columns name and outcome (required)", 0},
    };
    const cli_syntax syntax = {
        .name = "score",
        .arguments = "RECORD",
        .about =
            "Grades a forecast record: quantities by the continuous ranked probability score, claims (1 held, 0 did "
            "not) "
            "by Brier's and the logarithmic score. Rows without an outcome are left out. A record that was altered is "
            "refused.",
        .example = "entente score emissions.seal.json --outcomes outcomes.csv",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    code = score(&args, outcomes);
    cli_args_free(&args);
    return code;
}
