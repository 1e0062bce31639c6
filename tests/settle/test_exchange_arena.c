/* The exchange model in a scenario: issues of an arena are settled as ent_exchange() settles them, draw by draw. */
#include "small.h"

#define DUES                                                                                                           \
    "  dues:\n    question: How much?\n    scale: {0: nothing, 10: all}\n    stances:\n"                               \
    "      - {actor: us, position: 2, salience: 0.2, capability: 4}\n"                                                 \
    "      - {actor: ru, position: 9, salience: 0.3, capability: 2}\n"                                                 \
    "      - {actor: pl, position: 5, salience: 0, capability: 1}\n"                                                   \
    "      - {actor: fr, position: 8, salience: 0.4, capability: 3}\n"
#define PRICE                                                                                                          \
    "  price:\n    question: How much?\n    scale: {0: nothing, 10: all}\n    stances:\n"                              \
    "      - {actor: us, position: 9, salience: 1, capability: 1}\n"                                                   \
    "      - {actor: ru, position: 2, salience: 0.2, capability: 3}\n"

/* us, ru, pl, fr on the door, the dues and the price, where pl and fr have no stance. */
static void outcomes(double out[3], const ent_exchange_options *options)
{
    const double position[] = {20, 2, 9, 0, 9, 2, 90, 5, NAN, 60, 8, NAN};
    const double salience[] = {0.5, 0.2, 1, 1, 0.3, 0.2, 1, 0, 0, 0.5, 0.4, 0};
    const double power[] = {4, 4, 1, 2, 2, 3, 1, 1, 0, 3, 3, 0}, low[] = {0, 0, 0}, high[] = {100, 10, 10};
    const ent_exchange_input input = {
        .n = 4, .issues = 3, .position = position, .salience = salience, .power = power, .low = low, .high = high};
    ent_exchange_result *result = NULL;
    CHECK(ent_exchange(&result, &input, options, NULL) == ENT_OK);
    CHECK(result->iteration[0].n_trades > 0);
    memcpy(out, result->outcome, 3 * sizeof *out);
    ent_exchange_free(result);
}

static void check_outcomes(small *s, const double want[3])
{
    static const char *const name[] = {"door.outcome", "dues.outcome", "price.outcome"};
    small_run(s, 64, 2);
    for (size_t d = 0; d < 3; d++)
        CHECK_NEAR(small_quantity(s, name[d]).arm[ENT_ARM_WITH].mean, want[d], 1e-9);
    small_free(s);
}

static void an_arena_trades(void **state)
{
    (void)state;
    double want[3], faithful[3];
    ent_exchange_options options = ENT_EXCHANGE_OPTIONS_INIT;
    outcomes(want, NULL);
    small s = small_new(HEAD DOOR DUES PRICE "arenas:\n  summit: {issues: [door, dues, price], settle: exchange}\n");
    check_outcomes(&s, want);
    options.faithful = true;
    options.iterations = 3;
    outcomes(faithful, &options);
    CHECK(fabs(want[0] - faithful[0]) > 1e-3);
    s = small_new(HEAD DOOR DUES PRICE
                  "arenas:\n  summit: {issues: [door, dues, price], settle: {exchange: {weight: 1, "
                  "iterations: 3, faithful: true}}}\n");
    check_outcomes(&s, faithful);
}

#define NEARLY_THERE                                                                                                   \
    "  price:\n    question: How much?\n    scale: {0: nothing, 10: all}\n    stances:\n"                              \
    "      - {actor: us, position: 8.9999 to 9.0001, salience: 1, capability: 1}\n"                                    \
    "      - {actor: ru, position: 2, salience: 0.2, capability: 3}\n"

static ent_summary price_of(small *s, int32_t jobs)
{
    small_run(s, 500, jobs);
    return small_quantity(s, "price.outcome").arm[ENT_ARM_WITH];
}

/* The randomised rate differs from draw to draw, and is the same whatever the threads. */
static void a_randomised_rate_is_drawn(void **state)
{
    (void)state;
    small s =
        small_new(HEAD DOOR DUES NEARLY_THERE
                  "arenas:\n  summit: {issues: [door, dues, price], settle: {exchange: {weight: 1, randomize: 1}}}\n");
    ent_summary one = price_of(&s, 1), two = price_of(&s, 2);
    CHECK(one.sd > 0.1);
    CHECK_SAME(one.mean, two.mean);
    CHECK_SAME(one.sd, two.sd);
    small_free(&s);
    s = small_new(HEAD DOOR DUES NEARLY_THERE "arenas:\n  summit: {issues: [door, dues, price], settle: exchange}\n");
    CHECK(price_of(&s, 1).sd < 1e-3);
    small_free(&s);
}

static void one_issue_alone_is_refused(void **state)
{
    (void)state;
    small_refuses(HEAD DOOR "    settle: exchange\n", "settles several issues together: name it under `arenas:`");
    small_refuses(HEAD DOOR DUES
                  "arenas:\n  summit: {issues: [door, dues], settle: {exchange: {weight: 1, iteration: 3}}}\n",
                  "did you mean 'iterations'?");
    small_refuses(HEAD DOOR DUES
                  "arenas:\n  summit: {issues: [door, dues], settle: {exchange: {weight: 1, randomize: 2}}}\n",
                  "allowed is 0 to 1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_trades),
        cmocka_unit_test(a_randomised_rate_is_drawn),
        cmocka_unit_test(one_issue_alone_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
