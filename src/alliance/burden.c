/* Burden sharing: who pays, one year after another.
 *
 *     U_i = (1 - a_i - b_i) ln(I_i - q_i) + b_i ln q_i + a_i ln(q_i + R_i)
 *     R_i = sum_{j != i} s_ij q_j,   s_ij = credibility_j spillover_ij
 *
 * Joint products: Sandler & Forbes (1980), Cornes & Sandler (1984); with b = 0 and s = 1 the pure public good of Olson
 * & Zeckhauser (1966). Tastes a and b are calibrated once, so that the equilibrium at the baseline is what is observed,
 * or each year; then every year has its equilibrium (game.c) and its efficient benchmark (efficient.c). The shared
 * taste answers to danger:
 *
 *     a_i(t) = a_i (1 + e (x - x0)),   kept between 0 and 0.99 - b_i
 */
#include "alliance/alliance.h"

#include <math.h>
#include <string.h>

#define OPEN __builtin_inf()
#define MOST_TASTE 0.99 /* of a + b in answer to a threat: nobody spends all it has */

/* --- one year ------------------------------------------------------------------------------------------- */

enum { YEAR_SPACE = ENT__EFFICIENT_SPACE + 5 }; /* times n numbers; the last n are indices */

static ent_status check(const ent_burden_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(in->n > 0, ENT_ERR_ARGUMENT, "there are no allies");
    ENT_TRY(ent__alliance_numbers("income", "ally", in->income, in->n, &ENT__INCOME, false, err));
    ENT_TRY(ent__alliance_numbers("taste_shared", "ally", in->taste_shared, in->n, &ENT__TASTE, false, err));
    ENT_TRY(ent__alliance_numbers("taste_private", "ally", in->taste_private, in->n, &ENT__TASTE, false, err));
    for (size_t i = 0; i < in->n; i++)
        ENT_TRY(ent__alliance_number("taste_shared + taste_private", "ally", i,
                                     in->taste_shared[i] + in->taste_private[i], &ENT__TASTE, err));
    ENT_TRY(ent__alliance_spill(&in->spill, in->n, err));
    ENT_TRY(ent__alliance_numbers("floor", "ally", in->floor, in->n, &ENT__MONEY, true, err));
    ENT_TRY(ent__alliance_below("floor", in->floor, "income", in->income, in->n, err));
    ENT_TRY(ent__alliance_numbers("weight", "ally", in->weight, in->n, &ENT__POSITIVE, true, err));
    ENT_TRY(ent__alliance_numbers("start", "ally", in->start, in->n, &ENT__MONEY, true, err));
done:
    return status;
}

static double alone(const ent__game *game, size_t i)
{
    const double q = (game->a[i] + game->b[i]) * game->income[i];
    return game->floor != NULL && game->floor[i] > q ? game->floor[i] : q;
}

static void tell_nothing(ent_burden_output *out, size_t n)
{
    double *const array[] = {out->spending, out->burden,      out->alone,       out->free_ride,
                             out->spill_in, out->total_share, out->income_share};
    for (size_t k = 0; k < ENT_COUNT(array); k++)
        for (size_t i = 0; array[k] != NULL && i < n; i++)
            array[k][i] = ENT_UNDEFINED;
    out->efficient = out->under_provision = out->rank_correlation = out->start_difference = ENT_UNDEFINED;
    out->iterations = 0;
    out->stop = ENT_STOP_NO_CONVERGENCE;
}

static void tell_allies(ent_burden_output *out, const ent__game *game, const double *q)
{
    double spent = 0, earned = 0, total = 0;
    for (size_t i = 0; i < game->n; i++) {
        spent += q[i];
        earned += game->income[i];
        total += game->counts != NULL ? game->counts[i] * q[i] : 0;
    }
    for (size_t i = 0; i < game->n; i++) {
        const double by_itself = alone(game, i), rest = total - (game->counts != NULL ? game->counts[i] * q[i] : 0);
        if (out->spending != NULL)
            out->spending[i] = q[i];
        if (out->burden != NULL)
            out->burden[i] = q[i] / game->income[i];
        if (out->alone != NULL)
            out->alone[i] = by_itself;
        if (out->free_ride != NULL)
            out->free_ride[i] = by_itself - q[i];
        if (out->spill_in != NULL)
            out->spill_in[i] = game->counts == NULL ? ent__spill_in(game, q, i) : rest > 0 ? rest : 0;
        if (out->total_share != NULL)
            out->total_share[i] = spent > 0 ? q[i] / spent : ENT_UNDEFINED;
        if (out->income_share != NULL)
            out->income_share[i] = game->income[i] / earned;
    }
    out->under_provision = out->efficient > 0 ? 1 - spent / out->efficient : ENT_UNDEFINED;
}

