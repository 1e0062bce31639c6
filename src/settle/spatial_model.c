/* The spatial model on one issue: its entry in the table of models, and the call of the draw loop.
 *
 * One dimension, no accommodation matrix, no story: two states take turns, and all memory is the caller's workspace. */
#include "core/random.h"
#include "settle/spatial.h"

#include <math.h>

/* --- options ------------------------------------------------------------------------------------------- */

enum {
    OPTION_R,
    OPTION_MODE,
    OPTION_VICTORY,
    OPTION_ELECTION,
    OPTION_TRANSITION,
    OPTION_VOTE,
    OPTION_ADJUST,
    OPTION_RANGE,
    OPTION_COMMIT,
    OPTION_INTERPOLATION,
    OPTION_BARGAIN,
    OPTION_ROUNDS
};

/* clang-format off */
static const ent_port options[] = {
    [OPTION_R] = ENT__SETTLE_OPTION_R,
    [OPTION_MODE] = {.name = "mode", .shape = "", .unit = "", .choices = "corrected|ktab",
     .meaning = "corrected, or the numbers of the published program with its oddities"},
    [OPTION_VICTORY] = {.name = "victory", .shape = "", .unit = "", .choices = "linear|square|quartic|octic|binary",
     .meaning = "how surely the stronger side wins: in proportion, by a power of 2, 4 or 8, or by a lead of a tenth"},
    [OPTION_ELECTION] = {.name = "election", .shape = "", .unit = "", .choices = "conditional|incentive|uniform",
     .meaning = "how wins in pairs become one probability each: the product of all; or the rest point of challenges, "
                "made by incentive or evenly"},
    [OPTION_TRANSITION] = {.name = "transition", .shape = "", .unit = "", .choices = "deterministic|stochastic",
     .meaning = "each takes the likeliest proposal, or draws one by their probabilities"},
    [OPTION_VOTE] = {.name = "vote", .shape = "", .unit = "",
     .choices = "prop|binary|prop_binary|prop_cubic|cubic|prospect",
     .meaning = "how hard one backs what it likes better by D: by D, all its weight, 0.8 D + 0.2, (D + D^3) / 2, D^3, "
                "or D with gains counted by two thirds"},
    [OPTION_ADJUST] = {.name = "adjust", .shape = "", .unit = "", .choices = "third|none|half|two_thirds|full",
     .meaning = "how much of another's attitude to risk one knows"},
    [OPTION_RANGE] = {.name = "range", .shape = "", .unit = "", .choices = "mid|min|max",
     .meaning = "attitudes to risk from -1/2, 0 or -1 (seeking) to 1 (averse)"},
    [OPTION_COMMIT] = {.name = "commit", .shape = "", .unit = "", .choices = "semi|none|full",
     .meaning = "how much of their weight third parties put into others' contests: half, none, all"},
    [OPTION_INTERPOLATION] = {.name = "interpolation", .shape = "", .unit = "", .choices = "s2p2|s1p1|s2pmax",
     .meaning = "where two meet: by squares of salience and chance, by their products, or only the weaker side moves"},
    [OPTION_BARGAIN] = {.name = "bargain", .shape = "", .unit = "", .choices = "initiator|both|weighted",
     .meaning = "who proposes: who starts, each side one, or one between the two by strength"},
    [OPTION_ROUNDS] = {.name = "rounds", .shape = "", .unit = "1", .low = 1, .high = ENT_SPATIAL_MAX_ROUNDS,
     .fallback = 100, .meaning = "the most rounds; a whole number"},
};

static const ent_port outputs[] = {ENT__SETTLE_OUTPUTS};
/* clang-format on */

