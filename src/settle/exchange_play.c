/* One iteration of the exchange model.
 *
 *     O_d = sum_a share_ad X_ad                       share_ad = s_ad c_ad / sum_b s_bd c_bd
 *     possible trades: for issues p before q, every actor right of the mean on both with every one left on both, then
 *     every one left on p alone with every one left on q alone. I is who cares relatively more for p.
 *
 * The possible trade of the largest gain is realised; of gains within 1e-9 of it the first. It changes those that share
 * an actor and issue with it: where the actor supplies the issue, it now stands elsewhere; where the actor demands it,
 * the outcome it counts with has moved. These are computed again, and are dropped where nothing is left to trade. So
 * on, until none is left. Then X' = X + ((1 - s_ad) 0.4 + 0.1) (Y - X) for whoever moved from X to Y.
 *
 * Possible trades lie in grids (pair of issues; one kind of actor by the other), so those of one actor and issue are a
 * row or a column, and no list of them is kept. Gains are the leaves of a tree of maxima with ENT__EXCHANGE_FAN
 * branches: the first of the best is found from the top, and a change stops where a maximum stays as it was.
 *
 * What an actor knows of others depends on the issue it demands alone, not on the trade; so it is kept once for actor
 * and issue. Where two of its trades moved the same partner, the smaller of both shifts counts, as in the program. */
#include "settle/exchange.h"

#include <math.h>

#define RATIO 1e-12 /* products of saliences nearer than this are equal */
enum { FAN = ENT__EXCHANGE_FAN, TICKS = 50, FORMED_BETWEEN_TICKS = 1 << 20 };

/* --- memory ------------------------------------------------------------------------------------------------- */

double ent__exchange_most(size_t n, size_t issues)
{
    double pairs = (double)issues * ((double)issues - 1) / 2, actors = (double)n;
    return pairs * floor(actors * actors / 4);
}

static void *take(char *block, size_t *at, size_t n, size_t size)
{
    size_t place = *at;
    *at += (n * size + 63) & ~(size_t)63;
    return block != NULL ? block + place : NULL;
}

size_t ent__exchange_layout(ent__exchange *game, void *block)
{
    size_t at = 0, n = game->n, issues = game->issues, width = game->most;
    size_t everybody = n * n * issues;
    game->pairs = issues * (issues - 1) / 2;
    game->most_known = 2 * game->most < everybody ? 2 * game->most : everybody;
    game->cell = take(block, &at, n * issues, sizeof *game->cell);
    game->mean = take(block, &at, issues, sizeof *game->mean);
    game->outcome = take(block, &at, issues, sizeof *game->outcome);
    game->pair = take(block, &at, game->pairs, sizeof *game->pair);
    game->rank = take(block, &at, game->pairs * n, sizeof *game->rank);
    game->member = take(block, &at, 4 * n, sizeof *game->member);
    game->known = take(block, &at, game->most_known, sizeof *game->known);
    game->offer = take(block, &at, game->most, sizeof *game->offer);
    for (int l = 0; l < ENT__EXCHANGE_LEVELS; l++) {
        game->level[l] = take(block, &at, width, sizeof *game->level[l]);
        width = (width + FAN - 1) / FAN;
    }
    return at;
}

/* --- the tree of gains ---------------------------------------------------------------------------------------- */

static double largest(const double *value, size_t first, size_t length)
{
    size_t end = first + FAN < length ? first + FAN : length;
    double most = value[first];
    for (size_t k = first + 1; k < end; k++)
        most = value[k] > most ? value[k] : most;
    return most;
}

static void grow_tree(ent__exchange *game)
{
    game->length[0] = game->offers;
    for (game->top = 0; game->length[game->top] > FAN; game->top++) {
        size_t below = game->length[game->top], here = (below + FAN - 1) / FAN;
        for (size_t k = 0; k < here; k++)
            game->level[game->top + 1][k] = largest(game->level[game->top], k * FAN, below);
        game->length[game->top + 1] = here;
    }
}

