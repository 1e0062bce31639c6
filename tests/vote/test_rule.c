/* Rules: who decides, and what is refused in which words. */
#include "rule_case.h"

#define WINS(rule, ...) ent_rule_wins(rule, (const bool[]){__VA_ARGS__})

static void refused(ent_rule_builder *to, ent_status want, const char *words)
{
    ent_rule *rule = (ent_rule *)1;
    ent_error err = {0};
    ent_status status = ent_rule_end(&rule, to, &err);
    if (status != want || rule != NULL || err.status != want || strstr(err.message, words) == NULL)
        fail_msg("status %d, want %d; message '%s', want '%s'", status, want, err.message, words);
}

static void refused_weights(const double *w, size_t n, double quota, bool share, bool strict, ent_status want,
                            const char *words)
{
    ent_rule *rule = NULL;
    ent_error err = {0};
    ent_status status = ent_rule_weighted(&rule, w, n, quota, share, strict, &err);
    if (status != want || rule != NULL || strstr(err.message, words) == NULL)
        fail_msg("status %d, want %d; message '%s', want '%s'", status, want, err.message, words);
}

static void the_common_rules_decide(void **state)
{
    (void)state;
    ent_rule *rule;
    CHECK(ent_rule_consensus(&rule, 3, NULL) == ENT_OK);
    CHECK(WINS(rule, 1, 1, 1) && !WINS(rule, 1, 1, 0) && !WINS(rule, 0, 0, 0));
    ent_rule_free(rule);
    CHECK(ent_rule_majority(&rule, 4, NULL) == ENT_OK); /* half is not more than half */
    CHECK(WINS(rule, 1, 1, 1, 0) && !WINS(rule, 1, 1, 0, 0));
    ent_rule_free(rule);
    CHECK(ent_rule_majority(&rule, 1, NULL) == ENT_OK);
    CHECK(WINS(rule, 1) && !WINS(rule, 0));
    ent_rule_free(rule);
    rule = weighted((const double[]){4, 4, 4, 2, 2, 1}, 6, 12);
    CHECK(WINS(rule, 1, 1, 1, 0, 0, 0) && !WINS(rule, 1, 1, 0, 1, 0, 1) && WINS(rule, 1, 1, 0, 1, 1, 0));
    ent_rule_free(rule);
}

static void shares_of_weight_are_exact(void **state)
{
    (void)state;
    ent_rule *rule;
    const double w[] = {13, 4, 3};
    CHECK(ent_rule_weighted(&rule, w, 3, 0.65, true, false, NULL) == ENT_OK); /* 0.65 * 20 is 13 */
    CHECK(WINS(rule, 1, 0, 0) && !WINS(rule, 0, 1, 1));
    ent_rule_free(rule);
    CHECK(ent_rule_weighted(&rule, w, 3, 0.65, true, true, NULL) == ENT_OK);
    CHECK(!WINS(rule, 1, 0, 0) && WINS(rule, 1, 0, 1));
    ent_rule_free(rule);
    CHECK(ent_rule_weighted(&rule, w, 3, 1, true, false, NULL) == ENT_OK);
    CHECK(WINS(rule, 1, 1, 1) && !WINS(rule, 1, 1, 0));
    ent_rule_free(rule);
}

/* promise: tenth-and-two-tenths */
static void decimals_reach_their_sum(void **state)
{
    (void)state;
    ent_rule *rule = weighted((const double[]){0.1, 0.2, 0.7}, 3, 0.3); /* 0.1 + 0.2 > 0.3 in binary */
    CHECK(WINS(rule, 1, 1, 0) && !WINS(rule, 0, 1, 0));
    ent_rule_free(rule);
    CHECK(ent_rule_weighted(&rule, (const double[]){0.1, 0.2, 0.7}, 3, 0.3, false, true, NULL) == ENT_OK);
    CHECK(!WINS(rule, 1, 1, 0) && WINS(rule, 1, 0, 1));
    ent_rule_free(rule);
}

static void rules_nest(void **state)
{
    (void)state;
    ent_rule_builder *to =
        ent_rule_begin(5); /* 0, 1 and a group of 2, 3, 4 that decides by majority: all three agree */
    int32_t group = ent_rule_criterion(to, (const int32_t[]){2, 3, 4}, NULL, 3, 1.5, true);
    ent_rule_all(to, (const int32_t[]){0, 1, group}, 3);
    ent_rule *rule = ended(to);
    CHECK(WINS(rule, 1, 1, 1, 1, 0) && !WINS(rule, 1, 1, 1, 0, 0) && !WINS(rule, 1, 0, 1, 1, 1));
    ent_rule_free(rule);
    rule = security_council();
    CHECK(WINS(rule, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0));
    CHECK(!WINS(rule, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1));
    CHECK(!WINS(rule, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0));
    ent_rule_free(rule);
}

