/* ent_plan_set() on a plan that was saved and loaded gives the bytes of compiling with the same settings: for random
 * settings of whatever can be set, over scenarios given as arguments and one made here that has a bit of everything. */
#include "settings.h"

static int n_folders;
static char **folders;

/* --- the two ways ------------------------------------------------------------------------------------- */

static ent_plan *saved_and_loaded(const ent_plan *plan)
{
    unsigned char *bytes = NULL;
    size_t length;
    ent_plan *again = NULL;
    CHECK(ent_plan_save(&bytes, &length, plan, NULL) == ENT_OK);
    CHECK(ent_plan_load(&again, bytes, length, NULL) == ENT_OK);
    ent_bytes_free(bytes);
    return again;
}

static void say_settings(const ent_setting *setting, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(stderr, "  --set \"%s=%s\"\n", setting[i].name, setting[i].value);
}

static void same_text(const char *got, size_t n, const char *want, size_t n_want, const ent_setting *setting, size_t n_settings)
{
    if (n == n_want && memcmp(got, want, n) == 0)
        return;
    size_t at = 0;
    while (at < n && at < n_want && got[at] == want[at])
        at++;
    say_settings(setting, n_settings);
    fail_msg("differs at %zu: %.200s / %.200s", at, got + (at > 100 ? at - 100 : 0), want + (at > 100 ? at - 100 : 0));
}

enum { MOST = 12 };

/* `before` settings are compiled in, then `after` are set; against all of them compiled in. False where they cannot be. */
static bool one_trial(const ent_scenario *scenario, const ent_plan *base, chance *c, int before, int after, int64_t draws)
{
    ent_setting setting[MOST];
    char name[MOST][256], value[MOST][128];
    size_t n = (size_t)(before + after);
    for (size_t i = 0; i < n; i++)
        random_setting(&setting[i], name[i], value[i], c, base);
    ent_plan *first = before > 0 ? compiled(scenario, setting, (size_t)before) : NULL, *want = compiled(scenario, setting, n);
    if (before > 0 && first == NULL) {
        ent_plan_free(want);
        return false;
    }
    ent_plan *plan = saved_and_loaded(first != NULL ? first : base);
    ent_error err = {0};
    ent_status status = ENT_OK;
    for (size_t i = (size_t)before; i < n && status == ENT_OK; i++)
        status = ent_plan_set(plan, setting[i].name, setting[i].value, &err);
    if ((status == ENT_OK) != (want != NULL)) {
        say_settings(setting, n);
        fail_msg("set: %s; compiled: %s", status == ENT_OK ? "done" : err.message, want != NULL ? "done" : "refused");
    }
    if (want != NULL) {
        bool no_memory;
        CHECK(ent__plan_is_sound(plan, &no_memory));
        ent_plan *again = saved_and_loaded(plan);
        told a = run_plan(again, draws), b = run_plan(want, draws);
        same_text(a.json, a.json_length, b.json, b.json_length, setting, n);
        same_text(a.report, a.report_length, b.report, b.report_length, setting, n);
        free_told(&a);
        free_told(&b);
        ent_plan_free(again);
    }
    bool ran = want != NULL;
    ent_plan_free(plan);
    ent_plan_free(first);
    ent_plan_free(want);
    return ran;
}

/* --- the cases ----------------------------------------------------------------------------------------- */

static void random_settings_of_everything(void **state)
{
    (void)state;
    enum { TRIALS = 150 };
    small s = everything();
    int ran = 0;
    for (int t = 0; t < TRIALS; t++) {
        chance c = {.seed = 100 + (uint64_t)t};
        int before = pick(&c, 3), after = 1 + pick(&c, 6);
        ran += one_trial(s.scenario, s.plan, &c, before, after, 300);
    }
    CHECK(ran > TRIALS / 2);
    small_free(&s);
}

