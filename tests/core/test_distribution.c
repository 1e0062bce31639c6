/* Distributions: inverse functions against GSL and MPFR (tests only) and closed forms, and what must hold for all. */
#include "check.h"
#include "core/distribution.h"
#include "core/elementary.h"
#include "core/random.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_erf.h>
#include <mpfr.h>

static const double probability[] = {1e-12, 1e-9, 1e-6, 1e-4, 0.01, 0.1, 0.25, 0.5, 0.6, 0.75, 0.9, 0.99, 0.999,
                                     1 - 1e-4, 1 - 1e-6, 1 - 1e-9, 1 - 1e-12};
static const double shape[] = {0.01, 0.05, 0.1, 0.3, 0.5, 0.9, 1, 1.1, 1.5, 2, 3, 7, 9.99, 10, 20, 100, 1e3, 1e4};

static ent__distribution make(int32_t kind, double a, double b, double c)
{
    return (ent__distribution){.kind = kind, .p = {a, b, c}, .low = -INFINITY, .high = INFINITY, .clamp_low = -INFINITY,
                               .clamp_high = INFINITY};
}

static ent__distribution ready(int32_t kind, double a, double b, double c)
{
    ent__distribution d = make(kind, a, b, c);
    ent_error err = {0};
    if (ent__distribution_prepare(&d, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return d;
}

/* |got / want - 1| <= tolerance */
static void check_ratio(double got, double want, double tolerance, const char *what, double a, double b, double u)
{
    if (!(fabs(got - want) <= tolerance * fabs(want)))
        fail_msg("%s(%g, %g) at %.17g: got %.17g, want %.17g, off by %g", what, a, b, u, got, want,
                 fabs(got / want - 1));
}

/* --- normal ---------------------------------------------------------------------------------------- */

/* Against MPFR: the x of u solves erfc(-x / sqrt 2) / 2 = u, so its relative error is that of the mass over x f / u. */
static void normal_quantile_is_good_to_the_last_digits(void **state)
{
    (void)state;
    mpfr_t t, v;
    mpfr_inits2(120, t, v, (mpfr_ptr)NULL);
    double worst = 0;
    for (int i = 0; i < 20000; i++) {
        double u = ent__uniform(5, 6, (uint64_t)i);
        if (i % 2)
            u = ldexp(u, -(int)(i % 1000)); /* down to 1e-300 */
        double x = ent__normal_quantile(u);
        mpfr_set_d(t, -x, MPFR_RNDN);
        mpfr_set_d(v, 0.5, MPFR_RNDN);
        mpfr_sqrt(v, v, MPFR_RNDN);
        mpfr_mul(t, t, v, MPFR_RNDN);
        mpfr_erfc(t, t, MPFR_RNDN);
        mpfr_div_ui(t, t, 2, MPFR_RNDN);
        mpfr_sub_d(t, t, u, MPFR_RNDN);
        mpfr_div_d(t, t, exp(-0.5 * x * x) / sqrt(2 * acos(-1)), MPFR_RNDN);
        mpfr_div_d(t, t, x, MPFR_RNDN);
        double error = fabs(mpfr_get_d(t, MPFR_RNDN));
        worst = error > worst ? error : worst;
    }
    mpfr_clears(t, v, (mpfr_ptr)NULL);
    printf("# normal quantile: largest relative error %.2g\n", worst);
    CHECK(worst < 2e-15);
    CHECK_SAME(ent__normal_quantile(0.5), 0);
    CHECK_NEAR(ent__normal_quantile(0.95), 1.6448536269514722, 2e-15);
}

static void normal_cdf_is_that_of_gsl(void **state)
{
    (void)state;
    for (double x = -37; x <= 37; x += 0.0137)
        check_ratio(ent__normal_cdf(x), gsl_cdf_ugaussian_P(x), 2e-13, "normal cdf", 0, 1, x);
    CHECK_SAME(ent__normal_cdf(-INFINITY), 0);
    CHECK_SAME(ent__normal_cdf(INFINITY), 1);
}

static void plain_quantiles_are_those_of_gsl(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENT_COUNT(probability); i++) {
        double u = probability[i], z = u < 0.5 ? gsl_cdf_ugaussian_Pinv(u) : gsl_cdf_ugaussian_Qinv(1 - u);
        ent__distribution d = ready(ENT__DIST_NORMAL, 0, 2.5, 0);
        check_ratio(ent__distribution_quantile(&d, u), 2.5 * z, 1e-14, "normal", 0, 2.5, u);
        d = ready(ENT__DIST_LOGNORMAL, 0.3, 0.8, 0);
        check_ratio(ent__distribution_quantile(&d, u), exp(0.3 + 0.8 * z), 1e-14, "lognormal", 0.3, 0.8, u);
        d = ready(ENT__DIST_UNIFORM, 2, 5, 0);
        check_ratio(ent__distribution_quantile(&d, u), 2 + 3 * u, 1e-15, "uniform", 2, 5, u);
        d = ready(ENT__DIST_TRIANGULAR, 1, 2, 4); /* the mode's mass is 1/3 */
        double want = u < 1.0 / 3 ? 1 + sqrt(3 * u) : 4 - sqrt(6 * (1 - u));
        check_ratio(ent__distribution_quantile(&d, u), want, 1e-14, "triangular", 1, 4, u);
    }
}

/* --- beta and gamma -------------------------------------------------------------------------------- */

/* GSL's own inverses err by more than 1e-10 for many shapes, so its cdf is inverted to first order at our x: the
 * relative error of x is (P(x) - u) / (x f(x)), with the upper mass where u is above 1/2. */
static void gamma_quantile_is_that_of_gsl(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t i = 0; i < ENT_COUNT(shape); i++)
        for (size_t k = 0; k < ENT_COUNT(probability); k++) {
            double a = shape[i], u = probability[k];
            ent__distribution d = ready(ENT__DIST_GAMMA, a, 1, 0);
            double x = ent__distribution_quantile(&d, u);
            if (x < 1e-290) /* x below the normal numbers: u x^-a stays the only digits it has */
                continue;
            double off = u < 0.5 ? gsl_cdf_gamma_P(x, a, 1) - u : gsl_cdf_gamma_Q(x, a, 1) - (1 - u);
            double error = fabs(off) / (x * gsl_ran_gamma_pdf(x, a, 1));
            if (!(error < 1e-10))
                fail_msg("gamma(%g) at %.17g: %.17g is off by %g", a, u, x, error);
            worst = error > worst ? error : worst;
            d = ready(ENT__DIST_GAMMA, a, 7.5, 0);
            check_ratio(ent__distribution_quantile(&d, u), 7.5 * x, 1e-15, "gamma", a, 7.5, u);
        }
    printf("# gamma quantile: largest relative error %.2g\n", worst);
}

