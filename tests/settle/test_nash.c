/* Nash: answers worked out by hand from the slope. With t = x / 100 the slope is sum of w_i r sign(t_i - t) |t_i -
 * t|^(r-1) / margin. */
#include "settle_case.h"

enum { R, LOSS, DISAGREEMENT };

static settle_case two(double at_0, double at_100, double r, double loss)
{
    settle_case c = CASE(ent__model_nash, 2, LIST(0, 100), {at_0, at_100});
    c.option[R] = r;
    c.option[LOSS] = loss;
    return c;
}

static settle_case against(double status_quo, double x1, double w1, double x2, double w2, double r)
{
    settle_case c = CASE(ent__model_nash, 2, LIST(x1, x2), {w1, w2});
    c.option[R] = r;
    c.option[DISAGREEMENT] = 1;
    c.status_quo = status_quo;
    return c;
}

static void check_outcome(settle_case c, double want, double tolerance)
{
    CHECK_NEAR(outcome_of(&c, &ent__model_nash), want, tolerance);
}

static void equals_meet_half_way(void **state)
{
    (void)state;
    for (double r = 1; r <= 4; r += 0.5)
        check_outcome(two(1, 1, r, 1), 50, 1e-11);
}

/* r = 1: w1 / (1 + L - t) = w2 / (L + t), so t = (w2 (1 + L) - w1 L) / (w1 + w2), or an end where that lies outside. */
static void straight_utilities(void **state)
{
    (void)state;
    check_outcome(two(2, 3, 1, 1), 80, 1e-11);
    check_outcome(two(1, 2, 1, .5), 100 * 2.5 / 3, 1e-11);
    check_outcome(two(1, 2, 1, 0), 200. / 3, 1e-11);
    check_outcome(two(1, 2, 1, 1), 100, 0);
    check_outcome(two(1, 3, 1, 1), 100, 0);
    check_outcome(two(3, 1, 1, 1), 0, 0);
}

/* r = 2: w1 t / (1 + L - t^2) = w2 (1 - t) / (1 + L - (1 - t)^2).
 * L = 1, t = 3/4: w2 / w1 = .75 * 1.9375 / (1.4375 * .25) = 93 / 23.
 * L = 0, t = 3/5: w2 / w1 = .6 * (1 - .16) / ((1 - .36) * .4) = .504 / .256 = 63 / 32. */
static void squared_utilities(void **state)
{
    (void)state;
    check_outcome(two(23, 93, 2, 1), 75, 1e-11);
    check_outcome(two(32, 63, 2, 0), 60, 1e-11);
}

/* r = 3, L = 1, t = 3/5: w2 / w1 = .36 * (2 - .064) / (.16 * (2 - .216)) = .69696 / .28544 = 1089 / 446. */
static void cubed_utilities(void **state)
{
    (void)state;
    check_outcome(two(446, 1089, 3, 1), 60, 1e-11);
}

/* r = 1, L = 1, weights 1, 2, 1.1 at 0, 33.3 and 100. At 33.3 the others' slope is -1/1.667 + 1.1/1.333 = .225, less
 * than the jump 2/2 that the slope falls by on either side: the solution is that position, to the bit. */
static void a_kink_is_met_exactly(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_nash, 3, LIST(0, 33.3, 100), {1, 2, 1.1});
    c.option[R] = 1;
    CHECK_SAME(outcome_of(&c, &ent__model_nash), 33.3);
}

/* Status quo 0, positions 20 and 60, r = 1. Beyond 20 the margins are 40 - y and y: w1 / (40 - y) = w2 / y, y = 40 w2 /
 * (w1 + w2). */
static void straight_utilities_against_the_status_quo(void **state)
{
    (void)state;
    check_outcome(against(0, 20, 1, 60, 3, 1), 30, 1e-11);
    check_outcome(against(0, 20, 3, 60, 1, 1), 20, 0); /* 10 is short of 20, up to which both gain */
    check_outcome(against(100, 80, 1, 40, 3, 1), 70, 1e-11);
}

