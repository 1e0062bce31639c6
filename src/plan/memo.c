/* What was computed of some draws, kept from run to run: a run of a changed plan computes only what follows from the change.
 *
 * A slot is known by what it is made of: its *signature* hashes the step, the numbers, distributions and models that the
 * step reads, and the signatures of its arguments. Slots of two programs with one signature hold the same values on the
 * same draws, wherever they lie; so it does not matter whether the change moved cells, aliased arms or made a number
 * uncertain. Signatures have 64 bits: that two of a hundred thousand slots share one by chance is once in 10^9 changes.
 *
 * Models cost most, and a change often leaves what goes into them as it was in most draws (another weight of a model
 * changes the reading of some). So a model's instance that has to run is compared, draw by draw, with an earlier one of the
 * same model that had other inputs. */
#include "plan/memo.h"

#include "core/random.h"

enum { L = ENT__LANES };

typedef struct played { /* an instance of a model */
    uint64_t kind;       /* what it is apart from its arguments */
    int32_t out, arg, n_arg; /* args[arg ..] */
} played;

typedef struct version { /* the slots of one program */
    uint64_t *signature; /* [n_slots] */
    int32_t *from;       /* [n_slots of the program at hand]: the slot there with the same values, or -1 */
    int32_t n_slots, n_batches;
    played *calls;
    int32_t *args;       /* slots */
    int32_t n_calls, n_args;
    int32_t *earlier;    /* [calls of the program at hand]: the call here of the same kind, or -1 */
} version;

typedef struct kept { /* one batch of draws */
    int64_t first;
    int32_t lanes, version;
    double *slot; /* [n_slots][L] */
} kept;

struct ent_memo {
    int32_t most, n;
    kept *batch;
    version *version; /* [most + 1]; the last is the program's at hand */
    uint64_t seed;
    int32_t *unlike;        /* arguments in which a call differs from the earlier one: for the one at hand */
    int32_t n_found, n_run; /* instances of the last batch */
};

/* --- signatures ------------------------------------------------------------------------------------ */

