/* Two plans on the same draws. For each pair of quantities (or claims) of one name, with x_a and x_b their values and
 * w_a, w_b the weights of a draw,
 *     difference = sum w_b x_b / sum w_b - sum w_a x_a / sum w_a,
 * and its error is that of a difference of two ratios of means over the same groups of draws (the delta method), so
 * what both share cancels. Verdicts are those that a run of either would give, by models too. */
#include "entente/compare.h"

#include "ensemble/parallel.h"
#include "findings/groups.h"
#include "findings/target.h"

#include <stdlib.h>
#include <string.h>

enum { L = ENT__LANES, MOST_GROUPS = 64, FEW_GROUPS = 16, MOST_HANDS = 64, ARMS = 2 }; /* without, with */
static const double most_bytes = 1e9; /* more groups than few take at most so much */

typedef struct sum { double wx, w; } sum;

struct ent_compare {
    const ent_plan *plan[2];
    ent__arena *arena;
    ent__target *target[2];      /* [n] the same names */
    ent_pair_view *view;
    int32_t n;
    const char **only[2];
    const char **skipped;
    ent_compare_facts facts;
};

typedef struct by_model { /* the share of a claim in the draws that one model settles */
    int32_t pair;                /* claims ascend; models of a claim follow one another */
    int32_t reading, model;
} by_model;

typedef struct study {
    ent_compare *out;
    ent_run_options run;         /* jobs, and whom to tell of progress */
    ent__program *program[2];
    ent__machine *machine[MOST_HANDS][2];
    int32_t n_hands;
    ent__groups groups;
    sum *sums;                   /* [groups.n][2 sides][ARMS][n] */
    sum *weights;                /* [groups.n][2 sides]: of wx: w^2 */
    by_model *model[2];          /* [n_models] of each side */
    int32_t n_models[2];
    ent__moments *share[2];      /* [groups.n_units][n_models] */
} study;
typedef struct job { study *study; int32_t hand; } job;

/* --- what both have ------------------------------------------------------------------------------------ */

typedef struct named { const char *name; ent__target target; } named;

/* A claim and a quantity may have the same name. */
static int by_name(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (int)x->target.is_claim - (int)y->target.is_claim;
}

static named *list_of(const ent_plan *plan, int32_t *n)
{
    named *list = ent__alloc((size_t)plan->n_claims + (size_t)plan->n_quantities + 1, sizeof *list);
    *n = 0;
    for (int32_t c = 0; c < plan->n_claims && list != NULL; c++)
        *n += ent__target_of_claim(&list[*n].target, plan, c);
    for (int32_t q = 0; q < plan->n_quantities && list != NULL; q++)
        ent__target_of_quantity(&list[(*n)++].target, plan, q);
    for (int32_t i = 0; i < *n; i++)
        list[i].name = list[i].target.name;
    return list;
}

static const named *find(const named *sorted, int32_t n, const ent__target *target)
{
    named key = {target->name, *target};
    return n > 0 ? bsearch(&key, sorted, (size_t)n, sizeof *sorted, by_name) : NULL;
}

static ent_status match(ent_compare *out, ent_error *err)
{
    ent_status status = ENT_OK;
    int32_t n[2];
    named *list[2] = {list_of(out->plan[0], &n[0]), list_of(out->plan[1], &n[1])}, *sorted[2] = {NULL, NULL};
    for (int side = 0; side < 2; side++) {
        sorted[side] = ent__alloc((size_t)n[side] + 1, sizeof **sorted);
        out->target[side] = ent__arena_alloc(out->arena, (size_t)n[0], sizeof **out->target);
        out->only[side] = ent__arena_alloc(out->arena, (size_t)n[side], sizeof **out->only);
        ENT_REQUIRE(list[side] && sorted[side] && out->target[side] && out->only[side], ENT_ERR_MEMORY,
                    "not enough memory to compare");
        if (n[side] > 0)
            memcpy(sorted[side], list[side], (size_t)n[side] * sizeof **sorted);
        qsort(sorted[side], (size_t)n[side], sizeof **sorted, by_name);
    }
    for (int32_t i = 0; i < n[0]; i++) {
        const named *other = find(sorted[1], n[1], &list[0][i].target);
        if (other == NULL) {
            out->only[0][out->facts.only_a++] = list[0][i].name;
            continue;
        }
        out->target[0][out->n] = list[0][i].target;
        out->target[1][out->n++] = other->target;
    }
    for (int32_t i = 0; i < n[1]; i++)
        if (find(sorted[0], n[0], &list[1][i].target) == NULL)
            out->only[1][out->facts.only_b++] = list[1][i].name;
    out->facts.pairs = (size_t)out->n;
done:
    for (int side = 0; side < 2; side++) {
        ent__free(list[side]);
        ent__free(sorted[side]);
    }
    return status;
}

