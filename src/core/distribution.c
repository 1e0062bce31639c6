/* Distributions by their inverse function.
 *
 * Mass. A position in a distribution is written as a signed mass v: v > 0 is the mass below (the cdf), v < 0 is minus
 * the mass above. Where truncation keeps only what lies above the median, u_low and u_high are masses above, so a
 * normal cut at +9 standard deviations keeps its precision. The value drawn at u is that at u_low + u (u_high - u_low).
 *
 * Normal quantile: Wichura's AS 241 (Applied Statistics 37, 1988, PPND16): rational functions of 0.180625 - q^2 with
 * q = u - 1/2, or of sqrt(-log min(u, 1 - u)) in the tails.
 *
 * Gamma and beta: the incomplete functions P (below) and Q (above) by series and continued fractions (Abramowitz &
 * Stegun 6.5.29, 6.5.31; 26.5.8 and its even part), inverted in t = log x. There log P and log Q are concave (for beta
 * where its second parameter is at least 1), so Newton's method cannot run away; we take Halley's step,
 *
 *     h = log P(t) - log p,  dt = -(h / h') / (1 - h h'' / (2 h'^2)),  h'' = h' ((log f)' - h'),  f = dP/dt,
 *
 * inside a bracket that only shrinks. */
#include "core/distribution.h"
#include "core/elementary.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define Z95 1.6448536269514722      /* normal quantile at 0.95 */
#define SQRT_HALF 0.70710678118654752440
#define LOG_HALF -0.69314718055994530942
#define INV_SQRT_2PI 0.39894228040143267794
#define LEAST_MASS 1e-290           /* that truncation must leave: its own precision ends near 1e-308 */
#define LARGE 10                    /* shapes from which Stirling's series serves */
#define CONVERGED 4e-16             /* of continued fractions: they settle within 2^-52 of 1 */

static double smaller(double a, double b) { return a < b ? a : b; } /* fmin may give either zero of 0 and -0 */
static double larger(double a, double b) { return a > b ? a : b; }

/* --- normal ---------------------------------------------------------------------------------------- */

double ent__normal_cdf(double x) { return 0.5 * ent_erfc(-x * SQRT_HALF); }

static double ratio7(const double a[8], const double b[8], double x)
{
    double p = a[7], q = b[7];
    for (int i = 6; i >= 0; i--) {
        p = p * x + a[i];
        q = q * x + b[i];
    }
    return p / q;
}

static double normal_tail(double r)
{
    static const double c[8] = {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
                                3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
                                1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
                                2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
                                7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    r = sqrt(-ent_log(r));
    return r <= 5 ? ratio7(c, d, r - 1.6) : ratio7(e, f, r - 5);
}

double ent__normal_quantile(double u)
{
    static const double a[8] = {3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3,
                                1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3,
                                2.1213794301586595867e+4, 3.9307895800092710610e+4, 2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    double q = u - 0.5;
    if (fabs(q) <= 0.425)
        return q * ratio7(a, b, 0.180625 - q * q);
    return q < 0 ? -normal_tail(u) : normal_tail(1 - u);
}

static double normal_at(double v) { return v > 0 ? ent__normal_quantile(v) : -ent__normal_quantile(-v); }

/* --- incomplete gamma ------------------------------------------------------------------------------ */

/* The masses on both sides of x and f = dP/d(log x). */
typedef struct masses {
    double below, above, f;
} masses;

/* A shape whose constants are computed once for many draws. */
typedef struct shape {
    double a, b;   /* gamma: a alone */
    double log_c;  /* log Gamma(a), or log B(a, b) */
    double factor, correction; /* where all shapes are at least LARGE: see gamma_f and beta_f */
    double half;   /* beta: the mass below 1/2 */
} shape;

/* log(ratio) - h with h = ratio - 1. Near 1, with s = h / (2 + h): s (2 s^2 (1/3 + s^2/5 + s^4/7 + ...) - h). */
static double log_less(double ratio, double h)
{
    if (fabs(h) > 0.3)
        return ent_log(ratio) - h;
    double s = h / (2 + h), y = s * s, sum = 0;
    for (int k = 23; k >= 3; k -= 2)
        sum = sum * y + 1.0 / k;
    return s * (2 * y * sum - h);
}

/* lgamma(a) - ((a - 1/2) log a - a + log(2 pi) / 2), a >= LARGE: Stirling's series. */
static double stirling_rest(double a)
{
    double y = 1 / (a * a);
    double last = 1.0 / 1680 - y * (1.0 / 1188 - y * (691.0 / 360360));
    return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * last))) / a;
}

