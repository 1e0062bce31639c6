/* Wars small enough to be worked out by hand, what is refused and why, and the call of the table of models. */
#include "core/core.h"
#include "war_case.h"

static war_case c; /* too large for the stack */

/* --- by hand: one line in the middle, W = 0.9 / 2 - 0.1 = 0.35 ------------------------------------------ */

/* lo = (0.35 - 0.25) / 0.5 = 0.2 and hi = 0.8: y = (1 - beta) 0.2 + beta 0.8. */
static void a_settlement_is_shared_by_power(void **state)
{
    (void)state;
    static const double beta[] = {0, 0.25, 0.5, 1}, want[] = {0.2, 0.35, 0.5, 0.8};
    for (int i = 0; i < 4; i++) {
        war_set(&c);
        c.in.beta = beta[i];
        war_play(&c);
        CHECK_NEAR(war_at(&c, c.worth_a, 0, 1), 0.35, 1e-15);
        CHECK_NEAR(war_at(&c, c.worth_b, 0, 1), 0.35, 1e-15);
        CHECK_NEAR(war_at(&c, c.agreed, 0, 1), want[i], 1e-15);
        CHECK(c.told[SETTLED][0] == 1 && c.told[SETTLED][2] == 1 && c.told[LINE][0] == 0.5);
        CHECK_NEAR(c.told[CONCESSION][2], want[i], 1e-15);
        CHECK_NEAR(c.told[VALUE_A][0], 0.25 + 0.5 * want[i], 1e-15);
        CHECK_NEAR(c.told[VALUE_B][0], 0.75 - 0.5 * want[i], 1e-15);
    }
}

/* A side to which y means nothing settles where its own test holds, at the other's best end; two of them keep y0. */
static void who_does_not_care_for_y_leaves_it_to_the_other(void **state)
{
    (void)state;
    const struct {
        double alpha_a, alpha_b, guarantee_a, y;
    } want[] = {{1, 0.5, 1, 0},     {0.5, 1, 1, 1},   {1, 1, 1, 0.3},
                {1, 0.5, 0.6, NAN}, {1, 1, 0.8, 0.3}, {0.5, 0.5, 0, NAN}};
    for (size_t i = 0; i < 6; i++) {
        war_set(&c);
        c.in.y0 = 0.3;
        c.in.alpha_a = want[i].alpha_a;
        c.in.alpha_b = want[i].alpha_b;
        every_month(&c, GUARANTEE_A, want[i].guarantee_a);
        war_play(&c);
        CHECK_SAME(war_at(&c, c.agreed, 0, 1), want[i].y);
        CHECK(c.told[SETTLED][0] == (want[i].y == want[i].y));
    }
}

static void a_range_is_found_by_talking(void **state)
{
    (void)state;
    war_set(&c);
    every_month(&c, TALK, 0.4);
    c.in.move = 0.5;
    war_play(&c); /* of 0.6 half moves to the ends, half of that to each */
    CHECK_NEAR(c.told[SETTLED][0], 0.4, 1e-15);
    CHECK_NEAR(c.told[FIGHTING][0], 0.3, 1e-15);
    CHECK_NEAR(c.told[LOST_A][0], 0.15, 1e-15);
    CHECK_NEAR(c.told[LOST_B][0], 0.15, 1e-15);
    CHECK_NEAR(c.told[SETTLED][1], 0.4 + 0.3 * 0.4, 1e-15);
    CHECK_NEAR(c.told[LINE][0], 0.7 * 0.5 + 0.15, 1e-15);
}

/* With guarantees of 0.3 there is no range. v = 0.5 at y0, so a freeze costs phi 0.1 / 0.1 and is liked below 0.15. */
static void a_line_freezes_where_both_prefer_it(void **state)
{
    (void)state;
    war_set(&c);
    every_month(&c, GUARANTEE_A, 0.3);
    every_month(&c, GUARANTEE_B, 0.3);
    c.in.freeze_cost = 0.14;
    c.in.resume = 0.25;
    war_play(&c);
    CHECK(c.told[FROZEN][0] == 1 && c.told[SETTLED][0] == 0);
    CHECK_NEAR(c.told[FROZEN][1], 0.75, 1e-15); /* what resumes fights at once, and here that decides */
    CHECK_NEAR(c.told[LOST_A][1], 0.125, 1e-15);
    CHECK_NEAR(c.told[FROZEN][2], 0.5625, 1e-15);
    CHECK(c.told[CONCESSION][0] == 0.5 && c.told[LEVERAGE][0] != c.told[LEVERAGE][0]);
    c.in.freeze_cost = 0.16;
    war_play(&c);
    CHECK(c.told[FROZEN][0] == 0 && c.told[LOST_A][0] == 0.5 && c.told[LOST_B][0] == 0.5);
    c.in.freeze_cost = 0.14;
    c.in.freezing = false;
    war_play(&c);
    CHECK(c.told[FROZEN][0] == 0 && c.told[LOST_A][0] == 0.5);
}

