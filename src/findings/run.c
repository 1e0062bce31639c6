/* From a plan to results: what to keep, the draws, the views. */
#include "findings/run.h"

#include "plan/memo.h"

ent_status ent__study_begin(ent__study *study, const ent_plan *plan, const ent_run_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    *study = (ent__study){0};
    ENT_REQUIRE(plan != NULL && options != NULL && options->version == 1, ENT_ERR_ARGUMENT,
                "a run needs a plan and options made by ENT_RUN_OPTIONS_INIT");
    ENT_REQUIRE(options->draws >= 0 && options->draws <= INT64_C(1) << 48, ENT_ERR_ARGUMENT,
                "the number of draws is %lld; it must be 1 to 2^48", (long long)options->draws);
    ENT_REQUIRE(!options->brief || !options->keep_draws, ENT_ERR_ARGUMENT, "a brief run keeps no draws");
    study->options = *options;
    study->options.jobs = options->memo != NULL ? 1 : options->jobs;
    ent_results *r = study->results = ent__alloc(1, sizeof *r);
    ENT_REQUIRE(r != NULL && (r->arena = ent__arena_create()) != NULL, ENT_ERR_MEMORY, "not enough memory for a run");
    r->plan = plan;
    r->brief = options->brief;
    ENT_TRY(options->brief ? ent__brief_program(&r->program, plan, err) : ent__program_create(&r->program, plan, err));
    if (options->memo != NULL)
        ENT_TRY(ent__memo_begin(options->memo, r->program, options->has_seed ? options->seed : plan->head->seed, err));
    r->program->memo = options->memo;
    ENT_TRY(ent__wanted_build(&study->wanted, r->program, r->arena, options, err));
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
    study->results->program->memo = NULL; /* it may be gone before the results are */
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

ent_status ent_run(ent_results **out, const ent_plan *plan, const ent_run_options *options, ent_error *err)
{
    ent__study study;
    ent_status status = ENT_OK;
    ENT_TRY(ent__study_begin(&study, plan, options, err));
    ENT_TRY(ent__study_room(&study, 0, ent__blocks(ent__draws_asked(plan, options)), &study.options, err));
    ENT_TRY(ent__ensemble_make(study.results->ensemble, &study.options, NULL, err));
    ENT_TRY(ent__study_results(out, &study, err));
done:
    ent__study_free(&study);
    return status;
}
