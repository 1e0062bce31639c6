/**
 * @file entente/attribution.h
 * @brief What each provision of the document contributes to a change: Shapley values (Shapley 1953).
 *
 * With v(S) the share of a claim or the mean of a quantity when only the provisions in S are in force (as events
 * fall), a provision's part is the mean, over all orders, of what it adds when it comes in its turn. The parts add up to
 * the whole change, v(all) - v(none).
 */
#ifndef ENTENTE_ATTRIBUTION_H
#define ENTENTE_ATTRIBUTION_H

#include "entente/results.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ent_attribution_options {
    int32_t version;            /**< 1 */
    int64_t draws;              /**< 0: the scenario's */
    bool has_seed;
    uint64_t seed;
    int32_t jobs;               /**< threads; 0: one for each core; changes no result */
    const char *const *target;  /**< claims' ids and quantities' names; none: claims, headline outcomes and utilities */
    size_t n_targets;
    int32_t orders;             /**< to sample beyond 12 provisions, half of them reversed; even; 0: 200 */
    ent_progress_fn progress;
    void *payload;
} ent_attribution_options;
#define ENT_ATTRIBUTION_OPTIONS_INIT {.version = 1}

typedef struct ent_attribution ent_attribution; /**< What was found; opaque. */

/**
 * Runs every subset of the provisions (or those met in sampled orders) on the same draws, with the weights of what is
 * known. A step that a provision does not reach runs once for all subsets that differ in it alone. Errors are of means
 * over up to 64 groups of draws; of sampled orders, with the spread over orders added.
 * @return ENT_OK (also without provisions: then there is nothing to tell); ENT_ERR_ARGUMENT (no claim or quantity of
 *         that name, or it has no value on each draw); ENT_ERR_LIMIT (too many targets and subsets for the memory);
 *         ENT_ERR_MEMORY; ENT_ERR_INTERRUPTED
 */
ENT_API ENT_MUST_CHECK ent_status ent_attribution_run(ent_attribution **out, const ent_plan *plan,
                                                      const ent_attribution_options *options, ent_error *err);
ENT_API void ent_attribution_free(ent_attribution *attribution); /**< NULL is allowed */

typedef struct ent_attribution_facts {
    const char *scenario;
    size_t provisions, targets;
    int64_t draws;
    uint64_t seed;
    double effective_draws;
    bool sampled;
    size_t subsets;             /**< that were run */
    int64_t steps_one, steps_apart, steps_run; /**< steps a draw: of one subset; of all if each ran alone; that were run */
} ent_attribution_facts;
/** What was run. */
ENT_API ent_attribution_facts ent_attribution_get_facts(const ent_attribution *attribution);

/** A provision, p < provisions. */
typedef struct ent_party_view { const char *id, *title; } ent_party_view;
ENT_API ent_party_view ent_attribution_provision(const ent_attribution *attribution, size_t p);

/** One target, t < targets. Borrowed. */
typedef struct ent_attributed_view {
    const char *name, *title, *unit, *kind; /**< kind: "claim", or that of the quantity: "outcome", "utility", ... */
    const char *why_not;        /**< "" or why it has no parts: then all numbers are NaN */
    double without, with, change, error; /**< error: of the change */
    const double *part, *part_error;     /**< of each provision */
} ent_attributed_view;
ENT_API ent_attributed_view ent_attribution_target(const ent_attribution *attribution, size_t t);
/** As JSON (docs/findings.md); *text is owned by the caller: ent_bytes_free(). */
ENT_API ENT_MUST_CHECK ent_status ent_attribution_json(char **text, size_t *length, const ent_attribution *attribution,
                                                       ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
