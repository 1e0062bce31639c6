/* Blocks of work shared among threads. The calling thread works too, and is the one that tells the progress. */
#include "ensemble/parallel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

typedef struct shared {
    _Atomic int64_t next, done;
    _Atomic bool stop;
    int64_t n_blocks;
    ent__block_fn *work;
} shared;

typedef struct helper {
    shared *all;
    void *hand;
    pthread_t thread;
} helper;

int32_t ent__parallel_jobs(const ent_run_options *options, int64_t n_blocks)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int64_t jobs = options->jobs > 0 ? options->jobs : cores > 0 ? cores : 1;
    return (int32_t)(jobs < n_blocks ? jobs : n_blocks > 0 ? n_blocks : 1);
}

static bool work_once(shared *all, void *hand)
{
    if (atomic_load(&all->stop))
        return false;
    int64_t block = atomic_fetch_add(&all->next, 1);
    if (block >= all->n_blocks)
        return false;
    all->work(hand, block);
    atomic_fetch_add(&all->done, 1);
    return true;
}

static void *thread_main(void *payload)
{
    helper *h = payload;
    while (work_once(h->all, h->hand))
        ;
    return NULL;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void ask(shared *all, const ent_run_options *options, double *last)
{
    double now = seconds();
    if (options->progress == NULL || now - *last < 0.1)
        return;
    *last = now;
    ent_progress progress = {atomic_load(&all->done), all->n_blocks};
    if (options->progress(&progress, options->payload) != 0)
        atomic_store(&all->stop, true);
}

bool ent__parallel(void *const *hand, int32_t n_hands, int64_t n_blocks, ent__block_fn *work, const ent_run_options *options)
{
    shared all = {.n_blocks = n_blocks, .work = work};
    helper *helpers = n_hands > 1 ? ent__alloc((size_t)n_hands - 1, sizeof *helpers) : NULL;
    int32_t started = 0;
    for (; helpers != NULL && started < n_hands - 1; started++) { /* without memory or threads the caller does it all */
        helpers[started] = (helper){.all = &all, .hand = hand[started + 1]};
        if (pthread_create(&helpers[started].thread, NULL, thread_main, &helpers[started]) != 0)
            break;
    }
    double last = seconds();
    while (work_once(&all, hand[0]))
        ask(&all, options, &last);
    for (int32_t i = 0; i < started; i++)
        pthread_join(helpers[i].thread, NULL);
    ent__free(helpers);
    return atomic_load(&all.done) == n_blocks;
}
