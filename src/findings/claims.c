/* Claims: shares, verdicts, and what decides them.
 *
 * How much an input alone explains of a claim is the variance of the claim's share between equally likely bins of the
 * input, over the claim's own variance (the correlation ratio of Pearson 1905; the first-order index of Sobol' 1993
 * from given draws), less what bins of pure noise would show. */
#include "findings/findings.h"

#include "core/distribution.h"
#include "core/elementary.h"

static const double thresholds[] = {0.9, 2.0 / 3, 1.0 / 3, 0.1};

ent_verdict ent__verdict_of(double share)
{
    if (share != share)
        return ENT_VERDICT_UNTESTED;
    if (share >= thresholds[0])
        return ENT_VERDICT_FOLLOWS;
    if (share >= thresholds[1])
        return ENT_VERDICT_LEANS_TO;
    if (share <= thresholds[3])
        return ENT_VERDICT_DOES_NOT_FOLLOW;
    return share <= thresholds[2] ? ENT_VERDICT_LEANS_AGAINST : ENT_VERDICT_OPEN;
}

bool ent__near_threshold(double share, double error)
{
    for (size_t t = 0; t < ENT_COUNT(thresholds); t++) {
        double distance = share - thresholds[t];
        if ((distance < 0 ? -distance : distance) <= 2 * error)
            return true;
    }
    return false;
}

/* Models fall on different sides of one half, each by more than two errors. */
bool ent__models_differ(const ent_claim_arm *by_model, size_t n)
{
    bool above = false, below = false;
    for (size_t m = 0; m < n; m++) {
        above = above || by_model[m].share - 0.5 > 2 * by_model[m].mc_error;
        below = below || 0.5 - by_model[m].share > 2 * by_model[m].mc_error;
    }
    return above && below;
}

void ent__claim_arm(ent_claim_arm *out, const ent__ensemble *e, const ent__form_source *source)
{
    *out = (ent_claim_arm){.share = ENT_UNDEFINED, .mc_error = ENT_UNDEFINED, .verdict = ENT_VERDICT_UNTESTED};
    if (source->tally < 0)
        return;
    const ent__moments *m = &e->moments[source->tally];
    out->counted = source->counted >= 0 ? e->moments[source->counted].mean : 1;
    if (!(m->weight > 0)) {
        out->counted = 0;
        return;
    }
    out->share = m->mean;
    out->mc_error = ent__moments_error(m, e->weighted);
    out->verdict = ent__verdict_of(out->share);
    out->near_threshold = ent__near_threshold(out->share, out->mc_error);
    out->undefined = source->undefined >= 0 ? e->moments[source->undefined].mean : m->undefined / (m->weight + m->undefined);
}

/* --- what decides a claim ------------------------------------------------------------------------- */

typedef struct bins { /* of one driver and one claim */
    int32_t n;
    double holds[ENT_CURVE_BINS], counts[ENT_CURVE_BINS]; /* weights */
    double share, weight;
} bins;

/* Where a track stands among those that a driver reaches, or -1. */
static int32_t place_of(const ent__reach *reach, int32_t driver, int32_t track)
{
    int32_t low = reach->first[driver], high = reach->first[driver + 1];
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (reach->track[middle] < track)
            low = middle + 1;
        else
            high = middle;
    }
    return low < reach->first[driver + 1] && reach->track[low] == track ? low - reach->first[driver] : -1;
}

static bins read_bins(const ent__ensemble *e, int32_t driver, int32_t track)
{
    const double unit = 1 / 4294967296.0;
    bins b = {.n = e->program->plan->drivers[driver].bins, .share = ENT_UNDEFINED};
    int32_t first = e->reach.first[driver], tracks = e->reach.first[driver + 1] - first, place = place_of(&e->reach, driver, track);
    if (place < 0)
        return b;
    double holds = 0;
    for (int32_t k = 0; k < b.n; k++) {
        const uint64_t *at = e->curve + 2 * (ENT_CURVE_BINS * (size_t)first + (size_t)k * (size_t)tracks + (size_t)place);
        b.holds[k] = (double)at[0] * unit;
        b.counts[k] = (double)at[1] * unit;
        holds += b.holds[k];
        b.weight += b.counts[k];
    }
    b.share = b.weight > 0 ? holds / b.weight : ENT_UNDEFINED;
    return b;
}

/* Strength and its error where there is no effect: (bins - 1) / n is what noise shows, +- sqrt(2 (bins - 1)) / n. */
static void strength_of(double *strength, double *error, const bins *b, double variance, double n)
{
    double between = 0;
    int32_t filled = 0;
    for (int32_t k = 0; k < b->n; k++) {
        if (!(b->counts[k] > 0))
            continue;
        double step = b->holds[k] / b->counts[k] - b->share;
        between += b->counts[k] / b->weight * (step * step);
        filled++;
    }
    double free = filled > 1 ? filled - 1 : 1;
    double explained = variance > 0 ? between / variance - free / n : 0;
    *strength = explained > 0 ? (explained < 1 ? explained : 1) : 0;
    *error = ent_sqrt(2 * free) / n;
}

