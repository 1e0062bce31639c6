/* A block of draws: run the machine, weigh the draws, keep what is asked for. */
#include "ensemble/worker.h"

#include "ensemble/grid.h"

#include <string.h>

enum { L = ENT__LANES, NOT_COUNTED = UINT16_MAX };

static const double two_32 = 4294967296.0;

typedef struct batch { /* the draws at hand */
    int64_t first;
    int32_t lanes, group;
    double weight[L];     /* 1 without givens */
    uint64_t whole[L];    /* weight in units of 2^-32 */
} batch;

size_t ent__worker_bytes(const ent__ensemble *e)
{
    return (size_t)e->keep.n_grids * ENT__NOTED * sizeof(uint16_t) +
           (ent__reach_numbers(&e->reach, e->program->plan) + 2 * L * (size_t)e->keep.n_tracks) * sizeof(uint64_t) +
           (size_t)e->program->n_slots * L * sizeof(double) + 4 * (size_t)e->keep.n_tallies * sizeof(ent__moments);
}

static void forget_range(ent__worker *worker)
{
    for (int32_t g = 0; g < worker->ensemble->keep.n_grids; g++) {
        worker->low[g] = __builtin_inf();
        worker->high[g] = -__builtin_inf();
    }
}

ent_status ent__worker_create(ent__worker **out, ent__ensemble *e, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_plan *plan = e->program->plan;
    size_t grids = (size_t)e->keep.n_grids;
    ent__worker *worker = ent__alloc(1, sizeof *worker);
    ENT_REQUIRE(worker != NULL, ENT_ERR_MEMORY, "not enough memory for a worker");
    worker->ensemble = e;
    worker->bin = ent__alloc(grids * ENT__NOTED, sizeof *worker->bin);
    worker->low = ent__alloc(grids, sizeof *worker->low);
    worker->high = ent__alloc(grids, sizeof *worker->high);
    worker->curve = ent__alloc(ent__reach_numbers(&e->reach, plan), sizeof *worker->curve);
    worker->add = ent__alloc(2 * L * (size_t)e->keep.n_tracks, sizeof *worker->add);
    worker->given_slot = ent__alloc((size_t)plan->n_givens, sizeof *worker->given_slot);
    ENT_REQUIRE(worker->bin && worker->low && worker->high && worker->curve && worker->add && worker->given_slot, ENT_ERR_MEMORY,
                "not enough memory for the counts of %d quantities", e->keep.n_grids);
    forget_range(worker);
    worker->n_givens = plan->n_givens;
    for (int32_t g = 0; g < plan->n_givens; g++)
        worker->given_slot[g] = ent__program_slot(e->program, ENT_ARM_WITHOUT, plan->givens[g].cell);
    ENT_TRY(ent__machine_create(&worker->machine, e->program, e->seed, err));
    *out = worker;
    worker = NULL;
done:
    ent__worker_free(worker);
    return status;
}

void ent__worker_free(ent__worker *worker)
{
    if (worker == NULL)
        return;
    ent__machine_free(worker->machine);
    ent__free(worker->bin);
    ent__free(worker->low);
    ent__free(worker->high);
    ent__free(worker->curve);
    ent__free(worker->add);
    ent__free(worker->given_slot);
    ent__free(worker);
}

static const double *slot(const ent__worker *worker, int32_t s) { return ent__machine_slot(worker->machine, s); }

/* An observation counts by its truth or chance, kept in [0, 1]; undefined counts as not observed. */
static void weigh(const ent__worker *worker, batch *b)
{
    for (int32_t l = 0; l < L; l++)
        b->weight[l] = 1;
    for (int32_t g = 0; g < worker->n_givens; g++) {
        const double *x = slot(worker, worker->given_slot[g]);
        for (int32_t l = 0; l < L; l++)
            b->weight[l] *= x[l] > 0 ? (x[l] < 1 ? x[l] : 1) : 0;
    }
    for (int32_t l = 0; l < L; l++)
        b->whole[l] = (uint64_t)(b->weight[l] * two_32 + 0.5);
}

static bool other_group(int32_t group, const batch *b) { return group >= 0 && group != b->group; }

/* A value of a pair in units of the ranges of the grids of its two. */
static const double *pair_values(double *value, const ent__worker *worker, const ent__tally *tally)
{
    const ent__keep *keep = &worker->ensemble->keep;
    const ent__pair *pair = &keep->pair[tally->pair];
    const ent__grid *gx = &keep->grid[pair->grid_x], *gy = &keep->grid[pair->grid_y];
    const double *x = slot(worker, pair->x), *y = slot(worker, pair->y), sx = 1 / (gx->high - gx->low), sy = 1 / (gy->high - gy->low);
    double ax = tally->part != ENT__PAIR_Y, ay = tally->part != ENT__PAIR_X;
    for (int32_t l = 0; l < L; l++)
        value[l] = x[l] == x[l] && y[l] == y[l] ? ax * ((x[l] - gx->low) * sx) + ay * ((y[l] - gy->low) * sy) : ENT_UNDEFINED;
    return value;
}

