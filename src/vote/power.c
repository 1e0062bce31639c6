/* Power indices: which way of computing them, and what follows from counts.
 *
 *     Banzhaf, absolute     swings_i / 2^(n - 1)             normalised: its share of all swings
 *     Coleman               act = winning / 2^n,  prevent_i = swings_i / winning,  initiate_i = swings_i / losing
 *     Owen                  with b members in the bloc and m blocs, over the other blocs R and the other members T,
 *                           sum of [v(R + T + i) - v(R + T)] / (m C(m - 1, |R|) b C(b - 1, |T|))
 *
 * Shapley-Shubik's index is Owen's value with everyone in one bloc, so one routine counts both. */
#include "vote/power.h"

#include <math.h>
#include <stdio.h>

enum { SAMPLES = 1000000 };
static const double SMALL = 1e-280;
static const double SECONDS = 4e9; /* steps, a few to a nanosecond */

typedef struct owned {
    ent_power power; /* first: the caller's pointer is this one's */
    ent__arena *arena;
} owned;

/* What is being filled. */
typedef struct result {
    double *prevent; /* where winning sets may be too small a share for a double; else NULL */
    double *shapley, *ratio, *owen, *shapley_error, *ratio_error, *owen_error;
    const char **swings;
    const char *winning;
    double act, act_error;
    ent_power_method method;
} result;

const char *ent_power_method_text(ent_power_method method)
{
    static const char *const text[ENT_POWER_METHOD_COUNT] = {
        [ENT_POWER_AUTO] = "the cheapest that is exact",
        [ENT_POWER_COUNT] = "exact, dynamic programming over weights and sizes",
        [ENT_POWER_LARGE] = "dynamic programming over weights; Shapley-Shubik by Owen's integral",
        [ENT_POWER_ENUMERATE] = "exact, enumeration of all sets",
        [ENT_POWER_SAMPLE] = "random sampling",
        [ENT_POWER_INTEGRAL] = "Owen's integral over exact chances",
    };
    return (unsigned)method < ENT_POWER_METHOD_COUNT ? text[method] : "unknown";
}

/* --- one way after another ------------------------------------------------------------------------------------ */

/* What is exact in every digit first, the cheaper of the two, as long as it takes seconds at most. */
static ent_power_method cheapest(const ent__game *game, const ent_rule *rule)
{
    bool counts = ent__count_fits(game), enumerates = ent__enumerate_fits(game);
    double by_count = counts ? ent__count_cost(game) : INFINITY;
    double by_sets = enumerates ? 4 * ldexp(1, game->players) : INFINITY;
    if (by_count <= SECONDS || by_sets <= SECONDS)
        return by_count <= by_sets ? ENT_POWER_COUNT : ENT_POWER_ENUMERATE;
    return ent__large_fits(game)      ? ENT_POWER_LARGE
           : ent__integral_fits(rule) ? ENT_POWER_INTEGRAL
           : counts                   ? ENT_POWER_COUNT
           : enumerates               ? ENT_POWER_ENUMERATE
                                      : ENT_POWER_SAMPLE;
}

static ent_status check_method(const ent__game *game, const ent_rule *rule, ent_power_method method, ent_error *err)
{
    ent_status status = ENT_OK;
    const int players = (int)game->players, criteria = (int)game->criteria;
    const char *word = criteria == 1 ? "criterion" : "criteria";
    ENT_REQUIRE(method != ENT_POWER_COUNT || ent__count_fits(game), ENT_ERR_LIMIT,
                "%d members and %d %s; dynamic programming takes at most %d members with whole weights, in at most %d criteria "
                "whose sums make a table of at most %d cells",
                players, criteria, word, ENT_POWER_MAX_COUNTED, ENT_POWER_MAX_SUMS, ENT_POWER_MAX_CELLS);
    ENT_REQUIRE(method != ENT_POWER_LARGE || ent__large_fits(game), ENT_ERR_LIMIT,
                "%d members and %d %s; the way for many members takes one criterion with whole weights that sum to at most %d",
                players, criteria, word, ENT_POWER_MAX_SUM);
    ENT_REQUIRE(method != ENT_POWER_ENUMERATE || ent__enumerate_fits(game), ENT_ERR_LIMIT,
                "%d members and %d %s; enumeration takes at most %d members, and %d criteria in which they weigh", players,
                criteria, word, ENT_POWER_MAX_ENUMERATED, ENT_POWER_MAX_CRITERIA);
    ENT_REQUIRE(method != ENT_POWER_INTEGRAL || players <= ENT_POWER_MAX_INTEGRATED, ENT_ERR_LIMIT,
                "%d members; the integral takes at most %d", players, ENT_POWER_MAX_INTEGRATED);
    if (method == ENT_POWER_INTEGRAL)
        ENT_TRY(ent_rule_chance_check(rule, err));
done:
    return status;
}

