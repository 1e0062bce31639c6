/* Statements about distributions: E(x), p(x), quantile(x, q), corr(x, y), joined by arithmetic and one comparison.
 *
 * The error is the jackknife's over GROUPS runs of neighbouring draws (Quenouille 1956): the statement is worked out
 * anew with each group left out. Where draws are not kept, the groups are blocks by turns and each has its own moments
 * and counts. */
#include "findings/findings.h"

#include "core/elementary.h"

enum { GROUPS = ENT__GROUPS };

typedef struct view { /* the draws that count: all but those in [skip_from, skip_to) */
    const ent__ensemble *e;
    const ent__wanted *wanted;
    ent_arm arm;
    int64_t skip_from, skip_to;
    int32_t skip_group; /* where scalars are counted; or -1 */
    double *scratch;
} view;

static bool skipped(const view *v, int64_t i) { return i >= v->skip_from && i < v->skip_to; }

static double weight_of(const view *v, int64_t i) { return v->e->weight != NULL ? v->e->weight[i] : 1; }

static double mean_of(const view *v, const double *x)
{
    double sum = 0, total = 0;
    for (int64_t i = 0; i < v->e->draws; i++) {
        if (skipped(v, i) || x[i] != x[i])
            continue;
        sum += weight_of(v, i) * x[i];
        total += weight_of(v, i);
    }
    return total > 0 ? sum / total : ENT_UNDEFINED;
}

static double correlation_of(const view *v, const double *x, const double *y)
{
    double total = 0, mean_x = 0, mean_y = 0, xy = 0, xx = 0, yy = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < v->e->draws; i++) {
            if (skipped(v, i) || x[i] != x[i] || y[i] != y[i])
                continue;
            double w = weight_of(v, i), a = x[i] - mean_x, b = y[i] - mean_y;
            if (pass == 0) {
                total += w;
                xx += w * x[i];
                yy += w * y[i];
            } else {
                xy += w * a * b;
                xx += w * a * a;
                yy += w * b * b;
            }
        }
        if (!(total > 0))
            return ENT_UNDEFINED;
        if (pass == 0) {
            mean_x = xx / total;
            mean_y = yy / total;
            xx = yy = 0;
        }
    }
    return xx > 0 && yy > 0 ? xy / ent_sqrt(xx * yy) : ENT_UNDEFINED;
}

static double quantile_of(const view *v, const double *x, double p)
{
    size_t n = 0, all = (size_t)v->e->draws;
    double *value = v->scratch, *weight = v->scratch + all;
    double total = 0, before = 0;
    for (int64_t i = 0; i < v->e->draws; i++) {
        if (skipped(v, i) || x[i] != x[i] || !(weight_of(v, i) > 0))
            continue;
        value[n] = x[i];
        weight[n++] = weight_of(v, i);
    }
    ent__sort(value, weight, n, v->scratch + 2 * all);
    for (size_t i = 0; i < n; i++)
        total += weight[i];
    double last = 0, last_at = 0;
    for (size_t i = 0; i < n; i++) {
        double middle = (before + 0.5 * weight[i]) / total;
        if (middle >= p)
            return i == 0 ? value[0] : last + (value[i] - last) * ((p - last_at) / (middle - last_at));
        last = value[i];
        last_at = middle;
        before += weight[i];
    }
    return n > 0 ? value[n - 1] : ENT_UNDEFINED;
}

/* --- from counts ---------------------------------------------------------------------------------- */

/* Of tally first[g] + part of each group. */
static ent__moments merged(const view *v, const int32_t *first, int32_t part)
{
    ent__moments all = {0};
    for (int32_t g = 0; g < GROUPS; g++)
        if (g != v->skip_group)
            ent__moments_merge(&all, &v->e->moments[first[g] + part]);
    return all;
}

/* Cov(x, y) = (Var(x + y) - Var x - Var y) / 2; x and y are in units of their ranges. */
static double counted_correlation(const view *v, const int32_t *first)
{
    ent__moments x = merged(v, first, ENT__PAIR_X), y = merged(v, first, ENT__PAIR_Y), sum = merged(v, first, ENT__PAIR_SUM);
    return x.m2 > 0 && y.m2 > 0 ? 0.5 * (sum.m2 - x.m2 - y.m2) / ent_sqrt(x.m2 * y.m2) : ENT_UNDEFINED;
}

