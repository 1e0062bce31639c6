/* An ensemble: room for what is kept of its draws, and the run of those that are missing. */
#include "ensemble/crew.h"
#include "ensemble/grid.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* --- memory --------------------------------------------------------------------------------------- */

static int64_t memory_allowed(const ent_run_options *options)
{
    if (options->memory > 0)
        return options->memory;
    int64_t most = INT64_MAX;
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages > 0 && size > 0)
        most = (int64_t)pages * size / 4 * 3;
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && (int64_t)(limit.rlim_cur / 4 * 3) < most)
        most = (int64_t)(limit.rlim_cur / 4 * 3);
    return most;
}

int64_t ent__draw_bytes(const ent_plan *plan, const ent__keep *keep)
{
    /* Sorting a column for its quantiles needs two more with their weights, for the time of the sort. */
    return (int64_t)sizeof(double) * (keep->n_columns + (plan->n_givens > 0 ? 1 : 0) + 4) + plan->n_readings;
}

static ent_status memory_suffices(const ent__ensemble *e, int32_t jobs, const ent_run_options *options, ent_error *err)
{
    int64_t a_draw = e->counted ? 0 : ent__draw_bytes(e->program->plan, &e->keep);
    double counts = (double)e->keep.n_counts * (double)sizeof(uint64_t);
    counts += (double)ent__reach_numbers(&e->reach, e->program->plan) * (double)sizeof(uint64_t);
    double need = (double)a_draw * (double)e->room + ((double)jobs * (double)ent__worker_bytes(e) + counts);
    double allowed = (double)memory_allowed(options);
    if (need <= allowed)
        return ENT_OK;
    if (e->counted)
        return ent__error_set(err, ENT_ERR_LIMIT, "", 0, 0, "counts of %d quantities and numbers of %d steps need %.1f MB of memory and %.1f MB are allowed",
                              e->keep.n_grids, e->program->n_instances, need / 1e6, allowed / 1e6);
    int64_t fits = (int64_t)((allowed - ((double)jobs * (double)ent__worker_bytes(e) + counts)) / (double)a_draw);
    return ent__error_set(err, ENT_ERR_LIMIT, "", 0, 0,
                          "%lld draws need %.1f GB of memory and %.1f GB are allowed: about %lld draws fit (--draws %lld); "
                          "--counts keeps counts in their place",
                          (long long)e->room, need / 1e9, allowed / 1e9, (long long)(fits > 0 ? fits : 0),
                          (long long)(fits > 0 ? fits : 0));
}

static ent_status make_room(ent__ensemble *e, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t n = (size_t)e->room, columns = (size_t)e->keep.n_columns, grids = (size_t)e->keep.n_grids;
    size_t readings = (size_t)e->n_readings;
    size_t curve = ent__reach_numbers(&e->reach, e->program->plan);
    e->moments = ent__alloc((size_t)e->keep.n_tallies, sizeof *e->moments);
    e->count = ent__alloc(e->keep.n_counts, sizeof *e->count);
    e->low = ent__alloc(grids, sizeof *e->low);
    e->high = ent__alloc(grids, sizeof *e->high);
    e->column = ent__alloc(columns, sizeof *e->column);
    e->reading = ent__alloc(readings, sizeof *e->reading);
    e->curve = ent__alloc(curve, sizeof *e->curve);
    bool all = e->moments && e->count && e->low && e->high && e->column && e->reading && e->curve;
    for (size_t k = 0; k < columns && all; k++)
        all = (e->column[k] = ent__alloc(n, sizeof(double))) != NULL;
    for (size_t r = 0; r < readings && all; r++)
        all = (e->reading[r] = ent__alloc(n, 1)) != NULL;
    if (all && e->weighted && !e->counted)
        all = (e->weight = ent__alloc(n, sizeof(double))) != NULL;
    ENT_REQUIRE(all, ENT_ERR_MEMORY, "not enough memory for %lld draws", (long long)e->room);
    e->tree.n_tallies = e->keep.n_tallies;
    for (size_t g = 0; g < grids; g++) {
        e->low[g] = __builtin_inf();
        e->high[g] = -__builtin_inf();
    }
done:
    return status;
}

/* --- the run -------------------------------------------------------------------------------------- */

static int32_t jobs_of(const ent_run_options *options, int64_t blocks)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t jobs = options->jobs > 0 ? options->jobs : cores > 0 ? cores : 1;
    return (int32_t)(jobs < blocks ? jobs : blocks > 0 ? blocks : 1);
}

static bool needs_pilot(const ent__ensemble *e)
{
    for (int32_t g = 0; g < e->keep.n_grids; g++)
        if (e->keep.grid[g].needs_pilot)
            return true;
    return false;
}

ent_status ent__ensemble_create(ent__ensemble **out, const ent__program *program, ent__keep *keep, int64_t first_block,
                                int64_t n_blocks, const ent_run_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__ensemble *e = ent__alloc(1, sizeof *e);
    if (e == NULL)
        ent__keep_free(keep);
    ENT_REQUIRE(e != NULL, ENT_ERR_MEMORY, "not enough memory for a run");
    e->program = program;
    e->keep = *keep;
    memset(keep, 0, sizeof *keep);
    e->asked = ent__draws_asked(program->plan, options);
    e->seed = options->has_seed ? options->seed : program->plan->head->seed;
    e->weighted = program->plan->n_givens > 0;
    e->counted = options->counts;
    e->n_readings = e->counted ? 0 : program->plan->n_readings;
    e->kept = options->keep_draws;
    int64_t blocks = ent__blocks(e->asked);
    ENT_REQUIRE(first_block >= 0 && n_blocks > 0 && first_block < blocks && n_blocks <= blocks - first_block, ENT_ERR_ARGUMENT,
                "%lld blocks from block %lld do not lie in a run of %lld blocks", (long long)n_blocks, (long long)first_block,
                (long long)blocks);
    e->first = first_block * ENT__BLOCK;
    e->room = (first_block + n_blocks == blocks ? e->asked : e->first + n_blocks * ENT__BLOCK) - e->first;
    ENT_TRY(ent__reach_find(&e->reach, program, &e->keep, err));
    ENT_TRY(memory_suffices(e, jobs_of(options, n_blocks), options, err));
    ENT_TRY(make_room(e, err));
    *out = e;
    e = NULL;
done:
    ent__ensemble_free(e);
    return status;
}

