/* The spatial model as a call of its own: checks, one block for all rounds, and the result on the caller's scales.
 * The equations are in spatial_run.c, spatial_contest.c and spatial_election.c. */
#include "settle/spatial.h"

#include <string.h>

/* --- checks -------------------------------------------------------------------------------------------- */

static ent_status check_options(const ent_spatial_options *options, bool by_dimension, ent_error *err)
{
    ent_status status = ENT_OK;
    const struct {
        const char *name;
        int value, count;
    } word[] = {
        {"mode", (int)options->mode, 2},
        {"victory", (int)options->victory, ENT_SPATIAL_VICTORY_COUNT},
        {"election", (int)options->election, ENT_SPATIAL_ELECTION_COUNT},
        {"transition", (int)options->transition, ENT_SPATIAL_TRANSITION_COUNT},
        {"vote", (int)options->vote, ENT_SPATIAL_VOTE_COUNT},
        {"adjust", (int)options->adjust, ENT_SPATIAL_ADJUST_COUNT},
        {"range", (int)options->range, ENT_SPATIAL_RANGE_COUNT},
        {"commit", (int)options->commit, ENT_SPATIAL_COMMIT_COUNT},
        {"interpolation", (int)options->interpolation, ENT_SPATIAL_INTERPOLATION_COUNT},
        {"bargain", (int)options->bargain, ENT_SPATIAL_BARGAIN_COUNT},
    };
    ENT_REQUIRE(options->version == 1, ENT_ERR_ARGUMENT, "options of version %d; start from ENT_SPATIAL_OPTIONS_INIT",
                (int)options->version);
    for (size_t i = 0; i < ENT_COUNT(word); i++)
        ENT_REQUIRE(word[i].value >= 0 && word[i].value < word[i].count, ENT_ERR_ARGUMENT,
                    "option %s is %d; allowed are 0 to %d", word[i].name, word[i].value, word[i].count - 1);
    ENT_REQUIRE(options->max_rounds >= 1 && options->max_rounds <= ENT_SPATIAL_MAX_ROUNDS, ENT_ERR_ARGUMENT,
                "option rounds is %d; allowed are 1 to %d", (int)options->max_rounds, ENT_SPATIAL_MAX_ROUNDS);
    if (options->mode == ENT_SPATIAL_KTAB) {
        ENT_REQUIRE(options->adjust != ENT_SPATIAL_ADJUST_FULL, ENT_ERR_DOMAIN,
                    "adjust full in mode ktab: that program always stops with an error on it; mode corrected takes it");
        ENT_REQUIRE(
            !by_dimension, ENT_ERR_DOMAIN,
            "capability by dimension in mode ktab: that program has one number an actor; mode corrected takes it");
    }
done:
    return status;
}

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

static ent_status check_scales(const ent_spatial_input *input, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE((input->low == NULL) == (input->high == NULL), ENT_ERR_ARGUMENT, "one end of the scales is missing");
    for (size_t k = 0; k < input->dims && input->low; k++)
        ENT_REQUIRE(ent__is_finite(input->low[k]) && ent__is_finite(input->high[k]) && input->low[k] < input->high[k] &&
                        ent__is_finite(input->high[k] - input->low[k]),
                    ENT_ERR_DOMAIN,
                    "the scale of dimension %zu runs from %s to %s; its ends must be finite, the low one first", k + 1,
                    show(input->low[k]).text, show(input->high[k]).text);
done:
    return status;
}

static ent_status check_actor(const ent_spatial_input *input, bool ktab, size_t i, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t columns = input->by_dimension ? input->dims : 1;
    double total = 0;
    for (size_t k = 0; k < input->dims; k++) {
        double x = input->position[i * input->dims + k], s = input->salience[i * input->dims + k];
        double low = input->low ? input->low[k] : 0, high = input->low ? input->high[k] : 100;
        ENT_REQUIRE(x >= low && x <= high, ENT_ERR_DOMAIN,
                    "actor %zu: position %s on dimension %zu; the scale runs from %s to %s", i + 1, show(x).text, k + 1,
                    show(low).text, show(high).text);
        ENT_REQUIRE(s >= 0 && s <= 1, ENT_ERR_DOMAIN, "actor %zu: salience %s on dimension %zu; allowed are 0 to 1",
                    i + 1, show(s).text, k + 1);
        total += s;
    }
    for (size_t k = 0; k < columns; k++) {
        double c = input->capability[i * columns + k];
        ENT_REQUIRE(c >= 0 && ent__is_finite(c), ENT_ERR_DOMAIN,
                    "actor %zu: capability %s; it must be a number of at least 0", i + 1, show(c).text);
        ENT_REQUIRE(
            !ktab || (c > 0 && c <= 1e8), ENT_ERR_DOMAIN,
            "actor %zu: capability %s; mode ktab takes more than 0 and at most 100 000 000, as that program does",
            i + 1, show(c).text);
    }
    ENT_REQUIRE(!ktab || (total > 0 && total <= 1 + 1e-9), ENT_ERR_DOMAIN,
                "actor %zu: total salience %s; mode ktab takes more than 0 and at most 1, as that program does", i + 1,
                show(total).text);
done:
    return status;
}

