/* Sensitivity of claims and quantities to factors: Sobol' indices, delta, curves.
 *
 * For each block of 64 draws the plan runs on A and, with another seed, on B; then for each factor what follows from it runs
 * again on A with the factor's uniforms of B (plan/rerun.c). f(A), f(B) and f(AB_i) are kept for each draw, so that indices
 * and their resamples are made afterwards. Curves hold a factor at a value in every draw, likewise. */
#include "entente/sensitivity.h"

#include "core/distribution.h"
#include "core/elementary.h"
#include "core/random.h"
#include "ensemble/parallel.h"
#include "findings/factors.h"
#include "findings/sobol.h"
#include "findings/target.h"

#include <string.h>

enum { L = ENT__LANES, BASE = 1024, CURVES = 8, CURVE_DRAWS = 512, DELTA_BINS = 8, MOST_HANDS = 64 };
static const double most_bytes = 4e9;

typedef struct sensed { /* one target */
    double mean, variance;
    ent_index *first, *total, *delta; /* [factors] */
    bool *reaches;
    int32_t *order;
    ent_curve_view *curve;
    size_t n_curves;
} sensed;

struct ent_sensitivity {
    const ent_plan *plan;
    ent__arena *arena;
    ent__target *target;
    ent__factor *factor;
    int32_t n_targets, n_factors;
    sensed *sensed;
    ent_sensitivity_facts facts;
};

typedef struct hand { ent__machine *a, *b; double *kept; ent__redo *redo; } hand;
typedef struct curve_sums { double w, wh, ww, wwh, wwhh; } curve_sums;

typedef struct study {
    ent_sensitivity *out;
    const ent_sensitivity_options *options;
    ent_run_options run;
    ent__program *program;
    hand hand[MOST_HANDS];
    int32_t n_hands;
    ent__rerun **rerun;          /* [factors] */
    int64_t n, n_blocks;
    double *fa, *fb;             /* [targets][n] */
    double **fab;                /* [factors][targets]: [n], or NULL where the factor does not reach the target */
    double *weight;              /* [n] */
    int32_t *bin;                /* [factors][n] */
    ent__resamples resamples;
    /* curves */
    int32_t curve_factor[64], n_curve_factors, n_points, curve_blocks;
    ent__rerun *at_cell[64];     /* downstream of the driver's own cell */
    curve_sums *curve;           /* [blocks][factors][points][targets], and as it stands at the end of each block */
    ent_status failed;
} study;

typedef struct job { study *study; int32_t hand; } job;

/* --- running A, B and AB --------------------------------------------------------------------------- */

static int32_t bins_of(const ent_plan *plan, const ent__factor *f)
{
    if (f->driver < 0)
        return 1;
    const ent__plan_driver *driver = &plan->drivers[f->driver];
    return driver->kind == ENT__DRIVER_UNIFORM ? DELTA_BINS : driver->bins;
}

static void note_bins(const study *s, const ent__machine *machine, int64_t first, int32_t lanes)
{
    const ent_plan *plan = s->out->plan;
    for (int32_t f = 0; f < s->out->n_factors; f++) {
        const ent__factor *factor = &s->out->factor[f];
        int32_t bins = bins_of(plan, factor);
        if (factor->driver < 0)
            continue;
        const ent__plan_driver *driver = &plan->drivers[factor->driver];
        if (!ent__program_has(s->program, ENT_ARM_WITH, driver->cell))
            continue;
        const double *x = ent__machine_slot(machine, ent__program_slot(s->program, ENT_ARM_WITH, driver->cell));
        for (int32_t l = 0; l < lanes; l++) {
            double at = driver->kind == ENT__DRIVER_UNIFORM ? x[l] * bins : x[l];
            s->bin[(size_t)f * (size_t)s->n + (size_t)first + (size_t)l] = at > 0 && at < bins ? (int32_t)at : 0;
        }
    }
}

static void keep_values(const study *s, const ent__machine *machine, double *to, int64_t first, int32_t lanes)
{
    double x[L];
    for (int32_t t = 0; t < s->out->n_targets; t++) {
        ent__target_values(x, machine, &s->out->target[t], ENT_ARM_WITH);
        memcpy(to + (size_t)t * (size_t)s->n + (size_t)first, x, (size_t)lanes * sizeof *x);
    }
}

