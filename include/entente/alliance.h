/**
 * @file entente/alliance.h
 * @brief Who pays, what an alliance is worth, whether its promise holds; capability and likeness of states.
 *
 * Money is in one currency of one year (billions of US$ in the shipped scenario), burdens are shares of GDP,
 * probabilities lie in [0, 1]. Arrays are the caller's, one value an ally in the caller's order. Where a function
 * fails, what it would have given is unchanged. All are pure functions: no global state, safe in threads.
 */
#ifndef ENTENTE_ALLIANCE_H
#define ENTENTE_ALLIANCE_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- burden sharing --------------------------------------------------------------------------------- */

/**
 * How far allies can rely on each other's forces: s_ij = credibility_j * spillover_ij, the share of j's spending that
 * counts for i. `by_pair` NULL: the same spillover for every pair.
 */
typedef struct ent_spill {
    double spillover;          /**< 0 to 1; where by_pair is NULL */
    const double *by_pair;     /**< n x n, row i is what i gets from j, each 0 to 1; the diagonal is not looked at */
    const double *credibility; /**< n, 0 to 1; NULL: 1 */
} ent_spill;

/** What tastes are calibrated from. */
typedef struct ent_burden_past {
    size_t n;               /**< allies, >= 1 */
    const double *income;   /**< n: GDP, > 0 */
    const double *observed; /**< n: what each spends, > 0 and below its income */
    const double
        *private_share; /**< n: v = b / (a + b), 0 to 1: the part of the taste that others' forces do not meet */
    ent_spill spill;
} ent_burden_past;

/**
 * Tastes for security from what allies are seen to spend.
 *
 * Solves each ally's first-order condition for t = a + b at the observed spending q and spill-in R:
 * t = 1 / (1 + (I - q) (v / q + (1 - v) / (q + R))), a = (1 - v) t, b = v t. The equilibrium at the same incomes and
 * spill then is the observed spending, where no floor binds.
 * Source: joint products, Sandler & Forbes (1980), Economic Inquiry 18; Cornes & Sandler (1984), Economic Journal 94.
 *
 * @param[out] taste_shared  n: a_i
 * @param[out] taste_private n: b_i
 * @return ENT_OK; ENT_ERR_ARGUMENT (nothing given, n 0); ENT_ERR_DOMAIN (the message names the ally by number)
 * Cost O(n), or O(n^2) with by_pair.
 */
ENT_API ENT_MUST_CHECK ent_status ent_burden_calibrate(double *taste_shared, double *taste_private,
                                                       const ent_burden_past *past, ent_error *err);

/** One year of an alliance. */
typedef struct ent_burden_input {
    size_t n;                    /**< allies, >= 1 */
    const double *income;        /**< n: GDP, > 0 */
    const double *taste_shared;  /**< n: a, >= 0: for security that allies can share */
    const double *taste_private; /**< n: b, >= 0: for what one's own forces alone give; a + b < 1 */
    ent_spill spill;
    const double *floor;  /**< n: the pledge that is complied with, >= 0 and below income; NULL: 0 */
    const double *weight; /**< n: of each ally in the efficient benchmark, > 0; NULL: 1 */
    const double *start;  /**< n: spending to start from (last year's), >= 0; NULL: what each would spend alone */
    bool no_benchmark;           /**< efficient and under_provision are not wanted: they are NaN */
} ent_burden_input;

/** Who pays. Arrays of n, the caller's; NULL where not wanted. With ENT_STOP_NO_CONVERGENCE all is NaN. */
typedef struct ent_burden_output {
    double *spending;        /**< q: the equilibrium */
    double *burden;          /**< q / I */
    double *alone;           /**< what the ally would spend if it could rely on nobody: max((a + b) I, floor) */
    double *free_ride;       /**< alone - spending */
    double *spill_in;        /**< R: what it can count on of others' spending */
    double *total_share;     /**< its part of all spending */
    double *income_share;    /**< its part of all income */
    double efficient;        /**< total spending at which the weighted sum of utilities is greatest (no floors) */
    double under_provision;  /**< 1 - total / efficient */
    double rank_correlation; /**< Spearman's, of income and burden: above 0 the large carry more; NaN where all are
                                alike */
    double
        start_difference; /**< greatest difference of a burden between the equilibria from two starts (NaN: the second
                             did not settle); 0 where it is known to be unique: where s_ij depends on j alone */
    int32_t iterations;   /**< steps until nothing moved by more than 1e-12 of income */
    ent_stop stop;        /**< ENT_STOP_DONE, or ENT_STOP_NO_CONVERGENCE */
} ent_burden_output;