/* What resumes and does not move decides only in the next month. */
static void what_resumes_fights_before_it_decides(void **state)
{
    (void)state;
    war_set(&c);
    c.in.move = 1e-3; /* W is small, so there is a range from month 1 on, when settlements are guaranteed */
    c.in.resume = 1;
    c.in.freeze_cost = 0;
    c.series[GUARANTEE_A][0] = c.series[GUARANTEE_B][0] = 0.3;
    c.series[COST_A][0] = c.series[COST_B][0] = 0;
    c.in.discount = 0.999;
    c.in.y0 = 0.5;
    war_play(&c);
    CHECK(c.told[FROZEN][0] == 1);
    CHECK_NEAR(c.told[FIGHTING][1], 0.999, 1e-15);
    CHECK_NEAR(c.told[SETTLED][2], 0.999, 1e-15);
}

/* A month costs A 0.5, more than it can win: W_A = 0. B asks for more than y can give. */
static void who_can_win_nothing_gives_up(void **state)
{
    (void)state;
    war_set(&c);
    every_month(&c, COST_A, 0.5);
    every_month(&c, GUARANTEE_B, 0.3);
    war_play(&c);
    CHECK(war_at(&c, c.worth_a, 0, 1) == 0);
    CHECK(c.told[LOST_A][0] == 1 && c.told[LINE][0] == 0 && c.told[CONCESSION][0] == 0 && c.told[VALUE_B][0] == 1);
    every_month(&c, COST_A, 0.1);
    every_month(&c, GUARANTEE_B, 1);
    every_month(&c, COST_B, 0.5);
    every_month(&c, GUARANTEE_A, 0.3);
    war_play(&c);
    CHECK(c.told[LOST_B][0] == 1 && c.told[LINE][0] == 1 && c.told[VALUE_A][0] == 1);
}

/* A thinks its odds are 0.5 + 0.2 * 0.5^t, B its own 0.5 + 0.1 * 0.5^t. With K = 2 and no costs W is the odds of the
 * one move times what waiting for it leaves: 0.9 move / (1 - 0.9 (1 - move)). */
static void battle_teaches(void **state)
{
    (void)state;
    war_set(&c);
    every_month(&c, TALK, 0);
    c.in.move = 1e-6; /* so that it is still fought over in month 2 */
    c.in.optimism_a = 0.2;
    c.in.optimism_b = 0.1;
    c.in.learning = 0.5;
    every_month(&c, COST_A, 0);
    every_month(&c, COST_B, 0);
    war_play(&c);
    for (int t = 0; t < 3; t++) {
        double left = pow(0.5, t), scale = 0.9e-6 / (1 - 0.9 * (1 - 1e-6));
        CHECK_NEAR(war_at(&c, c.worth_a, t, 1), (0.5 + 0.2 * left) * scale, 1e-18);
        CHECK_NEAR(war_at(&c, c.worth_b, t, 1), (0.5 + 0.1 * left) * scale, 1e-18);
    }
}

/* W = (0.225 - 0.1) / 0.55 at even odds; without aid A's odds are 1 / 1.5. Optimism is left out. */
static void leverage_is_what_a_could_hold_out_for(void **state)
{
    (void)state;
    war_set(&c);
    c.in.move = 0.5;
    c.in.beta = 0.25;
    c.in.optimism_a = 0.3;
    every_month(&c, TALK, 0);
    every_month(&c, AID_B, 0.5);
    war_play(&c);
    double even = 0.125 / 0.55, strong = (0.3 - 0.1) / 0.55, weak = (0.15 - 0.1) / 0.55;
    for (int t = 0; t < 3; t++) {
        CHECK_NEAR(c.told[LEVERAGE][t], 0.75 * even + 0.25 * (1 - even), 1e-15);
        CHECK_NEAR(c.told[ALONE][t], 0.75 * strong + 0.25 * (1 - weak), 1e-15);
    }
}