static void each_parameter_alone(void **state)
{
    (void)state;
    small s = everything();
    int32_t of_kind[ENT__PARAM_COUNT] = {0};
    for (int32_t p = 0; p < s.plan->n_params; p++)
        of_kind[s.plan->params[p].kind]++;
    for (int k = 0; k < ENT__PARAM_COUNT; k++)
        CHECK(of_kind[k] > 0);
    for (int32_t p = 0; p < s.plan->n_params; p++) {
        const ent__param *param = &s.plan->params[p];
        static const char *const value[ENT__PARAM_COUNT][4] = {
            [ENT__PARAM_INPUT] = {"3", "1 to 4", "uniform(1, 3)", "discrete {1: 2, 4: 1}"}, [ENT__PARAM_WEIGHT] = {"0", "5"},
            [ENT__PARAM_THRESHOLD] = {"20"}, [ENT__PARAM_OVERALL] = {"20"}, [ENT__PARAM_LEVER] = {"0.25", "0"}, [ENT__PARAM_IN_FORCE] = {"no", "yes"}};
        for (int v = 0; v < 4 && value[param->kind][v] != NULL; v++) {
            ent_setting setting = {ent__plan_text(s.plan, param->name), value[param->kind][v]};
            ent_plan *plan = saved_and_loaded(s.plan), *want = compiled(s.scenario, &setting, 1);
            assert_non_null(want);
            CHECK(ent_plan_set(plan, setting.name, setting.value, NULL) == ENT_OK);
            told a = run_plan(plan, 300), b = run_plan(want, 300);
            same_text(a.report, a.report_length, b.report, b.report_length, &setting, 1);
            same_text(a.json, a.json_length, b.json, b.json_length, &setting, 1);
            free_told(&a);
            free_told(&b);
            ent_plan_free(plan);
            ent_plan_free(want);
        }
    }
    small_free(&s);
}

static void random_settings_of_the_scenarios_that_ship(void **state)
{
    (void)state;
    for (int f = 0; f < n_folders; f++) {
        ent_diagnostics *list = ent_diagnostics_create();
        ent_scenario *scenario = NULL;
        CHECK(ent_scenario_read(&scenario, folders[f], list, NULL) == ENT_OK);
        ent_plan *base = compiled(scenario, NULL, 0);
        assert_non_null(base);
        int ran = 0, trials = base->n_steps > 2000 ? 2 : 20;
        for (int t = 0; t < trials; t++) {
            chance c = {.seed = 1000 + (uint64_t)t};
            ran += one_trial(scenario, base, &c, t % 2 ? 3 : 0, 8, 8);
        }
        CHECK(ran > 0);
        ent_plan_free(base);
        ent_scenario_free(scenario);
        ent_diagnostics_free(list);
    }
}

/* --- what a setting does, and what is refused ------------------------------------------------------------- */

static void a_provision_that_is_off_changes_nothing(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR "    settle: compromise\ndocument:\n  title: T\n  provisions:\n"
                                  "    a: {changes: {\"door.position[us]\": 90}}\n    b: {takes_hold: 0.5, changes: {\"door.position[ru]\": 90}}\n");
    ent_setting off[2] = {{"a.in_force", "no"}, {"b.in_force", "no"}};
    CHECK(small_compile(&s, off, 1) == ENT_OK);
    small_run(&s, 2000, 1);
    ent_quantity_view q = small_quantity(&s, "door.outcome");
    CHECK_NEAR(q.arm[ENT_ARM_WITH].mean, q.arm[ENT_ARM_WITHOUT].mean + 0.5 * (90 - 0) * 2 / 6.5, 1);
    CHECK_SAME(ent_results_provision(s.results, 0).share, 0);
    CHECK(strcmp(ent_results_provision(s.results, 0).takes_hold, "switched off") == 0);
    CHECK_NEAR(ent_results_provision(s.results, 1).share, 0.5, 0.05);
    CHECK_SAME(small_quantity(&s, "a.in_force").arm[ENT_ARM_TAKEN].mean, 0);
    ent_results_free(s.results);
    s.results = NULL;
    CHECK(ent_plan_set(s.plan, "b.in_force", "no", NULL) == ENT_OK);
    small_run(&s, 2000, 1);
    q = small_quantity(&s, "door.outcome");
    CHECK_SAME(q.arm[ENT_ARM_TAKEN].mean, q.arm[ENT_ARM_WITHOUT].mean);
    CHECK(!q.moves);
    CHECK(strstr(ent_results_facts(s.results).command, "--set a.in_force=no --set b.in_force=no") != NULL);
    small_free(&s);
}

/* Issues with one list of models read it alike: a weight of either is that of both. */
static void a_weight_counts_for_all_issues_with_the_list(void **state)
{
    (void)state;
    const char *yaml = HEAD DOOR "    settle: {compromise: 1, median: 1}\n"
                                 "  dues:\n    question: Who?\n    scale: {0: none, 100: all}\n    stances: door.csv\n    settle: {compromise: 1, median: 1}\n";
    static const ent_setting one[2] = {{"door.settle.median", "0"}, {"dues.settle.median", "0"}};
    for (int k = 0; k < 2; k++) {
        small s = small_new(yaml);
        CHECK(small_compile(&s, &one[k], 1) == ENT_OK);
        small_run(&s, 1000, 1);
        CHECK_NEAR(small_quantity(&s, "door.outcome").arm[0].sd, 0, 1e-9);
        CHECK_SAME(small_quantity(&s, "door.outcome").arm[0].mean, small_quantity(&s, "dues.outcome").arm[0].mean);
        small_free(&s);
    }
}

