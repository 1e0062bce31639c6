/* More draws than memory: scalars counted in bins. What is told is what a run that keeps its draws tells, but for quantiles, which
 * are exact to a bin. */
#include "small.h"

#include "core/elementary.h"
#include "core/random.h"
#include "ensemble/grid.h"

#define MIXED                                                                                                          \
    HEAD DOOR "    settle: {compromise: 2, nash: 1, median: 1, condorcet: 1}\n"                                        \
              "inputs:\n  x: {value: 10 to 20}\n  y: {value: lognormal 1 to 400}\n  z: {value: \"beta(2, 5)\"}\n"      \
              "  odds: {value: 0.2 to 0.6, range: [0, 1]}\n"                                                           \
              "quantities:\n  sum_xy: {value: x + y}\n  steep: {value: exp(3 * z) - 1}\n  two: {value: \"if(z > 0.3, 2, 1)\"}\n" \
              "document:\n  title: T\n  provisions:\n    p: {says: a, takes_hold: odds, changes: {\"door.position[us]\": 60 to 80, x: value * 1.1}}\n" \
              "claims:\n  a: {who: w, says: s, holds: \"door.outcome > 40\"}\n"                                        \
              "  b: {who: w, says: s, when: p.in_force, holds: \"change(x) > 1.5\"}\n"                                 \
              "  o: {who: w, says: s, overall: \"quantile(sum_xy, 0.5) < E(x) + 30 * corr(x, sum_xy)\"}\n"
#define KNOWN "given:\n  - {quantity: x, is: 14, error: 2}\n"
#define TINY HEAD "inputs:\n  x: {value: 1 to 2}\nquantities:\n  q: {value: x}\nclaims:\n  c: {who: w, says: s, holds: \"x > 1\"}\n"

static void run_with(small *s, ent_run_options options)
{
    ent_results_free(s->results);
    s->results = NULL;
    options.version = 1;
    if (ent_run(&s->results, s->plan, &options, &s->err) != ENT_OK)
        fail_msg("%s", s->err.message);
}

/* --- bins ----------------------------------------------------------------------------------------- */

static void lies_in_its_bin(const ent__grid *grid, double x)
{
    const int32_t b = ent__grid_bin(grid, x);
    CHECK(b >= 0 && b <= grid->bins + 1);
    const double room = 1e-12 * (1 + (x < 0 ? -x : x)); /* an edge is rounded */
    if (b > 0 && !(ent__grid_edge(grid, b - 1) <= x + room))
        fail_msg("%.17g lies below bin %d, which begins at %.17g", x, b, ent__grid_edge(grid, b - 1));
    if (b <= grid->bins && !(x <= ent__grid_edge(grid, b) + room))
        fail_msg("%.17g lies above bin %d, which ends at %.17g", x, b, ent__grid_edge(grid, b));
}

/* promise: within-a-bin */
static void every_value_lies_in_its_bin(void **state)
{
    (void)state;
    const ent__grid grids[] = {{.bins = ENT__FINE_BINS, .low = -3, .high = 7},
                               {.bins = ENT__WIDE_BINS, .wide = true, .middle = 5, .unit = 0.25},
                               {.bins = ENT__WIDE_BINS, .wide = true, .middle = -1e-9, .unit = 1e-12},
                               {.bins = ENT__WIDE_BINS, .wide = true, .middle = 1e9, .unit = 3e7}};
    for (size_t g = 0; g < sizeof grids / sizeof *grids; g++) {
        const ent__grid *grid = &grids[g];
        const double unit = grid->wide ? grid->unit : 5, middle = grid->wide ? grid->middle : 2;
        for (int32_t b = 1; b <= grid->bins; b++)
            CHECK(ent__grid_edge(grid, b) > ent__grid_edge(grid, b - 1));
        for (uint64_t i = 0; i < 20000; i++) {
            double u[2];
            ent__uniform_many(u, 1, 3, i, 0);
            ent__uniform_many(u + 1, 1, 4, i, 0);
            const double far = ent_exp(25 * u[0] - 8);
            lies_in_its_bin(grid, middle + unit * (u[1] < 0.5 ? -far : far));
        }
        lies_in_its_bin(grid, middle);
        assert_int_equal(ent__grid_bin(grid, __builtin_inf()), grid->bins + 1);
        assert_int_equal(ent__grid_bin(grid, -__builtin_inf()), 0);
    }
    /* Near the middle a bin is a 1024th of a unit, far away at most a 256th of the distance. */
    const ent__grid *wide = &grids[1];
    for (int32_t b = ENT__WIDE_HALF + 1; b <= ENT__WIDE_BINS; b++) {
        const double from = ent__grid_edge(wide, b - 1) - wide->middle, to = ent__grid_edge(wide, b) - wide->middle;
        CHECK(to - from <= (from < 2 * wide->unit ? wide->unit / 1024 : from / 256) * (1 + 1e-9));
    }
}

