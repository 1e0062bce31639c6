/**
 * @file entente/results.h
 * @brief Compile a scenario to a plan, run it for many draws, and read what was found.
 *
 *     ent_scenario_read -> ent_plan_compile -> ent_run -> ent_results, written as JSON, SQLite, CSV or a report
 */
#ifndef ENTENTE_RESULTS_H
#define ENTENTE_RESULTS_H

#include "entente/core.h"
#include "entente/scenario.h"
#include "entente/story.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- plan ---------------------------------------------------------------------------------------- */

/** Ordered steps over numbers, with everything a result needs to be told; changed by ent_plan_set() alone. Opaque. */
typedef struct ent_plan ent_plan;

/** One change from outside: NAME = VALUE, as `--set us_stake=0.5` or `--set "us_stake=0.3 to 0.6"`. Borrowed. */
typedef struct ent_setting {
    const char *name;
    const char *value;
} ent_setting;

/** Compiles: resolves every name and shape, orders the steps, finds cycles. Errors go to `list` with their places. With
 *  out = NULL the scenario is checked and the plan thrown away, which is quicker. */
ENT_API ENT_MUST_CHECK ent_status ent_plan_compile(ent_plan **out, const ent_scenario *scenario, const ent_setting *settings,
                                                   size_t n_settings, ent_diagnostics *list, ent_error *err);
ENT_API void ent_plan_free(ent_plan *plan); /**< NULL is allowed */
/** The plan as bytes that ent_plan_load() takes on any machine; *bytes is owned by the caller: ent_bytes_free(). */
ENT_API ENT_MUST_CHECK ent_status ent_plan_save(unsigned char **bytes, size_t *length, const ent_plan *plan, ent_error *err);
/** Checks every offset and index: hostile bytes give ENT_ERR_FORMAT, never a crash. */
ENT_API ENT_MUST_CHECK ent_status ent_plan_load(ent_plan **out, const unsigned char *bytes, size_t length, ent_error *err);

/**
 * Changes a plan as compiling it with one more setting would have: the results are the same bytes, command and hash included.
 * What may be set: an input, a stance, a chance, what a provision changes a number to (each a number or a distribution);
 * ISSUE.settle.MODEL, CLAIM.threshold, LEVER.lever (a number); PROVISION.in_force (yes or no). What is computed cannot be set
 * here. No results of the plan may be in use: they borrow from it.
 * @return ENT_OK; else the plan is as it was: ENT_ERR_ARGUMENT (no such name, or no such value: says what is allowed);
 *         ENT_ERR_MEMORY; ENT_ERR_FORMAT (a plan that was tampered with)
 */
ENT_API ENT_MUST_CHECK ent_status ent_plan_set(ent_plan *plan, const char *name, const char *value, ent_error *err);

/**
 * Remembers what was computed of the first draws of a run, so that a later run computes only what follows from what was
 * changed since: for somebody who moves a number and looks. Results are the same bytes with it and without. Opaque.
 */
typedef struct ent_memo ent_memo;
/** Of at most so many batches of 64 draws; each takes 512 bytes for every number that a draw computes. ENT_ERR_MEMORY; ENT_ERR_ARGUMENT */
ENT_API ENT_MUST_CHECK ent_status ent_memo_create(ent_memo **out, int32_t batches, ent_error *err);
ENT_API void ent_memo_free(ent_memo *memo); /**< NULL is allowed */
/** Batches that are held; of the last batch of draws that was run, how many steps were found in it and how many were run. */
typedef struct ent_memo_facts { int32_t batches, found, run; } ent_memo_facts;
ENT_API ent_memo_facts ent_memo_get_facts(const ent_memo *memo);

/* --- run ----------------------------------------------------------------------------------------- */

typedef struct ent_progress {
    int64_t done, total;        /**< draws */
} ent_progress;
/** Called from the calling thread at most ten times a second; non-zero stops the run after the draws under way. */
typedef int (*ent_progress_fn)(const ent_progress *progress, void *payload);

/** A run as far as it has gone: with the same plan and options, another process goes on from there to the same bytes. */
typedef struct ent_saved {
    const unsigned char *state; /**< what is saved anew every time */
    size_t state_length;
    const unsigned char *rows;  /**< values of draws that are kept: only ever added to */
    size_t rows_length;
} ent_saved;