/* Who gives up now may have settled later: a little optimism can bring a settlement about. */
static void optimism_can_keep_a_side_in_the_war_until_it_settles(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        war_set(&c);
        c.in.months = 24;
        c.in.states = 4;
        c.in.line = 1;
        c.in.discount = 0.95;
        c.in.freezing = false;
        c.in.alpha_b = 0.8;
        c.in.optimism_a = i == 0 ? 0 : 0.3;
        every_month(&c, COST_A, 0.15);
        every_month(&c, COST_B, 0.05);
        every_month(&c, GUARANTEE_A, 0.8);
        every_month(&c, GUARANTEE_B, 0.3);
        war_play(&c);
        CHECK(i == 0 ? c.told[LOST_A][0] == 1 : c.told[SETTLED][23] > 0.2);
    }
}

static void a_start_at_an_end_is_a_collapse(void **state)
{
    (void)state;
    for (int states = 1; states <= 3; states++)
        for (int end = 0; end < 2; end++) {
            war_set(&c);
            c.in.states = states;
            c.in.line = end * states;
            c.in.months = 1200;
            war_play(&c);
            CHECK(c.told[LOST_A][0] == 1 - end && c.told[LOST_B][1199] == end);
            CHECK(c.told[LINE][0] == end && c.told[CONCESSION][0] == end && c.told[VALUE_B][5] == 1 - end);
            CHECK(c.told[LEVERAGE][0] != c.told[LEVERAGE][0]);
        }
}

static void events_ask_for_state_line_and_y(void **state)
{
    (void)state;
    const struct {
        ent_war_event event;
        double want;
    } asked[] = {
        {{ENT_WAR_SETTLED, 0, 0, 1, 0, 1}, 0.4},
        {{ENT_WAR_SETTLED, 0, 0.5, 0.5, 0.5, 0.5}, 0.4},
        {{ENT_WAR_SETTLED, 0, 0, 0.4, 0, 1}, 0},
        {{ENT_WAR_SETTLED, 0, 0, 1, 0.51, 1}, 0},
        {{ENT_WAR_FIGHTING, 0, 0, 1, 0.7, 0.7}, 0.3},
        {{ENT_WAR_FIGHTING, 0, 0, 1, 0, 0.69}, 0},
        {{ENT_WAR_COLLAPSE_A, 0, 0, 0.05, 0, 0.1}, 0.15},
        {{ENT_WAR_COLLAPSE_A, 0, 0.1, 1, 0, 1}, 0},
        {{ENT_WAR_COLLAPSE_B, 0, 0.9, 1, 0.8, 1}, 0.15},
        {{ENT_WAR_COLLAPSE_B, 0, 0.9, 1, 0, 0.9}, 0},
        {{ENT_WAR_ANY, 0, 0, 1, 0, 1}, 1},
        {{ENT_WAR_FROZEN, 0, 0, 1, 0, 1}, 0},
    };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i += 4) {
        war_set(&c);
        every_month(&c, TALK, 0.4);
        c.in.move = 0.5;
        c.in.y0 = 0.7;
        c.in.n_events = 4;
        for (size_t e = 0; e < 4; e++)
            c.event[e] = asked[i + e].event;
        war_play(&c);
        for (int e = 0; e < 4; e++)
            CHECK_NEAR(war_event(&c, e, 0), asked[i + (size_t)e].want, 1e-15);
    }
}

static void what_was_seen_is_the_weight(void **state)
{
    (void)state;
    war_set(&c);
    every_month(&c, TALK, 0.4);
    c.in.move = 0.5;
    c.in.seen_month = 1;
    c.in.seen_states = ENT_WAR_FIGHTING;
    war_play(&c);
    CHECK_NEAR(c.out.kept, 0.09, 1e-15);
    CHECK_NEAR(c.told[SETTLED][0], 0.4, 1e-15);
    CHECK_NEAR(c.told[FIGHTING][1], 1, 1e-15);
    CHECK(c.told[SETTLED][1] == 0 && c.told[LOST_A][1] == 0);
    CHECK_NEAR(c.told[SETTLED][2], 0.4, 1e-15);
    c.in.seen_states = ENT_WAR_FROZEN; /* cannot be */
    war_play(&c);
    CHECK(c.out.kept == 0 && c.out.stop == ENT_STOP_DONE);
    CHECK_NEAR(c.told[SETTLED][0], 0.4, 1e-15);
    for (int i = 0; i < TOLD; i++)
        CHECK(c.told[i][1] != c.told[i][1] && c.told[i][2] != c.told[i][2]);
}

