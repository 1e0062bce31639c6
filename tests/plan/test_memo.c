/* A run that remembers an earlier one gives the bytes of a run that does not, whatever was set in between; a brief run tells
 * what the whole one tells of the same claims and quantities. Scenarios are given as arguments. */
#include "settings.h"

#include "plan/memo.h"

static int n_folders;
static char **folders;

static ent_plan *clone(const ent_plan *plan)
{
    unsigned char *bytes = NULL;
    size_t length;
    ent_plan *again = NULL;
    CHECK(ent_plan_save(&bytes, &length, plan, NULL) == ENT_OK);
    CHECK(ent_plan_load(&again, bytes, length, NULL) == ENT_OK);
    ent_bytes_free(bytes);
    return again;
}

static char *run_json(const ent_plan *plan, int64_t draws, uint64_t seed, bool brief, ent_memo *memo)
{
    ent_results *results = NULL;
    ent_error err = {0};
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = draws;
    options.jobs = 1;
    options.has_seed = seed != 0;
    options.seed = seed;
    options.brief = brief;
    options.memo = memo;
    if (ent_run(&results, plan, &options, &err) != ENT_OK)
        fail_msg("%s", err.message);
    char *text = NULL;
    size_t length;
    CHECK(ent_results_json(&text, &length, results, NULL) == ENT_OK);
    ent_results_free(results);
    return text;
}

static void same_json(const char *got, const char *want, const char *what)
{
    size_t at = 0;
    if (strcmp(got, want) == 0)
        return;
    while (got[at] == want[at])
        at++;
    fail_msg("%s: differs at %zu: %.150s / %.150s", what, at, got + (at > 80 ? at - 80 : 0), want + (at > 80 ? at - 80 : 0));
}

/* Sets something, sometimes goes back to the start, runs with the memo and without. */
static void wander(const ent_plan *base, chance *c, int steps, int64_t most, bool brief)
{
    ent_memo *memo = NULL;
    ent_plan *plan = clone(base);
    CHECK(ent_memo_create(&memo, 3, NULL) == ENT_OK);
    for (int i = 0; i < steps; i++) {
        char name[256], value[128], what[512];
        ent_setting setting;
        if (pick(c, 6) == 0) {
            ent_plan_free(plan);
            plan = clone(base);
        }
        random_setting(&setting, name, value, c, base);
        (void)!ent_plan_set(plan, name, value, NULL); /* one that is refused changes nothing */
        int64_t draws = 1 + (int64_t)(share(c) * (double)most);
        uint64_t seed = pick(c, 8) == 0 ? 5 : 0;
        snprintf(what, sizeof what, "step %d, %s=%s, %lld draws", i, name, value, (long long)draws);
        char *got = run_json(plan, draws, seed, brief, memo), *want = run_json(plan, draws, seed, brief, NULL);
        same_json(got, want, what);
        ent_bytes_free(got);
        ent_bytes_free(want);
        CHECK(ent_memo_get_facts(memo).batches <= 3);
    }
    ent_plan_free(plan);
    ent_memo_free(memo);
}

static void any_walk_through_settings(void **state)
{
    (void)state;
    small s = everything();
    for (int t = 0; t < 6; t++) {
        chance c = {.seed = 40 + (uint64_t)t};
        wander(s.plan, &c, 40, 400, t % 2 == 1);
    }
    small_free(&s);
}

static void a_walk_through_the_scenarios_that_ship(void **state)
{
    (void)state;
    for (int f = 0; f < n_folders; f++) {
        ent_diagnostics *list = ent_diagnostics_create();
        ent_scenario *scenario = NULL;
        ent_plan *plan = NULL;
        chance c = {.seed = 9};
        CHECK(ent_scenario_read(&scenario, folders[f], list, NULL) == ENT_OK);
        CHECK(ent_plan_compile(&plan, scenario, NULL, 0, list, NULL) == ENT_OK);
        wander(plan, &c, 12, 64, true);
        ent_plan_free(plan);
        ent_scenario_free(scenario);
        ent_diagnostics_free(list);
    }
}

/* Only what follows from a change runs again. */
static void what_does_not_follow_is_found(void **state)
{
    (void)state;
    small s = everything();
    ent_memo *memo = NULL;
    CHECK(ent_memo_create(&memo, 4, NULL) == ENT_OK);
    ent_bytes_free(run_json(s.plan, 64, 0, true, memo));
    ent_memo_facts first = ent_memo_get_facts(memo);
    assert_int_equal(first.found, 0);
    CHECK(first.run > 50);
    ent_bytes_free(run_json(s.plan, 64, 0, true, memo));
    assert_int_equal(ent_memo_get_facts(memo).run, 0);
    CHECK(ent_plan_set(s.plan, "falls.threshold", "30", NULL) == ENT_OK);
    ent_bytes_free(run_json(s.plan, 64, 0, true, memo));
    CHECK(ent_memo_get_facts(memo).run >= 1 && ent_memo_get_facts(memo).run <= 3); /* a comparison, in each arm where it differs */
    CHECK(ent_plan_set(s.plan, "lone", "1 to 2", NULL) == ENT_OK); /* nothing follows from it */
    ent_bytes_free(run_json(s.plan, 64, 0, true, memo));
    CHECK(ent_memo_get_facts(memo).run <= 2);
    ent_bytes_free(run_json(s.plan, 64, 77, true, memo)); /* other draws */
    assert_int_equal(ent_memo_get_facts(memo).found, 0);
    ent_memo_free(memo);
    small_free(&s);
}

