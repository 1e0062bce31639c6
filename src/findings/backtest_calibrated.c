/* Distributions around models' points, on proposals that were not used.
 *
 * REPEATS times the proposals are dealt into FOLDS parts: in the order of the uniforms of (seed, "backtest.folds",
 * repeat * proposals + proposal), one to each part in turn. Each part is scored with what was learned from the others. The
 * first forecaster with its errors on the same others, cut at 0 and 100, is what it is compared with. Of an issue all
 * scores are means over the repeats; intervals draw whole proposals. Of fewer than LEAST proposals nothing can be learned:
 * they are scored with what ships. */
#include "core/random.h"
#include "findings/backtest.h"
#include "findings/calibrate.h"

#include <math.h>
#include <stdlib.h>

enum { REPEATS = 10, FOLDS = 5, LEAST = 3 }; /* two to learn from and one to score */
static const double LOW = 0, HIGH = 100, MIDDLE = 50;

typedef struct cross {
    trial *t;
    int32_t folds;
    unsigned char *fold;     /* [REPEATS][proposals] */
    unsigned char *left_out; /* proposals */
    bool *can;               /* n: there is a distribution around a point */
    ent__predictive *at;     /* n */
    double *first;           /* n: CRPS of the first forecaster; NaN where it has none */
    double *crps, *miss, *times; /* n: sums over repeats, of one model */
    size_t *of;              /* n: known[] to issue */
    ent__learner *learner;
} cross;

/* --- folds ------------------------------------------------------------------------------------------------- */

typedef struct lot {
    double u;
    int32_t proposal;
} lot;

static int by_lot(const void *a, const void *b)
{
    const lot *x = a, *y = b;
    if (x->u != y->u)
        return x->u < y->u ? -1 : 1;
    return (x->proposal > y->proposal) - (x->proposal < y->proposal);
}

/* Only proposals with an issue that counts are dealt. */
static bool deal(cross *c)
{
    static const char name[] = "backtest";
    const trial *t = c->t;
    const int32_t all = (int32_t)t->from->proposals;
    const uint64_t stream = ent__stream(name, sizeof name - 1, "folds");
    lot *lots = ent__arena_alloc(t->arena, (size_t)all + 1, sizeof *lots);
    c->folds = t->whole.proposals < FOLDS ? (int32_t)t->whole.proposals : FOLDS;
    for (int32_t r = 0; r < REPEATS && lots != NULL; r++) {
        int32_t n = 0;
        for (size_t i = 0; i < t->n; i++)
            if (i == 0 || t->proposal[i] != t->proposal[i - 1]) {
                const uint64_t draw = (uint64_t)r * (uint64_t)all + (uint64_t)t->proposal[i];
                lots[n++] = (lot){ent__uniform(t->bootstrap.seed, stream, draw), t->proposal[i]};
            }
        qsort(lots, (size_t)n, sizeof *lots, by_lot);
        for (int32_t p = 0; p < n; p++)
            c->fold[r * all + lots[p].proposal] = (unsigned char)(p % c->folds);
    }
    return lots != NULL;
}

static void leave_out(cross *c, int32_t repeat, int32_t fold)
{
    const size_t all = c->t->from->proposals;
    for (size_t p = 0; p < all; p++)
        c->left_out[p] = c->fold[(size_t)repeat * all + p] == fold;
}

/* --- what it is compared with -------------------------------------------------------------------------------- */

/* t->errors of the first forecaster are sorted already. */
static void score_first(cross *c)
{
    const trial *t = c->t;
    double *sample = t->sample;
    for (size_t i = 0; i < t->n; i++)
        c->first[i] = 0;
    for (int32_t r = 0; r < REPEATS; r++)
        for (int32_t f = 0; f < c->folds; f++) {
            leave_out(c, r, f);
            for (size_t i = 0; i < t->n; i++) {
                size_t n = 0;
                if (!c->left_out[t->proposal[i]])
                    continue;
                for (size_t j = 0; j < t->n_errors[0] && !ent__is_undefined(t->prediction[i]); j++)
                    if (!c->left_out[t->errors[j].proposal]) {
                        const double y = t->prediction[i] + t->errors[j].error;
                        sample[n++] = y < LOW ? LOW : y > HIGH ? HIGH : y;
                    }
                c->first[i] += ent_score_crps(sample, n, t->outcome[i]) / REPEATS; /* NaN of none */
            }
        }
}

/* --- one model -------------------------------------------------------------------------------------------------- */

/* The positions held on every issue; their point is set for each model. */
static ent_status hold(cross *c, ent_error *err)
{
    ent_status status = ENT_OK;
    const trial *t = c->t;
    for (size_t i = 0; i < t->n; i++) {
        const ent_decision_issue *issue = &t->from->issue[t->issue[i]];
        double *number = ent__arena_alloc(t->arena, 2 * issue->n, sizeof *number);
        void *workspace = ent__arena_alloc(t->arena, ent__predictive_workspace(issue->n), 1);
        ENT_REQUIRE(number != NULL && workspace != NULL, ENT_ERR_MEMORY, "not enough memory for the positions held");
        for (size_t s = 0; s < issue->n; s++) {
            number[s] = t->from->stance[issue->first + s].position;
            number[issue->n + s] = t->from->stance[issue->first + s].salience;
        }
        const ent_settle_input in = {.n = issue->n, .position = number, .salience = number + issue->n,
                                     .capability = t->capability + issue->first};
        c->can[i] = ent__predictive_make(&c->at[i], &in, number[0], NULL, workspace);
    }
done:
    return status;
}

