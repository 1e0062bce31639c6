/* Extended deterrence with agent error.
 *
 * The challenger keeps the status quo (worth 0) or challenges; then each defender abandons the target or honours:
 *
 *     challenger   abandoned  p_T V - c          honoured by those who come  contest(C, T + their help) V - c'
 *     defender j   abandons  -r_j - p_T L_j      honours  -d_j - p_Tj L_j
 *     p_T = contest(C, T),  p_Tj = contest(C, T + C_j)
 *     h_j = 1 / (1 + exp(-lambda_D (r_j - d_j + (p_T - p_Tj) L_j)))          each by its own help alone
 *     x   = 1 / (1 + exp(-lambda_C W)),  W the challenger's mean over who comes
 *
 * r: what a public promise puts at risk (Fearon 1997); logit error at each decision: McKelvey & Palfrey (1998), Signorino
 * (1999). W is the exact mean over all 2^k sets of those with help where they are at most 12; else, with N = prod(1 - h_j)
 * and S = sum h_j C_j / (1 - N), W = N (p_T V - c) + (1 - N)(contest(C, T + S) V - c'), which errs by some .02 in x.
 *
 * `required` is the factor f on the remaining defenders' help at which x = 1 - wanted, that is W = logit(1 - wanted) /
 * lambda_C. Where c' >= c more help deters more; f is found between 0 and 100 by Newton's method from last year's (from 1 at
 * first), within a bracket; by false position with its far end halved (Illinois) where W is the exact mean. */
#include "alliance/alliance.h"
#include "core/contest.h"
#include "core/elementary.h"

#include <math.h>

enum { MOST_STEPS = 200 };
static const double MOST_FACTOR = 100, NEAR = 1e-13;

ent_status ent__deterrence_check(const ent_deterrence_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(in->n > 0, ENT_ERR_ARGUMENT, "there are no defenders");
    ENT_TRY(ent__alliance_numbers("help", "defender", in->help, in->n, &ENT__MONEY, false, err));
    ENT_TRY(ent__alliance_numbers("stake", "defender", in->stake, in->n, &ENT__MONEY, false, err));
    ENT_TRY(ent__alliance_numbers("cost", "defender", in->cost, in->n, &ENT__MONEY, false, err));
    ENT_TRY(ent__alliance_numbers("loss", "defender", in->loss, in->n, &ENT__MONEY, false, err));
    const struct {
        const char *name;
        double x;
        const ent__range *range;
    } number[] = {
        {"challenger", in->challenger, &ENT__MONEY},
        {"target", in->target, &ENT__MONEY},
        {"lambda_defender", in->lambda_defender, &ENT__MONEY},
        {"lambda_challenger", in->lambda_challenger, &ENT__MONEY},
        {"m", in->m, &ENT__POSITIVE},
        {"v", in->v, &ENT__MONEY},
        {"c", in->c, &ENT__MONEY},
        {"c_opposed", in->c_opposed, &ENT__MONEY},
    };
    for (size_t i = 0; i < ENT_COUNT(number); i++)
        ENT_TRY(ent__alliance_number(number[i].name, NULL, 0, number[i].x, number[i].range, err));
    if (!ent__is_undefined(in->wanted))
        ENT_TRY(ent__alliance_number("wanted", NULL, 0, in->wanted, &ENT__SHARE, err));
    ENT_REQUIRE(in->withdraws >= -1 && (in->withdraws < 0 || (size_t)in->withdraws < in->n), ENT_ERR_DOMAIN,
                "withdraws is %d; allowed is 0 to %zu, or -1 for nobody", (int)in->withdraws, in->n - 1);
done:
    return status;
}

/* --- the challenger's prospects ------------------------------------------------------------------------- */

/* What every defender's choice starts from. */
typedef struct stage {
    const ent_deterrence_input *in;
    double log_c; /* ln C */
    double alone; /* p_T */
} stage;

/* contest(C, opposing) by logarithms, ln C being known: a third of the work of a power, and as exact as is wanted here. */
static double contest(const stage *s, double opposing)
{
    const ent_deterrence_input *in = s->in;
    if (!(in->challenger > 0) || !(opposing > 0))
        return ent_contest(in->challenger, opposing, in->m);
    return ent_logistic(in->m * (s->log_c - ent_log(opposing)));
}

static stage stage_of(const ent_deterrence_input *in)
{
    stage s = {in, in->challenger > 0 ? ent_log(in->challenger) : 0, 0};
    s.alone = contest(&s, in->target);
    return s;
}

