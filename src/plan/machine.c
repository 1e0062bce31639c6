/* Runs a program for a batch of draws: one loop over the instances, each a loop over the lanes. */
#include "plan/plan.h"

#include "core/elementary.h"
#include "core/random.h"
#include "plan/memo.h"
#include "settle/calibrate.h"
#include "settle/settle.h"

#include <string.h>

enum { L = ENT__LANES, SLOT_ZERO = 0, SLOT_ONE = 1 };

typedef struct step_view { /* one instance made handy */
    const ent__step *step;
    const int32_t *arg; /* slots */
    double *out;        /* [n_out][L] */
    const ent__instance *instance;
} step_view;

static double *slot_of(const ent__machine *machine, int32_t slot) { return machine->slot + (size_t)slot * L; }
static const double *arg_of(const ent__machine *machine, const step_view *v, int32_t a)
{
    return slot_of(machine, v->arg[a]);
}

/* What is not finite is undefined. */
static void defined_or_not(double *restrict out)
{
    for (int l = 0; l < L; l++)
        out[l] = ent__is_finite(out[l]) ? out[l] : ENT_UNDEFINED;
}

static bool truth(double x) { return x == x && x != 0; }

static void run_copula(ent__machine *machine, const step_view *v)
{
    const double *row = machine->program->plan->numbers + v->step->extra;
    double sum[L] = {0};
    for (int32_t a = 0; a < v->step->n_arg; a++) {
        const double *u = arg_of(machine, v, a);
        if (row[a] == 0)
            continue;
        for (int l = 0; l < L; l++)
            sum[l] += row[a] * ent__normal_quantile(u[l]);
    }
    for (int l = 0; l < L; l++) {
        double u = ent__normal_cdf(sum[l]);
        /* The cdf rounds to 0 or 1 far out; a uniform must stay inside. */
        v->out[l] = u < 0x1p-54 ? 0x1p-54 : u > 1 - 0x1p-53 ? 1 - 0x1p-53 : u;
    }
}

static void run_pool(ent__machine *machine, const step_view *v)
{
    const ent__pool *pool = &machine->program->plan->pools[v->step->extra];
    const double *cumulative = machine->program->plan->numbers + pool->weight;
    const double *u = arg_of(machine, v, 0), *who = arg_of(machine, v, 1);
    for (int l = 0; l < L; l++) {
        int32_t k = 0;
        while (k < pool->count - 1 && who[l] >= cumulative[k])
            k++;
        v->out[l] = ent__distribution_quantile(&machine->program->distribution[pool->distribution + k], u[l]);
    }
}

static void run_choice(ent__machine *machine, const step_view *v)
{
    const ent_plan *plan = machine->program->plan;
    const ent__reading *reading = &plan->readings[v->step->extra];
    const double *u = arg_of(machine, v, 0);
    double total = 0;
    for (int32_t c = 0; c < reading->n_choices; c++)
        total += plan->numbers[plan->choices[reading->choice + c].weight];
    for (int l = 0; l < L; l++) {
        double at = 0;
        int32_t c = 0;
        for (; c < reading->n_choices - 1; c++) {
            at += plan->numbers[plan->choices[reading->choice + c].weight];
            if (u[l] * total < at)
                break;
        }
        v->out[l] = c;
    }
}

static void run_reduction(ent__machine *machine, const step_view *v)
{
    double *restrict out = v->out;
    int32_t n = v->step->n_arg;
    memcpy(out, arg_of(machine, v, 0), L * sizeof *out);
    for (int32_t a = 1; a < n; a++) {
        const double *x = arg_of(machine, v, a);
        switch (v->step->op) {
        case ENT__DO_MIN:
            for (int l = 0; l < L; l++)
                out[l] = x[l] < out[l] || x[l] != x[l] ? x[l] : out[l];
            break;
        case ENT__DO_MAX:
            for (int l = 0; l < L; l++)
                out[l] = x[l] > out[l] || x[l] != x[l] ? x[l] : out[l];
            break;
        case ENT__DO_ANY:
            for (int l = 0; l < L; l++)
                out[l] = truth(out[l]) || truth(x[l]);
            break;
        case ENT__DO_ALL:
            for (int l = 0; l < L; l++)
                out[l] = truth(out[l]) && truth(x[l]);
            break;
        default:
            for (int l = 0; l < L; l++)
                out[l] += x[l];
        }
    }
    if (v->step->op == ENT__DO_MEAN)
        for (int l = 0; l < L; l++)
            out[l] /= n;
    if (v->step->op == ENT__DO_ANY || v->step->op == ENT__DO_ALL)
        for (int l = 0; l < L; l++)
            out[l] = truth(out[l]);
    defined_or_not(out);
}

