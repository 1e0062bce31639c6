/* What one possible trade of the exchange model comes to.
 *
 * I demands issue p and supplies q, J the other way round. For side k with partner o: x_k where it stands on what it
 * supplies, t_k where it stood on what it demands, s_k, d_k its salience for what it supplies and demands, w_k its
 * share in the outcome of what it supplies. A move m_k shifts that outcome by r_k = |m_k| w_k, and k gains r_o d_k -
 * r_k s_k.
 *
 *     equal gains    r_J (d_I + s_J) = r_I (s_I + d_J);  one of the two goes all the way to t of the other
 *     cap            where the outcome would pass t_o, k moves only so far that it gets there; o gives in proportion
 *     valid          both move, stay on the scale and never turn back; both gain
 *
 * The randomised rate (Dijkstra et al. 2018): side k, by lot, gains T instead, between 0 and G_k, what it would gain if
 * the other gained nothing. With R the largest shift a side can give,
 *
 *     G_k = R_o d_k - (R_o s_o / d_o) s_k          where k can give that much, R_o s_o / d_o <= R_k
 *           (R_k d_o / s_o) d_k - R_k s_k          otherwise
 *     r_k = R_k,  r_o = (T + r_k s_k) / d_k        or, where o cannot give that much,  r_o = R_o,
 *                                                  r_k = (r_o d_k - T) / s_k
 *
 * The program's own version, for `faithful`, leaves the caps out of G, tests for one by comparing positions on
 * different issues, and turns a capped move round. */
#include "core/random.h"
#include "settle/exchange.h"

#include <math.h>

typedef ent__exchange_leg leg;

static const ent__exchange_known *find_known(const ent__exchange *game, const ent__exchange_cell *cell, int32_t actor)
{
    for (int32_t k = cell->knows; k >= 0; k = game->known[k].next)
        if (game->known[k].actor == actor)
            return &game->known[k];
    return NULL;
}

static void begin_leg(leg *k, const ent__exchange *game, const ent__exchange_offer *offer, int side)
{
    const ent__exchange_pair *pair = &game->pair[offer->pair];
    int32_t supply = side == 0 ? pair->second : pair->first, demand = side == 0 ? pair->first : pair->second;
    int32_t actor = offer->actor[side];
    const ent__exchange_cell *buyer = ent__exchange_at(game, offer->actor[!side], supply);
    const ent__exchange_known *known = find_known(game, buyer, actor);
    k->supply = ent__exchange_at(game, actor, supply);
    k->demand = ent__exchange_at(game, actor, demand);
    k->share = k->supply->share;
    k->at = k->supply->now;
    k->wants = k->demand->start;
    k->past = offer->past[side];
    k->mean = game->mean[supply] + buyer->known;
    k->is_known = known != NULL;
    k->counted = known != NULL ? known->position : k->supply->start;
    k->move = k->to = k->before = k->after = k->gain = k->gain_before_cap = 0;
    k->capped = false;
}

static double outcome_at(const leg *k, double x)
{
    return k->mean + k->share * (x - k->counted);
}

/* Moves so far towards where the partner wants it. */
static void go(leg *k, const leg *o, double size)
{
    k->move = k->at > o->wants ? -size : size;
    k->to = k->at + k->move;
}

static bool can_go(const leg *k, const ent__exchange *game)
{
    const double most = 100 + ENT__EXCHANGE_EQUAL;
    double sum = k->past + k->move, far = game->options.signed_blocking ? sum : fabs(sum);
    return fabs(k->move) > ENT__EXCHANGE_LEAST && fabs(k->move) <= most && k->to >= -ENT__EXCHANGE_EQUAL &&
           k->to <= most && far <= most && k->past * k->move >= 0;
}

static bool crosses(const leg *k, const leg *o)
{
    double z = o->wants, least = k->before < k->after ? k->before : k->after,
           most = k->before < k->after ? k->after : k->before;
    return !(least >= z - ENT__EXCHANGE_EQUAL || most <= z + ENT__EXCHANGE_EQUAL);
}

