/* Rules for the tests of this folder. */
#ifndef RULE_CASE_H
#define RULE_CASE_H

#include "check.h"
#include "vote/vote.h"

/* Dice that give the same numbers everywhere. */
typedef struct dice {
    uint64_t state;
} dice;
static inline double roll(dice *d)
{
    d->state = d->state * 6364136223846793005u + 1442695040888963407u;
    return (double)(d->state >> 11) * 0x1p-53;
}
static inline int32_t pick(dice *d, int32_t n)
{
    return (int32_t)(roll(d) * n);
}

static inline ent_rule *weighted(const double *weight, size_t n, double quota)
{
    ent_rule *rule = NULL;
    ent_error err = {0};
    if (ent_rule_weighted(&rule, weight, n, quota, false, false, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return rule;
}

static inline ent_rule *ended(ent_rule_builder *to)
{
    ent_rule *rule = NULL;
    ent_error err = {0};
    if (ent_rule_end(&rule, to, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return rule;
}

enum { LISBON = 27 };
/* Population 2020, World Bank; as in tests/golden/power. */
static const double POPULATION[LISBON] = {83160871, 67601110, 59438851, 47359424, 37515748, 19265250, 17441500,
                                          11538604, 10697858, 10353442, 10297081, 10698599, 9670419,  8916864,
                                          6550696,  5831404,  5529543,  5458827,  5039747,  3914206,  2810369,
                                          2102419,  1900449,  1329522,  1302247,  630419,   515490};
/* 15 members with 65 % of the population, or all but three. */
static inline ent_rule *lisbon(void)
{
    double total = 0;
    for (int i = 0; i < LISBON; i++)
        total += POPULATION[i];
    ent_rule_builder *to = ent_rule_begin(LISBON);
    int32_t both[2];
    both[0] = ent_rule_criterion(to, NULL, NULL, LISBON, 15, false);
    both[1] = ent_rule_criterion(to, NULL, POPULATION, LISBON, 0.65 * total, false);
    int32_t either[2] = {ent_rule_all(to, both, 2), ent_rule_all_but(to, NULL, LISBON, 3)};
    ent_rule_any(to, either, 2);
    return ended(to);
}

/* Nine of fifteen, the first five among them. */
static inline ent_rule *security_council(void)
{
    ent_rule_builder *to = ent_rule_begin(15);
    const int32_t permanent[5] = {0, 1, 2, 3, 4};
    int32_t both[2] = {ent_rule_criterion(to, NULL, NULL, 15, 9, false), ent_rule_all(to, permanent, 5)};
    ent_rule_all(to, both, 2);
    return ended(to);
}

#endif
