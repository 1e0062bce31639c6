/* What a scenario can say, compiled and run: shapes, groups, years, arms, errors. */
#include "small.h"

#define DUES                                                                                                           \
    "  dues:\n    question: How much?\n    scale: {0: nothing, 10: all}\n    stances:\n"                                    \
    "      - {actor: us, position: 2, salience: 0.2, capability: 4}\n"                                                  \
    "      - {actor: ru, position: 9, salience: 0, capability: 2}\n"                                                    \
    "      - {actor: pl, position: 5, salience: 0, capability: 1}\n"                                                    \
    "      - {actor: fr, position: 8, salience: 0.4, capability: 3}\n"

static double mean_of(const char *expression, const char *more)
{
    char yaml[4096];
    snprintf(yaml, sizeof yaml, HEAD "time: {start: 2026, years: 4}\ngroups:\n  nato: {members: {nato: \"yes\"}}\n%squantities:\n  q: {value: \"%s\"}\n", more, expression);
    small s = small_new(yaml);
    small_run(&s, 64, 1);
    double mean = small_quantity(&s, "q").arm[ENT_ARM_WITH].mean;
    small_free(&s);
    return mean;
}

static void arithmetic_has_its_usual_order(void **state)
{
    (void)state;
    CHECK_SAME(mean_of("1 + 2 * 3 ^ 2 ^ 0.5 - 4 / 8", ""), 1 + 2 * pow(3, pow(2, 0.5)) - 0.5);
    CHECK_SAME(mean_of("-2 ^ 2", ""), -4);
    CHECK_SAME(mean_of("if(1 < 2 and not (2 < 1), 10, 20)", ""), 10);
    CHECK_SAME(mean_of("max(1, 5, 3) + min(4, 2) + abs(-7)", ""), 14);
    CHECK_NEAR(mean_of("exp(log(3)) + sqrt(16)", ""), 7, 1e-15);
    CHECK_SAME(mean_of("2 == 2 or 1 / 0 > 3", ""), 1);
}

static void groups_are_summed_in_the_order_of_actors(void **state)
{
    (void)state;
    CHECK_SAME(mean_of("sum(gdp)", ""), 10);
    CHECK_SAME(mean_of("sum(gdp[nato])", ""), 8);
    CHECK_SAME(mean_of("max(gdp[nato]) - min(gdp[nato])", ""), 3);
    CHECK_SAME(mean_of("mean(gdp[nato] * gdp[nato])", ""), 26.0 / 3);
    CHECK_SAME(mean_of("gdp[fr] / sum(gdp)", ""), 0.3);
    CHECK_SAME(mean_of("rank_correlation(gdp, gdp ^ 2)", ""), 1);
    CHECK_SAME(mean_of("rank_correlation(gdp, -gdp)", ""), -1);
}

/* Positions 20, 0, 90, 60 against gdp 4, 2, 1, 3: ranks 2 1 4 3 and 4 2 1 3; 1 - 6 * (4 + 1 + 9 + 0) / (4 * 15) = -0.4 */
static void rank_correlation_of_two_columns(void **state)
{
    (void)state;
    CHECK_NEAR(mean_of("rank_correlation(gdp, door.position)", DOOR), -0.4, 1e-15);
}

static void quantities_by_actor_and_year(void **state)
{
    (void)state;
    small s = small_new(HEAD "time: {start: 2026, years: 4}\nquantities:\n"
                             "  part: {value: \"gdp / sum(gdp)\"}\n"
                             "  stock: {value: \"0.5 * previous(stock, 8) + gdp\"}\n"
                             "  clock: {value: \"year - 2026\"}\n"
                             "  last_stock: {value: \"last(stock[pl])\"}\n"
                             "  all_stocks: {value: \"sum(sum(stock))\"}\n"
                             "  late: {value: \"mean(stock[us, 2027..2028])\"}\n");
    small_run(&s, 64, 1);
    CHECK_SAME(small_quantity(&s, "part[us]").arm[ENT_ARM_WITH].mean, 0.4);
    /* stock[us]: 0.5 * 8 + 4 = 8, then 8, 8, 8; stock[pl]: 5, 3.5, 2.75, 2.375 */
    CHECK_SAME(small_quantity(&s, "stock[us,2029]").arm[ENT_ARM_WITH].mean, 8);
    CHECK_SAME(small_quantity(&s, "stock[pl,2027]").arm[ENT_ARM_WITH].mean, 3.5);
    CHECK_SAME(small_quantity(&s, "clock[2028]").arm[ENT_ARM_WITH].mean, 2);
    CHECK_SAME(small_quantity(&s, "last_stock").arm[ENT_ARM_WITH].mean, 2.375);
    CHECK_SAME(small_quantity(&s, "late").arm[ENT_ARM_WITH].mean, 8);
    /* us 32; ru 6 5 4.5 4.25; pl 5 3.5 2.75 2.375; fr 7 6.5 6.25 6.125 */
    CHECK_SAME(small_quantity(&s, "all_stocks").arm[ENT_ARM_WITH].mean, 32 + 19.75 + 13.625 + 25.875);
    small_free(&s);
}

