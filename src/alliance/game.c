/* Allies that choose their own spending: best responses, what tastes follow from spending, the equilibrium.
 *
 * Ally i splits income I between consumption and defence q, with a the taste for security that allies can share, b the
 * taste for what only one's own forces give, t = a + b, and R what it can count on of the others' spending:
 *
 *     U = (1 - t) ln(I - q) + b ln q + a ln(q + R)             Sandler & Forbes (1980), Cornes & Sandler (1984)
 *     best response   (1 - t) / (I - q) = b / q + a / (q + R)
 *                     q^2 + ((1 - a) R - t I) q - b R I = 0     the one root above 0; the floor where that is higher
 *     calibration     t = 1 / (1 + (I - q) g),  g = v / q + (1 - v) / (q + R)
 *
 * Where s_ij depends on j alone, R_i = T - s_i q_i with T = sum s_j q_j, and the best response to a total is again the
 * root of a quadratic, A = (1 - s)(1 - a) + a:
 *
 *     A q^2 + ((1 - a) T - (b (1 - s) + a) I) q - b T I = 0
 *     dq/dT = -((1 - a) q - b I) / (2 A q + B),  at most 0
 *
 * So sum s_j q_j(T) - T falls through zero once: that is why the equilibrium is one, and it is found by Newton's method
 * on T within a bracket, O(n) a step. Best responses in turn would get there too, but slowly where there are many
 * allies.
 *
 * For any other s they are what is done: best responses in turn (Gauss-Seidel), each with what the others spend by
 * then, until none moves by more than 1e-12 of its income. They need not settle, and where they do it may be on one
 * equilibrium of several: so the caller asks for a second start. */
#include "alliance/alliance.h"
#include "core/elementary.h"

#include <float.h>
#include <math.h>

enum { MOST_STEPS = 200, MOST_SWEEPS = 5000 };
static const double SETTLED = 1e-12, NEAR = 1e-13;

/* --- one ally ----------------------------------------------------------------------------------------- */

double ent__best_response(double a, double b, double income, double spill_in, double floor)
{
    const double half = 0.5 * ((1 - a) * spill_in - (a + b) * income), c = b * spill_in * income;
    const double root = sqrt(half * half + c), q = half > 0 ? c / (half + root) : root - half;
    return q > floor ? q : floor;
}

double ent__best_utility(double a, double b, double income, double spill_in, double floor, double *spending)
{
    const double q = ent__best_response(a, b, income, spill_in, floor);
    if (spending != NULL)
        *spending = q;
    if (!(q < income))
        return -INFINITY;
    return (1 - a - b) * ent_log(income - q) + (b > 0 ? b * ent_log(q) : 0) + (a > 0 ? a * ent_log(q + spill_in) : 0);
}

void ent__calibrate(double *a, double *b, double income, double observed, double private_share, double spill_in)
{
    const double gain = private_share / observed + (1 - private_share) / (observed + spill_in);
    const double t = 1 / (1 + (income - observed) * gain);
    *a = (1 - private_share) * t;
    *b = private_share * t;
}

/* --- spill-ins ---------------------------------------------------------------------------------------- */

bool ent__spill_counts(double *counts, const ent_spill *spill, size_t n)
{
    for (size_t j = 0; j < n; j++)
        counts[j] = n > 1 ? ent__spill_of(spill, n, j == 0, j) : 0;
    for (size_t i = 1; spill->by_pair != NULL && i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != j && spill->by_pair[i * n + j] != spill->by_pair[(j == 0) * n + j])
                return false;
    return true;
}

double ent__spill_in(const ent__game *game, const double *spending, size_t i)
{
    double sum = 0;
    for (size_t j = 0; j < game->n; j++)
        if (j != i)
            sum += (game->counts != NULL ? game->counts[j] : ent__spill_of(&game->spill, game->n, i, j)) * spending[j];
    return sum;
}

static double floor_of(const ent__game *game, size_t i)
{
    return game->floor != NULL ? game->floor[i] : 0;
}

/* --- s_ij depends on j alone ---------------------------------------------------------------------------- */

