/* Consent: whether a group adopts a proposal, given what its members want.
 *
 *     P_i = 1 / (1 + exp(-lambda (s_i [u_i(to) - u_i(from)] + tau)))        u_i(x) = 1 - |x - x_i|^r / R^r
 *
 * s_i salience, lambda sharpness (quantal response: McKelvey & Palfrey 1995), tau >= 0 the cost of standing in the way:
 * without it a member that does not care blocks half the time. P(adopt) is exact for any rule (chance.c). Each round
 * draws anew, independently of the others; between rounds members drift toward the weighted mean, which stays where it
 * is:
 *
 *     chance = 1 - product_k (1 - c_k),    x_i^(k+1) = x_i^(k) + rho (mean - x_i^(k)),    mean = sum c s x / sum c s
 *
 * c_k the chance of round k. In the same way blocks_i = P(adopted | i accepts in every round) - chance. */
#include "vote/vote.h"

#include "core/contest.h"
#include "core/elementary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MOST ENT_MAX_NUMBER

/* --- the model --------------------------------------------------------------------------------------------------- */

static size_t round_up(size_t bytes)
{
    return (bytes + 15) & ~(size_t)15;
}

typedef struct space {
    double *position, *accept, *blocks, *keeps; /* n; keeps: product of (1 - c_k - blocks_i) over the rounds */
    int32_t *order;
    bool *yes;
    void *rest;
} space;

static size_t space_bytes(size_t n)
{
    return 4 * round_up(n * sizeof(double)) + round_up(n * sizeof(int32_t)) + round_up(n);
}

static space space_take(size_t n, void *memory)
{
    char *at = memory;
    size_t row = round_up(n * sizeof(double));
    space s = {.position = (double *)at,
               .accept = (double *)(at + row),
               .blocks = (double *)(at + 2 * row),
               .keeps = (double *)(at + 3 * row),
               .order = (int32_t *)(at + 4 * row)};
    s.yes = (bool *)(at + 4 * row + round_up(n * sizeof(int32_t)));
    s.rest = at + space_bytes(n);
    return s;
}

static inline double power(double d, double r)
{
    return r == 2 ? d * d : r == 1 ? d : ent_pow(d, r);
}

/* The chance that each accepts, from where it stands now. */
static void accepting(double *accept, const double *position, const ent_consent_input *in)
{
    double range = in->high - in->low;
    for (size_t i = 0; i < in->n; i++) {
        double here = power(fabs(in->from - position[i]) / range, in->r);
        double there = power(fabs(in->to - position[i]) / range, in->r);
        accept[i] = ent_logistic(in->lambda * (in->salience[i] * (here - there) + in->tau));
    }
}

/* A weight that is not one (negative, undefined) makes the mean undefined, and so what depends on it. */
static double mean_of(const ent_consent_input *in)
{
    double sum = 0, total = 0;
    for (size_t i = 0; i < in->n; i++) {
        double w = (in->capability != NULL ? in->capability[i] : 1) * in->salience[i];
        sum += w >= 0 ? w * in->position[i] : ENT_UNDEFINED;
        total += w;
    }
    return total > 0 ? sum / total : ENT_UNDEFINED;
}

static void undefine(ent_consent_output *out, size_t n)
{
    out->chance = out->gridlock_low = out->gridlock_high = ENT_UNDEFINED;
    for (size_t i = 0; i < n; i++) {
        if (out->accept != NULL)
            out->accept[i] = ENT_UNDEFINED;
        if (out->blocks != NULL)
            out->blocks[i] = ENT_UNDEFINED;
    }
}

static bool is_defined(const ent_consent_input *in)
{
    bool fine = in->low < in->high && in->high - in->low <= MOST && fabs(in->from) <= MOST && fabs(in->to) <= MOST &&
                in->lambda >= 0 && in->lambda <= MOST && in->tau >= 0 && in->tau <= MOST && in->rho >= 0 &&
                in->rho <= 1 && in->r >= 1 && in->r <= 20 && in->rounds >= 1 && in->rounds <= ENT_CONSENT_MAX_ROUNDS;
    for (size_t i = 0; i < in->n; i++)
        fine = fine && fabs(in->position[i]) <= MOST && in->salience[i] >= 0 && in->salience[i] <= 1;
    return fine;
}

