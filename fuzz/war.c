/* Wars made of bytes: in every month the five states' probabilities are probabilities and sum to one, over the lines as
 * well; the war with sides swapped and line mirrored is the mirror image. */
#include "target.h"

#include <math.h>
#include <string.h>

enum { MONTHS = 30, LINES = 12 };

typedef struct series {
    double effort_a[MONTHS], effort_b[MONTHS], aid_b[MONTHS], cost_a[MONTHS], cost_b[MONTHS], guarantee_a[MONTHS],
        guarantee_b[MONTHS], talk[MONTHS];
    ent_war_event event[2];
    ent_war_input in;
    bool wild;
} series;

typedef struct told {
    double state[ENT_WAR_STATE_COUNT][MONTHS], line[MONTHS], y[MONTHS], value[2][MONTHS], event[2 * MONTHS],
        mass[MONTHS * (LINES + 1) * ENT_WAR_STATE_COUNT];
    ent_war_output out;
} told;

static double odd_or(double x, dice *d, bool wild)
{
    return wild && dice_byte(d) < 30 ? dice_number(d) : x;
}

static void make(series *s, dice *d)
{
    bool wild = dice_byte(d) < 30;
    *s = (series){.in = ENT_WAR_INPUT_INIT, .wild = wild};
    s->in.months = 1 + dice_pick(d, MONTHS);
    s->in.states = 1 + dice_pick(d, LINES);
    s->in.line = dice_pick(d, s->in.states + 1);
    for (int t = 0; t < s->in.months; t++) {
        s->effort_a[t] = odd_or(t > 0 && dice_byte(d) < 128 ? s->effort_a[t - 1] : dice_between(d, 0, 3), d, wild);
        s->effort_b[t] = odd_or(t > 0 && dice_byte(d) < 128 ? s->effort_b[t - 1] : dice_between(d, 0, 3), d, wild);
        s->aid_b[t] = odd_or(s->effort_b[t] * dice_unit(d), d, wild);
        s->cost_a[t] = odd_or(dice_between(d, 0, 0.05), d, wild);
        s->cost_b[t] = odd_or(dice_between(d, 0, 0.05), d, wild);
        s->guarantee_a[t] = odd_or(dice_unit(d), d, wild);
        s->guarantee_b[t] = odd_or(dice_unit(d), d, wild);
        s->talk[t] = odd_or(dice_unit(d), d, wild);
    }
    uint32_t how = dice_byte(d);
    s->in.effort_a = how & 1 ? s->effort_a : NULL, s->in.effort_b = how & 2 ? s->effort_b : NULL;
    s->in.aid_b = how & 2 && how & 4 ? s->aid_b : NULL;
    s->in.cost_a = s->cost_a, s->in.cost_b = s->cost_b;
    s->in.guarantee_a = how & 8 ? s->guarantee_a : NULL, s->in.guarantee_b = how & 16 ? s->guarantee_b : NULL;
    s->in.talk = how & 32 ? s->talk : NULL;
    s->in.freezing = how & 64;
    s->in.move = odd_or(dice_between(d, 0.01, 1), d, wild), s->in.m = odd_or(dice_between(d, 0.1, 4), d, wild);
    s->in.discount = odd_or(dice_between(d, 0.5, 0.999), d, wild);
    s->in.optimism_a = odd_or(dice_between(d, -0.5, 0.5), d, wild),
    s->in.optimism_b = odd_or(dice_between(d, -0.5, 0.5), d, wild);
    s->in.learning = odd_or(dice_unit(d), d, wild);
    s->in.alpha_a = odd_or(dice_unit(d), d, wild), s->in.alpha_b = odd_or(dice_unit(d), d, wild);
    s->in.y0 = odd_or(dice_unit(d), d, wild), s->in.beta = odd_or(dice_unit(d), d, wild);
    s->in.freeze_cost = odd_or(dice_unit(d), d, wild), s->in.resume = odd_or(dice_unit(d), d, wild);
    for (int e = 0; e < 2; e++)
        s->event[e] =
            (ent_war_event){1 + dice_pick(d, 31), 0, dice_unit(d) * 0.5, 0.5 + 0.5 * dice_unit(d), 0, dice_unit(d)};
    s->in.event = s->event, s->in.n_events = 2;
    if (how & 128) {
        s->in.seen_month = dice_pick(d, s->in.months);
        s->in.seen_states = 1 + dice_pick(d, 31);
    }
}

