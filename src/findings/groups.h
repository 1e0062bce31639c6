/* Draws in groups of equal size, for errors of what is not a mean over draws: of ratios, differences and sums of these.
 * With x_b what group b of G pulls a figure away, its variance is G / (G - 1) sum_b x_b^2. */
#ifndef ENT_SRC_GROUPS_H
#define ENT_SRC_GROUPS_H

#include "plan/plan.h"

#include "core/elementary.h"

typedef struct ent__groups {
    int64_t draws;
    int64_t size;          /* draws in a group: 1, 2, 4 ... 64, or whole batches of 64; the last may be smaller */
    int32_t n;
    int64_t batches;       /* that one thread does at a time, a unit of work: whole groups */
    int32_t n_units;
} ent__groups;

static inline int64_t ent__groups_ceil(int64_t a, int64_t b) { return (a + b - 1) / b; }

/* At most `most` groups; with enough draws more than half as many. */
static inline ent__groups ent__groups_of(int64_t draws, int32_t most)
{
    ent__groups g = {.draws = draws, .size = 1, .batches = 1};
    while (g.size < ENT__LANES && ent__groups_ceil(draws, g.size) > most)
        g.size *= 2;
    if (ent__groups_ceil(draws, g.size) > most) {
        g.batches = ent__groups_ceil(ent__groups_ceil(draws, ENT__LANES), most);
        g.size = ENT__LANES * g.batches;
    }
    g.n = (int32_t)ent__groups_ceil(draws, g.size);
    g.n_units = (int32_t)ent__groups_ceil(draws, ENT__LANES * g.batches);
    return g;
}

/* The first batch after those of a unit. */
static inline int64_t ent__groups_end(const ent__groups *g, int64_t unit)
{
    int64_t end = (unit + 1) * g->batches, all = ent__groups_ceil(g->draws, ENT__LANES);
    return end < all ? end : all;
}

/* The group of a draw. */
static inline int64_t ent__group_of(const ent__groups *g, int64_t draw) { return draw / g->size; }

/* How many lanes from `lane` on belong to one group. */
static inline int32_t ent__groups_lanes(const ent__groups *g, int32_t lane, int32_t lanes)
{
    return g->size < lanes - lane ? (int32_t)g->size : lanes - lane;
}

static inline double ent__groups_error(const ent__groups *g, double squares)
{
    return g->n > 1 ? ent_sqrt(squares * g->n / (g->n - 1)) : ENT_UNDEFINED;
}

#endif
