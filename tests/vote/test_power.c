/* Power indices: published values, what must hold, and that the methods agree. tests/golden/power is met by
 * test_command.py through the program, small games of every kind by test_twins.py. */
#include "rule_case.h"

static ent_power *power_of(const ent_rule *rule, ent_power_method method, const int32_t *bloc)
{
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    ent_power *power = NULL;
    ent_error err = {0};
    options.method = method;
    options.bloc = bloc;
    if (ent_power_indices(&power, rule, &options, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return power;
}

static void sums_are_one(const ent_power *p)
{
    double shapley = 0, banzhaf = 0, owen = 0;
    for (size_t i = 0; i < p->n; i++) {
        CHECK(p->shapley_shubik[i] >= 0 && p->banzhaf[i] >= 0 && p->banzhaf_absolute[i] >= 0);
        CHECK(p->banzhaf_absolute[i] <= 1 && p->prevent[i] >= 0 && p->prevent[i] <= 1 && p->initiate[i] <= 1);
        shapley += p->shapley_shubik[i];
        banzhaf += p->banzhaf[i];
        owen += p->owen != NULL ? p->owen[i] : 0;
    }
    CHECK_NEAR(shapley, 1, 1e-12);
    CHECK_NEAR(banzhaf, 1, 1e-12);
    if (p->owen != NULL)
        CHECK_NEAR(owen, 1, 1e-12);
}

/* UN Security Council: permanent 0.19627 (421/2145), elected 0.00186 (4/2145). */
static void the_security_council(void **state)
{
    (void)state;
    ent_rule *rule = security_council();
    const ent_power_method way[] = {ENT_POWER_AUTO, ENT_POWER_COUNT, ENT_POWER_ENUMERATE};
    for (size_t w = 0; w < ENT_COUNT(way); w++) {
        ent_power *p = power_of(rule, way[w], NULL);
        for (size_t i = 0; i < 15; i++) {
            CHECK_NEAR(p->shapley_shubik[i], i < 5 ? 421. / 2145 : 4. / 2145, 1e-15);
            CHECK(strcmp(p->swings[i], i < 5 ? "848" : "84") == 0);
        }
        CHECK(strcmp(p->winning, "848") == 0);
        CHECK(p->prevent[0] == 1); /* a veto */
        sums_are_one(p);
        ent_power_free(p);
    }
    ent_rule_free(rule);
}

/* EEC Council 1958, 12 of 17: 14/60, 9/60 and Luxembourg's nothing. */
static void the_council_of_1958_has_a_dummy(void **state)
{
    (void)state;
    ent_rule *rule = weighted((const double[]){4, 4, 4, 2, 2, 1}, 6, 12);
    const double want[] = {14. / 60, 14. / 60, 14. / 60, 9. / 60, 9. / 60, 0};
    for (ent_power_method way = ENT_POWER_COUNT; way <= ENT_POWER_ENUMERATE; way++) {
        ent_power *p = power_of(rule, way, NULL);
        for (int i = 0; i < 6; i++)
            CHECK_NEAR(p->shapley_shubik[i], want[i], 1e-14);
        CHECK(p->banzhaf[5] == 0 && p->prevent[5] == 0 && strcmp(p->swings[5], "0") == 0);
        CHECK(p->banzhaf[0] == 5. / 21 && p->method == way);
        ent_power_free(p);
    }
    ent_rule_free(rule);
}

/* Under consensus every Shapley-Shubik index is 1/n and Coleman's power to act 2^-n. */
static void consensus_shares_power_evenly(void **state)
{
    (void)state;
    const size_t n[] = {1, 2, 5, 32, 63, 64, 200, 1000, 3000};
    for (size_t k = 0; k < ENT_COUNT(n); k++) {
        ent_rule *rule;
        CHECK(ent_rule_consensus(&rule, n[k], NULL) == ENT_OK);
        ent_power *p = power_of(rule, ENT_POWER_AUTO, NULL);
        for (size_t i = 0; i < n[k]; i += 1 + n[k] / 7) {
            CHECK_NEAR(p->shapley_shubik[i] * (double)n[k], 1, 1e-11);
            CHECK_NEAR(p->banzhaf[i] * (double)n[k], 1, 1e-12);
            CHECK(p->prevent[i] == 1 && strcmp(p->swings[i], "1") == 0);
        }
        CHECK(p->act == ldexp(1, -(int)n[k]) && strcmp(p->winning, "1") == 0);
        ent_power_free(p);
        ent_rule_free(rule);
    }
}

static void equal_members_have_equal_power(void **state)
{
    (void)state;
    ent_rule *rule;
    CHECK(ent_rule_majority(&rule, 101, NULL) == ENT_OK);
    ent_power *p = power_of(rule, ENT_POWER_AUTO, NULL);
    CHECK(p->method == ENT_POWER_LARGE && p->act == 0.5);
    CHECK(strcmp(p->winning, "1267650600228229401496703205376") == 0);  /* 2^100 */
    CHECK(strcmp(p->swings[7], "100891344545564193334812497256") == 0); /* C(100, 50) */
    for (size_t i = 0; i < 101; i++)
        CHECK_NEAR(p->shapley_shubik[i], 1. / 101, 1e-15);
    ent_power_free(p);
    ent_rule_free(rule);
}

/* Weights for which two ways fit: whole ones, one criterion. */
static void ways_agree_on_random_games(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        dice d = {seed};
        int32_t n = 1 + pick(&d, 16);
        double w[16], total = 0;
        for (int32_t i = 0; i < n; i++)
            total += w[i] = i > 0 && pick(&d, 8) == 0 ? 0 : 1 + pick(&d, seed % 3 == 0 ? 3 : 60);
        ent_rule *rule = weighted(w, (size_t)n, ceil(total * (0.02 + 0.98 * roll(&d))));
        ent_power *a = power_of(rule, ENT_POWER_COUNT, NULL), *b = power_of(rule, ENT_POWER_LARGE, NULL),
                  *c = power_of(rule, ENT_POWER_ENUMERATE, NULL);
        sums_are_one(a);
        sums_are_one(b);
        CHECK(strcmp(a->winning, b->winning) == 0 && strcmp(a->winning, c->winning) == 0);
        CHECK(a->act == b->act && a->act == c->act);
        for (int32_t i = 0; i < n; i++) {
            CHECK(strcmp(a->swings[i], b->swings[i]) == 0 && strcmp(a->swings[i], c->swings[i]) == 0);
            CHECK_NEAR(a->shapley_shubik[i], c->shapley_shubik[i], 1e-14);
            CHECK_NEAR(a->shapley_shubik[i], b->shapley_shubik[i], 1e-13);
            for (int32_t k = 0; k < i; k++)
                CHECK(w[k] != w[i] || a->shapley_shubik[k] == a->shapley_shubik[i]);
        }
        ent_power_free(a);
        ent_power_free(b);
        ent_power_free(c);
        ent_rule_free(rule);
    }
}

/* 63 members fit the table and the integral: far beyond what can be enumerated. */
static void the_integral_is_the_table(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        dice d = {seed};
        double w[63], total = 0;
        for (int i = 0; i < 63; i++)
            total += w[i] = seed % 4 == 0 && i == 0 ? 900 : 1 + pick(&d, 40);
        ent_rule *rule = weighted(w, 63, ceil(total * (0.1 * (double)(seed % 10 + 1)) - 0.5));
        ent_power *a = power_of(rule, ENT_POWER_COUNT, NULL), *b = power_of(rule, ENT_POWER_LARGE, NULL);
        CHECK(strcmp(a->winning, b->winning) == 0);
        for (int i = 0; i < 63; i++) {
            CHECK(strcmp(a->swings[i], b->swings[i]) == 0);
            CHECK_NEAR(a->shapley_shubik[i], b->shapley_shubik[i], 2e-14);
        }
        ent_power_free(a);
        ent_power_free(b);
        ent_rule_free(rule);
    }
}

