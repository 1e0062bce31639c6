/* Runs: the same bytes whoever runs them, weights, quantiles and their errors, verdicts. */
#include "small.h"

#include "ensemble/ensemble.h"
#include "findings/findings.h"

#define MIXED                                                                                                          \
    HEAD DOOR "    settle: {compromise: 2, nash: 1, median: 1, condorcet: 1}\n    model_error: calibrated\n"           \
              "inputs:\n  x: {value: 10 to 20}\n  y: {value: lognormal 1 to 4}\n  z: {value: \"beta(2, 5)\"}\n"        \
              "  odds: {value: 0.2 to 0.6, range: [0, 1]}\n"                                                           \
              "quantities:\n  sum_xy: {value: x + y}\n  by_actor: {value: gdp * z}\n"                                  \
              "document:\n  title: T\n  provisions:\n    p: {says: a, takes_hold: odds, changes: {\"door.position[us]\": 60 to 80, x: value * 1.1}}\n" \
              "claims:\n  a: {who: w, says: s, holds: \"door.outcome > 40\"}\n"                                        \
              "  b: {who: w, says: s, when: p.in_force, holds: \"change(x) > 1.5\"}\n"                                 \
              "  o: {who: w, says: s, overall: \"quantile(sum_xy, 0.5) < E(x) + 3\"}\n"

static char *json_of(const char *yaml, int64_t draws, int32_t jobs)
{
    small s = small_new(yaml);
    small_run(&s, draws, jobs);
    char *text = small_json(&s);
    small_free(&s);
    /* The folder's name is in the scenario's id and command: leave it out of the comparison. */
    for (char *at = text; (at = strstr(at, "entente-test-")) != NULL; at += 19)
        memset(at, '-', 19);
    return text;
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    (void)state;
    for (int64_t draws = 1; draws <= 3000; draws = 3 * draws + 40) {
        char *one = json_of(MIXED, draws, 1);
        for (int32_t jobs = 2; jobs <= 8; jobs += 3) {
            char *many = json_of(MIXED, draws, jobs);
            assert_string_equal(one, many);
            ent_bytes_free(many);
        }
        ent_bytes_free(one);
    }
}

static int stop_at_once(const ent_progress *progress, void *payload)
{
    (void)payload;
    return progress->done > 0;
}

static void an_interrupted_run_is_a_shorter_run(void **state)
{
    (void)state;
    small s = small_new(MIXED);
    small_run(&s, 64, 1);
    ent_results_free(s.results);
    s.results = NULL;
    ent_run_options options = {.version = 1, .draws = INT64_C(1000000), .jobs = 2, .progress = stop_at_once};
    CHECK(ent_run(&s.results, s.plan, &options, &s.err) == ENT_OK);
    ent_run_facts facts = ent_results_facts(s.results);
    CHECK(facts.interrupted && facts.draws > 0 && facts.draws < 1000000 && facts.draws_asked == 1000000);
    double mean = small_quantity(&s, "sum_xy").arm[ENT_ARM_WITH].mean, p95 = small_quantity(&s, "by_actor[us]").arm[0].quantile[4];
    double share = small_claim(&s, "a").arm[ENT_ARM_WITH].share;
    small_run(&s, facts.draws, 1);
    CHECK_SAME(small_quantity(&s, "sum_xy").arm[ENT_ARM_WITH].mean, mean);
    CHECK_SAME(small_quantity(&s, "by_actor[us]").arm[0].quantile[4], p95);
    CHECK_SAME(small_claim(&s, "a").arm[ENT_ARM_WITH].share, share);
    small_free(&s);
}

static void a_saved_plan_gives_the_same_bytes(void **state)
{
    (void)state;
    small s = small_new(MIXED);
    small_run(&s, 700, 2);
    char *before = small_json(&s);
    unsigned char *bytes;
    size_t length;
    CHECK(ent_plan_save(&bytes, &length, s.plan, NULL) == ENT_OK);
    ent_results_free(s.results);
    s.results = NULL;
    ent_plan_free(s.plan);
    s.plan = NULL;
    CHECK(ent_plan_load(&s.plan, bytes, length, &s.err) == ENT_OK);
    small_run(&s, 700, 1);
    char *after = small_json(&s);
    assert_string_equal(before, after);
    ent_bytes_free(before);
    ent_bytes_free(after);
    ent_bytes_free(bytes);
    small_free(&s);
}