static double counted_quantile(const view *v, const int32_t *grid, double p)
{
    uint64_t count[ENT__WIDE_BINS + 2] = {0};
    const int32_t bins = v->e->keep.grid[grid[0]].bins + 2;
    const int32_t order = 0;
    double low = __builtin_inf(), high = -low, value;
    for (int32_t g = 0; g < GROUPS; g++) {
        const uint64_t *here = v->e->count + v->e->keep.grid[grid[g]].count;
        for (int32_t b = 0; b < bins && g != v->skip_group; b++)
            count[b] += here[b];
        low = v->e->low[grid[g]] < low ? v->e->low[grid[g]] : low;
        high = v->e->high[grid[g]] > high ? v->e->high[grid[g]] : high;
    }
    ent__count_quantiles(&value, &v->e->keep.grid[grid[0]], count, low, high, &p, &order, 1);
    return value;
}

static double counted(const view *v, const ent__overall *node, const int32_t *first)
{
    if (node->x.cell < 0 || first[0] < 0)
        return ENT_UNDEFINED;
    if (node->stat == ENT__STAT_QUANTILE)
        return counted_quantile(v, first, node->number);
    if (node->stat == ENT__STAT_CORRELATION)
        return counted_correlation(v, first);
    ent__moments all = merged(v, first, 0);
    return all.weight > 0 ? all.mean : ENT_UNDEFINED;
}

/* --- the statement -------------------------------------------------------------------------------- */

static double worked_out(const view *v, int32_t at)
{
    const ent__overall *node = &v->e->program->plan->overalls[at];
    if (node->op == ENT__DO_NUMBER)
        return node->number;
    if (node->op == ENT__DO_COUNT && v->e->counted)
        return counted(v, node, v->wanted->overall_count + ((size_t)at * ENT_ARM_COUNT + (size_t)v->arm) * GROUPS);
    if (node->op == ENT__DO_COUNT) {
        const int32_t *column = v->wanted->overall_column + (size_t)at * 2 * ENT_ARM_COUNT;
        const double *x = column[v->arm] >= 0 ? v->e->column[column[v->arm]] : NULL;
        const double *y = column[ENT_ARM_COUNT + v->arm] >= 0 ? v->e->column[column[ENT_ARM_COUNT + v->arm]] : NULL;
        if (x == NULL)
            return ENT_UNDEFINED;
        if (node->stat == ENT__STAT_QUANTILE)
            return quantile_of(v, x, node->number);
        return node->stat == ENT__STAT_CORRELATION ? (y != NULL ? correlation_of(v, x, y) : ENT_UNDEFINED) : mean_of(v, x);
    }
    double a = worked_out(v, node->a), b = node->b >= 0 ? worked_out(v, node->b) : 0;
    switch (node->op) {
    case ENT__DO_ADD:
        return a + b;
    case ENT__DO_MULTIPLY:
        return a * b;
    case ENT__DO_DIVIDE:
        return a / b;
    case ENT__DO_NEGATE:
        return -a;
    default: /* a difference; at the root, left less right side */
        return a - b;
    }
}

void ent__overall_value(double *value, double *error, bool *holds, const ent__ensemble *e, const ent__wanted *wanted,
                        int32_t root, ent_arm arm, double *scratch)
{
    view v = {e, wanted, arm, 0, 0, -1, scratch};
    *value = worked_out(&v, root);
    int64_t most = e->counted ? ent__blocks(e->draws) : e->draws, groups = most < GROUPS ? most : GROUPS;
    double each[GROUPS], mean = 0, squares = 0;
    for (int64_t g = 0; g < groups; g++) {
        v.skip_from = g * e->draws / groups;
        v.skip_to = (g + 1) * e->draws / groups;
        v.skip_group = (int32_t)g;
        each[g] = worked_out(&v, root);
        mean += each[g] / (double)groups;
    }
    for (int64_t g = 0; g < groups; g++)
        squares += (each[g] - mean) * (each[g] - mean);
    *error = groups > 1 ? ent_sqrt(squares * (double)(groups - 1) / (double)groups) : ENT_UNDEFINED;
    switch (e->program->plan->overalls[root].op) {
    case ENT__DO_LESS:
        *holds = *value < 0;
        break;
    case ENT__DO_LESS_EQUAL:
        *holds = *value <= 0;
        break;
    case ENT__DO_GREATER:
        *holds = *value > 0;
        break;
    default:
        *holds = *value >= 0;
    }
}
