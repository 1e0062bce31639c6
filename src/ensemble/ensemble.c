/* Threads over blocks, and the tree that joins their moments. */
#include "ensemble/worker.h"

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* --- the tree ------------------------------------------------------------------------------------- */

/* A subtree of 2^level blocks beginning at index * 2^level, waiting for its sibling. */
typedef struct subtree {
    int32_t level;
    int64_t index;
    ent__moments *moments;
} subtree;

typedef struct crew { /* what the threads share; `lock` guards all of it */
    pthread_mutex_t lock;
    pthread_cond_t change;
    ent__ensemble *ensemble;
    int64_t next_block, n_blocks, done_blocks;
    bool stop;
    int32_t working;
    subtree *waiting;
    int32_t n_waiting, capacity_waiting;
    ent__moments **spare;
    int32_t n_spare, capacity_spare;
    bool no_memory;
} crew;

static void merge_all(ent__moments *left, const ent__moments *right, int32_t n)
{
    for (int32_t t = 0; t < n; t++)
        ent__moments_merge(&left[t], &right[t]);
}

static void give_back(crew *c, ent__moments *moments)
{
    ent__moments **to = ent__plan_grow((void **)&c->spare, &c->n_spare, &c->capacity_spare, sizeof *to);
    if (to == NULL)
        ent__free(moments);
    else
        *to = moments;
}

static ent__moments *take(crew *c)
{
    if (c->n_spare > 0)
        return c->spare[--c->n_spare];
    return ent__alloc((size_t)c->ensemble->keep.n_tallies, sizeof(ent__moments));
}

static int32_t find_sibling(const crew *c, const subtree *tree)
{
    for (int32_t i = 0; i < c->n_waiting; i++)
        if (c->waiting[i].level == tree->level && c->waiting[i].index == (tree->index ^ 1))
            return i;
    return -1;
}

/* Joins a finished block with its sibling, that with its own, as far as they are there. Siblings are only ever joined
 * with each other, the left before the right, so the sums do not depend on the order of arrival. */
static void join(crew *c, int64_t block, ent__moments *moments)
{
    subtree tree = {0, block, moments};
    for (int32_t i = find_sibling(c, &tree); i >= 0; i = find_sibling(c, &tree)) {
        subtree other = c->waiting[i];
        c->waiting[i] = c->waiting[--c->n_waiting];
        bool other_is_left = other.index < tree.index;
        ent__moments *left = other_is_left ? other.moments : tree.moments;
        ent__moments *right = other_is_left ? tree.moments : other.moments;
        merge_all(left, right, c->ensemble->keep.n_tallies);
        give_back(c, right);
        tree = (subtree){tree.level + 1, tree.index >> 1, left};
    }
    subtree *to = ent__plan_grow((void **)&c->waiting, &c->n_waiting, &c->capacity_waiting, sizeof *to);
    if (to == NULL) {
        c->no_memory = true;
        ent__free(tree.moments);
    } else {
        *to = tree;
    }
}

/* What waits at the end are the subtrees of a whole prefix; they are joined from the right. */
static void fold(crew *c)
{
    ent__moments *total = c->ensemble->moments;
    size_t bytes = (size_t)c->ensemble->keep.n_tallies * sizeof *total;
    while (c->n_waiting > 0) {
        int32_t last = 0;
        for (int32_t i = 1; i < c->n_waiting; i++)
            if (c->waiting[i].index << c->waiting[i].level > c->waiting[last].index << c->waiting[last].level)
                last = i;
        ent__moments *left = c->waiting[last].moments;
        merge_all(left, total, c->ensemble->keep.n_tallies);
        memcpy(total, left, bytes);
        ent__free(left);
        c->waiting[last] = c->waiting[--c->n_waiting];
    }
}

/* --- threads -------------------------------------------------------------------------------------- */

typedef struct hand {
    crew *crew;
    ent__worker *worker;
    pthread_t thread;
} hand;

/* Takes blocks in order until there are none or a stop is asked for. Called with the lock held; works without it. */
static bool work_once(crew *c, ent__worker *worker)
{
    if (c->stop || c->no_memory || c->next_block >= c->n_blocks)
        return false;
    int64_t block = c->next_block++;
    ent__moments *moments = take(c);
    if (moments == NULL) {
        c->next_block--;
        c->no_memory = true;
        return false;
    }
    pthread_mutex_unlock(&c->lock);
    ent__worker_block(worker, block, moments);
    pthread_mutex_lock(&c->lock);
    join(c, block, moments);
    if (ent__worker_is_full(worker))
        ent__worker_count(worker);
    c->done_blocks++;
    return true;
}

