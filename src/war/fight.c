/* What fighting on is worth.
 *
 * From side i's end, j = 0..K steps away from its own collapse, with chance p to win a move:
 *
 *     W(j) = -c + delta [move p W(j+1) + move (1 - p) W(j-1) + (1 - move) W(j)],   W(K) = 1
 *     W(j) = 0 for j <= q: there the side gives up
 *
 * (war as a walk: Smith & Stam 2004, Powell 2004). Divided by 1 - delta (1 - move) it is W(j) = u W(j+1) + d W(j-1) -
 * c' with u + d <= 1. Eliminated from the far end that reads
 *
 *     W(j) = (N(j) + d D(j+1) W(j-1)) / D(j)
 *     D(j) = D(j+1) - u d D(j+2),  N(j) = u N(j+1) - c' D(j+1),   D(K) = N(K) = 1, D(K+1) = 0
 *
 * where neither D nor N depends on where the side gives up. N(j) / D(j) is what W(j) is for a side that gives up one
 * step below, and rises with j; so the least q without a negative value is the greatest j with N(j) < 0, and one sweep
 * each way solves the stopping problem. This is the usual elimination (Thomas) with its quotients written as one
 * fraction, so that no division waits for another: u d <= 1/4, so D(j) >= (K - j + 1) / 2^(K-j), far from underflow for
 * K <= 1000. Both sides go through the loops together, for the same reason. */
#include "war/war.h"

static void eliminate(double (*N)[2], double (*D)[2], int32_t quits[2], const double up[2], const double down[2],
                      const double cost[2], int32_t states)
{
    double n[2] = {1, 1}, d[2] = {1, 1}, d_above[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        N[states][i] = D[states][i] = 1;
        quits[i] = 0;
    }
    for (int32_t j = states - 1; j > 0; j--)
        for (int i = 0; i < 2; i++) {
            double here = d[i] - up[i] * down[i] * d_above[i];
            N[j][i] = n[i] = up[i] * n[i] - cost[i] * d[i];
            D[j][i] = here;
            d_above[i] = d[i];
            d[i] = here;
        }
    for (int i = 0; i < 2; i++)
        for (int32_t j = states - 1; j > 0 && quits[i] == 0; j--)
            if (N[j][i] < 0)
                quits[i] = j;
}

void ent__war_values_solve(ent__war_values *v, const double p[2], const double cost[2], int32_t states, double move,
                           double discount, double *space)
{
    if (v->known && v->p[0] == p[0] && v->p[1] == p[1] && v->cost[0] == cost[0] && v->cost[1] == cost[1])
        return;
    double(*N)[2] = (double(*)[2])space, (*D)[2] = N + states + 1;
    double up[2], down[2], spent[2], below[2] = {0, 0};
    const double scale = 1 / (1 - discount * (1 - move));
    v->known = true;
    for (int i = 0; i < 2; i++) {
        v->p[i] = p[i];
        v->cost[i] = cost[i];
        up[i] = discount * (move * p[i]) * scale;
        down[i] = discount * (move * (1 - p[i])) * scale;
        spent[i] = cost[i] * scale < 2 ? cost[i] * scale : 2; /* u <= 1: from here on it gives up everywhere */
    }
    eliminate(N, D, v->quits, up, down, spent, states);
    for (int32_t j = 1; j < states; j++)
        for (int i = 0; i < 2; i++) {
            double inverse = 1 / D[j][i];
            N[j][i] *= inverse;
            D[j][i] = down[i] * D[j + 1][i] * inverse; /* D(j+1) is read before it is overwritten in turn */
        }
    for (int32_t j = 1; j < states; j++)
        for (int i = 0; i < 2; i++)
            v->value[i][j] = below[i] = j <= v->quits[i] ? 0 : N[j][i] + D[j][i] * below[i];
    for (int i = 0; i < 2; i++) {
        v->value[i][0] = 0;
        v->value[i][states] = 1;
    }
}
