/* Sums over blocks of draws along a binary tree that is fixed by block number, so that they do not depend on who ran
 * which block, when, or in which process.
 *
 * The node (level, index) stands for the blocks index * 2^level up to, not including, (index + 1) * 2^level. Siblings
 * are only ever joined with each other, the left before the right. What a range of blocks leaves are the largest nodes
 * inside it; two ranges that meet are put together by joining their nodes. */
#ifndef ENT_SRC_TREE_H
#define ENT_SRC_TREE_H

#include "core/core.h"

/* Weighted moments, mergeable without cancellation (Chan, Golub & LeVeque 1983); a second set with squared weights
 * gives the standard error of a weighted mean. */
typedef struct ent__moments {
    double weight, mean, m2;      /* sum w; mean; sum w (x - mean)^2 */
    double square, mean_2, m2_2;  /* the same with w^2; unused where every weight is 1 */
    double undefined;             /* weight of the draws where x is undefined */
} ent__moments;

void ent__moments_merge(ent__moments *a, const ent__moments *b); /* a, then b */

typedef struct ent__subtree { /* a node whose sibling is not there yet */
    int64_t index;
    int32_t level;
    ent__moments *moments; /* [n_tallies], owned */
} ent__subtree;

typedef struct ent__tree {
    int32_t n_tallies;
    ent__subtree *waiting;
    int32_t n_waiting, capacity_waiting;
    ent__moments **spare;
    int32_t n_spare, capacity_spare;
} ent__tree;

/* Room for the moments of a block, its content left over from another; NULL without memory. */
ent__moments *ent__tree_take(ent__tree *tree);
/* Joins a node with its sibling, that with its own, as far as they are there. Takes over `moments`, also on failure:
 * false without memory. */
bool ent__tree_join(ent__tree *tree, int32_t level, int64_t index, ent__moments *moments);
/* Joins what waits from the right into total[n_tallies] and leaves the tree empty. */
void ent__tree_fold(ent__tree *tree, ent__moments *total);
void ent__tree_free(ent__tree *tree);

/* The largest node that begins at block `from` and ends at or before block `end`: its level. */
static inline int32_t ent__tree_level(int64_t from, int64_t end)
{
    int32_t level = 0;
    while (level < 62 && (from >> level & 1) == 0 && from + (INT64_C(2) << level) <= end)
        level++;
    return level;
}

#endif
