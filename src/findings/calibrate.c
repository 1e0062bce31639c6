/* How a model's point becomes a distribution: two weights and two lists, learned from known decisions.
 *
 * The lists are the model's errors and the places of outcomes, as shares of the range held, in thousandths. The weights h,
 * e, q of src/settle/calibrate.c are those with the least mean CRPS, each decision scored with lists from which its own
 * proposal was left out:
 *
 *     CRPS = integral (F - [x >= y])^2 dx = sum_ab w_a w_b g_ab,   g_ab = integral (F_a - [x >= y]) (F_b - [x >= y]) dx
 *
 * which is what ent_score_stack() makes least, with miss_a = g_aa and apart_ab = g_aa + g_bb - 2 g_ab. Weights are rounded
 * to thousandths, so that what is tested is what is written down. */
#include "findings/calibrate.h"
#include "entente/score.h"

#include <math.h>
#include <stdlib.h>

/* --- one decision ---------------------------------------------------------------------------------------- */

static int16_t thousandths(double share, double low, double high)
{
    const double x = share < low ? low : share > high ? high : share;
    return (int16_t)floor(1000 * x + 0.5);
}

void ent__known_measure(ent__known *known)
{
    const double range = known->is.high - known->is.low;
    known->counts = range > 0;
    known->error = known->counts ? thousandths((known->outcome - known->is.point) / range, -30, 30) : 0;
    known->past = known->counts ? thousandths((known->outcome - known->is.low) / range, 0, 1) : 0;
}

/* g_ab of a distribution's parts and what happened, one pass over all their values. */
static void gram(double g[ENT__PARTS][ENT__PARTS], const ent__predictive *p, double outcome)
{
    size_t n[ENT__PARTS], at[ENT__PARTS] = {0};
    double value[ENT__PARTS], off[ENT__PARTS] = {0}, before = outcome, happened = 0;
    for (int a = 0; a < ENT__PARTS; a++) {
        n[a] = ent__predictive_count(p, a);
        value[a] = n[a] > 0 ? ent__predictive_value(p, a, 0) : INFINITY;
        before = value[a] < before ? value[a] : before;
        for (int b = 0; b < ENT__PARTS; b++)
            g[a][b] = 0;
    }
    for (;;) {
        int next = 0;
        for (int a = 1; a < ENT__PARTS; a++)
            next = value[a] < value[next] ? a : next;
        const bool is_outcome = happened == 0 && outcome <= value[next];
        const double x = is_outcome ? outcome : value[next], step = x - before;
        if (x == INFINITY)
            break;
        for (int a = 0; a < ENT__PARTS && step > 0; a++)
            for (int b = a; b < ENT__PARTS; b++)
                g[a][b] += off[a] * off[b] * step;
        before = x;
        if (is_outcome) {
            happened = 1;
            for (int a = 0; a < ENT__PARTS; a++)
                off[a] -= 1;
        } else {
            at[next]++;
            value[next] = at[next] < n[next] ? ent__predictive_value(p, next, at[next]) : INFINITY;
            off[next] = ent__predictive_share(p, next, at[next]) - happened;
        }
    }
    for (int a = 0; a < ENT__PARTS; a++)
        for (int b = 0; b < a; b++)
            g[a][b] = g[b][a];
}

double ent__predictive_crps(const ent__predictive *p, double outcome)
{
    const double w[ENT__PARTS] = {p->from->held / 1000.0, p->from->error / 1000.0, p->from->past / 1000.0};
    double g[ENT__PARTS][ENT__PARTS], sum = 0;
    gram(g, p, outcome);
    for (int a = 0; a < ENT__PARTS; a++)
        for (int b = 0; b < ENT__PARTS; b++)
            sum += w[a] * w[b] * g[a][b];
    return sum;
}

/* --- many ------------------------------------------------------------------------------------------------- */

ent__learner *ent__learner_create(ent__arena *arena, size_t most)
{
    ent__learner *l = ent__arena_alloc(arena, 1, sizeof *l);
    if (l == NULL)
        return NULL;
    l->known = ent__arena_alloc(arena, most, sizeof *l->known);
    l->by_error = ent__arena_alloc(arena, most, sizeof *l->by_error);
    l->by_past = ent__arena_alloc(arena, most, sizeof *l->by_past);
    l->errors = ent__arena_alloc(arena, most, sizeof *l->errors);
    l->outcomes = ent__arena_alloc(arena, most, sizeof *l->outcomes);
    l->own_errors = ent__arena_alloc(arena, most, sizeof *l->own_errors);
    l->own_outcomes = ent__arena_alloc(arena, most, sizeof *l->own_outcomes);
    const bool good = l->known && l->by_error && l->by_past && l->errors && l->outcomes && l->own_errors && l->own_outcomes;
    return good ? l : NULL;
}

