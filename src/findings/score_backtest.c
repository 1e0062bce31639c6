/* Every model against decisions whose outcome is known.
 *
 * Of forecaster m on issue i: prediction x_mi, error e_mi = y_i - x_mi. Its distribution there is the sample
 * { cut(x_mi + e_mj) : j not of the proposal of i }, cut at 0 and 100: what it would have said with its record on other
 * proposals. So the distribution of the constant 50 is that of past outcomes (climatology).
 *
 * The stack is the mixture of least mean CRPS. For a mixture with weights w it is sum w_k miss_k - 1/2 sum w_k w_l
 * apart_kl, so means of miss and apart by issue are all that is needed; leaving a proposal out takes its part off. */
#include "findings/backtest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LOW = 0, HIGH = 100, MIDDLE = 50;

/* --- predictions ----------------------------------------------------------------------------------------- */

typedef struct table_of { /* one issue, or the issues of a proposal: columns of actors */
    double *position, *salience, *capability;
    int32_t *row; /* of an actor, -1 none yet */
    size_t n, actors;
} table_of;

static ent_status settle_one(double *out, const trial *t, const ent_model *model, size_t i, const table_of *room,
                             ent_error *err)
{
    const ent_decision_issue *issue = &t->from->issue[t->issue[i]];
    double option[32];
    for (size_t s = 0; s < issue->n; s++) {
        const ent_decision_stance *stance = &t->from->stance[issue->first + s];
        room->position[s] = stance->position;
        room->salience[s] = stance->salience;
        room->capability[s] = t->capability[issue->first + s];
    }
    ent_model_defaults(option, model);
    *out = ENT_UNDEFINED;
    if (ent_model_needs_status_quo(model, option) != NULL && ent__is_undefined(issue->reference))
        return ENT_OK;
    const ent_settle_input in = {.n = issue->n,
                                 .position = room->position,
                                 .salience = room->salience,
                                 .capability = room->capability,
                                 .low = LOW,
                                 .high = HIGH,
                                 .status_quo = issue->reference,
                                 .option = option,
                                 .seed = t->bootstrap.seed,
                                 .draw = i};
    ent_settle_output settled = {.outcome = ENT_UNDEFINED};
    const ent_status status = ent_settle(&settled, &in, model, NULL);
    if (status == ENT_ERR_MEMORY)
        return ent__error_set(err, status, "", 0, 0, "not enough memory to settle an issue");
    if (status == ENT_OK)
        *out = settled.outcome;
    return ENT_OK; /* no weight at all: not settled */
}

/* The stances on issues i .. i + issues - 1, which belong to one proposal. */
static void fill_table(table_of *room, const trial *t, size_t i, size_t issues)
{
    room->n = 0;
    for (size_t a = 0; a < t->from->actors; a++)
        room->row[a] = -1;
    for (size_t d = 0; d < issues; d++) {
        const ent_decision_issue *issue = &t->from->issue[t->issue[i + d]];
        for (size_t s = issue->first; s < issue->first + issue->n; s++) {
            int32_t *row = &room->row[t->from->stance[s].actor];
            if (*row < 0) {
                *row = (int32_t)room->n++;
                for (size_t e = 0; e < issues; e++) {
                    const size_t cell = (size_t)*row * issues + e;
                    room->position[cell] = ENT_UNDEFINED;
                    room->salience[cell] = room->capability[cell] = 0;
                }
            }
            const size_t cell = (size_t)*row * issues + d;
            room->position[cell] = t->from->stance[s].position;
            room->salience[cell] = t->from->stance[s].salience;
            room->capability[cell] = t->capability[s];
        }
    }
}

