/* The compromise: the mean of positions, weighted by what actors can do and how much they care.
 *
 *     outcome = sum_i w_i x_i / sum_i w_i,   w_i = capability_i * salience_i
 *
 * Van den Bos 1991; as an approximation of the Nash bargaining solution: Achen 2006. */
#include "settle/settle.h"

const ent_port ent__settle_inputs[4] = {
    {.name = "position", .shape = "a,y", .unit = "scale", .low = -__builtin_inf(), .high = __builtin_inf(), .fallback = ENT_UNDEFINED,
     .required = true, .meaning = "Where each actor wants the issue to end, on its scale."},
    {.name = "salience", .shape = "a,y", .unit = "1", .low = 0, .high = 1, .fallback = ENT_UNDEFINED, .required = true,
     .meaning = "How much each actor cares: the share of what it can do that it would bring to bear."},
    {.name = "capability", .shape = "a,y", .unit = "any", .low = 0, .high = __builtin_inf(), .fallback = ENT_UNDEFINED, .required = true,
     .meaning = "What each actor can bring to bear; only the ratios matter."},
    {.name = "status_quo", .shape = "", .unit = "scale", .low = -__builtin_inf(), .high = __builtin_inf(), .fallback = ENT_UNDEFINED,
     .meaning = "What stands if nothing is agreed; gains are counted from it."}};

const ent_port ent__settle_outputs[4] = {
    {.name = "outcome", .shape = "y", .unit = "scale", .low = -__builtin_inf(), .high = __builtin_inf(), .fallback = ENT_UNDEFINED,
     .meaning = "Where the issue is settled."},
    {.name = "utility", .shape = "a,y", .unit = "utility", .low = 0, .high = 1, .fallback = ENT_UNDEFINED,
     .meaning = "Each actor's utility there: 1 at its own position, 0 a whole scale away."},
    {.name = "gain", .shape = "a,y", .unit = "utility", .low = -1, .high = 1, .fallback = ENT_UNDEFINED,
     .meaning = "That utility less the one at the status quo, or at the mean of positions where none is stated."},
    {.name = "stop", .shape = "", .unit = "", .low = 0, .high = ENT_STOP_COUNT - 1, .fallback = ENT_UNDEFINED,
     .meaning = "Why the model stopped."}};

size_t ent__settle_no_workspace(size_t n)
{
    (void)n;
    return 0;
}

double ent__settle_mean(const ent_settle_input *in)
{
    double sum = 0, total = 0;
    for (size_t i = 0; i < in->n; i++) {
        double w = in->capability[i] * in->salience[i];
        sum += w * in->position[i];
        total += w;
    }
    return sum / total;
}

/* Rounding may carry a mean past the outermost position by a bit. */
static double within(const ent_settle_input *in, double x)
{
    double low = in->position[0], high = in->position[0];
    for (size_t i = 1; i < in->n; i++) {
        low = in->position[i] < low ? in->position[i] : low;
        high = in->position[i] > high ? in->position[i] : high;
    }
    return x < low ? low : x > high ? high : x;
}

static void settle(ent_settle_output *out, const ent_settle_input *in, void *workspace)
{
    (void)workspace;
    out->outcome = within(in, ent__settle_mean(in));
    out->stop = ENT_STOP_DONE;
}

static const ent_port options[] = {ENT__SETTLE_OPTION_R};

const ent_model ent__model_compromise = {
    .name = "compromise",
    .room = "settle",
    .title = "Compromise (weighted mean)",
    .summary = "Everyone pulls toward its own position as hard as it can and cares; the outcome is the balance of these pulls. "
               "The simplest model, and the hardest to beat on known decisions.",
    .equation = "outcome = sum(w x) / sum(w),   w = capability * salience",
    .citation = "Van den Bos, J.M.M. (1991), Dutch EC Policy Making. Achen, C.H. (2006), Institutional Realism and Bargaining "
                "Models, in Thomson et al. (eds.), The European Union Decides, Cambridge University Press.",
    .accuracy = "351 decisions of the European Union (DEU III): mean absolute error 22.99 of 100 points; 23.63 for the plain "
                "mean, 27.96 for always saying 50.",
    .cost = "O(n)",
    .inputs = ent__settle_inputs, .n_inputs = 4,
    .options = options, .n_options = 1,
    .outputs = ent__settle_outputs, .n_outputs = 4,
    .workspace = ent__settle_no_workspace,
    .settle = settle,
};
