/* What may vary from draw to draw, as factors of a sensitivity analysis: each one or several uniforms of the plan. */
#ifndef ENT_SRC_FACTORS_H
#define ENT_SRC_FACTORS_H

#include "plan/plan.h"

enum { ENT__FACTOR_INPUT, ENT__FACTOR_MODEL, ENT__FACTOR_EVENT, ENT__FACTOR_GROUP };

typedef struct ent__factor {
    const char *name, *label, *unit;
    int32_t kind;
    int32_t *cell;       /* uniforms */
    int32_t n_cells, n_inputs;
    int32_t driver;      /* drivers[] where it is one alone, or -1 */
} ent__factor;

/* All of them, in the order of their first uniform in the plan; correlated inputs together. `only` (names, n_only of them) leaves
 * the others out; `groups` joins them. ENT_ERR_ARGUMENT: a name is nobody's (says what is nearest). In the arena. */
ent_status ent__factors_find(ent__factor **out, int32_t *n, const ent_plan *plan, const char *const *only, size_t n_only,
                             bool groups, ent__arena *arena, ent_error *err);

#endif
