/* Sobol' indices of one factor (Saltelli et al. 2010; Jansen 1999) and Borgonovo's (2007) delta, with bootstrap intervals.
 *
 * first = mean(b (ab - a)) / V, total = mean((a - ab)^2) / (2 V), all less the mean of a and b, which changes neither in
 * expectation and takes noise off the first. */
#include "entente/sensitivity.h"

#include "core/elementary.h"
#include "core/random.h"
#include "findings/sobol.h"

#include <string.h>

enum { RESAMPLES = ENT__RESAMPLES, SHUFFLES = ENT__SHUFFLES, CLASSES = 12, MOST_BINS = 64 };
static const ent_index nothing = {ENT_UNDEFINED, ENT_UNDEFINED, ENT_UNDEFINED};

ent_status ent__resamples_make(ent__resamples *r, size_t n, uint64_t seed, ent_error *err)
{
    size_t rows = RESAMPLES + SHUFFLES;
    *r = (ent__resamples){.n = n, .random = ent__alloc(rows * n, sizeof *r->random)};
    if (r->random == NULL)
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to resample %zu draws", n);
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < n; i += 4) {
            uint32_t four[4], key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
            ent__philox(four, (const uint32_t[4]){(uint32_t)i, (uint32_t)row, 0x424f4f54, 0}, key);
            for (size_t k = 0; k < 4 && i + k < n; k++)
                r->random[row * n + i + k] = four[k];
        }
    return ENT_OK;
}

void ent__resamples_free(ent__resamples *r) { ent__free(r->random); }

/* The i-th draw of a resample of m draws. */
static size_t drawn(const ent__resamples *r, int row, size_t i, size_t m)
{
    return (size_t)(((uint64_t)r->random[(size_t)row * r->n + i] * m) >> 32);
}

static void ends_of(ent_index *index, double *value, double *scratch)
{
    ent__sort(value, NULL, RESAMPLES, scratch);
    index->low = value[RESAMPLES / 20];
    index->high = value[RESAMPLES - 1 - RESAMPLES / 20];
}

/* --- Sobol' ------------------------------------------------------------------------------------------ */

enum { MEAN, SQUARE, FIRST, STEP, TOTAL, PARTS };

static void indices_of(const double sum[PARTS], double count, double *first, double *total)
{
    double mean = sum[MEAN] / count, variance = sum[SQUARE] / count - mean * mean;
    *first = variance > 0 ? (sum[FIRST] - mean * sum[STEP]) / count / variance : ENT_UNDEFINED;
    *total = variance > 0 ? sum[TOTAL] / count / variance : ENT_UNDEFINED;
}

ent_status ent_sobol_indices(ent_index *first, ent_index *total, const double *a, const double *b, const double *ab, size_t n,
                             uint64_t seed, ent_error *err)
{
    ent__resamples resamples;
    ent_status status = ent__resamples_make(&resamples, n, seed, err);
    if (status == ENT_OK)
        status = ent__sobol(first, total, a, b, ab, &resamples, err);
    ent__resamples_free(&resamples);
    return status;
}

ent_status ent__sobol(ent_index *first, ent_index *total, const double *a, const double *b, const double *ab,
                      const ent__resamples *resamples, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t n = resamples->n;
    double *part = ent__alloc(PARTS * n, sizeof *part);
    double *one = ent__alloc(4 * RESAMPLES, sizeof *one), *other = one != NULL ? one + RESAMPLES : NULL;
    *first = *total = nothing;
    ENT_REQUIRE(part && one, ENT_ERR_MEMORY, "not enough memory for the indices of %zu draws", n);
    double middle = 0, sum[PARTS] = {0};
    size_t m = 0, moved = 0;
    for (size_t i = 0; i < n; i++)
        if (a[i] == a[i] && b[i] == b[i] && ab[i] == ab[i]) {
            middle += 0.5 * (a[i] + b[i]);
            m++;
        }
    middle /= m > 0 ? (double)m : 1;
    m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(a[i] == a[i] && b[i] == b[i] && ab[i] == ab[i]))
            continue;
        double x = a[i] - middle, y = b[i] - middle, step = ab[i] - a[i];
        const double row[PARTS] = {0.5 * (x + y), 0.5 * (x * x + y * y), y * step, step, 0.5 * step * step};
        for (int k = 0; k < PARTS; k++) {
            part[m * PARTS + (size_t)k] = row[k];
            sum[k] += row[k];
        }
        moved += step != 0;
        m++;
    }
    if (m < 2)
        goto done;
    indices_of(sum, (double)m, &first->value, &total->value);
    if (moved == 0 && first->value == first->value) { /* it reaches nothing: exactly none */
        *first = *total = (ent_index){0};
        goto done;
    }
    for (int r = 0; r < RESAMPLES && first->value == first->value; r++) {
        double again[PARTS] = {0};
        for (size_t i = 0; i < m; i++) {
            const double *row = part + PARTS * drawn(resamples, r, i, m);
            for (int k = 0; k < PARTS; k++)
                again[k] += row[k];
        }
        indices_of(again, (double)m, &one[r], &other[r]);
        one[r] = one[r] == one[r] ? one[r] : 0;
        other[r] = other[r] == other[r] ? other[r] : 0;
    }
    if (first->value == first->value) {
        ends_of(first, one, one + 2 * RESAMPLES);
        ends_of(total, other, one + 2 * RESAMPLES);
    }
done:
    ent__free(part);
    ent__free(one);
    return status;
}

/* --- delta ------------------------------------------------------------------------------------------- */

