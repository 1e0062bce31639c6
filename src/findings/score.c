/* Scores of forecasts. With x_1 <= ... <= x_n equally likely and y what happened:
 *
 *     CRPS        1/n sum |x_i - y| - 1/n^2 sum (2 i - n - 1) x_i      (the second is half the mean |x - x'|)
 *     normal      sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)),  z = (y - mean) / sd
 *     Brier       (p - o)^2                                            o: 1 where it happened, else 0
 *     logarithmic -ln p, -ln(1 - p)
 *     coverage    of [a, b]: the part of [F(y-), F(y)] that lies in it
 *
 * The bootstrap draws whole clusters and takes sums by cluster once, so a replicate costs the number of clusters. Its
 * number c of replicate r is floor(u C), u the uniform of (seed, "score.bootstrap", r C + c). */
#include "entente/score.h"
#include "core/core.h"
#include "core/elementary.h"
#include "core/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double ent_score_crps(const double *sorted, size_t n, double y)
{
    double miss = 0, spread = 0;
    if (n == 0 || ent__is_undefined(y))
        return ENT_UNDEFINED;
    for (size_t i = 0; i < n; i++) {
        miss += fabs(sorted[i] - y);
        spread += (2 * ((double)i + 1) - (double)n - 1) * sorted[i];
    }
    const double score = miss / (double)n - spread / ((double)n * (double)n);
    return score < 0 ? 0 : score; /* rounding alone goes below */
}

double ent_score_crps_normal(double mean, double sd, double y)
{
    static const double ROOT_HALF = 0.70710678118654752440, ROOT_2_PI = 2.50662827463100050242,
                        ONE_BY_ROOT_PI = 0.56418958354775628695;
    if (!(sd > 0))
        return ENT_UNDEFINED;
    const double z = (y - mean) / sd;
    return sd * (z * ent_erf(z * ROOT_HALF) + 2 * ent_exp(-z * z / 2) / ROOT_2_PI - ONE_BY_ROOT_PI);
}

double ent_score_brier(double p, bool happened)
{
    const double miss = happened ? 1 - p : p;
    return p >= 0 && p <= 1 ? miss * miss : ENT_UNDEFINED;
}

double ent_score_log(double p, bool happened)
{
    if (!(p >= 0 && p <= 1))
        return ENT_UNDEFINED;
    const double score = happened ? -ent_log(p) : -ent_log1p(-p);
    return score == 0 ? 0 : score; /* no "-0" */
}

ent_pit ent_score_pit(const double *sorted, size_t n, double y)
{
    size_t below = 0, at = 0;
    if (n == 0 || ent__is_undefined(y))
        return (ent_pit){ENT_UNDEFINED, ENT_UNDEFINED};
    for (size_t i = 0; i < n; i++) {
        below += sorted[i] < y;
        at += sorted[i] <= y;
    }
    return (ent_pit){(double)below / (double)n, (double)at / (double)n};
}

double ent_score_pit_share(ent_pit pit, double low, double high)
{
    if (ent__is_undefined(pit.below) || !(low <= high))
        return ENT_UNDEFINED;
    if (!(pit.at > pit.below))
        return pit.below >= low && pit.below <= high;
    const double from = pit.below > low ? pit.below : low, to = pit.at < high ? pit.at : high;
    return to > from ? (to - from) / (pit.at - pit.below) : 0;
}

double ent_score_coverage(ent_pit pit, double level)
{
    return ent_score_pit_share(pit, (1 - level) / 2, 1 - (1 - level) / 2);
}

/* --- bootstrap ---------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The p-quantile of sorted values, between its neighbours (Hyndman & Fan 1996, type 7). */
static double quantile(const double *sorted, size_t n, double p)
{
    const double at = p * (double)(n - 1);
    const size_t i = (size_t)at < n - 1 ? (size_t)at : n - 1;
    return i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[i];
}

/* The sums by cluster, clusters without a value left out; how many have one, -1 where a number is out of range. */
static int32_t sum_clusters(double *sum, double *count, const double *value, const int32_t *cluster, size_t n,
                            int32_t clusters)
{
    int32_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (cluster[i] < 0 || cluster[i] >= clusters)
            return -1;
        if (ent__is_undefined(value[i]))
            continue;
        sum[cluster[i]] += value[i];
        count[cluster[i]] += 1;
    }
    for (int32_t c = 0; c < clusters; c++)
        if (count[c] > 0) {
            sum[used] = sum[c];
            count[used++] = count[c];
        }
    return used;
}

