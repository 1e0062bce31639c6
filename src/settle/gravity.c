/* Gravity: the compromise, held back by the status quo.
 *
 *     x* = g x_c + (1 - g) q        x_c the compromise, q the status quo, 0 <= g <= 1
 *
 * No paper: a one-parameter baseline for the inertia of what is there; g = 0.75 unless it was fitted. */
#include "settle/settle.h"

static size_t workspace(size_t n)
{
    (void)n;
    return 0;
}

static void settle(ent_settle_output *out, const ent_settle_input *in, void *space)
{
    (void)space;
    double g = in->option[1];
    out->outcome = g * ent__settle_compromise(in) + (1 - g) * in->status_quo; /* without a status quo: undefined */
    out->stop = ENT_STOP_DONE;
}

static const ent_port options[] = {
    ENT__SETTLE_OPTION_R,
    {.name = "g",
     .shape = "",
     .unit = "share",
     .low = 0,
     .high = 1,
     .fallback = 0.75,
     .meaning = "how far from the status quo to the compromise: 0 nothing moves, 1 the compromise"},
};

const ent_model ent__model_gravity = {
    .name = "gravity",
    .room = "settle",
    .title = "Weighted mean, pulled to the status quo",
    .summary = "What is in place is hard to move. The group goes a share g of the way from the status quo to its "
               "compromise. Needs a status quo, and may end outside all positions where that lies outside them.",
    .equation = "x* = g * sum(w x) / sum(w) + (1 - g) * status_quo,  w = capability * salience",
    .citation = "No paper of its own: the compromise model (Van den Bos 1991; Achen 2006) with a share of inertia; g "
                "= 0.75 is a judgement unless it was fitted.",
    .accuracy = "",
    .cost = "O(n)",
    .inputs = ent__settle_inputs,
    .n_inputs = ENT_COUNT(ent__settle_inputs),
    .options = options,
    .n_options = ENT_COUNT(options),
    .outputs = ent__settle_outputs,
    .n_outputs = ENT_COUNT(ent__settle_outputs),
    .workspace = workspace,
    .settle = settle,
};