/* Where GSL's cdf gives out: MPFR's incomplete gamma function. */
static void gamma_quantile_of_large_shapes(void **state)
{
    (void)state;
    mpfr_t a, x, q, whole;
    mpfr_inits2(120, a, x, q, whole, (mpfr_ptr)NULL);
    for (double size = 1e5; size < 2e6; size *= 10)
        for (size_t k = 3; k < 14; k++) {
            double u = probability[k];
            ent__distribution d = ready(ENT__DIST_GAMMA, size, 1, 0);
            double got = ent__distribution_quantile(&d, u);
            mpfr_set_d(a, size, MPFR_RNDN);
            mpfr_set_d(x, got, MPFR_RNDN);
            mpfr_gamma_inc(q, a, x, MPFR_RNDN);
            mpfr_gamma(whole, a, MPFR_RNDN);
            mpfr_div(q, q, whole, MPFR_RNDN);
            double off = mpfr_get_d(q, MPFR_RNDN) - (1 - u), z = (got - size) / sqrt(size);
            double density = exp(-0.5 * z * z) / sqrt(2 * acos(-1) * size); /* to a percent or so */
            if (!(fabs(off) < 1e-10 * got * density))
                fail_msg("gamma(%g) at %.17g: %.17g is off by %g", size, u, got, fabs(off) / (got * density));
        }
    mpfr_clears(a, x, q, whole, (mpfr_ptr)NULL);
}