/** Somebody who saves a run under way, such as ent_checkpoint_saver(). */
typedef struct ent_saver {
    double seconds;             /**< until the first call */
    /** Called from the calling thread while others work on. Of rows only those that were not given before. Returns the
     *  seconds until the next call; below 0 where it could not be saved: then as many, and the same rows are given again. */
    double (*save)(const ent_saved *now, void *payload);
    void *payload;
    ent_saved from;             /**< where to go on from, with all its rows; state NULL: from the beginning */
} ent_saver;

typedef struct ent_run_options {
    int32_t version;            /**< 1 */
    int64_t draws;              /**< 0: the scenario's */
    bool has_seed;
    uint64_t seed;
    int32_t jobs;               /**< threads; 0: one for each core */
    int64_t memory;             /**< most bytes for draws and tables; 0: three quarters of the machine's. Where it is given and
                                     the draws do not fit, scalars are counted. */
    bool keep_draws;            /**< keep every scalar of every draw, for ent_results_write_draws() */
    ent_progress_fn progress;   /**< may be NULL */
    void *payload;
    ent_memo *memo;             /**< may be NULL; with one, jobs is taken as 1, and no other run may use it meanwhile */
    bool brief;                 /**< a first look: claims without what decides them, outcomes and headlines; no inputs */
    bool counts;                /**< count scalars in bins, as a run of more than ENT_EXACT_DRAWS draws does: memory does not
                                     grow with the draws, quantiles are exact to a bin (quantile_error says how much that is) */
    const ent_saver *saver;     /**< may be NULL. ENT_ERR_ARGUMENT where saver->from is of another run, with the reason */
} ent_run_options;
#define ENT_RUN_OPTIONS_INIT {.version = 1}

/** What was found; immutable. Opaque but for the views below. */
typedef struct ent_results ent_results;

/**
 * Runs the plan, which must outlive the results. The result is a function of plan, draws and seed: the same bytes for any
 * number of threads. Time grows with draws times steps, memory with draws times the scalars that are kept, or not at all
 * where those are counted. At most ENT_MAX_DRAWS.
 * Stopped by `progress`, it holds the longest whole prefix, as a run of that many draws would
 * (with `counts`, where this one counts).
 * @return ENT_OK; ENT_ERR_LIMIT (needs more memory than allowed: says how much); ENT_ERR_MEMORY; ENT_ERR_ARGUMENT
 */
ENT_API ENT_MUST_CHECK ent_status ent_run(ent_results **out, const ent_plan *plan, const ent_run_options *options,
                                          ent_error *err);
ENT_API void ent_results_free(ent_results *results); /**< with all that was borrowed from it; NULL is allowed */

/* --- parts of a run ------------------------------------------------------------------------------
 *
 * A run may be made in parts, by other threads, processes or machines, or one after another. A part is bytes: what some
 * whole blocks of ENT_PART_BLOCK draws found, with what it must fit to (scenario, settings, seed, draws, version) and a
 * checksum. The parts of a run put together give the same bytes as the run in one piece. */

#define ENT_PART_BLOCK 256 /**< draws of a block; the last of a run may have fewer */

/** What a part holds. */
typedef struct ent_part_facts {
    char version[24];       /**< of entente */
    uint64_t hash, seed;    /**< of the scenario's files and settings */
    int64_t draws_asked;    /**< of the whole run */
    int64_t first, draws;   /**< it holds draws first .. first + draws - 1, the first of a run being 0 */
    bool keeps_draws;       /**< every draw of what draws.csv needs */
    bool has_plan;          /**< ent_part_plan() gives it */
} ent_part_facts;

/** How many draws a run with these options makes. */
ENT_API int64_t ent_plan_draws(const ent_plan *plan, const ent_run_options *options);
/** The k-th of n parts of about the same size: its first block and how many there are, 0 <= k < n. */
ENT_API void ent_part_share(int64_t *first_block, int64_t *n_blocks, int64_t draws, int64_t k, int64_t n);
/**
 * Makes the draws of some blocks of a run: first_block >= 0, n_blocks >= 1, inside the run. `options` are those of the
 * whole run. Stopped by `progress`, the part holds the blocks before the first that was not made, of which there must be
 * one: else ENT_ERR_INTERRUPTED. With `with_plan` the part can be merged where the scenario is not at hand.
 * *bytes is owned by the caller: ent_bytes_free().
 * @return as ent_run()
 */
