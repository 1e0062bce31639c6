/**
 * @file entente/sensitivity.h
 * @brief Which inputs matter to a claim or a quantity: Sobol' indices, Borgonovo's delta, curves and the tornado.
 *
 * Factors are the uncertain inputs, the choice of model and what falls by chance (provisions, decisions). Inputs that are
 * correlated are one factor.
 */
#ifndef ENTENTE_SENSITIVITY_H
#define ENTENTE_SENSITIVITY_H

#include "entente/results.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An index with its 90 % bootstrap interval; NaN where it is undefined (a target that does not vary). */
typedef struct ent_index { double value, low, high; } ent_index;

/* --- the numbers alone ---------------------------------------------------------------------------- */

/**
 * Sobol' indices of one factor from evaluations of a function on two independent samples, a[i] = f(A_i), b[i] = f(B_i), and
 * ab[i] = f(A_i with that factor from B_i). First order: mean(b (ab - a)) / V (Saltelli et al. 2010, equation b of table 2);
 * total: mean((a - ab)^2) / (2 V) (Jansen 1999), V the variance over A and B together. Draws in which any of the three is
 * undefined are left out. The intervals are of 200 resamples of the draws, from the 5th to the 95th percentile.
 */
ENT_API ENT_MUST_CHECK ent_status ent_sobol_indices(ent_index *first, ent_index *total, const double *a, const double *b,
                                                    const double *ab, size_t n, uint64_t seed, ent_error *err);
/**
 * Borgonovo's (2007) delta from given draws: half the mean distance between the density of y and its density where x lies in
 * one of `bins` classes (bin[i] < bins), by counts of y in at most 12 equally filled classes (its values where it has two). What
 * chance alone would show, the mean over 16 shuffles of bin, is taken off in squares. weight may be NULL. Draws with undefined y are left out.
 */
ENT_API ENT_MUST_CHECK ent_status ent_delta_index(ent_index *delta, const double *y, const int32_t *bin, int32_t bins,
                                                  const double *weight, size_t n, uint64_t seed, ent_error *err);

/* --- of a plan ------------------------------------------------------------------------------------ */

typedef struct ent_sensitivity_options {
    int32_t version;            /**< 1 */
    int64_t base;               /**< draws of each sample; 0: 1024 */
    bool has_seed;
    uint64_t seed;
    int32_t jobs;               /**< threads; 0: one for each core; changes no result */
    const char *const *target;  /**< claims' ids and quantities' names; none: claims and headline outcomes */
    size_t n_targets;
    const char *const *input;   /**< only these factors; none: all */
    size_t n_inputs;
    bool groups;                /**< in named groups: an actor's stances, the inputs of a model, the choice of model, chance */
    bool no_sobol;              /**< only delta, from the base draws alone */
    int32_t curves;             /**< factors whose curve is drawn, strongest first; 0: 8; negative: none */
    ent_progress_fn progress;
    void *payload;
} ent_sensitivity_options;
#define ENT_SENSITIVITY_OPTIONS_INIT {.version = 1}

typedef struct ent_sensitivity ent_sensitivity; /**< What was found; opaque. */

/**
 * Runs base draws twice over (A and B) and, for each factor, what follows from it again with its numbers from B: only the steps
 * downstream of the factor. Sobol' indices are of the prior: what is known (`given`) does not weigh them. Delta is weighted. Models that
 * draw themselves keep their noise between A and A with a factor from B.
 * Memory: 8 bytes for each draw, target and factor.
 * @return ENT_OK (also without uncertain inputs: then there are no factors); ENT_ERR_ARGUMENT (no such target or input: the
 *         nearest is named); ENT_ERR_LIMIT (says how many base draws would fit); ENT_ERR_MEMORY; ENT_ERR_INTERRUPTED
 */
ENT_API ENT_MUST_CHECK ent_status ent_sensitivity_run(ent_sensitivity **out, const ent_plan *plan,
                                                      const ent_sensitivity_options *options, ent_error *err);
ENT_API void ent_sensitivity_free(ent_sensitivity *sensitivity); /**< NULL is allowed */

typedef struct ent_sensitivity_facts {
    const char *scenario;
    size_t targets, factors;
    int64_t base;
    uint64_t seed;
    double effective_draws;     /**< of the base draws, after what is known */
    bool groups, sobol;
    int64_t steps_one, steps_run; /**< steps a draw of one run; of the whole study */
} ent_sensitivity_facts;
ENT_API ent_sensitivity_facts ent_sensitivity_get_facts(const ent_sensitivity *sensitivity); /**< what was run */

/** A factor, f < factors. Borrowed. */
typedef struct ent_factor_view {
    const char *name, *label, *unit;
    const char *kind;           /**< "input", "model", "event" or "group" */
    size_t inputs;              /**< how many uncertain numbers it stands for */
} ent_factor_view;
ENT_API ent_factor_view ent_sensitivity_factor(const ent_sensitivity *sensitivity, size_t f);

/** A target, t < targets, with its indices by factor. Borrowed. */
typedef struct ent_sensed_view {
    const char *name, *title, *unit;
    bool is_claim;
    double mean, variance;      /**< over A and B */
    const ent_index *first, *total, *delta; /**< [factors]; NaN where not computed or where the target does not vary */
    const bool *reaches;        /**< [factors]: whether the factor can reach it at all */
    const int32_t *order;       /**< [factors]: strongest first */
} ent_sensed_view;
ENT_API ent_sensed_view ent_sensitivity_target(const ent_sensitivity *sensitivity, size_t t);
/** Whether an index can be told from 0. */
static inline bool ent_index_tells(const ent_index *index) { return index->low > 0; }

/** A point of a curve: a target where a factor is held at a value in every draw, weights taken anew. */
#define ENT_CURVE_POINTS 17
typedef struct ent_curve_view {
    size_t factor;
    int32_t points;             /**< ENT_CURVE_POINTS; of a choice or an event one for each case */
    double at[ENT_CURVE_POINTS];/**< the input's value; NaN where it has none (pooled experts: the percentile is meant) */
    double percentile[ENT_CURVE_POINTS];
    const char *word[ENT_CURVE_POINTS]; /**< of a choice or an event; else "" */
    double value[ENT_CURVE_POINTS], error[ENT_CURVE_POINTS];
    double base;                /**< as it stands, on the same draws */
    int32_t lowest, highest;    /**< where the target is least and greatest: the tornado's ends */
} ent_curve_view;
ENT_API size_t ent_sensitivity_curve_count(const ent_sensitivity *sensitivity, size_t t);
ENT_API ent_curve_view ent_sensitivity_curve(const ent_sensitivity *sensitivity, size_t t, size_t c);

/** As JSON (docs/findings.md), of each target at most so many factors (0: all that reach it), strongest first; *text is owned by the caller: ent_bytes_free(). */
ENT_API ENT_MUST_CHECK ent_status ent_sensitivity_json(char **text, size_t *length, const ent_sensitivity *sensitivity,
                                                       size_t most, ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
