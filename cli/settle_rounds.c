/* The rounds of the challenge and the spatial model, told in words: who gave way to whom and why. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MOVES = 8, MOST_ROUNDS = 8, TOGETHER = 4 };
static const double SMALL = 0.005; /* of the scale: movements below are only counted */

/* One movement of a round. */
typedef struct move {
    size_t actor;
    double size; /* of the longest of its ways, as a share of that scale */
} move;

/* What a mover does, as a sentence goes on after one name or several, and why: "gives way to France", "+0.5, +0.4". */
typedef struct phrase {
    char one[80], many[80], why[80], way[400];
} phrase;

/* Rounds look alike, whatever the model: states, offers and who follows which. */
typedef struct rounds {
    const settled *s;
    const cli_style *style;
    int32_t count;
    const double *(*position)(const settled *s, int32_t r);
    void (*reason)(const settled *s, phrase *out, int32_t r, size_t actor);
    size_t (*refused)(const settled *s, int32_t r);
    void (*list_refused)(const settled *s, const cli_style *style, int32_t r);
    const char *offers; /* "demand" */
} rounds;

/* "10 -> 8.24", or in several dimensions "10 -> 8.24 on trade, 3 -> 4 on arms": those ways that count. */
static void way(char *out, size_t size, const settled *s, size_t actor, const double *from, const double *to)
{
    size_t used = 0;
    const cli_style style = cli_style_of(stdout);
    out[0] = 0;
    for (size_t d = 0; d < s->issues && used + 130 < size; d++) {
        size_t at = actor * s->issues + d;
        char a[32], b[32];
        if (s->issues > 1 && !(fabs(to[at] - from[at]) >= SMALL * (s->high[d] - s->low[d])) && !s->all)
            continue;
        settle_place(a, s, d, from[at]), settle_place(b, s, d, to[at]);
        char *name = s->issues > 1 ? cli_safe(&style, s->issue[d], 24) : NULL;
        used += (size_t)snprintf(out + used, size - used, "%s%s -> %s%s%s", used > 0 ? ", " : "", a, b,
                                 name != NULL ? " on " : "", name != NULL ? name : "");
        free(name);
    }
}

static double size_of(const settled *s, size_t actor, const double *from, const double *to)
{
    double most = 0;
    for (size_t d = 0; d < s->issues; d++) {
        double share = fabs(to[actor * s->issues + d] - from[actor * s->issues + d]) / (s->high[d] - s->low[d]);
        most = share > most ? share : most;
    }
    return most;
}

static int by_size(const void *a, const void *b)
{
    const move *x = a, *y = b;
    return x->size != y->size ? (x->size < y->size) - (x->size > y->size)
                              : (x->actor > y->actor) - (x->actor < y->actor);
}

static int by_actor(const void *a, const void *b)
{
    const move *x = a, *y = b;
    return (x->actor > y->actor) - (x->actor < y->actor);
}

/* Those that move in a round; the first `shown` are to be told, in the order of the table. */
static size_t find_moves(const rounds *t, move *list, int32_t r, size_t *shown)
{
    size_t n = 0, large = 0;
    for (size_t i = 0; i < t->s->n; i++) {
        double size = size_of(t->s, i, t->position(t->s, r), t->position(t->s, r + 1));
        if (size > 0)
            list[n++] = (move){i, size};
        large += size >= SMALL;
    }
    qsort(list, n, sizeof *list, by_size);
    *shown = t->s->all ? n : large < MOST_MOVES ? large : MOST_MOVES;
    qsort(list, *shown, sizeof *list, by_actor);
    return n;
}

static const char *change(char out[80], const char *what, const settled *s, double from, double to)
{
    char a[32], b[32];
    settle_place(a, s, 0, from), settle_place(b, s, 0, to);
    snprintf(out, 80, strcmp(a, b) == 0 ? "%s %s" : "%s %s -> %s", what, a, b);
    return out;
}