ENT_API ENT_MUST_CHECK ent_status ent_part_run(unsigned char **bytes, size_t *length, const ent_plan *plan, int64_t first_block,
                                               int64_t n_blocks, bool with_plan, const ent_run_options *options,
                                               ent_error *err);
/** Checks bytes as far as that goes without a plan: ENT_ERR_FORMAT where they are cut short, altered or no part. */
ENT_API ENT_MUST_CHECK ent_status ent_part_read(ent_part_facts *out, const unsigned char *bytes, size_t length, ent_error *err);
/** The plan in a part: ent_plan_free(). ENT_ERR_ARGUMENT where it has none. */
ENT_API ENT_MUST_CHECK ent_status ent_part_plan(ent_plan **out, const unsigned char *bytes, size_t length, ent_error *err);

/** Parts of one run on their way to results. Opaque. */
typedef struct ent_merge ent_merge;
/** The plan must outlive the results. */
ENT_API ENT_MUST_CHECK ent_status ent_merge_create(ent_merge **out, const ent_plan *plan, ent_error *err);
/**
 * Adds a part, in any order; the bytes are not needed afterwards. `name` is what messages call it, such as its file.
 * @return ENT_OK; ENT_ERR_FORMAT (damaged); ENT_ERR_ARGUMENT (of another scenario, version, seed or number of draws, or it
 *         holds draws that another one holds); ENT_ERR_LIMIT, ENT_ERR_MEMORY. After a damaged part nothing can be added.
 */
ENT_API ENT_MUST_CHECK ent_status ent_merge_add(ent_merge *merge, const unsigned char *bytes, size_t length, const char *name,
                                                ent_error *err);
/**
 * The results, and the end of the merge: *merge is freed and NULL, unless parts are missing (ENT_ERR_ARGUMENT, which says
 * what draws). With `prefix` a run of which only the end is missing gives the results of its whole prefix, as an
 * interrupted run does.
 */
ENT_API ENT_MUST_CHECK ent_status ent_merge_results(ent_results **out, ent_merge **merge, bool prefix, ent_error *err);
ENT_API void ent_merge_free(ent_merge *merge); /**< NULL is allowed */

/* --- views ---------------------------------------------------------------------------------------
 *
 * Plain structs; what they point to is borrowed from the results. Texts are UTF-8, never NULL unless said. The i-th of
 * each kind, 0 <= i < the count in ent_run_facts (or what its own ..._count() gives), in the order of the scenario. */

/** The arms every result is given for. */
typedef enum ent_arm { ENT_ARM_WITHOUT = 0, ENT_ARM_WITH = 1, ENT_ARM_TAKEN = 2, ENT_ARM_COUNT = 3 } ent_arm;

typedef enum ent_verdict {
    ENT_VERDICT_FOLLOWS, ENT_VERDICT_LEANS_TO, ENT_VERDICT_OPEN, ENT_VERDICT_LEANS_AGAINST, ENT_VERDICT_DOES_NOT_FOLLOW,
    ENT_VERDICT_DEPENDS, /**< on the model */
    ENT_VERDICT_UNTESTED, /**< needs rooms that are not built, or no draw counts */
    ENT_VERDICT_COUNT
} ent_verdict;
ENT_API const char *ent_verdict_text(ent_verdict verdict); /**< "follows", "leans to", ..., "depends on the model", "not yet tested" */
ENT_API const char *ent_verdict_glyph(ent_verdict verdict); /**< one character wide, UTF-8 */

typedef struct ent_run_facts {
    const char *scenario, *title, *version, *document, *issuer;
    const char *command;        /**< that gives these bytes again */
    const char *folder;         /**< of the scenario, as it was given */
    uint64_t seed, hash;        /**< hash of the scenario's files and settings */
    int64_t draws, draws_asked; /**< done; asked for */
    bool interrupted, has_document, has_given;
    bool counted;               /**< scalars were counted in bins: no draws were kept */
    double effective_draws;     /**< (sum w)^2 / sum w^2 */
    double log_evidence;        /**< 0 without `given` */
    size_t inputs, uncertain;   /**< inputs listed; those of them that are uncertain */
    size_t actors, issues, models, quantities, claims, provisions;
} ent_run_facts;
/** What was run, and how many there are of each kind of view. */
ENT_API ent_run_facts ent_results_facts(const ent_results *results);

