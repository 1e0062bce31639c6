/* The list of what to keep; the same thing asked for twice is kept once. */
#include "ensemble/ensemble.h"

#include <string.h>

/* Where a slot was last asked for; what is asked of one slot is a short chain. */
static int32_t *chain_of(int32_t **first, int32_t *capacity, int32_t slot)
{
    if (slot >= *capacity) {
        int32_t want = *capacity > 0 ? *capacity : 1024;
        while (want <= slot)
            want *= 2;
        int32_t *grown = ent__realloc(*first, (size_t)want, sizeof *grown);
        if (grown == NULL)
            return NULL;
        for (int32_t i = *capacity; i < want; i++)
            grown[i] = -1;
        *first = grown;
        *capacity = want;
    }
    return *first + slot;
}

int32_t ent__keep_tally(ent__keep *keep, ent__tally tally)
{
    int32_t *chain = chain_of(&keep->first_tally, &keep->capacity_first_tally, tally.value);
    if (chain == NULL)
        return -1;
    for (int32_t i = *chain; i >= 0; i = keep->tally[i].next) {
        const ent__tally *t = &keep->tally[i];
        if (t->value == tally.value && t->when == tally.when && t->reading == tally.reading && t->model == tally.model &&
            t->prior == tally.prior && t->group == tally.group && t->pair == tally.pair && t->part == tally.part)
            return i;
    }
    ent__tally *to = ent__plan_grow((void **)&keep->tally, &keep->n_tallies, &keep->capacity_tallies, sizeof *to);
    if (to == NULL)
        return -1;
    *to = tally;
    to->next = *chain;
    return *chain = keep->n_tallies - 1;
}

int32_t ent__keep_grid(ent__keep *keep, ent__grid grid)
{
    int32_t *chain = chain_of(&keep->first_grid, &keep->capacity_first_grid, grid.slot);
    if (chain == NULL)
        return -1;
    for (int32_t i = *chain; i >= 0; i = keep->grid[i].next) {
        const ent__grid *g = &keep->grid[i];
        if (g->prior == grid.prior && (g->bins == grid.bins || (g->wide && grid.bins == ENT__FINE_BINS)) && g->reading == grid.reading && g->model == grid.model && g->group == grid.group)
            return i;
    }
    ent__grid *to = ent__plan_grow((void **)&keep->grid, &keep->n_grids, &keep->capacity_grids, sizeof *to);
    if (to == NULL)
        return -1;
    *to = grid;
    to->next = *chain;
    to->needs_pilot = !(grid.high - grid.low < __builtin_inf() && grid.high > grid.low);
    to->wide = to->needs_pilot && grid.bins == ENT__FINE_BINS;
    to->bins = to->wide ? ENT__WIDE_BINS : grid.bins;
    to->count = keep->n_counts;
    keep->n_counts += (size_t)to->bins + 2;
    return *chain = keep->n_grids - 1;
}

int32_t ent__keep_pair(ent__keep *keep, ent__pair pair)
{
    for (int32_t i = 0; i < keep->n_pairs; i++)
        if (keep->pair[i].x == pair.x && keep->pair[i].y == pair.y)
            return i;
    ent__pair *to = ent__plan_grow((void **)&keep->pair, &keep->n_pairs, &keep->capacity_pairs, sizeof *to);
    if (to == NULL)
        return -1;
    *to = pair;
    return keep->n_pairs - 1;
}

int32_t ent__keep_column(ent__keep *keep, int32_t slot)
{
    for (int32_t i = 0; i < keep->n_columns; i++)
        if (keep->column[i] == slot)
            return i;
    int32_t *to = ent__plan_grow((void **)&keep->column, &keep->n_columns, &keep->capacity_columns, sizeof *to);
    if (to == NULL)
        return -1;
    *to = slot;
    return keep->n_columns - 1;
}

int32_t ent__keep_track(ent__keep *keep, int32_t value, int32_t when)
{
    ent__track *to = ent__plan_grow((void **)&keep->track, &keep->n_tracks, &keep->capacity_tracks, sizeof *to);
    if (to == NULL)
        return -1;
    *to = (ent__track){value, when};
    return keep->n_tracks - 1;
}

void ent__keep_free(ent__keep *keep)
{
    ent__free(keep->tally);
    ent__free(keep->grid);
    ent__free(keep->pair);
    ent__free(keep->column);
    ent__free(keep->track);
    ent__free(keep->first_tally);
    ent__free(keep->first_grid);
    memset(keep, 0, sizeof *keep);
}