static void bad_weights_and_quotas_are_refused(void **state)
{
    (void)state;
    refused_weights((const double[]){1, -2, 1}, 3, 1, false, false, ENT_ERR_DOMAIN, "the weight of member 2");
    refused_weights((const double[]){1, NAN}, 2, 1, false, false, ENT_ERR_DOMAIN, "is undefined");
    refused_weights((const double[]){1, INFINITY}, 2, 1, false, false, ENT_ERR_DOMAIN, "is infinite");
    refused_weights((const double[]){0, 0}, 2, 1, false, false, ENT_ERR_DOMAIN, "nobody can satisfy it");
    refused_weights((const double[]){2, 3}, 2, 0, false, false, ENT_ERR_DOMAIN, "nobody would need to agree");
    refused_weights((const double[]){2, 3}, 2, -1, false, false, ENT_ERR_DOMAIN, "nobody would need to agree");
    refused_weights((const double[]){2, 3}, 2, NAN, false, false, ENT_ERR_DOMAIN, "the quota");
    refused_weights((const double[]){2, 3}, 2, INFINITY, false, false, ENT_ERR_DOMAIN, "the quota");
    refused_weights((const double[]){2, 3}, 2, 6, false, false, ENT_ERR_DOMAIN,
                    "a weight of 6 is needed in criterion 1, all its weights sum to 5");
    refused_weights((const double[]){2, 3}, 2, 5, false, true, ENT_ERR_DOMAIN, "more than 5 is needed");
    refused_weights((const double[]){2, 3}, 2, 1.5, true, false, ENT_ERR_DOMAIN,
                    "a share of the weight is from 0 to 1");
    refused_weights(NULL, 2, 1, false, false, ENT_ERR_ARGUMENT, "NULL");
    refused_weights((const double[]){1}, 0, 1, false, false, ENT_ERR_ARGUMENT, "at least one member");
    refused(ent_rule_begin(ENT_RULE_MOST_MEMBERS + 1), ENT_ERR_LIMIT, "a rule has at most 10000");
}

static void bad_units_are_refused(void **state)
{
    (void)state;
    ent_rule_builder *to = ent_rule_begin(3);
    ent_rule_all(to, (const int32_t[]){0, 7}, 2);
    refused(to, ENT_ERR_ARGUMENT, "counts unit 7; there are 3 members");
    to = ent_rule_begin(3);
    ent_rule_all(to, (const int32_t[]){0, -1}, 2);
    refused(to, ENT_ERR_ARGUMENT, "counts unit -1");
    to = ent_rule_begin(3);
    ent_rule_all(to, (const int32_t[]){0, 1, 0}, 3);
    refused(to, ENT_ERR_ARGUMENT, "member 1 counts twice in criterion 1");
    to = ent_rule_begin(3);
    ent_rule_all(to, (const int32_t[]){3}, 1); /* itself */
    refused(to, ENT_ERR_ARGUMENT, "counts unit 3");
    to = ent_rule_begin(3);
    ent_rule_all(to, (const int32_t[]){0}, 1);
    ent_rule_all(to, (const int32_t[]){1}, 1);
    refused(to, ENT_ERR_ARGUMENT, "criterion 1 counts nowhere");
    to = ent_rule_begin(3);
    ent_rule_all(to, NULL, 0);
    refused(to, ENT_ERR_ARGUMENT, "all members are meant, which are 3, not 0");
    refused(ent_rule_begin(3), ENT_ERR_ARGUMENT, "at least one criterion");
    refused(NULL, ENT_ERR_MEMORY, "not enough memory");
    to = ent_rule_begin(2);
    for (int k = 0; k <= ENT_RULE_MOST_NODES; k++)
        ent_rule_all(to, NULL, 2);
    refused(to, ENT_ERR_LIMIT, "at most 256 criteria");
    to = ent_rule_begin(3);
    ent_rule_all_but(to, NULL, 3, 3);
    refused(to, ENT_ERR_DOMAIN, "nobody would need to agree");
}

