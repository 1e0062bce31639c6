/* Each allocation of the library fails in turn, through all that a scenario goes through; afterwards every block is
 * given back, and what was written is whole or not there. FAULTS_EVERY in the environment: every allocation, else some
 * of each. */
#include "check.h"
#include "wrap.h"

#include "core/core.h"
#include "entente.h"

#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/entente-leaks-XXXXXX";
static char folder[64], out[64];
static ent_error err;

/* The files of fuzz/corpus/scenario/NAME. */
static void unpack(const char *name)
{
    char path[512], line[4096];
    const char *source = getenv("ENTENTE_SOURCE");
    snprintf(path, sizeof path, "%s/fuzz/corpus/scenario/%s", source != NULL ? source : ".", name);
    FILE *from = fopen(path, "r");
    assert_non_null(from);
    snprintf(path, sizeof path, "%s/scenario.yaml", folder);
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    while (fgets(line, sizeof line, from) != NULL) {
        if (strncmp(line, "%% ", 3) == 0) {
            fclose(to);
            line[strcspn(line, "\n")] = 0;
            snprintf(path, sizeof path, "%s/%.60s", folder, line + 3);
            to = fopen(path, "w");
            assert_non_null(to);
        } else {
            fputs(line, to);
        }
    }
    fclose(to);
    fclose(from);
}

static ent_status give(ent_status status, char **text)
{
    ent_bytes_free(*text);
    *text = NULL;
    return status;
}

/* One of the things that can be done with a plan; each frees what it takes. */
static ent_status run_and(const ent_plan *plan, bool write)
{
    ent_results *results = NULL;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = 300;
    options.jobs = 2;
    options.keep_draws = true;
    char *text = NULL;
    size_t length;
    ent_status status = ent_run(&results, plan, &options, &err);
    if (status == ENT_OK)
        status = give(ent_results_json(&text, &length, results, &err), &text);
    if (status == ENT_OK)
        status = give(ent_results_report_json(&text, &length, results, &err), &text);
    if (status == ENT_OK)
        status = give(ent_seal_text(&text, &length, results, "2026-01-02", &err), &text);
    if (status == ENT_OK)
        status = give(ent_break_even_json(&text, &length, results, &err), &text);
    if (status == ENT_OK && write)
        status = ent_results_write_folder(results, out, true, &err);
    ent_results_free(results);
    return status;
}
static ent_status run(const ent_plan *plan) { return run_and(plan, true); }
/* Without files: what is left over in their folder is looked for once they are there, and no matter if memory lacks then. */
static ent_status tell(const ent_plan *plan) { return run_and(plan, false); }

static ent_status parts(const ent_plan *plan)
{
    unsigned char *bytes = NULL;
    size_t length;
    ent_part_facts facts;
    ent_merge *merge = NULL;
    ent_plan *of_part = NULL;
    ent_results *results = NULL;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = 300;
    options.jobs = 1;
    ent_status status = ent_part_run(&bytes, &length, plan, 0, 2, true, &options, &err);
    if (status == ENT_OK)
        status = ent_part_read(&facts, bytes, length, &err);
    if (status == ENT_OK)
        status = ent_part_plan(&of_part, bytes, length, &err);
    if (status == ENT_OK)
        status = ent_merge_create(&merge, of_part, &err);
    if (status == ENT_OK)
        status = ent_merge_add(merge, bytes, length, "part", &err);
    if (status == ENT_OK)
        status = ent_merge_results(&results, &merge, false, &err);
    ent_results_free(results);
    ent_merge_free(merge);
    ent_plan_free(of_part);
    ent_bytes_free(bytes);
    return status;
}

static ent_status studies(const ent_plan *plan)
{
    char *text = NULL;
    size_t length;
    ent_compare *compare = NULL;
    ent_attribution *attribution = NULL;
    ent_sensitivity *sensitivity = NULL;
    ent_levers *levers = NULL;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    ent_attribution_options of_attribution = ENT_ATTRIBUTION_OPTIONS_INIT;
    ent_sensitivity_options of_sensitivity = ENT_SENSITIVITY_OPTIONS_INIT;
    ent_levers_options of_levers = ENT_LEVERS_OPTIONS_INIT;
    options.draws = 128;
    options.jobs = 1;
    of_attribution.draws = of_sensitivity.base = of_levers.draws = 128;
    of_attribution.jobs = of_sensitivity.jobs = of_levers.jobs = 1;
    ent_status status = ent_compare_run(&compare, plan, plan, &options, &err);
    if (status == ENT_OK)
        status = give(ent_compare_json(&text, &length, compare, &err), &text);
    if (status == ENT_OK)
        status = ent_attribution_run(&attribution, plan, &of_attribution, &err);
    if (status == ENT_OK)
        status = give(ent_attribution_json(&text, &length, attribution, &err), &text);
    if (status == ENT_OK)
        status = ent_sensitivity_run(&sensitivity, plan, &of_sensitivity, &err);
    if (status == ENT_OK)
        status = give(ent_sensitivity_json(&text, &length, sensitivity, 5, &err), &text);
    if (status == ENT_OK)
        status = ent_levers_run(&levers, plan, &of_levers, &err);
    if (status == ENT_OK)
        status = give(ent_levers_json(&text, &length, levers, &err), &text);
    ent_levers_free(levers);
    ent_sensitivity_free(sensitivity);
    ent_attribution_free(attribution);
    ent_compare_free(compare);
    return status;
}