typedef struct place {
    int32_t value;
    size_t at;
} place;

static int by_value(const void *a, const void *b)
{
    const place *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

bool ent__learner_sort(ent__learner *l)
{
    place *order = ent__alloc(l->n + 1, sizeof *order);
    for (int list = 0; list < 2 && order != NULL; list++) {
        size_t *to = list == 0 ? l->by_error : l->by_past;
        for (size_t i = 0; i < l->n; i++)
            order[i] = (place){list == 0 ? l->known[i].error : l->known[i].past, i};
        qsort(order, l->n, sizeof *order, by_value);
        for (size_t i = 0; i < l->n; i++)
            to[i] = order[i].at;
    }
    ent__free(order);
    return order != NULL;
}

static bool is_left_out(const unsigned char *left_out, int32_t proposal)
{
    return left_out != NULL && left_out[proposal] != 0;
}

/* The rising lists of what is learned from, without one proposal (-1: with all); how many there are. */
static size_t list(int16_t *errors, int16_t *outcomes, const ent__learner *l, const unsigned char *left_out, int32_t without)
{
    size_t n = 0, m = 0;
    for (size_t i = 0; i < l->n; i++) {
        const ent__known *e = &l->known[l->by_error[i]], *o = &l->known[l->by_past[i]];
        if (e->counts && e->proposal != without && !is_left_out(left_out, e->proposal))
            errors[n++] = e->error;
        if (o->counts && o->proposal != without && !is_left_out(left_out, o->proposal))
            outcomes[m++] = o->past;
    }
    return n;
}

/* Weights in thousandths that sum to 1000. */
static void round_weights(ent_calibration *out, const double *weight)
{
    out->held = (int32_t)floor(1000 * weight[ENT__HELD] + 0.5);
    out->past = (int32_t)floor(1000 * weight[ENT__PAST] + 0.5);
    if (out->held + out->past > 1000)
        out->past = 1000 - out->held;
    out->error = 1000 - out->held - out->past;
}

bool ent__learner_learn(ent_calibration *out, ent__learner *l, const unsigned char *left_out)
{
    double sum[ENT__PARTS][ENT__PARTS] = {{0}}, miss[ENT__PARTS], apart[ENT__PARTS * ENT__PARTS], weight[ENT__PARTS];
    size_t used = 0;
    ent_calibration own = {.errors = l->own_errors, .outcomes = l->own_outcomes};
    for (size_t i = 0, end; i < l->n; i = end) {
        const int32_t proposal = l->known[i].proposal;
        for (end = i; end < l->n && l->known[end].proposal == proposal; end++)
            ;
        if (is_left_out(left_out, proposal))
            continue;
        own.n_errors = own.n_outcomes = (int32_t)list(l->own_errors, l->own_outcomes, l, left_out, proposal);
        for (size_t j = i; j < end && own.n_errors > 0; j++) {
            double g[ENT__PARTS][ENT__PARTS];
            ent__predictive p = l->known[j].is;
            p.from = &own;
            gram(g, &p, l->known[j].outcome);
            for (int a = 0; a < ENT__PARTS; a++)
                for (int b = 0; b < ENT__PARTS; b++)
                    sum[a][b] += g[a][b];
            used++;
        }
    }
    *out = (ent_calibration){.model = out->model, .errors = l->errors, .outcomes = l->outcomes};
    if (used == 0)
        return false;
    for (int a = 0; a < ENT__PARTS; a++) {
        miss[a] = sum[a][a] / (double)used;
        for (int b = 0; b < ENT__PARTS; b++)
            apart[a * ENT__PARTS + b] = (sum[a][a] + sum[b][b] - 2 * sum[a][b]) / (double)used;
    }
    ent_score_stack(weight, miss, apart, ENT__PARTS);
    round_weights(out, weight);
    out->n_errors = out->n_outcomes = (int32_t)list(l->errors, l->outcomes, l, left_out, -1);
    return true;
}