static uint64_t mixed(uint64_t h, uint64_t x)
{
    h = (h ^ x) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

static uint64_t with_number(uint64_t h, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return mixed(h, bits);
}

static uint64_t with_numbers(uint64_t h, const double *x, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        h = with_number(h, x[i]);
    return h;
}

static uint64_t with_text(uint64_t h, const char *text) { return mixed(h, ent__hash(text, strlen(text))); }

static uint64_t with_distribution(uint64_t h, const ent__distribution *d)
{
    h = with_numbers(mixed(h, (uint64_t)d->kind), d->p, 4);
    h = with_number(with_number(h, d->low), d->high);
    h = with_number(with_number(h, d->clamp_low), d->clamp_high);
    return with_numbers(mixed(h, (uint64_t)d->points), d->point, 2 * d->points);
}

static uint64_t with_choices(uint64_t h, const ent_plan *plan, int32_t first, int32_t n)
{
    for (int32_t c = first; c < first + n; c++) {
        const ent__plan_choice *choice = &plan->choices[c];
        h = with_numbers(with_text(h, ent__plan_text(plan, choice->model)), plan->numbers + choice->option, choice->n_options);
    }
    return h;
}

static uint64_t with_settle(uint64_t h, const ent_plan *plan, const ent__settle_call *call)
{
    h = with_number(with_number(mixed(h, call->stream), call->low), call->high);
    h = mixed(h, (uint64_t)call->n << 8 | (uint64_t)(call->has_reading != 0) << 2 | (uint64_t)(call->has_status_quo != 0) << 1 | (call->has_distribution != 0));
    return with_choices(h, plan, call->choice, call->n_choices);
}

static uint64_t with_joint(uint64_t h, const ent_plan *plan, const ent__joint_call *call)
{
    h = mixed(mixed(mixed(h, call->stream), (uint64_t)call->n), call->has_reading != 0);
    for (int32_t k = 0; k < call->n_parts; k++) {
        const ent__joint_part *part = &plan->parts[call->part + k];
        h = with_number(with_number(mixed(mixed(h, (uint64_t)part->n), part->has_status_quo != 0), part->low), part->high);
        for (int32_t a = 0; a < part->n; a++)
            h = mixed(h, (uint64_t)plan->indices[part->actor + a]);
    }
    return with_choices(h, plan, call->choice, call->n_choices);
}

static uint64_t with_rule(uint64_t h, const ent_plan *plan, const ent__plan_rule *rule)
{
    h = mixed(h, (uint64_t)rule->members);
    for (int32_t k = 0; k < rule->nodes; k++) {
        const ent_rule_node *node = &plan->rule_nodes[rule->node + k];
        h = mixed(mixed(mixed(mixed(h, (uint64_t)node->kind), (uint64_t)node->first), (uint64_t)node->count), (uint64_t)node->strict);
        h = with_number(h, node->quota);
    }
    for (int32_t k = 0; k < rule->parts; k++)
        h = with_number(mixed(h, (uint64_t)plan->rule_parts[rule->part + k].unit), plan->rule_parts[rule->part + k].weight);
    return h;
}

static uint64_t with_call(uint64_t h, const ent_plan *plan, const ent__plan_call *call)
{
    h = mixed(mixed(with_text(h, ent__plan_text(plan, call->model)), call->stream), call->given);
    for (int a = 0; a < ENT_AXIS_COUNT; a++)
        h = mixed(h, (uint64_t)call->count[a]);
    const int32_t field[] = {call->phase, call->n_state, call->has_before, call->year, call->first_year, call->start_month,
                             call->seen_month, call->seen_state};
    for (size_t i = 0; i < ENT_COUNT(field); i++)
        h = mixed(h, (uint64_t)field[i]);
    h = with_numbers(h, plan->numbers + call->option, call->n_options);
    for (int32_t e = 0; e < call->n_events; e++) {
        const ent_war_event *event = &plan->war_events[call->event + e];
        h = with_number(with_number(mixed(h, (uint64_t)event->states), event->line_low), event->line_high);
        h = with_number(with_number(h, event->y_low), event->y_high);
    }
    return call->rule >= 0 ? with_rule(h, plan, &plan->rules[call->rule]) : h;
}

/* All that a step reads beside its arguments. */
static uint64_t with_extra(uint64_t h, const ent__program *program, const ent__step *step)
{
    const ent_plan *plan = program->plan;
    switch ((ent__op_code)step->op) {
    case ENT__DO_NUMBER:
        return with_number(h, plan->numbers[step->extra]);
    case ENT__DO_UNIFORM:
        return mixed(h, plan->streams[step->extra].key);
    case ENT__DO_COPULA:
        return with_numbers(h, plan->numbers + step->extra, step->n_arg);
    case ENT__DO_QUANTILE:
        return with_distribution(h, &program->distribution[step->extra]);
    case ENT__DO_POOL: {
        const ent__pool *pool = &plan->pools[step->extra];
        for (int32_t k = 0; k < pool->count; k++)
            h = with_distribution(with_number(h, plan->numbers[pool->weight + k]), &program->distribution[pool->distribution + k]);
        return h;
    }
    case ENT__DO_CHOICE: {
        const ent__reading *reading = &plan->readings[step->extra];
        for (int32_t c = 0; c < reading->n_choices; c++)
            h = with_number(h, plan->numbers[plan->choices[reading->choice + c].weight]);
        return h;
    }
    case ENT__DO_SETTLE:
        return with_settle(h, plan, &plan->settles[step->extra]);
    case ENT__DO_SETTLE_MANY:
        return with_joint(h, plan, &plan->joints[step->extra]);
    case ENT__DO_CALL:
        return with_call(h, plan, &plan->calls[step->extra]);
    case ENT__DO_CALIBRATE: {
        const ent__calibrate_call *call = &plan->calibrates[step->extra];
        h = mixed(mixed(h, (uint64_t)call->n), (uint64_t)(call->has_reading != 0) << 2 | (uint64_t)(call->has_status_quo != 0) << 1 | (call->many != 0));
        return with_choices(with_number(with_number(h, call->low), call->high), plan, call->choice, call->n_choices);
    }
    /* These read their arguments alone. No default: the compiler asks for a new one. */
    case ENT__DO_EVENT: case ENT__DO_GATE: case ENT__DO_SELECT: case ENT__DO_ADD: case ENT__DO_SUBTRACT: case ENT__DO_MULTIPLY:
    case ENT__DO_DIVIDE: case ENT__DO_POWER: case ENT__DO_NEGATE: case ENT__DO_ABS: case ENT__DO_EXP: case ENT__DO_LOG:
    case ENT__DO_SQRT: case ENT__DO_LESS: case ENT__DO_LESS_EQUAL: case ENT__DO_GREATER: case ENT__DO_GREATER_EQUAL:
    case ENT__DO_EQUAL: case ENT__DO_UNEQUAL: case ENT__DO_AND: case ENT__DO_OR: case ENT__DO_NOT: case ENT__DO_DEFINED:
    case ENT__DO_SUM: case ENT__DO_MEAN: case ENT__DO_MIN: case ENT__DO_MAX: case ENT__DO_ANY: case ENT__DO_ALL:
    case ENT__DO_RANK_CORRELATION: case ENT__DO_SHAPLEY: case ENT__DO_COUNT:
        return h;
    }
    return h;
}

/* What an instance is apart from its arguments. */
static uint64_t kind_of(const ent__program *program, const ent__step *step)
{
    uint64_t h = mixed(mixed(UINT64_C(0x656e7465), (uint64_t)step->op), (uint64_t)step->n_out << 32 | (uint64_t)step->n_arg);
    return with_extra(h, program, step);
}

static bool is_model(int32_t op)
{
    return op == ENT__DO_SETTLE || op == ENT__DO_SETTLE_MANY || op == ENT__DO_CALL || op == ENT__DO_CALIBRATE;
}

static void sign_all(uint64_t *signature, const ent__program *program, const ent__instance *instance, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        const ent__step *step = &program->plan->steps[instance[i].step];
        uint64_t h = kind_of(program, step);
        for (int32_t a = 0; a < step->n_arg; a++)
            h = mixed(h, signature[program->arg_slot[instance[i].arg + a]]);
        for (int32_t o = 0; o < step->n_out; o++)
            signature[instance[i].out + o] = mixed(h, (uint64_t)o);
    }
}