/* For checked numbers. The equilibrium is left in q[n]. */
static void play(ent_burden_output *out, double *q, const ent_burden_input *in, double *space)
{
    const size_t n = in->n;
    double *counts = space, *other = space + n;
    size_t *order = (size_t *)(space + (YEAR_SPACE - 1) * n);
    ent__game game = {n, in->income, in->taste_shared, in->taste_private, in->floor, in->spill, NULL};
    if (ent__spill_counts(counts, &in->spill, n))
        game.counts = counts;
    for (size_t i = 0; i < n; i++)
        q[i] = in->start != NULL ? in->start[i] : alone(&game, i);
    out->iterations = ent__nash(q, &game);
    out->start_difference = out->iterations >= 0 ? ent__nash_again(q, other, &game) : ENT_UNDEFINED;
    bool benchmark = out->iterations >= 0 && !in->no_benchmark;
    out->efficient = benchmark ? ent__efficient(&game, in->weight, space + 2 * n) : ENT_UNDEFINED;
    if (out->iterations < 0 || (benchmark && ent__is_undefined(out->efficient))) {
        tell_nothing(out, n);
        return;
    }
    out->stop = ENT_STOP_DONE;
    tell_allies(out, &game, q);
    for (size_t i = 0; i < n; i++)
        other[i] = q[i] / in->income[i];
    out->rank_correlation = ent__rank_correlation(in->income, other, n, space + 2 * n, order);
}

ent_status ent_burden_sharing(ent_burden_output *out, const ent_burden_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    double *space = NULL;
    ENT_REQUIRE(out != NULL && in != NULL, ENT_ERR_ARGUMENT, "nothing was given");
    ENT_TRY(check(in, err));
    space = ent__alloc(in->n, (YEAR_SPACE + 1) * sizeof *space);
    ENT_REQUIRE(space != NULL, ENT_ERR_MEMORY, "not enough memory for %zu allies", in->n);
    play(out, space + YEAR_SPACE * in->n, in, space);
done:
    ent__free(space);
    return status;
}

/* --- tastes --------------------------------------------------------------------------------------------- */

static ent_status check_past(const ent_burden_past *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(in->n > 0, ENT_ERR_ARGUMENT, "there are no allies");
    ENT_TRY(ent__alliance_numbers("income", "ally", in->income, in->n, &ENT__INCOME, false, err));
    ENT_TRY(ent__alliance_numbers("observed", "ally", in->observed, in->n, &ENT__INCOME, false, err));
    ENT_TRY(ent__alliance_below("observed", in->observed, "income", in->income, in->n, err));
    ENT_TRY(ent__alliance_numbers("private_share", "ally", in->private_share, in->n, &ENT__SHARE, false, err));
    ENT_TRY(ent__alliance_spill(&in->spill, in->n, err));
done:
    return status;
}

/* For checked numbers; `counts` holds n. */
static void calibrate(double *a, double *b, const ent_burden_past *in, double *counts)
{
    ent__game game = {.n = in->n, .spill = in->spill};
    if (ent__spill_counts(counts, &in->spill, in->n))
        game.counts = counts;
    for (size_t i = 0; i < in->n; i++)
        ent__calibrate(&a[i], &b[i], in->income[i], in->observed[i], in->private_share[i],
                       ent__spill_in(&game, in->observed, i));
}