/* How far k would have to move for the outcome to be where the partner wants it. What the partner knows of k counts
 * before where k is, here as in the program. */
static double distance_to_want(const leg *k, const leg *o)
{
    double now = k->is_known ? k->mean : outcome_at(k, k->at);
    return fabs(o->wants - now) / k->share;
}

static void cap(ent__exchange_deal *deal, leg *k, leg *o, const ent__exchange *game)
{
    k->before = outcome_at(k, k->at);
    k->after = outcome_at(k, k->to);
    if (!crosses(k, o))
        return;
    k->capped = true;
    go(k, o, distance_to_want(k, o));
    double given = fabs(k->move) * k->share;
    double got = given * (k->supply->salience + o->demand->salience) / (k->demand->salience + o->supply->salience);
    go(o, k, got / o->share);
    k->after = outcome_at(k, k->to);
    deal->gain = fabs(got * o->supply->salience - given * o->demand->salience);
    if (!game->options.stale_gains)
        k->gain = o->gain = deal->gain;
}

/* Both gain the same; one goes all the way. */
static void equal_gains(ent__exchange_deal *deal)
{
    leg *i = &deal->leg[0], *j = &deal->leg[1];
    double most_i = fabs(j->wants - i->at), size_j = fabs(i->wants - j->at), dp = size_j * j->share;
    double for_p = j->supply->salience + i->demand->salience, for_q = j->demand->salience + i->supply->salience;
    double dq = dp * for_p / for_q, size_i = dq / i->share;
    if (size_i > most_i + ENT__EXCHANGE_EQUAL) {
        size_i = most_i;
        dq = size_i * i->share;
        dp = dq * for_q / for_p;
        size_j = dp / j->share;
    }
    go(i, j, size_i);
    go(j, i, size_j);
    deal->gain = fabs(dq * i->supply->salience - dp * i->demand->salience);
    i->gain = j->gain = i->gain_before_cap = j->gain_before_cap = deal->gain;
}

/* --- the randomised rate ---------------------------------------------------------------------------------- */

/* R_k. */
static double reach(const leg *from, const leg *o)
{
    leg k = *from;
    double size = fabs(o->wants - k.at);
    go(&k, o, size);
    k.after = outcome_at(&k, k.to);
    return (crosses(&k, o) ? distance_to_want(&k, o) : size) * k.share;
}

/* G_k. */
static double most_gain(const leg *k, const leg *o)
{
    double give = reach(k, o), get = reach(o, k), ss = k->supply->salience, sd = k->demand->salience;
    double oss = o->supply->salience, osd = o->demand->salience;
    double owed = osd > 0 ? get * oss / osd : INFINITY;
    return owed <= give ? get * sd - owed * ss : give * osd / oss * sd - give * ss;
}

static void rate(leg *k, leg *o, double target)
{
    double give = reach(k, o), get = reach(o, k), ss = k->supply->salience, sd = k->demand->salience;
    double wanted = sd > 0 ? (target + give * ss) / sd : INFINITY;
    if (wanted <= get)
        get = wanted;
    else {
        give = (get * sd - target) / ss;
        give = give > 0 ? give : 0;
    }
    go(k, o, give / k->share);
    go(o, k, get / o->share);
    k->gain = target;
    o->gain = give * o->demand->salience - get * o->supply->salience;
    k->after = outcome_at(k, k->to);
    o->after = outcome_at(o, o->to);
}

/* The program's G of both. a is the side that gains less by the other's full move. */
static void published_most(double most[2], const leg *i, const leg *j)
{
    double shift_i = fabs(i->before - outcome_at(i, i->wants == i->to ? i->to : j->wants));
    double shift_j = fabs(j->before - outcome_at(j, j->wants == j->to ? j->to : i->wants));
    double l1 = shift_j * j->supply->salience, g2 = shift_j * i->demand->salience;
    double l2 = shift_i * i->supply->salience, g1 = shift_i * j->demand->salience, instead = 0;
    int a = g2 > g1, b = !a;
    const leg *side[2] = {i, j};
    double g = a ? g1 : g2, loss = a ? l2 : l1, ss = side[a]->supply->salience, sd = side[b]->demand->salience;
    most[a] = sd > 0 ? g - ss * loss / sd : 0;
    most[b] = sd * g / ss - loss;
    if (i->wants == i->to && g1 > l1)
        instead = g2 - l1 / j->demand->salience * i->supply->salience;
    if (j->wants == j->to && g2 > l2)
        instead = g1 - l2 / i->demand->salience * j->supply->salience;
    most[b] = instead != 0 ? instead : most[b];
}

