#include "check.h"
#include "core/core.h"

static void first_error_is_kept(void **state)
{
    (void)state;
    ent_error err = {0};
    CHECK(ent__error_set(&err, ENT_ERR_DOMAIN, "a.yaml", 3, 7, "salience %d", 2) == ENT_ERR_DOMAIN);
    CHECK(ent__error_set(&err, ENT_ERR_IO, "b.yaml", 1, 1, "later") == ENT_ERR_IO);
    assert_string_equal(err.message, "salience 2");
    assert_string_equal(err.file, "a.yaml");
    CHECK(err.line == 3 && err.column == 7 && err.status == ENT_ERR_DOMAIN);
    CHECK(ent__error_set(NULL, ENT_ERR_IO, "", 0, 0, "x") == ENT_ERR_IO);
}

static void long_file_names_keep_their_end(void **state)
{
    (void)state;
    char name[400];
    memset(name, 'a', sizeof name);
    memcpy(name + 389, "/last.yaml", 11);
    ent_error err = {0};
    (void)!ent__error_set(&err, ENT_ERR_IO, name, 0, 0, "x");
    CHECK(strlen(err.file) == sizeof err.file - 1);
    CHECK(strcmp(err.file + strlen(err.file) - 10, "/last.yaml") == 0);
}

static void findings_sort_and_repeats_go(void **state)
{
    (void)state;
    ent_diagnostics *list = ent_diagnostics_create();
    ent__diagnose(list, ENT_SEVERITY_ERROR, "b", 2, 1, "two");
    ent__diagnose(list, ENT_SEVERITY_WARNING, "b", 1, 9, "one");
    ent__diagnose(list, ENT_SEVERITY_ERROR, "a", 9, 9, "zero");
    ent__diagnose(list, ENT_SEVERITY_ERROR, "b", 2, 1, "two");
    CHECK(ent_diagnostics_errors(list) == 3);
    ent_diagnostics_sort(list);
    CHECK(ent_diagnostics_count(list) == 3 && ent_diagnostics_errors(list) == 2);
    assert_string_equal(ent_diagnostics_get(list, 0).message, "zero");
    assert_string_equal(ent_diagnostics_get(list, 1).message, "one");
    ent_diagnostics_free(list);
    ent_diagnostics_free(NULL);
}

static void nearest_name(void **state)
{
    (void)state;
    const char *names[] = {"salience", "position", "capability", "us"};
    assert_string_equal(ent__nearest("saliense", names, 4), "salience");
    assert_string_equal(ent__nearest("postion", names, 4), "position");
    assert_string_equal(ent__nearest("capabiltiy", names, 4), "capability");
    assert_null(ent__nearest("weather", names, 4));
    assert_null(ent__nearest("x", NULL, 0));
}

static void every_status_has_a_text(void **state)
{
    (void)state;
#define X(name, value, text) assert_string_equal(ent_status_text(name), text);
    ENT_STATUS_LIST(X)
#undef X
    assert_string_equal(ent_status_text((ent_status)99), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_error_is_kept), cmocka_unit_test(long_file_names_keep_their_end),
        cmocka_unit_test(findings_sort_and_repeats_go), cmocka_unit_test(nearest_name),
        cmocka_unit_test(every_status_has_a_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