static void tables_by_actor_and_year(void **state)
{
    (void)state;
    small s = small_new(HEAD "tables:\n  past: {file: past.csv}\nquantities:\n"
                             "  growth: {value: \"income[us, 2005] / income[us, 2004]\"}\n"
                             "  total: {value: \"sum(sum(income))\"}\n");
    small_write(&s, "past.csv", "actor,year,income\nus,2004,10\nus,2005,12\nfr,2004,3\nfr,2005,5\n");
    small_run(&s, 64, 1);
    CHECK_SAME(small_quantity(&s, "growth").arm[ENT_ARM_WITH].mean, 1.2);
    CHECK_SAME(small_quantity(&s, "total").arm[ENT_ARM_WITH].mean, 30);
    small_free(&s);
}

static void a_cycle_is_printed(void **state)
{
    (void)state;
    small_refuses(HEAD "quantities:\n  a: {value: \"b + 1\"}\n  b: {value: \"c * 2\"}\n  c: {value: \"a - 1\"}\n", "a -> b -> c -> a");
    small_refuses(HEAD "quantities:\n  a: {value: \"a + 1\"}\n", "a -> a");
}

static void names_shapes_and_places_are_checked(void **state)
{
    (void)state;
    small_refuses(HEAD "inputs:\n  us_stake: {value: 1 to 2}\nquantities:\n  q: {value: \"us_steak * 2\"}\n", "did you mean \"us_stake\"?");
    small_refuses(HEAD "quantities:\n  q: {value: \"gdp[uk]\"}\n", "\"uk\" is neither an actor nor a group");
    small_refuses(HEAD "claims:\n  c: {who: x, says: y, holds: \"gdp > 2\"}\n", "for each actor");
    small_refuses(HEAD "time: {start: 2026, years: 2}\nquantities:\n  q: {value: year}\nclaims:\n  c: {who: x, says: y, holds: \"q > 2\"}\n", "for each year");
    small_refuses(HEAD "quantities:\n  q: {value: \"year + 1\"}\n", "\"year\" is known only inside a yearly quantity");
    small_refuses(HEAD "quantities:\n  q: {value: \"value + 1\"}\n", "\"value\" is the number that a provision or a lever changes");
    small_refuses(HEAD "quantities:\n  q: {value: \"lever + 1\"}\n", "it stands only in what a lever changes");
    small_refuses(HEAD DOOR "    settle: {compromis: 1}\n", "did you mean \"compromise\"?");
    small_refuses(HEAD DOOR "    settle: {compromise: 0}\n", "all zero");
    small_refuses(HEAD "issues:\n" DUES "    settle: gravity\n", "needs a status quo");
    small_refuses(HEAD "issues:\n" DUES "    settle: {nash: {weight: 1, disagreement: status_quo}}\n", "needs a status quo");
    small_refuses(HEAD "inputs:\n  gdp: {value: 1}\n", "it is taken since");
    small_refuses(HEAD "inputs:\n  x: {value: 1}\nclaims:\n  c: {who: x, says: y, holds: \"p(x > 1) > 0.5\"}\n", "`overall:`");
    small_refuses(HEAD "inputs:\n  x: {value: 1}\nclaims:\n  c: {who: x, says: y, overall: \"x > 0.5\"}\n", "`overall` joins");
    small_refuses(HEAD DOOR "    settle: compromise\ndocument:\n  title: T\n  provisions:\n    p:\n      says: s\n      changes: {door.outcome: 10}\n", "follows from other numbers");
    small_refuses(HEAD "known:\n  nothing.outcome: {value: 3}\n", "nothing is computed that is named");
    small_refuses(HEAD "inputs:\n  x: {value: 1 to 2}\n  y: {value: 1 to 2}\n  z: {value: 1 to 2}\ncorrelations: [[x, y, 0.9], [y, z, 0.9], [x, z, -0.9]]\n", "contradict");
}

