/* The table of one issue that `entente settle` reads: a row an actor, plain numbers. A scenario's tables of stances,
 * whose cells may be uncertain, are issues.c's. */
#include "entente/scenario.h"
#include "entente/table.h"
#include "scenario/csv.h"
#include "scenario/file.h"
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

enum { ACTOR, POSITION, SALIENCE, CAPABILITY, COLUMNS };
static const char *const column_name[COLUMNS] = {"actor", "position", "salience", "capability"};

typedef struct owned {
    ent_table table; /* first: the caller's pointer is this one's */
    ent__arena *arena;
} owned;

typedef struct columns {
    double *number[COLUMNS]; /* [ACTOR] stays NULL */
    const char **actor;
    int32_t *line;
} columns;

static bool same_word(const char *a, const char *b)
{
    for (; *a != 0 && *b != 0; a++, b++)
        if ((*a >= 'A' && *a <= 'Z' ? *a + 32 : *a) != (*b >= 'A' && *b <= 'Z' ? *b + 32 : *b))
            return false;
    return *a == *b;
}

static bool find_columns(ent__parse *to, const ent__csv *csv, int32_t place[COLUMNS])
{
    const char *header[ENT__CSV_COLUMNS];
    for (int32_t i = 0; i < csv->n_columns; i++)
        header[i] = csv->header[i].text;
    for (int c = 0; c < COLUMNS; c++) {
        place[c] = -1;
        for (int32_t i = 0; i < csv->n_columns; i++) {
            if (!same_word(header[i], column_name[c]))
                continue;
            if (place[c] >= 0)
                ent__complain(to, (ent__place){csv->file, csv->header[i].line, csv->header[i].column},
                              "column '%s' again, as '%.60s'", column_name[c], header[i]);
            place[c] = i;
        }
        const char *near = place[c] < 0 ? ent__nearest(column_name[c], header, (size_t)csv->n_columns) : NULL;
        if (place[c] < 0)
            ent__complain(
                to, (ent__place){csv->file, csv->header[0].line, 1},
                "the column '%s' is missing; a table to settle has actor, position, salience and capability%s%.60s%s",
                column_name[c], near != NULL ? "; is it '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
    }
    return to->errors == 0;
}

/* What is wrong with a number, or NULL. */
static const char *out_of_range(int column, double x)
{
    if (column == SALIENCE && !(x >= 0 && x <= 1))
        return x > 1 && x <= 100 ? "a salience is from 0 to 1 (percentages are divided by 100)"
                                 : "a salience is from 0 to 1";
    return column == CAPABILITY && !(x >= 0) ? "a capability is 0 or more" : NULL;
}

static void read_number(ent__parse *to, double *out, const ent__csv *csv, const ent__cell *cell, int column,
                        const char *actor)
{
    const ent__place place = {csv->file, cell->line, cell->column};
    if (cell->text[0] == 0)
        ent__complain(to, place, "the %s of '%.60s' is missing", column_name[column], actor);
    else if (!ent__number_read(out, cell->text, strlen(cell->text), csv->comma))
        ent__complain(to, place, "the %s of '%.60s' is '%.60s', which is no number%s", column_name[column], actor,
                      cell->text, strstr(cell->text, " to ") != NULL ? "; an uncertain one belongs in a scenario" : "");
    else if (out_of_range(column, *out) != NULL)
        ent__complain(to, place, "the %s of '%.60s' is %.60s; %s", column_name[column], actor, cell->text,
                      out_of_range(column, *out));
}

static void read_rows(ent__parse *to, columns *out, const ent__csv *csv, const int32_t place[COLUMNS])
{
    ent__names seen = {0};
    for (int32_t row = 0; row < csv->n_rows && !to->no_memory; row++) {
        const ent__cell *cell = csv->cell + (size_t)row * (size_t)csv->n_columns;
        const ent__cell *who = &cell[place[ACTOR]];
        const ent__place at = {csv->file, who->line, who->column};
        int32_t before = seen.n, found = who->text[0] != 0 ? ent__names_add(to, &seen, who->text, at) : before;
        if (who->text[0] == 0)
            ent__complain(to, at, "this row names no actor");
        else if (found >= 0 && found < before)
            ent__complain(to, at, "'%.60s' again: its first row is in line %d", who->text, (int)seen.place[found].line);
        out->actor[row] = who->text;
        out->line[row] = who->line;
        for (int c = POSITION; c < COLUMNS; c++)
            read_number(to, &out->number[c][row], csv, &cell[place[c]], c, who->text);
    }
}

static bool is_of_a_size(ent__parse *to, const ent__csv *csv)
{
    if (csv->n_rows == 0)
        ent__complain(to, (ent__place){csv->file, csv->header[0].line, 1}, "the table has no rows, only its header");
    if (csv->n_rows > ENT_MAX_ACTORS)
        ent__complain(to, (ent__place){csv->file, 0, 0}, "%d rows; at most %d are read", (int)csv->n_rows,
                      ENT_MAX_ACTORS);
    return csv->n_rows > 0 && csv->n_rows <= ENT_MAX_ACTORS;
}

static ent_status read_table(owned *to, ent__parse *parse, const char *text, size_t length, const char *path)
{
    ent__csv csv;
    int32_t place[COLUMNS];
    columns column = {0};
    ent_status status = ent__csv_parse(&csv, to->arena, text, length, path, parse->list);
    if (status == ENT_OK && is_of_a_size(parse, &csv) && find_columns(parse, &csv, place)) {
        size_t n = (size_t)csv.n_rows;
        column.actor = ent__take(parse, n, sizeof *column.actor);
        column.line = ent__take(parse, n, sizeof *column.line);
        for (int c = POSITION; c < COLUMNS; c++)
            column.number[c] = ent__take(parse, n, sizeof *column.number[c]);
        if (!parse->no_memory)
            read_rows(parse, &column, &csv, place);
        to->table = (ent_table){.n = n,
                                .actor = column.actor,
                                .position = column.number[POSITION],
                                .salience = column.number[SALIENCE],
                                .capability = column.number[CAPABILITY],
                                .line = column.line};
    }
    if (parse->no_memory)
        return ENT_ERR_MEMORY;
    return status == ENT_OK && parse->errors > 0 ? ENT_ERR_SCENARIO : status;
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
    status = file == NULL ? ENT_ERR_MEMORY : read_table(to, &parse, text, length, file);
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
