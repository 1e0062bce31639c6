/* The exchange model: iterations, and all that is told of them. The equations of a trade are in exchange_trade.c, those
 * of an iteration in exchange_play.c.
 *
 * What a trade does to actor b, on both issues p (which J supplies) and q (I supplies), its externality:
 *
 *     s_bp (|o0_J - X_bp| - |o1_J - X_bp|) + s_bq (|o0_I - X_bq| - |o1_I - X_bq|)      with o0, o1 the outcome of the
 *     issue before and after; of the partners it is their gain */
#include "settle/exchange.h"

#include <math.h>
#include <string.h>

#define MOST ENT_MAX_NUMBER

/* --- points and scales --------------------------------------------------------------------------------------- */

static double to_points(double x, double low, double high)
{
    double range = high - low;
    return range == 100 ? x - low : (x - low) * 100 / range;
}

double ent__exchange_to_scale(double points, double low, double high)
{
    double range = high - low, x = points < 0 ? 0 : points > 100 ? 100 : points;
    return range == 100 ? low + x : x == 100 ? high : low + x / 100 * range;
}

static double low_of(const ent_exchange_input *in, size_t d)
{
    return in->low != NULL ? in->low[d] : 0;
}
static double high_of(const ent_exchange_input *in, size_t d)
{
    return in->high != NULL ? in->high[d] : 100;
}

bool ent__exchange_prepare(ent__exchange *game, const ent_exchange_input *in)
{
    for (size_t d = 0; d < in->issues; d++) {
        double total = 0, low = low_of(in, d), high = high_of(in, d);
        for (size_t at = d; at < in->n * in->issues; at += in->issues) {
            double x = in->position[at], s = in->salience[at], c = in->power[at];
            if (x != x)
                continue;
            if (!(fabs(x) <= MOST && s >= 0 && s <= MOST && c >= 0 && c <= MOST))
                return false;
            total += s * c;
        }
        for (size_t at = d; at < in->n * in->issues; at += in->issues) {
            bool takes_part = in->position[at] == in->position[at] && total > 0;
            game->cell[at] = (ent__exchange_cell){.start = ENT_UNDEFINED};
            if (!takes_part)
                continue;
            game->cell[at].start = to_points(in->position[at], low, high);
            game->cell[at].salience = in->salience[at];
            game->cell[at].share = in->salience[at] * in->power[at] / total;
        }
    }
    return true;
}

/* --- checks ---------------------------------------------------------------------------------------------------- */

/* A number for a message. */
typedef struct shown {
    char text[32];
} shown;
static shown show(double x)
{
    shown s;
    if (ent__is_finite(x))
        ent__number_people(s.text, x, 6);
    else
        strcpy(s.text, x != x ? "not a number" : "infinite");
    return s;
}

static ent_status check_options(const ent_exchange_options *o, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(o->version == 1, ENT_ERR_ARGUMENT, "options of version %d; start from ENT_EXCHANGE_OPTIONS_INIT",
                (int)o->version);
    ENT_REQUIRE(o->iterations >= 1 && o->iterations <= ENT_EXCHANGE_MAX_ITERATIONS, ENT_ERR_ARGUMENT,
                "option iterations is %d; allowed are 1 to %d", (int)o->iterations, ENT_EXCHANGE_MAX_ITERATIONS);
    ENT_REQUIRE(o->max_trades >= 0 && o->max_trades <= ENT_EXCHANGE_MAX_TRADES, ENT_ERR_ARGUMENT,
                "option max_trades is %d; allowed are 0 to %d", (int)o->max_trades, ENT_EXCHANGE_MAX_TRADES);
    ENT_REQUIRE(o->randomize >= 0 && o->randomize <= 1, ENT_ERR_DOMAIN, "option randomize is %s; allowed are 0 to 1",
                show(o->randomize).text);
    ENT_REQUIRE(o->settled >= 0 && o->settled <= 100, ENT_ERR_DOMAIN,
                "option settled is %s; allowed are 0 to 100 points", show(o->settled).text);
done:
    return status;
}