static void beta_quantile_is_that_of_gsl(void **state)
{
    (void)state;
    double worst = 0;
    for (size_t i = 0; i < ENT_COUNT(shape); i++)
        for (size_t j = 0; j < ENT_COUNT(shape); j++)
            for (size_t k = 0; k < ENT_COUNT(probability); k++) {
                double a = shape[i], b = shape[j], u = probability[k];
                ent__distribution d = ready(ENT__DIST_BETA, a, b, 0);
                double x = ent__distribution_quantile(&d, u);
                CHECK(x >= 0 && x <= 1);
                if (x < 1e-290 || x > 1 - 1e-9) /* near 1 x has too few digits to be tried there: see the mirror */
                    continue;
                double off = u < 0.5 ? gsl_cdf_beta_P(x, a, b) - u : gsl_cdf_beta_Q(x, a, b) - (1 - u);
                double error = fabs(off) / (x * gsl_ran_beta_pdf(x, a, b));
                if (!(error < 1e-10))
                    fail_msg("beta(%g, %g) at %.17g: %.17g is off by %g", a, b, u, x, error);
                worst = error > worst ? error : worst;
            }
    printf("# beta quantile: largest relative error %.2g\n", worst);
}

/* beta(1, b): 1 - (1 - u)^(1/b); beta(a, 1): u^(1/a); the arcsine law beta(1/2, 1/2): sin(pi u / 2)^2. */
static void beta_quantile_has_its_closed_forms(void **state)
{
    (void)state;
    for (size_t k = 0; k < ENT_COUNT(probability); k++) {
        double u = probability[k];
        for (double b = 0.1; b < 2e6; b *= 10) {
            ent__distribution d = ready(ENT__DIST_BETA, 1, b, 0);
            check_ratio(ent__distribution_quantile(&d, u), -expm1(log1p(-u) / b), 1e-11, "beta", 1, b, u);
            d = ready(ENT__DIST_BETA, b, 1, 0);
            check_ratio(ent__distribution_quantile(&d, u), exp(log(u) / b), 1e-11, "beta", b, 1, u);
        }
        ent__distribution d = ready(ENT__DIST_BETA, 0.5, 0.5, 0);
        check_ratio(ent__distribution_quantile(&d, u), pow(sin(acos(0) * u), 2), 1e-11, "beta", 0.5, 0.5, u);
        d = ready(ENT__DIST_PERT, 2, 3, 7); /* alpha = 1 + 4/5, beta = 1 + 16/5 */
        ent__distribution unit = ready(ENT__DIST_BETA, 1.8, 4.2, 0);
        double want = 2 + 5 * ent__distribution_quantile(&unit, u);
        check_ratio(ent__distribution_quantile(&d, u), want, 1e-14, "pert", 2, 7, u);
    }
}

/* --- what holds for all ---------------------------------------------------------------------------- */

static const double points[] = {-1, 0.2, 0, 0, 0.5, 0.3, 2.5, 0.5};

static const ent__distribution sample[] = {
    {.kind = ENT__DIST_UNIFORM, .p = {-1, 3}},        {.kind = ENT__DIST_NORMAL, .p = {0.3, 0.7}},
    {.kind = ENT__DIST_NORMAL, .p = {1e6, 1e-3}},     {.kind = ENT__DIST_LOGNORMAL, .p = {0.1, 0.5}},
    {.kind = ENT__DIST_LOGNORMAL, .p = {-3, 2}},      {.kind = ENT__DIST_BETA, .p = {2, 3}},
    {.kind = ENT__DIST_BETA, .p = {0.4, 0.3}},        {.kind = ENT__DIST_BETA, .p = {50, 4}},
    {.kind = ENT__DIST_GAMMA, .p = {2.5, 0.4}},       {.kind = ENT__DIST_GAMMA, .p = {0.3, 2}},
    {.kind = ENT__DIST_GAMMA, .p = {400, 0.01}},      {.kind = ENT__DIST_TRIANGULAR, .p = {-1, 0.5, 2}},
    {.kind = ENT__DIST_TRIANGULAR, .p = {0, 0, 2}},   {.kind = ENT__DIST_TRIANGULAR, .p = {0, 2, 2}},
    {.kind = ENT__DIST_PERT, .p = {-1, 0.5, 2}},      {.kind = ENT__DIST_PERT, .p = {0, 0, 3}},
    {.kind = ENT__DIST_DISCRETE, .points = 4, .point = points}, {.kind = ENT__DIST_CONSTANT, .p = {0.7}}};

