/* Each elementary function within 1 ulp of the exact value, measured against MPFR at 100 bits over a million arguments,
 * and the special values of C17 annex F. The largest error found is printed as a TAP comment. */
#include "check.h"
#include "core/elementary.h"

#include <float.h>
#include <mpfr.h>
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

enum { ARGUMENTS = 1000000, BITS = 100 };

static uint64_t next(uint64_t *state) /* splitmix64: Steele, Lea & Flood 2014 */
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double unit(uint64_t *state) { return (double)(int64_t)(next(state) >> 11) * 0x1p-53; }

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Where the arguments of a function come from: shares of any bits, an interval, powers of 2 around a point. */
typedef struct domain {
    double low, high;     /* all arguments lie here */
    double plain[2][2];   /* intervals sampled evenly */
    double about[3];      /* points approached as about * (1 +- 2^-k), or +-2^-k about 0 */
} domain;

static double argument(const domain *d, int i, uint64_t *state)
{
    for (;;) {
        double x;
        if (i % 4 == 0)
            x = from_bits(next(state));
        else if (i % 4 < 3)
            x = d->plain[i % 2][0] + unit(state) * (d->plain[i % 2][1] - d->plain[i % 2][0]);
        else {
            double point = d->about[next(state) % 3], size = ldexp(0.5 + unit(state), -(int)(next(state) % 54));
            size = next(state) & 1 ? size : -size;
            x = point != 0 ? point * (1 + size) : size;
        }
        if (x >= d->low && x <= d->high)
            return x;
    }
}

typedef struct subject {
    const char *name;
    double (*ours)(double);
    int (*exact)(mpfr_t, const mpfr_t, mpfr_rnd_t);
    domain domain;
    /* Where MPFR is slow: its value at one argument in NEAR, the rest within 512 ulp of it by two terms of the Taylor
     * series, whose third is below 2^-100 there. Fills f' and returns f''. */
    double (*slopes)(mpfr_t slope, const mpfr_t x);
    double worst, at, and; /* found: largest error, its argument or arguments */
} subject;

enum { NEAR = 16 };

static int exact_lgamma(mpfr_t out, const mpfr_t x, mpfr_rnd_t round)
{
    int sign;
    return mpfr_lgamma(out, &sign, x, round);
}

static double lgamma_slopes(mpfr_t slope, const mpfr_t x)
{
    mpfr_digamma(slope, x, MPFR_RNDN);
    double at = mpfr_get_d(x, MPFR_RNDN), second = 0; /* trigamma, to some digits */
    for (; at < 20; at++)
        second += 1 / (at * at);
    return second + 1 / at + 0.5 / (at * at) + 1 / (6 * at * at * at);
}

/* 2 / sqrt(pi) exp(-x^2), and -2x times that */
static double erf_slopes(mpfr_t slope, const mpfr_t x)
{
    mpfr_t root;
    mpfr_init2(root, BITS);
    mpfr_const_pi(root, MPFR_RNDN);
    mpfr_sqrt(root, root, MPFR_RNDN);
    mpfr_sqr(slope, x, MPFR_RNDN);
    mpfr_neg(slope, slope, MPFR_RNDN);
    mpfr_exp(slope, slope, MPFR_RNDN);
    mpfr_mul_2ui(slope, slope, 1, MPFR_RNDN);
    mpfr_div(slope, slope, root, MPFR_RNDN);
    mpfr_clear(root);
    double first = mpfr_get_d(slope, MPFR_RNDN);
    return first != 0 ? -2 * mpfr_get_d(x, MPFR_RNDN) * first : 0;
}

static double erfc_slopes(mpfr_t slope, const mpfr_t x)
{
    double second = erf_slopes(slope, x);
    mpfr_neg(slope, slope, MPFR_RNDN);
    return -second;
}

