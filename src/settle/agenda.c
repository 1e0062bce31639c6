/* Agenda: one actor proposes, the others accept or keep the status quo.
 *
 *     actor i accepts y over the status quo q where |y - x_i| <= |q - x_i|: y between q and its mirror image 2 x_i - q
 *     win set  [max(low, min(q, d)), min(high, max(q, u))]     u the greatest mirror image such that the actors whose
 *                                                              images are at or above it can decide, d likewise below
 *     x*       the point of the win set nearest to the proposer's position            Romer & Rosenthal (1978)
 *
 * Mirror images keep the order of the positions, so u and d are the images of two positions: of those who decide a
 * majority, the first who is needed. src/vote does the same under any rule (ent_agenda()). */
#include "settle/settle.h"

enum { R, PROPOSER, RULE, OPTIONS };
enum { STRONGEST, FIRST };
enum { MAJORITY, WEIGHTED, CONSENSUS };

static size_t workspace(size_t n)
{
    return 2 * n * sizeof(double) + ent__held_workspace(n);
}

/* Votes by position; actors without weight have none. */
static void count_votes(ent__held *out, const ent_settle_input *in, void *space)
{
    double *vote = space, *one = vote + in->n;
    for (size_t i = 0; i < in->n; i++) {
        one[i] = 1;
        vote[i] = ent__settle_weight(in, i) > 0 ? in->option[RULE] == WEIGHTED ? in->capability[i] : 1 : 0;
    }
    ent_settle_input votes = *in;
    votes.capability = vote;
    votes.salience = one;
    ent__held_find(out, &votes, one + in->n);
}

/* The position farthest up (down) such that the actors at or beyond it can decide. */
static double needed(const ent__held *held, bool consensus, bool up)
{
    double quota = consensus ? held->total * (1 - ENT__SETTLE_TIE) : held->total * (0.5 + ENT__SETTLE_TIE), sum = 0;
    size_t at = up ? held->n : 0;
    for (size_t k = 0; k < held->n; k++) {
        at = up ? held->n - 1 - k : k;
        sum += held->weight[at];
        if (sum >= quota)
            break;
    }
    return held->position[at];
}

static inline double between(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

static void settle(ent_settle_output *out, const ent_settle_input *in, void *space)
{
    ent__held held;
    double q = in->status_quo, strongest = 0, sum = 0, proposers = 0, least = in->high, most = in->low;
    bool consensus = in->option[RULE] == CONSENSUS;
    count_votes(&held, in, space);
    double up = needed(&held, consensus, true), down = needed(&held, consensus, false);
    up = between(up + (up - q), q, in->high > q ? in->high : q);
    down = between(down + (down - q), in->low < q ? in->low : q, q);
    for (size_t i = 0; i < in->n; i++)
        strongest = in->capability[i] > strongest ? in->capability[i] : strongest;
    for (size_t i = 0; i < in->n; i++) /* of equally strong ones each proposes as often: the mean of what they get */
        if (in->option[PROPOSER] == FIRST ? i == 0 : in->capability[i] == strongest) {
            double gets = between(in->position[i], down, up);
            least = gets < least ? gets : least;
            most = gets > most ? gets : most;
            sum += gets;
            proposers++;
        }
    out->outcome = between(sum / proposers, least, most); /* a mean may round past its ends */
    out->stop = out->outcome == q ? ENT_STOP_STATUS_QUO : ENT_STOP_DONE;
}

static const ent_port options[OPTIONS] = {
    [R] = ENT__SETTLE_OPTION_R,
    [PROPOSER] = {.name = "proposer",
                  .shape = "",
                  .unit = "",
                  .low = 0,
                  .high = FIRST,
                  .fallback = STRONGEST,
                  .choices = "strongest|first",
                  .meaning = "who alone may propose: the actor with most capability (of equal ones each as often: the "
                             "mean), or the first of the table"},
    [RULE] = {.name = "rule",
              .shape = "",
              .unit = "",
              .low = 0,
              .high = CONSENSUS,
              .fallback = MAJORITY,
              .choices = "majority|weighted|consensus",
              .meaning = "who must accept: more than half of the actors, those with more than half of the capability, "
                         "or all; actors without weight have no vote"},
};

const ent_model ent__model_agenda = {
    .name = "agenda",
    .room = "settle",
    .title = "Agenda setting",
    .summary = "One actor alone may propose; the others can only accept or keep the status quo. It proposes, of all "
               "points that enough of them find no worse than the status quo, the one nearest to what it wants. So a "
               "bad status quo makes the proposer strong. Needs a status quo.",
    .equation = "x* = the y nearest to the proposer's position with\n"
                "|y - x_i| <= |status_quo - x_i| for enough i to decide under the rule",
    .citation = "Romer, T. & Rosenthal, H. (1978). Political resource allocation, controlled agendas, and the status "
                "quo. Public Choice 33. Win sets: Tsebelis, G. (2002). Veto Players.",
    .accuracy = "",
    .cost = "O(n log n)",
    .inputs = ent__settle_inputs,
    .n_inputs = ENT_COUNT(ent__settle_inputs),
    .options = options,
    .n_options = OPTIONS,
    .outputs = ent__settle_outputs,
    .n_outputs = ENT_COUNT(ent__settle_outputs),
    .workspace = workspace,
    .settle = settle,
};
