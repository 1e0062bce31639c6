/* Tables of who wants what: our own, KTAB's CSV and XML, Decide's; and tables of a war's months. What is read is in its
 * ranges, and the scenario that is made of it is read and compiled. */
#include "target.h"

static void check_import(const ent_table *t)
{
    ent_error err = {0};
    ent_scenario *scenario = NULL;
    ent_plan *plan = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    const char *folder = fuzz_path("made");
    fuzz_remove(folder);
    ent_status status = ent_table_import(t, "table", folder, &err);
    if (status == ENT_OK) {
        if (ent_scenario_read(&scenario, folder, list, &err) != ENT_OK ||
            ent_plan_compile(&plan, scenario, NULL, 0, list, &err) != ENT_OK) {
            ent_diagnostic d = ent_diagnostics_count(list) > 0 ? ent_diagnostics_get(list, 0)
                                                               : (ent_diagnostic){.file = "", .message = err.message};
            MUST(false, "the scenario that was made is refused: %s:%d: %s", d.file, d.line, d.message);
        }
    } else {
        MUST(status == ENT_ERR_SCENARIO || status == ENT_ERR_LIMIT, "%s", err.message);
    }
    ent_plan_free(plan);
    ent_scenario_free(scenario);
    ent_diagnostics_free(list);
    fuzz_remove(folder);
}

static void check_table(const ent_table *t)
{
    MUST(t->n >= 1 && t->issues >= 1, "%zu actors, %zu issues", t->n, t->issues);
    for (size_t i = 0; i < t->n * t->issues; i++) {
        bool part = !ent__is_undefined(t->position[i]);
        MUST(!part || ent__is_finite(t->position[i]), "position %g", t->position[i]);
        MUST(t->salience[i] >= 0 && t->salience[i] <= 1 && (part || t->salience[i] == 0), "salience %g",
             t->salience[i]);
        MUST(t->capability[i] >= 0 && t->capability[i] <= 1e100 && (part || t->capability[i] == 0), "capability %g",
             t->capability[i]);
    }
    for (size_t i = 0; i < t->n; i++)
        MUST(t->actor[i][0] != 0, "actor %zu has no name", i);
    if (t->n <= 40 && t->issues <= 40)
        check_import(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t brackets =
        0; /* so many in one line are taken for a hostile depth by the reader of YAML, even within quotes */
    for (size_t i = 0; i < size; i++)
        brackets += data[i] == '[' || data[i] == '{';
    if (brackets > 64)
        return 0;
    ent_error err = {0};
    ent_table *table = NULL;
    ent_war_table *war = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    const char *path = fuzz_write("table", data, size);
    ent_status status = ent_table_read(&table, path, list, &err);
    MUST((status == ENT_OK) == (table != NULL), "a status that does not fit: %s", ent_status_text(status));
    MUST(status != ENT_ERR_SCENARIO || ent_diagnostics_errors(list) > 0, "refused, and no mistake is told");
    if (table != NULL)
        check_table(table);
    ent_table_free(table);
    status = ent_war_table_read(&war, path, list, &err);
    MUST((status == ENT_OK) == (war != NULL) && (war == NULL || war->months >= 1), "a status that does not fit: %s",
         ent_status_text(status));
    ent_war_table_free(war);
    ent_diagnostics_free(list);
    return 0;
}