static void set_gain(ent__exchange *game, size_t k, double gain)
{
    game->alive -= gain < 0 && game->level[0][k] >= 0;
    game->level[0][k] = gain;
    for (int l = 0; l < game->top; l++) {
        double most = largest(game->level[l], k / FAN * FAN, game->length[l]);
        k /= FAN;
        if (game->level[l + 1][k] == most)
            return;
        game->level[l + 1][k] = most;
    }
}

/* The number of the first of the best, or `offers` where there is none. */
static size_t best(const ent__exchange *game)
{
    if (game->offers == 0)
        return 0;
    double most = largest(game->level[game->top], 0, game->length[game->top]);
    if (most < 0)
        return game->offers;
    double enough = most - ENT__EXCHANGE_EQUAL;
    enough = enough < 0 ? 0 : enough;
    size_t k = 0;
    for (int l = game->top; l >= 0; l--) {
        k *= l < game->top ? FAN : 1;
        while (game->level[l][k] < enough)
            k++;
    }
    return k;
}

/* --- possible trades ------------------------------------------------------------------------------------------- */

static bool tick(ent__exchange *game, double share)
{
    const ent_exchange_options *options = &game->options;
    game->interrupted = game->interrupted ||
                        (options->progress != NULL && options->progress(game->iteration, share, options->payload) != 0);
    return !game->interrupted;
}

/* Computes it; it stays, changes, or is none any more. */
static double gain_of(ent__exchange *game, ent__exchange_offer *offer)
{
    ent__exchange_deal deal;
    offer->computed++;
    ent__exchange_compute(&deal, game, offer);
    offer->move[0] = deal.leg[0].move;
    offer->move[1] = deal.leg[1].move;
    return deal.valid ? deal.gain : -1;
}

static void form_offer(ent__exchange *game, int32_t pair, int32_t a, int32_t b)
{
    const ent__exchange_pair *of = &game->pair[pair];
    const ent__exchange_cell *ap = ent__exchange_at(game, a, of->first), *aq = ent__exchange_at(game, a, of->second);
    const ent__exchange_cell *bp = ent__exchange_at(game, b, of->first), *bq = ent__exchange_at(game, b, of->second);
    bool swap = ap->salience * bq->salience < bp->salience * aq->salience - RATIO;
    ent__exchange_offer *offer = &game->offer[game->offers];
    *offer = (ent__exchange_offer){.actor = {swap ? b : a, swap ? a : b}, .pair = pair};
    double gain = gain_of(game, offer);
    game->level[0][game->offers++] = gain;
    game->possible += gain >= 0;
}

/* Sorts the actors that are on both issues by their sides. */
static void sort_actors(ent__exchange *game, size_t number)
{
    ent__exchange_pair *pair = &game->pair[number];
    int32_t *rank = game->rank + number * game->n, count[4] = {0};
    for (int32_t i = 0; i < (int32_t)game->n; i++) {
        const ent__exchange_cell *p = ent__exchange_at(game, i, pair->first),
                                 *q = ent__exchange_at(game, i, pair->second);
        int kind = p->left + 2 * q->left;
        bool on_both = p->start == p->start && q->start == q->start;
        rank[i] = on_both ? count[kind] : -1;
        if (on_both)
            game->member[(size_t)kind * game->n + (size_t)count[kind]++] = i;
    }
    pair->a = count[0];
    pair->b = count[1];
    pair->c = count[2];
    pair->d = count[3];
}

static bool form_pair(ent__exchange *game, size_t number)
{
    ent__exchange_pair *pair = &game->pair[number];
    size_t n = game->n;
    const int32_t *member = game->member;
    sort_actors(game, number);
    pair->ad = game->offers;
    pair->bc = pair->ad + (size_t)pair->a * (size_t)pair->d;
    for (int32_t i = 0; i < pair->a; i++)
        for (int32_t j = 0; j < pair->d; j++)
            form_offer(game, (int32_t)number, member[i], member[3 * n + (size_t)j]);
    for (int32_t i = 0; i < pair->b; i++)
        for (int32_t j = 0; j < pair->c; j++)
            form_offer(game, (int32_t)number, member[n + (size_t)i], member[2 * n + (size_t)j]);
    if (game->offers < game->next_tick)
        return true;
    game->next_tick = game->offers + FORMED_BETWEEN_TICKS;
    return tick(game, 0);
}

