/**
 * @file entente/exchange.h
 * @brief The exchange model: actors trade what matters less to them for what matters more, over several issues.
 *
 * After Stokman & Van Oosten (1994); randomised rate after Dijkstra, Van Assen, Stokman & Draaijer (2018). Two actors
 * on opposite sides of two issues, who care unequally about them, trade: each moves on the issue it cares less about,
 * so that both gain the same. The public program is Decide; equal gains are told apart by a fixed rule here, by lot
 * there. Actors and issues are numbered from 0 in the caller's order; tables hold one row an actor, one column an
 * issue.
 */
#ifndef ENTENTE_EXCHANGE_H
#define ENTENTE_EXCHANGE_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Called about fifty times an iteration: the iteration now worked on (from 1) and the share of its possible trades that
 * is done with. Anything but 0 stops the run; the whole iterations so far are kept.
 */
typedef int (*ent_exchange_progress_fn)(int32_t iteration, double share, void *payload);

/** How to run it. Start from ENT_EXCHANGE_OPTIONS_INIT. */
typedef struct ent_exchange_options {
    int32_t version;
    int32_t iterations;   /**< 1 to ENT_EXCHANGE_MAX_ITERATIONS; exactly so many are played */
    bool faithful;        /**< as Decide computes: both of the next, and its own formulas of the randomised rate */
    bool signed_blocking; /**< what an actor has moved is a signed sum, so that only movements up are ever too many */
    bool stale_gains;     /**< after a cap, gains and outcomes of one partner stay as they were before it */
    double randomize;     /**< 0: equal gains; to 1: how far one partner, drawn by lot, may get from them */
    double settled;       /**< outcomes have settled when none changes by as much between iterations [points], >= 0 */
    int32_t max_trades;   /**< kept of the whole run, from 0; later ones are played and counted */
    uint64_t seed, stream, draw;       /**< keys of the run's own stream, for `randomize` */
    ent_exchange_progress_fn progress; /**< may be NULL */
    void *payload;
} ent_exchange_options;
#define ENT_EXCHANGE_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        .version = 1, .iterations = 10, .settled = 0.1, .max_trades = 1000 * 1000                                      \
    }

/** What a group has before it. Arrays are borrowed; tables are n x issues. */
typedef struct ent_exchange_input {
    size_t n, issues;         /**< actors and issues, at least 1 each */
    const double *position;   /**< on the issue's scale; NaN: the actor takes no part in the issue */
    const double *salience;   /**< 0 to 1; 0: it counts for nothing in the issue and does not trade it */
    const double *power;      /**< >= 0, on each issue; only proportions count; 0: it has nothing to give there */
    const double *low, *high; /**< issues each: the scales' ends; NULL: 0 and 100 */
} ent_exchange_input;

/** What one of the two partners does. A point is a hundredth of the issue's scale. */
typedef struct ent_exchange_side {
    int32_t actor;
    int32_t supply, demand; /**< it moves on issue `supply`, for the other's movement on issue `demand` */
    double from, to;        /**< where it stands on `supply` before and after, on its scale */
    double before, after;   /**< the outcome of `supply` without this move and with it, as far as known then */
    double gain;            /**< points of outcome times salience */
    double gain_before_cap; /**< the same before a move was cut back; equal to `gain` where none was */
    bool capped;            /**< its move was cut back, so that the outcome does not pass the partner's position */
} ent_exchange_side;

/** One realised trade. side[0] cares relatively more for the earlier of the two issues, and demands it. */
typedef struct ent_exchange_trade {
    ent_exchange_side side[2];
    double gain;  /**< of each at the equal rate: trades are realised by it, the largest first */
    bool aligned; /**< each partner is on the same side (above, or not) of the mean on both issues; else crosswise */
} ent_exchange_trade;

/** What a trade is to an actor. */
typedef enum ent_exchange_effect {
    ENT_EXCHANGE_NONE = 0, /**< it takes no part in one of the two issues */
    ENT_EXCHANGE_OWN,      /**< it is a partner */
    ENT_EXCHANGE_INNER,    /**< on both issues it is on the side of one of the partners */
    ENT_EXCHANGE_OUTER,    /**< on one issue it is on the side of one of them, on the other with the other */
    ENT_EXCHANGE_EFFECT_COUNT
} ent_exchange_effect;

