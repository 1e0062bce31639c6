/* Numbers and text, free of locale.
 *
 * Writing the shortest: Schubfach (Giulietti, "The Schubfach way to render doubles", 2020). With x = c 2^q and
 * 10^k <= 2^q < 10^(k+1), some multiple of 10^k lies in the interval that rounds to x, and at most one of 10^(k+1);
 * three products with a power of ten of 126 bits, rounded to odd, decide which are inside.
 * Writing few digits: x 10^p by a 192-bit product; where that cannot tell below from above a half, by whole numbers.
 * Reading: Clinger 1990 where both factors are exact doubles; else the first 19 digits times a power of ten of 128
 * bits, as a lower and an upper bound; where they round apart, the text is compared with the midpoint as whole numbers.
 *
 * Rejected: printf and strtod (locale), and carrying digits one by one (ten times slower). */
#include "core/core.h"
#include "core/number_tables.h"

#include <string.h>

/* --- 128 bits ---------------------------------------------------------------------------------------- */

/* high 2^64 + low: a compiler for 32 bits has no type of that width. */
typedef struct wide {
    uint64_t high, low;
} wide;

static wide times(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ unsigned __int128 product = (unsigned __int128)a * b;
    return (wide){(uint64_t)(product >> 64), (uint64_t)product};
#else
    const uint64_t half = UINT32_MAX;
    uint64_t low = (a & half) * (b & half), left = (a >> 32) * (b & half) + (low >> 32);
    uint64_t right = (a & half) * (b >> 32) + (left & half);
    return (wide){(a >> 32) * (b >> 32) + (left >> 32) + (right >> 32), right << 32 | (low & half)};
#endif
}

static wide plus(wide m, uint64_t n) { return (wide){m.high + (m.low + n < n), m.low + n}; }

static bool less(wide a, wide b) { return a.high < b.high || (a.high == b.high && a.low < b.low); }

/* 2^k, 0 <= k < 128 */
static wide power_of_2(int32_t k)
{
    return k < 64 ? (wide){0, UINT64_C(1) << k} : (wide){UINT64_C(1) << (k - 64), 0};
}

/* m / 2^k without its fraction, 0 < k < 128; the caller knows that it is below 2^64. */
static uint64_t shifted(wide m, int32_t k)
{
    return k >= 64 ? m.high >> (k - 64) : m.high << (64 - k) | m.low >> k;
}

/* The lowest k bits, 0 < k < 128. */
static wide lowest(wide m, int32_t k)
{
    wide unit = power_of_2(k);
    return k < 64 ? (wide){0, m.low & (unit.low - 1)} : (wide){m.high & (unit.high - 1), m.low};
}

/* The upper 128 bits of power * n; `rest` the 64 below them. */
static wide upper_product(const uint64_t power[2], uint64_t n, uint64_t *rest)
{
    wide low = times(power[1], n);
    *rest = low.low;
    return plus(times(power[0], n), low.high);
}

/* --- doubles and powers of ten ---------------------------------------------------------------------- */

/* |x| = c 2^q */
static void take_apart(double x, uint64_t *c, int32_t *q)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t exponent = (int32_t)(bits >> 52 & 0x7ff);
    *c = bits & ((UINT64_C(1) << 52) - 1);
    *q = exponent > 0 ? exponent - 1075 : -1074;
    if (exponent > 0)
        *c |= UINT64_C(1) << 52;
}

static bool is_negative(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63;
}