static bool know(cross *c, size_t k)
{
    const trial *t = c->t;
    const double *x = t->prediction + k * t->n;
    ent__learner *l = c->learner;
    l->n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (!c->can[i] || ent__is_undefined(x[i]))
            continue;
        c->of[l->n] = i;
        ent__known *known = &l->known[l->n++];
        *known = (ent__known){.is = c->at[i], .outcome = t->outcome[i], .proposal = t->proposal[i]};
        ent__predictive_move(&known->is, x[i]);
        ent__known_measure(known);
    }
    return ent__learner_sort(l);
}

static void score_issue(cross *c, ent_backtest_calibrated *s, const ent__known *known, const ent_calibration *learned, size_t i)
{
    static const double level[3] = {0.5, 0.8, 0.95};
    ent__predictive p = known->is;
    p.from = learned;
    const double y = known->outcome, above = 1 - ent__predictive_at(&p, MIDDLE);
    const ent_pit pit = {ent__predictive_below(&p, y), ent__predictive_at(&p, y)};
    c->crps[i] += ent__predictive_crps(&p, y);
    c->miss[i] += fabs(ent__predictive_quantile(&p, 0.5) - y);
    c->times[i] += 1;
    for (size_t l = 0; l < ENT_COUNT(level); l++)
        s->cover[l] += ent_score_coverage(pit, level[l]);
    ent__trial_tenth(s->pit, pit);
    size_t step = (size_t)(above * ENT_BACKTEST_STEPS);
    step = step < ENT_BACKTEST_STEPS ? step : ENT_BACKTEST_STEPS - 1;
    s->brier += ent_score_brier(above, y > MIDDLE);
    s->said[step] += above;
    s->happened[step] += y > MIDDLE;
    s->count[step] += 1;
}

static void average(ent_backtest_calibrated *s, double times)
{
    double n = 0;
    for (size_t b = 0; b < ENT_BACKTEST_STEPS; b++)
        n += s->count[b];
    for (size_t l = 0; l < ENT_COUNT(s->cover); l++)
        s->cover[l] = n > 0 ? s->cover[l] / n : ENT_UNDEFINED;
    for (size_t b = 0; b < ENT_BACKTEST_BINS; b++)
        s->pit[b] = n > 0 ? s->pit[b] / n : ENT_UNDEFINED;
    s->brier = n > 0 ? s->brier / n : ENT_UNDEFINED;
    for (size_t b = 0; b < ENT_BACKTEST_STEPS; b++) {
        s->said[b] = s->count[b] > 0 ? s->said[b] / s->count[b] : ENT_UNDEFINED;
        s->happened[b] = s->count[b] > 0 ? s->happened[b] / s->count[b] : ENT_UNDEFINED;
        s->count[b] /= times;
    }
}

/* Each part with what was learned from the others. */
static void score_parts(cross *c, ent_backtest_calibrated *s, const char *model)
{
    const ent__learner *l = c->learner;
    for (int32_t r = 0; r < REPEATS; r++)
        for (int32_t f = 0; f < c->folds; f++) {
            ent_calibration learned = {.model = model};
            leave_out(c, r, f);
            if (!ent__learner_learn(&learned, c->learner, c->left_out))
                continue;
            for (size_t j = 0; j < l->n; j++)
                if (c->left_out[l->known[j].proposal])
                    score_issue(c, s, &l->known[j], &learned, c->of[j]);
        }
}

static ent_status score_model(cross *c, size_t k, ent_error *err)
{
    ent_status status = ENT_OK;
    const trial *t = c->t;
    ent_backtest_calibrated *s = &t->scores[k].calibrated;
    for (size_t i = 0; i < t->n; i++)
        c->crps[i] = c->miss[i] = c->times[i] = 0;
    if (!t->whole.is_shipped)
        score_parts(c, s, t->scores[k].name);
    for (size_t j = 0; j < c->learner->n && t->whole.is_shipped && t->calibration[k] != NULL; j++)
        score_issue(c, s, &c->learner->known[j], t->calibration[k], c->of[j]);
    average(s, t->whole.is_shipped ? 1 : REPEATS);
    for (size_t i = 0; i < t->n; i++) {
        c->crps[i] = c->times[i] > 0 ? c->crps[i] / c->times[i] : ENT_UNDEFINED;
        c->miss[i] = c->times[i] > 0 ? c->miss[i] / c->times[i] : ENT_UNDEFINED;
    }
    ENT_TRY(ent__trial_mean(&s->mae, &s->mae_interval, t, c->miss, 0.95, err));
    ENT_TRY(ent__trial_mean(&s->crps, &s->crps_interval, t, c->crps, 0.95, err));
    for (size_t i = 0; i < t->n; i++)
        c->crps[i] -= c->first[i];
    ENT_TRY(ent__trial_mean(&s->against, &s->against_interval, t, c->crps, 0.9, err));
done:
    return status;
}