/* Effort from nothing to all, costs from nothing to more than the stake, and what is in between. */
static void extremes_have_outcomes(void **state)
{
    (void)state;
    static const double effort[] = {0, 1e-300, 1, 1e300}, cost[] = {0, 1e-300, 1, 1e308};
    static const double discount[] = {1e-300, 0.5, 1 - 0x1p-53}, move[] = {1e-300, 1}, share[] = {0, 1e-310, 1};
    for (int i = 0; i < 4 * 4 * 4 * 3 * 2 * 3; i++) {
        war_set(&c);
        c.in.months = 4;
        c.in.states = 5;
        c.in.line = 2;
        every_month(&c, EFFORT_A, effort[i % 4]);
        every_month(&c, EFFORT_B, effort[i / 4 % 4]);
        every_month(&c, COST_A, cost[i / 16 % 4]);
        every_month(&c, COST_B, cost[(i + 1) / 16 % 4]);
        c.in.discount = discount[i / 64 % 3];
        c.in.move = move[i / 192 % 2];
        every_month(&c, GUARANTEE_A, share[i / 384 % 3]);
        every_month(&c, GUARANTEE_B, share[(i + 1) / 384 % 3]);
        c.in.alpha_a = i % 3 == 0 ? 1 : 1e-310;
        war_play(&c);
        double sum = 0;
        for (int x = FIGHTING; x <= LOST_B; x++)
            sum += c.told[x][3];
        CHECK_NEAR(sum, 1, 1e-14);
        for (int k = 0; k <= 5; k++)
            CHECK(war_at(&c, c.worth_a, 0, k) >= 0 && war_at(&c, c.worth_a, 0, k) <= 1);
        CHECK(c.told[VALUE_A][3] >= 0 && c.told[VALUE_A][3] <= 1);
    }
    war_set(&c); /* nothing against nothing is even */
    every_month(&c, EFFORT_A, 0);
    every_month(&c, EFFORT_B, 0);
    every_month(&c, TALK, 0);
    war_play(&c);
    CHECK(c.told[LOST_A][0] == 0.5 && c.told[LOST_B][0] == 0.5);
}

static void the_longest_and_finest_war(void **state)
{
    (void)state;
    war_set(&c);
    c.in.months = ENT_WAR_MAX_MONTHS;
    c.in.states = ENT_WAR_MAX_STATES;
    c.in.line = 400;
    c.in.discount = 0.999;
    every_month(&c, COST_A, 1e-6);
    every_month(&c, COST_B, 1e-6);
    every_month(&c, TALK, 1e-3);
    c.in.optimism_a = 1e-3;
    war_play(&c);
    double sum = 0;
    for (int x = FIGHTING; x <= LOST_B; x++)
        sum += c.told[x][1199];
    CHECK_NEAR(sum, 1, 1e-12);
    CHECK(c.told[SETTLED][1199] > 0.1);
}

/* --- series --------------------------------------------------------------------------------------------- */

/* From October: months 0 to 2 take the first value, 3 to 14 the second. */
static void a_value_may_stand_for_a_calendar_year(void **state)
{
    (void)state;
    double yearly[TOLD][24];
    for (int by_year = 1; by_year >= 0; by_year--) {
        war_set(&c);
        c.in.months = 24;
        c.in.states = 8;
        c.in.line = 3;
        c.in.start_month = 2022 * 12 + 9;
        c.in.months_a_value = by_year ? 12 : 1;
        every_month(&c, TALK, 0.1);
        for (int t = 0; t < 24; t++) {
            int year = by_year ? t : (t + 9) / 12;
            c.series[EFFORT_B][t] = 1 - 0.2 * year;
            c.series[AID_B][t] = 0.1 * year;
            c.series[COST_A][t] = 0.01 + 0.02 * year;
            c.series[GUARANTEE_B][t] = 1 - 0.3 * year;
            if (by_year && t == 2)
                break; /* a third year's values, no more: the rest must not be read */
        }
        for (int t = 3; by_year && t < MONTHS; t++)
            for (int s = 0; s < SERIES; s++)
                c.series[s][t] = NAN;
        war_play(&c);
        for (int i = 0; i < TOLD; i++)
            for (int t = 0; t < 24; t++) {
                if (!by_year)
                    CHECK_SAME(c.told[i][t], yearly[i][t]);
                yearly[i][t] = c.told[i][t];
            }
    }
}

