/* What would be best for all: spending that maximises the weighted sum of utilities.
 *
 *     W(q) = sum_i g_i ((1 - a_i - b_i) ln(I_i - q_i) + b_i ln q_i + a_i ln z_i),   z = S q,  S_ii = 1, S_ij = s_ij
 *     dW/dq_k = g_k (b_k / q_k - (1 - a_k - b_k) / (I_k - q_k)) + (S' (g a / z))_k
 *     -d2W x  = D x + S' (g a / z^2) S x,   D_k = g_k (b_k / q_k^2 + (1 - a_k - b_k) / (I_k - q_k)^2)
 *
 * W is concave. Newton's method on 0 <= q < I, where q can be 0 only for allies without a private taste. Where s_ij
 * depends on j alone, S = diag(1 - s) + 1 s' makes the curvature a diagonal d = D + (1 - s)^2 G and two rows,
 * u s' + s u' + (sum G) s s' with G = g a / z^2 and u = (1 - s) G, so a step is solved for in O(n) (Woodbury 1950). Else it
 * is found by conjugate gradients, which need S x and S' x alone. A step that goes too far is halved: as W is concave, it was
 * none too many where the gradient at its end still points ahead (or nearly so), and no logarithm is taken. */
#include "alliance/alliance.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 200, MOST_HALVINGS = 60 };
static const double WITHIN = 0.95, PRECISION = 1e-11, BACK = 0.3;

typedef struct problem {
    const ent__game *game;
    const double *weight;
    double *q, *z, *gradient, *step, *r, *p, *Ap, *t; /* n each */
    double *own, *bend, *scale; /* n each, at q: D, g a / z^2, what a residual is divided by (0: takes no part) */
} problem;

static double weight_of(const problem *w, size_t i) { return w->weight != NULL ? w->weight[i] : 1; }

/* y = S x. */
static void spill(double *y, const ent__game *game, const double *x)
{
    const size_t n = game->n;
    double total = 0;
    for (size_t i = 0; game->counts == NULL && i < n; i++)
        y[i] = x[i] + ent__spill_in(game, x, i);
    for (size_t j = 0; game->counts != NULL && j < n; j++)
        total += game->counts[j] * x[j];
    for (size_t i = 0; game->counts != NULL && i < n; i++)
        y[i] = (1 - game->counts[i]) * x[i] + total;
}

/* y += S' x. */
static void spill_back(double *y, const ent__game *game, const double *x)
{
    const size_t n = game->n;
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += x[i];
    for (size_t j = 0; game->counts != NULL && j < n; j++)
        y[j] += x[j] + game->counts[j] * (total - x[j]);
    for (size_t i = 0; game->counts == NULL && i < n; i++) {
        y[i] += x[i];
        for (size_t j = 0; j < n; j++)
            if (j != i)
                y[j] += ent__spill_of(&game->spill, n, i, j) * x[i];
    }
}

/* The gradient at q; false where q is no point at which W has one. Uses z and Ap. */
static bool slope(problem *w, double *gradient, const double *q)
{
    const ent__game *g = w->game;
    bool good = true;
    spill(w->z, g, q);
    for (size_t i = 0; i < g->n; i++) {
        const double weight = weight_of(w, i), a = g->a[i], b = g->b[i], left = g->income[i] - q[i];
        good = good && left > 0 && (q[i] > 0 || !(b > 0)) && (w->z[i] > 0 || !(weight * a > 0));
        gradient[i] = weight * ((b > 0 ? b / q[i] : 0) - (1 - a - b) / left);
        w->Ap[i] = weight * a > 0 ? weight * a / w->z[i] : 0;
    }
    spill_back(gradient, g, w->Ap);
    return good;
}

/* An ally that would rather give less than nothing takes no part in the step. */
static bool is_held(const problem *w, size_t i) { return !(w->q[i] > 0) && !(w->gradient[i] > 0); }

/* The curvature of each ally's own, of what it shares, and the two along its own spending alone, which makes residuals
 * alike before they are looked at. */
static void measure(problem *w)
{
    const ent__game *g = w->game;
    for (size_t i = 0; i < g->n; i++) {
        const double weight = weight_of(w, i), a = g->a[i], b = g->b[i], left = g->income[i] - w->q[i];
        const double c = g->counts != NULL ? 1 - g->counts[i] : 1, least = 1e-12 / (g->income[i] * g->income[i]);
        w->own[i] = weight * ((b > 0 ? b / (w->q[i] * w->q[i]) : 0) + (1 - a - b) / (left * left));
        w->bend[i] = weight * a > 0 ? weight * a / (w->z[i] * w->z[i]) : 0;
        const double both = w->own[i] + c * c * w->bend[i];
        w->scale[i] = is_held(w, i) ? 0 : 1 / (both > least ? both : least);
    }
}

/* Ap = -d2W p among those not held. */
static void curve(problem *w)
{
    const ent__game *g = w->game;
    spill(w->t, g, w->p);
    for (size_t i = 0; i < g->n; i++) {
        w->t[i] *= w->bend[i];
        w->Ap[i] = w->own[i] * w->p[i];
    }
    spill_back(w->Ap, g, w->t);
    for (size_t i = 0; i < g->n; i++)
        if (w->scale[i] == 0)
            w->Ap[i] = 0;
}