int32_t ent__ensemble_jobs(const ent__ensemble *e, const ent_run_options *options)
{
    return jobs_of(options, ent__blocks(e->first + e->room) - (e->first + e->draws) / ENT__BLOCK);
}

ent_status ent__ensemble_make(ent__ensemble *e, const ent_run_options *options, const ent__saver *saver, ent_error *err)
{
    ent_status status = ENT_OK;
    int32_t jobs = ent__ensemble_jobs(e, options);
    ent__worker **worker = ent__alloc((size_t)jobs, sizeof(ent__worker *));
    ENT_REQUIRE(worker != NULL, ENT_ERR_MEMORY, "not enough memory for %d threads", jobs);
    for (int32_t i = 0; i < jobs; i++)
        ENT_TRY(ent__worker_create(&worker[i], e, err));
    if (!e->has_ranges && needs_pilot(e))
        ENT_REQUIRE(ent__worker_pilot(worker[0]), ENT_ERR_MEMORY, "not enough memory for %d threads", jobs);
    e->has_ranges = true;
    if (e->draws < e->room)
        ENT_TRY(ent__crew_run(e, worker, jobs, options, saver, err));
done:
    for (int32_t i = 0; i < jobs && worker != NULL; i++)
        ent__worker_free(worker[i]);
    ent__free(worker);
    return status;
}

void ent__ensemble_fold(ent__ensemble *e) { ent__tree_fold(&e->tree, e->moments); }

ent_status ent__ensemble_run(ent__ensemble **out, const ent__program *program, ent__keep *keep,
                             const ent_run_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__ensemble *e = NULL;
    ENT_TRY(ent__ensemble_create(&e, program, keep, 0, ent__blocks(ent__draws_asked(program->plan, options)), options, err));
    ENT_TRY(ent__ensemble_make(e, options, NULL, err));
    ent__ensemble_fold(e);
    *out = e;
    e = NULL;
done:
    ent__ensemble_free(e);
    return status;
}

void ent__ensemble_free(ent__ensemble *e)
{
    if (e == NULL)
        return;
    for (int32_t k = 0; k < e->keep.n_columns && e->column != NULL; k++)
        ent__free(e->column[k]);
    for (int32_t r = 0; r < e->n_readings && e->reading != NULL; r++)
        ent__free(e->reading[r]);
    ent__tree_free(&e->tree);
    ent__free(e->column);
    ent__free(e->reading);
    ent__free(e->weight);
    ent__free(e->moments);
    ent__free(e->count);
    ent__free(e->low);
    ent__free(e->high);
    ent__free(e->curve);
    ent__reach_free(&e->reach);
    ent__keep_free(&e->keep);
    ent__free(e);
}

/* The ends of bin b that values were met in. */
static void bin_ends(const ent__grid *grid, double low, double high, int32_t b, double *from, double *to)
{
    *from = b == 0 ? low : ent__grid_edge(grid, b - 1);
    *to = b > grid->bins ? high : grid->wide || b == 0 ? ent__grid_edge(grid, b) : *from + (grid->high - grid->low) / grid->bins;
    *from = *from > low ? *from : low;
    *to = *to < high ? *to : high;
}

void ent__count_quantiles(double *value, const ent__grid *grid, const uint64_t *count, double low, double high, const double *p,
                          const int32_t *order, int32_t n)
{
    const int32_t bins = grid->bins + 2;
    double total = 0, at = 0, least = low;
    for (int32_t b = 0; b < bins; b++)
        total += (double)count[b];
    int32_t next = 0;
    for (int32_t b = 0; b < bins && total > 0; b++) {
        double here = (double)count[b];
        for (; here > 0 && next < n && p[order[next]] * total <= at + here; next++) {
            double from, to, share = (p[order[next]] * total - at) / here;
            bin_ends(grid, low, high, b, &from, &to);
            double x = from > -__builtin_inf() ? from + (to - from) * (share < 0 ? 0 : share) : from;
            /* Rounding may put a value beside its bin, and the end of a bin above the start of the next. */
            x = x < least ? least : x <= high ? x : high;
            value[order[next]] = least = x;
        }
        at += here;
    }
    for (; next < n; next++)
        value[order[next]] = total > 0 ? high : ENT_UNDEFINED;
}

void ent__grid_quantiles(double *value, const ent__ensemble *e, int32_t g, const double *p, const int32_t *order, int32_t n)
{
    const ent__grid *grid = &e->keep.grid[g];
    ent__count_quantiles(value, grid, e->count + grid->count, e->low[g], e->high[g], p, order, n);
}

double ent__grid_error(const ent__ensemble *e, int32_t g, double quantile)
{
    const ent__grid *grid = &e->keep.grid[g];
    double from, to;
    if (!ent__is_finite(quantile))
        return 0;
    bin_ends(grid, e->low[g], e->high[g], ent__grid_bin(grid, quantile), &from, &to);
    return to > from && to - from < __builtin_inf() ? to - from : 0;
}
