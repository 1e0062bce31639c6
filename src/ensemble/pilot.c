/* Where the bins of grids lie whose range is not declared: as the first draws say. Every part of a run makes these for itself, so
 * all have the same bins. */
#include "ensemble/worker.h"

/* Of a grid whose bins grow from the middle. */
static void set_wide(ent__grid *grid, double *x, int32_t n)
{
    for (int32_t i = 1; i < n; i++) { /* few values: by insertion */
        const double value = x[i];
        int32_t at = i;
        for (; at > 0 && x[at - 1] > value; at--)
            x[at] = x[at - 1];
        x[at] = value;
    }
    grid->middle = n > 0 ? x[n / 2] : 0;
    grid->unit = n > 0 ? x[3 * n / 4] - x[n / 4] : 0;
    if (!(grid->unit > 0))
        grid->unit = n > 0 ? 0.25 * (x[n - 1] - x[0]) : 0;
    if (!(grid->unit > 0)) /* all alike so far */
        grid->unit = grid->middle != 0 ? 0.125 * (grid->middle < 0 ? -grid->middle : grid->middle) : 1;
    grid->unit = grid->unit < 1e280 ? grid->unit > 1e-280 ? grid->unit : 1e-280 : 1e280; /* edges are numbers and differ */
    grid->low = grid->middle;
    grid->high = grid->middle + grid->unit;
}

/* What was met, with half of it as room on both sides. */
static void set_even(ent__grid *grid, double low, double high)
{
    bool met = high >= low;
    low = met ? low : 0;
    high = met ? high : 1;
    double room = 0.5 * (high - low);
    if (!(room > 0)) /* all alike so far */
        room = high != 0 ? 0.5 * (high < 0 ? -high : high) : 0.5;
    grid->low = low - room > grid->low ? low - room : grid->low;
    grid->high = high + room < grid->high ? high + room : grid->high;
}

/* The first draws' values: of a wide grid all that are finite, of others the least and the most. */
static void look(const ent__worker *worker, double *x, int32_t *n)
{
    ent__ensemble *e = worker->ensemble;
    for (int32_t g = 0, k = 0; g < e->keep.n_grids; g++) {
        const double *value = ent__machine_slot(worker->machine, e->keep.grid[g].slot);
        for (int32_t l = 0; l < ENT__LANES; l++) {
            if (!ent__is_finite(value[l]))
                continue;
            e->low[g] = value[l] < e->low[g] ? value[l] : e->low[g];
            e->high[g] = value[l] > e->high[g] ? value[l] : e->high[g];
            if (e->keep.grid[g].wide)
                x[(size_t)k * ENT__PILOT + (size_t)n[k]++] = value[l];
        }
        k += e->keep.grid[g].wide;
    }
}

bool ent__worker_pilot(ent__worker *worker)
{
    ent__ensemble *e = worker->ensemble;
    size_t n_wide = 0;
    for (int32_t g = 0; g < e->keep.n_grids; g++)
        n_wide += e->keep.grid[g].wide;
    double *x = ent__alloc(n_wide * ENT__PILOT, sizeof *x);
    int32_t *n = ent__alloc(n_wide, sizeof *n);
    bool done = x != NULL && n != NULL;
    for (int32_t g = 0; g < e->keep.n_grids; g++) {
        e->low[g] = __builtin_inf();
        e->high[g] = -__builtin_inf();
    }
    for (int64_t first = 0; done && first < ENT__PILOT; first += ENT__LANES) {
        ent__machine_run(worker->machine, first, ENT__LANES);
        look(worker, x, n);
    }
    for (int32_t g = 0, k = 0; done && g < e->keep.n_grids; g++) {
        ent__grid *grid = &e->keep.grid[g];
        if (grid->wide)
            set_wide(grid, x + (size_t)k * ENT__PILOT, n[k]);
        else if (grid->needs_pilot)
            set_even(grid, e->low[g], e->high[g]);
        k += grid->wide;
        e->low[g] = __builtin_inf();
        e->high[g] = -__builtin_inf();
    }
    ent__free(x);
    ent__free(n);
    return done;
}