static uint64_t saved_hash(const unsigned char *bytes, size_t length) { return ent__hash((const char *)bytes, length); }

/* Every byte changed in turn, the hash made right again: refused, or harmless. */
/* promise: forged-plan */
static void a_hostile_plan_is_refused_or_harmless(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR "    settle: {compromise: 1, median: 1}\n    model_error: calibrated\ninputs:\n  x: {value: 1 to 2}\nclaims:\n  c: {who: w, says: s, holds: \"x > 1\"}\n");
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    unsigned char *bytes;
    size_t length, refused = 0;
    CHECK(ent_plan_save(&bytes, &length, s.plan, NULL) == ENT_OK);
    for (size_t i = 0; i < length - 8; i += i < 4096 ? 1 : 7) {
        unsigned char was = bytes[i];
        bytes[i] ^= (unsigned char)(1 + 37 * i);
        uint64_t hash = saved_hash(bytes, length - 8);
        memcpy(bytes + length - 8, &hash, 8);
        ent_plan *plan = NULL;
        ent_error err = {0};
        if (ent_plan_load(&plan, bytes, length, &err) != ENT_OK) {
            refused++;
        } else {
            ent_results *results = NULL;
            ent_run_options options = {.version = 1, .draws = 64, .jobs = 1, .memory = 100000000};
            (void)!ent_run(&results, plan, &options, &err);
            ent_results_free(results);
        }
        ent_plan_free(plan);
        bytes[i] = was;
    }
    CHECK(refused > 100);
    for (size_t n = 0; n < length; n += 97) { /* cut short */
        ent_plan *plan = NULL;
        CHECK(ent_plan_load(&plan, bytes, n, NULL) == ENT_ERR_FORMAT);
    }
    ent_bytes_free(bytes);
    small_free(&s);
}

static void more_inputs_leave_other_draws_as_they_were(void **state)
{
    (void)state;
    small a = small_new(HEAD "inputs:\n  x: {value: 10 to 20}\nquantities:\n  q: {value: x}\n");
    small b = small_new(HEAD "inputs:\n  before: {value: 1 to 2}\n  x: {value: 10 to 20}\nquantities:\n  r: {value: before}\n  q: {value: x}\n");
    small_run(&a, 1000, 1);
    small_run(&b, 1000, 1);
    CHECK_SAME(small_quantity(&a, "q").arm[0].mean, small_quantity(&b, "q").arm[0].mean);
    CHECK_SAME(small_quantity(&a, "q").arm[0].quantile[3], small_quantity(&b, "q").arm[0].quantile[3]);
    small_free(&a);
    small_free(&b);
}

/* The median of a continuous quantity over an even number of equal draws: half lie at or below it. */
static void a_claim_at_the_median_holds_in_half(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {value: 10 to 20}\nquantities:\n  q: {value: x}\n");
    small_run(&s, 1000, 1);
    double median = small_quantity(&s, "q").arm[0].quantile[2];
    small_free(&s);
    char yaml[1024];
    snprintf(yaml, sizeof yaml, HEAD "inputs:\n  x: {value: 10 to 20}\nclaims:\n  c: {who: w, says: s, holds: \"x <= %.17g\"}\n", median);
    small t = small_new(yaml);
    small_run(&t, 1000, 1);
    CHECK_SAME(small_claim(&t, "c").arm[ENT_ARM_WITH].share, 0.5);
    CHECK_NEAR(small_claim(&t, "c").arm[ENT_ARM_WITH].mc_error, sqrt(0.25 / 1000), 1e-12);
    small_free(&t);
}

