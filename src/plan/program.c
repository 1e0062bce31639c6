/* A plan instanced for a list of arms.
 *
 * For every step, arm by arm: find the slots of its arguments in that arm; if an earlier arm's instance of the step has
 * the same slots, share it. A provision's gate is the constant 0 in an arm that leaves it out, the constant 1 where it
 * is certain, else its event; a selection by a constant gate is an alias. So sharing follows from the slots alone, and
 * a step runs once for each distinct set of inputs, however many arms there are. */
#include "plan/plan.h"

#include "settle/calibrate.h"

#include <string.h>

enum { SLOT_ZERO = 0, SLOT_ONE = 1, FIRST_SLOT = 2 };

static const ent__arm_state base_arms[] = {
    [ENT_ARM_WITHOUT] = {.off = UINT64_MAX}, [ENT_ARM_WITH] = {0}, [ENT_ARM_TAKEN] = {.sure = UINT64_MAX}};

/* Provisions that are in force are certain in it: the arm `taken`, and those of subsets of it. */
static bool is_certain(int32_t arm) { return arm == ENT_ARM_TAKEN || (arm >= ENT_ARM_COUNT && (arm - ENT_ARM_COUNT) % 2 == 1); }

/* In an arm that a question asks about, the document is what is in force there: `with` is the arm itself. */
static int32_t arm_of(const ent_plan *plan, int32_t arg_arm, int32_t arm)
{
    int32_t asked = ENT_ARM_COUNT + 2 * plan->n_subsets;
    if (arm >= asked && (arg_arm == ENT__ARM_WITH || arg_arm == ENT__ARM_TAKEN))
        return arg_arm == ENT__ARM_TAKEN && !is_certain(arm) ? arm + 1 : arm;
    switch (arg_arm) {
    case ENT__ARM_SELF:
        return arm;
    case ENT__ARM_WITHOUT:
        return ENT_ARM_WITHOUT;
    case ENT__ARM_WITH:
        return is_certain(arm) ? ENT_ARM_TAKEN : ENT_ARM_WITH;
    case ENT__ARM_TAKEN:
        return ENT_ARM_TAKEN;
    default:
        return ENT_ARM_COUNT + 2 * (arg_arm - ENT__ARM_SUBSET) + is_certain(arm);
    }
}

static int32_t gate_slot(const ent__program *program, const ent__step *step, int32_t arm)
{
    uint64_t bit = UINT64_C(1) << step->extra;
    if (program->arm[arm].off & bit)
        return SLOT_ZERO;
    if (program->arm[arm].sure & bit || step->n_arg == 0)
        return SLOT_ONE;
    ent__arg event = program->plan->args[step->arg];
    return ent__program_slot(program, arm_of(program->plan, event.arm, arm), event.cell);
}

/* Sets the slots of one step's outputs in one arm to first, first + 1, ... */
static void set_slots(ent__program *program, const ent__step *step, int32_t arm, int32_t first)
{
    int32_t *slot = program->cell_slot + (size_t)arm * (size_t)program->plan->head->n_cells;
    for (int32_t o = 0; o < step->n_out; o++)
        slot[step->out + o] = first + o;
}

/* Whether a step gives something else each draw, whatever goes in. */
static bool step_draws(const ent__program *program, const ent__step *step)
{
    const ent_plan *plan = program->plan;
    int32_t first = 0, n = 0;
    if (step->op == ENT__DO_UNIFORM)
        return true;
    if (step->op == ENT__DO_CALL) {
        const ent_model *model = program->called[step->extra];
        return model->draws != NULL && model->draws(plan->numbers + plan->calls[step->extra].option);
    }
    if (step->op == ENT__DO_SETTLE) {
        first = plan->settles[step->extra].choice;
        n = plan->settles[step->extra].n_choices;
    } else if (step->op == ENT__DO_SETTLE_MANY) {
        first = plan->joints[step->extra].choice;
        n = plan->joints[step->extra].n_choices;
    }
    for (int32_t c = first; c < first + n; c++)
        if (program->model[c]->draws != NULL && program->model[c]->draws(plan->numbers + plan->choices[c].option))
            return true;
    return false;
}

/* Steps whose results are copied where an earlier arm had the same inputs: those that cost more than looking. */
static bool may_copy(int32_t op)
{
    return op == ENT__DO_SETTLE || op == ENT__DO_SETTLE_MANY || op == ENT__DO_CALL || op == ENT__DO_CALIBRATE;
}