static void run_block(void *payload, int64_t block)
{
    const job *j = payload;
    study *s = j->study;
    hand *h = &s->hand[j->hand];
    int64_t first = block * L, left = s->n - first;
    int32_t lanes = (int32_t)(left < L ? left : L);
    double w[L], x[L];
    ent__machine_run(h->a, first, lanes);
    ent__target_weights(w, h->a);
    memcpy(s->weight + first, w, (size_t)lanes * sizeof *w);
    keep_values(s, h->a, s->fa, first, lanes);
    note_bins(s, h->a, first, lanes);
    if (s->options->no_sobol)
        return;
    ent__machine_run(h->b, first, lanes);
    keep_values(s, h->b, s->fb, first, lanes);
    for (int32_t f = 0; f < s->out->n_factors; f++) {
        const ent__rerun *rerun = s->rerun[f];
        if (rerun->n_instances == 0)
            continue;
        for (int32_t c = 0; c < rerun->n_cells; c++)
            h->redo[c] = (ent__redo){.kind = ENT__REDO_SEED, .seed = h->b->seed};
        ent__rerun_keep(rerun, h->a, h->kept);
        ent__rerun_run(rerun, h->a, h->redo, first, lanes);
        for (int32_t t = 0; t < s->out->n_targets; t++) {
            double *to = s->fab[(size_t)f * (size_t)s->out->n_targets + (size_t)t];
            if (to == NULL)
                continue;
            ent__target_values(x, h->a, &s->out->target[t], ENT_ARM_WITH);
            memcpy(to + first, x, (size_t)lanes * sizeof *x);
        }
        ent__rerun_restore(rerun, h->a, h->kept);
    }
}

/* --- indices ---------------------------------------------------------------------------------------- */

static void index_pair(void *payload, int64_t pair)
{
    const job *j = payload;
    study *s = j->study;
    ent_sensitivity *out = s->out;
    int32_t t = (int32_t)(pair / out->n_factors), f = (int32_t)(pair % out->n_factors);
    sensed *x = &out->sensed[t];
    const double *a = s->fa + (size_t)t * (size_t)s->n, *b = s->fb + (size_t)t * (size_t)s->n;
    const double *ab = s->fab[(size_t)f * (size_t)out->n_targets + (size_t)t];
    const ent_index none = {ENT_UNDEFINED, ENT_UNDEFINED, ENT_UNDEFINED};
    ent_error err;
    ent_status status = ENT_OK;
    x->first[f] = x->total[f] = x->delta[f] = none;
    if (!s->options->no_sobol && x->variance > 0) {
        if (ab != NULL)
            status = ent__sobol(&x->first[f], &x->total[f], a, b, ab, &s->resamples, &err);
        else
            x->first[f] = x->total[f] = (ent_index){0};
    }
    if (status == ENT_OK && out->factor[f].driver >= 0)
        status = ent__delta(&x->delta[f], a, s->bin + (size_t)f * (size_t)s->n, bins_of(out->plan, &out->factor[f]),
                            out->plan->n_givens > 0 ? s->weight : NULL, &s->resamples, &err);
    if (status != ENT_OK)
        s->failed = status; /* memory: any thread's will do */
}

static void moments_of(const study *s, int32_t t)
{
    double mean = 0, m2 = 0, n = 0;
    for (int side = 0; side < (s->options->no_sobol ? 1 : 2); side++) {
        const double *x = (side == 0 ? s->fa : s->fb) + (size_t)t * (size_t)s->n;
        for (int64_t i = 0; i < s->n; i++) {
            if (x[i] != x[i])
                continue;
            double step = x[i] - mean;
            mean += step / ++n;
            m2 += step * (x[i] - mean);
        }
    }
    s->out->sensed[t].mean = n > 0 ? mean : ENT_UNDEFINED;
    s->out->sensed[t].variance = n > 0 ? m2 / n : ENT_UNDEFINED;
}

static double strength_of(const sensed *x, int32_t f)
{
    double strength = x->total[f].value == x->total[f].value ? x->total[f].value : x->delta[f].value;
    return strength == strength ? strength : -1;
}