static void unlike_units_are_a_warning(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  a: {value: 1, unit: apples}\n  b: {value: 2, unit: pears}\nquantities:\n  q: {value: \"a + b\"}\n");
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    CHECK(small_says(&s, "unlike units: \"apples\" and \"pears\""));
    CHECK(ent_diagnostics_errors(s.list) == 0);
    small_free(&s);
}

#define DOCUMENT                                                                                                       \
    "inputs:\n  x: {value: 10 to 20}\n  chance: {value: 0.25}\nquantities:\n  twice: {value: \"2 * x\"}\n"              \
    "document:\n  title: A note\n  issuer: us\n  provisions:\n"                                                         \
    "    first: {says: a, takes_hold: chance, changes: {x: value + 5}}\n"                                              \
    "    second: {says: b, takes_hold: chance, changes: {x: value * 2}}\n"                                             \
    "    third: {says: c, takes_hold: 0.5, changes: {\"door.position[us]\": 80}}\n"

/* promise: mc-error */
static void arms_share_their_draws(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR "    settle: compromise\n" DOCUMENT
                             "claims:\n  exact: {who: w, says: s, holds: \"taken(twice) == 2 * (without(x) + 5) * 2\"}\n"
                             "  no_without: {who: w, says: s, holds: \"change(x) > 0\"}\n"
                             "  event: {who: w, says: s, when: first.in_force, holds: \"with(x) == taken(x)\"}\n"
                             "  together: {who: w, says: s, holds: \"first.in_force == second.in_force\"}\n");
    small_run(&s, 20000, 2);
    ent_quantity_view twice = small_quantity(&s, "twice"), door = small_quantity(&s, "door.outcome");
    CHECK(twice.moves && door.moves);
    CHECK_NEAR(twice.arm[ENT_ARM_WITHOUT].mean, 30, 0.3);
    CHECK_NEAR(twice.arm[ENT_ARM_TAKEN].mean, 2 * (twice.arm[ENT_ARM_WITHOUT].mean + 10), 1e-9);
    CHECK_NEAR(twice.arm[ENT_ARM_WITH].mean, 30 + 0.25 * 50, 0.6);
    /* weights c s: 2, 2, 1, 1.5; sum of w x: 40 + 0 + 90 + 90 = 220 over 6.5; with us at 80: 340 over 6.5 */
    CHECK_NEAR(door.arm[ENT_ARM_WITHOUT].mean, 220 / 6.5, 1e-12);
    CHECK_NEAR(door.arm[ENT_ARM_TAKEN].mean, 340 / 6.5, 1e-12);
    CHECK_SAME(small_claim(&s, "exact").arm[ENT_ARM_WITH].share, 1);
    ent_claim_view no_without = small_claim(&s, "no_without");
    CHECK(isnan(no_without.arm[ENT_ARM_WITHOUT].share));
    CHECK_SAME(no_without.arm[ENT_ARM_TAKEN].share, 1);
    CHECK_NEAR(no_without.arm[ENT_ARM_WITH].share, 0.25, 0.015);
    ent_claim_view event = small_claim(&s, "event");
    CHECK_SAME(event.arm[ENT_ARM_WITH].share, 1);
    CHECK_NEAR(event.arm[ENT_ARM_WITH].counted, 0.25, 0.015);
    CHECK(isnan(event.arm[ENT_ARM_WITHOUT].share)); /* it compares arms */
    CHECK_SAME(small_claim(&s, "together").arm[ENT_ARM_WITH].share, 1);
    ent_provision_view third = ent_results_provision(s.results, 2);
    CHECK_NEAR(third.share, 0.5, 0.02);
    small_free(&s);
}

/* promise: undefined-is-false */
static void undefined_compares_false_and_is_told(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {value: \"uniform(-1, 1)\"}\nclaims:\n"
                             "  c: {who: w, says: s, holds: \"sqrt(x) >= 0\"}\n"
                             "  d: {who: w, says: s, holds: \"not defined(sqrt(x))\"}\n");
    small_run(&s, 20000, 1);
    ent_claim_arm c = small_claim(&s, "c").arm[ENT_ARM_WITH];
    CHECK_NEAR(c.share, 0.5, 0.02);
    CHECK_NEAR(c.undefined, 1 - c.share, 1e-12);
    CHECK_NEAR(small_claim(&s, "d").arm[ENT_ARM_WITH].share, 1 - c.share, 1e-12);
    small_free(&s);
}