/* The enumerations have KTAB's order; the words have the default first. */
ent_spatial_options ent_spatial_options_of(const double *option)
{
    static const ent_spatial_election election[] = {ENT_SPATIAL_CONDITIONAL, ENT_SPATIAL_MARKOV_INCENTIVE,
                                                    ENT_SPATIAL_MARKOV_UNIFORM};
    static const ent_spatial_vote vote[] = {ENT_SPATIAL_VOTE_PROP,        ENT_SPATIAL_VOTE_BINARY,
                                            ENT_SPATIAL_VOTE_PROP_BINARY, ENT_SPATIAL_VOTE_PROP_CUBIC,
                                            ENT_SPATIAL_VOTE_CUBIC,       ENT_SPATIAL_VOTE_PROSPECT};
    static const ent_spatial_adjust adjust[] = {ENT_SPATIAL_ADJUST_THIRD, ENT_SPATIAL_ADJUST_NONE,
                                                ENT_SPATIAL_ADJUST_HALF, ENT_SPATIAL_ADJUST_TWO_THIRDS,
                                                ENT_SPATIAL_ADJUST_FULL};
    static const ent_spatial_range range[] = {ENT_SPATIAL_RANGE_MID, ENT_SPATIAL_RANGE_MIN, ENT_SPATIAL_RANGE_MAX};
    static const ent_spatial_commit commit[] = {ENT_SPATIAL_COMMIT_SEMI, ENT_SPATIAL_COMMIT_NONE,
                                                ENT_SPATIAL_COMMIT_FULL};
    static const ent_spatial_interpolation interpolation[] = {ENT_SPATIAL_S2P2, ENT_SPATIAL_S1P1, ENT_SPATIAL_S2PMAX};
    ent_spatial_options o = ENT_SPATIAL_OPTIONS_INIT;
    o.mode = (ent_spatial_mode)option[OPTION_MODE];
    o.victory = (ent_spatial_victory)option[OPTION_VICTORY];
    o.election = election[(int)option[OPTION_ELECTION]];
    o.transition = (ent_spatial_transition)option[OPTION_TRANSITION];
    o.vote = vote[(int)option[OPTION_VOTE]];
    o.adjust = adjust[(int)option[OPTION_ADJUST]];
    o.range = range[(int)option[OPTION_RANGE]];
    o.commit = commit[(int)option[OPTION_COMMIT]];
    o.interpolation = interpolation[(int)option[OPTION_INTERPOLATION]];
    o.bargain = (ent_spatial_bargain)option[OPTION_BARGAIN];
    o.max_rounds = (int32_t)option[OPTION_ROUNDS];
    return o;
}

/* --- the call of the draw loop ----------------------------------------------------------------------------- */

/* One state; returns the bytes, and sets the pointers where there is a block. */
static size_t lay_state(ent__spatial_state *state, size_t n, size_t dims, char *block)
{
    double *real = (double *)(void *)block;
    ent__spatial_state s = {0};
    if (block) {
        s.position = real;
        s.ideal = real + n * dims;
        s.risk = real + 2 * n * dims;
        s.chance = s.risk + n;
        s.stay = s.risk + 2 * n;
        s.moves = s.risk + 3 * n; /* 2 dims an offer, 2 offers an actor */
        s.offer = (ent_spatial_offer *)(void *)(s.moves + 4 * n * dims);
        s.place = (int32_t *)(void *)(s.offer + 2 * n);
        s.taken = s.place + n;
    }
    *state = s;
    return ((6 * dims + 3) * n * sizeof(double) + 2 * n * sizeof(ent_spatial_offer) + 2 * n * sizeof(int32_t) + 63) &
           ~(size_t)63;
}

/* Enough for every option: the Markov elections and two proposals an actor. Over the limit nothing is settled. */
static size_t run_bytes(size_t n, size_t dims)
{
    ent__spatial_run run = {.n = n, .dims = dims};
    ent__spatial_state state;
    if (n < 2 || n > ENT_SPATIAL_MAX_ACTORS)
        return 0;
    run.options.bargain = ENT_SPATIAL_BOTH;
    run.options.election = ENT_SPATIAL_MARKOV_UNIFORM;
    return 2 * lay_state(&state, n, dims, NULL) + ent__spatial_layout(&run, NULL);
}

static size_t workspace(size_t n) { return run_bytes(n, 1); }