static void series_that_are_left_out_take_their_defaults(void **state)
{
    (void)state;
    double settled[2], cost[] = {0.1, 0.1};
    ent_war_input in = ENT_WAR_INPUT_INIT;
    in.months = 2, in.line = 8, in.discount = 0.95, in.cost_a = in.cost_b = cost, in.optimism_a = 0.2;
    CHECK(ent_war(&(ent_war_output){.settled = settled}, &in, NULL) == ENT_OK);
    war_set(&c);
    const ent_war_input mine = in;
    c.in = mine;
    c.in.effort_a = c.in.effort_b = c.in.aid_b = c.in.guarantee_a = c.in.guarantee_b = c.in.talk =
        cost; /* bound anew */
    war_play(&c);
    CHECK(settled[0] == c.told[SETTLED][0] && settled[1] == c.told[SETTLED][1]);
}

/* --- what is refused ------------------------------------------------------------------------------------ */

static void refuses(ent_status status, const char *words)
{
    memset(c.told, 1, sizeof c.told);
    double before = c.told[0][0];
    ent_status got = war_try(&c);
    if (got != status || strstr(c.err.message, words) == NULL)
        fail_msg("status %d, \"%s\"; wanted %d, \"%s\"", got, c.err.message, status, words);
    CHECK(c.told[0][0] == before);
    war_set(&c);
}

static void numbers_out_of_range_are_named(void **state)
{
    (void)state;
    war_set(&c);
    c.in.discount = 0, refuses(ENT_ERR_DOMAIN, "discount is 0; allowed is above 0, below 1");
    c.in.discount = 1, refuses(ENT_ERR_DOMAIN, "discount is 1; allowed is above 0, below 1");
    c.in.discount = NAN, refuses(ENT_ERR_DOMAIN, "discount is undefined; allowed is above 0, below 1");
    c.in.move = 0, refuses(ENT_ERR_DOMAIN, "move is 0; allowed is above 0, to 1");
    c.in.move = 1.5, refuses(ENT_ERR_DOMAIN, "move is 1.5");
    c.in.m = 0, refuses(ENT_ERR_DOMAIN, "m is 0; allowed is above 0");
    c.in.m = INFINITY, refuses(ENT_ERR_DOMAIN, "m is infinity; allowed is above 0");
    c.in.optimism_a = 1.01, refuses(ENT_ERR_DOMAIN, "optimism_a is 1.01; allowed is -1 to 1");
    c.in.optimism_b = -2, refuses(ENT_ERR_DOMAIN, "optimism_b is -2; allowed is -1 to 1");
    c.in.learning = 1.1, refuses(ENT_ERR_DOMAIN, "learning is 1.1; allowed is 0 to 1");
    c.in.alpha_a = -0.1, refuses(ENT_ERR_DOMAIN, "alpha_a is -0.1");
    c.in.alpha_b = NAN, refuses(ENT_ERR_DOMAIN, "alpha_b is undefined");
    c.in.y0 = 2, refuses(ENT_ERR_DOMAIN, "y0 is 2");
    c.in.freeze_cost = -INFINITY, refuses(ENT_ERR_DOMAIN, "freeze_cost is -infinity");
    c.in.resume = 2, refuses(ENT_ERR_DOMAIN, "resume is 2");
    c.in.beta = 2, refuses(ENT_ERR_DOMAIN, "beta is 2");
}

