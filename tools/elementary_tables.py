#!/usr/bin/env python3
"""Writes src/core/elementary_tables.h: the constants of our elementary functions, from their definitions.

    python3 tools/elementary_tables.py > src/core/elementary_tables.h

Only the standard library; every value is computed with at least 60 digits, then rounded once to double. Polynomials
interpolate the function at Chebyshev nodes, which is within a factor of about 2 of the best polynomial of that degree.
"""
from decimal import Decimal as D, getcontext
from fractions import Fraction
import math
import textwrap

getcontext().prec = 80
LN2 = D(2).ln()


def pi():
    """Machin: pi = 16 atan(1/5) - 4 atan(1/239)."""
    def atan_inverse(n):
        total, power, k = D(0), D(1) / n, 0
        while power > D(10) ** -(getcontext().prec + 5):
            total += (power if k % 2 == 0 else -power) / (2 * k + 1)
            power /= n * n
            k += 1
        return total
    return 16 * atan_inverse(5) - 4 * atan_inverse(239)


PI = pi()


def long_pi():
    """pi for the 1216 bits of 2/pi that the reduction of large angles needs."""
    before = getcontext().prec
    getcontext().prec = 400
    result = Fraction(pi())
    getcontext().prec = before
    return result


def cos(x):
    total, term, k = D(0), D(1), 0
    while abs(term) > D(10) ** -100:
        total += term
        k += 2
        term *= -x * x / (k * (k - 1))
    return total


def nearest(x):
    """The double nearest to a Decimal (ties cannot occur for these values)."""
    numerator, denominator = x.as_integer_ratio()
    return numerator / denominator  # int / int is correctly rounded in Python


def exact(x):
    return D(x)  # exact up to the precision of the context; a double has at most 54 digits that matter here


def pair(x):
    high = nearest(x)
    return high, nearest(x - exact(high))


def grid(x, bits):
    """x rounded to a multiple of 2^-bits."""
    return nearest((x * 2 ** bits).to_integral_value() / 2 ** bits)


def interpolate(f, center, half, degree):
    """Coefficients c of sum c_k (x - center)^k that meets f at the Chebyshev nodes of center +- half."""
    n = degree + 1
    node = [half * cos(PI * (2 * i + 1) / (2 * n)) for i in range(n)]
    value = [f(center + t) for t in node]
    for level in range(1, n):  # divided differences, in place
        for i in range(n - 1, level - 1, -1):
            value[i] = (value[i] - value[i - 1]) / (node[i] - node[i - level])
    c = [D(0)] * n
    for i in range(n - 1, -1, -1):  # Newton's form to powers
        for k in range(n - 1, 0, -1):
            c[k] = c[k - 1] - node[i] * c[k]
        c[0] = value[i] - node[i] * c[0]
    return c


def erf_over_x(y):
    """erf(x) / x as a function of y = x^2: 2/sqrt(pi) sum (-y)^n / (n! (2n + 1))."""
    total, term, n = D(0), D(1), 0
    while abs(term) > D(10) ** -75:
        total += term / (2 * n + 1)
        n += 1
        term *= -y / n
    return total * 2 / PI.sqrt()


def erfcx(x):
    """exp(x^2) erfc(x) = exp(x^2) - 2/sqrt(pi) sum 2^n x^(2n+1) / (2n+1)!!, with digits enough to lose."""
    before = getcontext().prec
    getcontext().prec = 90 + int(x * x * D('0.87'))
    root_pi = pi().sqrt()
    total, term, n = D(0), x, 0
    while term > D(10) ** -(80):
        total += term
        n += 1
        term *= 2 * x * x / (2 * n + 1)
    result = (x * x).exp() - 2 * total / root_pi
    getcontext().prec = before
    return +result


def bernoulli(most):
    b = [Fraction(1)]
    for m in range(1, most + 1):
        b.append(-sum(Fraction(math.comb(m + 1, k)) * b[k] for k in range(m)) / (m + 1))
    return b


B = bernoulli(80)


