/**
 * @file entente/vote.h
 * @brief Rules of decision, consent, agenda setting in one dimension, and power indices.
 *
 * A rule says which sets of members can decide. Members are numbered 0 .. members - 1 in the caller's order, in every
 * array of this module. All rules here are monotone: with one more yes a decision never fails.
 */
#ifndef ENTENTE_VOTE_H
#define ENTENTE_VOTE_H

#include "entente/core.h"
#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- rules --------------------------------------------------------------------------------------------- */

/** What a node was made as; for whoever describes it. All three are decided by quota and weights alone. */
typedef enum ent_rule_kind {
    ENT_RULE_CRITERION, /**< weights and a quota */
    ENT_RULE_ALL,       /**< every part: weights 1, the quota their number */
    ENT_RULE_ANY        /**< one part suffices: weights 1, quota 1 */
} ent_rule_kind;

/** One criterion: the parts that say yes weigh at least `quota` (more than it, where strict). */
typedef struct ent_rule_node {
    int32_t kind;         /**< ent_rule_kind */
    int32_t first, count; /**< its parts are part[first .. first + count - 1]; count >= 1 */
    int32_t strict;       /**< 1: more than the quota; 0: the quota suffices */
    double quota;         /**< > 0 (strict: >= 0), in the unit of the weights */
} ent_rule_node;

/** What counts in a node: a member, or a node before it (so no rule contains itself). */
typedef struct ent_rule_part {
    int32_t unit;     /**< a member's number, or `members` + a node's number, which is below this node's */
    int32_t reserved; /**< 0 */
    double weight;    /**< >= 0, finite */
} ent_rule_part;

/**
 * A rule: flat plain data, which may be written to a file and read again (ent_rule_copy() checks what was read).
 * The last node decides. Two sums that differ by less than 1e-12 of all weight are equal, so that 0.1 + 0.2 reaches
 * 0.3.
 */
typedef struct ent_rule {
    int32_t members, nodes, parts;
    const ent_rule_node *node;
    const ent_rule_part *part;
} ent_rule;

/** Makes a rule, bottom up. Opaque. Errors are kept and told by ent_rule_end(). */
typedef struct ent_rule_builder ent_rule_builder;

/** Begins a rule of that many members; NULL without memory (which the functions below take, and tell at the end). */
ENT_API ENT_MUST_CHECK ent_rule_builder *ent_rule_begin(size_t members);
/**
 * Adds a criterion and returns its unit, to be a part of later ones; -1 after an error.
 *
 * @param unit    n units: members, or what was returned before; NULL: all members, in order (n their number)
 * @param weight  n weights, >= 0; NULL: 1 each
 * @param quota   in the unit of the weights
 * @param strict  more than the quota is needed
 */
ENT_API int32_t ent_rule_criterion(ent_rule_builder *to, const int32_t *unit, const double *weight, size_t n,
                                   double quota, bool strict);
ENT_API int32_t ent_rule_all(ent_rule_builder *to, const int32_t *unit, size_t n); /**< each of them must say yes */
ENT_API int32_t ent_rule_any(ent_rule_builder *to, const int32_t *unit, size_t n); /**< one of them suffices */
/** All but `k` of them suffice. */
ENT_API int32_t ent_rule_all_but(ent_rule_builder *to, const int32_t *unit, size_t n, size_t k);
/**
 * The rule whose deciding node is the one added last; frees the builder, whatever happens.
 *
 * @param[out] out  ent_rule_free() it; NULL on error
 * @return ENT_OK; ENT_ERR_ARGUMENT (no members, no criterion, a unit that there is not, one twice in a node, a node
 * that counts nowhere); ENT_ERR_DOMAIN (weights negative, not finite or all zero; a quota of zero or less, or not
 * finite; a rule that nobody can satisfy: the message names quota and total); ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_rule_end(ent_rule **out, ent_rule_builder *to, ent_error *err);

/** Everyone must say yes. */
ENT_API ENT_MUST_CHECK ent_status ent_rule_consensus(ent_rule **out, size_t members, ent_error *err);
/** More than half of the members. */
ENT_API ENT_MUST_CHECK ent_status ent_rule_majority(ent_rule **out, size_t members, ent_error *err);
/**
 * A weighted majority: yes weighs at least the quota (strict: more).
 * @param quota  share: a share of the sum of the weights, in (0, 1] (strict: [0, 1)), else in their unit. A share of
 * whole weights that comes within rounding of a whole number is that number.
 */
