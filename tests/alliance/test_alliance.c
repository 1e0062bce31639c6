/* What must hold of every alliance, by hand and on random numbers; bad input; the calls of the table of models. */
#include "core/contest.h"
#include "core/core.h"
#include "entente/alliance.h"

#include "check.h"

enum { MOST = 40 };

static double roll(uint64_t *state) /* splitmix64 */
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

static double between(uint64_t *s, double low, double high)
{
    return low + (high - low) * roll(s);
}

/* --- an alliance and its equilibrium ------------------------------------------------------------------ */

typedef struct alliance {
    size_t n;
    double income[MOST], a[MOST], b[MOST], credibility[MOST], floor[MOST], pair[MOST * MOST], spillover;
    bool by_pair;
    double spending[MOST], alone[MOST], free_ride[MOST], spill_in[MOST];
    ent_burden_output out;
} alliance;

static void play(alliance *x)
{
    const ent_burden_input in = {
        .n = x->n,
        .income = x->income,
        .taste_shared = x->a,
        .taste_private = x->b,
        .floor = x->floor,
        .spill = {.spillover = x->spillover, .by_pair = x->by_pair ? x->pair : NULL, .credibility = x->credibility}};
    x->out = (ent_burden_output){
        .spending = x->spending, .alone = x->alone, .free_ride = x->free_ride, .spill_in = x->spill_in};
    assert_int_equal(ent_burden_sharing(&x->out, &in, NULL), ENT_OK);
}

/* Alike but for what is set afterwards. */
static alliance alike(size_t n, double income, double a, double b, double spillover)
{
    alliance x = {.n = n, .spillover = spillover};
    for (size_t i = 0; i < n; i++) {
        x.income[i] = income;
        x.a[i] = a;
        x.b[i] = b;
        x.credibility[i] = 1;
    }
    return x;
}

static alliance some(uint64_t *s)
{
    alliance x = alike(2 + (size_t)between(s, 0, 30), 0, 0, 0, roll(s) < 0.2 ? 1 : roll(s));
    const bool no_private = roll(s) < 0.3;
    for (size_t i = 0; i < x.n; i++) {
        const double t = between(s, 0.002, 0.3), v = no_private ? 0 : roll(s);
        x.income[i] = between(s, 1, 10) * (roll(s) < 0.2 ? 1000 : 10);
        x.a[i] = (1 - v) * t;
        x.b[i] = v * t;
        x.credibility[i] = roll(s) < 0.1 ? 1 : roll(s);
        x.floor[i] = roll(s) < 0.3 ? between(s, 0, 0.1) * x.income[i] : 0;
    }
    return x;
}

/* What one dollar more gives ally i less what it costs. */
static double gain(const alliance *x, size_t i, double q, double spill_in)
{
    return (x->b[i] > 0 ? x->b[i] / q : 0) + x->a[i] / (q + spill_in) - (1 - x->a[i] - x->b[i]) / (x->income[i] - q);
}

static double sum(const double *x, size_t n)
{
    double all = 0;
    for (size_t i = 0; i < n; i++)
        all += x[i];
    return all;
}

/* --- burden sharing ------------------------------------------------------------------------------------- */

static void two_alike_share_a_pure_public_good(void **state)
{
    (void)state;
    for (double a = 0.02; a < 0.9; a += 0.04) {
        alliance x = alike(2, 150, a, 0, 1);
        play(&x);
        CHECK_NEAR(x.spending[0], 150 * a / (2 - a), 1e-11);
        CHECK_NEAR(x.spending[1], 150 * a / (2 - a), 1e-11);
        /* together they would spend a I each: maximise (1 - a) ln(I - q) + a ln(2 q) */
        CHECK_NEAR(x.out.efficient, 2 * 150 * a, 1e-8);
        CHECK_NEAR(x.out.under_provision, 1 - 1 / (2 - a), 1e-10);
        CHECK(x.out.start_difference == 0);
    }
}

/* n alike: q (1 + (n - 1)(1 - a)) = a I. */
static void many_alike_ride_free(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 40; n++) {
        alliance x = alike(n, 100, 0.05, 0, 1);
        play(&x);
        const double q = 5 / (1 + (double)(n - 1) * 0.95);
        for (size_t i = 0; i < n; i++) {
            CHECK_NEAR(x.spending[i], q, 1e-11);
            CHECK_NEAR(x.free_ride[i], 5 - q, 1e-11);
            CHECK_NEAR(x.spill_in[i], (double)(n - 1) * q, 1e-10);
        }
    }
}

/* Two with private tastes, alike: t I q + b s q I = q^2 (1 + s (1 - a)), from the first-order condition. */
static void two_alike_with_private_tastes(void **state)
{
    (void)state;
    uint64_t s = 1;
    for (int k = 0; k < 1000; k++) {
        const double a = between(&s, 0.01, 0.4), b = between(&s, 0.01, 0.4), spill = roll(&s),
                     income = between(&s, 1, 1000);
        alliance x = alike(2, income, a, b, spill);
        play(&x);
        CHECK_NEAR(x.spending[0] / income, (a + b + b * spill) / (1 + spill * (1 - a)), 1e-12);
    }
}

static void without_spillover_each_spends_as_if_alone(void **state)
{
    (void)state;
    uint64_t s = 2;
    for (int k = 0; k < 500; k++) {
        alliance x = some(&s);
        x.spillover = 0;
        play(&x);
        for (size_t i = 0; i < x.n; i++) {
            CHECK_NEAR(x.spending[i] / x.income[i], fmax(x.a[i] + x.b[i], x.floor[i] / x.income[i]), 1e-14);
            CHECK(fabs(x.free_ride[i]) <= 1e-14 * x.income[i] && x.spill_in[i] == 0);
        }
    }
}

static void everyone_answers_best(void **state)
{
    (void)state;
    uint64_t s = 3;
    int at_floor = 0;
    for (int k = 0; k < 3000; k++) {
        alliance x = some(&s);
        play(&x);
        CHECK(x.out.stop == ENT_STOP_DONE && x.out.iterations > 0 && x.out.iterations < 30);
        for (size_t i = 0; i < x.n; i++) {
            double others = 0;
            for (size_t j = 0; j < x.n; j++)
                others += j != i ? x.spillover * x.credibility[j] * x.spending[j] : 0;
            CHECK_NEAR(x.spill_in[i], others, 1e-11 * sum(x.income, x.n));
            const double q = x.spending[i], slack = 1e-12 * x.income[i];
            CHECK(q >= x.floor[i] && q < x.income[i] && q <= x.alone[i] + slack);
            at_floor += q == x.floor[i];
            if (q > slack && q - slack > x.floor[i]) /* less is too little */
                CHECK(gain(&x, i, q - slack, others) > 0);
            if (q + slack + others > 0) /* more is too much */
                CHECK(gain(&x, i, q + slack, others) < 0);
        }
    }
    CHECK(at_floor > 1000);
}

