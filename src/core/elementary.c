/* Elementary functions from + - * / sqrt and bits.
 *
 * A number that needs more than 53 bits is a pair high + low with |low| <= ulp(high) / 2 or somewhat more; sums and
 * products of two doubles are exact as pairs (Dekker, Numerische Mathematik 18, 1971; Knuth, TAOCP 2, 4.2.2).
 *
 *   exp     x = m log(2)/128 + r; 2^(m/128) from a table, exp(r) by its series (Tang, ACM TOMS 15, 1989)
 *   log     x = 2^k z; c near 1/z from a table with so few bits that r = c z - 1 is exact as a pair;
 *           log x = k log 2 - log c + log(1 + r) (Tang, ACM TOMS 16, 1990). c = 1 about z = 1, so nothing cancels there
 *   pow     exp(y log x) with log x as a pair
 *   sin cos x = n pi/2 + r with r as a pair: pi/2 in four parts (Cody & Waite 1980), or 2/pi to 1216 bits for large x
 *           (Payne & Hanek, SIGNUM 18, 1983)
 *   erf     x times a polynomial in x^2 up to 1/2; then erfc(x) = exp(-x^2) g(x) with g by piecewise polynomials
 *   lgamma  t (t - 1) h(t) for 1 + t in [1/2, 3), h by piecewise polynomials; the recurrence to 8; then Stirling
 *
 * tools/elementary_tables.py makes the tables. tests/core/test_elementary.c measures each function against MPFR. */
#include "core/elementary.h"
#include "core/elementary_tables.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define INF ((double)INFINITY)
#define SHIFT 0x1.8p52 /* adding it rounds to a whole number, kept in the low bits */
#define LOG_OFFSET UINT64_C(0x3fe6000000000000) /* z lies in [0.6875, 1.375) */

