/* What must hold of every war. */
#include "core/contest.h"
#include "war_case.h"

static war_case a_war, b_war; /* too large for the stack */

static double gamblers_ruin(double p, int k, int states)
{
    double r = (1 - p) / p, up = 1, all = 1, sum = 0, part = 0;
    if (p == 0.5)
        return (double)k / states;
    for (int i = 0; i < states; i++) {
        sum += up;
        up *= r;
        if (i == k - 1)
            part = sum;
    }
    all = sum;
    return part / all; /* (1 - r^k) / (1 - r^K) as the ratio of two geometric sums */
}

/* Without costs, with hardly any discounting and a move each month, what fighting on is worth to A is the chance that B
 * collapses first, and so is the chance itself, where nobody talks. */
static void fighting_alone_is_the_gamblers_ruin(void **state)
{
    (void)state;
    static const double efforts[] = {0.5, 0.8, 1, 1.25, 3};
    war_case *c = &a_war;
    for (size_t e = 0; e < 5; e++)
        for (int k = 1; k < 10; k++) {
            war_set(c);
            c->in.months = 1200;
            c->in.states = 10;
            c->in.line = k;
            c->in.discount = 1 - 1e-13;
            c->in.freezing = false;
            every_month(c, EFFORT_A, efforts[e]);
            every_month(c, COST_A, 0);
            every_month(c, COST_B, 0);
            every_month(c, TALK, 0);
            war_play(c);
            double want = gamblers_ruin(efforts[e] / (efforts[e] + 1), k, 10);
            CHECK_NEAR(war_at(c, c->worth_a, 0, k), want, 1e-10);
            CHECK_NEAR(war_at(c, c->worth_b, 0, k), 1 - want, 1e-10);
            CHECK_NEAR(c->told[LOST_B][1199], want, 1e-12);
            CHECK_NEAR(c->told[LOST_A][1199], 1 - want, 1e-12);
        }
}

static void probabilities_add_up(void **state)
{
    (void)state;
    uint64_t s = 1;
    war_case *c = &a_war;
    for (int i = 0; i < 3000; i++) {
        random_war(c, &s);
        if (i < 10)
            c->in.months = 1200;
        war_play(c);
        for (int t = 0; t < c->in.months; t++) {
            double sum = 0;
            for (int x = FIGHTING; x <= LOST_B; x++) {
                CHECK(c->told[x][t] >= 0 && c->told[x][t] <= 1);
                sum += c->told[x][t];
            }
            CHECK_NEAR(sum, 1, 1e-12);
            for (int x = LINE; x <= VALUE_B; x++)
                CHECK(c->told[x][t] >= 0 && c->told[x][t] <= 1);
            CHECK((c->told[LEVERAGE][t] == c->told[LEVERAGE][t]) == (c->told[FIGHTING][t] > 0));
        }
    }
}

/* Values satisfy the equation they are said to solve, and no other state to give up in is better. */
static void values_solve_their_equation(void **state)
{
    (void)state;
    uint64_t s = 2;
    war_case *c = &a_war;
    for (int i = 0; i < 2000; i++) {
        random_war(c, &s);
        c->in.optimism_a = c->in.optimism_b = 0;
        c->in.line = c->in.states / 2;
        war_play(c);
        double a = c->series[EFFORT_A][0], b = c->series[EFFORT_B][0], p = ent_contest(a, b, c->in.m);
        for (int k = 1; k < c->in.states && c->in.line > 0; k++) {
            double here = war_at(c, c->worth_a, 0, k),
                   on = c->in.discount * ((1 - c->in.move) * here + c->in.move * p * war_at(c, c->worth_a, 0, k + 1) +
                                          c->in.move * (1 - p) * war_at(c, c->worth_a, 0, k - 1)) -
                        c->series[COST_A][0];
            CHECK_NEAR(here, on > 0 ? on : 0, 1e-11);
            CHECK(here >= war_at(c, c->worth_a, 0, k - 1));
        }
    }
}

