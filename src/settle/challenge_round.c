/* One round of the challenge model.
 *
 * Actor k stands at x_k, of weight w_k = c_k s_k, capability times salience; d = |x_i - x_j| / R, R the range of the
 * positions at the start of the run. What k votes for position a against b, with risk exponent r_k:
 *
 *     v_k(a,b) = w_k |x_k - b|^r_k / R^r_k - w_k |x_k - a|^r_k / R^r_k        S_ab = sum_k max(0, v_k(a,b))
 *     P_ij = S_ij / (S_ij + S_ji)                                             (classic; 1/2 where both are 0)
 *     P_ij = S_ij / V,   V = sum over ordered pairs of actors of (S_ab + S_ba)  (scholz)
 *
 * What i expects of challenging j, as an actor of exponent r sees it, against leaving j alone (Q: nothing changes):
 *
 *     EU_ij = s_j (P_ij Us + (1 - P_ij) Uf) + (1 - s_j) Us - Q Uq - (1 - Q) (T Ub + (1 - T) Uw)
 *     Us = 2 - 4 ((1 - d)/2)^r    Uf = 2 - 4 ((1 + d)/2)^r    Uq = 2 - 4 (1/2)^r
 *     Ub, Uw = 2 - 4 (1/2 -+ (m + d)/4)^r,  m = |x_i - median| / R,  T = 1 where m < d      (scholz: no such term)
 *
 *   1. all exponents 1: danger D_i = sum over the others j of EU_ji
 *   2. risk R_i = (2 D_i - max D - min D) / (max D - min D); exponent r_i = (1 - R_i/3) / (1 + R_i/3); all 1 where no
 *      danger differs
 *   3. with these exponents, each receiver i looks at each j elsewhere with its own exponent: a = EU_ij, b = EU_ji
 *        b > a > 0             confrontation: i is asked to x_j
 *        b > 0 > a, b > |a|    compromise: i is asked to x_i + (x_j - x_i) |a/b|
 *   4. each accepts one (choose() below), and all move at once
 *
 * Classic compares to 1e-9 (positions as shares of R), scholz exactly. Actors at the same place see the same, so pairs
 * are of places, of which there are m. Step 1 costs O(n m): with exponents of 1 the S_ab come from sums over the sorted
 * places. Step 3 needs sums over all k of every pair, O(n m^2) of subtractions alone: with w(k,a) = w_k d^r_k in a
 * table and max(0, v) = (|v| + v) / 2,
 *
 *     S_ab = (sum_k |w(k,a) - w(k,b)| + sum_k w(k,b) - sum_k w(k,a)) / 2
 *
 * The powers are exp(r log d), and the logs are of pairs of places, not of actors and pairs. */
#include "core/elementary.h"
#include "settle/challenge.h"

#include <math.h>

static const double EQUAL = 1e-9;
enum { BLOCK = 8, PAIR = 2 }; /* places a block of the table of powers; rows of sums that are made together */

/* Numbers are equal when they differ by this much or less. */
static double leeway(const ent__challenge *game)
{
    return game->options.variant == ENT_CHALLENGE_SCHOLZ ? 0 : EQUAL;
}

static double distance(const ent__challenge *game, size_t p, size_t q)
{
    return fabs(game->held.position[p] - game->held.position[q]) / game->range;
}

static bool apart(const ent__challenge *game, double d)
{
    return d > leeway(game);
}

/* --- workspace ------------------------------------------------------------------------------------------ */

static void *take(char *block, size_t *at, size_t n, size_t size)
{
    void *place = block != NULL ? block + *at : NULL;
    *at += (n * size + 63) & ~(size_t)63;
    return place;
}

size_t ent__challenge_layout(ent__challenge *game, size_t n, void *block)
{
    size_t at = 0, real = sizeof(double), blocks = (n + BLOCK - 1) / BLOCK;
    game->n = n;
    game->held_space = take(block, &at, ent__held_workspace(n), 1);
    game->capability = take(block, &at, n, real);
    game->holders = take(block, &at, n, real);
    game->below = take(block, &at, n, real);
    game->moment = take(block, &at, n, real);
    game->total = take(block, &at, n, real);
    game->support = take(block, &at, n * n, real);
    game->log_distance = take(block, &at, n * n, real);
    game->log_near = take(block, &at, n * n, real);
    game->log_far = take(block, &at, n * n, real);
    game->power = take(block, &at, blocks * n * BLOCK, real);
    game->sight = take(block, &at, n, sizeof *game->sight);
    game->offer = take(block, &at, n, sizeof *game->offer);
    return at;
}

