/* What was computed of some draws, kept from run to run (memo.c). Public as ent_memo in entente/results.h. */
#ifndef ENT_SRC_MEMO_H
#define ENT_SRC_MEMO_H

#include "plan/plan.h"

/* An earlier run of an instance under other inputs, on the same draws: lanes in which they are equal need not run again. */
typedef struct ent__before {
    const double *slot;             /* of that run */
    const int32_t *arg;             /* slots of its arguments there */
    const int32_t *unlike;          /* arguments that may differ */
    int32_t n_unlike, out;
} ent__before;

/* Makes the memo ready for runs of this program, which may be of any plan; what it holds under another seed is forgotten. */
ent_status ent__memo_begin(ent_memo *memo, const ent__program *program, uint64_t seed, ent_error *err);
/* As ent__machine_run() of the program that the memo was made ready for: the same values in all slots. */
void ent__memo_run(ent_memo *memo, ent__machine *machine, int64_t first, int32_t lanes);

#endif