/* Fearon (1995): war is inefficient, so with full guarantees and no optimism it is settled at once. */
static void without_optimism_war_is_settled_at_once(void **state)
{
    (void)state;
    uint64_t s = 3;
    int told = 0;
    war_case *c = &a_war;
    for (int i = 0; i < 3000; i++) {
        random_war(c, &s);
        c->in.optimism_a = c->in.optimism_b = 0;
        c->in.alpha_b = c->in.alpha_a = between(&s, 0, 0.9);
        every_month(c, TALK, 1);
        every_month(c, GUARANTEE_A, 1);
        every_month(c, GUARANTEE_B, 1);
        c->series[COST_A][0] += 1e-4;
        c->series[COST_B][0] += 1e-4;
        if (c->in.line == 0 || c->in.line == c->in.states)
            continue;
        war_play(c);
        double x = (double)c->in.line / c->in.states, alpha = c->in.alpha_a;
        double lo = (war_at(c, c->worth_a, 0, c->in.line) - alpha * x) / (1 - alpha);
        double hi = 1 - (war_at(c, c->worth_b, 0, c->in.line) - alpha * (1 - x)) / (1 - alpha);
        CHECK(lo < hi);
        if (lo > 1 || hi < 0)
            continue; /* cut by [0, 1] */
        CHECK(c->told[SETTLED][0] == 1);
        told++;
    }
    CHECK(told > 1500);
}

/* Whether somewhere in this war a side gives up (it cannot freeze). */
static bool somebody_gives_up(const war_case *c)
{
    for (int t = 0; t < c->in.months; t++)
        for (int k = 1; k < c->in.states; k++)
            if (war_fought(c, t, k) > 0 && war_at(c, c->agreed, t, k) != war_at(c, c->agreed, t, k) &&
                (war_at(c, c->worth_a, t, k) == 0 || war_at(c, c->worth_b, t, k) == 0))
                return true;
    return false;
}

/* Where nobody would give up: who gives up does so instead of settling later, see the next case. */
static void optimism_never_brings_a_settlement(void **state)
{
    (void)state;
    uint64_t s = 4;
    int told = 0, less = 0;
    for (int i = 0; i < 10000; i++) {
        random_war(&a_war, &s);
        a_war.in.freezing = false;
        a_war.in.discount = between(&s, 0.97, 0.999);
        changing(&a_war, GUARANTEE_A, &s, 0.6, 1);
        changing(&a_war, GUARANTEE_B, &s, 0.6, 1);
        changing(&a_war, COST_A, &s, 0, 0.002);
        changing(&a_war, COST_B, &s, 0, 0.002);
        double more = between(&s, 0, 0.3);
        bool of_a = roll(&s) < 0.5;
        war_play(&a_war);
        if (somebody_gives_up(&a_war))
            continue;
        memcpy(&b_war, &a_war, sizeof b_war);
        *(of_a ? &b_war.in.optimism_a : &b_war.in.optimism_b) += more;
        war_play(&b_war);
        for (int t = 0; t < a_war.in.months; t++)
            CHECK(b_war.told[SETTLED][t] <= a_war.told[SETTLED][t] + 1e-12);
        told += a_war.told[SETTLED][a_war.in.months - 1] > 1e-6;
        less += b_war.told[SETTLED][a_war.in.months - 1] < a_war.told[SETTLED][a_war.in.months - 1] - 1e-6;
    }
    CHECK(told > 500 && less > 100);
}

/* More aid to B lowers the y that is agreed on at the same line in the same month. */
static void aid_never_raises_what_b_concedes(void **state)
{
    (void)state;
    uint64_t s = 5;
    int told = 0;
    for (int i = 0; i < 3000; i++) {
        random_war(&a_war, &s);
        a_war.in.optimism_a = a_war.in.optimism_b = 0;
        memcpy(&b_war, &a_war, sizeof b_war);
        double aid = between(&s, 0, 1);
        for (int t = 0; t < a_war.in.months; t++) {
            b_war.series[EFFORT_B][t] += aid;
            b_war.series[AID_B][t] += aid;
        }
        war_play(&a_war);
        war_play(&b_war);
        for (int t = 0; t < a_war.in.months; t++)
            for (int k = 1; k < a_war.in.states; k++) {
                double before = war_at(&a_war, a_war.agreed, t, k), after = war_at(&b_war, b_war.agreed, t, k);
                if (before != before || after != after)
                    continue;
                CHECK(after <= before + 1e-11);
                told += after < before - 1e-6;
            }
    }
    CHECK(told > 3000);
}

