/* Many draws of a plan, and what is kept of them.
 *
 * Draws are run in blocks of ENT__BLOCK by any number of threads. What is kept does not depend on who ran what:
 * - moments of each *tally* (a value, weighted, perhaps only where a condition or a model holds) are summed over the
 *   draws of a block in their order, and over blocks along a tree fixed by block number (tree.h);
 * - quantiles of a *grid* come from counts with integer weights (units of 2^-32), which add up in any order;
 * - *columns* keep every draw's value, at its own place.
 * So a run that was stopped early has the bytes of a run of as many draws, and a run may be made in parts (part.h): an
 * ensemble holds what was found in a range of whole blocks. */
#ifndef ENT_SRC_ENSEMBLE_H
#define ENT_SRC_ENSEMBLE_H

#include "ensemble/tree.h"
#include "plan/plan.h"

enum {
    ENT__BLOCK = 256,
    ENT__GRID_BINS = 1024,
    ENT__FINE_BINS = 4096, /* of scalars of which not every draw is kept and whose range is known */
    ENT__WIDE_BINS = 14336, /* and of those whose range is not: grid.h */
    ENT__PILOT = 256,
    ENT__GROUPS = 32       /* of blocks, by turns: for the jackknife over counts */
};

typedef struct ent__tally {
    int32_t value;    /* slot */
    int32_t when;     /* slot of a truth, or -1 */
    int32_t reading;  /* slot of a choice, or -1 */
    int32_t model;    /* counts where the choice is this */
    bool prior;       /* without the weights of what is known */
    int32_t group;    /* of the blocks, or -1: all */
    int32_t pair;     /* index of pair[], or -1 */
    int32_t part;     /* of the pair: what is counted */
    int32_t next;     /* another tally of the same value, or -1 */
} ent__tally;
#define ENT__TALLY(slot) {.value = (slot), .when = -1, .reading = -1, .group = -1, .pair = -1, .next = -1}

/* Two values x and y in units of their grids' ranges, in the draws where both are defined: moments of x, of y and of x + y
 * tell their covariance. */
typedef struct ent__pair { int32_t x, y, grid_x, grid_y; } ent__pair;
enum { ENT__PAIR_X, ENT__PAIR_Y, ENT__PAIR_SUM, ENT__PAIR_PARTS };

typedef struct ent__grid { /* counts of one slot: below, in so many bins, above (grid.h) */
    int32_t slot;
    int32_t bins;
    int32_t reading, model, group; /* as of a tally */
    int32_t next; /* another grid of the same slot, or -1 */
    bool prior, needs_pilot;
    bool wide;           /* its bins grow with the distance from the middle */
    double low, high;
    double middle, unit; /* of a wide one, found from the first draws */
    size_t count; /* its first in the ensemble's counts */
} ent__grid;
#define ENT__GRID(slot_, bins_) {.slot = (slot_), .bins = (bins_), .reading = -1, .group = -1, .low = -__builtin_inf(), .high = __builtin_inf()}

typedef struct ent__track { int32_t value, when; } ent__track; /* a claim looked at along the drivers */

/* What to keep. Filled by findings before the run. */
typedef struct ent__keep {
    ent__tally *tally;
    int32_t n_tallies, capacity_tallies;
    ent__grid *grid;
    int32_t n_grids, capacity_grids;
    size_t n_counts;        /* of all grids */
    ent__pair *pair;
    int32_t n_pairs, capacity_pairs;
    int32_t *column;        /* slots */
    int32_t n_columns, capacity_columns;
    ent__track *track;
    int32_t n_tracks, capacity_tracks;
    int32_t *first_tally, *first_grid; /* by slot, or -1 */
    int32_t capacity_first_tally, capacity_first_grid;
} ent__keep;

/* Each returns the index of what is asked for, adding it where it is not there yet; -1 without memory. */
int32_t ent__keep_tally(ent__keep *keep, ent__tally tally);
int32_t ent__keep_grid(ent__keep *keep, ent__grid grid);
int32_t ent__keep_pair(ent__keep *keep, ent__pair pair);
int32_t ent__keep_column(ent__keep *keep, int32_t slot);
int32_t ent__keep_track(ent__keep *keep, int32_t value, int32_t when);
void ent__keep_free(ent__keep *keep);

/* The tracks that each driver reaches, by way of the steps of the plan or of what is known: a claim cannot depend on an
 * input that reaches neither it nor an observation. */
