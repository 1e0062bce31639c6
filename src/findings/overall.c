/* Statements about distributions: E(x), p(x), quantile(x, q), corr(x, y), joined by arithmetic and one comparison.
 *
 * The error is the jackknife's over GROUPS runs of neighbouring draws (Quenouille 1956): the statement is worked out
 * anew with each group left out. */
#include "findings/findings.h"

#include "core/elementary.h"

enum { GROUPS = 32 };

typedef struct view { /* the draws that count: all but those in [skip_from, skip_to) */
    const ent__ensemble *e;
    const ent__wanted *wanted;
    ent_arm arm;
    int64_t skip_from, skip_to;
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

static double worked_out(const view *v, int32_t at)
{
    const ent__overall *node = &v->e->program->plan->overalls[at];
    if (node->op == ENT__DO_NUMBER)
        return node->number;
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
    view v = {e, wanted, arm, 0, 0, scratch};
    *value = worked_out(&v, root);
    int64_t groups = e->draws < GROUPS ? e->draws : GROUPS;
    double each[GROUPS], mean = 0, squares = 0;
    for (int64_t g = 0; g < groups; g++) {
        v.skip_from = g * e->draws / groups;
        v.skip_to = (g + 1) * e->draws / groups;
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
