/* The challenge model: rounds until nothing moves, until a state comes back, or until they are used up. The equations
 * of a round are in challenge_round.c.
 *
 * Classic is the model as published (Bueno de Mesquita 1994, 1997; Scholz, Calbert & Smith 2011), with these loose ends
 * closed; each could be read otherwise, so most are options:
 *
 *     probability    over those who prefer one of the two, so that P_ij + P_ji = 1
 *     left alone     expected with probability 1 - Q: the target moves to the median, better for a challenger that
 * stands nearer to the median than to the target, worse for others danger         without those at the same place;
 * where nobody's differs, all are neutral to risk capitulation   b > 0 > a with b <= |a| is no offer: the receiver
 * would gain by resisting accepted       the offer that asks the least movement, or the strongest proposer's; a
 * confrontation does not outrank a nearer compromise; one who accepts a confrontation concedes, or conflict moves
 * nobody stop           nobody moves by more than the tolerance; or a state is that of an earlier round to 1e-9 of the
 * range, a cycle, whose outcome is the mean over it; or the last allowed round outcome        the weighted median, by
 * the midpoint rule, and the weighted mean beside it
 *
 * Scholz is what the one public program computes (Velev 2014), with its rules of acceptance and without a stop: as many
 * rounds as are asked for. Where that program divides by zero (no danger differs) all are neutral to risk here, and of
 * medians that tie it has the lower one. */
#include "settle/challenge.h"

#include <math.h>
#include <string.h>

static const double SAME = 1e-9;

/* --- the run ------------------------------------------------------------------------------------------------ */

/* The arrays of the next state: behind this one's where the story is told, else the same. */
static void follow(ent__challenge_state *next, const ent__challenge_state *state, size_t n)
{
    bool story = state->offer != NULL;
    *next = (ent__challenge_state){.position = state->position + n,
                                   .danger = state->danger + (story ? n : 0),
                                   .risk = state->risk + (story ? n : 0),
                                   .exponent = state->exponent + (story ? n : 0),
                                   .accepted = story ? state->accepted + n : NULL,
                                   .offer = story ? state->offer + state->n_offers : NULL};
}

static bool is_same(const ent__challenge *game, const ent__challenge_state *a, const ent__challenge_state *b)
{
    for (size_t i = 0; i < game->n; i++)
        if (!(fabs(a->position[i] - b->position[i]) <= SAME * game->range))
            return false;
    return true;
}

/* The state before t - 1 that state t has come back to, or -1. */
static int32_t earlier(const ent__challenge *game, const ent__challenge_state *state, int32_t t)
{
    for (int32_t s = t - 2; s >= 0; s--)
        if (is_same(game, &state[s], &state[t]))
            return s;
    return -1;
}

/* How a run ended. */
typedef struct ending {
    int32_t rounds, cycle_start, cycle_length;
    ent_stop stop;
    bool interrupted;
} ending;

/* Plays from state[0]; there is room for max_rounds + 1 states and their arrays. */
static ending play(ent__challenge *game, ent__challenge_state *state)
{
    const ent_challenge_options *options = &game->options;
    double tolerance = options->tolerance > SAME ? options->tolerance : SAME;
    ending end = {.stop = ENT_STOP_MAX_ROUNDS};
    ent__challenge_look(game, &state[0]);
    while (end.rounds < options->max_rounds && end.stop == ENT_STOP_MAX_ROUNDS) {
        ent__challenge_state *now = &state[end.rounds];
        if (!ent__challenge_round(game, now, now->position + game->n, end.rounds + 1)) {
            now->n_offers = now->left_out = 0;
            end.interrupted = true;
            break;
        }
        follow(now + 1, now, game->n);
        ent__challenge_look(game, now + 1);
        end.rounds++;
        if (options->variant == ENT_CHALLENGE_SCHOLZ)
            continue;
        int32_t same = now->moved <= tolerance ? -1 : earlier(game, state, end.rounds);
        if (now->moved <= tolerance)
            end.stop = ENT_STOP_SETTLED;
        else if (same >= 0) {
            end.stop = ENT_STOP_CYCLE;
            end.cycle_start = same;
            end.cycle_length = end.rounds - same;
        }
    }
    return end;
}

