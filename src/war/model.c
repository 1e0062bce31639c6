/* War's place in the table of models, and its call. A scenario also states `start` (its first month), `months` and
 * `events`, which are no numbers: they reach a call as start_month, the count of months and the events themselves. */
#include "war/war.h"

#include <math.h>
#include <string.h>

#define OPEN __builtin_inf()

/* --- the table ---------------------------------------------------------------------------------------- */

enum {
    LINE,
    MOVE,
    DECISIVENESS,
    EFFORT_A,
    EFFORT_B,
    AID_B,
    COST_A,
    COST_B,
    DISCOUNT,
    OPTIMISM_A,
    OPTIMISM_B,
    LEARNING,
    ALPHA_A,
    ALPHA_B,
    Y0,
    GUARANTEE_A,
    GUARANTEE_B,
    TALK,
    FREEZE_COST,
    RESUME,
    BETA,
    INPUTS
};

#define NUMBER(n, s, u, lo, hi, f, text)                                                                               \
    {                                                                                                                  \
        .name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = f, .meaning = text                        \
    }
#define NEEDED(n, s, u, lo, hi, text)                                                                                  \
    {                                                                                                                  \
        .name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .required = true,          \
        .meaning = text                                                                                                \
    }

static const ent_port inputs[INPUTS] = {
    [LINE] = NEEDED("line", "", "states", 0, ENT_WAR_MAX_STATES,
                    "where the line starts, from 0 (A has nothing) to `states` (A has all); the nearest state counts"),
    [MOVE] = NUMBER("move", "", "1 / month", 0, 1, 0.3, "chance that the line moves in a month, above 0"),
    [DECISIVENESS] = NUMBER("m", "", "1", 0, OPEN, 1, "decisiveness: how much more effort tells in the odds, above 0"),
    [EFFORT_A] = NUMBER("effort_a", "t", "effort", 0, OPEN, 1, "A's effort, own capacity and aid"),
    [EFFORT_B] = NUMBER("effort_b", "t", "effort", 0, OPEN, 1, "B's effort, own capacity and aid"),
    [AID_B] = NUMBER("aid_b", "t", "effort", 0, OPEN, 0, "the part of B's effort that is aid"),
    [COST_A] = NEEDED("cost_a", "t", "stakes / month", 0, OPEN,
                      "what a month of fighting costs A, as a share of the whole stake"),
    [COST_B] = NEEDED("cost_b", "t", "stakes / month", 0, OPEN, "what a month of fighting costs B"),
    [DISCOUNT] = NEEDED("discount", "", "1", 0, 1, "what a month later counts against now, above 0 and below 1"),
    [OPTIMISM_A] = NUMBER("optimism_a", "", "1", -1, 1, 0, "by how much A takes its odds for too good at the start"),
    [OPTIMISM_B] = NUMBER("optimism_b", "", "1", -1, 1, 0, "by how much B takes its odds for too good at the start"),
    [LEARNING] = NUMBER("learning", "", "1", 0, 1, 0.98, "what a month of battle leaves of optimism"),
    [ALPHA_A] =
        NUMBER("alpha_a", "", "1", 0, 1, 0.5, "weight of territory to A; the rest is that of the political stake"),
    [ALPHA_B] = NUMBER("alpha_b", "", "1", 0, 1, 0.5, "weight of territory to B"),
    [Y0] = NUMBER("y0", "", "1", 0, 1, 0.5, "A's share of the political stake while nothing is agreed"),
    [GUARANTEE_A] = NUMBER("guarantee_a", "t", "1", 0, 1, 1, "how far A can rely on a settlement"),
    [GUARANTEE_B] = NUMBER("guarantee_b", "t", "1", 0, 1, 1, "how far B can rely on a settlement"),
    [TALK] =
        NUMBER("talk", "t", "1 / month", 0, 1, 1, "chance that the settlements that suit both are found in a month"),
    [FREEZE_COST] =
        NUMBER("freeze_cost", "", "1", 0, 1, 0.2, "what a frozen line costs, as a share of the cost of fighting"),
    [RESUME] = NUMBER("resume", "", "1 / month", 0, 1, 0, "chance that a frozen war resumes in a month"),
    [BETA] = NUMBER("beta", "", "1", 0, 1, 0.5, "bargaining power of A; B has the rest"),
};

enum { STATES, FREEZING, OPTIONS };
static const ent_port options[OPTIONS] = {
    [STATES] = NUMBER("states", "", "1", 1, ENT_WAR_MAX_STATES, 20, "steps of the line from A's collapse to B's"),
    [FREEZING] = {.name = "freezing",
                  .shape = "",
                  .unit = "",
                  .low = 0,
                  .high = 1,
                  .fallback = 0,
                  .choices = "yes|no",
                  .meaning = "whether the line can freeze with nothing agreed"},
};

