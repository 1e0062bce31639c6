/* What membership is worth: the share of income that a state would give up each year to be inside.
 *
 *     V(I, R, floor) = max over q >= floor of (1 - a - b) ln(I - q) + b ln q + a ln(q + R)
 *     R_in = sum over members j of credibility_j spillover q_j,   R_out = outside R_in, without floor
 *     e:  V(I, R_out, 0) = V((1 - e) I, R_in, floor_inside)
 *
 * V rises in I without bound below (where I comes down to the floor) and above, so e is one number; it is below 0 where
 * the floor costs more than membership gives. Newton's method on income within a bracket: V is concave in I with slope
 * (1 - a - b) / (I - q), as q is the best there is.
 *
 * With `adjust` R_in and R_out are those of two equilibria: of the alliance with the state inside; and with all that
 * crosses between it and the others (in both directions) cut to the part `outside`. */
#include "alliance/alliance.h"
#include "core/elementary.h"

#include <math.h>
#include <string.h>

#define OPEN __builtin_inf()
enum { MOST_STEPS = 200, MOST_SWEEPS = 5000 };
static const double SETTLED = 1e-12;

static ent_status check(const ent_membership_input *in, ent_error *err)
{
    const size_t n = in->members + in->candidates;
    ent_status status = ENT_OK;
    ENT_REQUIRE(in->members > 0, ENT_ERR_ARGUMENT, "there are no members");
    ENT_TRY(ent__alliance_numbers("income", "state", in->income, n, &ENT__INCOME, false, err));
    ENT_TRY(ent__alliance_numbers("taste_shared", "state", in->taste_shared, n, &ENT__TASTE, false, err));
    ENT_TRY(ent__alliance_numbers("taste_private", "state", in->taste_private, n, &ENT__TASTE, false, err));
    for (size_t i = 0; i < n; i++)
        ENT_TRY(ent__alliance_number("taste_shared + taste_private", "state", i,
                                     in->taste_shared[i] + in->taste_private[i], &ENT__TASTE, err));
    ENT_TRY(ent__alliance_numbers("spending", "member", in->spending, in->members, &ENT__MONEY, false, err));
    ENT_TRY(ent__alliance_number("spillover", NULL, 0, in->spillover, &ENT__SHARE, err));
    ENT_TRY(ent__alliance_numbers("credibility", "member", in->credibility, in->members, &ENT__SHARE, false, err));
    ENT_TRY(ent__alliance_number("outside", NULL, 0, in->outside, &ENT__SHARE, err));
    ENT_TRY(ent__alliance_numbers("floor_inside", "state", in->floor_inside, n, &ENT__MONEY, true, err));
    ENT_TRY(ent__alliance_below("floor_inside", in->floor_inside, "income", in->income, n, err));
done:
    return status;
}

static double floor_of(const ent_membership_input *in, size_t i)
{
    return in->floor_inside != NULL ? in->floor_inside[i] : 0;
}

/* --- what others give ----------------------------------------------------------------------------------- */

/* How far state i can be relied on: a candidate as far as members are on average. */
static double credibility_of(const ent_membership_input *in, size_t i)
{
    double sum = 0;
    if (i < in->members)
        return in->credibility[i];
    for (size_t j = 0; j < in->members; j++)
        sum += in->credibility[j];
    return sum / (double)in->members;
}

/* What all members' spending counts for others. */
static double spill_of_all(const ent_membership_input *in)
{
    double sum = 0;
    for (size_t j = 0; j < in->members; j++)
        sum += in->credibility[j] * in->spillover * in->spending[j];
    return sum;
}

static double spill_in_as_given(const ent_membership_input *in, size_t i, double all)
{
    const double rest = all - (i < in->members ? in->credibility[i] * in->spillover * in->spending[i] : 0);
    return in->members == (i < in->members) || rest < 0 ? 0 : rest;
}

/* The spill-in of state `who` in the equilibrium of the members and it, with what crosses between it and the others
 * times `across`, its own floor `floor`; q[members + 1] is room. Best responses in turn; NaN where they do not settle.
 */
