/* Levers: the cheapest pull, where it is known. x is uniform on 0 to 10, so P(x + pull >= 8) = 0.2 + pull / 10. */
#include "small.h"

#include <math.h>

#define X "inputs:\n  x: {value: \"uniform(0, 10)\", why: w, source: s, unit: points}\n  y: {value: 0, why: w, source: s, unit: points}\n"     \
          "quantities:\n  z: {value: \"x + y\"}\nclaims:\n  high: {who: a, says: b, title: High, holds: \"z >= 8\"}\n"

typedef struct pulled { small s; ent_levers *levers; ent_status status; } pulled;

static pulled pull(const char *levers, const ent_goal *goal, size_t n_goals, int64_t draws)
{
    char yaml[4096];
    snprintf(yaml, sizeof yaml, HEAD X "%s", levers);
    pulled p = {.s = small_new(yaml)};
    if (small_compile(&p.s, NULL, 0) != ENT_OK) {
        p.status = ENT_ERR_SCENARIO;
        return p;
    }
    ent_levers_options options = ENT_LEVERS_OPTIONS_INIT;
    options.draws = draws;
    options.goal = goal;
    options.n_goals = n_goals;
    p.status = ent_levers_run(&p.levers, p.s.plan, &options, &p.s.err);
    return p;
}

static void pulled_free(pulled *p)
{
    ent_levers_free(p->levers);
    small_free(&p->s);
}

static void one_lever_is_pulled_just_far_enough(void **state)
{
    (void)state;
    pulled p = pull("levers:\n  push: {actor: us, range: [0, 8], cost: 2 euro, changes: {y: value + lever}}\n", NULL, 0, 4096);
    assert_int_equal(p.status, ENT_OK);
    ent_levers_facts facts = ent_levers_get_facts(p.levers);
    assert_int_equal(facts.goals, 1);
    ent_goal_view goal = ent_levers_goal(p.levers, 0);
    CHECK_NEAR(goal.now, 0.2, 0.025);
    CHECK_NEAR(goal.now_error, sqrt(goal.now * (1 - goal.now) / 4096), 1e-12);
    assert_true(goal.at_least && !goal.met && goal.threshold == 0.5);
    ent_way_view way = ent_levers_way(p.levers, 0, 0);
    assert_true(way.found);
    assert_string_equal(way.actor_name, "United States");
    CHECK_NEAR(way.amount[0], 3, 8.0 / 64 + 0.25); /* the step, and the noise of 4096 draws */
    CHECK_SAME(way.cost, 2 * way.amount[0]);
    assert_true(way.reaches >= 0.5 && way.reaches < 0.52);
    assert_true(way.change_error > 0 && way.change_error < 0.01); /* paired: less than the error of either share */
    pulled_free(&p);
}

/* a costs 2 a unit and b costs 1, each up to 2: the cheapest way to 3 is all of b and one of a. */
static void the_cheaper_of_two_levers_goes_first(void **state)
{
    (void)state;
    pulled p = pull("levers:\n  a: {actor: us, range: [0, 2], cost: 2 euro, changes: {y: value + lever}}\n"
                    "  b: {actor: us, range: [0, 2], cost: 1 euro, changes: {y: value + lever}}\n", NULL, 0, 4096);
    assert_int_equal(p.status, ENT_OK);
    ent_way_view way = ent_levers_way(p.levers, 0, 0);
    assert_true(way.found);
    CHECK_SAME(way.amount[1], 2);
    CHECK_NEAR(way.amount[0], 1, 0.25);
    CHECK_NEAR(way.cost, 4, 0.5);
    pulled_free(&p);
}

static void who_cannot_is_told_so(void **state)
{
    (void)state;
    ent_goal goal[] = {{"high", 1, 0.9}, {"z", 1, 6.5}, {"high", -1, 0.25}};
    pulled p = pull("levers:\n  a: {actor: us, range: [0, 2], cost: 2 euro, changes: {y: value + lever}}\n"
                    "  b: {actor: pl, range: [-3, 0], cost: words, changes: {y: value + lever}}\n", goal, 3, 1024);
    assert_int_equal(p.status, ENT_OK);
    ent_way_view way = ent_levers_way(p.levers, 0, 0);
    assert_false(way.found);
    CHECK_NEAR(way.reaches, 0.4, 0.05);
    assert_true(ent_levers_way(p.levers, 1, 0).found);
    CHECK_NEAR(ent_levers_way(p.levers, 1, 0).amount[0], 1.5, 0.25);
    assert_false(ent_levers_way(p.levers, 1, 1).found);
    assert_true(ent_levers_goal(p.levers, 2).met); /* it stands at 0.2 */
    CHECK_SAME(ent_levers_way(p.levers, 2, 0).cost, 0);
    assert_true(isnan(ent_levers_way(p.levers, 2, 0).amount[0]));
    pulled_free(&p);
}