static ent_status check_sizes(const ent_exchange_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(in != NULL && in->position != NULL && in->salience != NULL && in->power != NULL, ENT_ERR_ARGUMENT,
                "positions, saliences or powers are missing");
    ENT_REQUIRE(in->n >= 1 && in->issues >= 1, ENT_ERR_ARGUMENT,
                "at least one actor and one issue are needed, found %zu and %zu", in->n, in->issues);
    ENT_REQUIRE(
        in->n <= ENT_EXCHANGE_MAX_ACTORS && in->issues <= ENT_EXCHANGE_MAX_ISSUES, ENT_ERR_LIMIT,
        "%zu actors and %zu issues; the exchange model takes at most %d and %d, since possible trades grow with "
        "the square of both",
        in->n, in->issues, ENT_EXCHANGE_MAX_ACTORS, ENT_EXCHANGE_MAX_ISSUES);
    double most = ent__exchange_most(in->n, in->issues);
    ENT_REQUIRE(
        most <= ENT_EXCHANGE_MAX_CANDIDATES, ENT_ERR_LIMIT,
        "%zu actors and %zu issues have up to %s million possible trades, of about 60 bytes each; at most %d million "
        "are taken",
        in->n, in->issues, show(most / 1e6).text, ENT_EXCHANGE_MAX_CANDIDATES / 1000000);
done:
    return status;
}

static ent_status check_cell(const ent_exchange_input *in, size_t i, size_t d, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t at = i * in->issues + d;
    double x = in->position[at], s = in->salience[at], c = in->power[at], low = low_of(in, d), high = high_of(in, d);
    ENT_REQUIRE(x >= low && x <= high, ENT_ERR_DOMAIN, "actor %zu, issue %zu: position %s; the scale is from %s to %s",
                i + 1, d + 1, show(x).text, show(low).text, show(high).text);
    ENT_REQUIRE(s >= 0 && s <= 1, ENT_ERR_DOMAIN, "actor %zu, issue %zu: salience %s; allowed are 0 to 1", i + 1, d + 1,
                show(s).text);
    ENT_REQUIRE(c >= 0 && c <= MOST, ENT_ERR_DOMAIN,
                "actor %zu, issue %zu: power %s; it must be a number from 0 to 1e100", i + 1, d + 1, show(c).text);
done:
    return status;
}

static ent_status check_issue(const ent_exchange_input *in, size_t d, ent_error *err)
{
    ent_status status = ENT_OK;
    double low = low_of(in, d), high = high_of(in, d), weight = 0;
    ENT_REQUIRE(fabs(low) <= MOST && fabs(high) <= MOST && low < high, ENT_ERR_DOMAIN,
                "issue %zu: its scale is from %s to %s; the low end must be below the high end, within 1e100 of 0",
                d + 1, show(low).text, show(high).text);
    for (size_t i = 0; i < in->n; i++) {
        size_t at = i * in->issues + d;
        if (in->position[at] != in->position[at])
            continue;
        ENT_TRY(check_cell(in, i, d, err));
        weight += in->salience[at] * in->power[at];
    }
    ENT_REQUIRE(weight > 0, ENT_ERR_DOMAIN,
                "issue %zu: every weight (salience times power) is zero, or nobody takes part: nobody can settle it",
                d + 1);
done:
    return status;
}

/* --- what is kept of a run ---------------------------------------------------------------------------------------- */

/* All that a result holds: tables of n x issues and rows of issues, one an iteration, in points (for externalities) and
 * on the scales. */
typedef struct whole {
    ent_exchange_result result;
    size_t n, issues, most_trades, n_trades;
    ent_exchange_iteration *iteration;
    ent_exchange_trade *trade;
    ent_exchange_sum *sum;
    double *points, *mean;                                       /* in points */
    double *position, *voted, *start, *outcome, *outcome_points; /* position: one table more */
    double *low, *high, *salience, *first;                       /* first: positions as given */
} whole;

static void *put(char *block, size_t *at, size_t n, size_t size)
{
    size_t place = *at;
    *at += (n * size + 63) & ~(size_t)63;
    return block != NULL ? block + place : NULL;
}