static void order_factors(sensed *x, int32_t n)
{
    for (int32_t f = 0; f < n; f++) { /* by insertion: equal ones stay in the order of the plan */
        int32_t at = f;
        for (; at > 0 && strength_of(x, x->order[at - 1]) < strength_of(x, f); at--)
            x->order[at] = x->order[at - 1];
        x->order[at] = f;
    }
}

/* --- curves ----------------------------------------------------------------------------------------- */

/* From the 0.1st to the 99.9th percentile. */
static double percentile_of(int32_t point) { return 0.001 + 0.998 * point / (ENT_CURVE_POINTS - 1); }

static int32_t points_of(const ent_plan *plan, const ent__factor *f)
{
    const ent__plan_driver *driver = &plan->drivers[f->driver];
    return driver->kind == ENT__DRIVER_UNIFORM ? ENT_CURVE_POINTS : driver->bins < ENT_CURVE_POINTS ? driver->bins : ENT_CURVE_POINTS;
}

static void add_lanes(curve_sums *to, const double *x, const double *w, int32_t lanes)
{
    for (int32_t l = 0; l < lanes; l++) {
        if (x[l] != x[l] || w[l] == 0)
            continue;
        to->w += w[l];
        to->wh += w[l] * x[l];
        to->ww += w[l] * w[l];
        to->wwh += w[l] * w[l] * x[l];
        to->wwhh += w[l] * w[l] * x[l] * x[l];
    }
}

static size_t curve_row(const study *s) { return ((size_t)s->n_curve_factors * ENT_CURVE_POINTS + 1) * (size_t)s->out->n_targets; }

static void read_curve(const study *s, const ent__machine *machine, curve_sums *to, int32_t lanes)
{
    double w[L], x[L];
    ent__target_weights(w, machine);
    for (int32_t t = 0; t < s->out->n_targets; t++) {
        ent__target_values(x, machine, &s->out->target[t], ENT_ARM_WITH);
        add_lanes(&to[t], x, w, lanes);
    }
}

static void curve_block(void *payload, int64_t block)
{
    const job *j = payload;
    study *s = j->study;
    hand *h = &s->hand[j->hand];
    int64_t first = block * L, left = s->n - first;
    int32_t lanes = (int32_t)(left < L ? left : L);
    curve_sums *row = s->curve + (size_t)block * curve_row(s);
    ent__machine_run(h->a, first, lanes);
    read_curve(s, h->a, row + (size_t)s->n_curve_factors * ENT_CURVE_POINTS * (size_t)s->out->n_targets, lanes);
    for (int32_t k = 0; k < s->n_curve_factors; k++) {
        const ent__factor *factor = &s->out->factor[s->curve_factor[k]];
        bool uniform = s->out->plan->drivers[factor->driver].kind == ENT__DRIVER_UNIFORM;
        ent__rerun_keep(s->at_cell[k], h->a, h->kept);
        for (int32_t p = 0; p < points_of(s->out->plan, factor); p++) {
            h->redo[0] = (ent__redo){.kind = ENT__REDO_VALUE, .value = uniform ? percentile_of(p) : p};
            ent__rerun_run(s->at_cell[k], h->a, h->redo, first, lanes);
            read_curve(s, h->a, row + ((size_t)k * ENT_CURVE_POINTS + (size_t)p) * (size_t)s->out->n_targets, lanes);
        }
        ent__rerun_restore(s->at_cell[k], h->a, h->kept);
    }
}

static void level_of(const study *s, size_t at, double *value, double *error)
{
    curve_sums all = {0};
    for (int32_t b = 0; b < s->curve_blocks; b++) {
        const curve_sums *x = &s->curve[(size_t)b * curve_row(s) + at];
        all.w += x->w;
        all.wh += x->wh;
        all.ww += x->ww;
        all.wwh += x->wwh;
        all.wwhh += x->wwhh;
    }
    double mean = all.w > 0 ? all.wh / all.w : ENT_UNDEFINED, square = all.wwhh - 2 * mean * all.wwh + mean * mean * all.ww;
    *value = mean;
    *error = all.w > 0 ? ent_sqrt(square > 0 ? square : 0) / all.w : ENT_UNDEFINED;
}

