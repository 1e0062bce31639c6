/**
 * @file entente/challenge.h
 * @brief The challenge model: who would dare to challenge whom, who gives way, round by round, on one issue.
 *
 * After Bueno de Mesquita (1994, 1997) as Scholz, Calbert & Smith (2011) replicated it. Every actor weighs challenging
 * every other; whoever expects to lose more than the other is asked to move; each follows one of those demands.
 * Variants: `classic`, the model as published with its loose ends closed, and `scholz`, the numbers of the one public
 * program with its oddities. Actors are numbered 0..n-1 in the caller's order.
 */
#ifndef ENTENTE_CHALLENGE_H
#define ENTENTE_CHALLENGE_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ent_challenge_variant { ENT_CHALLENGE_CLASSIC = 0, ENT_CHALLENGE_SCHOLZ = 1 } ent_challenge_variant;
/** Which offer an actor accepts: the one that asks the least movement, or that of the strongest challenger. */
typedef enum ent_challenge_accept { ENT_CHALLENGE_LEAST = 0, ENT_CHALLENGE_STRONGEST = 1 } ent_challenge_accept;
/** What becomes of an actor that accepts a confrontation: it concedes, or conflict leaves it where it is. */
typedef enum ent_challenge_conflict { ENT_CHALLENGE_CONCEDE = 0, ENT_CHALLENGE_NONE = 1 } ent_challenge_conflict;
/** Both gain by a challenge, the proposer more; or the proposer gains and the receiver would lose, but less. */
typedef enum ent_challenge_kind { ENT_CHALLENGE_CONFRONTATION = 0, ENT_CHALLENGE_COMPROMISE = 1 } ent_challenge_kind;

/**
 * Called during a run, about fifty times a round: the round now worked on (from 1) and the share of it that is done.
 * Anything but 0 stops the run; the whole rounds so far are kept.
 */
typedef int (*ent_challenge_progress_fn)(int32_t round, double share, void *payload);

/** How to run it. Start from ENT_CHALLENGE_OPTIONS_INIT. */
typedef struct ent_challenge_options {
    int32_t version;
    ent_challenge_variant variant;
    ent_challenge_accept accept;          /**< scholz: not looked at */
    ent_challenge_conflict confrontation; /**< scholz: not looked at */
    double q;           /**< probability that nothing changes if unchallenged [0, 1]; in scholz only a factor */
    double tolerance;   /**< settled when nobody moves by more than this share of the range [0, 1]; scholz: never */
    int32_t max_rounds; /**< 1 to ENT_CHALLENGE_MAX_ROUNDS; scholz plays exactly so many */
    int32_t max_offers; /**< kept of the whole run, from 0; of later rounds only those accepted */
    ent_challenge_progress_fn progress; /**< may be NULL */
    void *payload;
} ent_challenge_options;
#define ENT_CHALLENGE_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        .version = 1, .q = 1, .tolerance = 1e-3, .max_rounds = 50, .max_offers = 1000 * 1000                           \
    }

/** What a group has before it. Arrays are borrowed, one value an actor. */
typedef struct ent_challenge_input {
    size_t n;                 /**< actors, 1 to ENT_CHALLENGE_MAX_ACTORS */
    const double *position;   /**< any unit */
    const double *salience;   /**< 0 to 1 */
    const double *capability; /**< >= 0; only proportions count */
} ent_challenge_input;

/** One offer of one round: the proposer asks the receiver to move. */
typedef struct ent_challenge_offer {
    int32_t receiver, proposer;
    ent_challenge_kind kind;
    double eu_receiver; /**< what the receiver expects of challenging the proposer */
    double eu_proposer; /**< what the proposer gains by challenging, as the receiver sees it; the larger of the two */
    double position;    /**< where the receiver is to stand */
    bool accepted;
} ent_challenge_offer;

/** The state at the start of a round, and what was offered in it. The last state has no offers. */
typedef struct ent_challenge_round {
    const double *position; /**< n */
    double median, mean;    /**< weighted by capability times salience */
    const double *danger;   /**< n: what all others expect of challenging it, were nobody averse to risk */
    const double *risk;     /**< n: -1 for the safest actor, 1 for the most endangered */
    const double *exponent; /**< n: 2 for the safest, 1/2 for the most endangered: what distances are raised to */
    size_t n_offers;        /**< kept; see left_out */
    const ent_challenge_offer *offer; /**< by receiver, then proposer */
    size_t left_out;                  /**< offers made but not kept, none of them accepted */
    const int32_t *accepted;          /**< n: index of the offer it accepted, or -1 */
    double moved;                     /**< the longest movement, as a share of the range */
} ent_challenge_round;

/** What came of it; owned by the caller, ent_challenge_free(). */
typedef struct ent_challenge_result {
    size_t n;
    int32_t rounds;                   /**< played; there are rounds + 1 states */
    ent_stop stop;                    /**< ENT_STOP_SETTLED, ENT_STOP_CYCLE or ENT_STOP_MAX_ROUNDS */
    bool interrupted;                 /**< by `progress`: the rounds are those before */
    int32_t cycle_start;              /**< with ENT_STOP_CYCLE: the state that came back ... */
    int32_t cycle_length;             /**< ... after so many rounds; else 0 */
    double range;                     /**< from the least to the greatest position at the start */
    const ent_challenge_round *round; /**< rounds + 1; danger, risk, exponent and accepted are NULL in the last */
    double outcome;                   /**< the median of the last state; of a cycle, the mean of its medians */
    double mean;                      /**< the mean of the last state; of a cycle, the mean of its means */
} ent_challenge_result;

/**
 * Plays the model to its end.
 *
 * Positions stay between the outermost of the start. In variant classic shifting, mirroring and scaling the positions
 * does the same to one round of the result, to 1e-9 of the range; reordering actors changes nothing but stated ties
 * (the lower-numbered proposer); scaling all capabilities changes nothing. Over many rounds differences of rounding can
 * grow. Where all positions are equal (or there is one actor) nobody moves and the outcome is that position.
 * Source: Bueno de Mesquita 1994, 1997; Scholz, Calbert & Smith 2011; the closed ends are listed in src/settle/
 * challenge.c.
 *
 * @param[out] out      owned by the caller; NULL on error
 * @param      input    not NULL
 * @param      options  NULL: the defaults
 * @param[out] err      may be NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL, no actor, an option that is none); ENT_ERR_DOMAIN (numbers out of range;
 *         every weight zero); ENT_ERR_LIMIT (too many actors: names the cost); ENT_ERR_MEMORY
 *
 * Time O(n^3) a round, memory O(n^2 + rounds n + offers kept), planned before the first round: nothing is allocated
 * after it. Thread-safe.
 */
ENT_API ENT_MUST_CHECK ent_status ent_challenge(ent_challenge_result **out, const ent_challenge_input *input,
                                                const ent_challenge_options *options, ent_error *err);
ENT_API void ent_challenge_free(ent_challenge_result *result); /**< NULL is allowed */

/** The options that the model `challenge` of the table takes as numbers (ent_model_option()), as this header's. */
ENT_API ent_challenge_options ent_challenge_options_of(const double *option);

#ifdef __cplusplus
}
#endif
#endif
