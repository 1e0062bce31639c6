/* Files that are missing, odd, huge or hostile; the brief; the scenario that `new` writes. */
#include "folder.h"

#include <fcntl.h>

/* Reads `path`, expecting `status` and one error, whose message holds `part`. */
static void is_refused(const char *path, ent_status status, const char *file, const char *part)
{
    ent_scenario *s = NULL;
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status got = ent_scenario_read(&s, path, list, &err);
    bool good = got == status && s == NULL && ent_diagnostics_count(list) == 1 && strstr(err.message, part) != NULL;
    good = good && strcmp(ent_diagnostics_get(list, 0).file, file) == 0 && err.status == status;
    if (!good) {
        show_findings(list);
        fail_msg("status %d, wanted %d with '%s' in %s", (int)got, (int)status, part, file);
    }
    ent_diagnostics_free(list);
}

static void nothing_there(void **state)
{
    (void)state;
    is_refused("/no/such/folder", ENT_ERR_IO, "/no/such/folder/scenario.yaml", "scenario.yaml is not there");
    folder f;
    char path[256];
    folder_open(&f, NULL, NULL, NULL);
    folder_path(path, &f, "scenario.yaml");
    CHECK(unlink(path) == 0);
    is_refused(f.path, ENT_ERR_IO, path, "scenario.yaml is not there");
    folder_close(&f);
}

static void arguments_are_checked(void **state)
{
    (void)state;
    ent_scenario *s = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    CHECK(ent_scenario_read(&s, NULL, list, NULL) == ENT_ERR_ARGUMENT && ent_scenario_read(&s, "", list, NULL) == ENT_ERR_ARGUMENT);
    CHECK(ent_scenario_read(&s, "/tmp", NULL, NULL) == ENT_ERR_ARGUMENT && s == NULL);
    ent_diagnostics_free(list);
}

/* promise: inside-the-folder */
static void folders_and_pipes_as_files(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool pipe;
        ent_status status;
        const char *part;
    } c[] = {{"scenario.yaml", false, ENT_ERR_IO, "scenario.yaml is a folder, not a file"},
             {"scenario.yaml", true, ENT_ERR_IO, "scenario.yaml is no ordinary file"},
             {"past.csv", false, ENT_ERR_SCENARIO, "the file 'past.csv' is a folder, not a file"},
             {"past.csv", true, ENT_ERR_SCENARIO, "the file 'past.csv' is no ordinary file"},
             {"brief.md", true, ENT_ERR_SCENARIO, "the file 'brief.md' is no ordinary file"}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        folder f;
        char path[256], yaml[256];
        folder_open(&f, NULL, NULL, NULL);
        folder_path(path, &f, c[i].name);
        folder_path(yaml, &f, "scenario.yaml");
        CHECK(unlink(path) == 0 && (c[i].pipe ? mkfifo(path, 0600) : mkdir(path, 0700)) == 0);
        is_refused(f.path, c[i].status, yaml, c[i].part);
        CHECK(c[i].pipe || rmdir(path) == 0);
        folder_close(&f);
    }
}

static void files_without_permission(void **state)
{
    (void)state;
    folder f;
    char path[256], yaml[256];
    folder_open(&f, NULL, NULL, NULL);
    folder_path(path, &f, "door.csv");
    folder_path(yaml, &f, "scenario.yaml");
    CHECK(chmod(path, 0) == 0 && chmod(f.path, 0755) == 0);
    bool superuser = geteuid() == 0; /* reads everything, so it steps back for the length of the test */
    CHECK(!superuser || seteuid(65534) == 0);
    is_refused(f.path, ENT_ERR_SCENARIO, yaml, "the file 'door.csv' cannot be read: no permission");
    CHECK(!superuser || seteuid(0) == 0);
    folder_close(&f);
}