ENT_API ENT_MUST_CHECK ent_status ent_rule_weighted(ent_rule **out, const double *weight, size_t members, double quota,
                                                    bool share, bool strict, ent_error *err);
/** That it is a rule; the errors of ent_rule_end(). */
ENT_API ENT_MUST_CHECK ent_status ent_rule_check(const ent_rule *rule, ent_error *err);
/** A checked copy in one block; of a rule whose arrays come from anywhere. */
ENT_API ENT_MUST_CHECK ent_status ent_rule_copy(ent_rule **out, const ent_rule *rule, ent_error *err);
ENT_API void ent_rule_free(ent_rule *rule); /**< NULL is allowed */

/** Whether those who say yes can decide: yes[members]. The rule must be a checked one. Time O(parts). */
ENT_API bool ent_rule_wins(const ent_rule *rule, const bool *yes);

/**
 * Whether the chance of a decision can be computed exactly within the limits: each node of members that are counted
 * nowhere else costs O(members x quota) for whole weights; nodes over the same members their product of quotas, or
 * 2^(members / 2). ENT_ERR_LIMIT names the node that does not fit.
 */
ENT_API ENT_MUST_CHECK ent_status ent_rule_chance_check(const ent_rule *rule, ent_error *err);
/** Bytes of workspace of ent_rule_chance(); 0 where ent_rule_chance_check() refuses. */
ENT_API size_t ent_rule_chance_workspace(const ent_rule *rule);
/**
 * The chance that a decision is made when each member says yes with its own chance, independently: exact.
 *
 * blocks[i] = P(adopted | i says yes) - P(adopted), >= 0: by how much the chance would rise if i were sure to agree; it
 * is (1 - p_i) times the derivative of the chance by p_i, so no division is involved and p_i may be 0.
 *
 * @param[out] chance     in [0, 1]; NaN where a p is undefined or outside [0, 1] (as is blocks)
 * @param[out] blocks     members; NULL where not wanted
 * @param      p          members, in [0, 1]
 * @param      workspace  of ent_rule_chance_workspace() bytes, aligned to 16; what is in it does not matter
 * Allocates nothing. For consensus O(members).
 */
ENT_API void ent_rule_chance(double *chance, double *blocks, const ent_rule *rule, const double *p, void *workspace);

/* --- consent -------------------------------------------------------------------------------------------- */

/** One proposal before a group, in one year. Arrays are borrowed, one value a member. */
typedef struct ent_consent_input {
    const ent_rule *rule; /**< its members are n */
    size_t n;
    const double *position;   /**< on the scale */
    const double *salience;   /**< 0 to 1 */
    const double *capability; /**< >= 0; weights of the mean that positions drift to; NULL: 1 each */
    double low, high;         /**< the scale's stated ends, low < high */
    double from, to;          /**< what stands now, what is proposed; on the scale */
    double lambda;            /**< sharpness of the choice, >= 0 [1 / utility] */
    double tau;               /**< cost of standing in the way, >= 0 [utility] */
    double rho;               /**< share of the way to the weighted mean that a position drifts a round, 0 to 1 */
    int32_t rounds;           /**< tries of a year, 1 to 1000; each draws anew, independently */
    double r;                 /**< curvature of utility, 1 to 20; 2 in the literature */
} ent_consent_input;

/** What comes of it; arrays are the caller's, NULL where not wanted. */
typedef struct ent_consent_output {
    double chance;                      /**< P(adopted within the rounds) */
    double *accept;                     /**< n: P(the member accepts) in the first round */
    double *blocks;                     /**< n: P(adopted | the member always accepts) - chance */
    double gridlock_low, gridlock_high; /**< what lies between stays; NaN: no point does */
} ent_consent_output;

/**
 * Whether a group consents.
 *
 *     P_i = 1 / (1 + exp(-lambda (s_i [u_i(to) - u_i(from)] + tau))),   u_i(x) = 1 - |x - x_i|^r / range^r
 *     chance = 1 - product over the rounds of (1 - P(rule | P_i of that round))
 *     x_i of the next round = x_i + rho (mean - x_i),   mean = sum c s x / sum c s
 *
 * Under consensus one round gives the product of the P_i. Rounds are independent tries: ten of them turn 0.19 into
 * 0.88.
 *
 * Source: quantal response (McKelvey & Palfrey 1995) for P_i; the chance of a rule is its multilinear extension (Owen
 * 1972).
 *
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL, n that is not the rule's); ENT_ERR_DOMAIN (a number out of range; every
 * weight zero where positions drift); ENT_ERR_LIMIT (see ent_rule_chance_check()); ENT_ERR_MEMORY. `out` is unchanged
 * on error.
 */
