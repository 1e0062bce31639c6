/* Shapley values of provisions (Shapley 1953), of the change that the document makes to a claim's share or a quantity's
 * mean.
 *
 *     part(p) = sum over S without p of |S|! (k - |S| - 1)! / k! (v(S and p) - v(S)),   v(S) = sum w x_S / sum w
 * over the draws where x_S has a value; of a claim with a condition, those where it holds with the whole document, so
 * that all subsets are asked about the same draws. Beyond 12 provisions the sum is over sampled orders, each with its
 * reverse: the mean of v(after p came) - v(before).
 *
 * Sums are kept for groups of draws, so that the error of a part is that of a linear function of ratios of means (the
 * delta method): with A_S and W_S the sums of w x and w, and b one of G groups,
 *     variance of sum c(S) v(S) = G / (G - 1) sum_b (sum c(S) (A_Sb - v(S) W_Sb) / W_S)^2.
 *
 * All subsets of a chunk are arms of one program: what no provision reaches runs once for all of them. */
#include "entente/attribution.h"

#include "core/random.h"
#include "ensemble/parallel.h"
#include "findings/groups.h"
#include "findings/target.h"

#include <stdlib.h>
#include <string.h>

enum { L = ENT__LANES, MOST_GROUPS = 64, CHUNK = 256, MOST_HANDS = 64, ORDERS = 200 };
static const double most_bytes = 4e9;

typedef struct sum { double wx, w; } sum;

/* A provision comes: the sets without and with it, by index, and what this counts for. */
typedef struct coming { int32_t before, after; double weight; } coming;

typedef struct parts { /* of one target */
    const char *why_not;
    double without, with, change, error;
    double *part, *part_error; /* [n_provisions] */
} parts;

struct ent_attribution {
    const ent_plan *plan;
    ent__arena *arena;
    ent__target *target;
    int32_t n_targets, n_provisions;
    parts *parts;                /* [n_targets] */
    ent_attribution_facts facts;
};

typedef struct study {
    ent_attribution *out;
    ent_run_options run;         /* jobs, and whom to tell of progress */
    ent_run_options parallel;    /* the same, told in draws */
    uint64_t *subset;            /* [n_subsets] ascending */
    int32_t n_subsets;
    coming *coming;              /* [n_provisions][n_comings]; of sampled orders one an order */
    int32_t n_comings;
    uint64_t *prefix;            /* [n_orders][n_provisions + 1]: the set before each comes */
    uint8_t *order;              /* [n_orders][n_provisions] */
    int32_t n_orders;            /* even: every second is the reverse of the one before; 0: exact */
    ent__groups groups;
    sum *sums;                   /* [groups.n][n_subsets][n_targets] */
    sum *weights;                /* [groups.n]: of wx: w^2, of w: w */
    /* the chunk at hand */
    ent__program *program;
    ent__machine *machine[MOST_HANDS];
    int32_t n_hands, first, chunk;
} study;

/* --- which subsets, and what each counts for -------------------------------------------------------- */

static void exact_comings(study *s)
{
    int32_t k = s->out->n_provisions;
    double weight[ENT_EXACT_PROVISIONS]; /* |S|! (k - |S| - 1)! / k! */
    for (int32_t n = 0; n < k; n++)
        weight[n] = n == 0 ? 1.0 / k : weight[n - 1] * n / (k - n);
    coming *to = s->coming;
    for (int32_t p = 0; p < k; p++)
        for (int32_t i = 0; i < s->n_subsets; i++) /* in the exact case a subset's index is the subset */
            if (!(i >> p & 1))
                *to++ = (coming){i, i | 1 << p, weight[__builtin_popcount((unsigned)i)]};
}

