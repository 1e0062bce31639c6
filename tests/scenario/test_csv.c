/* CSV: RFC 4180 and what spreadsheets add to it. */
#include "check.h"

#include "scenario/csv.h"

typedef struct table {
    ent__arena *arena;
    ent_diagnostics *list;
    ent__csv csv;
    ent_status status;
} table;

static table read_bytes(const char *text, size_t length)
{
    table t = {ent__arena_create(), ent_diagnostics_create(), {0}, ENT_OK};
    t.status = ent__csv_parse(&t.csv, t.arena, text, length, "t.csv", t.list);
    return t;
}

static table read_text(const char *text) { return read_bytes(text, strlen(text)); }

static void close_table(table *t)
{
    ent__arena_free(t->arena);
    ent_diagnostics_free(t->list);
}

static const ent__cell *cell(const table *t, int row, int column) { return &t->csv.cell[row * t->csv.n_columns + column]; }

static void is_cell(const table *t, int row, int column, const char *text, int line, int at)
{
    assert_string_equal(cell(t, row, column)->text, text);
    CHECK(cell(t, row, column)->line == line && cell(t, row, column)->column == at);
}

static void a_plain_table(void **state)
{
    (void)state;
    table t = read_text("a,b\n1, two words \n\n,x\n");
    CHECK(t.status == ENT_OK && t.csv.n_columns == 2 && t.csv.n_rows == 2 && t.csv.delimiter == ',' && !t.csv.comma);
    is_cell(&t, 0, 0, "1", 2, 1);
    is_cell(&t, 0, 1, "two words", 2, 4);
    is_cell(&t, 1, 0, "", 4, 1);
    is_cell(&t, 1, 1, "x", 4, 2);
    CHECK(ent__csv_column(&t.csv, "b") == 1 && ent__csv_column(&t.csv, "c") == -1);
    close_table(&t);
}

static void line_ends_of_every_kind(void **state)
{
    (void)state;
    const char *const texts[] = {"a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\n1,2\n3,4", ("\xef\xbb\xbf" "a,b\r\n1,2\r\n3,4"),
                                 "\n\na,b\n1,2\n,\n  \n3,4\n \n"};
    for (size_t i = 0; i < ENT_COUNT(texts); i++) {
        table t = read_text(texts[i]);
        CHECK(t.status == ENT_OK && t.csv.n_rows == 2);
        assert_string_equal(cell(&t, 1, 1)->text, "4");
        CHECK(cell(&t, 0, 1)->column == 3 && cell(&t, 1, 0)->line == (i == 5 ? 7 : 3));
        close_table(&t);
    }
}

static void quotes_hold_everything(void **state)
{
    (void)state;
    table t = read_text("a,\"b\"\n\"one, \"\"two\"\"\nthree\", \"x\" \n\"\",\" kept \"\n");
    CHECK(t.status == ENT_OK && t.csv.n_rows == 2);
    is_cell(&t, 0, 0, "one, \"two\"\nthree", 2, 1);
    is_cell(&t, 0, 1, "x", 3, 9);
    is_cell(&t, 1, 1, " kept ", 4, 4);
    assert_string_equal(t.csv.header[1].text, "b");
    close_table(&t);
}

static void the_delimiter_is_found_outside_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char delimiter;
        int columns;
    } c[] = {{"a,b,c\n1,2,3\n", ',', 3},         {"a;b;c\n1;2;3\n", ';', 3}, {"a\tb\n1\t2\n", '\t', 2},
             {"\"a,x,y,z\";b\n1;2\n", ';', 2}, {"a;b (x, y)\n1;2\n", ';', 2} /* a tie goes to the comma */,
             {"alone\n1\n", ',', 1}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        table t = read_text(c[i].text);
        if (i == 4) {
            CHECK(t.csv.delimiter == ',');
        } else {
            CHECK(t.status == ENT_OK && t.csv.delimiter == c[i].delimiter && t.csv.n_columns == c[i].columns);
        }
        close_table(&t);
    }
}

static void decimal_commas_are_seen(void **state)
{
    (void)state;
    table t = read_text("id;x\na;0,5\nb;2,5 to 3\n");
    CHECK(t.status == ENT_OK && t.csv.comma);
    close_table(&t);
    t = read_text("id;x\na;0.5\nb;3\n");
    CHECK(t.status == ENT_OK && !t.csv.comma);
    close_table(&t);
    t = read_text("id,x\na,\"0,5\"\nb,0.5\n"); /* between commas a decimal comma is the reader of values' affair */
    CHECK(t.status == ENT_OK && !t.csv.comma);
    close_table(&t);
    t = read_text("id;source;x\na;7.0;0,5\n"); /* sources are no numbers */
    CHECK(t.status == ENT_OK && t.csv.comma);
    close_table(&t);
}

static void characters_are_counted_not_bytes(void **state)
{
    (void)state;
    table t = read_text("n,x\n\xc3\xa9\xf0\x9f\x98\x80,2\n");
    is_cell(&t, 0, 1, "2", 2, 4);
    close_table(&t);
}