/* x uniform on [0, 1], observed with chance x: density 2x, mean 2/3, evidence 1/2; effective (E w)^2 / E w^2 = 3/4. */
static void observations_weight_the_draws(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {value: \"uniform(0, 1)\"}\nquantities:\n  q: {value: x}\n  w: {value: 10 * gdp * x}\ngiven:\n  - x\n");
    small_run(&s, 100000, 2);
    ent_summary q = small_quantity(&s, "q").arm[ENT_ARM_WITH], w = small_quantity(&s, "w[pl]").arm[ENT_ARM_WITH];
    ent_run_facts facts = ent_results_facts(s.results);
    CHECK_NEAR(q.mean, 2.0 / 3, 0.005);
    CHECK_NEAR(q.quantile[2], sqrt(0.5), 0.005);
    CHECK_NEAR(w.quantile[2], 10 * sqrt(0.5), 0.06);
    CHECK_NEAR(w.mean, 10 * q.mean, 1e-9);
    CHECK_NEAR(facts.effective_draws, 75000, 500);
    CHECK_NEAR(facts.log_evidence, log(0.5), 0.01);
    CHECK_NEAR(q.sd, sqrt(1.0 / 18), 0.003);
    /* sum w^2 (x - m)^2 / (sum w)^2 with w = x: (1/5 - 2/4 * 2/3 + 4/9 / 3) / (n / 4) */
    CHECK_NEAR(q.mc_error, sqrt((0.2 - 1.0 / 3 + 4.0 / 27) / 25000), 2e-5);
    ent_input_view x = ent_results_input(s.results, 0);
    CHECK_NEAR(x.prior.mean, 0.5, 0.005);
    CHECK_NEAR(x.weighted.mean, q.mean, 1e-12);
    small_free(&s);
}

/* x normal(0, 1), observed at 1 with error 1: posterior mean 1/2, variance 1/2. */
static void an_observed_quantity_weighs_by_its_density(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {value: \"normal(0, 1)\"}\nquantities:\n  q: {value: x}\ngiven:\n  - {quantity: x, is: 1, error: 1}\n");
    small_run(&s, 100000, 1);
    ent_summary q = small_quantity(&s, "q").arm[ENT_ARM_WITH];
    CHECK_NEAR(q.mean, 0.5, 0.01);
    CHECK_NEAR(q.sd, sqrt(0.5), 0.01);
    small_free(&s);
}

static void correlated_inputs_have_their_rank_correlation(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {value: 1 to 2}\n  y: {value: lognormal 1 to 9}\n  z: {value: \"uniform(0, 1)\"}\n"
                             "correlations: [[x, y, 0.7], [y, z, -0.3]]\nclaims:\n"
                             "  c: {who: w, says: s, overall: \"corr(z, x) > 0.5\"}\n"
                             "quantities:\n  q: {value: x}\n  r: {value: y}\n  t: {value: z}\n");
    small_run(&s, 40000, 2);
    ent_claim_view c = small_claim(&s, "c");
    CHECK(c.is_overall && c.arm[ENT_ARM_WITH].verdict == ENT_VERDICT_DOES_NOT_FOLLOW);
    CHECK_NEAR(c.value[ENT_ARM_WITH], -0.5, 0.02); /* not joined: uncorrelated */
    const double *x = s.results->ensemble->column[0], *y = s.results->ensemble->column[1];
    size_t n = 40000;
    double *both = calloc(4 * n, sizeof *both), *rank = calloc(2 * n, sizeof *rank);
    for (int side = 0; side < 2; side++) { /* ranks by sorting (value, number) */
        for (size_t i = 0; i < n; i++) {
            both[i] = side == 0 ? x[i] : y[i];
            both[n + i] = (double)i;
        }
        ent__sort(both, both + n, n, both + 2 * n);
        for (size_t i = 0; i < n; i++)
            rank[(size_t)side * n + (size_t)both[n + i]] = (double)i;
    }
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (rank[i] - rank[n + i]) * (rank[i] - rank[n + i]);
    CHECK_NEAR(1 - 6 * sum / ((double)n * ((double)n * (double)n - 1)), 0.7, 0.02);
    free(both);
    free(rank);
    small_free(&s);
}

