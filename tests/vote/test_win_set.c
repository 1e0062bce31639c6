/* Gridlock and agenda setting: what must hold, and that no point says otherwise. */
#include "entente/model.h"
#include "rule_case.h"

enum { MOST = 15, SEEDS = 400 };

static ent_rule *some_rule(uint64_t seed)
{
    ent_rule *rule = NULL;
    dice d = {seed};
    double w[7];
    for (int i = 0; i < 7; i++)
        w[i] = 1 + pick(&d, 5);
    switch (seed % 4) {
    case 0:
        CHECK(ent_rule_consensus(&rule, 6, NULL) == ENT_OK);
        return rule;
    case 1:
        CHECK(ent_rule_majority(&rule, 7, NULL) == ENT_OK);
        return rule;
    case 2:
        return security_council();
    default:
        CHECK(ent_rule_weighted(&rule, w, 7, 0.6, true, false, NULL) == ENT_OK);
        return rule;
    }
}

/* Whether those who like y at least as well (strictly: better) can decide. */
static bool passes(const ent_rule *rule, const double *position, double y, double z, bool strictly)
{
    bool yes[MOST];
    for (int32_t i = 0; i < rule->members; i++) {
        double gain = fabs(z - position[i]) - fabs(y - position[i]);
        yes[i] = strictly ? gain > 1e-9 : gain >= -1e-9;
    }
    return ent_rule_wins(rule, yes);
}

static void gridlock_by_hand(void **state)
{
    (void)state;
    double low, high;
    const double x[] = {10, 90, 40, 60, 20};
    ent_rule *rule;
    CHECK(ent_rule_consensus(&rule, 5, NULL) == ENT_OK);
    CHECK(ent_gridlock(&low, &high, rule, x, NULL) == ENT_OK && low == 10 && high == 90);
    ent_rule_free(rule);
    CHECK(ent_rule_majority(&rule, 5, NULL) == ENT_OK);
    CHECK(ent_gridlock(&low, &high, rule, x, NULL) == ENT_OK && low == 40 && high == 40);
    ent_rule_free(rule);
    CHECK(ent_rule_majority(&rule, 4, NULL) == ENT_OK); /* 10 40 60 90: the two in the middle */
    CHECK(ent_gridlock(&low, &high, rule, x, NULL) == ENT_OK && low == 40 && high == 60);
    ent_rule_free(rule);
    ent_rule_builder *to = ent_rule_begin(2); /* each decides alone: no point stays */
    ent_rule_any(to, NULL, 2);
    rule = ended(to);
    CHECK(ent_gridlock(&low, &high, rule, x, NULL) == ENT_OK && isnan(low) && isnan(high));
    ent_rule_free(rule);
}

/* promise: gridlock */
static void no_point_in_gridlock_can_be_left_and_all_others_can(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        dice d = {seed};
        ent_rule *rule = some_rule(seed);
        double position[MOST], low, high;
        for (int32_t i = 0; i < rule->members; i++)
            position[i] = seed % 3 == 0 ? 10. * pick(&d, 11) : 100 * roll(&d);
        CHECK(ent_gridlock(&low, &high, rule, position, NULL) == ENT_OK && low <= high);
        for (int k = 0; k < 60; k++) {
            double x = 100 * roll(&d), y = 100 * roll(&d);
            if (x >= low && x <= high)
                CHECK(!passes(rule, position, y, x, true));
            else
                CHECK(passes(rule, position, x < low ? x + 1e-6 * (low - x) + 1e-7 : x - 1e-6 * (x - high) - 1e-7, x,
                             true) ||
                      fabs(x - low) < 1e-5 || fabs(x - high) < 1e-5);
        }
        ent_rule_free(rule);
    }
}

static void the_win_set_is_what_passes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        dice d = {seed};
        ent_rule *rule = some_rule(seed);
        double position[MOST];
        for (int32_t i = 0; i < rule->members; i++)
            position[i] = seed % 3 == 0 ? 10. * pick(&d, 11) : 100 * roll(&d);
        ent_agenda_input in = {.rule = rule, .position = position, .high = 100};
        in.status_quo = seed % 5 == 0 ? 0 : 100 * roll(&d);
        in.ideal = position[0];
        ent_agenda_output out;
        CHECK(ent_agenda(&out, &in, NULL) == ENT_OK);
        CHECK(out.win_low <= in.status_quo && in.status_quo <= out.win_high);
        CHECK(out.outcome >= out.win_low && out.outcome <= out.win_high);
        CHECK(passes(rule, position, out.outcome, in.status_quo, false));
        CHECK(fabs(out.outcome - in.ideal) <= fabs(in.status_quo - in.ideal)); /* never worse for who proposes */
        for (int k = 0; k < 60; k++) {
            double y = 100 * roll(&d);
            bool inside = y >= out.win_low && y <= out.win_high;
            bool near_end = fabs(y - out.win_low) < 1e-6 || fabs(y - out.win_high) < 1e-6;
            CHECK(near_end || passes(rule, position, y, in.status_quo, false) == inside);
        }
        for (int32_t i = 0; i < rule->members && (seed % 4 == 0 || (seed % 4 == 2 && i < 5)); i++) /* who has a veto */
            CHECK(fabs(out.outcome - position[i]) <= fabs(in.status_quo - position[i]) + 1e-9);
        ent_rule_free(rule);
    }
}