static bool is_about_all_draws(const ent_plan *plan, int32_t c)
{
    ent__target target;
    return !ent__target_of_claim(&target, plan, c) && plan->claims[c].overall >= 0;
}

static ent_status note_skipped(ent_compare *out, ent_error *err)
{
    const ent_plan *a = out->plan[0], *b = out->plan[1];
    out->skipped = ent__arena_alloc(out->arena, (size_t)a->n_claims + (size_t)b->n_claims, sizeof *out->skipped);
    if (out->skipped == NULL)
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to compare");
    for (int side = 0; side < 2; side++) {
        const ent_plan *plan = out->plan[side];
        for (int32_t c = 0; c < plan->n_claims; c++) {
            const char *id = ent__plan_text(plan, plan->claims[c].id);
            bool known = !is_about_all_draws(plan, c);
            for (size_t k = 0; k < out->facts.skipped && !known; k++)
                known = strcmp(out->skipped[k], id) == 0;
            if (!known)
                out->skipped[out->facts.skipped++] = id;
        }
    }
    return ENT_OK;
}

/* --- claims by model ------------------------------------------------------------------------------------- */

static const ent__plan_claim *claim_of(const ent_compare *out, int side, int32_t pair)
{
    const ent__target *target = &out->target[side][pair];
    return target->is_claim ? &out->plan[side]->claims[target->index] : NULL;
}

static ent_status list_models(study *s, ent_error *err)
{
    ent_compare *out = s->out;
    for (int side = 0; side < 2; side++) {
        const ent_plan *plan = out->plan[side];
        s->model[side] = ent__arena_alloc(out->arena, (size_t)plan->n_claims * ENT_CURVE_BINS, sizeof *s->model[side]);
        if (s->model[side] == NULL)
            return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to compare");
        for (int32_t i = 0; i < out->n; i++) {
            const ent__plan_claim *claim = claim_of(out, side, i);
            bool settled = claim != NULL && claim->reading >= 0;
            for (int32_t m = 0; settled && m < plan->readings[claim->reading].n_choices; m++)
                s->model[side][s->n_models[side]++] = (by_model){i, claim->reading, m};
        }
        s->share[side] = ent__alloc((size_t)s->groups.n_units * (size_t)s->n_models[side] + 1, sizeof *s->share[side]);
        if (s->share[side] == NULL)
            return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to compare");
    }
    return ENT_OK;
}

static void add_models(study *s, int64_t unit, int side, const ent__machine *machine, const double *weight,
                       int32_t lanes)
{
    const ent_plan *plan = s->out->plan[side];
    for (int32_t k = 0; k < s->n_models[side]; k++) {
        const by_model *model = &s->model[side][k];
        const ent__program *program = machine->program;
        int32_t slot = ent__program_slot(program, ENT_ARM_WITH, plan->readings[model->reading].cell);
        const double *choice = ent__machine_slot(machine, slot);
        double x[L], w[L];
        ent__target_values(x, machine, &s->out->target[side][model->pair], ENT_ARM_WITH);
        for (int32_t l = 0; l < lanes; l++)
            w[l] = choice[l] == model->model && x[l] == x[l] ? weight[l] : 0;
        ent__moments_add(&s->share[side][unit * s->n_models[side] + k], x, w, lanes, plan->n_givens > 0);
    }
}

static bool models_differ(const study *s, int side, int32_t pair)
{
    ent_claim_arm arm[ENT_CURVE_BINS] = {0};
    size_t n = 0;
    for (int32_t k = 0; k < s->n_models[side]; k++) {
        if (s->model[side][k].pair != pair)
            continue;
        ent__moments all = {0};
        for (int32_t u = 0; u < s->groups.n_units; u++)
            ent__moments_merge(&all, &s->share[side][u * s->n_models[side] + k]);
        arm[n].share = all.weight > 0 ? all.mean : ENT_UNDEFINED;
        arm[n++].mc_error = ent__moments_error(&all, s->out->plan[side]->n_givens > 0);
    }
    return ent__models_differ(arm, n);
}

static ent_verdict verdict_of(const study *s, int side, int32_t pair, double share)
{
    if (!s->out->target[0][pair].is_claim)
        return ENT_VERDICT_UNTESTED;
    return models_differ(s, side, pair) ? ENT_VERDICT_DEPENDS : ent__verdict_of(share);
}

/* --- running both ---------------------------------------------------------------------------------------- */