static void add_tallies(const ent__worker *worker, const batch *b, ent__moments *moments)
{
    const ent__ensemble *e = worker->ensemble;
    double weight[L], value[L];
    for (int32_t t = 0; t < e->keep.n_tallies; t++) {
        const ent__tally *tally = &e->keep.tally[t];
        bool weighted = e->weighted && !tally->prior;
        if (other_group(tally->group, b))
            continue;
        const double *w = weighted ? b->weight : NULL;
        if (tally->when >= 0 || tally->reading >= 0) {
            const double *when = tally->when >= 0 ? slot(worker, tally->when) : NULL;
            const double *reading = tally->reading >= 0 ? slot(worker, tally->reading) : NULL;
            for (int32_t l = 0; l < L; l++) {
                bool counts = (when == NULL || when[l] > 0) && (reading == NULL || reading[l] == tally->model);
                weight[l] = counts ? (weighted ? b->weight[l] : 1) : 0;
            }
            w = weight;
        }
        const double *x = tally->pair >= 0 ? pair_values(value, worker, tally) : slot(worker, tally->value);
        ent__moments_add(&moments[t], x, w, b->lanes, weighted);
    }
}

/* The values that a grid counts: others become undefined. */
static const double *of_those(double *value, const double *x, const ent__worker *worker, const ent__grid *grid)
{
    const double *reading = slot(worker, grid->reading);
    for (int32_t l = 0; l < L; l++)
        value[l] = reading[l] == grid->model ? x[l] : ENT_UNDEFINED;
    return value;
}

/* Bins of one width; a bin of -1 is below. */
static void note_even(uint16_t *bin, const double *x, const bool *counts, const ent__grid *grid, int32_t lanes)
{
    const double bins = grid->bins, scale = bins / (grid->high - grid->low);
    for (int32_t l = 0; l < lanes; l++) {
        double place = (x[l] - grid->low) * scale;
        place = place < 0 ? -1 : place > bins ? bins : place == bins ? bins - 1 : place;
        bin[l] = counts[l] ? (uint16_t)((int32_t)place + 1) : NOT_COUNTED;
        if (place == -1)
            bin[l] = counts[l] ? 0 : NOT_COUNTED;
    }
}

static void note_wide(uint16_t *bin, const double *x, const bool *counts, const ent__grid *grid, int32_t lanes)
{
    for (int32_t l = 0; l < lanes; l++)
        bin[l] = counts[l] ? (uint16_t)ent__grid_bin(grid, x[l]) : NOT_COUNTED;
}

/* The bins of these draws' values, noted; they are counted later, grid by grid, so that a grid's counts are in the
 * cache for many draws at a time. Counts add up in any order, so when that is does not matter. */
static void note_bins(const ent__worker *worker, const batch *b, int32_t at)
{
    const ent__ensemble *e = worker->ensemble;
    double masked[L];
    bool counts[L];
    for (int32_t g = 0; g < e->keep.n_grids; g++) {
        const ent__grid *grid = &e->keep.grid[g];
        const double *x = slot(worker, grid->slot);
        uint16_t *bin = worker->bin + (size_t)g * ENT__NOTED + at;
        if (other_group(grid->group, b)) {
            for (int32_t l = 0; l < b->lanes; l++)
                bin[l] = NOT_COUNTED;
            continue;
        }
        double low = worker->low[g], high = worker->high[g];
        bool weighted = e->weighted && !grid->prior;
        if (grid->reading >= 0)
            x = of_those(masked, x, worker, grid);
        for (int32_t l = 0; l < b->lanes; l++) {
            counts[l] = x[l] == x[l] && !(weighted && b->whole[l] == 0);
            double value = counts[l] ? x[l] : low;
            low = value < low ? value : low;
            value = counts[l] ? x[l] : high;
            high = value > high ? value : high;
        }
        (grid->wide ? note_wide : note_even)(bin, x, counts, grid, b->lanes);
        worker->low[g] = low;
        worker->high[g] = high;
    }
}

void ent__worker_count(ent__worker *worker)
{
    ent__ensemble *e = worker->ensemble;
    for (int32_t g = 0; g < e->keep.n_grids; g++) {
        const uint16_t *bin = worker->bin + (size_t)g * ENT__NOTED;
        uint64_t *count = e->count + e->keep.grid[g].count;
        bool weighted = e->weighted && !e->keep.grid[g].prior;
        for (int32_t i = 0; i < worker->noted; i++)
            if (bin[i] != NOT_COUNTED)
                count[bin[i]] += weighted ? worker->whole[i] : UINT64_C(1) << 32;
    }
    worker->noted = 0;
}

