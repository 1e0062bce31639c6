/* What a study asks about: a claim, or a quantity, by name; its cells, and the weight of a draw. */
#ifndef ENT_SRC_TARGET_H
#define ENT_SRC_TARGET_H

#include "findings/findings.h"

typedef struct ent__target {
    const char *name;      /* of the plan's texts: a claim's id, a quantity's name */
    const char *title;     /* in words */
    const char *unit;
    bool is_claim;
    int32_t index;         /* claims[] or quantities[] */
    int32_t cell;          /* its value on each draw; of a claim a truth or a chance */
    int32_t when;          /* cell: draws that count, or -1 */
    bool needs_with;       /* no value without the document */
} ent__target;

/* The target of this name. ENT_ERR_ARGUMENT: nothing is called so (says what is nearest), or it has no value on each
 * draw (a claim about all draws, or one that is not tested). */
ent_status ent__target_find(ent__target *out, const ent_plan *plan, const char *name, ent_error *err);
/* Whether a claim has a value on each draw; if so *out is its target. */
bool ent__target_of_claim(ent__target *out, const ent_plan *plan, int32_t claim);
void ent__target_of_quantity(ent__target *out, const ent_plan *plan, int32_t quantity);
/* All claims with a value on each draw, then headline outcomes: *n of them, allocated in the arena; NULL without memory. */
ent__target *ent__targets_main(int32_t *n, const ent_plan *plan, ent__arena *arena);

/* The arguments a program must aim at (ent__aim) to have targets in an arm and the weights: appends to root, which has
 * room for 2 * n_targets + n_givens; returns how many there are then. */
int32_t ent__target_roots(ent__arg *root, int32_t n_roots, const ent__target *target, int32_t n_targets, int32_t arm);
int32_t ent__weight_roots(ent__arg *root, int32_t n_roots, const ent_plan *plan);

/* The weight of each lane: the product of what is known, without the document; 0 where that is undefined. */
void ent__target_weights(double *weight, const ent__machine *machine);
/* A target's value in each lane; undefined where the draw does not count. `row` is a row of the program's arms. */
void ent__target_values(double *value, const ent__machine *machine, const ent__target *target, int32_t row);

#endif