/* " Weighted median 7 -> 8.1, mean 7.4 -> 7.6." for the time between two states. */
static const char *middle(char out[200], const rounds *t, int32_t first, int32_t last)
{
    const settled *s = t->s;
    out[0] = 0;
    if (s->issues > 1)
        return out;
    char median[80], mean[80];
    const double *from = t->position(s, first), *to = t->position(s, last);
    change(median, "Weighted median", s, settle_by(s, "median", from, 0), settle_by(s, "median", to, 0));
    change(mean, "mean", s, settle_by(s, "compromise", from, 0), settle_by(s, "compromise", to, 0));
    snprintf(out, 200, "%s, %s.", median, mean);
    return out;
}

static bool same_phrase(const phrase *a, const phrase *b)
{
    return strcmp(a->one, b->one) == 0 && strcmp(a->why, b->why) == 0 && strcmp(a->way, b->way) == 0;
}

/* "France and Italy", "France, Italy and 3 more" of those whose phrase is that of list[k]; marks them as told. */
static size_t names_of(char *out, size_t size, const settled *s, const move *list, const phrase *text, bool *told,
                       size_t k, size_t n)
{
    size_t used = 0, count = 0, named = 0;
    for (size_t i = k; i < n; i++)
        count += same_phrase(&text[i], &text[k]);
    out[0] = 0;
    for (size_t i = k; i < n; i++) {
        if (!same_phrase(&text[i], &text[k]))
            continue;
        told[i] = true;
        bool last = named + 1 == count;
        if (named < TOGETHER)
            used += (size_t)snprintf(out + used, size - used, "%s%s",
                                     named == 0 ? ""
                                     : last     ? " and "
                                                : ", ",
                                     s->said[list[i].actor]);
        named++;
    }
    if (count > TOGETHER)
        snprintf(out + used, size - used, " and %zu more", count - TOGETHER);
    return count;
}

/* One sentence for all that do the same. */
static void tell_moves(const rounds *t, const move *list, int32_t r, size_t n)
{
    phrase *text = calloc(n + 1, sizeof *text);
    bool *told = calloc(n + 1, sizeof *told);
    for (size_t k = 0; k < n && text != NULL; k++) {
        t->reason(t->s, &text[k], r, list[k].actor);
        way(text[k].way, sizeof text[k].way, t->s, list[k].actor, t->position(t->s, r), t->position(t->s, r + 1));
    }
    for (size_t k = 0; k < n && text != NULL && told != NULL; k++) {
        char names[256];
        if (told[k])
            continue;
        size_t count = names_of(names, sizeof names, t->s, list, text, told, k, n);
        settle_say(t->style, 2, 4, "%s %s, %s (%s)", names, count == 1 ? text[k].one : text[k].many, text[k].way,
                   text[k].why);
    }
    free(text);
    free(told);
}

static void tell_round(const rounds *t, move *list, int32_t r)
{
    const settled *s = t->s;
    char after[200], others[80] = "", offers[80] = "";
    size_t shown = 0, n = find_moves(t, list, r, &shown), refused = t->refused(s, r);
    printf("\nRound %d\n", (int)r + 1);
    tell_moves(t, list, r, shown);
    if (n == 0)
        snprintf(others, sizeof others, "Nobody moves. ");
    else if (n > shown)
        snprintf(others, sizeof others, "%zu %s%s %s. ", n - shown, shown > 0 ? "more " : "",
                 n - shown == 1 ? "moves" : "move", shown == MOST_MOVES ? "less far" : "a little");
    if (s->all && refused > 0)
        t->list_refused(s, t->style, r);
    else if (refused > 0)
        snprintf(offers, sizeof offers, "%zu %s%s refused. ", refused, t->offers, refused == 1 ? "" : "s");
    middle(after, t, r, r + 1);
    if (others[0] != 0 || offers[0] != 0 || after[0] != 0)
        settle_say(t->style, 2, 2, "%s%s%s", others, offers, after);
}

/* Rounds from..to-1 in one line. */
static void skip_rounds(const rounds *t, move *list, int32_t from, int32_t to)
{
    size_t moves = 0, shown = 0;
    for (int32_t r = from; r < to; r++)
        moves += find_moves(t, list, r, &shown);
    char after[200];
    printf("\nRounds %d to %d\n", (int)from + 1, (int)to);
    settle_say(t->style, 2, 2, "%zu movements, which --all tells. %s", moves, middle(after, t, from, to));
}