enum { WAYS = 4 };

/* The i-th sample whole, cut, clamped, or both, at points where it has mass. */
static ent__distribution variant(size_t i, int way)
{
    ent__distribution d = sample[i];
    d.low = d.clamp_low = -INFINITY;
    d.high = d.clamp_high = INFINITY;
    ent_error err = {0};
    CHECK(ent__distribution_prepare(&d, &err) == ENT_OK);
    double low = ent__distribution_quantile(&d, 0.1), high = ent__distribution_quantile(&d, 0.8);
    if (way & 1) {
        d.low = low;
        d.high = high;
    }
    if (way & 2) {
        d.clamp_low = ent__distribution_quantile(&d, 0.3);
        d.clamp_high = ent__distribution_quantile(&d, 0.7);
    }
    if (ent__distribution_prepare(&d, &err) != ENT_OK)
        fail_msg("sample %zu: %s", i, err.message);
    return d;
}

static void quantiles_rise_and_stay_inside(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENT_COUNT(sample); i++)
        for (int way = 0; way < WAYS; way++) {
            ent__distribution d = variant(i, way);
            double last = -INFINITY;
            for (int j = 0; j < 2000; j++) {
                double u = j < 40 ? ldexp(1, j - 53) : j > 1960 ? 1 - ldexp(1, 1946 - j) : j / 2000.0;
                if (j < 40 && u > 40 / 2000.0)
                    continue;
                double x = ent__distribution_quantile(&d, u);
                if (!(x >= last - 1e-12 * fabs(last)))
                    fail_msg("sample %zu, way %d: %.17g after %.17g at %.17g", i, way, x, last, u);
                last = x;
                CHECK(ent__is_finite(x) && x >= d.low && x <= d.high && x >= d.clamp_low && x <= d.clamp_high);
            }
        }
}

static void cdf_undoes_the_quantile(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENT_COUNT(sample); i++)
        for (int way = 0; way < WAYS; way++) {
            ent__distribution d = variant(i, way);
            for (double u = 0.001; u < 1; u += 0.0061) {
                double x = ent__distribution_quantile(&d, u), p = ent__distribution_cdf(&d, x);
                bool step = d.kind == ENT__DIST_DISCRETE || d.kind == ENT__DIST_CONSTANT;
                if (step || x == d.clamp_low || x == d.clamp_high)
                    CHECK(p >= u - 1e-12 && ent__distribution_cdf(&d, x - 1e-9 * (1 + fabs(x))) <= u + 1e-12);
                else
                    CHECK_NEAR(p, u, d.p[0] > 1e5 ? 1e-6 : 1e-12); /* 1e6 +- 1e-3: x has but 16 digits */
            }
            CHECK_SAME(ent__distribution_cdf(&d, -INFINITY), 0);
            CHECK_SAME(ent__distribution_cdf(&d, INFINITY), 1);
        }
}

/* The mean is the integral of the quantile over u: midpoints after u = v^2 (3 - 2 v), which tames the ends. */
static void mean_is_the_integral_of_the_quantile(void **state)
{
    (void)state;
    enum { N = 20000 };
    static double u[N], x[N];
    for (size_t i = 0; i < ENT_COUNT(sample); i++)
        for (int way = 0; way < WAYS; way++) {
            ent__distribution d = variant(i, way);
            for (int j = 0; j < N; j++) {
                double v = (j + 0.5) / N;
                u[j] = v * v * (3 - 2 * v);
            }
            ent__distribution_quantiles(x, u, N, &d);
            double sum = 0, total = 0, spread = x[N - N / 10] - x[N / 10];
            for (int j = 0; j < N; j++) {
                double v = (j + 0.5) / N;
                sum += x[j] * v * (1 - v);
                total += v * (1 - v);
            }
            CHECK_NEAR(ent__distribution_mean(&d), sum / total, 2e-4 * spread + 1e-12 * fabs(sum / total));
        }
}