static void empty_files(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *part;
    } c[] = {{"scenario.yaml", "", "the file is empty"},
             {"scenario.yaml", "# nothing but this\n", "the file is empty"},
             {"scenario.yaml", "- a\n", "found a list"},
             {"scenario.yaml", "hello\n", "found a text"},
             {"actors.csv", "", "the table is empty"},
             {"actors.csv", "id,name,member,gdp\n", "there are no actors"}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        folder f;
        char path[256];
        folder_open(&f, c[i].name, NULL, c[i].text);
        folder_path(path, &f, strcmp(c[i].part, "there are no actors") == 0 ? "scenario.yaml" : c[i].name);
        is_refused(f.path, ENT_ERR_SCENARIO, path, c[i].part);
        folder_close(&f);
    }
}

static void a_file_of_100_megabytes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        ent_status status;
    } c[] = {{"scenario.yaml", ENT_ERR_LIMIT}, {"door.csv", ENT_ERR_SCENARIO}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        folder f;
        char path[256], yaml[256];
        folder_open(&f, NULL, NULL, NULL);
        folder_path(path, &f, c[i].name);
        folder_path(yaml, &f, "scenario.yaml");
        CHECK(truncate(path, 100 << 20) == 0);
        is_refused(f.path, c[i].status, yaml, "has 104857600 bytes; at most 67108864 are read");
        folder_close(&f);
    }
}

/* n times `piece`, after `head`. */
static void write_many(const folder *f, const char *name, const char *head, const char *piece, size_t n)
{
    ent__buffer out = {0};
    ent__buffer_text(&out, head);
    for (size_t i = 0; i < n; i++)
        ent__buffer_text(&out, piece);
    CHECK(!out.failed);
    folder_write(f, name, out.data, out.length);
    ent__buffer_free(&out);
}

static void deep_nesting_stops_early(void **state)
{
    (void)state;
    static const char *const piece[] = {"[", "{a: ", "- "};
    for (size_t i = 0; i < ENT_COUNT(piece); i++) {
        folder f;
        char path[256];
        folder_open(&f, NULL, NULL, NULL);
        folder_path(path, &f, "scenario.yaml");
        write_many(&f, "scenario.yaml", "entente: 1\ntitle:\n  ", piece[i], 100000);
        is_refused(f.path, ENT_ERR_LIMIT, path, "nested deeper than 64 levels");
        folder_close(&f);
    }
}

/* promise: yaml-plain */
static void an_alias_bomb_is_refused(void **state)
{
    (void)state;
    folder f;
    ent_scenario *s = NULL;
    folder_open(&f, "scenario.yaml", NULL,
                "entente: 1\ntitle: Bomb\n"
                "limits:\n  - &a [x, x, x, x, x, x, x, x, x, x]\n  - &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\n"
                "  - &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\n  - &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n"
                "  - &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]\n  - &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]\n");
    ent_diagnostics *list = ent_diagnostics_create();
    CHECK(ent_scenario_read(&s, f.path, list, NULL) == ENT_ERR_SCENARIO && s == NULL);
    size_t aliases = 0, anchors = 0;
    for (size_t i = 0; i < ent_diagnostics_count(list); i++) {
        aliases += strstr(ent_diagnostics_get(list, i).message, "an alias") != NULL;
        anchors += strstr(ent_diagnostics_get(list, i).message, "an anchor") != NULL;
    }
    CHECK(aliases == 45 && anchors == 6);
    ent_diagnostics_free(list);
    folder_close(&f);
}

/* promise: every-mistake */
static void all_errors_of_all_files_at_once(void **state)
{
    (void)state;
    folder f;
    char path[256];
    ent_scenario *s = NULL;
    ent_error err = {0};
    folder_open(&f, "scenario.yaml", "draws: 100\nseed: 7\n", "draws: none\nseeds: 7\n");
    const char *door = "actor,position,salience,capability\nus,200,0.5,1\nxx,1,1,1\nru,1,1,-1\n";
    const char *past = "actor,year,spent\nus,20,1\n";
    folder_write(&f, "door.csv", door, strlen(door));
    folder_write(&f, "past.csv", past, strlen(past));
    ent_diagnostics *list = ent_diagnostics_create();
    CHECK(ent_scenario_read(&s, f.path, list, &err) == ENT_ERR_SCENARIO);
    show_findings(list);
    CHECK(ent_diagnostics_count(list) == 6 && ent_diagnostics_errors(list) == 6);
    for (size_t i = 1; i < 6; i++) /* in the order of files, lines, columns */
        CHECK(strcmp(ent_diagnostics_get(list, i - 1).file, ent_diagnostics_get(list, i).file) <= 0);
    folder_path(path, &f, "door.csv");
    assert_string_equal(err.file, path);
    CHECK(err.line == 2 && err.column == 4);
    ent_diagnostics_free(list);
    folder_close(&f);
}

