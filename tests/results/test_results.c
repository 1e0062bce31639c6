/* The writers without memory: every allocation fails once, then all succeed; and findings as JSON. */
#include "check.h"
#include "fake.h"
#include "results/results.h"

#include <dirent.h>
#include <unistd.h>

static char folder[] = "/tmp/entente-test-XXXXXX";

static size_t files_in(const char *path)
{
    size_t n = 0;
    DIR *dir = opendir(path);
    if (dir == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        n += entry->d_name[0] != '.';
    closedir(dir);
    return n;
}

static const ent_results made_up = {.quantities = 8, .claims = 6};

static void json_without_memory_is_an_error_and_nothing_is_given(void **state)
{
    (void)state;
    int64_t k = 0;
    for (ent_status status = ENT_ERR_MEMORY; status != ENT_OK;) {
        char *text = NULL;
        size_t length = 7;
        ent_error err = {0};
        ent__alloc_fail_at(++k, false);
        status = ent_results_json(&text, &length, &made_up, &err);
        ent__alloc_fail_at(0, false);
        if (status == ENT_OK) {
            CHECK(length == strlen(text));
            ent_bytes_free(text);
        } else {
            CHECK(status == ENT_ERR_MEMORY && err.status == status && text == NULL && length == 7);
        }
        CHECK(k < 1000);
    }
    CHECK(k > 1);
}

static void files_without_memory_are_not_there(void **state)
{
    (void)state;
    int64_t k = 0;
    for (ent_status status = ENT_ERR_MEMORY; status != ENT_OK;) {
        ent_error err = {0};
        CHECK(files_in(folder) == 0);
        ent__alloc_fail_at(++k, false);
        status = ent_results_write_folder(&made_up, folder, false, &err);
        ent__alloc_fail_at(0, false);
        CHECK(status == ENT_OK || (status == ENT_ERR_MEMORY && err.message[0] != 0));
        CHECK(k < 1000);
    }
    CHECK(k > 5);
    CHECK(files_in(folder) == 2);
}

static void draws_that_were_not_kept_are_an_error_and_leave_what_was_there(void **state)
{
    (void)state;
    ent_error err = {0};
    CHECK(ent_results_write_folder(&made_up, folder, true, &err) == ENT_ERR_ARGUMENT);
    CHECK(files_in(folder) == 2);
}

static void findings_as_json(void **state)
{
    (void)state;
    ent_diagnostics *list = ent_diagnostics_create();
    char *text = NULL;
    size_t length = 0;
    CHECK(ent_diagnostics_json(&text, &length, list, NULL) == ENT_OK);
    assert_string_equal(text, "[\n]\n");
    ent_bytes_free(text);
    ent__diagnose(list, ENT_SEVERITY_ERROR, "a\"b.yaml", 3, 4, "what \"%s\"", "x");
    ent__diagnose(list, ENT_SEVERITY_WARNING, "", 0, 0, "so\n");
    CHECK(ent_diagnostics_json(&text, &length, list, NULL) == ENT_OK);
    assert_string_equal(
        text, "[\n {\"file\":\"a\\\"b.yaml\",\"line\":3,\"column\":4,\"severity\":\"error\",\"message\":\"what "
              "\\\"x\\\"\"},\n {\"file\":\"\",\"line\":0,\"column\":0,\"severity\":\"warning\",\"message\":"
              "\"so\\n\"}\n]\n");
    CHECK(length == strlen(text));
    ent_bytes_free(text);
    ent_error err = {0};
    ent__alloc_fail_at(1, false);
    CHECK(ent_diagnostics_json(&text, &length, list, &err) == ENT_ERR_MEMORY && err.message[0] != 0);
    ent__alloc_fail_at(0, false);
    ent_diagnostics_free(list);
}

static void numbers_and_text_for_front_ends(void **state)
{
    (void)state;
    char out[32];
    assert_int_equal(ent_number_text(out, NAN), 4);
    assert_string_equal(out, "null");
    ent_number_text(out, -INFINITY);
    assert_string_equal(out, "null");
    assert_int_equal(ent_number_text(out, 0.1), 3);
    assert_string_equal(out, "0.1");
    double x = 0;
    CHECK(ent_number_read(&x, "2.5", 3) && x == 2.5);
    CHECK(!ent_number_read(&x, "2,5", 3) && !ent_number_read(&x, "nan", 3) && !ent_number_read(&x, "", 0));
    char *json = ent_text_json("a\n\xff", 3);
    assert_string_equal(json, "\"a\\n\xef\xbf\xbd\"");
    ent_bytes_free(json);
    static const char *const names[] = {"compromise", "median"};
    assert_string_equal(ent_text_nearest("medain", names, 2), "median");
    assert_null(ent_text_nearest("x", names, 2));
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[128];
    static const char *const name[] = {"/results.sqlite", "/report.html", ""};
    for (size_t i = 0; i < ENT_COUNT(name); i++) {
        snprintf(path, sizeof path, "%s%s", folder, name[i]);
        if (remove(path) != 0)
            return 1;
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_without_memory_is_an_error_and_nothing_is_given),
        cmocka_unit_test(files_without_memory_are_not_there),
        cmocka_unit_test(draws_that_were_not_kept_are_an_error_and_leave_what_was_there),
        cmocka_unit_test(findings_as_json),
        cmocka_unit_test(numbers_and_text_for_front_ends)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