/* Warr (1983): income moved between two who give before and after changes nothing, unless defence has private uses. */
static void moving_income_among_contributors_is_neutral(void **state)
{
    (void)state;
    uint64_t s = 4;
    int told = 0, moved = 0;
    for (int k = 0; k < 2000; k++) {
        const size_t n = 2 + (size_t)between(&s, 0, 3);
        alliance x = alike(n, 0, 0, 0, 1), y;
        for (size_t i = 0; i < n; i++) {
            x.income[i] = between(&s, 80, 120);
            x.a[i] = between(&s, 0.5, 0.7);
        }
        const double shift = between(&s, 1, 8);
        y = x;
        y.income[0] += shift;
        y.income[1] -= shift;
        play(&x);
        play(&y);
        bool all = true;
        for (size_t i = 0; i < 2; i++)
            all = all && x.spending[i] > 0.01 && y.spending[i] > 0.01;
        if (all) {
            CHECK_NEAR(sum(y.spending, n), sum(x.spending, n), 1e-9);
            CHECK_NEAR(y.spending[0], x.spending[0] + shift, 1e-9);
            told++;
        }
        for (size_t i = 0; i < n; i++)
            x.b[i] = y.b[i] = 0.1 + 0.04 * (double)i;
        play(&x);
        play(&y);
        moved += fabs(sum(y.spending, n) - sum(x.spending, n)) > 1e-3;
    }
    CHECK(told > 500 && moved > 1900);
}

static void tastes_return_what_was_observed(void **state)
{
    (void)state;
    uint64_t s = 5;
    for (int k = 0; k < 1000; k++) {
        alliance x = some(&s);
        double observed[MOST], share[MOST];
        for (size_t i = 0; i < x.n; i++) {
            observed[i] = x.income[i] * between(&s, 0.001, 0.3);
            share[i] = between(&s, 0.05, 0.95);
            x.floor[i] = 0;
        }
        const ent_burden_past past = {.n = x.n,
                                      .income = x.income,
                                      .observed = observed,
                                      .private_share = share,
                                      .spill = {.spillover = x.spillover, .credibility = x.credibility}};
        assert_int_equal(ent_burden_calibrate(x.a, x.b, &past, NULL), ENT_OK);
        play(&x);
        for (size_t i = 0; i < x.n; i++) {
            CHECK_NEAR(x.spending[i] / x.income[i], observed[i] / x.income[i], 1e-9);
            CHECK_NEAR(x.b[i] / (x.a[i] + x.b[i]), share[i], 1e-14);
        }
    }
}

static void a_pledge_never_raises_what_another_spends(void **state)
{
    (void)state;
    uint64_t s = 6;
    int less = 0;
    for (int k = 0; k < 3000; k++) {
        alliance x = some(&s), y;
        const size_t who = (size_t)between(&s, 0, (double)x.n);
        y = x;
        y.floor[who] = between(&s, x.floor[who], 0.5 * x.income[who]);
        play(&x);
        play(&y);
        for (size_t i = 0; i < x.n; i++) {
            CHECK(i == who || y.spending[i] <= x.spending[i] + 1e-12 * x.income[i]);
            less += i != who && y.spending[i] < x.spending[i] - 1e-9 * x.income[i];
        }
    }
    CHECK(less > 1000);
}

static void lower_credibility_never_lowers_what_others_spend(void **state)
{
    (void)state;
    uint64_t s = 7;
    int more = 0;
    for (int k = 0; k < 3000; k++) {
        alliance x = some(&s), y;
        const size_t who = (size_t)between(&s, 0, (double)x.n);
        y = x;
        y.credibility[who] *= roll(&s);
        play(&x);
        play(&y);
        for (size_t i = 0; i < x.n; i++) {
            CHECK(i == who || y.spending[i] >= x.spending[i] - 1e-12 * x.income[i]);
            more += i != who && y.spending[i] > x.spending[i] + 1e-9 * x.income[i];
        }
    }
    CHECK(more > 1000);
}

/* A star: the centre relies on both others and they on it. Either it gives all, or they do. */
static void a_star_of_three_has_two_equilibria_and_says_so(void **state)
{
    (void)state;
    for (size_t centre = 0; centre < 3; centre++) {
        alliance x = alike(3, 100, 0.1, 0, 1);
        x.by_pair = true;
        x.income[centre] = 150;
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 3; j++)
                x.pair[i * 3 + j] = i != j && (i == centre || j == centre);
        play(&x);
        CHECK(x.out.stop == ENT_STOP_DONE);
        CHECK_NEAR(x.out.start_difference, 0.1, 1e-12);
        const bool gives = x.spending[centre] > 0;
        for (size_t i = 0; i < 3; i++)
            CHECK_NEAR(x.spending[i], (i == centre) == gives ? 0.1 * x.income[i] : 0, 1e-12);
    }
}

static void the_same_spillovers_by_pair_give_the_same(void **state)
{
    (void)state;
    uint64_t s = 8;
    for (int k = 0; k < 300; k++) {
        alliance x = some(&s), y;
        y = x;
        y.by_pair = true;
        for (size_t p = 0; p < x.n * x.n; p++)
            y.pair[p] = x.spillover;
        for (size_t i = 0; i < x.n; i++)
            y.pair[i * x.n + i] = roll(&s); /* nobody looks at it */
        play(&x);
        play(&y);
        for (size_t i = 0; i < x.n; i++)
            CHECK_NEAR(y.spending[i], x.spending[i], 1e-12 * x.income[i]);
        /* one pair is different: the same answers, found in turn */
        y.pair[1] = x.spillover > 0.5 ? x.spillover - 1e-13 : x.spillover + 1e-13;
        play(&y);
        if (y.out.stop == ENT_STOP_DONE && y.out.start_difference < 1e-9)
            for (size_t i = 0; i < x.n; i++)
                CHECK_NEAR(y.spending[i], x.spending[i], 1e-8 * x.income[i]);
    }
}

/* Three in a ring, each relying on the one before it alone: a change goes round and comes back as (1 - a)^3 of it, so
 * that with a small a best answers in turn do not settle in the steps that there are. */
static void what_does_not_settle_is_told(void **state)
{
    (void)state;
    alliance x = alike(3, 100, 0.01, 0, 1);
    x.by_pair = true;
    for (size_t i = 0; i < 3; i++)
        x.pair[3 * i + (i + 2) % 3] = 1;
    play(&x);
    CHECK(x.out.stop == ENT_STOP_DONE);
    for (size_t i = 0; i < 3; i++) {
        CHECK_NEAR(x.spending[i], 1 / 1.99, 1e-8);
        x.a[i] = 1e-4;
    }
    play(&x);
    CHECK(x.out.stop == ENT_STOP_NO_CONVERGENCE);
    CHECK(isnan(x.spending[0]) && isnan(x.out.efficient) && isnan(x.out.rank_correlation) && isnan(x.alone[0]));
}

