/* Values: what stands where a number may. */
#include "check.h"

#include "scenario/scenario.h"

static ent__arena *arena;
static ent_diagnostics *list;

static int open_lists(void **state)
{
    (void)state;
    arena = ent__arena_create();
    list = ent_diagnostics_create();
    return arena == NULL || list == NULL;
}

static int close_lists(void **state)
{
    (void)state;
    ent__arena_free(arena);
    ent_diagnostics_free(list);
    return 0;
}

static ent__value value(const char *text, bool comma)
{
    ent__value out;
    ent__value_parse(&out, arena, text, (ent__place){"f", 3, 5}, comma, list);
    return out;
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } c[] = {{"3", 3}, {"-0.5", -0.5}, {" 1e-3 ", 0.001}, {".5", 0.5}, {"+2", 2}, {"0", 0}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        ent__value v = value(c[i].text, false);
        CHECK(v.kind == ENT__VALUE_DISTRIBUTION && v.distribution.kind == ENT__DIST_CONSTANT);
        CHECK_SAME(v.distribution.p[0], c[i].want);
        CHECK_SAME(v.low, c[i].want);
        CHECK_SAME(v.high, c[i].want);
    }
    CHECK(ent_diagnostics_count(list) == 0);
}

static void intervals_are_normal_at_5_and_95_percent(void **state)
{
    (void)state;
    static const char *const same[] = {"2 to 5", "normal 2 to 5", "  2   to 5  ", "2.0 to 5.0"};
    for (size_t i = 0; i < ENT_COUNT(same); i++) {
        ent__value v = value(same[i], false);
        CHECK(v.kind == ENT__VALUE_DISTRIBUTION && v.distribution.kind == ENT__DIST_NORMAL && v.low == 2 && v.high == 5);
        CHECK_NEAR(ent__distribution_quantile(&v.distribution, 0.05), 2, 1e-12);
        CHECK_NEAR(ent__distribution_quantile(&v.distribution, 0.95), 5, 1e-12);
    }
    ent__value v = value("lognormal 0.01 to 0.5", false);
    CHECK(v.distribution.kind == ENT__DIST_LOGNORMAL && v.low == 0.01 && v.high == 0.5);
    CHECK_NEAR(ent__distribution_quantile(&v.distribution, 0.05), 0.01, 1e-12);
    CHECK_NEAR(ent__distribution_quantile(&v.distribution, 0.95), 0.5, 1e-12);
    v = value("-5 to -2", false);
    CHECK(v.low == -5 && v.high == -2);
    v = value("3 to 3", false);
    CHECK_NEAR(ent__distribution_quantile(&v.distribution, 0.3), 3, 0);
    CHECK(ent_diagnostics_count(list) == 0);
}

static void distributions_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        ent__distribution_kind kind;
        double p[3], low, high;
    } c[] = {{"normal(1, 2)", ENT__DIST_NORMAL, {1, 2, 0}, NAN, NAN},
             {"lognormal(0, 0.5)", ENT__DIST_LOGNORMAL, {0, 0.5, 0}, NAN, NAN},
             {"uniform(-1, 2)", ENT__DIST_UNIFORM, {-1, 2, 0}, -1, 2},
             {"beta(2,5)", ENT__DIST_BETA, {2, 5, 0}, 0, 1},
             {"gamma ( 2 , 0.5 )", ENT__DIST_GAMMA, {2, 0.5, 0}, NAN, NAN},
             {"triangular(1, 2, 4)", ENT__DIST_TRIANGULAR, {1, 2, 4}, 1, 4},
             {"pert(1, 2, 4)", ENT__DIST_PERT, {1, 2, 4}, 1, 4}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        ent__value v = value(c[i].text, false);
        CHECK(v.kind == ENT__VALUE_DISTRIBUTION && v.distribution.kind == (int32_t)c[i].kind);
        for (int k = 0; k < 3; k++)
            CHECK_SAME(v.distribution.p[k], c[i].p[k]);
        CHECK_SAME(v.low, c[i].low);
        CHECK_SAME(v.high, c[i].high);
        assert_string_equal(v.text, c[i].text);
    }
    CHECK(ent_diagnostics_count(list) == 0);
}