static bool form_all(ent__exchange *game)
{
    size_t number = 0;
    game->offers = game->possible = game->realised = game->n_known = 0;
    game->next_tick = 0;
    for (int32_t p = 0; p < (int32_t)game->issues; p++)
        for (int32_t q = p + 1; q < (int32_t)game->issues; q++) {
            game->pair[number].first = p;
            game->pair[number].second = q;
            if (!form_pair(game, number++))
                return false;
        }
    game->alive = game->possible;
    grow_tree(game);
    return true;
}

/* --- realising them -------------------------------------------------------------------------------------------- */

/* A realised trade: what each partner supplied, demanded, and where it stands now. */
typedef struct realised {
    int32_t actor[2], supply[2], demand[2];
    double to[2];
} realised;

static size_t pair_of(const ent__exchange *game, int32_t p, int32_t q)
{
    size_t first = (size_t)(p < q ? p : q), second = (size_t)(p < q ? q : p);
    return first * game->issues - first * (first + 1) / 2 + second - first - 1;
}

/* Whether a side that supplies and demands these is touched by what the partner of that side did. */
static bool touches(const realised *r, int partner, int32_t supply, int32_t demand)
{
    return supply == r->supply[partner] || demand == r->demand[partner];
}

/* One possible trade of a partner. That of both partners with each other is seen from the first. */
static void touch(ent__exchange *game, const realised *r, int partner, size_t number)
{
    ent__exchange_offer *offer = &game->offer[number];
    const ent__exchange_pair *pair = &game->pair[offer->pair];
    int side = offer->actor[1] == r->actor[partner];
    int32_t issue[2] = {pair->second,
                        pair->first}; /* supplied by actor[0] and demanded by actor[1], the other way round */
    bool both = offer->actor[!side] == r->actor[!partner];
    if (!touches(r, partner, issue[side], issue[!side]) ||
        (partner == 1 && both && touches(r, 0, issue[!side], issue[side])))
        return;
    if (issue[side] == r->supply[partner])
        offer->past[side] += offer->move[side];
    if (both && issue[!side] == r->supply[!partner])
        offer->past[!side] += offer->move[!side];
    set_gain(game, number, gain_of(game, offer));
}

/* All possible trades of a partner over a pair of issues: a row or a column of a grid. */
static void touch_pair(ent__exchange *game, const realised *r, int partner, size_t number)
{
    const ent__exchange_pair *pair = &game->pair[number];
    int32_t actor = r->actor[partner];
    int32_t rank = game->rank[number * game->n + (size_t)actor];
    if (rank < 0)
        return;
    bool left_p = ent__exchange_at(game, actor, pair->first)->left;
    bool left_q = ent__exchange_at(game, actor, pair->second)->left;
    bool is_row = !left_q;
    size_t row = (size_t)(left_p == left_q ? pair->d : pair->c), place = (size_t)rank;
    size_t rows = (size_t)(left_p == left_q ? pair->a : pair->b);
    size_t first = (left_p == left_q ? pair->ad : pair->bc) + (is_row ? place * row : place);
    size_t step = is_row ? 1 : row, end = first + (is_row ? row : rows * row);
    for (size_t k = first; k < end; k += step)
        if (game->level[0][k] >= 0)
            touch(game, r, partner, k);
}

/* The partner has got something of the other: the outcome it counts with has moved. */
static void learn(ent__exchange *game, const realised *r, int partner)
{
    int32_t other = r->actor[!partner], issue = r->demand[partner];
    ent__exchange_cell *cell = ent__exchange_at(game, r->actor[partner], issue);
    const ent__exchange_cell *moved = ent__exchange_at(game, other, issue);
    double to = r->to[!partner];
    int32_t k = cell->knows;
    while (k >= 0 && game->known[k].actor != other)
        k = game->known[k].next;
    if (k < 0) {
        k = (int32_t)game->n_known++;
        game->known[k] = (ent__exchange_known){.position = moved->start, .actor = other, .next = cell->knows};
        cell->knows = k;
    } else if (moved->start <= game->known[k].position)
        to = to < game->known[k].position ? to : game->known[k].position;
    else
        to = to > game->known[k].position ? to : game->known[k].position;
    cell->known += moved->share * (to - game->known[k].position);
    game->known[k].position = to;
}