/* f = x^a exp(-x) / Gamma(a); for large a as sqrt(a / 2 pi) exp(a (log(x/a) - (x - a)/a) - rest): nothing cancels. */
static double gamma_f(const shape *s, double x)
{
    if (s->a < LARGE)
        return ent_exp(s->a * ent_log(x) - x - s->log_c);
    return s->factor * ent_exp(s->a * log_less(x / s->a, (x - s->a) / s->a) - s->correction);
}

static masses gamma_masses(const shape *s, double x)
{
    double a = s->a, f = gamma_f(s, x);
    if (x < a + 1) { /* P = f / a (1 + x/(a+1) + x^2/((a+1)(a+2)) + ...) */
        double term = 1, sum = 1;
        for (double n = a + 1; term > sum * 1e-17; n++) {
            term *= x / n;
            sum += term;
        }
        double below = f / a * sum;
        below = below < 1 ? below : 1;
        return (masses){below, 1 - below, f};
    }
    /* Q = f / (x + 1 - a - 1(1 - a)/(x + 3 - a - 2(2 - a)/(x + 5 - a - ...))), by Lentz's method */
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d;
    for (int i = 1; i < 100000; i++) {
        double an = -i * (i - a);
        b += 2;
        d = 1 / (an * d + b);
        c = b + an / c;
        double step = c * d;
        h *= step;
        if (fabs(step - 1) < CONVERGED)
            break;
    }
    double above = f * h;
    above = above < 1 ? above : 1;
    return (masses){1 - above, above, f};
}

/* --- incomplete beta ------------------------------------------------------------------------------- */

/* I_x(a, b) times a / (x^a (1-x)^b / B), for x below (a + 1) / (a + b + 2): 26.5.8 by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double h = d;
    for (int m = 1; m < 100000; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        h *= c * d;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        double step = c * d;
        h *= step;
        if (fabs(step - 1) < CONVERGED)
            break;
    }
    return h;
}

/* x^a (1 - x)^b / B; for large a and b about the mean m = a / (a + b), as for gamma; terms of first order cancel. */
static double beta_f(const shape *s, double x)
{
    double a = s->a, b = s->b;
    if (a < LARGE || b < LARGE)
        return ent_exp(a * ent_log(x) + b * ent_log1p(-x) - s->log_c);
    double m = a / (a + b), n = b / (a + b), off = x - m;
    return s->factor * ent_exp(a * log_less(x / m, off / m) + b * log_less((1 - x) / n, -off / n) - s->correction);
}

/* f here is x^a (1 - x)^b / B = (1 - x) dP/d(log x). */
static masses beta_masses(const shape *s, double x)
{
    double f = beta_f(s, x);
    if (x < (s->a + 1) / (s->a + s->b + 2)) {
        double below = f * beta_fraction(s->a, s->b, x) / s->a;
        below = below < 1 ? below : 1;
        return (masses){below, 1 - below, f};
    }
    double above = f * beta_fraction(s->b, s->a, 1 - x) / s->b;
    above = above < 1 ? above : 1;
    return (masses){1 - above, above, f};
}

/* log B(a, b). Where one is large, lgamma(b) - lgamma(a + b) by Stirling's formula without the terms that cancel. */
static double log_beta(double a, double b)
{
    if (a > b) {
        double swap = a;
        a = b;
        b = swap;
    }
    if (b < LARGE)
        return ent_lgamma(a) + (ent_lgamma(b) - ent_lgamma(a + b));
    double h = a / b, rest = stirling_rest(b) - stirling_rest(a + b);
    return ent_lgamma(a) + (0.5 * ent_log1p(h) - b * log_less(1 + h, h) - a * ent_log(a + b) + rest);
}

