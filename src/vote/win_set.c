/* What groups can and cannot change in one dimension, for members who prefer what is nearer to their ideal point.
 *
 * A rule is monotone, so along any order of its members the sets "those at or above v" decide up to some value and not
 * beyond it: the reach of the order, found by halving. From it follow
 *   the gridlock interval   [reach of the positions, least p such that those at or below p decide]
 *   the win set of z        member i accepts y over z where y lies between z and its mirror image 2 x_i - z, so those
 * who accept y > z are those whose image is at or above y: up to the reach of the images the proposer's best     the
 * point of the win set nearest to its ideal (Romer & Rosenthal 1978). */
#include "vote/vote.h"

#include <stdio.h>

#define MOST ENT_MAX_NUMBER

/* Members by descending value; equal ones in their order. Shell's sort: no memory, no recursion, few members. */
static void sort_members(int32_t *order, const double *value, int32_t n)
{
    int32_t gap = 1;
    for (int32_t i = 0; i < n; i++)
        order[i] = i;
    while (gap < n / 3)
        gap = 3 * gap + 1;
    for (; gap > 0; gap /= 3)
        for (int32_t i = gap; i < n; i++) {
            int32_t moving = order[i], at = i;
            for (; at >= gap && (value[order[at - gap]] < value[moving] ||
                                 (value[order[at - gap]] == value[moving] && order[at - gap] > moving));
                 at -= gap)
                order[at] = order[at - gap];
            order[at] = moving;
        }
}

static double least_of(const double *value, int32_t n)
{
    double least = value[0];
    for (int32_t i = 1; i < n; i++)
        least = value[i] < least ? value[i] : least;
    return least;
}

double ent__rule_reach(const ent_rule *rule, const double *value, int32_t *order, bool *yes)
{
    int32_t n = rule->members, low = 1, high = n; /* how many, from the top, are needed: those of high decide */
    for (int32_t i = 0; i < n; i++)
        if (ent__is_undefined(value[i]))
            return ENT_UNDEFINED;
    if (ent__rule_is_consensus(rule))
        return least_of(value, n);
    sort_members(order, value, n);
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        for (int32_t i = 0; i < n; i++)
            yes[order[i]] = i < middle;
        if (ent_rule_wins(rule, yes))
            high = middle;
        else
            low = middle + 1;
    }
    return value[order[high - 1]];
}

void ent__rule_gridlock(double *low, double *high, const ent_rule *rule, const double *position, double *mirror,
                        int32_t *order, bool *yes)
{
    for (int32_t i = 0; i < rule->members; i++)
        mirror[i] = -position[i];
    *low = ent__rule_reach(rule, position, order, yes);
    *high = -ent__rule_reach(rule, mirror, order, yes);
    if (!(*low <= *high))
        *low = *high = ENT_UNDEFINED;
}

/* --- the public calls -------------------------------------------------------------------------------------------- */

typedef struct scratch {
    double *mirror;
    int32_t *order;
    bool *yes;
} scratch;

static ent_status scratch_take(scratch *out, const ent_rule *rule, ent_error *err)
{
    size_t n = (size_t)rule->members;
    *out = (scratch){ent__alloc(n, sizeof(double)), ent__alloc(n, sizeof(int32_t)), ent__alloc(n, sizeof(bool))};
    if (out->mirror != NULL && out->order != NULL && out->yes != NULL)
        return ENT_OK;
    return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for %zu members", n);
}

static void scratch_free(scratch *s)
{
    ent__free(s->mirror);
    ent__free(s->order);
    ent__free(s->yes);
}

static ent_status check_number(double x, double low, double high, const char *what, int32_t member, ent_error *err)
{
    char found[32] = "undefined", from[32], to[32], who[32] = "";
    if (x >= low && x <= high)
        return ENT_OK;
    if (ent__is_finite(x))
        found[ent__number_text(found, x)] = 0;
    else if (!ent__is_undefined(x))
        found[0] = 0;
    from[ent__number_text(from, low)] = 0;
    to[ent__number_text(to, high)] = 0;
    if (member > 0)
        snprintf(who, sizeof who, " of member %d", (int)member);
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s%s is %s; allowed is %s to %s", what, who,
                          found[0] != 0 ? found : "infinite", from, to);
}

ent_status ent_gridlock(double *low, double *high, const ent_rule *rule, const double *position, ent_error *err)
{
    ent_status status = ENT_OK;
    scratch s = {0};
    ENT_REQUIRE(low != NULL && high != NULL && rule != NULL && position != NULL, ENT_ERR_ARGUMENT,
                "a rule, positions and places for both ends are needed, one is NULL");
    for (int32_t i = 0; i < rule->members; i++)
        ENT_TRY(check_number(position[i], -MOST, MOST, "the position", i + 1, err));
    ENT_TRY(scratch_take(&s, rule, err));
    ent__rule_gridlock(low, high, rule, position, s.mirror, s.order, s.yes);
done:
    scratch_free(&s);
    return status;
}

static ent_status check_agenda(const ent_agenda_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(in != NULL && in->rule != NULL && in->position != NULL, ENT_ERR_ARGUMENT,
                "a rule and positions are needed, one is NULL");
    ENT_TRY(check_number(in->low, -MOST, MOST, "the low end of the scale", 0, err));
    ENT_TRY(check_number(in->high, -MOST, MOST, "the high end of the scale", 0, err));
    ENT_REQUIRE(in->low < in->high, ENT_ERR_DOMAIN, "the scale's low end must be below its high end");
    for (int32_t i = 0; i < in->rule->members; i++)
        ENT_TRY(check_number(in->position[i], in->low, in->high, "the position", i + 1, err));
    ENT_TRY(check_number(in->status_quo, in->low, in->high, "the status quo", 0, err));
    ENT_TRY(check_number(in->ideal, in->low, in->high, "the proposer's ideal", 0, err));
done:
    return status;
}

ent_status ent_agenda(ent_agenda_output *out, const ent_agenda_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    scratch s = {0};
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "there is no place for the result: out is NULL");
    ENT_TRY(check_agenda(in, err));
    ENT_TRY(scratch_take(&s, in->rule, err));
    double z = in->status_quo;
    for (int32_t i = 0; i < in->rule->members; i++)
        s.mirror[i] = in->position[i] + (in->position[i] - z);
    double up = ent__rule_reach(in->rule, s.mirror, s.order, s.yes);
    for (int32_t i = 0; i < in->rule->members; i++)
        s.mirror[i] = -s.mirror[i];
    double down = -ent__rule_reach(in->rule, s.mirror, s.order, s.yes);
    up = up < z ? z : up > in->high ? in->high : up;
    down = down > z ? z : down < in->low ? in->low : down;
    double best = in->ideal < down ? down : in->ideal > up ? up : in->ideal;
    *out = (ent_agenda_output){down, up, best, best == z};
done:
    scratch_free(&s);
    return status;
}
