/* A scenario from its folder to its claims; what is wrong with it is told with its place.
 *
 *     run SCENARIO [DRAWS] */
#include <entente.h>

#include <stdio.h>
#include <stdlib.h>

static void tell_findings(const ent_diagnostics *list)
{
    for (size_t i = 0; i < ent_diagnostics_count(list); i++) {
        const ent_diagnostic d = ent_diagnostics_get(list, i);
        fprintf(stderr, "%s:%d:%d: %s\n", d.file, (int)d.line, (int)d.column, d.message);
    }
}

static void tell_claims(const ent_results *results)
{
    const ent_run_facts facts = ent_results_facts(results);
    printf("%s: %lld draws\n", facts.title, (long long)facts.draws);
    for (size_t i = 0; i < facts.claims; i++) {
        const ent_claim_view claim = ent_results_claim(results, i);
        printf("%s %3.0f %%  %s\n", ent_verdict_glyph(claim.arm[ENT_ARM_WITH].verdict), 100 * claim.arm[ENT_ARM_WITH].share,
               claim.title);
    }
}

int main(int argc, char **argv)
{
    ent_scenario *scenario = NULL;
    ent_plan *plan = NULL;
    ent_results *results = NULL;
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    if (argc < 2 || list == NULL)
        return 2;
    options.draws = argc > 2 ? atoll(argv[2]) : 0;
    ent_status status = ent_scenario_read(&scenario, argv[1], list, &err);
    if (status == ENT_OK)
        status = ent_plan_compile(&plan, scenario, NULL, 0, list, &err);
    tell_findings(list);
    if (status == ENT_OK)
        status = ent_run(&results, plan, &options, &err);
    if (status == ENT_OK)
        tell_claims(results);
    else if (ent_diagnostics_errors(list) == 0)
        fprintf(stderr, "%s\n", err.message);
    ent_results_free(results); /* before its plan */
    ent_plan_free(plan);
    ent_scenario_free(scenario);
    ent_diagnostics_free(list);
    return status == ENT_OK ? 0 : 1;
}