def stirling(x):
    """lgamma(x) - ((x - 1/2) log x - x + log(2 pi)/2), asymptotic, for x >= 30."""
    total, power = D(0), x
    for k in range(1, 40):
        total += D(B[2 * k].numerator) / D(B[2 * k].denominator) / (2 * k * (2 * k - 1)) / power
        power *= x * x
    return total


def lgamma(x):
    """By the recurrence up to x >= 60, then Stirling's series."""
    product = D(1)
    while x < 60:
        product *= x
        x += 1
    return (x - D('0.5')) * x.ln() - x + (2 * PI).ln() / 2 + stirling(x) - product.ln()


def lgamma_shape(t):
    """lgamma(1 + t) / (t (t - 1)): without the zeros at 0 and 1."""
    return lgamma(1 + t) / (t * (t - 1))


def stirling_shape(y):
    """x (lgamma(x) - ...) as a function of y = 1 / x^2."""
    x = 1 / y.sqrt()
    return x * (lgamma(x) - ((x - D('0.5')) * x.ln() - x + (2 * PI).ln() / 2))


def sin_shape(y):
    """(sin(r) / r - 1) / r^2 as a function of y = r^2."""
    return sum((-1) ** (k + 1) * y ** k / D(math.factorial(2 * k + 3)) for k in range(30))


def cos_shape(y):
    """(cos(r) - 1 + r^2 / 2) / r^4 as a function of y = r^2."""
    return sum((-1) ** k * y ** k / D(math.factorial(2 * k + 4)) for k in range(30))


def show(values):
    return "{" + ", ".join(v.hex().replace("0x1.0000000000000p", "0x1p").replace("0x0.0p+0", "0") for v in values) + "}"


def table(name, comment, rows, form):
    print(f"\n/* {comment} */\nstatic const {form} {name}[{len(rows)}] = {{")
    for row in rows:
        text = show(row)
        if form.startswith("piece"):
            text = show(row[:2])[:-1] + ", " + show(row[2:]) + "}"
        print(textwrap.fill(text + ",", 118, initial_indent="    ", subsequent_indent="     "))
    print("};")


def polynomial(name, comment, values):
    print(f"\n/* {comment} */\nstatic const double {name}[{len(values)}] =")
    print(textwrap.fill(show(values) + ";", 118, initial_indent="    ", subsequent_indent="     "))


def split_first(c):
    """Coefficients as doubles, the constant one as a pair: high, low, c1, c2, ..."""
    high, low = pair(c[0])
    return [high, low] + [nearest(v) for v in c[1:]]


def parts(x, bits):
    """x as a sum of doubles of so many bits each, and a full one."""
    found = []
    for width in bits:
        _, exponent = math.frexp(nearest(x))
        found.append(grid(x, width - exponent))
        x -= exact(found[-1])
    return found + [nearest(x)]


def log_rows():
    rows = []
    for i in range(128):
        low = 0.6875 + i / 256 if i < 80 else 1 + (i - 80) / 128
        width = 1 / 256 if i < 80 else 1 / 128
        inverse = 1.0 if low in (1.0, 1 - 1 / 256) else round(1024 / (low + width / 2)) / 1024
        minus = -D(inverse).ln()
        high = grid(minus, 42)
        rows.append([inverse, high, nearest(minus - exact(high))])
    return rows


def piecewise(f, pieces, degree):
    return [split_first(interpolate(f, c, w, degree)) for c, w in pieces]


def erfcx_pieces():
    for e in range(-1, 5):
        for i in range(8):
            low = D(2) ** e * (1 + D(i) / 8)
            if low < 28:
                yield low + D(2) ** e / 16, D(2) ** e / 16


