/* A quantity over the draws: mean, spread, quantiles, and the Monte Carlo error of each.
 *
 * Quantiles of n sorted values: position n p + 1/2, linear between neighbours (Hyndman & Fan 1996, type 5); with
 * weights the k-th value stands at the middle of its own weight. The error of a quantile is half the distance between
 * the quantiles at p -+ sqrt(p (1 - p) / n), n the effective number of draws. */
#include "findings/findings.h"

#include "core/elementary.h"

#include <string.h>

enum { N_QUANTILES = 5, N_DOTS = 20 };
static const double quantile_at[N_QUANTILES] = {0.05, 0.25, 0.5, 0.75, 0.95};

/* --- sorting -------------------------------------------------------------------------------------- */

typedef uint64_t __attribute__((may_alias)) sort_key; /* stands where the doubles stood */

static uint64_t key_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double value_of(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void insertion_sort(double *x, double *weight, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        double value = x[i], w = weight != NULL ? weight[i] : 0;
        size_t at = i;
        for (; at > 0 && x[at - 1] > value; at--) {
            x[at] = x[at - 1];
            if (weight != NULL)
                weight[at] = weight[at - 1];
        }
        x[at] = value;
        if (weight != NULL)
            weight[at] = w;
    }
}

/* Radix sort by 11 bits at a time; a pass in which all agree is left out. scratch: 2 n numbers. */
void ent__sort(double *x, double *weight, size_t n, double *scratch)
{
    enum { BITS = 11, BUCKETS = 1 << BITS };
    if (n < 48) {
        insertion_sort(x, weight, n);
        return;
    }
    sort_key *from = (sort_key *)(void *)x, *to = (sort_key *)(void *)scratch;
    double *w_from = weight, *w_to = scratch + n;
    for (size_t i = 0; i < n; i++)
        from[i] = key_of(x[i]);
    for (int shift = 0; shift < 64; shift += BITS) {
        size_t start[BUCKETS + 1] = {0};
        for (size_t i = 0; i < n; i++)
            start[((from[i] >> shift) & (BUCKETS - 1)) + 1]++;
        if (start[((from[0] >> shift) & (BUCKETS - 1)) + 1] == n)
            continue;
        for (int b = 0; b < BUCKETS; b++)
            start[b + 1] += start[b];
        for (size_t i = 0; i < n; i++) {
            size_t at = start[(from[i] >> shift) & (BUCKETS - 1)]++;
            to[at] = from[i];
            if (weight != NULL)
                w_to[at] = w_from[i];
        }
        sort_key *swap = from;
        from = to;
        to = swap;
        double *w_swap = w_from;
        w_from = w_to;
        w_to = w_swap;
    }
    for (size_t i = 0; i < n; i++)
        x[i] = value_of(from[i]); /* where from is x itself, each is read before it is written */
    if (weight != NULL && w_from != weight)
        memcpy(weight, w_from, n * sizeof *weight);
}

/* --- quantiles ------------------------------------------------------------------------------------ */

typedef struct sorted { /* weight: cumulative to the middle of each value, ending below 1; NULL: all equal */
    const double *x, *middle;
    size_t n;
} sorted;

/* A share of the way from a to b, never past b: rounding could lead there, and b - a may overflow. */
static double part_way(double a, double b, double share)
{
    double x = a + share * (b - a);
    return x <= b ? x : share > 0 ? b : a;
}

static double quantile(const sorted *s, double p)
{
    if (s->n == 0)
        return ENT_UNDEFINED;
    if (s->middle == NULL) {
        double at = (double)s->n * p - 0.5;
        if (at <= 0)
            return s->x[0];
        size_t i = (size_t)at;
        return i + 1 >= s->n ? s->x[s->n - 1] : part_way(s->x[i], s->x[i + 1], at - (double)i);
    }
    size_t low = 0, high = s->n; /* the first whose middle is above p */
    while (low < high) {
        size_t half = low + (high - low) / 2;
        if (s->middle[half] <= p)
            low = half + 1;
        else
            high = half;
    }
    if (low == 0)
        return s->x[0];
    if (low == s->n)
        return s->x[s->n - 1];
    double step = s->middle[low] - s->middle[low - 1];
    double share = step > 0 ? (p - s->middle[low - 1]) / step : 0;
    return part_way(s->x[low - 1], s->x[low], share);
}

/* The defined values of the draws that count, sorted. x: n, weight: n, scratch: 2 n more. */
static sorted sort_column(const ent__ensemble *e, int32_t column, int32_t reading, int32_t model, double *scratch)
{
    size_t n = 0, all = (size_t)e->draws;
    double *x = scratch, *w = e->weight != NULL ? scratch + all : NULL;
    for (size_t i = 0; i < all; i++) {
        double value = e->column[column][i];
        if (value != value || (w != NULL && !(e->weight[i] > 0)) || (reading >= 0 && e->reading[reading][i] != model))
            continue;
        x[n] = value;
        if (w != NULL)
            w[n] = e->weight[i];
        n++;
    }
    ent__sort(x, w, n, scratch + 2 * all);
    double total = 0, before = 0;
    for (size_t i = 0; i < n && w != NULL; i++)
        total += w[i];
    for (size_t i = 0; i < n && w != NULL; i++) {
        double here = w[i];
        w[i] = (before + 0.5 * here) / total;
        before += here;
    }
    return (sorted){x, w, n};
}