static void the_efficient_is_no_less_and_better_for_all(void **state)
{
    (void)state;
    uint64_t s = 9;
    for (int k = 0; k < 2000; k++) {
        alliance x = some(&s);
        memset(x.floor, 0, sizeof x.floor);
        play(&x);
        CHECK(x.out.efficient >= sum(x.spending, x.n) * (1 - 1e-10));
        CHECK_NEAR(x.out.under_provision, 1 - sum(x.spending, x.n) / x.out.efficient, 1e-12);
    }
}

static void a_start_changes_nothing_but_the_steps(void **state)
{
    (void)state;
    uint64_t s = 10;
    int fewer = 0;
    for (int k = 0; k < 500; k++) {
        alliance x = some(&s);
        double start[MOST], got[MOST];
        play(&x);
        for (size_t i = 0; i < x.n; i++)
            start[i] = x.spending[i] * (1 + 1e-4 * roll(&s));
        const ent_burden_input in = {.n = x.n,
                                     .income = x.income,
                                     .taste_shared = x.a,
                                     .taste_private = x.b,
                                     .floor = x.floor,
                                     .spill = {.spillover = x.spillover, .credibility = x.credibility},
                                     .start = start};
        ent_burden_output out = {.spending = got};
        assert_int_equal(ent_burden_sharing(&out, &in, NULL), ENT_OK);
        for (size_t i = 0; i < x.n; i++)
            CHECK_NEAR(got[i], x.spending[i], 1e-12 * x.income[i]);
        fewer += out.iterations < x.out.iterations;
    }
    CHECK(fewer > 200);
}

/* --- membership -------------------------------------------------------------------------------------------- */

typedef struct club {
    alliance x;
    double spending[MOST], equivalent[MOST], inside[MOST], outside[MOST];
    double part;
    bool floors;
} club;

static void value(club *c)
{
    const ent_membership_input in = {.members = c->x.n - 1,
                                     .candidates = 1,
                                     .income = c->x.income,
                                     .taste_shared = c->x.a,
                                     .taste_private = c->x.b,
                                     .spending = c->spending,
                                     .spillover = c->x.spillover,
                                     .credibility = c->x.credibility,
                                     .outside = c->part,
                                     .floor_inside = c->floors ? c->x.floor : NULL};
    ent_membership_output out = {c->equivalent, c->inside, c->outside, ENT_STOP_UNDEFINED};
    assert_int_equal(ent_membership(&out, &in, NULL), ENT_OK);
    CHECK(out.stop == ENT_STOP_DONE);
}

static club some_club(uint64_t *s)
{
    club c = {.x = some(s), .part = roll(s)};
    for (size_t i = 0; i < c.x.n; i++)
        c.spending[i] = between(s, 0.001, 0.1) * c.x.income[i];
    return c;
}

static void membership_is_worth_nothing_where_an_outsider_can_count_on_as_much(void **state)
{
    (void)state;
    uint64_t s = 11;
    for (int k = 0; k < 1000; k++) {
        club c = some_club(&s);
        c.part = 1;
        value(&c);
        for (size_t i = 0; i < c.x.n; i++)
            CHECK_NEAR(c.equivalent[i], 0, 1e-13);
        c.part = roll(&s);
        c.x.spillover = 0;
        value(&c);
        for (size_t i = 0; i < c.x.n; i++)
            CHECK_NEAR(c.equivalent[i], 0, 1e-13);
    }
}

static void membership_is_worth_more_the_more_credible_allies_are(void **state)
{
    (void)state;
    uint64_t s = 12;
    int more = 0;
    for (int k = 0; k < 2000; k++) {
        club c = some_club(&s), d;
        const size_t who = (size_t)between(&s, 0, (double)c.x.n - 1);
        d = c;
        d.x.credibility[who] += (1 - d.x.credibility[who]) * roll(&s);
        value(&c);
        value(&d);
        for (size_t i = 0; i < c.x.n; i++) {
            CHECK(d.equivalent[i] >= c.equivalent[i] - 1e-13);
            more += d.equivalent[i] > c.equivalent[i] + 1e-9;
            CHECK(c.equivalent[i] >= -1e-13 && c.equivalent[i] < 1 && c.inside[i] >= c.outside[i] - 1e-12);
        }
    }
    CHECK(more > 1000);
}

/* Without taste for defence a floor costs what it is: income (1 - e) less the floor is the income outside. */
static void a_floor_without_a_taste_costs_what_it_is(void **state)
{
    (void)state;
    club c = {.x = alike(3, 100, 0, 0, 0.5), .part = 0.2, .floors = true};
    for (size_t i = 0; i < 3; i++) {
        c.spending[i] = 2;
        c.x.floor[i] = 5 * (double)i;
    }
    value(&c);
    for (size_t i = 0; i < 3; i++)
        CHECK_NEAR(c.equivalent[i], -0.05 * (double)i, 1e-14);
}

/* A pure public good in full outside reach: with b = 0 and so much spill-in that nothing is spent of one's own inside,
 * V_in = (1 - a) ln(I (1 - e)) + a ln R and V_out = (1 - a) ln((1 - a) I) + a ln(a I) where R_out = 0. */
static void worth_by_hand(void **state)
{
    (void)state;
    const double a = 0.2, income = 10, got = 400;
    const double wanted = (1 - a) * log((1 - a) * income) + a * log(a * income),
                 e = 1 - exp((wanted - a * log(got)) / (1 - a)) / income;
    club c = {.x = alike(2, income, a, 0, 1), .part = 0};
    c.spending[0] = got;
    value(&c);
    CHECK_NEAR(c.equivalent[1], e, 1e-13);
    CHECK_NEAR(c.outside[1], wanted, 1e-13);
}

/* --- deterrence ---------------------------------------------------------------------------------------------- */

typedef struct promise {
    double help[MOST], stake[MOST], cost[MOST], loss[MOST], honour[MOST];
    ent_deterrence_input in;
    ent_deterrence_output out;
} promise;

static promise some_promise(uint64_t *s, size_t n)
{
    promise p = {.in = ENT_DETERRENCE_INPUT_INIT};
    p.in.n = n;
    for (size_t j = 0; j < n; j++) {
        p.help[j] = between(s, 0, 100);
        p.stake[j] = roll(s);
        p.cost[j] = roll(s);
        p.loss[j] = roll(s);
    }
    p.in.challenger = between(s, 10, 400);
    p.in.target = between(s, 1, 50);
    p.in.lambda_defender = between(s, 0, 20);
    p.in.lambda_challenger = between(s, 0, 20);
    p.in.m = between(s, 0.5, 2);
    p.in.v = between(s, 0.3, 1.2);
    p.in.c = between(s, 0, 0.3);
    p.in.c_opposed = p.in.c + roll(s);
    return p;
}

static void look(promise *p)
{
    p->in.help = p->help;
    p->in.stake = p->stake;
    p->in.cost = p->cost;
    p->in.loss = p->loss;
    p->out = (ent_deterrence_output){.honour = p->honour};
    assert_int_equal(ent_deterrence(&p->out, &p->in, NULL), ENT_OK);
}

