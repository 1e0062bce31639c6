/* Two plans on the same draws. For each pair of quantities (or claims) of one name, with x_a and x_b their values and w_a, w_b
 * the weights of a draw,
 *     difference = sum w_b x_b / sum w_b - sum w_a x_a / sum w_a,
 * and its error is that of a difference of two ratios of means over the same groups of draws (the delta method), so what
 * both share cancels. */
#include "entente/compare.h"

#include "core/elementary.h"
#include "ensemble/parallel.h"
#include "findings/target.h"

#include <stdlib.h>
#include <string.h>

enum { L = ENT__LANES, MOST_GROUPS = 64, MOST_HANDS = 64, ARMS = 2 }; /* without, with */

typedef struct sum { double wx, w; } sum;

struct ent_compare {
    const ent_plan *plan[2];
    ent__arena *arena;
    ent__target *target[2];      /* [n] the same names */
    ent_pair_view *view;
    int32_t n;
    const char **only[2];
    ent_compare_facts facts;
};

typedef struct study {
    ent_compare *out;
    ent_run_options run;
    ent__program *program[2];
    ent__machine *machine[MOST_HANDS][2];
    int32_t n_hands, n_groups;
    int64_t n_blocks, blocks_a_group;
    sum *sums;                   /* [groups][2 sides][ARMS][n] */
    sum *weights;                /* [groups][2 sides]: of wx: w^2 */
} study;
typedef struct job { study *study; int32_t hand; } job;

/* --- what both have ------------------------------------------------------------------------------------ */

typedef struct named { const char *name; ent__target target; } named;

static int by_name(const void *a, const void *b) { return strcmp(((const named *)a)->name, ((const named *)b)->name); }

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
    const named *found = n > 0 ? bsearch(&key, sorted, (size_t)n, sizeof *sorted, by_name) : NULL;
    return found != NULL && found->target.is_claim == target->is_claim ? found : NULL;
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
        ENT_REQUIRE(list[side] && sorted[side] && out->target[side] && out->only[side], ENT_ERR_MEMORY, "not enough memory to compare");
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

/* --- running both ---------------------------------------------------------------------------------------- */

static void run_group(void *payload, int64_t group)
{
    const job *j = payload;
    study *s = j->study;
    const ent_compare *out = s->out;
    int64_t end = (group + 1) * s->blocks_a_group < s->n_blocks ? (group + 1) * s->blocks_a_group : s->n_blocks;
    for (int64_t block = group * s->blocks_a_group; block < end; block++) {
        int64_t first = block * L, left = out->facts.draws - first;
        int32_t lanes = (int32_t)(left < L ? left : L);
        for (int side = 0; side < 2; side++) {
            ent__machine *machine = s->machine[j->hand][side];
            double w[L], x[L];
            ent__machine_run(machine, first, lanes);
            ent__target_weights(w, machine);
            sum *of = &s->weights[2 * group + side];
            for (int32_t l = 0; l < lanes; l++) {
                of->w += w[l];
                of->wx += w[l] * w[l];
            }
            for (int arm = 0; arm < ARMS; arm++) {
                sum *to = s->sums + ((size_t)(2 * group + side) * ARMS + (size_t)arm) * (size_t)out->n;
                for (int32_t i = 0; i < out->n; i++) {
                    if (out->target[side][i].needs_with && arm == ENT_ARM_WITHOUT)
                        continue;
                    ent__target_values(x, machine, &out->target[side][i], arm);
                    for (int32_t l = 0; l < lanes; l++) {
                        to[i].wx += x[l] == x[l] ? w[l] * x[l] : 0;
                        to[i].w += x[l] == x[l] ? w[l] : 0;
                    }
                }
            }
        }
    }
}