static ent_status by_counts(result *to, const ent__game *game, ent__arena *arena)
{
    size_t n = (size_t)game->players;
    ent__counted counted = {.value = to->shapley, .swings = ent__arena_alloc(arena, n, sizeof *counted.swings)};
    const char **text = ent__arena_alloc(arena, n, sizeof *text);
    if (counted.swings == NULL || text == NULL)
        return ENT_ERR_MEMORY;
    ent_status status = to->method == ENT_POWER_COUNT ? ent__count(&counted, game) : ent__enumerate(&counted, game);
    if (status != ENT_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        to->ratio[i] = ldexp((double)counted.swings[i], 1 - game->players);
        text[i] = ent__arena_printf(arena, "%llu", (unsigned long long)counted.swings[i]);
        if (text[i] == NULL)
            return ENT_ERR_MEMORY;
    }
    to->swings = text;
    to->act = ldexp((double)counted.winning, -game->players);
    to->winning = ent__arena_printf(arena, "%llu", (unsigned long long)counted.winning);
    return to->winning != NULL ? ENT_OK : ENT_ERR_MEMORY;
}

static ent_status by_integral(result *to, const ent_rule *rule, const ent__game *game, ent__arena *arena)
{
    size_t n = (size_t)game->players;
    ent__large_result large = {.value = to->shapley,
                               .ratio = to->ratio,
                               .prevent = ent__arena_alloc(arena, n, sizeof *large.prevent),
                               .swings = ent__arena_alloc(arena, n, sizeof *large.swings)};
    if (large.swings == NULL || large.prevent == NULL)
        return ENT_ERR_MEMORY;
    bool is_large = to->method == ENT_POWER_LARGE;
    ent_status status = is_large ? ent__large(&large, game, arena) : ent__integral(&large, rule, arena);
    to->act = large.act;
    to->winning = large.winning;
    to->swings = large.swings;
    to->prevent = is_large && large.winning != NULL ? large.prevent : NULL;
    return status;
}

static double *errors_of(const double *share, size_t n, int64_t samples, ent__arena *arena)
{
    double *error = ent__arena_alloc(arena, n, sizeof *error);
    for (size_t i = 0; error != NULL && i < n; i++)
        error[i] = sqrt(share[i] * (1 - share[i]) / (double)samples);
    return error;
}

/* Everything, or Owen's value alone where the rest is exact. */
static ent_status by_sampling(result *to, const ent__game *game, const ent_power_options *o, int32_t blocs, bool all,
                              ent__arena *arena)
{
    size_t n = (size_t)game->players;
    int64_t samples = o->samples > 0 ? o->samples : SAMPLES;
    ent__sampled sampled = {.owen = to->owen,
                            .value = ent__arena_alloc(arena, n, sizeof(double)),
                            .ratio = ent__arena_alloc(arena, n, sizeof(double))};
    if (sampled.value == NULL || sampled.ratio == NULL)
        return ENT_ERR_MEMORY;
    ent_status status = ent__sample(&sampled, game, o->bloc, blocs, samples, o->seed);
    if (status != ENT_OK)
        return status;
    if (to->owen != NULL && (to->owen_error = errors_of(to->owen, n, samples, arena)) == NULL)
        return ENT_ERR_MEMORY;
    if (!all)
        return ENT_OK;
    to->shapley = sampled.value;
    to->ratio = sampled.ratio;
    to->act = sampled.act;
    to->shapley_error = errors_of(to->shapley, n, samples, arena);
    to->ratio_error = errors_of(to->ratio, n, samples, arena);
    to->act_error = sqrt(to->act * (1 - to->act) / (double)samples);
    return to->shapley_error != NULL && to->ratio_error != NULL ? ENT_OK : ENT_ERR_MEMORY;
}