/* Rounds after the first; `fails`: that all rounds so far fail. */
static double more_rounds(double fails, const ent_consent_input *in, const space *s, bool wants_blocks)
{
    double mean = in->rho > 0 ? mean_of(in) : 0, chance;
    for (int32_t round = 1; round < in->rounds && !(fails <= 0); round++) {
        for (size_t i = 0; i < in->n; i++)
            s->position[i] += in->rho * (mean - s->position[i]);
        if (in->rho > 0 || round == 1)
            accepting(s->accept, s->position, in);
        ent_rule_chance(&chance, wants_blocks ? s->blocks : NULL, in->rule, s->accept, s->rest);
        fails *= 1 - chance;
        for (size_t i = 0; wants_blocks && i < in->n; i++)
            s->keeps[i] *= 1 - chance - s->blocks[i];
    }
    return fails;
}

/* Allocates nothing. */
static void consent(ent_consent_output *out, const ent_consent_input *in, void *workspace)
{
    space s = space_take(in->n, workspace);
    double chance;
    if (!is_defined(in)) {
        undefine(out, in->n);
        return;
    }
    ent__rule_gridlock(&out->gridlock_low, &out->gridlock_high, in->rule, in->position, s.accept, s.order, s.yes);
    accepting(s.accept, in->position, in);
    if (out->accept != NULL)
        memcpy(out->accept, s.accept, in->n * sizeof(double));
    ent_rule_chance(&chance, out->blocks, in->rule, s.accept, s.rest);
    out->chance = chance;
    if (in->rounds == 1)
        return;
    memcpy(s.position, in->position, in->n * sizeof(double));
    for (size_t i = 0; out->blocks != NULL && i < in->n; i++)
        s.keeps[i] = 1 - chance - out->blocks[i];
    double fails = more_rounds(1 - chance, in, &s, out->blocks != NULL);
    out->chance = 1 - fails;
    for (size_t i = 0; out->blocks != NULL && i < in->n; i++) {
        double rises = fails - s.keeps[i];
        out->blocks[i] = rises < 0 ? 0 : rises;
    }
}

/* --- over the years ----------------------------------------------------------------------------------------------- */

void ent_consent_by_year(double *by_year, const double *chance, const bool *asked, size_t n)
{
    double fails = 1;
    for (size_t y = 0; y < n; y++) {
        fails *= asked[y] ? 1 - chance[y] : 1;
        by_year[y] = 1 - fails;
    }
}

double ent_consent_expected_time(const double *chance, const bool *asked, size_t n)
{
    double fails = 1, time = 0, last = 0;
    size_t first = n, now = n, spacing = 1;
    for (size_t y = 0; y < n; y++) {
        if (!asked[y])
            continue;
        if (first == n)
            first = y;
        else
            spacing = y - now;
        now = y;
        last = chance[y];
        time += fails * last * (double)(y - first);
        fails *= 1 - last;
    }
    if (first == n || ent__is_undefined(fails))
        return ENT_UNDEFINED;
    if (fails <= 0)
        return time;
    return last > 0 ? time + fails * ((double)(now - first) + (double)spacing / last) : ENT_UNDEFINED;
}

/* --- the public call ---------------------------------------------------------------------------------------------- */

static ent_status check_number(double x, double low, double high, const char *what, size_t member, ent_error *err)
{
    char found[32] = "infinite", from[32], to[32] = "more", who[32] = "";
    if (x >= low && x <= high)
        return ENT_OK;
    if (ent__is_finite(x))
        found[ent__number_text(found, x)] = 0;
    else if (ent__is_undefined(x))
        strcpy(found, "undefined");
    from[ent__number_text(from, low)] = 0;
    if (high < MOST)
        to[ent__number_text(to, high)] = 0;
    if (member > 0)
        snprintf(who, sizeof who, " of member %zu", member);
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s%s is %s; allowed is %s %s %s", what, who, found, from,
                          high < MOST ? "to" : "or", to);
}

static ent_status check_scale(const ent_consent_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_TRY(check_number(in->low, -MOST / 2, MOST / 2, "the low end of the scale", 0, err));
    ENT_TRY(check_number(in->high, -MOST / 2, MOST / 2, "the high end of the scale", 0, err));
    ENT_REQUIRE(in->low < in->high, ENT_ERR_DOMAIN, "the scale's low end must be below its high end");
    ENT_TRY(check_number(in->from, in->low, in->high, "what stands now (from)", 0, err));
    ENT_TRY(check_number(in->to, in->low, in->high, "what is proposed (to)", 0, err));
done:
    return status;
}