/* Bytes of what is kept; sets its pointers where there is a block. */
static size_t lay_whole(whole *all, size_t iterations, char *block)
{
    size_t at = 0, row = all->issues, table = all->n * row;
    put(block, &at, 1, sizeof *all); /* at the start of the block: freeing the result frees all */
    all->iteration = put(block, &at, iterations, sizeof *all->iteration);
    all->trade = put(block, &at, all->most_trades, sizeof *all->trade);
    all->sum = put(block, &at, iterations * all->n, sizeof *all->sum);
    all->points = put(block, &at, iterations * table, sizeof(double));
    all->position = put(block, &at, (iterations + 1) * table, sizeof(double));
    all->voted = put(block, &at, iterations * table, sizeof(double));
    all->mean = put(block, &at, iterations * row, sizeof(double));
    all->start = put(block, &at, iterations * row, sizeof(double));
    all->outcome = put(block, &at, iterations * row, sizeof(double));
    all->outcome_points = put(block, &at, iterations * row, sizeof(double));
    all->low = put(block, &at, row, sizeof(double));
    all->high = put(block, &at, row, sizeof(double));
    all->salience = put(block, &at, table, sizeof(double));
    all->first = put(block, &at, table, sizeof(double));
    return at;
}

static ent_status allocate(whole **out, ent__exchange *game, void **work, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t iterations = (size_t)game->options.iterations, kept = (size_t)game->options.max_trades;
    double most = (double)game->most * (double)iterations;
    whole all = {.n = game->n, .issues = game->issues, .most_trades = (double)kept < most ? kept : (size_t)most};
    size_t bytes = lay_whole(&all, iterations, NULL), working = ent__exchange_layout(game, NULL);
    char *block = ent__alloc(bytes, 1);
    *out = (void *)block;
    *work = ent__alloc(working, 1);
    ENT_REQUIRE(block != NULL && *work != NULL, ENT_ERR_MEMORY,
                "not enough memory for the exchange model with %zu actors, %zu issues and %d iterations: %zu MB",
                game->n, game->issues, (int)iterations, (bytes + working) >> 20);
    lay_whole(&all, iterations, block);
    **out = all;
    ent__exchange_layout(game, *work);
done:
    return status;
}

/* --- externalities ---------------------------------------------------------------------------------------------------
 */

/* One trade in points. */
typedef struct trade_points {
    int32_t actor[2], supply[2];
    double before[2], after[2], gain[2];
    bool aligned;
} trade_points;

static ent_exchange_effect effect_on(double *value, const whole *all, int32_t iteration, const trade_points *trade,
                                     size_t b)
{
    const double *x = all->points + ((size_t)iteration * all->n + b) * all->issues;
    const double *mean = all->mean + (size_t)iteration * all->issues, *salience = all->salience + b * all->issues;
    bool left[2];
    *value = 0;
    for (int k = 0; k < 2; k++) {
        size_t d = (size_t)trade->supply[k];
        if (x[d] != x[d])
            return ENT_EXCHANGE_NONE;
        left[k] = x[d] <= mean[d] + ENT__EXCHANGE_EQUAL;
    }
    for (int k = 0; k < 2; k++)
        if (trade->actor[k] == (int32_t)b) {
            *value = trade->gain[k];
            return ENT_EXCHANGE_OWN;
        }
    for (int k = 1; k >= 0; k--) {
        size_t d = (size_t)trade->supply[k];
        *value += salience[d] * (fabs(trade->before[k] - x[d]) - fabs(trade->after[k] - x[d]));
    }
    return (left[0] == left[1]) == trade->aligned ? ENT_EXCHANGE_INNER : ENT_EXCHANGE_OUTER;
}

void ent_exchange_effects(double *value, ent_exchange_effect *kind, const ent_exchange_result *result,
                          int32_t iteration, size_t trade)
{
    if (result == NULL || iteration < 0 || iteration >= result->iterations ||
        trade >= result->iteration[iteration].n_trades)
        return;
    const whole *all = result->inside;
    const ent_exchange_trade *of = &result->iteration[iteration].trade[trade];
    trade_points points = {.aligned = of->aligned};
    for (int k = 0; k < 2; k++) {
        const ent_exchange_side *side = &of->side[k];
        double low = all->low[side->supply], high = all->high[side->supply];
        points.actor[k] = side->actor;
        points.supply[k] = side->supply;
        points.gain[k] = side->gain;
        points.before[k] = to_points(side->before, low, high);
        points.after[k] = to_points(side->after, low, high);
    }
    for (size_t b = 0; b < all->n; b++) {
        double one;
        ent_exchange_effect what = effect_on(&one, all, iteration, &points, b);
        if (value != NULL)
            value[b] = one;
        if (kind != NULL)
            kind[b] = what;
    }
}