static void experts_are_pooled(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {experts: [{name: a, value: \"uniform(0, 1)\", weight: 3}, {name: b, value: \"uniform(10, 11)\", weight: 1}]}\nquantities:\n  q: {value: x}\n");
    small_run(&s, 40000, 1);
    ent_summary q = small_quantity(&s, "q").arm[0];
    CHECK_NEAR(q.mean, 0.75 * 0.5 + 0.25 * 10.5, 0.08);
    CHECK(q.quantile[2] < 1 && q.quantile[4] > 10);
    small_free(&s);
}

static void verdicts_by_thresholds(void **state)
{
    (void)state;
    CHECK(ent__verdict_of(0.9) == ENT_VERDICT_FOLLOWS && ent__verdict_of(0.8999) == ENT_VERDICT_LEANS_TO);
    CHECK(ent__verdict_of(2.0 / 3) == ENT_VERDICT_LEANS_TO && ent__verdict_of(0.66) == ENT_VERDICT_OPEN);
    CHECK(ent__verdict_of(1.0 / 3) == ENT_VERDICT_LEANS_AGAINST && ent__verdict_of(0.34) == ENT_VERDICT_OPEN);
    CHECK(ent__verdict_of(0.1) == ENT_VERDICT_DOES_NOT_FOLLOW && ent__verdict_of(0.11) == ENT_VERDICT_LEANS_AGAINST);
    CHECK(ent__near_threshold(0.88, 0.011) && !ent__near_threshold(0.87, 0.011));
    ent_claim_arm differ[2] = {{.share = 0.6, .mc_error = 0.04}, {.share = 0.4, .mc_error = 0.04}};
    CHECK(ent__models_differ(differ, 2));
    differ[0].mc_error = 0.06;
    CHECK(!ent__models_differ(differ, 2));
}

/* c holds where x > 15 and z < 1/2, z not mattering to d: x explains 1 of d, and half of the variance's share of c. */
static void what_decides_a_claim(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {value: \"uniform(10, 20)\"}\n  y: {value: 0 to 1}\n  z: {value: \"uniform(0, 1)\"}\nclaims:\n"
                             "  d: {who: w, says: s, holds: \"x > 15\"}\n  c: {who: w, says: s, holds: \"x > 15 and z < 0.5\"}\nquantities:\n  q: {value: y}\n");
    small_run(&s, 20000, 2);
    ent_claim_view d = small_claim(&s, "d"), c = small_claim(&s, "c");
    CHECK(d.n_drivers == 1 && c.n_drivers == 2);
    assert_string_equal(d.driver[0].input, "x");
    CHECK_NEAR(d.driver[0].strength, 1, 0.01);
    CHECK_NEAR(d.driver[0].break_even, 15, 0.7);
    CHECK_NEAR(d.driver[0].low[8], 15, 1e-9);
    /* Var E[c | x] / Var c = (1/4 * 1/4) / (1/4 * 3/4) = 1/3 */
    CHECK_NEAR(c.driver[0].strength, 1.0 / 3, 0.02);
    CHECK_NEAR(c.driver[1].strength, 1.0 / 3, 0.02);
    small_free(&s);
}

static void grid_quantiles_agree_with_exact_ones(void **state)
{
    (void)state;
    small s = small_new(HEAD "inputs:\n  x: {value: 10 to 20}\nquantities:\n  exact: {value: x}\n  grid: {value: gdp / gdp * x}\n");
    small_run(&s, 20000, 2);
    ent_summary exact = small_quantity(&s, "exact").arm[0], grid = small_quantity(&s, "grid[us]").arm[0];
    for (int k = 0; k < 5; k++)
        CHECK_NEAR(grid.quantile[k], exact.quantile[k], 0.05);
    CHECK_NEAR(exact.quantile[0], 10, 0.2);
    CHECK_NEAR(exact.quantile[4], 20, 0.2);
    /* sd of a 90 % interval of width 10: 5 / 1.6449; error of the mean sd / sqrt(n) */
    CHECK_NEAR(exact.mc_error, 5 / 1.6448536 / sqrt(20000), 5e-4);
    /* error of the median: sqrt(pi / 2) times that of the mean */
    CHECK_NEAR(exact.quantile_error[2], exact.mc_error * sqrt(acos(-1) / 2), 0.2 * exact.mc_error);
    CHECK_SAME(exact.mean, grid.mean);
    small_free(&s);
}

static void sorting_keeps_weights_with_values(void **state)
{
    (void)state;
    enum { N = 5000 };
    double *x = calloc(4 * N, sizeof *x), *w = x + N;
    for (size_t n = 0; n <= N; n = n < 60 ? n + 1 : 3 * n) {
        for (size_t i = 0; i < n; i++) {
            x[i] = (double)((i * 7919) % 1013) - 500.5 * (double)(i % 3);
            w[i] = 2 * x[i] + 1;
        }
        ent__sort(x, w, n, x + 2 * N);
        for (size_t i = 0; i < n; i++)
            CHECK((i == 0 || x[i - 1] <= x[i]) && w[i] == 2 * x[i] + 1);
    }
    free(x);
}

static void too_many_draws_say_how_much_memory(void **state)
{
    (void)state;
    small s = small_new(MIXED);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    ent_run_options options = {.version = 1, .draws = INT64_C(1000000000), .memory = 100000};
    CHECK(ent_run(&s.results, s.plan, &options, &s.err) == ENT_ERR_LIMIT);
    CHECK(strstr(s.err.message, "MB of memory and 0.1 MB are allowed") != NULL && s.results == NULL);
    small_free(&s);
}

/* The first, second, third ... allocation fails until the run succeeds: an error each time, nothing lost. */
static void every_allocation_may_fail(void **state)
{
    (void)state;
    small s = small_new(MIXED);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    for (int counts = 0; counts < 2; counts++) {
        int64_t k = 1;
        for (bool done = false; !done; k++) {
            ent_plan *plan = NULL;
            ent_results *results = NULL;
            ent_error err = {0};
            ent_run_options options = {.version = 1, .draws = 600, .jobs = 1, .keep_draws = true, .counts = counts == 1};
            ent__alloc_fail_at(k, false);
            ent_status status = ent_plan_compile(&plan, s.scenario, NULL, 0, s.list, &err);
            if (status == ENT_OK)
                status = ent_run(&results, plan, &options, &err);
            ent__alloc_fail_at(0, false);
            CHECK(status == ENT_OK || (status == ENT_ERR_MEMORY && results == NULL && err.message[0] != 0));
            done = status == ENT_OK;
            ent_results_free(results);
            ent_plan_free(plan);
        }
        CHECK(k > 100);
    }
    small_free(&s);
}

/* The story of a model with rounds begins at the medians of the stances, of either arm. */
static void models_with_rounds_are_told(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR "    settle: {compromise: 1, spatial: 1}\ndocument:\n  title: T\n  provisions:\n"
                             "    p: {says: a, takes_hold: 0.5, changes: {\"door.position[us]\": 60 to 80}}\n");
    small_run(&s, 2000, 2);
    CHECK(ent_results_story_count(s.results) == 2);
    ent_story_view without = ent_results_story(s.results, 0), taken = ent_results_story(s.results, 1);
    CHECK(without.arm == ENT_ARM_WITHOUT && taken.arm == ENT_ARM_TAKEN);
    assert_string_equal(without.model, "spatial");
    assert_string_equal(without.actor[2], "pl");
    const double start[] = {20, 0, 90, 60};
    for (int i = 0; i < 4; i++)
        CHECK_SAME(without.story->position[i], start[i]);
    CHECK_NEAR(taken.story->position[0], 70, 1);
    CHECK_NEAR(without.story->median[0], 20, 1e-9);
    CHECK_NEAR(without.story->mean[0], 220 / 6.5, 1e-9);
    size_t accepted = 0;
    for (size_t k = 0; k < without.story->n_offers; k++)
        accepted += without.story->offer[k].accepted;
    CHECK(without.story->rounds > 0 && accepted > 0);
    small_free(&s);
    /* Where nothing is uncertain and nothing changes, the story is what happens in every draw. */
    small t = small_new(HEAD DOOR "    settle: spatial\n");
    small_run(&t, 100, 1);
    CHECK(ent_results_story_count(t.results) == 1);
    CHECK_SAME(ent_results_story(t.results, 0).story->outcome, small_quantity(&t, "door.outcome").arm[ENT_ARM_WITH].mean);
    small_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
                                       cmocka_unit_test(an_interrupted_run_is_a_shorter_run),
                                       cmocka_unit_test(a_saved_plan_gives_the_same_bytes),
                                       cmocka_unit_test(a_hostile_plan_is_refused_or_harmless),
                                       cmocka_unit_test(more_inputs_leave_other_draws_as_they_were),
                                       cmocka_unit_test(a_claim_at_the_median_holds_in_half),
                                       cmocka_unit_test(observations_weight_the_draws),
                                       cmocka_unit_test(an_observed_quantity_weighs_by_its_density),
                                       cmocka_unit_test(correlated_inputs_have_their_rank_correlation),
                                       cmocka_unit_test(experts_are_pooled),
                                       cmocka_unit_test(verdicts_by_thresholds),
                                       cmocka_unit_test(what_decides_a_claim),
                                       cmocka_unit_test(grid_quantiles_agree_with_exact_ones),
                                       cmocka_unit_test(sorting_keeps_weights_with_values),
                                       cmocka_unit_test(too_many_draws_say_how_much_memory),
                                       cmocka_unit_test(every_allocation_may_fail),
                                       cmocka_unit_test(models_with_rounds_are_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
