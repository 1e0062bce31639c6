/* The engine in the browser: what a page calls of the library, as exports of one WebAssembly module.
 *
 * A module holds one plan and the results of its last run. It may run alone (engine_run), give a first look that is
 * computed from what it remembers (engine_look), make a part of a run (engine_part), or put parts together
 * (engine_join, engine_joined). Texts and bytes pass through memory that the caller takes by engine_take() and gives
 * back by engine_give(). A function that can fail gives an ent_status; engine_error() then tells why. Nothing is counted
 * or judged here: the numbers are those of the native library, bit by bit. */
#include "entente.h"

#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

enum { REMEMBERED = 4 }; /* batches of 64 draws that a first look may be computed from */

/* The page's: how many draws are done of how many; non-zero stops the run. */
__attribute__((import_module("page"), import_name("progress"))) int page_progress(double done, double total);

static struct {
    unsigned char *saved; /* the plan as it was loaded, for engine_reset() */
    size_t saved_length;
    ent_plan *plan;
    ent_memo *memo;
    ent_merge *merge;
    ent_results *results;
    char *text;           /* the last text or bytes that were asked for */
    size_t text_length;
    ent_error err;
} engine;

void *EXPORT(engine_take)(size_t bytes) { return malloc(bytes > 0 ? bytes : 1); }
void EXPORT(engine_give)(void *block) { free(block); }
const char *EXPORT(engine_error)(void) { return engine.err.message; }
const char *EXPORT(engine_version)(void) { return ENT_VERSION; }
const char *EXPORT(engine_text)(void) { return engine.text; }
size_t EXPORT(engine_text_length)(void) { return engine.text_length; }

static void forget_text(void)
{
    ent_bytes_free(engine.text);
    engine.text = NULL;
    engine.text_length = 0;
}

/* Results and merges borrow from the plan. */
static void forget_results(void)
{
    forget_text();
    ent_results_free(engine.results);
    ent_merge_free(engine.merge);
    engine.results = NULL;
    engine.merge = NULL;
}

/* --- the plan -------------------------------------------------------------------------------------- */

/* Back to the plan as it was loaded. */
ent_status EXPORT(engine_reset)(void)
{
    ent_plan *plan = NULL;
    engine.err = (ent_error){0};
    ent_status status = ent_plan_load(&plan, engine.saved, engine.saved_length, &engine.err);
    if (status != ENT_OK)
        return status;
    forget_results();
    ent_plan_free(engine.plan);
    engine.plan = plan;
    return ENT_OK;
}

/* Takes over `bytes`, which came from engine_take(). */
ent_status EXPORT(engine_load)(unsigned char *bytes, size_t length)
{
    free(engine.saved);
    engine.saved = bytes;
    engine.saved_length = length;
    return engine_reset();
}

/* A change to the plan, as `entente run --set NAME=VALUE` makes it. Texts end in 0 and stay the caller's. */
ent_status EXPORT(engine_set)(const char *name, const char *value)
{
    engine.err = (ent_error){0};
    forget_results();
    return ent_plan_set(engine.plan, name, value, &engine.err);
}

/* --- runs ------------------------------------------------------------------------------------------ */

static int on_progress(const ent_progress *progress, void *payload)
{
    (void)payload;
    return page_progress((double)progress->done, (double)progress->total);
}

static ent_run_options options_for(double draws)
{
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = (int64_t)draws;
    options.jobs = 1;
    options.progress = on_progress;
    engine.err = (ent_error){0};
    forget_results();
    return options;
}

/* Runs draws 0 .. draws - 1 of the plan as it stands. */
ent_status EXPORT(engine_run)(double draws)
{
    ent_run_options options = options_for(draws);
    return ent_run(&engine.results, engine.plan, &options, &engine.err);
}

/* Claims and outcomes of as many draws: what does not follow from changes since the last look is remembered. */
ent_status EXPORT(engine_look)(double draws)
{
    ent_run_options options = options_for(draws);
    if (engine.memo == NULL && ent_memo_create(&engine.memo, REMEMBERED, &engine.err) != ENT_OK)
        return engine.err.status;
    options.brief = true;
    options.memo = engine.memo;
    return ent_run(&engine.results, engine.plan, &options, &engine.err);
}

/* The k-th of n parts of a run: its bytes are then at engine_text(). Without any block there are none. */
ent_status EXPORT(engine_part)(double draws, double k, double n)
{
    ent_run_options options = options_for(draws);
    int64_t first_block, n_blocks;
    unsigned char *bytes = NULL;
    ent_part_share(&first_block, &n_blocks, options.draws, (int64_t)k, (int64_t)n);
    if (n_blocks == 0)
        return ENT_OK;
    ent_status status = ent_part_run(&bytes, &engine.text_length, engine.plan, first_block, n_blocks, false, &options, &engine.err);
    engine.text = (char *)bytes;
    return status;
}

/* A part that another module made of the same plan; takes over `bytes`, which came from engine_take(). */
ent_status EXPORT(engine_join)(unsigned char *bytes, size_t length)
{
    engine.err = (ent_error){0};
    ent_status status = engine.merge == NULL ? ent_merge_create(&engine.merge, engine.plan, &engine.err) : ENT_OK;
    if (status == ENT_OK)
        status = ent_merge_add(engine.merge, bytes, length, "a part of the run", &engine.err);
    free(bytes);
    return status;
}

/* All parts were joined: the results of the run. */
ent_status EXPORT(engine_joined)(void)
{
    engine.err = (ent_error){0};
    ent_results_free(engine.results);
    engine.results = NULL;
    if (engine.merge == NULL)
        return ENT_ERR_ARGUMENT;
    return ent_merge_results(&engine.results, &engine.merge, false, &engine.err);
}

/* --- what was found -------------------------------------------------------------------------------- */

typedef ent_status writer(char **text, size_t *length, const ent_results *results, ent_error *err);

static ent_status write_text(writer *write)
{
    engine.err = (ent_error){0};
    forget_text();
    return engine.results != NULL ? write(&engine.text, &engine.text_length, engine.results, &engine.err) : ENT_ERR_ARGUMENT;
}

/* The JSON of `entente run --json`, and the data block of the report: then at engine_text(), engine_text_length(). */
ent_status EXPORT(engine_json)(void) { return write_text(ent_results_json); }
ent_status EXPORT(engine_report)(void) { return write_text(ent_results_report_json); }