static ent_status settle_together(double *out, const trial *t, const ent_model *model, size_t i, size_t issues,
                                  table_of *room, ent_error *err)
{
    ent_status status = ENT_OK;
    double option[32], *scale = NULL;
    void *work = NULL;
    ent_stop stop;
    fill_table(room, t, i, issues);
    ent_model_defaults(option, model);
    scale = ent__alloc(issues, 3 * sizeof *scale);
    work = ent__alloc(model->workspace_many(room->n, issues) + 16, 1);
    ENT_REQUIRE(scale != NULL && work != NULL, ENT_ERR_MEMORY, "not enough memory to settle a proposal");
    for (size_t d = 0; d < issues; d++) {
        scale[d] = LOW;
        scale[issues + d] = HIGH;
        scale[2 * issues + d] = t->from->issue[t->issue[i + d]].reference;
        out[d] = ENT_UNDEFINED;
    }
    const ent_settle_many_input in = {.n = room->n,
                                      .issues = issues,
                                      .position = room->position,
                                      .salience = room->salience,
                                      .capability = room->capability,
                                      .low = scale,
                                      .high = scale + issues,
                                      .status_quo = scale + 2 * issues,
                                      .option = option,
                                      .seed = t->bootstrap.seed,
                                      .draw = i};
    model->settle_many(out, &stop, &in, work);
done:
    ent__free(scale);
    ent__free(work);
    return status;
}

static double plain_mean(const trial *t, size_t i)
{
    const ent_decision_issue *issue = &t->from->issue[t->issue[i]];
    double sum = 0;
    for (size_t s = 0; s < issue->n; s++)
        sum += t->from->stance[issue->first + s].position;
    return sum / (double)issue->n;
}

static ent_status predict(trial *t, size_t k, table_of *room, ent_error *err)
{
    const ent_model *model = t->model[k];
    double *out = t->prediction + k * t->n;
    ent_status status = ENT_OK;
    for (size_t i = 0, issues; i < t->n && status == ENT_OK; i += issues) {
        issues = 1;
        if (model == NULL) {
            out[i] = strcmp(t->scores[k].name, "mean") == 0 ? plain_mean(t, i) : MIDDLE;
        } else if (model->settle != NULL) {
            status = settle_one(&out[i], t, model, i, room, err);
        } else {
            while (i + issues < t->n && t->proposal[i + issues] == t->proposal[i])
                issues++;
            status = settle_together(&out[i], t, model, i, issues, room, err);
        }
    }
    return status;
}

static ent_status predict_all(trial *t, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t together = 1, most = 1;
    table_of room = {0};
    for (size_t i = 0; i < t->n; i++) {
        together = i > 0 && t->proposal[i] == t->proposal[i - 1] ? together + 1 : 1;
        most = together > most ? together : most;
    }
    const size_t cells = (t->from->actors + 1) * most;
    room.position = ent__alloc(cells, sizeof(double));
    room.salience = ent__alloc(cells, sizeof(double));
    room.capability = ent__alloc(cells, sizeof(double));
    room.row = ent__alloc(t->from->actors + 1, sizeof *room.row);
    ENT_REQUIRE(room.position != NULL && room.salience != NULL && room.capability != NULL && room.row != NULL,
                ENT_ERR_MEMORY, "not enough memory to settle the issues");
    for (size_t k = 0; k < t->k; k++)
        ENT_TRY(predict(t, k, &room, err));
done:
    ent__free(room.position);
    ent__free(room.salience);
    ent__free(room.capability);
    ent__free(room.row);
    return status;
}

/* --- distributions --------------------------------------------------------------------------------------- */

static int by_error(const void *a, const void *b)
{
    const tagged *x = a, *y = b;
    if (x->error != y->error)
        return x->error < y->error ? -1 : 1;
    return (x->proposal > y->proposal) - (x->proposal < y->proposal);
}

static void collect_errors(trial *t, size_t k)
{
    const double *x = t->prediction + k * t->n;
    tagged *error = t->errors + k * t->n;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (!ent__is_undefined(x[i]))
            error[n++] = (tagged){t->outcome[i] - x[i], t->proposal[i]};
    qsort(error, n, sizeof *error, by_error);
    t->n_errors[k] = n;
}