ENT_API ENT_MUST_CHECK ent_status ent_consent(ent_consent_output *out, const ent_consent_input *in, ent_error *err);

/**
 * by_year[y] = P(adopted by the end of year y) = 1 - product over the years asked so far of (1 - chance). Exact, given
 * the draw's inputs. NaN from the first asked year whose chance is undefined.
 */
ENT_API void ent_consent_by_year(double *by_year, const double *chance, const bool *asked, size_t n);
/**
 * Expected years from the first asking to adoption. After the last asked year it is asked on at the spacing of the last
 * two (a year where there is but one), each time with the last chance. NaN where that is 0 and adoption is not yet
 * certain, where nothing is asked, or where an asked year's chance is undefined.
 */
ENT_API double ent_consent_expected_time(const double *chance, const bool *asked, size_t n);

/**
 * The gridlock interval: all points x such that no winning set prefers another point to x, for members who prefer what
 * is nearer to their position.
 *
 *     low  = the greatest position p such that those at or above p can decide
 *     high = the least position p such that those at or below p can decide
 *
 * Under consensus [min, max]; under majority of an odd number the median. Where two sets apart can each decide (one
 * suffices) low may exceed high: every point can then be left, and both are NaN.
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL); ENT_ERR_DOMAIN (a position that is not finite); ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_gridlock(double *low, double *high, const ent_rule *rule, const double *position,
                                               ent_error *err);

/* --- agenda setting ----------------------------------------------------------------------------------------- */

/** A proposer before a group that can only accept or keep the status quo. */
typedef struct ent_agenda_input {
    const ent_rule *rule;
    const double *position; /**< rule->members ideal points */
    double status_quo;      /**< on the scale */
    double ideal;           /**< the proposer's; a member's or not */
    double low, high;       /**< the scale's ends: nothing outside can be proposed */
} ent_agenda_input;

typedef struct ent_agenda_output {
    double win_low, win_high; /**< the win set: every point that some winning set accepts over the status quo, itself
                                   included; always an interval around it */
    double outcome;           /**< the point of the win set nearest to the proposer's ideal */
    bool keeps;               /**< the status quo stands */
} ent_agenda_output;

/**
 * What a proposer with the only right to propose gets.
 *
 * A member accepts y over the status quo z where it is no farther from its ideal (weak acceptance): y between z and its
 * mirror image 2 x_i - z. So the win set is an interval, found exactly: its upper end is the greatest mirror image such
 * that those whose image is at or above it can decide (or z), its lower end likewise. The outcome lies in the win set;
 * under consensus no member, and under any rule no member with a veto, is worse off than at the status quo.
 *
 * Source: Romer & Rosenthal 1978; win sets: Tsebelis 2002.
 *
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL); ENT_ERR_DOMAIN (numbers off the scale or not finite); ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_agenda(ent_agenda_output *out, const ent_agenda_input *in, ent_error *err);

/* --- power ---------------------------------------------------------------------------------------------------- */

/** How indices were computed. */
typedef enum ent_power_method {
    ENT_POWER_AUTO,  /**< the cheapest exact one that fits, else sampling */
    ENT_POWER_COUNT, /**< exact: sets counted by size and weight, by dynamic programming over all criteria at once */
    ENT_POWER_LARGE, /**< one whole-number criterion, many members: swings exact; Shapley-Shubik to 1e-12 by Owen's
                        integral */
    ENT_POWER_ENUMERATE, /**< exact: every set of members, each from the one before by one member (Gray code) */
    ENT_POWER_SAMPLE,    /**< random orderings and sets, with standard errors */
    ENT_POWER_INTEGRAL,  /**< Owen's integral over exact chances, for any rule of which these can be computed (see
                              ent_rule_chance_check()): Shapley-Shubik to 1e-13, swings exact up to 53 members */
    ENT_POWER_METHOD_COUNT
} ent_power_method;

/** "dynamic programming", "enumeration", ...; never NULL. */
ENT_API const char *ent_power_method_text(ent_power_method method);

typedef struct ent_power_options {
    int32_t version;         /**< 1 */
    ent_power_method method; /**< ENT_POWER_AUTO */
    const int32_t *bloc;     /**< members: its precoalition, 0, 1, .. without gaps, for Owen's value; NULL: none */
    int64_t samples;         /**< of sampling; 0: 1 000 000 */
    uint64_t seed;           /**< of sampling */
} ent_power_options;