ent_status ent_burden_calibrate(double *taste_shared, double *taste_private, const ent_burden_past *past,
                                ent_error *err)
{
    ent_status status = ENT_OK;
    double *counts = NULL;
    ENT_REQUIRE(taste_shared != NULL && taste_private != NULL && past != NULL, ENT_ERR_ARGUMENT, "nothing was given");
    ENT_TRY(check_past(past, err));
    counts = ent__alloc(past->n, sizeof *counts);
    ENT_REQUIRE(counts != NULL, ENT_ERR_MEMORY, "not enough memory for %zu allies", past->n);
    calibrate(taste_shared, taste_private, past, counts);
done:
    ent__free(counts);
    return status;
}

/* --- the call ------------------------------------------------------------------------------------------- */

enum {
    INCOME,
    OBSERVED,
    PRIVATE_SHARE,
    SPILLOVER,
    CREDIBILITY,
    BASELINE_CREDIBILITY,
    FLOOR,
    THREAT,
    BASELINE_THREAT,
    THREAT_RESPONSE,
    WEIGHTS,
    INPUTS
};
enum { CALIBRATE, BENCHMARK, OPTIONS };
enum { ONCE, EACH_YEAR };
enum {
    SPENDING,
    BURDEN,
    ALONE,
    ALONE_BURDEN,
    FREE_RIDE,
    SPILL_IN,
    TOTAL_SHARE,
    INCOME_SHARE,
    TASTE_SHARED,
    TASTE_PRIVATE,
    EFFICIENT,
    UNDER_PROVISION,
    RANK_CORRELATION,
    ITERATIONS,
    START_DIFFERENCE,
    OUTPUTS
};

/* One spillover for all pairs where a scenario gives one, which is quicker to look at than n^2 of them. */
static ent_spill spill_of(const ent_call *call, const double *credibility)
{
    const size_t n = call->count[ENT_AXIS_ALLY];
    const double *s = call->in[SPILLOVER];
    bool one = true;
    for (size_t i = 1; i < n * n && one; i++)
        one = s[i] == s[0];
    return one ? (ent_spill){.spillover = s[0], .credibility = credibility} : (ent_spill){.by_pair = s, .credibility = credibility};
}

/* Tastes a and b, last year's spending: each n. */
static size_t state(const size_t *count)
{
    return 3 * count[ENT_AXIS_ALLY];
}

static size_t call_workspace(const size_t *count, const struct ent_rule *rule)
{
    (void)rule;
    return (YEAR_SPACE + 3) * count[ENT_AXIS_ALLY] * sizeof(double);
}

/* Calibrates into a and b; `credibility` is that at which spending was observed. */
static ent_status calibrate_call(double *a, double *b, const ent_call *call, const double *credibility, double *space,
                                 ent_error *err)
{
    const ent_burden_past past = {.n = call->count[ENT_AXIS_ALLY],
                                  .income = call->in[INCOME],
                                  .observed = call->in[OBSERVED],
                                  .private_share = call->in[PRIVATE_SHARE],
                                  .spill = spill_of(call, credibility)};
    ent_status status = check_past(&past, err);
    if (status == ENT_OK)
        calibrate(a, b, &past, space);
    return status;
}

static ent_status call_first(const ent_call *call, double *space, ent_error *err)
{
    const size_t n = call->count[ENT_AXIS_ALLY];
    double *a = call->after, *b = call->after + n;
    ent_status status = calibrate_call(a, b, call, call->in[BASELINE_CREDIBILITY], space, err);
    if (status != ENT_OK)
        return status;
    memcpy(call->after + 2 * n, call->in[OBSERVED], n * sizeof(double));
    if (call->out[TASTE_SHARED] != NULL)
        memcpy(call->out[TASTE_SHARED], a, n * sizeof(double));
    if (call->out[TASTE_PRIVATE] != NULL)
        memcpy(call->out[TASTE_PRIVATE], b, n * sizeof(double));
    return ENT_OK;
}