/* Classes of y: its two values, or equally filled ones. Returns how many. */
static int32_t classes_of(int32_t *class, const double *y, size_t n, double *sorted)
{
    memcpy(sorted, y, n * sizeof *sorted);
    ent__sort(sorted, NULL, n, sorted + n);
    size_t distinct = 1;
    for (size_t i = 1; i < n && distinct <= 2; i++)
        distinct += sorted[i] != sorted[i - 1];
    double edge[CLASSES];
    int32_t edges = 0;
    for (int32_t k = 1; k < CLASSES; k++) {
        double at = distinct <= 2 ? sorted[n - 1] : sorted[(size_t)k * n / CLASSES];
        if (at > sorted[0] && (edges == 0 || at > edge[edges - 1]))
            edge[edges++] = at;
    }
    for (size_t i = 0; i < n; i++) {
        class[i] = 0;
        while (class[i] < edges && y[i] >= edge[class[i]])
            class[i]++;
    }
    return edges + 1;
}

/* Half the mean distance between the shares of classes at large and in each bin; pick[i], or i where NULL, is the draw whose
 * class is taken, bin_of[i] whose bin. */
static double distance(const int32_t *class, const int32_t *bin, int32_t bins, const double *weight, const uint32_t *draw,
                       const uint32_t *shuffled, size_t n)
{
    double table[MOST_BINS][CLASSES] = {{0}}, of_bin[MOST_BINS] = {0}, of_class[CLASSES] = {0}, all = 0, sum = 0;
    for (size_t i = 0; i < n; i++) {
        size_t d = draw != NULL ? draw[i] : i, e = shuffled != NULL ? shuffled[i] : d;
        double w = weight != NULL ? weight[d] : 1;
        table[bin[e]][class[d]] += w;
        of_bin[bin[e]] += w;
        of_class[class[d]] += w;
        all += w;
    }
    for (int32_t b = 0; b < bins && all > 0; b++)
        for (int32_t c = 0; c < CLASSES; c++) {
            double gap = table[b][c] / all - of_bin[b] / all * (of_class[c] / all);
            sum += gap < 0 ? -gap : gap;
        }
    return 0.5 * sum;
}

static double by_chance(const int32_t *class, const int32_t *bin, int32_t bins, const double *weight, uint32_t *shuffled, size_t n,
                        const ent__resamples *resamples)
{
    double sum = 0;
    for (int s = 0; s < SHUFFLES; s++) {
        for (size_t i = 0; i < n; i++)
            shuffled[i] = (uint32_t)i;
        for (size_t i = n; i-- > 1;) {
            size_t with = drawn(resamples, RESAMPLES + s, i, i + 1);
            uint32_t kept = shuffled[i];
            shuffled[i] = shuffled[with];
            shuffled[with] = kept;
        }
        sum += distance(class, bin, bins, weight, NULL, shuffled, n);
    }
    return sum / SHUFFLES;
}

/* An effect and the noise of the counts add in squares, cell by cell nearly so. */
static double beyond(double found, double chance)
{
    return found > chance ? ent_sqrt(found * found - chance * chance) : 0;
}

ent_status ent_delta_index(ent_index *delta, const double *y, const int32_t *bin, int32_t bins, const double *weight, size_t n,
                           uint64_t seed, ent_error *err)
{
    ent__resamples resamples;
    ent_status status = ent__resamples_make(&resamples, n, seed, err);
    if (status == ENT_OK)
        status = ent__delta(delta, y, bin, bins, weight, &resamples, err);
    ent__resamples_free(&resamples);
    return status;
}

ent_status ent__delta(ent_index *delta, const double *y, const int32_t *bin, int32_t bins, const double *weight,
                      const ent__resamples *resamples, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t n = resamples->n;
    double *room = ent__alloc(5 * n + 3 * RESAMPLES, sizeof *room), *value = room, *w = value + n, *sorted = w + n;
    int32_t *class = ent__alloc(2 * n, sizeof *class), *of = class != NULL ? class + n : NULL;
    uint32_t *pick = ent__alloc(n, sizeof *pick);
    *delta = nothing;
    ENT_REQUIRE(bins >= 1 && bins <= MOST_BINS, ENT_ERR_ARGUMENT, "an input has 1 to %d classes, not %d", MOST_BINS, bins);
    ENT_REQUIRE(room && class && pick, ENT_ERR_MEMORY, "not enough memory for delta of %zu draws", n);
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (y[i] != y[i] || (weight != NULL && !(weight[i] > 0)))
            continue;
        value[m] = y[i];
        w[m] = weight != NULL ? weight[i] : 1;
        of[m++] = bin[i];
    }
    if (m < 2)
        goto done;
    int32_t classes = classes_of(class, value, m, sorted);
    if (classes < 2)
        goto done;
    double chance = by_chance(class, of, bins, w, pick, m, resamples), found = distance(class, of, bins, w, NULL, NULL, m);
    delta->value = beyond(found, chance);
    double *again = sorted, *scratch = sorted + RESAMPLES, mean = 0; /* 3 n + 3 RESAMPLES are left there */
    for (int r = 0; r < RESAMPLES; r++) {
        for (size_t i = 0; i < m; i++)
            pick[i] = (uint32_t)drawn(resamples, r, i, m);
        again[r] = distance(class, of, bins, w, pick, NULL, m);
        mean += again[r] / RESAMPLES;
    }
    for (int r = 0; r < RESAMPLES; r++) /* a resample shows the noise of the draws once more: only its spread is taken */
        again[r] = beyond(found + again[r] - mean, chance);
    ends_of(delta, again, scratch);
    delta->high = delta->high > delta->value ? delta->high : delta->value;
done:
    ent__free(room);
    ent__free(class);
    ent__free(pick);
    return status;
}
