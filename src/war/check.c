/* Whether the numbers of a war can be taken: each in its range, and if not which one is wrong. */
#include "war/war.h"

#include <stdio.h>

#define OPEN __builtin_inf()

/* What is allowed for a number: low to high, an end left out where it is open. */
typedef struct range {
    double low, high;
    bool low_open, high_open;
} range;

static const range SHARE = {0, 1, false, false}, POSITIVE = {0, OPEN, true, true},
                   NOT_NEGATIVE = {0, OPEN, false, true};

static bool is_within(double x, const range *r)
{
    return (r->low_open ? x > r->low : x >= r->low) && (r->high_open ? x < r->high : x <= r->high);
}

static const char *text_of(char out[32], double x)
{
    if (!ent__is_finite(x))
        return ent__is_undefined(x) ? "undefined" : x < 0 ? "-infinity" : "infinity";
    out[ent__number_text(out, x)] = 0;
    return out;
}

/* "NAME is X; allowed is above 0, below 1"; month < 0 where it is no series. */
static ent_status refuse(const char *name, int32_t month, double x, const range *r, ent_error *err)
{
    char found[32], low[32], high[32], at[32] = "", most[64] = "";
    if (err == NULL)
        return ENT_ERR_DOMAIN;
    if (month >= 0)
        snprintf(at, sizeof at, " in month %d", (int)month);
    if (ent__is_finite(r->high))
        snprintf(most, sizeof most, "%s%s",
                 r->high_open  ? ", below "
                 : r->low_open ? ", to "
                               : " to ",
                 text_of(high, r->high));
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s%s is %s; allowed is %s%s%s", name, at, text_of(found, x),
                          r->low_open ? "above " : "", text_of(low, r->low),
                          most[0] != 0  ? most
                          : r->low_open ? ""
                                        : " and more");
}

static ent_status check_sizes(const ent_war_input *in, ent_error *err)
{
    if (in->months < 1 || in->months > ENT_WAR_MAX_MONTHS)
        return ent__error_set(err, ENT_ERR_LIMIT, "", 0, 0, "months is %d; allowed is 1 to %d", (int)in->months,
                              ENT_WAR_MAX_MONTHS);
    if (in->states < 1 || in->states > ENT_WAR_MAX_STATES)
        return ent__error_set(err, ENT_ERR_LIMIT, "", 0, 0, "states is %d; allowed is 1 to %d", (int)in->states,
                              ENT_WAR_MAX_STATES);
    if (in->line < 0 || in->line > in->states)
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "line is %d; allowed is 0 to states (%d)", (int)in->line,
                              (int)in->states);
    if (in->months_a_value != 0 && in->months_a_value != 1 && in->months_a_value != 12)
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0,
                              "months_a_value is %d; allowed is 1 (a value a month) or 12 (a calendar year)",
                              (int)in->months_a_value);
    if (in->start_month < 0 || in->start_month > INT32_MAX - ENT_WAR_MAX_MONTHS)
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "start_month is %d; allowed is 0 and more",
                              (int)in->start_month);
    return ENT_OK;
}

static ent_status check_numbers(const ent_war_input *in, ent_error *err)
{
    static const range move = {0, 1, true, false}, discount = {0, 1, true, true}, optimism = {-1, 1, false, false};
    const struct {
        const char *name;
        double x;
        const range *range;
    } number[] = {
        {"move", in->move, &move},
        {"m", in->m, &POSITIVE},
        {"discount", in->discount, &discount},
        {"optimism_a", in->optimism_a, &optimism},
        {"optimism_b", in->optimism_b, &optimism},
        {"learning", in->learning, &SHARE},
        {"alpha_a", in->alpha_a, &SHARE},
        {"alpha_b", in->alpha_b, &SHARE},
        {"y0", in->y0, &SHARE},
        {"freeze_cost", in->freeze_cost, &SHARE},
        {"resume", in->resume, &SHARE},
        {"beta", in->beta, &SHARE},
    };
    for (size_t i = 0; i < ENT_COUNT(number); i++)
        if (!is_within(number[i].x, number[i].range))
            return refuse(number[i].name, -1, number[i].x, number[i].range, err);
    return ENT_OK;
}