typedef struct wrong {
    const char *text; /* ^ is where the finding points */
    const char *message;
} wrong;

static const wrong bad[] = {
    {"^", "the table is empty: its first row must name the columns"},
    {"^\n \n;;\n", "the table is empty: its first row must name the columns"},
    {"a,^,b\n", "column 2 has no name"},
    {"a,b,^a\n", "column 'a' again: columns 1 and 3 have the same name"},
    {"a,b\n^1\n", "this row has 1 cell, the header has 2"},
    {"a,b\n1,2\n^1,2,3\n", "this row has 3 cells, the header has 2; a cell that holds the delimiter needs quotes"},
    {"a,b\n1,^\"2\n3,4\n", "the quote that opens here is not closed"},
    {"a,b\n1,x^\"2\"\n", "a quote inside a cell that does not begin with one: put the whole cell in quotes, and write \"\" for each quote in it"},
    {"a,b\n\"1\"^x,2\n", "text after the closing quote of a cell; a quote inside a cell is written \"\""},
    {"a,b\n1,\xc3\xa9^\xc3\x28\n", "a byte that is no UTF-8 text (0xc3): save the file as UTF-8"},
    {"a;b\n1;0,5\n2;^0.5\n", "'0.5' has a decimal point, '0,5' in line 2 a decimal comma: one file keeps to one"},
    {"a;b\n1;0.5 to 1\n^2,5;1\n", "'2,5' has a decimal comma, '0.5 to 1' in line 2 a decimal point: one file keeps to one"},
};

static void refused(void **state)
{
    const wrong *w = *state;
    char text[512];
    const char *mark = strchr(w->text, '^');
    int32_t line = 1, column = 1;
    snprintf(text, sizeof text, "%.*s%s", (int)(mark - w->text), w->text, mark + 1);
    for (const char *c = w->text; c < mark; c++)
        if (*c == '\n')
            line++, column = 1;
        else
            column += (*c & 0xc0) != 0x80;
    table t = read_text(text);
    CHECK(t.status == ENT_ERR_SCENARIO && ent_diagnostics_count(t.list) == 1);
    ent_diagnostic d = ent_diagnostics_get(t.list, 0);
    assert_string_equal(d.message, w->message);
    assert_string_equal(d.file, "t.csv");
    if (d.line != line || d.column != column)
        fail_msg("told at %d:%d, not at %d:%d", (int)d.line, (int)d.column, (int)line, (int)column);
    close_table(&t);
}

static void zero_bytes_are_refused(void **state)
{
    (void)state;
    table t = read_bytes("a,b\n1,\0" "2\n", 10);
    CHECK(t.status == ENT_ERR_SCENARIO && ent_diagnostics_get(t.list, 0).line == 2 && ent_diagnostics_get(t.list, 0).column == 3);
    close_table(&t);
}

static void limits_are_told(void **state)
{
    (void)state;
    char *wide = malloc(2 * ENT_MAX_CSV_COLUMNS + 8);
    for (int i = 0; i <= ENT_MAX_CSV_COLUMNS; i++)
        memcpy(wide + 2 * i, "a,", 3);
    table t = read_text(wide);
    CHECK(t.status == ENT_ERR_LIMIT && ent_diagnostics_count(t.list) == 1);
    assert_string_equal(ent_diagnostics_get(t.list, 0).message, "more than 1000 cells in one row");
    close_table(&t);
    free(wide);
}

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    ent_status status = ENT_ERR_MEMORY;
    int k = 1;
    for (; status != ENT_OK && k < 100; k++) {
        ent__arena *arena = ent__arena_create();
        ent_diagnostics *list = ent_diagnostics_create();
        ent__csv csv;
        ent__alloc_fail_at(k, true);
        status = ent__csv_parse(&csv, arena, "a,b\n1,2\n", 8, "t.csv", list);
        ent__alloc_fail_at(0, false);
        CHECK(status == ENT_OK || status == ENT_ERR_MEMORY);
        ent_diagnostics_free(list);
        ent__arena_free(arena);
    }
    CHECK(status == ENT_OK && k > 3);
}

int main(void)
{
    static struct CMUnitTest tests[ENT_COUNT(bad) + 9];
    static char names[ENT_COUNT(bad)][80];
    size_t n = 0;
    const struct CMUnitTest more[] = {
        cmocka_unit_test(a_plain_table), cmocka_unit_test(line_ends_of_every_kind), cmocka_unit_test(quotes_hold_everything),
        cmocka_unit_test(the_delimiter_is_found_outside_quotes), cmocka_unit_test(decimal_commas_are_seen),
        cmocka_unit_test(characters_are_counted_not_bytes), cmocka_unit_test(zero_bytes_are_refused),
        cmocka_unit_test(limits_are_told), cmocka_unit_test(memory_may_fail_anywhere)};
    for (; n < ENT_COUNT(bad); n++) {
        snprintf(names[n], sizeof names[n], "refuses: %.70s", bad[n].message);
        tests[n] = (struct CMUnitTest){names[n], refused, NULL, NULL, (void *)(uintptr_t)&bad[n]};
    }
    memcpy(tests + n, more, sizeof more);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
