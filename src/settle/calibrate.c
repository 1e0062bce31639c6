/* From a model's point to a distribution. With x the point, p_i the positions, w_i = c_i s_i, R = [a, b] the range of x
 * and all p_i with w_i > 0, e_j the model's errors and o_j the outcomes on known decisions, as shares of their R:
 *
 *     F = h F_held + e F_error + q F_past,   h + e + q = 1
 *     held    p_i in proportion to w_i exp(-|p_i - x| / (REACH (b - a)))
 *     error   x + e_j (b - a), kept within R, each j alike
 *     past    a + o_j (b - a), each j alike
 *
 * What is not a share of the scale but of the range held moves with what the actors want: a scale with room to spare at
 * its ends changes nothing. A draw is the quantile at a uniform number, so that two arms with the same number differ as
 * little as their distributions do. */
#include "settle/calibrate.h"
#include "core/elementary.h"
#include "settle/calibration_tables.h"

#include <math.h>
#include <string.h>

/* Of nearness, in ranges held. Not fitted: from 0.2 to none at all the CRPS of the weighted mean differs by 0.03. */
static const double REACH = 0.3;

const ent_calibration *ent_calibration_of(const ent_model *model)
{
    for (size_t i = 0; model != NULL && i < ENT_COUNT(calibration_table); i++)
        if (strcmp(calibration_table[i].model, model->name) == 0)
            return &calibration_table[i];
    return NULL;
}

size_t ent__predictive_workspace(size_t n)
{
    return ent__held_workspace(n) + (n + 2) * 3 * sizeof(double);
}

bool ent__predictive_make(ent__predictive *out, const ent_settle_input *in, double point, const ent_calibration *from, void *workspace)
{
    double *position = workspace, *weight = position + in->n, *share = weight + in->n, total = 0;
    void *rest = (void *)(((uintptr_t)(share + in->n) + 15) & ~(uintptr_t)15);
    bool good = in->n > 0 && ent__is_finite(point);
    for (size_t i = 0; i < in->n; i++) {
        const double w = ent__settle_weight(in, i);
        good = good && in->capability[i] >= 0 && in->salience[i] >= 0 && ent__is_finite(in->position[i]);
        total += w;
    }
    if (!good || !(total > 0) || !ent__is_finite(total))
        return false;
    ent__held held;
    size_t n = 0;
    ent__held_find(&held, in, rest);
    for (size_t k = 0; k < held.n; k++) {
        if (!(held.weight[k] / held.total > 0))
            continue;
        position[n] = held.position[k];
        weight[n++] = held.weight[k] / held.total;
    }
    *out = (ent__predictive){.from = from, .n = n, .position = position, .weight = weight, .share = share};
    ent__predictive_move(out, point);
    return true;
}

void ent__predictive_move(ent__predictive *p, double point)
{
    p->point = point;
    p->low = point < p->position[0] ? point : p->position[0];
    p->high = point > p->position[p->n - 1] ? point : p->position[p->n - 1];
    const double range = p->high - p->low;
    double sum = 0;
    for (size_t k = 0; k < p->n; k++) {
        sum += p->weight[k] * (range > 0 ? ent_exp(-fabs(p->position[k] - point) / (REACH * range)) : 1);
        p->share[k] = sum;
    }
    for (size_t k = 0; k < p->n; k++)
        p->share[k] /= sum;
}

static int32_t weight_of(const ent__predictive *p, int part)
{
    return part == ENT__HELD ? p->from->held : part == ENT__ERROR ? p->from->error : p->from->past;
}

/* How many values of a part lie below x, or at it, too, where that number is known to lie from `from` to `to`. */
static size_t count_within(const ent__predictive *p, int part, double x, bool with, size_t from, size_t to)
{
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        const double value = ent__predictive_value(p, part, middle);
        if (value < x || (with && value == x))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

static double chance_to(const ent__predictive *p, double x, bool with)
{
    double chance = 0;
    for (int part = 0; part < ENT__PARTS; part++)
        if (weight_of(p, part) > 0)
            chance += weight_of(p, part) * ent__predictive_share(p, part, count_within(p, part, x, with, 0, ent__predictive_count(p, part)));
    return chance / 1000;
}

double ent__predictive_at(const ent__predictive *p, double x)
{
    return chance_to(p, x, true);
}

double ent__predictive_below(const ent__predictive *p, double x)
{
    return chance_to(p, x, false);
}

/* Of each part the values that may be the one looked for are those from `from` to before `to`: below them the chance is too
 * small, from there on it suffices. The middle of the longest list is tried; what it says narrows all three. What was tried
 * and suffices lies above all that is left, so a count never goes past `to`; one that would stop before `from` belongs to a
 * value that is too small, and is so with the larger count as well. */
double ent__predictive_quantile(const ent__predictive *p, double u)
{
    size_t from[ENT__PARTS] = {0}, to[ENT__PARTS], at[ENT__PARTS];
    for (int part = 0; part < ENT__PARTS; part++)
        to[part] = weight_of(p, part) > 0 ? ent__predictive_count(p, part) : 0;
    for (;;) {
        int longest = 0;
        for (int part = 1; part < ENT__PARTS; part++)
            longest = to[part] - from[part] > to[longest] - from[longest] ? part : longest;
        if (from[longest] == to[longest])
            break;
        const size_t middle = from[longest] + (to[longest] - from[longest]) / 2;
        const double x = ent__predictive_value(p, longest, middle);
        double chance = 0;
        for (int part = 0; part < ENT__PARTS; part++) {
            if (weight_of(p, part) == 0)
                continue;
            at[part] = count_within(p, part, x, true, part == longest ? middle + 1 : from[part], to[part]);
            chance += weight_of(p, part) * ent__predictive_share(p, part, at[part]);
        }
        const bool suffices = chance / 1000 >= u;
        for (int part = 0; part < ENT__PARTS; part++) {
            if (weight_of(p, part) == 0)
                continue;
            if (!suffices)
                from[part] = at[part];
            else
                to[part] = count_within(p, part, x, false, from[part], at[part]);
        }
    }
    double least = p->high;
    for (int part = 0; part < ENT__PARTS; part++)
        if (weight_of(p, part) > 0 && to[part] < ent__predictive_count(p, part) && ent__predictive_value(p, part, to[part]) < least)
            least = ent__predictive_value(p, part, to[part]);
    return least;
}

ent_status ent_calibrated_quantiles(double *out, const double *p, size_t n, const ent_settle_input *in, double point,
                                    const ent_calibration *calibration, ent_error *err)
{
    ent_status status = ENT_OK;
    void *workspace = NULL;
    ent__predictive is;
    ENT_REQUIRE(out != NULL && p != NULL && in != NULL && calibration != NULL, ENT_ERR_ARGUMENT,
                "quantiles need probabilities, an issue, what is known of the model and a place for them");
    for (size_t i = 0; i < n; i++)
        ENT_REQUIRE(p[i] > 0 && p[i] < 1, ENT_ERR_DOMAIN, "the probability of a quantile lies between 0 and 1");
    workspace = ent__alloc(ent__predictive_workspace(in->n), 1);
    ENT_REQUIRE(workspace != NULL, ENT_ERR_MEMORY, "not enough memory for the distribution of an outcome");
    ENT_REQUIRE(ent__predictive_make(&is, in, point, calibration, workspace), ENT_ERR_DOMAIN,
                "there is no distribution around an outcome where nobody has weight or a number is not finite");
    for (size_t i = 0; i < n; i++)
        out[i] = ent__predictive_quantile(&is, p[i]);
done:
    ent__free(workspace);
    return status;
}
