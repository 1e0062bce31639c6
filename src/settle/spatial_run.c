/* The rounds of the spatial model.
 *
 * A state: positions x, ideals y, all scales of length 1. Assessment:
 *
 *     d_ij = sqrt(sum_k (s_ik (y_ik - x_jk))^2 / sum_k s_ik^2)
 *     p = election over all positions, weights c_i, utilities 1 - d_ij;  lo, hi its extremes
 *     R_i = (p_i - lo) / (hi - lo) stretched to the chosen range; 0 where all are equally likely
 *
 * A round: every i picks the target j of the largest delta_ij above 1e-5 (spatial_contest.c) and proposes where both
 * should stand. Every k then holds an election, in which all vote, among staying and the proposals that concern it, in
 * the order of initiators, and takes its part of the winner. Each decides for itself: one side may move without the
 * other. Ideals follow: y_i = sum_j A_ij x_j + (1 - min(1, sum_j A_ij)) y_i.
 *
 * The run ends when a round moves less than 0.02 of what the first did, at the earliest after two, or when the rounds
 * are used up. All memory is the caller's: nothing is allocated here. */
#include "core/random.h"
#include "settle/spatial.h"

#include <math.h>
#include <string.h>

#define WORTH 1e-5    /* the least gain for which anybody is challenged */
#define TINY 1e-6     /* in interpolations: both stay where neither cares */
#define TOGETHER 1e-3 /* positions nearer than this are one */
#define SETTLED 0.02
#define EQUAL 1e-10  /* corrected: chances that differ by less, of the largest, are equal */
#define GRID 10000.0 /* ktab: proposals lie on this grid */

/* --- memory ---------------------------------------------------------------------------------------- */

static void *carve(char *block, size_t *at, size_t bytes)
{
    void *here = block ? block + *at : NULL;
    *at += (bytes + 63) & ~(size_t)63;
    return here;
}

size_t ent__spatial_layout(ent__spatial_run *run, void *block)
{
    size_t n = run->n, at = 0, real = sizeof(double);
    bool markov = run->options.election != ENT_SPATIAL_CONDITIONAL;
    run->offers = run->options.bargain == ENT_SPATIAL_BOTH ? 2 * n : n;
    size_t longest = run->offers + 1;
    run->norm = carve(block, &at, n * real);
    run->power = carve(block, &at, n * real);
    run->weight = carve(block, &at, n * real);
    run->resist = carve(block, &at, n * real);
    run->near = carve(block, &at, n * n * real);
    run->reach = carve(block, &at, n * n * real);
    run->own = carve(block, &at, n * real);
    run->phi = carve(block, &at, ENT__SPATIAL_BLOCK * n * real);
    run->delta = carve(block, &at, ENT__SPATIAL_BLOCK * n * real);
    run->contest = carve(block, &at, 5 * n * ENT__SPATIAL_BLOCK * real);
    run->value = carve(block, &at, run->offers * n * real);
    run->quo = carve(block, &at, n * real);
    run->queue = carve(block, &at, n * longest * real);
    run->odds = carve(block, &at, longest * real);
    run->poll = carve(block, &at, ent__spatial_poll_work(longest, markov) * real);
    run->line = carve(block, &at, longest * sizeof(int32_t));
    return at;
}

/* --- mode ktab's random numbers: mt19937_64 (Nishimura & Matsumoto 2004), then a quadratic mix ------- */

static void seed_twister(ent__spatial_run *run, uint64_t seed)
{
    uint64_t x = seed ? seed : UINT64_C(0xd67cc16fe69c185c);
    for (uint64_t i = 0; i < 312; i++) {
        run->twister[i] = x;
        x = UINT64_C(6364136223846793005) * (x ^ (x >> 62)) + i + 1;
    }
    run->twist = 312;
}

