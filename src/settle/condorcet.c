/* Condorcet: the probabilistic Condorcet election over the positions that are held.
 *
 *     options    the distinct positions y_0 < ... < y_(m-1), those of actors without weight too
 *     weights    w_k = c_k s_k / sum c s
 *     vote       w_k (u_k(o) - u_k(q)),  u_k(o) = 1 - |x_k - y_o| / R         (proportional; risk-neutral)
 *     C(o,q)   = 1e-8 + sum of the positive votes for o over q
 *     V(o,q)   = C(o,q) / (C(o,q) + C(q,o))                                   (linear victory)
 *     p(o)     = prod_q V(o,q) / the sum of that over all options             (conditional)
 *     x*       = sum p(o) y_o
 *
 * Wise, Lester & Efird 2015 (KTAB's Spatial Model of Politics). Weights are made to sum to 1, so that 1e-8 is small
 * whatever the unit of capability. Here everything is in units of the scale: C is multiplied by the range R, which
 * cancels in V.
 *
 * No sum over actors is made for each pair. On a line, an actor at x is for the lower option o < q when x < mid = (y_o
 * + y_q) / 2, by q - o, or by 2 (mid - x) where it stands between them. With the moments
 *
 *     L(z) = sum of w (z - x) over x <= z        H(z) = sum of w (x - z) over x >= z
 *
 * support for o is 2 (L(mid) - L(y_o)), for q it is 2 (H(mid) - H(y_q)). L and H are linear between positions, so they
 * are kept at the positions and only the one next to mid is looked for, which moves upward with q: O(m^2) in all,
 * memory O(n). The moments are kept to twice a double's digits: support between near positions is a small difference of
 * large moments. */
#include "settle/settle.h"

static const double FLOOR = 1e-8; /* of C, in units of utility */
static const double STEP = 0x1p500, UNSTEP = 0x1p-500;
enum { FACTORS = 16 }; /* multiplied before a product is looked after: each is over 1e-9 on the scale */

/* A sum and what was lost in rounding it. */
typedef struct twofold {
    double sum, lost;
} twofold;

typedef struct option {
    double position;
    double below, above;   /* weight at or below, at or above */
    twofold lower, higher; /* L and H at the position */
    double product;        /* of V over the pairs so far, times STEP^steps */
    int32_t steps, holders;
} option;

static size_t workspace(size_t n)
{
    return ent__held_workspace(n) + n * sizeof(option);
}

static twofold add(twofold a, double b)
{
    double sum = a.sum + b, part = sum - a.sum; /* Knuth's exact sum: 6 operations, no comparison */
    return (twofold){sum, a.lost + ((a.sum - (sum - part)) + (b - part))};
}
static double less(twofold a, twofold b)
{
    return (a.sum - b.sum) + (a.lost - b.lost);
}

static void prepare(option *y, const ent__held *held)
{
    size_t m = held->n;
    twofold moment = {0, 0};
    double weight = 0;
    for (size_t k = 0; k < m; k++) {
        if (k > 0)
            moment = add(moment, weight * (held->position[k] - held->position[k - 1]));
        weight += held->weight[k] / held->total;
        y[k] = (option){.position = held->position[k], .below = weight, .lower = moment, .product = 1};
    }
    moment = (twofold){0, 0};
    weight = 0;
    for (size_t k = m; k-- > 0;) {
        if (k + 1 < m)
            moment = add(moment, weight * (held->position[k + 1] - held->position[k]));
        weight += held->weight[k] / held->total;
        y[k].above = weight;
        y[k].higher = moment;
    }
}

/* Products of many small factors leave the range of a double; powers of two are taken out, which rounds nothing. */
static void look_after(option *y)
{
    if (y->product < UNSTEP) {
        y->product *= STEP;
        y->steps++;
    }
}

