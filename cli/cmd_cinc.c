/* entente cinc: shares of world capability from a table of states and years. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>

enum { YEAR = ENT_CINC_COMPONENTS, COLUMNS };

typedef struct indexed {
    ent_columns *table;
    double *component, *cinc; /* rows x components; rows */
    int32_t *year;            /* rows, or NULL */
} indexed;

static int read_table(indexed *x, const char *path, bool json)
{
    static const char *const naming[] = {"state", "stateabb", "actor", "country"};
    const char *column[COLUMNS];
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    int code = CLI_GO;
    if (list == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    for (size_t c = 0; c < ENT_CINC_COMPONENTS; c++)
        column[c] = ent_cinc_component(c);
    column[YEAR] = "year";
    const ent_columns_wanted wanted = {naming, sizeof naming / sizeof naming[0], column, COLUMNS, true};
    ent_status status = ent_columns_read(&x->table, path, &wanted, list, &err);
    ent_diagnostics_sort(list);
    if (status != ENT_OK && ent_diagnostics_errors(list) > 0)
        code = cli_findings(json, list);
    else if (status != ENT_OK)
        code = cli_fail_error(json, &err);
    ent_diagnostics_free(list);
    return code;
}

static int wrong_row(const indexed *x, const char *path, size_t row, bool json, const char *problem)
{
    ent_error err = {.status = ENT_ERR_SCENARIO, .line = x->table->line[row]};
    snprintf(err.file, sizeof err.file, "%s", path);
    snprintf(err.message, sizeof err.message, "%s", problem);
    return cli_fail_error(json, &err);
}

/* Components in rows, -9 as missing (as Correlates of War writes it); years as whole numbers. */
static int arrange(indexed *x, const char *path, bool json)
{
    const size_t n = x->table->n;
    bool any = false;
    x->component = malloc(n * ENT_CINC_COMPONENTS * sizeof *x->component);
    x->cinc = malloc(n * sizeof *x->cinc);
    x->year = malloc(n * sizeof *x->year);
    if (x->component == NULL || x->cinc == NULL || x->year == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    for (size_t c = 0; c < ENT_CINC_COMPONENTS; c++) {
        const double *from = x->table->column[c];
        any = any || from != NULL;
        for (size_t i = 0; i < n; i++)
            x->component[i * ENT_CINC_COMPONENTS + c] = from == NULL || from[i] == -9 ? NAN : from[i];
    }
    if (!any)
        return wrong_row(x, path, 0, json, "none of the columns milex, milper, irst, pec, tpop, upop is there");
    for (size_t i = 0; i < n; i++) {
        const double year = x->table->column[YEAR] != NULL ? x->table->column[YEAR][i] : 0;
        if (!(fabs(year) <= 1e6) || year != floor(year))
            return wrong_row(x, path, i, json, "the year is a whole number");
        x->year[i] = (int32_t)year;
        for (size_t c = 0; c < ENT_CINC_COMPONENTS; c++)
            if (x->component[i * ENT_CINC_COMPONENTS + c] < 0)
                return wrong_row(x, path, i, json, "an amount is 0 or more; empty or -9 where it is missing");
    }
    return CLI_GO;
}

static int tell(const indexed *x, bool json, bool quiet)
{
    const bool years = x->table->column[YEAR] != NULL;
    const cli_style style = cli_style_of(stdout);
    if (json)
        fputs("[", stdout);
    else if (!quiet)
        printf("%-28s %6s  %s\n", "state", years ? "year" : "", "cinc");
    for (size_t i = 0; i < x->table->n; i++) {
        char number[32];
        if (json) {
            char *state = cli_json(x->table->name[i]);
            if (state == NULL)
                return cli_fail(false, CLI_IO, "not enough memory");
            ent_number_text(number, x->cinc[i]);
            printf("%s{\"state\":%s,", i > 0 ? ",\n " : "", state);
            if (years)
                printf("\"year\":%d,", (int)x->year[i]);
            printf("\"cinc\":%s}", number);
            ent_bytes_free(state);
            continue;
        }
        cli_put(stdout, &style, x->table->name[i], 28, 28);
        if (years)
            printf(" %6d", (int)x->year[i]);
        else
            printf(" %6s", "");
        ent_number_people(number, x->cinc[i], 6);
        printf("  %s\n", number);
    }
    if (json)
        puts("]");
    return CLI_GO;
}

int cmd_cinc(int argc, char **argv)
{
    const cli_syntax syntax = {
        .name = "cinc",
        .arguments = "TABLE.csv",
        .about =
            "The composite index of national capability: each state's mean share of the year's total, over military "
            "spending (milex), personnel (milper), iron and steel (irst), energy (pec), people (tpop) and urban people "
            "(upop). A row a state and year; a component that is missing (empty, or -9) is left out of the mean. A "
            "year must hold all states that count.",
        .example = "entente cinc nmc.csv\nentente cinc nmc.csv --json",
        .least = 1,
        .most = 1,
    };
    cli_args args;
    ent_error err = {0};
    indexed x = {0};
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    code = read_table(&x, args.item[0], args.json);
    if (code == CLI_GO)
        code = arrange(&x, args.item[0], args.json);
    if (code == CLI_GO && ent_cinc(x.cinc, x.component, x.year, x.table->n, &err) != ENT_OK)
        code = cli_fail_error(args.json, &err);
    if (code == CLI_GO)
        code = tell(&x, args.json, args.quiet);
    ent_columns_free(x.table);
    free(x.component);
    free(x.cinc);
    free(x.year);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