/* Median and mean at the end: of the last state, or over the cycle. */
static void settle_on(double *median, double *mean, const ent__challenge_state *state, const ending *end)
{
    int32_t length = end->cycle_length > 0 ? end->cycle_length : 1;
    double medians = 0, means = 0;
    for (int32_t t = end->rounds - length + 1; t <= end->rounds; t++) {
        medians += state[t].median;
        means += state[t].mean;
    }
    *median = medians / length;
    *mean = means / length;
}

/* --- the call of the draw loop ------------------------------------------------------------------------------ */

enum { OPTION_R, OPTION_VARIANT, OPTION_ACCEPT, OPTION_CONFRONTATION, OPTION_Q, OPTION_TOLERANCE, OPTION_MAX_ROUNDS };

ent_challenge_options ent_challenge_options_of(const double *option)
{
    ent_challenge_options o = ENT_CHALLENGE_OPTIONS_INIT;
    o.variant = (ent_challenge_variant)option[OPTION_VARIANT];
    o.accept = (ent_challenge_accept)option[OPTION_ACCEPT];
    o.confrontation = (ent_challenge_conflict)option[OPTION_CONFRONTATION];
    o.q = option[OPTION_Q];
    o.tolerance = option[OPTION_TOLERANCE];
    o.max_rounds = (int32_t)option[OPTION_MAX_ROUNDS];
    return o;
}

enum { MOST_STATES = ENT_CHALLENGE_MAX_ROUNDS + 1 };

/* Over the limit nothing is settled. Only the states of rounds that are played are touched. */
static size_t workspace(size_t n)
{
    ent__challenge game;
    if (n < 1 || n > ENT_CHALLENGE_MAX_ACTORS)
        return 0;
    return ent__challenge_layout(&game, n, NULL) + MOST_STATES * sizeof(ent__challenge_state) +
           (MOST_STATES + 3) * n * sizeof(double);
}

static void settle(ent_settle_output *out, const ent_settle_input *in, void *space)
{
    size_t n = in->n;
    out->stop = ENT_STOP_UNDEFINED;
    out->outcome = ENT_UNDEFINED;
    if (n < 1 || n > ENT_CHALLENGE_MAX_ACTORS)
        return;
    ent__challenge game = {.options = ent_challenge_options_of(in->option)};
    ent__challenge_state *state = (void *)((char *)space + ent__challenge_layout(&game, n, space));
    double *real = (double *)(void *)(state + MOST_STATES), mean;
    if (!ent__challenge_prepare(&game, in->position, in->salience, in->capability))
        return;
    out->stop = ENT_STOP_SETTLED;
    out->outcome = in->position[0];
    if (game.range == 0)
        return;
    state[0] = (ent__challenge_state){.danger = real,
                                      .risk = real + n,
                                      .exponent = real + 2 * n,
                                      .position = memcpy(real + 3 * n, in->position, n * sizeof *real)};
    ending end = play(&game, state);
    settle_on(&out->outcome, &mean, state, &end);
    out->stop = end.stop;
    out->rounds = end.rounds;
}

/* --- checks -------------------------------------------------------------------------------------------------- */

/* A number for a message. */
typedef struct shown {
    char text[32];
} shown;
static shown show(double x)
{
    shown s;
    if (ent__is_finite(x))
        ent__number_people(s.text, x, 6);
    else
        strcpy(s.text, x != x ? "not a number" : "infinite");
    return s;
}

