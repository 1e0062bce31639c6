/* The table of months that `entente war` reads: plain numbers, a row a month. */
#include "entente/war.h"
#include "scenario/csv.h"
#include "scenario/file.h"
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

const char *ent_war_series(const double ***place, ent_war_input *in, size_t i)
{
    static const char *const name[ENT_WAR_SERIES] = {"effort_a", "effort_b",    "aid_b",       "cost_a",
                                                     "cost_b",   "guarantee_a", "guarantee_b", "talk"};
    const double **const series[ENT_WAR_SERIES] = {&in->effort_a, &in->effort_b,    &in->aid_b,       &in->cost_a,
                                                   &in->cost_b,   &in->guarantee_a, &in->guarantee_b, &in->talk};
    if (i >= ENT_WAR_SERIES)
        return NULL;
    *place = series[i];
    return name[i];
}

typedef struct owned {
    ent_war_table table; /* first: the caller's pointer is this one's */
    ent__arena *arena;
} owned;

static const char *series_name(size_t i)
{
    ent_war_input in;
    const double **place;
    return ent_war_series(&place, &in, i);
}

/* Which series each column holds: -1 the month, -2 none (told). */
static bool find_columns(ent__parse *to, const ent__csv *csv, int32_t *series, int32_t *month)
{
    const char *known[ENT_WAR_SERIES + 1];
    for (size_t i = 0; i < ENT_WAR_SERIES; i++)
        known[i] = series_name(i);
    known[ENT_WAR_SERIES] = "month";
    *month = -1;
    for (int32_t c = 0; c < csv->n_columns; c++) {
        const char *text = csv->header[c].text;
        series[c] = -2;
        for (int32_t i = 0; i <= ENT_WAR_SERIES; i++)
            if (strcmp(text, known[i]) == 0)
                series[c] = i < ENT_WAR_SERIES ? i : -1;
        if (series[c] == -1)
            *month = c;
        const char *near = series[c] == -2 ? ent__nearest(text, known, ENT_WAR_SERIES + 1) : NULL;
        if (series[c] == -2)
            ent__complain(to, (ent__place){csv->file, csv->header[c].line, csv->header[c].column},
                          "a war has no column '%.60s'%s%s%s; it has month, effort_a, effort_b, aid_b, cost_a, cost_b, "
                          "guarantee_a, guarantee_b and talk",
                          text, near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                          near != NULL ? "'?" : "");
    }
    if (*month < 0)
        ent__complain(to, (ent__place){csv->file, csv->header[0].line, 1},
                      "the column 'month' is missing: 2022-04, 2022-05, ... or whole numbers");
    return to->errors == 0;
}

/* 2022-04 as year * 12 + month - 1; a whole number as itself. */
static bool month_read(int32_t *out, bool *dated, const char *text)
{
    ent__time time;
    double x;
    *dated = strchr(text, '-') != NULL && text[0] != '-';
    if (*dated) {
        bool found = ent__time_read(&time, text, strlen(text)) && time.month > 0;
        *out = found ? time.year * 12 + time.month - 1 : 0;
        return found;
    }
    if (!ent__number_read(&x, text, strlen(text), false) || !(x >= 0 && x <= 1e6) || x != (int32_t)x)
        return false;
    *out = (int32_t)x;
    return true;
}

static void read_month(ent__parse *to, owned *out, const ent__csv *csv, const ent__cell *cell, int32_t row,
                       int32_t *last, bool *was_dated)
{
    int32_t month = 0;
    bool dated = false;
    if (!month_read(&month, &dated, cell->text)) {
        ent__complain(to, ent__cell_place(csv, cell), "'%.60s' is no month: 2022-04, or a whole number", cell->text);
        month = *last + 1;
    } else if (row > 0 && (dated != *was_dated || month != *last + 1))
        ent__complain(to, ent__cell_place(csv, cell),
                      "'%.60s' does not follow the month before it; no month is left out", cell->text);
    else if (row == 0) {
        *was_dated = dated;
        out->table.start_month = dated ? month : -1;
    }
    *last = month;
}

static void read_rows(ent__parse *to, owned *out, const ent__csv *csv, const int32_t *series, int32_t month)
{
    double *column[ENT_WAR_SERIES] = {NULL};
    int32_t last = -1;
    bool dated = false;
    for (int32_t c = 0; c < csv->n_columns; c++)
        if (series[c] >= 0)
            column[series[c]] = ent__take(to, (size_t)csv->n_rows, sizeof(double));
    for (int32_t row = 0; row < csv->n_rows && !to->no_memory; row++) {
        read_month(to, out, csv, ent__csv_cell(csv, row, month), row, &last, &dated);
        for (int32_t c = 0; c < csv->n_columns; c++) {
            const ent__cell *cell = ent__csv_cell(csv, row, c);
            if (series[c] >= 0 &&
                !ent__number_read(&column[series[c]][row], cell->text, strlen(cell->text), csv->comma))
                ent__complain(to, ent__cell_place(csv, cell), "%s is '%.60s', which is no number",
                              series_name((size_t)series[c]), cell->text);
        }
    }
    for (size_t i = 0; i < ENT_WAR_SERIES; i++)
        out->table.series[i] = column[i];
    out->table.months = csv->n_rows;
}

static ent_status read_table(owned *out, ent__parse *parse, const char *text, size_t length, const char *file)
{
    ent__csv csv;
    int32_t series[ENT_MAX_CSV_COLUMNS], month;
    ent_status status = ent__csv_parse(&csv, out->arena, text, length, file, parse->list);
    if (status == ENT_OK && (csv.n_rows == 0 || csv.n_rows > ENT_WAR_MAX_MONTHS))
        ent__complain(parse, (ent__place){file, csv.header[0].line, 1}, "%d rows; a war has 1 to %d months",
                      (int)csv.n_rows, ENT_WAR_MAX_MONTHS);
    else if (status == ENT_OK && find_columns(parse, &csv, series, &month))
        read_rows(parse, out, &csv, series, month);
    if (parse->no_memory)
        return ENT_ERR_MEMORY;
    return status == ENT_OK && parse->errors > 0 ? ENT_ERR_SCENARIO : status;
}

ent_status ent_war_table_read(ent_war_table **out, const char *path, ent_diagnostics *list, ent_error *err)
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
        ent_war_table_free(&to->table);
    return status;
}

void ent_war_table_free(ent_war_table *table)
{
    if (table == NULL)
        return;
    owned *to = (owned *)table;
    ent__arena_free(to->arena);
    ent__free(to);
}
