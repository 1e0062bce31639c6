/* Models in use: decisions, wars and the alliance's models in a scenario; each against the model called alone. */
#include "small.h"

#include "entente/vote.h"
#include "entente/war.h"

#include <math.h>

#define YEARS "time: {start: 2026, years: 4}\n"
#define GROUPS "groups:\n  nato: {members: {nato: \"yes\"}, rule: consensus}\n"
#define ASKED(when) "models:\n  open: {use: consent, group: nato, issue: door, to: 100, lambda: 20, tau: 0.1, asked: " when "}\n"

static double logistic(double x) { return 1 / (1 + exp(-x)); }

/* s (u(100) - u(50)) + 0.1, u = 1 - ((x - x_i) / 100)^2: us 0.5 (-0.64 + 0.09), pl (-0.01 + 0.16), fr 0.5 (-0.16 + 0.01) */
static const double accept[3] = {-0.275 + 0.1, 0.15 + 0.1, -0.075 + 0.1}; /* us, pl, fr */

static double all_accept(void)
{
    return logistic(20 * accept[0]) * logistic(20 * accept[1]) * logistic(20 * accept[2]);
}

static double mean(const small *s, const char *name, int arm) { return small_quantity(s, name).arm[arm].mean; }

/* --- decisions -------------------------------------------------------------------------------------- */

static void a_decision_is_the_model_of_its_members_stances(void **state)
{
    (void)state;
    small s = small_new(HEAD YEARS DOOR GROUPS ASKED("[2026, 2028]"));
    small_run(&s, 20000, 2);
    double p = all_accept();
    CHECK_NEAR(mean(&s, "open.chance[2026]", 0), p, 1e-12);
    CHECK_NEAR(mean(&s, "open.accept[pl,2026]", 0), logistic(5), 1e-12);
    CHECK_NEAR(mean(&s, "open.blocks[us,2028]", 0), p / logistic(20 * accept[0]) - p, 1e-12);
    CHECK_NEAR(mean(&s, "open.gridlock_low[2026]", 0), 20, 1e-12);
    CHECK_NEAR(mean(&s, "open.gridlock_high[2026]", 0), 90, 1e-12);
    CHECK_NEAR(mean(&s, "open.by_year[2026]", 0), p, 1e-12);
    CHECK_NEAR(mean(&s, "open.by_year[2027]", 0), p, 1e-12);
    CHECK_NEAR(mean(&s, "open.by_year[2028]", 0), 1 - (1 - p) * (1 - p), 1e-12);
    /* asked now, in two years, and so on: (1 - p) / p times two years */
    CHECK_NEAR(mean(&s, "open.expected_time", 0), 2 * (1 - p) / p, 1e-9);
    ent_quantity_view adopted = small_quantity(&s, "open.adopted[2029]");
    CHECK_NEAR(adopted.arm[0].mean, 1 - (1 - p) * (1 - p), 4 * adopted.arm[0].mc_error);
    CHECK(mean(&s, "open.adopted[2027]", 0) < adopted.arm[0].mean && mean(&s, "open.adopted[2026]", 0) == mean(&s, "open.adopted[2027]", 0));
    small_free(&s);
}

/* The document is decided on an issue of its own: on one that it changes itself it cannot be. */
#define PAPER                                                                                                          \
    "  paper:\n    question: Take it up?\n    scale: {0: no, 100: yes}\n    status_quo: 50\n    stances: door.csv\n"
#define TAKEN "document:\n  title: T\n  issuer: us\n  provisions:\n    shut: {says: a, takes_hold: open, changes: {\"door.position[us]\": 80}}\n"

