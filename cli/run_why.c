/* entente run --why: attribution, sensitivity and levers beside the draws, for the JSON and the report. */
#include "run.h"

#include <string.h>

enum { TOLD = 12, BASE = 512, MOST = 40 }; /* factors of a target in the report; base draws of its indices; factors in all */

typedef struct share_of_progress { cli_progress progress; int32_t at; } share_of_progress;

static ent_status attach(ent_results *results, const char *key, char *json, ent_status status, ent_error *err)
{
    if (status == ENT_OK)
        status = ent_results_attach(results, key, json, err);
    ent_bytes_free(json);
    return status;
}

static ent_status attribute(ent_results *results, const ent_plan *plan, const ent_run_options *run, ent_error *err)
{
    ent_attribution_options options = ENT_ATTRIBUTION_OPTIONS_INIT;
    options.draws = run->draws;
    options.has_seed = run->has_seed;
    options.seed = run->seed;
    options.jobs = run->jobs;
    options.progress = run->progress;
    options.payload = run->payload;
    ent_attribution *attribution = NULL;
    char *json = NULL;
    size_t length;
    ent_status status = ent_attribution_run(&attribution, plan, &options, err);
    if (status == ENT_OK)
        status = ent_attribution_json(&json, &length, attribution, err);
    ent_attribution_free(attribution);
    return attach(results, "attribution", json, status, err);
}

/* What decides any claim: indices of these alone take seconds where those of all inputs take minutes. */
static size_t deciding(const ent_results *results, const char **input)
{
    size_t n = 0;
    for (size_t rank = 0; rank < 3; rank++)
        for (size_t c = 0; c < ent_results_facts(results).claims && n < MOST; c++) {
            ent_claim_view claim = ent_results_claim(results, c);
            size_t known = 0;
            while (rank < claim.n_drivers && known < n && strcmp(input[known], claim.driver[rank].input) != 0)
                known++;
            if (rank < claim.n_drivers && known == n)
                input[n++] = claim.driver[rank].input;
        }
    return n;
}

static ent_status sense(ent_results *results, const ent_plan *plan, const ent_run_options *run, ent_error *err)
{
    const char *input[MOST];
    ent_sensitivity_options options = ENT_SENSITIVITY_OPTIONS_INIT;
    options.base = BASE;
    options.n_inputs = deciding(results, input);
    options.input = input;
    options.no_sobol = options.n_inputs == 0; /* nothing stands out: delta of all inputs from one sample is quick */
    options.has_seed = run->has_seed;
    options.seed = run->seed;
    options.jobs = run->jobs;
    options.progress = run->progress;
    options.payload = run->payload;
    ent_sensitivity *sensitivity = NULL;
    char *json = NULL;
    size_t length;
    ent_status status = ent_sensitivity_run(&sensitivity, plan, &options, err);
    if (status == ENT_OK)
        status = ent_sensitivity_json(&json, &length, sensitivity, TOLD, err);
    ent_sensitivity_free(sensitivity);
    return attach(results, "sensitivity", json, status, err);
}

static ent_status pull(ent_results *results, const ent_plan *plan, const ent_run_options *run, ent_error *err)
{
    ent_levers_options options = ENT_LEVERS_OPTIONS_INIT;
    options.has_seed = run->has_seed;
    options.seed = run->seed;
    options.jobs = run->jobs;
    options.progress = run->progress;
    options.payload = run->payload;
    ent_levers *levers = NULL;
    char *json = NULL;
    size_t length;
    ent_status status = ent_levers_run(&levers, plan, &options, err);
    if (status == ENT_OK)
        status = ent_levers_json(&json, &length, levers, err);
    ent_levers_free(levers);
    return attach(results, "levers", json, status, err);
}

ent_status run_why(ent_results *results, const ent_plan *plan, const run_request *request, const cli_args *args, ent_error *err)
{
    ent_status (*const study[])(ent_results *, const ent_plan *, const ent_run_options *, ent_error *) = {attribute, sense, pull};
    ent_status status = ENT_OK;
    for (size_t k = 0; k < sizeof study / sizeof *study && status == ENT_OK; k++) {
        cli_progress progress;
        ent_run_options options = run_options(request, args, &progress);
        status = study[k](results, plan, &options, err);
        cli_progress_end(&progress);
    }
    return status;
}
