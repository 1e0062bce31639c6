/**
 * @file entente/exchange.h
 * @brief The exchange model: actors trade issues that matter less to them for issues that matter more.
 *
 * After Stokman & Van Oosten (1994); randomised rate after Dijkstra, Van Assen, Stokman & Draaijer (2018). Two actors on
 * opposite sides of two issues, who care unequally about them, trade: each moves on the issue it cares less about, so
 * that both gain the same. The public program is Decide; ties are broken by a fixed rule here, by lot there. Actors and
 * issues are numbered from 0 in the caller's order; tables hold one row an actor, one column an issue.
 */
#ifndef ENTENTE_EXCHANGE_H
#define ENTENTE_EXCHANGE_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    ENT_EXCHANGE_MAX_CELLS = 10 * 1000 * 1000,     /**< actors times issues */
    ENT_EXCHANGE_MAX_CANDIDATES = 5 * 1000 * 1000, /**< possible trades of an iteration: about (actors issues)^2 / 8 */
    ENT_EXCHANGE_MAX_ITERATIONS = 1000
};

/**
 * Called before each iteration (from 1) and about fifty times within: the share of its possible trades that is done with.
 * Anything but 0 stops the run; the whole iterations so far are kept.
 */
typedef int (*ent_exchange_progress_fn)(int32_t iteration, double share, void *payload);

/** How to run it. Start from ENT_EXCHANGE_OPTIONS_INIT. */
typedef struct ent_exchange_options {
    int32_t version;
    int32_t iterations;    /**< 1 to ENT_EXCHANGE_MAX_ITERATIONS */
    bool faithful;         /**< as Decide computes: both of the next */
    bool signed_blocking;  /**< a blocked move is told by the signed sum of moves, not by their distance */
    bool stale_gains;      /**< after a cap, gains and outcomes of one partner stay as they were before it */
    double randomize;      /**< 0: equal gains; to 1: how far one partner, drawn by lot, may get from them */
    double settled;        /**< outcomes have settled when none changes by as much between iterations [points] */
    uint64_t seed, stream, draw;       /**< keys of the run's own stream, for `randomize` */
    ent_exchange_progress_fn progress; /**< may be NULL */
    void *payload;
} ent_exchange_options;
#define ENT_EXCHANGE_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        .version = 1, .iterations = 10, .settled = 0.1                                                                 \
    }

/** What a group has before it. Arrays are borrowed; tables are n x issues. */
typedef struct ent_exchange_input {
    size_t n, issues;        /**< actors and issues, at least 1 each */
    const double *position;  /**< on the issue's scale; NaN: the actor takes no part in the issue */
    const double *salience;  /**< 0 to 1; 0: it counts for nothing in the issue and does not trade it */
    const double *power;     /**< >= 0, on each issue; only proportions count; 0 likewise */
    const double *low, *high; /**< issues each: the scales' ends; NULL: 0 and 100 */
} ent_exchange_input;

/** What one of the two partners does. A point is a hundredth of the issue's scale. */
typedef struct ent_exchange_side {
    int32_t actor, supply, demand; /**< it moves on issue `supply`, and gets the other's movement on `demand` */
    double from, to;               /**< its position on `supply`, on its scale */
    double before, after;          /**< the outcome of `supply` without this move and with it, on its scale */
    double gain;                   /**< points of outcome times salience */
    double gain_before_cap;        /**< the same before the move was cut back; equal to gain where it was not */
    bool capped; /**< the move was cut back, so that the outcome does not pass the partner's position */
} ent_exchange_side;

typedef enum ent_exchange_effect {
    ENT_EXCHANGE_NONE = 0, /**< it has no position on one of the two issues */
    ENT_EXCHANGE_OWN,      /**< a partner: its gain */
    ENT_EXCHANGE_INNER,    /**< on both issues on the side of one of the partners */
    ENT_EXCHANGE_OUTER,    /**< on the one issue with one partner, on the other with the other */
    ENT_EXCHANGE_EFFECTS
} ent_exchange_effect;

/** One realised trade: who, which issues, from where to where, and what it does to all. */
typedef struct ent_exchange_trade {
    ent_exchange_side side[2];
    double gain;           /**< that of equal gains, after caps; the trades are realised by it */
    const double *effect;  /**< n: points of outcome times salience that the actor gains by it; 0 with NONE */
    const uint8_t *kind;   /**< n: an ent_exchange_effect */
} ent_exchange_trade;

/** What an actor gets from all trades of an iteration. */
typedef struct ent_exchange_sum {
    double own, inner_gain, inner_loss, outer_gain, outer_loss; /**< losses are <= 0 */
    int32_t trades;                                             /**< in which it was a partner */
} ent_exchange_sum;

/** One iteration. */
typedef struct ent_exchange_iteration {
    const double *start, *outcome; /**< issues: the weighted mean before and after the trades, on the scales */
    const double *position;        /**< n x issues: at the start; NaN where it takes no part */
    const double *voted;           /**< n x issues: after the trades */
    const double *next;            /**< n x issues: where the next iteration starts, part of the way back */
    size_t candidates, possible;   /**< pairs with something to trade; those whose trade would gain at the start */
    size_t n_trades;
    const ent_exchange_trade *trade; /**< as they were realised */
    const ent_exchange_sum *sum;     /**< n */
    double change; /**< the largest change of an outcome since the iteration before, in points; NaN in the first */
} ent_exchange_iteration;

/** What came of it; owned by the caller, ent_exchange_free(). */
typedef struct ent_exchange_result {
    size_t n, issues;
    int32_t iterations;                      /**< played */
    const ent_exchange_iteration *iteration; /**< iterations */
    bool interrupted;                        /**< by `progress` */
    ent_stop stop;                           /**< ENT_STOP_SETTLED or ENT_STOP_MAX_ROUNDS */
    int32_t settled_at; /**< the iteration (from 1) since whose outcomes none changed by `settled` or more; 0: none */
    const double *outcome; /**< issues: of the last iteration */
} ent_exchange_result;

/**
 * Plays the model.
 *
 * Outcomes are weighted means and stay between the outermost positions that are held. Realised trades gain both partners
 * more than nothing. Scaling the power of all on an issue, or shifting and scaling its scale with its positions, changes
 * nothing. Equal gains (within 1e-9) are traded in the order of issues, then actors.
 * Source: Stokman & Van Oosten 1994; what Decide 2025.3.1 computes, with the fixed rule for ties.
 *
 * @param[out] out      owned by the caller; NULL on error
 * @param      input    not NULL
 * @param      options  NULL: the defaults
 * @param[out] err      may be NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL, nothing there, an option that is none); ENT_ERR_DOMAIN (numbers out of range;
 *         an issue without weight); ENT_ERR_LIMIT (too many possible trades: names the cost); ENT_ERR_MEMORY
 *
 * Time: a trade touches those that share an actor and issue with it, O(issues n) of them, O(n) each for its effects;
 * memory O(possible trades + realised trades n). Nothing is allocated within an iteration. Thread-safe.
 */
ENT_API ENT_MUST_CHECK ent_status ent_exchange(ent_exchange_result **out, const ent_exchange_input *input,
                                               const ent_exchange_options *options, ent_error *err);
ENT_API void ent_exchange_free(ent_exchange_result *result); /**< NULL is allowed */

/** The options that the model `exchange` of the table takes as numbers (ent_model_option()), as this header's. */
ENT_API ent_exchange_options ent_exchange_options_of(const double *option);

#ifdef __cplusplus
}
#endif
#endif