static void settings_change_one_thing(void **state)
{
    (void)state;
    ent_setting set[] = {{"x", "3"}, {"door.position[pl]", "10"}, {"c.threshold", "2"}, {"door.settle.median", "0"}};
    const char *yaml = HEAD DOOR "    settle: {compromise: 1, median: 1}\n"
                                 "inputs:\n  x: {value: 10 to 20}\nclaims:\n  c: {who: w, says: s, holds: \"x > 5\"}\n";
    small s = small_new(yaml);
    CHECK(small_compile(&s, set, 4) == ENT_OK);
    small_run(&s, 1000, 1);
    CHECK_NEAR(small_quantity(&s, "door.outcome").arm[ENT_ARM_WITH].mean, 140 / 6.5, 1e-12);
    CHECK_SAME(small_claim(&s, "c").arm[ENT_ARM_WITH].share, 1);
    CHECK(strstr(ent_results_facts(s.results).command, "--set x=3") != NULL);
    small_free(&s);
    small c = small_new(HEAD "inputs:\n  x: {value: 1 to 2}\n  y: {value: 1 to 2}\ncorrelations: [[x, y, 0.5]]\n"
                             "quantities:\n  z: {value: \"x + y\"}\n");
    CHECK(small_compile(&c, &(ent_setting){"x", "3"}, 1) == ENT_OK); /* a plain number goes with nothing */
    small_free(&c);
    small t = small_new(yaml);
    CHECK(small_compile(&t, &(ent_setting){"y_x", "3"}, 1) == ENT_ERR_SCENARIO);
    CHECK(small_says(&t, "nothing is named \"y_x\" that could be set"));
    small_free(&t);
}

/* nash with loss 1 twice as likely as with loss 0: three readings, told apart, of weights 3, 2 and 1. */
static void options_are_readings_too(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR "    settle: {compromise: 3, nash: {weight: 3, loss: {1: 2, 0: 1}}}\n");
    small_run(&s, 20000, 2);
    ent_quantity_view door = small_quantity(&s, "door.outcome");
    CHECK(door.n_models == 3);
    assert_string_equal(door.model[0], "compromise");
    assert_string_equal(door.model[1], "nash, loss 1");
    assert_string_equal(door.model[2], "nash, loss 0");
    CHECK_NEAR(door.by_model[0].mean, 220 / 6.5, 1e-12);
    CHECK(door.by_model[1].sd < 1e-9 && door.by_model[1].mean != door.by_model[2].mean);
    double mean = (3 * door.by_model[0].mean + 2 * door.by_model[1].mean + door.by_model[2].mean) / 6;
    CHECK_NEAR(door.arm[ENT_ARM_WITH].mean, mean, 5 * door.arm[ENT_ARM_WITH].mc_error);
    small_free(&s);
}

#define TWO_ISSUES                                                                                                     \
    DOOR "  price:\n    question: How much?\n    scale: {0: nothing, 10: all}\n    stances:\n"                            \
         "      - {actor: us, position: 2, salience: 1, capability: 1}\n"                                               \
         "      - {actor: fr, position: 6, salience: 1, capability: 3}\n"

/* Two issues in an arena, two readings: by compromise 220 / 6.5 and 5, by median 20 (half of 6.5 is 3.25; ru 2, us 4)
 * and 6; fr and us alone have a stance on the price. */