static ent_status check_accommodation(const ent_spatial_input *input, ent_error *err)
{
    ent_status status = ENT_OK;
    for (size_t i = 0; i < input->n && input->accommodation; i++) {
        double sum = 0;
        for (size_t j = 0; j < input->n; j++) {
            double a = input->accommodation[i * input->n + j];
            ENT_REQUIRE(a >= 0 && a <= 1, ENT_ERR_DOMAIN,
                        "accommodation of actor %zu to actor %zu is %s; allowed are 0 to 1", i + 1, j + 1,
                        show(a).text);
            sum += a;
        }
        ENT_REQUIRE(sum <= 1 + 1e-10, ENT_ERR_DOMAIN, "accommodation of actor %zu sums to %s; at most 1 is allowed",
                    i + 1, show(sum).text);
    }
done:
    return status;
}

static ent_status check(const ent_spatial_input *input, const ent_spatial_options *options, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(input && input->position && input->salience && input->capability, ENT_ERR_ARGUMENT,
                "positions, saliences or capabilities are missing");
    ENT_REQUIRE(
        input->n <= ENT_SPATIAL_MAX_ACTORS, ENT_ERR_LIMIT,
        "%zu actors; the spatial model takes at most %d, since a round costs on the order of n^3 steps (about %s "
        "billion here)",
        input->n, ENT_SPATIAL_MAX_ACTORS, show((double)input->n * (double)input->n * (double)input->n / 1e9).text);
    ENT_REQUIRE(input->n >= 2, ENT_ERR_DOMAIN, "%zu actor%s; bargaining needs at least two", input->n,
                input->n == 1 ? "" : "s");
    ENT_REQUIRE(input->dims >= 1 && input->dims <= ENT_SPATIAL_MAX_DIMENSIONS, ENT_ERR_LIMIT,
                "%zu dimensions; allowed are 1 to %d", input->dims, ENT_SPATIAL_MAX_DIMENSIONS);
    ENT_TRY(check_options(options, input->by_dimension, err));
    ENT_TRY(check_scales(input, err));
    for (size_t i = 0; i < input->n; i++)
        ENT_TRY(check_actor(input, options->mode == ENT_SPATIAL_KTAB, i, err));
    ENT_TRY(check_accommodation(input, err));
done:
    return status;
}

/* --- memory ---------------------------------------------------------------------------------------------- */

/* A result with all it holds, in one block, the result first: pages of rounds that are not played are never touched. */
typedef struct holder {
    ent_spatial_result result;
    ent__spatial_run run;
    ent__spatial_state *state;
    ent_spatial_round *round;
    double *outcome;
    size_t n_states;
} holder;

static void *place(char *block, size_t *at, size_t n, size_t size)
{
    void *here = block ? block + *at : NULL;
    *at += (n * size + 63) & ~(size_t)63;
    return here;
}

/* Bytes of the holder's tables; sets the pointers where there is a block. */
static size_t lay_out(holder *h, const ent_spatial_input *input, char *block)
{
    size_t n = input->n, dims = input->dims, at = 0, real = sizeof(double);
    size_t offers = h->run.options.bargain == ENT_SPATIAL_BOTH ? 2 * n : n;
    h->state = place(block, &at, h->n_states, sizeof *h->state);
    h->round = place(block, &at, h->n_states, sizeof *h->round);
    h->outcome = place(block, &at, dims, real);
    for (size_t t = 0; t < h->n_states; t++) {
        ent__spatial_state s = {0};
        s.position = place(block, &at, n * dims, real);
        s.ideal = place(block, &at, n * dims, real);
        s.risk = place(block, &at, n, real);
        s.chance = place(block, &at, n, real);
        s.win = place(block, &at, n, real);
        s.stay = place(block, &at, n, real);
        s.place = place(block, &at, n, sizeof(int32_t));
        s.taken = place(block, &at, n, sizeof(int32_t));
        if (t + 1 < h->n_states) {
            s.offer = place(block, &at, offers, sizeof(ent_spatial_offer));
            s.moves = place(block, &at, offers * 2 * dims, real);
        }
        if (block)
            h->state[t] = s;
    }
    return at;
}

/* --- in and out -------------------------------------------------------------------------------------------- */

static bool is_identity(const double *matrix, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (matrix[i * n + j] != (i == j ? 1 : 0))
                return false;
    return true;
}