static ent_status check(const ent_consent_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    double total = 0;
    ENT_REQUIRE(in != NULL && in->rule != NULL && in->position != NULL && in->salience != NULL, ENT_ERR_ARGUMENT,
                "a rule, positions and salience are needed, one is NULL");
    ENT_REQUIRE(in->n == (size_t)in->rule->members, ENT_ERR_ARGUMENT, "there are %zu members, the rule has %d", in->n,
                (int)in->rule->members);
    ENT_TRY(check_scale(in, err));
    for (size_t i = 0; i < in->n; i++) {
        ENT_TRY(check_number(in->position[i], in->low, in->high, "the position", i + 1, err));
        ENT_TRY(check_number(in->salience[i], 0, 1, "the salience", i + 1, err));
        if (in->capability != NULL)
            ENT_TRY(check_number(in->capability[i], 0, MOST, "the capability", i + 1, err));
        total += in->salience[i] * (in->capability != NULL ? in->capability[i] : 1);
    }
    ENT_TRY(check_number(in->lambda, 0, MOST, "lambda", 0, err));
    ENT_TRY(check_number(in->tau, 0, MOST, "tau", 0, err));
    ENT_TRY(check_number(in->rho, 0, 1, "rho", 0, err));
    ENT_TRY(check_number(in->rounds, 1, ENT_CONSENT_MAX_ROUNDS, "the number of rounds", 0, err));
    ENT_TRY(check_number(in->r, 1, 20, "the curvature r", 0, err));
    ENT_REQUIRE(total > 0 || in->rounds == 1 || in->rho == 0, ENT_ERR_DOMAIN,
                "every weight (salience times capability) is zero: there is no mean to drift to");
    ENT_TRY(ent_rule_chance_check(in->rule, err));
done:
    return status;
}

ent_status ent_consent(ent_consent_output *out, const ent_consent_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    void *workspace = NULL;
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "there is no place for the result: out is NULL");
    ENT_TRY(check(in, err));
    size_t bytes = ent_rule_chance_workspace(in->rule); /* 0 without memory: that it can be computed is known */
    workspace = bytes > 0 ? ent__alloc(space_bytes(in->n) + bytes, 1) : NULL;
    ENT_REQUIRE(workspace != NULL, ENT_ERR_MEMORY, "not enough memory for the consent of %zu members", in->n);
    consent(out, in, workspace);
done:
    ent__free(workspace);
    return status;
}

/* --- the table's entry -------------------------------------------------------------------------------------------- */

enum { POSITION, SALIENCE, CAPABILITY, SCALE_LOW, SCALE_HIGH, FROM, TO, LAMBDA, TAU, RHO, INPUTS };
enum { ROUNDS, R, OPTIONS };
enum { CHANCE, ADOPTED, BY_YEAR, EXPECTED_TIME, ACCEPT, BLOCKS, GRIDLOCK_LOW, GRIDLOCK_HIGH, OUTPUTS };

static size_t call_workspace(const size_t *count, const ent_rule *rule)
{
    size_t chance = rule != NULL ? ent_rule_chance_workspace(rule) : 0;
    return chance > 0 ? space_bytes(count[ENT_AXIS_MEMBER]) + chance : 0;
}

static void put(const ent_call *call, int port, double x)
{
    if (call->out[port] != NULL)
        *call->out[port] = x;
}

static ent_consent_input input_of(const ent_call *call)
{
    return (ent_consent_input){
        .rule = call->rule,
        .n = call->count[ENT_AXIS_MEMBER],
        .position = call->in[POSITION],
        .salience = call->in[SALIENCE],
        .capability = call->in[CAPABILITY],
        .low = *call->in[SCALE_LOW],
        .high = *call->in[SCALE_HIGH],
        .from = call->in[FROM] != NULL ? *call->in[FROM] : ENT_UNDEFINED,
        .to = *call->in[TO],
        .lambda = *call->in[LAMBDA],
        .tau = *call->in[TAU],
        .rho = *call->in[RHO],
        .rounds = (int32_t)call->option[ROUNDS],
        .r = call->option[R],
    };
}