static double spill_in_played(const ent_membership_input *in, size_t who, double across, double floor, double *q)
{
    const size_t n = in->members + (who >= in->members); /* a candidate takes the last place */
    const double own = in->spillover * credibility_of(in, who) * across;
    double total = 0; /* of the others, as they count for each other */
    for (size_t k = 0; k < n; k++) {
        const size_t i = k < in->members ? k : who;
        q[k] = k < in->members ? in->spending[k] : (in->taste_shared[i] + in->taste_private[i]) * in->income[i];
        total += i != who ? in->spillover * in->credibility[i] * q[k] : 0;
    }
    const size_t place = who < in->members ? who : in->members;
    for (int sweep = 0; sweep < MOST_SWEEPS; sweep++) {
        double most = 0, sum = 0;
        for (size_t k = 0; k < n; k++) {
            const size_t i = k < in->members ? k : who;
            const double counts = i != who ? in->spillover * in->credibility[i] : 0;
            const double rest = total - counts * q[k];
            const double got = i == who ? across * total : (rest > 0 ? rest : 0) + own * q[place];
            const double next = ent__best_response(in->taste_shared[i], in->taste_private[i], in->income[i], got,
                                                   i == who ? floor : floor_of(in, i));
            const double move = fabs(next - q[k]) / in->income[i];
            most = move > most ? move : most;
            total += counts * (next - q[k]);
            q[k] = next;
        }
        for (size_t k = 0; k < in->members; k++) /* anew: small errors do not add up */
            sum += k != who ? in->spillover * in->credibility[k] * q[k] : 0;
        total = sum;
        if (most <= SETTLED)
            return across * total;
    }
    return ENT_UNDEFINED;
}

/* --- what it is worth ----------------------------------------------------------------------------------- */

/* The income at which the best utility is `wanted`; at `start` it is `there`, with spending `q`. Newton's method: once a step
 * is below 1e-8 of what is left to consume, what it leaves is below the last digit. */
static double income_for(double wanted, double a, double b, double spill_in, double floor, double start, double there, double q)
{
    double low = floor, high = INFINITY, x = start;
    for (int step = 0; step < MOST_STEPS; step++) {
        const double miss = (step > 0 ? ent__best_utility(a, b, x, spill_in, floor, &q) : there) - wanted;
        if (miss == 0)
            return x;
        *(miss < 0 ? &low : &high) = x;
        double next = miss > -INFINITY ? x - miss * (x - q) / (1 - a - b) : OPEN;
        const bool newton = next > low && next < high;
        if (!newton)
            next = high < INFINITY ? low + 0.5 * (high - low) : 2 * x;
        if (!(next > low && next < high) || fabs(next - x) <= (newton ? 1e-8 : 1e-15) * (x - q))
            return next;
        x = next;
    }
    return x;
}

/* For checked numbers; `q` holds members + 1. */
static void value(ent_membership_output *out, const ent_membership_input *in, double *q)
{
    const double all = spill_of_all(in);
    out->stop = ENT_STOP_DONE;
    for (size_t i = 0; i < in->members + in->candidates; i++) {
        const double a = in->taste_shared[i], b = in->taste_private[i], floor = floor_of(in, i), income = in->income[i];
        double within = in->adjust ? spill_in_played(in, i, 1, floor, q) : spill_in_as_given(in, i, all);
        double without = in->adjust ? spill_in_played(in, i, in->outside, 0, q) : in->outside * within;
        double inside = ENT_UNDEFINED, outside = ENT_UNDEFINED, e = ENT_UNDEFINED;
        if (ent__is_undefined(within) || ent__is_undefined(without)) {
            out->stop = ENT_STOP_NO_CONVERGENCE;
        } else {
            double spent;
            inside = ent__best_utility(a, b, income, within, floor, &spent);
            outside = ent__best_utility(a, b, income, without, 0, NULL);
            e = inside == outside ? 0 : 1 - income_for(outside, a, b, within, floor, income, inside, spent) / income;
        }
        if (out->inside != NULL)
            out->inside[i] = inside;
        if (out->outside != NULL)
            out->outside[i] = outside;
        if (out->equivalent != NULL)
            out->equivalent[i] = e;
    }
}

