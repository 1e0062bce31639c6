/* entente war: the model of war alone, from options and a table of months. */
#include "cli.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, TOLD = 11, BAR = 5, MONTHS = 60 };
enum { FIGHTING, SETTLED, FROZEN, COLLAPSE_A, COLLAPSE_B, LINE, CONCESSION, VALUE_A, VALUE_B, LEVERAGE, NO_AID };
static const char *const NAME[TOLD] = {"fighting",   "settled", "frozen",  "collapse_a", "collapse_b",       "line",
                                       "concession", "value_a", "value_b", "leverage_a", "leverage_a_no_aid"};

typedef struct wanted {
    cli_list option;
    int64_t months;
    const char *start;
} wanted;

typedef struct played {
    ent_war_input in;
    ent_war_table *table;
    double *block;                    /* of constants as series, then of outputs */
    double *constant[ENT_WAR_SERIES]; /* [months] */
    double *told[TOLD];               /* [months] */
    int32_t start;                    /* year * 12 + month - 1; -1: months are numbered */
    bool has_line, has_discount;
} played;

/* --- what the command line says ----------------------------------------------------------------------- */

static double *scalar_place(ent_war_input *in, const char *name)
{
    static const struct {
        const char *name;
        size_t at;
    } field[] = {{"move", offsetof(ent_war_input, move)},
                 {"m", offsetof(ent_war_input, m)},
                 {"discount", offsetof(ent_war_input, discount)},
                 {"optimism_a", offsetof(ent_war_input, optimism_a)},
                 {"optimism_b", offsetof(ent_war_input, optimism_b)},
                 {"learning", offsetof(ent_war_input, learning)},
                 {"alpha_a", offsetof(ent_war_input, alpha_a)},
                 {"alpha_b", offsetof(ent_war_input, alpha_b)},
                 {"y0", offsetof(ent_war_input, y0)},
                 {"freeze_cost", offsetof(ent_war_input, freeze_cost)},
                 {"resume", offsetof(ent_war_input, resume)},
                 {"beta", offsetof(ent_war_input, beta)}};
    for (size_t i = 0; i < sizeof field / sizeof field[0]; i++)
        if (strcmp(field[i].name, name) == 0)
            return (double *)((char *)in + field[i].at);
    return NULL;
}