static void discrete_values_are_sorted_and_weighed(void **state)
{
    (void)state;
    ent__value v = value("discrete {7: 1, 4: 3}", false);
    CHECK(v.distribution.kind == ENT__DIST_DISCRETE && v.distribution.points == 2);
    const double want[] = {4, 0.75, 7, 0.25};
    for (int i = 0; i < 4; i++)
        CHECK_SAME(v.distribution.point[i], want[i]);
    CHECK(v.low == 4 && v.high == 7);
    CHECK(ent_diagnostics_count(list) == 0);
}

static void anything_else_is_an_expression(void **state)
{
    (void)state;
    static const char *const c[] = {"value * 0.8", "stake", "3 - x", "min(1, value * 2)", "year - 2025", "-x", "normality", "uniform_x + 1"};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        ent__value v = value(c[i], false);
        CHECK(v.kind == ENT__VALUE_EXPRESSION && v.expression != NULL);
        CHECK_SAME(v.low, NAN);
    }
    CHECK(value("", false).kind == ENT__VALUE_NONE && value("  ", false).kind == ENT__VALUE_NONE);
    CHECK(ent_diagnostics_count(list) == 0);
}

static void places_skip_leading_space(void **state)
{
    (void)state;
    ent__value v = value("   x +", false);
    CHECK(v.kind == ENT__VALUE_NONE && ent_diagnostics_count(list) == 1);
    CHECK(ent_diagnostics_get(list, 0).line == 3 && ent_diagnostics_get(list, 0).column == 11);
    CHECK(v.place.column == 8);
}

static void decimal_commas(void **state)
{
    (void)state;
    CHECK_SAME(value("0,5", true).distribution.p[0], 0.5);
    CHECK_SAME(value("3", true).distribution.p[0], 3);
    ent__value v = value("2,5 to 3,5", true);
    CHECK(v.low == 2.5 && v.high == 3.5);
    assert_string_equal(v.text, "2,5 to 3,5");
    v = value("uniform(0,5; 1,5)", true);
    CHECK(v.low == 0.5 && v.high == 1.5);
    v = value("uniform(0,5, 1,5)", true);
    CHECK(v.low == 0.5 && v.high == 1.5);
    v = value("discrete {1,5: 1; 2: 0,5}", true);
    CHECK(v.low == 1.5 && v.high == 2 && v.distribution.points == 2);
    CHECK(ent_diagnostics_count(list) == 0);
}

typedef struct wrong {
    const char *text;
    bool comma;
    const char *message;
} wrong;

static const wrong bad[] = {
    {"5 %", false, "'5 %': a percentage is written as a share: 0.05 for 5 %"},
    {"2 % to 5 %", false, "'2 % to 5 %': a percentage is written as a share: 0.05 for 5 %"},
    {"nan", false, "'nan' is no finite number"},
    {"NaN", false, "'NaN' is no finite number"},
    {"+.Inf", false, "'+.Inf' is no finite number"},
    {"-infinity", false, "'-infinity' is no finite number"},
    {"1e999", false, "'1e999' is no finite number"},
    {"5 to 2", false, "'5 to 2' runs backwards: the lower end comes first"},
    {"2 to", false, NULL},
    {"low to high", false, "'low to high' is no interval; one goes from number to number: 2 to 5, or lognormal 0.01 to 0.5"},
    {"uniform 2 to 5", false, "'uniform 2 to 5' is no interval; one goes from number to number: 2 to 5, or lognormal 0.01 to 0.5"},
    {"1 to 1e999", false, "'1 to 1e999' is no interval; one goes from number to number: 2 to 5, or lognormal 0.01 to 0.5"},
    {"lognormal 0 to 2", false, "'lognormal 0 to 2': a lognormal interval lies above 0"},
    {"5-10", false, "'5-10' would be a difference; an interval is written with to: 2 to 5"},
    {"5 \xe2\x80\x93 10", false, "'5 \xe2\x80\x93 10' would be a difference; an interval is written with to: 2 to 5"},
    {"2025-12", false, "'2025-12' is a time, and a number is expected"},
    {"0,5", false, "'0,5' has a decimal comma: write a point (a comma is read in tables with ; or tab between columns)"},
    {"uniform(1)", false, "'uniform(1)': uniform takes 2 numbers (low, high), found 1"},
    {"beta(1, 2, 3)", false, "'beta(1, 2, 3)': beta takes 2 numbers (alpha, beta), found 3"},
    {"beta(2,5)", true, "'beta(2,5)': beta takes 2 numbers (alpha, beta), found 1; with decimal commas ; stands between them: uniform(0,5; 2)"},
    {"normal(x, 1)", false, "normal takes numbers, found 'x'"},
    {"normal(, 1)", false, "normal takes numbers, found ''"},
    {"normal()", false, "normal takes numbers, found ''"},
    {"uniform(2, 1)", false, NULL},
    {"normal(0, -1)", false, NULL},
    {"beta(0, 1)", false, NULL},
    {"gamma(1, 0)", false, NULL},
    {"triangular(1, 0, 2)", false, NULL},
    {"pert(3, 2, 1)", false, NULL},
    {"2 * beta(2, 5)", false, "a distribution (beta) stands alone: make it an input and use the input's name"},
    {"discrete 4: 1", false, "'discrete 4: 1' is not of the form discrete {4: 1, 5: 2} (value: weight)"},
    {"discrete {4, 5}", false, "discrete takes pairs of numbers, value: weight; found '4'"},
    {"discrete {}", false, "discrete takes pairs of numbers, value: weight; found ''"},
    {"discrete {4: -1}", false, "the weight of a discrete value is at least 0; found '4: -1'"},
    {"discrete {4: 0, 5: 0}", false, "'discrete {4: 0, 5: 0}': some weight must be above 0"},
    {"discrete {4: 1, 4.0: 2}", false, "'discrete {4: 1, 4.0: 2}' names a value twice"},
    {"0.5", true, "'0.5' has a decimal point in a table whose decimals are written with a comma"},
    {"uniform(0,5; 1.5)", true, "'uniform(0,5; 1.5)' has a decimal point in a table whose decimals are written with a comma"},
    {"3 apples", false, "found 'apples' where an operator or the end is expected"},
};