/* The last MOST_TWINS instances of the step that run for each draw, with the arguments in which they differ from this one. */
static bool find_twins(ent__program *program, ent__instance *fresh, int32_t n_arg, const ent__instance *const *made, int32_t n_made)
{
    enum { MOST_TWINS = 8 };
    const int32_t *arg = program->arg_slot + fresh->arg;
    for (int32_t m = n_made - 1; m >= 0 && fresh->n_twins < MOST_TWINS; m--) {
        if (made[m] < program->instance || made[m] >= program->instance + program->n_instances)
            continue;
        ent__twin *twin = ent__plan_grow((void **)&program->twins, &program->n_twins, &program->capacity_twins, sizeof *twin);
        if (twin == NULL)
            return false;
        *twin = (ent__twin){(int32_t)(made[m] - program->instance), program->n_unlike, 0};
        fresh->n_twins++;
        const int32_t *other = program->arg_slot + made[m]->arg;
        for (int32_t a = 0; a < n_arg; a++) {
            if (arg[a] == other[a])
                continue;
            int32_t *unlike = ent__plan_grow((void **)&program->unlike, &program->n_unlike, &program->capacity_unlike, sizeof *unlike);
            if (unlike == NULL)
                return false;
            *unlike = a;
            twin->n_unlike++;
        }
    }
    return true;
}

/* One step in one arm; `made` are the instances of this step so far, n_made of them. */
static bool instance_step(ent__program *program, int32_t s, int32_t arm, const ent__instance **made, int32_t *n_made,
                          int32_t *slots_used)
{
    const ent_plan *plan = program->plan;
    const ent__step *step = &plan->steps[s];
    if (step->op == ENT__DO_GATE) {
        set_slots(program, step, arm, gate_slot(program, step, arm));
        return true;
    }
    int32_t *arg = program->arg_slot + program->n_arg_slots;
    bool constant = !step_draws(program, step);
    for (int32_t a = 0; a < step->n_arg; a++) {
        ent__arg from = plan->args[step->arg + a];
        arg[a] = ent__program_slot(program, arm_of(plan, from.arm, arm), from.cell);
        constant = constant && program->slot_constant[arg[a]];
    }
    if (step->op == ENT__DO_SELECT && (arg[0] == SLOT_ZERO || arg[0] == SLOT_ONE)) {
        set_slots(program, step, arm, arg[0] == SLOT_ONE ? arg[1] : arg[2]);
        return true;
    }
    size_t bytes = (size_t)step->n_arg * sizeof *arg;
    for (int32_t m = 0; m < *n_made; m++) {
        if (memcmp(program->arg_slot + made[m]->arg, arg, bytes) == 0) {
            set_slots(program, step, arm, made[m]->out);
            return true;
        }
    }
    ent__instance *fresh = constant ? &program->constant[program->n_constants++] : &program->instance[program->n_instances++];
    *fresh = (ent__instance){.step = s, .out = *slots_used, .arg = program->n_arg_slots, .twin = program->n_twins};
    bool good = constant || !may_copy(step->op) || find_twins(program, fresh, step->n_arg, made, *n_made);
    made[(*n_made)++] = fresh;
    program->n_arg_slots += step->n_arg;
    for (int32_t o = 0; o < step->n_out; o++)
        program->slot_constant[*slots_used + o] = constant;
    set_slots(program, step, arm, *slots_used);
    *slots_used += step->n_out;
    return good;
}

static size_t settle_scratch(const ent__program *program, const ent__settle_call *call)
{
    size_t n = (size_t)call->n, most = 0;
    for (int32_t c = 0; c < call->n_choices; c++) {
        size_t bytes = program->model[call->choice + c]->workspace(n);
        most = bytes > most ? bytes : most;
    }
    return (6 * n + 16) * sizeof(double) + most;
}

static size_t joint_scratch(const ent__program *program, const ent__joint_call *call)
{
    size_t n = (size_t)call->n, issues = (size_t)call->n_parts, most = 0;
    for (int32_t c = 0; c < call->n_choices; c++) {
        const ent_model *model = program->model[call->choice + c];
        size_t bytes = model->settle_many != NULL ? model->workspace_many(n, issues) : model->workspace(n);
        most = bytes > most ? bytes : most;
    }
    return (3 * n * issues + 4 * issues + 5 * n + 16) * sizeof(double) + most;
}

