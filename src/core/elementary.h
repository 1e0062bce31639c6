/* Elementary functions with the same bits on every machine and compiler.
 *
 * The C library's differ between machines (FMA or not, glibc or musl), so entente has its own. They use only
 * + - * / sqrt and integer operations on the bits, compiled with -ffp-contract=off, so IEEE 754 fixes every bit.
 * Each is within 1 ulp of the exact value (tests/core measures it against MPFR). */
#ifndef ENT_SRC_ELEMENTARY_H
#define ENT_SRC_ELEMENTARY_H

double ent_exp(double x);
double ent_expm1(double x);
double ent_log(double x);   /* log(0) = -inf, log(x < 0) = nan */
double ent_log1p(double x);
double ent_pow(double x, double y); /* IEEE 754 / C17 annex F special values */
double ent_tanh(double x);
double ent_sin(double x);   /* every finite x; nan of an infinity */
double ent_cos(double x);
double ent_erf(double x);
double ent_erfc(double x);
double ent_lgamma(double x); /* x > 0; lgamma(0) = inf, lgamma(x < 0) = nan */
double ent_sqrt(double x);   /* the correctly rounded square root */
double ent_floor(double x);

#endif