static void realise(ent__exchange *game, size_t number)
{
    const ent__exchange_offer *offer = &game->offer[number];
    const ent__exchange_pair *pair = &game->pair[offer->pair];
    ent__exchange_deal deal;
    ent__exchange_compute(&deal, game, offer);
    realised r = {.actor = {offer->actor[0], offer->actor[1]},
                  .supply = {pair->second, pair->first},
                  .demand = {pair->first, pair->second},
                  .to = {deal.leg[0].to, deal.leg[1].to}};
    game->realised++;
    if (game->told != NULL)
        game->told(game->payload, game, offer, &deal);
    set_gain(game, number, -1);
    for (int k = 0; k < 2; k++)
        learn(game, &r, k);
    for (int k = 0; k < 2; k++)
        ent__exchange_at(game, r.actor[k], r.supply[k])->now = r.to[k];
    for (int k = 0; k < 2; k++)
        for (int32_t d = 0; d < (int32_t)game->issues; d++) {
            if (d != r.supply[k])
                touch_pair(game, &r, k, pair_of(game, r.supply[k], d));
            if (d != r.demand[k] && d != r.supply[k])
                touch_pair(game, &r, k, pair_of(game, r.demand[k], d));
        }
}

static bool realise_all(ent__exchange *game)
{
    size_t each = game->possible / TICKS + 1, next = game->possible;
    for (size_t k = best(game); k < game->offers; k = best(game)) {
        if (game->alive <= next) {
            if (!tick(game, 1 - (double)game->alive / (double)game->possible))
                return false;
            next = game->alive > each ? game->alive - each : 0;
        }
        realise(game, k);
    }
    return true;
}

/* --- the iteration ----------------------------------------------------------------------------------------------- */

/* The weighted mean of each issue, within the positions of those with weight; NaN where there are none. */
static void means(double *mean, const ent__exchange *game, bool after)
{
    for (size_t d = 0; d < game->issues; d++) {
        double sum = 0, least = INFINITY, most = -INFINITY;
        for (size_t i = 0; i < game->n; i++) {
            const ent__exchange_cell *cell = &game->cell[i * game->issues + d];
            double x = after ? cell->now : cell->start;
            if (!(cell->share > 0) || x != x)
                continue;
            sum += cell->share * x;
            least = x < least ? x : least;
            most = x > most ? x : most;
        }
        mean[d] = least > most ? ENT_UNDEFINED : sum < least ? least : sum > most ? most : sum;
    }
}

void ent__exchange_means(ent__exchange *game)
{
    means(game->mean, game, false);
}

bool ent__exchange_play(ent__exchange *game)
{
    for (size_t i = 0; i < game->n; i++)
        for (size_t d = 0; d < game->issues; d++) {
            ent__exchange_cell *cell = &game->cell[i * game->issues + d];
            cell->now = cell->start;
            cell->known = 0;
            cell->knows = -1;
            cell->left = cell->start <= game->mean[d] + ENT__EXCHANGE_EQUAL;
        }
    if (!tick(game, 0) || !form_all(game) || !realise_all(game))
        return false;
    means(game->outcome, game, true);
    return true;
}

void ent__exchange_step_back(ent__exchange *game)
{
    for (size_t k = 0; k < game->n * game->issues; k++) {
        ent__exchange_cell *cell = &game->cell[k];
        double part = (1 - cell->salience) * 0.4 + 0.1;
        if (cell->now != cell->start)
            cell->start = (1 - part) * cell->start + part * cell->now;
    }
}

double ent__exchange_change(const double *before, const double *after, size_t issues)
{
    double most = 0;
    for (size_t d = 0; d < issues; d++) {
        double change = fabs(after[d] - before[d]);
        most = change > most ? change : most;
    }
    return most;
}