static void many_are_the_same_as_one_by_one(void **state)
{
    (void)state;
    double u[257], in_place[257];
    ent__uniform_many(u, 257, 9, 9, 0);
    for (size_t i = 0; i < ENT_COUNT(sample); i++)
        for (int way = 0; way < WAYS; way++) {
            ent__distribution d = variant(i, way);
            memcpy(in_place, u, sizeof u);
            ent__distribution_quantiles(in_place, in_place, 257, &d);
            for (size_t j = 0; j < 257; j++)
                CHECK_SAME(in_place[j], ent__distribution_quantile(&d, u[j]));
        }
}

/* --- forms ----------------------------------------------------------------------------------------- */

static void an_interval_holds_ninety_per_cent(void **state)
{
    (void)state;
    ent__distribution d = ent__distribution_interval(0.2, 0.5, false);
    CHECK(d.kind == ENT__DIST_NORMAL && ent__distribution_prepare(&d, NULL) == ENT_OK);
    CHECK_NEAR(ent__distribution_quantile(&d, 0.05), 0.2, 1e-15);
    CHECK_NEAR(ent__distribution_quantile(&d, 0.95), 0.5, 1e-15);
    d = ent__distribution_interval(0.01, 4, true);
    CHECK(d.kind == ENT__DIST_LOGNORMAL && ent__distribution_prepare(&d, NULL) == ENT_OK);
    CHECK_NEAR(ent__distribution_quantile(&d, 0.05), 0.01, 1e-16);
    CHECK_NEAR(ent__distribution_quantile(&d, 0.95), 4, 1e-14);
    CHECK_NEAR(ent__distribution_quantile(&d, 0.5), 0.2, 1e-15); /* the geometric mean */
    d = ent__distribution_interval(3, 3, false);
    CHECK(d.kind == ENT__DIST_CONSTANT && ent__distribution_prepare(&d, NULL) == ENT_OK);
    CHECK_SAME(ent__distribution_quantile(&d, 0.3), 3);
}

/* Cut far above the median: the value at u lies where the upper mass is (1 - u) Q(low). */
static void truncation_keeps_its_precision_in_the_tails(void **state)
{
    (void)state;
    for (double low = 1; low <= 20; low += 1.9)
        for (double u = 0.05; u < 1; u += 0.3) {
            ent__distribution d = make(ENT__DIST_NORMAL, 0, 1, 0);
            d.low = low;
            CHECK(ent__distribution_prepare(&d, NULL) == ENT_OK);
            double want = gsl_cdf_ugaussian_Qinv((1 - u) * gsl_cdf_ugaussian_Q(low));
            double x = ent__distribution_quantile(&d, u);
            check_ratio(x, want, 1e-13, "normal above", low, 1, u);
            CHECK_NEAR(ent__distribution_cdf(&d, x), u, 1e-11);
            /* its mean is the hazard rate f(low) / Q(low) */
            check_ratio(ent__distribution_mean(&d), gsl_sf_hazard(low), 1e-12, "mean above", low, 1, 0);
            d.low = -INFINITY;
            d.high = -low;
            CHECK(ent__distribution_prepare(&d, NULL) == ENT_OK);
            check_ratio(ent__distribution_quantile(&d, 1 - u), -want, 1e-13, "normal below", -low, 1, 1 - u);
        }
}

