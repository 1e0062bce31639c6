/* The tables that `entente settle` reads: plain numbers, one issue or several. A scenario's tables of stances, whose
 * cells may be uncertain, are issues.c's. Here: what all formats share, and our own format.
 *
 *     one issue            actor, position, salience, capability
 *     several, in rows     actor, issue, position, salience, capability
 *     several, in columns  actor, position.NAME, salience.NAME, capability.NAME, position.OTHER, ...
 *                          salience and capability may also be one column for all issues */
#include "entente/ktab.h"
#include "entente/scenario.h"
#include "scenario/file.h"
#include "scenario/ktab.h"
#include "scenario/table.h"

#include <stdio.h>
#include <string.h>

typedef struct owned {
    ent_table table; /* first: the caller's pointer is this one's */
    ent__arena *arena;
} owned;

const char *ent_table_format_text(ent_table_format format)
{
    static const char *const text[ENT_TABLE_FORMAT_COUNT] = {"a table of actors", "a KTAB scenario (CSV)",
                                                             "a KTAB scenario (XML)", "a data file of Decide"};
    return (unsigned)format < ENT_TABLE_FORMAT_COUNT ? text[format] : "unknown";
}

/* --- what all formats share ------------------------------------------------------------------------------- */

static const char **no_texts(ent__parse *to, size_t n)
{
    const char **text = ent__take(to, n, sizeof *text);
    for (size_t i = 0; i < n && text != NULL; i++)
        text[i] = "";
    return text;
}

bool ent__table_start(ent__parse *to, ent__table_draft *draft, const char *file, size_t n, size_t issues)
{
    const ent__place all = {file, 0, 0};
    *draft = (ent__table_draft){.n = n, .issues = issues};
    if (n > ENT_MAX_ACTORS)
        ent__complain(to, all, "%zu actors; at most %d are read", n, ENT_MAX_ACTORS);
    else if (issues > ENT_MAX_ISSUES)
        ent__complain(to, all, "%zu issues; at most %d are read", issues, ENT_MAX_ISSUES);
    else if (n * issues > ENT_MAX_POSITIONS)
        ent__complain(to, all, "%zu actors on %zu issues: more than %d positions", n, issues, ENT_MAX_POSITIONS);
    if (to->errors > 0)
        return false;
    double **number[] = {&draft->position, &draft->salience, &draft->capability};
    for (size_t a = 0; a < ENT_COUNT(number); a++)
        *number[a] = ent__take(to, n * issues, sizeof **number[a]);
    draft->low = ent__take(to, issues, sizeof *draft->low);
    draft->high = ent__take(to, issues, sizeof *draft->high);
    draft->line = ent__take(to, n * issues, sizeof *draft->line);
    draft->column = ent__take(to, n * issues, sizeof *draft->column);
    draft->actor = no_texts(to, n);
    draft->actor_about = no_texts(to, n);
    draft->issue = no_texts(to, issues);
    draft->issue_about = no_texts(to, issues);
    for (size_t k = 0; k < n * issues && !to->no_memory; k++)
        draft->position[k] = ENT_UNDEFINED;
    for (size_t d = 0; d < issues && !to->no_memory; d++)
        draft->low[d] = draft->high[d] = ENT_UNDEFINED;
    return !to->no_memory;
}

void ent__table_fill(ent_table *table, const ent__table_draft *draft)
{
    table->n = draft->n;
    table->issues = draft->issues;
    table->actor = draft->actor;
    table->actor_about = draft->actor_about;
    table->issue = draft->issue;
    table->issue_about = draft->issue_about;
    table->position = draft->position;
    table->salience = draft->salience;
    table->capability = draft->capability;
    table->low = draft->low;
    table->high = draft->high;
    table->line = draft->line;
    table->column = draft->column;
}

static const char *const number_name[ENT__TABLE_COLUMNS] = {"position", "salience", "capability"};

