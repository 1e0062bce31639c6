/* Tables of numbers by actor, by year, or by both: tables: {past: past.csv}, or {file: past.csv, columns: {...}}. */
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

static void read_head(ent__reader *r, ent__table *out, const ent__csv *table, int32_t *place_of)
{
    out->column = ent__take(&r->to, (size_t)table->n_columns, sizeof *out->column);
    if (out->column == NULL)
        return;
    for (int32_t c = 0; c < table->n_columns; c++) {
        const ent__cell *cell = &table->header[c];
        ent__place place = ent__cell_place(table, cell);
        bool key = strcmp(cell->text, "actor") == 0 || strcmp(cell->text, "year") == 0;
        bool note =
            strcmp(cell->text, "source") == 0 || strcmp(cell->text, "why") == 0 || strcmp(cell->text, "note") == 0;
        if (key || note || cell->text[0] == 0 || !ent__id(r, &r->numbers, cell->text, place, "a column", false))
            continue;
        out->column[out->n_columns] = (ent__column){cell->text, "", "", "", place};
        place_of[out->n_columns++] = c;
    }
    if (out->n_columns == 0 && r->to.errors == 0)
        ent__complain(&r->to, (ent__place){table->file, 1, 1},
                      "the table has no column of numbers beside actor and year");
}

/* Whose row it is: its actor and year; false where they are wrong or there already. */
static bool read_keys(ent__reader *r, ent__table *out, const ent__csv *table, int32_t row, int32_t actor, int32_t year,
                      ent__names *seen)
{
    const ent__cell *who = actor >= 0 ? ent__csv_cell(table, row, actor) : NULL;
    const ent__cell *when = year >= 0 ? ent__csv_cell(table, row, year) : NULL;
    ent__time time = {0};
    bool good = who == NULL || ent__is_actor(r, who->text, ent__cell_place(table, who), false);
    if (when != NULL && (!ent__time_read(&time, when->text, strlen(when->text)) || time.month != 0)) {
        ent__complain(&r->to, ent__cell_place(table, when), "'%.60s' is no year", when->text);
        good = false;
    }
    if (!good)
        return false;
    const ent__cell *first = who != NULL ? who : when != NULL ? when : ent__csv_cell(table, row, 0);
    const char *key = ent__arena_printf(r->to.arena, "%s%s%s", who != NULL ? who->text : "",
                                        who != NULL && when != NULL ? ", " : "", when != NULL ? when->text : "");
    int32_t before = seen->n;
    int32_t found = key != NULL ? ent__names_add(&r->to, seen, key, ent__cell_place(table, first)) : -1;
    r->to.no_memory |= key == NULL;
    if (found < 0)
        return false;
    if (found < before) {
        if (key[0] != 0)
            ent__complain(&r->to, ent__cell_place(table, first), "a second row for %s: the first is in line %d", key,
                          (int)seen->place[found].line);
        else
            ent__complain(&r->to, ent__cell_place(table, first),
                          "a second row, and no column 'actor' or 'year' to tell it from the first");
        return false;
    }
    if (who != NULL)
        out->actor[out->n_rows] = who->text;
    if (when != NULL)
        out->year[out->n_rows] = time.year;
    return true;
}

static void read_rows(ent__reader *r, ent__table *out, const ent__csv *table, const int32_t *place_of)
{
    size_t rows = (size_t)table->n_rows, columns = (size_t)out->n_columns;
    int32_t actor = ent__csv_column(table, "actor"), year = ent__csv_column(table, "year");
    ent__names seen = {0};
    out->value = ent__take(&r->to, rows * columns, sizeof *out->value);
    if (actor >= 0)
        out->actor = ent__take(&r->to, rows, sizeof *out->actor);
    if (year >= 0)
        out->year = ent__take(&r->to, rows, sizeof *out->year);
    if (r->to.no_memory)
        return;
    for (int32_t row = 0; row < table->n_rows && !r->to.no_memory; row++) {
        ent__value *value = out->value + (size_t)out->n_rows * columns;
        for (size_t c = 0; c < columns; c++)
            ent__cell_value(r, &value[c], table, ent__csv_cell(table, row, place_of[c]));
        out->n_rows += read_keys(r, out, table, row, actor, year, &seen);
    }
}

static bool read_table(ent__reader *r, ent__table *out, const ent__yaml *node)
{
    static const char *const keys[] = {"file", "columns", NULL};
    const ent__yaml *file = node;
    if (node->kind != ENT__YAML_TEXT) {
        if (!ent__is_mapping(r, node, "a table"))
            return false;
        ent__keys(r, node, "a table", keys);
        file = ent__required(r, node, "file", "a table");
        if (file == NULL || !ent__is_text(r, file, "'file'"))
            return false;
    }
    ent__csv table;
    if (!ent__read_csv(r, file->text, file->place, &table))
        return false;
    int32_t *place_of = ent__take(&r->to, (size_t)table.n_columns, sizeof *place_of);
    if (place_of == NULL)
        return false;
    read_head(r, out, &table, place_of);
    if (!r->to.no_memory)
        read_rows(r, out, &table, place_of);
    ent__column **column = ent__take(&r->to, (size_t)out->n_columns, sizeof *column);
    if (r->to.no_memory)
        return false;
    for (int32_t c = 0; c < out->n_columns; c++)
        column[c] = &out->column[c];
    ent__column_notes(r, node->kind == ENT__YAML_MAPPING ? ent__yaml_get(node, "columns") : NULL, column,
                      out->n_columns);
    return true;
}

void ent__read_tables(ent__reader *r, const ent__yaml *node)
{
    ent__names names = {0};
    ent__table *list = ent__is_mapping(r, node, "'tables'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    r->out->tables = list;
    for (const ent__yaml *entry = node->first; entry != NULL && !r->to.no_memory; entry = entry->next) {
        ent__table *table = &list[r->out->n_tables];
        *table = (ent__table){.id = entry->key, .place = entry->key_place};
        bool named = ent__id(r, &names, entry->key, entry->key_place, "a table", true);
        r->out->n_tables += read_table(r, table, entry) && named;
    }
}