bool ent__challenge_prepare(ent__challenge *game, const double *position, const double *salience,
                            const double *capability)
{
    double low = position[0], high = low, strongest = 0;
    for (size_t i = 0; i < game->n; i++) {
        low = position[i] < low ? position[i] : low;
        high = position[i] > high ? position[i] : high;
        strongest = capability[i] > strongest ? capability[i] : strongest;
    }
    for (size_t i = 0; i < game->n; i++)
        game->capability[i] = capability[i] / strongest;
    game->salience = salience;
    game->range = high - low;
    return ent__is_finite(game->range) && strongest > 0;
}

/* --- places, median, mean --------------------------------------------------------------------------------- */

/* The weighted median: the midpoint of the two where halves tie; of scholz, which has no rule for it, the lower one. */
static double median_of(const ent__challenge *game)
{
    const ent__held *held = &game->held;
    double half = held->total * (0.5 - ENT__SETTLE_TIE);
    size_t lower = 0, upper = held->n - 1;
    for (double sum = held->weight[lower]; sum < half && lower + 1 < held->n; sum += held->weight[lower])
        lower++;
    for (double sum = held->weight[upper]; sum < half && upper > 0; sum += held->weight[upper])
        upper--;
    double a = held->position[lower], b = held->position[upper];
    return game->options.variant == ENT_CHALLENGE_SCHOLZ ? a : a + (b - a) / 2;
}

void ent__challenge_look(ent__challenge *game, ent__challenge_state *state)
{
    ent_settle_input in = {
        .n = game->n, .position = state->position, .salience = game->salience, .capability = game->capability};
    ent__held_find(&game->held, &in, game->held_space);
    double below = 0, moment = 0;
    for (size_t p = 0; p < game->held.n; p++) {
        double weight = game->held.weight[p];
        game->holders[p] = 0;
        game->below[p] = below += weight;
        game->moment[p] = moment += weight * distance(game, 0, p);
    }
    for (size_t i = 0; i < game->n; i++)
        game->holders[game->held.place[i]]++;
    state->median = median_of(game);
    state->mean = ent__settle_compromise(&in);
}

/* --- support and probability ------------------------------------------------------------------------------ */

/* S_pq of all pairs where every exponent is 1. A voter at y likes the lower place p better than q by q - p where y is
 * at or below p, by p + q - 2 y between p and the middle. */
static void support_neutral(ent__challenge *game)
{
    size_t m = game->held.n;
    const double *below = game->below, *moment = game->moment, *y = game->held.position;
    double all = below[m - 1];
    for (size_t p = 0; p < m; p++) {
        double from = distance(game, 0, p); /* from the lowest place: near ones keep their digits */
        game->support[p * m + p] = 0;
        for (size_t q = p + 1, t = p; q < m; q++) {
            double to = distance(game, 0, q), d = distance(game, p, q);
            while (y[t + 1] - y[p] <= y[q] - y[t + 1])
                t++; /* the last place that is not beyond the middle */
            double for_p = below[p] * d + (from + to) * (below[t] - below[p]) - 2 * (moment[t] - moment[p]);
            double for_q =
                (all - below[q - 1]) * d + 2 * (moment[q - 1] - moment[t]) - (from + to) * (below[q - 1] - below[t]);
            game->support[p * m + q] = for_p > 0 ? for_p : 0;
            game->support[q * m + p] = for_q > 0 ? for_q : 0;
        }
    }
}

static void fill_logs(ent__challenge *game)
{
    size_t m = game->held.n;
    for (size_t p = 0; p < m; p++) {
        game->log_distance[p * m + p] = -INFINITY;
        for (size_t q = p + 1; q < m; q++) {
            double d = distance(game, p, q), at = apart(game, d) ? ent_log(d) : -INFINITY;
            game->log_distance[p * m + q] = game->log_distance[q * m + p] = at;
            game->log_near[p * m + q] = game->log_near[q * m + p] = ent_log(0.5 - 0.5 * d);
            game->log_far[p * m + q] = game->log_far[q * m + p] = ent_log(0.5 + 0.5 * d);
        }
    }
}

/* The table w(k,q) of those with weight, and its sums: block q / BLOCK holds their rows of BLOCK places, one after the
 * other, so that the sums over k read memory in order. Returns how many have weight. */
