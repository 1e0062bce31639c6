/**
 * @file entente/spatial.h
 * @brief The spatial model of politics: groups bargain in any number of dimensions, round by round.
 *
 * After KTAB's Spatial Model of Politics (Wise, Lester & Efird 2015). Every actor looks for the one other whom a
 * contest would pay most, proposes where both should move, and every actor then takes the best liked of the proposals
 * that concern it, as an election among all would rank them. Two modes: `corrected` (default) and `ktab`, the numbers
 * of that program with its oddities. Actors are numbered 0..n-1 in the caller's order; tables hold one row an actor.
 */
#ifndef ENTENTE_SPATIAL_H
#define ENTENTE_SPATIAL_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ent_spatial_mode { ENT_SPATIAL_CORRECTED = 0, ENT_SPATIAL_KTAB = 1 } ent_spatial_mode;

/* The options, with the values that KTAB stores for them. */

/** How strengths become a probability of winning: a^k / (a^k + b^k), or the stronger by a tenth wins. */
typedef enum ent_spatial_victory {
    ENT_SPATIAL_LINEAR = 0,
    ENT_SPATIAL_SQUARE,
    ENT_SPATIAL_QUARTIC,
    ENT_SPATIAL_OCTIC,
    ENT_SPATIAL_BINARY,
    ENT_SPATIAL_VICTORY_COUNT
} ent_spatial_victory;
/** How pairwise victories become one probability for each option. */
typedef enum ent_spatial_election {
    ENT_SPATIAL_CONDITIONAL = 0,
    ENT_SPATIAL_MARKOV_INCENTIVE,
    ENT_SPATIAL_MARKOV_UNIFORM,
    ENT_SPATIAL_ELECTION_COUNT
} ent_spatial_election;
/** Whether an actor takes the likeliest proposal, or draws one by their probabilities. */
typedef enum ent_spatial_transition {
    ENT_SPATIAL_DETERMINISTIC = 0,
    ENT_SPATIAL_STOCHASTIC,
    ENT_SPATIAL_TRANSITION_COUNT
} ent_spatial_transition;
/** How much of its weight an actor votes with, by the difference D between two utilities. */
typedef enum ent_spatial_vote {
    ENT_SPATIAL_VOTE_BINARY = 0,  /**< all */
    ENT_SPATIAL_VOTE_PROP_BINARY, /**< 0.8 D + 0.2 */
    ENT_SPATIAL_VOTE_PROP,        /**< D */
    ENT_SPATIAL_VOTE_PROP_CUBIC,  /**< (D + D^3) / 2 */
    ENT_SPATIAL_VOTE_CUBIC,       /**< D^3 */
    ENT_SPATIAL_VOTE_PROSPECT,    /**< D, a gain counting two thirds of a loss */
    ENT_SPATIAL_VOTE_COUNT
} ent_spatial_vote;
/** How far an actor knows the risk attitude of another: from its own (none) to the other's (full). */
typedef enum ent_spatial_adjust {
    ENT_SPATIAL_ADJUST_NONE = 0,
    ENT_SPATIAL_ADJUST_THIRD,
    ENT_SPATIAL_ADJUST_HALF,
    ENT_SPATIAL_ADJUST_TWO_THIRDS,
    ENT_SPATIAL_ADJUST_FULL,
    ENT_SPATIAL_ADJUST_COUNT
} ent_spatial_adjust;
/** The range of risk attitudes: [0, 1], [-1/2, 1], [-1, 1]; 1 is averse, held at the likeliest position. */
typedef enum ent_spatial_range {
    ENT_SPATIAL_RANGE_MIN = 0,
    ENT_SPATIAL_RANGE_MID,
    ENT_SPATIAL_RANGE_MAX,
    ENT_SPATIAL_RANGE_COUNT
} ent_spatial_range;
/** How much third parties commit in a contest between two others. */
typedef enum ent_spatial_commit {
    ENT_SPATIAL_COMMIT_NONE = 0,
    ENT_SPATIAL_COMMIT_SEMI,
    ENT_SPATIAL_COMMIT_FULL,
    ENT_SPATIAL_COMMIT_COUNT
} ent_spatial_commit;
/** How two sides' saliences s and chances p weigh in where to meet: s p, s^2 p^2, or only the weaker moves. */
typedef enum ent_spatial_interpolation {
    ENT_SPATIAL_S1P1 = 0,
    ENT_SPATIAL_S2P2,
    ENT_SPATIAL_S2PMAX,
    ENT_SPATIAL_INTERPOLATION_COUNT
} ent_spatial_interpolation;
/** Who proposes: the initiator; initiator and receiver, one proposal each; the mean of both, weighted by strength. */
typedef enum ent_spatial_bargain {
    ENT_SPATIAL_INITIATOR = 0,
    ENT_SPATIAL_BOTH,
    ENT_SPATIAL_WEIGHTED,
    ENT_SPATIAL_BARGAIN_COUNT
} ent_spatial_bargain;

/**
 * Called during a run, about fifty times a round: the round now worked on (from 1) and the share of it that is done.
 * Anything but 0 stops the run; the whole rounds so far are kept.
 */
typedef int (*ent_spatial_progress_fn)(int32_t round, double share, void *payload);