/* --- runs ----------------------------------------------------------------------------------------- */

static void nearly(const ent_quantity_view *a, const ent_quantity_view *b, const ent_summary *x, const ent_summary *y, double span)
{
    assert_true(x->mean == y->mean && x->sd == y->sd && x->mc_error == y->mc_error && x->undefined == y->undefined);
    for (int k = 0; k < 5; k++) {
        const double off = x->quantile[k] - y->quantile[k], distance = off < 0 ? -off : off;
        if (!(distance <= 0.001 * span && distance <= y->quantile_error[k] + 1e-12 * span))
            fail_msg("%s, quantile %d: %.9g kept, %.9g counted, error %.3g, of a range of %.6g", a->name, k, x->quantile[k], y->quantile[k],
                     y->quantile_error[k], span);
    }
    assert_string_equal(a->name, b->name);
}

static double span_of(const small *s, size_t quantity)
{
    ent_draws_view view;
    ent_error err;
    double low = __builtin_inf(), high = -low;
    if (ent_results_quantity_draws(&view, s->results, quantity, ENT_ARM_WITH, &err) != ENT_OK || view.value == NULL)
        return 0;
    for (int64_t i = 0; i < ent_results_facts(s->results).draws; i++) {
        low = view.value[i] < low ? view.value[i] : low;
        high = view.value[i] > high ? view.value[i] : high;
    }
    return high - low;
}

/* promise: exact-draws */
static void counted_runs_tell_what_kept_ones_tell(void **state)
{
    (void)state;
    static const char *const yaml[] = {MIXED, MIXED KNOWN};
    for (int k = 0; k < 2; k++) {
        small kept = small_new(yaml[k]), counted = small_new(yaml[k]);
        CHECK(small_compile(&kept, NULL, 0) == ENT_OK && small_compile(&counted, NULL, 0) == ENT_OK);
        run_with(&kept, (ent_run_options){.draws = 30000, .jobs = 2, .keep_draws = true});
        run_with(&counted, (ent_run_options){.draws = 30000, .jobs = 2, .counts = true});
        ent_run_facts facts = ent_results_facts(kept.results);
        CHECK(!facts.counted && ent_results_facts(counted.results).counted);
        int compared = 0;
        for (size_t q = 0; q < facts.quantities; q++) {
            ent_quantity_view a = ent_results_quantity(kept.results, q), b = ent_results_quantity(counted.results, q);
            const double span = span_of(&kept, q);
            if (!(span > 0))
                continue;
            nearly(&a, &b, &a.arm[ENT_ARM_WITH], &b.arm[ENT_ARM_WITH], span);
            assert_int_equal(a.n_models, b.n_models);
            for (size_t m = 0; m < a.n_models && a.by_model != NULL; m++)
                nearly(&a, &b, &a.by_model[m], &b.by_model[m], span);
            compared++;
        }
        CHECK(compared >= 4);
        for (size_t c = 0; c < facts.claims; c++) {
            ent_claim_view a = ent_results_claim(kept.results, c), b = ent_results_claim(counted.results, c);
            assert_true(a.arm[ENT_ARM_WITH].share == b.arm[ENT_ARM_WITH].share && a.arm[ENT_ARM_WITH].verdict == b.arm[ENT_ARM_WITH].verdict);
            assert_true(a.arm[ENT_ARM_WITH].mc_error == b.arm[ENT_ARM_WITH].mc_error || strcmp(a.id, "o") == 0);
        }
        small_free(&kept);
        small_free(&counted);
    }
}