static const char *word_of(const ent_plan *plan, const ent__plan_driver *driver, int32_t point)
{
    if (driver->kind == ENT__DRIVER_CHOICE)
        return ent__plan_text(plan, plan->choices[plan->readings[driver->input].choice + point].label);
    return driver->kind == ENT__DRIVER_EVENT ? (point == 0 ? "no" : "yes") : "";
}

static void fill_curve(const study *s, int32_t t, int32_t k, ent_curve_view *to)
{
    const ent_plan *plan = s->out->plan;
    size_t targets = (size_t)s->out->n_targets;
    int32_t f = s->curve_factor[k];
    const ent__plan_driver *driver = &plan->drivers[s->out->factor[f].driver];
    const ent__plan_input *input = driver->kind == ENT__DRIVER_UNIFORM ? &plan->inputs[driver->input] : NULL;
    *to = (ent_curve_view){.factor = (size_t)f, .points = points_of(plan, &s->out->factor[f])};
    double error;
    level_of(s, (size_t)s->n_curve_factors * ENT_CURVE_POINTS * targets + (size_t)t, &to->base, &error);
    for (int32_t p = 0; p < to->points; p++) {
        to->percentile[p] = input != NULL ? percentile_of(p) : ENT_UNDEFINED;
        to->at[p] = input != NULL && input->distribution >= 0 ? ent__distribution_quantile(&s->program->distribution[input->distribution], percentile_of(p)) : ENT_UNDEFINED;
        to->word[p] = word_of(plan, driver, p);
        level_of(s, ((size_t)k * ENT_CURVE_POINTS + (size_t)p) * targets + (size_t)t, &to->value[p], &to->error[p]);
        to->lowest = to->value[p] < to->value[to->lowest] ? p : to->lowest;
        to->highest = to->value[p] > to->value[to->highest] ? p : to->highest;
    }
}

/* The factors that are strongest on any target. */
static void choose_curves(study *s)
{
    int32_t most = s->options->curves < 0 ? 0 : s->options->curves == 0 ? CURVES : s->options->curves < 64 ? s->options->curves : 64;
    for (int32_t rank = 0; rank < s->out->n_factors && s->n_curve_factors < most; rank++)
        for (int32_t t = 0; t < s->out->n_targets && s->n_curve_factors < most; t++) {
            int32_t f = s->out->sensed[t].order[rank];
            bool known = s->out->factor[f].driver < 0 || !(strength_of(&s->out->sensed[t], f) > 0.01);
            for (int32_t k = 0; k < s->n_curve_factors && !known; k++)
                known = s->curve_factor[k] == f;
            if (!known && ent__program_has(s->program, ENT_ARM_WITH, s->out->plan->drivers[s->out->factor[f].driver].cell))
                s->curve_factor[s->n_curve_factors++] = f;
        }
}

static ent_status draw_curves(study *s, void *const *hands, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_sensitivity *out = s->out;
    choose_curves(s);
    if (s->n_curve_factors == 0)
        return ENT_OK;
    int64_t draws = s->n < CURVE_DRAWS ? s->n : CURVE_DRAWS;
    s->curve_blocks = (int32_t)((draws + L - 1) / L);
    s->curve = ent__alloc((size_t)s->curve_blocks * curve_row(s), sizeof *s->curve);
    ENT_REQUIRE(s->curve != NULL, ENT_ERR_MEMORY, "not enough memory for the curves");
    for (int32_t k = 0; k < s->n_curve_factors; k++)
        ENT_TRY(ent__rerun_create(&s->at_cell[k], s->program, &out->plan->drivers[out->factor[s->curve_factor[k]].driver].cell, 1, err));
    ENT_REQUIRE(ent__parallel(hands, s->n_hands, s->curve_blocks, curve_block, &s->run), ENT_ERR_INTERRUPTED, "stopped before the curves were drawn");
    for (int32_t t = 0; t < out->n_targets; t++) {
        sensed *x = &out->sensed[t];
        x->curve = ent__arena_alloc(out->arena, (size_t)s->n_curve_factors, sizeof *x->curve);
        ENT_REQUIRE(x->curve != NULL, ENT_ERR_MEMORY, "not enough memory for the curves");
        for (int32_t r = 0; r < out->n_factors; r++) /* strongest on this target first */
            for (int32_t k = 0; k < s->n_curve_factors; k++)
                if (s->curve_factor[k] == x->order[r] && x->reaches[x->order[r]])
                    fill_curve(s, t, k, &x->curve[x->n_curves++]);
    }
done:
    return status;
}

