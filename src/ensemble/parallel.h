/* Blocks of work shared among threads, for studies that run a plan many times. */
#ifndef ENT_SRC_PARALLEL_H
#define ENT_SRC_PARALLEL_H

#include "ensemble/ensemble.h"

/* Does one block with one hand (a machine and what it needs); writes only to what belongs to the block or the hand. */
typedef void ent__block_fn(void *hand, int64_t block);

/* How many threads a study of so many blocks gets. */
int32_t ent__parallel_jobs(const ent_run_options *options, int64_t n_blocks);

/* Runs blocks 0 .. n_blocks - 1, each once, by as many threads as there are hands. Which hand gets which block is
 * chance, so results must not depend on it. Progress counts blocks.
 * False where it was stopped by progress: then not all blocks are done. */
bool ent__parallel(void *const *hand, int32_t n_hands, int64_t n_blocks, ent__block_fn *work, const ent_run_options *options);

#endif