size_t ent__summary_scratch(const ent__ensemble *e) { return 4 * (size_t)(e->counted ? 0 : e->draws) + 64; }

/* --- moments -------------------------------------------------------------------------------------- */

double ent__moments_error(const ent__moments *m, bool weighted)
{
    if (m->weight <= 0)
        return ENT_UNDEFINED;
    double shift = m->mean_2 - m->mean;
    double squares = weighted ? m->m2_2 + m->square * (shift * shift) : m->m2;
    return ent_sqrt(squares) / m->weight;
}

static double effective_number(const ent__moments *m, bool weighted)
{
    return weighted && m->square > 0 ? m->weight * m->weight / m->square : m->weight;
}

static void from_moments(ent_summary *out, const ent__moments *m, bool weighted)
{
    double all = m->weight + m->undefined;
    out->mean = m->weight > 0 ? m->mean : ENT_UNDEFINED;
    out->sd = m->weight > 0 ? ent_sqrt(m->m2 / m->weight) : ENT_UNDEFINED;
    out->mc_error = ent__moments_error(m, weighted);
    out->undefined = all > 0 ? m->undefined / all : ENT_UNDEFINED;
}

static double spread_of(double p, double n) { return n > 0 ? ent_sqrt(p * (1 - p) / n) : 1; }

static double inside(double p) { return p < 0 ? 0 : p > 1 ? 1 : p; }

static void from_sorted(ent_summary *out, const sorted *s, double n)
{
    for (int k = 0; k < N_QUANTILES; k++) {
        double p = quantile_at[k], d = spread_of(p, n);
        out->quantile[k] = quantile(s, p);
        out->quantile_error[k] = 0.5 * (quantile(s, inside(p + d)) - quantile(s, inside(p - d)));
    }
    for (int k = 0; k < N_DOTS; k++)
        out->dot[k] = quantile(s, (k + 0.5) / N_DOTS);
}

static void from_grid(ent_summary *out, const ent__ensemble *e, int32_t grid, double n)
{
    enum { ALL = 3 * N_QUANTILES + N_DOTS };
    double p[ALL], value[ALL];
    int32_t order[ALL];
    for (int k = 0; k < N_QUANTILES; k++) {
        double d = spread_of(quantile_at[k], n);
        p[3 * k] = quantile_at[k];
        p[3 * k + 1] = inside(quantile_at[k] - d);
        p[3 * k + 2] = inside(quantile_at[k] + d);
    }
    for (int k = 0; k < N_DOTS; k++)
        p[3 * N_QUANTILES + k] = (k + 0.5) / N_DOTS;
    for (int32_t i = 0; i < ALL; i++) {
        int32_t at = i;
        for (; at > 0 && p[order[at - 1]] > p[i]; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    ent__grid_quantiles(value, e, grid, p, order, ALL);
    bool fine = e->keep.grid[grid].bins != ENT__GRID_BINS; /* a scalar */
    for (int k = 0; k < N_QUANTILES; k++) {
        out->quantile[k] = value[3 * k];
        out->quantile_error[k] = 0.5 * (value[3 * k + 2] - value[3 * k + 1]) + (fine ? ent__grid_error(e, grid, value[3 * k]) : 0);
    }
    for (int k = 0; k < N_DOTS; k++)
        out->dot[k] = value[3 * N_QUANTILES + k];
}

static void constant(ent_summary *out, double x)
{
    *out = (ent_summary){.mean = x, .undefined = x != x};
    for (int k = 0; k < N_QUANTILES; k++)
        out->quantile[k] = x;
    for (int k = 0; k < N_DOTS; k++)
        out->dot[k] = x;
}

void ent__summarise(ent_summary *out, const ent__ensemble *e, const ent__source *source, double *scratch)
{
    if (source->is_constant) {
        constant(out, source->constant);
        return;
    }
    const ent__moments *m = &e->moments[source->tally];
    bool weighted = e->weighted && !e->keep.tally[source->tally].prior;
    double n = effective_number(m, weighted);
    from_moments(out, m, weighted);
    if (source->column >= 0) {
        sorted s = sort_column(e, source->column, -1, 0, scratch);
        from_sorted(out, &s, n);
    } else if (source->grid >= 0) {
        from_grid(out, e, source->grid, n);
    } else {
        for (int k = 0; k < N_QUANTILES; k++)
            out->quantile[k] = out->quantile_error[k] = ENT_UNDEFINED;
        for (int k = 0; k < N_DOTS; k++)
            out->dot[k] = ENT_UNDEFINED;
    }
}

void ent__summarise_model(ent_summary *out, const ent__ensemble *e, const ent__source *source, int32_t tally, int32_t grid,
                          int32_t reading, int32_t model, double *scratch)
{
    const ent__moments *m = &e->moments[tally];
    from_moments(out, m, e->weighted);
    if (e->counted) {
        from_grid(out, e, grid, effective_number(m, e->weighted));
        return;
    }
    sorted s = sort_column(e, source->column, reading, model, scratch);
    from_sorted(out, &s, effective_number(m, e->weighted));
}
