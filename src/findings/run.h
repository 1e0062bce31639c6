/* A run between its beginning and its results. */
#ifndef ENT_SRC_RUN_H
#define ENT_SRC_RUN_H

#include "findings/findings.h"

typedef struct ent__study {
    ent_results *results; /* owned, until it is given away */
    ent__wanted wanted;
    ent_run_options options; /* as asked for; one job with a memo; counts: decided */
} ent__study;

/* Checks the options and finds out what to keep. Free with ent__study_free(), also on error. */
ent_status ent__study_begin(ent__study *study, const ent_plan *plan, const ent_run_options *options, ent_error *err);
/* Room for blocks of the run. */
ent_status ent__study_room(ent__study *study, int64_t first_block, int64_t n_blocks, ent_error *err);
/* Makes the draws that are missing, from where options->saver says, and has them saved. */
ent_status ent__study_make(ent__study *study, ent_error *err);
/* From what was found to results. */
ent_status ent__study_results(ent_results **out, ent__study *study, ent_error *err);
void ent__study_free(ent__study *study);

#endif
