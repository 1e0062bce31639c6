/* A model called over its years by what the table says of it, against the functions that each room has of its own. */
#include "check.h"

#include "entente.h"

/* The place of a port by its name. */
static size_t place(const ent_port *port, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(port[i].name, name) == 0)
            return i;
    fail_msg("no port %s", name);
    return 0;
}

typedef struct call {
    const ent_model *model;
    ent_numbers input[64];
    double *out[64];
    double option[32];
    ent_model_input in;
    ent_error err;
} call;

static call begin(const char *model)
{
    call c = {.model = ent_model_find(model), .in = ENT_MODEL_INPUT_INIT};
    CHECK(c.model != NULL);
    ent_model_defaults(c.option, c.model);
    return c;
}

static void give(call *c, const char *name, const double *x, size_t n)
{
    c->input[place(c->model->inputs, c->model->n_inputs, name)] = (ent_numbers){x, n};
}

static void want(call *c, const char *name, double *x)
{
    c->out[place(c->model->outputs, c->model->n_outputs, name)] = x;
}

static ent_status make(call *c, ent_stop *stop)
{
    c->in.input = c->input;
    c->in.option = c->option;
    return ent_model_call(c->out, stop, c->model, &c->in, &c->err);
}

enum { ALLIES = 3, YEARS = 4 };
static const double income[YEARS * ALLIES] = {100, 50, 20, 102, 51, 21, 104, 52, 22, 106, 53, 23};
static const double spending[YEARS * ALLIES] = {3, 1, 0.2, 3, 2, 0.4, 2, 2, 0.5, 2, 2.5, 0.6};

static void capability_over_years_is_that_of_its_function(void **state)
{
    (void)state;
    const double required[YEARS] = {1.1, 1.1, 1.2, 1.2}, wear = 0.1, without = 0;
    double stock[YEARS * ALLIES], spent[YEARS * ALLIES], deficit[YEARS], closed, window;
    double stock2[YEARS * ALLIES], spent2[YEARS * ALLIES], deficit2[YEARS];
    const double ramp = 0.003;
    call c = begin("capability");
    c.in.count[ENT_AXIS_ALLY] = ALLIES;
    c.in.count[ENT_AXIS_YEAR] = YEARS;
    c.in.first_year = 2026;
    give(&c, "income", income, YEARS * ALLIES);
    give(&c, "spending", spending, YEARS * ALLIES);
    give(&c, "required", required, YEARS);
    give(&c, "wear", &wear, 1);
    give(&c, "without_ally", &without, 1);
    want(&c, "stock", stock);
    want(&c, "spent", spent);
    want(&c, "deficit", deficit);
    want(&c, "first_closed", &closed);
    want(&c, "window", &window);
    assert_int_equal(make(&c, NULL), ENT_OK);
    ent_capability_output out = {.stock = stock2, .spent = spent2, .deficit = deficit2};
    const ent_capability_input in = {.n = ALLIES, .years = YEARS, .income = income, .spending = spending, .wear = wear,
                                     .ramp = ramp, .required = required, .without = 0};
    assert_int_equal(ent_capability(&out, &in, NULL), ENT_OK);
    for (int i = 0; i < YEARS * ALLIES; i++) {
        CHECK_SAME(stock[i], stock2[i]);
        CHECK_SAME(spent[i], spent2[i]);
    }
    for (int y = 0; y < YEARS; y++)
        CHECK_SAME(deficit[y], deficit2[y]);
    CHECK_SAME(window, out.window);
    CHECK_SAME(closed, out.first_closed >= 0 ? 2026 + (double)out.first_closed : (double)NAN);
}

/* Tastes are made once, from the first year; with nothing changed all years spend what was observed. */
static void what_is_calibrated_is_calibrated_before_the_years(void **state)
{
    (void)state;
    const double shared = 0.5;
    double taste[ALLIES], want_shared[ALLIES], want_private[ALLIES], got[2 * ALLIES], private[ALLIES] = {0.6, 0.6, 0.6};
    call c = begin("burden_sharing");
    c.in.count[ENT_AXIS_ALLY] = ALLIES;
    c.in.count[ENT_AXIS_YEAR] = 2;
    give(&c, "income", income, ALLIES); /* one year's numbers for all years */
    give(&c, "observed", spending, ALLIES);
    give(&c, "spillover", &shared, 1);
    want(&c, "taste_shared", taste);
    want(&c, "spending", got);
    assert_int_equal(make(&c, NULL), ENT_OK);
    const ent_burden_past past = {ALLIES, income, spending, private, {.spillover = shared}};
    assert_int_equal(ent_burden_calibrate(want_shared, want_private, &past, NULL), ENT_OK);
    for (int i = 0; i < ALLIES; i++) {
        CHECK_NEAR(taste[i], want_shared[i], 1e-14);
        CHECK_NEAR(got[i], spending[i], 1e-9);
        CHECK_NEAR(got[ALLIES + i], spending[i], 1e-9);
    }
}

