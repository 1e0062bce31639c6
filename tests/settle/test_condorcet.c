/* The probabilistic Condorcet election: answers worked out by hand, and the ends of its arithmetic. */
#include "settle_case.h"

static const double FLOOR = 1e-8; /* of every coalition, spatial model section 3 */

/* Weights 1/4 and 3/4, a whole scale apart: V = (1e-8 + 3/4) / (2e-8 + 1). */
static void two_positions_win_by_weight(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_condorcet, 2, LIST(0, 100), {1, 3});
    settle_answer a = settle_it(&c, &ent__model_condorcet);
    double p = (FLOOR + .75) / (2 * FLOOR + 1);
    CHECK_NEAR(a.distribution[1], p, 1e-15);
    CHECK_NEAR(a.distribution[0], 1 - p, 1e-15);
    CHECK_NEAR(a.outcome, 100 * p, 1e-12);
    CHECK(a.stop == ENT_STOP_DONE);
}

/* Weights 1/2, 1/4, 1/4 at 0, 40, 100 (R = 100), votes by distance; support for the lower and the upper of each pair:
 *     0 : 40    .4*.5 = .2                   .4*.25 + .4*.25 = .2               V = 1/2
 *     0 : 100   .5 + (.6-.4)*.25 = .55       .25                                V = 11/16
 *     40 : 100  .6*.5 + .6*.25 = .45         .6*.25 = .15                       V = 3/4
 * so p is as 1/2*11/16 : 1/2*3/4 : 5/16*1/4 = 22 : 24 : 5, and the mean (24*40 + 5*100) / 51. The 1e-8 moves it by less
 * than 1e-5. */
static void three_positions(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_condorcet, 3, LIST(40, 100, 0), {1, 1, 2});
    settle_answer a = settle_it(&c, &ent__model_condorcet);
    CHECK_NEAR(a.distribution[2], 22. / 51, 1e-7);
    CHECK_NEAR(a.distribution[0], 24. / 51, 1e-7);
    CHECK_NEAR(a.distribution[1], 5. / 51, 1e-7);
    CHECK_NEAR(a.outcome, 1460. / 51, 1e-5);
}

/* The same three with the floor kept: each support plus 1e-8. */
static void the_floor_counts(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_condorcet, 3, LIST(0, 40, 100), {2, 1, 1});
    settle_answer a = settle_it(&c, &ent__model_condorcet);
    double v01 = 0.5, v02 = (.55 + FLOOR) / (.8 + 2 * FLOOR), v12 = (.45 + FLOOR) / (.6 + 2 * FLOOR);
    double q[3] = {v01 * v02, (1 - v01) * v12, (1 - v02) * (1 - v12)}, sum = q[0] + q[1] + q[2];
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(a.distribution[i], q[i] / sum, 1e-15);
}

/* Two who hold one position are one option with their summed weight, and share its probability. */
static void equal_positions_are_one_option(void **state)
{
    (void)state;
    settle_case one = CASE(ent__model_condorcet, 3, LIST(0, 40, 100), {2, 1, 1});
    settle_case split = CASE(ent__model_condorcet, 5, LIST(0, 40, 0, 100, 0), {.5, 1, 1, 1, .5});
    settle_answer a = settle_it(&one, &ent__model_condorcet), b = settle_it(&split, &ent__model_condorcet);
    CHECK_NEAR(b.outcome, a.outcome, 1e-12);
    CHECK_NEAR(b.distribution[0], a.distribution[0] / 3, 1e-15);
    CHECK_SAME(b.distribution[0], b.distribution[4]);
    CHECK_NEAR(b.distribution[1], a.distribution[1], 1e-15);
}

/* Without weight an actor does not vote, but what it wants can be voted for: 20 of weights 1 at 0 and 40. Nobody minds
 * which of 0 : 40; 20 : 0 and 20 : 40 tie too. Three options with V = 1/2 each. */
static void a_weightless_actor_holds_an_option(void **state)
{
    (void)state;
    settle_case c = CASE(ent__model_condorcet, 3, LIST(0, 20, 40), {1, 0, 1});
    settle_answer a = settle_it(&c, &ent__model_condorcet);
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(a.distribution[i], 1. / 3, 1e-15);
    CHECK_NEAR(a.outcome, 20, 1e-13);
}

/* Positions 1e-12 of the scale apart: support for either is far below the floor, so the contest is even but for (a - b)
 * / 4e-8. */