/* --- from one program to the next ------------------------------------------------------------------ */

static version *now(const ent_memo *memo) { return &memo->version[memo->most]; }

static void forget_version(version *v)
{
    ent__free(v->signature);
    ent__free(v->from);
    ent__free(v->calls);
    ent__free(v->args);
    ent__free(v->earlier);
    *v = (version){0};
}

static void forget_batches(ent_memo *memo)
{
    for (int32_t b = 0; b < memo->n; b++)
        ent__free(memo->batch[b].slot);
    memo->n = 0;
    for (int32_t v = 0; v < memo->most; v++)
        forget_version(&memo->version[v]);
}

/* The calls of a program and their arguments. */
static bool list_calls(version *v, const ent__program *program)
{
    for (int32_t i = 0; i < program->n_instances; i++) {
        const ent__step *step = &program->plan->steps[program->instance[i].step];
        v->n_calls += is_model(step->op);
        v->n_args += is_model(step->op) ? step->n_arg : 0;
    }
    v->calls = ent__alloc((size_t)v->n_calls, sizeof *v->calls);
    v->args = ent__alloc((size_t)v->n_args, sizeof *v->args);
    int32_t n = 0, at = 0;
    for (int32_t i = 0; i < program->n_instances && v->calls != NULL && v->args != NULL; i++) {
        const ent__instance *instance = &program->instance[i];
        const ent__step *step = &program->plan->steps[instance->step];
        if (!is_model(step->op))
            continue;
        v->calls[n++] = (played){kind_of(program, step), instance->out, at, step->n_arg};
        memcpy(v->args + at, program->arg_slot + instance->arg, (size_t)step->n_arg * sizeof *v->args);
        at += step->n_arg;
    }
    return v->calls != NULL && v->args != NULL;
}

/* For each call of the program at hand the call of the version of the same kind: the first for the first, and so on. */
static bool find_calls(const ent_memo *memo, version *v)
{
    const version *to = now(memo);
    bool *taken = ent__alloc((size_t)v->n_calls, sizeof *taken);
    ent__free(v->earlier);
    v->earlier = ent__alloc((size_t)to->n_calls, sizeof *v->earlier);
    bool good = taken != NULL && v->earlier != NULL;
    for (int32_t c = 0, next = 0; c < to->n_calls && good; c++) {
        v->earlier[c] = -1;
        for (int32_t k = 0; k < v->n_calls && v->earlier[c] < 0; k++) { /* as a rule the next one */
            int32_t at = (next + k) % v->n_calls;
            if (!taken[at] && v->calls[at].kind == to->calls[c].kind)
                v->earlier[c] = at;
        }
        if (v->earlier[c] < 0)
            continue;
        taken[v->earlier[c]] = true;
        next = v->earlier[c] + 1;
    }
    ent__free(taken);
    return good;
}

