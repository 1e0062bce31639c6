/* Gravity: the compromise, drawn toward what stands.
 *
 *     outcome = g * compromise + (1 - g) * status quo
 *
 * Status quo bias in the simplest form: Achen 2006 finds decisions of the European Union nearer to the reference point
 * than the weighted mean. */
#include "settle/settle.h"

enum { OPTION_G = 1 };

static void settle(ent_settle_output *out, const ent_settle_input *in, void *workspace)
{
    (void)workspace;
    double g = in->option[OPTION_G];
    if (in->status_quo != in->status_quo) {
        out->stop = ENT_STOP_UNDEFINED;
        return;
    }
    out->outcome = in->status_quo + g * (ent__settle_mean(in) - in->status_quo);
    out->stop = ENT_STOP_DONE;
}

static const ent_port options[] = {
    ENT__SETTLE_OPTION_R,
    {.name = "g", .shape = "", .unit = "share", .low = 0, .high = 1, .fallback = 0.75,
     .meaning = "How far the outcome goes from the status quo toward the compromise."}};

const ent_model ent__model_gravity = {
    .name = "gravity",
    .room = "settle",
    .title = "Gravity of the status quo",
    .summary = "A compromise that what stands holds back: a stated share of the way from the status quo to the weighted mean.",
    .equation = "outcome = g * sum(w x) / sum(w) + (1 - g) * status_quo,   w = capability * salience",
    .citation = "After Achen, C.H. (2006), Institutional Realism and Bargaining Models, in Thomson et al. (eds.), The European "
                "Union Decides, Cambridge University Press.",
    .accuracy = "",
    .cost = "O(n)",
    .inputs = ent__settle_inputs, .n_inputs = 4,
    .options = options, .n_options = 2,
    .outputs = ent__settle_outputs, .n_outputs = 4,
    .workspace = ent__settle_no_workspace,
    .settle = settle,
};