/* What is wrong with a number, or NULL. */
static const char *out_of_range(ent__table_number which, double x)
{
    if (which == ENT__SALIENCE && !(x >= 0 && x <= 1))
        return x > 1 && x <= 100 ? "a salience is from 0 to 1 (percentages are divided by 100)"
                                 : "a salience is from 0 to 1";
    if (which == ENT__POSITION)
        return x >= -ENT_MAX_NUMBER && x <= ENT_MAX_NUMBER ? NULL : "a position is from -1e100 to 1e100";
    if (which == ENT__CAPABILITY && !(x >= 0 && x <= ENT_MAX_NUMBER))
        return x > 0 ? "a capability is at most 1e100" : "a capability is 0 or more";
    return NULL;
}

bool ent__table_number_read(ent__parse *to, double *out, const ent__cell *cell, ent__table_number which,
                            const char *file, bool comma, const char *actor, const char *issue)
{
    const ent__place place = {file, cell->line, cell->column};
    const char *what = number_name[which], *on = issue[0] != 0 ? " on '" : "", *end = issue[0] != 0 ? "'" : "";
    double x = 0;
    if (cell->text[0] == 0)
        ent__complain(to, place, "the %s of '%.60s'%s%.60s%s is missing", what, actor, on, issue, end);
    else if (!ent__number_read(&x, cell->text, strlen(cell->text), comma))
        ent__complain(to, place, "the %s of '%.60s'%s%.60s%s is '%.60s', which is no number%s", what, actor, on, issue,
                      end, cell->text,
                      strstr(cell->text, " to ") != NULL ? "; an uncertain one belongs in a scenario" : "");
    else if (out_of_range(which, x) != NULL)
        ent__complain(to, place, "the %s of '%.60s'%s%.60s%s is %.60s; %s", what, actor, on, issue, end, cell->text,
                      out_of_range(which, x));
    else {
        *out = x;
        return true;
    }
    return false;
}

/* --- the columns of our own format ---------------------------------------------------------------------------- */

typedef struct layout {
    int32_t actor, issue;               /* columns, -1 where there is none */
    int32_t common[ENT__TABLE_COLUMNS]; /* position, salience, capability for all issues, -1 where there is none */
    ent__names names;                   /* of the issues that have columns of their own */
    int32_t (*own)[ENT__TABLE_COLUMNS]; /* an issue's own columns, by its number, or -1 */
} layout;

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* What follows `word` in `text`, letter case aside; NULL where it does not begin so. */
static const char *after(const char *text, const char *word)
{
    for (; *word != 0; text++, word++)
        if (lower(*text) != *word)
            return NULL;
    return text;
}

static ent__place header_place(const ent__csv *csv, int32_t column)
{
    return (ent__place){csv->file, csv->header[column].line, csv->header[column].column};
}

static void note_column(ent__parse *to, const ent__csv *csv, int32_t *place, int32_t column, const char *name)
{
    if (*place >= 0)
        ent__complain(to, header_place(csv, column), "column '%s' again, as '%.60s'", name, csv->header[column].text);
    *place = column;
}

/* Which of the three numbers a header is for: with the issue it names, or NULL for all; else ENT__TABLE_COLUMNS. */
static ent__table_number number_of(const char *header, const char **issue)
{
    for (int c = 0; c < ENT__TABLE_COLUMNS; c++) {
        const char *rest = after(header, number_name[c]);
        rest = rest == NULL && c == ENT__CAPABILITY ? after(header, "power") : rest; /* as papers on exchange call it */
        *issue = rest != NULL && rest[0] == '.' && rest[1] != 0 ? rest + 1 : NULL;
        if (rest != NULL && (rest[0] == 0 || *issue != NULL))
            return (ent__table_number)c;
    }
    return ENT__TABLE_COLUMNS;
}

static bool start_layout(ent__parse *to, layout *out, const ent__csv *csv)
{
    *out = (layout){.actor = -1, .issue = -1, .common = {-1, -1, -1}};
    out->own = ent__take(to, (size_t)csv->n_columns, sizeof *out->own);
    for (int32_t i = 0; i < csv->n_columns && out->own != NULL; i++)
        for (int c = 0; c < ENT__TABLE_COLUMNS; c++)
            out->own[i][c] = -1;
    return out->own != NULL;
}