/* --- telling
 * ----------------------------------------------------------------------------------------------------------- */

static void add_effects(whole *all, int32_t iteration, const trade_points *trade)
{
    for (size_t b = 0; b < all->n; b++) {
        ent_exchange_sum *sum = &all->sum[(size_t)iteration * all->n + b];
        double value;
        ent_exchange_effect kind = effect_on(&value, all, iteration, trade, b);
        if (kind == ENT_EXCHANGE_OWN) {
            sum->own += value;
            sum->trades++;
        } else if (kind == ENT_EXCHANGE_INNER)
            *(value > 0 ? &sum->inner_gain : &sum->inner_loss) += value;
        else if (kind == ENT_EXCHANGE_OUTER)
            *(value > 0 ? &sum->outer_gain : &sum->outer_loss) += value;
    }
}

/* One realised trade, kept while there is room. */
static void told(void *payload, const ent__exchange *game, const ent__exchange_offer *offer,
                 const ent__exchange_deal *deal)
{
    whole *all = payload;
    const ent__exchange_pair *pair = &game->pair[offer->pair];
    ent_exchange_iteration *iteration = &all->iteration[game->iteration - 1];
    ent_exchange_trade trade = {.gain = deal->gain, .aligned = (size_t)(offer - game->offer) < pair->bc};
    trade_points points = {.aligned = trade.aligned};
    for (int k = 0; k < 2; k++) {
        const ent__exchange_leg *leg = &deal->leg[k];
        int32_t d = points.supply[k] = k == 0 ? pair->second : pair->first;
        double low = all->low[d], high = all->high[d];
        points.actor[k] = offer->actor[k];
        points.before[k] = leg->before;
        points.after[k] = leg->after;
        points.gain[k] = leg->gain;
        trade.side[k] = (ent_exchange_side){.actor = offer->actor[k],
                                            .supply = d,
                                            .demand = k == 0 ? pair->first : pair->second,
                                            .from = ent__exchange_to_scale(leg->at, low, high),
                                            .to = ent__exchange_to_scale(leg->to, low, high),
                                            .before = ent__exchange_to_scale(leg->before, low, high),
                                            .after = ent__exchange_to_scale(leg->after, low, high),
                                            .gain = leg->gain,
                                            .gain_before_cap = leg->gain_before_cap,
                                            .capped = leg->capped};
    }
    add_effects(all, game->iteration - 1, &points);
    if (all->n_trades < all->most_trades) {
        all->trade[all->n_trades++] = trade;
        iteration->n_trades++;
    } else
        iteration->left_out++;
}

/* Where all stand, on the scales: as given where they have not moved since, else by their points. */
static void tell_positions(double *position, const whole *all, const ent__exchange *game, bool voted)
{
    for (size_t at = 0; at < all->n * all->issues; at++) {
        size_t d = at % all->issues;
        double x = voted ? game->cell[at].now : game->cell[at].start;
        position[at] =
            x == all->points[at] || x != x ? all->first[at] : ent__exchange_to_scale(x, all->low[d], all->high[d]);
    }
}

static void tell_start(whole *all, const ent__exchange *game)
{
    size_t t = (size_t)game->iteration - 1, table = all->n * all->issues;
    ent_exchange_iteration *it = &all->iteration[t];
    for (size_t at = 0; at < table; at++)
        all->points[t * table + at] = game->cell[at].start;
    tell_positions(all->position + t * table, all, game, false);
    *it = (ent_exchange_iteration){.start = all->start + t * all->issues,
                                   .outcome = all->outcome + t * all->issues,
                                   .position = all->position + t * table,
                                   .voted = all->voted + t * table,
                                   .next = all->position + (t + 1) * table,
                                   .trade = all->trade + all->n_trades,
                                   .sum = all->sum + t * all->n,
                                   .change = ENT_UNDEFINED};
}