/* r = 2: the margin is y (2 a - y), a the distance from the status quo. w1 (1/y - 1/(40 - y)) + w2 (1/y - 1/(120 - y))
 * = 0 at y = 30: -2/30 w1 + 2/90 w2 = 0. */
static void squared_utilities_against_the_status_quo(void **state)
{
    (void)state;
    check_outcome(against(0, 20, 1, 60, 3, 2), 30, 1e-11);
    check_outcome(against(100, 80, 1, 40, 3, 2), 70, 1e-11);
    /* alone, an actor gets all it wants */
    check_outcome(against(0, 20, 1, 20, 1, 2), 20, 1e-11);
}

static void the_status_quo_stands_between_the_positions(void **state)
{
    (void)state;
    const double quo[] = {20, 33, 60};
    for (size_t k = 0; k < ENT_COUNT(quo); k++) {
        settle_case c = against(quo[k], 20, 1, 60, 3, 2);
        settle_answer a = settle_it(&c, &ent__model_nash);
        CHECK_SAME(a.outcome, quo[k]);
        CHECK(a.stop == ENT_STOP_STATUS_QUO);
        CHECK_SAME(a.gain[0], 0);
        c.option[DISAGREEMENT] = 0;
        CHECK(settle_it(&c, &ent__model_nash).stop == ENT_STOP_DONE);
    }
}

static void without_weight_there_is_no_veto(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_nash, 3, LIST(20, 60, -0.0), {1, 3, 0});
    c.status_quo = 0;
    c.option[DISAGREEMENT] = 1;
    settle_answer a = settle_it(&c, &ent__model_nash);
    CHECK_NEAR(a.outcome, 30, 1e-11);
    CHECK(a.stop == ENT_STOP_DONE);
    c.capability[2] = 1e-9; /* a little weight, and it has one */
    a = settle_it(&c, &ent__model_nash);
    CHECK(a.stop == ENT_STOP_STATUS_QUO);
}

/* Against a small loss the far one's margin is what matters: one at the far end with a millionth of the weight. With L
 * = 0 the slope near 0 is w2 2(1-t)/(1-(1-t)^2) - 2 w1 t = w2 / t - 2 w1 t, zero at t = sqrt(w2 / (2 w1)). */
static void nobody_is_left_with_nothing(void **state)
{
    (void)state;
    settle_case c = two(1, 1e-12, 2, 0);
    double t = sqrt(0.5e-12);
    CHECK_NEAR(outcome_of(&c, &ent__model_nash) / (100 * t), 1,
               1e-5); /* the next term of the slope is of the order of t */
}

/* Utilities may be so curved and positions so close that the slope is 1e-38: its sign still leads to the middle. */
static void tiny_slopes(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_nash, 2, LIST(49, 51), {1, 1});
    c.option[R] = 20;
    check_outcome(c, 50, 1e-9);
}

/* A status quo a hair below both: between it and twice the hair above the nearer one. */
static void a_hair_of_room(void **state)
{
    (void)state;
    const double hair = 1e-13;
    for (double r = 1; r <= 3; r++) {
        double x = outcome_of(&(settle_case){.n = 2,
                                             .high = 100,
                                             .position = {50 + hair, 90},
                                             .salience = {1, 1},
                                             .capability = {1, 1},
                                             .status_quo = 50,
                                             .option = {r, 1, 1}},
                              &ent__model_nash);
        CHECK(x >= 50 && x <= 50 + 3 * hair);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_meet_half_way),
        cmocka_unit_test(straight_utilities),
        cmocka_unit_test(squared_utilities),
        cmocka_unit_test(cubed_utilities),
        cmocka_unit_test(a_kink_is_met_exactly),
        cmocka_unit_test(straight_utilities_against_the_status_quo),
        cmocka_unit_test(squared_utilities_against_the_status_quo),
        cmocka_unit_test(the_status_quo_stands_between_the_positions),
        cmocka_unit_test(without_weight_there_is_no_veto),
        cmocka_unit_test(nobody_is_left_with_nothing),
        cmocka_unit_test(tiny_slopes),
        cmocka_unit_test(a_hair_of_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