/* The forecaster's distribution on issue i, rising, since cutting keeps the order. */
static void spread(trial *t, size_t k, size_t i)
{
    const double x = t->prediction[k * t->n + i];
    const tagged *error = t->errors + k * t->n;
    double *out = t->sample + k * t->n;
    size_t n = 0;
    for (size_t j = 0; j < t->n_errors[k] && !ent__is_undefined(x); j++)
        if (error[j].proposal != t->proposal[i]) {
            const double y = x + error[j].error;
            out[n++] = y < LOW ? LOW : y > HIGH ? HIGH : y;
        }
    t->size[k] = n;
}

static double share_above(const double *sorted, size_t n, double x)
{
    size_t above = 0;
    for (size_t i = 0; i < n; i++)
        above += sorted[i] > x;
    return (double)above / (double)n;
}

void ent__trial_tenth(double tenth[ENT_BACKTEST_BINS], ent_pit pit)
{
    for (size_t b = 0; b < ENT_BACKTEST_BINS; b++) {
        const double low = (double)b / ENT_BACKTEST_BINS, high = (double)(b + 1) / ENT_BACKTEST_BINS;
        if (pit.at > pit.below) /* y is no new extreme: else the point lies in one tenth */
            tenth[b] += ent_score_pit_share(pit, low, high);
        else
            tenth[b] += pit.at >= low && (pit.at < high || (b + 1 == ENT_BACKTEST_BINS && pit.at <= high));
    }
}

/* Sums over issues; divided at the end. */
static void score_issue(trial *t, size_t k, size_t i)
{
    static const double level[3] = {0.5, 0.8, 0.95};
    ent_backtest_scores *s = &t->scores[k];
    const double *sample = t->sample + k * t->n, y = t->outcome[i];
    const size_t n = t->size[k];
    if (n == 0)
        return;
    const ent_pit pit = ent_score_pit(sample, n, y);
    for (size_t c = 0; c < ENT_COUNT(level); c++)
        s->cover[c] += ent_score_coverage(pit, level[c]);
    ent__trial_tenth(s->pit, pit);
    const double p = share_above(sample, n, MIDDLE);
    size_t step = (size_t)(p * ENT_BACKTEST_STEPS);
    step = step < ENT_BACKTEST_STEPS ? step : ENT_BACKTEST_STEPS - 1;
    s->brier += ent_score_brier(p, y > MIDDLE);
    s->said[step] += p;
    s->happened[step] += y > MIDDLE;
    s->count[step]++;
}

static void spread_all(trial *t)
{
    for (size_t k = 0; k < t->k; k++)
        collect_errors(t, k);
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < t->k; k++) {
            spread(t, k, i);
            score_issue(t, k, i);
        }
        for (size_t k = 0; k < t->k; k++) {
            const double *x = t->sample + k * t->n;
            t->miss[k * t->n + i] = ent_score_distance(x, t->size[k], &t->outcome[i], 1);
            for (size_t l = k; l < t->k; l++) {
                const double d = ent_score_distance(x, t->size[k], t->sample + l * t->n, t->size[l]);
                t->apart[(i * t->k + k) * t->k + l] = t->apart[(i * t->k + l) * t->k + k] = d;
            }
        }
    }
}

/* --- scores ------------------------------------------------------------------------------------------------ */

ent_status ent__trial_mean(double *mean, ent_interval *interval, const trial *t, const double *value, double level,
                           ent_error *err)
{
    double sum = 0;
    size_t n = 0;
    ent_bootstrap_options options = t->bootstrap;
    options.level = level;
    for (size_t i = 0; i < t->n; i++)
        if (!ent__is_undefined(value[i])) {
            sum += value[i];
            n++;
        }
    *mean = n > 0 ? sum / (double)n : ENT_UNDEFINED;
    *interval = (ent_interval){ENT_UNDEFINED, ENT_UNDEFINED};
    const ent_status status =
        ent_score_bootstrap(interval, value, t->proposal, t->n, (int32_t)t->from->proposals, &options, NULL);
    if (status == ENT_OK || status == ENT_ERR_DOMAIN)
        return ENT_OK;
    return ent__error_set(err, status, "", 0, 0, "%s", ent_status_text(status));
}