/* Mid-ranks of x[0..n) into rank; order is scratch. Insertion by binary search would do as well: n is a group's size. */
static void mid_ranks(double *rank, const double *x, int32_t n, double *order)
{
    for (int32_t i = 0; i < n; i++) {
        int32_t at = i;
        for (; at > 0 && x[(int32_t)order[at - 1]] > x[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (int32_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && x[(int32_t)order[next]] == x[(int32_t)order[i]]; next++)
            ;
        for (int32_t k = i; k < next; k++)
            rank[(int32_t)order[k]] = 0.5 * (i + next + 1);
    }
}

/* Spearman's coefficient: Pearson's of the mid-ranks; undefined where one side is all equal or anything is undefined. */
static void run_rank_correlation(ent__machine *machine, const step_view *v)
{
    int32_t n = v->step->n_arg / 2;
    double *x = machine->scratch, *rank_a = x + n, *rank_b = rank_a + n, *order = rank_b + n;
    for (int l = 0; l < L; l++) {
        bool defined = true;
        for (int side = 0; side < 2; side++) {
            for (int32_t i = 0; i < n; i++) {
                x[i] = arg_of(machine, v, side * n + i)[l];
                defined = defined && x[i] == x[i];
            }
            if (defined)
                mid_ranks(side == 0 ? rank_a : rank_b, x, n, order);
        }
        double mean = 0.5 * (n + 1), ab = 0, aa = 0, bb = 0;
        for (int32_t i = 0; i < n && defined; i++) {
            double a = rank_a[i] - mean, b = rank_b[i] - mean;
            ab += a * b;
            aa += a * a;
            bb += b * b;
        }
        v->out[l] = defined && aa > 0 && bb > 0 ? ab / ent_sqrt(aa * bb) : ENT_UNDEFINED;
    }
}

/* True where an earlier run of this step had the very same inputs in this lane: then its outputs stand. */
static bool copy_from_before(const ent__machine *machine, const step_view *v, int l)
{
    const ent__before *before = machine->before;
    for (int32_t k = 0; k < before->n_unlike; k++) {
        int32_t a = before->unlike[k];
        const double *was = before->slot + (size_t)before->arg[a] * L + (size_t)l;
        if (memcmp(was, arg_of(machine, v, a) + l, sizeof *was) != 0)
            return false;
    }
    for (int32_t o = 0; o < v->step->n_out; o++)
        v->out[(size_t)o * L + (size_t)l] = before->slot[(size_t)(before->out + o) * L + (size_t)l];
    return true;
}

/* The same of an earlier arm's instance. */
static bool copy_from_twin(ent__machine *machine, const step_view *v, int l)
{
    const ent__program *program = machine->program;
    if (machine->before != NULL && copy_from_before(machine, v, l))
        return true;
    for (int32_t t = 0; t < v->instance->n_twins; t++) {
        const ent__twin *twin = &program->twins[v->instance->twin + t];
        const int32_t *arg = program->arg_slot + program->instance[twin->instance].arg, *unlike = program->unlike + twin->unlike;
        bool same = true;
        for (int32_t k = 0; k < twin->n_unlike && same; k++)
            same = slot_of(machine, arg[unlike[k]])[l] == slot_of(machine, v->arg[unlike[k]])[l];
        if (!same)
            continue;
        const double *from = slot_of(machine, program->instance[twin->instance].out);
        for (int32_t o = 0; o < v->step->n_out; o++)
            v->out[(size_t)o * L + (size_t)l] = from[(size_t)o * L + (size_t)l];
        return true;
    }
    return false;
}

/* Shapley (1953): the mean over all orders of what a provision adds when it comes in its turn,
 *     sum over S without p of |S|! (k - |S| - 1)! / k! (x(S and p) - x(S)). */
static void run_shapley(const ent__machine *machine, const step_view *v)
{
    int32_t k = v->step->n_out;
    double weight[ENT_MAX_SHARED];
    weight[0] = 1.0 / k;
    for (int32_t s = 1; s < k; s++)
        weight[s] = weight[s - 1] * s / (k - s);
    for (int32_t p = 0; p < k; p++) {
        double *restrict out = v->out + (size_t)p * L;
        memset(out, 0, L * sizeof *out);
        for (int32_t subset = 0; subset < 1 << k; subset++) {
            if (subset >> p & 1)
                continue;
            const double *without = arg_of(machine, v, subset), *with = arg_of(machine, v, subset | 1 << p);
            double w = weight[__builtin_popcount((unsigned)subset)];
            if (with == without)
                continue;
            for (int l = 0; l < L; l++)
                out[l] += w * (with[l] - without[l]);
        }
        defined_or_not(out);
    }
}

static void run_settle(ent__machine *machine, const step_view *v, int64_t first, int32_t lanes)
{
    const ent_plan *plan = machine->program->plan;
    const ent__settle_call *call = &plan->settles[v->step->extra];
    size_t n = (size_t)call->n;
    double *position = machine->scratch, *salience = position + n, *capability = salience + n;
    double *utility = capability + n, *gain = utility + n, *distribution = gain + n;
    void *workspace = (void *)((uintptr_t)(distribution + n + 1) & ~(uintptr_t)15);
    for (int l = 0; l < lanes; l++) {
        if (copy_from_twin(machine, v, l))
            continue;
        int32_t a = 0;
        double reading = call->has_reading ? arg_of(machine, v, a++)[l] : 0;
        int32_t choice = call->choice + (reading > 0 && reading < call->n_choices ? (int32_t)reading : 0);
        double status_quo = call->has_status_quo ? arg_of(machine, v, a++)[l] : ENT_UNDEFINED;
        for (size_t i = 0; i < n; i++) {
            position[i] = arg_of(machine, v, a + (int32_t)i)[l];
            salience[i] = arg_of(machine, v, a + call->n + (int32_t)i)[l];
            capability[i] = arg_of(machine, v, a + 2 * call->n + (int32_t)i)[l];
            distribution[i] = ENT_UNDEFINED;
        }
        ent_settle_input in = {.n = n, .position = position, .salience = salience, .capability = capability,
                               .low = call->low, .high = call->high, .status_quo = status_quo,
                               .option = plan->numbers + plan->choices[choice].option, .seed = machine->seed,
                               
                               .stream = call->stream, .draw = (uint64_t)first + (uint64_t)l};
        ent_settle_output got = {.utility = utility, .gain = gain, .distribution = distribution};
        ent__settle_draw(&got, &in, machine->program->model[choice], workspace);
        double *out = v->out + l;
        *out = got.outcome;
        for (size_t i = 0; i < n; i++) {
            out[(1 + i) * L] = utility[i];
            out[(1 + n + i) * L] = gain[i];
            if (call->has_distribution)
                out[(1 + 2 * n + i) * L] = distribution[i];
        }
    }
}

/* The outcome that the model's error leads to, and who gains by it. */
static void run_calibrate(ent__machine *machine, const step_view *v, int32_t lanes)
{
    const ent_plan *plan = machine->program->plan;
    const ent__calibrate_call *call = &plan->calibrates[v->step->extra];
    size_t n = (size_t)call->n;
    double *position = machine->scratch, *salience = position + n, *capability = salience + n;
    double *utility = capability + n, *gain = utility + n;
    void *workspace = (void *)((uintptr_t)(gain + n + 1) & ~(uintptr_t)15);
    for (int l = 0; l < lanes; l++) {
        if (copy_from_twin(machine, v, l))
            continue;
        int32_t a = 0;
        double reading = call->has_reading ? arg_of(machine, v, a++)[l] : 0;
        int32_t choice = call->choice + (reading > 0 && reading < call->n_choices ? (int32_t)reading : 0);
        double point = arg_of(machine, v, a++)[l], u = arg_of(machine, v, a++)[l];
        double status_quo = call->has_status_quo ? arg_of(machine, v, a++)[l] : ENT_UNDEFINED;
        for (size_t i = 0; i < n; i++) {
            position[i] = arg_of(machine, v, a + (int32_t)i)[l];
            salience[i] = arg_of(machine, v, a + call->n + (int32_t)i)[l];
            capability[i] = arg_of(machine, v, a + 2 * call->n + (int32_t)i)[l];
        }
        ent_settle_input in = {.n = n, .position = position, .salience = salience, .capability = capability, .low = call->low,
                               .high = call->high, .status_quo = status_quo, .option = plan->numbers + plan->choices[choice].option};
        ent_settle_output got = {.outcome = ENT_UNDEFINED, .utility = utility, .gain = gain};
        ent__predictive around;
        if (u == u && ent__predictive_make(&around, &in, point, machine->program->calibration[choice], workspace))
            got.outcome = ent__predictive_quantile(&around, u);
        if (call->many)
            ent__settle_welfare(&got, &in, 2);
        else
            ent_settle_welfare(&got, &in, machine->program->model[choice]);
        double *out = v->out + l;
        *out = got.outcome;
        for (size_t i = 0; i < n; i++) {
            out[(1 + i) * L] = utility[i];
            out[(1 + n + i) * L] = gain[i];
        }
    }
}

/* --- several issues at once ----------------------------------------------------------------------- */

typedef struct joint_room { /* scratch of one call */
    double *position, *salience, *capability; /* [n][issues] */
    double *low, *high, *status_quo, *outcome; /* [issues] */
    double *own;                               /* [5][n]: one issue's stances, utility, gain */
    void *workspace;
} joint_room;

static joint_room joint_room_of(const ent__machine *machine, size_t n, size_t issues)
{
    joint_room r;
    r.position = machine->scratch;
    r.salience = r.position + n * issues;
    r.capability = r.salience + n * issues;
    r.low = r.capability + n * issues;
    r.high = r.low + issues;
    r.status_quo = r.high + issues;
    r.outcome = r.status_quo + issues;
    r.own = r.outcome + issues;
    r.workspace = (void *)((uintptr_t)(r.own + 5 * n + 1) & ~(uintptr_t)15);
    return r;
}

/* Fills the tables of one draw; returns the reading. Who has no stance on an issue takes no part in it. */
static int32_t gather_joint(const ent__machine *machine, const step_view *v, const ent__joint_call *call, joint_room *r, int l)
{
    const ent_plan *plan = machine->program->plan;
    size_t issues = (size_t)call->n_parts;
    for (size_t i = 0; i < (size_t)call->n * issues; i++) {
        r->position[i] = ENT_UNDEFINED;
        r->salience[i] = r->capability[i] = 0;
    }
    int32_t arg = 0;
    double reading = call->has_reading ? arg_of(machine, v, arg++)[l] : 0;
    for (size_t d = 0; d < issues; d++) {
        const ent__joint_part *part = &plan->parts[call->part + (int32_t)d];
        r->low[d] = part->low;
        r->high[d] = part->high;
        r->status_quo[d] = part->has_status_quo ? arg_of(machine, v, arg++)[l] : ENT_UNDEFINED;
        for (int32_t a = 0; a < part->n; a++) {
            size_t at = (size_t)plan->indices[part->actor + a] * issues + d;
            r->position[at] = arg_of(machine, v, arg + a)[l];
            r->salience[at] = arg_of(machine, v, arg + part->n + a)[l];
            r->capability[at] = arg_of(machine, v, arg + 2 * part->n + a)[l];
        }
        arg += 3 * part->n;
    }
    return reading > 0 && reading < call->n_choices ? (int32_t)reading : 0;
}

/* A model of one issue in an arena: the issues one by one, each among those with a stance on it. */
static void settle_each(const ent__joint_call *call, const joint_room *r, const ent_model *model, const ent_settle_many_input *all)
{
    for (size_t d = 0; d < all->issues; d++) {
        double *position = r->own, *salience = position + call->n, *capability = salience + call->n;
        ent_settle_input in = {.position = position, .salience = salience, .capability = capability, .low = all->low[d],
                               .high = all->high[d], .status_quo = all->status_quo[d], .option = all->option,
                               .seed = all->seed, .stream = all->stream + d, .draw = all->draw};
        for (size_t a = 0; a < all->n; a++) {
            if (all->position[a * all->issues + d] != all->position[a * all->issues + d])
                continue;
            position[in.n] = all->position[a * all->issues + d];
            salience[in.n] = all->salience[a * all->issues + d];
            capability[in.n++] = all->capability[a * all->issues + d];
        }
        ent_settle_output out = {.outcome = ENT_UNDEFINED};
        if (in.n > 0)
            ent__settle_draw(&out, &in, model, r->workspace);
        r->outcome[d] = out.outcome;
    }
}

/* Utility and gain of those with a stance on issue d. */
static void joint_welfare(const ent__machine *machine, const ent__joint_call *call, const joint_room *r, size_t d, double *out)
{
    const ent_plan *plan = machine->program->plan;
    const ent__joint_part *part = &plan->parts[call->part + (int32_t)d];
    size_t n = (size_t)part->n, issues = (size_t)call->n_parts;
    double *position = r->own, *utility = position + 3 * n, *gain = utility + n;
    for (size_t a = 0; a < n; a++)
        position[a] = r->position[(size_t)plan->indices[part->actor + (int32_t)a] * issues + d];
    ent_settle_input in = {.n = n, .position = position, .low = part->low, .high = part->high, .status_quo = r->status_quo[d]};
    ent_settle_output got = {.outcome = r->outcome[d], .utility = utility, .gain = gain};
    ent__settle_welfare(&got, &in, 2);
    for (size_t a = 0; a < n; a++) {
        out[a * L] = utility[a];
        out[(n + a) * L] = gain[a];
    }
}

static void run_settle_many(ent__machine *machine, const step_view *v, int64_t first, int32_t lanes)
{
    const ent_plan *plan = machine->program->plan;
    const ent__joint_call *call = &plan->joints[v->step->extra];
    size_t issues = (size_t)call->n_parts;
    joint_room r = joint_room_of(machine, (size_t)call->n, issues);
    for (int l = 0; l < lanes; l++) {
        if (copy_from_twin(machine, v, l))
            continue;
        int32_t choice = call->choice + gather_joint(machine, v, call, &r, l);
        ent_settle_many_input in = {.n = (size_t)call->n, .issues = issues, .position = r.position, .salience = r.salience,
                                    .capability = r.capability, .low = r.low, .high = r.high, .status_quo = r.status_quo,
                                    .option = plan->numbers + plan->choices[choice].option, .seed = machine->seed,
                                    .stream = call->stream, .draw = (uint64_t)first + (uint64_t)l};
        const ent_model *model = machine->program->model[choice];
        ent_stop stop = ENT_STOP_DONE;
        if (model->settle_many != NULL)
            model->settle_many(r.outcome, &stop, &in, r.workspace);
        else
            settle_each(call, &r, model, &in);
        double *out = v->out + l;
        for (size_t d = 0; d < issues; d++)
            out[d * L] = ent__is_finite(r.outcome[d]) ? r.outcome[d] : ENT_UNDEFINED;
        out += issues * L;
        for (size_t d = 0; d < issues; d++) {
            joint_welfare(machine, call, &r, d, out);
            out += 2 * (size_t)plan->parts[call->part + (int32_t)d].n * L;
        }
    }
}

/* --- models of other rooms ------------------------------------------------------------------------ */

/* Where the numbers of one call begin: the arguments lie one after another, as do the outputs. */
static void lay_out(const ent_model *model, const ent__plan_call *call, double *arg, double *got, const double **in, double **out)
{
    for (size_t i = 0; i < model->n_inputs; i++) {
        in[i] = call->given >> i & 1 ? arg : NULL;
        arg += in[i] != NULL ? ent__port_size(&model->inputs[i], call, true) : 0;
    }
    for (size_t o = 0; o < model->n_outputs; o++) {
        bool given = call->phase == ENT_PHASE_LAST && ent__port_takes(&model->outputs[o], ENT_PHASE_YEAR);
        bool gives = ent__port_takes(&model->outputs[o], call->phase);
        double **from = given ? &arg : &got;
        out[o] = given || gives ? *from : NULL;
        *from += given || gives ? ent__port_size(&model->outputs[o], call, false) : 0;
    }
}

static void run_call(ent__machine *machine, const step_view *v, int64_t first, int32_t lanes)
{
    const ent_plan *plan = machine->program->plan;
    const ent__plan_call *call = &plan->calls[v->step->extra];
    const ent_model *model = machine->program->called[v->step->extra];
    int32_t n_arg = v->step->n_arg, n_out = v->step->n_out;
    double *arg = machine->scratch, *got = arg + n_arg;
    void *workspace = (void *)((uintptr_t)(got + n_out + 1) & ~(uintptr_t)15);
    const double *in[64];
    double *out[64];
    size_t count[ENT_AXIS_COUNT];
    for (int a = 0; a < ENT_AXIS_COUNT; a++)
        count[a] = (size_t)call->count[a];
    lay_out(model, call, arg, got, in, out);
    for (int l = 0; l < lanes; l++) {
        if (copy_from_twin(machine, v, l))
            continue;
        for (int32_t a = 0; a < n_arg; a++) /* one number for a whole shape stands many times in a row */
            arg[a] = a > 0 && v->arg[a] == v->arg[a - 1] ? arg[a - 1] : arg_of(machine, v, a)[l];
        for (int32_t o = 0; o < n_out; o++)
            got[o] = ENT_UNDEFINED;
        ent_call one = {.phase = call->phase, .count = count, .in = in, .out = out,
                        .before = call->has_before ? arg + n_arg - call->n_state : NULL,
                        .after = call->phase != ENT_PHASE_LAST ? got + n_out - call->n_state : NULL,
                        .option = plan->numbers + call->option, .rule = call->rule >= 0 ? &machine->program->rule[call->rule] : NULL,
                        .event = call->n_events > 0 ? plan->war_events + call->event : NULL, .year = call->year, .first_year = call->first_year,
                        .start_month = call->start_month, .seen_month = call->seen_month, .seen_state = call->seen_state,
                        .seed = machine->seed, .stream = call->stream, .draw = (uint64_t)first + (uint64_t)l};
        ent_stop stop = ENT_STOP_DONE;
        model->call(&stop, &one, workspace);
        for (int32_t o = 0; o < n_out; o++)
            v->out[(size_t)o * L + (size_t)l] = ent__is_finite(got[o]) ? got[o] : ENT_UNDEFINED;
    }
}

/* --- arithmetic and truths ------------------------------------------------------------------------ */

#define UNARY(op, result)                                                                                              \
    case ENT__DO_##op:                                                                                                 \
        for (int l = 0; l < L; l++)                                                                                    \
            out[l] = (result);                                                                                         \
        break;

static void run_arithmetic(const ent__machine *machine, const step_view *v)
{
    double *restrict out = v->out;
    const double *a = arg_of(machine, v, 0), *b = v->step->n_arg > 1 ? arg_of(machine, v, 1) : a;
    switch (v->step->op) {
        UNARY(ADD, a[l] + b[l])
        UNARY(SUBTRACT, a[l] - b[l])
        UNARY(MULTIPLY, a[l] * b[l])
        UNARY(DIVIDE, a[l] / b[l])
        UNARY(POWER, a[l] != a[l] || b[l] != b[l] ? ENT_UNDEFINED : ent_pow(a[l], b[l])) /* pow(nan, 0) is 1 */
        UNARY(NEGATE, -a[l])
        UNARY(ABS, a[l] < 0 ? -a[l] : a[l])
        UNARY(EXP, ent_exp(a[l]))
        UNARY(LOG, ent_log(a[l]))
        UNARY(SQRT, ent_sqrt(a[l]))
    default:
        break;
    }
    defined_or_not(out);
}

static void run_truth(const ent__machine *machine, const step_view *v)
{
    double *restrict out = v->out;
    const double *a = arg_of(machine, v, 0), *b = v->step->n_arg > 1 ? arg_of(machine, v, 1) : a;
    switch (v->step->op) {
        UNARY(LESS, a[l] < b[l])
        UNARY(LESS_EQUAL, a[l] <= b[l])
        UNARY(GREATER, a[l] > b[l])
        UNARY(GREATER_EQUAL, a[l] >= b[l])
        UNARY(EQUAL, a[l] == b[l])
        UNARY(UNEQUAL, a[l] < b[l] || a[l] > b[l])
        UNARY(AND, truth(a[l]) && truth(b[l]))
        UNARY(OR, truth(a[l]) || truth(b[l]))
        UNARY(NOT, !truth(a[l]))
        UNARY(DEFINED, a[l] == a[l])
        UNARY(EVENT, a[l] < b[l])
    default:
        break;
    }
}

void ent__machine_instance(ent__machine *machine, const ent__instance *instance, int64_t first, int32_t lanes)
{
    const ent__program *program = machine->program;
    const ent_plan *plan = program->plan;
    const ent__step *step = &plan->steps[instance->step];
    step_view v = {step, program->arg_slot + instance->arg, slot_of(machine, instance->out), instance};
    switch ((ent__op_code)step->op) {
    case ENT__DO_NUMBER:
        for (int l = 0; l < L; l++)
            v.out[l] = plan->numbers[step->extra];
        defined_or_not(v.out);
        break;
    case ENT__DO_UNIFORM:
        ent__uniform_many(v.out, L, machine->seed, plan->streams[step->extra].key, (uint64_t)first);
        break;
    case ENT__DO_COPULA:
        run_copula(machine, &v);
        break;
    case ENT__DO_QUANTILE:
        ent__distribution_quantiles(v.out, arg_of(machine, &v, 0), L, &program->distribution[step->extra]);
        break;
    case ENT__DO_POOL:
        run_pool(machine, &v);
        break;
    case ENT__DO_CHOICE:
        run_choice(machine, &v);
        break;
    case ENT__DO_SELECT: {
        const double *c = arg_of(machine, &v, 0), *a = arg_of(machine, &v, 1), *b = arg_of(machine, &v, 2);
        for (int l = 0; l < L; l++)
            v.out[l] = truth(c[l]) ? a[l] : b[l];
        break;
    }
    case ENT__DO_SUM: case ENT__DO_MEAN: case ENT__DO_MIN: case ENT__DO_MAX: case ENT__DO_ANY: case ENT__DO_ALL:
        run_reduction(machine, &v);
        break;
    case ENT__DO_RANK_CORRELATION:
        run_rank_correlation(machine, &v);
        break;
    case ENT__DO_SHAPLEY:
        run_shapley(machine, &v);
        break;
    case ENT__DO_SETTLE:
        run_settle(machine, &v, first, lanes);
        break;
    case ENT__DO_CALL:
        run_call(machine, &v, first, lanes);
        break;
    case ENT__DO_SETTLE_MANY:
        run_settle_many(machine, &v, first, lanes);
        break;
    case ENT__DO_CALIBRATE:
        run_calibrate(machine, &v, lanes);
        break;
    case ENT__DO_ADD: case ENT__DO_SUBTRACT: case ENT__DO_MULTIPLY: case ENT__DO_DIVIDE: case ENT__DO_POWER:
    case ENT__DO_NEGATE: case ENT__DO_ABS: case ENT__DO_EXP: case ENT__DO_LOG: case ENT__DO_SQRT:
        run_arithmetic(machine, &v);
        break;
    default:
        run_truth(machine, &v);
    }
}

ent_status ent__machine_create(ent__machine **out, const ent__program *program, uint64_t seed, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__machine *machine = ent__alloc(1, sizeof *machine);
    ENT_REQUIRE(machine != NULL, ENT_ERR_MEMORY, "not enough memory for a worker");
    machine->program = program;
    machine->seed = seed;
    machine->slot = ent__alloc((size_t)program->n_slots * L, sizeof(double));
    machine->scratch = ent__alloc(program->scratch_bytes + 64, 1);
    ENT_REQUIRE(machine->slot && machine->scratch, ENT_ERR_MEMORY, "not enough memory for a worker of %d cells",
                program->n_slots);
    for (int l = 0; l < L; l++) {
        slot_of(machine, SLOT_ZERO)[l] = 0;
        slot_of(machine, SLOT_ONE)[l] = 1;
    }
    for (int32_t i = 0; i < program->n_constants; i++)
        ent__machine_instance(machine, &program->constant[i], 0, L);
    *out = machine;
    machine = NULL;
done:
    ent__machine_free(machine);
    return status;
}

void ent__machine_free(ent__machine *machine)
{
    if (machine == NULL)
        return;
    ent__free(machine->slot);
    ent__free(machine->scratch);
    ent__free(machine);
}

void ent__machine_run(ent__machine *machine, int64_t first, int32_t lanes)
{
    const ent__program *program = machine->program;
    if (program->memo != NULL) {
        ent__memo_run(program->memo, machine, first, lanes);
        return;
    }
    for (int32_t i = 0; i < program->n_instances; i++)
        ent__machine_instance(machine, &program->instance[i], first, lanes);
}