static ent_status run_both(study *s, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_compare *out = s->out;
    job jobs[MOST_HANDS];
    void *hands[MOST_HANDS];
    s->n_blocks = (out->facts.draws + L - 1) / L;
    s->blocks_a_group = (s->n_blocks + MOST_GROUPS - 1) / MOST_GROUPS;
    s->n_groups = (int32_t)((s->n_blocks + s->blocks_a_group - 1) / s->blocks_a_group);
    s->n_hands = ent__parallel_jobs(&s->run, s->n_groups);
    s->n_hands = s->n_hands < MOST_HANDS ? s->n_hands : MOST_HANDS;
    s->sums = ent__alloc(2 * ARMS * (size_t)s->n_groups * (size_t)out->n, sizeof *s->sums);
    s->weights = ent__alloc(2 * (size_t)s->n_groups, sizeof *s->weights);
    ENT_REQUIRE(s->sums && s->weights, ENT_ERR_MEMORY, "not enough memory to compare %d quantities", out->n);
    for (int side = 0; side < 2; side++)
        ENT_TRY(ent__program_create(&s->program[side], out->plan[side], err));
    for (int32_t h = 0; h < s->n_hands; h++) {
        for (int side = 0; side < 2; side++)
            ENT_TRY(ent__machine_create(&s->machine[h][side], s->program[side], out->facts.seed, err));
        jobs[h] = (job){s, h};
        hands[h] = &jobs[h];
    }
    ENT_REQUIRE(ent__parallel(hands, s->n_hands, s->n_groups, run_group, &s->run), ENT_ERR_INTERRUPTED, "stopped before all draws were made");
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
    for (int32_t g = 0; g < s->n_groups; g++)
        for (int side = 0; side < 2; side++) {
            all[side].wx += at(s, g, side, arm, i)->wx;
            all[side].w += at(s, g, side, arm, i)->w;
        }
    ent_difference d = {ENT_UNDEFINED, ENT_UNDEFINED, ENT_UNDEFINED, ENT_UNDEFINED};
    d.a = all[0].w > 0 ? all[0].wx / all[0].w : ENT_UNDEFINED;
    d.b = all[1].w > 0 ? all[1].wx / all[1].w : ENT_UNDEFINED;
    d.difference = d.b - d.a;
    double variance = 0;
    for (int32_t g = 0; g < s->n_groups && d.difference == d.difference; g++) {
        double pull = 0;
        for (int side = 0; side < 2; side++) {
            const sum *x = at(s, g, side, arm, i);
            double off = (x->wx - (side == 0 ? d.a : d.b) * x->w) / all[side].w;
            pull += side == 0 ? -off : off;
        }
        variance += pull * pull;
    }
    if (s->n_groups > 1 && d.difference == d.difference)
        d.error = ent_sqrt(variance * s->n_groups / (s->n_groups - 1));
    return d;
}

static void fill(study *s)
{
    ent_compare *out = s->out;
    double w[2] = {0}, ww[2] = {0};
    for (int32_t g = 0; g < s->n_groups; g++)
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
                             .with = difference_of(s, ENT_ARM_WITH, i), .without = difference_of(s, ENT_ARM_WITHOUT, i)};
        v->verdict_a = t->is_claim ? ent__verdict_of(v->with.a) : ENT_VERDICT_UNTESTED;
        v->verdict_b = t->is_claim ? ent__verdict_of(v->with.b) : ENT_VERDICT_UNTESTED;
    }
}

ent_status ent_compare_run(ent_compare **out, const ent_plan *a, const ent_plan *b, const ent_run_options *options, ent_error *err)
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
    c->facts = (ent_compare_facts){.title_a = ent__plan_text(a, a->head->title), .title_b = ent__plan_text(b, b->head->title),
                                   .draws = options->draws > 0 ? options->draws : a->head->draws,
                                   .seed = options->has_seed ? options->seed : a->head->seed};
    s.out = c;
    s.run = *options;
    ENT_TRY(match(c, err));
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
    for (int side = 0; side < 2; side++)
        ent__program_free(s.program[side]);
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
const char *ent_compare_only(const ent_compare *c, int side, size_t i) { return c->only[side != 0][i]; }