static size_t fill_powers(ent__challenge *game, const double *exponent)
{
    size_t m = game->held.n, voters = 0, blocks = (m + BLOCK - 1) / BLOCK;
    for (size_t i = 0; i < game->n; i++)
        voters += game->capability[i] * game->salience[i] > 0;
    for (size_t q = 0; q < m; q++)
        game->total[q] = 0;
    for (size_t i = 0, k = 0; i < game->n; i++) {
        double weight = game->capability[i] * game->salience[i];
        const double *log_distance = game->log_distance + (size_t)game->held.place[i] * m;
        if (!(weight > 0))
            continue;
        for (size_t q = 0; q < blocks * BLOCK; q++) {
            double power = q < m ? weight * ent_exp(exponent[i] * log_distance[q]) : 0;
            game->power[(q / BLOCK * voters + k) * BLOCK + q % BLOCK] = power;
            if (q < m)
                game->total[q] += power;
        }
        k++;
    }
    return voters;
}

/* sum over k of |w(k,p) - w(k,q)| for PAIR places p of one block (from `row`) and the BLOCK places q of another. */
static void add_differences(double sum[PAIR][BLOCK], const double *row, const double *column, size_t voters)
{
    double s[PAIR][BLOCK] = {{0}};
    for (size_t k = 0; k < voters; k++, row += BLOCK, column += BLOCK)
        for (size_t a = 0; a < PAIR; a++)
            for (size_t b = 0; b < BLOCK; b++)
                s[a][b] += fabs(row[a] - column[b]);
    for (size_t a = 0; a < PAIR; a++)
        for (size_t b = 0; b < BLOCK; b++)
            sum[a][b] = s[a][b];
}

static void set_support(ent__challenge *game, size_t p, size_t q, double differences)
{
    double more = game->total[q] - game->total[p], for_p = 0.5 * (differences + more),
           for_q = 0.5 * (differences - more);
    game->support[p * game->held.n + q] = for_p > 0 ? for_p : 0; /* rounding may leave them below */
    game->support[q * game->held.n + p] = for_q > 0 ? for_q : 0;
}

/* S_pq of all pairs with each voter's own exponent. False where progress stopped it. */
static bool support_of(ent__challenge *game, const double *exponent, int32_t round)
{
    size_t m = game->held.n, blocks = (m + BLOCK - 1) / BLOCK, told = 0, voters = fill_powers(game, exponent);
    for (size_t p = 0; p < m; p += PAIR) {
        for (size_t block = p / BLOCK; block < blocks; block++) {
            double sum[PAIR][BLOCK];
            add_differences(sum, game->power + p / BLOCK * voters * BLOCK + p % BLOCK,
                            game->power + block * voters * BLOCK, voters);
            for (size_t a = 0; a < PAIR; a++)
                for (size_t q = block * BLOCK; q < m && q < (block + 1) * BLOCK; q++)
                    if (q > p + a)
                        set_support(game, p + a, q, sum[a][q % BLOCK]);
        }
        double done = 1 - (double)(m - p) * (double)(m - p) / ((double)m * (double)m); /* of a triangle */
        if (game->options.progress != NULL && done * 50 >= (double)told) {
            told = (size_t)(done * 50) + 1;
            if (game->options.progress(round, done, game->options.payload) != 0)
                return false;
        }
    }
    for (size_t p = 0; p < m; p++)
        game->support[p * m + p] = 0;
    return true;
}

/* V of scholz: over all ordered pairs of actors. */
static double all_votes(const ent__challenge *game)
{
    size_t m = game->held.n;
    double sum = 0;
    for (size_t p = 0; p < m; p++) {
        double row = 0;
        for (size_t q = 0; q < m; q++)
            row += game->holders[q] * game->support[p * m + q];
        sum += game->holders[p] * row;
    }
    return 2 * sum;
}

/* P_pq; `votes` is V. */
static double probability(const ent__challenge *game, double votes, size_t p, size_t q)
{
    double mine = game->support[p * game->held.n + q], other = game->support[q * game->held.n + p];
    if (game->options.variant == ENT_CHALLENGE_SCHOLZ)
        return votes > 0 ? mine / votes : 0;
    return mine + other > EQUAL * game->held.total ? mine / (mine + other) : 0.5;
}

/* --- expected utility ------------------------------------------------------------------------------------- */

/* What one expects of challenging at distance d, as an actor of exponent r sees it. */
typedef struct prospect {
    double success, failure, status_quo;
} prospect;

/* (1 - Q) (T Ub + (1 - T) Uw) for a challenger that stands m from the median. */
static double left_alone(const ent__challenge *game, double r, double d, double m)
{
    if (game->options.q == 1 || game->options.variant == ENT_CHALLENGE_SCHOLZ)
        return 0;
    double base = m < d - EQUAL ? 0.5 - (m + d) / 4 : 0.5 + (m + d) / 4;
    base = base < 0 ? 0 : base > 1 ? 1 : base;
    return (1 - game->options.q) * (2 - 4 * (r == 1 ? base : ent_pow(base, r)));
}