static void one_defender_by_the_equations(void **state)
{
    (void)state;
    uint64_t s = 13;
    for (int k = 0; k < 2000; k++) {
        promise p = some_promise(&s, 1);
        look(&p);
        const double alone = ent_contest(p.in.challenger, p.in.target, p.in.m);
        const double helped = ent_contest(p.in.challenger, p.in.target + p.help[0], p.in.m);
        const double h = 1 / (1 + exp(-p.in.lambda_defender * (p.stake[0] - p.cost[0] + (alone - helped) * p.loss[0])));
        const double w = (1 - h) * (alone * p.in.v - p.in.c) + h * (helped * p.in.v - p.in.c_opposed);
        CHECK_NEAR(p.honour[0], h, 1e-14);
        CHECK_NEAR(p.out.challenge, 1 / (1 + exp(-p.in.lambda_challenger * w)), 1e-14);
        CHECK_NEAR(p.out.alliance, h, 1e-14);
        CHECK_NEAR(p.out.force, h, 1e-14);
        CHECK_NEAR(p.out.deterrence + p.out.challenge, 1, 1e-15);
        CHECK(p.out.exact);
    }
}

/* As precision grows everyone does what serves it, away from ties. */
static void sharp_choices_are_those_of_backward_induction(void **state)
{
    (void)state;
    uint64_t s = 14;
    int honoured = 0, challenged = 0, told = 0;
    for (int k = 0; k < 3000; k++) {
        promise p = some_promise(&s, 1 + (size_t)between(&s, 0, 6));
        p.in.lambda_defender = p.in.lambda_challenger = 1e6;
        look(&p);
        const double alone = ent_contest(p.in.challenger, p.in.target, p.in.m);
        double force = 0;
        bool somebody = false, tie = false;
        for (size_t j = 0; j < p.in.n; j++) {
            const double helped = ent_contest(p.in.challenger, p.in.target + p.help[j], p.in.m);
            const double better = p.stake[j] - p.cost[j] + (alone - helped) * p.loss[j];
            tie = tie || fabs(better) < 1e-4;
            if (tie)
                continue;
            CHECK_NEAR(p.honour[j], better > 0, 1e-9);
            somebody = somebody || better > 0;
            force += better > 0 ? p.help[j] : 0;
        }
        const double w =
            ent_contest(p.in.challenger, p.in.target + force, p.in.m) * p.in.v - (somebody ? p.in.c_opposed : p.in.c);
        if (tie || fabs(w) < 1e-4)
            continue;
        CHECK_NEAR(p.out.challenge, w > 0, 1e-9);
        honoured += somebody;
        challenged += w > 0;
        told++;
    }
    CHECK(told > 2500 && honoured > 500 && honoured < told && challenged > 500 && challenged < told);
}

static void more_at_stake_is_more_credible_and_deters_more(void **state)
{
    (void)state;
    uint64_t s = 15;
    for (int k = 0; k < 2000; k++) {
        promise p = some_promise(&s, 1 + (size_t)between(&s, 0, 11)), q;
        const size_t who = (size_t)between(&s, 0, (double)p.in.n);
        q = p;
        q.stake[who] += roll(&s);
        look(&p);
        look(&q);
        CHECK(q.honour[who] >= p.honour[who]);
        CHECK(q.out.force >= p.out.force - 1e-15 && q.out.alliance >= p.out.alliance - 1e-15);
        CHECK(q.out.deterrence >= p.out.deterrence - 1e-14); /* exact, c_opposed >= c */
    }
}

/* The approximation against the exact mean over who comes, of the same defenders: dummies without weight push their
 * number past 12. */
static void the_approximation_errs_by_little(void **state)
{
    (void)state;
    uint64_t s = 16;
    double most = 0, all = 0;
    enum { TIMES = 500 };
    for (int k = 0; k < TIMES; k++) {
        promise p = some_promise(&s, 12), q;
        q = p;
        q.in.n = 25;
        for (size_t j = 12; j < 25; j++) {
            q.help[j] = 1e-9;
            q.stake[j] = q.loss[j] = 0;
            q.cost[j] = 1e6;
        }
        if (p.in.lambda_defender < 1)
            continue; /* they would come by lot */
        look(&p);
        look(&q);
        CHECK(p.out.exact && !q.out.exact);
        const double apart = fabs(p.out.challenge - q.out.challenge);
        most = apart > most ? apart : most;
        all += apart / TIMES;
    }
    CHECK(all < 0.02 && most < 0.3);
}

static void the_required_factor_reaches_what_is_wanted(void **state)
{
    (void)state;
    uint64_t s = 17;
    int found = 0, none = 0, nothing = 0;
    for (int k = 0; k < 3000; k++) {
        promise p = some_promise(&s, k % 2 > 0 ? 1 + (size_t)between(&s, 0, 8) : 15 + (size_t)between(&s, 0, 20)), q;
        p.in.withdraws = roll(&s) < 0.7 ? (int32_t)between(&s, 0, (double)p.in.n) : -1;
        p.in.lambda_challenger += 1;
        p.in.c_opposed += 0.3;
        p.in.wanted = between(&s, 0.3, 0.95);
        look(&p);
        if (isnan(p.out.required) || p.out.required == 0) {
            none += isnan(p.out.required);
            nothing += p.out.required == 0;
            continue;
        }
        q = p;
        if (p.in.withdraws >= 0) { /* it is not there any more */
            q.in.n--;
            if (q.in.n == 0)
                continue;
            const size_t last = q.in.n, who = (size_t)p.in.withdraws;
            q.help[who] = p.help[last], q.stake[who] = p.stake[last], q.cost[who] = p.cost[last],
            q.loss[who] = p.loss[last];
        }
        for (size_t j = 0; j < q.in.n; j++)
            q.help[j] *= p.out.required;
        q.in.withdraws = -1;
        look(&q);
        CHECK_NEAR(q.out.deterrence, p.in.wanted, 1e-11);
        found++;
    }
    CHECK(found > 400 && none > 100 && nothing > 100);
}

static void required_at_its_ends(void **state)
{
    (void)state;
    uint64_t s = 18;
    promise p = some_promise(&s, 3);
    p.in.lambda_challenger = 5;
    const double wanted[] = {0, 1, NAN};
    const double want[] = {0, NAN, NAN};
    for (size_t k = 0; k < 3; k++) {
        p.in.wanted = wanted[k];
        look(&p);
        CHECK_SAME(p.out.required, want[k]);
    }
    p.in.lambda_challenger = 0; /* by lot: 1/2 */
    p.in.wanted = 0.5;
    look(&p);
    CHECK_SAME(p.out.required, 0);
    p.in.wanted = 0.51;
    look(&p);
    CHECK_SAME(p.out.required, NAN);
    p.in.lambda_challenger = 5;
    p.in.c_opposed = p.in.c / 2; /* more help need not deter more */
    look(&p);
    CHECK_SAME(p.out.required, NAN);
    CHECK(p.out.deterrence > 0 && p.out.deterrence < 1);
}

/* --- capability ------------------------------------------------------------------------------------------------ */