static void near_positions_keep_their_digits(void **state)
{
    (void)state;
    double step = 0x1p-36; /* exact beside 50 */
    settle_case c = CASE(ent__model_condorcet, 3, LIST(50, 50, 50), {1, 1, 6});
    c.position[1] += step;
    c.position[2] += 2 * step;
    settle_answer a = settle_it(&c, &ent__model_condorcet);
    double d =
        step /
        100; /* weights 1/8, 1/8, 6/8; all on one side of a pair count d or 2d, the middle one is even on the outer */
    double v01 = (FLOOR + d / 8) / (2 * FLOOR + d), v02 = (FLOOR + 2 * d / 8) / (2 * FLOOR + 2 * d * 7 / 8),
           v12 = (FLOOR + 2 * d / 8) / (2 * FLOOR + d);
    double q[3] = {v01 * v02, (1 - v01) * v12, (1 - v02) * (1 - v12)}, sum = q[0] + q[1] + q[2];
    for (int i = 0; i < 3; i++)
        CHECK_NEAR(a.distribution[i], q[i] / sum, 1e-15);
}

static void thousands_of_options_do_not_underflow(void **state)
{
    (void)state;
    enum { N = 3000 };
    static double x[N], one[N], p[N];
    for (int i = 0; i < N; i++) {
        x[i] = 100. * i / (N - 1);
        one[i] = 1;
    }
    double r = 2, sum = 0;
    ent_settle_output out = {.distribution = p};
    ent_settle_input in = {.n = N,
                           .position = x,
                           .salience = one,
                           .capability = one,
                           .high = 100,
                           .status_quo = ENT_UNDEFINED,
                           .option = &r};
    CHECK(ent_settle(&out, &in, &ent__model_condorcet, NULL) == ENT_OK);
    for (int i = 0; i < N; i++) {
        sum += p[i];
        CHECK(p[i] >= 0);
        CHECK_NEAR(p[i], p[N - 1 - i], 1e-12); /* mirrored positions */
    }
    CHECK_NEAR(sum, 1, 1e-12);
    CHECK_NEAR(out.outcome, 50, 1e-9);
    CHECK(p[N / 2] > 1.5 * p[N / 2 + 30]); /* and the middle is the likeliest */
}

/* Against the definition, with logarithms in place of products: positions that crowd at one end, so that the least
 * likely has a chance of 1e-400 of the likeliest's or so, and every product leaves the range of a double many times. */
static void probabilities_far_below_a_double(void **state)
{
    (void)state;
    enum { N = 400 };
    static double x[N], one[N], p[N];
    static long double log_p[N];
    long double most = -INFINITY, sum = 0, mean = 0;
    for (int i = 0; i < N; i++) {
        double t = (i + 1.) / N;
        x[i] = 100 * t * t * t;
        one[i] = 1;
    }
    for (int o = 0; o < N; o++)
        for (int q = 0; q < N; q++) {
            long double for_o = (long double)FLOOR, for_q = (long double)FLOOR;
            for (int k = 0; k < N && o != q; k++) {
                long double vote = (fabsl((long double)x[k] - x[q]) - fabsl((long double)x[k] - x[o])) / 100 / N;
                *(vote > 0 ? &for_o : &for_q) += fabsl(vote);
            }
            log_p[o] += o != q ? logl(for_o / (for_o + for_q)) : 0;
        }
    for (int o = 0; o < N; o++)
        most = log_p[o] > most ? log_p[o] : most;
    for (int o = 0; o < N; o++) {
        sum += expl(log_p[o] - most);
        mean += expl(log_p[o] - most) * x[o];
    }
    double r = 2;
    ent_settle_output out = {.distribution = p};
    ent_settle_input in = {.n = N,
                           .position = x,
                           .salience = one,
                           .capability = one,
                           .high = 100,
                           .status_quo = ENT_UNDEFINED,
                           .option = &r};
    CHECK(ent_settle(&out, &in, &ent__model_condorcet, NULL) == ENT_OK);
    CHECK(most < -120); /* e^-120: there is something to lose */
    CHECK(log_p[N - 1] - most < -800);
    for (int o = 0; o < N; o++)
        CHECK_NEAR(p[o], (double)(expl(log_p[o] - most) / sum), 1e-12);
    CHECK_NEAR(out.outcome, (double)(mean / sum), 1e-10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_positions_win_by_weight),
        cmocka_unit_test(three_positions),
        cmocka_unit_test(the_floor_counts),
        cmocka_unit_test(equal_positions_are_one_option),
        cmocka_unit_test(a_weightless_actor_holds_an_option),
        cmocka_unit_test(near_positions_keep_their_digits),
        cmocka_unit_test(thousands_of_options_do_not_underflow),
        cmocka_unit_test(probabilities_far_below_a_double),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
