/* Power by dynamic programming: how many sets of players there are of each size and each sum.
 *
 *     N(r, t, s) = number of sets with r outer and t inner players whose sums over all criteria are s
 *
 * from the empty set, one player after another. A player's own part is taken out of the finished table again,
 *
 *     N_-i(r, t, s) = N(r, t, s) - N_-i(r, t - 1, s - w_i)
 *
 * and the sets it turns from losing to winning are those with s losing and s + w_i winning. Players with the same
 * weights have the same power, so this is done once for each kind. All is modulo 2^64, which is exact: true counts are
 * below. A criterion that weighs every player the same follows from the sizes and takes no room in the table.
 *
 * Sources: Brams & Affuso 1976 and Lucas 1983 (generating functions); Uno 2012 for taking a player out. */
#include "vote/power.h"

#include <string.h>

typedef struct grid {
    const ent__game *game;
    int32_t dims, outer, inner; /* sizes run from 0 to outer, to inner */
    int32_t dim[ENT_POWER_MAX_SUMS]; /* criterion of each */
    int64_t extent[ENT_POWER_MAX_SUMS], stride[ENT_POWER_MAX_SUMS];
    int64_t states, cells;
    uint64_t *count, *without; /* cells */
    uint8_t *flags;            /* cells: wins */
    bool *satisfied;           /* criteria */
    int64_t *sum;              /* criteria */
} grid;

static int64_t weight_of(const ent__game *game, int32_t criterion, int32_t player)
{
    return game->weight[(size_t)criterion * (size_t)game->players + (size_t)player];
}

static bool is_uniform(const ent__game *game, int32_t criterion)
{
    for (int32_t i = 1; i < game->players; i++)
        if (weight_of(game, criterion, i) != weight_of(game, criterion, 0))
            return false;
    return true;
}

/* The table's shape; false where it is too large. */
static bool lay_out(grid *g, const ent__game *game)
{
    *g = (grid){.game = game, .outer = game->outer, .inner = game->players - game->outer, .states = 1};
    double cells = (double)(g->outer + 1) * (g->inner + 1);
    for (int32_t c = 0; c < game->criteria; c++) {
        if (!game->counts[c] || is_uniform(game, c))
            continue;
        double extent = 1;
        for (int32_t i = 0; i < game->players; i++)
            extent += (double)weight_of(game, c, i);
        cells *= extent;
        if (g->dims == ENT_POWER_MAX_SUMS || cells > ENT_POWER_MAX_CELLS)
            return false;
        g->dim[g->dims] = c;
        g->extent[g->dims] = (int64_t)extent;
        g->stride[g->dims++] = g->states;
        g->states *= (int64_t)extent;
    }
    g->cells = (int64_t)cells;
    return game->players <= ENT_POWER_MAX_COUNTED;
}

bool ent__count_fits(const ent__game *game)
{
    grid g;
    return game->whole && lay_out(&g, game);
}

double ent__count_cost(const ent__game *game)
{
    grid g;
    lay_out(&g, game);
    return 3 * (double)g.cells * game->players;
}

/* How far a player moves in the table, sizes included; the table is [r][t][state]. */
static int64_t step_of(const grid *g, int32_t player)
{
    int64_t step = player < g->outer ? (int64_t)(g->inner + 1) * g->states : g->states;
    for (int32_t d = 0; d < g->dims; d++)
        step += g->stride[d] * weight_of(g->game, g->dim[d], player);
    return step;
}

/* A player moves only from sums that leave room for it, and no set has others: cells from which the step would wrap
 * hold nothing but zeros until all players are in, so one shift of the whole table serves. */
static void add_player(grid *g, int64_t step)
{
    for (int64_t at = g->cells - 1; at >= step; at--)
        g->count[at] += g->count[at - step];
}

static void take_out(grid *g, int64_t step)
{
    for (int64_t at = 0; at < g->cells; at++)
        g->without[at] = g->count[at] - (at >= step ? g->without[at - step] : 0);
}

static void find_wins(grid *g)
{
    int64_t digit[ENT_POWER_MAX_SUMS] = {0};
    for (int64_t at = 0; at < g->cells; at++) {
        int64_t sizes = at / g->states, size = sizes / (g->inner + 1) + sizes % (g->inner + 1);
        for (int32_t c = 0, d = 0; c < g->game->criteria; c++) {
            bool own = d < g->dims && g->dim[d] == c;
            g->sum[c] = own ? digit[d] : g->game->counts[c] ? size * weight_of(g->game, c, 0) : 0;
            d += own;
        }
        g->flags[at] = ent__game_wins(g->game, g->sum, g->satisfied);
        for (int32_t d = 0; d < g->dims && ++digit[d] == g->extent[d]; d++)
            digit[d] = 0;
    }
}

static void value_of(ent__counted *out, const grid *g, int32_t player, int64_t step)
{
    int32_t m = g->outer + 1, b = g->inner;
    double value = 0;
    uint64_t swings = 0;
    for (int32_t r = 0; r <= g->outer; r++)
        for (int32_t t = 0; t < g->inner; t++) {
            int64_t first = ((int64_t)r * (g->inner + 1) + t) * g->states;
            uint64_t turned = 0;
            for (int64_t at = first; at < first + g->states && at + step < g->cells; at++)
                turned += !g->flags[at] && g->flags[at + step] ? g->without[at] : 0;
            value += (double)turned / ((double)m * (double)ent__choose(m - 1, r)) /
                     ((double)b * (double)ent__choose(b - 1, t));
            swings += turned;
        }
    out->value[player] = value;
    out->swings[player] = swings;
}

static bool same_weights(const ent__game *game, int32_t i, int32_t j)
{
    for (int32_t c = 0; c < game->criteria; c++)
        if (weight_of(game, c, i) != weight_of(game, c, j))
            return false;
    return true;
}

static void count_all(ent__counted *out, grid *g)
{
    g->count[0] = 1;
    for (int32_t i = 0; i < g->game->players; i++)
        add_player(g, step_of(g, i));
    find_wins(g);
    out->winning = 0;
    for (int64_t at = 0; at < g->cells; at++)
        out->winning += g->flags[at] ? g->count[at] : 0;
    for (int32_t i = g->outer; i < g->game->players; i++) {
        int32_t like = g->outer;
        while (!same_weights(g->game, like, i))
            like++;
        if (like < i) {
            out->value[i] = out->value[like];
            out->swings[i] = out->swings[like];
            continue;
        }
        take_out(g, step_of(g, i));
        value_of(out, g, i, step_of(g, i));
    }
}

ent_status ent__count(ent__counted *out, const ent__game *game)
{
    grid g;
    lay_out(&g, game);
    size_t cells = (size_t)g.cells;
    g.count = ent__alloc(cells, sizeof *g.count);
    g.without = ent__alloc(cells, sizeof *g.without);
    g.flags = ent__alloc(cells, sizeof *g.flags);
    g.satisfied = ent__alloc((size_t)game->criteria, sizeof *g.satisfied);
    g.sum = ent__alloc((size_t)game->criteria, sizeof *g.sum);
    bool enough = g.count != NULL && g.without != NULL && g.flags != NULL && g.satisfied != NULL && g.sum != NULL;
    if (enough)
        count_all(out, &g);
    ent__free(g.count);
    ent__free(g.without);
    ent__free(g.flags);
    ent__free(g.satisfied);
    ent__free(g.sum);
    return enough ? ENT_OK : ENT_ERR_MEMORY;
}