static void add_pairs(study *s, int side, const ent__machine *machine, const double *w, int64_t first, int32_t lanes)
{
    const ent_compare *out = s->out;
    size_t n = (size_t)out->n, stride = 2 * ARMS * n;
    double x[L];
    for (int arm = 0; arm < ARMS; arm++)
        for (size_t i = 0; i < n; i++) {
            if (out->target[side][i].needs_with && arm == ENT_ARM_WITHOUT)
                continue;
            ent__target_values(x, machine, &out->target[side][i], arm);
            sum *to = s->sums + (size_t)ent__group_of(&s->groups, first) * stride + (size_t)(side * ARMS + arm) * n + i;
            for (int32_t l = 0; l < lanes; to += stride)
                for (int32_t end = l + ent__groups_lanes(&s->groups, l, lanes); l < end; l++) {
                    to->wx += x[l] == x[l] ? w[l] * x[l] : 0;
                    to->w += x[l] == x[l] ? w[l] : 0;
                }
        }
}

/* Some batches with whole groups: nobody else writes their sums. */
static void run_unit(void *payload, int64_t unit)
{
    const job *j = payload;
    study *s = j->study;
    for (int64_t batch = unit * s->groups.batches; batch < ent__groups_end(&s->groups, unit); batch++) {
        int64_t first = batch * L, left = s->groups.draws - first;
        int32_t lanes = (int32_t)(left < L ? left : L);
        for (int side = 0; side < 2; side++) {
            ent__machine *machine = s->machine[j->hand][side];
            double w[L];
            ent__machine_run(machine, first, lanes);
            ent__target_weights(w, machine);
            for (int32_t l = 0; l < lanes; l++) {
                sum *of = &s->weights[2 * ent__group_of(&s->groups, first + l) + side];
                of->w += w[l];
                of->wx += w[l] * w[l];
            }
            add_models(s, unit, side, machine, w, lanes);
            add_pairs(s, side, machine, w, first, lanes);
        }
    }
}

static int on_progress(const ent_progress *units, void *payload)
{
    const study *s = payload;
    ent_progress draws = {s->groups.draws * units->done / units->total, s->groups.draws};
    return s->run.progress(&draws, s->run.payload);
}

static ent_status run_both(study *s, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_compare *out = s->out;
    job jobs[MOST_HANDS];
    void *hands[MOST_HANDS];
    size_t size = 2 * ARMS * (size_t)out->n * sizeof *s->sums;
    s->groups = ent__groups_of(out->facts.draws, MOST_GROUPS * (double)size <= most_bytes ? MOST_GROUPS : FEW_GROUPS);
    s->n_hands = ent__parallel_jobs(&s->run, s->groups.n_units);
    s->n_hands = s->n_hands < MOST_HANDS ? s->n_hands : MOST_HANDS;
    s->sums = ent__alloc((size_t)s->groups.n, size);
    s->weights = ent__alloc(2 * (size_t)s->groups.n, sizeof *s->weights);
    ENT_REQUIRE(s->sums && s->weights, ENT_ERR_MEMORY, "not enough memory to compare %d quantities", out->n);
    ENT_TRY(list_models(s, err));
    for (int side = 0; side < 2; side++)
        ENT_TRY(ent__program_create(&s->program[side], out->plan[side], err));
    for (int32_t h = 0; h < s->n_hands; h++) {
        for (int side = 0; side < 2; side++)
            ENT_TRY(ent__machine_create(&s->machine[h][side], s->program[side], out->facts.seed, err));
        jobs[h] = (job){s, h};
        hands[h] = &jobs[h];
    }
    ent_run_options parallel = {.version = 1, .progress = s->run.progress != NULL ? on_progress : NULL, .payload = s};
    ENT_REQUIRE(ent__parallel(hands, s->n_hands, s->groups.n_units, run_unit, &parallel), ENT_ERR_INTERRUPTED,
                "stopped before all draws were made");
done:
    return status;
}

/* --- differences ------------------------------------------------------------------------------------------ */

static const sum *at(const study *s, int32_t group, int side, int arm, int32_t i)
{
    return &s->sums[((size_t)(2 * group + side) * ARMS + (size_t)arm) * (size_t)s->out->n + (size_t)i];
}