/** A quantity in one arm, over weighted draws in which it is defined. NaN: undefined. */
typedef struct ent_summary {
    double mean, sd, mc_error;          /**< mc_error: standard error of the mean */
    double quantile[5];                 /**< at 5, 25, 50, 75, 95 % */
    double quantile_error[5];
    double undefined;                   /**< share of the weight where it is undefined */
    double dot[20];                     /**< quantiles at (i - 1/2) / 20 */
} ent_summary;

typedef struct ent_quantity_view {
    const char *name;       /**< "enlargement.outcome", "enlargement.utility[us]", "x[pl,2030]" */
    const char *unit;
    const char *kind;       /**< "outcome", "stance", "utility", "gain", "derived", "event", "model" */
    const char *issue;      /**< id, "" where none */
    const char *actor;      /**< id, "" where none */
    const char *actor_name; /**< "" where none */
    int32_t year;           /**< 0 where none */
    int32_t month;          /**< 1 to 12; 0 where none */
    bool detail;            /**< only mean, sd and error: no quantiles; those by month are not in the JSON of a run */
    bool headline;          /**< shown on the first screen: an issue's outcome, or a derived scalar */
    bool moves;             /**< the document reaches it */
    ent_summary arm[ENT_ARM_COUNT]; /**< equal where it does not */
    size_t n_models;        /**< of the readings that reach it; 0 where none do */
    const char *const *model;
    const ent_summary *by_model; /**< n_models, with the document */
    double known;           /**< what happened, where the scenario says; else NaN */
    double low, high;       /**< declared range; infinite where none */
} ent_quantity_view;
/** The i-th quantity, i < quantities. */
ENT_API ent_quantity_view ent_results_quantity(const ent_results *results, size_t i);

/** A model in use (`models:`): what comes out of it are the quantities first .. first + count - 1, "ID.output[..]". */
typedef struct ent_use_view {
    const char *id, *title; /**< title: the id in words where none was given */
    const char *model;      /**< "consent", "war", ... */
    const char *group, *rule, *issue; /**< of a decision: who decides, how (in words), on what; else "" */
    int32_t first_year, years; /**< years 0: it has none, or runs in months */
    size_t first, count;
} ent_use_view;
/** Models in use, and the i-th of them. */
ENT_API size_t ent_results_use_count(const ent_results *results);
ENT_API ent_use_view ent_results_use(const ent_results *results, size_t i);

/** One input that matters to a claim: the share of draws in which the claim holds along that input. */
#define ENT_CURVE_BINS 16 /* at least ENT_MAX_READINGS */
typedef struct ent_driver {
    const char *input;      /**< qualified name, or "model of ..." for a reading */
    const char *label;      /**< in words */
    double strength;        /**< share of the claim's variance that the input alone explains, bias removed, 0 to 1 */
    double strength_error;  /**< standard error under no effect */
    int32_t bins;           /**< ENT_CURVE_BINS, the number of models, or 2 (no, yes) of an event */
    const char *const *model; /**< of a reading: the models, one for each bin; else NULL */
    bool is_event;          /**< its two bins are "does not take hold" and "takes hold" */
    double low[ENT_CURVE_BINS], high[ENT_CURVE_BINS]; /**< ends of each bin in the input's unit */
    double share[ENT_CURVE_BINS], error[ENT_CURVE_BINS];
    double break_even;      /**< where the share crosses 1/2 along the curve; NaN where it does not */
} ent_driver;

typedef struct ent_claim_arm {
    double share, mc_error;  /**< NaN where it has no value */
    ent_verdict verdict;
    bool near_threshold;     /**< within two errors of one */
    double counted;          /**< share of the weight that `when` lets in */
    double undefined;        /**< share of what counts in which an undefined value was compared */
} ent_claim_arm;

