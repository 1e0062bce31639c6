/* Mean and spread in one pass over blocks, merged along a fixed tree. */
#include "ensemble/ensemble.h"

static void merge(double *weight, double *mean, double *m2, double b_weight, double b_mean, double b_m2)
{
    double total = *weight + b_weight;
    if (b_weight == 0)
        return;
    if (*weight == 0) {
        *weight = b_weight;
        *mean = b_mean;
        *m2 = b_m2;
        return;
    }
    double step = b_mean - *mean;
    *m2 += b_m2 + step * step * (*weight * b_weight / total);
    *mean += step * (b_weight / total);
    *weight = total;
}

void ent__moments_merge(ent__moments *a, const ent__moments *b)
{
    merge(&a->weight, &a->mean, &a->m2, b->weight, b->mean, b->m2);
    merge(&a->square, &a->mean_2, &a->m2_2, b->square, b->mean_2, b->m2_2);
    a->undefined += b->undefined;
}

/* Weight, mean and m2 of some lanes. Four running sums, so that the additions overlap; their order is fixed. */
static void batch(double *weight, double *mean, double *m2, const double *x, const double *w, int32_t lanes)
{
    double total[4] = {0}, sum[4] = {0}, squares[4] = {0};
    for (int32_t l = 0; l < lanes; l++) {
        total[l & 3] += w[l];
        sum[l & 3] += w[l] > 0 ? w[l] * x[l] : 0;
    }
    *weight = (total[0] + total[1]) + (total[2] + total[3]);
    if (*weight == 0)
        return;
    *mean = ((sum[0] + sum[1]) + (sum[2] + sum[3])) / *weight;
    for (int32_t l = 0; l < lanes; l++) {
        double d = x[l] - *mean;
        squares[l & 3] += w[l] > 0 ? w[l] * (d * d) : 0;
    }
    *m2 = (squares[0] + squares[1]) + (squares[2] + squares[3]);
}

/* The common case: every lane full, defined and of weight 1. False where a value is undefined. */
static bool batch_plain(double *mean, double *m2, const double *x)
{
    double sum[4] = {0}, squares[4] = {0};
    for (int32_t l = 0; l < ENT__LANES; l += 4)
        for (int32_t k = 0; k < 4; k++)
            sum[k] += x[l + k];
    double total = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    if (total != total)
        return false;
    *mean = total / ENT__LANES;
    for (int32_t l = 0; l < ENT__LANES; l += 4)
        for (int32_t k = 0; k < 4; k++) {
            double d = x[l + k] - *mean;
            squares[k] += d * d;
        }
    *m2 = (squares[0] + squares[1]) + (squares[2] + squares[3]);
    return true;
}

void ent__moments_add(ent__moments *moments, const double *x, const double *weight, int32_t lanes, bool squares)
{
    ent__moments b = {0};
    if (weight == NULL && lanes == ENT__LANES && batch_plain(&b.mean, &b.m2, x)) {
        b.weight = ENT__LANES;
        ent__moments_merge(moments, &b);
        return;
    }
    double w[ENT__LANES] = {0};
    for (int32_t l = 0; l < lanes; l++) {
        double full = weight == NULL ? 1 : weight[l];
        bool defined = x[l] == x[l];
        w[l] = defined ? full : 0;
        b.undefined += defined ? 0 : full;
    }
    batch(&b.weight, &b.mean, &b.m2, x, w, lanes);
    if (squares) {
        for (int32_t l = 0; l < lanes; l++)
            w[l] *= w[l];
        batch(&b.square, &b.mean_2, &b.m2_2, x, w, lanes);
    }
    ent__moments_merge(moments, &b);
}