static void every_duplicate_key_is_told(void **state)
{
    (void)state;
    folder f;
    ent_scenario *s = NULL;
    folder_open(&f, NULL, NULL, NULL);
    write_many(&f, "scenario.yaml", "entente: 1\ntitle: A\ninputs:\n  x: 1\n  y: 2\n", "  x: 3\n", 20000);
    ent_diagnostics *list = ent_diagnostics_create();
    CHECK(ent_scenario_read(&s, f.path, list, NULL) == ENT_ERR_SCENARIO);
    CHECK(ent_diagnostics_count(list) == 20000);
    ent_diagnostic last = ent_diagnostics_get(list, 19999);
    CHECK(last.line == 20005 && last.column == 3);
    assert_string_equal(last.message, "'x' again: it stands in line 4 already");
    ent_diagnostics_free(list);
    folder_close(&f);
}

/* promise: stated-limits */
static void limits_are_told(void **state)
{
    (void)state;
    folder f;
    char path[256];
    ent__buffer text = {0};
    folder_open(&f, NULL, NULL, NULL);
    folder_path(path, &f, "scenario.yaml");
    folder_write(&f, "scenario.yaml", "entente: 1\ntitle: A\nactors: actors.csv\n", 39);
    write_many(&f, "actors.csv", "id\n", "x\n", ENT_MAX_ACTORS + 1);
    is_refused(f.path, ENT_ERR_SCENARIO, path, "100001 actors; at most 100000 are read");

    ent__buffer_text(&text, "entente: 1\ntitle: A\nactors: [us]\nissues:\n");
    for (int i = 0; i <= ENT_MAX_ISSUES; i++)
        ent__buffer_printf(&text, "  i%d: {scale: {0: a, 1: b}, stances: {us: {position: 0, salience: 1, capability: 1}}}\n", i);
    folder_write(&f, "scenario.yaml", text.data, text.length);
    is_refused(f.path, ENT_ERR_SCENARIO, path, "1001 issues; at most 1000 are read");

    text.length = 0;
    ent__buffer_text(&text, "entente: 1\ntitle: A\ndocument:\n  title: B\n  provisions:\n");
    for (int i = 0; i <= ENT_MAX_PROVISIONS; i++)
        ent__buffer_printf(&text, "    p%d: {says: x}\n", i);
    folder_write(&f, "scenario.yaml", text.data, text.length);
    is_refused(f.path, ENT_ERR_SCENARIO, path, "63 provisions; at most 62 are read");
    ent__buffer_free(&text);
    folder_close(&f);
}

static void weights_all_zero(void **state)
{
    (void)state;
    static const char *const rows[] = {"us,1,0,3\nru,2,1,0\n", "us,1,0,1 to 2\nru,2,\"discrete {0: 1}\",1\n"};
    for (size_t i = 0; i < ENT_COUNT(rows); i++) {
        folder f;
        char path[256], text[256];
        snprintf(text, sizeof text, "actor,position,salience,capability\n%s", rows[i]);
        folder_open(&f, "door.csv", NULL, text);
        folder_path(path, &f, "scenario.yaml");
        is_refused(f.path, ENT_ERR_SCENARIO, path, "nobody counts in 'door': capability times salience is 0 for every actor");
        folder_close(&f);
    }
}