typedef struct ent__reach {
    int32_t *first;              /* [n_drivers + 1]: its tracks are track[first[d] .. first[d + 1]), ascending */
    int32_t *track;
} ent__reach;
ent_status ent__reach_find(ent__reach *reach, const ent__program *program, const ent__keep *keep, ent_error *err);
void ent__reach_free(ent__reach *reach);
/* How many numbers all curves have. */
static inline size_t ent__reach_numbers(const ent__reach *reach, const ent_plan *plan)
{
    return 2 * ENT_CURVE_BINS * (size_t)reach->first[plan->n_drivers];
}

typedef struct ent__ensemble {
    const ent__program *program;
    ent__keep keep;              /* owned */
    uint64_t seed;
    int64_t asked;               /* draws of the whole run */
    int64_t first, room;         /* there is room for draws first .. first + room - 1 */
    int64_t draws;               /* first .. first + draws - 1 were made */
    bool interrupted, weighted;
    bool counted;                /* scalars are counted as well: no columns, weights or readings */
    bool kept;                   /* every draw of what draws.csv needs, or it can be made again */
    bool has_ranges;             /* its grids have their ranges */
    ent__tree tree;              /* of the blocks that were made, until it is folded */
    ent__moments *moments;       /* [n_tallies], once the tree is folded */
    uint64_t *count;             /* [keep.n_counts]: of each grid below, in its bins, above */
    double *low, *high;          /* [n_grids] smallest and largest value met */
    double **column;             /* [n_columns][room] */
    double *weight;              /* [room], or NULL: all 1, or counted */
    unsigned char **reading;     /* [n_readings][room] */
    int32_t n_readings;          /* 0 where counted */
    ent__reach reach;            /* which drivers reach which tracks: only those have a curve */
    uint64_t *curve;             /* by driver, then [ENT_CURVE_BINS][2 * tracks it reaches]: weight where it holds, weight */
} ent__ensemble;

/* Someone who saves a run under way. */
typedef struct ent__saver {
    /* The ensemble holds a whole prefix of its range, at rest: e->draws of it. Returns after how many seconds it wants the
     * next call. */
    double (*save)(const ent__ensemble *e, void *payload);
    void *payload;
    double seconds; /* until the first call */
} ent__saver;

/* What a draw takes that is kept. */
int64_t ent__draw_bytes(const ent_plan *plan, const ent__keep *keep);
/* Room for some blocks of a run; takes over `keep`, also on error. */
ent_status ent__ensemble_create(ent__ensemble **out, const ent__program *program, ent__keep *keep, int64_t first_block,
                                int64_t n_blocks, const ent_run_options *options, ent_error *err);
/* Makes the draws that are missing; saver may be NULL. Weights are the products of the givens' cells without the
 * document. */
ent_status ent__ensemble_make(ent__ensemble *ensemble, const ent_run_options *options, const ent__saver *saver, ent_error *err);
/* How many threads make them. */
int32_t ent__ensemble_jobs(const ent__ensemble *ensemble, const ent_run_options *options);
/* Folds the tree: after it moments are there and nothing can be added. */
void ent__ensemble_fold(ent__ensemble *ensemble);
/* All three, for a whole run. */
ent_status ent__ensemble_run(ent__ensemble **out, const ent__program *program, ent__keep *keep,
                             const ent_run_options *options, ent_error *err);
void ent__ensemble_free(ent__ensemble *ensemble);
static inline int64_t ent__blocks(int64_t draws) { return (draws + ENT__BLOCK - 1) / ENT__BLOCK; }
static inline int64_t ent__draws_asked(const ent_plan *plan, const ent_run_options *options)
{
    return options->draws > 0 ? options->draws : plan->head->draws;
}
/* The quantiles p[order[0]] <= p[order[1]] <= ... of a grid, between the ends of a bin linearly; undefined where nothing
 * was counted. The error is at most one bin. */
void ent__grid_quantiles(double *value, const ent__ensemble *e, int32_t grid, const double *p, const int32_t *order, int32_t n);

/* The same of counts[bins + 2] that are in the bins of a grid, with the smallest and largest value met. */
void ent__count_quantiles(double *value, const ent__grid *grid, const uint64_t *count, double low, double high, const double *p,
                          const int32_t *order, int32_t n);
/* How much such a quantile may be off: the bin that it lies in, between values that were met. */
double ent__grid_error(const ent__ensemble *e, int32_t grid, double quantile);

/* Merges the moments of 64 lanes; weight NULL: all 1. */
void ent__moments_add(ent__moments *moments, const double *x, const double *weight, int32_t lanes, bool squares);

#endif