/* The chance that defender j honours with `factor` of its help; *abandons has the rest, with all its digits, and *odds is
 * p_Tj. */
static double honour_of(const stage *s, size_t j, double factor, double *abandons, double *odds)
{
    const ent_deterrence_input *in = s->in;
    *odds = contest(s, in->target + factor * in->help[j]);
    const double gain = in->lambda_defender * (in->stake[j] - in->cost[j] + (s->alone - *odds) * in->loss[j]);
    const double e = ent_exp(gain < 0 ? gain : -gain), less = e / (1 + e), more = 1 / (1 + e);
    *abandons = gain < 0 ? more : less;
    return gain < 0 ? less : more;
}

/* What the challenger can expect, defender `left_out` (or -1) not being there. */
typedef struct prospect {
    double value;  /* W */
    double slope;  /* dW/df; 0 where W is the mean over all sets */
    double nobody; /* N */
    double force;  /* sum h_j C_j */
    bool exact;
} prospect;

/* Those who have help, at most 12, and what the challenger gets of each set of them. */
typedef struct company {
    const stage *s;
    double help[ENT_DETERRENCE_EXACT], comes[ENT_DETERRENCE_EXACT], stays[ENT_DETERRENCE_EXACT];
    size_t k;
    double empty; /* what it gets where none of them comes */
} company;

/* The sum over the sets that the first j may still make, with the chance and the help of the others who come. */
static double sum_over_sets(const company *c, size_t j, double chance, double help)
{
    const ent_deterrence_input *in = c->s->in;
    if (!(chance > 0))
        return 0;
    if (j > 0)
        return sum_over_sets(c, j - 1, chance * c->comes[j - 1], help + c->help[j - 1]) +
               sum_over_sets(c, j - 1, chance * c->stays[j - 1], help);
    if (!(help > 0))
        return chance * c->empty;
    return chance * (contest(c->s, in->target + help) * in->v - in->c_opposed);
}

/* W of many defenders and its slope. With p' = -m p (1 - p) C_j / (T + f C_j) of each, h' = -lambda_D h (1 - h) L p',
 * N' = -N sum h' / (1 - h), F' = sum (h' f C_j + h C_j); `fall` is sum h' / (1 - h), `rise` F'. */
static void mean_by_force(prospect *p, const stage *s, double fall, double rise)
{
    const ent_deterrence_input *in = s->in;
    const double somebody = 1 - p->nobody, mean = somebody > 0 ? p->force / somebody : 0;
    const double odds = contest(s, in->target + mean), unopposed = s->alone * in->v - in->c, opposed = odds * in->v - in->c_opposed;
    const double dn = -p->nobody * fall, dmean = somebody > 0 ? (rise + mean * dn) / somebody : 0;
    p->value = p->nobody * unopposed + somebody * opposed;
    p->slope = dn * (unopposed - opposed) - somebody * in->v * in->m * odds * (1 - odds) * dmean / (in->target + mean);
}

static prospect look(const stage *s, double factor, int32_t left_out, double *honour)
{
    const ent_deterrence_input *in = s->in;
    company c = {.s = s};
    double idle = 1, fall = 0, rise = 0; /* idle: that none of those without help comes */
    prospect p = {.nobody = 1, .exact = true};
    for (size_t j = 0; j < in->n; j++) {
        double abandons, h, odds;
        if (left_out >= 0 && j == (size_t)left_out)
            continue;
        h = honour_of(s, j, factor, &abandons, &odds);
        if (honour != NULL)
            honour[j] = h;
        p.nobody *= abandons;
        p.force += h * factor * in->help[j];
        if (!(factor * in->help[j] > 0)) {
            idle *= abandons;
            continue;
        }
        const double dodds = in->m * odds * (1 - odds) * in->help[j] / (in->target + factor * in->help[j]);
        const double bend = in->lambda_defender * h * in->loss[j] * dodds;
        fall += bend;
        rise += bend * abandons * factor * in->help[j] + h * in->help[j];
        if (c.k < ENT_DETERRENCE_EXACT) {
            c.help[c.k] = factor * in->help[j];
            c.comes[c.k] = h;
            c.stays[c.k++] = abandons;
        } else {
            p.exact = false;
        }
    }
    if (p.exact) {
        c.empty = idle * (s->alone * in->v - in->c) + (1 - idle) * (s->alone * in->v - in->c_opposed);
        p.value = sum_over_sets(&c, c.k, 1, 0);
    } else {
        mean_by_force(&p, s, fall, rise);
    }
    return p;
}