/** What an actor gets from all trades of an iteration, in points of outcome times salience. */
typedef struct ent_exchange_sum {
    double own, inner_gain, inner_loss, outer_gain, outer_loss; /**< losses are <= 0 */
    int32_t trades;                                             /**< in which it was a partner */
} ent_exchange_sum;

/** One iteration. Positions and outcomes are on the issues' scales. */
typedef struct ent_exchange_iteration {
    const double *start, *outcome;   /**< issues: the weighted mean before the trades, and after them */
    const double *position;          /**< n x issues: at the start; NaN where it takes no part */
    const double *voted;             /**< n x issues: after the trades */
    const double *next;              /**< n x issues: where the next iteration starts, most of the way back */
    size_t candidates;               /**< pairs of actors on opposite sides of a pair of issues */
    size_t possible;                 /**< of those, whose trade would be one at the start */
    size_t n_trades;                 /**< kept; see left_out */
    const ent_exchange_trade *trade; /**< in the order they were realised */
    size_t left_out;                 /**< realised after these but not kept */
    const ent_exchange_sum *sum;     /**< n: over all that were realised */
    double change; /**< the largest change of an outcome since the iteration before [points]; NaN in the first */
} ent_exchange_iteration;

/** What came of it; owned by the caller, ent_exchange_free(). */
typedef struct ent_exchange_result {
    size_t n, issues;
    int32_t iterations;                      /**< played; fewer than asked only where interrupted */
    const ent_exchange_iteration *iteration; /**< iterations */
    ent_stop stop;                           /**< ENT_STOP_SETTLED or ENT_STOP_MAX_ROUNDS */
    int32_t settled_at;    /**< the iteration (from 1) since which no outcome changed by `settled` or more; 0: none */
    bool interrupted;      /**< by `progress`: the iterations are those before */
    const double *outcome; /**< issues: of the last iteration; NULL where none was played */
    const void *inside;    /**< what ent_exchange_effects() reads */
} ent_exchange_result;

/**
 * Plays the model.
 *
 * Outcomes are weighted means and stay between the outermost positions; every trade of equal gains gains both partners
 * more than nothing, and nobody leaves its scale. Scaling the power of all on an issue, or shifting and scaling an
 * issue with its positions, changes nothing but rounding. Of gains equal within 1e-9 the first is traded, in the order
 * of pairs of issues, then of actors. One actor, or one issue, trades nothing: outcomes are the means of the start.
 * Source: Stokman & Van Oosten 1994; what Decide 2025.3.1 computes, but for ties.
 *
 * @param[out] out      owned by the caller; NULL on error
 * @param      input    not NULL
 * @param      options  NULL: the defaults
 * @param[out] err      may be NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL, nothing there, an option that is none); ENT_ERR_DOMAIN (numbers out of range;
 *         an issue on which nobody has weight); ENT_ERR_LIMIT (too many actors, issues or possible trades: names the
 *         cost); ENT_ERR_MEMORY
 *
 * Time: the possible trades (actors^2 issues^2 / 16 or so) once an iteration, and for each realised trade those that
 * share an actor and issue with it, about (actors issues) / 2 of them. Memory: about 60 bytes a possible trade and
 * 200 a trade kept, planned before the first iteration: nothing is allocated after it. Thread-safe.
 */
ENT_API ENT_MUST_CHECK ent_status ent_exchange(ent_exchange_result **out, const ent_exchange_input *input,
                                               const ent_exchange_options *options, ent_error *err);
ENT_API void ent_exchange_free(ent_exchange_result *result); /**< NULL is allowed */

/**
 * What one trade does to everybody: its externalities.
 *
 * @param[out] value   n, or NULL: points of outcome times salience that each actor gains; partners their gain; 0 with
 *                     ENT_EXCHANGE_NONE
 * @param[out] kind    n, or NULL
 * @param      result  not NULL
 * @param      iteration, trade  from 0, below result->iterations and its n_trades; else nothing is written
 */
ENT_API void ent_exchange_effects(double *value, ent_exchange_effect *kind, const ent_exchange_result *result,
                                  int32_t iteration, size_t trade);

/** The options that the model `exchange` of the table takes as numbers (ent_model_option()), as this header's. */
ENT_API ent_exchange_options ent_exchange_options_of(const double *option);

#ifdef __cplusplus
}
#endif
#endif