static void *thread_main(void *payload)
{
    hand *h = payload;
    crew *c = h->crew;
    pthread_mutex_lock(&c->lock);
    while (work_once(c, h->worker))
        ;
    c->working--;
    pthread_cond_signal(&c->change);
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void ask(crew *c, const ent_run_options *options, double *last)
{
    double now = seconds();
    if (options->progress == NULL || now - *last < 0.1)
        return;
    *last = now;
    int64_t done = c->done_blocks * ENT__BLOCK, total = c->ensemble->asked;
    ent_progress progress = {done < total ? done : total, total};
    pthread_mutex_unlock(&c->lock);
    int answer = options->progress(&progress, options->payload);
    pthread_mutex_lock(&c->lock);
    c->stop = c->stop || answer != 0;
}

/* The calling thread works too where it is alone; else it waits and tells the progress. */
static void run_crew(crew *c, hand *hands, int32_t n, const ent_run_options *options)
{
    double last = seconds();
    int32_t started = 0;
    pthread_mutex_lock(&c->lock);
    if (n > 1) {
        for (; started < n; started++)
            if (pthread_create(&hands[started].thread, NULL, thread_main, &hands[started]) != 0)
                break;
        c->working = started;
        while (c->working > 0) {
            struct timespec until;
            clock_gettime(CLOCK_REALTIME, &until);
            until.tv_nsec += 100000000;
            until.tv_sec += until.tv_nsec / 1000000000;
            until.tv_nsec %= 1000000000;
            pthread_cond_timedwait(&c->change, &c->lock, &until);
            ask(c, options, &last);
        }
    }
    while (work_once(c, hands[0].worker)) /* alone, or no thread could be started */
        ask(c, options, &last);
    pthread_mutex_unlock(&c->lock);
    for (int32_t i = 0; i < started; i++)
        pthread_join(hands[i].thread, NULL);
}

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

static ent_status memory_suffices(const ent__ensemble *e, int32_t jobs, const ent_run_options *options, ent_error *err)
{
    int64_t a_draw = (int64_t)sizeof(double) * (e->keep.n_columns + (e->weighted ? 1 : 0)) + e->program->plan->n_readings;
    /* Sorting a column for its quantiles needs two more, for the time of the sort. */
    double counts = (double)e->keep.n_grids * (ENT__GRID_BINS + 2) * (double)sizeof(uint64_t);
    counts += (double)ent__reach_numbers(&e->reach, e->program->plan) * (double)sizeof(uint64_t);
    double need = (double)(a_draw + 4 * (int64_t)sizeof(double)) * (double)e->asked + ((double)jobs * (double)ent__worker_bytes(e) + counts);
    double allowed = (double)memory_allowed(options);
    if (need <= allowed)
        return ENT_OK;
    int64_t fits = (int64_t)((allowed - ((double)jobs * (double)ent__worker_bytes(e) + counts)) / (double)(a_draw + 4 * (int64_t)sizeof(double)));
    return ent__error_set(err, ENT_ERR_LIMIT, "", 0, 0,
                          "%lld draws need %.1f GB of memory and %.1f GB are allowed; about %lld draws fit (--draws %lld)",
                          (long long)e->asked, need / 1e9, allowed / 1e9, (long long)(fits > 0 ? fits : 0),
                          (long long)(fits > 0 ? fits : 0));
}

static ent_status make_room(ent__ensemble *e, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t n = (size_t)e->asked, columns = (size_t)e->keep.n_columns, grids = (size_t)e->keep.n_grids;
    size_t readings = (size_t)e->program->plan->n_readings;
    size_t curve = ent__reach_numbers(&e->reach, e->program->plan);
    e->moments = ent__alloc((size_t)e->keep.n_tallies, sizeof *e->moments);
    e->count = ent__alloc(grids * (ENT__GRID_BINS + 2), sizeof *e->count);
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
    if (all && e->weighted)
        all = (e->weight = ent__alloc(n, sizeof(double))) != NULL;
    ENT_REQUIRE(all, ENT_ERR_MEMORY, "not enough memory for %lld draws", (long long)e->asked);
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

static void needs_pilot(const ent__ensemble *e, bool *needed)
{
    *needed = false;
    for (int32_t g = 0; g < e->keep.n_grids; g++)
        *needed = *needed || e->keep.grid[g].needs_pilot;
}

ent_status ent__ensemble_run(ent__ensemble **out, const ent__program *program, ent__keep *keep,
                             const ent_run_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    hand *hands = NULL;
    int32_t jobs = 0;
    bool pilot;
    crew c = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};
    ent__ensemble *e = ent__alloc(1, sizeof *e);
    if (e == NULL)
        ent__keep_free(keep);
    ENT_REQUIRE(e != NULL, ENT_ERR_MEMORY, "not enough memory for a run");
    e->program = program;
    e->keep = *keep;
    memset(keep, 0, sizeof *keep);
    e->asked = options->draws > 0 ? options->draws : program->plan->head->draws;
    e->seed = options->has_seed ? options->seed : program->plan->head->seed;
    e->weighted = program->plan->n_givens > 0;
    c.ensemble = e;
    c.n_blocks = (e->asked + ENT__BLOCK - 1) / ENT__BLOCK;
    jobs = jobs_of(options, c.n_blocks);
    ENT_TRY(ent__reach_find(&e->reach, program, &e->keep, err));
    ENT_TRY(memory_suffices(e, jobs, options, err));
    ENT_TRY(make_room(e, err));
    hands = ent__alloc((size_t)jobs, sizeof *hands);
    ENT_REQUIRE(hands != NULL, ENT_ERR_MEMORY, "not enough memory for %d threads", jobs);
    for (int32_t i = 0; i < jobs; i++) {
        hands[i].crew = &c;
        ENT_TRY(ent__worker_create(&hands[i].worker, e, err));
    }
    for (int32_t g = 0; g < e->keep.n_grids; g++) {
        e->low[g] = __builtin_inf();
        e->high[g] = -__builtin_inf();
    }
    needs_pilot(e, &pilot);
    if (pilot)
        ent__worker_pilot(hands[0].worker);
    run_crew(&c, hands, jobs, options);
    ENT_REQUIRE(!c.no_memory, ENT_ERR_MEMORY, "not enough memory while running");
    fold(&c);
    for (int32_t i = 0; i < jobs; i++)
        ent__worker_add_counts(hands[i].worker);
    e->interrupted = c.done_blocks < c.n_blocks;
    e->draws = e->interrupted ? c.done_blocks * ENT__BLOCK : e->asked;
    *out = e;
    e = NULL;
done:
    for (int32_t i = 0; i < jobs && hands != NULL; i++)
        ent__worker_free(hands[i].worker);
    ent__free(hands);
    for (int32_t i = 0; i < c.n_waiting; i++)
        ent__free(c.waiting[i].moments);
    for (int32_t i = 0; i < c.n_spare; i++)
        ent__free(c.spare[i]);
    ent__free(c.waiting);
    ent__free(c.spare);
    ent__ensemble_free(e);
    return status;
}

void ent__ensemble_free(ent__ensemble *e)
{
    if (e == NULL)
        return;
    for (int32_t k = 0; k < e->keep.n_columns && e->column != NULL; k++)
        ent__free(e->column[k]);
    for (int32_t r = 0; r < e->program->plan->n_readings && e->reading != NULL; r++)
        ent__free(e->reading[r]);
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
static void bin_ends(const ent__ensemble *e, int32_t g, int32_t b, double *from, double *to)
{
    const ent__grid *grid = &e->keep.grid[g];
    double width = (grid->high - grid->low) / ENT__GRID_BINS;
    *from = b == 0 ? e->low[g] : grid->low + (b - 1) * width;
    *to = b == 0 ? grid->low : b == ENT__GRID_BINS + 1 ? e->high[g] : *from + width;
    *from = *from > e->low[g] ? *from : e->low[g];
    *to = *to < e->high[g] ? *to : e->high[g];
}

void ent__grid_quantiles(double *value, const ent__ensemble *e, int32_t g, const double *p, const int32_t *order, int32_t n)
{
    const uint64_t *count = e->count + (size_t)g * (ENT__GRID_BINS + 2);
    double total = 0, at = 0;
    for (int32_t b = 0; b < ENT__GRID_BINS + 2; b++)
        total += (double)count[b];
    int32_t next = 0;
    for (int32_t b = 0; b < ENT__GRID_BINS + 2 && total > 0; b++) {
        double here = (double)count[b];
        for (; here > 0 && next < n && p[order[next]] * total <= at + here; next++) {
            double from, to, share = (p[order[next]] * total - at) / here;
            bin_ends(e, g, b, &from, &to);
            value[order[next]] = from + (to - from) * (share < 0 ? 0 : share);
        }
        at += here;
    }
    for (; next < n; next++)
        value[order[next]] = total > 0 ? e->high[g] : ENT_UNDEFINED;
}