/* What a decision lets take hold is in force from the year in which it falls, and not before. */
static void a_provision_holds_from_the_year_of_its_decision(void **state)
{
    (void)state;
    small s = small_new(HEAD YEARS DOOR "    settle: compromise\n" PAPER GROUPS
                        "models:\n  open: {use: consent, group: nato, issue: paper, to: 100, lambda: 20, tau: 0.1, asked: [2026, 2028]}\n" TAKEN
                        "claims:\n  late: {who: w, says: s, holds: \"(last(door.outcome) > 40) == (without(open.adopted[2029]) > 0)\"}\n"
                        "  early: {who: w, says: s, holds: \"(door.outcome[2027] > 40) == (without(open.adopted[2026]) > 0)\"}\n");
    small_run(&s, 20000, 2);
    double p = all_accept(), moved = 340 / 6.5, stays = 220 / 6.5;
    CHECK_NEAR(mean(&s, "door.outcome[2027]", ENT_ARM_WITHOUT), stays, 1e-12);
    CHECK_NEAR(mean(&s, "door.outcome[2027]", ENT_ARM_WITH), stays + p * (moved - stays), 0.1);
    CHECK_NEAR(mean(&s, "door.outcome[2029]", ENT_ARM_WITH), stays + (1 - (1 - p) * (1 - p)) * (moved - stays), 0.1);
    CHECK_NEAR(mean(&s, "door.outcome[2026]", ENT_ARM_TAKEN), moved, 1e-12);
    CHECK_SAME(small_claim(&s, "late").arm[ENT_ARM_WITH].share, 1);
    CHECK_SAME(small_claim(&s, "early").arm[ENT_ARM_WITH].share, 1);
    CHECK_NEAR(ent_results_provision(s.results, 0).share, 1 - (1 - p) * (1 - p), 0.02);
    small_free(&s);
}

/* pl is itself a group of two: asked as one by its own stance; with nested: yes its members are asked, under their rule. */
static void groups_within_groups(void **state)
{
    (void)state;
    const char *yaml = HEAD
        "issues:\n  door:\n    question: Open?\n    scale: {0: shut, 100: open}\n    status_quo: 50\n    stances:\n"
        "      - {actor: us, position: 20, salience: 0.5, capability: 4}\n      - {actor: fr, position: 60, salience: 0.5, capability: 3}\n"
        "      - {actor: ru, position: 0, salience: 1, capability: 2}\n"
        "groups:\n  pl: {members: [us, fr], rule: {weighted: gdp, more_than: 0.5}}\n  two: {members: [pl, ru], rule: consensus%s}\n"
        "models:\n  open: {use: consent, group: two, issue: door, to: 100, lambda: 20, tau: 0.1}\n";
    char text[2048];
    snprintf(text, sizeof text, yaml, "");
    small s = small_new(text);
    small_run(&s, 64, 1);
    double ru = logistic(20 * (-1 + 0.25 + 0.1));
    /* pl stands at (20 * 2 + 60 * 1.5) / 3.5 with salience 3.5 / 7 */
    double x = 130 / 3.5, u = pow((x - 50) / 100, 2) - pow((x - 100) / 100, 2);
    CHECK_NEAR(mean(&s, "open.chance", 0), logistic(20 * (0.5 * u + 0.1)) * ru, 1e-12);
    small_free(&s);
    snprintf(text, sizeof text, yaml, ", nested: yes");
    small n = small_new(text);
    small_run(&n, 64, 1);
    /* more than half of gdp 4 and 3 is us alone */
    CHECK_NEAR(mean(&n, "open.chance", 0), logistic(20 * accept[0]) * ru, 1e-12);
    CHECK_NEAR(mean(&n, "open.blocks[fr]", 0), 0, 1e-15);
    small_free(&n);
}

