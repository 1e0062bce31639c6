/* Distributions by their inverse function: value = quantile(uniform). Plain data, so a plan can hold and save them. */
#ifndef ENT_SRC_DISTRIBUTION_H
#define ENT_SRC_DISTRIBUTION_H

#include "core/core.h"

typedef enum ent__distribution_kind {
    ENT__DIST_CONSTANT,   /* p: value */
    ENT__DIST_UNIFORM,    /* p: low, high */
    ENT__DIST_NORMAL,     /* p: mean, sd; from `a to b`: the 5 % and 95 % points */
    ENT__DIST_LOGNORMAL,  /* p: mean and sd of the logarithm; `lognormal a to b`: 5 % and 95 % points */
    ENT__DIST_BETA,       /* p: alpha, beta, each at most 1e6 */
    ENT__DIST_GAMMA,      /* p: shape, at most 1e6, and scale */
    ENT__DIST_TRIANGULAR, /* p: low, mode, high */
    ENT__DIST_PERT,       /* p: low, mode, high (the beta form with weight 4) */
    ENT__DIST_DISCRETE,   /* points: value and weight */
    ENT__DIST_COUNT
} ent__distribution_kind;

typedef struct ent__distribution {
    int32_t kind;         /* ent__distribution_kind */
    int32_t points;       /* number of points of a discrete distribution, else 0 */
    double p[4];          /* as listed above; unused 0 */
    double low, high;     /* truncation (renormalised): -INFINITY, INFINITY where none */
    double clamp_low, clamp_high; /* then the value is moved to the nearest of these: the quantity's own scale */
    double u_low, u_high; /* set by ent__distribution_prepare: the cdf at low and high; where low is above the median,
                           * minus the masses above them, which keeps their digits */
    union {
        const double *point; /* 2 * points: value, weight; borrowed; ascending value; weights count by their share */
        uint64_t wide;       /* as wide where pointers are narrow: a saved plan holds this struct */
    };
} ent__distribution;

/* Normal through its 5 % and 95 % points; low <= high (equal: a constant). */
ent__distribution ent__distribution_interval(double low, double high, bool lognormal);
/* Checks the parameters (finite, ordered, positive where needed; truncation holds mass) and sets u_low, u_high. The
 * message names the parameter, what was found and what is allowed. */
ent_status ent__distribution_prepare(ent__distribution *d, ent_error *err);
/* The value at u in (0, 1); d prepared. Relative error at most 1e-10 (beta, gamma, pert), 1e-14 elsewhere. */
double ent__distribution_quantile(const ent__distribution *d, double u);
/* The same for n uniforms; out may be u. One dispatch for all: this is the sampling loop. */
void ent__distribution_quantiles(double *out, const double *u, size_t n, const ent__distribution *d);
double ent__distribution_cdf(const ent__distribution *d, double x);
/* Mean of the distribution, clamped and truncated as drawn (numerically where no closed form is). */
double ent__distribution_mean(const ent__distribution *d);

double ent__normal_cdf(double x);
double ent__normal_quantile(double u); /* u in (0, 1); relative error about 1e-15 */

#endif