static size_t call_scratch(const ent__program *program, const ent__step *step)
{
    const ent__plan_call *call = &program->plan->calls[step->extra];
    const ent_model *model = program->called[step->extra];
    size_t count[ENT_AXIS_COUNT];
    for (int a = 0; a < ENT_AXIS_COUNT; a++)
        count[a] = (size_t)call->count[a];
    size_t workspace = model->call_workspace != NULL ? model->call_workspace(count, call->rule >= 0 ? &program->rule[call->rule] : NULL) : 0;
    return ((size_t)step->n_arg + (size_t)step->n_out + 4) * sizeof(double) + workspace;
}

static size_t step_scratch(const ent__program *program, const ent__step *step)
{
    if (step->op == ENT__DO_SETTLE)
        return settle_scratch(program, &program->plan->settles[step->extra]);
    if (step->op == ENT__DO_SETTLE_MANY)
        return joint_scratch(program, &program->plan->joints[step->extra]);
    if (step->op == ENT__DO_CALL)
        return call_scratch(program, step);
    if (step->op == ENT__DO_CALIBRATE) {
        size_t n = (size_t)program->plan->calibrates[step->extra].n;
        return (5 * n + 16) * sizeof(double) + ent__predictive_workspace(n);
    }
    if (step->op == ENT__DO_RANK_CORRELATION)
        return 3 * (size_t)step->n_arg * sizeof(double);
    return 0;
}

/* Distributions made ready to draw, and the models by name. */
static ent_status make_ready(ent__program *program, ent_error *err)
{
    const ent_plan *plan = program->plan;
    ent_status status = ENT_OK;
    for (int32_t i = 0; i < plan->n_distributions; i++) {
        ent__distribution *d = &program->distribution[i];
        *d = plan->distributions[i].d;
        if (d->points > 0)
            d->point = plan->numbers + plan->distributions[i].point;
        ENT_TRY(ent__distribution_prepare(d, err));
    }
    for (int32_t c = 0; c < plan->n_choices; c++) {
        program->model[c] = ent_model_find(ent__plan_text(plan, plan->choices[c].model));
        ENT_REQUIRE(program->model[c] != NULL, ENT_ERR_FORMAT, "the plan names an unknown model");
        program->calibration[c] = ent_calibration_of(program->model[c]);
    }
    for (int32_t r = 0; r < plan->n_rules; r++)
        program->rule[r] = ent__plan_rule_of(plan->rule_nodes, plan->rule_parts, &plan->rules[r]);
    for (int32_t c = 0; c < plan->n_calls; c++) {
        program->called[c] = ent_model_find(ent__plan_text(plan, plan->calls[c].model));
        ENT_REQUIRE(program->called[c] != NULL, ENT_ERR_FORMAT, "the plan names an unknown model");
    }
done:
    return status;
}

/* --- arms of subsets ------------------------------------------------------------------------------ */

static unsigned char *needed_of(const ent__program *program, int32_t arm)
{
    return program->needed + (size_t)arm * (size_t)program->plan->head->n_cells;
}

static bool step_needed(const ent__program *program, const ent__step *step, int32_t arm)
{
    const unsigned char *needed = needed_of(program, arm);
    for (int32_t o = 0; o < step->n_out; o++)
        if (needed[step->out + o])
            return true;
    return false;
}

/* From the last step to the first: what is needed in an arm needs its arguments in theirs. Counts the instances and their
 * arguments that there can be. */
static void mark_needed(ent__program *program, size_t *instances, size_t *args)
{
    const ent_plan *plan = program->plan;
    for (int32_t s = plan->n_steps - 1; s >= 0; s--) {
        const ent__step *step = &plan->steps[s];
        for (int32_t arm = 0; arm < program->n_arms; arm++) {
            if (!step_needed(program, step, arm))
                continue;
            *instances += 1;
            *args += (size_t)step->n_arg;
            for (int32_t a = 0; a < step->n_arg; a++) {
                ent__arg from = plan->args[step->arg + a];
                needed_of(program, arm_of(plan, from.arm, arm))[from.cell] = 1;
            }
        }
    }
}

static void set_arms(ent__program *program, const ent__aim *aim)
{
    for (int32_t a = 0; a < ENT_ARM_COUNT; a++)
        program->arm[a] = base_arms[a];
    for (int32_t k = 0; 2 * k < program->n_arms - ENT_ARM_COUNT; k++) {
        int32_t own = program->plan->n_subsets;
        uint64_t in = k < own ? program->plan->subsets[k] : aim->subset[k - own];
        program->arm[ENT_ARM_COUNT + 2 * k] = (ent__arm_state){.off = ~in};
        program->arm[ENT_ARM_COUNT + 2 * k + 1] = (ent__arm_state){.off = ~in, .sure = in};
    }
    for (int32_t a = 0; a < program->n_arms; a++)
        program->arm[a].off |= program->plan->head->off;
}

