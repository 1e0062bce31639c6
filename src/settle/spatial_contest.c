/* Contests of the spatial model: what an actor expects of one challenging another.
 *
 * h's estimates use utilities u_nj = (1 - d_nj)(1 + min(d_nj, 1) R_n), R_n what h takes the risk attitude of n to be,
 * and weights W_n = c_n S_n. For i against j:
 *
 *     a, b = 1e-10 + the votes of i and j between x_i and x_j;   then every third party n adds its vote z
 *     phi = a / (a + b)  (corrected: the chosen victory model)
 *     delta = (1 - S_j) 2 u_ki + S_j (phi 2 u_ki + (1 - phi) 2 u_kj) - (u_ki + u_kj)
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

static void third_parties(double *a, double *b, const double *a0, const double *b0, const double *estimate,
                          const ent__spatial_field *field, size_t i, size_t first, size_t last)
{
    const ent_spatial_options *options = field->options;
    bool ktab = options->mode == ENT_SPATIAL_KTAB;
    if (options->commit == ENT_SPATIAL_COMMIT_NONE || (ktab && options->commit == ENT_SPATIAL_COMMIT_FULL))
        return;
    for (size_t n = 0; n < field->n; n++) {
        if (n == i || !(field->weight[n] > 0))
            continue;
        third_party third = {.near = field->near + n * field->n,
                             .reach = field->reach + n * field->n,
                             .risk = estimate[n],
                             .weight = field->weight[n],
                             .share = options->commit == ENT_SPATIAL_COMMIT_FULL ? 1 : 0.5,
                             .with_i = utility(field, estimate, n, i),
                             .own = utility(field, estimate, n, n)};
        /* n is no third party to itself: the range is cut there. */
        size_t cut = n >= first && n < last ? n : last, next = cut < last ? cut + 1 : last;
        if (ktab) {
            ENT__SPATIAL_EACH_RULE(options->vote, weigh_in(a, b, a0, b0, third, first, cut, RULE, true);
                                   weigh_in(a, b, a0, b0, third, next, last, RULE, true));
        } else {
            ENT__SPATIAL_EACH_RULE(options->vote, weigh_in(a, b, a0, b0, third, first, cut, RULE, false);
                                   weigh_in(a, b, a0, b0, third, next, last, RULE, false));
        }
    }
}

static void add_vote(double *a, double *b, double v)
{
    *a += v > 0 ? v : 0;
    *b += v < 0 ? -v : 0;
}

void ent__spatial_contests(double *phi, double *delta, const ent__spatial_field *field, size_t h, size_t k, size_t i,
                           size_t first, size_t last)
{
    size_t n = field->n;
    double *a = field->work, *b = a + n, *a0 = b + n, *b0 = a0 + n, *estimate = b0 + n;
    const ent_spatial_options *options = field->options;
    ent__spatial_estimates(estimate, field, h);
    double own = utility(field, estimate, i, i);
    for (size_t j = first; j < last; j++) {
        a0[j] = b0[j] = 1e-10;
        add_vote(&a0[j], &b0[j],
                 ent__spatial_vote((int)options->vote, field->weight[i], own - utility(field, estimate, i, j)));
        add_vote(&a0[j], &b0[j],
                 ent__spatial_vote((int)options->vote, field->weight[j],
                                   utility(field, estimate, j, i) - utility(field, estimate, j, j)));
        a[j] = a0[j];
        b[j] = b0[j];
    }
    third_parties(a, b, a0, b0, estimate, field, i, first, last);
    double won = 2 * utility(field, estimate, k, i);
    for (size_t j = first; j < last; j++) {
        if (j == i)
            continue;
        double lost = 2 * utility(field, estimate, k, j), complement;
        phi[j] = ent__spatial_victory(
            &complement, options->mode == ENT_SPATIAL_KTAB ? ENT_SPATIAL_LINEAR : (int)options->victory, a[j], b[j]);
        double contest = phi[j] * won + (1 - phi[j]) * lost;
        delta[j] = (1 - field->resist[j]) * won + field->resist[j] * contest - (won + lost) / 2;
    }
}
