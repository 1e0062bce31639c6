/* Running again what follows from a change, on draws that a machine has just run.
 *
 * All slots hold their values of the last run, so only the instances downstream of the changed cells run; what they
 * write over is kept before and put back after. Sensitivity, curves, levers and what-if all ask this way: many changes
 * on the same draws, each at the cost of what it reaches. */
#include "plan/plan.h"

#include <string.h>

enum { L = ENT__LANES };

static bool takes_any(const ent__program *program, const ent__instance *instance, const unsigned char *changed)
{
    const ent__step *step = &program->plan->steps[instance->step];
    for (int32_t a = 0; a < step->n_arg; a++)
        if (changed[program->arg_slot[instance->arg + a]])
            return true;
    return false;
}

/* Whether the instance computes one of the changed cells itself. */
static bool gives_any(const ent__program *program, const ent__instance *instance, const unsigned char *changed)
{
    const ent__step *step = &program->plan->steps[instance->step];
    for (int32_t o = 0; o < step->n_out; o++)
        if (changed[instance->out + o])
            return true;
    return false;
}

/* Goes through the instances in their order; those downstream are noted and what they write is marked. */
static int32_t collect(const ent__rerun *rerun, const ent__instance *all, int32_t n, unsigned char *changed, const ent__instance **to)
{
    int32_t found = 0;
    for (int32_t i = 0; i < n; i++) {
        const ent__instance *instance = &all[i];
        if (!gives_any(rerun->program, instance, changed) && !takes_any(rerun->program, instance, changed))
            continue;
        memset(changed + instance->out, 1, (size_t)rerun->program->plan->steps[instance->step].n_out);
        to[found++] = instance;
    }
    return found;
}

/* The slots of the cells in the arms where they are computed; an alias of a constant gate is not a cell's own. */
static void find_own(ent__rerun *rerun, unsigned char *changed)
{
    for (int32_t c = 0; c < rerun->n_cells; c++) {
        for (int32_t row = 0; row < rerun->program->n_arms; row++) {
            if (!ent__program_has(rerun->program, row, rerun->cell[c]))
                continue;
            int32_t slot = ent__program_slot(rerun->program, row, rerun->cell[c]);
            if (changed[slot] || slot < 2)
                continue;
            changed[slot] = 1;
            rerun->own_slot[rerun->n_own] = slot;
            rerun->own_cell[rerun->n_own++] = c;
        }
    }
}

/* Many changes may be prepared at once: each takes only what it needs. */
static bool shrink(const ent__instance ***list, int32_t n)
{
    const ent__instance **small = ent__alloc((size_t)n, sizeof *small);
    if (small == NULL)
        return false;
    if (n > 0)
        memcpy(small, *list, (size_t)n * sizeof *small);
    ent__free(*list);
    *list = small;
    return true;
}

ent_status ent__rerun_create(ent__rerun **out, const ent__program *program, const int32_t *cell, int32_t n_cells, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t slots = (size_t)program->n_slots;
    unsigned char *changed = ent__alloc(slots, 1);
    ent__rerun *rerun = ent__alloc(1, sizeof *rerun);
    ENT_REQUIRE(changed != NULL && rerun != NULL, ENT_ERR_MEMORY, "not enough memory to run a change");
    rerun->program = program;
    rerun->n_cells = n_cells;
    rerun->cell = ent__alloc((size_t)n_cells, sizeof *rerun->cell);
    rerun->own_slot = ent__alloc((size_t)n_cells * (size_t)program->n_arms, sizeof *rerun->own_slot);
    rerun->own_cell = ent__alloc((size_t)n_cells * (size_t)program->n_arms, sizeof *rerun->own_cell);
    rerun->constant = ent__alloc((size_t)program->n_constants, sizeof *rerun->constant);
    rerun->instance = ent__alloc((size_t)program->n_instances, sizeof *rerun->instance);
    ENT_REQUIRE(rerun->cell && rerun->own_slot && rerun->own_cell && rerun->constant && rerun->instance, ENT_ERR_MEMORY,
                "not enough memory to run a change");
    memcpy(rerun->cell, cell, (size_t)n_cells * sizeof *cell);
    find_own(rerun, changed);
    rerun->n_constants = collect(rerun, program->constant, program->n_constants, changed, rerun->constant);
    rerun->n_instances = collect(rerun, program->instance, program->n_instances, changed, rerun->instance);
    for (size_t s = 0; s < slots; s++)
        rerun->n_slots += changed[s];
    ENT_REQUIRE(shrink(&rerun->constant, rerun->n_constants) && shrink(&rerun->instance, rerun->n_instances), ENT_ERR_MEMORY,
                "not enough memory to run a change");
    rerun->slot = ent__alloc((size_t)rerun->n_slots, sizeof *rerun->slot);
    ENT_REQUIRE(rerun->slot, ENT_ERR_MEMORY, "not enough memory to run a change of %d cells", rerun->n_slots);
    for (int32_t s = 0, n = 0; s < program->n_slots; s++)
        if (changed[s])
            rerun->slot[n++] = s;
    *out = rerun;
    rerun = NULL;
done:
    ent__free(changed);
    ent__rerun_free(rerun);
    return status;
}

