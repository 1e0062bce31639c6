/* The table of months without memory; what is wrong in a table is told in test_command.py. */
#include "check.h"
#include "core/core.h"
#include "entente/war.h"

#include <unistd.h>

static void a_table_is_read_or_nothing_is_kept(void **state)
{
    (void)state;
    char path[] = "/tmp/entente-test-XXXXXX";
    const char text[] = "month;talk;cost_a\n2022-12;0,5;1\n2023-01;0,25;2\n";
    int file = mkstemp(path), failed = 0;
    CHECK(file >= 0 && write(file, text, sizeof text - 1) == (ssize_t)(sizeof text - 1) && close(file) == 0);
    ent_war_table *table = NULL;
    for (int64_t k = 1; table == NULL; k++) {
        ent_diagnostics *list = ent_diagnostics_create();
        ent_error err = {0};
        ent__alloc_fail_at(k, true);
        ent_status status = ent_war_table_read(&table, path, list, &err);
        ent__alloc_fail_at(0, false);
        CHECK(status == ENT_OK ? table != NULL : status == ENT_ERR_MEMORY && table == NULL && err.message[0] != 0);
        failed += status != ENT_OK;
        ent_diagnostics_free(list);
        CHECK(k < 1000);
    }
    CHECK(failed >= 3);
    CHECK(table->months == 2 && table->start_month == 2022 * 12 + 11);
    for (size_t s = 0; s < ENT_WAR_SERIES; s++) {
        ent_war_input in = ENT_WAR_INPUT_INIT;
        const double **place;
        const char *name = ent_war_series(&place, &in, s);
        const double *want = strcmp(name, "talk") == 0     ? (const double[]){0.5, 0.25}
                             : strcmp(name, "cost_a") == 0 ? (const double[]){1, 2}
                                                           : NULL;
        CHECK((table->series[s] == NULL) == (want == NULL) && *place == NULL);
        for (int t = 0; want != NULL && t < 2; t++)
            CHECK(table->series[s][t] == want[t]);
    }
    const double **place;
    CHECK(ent_war_series(&place, &(ent_war_input){0}, ENT_WAR_SERIES) == NULL);
    ent_war_table_free(table);
    ent_war_table_free(NULL);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_table_is_read_or_nothing_is_kept)};
    return cmocka_run_group_tests_name("war_table", tests, NULL, NULL);
}