/* --- the study -------------------------------------------------------------------------------------- */

static bool reaches_target(const ent__rerun *rerun, const ent__program *program, const ent__target *target)
{
    int32_t slot = ent__program_slot(program, ENT_ARM_WITH, target->cell);
    int32_t when = target->when >= 0 ? ent__program_slot(program, ENT_ARM_WITH, target->when) : slot;
    for (int32_t i = 0; i < rerun->n_slots; i++)
        if (rerun->slot[i] == slot || rerun->slot[i] == when)
            return true;
    return false;
}

static ent_status make_program(study *s, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_sensitivity *out = s->out;
    ent__arg *root = ent__alloc(2 * (size_t)out->n_targets + (size_t)out->plan->n_givens + 1, sizeof *root);
    ENT_REQUIRE(root != NULL, ENT_ERR_MEMORY, "not enough memory for the targets");
    int32_t n = ent__target_roots(root, 0, out->target, out->n_targets, ENT__ARM_WITH);
    n = ent__weight_roots(root, n, out->plan);
    ENT_TRY(ent__program_create_for(&s->program, out->plan, &(ent__aim){.root = root, .n_roots = n}, err));
    out->facts.steps_one = s->program->n_instances;
    out->facts.steps_run = (s->options->no_sobol ? 1 : 2) * (int64_t)s->program->n_instances;
    s->rerun = ent__alloc((size_t)out->n_factors, sizeof *s->rerun);
    ENT_REQUIRE(s->rerun != NULL, ENT_ERR_MEMORY, "not enough memory for the factors");
    for (int32_t f = 0; f < out->n_factors; f++) {
        ENT_TRY(ent__rerun_create(&s->rerun[f], s->program, out->factor[f].cell, out->factor[f].n_cells, err));
        out->facts.steps_run += s->options->no_sobol ? 0 : s->rerun[f]->n_instances;
        for (int32_t t = 0; t < out->n_targets; t++)
            out->sensed[t].reaches[f] = reaches_target(s->rerun[f], s->program, &out->target[t]);
    }
done:
    ent__free(root);
    return status;
}

static ent_status make_room(study *s, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_sensitivity *out = s->out;
    size_t targets = (size_t)out->n_targets, factors = (size_t)out->n_factors, n = (size_t)s->n, pairs = 0;
    for (int32_t f = 0; f < out->n_factors && !s->options->no_sobol; f++)
        for (int32_t t = 0; t < out->n_targets; t++)
            pairs += out->sensed[t].reaches[f];
    double a_draw = (double)(pairs + 2 * targets) * sizeof(double) + (double)factors * sizeof(int32_t);
    ENT_REQUIRE(a_draw * (double)n <= most_bytes, ENT_ERR_LIMIT, "%lld base draws need %.0f GB; about %.0f fit (--base), or name fewer targets",
                (long long)s->n, a_draw * (double)n / 1e9, most_bytes / a_draw);
    s->fa = ent__alloc(targets * n, sizeof *s->fa);
    s->fb = ent__alloc(targets * n, sizeof *s->fb);
    s->fab = ent__alloc(factors * targets, sizeof *s->fab);
    s->weight = ent__alloc(n, sizeof *s->weight);
    s->bin = ent__alloc(factors * n, sizeof *s->bin);
    ENT_REQUIRE(s->fa && s->fb && s->fab && s->weight && s->bin, ENT_ERR_MEMORY, "not enough memory for %zu draws", n);
    for (size_t f = 0; f < factors && !s->options->no_sobol; f++)
        for (size_t t = 0; t < targets; t++)
            if (out->sensed[t].reaches[f])
                ENT_REQUIRE((s->fab[f * targets + t] = ent__alloc(n, sizeof(double))) != NULL, ENT_ERR_MEMORY, "not enough memory for %zu draws", n);
    size_t kept = 0, cells = 1;
    for (size_t f = 0; f < factors; f++) {
        kept = (size_t)s->rerun[f]->n_slots > kept ? (size_t)s->rerun[f]->n_slots : kept;
        cells = (size_t)s->rerun[f]->n_cells > cells ? (size_t)s->rerun[f]->n_cells : cells;
    }
    for (int32_t i = 0; i < s->n_hands; i++) {
        hand *h = &s->hand[i];
        ENT_TRY(ent__machine_create(&h->a, s->program, out->facts.seed, err));
        ENT_TRY(ent__machine_create(&h->b, s->program, ent__stream_step(out->facts.seed, 0x736f626f6c, 2), err));
        h->kept = ent__alloc((size_t)s->program->n_slots < kept ? kept : (size_t)s->program->n_slots, L * sizeof *h->kept);
        h->redo = ent__alloc(cells, sizeof *h->redo);
        ENT_REQUIRE(h->kept && h->redo, ENT_ERR_MEMORY, "not enough memory for %d threads", s->n_hands);
    }
    ENT_TRY(ent__resamples_make(&s->resamples, n, out->facts.seed, err));
done:
    return status;
}

