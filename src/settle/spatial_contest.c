/* Contests of the spatial model: what an actor expects of one challenging another.
 *
 * h's estimates use utilities u_nj = (1 - d_nj)(1 + min(d_nj, 1) R_n), R_n what h takes the risk attitude of n to be,
 * and weights W_n = c_n S_n. For i against j:
 *
 *     a, b = 1e-10 + the votes of i and j between x_i and x_j;   then every third party n adds its vote z
 *     phi = a / (a + b)  (corrected: the chosen victory model)
 *     delta = (1 - S_j) 2 u_ii + S_j (phi 2 u_ii + (1 - phi) 2 u_ij) - (u_ii + u_ij)
 *
 * The third party's vote: corrected: z = t vote(W_n, u_ni - u_nj), t = 0, 1/2, 1 by its commitment. ktab, semi: with P
 * the chance that i would win if n joined it,
 *
 *     z = vote(W_n, P (2 u_ni + u_nn) + (1 - P) 3 u_nj - P 3 u_ni - (1 - P) (2 u_nj + u_nn))
 *
 * and 0 under none and full, where the two branches are equal. The n^3 table of utilities is never stored: each takes
 * four operations from two n^2 tables. */
#include "settle/spatial.h"

double ent__spatial_estimate(int adjust, double own, double other)
{
    switch (adjust) {
    case ENT_SPATIAL_ADJUST_NONE:
        return own;
    case ENT_SPATIAL_ADJUST_THIRD:
        return (2 * own + other) / 3;
    case ENT_SPATIAL_ADJUST_HALF:
        return (own + other) / 2;
    case ENT_SPATIAL_ADJUST_TWO_THIRDS:
        return (own + 2 * other) / 3;
    default:
        return other;
    }
}

void ent__spatial_estimates(double *estimate, const ent__spatial_field *field, size_t h)
{
    double own = field->risk[h];
    for (size_t n = 0; n < field->n; n++)
        estimate[n] = ent__spatial_estimate((int)field->options->adjust, own, field->risk[n]);
    if (field->options->mode == ENT_SPATIAL_CORRECTED)
        estimate[h] = own;
}

typedef struct third_party {
    const double *near, *reach; /* n: to each position */
    double risk, weight, share; /* share: t, of mode corrected */
    double with_i, own;         /* u_ni, u_nn */
} third_party;

/* One third party's vote added to the strengths of i (a) and of each j (b); a0, b0 the strengths of the two alone. */
static inline __attribute__((always_inline)) void weigh_in(double *restrict a, double *restrict b,
                                                           const double *restrict a0, const double *restrict b0,
                                                           third_party third, size_t first, size_t last, int rule,
                                                           bool ktab)
{
    const double *restrict near = third.near, *restrict reach = third.reach;
    for (size_t j = first; j < last; j++) {
        double with_j = near[j] * (1 + reach[j] * third.risk), z;
        double x = ent__spatial_vote(rule, third.weight, third.with_i - with_j);
        if (ktab) {
            double strength = a0[j] + (x > 0 ? x : 0), other = b0[j] + (x < 0 ? -x : 0);
            double wins = strength / (strength + other), loses = 1 - wins;
            double join_i = wins * (2 * third.with_i + third.own) + loses * (3 * with_j);
            double join_j = wins * (3 * third.with_i) + loses * (2 * with_j + third.own);
            z = ent__spatial_vote(rule, third.weight, join_i - join_j);
        } else {
            z = third.share * x;
        }
        a[j] += z > 0 ? z : 0;
        b[j] += z < 0 ? -z : 0;
    }
}

static double utility(const ent__spatial_field *field, const double *estimate, size_t actor, size_t place)
{
    size_t at = actor * field->n + place;
    return field->near[at] * (1 + field->reach[at] * estimate[actor]);
}

/* h's estimates of i's contests with each j of [first, last). */
typedef struct view {
    size_t h, i, first, last;
    double *a, *b, *a0, *b0; /* n each: strength of i and of j, and without third parties */
    double *estimate;        /* n: attitudes to risk */
} view;

static void add_vote(double *a, double *b, double v)
{
    *a += v > 0 ? v : 0;
    *b += v < 0 ? -v : 0;
}

