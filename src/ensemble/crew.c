/* Threads that take blocks in their order, and the tree that joins what they found.
 *
 * To save a run under way the threads are not stopped: a *cut* is laid behind the blocks taken so far. Who ends a block
 * before the cut hands over all that it has counted; what is found in blocks behind the cut is held back. When the last
 * block before the cut has ended, the ensemble holds exactly those blocks and stands still while it is saved. */
#include "ensemble/crew.h"

#include <pthread.h>
#include <time.h>

typedef struct later { /* a block behind the cut */
    int64_t block;
    ent__moments *moments;
} later;

typedef struct crew { /* what the threads share; `lock` guards all of it */
    pthread_mutex_t lock;
    pthread_cond_t change; /* a thread has ended, or the ensemble stands still */
    pthread_cond_t go;     /* it was saved */
    ent__ensemble *ensemble;
    int64_t first_block, next_block, end_block, done_blocks;
    bool stop, no_memory;
    int32_t working;       /* threads */
    int32_t at_work;       /* of them, those in a block */
    int64_t cut;           /* or -1 */
    int32_t before_cut;    /* threads in a block before the cut */
    later *later;
    int32_t n_later, capacity_later;
} crew;

typedef struct hand {
    crew *crew;
    ent__worker *worker;
    pthread_t thread;
} hand;

static void hold_back(crew *c, int64_t block, ent__moments *moments)
{
    if (c->n_later == c->capacity_later) {
        int32_t want = c->capacity_later > 0 ? 2 * c->capacity_later : 16;
        later *grown = ent__realloc(c->later, (size_t)want, sizeof *grown);
        if (grown == NULL) {
            c->no_memory = true;
            ent__free(moments);
            return;
        }
        c->later = grown;
        c->capacity_later = want;
    }
    c->later[c->n_later++] = (later){block, moments};
}

static void join(crew *c, int64_t block, ent__moments *moments)
{
    if (!ent__tree_join(&c->ensemble->tree, 0, block, moments))
        c->no_memory = true;
}

/* A block is done: its moments join the others', its counts stay with the worker for a while. */
static void finish(crew *c, ent__worker *worker, int64_t block, ent__moments *moments)
{
    c->done_blocks++;
    c->at_work--;
    if (c->cut >= 0 && block >= c->cut) {
        hold_back(c, block, moments);
        return;
    }
    join(c, block, moments);
    if (c->cut >= 0) {
        ent__worker_flush(worker);
        if (--c->before_cut == 0)
            pthread_cond_signal(&c->change);
    } else if (ent__worker_is_full(worker)) {
        ent__worker_count(worker);
    }
}

/* Takes blocks in order until there are none or a stop is asked for. Called with the lock held; works without it. */
static bool work_once(crew *c, ent__worker *worker)
{
    while (c->cut >= 0 && ent__worker_is_full(worker)) /* far ahead of the others */
        pthread_cond_wait(&c->go, &c->lock);
    if (c->stop || c->no_memory || c->next_block >= c->end_block)
        return false;
    ent__moments *moments = ent__tree_take(&c->ensemble->tree);
    if (moments == NULL) {
        c->no_memory = true;
        return false;
    }
    int64_t block = c->next_block++;
    c->at_work++;
    pthread_mutex_unlock(&c->lock);
    ent__worker_block(worker, block, moments);
    pthread_mutex_lock(&c->lock);
    finish(c, worker, block, moments);
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

/* --- the calling thread --------------------------------------------------------------------------- */

typedef struct watch { /* what it has an eye on */
    const ent_run_options *options;
    const ent__saver *saver;
    double told, saved, interval;
} watch;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void tell(crew *c, watch *w, double now)
{
    if (w->options->progress == NULL || now - w->told < 0.1)
        return;
    w->told = now;
    ent__ensemble *e = c->ensemble;
    int64_t done = e->draws + c->done_blocks * ENT__BLOCK;
    ent_progress progress = {done < e->room ? done : e->room, e->room};
    pthread_mutex_unlock(&c->lock);
    int answer = w->options->progress(&progress, w->options->payload);
    pthread_mutex_lock(&c->lock);
    c->stop = c->stop || answer != 0;
}

static void lay_cut(crew *c, const watch *w, double now)
{
    if (w->saver == NULL || c->cut >= 0 || c->stop || c->no_memory || now - w->saved < w->interval || c->next_block >= c->end_block ||
        c->next_block == c->first_block)
        return;
    c->cut = c->next_block;
    c->before_cut = c->at_work;
}

/* The ensemble holds the blocks before the cut and nobody touches them: it is saved without the lock. */
static void save(crew *c, watch *w)
{
    ent__ensemble *e = c->ensemble;
    int64_t before = e->draws;
    e->draws = c->cut * ENT__BLOCK - e->first;
    bool whole = !c->no_memory;
    pthread_mutex_unlock(&c->lock);
    if (whole)
        w->interval = w->saver->save(e, w->saver->payload);
    pthread_mutex_lock(&c->lock);
    w->saved = seconds();
    e->draws = before;
    c->cut = -1;
    for (int32_t i = 0; i < c->n_later; i++)
        join(c, c->later[i].block, c->later[i].moments);
    c->n_later = 0;
    pthread_cond_broadcast(&c->go);
}

static void wait_a_little(crew *c)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 100000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&c->change, &c->lock, &until);
}