/* The whole run's JSON has the brief one's quantities and claims, but for what decides a claim. */
static void a_brief_run_says_what_the_whole_says(void **state)
{
    (void)state;
    small s = everything();
    ent_results *whole = NULL, *brief = NULL;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = 500;
    CHECK(ent_run(&whole, s.plan, &options, NULL) == ENT_OK);
    options.brief = true;
    CHECK(ent_run(&brief, s.plan, &options, NULL) == ENT_OK);
    ent_run_facts w = ent_results_facts(whole), b = ent_results_facts(brief);
    CHECK(b.quantities > 5 && b.quantities < w.quantities);
    CHECK(b.inputs == 0 && b.claims == w.claims);
    CHECK_SAME(b.effective_draws, w.effective_draws);
    for (size_t i = 0, k = 0; i < b.quantities; i++, k++) {
        ent_quantity_view got = ent_results_quantity(brief, i);
        while (strcmp(ent_results_quantity(whole, k).name, got.name) != 0)
            CHECK(++k < w.quantities);
        ent_quantity_view want = ent_results_quantity(whole, k);
        CHECK(memcmp(got.arm, want.arm, sizeof got.arm) == 0);
        CHECK(got.n_models == want.n_models && got.moves == want.moves);
    }
    for (size_t i = 0; i < w.claims; i++) {
        ent_claim_view got = ent_results_claim(brief, i), want = ent_results_claim(whole, i);
        for (int a = 0; a < ENT_ARM_COUNT; a++) {
            CHECK_SAME(got.arm[a].share, want.arm[a].share);
            CHECK_SAME(got.arm[a].mc_error, want.arm[a].mc_error);
            CHECK(got.arm[a].verdict == want.arm[a].verdict);
            CHECK_SAME(got.value[a], want.value[a]);
        }
        for (size_t m = 0; m < want.n_models; m++)
            CHECK_SAME(got.by_model[m].share, want.by_model[m].share);
        CHECK(got.n_drivers == 0);
    }
    CHECK_SAME(ent_results_provision(brief, 0).share, ent_results_provision(whole, 0).share);
    char *text = NULL;
    size_t length;
    ent_error err = {0};
    CHECK(ent_results_report_json(&text, &length, brief, NULL) == ENT_OK);
    CHECK(strstr(text, "\"claims\"") != NULL && strstr(text, "\"graph\"") == NULL);
    ent_bytes_free(text);
    CHECK(ent_results_write_report(brief, "/tmp/entente-never", &err) == ENT_ERR_ARGUMENT);
    CHECK(strstr(err.message, "brief") != NULL);
    CHECK(ent_results_write_sqlite(brief, "/tmp/entente-never", NULL) == ENT_ERR_ARGUMENT);
    CHECK(ent_results_use_count(brief) == 0);
    options.keep_draws = true;
    ent_results *none = NULL;
    CHECK(ent_run(&none, s.plan, &options, NULL) == ENT_ERR_ARGUMENT && none == NULL);
    ent_results_free(whole);
    ent_results_free(brief);
    small_free(&s);
}

static void a_memo_without_memory_forgets(void **state)
{
    (void)state;
    small s = everything();
    char *want = run_json(s.plan, 64, 0, true, NULL);
    ent_memo *memo = NULL;
    CHECK(ent_memo_create(&memo, 0, NULL) == ENT_ERR_ARGUMENT);
    bool done = false;
    for (int64_t at = 1; !done; at += 1 + at / 8) {
        ent_results *results = NULL;
        ent_run_options options = ENT_RUN_OPTIONS_INIT;
        options.draws = 64;
        options.brief = true;
        ent__alloc_fail_at(at, false);
        ent_status status = ent_memo_create(&memo, 2, NULL);
        options.memo = memo;
        status = status == ENT_OK ? ent_run(&results, s.plan, &options, NULL) : status;
        done = at > 100000;
        ent__alloc_fail_at(0, false);
        CHECK(status == ENT_OK || status == ENT_ERR_MEMORY);
        if (status == ENT_OK) {
            char *text = NULL;
            size_t length;
            CHECK(ent_results_json(&text, &length, results, NULL) == ENT_OK);
            same_json(text, want, "after a failed allocation");
            ent_bytes_free(text);
        }
        ent_results_free(results);
        ent_memo_free(memo);
        memo = NULL;
    }
    ent_bytes_free(want);
    small_free(&s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_walk_through_settings),      cmocka_unit_test(a_walk_through_the_scenarios_that_ship),
        cmocka_unit_test(what_does_not_follow_is_found),  cmocka_unit_test(a_brief_run_says_what_the_whole_says),
        cmocka_unit_test(a_memo_without_memory_forgets),
    };
    folders = argv + 1;
    n_folders = argc - 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