/* The strengths of the two alone. */
static view open_view(const ent__spatial_field *field, size_t h, size_t i, size_t first, size_t last, double *work)
{
    size_t n = field->n;
    view v = {h, i, first, last, work, work + n, work + 2 * n, work + 3 * n, work + 4 * n};
    int rule = (int)field->options->vote;
    ent__spatial_estimates(v.estimate, field, h);
    double own = utility(field, v.estimate, i, i);
    for (size_t j = first; j < last; j++) {
        double to_j = own - utility(field, v.estimate, i, j);
        double from_j = utility(field, v.estimate, j, i) - utility(field, v.estimate, j, j);
        v.a[j] = v.b[j] = 1e-10;
        add_vote(&v.a[j], &v.b[j], ent__spatial_vote(rule, field->weight[i], to_j));
        add_vote(&v.a[j], &v.b[j], ent__spatial_vote(rule, field->weight[j], from_j));
        v.a0[j] = v.a[j];
        v.b0[j] = v.b[j];
    }
    return v;
}

/* What actor n as a third party adds to the contests of one view with the j of [first, last). */
static void add_third(const view *v, const ent__spatial_field *field, size_t n, size_t first, size_t last)
{
    const ent_spatial_options *options = field->options;
    third_party third = {.near = field->near + n * field->n,
                         .reach = field->reach + n * field->n,
                         .risk = v->estimate[n],
                         .weight = field->weight[n],
                         .share = options->commit == ENT_SPATIAL_COMMIT_FULL ? 1 : 0.5,
                         .with_i = utility(field, v->estimate, n, v->i),
                         .own = utility(field, v->estimate, n, n)};
    first = first > v->first ? first : v->first;
    last = last < v->last ? last : v->last;
    if (options->mode == ENT_SPATIAL_KTAB) {
        ENT__SPATIAL_EACH_RULE(options->vote, weigh_in(v->a, v->b, v->a0, v->b0, third, first, last, RULE, true));
    } else {
        ENT__SPATIAL_EACH_RULE(options->vote, weigh_in(v->a, v->b, v->a0, v->b0, third, first, last, RULE, false));
    }
}

/* All third parties in all views. Rows of the tables are read a tile at a time and used for every view while they are
 * near. */
static void add_thirds(const view *views, size_t count, const ent__spatial_field *field)
{
    const ent_spatial_options *options = field->options;
    if (options->commit == ENT_SPATIAL_COMMIT_NONE ||
        (options->mode == ENT_SPATIAL_KTAB && options->commit == ENT_SPATIAL_COMMIT_FULL))
        return;
    for (size_t tile = 0; tile < field->n; tile += ENT__SPATIAL_TILE) {
        size_t end = tile + ENT__SPATIAL_TILE < field->n ? tile + ENT__SPATIAL_TILE : field->n;
        for (size_t n = 0; n < field->n; n++) {
            if (!(field->weight[n] > 0))
                continue;
            size_t cut = n >= tile && n < end ? n : end; /* n is no third party to itself: the range is cut there */
            for (size_t v = 0; v < count; v++) {
                if (n == views[v].i || views[v].last <= tile || views[v].first >= end)
                    continue;
                add_third(&views[v], field, n, tile, cut);
                if (cut < end)
                    add_third(&views[v], field, n, cut + 1, end);
            }
        }
    }
}

/* The probability that i defeats j, and what i gains if it challenges j. */
static double conclude(double *delta, const view *v, const ent__spatial_field *field, size_t j)
{
    bool ktab = field->options->mode == ENT_SPATIAL_KTAB;
    double won = 2 * utility(field, v->estimate, v->i, v->i), lost = 2 * utility(field, v->estimate, v->i, j),
           complement;
    double phi =
        ent__spatial_victory(&complement, ktab ? ENT_SPATIAL_LINEAR : (int)field->options->victory, v->a[j], v->b[j]);
    double contest = phi * won + (1 - phi) * lost;
    *delta = (1 - field->resist[j]) * won + field->resist[j] * contest - (won + lost) / 2;
    return phi;
}

double ent__spatial_contest(double *delta, const ent__spatial_field *field, size_t h, size_t i, size_t j)
{
    view v = open_view(field, h, i, j, j + 1, field->work);
    add_thirds(&v, 1, field);
    return conclude(delta, &v, field, j);
}

void ent__spatial_challenges(double *phi, double *delta, const ent__spatial_field *field, size_t first, size_t count)
{
    view views[ENT__SPATIAL_BLOCK];
    size_t n = field->n;
    for (size_t v = 0; v < count; v++)
        views[v] = open_view(field, first + v, first + v, 0, n, field->work + 5 * n * v);
    if (count > 0)
        add_thirds(views, count, field);
    for (size_t v = 0; v < count; v++)
        for (size_t j = 0; j < n; j++)
            if (j != first + v)
                phi[v * n + j] = conclude(&delta[v * n + j], &views[v], field, j);
}