/* A pull is what --set ID.lever gives on a run of the same draws. */
static void a_pull_is_a_setting(void **state)
{
    (void)state;
    const char *levers = "levers:\n  a: {actor: us, range: [0, 4], cost: 2 euro, changes: {y: value + lever}}\n";
    pulled p = pull(levers, NULL, 0, 1000);
    ent_way_view way = ent_levers_way(p.levers, 0, 0);
    char text[40];
    snprintf(text, sizeof text, "%.17g", way.amount[0]);
    ent_setting setting = {"a.lever", text};
    char yaml[4096];
    snprintf(yaml, sizeof yaml, HEAD X "%s", levers);
    small s = small_new(yaml);
    assert_int_equal(small_compile(&s, &setting, 1), ENT_OK);
    small_run(&s, 1000, 1);
    CHECK_SAME(ent_results_claim(s.results, 0).arm[ENT_ARM_WITH].share, way.reaches);
    small_free(&s);
    pulled_free(&p);
}

/* promise: studies-threads */
static void threads_change_nothing(void **state)
{
    (void)state;
    const char *levers = "levers:\n  a: {actor: us, range: [0, 4], cost: 2 euro, changes: {y: value + lever}}\n";
    pulled one = pull(levers, NULL, 0, 1000);
    ent_levers_options options = ENT_LEVERS_OPTIONS_INIT;
    options.draws = 1000;
    options.jobs = 3;
    ent_levers *three;
    assert_int_equal(ent_levers_run(&three, one.s.plan, &options, &one.s.err), ENT_OK);
    char *a, *b;
    size_t n, m;
    assert_int_equal(ent_levers_json(&a, &n, one.levers, &one.s.err), ENT_OK);
    assert_int_equal(ent_levers_json(&b, &m, three, &one.s.err), ENT_OK);
    assert_int_equal(n, m);
    assert_memory_equal(a, b, n);
    ent_bytes_free(a);
    ent_bytes_free(b);
    ent_levers_free(three);
    pulled_free(&one);
}

static void check_error(const char *levers, const char *words)
{
    pulled p = pull(levers, NULL, 0, 64);
    assert_int_equal(p.status, ENT_ERR_SCENARIO);
    bool found = false;
    for (size_t i = 0; i < ent_diagnostics_count(p.s.list); i++)
        found = found || strstr(ent_diagnostics_get(p.s.list, i).message, words) != NULL;
    if (!found)
        small_print_errors(&p.s);
    assert_true(found);
    pulled_free(&p);
}

static void bad_levers_are_named(void **state)
{
    (void)state;
    check_error("levers:\n  a: {actor: us, range: [2, 2], cost: 1 euro, changes: {y: value + lever}}\n", "below the second");
    check_error("levers:\n  a: {actor: nobody, range: [0, 2], cost: 1 euro, changes: {y: value + lever}}\n", "nobody");
    check_error("levers:\n  a: {actor: us, range: [0, 2], cost: -1 euro, changes: {y: value + lever}}\n", "more than 0");
    check_error("levers:\n  a: {actor: us, range: [0, 2], cost: 1 euro, changes: {yy: value + lever}}\n", "lever \"a\" changes the unknown \"yy\"");
}

static void bad_goals_are_named(void **state)
{
    (void)state;
    const char *levers = "levers:\n  a: {actor: us, range: [0, 4], cost: 2 euro, changes: {y: value + lever}}\n";
    ent_goal unknown = {"hihg", 1, 0.9}, bare = {"z", 0, NAN};
    pulled p = pull(levers, &unknown, 1, 64);
    assert_int_equal(p.status, ENT_ERR_ARGUMENT);
    assert_non_null(strstr(p.s.err.message, "did you mean \"high\""));
    pulled_free(&p);
    p = pull(levers, &bare, 1, 64);
    assert_int_equal(p.status, ENT_ERR_ARGUMENT);
    assert_non_null(strstr(p.s.err.message, "needs a value"));
    pulled_free(&p);
    p = pull("", NULL, 0, 64); /* no levers: nothing to search, and no error */
    assert_int_equal(p.status, ENT_OK);
    assert_int_equal(ent_levers_get_facts(p.levers).levers, 0);
    pulled_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_lever_is_pulled_just_far_enough),
        cmocka_unit_test(the_cheaper_of_two_levers_goes_first),
        cmocka_unit_test(who_cannot_is_told_so),
        cmocka_unit_test(a_pull_is_a_setting),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(bad_levers_are_named),
        cmocka_unit_test(bad_goals_are_named),
    };
    return cmocka_run_group_tests_name("levers", tests, NULL, NULL);
}
