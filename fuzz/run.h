/* What targets that run a plan share: a few draws of it, and what must hold of any result. */
#ifndef ENT_FUZZ_RUN_H
#define ENT_FUZZ_RUN_H

#include "plan/plan.h"
#include "target.h"

/* Runs `draws` draws of a plan that is not too large for that and checks what comes out; *json (NULL: not wanted) is
 * the caller's. False where it was too large or was refused. */
bool fuzz_run(const ent_plan *plan, int64_t draws, char **json);
/* What must hold of results, however they came about. */
void fuzz_check_results(const ent_results *results);
bool fuzz_is_small(const ent_plan *plan);
/* A plan of one of the scenarios in fuzz/corpus/scenario whose names begin with "base"; the same again for the same k.
 */
const ent_plan *fuzz_base(int k);
/* Bytes edited as the dice say: overwritten, inserted, cut out, cut short. *bytes is replaced. */
void fuzz_edit(unsigned char **bytes, size_t *length, dice *d);

#endif