/* For each slot of the program at hand, the slot of the version with the same values. */
static bool find_slots(const ent_memo *memo, version *v)
{
    const version *to = now(memo);
    uint32_t size = 64;
    while (size < 2 * (uint32_t)v->n_slots)
        size *= 2;
    int32_t *bucket = ent__alloc(size, sizeof *bucket);
    ent__free(v->from);
    v->from = ent__alloc((size_t)to->n_slots, sizeof *v->from);
    bool good = bucket != NULL && v->from != NULL;
    for (int32_t s = 0; s < v->n_slots && good; s++) {
        uint32_t at = (uint32_t)v->signature[s] & (size - 1);
        while (bucket[at] != 0)
            at = (at + 1) & (size - 1);
        bucket[at] = s + 1;
    }
    for (int32_t s = 0; s < to->n_slots && good; s++) {
        uint32_t at = (uint32_t)to->signature[s] & (size - 1);
        while (bucket[at] != 0 && v->signature[bucket[at] - 1] != to->signature[s])
            at = (at + 1) & (size - 1);
        v->from[s] = bucket[at] - 1;
    }
    ent__free(bucket);
    return good && find_calls(memo, v);
}

ent_status ent__memo_begin(ent_memo *memo, const ent__program *program, uint64_t seed, ent_error *err)
{
    ent_status status = ENT_OK;
    version *to = now(memo);
    if (seed != memo->seed)
        forget_batches(memo);
    memo->seed = seed;
    forget_version(to);
    to->n_slots = program->n_slots;
    to->signature = ent__alloc((size_t)program->n_slots, sizeof *to->signature);
    ENT_REQUIRE(to->signature != NULL && list_calls(to, program), ENT_ERR_MEMORY, "not enough memory to remember a run");
    ent__free(memo->unlike);
    memo->unlike = ent__alloc((size_t)to->n_args, sizeof *memo->unlike);
    ENT_REQUIRE(memo->unlike != NULL, ENT_ERR_MEMORY, "not enough memory to remember a run");
    to->signature[0] = 1; /* the constants 0 and 1 */
    to->signature[1] = 2;
    sign_all(to->signature, program, program->constant, program->n_constants);
    sign_all(to->signature, program, program->instance, program->n_instances);
    for (int32_t v = 0; v < memo->most; v++)
        if (memo->version[v].n_batches > 0)
            ENT_REQUIRE(find_slots(memo, &memo->version[v]), ENT_ERR_MEMORY, "not enough memory to remember a run");
done:
    return status;
}

/* --- batches --------------------------------------------------------------------------------------- */

static kept *find_batch(const ent_memo *memo, int64_t first)
{
    for (int32_t b = 0; b < memo->n; b++)
        if (memo->batch[b].first == first)
            return &memo->batch[b];
    return NULL;
}

/* The c-th call at hand beside the earlier one of its kind. */
static ent__before before_of(ent_memo *memo, const kept *old, int32_t c)
{
    const version *v = &memo->version[old->version], *to = now(memo);
    const played *here = &to->calls[c], *there = &v->calls[v->earlier[c]];
    ent__before before = {.slot = old->slot, .arg = v->args + there->arg, .unlike = memo->unlike, .out = there->out};
    for (int32_t a = 0; a < here->n_arg; a++)
        if (to->signature[to->args[here->arg + a]] != v->signature[v->args[there->arg + a]])
            memo->unlike[before.n_unlike++] = a;
    return before;
}

/* Runs what is not known of the batch, in the order of the program. */
static void resume(ent_memo *memo, ent__machine *machine, const kept *old, int32_t lanes)
{
    const ent__program *program = machine->program;
    const version *v = &memo->version[old->version];
    memo->n_found = memo->n_run = 0;
    for (int32_t i = 0, c = 0; i < program->n_instances; i++) {
        const ent__instance *instance = &program->instance[i];
        const ent__step *step = &program->plan->steps[instance->step];
        int32_t at = v->from[instance->out];
        if (at >= 0) { /* its other outputs follow there as they do here */
            memcpy(machine->slot + (size_t)instance->out * L, old->slot + (size_t)at * L, (size_t)step->n_out * L * sizeof(double));
            memo->n_found++;
        } else {
            ent__before before;
            bool may_stand = is_model(step->op) && v->earlier[c] >= 0;
            if (may_stand)
                before = before_of(memo, old, c);
            machine->before = may_stand ? &before : NULL;
            ent__machine_instance(machine, instance, old->first, lanes);
            machine->before = NULL;
            memo->n_run++;
        }
        c += is_model(step->op);
    }
}