static void tell_end(whole *all, ent__exchange *game)
{
    size_t t = (size_t)game->iteration - 1, table = all->n * all->issues, row = t * all->issues;
    ent_exchange_iteration *it = &all->iteration[t];
    it->candidates = game->offers;
    it->possible = game->possible;
    for (size_t d = 0; d < all->issues; d++) {
        all->outcome_points[row + d] = game->outcome[d];
        all->start[row + d] = ent__exchange_to_scale(game->mean[d], all->low[d], all->high[d]);
        all->outcome[row + d] = ent__exchange_to_scale(game->outcome[d], all->low[d], all->high[d]);
    }
    if (t > 0)
        it->change = ent__exchange_change(all->outcome_points + row - all->issues, game->outcome, all->issues);
    tell_positions(all->voted + t * table, all, game, true);
    ent__exchange_step_back(game);
    tell_positions(all->position + (t + 1) * table, all, game, false);
}

static void conclude(whole *all, const ent__exchange *game)
{
    ent_exchange_result *r = &all->result;
    int32_t t = r->iterations - 1;
    while (t > 0 && all->iteration[t].change < game->options.settled)
        t--;
    r->settled_at = r->iterations > 1 && t < r->iterations - 1 ? t + 1 : 0;
    r->stop = r->settled_at > 0 ? ENT_STOP_SETTLED : ENT_STOP_MAX_ROUNDS;
    r->n = all->n;
    r->issues = all->issues;
    r->iteration = all->iteration;
    r->interrupted = game->interrupted;
    r->outcome = r->iterations > 0 ? all->iteration[r->iterations - 1].outcome : NULL;
    r->inside = all;
}

/* --- the public call
 * ------------------------------------------------------------------------------------------------------ */

static void copy_input(whole *all, const ent_exchange_input *in)
{
    memcpy(all->salience, in->salience, in->n * in->issues * sizeof(double));
    memcpy(all->first, in->position, in->n * in->issues * sizeof(double));
    for (size_t d = 0; d < in->issues; d++) {
        all->low[d] = low_of(in, d);
        all->high[d] = high_of(in, d);
    }
}

static void play(whole *all, ent__exchange *game)
{
    game->told = told;
    game->payload = all;
    for (game->iteration = 1; game->iteration <= game->options.iterations; game->iteration++) {
        tell_start(all, game);
        ent__exchange_means(game);
        memcpy(all->mean + (size_t)(game->iteration - 1) * all->issues, game->mean, all->issues * sizeof(double));
        if (!ent__exchange_play(game))
            break;
        tell_end(all, game);
        all->result.iterations++;
    }
}

ent_status ent_exchange(ent_exchange_result **out, const ent_exchange_input *input, const ent_exchange_options *options,
                        ent_error *err)
{
    ent_status status = ENT_OK;
    ent__exchange game = {.options = ENT_EXCHANGE_OPTIONS_INIT};
    whole *all = NULL;
    void *work = NULL;
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "there is no place for the result: out is NULL");
    *out = NULL;
    if (options != NULL)
        game.options = *options;
    ENT_TRY(check_sizes(input, err));
    ENT_TRY(check_options(&game.options, err));
    for (size_t d = 0; d < input->issues; d++)
        ENT_TRY(check_issue(input, d, err));
    game.options.signed_blocking |= game.options.faithful;
    game.options.stale_gains |= game.options.faithful;
    game.n = input->n;
    game.issues = input->issues;
    game.most = (size_t)ent__exchange_most(input->n, input->issues);
    ENT_TRY(allocate(&all, &game, &work, err));
    ENT_REQUIRE(ent__exchange_prepare(&game, input), ENT_ERR_DOMAIN, "the positions have no finite range");
    copy_input(all, input);
    play(all, &game);
    conclude(all, &game);
    *out = &all->result;
    all = NULL;
done:
    ent__free(work);
    ent__free(all);
    return status;
}

void ent_exchange_free(ent_exchange_result *result)
{
    ent__free(result);
}