/* Spending that stays keeps the stock up: it is worth its yearly spending, whatever wear and efficiency. */
static void a_stock_in_balance_is_worth_its_spending(void **state)
{
    (void)state;
    uint64_t s = 19;
    for (int k = 0; k < 200; k++) {
        double income[20], spending[20], stock[20], efficiency[20], e = between(&s, 0.3, 2);
        for (int t = 0; t < 20; t++) {
            income[t] = 1000;
            spending[t] = 20;
            efficiency[t] = e;
        }
        ent_capability_input in = {.n = 2,
                                   .years = 10,
                                   .income = income,
                                   .spending = spending,
                                   .efficiency = efficiency,
                                   .wear = between(&s, 0.01, 1),
                                   .ramp = 0.01,
                                   .without = -1};
        ent_capability_output out = {.stock = stock};
        assert_int_equal(ent_capability(&out, &in, NULL), ENT_OK);
        for (int t = 0; t < 20; t++)
            CHECK_NEAR(stock[t], 20, 1e-12);
        CHECK(out.first_closed == -1 && isnan(out.window)); /* nothing is required */
    }
}

/* From 20 to 40 in steps of 0.003 * 1000 = 3: by hand, w = 0.1. */
static void spending_moves_by_the_ramp_and_the_stock_follows(void **state)
{
    (void)state;
    const double income[] = {1000, 1000, 1000, 1000}, spending[] = {40, 40, 40, 22}, start[] = {20},
                 required[] = {1.2, 1.2, 1, 0.9};
    const double spent[] = {20, 23, 26, 23}, stock[] = {20, 20.3, 20.87, 21.083};
    double got[4], q[4], deficit[4];
    ent_capability_input in = {.n = 1,
                               .years = 4,
                               .income = income,
                               .spending = spending,
                               .start = start,
                               .wear = 0.1,
                               .ramp = 0.003,
                               .required = required,
                               .without = -1};
    ent_capability_output out = {.stock = got, .spent = q, .deficit = deficit};
    assert_int_equal(ent_capability(&out, &in, NULL), ENT_OK);
    for (int t = 0; t < 4; t++) {
        CHECK_NEAR(q[t], spent[t], 1e-12);
        CHECK_NEAR(got[t], stock[t], 1e-12);
        CHECK_NEAR(deficit[t], required[t] * (t > 0 ? stock[t - 1] : 20) - stock[t], 1e-12);
    }
    assert_int_equal(out.first_closed, 2);
    CHECK_NEAR(out.window, 4 + 3.7, 1e-12);
    in.without = 0; /* nobody is left to close it, or to need to */
    assert_int_equal(ent_capability(&out, &in, NULL), ENT_OK);
    CHECK(deficit[0] == 0 && out.first_closed == 0 && out.window == 0);
}

static void a_gain_in_efficiency_counts_as_spending(void **state)
{
    (void)state;
    const double income[] = {100, 100}, spending[] = {2, 2}, efficiency[] = {0.5, 1}, baseline[] = {0.5};
    double stock[2];
    ent_capability_input in = {.n = 1,
                               .years = 2,
                               .income = income,
                               .spending = spending,
                               .efficiency = efficiency,
                               .baseline_efficiency = baseline,
                               .wear = 0.1,
                               .ramp = 1,
                               .without = -1};
    ent_capability_output out = {.stock = stock};
    assert_int_equal(ent_capability(&out, &in, NULL), ENT_OK);
    CHECK_NEAR(stock[0], 2, 1e-15);
    CHECK_NEAR(stock[1], 0.9 * 2 + 0.1 * 4, 1e-15); /* a dollar adds twice as much */
}

/* --- indices ------------------------------------------------------------------------------------------------------ */

static void the_shares_of_a_year_sum_to_one(void **state)
{
    (void)state;
    uint64_t s = 20;
    double component[30 * ENT_CINC_COMPONENTS], out[30];
    int32_t year[30];
    for (int k = 0; k < 300; k++) {
        for (int i = 0; i < 30; i++) {
            year[i] = 2000 + (int32_t)between(&s, 0, 3);
            for (int c = 0; c < ENT_CINC_COMPONENTS; c++)
                component[i * ENT_CINC_COMPONENTS + c] = between(&s, 0.1, 100);
        }
        assert_int_equal(ent_cinc(out, component, year, 30, NULL), ENT_OK);
        for (int32_t y = 2000; y < 2003; y++) {
            double all = 0;
            int n = 0;
            for (int i = 0; i < 30; i++) {
                all += year[i] == y ? out[i] : 0;
                n += year[i] == y;
            }
            if (n > 0)
                CHECK_NEAR(all, 1, 1e-14);
        }
    }
}

static double like(ent_similarity_kind kind, bool squared, const double *a, const double *b, size_t n, double width)
{
    double out = 7;
    assert_int_equal(ent_similarity(&out, kind, squared, a, b, n, width, NULL), ENT_OK);
    return out;
}

/* Four alliances with 3 defence pact .. 0 none. a = 3 0 0 1, b = 3 0 1 0: distances 0 0 1 1, mean 1/2; greatest 3.
 * By chance, kappa: pairs (a_i, b_j): from 3: 0 3 2 3 = 8; from 0, twice: 3 0 1 0 = 4; from 1: 2 1 0 1 = 4; 20 / 16.
 * Both have the same margins, so pi is the same. Squared: mean 1/2; kappa: 3: 0 9 4 9 = 22; 0: 9 0 1 0 = 10 twice; 1: 4
 * 1 0 1 = 6; 48 / 16. */
static void likeness_by_hand(void **state)
{
    (void)state;
    const double a[] = {3, 0, 0, 1}, b[] = {3, 0, 1, 0}, c[] = {0, 3, 3, 2}, one[] = {1, 1, 1, 1};
    CHECK_NEAR(like(ENT_SIMILARITY_S, false, a, b, 4, 3), 1 - 2 * 0.5 / 3, 1e-15);
    CHECK_NEAR(like(ENT_SIMILARITY_S, true, a, b, 4, 3), 1 - 2 * 0.5 / 9, 1e-15);
    CHECK_NEAR(like(ENT_SIMILARITY_KAPPA, false, a, b, 4, 3), 1 - 0.5 / 1.25, 1e-15);
    CHECK_NEAR(like(ENT_SIMILARITY_PI, false, a, b, 4, 3), 1 - 0.5 / 1.25, 1e-15);
    CHECK_NEAR(like(ENT_SIMILARITY_KAPPA, true, a, b, 4, 3), 1 - 0.5 / 3, 1e-15);
    CHECK_NEAR(like(ENT_SIMILARITY_PI, true, a, b, 4, 3), 1 - 0.5 / 3, 1e-15);
    for (int kind = 0; kind < 3; kind++) /* alike */
        CHECK_NEAR(like((ent_similarity_kind)kind, false, a, a, 4, 3), 1, 0);
    CHECK_NEAR(like(ENT_SIMILARITY_S, false, (double[]){0, 3}, (double[]){3, 0}, 2, 3), -1,
               1e-15); /* opposed throughout */
    CHECK_NEAR(like(ENT_SIMILARITY_S, false, a, c, 4, 3), 1 - 2 * 2.5 / 3, 1e-15);
    CHECK_SAME(like(ENT_SIMILARITY_KAPPA, false, one, one, 4, 3), NAN); /* no distance is expected */
    CHECK_NEAR(like(ENT_SIMILARITY_S, false, one, one, 4, 3), 1, 0);
    /* pi against kappa where margins differ: a = 0 0, b = 1 1. D = 1; kappa: E = 1; pi: pooled 0 0 1 1: E = 1/2 */
    CHECK_NEAR(like(ENT_SIMILARITY_KAPPA, false, (double[]){0, 0}, (double[]){1, 1}, 2, 1), 0, 1e-15);
    CHECK_NEAR(like(ENT_SIMILARITY_PI, false, (double[]){0, 0}, (double[]){1, 1}, 2, 1), -1, 1e-15);
    CHECK_NEAR(like(ENT_SIMILARITY_S, false, (double[]){0, NAN, 1}, (double[]){1, 1, NAN}, 3, 1), -1,
               0); /* one item is left */
}