void ent__rerun_free(ent__rerun *rerun)
{
    if (rerun == NULL)
        return;
    ent__free(rerun->cell);
    ent__free(rerun->own_slot);
    ent__free(rerun->own_cell);
    ent__free(rerun->constant);
    ent__free(rerun->instance);
    ent__free(rerun->slot);
    ent__free(rerun);
}

void ent__rerun_keep(const ent__rerun *rerun, const ent__machine *machine, double *kept)
{
    for (int32_t s = 0; s < rerun->n_slots; s++)
        memcpy(kept + (size_t)s * L, machine->slot + (size_t)rerun->slot[s] * L, L * sizeof(double));
}

void ent__rerun_restore(const ent__rerun *rerun, ent__machine *machine, const double *kept)
{
    for (int32_t s = 0; s < rerun->n_slots; s++)
        memcpy(machine->slot + (size_t)rerun->slot[s] * L, kept + (size_t)s * L, L * sizeof(double));
}

static const ent__redo *redo_of(const ent__rerun *rerun, const ent__redo *redo, int32_t slot)
{
    for (int32_t o = 0; o < rerun->n_own; o++)
        if (rerun->own_slot[o] == slot)
            return &redo[rerun->own_cell[o]];
    return NULL;
}

static void write_values(const ent__rerun *rerun, ent__machine *machine, const ent__redo *redo)
{
    for (int32_t o = 0; o < rerun->n_own; o++) {
        const ent__redo *r = &redo[rerun->own_cell[o]];
        double *to = machine->slot + (size_t)rerun->own_slot[o] * L;
        for (int l = 0; l < L && r->kind == ENT__REDO_VALUE; l++)
            to[l] = r->value;
    }
}

static void run_again(const ent__rerun *rerun, ent__machine *machine, const ent__instance *instance, const ent__redo *redo,
                      int64_t first, int32_t lanes)
{
    const ent__step *step = &rerun->program->plan->steps[instance->step];
    const ent__redo *own = step->n_out == 1 ? redo_of(rerun, redo, instance->out) : NULL;
    uint64_t seed = machine->seed;
    if (own != NULL && own->kind == ENT__REDO_VALUE)
        return;
    if (own != NULL && own->kind == ENT__REDO_SEED)
        machine->seed = own->seed;
    ent__machine_instance(machine, instance, first, lanes);
    machine->seed = seed;
    if (step->n_out > 1) /* one of several that come together may be given */
        write_values(rerun, machine, redo);
}

void ent__rerun_run(const ent__rerun *rerun, ent__machine *machine, const ent__redo *redo, int64_t first, int32_t lanes)
{
    write_values(rerun, machine, redo);
    for (int32_t i = 0; i < rerun->n_constants; i++)
        run_again(rerun, machine, rerun->constant[i], redo, 0, L);
    for (int32_t i = 0; i < rerun->n_instances; i++)
        run_again(rerun, machine, rerun->instance[i], redo, first, lanes);
}