static void beta_constants(shape *s)
{
    double a = s->a, b = s->b;
    s->log_c = log_beta(a, b);
    if (a >= LARGE && b >= LARGE) {
        s->factor = INV_SQRT_2PI * sqrt(a) * sqrt(b / (a + b));
        s->correction = stirling_rest(a) + stirling_rest(b) - stirling_rest(a + b);
    }
    s->half = beta_masses(s, 0.5).below;
}

static shape shape_make(const ent__distribution *d)
{
    shape s = {.a = d->p[0], .b = d->p[1]};
    if (d->kind == ENT__DIST_GAMMA) {
        s.log_c = ent_lgamma(s.a);
        s.factor = INV_SQRT_2PI * sqrt(s.a);
        s.correction = s.a < LARGE ? 0 : stirling_rest(s.a);
    }
    if (d->kind == ENT__DIST_PERT) {
        double width = d->p[2] - d->p[0];
        s.a = width > 0 ? 1 + 4 * ((d->p[1] - d->p[0]) / width) : 1;
        s.b = width > 0 ? 1 + 4 * ((d->p[2] - d->p[1]) / width) : 1;
    }
    if (d->kind == ENT__DIST_BETA || d->kind == ENT__DIST_PERT)
        beta_constants(&s);
    return s;
}

/* --- inverting ------------------------------------------------------------------------------------- */

/* The x with mass p below and q above, between exp(low) and exp(high); `beta`: of the beta, else of the gamma. */
static double invert(const shape *s, bool beta, double p, double q, double t, double low, double high)
{
    bool lower = p < q;
    double target = ent_log(lower ? p : q);
    for (int i = 0; i < 200; i++) {
        double x = ent_exp(t);
        masses m = beta ? beta_masses(s, x) : gamma_masses(s, x);
        double slope = beta ? m.f / (1 - x) : m.f; /* dP/dt */
        double curve = beta ? s->a - (s->b - 1) * x / (1 - x) : s->a - x;
        double mass = lower ? m.below : m.above, sign = lower ? 1 : -1;
        double h = sign * (ent_log(mass) - target);
        if (h == 0)
            return x;
        if (h > 0)
            high = t;
        else
            low = t;
        double h1 = slope / mass, newton = -h / h1;
        double halley = newton / (1 + 0.5 * newton * (curve - sign * h1));
        double next = t + (halley * newton > 0 && fabs(halley) < 4 * fabs(newton) ? halley : newton);
        if (!(next > low && next < high)) {
            if (fabs(next - t) < 1e-15)
                return x;
            next = low + 0.5 * (high - low);
        }
        double step = fabs(next - t);
        t = next;
        if (step * (1 + fabs(h1)) < 2e-5) /* the error left is about its cube: below 1e-13 */
            break;
    }
    return ent_exp(t);
}

static double gamma_at(const shape *s, double v)
{
    double p = v > 0 ? v : 1 + v, q = v > 0 ? 1 - v : -v, a = s->a;
    if (!(p > 0))
        return 0;
    double small = (ent_log(p) + ent_log(a) + s->log_c) / a; /* P ~ x^a / (a Gamma(a)) is an upper bound: x is above */
    if (small < -700)
        return small < -745 ? 0 : ent_exp(small);
    double t = small;
    if (a > 0.5 && p > 0.01) { /* Wilson & Hilferty 1931: the cube root is nearly normal */
        double w = 1 - 1 / (9 * a) + normal_at(v) / (3 * sqrt(a));
        if (w > 0.1)
            t = ent_log(a * w * w * w);
    }
    return invert(s, false, p, q, t > small ? t : small, small - 1, ent_log(a + 40 * sqrt(a) + 1500));
}