static void replicate(double *mean, size_t replicates, const double *sum, const double *count, int32_t clusters,
                      uint64_t seed)
{
    static const char name[] = "score";
    const uint64_t stream = ent__stream(name, sizeof name - 1, "bootstrap");
    for (size_t r = 0; r < replicates; r++) {
        double total = 0, n = 0;
        for (int32_t c = 0; c < clusters; c++) {
            const double u = ent__uniform(seed, stream, r * (uint64_t)clusters + (uint64_t)c);
            const int32_t drawn = (int32_t)(u * clusters); /* u < 1, so drawn < clusters */
            total += sum[drawn];
            n += count[drawn];
        }
        mean[r] = total / n;
    }
}

ent_status ent_score_bootstrap(ent_interval *out, const double *value, const int32_t *cluster, size_t n,
                               int32_t clusters, const ent_bootstrap_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_bootstrap_options given = options != NULL ? *options : (ent_bootstrap_options)ENT_BOOTSTRAP_OPTIONS_INIT;
    const size_t replicates = given.replicates == 0 ? 2000 : (size_t)given.replicates;
    const double level = given.level == 0 ? 0.95 : given.level;
    double *sum = NULL, *count = NULL, *mean = NULL;
    ENT_REQUIRE(out != NULL && value != NULL && cluster != NULL && clusters >= 0, ENT_ERR_ARGUMENT,
                "a bootstrap needs values, their clusters and a place for the interval");
    ENT_REQUIRE(given.version == 1 && given.replicates >= 0 && replicates <= 1000000, ENT_ERR_ARGUMENT,
                "%d replicates; 1 to 1000000 are allowed", (int)given.replicates);
    ENT_REQUIRE(level > 0 && level < 1, ENT_ERR_DOMAIN, "the level of an interval lies between 0 and 1");
    sum = ent__alloc((size_t)clusters + 1, sizeof *sum);
    count = ent__alloc((size_t)clusters + 1, sizeof *count);
    mean = ent__alloc(replicates, sizeof *mean);
    ENT_REQUIRE(sum != NULL && count != NULL && mean != NULL, ENT_ERR_MEMORY, "not enough memory for the bootstrap");
    const int32_t used = sum_clusters(sum, count, value, cluster, n, clusters);
    ENT_REQUIRE(used >= 0, ENT_ERR_ARGUMENT, "a cluster's number is not below the number of clusters, %d",
                (int)clusters);
    ENT_REQUIRE(used >= 2, ENT_ERR_DOMAIN, "%d cluster%s with a value; an interval needs at least two", (int)used,
                used == 1 ? "" : "s");
    replicate(mean, replicates, sum, count, used, given.seed);
    qsort(mean, replicates, sizeof *mean, by_size);
    *out = (ent_interval){quantile(mean, replicates, (1 - level) / 2), quantile(mean, replicates, 1 - (1 - level) / 2)};
done:
    ent__free(sum);
    ent__free(count);
    ent__free(mean);
    return status;
}

/* --- stacking ----------------------------------------------------------------------------------------- */

/* The integral of F (1 - G) + G (1 - F), along both samples at once. */
double ent_score_distance(const double *x, size_t n, const double *y, size_t m)
{
    size_t i = 0, j = 0;
    double sum = 0, before = 0;
    if (n == 0 || m == 0)
        return ENT_UNDEFINED;
    while (i < n || j < m) {
        const bool first = j == m || (i < n && x[i] <= y[j]);
        const double at = first ? x[i] : y[j], f = (double)i / (double)n, g = (double)j / (double)m;
        if (i + j > 0)
            sum += (f * (1 - g) + g * (1 - f)) * (at - before);
        before = at;
        i += first;
        j += !first;
    }
    return sum;
}

/* The most useful shift of weight from one forecaster to another, again and again: with two weights moving, the least
 * is known in closed form. Ends when no shift gains. */
void ent_score_stack(double *weight, const double *miss, const double *apart, size_t k)
{
    enum { MOST_SHIFTS = 100000 };
    for (size_t i = 0; i < k; i++)
        weight[i] = 1 / (double)k;
    for (int shift = 0; shift < MOST_SHIFTS && k > 1; shift++) {
        size_t to = 0, from = k;
        double least = INFINITY, most = -INFINITY, scale = 0;
        for (size_t i = 0; i < k; i++) {
            double slope = miss[i];
            for (size_t j = 0; j < k; j++)
                slope -= apart[i * k + j] * weight[j];
            scale = fabs(miss[i]) > scale ? fabs(miss[i]) : scale;
            if (slope < least)
                least = slope, to = i;
            if (weight[i] > 0 && slope > most)
                most = slope, from = i;
        }
        if (from == k || from == to || !(most - least > 1e-13 * scale))
            return;
        const double bend = 2 * apart[to * k + from] - apart[to * k + to] - apart[from * k + from];
        const double best = bend > 0 ? (most - least) / bend : INFINITY;
        const double moved = best < weight[from] ? best : weight[from];
        weight[to] += moved;
        weight[from] -= moved;
    }
}