/* Newton's step where s_ij depends on j alone; what is held bends z as well but does not move. False where rounding leaves
 * nothing to solve. */
static bool step_by_counts(problem *w)
{
    const ent__game *g = w->game;
    double all = 0, uu = 0, us = 0, ss = 0, ur = 0, sr = 0;
    for (size_t i = 0; i < g->n; i++) {
        const double s = g->counts[i], u = (1 - s) * w->bend[i], r = w->gradient[i], share = w->scale[i];
        all += w->bend[i];
        uu += u * u * share;
        us += u * s * share;
        ss += s * s * share;
        ur += u * r * share;
        sr += s * r * share;
    }
    const double a = uu - all, b = 1 + us, det = a * ss - b * b; /* of M^-1 + U' U / d with M = ((0, 1), (1, sum G)) */
    if (!(det < 0))
        return false;
    const double first = (ss * ur - b * sr) / det, second = (a * sr - b * ur) / det;
    for (size_t i = 0; i < g->n; i++)
        w->step[i] = (w->gradient[i] - (1 - g->counts[i]) * w->bend[i] * first - g->counts[i] * second) * w->scale[i];
    return true;
}

/* Newton's step; z must be that of q. */
static void newton(problem *w)
{
    const size_t n = w->game->n;
    double rho = 0, first;
    measure(w);
    if (w->game->counts != NULL && step_by_counts(w))
        return;
    for (size_t i = 0; i < n; i++) {
        w->step[i] = 0;
        w->r[i] = w->scale[i] > 0 ? w->gradient[i] : 0;
        w->p[i] = w->r[i] * w->scale[i];
        rho += w->r[i] * w->p[i];
    }
    first = rho;
    for (size_t k = 0; k < n + 10 && rho > 1e-24 * first; k++) {
        double bend = 0, next = 0;
        curve(w);
        for (size_t i = 0; i < n; i++)
            bend += w->p[i] * w->Ap[i];
        if (!(bend > 0))
            break;
        const double alpha = rho / bend;
        for (size_t i = 0; i < n; i++) {
            w->step[i] += alpha * w->p[i];
            w->r[i] -= alpha * w->Ap[i];
            w->t[i] = w->r[i] * w->scale[i];
            next += w->r[i] * w->t[i];
        }
        for (size_t i = 0; i < n; i++)
            w->p[i] = w->t[i] + next / rho * w->p[i];
        rho = next;
    }
}

/* q + part of the step, kept inside, into `to`. */
static void go(double *to, const problem *w, double part)
{
    const ent__game *g = w->game;
    for (size_t i = 0; i < g->n; i++) {
        const double most = w->q[i] + WITHIN * (g->income[i] - w->q[i]);
        const double least = g->b[i] > 0 ? (1 - WITHIN) * w->q[i] : 0;
        const double x = w->q[i] + part * w->step[i];
        to[i] = x > most ? most : x < least ? least : x;
    }
}

/* Takes the step, halved until it does not go too far; the greatest move of q / I, or -1 where none was found. */
static double take_step(problem *w)
{
    double part = 1, ahead, behind, most;
    for (int k = 0; k < MOST_HALVINGS; k++, part /= 2) {
        go(w->p, w, part);
        if (!slope(w, w->r, w->p))
            continue;
        ahead = behind = most = 0;
        for (size_t i = 0; i < w->game->n; i++) {
            const double d = w->p[i] - w->q[i], move = fabs(d) / w->game->income[i];
            ahead += w->gradient[i] * d;
            behind += w->r[i] * d;
            most = move > most ? move : most;
        }
        if (behind >= -BACK * ahead || most <= PRECISION) {
            memcpy(w->q, w->p, w->game->n * sizeof *w->q);
            memcpy(w->gradient, w->r, w->game->n * sizeof *w->r);
            return most;
        }
    }
    return -1;
}

double ent__efficient(const ent__game *game, const double *weight, double *space)
{
    const size_t n = game->n;
    problem w = {.game = game, .weight = weight};
    double **const part[ENT__EFFICIENT_SPACE] = {&w.q, &w.z,  &w.gradient, &w.step, &w.r,    &w.p,
                                                 &w.Ap, &w.t, &w.own,      &w.bend, &w.scale};
    for (size_t k = 0; k < ENT__EFFICIENT_SPACE; k++)
        *part[k] = space + k * n;
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double t = game->a[i] + game->b[i];
        w.q[i] = (t > 0 ? t : 1e-3) * game->income[i];
    }
    if (!slope(&w, w.gradient, w.q))
        return ENT_UNDEFINED;
    for (int step = 0; step < MOST_STEPS; step++) {
        newton(&w);
        const double move = take_step(&w);
        if (move < 0)
            return ENT_UNDEFINED;
        if (move > PRECISION)
            continue;
        for (size_t i = 0; i < n; i++)
            sum += w.q[i];
        return sum;
    }
    return ENT_UNDEFINED;
}