static double draw_twister(ent__spatial_run *run)
{
    const uint64_t low = (UINT64_C(1) << 31) - 1;
    uint64_t *s = run->twister;
    if (run->twist == 312) {
        for (int i = 0; i < 312; i++) {
            uint64_t both = (s[i] & ~low) | (s[(i + 1) % 312] & low);
            s[i] = s[(i + 156) % 312] ^ (both >> 1) ^ (both & 1 ? UINT64_C(0xb5026f5aa96619e9) : 0);
        }
        run->twist = 0;
    }
    uint64_t x = s[run->twist++];
    x ^= (x >> 29) & UINT64_C(0x5555555555555555);
    x ^= (x << 17) & UINT64_C(0x71d67fffeda60000);
    x ^= (x << 37) & UINT64_C(0xfff7eee000000000);
    x ^= x >> 43;
    uint64_t mixed = (x + UINT64_C(0xe08c1d668b756f83)) * (2 * x + 3);
    return (double)mixed / 0x1p64;
}

static double draw(ent__spatial_run *run, int32_t round, size_t actor)
{
    if (run->options.mode == ENT_SPATIAL_KTAB)
        return draw_twister(run);
    uint64_t stream = ent__stream_step(run->options.stream, (uint64_t)round, actor);
    return ent__uniform(run->options.seed, stream, run->options.draw);
}

/* --- before the first round --------------------------------------------------------------------------- */

/* Capability by dimension counts in elections by its mean over dimensions, weighted by salience. */
bool ent__spatial_prepare(ent__spatial_run *run, const double *capability, bool by_dimension)
{
    size_t n = run->n, dims = run->dims, columns = by_dimension ? dims : 1;
    double most = 0, sum = 0, any = 0;
    for (size_t i = 0; i < n * columns; i++)
        most = capability[i] > most ? capability[i] : most;
    if (!(most > 0) || !ent__is_finite(most))
        return false;
    double unit = run->options.mode == ENT_SPATIAL_KTAB ? 1 : most;
    for (size_t i = 0; i < n; i++) {
        const double *s = run->salience + i * dims, *c = capability + i * columns;
        double total = 0, effort = 0, mean = 0;
        run->norm[i] = 0;
        for (size_t k = 0; k < dims; k++) {
            double here = c[by_dimension ? k : 0] / unit;
            total += s[k];
            effort += here * s[k];
            mean += here / (double)dims;
            run->norm[i] += s[k] * s[k];
        }
        run->power[i] = !by_dimension ? c[0] / unit : total > 0 ? effort / total : mean;
        run->weight[i] = by_dimension ? effort : run->power[i] * total;
        run->resist[i] = total < 1 ? total : 1;
        sum += run->power[i];
        any += run->weight[i];
    }
    if (run->options.mode == ENT_SPATIAL_CORRECTED)
        for (size_t i = 0; i < n; i++) {
            run->power[i] /= sum;
            run->weight[i] /= sum;
        }
    seed_twister(run, run->options.seed);
    run->unconverged = 0;
    run->interrupted = false;
    return any > 0 && ent__is_finite(any);
}

/* --- assessment of a state ---------------------------------------------------------------------------- */

/* i's distance from its ideal to a point; 0 where it cares for nothing. */
static double distance(const ent__spatial_run *run, const ent__spatial_state *state, size_t i, const double *point)
{
    const double *s = run->salience + i * run->dims, *ideal = state->ideal + i * run->dims;
    double sum = 0;
    for (size_t k = 0; k < run->dims; k++) {
        double far = s[k] * (ideal[k] - point[k]);
        sum += far * far;
    }
    return run->norm[i] > 0 ? sqrt(sum / run->norm[i]) : 0;
}

static double utility_of(double d, double risk)
{
    return (1 - d) * (1 + (d < 1 ? d : 1) * risk);
}

/* u_ij by i's own lights. */
static double own_utility(const ent__spatial_run *run, size_t i, size_t j)
{
    size_t at = i * run->n + j;
    return run->near[at] * (1 + run->reach[at] * run->own[i]);
}

static double plain_distance(const double *a, const double *b, size_t dims)
{
    double sum = 0;
    for (size_t k = 0; k < dims; k++)
        sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sqrt(sum);
}

/* Numbers the distinct positions; run->line holds the first holder of each. An actor belongs to the last near enough.
 */