/* The shared tastes of a year under threat. */
static ent_status answer_threat(double *a, const double *b, const ent_call *call, ent_error *err)
{
    const double e = call->in[THREAT_RESPONSE] != NULL ? *call->in[THREAT_RESPONSE] : 0;
    if (call->in[THREAT] == NULL || call->in[BASELINE_THREAT] == NULL || e == 0)
        return ENT_OK;
    ent_status status = ENT_OK;
    ENT_TRY(ent__alliance_number("threat_response", NULL, 0, e, &ENT__MONEY, err));
    ENT_TRY(ent__alliance_number("threat", NULL, 0, *call->in[THREAT], &ENT__SHARE, err));
    ENT_TRY(ent__alliance_number("baseline_threat", NULL, 0, *call->in[BASELINE_THREAT], &ENT__SHARE, err));
    const double factor = 1 + e * (*call->in[THREAT] - *call->in[BASELINE_THREAT]);
    for (size_t i = 0; i < call->count[ENT_AXIS_ALLY]; i++) {
        const double most = MOST_TASTE - b[i] > a[i] ? MOST_TASTE - b[i] : a[i];
        a[i] = factor < 0 ? 0 : a[i] * factor > most ? most : a[i] * factor;
    }
done:
    return status;
}

static ent_status call_year(ent_stop *stop, const ent_call *call, double *space, ent_error *err)
{
    const size_t n = call->count[ENT_AXIS_ALLY];
    double *const a = space, *const b = space + n, *const q = space + 2 * n;
    ent_status status = ENT_OK;
    ENT_REQUIRE(call->before != NULL, ENT_ERR_ARGUMENT, "the first call, which calibrates, was not made");
    memcpy(a, call->before, 2 * n * sizeof *a);
    if (call->option[CALIBRATE] == EACH_YEAR)
        ENT_TRY(calibrate_call(a, b, call, call->in[CREDIBILITY], q, err));
    if (call->after != NULL)
        memcpy(call->after, a, 2 * n * sizeof *a);
    ENT_TRY(answer_threat(a, b, call, err));
    const ent_burden_input in = {.n = n,
                                 .income = call->in[INCOME],
                                 .taste_shared = a,
                                 .taste_private = b,
                                 .spill = spill_of(call, call->in[CREDIBILITY]),
                                 .floor = call->in[FLOOR],
                                 .weight = call->in[WEIGHTS],
                                 .start = call->before + 2 * n,
                                 .no_benchmark = call->option[BENCHMARK] > 0.5};
    ENT_TRY(check(&in, err));
    ent_burden_output out = {.spending = call->out[SPENDING],
                             .burden = call->out[BURDEN],
                             .alone = call->out[ALONE],
                             .free_ride = call->out[FREE_RIDE],
                             .spill_in = call->out[SPILL_IN],
                             .total_share = call->out[TOTAL_SHARE],
                             .income_share = call->out[INCOME_SHARE]};
    play(&out, q, &in, space + 3 * n);
    if (call->after != NULL)
        memcpy(call->after + 2 * n, out.stop == ENT_STOP_DONE ? q : call->before + 2 * n, n * sizeof *q);
    for (size_t i = 0; call->out[ALONE] != NULL && call->out[ALONE_BURDEN] != NULL && i < n; i++)
        call->out[ALONE_BURDEN][i] = call->out[ALONE][i] / call->in[INCOME][i];
    ent__put(call, EFFICIENT, out.efficient);
    ent__put(call, UNDER_PROVISION, out.under_provision);
    ent__put(call, RANK_CORRELATION, out.rank_correlation);
    ent__put(call, ITERATIONS, out.stop == ENT_STOP_DONE ? (double)out.iterations : ENT_UNDEFINED);
    ent__put(call, START_DIFFERENCE, out.start_difference);
    *stop = out.stop;
done:
    return status;
}

static ent_status call_any(ent_stop *stop, const ent_call *call, void *workspace, ent_error *err)
{
    return call->phase == ENT_PHASE_LAST    ? ENT_OK
           : call->phase == ENT_PHASE_FIRST ? call_first(call, workspace, err)
                                            : call_year(stop, call, workspace, err);
}

static ent_status explain(const ent_call *call, void *workspace, ent_error *err)
{
    ent_stop stop;
    return call_any(&stop, call, workspace, err);
}

