/* Tables to settle: Decide's data files, our own with several issues, and what happens when memory runs out. */
#include "check.h"

#include "core/core.h"
#include "entente/table.h"

#include <sys/stat.h>
#include <unistd.h>

static const char decide[] = "#O\tSummit\n#/\tID\tname\n#A\tUSA\tUnited States\n#A\tEU\t\n#P\ttreaty\tWhich?\n"
                             "#M\ttreaty\t10\told\n#M\ttreaty\t2.5\tnone\n#M\ttreaty\t40\tnew\n#P\tfunds\tHow much?\n"
                             "#D\tUSA\ttreaty\t10\t0.9\t0.6\n#D\tEU\ttreaty\t40\t0.4\t0.5\n#D\tEU\tfunds\t70\t0.8\t2\n";
static const char own[] = "actor,position.a,salience.a,position.b,salience.b,power\nA,1,1,2,0.5,3\nB,4,0.25,,,1\n";
static const char rows[] = "actor,issue,position,salience,capability\nA,a,1,1,3\nA,b,2,0.5,3\nB,a,4,0.25,1\n";
static const char ktab[] = "name,desc,2,1\nActor,Description,Power,Reform,S\nA,about A,3,10,50\nB,about B,1,90,20\n";

static char path[] = "/tmp/entente-table-XXXXXX";

static void put(const char *text)
{
    FILE *stream = fopen(path, "w");
    CHECK(stream != NULL && fputs(text, stream) >= 0 && fclose(stream) == 0);
}

static ent_table *reads(const char *text, size_t warnings)
{
    ent_table *table = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    put(text);
    ent_status status = ent_table_read(&table, path, list, NULL);
    if (status != ENT_OK)
        fail_msg("%s", ent_diagnostics_count(list) > 0 ? ent_diagnostics_get(list, 0).message : "no finding");
    assert_int_equal(ent_diagnostics_count(list), warnings);
    ent_diagnostics_free(list);
    return table;
}

static void test_decide(void **unused)
{
    (void)unused;
    ent_table *t = reads(decide, 0);
    CHECK(t->format == ENT_TABLE_DECIDE && t->n == 2 && t->issues == 2 && t->n_labels == 3);
    assert_string_equal(t->model, "exchange");
    assert_string_equal(t->title, "Summit");
    assert_string_equal(t->actor[1], "EU");
    assert_string_equal(t->actor_about[0], "United States");
    assert_string_equal(t->actor_about[1], "");
    assert_string_equal(t->issue[1], "funds");
    assert_string_equal(t->issue_about[0], "Which?");
    assert_string_equal(t->label[1].text, "none");
    CHECK(t->low[0] == 2.5 && t->high[0] == 40 && t->low[1] == 0 && t->high[1] == 100);
    CHECK(t->position[0] == 10 && t->position[2] == 40 && t->position[3] == 70);
    CHECK(t->position[1] != t->position[1] && t->salience[1] == 0 && t->capability[1] == 0 && t->line[1] == 0);
    CHECK(t->salience[3] == 0.8 && t->capability[3] == 2 && t->line[3] == 12 && t->column[3] == 13);
    ent_table_free(t);
}

static void test_who_takes_no_part_is_warned_of(void **unused)
{
    (void)unused;
    ent_table *t = reads("#A;A\n#A;B\n#P;p\n\n;;;\n#D;A;p;1;1;1;and;more;cells\r\n", 1);
    CHECK(t->n == 2 && t->position[0] == 1 && t->position[1] != t->position[1]);
    ent_table_free(t);
}

