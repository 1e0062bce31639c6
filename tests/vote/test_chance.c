/* The exact chance of a decision, in every way it is computed; test_twins.py has the small rules. */
#include "rule_case.h"
#include "vote/block.h"

static void *workspace_of(const ent_rule *rule)
{
    size_t bytes = ent_rule_chance_workspace(rule);
    CHECK(bytes > 0);
    unsigned char *space = malloc(bytes);
    CHECK(space != NULL);
    memset(space, 0xa5, bytes); /* what is in it does not matter */
    return space;
}

static ent__block_way way_of(const ent_rule *rule)
{
    ent__block block;
    ent__block_scratch scratch;
    void *memory = malloc(ent__block_scratch_bytes(rule));
    CHECK(memory != NULL);
    ent__blocks_find(&scratch, rule, memory);
    ent__block_read(&block, rule, rule->nodes - 1, &scratch);
    free(memory);
    return block.way;
}

static void consensus_is_the_product(void **state)
{
    (void)state;
    ent_rule *rule;
    double p[32], blocks[32], chance, product = 1;
    dice d = {1};
    CHECK(ent_rule_consensus(&rule, 32, NULL) == ENT_OK);
    void *space = workspace_of(rule);
    for (int i = 0; i < 32; i++)
        product *= p[i] = 0.9 + 0.1 * roll(&d);
    ent_rule_chance(&chance, blocks, rule, p, space);
    CHECK_NEAR(chance, product, 1e-15);
    for (int i = 0; i < 32; i++)
        CHECK_NEAR(blocks[i], product / p[i] - product, 1e-14);
    p[3] = 0; /* the one who never agrees is the one who blocks */
    ent_rule_chance(&chance, blocks, rule, p, space);
    CHECK(chance == 0 && blocks[0] == 0 && blocks[3] > 0.1);
    ent_rule_chance(&chance, NULL, rule, p, space);
    CHECK(chance == 0);
    free(space);
    ent_rule_free(rule);
}

/* At even odds every set is as probable as any other: the chance is Coleman's power to act, and what a member blocks is
 * half its absolute Banzhaf index. Numbers of winning sets and swings: tests/golden/power. */
static void the_council_at_even_odds_repeats_its_swings(void **state)
{
    (void)state;
    double p[LISBON], blocks[LISBON], chance;
    ent_rule *rule = lisbon();
    CHECK(way_of(rule) == ENT__BLOCK_HALVES);
    void *space = workspace_of(rule);
    for (int i = 0; i < LISBON; i++)
        p[i] = 0.5;
    ent_rule_chance(&chance, blocks, rule, p, space);
    CHECK_NEAR(chance * 0x1p27, 17730600, 1e-5);
    CHECK_NEAR(blocks[0] * 0x1p27, 14134658, 1e-5);
    CHECK_NEAR(blocks[10] * 0x1p27, 3392242, 1e-5);
    CHECK_NEAR(blocks[26] * 0x1p27, 2020758, 1e-5);
    free(space);
    ent_rule_free(rule);
}

/* A rule of whole weights by its table, and the same one with weights that no table holds: times pi. */
/* promise: rule-chance-exact */
static void ways_agree(void **state)
{
    (void)state;
    dice d = {2};
    for (int round = 0; round < 40; round++) {
        enum { N = 18 };
        double w[N], odd[N], votes[N], other[N], p[N], blocks[2][N], chance[2], total = 0;
        for (int i = 0; i < N; i++) {
            w[i] = 1 + pick(&d, 9);
            odd[i] = w[i] * 3.14159265358979;
            votes[i] = pick(&d, 4);
            other[i] = votes[i] * 2.71828182845905;
            p[i] = pick(&d, 8) == 0 ? pick(&d, 2) : roll(&d);
            total += w[i];
        }
        votes[0] = 3, other[0] = 3 * 2.71828182845905;
        double quota = floor(total * (0.3 + 0.5 * roll(&d)));
        const struct {
            const double *w, *votes;
            double scale, vote_scale;
            ent__block_way way;
        } form[] = {{w, votes, 1, 1, ENT__BLOCK_TABLE},
                    {odd, votes, 3.14159265358979, 1, ENT__BLOCK_HALVES},
                    {odd, other, 3.14159265358979, 2.71828182845905, ENT__BLOCK_EACH}};
        for (size_t f = 0; f < ENT_COUNT(form); f++) {
            ent_rule_builder *to = ent_rule_begin(N);
            int32_t both[2] = {ent_rule_criterion(to, NULL, form[f].w, N, quota * form[f].scale, false),
                               ent_rule_criterion(to, NULL, form[f].votes, N, 9 * form[f].vote_scale, false)};
            ent_rule_all(to, both, 2);
            ent_rule *rule = ended(to);
            CHECK(way_of(rule) == form[f].way);
            void *space = workspace_of(rule);
            int which = f > 0;
            ent_rule_chance(&chance[which], blocks[which], rule, p, space);
            free(space);
            ent_rule_free(rule);
            if (which == 0)
                continue;
            CHECK_NEAR(chance[1], chance[0], 1e-13);
            for (int i = 0; i < N; i++)
                CHECK_NEAR(blocks[1][i], blocks[0][i], 1e-13);
        }
    }
}