/* --- bad input ------------------------------------------------------------------------------------------------------
 */

#define REFUSED(call, wanted_status, says)                                                                             \
    do {                                                                                                               \
        ent_error err = {0};                                                                                           \
        assert_int_equal(call, wanted_status);                                                                         \
        if (strstr(err.message, says) == NULL)                                                                         \
            fail_msg("\"%s\" does not say \"%s\"", err.message, says);                                                 \
    } while (0)

static void burdens_that_cannot_be_are_refused(void **state)
{
    (void)state;
    double q[2] = {7, 7}, two[2] = {0.5, 0.6}, income[2] = {100, 200}, a[2] = {0.1, 0.1}, b[2] = {0.1, 0.1},
           bad[2] = {1, 0};
    ent_burden_output out = {.spending = q};
    const ent_burden_input good = {
        .n = 2, .income = income, .taste_shared = a, .taste_private = b, .spill = {.spillover = 0.5}};
    ent_burden_input in = good;
    in.n = 0;
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_ARGUMENT, "there are no allies");
    in = good, in.income = NULL;
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_ARGUMENT, "income is missing");
    in = good, in.income = bad;
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN, "income of ally 2 is 0; allowed is above 0");
    bad[1] = NAN;
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN, "income of ally 2 is undefined");
    bad[1] = INFINITY;
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN, "income of ally 2 is infinity");
    in = good, in.taste_shared = two, in.taste_private = two;
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN,
            "taste_shared + taste_private of ally 1 is 1; allowed is 0, below 1");
    in = good, in.spill.spillover = 1.5;
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN, "spillover is 1.5; allowed is 0 to 1");
    in = good, in.spill.credibility = (double[]){0.5, -0.1};
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN, "credibility of ally 2 is -0.1; allowed is 0 to 1");
    in = good, in.spill.by_pair = (double[]){9, 0.5, 2, 9};
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN, "spillover to of ally 2 is 2");
    in = good, in.floor = (double[]){100, 0};
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN,
            "floor of ally 1 is 100, its income 100; allowed is less than that");
    in = good, in.weight = (double[]){1, 0};
    REFUSED(ent_burden_sharing(&out, &in, &err), ENT_ERR_DOMAIN, "weight of ally 2 is 0; allowed is above 0");
    REFUSED(ent_burden_sharing(NULL, &good, &err), ENT_ERR_ARGUMENT, "nothing was given");
    CHECK(q[0] == 7 && q[1] == 7);
    ent_burden_past past = {
        .n = 2, .income = income, .observed = (double[]){100, 3}, .private_share = two, .spill = {.spillover = 0.5}};
    REFUSED(ent_burden_calibrate(a, b, &past, &err), ENT_ERR_DOMAIN, "observed of ally 1 is 100, its income 100");
    past.observed = (double[]){3, 0};
    REFUSED(ent_burden_calibrate(a, b, &past, &err), ENT_ERR_DOMAIN, "observed of ally 2 is 0; allowed is above 0");
    past.observed = income, past.private_share = (double[]){0.5, 1.1};
    past.income = (double[]){1000, 1000};
    REFUSED(ent_burden_calibrate(a, b, &past, &err), ENT_ERR_DOMAIN,
            "private_share of ally 2 is 1.1; allowed is 0 to 1");
}

static void other_input_that_cannot_be_is_refused(void **state)
{
    (void)state;
    uint64_t s = 21;
    club c = some_club(&s);
    ent_membership_output worth = {0};
    ent_membership_input in = {.members = 1,
                               .candidates = 1,
                               .income = c.x.income,
                               .taste_shared = c.x.a,
                               .taste_private = c.x.b,
                               .spending = c.spending,
                               .spillover = 0.5,
                               .credibility = c.x.credibility,
                               .outside = 2};
    REFUSED(ent_membership(&worth, &in, &err), ENT_ERR_DOMAIN, "outside is 2; allowed is 0 to 1");
    in.outside = 0.5, in.floor_inside = c.x.income;
    REFUSED(ent_membership(&worth, &in, &err), ENT_ERR_DOMAIN, "floor_inside of ally 1");
    in.members = 0;
    REFUSED(ent_membership(&worth, &in, &err), ENT_ERR_ARGUMENT, "there are no members");

    promise p = some_promise(&s, 2);
    look(&p);
    p.in.m = 0;
    REFUSED(ent_deterrence(&p.out, &p.in, &err), ENT_ERR_DOMAIN, "m is 0; allowed is above 0");
    p.in.m = 1, p.in.withdraws = 2;
    REFUSED(ent_deterrence(&p.out, &p.in, &err), ENT_ERR_DOMAIN, "withdraws is 2; allowed is 0 to 1, or -1 for nobody");
    p.in.withdraws = -1, p.in.wanted = 1.5;
    REFUSED(ent_deterrence(&p.out, &p.in, &err), ENT_ERR_DOMAIN, "wanted is 1.5; allowed is 0 to 1");
    p.in.wanted = NAN, p.help[1] = -1;
    REFUSED(ent_deterrence(&p.out, &p.in, &err), ENT_ERR_DOMAIN, "help of defender 2 is -1; allowed is 0 and more");
    p.in.n = 0;
    REFUSED(ent_deterrence(&p.out, &p.in, &err), ENT_ERR_ARGUMENT, "there are no defenders");
    char *text = NULL;
    size_t length;
    p = some_promise(&s, 13);
    look(&p);
    REFUSED(ent_deterrence_efg(&text, &length, &p.in, NULL, &err), ENT_ERR_LIMIT, "at most 12");
    CHECK(text == NULL);

    ent_capability_output out = {0};
    ent_capability_input stock = {
        .n = 1, .years = 1, .income = c.x.income, .spending = c.spending, .ramp = 0.01, .without = -1};
    REFUSED(ent_capability(&out, &stock, &err), ENT_ERR_DOMAIN, "wear is 0; allowed is above 0, to 1");
    stock.wear = 0.1, stock.without = 1;
    REFUSED(ent_capability(&out, &stock, &err), ENT_ERR_DOMAIN, "without is 1");
    stock.without = -1, stock.efficiency = (double[]){0};
    REFUSED(ent_capability(&out, &stock, &err), ENT_ERR_DOMAIN, "efficiency of ally 1 is 0; allowed is above 0");
    double index;
    const double negative[ENT_CINC_COMPONENTS] = {1, 1, -3, 1, 1, 1};
    REFUSED(ent_cinc(&index, negative, NULL, 1, &err), ENT_ERR_DOMAIN, "irst of row 1 is -3");
    REFUSED(ent_similarity(&index, ENT_SIMILARITY_S, false, (double[]){0}, (double[]){4}, 1, 3, &err), ENT_ERR_DOMAIN,
            "items run from 0 to 4, which is more than the scale's width of 3");
    REFUSED(ent_similarity(&index, ENT_SIMILARITY_S, false, (double[]){NAN}, (double[]){4}, 1, 3, &err),
            ENT_ERR_ARGUMENT, "no item");
}