ent_status ent_membership(ent_membership_output *out, const ent_membership_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    double *q = NULL;
    ENT_REQUIRE(out != NULL && in != NULL, ENT_ERR_ARGUMENT, "nothing was given");
    ENT_TRY(check(in, err));
    q = ent__alloc(in->members + 1, sizeof *q);
    ENT_REQUIRE(q != NULL, ENT_ERR_MEMORY, "not enough memory for %zu members", in->members);
    value(out, in, q);
done:
    ent__free(q);
    return status;
}

/* --- the call ------------------------------------------------------------------------------------------- */

enum {
    INCOME,
    OBSERVED,
    TASTE_SHARED,
    TASTE_PRIVATE,
    SPENDING,
    SPILLOVER,
    CREDIBILITY,
    BASELINE_CREDIBILITY,
    OUTSIDE,
    FLOOR_INSIDE,
    INPUTS
};
enum { ADJUST, OPTIONS };
enum { EQUIVALENT, INSIDE, OUTSIDE_UTILITY, CANDIDATE_SHARED, CANDIDATE_PRIVATE, OUTPUTS };

/* Tastes of the candidates: shared, then private. */
static size_t state(const size_t *count)
{
    return 2 * count[ENT_AXIS_CANDIDATE];
}

static size_t call_workspace(const size_t *count, const struct ent_rule *rule)
{
    (void)rule;
    return (3 * count[ENT_AXIS_ACTOR] + 1) * sizeof(double);
}

/* Candidates' tastes from what they are seen to spend as outsiders, with the members' mean private share. */
static ent_status call_first(const ent_call *call, ent_error *err)
{
    const size_t members = call->count[ENT_AXIS_ALLY], candidates = call->count[ENT_AXIS_CANDIDATE];
    const double *income = call->in[INCOME], *observed = call->in[OBSERVED];
    const double outside = *call->in[OUTSIDE], spillover = *call->in[SPILLOVER];
    double spill = 0, share = 0;
    ent_status status = ENT_OK;
    ENT_TRY(ent__alliance_numbers("income", "state", income, members + candidates, &ENT__INCOME, false, err));
    ENT_TRY(ent__alliance_numbers("observed", "state", observed, members, &ENT__MONEY, false, err));
    ENT_TRY(ent__alliance_numbers("observed", "candidate", observed + members, candidates, &ENT__INCOME, false, err));
    ENT_TRY(ent__alliance_below("observed", observed, "income", income, members + candidates, err));
    ENT_TRY(ent__alliance_numbers("taste_shared", "member", call->in[TASTE_SHARED], members, &ENT__TASTE, false, err));
    ENT_TRY(
        ent__alliance_numbers("taste_private", "member", call->in[TASTE_PRIVATE], members, &ENT__TASTE, false, err));
    ENT_TRY(ent__alliance_numbers("baseline_credibility", "member", call->in[BASELINE_CREDIBILITY], members,
                                  &ENT__SHARE, false, err));
    ENT_TRY(ent__alliance_number("outside", NULL, 0, outside, &ENT__SHARE, err));
    ENT_TRY(ent__alliance_number("spillover", NULL, 0, spillover, &ENT__SHARE, err));
    for (size_t j = 0; j < members; j++) {
        const double t = call->in[TASTE_SHARED][j] + call->in[TASTE_PRIVATE][j];
        spill += call->in[BASELINE_CREDIBILITY][j] * spillover * observed[j];
        share += (t > 0 ? call->in[TASTE_PRIVATE][j] / t : 0) / (double)members;
    }
    for (size_t c = 0; c < candidates; c++) {
        const size_t i = members + c;
        ent__calibrate(&call->after[c], &call->after[candidates + c], income[i], observed[i], share < 1 ? share : 1,
                       outside * spill);
        if (call->out[CANDIDATE_SHARED] != NULL)
            call->out[CANDIDATE_SHARED][c] = call->after[c];
        if (call->out[CANDIDATE_PRIVATE] != NULL)
            call->out[CANDIDATE_PRIVATE][c] = call->after[candidates + c];
    }
done:
    return status;
}

