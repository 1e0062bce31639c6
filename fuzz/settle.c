/* Every model that settles an issue, on groups made of bytes. Numbers out of range are refused and nothing is touched;
 * else the outcome lies within the positions (gravity: within them and the status quo), and neither other units of
 * capability nor the scale read from its other end change it. */
#include "target.h"

#include <math.h>
#include <string.h>

enum { MOST = 9, OPTIONS = 24 };

typedef struct group {
    double position[MOST], salience[MOST], capability[MOST], option[OPTIONS];
    ent_settle_input in;
} group;

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static void make(group *g, dice *d, const ent_model *model)
{
    bool wild = dice_byte(d) < 40;
    *g = (group){.in = {.n = 1 + (size_t)dice_pick(d, MOST),
                        .position = g->position,
                        .salience = g->salience,
                        .capability = g->capability,
                        .option = g->option,
                        .seed = 1,
                        .stream = 2,
                        .draw = 3}};
    g->in.low = wild ? dice_number(d) : dice_pick(d, 3) - 1;
    g->in.high = wild ? dice_number(d) : g->in.low + (dice_pick(d, 2) ? 100 : 1);
    for (size_t i = 0; i < g->in.n; i++) {
        g->position[i] = wild && dice_byte(d) < 99
                             ? dice_number(d)
                             : clamp(dice_between(d, g->in.low, g->in.high), g->in.low, g->in.high);
        g->salience[i] = wild && dice_byte(d) < 50 ? dice_number(d) : dice_unit(d);
        g->capability[i] = wild ? fabs(dice_number(d)) : dice_between(d, 0, 10);
    }
    g->in.status_quo = dice_byte(d) < 60 ? ENT_UNDEFINED
                       : wild            ? dice_number(d)
                                         : clamp(dice_between(d, g->in.low, g->in.high), g->in.low, g->in.high);
    ent_model_defaults(g->option, model);
    for (size_t o = 0; o < model->n_options; o++) {
        const ent_port *port = &model->options[o];
        uint32_t how = dice_byte(d);
        if (port->choices != NULL) {
            int n = 1;
            for (const char *c = port->choices; *c; c++)
                n += *c == '|';
            g->option[o] = how < 160 ? g->option[o] : how % (uint32_t)n;
        } else if (how >= 160) {
            g->option[o] =
                how > 250 ? dice_number(d)
                          : clamp(dice_between(d, port->low, port->high < 20 ? port->high : 20), port->low, port->high);
        }
        if (strcmp(port->name, "max_rounds") == 0 || strcmp(port->name, "iterations") == 0)
            g->option[o] = 1 + dice_pick(d, 12);
    }
}

static bool play(ent_settle_output *out, const group *g, const ent_model *model)
{
    ent_error err = {0};
    double utility[MOST], gain[MOST];
    *out = (ent_settle_output){.outcome = 12345, .utility = utility, .gain = gain};
    ent_status status = ent_settle(out, &g->in, model, &err);
    if (status != ENT_OK) {
        MUST(err.message[0] != 0 && out->outcome == 12345, "%s: refused, yet something is changed: %s", model->name,
             err.message);
        return false;
    }
    for (size_t i = 0; i < g->in.n; i++)
        MUST(!isinf(utility[i]) && !isinf(gain[i]) && !(utility[i] > 1 + 1e-12), "%s: utility %g, gain %g", model->name,
             utility[i], gain[i]);
    MUST((out->stop == ENT_STOP_UNDEFINED) == ent__is_undefined(out->outcome), "%s: %s with the outcome %g",
         model->name, ent_stop_text(out->stop), out->outcome);
    return out->stop != ENT_STOP_UNDEFINED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    group g, other;
    ent_settle_output out, again;
    dice d = {data, size};
    const ent_model *model = ent_model_get((size_t)dice_byte(&d) % ent_model_count());
    if (model->settle == NULL)
        return 0;
    make(&g, &d, model);
    if (!play(&out, &g, model))
        return 0;
    bool gravity = strcmp(model->name, "gravity") == 0;
    bool ktab = strcmp(model->name, "spatial") == 0 && ent_spatial_options_of(g.option).mode == ENT_SPATIAL_KTAB;
    double least = g.position[0], most = g.position[0];
    for (size_t i = 1; i < g.in.n; i++) {
        least = fmin(least, g.position[i]);
        most = fmax(most, g.position[i]);
    }
    if (gravity) {
        least = fmin(least, g.in.status_quo);
        most = fmax(most, g.in.status_quo);
    }
    if (ktab) /* as that program computes, its rounding and its constants included */
        return 0;
    MUST(out.outcome >= least && out.outcome <= most, "%s: the outcome %.17g of positions from %.17g to %.17g",
         model->name, out.outcome, least, most);
    /* Capabilities four times as large: a power of two, so that no sum is rounded otherwise; not where they would
     * overflow. */
    other = g;
    other.in.position = other.position, other.in.salience = other.salience, other.in.capability = other.capability,
    other.in.option = other.option;
    for (size_t i = 0; i < g.in.n; i++) {
        other.capability[i] *= 4;
        if (!(g.capability[i] == 0 || (g.capability[i] > 1e-100 && g.capability[i] < 1e100)))
            return 0;
    }
    if (play(&again, &other, model))
        MUST(fabs(again.outcome - out.outcome) <= 1e-9 * (most - least),
             "%s: %.17g, and with four times the capability %.17g", model->name, out.outcome, again.outcome);
    return 0;
}