static void months_out_of_range_are_named(void **state)
{
    (void)state;
    war_set(&c);
    c.series[EFFORT_A][2] = -1, refuses(ENT_ERR_DOMAIN, "effort_a in month 2 is -1; allowed is 0 and more");
    c.series[EFFORT_B][0] = NAN, refuses(ENT_ERR_DOMAIN, "effort_b in month 0 is undefined");
    c.series[AID_B][1] = 1.5,
    refuses(ENT_ERR_DOMAIN, "aid_b (a part of effort_b) in month 1 is 1.5; allowed is 0 to 1");
    c.series[AID_B][1] = -0.5, refuses(ENT_ERR_DOMAIN, "aid_b in month 1 is -0.5");
    c.series[COST_A][2] = INFINITY, refuses(ENT_ERR_DOMAIN, "cost_a in month 2 is infinity");
    c.series[COST_B][2] = -1, refuses(ENT_ERR_DOMAIN, "cost_b in month 2 is -1");
    c.series[GUARANTEE_A][0] = 1.5, refuses(ENT_ERR_DOMAIN, "guarantee_a in month 0 is 1.5; allowed is 0 to 1");
    c.series[GUARANTEE_B][0] = -1, refuses(ENT_ERR_DOMAIN, "guarantee_b in month 0 is -1");
    c.series[TALK][1] = 7, refuses(ENT_ERR_DOMAIN, "talk in month 1 is 7");
    c.in.months_a_value = 12, c.in.start_month = 11, c.series[TALK][1] = 7;
    refuses(ENT_ERR_DOMAIN, "talk in month 1 is 7");
    ent_war_input in = ENT_WAR_INPUT_INIT;
    double one = 1;
    in.months = 1, in.discount = 0.9, in.cost_b = &one;
    CHECK(ent_war(&c.out, &in, &c.err) == ENT_ERR_ARGUMENT && strstr(c.err.message, "cost_a is missing") != NULL);
    CHECK(ent_war(NULL, &in, NULL) == ENT_ERR_ARGUMENT && ent_war(&c.out, NULL, NULL) == ENT_ERR_ARGUMENT);
}

static void sizes_events_and_what_is_seen_are_checked(void **state)
{
    (void)state;
    war_set(&c);
    c.in.months = 0, refuses(ENT_ERR_LIMIT, "months is 0; allowed is 1 to 1200");
    c.in.months = 1201, refuses(ENT_ERR_LIMIT, "months is 1201");
    c.in.states = 0, refuses(ENT_ERR_LIMIT, "states is 0; allowed is 1 to 1000");
    c.in.states = 1001, refuses(ENT_ERR_LIMIT, "states is 1001");
    c.in.line = -1, refuses(ENT_ERR_DOMAIN, "line is -1; allowed is 0 to states (2)");
    c.in.line = 3, refuses(ENT_ERR_DOMAIN, "line is 3");
    c.in.months_a_value = 6, refuses(ENT_ERR_DOMAIN, "months_a_value is 6");
    c.in.start_month = -1, refuses(ENT_ERR_DOMAIN, "start_month is -1");
    c.in.seen_month = 3, refuses(ENT_ERR_DOMAIN, "seen_month is 3; allowed is -1 (nothing seen) to 2");
    c.in.seen_month = -2, refuses(ENT_ERR_DOMAIN, "seen_month is -2");
    c.in.seen_month = 0, refuses(ENT_ERR_DOMAIN, "seen_states is 0; allowed is a mask of 1 to 31");
    c.in.n_events = ENT_WAR_MAX_EVENTS + 1, refuses(ENT_ERR_LIMIT, "1001 events");
    c.in.n_events = 1, refuses(ENT_ERR_DOMAIN, "event 0 has the states 0");
    c.in.n_events = 1, c.event[0] = (ent_war_event){32, 0, 0, 1, 0, 1},
    refuses(ENT_ERR_DOMAIN, "event 0 has the states 32");
    c.in.n_events = 1, c.event[0] = (ent_war_event){1, 0, 0.6, 0.5, 0, 1};
    refuses(ENT_ERR_DOMAIN, "the line of event 0 runs from 0.6 to 0.5");
    c.in.n_events = 1, c.event[0] = (ent_war_event){1, 0, 0, 1, 0, NAN};
    refuses(ENT_ERR_DOMAIN, "the y of event 0 runs from 0 to undefined");
}

static void without_memory_there_is_an_error(void **state)
{
    (void)state;
    war_set(&c);
    ent__alloc_fail_at(1, false);
    refuses(ENT_ERR_MEMORY, "not enough memory");
    ent__alloc_fail_at(0, false);
    CHECK(war_try(&c) == ENT_OK);
}

/* --- the table of models -------------------------------------------------------------------------------- */

enum { MOST_PORTS = 40, YEARS = 4 };

typedef struct called {
    double in[MOST_PORTS][YEARS], out[MOST_PORTS][3 * 36], option[4];
    const double *in_at[MOST_PORTS];
    double *out_at[MOST_PORTS];
    size_t count[ENT_AXIS_COUNT];
    ent_war_event event[2];
    ent_call call;
} called;

static size_t port(const ent_port *ports, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ports[i].name, name) == 0)
            return i;
    fail_msg("no %s", name);
    return 0;
}

