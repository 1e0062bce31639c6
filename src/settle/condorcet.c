/* A probabilistic Condorcet election over the held positions: each pair is voted on, and a position's probability is
 * that of winning against all others.
 *
 *     vote of k for o against q:   v = w_k (u_k(o) - u_k(q)),   u_k(x) = 1 - |x - x_k| / range
 *     coalition  C(o, q) = 1e-8 + sum of the v > 0;   C(q, o) = 1e-8 + sum of the -v > 0
 *     V(o, q) = C(o, q) / (C(o, q) + C(q, o));   p(o) proportional to the product of V(o, q) over q
 *
 * Wise, Lester & Efird 2015 (proportional votes, linear victory, conditional election); weights w = capability *
 * salience, scaled to sum 1; equal positions are one option. With positions sorted, y_o < y_q, the voters nearer to y_o
 * are those below the middle of the two, and their votes add up by prefix sums of w and w y: O(m^2) for m options
 * instead of O(m^2 n). */
#include "settle/settle.h"

#include <string.h>

/* A product of numbers in (0, 1) kept from underflow: value * 2^(-600 * shifts). */
typedef struct product {
    double value;
    int64_t shifts;
} product;

static void multiply(product *p, double factor)
{
    p->value *= factor;
    if (p->value < 0x1p-600) {
        p->value *= 0x1p600;
        p->shifts++;
    }
}

typedef struct options {
    size_t m;
    double *at;          /* positions, ascending, as shares of the scale */
    double *weight, *moment; /* m + 1 prefix sums of w and w y */
    product *chance;
    int32_t *order, *option; /* actors by position; the option each stands at */
} options;

static options lay_out(const ent_settle_input *in, void *workspace)
{
    size_t n = in->n;
    options o;
    o.chance = workspace;
    o.at = (double *)(void *)(o.chance + n);
    o.weight = o.at + n;
    o.moment = o.weight + n + 1;
    o.order = (int32_t *)(void *)(o.moment + n + 1);
    o.option = o.order + n;
    o.m = 0;
    return o;
}

static size_t workspace_bytes(size_t n)
{
    return n * sizeof(product) + (3 * n + 2) * sizeof(double) + 2 * n * sizeof(int32_t);
}

static void merge_positions(options *o, const ent_settle_input *in)
{
    double total = 0, range = in->high - in->low;
    ent__settle_order(o->order, in->position, in->n);
    for (size_t i = 0; i < in->n; i++)
        total += in->capability[o->order[i]] * in->salience[o->order[i]];
    o->weight[0] = o->moment[0] = 0;
    for (size_t i = 0; i < in->n; i++) {
        int32_t actor = o->order[i];
        double w = in->capability[actor] * in->salience[actor] / total;
        if (i == 0 || in->position[actor] != in->position[o->order[i - 1]]) {
            o->at[o->m] = (in->position[actor] - in->low) / range;
            o->m++;
            o->weight[o->m] = o->weight[o->m - 1];
            o->moment[o->m] = o->moment[o->m - 1];
        }
        o->weight[o->m] += w;
        o->moment[o->m] += w * o->at[o->m - 1];
        o->option[actor] = (int32_t)o->m - 1;
    }
}

static double positive(double x) { return x > 0 ? x : 0; } /* a difference of sums may fall below 0 by rounding */

static void elect(options *o)
{
    const double floor = 1e-8, *y = o->at, *w = o->weight, *s = o->moment;
    size_t m = o->m;
    for (size_t a = 0; a < m; a++)
        o->chance[a] = (product){1, 0};
    for (size_t a = 0; a < m; a++) {
        size_t above = a + 1; /* the first option above the middle */
        for (size_t b = a + 1; b < m; b++) {
            double both = y[a] + y[b], apart = y[b] - y[a];
            while (2 * y[above] < both)
                above++;
            double low = w[a + 1] * apart + positive((w[above] - w[a + 1]) * both - 2 * (s[above] - s[a + 1]));
            double high = (w[m] - w[b]) * apart + positive(2 * (s[b] - s[above]) - (w[b] - w[above]) * both);
            double win = (floor + low) / (floor + low + floor + high);
            multiply(&o->chance[a], win);
            multiply(&o->chance[b], 1 - win);
        }
    }
}