static void tell_all(const rounds *t)
{
    move *list = malloc(t->s->n * sizeof *list);
    int32_t head = MOST_ROUNDS - 2;
    if (list == NULL)
        return;
    for (int32_t r = 0; r < t->count; r++) {
        if (!t->s->all && t->count > MOST_ROUNDS && r == head) {
            skip_rounds(t, list, head, t->count - 1);
            r = t->count - 1;
        }
        tell_round(t, list, r);
    }
    free(list);
}

/* --- challenge ------------------------------------------------------------------------------------------ */

static const double *challenge_position(const settled *s, int32_t r)
{
    return s->challenge->round[r].position;
}

static void challenge_reason(const settled *s, phrase *out, int32_t r, size_t actor)
{
    const ent_challenge_round *round = &s->challenge->round[r];
    int32_t k = round->accepted[actor];
    if (k < 0) { /* cannot be: who accepts nothing stays */
        snprintf(out->one, sizeof out->one, "moves");
        return;
    }
    const ent_challenge_offer *o = &round->offer[k];
    bool concedes = o->kind == ENT_CHALLENGE_CONFRONTATION;
    const char *proposer = s->said[o->proposer], *end = concedes ? "" : "'s compromise";
    char asks[32], asked[32];
    ent_number_people(asks, o->eu_proposer, 2), ent_number_people(asked, fabs(o->eu_receiver), 2);
    snprintf(out->one, sizeof out->one, "%s %s%s", concedes ? "gives way to" : "accepts", proposer, end);
    snprintf(out->many, sizeof out->many, "%s %s%s", concedes ? "give way to" : "accept", proposer, end);
    snprintf(out->why, sizeof out->why, "+%s, %s%s", asks, o->eu_receiver < 0 ? "-" : "+", asked);
}

static size_t challenge_refused(const settled *s, int32_t r)
{
    const ent_challenge_round *round = &s->challenge->round[r];
    size_t refused = round->left_out;
    for (size_t k = 0; k < round->n_offers; k++)
        refused += !round->offer[k].accepted;
    return refused;
}

static void challenge_list(const settled *s, const cli_style *style, int32_t r)
{
    const ent_challenge_round *round = &s->challenge->round[r];
    settle_say(style, 2, 4, "Refused:");
    for (size_t k = 0; k < round->n_offers; k++) {
        const ent_challenge_offer *o = &round->offer[k];
        char x[32];
        if (!o->accepted)
            settle_say(style, 4, 6, "%s's %s to %s, to stand at %s", s->said[o->proposer],
                       o->kind == ENT_CHALLENGE_CONFRONTATION ? "demand" : "compromise", s->said[o->receiver],
                       settle_place(x, s, 0, o->position));
    }
    if (round->left_out > 0)
        settle_say(style, 4, 6, "and %zu more, which were not kept", round->left_out);
}

static void challenge_end(const settled *s, const cli_style *style)
{
    const ent_challenge_result *result = s->challenge;
    if (result->interrupted)
        settle_say(style, 0, 0, "Interrupted after %d whole round%s: positions may still move.", (int)result->rounds,
                   result->rounds == 1 ? "" : "s");
    else if (result->stop == ENT_STOP_CYCLE)
        settle_say(style, 0, 0,
                   "How it ended: after round %d everybody stands where all stood before round %d, so it would go "
                   "round for ever. The outcome is the mean over the %d round%s of that cycle.",
                   (int)result->rounds, (int)result->cycle_start + 1, (int)result->cycle_length,
                   result->cycle_length == 1 ? "" : "s");
    else if (result->stop == ENT_STOP_MAX_ROUNDS)
        settle_say(style, 0, 0,
                   "How it ended: the %d rounds allowed were used up, and positions were still moving. The outcome is "
                   "the weighted median of the last.",
                   (int)result->rounds);
    else if (result->rounds <= 1)
        settle_say(style, 0, 0, "How it ended: nobody has a reason to move. The outcome is the weighted median.");
    else
        settle_say(style, 0, 0,
                   "How it ended: after %d rounds nobody moves any more. The outcome is the weighted median of where "
                   "all stand.",
                   (int)result->rounds);
}

/* --- spatial -------------------------------------------------------------------------------------------- */

static const double *spatial_position(const settled *s, int32_t r)
{
    return s->spatial->round[r].position;
}