/* What was learned from all, kept for the caller. */
static ent_status keep(cross *c, size_t k, ent_error *err)
{
    ent_status status = ENT_OK;
    trial *t = c->t;
    const ent_backtest_calibrated *s = &t->scores[k].calibrated;
    ent_calibration *kept = ent__arena_alloc(t->arena, 1, sizeof *kept);
    ENT_REQUIRE(kept != NULL, ENT_ERR_MEMORY, "not enough memory for what was learned");
    kept->model = t->scores[k].name;
    if (!ent__learner_learn(kept, c->learner, NULL))
        goto done;
    const size_t n = (size_t)kept->n_errors;
    int16_t *lists = ent__arena_alloc(t->arena, 2 * n, sizeof *lists);
    ENT_REQUIRE(lists != NULL, ENT_ERR_MEMORY, "not enough memory for what was learned");
    for (size_t i = 0; i < n; i++) {
        lists[i] = kept->errors[i];
        lists[n + i] = kept->outcomes[i];
    }
    kept->errors = lists;
    kept->outcomes = lists + n;
    kept->mae = s->mae;
    kept->crps = s->crps;
    kept->cover80 = s->cover[1];
    t->calibration[k] = kept;
done:
    return status;
}

static void say_nothing(ent_backtest_calibrated *s)
{
    const ent_interval none = {ENT_UNDEFINED, ENT_UNDEFINED};
    *s = (ent_backtest_calibrated){.mae = ENT_UNDEFINED, .crps = ENT_UNDEFINED, .against = ENT_UNDEFINED, .brier = ENT_UNDEFINED,
                                   .mae_interval = none, .crps_interval = none, .against_interval = none};
    for (size_t l = 0; l < ENT_COUNT(s->cover); l++)
        s->cover[l] = ENT_UNDEFINED;
    for (size_t b = 0; b < ENT_BACKTEST_BINS; b++)
        s->pit[b] = ENT_UNDEFINED;
    for (size_t b = 0; b < ENT_BACKTEST_STEPS; b++)
        s->said[b] = s->happened[b] = ENT_UNDEFINED;
}

static ent_status reserve(cross *c, ent_error *err)
{
    ent_status status = ENT_OK;
    trial *t = c->t;
    const size_t n = t->n + 1, proposals = t->from->proposals + 1;
    t->calibration = ent__arena_alloc(t->arena, t->k, sizeof *t->calibration);
    c->fold = ent__arena_alloc(t->arena, REPEATS * proposals, 1);
    c->left_out = ent__arena_alloc(t->arena, proposals, 1);
    c->can = ent__arena_alloc(t->arena, n, sizeof *c->can);
    c->at = ent__arena_alloc(t->arena, n, sizeof *c->at);
    c->first = ent__arena_alloc(t->arena, n, sizeof *c->first);
    c->crps = ent__arena_alloc(t->arena, n, sizeof *c->crps);
    c->miss = ent__arena_alloc(t->arena, n, sizeof *c->miss);
    c->times = ent__arena_alloc(t->arena, n, sizeof *c->times);
    c->of = ent__arena_alloc(t->arena, n, sizeof *c->of);
    c->learner = ent__learner_create(t->arena, n);
    ENT_REQUIRE(t->calibration && c->fold && c->left_out && c->can && c->at && c->first && c->crps && c->miss && c->times &&
                    c->of && c->learner,
                ENT_ERR_MEMORY, "not enough memory to learn from %zu issues", t->n);
done:
    return status;
}

ent_status ent__trial_calibrate(trial *t, ent_error *err)
{
    ent_status status = ENT_OK;
    cross c = {.t = t};
    ENT_TRY(reserve(&c, err));
    ENT_TRY(hold(&c, err));
    for (size_t k = 0; k < t->k; k++)
        say_nothing(&t->scores[k].calibrated);
    t->whole.is_shipped = t->whole.proposals < LEAST;
    ENT_REQUIRE(deal(&c), ENT_ERR_MEMORY, "not enough memory to deal the proposals");
    score_first(&c);
    for (size_t k = 0; k < t->k; k++) {
        if (t->model[k] == NULL)
            continue;
        t->scores[k].calibrated = (ent_backtest_calibrated){.mae = 0};
        ENT_REQUIRE(know(&c, k), ENT_ERR_MEMORY, "not enough memory to learn from %zu issues", t->n);
        if (t->whole.is_shipped)
            t->calibration[k] = ent_calibration_of(t->model[k]);
        ENT_TRY(score_model(&c, k, err));
        if (!t->whole.is_shipped)
            ENT_TRY(keep(&c, k, err));
    }
done:
    return status;
}
