/* A war with its arrays: set up, changed, played. */
#ifndef ENT_TESTS_WAR_CASE_H
#define ENT_TESTS_WAR_CASE_H

#include "check.h"
#include "entente/war.h"

enum { MONTHS = 1200, LINES = 41, SERIES = 8, TOLD = 11 };
enum { EFFORT_A, EFFORT_B, AID_B, COST_A, COST_B, GUARANTEE_A, GUARANTEE_B, TALK };
enum { FIGHTING, SETTLED, FROZEN, LOST_A, LOST_B, LINE, CONCESSION, VALUE_A, VALUE_B, LEVERAGE, ALONE };

typedef struct war_case {
    ent_war_input in;
    double series[SERIES][MONTHS];
    ent_war_event event[4];
    double told[TOLD][MONTHS], events[4][MONTHS];
    double worth_a[MONTHS * LINES], worth_b[MONTHS * LINES], agreed[MONTHS * LINES];
    double mass[MONTHS * LINES * ENT_WAR_STATE_COUNT];
    ent_war_output out;
    ent_error err;
} war_case;

/* One value for all months. */
static inline void every_month(war_case *c, int series, double x)
{
    for (int t = 0; t < MONTHS; t++)
        c->series[series][t] = x;
}

/* K = 2: one line in the middle, even odds, a move each month, W = 0.9 / 2 - 0.1 = 0.35 for both. */
static inline void war_set(war_case *c)
{
    memset(c, 0, sizeof *c);
    c->in = (ent_war_input)ENT_WAR_INPUT_INIT;
    c->in.months = 3;
    c->in.states = 2;
    c->in.line = 1;
    c->in.move = 1;
    c->in.discount = 0.9;
    const double value[SERIES] = {1, 1, 0, 0.1, 0.1, 1, 1, 1};
    for (int s = 0; s < SERIES; s++)
        every_month(c, s, value[s]);
}

/* The arrays are the case's own, also after it was copied. */
static inline void war_bind(war_case *c)
{
    const double **const series[SERIES] = {&c->in.effort_a, &c->in.effort_b,    &c->in.aid_b,       &c->in.cost_a,
                                           &c->in.cost_b,   &c->in.guarantee_a, &c->in.guarantee_b, &c->in.talk};
    for (int s = 0; s < SERIES; s++)
        *series[s] = c->series[s];
    c->in.event = c->event;
}

static inline ent_status war_try(war_case *c)
{
    double **const told[TOLD] = {&c->out.fighting,   &c->out.settled,    &c->out.frozen,           &c->out.collapse_a,
                                 &c->out.collapse_b, &c->out.line,       &c->out.concession,       &c->out.value_a,
                                 &c->out.value_b,    &c->out.leverage_a, &c->out.leverage_a_no_aid};
    c->out = (ent_war_output){.event = &c->events[0][0]};
    for (int i = 0; i < TOLD; i++)
        *told[i] = c->told[i];
    if (c->in.states < LINES && c->in.states >= 0) {
        c->out.fight_on_a = c->worth_a;
        c->out.fight_on_b = c->worth_b;
        c->out.agreed = c->agreed;
        c->out.mass = c->mass;
    }
    war_bind(c);
    c->err = (ent_error){0};
    return ent_war(&c->out, &c->in, &c->err);
}

static inline void war_play(war_case *c)
{
    if (war_try(c) != ENT_OK)
        fail_msg("%s", c->err.message);
}

/* Event e in month t: events are rows of `months`. */
static inline double war_event(const war_case *c, int e, int t)
{
    return (&c->events[0][0])[e * c->in.months + t];
}
static inline double war_at(const war_case *c, const double *table, int t, int k)
{
    return table[t * (c->in.states + 1) + k];
}

/* What is fought over line k when month t begins. */
static inline double war_fought(const war_case *c, int t, int k)
{
    if (t == 0)
        return k == c->in.line && k > 0 && k < c->in.states;
    return c->mass[((t - 1) * (c->in.states + 1) + k) * ENT_WAR_STATE_COUNT];
}

/* --- random wars ---------------------------------------------------------------------------------------- */

static inline double roll(uint64_t *state) /* splitmix64 */
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static inline double between(uint64_t *s, double low, double high)
{
    return low + (high - low) * roll(s);
}

/* From 0 to 1, sometimes an end. */
static inline double any_share(uint64_t *s)
{
    double x = roll(s);
    return x < 0.07 ? 0 : x < 0.14 ? 1 : roll(s);
}

static inline void changing(war_case *c, int series, uint64_t *s, double low, double high)
{
    double x = between(s, low, high);
    for (int t = 0; t < c->in.months; t++) {
        x = roll(s) < 0.1 ? between(s, low, high) : x;
        c->series[series][t] = x;
    }
}

static inline void random_war(war_case *c, uint64_t *s)
{
    war_set(c);
    c->in.months = 1 + (int32_t)between(s, 0, 60);
    c->in.states = 1 + (int32_t)between(s, 0, 24);
    c->in.line = (int32_t)between(s, 0, c->in.states + 0.999);
    c->in.move = roll(s) < 0.2 ? 1 : between(s, 0.02, 1);
    c->in.m = between(s, 0.3, 3);
    c->in.discount = roll(s) < 0.5 ? between(s, 0.9, 0.999) : between(s, 0.05, 0.999);
    c->in.optimism_a = between(s, -0.1, 0.4);
    c->in.optimism_b = between(s, -0.1, 0.4);
    double *const shares[] = {&c->in.learning,    &c->in.alpha_a, &c->in.alpha_b, &c->in.y0,
                              &c->in.freeze_cost, &c->in.resume,  &c->in.beta};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++)
        *shares[i] = any_share(s);
    c->in.freezing = roll(s) < 0.7;
    double cost = roll(s) < 0.5 ? 0.005 : 0.1;
    changing(c, EFFORT_A, s, 0, 2);
    changing(c, EFFORT_B, s, 0, 2);
    changing(c, COST_A, s, 0, cost);
    changing(c, COST_B, s, 0, cost);
    changing(c, GUARANTEE_A, s, 0.1, 1);
    changing(c, GUARANTEE_B, s, 0.1, 1);
    changing(c, TALK, s, 0, 1);
    for (int t = 0; t < c->in.months; t++)
        c->series[AID_B][t] = any_share(s) * c->series[EFFORT_B][t];
}

#endif