static void places_in_folded_text(void **state)
{
    (void)state;
    static const struct {
        const char *with;
        int line, column;
    } c[] = {{"holds: last(door.outcome)\n      <= = 30", 46, 10},
             {"holds: >-\n      last(door.outcome)\n      <= = 30", 47, 10},
             {"holds: |\n      last(door.outcome)\n      <= = 30\n", 47, 10},
             {"holds: \"last(door.outcome)\n      <= = 30\"", 46, 10},
             {"holds: >-\n      last(door.outcome) <= = 30", 46, 29},
             {"holds: \"last(door.outcome) <= = 30\"", 45, 35}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        folder f;
        ent_scenario *s = NULL;
        folder_open(&f, "scenario.yaml", "holds: last(door.outcome) <= 30", c[i].with);
        ent_diagnostics *list = ent_diagnostics_create();
        CHECK(ent_scenario_read(&s, f.path, list, NULL) == ENT_ERR_SCENARIO && ent_diagnostics_count(list) == 1);
        ent_diagnostic d = ent_diagnostics_get(list, 0);
        if (d.line != c[i].line || d.column != c[i].column)
            fail_msg("case %zu: told at %d:%d, not at %d:%d", i, (int)d.line, (int)d.column, c[i].line, c[i].column);
        ent_diagnostics_free(list);
        folder_close(&f);
    }
}

static void expressions_over_lines_are_one_line_in_reports(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "holds: last(door.outcome) <= 30", "holds: |\n      last(door.outcome)\n        <= 30\n");
    ent_scenario *s = folder_read(&f);
    assert_string_equal(s->claims[0].holds_text, "last(door.outcome) <= 30");
    ent_scenario_free(s);
    folder_close(&f);
}

/* --- the brief ---------------------------------------------------------------------------------------- */

/* promise: report-asks-nothing */
static void the_brief_is_html(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html;
    } c[] = {
        {"# Door\n\nIt [shuts](#shut), *says* [one](https://x.org/?a=1&b=2).\n",
         "<h1>Door</h1>\n<p>It <a href=\"#shut\">shuts</a>, <em>says</em> <a href=\"https://x.org/?a=1&amp;b=2\">one</a>.</p>\n"},
        {"[a](javascript:alert(1)) [b](JaVaScRiPt:x) [c](data:text/html,x) [d](//x.org) [e](file:///etc) [f](../x) [g](http://x)\n",
         "<p>a b c d e f <a href=\"http://x\">g</a></p>\n"},
        {"<script>alert(1)</script> <b onclick=\"x\">y</b>\n\n<div>\nz\n</div>\n",
         "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b onclick=&quot;x&quot;&gt;y&lt;/b&gt;</p>\n<p>&lt;div&gt;\nz\n&lt;/div&gt;</p>\n"},
        {"![a picture](http://x/y.png) [![in a link](z.png)](javascript:x) after\n", "<p>a picture in a link after</p>\n"},
        {"[a \"<b>\" title](http://x \"t\\\" onmouseover=\\\"x\")\n",
         "<p><a href=\"http://x\" title=\"t&quot; onmouseover=&quot;x\">a &quot;&lt;b&gt;&quot; title</a></p>\n"},
        {"<javascript:alert(1)> <http://x.org>\n", "<p>javascript:alert(1) <a href=\"http://x.org\">http://x.org</a></p>\n"},
        {"a `<a href=\"javascript:x\">` b\n", "<p>a <code>&lt;a href=&quot;javascript:x&quot;&gt;</code> b</p>\n"},
        {"\xef\xbb\xbfplain\n", "<p>plain</p>\n"},
        {"", ""}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        folder f;
        folder_open(&f, "brief.md", NULL, c[i].text);
        ent_scenario *s = folder_read(&f);
        assert_string_equal(s->brief_html, c[i].html);
        ent_scenario_free(s);
        folder_close(&f);
    }
}

/* --- memory ------------------------------------------------------------------------------------------- */

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, NULL, NULL, NULL);
    for (int sticky = 0; sticky < 2; sticky++) {
        ent_status status = ENT_ERR_MEMORY;
        int k = 1;
        for (; status != ENT_OK && k < 2000; k++) {
            ent_scenario *s = NULL;
            ent_error err = {0};
            ent_diagnostics *list = ent_diagnostics_create();
            ent__alloc_fail_at(k, sticky == 1);
            status = ent_scenario_read(&s, f.path, list, &err);
            ent__alloc_fail_at(0, false);
            if (status != ENT_OK && status != ENT_ERR_MEMORY) {
                show_findings(list);
                fail_msg("allocation %d: status %d, %s", k, (int)status, err.message);
            }
            CHECK((s != NULL) == (status == ENT_OK) && err.status == status);
            ent_scenario_free(s);
            ent_diagnostics_free(list);
        }
        CHECK(status == ENT_OK && k > 10);
    }
    folder_close(&f);
}

