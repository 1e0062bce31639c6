/* Compromise, median, mode and gravity: answers worked out by hand. */
#include "settle_case.h"

/* Emission standards for cars, 1989 (Bueno de Mesquita 1994): years of delay, capability, salience. By hand, weights at
 * 4, 7 and 10 years: .08*.8 + .03*.2 + .16*.8 + .05*1 = .248; .08*.4 + .05*.1 + .08*.7 = .093; .16*.6 + .16*.6 + .16*.9
 * = .336; in all .677. */
static settle_case emissions(const ent_model *model)
{
    settle_case c = {.n = 10,
                     .low = 4,
                     .high = 10,
                     .status_quo = ENT_UNDEFINED,
                     .position = {4, 7, 4, 4, 10, 10, 10, 7, 4, 7},
                     .salience = {.8, .4, .2, .8, .6, .6, .9, .1, 1, .7},
                     .capability = {.08, .08, .03, .16, .16, .16, .16, .05, .05, .08}};
    ent_model_defaults(c.option, model);
    return c;
}

static void compromise_is_the_weighted_mean(void **state)
{
    (void)state;
    /* (1*0 + 1*50 + 2*100) / 4 */
    settle_case c = CASE(ent__model_compromise, 3, LIST(0, 50, 100), {1, 2, 2});
    c.salience[1] = 0.5;
    CHECK_NEAR(outcome_of(&c, &ent__model_compromise), 62.5, 0);
    /* (.248*4 + .093*7 + .336*10) / .677 = 5.003 / .677 */
    c = emissions(&ent__model_compromise);
    CHECK_NEAR(outcome_of(&c, &ent__model_compromise), 5.003 / 0.677, 1e-14);
}

static void median_has_half_the_weight_on_either_side(void **state)
{
    (void)state;
    /* .248 < .677 / 2 = .3385 <= .248 + .093 */
    settle_case c = emissions(&ent__model_median);
    CHECK_NEAR(outcome_of(&c, &ent__model_median), 7, 0);
    /* 1 + 2 = 3 of 7 do not reach half, with the third 4.5 do */
    c = CASE(ent__model_median, 4, LIST(80, 10, 40, 30), {2.5, 1, 1.5, 2});
    CHECK_NEAR(outcome_of(&c, &ent__model_median), 40, 0);
}

static void median_is_the_midpoint_where_the_halves_tie(void **state)
{
    (void)state;
    /* 1 + 2 at 10 and 30, 3 at 40 */
    settle_case c = CASE(ent__model_median, 3, LIST(40, 10, 30), {3, 1, 2});
    CHECK_NEAR(outcome_of(&c, &ent__model_median), 35, 0);
    /* .1 + .2 tie with .3, though their sum in binary is greater; and the weightless one between does not count */
    c = CASE(ent__model_median, 4, LIST(0, 20, 60, 33), {.1, .2, .3, 0});
    CHECK_NEAR(outcome_of(&c, &ent__model_median), 40, 0);
}

static void mode_is_the_strongest_camp(void **state)
{
    (void)state;
    settle_case c = emissions(&ent__model_mode);
    CHECK_NEAR(outcome_of(&c, &ent__model_mode), 10, 0);
    /* 2 + 2 at 20 beat 3 at 90 */
    c = CASE(ent__model_mode, 3, LIST(20, 90, 20), {2, 3, 2});
    CHECK_NEAR(outcome_of(&c, &ent__model_mode), 20, 0);
}

static void modes_that_tie_meet_at_their_mean(void **state)
{
    (void)state;
    /* .1 + .2 at 10 and .3 at 40 tie; .29 at 100 does not */
    settle_case c = CASE(ent__model_mode, 4, LIST(10, 40, 10, 100), {.1, .3, .2, .29});
    CHECK_NEAR(outcome_of(&c, &ent__model_mode), 25, 0);
    c = CASE(ent__model_mode, 3, LIST(0, 30, 90), {1, 1, 1});
    CHECK_NEAR(outcome_of(&c, &ent__model_mode), 40, 0);
}

static void gravity_goes_a_share_of_the_way(void **state)
{
    (void)state;
    /* compromise 62.5 as above; .75 * 62.5 + .25 * 10 = 49.375; at g = 0 nothing moves */
    settle_case c = CASE(ent__model_gravity, 3, LIST(0, 50, 100), {1, 1, 2});
    c.status_quo = 10;
    CHECK_NEAR(outcome_of(&c, &ent__model_gravity), 49.375, 0);
    c.option[1] = 0;
    CHECK_NEAR(outcome_of(&c, &ent__model_gravity), 10, 0);
    c.option[1] = 1;
    CHECK_NEAR(outcome_of(&c, &ent__model_gravity), 62.5, 0);
}

static void gravity_may_leave_the_positions(void **state)
{
    (void)state;
    /* compromise 80, status quo 0: .75 * 80 = 60, below both positions */
    settle_case c = CASE(ent__model_gravity, 2, LIST(70, 90), {1, 1});
    c.status_quo = 0;
    CHECK_NEAR(outcome_of(&c, &ent__model_gravity), 60, 1e-13);
}

static void rounding_does_not_carry_a_mean_past_the_positions(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_compromise, 3, LIST(.1, .1, .1), {.1, .7, .3});
    CHECK_SAME(outcome_of(&c, &ent__model_compromise), .1);
}

/* u = 1 - (|x - x_i| / 100)^r: at 62.5 it is 1 - .625^2 for the actor at 0; gains against the status quo at 10. */
static void utilities_and_gains(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_compromise, 3, LIST(0, 50, 100), {1, 1, 2});
    c.status_quo = 10;
    settle_answer a = settle_it(&c, &ent__model_compromise);
    CHECK_NEAR(a.utility[0], 1 - .625 * .625, 1e-15);
    CHECK_NEAR(a.utility[1], 1 - .125 * .125, 1e-15);
    CHECK_NEAR(a.gain[0], .1 * .1 - .625 * .625, 1e-15);
    CHECK_NEAR(a.gain[2], .9 * .9 - .375 * .375, 1e-15);
    c.option[0] = 1;
    a = settle_it(&c, &ent__model_compromise);
    CHECK_NEAR(a.utility[0], .375, 1e-15);
    CHECK_NEAR(a.gain[1], .4 - .125, 1e-15);
    c.option[0] = 3;
    a = settle_it(&c, &ent__model_compromise);
    CHECK_NEAR(a.utility[2], 1 - .375 * .375 * .375, 1e-15);
    /* without a status quo, against the mean of positions: 50 */
    c.status_quo = ENT_UNDEFINED;
    c.option[0] = 2;
    a = settle_it(&c, &ent__model_compromise);
    CHECK_NEAR(a.gain[0], .25 - .625 * .625, 1e-15);
    CHECK_NEAR(a.gain[1], -.125 * .125, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compromise_is_the_weighted_mean),
        cmocka_unit_test(median_has_half_the_weight_on_either_side),
        cmocka_unit_test(median_is_the_midpoint_where_the_halves_tie),
        cmocka_unit_test(mode_is_the_strongest_camp),
        cmocka_unit_test(modes_that_tie_meet_at_their_mean),
        cmocka_unit_test(gravity_goes_a_share_of_the_way),
        cmocka_unit_test(gravity_may_leave_the_positions),
        cmocka_unit_test(rounding_does_not_carry_a_mean_past_the_positions),
        cmocka_unit_test(utilities_and_gains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