static inline uint64_t bits_of(double x)
{
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

static inline double of_bits(uint64_t b)
{
    double x;
    memcpy(&x, &b, sizeof x);
    return x;
}

static inline double absolute(double x) { return of_bits(bits_of(x) & ~(UINT64_C(1) << 63)); }
static inline double with_sign(double x, double of) { return of_bits(bits_of(x) | (bits_of(of) & UINT64_C(1) << 63)); }
static inline double power_of_2(int64_t k) { return of_bits((uint64_t)(1023 + k) << 52); }

/* a + b exactly. */
static inline pair two_sum(double a, double b)
{
    double s = a + b, t = s - a;
    return (pair){s, (a - (s - t)) + (b - t)};
}

/* a + b exactly where |a| >= |b| or a = 0. */
static inline pair fast_sum(double a, double b)
{
    double s = a + b;
    return (pair){s, b - (s - a)};
}

/* The upper 26 bits of a. */
static inline double upper(double a)
{
    double c = 134217729.0 * a;
    return c - (c - a);
}

/* a * b exactly, where nothing over- or underflows. */
static inline pair two_product(double a, double b)
{
    double p = a * b, ah = upper(a), al = a - ah, bh = upper(b), bl = b - bh;
    return (pair){p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

static inline pair pair_product(pair a, pair b)
{
    pair p = two_product(a.high, b.high);
    return fast_sum(p.high, p.low + (a.high * b.low + a.low * b.high));
}

static inline pair pair_sum(pair a, pair b)
{
    pair s = two_sum(a.high, b.high);
    return fast_sum(s.high, s.low + (a.low + b.low));
}

/* --- exp, expm1, tanh ------------------------------------------------------------------------------ */

/* exp(r) - 1 - r, |r| < 0.0028: the first term left out is below 2^-60. */
static inline double exp_rest(double r)
{
    double r2 = r * r;
    return r2 * (0.5 + r * (1.0 / 6)) + r2 * r2 * (1.0 / 24 + r * (1.0 / 120));
}

/* exp(x + more) = 2^*k (high + low) with high in [1, 2) and |low| < 2^-7; |x| < 2^40, `more` far below 1. */
static inline pair exp_parts(double x, double more, int32_t *k)
{
    double steps = x * STEPS_PER_ONE + SHIFT, m = steps - SHIFT;
    int32_t n = (int32_t)(uint32_t)bits_of(steps);
    double r = ((x - m * STEP_HIGH) - m * STEP_LOW) + more;
    pair t = exp_table[n & 127];
    *k = n >> 7;
    return (pair){t.high, t.low + t.high * (r + exp_rest(r))};
}

/* 2^k (high + low), to infinity and through the subnormals. */
static double scaled(pair p, int32_t k)
{
    double y = p.high + p.low;
    if (k > -1022 && k < 1023)
        return y * power_of_2(k);
    return k > 0 ? y * 0x1p1000 * power_of_2(k - 1000) : y * power_of_2(k + 1000) * 0x1p-1000;
}

double ent_exp(double x)
{
    int32_t k;
    if (absolute(x) <= 708) {
        pair p = exp_parts(x, 0, &k);
        return (p.high + p.low) * power_of_2(k);
    }
    if (x != x)
        return x;
    if (x > 710)
        return INF;
    if (x < -746)
        return 0;
    pair p = exp_parts(x, 0, &k);
    return scaled(p, k);
}

/* The same with two terms more: where the result is as small as r, 2^-60 is not enough. */
static inline double exp_long_rest(double r)
{
    double r2 = r * r;
    return r2 * ((0.5 + r * (1.0 / 6)) + r2 * ((1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040))));
}

/* exp(x) - 1 for |x| <= 41. With a = 2^(m/128) and x = m log(2)/128 + r: (a - 1) + r + (a - 1) r + a (exp(r) - 1 - r),
 * where a - 1 and its sum with r are exact as pairs. */
static pair expm1_pair(double x)
{
    double steps = x * STEPS_PER_ONE + SHIFT, m = steps - SHIFT;
    int32_t n = (int32_t)(uint32_t)bits_of(steps);
    pair r = two_sum(x - m * STEP_HIGH, -m * STEP_LOW);
    double scale = power_of_2(n >> 7), a = scale * exp_table[n & 127].high;
    pair less = two_sum(a, -1), sum = two_sum(less.high, r.high);
    double rest = less.high * r.high + (less.low * r.high + a * (r.low + exp_long_rest(r.high)));
    return fast_sum(sum.high, sum.low + (less.low + (rest + scale * exp_table[n & 127].low * (1 + r.high))));
}

double ent_expm1(double x)
{
    if (absolute(x) < 0x1p-54 || x != x)
        return x;
    if (x > 40)
        return ent_exp(x);
    if (x < -40)
        return -1;
    pair p = expm1_pair(x);
    return p.high + p.low;
}

/* (exp(2x) - 1) / (exp(2x) + 1) with the rounding error of the quotient put right. */
double ent_tanh(double x)
{
    double size = absolute(x);
    if (size < 0x1p-28 || x != x)
        return x;
    if (size > 20)
        return with_sign(1, x);
    pair top = expm1_pair(2 * size), bottom = pair_sum(top, (pair){2, 0});
    double q = top.high / bottom.high;
    pair back = two_product(q, bottom.high);
    double rest = ((top.high - back.high) - back.low) + (top.low - q * bottom.low);
    return with_sign(q + rest / bottom.high, x);
}

/* --- log, log1p, pow ------------------------------------------------------------------------------- */

/* A positive normal x as 2^k z, z in [0.6875, 1.375); r = inverse * z - 1 as high + low, exactly. */
typedef struct reduced {
    double k;
    pair r;
    const log_entry *entry;
} reduced;

static inline reduced log_reduce(uint64_t x)
{
    uint64_t above = x - LOG_OFFSET;
    const log_entry *entry = &log_table[above >> 45 & 127];
    double z = of_bits(x - (above & UINT64_C(0xfff) << 52));
    double head = of_bits(bits_of(z) & UINT64_C(0xffffffff) << 32), tail = z - head;
    double high = head * entry->inverse - 1, low = tail * entry->inverse, r = high + low;
    return (reduced){(double)((int64_t)above >> 52), {r, low - (r - high)}, entry};
}

/* The bits of x > 0 made normal, with the exponent to add. */
static inline uint64_t normal_bits(double x, double *exponent)
{
    *exponent = 0;
    if (x >= 0x1p-1022)
        return bits_of(x);
    *exponent = -54;
    return bits_of(x * 0x1p54);
}

/* log(0), of a negative number, of infinity and of no number. */
static double log_special(double x)
{
    if (x == 0)
        return -INF;
    return x > 0 ? x : x < 0 ? __builtin_nan("") : x;
}

double ent_log(double x)
{
    double k = 0;
    uint64_t b = bits_of(x);
    if (b - (UINT64_C(1) << 52) >= UINT64_C(0x7fe) << 52) {
        if (!(x > 0 && x < INF))
            return log_special(x);
        b = normal_bits(x, &k);
    }
    reduced d = log_reduce(b);
    k += d.k;
    double r = d.r.high, r2 = r * r;
    double w = k * LN2_HIGH + d.entry->high, s = w + r, low = (w - s) + r;
    double series = (-0.5 + r * (1.0 / 3)) + r2 * ((-0.25 + r * (1.0 / 5)) +
                    r2 * ((-1.0 / 6 + r * (1.0 / 7)) + r2 * (-0.125 + r * (1.0 / 9))));
    return s + ((low + (k * LN2_LOW + d.entry->low) + d.r.low) + r2 * series);
}

/* log(x + more) to about 2^-67 of itself, x positive and finite, |more| <= ulp(x), 0 where x is subnormal or vast. */
static pair log_pair(double x, double more)
{
    double k;
    reduced d = log_reduce(normal_bits(x, &k));
    k += d.k;
    pair r = d.r;
    if (more != 0)
        r = two_sum(r.high, r.low + more * power_of_2(-(int64_t)k) * d.entry->inverse);
    double a = r.high, b = r.low;
    pair square = two_product(a, a);
    double series = (1.0 / 3 - a * 0.25) + square.high * ((0.2 - a * (1.0 / 6)) +
                    square.high * ((1.0 / 7 - a * 0.125) + square.high * (1.0 / 9 - a * 0.1)));
    pair s = two_sum(k * LN2_HIGH + d.entry->high, a), t = two_sum(s.high, -0.5 * square.high);
    double low = (k * LN2_LOW + d.entry->low) + (b - 0.5 * square.low - a * b) + a * square.high * series;
    return fast_sum(t.high, s.low + t.low + low);
}

double ent_log1p(double x)
{
    if (absolute(x) < 0x1p-54 || x != x)
        return x;
    if (!(x > -1) || x > 0x1p60)
        return x == -1 ? -INF : ent_log(x);
    pair u = two_sum(1, x), p = log_pair(u.high, u.low);
    return p.high + p.low;
}

static inline bool is_whole(double y) { return absolute(y) >= 0x1p52 || (double)(int64_t)y == y; }
static inline bool is_odd(double y) { return absolute(y) < 0x1p53 && is_whole(y) && ((int64_t)y & 1); }

/* C17 annex F.10.4.4 where x or y is 0, infinite or no number. */
static double pow_special(double x, double y)
{
    if (y == 0 || x == 1)
        return 1;
    if (x != x || y != y)
        return x + y;
    double size = absolute(x);
    if (absolute(y) == INF) {
        if (size == 1)
            return 1;
        return (size > 1) == (y > 0) ? INF : 0;
    }
    double result = (size == 0) == (y > 0) ? 0 : INF;
    return is_odd(y) ? with_sign(result, x) : result;
}

double ent_pow(double x, double y)
{
    double size = absolute(x), sign = 1;
    if (!(size > 0 && size < INF && absolute(y) > 0 && absolute(y) < INF) || x == 1)
        return pow_special(x, y);
    if (x < 0) {
        if (!is_whole(y))
            return __builtin_nan("");
        sign = is_odd(y) ? -1 : 1;
        if (size == 1)
            return sign;
    }
    if (absolute(y) > 0x1p66) /* then |y log x| > 2^12 */
        return (size > 1) == (y > 0) ? INF : 0;
    if (absolute(y) < 0x1p-66)
        return 1;
    pair l = log_pair(size, 0), e = two_product(y, l.high);
    if (e.high > 710)
        return sign * INF;
    if (e.high < -746)
        return sign * 0.0;
    int32_t k;
    pair p = exp_parts(e.high, e.low + y * l.low, &k);
    return sign * scaled(p, k);
}

/* --- sin, cos -------------------------------------------------------------------------------------- */

/* x = n pi/2 + r, |r| <= pi/4 and a little; returns n modulo 4. */
static unsigned quadrant(double x, pair *r)
{
    double whole = x * TWO_OVER_PI + SHIFT, n = whole - SHIFT;
    /* n has at most 20 bits and the parts 33: these products are exact */
    pair a = two_sum(x - n * HALF_PI_1, -n * HALF_PI_2), b = two_sum(a.high, -n * HALF_PI_3);
    *r = fast_sum(b.high, b.low + (a.low - n * HALF_PI_4));
    return (unsigned)(bits_of(whole) & 3);
}

/* The 64 bits of a whole number that begin at bit `from`. */
static uint64_t bits_from(const uint32_t limb[13], int32_t from)
{
    int32_t i = from / 32, shift = from % 32;
    uint64_t low = limb[i] | (uint64_t)limb[i + 1] << 32;
    return shift == 0 ? low : low >> shift | (uint64_t)limb[i + 2] << (64 - shift);
}

/* high 2^-64 + low 2^-128 as a pair */
static pair fraction(uint64_t high, uint64_t low)
{
    double scale = 1;
    for (; high >> 63 == 0; scale *= 0.5) {
        high = high << 1 | low >> 63;
        low <<= 1;
    }
    double first = (double)(int64_t)(high >> 11), second = (double)(int64_t)((high & 0x7ff) << 42 | low >> 22);
    return fast_sum(first * 0x1p-53 * scale, second * 0x1p-106 * scale);
}

/* The same for |x| > 2^20. x = m 2^e; of 2/pi we take 256 bits from where m 2^e (what lies above) is a multiple of
 * 4. */
static unsigned far_quadrant(double x, pair *r)
{
    uint64_t b = bits_of(x), m = (b & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
    int32_t e = (int32_t)(b >> 52 & 0x7ff) - 1075, skip = e > 2 ? (e - 2) / 32 : 0, point = 32 * (skip + 8) - e;
    uint32_t limb[13] = {0}; /* m times those bits; the point is at bit `point` */
    for (int32_t half = 0; half < 2; half++) {
        uint64_t factor = (uint32_t)(m >> 32 * half), carry = 0;
        for (int32_t i = 0; i < 8; i++) {
            carry += limb[i + half] + factor * two_over_pi[skip + 7 - i];
            limb[i + half] = (uint32_t)carry;
            carry >>= 32;
        }
        limb[8 + half] = (uint32_t)carry;
    }
    unsigned n = (unsigned)(bits_from(limb, point) & 3);
    uint64_t high = bits_from(limb, point - 64), low = bits_from(limb, point - 128);
    bool above = high >> 63;
    if (above) { /* f - 1 instead of f >= 1/2 */
        n++;
        high = ~high + (low == 0);
        low = ~low + 1;
    }
    pair f = pair_product(fraction(high, low), (pair){HALF_PI_HIGH, HALF_PI_LOW});
    bool negative = above != (x < 0);
    *r = negative ? (pair){-f.high, -f.low} : f;
    return x < 0 ? -n : n;
}

static double even_odd7(const double c[7], double y)
{
    double y2 = y * y;
    return (c[0] + y2 * (c[2] + y2 * (c[4] + y2 * c[6]))) + y * (c[1] + y2 * (c[3] + y2 * c[5]));
}

static double sin_of(pair r)
{
    double y = r.high * r.high;
    return r.high + (r.low * (1 - 0.5 * y) + r.high * y * even_odd7(sin_poly, y));
}

static double cos_of(pair r)
{
    double y = r.high * r.high, half = 0.5 * y, w = 1 - half;
    return w + (((1 - w) - half) + (y * y * even_odd7(cos_poly, y) - r.high * r.low));
}

static double sin_shifted(double x, unsigned shift)
{
    double size = absolute(x);
    if (!(size < INF))
        return x - x;
    pair r = {x, 0};
    unsigned n = shift + (size <= 0.785 ? 0 : size <= 0x1p20 ? quadrant(x, &r) : far_quadrant(x, &r));
    double y = n & 1 ? cos_of(r) : sin_of(r);
    return n & 2 ? -y : y;
}

double ent_sin(double x) { return absolute(x) < 0x1p-27 ? x : sin_shifted(x, 0); }
double ent_cos(double x) { return sin_shifted(x, 1); }

/* --- erf, erfc ------------------------------------------------------------------------------------- */

/* erf(x), 0 < |x| <= 1/2 */
static pair erf_small(double x)
{
    const double *c = erf_poly;
    double y = x * x, y2 = y * y;
    double even = c[2] + y2 * (c[4] + y2 * (c[6] + y2 * (c[8] + y2 * c[10])));
    double odd = c[3] + y2 * (c[5] + y2 * (c[7] + y2 * c[9]));
    pair p = two_product(x, c[0]);
    return fast_sum(p.high, p.low + x * (c[1] + y * (even + y * odd)));
}

/* erfc(x) = 2^*k (high + low), 1/2 <= x < 28 */
static pair erfc_parts(double x, int32_t *k)
{
    uint64_t b = bits_of(x), width = UINT64_C(1) << 49;
    const piece12 *piece = &erfcx_piece[(b - (UINT64_C(0x3fe) << 52)) / width];
    double t = x - of_bits((b & ~(width - 1)) + width / 2), t2 = t * t;
    const double *c = piece->c;
    double even = c[0] + t2 * (c[2] + t2 * (c[4] + t2 * (c[6] + t2 * (c[8] + t2 * c[10]))));
    double odd = c[1] + t2 * (c[3] + t2 * (c[5] + t2 * (c[7] + t2 * (c[9] + t2 * c[11]))));
    pair g = fast_sum(piece->high, piece->low + t * (even + t * odd));
    pair square = two_product(x, x), e = exp_parts(-square.high, -square.low, k);
    return pair_product(fast_sum(e.high, e.low), g);
}

/* from - erfc(x) for 1/2 <= x <= 6 */
static double less_erfc(double from, double x)
{
    int32_t k;
    pair p = erfc_parts(x, &k);
    double scale = power_of_2(k);
    pair s = fast_sum(from, -p.high * scale);
    return s.high + (s.low - p.low * scale);
}

double ent_erf(double x)
{
    double size = absolute(x);
    if (size == 0 || x != x)
        return x;
    if (size > 6)
        return with_sign(1, x);
    if (size >= 0.5)
        return with_sign(less_erfc(1, size), x);
    if (size < 0x1p-600) /* the products of a pair would underflow */
        return ent_erf(x * 0x1p500) * 0x1p-500;
    pair p = erf_small(x);
    return p.high + p.low;
}

double ent_erfc(double x)
{
    int32_t k;
    double size = absolute(x);
    if (size < 0.5) {
        if (size < 0x1p-60)
            return 1;
        pair p = erf_small(x), s = fast_sum(1, -p.high);
        return s.high + (s.low - p.low);
    }
    if (x != x)
        return x;
    if (x < 0)
        return size > 6 ? 2 : less_erfc(2, size);
    if (x >= 28)
        return 0;
    pair p = erfc_parts(x, &k);
    return scaled(p, k);
}

/* --- lgamma ---------------------------------------------------------------------------------------- */

/* lgamma(1 + t), -1/2 <= t < 2 */
static pair lgamma_small(double t)
{
    int32_t i = (int32_t)((t + 0.5) * 8);
    const piece15 *piece = &lgamma_piece[i];
    double u = t - (0.125 * i - 0.4375), u2 = u * u;
    const double *c = piece->c;
    double last = c[8] + u2 * (c[10] + u2 * (c[12] + u2 * c[14]));
    double even = c[0] + u2 * (c[2] + u2 * (c[4] + u2 * (c[6] + u2 * last)));
    double odd = c[1] + u2 * (c[3] + u2 * (c[5] + u2 * (c[7] + u2 * (c[9] + u2 * (c[11] + u2 * c[13])))));
    pair h = fast_sum(piece->high, piece->low + u * (even + u * odd));
    return pair_product(pair_product(two_sum(t, -1), (pair){t, 0}), h);
}

static double lgamma_large(double x)
{
    const double *c = stirling_poly;
    pair l = log_pair(x, 0);
    if (x > 0x1p500) { /* x (log x - 1) far from overflow */
        pair p = pair_product(pair_sum(l, (pair){-1, 0}), (pair){x * 0x1p-500, 0});
        return (p.high + p.low) * 0x1p500;
    }
    double y = 1 / (x * x), y2 = y * y;
    double rest = (c[0] + y2 * (c[2] + y2 * (c[4] + y2 * c[6]))) + y * (c[1] + y2 * (c[3] + y2 * (c[5] + y2 * c[7])));
    pair p = pair_sum(pair_product(l, two_sum(x, -0.5)), (pair){-x, 0});
    p = pair_sum(p, (pair){HALF_LOG_2PI_HIGH, HALF_LOG_2PI_LOW});
    return p.high + (p.low + rest / x);
}

double ent_lgamma(double x)
{
    if (!(x > 0 && x < INF))
        return x == 0 || x > 0 ? INF : __builtin_nan("");
    if (x >= 8)
        return lgamma_large(x);
    pair p;
    if (x < 0.5) {
        pair l = log_pair(x, 0);
        p = pair_sum((pair){-l.high, -l.low}, x < 0x1p-100 ? (pair){0, 0} : lgamma_small(x));
    } else if (x < 3) {
        p = lgamma_small(x - 1);
    } else {
        pair product = {1, 0};
        for (; x >= 3; x--)
            product = pair_product(product, (pair){x - 1, 0});
        p = pair_sum(lgamma_small(x - 1), log_pair(product.high, product.low));
    }
    return p.high + p.low;
}

/* --- exact ones ------------------------------------------------------------------------------------ */

double ent_sqrt(double x) { return sqrt(x); }

double ent_floor(double x)
{
    if (!(absolute(x) < 0x1p52) || x == 0)
        return x;
    double whole = (double)(int64_t)x;
    return whole > x ? whole - 1 : whole;
}