/* --- how much the others would have to bring -------------------------------------------------------------- */

/* f between low, where W is `above` its level, and high, where it is `below`: false position with its far end halved
 * (Illinois). */
static double between(const stage *s, double level, double low, double above, double high, double below)
{
    for (int step = 0, side = 0; step < MOST_STEPS && high - low > NEAR * high; step++) {
        double f = (low * -below + high * above) / (above - below); /* divides nothing by 0: above > 0 >= below */
        if (!(f > low && f < high) || step % 8 == 7)
            f = low + 0.5 * (high - low);
        if (!(f > low && f < high))
            break;
        const double v = look(s, f, s->in->withdraws, NULL).value - level;
        if (v == 0)
            return f;
        if (v > 0) {
            low = f, above = v;
            below *= side > 0 ? 0.5 : 1;
            side = 1;
        } else {
            high = f, below = v;
            above *= side < 0 ? 0.5 : 1;
            side = -1;
        }
    }
    return low + 0.5 * (high - low);
}

/* From f on by Newton's method, at most fourfold or to a quarter at once, within what is known of where it lies. */
static double newton(const stage *s, double level, double f)
{
    double low = 0, high = INFINITY;
    for (int step = 0; step < MOST_STEPS; step++) {
        const prospect p = look(s, f, s->in->withdraws, NULL);
        const double v = p.value - level;
        if (v == 0)
            return f;
        if (v > 0 && f >= MOST_FACTOR)
            return ENT_UNDEFINED;
        *(v > 0 ? &low : &high) = f;
        double next = p.slope < 0 ? f - v / p.slope : v > 0 ? 4 * f : 0.25 * f;
        next = next > 4 * f ? 4 * f : next < 0.25 * f ? 0.25 * f : next;
        next = next > MOST_FACTOR ? MOST_FACTOR : next;
        if (!(next > low && next < high))
            next = high < INFINITY ? low + 0.5 * (high - low) : next;
        const double move = next > f ? next - f : f - next;
        if (move <= NEAR * f || !(next > low && next < high))
            return next;
        f = next;
    }
    return f;
}

/* `start`: where to look first. */
static double required(const stage *s, double start)
{
    const ent_deterrence_input *in = s->in;
    if (ent__is_undefined(in->wanted) || in->c_opposed < in->c)
        return ENT_UNDEFINED;
    if (in->wanted == 0)
        return 0;
    if (!(in->wanted < 1) || !(in->lambda_challenger > 0)) /* by lot: 1/2, whatever they bring */
        return in->wanted <= 0.5 ? 0 : ENT_UNDEFINED;
    const double level = ent_log((1 - in->wanted) / in->wanted) / in->lambda_challenger;
    const prospect none = look(s, 0, in->withdraws, NULL);
    if (none.value <= level)
        return 0;
    const prospect most = look(s, MOST_FACTOR, in->withdraws, NULL);
    if (most.value > level)
        return ENT_UNDEFINED;
    return most.exact ? between(s, level, 0, none.value - level, MOST_FACTOR, most.value - level) : newton(s, level, start);
}

/* For checked numbers; `start`: where to look for what is required first. */
static void deter(ent_deterrence_output *out, const ent_deterrence_input *in, double start)
{
    double all = 0;
    const stage s = stage_of(in);
    const prospect p = look(&s, 1, -1, out->honour);
    for (size_t j = 0; j < in->n; j++)
        all += in->help[j];
    out->alliance = 1 - p.nobody;
    out->force = all > 0 ? p.force / all : ENT_UNDEFINED;
    out->challenger_value = p.value;
    out->challenge = ent_logistic(in->lambda_challenger * p.value);
    out->deterrence = ent_logistic(-in->lambda_challenger * p.value);
    out->required = required(&s, start);
    out->exact = p.exact;
}

ent_status ent_deterrence(ent_deterrence_output *out, const ent_deterrence_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(out != NULL && in != NULL, ENT_ERR_ARGUMENT, "nothing was given");
    ENT_TRY(ent__deterrence_check(in, err));
    deter(out, in, 1);
done:
    return status;
}

/* --- the call ------------------------------------------------------------------------------------------- */