static void issues_in_an_arena_share_a_reading(void **state)
{
    (void)state;
    small s = small_new(HEAD TWO_ISSUES "arenas:\n  summit: {issues: [door, price], settle: {compromise: 1, median: 1}}\n"
                                        "claims:\n  same: {who: w, says: s, holds: \"(door.outcome == 20) == (price.outcome == 6)\"}\n");
    small_run(&s, 2000, 2);
    ent_quantity_view door = small_quantity(&s, "door.outcome"), price = small_quantity(&s, "price.outcome");
    CHECK(door.n_models == 2 && price.n_models == 2);
    CHECK_NEAR(door.by_model[0].mean, 220 / 6.5, 1e-12);
    CHECK_NEAR(door.by_model[1].mean, 20, 1e-12);
    CHECK_NEAR(price.by_model[0].mean, 5, 1e-12);
    CHECK_NEAR(price.by_model[1].mean, 6, 1e-12);
    CHECK_SAME(small_claim(&s, "same").arm[ENT_ARM_WITH].share, 1);
    /* utility of fr on the price: 1 - 0.01 under compromise, 1 under the median */
    double by_median = price.arm[ENT_ARM_WITH].mean - 5;
    CHECK_NEAR(small_quantity(&s, "price.utility[fr]").arm[ENT_ARM_WITH].mean, 0.99 + 0.01 * by_median, 1e-12);
    CHECK_NEAR(small_quantity(&s, "price.gain[us]").arm[ENT_ARM_WITH].mean, (1 - 0.09 - 0.07 * by_median) - (1 - 0.04), 1e-12);
    small_free(&s);
}

/* The spatial model over an arena is ent_spatial() in as many dimensions; over one issue it is the model of one. */
static void the_spatial_model_settles_an_arena(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR DUES "arenas:\n  summit: {issues: [door, dues], settle: spatial}\n");
    small_run(&s, 64, 1);
    const double position[] = {20, 2, 0, 9, 90, 5, 60, 8}, salience[] = {0.5, 0.2, 1, 0, 1, 0, 0.5, 0.4};
    const double capability[] = {4, 4, 2, 2, 1, 1, 3, 3}, low[] = {0, 0}, high[] = {100, 10};
    const ent_spatial_input input = {.n = 4, .dims = 2, .position = position, .salience = salience, .capability = capability,
                                     .by_dimension = true, .low = low, .high = high};
    ent_spatial_result *result = NULL;
    CHECK(ent_spatial(&result, &input, NULL, NULL) == ENT_OK && result->rounds > 0);
    CHECK_NEAR(small_quantity(&s, "door.outcome").arm[0].mean, result->outcome[0], 1e-9);
    CHECK_NEAR(small_quantity(&s, "dues.outcome").arm[0].mean, result->outcome[1], 1e-9);
    ent_spatial_free(result);
    small_free(&s);
    small one = small_new(HEAD DOOR "arenas:\n  summit: {issues: [door], settle: spatial}\n");
    small alone = small_new(HEAD DOOR "    settle: spatial\n");
    small_run(&one, 64, 1);
    small_run(&alone, 64, 1);
    CHECK_NEAR(small_quantity(&one, "door.outcome").arm[0].mean, small_quantity(&alone, "door.outcome").arm[0].mean, 1e-9);
    small_free(&one);
    small_free(&alone);
}

/* fr and us alone have a stance on the price: the others neither weigh nor draw there. */
static void who_has_no_stance_takes_no_part(void **state)
{
    (void)state;
    small s = small_new(HEAD TWO_ISSUES "arenas:\n  summit: {issues: [door, price], settle: spatial}\n");
    small_run(&s, 64, 1);
    double price = small_quantity(&s, "price.outcome").arm[0].mean;
    CHECK(price >= 2 && price <= 6);
    small_free(&s);
}

static void what_an_arena_refuses(void **state)
{
    (void)state;
    small_refuses(HEAD TWO_ISSUES "arenas:\n  summit: {issues: [dor, price], settle: compromise}\n", "there is no issue 'dor'");
    small_refuses(HEAD DOOR "    settle: median\narenas:\n  summit: {issues: [door], settle: compromise}\n", "says itself how it is settled");
    small_refuses(HEAD TWO_ISSUES "arenas:\n  a: {issues: [door], settle: mode}\n  b: {issues: [door], settle: mode}\n", "in an arena already");
    small_refuses(HEAD TWO_ISSUES "arenas:\n  a: {issues: [door, price], settle: modes}\n", "did you mean \"mode\"?");
}

