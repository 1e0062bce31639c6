/* What the files of this room share. */
#ifndef ENT_SRC_VOTE_H
#define ENT_SRC_VOTE_H

#include "core/core.h"
#include "entente/vote.h"

extern const ent_model ent__model_consent;

/* Two sums that differ by less than this share of all weight are equal. */
#define ENT__RULE_TIE 1e-12

/* The least sum of weights that satisfies a node, with the tie's width counted in. */
double ent__rule_need(const ent_rule *rule, int32_t node);

/* A node's weights as whole numbers: whole[j] = weight[j] * scale for each part, and the least whole sum that satisfies
 * it. False where no power of ten up to 10^6 makes them whole, or they sum to more than 2^53. Common factors are taken
 * out. whole may be NULL. */
bool ent__rule_whole(const ent_rule *rule, int32_t node, int64_t *whole, int64_t *need, int64_t *total);

/* The greatest v among value[members] such that the members with value >= v can decide. order: members int32_t of
 * scratch, filled with the members by descending value. Undefined where a value is. */
double ent__rule_reach(const ent_rule *rule, const double *value, int32_t *order, bool *yes);

/* The gridlock interval of ent_gridlock(), without checks; mirror: members of scratch. */
void ent__rule_gridlock(double *low, double *high, const ent_rule *rule, const double *position, double *mirror,
                        int32_t *order, bool *yes);

/* Whether everyone is needed (a product, no search). */
bool ent__rule_is_consensus(const ent_rule *rule);

/* A node that may be taken apart from the rest: nothing below it counts anywhere else, so its yes is an event of its
 * own. inside: members + nodes bytes of scratch. */
bool ent__rule_stands_alone(const ent_rule *rule, int32_t node, bool *inside);

#endif