/* The version of the program at hand among those of the batches: the one that is there, or a free place filled. */
static int32_t keep_version(ent_memo *memo)
{
    const version *to = now(memo);
    int32_t vacant = -1;
    for (int32_t v = 0; v < memo->most; v++) {
        const version *old = &memo->version[v];
        if (old->n_batches == 0)
            vacant = v;
        else if (old->n_slots == to->n_slots && memcmp(old->signature, to->signature, (size_t)to->n_slots * sizeof *to->signature) == 0)
            return v;
    }
    version *fresh = &memo->version[vacant];
    forget_version(fresh);
    fresh->signature = ent__alloc((size_t)to->n_slots, sizeof *fresh->signature);
    fresh->n_slots = to->n_slots;
    if (fresh->signature == NULL)
        return -1;
    memcpy(fresh->signature, to->signature, (size_t)to->n_slots * sizeof *to->signature);
    fresh->calls = ent__alloc((size_t)to->n_calls, sizeof *fresh->calls);
    fresh->args = ent__alloc((size_t)to->n_args, sizeof *fresh->args);
    if (fresh->calls == NULL || fresh->args == NULL)
        return -1;
    memcpy(fresh->calls, to->calls, (size_t)to->n_calls * sizeof *to->calls);
    memcpy(fresh->args, to->args, (size_t)to->n_args * sizeof *to->args);
    fresh->n_calls = to->n_calls;
    fresh->n_args = to->n_args;
    return find_slots(memo, fresh) ? vacant : -1;
}

static void drop(ent_memo *memo, kept *batch)
{
    memo->version[batch->version].n_batches--;
    ent__free(batch->slot);
    *batch = memo->batch[--memo->n];
}

/* Keeps the batch that the machine has run; without memory it is forgotten. */
static void keep_batch(ent_memo *memo, const ent__machine *machine, int64_t first, int32_t lanes)
{
    size_t n = (size_t)machine->program->n_slots * L;
    kept *old = find_batch(memo, first);
    if (old != NULL)
        drop(memo, old);
    int32_t v = memo->n < memo->most ? keep_version(memo) : -1;
    double *slot = v >= 0 ? ent__alloc(n, sizeof *slot) : NULL;
    if (slot == NULL)
        return;
    memcpy(slot, machine->slot, n * sizeof *slot);
    memo->version[v].n_batches++;
    memo->batch[memo->n++] = (kept){first, lanes, v, slot};
}

void ent__memo_run(ent_memo *memo, ent__machine *machine, int64_t first, int32_t lanes)
{
    kept *old = find_batch(memo, first);
    if (old != NULL && old->lanes >= lanes) {
        resume(memo, machine, old, lanes);
        if (old->lanes > lanes) /* a quick look at a few; the batch stays as it is, for all of them */
            return;
    } else {
        memo->n_run = machine->program->n_instances;
        memo->n_found = 0;
        for (int32_t i = 0; i < machine->program->n_instances; i++)
            ent__machine_instance(machine, &machine->program->instance[i], first, lanes);
    }
    if (memo->n_run > 0)
        keep_batch(memo, machine, first, lanes);
}

/* --- the memo -------------------------------------------------------------------------------------- */

ent_status ent_memo_create(ent_memo **out, int32_t most, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_memo *memo = ent__alloc(1, sizeof *memo);
    ENT_REQUIRE(memo != NULL, ENT_ERR_MEMORY, "not enough memory to remember a run");
    ENT_REQUIRE(most >= 1 && most <= ENT_MAX_BATCHES, ENT_ERR_ARGUMENT, "a memo holds 1 to %d batches of draws; %d were asked for", ENT_MAX_BATCHES, most);
    memo->most = most;
    memo->batch = ent__alloc((size_t)most, sizeof *memo->batch);
    memo->version = ent__alloc((size_t)most + 1, sizeof *memo->version);
    ENT_REQUIRE(memo->batch != NULL && memo->version != NULL, ENT_ERR_MEMORY, "not enough memory to remember a run");
    *out = memo;
    memo = NULL;
done:
    ent_memo_free(memo);
    return status;
}

void ent_memo_free(ent_memo *memo)
{
    if (memo == NULL)
        return;
    if (memo->version != NULL) {
        if (memo->batch != NULL)
            forget_batches(memo);
        forget_version(now(memo));
    }
    ent__free(memo->unlike);
    ent__free(memo->batch);
    ent__free(memo->version);
    ent__free(memo);
}

ent_memo_facts ent_memo_get_facts(const ent_memo *memo)
{
    return (ent_memo_facts){.batches = memo->n, .found = memo->n_found, .run = memo->n_run};
}