static void a_change_may_begin_in_a_later_year(void **state)
{
    (void)state;
    small s = small_new(HEAD "time: {start: 2026, years: 4}\n" DOOR "    settle: compromise\ndocument:\n  title: T\n  provisions:\n"
                             "    late: {says: a, changes: {\"door.position[us, 2028]\": 80}}\n");
    small_run(&s, 64, 1);
    CHECK_NEAR(small_quantity(&s, "door.outcome[2027]").arm[ENT_ARM_WITH].mean, 220 / 6.5, 1e-12);
    CHECK_NEAR(small_quantity(&s, "door.outcome[2028]").arm[ENT_ARM_WITH].mean, 340 / 6.5, 1e-12);
    CHECK_NEAR(small_quantity(&s, "door.outcome[2029]").arm[ENT_ARM_WITHOUT].mean, 220 / 6.5, 1e-12);
    small_free(&s);
    small_refuses(HEAD DOOR "    settle: compromise\ndocument:\n  title: T\n  provisions:\n    late: {says: a, changes: {\"door.position[us, 2028]\": 80}}\n", "needs `time:`");
}

/* x = 10; a adds 5, b doubles, c changes another number. Over both orders a adds 5 or 10, b 15 or 10: 7.5 and 12.5. */
static void shares_are_shapley_values(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {value: 10}\n  y: {value: 1 to 3}\nquantities:\n  z: {value: \"x + 0 * y\"}\n"
                             "document:\n  title: T\n  provisions:\n"
                             "    a: {says: a, changes: {x: value + 5}}\n    b: {says: b, takes_hold: 0.5, changes: {x: value * 2}}\n"
                             "    c: {says: c, changes: {y: value + 1}}\n"
                             "claims:\n  a_part: {who: w, says: s, holds: \"abs(share(a, z) - 7.5) <= 1e-12\"}\n"
                             "  b_part: {who: w, says: s, holds: \"abs(share(b, z) - 12.5) <= 1e-12\"}\n"
                             "  b_off: {who: w, says: s, holds: \"abs(share(b, z)) <= 1e-12 and abs(share(a, z) - 5) <= 1e-12\"}\n"
                             "  nothing: {who: w, says: s, holds: \"abs(share(c, z)) <= 1e-12 and share(c, x) == 0\"}\n"
                             "  whole: {who: w, says: s, holds: \"abs(share(a, z) + share(b, z) + share(c, z) - change(z)) <= 1e-12\"}\n");
    small_run(&s, 2000, 2);
    double b = ent_results_provision(s.results, 1).share;
    CHECK_NEAR(small_claim(&s, "a_part").arm[ENT_ARM_WITH].share, b, 1e-12);
    CHECK_NEAR(small_claim(&s, "b_part").arm[ENT_ARM_WITH].share, b, 1e-12);
    CHECK_NEAR(small_claim(&s, "b_off").arm[ENT_ARM_WITH].share, 1 - b, 1e-12);
    CHECK_SAME(small_claim(&s, "a_part").arm[ENT_ARM_TAKEN].share, 1);
    CHECK_SAME(small_claim(&s, "nothing").arm[ENT_ARM_WITH].share, 1);
    CHECK_SAME(small_claim(&s, "whole").arm[ENT_ARM_WITH].share, 1);
    CHECK_SAME(small_claim(&s, "whole").arm[ENT_ARM_TAKEN].share, 1);
    CHECK(isnan(small_claim(&s, "a_part").arm[ENT_ARM_WITHOUT].share));
    small_free(&s);
    small_refuses(HEAD "inputs:\n  x: {value: 1}\ndocument:\n  title: T\n  provisions:\n    cuts: {says: a, changes: {x: 2}}\n"
                       "claims:\n  c: {who: w, says: s, holds: \"share(cut, x) > 0\"}\n", "did you mean \"cuts\"?");
}

/* Settled outcomes: the parts of two provisions add up to the whole change, and each is what it adds on average. */
static void shares_of_an_outcome_add_up(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR "    settle: {compromise: 1, nash: 1, median: 1}\ndocument:\n  title: T\n  provisions:\n"
                             "    a: {says: a, changes: {\"door.position[us]\": 70 to 90}}\n"
                             "    b: {says: b, takes_hold: 0.6, changes: {\"door.salience[pl]\": 0.2}}\n"
                             "    c: {says: c, takes_hold: 0.6, changes: {\"door.position[ru]\": 50}}\n"
                             "claims:\n  whole: {who: w, says: s, holds: \"abs(share(a, door.outcome) + share(b, door.outcome) + share(c, door.outcome) - change(door.outcome)) <= 1e-9\"}\n"
                             "  first: {who: w, says: s, holds: \"share(a, door.outcome) > share(c, door.outcome)\"}\n");
    small_run(&s, 3000, 2);
    CHECK_SAME(small_claim(&s, "whole").arm[ENT_ARM_WITH].share, 1);
    CHECK_SAME(small_claim(&s, "whole").arm[ENT_ARM_TAKEN].share, 1);
    double first = small_claim(&s, "first").arm[ENT_ARM_TAKEN].share;
    CHECK(first > 0.2 && first < 1);
    small_free(&s);
}

