/* The mode: the position with the greatest summed weight behind it; where several tie, their mean.
 *
 *     outcome = mean of argmax_x sum_{i: x_i = x} capability_i * salience_i */
#include "settle/settle.h"

static size_t workspace_bytes(size_t n) { return n * sizeof(double); }

static void settle(ent_settle_output *out, const ent_settle_input *in, void *workspace)
{
    int32_t *order = workspace;
    ent__settle_order(order, in->position, in->n);
    double best = -1, sum = 0, ties = 0;
    for (size_t i = 0, next; i < in->n; i = next) {
        double x = in->position[order[i]], weight = 0;
        for (next = i; next < in->n && in->position[order[next]] == x; next++)
            weight += in->capability[order[next]] * in->salience[order[next]];
        double slack = 1e-12 * best; /* sums that ought to tie may differ in the last place */
        if (weight > best + slack) {
            best = weight;
            sum = x;
            ties = 1;
        } else if (weight >= best - slack) {
            sum += x;
            ties++;
        }
    }
    out->outcome = sum / ties;
    out->stop = ENT_STOP_DONE;
}

static const ent_port options[] = {ENT__SETTLE_OPTION_R};

const ent_model ent__model_mode = {
    .name = "mode",
    .room = "settle",
    .title = "Mode (strongest position)",
    .summary = "The single position with the most weight behind it wins. It knows no compromise, so it is a rival worth testing "
               "against; where positions are all different it is the strongest actor's.",
    .equation = "outcome = the x with the greatest sum(w of the actors at x),   w = capability * salience; ties: their mean",
    .citation = "A benchmark, as in Thomson et al. (eds.) (2006), The European Union Decides, Cambridge University Press.",
    .accuracy = "",
    .cost = "O(n log n)",
    .inputs = ent__settle_inputs, .n_inputs = 4,
    .options = options, .n_options = 1,
    .outputs = ent__settle_outputs, .n_outputs = 4,
    .workspace = workspace_bytes,
    .settle = settle,
};
