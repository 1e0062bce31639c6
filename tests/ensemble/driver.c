/* Prints the JSON of a scenario's run: driver SCENARIO DRAWS [PLAN]; PLAN is a file to which the compiled plan is written. It takes
 * the locale of the environment, as programs that use the library do, and tells its decimal point on standard error. */
#include "entente.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static bool write_plan(const char *path, const ent_plan *plan, ent_error *err)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    bool done = ent_plan_save(&bytes, &length, plan, err) == ENT_OK;
    FILE *file = done ? fopen(path, "wb") : NULL;
    done = file != NULL && fwrite(bytes, 1, length, file) == length;
    done = file != NULL && fclose(file) == 0 && done;
    ent_bytes_free(bytes);
    return done;
}

int main(int argc, char **argv)
{
    ent_scenario *scenario = NULL;
    ent_plan *plan = NULL;
    ent_results *results = NULL;
    char *text = NULL;
    size_t length = 0;
    ent_error err = {0};
    setlocale(LC_ALL, "");
    fprintf(stderr, "decimal point %s\n", localeconv()->decimal_point);
    ent_diagnostics *list = ent_diagnostics_create();
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = argc > 2 ? atoll(argv[2]) : 1000;
    options.jobs = 2;
    bool done = argc > 1 && ent_scenario_read(&scenario, argv[1], list, &err) == ENT_OK &&
                ent_plan_compile(&plan, scenario, NULL, 0, list, &err) == ENT_OK && (argc < 4 || write_plan(argv[3], plan, &err)) &&
                ent_run(&results, plan, &options, &err) == ENT_OK &&
                ent_results_json(&text, &length, results, &err) == ENT_OK;
    if (done)
        fwrite(text, 1, length, stdout);
    else
        fprintf(stderr, "%s\n", err.message);
    ent_bytes_free(text);
    ent_results_free(results);
    ent_plan_free(plan);
    ent_scenario_free(scenario);
    ent_diagnostics_free(list);
    return done ? 0 : 1;
}
