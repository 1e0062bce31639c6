/* The share of a provision in what the document changes: its Shapley value (Shapley 1953) over the provisions that may
 * change the value at all, on each draw. The value is wanted in an arm for each subset of them; the arms of subsets run
 * only what such a value is made of, and share whatever the subset does not touch (src/plan/program.c). */
#include "compile/compile.h"

#include <string.h>

int32_t ent__provision_find(const ent__compiler *c, const char *id, const char **near)
{
    for (int32_t p = 0; p < c->scenario->n_provisions; p++) {
        if (strcmp(c->scenario->provisions[p].id, id) == 0)
            return p;
        const char *pair[2] = {*near, c->scenario->provisions[p].id};
        *near = *near == NULL ? ent__nearest(id, pair + 1, 1) : ent__nearest(id, pair, 2);
    }
    return -1;
}

static int32_t subset_arm(ent__compiler *c, uint64_t in)
{
    ent_plan *plan = c->plan;
    for (int32_t k = 0; k < plan->n_subsets; k++)
        if (plan->subsets[k] == in)
            return ENT__ARM_SUBSET + k;
    uint64_t *fresh = ENT__PLAN_ADD(plan, subsets);
    if (fresh == NULL) {
        c->no_memory = true;
        return ENT__ARM_SELF;
    }
    *fresh = in;
    return ENT__ARM_SUBSET + plan->n_subsets - 1;
}

/* The step that gives the shares of all provisions that reach a cell; its first cell. */
static int32_t shapley_step(ent__compiler *c, int32_t cell, const int32_t *player, int32_t k)
{
    for (int32_t i = 0; i < c->n_shapley; i++)
        if (c->shapley_of[i] == cell)
            return c->shapley[i];
    ent__ref *arg = ent__arena_alloc(c->arena, (size_t)1 << k, sizeof *arg);
    int32_t *of = ent__realloc(c->shapley_of, (size_t)c->n_shapley + 1, sizeof *of);
    c->shapley_of = of != NULL ? of : c->shapley_of;
    int32_t *made = ent__realloc(c->shapley, (size_t)c->n_shapley + 1, sizeof *made);
    c->shapley = made != NULL ? made : c->shapley;
    if (arg == NULL || of == NULL || made == NULL) {
        c->no_memory = true;
        return 0;
    }
    for (int32_t subset = 0; subset < 1 << k; subset++) {
        uint64_t in = 0;
        for (int32_t p = 0; p < k; p++)
            in |= subset >> p & 1 ? UINT64_C(1) << player[p] : 0;
        int32_t arm = subset == 0 ? ENT__ARM_WITHOUT : subset == (1 << k) - 1 ? ENT__ARM_WITH : subset_arm(c, in);
        arg[subset] = (ent__ref){cell, arm};
    }
    int32_t first = ent__emit(c, ENT__DO_SHAPLEY, k, arg, 1 << k, 0);
    c->shapley_of[c->n_shapley] = cell;
    c->shapley[c->n_shapley++] = first;
    return first;
}

ent__ref ent__share(ent__compiler *c, ent__ref of, int32_t provision, ent__place place)
{
    int32_t player[ENT_MAX_PROVISIONS], k = 0, at = -1;
    uint64_t reach = of.arm == ENT__ARM_SELF ? c->cell_reach[of.cell] : 0;
    for (int32_t p = 0; p < c->scenario->n_provisions; p++) {
        at = p == provision && reach >> p & 1 ? k : at;
        if (reach >> p & 1)
            player[k++] = p;
    }
    if (at < 0) /* it changes nothing of it */
        return ent__self(ent__emit_number(c, 0));
    if (k > ENT_MAX_SHARED) {
        ent__compile_error(c, place, "share() of a value that %d provisions may change; at most %d are taken apart", k, ENT_MAX_SHARED);
        return ent__self(ent__emit_number(c, ENT_UNDEFINED));
    }
    return ent__self(shapley_step(c, of.cell, player, k) + at);
}