static ent_status read_targets(ent_sensitivity *out, const ent_sensitivity_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    if (options->n_targets == 0) {
        out->target = ent__targets_main(&out->n_targets, out->plan, out->arena);
        ENT_REQUIRE(out->target != NULL, ENT_ERR_MEMORY, "not enough memory for the targets");
    } else {
        out->target = ent__arena_alloc(out->arena, options->n_targets, sizeof *out->target);
        ENT_REQUIRE(out->target != NULL, ENT_ERR_MEMORY, "not enough memory for the targets");
        for (size_t t = 0; t < options->n_targets; t++)
            ENT_TRY(ent__target_find(&out->target[out->n_targets++], out->plan, options->target[t], err));
    }
    size_t factors = (size_t)out->n_factors;
    out->sensed = ent__arena_alloc(out->arena, (size_t)out->n_targets, sizeof *out->sensed);
    ENT_REQUIRE(out->sensed != NULL, ENT_ERR_MEMORY, "not enough memory for the targets");
    for (int32_t t = 0; t < out->n_targets; t++) {
        sensed *x = &out->sensed[t];
        x->first = ent__arena_alloc(out->arena, 3 * factors, sizeof *x->first);
        x->reaches = ent__arena_alloc(out->arena, factors, sizeof *x->reaches);
        x->order = ent__arena_alloc(out->arena, factors, sizeof *x->order);
        ENT_REQUIRE(x->first && x->reaches && x->order, ENT_ERR_MEMORY, "not enough memory for the targets");
        x->total = x->first + factors;
        x->delta = x->total + factors;
    }
done:
    return status;
}

static void fill_facts(study *s)
{
    ent_sensitivity_facts *facts = &s->out->facts;
    double w = 0, ww = 0;
    for (int64_t i = 0; i < s->n; i++) {
        w += s->weight[i];
        ww += s->weight[i] * s->weight[i];
    }
    facts->effective_draws = ww > 0 ? w * w / ww : 0;
    facts->targets = (size_t)s->out->n_targets;
    facts->factors = (size_t)s->out->n_factors;
    facts->groups = s->options->groups;
    facts->sobol = !s->options->no_sobol;
}

static ent_status run_study(study *s, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_sensitivity *out = s->out;
    job jobs[MOST_HANDS];
    void *hands[MOST_HANDS];
    s->n_blocks = (s->n + L - 1) / L;
    s->n_hands = ent__parallel_jobs(&s->run, s->n_blocks);
    s->n_hands = s->n_hands < MOST_HANDS ? s->n_hands : MOST_HANDS;
    ENT_TRY(make_program(s, err));
    ENT_TRY(make_room(s, err));
    for (int32_t i = 0; i < s->n_hands; i++) {
        jobs[i] = (job){s, i};
        hands[i] = &jobs[i];
    }
    ENT_REQUIRE(ent__parallel(hands, s->n_hands, s->n_blocks, run_block, &s->run), ENT_ERR_INTERRUPTED, "stopped before all draws were made");
    for (int32_t t = 0; t < out->n_targets; t++)
        moments_of(s, t);
    ent_run_options quiet = {.version = 1, .jobs = s->run.jobs};
    (void)ent__parallel(hands, s->n_hands, (int64_t)out->n_targets * out->n_factors, index_pair, &quiet);
    ENT_REQUIRE(s->failed == ENT_OK, ENT_ERR_MEMORY, "not enough memory for the indices");
    for (int32_t t = 0; t < out->n_targets; t++)
        order_factors(&out->sensed[t], out->n_factors);
    ENT_TRY(draw_curves(s, hands, err));
    fill_facts(s);
done:
    return status;
}