static void find_places(ent__spatial_run *run, ent__spatial_state *state)
{
    size_t dims = run->dims;
    state->places = 0;
    for (size_t i = 0; i < run->n; i++) {
        bool is_new = true;
        for (size_t place = 0; place < state->places && is_new; place++)
            is_new = !(plain_distance(state->position + i * dims, state->position + (size_t)run->line[place] * dims,
                                      dims) < TOGETHER);
        if (is_new)
            run->line[state->places++] = (int32_t)i;
    }
    for (size_t i = 0; i < run->n; i++)
        for (size_t place = 0; place < state->places; place++)
            if (plain_distance(state->position + i * dims, state->position + (size_t)run->line[place] * dims, dims) <
                TOGETHER)
                state->place[i] = (int32_t)place;
}

static void elect(ent__spatial_run *run, double *p, const double *utility, size_t m)
{
    ent__spatial_poll poll = {.m = m,
                              .n = run->n,
                              .utility = utility,
                              .weight = run->power,
                              .vote = (int)run->options.vote,
                              .victory = (int)run->options.victory,
                              .election = (int)run->options.election,
                              .work = run->poll};
    run->unconverged += !ent__spatial_elect(p, &poll);
}

/* Risk attitude of one whose position has chance p. Mode corrected goes by the share of the way from the lowest chance
 * to the highest, so that no rounding leaves the range; mode ktab by that program's formulas, to the last digit. */
static double risk_of(const ent_spatial_options *options, double p, double low, double high)
{
    double spread = high - low;
    bool ktab = options->mode == ENT_SPATIAL_KTAB;
    if (ktab ? !(spread > 0) : spread <= EQUAL * high)
        return 0;
    double share = (p - low) / spread;
    switch (options->range) {
    case ENT_SPATIAL_RANGE_MID:
        return ktab ? (3 * p - (high + 2 * low)) / (2 * spread) : 1.5 * share - 0.5;
    case ENT_SPATIAL_RANGE_MAX:
        return ktab ? (2 * p - (high + low)) / spread : 2 * share - 1;
    default:
        return share;
    }
}

static void set_risk(const ent__spatial_run *run, ent__spatial_state *state)
{
    double low = state->chance[0], high = low;
    for (size_t i = 1; i < run->n; i++) {
        low = state->chance[i] < low ? state->chance[i] : low;
        high = state->chance[i] > high ? state->chance[i] : high;
    }
    for (size_t i = 0; i < run->n; i++) {
        double risk = risk_of(&run->options, state->chance[i], low, high);
        state->risk[i] = risk;
        run->own[i] =
            run->options.mode == ENT_SPATIAL_KTAB ? ent__spatial_estimate((int)run->options.adjust, risk, risk) : risk;
    }
}

static void find_winners(ent__spatial_run *run, ent__spatial_state *state)
{
    size_t m = state->places;
    for (size_t i = 0; i < run->n; i++)
        for (size_t place = 0; place < m; place++)
            run->queue[i * m + place] = own_utility(run, i, (size_t)run->line[place]);
    elect(run, run->odds, run->queue, m);
    for (size_t i = 0; i < run->n; i++)
        state->win[i] = run->odds[state->place[i]];
}

static void assess(ent__spatial_run *run, ent__spatial_state *state)
{
    size_t n = run->n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double d = distance(run, state, i, state->position + j * run->dims);
            run->near[i * n + j] = 1 - d;
            run->reach[i * n + j] = d < 1 ? d : 1;
        }
    elect(run, state->chance, run->near, n); /* risk-neutral: u = 1 - d */
    set_risk(run, state);
    state->n_offers = 0;
    state->moved = 0;
    if (state->win) {
        find_places(run, state);
        find_winners(run, state);
    }
}

/* --- proposals ------------------------------------------------------------------------------------------ */

/* As that program rounds: half up, towards zero below. */
static double on_grid(double z)
{
    return trunc(0.5 + GRID * z) / GRID;
}