static void read_header(ent__parse *to, layout *out, const ent__csv *csv)
{
    for (int32_t i = 0; i < csv->n_columns && !to->no_memory; i++) {
        const char *header = csv->header[i].text, *issue = NULL, *rest;
        ent__table_number which = number_of(header, &issue);
        if ((rest = after(header, "actor")) != NULL && rest[0] == 0)
            note_column(to, csv, &out->actor, i, "actor");
        else if ((rest = after(header, "issue")) != NULL && rest[0] == 0)
            note_column(to, csv, &out->issue, i, "issue");
        else if (which < ENT__TABLE_COLUMNS && issue == NULL)
            note_column(to, csv, &out->common[which], i, number_name[which]);
        else if (which < ENT__TABLE_COLUMNS) {
            int32_t d = ent__names_add(to, &out->names, issue, header_place(csv, i));
            if (d >= 0)
                note_column(to, csv, &out->own[d][which], i, header);
        }
    }
}

static void tell_missing(ent__parse *to, const ent__csv *csv, const char *name, const char *so_far)
{
    const char *header[ENT_MAX_CSV_COLUMNS];
    for (int32_t i = 0; i < csv->n_columns; i++)
        header[i] = csv->header[i].text;
    const char *near = ent__nearest(name, header, (size_t)csv->n_columns);
    ent__complain(to, (ent__place){csv->file, csv->header[0].line, 1}, "the column '%.80s' is missing; %s%s%.60s%s",
                  name, so_far, near != NULL ? "; is it '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static const char WANTED[] = "a table to settle has actor, position, salience and capability";

/* An issue with columns of its own: its position, and the others its own or common. */
static void check_own(ent__parse *to, const layout *have, const ent__csv *csv, int32_t d)
{
    for (int c = 0; c < ENT__TABLE_COLUMNS; c++) {
        char name[100];
        if (have->own[d][c] >= 0 || (c != ENT__POSITION && have->common[c] >= 0))
            continue;
        snprintf(name, sizeof name, "%s.%.60s", number_name[c], have->names.name[d]);
        tell_missing(to, csv, name,
                     c == ENT__POSITION ? "each issue has a position of its own"
                                        : "each issue has one of its own, or there is one for all");
    }
}

static bool find_columns(ent__parse *to, layout *out, const ent__csv *csv)
{
    if (!start_layout(to, out, csv))
        return false;
    read_header(to, out, csv);
    bool wide = out->names.n > 0;
    if (wide && out->issue >= 0)
        ent__complain(
            to, header_place(csv, out->issue),
            "a column 'issue' and columns such as '%s.%.60s': issues stand in rows or in columns, not in both",
            number_name[0], out->names.name[0]);
    if (wide && out->common[ENT__POSITION] >= 0)
        ent__complain(to, header_place(csv, out->common[ENT__POSITION]),
                      "a column 'position' and columns such as 'position.%.60s': which issue is it?",
                      out->names.name[0]);
    if (out->actor < 0)
        tell_missing(to, csv, "actor", WANTED);
    for (int c = 0; c < ENT__TABLE_COLUMNS && !wide; c++)
        if (out->common[c] < 0)
            tell_missing(to, csv, number_name[c], WANTED);
    for (int32_t d = 0; d < out->names.n && out->issue < 0; d++)
        check_own(to, out, csv, d);
    return to->errors == 0 && !to->no_memory;
}

/* --- its rows --------------------------------------------------------------------------------------------------- */

static const ent__cell *cell_at(const ent__csv *csv, int32_t row, int32_t column)
{
    return &csv->cell[(size_t)row * (size_t)csv->n_columns + (size_t)column];
}

static ent__place cell_place(const ent__csv *csv, const ent__cell *cell)
{
    return (ent__place){csv->file, cell->line, cell->column};
}

/* The three numbers of an actor on an issue. */
static void read_stance(ent__parse *to, ent__table_draft *draft, const ent__csv *csv, size_t i, size_t d,
                        const ent__cell *const cell[ENT__TABLE_COLUMNS])
{
    size_t at = i * draft->issues + d;
    double *number[] = {&draft->position[at], &draft->salience[at], &draft->capability[at]};
    draft->line[at] = cell[ENT__POSITION]->line;
    draft->column[at] = cell[ENT__POSITION]->column;
    for (int c = 0; c < ENT__TABLE_COLUMNS; c++)
        ent__table_number_read(to, number[c], cell[c], (ent__table_number)c, csv->file, csv->comma, draft->actor[i],
                               draft->issue[d]);
}

/* An actor's own cells on an issue are all empty: it takes no part. Where there is one issue, that is a mistake. */
static bool takes_no_part(const layout *have, const ent__csv *csv, int32_t row, int32_t d)
{
    bool empty = have->names.n > 1;
    for (int c = 0; c < ENT__TABLE_COLUMNS; c++)
        empty = empty && (have->own[d][c] < 0 || cell_at(csv, row, have->own[d][c])->text[0] == 0);
    return empty;
}

static void read_issues_of_row(ent__parse *to, ent__table_draft *draft, const layout *have, const ent__csv *csv,
                               int32_t row)
{
    for (size_t d = 0; d < draft->issues; d++) {
        const ent__cell *cell[ENT__TABLE_COLUMNS];
        const int32_t *own = have->names.n > 0 ? have->own[d] : have->common;
        if (have->names.n > 0 && takes_no_part(have, csv, row, (int32_t)d))
            continue;
        for (int c = 0; c < ENT__TABLE_COLUMNS; c++)
            cell[c] = cell_at(csv, row, own[c] >= 0 ? own[c] : have->common[c]);
        read_stance(to, draft, csv, (size_t)row, d, cell);
    }
}

/* A row an actor. */
static void read_rows(ent__parse *to, ent__table_draft *draft, const layout *have, const ent__csv *csv)
{
    ent__names seen = {0};
    size_t issues = have->names.n > 0 ? (size_t)have->names.n : 1;
    if (!ent__table_start(to, draft, csv->file, (size_t)csv->n_rows, issues))
        return;
    for (int32_t d = 0; d < have->names.n; d++)
        draft->issue[d] = have->names.name[d];
    for (int32_t row = 0; row < csv->n_rows && !to->no_memory; row++) {
        const ent__cell *who = cell_at(csv, row, have->actor);
        int32_t before = seen.n;
        int32_t found = who->text[0] != 0 ? ent__names_add(to, &seen, who->text, cell_place(csv, who)) : before;
        if (who->text[0] == 0)
            ent__complain(to, cell_place(csv, who), "this row names no actor");
        else if (found >= 0 && found < before)
            ent__complain(to, cell_place(csv, who), "'%.60s' again: its first row is in line %d", who->text,
                          (int)seen.place[found].line);
        draft->actor[row] = who->text;
        read_issues_of_row(to, draft, have, csv, row);
    }
}

/* The number of the name in a cell, -1 where it is empty, which is told. */
static int32_t name_of(ent__parse *to, ent__names *names, const ent__csv *csv, const ent__cell *cell, const char *what)
{
    if (cell->text[0] != 0)
        return ent__names_add(to, names, cell->text, cell_place(csv, cell));
    ent__complain(to, cell_place(csv, cell), "this row names no %s", what);
    return -1;
}

/* A row for each actor on each issue. */
static void read_long_rows(ent__parse *to, ent__table_draft *draft, const layout *have, const ent__csv *csv)
{
    ent__names actors = {0}, issues = {0};
    for (int32_t row = 0; row < csv->n_rows && !to->no_memory; row++) {
        (void)name_of(to, &actors, csv, cell_at(csv, row, have->actor), "actor");
        (void)name_of(to, &issues, csv, cell_at(csv, row, have->issue), "issue");
    }
    if (to->no_memory || actors.n == 0 || issues.n == 0)
        return;
    int32_t errors = to->errors;
    to->errors = 0; /* what was told of names does not keep the rest from being told */
    bool started = ent__table_start(to, draft, csv->file, (size_t)actors.n, (size_t)issues.n);
    to->errors += errors;
    if (!started)
        return;
    memcpy(draft->actor, actors.name, (size_t)actors.n * sizeof *draft->actor);
    memcpy(draft->issue, issues.name, (size_t)issues.n * sizeof *draft->issue);
    for (int32_t row = 0; row < csv->n_rows && !to->no_memory; row++) {
        const ent__cell *who = cell_at(csv, row, have->actor), *cell[ENT__TABLE_COLUMNS];
        int32_t i = ent__names_find(&actors, who->text);
        int32_t d = ent__names_find(&issues, cell_at(csv, row, have->issue)->text);
        if (i < 0 || d < 0)
            continue;
        int32_t first = draft->line[(size_t)i * draft->issues + (size_t)d];
        if (first > 0) {
            ent__complain(to, cell_place(csv, who), "'%.60s' again on '%.60s': its first row is in line %d", who->text,
                          draft->issue[d], (int)first);
            continue;
        }
        for (int c = 0; c < ENT__TABLE_COLUMNS; c++)
            cell[c] = cell_at(csv, row, have->common[c]);
        read_stance(to, draft, csv, (size_t)i, (size_t)d, cell);
    }
}

static bool anybody_on(const ent__table_draft *draft, size_t d)
{
    for (size_t i = 0; i < draft->n; i++)
        if (draft->line[i * draft->issues + d] > 0)
            return true;
    return false;
}

static ent_status own_parse(ent_table *out, ent__parse *to, const char *file, const char *text, size_t length)
{
    ent__csv csv;
    layout have;
    ent__table_draft draft = {0};
    ent_status status = ent__csv_parse(&csv, to->arena, text, length, file, to->list);
    if (status != ENT_OK)
        return status;
    if (csv.n_rows == 0)
        ent__complain(to, (ent__place){file, csv.header[0].line, 1}, "the table has no rows, only its header");
    else if (csv.n_rows > ENT_MAX_ACTORS && ent__csv_column(&csv, "issue") < 0)
        ent__complain(to, (ent__place){file, 0, 0}, "%d rows; at most %d are read", (int)csv.n_rows, ENT_MAX_ACTORS);
    else if (find_columns(to, &have, &csv)) {
        if (have.issue >= 0)
            read_long_rows(to, &draft, &have, &csv);
        else
            read_rows(to, &draft, &have, &csv);
        for (size_t d = 0; d < draft.issues && to->errors == 0 && !to->no_memory; d++)
            if (!anybody_on(&draft, d))
                ent__complain(to, have.names.place[d], "nobody has a position on '%.60s'", draft.issue[d]);
    }
    ent__table_fill(out, &draft);
    return to->no_memory ? ENT_ERR_MEMORY : to->errors > 0 ? ENT_ERR_SCENARIO : ENT_OK;
}

/* --- KTAB's, as such a table ------------------------------------------------------------------------------------ */

/* Names of dimensions that are empty or alike are told apart by their number. */
static const char *dimension_name(ent__parse *to, const ent_ktab *ktab, size_t d)
{
    const char *name = ktab->dimension[d];
    bool alike = name[0] == 0 && ktab->dims > 1;
    for (size_t k = 0; k < ktab->dims && name[0] != 0; k++)
        alike |= k != d && strcmp(name, ktab->dimension[k]) == 0;
    if (!alike)
        return name;
    const char *made = ent__arena_printf(to->arena, "%.200s %zu", name[0] != 0 ? name : "dimension", d + 1);
    to->no_memory |= made == NULL;
    return made != NULL ? made : "";
}

/* The file's parameters in the words of our model's options. The rows are in the order of the values that KTAB stores.
 */
static void ktab_options(ent_table *out, ent__parse *to, const ent_spatial_options *said)
{
    static const char *const victory[] = {"linear", "square", "quartic", "octic", "binary"};
    static const char *const election[] = {"conditional", "incentive", "uniform"};
    static const char *const transition[] = {"deterministic", "stochastic"};
    static const char *const vote[] = {"binary", "prop_binary", "prop", "prop_cubic", "cubic", "prospect"};
    static const char *const adjust[] = {"none", "third", "half", "two_thirds", "full"};
    static const char *const range[] = {"min", "mid", "max"};
    static const char *const commit[] = {"none", "semi", "full"};
    static const char *const interpolation[] = {"s1p1", "s2p2", "s2pmax"};
    static const char *const bargain[] = {"initiator", "both", "weighted"};
    const ent_table_option all[] = {{"victory", victory[said->victory]},
                                    {"election", election[said->election]},
                                    {"transition", transition[said->transition]},
                                    {"vote", vote[said->vote]},
                                    {"adjust", adjust[said->adjust]},
                                    {"range", range[said->range]},
                                    {"commit", commit[said->commit]},
                                    {"interpolation", interpolation[said->interpolation]},
                                    {"bargain", bargain[said->bargain]}};
    ent_table_option *option = ent__take(to, ENT_COUNT(all), sizeof *option);
    if (option == NULL)
        return;
    memcpy(option, all, sizeof all);
    out->option = option;
    out->n_options = ENT_COUNT(all);
}

static ent_status ktab_parse(ent_table *out, ent__parse *to, const char *file, const char *text, size_t length)
{
    ent_ktab ktab = {0};
    ent__table_draft draft;
    ent_status status = ent__ktab_parse(&ktab, to, file, text, length);
    if (status != ENT_OK)
        return status;
    if (!ent__table_start(to, &draft, file, ktab.n, ktab.dims))
        return to->no_memory ? ENT_ERR_MEMORY : ENT_ERR_SCENARIO;
    for (size_t i = 0; i < ktab.n; i++) {
        draft.actor[i] = ktab.actor[i];
        draft.actor_about[i] = ktab.about[i];
        for (size_t at = i * ktab.dims; at < (i + 1) * ktab.dims; at++) {
            draft.position[at] = ktab.position[at];
            draft.salience[at] = ktab.salience[at];
            draft.capability[at] = ktab.capability[i];
            draft.line[at] = ktab.line[i];
        }
    }
    for (size_t d = 0; d < ktab.dims; d++) {
        draft.issue[d] = dimension_name(to, &ktab, d);
        draft.low[d] = 0;
        draft.high[d] = 100;
    }
    ent__table_fill(out, &draft);
    out->format = ktab.is_xml ? ENT_TABLE_KTAB_XML : ENT_TABLE_KTAB_CSV;
    out->title = ktab.name;
    out->about = ktab.description;
    out->accommodation = ktab.accommodation;
    out->model = "spatial";
    out->seed = ktab.options.seed;
    if (ktab.has_parameters)
        ktab_options(out, to, &ktab.options);
    return to->no_memory ? ENT_ERR_MEMORY : ENT_OK;
}

/* --- any of them ------------------------------------------------------------------------------------------------ */

static ent_status parse_any(ent_table *out, ent__parse *to, const char *file, const char *text, size_t length)
{
    *out = (ent_table){.title = "", .about = ""};
    if (ent_ktab_recognise(text, length))
        return ktab_parse(out, to, file, text, length);
    if (ent_decide_recognise(text, length))
        return ent__decide_parse(out, to, file, text, length);
    return own_parse(out, to, file, text, length);
}

ent_status ent_table_read(ent_table **out, const char *path, ent_diagnostics *list, ent_error *err)
{
    ent_status status = ENT_OK;
    char *text = NULL, problem[160];
    size_t length = 0;
    owned *to = ent__alloc(1, sizeof *to);
    *out = NULL;
    if (to != NULL)
        to->arena = ent__arena_create();
    ENT_REQUIRE(to != NULL && to->arena != NULL, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    status = ent__file_read(&text, &length, path, problem);
    ENT_REQUIRE(status == ENT_OK, status, "%s %s", path, status == ENT_ERR_MEMORY ? "needs more memory" : problem);
    ent__parse parse = {.arena = to->arena, .list = list};
    const char *file = ent__keep(&parse, path, strlen(path));
    status = file == NULL ? ENT_ERR_MEMORY : parse_any(&to->table, &parse, file, text, length);
    if (status != ENT_OK)
        ent__error_set(err, status, path, 0, 0, "%s",
                       status == ENT_ERR_MEMORY ? "not enough memory" : "the table is wrong");
done:
    ent__free(text);
    if (status == ENT_OK)
        *out = &to->table;
    else if (to != NULL)
        ent_table_free(&to->table);
    return status;
}

void ent_table_free(ent_table *table)
{
    if (table == NULL)
        return;
    owned *to = (owned *)table;
    ent__arena_free(to->arena);
    ent__free(to);
}