/* Where to begin, both shapes above 1: Abramowitz & Stegun 26.5.22. */
static double beta_start(double a, double b, double p)
{
    double y = -ent__normal_quantile(p), left = 1 / (2 * a - 1), right = 1 / (2 * b - 1), h = 2 / (left + right);
    double r = (y * y - 3) / 6;
    if (h + r < 0)
        return 0.5;
    double w = y * sqrt(h + r) / h - (right - left) * (r + 5.0 / 6 - 2 / (3 * h));
    return a / (a + b * ent_exp(2 * w));
}

static double beta_at(const shape *s, double v)
{
    double p = v > 0 ? v : 1 + v, q = v > 0 ? 1 - v : -v;
    shape turned = *s;
    bool turn = p > s->half; /* solve for the side that lies in (0, 1/2], so that it is precise */
    if (turn) {
        turned.a = s->b;
        turned.b = s->a;
        s = &turned;
        double swap = p;
        p = q;
        q = swap;
    }
    if (!(p > 0))
        return turn ? 1 : 0;
    /* P = x^a / (a B) times a factor between 1 and (1 - x)^(b-1), which bounds x on both sides */
    double top = LOG_HALF, small = (ent_log(p) + ent_log(s->a) + s->log_c) / s->a, x;
    if (small < -700) {
        x = small < -745 ? 0 : ent_exp(small);
    } else {
        double slack = 1e-9 * (1 + fabs(small)), low = small - slack + (s->b < 1 ? LOG_HALF / s->a : 0);
        double high = (s->b < 1 && small < top ? small : top) + slack, t = small;
        if (s->a > 1 && s->b > 1)
            t = ent_log(beta_start(s->a, s->b, p));
        t = t < low ? low : t > top ? top : t;
        x = invert(s, true, p, q, t < high ? t : high, low, high);
    }
    return turn ? 1 - x : x;
}

/* --- each kind: value at a signed mass, masses at a value, partial expectation ---------------------- */

static double triangular_at(const double p[4], double v)
{
    double width = p[2] - p[0], left = p[1] - p[0], right = p[2] - p[1];
    if (!(width > 0))
        return p[0];
    double below = v > 0 ? v : 1 + v, above = v > 0 ? 1 - v : -v;
    if (below * width <= left)
        return p[0] + sqrt(below * width * left);
    return p[2] - sqrt(above * width * right);
}

static double discrete_total(const ent__distribution *d)
{
    double total = 0;
    for (int32_t i = 0; i < d->points; i++)
        total += d->point[2 * i + 1];
    return total;
}

static double discrete_at(const ent__distribution *d, double v)
{
    double sum = 0, total = discrete_total(d), mass = v > 0 ? v * total : total + v * total;
    int32_t found = 0;
    for (int32_t i = 0; i < d->points; i++) {
        if (!(d->point[2 * i + 1] > 0))
            continue;
        found = i;
        sum += d->point[2 * i + 1];
        if (mass <= sum)
            break;
    }
    return d->point[2 * found];
}

static double value_at(const ent__distribution *d, const shape *s, double v)
{
    const double *p = d->p;
    switch ((ent__distribution_kind)d->kind) {
    case ENT__DIST_UNIFORM:
        return v > 0 ? p[0] + v * (p[1] - p[0]) : p[1] + v * (p[1] - p[0]);
    case ENT__DIST_NORMAL:
        return p[0] + p[1] * normal_at(v);
    case ENT__DIST_LOGNORMAL:
        return ent_exp(p[0] + p[1] * normal_at(v));
    case ENT__DIST_BETA:
        return beta_at(s, v);
    case ENT__DIST_GAMMA:
        return p[1] * gamma_at(s, v);
    case ENT__DIST_TRIANGULAR:
        return triangular_at(p, v);
    case ENT__DIST_PERT:
        return p[2] > p[0] ? p[0] + (p[2] - p[0]) * beta_at(s, v) : p[0];
    case ENT__DIST_DISCRETE:
        return discrete_at(d, v);
    case ENT__DIST_CONSTANT:
    case ENT__DIST_COUNT:
        break;
    }
    return p[0];
}