#define IN(k, name) ((k)->in[port(ent_model_find("war")->inputs, ent_model_find("war")->n_inputs, name)])
#define OUT(k, name) ((k)->out[port(ent_model_find("war")->outputs, ent_model_find("war")->n_outputs, name)])

static void call_set(called *k)
{
    const ent_model *model = ent_model_find("war");
    assert_non_null(model);
    *k = (called){
        .count = {[ENT_AXIS_MONTH] = 36, [ENT_AXIS_EVENT] = 2},
        .event = {{ENT_WAR_SETTLED | ENT_WAR_FROZEN, 0, 0.05, 0.95, 0.5, 1}, {ENT_WAR_COLLAPSE_A, 0, 0, 0.05, 0, 1}}};
    CHECK(model->n_inputs <= MOST_PORTS && model->n_outputs <= MOST_PORTS && model->n_options <= 4);
    for (size_t i = 0; i < model->n_inputs; i++)
        for (int y = 0; y < YEARS; y++)
            k->in[i][y] = model->inputs[i].fallback;
    ent_model_defaults(k->option, model);
    IN(k, "line")[0] = 6;
    IN(k, "discount")[0] = 0.98;
    IN(k, "optimism_a")[0] = 0.3;
    IN(k, "move")[0] = 0.8;
    for (int y = 0; y < YEARS; y++) {
        IN(k, "cost_a")[y] = 0.004 + 0.001 * y;
        IN(k, "cost_b")[y] = 0.003;
        IN(k, "effort_b")[y] = 1 - 0.1 * y;
        IN(k, "aid_b")[y] = 0.4 - 0.1 * y;
        IN(k, "talk")[y] = 0.1;
    }
}

/* Binds and calls, with a workspace of exactly what was asked for. */
static ent_stop call_it(called *k)
{
    const ent_model *model = ent_model_find("war");
    for (size_t i = 0; i < model->n_inputs; i++)
        k->in_at[i] = k->in[i];
    for (size_t i = 0; i < model->n_outputs; i++)
        k->out_at[i] = k->out[i];
    k->call = (ent_call){.phase = ENT_PHASE_YEAR,
                         .count = k->count,
                         .in = k->in_at,
                         .out = k->out_at,
                         .option = k->option,
                         .event = k->event,
                         .year = 2022,
                         .first_year = 2022,
                         .start_month = 2022 * 12 + 3,
                         .seen_month = k->call.seen_month > 0 ? k->call.seen_month : -1,
                         .seen_state = ENT_WAR_FIGHTING};
    void *workspace = malloc(model->call_workspace(k->count, NULL));
    ent_stop stop = ENT_STOP_COUNT;
    model->call(&stop, &k->call, workspace);
    free(workspace);
    return stop;
}

static void the_call_is_the_function(void **state)
{
    (void)state;
    static called k;
    static const char *const name[] = {"fighting",   "settled", "frozen",  "collapse_a", "collapse_b",       "line",
                                       "concession", "value_a", "value_b", "leverage_a", "leverage_a_no_aid"};
    for (int seen = 0; seen < 2; seen++) {
        call_set(&k);
        k.call.seen_month = seen * 20;
        CHECK(call_it(&k) == ENT_STOP_DONE);
        war_set(&c);
        c.in = (ent_war_input)ENT_WAR_INPUT_INIT;
        c.in.months = 36, c.in.line = 6, c.in.discount = 0.98, c.in.optimism_a = 0.3, c.in.move = 0.8;
        c.in.n_events = 2;
        c.in.seen_month = seen ? 20 : -1, c.in.seen_states = ENT_WAR_FIGHTING;
        memcpy(c.event, k.event, sizeof k.event);
        for (int t = 0; t < 36; t++) {
            int y = (t + 3) / 12;
            const double value[SERIES] = {1, 1 - 0.1 * y, 0.4 - 0.1 * y, 0.004 + 0.001 * y, 0.003, 1, 1, 0.1};
            for (int s = 0; s < SERIES; s++)
                c.series[s][t] = value[s];
        }
        war_play(&c);
        for (int i = 0; i < TOLD; i++)
            for (int t = 0; t < 36; t++)
                CHECK_SAME(OUT(&k, name[i])[t], c.told[i][t]);
        for (int t = 0; t < 36; t++) {
            CHECK_SAME(OUT(&k, "going_on")[t], c.told[FIGHTING][t]);
            CHECK_SAME(OUT(&k, "events")[t], war_event(&c, 0, t));
            CHECK_SAME(OUT(&k, "events")[36 + t], war_event(&c, 1, t));
        }
        CHECK_SAME(OUT(&k, "kept")[0], c.out.kept);
        CHECK((c.out.kept < 1) == seen && c.told[SETTLED][35] > 0.01);
    }
}