/* Sets the run's and the states' pointers into the workspace, and the keys of its random choices. */
static void lay_run(ent__spatial_run *run, ent__spatial_state state[2], char *block, uint64_t seed, uint64_t stream, uint64_t draw)
{
    block += lay_state(&state[0], run->n, run->dims, block);
    block += lay_state(&state[1], run->n, run->dims, block);
    ent__spatial_layout(run, block);
    bool ktab = run->options.mode == ENT_SPATIAL_KTAB;
    run->options.seed = ktab ? ent__stream_step(stream, draw, seed) : seed;
    run->options.stream = stream;
    run->options.draw = draw;
}

/* The mean of positions by capability. */
static double outcome_of(const ent_settle_input *in, const double *position)
{
    double sum = 0, weight = 0, range = in->high - in->low;
    for (size_t i = 0; i < in->n; i++) {
        sum += in->capability[i] * position[i];
        weight += in->capability[i];
    }
    return in->low + sum / weight * range;
}

static void settle(ent_settle_output *out, const ent_settle_input *in, void *work)
{
    size_t n = in->n;
    double least = in->position[0], most = least;
    for (size_t i = 1; i < n; i++) {
        least = in->position[i] < least ? in->position[i] : least;
        most = in->position[i] > most ? in->position[i] : most;
    }
    out->stop = n > ENT_SPATIAL_MAX_ACTORS ? ENT_STOP_UNDEFINED : ENT_STOP_DONE;
    out->outcome = out->stop == ENT_STOP_DONE ? least : ENT_UNDEFINED;
    if (n < 2 || n > ENT_SPATIAL_MAX_ACTORS)
        return; /* one actor has what it wants */
    ent__spatial_run run = {.n = n, .dims = 1, .options = ent_spatial_options_of(in->option), .salience = in->salience};
    ent__spatial_state state[2];
    lay_run(&run, state, work, in->seed, in->stream, in->draw);
    bool ktab = run.options.mode == ENT_SPATIAL_KTAB;
    if (!ent__spatial_prepare(&run, in->capability, false)) {
        out->stop = ENT_STOP_UNDEFINED;
        out->outcome = ENT_UNDEFINED;
        return;
    }
    for (size_t i = 0; i < n; i++)
        state[0].position[i] = state[0].ideal[i] = (in->position[i] - in->low) / (in->high - in->low);
    out->rounds = ent__spatial_play(&out->stop, &run, state, 2);
    double outcome = outcome_of(in, state[out->rounds % 2].position);
    if (!ktab) /* positions stay between the outermost; rounding stays there too */
        outcome = outcome < least ? least : outcome > most ? most : outcome;
    out->outcome = outcome;
}

/* --- several issues: one dimension each -------------------------------------------------------------- */

static size_t workspace_many(size_t n, size_t issues) { return run_bytes(n, issues) + (n + 2 * issues + 8) * sizeof(double); }

/* Where everybody stands, on scales of length 1. Who takes no part in an issue has no salience there, and stands where
 * those who do stand on average, so that it draws nobody. False where nobody takes part in some issue. */
static bool place_all(double *position, const ent_settle_many_input *in)
{
    for (size_t k = 0; k < in->issues; k++) {
        double sum = 0, count = 0, range = in->high[k] - in->low[k];
        for (size_t i = 0; i < in->n; i++) {
            double x = in->position[i * in->issues + k];
            sum += x == x ? (x - in->low[k]) / range : 0;
            count += x == x;
        }
        if (count == 0)
            return false;
        for (size_t i = 0; i < in->n; i++) {
            double x = in->position[i * in->issues + k];
            position[i * in->issues + k] = x == x ? (x - in->low[k]) / range : sum / count;
        }
    }
    return true;
}

/* An actor's capability over all its issues, for elections in mode ktab, which knows one number an actor. */
static void one_capability(double *out, const ent_settle_many_input *in)
{
    for (size_t i = 0; i < in->n; i++) {
        double sum = 0, count = 0;
        for (size_t k = 0; k < in->issues; k++) {
            bool in_it = in->position[i * in->issues + k] == in->position[i * in->issues + k];
            sum += in_it ? in->capability[i * in->issues + k] : 0;
            count += in_it;
        }
        out[i] = count > 0 ? sum / count : 0;
    }
}

