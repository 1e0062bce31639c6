/* A scenario that states how its issues ended, as decisions to score. */
#include "small.h"

#include "core/core.h"

#define KNOWN                                                                                                          \
    HEAD "issues:\n  door:\n    scale: {-50: shut, 150: open}\n    status_quo: 50\n    stances: door.csv\n    settle: compromise\n" \
         "  gate:\n    scale: {0: shut, 100: open}\n    stances: door.csv\n    settle: median\n"

static void stances_and_outcome_on_a_scale_to_100(void **state)
{
    (void)state;
    small s = small_new(KNOWN "known:\n  door.outcome: {value: 0, source: s}\n");
    ent_decisions *d = NULL;
    ent_error err = {0};
    small_run(&s, 64, 1);
    CHECK(ent_decisions_of_results(&d, s.results, &err) == ENT_OK);
    CHECK(d->issues == 1 && d->proposals == 1 && d->stances == 4 && d->actors == 4);
    assert_string_equal(d->issue[0].id, "door");
    CHECK_NEAR(d->issue[0].outcome, 25, 1e-12);
    CHECK_NEAR(d->issue[0].reference, 50, 1e-12);
    for (size_t i = 0; i < 4; i++) { /* of Poland: 90, 1, 1 */
        if (strcmp(d->actor[d->stance[i].actor], "pl") != 0)
            continue;
        CHECK_NEAR(d->stance[i].position, 70, 1e-12);
        CHECK_NEAR(d->stance[i].salience, 1, 0);
        CHECK_NEAR(d->stance[i].capability, 1, 0);
    }
    ent_backtest *found = NULL;
    ent_backtest_options options = ENT_BACKTEST_OPTIONS_INIT;
    options.capability = ENT_CAPABILITY_GIVEN;
    CHECK(ent_backtest_run(&found, d, &options, &err) == ENT_OK);
    /* (2*20 + 2*0 + 1*90 + 1.5*60) / 6.5, as a share of 200 from -50 */
    CHECK_NEAR(found->prediction[0], (220 / 6.5 + 50) / 2, 1e-12);
    CHECK(found->is_shipped && found->scores[0].calibrated.crps > 0);
    ent_backtest_free(found);
    ent_decisions_free(d);
    small_free(&s);
}

static void without_an_outcome_there_is_nothing_to_score(void **state)
{
    (void)state;
    small s = small_new(KNOWN);
    ent_decisions *d = NULL;
    ent_error err = {0};
    small_run(&s, 64, 1);
    CHECK(ent_decisions_of_results(&d, s.results, &err) == ENT_ERR_SCENARIO && d == NULL);
    assert_non_null(strstr(err.message, "does not state how an issue ended"));
    CHECK(ent_decisions_of_results(NULL, s.results, NULL) == ENT_ERR_ARGUMENT);
    small_free(&s);
}

static void out_of_memory(void **state)
{
    (void)state;
    small s = small_new(KNOWN "known:\n  door.outcome: {value: 0, source: s}\n  gate.outcome: {value: 100, source: s}\n");
    ent_decisions *d = NULL;
    ent_status status = ENT_ERR_MEMORY;
    small_run(&s, 64, 1);
    for (int64_t k = 1; status != ENT_OK; k++) {
        ent__alloc_fail_at(k, true);
        status = ent_decisions_of_results(&d, s.results, NULL);
        ent__alloc_fail_at(0, false);
        CHECK(status == ENT_OK || (status == ENT_ERR_MEMORY && d == NULL));
    }
    CHECK(d->issues == 2 && d->stances == 8);
    ent_decisions_free(d);
    small_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(stances_and_outcome_on_a_scale_to_100),
                                       cmocka_unit_test(without_an_outcome_there_is_nothing_to_score), cmocka_unit_test(out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
