/* Threads over the blocks of an ensemble, which now and then stands still for those who want to save it. */
#ifndef ENT_SRC_CREW_H
#define ENT_SRC_CREW_H

#include "ensemble/worker.h"

/* Makes the blocks of the range that are missing, with one thread for each worker; saver may be NULL. The ensemble then
 * holds the blocks before the first that was not made: all of them but where progress stopped it. */
ent_status ent__crew_run(ent__ensemble *ensemble, ent__worker *const *worker, int32_t n, const ent_run_options *options,
                         const ent__saver *saver, ent_error *err);

#endif