enum {
    HELP, CHALLENGER, TARGET, STAKE, COST, LOSS, LAMBDA_DEFENDER, LAMBDA_CHALLENGER, DECISIVENESS, PRIZE, UNOPPOSED, OPPOSED,
    WITHDRAWS, WANTED, INPUTS
};
enum { HONOUR, ALLIANCE, FORCE, CHALLENGE, DETERRENCE, CHALLENGER_VALUE, REQUIRED, OUTPUTS };

/* A place among n; -1 nobody, -2 where it is none. */
static int32_t place_of(const double *x, size_t n)
{
    if (x == NULL)
        return -1;
    return *x == -1 || (*x >= 0 && *x < (double)n && *x == floor(*x)) ? (int32_t)*x : -2;
}

static ent_deterrence_input input_of(const ent_call *call)
{
    const size_t n = call->count[ENT_AXIS_ALLY];
    return (ent_deterrence_input){
        .n = n,
        .help = call->in[HELP],
        .stake = call->in[STAKE],
        .cost = call->in[COST],
        .loss = call->in[LOSS],
        .challenger = *call->in[CHALLENGER],
        .target = *call->in[TARGET],
        .lambda_defender = *call->in[LAMBDA_DEFENDER],
        .lambda_challenger = *call->in[LAMBDA_CHALLENGER],
        .m = *call->in[DECISIVENESS],
        .v = *call->in[PRIZE],
        .c = *call->in[UNOPPOSED],
        .c_opposed = *call->in[OPPOSED],
        .withdraws = place_of(call->in[WITHDRAWS], n),
        .wanted = call->in[WANTED] != NULL ? *call->in[WANTED] : ENT_UNDEFINED,
    };
}

static ent_status explain(const ent_call *call, void *workspace, ent_error *err)
{
    (void)workspace;
    const ent_deterrence_input in = input_of(call);
    return call->phase == ENT_PHASE_YEAR ? ent__deterrence_check(&in, err) : ENT_OK;
}

/* What was required last year: where to look first. */
static size_t state(const size_t *count)
{
    (void)count;
    return 1;
}

static void call_deterrence(ent_stop *stop, const ent_call *call, void *workspace)
{
    (void)workspace;
    *stop = ENT_STOP_DONE;
    if (call->phase != ENT_PHASE_YEAR)
        return;
    const ent_deterrence_input in = input_of(call);
    if (ent__deterrence_check(&in, NULL) != ENT_OK) {
        ent__alliance_nothing(call, &ent__model_deterrence);
        *stop = ENT_STOP_UNDEFINED;
        return;
    }
    ent_deterrence_output out = {.honour = call->out[HONOUR]};
    const double start = call->before != NULL && *call->before > 0 && *call->before <= MOST_FACTOR ? *call->before : 1;
    deter(&out, &in, start);
    if (call->after != NULL)
        *call->after = out.required > 0 ? out.required : start;
    ent__put(call, ALLIANCE, out.alliance);
    ent__put(call, FORCE, out.force);
    ent__put(call, CHALLENGE, out.challenge);
    ent__put(call, DETERRENCE, out.deterrence);
    ent__put(call, CHALLENGER_VALUE, out.challenger_value);
    ent__put(call, REQUIRED, out.required);
}

/* --- the table's entry ---------------------------------------------------------------------------------- */

#define OPEN __builtin_inf()
/* clang-format off */
#define NUMBER(n, s, u, lo, hi, f, text) {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = f, .meaning = text}
#define NEEDED(n, s, u, lo, hi, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .required = true, .meaning = text}

