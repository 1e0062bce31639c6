/* CSV tables: what was read is whole, and written again with commas and quotes it reads as the same cells. */
#include "scenario/csv.h"
#include "target.h"

#include <string.h>

static void quote(ent__buffer *out, const char *text)
{
    ent__buffer_add(out, "\"", 1);
    for (; *text != 0; text++)
        ent__buffer_add(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    ent__buffer_add(out, "\"", 1);
}

static void write_again(ent__buffer *out, const ent__csv *t)
{
    for (int32_t row = -1; row < t->n_rows; row++)
        for (int32_t c = 0; c < t->n_columns; c++) {
            quote(out, row < 0 ? t->header[c].text : t->cell[(size_t)row * (size_t)t->n_columns + (size_t)c].text);
            ent__buffer_add(out, c + 1 < t->n_columns ? "," : "\n", 1);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ent__csv table = {0}, second = {0};
    ent__arena *arena = ent__arena_create();
    ent_diagnostics *list = ent_diagnostics_create(), *none = ent_diagnostics_create();
    ent__buffer text = {0};
    ent_status status = ent__csv_parse(&table, arena, (const char *)data, size, "t.csv", list);
    MUST((status == ENT_ERR_SCENARIO || status == ENT_ERR_LIMIT) == (ent_diagnostics_errors(list) > 0),
         "%s, with %zu errors", ent_status_text(status), ent_diagnostics_errors(list));
    if (status == ENT_OK) {
        for (int32_t c = 0; c < table.n_columns; c++)
            MUST(table.header[c].text[0] != 0 && ent__csv_column(&table, table.header[c].text) == c,
                 "column %d is not found by its name", c);
        for (size_t i = 0; i < (size_t)table.n_rows * (size_t)table.n_columns; i++)
            MUST(table.cell[i].text != NULL && table.cell[i].line >= 1 && table.cell[i].column >= 0,
                 "cell %zu has no place", i);
        write_again(&text, &table);
        MUST(!text.failed, "no memory");
        status = ent__csv_parse(&second, arena, text.data, text.length, "t.csv", none);
        MUST(status == ENT_OK, "written again it is refused: %s", ent_diagnostics_get(none, 0).message);
        MUST(second.n_columns == table.n_columns, "columns: %d, then %d", table.n_columns, second.n_columns);
        /* rows of empty cells alone are skipped where they are read plain, not where they are quoted */
        MUST(second.n_rows == table.n_rows, "rows: %d, then %d", table.n_rows, second.n_rows);
        for (size_t i = 0; i < (size_t)table.n_rows * (size_t)table.n_columns; i++)
            MUST(strcmp(table.cell[i].text, second.cell[i].text) == 0, "cell %zu: %s, then %s", i, table.cell[i].text,
                 second.cell[i].text);
    }
    ent__buffer_free(&text);
    ent_diagnostics_free(list);
    ent_diagnostics_free(none);
    ent__arena_free(arena);
    return 0;
}