static void what_a_decision_refuses(void **state)
{
    (void)state;
    small_refuses(HEAD DOOR GROUPS "models:\n  a: {use: consnet}\n", "did you mean \"consent\"?");
    small_refuses(HEAD DOOR GROUPS "models:\n  a: {use: nash}\n", "name it under `settle:`");
    small_refuses(HEAD DOOR GROUPS "models:\n  a: {use: consent, group: nato, issue: dor, to: 1, lambda: 2}\n", "did you mean \"door\"?");
    small_refuses(HEAD DOOR GROUPS "models:\n  a: {use: consent, issue: door, to: 1, lambda: 2}\n", "needs `group:`");
    small_refuses(HEAD DOOR GROUPS "models:\n  a: {use: consent, group: nato, issue: door, lambda: 2}\n", "needs `to`");
    small_refuses(HEAD DOOR GROUPS "models:\n  a: {use: consent, group: nato, issue: door, to: 1, lamda: 2, lambda: 1}\n", "did you mean \"lambda\"?");
    small_refuses(HEAD DOOR GROUPS "models:\n  a: {use: consent, group: nato, issue: door, to: 1, lambda: 2, rho: 3}\n", "`rho` of the model \"a\" lies between 0 and 1");
    small_refuses(HEAD YEARS DOOR GROUPS ASKED("2026") TAKEN, "a cycle: door.position[us] -> door.position[us]");
    small_refuses(HEAD YEARS DOOR GROUPS ASKED("2031"), "is asked in years from 2026 to 2029");
    small_refuses(HEAD DOOR "groups:\n  g: {members: [us, ru]}\nmodels:\n  a: {use: consent, group: g, issue: door, to: 1, lambda: 2}\n", "has no `rule`");
    small_refuses(HEAD DOOR "groups:\n  g: {members: [us, ru], rule: {weighted: gdp, quota: 100}}\nmodels:\n  a: {use: consent, group: g, issue: door, to: 1, lambda: 2}\n", "the rule of \"g\"");
    small_refuses(HEAD DOOR "groups:\n  us: {members: [us, ru], rule: consensus, nested: yes}\n  ru: {members: [us], rule: consensus, nested: yes}\n"
                            "models:\n  a: {use: consent, group: us, issue: door, to: 1, lambda: 2}\n", "asks us twice");
    small_refuses(HEAD "issues:\n  door:\n    question: Q\n    scale: {0: a, 1: b}\n    status_quo: 0\n    stances:\n      - {actor: us, position: 0, salience: 1, capability: 1}\n"
                       GROUPS "models:\n  a: {use: consent, group: nato, issue: door, to: 1, lambda: 2}\n", "has no stance on the issue");
}

/* --- wars ------------------------------------------------------------------------------------------- */

#define WAR                                                                                                            \
    "models:\n  war:\n    use: war\n    start: 2025-04\n    months: 57\n    line: 6\n    cost_a: 0.002\n    cost_b: 0.003\n"     \
    "    discount: 0.99\n    effort_b: \"0.9 * (1 - cut)\"\n    optimism_a: 0.2\n    talk: 0.05\n    resume: 0.01\n"              \
    "    events: {near: {state: [settled, frozen], line: [0.2, 0.4]}}\n  again: {use: war, like: war}\n"
#define CUT "inputs:\n  cut: {value: 0}\ndocument:\n  title: T\n  provisions:\n    end: {says: a, changes: {cut: 0.4}}\n"

/* The war called alone, with its effort in the months before 2026 and after. */
static void alone(double fighting[57], double event[57], double later, int32_t seen_month, double *kept)
{
    double effort[57], cost_a[57], cost_b[57], talk[57];
    for (int t = 0; t < 57; t++) {
        effort[t] = t < 9 ? 0.9 : later;
        cost_a[t] = 0.002;
        cost_b[t] = 0.003;
        talk[t] = 0.05;
    }
    const ent_war_event near = {ENT_WAR_SETTLED | ENT_WAR_FROZEN, 0, 0.2, 0.4, 0, 1};
    ent_war_input in = ENT_WAR_INPUT_INIT;
    in.months = 57;
    in.line = 6;
    in.effort_b = effort;
    in.cost_a = cost_a;
    in.cost_b = cost_b;
    in.talk = talk;
    in.discount = 0.99;
    in.optimism_a = 0.2;
    in.resume = 0.01;
    in.event = &near;
    in.n_events = 1;
    in.seen_month = seen_month;
    in.seen_states = ENT_WAR_FIGHTING;
    ent_war_output out = {.fighting = fighting, .event = event};
    ent_error err = {0};
    if (ent_war(&out, &in, &err) != ENT_OK)
        fail_msg("%s", err.message);
    *kept = out.kept;
}