static void call(ent_stop *stop, const ent_call *call, void *workspace)
{
    *stop = ENT_STOP_DONE;
    if (call->phase != ENT_PHASE_YEAR)
        return;
    const ent_consent_input in = input_of(call);
    ent_consent_output out = {.accept = call->out[ACCEPT], .blocks = call->out[BLOCKS]};
    if (workspace == NULL) /* a rule whose chance cannot be computed */
        undefine(&out, in.n);
    else
        consent(&out, &in, workspace);
    if (ent__is_undefined(out.chance))
        *stop = ENT_STOP_UNDEFINED;
    put(call, CHANCE, out.chance);
    put(call, GRIDLOCK_LOW, out.gridlock_low);
    put(call, GRIDLOCK_HIGH, out.gridlock_high);
}

static ent_status explain(const ent_call *call, void *workspace, ent_error *err)
{
    (void)workspace;
    if (call->phase != ENT_PHASE_YEAR)
        return ENT_OK;
    const ent_consent_input in = input_of(call);
    return check(&in, err);
}

static const ent_port inputs[INPUTS] = {
    [POSITION] = {.name = "position",
                  .shape = "m,y",
                  .unit = "scale",
                  .low = -INFINITY,
                  .high = INFINITY,
                  .fallback = ENT_UNDEFINED,
                  .required = true,
                  .meaning = "what each member wants, on the issue's scale"},
    [SALIENCE] = {.name = "salience",
                  .shape = "m,y",
                  .unit = "1",
                  .low = 0,
                  .high = 1,
                  .fallback = ENT_UNDEFINED,
                  .required = true,
                  .meaning = "how much the issue matters to it"},
    [CAPABILITY] = {.name = "capability",
                    .shape = "m,y",
                    .unit = "any",
                    .low = 0,
                    .high = INFINITY,
                    .fallback = ENT_UNDEFINED,
                    .required = true,
                    .meaning = "weight, with salience, in the mean that positions drift to between rounds"},
    [SCALE_LOW] = {.name = "scale_low",
                   .shape = "",
                   .unit = "scale",
                   .low = -INFINITY,
                   .high = INFINITY,
                   .fallback = ENT_UNDEFINED,
                   .required = true,
                   .meaning = "the low end of the issue's scale"},
    [SCALE_HIGH] = {.name = "scale_high",
                    .shape = "",
                    .unit = "scale",
                    .low = -INFINITY,
                    .high = INFINITY,
                    .fallback = ENT_UNDEFINED,
                    .required = true,
                    .meaning = "its high end"},
    [FROM] = {.name = "from",
              .shape = "y",
              .unit = "scale",
              .low = -INFINITY,
              .high = INFINITY,
              .fallback = ENT_UNDEFINED,
              .meaning = "what stands now; the issue's status quo where it is left out"},
    [TO] = {.name = "to",
            .shape = "y",
            .unit = "scale",
            .low = -INFINITY,
            .high = INFINITY,
            .fallback = ENT_UNDEFINED,
            .required = true,
            .meaning = "what is proposed"},
    [LAMBDA] = {.name = "lambda",
                .shape = "y",
                .unit = "1 / utility",
                .low = 0,
                .high = INFINITY,
                .fallback = ENT_UNDEFINED,
                .required = true,
                .meaning = "how sharply members choose what serves them: 0 by lot, large without fail"},
    [TAU] = {.name = "tau",
             .shape = "y",
             .unit = "utility",
             .low = 0,
             .high = INFINITY,
             .fallback = 0,
             .meaning = "what it costs to stand in the way"},
    [RHO] = {.name = "rho",
             .shape = "y",
             .unit = "share a round",
             .low = 0,
             .high = 1,
             .fallback = 0,
             .meaning = "how far members drift toward the weighted mean between rounds"},
};

static const ent_port options[OPTIONS] = {
    [ROUNDS] = {.name = "rounds",
                .shape = "",
                .unit = "1",
                .low = 1,
                .high = ENT_CONSENT_MAX_ROUNDS,
                .fallback = 1,
                .meaning =
                    "tries each time it is asked; each draws anew, so ten tries turn a chance of 0.19 into 0.88"},
    [R] = {.name = "r",
           .shape = "",
           .unit = "1",
           .low = 1,
           .high = 20,
           .fallback = 2,
           .meaning = "curvature of utility: 2 the literature's, 1 straight"},
};