static void divide(ent_backtest_scores *s)
{
    size_t n = 0;
    for (size_t b = 0; b < ENT_BACKTEST_STEPS; b++)
        n += s->count[b];
    for (size_t c = 0; c < 3; c++)
        s->cover[c] = n > 0 ? s->cover[c] / (double)n : ENT_UNDEFINED;
    for (size_t b = 0; b < ENT_BACKTEST_BINS; b++)
        s->pit[b] = n > 0 ? s->pit[b] / (double)n : ENT_UNDEFINED;
    s->brier = n > 0 ? s->brier / (double)n : ENT_UNDEFINED;
    for (size_t b = 0; b < ENT_BACKTEST_STEPS; b++) {
        s->said[b] = s->count[b] > 0 ? s->said[b] / (double)s->count[b] : ENT_UNDEFINED;
        s->happened[b] = s->count[b] > 0 ? s->happened[b] / (double)s->count[b] : ENT_UNDEFINED;
    }
}

static ent_status score(trial *t, size_t k, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_backtest_scores *s = &t->scores[k];
    const double *x = t->prediction + k * t->n;
    s->n = t->n_errors[k];
    for (size_t i = 0; i < t->n; i++) {
        t->distance[i] = fabs(x[i] - t->outcome[i]);
        t->crps[i] = t->miss[k * t->n + i] - t->apart[(i * t->k + k) * t->k + k] / 2;
    }
    ENT_TRY(ent__trial_mean(&s->mae, &s->mae_interval, t, t->distance, 0.95, err));
    ENT_TRY(ent__trial_mean(&s->crps, &s->crps_interval, t, t->crps, 0.95, err));
    for (size_t i = 0; i < t->n; i++)
        t->distance[i] -= fabs(t->prediction[i] - t->outcome[i]);
    ENT_TRY(ent__trial_mean(&s->against, &s->against_interval, t, t->distance, 0.9, err));
    divide(s);
done:
    return status;
}

/* --- the stack ----------------------------------------------------------------------------------------------- */

typedef struct pile {
    size_t k, of[ENT_BACKTEST_MODELS];
    double miss[ENT_BACKTEST_MODELS], apart[ENT_BACKTEST_MODELS * ENT_BACKTEST_MODELS];
} pile;

/* Issue i times `sign` into the sums. */
static void pile_up(pile *p, const trial *t, size_t i, double sign)
{
    for (size_t a = 0; a < p->k; a++) {
        p->miss[a] += sign * t->miss[p->of[a] * t->n + i];
        for (size_t b = 0; b < p->k; b++)
            p->apart[a * p->k + b] += sign * t->apart[(i * t->k + p->of[a]) * t->k + p->of[b]];
    }
}

static double mixed(const pile *p, const trial *t, const double *weight, size_t i)
{
    double score = 0;
    for (size_t a = 0; a < p->k; a++) {
        score += weight[a] * t->miss[p->of[a] * t->n + i];
        for (size_t b = 0; b < p->k; b++)
            score -= weight[a] * weight[b] * t->apart[(i * t->k + p->of[a]) * t->k + p->of[b]] / 2;
    }
    return score;
}