/* Owen's value in one game: of the members of bloc `inner`, or (-1) of blocs of one member, for which it is the index
 * of their bloc among blocs. */
static ent_status owen_of(result *to, bool *done, const ent_rule *rule, const int32_t *bloc, const int32_t *size,
                          int32_t inner, ent__arena *arena)
{
    ent__game game;
    size_t n = (size_t)rule->members;
    ent_status status = ent__game_make(&game, rule, bloc, inner, arena);
    ent__counted counted = {.value = ent__arena_alloc(arena, 2 * n, sizeof(double)),
                            .swings = ent__arena_alloc(arena, 2 * n, sizeof(uint64_t))};
    if (status != ENT_OK || counted.value == NULL || counted.swings == NULL)
        return ENT_ERR_MEMORY;
    if (ent__count_fits(&game))
        status = ent__count(&counted, &game);
    else if (ent__enumerate_fits(&game))
        status = ent__enumerate(&counted, &game);
    else
        *done = false;
    int32_t next = game.outer;
    for (size_t i = 0; i < n && *done && status == ENT_OK; i++) {
        if (inner >= 0 && bloc[i] == inner)
            to->owen[i] = counted.value[next++];
        else if (inner < 0 && size[bloc[i]] == 1)
            to->owen[i] = counted.value[bloc[i]];
    }
    return status;
}

/* Owen's value, exactly; *done is false where some bloc is too large for that. */
static ent_status owen_exactly(result *to, bool *done, const ent_rule *rule, const int32_t *bloc, int32_t blocs,
                               ent__arena *arena)
{
    int32_t *size = ent__arena_alloc(arena, (size_t)blocs, sizeof *size);
    ent_status status = size != NULL ? ENT_OK : ENT_ERR_MEMORY;
    *done = true;
    for (int32_t i = 0; size != NULL && i < rule->members; i++)
        size[bloc[i]]++;
    for (int32_t b = -1; b < blocs && *done && status == ENT_OK; b++)
        if (b < 0 || size[b] > 1)
            status = owen_of(to, done, rule, bloc, size, b, arena);
    return status;
}

/* --- the public call ---------------------------------------------------------------------------------------------- */

static ent_status check_blocs(int32_t *blocs, const ent_rule *rule, const int32_t *bloc, ent__arena *arena,
                              ent_error *err)
{
    ent_status status = ENT_OK;
    *blocs = 0;
    if (bloc == NULL)
        return ENT_OK;
    bool *seen = ent__arena_alloc(arena, (size_t)rule->members, sizeof *seen);
    ENT_REQUIRE(seen != NULL, ENT_ERR_MEMORY, "not enough memory for %d members", (int)rule->members);
    for (int32_t i = 0; i < rule->members; i++) {
        ENT_REQUIRE(bloc[i] >= 0 && bloc[i] < rule->members, ENT_ERR_ARGUMENT,
                    "member %d is in bloc %d; blocs are numbered from 0, below the number of members", (int)i + 1,
                    (int)bloc[i]);
        seen[bloc[i]] = true;
        *blocs = bloc[i] >= *blocs ? bloc[i] + 1 : *blocs;
    }
    for (int32_t b = 0; b < *blocs; b++)
        ENT_REQUIRE(seen[b], ENT_ERR_ARGUMENT, "bloc %d has no members; blocs are numbered without gaps", (int)b);
done:
    return status;
}