/* All mass on one side: a value that does not vary, or x outside the support. */
static masses step_masses(bool below) { return below ? (masses){1, 0, 0} : (masses){0, 1, 0}; }

static masses normal_masses(double mean, double sd, double x)
{
    if (!(sd > 0))
        return step_masses(mean <= x);
    double z = (x - mean) / sd;
    return (masses){ent__normal_cdf(z), ent__normal_cdf(-z), INV_SQRT_2PI * ent_exp(-0.5 * z * z)};
}

static masses triangular_masses(const double p[4], double x)
{
    double width = p[2] - p[0];
    if (x <= p[0] || x >= p[2] || !(width > 0))
        return step_masses(x >= p[2]);
    if (x < p[1]) {
        double below = (x - p[0]) * (x - p[0]) / (width * (p[1] - p[0]));
        return (masses){below, 1 - below, 0};
    }
    double above = (p[2] - x) * (p[2] - x) / (width * (p[2] - p[1]));
    return (masses){1 - above, above, 0};
}

static masses discrete_masses(const ent__distribution *d, double x)
{
    double total = discrete_total(d), below = 0, above = 0;
    for (int32_t i = 0; i < d->points; i++)
        *(d->point[2 * i] <= x ? &below : &above) += d->point[2 * i + 1];
    return (masses){below / total, above / total, 0};
}

static masses unit_beta_masses(const ent__distribution *d, double x)
{
    if (x <= 0 || x >= 1)
        return step_masses(x >= 1);
    shape s = shape_make(d);
    return beta_masses(&s, x);
}

/* The masses up to and beyond x, before truncation. */
static masses masses_at(const ent__distribution *d, double x)
{
    const double *p = d->p;
    switch ((ent__distribution_kind)d->kind) {
    case ENT__DIST_UNIFORM:
        if (x <= p[0] || x >= p[1])
            return step_masses(x >= p[1]);
        return (masses){(x - p[0]) / (p[1] - p[0]), (p[1] - x) / (p[1] - p[0]), 0};
    case ENT__DIST_NORMAL:
        return normal_masses(p[0], p[1], x);
    case ENT__DIST_LOGNORMAL:
        return x > 0 ? normal_masses(p[0], p[1], ent_log(x)) : step_masses(false);
    case ENT__DIST_BETA:
        return unit_beta_masses(d, x);
    case ENT__DIST_GAMMA: {
        if (x <= 0 || x > DBL_MAX)
            return step_masses(x > 0);
        shape s = shape_make(d);
        double y = x / p[1];
        return y > 0 ? (y > DBL_MAX ? step_masses(true) : gamma_masses(&s, y)) : step_masses(false);
    }
    case ENT__DIST_TRIANGULAR:
        return triangular_masses(p, x);
    case ENT__DIST_PERT:
        if (x <= p[0] || x >= p[2])
            return step_masses(x >= p[2]);
        return unit_beta_masses(d, (x - p[0]) / (p[2] - p[0]));
    case ENT__DIST_DISCRETE:
        return discrete_masses(d, x);
    case ENT__DIST_CONSTANT:
    case ENT__DIST_COUNT:
        break;
    }
    return step_masses(p[0] <= x);
}

/* --- public ---------------------------------------------------------------------------------------- */

ent__distribution ent__distribution_interval(double low, double high, bool lognormal)
{
    ent__distribution d = {.kind = lognormal ? ENT__DIST_LOGNORMAL : ENT__DIST_NORMAL, .low = -INFINITY,
                           .high = INFINITY, .clamp_low = -INFINITY, .clamp_high = INFINITY};
    if (low == high) {
        d.kind = ENT__DIST_CONSTANT;
        d.p[0] = low;
        return d;
    }
    double a = lognormal ? ent_log(low) : low, b = lognormal ? ent_log(high) : high;
    d.p[0] = 0.5 * a + 0.5 * b;
    d.p[1] = (0.5 * b - 0.5 * a) / Z95;
    return d;
}