static void test_rows_and_columns(void **unused)
{
    (void)unused;
    const char *text[] = {own, rows};
    for (size_t k = 0; k < 2; k++) {
        ent_table *t = reads(text[k], 0);
        CHECK(t->format == ENT_TABLE_OWN && t->n == 2 && t->issues == 2 && t->model == NULL && t->n_options == 0);
        assert_string_equal(t->issue[1], "b");
        CHECK(t->position[0] == 1 && t->position[1] == 2 && t->position[2] == 4 && t->position[3] != t->position[3]);
        CHECK(t->salience[1] == 0.5 && t->salience[2] == 0.25 && t->salience[3] == 0);
        CHECK(t->capability[0] == 3 && t->capability[1] == 3 && t->capability[2] == 1 && t->capability[3] == 0);
        CHECK(t->low[0] != t->low[0] && t->high[1] != t->high[1]);
        ent_table_free(t);
    }
}

static void test_what_is_recognised(void **unused)
{
    (void)unused;
    const char *yes[] = {"#A\tx", "\xef\xbb\xbf#O;y", "\n\n#/,z", "\"#P\";\"x\"", "#D"};
    const char *no[] = {"", "#", "#a;x", "#Actor,position", "A#A;x", "actor,position", "#X;y"};
    for (size_t k = 0; k < ENT_COUNT(yes); k++)
        CHECK(ent_decide_recognise(yes[k], strlen(yes[k])));
    for (size_t k = 0; k < ENT_COUNT(no); k++)
        CHECK(!ent_decide_recognise(no[k], strlen(no[k])));
}

/* Each allocation fails once: a status, no leak, no crash, and nothing is written. */
static void test_memory(void **unused)
{
    (void)unused;
    const char *text[] = {decide, own, rows, ktab};
    char folder[64];
    snprintf(folder, sizeof folder, "%s.scenario", path);
    for (size_t which = 0; which < ENT_COUNT(text); which++) {
        int failures = 0, done = 0;
        put(text[which]);
        for (int64_t k = 1; k < 2000 && !done; k++) {
            ent_table *table = NULL;
            ent_diagnostics *list = ent_diagnostics_create();
            ent__alloc_fail_at(k, false);
            ent_status status = ent_table_read(&table, path, list, NULL);
            if (status == ENT_OK)
                status = ent_table_import(table, path, folder, NULL);
            ent__alloc_fail_at(0, false);
            struct stat facts;
            CHECK(status == ENT_OK || status == ENT_ERR_MEMORY);
            CHECK((lstat(folder, &facts) == 0) == (status == ENT_OK));
            failures += status != ENT_OK;
            done = status == ENT_OK;
            ent_table_free(table);
            ent_diagnostics_free(list);
        }
        CHECK(done && failures > 3);
        const char *file[] = {"actors.csv", "treaty.csv", "funds.csv", "a.csv",
                              "b.csv",      "reform.csv", "brief.md",  "scenario.yaml"};
        for (size_t f = 0; f < ENT_COUNT(file); f++) {
            char each[128];
            snprintf(each, sizeof each, "%s/%s", folder, file[f]);
            unlink(each);
        }
        CHECK(rmdir(folder) == 0);
    }
}

static void test_import_needs_a_name_and_a_place(void **unused)
{
    (void)unused;
    ent_table *t = reads(own, 0);
    ent_error err = {0};
    CHECK(ent_table_import(t, path, "", &err) == ENT_ERR_ARGUMENT);
    err = (ent_error){0};
    CHECK(ent_table_import(t, path, path, &err) == ENT_ERR_IO && strstr(err.message, "is there already") != NULL);
    err = (ent_error){0};
    CHECK(ent_table_import(t, path, "/nowhere/at/all", &err) == ENT_ERR_IO && strstr(err.message, "folder above"));
    ent_table_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decide),           cmocka_unit_test(test_who_takes_no_part_is_warned_of),
        cmocka_unit_test(test_rows_and_columns), cmocka_unit_test(test_what_is_recognised),
        cmocka_unit_test(test_memory),           cmocka_unit_test(test_import_needs_a_name_and_a_place),
    };
    int file = mkstemp(path);
    CHECK(file >= 0 && close(file) == 0);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