/* Over the forecasters that settled every issue. Issues of a proposal follow each other. */
static ent_status stack(trial *t, ent_error *err)
{
    double weight[ENT_BACKTEST_MODELS];
    pile all = {0};
    for (size_t k = 0; k < t->k; k++) {
        t->scores[k].weight = ENT_UNDEFINED;
        if (t->n_errors[k] == t->n)
            all.of[all.k++] = k;
    }
    for (size_t i = 0; i < t->n; i++)
        pile_up(&all, t, i, 1);
    t->whole.stack_crps = ENT_UNDEFINED;
    t->whole.stack_interval = (ent_interval){ENT_UNDEFINED, ENT_UNDEFINED};
    if (t->n == 0 || t->proposal[0] == t->proposal[t->n - 1])
        return ENT_OK; /* one proposal: no distributions */
    ent_score_stack(weight, all.miss, all.apart, all.k);
    for (size_t a = 0; a < all.k; a++)
        t->scores[all.of[a]].weight = weight[a];
    for (size_t i = 0, end; i < t->n; i = end) {
        pile others = all;
        for (end = i; end < t->n && t->proposal[end] == t->proposal[i]; end++)
            pile_up(&others, t, end, -1);
        ent_score_stack(weight, others.miss, others.apart, others.k);
        for (size_t j = i; j < end; j++)
            t->crps[j] = mixed(&all, t, weight, j);
    }
    t->whole.stacked = all.k;
    return ent__trial_mean(&t->whole.stack_crps, &t->whole.stack_interval, t, t->crps, 0.95, err);
}

/* --- the whole ------------------------------------------------------------------------------------------------ */

static bool settles(const ent_model *model)
{
    return strcmp(model->room, "settle") == 0 && (model->settle != NULL || model->settle_many != NULL);
}

static ent_status choose(trial *t, const ent_backtest_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    const size_t given = options->model != NULL ? options->n_models : ent_model_count();
    const char *name[ENT_BACKTEST_MODELS];
    for (size_t m = 0; m < given; m++) {
        const ent_model *model = options->model != NULL ? options->model[m] : ent_model_get(m);
        if (options->model == NULL && !settles(model))
            continue;
        ENT_REQUIRE(model != NULL && settles(model), ENT_ERR_ARGUMENT, "the model %s does not settle an issue",
                    model != NULL ? model->name : "NULL");
        ENT_REQUIRE(t->k + 2 < ENT_BACKTEST_MODELS && model->n_options <= 32, ENT_ERR_LIMIT,
                    "%zu models; at most %d are scored at once", given, ENT_BACKTEST_MODELS - 2);
        name[t->k] = model->name;
        t->model[t->k++] = model;
    }
    name[t->k++] = "mean";
    name[t->k++] = "middle";
    t->scores = ent__arena_alloc(t->arena, t->k, sizeof *t->scores);
    ENT_REQUIRE(t->scores != NULL, ENT_ERR_MEMORY, "not enough memory for the scores");
    for (size_t k = 0; k < t->k; k++) {
        t->scores[k].name = name[k];
        t->scores[k].is_yardstick = t->model[k] == NULL;
        t->scores[k].title = t->model[k] != NULL ? t->model[k]->title
                             : k + 2 == t->k     ? "Mean of positions, nobody weighted"
                                                 : "Always the middle of the scale";
    }
done:
    return status;
}

/* Issues with an outcome and a stance, those of a proposal next to each other. */
static ent_status take_issues(trial *t, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_decisions *d = t->from;
    ENT_REQUIRE(d->issues <= ENT_BACKTEST_MAX_ISSUES, ENT_ERR_LIMIT, "%zu issues; at most %d are scored at once", d->issues,
                ENT_BACKTEST_MAX_ISSUES);
    t->issue = ent__arena_alloc(t->arena, d->issues + 1, sizeof *t->issue);
    t->proposal = ent__arena_alloc(t->arena, d->issues + 1, sizeof *t->proposal);
    t->outcome = ent__arena_alloc(t->arena, d->issues + 1, sizeof *t->outcome);
    ENT_REQUIRE(t->issue != NULL && t->proposal != NULL && t->outcome != NULL, ENT_ERR_MEMORY,
                "not enough memory for the issues");
    for (size_t p = 0; p < d->proposals; p++) {
        bool any = false;
        for (size_t i = 0; i < d->issues; i++) {
            const ent_decision_issue *issue = &d->issue[i];
            if ((size_t)issue->proposal != p || issue->n == 0 || ent__is_undefined(issue->outcome))
                continue;
            t->issue[t->n] = (int32_t)i;
            t->proposal[t->n] = issue->proposal;
            t->outcome[t->n++] = issue->outcome;
            any = true;
        }
        t->whole.proposals += any;
    }
    ENT_REQUIRE(t->n > 0, ENT_ERR_SCENARIO,
                "nothing can be scored: of %zu issues none has both an outcome and an actor with a position",
                d->issues);
done:
    return status;
}