static ent_difference difference_of(const study *s, int arm, int32_t i)
{
    sum all[2] = {{0}};
    for (int32_t g = 0; g < s->groups.n; g++)
        for (int side = 0; side < 2; side++) {
            all[side].wx += at(s, g, side, arm, i)->wx;
            all[side].w += at(s, g, side, arm, i)->w;
        }
    ent_difference d = {ENT_UNDEFINED, ENT_UNDEFINED, ENT_UNDEFINED, ENT_UNDEFINED};
    d.a = all[0].w > 0 ? all[0].wx / all[0].w : ENT_UNDEFINED;
    d.b = all[1].w > 0 ? all[1].wx / all[1].w : ENT_UNDEFINED;
    d.difference = d.b - d.a;
    double squares = 0;
    for (int32_t g = 0; g < s->groups.n && d.difference == d.difference; g++) {
        double pull = 0;
        for (int side = 0; side < 2; side++) {
            const sum *x = at(s, g, side, arm, i);
            double off = (x->wx - (side == 0 ? d.a : d.b) * x->w) / all[side].w;
            pull += side == 0 ? -off : off;
        }
        squares += pull * pull;
    }
    if (d.difference == d.difference)
        d.error = ent__groups_error(&s->groups, squares);
    return d;
}

static void fill(study *s)
{
    ent_compare *out = s->out;
    double w[2] = {0}, ww[2] = {0};
    for (int32_t g = 0; g < s->groups.n; g++)
        for (int side = 0; side < 2; side++) {
            w[side] += s->weights[2 * g + side].w;
            ww[side] += s->weights[2 * g + side].wx;
        }
    out->facts.effective_a = ww[0] > 0 ? w[0] * w[0] / ww[0] : 0;
    out->facts.effective_b = ww[1] > 0 ? w[1] * w[1] / ww[1] : 0;
    for (int32_t i = 0; i < out->n; i++) {
        const ent__target *t = &out->target[0][i];
        ent_pair_view *v = &out->view[i];
        *v = (ent_pair_view){.name = t->name, .title = t->title, .unit = t->unit, .is_claim = t->is_claim,
                             .headline = t->is_claim || out->plan[0]->quantities[t->index].headline != 0,
                             .with = difference_of(s, ENT_ARM_WITH, i),
                             .without = difference_of(s, ENT_ARM_WITHOUT, i)};
        v->verdict_a = verdict_of(s, 0, i, v->with.a);
        v->verdict_b = verdict_of(s, 1, i, v->with.b);
    }
}

ent_status ent_compare_run(ent_compare **out, const ent_plan *a, const ent_plan *b, const ent_run_options *options,
                           ent_error *err)
{
    ent_status status = ENT_OK;
    study s = {0};
    ent_compare *c = NULL;
    ENT_REQUIRE(out != NULL && a != NULL && b != NULL && options != NULL && options->version == 1, ENT_ERR_ARGUMENT,
                "ent_compare_run() needs two plans and options made by ENT_RUN_OPTIONS_INIT");
    c = ent__alloc(1, sizeof *c);
    ENT_REQUIRE(c != NULL && (c->arena = ent__arena_create()) != NULL, ENT_ERR_MEMORY, "not enough memory to compare");
    c->plan[0] = a;
    c->plan[1] = b;
    c->facts = (ent_compare_facts){.title_a = ent__plan_text(a, a->head->title),
                                   .title_b = ent__plan_text(b, b->head->title),
                                   .draws = options->draws > 0 ? options->draws : a->head->draws,
                                   .seed = options->has_seed ? options->seed : a->head->seed};
    s.out = c;
    s.run = *options;
    ENT_TRY(match(c, err));
    ENT_TRY(note_skipped(c, err));
    c->view = ent__arena_alloc(c->arena, (size_t)c->n, sizeof *c->view);
    ENT_REQUIRE(c->view != NULL, ENT_ERR_MEMORY, "not enough memory to compare %d quantities", c->n);
    ENT_TRY(run_both(&s, err));
    fill(&s);
    *out = c;
    c = NULL;
done:
    for (int32_t h = 0; h < s.n_hands; h++)
        for (int side = 0; side < 2; side++)
            ent__machine_free(s.machine[h][side]);
    for (int side = 0; side < 2; side++) {
        ent__program_free(s.program[side]);
        ent__free(s.share[side]);
    }
    ent__free(s.sums);
    ent__free(s.weights);
    ent_compare_free(c);
    return status;
}

void ent_compare_free(ent_compare *c)
{
    if (c == NULL)
        return;
    ent__arena_free(c->arena);
    ent__free(c);
}

ent_compare_facts ent_compare_get_facts(const ent_compare *c) { return c->facts; }
ent_pair_view ent_compare_pair(const ent_compare *c, size_t i) { return c->view[i]; }
const char *ent_compare_skipped(const ent_compare *c, size_t i) { return c->skipped[i]; }
const char *ent_compare_only(const ent_compare *c, int side, size_t i) { return c->only[side != 0][i]; }