static void published_rate(leg *k, leg *o, double target)
{
    double size = fabs(o->wants - k->at), give = size * k->share, ss = k->supply->salience, sd = k->demand->salience;
    double get = sd > 0 ? (target + give * ss) / sd : INFINITY, size_o = get / o->share;
    double most_o = fabs(k->wants - o->at), osd = o->demand->salience, oss = o->supply->salience;
    double gain = fabs(get * oss - give * osd);
    go(k, o, size);
    k->after = outcome_at(k, k->to);
    if (size_o > most_o) {
        size_o = most_o;
        get = size_o * o->share;
        give = fabs((target - get * sd) / ss);
        bool partly = give / k->share < size;
        size = give / k->share;
        if (partly)
            gain = fabs(get * oss - give * osd);
    } else if (crosses(k, o)) {
        give = distance_to_want(k, o) * k->share;
        get = (target + give * ss) / sd;
        size_o = get / o->share;
        gain = fabs(get * oss - give * osd);
        size = k->move; /* signed already, and by go() again */
    }
    go(k, o, size);
    go(o, k, size_o);
    k->gain = target;
    o->gain = gain;
}

static void draw_rate(ent__exchange_deal *deal, const ent__exchange *game, const ent__exchange_offer *offer)
{
    const ent_exchange_options *options = &game->options;
    leg *i = &deal->leg[0], *j = &deal->leg[1];
    uint64_t stream = ent__stream_step(options->stream, (uint64_t)game->iteration, (uint64_t)(offer - game->offer));
    stream = ent__stream_step(stream, options->draw, offer->computed);
    double u = ent__uniform(options->seed, stream, 0), v = ent__uniform(options->seed, stream, 1);
    double share = options->randomize * ent__uniform(options->seed, stream, 2), most[2];
    leg *k = u < 0.5 ? i : j, *o = u < 0.5 ? j : i;
    if (options->faithful)
        published_most(most, i, j);
    else
        most[0] = most_gain(i, j), most[1] = most_gain(j, i);
    double target = deal->gain + share * (v < 0.5 ? most[k == j] - deal->gain : -deal->gain);
    if (!options->faithful) {
        rate(k, o, target);
        return;
    }
    published_rate(k, o, target);
    for (int side = 0; side < 2; side++) {
        deal->leg[side].before = outcome_at(&deal->leg[side], deal->leg[side].at);
        deal->leg[side].after = outcome_at(&deal->leg[side], deal->leg[side].to);
    }
}

/* --- the trade ------------------------------------------------------------------------------------------------ */

void ent__exchange_compute(ent__exchange_deal *deal, const ent__exchange *game, const ent__exchange_offer *offer)
{
    leg *i = &deal->leg[0], *j = &deal->leg[1];
    begin_leg(i, game, offer, 0);
    begin_leg(j, game, offer, 1);
    deal->gain = 0;
    deal->valid = i->share > 0 && j->share > 0;
    if (!deal->valid)
        return;
    equal_gains(deal);
    deal->valid = can_go(i, game) && can_go(j, game) && deal->gain >= ENT__EXCHANGE_LEAST;
    if (!deal->valid)
        return;
    cap(deal, i, j, game);
    cap(deal, j, i, game);
    deal->valid = can_go(i, game) && can_go(j, game);
    if (deal->valid && game->options.randomize > 0) {
        draw_rate(deal, game, offer);
        deal->valid = can_go(i, game) && can_go(j, game);
    }
    if (!game->options.stale_gains) {
        i->after = outcome_at(i, i->to);
        j->after = outcome_at(j, j->to);
    }
}