/* Where i and j would meet on dimension k if i's chance is p. */
static void meet(double *move_i, double *move_j, const ent__spatial_run *run, const ent__spatial_state *state, size_t i,
                 size_t j, size_t k, double p)
{
    double ti = state->position[i * run->dims + k], tj = state->position[j * run->dims + k], q = 1 - p;
    double si = run->salience[i * run->dims + k], sj = run->salience[j * run->dims + k], to_i, to_j;
    bool ktab = run->options.mode == ENT_SPATIAL_KTAB;
    if (run->options.interpolation == ENT_SPATIAL_S2PMAX) {
        double lead_j = q > p ? q - p : 0, lead_i = p > q ? p - q : 0;
        double pull_i = lead_j * (sj * sj), pull_j = lead_i * (si * si);
        to_i = ti + pull_i / (pull_i + TINY + (1 - lead_j) * (si * si)) * (tj - ti);
        to_j = tj + pull_j / (pull_j + TINY + (1 - lead_i) * (sj * sj)) * (ti - tj);
    } else {
        bool square = run->options.interpolation == ENT_SPATIAL_S2P2;
        double a = square ? si * si * (p * p) : si * p, b = square ? sj * sj * (q * q) : sj * q;
        to_i = ((a + TINY) * ti + b * tj) / (a + TINY + b);
        to_j = (a * ti + (TINY + b) * tj) / (a + TINY + b);
        to_i = ktab ? on_grid(to_i) : to_i;
        to_j = ktab ? on_grid(to_j) : to_j;
    }
    /* In ktab's readings with a gain for a probability, weights can cancel; nobody moves by a number that is none. */
    *move_i = ent__is_finite(to_i) ? to_i : ti;
    *move_j = ent__is_finite(to_j) ? to_j : tj;
}

static ent_spatial_offer *add_offer(ent__spatial_run *run, ent__spatial_state *state, const ent_spatial_offer *offer)
{
    ent_spatial_offer *fresh = state->offer + state->n_offers;
    double *moves = state->moves + 2 * run->dims * state->n_offers++;
    *fresh = *offer;
    fresh->initiator_moves = moves;
    fresh->receiver_moves = moves + run->dims;
    return fresh;
}

static void set_moves(ent__spatial_run *run, ent__spatial_state *state, const ent_spatial_offer *offer, double p)
{
    double *moves = state->moves + 2 * run->dims * (size_t)(offer - state->offer);
    for (size_t k = 0; k < run->dims; k++)
        meet(&moves[k], &moves[run->dims + k], run, state, (size_t)offer->initiator, (size_t)offer->receiver, k, p);
}

/* The mean of both sides' proposals, weighted by capability times total salience (ktab: by i's capability for both). */
static void weigh_moves(ent__spatial_run *run, ent__spatial_state *state, const ent_spatial_offer *offer, double p,
                        double q)
{
    size_t i = (size_t)offer->initiator, j = (size_t)offer->receiver;
    double *moves = state->moves + 2 * run->dims * (size_t)(offer - state->offer);
    bool ktab = run->options.mode == ENT_SPATIAL_KTAB;
    double wi = run->weight[i], wj = ktab ? run->power[i] * run->resist[j] : run->weight[j];
    if (!(wi + wj > 0))
        wi = wj = 1;
    for (size_t k = 0; k < run->dims; k++) {
        double own[2], other[2];
        meet(&own[0], &own[1], run, state, i, j, k, p);
        meet(&other[0], &other[1], run, state, i, j, k, q);
        moves[k] = (wi * own[0] + wj * other[0]) / (wi + wj);
        moves[run->dims + k] = (wi * own[1] + wj * other[1]) / (wi + wj);
    }
}

static void propose(ent__spatial_run *run, ent__spatial_state *state, const ent__spatial_field *field,
                    const ent_spatial_offer *challenge)
{
    ent_spatial_offer offer = *challenge;
    size_t i = (size_t)offer.initiator, j = (size_t)offer.receiver;
    offer.receiver_phi = ent__spatial_contest(&offer.receiver_delta, field, j, i, j);
    double p = offer.phi, q = run->options.mode == ENT_SPATIAL_KTAB ? offer.receiver_delta : offer.receiver_phi;
    if (run->options.bargain == ENT_SPATIAL_WEIGHTED) {
        offer.proposer = ENT_SPATIAL_WEIGHTED;
        weigh_moves(run, state, add_offer(run, state, &offer), p, q);
        return;
    }
    set_moves(run, state, add_offer(run, state, &offer), p);
    if (run->options.bargain == ENT_SPATIAL_BOTH) {
        offer.proposer = ENT_SPATIAL_BOTH;
        set_moves(run, state, add_offer(run, state, &offer), q);
    }
}

