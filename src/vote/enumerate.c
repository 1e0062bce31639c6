/* Power by looking at every set of players, each from the one before by one player that joins or leaves (Gray's order).
 *
 * Every set that wins is added to three totals: 1, and what it is worth to a member inside and outside it,
 *
 *     A = 1 / (m C(m - 1, r) b C(b - 1, t - 1))       B = 1 / (m C(m - 1, r) b C(b - 1, t))
 *
 * for r outer and t inner players. When a player joins, the totals are noted; when it leaves, what they rose by
 * meanwhile is what came of the sets with it. So a set costs the same however many players there are, and
 *
 *     value_i = A over the winning sets with i - B over those without,    swings_i = 2 * (winning with i) - winning
 *
 * since taking i away from winning sets, or adding it to losing ones, differ only by its swings. A and B are multiples
 * of 1 / (lcm(1..m) lcm(1..b)), so all is integers and exact. */
#include "vote/power.h"

#include <string.h>

enum { MOST = ENT_POWER_MAX_ENUMERATED, PATTERNS = 1 << 12, MOST_GROUND = ENT_POWER_MAX_CRITERIA };

typedef struct totals {
    uint64_t wins, inside, outside;
} totals;

typedef struct walk {
    const ent__game *game;
    int32_t ground[MOST_GROUND], n_ground; /* criteria that count players */
    int64_t weight[MOST][MOST_GROUND], need[MOST_GROUND];
    uint64_t inside[MOST + 1][MOST + 1], outside[MOST + 1][MOST + 1]; /* A and B by r and t */
    double unit;                                                      /* of A and B */
    uint8_t *wins; /* by which of the ground criteria are satisfied */
    bool *satisfied;
    int64_t *sum;
    totals total, since[MOST], with[MOST];
} walk;

static uint64_t common_multiple(int32_t n)
{
    uint64_t all = 1;
    for (uint64_t k = 2; k <= (uint64_t)n; k++) {
        uint64_t a = all, b = k;
        while (b != 0) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
        all *= k / a;
    }
    return all;
}

static void find_worth(walk *w)
{
    int32_t m = w->game->outer + 1, b = w->game->players - w->game->outer;
    uint64_t of_blocs = common_multiple(m), of_members = common_multiple(b);
    w->unit = 1 / ((double)of_blocs * (double)of_members);
    for (int32_t r = 0; r < m; r++)
        for (int32_t t = 0; t <= b; t++) {
            uint64_t left = of_blocs / ((uint64_t)m * ent__choose(m - 1, r));
            w->inside[r][t] = t > 0 ? left * (of_members / ((uint64_t)b * ent__choose(b - 1, t - 1))) : 0;
            w->outside[r][t] = t < b ? left * (of_members / ((uint64_t)b * ent__choose(b - 1, t))) : 0;
        }
}

/* Which patterns of satisfied criteria win, where none counts both players and criteria. */
static void find_patterns(walk *w)
{
    for (uint32_t pattern = 0; pattern < (uint32_t)1 << w->n_ground; pattern++) {
        for (int32_t g = 0; g < w->n_ground; g++)
            w->sum[w->ground[g]] = pattern >> g & 1 ? w->need[g] : 0;
        w->wins[pattern] = ent__game_wins(w->game, w->sum, w->satisfied);
    }
}

static bool wins_slowly(walk *w, const int64_t *sum)
{
    for (int32_t g = 0; g < w->n_ground; g++)
        w->sum[w->ground[g]] = sum[g];
    return ent__game_wins(w->game, w->sum, w->satisfied);
}

/* The player of step k is the number of zeros at the end of k: the last ones move rarely. */
static void visit(walk *w)
{
    const int32_t n = w->game->players, outer = w->game->outer, grounds = w->n_ground;
    const bool quick = !w->game->mixed;
    int64_t sum[MOST_GROUND] = {0};
    int32_t size[2] = {0, 0};
    uint64_t set = 0;
    totals total = {0, 0, 0};
    for (uint64_t step = 1; step < (uint64_t)1 << n; step++) {
        int32_t i = __builtin_ctzll(step);
        uint64_t bit = (uint64_t)1 << i;
        bool joins = (set & bit) == 0;
        uint32_t pattern = 0;
        set ^= bit;
        size[i >= outer] += joins ? 1 : -1;
        if (joins)
            w->since[i] = total;
        else {
            w->with[i].wins += total.wins - w->since[i].wins;
            w->with[i].inside += total.inside - w->since[i].inside;
            w->with[i].outside += total.outside - w->since[i].outside;
        }
        for (int32_t g = 0; g < grounds; g++) {
            sum[g] += joins ? w->weight[i][g] : -w->weight[i][g];
            pattern |= (uint32_t)(sum[g] >= w->need[g]) << g;
        }
        uint64_t mask = 0 - (uint64_t)(quick ? w->wins[pattern] : wins_slowly(w, sum));
        total.wins += mask & 1;
        total.inside += mask & w->inside[size[0]][size[1]];
        total.outside += mask & w->outside[size[0]][size[1]];
    }
    for (int32_t i = 0; i < n; i++) /* the last set is that of the last player alone */
        if (set >> i & 1) {
            w->with[i].wins += total.wins - w->since[i].wins;
            w->with[i].inside += total.inside - w->since[i].inside;
            w->with[i].outside += total.outside - w->since[i].outside;
        }
    w->total = total;
}

static bool prepare(walk *w, const ent__game *game)
{
    w->game = game;
    for (int32_t c = 0; c < game->criteria; c++) {
        if (!game->counts[c])
            continue;
        if (w->n_ground == MOST_GROUND)
            return false;
        w->need[w->n_ground] = game->need[c];
        for (int32_t i = 0; i < game->players; i++)
            w->weight[i][w->n_ground] = game->weight[(size_t)c * (size_t)game->players + (size_t)i];
        w->ground[w->n_ground++] = c;
    }
    return true;
}

bool ent__enumerate_fits(const ent__game *game)
{
    int32_t grounds = 0;
    for (int32_t c = 0; c < game->criteria; c++)
        grounds += game->counts[c];
    return game->players <= MOST && grounds <= MOST_GROUND;
}

ent_status ent__enumerate(ent__counted *out, const ent__game *game)
{
    ent_status status = ENT_ERR_MEMORY;
    walk *w = ent__alloc(1, sizeof *w);
    if (w != NULL && prepare(w, game)) {
        w->wins = ent__alloc(PATTERNS, 1);
        w->satisfied = ent__alloc((size_t)game->criteria, sizeof *w->satisfied);
        w->sum = ent__alloc((size_t)game->criteria, sizeof *w->sum);
    }
    if (w != NULL && w->wins != NULL && w->satisfied != NULL && w->sum != NULL) {
        find_worth(w);
        if (!game->mixed)
            find_patterns(w);
        visit(w);
        out->winning = w->total.wins;
        for (int32_t i = game->outer; i < game->players; i++) {
            uint64_t without = w->total.outside - w->with[i].outside;
            out->value[i] = ((double)w->with[i].inside - (double)without) * w->unit;
            out->swings[i] = 2 * w->with[i].wins - w->total.wins;
        }
        status = ENT_OK;
    }
    if (w != NULL) {
        ent__free(w->wins);
        ent__free(w->satisfied);
        ent__free(w->sum);
    }
    ent__free(w);
    return status;
}