int32_t ent__program_arm(int32_t arm)
{
    return arm >= ENT__ARM_SUBSET ? ENT_ARM_COUNT + 2 * (arm - ENT__ARM_SUBSET) : arm - ENT__ARM_WITHOUT;
}

/* Everything without, with and taken; or only what is aimed at. */
static void set_needed(ent__program *program, const ent__aim *aim)
{
    if (aim->n_roots == 0)
        memset(program->needed, 1, (size_t)ENT_ARM_COUNT * (size_t)program->plan->head->n_cells);
    for (int32_t r = 0; r < aim->n_roots; r++)
        needed_of(program, ent__program_arm(aim->root[r].arm))[aim->root[r].cell] = 1;
}

ent_status ent__program_create(ent__program **out, const ent_plan *plan, ent_error *err)
{
    return ent__program_create_for(out, plan, &(ent__aim){0}, err);
}

ent_status ent__program_create_for(ent__program **out, const ent_plan *plan, const ent__aim *aim, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t cells = (size_t)plan->head->n_cells, instances = 0, args = 0;
    size_t arms = ENT_ARM_COUNT + 2 * ((size_t)plan->n_subsets + (size_t)aim->n_subsets);
    const ent__instance **made = NULL;
    ent__program *program = ent__alloc(1, sizeof *program);
    ENT_REQUIRE(program != NULL, ENT_ERR_MEMORY, "not enough memory for the plan");
    program->plan = plan;
    program->n_arms = (int32_t)arms;
    program->arm = ent__alloc(arms, sizeof *program->arm);
    program->needed = ent__alloc(arms * cells + 1, 1);
    made = ent__alloc(arms, sizeof *made);
    ENT_REQUIRE(program->arm && program->needed && made, ENT_ERR_MEMORY, "not enough memory for %zu arms", arms);
    set_arms(program, aim);
    set_needed(program, aim);
    mark_needed(program, &instances, &args);
    program->constant = ent__alloc(instances, sizeof *program->constant);
    program->instance = ent__alloc(instances, sizeof *program->instance);
    program->arg_slot = ent__alloc(args, sizeof *program->arg_slot);
    program->cell_slot = ent__alloc(cells * arms, sizeof *program->cell_slot);
    program->slot_constant = ent__alloc(cells * arms + FIRST_SLOT, 1);
    program->model = ent__alloc((size_t)plan->n_choices, sizeof *program->model);
    program->calibration = ent__alloc((size_t)plan->n_choices, sizeof *program->calibration);
    program->called = ent__alloc((size_t)plan->n_calls, sizeof *program->called);
    program->rule = ent__alloc((size_t)plan->n_rules, sizeof *program->rule);
    program->distribution = ent__alloc((size_t)plan->n_distributions, sizeof *program->distribution);
    ENT_REQUIRE(program->constant && program->instance && program->arg_slot && program->cell_slot && program->slot_constant &&
                    program->model && program->calibration && program->called && program->rule && program->distribution,
                ENT_ERR_MEMORY, "not enough memory for a plan of %d steps", plan->n_steps);
    ENT_TRY(make_ready(program, err));
    int32_t slots = FIRST_SLOT;
    program->slot_constant[SLOT_ZERO] = program->slot_constant[SLOT_ONE] = 1;
    for (int32_t s = 0; s < plan->n_steps; s++) {
        int32_t n_made = 0;
        for (int32_t arm = 0; arm < program->n_arms; arm++)
            if (step_needed(program, &plan->steps[s], arm))
                ENT_REQUIRE(instance_step(program, s, arm, made, &n_made, &slots), ENT_ERR_MEMORY, "not enough memory for the plan");
        size_t scratch = step_scratch(program, &plan->steps[s]);
        program->scratch_bytes = scratch > program->scratch_bytes ? scratch : program->scratch_bytes;
    }
    program->n_slots = slots;
    *out = program;
    program = NULL;
done:
    ent__free(made);
    ent__program_free(program);
    return status;
}

void ent__program_free(ent__program *program)
{
    if (program == NULL)
        return;
    ent__free(program->arm);
    ent__free(program->needed);
    ent__free(program->constant);
    ent__free(program->instance);
    ent__free(program->arg_slot);
    ent__free(program->twins);
    ent__free(program->unlike);
    ent__free(program->cell_slot);
    ent__free(program->slot_constant);
    ent__free(program->model);
    ent__free(program->calibration);
    ent__free(program->called);
    ent__free(program->rule);
    ent__free(program->distribution);
    ent__free(program);
}
