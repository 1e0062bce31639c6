/* Power by Owen's integral over exact chances (chance.c), for rules of several criteria and of groups within groups.
 *
 * With P(p_1 .. p_n) the chance of a decision when each says yes with its own chance,
 *
 *     Banzhaf_i        = dP/dp_i at p = 1/2
 *     Shapley-Shubik_i = integral over 0 <= t <= 1 of dP/dp_i at p = (t, .., t)          Owen (1972)
 *
 * The integrand is a polynomial in t of degree n - 1, which Gauss's rule with n / 2 + 1 nodes integrates exactly. At
 * 1/2 every number on the way is a multiple of 2^-n below 1, so with up to 53 members doubles hold it without rounding,
 * and swings and winning sets come out as exact integers. */
#include "vote/power.h"

#include "core/elementary.h"

#include <math.h>

enum { EXACT = 53 };
static const double PI = 3.14159265358979323846;

/* The k-th node of n (from 1, descending) on (-1, 1) and its weight: Newton's method on Legendre's polynomial. */
static double gauss_node(double *weight, int32_t n, int32_t k)
{
    double x = ent_cos(PI * (k - 0.25) / (n + 0.5)), slope = 1;
    for (int step = 0; step < 50; step++) {
        double p = 1, before = 0;
        for (int32_t j = 1; j <= n; j++) {
            double next = ((2 * j - 1) * x * p - (j - 1) * before) / j;
            before = p;
            p = next;
        }
        slope = n * (x * p - before) / (x * x - 1);
        double move = p / slope;
        x -= move;
        if (fabs(move) <= 1e-16)
            break;
    }
    *weight = 2 / ((1 - x * x) * slope * slope);
    return x;
}

/* dP/dp_i where all say yes with chance t; returns P. */
static double slopes(double *slope, const ent_rule *rule, double t, double *p, void *workspace)
{
    double chance;
    for (int32_t i = 0; i < rule->members; i++)
        p[i] = t;
    ent_rule_chance(&chance, slope, rule, p, workspace);
    for (int32_t i = 0; i < rule->members; i++)
        slope[i] /= 1 - t;
    return chance;
}

static void integrate(double *value, const ent_rule *rule, double *slope, double *p, void *workspace)
{
    int32_t n = rule->members, nodes = n / 2 + 1;
    for (int32_t i = 0; i < n; i++)
        value[i] = 0;
    for (int32_t k = 1; k <= nodes; k++) {
        double weight, t = (1 + gauss_node(&weight, nodes, k)) / 2;
        slopes(slope, rule, t, p, workspace);
        for (int32_t i = 0; i < n; i++)
            value[i] += weight / 2 * slope[i];
    }
}

static ent_status exact_texts(ent__large_result *out, int32_t n, ent__arena *arena)
{
    out->winning = ent__arena_printf(arena, "%.0f", ldexp(out->act, n));
    for (int32_t i = 0; i < n; i++) {
        out->swings[i] = ent__arena_printf(arena, "%.0f", ldexp(out->ratio[i], n - 1));
        if (out->swings[i] == NULL)
            return ENT_ERR_MEMORY;
    }
    return out->winning != NULL ? ENT_OK : ENT_ERR_MEMORY;
}

bool ent__integral_fits(const ent_rule *rule)
{
    return rule->members <= ENT_POWER_MAX_INTEGRATED && ent_rule_chance_workspace(rule) > 0;
}

ent_status ent__integral(ent__large_result *out, const ent_rule *rule, ent__arena *arena)
{
    size_t n = (size_t)rule->members;
    ent_status status = ENT_ERR_MEMORY;
    double *slope = ent__alloc(2 * n, sizeof *slope);
    size_t bytes = ent_rule_chance_workspace(rule); /* 0 without memory: that it fits is known */
    void *workspace = bytes > 0 ? ent__alloc(bytes, 1) : NULL;
    if (slope != NULL && workspace != NULL) {
        out->act = slopes(out->ratio, rule, 0.5, slope + n, workspace);
        integrate(out->value, rule, slope, slope + n, workspace);
        if (n <= EXACT)
            status = exact_texts(out, rule->members, arena);
        else {
            out->swings = NULL;
            out->winning = NULL;
            status = ENT_OK;
        }
    }
    ent__free(slope);
    ent__free(workspace);
    return status;
}