static ent_status reserve(trial *t, ent_error *err)
{
    ent_status status = ENT_OK;
    const size_t cells = t->k * t->n;
    t->capability = ent__arena_alloc(t->arena, t->from->stances + 1, sizeof(double));
    t->prediction = ent__arena_alloc(t->arena, cells, sizeof(double));
    t->miss = ent__arena_alloc(t->arena, cells, sizeof(double));
    t->apart = ent__arena_alloc(t->arena, cells * t->k, sizeof(double));
    t->distance = ent__arena_alloc(t->arena, t->n, sizeof(double));
    t->crps = ent__arena_alloc(t->arena, t->n, sizeof(double));
    t->sample = ent__arena_alloc(t->arena, cells, sizeof(double));
    t->size = ent__arena_alloc(t->arena, t->k, sizeof *t->size);
    t->errors = ent__arena_alloc(t->arena, cells, sizeof *t->errors);
    t->n_errors = ent__arena_alloc(t->arena, t->k, sizeof *t->n_errors);
    ENT_REQUIRE(t->capability && t->prediction && t->miss && t->apart && t->distance && t->crps && t->sample &&
                    t->size && t->errors && t->n_errors,
                ENT_ERR_MEMORY, "not enough memory to score %zu issues", t->n);
done:
    return status;
}

ent_status ent_backtest_run(ent_backtest **out, const ent_decisions *decisions, const ent_backtest_options *given,
                            ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_backtest_options options = given != NULL ? *given : (ent_backtest_options)ENT_BACKTEST_OPTIONS_INIT;
    trial *t = NULL;
    ENT_REQUIRE(out != NULL && decisions != NULL && options.version == 1, ENT_ERR_ARGUMENT,
                "a backtest needs decisions, options of version 1 and a place for the scores");
    *out = NULL;
    t = ent__alloc(1, sizeof *t);
    if (t != NULL)
        t->arena = ent__arena_create();
    ENT_REQUIRE(t != NULL && t->arena != NULL, ENT_ERR_MEMORY, "not enough memory for a backtest");
    t->from = decisions;
    t->bootstrap = (ent_bootstrap_options){.version = 1, .replicates = options.replicates, .seed = options.seed};
    ENT_TRY(choose(t, &options, err));
    ENT_TRY(take_issues(t, err));
    ENT_TRY(reserve(t, err));
    ENT_TRY(ent_decisions_capability(t->capability, decisions, options.capability, err));
    ENT_TRY(predict_all(t, err));
    spread_all(t);
    for (size_t k = 0; k < t->k; k++)
        ENT_TRY(score(t, k, err));
    ENT_TRY(stack(t, err));
    ENT_TRY(ent__trial_calibrate(t, err));
    t->whole.forecasters = t->k;
    t->whole.issues = t->n;
    t->whole.scores = t->scores;
    t->whole.issue = t->issue;
    t->whole.prediction = t->prediction;
    t->whole.calibration = t->calibration;
done:
    if (status == ENT_OK)
        *out = &t->whole;
    else if (t != NULL)
        ent_backtest_free(&t->whole);
    return status;
}

void ent_backtest_free(ent_backtest *backtest)
{
    if (backtest == NULL)
        return;
    trial *t = (trial *)backtest;
    ent__arena_free(t->arena);
    ent__free(t);
}
