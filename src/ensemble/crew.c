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

typedef struct hand { /* a thread */
    struct crew *crew;
    ent__worker *worker;
    pthread_t thread;
    bool busy; /* in a block */
} hand;

typedef struct crew { /* what the threads share; `lock` guards all of it */
    pthread_mutex_t lock;
    pthread_cond_t change; /* a thread has ended, or the ensemble stands still */
    pthread_cond_t go;     /* it was saved */
    ent__ensemble *ensemble;
    hand *hands;
    int32_t n_hands;
    int64_t first_block, next_block, end_block, done_blocks;
    bool stop, no_memory;
    int32_t working;       /* threads */
    int64_t cut;           /* or -1 */
    int32_t before_cut;    /* threads in a block before the cut */
    later *later;
    int32_t n_later, capacity_later;
} crew;

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
static void finish(crew *c, hand *h, int64_t block, ent__moments *moments)
{
    c->done_blocks++;
    h->busy = false;
    if (c->cut >= 0 && block >= c->cut) {
        hold_back(c, block, moments);
        return;
    }
    join(c, block, moments);
    if (c->cut >= 0) {
        ent__worker_flush(h->worker);
        if (--c->before_cut == 0)
            pthread_cond_signal(&c->change);
    }
}

/* Takes blocks in order until there are none or a stop is asked for. Called with the lock held; works without it. */
static bool work_once(crew *c, hand *h)
{
    while (c->cut >= 0 && ent__worker_is_full(h->worker)) /* far ahead of the others */
        pthread_cond_wait(&c->go, &c->lock);
    if (ent__worker_is_full(h->worker))
        ent__worker_count(h->worker);
    if (c->stop || c->no_memory || c->next_block >= c->end_block)
        return false;
    ent__moments *moments = ent__tree_take(&c->ensemble->tree);
    if (moments == NULL) {
        c->no_memory = true;
        return false;
    }
    int64_t block = c->next_block++;
    h->busy = true;
    pthread_mutex_unlock(&c->lock);
    ent__worker_block(h->worker, block, moments);
    pthread_mutex_lock(&c->lock);
    finish(c, h, block, moments);
    return true;
}

static void *thread_main(void *payload)
{
    hand *h = payload;
    crew *c = h->crew;
    pthread_mutex_lock(&c->lock);
    while (work_once(c, h))
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
    c->before_cut = 0;
    for (int32_t i = 0; i < c->n_hands; i++) {
        c->before_cut += c->hands[i].busy;
        if (!c->hands[i].busy) /* all that it has counted is before the cut */
            ent__worker_flush(c->hands[i].worker);
    }
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

/* Until something has changed, or the next thing is due. */
static void wait_a_little(crew *c, const watch *w)
{
    double due = w->saver != NULL && c->cut < 0 ? w->saved + w->interval - seconds() : 1;
    long moment = due > 0.1 ? 100000000 : due > 0.001 ? (long)(1e9 * due) : 1000000;
    struct timespec until; /* of the clock that nobody sets back */
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += moment;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(&c->change, &c->lock, &until);
}

/* The calling thread works too where it is alone; else it waits, tells the progress and saves. */
static void run(crew *c, watch *w)
{
    int32_t started = 0;
    pthread_mutex_lock(&c->lock);
    if (c->n_hands > 1 || w->saver != NULL)
        for (; started < c->n_hands; started++, c->working++)
            if (pthread_create(&c->hands[started].thread, NULL, thread_main, &c->hands[started]) != 0)
                break;
    while (c->working > 0 || c->cut >= 0) {
        if (c->cut >= 0 && c->before_cut == 0)
            save(c, w);
        else
            wait_a_little(c, w);
        double now = seconds();
        tell(c, w, now);
        lay_cut(c, w, now);
    }
    while (work_once(c, &c->hands[0])) { /* alone: no thread could be started, or none was needed */
        double now = seconds();
        tell(c, w, now);
        lay_cut(c, w, now);
        if (c->cut >= 0)
            save(c, w);
    }
    pthread_mutex_unlock(&c->lock);
    for (int32_t i = 0; i < started; i++)
        pthread_join(c->hands[i].thread, NULL);
}

ent_status ent__crew_run(ent__ensemble *e, ent__worker *const *worker, int32_t n, const ent_run_options *options,
                         const ent__saver *saver, ent_error *err)
{
    ent_status status = ENT_OK;
    crew c = {.lock = PTHREAD_MUTEX_INITIALIZER, .go = PTHREAD_COND_INITIALIZER, .ensemble = e, .cut = -1};
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c.change, &monotonic);
    pthread_condattr_destroy(&monotonic);
    c.first_block = c.next_block = (e->first + e->draws) / ENT__BLOCK;
    c.end_block = ent__blocks(e->first + e->room);
    watch w = {.options = options, .saver = saver, .interval = saver != NULL ? saver->seconds : 0};
    w.told = w.saved = seconds();
    c.hands = ent__alloc((size_t)n, sizeof *c.hands);
    c.n_hands = n;
    ENT_REQUIRE(c.hands != NULL, ENT_ERR_MEMORY, "not enough memory for %d threads", n);
    for (int32_t i = 0; i < n; i++)
        c.hands[i] = (hand){.crew = &c, .worker = worker[i]};
    run(&c, &w);
    ENT_REQUIRE(!c.no_memory, ENT_ERR_MEMORY, "not enough memory while running");
    for (int32_t i = 0; i < n; i++)
        ent__worker_flush(worker[i]);
    e->interrupted = c.next_block < c.end_block;
    e->draws = e->interrupted ? c.next_block * ENT__BLOCK - e->first : e->room;
done:
    for (int32_t i = 0; i < c.n_later; i++)
        ent__free(c.later[i].moments);
    ent__free(c.later);
    ent__free(c.hands);
    pthread_cond_destroy(&c.change);
    return status;
}