/* EU of challenging a target of this salience; `alone` as above. */
static double expected(const ent__challenge *game, const prospect *u, double salience, double p, double alone)
{
    return salience * (p * u->success + (1 - p) * u->failure) + (1 - salience) * u->success -
           game->options.q * u->status_quo - alone;
}

/* --- danger, risk, exponents -------------------------------------------------------------------------------- */

/* What all who stand elsewhere expect of challenging actor i. */
static double danger_of(const ent__challenge *game, const ent__challenge_state *state, double votes, size_t i)
{
    size_t here = (size_t)game->held.place[i];
    double danger = 0;
    for (size_t q = 0; q < game->held.n; q++) {
        double d = distance(game, here, q), m = fabs(game->held.position[q] - state->median) / game->range;
        prospect u = {2 * d, -2 * d, 0};
        if (apart(game, d))
            danger += game->holders[q] * expected(game, &u, game->salience[i], probability(game, votes, q, here),
                                                  left_alone(game, 1, d, m));
    }
    return danger;
}

static void find_exponents(ent__challenge *game, ent__challenge_state *state)
{
    support_neutral(game);
    double votes = all_votes(game), least = 0, most = 0;
    for (size_t i = 0; i < game->n; i++) {
        double danger = state->danger[i] = danger_of(game, state, votes, i);
        least = i == 0 || danger < least ? danger : least;
        most = i == 0 || danger > most ? danger : most;
    }
    bool equal = most - least <= leeway(game);
    for (size_t i = 0; i < game->n; i++) {
        double risk = equal ? 0 : (2 * state->danger[i] - most - least) / (most - least);
        risk = risk < -1 ? -1 : risk > 1 ? 1 : risk; /* rounding */
        state->risk[i] = risk;
        state->exponent[i] = (1 - risk / 3) / (1 + risk / 3);
    }
}

/* --- offers ----------------------------------------------------------------------------------------------- */

/* Whether j's demand on i is one, and which. */
static bool make_offer(ent_challenge_offer *offer, const ent__challenge *game, double from, double to)
{
    double a = offer->eu_receiver, b = offer->eu_proposer, equal = leeway(game);
    if (a > equal && b > a + equal) {
        offer->kind = ENT_CHALLENGE_CONFRONTATION;
        offer->position = to;
    } else if (a < -equal && b > equal && b > -a + equal) {
        offer->kind = ENT_CHALLENGE_COMPROMISE;
        offer->position = from + (to - from) * (-a / b);
    } else
        return false;
    return true;
}

/* How actor i sees every place: a challenge of who stands there, and by who stands there. */
static void see_places(ent__challenge *game, const ent__challenge_state *state, double votes, size_t i)
{
    size_t m = game->held.n, here = (size_t)game->held.place[i];
    double r = state->exponent[i], status_quo = 2 - 4 * ent_exp(r * ent_log(0.5));
    double to_median = fabs(state->position[i] - state->median) / game->range;
    for (size_t q = 0; q < m; q++) {
        ent__challenge_sight *sight = &game->sight[q];
        double d = distance(game, here, q), its = fabs(game->held.position[q] - state->median) / game->range;
        sight->apart = apart(game, d);
        if (!sight->apart)
            continue;
        prospect u = {2 - 4 * ent_exp(r * game->log_near[here * m + q]),
                      2 - 4 * ent_exp(r * game->log_far[here * m + q]), status_quo};
        double p = probability(game, votes, here, q), alone = left_alone(game, r, d, to_median);
        sight->if_resisted = expected(game, &u, 1, p, alone);
        sight->if_not = expected(game, &u, 0, p, alone);
        sight->eu_proposer =
            expected(game, &u, game->salience[i], probability(game, votes, q, here), left_alone(game, r, d, its));
    }
}

/* All that actor i is offered, into game->offer; how many. */
static size_t offers_to(ent__challenge *game, const ent__challenge_state *state, double votes, size_t i)
{
    size_t n_offers = 0;
    see_places(game, state, votes, i);
    for (size_t j = 0; j < game->n; j++) {
        const ent__challenge_sight *sight = &game->sight[game->held.place[j]];
        if (!sight->apart || !(sight->eu_proposer > 0))
            continue;
        double salience = game->salience[j];
        ent_challenge_offer *offer = &game->offer[n_offers];
        *offer = (ent_challenge_offer){.receiver = (int32_t)i,
                                       .proposer = (int32_t)j,
                                       .eu_receiver = salience * sight->if_resisted + (1 - salience) * sight->if_not,
                                       .eu_proposer = sight->eu_proposer};
        n_offers += make_offer(offer, game, state->position[i], state->position[j]);
    }
    return n_offers;
}