static ent_status check_options(const ent_challenge_options *o, ent_error *err)
{
    ent_status status = ENT_OK;
    const struct {
        const char *name;
        int value;
    } word[] = {{"variant", (int)o->variant}, {"accept", (int)o->accept}, {"confrontation", (int)o->confrontation}};
    const struct {
        const char *name;
        int32_t value, low, high;
    } count[] = {{"max_rounds", o->max_rounds, 1, ENT_CHALLENGE_MAX_ROUNDS},
                 {"max_offers", o->max_offers, 0, ENT_CHALLENGE_MAX_OFFERS}};
    ENT_REQUIRE(o->version == 1, ENT_ERR_ARGUMENT, "options of version %d; start from ENT_CHALLENGE_OPTIONS_INIT",
                (int)o->version);
    for (size_t i = 0; i < ENT_COUNT(word); i++)
        ENT_REQUIRE(word[i].value == 0 || word[i].value == 1, ENT_ERR_ARGUMENT, "option %s is %d; allowed are 0 and 1",
                    word[i].name, word[i].value);
    for (size_t i = 0; i < ENT_COUNT(count); i++)
        ENT_REQUIRE(count[i].value >= count[i].low && count[i].value <= count[i].high, ENT_ERR_ARGUMENT,
                    "option %s is %d; allowed are %d to %d", count[i].name, (int)count[i].value, (int)count[i].low,
                    (int)count[i].high);
    ENT_REQUIRE(o->q >= 0 && o->q <= 1, ENT_ERR_DOMAIN, "option q is %s; it is a probability, 0 to 1", show(o->q).text);
    ENT_REQUIRE(o->tolerance >= 0 && o->tolerance <= 1, ENT_ERR_DOMAIN,
                "option tolerance is %s; it is a share of the range, 0 to 1", show(o->tolerance).text);
done:
    return status;
}

static ent_status check_actor(bool *weighs, const ent_challenge_input *input, size_t i, ent_error *err)
{
    ent_status status = ENT_OK;
    double x = input->position[i], s = input->salience[i], c = input->capability[i];
    ENT_REQUIRE(fabs(x) <= 1e100, ENT_ERR_DOMAIN, "actor %zu: position %s; it must be a number within 1e100 of 0",
                i + 1, show(x).text);
    ENT_REQUIRE(s >= 0 && s <= 1, ENT_ERR_DOMAIN, "actor %zu: salience %s; allowed are 0 to 1", i + 1, show(s).text);
    ENT_REQUIRE(c >= 0 && c <= 1e100, ENT_ERR_DOMAIN, "actor %zu: capability %s; it must be a number from 0 to 1e100",
                i + 1, show(c).text);
    *weighs |= s * c > 0;
done:
    return status;
}

static ent_status check(const ent_challenge_input *input, const ent_challenge_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    bool weighs = false;
    ENT_REQUIRE(input != NULL && input->position != NULL && input->salience != NULL && input->capability != NULL,
                ENT_ERR_ARGUMENT, "positions, saliences or capabilities are missing");
    double n = (double)input->n;
    ENT_REQUIRE(
        input->n <= ENT_CHALLENGE_MAX_ACTORS, ENT_ERR_LIMIT,
        "%zu actors; the challenge model takes at most %d, since a round costs on the order of n^3 steps (about "
        "%s billion here)",
        input->n, ENT_CHALLENGE_MAX_ACTORS, show(n * n * n / 2e9).text);
    ENT_REQUIRE(input->n >= 1, ENT_ERR_ARGUMENT, "an issue needs at least one actor, there is none");
    ENT_TRY(check_options(options, err));
    for (size_t i = 0; i < input->n; i++)
        ENT_TRY(check_actor(&weighs, input, i, err));
    ENT_REQUIRE(weighs, ENT_ERR_DOMAIN,
                "every weight (salience times capability) is zero: nobody can settle the issue");
done:
    return status;
}

/* --- the public call -------------------------------------------------------------------------------------------- */

/* All that a call allocates, in one block. */
typedef struct whole {
    ent_challenge_result *result;
    ent_challenge_round *round;
    ent__challenge_state *state;
    double *real;
    int32_t *accepted;
    ent_challenge_offer *offer;
    char *workspace;
} whole;

static size_t put(size_t *at, size_t n, size_t size)
{
    size_t place = *at;
    *at += (n * size + 63) & ~(size_t)63;
    return place;
}

/* What is kept of a run: every offer up to max_offers, and beyond that the accepted ones, at most one an actor and
 * round. */