static void consent_counts_its_years(void **state)
{
    (void)state;
    const double position[ALLIES] = {20, 90, 60}, salience[ALLIES] = {0.5, 1, 0.5}, capability = 1, low = 0, high = 100, from = 50,
                 to = 100, lambda = 20, tau = 0.1;
    double chance[3], by_year[3], accept[3 * ALLIES], expected, adopted = 7, accept2[ALLIES];
    ent_rule *rule = NULL;
    assert_int_equal(ent_rule_majority(&rule, ALLIES, NULL), ENT_OK);
    call c = begin("consent");
    c.in.count[ENT_AXIS_MEMBER] = ALLIES;
    c.in.count[ENT_AXIS_YEAR] = 3;
    c.in.rule = rule;
    give(&c, "position", position, ALLIES);
    give(&c, "salience", salience, ALLIES);
    give(&c, "capability", &capability, 1);
    give(&c, "scale_low", &low, 1);
    give(&c, "scale_high", &high, 1);
    give(&c, "from", &from, 1);
    give(&c, "to", &to, 1);
    give(&c, "lambda", &lambda, 1);
    give(&c, "tau", &tau, 1);
    want(&c, "chance", chance);
    want(&c, "accept", accept);
    want(&c, "by_year", by_year);
    want(&c, "expected_time", &expected);
    want(&c, "adopted", &adopted);
    assert_int_equal(make(&c, NULL), ENT_OK);
    ent_consent_output out = {.accept = accept2};
    const ent_consent_input in = {.rule = rule, .n = ALLIES, .position = position, .salience = salience, .low = 0, .high = 100, .from = 50,
                                  .to = 100, .lambda = 20, .tau = 0.1, .rounds = 1, .r = 2};
    assert_int_equal(ent_consent(&out, &in, NULL), ENT_OK);
    for (int y = 0; y < 3; y++)
        CHECK_SAME(chance[y], out.chance);
    for (int i = 0; i < 3 * ALLIES; i++)
        CHECK_SAME(accept[i], accept2[i % ALLIES]);
    CHECK_NEAR(by_year[2], 1 - pow(1 - out.chance, 3), 1e-14);
    CHECK_NEAR(expected, (1 - out.chance) / out.chance, 1e-12); /* geometric: asked at once and each year after */
    CHECK_SAME(adopted, 7); /* a truth of each draw of a scenario: not given */
    give(&c, "from", NULL, 0);
    assert_int_equal(make(&c, NULL), ENT_ERR_DOMAIN);
    CHECK(strstr(c.err.message, "from") != NULL);
    ent_rule_free(rule);
}

static void war_takes_a_number_a_month(void **state)
{
    (void)state;
    enum { MONTHS = 30 };
    double effort[MONTHS], fighting[MONTHS], line[MONTHS], event[MONTHS], kept, fighting2[MONTHS], line2[MONTHS], event2[MONTHS];
    const double at = 6, optimism = 0.1, talk = 0.1, cost_a = 0.002, cost_b = 0.003, discount = 0.99;
    const ent_war_event frozen = {ENT_WAR_FROZEN | ENT_WAR_SETTLED, 0, 0, 0.5, 0, 1};
    for (int t = 0; t < MONTHS; t++)
        effort[t] = t % 7 == 0 ? 1.5 : 1;
    call c = begin("war");
    c.in.count[ENT_AXIS_MONTH] = MONTHS;
    c.in.count[ENT_AXIS_EVENT] = 1;
    c.in.event = &frozen;
    c.option[place(c.model->options, c.model->n_options, "freezing")] = 1; /* no */
    give(&c, "line", &at, 1);
    give(&c, "optimism_a", &optimism, 1);
    give(&c, "talk", &talk, 1);
    give(&c, "cost_a", &cost_a, 1);
    give(&c, "cost_b", &cost_b, 1);
    give(&c, "discount", &discount, 1);
    give(&c, "effort_a", effort, MONTHS);
    want(&c, "fighting", fighting);
    want(&c, "line", line);
    want(&c, "events", event);
    want(&c, "kept", &kept);
    assert_int_equal(make(&c, NULL), ENT_OK);
    double a[MONTHS], b[MONTHS], g[MONTHS];
    for (int t = 0; t < MONTHS; t++) {
        a[t] = cost_a;
        b[t] = cost_b;
        g[t] = talk;
    }
    ent_war_input in = ENT_WAR_INPUT_INIT;
    in.months = MONTHS;
    in.line = 6;
    in.effort_a = effort;
    in.optimism_a = optimism;
    in.talk = g;
    in.cost_a = a;
    in.cost_b = b;
    in.freezing = false;
    in.discount = discount;
    in.event = &frozen;
    in.n_events = 1;
    ent_war_output out = {.fighting = fighting2, .line = line2, .event = event2};
    assert_int_equal(ent_war(&out, &in, NULL), ENT_OK);
    for (int t = 0; t < MONTHS; t++) {
        CHECK_SAME(fighting[t], fighting2[t]);
        CHECK_SAME(line[t], line2[t]);
        CHECK_SAME(event[t], event2[t]);
    }
    CHECK(fighting[MONTHS - 1] < fighting[0] && kept == 1);
}