static void set_first(const holder *h, const ent_spatial_input *input)
{
    for (size_t at = 0; at < input->n * input->dims; at++) {
        size_t k = at % input->dims;
        double low = input->low ? input->low[k] : 0, high = input->low ? input->high[k] : 100;
        h->state[0].position[at] = h->state[0].ideal[at] = (input->position[at] - low) / (high - low);
    }
}

static void to_scale(double *x, size_t rows, const ent_spatial_input *input)
{
    for (size_t at = 0; at < rows * input->dims; at++) {
        size_t k = at % input->dims;
        double low = input->low ? input->low[k] : 0, high = input->low ? input->high[k] : 100;
        x[at] = low + x[at] * (high - low);
    }
}

/* The first state keeps the numbers as given, not as they come back from a scale of length 1. */
static void fill_result(holder *h, const ent_spatial_input *input, int32_t rounds)
{
    size_t n = input->n, dims = input->dims;
    for (size_t t = 0; t <= (size_t)rounds; t++) {
        ent__spatial_state *s = &h->state[t];
        bool last = t == (size_t)rounds;
        to_scale(s->position, n, input);
        to_scale(s->ideal, n, input);
        if (t == 0) {
            memcpy(s->position, input->position, n * dims * sizeof(double));
            memcpy(s->ideal, input->position, n * dims * sizeof(double));
        }
        to_scale(s->moves, last ? 0 : 2 * s->n_offers, input);
        h->round[t] = (ent_spatial_round){.position = s->position,
                                          .ideal = s->ideal,
                                          .risk = s->risk,
                                          .chance = s->chance,
                                          .win_probability = s->win,
                                          .place = s->place,
                                          .places = s->places,
                                          .n_offers = last ? 0 : s->n_offers,
                                          .offer = last ? NULL : s->offer,
                                          .stay = last ? NULL : s->stay,
                                          .taken = last ? NULL : s->taken,
                                          .moved = last ? 0 : s->moved};
    }
    for (size_t k = 0; k < dims; k++) {
        double sum = 0, weight = 0, most = 0;
        size_t columns = input->by_dimension ? dims : 1, column = input->by_dimension ? k : 0;
        for (size_t i = 0; i < n; i++)
            most = input->capability[i * columns + column] > most ? input->capability[i * columns + column] : most;
        for (size_t i = 0; i < n; i++) {
            double c = most > 0 ? input->capability[i * columns + column] / most : 1;
            sum += c * h->state[rounds].position[i * dims + k];
            weight += c;
        }
        h->outcome[k] = sum / weight;
    }
}

ent_status ent_spatial(ent_spatial_result **out, const ent_spatial_input *input, const ent_spatial_options *options,
                       ent_error *err)
{
    static const ent_spatial_options fallback = ENT_SPATIAL_OPTIONS_INIT;
    ent_status status = ENT_OK;
    holder *h = NULL;
    void *tables = NULL, *work = NULL;
    if (out)
        *out = NULL;
    ENT_REQUIRE(out, ENT_ERR_ARGUMENT, "no place for the result");
    options = options ? options : &fallback;
    ENT_TRY(check(input, options, err));
    holder sized = {.run = {.n = input->n, .dims = input->dims, .options = *options},
                    .n_states = (size_t)options->max_rounds + 1};
    size_t table_bytes = lay_out(&sized, input, NULL);
    h = ent__alloc(1, sizeof *h + 64 + table_bytes);
    work = ent__alloc(1, ent__spatial_layout(&sized.run, NULL));
    ENT_REQUIRE(h && work, ENT_ERR_MEMORY, "%zu actors in %zu dimensions over %d rounds: not enough memory", input->n,
                input->dims, (int)options->max_rounds);
    *h = sized;
    tables = (char *)h + ((sizeof *h + 63) & ~(size_t)63);
    lay_out(h, input, tables);
    ent__spatial_layout(&h->run, work);
    h->run.salience = input->salience;
    h->run.accommodation =
        input->accommodation && !is_identity(input->accommodation, input->n) ? input->accommodation : NULL;
    ENT_REQUIRE(ent__spatial_prepare(&h->run, input->capability, input->by_dimension), ENT_ERR_DOMAIN,
                "no actor has both capability and salience: there is nothing to weigh");
    set_first(h, input);
    int32_t rounds = ent__spatial_play(&h->result.stop, &h->run, h->state, h->n_states);
    fill_result(h, input, rounds);
    h->result = (ent_spatial_result){.n = input->n,
                                     .dims = input->dims,
                                     .rounds = rounds,
                                     .stop = h->result.stop,
                                     .interrupted = h->run.interrupted,
                                     .unconverged = h->run.unconverged,
                                     .round = h->round,
                                     .outcome = h->outcome};
    *out = &h->result;
    h = NULL;
done:
    ent__free(h);
    ent__free(work);
    return status;
}

void ent_spatial_free(ent_spatial_result *result)
{
    ent__free(result);
}