static ent_status call_year(ent_stop *stop, const ent_call *call, double *space, ent_error *err)
{
    const size_t members = call->count[ENT_AXIS_ALLY], candidates = call->count[ENT_AXIS_CANDIDATE];
    const size_t n = members + candidates;
    double *const a = space, *const b = space + n;
    ent_status status = ENT_OK;
    ENT_REQUIRE(call->before != NULL || candidates == 0, ENT_ERR_ARGUMENT,
                "the first call, which calibrates, was not made");
    memcpy(a, call->in[TASTE_SHARED], members * sizeof *a);
    memcpy(b, call->in[TASTE_PRIVATE], members * sizeof *b);
    for (size_t c = 0; c < candidates; c++) {
        a[members + c] = call->before[c];
        b[members + c] = call->before[candidates + c];
    }
    if (call->after != NULL && candidates > 0)
        memcpy(call->after, call->before, 2 * candidates * sizeof *a);
    const ent_membership_input in = {
        .members = members,
        .candidates = candidates,
        .income = call->in[INCOME],
        .taste_shared = a,
        .taste_private = b,
        .spending = call->in[SPENDING],
        .spillover = *call->in[SPILLOVER],
        .credibility = call->in[CREDIBILITY],
        .outside = *call->in[OUTSIDE],
        .floor_inside = call->in[FLOOR_INSIDE],
        .adjust = call->option[ADJUST] > 0.5,
    };
    ENT_TRY(check(&in, err));
    ent_membership_output out = {call->out[EQUIVALENT], call->out[INSIDE], call->out[OUTSIDE_UTILITY], ENT_STOP_DONE};
    value(&out, &in, space + 2 * n);
    *stop = out.stop;
done:
    return status;
}

static ent_status call_any(ent_stop *stop, const ent_call *call, void *workspace, ent_error *err)
{
    return call->phase == ENT_PHASE_LAST    ? ENT_OK
           : call->phase == ENT_PHASE_FIRST ? call_first(call, err)
                                            : call_year(stop, call, workspace, err);
}

static ent_status explain(const ent_call *call, void *workspace, ent_error *err)
{
    ent_stop stop;
    return call_any(&stop, call, workspace, err);
}

static void call_membership(ent_stop *stop, const ent_call *call, void *workspace)
{
    *stop = ENT_STOP_DONE;
    if (call_any(stop, call, workspace, NULL) == ENT_OK)
        return;
    ent__alliance_nothing(call, &ent__model_membership);
    *stop = ENT_STOP_UNDEFINED;
}

/* --- the table's entry ---------------------------------------------------------------------------------- */

enum { BOTH = ENT_PHASE_FIRST | ENT_PHASE_YEAR };
/* clang-format off */
#define NUMBER(n, s, u, lo, hi, f, ph, text) {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = f, .phase = ph, .meaning = text}
#define NEEDED(n, s, u, lo, hi, ph, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .required = true, .phase = ph, .meaning = text}