static char *counted_json(const char *yaml, int32_t jobs)
{
    small s = small_new(yaml);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    run_with(&s, (ent_run_options){.draws = 9000, .jobs = jobs, .counts = true});
    char *text = small_json(&s);
    small_free(&s);
    for (char *at = text; (at = strstr(at, "entente-test-")) != NULL; at += 19)
        memset(at, '-', 19);
    return text;
}

/* promise: counts-any-order */
static void any_number_of_threads_counts_the_same_bytes(void **state)
{
    (void)state;
    char *one = counted_json(MIXED KNOWN, 1);
    CHECK(strstr(one, "\"counted\":true") != NULL || strstr(one, "\"counted\": true") != NULL);
    for (int32_t jobs = 2; jobs <= 4; jobs++) {
        char *many = counted_json(MIXED KNOWN, jobs);
        assert_string_equal(one, many);
        ent_bytes_free(many);
    }
    ent_bytes_free(one);
}

/* Draws that are not always a number, and such as grow without bound. */
static void infinite_and_undefined_values_are_counted_apart(void **state)
{
    (void)state;
    const char *yaml = HEAD "inputs:\n  x: {value: \"uniform(-1, 1)\"}\nquantities:\n  root: {value: sqrt(x)}\n  steep: {value: exp(1000 * x)}\n"
                            "claims:\n  c: {who: w, says: s, holds: \"x > 0\"}\n";
    small kept = small_new(yaml), counted = small_new(yaml);
    if (small_compile(&kept, NULL, 0) != ENT_OK || small_compile(&counted, NULL, 0) != ENT_OK) {
        small_print_errors(&kept);
        fail_msg("the scenario does not compile");
    }
    run_with(&kept, (ent_run_options){.draws = 4000});
    run_with(&counted, (ent_run_options){.draws = 4000, .counts = true});
    ent_quantity_view a = small_quantity(&kept, "root"), b = small_quantity(&counted, "root");
    CHECK(a.arm[ENT_ARM_WITH].undefined > 0.4 && a.arm[ENT_ARM_WITH].undefined == b.arm[ENT_ARM_WITH].undefined);
    for (int k = 0; k < 5; k++)
        CHECK_NEAR(a.arm[ENT_ARM_WITH].quantile[k], b.arm[ENT_ARM_WITH].quantile[k], 0.002);
    a = small_quantity(&kept, "steep");
    b = small_quantity(&counted, "steep");
    CHECK_NEAR(a.arm[ENT_ARM_WITH].quantile[0], b.arm[ENT_ARM_WITH].quantile[0], 1e-6);
    CHECK(b.arm[ENT_ARM_WITH].quantile[4] == b.arm[ENT_ARM_WITH].quantile[4]);
    small_free(&kept);
    small_free(&counted);
}

static void many_draws_and_little_memory_are_counted(void **state)
{
    (void)state;
    small s = small_new(TINY);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    run_with(&s, (ent_run_options){.draws = ENT_EXACT_DRAWS + 1, .jobs = 2});
    CHECK(ent_results_facts(s.results).counted);
    run_with(&s, (ent_run_options){.draws = 50000, .jobs = 2});
    CHECK(!ent_results_facts(s.results).counted);
    run_with(&s, (ent_run_options){.draws = 50000, .jobs = 2, .memory = 1600000});
    CHECK(ent_results_facts(s.results).counted);
    ent_results_free(s.results);
    s.results = NULL;
    const ent_run_options none = {.version = 1, .draws = 50000, .memory = 1000}, beyond = {.version = 1, .draws = INT64_C(1) << 32};
    CHECK(ent_run(&s.results, s.plan, &none, &s.err) == ENT_ERR_LIMIT && strstr(s.err.message, "memory") != NULL);
    s.err = (ent_error){0};
    CHECK(ent_run(&s.results, s.plan, &beyond, &s.err) == ENT_ERR_ARGUMENT && strstr(s.err.message, "4294967295") != NULL);
    small_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_value_lies_in_its_bin), cmocka_unit_test(counted_runs_tell_what_kept_ones_tell),
                                       cmocka_unit_test(any_number_of_threads_counts_the_same_bytes),
                                       cmocka_unit_test(infinite_and_undefined_values_are_counted_apart),
                                       cmocka_unit_test(many_draws_and_little_memory_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
