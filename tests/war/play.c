/* Plays wars on numbers from standard input and prints all that came of them, for test_twin.py.
 *
 * In, a line a war: months states line move m discount optimism_a optimism_b learning alpha_a alpha_b y0 freeze_cost
 * resume beta freezing seen_month seen_states events, of each event states line_low line_high y_low y_high, then the
 * eight series, a value a month. Out: "case kept", then a line of each output; numbers read back to the same double. */
#include "entente/war.h"

#include <stdio.h>
#include <stdlib.h>

enum { MONTHS = 200, STATES = 40, EVENTS = 8 };

static double number(void)
{
    double x;
    if (scanf("%lf", &x) != 1)
        exit(2);
    return x;
}

static void print_numbers(const char *name, const double *x, int32_t n)
{
    printf("%s", name);
    for (int32_t i = 0; i < n; i++)
        printf(" %.17g", x[i]);
    printf("\n");
}

static ent_war_input read_war(int32_t months, ent_war_event *event, double series[8][MONTHS])
{
    ent_war_input in = ENT_WAR_INPUT_INIT;
    in.months = months;
    in.states = (int32_t)number();
    in.line = (int32_t)number();
    double *const scalars[] = {&in.move,    &in.m,       &in.discount, &in.optimism_a,  &in.optimism_b, &in.learning,
                               &in.alpha_a, &in.alpha_b, &in.y0,       &in.freeze_cost, &in.resume,     &in.beta};
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        *scalars[i] = number();
    in.freezing = number() > 0;
    in.seen_month = (int32_t)number();
    in.seen_states = (int32_t)number();
    in.n_events = (size_t)number();
    in.event = event;
    if (months > MONTHS || in.states > STATES || in.n_events > EVENTS)
        exit(2);
    for (size_t e = 0; e < in.n_events; e++) {
        event[e].states = (int32_t)number();
        double *const ends[] = {&event[e].line_low, &event[e].line_high, &event[e].y_low, &event[e].y_high};
        for (int i = 0; i < 4; i++)
            *ends[i] = number();
    }
    const double **const by_month[] = {&in.effort_a, &in.effort_b,    &in.aid_b,       &in.cost_a,
                                       &in.cost_b,   &in.guarantee_a, &in.guarantee_b, &in.talk};
    for (int s = 0; s < 8; s++) {
        *by_month[s] = series[s];
        for (int32_t t = 0; t < months; t++)
            series[s][t] = number();
    }
    return in;
}

int main(void)
{
    static double series[8][MONTHS], told[11][MONTHS], event_told[EVENTS * MONTHS], table[3][MONTHS * (STATES + 1)];
    static double mass[MONTHS * (STATES + 1) * ENT_WAR_STATE_COUNT];
    static const char *const name[] = {"fighting",   "settled", "frozen",  "collapse_a", "collapse_b",       "line",
                                       "concession", "value_a", "value_b", "leverage_a", "leverage_a_no_aid"};
    ent_war_event event[EVENTS];
    for (int32_t months; scanf("%d", &months) == 1;) {
        const ent_war_input in = read_war(months, event, series);
        ent_war_output out = {.fighting = told[0],
                              .settled = told[1],
                              .frozen = told[2],
                              .collapse_a = told[3],
                              .collapse_b = told[4],
                              .line = told[5],
                              .concession = told[6],
                              .value_a = told[7],
                              .value_b = told[8],
                              .leverage_a = told[9],
                              .leverage_a_no_aid = told[10],
                              .event = event_told,
                              .mass = mass,
                              .fight_on_a = table[0],
                              .fight_on_b = table[1],
                              .agreed = table[2]};
        ent_error err = {0};
        if (ent_war(&out, &in, &err) != ENT_OK) {
            fprintf(stderr, "%s\n", err.message);
            return 1;
        }
        print_numbers("case", &out.kept, 1);
        for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
            print_numbers(name[i], told[i], months);
        for (size_t e = 0; e < in.n_events; e++)
            print_numbers("event", event_told + e * (size_t)months, months);
        print_numbers("fight_on_a", table[0], in.states + 1);
        print_numbers("fight_on_b", table[1], in.states + 1);
        print_numbers("mass", mass + (size_t)(months - 1) * (size_t)(in.states + 1) * ENT_WAR_STATE_COUNT,
                      (in.states + 1) * ENT_WAR_STATE_COUNT);
    }
    return 0;
}