static size_t offers_kept(size_t n, const ent_challenge_options *options, size_t *room)
{
    size_t rounds = (size_t)options->max_rounds, most = rounds * n * (n - 1);
    *room = most < (size_t)options->max_offers ? most : (size_t)options->max_offers;
    return *room + rounds * n;
}

static ent_status allocate(whole *all, ent__challenge *game, size_t n, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t at = 0, states = (size_t)game->options.max_rounds + 1;
    put(&at, 1, sizeof *all->result); /* at the start of the block: freeing the result frees all */
    size_t round = put(&at, states, sizeof *all->round);
    size_t real = put(&at, 4 * n * states, sizeof *all->real), accepted = put(&at, n * states, sizeof *all->accepted);
    size_t offer = put(&at, offers_kept(n, &game->options, &game->room), sizeof *all->offer);
    size_t work = ent__challenge_layout(game, n, NULL) + states * sizeof *all->state;
    char *kept = ent__alloc(at, 1);
    all->workspace = ent__alloc(work, 1);
    all->result = (void *)kept;
    ENT_REQUIRE(kept != NULL && all->workspace != NULL, ENT_ERR_MEMORY,
                "not enough memory for the challenge model with %zu actors and %d rounds: %zu MB", n,
                (int)game->options.max_rounds, (at + work) >> 20);
    all->round = (void *)(kept + round);
    all->real = (void *)(kept + real);
    all->accepted = (void *)(kept + accepted);
    all->offer = (void *)(kept + offer);
    all->state = (void *)(all->workspace + ent__challenge_layout(game, n, all->workspace));
done:
    return status;
}

/* The states as the caller reads them. */
static void tell_rounds(const whole *all, int32_t rounds)
{
    for (int32_t t = 0; t <= rounds; t++) {
        const ent__challenge_state *state = &all->state[t];
        bool last = t == rounds;
        all->round[t] = (ent_challenge_round){.position = state->position,
                                              .median = state->median,
                                              .mean = state->mean,
                                              .danger = last ? NULL : state->danger,
                                              .risk = last ? NULL : state->risk,
                                              .exponent = last ? NULL : state->exponent,
                                              .n_offers = state->n_offers,
                                              .offer = state->offer,
                                              .left_out = state->left_out,
                                              .accepted = last ? NULL : state->accepted,
                                              .moved = last ? 0 : state->moved};
    }
}

ent_status ent_challenge(ent_challenge_result **out, const ent_challenge_input *input,
                         const ent_challenge_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    whole all = {0};
    ent__challenge game = {.options = ENT_CHALLENGE_OPTIONS_INIT};
    ent_challenge_result *result = NULL;
    ENT_REQUIRE(out != NULL, ENT_ERR_ARGUMENT, "there is no place for the result: out is NULL");
    *out = NULL;
    if (options != NULL)
        game.options = *options;
    ENT_TRY(check(input, &game.options, err));
    size_t n = input->n, states = (size_t)game.options.max_rounds + 1;
    ENT_TRY(allocate(&all, &game, n, err));
    ending end = {.stop = ENT_STOP_SETTLED};
    all.state[0] = (ent__challenge_state){.position = memcpy(all.real, input->position, n * sizeof *all.real),
                                          .danger = all.real + states * n,
                                          .risk = all.real + 2 * states * n,
                                          .exponent = all.real + 3 * states * n,
                                          .accepted = all.accepted,
                                          .offer = all.offer};
    ENT_REQUIRE(ent__challenge_prepare(&game, input->position, input->salience, input->capability), ENT_ERR_DOMAIN,
                "the positions have no finite range");
    if (game.range > 0)
        end = play(&game, all.state);
    else /* all at one place */
        all.state[0].median = all.state[0].mean = input->position[0];
    tell_rounds(&all, end.rounds);
    result = all.result;
    *result = (ent_challenge_result){.n = n,
                                     .rounds = end.rounds,
                                     .stop = end.stop,
                                     .interrupted = end.interrupted,
                                     .cycle_start = end.cycle_start,
                                     .cycle_length = end.cycle_length,
                                     .range = game.range,
                                     .round = all.round};
    settle_on(&result->outcome, &result->mean, all.state, &end);
    *out = result;
done:
    ent__free(all.workspace);
    if (result == NULL)
        ent__free(all.result);
    return status;
}