static void a_war_runs_in_months_and_the_document_from_its_first_year(void **state)
{
    (void)state;
    small s = small_new(HEAD YEARS CUT WAR "quantities:\n  late: {value: \"war.fighting[2027-03]\"}\n  ends: {value: \"war.near\"}\n");
    small_run(&s, 64, 1);
    double fighting[57], event[57], kept, fighting_cut[57], event_cut[57];
    alone(fighting, event, 0.9, -1, &kept);
    alone(fighting_cut, event_cut, 0.9 * 0.6, -1, &kept);
    CHECK_NEAR(mean(&s, "war.fighting[2025-12]", ENT_ARM_TAKEN), fighting[8], 1e-14);
    CHECK_NEAR(mean(&s, "war.fighting[2029-12]", ENT_ARM_WITHOUT), fighting[56], 1e-14);
    CHECK_NEAR(mean(&s, "war.fighting[2029-12]", ENT_ARM_TAKEN), fighting_cut[56], 1e-14);
    CHECK(fabs(fighting[56] - fighting_cut[56]) > 1e-3);
    CHECK_NEAR(mean(&s, "late", ENT_ARM_WITHOUT), fighting[23], 1e-14);
    CHECK_NEAR(mean(&s, "ends[2028]", ENT_ARM_TAKEN), event_cut[44], 1e-14); /* a year stands for its last month */
    CHECK_SAME(mean(&s, "again.settled[2029-12]", ENT_ARM_WITH), mean(&s, "war.settled[2029-12]", ENT_ARM_WITH));
    small_free(&s);
}

/* What is known of a war's own state conditions it, in every arm; how probable it was is the draw's weight. */
static void what_is_known_of_a_war_conditions_it(void **state)
{
    (void)state;
    small s = small_new(HEAD YEARS CUT WAR "given:\n  - {says: it went on, holds: \"war.going_on[2025-12]\", source: press}\n");
    small_run(&s, 64, 1);
    double fighting[57], event[57], kept;
    alone(fighting, event, 0.9, 8, &kept);
    CHECK_NEAR(mean(&s, "war.fighting[2025-12]", ENT_ARM_WITH), 1, 1e-12);
    CHECK_NEAR(mean(&s, "war.fighting[2029-12]", ENT_ARM_WITHOUT), fighting[56], 1e-12);
    CHECK_NEAR(exp(ent_results_facts(s.results).log_evidence), kept, 1e-9);
    CHECK(mean(&s, "again.fighting[2025-12]", ENT_ARM_WITH) < 1); /* the other war was not seen */
    small_free(&s);
}

static void what_a_war_refuses(void **state)
{
    (void)state;
    small_refuses(HEAD YEARS "models:\n  w: {use: war, months: 9, line: 3, cost_a: 0.1, cost_b: 0.1, discount: 0.9}\n", "`start` is its first one");
    small_refuses(HEAD YEARS "models:\n  w: {use: war, start: 2025-04, line: 3, cost_a: 0.1, cost_b: 0.1, discount: 0.9}\n", "`months` says how many");
    small_refuses(HEAD YEARS CUT WAR "claims:\n  c: {who: w, says: s, holds: \"war.settled[2031-01] > 0\"}\n", "the model runs from war.settled[2025-04]");
    small_refuses(HEAD YEARS CUT WAR "claims:\n  c: {who: w, says: s, holds: \"war.setled[2027-01] > 0\"}\n", "did you mean \"war.settled\"?");
    small_refuses(HEAD YEARS CUT WAR "given:\n  - {says: a, holds: \"war.going_on[2025-12]\", source: p}\n  - {says: b, holds: \"war.going_on[2026-12]\", source: p}\n", "in one month");
    small_refuses(HEAD YEARS "models:\n  w: {use: war, start: 2025-04, months: 9, line: 3, cost_a: 0.1, cost_b: 0.1, discount: 0.9, events: {e: {state: won}}}\n", "\"won\" is no state of a war");
    small_refuses(HEAD YEARS "models:\n  w: {use: war, start: 2025-04, months: 9, line: 3, cost_a: \"0.1 * w.line[2025-06]\", cost_b: 0.1, discount: 0.9}\n", "w.line[2025-06] -> w.line[2025-06]");
    small_refuses(HEAD YEARS "models:\n  w: {use: war, like: v}\n", "which is no model of this scenario");
}