static void call_burden(ent_stop *stop, const ent_call *call, void *workspace)
{
    *stop = ENT_STOP_DONE;
    if (call_any(stop, call, workspace, NULL) == ENT_OK)
        return;
    ent__alliance_nothing(call, &ent__model_burden_sharing);
    *stop = ENT_STOP_UNDEFINED;
}

/* --- the table's entry ---------------------------------------------------------------------------------- */

enum { BOTH = ENT_PHASE_FIRST | ENT_PHASE_YEAR };
/* clang-format off */
#define NUMBER(n, s, u, lo, hi, f, ph, text) {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = f, .phase = ph, .meaning = text}
#define NEEDED(n, s, u, lo, hi, ph, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .required = true, .phase = ph, .meaning = text}
#define BASELINE(n, s, u, lo, hi, ph, of, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .phase = ph, .falls_back = of, .meaning = text}

static const ent_port inputs[INPUTS] = {
    [INCOME] = NEEDED("income", "l,y", "US$ billion", 0, OPEN, BOTH, "GDP of each ally, above 0"),
    [OBSERVED] = NEEDED("observed", "l,y", "US$ billion", 0, OPEN, BOTH,
                        "what each is seen to spend, above 0 and below its income: in the first year, or each year (see calibrate)"),
    [PRIVATE_SHARE] = NUMBER("private_share", "l", "1", 0, 1, 0.6, BOTH,
                             "the part of the taste for defence that others' forces do not meet; 0 a pure public good"),
    [SPILLOVER] = NUMBER("spillover", "l,l", "1", 0, 1, 0.4, BOTH, "what a dollar of an ally, if it can be relied on, replaces of one's own"),
    [CREDIBILITY] = NUMBER("credibility", "l,y", "probability", 0, 1, 1, BOTH, "how far each ally can be relied on"),
    [BASELINE_CREDIBILITY] = BASELINE("baseline_credibility", "l", "probability", 0, 1, ENT_PHASE_FIRST, "credibility",
                                      "how far it could be relied on when spending was observed"),
    [FLOOR] = NUMBER("floor", "l,y", "US$ billion", 0, OPEN, 0, ENT_PHASE_YEAR, "the least that each spends: the pledge that is complied with"),
    [THREAT] = NUMBER("threat", "y", "probability", 0, 1, ENT_UNDEFINED, ENT_PHASE_YEAR, "danger, such as last year's chance of a challenge"),
    [BASELINE_THREAT] = BASELINE("baseline_threat", "", "probability", 0, 1, ENT_PHASE_YEAR, "threat", "danger when spending was observed"),
    [THREAT_RESPONSE] = NUMBER("threat_response", "", "1", 0, OPEN, 0, ENT_PHASE_YEAR,
                               "by what factor the shared taste grows for each unit of danger beyond the baseline"),
    [WEIGHTS] = NUMBER("weights", "l", "1", 0, OPEN, 1, ENT_PHASE_YEAR, "of each ally in the efficient benchmark, above 0"),
};

static const ent_port options[OPTIONS] = {
    [CALIBRATE] = {.name = "calibrate", .shape = "", .unit = "", .low = 0, .high = 1, .fallback = 0, .choices = "once|each_year",
                   .meaning = "whether tastes follow from what is observed in the first year, or in each year anew"},
    [BENCHMARK] = {.name = "benchmark", .shape = "", .unit = "", .low = 0, .high = 1, .fallback = 0, .choices = "yes|no",
                   .meaning = "whether to find the efficient spending as well, which takes longer than all the rest"},
};