static double drawn(const ent__distribution *d, const shape *s, double u)
{
    double x = value_at(d, s, d->u_low + u * (d->u_high - d->u_low));
    x = x < d->low ? d->low : x > d->high ? d->high : x;
    return x < d->clamp_low ? d->clamp_low : x > d->clamp_high ? d->clamp_high : x;
}

double ent__distribution_quantile(const ent__distribution *d, double u)
{
    shape s = shape_make(d);
    return drawn(d, &s, u);
}

void ent__distribution_quantiles(double *out, const double *u, size_t n, const ent__distribution *d)
{
    shape s = shape_make(d);
    for (size_t i = 0; i < n; i++)
        out[i] = drawn(d, &s, u[i]);
}

double ent__distribution_cdf(const ent__distribution *d, double x)
{
    if (x < d->clamp_low || x < d->low)
        return 0;
    if (x >= d->clamp_high || x >= d->high)
        return 1;
    masses m = masses_at(d, x);
    return ((d->u_low < 0 ? -m.above : m.below) - d->u_low) / (d->u_high - d->u_low);
}

/* Masses on either side of `from` and `to`: the mass between, without loss where both lie far above the median. */
static double mass_between(const ent__distribution *d, double from, double to)
{
    masses a = masses_at(d, from), b = masses_at(d, to);
    return a.above < a.below ? a.above - b.above : b.below - a.below;
}

/* Integral of x f(x) from `from` to `to` for a triangle: over the rising side with s = x - low, of width l in the whole
 * width w, x f = (low + s) 2 s / (w l); the same mirrored over the falling one. */
static double triangular_part(const ent__distribution *d, double from, double to)
{
    const double *p = d->p;
    double width = p[2] - p[0], left = p[1] - p[0], right = p[2] - p[1], sum = 0;
    double a = larger(from, p[0]) - p[0], b = smaller(smaller(to, p[1]), p[2]) - p[0];
    if (b > a)
        sum += p[0] * ((b * b - a * a) / (width * left)) + 2 * ((b * b * b - a * a * a) / (3 * width * left));
    a = p[2] - smaller(to, p[2]);
    b = p[2] - larger(larger(from, p[1]), p[0]);
    if (b > a)
        sum += p[2] * ((b * b - a * a) / (width * right)) - 2 * ((b * b * b - a * a * a) / (3 * width * right));
    return sum;
}

/* Integral of x f(x) from `from` to `to`, before truncation; for normal of (x - mean) f(x). For lognormal, gamma and
 * beta x f(x) is the mean times the density of the same kind with another parameter. */
static double part_between(const ent__distribution *d, double from, double to)
{
    const double *p = d->p;
    double mass = mass_between(d, from, to);
    ent__distribution next = *d;
    switch ((ent__distribution_kind)d->kind) {
    case ENT__DIST_UNIFORM:
        return mass * 0.5 * (larger(from, p[0]) + smaller(to, p[1]));
    case ENT__DIST_NORMAL:
        return p[1] * (normal_masses(p[0], p[1], from).f - normal_masses(p[0], p[1], to).f);
    case ENT__DIST_LOGNORMAL:
        next.p[0] += p[1] * p[1];
        return ent_exp(p[0] + 0.5 * p[1] * p[1]) * mass_between(&next, from, to);
    case ENT__DIST_GAMMA:
        next.p[0]++;
        return p[0] * p[1] * mass_between(&next, from, to);
    case ENT__DIST_BETA:
        next.p[0]++;
        return p[0] / (p[0] + p[1]) * mass_between(&next, from, to);
    case ENT__DIST_TRIANGULAR:
        return triangular_part(d, from, to);
    case ENT__DIST_PERT: {
        shape s = shape_make(d);
        double width = p[2] - p[0], mass_next;
        next.kind = ENT__DIST_BETA;
        next.p[0] = s.a + 1;
        next.p[1] = s.b;
        mass_next = mass_between(&next, (from - p[0]) / width, (to - p[0]) / width);
        return p[0] * mass + width * s.a / (s.a + s.b) * mass_next;
    }
    case ENT__DIST_CONSTANT:
    case ENT__DIST_DISCRETE:
    case ENT__DIST_COUNT:
        break;
    }
    return 0;
}