static ent_status settings(const ent_plan *plan)
{
    unsigned char *bytes = NULL;
    size_t length;
    ent_plan *loaded = NULL;
    ent_status status = ent_plan_save(&bytes, &length, plan, &err);
    if (status == ENT_OK)
        status = ent_plan_load(&loaded, bytes, length, &err);
    if (status == ENT_OK)
        status = ent_plan_set(loaded, "door.position[pl]", "50 to 60", &err);
    if (status == ENT_OK)
        status = ent_plan_set(loaded, "less.in_force", "no", &err);
    ent_plan_free(loaded);
    ent_bytes_free(bytes);
    return status;
}

typedef ent_status act(const ent_plan *plan);

/* Reads, compiles, does it; with the plan given, only does it. */
static ent_status whole(act *what)
{
    ent_scenario *scenario = NULL;
    ent_plan *plan = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = list != NULL ? ent_scenario_read(&scenario, folder, list, &err) : ENT_ERR_MEMORY;
    if (status == ENT_OK)
        status = ent_plan_compile(&plan, scenario, NULL, 0, list, &err);
    if (status == ENT_OK && what != NULL)
        status = what(plan);
    ent_plan_free(plan);
    ent_scenario_free(scenario);
    ent_diagnostics_free(list);
    return status;
}

/* `most` of the allocations fail in turn, alone and with all after them. */
static void each_fails(const char *name, act *what, long most)
{
    unpack(name);
    wrap_fail(0, false);
    long before = wrap.live;
    err = (ent_error){0};
    ent_status status = whole(what);
    if (status != ENT_OK)
        fail_msg("%s: %s", name, err.message);
    long calls = wrap.calls;
    assert_int_equal(wrap.live, before);
    most = getenv("FAULTS_EVERY") != NULL || most > calls ? calls : most;
    for (long i = 0; i < most; i++) {
        long k = most == calls ? i + 1 : 1 + i * (calls - 1) / (most - 1);
        err = (ent_error){0};
        wrap_fail(k, i % 2 == 1);
        status = whole(what);
        wrap_fail(0, false);
        if (status != ENT_OK && status != ENT_ERR_MEMORY)
            fail_msg("%s, allocation %ld of %ld: %s: %s", name, k, calls, ent_status_text(status), err.message);
        if (wrap.live != before)
            fail_msg("%s, allocation %ld of %ld: %ld blocks are not given back", name, k, calls, wrap.live - before);
    }
    print_message("# %s: %ld of %ld allocations\n", name, most, calls);
}

/* The same for blocks of arenas, which are cut from larger ones and so hardly ever fail otherwise. */
static void each_block_fails(const char *name, act *what, long most)
{
    unpack(name);
    wrap_fail(0, false);
    long before = wrap.live, calls = 100000000;
    ent__alloc_fail_at(calls, false);
    assert_int_equal(whole(what), ENT_OK);
    calls -= ent__alloc_fail_at(0, false);
    most = getenv("FAULTS_EVERY") != NULL || most > calls ? calls : most;
    for (long i = 0; i < most; i++) {
        long k = most == calls ? i + 1 : 1 + i * (calls - 1) / (most - 1);
        err = (ent_error){0};
        ent__alloc_fail_at(k, i % 2 == 1);
        ent_status status = whole(what);
        bool failed = ent__alloc_fail_at(0, false) == i % 2; /* else two threads came along with fewer */
        if (status != (failed ? ENT_ERR_MEMORY : ENT_OK))
            fail_msg("%s, block %ld of %ld: %s: %s", name, k, calls, ent_status_text(status), err.message);
        if (wrap.live != before)
            fail_msg("%s, block %ld of %ld: %ld blocks are not given back", name, k, calls, wrap.live - before);
    }
    print_message("# %s: %ld of %ld blocks\n", name, most, calls);
}

static const char *const base[] = {"base_door", "base_years",    "base_consent",
                                   "base_war",  "base_alliance", "base_arena"};

static void reading_and_compiling(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENT_COUNT(base); i++)
        each_fails(base[i], NULL, 150);
}
static void running_and_writing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENT_COUNT(base); i++)
        each_fails(base[i], run, 50);
}
static void parts_of_a_run(void **state)
{
    (void)state;
    each_fails("base_door", parts, 60);
    each_fails("base_war", parts, 60);
}
static void why_and_what_would_change_it(void **state)
{
    (void)state;
    each_fails("base_door", studies, 60);
}
static void plans_that_are_saved_and_set(void **state)
{
    (void)state;
    each_fails("base_door", settings, 100);
}

static void blocks_of_arenas(void **state)
{
    (void)state;
    for (size_t i = 0; i < ENT_COUNT(base); i++)
        each_block_fails(base[i], NULL, 300);
    each_block_fails("base_door", tell, 200);
    each_block_fails("base_war", tell, 200);
    each_block_fails("base_door", parts, 100);
    each_block_fails("base_door", studies, 100);
    each_block_fails("base_door", settings, 100);
}

int main(void)
{
    assert_non_null(mkdtemp(top));
    snprintf(folder, sizeof folder, "%s/scenario", top);
    snprintf(out, sizeof out, "%s/out", top);
    assert_int_equal(mkdir(folder, 0700), 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_and_compiling),
        cmocka_unit_test(running_and_writing),
        cmocka_unit_test(parts_of_a_run),
        cmocka_unit_test(why_and_what_would_change_it),
        cmocka_unit_test(plans_that_are_saved_and_set),
        cmocka_unit_test(blocks_of_arenas),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", top);
    return system(command) != 0 || failed;
}
