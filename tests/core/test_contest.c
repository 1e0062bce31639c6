/* Contest success: known values, both sides' chances, the limits. */
#include "check.h"

#include "core/contest.h"

#include <math.h>

static void known_values(void **state)
{
    (void)state;
    assert_true(ent_contest(0, 0, 1) == 0.5 && ent_contest(7, 7, 0.3) == 0.5);
    assert_true(ent_contest(0, 1, 2) == 0 && ent_contest(1, 0, 2) == 1);
    assert_true(ent_contest(3, 1, 1) == 0.75 && ent_contest(1, 3, 1) == 0.25);
    assert_true(ent_contest(2, 1, 2) == 0.8);
    assert_true(ent_contest(INFINITY, 1, 1) == 1);
    assert_true(ent_logistic(0) == 0.5 && ent_logistic(-800) == 0 && ent_logistic(800) == 1);
    assert_true(ent_contest_difference(3, 3, 5) == 0.5);
}

static void two_sides_add_up_to_one(void **state)
{
    (void)state;
    for (double a = 1e-300; a < 1e300; a *= 37)
        for (double m = 0.1; m < 9; m *= 3) {
            double p = ent_contest(a, 2.5, m), q = ent_contest(2.5, a, m);
            assert_true(p >= 0 && p <= 1 && fabs(p + q - 1) <= 1e-15);
        }
}

static void what_makes_no_sense_is_undefined(void **state)
{
    (void)state;
    assert_true(isnan(ent_contest(-1, 1, 1)) && isnan(ent_contest(1, NAN, 1)) && isnan(ent_contest(1, 2, 0)));
    assert_true(isnan(ent_logistic(NAN)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(two_sides_add_up_to_one),
        cmocka_unit_test(what_makes_no_sense_is_undefined),
    };
    return cmocka_run_group_tests_name("contest", tests, NULL, NULL);
}