static const ent_port inputs[INPUTS] = {
    [INCOME] = NEEDED("income", "a,y", "US$ billion", 0, OPEN, BOTH, "GDP of each member and candidate, above 0"),
    [OBSERVED] = NEEDED("observed", "a", "US$ billion", 0, OPEN, ENT_PHASE_FIRST,
                        "what each is seen to spend in the first year: gives the candidates' tastes"),
    [TASTE_SHARED] = NEEDED("taste_shared", "l", "1", 0, 1, BOTH, "members' taste for security that allies can share: of burden_sharing"),
    [TASTE_PRIVATE] = NEEDED("taste_private", "l", "1", 0, 1, BOTH, "members' taste for what only their own forces give"),
    [SPENDING] = NEEDED("spending", "l,y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "what each member spends"),
    [SPILLOVER] = NEEDED("spillover", "", "1", 0, 1, BOTH, "what a dollar of an ally, if it can be relied on, replaces of one's own"),
    [CREDIBILITY] = NEEDED("credibility", "l,y", "probability", 0, 1, ENT_PHASE_YEAR, "how far each member can be relied on"),
    [BASELINE_CREDIBILITY] = {.name = "baseline_credibility", .shape = "l", .unit = "probability", .low = 0, .high = 1,
                              .fallback = ENT_UNDEFINED, .phase = ENT_PHASE_FIRST, .falls_back = "credibility",
                              .meaning = "how far it could be relied on when spending was observed"},
    [OUTSIDE] = NUMBER("outside", "", "share of the spill-in", 0, 1, 0.15, BOTH, "the part of an insider's spill-in that an outsider can count on"),
    [FLOOR_INSIDE] = NUMBER("floor_inside", "a,y", "US$ billion", 0, OPEN, 0, ENT_PHASE_YEAR, "the least that a member must spend, below its income"),
};

static const ent_port options[OPTIONS] = {
    [ADJUST] = {.name = "adjust", .shape = "", .unit = "", .low = 0, .high = 1, .fallback = 0, .choices = "no|yes",
                .meaning = "whether others' spending answers to whether the state is in or out"},
};

#define GIVEN(n, s, u, lo, hi, ph, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .phase = ph, .meaning = text}
static const ent_port outputs[OUTPUTS] = {
    [EQUIVALENT] = GIVEN("equivalent", "a,y", "share of GDP", -OPEN, 1, ENT_PHASE_YEAR,
                         "what it would give up each year to be inside; below 0 where membership costs more than it gives"),
    [INSIDE] = GIVEN("inside", "a,y", "utility", -OPEN, OPEN, ENT_PHASE_YEAR, "its greatest utility as a member"),
    [OUTSIDE_UTILITY] = GIVEN("outside", "a,y", "utility", -OPEN, OPEN, ENT_PHASE_YEAR, "its greatest utility outside"),
    [CANDIDATE_SHARED] = GIVEN("candidate_shared", "c", "1", 0, 1, ENT_PHASE_FIRST, "candidates' taste for security that allies can share"),
    [CANDIDATE_PRIVATE] = GIVEN("candidate_private", "c", "1", 0, 1, ENT_PHASE_FIRST, "their taste for what only their own forces give"),
};
/* clang-format on */

const ent_model ent__model_membership = {
    .name = "membership",
    .room = "alliance",
    .title = "What membership is worth",
    .summary =
        "A member can count on its allies' forces as far as they are credible, an outsider on a part of that; a member "
        "must spend at least its pledge. The worth of membership is the share of GDP that a state would give up each "
        "year to be inside. Tastes come from burden_sharing; a candidate's are calibrated to what it is seen to spend "
        "as an outsider, with the members' mean private share. A scenario names members and candidates: two groups.",
    .equation = "V(I, R, floor) = max over q >= floor of (1 - a - b) ln(I - q) + b ln q + a ln(q + R)\n"
                "R_in = sum over members j of credibility_j spillover spending_j,  R_out = outside R_in\n"
                "equivalent e:  V(I, R_out, 0) = V((1 - e) I, R_in, floor_inside)",
    .citation =
        "Olson, M. & Zeckhauser, R. (1966). An Economic Theory of Alliances. Review of Economics and Statistics "
        "48(3). Equivalent variation: Hicks, J. R. (1939). Value and Capital.",
    .accuracy = "",
    .cost = "O(members^2 + candidates); with adjust O((members + candidates) members) a sweep",
    .inputs = inputs,
    .n_inputs = INPUTS,
    .options = options,
    .n_options = OPTIONS,
    .outputs = outputs,
    .n_outputs = OUTPUTS,
    .state = state,
    .call_workspace = call_workspace,
    .call = call_membership,
    .explain = explain,
};