#define BIG DBL_MAX
static subject subjects[] = {
    {"pow", NULL, NULL, {0, 0, {{0, 0}, {0, 0}}, {0, 0, 0}}, NULL, 0, 0, 0},
    {"lgamma", ent_lgamma, exact_lgamma, {0x1p-1074, BIG, {{0, 20}, {0.4, 3.2}}, {1, 2, 0}}, lgamma_slopes, 0, 0, 0},
    {"erfc", ent_erfc, mpfr_erfc, {-BIG, 60, {{-6, 28}, {-1, 2}}, {0, 0.5, 26.5432}}, erfc_slopes, 0, 0, 0},
    {"erf", ent_erf, mpfr_erf, {-BIG, BIG, {{-7, 7}, {-1, 1}}, {0, 0.5, 6}}, erf_slopes, 0, 0, 0},
    {"exp", ent_exp, mpfr_exp, {-BIG, BIG, {{-750, 712}, {-1, 1}}, {0, 709.782712893384, -745.13}}, NULL, 0, 0, 0},
    {"expm1", ent_expm1, mpfr_expm1, {-BIG, BIG, {{-45, 712}, {-1, 1}}, {0, 709.782712893384, -37}}, NULL, 0, 0, 0},
    {"log", ent_log, mpfr_log, {0x1p-1074, BIG, {{0, 10}, {0.9, 1.1}}, {1, 0, 0.5}}, NULL, 0, 0, 0},
    {"log1p", ent_log1p, mpfr_log1p, {-1 + 0x1p-53, BIG, {{-1, 10}, {-0.1, 0.1}}, {0, -1, 1}}, NULL, 0, 0, 0},
    {"tanh", ent_tanh, mpfr_tanh, {-BIG, BIG, {{-22, 22}, {-1, 1}}, {0, 1, 19}}, NULL, 0, 0, 0},
    {"sin", ent_sin, mpfr_sin, {-BIG, BIG, {{-1e6, 1e6}, {-10, 10}}, {0, 3.14159265358979323846, 355}}, NULL, 0, 0, 0},
    {"cos", ent_cos, mpfr_cos, {-BIG, BIG, {{-1e6, 1e6}, {-10, 10}}, {0, 1.57079632679489661923, 11}}, NULL, 0, 0, 0}};

/* |got - want| in units of the last place of want; an infinity stands for 2^1024. */
static double ulps(double got, const mpfr_t want, mpfr_t scratch)
{
    if (got != got || mpfr_nan_p(want))
        return INFINITY;
    if (mpfr_zero_p(want))
        return got == 0 ? 0 : INFINITY;
    bool vast = mpfr_inf_p(want) || mpfr_get_exp(want) > 1024;
    if (isinf(got)) {
        if (vast)
            return (got > 0) == (mpfr_sgn(want) > 0) ? 0 : INFINITY;
        mpfr_set_si_2exp(scratch, got > 0 ? 1 : -1, 1024, MPFR_RNDN);
        mpfr_sub(scratch, scratch, want, MPFR_RNDN);
    } else {
        mpfr_d_sub(scratch, got, want, MPFR_RNDN);
    }
    mpfr_exp_t e = mpfr_get_exp(want) - 53;
    mpfr_mul_2si(scratch, scratch, -(e > -1074 ? e : -1074), MPFR_RNDN);
    return fabs(mpfr_get_d(scratch, MPFR_RNDN));
}

static void note(subject *s, double error, double at, double and)
{
    if (error > s->worst) {
        s->worst = error;
        s->at = at;
        s->and = and;
    }
}

static void measure_one(subject *s)
{
    uint64_t state = 20260101;
    double second = 0, center = 0;
    mpfr_t x, value, slope, want, scratch;
    mpfr_inits2(BITS, x, value, slope, want, scratch, (mpfr_ptr)NULL);
    for (int i = 0; i < ARGUMENTS; i++) {
        double at;
        if (s->slopes == NULL || i % NEAR == 0) {
            at = argument(&s->domain, s->slopes == NULL ? i : i / NEAR, &state);
            mpfr_set_d(x, at, MPFR_RNDN);
            s->exact(value, x, MPFR_RNDN);
            mpfr_set(want, value, MPFR_RNDN);
            if (s->slopes != NULL)
                second = s->slopes(slope, x);
            center = at;
        } else {
            uint64_t bits;
            memcpy(&bits, &center, sizeof bits);
            at = from_bits(bits + next(&state) % 1024 - 512);
            if (!(fabs(center) > 0x1p-500 && at >= s->domain.low && at <= s->domain.high)) {
                at = center; /* where f'' cannot be had as a double */
                second = 0;
            }
            mpfr_set_d(x, at - center, MPFR_RNDN);
            mpfr_fma(want, slope, x, value, MPFR_RNDN);
            mpfr_sqr(x, x, MPFR_RNDN);
            mpfr_mul_d(x, x, 0.5 * second, MPFR_RNDN);
            mpfr_add(want, want, x, MPFR_RNDN);
            if (at == 1 || at == 2) { /* zeros of lgamma: the series has an error, however small */
                mpfr_set_d(x, at, MPFR_RNDN);
                s->exact(want, x, MPFR_RNDN);
            }
        }
        note(s, ulps(s->ours(at), want, scratch), at, 0);
    }
    mpfr_clears(x, value, slope, want, scratch, (mpfr_ptr)NULL);
}

