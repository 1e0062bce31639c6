/* What every model of this room goes through: the check of its input, its utilities, the call with a workspace. */
#include "settle/settle.h"

#include "core/elementary.h"

#include <string.h>

const char *ent_stop_text(ent_stop stop)
{
    static const char *const text[ENT_STOP_COUNT] = {
        [ENT_STOP_DONE] = "solved",          [ENT_STOP_STATUS_QUO] = "the status quo stands",
        [ENT_STOP_SETTLED] = "settled",      [ENT_STOP_CYCLE] = "a cycle",
        [ENT_STOP_MAX_ROUNDS] = "out of rounds", [ENT_STOP_UNDEFINED] = "nothing to settle"};
    return stop >= 0 && stop < ENT_STOP_COUNT ? text[stop] : "unknown stop";
}

double ent__settle_loss(double distance, double r)
{
    if (r == 2)
        return distance * distance;
    if (r == 1 || distance == 0)
        return distance;
    return ent_pow(distance, r);
}

static double utility_at(const ent_settle_input *in, size_t i, double x, double r)
{
    double distance = x - in->position[i];
    return 1 - ent__settle_loss((distance < 0 ? -distance : distance) / (in->high - in->low), r);
}

void ent__settle_welfare(ent_settle_output *out, const ent_settle_input *in, double r)
{
    double from = in->status_quo;
    if (from != from) { /* none stated: the plain mean of positions */
        from = 0;
        for (size_t i = 0; i < in->n; i++)
            from += in->position[i];
        from /= (double)in->n;
    }
    for (size_t i = 0; i < in->n; i++) {
        double utility = utility_at(in, i, out->outcome, r);
        if (out->utility != NULL)
            out->utility[i] = utility;
        if (out->gain != NULL)
            out->gain[i] = utility - utility_at(in, i, from, r);
    }
}

/* The curvature of utility: the model's option r where it has one, else 2. */
static double curvature(const ent_model *model, const double *option)
{
    for (size_t o = 0; o < model->n_options; o++)
        if (strcmp(model->options[o].name, "r") == 0 && model->options[o].choices == NULL)
            return option[o];
    return 2;
}

static bool can_settle(const ent_settle_input *in)
{
    double weight = 0;
    for (size_t i = 0; i < in->n; i++) {
        if (!ent__is_finite(in->position[i]) || !(in->salience[i] >= 0) || !(in->capability[i] >= 0))
            return false;
        weight += in->salience[i] * in->capability[i];
    }
    return weight > 0 && ent__is_finite(weight);
}

void ent__settle_draw(ent_settle_output *out, const ent_settle_input *in, const ent_model *model, void *workspace)
{
    out->rounds = 0;
    if (can_settle(in)) {
        model->settle(out, in, workspace);
        if (out->stop != ENT_STOP_UNDEFINED && ent__is_finite(out->outcome)) {
            ent__settle_welfare(out, in, curvature(model, in->option));
            return;
        }
    }
    out->outcome = ENT_UNDEFINED;
    out->stop = ENT_STOP_UNDEFINED;
    double *each[3] = {out->utility, out->gain, out->distribution};
    for (size_t a = 0; a < ENT_COUNT(each); a++)
        for (size_t i = 0; i < in->n && each[a] != NULL; i++)
            each[a][i] = ENT_UNDEFINED;
}

/* --- the check ------------------------------------------------------------------------------------ */

static ent_status refuse(ent_error *err, const char *what, size_t i, double found, const char *allowed)
{
    char text[32];
    if (ent__is_finite(found))
        text[ent__number_text(text, found)] = 0;
    else
        strcpy(text, "not a finite number");
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "the %s of actor %zu is %s; it must be %s", what, i + 1, text, allowed);
}

static ent_status check_options(const ent_settle_input *in, const ent_model *model, ent_error *err)
{
    for (size_t o = 0; o < model->n_options; o++) {
        const ent_port *port = &model->options[o];
        double value = in->option[o];
        if (port->choices == NULL && !(value >= port->low && value <= port->high && ent__is_finite(value))) {
            ent__buffer range = {0};
            ent__buffer_number(&range, value);
            ent__buffer_text(&range, "; it must be ");
            ent__buffer_number(&range, port->low);
            ent__buffer_text(&range, port->high < __builtin_inf() ? " to " : " or more");
            if (port->high < __builtin_inf())
                ent__buffer_number(&range, port->high);
            ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "the option %s of model %s is %s", port->name, model->name,
                           range.failed ? "out of range" : range.data);
            ent__buffer_free(&range);
            return ENT_ERR_DOMAIN;
        }
        bool by_status_quo = strcmp(port->name, "disagreement") == 0 && value == 1;
        if ((by_status_quo || strcmp(model->name, "gravity") == 0) && in->status_quo != in->status_quo)
            return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "the model %s%s needs a status quo, and none is stated",
                                  model->name, by_status_quo ? " with disagreement = status_quo" : "");
    }
    return ENT_OK;
}

ent_status ent_settle_check(const ent_settle_input *in, const ent_model *model, ent_error *err)
{
    if (in == NULL || model == NULL || model->settle == NULL || in->n == 0 || in->position == NULL ||
        in->salience == NULL || in->capability == NULL || (model->n_options > 0 && in->option == NULL))
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "settling needs a model and at least one actor with position, salience and capability");
    if (in->n > ENT__SETTLE_MOST_ACTORS)
        return ent__error_set(err, ENT_ERR_LIMIT, "", 0, 0, "%zu actors; at most %d can settle an issue", in->n, ENT__SETTLE_MOST_ACTORS);
    if (!(in->low < in->high) || !ent__is_finite(in->high - in->low))
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "the scale's ends must be two finite numbers, the lower first");
    if (in->status_quo == in->status_quo && !(in->status_quo >= in->low && in->status_quo <= in->high))
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "the status quo lies off the scale");
    double weight = 0;
    for (size_t i = 0; i < in->n; i++) {
        if (!(in->position[i] >= in->low && in->position[i] <= in->high))
            return refuse(err, "position", i, in->position[i], "on the scale");
        if (!(in->salience[i] >= 0 && in->salience[i] <= 1))
            return refuse(err, "salience", i, in->salience[i], "0 to 1");
        if (!(in->capability[i] >= 0) || !ent__is_finite(in->capability[i]))
            return refuse(err, "capability", i, in->capability[i], "0 or more");
        weight += in->salience[i] * in->capability[i];
    }
    if (!(weight > 0) || !ent__is_finite(weight))
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "every weight (salience times capability) is zero: there is nobody to settle the issue");
    return check_options(in, model, err);
}

ent_status ent_settle(ent_settle_output *out, const ent_settle_input *in, const ent_model *model, ent_error *err)
{
    ent_status status = ENT_OK;
    void *workspace = NULL;
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "ent_settle() needs a place for its output");
    ENT_TRY(ent_settle_check(in, model, err));
    workspace = ent__alloc(model->workspace(in->n), 1);
    ENT_REQUIRE(workspace != NULL, ENT_ERR_MEMORY, "not enough memory to settle among %zu actors", in->n);
    ent__settle_draw(out, in, model, workspace);
done:
    ent__free(workspace);
    return status;
}