#define GIVEN(n, s, u, lo, hi, ph, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .phase = ph, .meaning = text}
static const ent_port outputs[OUTPUTS] = {
    [SPENDING] = GIVEN("spending", "l,y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "what each ally spends in equilibrium"),
    [BURDEN] = {.name = "burden", .shape = "l,y", .unit = "share of GDP", .low = 0, .high = 1, .fallback = ENT_UNDEFINED,
                .phase = ENT_PHASE_YEAR, .every_year = true, .meaning = "its spending as a share of its income"},
    [ALONE] = GIVEN("alone", "l,y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "what it would spend if it could rely on nobody"),
    [ALONE_BURDEN] = GIVEN("alone_burden", "l,y", "share of GDP", 0, 1, ENT_PHASE_YEAR, "that as a share of its income"),
    [FREE_RIDE] = GIVEN("free_ride", "l,y", "US$ billion", -OPEN, OPEN, ENT_PHASE_YEAR, "alone less spending: what it saves"),
    [SPILL_IN] = GIVEN("spill_in", "l,y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "what it can count on of the others' spending"),
    [TOTAL_SHARE] = GIVEN("total_share", "l,y", "1", 0, 1, ENT_PHASE_YEAR, "its part of all spending"),
    [INCOME_SHARE] = GIVEN("income_share", "l,y", "1", 0, 1, ENT_PHASE_YEAR, "its part of all income"),
    [TASTE_SHARED] = GIVEN("taste_shared", "l", "1", 0, 1, ENT_PHASE_FIRST, "taste for security that allies can share"),
    [TASTE_PRIVATE] = GIVEN("taste_private", "l", "1", 0, 1, ENT_PHASE_FIRST, "taste for what only its own forces give"),
    [EFFICIENT] = GIVEN("efficient", "y", "US$ billion", 0, OPEN, ENT_PHASE_YEAR, "all spending that would be best for all, weighted"),
    [UNDER_PROVISION] = GIVEN("under_provision", "y", "1", -OPEN, 1, ENT_PHASE_YEAR, "1 - all spending / efficient"),
    [RANK_CORRELATION] = GIVEN("rank_correlation", "y", "1", -1, 1, ENT_PHASE_YEAR,
                               "Spearman's, of income and burden: above 0 the large carry more than the small"),
    [ITERATIONS] = GIVEN("iterations", "y", "1", 0, OPEN, ENT_PHASE_YEAR, "steps to the equilibrium"),
    [START_DIFFERENCE] = GIVEN("start_difference", "y", "share of GDP", 0, 1, ENT_PHASE_YEAR,
                               "greatest difference of a burden between equilibria from two starts; 0 where there is but one"),
};
/* clang-format on */

const ent_model ent__model_burden_sharing = {
    .name = "burden_sharing",
    .room = "alliance",
    .title = "Who pays in an alliance",
    .summary =
        "Each ally splits its income between consumption and defence. Defence gives security that allies share, as "
        "far as they can rely on each other, and something that only one's own forces give. Each chooses its best "
        "spending given the others': the equilibrium tells who carries the burden, what each would spend alone "
        "(so what it saves), and what would be best for all. Tastes are calibrated so that the equilibrium at the "
        "baseline is what is observed. A scenario names the allies: a group.",
    .equation = "U_i = (1 - a_i - b_i) ln(I_i - q_i) + b_i ln q_i + a_i ln(q_i + R_i)\n"
                "R_i = sum over j of s_ij q_j,  s_ij = credibility_j spillover_ij;  q_i at least floor_i\n"
                "observed q gives t = a + b = 1 / (1 + (I - q) (v / q + (1 - v) / (q + R))),  b = v t\n"
                "a_i(t) = a_i (1 + threat_response (threat - baseline_threat)),  a + b at most 0.99\n"
                "free_ride = max((a + b) I, floor) - q",
    .citation =
        "Olson, M. & Zeckhauser, R. (1966). An Economic Theory of Alliances. Review of Economics and Statistics "
        "48(3). Joint products: Sandler, T. & Forbes, J. F. (1980). Burden Sharing, Strategy, and the Design of "
        "NATO. Economic Inquiry 18(3). Cornes, R. & Sandler, T. (1984). Easy Riders, Joint Production, and Public "
        "Goods. Economic Journal 94.",
    .accuracy = "",
    .cost = "O(allies) a step, about ten steps; O(allies^2) a sweep where spillovers differ by pair",
    .inputs = inputs,
    .n_inputs = INPUTS,
    .options = options,
    .n_options = OPTIONS,
    .outputs = outputs,
    .n_outputs = OUTPUTS,
    .state = state,
    .call_workspace = call_workspace,
    .call = call_burden,
    .explain = explain,
};