/* The integral over exact chances is enumeration, and knows groups within groups. */
static void the_integral_over_chances_is_enumeration(void **state)
{
    (void)state;
    ent_rule *rule = lisbon();
    ent_power *a = power_of(rule, ENT_POWER_ENUMERATE, NULL), *b = power_of(rule, ENT_POWER_INTEGRAL, NULL);
    CHECK(strcmp(a->winning, b->winning) == 0 && strcmp(a->winning, "17730600") == 0 && a->act == b->act);
    for (int i = 0; i < LISBON; i++) {
        CHECK(strcmp(a->swings[i], b->swings[i]) == 0);
        CHECK_NEAR(a->shapley_shubik[i], b->shapley_shubik[i], 1e-15);
    }
    ent_power_free(a);
    ent_power_free(b);
    ent_rule_free(rule);
}

/* Two chambers that must both agree: at even odds each agrees half the time, so a swing in one counts half. */
static void chambers_share_power(void **state)
{
    (void)state;
    enum { LOWER = 435, UPPER = 99, N = LOWER + UPPER };
    static int32_t unit[N];
    ent_rule_builder *to = ent_rule_begin(N);
    for (int32_t i = 0; i < N; i++)
        unit[i] = i;
    int32_t both[2] = {ent_rule_criterion(to, unit, NULL, LOWER, LOWER / 2., true),
                       ent_rule_criterion(to, unit + LOWER, NULL, UPPER, UPPER / 2., true)};
    ent_rule_all(to, both, 2);
    ent_rule *rule = ended(to), *lower = NULL, *upper = NULL;
    CHECK(ent_rule_majority(&lower, LOWER, NULL) == ENT_OK && ent_rule_majority(&upper, UPPER, NULL) == ENT_OK);
    ent_power *p = power_of(rule, ENT_POWER_AUTO, NULL), *l = power_of(lower, ENT_POWER_AUTO, NULL),
              *u = power_of(upper, ENT_POWER_AUTO, NULL);
    CHECK(p->method == ENT_POWER_INTEGRAL && p->swings == NULL);
    sums_are_one(p);
    CHECK_NEAR(p->act, 0.25, 1e-14); /* each half the time */
    CHECK_NEAR(p->banzhaf_absolute[0], 0.5 * l->banzhaf_absolute[0], 1e-14);
    CHECK_NEAR(p->banzhaf_absolute[N - 1], 0.5 * u->banzhaf_absolute[0], 1e-14);
    CHECK_NEAR(p->shapley_shubik[0], p->shapley_shubik[LOWER - 1], 1e-16);
    ent_power_free(p);
    ent_power_free(l);
    ent_power_free(u);
    ent_rule_free(lower);
    ent_rule_free(upper);
    ent_rule_free(rule);
}