enum {
    FIGHTING,
    GOING_ON,
    SETTLED,
    FROZEN,
    COLLAPSE_A,
    COLLAPSE_B,
    LINE_MEAN,
    CONCESSION,
    VALUE_A,
    VALUE_B,
    LEVERAGE_A,
    LEVERAGE_A_NO_AID,
    EVENTS,
    KEPT,
    OUTPUTS
};
#define GIVEN(n, s, u, lo, hi, text)                                                                                   \
    {                                                                                                                  \
        .name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .phase = ENT_PHASE_YEAR,   \
        .meaning = text                                                                                                \
    }
static const ent_port outputs[OUTPUTS] = {
    [FIGHTING] =
        GIVEN("fighting", "t", "probability", 0, 1, "that the war goes on, after the month's decisions and moves"),
    [GOING_ON] = GIVEN("going_on", "t", "probability", 0, 1, "the same as fighting"),
    [SETTLED] = GIVEN("settled", "t", "probability", 0, 1, "that a settlement has been agreed"),
    [FROZEN] = GIVEN("frozen", "t", "probability", 0, 1, "that the line stands with nothing agreed"),
    [COLLAPSE_A] = GIVEN("collapse_a", "t", "probability", 0, 1, "that A was beaten or gave up: B has all"),
    [COLLAPSE_B] = GIVEN("collapse_b", "t", "probability", 0, 1, "that B was beaten or gave up: A has all"),
    [LINE_MEAN] = GIVEN("line", "t", "1", 0, 1, "A's expected share of the territory"),
    [CONCESSION] = GIVEN("concession", "t", "1", 0, 1, "A's expected share of the political stake"),
    [VALUE_A] = GIVEN("value_a", "t", "1", 0, 1, "expected face value to A of what it holds"),
    [VALUE_B] = GIVEN("value_b", "t", "1", 0, 1, "expected face value to B of what it holds"),
    [LEVERAGE_A] = GIVEN("leverage_a", "t", "1", -OPEN, OPEN,
                         "the share of the whole stake that A could hold out for, over the lines still fought over"),
    [LEVERAGE_A_NO_AID] = GIVEN("leverage_a_no_aid", "t", "1", -OPEN, OPEN, "the same had B no aid in that month"),
    [EVENTS] = GIVEN("events", "e,t", "probability", 0, 1,
                     "each named event: a state of the war, of the line and of the political stake"),
    [KEPT] = GIVEN("kept", "", "probability", 0, 1, "of what is known of the war's state; 1 where nothing is"),
};

/* --- the call ----------------------------------------------------------------------------------------- */

/* The nearest whole number; -1 where it is none that can be taken. */
static int32_t whole(double x, double most)
{
    return x >= 0 && x <= most ? (int32_t)floor(x + 0.5) : -1;
}

static double scalar(const ent_call *call, int input)
{
    return call->in[input] != NULL ? call->in[input][0] : inputs[input].fallback;
}

static ent_war_input input_of(const ent_call *call)
{
    ent_war_input in = {
        .months = call->count[ENT_AXIS_MONTH] <= ENT_WAR_MAX_MONTHS ? (int32_t)call->count[ENT_AXIS_MONTH] : -1,
        .states = whole(call->option[STATES], ENT_WAR_MAX_STATES),
        .months_a_value = call->monthly ? 1 : 12,
        .start_month = call->start_month,
        .move = scalar(call, MOVE),
        .m = scalar(call, DECISIVENESS),
        .effort_a = call->in[EFFORT_A],
        .effort_b = call->in[EFFORT_B],
        .aid_b = call->in[AID_B],
        .cost_a = call->in[COST_A],
        .cost_b = call->in[COST_B],
        .discount = scalar(call, DISCOUNT),
        .optimism_a = scalar(call, OPTIMISM_A),
        .optimism_b = scalar(call, OPTIMISM_B),
        .learning = scalar(call, LEARNING),
        .alpha_a = scalar(call, ALPHA_A),
        .alpha_b = scalar(call, ALPHA_B),
        .y0 = scalar(call, Y0),
        .guarantee_a = call->in[GUARANTEE_A],
        .guarantee_b = call->in[GUARANTEE_B],
        .talk = call->in[TALK],
        .freeze_cost = scalar(call, FREEZE_COST),
        .resume = scalar(call, RESUME),
        .beta = scalar(call, BETA),
        .freezing = call->option[FREEZING] < 0.5,
        .event = call->event,
        .n_events = call->count[ENT_AXIS_EVENT],
        .seen_month = call->seen_month < 0 ? -1 : call->seen_month,
        .seen_states = call->seen_state,
    };
    in.line = whole(scalar(call, LINE), in.states);
    return in;
}