void ent_challenge_free(ent_challenge_result *result)
{
    ent__free(result);
}

/* --- the table of models -------------------------------------------------------------------------------------- */

/* clang-format off */
static const ent_port options[] = {
    [OPTION_R] = ENT__SETTLE_OPTION_R,
    [OPTION_VARIANT] = {.name = "variant", .shape = "", .unit = "", .choices = "classic|scholz",
     .meaning = "the model as published with its loose ends closed, or the numbers of the public program (Velev 2014)"},
    [OPTION_ACCEPT] = {.name = "accept", .shape = "", .unit = "", .choices = "least|strongest",
     .meaning = "each follows the offer that asks the least movement, or that of whoever gains most by challenging it"},
    [OPTION_CONFRONTATION] = {.name = "confrontation", .shape = "", .unit = "", .choices = "concede|none",
     .meaning = "who accepts a confrontation concedes all; or conflict, whose outcome is uncertain, moves nobody"},
    [OPTION_Q] = {.name = "q", .shape = "", .unit = "1", .low = 0, .high = 1, .fallback = 1,
     .meaning = "probability that nothing changes if nobody challenges; else the other moves to the median"},
    [OPTION_TOLERANCE] = {.name = "tolerance", .shape = "", .unit = "1", .low = 0, .high = 1, .fallback = 1e-3,
     .meaning = "settled when nobody moves by more than this share of the range of positions"},
    [OPTION_MAX_ROUNDS] = {.name = "max_rounds", .shape = "", .unit = "1", .low = 1, .high = ENT_CHALLENGE_MAX_ROUNDS,
     .fallback = 50, .meaning = "the most rounds; a whole number. scholz plays exactly so many"},
};
/* clang-format on */

const ent_model ent__model_challenge = {
    .name = "challenge",
    .room = "settle",
    .title = "Challenge (expected utility)",
    .summary =
        "Actors bargain in rounds. Each weighs whether a challenge of each other would pay, counting who would side "
        "with whom. Those who would lose more than they could win are asked to move, and each follows one demand. "
        "It ends when nearly nothing moves; the outcome is the weighted median.",
    .equation =
        "P_ij = support for i against j / all who prefer one of the two\n"
        "EU_ij = s_j (P_ij Us + (1 - P_ij) Uf) + (1 - s_j) Us - Q Uq - (1 - Q) (T Ub + (1 - T) Uw)\n"
        "as i sees it: b = EU_ji > a = EU_ij > 0: i concedes to j;  b > 0 > a, b > |a|: i moves by |a/b| of the way\n"
        "x* = weighted median at the end,  w = capability * salience",
    .citation =
        "Bueno de Mesquita, B. (1994). Political forecasting: an expected utility method. In B. Bueno de Mesquita & "
        "F. N. Stokman (eds.), European Community Decision Making. Yale University Press. Bueno de Mesquita, B. "
        "(1997). A decision making model: its structure and form. International Interactions 23(3-4), 235-266. "
        "Scholz, J. B., Calbert, G. J. & Smith, G. A. (2011). Unravelling Bueno De Mesquita's group decision "
        "model. Journal of Theoretical Politics 23(4), 510-531.",
    .accuracy =
        "Worse than the weighted mean where it could be tested: mean absolute error 27.04 on a scale of 0 to 100, over "
        "226 issues of EU decision making (DEU III, a public sample), with equal power; 29.16 with accept strongest, "
        "29.70 as the public program computes. The weighted mean of the same positions gives 24.16, always saying 50 "
        "27.91.",
    .cost = "O(n^3) a round",
    .inputs = ent__settle_inputs,
    .n_inputs = ENT_COUNT(ent__settle_inputs),
    .options = options,
    .n_options = ENT_COUNT(options),
    .outputs = ent__settle_outputs,
    .n_outputs = ENT_COUNT(ent__settle_outputs),
    .workspace = workspace,
    .settle = settle,
    .story = ent__challenge_story,
    .most_actors = ENT_CHALLENGE_MAX_ACTORS,
};