/* --- which is accepted -------------------------------------------------------------------------------------- */

/* By what offers to one receiver are ranked: the lower the better, the second number where the first is equal.
 * classic, least: movement. classic, strongest: how much the proposer expects, then movement. scholz: a confrontation
 * before any compromise; the nearest confrontation; of compromises the least (|a| x_i + |b| x_j) / (|a| + |b|), which
 * is a position, not a distance. */
typedef struct rank {
    double first, second;
} rank;

static rank rank_of(const ent__challenge *game, const ent_challenge_offer *offer, const double *position)
{
    double from = position[offer->receiver], to = position[offer->proposer];
    double movement = fabs(offer->position - from) / game->range;
    if (game->options.variant == ENT_CHALLENGE_SCHOLZ) {
        double a = fabs(offer->eu_receiver), b = fabs(offer->eu_proposer);
        return offer->kind == ENT_CHALLENGE_CONFRONTATION ? (rank){0, fabs(from - to)}
                                                          : (rank){1, (a * from + b * to) / (a + b)};
    }
    return game->options.accept == ENT_CHALLENGE_STRONGEST ? (rank){-offer->eu_proposer, movement}
                                                           : (rank){movement, 0};
}

/* The index of the offer that is accepted: of the equal ones the first, which has the lower-numbered proposer. */
static size_t choose(const ent__challenge *game, size_t n_offers, const double *position)
{
    double first = INFINITY, second = INFINITY, equal = leeway(game);
    for (size_t o = 0; o < n_offers; o++) {
        rank at = rank_of(game, &game->offer[o], position);
        first = at.first < first ? at.first : first;
    }
    for (size_t o = 0; o < n_offers; o++) {
        rank at = rank_of(game, &game->offer[o], position);
        second = at.first <= first + equal && at.second < second ? at.second : second;
    }
    for (size_t o = 0; o < n_offers; o++) {
        rank at = rank_of(game, &game->offer[o], position);
        if (at.first <= first + equal && at.second <= second + equal)
            return o;
    }
    return 0;
}

/* --- the round ---------------------------------------------------------------------------------------------- */

/* Tells the offers to one receiver: all while there is room, then only the accepted one. */
static void tell(ent__challenge *game, ent__challenge_state *state, size_t n_offers, size_t accepted)
{
    bool all = n_offers - 1 <= game->room;
    ent_challenge_offer *told = state->offer + state->n_offers;
    game->offer[accepted].accepted = true;
    state->accepted[game->offer[0].receiver] = (int32_t)(state->n_offers + (all ? accepted : 0));
    for (size_t o = 0; o < n_offers; o++)
        if (all || o == accepted)
            *told++ = game->offer[o];
    state->n_offers += all ? n_offers : 1;
    state->left_out += all ? 0 : n_offers - 1;
    game->room -= all ? n_offers - 1 : 0;
}

/* Where actor i stands after the round. */
static double move(ent__challenge *game, ent__challenge_state *state, double votes, size_t i)
{
    size_t n_offers = offers_to(game, state, votes, i);
    if (state->accepted != NULL)
        state->accepted[i] = -1;
    if (n_offers == 0)
        return state->position[i];
    size_t accepted = choose(game, n_offers, state->position);
    const ent_challenge_offer *offer = &game->offer[accepted];
    bool stands = game->options.variant == ENT_CHALLENGE_CLASSIC && offer->kind == ENT_CHALLENGE_CONFRONTATION &&
                  game->options.confrontation == ENT_CHALLENGE_NONE;
    double to = stands ? state->position[i] : offer->position;
    if (state->offer != NULL)
        tell(game, state, n_offers, accepted);
    return to;
}

bool ent__challenge_round(ent__challenge *game, ent__challenge_state *state, double *next, int32_t round)
{
    find_exponents(game, state);
    fill_logs(game);
    if (!support_of(game, state->exponent, round))
        return false;
    double votes = all_votes(game), most = 0;
    for (size_t i = 0; i < game->n; i++) {
        next[i] = move(game, state, votes, i);
        double moved = fabs(next[i] - state->position[i]) / game->range;
        most = moved > most ? moved : most;
    }
    state->moved = most;
    return true;
}