/* i's best target, if any, by its estimates for all; proposals to it. */
static void challenge_best(ent__spatial_run *run, ent__spatial_state *state, const ent__spatial_field *field, size_t i,
                           const double *phi, const double *delta)
{
    size_t n = run->n, best = n;
    for (size_t j = 0; j < n; j++)
        if (j != i && delta[j] > (best < n ? delta[best] : WORTH))
            best = j;
    if (best == n)
        return;
    ent_spatial_offer offer = {
        .initiator = (int32_t)i, .receiver = (int32_t)best, .phi = phi[best], .delta = delta[best]};
    propose(run, state, field, &offer);
}

/* Everybody's challenges; false where `progress` stopped it. */
static bool initiate(ent__spatial_run *run, ent__spatial_state *state, int32_t round)
{
    size_t n = run->n, every = (n / ENT__SPATIAL_BLOCK / 50 + 1) * ENT__SPATIAL_BLOCK;
    ent__spatial_field field = {.n = n,
                                .near = run->near,
                                .reach = run->reach,
                                .risk = state->risk,
                                .weight = run->weight,
                                .resist = run->resist,
                                .options = &run->options,
                                .work = run->contest};
    for (size_t first = 0; first < n; first += ENT__SPATIAL_BLOCK) {
        size_t count = n - first < ENT__SPATIAL_BLOCK ? n - first : ENT__SPATIAL_BLOCK;
        if (run->options.progress && first % every == 0 &&
            run->options.progress(round, (double)first / (double)n, run->options.payload) != 0)
            return false;
        ent__spatial_challenges(run->phi, run->delta, &field, first, count);
        for (size_t v = 0; v < count; v++)
            challenge_best(run, state, &field, first + v, run->phi + v * n, run->delta + v * n);
    }
    return true;
}

/* --- what each actor takes --------------------------------------------------------------------------------- */

/* Everybody's utility of staying and of every proposal. Only differences count; mode corrected states them as gains, so
 * that a proposal which moves nobody is exactly as good as staying; mode ktab sums as that program does. */
static void value_offers(ent__spatial_run *run, const ent__spatial_state *state)
{
    size_t n = run->n;
    bool ktab = run->options.mode == ENT_SPATIAL_KTAB;
    for (size_t v = 0; v < n; v++) {
        run->quo[v] = 0;
        for (size_t l = 0; l < n && ktab; l++)
            run->quo[v] += own_utility(run, v, l);
        run->quo[v] /= (double)n;
    }
    for (size_t m = 0; m < state->n_offers; m++) {
        const ent_spatial_offer *offer = &state->offer[m];
        size_t i = (size_t)offer->initiator, j = (size_t)offer->receiver;
        double *value = run->value + m * n;
        for (size_t v = 0; v < n; v++) {
            double moved_i = utility_of(distance(run, state, v, offer->initiator_moves), state->risk[v]);
            double moved_j = utility_of(distance(run, state, v, offer->receiver_moves), state->risk[v]);
            if (!ktab) {
                value[v] = (moved_i - own_utility(run, v, i) + (moved_j - own_utility(run, v, j))) / (double)n;
                continue;
            }
            value[v] = moved_i + moved_j;
            for (size_t l = 0; l < n; l++)
                if (l != i && l != j)
                    value[v] += own_utility(run, v, l);
            value[v] /= (double)n;
        }
    }
}