static void a_discrete_distribution_gives_its_points_in_proportion(void **state)
{
    (void)state;
    ent__distribution d = variant(16, 0);
    CHECK_SAME(ent__distribution_quantile(&d, 1e-9), -1);
    CHECK_SAME(ent__distribution_quantile(&d, 0.1999), -1);
    CHECK_SAME(ent__distribution_quantile(&d, 0.2001), 0.5); /* 0 has no weight */
    CHECK_SAME(ent__distribution_quantile(&d, 0.4999), 0.5);
    CHECK_SAME(ent__distribution_quantile(&d, 1 - 1e-12), 2.5);
    CHECK_NEAR(ent__distribution_mean(&d), -0.2 + 0.15 + 1.25, 1e-15);
    CHECK_NEAR(ent__distribution_cdf(&d, 0.5), 0.5, 1e-15);
    d.low = 0.5; /* a bound that is a point is kept */
    CHECK(ent__distribution_prepare(&d, NULL) == ENT_OK);
    CHECK_SAME(ent__distribution_quantile(&d, 0.3 / 0.8 - 1e-9), 0.5);
    CHECK_SAME(ent__distribution_quantile(&d, 0.3 / 0.8 + 1e-9), 2.5);
    CHECK_NEAR(ent__distribution_mean(&d), (0.15 + 1.25) / 0.8, 1e-15);
}

static void what_does_not_vary_is_constant(void **state)
{
    (void)state;
    const ent__distribution still[] = {make(ENT__DIST_UNIFORM, 2, 2, 0), make(ENT__DIST_NORMAL, 2, 0, 0),
                                       make(ENT__DIST_TRIANGULAR, 2, 2, 2), make(ENT__DIST_PERT, 2, 2, 2),
                                       make(ENT__DIST_CONSTANT, 2, 0, 0)};
    for (size_t i = 0; i < ENT_COUNT(still); i++) {
        ent__distribution d = still[i];
        CHECK(ent__distribution_prepare(&d, NULL) == ENT_OK);
        for (double u = 0.01; u < 1; u += 0.24)
            CHECK_SAME(ent__distribution_quantile(&d, u), 2);
        CHECK_SAME(ent__distribution_mean(&d), 2);
        CHECK_SAME(ent__distribution_cdf(&d, 1.9), 0);
        CHECK_SAME(ent__distribution_cdf(&d, 2), 1);
        d.low = 1;
        d.high = 3;
        CHECK(ent__distribution_prepare(&d, NULL) == ENT_OK);
        CHECK_SAME(ent__distribution_quantile(&d, 0.4), 2);
        d.low = 2.5;
        CHECK(ent__distribution_prepare(&d, NULL) == ENT_ERR_DOMAIN);
    }
}