static int unknown_option(const char *name, bool json)
{
    const ent_model *model = ent_model_find("war");
    const char *names[64];
    size_t n = 0;
    for (size_t i = 0; i < model->n_inputs; i++)
        names[n++] = model->inputs[i].name;
    for (size_t i = 0; i < model->n_options; i++)
        names[n++] = model->options[i].name;
    const char *near = ent_text_nearest(name, names, n);
    return cli_fail(json, CLI_USAGE, "war has no option '%s'%s%s%s; `entente models war` lists them", name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

/* line and states: whole numbers; ent_war() says whether they are in range. */
static int take_whole(int32_t *out, const char *name, double x, bool json)
{
    if (!(x >= -1e6 && x <= 1e6) || x != floor(x))
        return cli_fail(json, CLI_USAGE, "the option %s of war is a whole number", name);
    *out = (int32_t)x;
    return CLI_GO;
}

static int take_series(played *p, size_t s, double x, bool json)
{
    const double **place;
    const char *name = ent_war_series(&place, &p->in, s);
    if (p->table != NULL && p->table->series[s] != NULL)
        return cli_fail(json, CLI_USAGE, "%s is a column of the table and an option: which one?", name);
    for (int32_t t = 0; t < p->in.months; t++)
        p->constant[s][t] = x;
    *place = p->constant[s];
    return CLI_GO;
}

static int take_option(played *p, const char *given, bool json)
{
    char name[64];
    const char *equals = strchr(given, '=');
    double x = 0;
    if (equals == NULL || equals == given || (size_t)(equals - given) >= sizeof name)
        return cli_fail(json, CLI_USAGE, "--option takes NAME=VALUE, such as --option discount=0.99, not '%s'", given);
    snprintf(name, sizeof name, "%.*s", (int)(equals - given), given);
    if (strcmp(name, "freezing") == 0) {
        ent_error err = {0};
        size_t index = 0;
        if (ent_model_option(&x, &index, ent_model_find("war"), name, equals + 1, &err) != ENT_OK)
            return cli_fail(json, CLI_USAGE, "%s", err.message);
        p->in.freezing = x < 0.5;
        return CLI_GO;
    }
    const double **place;
    size_t series = 0;
    while (series < ENT_WAR_SERIES && strcmp(ent_war_series(&place, &p->in, series), name) != 0)
        series++;
    double *scalar = scalar_place(&p->in, name);
    bool is_line = strcmp(name, "line") == 0, is_states = strcmp(name, "states") == 0;
    if (scalar == NULL && series == ENT_WAR_SERIES && !is_line && !is_states)
        return unknown_option(name, json);
    if (!ent_number_read(&x, equals + 1, strlen(equals + 1)))
        return cli_fail(json, CLI_USAGE, "the option %s of war is a number, not '%s'", name, equals + 1);
    p->has_line = p->has_line || is_line;
    p->has_discount = p->has_discount || strcmp(name, "discount") == 0;
    if (is_line || is_states)
        return take_whole(is_line ? &p->in.line : &p->in.states, name, x, json);
    if (series < ENT_WAR_SERIES)
        return take_series(p, series, x, json);
    *scalar = x;
    return CLI_GO;
}

/* 2022-04 */
static int read_start(int32_t *start, const char *text, bool json)
{
    double year, month;
    const char *dash = strchr(text, '-');
    if (dash == NULL || dash - text != 4 || strlen(dash) != 3 || !ent_number_read(&year, text, 4) ||
        !ent_number_read(&month, dash + 1, 2) || !(month >= 1 && month <= 12) || year != floor(year) ||
        month != floor(month) || year < 0)
        return cli_fail(json, CLI_USAGE, "--start takes a month such as 2022-04, not '%s'", text);
    *start = (int32_t)year * 12 + (int32_t)month - 1;
    return CLI_GO;
}

static int read_table(ent_war_table **table, const char *path, bool json)
{
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    int code = CLI_GO;
    if (list == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    ent_status status = ent_war_table_read(table, path, list, &err);
    ent_diagnostics_sort(list);
    if (status != ENT_OK && ent_diagnostics_errors(list) > 0)
        code = cli_findings(json, list);
    else if (status != ENT_OK)
        code = cli_fail_error(json, &err);
    ent_diagnostics_free(list);
    return code;
}

/* Months and when they begin, from the table or the options. */
static int find_months(played *p, const wanted *w, bool json)
{
    p->start = -1;
    p->in.months = w->months > 0 ? (int32_t)w->months : MONTHS;
    if (p->table != NULL && w->months > 0 && w->months != p->table->months)
        return cli_fail(json, CLI_USAGE, "--months %d, but the table has %d", (int)w->months, (int)p->table->months);
    if (p->table != NULL) {
        p->in.months = p->table->months;
        p->start = p->table->start_month;
    }
    if (w->start != NULL && p->start >= 0)
        return cli_fail(json, CLI_USAGE, "the table says when it starts; leave --start out");
    return w->start != NULL ? read_start(&p->start, w->start, json) : CLI_GO;
}

static int take_memory(played *p, bool json)
{
    const size_t months = (size_t)p->in.months;
    p->block = calloc((ENT_WAR_SERIES + TOLD) * months, sizeof *p->block);
    if (p->block == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    for (size_t s = 0; s < ENT_WAR_SERIES; s++) {
        const double **place;
        (void)ent_war_series(&place, &p->in, s);
        p->constant[s] = p->block + s * months;
        if (p->table != NULL && p->table->series[s] != NULL)
            *place = p->table->series[s];
    }
    for (size_t i = 0; i < TOLD; i++)
        p->told[i] = p->block + (ENT_WAR_SERIES + i) * months;
    return CLI_GO;
}

static int check_needed(const played *p, bool json)
{
    const struct {
        const char *name;
        bool there;
    } needed[] = {{"line", p->has_line},
                  {"discount", p->has_discount},
                  {"cost_a", p->in.cost_a != NULL},
                  {"cost_b", p->in.cost_b != NULL}};
    char missing[64] = "";
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!needed[i].there)
            strcat(strcat(missing, missing[0] != 0 ? ", " : ""), needed[i].name);
    if (missing[0] == 0)
        return CLI_GO;
    return cli_fail(json, CLI_USAGE,
                    "a war also needs %s: each as --option NAME=VALUE, a cost as a column too; "
                    "`entente models war` tells what they mean",
                    missing);
}

static int play(played *p, const wanted *w, const cli_args *args)
{
    ent_error err = {0};
    int code = args->count > 0 ? read_table(&p->table, args->item[0], args->json) : CLI_GO;
    if (code == CLI_GO)
        code = find_months(p, w, args->json);
    if (code == CLI_GO)
        code = take_memory(p, args->json);
    for (size_t i = 0; i < w->option.count && code == CLI_GO; i++)
        code = take_option(p, w->option.item[i], args->json);
    if (code == CLI_GO)
        code = check_needed(p, args->json);
    if (code != CLI_GO)
        return code;
    double *const *told = p->told;
    ent_war_output out = {.fighting = told[FIGHTING],
                          .settled = told[SETTLED],
                          .frozen = told[FROZEN],
                          .collapse_a = told[COLLAPSE_A],
                          .collapse_b = told[COLLAPSE_B],
                          .line = told[LINE],
                          .concession = told[CONCESSION],
                          .value_a = told[VALUE_A],
                          .value_b = told[VALUE_B],
                          .leverage_a = told[LEVERAGE],
                          .leverage_a_no_aid = told[NO_AID]};
    return ent_war(&out, &p->in, &err) == ENT_OK ? CLI_GO : cli_fail_error(args->json, &err);
}

/* --- in words ----------------------------------------------------------------------------------------- */

static void month_name(char out[24], const played *p, int32_t t)
{
    if (p->start >= 0)
        snprintf(out, 24, "%04d-%02d", (int)((p->start + t) / 12), (int)((p->start + t) % 12 + 1));
    else
        snprintf(out, 24, "%d", (int)t);
}

/* " 62.1 ###  ": a probability in per cent and its bar, in eighths of a cell where the terminal can show them. */
static void bar(const cli_style *style, double share)
{
    static const char *const part[] = {"",
                                       "\xe2\x96\x8f",
                                       "\xe2\x96\x8e",
                                       "\xe2\x96\x8d",
                                       "\xe2\x96\x8c",
                                       "\xe2\x96\x8b",
                                       "\xe2\x96\x8a",
                                       "\xe2\x96\x89"};
    int eighths = (int)(8 * BAR * share + 0.5), full = eighths / 8, cells = full;
    printf(" %5.1f ", 100 * share);
    if (!style->utf8)
        cells = full = (int)(BAR * share + 0.5);
    for (int i = 0; i < full; i++)
        fputs(style->utf8 ? "\xe2\x96\x88" : "#", stdout);
    if (style->utf8 && eighths % 8 > 0) {
        fputs(part[eighths % 8], stdout);
        cells++;
    }
    printf("%*s", BAR - cells + 1, "");
}

static void row(const played *p, const cli_style *style, int32_t t)
{
    char month[24];
    month_name(month, p, t);
    printf("%-8s", month);
    for (int s = FIGHTING; s <= COLLAPSE_B; s++)
        bar(style, p->told[s][t]);
    printf("%6.2f\n", p->told[LINE][t]);
}

/* The last month of each year and of all: of calendar years where the months have dates. */
static bool is_told(const played *p, int32_t t)
{
    int32_t month = p->start >= 0 ? p->start + t : t;
    return t == p->in.months - 1 || month % 12 == 11;
}

static const char *percent(char out[32], double share)
{
    cli_percent(out, share, 0);
    return out;
}

static void words(const played *p, const cli_style *style)
{
    static const char *const state[] = {"it is still being fought", "it has been settled", "the line has frozen",
                                        "A has lost all", "B has lost all"};
    const int32_t last = p->in.months - 1;
    char line[512], x[32], y[32], month[24];
    int likeliest = FIGHTING;
    for (int s = FIGHTING; s <= COLLAPSE_B; s++)
        if (p->told[s][last] > p->told[likeliest][last])
            likeliest = s;
    month_name(month, p, last);
    char concession[32];
    percent(concession, p->told[CONCESSION][last]);
    snprintf(line, sizeof line,
             "%s %s most likely %s (%s %%). On average A then has %s %% of the territory and %s %% of "
             "the political stake.",
             p->start >= 0 ? "In" : "In month", month, state[likeliest], percent(x, p->told[likeliest][last]),
             percent(y, p->told[LINE][last]), concession);
    cli_wrap(stdout, style, line, 0, WIDTH);
    if (p->told[FIGHTING][0] > 0) {
        month_name(month, p, 0);
        size_t used = (size_t)snprintf(line, sizeof line,
                                       "Where it was still fought in the first month, A could hold "
                                       "out for %s %% of the whole stake",
                                       percent(x, p->told[LEVERAGE][0]));
        if (p->in.aid_b != NULL)
            used += (size_t)snprintf(line + used, sizeof line - used, ", and for %s %% had B had no aid",
                                     percent(y, p->told[NO_AID][0]));
        snprintf(line + used, sizeof line - used, ".");
        cli_wrap(stdout, style, line, 0, WIDTH);
    }
}

static void tell(const played *p)
{
    const cli_style style = cli_style_of(stdout);
    char first[24], title[160];
    month_name(first, p, 0);
    snprintf(title, sizeof title, "A war of %d month%s from %s%s, its line at %d of %d", (int)p->in.months,
             p->in.months == 1 ? "" : "s", p->start >= 0 ? "" : "month ", first, (int)p->in.line, (int)p->in.states);
    cli_wrap(stdout, &style, title, 0, WIDTH);
    printf("\n%-8s %-11s  %-11s  %-11s  %-11s  %-11s  %s\n", "by", "fighting %", "settled %", "frozen %", "A lost %",
           "B lost %", "line");
    for (int32_t t = 0; t < p->in.months; t++)
        if (is_told(p, t))
            row(p, &style, t);
    putchar('\n');
    words(p, &style);
}

/* --- as JSON ------------------------------------------------------------------------------------------ */

static void json_numbers(const char *before, const char *name, const double *x, int32_t n)
{
    char text[32];
    printf("%s\"%s\":[", before, name);
    for (int32_t t = 0; t < n; t++) {
        ent_number_text(text, x[t]);
        printf("%s%s", t > 0 ? "," : "", text);
    }
    putchar(']');
}

/* What it was played with: the numbers, and the series that were given. */
static void json_inputs(played *p)
{
    const ent_model *model = ent_model_find("war");
    char text[32];
    printf(",\n \"options\":{\"states\":%d,\"line\":%d,\"freezing\":\"%s\"", (int)p->in.states, (int)p->in.line,
           p->in.freezing ? "yes" : "no");
    for (size_t i = 0; i < model->n_inputs; i++) {
        const double *x = scalar_place(&p->in, model->inputs[i].name);
        if (x != NULL) {
            ent_number_text(text, *x);
            printf(",\"%s\":%s", model->inputs[i].name, text);
        }
    }
    printf("},\n \"series\":{");
    bool first = true;
    for (size_t s = 0; s < ENT_WAR_SERIES; s++) {
        const double **place;
        const char *name = ent_war_series(&place, &p->in, s);
        if (*place == NULL)
            continue;
        json_numbers(first ? "\n  " : ",\n  ", name, *place, p->in.months);
        first = false;
    }
    putchar('}');
}

static void tell_json(played *p)
{
    char first[24];
    month_name(first, p, 0);
    printf("{\"format\":1,\"model\":\"war\",\"months\":%d,\"start\":", (int)p->in.months);
    printf(p->start >= 0 ? "\"%s\"" : "null", first);
    json_inputs(p);
    for (int i = 0; i < TOLD; i++)
        json_numbers(",\n ", NAME[i], p->told[i], p->in.months);
    printf("}\n");
}

int cmd_war(int argc, char **argv)
{
    wanted w = {0};
    const cli_option options[] = {
        {"option", CLI_LIST, &w.option, "K=V", "an input or option of the model, such as line=6; may be repeated", 0},
        {"months", CLI_COUNT, &w.months, "N", "how long it is followed (60, or the table's rows)", ENT_WAR_MAX_MONTHS},
        {"start", CLI_TEXT, &w.start, "MONTH", "of the first month, such as 2022-04 (months are numbered)", 0},
    };
    const cli_syntax syntax = {
        .name = "war",
        .arguments = "[TABLE.csv]",
        .about =
            "A war and its end, month by month: who gives up, settles, freezes or fights on, as exact probabilities. "
            "The table has the column month (2022-04, ... or numbers) and those inputs that change: effort_a, "
            "effort_b, aid_b, cost_a, cost_b, guarantee_a, guarantee_b, talk. `entente models war` tells of all "
            "inputs. With --quiet the last month's five probabilities alone.",
        .example = "entente war --option line=6 --option discount=0.99 --option cost_a=0.002 \\\n"
                   "    --option cost_b=0.002 --option optimism_a=0.2 --option talk=0.1\n"
                   "entente war aid.csv --option line=6 --option discount=0.99 --json",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    played p = {.in = ENT_WAR_INPUT_INIT};
    code = play(&p, &w, &args);
    if (code == CLI_GO && args.json)
        tell_json(&p);
    else if (code == CLI_GO && args.quiet)
        for (int s = FIGHTING; s <= COLLAPSE_B; s++) {
            char x[32];
            ent_number_text(x, p.told[s][p.in.months - 1]);
            printf("%s%s", x, s < COLLAPSE_B ? " " : "\n");
        }
    else if (code == CLI_GO)
        tell(&p);
    ent_war_table_free(p.table);
    free(p.block);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