static void keep_columns(const ent__worker *worker, const batch *b)
{
    const ent__ensemble *e = worker->ensemble;
    const ent_plan *plan = e->program->plan;
    size_t bytes = (size_t)b->lanes * sizeof(double);
    for (int32_t k = 0; k < e->keep.n_columns; k++)
        memcpy(e->column[k] + (b->first - e->first), slot(worker, e->keep.column[k]), bytes);
    if (e->weight != NULL)
        memcpy(e->weight + (b->first - e->first), b->weight, bytes);
    for (int32_t r = 0; r < e->n_readings; r++) {
        const double *x = slot(worker, ent__program_slot(e->program, ENT_ARM_WITH, plan->readings[r].cell));
        for (int32_t l = 0; l < b->lanes; l++)
            e->reading[r][b->first - e->first + l] = (unsigned char)(x[l] > 0 && x[l] < ENT_CURVE_BINS ? x[l] : 0);
    }
}

/* What each draw adds to every curve: its weight where the claim holds, and its weight. */
static void read_tracks(const ent__worker *worker, const batch *b)
{
    const ent__ensemble *e = worker->ensemble;
    size_t row = 2 * (size_t)e->keep.n_tracks;
    for (int32_t t = 0; t < e->keep.n_tracks; t++) {
        const ent__track *track = &e->keep.track[t];
        const double *x = slot(worker, track->value), *when = track->when >= 0 ? slot(worker, track->when) : NULL;
        for (int32_t l = 0; l < b->lanes; l++) {
            bool counts = x[l] == x[l] && (when == NULL || when[l] > 0);
            uint64_t *add = worker->add + (size_t)l * row + 2 * (size_t)t;
            add[0] = counts && x[l] > 0 ? (uint64_t)((x[l] < 1 ? x[l] : 1) * (double)b->whole[l] + 0.5) : 0;
            add[1] = counts ? b->whole[l] : 0;
        }
    }
}

/* For each draw, adds what holds and what counts to the bin of every driver, for the tracks that it reaches. */
static void add_curves(const ent__worker *worker, const batch *b)
{
    const ent__ensemble *e = worker->ensemble;
    const ent_plan *plan = e->program->plan;
    int32_t tracks = e->keep.n_tracks;
    read_tracks(worker, b);
    for (int32_t d = 0; d < plan->n_drivers; d++) {
        const ent__plan_driver *driver = &plan->drivers[d];
        int32_t first = e->reach.first[d], n = e->reach.first[d + 1] - first;
        const int32_t *track = e->reach.track + first;
        const double *x = slot(worker, ent__program_slot(e->program, ENT_ARM_WITH, driver->cell));
        uint64_t *curve = worker->curve + 2 * ENT_CURVE_BINS * (size_t)first;
        double scale = driver->kind == ENT__DRIVER_UNIFORM ? driver->bins : 1;
        for (int32_t l = 0; l < b->lanes && n > 0; l++) {
            double at = x[l] * scale;
            uint64_t *to = curve + (at > 0 && at < driver->bins ? (size_t)at : 0) * 2 * (size_t)n;
            const uint64_t *add = worker->add + (size_t)l * 2 * (size_t)tracks;
            for (int32_t k = 0; k < 2 * n && n == tracks; k++)
                to[k] += add[k];
            for (int32_t k = 0; k < n && n < tracks; k++) {
                to[2 * k] += add[2 * track[k]];
                to[2 * k + 1] += add[2 * track[k] + 1];
            }
        }
    }
}

void ent__worker_block(ent__worker *worker, int64_t block, ent__moments *moments)
{
    const ent__ensemble *e = worker->ensemble;
    memset(moments, 0, (size_t)e->keep.n_tallies * sizeof *moments);
    int64_t first = block * ENT__BLOCK, end = first + ENT__BLOCK < e->asked ? first + ENT__BLOCK : e->asked;
    for (; first < end; first += L) {
        batch b = {.first = first, .group = (int32_t)(block % ENT__GROUPS), .lanes = (int32_t)(end - first < L ? end - first : L)};
        ent__machine_run(worker->machine, first, b.lanes);
        weigh(worker, &b);
        add_tallies(worker, &b, moments);
        note_bins(worker, &b, worker->noted);
        memcpy(worker->whole + worker->noted, b.whole, (size_t)b.lanes * sizeof *worker->whole);
        worker->noted += b.lanes;
        keep_columns(worker, &b);
        if (e->keep.n_tracks > 0)
            add_curves(worker, &b);
    }
}

void ent__worker_flush(ent__worker *worker)
{
    ent__ensemble *e = worker->ensemble;
    ent__worker_count(worker);
    for (int32_t g = 0; g < e->keep.n_grids; g++) {
        e->low[g] = worker->low[g] < e->low[g] ? worker->low[g] : e->low[g];
        e->high[g] = worker->high[g] > e->high[g] ? worker->high[g] : e->high[g];
    }
    forget_range(worker);
    size_t n = ent__reach_numbers(&e->reach, e->program->plan);
    for (size_t i = 0; i < n; i++)
        e->curve[i] += worker->curve[i];
    memset(worker->curve, 0, n * sizeof *worker->curve);
}