static void refused(void **state)
{
    const wrong *w = *state;
    CHECK(open_lists(NULL) == 0);
    ent__value v = value(w->text, w->comma);
    CHECK(v.kind == ENT__VALUE_NONE && ent_diagnostics_count(list) == 1);
    ent_diagnostic d = ent_diagnostics_get(list, 0);
    if (w->message != NULL)
        assert_string_equal(d.message, w->message);
    else
        CHECK(strlen(d.message) > 20); /* the distribution's own words */
    CHECK(d.line == 3 && d.column >= 5 && d.severity == ENT_SEVERITY_ERROR);
}

static void many_points_are_refused(void **state)
{
    (void)state;
    char text[1024] = "discrete {0: 1";
    for (int i = 1; i < ENT_MAX_POINTS; i++)
        sprintf(text + strlen(text), ", %d: 1", i);
    size_t length = strlen(text);
    strcpy(text + length, "}");
    CHECK(value(text, false).distribution.points == ENT_MAX_POINTS);
    strcpy(text + length, ", 99: 1}");
    CHECK(value(text, false).kind == ENT__VALUE_NONE && ent_diagnostics_count(list) == 1);
}

int main(void)
{
    static struct CMUnitTest tests[ENT_COUNT(bad) + 8];
    static char names[ENT_COUNT(bad)][80];
    size_t n = 0;
    const struct CMUnitTest more[] = {
        cmocka_unit_test_setup_teardown(numbers, open_lists, close_lists),
        cmocka_unit_test_setup_teardown(intervals_are_normal_at_5_and_95_percent, open_lists, close_lists),
        cmocka_unit_test_setup_teardown(distributions_by_name, open_lists, close_lists),
        cmocka_unit_test_setup_teardown(discrete_values_are_sorted_and_weighed, open_lists, close_lists),
        cmocka_unit_test_setup_teardown(anything_else_is_an_expression, open_lists, close_lists),
        cmocka_unit_test_setup_teardown(places_skip_leading_space, open_lists, close_lists),
        cmocka_unit_test_setup_teardown(decimal_commas, open_lists, close_lists),
        cmocka_unit_test_setup_teardown(many_points_are_refused, open_lists, close_lists)};
    for (; n < ENT_COUNT(bad); n++) {
        snprintf(names[n], sizeof names[n], "refuses: %s%s", bad[n].text, bad[n].comma ? " (decimal commas)" : "");
        tests[n] = (struct CMUnitTest){names[n], refused, NULL, close_lists, (void *)(uintptr_t)&bad[n]};
    }
    memcpy(tests + n, more, sizeof more);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