def main():
    print("/* Made by tools/elementary_tables.py; do not edit. Each value is the double nearest to "
          "what its comment says. */")
    print("#ifndef ENT_SRC_ELEMENTARY_TABLES_H\n#define ENT_SRC_ELEMENTARY_TABLES_H")
    print("\n#include <stdint.h>")
    print("""
typedef struct pair {
    double high, low;
} pair;
typedef struct log_entry {
    double inverse, high, low;
} log_entry;
typedef struct piece12 {
    double high, low, c[12];
} piece12;
typedef struct piece15 {
    double high, low, c[15];
} piece15;""")
    ln2_high = grid(LN2, 42)
    print(f"\n#define LN2_HIGH {ln2_high.hex()} /* a multiple of 2^-42 */")
    print(f"#define LN2_LOW {nearest(LN2 - exact(ln2_high)).hex()}")
    step = LN2 / 128
    step_high = grid(step, 42)
    print(f"#define STEP_HIGH {step_high.hex()} /* log(2) / 128, a multiple of 2^-42 */")
    print(f"#define STEP_LOW {nearest(step - exact(step_high)).hex()}")
    print(f"#define STEPS_PER_ONE {nearest(1 / step).hex()} /* 128 / log(2) */")
    print(f"#define TWO_OVER_PI {nearest(2 / PI).hex()}")
    for i, part in enumerate(parts(PI / 2, [33, 33, 33])):
        print(f"#define HALF_PI_{i + 1} {part.hex()}")
    for name, value in (("HALF_LOG_2PI", (2 * PI).ln() / 2), ("HALF_PI", PI / 2)):
        high, low = pair(value)
        print(f"#define {name}_HIGH {high.hex()}\n#define {name}_LOW {low.hex()}")
    words = int(2 / long_pi() * 2 ** (32 * 38))
    print("\n/* 2/pi = sum of two_over_pi[i] 2^(-32 (i + 1)) */\nstatic const uint32_t two_over_pi[38] = {")
    print(textwrap.fill(", ".join(f"0x{words >> 32 * (37 - i) & 0xffffffff:08x}" for i in range(38)) + "};", 118,
                        initial_indent="    ", subsequent_indent="    "))
    table("exp_table", "2^(j/128) as high and low", [list(pair((LN2 * j / 128).exp())) for j in range(128)],
          "pair")
    table("log_table", "c near the inverse of the middle of an interval; -log(c) as high, a multiple of 2^-42, and low",
          log_rows(), "log_entry")
    quarter = (PI / 4) ** 2 / 2 * D('1.01')
    polynomial("sin_poly", "(sin(r) / r - 1) / r^2 in powers of r^2, |r| <= pi/4",
               [nearest(c) for c in recentred(sin_shape, quarter, 6)])
    polynomial("cos_poly", "(cos(r) - 1 + r^2/2) / r^4 in powers of r^2, |r| <= pi/4",
               [nearest(c) for c in recentred(cos_shape, quarter, 6)])
    polynomial("erf_poly", "erf(x) / x in powers of x^2, |x| <= 1/2: high and low of the first, then one each",
               split_first(recentred(erf_over_x, D('0.125'), 9)))
    polynomial("stirling_poly", "x (lgamma(x) - (x - 1/2) log x + x - log(2 pi)/2) in powers of 1/x^2, x >= 8",
               [nearest(c) for c in recentred(stirling_shape, D(1) / 128, 7)])
    table("erfcx_piece", "exp(x^2) erfc(x) about the middle of [2^e (1 + i/8), 2^e (1 + (i+1)/8)), e = -1, 0, ..., "
          "to x < 28", piecewise(erfcx, erfcx_pieces(), 12), "piece12")
    table("lgamma_piece", "lgamma(1 + t) / (t (t - 1)) about the middle of [i/8 - 1/2, i/8 - 3/8), to t < 2",
          piecewise(lgamma_shape, ((D(i) / 8 - D('0.4375'), D(1) / 16) for i in range(20)), 15), "piece15")
    print("\n#endif")


def recentred(f, half, degree):
    """Coefficients in powers of y over [0, 2 half]."""
    c = interpolate(f, half, half, degree)
    for i in range(degree):  # Taylor shift by -half
        for k in range(degree - 1, i - 1, -1):
            c[k] -= half * c[k + 1]
    return c


if __name__ == "__main__":
    main()