/* Any bits; results spread evenly over all doubles; x near 1 with y large; whole y with x of either sign. */
static void power_arguments(double *x, double *y, int i, uint64_t *state)
{
    *x = from_bits(next(state) & INT64_MAX);
    *y = from_bits(next(state));
    if (i % 4 == 1)
        *y = (1500 * unit(state) - 750) / ent_log(*x);
    if (i % 4 == 2) {
        *x = 1 + ldexp(unit(state) - 0.5, -(int)(next(state) % 50));
        *y = (1500 * unit(state) - 750) / ent_log(*x);
    }
    if (i % 4 == 3) {
        *x = 200 * unit(state) - 100;
        *y = (double)(int64_t)(next(state) % 301) - 150;
        if (i % 8 == 3) {
            *x = fabs(*x);
            *y /= 8;
        }
    }
}

static void measure_pow(subject *s)
{
    uint64_t state = 20260102;
    mpfr_t x, y, want, scratch;
    mpfr_inits2(BITS, x, y, want, scratch, (mpfr_ptr)NULL);
    for (int i = 0; i < ARGUMENTS;) {
        double a, b;
        power_arguments(&a, &b, i, &state);
        if (!isfinite(a) || !isfinite(b))
            continue;
        mpfr_set_d(x, a, MPFR_RNDN);
        mpfr_set_d(y, b, MPFR_RNDN);
        mpfr_pow(want, x, y, MPFR_RNDN);
        note(s, ulps(ent_pow(a, b), want, scratch), a, b);
        i++;
    }
    mpfr_clears(x, y, want, scratch, (mpfr_ptr)NULL);
}

/* Takes subjects until none is left: two of these run side by side. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t taken;

static void *work(void *unused)
{
    for (;;) {
        pthread_mutex_lock(&lock);
        size_t i = taken++;
        pthread_mutex_unlock(&lock);
        if (i >= sizeof subjects / sizeof *subjects)
            break;
        if (subjects[i].ours == NULL)
            measure_pow(&subjects[i]);
        else
            measure_one(&subjects[i]);
    }
    mpfr_free_cache();
    return unused;
}

static void every_function_is_within_one_ulp(void **state)
{
    (void)state;
    pthread_t other;
    CHECK(pthread_create(&other, NULL, work, NULL) == 0);
    work(NULL);
    CHECK(pthread_join(other, NULL) == 0);
    bool good = true;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        const subject *s = &subjects[i];
        good = good && s->worst < 1;
        printf("# %-6s over %d arguments at most %.4f ulp, at %a", s->name, (int)ARGUMENTS, s->worst, s->at);
        printf(s->ours == NULL ? ", %a\n" : "\n", s->and);
    }
    CHECK(good);
}

/* --- exact and special values ------------------------------------------------------------------------ */

static void check_value(const char *name, double x, double got, double want)
{
    if ((got == want && signbit(got) == signbit(want)) || (isnan(got) && isnan(want)))
        return;
    fail_msg("%s(%g) is %g, not %g", name, x, got, want);
}

