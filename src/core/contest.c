/* Contest success: who prevails when efforts a and b meet.
 *
 *   ratio        p = a^m / (a^m + b^m) = 1 / (1 + (b / a)^m)      Hirshleifer (1989), Skaperdas (1996)
 *   difference   p = 1 / (1 + exp(-k (a - b)))                    Hirshleifer (1989)
 *
 * With m > 0 decisiveness; nothing against nothing is even. The smaller is divided by the larger, so that no power
 * overflows and the two sides' chances add up to one. */
#include "core/contest.h"

#include "core/elementary.h"

double ent_contest(double a, double b, double m)
{
    if (!(a >= 0) || !(b >= 0) || !(m > 0))
        return ENT_UNDEFINED;
    if (a == b)
        return 0.5;
    double r = ent_pow(a < b ? a / b : b / a, m);
    return a < b ? r / (1 + r) : 1 / (1 + r);
}

double ent_contest_difference(double a, double b, double k)
{
    return ent_logistic(k * (a - b));
}

double ent_logistic(double x)
{
    if (x < 0) {
        double e = ent_exp(x);
        return e / (1 + e);
    }
    return 1 / (1 + ent_exp(-x));
}