static void edges_of(ent_driver *out, const ent_results *r, const ent__plan_driver *driver)
{
    const double floor = 0.001; /* the outermost bins end where all but a thousandth lies */
    const ent__plan_input *input = driver->kind == ENT__DRIVER_UNIFORM ? &r->plan->inputs[driver->input] : NULL;
    for (int32_t k = 0; k < out->bins; k++) {
        double from = (double)k / out->bins, to = (double)(k + 1) / out->bins;
        from = from < floor ? floor : from;
        to = to > 1 - floor ? 1 - floor : to;
        if (input == NULL) {
            out->low[k] = out->high[k] = k;
        } else if (input->distribution >= 0) {
            const ent__distribution *d = &r->program->distribution[input->distribution];
            out->low[k] = ent__distribution_quantile(d, from);
            out->high[k] = ent__distribution_quantile(d, to);
        } else { /* pooled experts: their answers have no common order; the ends are of the uniform */
            out->low[k] = from;
            out->high[k] = to;
        }
    }
}

/* Where the curve first crosses one half, linear between the middles of bins. */
static double break_even(const ent_driver *d)
{
    for (int32_t k = 1; k < d->bins; k++) {
        double a = d->share[k - 1] - 0.5, b = d->share[k] - 0.5;
        if (a != a || b != b || a * b > 0 || a == b)
            continue;
        double from = 0.5 * (d->low[k - 1] + d->high[k - 1]), to = 0.5 * (d->low[k] + d->high[k]);
        return from + (to - from) * (a / (a - b));
    }
    return ENT_UNDEFINED;
}

static const char *const *model_names(const ent_results *r, const ent__reading *reading)
{
    const char **name = ent__arena_alloc(r->arena, (size_t)reading->n_choices, sizeof *name);
    for (int32_t m = 0; m < reading->n_choices && name != NULL; m++)
        name[m] = ent__plan_text(r->plan, r->plan->choices[reading->choice + m].label);
    return name;
}

static void describe_driver(ent_driver *out, ent_results *r, int32_t d, const bins *b, double n)
{
    const ent__plan_driver *driver = &r->plan->drivers[d];
    out->input = ent__plan_text(r->plan, driver->name);
    out->label = ent__plan_text(r->plan, driver->label);
    out->bins = driver->bins;
    out->is_event = driver->kind == ENT__DRIVER_EVENT;
    if (driver->kind == ENT__DRIVER_CHOICE)
        out->model = model_names(r, &r->plan->readings[driver->input]);
    edges_of(out, r, driver);
    for (int32_t k = 0; k < out->bins; k++) {
        double share = b->counts[k] > 0 ? b->holds[k] / b->counts[k] : ENT_UNDEFINED;
        double here = n * b->counts[k] / b->weight;
        out->share[k] = share;
        out->error[k] = share == share ? ent_sqrt((share * (1 - share) > 0 ? share * (1 - share) : 0) / here) : ENT_UNDEFINED;
    }
    out->break_even = driver->kind == ENT__DRIVER_UNIFORM && r->plan->inputs[driver->input].distribution >= 0 ? break_even(out) : ENT_UNDEFINED;
}

enum { MOST_DRIVERS = 3 };

/* How many errors above zero a strength must lie. Under no effect, strength * n + free is chi-squared with `free` degrees of
 * freedom; the strongest of many inputs shall pass by chance once in twenty claims (Bonferroni; the quantile by Wilson &
 * Hilferty 1931). */
static double beyond_chance(int32_t n_bins, int32_t n_drivers)
{
    double free = n_bins > 1 ? n_bins - 1 : 1, part = 2 / (9 * free);
    double root = 1 - part + ent__normal_quantile(1 - 0.05 / (n_drivers > 1 ? n_drivers : 1)) * ent_sqrt(part);
    return (free * (root * root * root) - free) / ent_sqrt(2 * free);
}

void ent__claim_drivers(ent_results *r, ent_claim_view *view, const ent__wanted *wanted, int32_t form)
{
    int32_t track = wanted->form_track[form];
    const ent__form_source *source = &wanted->form[form * ENT_ARM_COUNT + ENT_ARM_WITH];
    if (track < 0 || source->tally < 0)
        return;
    const ent__moments *m = &r->ensemble->moments[source->tally];
    double variance = m->weight > 0 ? m->m2 / m->weight : 0;
    double n = r->ensemble->weighted && m->square > 0 ? m->weight * m->weight / m->square : m->weight;
    int32_t best[MOST_DRIVERS] = {-1, -1, -1};
    double strength[MOST_DRIVERS] = {0}, error[MOST_DRIVERS] = {0};
    for (int32_t d = 0; d < r->plan->n_drivers && variance > 0; d++) {
        bins b = read_bins(r->ensemble, d, track);
        double s, se;
        if (!(b.weight > 0))
            continue;
        strength_of(&s, &se, &b, variance, n);
        if (!(s > beyond_chance(b.n, r->plan->n_drivers) * se) || s < 0.01) /* under one per cent is no answer to "what decides it" */
            continue;
        int32_t at = MOST_DRIVERS;
        while (at > 0 && (best[at - 1] < 0 || s > strength[at - 1]))
            at--;
        if (at == MOST_DRIVERS)
            continue;
        for (int32_t k = MOST_DRIVERS - 1; k > at; k--) {
            best[k] = best[k - 1];
            strength[k] = strength[k - 1];
            error[k] = error[k - 1];
        }
        best[at] = d;
        strength[at] = s;
        error[at] = se;
    }
    ent_driver *driver = ent__arena_alloc(r->arena, MOST_DRIVERS, sizeof *driver);
    for (int32_t k = 0; k < MOST_DRIVERS && best[k] >= 0 && driver != NULL; k++) {
        bins b = read_bins(r->ensemble, best[k], track);
        driver[k].strength = strength[k];
        driver[k].strength_error = error[k];
        describe_driver(&driver[k], r, best[k], &b, n);
        view->n_drivers = (size_t)k + 1;
    }
    view->driver = driver;
}