/* --- the alliance ----------------------------------------------------------------------------------- */

#define ALLIANCE                                                                                                       \
    "groups:\n  allies: {members: [us, pl]}\n  outside: {members: [fr]}\n"                                               \
    "quantities:\n  spent: {value: \"0.03 * gdp\"}\n  stock: {value: \"stocks.stock\"}\n"                                                                    \
    "models:\n"                                                                                                        \
    "  belief: {use: deterrence, defenders: allies, challenger: 0.1, target: 0.01, help: \"previous(stocks.stock, spent)\",\n"                        \
    "    stake: 0.7, cost: 0.4, loss: 0.3, lambda_defender: 6, lambda_challenger: 5, c: 0.1, c_opposed: 0.6}\n"            \
    "  burden: {use: burden_sharing, allies: allies, income: gdp, observed: spent, credibility: belief.honour,\n"         \
    "    baseline_credibility: \"without(belief.honour[2026])\"}\n"                                                     \
    "  stocks: {use: capability, allies: allies, income: gdp, spending: \"previous(aim, spent)\", wear: 0.1, ramp: 0.01}\n" \
    "  worth: {use: membership, members: allies, candidates: outside, income: gdp, observed: spent,\n"                   \
    "    taste_shared: burden.taste_shared, taste_private: burden.taste_private, spending: burden.spending,\n"            \
    "    spillover: 0.4, credibility: belief.honour, outside: %s}\n"

/* Each model of the alliance in a scenario, against what its page says by hand. gdp: us 4, pl 1, fr 3. */
static void models_of_the_alliance_run_year_by_year(void **state)
{
    (void)state;
    char yaml[4096];
    snprintf(yaml, sizeof yaml, HEAD YEARS ALLIANCE, "1");
    char *aim = strstr(yaml, "quantities:\n") + strlen("quantities:\n");
    char rest[4096];
    snprintf(rest, sizeof rest, "%s", aim);
    snprintf(aim, sizeof yaml - (size_t)(aim - yaml), "  aim: {value: \"0.05 * gdp\"}\n%s", rest);
    small s = small_new(yaml);
    small_run(&s, 64, 1);
    /* h of us: help 0.12 against 0.1, p_T = 0.01 / 0.11 for the target: 0.1 / 0.11 for the challenger */
    double pt = 0.1 / 0.11, ptd = 0.1 / (0.1 + 0.01 + 0.12);
    CHECK_NEAR(mean(&s, "belief.honour[us,2026]", 0), logistic(6 * (0.7 - 0.4 + (pt - ptd) * 0.3)), 1e-12);
    /* calibrated and solved at the same credibilities, what was observed comes back */
    CHECK_NEAR(mean(&s, "burden.spending[us,2026]", 0), 0.12, 1e-9);
    CHECK_NEAR(mean(&s, "burden.burden[pl,2026]", 0), 0.03, 1e-9);
    CHECK_NEAR(mean(&s, "burden.income_share[us,2026]", 0), 0.8, 1e-12);
    /* the first year's stock is in balance with what was spent; from 2027 on spending rises by a hundredth of GDP a year to
     * 0.05 of it: in units of spending the stock is 0.9 K + 0.1 q */
    CHECK_NEAR(mean(&s, "stock[us,2026]", 0), 0.12, 1e-12);
    CHECK_NEAR(mean(&s, "stock[us,2027]", 0), 0.9 * 0.12 + 0.1 * 0.16, 1e-12);
    CHECK_NEAR(mean(&s, "stock[us,2028]", 0), 0.9 * (0.9 * 0.12 + 0.1 * 0.16) + 0.1 * 0.2, 1e-12);
    CHECK_NEAR(mean(&s, "stocks.spent[us,2029]", 0), 0.2, 1e-12);
    /* who counts on as much outside gains nothing inside */
    CHECK_NEAR(mean(&s, "worth.equivalent[fr,2026]", 0), 0, 1e-9);
    CHECK_NEAR(mean(&s, "worth.equivalent[us,2029]", 0), 0, 1e-9);
    small_free(&s);
    snprintf(yaml, sizeof yaml, HEAD YEARS ALLIANCE, "0.1");
    aim = strstr(yaml, "quantities:\n") + strlen("quantities:\n");
    snprintf(rest, sizeof rest, "%s", aim);
    snprintf(aim, sizeof yaml - (size_t)(aim - yaml), "  aim: {value: \"0.05 * gdp\"}\n%s", rest);
    small t = small_new(yaml);
    small_run(&t, 64, 1);
    CHECK(mean(&t, "worth.equivalent[fr,2026]", 0) > 0.001);
    small_free(&t);
}