static void spatial_reason(const settled *s, phrase *out, int32_t r, size_t actor)
{
    const ent_spatial_round *round = &s->spatial->round[r];
    int32_t k = round->taken[actor];
    if (k < 0) { /* cannot be: who takes nothing stays */
        snprintf(out->one, sizeof out->one, "moves");
        return;
    }
    const ent_spatial_offer *o = &round->offer[k];
    bool by_receiver = o->proposer == ENT_SPATIAL_BOTH;
    int32_t from = by_receiver ? o->receiver : o->initiator, to = by_receiver ? o->initiator : o->receiver;
    char chance[32];
    cli_percent(chance, by_receiver ? 1 - o->receiver_phi : o->phi, 0.01);
    snprintf(out->why, sizeof out->why, "%s %%", chance);
    if ((size_t)from == actor) {
        snprintf(out->one, sizeof out->one, "moves as it proposed to %s", s->said[to]);
        snprintf(out->many, sizeof out->many, "move as they proposed to %s", s->said[to]);
    } else {
        snprintf(out->one, sizeof out->one, "accepts %s's proposal", s->said[from]);
        snprintf(out->many, sizeof out->many, "accept %s's proposal", s->said[from]);
    }
}

static size_t spatial_refused(const settled *s, int32_t r)
{
    const ent_spatial_round *round = &s->spatial->round[r];
    size_t refused = 0;
    for (size_t k = 0; k < round->n_offers; k++)
        refused += !round->offer[k].initiator_takes && !round->offer[k].receiver_takes;
    return refused;
}

static void spatial_list(const settled *s, const cli_style *style, int32_t r)
{
    const ent_spatial_round *round = &s->spatial->round[r];
    settle_say(style, 2, 4, "Refused by both sides:");
    for (size_t k = 0; k < round->n_offers; k++) {
        const ent_spatial_offer *o = &round->offer[k];
        if (!o->initiator_takes && !o->receiver_takes)
            settle_say(style, 4, 6, "%s's proposal to %s", s->said[o->initiator], s->said[o->receiver]);
    }
}

static void spatial_end(const settled *s, const cli_style *style)
{
    const ent_spatial_result *result = s->spatial;
    static const char outcome[] = "The outcome is the mean of where all stand, weighted by capability.";
    if (result->interrupted)
        settle_say(style, 0, 0, "Interrupted after %d whole round%s: positions may still move.", (int)result->rounds,
                   result->rounds == 1 ? "" : "s");
    else if (result->stop == ENT_STOP_MAX_ROUNDS)
        settle_say(style, 0, 0, "How it ended: the %d rounds allowed were used up, and positions were still moving. %s",
                   (int)result->rounds, outcome);
    else if (!(result->round[result->rounds - 1].moved > 0))
        settle_say(style, 0, 0, "How it ended: after %d rounds nobody moves any more. %s", (int)result->rounds,
                   outcome);
    else
        settle_say(style, 0, 0,
                   "How it ended: after %d rounds hardly anything moves, less than 2 %% of what moved in the first. %s",
                   (int)result->rounds, outcome);
    if (result->unconverged > 0)
        settle_say(style, 0, 0, "(%zu elections did not come to rest within 1 000 steps.)", result->unconverged);
}

/* --- both ----------------------------------------------------------------------------------------------- */

void settle_tell_rounds(const settled *s, const cli_style *style)
{
    if (s->challenge != NULL) {
        const rounds t = {s,
                          style,
                          s->challenge->rounds,
                          challenge_position,
                          challenge_reason,
                          challenge_refused,
                          challenge_list,
                          "demand"};
        settle_say(style, 0, 0,
                   "In brackets what a challenge would bring to the one that demands and to the one that is asked, as "
                   "the latter sees it. Where both would gain, the former more, the latter gives way; where it would "
                   "lose, a compromise will do.");
        tell_all(&t);
        putchar('\n');
        challenge_end(s, style);
    } else if (s->spatial != NULL) {
        const rounds t = {
            s, style, s->spatial->rounds, spatial_position, spatial_reason, spatial_refused, spatial_list, "proposal"};
        settle_say(style, 0, 0, "In brackets the chance that who proposed gives itself in a contest of the two.");
        tell_all(&t);
        putchar('\n');
        spatial_end(s, style);
    }
}