/* A rule from a file that someone wrote by hand, or a broken one. */
static void rules_from_anywhere_are_checked(void **state)
{
    (void)state;
    ent_rule_part part[] = {{0, 0, 1}, {1, 0, 2}, {2, 0, 1}};
    ent_rule_node node[] = {{ENT_RULE_CRITERION, 0, 2, 0, 2}, {ENT_RULE_ALL, 2, 1, 0, 1}};
    ent_rule rule = {2, 2, 3, node, part}, *copy = NULL;
    ent_error err = {0};
    CHECK(ent_rule_copy(&copy, &rule, NULL) == ENT_OK);
    part[0].weight = 99; /* the copy is its own */
    CHECK(copy->part[0].weight == 1 && copy->node != node && WINS(copy, 0, 1));
    ent_rule_free(copy);
    part[0].weight = 1;
    part[2].unit = 3; /* criterion 2 counts itself */
    CHECK(ent_rule_check(&rule, &err) == ENT_ERR_ARGUMENT && strstr(err.message, "counts unit 3") != NULL);
    part[2].unit = 2;
    node[1].first = 3;
    CHECK(ent_rule_check(&rule, NULL) == ENT_ERR_ARGUMENT);
    node[1].first = INT32_MAX;
    CHECK(ent_rule_check(&rule, NULL) == ENT_ERR_ARGUMENT);
    node[1].first = -1;
    CHECK(ent_rule_check(&rule, NULL) == ENT_ERR_ARGUMENT);
    node[1].first = 2;
    node[1].count = 0;
    CHECK(ent_rule_check(&rule, NULL) == ENT_ERR_ARGUMENT);
    node[1].count = 1;
    CHECK(ent_rule_check(&rule, NULL) == ENT_OK);
    rule.nodes = ENT_RULE_MOST_NODES + 1;
    CHECK(ent_rule_check(&rule, NULL) == ENT_ERR_LIMIT);
    rule.nodes = 2;
    rule.parts = -5;
    CHECK(ent_rule_check(&rule, NULL) == ENT_ERR_LIMIT);
    rule.parts = 3;
    rule.node = NULL;
    CHECK(ent_rule_check(&rule, NULL) == ENT_ERR_ARGUMENT);
    CHECK(ent_rule_check(NULL, NULL) == ENT_ERR_ARGUMENT);
    CHECK(ent_rule_copy(NULL, &rule, NULL) == ENT_ERR_ARGUMENT);
    ent_rule_free(NULL);
}

static void contradictory_criteria_are_told(void **state)
{
    (void)state;
    ent_rule_builder *to = ent_rule_begin(2); /* a part of a rule may be out of reach, as long as the whole is not */
    int32_t never = ent_rule_criterion(to, NULL, NULL, 2, 3, false);
    ent_rule_any(to, (const int32_t[]){0, never}, 2);
    ent_rule *rule = ended(to);
    CHECK(WINS(rule, 1, 0) && !WINS(rule, 0, 1));
    ent_rule_free(rule);
    to = ent_rule_begin(2);
    never = ent_rule_criterion(to, NULL, NULL, 2, 3, false);
    ent_rule_all(to, (const int32_t[]){0, never}, 2);
    refused(to, ENT_ERR_DOMAIN, "a weight of 3 is needed in criterion 1, all its weights sum to 2");
}

/* Every allocation fails once. */
static void failed_allocations_are_told(void **state)
{
    (void)state;
    int64_t k = 1;
    ent_status status = ENT_ERR_MEMORY;
    for (; status == ENT_ERR_MEMORY; k++) {
        ent_rule *rule = NULL;
        ent__alloc_fail_at(k, false);
        status = ent_rule_consensus(&rule, 40, NULL);
        ent__alloc_fail_at(0, false);
        CHECK((status == ENT_OK) == (rule != NULL));
        ent_rule_free(rule);
    }
    CHECK(status == ENT_OK && k > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_common_rules_decide),
        cmocka_unit_test(shares_of_weight_are_exact),
        cmocka_unit_test(decimals_reach_their_sum),
        cmocka_unit_test(rules_nest),
        cmocka_unit_test(bad_weights_and_quotas_are_refused),
        cmocka_unit_test(bad_units_are_refused),
        cmocka_unit_test(rules_from_anywhere_are_checked),
        cmocka_unit_test(contradictory_criteria_are_told),
        cmocka_unit_test(failed_allocations_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