static void study_free(study *s, int32_t factors, int32_t targets)
{
    for (int32_t i = 0; i < s->n_hands; i++) {
        ent__machine_free(s->hand[i].a);
        ent__machine_free(s->hand[i].b);
        ent__free(s->hand[i].kept);
        ent__free(s->hand[i].redo);
    }
    for (int32_t f = 0; f < factors && s->rerun != NULL; f++)
        ent__rerun_free(s->rerun[f]);
    for (int32_t k = 0; k < factors * targets && s->fab != NULL; k++)
        ent__free(s->fab[k]);
    for (int32_t k = 0; k < s->n_curve_factors; k++)
        ent__rerun_free(s->at_cell[k]);
    ent__free(s->rerun);
    ent__free(s->fab);
    ent__free(s->fa);
    ent__free(s->fb);
    ent__free(s->weight);
    ent__free(s->bin);
    ent__free(s->curve);
    ent__resamples_free(&s->resamples);
    ent__program_free(s->program);
}

ent_status ent_sensitivity_run(ent_sensitivity **out, const ent_plan *plan, const ent_sensitivity_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    study s = {.options = options};
    ent_sensitivity *x = NULL;
    ENT_REQUIRE(out != NULL && plan != NULL && options != NULL && options->version == 1, ENT_ERR_ARGUMENT,
                "ent_sensitivity_run() needs a plan and options made by ENT_SENSITIVITY_OPTIONS_INIT");
    x = ent__alloc(1, sizeof *x);
    ENT_REQUIRE(x != NULL && (x->arena = ent__arena_create()) != NULL, ENT_ERR_MEMORY, "not enough memory for a sensitivity analysis");
    x->plan = plan;
    x->facts = (ent_sensitivity_facts){.scenario = ent__plan_text(plan, plan->head->scenario), .base = options->base > 0 ? options->base : BASE,
                                       .seed = options->has_seed ? options->seed : plan->head->seed};
    s.out = x;
    s.n = x->facts.base;
    s.run = (ent_run_options){.version = 1, .jobs = options->jobs, .progress = options->progress, .payload = options->payload};
    ENT_TRY(ent__factors_find(&x->factor, &x->n_factors, plan, options->input, options->n_inputs, options->groups, x->arena, err));
    ENT_TRY(read_targets(x, options, err));
    ENT_TRY(run_study(&s, err));
    *out = x;
    x = NULL;
done:
    study_free(&s, s.out != NULL ? s.out->n_factors : 0, s.out != NULL ? s.out->n_targets : 0);
    ent_sensitivity_free(x);
    return status;
}

void ent_sensitivity_free(ent_sensitivity *x)
{
    if (x == NULL)
        return;
    ent__arena_free(x->arena);
    ent__free(x);
}

/* --- views ------------------------------------------------------------------------------------------ */

ent_sensitivity_facts ent_sensitivity_get_facts(const ent_sensitivity *x) { return x->facts; }

ent_factor_view ent_sensitivity_factor(const ent_sensitivity *x, size_t f)
{
    static const char *const kind[] = {"input", "model", "event", "group"};
    const ent__factor *factor = &x->factor[f];
    return (ent_factor_view){factor->name, factor->label, factor->unit, kind[factor->kind], (size_t)factor->n_inputs};
}

ent_sensed_view ent_sensitivity_target(const ent_sensitivity *x, size_t t)
{
    const sensed *s = &x->sensed[t];
    const ent__target *target = &x->target[t];
    return (ent_sensed_view){.name = target->name, .title = target->title, .unit = target->unit, .is_claim = target->is_claim,
                             .mean = s->mean, .variance = s->variance, .first = s->first, .total = s->total, .delta = s->delta,
                             .reaches = s->reaches, .order = s->order};
}

size_t ent_sensitivity_curve_count(const ent_sensitivity *x, size_t t) { return x->sensed[t].n_curves; }
ent_curve_view ent_sensitivity_curve(const ent_sensitivity *x, size_t t, size_t c) { return x->sensed[t].curve[c]; }