static void owen_knows_its_ends(void **state)
{
    (void)state;
    ent_rule *rule = weighted((const double[]){10, 9, 6, 5, 4, 3, 2, 1}, 8, 23);
    const int32_t all[8] = {0}, each[8] = {0, 1, 2, 3, 4, 5, 6, 7}, pairs[8] = {0, 0, 1, 1, 2, 2, 3, 3};
    ent_power *one = power_of(rule, ENT_POWER_AUTO, all), *own = power_of(rule, ENT_POWER_AUTO, each),
              *two = power_of(rule, ENT_POWER_AUTO, pairs), *none = power_of(rule, ENT_POWER_AUTO, NULL);
    CHECK(none->owen == NULL);
    sums_are_one(two);
    for (int i = 0; i < 8; i++) { /* one bloc, or each alone: Shapley and Shubik's index */
        CHECK_NEAR(one->owen[i], none->shapley_shubik[i], 1e-15);
        CHECK_NEAR(own->owen[i], none->shapley_shubik[i], 1e-15);
    }
    ent_rule *of_blocs =
        weighted((const double[]){19, 11, 7, 3}, 4, 23); /* a bloc's values sum to the index it has as one */
    ent_power *blocs = power_of(of_blocs, ENT_POWER_AUTO, NULL);
    for (int b = 0; b < 4; b++)
        CHECK_NEAR(two->owen[2 * b] + two->owen[2 * b + 1], blocs->shapley_shubik[b], 1e-15);
    ent_power_free(one);
    ent_power_free(own);
    ent_power_free(two);
    ent_power_free(none);
    ent_power_free(blocs);
    ent_rule_free(of_blocs);
    ent_rule_free(rule);
}

/* Two criteria that no exact way takes: weights that no table holds, for more members than can be enumerated. */
static void sampling_is_the_last_resort_and_says_so(void **state)
{
    (void)state;
    enum { N = 64 };
    double a[N];
    ent_rule_builder *to = ent_rule_begin(N);
    for (int i = 0; i < N; i++)
        a[i] = sqrt(i + 2);
    int32_t both[2] = {ent_rule_criterion(to, NULL, NULL, N, 33, false),
                       ent_rule_criterion(to, NULL, a, N, 190, false)};
    ent_rule_all(to, both, 2);
    ent_rule *rule = ended(to);
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    options.samples = 2000;
    ent_power *p = NULL, *again = NULL;
    CHECK(ent_power_indices(&p, rule, &options, NULL) == ENT_OK && p->method == ENT_POWER_SAMPLE);
    CHECK(p->winning == NULL && p->swings == NULL && p->act_error > 0 && p->shapley_shubik_error != NULL);
    double sum = 0;
    for (int i = 0; i < N; i++) {
        sum += p->shapley_shubik[i];
        double q = p->shapley_shubik[i];
        CHECK_NEAR(p->shapley_shubik_error[i], sqrt(q * (1 - q) / 2000), 1e-15);
    }
    CHECK_NEAR(sum, 1, 1e-12);
    CHECK(ent_power_indices(&again, rule, &options, NULL) == ENT_OK); /* the same seed, the same numbers */
    CHECK(memcmp(p->shapley_shubik, again->shapley_shubik, N * sizeof(double)) == 0);
    ent_power_free(again);
    options.seed = 2;
    CHECK(ent_power_indices(&again, rule, &options, NULL) == ENT_OK);
    CHECK(memcmp(p->shapley_shubik, again->shapley_shubik, N * sizeof(double)) != 0);
    ent_power_free(again);
    ent_power_free(p);
    ent_rule_free(rule);
}