static void refused(ent_plan *plan, const char *name, const char *value, const char *words)
{
    unsigned char *before = NULL, *after = NULL;
    size_t n_before, n_after;
    ent_error err = {0};
    CHECK(ent_plan_save(&before, &n_before, plan, NULL) == ENT_OK);
    CHECK(ent_plan_set(plan, name, value, &err) == ENT_ERR_ARGUMENT);
    if (strstr(err.message, words) == NULL)
        fail_msg("%s=%s: \"%s\" says nothing of \"%s\"", name, value, err.message, words);
    CHECK(ent_plan_save(&after, &n_after, plan, NULL) == ENT_OK);
    CHECK(n_before == n_after && memcmp(before, after, n_before) == 0);
    ent_bytes_free(before);
    ent_bytes_free(after);
}

static void errors_say_what_is_allowed(void **state)
{
    (void)state;
    small s = everything();
    refused(s.plan, "lnoe", "3", "did you mean \"lone\"?");
    refused(s.plan, "onne.in_force", "no", "did you mean \"one.in_force\"?");
    refused(s.plan, "q", "3", "follows from other numbers");
    refused(s.plan, "x", "y * 2", "neither a number nor a distribution");
    refused(s.plan, "x", "5 to 2", "runs backwards");
    refused(s.plan, "x", "1e999", "");
    refused(s.plan, "x", "nan", "no finite number");
    refused(s.plan, "x", "  ", "needs a value");
    refused(s.plan, "door.settle.median", "-1", "at least 0");
    refused(s.plan, "door.settle.median", "1 to 2", "at least 0");
    refused(s.plan, "falls.threshold", "1 to 2", "is a number");
    refused(s.plan, "most.threshold", "1 to 2", "is a number");
    refused(s.plan, "dredge.lever", "2", "from 0 to 1");
    refused(s.plan, "one.in_force", "maybe", "yes or no");
    CHECK(ent_plan_set(s.plan, "summit.settle.exchange", "0", NULL) == ENT_OK);
    refused(s.plan, "summit.settle.compromise", "0", "are all zero");
    small_free(&s);
}

/* Whatever allocation fails, the plan is as it was, or changed as a whole. */
static void no_memory_leaves_the_plan_as_it_was(void **state)
{
    (void)state;
    static const ent_setting setting[] = {{"lone", "2 to 3"}, {"x", "discrete {1: 1, 2: 1}"}, {"ask", "3"}, {"one.in_force", "no"}, {"door.settle.nash", "0"}};
    small s = everything();
    for (size_t k = 0; k < sizeof setting / sizeof *setting; k++) {
        ent_status status = ENT_ERR_MEMORY;
        for (int64_t at = 1; status != ENT_OK; at++) {
            unsigned char *before = NULL, *after = NULL;
            size_t n_before, n_after;
            ent_plan *plan = saved_and_loaded(s.plan);
            CHECK(ent_plan_save(&before, &n_before, plan, NULL) == ENT_OK);
            ent__alloc_fail_at(at, true);
            status = ent_plan_set(plan, setting[k].name, setting[k].value, NULL);
            ent__alloc_fail_at(0, false);
            CHECK(status == ENT_OK || status == ENT_ERR_MEMORY || status == ENT_ERR_ARGUMENT);
            CHECK(at < 200);
            CHECK(ent_plan_save(&after, &n_after, plan, NULL) == ENT_OK);
            CHECK((status != ENT_OK) == (n_before == n_after && memcmp(before, after, n_before) == 0));
            ent_bytes_free(before);
            ent_bytes_free(after);
            ent_plan_free(plan);
        }
    }
    small_free(&s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_parameter_alone),
        cmocka_unit_test(random_settings_of_everything),
        cmocka_unit_test(random_settings_of_the_scenarios_that_ship),
        cmocka_unit_test(a_provision_that_is_off_changes_nothing),
        cmocka_unit_test(a_weight_counts_for_all_issues_with_the_list),
        cmocka_unit_test(errors_say_what_is_allowed),
        cmocka_unit_test(no_memory_leaves_the_plan_as_it_was),
    };
    folders = argv + 1;
    n_folders = argc - 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