typedef struct ent_claim_view {
    const char *id, *title, *who, *says, *read, *where, *holds, *when, *overall; /**< "" where not given */
    const char *needs;       /**< "vote, war": why it is not yet tested; "" otherwise */
    bool is_overall;         /**< a statement over all draws: its share is 1 or 0 */
    double value[ENT_ARM_COUNT], value_error[ENT_ARM_COUNT]; /**< of an overall claim: left less right side; else NaN */
    ent_claim_arm arm[ENT_ARM_COUNT];
    size_t n_models;
    const char *const *model;
    const ent_claim_arm *by_model; /**< n_models, with the document */
    size_t n_readings;
    const char *const *reading_text, *const *reading_holds;
    const ent_claim_arm *reading;  /**< with the document */
    size_t n_drivers;
    const ent_driver *driver; /**< strongest first, at most 3, only those beyond what the strongest of so many inputs shows by chance once in twenty */
    const char *explanation; /**< a paragraph made from these numbers: what decides it, where it fails, which models differ */
} ent_claim_view;
/** The i-th claim, i < claims. */
ENT_API ent_claim_view ent_results_claim(const ent_results *results, size_t i);

typedef struct ent_provision_view {
    const char *id, *title, *says, *takes_hold, *changes; /**< changes: one line each */
    int32_t binding;         /**< 1 yes, 0 no, -1 not said */
    double share;            /**< of the draws in which it takes hold */
    double share_error;
} ent_provision_view;
/** The i-th provision, i < provisions; its share is over weighted draws. */
ENT_API ent_provision_view ent_results_provision(const ent_results *results, size_t i);

typedef struct ent_input_view {
    const char *name, *label, *unit, *text, *source, *why;
    bool uncertain;
    ent_summary prior;       /**< as drawn */
    ent_summary weighted;    /**< after what is known; equal to prior without `given` */
} ent_input_view;
/** The i-th input, i < inputs, certain ones among them. */
ENT_API ent_input_view ent_results_input(const ent_results *results, size_t i);

/** An issue and its scale in words. */
typedef struct ent_issue_view {
    const char *id, *title, *question, *unit;
    double low, high;        /**< ends of the scale */
    double status_quo;       /**< NaN where none, or where it is uncertain */
    const char *low_text, *high_text; /**< what the ends are called */
} ent_issue_view;
/** The i-th issue, i < issues. */
ENT_API ent_issue_view ent_results_issue(const ent_results *results, size_t i);

/** A model with rounds, played once on an issue at the medians of all its stances, which shows how it works there; the
 *  outcomes of the draws are in the quantities. */
typedef struct ent_story_view {
    const char *issue;           /**< id */
    const char *model;           /**< with the options that tell it from other readings: "challenge, accept strongest" */
    ent_arm arm;                 /**< ENT_ARM_WITHOUT; ENT_ARM_TAKEN where the document moves a stance on the issue */
    const char *const *actor;    /**< ids, story->n of them */
    const ent_story *story;
} ent_story_view;
/** Stories, and the i-th of them. */
ENT_API size_t ent_results_story_count(const ent_results *results);
ENT_API ent_story_view ent_results_story(const ent_results *results, size_t i);

/* --- draws --------------------------------------------------------------------------------------- */

/** What a scalar was in every draw. Borrowed from the results, not copied. */
typedef struct ent_draws_view {
    const double *value; /**< of facts.draws draws, NaN where undefined; a truth is 1 or 0. NULL: the same in each: `constant` */
    double constant;
} ent_draws_view;
/**
 * The draws of the i-th quantity in one arm. Scalars keep their draws; what has an actor or a year keeps counts, and only the
 * run's mean and quantiles are there.
 * @return ENT_OK; ENT_ERR_ARGUMENT (not kept: says why)
 */
ENT_API ENT_MUST_CHECK ent_status ent_results_quantity_draws(ent_draws_view *out, const ent_results *results, size_t i,
                                                             ent_arm arm, ent_error *err);
/** The same of the i-th claim: whether it holds. Needs a run with `keep_draws`. */
ENT_API ENT_MUST_CHECK ent_status ent_results_claim_draws(ent_draws_view *out, const ent_results *results, size_t i,
                                                          ent_arm arm, ent_error *err);
/** The weight of every draw; NULL where nothing is known of what happened: all are 1. Borrowed. */
ENT_API const double *ent_results_weights(const ent_results *results);

/* --- out ------------------------------------------------------------------------------------------ */

