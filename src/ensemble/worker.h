/* One thread's share of the work: its own machine and counts; moments block by block. */
#ifndef ENT_SRC_WORKER_H
#define ENT_SRC_WORKER_H

#include "ensemble/ensemble.h"

enum { ENT__NOTED = 1024 }; /* draws whose bins are noted before they are counted */

typedef struct ent__worker {
    ent__ensemble *ensemble; /* columns and weights are written in place, at the draw's number */
    ent__machine *machine;
    uint16_t *bin;           /* [n_grids][ENT__NOTED]: of draws not yet counted */
    uint64_t whole[ENT__NOTED]; /* their weights in units of 2^-32 */
    int32_t noted;
    double *low, *high;
    uint64_t *curve;
    uint64_t *add;           /* [ENT__LANES][2 * n_tracks]: what a batch adds */
    int32_t *given_slot;
    int32_t n_givens;
} ent__worker;

ent_status ent__worker_create(ent__worker **out, ent__ensemble *ensemble, ent_error *err);
void ent__worker_free(ent__worker *worker);
size_t ent__worker_bytes(const ent__ensemble *ensemble);
/* Runs block `b` and leaves its moments in moments[n_tallies]. There must be room to note its bins. */
void ent__worker_block(ent__worker *worker, int64_t b, ent__moments *moments);
/* Whether there is no room to note another block's bins. */
static inline bool ent__worker_is_full(const ent__worker *worker) { return worker->noted + ENT__BLOCK > ENT__NOTED; }
/* Counts what was noted into the ensemble's counts: one worker at a time. Whole numbers, so the order does not matter. */
void ent__worker_count(ent__worker *worker);
/* Moves all that the worker has counted to the ensemble: one worker at a time. */
void ent__worker_flush(ent__worker *worker);
/* The ranges of grids that declare none, from the first draws. */
bool ent__worker_pilot(ent__worker *worker); /* false without memory */

#endif