/* Each allocation fails once; what was to be told is unchanged. */
static void without_memory_it_is_told_and_nothing_changes(void **state)
{
    (void)state;
    uint64_t s = 22;
    club c = some_club(&s);
    promise p = some_promise(&s, 2);
    look(&p);
    double out[MOST] = {7}, share[MOST], *const spending = c.spending;
    for (size_t i = 0; i < MOST; i++)
        share[i] = 0.5;
    const ent_burden_past past = {.n = c.x.n, .income = c.x.income, .observed = spending, .private_share = share};
    const ent_burden_input burden = {.n = c.x.n, .income = c.x.income, .taste_shared = c.x.a, .taste_private = c.x.b};
    const ent_membership_input worth = {.members = c.x.n,
                                        .income = c.x.income,
                                        .taste_shared = c.x.a,
                                        .taste_private = c.x.b,
                                        .spending = spending,
                                        .credibility = c.x.credibility};
    const ent_capability_input stock = {
        .n = c.x.n, .years = 1, .income = c.x.income, .spending = spending, .wear = 0.1, .without = -1};
    ent_burden_output burden_out = {.spending = out};
    ent_membership_output worth_out = {.equivalent = out};
    ent_capability_output stock_out = {.stock = out};
    for (int kind = 0; kind < 6; kind++) {
        ent_status status = ENT_ERR_MEMORY;
        for (int64_t k = 1; status == ENT_ERR_MEMORY; k++) {
            ent_error err = {0};
            char *text = NULL;
            size_t length = 0;
            ent__alloc_fail_at(k, true);
            status = kind == 0   ? ent_burden_sharing(&burden_out, &burden, &err)
                     : kind == 1 ? ent_burden_calibrate(out, share, &past, &err)
                     : kind == 2 ? ent_membership(&worth_out, &worth, &err)
                     : kind == 3 ? ent_capability(&stock_out, &stock, &err)
                     : kind == 4 ? ent_cinc(out, c.x.income, NULL, 1, &err)
                                 : ent_deterrence_efg(&text, &length, &p.in, NULL, &err);
            ent__alloc_fail_at(0, false);
            CHECK(status == ENT_OK || (status == ENT_ERR_MEMORY && out[0] == 7 && text == NULL && err.message[0] != 0));
            CHECK(status == ENT_OK || k < 100);
            CHECK(status == ENT_ERR_MEMORY || k > 1);
            ent_bytes_free(text);
        }
        CHECK(kind == 5 || out[0] != 7);
        out[0] = 7;
    }
}

/* --- the calls of the table of models --------------------------------------------------------------------------------
 */

enum { PORTS = 32, ROOM = 4096 };

typedef struct call_case {
    const ent_model *model;
    size_t count[ENT_AXIS_COUNT];
    double number[PORTS][ROOM], told[PORTS][ROOM], option[8], before[ROOM], after[ROOM], space[ROOM];
    const double *in[PORTS];
    double *out[PORTS];
} call_case;

static call_case a_call;

static size_t port(const ent_port *ports, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(ports[i].name, name) == 0)
            return i;
    fail_msg("no port %s", name);
    return 0;
}

#define IN(name) a_call.number[port(a_call.model->inputs, a_call.model->n_inputs, name)]
#define TOLD(name) a_call.told[port(a_call.model->outputs, a_call.model->n_outputs, name)]

/* Every input with its default, or something likely. */
static void set_call(const char *model, size_t n)
{
    memset(&a_call, 0, sizeof a_call);
    a_call.model = ent_model_find(model);
    CHECK(a_call.model != NULL && a_call.model->call != NULL);
    a_call.count[ENT_AXIS_ALLY] = n;
    a_call.count[ENT_AXIS_CANDIDATE] = 1;
    a_call.count[ENT_AXIS_ACTOR] = n + 1;
    a_call.count[ENT_AXIS_YEAR] = 1;
    for (size_t i = 0; i < a_call.model->n_inputs; i++) {
        const ent_port *p = &a_call.model->inputs[i];
        for (size_t k = 0; k < ROOM; k++)
            a_call.number[i][k] = p->fallback == p->fallback       ? p->fallback
                                  : strcmp(p->name, "income") == 0 ? 100
                                  : p->high <= 1                   ? 0.05
                                                                   : 2;
        a_call.in[i] = a_call.number[i];
    }
    for (size_t o = 0; o < a_call.model->n_outputs; o++)
        a_call.out[o] = a_call.told[o];
    ent_model_defaults(a_call.option, a_call.model);
}

static ent_stop make_call(int32_t phase, bool carried)
{
    ent_stop stop = ENT_STOP_CYCLE;
    const ent_call call = {.phase = phase,
                           .count = a_call.count,
                           .in = a_call.in,
                           .out = a_call.out,
                           .before = carried ? a_call.before : NULL,
                           .after = a_call.after,
                           .option = a_call.option,
                           .year = 2026,
                           .first_year = 2026,
                           .seen_month = -1,
                           .seen_state = -1};
    CHECK(a_call.model->call_workspace == NULL ||
          a_call.model->call_workspace(a_call.count, NULL) <= sizeof a_call.space);
    a_call.model->call(&stop, &call, a_call.space);
    memcpy(a_call.before, a_call.after, sizeof a_call.before);
    return stop;
}