static double put_together(uint64_t bits, bool negative)
{
    double x;
    bits |= (uint64_t)negative << 63;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Floors, exact for the exponents of doubles (tests/core/test_number.c tries each): log10(2^q), log10(3/4 2^q),
 * log2(10^k). Right shifts of negative numbers are arithmetic in every compiler we build with. */
static int32_t log10_of_2(int32_t q) { return (int32_t)(((int64_t)q * 1262611) >> 22); }
static int32_t log10_of_2_uneven(int32_t q) { return (int32_t)(((int64_t)q * 1262611 - 524031) >> 22); }
static int32_t log2_of_10(int32_t k) { return (int32_t)(((int64_t)k * 1741647) >> 19); }

static bool power_is_exact(int32_t k) { return k >= 0 && k <= 55; }

/* --- whole numbers of any size (6400 bits; none here has more than 4000) ------------------- */

enum { LIMBS = 200, KEPT_DIGITS = 800 };

typedef struct big {
    uint32_t limb[LIMBS]; /* lowest first */
    int32_t count;        /* none of the highest are 0 */
} big;

static void big_multiply_add(big *b, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;
    for (int32_t i = 0; i < b->count; i++) {
        carry += (uint64_t)b->limb[i] * factor;
        b->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0)
        b->limb[b->count++] = (uint32_t)carry;
}

static void big_set(big *b, uint64_t x)
{
    b->count = 0;
    for (; x > 0; x >>= 32)
        b->limb[b->count++] = (uint32_t)x;
}

static void big_times_power_of_5(big *b, int32_t n)
{
    for (; n >= 13; n -= 13)
        big_multiply_add(b, 1220703125, 0);
    for (; n > 0; n--)
        big_multiply_add(b, 5, 0);
}

static void big_shift(big *b, int32_t n)
{
    if (b->count == 0 || n == 0)
        return;
    int32_t limbs = n / 32, bits = n % 32;
    b->limb[b->count] = 0;
    for (int32_t i = b->count; i >= 0; i--) {
        uint64_t both = (uint64_t)b->limb[i] << 32 | (i > 0 ? b->limb[i - 1] : 0);
        b->limb[i + limbs] = (uint32_t)(both << bits >> 32);
    }
    memset(b->limb, 0, (size_t)limbs * sizeof *b->limb);
    b->count += limbs + 1;
    while (b->count > 0 && b->limb[b->count - 1] == 0)
        b->count--;
}

static int big_compare(const big *a, const big *b)
{
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (int32_t i = a->count - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

/* The sign of a 10^k - c 2^q; a is used up. */
static int compare_exactly(big *a, int32_t k, uint64_t c, int32_t q)
{
    big b;
    big_set(&b, c);
    big_times_power_of_5(k > 0 ? a : &b, k > 0 ? k : -k);
    big_shift(k > q ? a : &b, k > q ? k - q : q - k);
    return big_compare(a, &b);
}

/* --- digits to text --------------------------------------------------------------------------------- */

/* Digits of n > 0 without zeros at the end; raises *exponent by those. Returns how many. */
static int32_t digits_of(char out[20], uint64_t n, int32_t *exponent)
{
    char back[20];
    int32_t count = 0;
    for (; n % 10 == 0; n /= 10)
        ++*exponent;
    for (; n > 0; n /= 10)
        back[count++] = (char)('0' + n % 10);
    for (int32_t i = 0; i < count; i++)
        out[i] = back[count - 1 - i];
    return count;
}

/* Writes 0.d1d2d3... 10^point: plainly for lowest < point <= highest, else as d1.d2d3e+-n. */
static size_t lay_out(char out[32], bool negative, const char *digit, int32_t count, int32_t point, int32_t lowest,
                      int32_t highest)
{
    char *to = out;
    if (negative)
        *to++ = '-';
    bool plain = point > lowest && point <= highest;
    int32_t before = plain ? point : 1; /* digits before the point */
    if (before <= 0)
        *to++ = '0';
    for (int32_t i = 0; i < before; i++)
        *to++ = i < count ? digit[i] : '0';
    if (count > before) {
        *to++ = '.';
        for (int32_t i = before; i < count; i++)
            *to++ = i < 0 ? '0' : digit[i];
    }
    if (!plain) {
        int32_t exponent = point - 1;
        *to++ = 'e';
        if (exponent < 0)
            *to++ = '-';
        exponent = exponent < 0 ? -exponent : exponent;
        if (exponent >= 100)
            *to++ = (char)('0' + exponent / 100);
        if (exponent >= 10)
            *to++ = (char)('0' + exponent / 10 % 10);
        *to++ = (char)('0' + exponent % 10);
    }
    *to = 0;
    return (size_t)(to - out);
}

static size_t zero_text(char out[32], bool negative)
{
    memcpy(out, negative ? "-0" : "0", negative ? 3 : 2);
    return negative ? 2 : 1;
}

/* --- the shortest ----------------------------------------------------------------------------------- */

/* The upper 64 bits of power * n, its lowest bit set where anything lies below. */
static uint64_t round_to_odd(const uint64_t power[2], uint64_t n)
{
    uint64_t rest;
    wide m = upper_product(power, n, &rest);
    return m.high | (m.low > 1);
}

/* The shortest n 10^k in the interval that rounds to c 2^q, the nearest to it among those. */
static uint64_t shortest(uint64_t c, int32_t q, int32_t *exponent)
{
    bool uneven = c == UINT64_C(1) << 52 && q > -1074; /* the neighbour below is half as far */
    uint64_t odd = c & 1;                              /* then the ends of the interval round away */
    int32_t k = uneven ? log10_of_2_uneven(q) : log10_of_2(q), h = q + log2_of_10(-k) + 1;
    const uint64_t *power = power_of_10[-k - POWER_LOWEST];
    uint64_t above[2] = {power[0], power[1]};
    if (!power_is_exact(-k) && ++above[1] == 0) /* the method wants the power rounded up */
        above[0]++;
    uint64_t middle = round_to_odd(above, (4 * c) << h), left = round_to_odd(above, (4 * c - 2 + uneven) << h);
    uint64_t right = round_to_odd(above, (4 * c + 2) << h), s = middle / 4;
    *exponent = k;
    if (s >= 10) {
        uint64_t tens = s / 10 * 10;
        bool below_in = left + odd <= 4 * tens, above_in = 4 * (tens + 10) + odd <= right;
        if (below_in != above_in)
            return below_in ? tens : tens + 10;
    }
    bool below_in = left + odd <= 4 * s, above_in = 4 * (s + 1) + odd <= right;
    if (below_in != above_in)
        return below_in ? s : s + 1;
    uint64_t half = 4 * s + 2;
    return middle < half || (middle == half && s % 2 == 0) ? s : s + 1;
}

size_t ent__number_text(char out[32], double x)
{
    char digit[20];
    uint64_t c;
    int32_t q, exponent = 0;
    take_apart(x, &c, &q);
    if (c == 0)
        return zero_text(out, is_negative(x));
    bool whole = q <= 0 && q > -53 && (c & ((UINT64_C(1) << -q) - 1)) == 0; /* below 2^53: itself */
    uint64_t n = whole ? c >> -q : shortest(c, q, &exponent);
    int32_t count = digits_of(digit, n, &exponent);
    return lay_out(out, is_negative(x), digit, count, count + exponent, -6, 21);
}

/* --- at most so many digits ------------------------------------------------------------------------- */

/* c 2^q 10^p to the nearest whole number, ties to even; the result below 2^60. */
static uint64_t times_power(uint64_t c, int32_t q, int32_t p)
{
    const uint64_t *power = power_of_10[p - POWER_LOWEST];
    uint64_t rest;
    wide m = upper_product(power, c, &rest);
    /* c 2^q 10^p = (m + rest / 2^64) 2^(q + log2(10^p) - 127 + 64); whole part above `point` bits of m */
    int32_t point = 63 - q - log2_of_10(p);
    if (point > 126)
        return 0; /* below a quarter */
    wide part = lowest(m, point), half = power_of_2(point - 1);
    uint64_t n = shifted(m, point);
    if (less(plus(part, 2), half))
        return n;
    if (less(plus(half, 2), part))
        return n + 1;
    big twice_and_one;
    big_set(&twice_and_one, 2 * n + 1); /* (2n + 1) against 2 c 2^q 10^p */
    int side = compare_exactly(&twice_and_one, -p, c, q + 1);
    return side < 0 || (side == 0 && n % 2 == 1) ? n + 1 : n;
}

size_t ent__number_people(char out[32], double x, int digits)
{
    static const uint64_t ten[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
                                   10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
                                   1000000000000000, 10000000000000000, 100000000000000000};
    if (!ent__is_finite(x)) {
        memcpy(out, "-", 2);
        return 1;
    }
    digits = digits < 1 ? 1 : digits > 17 ? 17 : digits;
    char digit[20];
    uint64_t c;
    int32_t q;
    take_apart(x, &c, &q);
    if (c == 0)
        return zero_text(out, false);
    int32_t size = 63 - __builtin_clzll(c), p = digits - 1 - log10_of_2(q + size); /* x >= 2^(q + size) */
    uint64_t n = times_power(c, q, p);
    if (n >= ten[digits]) { /* a digit too many: 2^(q + size) has one less than x, or x rounded up to it */
        p--;
        n = times_power(c, q, p);
    }
    int32_t exponent = -p, count = digits_of(digit, n, &exponent);
    return lay_out(out, is_negative(x), digit, count, count + exponent, -4, 7);
}

/* --- reading ---------------------------------------------------------------------------------------- */

/* A decimal number as written: the digits in text[from..to), leading zeros left out, times 10^exponent. */
typedef struct decimal {
    bool negative;
    const char *from, *to; /* may contain the mark */
    uint64_t first;        /* its first 19 digits */
    int64_t count;         /* digits from..to */
    int64_t exponent;      /* of the last digit */
} decimal;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && is_digit(*at))
        at++;
    return at;
}

/* The exponent after 'e' at `at`, where one is written; limits it to what no text can make up for. */
static const char *read_exponent(int64_t *out, const char *at, const char *end)
{
    const char *p = at + 1;
    bool negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    const char *last = skip_digits(p, end);
    if (last == p)
        return at;
    int64_t n = 0;
    for (; p < last; p++)
        n = n < INT64_C(1000000000000) ? 10 * n + (*p - '0') : n;
    *out = negative ? -n : n;
    return last;
}

/* Takes the longest number off text[0..length); returns its length, 0 where there is none. */
static size_t parse(decimal *out, const char *text, size_t length, char mark)
{
    const char *at = text, *end = text + length;
    *out = (decimal){0};
    if (at < end && (*at == '-' || *at == '+'))
        out->negative = *at++ == '-';
    const char *whole = at, *point = skip_digits(at, end), *last = point;
    if (end - point > 1 && *point == mark && is_digit(point[1]))
        last = skip_digits(point + 1, end);
    if (last == whole)
        return 0;
    int64_t exponent = 0;
    at = last;
    if (at < end && (*at == 'e' || *at == 'E'))
        at = read_exponent(&exponent, at, end);
    if (last > point)
        exponent -= last - point - 1;
    for (out->from = whole; out->from < last && (*out->from == '0' || *out->from == mark);)
        out->from++;
    out->to = last;
    int64_t count = 0;
    for (const char *p = out->from; p < last; p++) {
        if (*p == mark)
            continue;
        if (count < 19)
            out->first = 10 * out->first + (uint64_t)(*p - '0');
        count++;
    }
    out->count = count;
    out->exponent = exponent;
    return (size_t)(at - text);
}

/* The double nearest to (m + rest) 2^e with m >= 2^127, as bits; 0x7ff << 52 and more where it is too large. `rest` is
 * in [0, 1), `sticky` tells that it is not 0. */
static uint64_t round_wide(wide m, int32_t e, bool sticky)
{
    int32_t drop = 128 - 53, exponent = e + 127 + 1023; /* biased exponent of the result */
    if (exponent <= 0) {
        drop += 1 - exponent;
        exponent = 0;
        if (drop > 128)
            return 0;
    }
    uint64_t kept = drop < 128 ? shifted(m, drop) : 0;
    wide half = power_of_2(drop - 1), part = drop < 128 ? lowest(m, drop) : m;
    if (less(half, part) || (!less(part, half) && (sticky || (kept & 1))))
        kept++;
    /* kept has its leading bit at 52 for normal numbers: adding carries into the exponent as it should */
    return exponent > 0 ? kept + ((uint64_t)(exponent - 1) << 52) : kept;
}

/* The bits of the double nearest to n 10^k, where the power is its table entry or a unit of its last place more. */
static uint64_t approximate(uint64_t n, int32_t k, bool upper)
{
    uint64_t power[2] = {power_of_10[k - POWER_LOWEST][0], power_of_10[k - POWER_LOWEST][1]};
    if (upper && !power_is_exact(k) && ++power[1] == 0)
        power[0]++;
    int shift = __builtin_clzll(n);
    n <<= shift;
    uint64_t rest;
    wide m = upper_product(power, n, &rest);
    int32_t e = log2_of_10(k) - 127 + 64 - shift;
    if (!(m.high >> 63)) {
        m = (wide){m.high << 1 | m.low >> 63, m.low << 1 | rest >> 63};
        rest <<= 1;
        e--;
    }
    return round_wide(m, e, rest != 0);
}

/* Whether the text is above the midpoint of the double with these bits and the next, or on it and the next is even. */
static bool above_midpoint(const decimal *d, uint64_t bits, char mark)
{
    big digits = {.count = 0};
    int32_t kept = 0;
    bool more = false;
    for (const char *p = d->from; p < d->to; p++) {
        if (*p == mark)
            continue;
        if (kept < KEPT_DIGITS) {
            big_multiply_add(&digits, 10, (uint32_t)(*p - '0'));
            kept++;
        } else {
            more = more || *p != '0';
        }
    }
    uint64_t c;
    int32_t q;
    take_apart(put_together(bits, false), &c, &q);
    int32_t k = (int32_t)(d->exponent + (d->count - kept));
    int side = compare_exactly(&digits, k, 2 * c + 1, q - 1);
    return side > 0 || (side == 0 && (more || (bits & 1)));
}

/* False where it is too large for a double. */
static bool to_double(double *out, const decimal *d, char mark)
{
    static const double ten[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int64_t left = d->count > 19 ? d->count - 19 : 0;
    if (d->first == 0 || d->exponent + left < POWER_LOWEST) { /* below 10^19 10^-343: less than half the least double */
        *out = put_together(0, d->negative);
        return true;
    }
    if (d->exponent + left > 308)
        return false;
    int32_t k = (int32_t)(d->exponent + left);
    if (left == 0 && d->first <= UINT64_C(1) << 53 && k >= -22 && k <= 22) {
        double x = (double)(int64_t)d->first;
        x = k < 0 ? x / ten[-k] : x * ten[k];
        *out = d->negative ? -x : x;
        return true;
    }
    uint64_t low = approximate(d->first, k, false), high = approximate(d->first + (left > 0), k, true);
    if (low != high && above_midpoint(d, low, mark))
        low++;
    *out = put_together(low, d->negative);
    return low < UINT64_C(0x7ff) << 52;
}

static size_t scan(double *out, const char *text, size_t length, char mark)
{
    decimal d;
    double x;
    size_t n = parse(&d, text, length, mark);
    if (n == 0 || !to_double(&x, &d, mark))
        return 0;
    *out = x;
    return n;
}

bool ent__number_read(double *out, const char *text, size_t length, bool comma)
{
    double x;
    size_t n = scan(&x, text, length, comma ? ',' : '.');
    if (n == 0 || n != length)
        return false;
    *out = x;
    return true;
}

size_t ent__number_scan(double *out, const char *text, size_t length) { return scan(out, text, length, '.'); }

/* --- text ------------------------------------------------------------------------------------------- */

/* FNV-1a (Fowler, Noll & Vo), then the 64-bit finaliser of MurmurHash3 (Appleby), so that every bit depends on all. */
uint64_t ent__hash(const char *text, size_t length)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

static bool is_among(const uint32_t range[][2], size_t count, uint32_t point)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (point > range[middle][1])
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && point >= range[low][0];
}

/* The character at text[0..left) and its length; a byte that starts none stands alone, as U+FFFD. */
static size_t character(uint32_t *point, const unsigned char *text, size_t left)
{
    unsigned char lead = text[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    *point = length == 1 ? lead : lead & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (i >= left || (text[i] & 0xc0) != 0x80) {
            length = 0;
            break;
        }
        *point = *point << 6 | (text[i] & 0x3fu);
    }
    if (length == 0)
        *point = 0xfffd;
    return length > 0 ? length : 1;
}

size_t ent__utf8_width(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t width = 0;
    for (size_t i = 0; i < length;) {
        uint32_t point;
        i += character(&point, s + i, length - i);
        if (point < 0x20 || point == 0x7f || is_among(zero_width, ENT_COUNT(zero_width), point))
            continue;
        width += is_among(double_width, ENT_COUNT(double_width), point) ? 2 : 1;
    }
    return width;
}
