/* Mode: the position with most weight behind it; where several tie, their mean.
 *
 *     x* = mean of { x : W(x) = max W },   W(x) = sum of w_i over the actors at x
 *
 * Only actors at exactly the same position count together. No paper: a baseline. */
#include "settle/settle.h"

static void settle(ent_settle_output *out, const ent_settle_input *in, void *space)
{
    ent__held held;
    ent__held_find(&held, in, space);
    double most = 0, above = 0;
    for (size_t k = 0; k < held.n; k++)
        most = held.weight[k] > most ? held.weight[k] : most;
    size_t first = held.n, count = 0;
    for (size_t k = 0; k < held.n; k++) {
        if (held.weight[k] < most - ENT__SETTLE_TIE * held.total)
            continue;
        first = count++ == 0 ? k : first;
        above += held.position[k] - held.position[first]; /* above the lowest: the mean of one is that one, exactly */
    }
    out->outcome = held.position[first] + above / (double)count;
    out->stop = ENT_STOP_DONE;
}

static const ent_port options[] = {ENT__SETTLE_OPTION_R};

const ent_model ent__model_mode = {
    .name = "mode",
    .room = "settle",
    .title = "Position with most weight",
    .summary = "The largest camp wins outright. The outcome is the position with most weight behind it; camps that "
               "tie meet at the mean of their positions. Only actors at exactly the same position form a camp, so it "
               "is best with coarse scales.",
    .equation = "x* = the x with the greatest W(x) = sum of w over the actors at x; ties: their mean\n"
                "w = capability * salience",
    .citation = "No paper of its own: plurality by weight, a baseline.",
    .accuracy = "",
    .cost = "O(n log n)",
    .inputs = ent__settle_inputs,
    .n_inputs = ENT_COUNT(ent__settle_inputs),
    .options = options,
    .n_options = ENT_COUNT(options),
    .outputs = ent__settle_outputs,
    .n_outputs = ENT_COUNT(ent__settle_outputs),
    .workspace = ent__held_workspace,
    .settle = settle,
};