static void give_nothing(const ent_call *call)
{
    const size_t months = call->count[ENT_AXIS_MONTH];
    for (int o = 0; o < OUTPUTS; o++) {
        const size_t n = o == KEPT ? 1 : o == EVENTS ? months * call->count[ENT_AXIS_EVENT] : months;
        for (size_t i = 0; call->out[o] != NULL && i < n; i++)
            call->out[o][i] = ENT_UNDEFINED;
    }
}

static size_t call_workspace(const size_t *count, const struct ent_rule *rule)
{
    (void)rule;
    return ent__war_workspace(ENT_WAR_MAX_STATES, count[ENT_AXIS_EVENT]);
}

static void call_war(ent_stop *stop, const ent_call *call, void *workspace)
{
    const ent_war_input in = input_of(call);
    if (ent__war_check(&in, NULL) != ENT_OK) {
        give_nothing(call);
        *stop = ENT_STOP_UNDEFINED;
        return;
    }
    double *fighting = call->out[FIGHTING], *going_on = call->out[GOING_ON];
    ent_war_output out = {
        .fighting = fighting != NULL ? fighting : going_on,
        .settled = call->out[SETTLED],
        .frozen = call->out[FROZEN],
        .collapse_a = call->out[COLLAPSE_A],
        .collapse_b = call->out[COLLAPSE_B],
        .line = call->out[LINE_MEAN],
        .concession = call->out[CONCESSION],
        .value_a = call->out[VALUE_A],
        .value_b = call->out[VALUE_B],
        .leverage_a = call->out[LEVERAGE_A],
        .leverage_a_no_aid = call->out[LEVERAGE_A_NO_AID],
        .event = call->out[EVENTS],
    };
    ent__war_run(&out, &in, workspace);
    if (fighting != NULL && going_on != NULL)
        memcpy(going_on, fighting, (size_t)in.months * sizeof *fighting);
    if (call->out[KEPT] != NULL)
        call->out[KEPT][0] = out.kept;
    *stop = out.stop;
}

static ent_status explain(const ent_call *call, void *workspace, ent_error *err)
{
    const ent_war_input in = input_of(call);
    (void)workspace;
    return ent__war_check(&in, err);
}

const ent_model ent__model_war = {
    .name = "war",
    .room = "war",
    .title = "War and its end",
    .summary =
        "Two sides fight over a line and a political stake, and bargain while they fight. Each month the line "
        "moves by the odds, and on every line both compare fighting on with a settlement that holds only as far "
        "as it is guaranteed, with a frozen line and with giving up. Each sees its own odds too well, and battle "
        "teaches it. The probabilities of all lines and states are exact; no dice are thrown. A scenario also "
        "states start (the first month, such as 2022-04), months (how many) and, by name, events: the states, "
        "line and y that make them.",
    .equation = "p = effort_a^m / (effort_a^m + effort_b^m);  the line k moves up by move p, down by move (1 - p)\n"
                "p_A(t) = p + optimism_a learning^t,  p_B(t) = p - optimism_b learning^t\n"
                "W(k) = -c + discount (move p W(k+1) + move (1 - p) W(k-1) + (1 - move) W(k)), or 0: giving up\n"
                "v_A = alpha_A x + (1 - alpha_A) y,  v_B = alpha_B (1 - x) + (1 - alpha_B)(1 - y),  x = k / states\n"
                "a settlement where g_A v_A >= W_A and g_B v_B >= W_B for some y in [0, 1]; there y by Nash, powers "
                "beta and 1 - beta\n"
                "else a frozen line where v_i - freeze_cost c_i / (1 - discount) > W_i for both\n"
                "leverage_A = (1 - beta) W_A + beta (1 - W_B) at the odds as they are",
    .citation =
        "Smith, A. and Stam, A. C. (2004). Bargaining and the Nature of War. Journal of Conflict Resolution "
        "48(6). Powell, R. (2004). Bargaining and Learning While Fighting. American Journal of Political Science "
        "48(2); (2006). War as a Commitment Problem. International Organization 60(1). Slantchev, B. L. (2003). "
        "The Principle of Convergence in Wartime Negotiations. American Political Science Review 97(4). Fearon, "
        "J. D. (1995). Rationalist Explanations for War. International Organization 49(3).",
    .accuracy = "",
    .cost = "O(months * (states + events))",
    .inputs = inputs,
    .n_inputs = INPUTS,
    .options = options,
    .n_options = OPTIONS,
    .outputs = outputs,
    .n_outputs = OUTPUTS,
    .call_workspace = call_workspace,
    .call = call_war,
    .explain = explain,
};