/* Two chambers: each decides on its own, so the chance is the product. */
static void chambers_are_independent(void **state)
{
    (void)state;
    enum { LOWER = 300, UPPER = 100, N = LOWER + UPPER };
    static double p[N], blocks[N], alone[N];
    static int32_t unit[N];
    ent_rule_builder *to = ent_rule_begin(N);
    double chance, lower, upper;
    for (int i = 0; i < N; i++) {
        unit[i] = i;
        p[i] = 0.45 + 0.001 * (i % 100);
    }
    int32_t both[2] = {ent_rule_criterion(to, unit, NULL, LOWER, 150, true),
                       ent_rule_criterion(to, unit + LOWER, NULL, UPPER, 60, false)};
    ent_rule_all(to, both, 2);
    ent_rule *rule = ended(to);
    void *space = workspace_of(rule);
    ent_rule_chance(&chance, blocks, rule, p, space);
    free(space);
    ent_rule_free(rule);
    CHECK(ent_rule_majority(&rule, LOWER, NULL) == ENT_OK);
    space = workspace_of(rule);
    ent_rule_chance(&lower, alone, rule, p, space);
    free(space);
    ent_rule_free(rule);
    to = ent_rule_begin(UPPER);
    ent_rule_criterion(to, NULL, NULL, UPPER, 60, false);
    rule = ended(to);
    space = workspace_of(rule);
    ent_rule_chance(&upper, NULL, rule, p + LOWER, space);
    free(space);
    ent_rule_free(rule);
    CHECK_NEAR(chance, lower * upper, 1e-15);
    for (int i = 0; i < LOWER; i++)
        CHECK_NEAR(blocks[i], alone[i] * upper, 1e-15);
}

static void undefined_chances_give_undefined_ones(void **state)
{
    (void)state;
    ent_rule *rule[] = {security_council(), weighted((const double[]){1, 2, 3}, 3, 4)};
    const double bad[] = {NAN, -0.1, 1.1, INFINITY};
    for (size_t k = 0; k < ENT_COUNT(rule); k++) {
        double p[15], blocks[15], chance;
        void *space = workspace_of(rule[k]);
        for (size_t b = 0; b < ENT_COUNT(bad); b++) {
            for (int i = 0; i < 15; i++)
                p[i] = 0.5;
            p[1] = bad[b];
            ent_rule_chance(&chance, blocks, rule[k], p, space);
            CHECK(isnan(chance) && isnan(blocks[0]) && isnan(blocks[2]));
        }
        free(space);
        ent_rule_free(rule[k]);
    }
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    enum { N = 60 };
    double w[N], v[N];
    dice d = {4};
    for (int i = 0; i < N; i++) {
        w[i] = roll(&d);
        v[i] = roll(&d);
    }
    ent_rule *rule = weighted(w, N, 12);
    ent_error err = {0};
    CHECK(ent_rule_chance_check(rule, &err) == ENT_ERR_LIMIT && ent_rule_chance_workspace(rule) == 0);
    CHECK(strstr(err.message, "60 members") != NULL && strstr(err.message, "at most 36") != NULL);
    ent_rule_free(rule);
    ent_rule_builder *to = ent_rule_begin(30);
    int32_t both[2] = {ent_rule_criterion(to, NULL, w, 30, 5, false), ent_rule_criterion(to, NULL, v, 30, 5, false)};
    ent_rule_all(to, both, 2);
    rule = ended(to);
    CHECK(ent_rule_chance_check(rule, NULL) == ENT_ERR_LIMIT);
    ent_rule_free(rule);
    CHECK(ent_rule_chance_check(NULL, NULL) == ENT_ERR_ARGUMENT);
    ent__alloc_fail_at(1, false);
    rule = NULL;
    CHECK(ent_rule_consensus(&rule, 3, NULL) == ENT_ERR_MEMORY && rule == NULL);
    ent__alloc_fail_at(0, false);
}

/* One more who agrees, or agrees more surely, never lowers the chance. */
static void more_agreement_never_harms(void **state)
{
    (void)state;
    dice d = {5};
    ent_rule *rule[] = {security_council(), weighted((const double[]){3, 2, 2, 1, 1, 1.5}, 6, 5.25)};
    for (size_t k = 0; k < ENT_COUNT(rule); k++) {
        int32_t n = rule[k]->members;
        void *space = workspace_of(rule[k]);
        for (int round = 0; round < 200; round++) {
            double p[15], blocks[15], before, after;
            for (int i = 0; i < n; i++)
                p[i] = roll(&d);
            int32_t i = pick(&d, n);
            ent_rule_chance(&before, blocks, rule[k], p, space);
            p[i] = 1;
            ent_rule_chance(&after, NULL, rule[k], p, space);
            CHECK(after >= before - 1e-15);
            CHECK_NEAR(after - before, blocks[i], 1e-14);
        }
        free(space);
        ent_rule_free(rule[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(consensus_is_the_product),
        cmocka_unit_test(the_council_at_even_odds_repeats_its_swings),
        cmocka_unit_test(ways_agree),
        cmocka_unit_test(chambers_are_independent),
        cmocka_unit_test(undefined_chances_give_undefined_ones),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(more_agreement_never_harms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