/** The JSON of `entente run --json` (docs/results.md). *text is owned by the caller: ent_bytes_free(). */
ENT_API ENT_MUST_CHECK ent_status ent_results_json(char **text, size_t *length, const ent_results *results, ent_error *err);
/**
 * Puts the JSON of a further study (ent_attribution_json(), ent_sensitivity_json(), ent_levers_json()) under `why` in the JSON
 * and the report of these results; key: "attribution", "sensitivity", "levers". The text is copied.
 * @return ENT_OK; ENT_ERR_ARGUMENT (a key used twice, or too many; no JSON); ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_results_attach(ent_results *results, const char *key, const char *json, ent_error *err);
/** How many are attached; of the i-th, where there is one, its key and its JSON (either may be NULL). */
ENT_API size_t ent_results_attached(const ent_results *results, size_t i, const char **key, const char **json);
/** The JSON of `entente claims --json`: the claims i with chosen[i], as in the above. */
ENT_API ENT_MUST_CHECK ent_status ent_results_claims_json(char **text, size_t *length, const ent_results *results,
                                                          const bool *chosen, ent_error *err);
/** The data block of the report: the above and what the page tells beside it (docs/report-data.md); of a brief run its
 *  claims, quantities and provisions alone. */
ENT_API ENT_MUST_CHECK ent_status ent_results_report_json(char **text, size_t *length, const ent_results *results,
                                                          ent_error *err);
/** report.html, results.sqlite, draws.csv: written beside the target and moved onto it when whole, or not at all. */
ENT_API ENT_MUST_CHECK ent_status ent_results_write_report(const ent_results *results, const char *path, ent_error *err);
ENT_API ENT_MUST_CHECK ent_status ent_results_write_sqlite(const ent_results *results, const char *path, ent_error *err);
/** One row a draw: weight, models, every scalar in every arm. ENT_ERR_ARGUMENT where the draws were not kept. */
ENT_API ENT_MUST_CHECK ent_status ent_results_write_draws(const ent_results *results, const char *path, ent_error *err);
/**
 * report.html, results.sqlite and, where asked for, draws.csv in one folder, made where it is missing. All are written
 * before the first is moved into place: an error leaves what was there as it was. An older draws.csv goes with its run.
 */
ENT_API ENT_MUST_CHECK ent_status ent_results_write_folder(const ent_results *results, const char *folder,
                                                           bool with_draws, ent_error *err);

/* --- runs that may be killed ---------------------------------------------------------------------- */

/**
 * A folder in which a run is saved every few seconds: two files of state by turns, so that one is whole at any moment, and
 * one file of rows. Nothing is there before the first save. Opaque.
 */
typedef struct ent_checkpoint ent_checkpoint;
/** seconds: from one save to the next; 0: 3. Where a save takes long, it is done less often, so that it costs about one
 *  per cent of the time of the run. */
ENT_API ENT_MUST_CHECK ent_status ent_checkpoint_open(ent_checkpoint **out, const char *folder, double seconds, ent_error *err);
/**
 * Reads what an earlier run left there, for the run that is given the saver to go on from: *draws of them, 0 where nothing
 * is there. A state that is damaged is told by ent_checkpoint_trouble(), and the one before it is read.
 * @return ENT_OK; ENT_ERR_FORMAT (all that is there is damaged); ENT_ERR_IO (also: another run is saving there); ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_checkpoint_read(ent_checkpoint *checkpoint, int64_t *draws, ent_error *err);
ENT_API const ent_saver *ent_checkpoint_saver(const ent_checkpoint *checkpoint); /**< for ent_run_options; borrowed */
/** What went wrong in reading or saving, "" for nothing: a run goes on without being saved. */
ENT_API const char *ent_checkpoint_trouble(const ent_checkpoint *checkpoint);
/** The run is whole and what was saved is not needed any more: removes it, and the folder where nothing else is in it. */
ENT_API void ent_checkpoint_remove(ent_checkpoint *checkpoint);
ENT_API void ent_checkpoint_free(ent_checkpoint *checkpoint); /**< NULL is allowed */

/** A file of these bytes, such as a part: written beside `path` and moved onto it when whole, or not at all. */
ENT_API ENT_MUST_CHECK ent_status ent_file_write(const char *path, const void *bytes, size_t length, ent_error *err);
/** All bytes of a file; *bytes is owned by the caller: ent_bytes_free(). ENT_ERR_IO, ENT_ERR_MEMORY */
ENT_API ENT_MUST_CHECK ent_status ent_file_read(unsigned char **bytes, size_t *length, const char *path, ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