/**
 * The Nash equilibrium of an alliance in which each ally chooses its own spending.
 *
 *     U_i = (1 - a_i - b_i) ln(I_i - q_i) + b_i ln q_i + a_i ln(q_i + R_i),   R_i = sum_{j != i} s_ij q_j
 *
 * b = 0 and s = 1 is the pure public good of Olson & Zeckhauser (1966). Every q_i is a best response to the others'
 * to within 1e-12 of I_i. Raising one ally's floor never raises another's spending where s_ij depends on j alone.
 * Source: Olson & Zeckhauser (1966), Review of Economics and Statistics 48; Sandler & Forbes (1980).
 *
 * @return ENT_OK (also without convergence: see stop); ENT_ERR_ARGUMENT; ENT_ERR_DOMAIN; ENT_ERR_MEMORY
 * Cost: O(n) a step where s_ij depends on j alone, about ten steps; else O(n^2) a sweep.
 */
ENT_API ENT_MUST_CHECK ent_status ent_burden_sharing(ent_burden_output *out, const ent_burden_input *in,
                                                     ent_error *err);

/* --- membership --------------------------------------------------------------------------------------- */

/** Members are 0..members-1, candidates follow in every array of a = members + candidates. */
typedef struct ent_membership_input {
    size_t members, candidates;  /**< members >= 1 */
    const double *income;        /**< a: > 0 */
    const double *taste_shared;  /**< a */
    const double *taste_private; /**< a */
    const double *spending;      /**< members: what each spends */
    double spillover;            /**< 0 to 1 */
    const double *credibility;   /**< members: 0 to 1 */
    double outside;              /**< the part of an insider's spill-in that an outsider can count on, 0 to 1 */
    const double *floor_inside;  /**< a: what members must spend, below income; NULL: 0 */
    bool adjust;                 /**< whether the others' spending answers to whether a state is in or out */
} ent_membership_input;

/** Arrays of a, the caller's; NULL where not wanted. */
typedef struct ent_membership_output {
    double
        *equivalent; /**< e: V(outside, I) = V(member, (1 - e) I); below 0 where membership costs more than it gives */
    double *inside;  /**< V(member) */
    double *outside; /**< V(outside) */
    ent_stop stop;
} ent_membership_output;

/**
 * What membership is worth to each member and candidate: the share of income it would give up each year to be inside
 * (equivalent variation; Hicks 1939, Value and Capital). Utility as in ent_burden_sharing(), each choosing its best
 * spending; outside there is no floor and of the spill-in only the part `outside`.
 *
 * With `adjust` both are equilibria: of the members (and the candidate) relying on each other, and with everything that
 * crosses the border between the state and the others cut to `outside`. A candidate is then as credible as the members'
 * mean. Without, others' spending is as given, so that e is 0 where outside is 1 and there is no floor.
 * @return ENT_OK (also without convergence); ENT_ERR_ARGUMENT; ENT_ERR_DOMAIN; ENT_ERR_MEMORY
 * Cost O(a), with adjust O(a^3).
 */
ENT_API ENT_MUST_CHECK ent_status ent_membership(ent_membership_output *out, const ent_membership_input *in,
                                                 ent_error *err);

/* --- deterrence --------------------------------------------------------------------------------------- */

typedef struct ent_deterrence_input {
    size_t n;                  /**< defenders, >= 1; the target is not among them */
    const double *help;        /**< n: what each would bring, in yearly spending, >= 0 */
    const double *stake;       /**< n: r, what its promise puts at risk, >= 0, in units of the challenger's stake */
    const double *cost;        /**< n: d, what honouring costs it, >= 0 */
    const double *loss;        /**< n: L, what it loses if the target falls, >= 0 */
    double challenger, target; /**< yearly spending, >= 0 */
    double lambda_defender, lambda_challenger; /**< precision, >= 0: 0 is by lot */
    double m;                                  /**< decisiveness, > 0 */
    double v;                                  /**< V: the challenger's stake, >= 0 */
    double c, c_opposed;                       /**< its cost where nobody comes, and where somebody does, >= 0 */
    int32_t withdraws;                         /**< of `required`: the defender that is left out, or -1 */
    double wanted;                             /**< of `required`: the deterrence to reach, 0 to 1; NaN: not asked */
} ent_deterrence_input;