static void settle(ent_settle_output *out, const ent_settle_input *in, void *workspace)
{
    options o = lay_out(in, workspace);
    merge_positions(&o, in);
    elect(&o);
    int64_t least = INT64_MAX;
    for (size_t a = 0; a < o.m; a++)
        least = o.chance[a].shifts < least ? o.chance[a].shifts : least;
    double total = 0, mean = 0;
    for (size_t a = 0; a < o.m; a++) {
        for (; o.chance[a].shifts > least && o.chance[a].value > 0; o.chance[a].shifts--)
            o.chance[a].value *= 0x1p-600;
        total += o.chance[a].value;
        mean += o.chance[a].value * o.at[a];
    }
    double x = in->low + mean / total * (in->high - in->low);
    double first = in->position[o.order[0]], last = in->position[o.order[in->n - 1]];
    out->outcome = x < first ? first : x > last ? last : x;
    out->stop = ENT_STOP_DONE;
    if (out->distribution == NULL)
        return;
    for (size_t i = 0, next; i < in->n; i = next) { /* who stand together share their option's probability */
        for (next = i; next < in->n && o.option[o.order[next]] == o.option[o.order[i]]; next++)
            ;
        for (size_t k = i; k < next; k++)
            out->distribution[o.order[k]] = o.chance[o.option[o.order[i]]].value / total / (double)(next - i);
    }
}

static const ent_port settle_options[] = {ENT__SETTLE_OPTION_R};

static const ent_port outputs[] = {
    {.name = "outcome", .shape = "y", .unit = "scale", .low = -__builtin_inf(), .high = __builtin_inf(), .fallback = ENT_UNDEFINED,
     .meaning = "The mean of the held positions, weighted by their probability."},
    {.name = "utility", .shape = "a,y", .unit = "utility", .low = 0, .high = 1, .fallback = ENT_UNDEFINED,
     .meaning = "Each actor's utility there: 1 at its own position, 0 a whole scale away."},
    {.name = "gain", .shape = "a,y", .unit = "utility", .low = -1, .high = 1, .fallback = ENT_UNDEFINED,
     .meaning = "That utility less the one at the status quo, or at the mean of positions where none is stated."},
    {.name = "distribution", .shape = "a,y", .unit = "probability", .low = 0, .high = 1, .fallback = ENT_UNDEFINED,
     .meaning = "The probability of each actor's position; actors at the same position share it."},
    {.name = "stop", .shape = "", .unit = "", .low = 0, .high = ENT_STOP_COUNT - 1, .fallback = ENT_UNDEFINED,
     .meaning = "Why the model stopped."}};

const ent_model ent__model_condorcet = {
    .name = "condorcet",
    .room = "settle",
    .title = "Probabilistic Condorcet election",
    .summary = "Every held position is put against every other, and actors vote in proportion to their weight and to how much they "
               "prefer one over the other. A position is as likely as winning all its pairs; the outcome is the mean, and the whole "
               "distribution is reported.",
    .equation = "p(o) ~ product over q of V(o, q),   V(o, q) = C(o, q) / (C(o, q) + C(q, o)),   C(o, q) = sum(max(0, w (u(o) - u(q))))",
    .citation = "Wise, B.P., Lester, L. & Efird, B. (2015), An Introduction to the KAPSARC Toolkit for Behavioral Analysis (KTAB), "
                "KAPSARC discussion paper.",
    .accuracy = "",
    .cost = "O(n^2)",
    .inputs = ent__settle_inputs, .n_inputs = 4,
    .options = settle_options, .n_options = 1,
    .outputs = outputs, .n_outputs = sizeof outputs / sizeof *outputs,
    .workspace = workspace_bytes,
    .settle = settle,
};