/** How to run it. Start from ENT_SPATIAL_OPTIONS_INIT. */
typedef struct ent_spatial_options {
    int32_t version;
    ent_spatial_mode mode;
    ent_spatial_victory victory;
    ent_spatial_election election;
    ent_spatial_transition transition;
    ent_spatial_vote vote;
    ent_spatial_adjust adjust;
    ent_spatial_range range;
    ent_spatial_commit commit;
    ent_spatial_interpolation interpolation;
    ent_spatial_bargain bargain;
    int32_t max_rounds;          /**< 1 to ENT_SPATIAL_MAX_ROUNDS */
    uint64_t seed, stream, draw; /**< keys of the run's own stream; in mode ktab `seed` alone, 0 its default seed */
    ent_spatial_progress_fn progress; /**< may be NULL */
    void *payload;
} ent_spatial_options;
#define ENT_SPATIAL_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        .version = 1, .vote = ENT_SPATIAL_VOTE_PROP, .adjust = ENT_SPATIAL_ADJUST_THIRD,                               \
        .range = ENT_SPATIAL_RANGE_MID, .commit = ENT_SPATIAL_COMMIT_SEMI, .interpolation = ENT_SPATIAL_S2P2,          \
        .max_rounds = 100                                                                                              \
    }

/** What a group has before it. Arrays are borrowed. */
typedef struct ent_spatial_input {
    size_t n, dims;           /**< actors, 2 to ENT_SPATIAL_MAX_ACTORS; dimensions, >= 1 */
    const double *position;   /**< n x dims, on each dimension's scale */
    const double *salience;   /**< n x dims, 0 to 1 */
    const double *capability; /**< n, >= 0; or n x dims where `by_dimension` */
    bool by_dimension;        /**< capability differs by dimension (mode corrected only) */
    const double *accommodation; /**< n x n: how far ideal i follows position j; rows sum to 1 at most. NULL: its own */
    const double *low, *high; /**< dims each: the scales' ends; NULL: 0 and 100 */
} ent_spatial_input;

/** One proposal of one round. */
typedef struct ent_spatial_offer {
    int32_t initiator, receiver;
    ent_spatial_bargain proposer; /**< ENT_SPATIAL_BOTH: the receiver's own proposal; else as the option says */
    double phi, delta; /**< the initiator's estimate: its chance to win a contest, and its gain by a challenge */
    double receiver_phi, receiver_delta;      /**< the receiver's estimate of the same two */
    double initiator_chance, receiver_chance; /**< of this proposal in the election of each one's queue */
    bool initiator_takes, receiver_takes;
    const double *initiator_moves, *receiver_moves; /**< dims each: where it would have them stand */
} ent_spatial_offer;

/** The state at the start of a round, and what was offered in it. The last state has no offers. */
typedef struct ent_spatial_round {
    const double *position, *ideal; /**< n x dims, on the dimensions' scales */
    const double *risk;             /**< n: 1 averse; negative: seeking */
    const double *chance;           /**< n: of each actor's position in the election of all (sums to 1) */
    const double *win_probability;  /**< n: of the position held; those who hold one together share the number */
    const int32_t *place;           /**< n: number of the distinct position, from 0 in the order of first holders */
    size_t places;                  /**< how many distinct positions */
    size_t n_offers;
    const ent_spatial_offer *offer; /**< in the order of initiators */
    const double *stay;   /**< n: chance of staying in the election of its own queue; NULL in the last state */
    const int32_t *taken; /**< n: index of the offer taken, -1 for staying; NULL in the last state */
    double moved;         /**< sum over actors of the distance moved, each scale of length 1; 0 in the last state */
} ent_spatial_round;

/** What came of it; owned by the caller, ent_spatial_free(). */
typedef struct ent_spatial_result {
    size_t n, dims;
    int32_t rounds;                 /**< played; there are rounds + 1 states */
    ent_stop stop;                  /**< ENT_STOP_SETTLED or ENT_STOP_MAX_ROUNDS */
    bool interrupted;               /**< by `progress`: the rounds are those before */
    size_t unconverged;             /**< Markov elections that missed their tolerance within 1 000 steps */
    const ent_spatial_round *round; /**< rounds + 1 */
    const double *outcome;          /**< dims: capability-weighted mean of final positions */
} ent_spatial_result;

/**
 * Plays the model to its end.
 *
 * In mode corrected every position stays in the box of the first ones, shifting and mirroring a scale shifts and
 * mirrors the result, and scaling all capabilities changes nothing; reordering the actors changes nothing but ties (and
 * rule prospect). Mode ktab refuses what that program refuses: capability 0, total salience 0 or above 1, positions off
 * their scale, adjust full. Source: Wise, Lester & Efird, "Multidimensional Bargaining using KTAB" (2015), and its
 * published program (2019).
 *
 * @param[out] out      owned by the caller; NULL on error
 * @param      input    not NULL
 * @param      options  NULL: the defaults
 * @param[out] err      may be NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL, an option that is none); ENT_ERR_DOMAIN (numbers out of range; every weight
 *         zero); ENT_ERR_LIMIT (too many actors: names the cost); ENT_ERR_MEMORY
 *
 * Time O(n^3) a round, memory O(n^2 + rounds n dims); nothing is allocated within a round. Thread-safe.
 */
ENT_API ENT_MUST_CHECK ent_status ent_spatial(ent_spatial_result **out, const ent_spatial_input *input,
                                              const ent_spatial_options *options, ent_error *err);
ENT_API void ent_spatial_free(ent_spatial_result *result); /**< NULL is allowed */

/** The options that the model `spatial` of the table takes as numbers (ent_model_option()), as this header's options.
 */
ENT_API ent_spatial_options ent_spatial_options_of(const double *option);

#ifdef __cplusplus
}
#endif
#endif