/* Option o against all above it. */
static void contest(option *y, size_t o, size_t m, double floor)
{
    option *low = &y[o];
    size_t t = o; /* the highest position at or below the middle of the two */
    double product = low->product;
    for (size_t q = o + 1; q < m; q++) {
        option *high = &y[q];
        while (y[t + 1].position - low->position <= high->position - y[t + 1].position)
            t++;
        const option *left = &y[t], *right = &y[t + 1];
        double for_low = 2 * less(left->lower, low->lower) +
                         left->below * ((low->position - left->position) + (high->position - left->position));
        double for_high = 2 * less(right->higher, high->higher) +
                          right->above * ((right->position - low->position) + (right->position - high->position));
        double all = 1 / (for_low + for_high + 2 * floor);
        product *= (for_low + floor) * all;
        high->product *= (for_high + floor) * all;
        if ((q - o) % FACTORS == 0) {
            low->product = product;
            look_after(low);
            product = low->product;
        }
    }
    low->product = product;
}

/* Probabilities in place of products; their sum is 1. */
static void normalise(option *y, size_t m)
{
    int32_t least = y[0].steps;
    double sum = 0;
    for (size_t k = 1; k < m; k++)
        least = y[k].steps < least ? y[k].steps : least;
    for (size_t k = 0; k < m; k++) {
        for (; y[k].steps > least && y[k].product > 0; y[k].steps--)
            y[k].product *= UNSTEP;
        sum += y[k].product;
    }
    for (size_t k = 0; k < m; k++)
        y[k].product /= sum;
}

static void settle(ent_settle_output *out, const ent_settle_input *in, void *space)
{
    ent__held held;
    ent__held_find(&held, in, space);
    option *y = held.rest;
    size_t m = held.n;
    double floor = FLOOR * (in->high - in->low);
    prepare(y, &held);
    for (size_t o = 0; o < m; o++) {
        contest(y, o, m, floor);
        if (o % FACTORS == FACTORS - 1)
            for (size_t k = 0; k < m; k++)
                look_after(&y[k]);
    }
    normalise(y, m);
    double above = 0;
    for (size_t k = 0; k < m; k++)
        above += y[k].product * (y[k].position - y[0].position);
    double outcome = y[0].position + above, highest = y[m - 1].position;
    out->outcome = outcome < highest ? outcome : highest;
    out->stop = ENT_STOP_DONE;
    if (out->distribution == NULL)
        return;
    for (size_t i = 0; i < in->n; i++)
        y[held.place[i]].holders++;
    for (size_t i = 0; i < in->n; i++)
        out->distribution[i] = y[held.place[i]].product / y[held.place[i]].holders;
}

static const ent_port options[] = {
    ENT__SETTLE_OPTION_R,
};

static const ent_port outputs[] = {
    ENT__SETTLE_OUTPUTS,
    {.name = "distribution",
     .shape = "a,y",
     .unit = "probability",
     .low = 0,
     .high = 1,
     .fallback = ENT_UNDEFINED,
     .meaning = "the probability of each actor's position, shared equally by those who hold the same; the sum is 1"},
};

const ent_model ent__model_condorcet = {
    .name = "condorcet",
    .room = "settle",
    .title = "Probabilistic Condorcet election",
    .summary = "Every position that someone holds is put to the vote against every other, and actors push for what is "
               "nearer to them as hard as it matters. A position is likely to win when it does well in all its "
               "pairings. Gives a probability for each position; the outcome is their mean.",
    .equation = "p(o) = prod over q of V(o,q), made to sum to 1;  V(o,q) = C(o,q) / (C(o,q) + C(q,o))\n"
                "C(o,q) = 1e-8 + sum of w * max(0, u(o) - u(q));  u(o) = 1 - |position - o| / range\n"
                "w = capability * salience, made to sum to 1;  x* = sum(p(o) * o)",
    .citation = "Wise, B. P., Lester, L. & Efird, B. (2015). An Introduction to the KAPSARC Toolkit for Behavioral "
                "Analysis (KTAB) Using One-Dimensional Spatial Models. KAPSARC Discussion Paper.",
    .accuracy = "",
    .cost = "O(n^2)",
    .inputs = ent__settle_inputs,
    .n_inputs = ENT_COUNT(ent__settle_inputs),
    .options = options,
    .n_options = ENT_COUNT(options),
    .outputs = outputs,
    .n_outputs = ENT_COUNT(outputs),
    .workspace = workspace,
    .settle = settle,
};