static double discrete_mean(const ent__distribution *d)
{
    double sum = 0, mass = 0;
    for (int32_t i = 0; i < d->points; i++) {
        double x = d->point[2 * i], weight = d->point[2 * i + 1];
        if (x < d->low || x > d->high)
            continue;
        mass += weight;
        sum += weight * smaller(larger(x, d->clamp_low), d->clamp_high);
    }
    return sum / mass;
}

double ent__distribution_mean(const ent__distribution *d)
{
    if (d->kind == ENT__DIST_DISCRETE)
        return discrete_mean(d);
    double least = ent__distribution_quantile(d, 0x1p-53), most = ent__distribution_quantile(d, 1 - 0x1p-53);
    if (!(least < most))
        return least;
    double from = larger(d->low, d->clamp_low), to = smaller(d->high, d->clamp_high), sum = part_between(d, from, to);
    double origin = d->kind == ENT__DIST_NORMAL ? d->p[0] : 0; /* 1e6 +- 1e-3 keeps its digits */
    if (d->clamp_low > d->low)
        sum += (d->clamp_low - origin) * mass_between(d, d->low, d->clamp_low);
    if (d->clamp_high < d->high)
        sum += (d->clamp_high - origin) * mass_between(d, d->clamp_high, d->high);
    double mean = origin + sum / (d->u_high - d->u_low);
    return smaller(larger(mean, from), to);
}

/* --- checking -------------------------------------------------------------------------------------- */

static const char *const kind_name[ENT__DIST_COUNT] = {"constant", "uniform", "normal", "lognormal", "beta",
                                                       "gamma", "triangular", "pert", "discrete"};
static const char *const parameter_name[ENT__DIST_COUNT][3] = {
    {"value"}, {"low", "high"}, {"mean", "sd"}, {"mu", "sigma"}, {"alpha", "beta"}, {"shape", "scale"},
    {"low", "mode", "high"}, {"low", "mode", "high"}, {NULL}};

static ent_status refuse(ent_error *err, const ent__distribution *d, int parameter, const char *allowed)
{
    char text[32];
    ent__number_people(text, d->p[parameter], 6);
    if (!ent__is_finite(d->p[parameter]))
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s: %s is not a finite number", kind_name[d->kind],
                              parameter_name[d->kind][parameter]);
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s: %s is %s; %s", kind_name[d->kind],
                          parameter_name[d->kind][parameter], text, allowed);
}

static ent_status check_parameters(const ent__distribution *d, ent_error *err)
{
    const double *p = d->p;
    for (int i = 0; i < 3 && parameter_name[d->kind][i] != NULL; i++)
        if (!ent__is_finite(p[i]))
            return refuse(err, d, i, "");
    switch ((ent__distribution_kind)d->kind) {
    case ENT__DIST_UNIFORM:
        return p[0] <= p[1] ? ENT_OK : refuse(err, d, 0, "it must not be above high");
    case ENT__DIST_NORMAL:
    case ENT__DIST_LOGNORMAL:
        return p[1] >= 0 ? ENT_OK : refuse(err, d, 1, "it must be at least 0");
    case ENT__DIST_BETA:
    case ENT__DIST_GAMMA:
        for (int i = 0; i < 2; i++) {
            bool limited = i == 0 || d->kind == ENT__DIST_BETA;
            if (!(p[i] > 0) || (limited && p[i] > ENT_MAX_SHAPE))
                return refuse(err, d, i, limited ? "it must be above 0 and at most 1000000" : "it must be above 0");
        }
        return ENT_OK;
    case ENT__DIST_TRIANGULAR:
    case ENT__DIST_PERT:
        if (p[0] > p[2])
            return refuse(err, d, 0, "it must not be above high");
        return p[0] <= p[1] && p[1] <= p[2] ? ENT_OK : refuse(err, d, 1, "it must lie between low and high");
    case ENT__DIST_CONSTANT:
    case ENT__DIST_DISCRETE:
    case ENT__DIST_COUNT:
        break;
    }
    return ENT_OK;
}