static void a_run_of_calls_carries_tastes_and_spending(void **state)
{
    (void)state;
    set_call("burden_sharing", 3);
    IN("observed")[0] = 5;
    for (size_t i = 0; i < 3; i++)
        IN("baseline_credibility")[i] = 1;
    IN("credibility")[1] = 0.5;
    CHECK(make_call(ENT_PHASE_FIRST, false) == ENT_STOP_DONE);
    const double taste = TOLD("taste_shared")[0];
    CHECK(taste > 0.01 && taste < 0.05);
    CHECK(make_call(ENT_PHASE_YEAR, true) == ENT_STOP_DONE);
    CHECK(TOLD("spending")[0] > 5 - 1e-9 &&
          TOLD("iterations")[0] > 1); /* one ally is less credible than at the baseline */
    const double spent = TOLD("spending")[0];
    CHECK(make_call(ENT_PHASE_YEAR, true) == ENT_STOP_DONE);
    CHECK_NEAR(TOLD("spending")[0], spent, 1e-12);
    CHECK(TOLD("iterations")[0] <= 2); /* from last year's spending */
    IN("threat_response")[0] = 3;
    IN("threat")[0] = 0.4;
    IN("baseline_threat")[0] = 0.1;
    CHECK(make_call(ENT_PHASE_YEAR, true) == ENT_STOP_DONE);
    CHECK(TOLD("spending")[0] > spent);
    CHECK_NEAR(a_call.after[0], taste, 0); /* the taste itself stays */
    IN("threat")[0] = 0.1;
    CHECK(make_call(ENT_PHASE_YEAR, true) == ENT_STOP_DONE);
    CHECK_NEAR(TOLD("spending")[0], spent, 1e-12);
}

static void tastes_can_follow_what_is_observed_each_year(void **state)
{
    (void)state;
    set_call("burden_sharing", 3);
    a_call.option[0] = 1;
    CHECK(make_call(ENT_PHASE_FIRST, false) == ENT_STOP_DONE);
    for (int year = 0; year < 4; year++) {
        for (size_t i = 0; i < 3; i++)
            IN("observed")[i] = 1 + year + (double)i;
        CHECK(make_call(ENT_PHASE_YEAR, true) == ENT_STOP_DONE);
        for (size_t i = 0; i < 3; i++)
            CHECK_NEAR(TOLD("spending")[i], 1 + year + (double)i, 1e-12);
    }
}

static void the_year_that_a_deficit_closes(void **state)
{
    (void)state;
    const double deficits[] = {3, 1, -1, 2};
    set_call("capability", 2);
    a_call.count[ENT_AXIS_YEAR] = 4;
    memcpy(TOLD("deficit"), deficits, sizeof deficits);
    CHECK(make_call(ENT_PHASE_LAST, false) == ENT_STOP_DONE);
    CHECK_NEAR(TOLD("first_closed")[0], 2028, 0);
    CHECK_NEAR(TOLD("window")[0], 6, 0);
}

/* Whatever is undefined or out of range in a draw, every number that is told is undefined, and nothing breaks. */
static void a_call_with_undefined_numbers_tells_nothing(void **state)
{
    (void)state;
    static const char *const models[] = {"burden_sharing", "membership", "deterrence", "capability"};
    const double wrong[] = {NAN, -1, INFINITY, -INFINITY, 1e300};
    int undefined = 0;
    for (size_t m = 0; m < 4; m++) {
        set_call(models[m], 3);
        const ent_model *model = a_call.model;
        for (size_t i = 0; i < model->n_inputs; i++)
            for (size_t w = 0; w < 5; w++) {
                set_call(models[m], 3);
                a_call.number[i][0] = wrong[w];
                const ent_port *p = &model->inputs[i];
                (void)make_call(ENT_PHASE_FIRST, false);
                const ent_stop stop = make_call(ENT_PHASE_YEAR, model->state != NULL && m != 3);
                undefined += stop == ENT_STOP_UNDEFINED;
                if (w == 0 && p->required)
                    CHECK(stop == ENT_STOP_UNDEFINED);
                for (size_t o = 0; o < model->n_outputs; o++)
                    if (strchr(model->outputs[o].shape, 'y') != NULL) {
                        CHECK(!isinf(a_call.told[o][0]));
                        CHECK(stop != ENT_STOP_UNDEFINED || isnan(a_call.told[o][0]));
                    }
            }
    }
    CHECK(undefined > 120);
}

static void a_model_says_why_it_takes_no_numbers(void **state)
{
    (void)state;
    ent_error err = {0};
    set_call("burden_sharing", 3);
    IN("observed")[1] = 200;
    const ent_call call = {.phase = ENT_PHASE_FIRST,
                           .count = a_call.count,
                           .in = a_call.in,
                           .out = a_call.out,
                           .after = a_call.after,
                           .option = a_call.option};
    assert_int_equal(a_call.model->explain(&call, a_call.space, &err), ENT_ERR_DOMAIN);
    assert_string_equal(err.message, "observed of ally 2 is 200, its income 100; allowed is less than that");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_alike_share_a_pure_public_good),
        cmocka_unit_test(many_alike_ride_free),
        cmocka_unit_test(two_alike_with_private_tastes),
        cmocka_unit_test(without_spillover_each_spends_as_if_alone),
        cmocka_unit_test(everyone_answers_best),
        cmocka_unit_test(moving_income_among_contributors_is_neutral),
        cmocka_unit_test(tastes_return_what_was_observed),
        cmocka_unit_test(a_pledge_never_raises_what_another_spends),
        cmocka_unit_test(lower_credibility_never_lowers_what_others_spend),
        cmocka_unit_test(a_star_of_three_has_two_equilibria_and_says_so),
        cmocka_unit_test(the_same_spillovers_by_pair_give_the_same),
        cmocka_unit_test(what_does_not_settle_is_told),
        cmocka_unit_test(the_efficient_is_no_less_and_better_for_all),
        cmocka_unit_test(a_start_changes_nothing_but_the_steps),
        cmocka_unit_test(membership_is_worth_nothing_where_an_outsider_can_count_on_as_much),
        cmocka_unit_test(membership_is_worth_more_the_more_credible_allies_are),
        cmocka_unit_test(a_floor_without_a_taste_costs_what_it_is),
        cmocka_unit_test(worth_by_hand),
        cmocka_unit_test(one_defender_by_the_equations),
        cmocka_unit_test(sharp_choices_are_those_of_backward_induction),
        cmocka_unit_test(more_at_stake_is_more_credible_and_deters_more),
        cmocka_unit_test(the_approximation_errs_by_little),
        cmocka_unit_test(the_required_factor_reaches_what_is_wanted),
        cmocka_unit_test(required_at_its_ends),
        cmocka_unit_test(a_stock_in_balance_is_worth_its_spending),
        cmocka_unit_test(spending_moves_by_the_ramp_and_the_stock_follows),
        cmocka_unit_test(a_gain_in_efficiency_counts_as_spending),
        cmocka_unit_test(the_shares_of_a_year_sum_to_one),
        cmocka_unit_test(likeness_by_hand),
        cmocka_unit_test(burdens_that_cannot_be_are_refused),
        cmocka_unit_test(other_input_that_cannot_be_is_refused),
        cmocka_unit_test(without_memory_it_is_told_and_nothing_changes),
        cmocka_unit_test(a_run_of_calls_carries_tastes_and_spending),
        cmocka_unit_test(tastes_can_follow_what_is_observed_each_year),
        cmocka_unit_test(the_year_that_a_deficit_closes),
        cmocka_unit_test(a_call_with_undefined_numbers_tells_nothing),
        cmocka_unit_test(a_model_says_why_it_takes_no_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