/* The first month of a value of a series: for the message. */
static int32_t month_of(const ent_war_input *in, size_t at)
{
    if (in->months_a_value != 12 || at == 0)
        return (int32_t)at;
    return (int32_t)(12 * at) - in->start_month % 12;
}

static ent_status check_series(const ent_war_input *in, ent_error *err)
{
    const struct {
        const char *name;
        const double *x;
        const range *range;
    } series[] = {
        {"effort_a", in->effort_a, &NOT_NEGATIVE}, {"effort_b", in->effort_b, &NOT_NEGATIVE},
        {"aid_b", in->aid_b, &NOT_NEGATIVE},       {"cost_a", in->cost_a, &NOT_NEGATIVE},
        {"cost_b", in->cost_b, &NOT_NEGATIVE},     {"guarantee_a", in->guarantee_a, &SHARE},
        {"guarantee_b", in->guarantee_b, &SHARE},  {"talk", in->talk, &SHARE},
    };
    if (in->cost_a == NULL || in->cost_b == NULL)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "%s is missing: what a month of fighting costs",
                              in->cost_a == NULL ? "cost_a" : "cost_b");
    const size_t n = ent__war_value_of(in, in->months - 1) + 1;
    for (size_t i = 0; i < ENT_COUNT(series); i++)
        for (size_t k = 0; series[i].x != NULL && k < n; k++)
            if (!is_within(series[i].x[k], series[i].range))
                return refuse(series[i].name, month_of(in, k), series[i].x[k], series[i].range, err);
    for (size_t k = 0; in->aid_b != NULL && k < n; k++) {
        double effort = in->effort_b != NULL ? in->effort_b[k] : 1;
        const range part = {0, effort, false, false};
        if (!is_within(in->aid_b[k], &part))
            return refuse("aid_b (a part of effort_b)", month_of(in, k), in->aid_b[k], &part, err);
    }
    return ENT_OK;
}

static ent_status check_event(const ent_war_input *in, size_t i, ent_error *err)
{
    const ent_war_event *e = &in->event[i];
    if ((e->states & ENT_WAR_ANY) == 0 || (e->states & ~ENT_WAR_ANY) != 0)
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0,
                              "event %zu has the states %d; allowed is a mask of 1 to %d", i, (int)e->states,
                              ENT_WAR_ANY);
    const bool line = is_within(e->line_low, &SHARE) && is_within(e->line_high, &SHARE) && e->line_low <= e->line_high;
    if (!line || !(is_within(e->y_low, &SHARE) && is_within(e->y_high, &SHARE) && e->y_low <= e->y_high)) {
        char low[32], high[32];
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0,
                              "the %s of event %zu runs from %s to %s; allowed is a rising interval within 0 to 1",
                              line ? "y" : "line", i, text_of(low, line ? e->y_low : e->line_low),
                              text_of(high, line ? e->y_high : e->line_high));
    }
    return ENT_OK;
}

static ent_status check_events(const ent_war_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    if (in->n_events > ENT_WAR_MAX_EVENTS)
        return ent__error_set(err, ENT_ERR_LIMIT, "", 0, 0, "%zu events; at most %d are taken", in->n_events,
                              ENT_WAR_MAX_EVENTS);
    if (in->n_events > 0 && in->event == NULL)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "%zu events, but none is given", in->n_events);
    for (size_t i = 0; i < in->n_events && status == ENT_OK; i++)
        status = check_event(in, i, err);
    return status;
}

static ent_status check_seen(const ent_war_input *in, ent_error *err)
{
    if (in->seen_month < -1 || in->seen_month >= in->months)
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "seen_month is %d; allowed is -1 (nothing seen) to %d",
                              (int)in->seen_month, (int)in->months - 1);
    if (in->seen_month >= 0 && ((in->seen_states & ENT_WAR_ANY) == 0 || (in->seen_states & ~ENT_WAR_ANY) != 0))
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "seen_states is %d; allowed is a mask of 1 to %d",
                              (int)in->seen_states, ENT_WAR_ANY);
    return ENT_OK;
}

ent_status ent__war_check(const ent_war_input *in, ent_error *err)
{
    ent_status status = check_sizes(in, err);
    if (status == ENT_OK)
        status = check_numbers(in, err);
    if (status == ENT_OK)
        status = check_series(in, err);
    if (status == ENT_OK)
        status = check_events(in, err);
    return status == ENT_OK ? check_seen(in, err) : status;
}