/* q(T) and its slope. */
static inline double response_to_total(double *slope, const ent__game *game, size_t i, double total)
{
    const double a = game->a[i], b = game->b[i], s = game->counts[i], income = game->income[i],
                 least = floor_of(game, i);
    *slope = 0;
    if (!(a > 0))
        return b * income > least ? b * income : least;
    const double A = (1 - s) * (1 - a) + a, half = 0.5 * ((1 - a) * total - (b * (1 - s) + a) * income);
    const double c = A * b * total * income, root = sqrt(half * half + c);
    const double q = (half > 0 ? c / (half + root) : root - half) / A;
    if (!(q > least))
        return least;
    *slope = -((1 - a) * q - b * income) / (2 * root);
    return q;
}

/* What is left over: sum s_j q_j(T) - T, and its slope. Leaves q(T) in q. */
static double over(double *slope, double *q, const ent__game *game, double total)
{
    double sum = 0, fall = 0, one;
    for (size_t i = 0; i < game->n; i++) {
        q[i] = response_to_total(&one, game, i, total);
        sum += game->counts[i] * q[i];
        fall += game->counts[i] * one;
    }
    *slope = fall - 1;
    return sum - total;
}

static int32_t nash_by_total(double *q, const ent__game *game)
{
    double low = 0, high = INFINITY, total = 0, slope;
    for (size_t i = 0; i < game->n; i++)
        total += game->counts[i] * q[i];
    for (int32_t step = 1; step <= MOST_STEPS; step++) {
        const double g = over(&slope, q, game, total);
        if (g == 0)
            return step;
        *(g > 0 ? &low : &high) = total;
        double next = total - g / slope;
        const bool near = fabs(next - total) <= NEAR * total;
        if (!near && !(next > low && next < high))
            next = high < INFINITY ? low + 0.5 * (high - low) : next;
        const bool narrow = !near && !(next > low && next < high); /* nothing is left between the ends */
        total = next;
        if (near || narrow) {
            (void)over(&slope, q, game, total);
            return step + 1;
        }
    }
    return -1;
}

/* --- any s_ij ------------------------------------------------------------------------------------------- */

static double alone(const ent__game *game, size_t i)
{
    const double q = (game->a[i] + game->b[i]) * game->income[i], least = floor_of(game, i);
    return q > least ? q : least;
}

/* Whether an ally carries its part of the spending there: more than half of what it would spend alone. */
static bool carries(const ent__game *game, const double *q, size_t i)
{
    return q[i] > 0.5 * alone(game, i);
}

/* Best responses in turn; where `there` is not NULL, first those who carry their part in it. */
static int32_t nash_in_turn(double *q, const ent__game *game, const double *there)
{
    for (int32_t sweep = 1; sweep <= MOST_SWEEPS; sweep++) {
        double most = 0;
        for (size_t k = 0; k < (there != NULL ? 2 : 1) * game->n; k++) {
            const size_t i = k % game->n;
            if (there != NULL && carries(game, there, i) != (k < game->n))
                continue;
            const double next = ent__best_response(game->a[i], game->b[i], game->income[i], ent__spill_in(game, q, i),
                                                   floor_of(game, i));
            const double move = fabs(next - q[i]) / game->income[i];
            most = move > most ? move : most;
            q[i] = next;
        }
        if (most <= SETTLED)
            return sweep;
    }
    return -1;
}

int32_t ent__nash(double *q, const ent__game *game)
{
    return game->counts != NULL ? nash_by_total(q, game) : nash_in_turn(q, game, NULL);
}

/* The second start turns the first equilibrium round: who carries its part there starts from its floor, the others from
 * what they would spend alone, and the former answer first, so that they are let off if the others can take over. */
double ent__nash_again(const double *q, double *other, const ent__game *game)
{
    double most = 0;
    if (game->counts != NULL)
        return 0;
    for (size_t i = 0; i < game->n; i++)
        other[i] = carries(game, q, i) ? floor_of(game, i) : alone(game, i);
    if (nash_in_turn(other, game, q) < 0)
        return ENT_UNDEFINED;
    for (size_t i = 0; i < game->n; i++) {
        const double d = fabs(other[i] - q[i]) / game->income[i];
        most = d > most ? d : most;
    }
    return most;
}
