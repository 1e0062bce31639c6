/* What a study asks about, found by name; its value and its weight on a batch of draws. */
#include "findings/target.h"

#include <string.h>

enum { L = ENT__LANES };

bool ent__target_of_claim(ent__target *out, const ent_plan *plan, int32_t c)
{
    const ent__plan_claim *claim = &plan->claims[c];
    if (claim->form < 0 || plan->forms[claim->form].cell < 0)
        return false;
    const ent__plan_form *form = &plan->forms[claim->form];
    *out = (ent__target){.name = ent__plan_text(plan, claim->id), .title = ent__plan_text(plan, claim->title), .unit = "",
                         .is_claim = true, .index = c, .cell = form->cell, .when = claim->when, .needs_with = form->needs_with != 0};
    return true;
}

void ent__target_of_quantity(ent__target *out, const ent_plan *plan, int32_t q)
{
    const ent__plan_quantity *quantity = &plan->quantities[q];
    *out = (ent__target){.name = ent__plan_text(plan, quantity->name), .title = ent__plan_text(plan, quantity->name),
                         .unit = ent__plan_text(plan, quantity->unit), .index = q, .cell = quantity->cell, .when = -1};
}

static ent_status no_such_target(const ent_plan *plan, const char *name, ent_error *err)
{
    const char *near = NULL;
    for (int32_t k = 0; k < plan->n_claims + plan->n_quantities; k++) {
        ent__text text = k < plan->n_claims ? plan->claims[k].id : plan->quantities[k - plan->n_claims].name;
        const char *pair[2] = {near, ent__plan_text(plan, text)};
        near = near == NULL ? ent__nearest(name, pair + 1, 1) : ent__nearest(name, pair, 2);
    }
    return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "no claim and no quantity is called \"%s\"%s%s%s", name,
                          near != NULL ? "; did you mean \"" : "", near != NULL ? near : "", near != NULL ? "\"?" : "");
}

ent_status ent__target_find(ent__target *out, const ent_plan *plan, const char *name, ent_error *err)
{
    for (int32_t c = 0; c < plan->n_claims; c++) {
        if (strcmp(ent__plan_text(plan, plan->claims[c].id), name) != 0)
            continue;
        if (ent__target_of_claim(out, plan, c))
            return ENT_OK;
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "the claim \"%s\" %s, so it has no value on each draw", name,
                              plan->claims[c].overall >= 0 ? "is a statement about all draws" : "is not tested");
    }
    for (int32_t q = 0; q < plan->n_quantities; q++) {
        if (strcmp(ent__plan_text(plan, plan->quantities[q].name), name) != 0)
            continue;
        ent__target_of_quantity(out, plan, q);
        return ENT_OK;
    }
    return no_such_target(plan, name, err);
}

ent__target *ent__targets_main(int32_t *n, const ent_plan *plan, ent__arena *arena)
{
    ent__target *target = ent__arena_alloc(arena, (size_t)plan->n_claims + (size_t)plan->n_quantities, sizeof *target);
    *n = 0;
    for (int32_t c = 0; c < plan->n_claims && target != NULL; c++)
        *n += ent__target_of_claim(&target[*n], plan, c);
    for (int32_t q = 0; q < plan->n_quantities && target != NULL; q++)
        if (plan->quantities[q].headline)
            ent__target_of_quantity(&target[(*n)++], plan, q);
    return target;
}

int32_t ent__target_roots(ent__arg *root, int32_t n_roots, const ent__target *target, int32_t n_targets, int32_t arm)
{
    for (int32_t t = 0; t < n_targets; t++) {
        root[n_roots++] = (ent__arg){target[t].cell, arm};
        if (target[t].when >= 0)
            root[n_roots++] = (ent__arg){target[t].when, arm};
    }
    return n_roots;
}

int32_t ent__weight_roots(ent__arg *root, int32_t n_roots, const ent_plan *plan)
{
    for (int32_t g = 0; g < plan->n_givens; g++)
        root[n_roots++] = (ent__arg){plan->givens[g].cell, ENT__ARM_WITHOUT};
    return n_roots;
}

void ent__target_weights(double *weight, const ent__machine *machine)
{
    const ent_plan *plan = machine->program->plan;
    for (int l = 0; l < L; l++)
        weight[l] = 1;
    for (int32_t g = 0; g < plan->n_givens; g++) {
        const double *x = ent__machine_slot(machine, ent__program_slot(machine->program, ENT_ARM_WITHOUT, plan->givens[g].cell));
        for (int l = 0; l < L; l++)
            weight[l] *= x[l] > 0 ? (x[l] < 1 ? x[l] : 1) : 0;
    }
}

void ent__target_values(double *value, const ent__machine *machine, const ent__target *target, int32_t row)
{
    const double *x = ent__machine_slot(machine, ent__program_slot(machine->program, row, target->cell));
    memcpy(value, x, L * sizeof *value);
    if (target->when < 0)
        return;
    const double *when = ent__machine_slot(machine, ent__program_slot(machine->program, row, target->when));
    for (int l = 0; l < L; l++)
        value[l] = when[l] > 0 ? value[l] : ENT_UNDEFINED;
}
