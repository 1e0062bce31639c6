/* The exchange model: a trade worked out by hand, what must hold of every run, missing and zero cells, bad input. */
#include "check.h"
#include "core/random.h"
#include "settle/settle.h"

#include "entente/exchange.h"

enum { CELLS = 96, RUNS = 60 };

typedef struct table {
    size_t n, issues;
    double position[CELLS], salience[CELLS], power[CELLS], low[CELLS], high[CELLS];
    ent_exchange_options options;
} table;

static ent_status try_table(ent_exchange_result **result, const table *t, ent_error *err)
{
    ent_exchange_input input = {.n = t->n,
                                .issues = t->issues,
                                .position = t->position,
                                .salience = t->salience,
                                .power = t->power,
                                .low = t->low,
                                .high = t->high};
    return ent_exchange(result, &input, &t->options, err);
}

static ent_exchange_result *play(const table *t)
{
    ent_exchange_result *result = NULL;
    ent_error err = {0};
    if (try_table(&result, t, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return result;
}

/* By the call of the draw loop. */
static ent_stop settle(double *outcome, const table *t)
{
    const ent_exchange_options *o = &t->options;
    double option[] = {o->iterations, o->faithful, o->signed_blocking, o->stale_gains, o->randomize};
    ent_settle_many_input in = {.n = t->n,
                                .issues = t->issues,
                                .position = t->position,
                                .salience = t->salience,
                                .capability = t->power,
                                .low = t->low,
                                .high = t->high,
                                .option = option,
                                .seed = o->seed,
                                .stream = o->stream,
                                .draw = o->draw};
    ent_stop stop;
    void *workspace = malloc(ent__model_exchange.workspace_many(t->n, t->issues) + 1);
    ent__model_exchange.settle_many(outcome, &stop, &in, workspace);
    free(workspace);
    return stop;
}

/* Any numbers; a tenth of the cells take no part. */
static table random_table(uint64_t number, size_t n, size_t issues)
{
    table t = {.n = n, .issues = issues, .options = ENT_EXCHANGE_OPTIONS_INIT};
    double roll[4 * CELLS];
    ent__uniform_many(roll, 4 * CELLS, 7, number, 0);
    for (size_t d = 0; d < issues; d++) {
        t.low[d] = d % 2 ? -20 : 0;
        t.high[d] = d % 3 ? 5 : 100;
    }
    for (size_t k = 0; k < n * issues; k++) {
        t.position[k] = t.low[k % issues] + roll[4 * k] * (t.high[k % issues] - t.low[k % issues]);
        t.salience[k] = roll[4 * k + 1];
        t.power[k] = roll[4 * k + 2];
        if (roll[4 * k + 3] < 0.1 && k >= issues)
            t.position[k] = NAN;
    }
    return t;
}

/* --- by hand ------------------------------------------------------------------------------------------------- */

/* First at 0 on both, second at 100; power 1. Shares on p 9/11 and 2/11, on q 3/11 and 8/11: means 200/11 and 800/11.
 * The first demands p; the second goes there all the way, which moves p by 200/11; equal gains 200/11 (0.9 + 0.2) = dq
 * (0.3 + 0.8), so q moves as far, for which the first goes 200/3. Each gains 200/11 (0.9 - 0.3) = 120/11. */
static table two_actors(void)
{
    return (table){.n = 2,
                   .issues = 2,
                   .position = {0, 0, 100, 100},
                   .salience = {0.9, 0.3, 0.2, 0.8},
                   .power = {1, 1, 1, 1},
                   .high = {100, 100},
                   .options = ENT_EXCHANGE_OPTIONS_INIT};
}

static void a_trade_by_hand(void **state)
{
    (void)state;
    table t = two_actors();
    ent_exchange_result *result = play(&t);
    const ent_exchange_iteration *first = &result->iteration[0];
    assert_int_equal(first->n_trades, 1);
    assert_int_equal(first->candidates, 1);
    assert_int_equal(first->possible, 1);
    const ent_exchange_side *i = &first->trade[0].side[0], *j = &first->trade[0].side[1];
    CHECK(i->actor == 0 && i->supply == 1 && i->demand == 0 && j->actor == 1 && j->supply == 0 && j->demand == 1);
    CHECK_NEAR(i->to, 200. / 3, 1e-12);
    CHECK_NEAR(j->to, 0, 1e-12);
    CHECK_NEAR(first->trade[0].gain, 120. / 11, 1e-12);
    CHECK(first->trade[0].aligned && !i->capped && !j->capped);
    CHECK_NEAR(first->start[0], 200. / 11, 1e-12);
    CHECK_NEAR(first->start[1], 800. / 11, 1e-12);
    CHECK_NEAR(first->outcome[0], 0, 1e-12);
    CHECK_NEAR(first->outcome[1], 1000. / 11, 1e-12);
    CHECK_NEAR(first->next[1], 0.38 * 200 / 3, 1e-12); /* a tenth, and 0.4 of what it does not care */
    CHECK_NEAR(first->next[2], 58, 1e-12);
    CHECK_SAME(first->next[0], 0);
    CHECK_NEAR(first->sum[0].own, 120. / 11, 1e-12);
    CHECK(first->sum[0].trades == 1 && first->sum[0].outer_loss == 0 && first->change != first->change);
    ent_exchange_free(result);
}

/* A third who does not trade: on p where the first is, on q where the second is: outer. By p it gains all that p moves,
 * by q all that q moves, each times its salience. It has no power, so that the trade is the same. */
static void an_externality_by_hand(void **state)
{
    (void)state;
    table t = two_actors();
    t.n = 3;
    t.position[4] = 0, t.position[5] = 100;
    t.salience[4] = 0.5, t.salience[5] = 1;
    ent_exchange_result *result = play(&t);
    double value[3];
    ent_exchange_effect kind[3];
    ent_exchange_effects(value, kind, result, 0, 0);
    CHECK(kind[0] == ENT_EXCHANGE_OWN && kind[1] == ENT_EXCHANGE_OWN && kind[2] == ENT_EXCHANGE_OUTER);
    CHECK_NEAR(value[0], 120. / 11, 1e-12);
    CHECK_NEAR(value[2], 200. / 11 * 1.5, 1e-12);
    CHECK_NEAR(result->iteration[0].sum[2].outer_gain, 200. / 11 * 1.5, 1e-12);
    value[0] = -1;
    ent_exchange_effects(value, kind, result, 0, 1); /* there is no second trade */
    ent_exchange_effects(value, kind, result, 10, 0);
    ent_exchange_effects(value, kind, result, -1, 0);
    CHECK_SAME(value[0], -1);
    ent_exchange_free(result);
}

/* --- what must hold -------------------------------------------------------------------------------------------- */

static double points(const table *t, double x, int32_t d)
{
    return (x - t->low[d]) * 100 / (t->high[d] - t->low[d]);
}

/* What each gains is what the told outcomes say, and both gain the same. */
static void check_trade(const table *t, const ent_exchange_trade *trade)
{
    double shift[2];
    for (int k = 0; k < 2; k++) {
        const ent_exchange_side *side = &trade->side[k];
        shift[k] = fabs(points(t, side->after, side->supply) - points(t, side->before, side->supply));
        CHECK(side->to >= t->low[side->supply] && side->to <= t->high[side->supply] && side->to != side->from);
        CHECK(side->supply == trade->side[!k].demand);
    }
    for (int k = 0; k < 2; k++) {
        const ent_exchange_side *side = &trade->side[k];
        const double *s = t->salience + (size_t)side->actor * t->issues;
        CHECK_NEAR(side->gain, shift[!k] * s[side->demand] - shift[k] * s[side->supply], 1e-8);
    }
    CHECK(trade->gain > 0);
}

/* Outcomes lie within the positions that are held; nobody takes part who did not. */
static void check_iteration(const table *t, const ent_exchange_iteration *now)
{
    for (size_t d = 0; d < t->issues; d++) {
        double low = INFINITY, high = -INFINITY, slack = 1e-12 * (t->high[d] - t->low[d]);
        for (size_t k = d; k < t->n * t->issues; k += t->issues) {
            low = fmin(low, now->voted[k]);
            high = fmax(high, now->voted[k]);
            CHECK((now->voted[k] != now->voted[k]) == (t->position[k] != t->position[k]));
            CHECK((now->next[k] != now->next[k]) == (t->position[k] != t->position[k]));
        }
        CHECK(now->outcome[d] >= low - slack && now->outcome[d] <= high + slack);
    }
    CHECK(now->n_trades <= now->possible && now->possible <= now->candidates);
}

static void trades_are_what_they_say(void **state)
{
    (void)state;
    size_t trades = 0, capped = 0;
    for (uint64_t r = 0; r < RUNS; r++) {
        table t = random_table(r, 3 + r % 10, 2 + r % 5);
        ent_exchange_result *result = play(&t);
        for (int32_t i = 0; i < result->iterations; i++) {
            check_iteration(&t, &result->iteration[i]);
            for (size_t k = 0; k < result->iteration[i].n_trades; k++) {
                const ent_exchange_trade *trade = &result->iteration[i].trade[k];
                check_trade(&t, trade);
                CHECK_NEAR(trade->side[0].gain, trade->side[1].gain, 1e-9);
                CHECK_NEAR(trade->side[0].gain, trade->gain, 1e-9);
                capped += trade->side[0].capped + trade->side[1].capped;
                CHECK(trade->side[0].gain_before_cap == trade->gain || trade->side[0].capped || trade->side[1].capped);
                trades++;
            }
        }
        ent_exchange_free(result);
    }
    CHECK(trades > 50 * RUNS && capped > 20);
}

/* With the randomised rate partners gain otherwise, but neither less than nothing. */
static void nobody_loses_by_a_randomised_trade(void **state)
{
    (void)state;
    size_t unequal = 0;
    for (uint64_t r = 0; r < RUNS; r++) {
        table t = random_table(r, 3 + r % 10, 2 + r % 5);
        t.options.randomize = r % 2 ? 1 : 0.4;
        t.options.seed = r;
        ent_exchange_result *result = play(&t);
        for (int32_t i = 0; i < result->iterations; i++) {
            check_iteration(&t, &result->iteration[i]);
            for (size_t k = 0; k < result->iteration[i].n_trades; k++) {
                const ent_exchange_trade *trade = &result->iteration[i].trade[k];
                check_trade(&t, trade);
                CHECK(trade->side[0].gain > -1e-9 && trade->side[1].gain > -1e-9);
                unequal += fabs(trade->side[0].gain - trade->side[1].gain) > 1e-3;
            }
        }
        ent_exchange_free(result);
    }
    CHECK(unequal > 10 * RUNS);
}

/* Plays two tables; outcomes of the second are to be those of the first, moved and scaled. */
static void check_same_outcomes(const table *a, const table *b, bool mirrored)
{
    ent_exchange_result *x = play(a), *y = play(b);
    for (int32_t t = 0; t < x->iterations; t++)
        for (size_t d = 0; d < a->issues; d++) {
            double want = points(a, x->iteration[t].outcome[d], (int32_t)d);
            CHECK_NEAR(points(b, y->iteration[t].outcome[d], (int32_t)d), mirrored && d == 0 ? 100 - want : want, 1e-7);
        }
    ent_exchange_free(x);
    ent_exchange_free(y);
}

static void units_do_not_matter(void **state)
{
    (void)state;
    for (uint64_t r = 0; r < RUNS; r++) {
        table t = random_table(r, 3 + r % 10, 2 + r % 5), other = t;
        for (size_t k = 0; k < t.n * t.issues; k++) /* powers of an issue by a factor, scales moved and stretched */
            other.power[k] *= 3.7 + (double)(k % t.issues);
        check_same_outcomes(&t, &other, false);
        for (size_t k = 0; k < t.n * t.issues; k++)
            other.position[k] = 11 + 1.7 * t.position[k];
        for (size_t d = 0; d < t.issues; d++) {
            other.low[d] = 11 + 1.7 * t.low[d];
            other.high[d] = 11 + 1.7 * t.high[d];
        }
        check_same_outcomes(&t, &other, false);
        other = t;
        for (size_t k = 0; k < t.n * t.issues; k += t.issues) /* the first issue turned round */
            other.position[k] = t.low[0] + t.high[0] - t.position[k];
        check_same_outcomes(&t, &other, true);
    }
}

static void the_order_of_actors_does_not_matter(void **state)
{
    (void)state;
    for (uint64_t r = 0; r < RUNS; r++) {
        table t = random_table(r, 3 + r % 10, 2 + r % 5), other = t;
        for (size_t a = 0; a < t.n; a++)
            for (size_t d = 0; d < t.issues; d++) {
                size_t from = a * t.issues + d, to = (t.n - 1 - a) * t.issues + d;
                other.position[to] = t.position[from];
                other.salience[to] = t.salience[from];
                other.power[to] = t.power[from];
            }
        check_same_outcomes(&t, &other, false);
    }
}

static void a_draw_is_a_run(void **state)
{
    (void)state;
    size_t different = 0;
    for (uint64_t r = 0; r < RUNS; r++) {
        table t = random_table(r, 3 + r % 10, 2 + r % 5);
        double outcome[CELLS], other[CELLS];
        t.options.randomize = r % 2 ? 0.5 : 0;
        t.options.faithful = r % 3 == 0;
        t.options.draw = r;
        ent_exchange_result *result = play(&t);
        assert_int_equal(settle(outcome, &t), result->stop);
        for (size_t d = 0; d < t.issues; d++)
            CHECK_SAME(outcome[d], result->outcome[d]);
        t.options.draw++;
        settle(other, &t);
        bool same = memcmp(outcome, other, t.issues * sizeof *outcome) == 0;
        CHECK(same || t.options.randomize > 0); /* without it keys change nothing */
        different += !same;
        ent_exchange_free(result);
    }
    CHECK(different > RUNS / 3);
}

static void corrections_are_the_faithful_ones_off(void **state)
{
    (void)state;
    table t = random_table(3, 12, 6);
    double faithful[CELLS], both[CELLS], corrected[CELLS];
    settle(corrected, &t);
    t.options.signed_blocking = t.options.stale_gains = true;
    settle(both, &t);
    t.options.signed_blocking = t.options.stale_gains = false;
    t.options.faithful = true;
    settle(faithful, &t);
    CHECK(memcmp(both, faithful, t.issues * sizeof *both) == 0);
    CHECK(memcmp(corrected, faithful, t.issues * sizeof *both) != 0);
}

/* --- ends --------------------------------------------------------------------------------------------------------- */

/* Nobody, or nothing, to trade with: outcomes are the means of the start, and that is settled. */
static void nothing_to_trade(void **state)
{
    (void)state;
    const struct {
        size_t n, issues;
    } size[] = {{1, 1}, {1, 6}, {8, 1}};
    for (size_t c = 0; c < ENT_COUNT(size); c++) {
        table t = random_table(c, size[c].n, size[c].issues);
        ent_exchange_result *result = play(&t);
        assert_int_equal(result->iteration[9].candidates, 0);
        CHECK(result->stop == ENT_STOP_SETTLED && result->settled_at == 1 && result->iterations == 10);
        for (size_t d = 0; d < t.issues; d++)
            CHECK_SAME(result->outcome[d], result->iteration[0].start[d]);
        if (t.n == 1)
            CHECK_NEAR(result->outcome[0], t.position[0], 1e-12);
        ent_exchange_free(result);
    }
}

static void all_at_one_place_stay_there(void **state)
{
    (void)state;
    table t = random_table(1, 9, 3);
    for (size_t k = 0; k < 27; k++)
        t.position[k] = t.low[k % 3] + 0.3 * (t.high[k % 3] - t.low[k % 3]);
    ent_exchange_result *result = play(&t);
    assert_int_equal(result->iteration[0].n_trades, 0);
    for (size_t d = 0; d < 3; d++)
        CHECK_NEAR(result->outcome[d], t.position[d], 1e-9);
    ent_exchange_free(result);
}

/* Who has no weight on an issue, or takes no part in it, moves nothing there, and the others trade as without it. */
static void who_has_no_weight_changes_nothing(void **state)
{
    (void)state;
    for (uint64_t r = 0; r < RUNS; r++) {
        table t = random_table(r, 4 + r % 4, 3), other = t;
        size_t last = t.n * t.issues;
        other.n++;
        for (size_t d = 0; d < 3; d++) {
            other.position[last + d] = r % 3 == 2 ? NAN : t.low[d] + 0.9 * (t.high[d] - t.low[d]);
            other.salience[last + d] = r % 3 == 0 ? 0 : 0.6;
            other.power[last + d] = r % 3 == 1 ? 0 : 0.6;
        }
        ent_exchange_result *x = play(&t), *y = play(&other);
        for (size_t d = 0; d < 3; d++)
            CHECK_SAME(x->outcome[d], y->outcome[d]);
        for (size_t d = 0; d < 3; d++)
            CHECK_SAME(y->iteration[9].voted[last + d], other.position[last + d]);
        assert_int_equal(y->iteration[0].sum[t.n].trades, 0);
        ent_exchange_free(x);
        ent_exchange_free(y);
    }
}

/* A draw may hold any numbers. An issue that nobody settles is undefined, and the others are settled as without it;
 * where a number is undefined everything is. */
static void draws_that_hold_no_numbers(void **state)
{
    (void)state;
    const table good = random_table(5, 8, 4);
    double want[CELLS], outcome[CELLS];
    table t = good, without = good;
    for (size_t k = 2; k < 32; k += 4)
        t.power[k] = 0, without.position[k] = NAN;
    assert_int_equal(settle(outcome, &t), ENT_STOP_MAX_ROUNDS);
    CHECK(outcome[2] != outcome[2]);
    settle(want, &without);
    for (size_t d = 0; d < 4; d++)
        CHECK_SAME(outcome[d], want[d]);
    CHECK(outcome[0] == outcome[0] && outcome[1] == outcome[1] && outcome[3] == outcome[3]);
    const double bad[] = {NAN, -1, INFINITY};
    for (size_t b = 0; b < ENT_COUNT(bad); b++)
        for (int field = 0; field < 2; field++) {
            t = good;
            (field ? t.salience : t.power)[0] = bad[b];
            assert_int_equal(settle(outcome, &t), ENT_STOP_UNDEFINED);
            for (size_t d = 0; d < 4; d++)
                CHECK(outcome[d] != outcome[d]);
        }
    t = good, t.position[0] = INFINITY;
    assert_int_equal(settle(outcome, &t), ENT_STOP_UNDEFINED);
    CHECK(ent__model_exchange.workspace_many(ENT_EXCHANGE_MAX_ACTORS + 1, 2) == 0);
    CHECK(ent__model_exchange.workspace_many(2000, 20) == 0 && ent__model_exchange.workspace_many(0, 0) == 0);
}

/* Weights over twelve powers of ten, positions on the ends: numbers come of it, whatever the options. */
static void extreme_weights(void **state)
{
    (void)state;
    for (uint64_t r = 0; r < 4 * RUNS; r++) {
        table t = random_table(r, 3 + r % 10, 2 + r % 5);
        for (size_t k = 0; k < t.n * t.issues; k++) {
            double exponent = floor(12 * ent__uniform(8, r, k));
            for (int e = 0; e < (int)exponent; e++)
                (r % 2 ? t.salience : t.power)[k] /= r % 4 < 2 ? 10 : 1e20;
            if (t.position[k] == t.position[k] && r % 8 > 4)
                t.position[k] = k % 2 ? t.low[k % t.issues] : t.high[k % t.issues];
        }
        t.options.faithful = r % 3 == 0;
        t.options.randomize = r % 5 < 2 ? 0.8 : 0;
        ent_exchange_result *result = play(&t);
        for (int32_t i = 0; i < result->iterations; i++) {
            check_iteration(&t, &result->iteration[i]);
            for (size_t a = 0; a < t.n; a++)
                CHECK(ent__is_finite(result->iteration[i].sum[a].own + result->iteration[i].sum[a].outer_gain));
        }
        ent_exchange_free(result);
    }
}

static void trades_left_out_change_nothing(void **state)
{
    (void)state;
    table t = random_table(2, 10, 5), other = t;
    other.options.max_trades = 7;
    ent_exchange_result *x = play(&t), *y = play(&other);
    assert_int_equal(y->iteration[0].n_trades, 7);
    for (int32_t i = 0; i < x->iterations; i++) {
        assert_int_equal(y->iteration[i].n_trades + y->iteration[i].left_out, x->iteration[i].n_trades);
        assert_int_equal(x->iteration[i].left_out, 0);
        CHECK(memcmp(x->iteration[i].sum, y->iteration[i].sum, t.n * sizeof *x->iteration[i].sum) == 0);
        CHECK(memcmp(x->iteration[i].outcome, y->iteration[i].outcome, t.issues * sizeof *x->outcome) == 0);
    }
    ent_exchange_free(x);
    ent_exchange_free(y);
}

/* --- bad input ------------------------------------------------------------------------------------------------------
 */

static void check_refused(const table *t, ent_status status, const char *message)
{
    ent_exchange_result *result = (void *)&result;
    ent_error err = {0};
    assert_int_equal(try_table(&result, t, &err), status);
    CHECK(result == NULL);
    if (strstr(err.message, message) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
}

static void bad_numbers_are_refused(void **state)
{
    (void)state;
    const table good = random_table(1, 4, 3);
    table t;
    t = good, t.position[5] = 1e6;
    check_refused(&t, ENT_ERR_DOMAIN, "actor 2, issue 3: position 1000000; the scale is from");
    t = good, t.salience[0] = 1.25;
    check_refused(&t, ENT_ERR_DOMAIN, "actor 1, issue 1: salience 1.25; allowed are 0 to 1");
    t = good, t.salience[0] = NAN;
    check_refused(&t, ENT_ERR_DOMAIN, "salience not a number");
    t = good, t.power[1] = -2;
    check_refused(&t, ENT_ERR_DOMAIN, "actor 1, issue 2: power -2");
    t = good, t.power[1] = INFINITY;
    check_refused(&t, ENT_ERR_DOMAIN, "power infinite");
    t = good, t.high[1] = t.low[1];
    check_refused(&t, ENT_ERR_DOMAIN, "issue 2: its scale is from");
    t = good, t.low[2] = NAN;
    check_refused(&t, ENT_ERR_DOMAIN, "issue 3: its scale is from not a number");
    t = good;
    for (size_t a = 0; a < 4; a++)
        t.power[3 * a + 1] = 0;
    check_refused(&t, ENT_ERR_DOMAIN, "issue 2: every weight");
    for (size_t a = 0; a < 4; a++)
        t.position[3 * a + 1] = NAN;
    check_refused(&t, ENT_ERR_DOMAIN, "issue 2: every weight");
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    const table good = random_table(1, 4, 3);
    table t;
    t = good, t.options.version = 0;
    check_refused(&t, ENT_ERR_ARGUMENT, "ENT_EXCHANGE_OPTIONS_INIT");
    t = good, t.options.iterations = 0;
    check_refused(&t, ENT_ERR_ARGUMENT, "option iterations is 0; allowed are 1 to 1000");
    t = good, t.options.iterations = 1001;
    check_refused(&t, ENT_ERR_ARGUMENT, "option iterations is 1001");
    t = good, t.options.max_trades = -1;
    check_refused(&t, ENT_ERR_ARGUMENT, "option max_trades is -1");
    t = good, t.options.randomize = 1.5;
    check_refused(&t, ENT_ERR_DOMAIN, "option randomize is 1.5; allowed are 0 to 1");
    t = good, t.options.settled = NAN;
    check_refused(&t, ENT_ERR_DOMAIN, "option settled is not a number");
    t = good, t.n = 0;
    check_refused(&t, ENT_ERR_ARGUMENT, "found 0 and 3");
    t = good, t.issues = 0;
    check_refused(&t, ENT_ERR_ARGUMENT, "found 4 and 0");
    t = good, t.n = ENT_EXCHANGE_MAX_ACTORS + 1;
    check_refused(&t, ENT_ERR_LIMIT, "10001 actors and 3 issues");
    t = good, t.n = 2000, t.issues = 20;
    check_refused(&t, ENT_ERR_LIMIT, "2000 actors and 20 issues have up to 190 million possible trades");
    ent_exchange_result *result = NULL;
    assert_int_equal(ent_exchange(&result, NULL, NULL, NULL), ENT_ERR_ARGUMENT);
    assert_int_equal(ent_exchange(NULL, NULL, NULL, NULL), ENT_ERR_ARGUMENT);
    ent_exchange_free(NULL);
}

static void without_memory(void **state)
{
    (void)state;
    table t = random_table(1, 4, 3);
    for (int64_t k = 1; k <= 2; k++) {
        ent__alloc_fail_at(k, false);
        check_refused(&t, ENT_ERR_MEMORY, "not enough memory");
    }
    ent__alloc_fail_at(3, true); /* two allocations and no more, however many iterations */
    ent_exchange_result *result = play(&t);
    double outcome[CELLS];
    ent__alloc_fail_at(1, true); /* none in the draw loop */
    CHECK(settle(outcome, &t) == result->stop && outcome[0] == result->outcome[0]);
    ent__alloc_fail_at(0, false);
    ent_exchange_free(result);
}

/* --- many actors
 * ------------------------------------------------------------------------------------------------------ */

typedef struct crowd {
    size_t told, stop_at;
    int32_t iteration;
    double share;
} crowd;

static int watch(int32_t iteration, double share, void *payload)
{
    crowd *c = payload;
    CHECK(share >= 0 && share <= 1 && iteration >= c->iteration && (iteration > c->iteration || share >= c->share));
    c->share = share;
    c->iteration = iteration;
    return ++c->told == c->stop_at;
}

static ent_exchange_result *play_crowd(size_t n, int32_t iterations, crowd *c)
{
    double *number = malloc(6 * n * sizeof *number);
    ent__uniform_many(number, 6 * n, 5, 5, 0);
    for (size_t k = 0; k < 2 * n; k++)
        number[k] *= 100;
    ent_exchange_options options = ENT_EXCHANGE_OPTIONS_INIT;
    options.iterations = iterations;
    options.progress = watch;
    options.payload = c;
    ent_exchange_input input = {
        .n = n, .issues = 2, .position = number, .salience = number + 2 * n, .power = number + 4 * n};
    ent_exchange_result *result = NULL;
    ent_error err = {0};
    if (ent_exchange(&result, &input, &options, &err) != ENT_OK)
        fail_msg("%s", err.message);
    free(number);
    return result;
}

static void two_thousand_actors(void **state)
{
    (void)state;
    crowd c = {0};
    ent_exchange_result *result = play_crowd(2000, 1, &c);
    CHECK(c.told >= 30 && c.told <= 60);
    CHECK(result->iterations == 1 && result->iteration[0].candidates > 100000 && result->iteration[0].n_trades > 1000);
    CHECK(result->outcome[0] > 0 && result->outcome[0] < 100);
    ent_exchange_free(result);
}

static void progress_can_stop_it(void **state)
{
    (void)state;
    crowd c = {.stop_at = 3}, late = {.stop_at = 1000}, all = {0};
    ent_exchange_result *result = play_crowd(200, 10, &c);
    CHECK(result->interrupted && c.told == 3 && result->iterations == 0 && result->outcome == NULL);
    ent_exchange_free(result);
    result = play_crowd(200, 10, &all);
    ent_exchange_free(result);
    late.stop_at = all.told - 3;
    result = play_crowd(200, 10, &late);
    CHECK(result->interrupted && result->iterations == 9 && result->outcome == result->iteration[8].outcome);
    ent_exchange_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trade_by_hand),
        cmocka_unit_test(an_externality_by_hand),
        cmocka_unit_test(trades_are_what_they_say),
        cmocka_unit_test(nobody_loses_by_a_randomised_trade),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(the_order_of_actors_does_not_matter),
        cmocka_unit_test(a_draw_is_a_run),
        cmocka_unit_test(corrections_are_the_faithful_ones_off),
        cmocka_unit_test(nothing_to_trade),
        cmocka_unit_test(all_at_one_place_stay_there),
        cmocka_unit_test(who_has_no_weight_changes_nothing),
        cmocka_unit_test(draws_that_hold_no_numbers),
        cmocka_unit_test(extreme_weights),
        cmocka_unit_test(trades_left_out_change_nothing),
        cmocka_unit_test(bad_numbers_are_refused),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(two_thousand_actors),
        cmocka_unit_test(progress_can_stop_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