static void memory_may_fail_while_errors_are_told(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "about: A door.\n", "abaut: A door.\nabout: *x\ntitle: Again\n");
    ent_status status = ENT_ERR_MEMORY;
    int k = 1;
    for (; status != ENT_ERR_SCENARIO && k < 2000; k++) {
        ent_scenario *s = NULL;
        ent_diagnostics *list = ent_diagnostics_create();
        ent__alloc_fail_at(k, true);
        status = ent_scenario_read(&s, f.path, list, NULL);
        ent__alloc_fail_at(0, false);
        CHECK(s == NULL && (status == ENT_ERR_SCENARIO || status == ENT_ERR_MEMORY));
        ent_diagnostics_free(list);
    }
    CHECK(status == ENT_ERR_SCENARIO && k > 10);
    folder_close(&f);
}

/* --- any bytes ---------------------------------------------------------------------------------------- */

/* Pieces that mean something to one of the parsers, and some that mean nothing. */
static const char *const piece[] = {"\n", "  ", "- ", ": ", "{", "}", "[", "]", "\"", "'", ",", "*", "&a ", "!t ", "? ", "|\n", ">-\n", "#", "---\n",
                                    "~", "\xc3", "\xc3\xa9", "\t", "1e999", "(", ")", "0 to 1", "yes", "us", "..", "%", "\r", ";", "<<: ",
                                    "value", "\\", "[#", "](#", "](javascript:", "<a href=", "=", "-", "2026", ""};

/* One file of the base scenario with a few random changes reads, or is refused with a finding that has a place. */
static void any_bytes_are_read_or_refused(void **state)
{
    (void)state;
    const char *count = getenv("ENTENTE_FUZZ"); /* more rounds by hand */
    long rounds = count != NULL ? atol(count) : 1500, read = 0;
    uint32_t seed = (uint32_t)rounds;
    folder f;
    folder_open(&f, NULL, NULL, NULL);
    for (long i = 0; i < rounds; i++) {
        size_t file = (size_t)i % ENT_COUNT(base), length = strlen(base[file].text);
        char text[8192];
        memcpy(text, base[file].text, length + 1);
        for (int k = 0; k < 1 + (int)(i / 5 % 4); k++) {
            seed = seed * 1664525u + 1013904223u;
            size_t at = (seed >> 8) % length, cut = (seed >> 4) % 4;
            const char *add = piece[(seed >> 20) % ENT_COUNT(piece)];
            cut = cut > length - at ? length - at : cut;
            memmove(text + at + strlen(add), text + at + cut, length - at - cut + 1);
            memcpy(text + at, add, strlen(add));
            length = length + strlen(add) - cut;
        }
        folder_write(&f, base[file].name, text, length);
        ent_scenario *s = NULL;
        ent_error err = {0};
        ent_diagnostics *list = ent_diagnostics_create();
        ent_status status = ent_scenario_read(&s, f.path, list, &err);
        CHECK((status == ENT_OK) == (ent_diagnostics_errors(list) == 0) && (s != NULL) == (status == ENT_OK));
        for (size_t d = 0; d < ent_diagnostics_count(list); d++) {
            ent_diagnostic found = ent_diagnostics_get(list, d);
            bool good = found.line > 0 && found.column > 0 && found.message[0] != 0 && strchr(found.message, '\n') == NULL;
            if (!good || !ent__utf8_valid(found.message, strlen(found.message)))
                fail_msg("round %ld: %s:%d:%d: %s\n%s", i, found.file, (int)found.line, (int)found.column, found.message, text);
        }
        read += status == ENT_OK;
        ent_scenario_free(s);
        ent_diagnostics_free(list);
        folder_write(&f, base[file].name, base[file].text, strlen(base[file].text));
    }
    CHECK(read > 0 && read < rounds);
    folder_close(&f);
}