/* Romer & Rosenthal: the worse the status quo for the median voter, the more the setter gets. */
static void a_bad_status_quo_makes_the_setter_strong(void **state)
{
    (void)state;
    const double x[] = {40, 50, 100};
    ent_rule *rule;
    CHECK(ent_rule_majority(&rule, 3, NULL) == ENT_OK);
    ent_agenda_input in = {.rule = rule, .position = x, .ideal = 100, .high = 100};
    ent_agenda_output out;
    const double status_quo[] = {0, 10, 30, 45, 50, 60}, want[] = {100, 90, 70, 55, 50, 60};
    for (size_t k = 0; k < ENT_COUNT(want); k++) {
        in.status_quo = status_quo[k];
        CHECK(ent_agenda(&out, &in, NULL) == ENT_OK);
        CHECK(out.outcome == want[k] && out.keeps == (status_quo[k] >= 50));
    }
    ent_rule_free(rule);
}

/* The model of the table under its simple rules is ent_agenda() under the same. */
static void the_model_agenda_is_the_function(void **state)
{
    (void)state;
    const ent_model *model = ent_model_find("agenda");
    CHECK(model != NULL && model->settle != NULL);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        dice d = {seed};
        size_t n = 1 + (size_t)pick(&d, 9);
        double position[9], salience[9], capability[9];
        for (size_t i = 0; i < n; i++) {
            position[i] = seed % 2 ? 5 * pick(&d, 21) : 100 * roll(&d);
            salience[i] = 0.1 + 0.9 * roll(&d);
            capability[i] = 1 + pick(&d, 7);
        }
        double option[3] = {2, 1, (double)(seed % 3)}; /* the first proposes */
        ent_settle_input in = {.n = n, .position = position, .salience = salience, .capability = capability};
        in.high = 100;
        in.status_quo = 100 * roll(&d);
        in.option = option;
        ent_settle_output settled = {0};
        ent_error err = {0};
        if (ent_settle(&settled, &in, model, &err) != ENT_OK)
            fail_msg("%s", err.message);
        ent_rule *rule;
        CHECK((seed % 3 == 0   ? ent_rule_majority(&rule, n, NULL)
               : seed % 3 == 1 ? ent_rule_weighted(&rule, capability, n, 0.5, true, true, NULL)
                               : ent_rule_consensus(&rule, n, NULL)) == ENT_OK);
        ent_agenda_output out;
        ent_agenda_input same = {.rule = rule, .position = position, .high = 100};
        same.status_quo = in.status_quo;
        same.ideal = position[0];
        CHECK(ent_agenda(&out, &same, NULL) == ENT_OK);
        CHECK_NEAR(settled.outcome, out.outcome, 1e-12);
        CHECK((settled.stop == ENT_STOP_STATUS_QUO) == out.keeps);
        ent_rule_free(rule);
    }
}

static void bad_input_is_told(void **state)
{
    (void)state;
    ent_rule *rule;
    double low, high;
    ent_error err = {0};
    CHECK(ent_rule_consensus(&rule, 2, NULL) == ENT_OK);
    CHECK(ent_gridlock(&low, &high, rule, (const double[]){1, NAN}, &err) == ENT_ERR_DOMAIN);
    CHECK(strstr(err.message, "the position of member 2 is undefined") != NULL);
    CHECK(ent_gridlock(&low, &high, NULL, (const double[]){1, 2}, NULL) == ENT_ERR_ARGUMENT);
    ent_agenda_input in = {.rule = rule, .position = (const double[]){1, 2}, .status_quo = 11, .ideal = 1, .high = 10};
    ent_agenda_output out;
    err = (ent_error){0};
    CHECK(ent_agenda(&out, &in, &err) == ENT_ERR_DOMAIN);
    CHECK(strcmp(err.message, "the status quo is 11; allowed is 0 to 10") == 0);
    in.status_quo = NAN;
    CHECK(ent_agenda(&out, &in, NULL) == ENT_ERR_DOMAIN);
    in.status_quo = 1;
    in.high = 0;
    CHECK(ent_agenda(&out, &in, NULL) == ENT_ERR_DOMAIN);
    CHECK(ent_agenda(NULL, &in, NULL) == ENT_ERR_ARGUMENT);
    in.position = NULL;
    CHECK(ent_agenda(&out, &in, NULL) == ENT_ERR_ARGUMENT);
    ent_rule_free(rule);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gridlock_by_hand),
        cmocka_unit_test(no_point_in_gridlock_can_be_left_and_all_others_can),
        cmocka_unit_test(the_win_set_is_what_passes),
        cmocka_unit_test(a_bad_status_quo_makes_the_setter_strong),
        cmocka_unit_test(the_model_agenda_is_the_function),
        cmocka_unit_test(bad_input_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
