/* Whether numbers can be taken: each in its range, and if not which one is wrong. */
#include "alliance/alliance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST ENT_MAX_MONEY
#define OPEN __builtin_inf()

const ent__range ENT__MONEY = {0, MOST, false, false}, ENT__INCOME = {1e-30, MOST, false, false},
                 ENT__SHARE = {0, 1, false, false}, ENT__TASTE = {0, 1, false, true},
                 ENT__NOT_NEGATIVE = {0, OPEN, false, true}, ENT__POSITIVE = {0, OPEN, true, true};

static bool is_within(double x, const ent__range *r)
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

/* " of ally 3", or "". */
static void place_of(char *out, size_t size, const char *who, size_t at)
{
    out[0] = 0;
    if (who != NULL)
        snprintf(out, size, " of %s %zu", who, at + 1);
}

ent_status ent__alliance_number(const char *name, const char *who, size_t at, double x, const ent__range *range,
                                ent_error *err)
{
    char found[32], low[32], high[32], place[64], most[64] = "";
    if (is_within(x, range))
        return ENT_OK;
    if (err == NULL)
        return ENT_ERR_DOMAIN;
    place_of(place, sizeof place, who, at);
    const bool above = range->low_open || range == &ENT__INCOME,
               open = range->high == MOST || !ent__is_finite(range->high);
    if (!open || x > range->high)
        snprintf(most, sizeof most, "%s%s",
                 range->high_open ? ", below "
                 : above          ? ", to "
                                  : " to ",
                 text_of(high, range->high));
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s%s is %s; allowed is %s%s%s", name, place,
                          text_of(found, x), above ? "above " : "",
                          range == &ENT__INCOME ? "0" : text_of(low, range->low),
                          most[0] != 0 ? most
                          : above      ? ""
                                       : " and more");
}

ent_status ent__alliance_numbers(const char *name, const char *who, const double *x, size_t n, const ent__range *range,
                                 bool optional, ent_error *err)
{
    if (x == NULL && optional)
        return ENT_OK;
    if (x == NULL)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "%s is missing", name);
    for (size_t i = 0; i < n; i++)
        if (!is_within(x[i], range))
            return ent__alliance_number(name, who, i, x[i], range, err);
    return ENT_OK;
}

ent_status ent__alliance_below(const char *name, const double *x, const char *most_name, const double *most, size_t n,
                               ent_error *err)
{
    char found[32], high[32];
    for (size_t i = 0; x != NULL && i < n; i++)
        if (!(x[i] < most[i])) {
            if (err == NULL)
                return ENT_ERR_DOMAIN;
            return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0,
                                  "%s of ally %zu is %s, its %s %s; allowed is less than that", name, i + 1,
                                  text_of(found, x[i]), most_name, text_of(high, most[i]));
        }
    return ENT_OK;
}

ent_status ent__alliance_spill(const ent_spill *spill, size_t n, ent_error *err)
{
    ent_status status = ENT_OK;
    if (spill->by_pair == NULL)
        ENT_TRY(ent__alliance_number("spillover", NULL, 0, spill->spillover, &ENT__SHARE, err));
    for (size_t i = 0; spill->by_pair != NULL && i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (i != j)
                ENT_TRY(ent__alliance_number("spillover to", "ally", i, spill->by_pair[i * n + j], &ENT__SHARE, err));
    ENT_TRY(ent__alliance_numbers("credibility", "ally", spill->credibility, n, &ENT__SHARE, true, err));
done:
    return status;
}

int32_t ent__place_among(const double *x, size_t n)
{
    if (x == NULL)
        return -1;
    return *x == -1 || (*x >= 0 && *x < (double)n && *x == floor(*x)) ? (int32_t)*x : -2;
}

void ent__alliance_nothing(const ent_call *call, const ent_model *model)
{
    static const char axes[] = "amlcyte"; /* in the order of ent_axis */
    for (size_t o = 0; o < model->n_outputs; o++) {
        const ent_port *port = &model->outputs[o];
        size_t n = 1;
        if (call->out[o] == NULL || ((port->phase != 0 ? port->phase : ENT_PHASE_YEAR) & call->phase) == 0)
            continue;
        for (const char *letter = port->shape; *letter != 0; letter++) {
            const char *at = *letter != ',' ? strchr(axes, *letter) : NULL;
            bool yearly = at != NULL && at - axes == ENT_AXIS_YEAR;
            if (at != NULL && !(yearly && call->phase != ENT_PHASE_LAST))
                n *= call->count[at - axes];
        }
        for (size_t i = 0; i < n; i++)
            call->out[o][i] = ENT_UNDEFINED;
    }
    size_t n_state = model->state != NULL && call->after != NULL ? model->state(call->count) : 0;
    for (size_t i = 0; i < n_state; i++)
        call->after[i] = ENT_UNDEFINED;
}
