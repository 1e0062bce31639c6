/* From a plan to results: what to keep, the draws, the views. */
#include "findings/run.h"

#include "ensemble/part.h"
#include "plan/memo.h"

#include <string.h>
#include <time.h>

ent_status ent__study_begin(ent__study *study, const ent_plan *plan, const ent_run_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    *study = (ent__study){0};
    ENT_REQUIRE(plan != NULL && options != NULL && options->version == 1, ENT_ERR_ARGUMENT,
                "a run needs a plan and options made by ENT_RUN_OPTIONS_INIT");
    ENT_REQUIRE(options->draws >= 0 && options->draws <= ENT_MAX_DRAWS, ENT_ERR_ARGUMENT,
                "the number of draws is %lld; it must be 1 to %lld", (long long)options->draws, (long long)ENT_MAX_DRAWS);
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
    int64_t draws = ent__draws_asked(plan, options);
    study->options.counts = options->counts || draws > ENT_EXACT_DRAWS;
    ENT_TRY(ent__wanted_build(&study->wanted, r->program, r->arena, &study->options, err));
    if (!study->options.counts && options->memory > 0 &&
        (double)draws * (double)ent__draw_bytes(plan, &study->wanted.keep) > (double)options->memory) {
        ent__keep_free(&study->wanted.keep);
        study->options.counts = true;
        ENT_TRY(ent__wanted_build(&study->wanted, r->program, r->arena, &study->options, err));
    }
done:
    return status;
}

ent_status ent__study_room(ent__study *study, int64_t first_block, int64_t n_blocks, ent_error *err)
{
    ent_results *r = study->results;
    return ent__ensemble_create(&r->ensemble, r->program, &study->wanted.keep, first_block, n_blocks, &study->options, err);
}

/* --- saving and going on -------------------------------------------------------------------------- */

/* A saver of bytes as a saver of ensembles. */
typedef struct keeper {
    const ent_saver *saver;
    int32_t jobs;
    int64_t rows_end; /* draws whose rows were given */
    bool saved;
    ent__checksum sum; /* of all rows */
    ent__buffer state, rows;
} keeper;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* At most every hundredth of the time goes into making the bytes: where it takes long, it is done less often. */
static double keep(const ent__ensemble *e, void *payload)
{
    keeper *k = payload;
    double start = seconds();
    ent__checksum sum = k->sum;
    k->state.length = k->rows.length = 0;
    ent__part_rows(&k->rows, e, k->rows_end, e->first + e->draws - k->rows_end);
    ent__checksum_add(&sum, k->rows.data, k->rows.length);
    ent__part_state(&k->state, e, &sum, NULL, 0);
    if (k->state.failed || k->rows.failed)
        return __builtin_inf(); /* no memory: the run goes on without being saved */
    double spent = 100 * (seconds() - start) / k->jobs;
    ent_saved now = {(const unsigned char *)k->state.data, k->state.length, (const unsigned char *)k->rows.data, k->rows.length};
    double wanted = k->saver->save(&now, k->saver->payload);
    if (wanted >= 0) {
        k->rows_end = e->first + e->draws;
        k->sum = sum;
        k->saved = true;
    }
    wanted = wanted < 0 ? -wanted : wanted;
    return wanted > spent ? wanted : spent;
}

/* Puts what was saved where the run has left it. */
static ent_status go_on(ent__ensemble *e, keeper *k, ent_error *err)
{
    ent__part part;
    const ent_saved *from = &k->saver->from;
    ent_status status = ENT_OK;
    ENT_TRY(ent__part_open(&part, from->state, from->state_length, from->rows != NULL ? from->rows : (const unsigned char *)"",
                           from->rows_length, err));
    ENT_TRY(ent__part_fits(&part, e, err));
    ENT_REQUIRE(part.head.first == e->first && part.head.draws <= e->room, ENT_ERR_ARGUMENT,
                "it holds draws %lld to %lld, and those wanted begin at draw %lld", (long long)part.head.first + 1,
                (long long)(part.head.first + part.head.draws), (long long)e->first + 1);
    ENT_TRY(ent__part_add(e, &part, err));
    e->draws = part.head.draws;
    k->rows_end = e->first + e->draws;
    ent__checksum_add(&k->sum, part.rows, (size_t)part.head.rows_length);
done:
    return status;
}

ent_status ent__study_make(ent__study *study, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__ensemble *e = study->results->ensemble;
    const ent_run_options *options = &study->options;
    keeper k = {.saver = options->saver, .rows_end = e->first, .jobs = ent__ensemble_jobs(e, options)};
    if (options->saver == NULL)
        return ent__ensemble_make(e, options, NULL, err);
    ent__checksum_begin(&k.sum);
    if (options->saver->from.state != NULL)
        ENT_TRY(go_on(e, &k, err));
    int64_t before = e->draws;
    ENT_TRY(ent__ensemble_make(e, options, &(ent__saver){keep, &k, options->saver->seconds}, err));
    if (e->draws > before && (e->interrupted || k.saved)) /* results take time, too */
        (void)keep(e, &k);
done:
    ent__buffer_free(&k.state);
    ent__buffer_free(&k.rows);
    return status;
}

/* --- results -------------------------------------------------------------------------------------- */

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
    ENT_TRY(ent__study_room(&study, 0, ent__blocks(ent__draws_asked(plan, options)), err));
    ENT_TRY(ent__study_make(&study, err));
    ENT_TRY(ent__study_results(out, &study, err));
done:
    ent__study_free(&study);
    return status;
}