static void an_observation_is_no_later_than_the_document(void **state)
{
    (void)state;
    const char *yaml = HEAD "time: {start: 2025, years: 4}\n" DOOR "    settle: compromise\nquantities:\n  q: {value: \"door.outcome + year\"}\n"
                       "document:\n  title: T\n  date: 2026-05\n  provisions:\n    p: {says: a, changes: {\"door.position[us, 2027]\": 3}}\n"
                       "given:\n  - {says: s, holds: \"q[%s] > 0\", source: p}\n";
    char text[2048];
    snprintf(text, sizeof text, yaml, "2027");
    small_refuses(text, "no later than the document, which is of 2026");
    snprintf(text, sizeof text, yaml, "2026");
    small s = small_new(text);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    small_free(&s);
}

/* A lever that is not pulled changes nothing; pulled, what it says; past its end, an error. */
static void a_lever_is_pulled_by_a_setting(void **state)
{
    (void)state;
    const char *yaml = HEAD "inputs:\n  x: {value: 2}\nquantities:\n  q: {value: x}\n"
                            "levers:\n  more: {actor: us, range: [0, 1], changes: {x: value * (1 + lever)}}\n";
    static const struct { const char *text; double q; } pulls[] = {{NULL, 2}, {"0", 2}, {"0.5", 3}, {"1", 4}};
    for (size_t k = 0; k < sizeof pulls / sizeof *pulls; k++) {
        ent_setting setting = {"more.lever", pulls[k].text};
        small s = small_new(yaml);
        assert_int_equal(small_compile(&s, &setting, pulls[k].text != NULL), ENT_OK);
        small_run(&s, 64, 1);
        CHECK_SAME(small_quantity(&s, "q").arm[ENT_ARM_WITH].mean, pulls[k].q);
        CHECK_SAME(small_quantity(&s, "q").arm[ENT_ARM_WITHOUT].mean, pulls[k].q);
        small_free(&s);
    }
    small s = small_new(yaml);
    assert_int_equal(small_compile(&s, &(ent_setting){"more.lever", "1.5"}, 1), ENT_ERR_SCENARIO);
    assert_true(small_says(&s, "takes a plain number from 0 to 1"));
    small_free(&s);
}

/* A model that draws gives another outcome each draw, even where everything that goes in is fixed. */
static void a_model_that_draws_is_no_constant(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR "    settle: {spatial: {weight: 1, transition: stochastic}}\n");
    small_run(&s, 500, 1);
    CHECK(small_quantity(&s, "door.outcome").arm[ENT_ARM_WITH].sd > 0);
    small_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(arithmetic_has_its_usual_order),
                                       cmocka_unit_test(groups_are_summed_in_the_order_of_actors),
                                       cmocka_unit_test(rank_correlation_of_two_columns),
                                       cmocka_unit_test(quantities_by_actor_and_year),
                                       cmocka_unit_test(tables_by_actor_and_year),
                                       cmocka_unit_test(a_cycle_is_printed),
                                       cmocka_unit_test(names_shapes_and_places_are_checked),
                                       cmocka_unit_test(unlike_units_are_a_warning),
                                       cmocka_unit_test(arms_share_their_draws),
                                       cmocka_unit_test(undefined_compares_false_and_is_told),
                                       cmocka_unit_test(settings_change_one_thing), cmocka_unit_test(options_are_readings_too), cmocka_unit_test(issues_in_an_arena_share_a_reading),
                                       cmocka_unit_test(the_spatial_model_settles_an_arena),
                                       cmocka_unit_test(who_has_no_stance_takes_no_part), cmocka_unit_test(what_an_arena_refuses), cmocka_unit_test(a_change_may_begin_in_a_later_year),
                                       cmocka_unit_test(shares_are_shapley_values), cmocka_unit_test(shares_of_an_outcome_add_up),
                                       cmocka_unit_test(a_model_that_draws_is_no_constant),
                                       cmocka_unit_test(an_observation_is_no_later_than_the_document), cmocka_unit_test(a_lever_is_pulled_by_a_setting)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