static void special_values_are_those_of_annex_f(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double (*f)(double);
        double zero, negative_zero, infinity, negative_infinity; /* f there; f(NaN) is NaN for all */
    } f[] = {{"exp", ent_exp, 1, 1, INFINITY, 0},
             {"expm1", ent_expm1, 0, -0.0, INFINITY, -1},
             {"log", ent_log, -INFINITY, -INFINITY, INFINITY, NAN},
             {"log1p", ent_log1p, 0, -0.0, INFINITY, NAN},
             {"tanh", ent_tanh, 0, -0.0, 1, -1},
             {"sin", ent_sin, 0, -0.0, NAN, NAN},
             {"cos", ent_cos, 1, 1, NAN, NAN},
             {"erf", ent_erf, 0, -0.0, 1, -1},
             {"erfc", ent_erfc, 1, 1, 0, 2},
             {"lgamma", ent_lgamma, INFINITY, INFINITY, INFINITY, NAN},
             {"sqrt", ent_sqrt, 0, -0.0, INFINITY, NAN},
             {"floor", ent_floor, 0, -0.0, INFINITY, -INFINITY}};
    for (size_t i = 0; i < sizeof f / sizeof *f; i++) {
        check_value(f[i].name, 0, f[i].f(0), f[i].zero);
        check_value(f[i].name, -0.0, f[i].f(-0.0), f[i].negative_zero);
        check_value(f[i].name, INFINITY, f[i].f(INFINITY), f[i].infinity);
        check_value(f[i].name, -INFINITY, f[i].f(-INFINITY), f[i].negative_infinity);
        check_value(f[i].name, NAN, f[i].f(NAN), NAN);
    }
    check_value("log", 1, ent_log(1), 0);
    check_value("log", -1, ent_log(-1), NAN);
    check_value("log1p", -1, ent_log1p(-1), -INFINITY);
    check_value("log1p", -2, ent_log1p(-2), NAN);
    check_value("lgamma", 1, ent_lgamma(1), 0);
    check_value("lgamma", 2, ent_lgamma(2), 0);
    check_value("lgamma", -0.5, ent_lgamma(-0.5), NAN);
    check_value("sqrt", 2, ent_sqrt(2), 0x1.6a09e667f3bcdp+0);
    check_value("exp", 709.79, ent_exp(709.79), INFINITY);
    check_value("exp", -745.2, ent_exp(-745.2), 0);
}

static void special_powers_are_those_of_annex_f(void **state)
{
    (void)state;
    const double inf = INFINITY;
    const double p[][3] = { /* x, y, x^y: F.10.4.4 */
        {0, -3, inf}, {-0.0, -3, -inf}, {0, -2, inf}, {-0.0, -2, inf}, {0, -1.5, inf}, {-0.0, -1.5, inf},
        {0, -inf, inf}, {-0.0, -inf, inf}, {0, 3, 0}, {-0.0, 3, -0.0}, {0, 2.5, 0}, {-0.0, 2.5, 0}, {-0.0, 4, 0},
        {-1, inf, 1}, {-1, -inf, 1}, {1, 5, 1}, {1, NAN, 1}, {1, inf, 1}, {7, 0, 1}, {NAN, 0, 1}, {NAN, -0.0, 1},
        {inf, 0, 1}, {-2, 0.5, NAN}, {-inf, 0, 1}, {0.5, -inf, inf}, {-0.5, -inf, inf}, {2, -inf, 0}, {-2, -inf, 0},
        {0.5, inf, 0}, {-0.5, inf, 0}, {2, inf, inf}, {-2, inf, inf}, {-inf, -3, -0.0}, {-inf, -2, 0}, {-inf, -2.5, 0},
        {-inf, 3, -inf}, {-inf, 2, inf}, {-inf, 0.5, inf}, {inf, -1, 0}, {inf, 1e-300, inf}, {NAN, 1, NAN},
        {2, NAN, NAN}, {-2, 3, -8}, {-2, 4, 16}, {-2, -3, -0.125}, {3, 4, 81}, {10, 15, 1e15}, {2, 1024, inf},
        {-2, 1025, -inf},
        {2, -1074, 0x1p-1074}, {2, -1076, 0}, {-2, -1077, -0.0}, {0.5, 1e300, 0}, {0.5, -1e300, inf}, {-1, 1e300, 1},
        {-1, 3, -1}, {1.5, 1e-300, 1}, {4, 0.5, 2}, {9007199254740993.0, 1, 9007199254740992.0}};
    for (size_t i = 0; i < sizeof p / sizeof *p; i++) {
        double got = ent_pow(p[i][0], p[i][1]), want = p[i][2];
        if (!((got == want && signbit(got) == signbit(want)) || (isnan(got) && isnan(want))))
            fail_msg("pow(%g, %g) is %g, not %g", p[i][0], p[i][1], got, want);
    }
}

static void floor_is_exact(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int i = 0; i < 1000000; i++) {
        double x = i % 2 ? from_bits(next(&seed)) : ldexp(unit(&seed) - 0.5, (int)(next(&seed) % 60));
        check_value("floor", x, ent_floor(x), floor(x));
    }
    check_value("floor", -0.5, ent_floor(-0.5), -1);
    check_value("floor", 0.5, ent_floor(0.5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_function_is_within_one_ulp),
                                       cmocka_unit_test(special_values_are_those_of_annex_f),
                                       cmocka_unit_test(special_powers_are_those_of_annex_f),
                                       cmocka_unit_test(floor_is_exact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