static void refuse(const ent_rule *rule, const ent_power_options *options, ent_status want, const char *words)
{
    ent_power *p = (ent_power *)1;
    ent_error err = {0};
    ent_status status = ent_power_indices(&p, rule, options, &err);
    if (status != want || p != NULL || strstr(err.message, words) == NULL)
        fail_msg("status %d, want %d; message '%s', want '%s'", status, want, err.message, words);
}

static void what_cannot_be_is_told(void **state)
{
    (void)state;
    ent_rule *rule;
    ent_power_options o = ENT_POWER_OPTIONS_INIT;
    CHECK(ent_rule_majority(&rule, 70, NULL) == ENT_OK);
    o.method = ENT_POWER_ENUMERATE;
    refuse(rule, &o, ENT_ERR_LIMIT, "70 members and 1 criterion; enumeration takes at most 34 members");
    o.method = ENT_POWER_COUNT;
    refuse(rule, &o, ENT_ERR_LIMIT, "at most 63 members");
    o.method = (ent_power_method)99;
    refuse(rule, &o, ENT_ERR_ARGUMENT, "no method 99");
    o = (ent_power_options)ENT_POWER_OPTIONS_INIT;
    o.version = 7;
    refuse(rule, &o, ENT_ERR_ARGUMENT, "version 7");
    o.version = 1;
    o.samples = -1;
    refuse(rule, &o, ENT_ERR_ARGUMENT, "-1 samples");
    o.samples = 0;
    ent_rule_free(rule);
    CHECK(ent_rule_majority(&rule, 3, NULL) == ENT_OK);
    o.bloc = (const int32_t[]){0, 2, 2};
    refuse(rule, &o, ENT_ERR_ARGUMENT, "bloc 1 has no members");
    o.bloc = (const int32_t[]){0, -1, 0};
    refuse(rule, &o, ENT_ERR_ARGUMENT, "member 2 is in bloc -1");
    refuse(NULL, NULL, ENT_ERR_ARGUMENT, "NULL");
    CHECK(ent_power_indices(NULL, rule, NULL, NULL) == ENT_ERR_ARGUMENT);
    ent_power_free(NULL);
    CHECK(strcmp(ent_power_method_text((ent_power_method)50), "unknown") == 0);
    ent_rule_free(rule);
}

/* Every allocation fails once, in each way. */
static void failed_allocations_are_told(void **state)
{
    (void)state;
    ent_rule *rule = weighted((const double[]){4, 4, 4, 2, 2, 1}, 6, 12);
    for (ent_power_method way = ENT_POWER_COUNT; way < ENT_POWER_METHOD_COUNT; way++) {
        ent_power_options o = ENT_POWER_OPTIONS_INIT;
        ent_status status = ENT_ERR_MEMORY;
        o.method = way;
        o.samples = 10;
        o.bloc = (const int32_t[]){0, 0, 1, 1, 2, 2};
        for (int64_t k = 1; status == ENT_ERR_MEMORY; k++) {
            ent_power *p = NULL;
            CHECK(k < 200);
            ent__alloc_fail_at(k, true);
            status = ent_power_indices(&p, rule, &o, NULL);
            ent__alloc_fail_at(0, false);
            CHECK((status == ENT_OK) == (p != NULL));
            ent_power_free(p);
        }
        CHECK(status == ENT_OK);
    }
    ent_rule_free(rule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_security_council),
        cmocka_unit_test(the_council_of_1958_has_a_dummy),
        cmocka_unit_test(consensus_shares_power_evenly),
        cmocka_unit_test(equal_members_have_equal_power),
        cmocka_unit_test(ways_agree_on_random_games),
        cmocka_unit_test(the_integral_is_the_table),
        cmocka_unit_test(the_integral_over_chances_is_enumeration),
        cmocka_unit_test(chambers_share_power),
        cmocka_unit_test(owen_knows_its_ends),
        cmocka_unit_test(sampling_is_the_last_resort_and_says_so),
        cmocka_unit_test(what_cannot_be_is_told),
        cmocka_unit_test(failed_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