static void errors_name_what_was_found_and_what_is_allowed(void **state)
{
    (void)state;
    static const double negative[] = {0, 1, 1, -0.5}, weightless[] = {0, 0, 1, 0}, unordered[] = {1, 1, 0, 1},
                        infinite[] = {0, INFINITY};
    const struct {
        ent__distribution d;
        const char *message;
    } bad[] = {
        {make(ENT__DIST_UNIFORM, 3, 1, 0), "uniform: low is 3; it must not be above high"},
        {make(ENT__DIST_NORMAL, 0, -1.5, 0), "normal: sd is -1.5; it must be at least 0"},
        {make(ENT__DIST_LOGNORMAL, NAN, 1, 0), "lognormal: mu is not a finite number"},
        {make(ENT__DIST_LOGNORMAL, 0, 400, 0), "lognormal: its values grow beyond what a number can hold (1.8e308)"},
        {make(ENT__DIST_UNIFORM, -1e308, 1.5e308, 0),
         "uniform: its values grow beyond what a number can hold (1.8e308)"},
        {make(ENT__DIST_BETA, 0, 2, 0), "beta: alpha is 0; it must be above 0 and at most 1000000"},
        {make(ENT__DIST_BETA, 1, 2e6, 0), "beta: beta is 2000000; it must be above 0 and at most 1000000"},
        {make(ENT__DIST_GAMMA, -2, 1, 0), "gamma: shape is -2; it must be above 0 and at most 1000000"},
        {make(ENT__DIST_GAMMA, 2, 0, 0), "gamma: scale is 0; it must be above 0"},
        {make(ENT__DIST_TRIANGULAR, 0, 5, 4), "triangular: mode is 5; it must lie between low and high"},
        {make(ENT__DIST_PERT, 5, 4, 3), "pert: low is 5; it must not be above high"},
        {make(ENT__DIST_CONSTANT, INFINITY, 0, 0), "constant: value is not a finite number"},
        {make(99, 0, 0, 0), "there is no distribution 99"},
        {make(-1, 0, 0, 0), "there is no distribution -1"},
        {{.kind = ENT__DIST_DISCRETE, .points = 2, .point = negative},
         "discrete: weight 2 is -0.5; it must be at least 0"},
        {{.kind = ENT__DIST_DISCRETE, .points = 2, .point = weightless},
         "discrete: some weight must be above 0, and their sum finite"},
        {{.kind = ENT__DIST_DISCRETE, .points = 2, .point = unordered}, "discrete: value 2 is 0; values must ascend"},
        {{.kind = ENT__DIST_DISCRETE, .points = 1, .point = infinite}, "discrete: point 1 is not a finite number"},
        {{.kind = ENT__DIST_DISCRETE, .points = 0, .point = infinite}, "discrete: 0 points; there must be 1 to 64"},
        {{.kind = ENT__DIST_DISCRETE, .points = 65, .point = infinite}, "discrete: 65 points; there must be 1 to 64"}};
    for (size_t i = 0; i < ENT_COUNT(bad); i++) {
        ent__distribution d = bad[i].d;
        ent_error err = {0};
        CHECK(ent__distribution_prepare(&d, &err) == ENT_ERR_DOMAIN);
        assert_string_equal(err.message, bad[i].message);
    }
    ent__distribution d = make(ENT__DIST_NORMAL, 0, 1, 0);
    ent_error err = {0};
    d.low = 2;
    d.high = 1;
    CHECK(ent__distribution_prepare(&d, &err) == ENT_ERR_DOMAIN);
    assert_string_equal(err.message, "normal: truncated to 2 .. 1; the first must not be above the second");
    d.high = INFINITY;
    d.low = 50;
    err = (ent_error){0};
    CHECK(ent__distribution_prepare(&d, &err) == ENT_ERR_DOMAIN);
    assert_string_equal(err.message, "normal: nothing of it lies above 50");
    d = make(ENT__DIST_BETA, 2, 2, 0);
    d.low = 3;
    d.high = 4;
    err = (ent_error){0};
    CHECK(ent__distribution_prepare(&d, &err) == ENT_ERR_DOMAIN);
    assert_string_equal(err.message, "beta: nothing of it lies between 3 and 4");
    d = make(ENT__DIST_NORMAL, 0, 1, 0);
    d.clamp_low = NAN;
    CHECK(ent__distribution_prepare(&d, NULL) == ENT_ERR_DOMAIN);
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {cmocka_unit_test(normal_quantile_is_good_to_the_last_digits),
                                       cmocka_unit_test(normal_cdf_is_that_of_gsl),
                                       cmocka_unit_test(plain_quantiles_are_those_of_gsl),
                                       cmocka_unit_test(gamma_quantile_is_that_of_gsl),
                                       cmocka_unit_test(gamma_quantile_of_large_shapes),
                                       cmocka_unit_test(beta_quantile_is_that_of_gsl),
                                       cmocka_unit_test(beta_quantile_has_its_closed_forms),
                                       cmocka_unit_test(quantiles_rise_and_stay_inside),
                                       cmocka_unit_test(cdf_undoes_the_quantile),
                                       cmocka_unit_test(mean_is_the_integral_of_the_quantile),
                                       cmocka_unit_test(many_are_the_same_as_one_by_one),
                                       cmocka_unit_test(an_interval_holds_ninety_per_cent),
                                       cmocka_unit_test(truncation_keeps_its_precision_in_the_tails),
                                       cmocka_unit_test(a_discrete_distribution_gives_its_points_in_proportion),
                                       cmocka_unit_test(what_does_not_vary_is_constant),
                                       cmocka_unit_test(errors_name_what_was_found_and_what_is_allowed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