/* --- new ---------------------------------------------------------------------------------------------- */

static void remove_new(const char *path)
{
    static const char *const names[] = {"actors.csv", "trade.csv", "brief.md", "scenario.yaml"};
    for (size_t i = 0; i < ENT_COUNT(names); i++) {
        char file[512];
        snprintf(file, sizeof file, "%s/%s", path, names[i]);
        CHECK(unlink(file) == 0);
    }
}

static void a_new_scenario_reads_without_a_finding(void **state)
{
    (void)state;
    folder f;
    char path[256];
    folder_open(&f, NULL, NULL, NULL);
    folder_path(path, &f, "river");
    for (int there = 0; there < 2; there++) { /* where there is no folder, and where there is an empty one */
        ent_error err = {0};
        ent_scenario *s = NULL;
        ent_diagnostics *list = ent_diagnostics_create();
        CHECK(there == 0 || mkdir(path, 0700) == 0);
        CHECK(ent_scenario_new(path, &err) == ENT_OK && err.status == ENT_OK);
        ent_status status = ent_scenario_read(&s, path, list, &err);
        show_findings(list);
        CHECK(status == ENT_OK && ent_diagnostics_count(list) == 0);
        CHECK(s->n_claims == 3 && s->n_actors == 5 && s->has_document && strstr(s->brief_html, "#tolls_fall") != NULL);
        ent_scenario_free(s);
        ent_diagnostics_free(list);
        CHECK(ent_scenario_new(path, &err) == ENT_ERR_IO);
        assert_string_equal(err.message, "the folder is not empty: a new scenario needs one of its own");
        remove_new(path);
        CHECK(rmdir(path) == 0);
    }
    folder_close(&f);
}

static void new_refuses_what_is_in_the_way(void **state)
{
    (void)state;
    folder f;
    char path[256];
    ent_error err = {0};
    folder_open(&f, NULL, NULL, NULL);
    folder_path(path, &f, "door.csv");
    CHECK(ent_scenario_new(path, &err) == ENT_ERR_IO);
    assert_string_equal(err.message, "there is a file of that name already");
    assert_string_equal(err.file, path);
    err = (ent_error){0};
    folder_path(path, &f, "no/such");
    CHECK(ent_scenario_new(path, &err) == ENT_ERR_IO);
    assert_string_equal(err.message, "the folder cannot be made: the folder above it is not there");
    CHECK(ent_scenario_new("", NULL) == ENT_ERR_ARGUMENT && ent_scenario_new(NULL, NULL) == ENT_ERR_ARGUMENT);
    folder_path(path, &f, "river");
    err = (ent_error){0};
    ent__alloc_fail_at(2, true);
    CHECK(ent_scenario_new(path, &err) == ENT_ERR_MEMORY);
    ent__alloc_fail_at(0, false);
    CHECK(access(path, F_OK) != 0); /* nothing stays */
    folder_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_there), cmocka_unit_test(arguments_are_checked), cmocka_unit_test(folders_and_pipes_as_files),
        cmocka_unit_test(files_without_permission), cmocka_unit_test(empty_files), cmocka_unit_test(a_file_of_100_megabytes),
        cmocka_unit_test(deep_nesting_stops_early), cmocka_unit_test(an_alias_bomb_is_refused),
        cmocka_unit_test(all_errors_of_all_files_at_once), cmocka_unit_test(every_duplicate_key_is_told),
        cmocka_unit_test(limits_are_told), cmocka_unit_test(weights_all_zero), cmocka_unit_test(places_in_folded_text),
        cmocka_unit_test(expressions_over_lines_are_one_line_in_reports), cmocka_unit_test(the_brief_is_html),
        cmocka_unit_test(memory_may_fail_anywhere), cmocka_unit_test(memory_may_fail_while_errors_are_told),
        cmocka_unit_test(any_bytes_are_read_or_refused),
        cmocka_unit_test(a_new_scenario_reads_without_a_finding), cmocka_unit_test(new_refuses_what_is_in_the_way)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