/** Start from {.stake = ...}: m and v are 1, nobody withdraws, nothing is wanted. */
#define ENT_DETERRENCE_INPUT_INIT                                                                                      \
    {                                                                                                                  \
        .m = 1, .v = 1, .withdraws = -1, .wanted = __builtin_nan("")                                                   \
    }

typedef struct ent_deterrence_output {
    double *honour;          /**< n: h, that the defender honours its commitment; NULL where not wanted */
    double alliance;         /**< 1 - N: that somebody comes */
    double force;            /**< the part of all help that would come; NaN where there is no help */
    double challenge;        /**< x: that the challenger challenges */
    double deterrence;       /**< 1 - x */
    double challenger_value; /**< what a challenge is worth to it; the status quo is worth 0 */
    double required;         /**< the factor on the remaining allies' help at which deterrence reaches `wanted`; 0 where
                                  it needs none of them; NaN where no factor up to 100 does, or c_opposed < c, where
                                  more help need not deter more */
    bool exact;              /**< the average over who comes is exact, not the approximation */
} ent_deterrence_output;

/**
 * Extended deterrence: a challenger keeps the status quo or challenges; each defender abandons the target or honours.
 *
 *     h_j = 1 / (1 + exp(-lambda_D (r_j - d_j + (p_T - p_Tj) L_j))),  p_T = contest(C, T), p_Tj = contest(C, T + C_j)
 *     x   = 1 / (1 + exp(-lambda_C W)),  W = E[p V - cost] over who comes
 *
 * With at most ENT_DETERRENCE_EXACT defenders with help W is exact; else the help of those who come is taken as its
 * mean, S = sum h_j C_j / (1 - N). As lambda grows it is the subgame-perfect outcome.
 * Source: Fearon (1997), Journal of Conflict Resolution 41; Signorino (1999), American Political Science Review 93;
 * McKelvey & Palfrey (1998), Experimental Economics 1; contest: Hirshleifer (1989), Public Choice 63.
 *
 * @return ENT_OK; ENT_ERR_ARGUMENT; ENT_ERR_DOMAIN (the message names the defender by number); ENT_ERR_MEMORY
 * Cost O(n), or O(2^k) with k <= 12 defenders with help; `required` some fifteen times that.
 */
ENT_API ENT_MUST_CHECK ent_status ent_deterrence(ent_deterrence_output *out, const ent_deterrence_input *in,
                                                 ent_error *err);

/**
 * The game as Gambit's extensive form (.efg), each player's payoffs times its own lambda, so that the logit agent
 * quantal response equilibrium at lambda = 1 is h and x. *text is the caller's: ent_bytes_free().
 * @param name  n + 1 names: the challenger's, then the defenders'; NULL: "challenger", "defender 1", ...
 * @return as ent_deterrence(); ENT_ERR_LIMIT with more than ENT_DETERRENCE_EXACT defenders
 */
ENT_API ENT_MUST_CHECK ent_status ent_deterrence_efg(char **text, size_t *length, const ent_deterrence_input *in,
                                                     const char *const *name, ent_error *err);

/* --- capability over time ------------------------------------------------------------------------------- */

/** Tables hold a row a year, a column an ally. */
typedef struct ent_capability_input {
    size_t n, years;          /**< each >= 1 */
    const double *income;     /**< years x n: > 0 */
    const double *spending;   /**< years x n: the target that spending moves toward, >= 0 */
    const double *start;      /**< n: spending that the first year's stock is in balance with; NULL: the first target */
    double wear;              /**< w: of a stock a year, above 0, to 1 */
    const double *efficiency; /**< years x n: e, > 0; NULL: 1 */
    const double *baseline_efficiency; /**< n: the e that stocks are measured by; NULL: the first year's */
    double ramp;                       /**< the most that spending moves in a year, share of GDP, >= 0 */
    const double *required; /**< years: factor on the stocks of the year before (ent_deterrence()), NaN: none; NULL */
    int32_t without;        /**< the ally whose stock does not count against `required`, or -1 */
} ent_capability_input;