static const ent_port inputs[INPUTS] = {
    [HELP] = NEEDED("help", "l,y", "US$ billion", 0, OPEN, "what each defender would bring, in yearly spending: usable part times stock"),
    [CHALLENGER] = NEEDED("challenger", "y", "US$ billion", 0, OPEN, "the challenger's yearly spending on it"),
    [TARGET] = NEEDED("target", "y", "US$ billion", 0, OPEN, "the target's own; it is not among the defenders"),
    [STAKE] = NEEDED("stake", "l,y", "challenger's stake", 0, OPEN, "what its promise puts at risk for each defender"),
    [COST] = NEEDED("cost", "l,y", "challenger's stake", 0, OPEN, "what honouring the promise costs it"),
    [LOSS] = NEEDED("loss", "l,y", "challenger's stake", 0, OPEN, "what it loses if the target falls"),
    [LAMBDA_DEFENDER] = NEEDED("lambda_defender", "y", "1 / challenger's stake", 0, OPEN,
                               "how sharply defenders choose what serves them: 0 by lot, large without fail"),
    [LAMBDA_CHALLENGER] = NEEDED("lambda_challenger", "y", "1 / challenger's stake", 0, OPEN, "how sharply the challenger does"),
    [DECISIVENESS] = NUMBER("m", "y", "1", 0, OPEN, 1, "how much more spending tells in a contest, above 0"),
    [PRIZE] = NUMBER("v", "y", "challenger's stake", 0, OPEN, 1, "what success is worth to the challenger"),
    [UNOPPOSED] = NEEDED("c", "y", "challenger's stake", 0, OPEN, "what a challenge costs it where nobody comes"),
    [OPPOSED] = NEEDED("c_opposed", "y", "challenger's stake", 0, OPEN, "what it costs where somebody does"),
    [WITHDRAWS] = NUMBER("withdraws", "", "1", -1, OPEN, ENT_UNDEFINED, "of required: the defender that is left out, by name; nobody if left out"),
    [WANTED] = NUMBER("wanted", "y", "probability", 0, 1, ENT_UNDEFINED, "of required: the deterrence to reach"),
};

#define GIVEN(n, s, u, lo, hi, text) \
    {.name = n, .shape = s, .unit = u, .low = lo, .high = hi, .fallback = ENT_UNDEFINED, .phase = ENT_PHASE_YEAR, .meaning = text}
static const ent_port outputs[OUTPUTS] = {
    [HONOUR] = GIVEN("honour", "l,y", "probability", 0, 1, "that each defender honours its promise: its credibility"),
    [ALLIANCE] = GIVEN("alliance", "y", "probability", 0, 1, "that somebody comes"),
    [FORCE] = GIVEN("force", "y", "1", 0, 1, "the part of all help that would come: the alliance's credibility"),
    [CHALLENGE] = GIVEN("challenge", "y", "probability", 0, 1, "that the challenger challenges"),
    [DETERRENCE] = GIVEN("deterrence", "y", "probability", 0, 1, "that it does not"),
    [CHALLENGER_VALUE] = GIVEN("challenger_value", "y", "challenger's stake", -OPEN, OPEN, "what a challenge is worth to it; the status quo is worth 0"),
    [REQUIRED] = GIVEN("required", "y", "1", 0, 100,
                       "the factor by which the remaining defenders' help must change for deterrence to reach wanted; undefined where "
                       "none up to 100 does, or where c_opposed is below c"),
};
/* clang-format on */

const ent_model ent__model_deterrence = {
    .name = "deterrence",
    .room = "alliance",
    .title = "Whether a promise deters",
    .summary = "A challenger keeps the status quo or challenges a target; each defender then abandons the target or honours "
               "its promise. Both choose what serves them with an error that falls as precision grows. The chance that a "
               "defender honours is its credibility; what the challenger can expect of a challenge decides whether it is "
               "deterred. A scenario names the defenders: a group without the target.",
    .equation = "h_j = 1 / (1 + exp(-lambda_defender (stake_j - cost_j + (p_T - p_Tj) loss_j)))\n"
                "p_T = C^m / (C^m + T^m),  p_Tj = C^m / (C^m + (T + help_j)^m)\n"
                "challenge = 1 / (1 + exp(-lambda_challenger W))\n"
                "W = N (p_T v - c) + (1 - N)(p_S v - c_opposed),  N = product of (1 - h_j)\n"
                "p_S with the help of those who come: the exact mean with up to 12 who have help, else at their mean help",
    .citation = "Fearon, J. D. (1997). Signaling Foreign Policy Interests. Journal of Conflict Resolution 41(1). "
                "Signorino, C. S. (1999). Strategic Interaction and the Statistical Analysis of International Conflict. "
                "American Political Science Review 93(2). McKelvey, R. D. & Palfrey, T. R. (1998). Quantal Response "
                "Equilibria for Extensive Form Games. Experimental Economics 1. Contest: Hirshleifer, J. (1989). Conflict "
                "and Rent-Seeking Success Functions. Public Choice 63.",
    .accuracy = "",
    .cost = "O(defenders); O(2^k) with k <= 12 of them who have help",
    .inputs = inputs,
    .n_inputs = INPUTS,
    .outputs = outputs,
    .n_outputs = OUTPUTS,
    .state = state,
    .call = call_deterrence,
    .explain = explain,
};
