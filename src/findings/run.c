/* From a plan to results: what to keep, the draws, the views. */
#include "findings/run.h"

ent_status ent__study_begin(ent__study *study, const ent_plan *plan, const ent_run_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    *study = (ent__study){0};
    ENT_REQUIRE(plan != NULL && options != NULL && options->version == 1, ENT_ERR_ARGUMENT,
                "a run needs a plan and options made by ENT_RUN_OPTIONS_INIT");
    ENT_REQUIRE(options->draws >= 0 && options->draws <= INT64_C(1) << 48, ENT_ERR_ARGUMENT,
                "the number of draws is %lld; it must be 1 to 2^48", (long long)options->draws);
    ent_results *r = study->results = ent__alloc(1, sizeof *r);
    ENT_REQUIRE(r != NULL && (r->arena = ent__arena_create()) != NULL, ENT_ERR_MEMORY, "not enough memory for a run");
    r->plan = plan;
    ENT_TRY(ent__program_create(&r->program, plan, err));
    ENT_TRY(ent__wanted_build(&study->wanted, r->program, r->arena, options->keep_draws, err));
done:
    return status;
}

ent_status ent__study_room(ent__study *study, int64_t first_block, int64_t n_blocks, const ent_run_options *options, ent_error *err)
{
    ent_results *r = study->results;
    return ent__ensemble_create(&r->ensemble, r->program, &study->wanted.keep, first_block, n_blocks, options, err);
}

ent_status ent__study_results(ent_results **out, ent__study *study, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__ensemble_fold(study->results->ensemble);
    ENT_TRY(ent__results_fill(study->results, &study->wanted, err));
    *out = study->results;
    study->results = NULL;
done:
    return status;
}

void ent__study_free(ent__study *study)
{
    ent__keep_free(&study->wanted.keep);
    ent_results_free(study->results);
    study->results = NULL;
}