static ent_status finish(ent_power *out, const result *r, size_t n, ent__arena *arena)
{
    double total = 0, prevented = 0, *part[3];
    for (int a = 0; a < 3; a++)
        if ((part[a] = ent__arena_alloc(arena, n, sizeof(double))) == NULL)
            return ENT_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        part[1][i] = r->prevent != NULL ? r->prevent[i] : r->ratio[i] / (2 * r->act);
        part[2][i] = r->ratio[i] / (2 * (1 - r->act));
        total += r->ratio[i];
        prevented += part[1][i];
    }
    for (size_t i = 0; i < n; i++) /* swings over winning sets are in the same proportions, and never too small */
        part[0][i] = total > SMALL ? r->ratio[i] / total : part[1][i] / prevented;
    *out = (ent_power){.n = n,
                       .method = r->method,
                       .shapley_shubik = r->shapley,
                       .banzhaf = part[0],
                       .banzhaf_absolute = r->ratio,
                       .swings = r->swings,
                       .winning = r->winning,
                       .act = r->act,
                       .prevent = part[1],
                       .initiate = part[2],
                       .owen = r->owen,
                       .shapley_shubik_error = r->shapley_error,
                       .banzhaf_absolute_error = r->ratio_error,
                       .owen_error = r->owen_error,
                       .act_error = r->act_error};
    return ENT_OK;
}

static ent_status compute(owned *to, const ent_rule *rule, const ent_power_options *o, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t n = (size_t)rule->members;
    int32_t blocs = 0;
    ent__game game;
    result r = {.shapley = ent__arena_alloc(to->arena, n, sizeof(double)),
                .ratio = ent__arena_alloc(to->arena, n, sizeof(double))};
    ENT_TRY(check_blocs(&blocs, rule, o->bloc, to->arena, err));
    r.owen = blocs > 0 ? ent__arena_alloc(to->arena, n, sizeof(double)) : NULL;
    ENT_REQUIRE(r.shapley != NULL && r.ratio != NULL && (blocs == 0 || r.owen != NULL), ENT_ERR_MEMORY,
                "not enough memory for %zu members", n);
    ENT_TRY(ent__game_make(&game, rule, NULL, 0, to->arena));
    r.method = o->method == ENT_POWER_AUTO ? cheapest(&game, rule) : o->method;
    ENT_TRY(check_method(&game, rule, r.method, err));
    bool sample = r.method == ENT_POWER_SAMPLE, owen_done = blocs == 0;
    if (r.method == ENT_POWER_LARGE || r.method == ENT_POWER_INTEGRAL)
        ENT_TRY(by_integral(&r, rule, &game, to->arena));
    else if (!sample)
        ENT_TRY(by_counts(&r, &game, to->arena));
    if (blocs > 0 && !sample)
        ENT_TRY(owen_exactly(&r, &owen_done, rule, o->bloc, blocs, to->arena));
    if (sample || !owen_done)
        ENT_TRY(by_sampling(&r, &game, o, blocs, sample, to->arena));
    ENT_TRY(finish(&to->power, &r, n, to->arena));
done:
    if (status == ENT_ERR_MEMORY)
        ent__error_set(err, status, "", 0, 0, "not enough memory for the power of %zu members", n);
    return status;
}

ent_status ent_power_indices(ent_power **out, const ent_rule *rule, const ent_power_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_power_options defaults = ENT_POWER_OPTIONS_INIT;
    const ent_power_options *o = options != NULL ? options : &defaults;
    owned *to = NULL;
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "there is no place for the result: out is NULL");
    *out = NULL;
    ENT_TRY(ent_rule_check(rule, err));
    ENT_REQUIRE(o->version == 1, ENT_ERR_ARGUMENT, "options of version %d; this library knows version 1",
                (int)o->version);
    ENT_REQUIRE(o->method >= 0 && o->method < ENT_POWER_METHOD_COUNT, ENT_ERR_ARGUMENT, "there is no method %d",
                (int)o->method);
    ENT_REQUIRE(o->samples >= 0, ENT_ERR_ARGUMENT, "%lld samples; allowed is 1 or more", (long long)o->samples);
    to = ent__alloc(1, sizeof *to);
    if (to != NULL)
        to->arena = ent__arena_create();
    ENT_REQUIRE(to != NULL && to->arena != NULL, ENT_ERR_MEMORY, "not enough memory for power indices");
    ENT_TRY(compute(to, rule, o, err));
    *out = &to->power;
    to = NULL;
done:
    if (to != NULL)
        ent_power_free(&to->power);
    return status;
}

void ent_power_free(ent_power *power)
{
    if (power == NULL)
        return;
    owned *to = (owned *)power;
    if (to->arena != NULL)
        ent__arena_free(to->arena);
    ent__free(to);
}
