/**
 * @file entente/levers.h
 * @brief What would change it: the least costly pull of an actor's levers that brings a claim or an outcome past a goal.
 *
 * A scenario's `levers:` name what an actor can do, within limits and at a cost. Pulls are tried on the same draws, so a
 * small effect is not lost in noise; weights of what is known are those of the scenario as it stands.
 */
#ifndef ENTENTE_LEVERS_H
#define ENTENTE_LEVERS_H

#include "entente/results.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is to be reached: a claim's share, or a quantity's mean, at least or at most a value. */
typedef struct ent_goal {
    const char *name;      /**< a claim's id or a quantity's name */
    int32_t direction;     /**< 1: at least; -1: at most; 0: past the threshold, from where it stands */
    double threshold;      /**< NaN: one half (claims only) */
} ent_goal;

typedef struct ent_levers_options {
    int32_t version;       /**< 1 */
    int64_t draws;         /**< 0: 512, or the scenario's where those are fewer */
    bool has_seed;
    uint64_t seed;
    int32_t jobs;          /**< threads; 0: one for each core; changes no result */
    const ent_goal *goal;  /**< none: each claim past one half */
    size_t n_goals;
    ent_progress_fn progress;
    void *payload;
} ent_levers_options;
#define ENT_LEVERS_OPTIONS_INIT {.version = 1}

typedef struct ent_levers ent_levers; /**< What was found; opaque. */

/**
 * Searches, actor by actor: every lever alone at nine amounts, several of an actor at all their ends together; the
 * cheapest pull that reaches the goal is then drawn back, lever by lever, as far as it still does, in steps that are
 * halved down to a sixty-fourth of the range (Hooke & Jeeves 1961, pattern search). An effect that is not monotone may hide a
 * cheaper pull between the amounts tried.
 * Time: about 20 runs of `draws` draws for each lever, of the steps that the lever reaches.
 * @return ENT_OK; ENT_ERR_ARGUMENT (no claim or quantity of that name; a quantity without threshold); ENT_ERR_MEMORY;
 *         ENT_ERR_INTERRUPTED where `progress` stopped it
 */
ENT_API ENT_MUST_CHECK ent_status ent_levers_run(ent_levers **out, const ent_plan *plan, const ent_levers_options *options,
                                                 ent_error *err);
ENT_API void ent_levers_free(ent_levers *levers); /**< NULL is allowed */

/* Views: borrowed from the levers and their plan. */
typedef struct ent_lever_view {
    const char *id, *title, *actor, *actor_name;
    double low, high;            /**< limits of its amount */
    double unit_cost;            /**< of one unit */
    const char *cost_unit;       /**< "% of GDP"; "" where the scenario names none: then the cost is a number of units */
} ent_lever_view;

typedef struct ent_goal_view {
    const char *name, *title, *unit;
    bool is_claim, at_least;
    double threshold, now, now_error; /**< now: with the document, nothing pulled */
    bool met;                    /**< already */
} ent_goal_view;

typedef struct ent_way_view { /**< what one actor can do about one goal */
    const char *actor, *actor_name;
    bool found;
    const double *amount;        /**< of each lever; NaN: not pulled */
    double cost;
    double reaches, error;       /**< of what is found; else the best that was reached */
    double change_error;         /**< standard error of reaches - now, on the same draws */
} ent_way_view;

typedef struct ent_levers_facts { const char *scenario; size_t levers, goals, actors; int64_t draws; uint64_t seed; double effective_draws; } ent_levers_facts;
ENT_API ent_levers_facts ent_levers_get_facts(const ent_levers *levers);                         /**< how many of each */
ENT_API ent_lever_view ent_levers_lever(const ent_levers *levers, size_t lever);                 /**< lever < levers */
ENT_API ent_goal_view ent_levers_goal(const ent_levers *levers, size_t goal);                    /**< goal < goals */
ENT_API ent_way_view ent_levers_way(const ent_levers *levers, size_t goal, size_t actor);        /**< actor < actors: who have levers */
/** As JSON (docs/findings.md); *text is owned by the caller: ent_bytes_free(). */
ENT_API ENT_MUST_CHECK ent_status ent_levers_json(char **text, size_t *length, const ent_levers *levers, ent_error *err);
/** The inputs that decide each claim of a run, and where along each the claim goes from more likely than not to less: also
 *  as JSON. *text is owned by the caller. */
ENT_API ENT_MUST_CHECK ent_status ent_break_even_json(char **text, size_t *length, const ent_results *results, ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
