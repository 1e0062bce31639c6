/* A whole scenario: its YAML, tables and brief, read, compiled and run for a few draws. Each mistake has a place in a
 * file of the scenario; what compiles gives results that are numbers, and a saved plan gives the same bytes. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

static void check_list(const ent_diagnostics *list, bool wrong)
{
    MUST(!wrong || ent_diagnostics_errors(list) > 0, "refused, and no mistake is told");
    for (size_t i = 0; i < ent_diagnostics_count(list); i++) {
        ent_diagnostic d = ent_diagnostics_get(list, i);
        MUST(d.message[0] != 0 && d.line >= 0 && d.column >= 0, "a mistake without words: %s:%d", d.file, d.line);
        MUST(ent__utf8_valid(d.message, strlen(d.message)), "a message that is no UTF-8: %s", d.message);
    }
}

static void check_saved(const ent_plan *plan, const char *json)
{
    ent_error err = {0};
    unsigned char *bytes = NULL, *again = NULL;
    size_t length, length_again;
    ent_plan *loaded = NULL;
    char *told = NULL;
    MUST(ent_plan_save(&bytes, &length, plan, &err) == ENT_OK, "%s", err.message);
    MUST(ent_plan_load(&loaded, bytes, length, &err) == ENT_OK, "what was compiled is refused: %s", err.message);
    MUST(ent_plan_save(&again, &length_again, loaded, &err) == ENT_OK, "%s", err.message);
    MUST(length == length_again && memcmp(bytes, again, length) == 0, "saved twice, it differs");
    MUST(fuzz_run(loaded, 64, &told) && strcmp(told, json) == 0, "the saved plan gives other results");
    ent_bytes_free(told);
    ent_bytes_free(bytes);
    ent_bytes_free(again);
    ent_plan_free(loaded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ent_error err = {0};
    ent_scenario *scenario = NULL;
    ent_plan *plan = NULL;
    char *json = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = ent_scenario_read(&scenario, fuzz_scenario((const char *)data, size), list, &err);
    MUST((status == ENT_OK) == (scenario != NULL), "a status that does not fit: %s", ent_status_text(status));
    check_list(list, status == ENT_ERR_SCENARIO);
    if (status == ENT_OK) {
        status = ent_plan_compile(&plan, scenario, NULL, 0, list, &err);
        MUST((status == ENT_OK) == (plan != NULL), "a status that does not fit: %s", ent_status_text(status));
        check_list(list, status == ENT_ERR_SCENARIO);
    }
    if (plan != NULL && fuzz_run(plan, 64, &json))
        check_saved(plan, json);
    ent_bytes_free(json);
    ent_plan_free(plan);
    ent_scenario_free(scenario);
    ent_diagnostics_free(list);
    return 0;
}