/* An ally is named where a model asks for one of its allies. */
static void an_ally_is_named(void **state)
{
    (void)state;
    small s = small_new(HEAD YEARS "groups:\n  allies: {members: [us, pl]}\n"
                        "models:\n  stocks: {use: capability, allies: allies, income: gdp, spending: \"0.03 * gdp\", required: 2, without_ally: us}\n");
    small_run(&s, 64, 1);
    CHECK_NEAR(mean(&s, "stocks.remaining[2026]", 0), 0.03, 1e-12);
    CHECK_NEAR(mean(&s, "stocks.deficit[2026]", 0), 0.03, 1e-12);
    small_free(&s);
    small_refuses(HEAD YEARS "groups:\n  allies: {members: [us, pl]}\n"
                  "models:\n  stocks: {use: capability, allies: allies, income: gdp, spending: \"0.03 * gdp\", required: 2, without_ally: fr}\n",
                  "fr is none of the allies");
    small_refuses(HEAD YEARS "models:\n  stocks: {use: capability, income: gdp, spending: 1}\n", "needs `allies:`");
}

static void a_saved_plan_runs_its_models(void **state)
{
    (void)state;
    small s = small_new(HEAD YEARS DOOR GROUPS
                        "inputs:\n  cut: {value: 0.1 to 0.3}\n"
                        "models:\n  open: {use: consent, group: nato, issue: door, to: 100, lambda: 20, tau: 0.1, rounds: 3, rho: 0.1}\n"
                        "  war: {use: war, start: 2025-04, months: 57, line: 6, cost_a: 0.002, cost_b: 0.003, discount: 0.99, effort_b: \"1 - cut\"}\n");
    small_run(&s, 512, 2);
    char *before = small_json(&s);
    unsigned char *bytes = NULL;
    size_t length;
    CHECK(ent_plan_save(&bytes, &length, s.plan, NULL) == ENT_OK);
    ent_results_free(s.results); /* they borrow the plan */
    s.results = NULL;
    ent_plan_free(s.plan);
    s.plan = NULL;
    CHECK(ent_plan_load(&s.plan, bytes, length, NULL) == ENT_OK);
    small_run(&s, 512, 1);
    char *after = small_json(&s);
    assert_string_equal(before, after);
    ent_bytes_free(before);
    ent_bytes_free(after);
    ent_bytes_free(bytes);
    small_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_decision_is_the_model_of_its_members_stances),
                                       cmocka_unit_test(a_provision_holds_from_the_year_of_its_decision),
                                       cmocka_unit_test(groups_within_groups), cmocka_unit_test(what_a_decision_refuses),
                                       cmocka_unit_test(a_war_runs_in_months_and_the_document_from_its_first_year),
                                       cmocka_unit_test(what_is_known_of_a_war_conditions_it), cmocka_unit_test(what_a_war_refuses),
                                       cmocka_unit_test(models_of_the_alliance_run_year_by_year), cmocka_unit_test(an_ally_is_named),
                                       cmocka_unit_test(a_saved_plan_runs_its_models)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