#define ENT_POWER_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        1, ENT_POWER_AUTO, 0, 0, 1                                                                                     \
    }

/** Power of the members of a rule. Plain data, owned by it; arrays of n. */
typedef struct ent_power {
    size_t n;
    ent_power_method method;        /**< which one gave it */
    const double *shapley_shubik;   /**< share of the orders of members in which it is the pivot; sums to 1 */
    const double *banzhaf;          /**< normalised: its share of all swings; sums to 1 */
    const double *banzhaf_absolute; /**< swings / 2^(n - 1) (Penrose 1946) */
    const char *const *swings; /**< winning sets that would lose without it, as a decimal integer; NULL where sampled or
                                  too large to be counted exactly */
    const char *winning;       /**< winning sets, as a decimal integer; NULL as above */
    double act;                /**< Coleman's power of the body to act: winning sets / 2^n */
    const double *prevent;     /**< Coleman's power to prevent: swings / winning */
    const double *initiate;    /**< Coleman's power to initiate: swings / (2^n - winning) */
    const double *owen;        /**< Owen's value with precoalitions; NULL without */
    const double *shapley_shubik_error, *banzhaf_absolute_error, *owen_error; /**< standard errors of sampling; NULL
                                                                                   where exact */
    double act_error;
} ent_power;

/**
 * Power indices of every member.
 *
 * Shapley-Shubik and normalised Banzhaf sum to 1; a member whose vote never counts has 0; equal members have equal
 * power. Under consensus of n members each Shapley-Shubik index is 1 / n and Coleman's power to act 2^-n.
 *
 * Source: Shapley & Shubik 1954; Penrose 1946, Banzhaf 1965; Coleman 1971; Owen 1972 (integral), Owen 1977
 * (precoalitions).
 *
 * @param[out] out      ent_power_free() it; NULL on error
 * @param      rule     a checked rule
 * @param      options  NULL: the defaults
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL, an unknown method, blocs with gaps); ENT_ERR_LIMIT (the method asked for
 * cannot take this rule; the message says why); ENT_ERR_MEMORY
 *
 * Cost: COUNT O(n sizes x product of weight totals); LARGE some tens of O(n x total) passes; ENUMERATE O(2^n), n <= 34;
 * INTEGRAL n / 2 chances; SAMPLE O(samples x parts). Thread-safe.
 */
ENT_API ENT_MUST_CHECK ent_status ent_power_indices(ent_power **out, const ent_rule *rule,
                                                    const ent_power_options *options, ent_error *err);
ENT_API void ent_power_free(ent_power *power); /**< NULL is allowed */

/* --- rules in files ----------------------------------------------------------------------------------------- */

/** A rule with its names, from a YAML file (docs/rules.md) or shipped. Plain data, owned by it. */
typedef struct ent_rule_file {
    const char *id, *title, *source, *about; /**< id: its file's name without .yaml; "" where not said */
    const char *const *member;               /**< rule->members names */
    const double *weight;                    /**< rule->members: what the table shows beside the indices; NULL: none */
    const char *weight_name;                 /**< "population"; "" where there is no weight */
    const int32_t *bloc;                     /**< of each member; NULL where the file names none */
    const char *const *bloc_name;
    size_t blocs;
    const ent_rule *rule;
} ent_rule_file;

/**
 * Reads a rule. Everything that is wrong goes to `list` with its line and column.
 *
 * @param[out] out      ent_rule_file_free() it; NULL on failure
 * @param      members  of a rule that says only how many there are (`members: 5`): that many instead; 0: as it says
 * @param[out] list     not NULL
 * @return ENT_OK; ENT_ERR_SCENARIO (see the list); ENT_ERR_IO; ENT_ERR_LIMIT; ENT_ERR_MEMORY; ENT_ERR_ARGUMENT (NULL)
 */
ENT_API ENT_MUST_CHECK ent_status ent_rule_file_read(ent_rule_file **out, const char *path, size_t members,
                                                     ent_diagnostics *list, ent_error *err);
/** The same of a shipped rule ("un-security-council"); ENT_ERR_ARGUMENT names the nearest. */
ENT_API ENT_MUST_CHECK ent_status ent_rule_file_shipped(ent_rule_file **out, const char *id, size_t members,
                                                        ent_diagnostics *list, ent_error *err);
ENT_API size_t ent_rule_shipped_count(void);
ENT_API const char *ent_rule_shipped_id(size_t i);    /**< in the order of the alphabet; NULL beyond the last */
ENT_API void ent_rule_file_free(ent_rule_file *file); /**< NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