/* The calling thread works too where it is alone; else it waits, tells the progress and saves. */
static void run(crew *c, hand *hands, int32_t n, watch *w)
{
    int32_t started = 0;
    pthread_mutex_lock(&c->lock);
    if (n > 1 || w->saver != NULL)
        for (; started < n; started++, c->working++)
            if (pthread_create(&hands[started].thread, NULL, thread_main, &hands[started]) != 0)
                break;
    while (c->working > 0 || c->cut >= 0) {
        if (c->cut >= 0 && c->before_cut == 0)
            save(c, w);
        else
            wait_a_little(c);
        double now = seconds();
        tell(c, w, now);
        lay_cut(c, w, now);
    }
    while (work_once(c, hands[0].worker)) { /* alone: no thread could be started, or none was needed */
        double now = seconds();
        tell(c, w, now);
        lay_cut(c, w, now);
        if (c->cut >= 0) {
            ent__worker_flush(hands[0].worker);
            save(c, w);
        }
    }
    pthread_mutex_unlock(&c->lock);
    for (int32_t i = 0; i < started; i++)
        pthread_join(hands[i].thread, NULL);
}

ent_status ent__crew_run(ent__ensemble *e, ent__worker *const *worker, int32_t n, const ent_run_options *options,
                         const ent__saver *saver, ent_error *err)
{
    ent_status status = ENT_OK;
    crew c = {.lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER, .go = PTHREAD_COND_INITIALIZER,
              .ensemble = e, .cut = -1};
    c.first_block = c.next_block = (e->first + e->draws) / ENT__BLOCK;
    c.end_block = ent__blocks(e->first + e->room);
    watch w = {.options = options, .saver = saver, .interval = saver != NULL ? saver->seconds : 0};
    w.told = w.saved = seconds();
    hand *hands = ent__alloc((size_t)n, sizeof *hands);
    ENT_REQUIRE(hands != NULL, ENT_ERR_MEMORY, "not enough memory for %d threads", n);
    for (int32_t i = 0; i < n; i++)
        hands[i] = (hand){.crew = &c, .worker = worker[i]};
    run(&c, hands, n, &w);
    ENT_REQUIRE(!c.no_memory, ENT_ERR_MEMORY, "not enough memory while running");
    for (int32_t i = 0; i < n; i++)
        ent__worker_flush(worker[i]);
    e->interrupted = c.next_block < c.end_block;
    e->draws = e->interrupted ? c.next_block * ENT__BLOCK - e->first : e->room;
done:
    for (int32_t i = 0; i < c.n_later; i++)
        ent__free(c.later[i].moments);
    ent__free(c.later);
    ent__free(hands);
    return status;
}
