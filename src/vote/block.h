/* A block: what must be computed at once. A rule falls into blocks at the nodes that stand alone: whether such a node
 * is satisfied is an event of its own, independent of all else, so that it counts above as one more voter. The units of
 * a block are members and such nodes; its criteria are the nodes over them. */
#ifndef ENT_SRC_VOTE_BLOCK_H
#define ENT_SRC_VOTE_BLOCK_H

#include "vote/vote.h"

typedef enum ent__block_way {
    ENT__BLOCK_ALL,    /* every unit is needed: a product */
    ENT__BLOCK_ANY,    /* one suffices: one less a product */
    ENT__BLOCK_TABLE,  /* whole weights: a table over all sums up to the quotas */
    ENT__BLOCK_HALVES, /* the subsets of either half of the units, met in the middle */
    ENT__BLOCK_EACH,   /* every set of units */
    ENT__BLOCK_NONE    /* beyond the limits */
} ent__block_way;

enum { ENT__BLOCK_DIMS = 22 }; /* sums over units: each doubles a table at least, so that tables grow too large before */

typedef struct ent__block {
    int32_t node;             /* that stands alone */
    int32_t units, criteria;  /* how many */
    const int32_t *unit;      /* [units]: a member, or members + a node that stands alone; without those of no weight */
    const int32_t *criterion; /* [criteria]: nodes, in order; the last is `node` */
    const int32_t *place;     /* [members + nodes]: of a unit, its index among the units; of a criterion, its index */
    ent__block_way way;
    int32_t wide;                 /* of HALVES: index of the criterion whose sums are not whole, or are too many */
    int32_t dims;                 /* sums over units to be told apart, besides the wide criterion's */
    int32_t dim[ENT__BLOCK_DIMS]; /* index of the first criterion that each belongs to */
    int64_t cap[ENT__BLOCK_DIMS]; /* the least whole sum that satisfies all of those */
    int64_t states;               /* product of cap + 1 */
} ent__block;

/* Scratch for finding blocks. */
typedef struct ent__block_scratch {
    int32_t *unit, *criterion, *place; /* parts, nodes, members + nodes */
    bool *inside, *alone;              /* members + nodes, nodes */
} ent__block_scratch;

size_t ent__block_scratch_bytes(const ent_rule *rule);
/* Lays the scratch out in memory; returns what follows it. Finds which nodes stand alone. */
void *ent__blocks_find(ent__block_scratch *out, const ent_rule *rule, void *memory);
/* The block of a node that stands alone, and how it is computed. Its arrays are the scratch's, until the next. */
void ent__block_read(ent__block *out, const ent_rule *rule, int32_t node, ent__block_scratch *scratch);

/* The criteria of a block as numbers: weights of units in each, weights of earlier criteria in later ones. */
typedef struct ent__block_table {
    const ent__block *block;
    const ent_rule *rule;
    double *weight;  /* [criteria x units]; whole but for the wide criterion */
    double *link;    /* [criteria x criteria] */
    double *need;    /* [criteria] */
    bool *counts;    /* [criteria]: whether it counts units */
    bool *satisfied; /* [criteria]: scratch */
    int32_t *digit;  /* [criteria]: which dimension holds its sum; -1 where none does */
} ent__block_table;

size_t ent__block_table_bytes(const ent__block *block);
void *ent__block_table_fill(ent__block_table *out, const ent_rule *rule, const ent__block *block, void *memory);
/* Whether the node is satisfied when the units that say yes weigh digit[dims] in the dimensions, and the wide criterion
 * is satisfied by them or has none (not used without one). */
bool ent__block_wins(const ent__block_table *table, const int64_t *digit, bool wide);
/* The same for a set of units, a bit each; needs no dimensions. */
bool ent__block_wins_set(const ent__block_table *table, int64_t set);

#endif