/** Tables as above, the caller's; NULL where not wanted. */
typedef struct ent_capability_output {
    double *stock;   /**< years x n: w K / e, the yearly spending that would keep up such a stock */
    double *spent;   /**< years x n: what was spent toward the target */
    double *deficit; /**< years: required stock less the stock there is, of the remaining allies; below 0 a surplus */
    int32_t first_closed; /**< the first year (0, 1, ...) without a deficit; -1 never */
    double window;        /**< deficits above 0 summed over the years; NaN where one is undefined */
} ent_capability_output;

/**
 * Stocks of military capability: K(t+1) = (1 - w) K(t) + e q(t), K(0) = e q(0) / w, with q moving at most `ramp` of GDP
 * a year toward its target (perpetual inventory; Goldsmith 1951). Row t of `spending` is what row t of `stock` has just
 * taken in. A stock that is kept up by q a year is worth q.
 * @return ENT_OK; ENT_ERR_ARGUMENT; ENT_ERR_DOMAIN. Cost O(n years).
 */
ENT_API ENT_MUST_CHECK ent_status ent_capability(ent_capability_output *out, const ent_capability_input *in,
                                                 ent_error *err);

/* --- the composite index of national capability ----------------------------------------------------------- */

enum { ENT_CINC_COMPONENTS = 6 };
/** "milex", "milper", "irst", "pec", "tpop", "upop": spending, personnel, iron and steel, energy, total and urban
 * people. */
ENT_API const char *ent_cinc_component(size_t i);

/**
 * CINC of each row: the mean, over the components that it has, of the state's share of the total of its year.
 *
 * The rows of a year sum to 1 where none is missing. Source: Singer, Bremer & Stuckey (1972), in Russett (ed.), Peace,
 * War, and Numbers.
 * @param[out] out   rows
 * @param      component  rows x ENT_CINC_COMPONENTS, >= 0; NaN where missing. A component whose total is 0 in a year is
 *                        no component of that year.
 * @param      year  rows, in any order; NULL: all of one year
 * @return ENT_OK (NaN for a row without any component); ENT_ERR_ARGUMENT; ENT_ERR_DOMAIN; ENT_ERR_MEMORY
 * Cost O(rows log rows).
 */
ENT_API ENT_MUST_CHECK ent_status ent_cinc(double *out, const double *component, const int32_t *year, size_t rows,
                                           ent_error *err);

/* --- likeness of foreign policies -------------------------------------------------------------------------- */

typedef enum ent_similarity_kind {
    ENT_SIMILARITY_S,     /**< 1 - 2 D / greatest D (Signorino & Ritter 1999) */
    ENT_SIMILARITY_KAPPA, /**< 1 - D / D expected from each state's own margins (Cohen's kappa) */
    ENT_SIMILARITY_PI     /**< 1 - D / D expected from the two averaged (Scott's pi) */
} ent_similarity_kind;

/**
 * How alike two profiles of n items on a scale of width w are: 1 alike, S at -1 opposed throughout, kappa and pi at 0
 * as alike as chance would have it.
 *
 * D is the mean distance |a - b|, or (a - b)^2 where `squared`. Source: Signorino & Ritter (1999), International
 * Studies Quarterly 43; chance-corrected: Häge (2011), Political Analysis 19.
 * @param[out] out   NaN for kappa and pi where no distance is expected (two constant, equal profiles)
 * @param      a, b  n each; items of which one is NaN are left out; all must lie within a span of `width`
 * @return ENT_OK; ENT_ERR_ARGUMENT (no item that both have, width not above 0); ENT_ERR_DOMAIN
 * Cost O(n) for S and for squares, else O(n^2).
 */
ENT_API ENT_MUST_CHECK ent_status ent_similarity(double *out, ent_similarity_kind kind, bool squared, const double *a,
                                                 const double *b, size_t n, double width, ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