/* The mean of final positions by capability, issue by issue, among those who take part. */
static void outcomes_of(double *outcome, const ent_settle_many_input *in, const double *position)
{
    for (size_t k = 0; k < in->issues; k++) {
        double sum = 0, weight = 0;
        for (size_t i = 0; i < in->n; i++) {
            size_t at = i * in->issues + k;
            if (in->position[at] != in->position[at])
                continue;
            sum += in->capability[at] * position[at];
            weight += in->capability[at];
        }
        double x = weight > 0 ? sum / weight : ENT_UNDEFINED;
        outcome[k] = x == x ? in->low[k] + (x < 0 ? 0 : x > 1 ? 1 : x) * (in->high[k] - in->low[k]) : ENT_UNDEFINED;
    }
}

static void settle_many(double *outcome, ent_stop *stop, const ent_settle_many_input *in, void *work)
{
    size_t n = in->n;
    *stop = ENT_STOP_UNDEFINED;
    for (size_t k = 0; k < in->issues; k++)
        outcome[k] = ENT_UNDEFINED;
    if (n > ENT_SPATIAL_MAX_ACTORS)
        return;
    if (n == 1) { /* one actor has what it wants */
        for (size_t k = 0; k < in->issues; k++)
            outcome[k] = in->position[k];
        *stop = ENT_STOP_DONE;
        return;
    }
    ent__spatial_run run = {.n = n, .dims = in->issues, .options = ent_spatial_options_of(in->option), .salience = in->salience};
    ent__spatial_state state[2];
    lay_run(&run, state, work, in->seed, in->stream, in->draw);
    double *capability = (double *)(void *)((char *)work + run_bytes(n, in->issues));
    bool ktab = run.options.mode == ENT_SPATIAL_KTAB;
    if (ktab)
        one_capability(capability, in);
    if (!place_all(state[0].position, in) || !ent__spatial_prepare(&run, ktab ? capability : in->capability, !ktab))
        return;
    for (size_t i = 0; i < n * in->issues; i++)
        state[0].ideal[i] = state[0].position[i];
    int32_t rounds = ent__spatial_play(stop, &run, state, 2);
    outcomes_of(outcome, in, state[rounds % 2].position);
}

static bool draws(const double *option) { return option[OPTION_TRANSITION] != 0; }

const ent_model ent__model_spatial = {
    .draws = draws,
    .name = "spatial",
    .room = "settle",
    .title = "Spatial model of politics",
    .summary =
        "Actors bargain in rounds. Each looks for the other by challenging whom it would gain most, counting who "
        "would side with whom, and proposes where both should stand; each then takes the proposal concerning it "
        "that all together like best. It ends when nearly nothing moves; the outcome is the mean by capability.",
    .equation = "phi(i beats j) = strength for i / (strength for i + strength for j), third parties included\n"
                "delta(i, j) = gain of i by challenging j, who resists with probability salience(j)\n"
                "i proposes to the j of the largest delta > 0; both meet by salience^2 * phi^2\n"
                "everyone elects among its proposals and staying;  x* = sum(capability * x) / sum(capability)",
    .citation =
        "Wise, B. P., Lester, L. & Efird, B. (2015). Multidimensional Bargaining using KTAB. KAPSARC Discussion "
        "Paper.",
    .accuracy =
        "Mean absolute error 24.35 on a scale of 0 to 100, over 226 issues of EU decision making (DEU III, a public "
        "sample), with equal power. The weighted mean of the same positions gives 24.16, always saying 50 27.91.",
    .cost = "O(n^3) a round",
    .inputs = ent__settle_inputs,
    .n_inputs = ENT_COUNT(ent__settle_inputs),
    .options = options,
    .n_options = ENT_COUNT(options),
    .outputs = outputs,
    .n_outputs = ENT_COUNT(outputs),
    .workspace = workspace,
    .settle = settle,
    .workspace_many = workspace_many,
    .settle_many = settle_many,
    .story = ent__spatial_story,
    .most_actors = ENT_SPATIAL_MAX_ACTORS,
};