/* The queue of actor k: the offers that concern it, and staying at the place of its own initiative. */
static size_t line_up(ent__spatial_run *run, const ent__spatial_state *state, size_t k)
{
    size_t length = 0;
    bool stays = false;
    for (size_t m = 0; m < state->n_offers; m++) {
        const ent_spatial_offer *offer = &state->offer[m];
        if (!stays && (size_t)offer->initiator >= k) {
            run->line[length++] = -1;
            stays = true;
        }
        if ((size_t)offer->initiator == k || (size_t)offer->receiver == k)
            run->line[length++] = (int32_t)m;
    }
    if (!stays)
        run->line[length++] = -1;
    return length;
}

static size_t choose(ent__spatial_run *run, size_t length, int32_t round, size_t k)
{
    const double *p = run->odds;
    size_t best = 0;
    if (run->options.transition == ENT_SPATIAL_DETERMINISTIC) {
        for (size_t m = 1; m < length; m++)
            best = p[m] > p[best] ? m : best;
        return best;
    }
    double aim = draw(run, round, k), sum = p[0];
    while (sum < aim && best + 1 < length)
        sum += p[++best];
    return best;
}

static void decide(ent__spatial_run *run, ent__spatial_state *state, int32_t round, size_t k)
{
    size_t n = run->n, length = line_up(run, state, k);
    for (size_t m = 0; m < length; m++) {
        const double *value = run->line[m] < 0 ? run->quo : run->value + (size_t)run->line[m] * n;
        for (size_t v = 0; v < n; v++)
            run->queue[v * length + m] = value[v];
    }
    elect(run, run->odds, run->queue, length);
    size_t taken = choose(run, length, round, k);
    state->taken[k] = run->line[taken];
    for (size_t m = 0; m < length; m++) {
        if (run->line[m] < 0) {
            state->stay[k] = run->odds[m];
            continue;
        }
        ent_spatial_offer *offer = &state->offer[run->line[m]];
        bool starts = (size_t)offer->initiator == k;
        *(starts ? &offer->initiator_chance : &offer->receiver_chance) = run->odds[m];
        *(starts ? &offer->initiator_takes : &offer->receiver_takes) = m == taken;
    }
}

/* The next state's positions and ideals, and how far all moved. */
static void move(const ent__spatial_run *run, ent__spatial_state *state, ent__spatial_state *next)
{
    size_t n = run->n, dims = run->dims;
    double moved = 0;
    for (size_t i = 0; i < n; i++) {
        const double *to = state->position + i * dims;
        if (state->taken[i] >= 0) {
            const ent_spatial_offer *offer = &state->offer[state->taken[i]];
            to = (size_t)offer->initiator == i ? offer->initiator_moves : offer->receiver_moves;
        }
        moved += plain_distance(to, state->position + i * dims, dims);
        memcpy(next->position + i * dims, to, dims * sizeof *to);
    }
    state->moved = moved;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < dims; k++) {
            double sum = 0, follows = 0;
            for (size_t j = 0; j < n && run->accommodation; j++) {
                follows += run->accommodation[i * n + j];
                sum += run->accommodation[i * n + j] * next->position[j * dims + k];
            }
            next->ideal[i * dims + k] = run->accommodation
                                            ? sum + (1 - (follows < 1 ? follows : 1)) * state->ideal[i * dims + k]
                                            : next->position[i * dims + k];
        }
}

int32_t ent__spatial_play(ent_stop *stop, ent__spatial_run *run, ent__spatial_state *state, size_t n_states)
{
    int32_t round = 0, last = run->options.max_rounds;
    *stop = ENT_STOP_MAX_ROUNDS;
    assess(run, &state[0]);
    while (round < last && *stop == ENT_STOP_MAX_ROUNDS) {
        ent__spatial_state *now = &state[(size_t)round % n_states], *next = &state[(size_t)(round + 1) % n_states];
        if (!initiate(run, now, round + 1)) {
            now->n_offers = 0;
            run->interrupted = true;
            break;
        }
        value_offers(run, now);
        for (size_t k = 0; k < run->n; k++)
            decide(run, now, round + 1, k);
        move(run, now, next);
        round++;
        if (round == 1)
            run->first_moved = now->moved;
        if (round >= 2 && now->moved / (run->first_moved + 1e-4) < SETTLED)
            *stop = ENT_STOP_SETTLED;
        assess(run, next);
    }
    return round;
}