static int32_t find_subset(const study *s, uint64_t set)
{
    int32_t low = 0, high = s->n_subsets;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (s->subset[middle] < set)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Orders by Fisher & Yates; every second is the reverse of the one before. */
static void sample_orders(study *s, uint64_t seed)
{
    int32_t k = s->out->n_provisions;
    for (int32_t o = 0; o < s->n_orders; o++) {
        uint8_t *order = s->order + (size_t)o * (size_t)k;
        for (int32_t p = 0; p < k; p++)
            order[p] = (uint8_t)(o % 2 == 1 ? order[-1 - p] : p);
        for (int32_t p = k - 1; p > 0 && o % 2 == 0; p--) {
            uint32_t out[4], key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
            ent__philox(out, (const uint32_t[4]){(uint32_t)o, (uint32_t)p, 0x53484150, 0}, key);
            int32_t with = (int32_t)(((uint64_t)out[0] * (uint64_t)(p + 1)) >> 32);
            uint8_t kept = order[p];
            order[p] = order[with];
            order[with] = kept;
        }
        uint64_t set = 0;
        for (int32_t p = 0; p <= k; p++) {
            s->prefix[(size_t)o * (size_t)(k + 1) + (size_t)p] = set;
            set |= p < k ? UINT64_C(1) << order[p] : 0;
        }
    }
}

static void sampled_comings(study *s)
{
    int32_t k = s->out->n_provisions;
    for (int32_t o = 0; o < s->n_orders; o++) {
        for (int32_t p = 0; p < k; p++) {
            const uint64_t *set = s->prefix + (size_t)o * (size_t)(k + 1) + (size_t)p;
            int32_t who = s->order[(size_t)o * (size_t)k + (size_t)p];
            s->coming[(size_t)who * (size_t)s->n_comings + (size_t)o] =
                (coming){find_subset(s, set[0]), find_subset(s, set[1]), 1.0 / s->n_orders};
        }
    }
}

static ent_status choose_subsets(study *s, const ent_attribution_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t k = (size_t)s->out->n_provisions;
    bool exact = k <= ENT_EXACT_PROVISIONS;
    s->n_orders = exact ? 0 : ((options->orders > 0 ? options->orders : ORDERS) + 1) / 2 * 2;
    size_t met = (size_t)s->n_orders * (k + 1);
    s->subset = ent__alloc(exact ? (size_t)1 << k : met, sizeof *s->subset);
    ENT_REQUIRE(s->subset != NULL, ENT_ERR_MEMORY, "not enough memory for the subsets of %zu provisions", k);
    if (exact) {
        s->n_subsets = 1 << k;
        for (int32_t i = 0; i < s->n_subsets; i++)
            s->subset[i] = (uint64_t)i;
    } else {
        s->prefix = ent__alloc(met, sizeof *s->prefix);
        s->order = ent__alloc((size_t)s->n_orders * k, 1);
        ENT_REQUIRE(s->prefix && s->order, ENT_ERR_MEMORY, "not enough memory for %d orders", s->n_orders);
        sample_orders(s, s->out->facts.seed);
        memcpy(s->subset, s->prefix, met * sizeof *s->subset);
        qsort(s->subset, met, sizeof *s->subset, ascending);
        for (size_t i = 0; i < met; i++)
            if (s->n_subsets == 0 || s->subset[s->n_subsets - 1] != s->subset[i])
                s->subset[s->n_subsets++] = s->subset[i];
    }
    s->n_comings = exact ? s->n_subsets / 2 : s->n_orders;
    s->coming = ent__alloc((size_t)s->n_comings * k, sizeof *s->coming);
    ENT_REQUIRE(s->coming != NULL, ENT_ERR_MEMORY, "not enough memory for %d subsets", s->n_subsets);
    if (exact)
        exact_comings(s);
    else
        sampled_comings(s);
done:
    return status;
}

/* --- running a chunk of them ------------------------------------------------------------------------ */

typedef struct job { study *study; int32_t hand; } job;

/* A claim's condition is read with the whole document, whatever the subset. `to` is of the first group; groups are
 * `stride` apart. */
static void add_target(const study *s, sum *to, size_t stride, const ent__machine *machine, const ent__target *target,
                       int32_t row, const double *weight, int32_t lanes)
{
    const ent__program *program = machine->program;
    const double *x = ent__machine_slot(machine, ent__program_slot(program, row, target->cell)), *when = NULL;
    if (target->when >= 0)
        when = ent__machine_slot(machine, ent__program_slot(program, ENT_ARM_WITH, target->when));
    for (int32_t l = 0; l < lanes; to += stride)
        for (int32_t end = l + ent__groups_lanes(&s->groups, l, lanes); l < end; l++) {
            if (x[l] != x[l] || (when != NULL && !(when[l] > 0)))
                continue;
            to->wx += weight[l] * x[l];
            to->w += weight[l];
        }
}

/* Some batches with whole groups: nobody else writes their sums. */
static void run_unit(void *payload, int64_t unit)
{
    const job *j = payload;
    study *s = j->study;
    const ent_attribution *out = s->out;
    ent__machine *machine = s->machine[j->hand];
    size_t stride = (size_t)s->n_subsets * (size_t)out->n_targets;
    for (int64_t batch = unit * s->groups.batches; batch < ent__groups_end(&s->groups, unit); batch++) {
        int64_t first = batch * L, left = out->facts.draws - first;
        int32_t lanes = (int32_t)(left < L ? left : L);
        double weight[L];
        ent__machine_run(machine, first, lanes);
        ent__target_weights(weight, machine);
        for (int32_t l = 0; l < lanes && s->first == 0; l++) {
            sum *of = &s->weights[ent__group_of(&s->groups, first + l)];
            of->wx += weight[l] * weight[l];
            of->w += weight[l];
        }
        for (int32_t i = 0; i < s->chunk; i++) {
            int32_t row = ent__program_arm(ENT__ARM_SUBSET + out->plan->n_subsets + i);
            sum *to = s->sums + (size_t)ent__group_of(&s->groups, first) * stride +
                      (size_t)(s->first + i) * (size_t)out->n_targets;
            for (int32_t t = 0; t < out->n_targets; t++)
                add_target(s, &to[t], stride, machine, &out->target[t], row, weight, lanes);
        }
    }
}

/* Chunks of subsets, each of units of draws, told as draws. */
static int on_progress(const ent_progress *units, void *payload)
{
    const study *s = payload;
    double chunks = (double)((s->n_subsets + CHUNK - 1) / CHUNK), done = s->first / CHUNK;
    done += (double)units->done / (double)units->total;
    ent_progress draws = {(int64_t)(done / chunks * (double)s->groups.draws), s->groups.draws};
    return s->run.progress(&draws, s->run.payload);
}

static ent_status run_chunk(study *s, ent__arg *root, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_attribution *out = s->out;
    job jobs[MOST_HANDS];
    void *hands[MOST_HANDS];
    int32_t n_roots, made = 0;
    n_roots = ent__target_roots(root, 0, out->target, out->n_targets, ENT__ARM_WITH); /* for the conditions */
    for (int32_t i = 0; i < s->chunk; i++)
        for (int32_t t = 0; t < out->n_targets; t++)
            root[n_roots++] = (ent__arg){out->target[t].cell, ENT__ARM_SUBSET + out->plan->n_subsets + i};
    n_roots = ent__weight_roots(root, n_roots, out->plan);
    ent__aim aim = {s->subset + s->first, s->chunk, root, n_roots};
    ENT_TRY(ent__program_create_for(&s->program, out->plan, &aim, err));
    s->out->facts.steps_run += s->program->n_instances;
    for (; made < s->n_hands; made++) {
        ENT_TRY(ent__machine_create(&s->machine[made], s->program, out->facts.seed, err));
        jobs[made] = (job){s, made};
        hands[made] = &jobs[made];
    }
    ENT_REQUIRE(ent__parallel(hands, s->n_hands, s->groups.n_units, run_unit, &s->parallel), ENT_ERR_INTERRUPTED,
                "stopped before all subsets were run");
done:
    for (int32_t h = 0; h < made; h++) {
        ent__machine_free(s->machine[h]);
        s->machine[h] = NULL;
    }
    ent__program_free(s->program);
    s->program = NULL;
    return status;
}

/* How many steps one subset takes alone. */
static ent_status count_steps(study *s, ent__arg *root, ent_error *err)
{
    ent__program *program = NULL;
    int32_t n = ent__target_roots(root, 0, s->out->target, s->out->n_targets, ENT__ARM_WITH);
    n = ent__weight_roots(root, n, s->out->plan);
    ent_status status = ent__program_create_for(&program, s->out->plan, &(ent__aim){.root = root, .n_roots = n}, err);
    if (status == ENT_OK) {
        s->out->facts.steps_one = program->n_instances;
        s->out->facts.steps_apart = (int64_t)s->n_subsets * program->n_instances;
    }
    ent__program_free(program);
    return status;
}

static ent_status run_all(study *s, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_attribution *out = s->out;
    size_t targets = (size_t)out->n_targets, subsets = (size_t)s->n_subsets;
    size_t most_roots = 2 * targets * CHUNK + (size_t)out->plan->n_givens + 2 * targets;
    ent__arg *root = ent__alloc(most_roots, sizeof *root);
    s->groups = ent__groups_of(out->facts.draws, MOST_GROUPS);
    double bytes = (double)s->groups.n * (double)subsets * (double)targets * sizeof *s->sums;
    ENT_REQUIRE(bytes <= most_bytes, ENT_ERR_LIMIT,
                "%zu targets in %zu subsets need %.0f GB; at most %.0f GB are taken: name fewer targets", targets,
                subsets, bytes / 1e9, most_bytes / 1e9);
    s->sums = ent__alloc((size_t)s->groups.n * subsets * targets, sizeof *s->sums);
    s->weights = ent__alloc((size_t)s->groups.n, sizeof *s->weights);
    ENT_REQUIRE(root && s->sums && s->weights, ENT_ERR_MEMORY, "not enough memory for %zu subsets", subsets);
    ENT_TRY(count_steps(s, root, err));
    s->n_hands = ent__parallel_jobs(&s->run, s->groups.n_units);
    s->n_hands = s->n_hands < MOST_HANDS ? s->n_hands : MOST_HANDS;
    for (s->first = 0; s->first < s->n_subsets; s->first += CHUNK) {
        s->chunk = s->n_subsets - s->first < CHUNK ? s->n_subsets - s->first : CHUNK;
        ENT_TRY(run_chunk(s, root, err));
    }
done:
    ent__free(root);
    return status;
}

/* --- parts ------------------------------------------------------------------------------------------ */

static const sum *sum_of(const study *s, int32_t group, int32_t subset, int32_t target)
{
    size_t row = (size_t)group * (size_t)s->n_subsets + (size_t)subset;
    return &s->sums[row * (size_t)s->out->n_targets + (size_t)target];
}

static sum total_of(const study *s, int32_t subset, int32_t target)
{
    sum all = {0};
    for (int32_t g = 0; g < s->groups.n; g++) {
        const sum *x = sum_of(s, g, subset, target);
        all.wx += x->wx;
        all.w += x->w;
    }
    return all;
}

/* How a group of draws pulls v(S). */
static double pull_of(const study *s, int32_t group, int32_t target, const sum *total, int32_t i)
{
    const sum *x = sum_of(s, group, i, target);
    return (x->wx - total[i].wx / total[i].w * x->w) / total[i].w;
}

static double added_by(const sum *total, const coming *c)
{
    const sum *after = &total[c->after], *before = &total[c->before];
    return after->wx / after->w - before->wx / before->w;
}

/* The error of sum weight (v(after) - v(before)), of the draws. Differences first, so that what has no effect has no
 * error either. */
static double error_of_draws(const study *s, int32_t target, const sum *total, const coming *c, int32_t n)
{
    double squares = 0;
    for (int32_t g = 0; g < s->groups.n; g++) {
        double pull = 0;
        for (int32_t i = 0; i < n; i++) {
            double after = pull_of(s, g, target, total, c[i].after), before = pull_of(s, g, target, total, c[i].before);
            pull += c[i].weight * (after - before);
        }
        squares += pull * pull;
    }
    return ent__groups_error(&s->groups, squares);
}

/* The variance of the mean over sampled orders, from the spread of what pairs of orders give. */
static double variance_of_orders(const study *s, const sum *total, const coming *c)
{
    int32_t pairs = s->n_orders / 2;
    double mean = 0, square = 0;
    for (int32_t o = 0; o < pairs; o++) {
        double added = 0.5 * (added_by(total, &c[2 * o]) + added_by(total, &c[2 * o + 1])), step = added - mean;
        mean += step / (o + 1);
        square += step * (added - mean);
    }
    return pairs > 1 ? square / (pairs - 1) / pairs : ENT_UNDEFINED;
}

static const char *reason_against(const study *s, const sum *total)
{
    double weight = 0;
    for (int32_t g = 0; g < s->groups.n; g++)
        weight += s->weights[g].w;
    if (!(weight > 0))
        return "no draw agrees with what is known";
    for (int32_t i = 0; i < s->n_subsets; i++)
        if (!(total[i].w > 0))
            return "under some subset of the provisions it has a value in no draw";
    return "";
}

static void fill_parts(study *s, int32_t t, sum *total)
{
    parts *to = &s->out->parts[t];
    for (int32_t i = 0; i < s->n_subsets; i++)
        total[i] = total_of(s, i, t);
    to->why_not = reason_against(s, total);
    to->without = to->with = to->change = to->error = ENT_UNDEFINED;
    for (int32_t p = 0; p < s->out->n_provisions; p++)
        to->part[p] = to->part_error[p] = ENT_UNDEFINED;
    if (to->why_not[0] != 0)
        return;
    const coming all_at_once = {0, s->n_subsets - 1, 1}; /* subsets ascend */
    to->without = total[0].wx / total[0].w;
    to->with = total[s->n_subsets - 1].wx / total[s->n_subsets - 1].w;
    to->change = to->with - to->without;
    to->error = error_of_draws(s, t, total, &all_at_once, 1);
    for (int32_t p = 0; p < s->out->n_provisions; p++) {
        const coming *c = s->coming + (size_t)p * (size_t)s->n_comings;
        double part = 0, error = error_of_draws(s, t, total, c, s->n_comings);
        for (int32_t i = 0; i < s->n_comings; i++)
            part += c[i].weight * added_by(total, &c[i]);
        to->part[p] = part;
        to->part_error[p] = s->n_orders > 0 ? ent_sqrt(error * error + variance_of_orders(s, total, c)) : error;
    }
}

/* --- the study -------------------------------------------------------------------------------------- */

static ent_status read_targets(ent_attribution *out, const ent_attribution_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_plan *plan = out->plan;
    if (options->n_targets == 0) {
        out->target = ent__targets_main(&out->n_targets, plan, out->arena);
        ENT_REQUIRE(out->target != NULL, ENT_ERR_MEMORY, "not enough memory for the targets");
        for (int32_t q = 0; q < plan->n_quantities; q++) /* there is room for all of them */
            if (plan->quantities[q].kind == ENT__KIND_UTILITY)
                ent__target_of_quantity(&out->target[out->n_targets++], plan, q);
    } else {
        out->target = ent__arena_alloc(out->arena, options->n_targets, sizeof *out->target);
        ENT_REQUIRE(out->target != NULL, ENT_ERR_MEMORY, "not enough memory for the targets");
        for (size_t t = 0; t < options->n_targets; t++)
            ENT_TRY(ent__target_find(&out->target[out->n_targets++], plan, options->target[t], err));
    }
    size_t targets = (size_t)out->n_targets, k = (size_t)out->n_provisions;
    double *numbers = ent__arena_alloc(out->arena, 2 * targets * k, sizeof *numbers);
    out->parts = ent__arena_alloc(out->arena, targets, sizeof *out->parts);
    ENT_REQUIRE(numbers && out->parts, ENT_ERR_MEMORY, "not enough memory for the targets");
    for (size_t t = 0; t < targets; t++)
        out->parts[t] = (parts){.why_not = "the document has no provisions", .without = ENT_UNDEFINED,
                                .with = ENT_UNDEFINED, .change = ENT_UNDEFINED, .error = ENT_UNDEFINED,
                                .part = numbers + 2 * t * k, .part_error = numbers + (2 * t + 1) * k};
done:
    return status;
}

static void fill_facts(study *s)
{
    ent_attribution_facts *facts = &s->out->facts;
    double w = 0, ww = 0;
    for (int32_t g = 0; g < s->groups.n; g++) {
        w += s->weights[g].w;
        ww += s->weights[g].wx;
    }
    facts->effective_draws = ww > 0 ? w * w / ww : 0;
    facts->subsets = (size_t)s->n_subsets;
    facts->sampled = s->n_orders > 0;
}

ent_status ent_attribution_run(ent_attribution **out, const ent_plan *plan, const ent_attribution_options *options,
                               ent_error *err)
{
    ent_status status = ENT_OK;
    study s = {0};
    sum *total = NULL;
    ent_attribution *a = NULL;
    ENT_REQUIRE(out != NULL && plan != NULL && options != NULL && options->version == 1, ENT_ERR_ARGUMENT,
                "ent_attribution_run() needs a plan and options made by ENT_ATTRIBUTION_OPTIONS_INIT");
    a = ent__alloc(1, sizeof *a);
    ENT_REQUIRE(a != NULL && (a->arena = ent__arena_create()) != NULL, ENT_ERR_MEMORY,
                "not enough memory for an attribution");
    a->plan = plan;
    a->n_provisions = plan->n_provisions;
    a->facts = (ent_attribution_facts){.scenario = ent__plan_text(plan, plan->head->scenario),
                                       .provisions = (size_t)plan->n_provisions,
                                       .draws = options->draws > 0 ? options->draws : plan->head->draws,
                                       .seed = options->has_seed ? options->seed : plan->head->seed};
    s.out = a;
    s.run = (ent_run_options){.version = 1, .jobs = options->jobs, .progress = options->progress,
                              .payload = options->payload};
    s.parallel = s.run;
    s.parallel.progress = options->progress != NULL ? on_progress : NULL;
    s.parallel.payload = &s;
    ENT_TRY(read_targets(a, options, err));
    a->facts.targets = (size_t)a->n_targets;
    if (a->n_provisions > 0 && a->n_targets > 0) {
        ENT_TRY(choose_subsets(&s, options, err));
        ENT_TRY(run_all(&s, err));
        total = ent__alloc((size_t)s.n_subsets, sizeof *total);
        ENT_REQUIRE(total != NULL, ENT_ERR_MEMORY, "not enough memory for %d subsets", s.n_subsets);
        for (int32_t t = 0; t < a->n_targets; t++)
            fill_parts(&s, t, total);
        fill_facts(&s);
    }
    *out = a;
    a = NULL;
done:
    ent__free(total);
    ent__free(s.subset);
    ent__free(s.coming);
    ent__free(s.prefix);
    ent__free(s.order);
    ent__free(s.sums);
    ent__free(s.weights);
    ent_attribution_free(a);
    return status;
}

void ent_attribution_free(ent_attribution *a)
{
    if (a == NULL)
        return;
    ent__arena_free(a->arena);
    ent__free(a);
}

/* --- views ------------------------------------------------------------------------------------------ */

ent_attribution_facts ent_attribution_get_facts(const ent_attribution *a) { return a->facts; }

ent_party_view ent_attribution_provision(const ent_attribution *a, size_t p)
{
    const ent__plan_provision *provision = &a->plan->provisions[p];
    return (ent_party_view){ent__plan_text(a->plan, provision->id), ent__plan_text(a->plan, provision->title)};
}

ent_attributed_view ent_attribution_target(const ent_attribution *a, size_t t)
{
    static const char *const kind[] = {"outcome", "stance", "utility", "gain", "derived", "event", "model"};
    const ent__target *target = &a->target[t];
    const parts *x = &a->parts[t];
    return (ent_attributed_view){
        .name = target->name, .title = target->title, .unit = target->unit, .why_not = x->why_not,
        .kind = target->is_claim ? "claim" : kind[a->plan->quantities[target->index].kind], .without = x->without,
        .with = x->with, .change = x->change, .error = x->error, .part = x->part, .part_error = x->part_error};
}
