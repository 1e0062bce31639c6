/**
 * @file entente/compare.h
 * @brief Two scenarios, or one under two settings, on the same draws: differences with their errors.
 *
 * Random numbers are keyed by the names of inputs, so an input that both have is drawn alike in both, and a difference
 * is not noise.
 */
#ifndef ENTENTE_COMPARE_H
#define ENTENTE_COMPARE_H

#include "entente/results.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ent_compare ent_compare; /**< What was found; opaque. */

/**
 * Runs both plans on the draws 0 .. draws - 1 of one seed, each weighted by what it knows, and compares every quantity and
 * claim that both have by name and that has a value on each draw. The error is that of the paired difference, from up
 * to 64 groups of draws.
 * Of the options draws (0: the first plan's), seed (not given: the first plan's), jobs and progress are taken.
 * @return ENT_OK; ENT_ERR_ARGUMENT; ENT_ERR_MEMORY; ENT_ERR_INTERRUPTED
 */
ENT_API ENT_MUST_CHECK ent_status ent_compare_run(ent_compare **out, const ent_plan *a, const ent_plan *b,
                                                  const ent_run_options *options, ent_error *err);
ENT_API void ent_compare_free(ent_compare *compare); /**< NULL is allowed */

typedef struct ent_compare_facts {
    const char *title_a, *title_b;
    size_t pairs;               /**< quantities and claims that both have */
    size_t only_a, only_b;      /**< that one alone has */
    size_t skipped;             /**< claims about all draws, which have no value on each */
    int64_t draws;
    uint64_t seed;
    double effective_a, effective_b;
} ent_compare_facts;
ENT_API ent_compare_facts ent_compare_get_facts(const ent_compare *compare);

/** A difference: b less a. NaN where one side has no value. */
typedef struct ent_difference { double a, b, difference, error; } ent_difference;

/** The i-th pair, claims first, then quantities in the order of the first plan. Borrowed. */
typedef struct ent_pair_view {
    const char *name, *title, *unit;
    bool is_claim, headline;
    ent_difference with, without; /**< the arms with and without the document */
    ent_verdict verdict_a, verdict_b; /**< of a claim, with the document */
} ent_pair_view;
ENT_API ent_pair_view ent_compare_pair(const ent_compare *compare, size_t i);
/** The i-th name that only a (side 0) or only b (side 1) has. */
ENT_API const char *ent_compare_only(const ent_compare *compare, int side, size_t i);
/** The id of the i-th claim that is not compared. */
ENT_API const char *ent_compare_skipped(const ent_compare *compare, size_t i);
/** As JSON (docs/findings.md); *text is owned by the caller: ent_bytes_free(). */
ENT_API ENT_MUST_CHECK ent_status ent_compare_json(char **text, size_t *length, const ent_compare *compare,
                                                   ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