static const ent_port outputs[OUTPUTS] = {
    [CHANCE] = {.name = "chance",
                .shape = "y",
                .unit = "probability",
                .low = 0,
                .high = 1,
                .fallback = ENT_UNDEFINED,
                .phase = ENT_PHASE_YEAR,
                .meaning = "that the group adopts it when asked that year: exact, given the draw"},
    [ADOPTED] = {.name = "adopted",
                 .shape = "y",
                 .unit = "truth",
                 .low = 0,
                 .high = 1,
                 .fallback = ENT_UNDEFINED,
                 .phase = ENT_PHASE_YEAR,
                 .meaning =
                     "whether it is adopted by then: one draw a year against chance, given by the plan; it stays"},
    [BY_YEAR] = {.name = "by_year",
                 .shape = "y",
                 .unit = "probability",
                 .low = 0,
                 .high = 1,
                 .fallback = ENT_UNDEFINED,
                 .phase = ENT_PHASE_YEAR,
                 .meaning = "that it is adopted by then, over the years asked: exact, given by the plan from chance"},
    [EXPECTED_TIME] = {.name = "expected_time",
                       .shape = "",
                       .unit = "years",
                       .low = 0,
                       .high = INFINITY,
                       .fallback = ENT_UNDEFINED,
                       .phase = ENT_PHASE_LAST,
                       .meaning =
                           "years from the first asking until it is adopted, asked on at the same spacing after the "
                           "last; undefined if never; given by the plan from chance"},
    [ACCEPT] = {.name = "accept",
                .shape = "m,y",
                .unit = "probability",
                .low = 0,
                .high = 1,
                .fallback = ENT_UNDEFINED,
                .phase = ENT_PHASE_YEAR,
                .meaning = "that the member says yes in the first round"},
    [BLOCKS] = {.name = "blocks",
                .shape = "m,y",
                .unit = "probability",
                .low = 0,
                .high = 1,
                .fallback = ENT_UNDEFINED,
                .phase = ENT_PHASE_YEAR,
                .meaning = "by how much chance would rise if the member were sure to say yes: who stands in the way"},
    [GRIDLOCK_LOW] = {.name = "gridlock_low",
                      .shape = "y",
                      .unit = "scale",
                      .low = -INFINITY,
                      .high = INFINITY,
                      .fallback = ENT_UNDEFINED,
                      .phase = ENT_PHASE_YEAR,
                      .meaning = "low end of the points that no winning set prefers to change"},
    [GRIDLOCK_HIGH] = {.name = "gridlock_high",
                       .shape = "y",
                       .unit = "scale",
                       .low = -INFINITY,
                       .high = INFINITY,
                       .fallback = ENT_UNDEFINED,
                       .phase = ENT_PHASE_YEAR,
                       .meaning = "their high end"},
};

const ent_model ent__model_consent = {
    .name = "consent",
    .room = "vote",
    .title = "Consent of a group under its rule",
    .summary =
        "A proposal comes before a group. Each member accepts it more or less surely, by what it gains over what "
        "stands now, how much the issue matters to it and what it costs to stand in the way. The group's rule "
        "(consensus, a majority, weights, vetoes, groups within the group) turns this into the exact chance of "
        "adoption, and says who blocks. In a scenario it names a group and an issue, and the years in which it "
        "is asked.",
    .equation = "P_i = 1 / (1 + exp(-lambda (s_i (u_i(to) - u_i(from)) + tau)))\n"
                "u_i(x) = 1 - |x - x_i|^r / range^r\n"
                "chance = 1 - product over rounds of (1 - P(the rule is satisfied))\n"
                "blocks_i = P(adopted | i says yes) - chance",
    .citation = "McKelvey, R. D. & Palfrey, T. R. (1995). Quantal response equilibria for normal form games. Games and "
                "Economic Behavior 10. Owen, G. (1972). Multilinear extensions of games. Management Science 18. "
                "Gridlock: Krehbiel, K. (1998). Pivotal Politics; Tsebelis, G. (2002). Veto Players.",
    .accuracy = "",
    .cost = "O(n) for consensus, O(n quota) for weights, 2^(n/2) for several at once",
    .inputs = inputs,
    .n_inputs = INPUTS,
    .options = options,
    .n_options = OPTIONS,
    .outputs = outputs,
    .n_outputs = OUTPUTS,
    .call_workspace = call_workspace,
    .call = call,
    .explain = explain,
};