static ent_status check_points(const ent__distribution *d, ent_error *err)
{
    if (d->points < 1 || d->points > ENT_MAX_POINTS || d->point == NULL)
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "discrete: %d points; there must be 1 to %d",
                              (int)d->points, ENT_MAX_POINTS);
    for (int32_t i = 0; i < d->points; i++) {
        double value = d->point[2 * i], weight = d->point[2 * i + 1];
        char text[32];
        if (!ent__is_finite(value) || !ent__is_finite(weight))
            return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "discrete: point %d is not a finite number",
                                  (int)i + 1);
        ent__number_people(text, weight, 6);
        if (weight < 0)
            return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "discrete: weight %d is %s; it must be at least 0",
                                  (int)i + 1, text);
        ent__number_people(text, value, 6);
        if (i > 0 && !(value > d->point[2 * i - 2]))
            return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "discrete: value %d is %s; values must ascend",
                                  (int)i + 1, text);
    }
    double total = discrete_total(d);
    if (!(total > 0) || !ent__is_finite(total))
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0,
                              "discrete: some weight must be above 0, and their sum finite");
    return ENT_OK;
}

/* The greatest double below a finite x. */
static double just_below(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (x == 0)
        return -0x1p-1074;
    bits = x > 0 ? bits - 1 : bits + 1;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* The masses on both sides of a lower bound, which is itself kept: that matters where a step of the cdf is. */
static masses masses_before(const ent__distribution *d, double x)
{
    if (!(x > -INFINITY))
        return step_masses(false);
    masses m = masses_at(d, x);
    return d->kind == ENT__DIST_DISCRETE || m.above == 0 ? masses_at(d, just_below(x)) : m;
}

ent_status ent__distribution_prepare(ent__distribution *d, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(d->kind >= 0 && d->kind < ENT__DIST_COUNT, ENT_ERR_DOMAIN, "there is no distribution %d", (int)d->kind);
    ENT_TRY(check_parameters(d, err));
    if (d->kind == ENT__DIST_DISCRETE)
        ENT_TRY(check_points(d, err));
    char low[32], high[32];
    ent__number_people(low, d->low, 6);
    ent__number_people(high, d->high, 6);
    ENT_REQUIRE(d->low <= d->high, ENT_ERR_DOMAIN, "%s: truncated to %s .. %s; the first must not be above the second",
                kind_name[d->kind], low, high);
    ENT_REQUIRE(d->clamp_low <= d->clamp_high, ENT_ERR_DOMAIN, "%s: clamped to an empty range", kind_name[d->kind]);
    d->u_low = 0;
    d->u_high = 1;
    if (d->low > -INFINITY || d->high < INFINITY) {
        masses a = masses_before(d, d->low), b = masses_at(d, d->high);
        bool above = a.above < a.below;
        d->u_low = above ? -a.above : a.below;
        d->u_high = above ? -b.above : b.below;
    }
    if (!(d->u_high - d->u_low > LEAST_MASS)) {
        bool above = d->high == INFINITY, below = d->low == -INFINITY;
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s: nothing of it lies %s %s%s%s", kind_name[d->kind],
                              above ? "above" : below ? "below" : "between", below ? high : low,
                              above || below ? "" : " and ", above || below ? "" : high);
    }
    ENT_REQUIRE(ent__is_finite(ent__distribution_quantile(d, 0x1p-53)) &&
                    ent__is_finite(ent__distribution_quantile(d, 1 - 0x1p-53)),
                ENT_ERR_DOMAIN, "%s: its values grow beyond what a number can hold (1.8e308)", kind_name[d->kind]);
done:
    return status;
}