static void what_does_not_fit_is_named(void **state)
{
    (void)state;
    double x[2 * ALLIES] = {100, 50, 20, 100, 50, NAN};
    call c = begin("burden_sharing");
    c.in.count[ENT_AXIS_ALLY] = ALLIES;
    assert_int_equal(make(&c, NULL), ENT_ERR_ARGUMENT);
    CHECK(strstr(c.err.message, "needs income") != NULL);
    give(&c, "income", x, 2);
    c.err = (ent_error){0};
    assert_int_equal(make(&c, NULL), ENT_ERR_ARGUMENT);
    CHECK(strstr(c.err.message, "income has 2 numbers") != NULL);
    c.in.count[ENT_AXIS_YEAR] = 2;
    give(&c, "income", x, 2 * ALLIES);
    c.err = (ent_error){0};
    assert_int_equal(make(&c, NULL), ENT_ERR_DOMAIN);
    CHECK(strstr(c.err.message, "number 6 of 6) is undefined") != NULL);
    c.option[0] = 2; /* calibrate: once|each_year */
    c.err = (ent_error){0};
    assert_int_equal(make(&c, NULL), ENT_ERR_DOMAIN);
    CHECK(strstr(c.err.message, "once|each_year") != NULL);
    c = begin("challenge");
    assert_int_equal(make(&c, NULL), ENT_ERR_ARGUMENT);
    c = begin("consent");
    c.in.count[ENT_AXIS_MEMBER] = 3;
    assert_int_equal(make(&c, NULL), ENT_ERR_ARGUMENT);
    CHECK(strstr(c.err.message, "rule") != NULL);
    const ent_port huge = {.shape = "a,a"};
    CHECK(ent_port_size(&huge, (size_t[ENT_AXIS_COUNT]){[ENT_AXIS_ACTOR] = SIZE_MAX / 4}, false) == SIZE_MAX);
}

static void issues_are_exchanged_or_settled_one_by_one(void **state)
{
    (void)state;
    enum { N = 4, ISSUES = 2 };
    const double position[N * ISSUES] = {0, 100, 100, 0, 80, 20, 30, NAN}, low[ISSUES] = {0, 0}, high[ISSUES] = {100, 100};
    const double salience[N * ISSUES] = {0.9, 0.2, 0.3, 0.8, 0.5, 0.5, 0.4, 0}, power[N * ISSUES] = {1, 1, 2, 2, 1, 1, 3, 0};
    const double none[ISSUES] = {NAN, NAN};
    double outcome[ISSUES], mean[ISSUES] = {0, 0};
    ent_stop stop;
    ent_error err = {0};
    ent_settle_many_input in = {.n = N, .issues = ISSUES, .position = position, .salience = salience, .capability = power,
                                .low = low, .high = high, .status_quo = none};
    assert_int_equal(ent_settle_many(outcome, &stop, &in, ent_model_find("exchange"), &err), ENT_OK);
    ent_exchange_result *played = NULL;
    const ent_exchange_input game = {N, ISSUES, position, salience, power, low, high};
    assert_int_equal(ent_exchange(&played, &game, NULL, NULL), ENT_OK);
    for (int d = 0; d < ISSUES; d++)
        CHECK_NEAR(outcome[d], played->outcome[d], 1e-12);
    CHECK(stop == played->stop);
    ent_exchange_free(played);
    assert_int_equal(ent_settle_many(outcome, &stop, &in, ent_model_find("compromise"), &err), ENT_OK);
    for (int d = 0; d < ISSUES; d++) {
        double weight = 0;
        for (int i = 0; i < N; i++) {
            const int at = i * ISSUES + d;
            mean[d] += position[at] == position[at] ? position[at] * salience[at] * power[at] : 0;
            weight += salience[at] * power[at];
        }
        CHECK_NEAR(outcome[d], mean[d] / weight, 1e-12);
    }
    const double off[ISSUES] = {100, 99};
    in.high = off;
    assert_int_equal(ent_settle_many(outcome, &stop, &in, ent_model_find("exchange"), &err), ENT_ERR_DOMAIN);
    CHECK(strstr(err.message, "issue 2: the position") != NULL);
}

static void a_scale_is_guessed_as_by_the_command(void **state)
{
    (void)state;
    double low, high;
    ent_settle_scale(&low, &high, (double[]){3, NAN, 90}, 3, NAN);
    CHECK(low == 0 && high == 100);
    ent_settle_scale(&low, &high, (double[]){3, 120, 90}, 3, -5);
    CHECK(low == -5 && high == 120);
    ent_settle_scale(&low, &high, (double[]){NAN}, 1, NAN);
    CHECK(low == 0 && high == 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capability_over_years_is_that_of_its_function),
        cmocka_unit_test(what_is_calibrated_is_calibrated_before_the_years),
        cmocka_unit_test(consent_counts_its_years),
        cmocka_unit_test(war_takes_a_number_a_month),
        cmocka_unit_test(what_does_not_fit_is_named),
        cmocka_unit_test(issues_are_exchanged_or_settled_one_by_one),
        cmocka_unit_test(a_scale_is_guessed_as_by_the_command),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
