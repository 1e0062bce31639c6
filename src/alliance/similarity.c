/* How alike two states' profiles are.
 *
 *     D  = mean distance |a - b| (or (a - b)^2) over the items that both have
 *     S  = 1 - 2 D / w (or w^2)                                   Signorino & Ritter (1999)
 *     kappa, pi = 1 - D / E,  E the distance expected by chance:  Haege (2011)
 *       kappa  of an item of a with one of b                      from each state's own margins (Cohen)
 *       pi     of two items of a and b thrown together            from the two averaged (Scott) */
#include "alliance/alliance.h"

#include <math.h>

static double distance(double x, double y, bool squared)
{
    return squared ? (x - y) * (x - y) : fabs(x - y);
}

static bool has(const double *a, const double *b, size_t i)
{
    return !ent__is_undefined(a[i]) && !ent__is_undefined(b[i]);
}

/* Mean squared distance of x drawn from a and y drawn from b: the variances and the squared difference of the means. */
static double expected_square(const double *a, const double *b, size_t n, double many, bool pooled)
{
    double ma = 0, mb = 0, spread = 0;
    for (size_t i = 0; i < n; i++)
        if (has(a, b, i)) {
            ma += a[i] / many;
            mb += b[i] / many;
        }
    const double between = ma - mb;
    if (pooled)
        ma = mb = 0.5 * (ma + mb);
    for (size_t i = 0; i < n; i++)
        if (has(a, b, i))
            spread += (a[i] - ma) * (a[i] - ma) + (b[i] - mb) * (b[i] - mb);
    return spread / many + (pooled ? 0 : between * between);
}

/* Mean distance over all pairs of an item of x and an item of y. */
static double cross(const double *x, const double *y, const double *a, const double *b, size_t n, double many)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; has(a, b, i) && j < n; j++)
            sum += has(a, b, j) ? fabs(x[i] - y[j]) : 0;
    return sum / (many * many);
}

static double expected(ent_similarity_kind kind, bool squared, const double *a, const double *b, size_t n, double many)
{
    if (squared)
        return expected_square(a, b, n, many, kind == ENT_SIMILARITY_PI);
    const double own = cross(a, b, a, b, n, many);
    return kind == ENT_SIMILARITY_KAPPA ? own
                                        : 0.25 * (cross(a, a, a, b, n, many) + 2 * own + cross(b, b, a, b, n, many));
}

static ent_status check(const double *a, const double *b, size_t n, double width, double *many, ent_error *err)
{
    ent_status status = ENT_OK;
    double low = INFINITY, high = -INFINITY;
    char from[32], to[32], wide[32];
    *many = 0;
    ENT_REQUIRE(width > 0 && width <= 1e30, ENT_ERR_ARGUMENT, "the width of the scale must be above 0 and finite");
    for (size_t i = 0; i < n; i++) {
        if (!has(a, b, i))
            continue;
        low = fmin(low, fmin(a[i], b[i]));
        high = fmax(high, fmax(a[i], b[i]));
        *many += 1;
    }
    ENT_REQUIRE(*many > 0, ENT_ERR_ARGUMENT, "the profiles have no item that both states have");
    ENT_REQUIRE(ent__is_finite(low) && ent__is_finite(high), ENT_ERR_DOMAIN, "an item is not finite");
    from[ent__number_text(from, low)] = to[ent__number_text(to, high)] = wide[ent__number_text(wide, width)] = 0;
    ENT_REQUIRE(high - low <= width * (1 + 1e-12), ENT_ERR_DOMAIN,
                "items run from %s to %s, which is more than the scale's width of %s", from, to, wide);
done:
    return status;
}

ent_status ent_similarity(double *out, ent_similarity_kind kind, bool squared, const double *a, const double *b,
                          size_t n, double width, ent_error *err)
{
    ent_status status = ENT_OK;
    double many, sum = 0;
    ENT_REQUIRE(out != NULL && a != NULL && b != NULL, ENT_ERR_ARGUMENT, "nothing was given");
    ENT_REQUIRE(kind >= ENT_SIMILARITY_S && kind <= ENT_SIMILARITY_PI, ENT_ERR_ARGUMENT, "there is no such kind");
    ENT_TRY(check(a, b, n, width, &many, err));
    for (size_t i = 0; i < n; i++)
        sum += has(a, b, i) ? distance(a[i], b[i], squared) : 0;
    const double found = sum / many;
    if (kind == ENT_SIMILARITY_S) {
        *out = 1 - 2 * found / (squared ? width * width : width);
    } else {
        const double chance = expected(kind, squared, a, b, n, many);
        *out = chance > 0 ? 1 - found / chance : ENT_UNDEFINED;
    }
done:
    return status;
}