static void swap_sides(war_case *to, const war_case *from)
{
    static const int other[SERIES] = {EFFORT_B, EFFORT_A, AID_B, COST_B, COST_A, GUARANTEE_B, GUARANTEE_A, TALK};
    war_set(to);
    const ent_war_input *f = &from->in;
    to->in = *f;
    to->in.line = f->states - f->line;
    to->in.beta = 1 - f->beta, to->in.y0 = 1 - f->y0;
    to->in.optimism_a = f->optimism_b, to->in.optimism_b = f->optimism_a;
    to->in.alpha_a = f->alpha_b, to->in.alpha_b = f->alpha_a;
    for (int i = 0; i < SERIES; i++)
        memcpy(to->series[i], from->series[other[i]], sizeof to->series[i]);
    every_month(to, AID_B, 0); /* nobody aids A: what is without aid is not compared */
    to->in.n_events = f->n_events;
    for (size_t e = 0; e < f->n_events; e++) {
        const ent_war_event *event = &from->event[e];
        to->event[e] = (ent_war_event){event->states, 0, 1 - event->line_high, 1 - event->line_low, 1 - event->y_high,
                                       1 - event->y_low};
        if ((event->states & ENT_WAR_COLLAPSE_A) != 0)
            to->event[e].states ^= ENT_WAR_COLLAPSE_A | ENT_WAR_COLLAPSE_B;
    }
}

static void the_mirror_shows_the_same_war(void **state)
{
    (void)state;
    static const int other[ALONE] = {FIGHTING, SETTLED,    FROZEN,  LOST_B,  LOST_A,
                                     LINE,     CONCESSION, VALUE_B, VALUE_A, LEVERAGE};
    uint64_t s = 6;
    for (int i = 0; i < 3000; i++) {
        random_war(&a_war, &s);
        a_war.in.n_events = 1; /* with one of the two collapses; ends off the lines */
        a_war.event[0] =
            (ent_war_event){ENT_WAR_SETTLED | ENT_WAR_COLLAPSE_A | (i % 2 ? ENT_WAR_FROZEN : ENT_WAR_FIGHTING), 0, 0,
                            between(&s, 0.3, 1), 0, between(&s, 0.3, 1)};
        swap_sides(&b_war, &a_war);
        war_play(&a_war);
        war_play(&b_war);
        for (int t = 0; t < a_war.in.months; t++) {
            for (int x = 0; x <= LEVERAGE; x++) {
                double mine = a_war.told[x][t], mirrored = b_war.told[other[x]][t];
                mirrored = x == LINE || x == CONCESSION || x == LEVERAGE ? 1 - mirrored : mirrored;
                if (mine == mine || mirrored == mirrored)
                    CHECK_NEAR(mine, mirrored, 1e-11);
            }
            CHECK_NEAR(war_event(&a_war, 0, t), war_event(&b_war, 0, t), 1e-11);
        }
    }
}

/* What is known of a month changes nothing before it; after it the whole is the parts by their weights. */
static void what_is_seen_divides_the_whole(void **state)
{
    (void)state;
    uint64_t s = 7;
    for (int i = 0; i < 1500; i++) {
        random_war(&a_war, &s);
        int32_t month = (int32_t)between(&s, 0, a_war.in.months);
        int32_t states = 1 + (int32_t)between(&s, 0, ENT_WAR_ANY - 1);
        double told[2][TOLD][64], kept[2];
        war_play(&a_war);
        memcpy(&b_war, &a_war, sizeof b_war);
        for (int half = 0; half < 2; half++) {
            b_war.in.seen_month = month;
            b_war.in.seen_states = half ? ENT_WAR_ANY & ~states : states;
            war_play(&b_war);
            kept[half] = b_war.out.kept;
            for (int x = 0; x < TOLD; x++)
                memcpy(told[half][x], b_war.told[x], (size_t)a_war.in.months * sizeof(double));
        }
        CHECK_NEAR(kept[0] + kept[1], 1, 1e-12);
        for (int t = 0; t < a_war.in.months; t++)
            for (int x = FIGHTING; x <= VALUE_B; x++) {
                double parts = 0;
                for (int half = 0; half < 2; half++)
                    parts += kept[half] > 0 ? kept[half] * told[half][x][t] : 0;
                CHECK_NEAR(t < month ? told[0][x][t] : parts, a_war.told[x][t], 1e-12);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fighting_alone_is_the_gamblers_ruin),
        cmocka_unit_test(probabilities_add_up),
        cmocka_unit_test(values_solve_their_equation),
        cmocka_unit_test(without_optimism_war_is_settled_at_once),
        cmocka_unit_test(optimism_never_brings_a_settlement),
        cmocka_unit_test(aid_never_raises_what_b_concedes),
        cmocka_unit_test(the_mirror_shows_the_same_war),
        cmocka_unit_test(what_is_seen_divides_the_whole),
    };
    return cmocka_run_group_tests_name("war_properties", tests, NULL, NULL);
}
