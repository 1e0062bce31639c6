/* A rule as whole numbers over players (power.h). */
#include "vote/power.h"

#include <math.h>

/* Weights that no power of ten makes whole become multiples of their sum / 2^50: n of them are then off by at most
 * n 2^-51 of it, far less than what counts as a tie. */
#define FINE 0x1p50

static bool as_whole(int64_t *out, int64_t *need, const ent_rule *rule, int32_t k)
{
    const ent_rule_node *node = &rule->node[k];
    int64_t total;
    double sum = 0;
    if (ent__rule_whole(rule, k, out, need, &total))
        return true;
    for (int32_t j = 0; j < node->count; j++)
        sum += rule->part[node->first + j].weight;
    for (int32_t j = 0; j < node->count; j++)
        out[j] = (int64_t)floor(rule->part[node->first + j].weight / sum * FINE + 0.5);
    *need = (int64_t)ceil(ent__rule_need(rule, k) / sum * FINE);
    return false;
}

/* Of each member its player, with blocs: the other blocs come first, then the members of `inner`; or every bloc as one.
 */
static int32_t place_players(int32_t *player, const ent_rule *rule, const int32_t *bloc, int32_t inner, int32_t *outer)
{
    int32_t blocs = 0, n = 0;
    for (int32_t i = 0; bloc != NULL && i < rule->members; i++)
        blocs = bloc[i] >= blocs ? bloc[i] + 1 : blocs;
    if (inner < 0) {
        *outer = 0;
        for (int32_t i = 0; i < rule->members; i++)
            player[i] = bloc[i];
        return blocs;
    }
    *outer = n = blocs > 0 ? blocs - 1 : 0;
    for (int32_t i = 0; i < rule->members; i++)
        player[i] = bloc == NULL || bloc[i] == inner ? n++ : bloc[i] < inner ? bloc[i] : bloc[i] - 1;
    return n;
}

static void fill(ent__game *out, const ent_rule *rule, const int32_t *player, int64_t *whole)
{
    size_t n = (size_t)out->players, criteria = (size_t)out->criteria;
    for (int32_t k = 0; k < rule->nodes; k++) {
        bool links = false;
        out->whole = as_whole(whole, &out->need[k], rule, k) && out->whole;
        for (int32_t j = 0; j < rule->node[k].count; j++) {
            int32_t unit = rule->part[rule->node[k].first + j].unit;
            if (whole[j] == 0)
                continue;
            if (unit < rule->members) {
                out->weight[(size_t)k * n + (size_t)player[unit]] += whole[j];
                out->counts[k] = true;
            } else {
                out->link[(size_t)k * criteria + (size_t)(unit - rule->members)] = whole[j];
                links = true;
            }
        }
        out->mixed = out->mixed || (links && out->counts[k]);
    }
}

ent_status ent__game_make(ent__game *out, const ent_rule *rule, const int32_t *bloc, int32_t inner, ent__arena *arena)
{
    size_t criteria = (size_t)rule->nodes;
    int32_t *player = ent__arena_alloc(arena, (size_t)rule->members, sizeof *player);
    int64_t *whole = ent__arena_alloc(arena, (size_t)rule->parts, sizeof *whole);
    if (player == NULL || whole == NULL)
        return ENT_ERR_MEMORY;
    *out = (ent__game){.criteria = rule->nodes, .whole = true, .arena = arena};
    out->players = place_players(player, rule, bloc, inner, &out->outer);
    out->weight = ent__arena_alloc(arena, criteria * (size_t)out->players, sizeof *out->weight);
    out->link = ent__arena_alloc(arena, criteria * criteria, sizeof *out->link);
    out->need = ent__arena_alloc(arena, criteria, sizeof *out->need);
    out->counts = ent__arena_alloc(arena, criteria, sizeof *out->counts);
    if (out->weight == NULL || out->link == NULL || out->need == NULL || out->counts == NULL)
        return ENT_ERR_MEMORY;
    fill(out, rule, player, whole);
    return ENT_OK;
}

bool ent__game_wins(const ent__game *game, const int64_t *sum, bool *satisfied)
{
    for (int32_t c = 0; c < game->criteria; c++) {
        int64_t all = game->counts[c] ? sum[c] : 0;
        const int64_t *link = game->link + (size_t)c * (size_t)game->criteria;
        for (int32_t e = 0; e < c; e++)
            all += satisfied[e] ? link[e] : 0;
        satisfied[c] = all >= game->need[c];
    }
    return satisfied[game->criteria - 1];
}

static uint64_t common_factor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Divided before it is multiplied: the product may pass 2^64 where the result does not. */
uint64_t ent__choose(int32_t n, int32_t k)
{
    uint64_t all = 1;
    for (uint64_t j = 1; j <= (uint64_t)k; j++) {
        uint64_t factor = common_factor(all, j);
        all = all / factor * (((uint64_t)(n - k) + j) / (j / factor));
    }
    return all;
}
