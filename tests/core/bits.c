/* Prints a hash over the bits of elementary functions, random numbers and distributions at many arguments: one line a
 * function. tests/core/bits.py builds it with several compilers and options; all must print the same. */
#include "core/distribution.h"
#include "core/elementary.h"
#include "core/random.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N = 40000, DRAWS = 1500 };

static uint64_t mix(uint64_t hash, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (x != x)
        bits = UINT64_C(0x7ff8000000000000); /* the sign and payload of a NaN are not ours to fix */
    hash = (hash ^ bits) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static void show(const char *name, uint64_t hash) { printf("%s %016llx\n", name, (unsigned long long)hash); }

/* Any bits, or within +-range. */
static double argument(uint64_t stream, uint64_t i, double range)
{
    double u = ent__uniform(1, stream, i);
    if (i % 3 > 0)
        return range * (2 * u - 1);
    uint64_t bits = (uint64_t)(u * 0x1p52) << 12 ^ (uint64_t)(ent__uniform(2, stream, i) * 0x1p52);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void elementary(void)
{
    static const struct {
        const char *name;
        double (*f)(double);
        double range;
    } f[] = {{"exp", ent_exp, 750},   {"expm1", ent_expm1, 50}, {"log", ent_log, 10},    {"log1p", ent_log1p, 2},
             {"tanh", ent_tanh, 5},   {"sin", ent_sin, 1e4},    {"cos", ent_cos, 1e4},   {"erf", ent_erf, 6},
             {"erfc", ent_erfc, 28},  {"lgamma", ent_lgamma, 20}, {"sqrt", ent_sqrt, 10}, {"floor", ent_floor, 1e6}};
    for (size_t i = 0; i < ENT_COUNT(f); i++) {
        uint64_t hash = 0;
        for (uint64_t j = 0; j < N; j++)
            hash = mix(hash, f[i].f(argument(i, j, f[i].range)));
        show(f[i].name, hash);
    }
    uint64_t hash = 0;
    for (uint64_t j = 0; j < N; j++)
        hash = mix(hash, ent_pow(fabs(argument(20, j, 5)), argument(21, j, 100)));
    show("pow", hash);
}

static void distributions(void)
{
    static const double point[] = {-1, 0.2, 0, 0.3, 2.5, 0.5};
    static const struct {
        const char *name;
        ent__distribution d;
    } d[] = {{"constant", {.kind = ENT__DIST_CONSTANT, .p = {2}}},
             {"uniform", {.kind = ENT__DIST_UNIFORM, .p = {-1, 3.3}}},
             {"normal", {.kind = ENT__DIST_NORMAL, .p = {0.31, 0.7}}},
             {"lognormal", {.kind = ENT__DIST_LOGNORMAL, .p = {0.31, 0.7}}},
             {"beta", {.kind = ENT__DIST_BETA, .p = {0.6, 2.7}}},
             {"gamma", {.kind = ENT__DIST_GAMMA, .p = {0.31, 0.7}}},
             {"triangular", {.kind = ENT__DIST_TRIANGULAR, .p = {-1, 0.31, 0.7}}},
             {"pert", {.kind = ENT__DIST_PERT, .p = {-1, 0.31, 0.7}}},
             {"discrete", {.kind = ENT__DIST_DISCRETE, .points = 3, .point = point}}};
    double u[DRAWS], x[DRAWS];
    for (size_t i = 0; i < ENT_COUNT(d); i++)
        for (int cut = 0; cut < 2; cut++) {
            ent__distribution one = d[i].d;
            one.low = cut ? 0.05 : -INFINITY;
            one.high = cut ? 2.6 : INFINITY;
            one.clamp_low = -INFINITY;
            one.clamp_high = cut ? 2.5 : INFINITY;
            if (ent__distribution_prepare(&one, NULL) != ENT_OK) {
                printf("%s cannot be prepared\n", d[i].name);
                continue;
            }
            ent__uniform_many(u, DRAWS, 3, i, 0);
            ent__distribution_quantiles(x, u, DRAWS, &one);
            uint64_t hash = mix(mix(0, ent__distribution_mean(&one)), one.u_low);
            for (int j = 0; j < DRAWS; j++)
                hash = mix(mix(hash, x[j]), j % 10 ? 0 : ent__distribution_cdf(&one, x[j]));
            show(d[i].name, hash);
        }
}

int main(void)
{
    elementary();
    uint64_t hash = 0;
    for (uint64_t i = 0; i < N; i++)
        hash = mix(mix(hash, ent__normal_quantile(ent__uniform(7, 8, i))), ent__normal_cdf(argument(30, i, 40)));
    show("normal", hash);
    distributions();
    return 0;
}