static void all_is_undefined(called *k)
{
    const ent_model *model = ent_model_find("war");
    CHECK(call_it(k) == ENT_STOP_UNDEFINED);
    for (size_t o = 0; o < model->n_outputs; o++)
        for (size_t i = 0; i < (strcmp(model->outputs[o].name, "events") == 0 ? 72
                                : model->outputs[o].shape[0]                  ? 36
                                                                              : 1);
             i++)
            CHECK(k->out[o][i] != k->out[o][i]);
    call_set(k);
}

/* A draw with an undefined number, or one out of range, is undefined as a whole. */
static void a_draw_out_of_range_is_undefined(void **state)
{
    (void)state;
    static called k;
    const ent_model *model = ent_model_find("war");
    call_set(&k);
    for (size_t i = 0; i < model->n_inputs; i++) {
        k.in[i][0] = NAN, all_is_undefined(&k);
        k.in[i][0] = INFINITY, all_is_undefined(&k);
        k.in[i][0] = -3, all_is_undefined(&k);
    }
    IN(&k, "cost_a")[3] = NAN; /* the months end in March 2025: a fourth year */
    all_is_undefined(&k);
    IN(&k, "line")[0] = 21, all_is_undefined(&k);
    IN(&k, "discount")[0] = 1, all_is_undefined(&k);
    IN(&k, "move")[0] = 0, all_is_undefined(&k);
    k.option[0] = NAN, all_is_undefined(&k);
    k.option[0] = 0, all_is_undefined(&k);
    k.option[0] = 1001, all_is_undefined(&k);
    k.call.seen_month = 36, all_is_undefined(&k);
    k.count[ENT_AXIS_MONTH] = 35;
    CHECK(call_it(&k) == ENT_STOP_DONE);
}

static void the_nearest_line_counts(void **state)
{
    (void)state;
    static called k;
    double line[36];
    call_set(&k);
    CHECK(call_it(&k) == ENT_STOP_DONE);
    memcpy(line, OUT(&k, "line"), sizeof line);
    IN(&k, "line")[0] = 6.4;
    CHECK(call_it(&k) == ENT_STOP_DONE && memcmp(line, OUT(&k, "line"), sizeof line) == 0);
    IN(&k, "line")[0] = 5.5;
    CHECK(call_it(&k) == ENT_STOP_DONE && memcmp(line, OUT(&k, "line"), sizeof line) == 0);
    IN(&k, "line")[0] = 6.5;
    CHECK(call_it(&k) == ENT_STOP_DONE && memcmp(line, OUT(&k, "line"), sizeof line) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_settlement_is_shared_by_power),
        cmocka_unit_test(who_does_not_care_for_y_leaves_it_to_the_other),
        cmocka_unit_test(a_range_is_found_by_talking),
        cmocka_unit_test(a_line_freezes_where_both_prefer_it),
        cmocka_unit_test(what_resumes_fights_before_it_decides),
        cmocka_unit_test(who_can_win_nothing_gives_up),
        cmocka_unit_test(battle_teaches),
        cmocka_unit_test(leverage_is_what_a_could_hold_out_for),
        cmocka_unit_test(optimism_can_keep_a_side_in_the_war_until_it_settles),
        cmocka_unit_test(a_start_at_an_end_is_a_collapse),
        cmocka_unit_test(events_ask_for_state_line_and_y),
        cmocka_unit_test(what_was_seen_is_the_weight),
        cmocka_unit_test(extremes_have_outcomes),
        cmocka_unit_test(the_longest_and_finest_war),
        cmocka_unit_test(a_value_may_stand_for_a_calendar_year),
        cmocka_unit_test(series_that_are_left_out_take_their_defaults),
        cmocka_unit_test(numbers_out_of_range_are_named),
        cmocka_unit_test(months_out_of_range_are_named),
        cmocka_unit_test(sizes_events_and_what_is_seen_are_checked),
        cmocka_unit_test(without_memory_there_is_an_error),
        cmocka_unit_test(the_call_is_the_function),
        cmocka_unit_test(a_draw_out_of_range_is_undefined),
        cmocka_unit_test(the_nearest_line_counts),
    };
    return cmocka_run_group_tests_name("war", tests, NULL, NULL);
}
