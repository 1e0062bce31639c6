/* What the ways of computing power share. */
#ifndef ENT_SRC_VOTE_POWER_H
#define ENT_SRC_VOTE_POWER_H

#include "vote/vote.h"

/* A rule as numbers, over players: members, or whole blocs that vote as one. Weights and needs are whole: those that
 * are not are multiplied until rounding them is far below the width of a tie. A criterion is satisfied where the
 * players that say yes and the satisfied criteria before it weigh enough; the last decides.
 *
 * The first `outer` players are other blocs, the rest are the members whose power is asked for; without blocs all are.
 */
typedef struct ent__game {
    int32_t players, outer, criteria;
    int64_t *weight; /* [criteria x players] */
    int64_t *link;   /* [criteria x criteria] */
    int64_t *need;   /* [criteria] */
    bool *counts;    /* [criteria]: whether it counts players */
    bool whole;      /* no weight had to be rounded */
    bool mixed;      /* some criterion counts both players and criteria */
    ent__arena *arena;
} ent__game;

/* bloc: of each member, or NULL; inner: the bloc whose members are asked about; -1: every bloc is one player, and
 * asked about. ENT_ERR_MEMORY. */
ent_status ent__game_make(ent__game *out, const ent_rule *rule, const int32_t *bloc, int32_t inner, ent__arena *arena);
/* Whether the rule is satisfied with these sums over the players. satisfied: [criteria] of scratch. */
bool ent__game_wins(const ent__game *game, const int64_t *sum, bool *satisfied);

/* What is counted. With r of the m - 1 other blocs and t of the b - 1 other members of its bloc before it, a member
 * turns losing into winning; each such set has the weight 1 / (m C(m - 1, r) b C(b - 1, t)) in its value. */
typedef struct ent__counted {
    double *value;    /* [players]: Shapley-Shubik's, or with outer players Owen's; of the inner ones */
    uint64_t *swings; /* [players] */
    uint64_t winning; /* sets of players that win */
} ent__counted;

/* Dynamic programming over sums and sizes: whole weights, at most 63 players, a table of at most 2^24 cells. */
bool ent__count_fits(const ent__game *game);
/* How many steps it takes, more or less. */
double ent__count_cost(const ent__game *game);
ent_status ent__count(ent__counted *out, const ent__game *game);

/* Every set, in Gray's order; at most 34 players. */
bool ent__enumerate_fits(const ent__game *game);
ent_status ent__enumerate(ent__counted *out, const ent__game *game);

/* One criterion of whole weights, any number of members. swings and winning are decimal texts of the arena, NULL where
 * counting them exactly would take too much. ratio: swings / 2^(n - 1) and winning / 2^n. */
typedef struct ent__large_result {
    double *value, *ratio, *prevent; /* [players] */
    double act;
    const char **swings; /* [players]; NULL where not counted */
    const char *winning;
} ent__large_result;
bool ent__large_fits(const ent__game *game);
ent_status ent__large(ent__large_result *out, const ent__game *game, ent__arena *arena);

/* Any rule whose chance can be computed: Gauss's rule over Owen's integral. Swings exact up to 53 members. */
bool ent__integral_fits(const ent_rule *rule);
ent_status ent__integral(ent__large_result *out, const ent_rule *rule, ent__arena *arena);

/* Random orders (of blocs, and of members within them) and random sets. */
typedef struct ent__sampled {
    double *value, *owen, *ratio; /* [players]; owen NULL without blocs */
    double act;
} ent__sampled;
ent_status ent__sample(ent__sampled *out, const ent__game *game, const int32_t *bloc, int32_t blocs, int64_t samples,
                       uint64_t seed);

/* The binomial coefficient, n <= 63. */
uint64_t ent__choose(int32_t n, int32_t k);

#endif