static bool play(told *t, const series *s)
{
    ent_error err = {0};
    t->out = (ent_war_output){.fighting = t->state[0],
                              .settled = t->state[1],
                              .frozen = t->state[2],
                              .collapse_a = t->state[3],
                              .collapse_b = t->state[4],
                              .line = t->line,
                              .concession = t->y,
                              .value_a = t->value[0],
                              .value_b = t->value[1],
                              .event = t->event,
                              .mass = t->mass};
    ent_status status = ent_war(&t->out, &s->in, &err);
    MUST(status == ENT_OK || err.message[0] != 0, "refused without a word: %s", ent_status_text(status));
    return status == ENT_OK;
}

static void check(const told *t, const series *s)
{
    MUST(t->out.kept >= 0 && t->out.kept <= 1 + 1e-12, "what was seen has probability %.17g", t->out.kept);
    for (int m = 0; m < s->in.months; m++) {
        double sum = 0, over_lines = 0;
        if (t->out.kept == 0 && m >= s->in.seen_month)
            break; /* it cannot have been so: all from there on is undefined */
        for (int k = 0; k < ENT_WAR_STATE_COUNT; k++) {
            double p = t->state[k][m];
            MUST(p >= 0 && p <= 1 + 1e-12, "month %d, state %d: %.17g", m, k, p);
            sum += p;
        }
        for (int k = 0; k < (s->in.states + 1) * ENT_WAR_STATE_COUNT; k++) {
            double p = t->mass[m * (s->in.states + 1) * ENT_WAR_STATE_COUNT + k];
            MUST(p >= 0, "month %d, mass %d: %.17g", m, k, p);
            over_lines += p;
        }
        MUST(fabs(sum - 1) < 1e-12 && fabs(over_lines - 1) < 1e-12,
             "month %d: the states sum to %.17g, over the lines %.17g", m, sum, over_lines);
        MUST(t->line[m] >= 0 && t->line[m] <= 1 + 1e-12 && t->y[m] >= -1e-12 && t->y[m] <= 1 + 1e-12,
             "month %d: line %.17g, y %.17g", m, t->line[m], t->y[m]);
        for (int e = 0; e < 2; e++)
            MUST(t->event[e * s->in.months + m] >= 0 && t->event[e * s->in.months + m] <= 1 + 1e-12,
                 "month %d: event %.17g", m, t->event[e * s->in.months + m]);
    }
}

#define SWAP(type, x, y)                                                                                               \
    do {                                                                                                               \
        type swap_ = (x);                                                                                              \
        (x) = (y);                                                                                                     \
        (y) = swap_;                                                                                                   \
    } while (0)

/* The sides swapped. Sums are then made in another order, so a choice between equals may fall otherwise: only wars are
 * compared in which a slightly other cost changes nothing much. */
static void check_mirror(const told *t, series *s)
{
    static told shaken, mirror;
    s->in.aid_b = NULL;
    for (int m = 0; m < s->in.months; m++)
        s->cost_a[m] *= 1 + 1e-9, s->cost_b[m] *= 1 + 1.7e-9;
    if (!play(&shaken, s))
        return;
    for (int m = 0; m < s->in.months; m++)
        for (int k = 0; k < ENT_WAR_STATE_COUNT; k++)
            if (!(fabs(shaken.state[k][m] - t->state[k][m]) < 1e-6))
                return;
    SWAP(const double *, s->in.effort_a, s->in.effort_b);
    SWAP(const double *, s->in.cost_a, s->in.cost_b);
    SWAP(const double *, s->in.guarantee_a, s->in.guarantee_b);
    SWAP(double, s->in.optimism_a, s->in.optimism_b);
    SWAP(double, s->in.alpha_a, s->in.alpha_b);
    s->in.line = s->in.states - s->in.line;
    s->in.y0 = 1 - s->in.y0;
    s->in.beta = 1 - s->in.beta;
    MUST(play(&mirror, s), "the mirror image is refused");
    for (int m = 0; m < s->in.months; m++) {
        static const int image[ENT_WAR_STATE_COUNT] = {0, 1, 2, 4, 3};
        for (int k = 0; k < ENT_WAR_STATE_COUNT; k++)
            MUST(fabs(mirror.state[image[k]][m] - shaken.state[k][m]) < 1e-6,
                 "month %d, state %d: %.17g, mirrored %.17g", m, k, shaken.state[k][m], mirror.state[image[k]][m]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static series s;
    static told t;
    dice d = {data, size};
    make(&s, &d);
    if (!play(&t, &s))
        return 0;
    check(&t, &s);
    if (!s.wild && s.in.seen_month < 0)
        check_mirror(&t, &s);
    return 0;
}
