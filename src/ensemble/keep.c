/* The list of what to keep; the same thing asked for twice is kept once. */
#include "ensemble/ensemble.h"

#include <string.h>

/* A linear search is enough: what repeats was asked for lately (an arm that equals the arm before). */
enum { LOOK_BACK = 64 };

int32_t ent__keep_tally(ent__keep *keep, ent__tally tally)
{
    for (int32_t i = keep->n_tallies; i-- > 0 && i >= keep->n_tallies - LOOK_BACK;) {
        const ent__tally *t = &keep->tally[i];
        if (t->value == tally.value && t->when == tally.when && t->reading == tally.reading && t->model == tally.model &&
            t->prior == tally.prior)
            return i;
    }
    ent__tally *to = ent__plan_grow((void **)&keep->tally, &keep->n_tallies, &keep->capacity_tallies, sizeof *to);
    if (to == NULL)
        return -1;
    *to = tally;
    return keep->n_tallies - 1;
}

int32_t ent__keep_grid(ent__keep *keep, int32_t slot, bool prior, double low, double high)
{
    for (int32_t i = keep->n_grids; i-- > 0 && i >= keep->n_grids - LOOK_BACK;)
        if (keep->grid[i].slot == slot && keep->grid[i].prior == prior)
            return i;
    ent__grid *to = ent__plan_grow((void **)&keep->grid, &keep->n_grids, &keep->capacity_grids, sizeof *to);
    if (to == NULL)
        return -1;
    *to = (ent__grid){slot, prior, !(high - low < __builtin_inf() && high > low), low, high};
    return keep->n_grids - 1;
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
    ent__free(keep->column);
    ent__free(keep->track);
    memset(keep, 0, sizeof *keep);
}
