/* What fighting on is worth.
 *
 * From side i's end, j = 0..K steps away from its own collapse, with chance p to win a move:
 *
 *     W(j) = -c + delta [u W(j+1) + d W(j-1) + (1 - u - d) W(j)],   u = move p,  d = move (1 - p)
 *     W(K) = 1,  W(j) = 0 for j <= q: there the side gives up
 *
 * (war as a walk: Smith & Stam 2004, Powell 2004). Eliminated from the far end it reads W(j) = P(j) + Q(j) W(j-1), and
 * neither P nor Q depends on where the side gives up. P(j) is what W(j) is for a side that gives up one step below, and
 * rises with j; so the least q without a negative value is the greatest j with P(j) < 0, and one sweep each way solves
 * the stopping problem. Both sides are swept at once: their divisions overlap.
 *
 * The denominators are at least 1 - delta + delta d, as Q <= 1. */
#include "war/war.h"

#include <math.h>

void ent__war_values_solve(ent__war_values *v, const double p[2], const double cost[2], int32_t states, double move,
                           double discount, double *space)
{
    if (v->known && v->p[0] == p[0] && v->p[1] == p[1] && v->cost[0] == cost[0] && v->cost[1] == cost[1])
        return;
    double (*P)[2] = (double (*)[2])space, (*Q)[2] = P + states + 1;
    double up[2], down[2], top[2] = {1, 1}, link[2] = {0, 0};
    const double diagonal = 1 - discount * (1 - move);
    v->known = true;
    for (int i = 0; i < 2; i++) {
        v->p[i] = p[i];
        v->cost[i] = cost[i];
        v->quits[i] = 0;
        up[i] = discount * (move * p[i]);
        down[i] = discount * (move * (1 - p[i]));
    }
    for (int32_t j = states - 1; j > 0; j--)
        for (int i = 0; i < 2; i++) {
            double inverse = 1 / (diagonal - up[i] * link[i]);
            P[j][i] = top[i] = (up[i] * top[i] - cost[i]) * inverse;
            Q[j][i] = link[i] = down[i] * inverse;
            if (top[i] < 0 && v->quits[i] == 0)
                v->quits[i] = j;
        }
    for (int i = 0; i < 2; i++) {
        double *w = v->value[i], below = 0;
        w[0] = 0;
        for (int32_t j = 1; j < states; j++)
            w[j] = below = j <= v->quits[i] ? 0 : P[j][i] + Q[j][i] * below;
        w[states] = 1;
    }
}
