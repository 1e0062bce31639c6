/* Power by sampling, where no exact way fits: random orders for Shapley-Shubik's index (and Owen's value, with blocs
 * drawn first and members within them), random sets for Banzhaf's and Coleman's. Every order has one pivot, so an index
 * is a share of the orders and its standard error that of a share.
 *
 * Sources: Mann & Shapley 1960; Bachrach et al. 2010. */
#include "vote/power.h"

#include "core/random.h"

#include <string.h>

typedef struct dice {
    uint64_t seed, at;
    uint32_t stream, left, word[4];
} dice;

static uint32_t roll(dice *d)
{
    if (d->left == 0) {
        const uint32_t counter[4] = {(uint32_t)d->at, (uint32_t)(d->at >> 32), d->stream, 0};
        const uint32_t key[2] = {(uint32_t)d->seed, (uint32_t)(d->seed >> 32)};
        ent__philox(d->word, counter, key);
        d->at++;
        d->left = 4;
    }
    return d->word[--d->left];
}

/* 0 .. n - 1; off from even by less than n / 2^32. */
static int32_t below(dice *d, int32_t n)
{
    return (int32_t)((uint64_t)roll(d) * (uint64_t)n >> 32);
}

static void shuffle(int32_t *item, int32_t n, dice *d)
{
    for (int32_t i = n - 1; i > 0; i--) {
        int32_t j = below(d, i + 1), swap = item[i];
        item[i] = item[j];
        item[j] = swap;
    }
}

typedef struct work {
    const ent__game *game;
    int32_t *order, *bloc_order, *first; /* players, blocs, blocs + 1 */
    int32_t *member;                     /* players, by bloc */
    int64_t *sum;                        /* criteria */
    bool *satisfied, *in;                /* criteria, players */
} work;

static void join(work *w, int32_t player, int64_t sign)
{
    for (int32_t c = 0; c < w->game->criteria; c++)
        w->sum[c] += sign * w->game->weight[(size_t)c * (size_t)w->game->players + (size_t)player];
}

static int32_t pivot(work *w)
{
    memset(w->sum, 0, (size_t)w->game->criteria * sizeof *w->sum);
    for (int32_t i = 0; i < w->game->players; i++) {
        join(w, w->order[i], 1);
        if (ent__game_wins(w->game, w->sum, w->satisfied))
            return w->order[i];
    }
    return w->order[w->game->players - 1]; /* all together win: a rule is checked for that */
}

static void find_blocs(work *w, const int32_t *bloc, int32_t blocs)
{
    int32_t next = 0;
    for (int32_t b = 0; b < blocs; b++) {
        w->first[b] = next;
        for (int32_t i = 0; i < w->game->players; i++)
            if (bloc[i] == b)
                w->member[next++] = i;
    }
    w->first[blocs] = next;
}

static void order_by_blocs(work *w, int32_t blocs, dice *d)
{
    int32_t next = 0;
    for (int32_t b = 0; b < blocs; b++)
        w->bloc_order[b] = b;
    shuffle(w->bloc_order, blocs, d);
    for (int32_t k = 0; k < blocs; k++) {
        int32_t first = w->first[w->bloc_order[k]], n = w->first[w->bloc_order[k] + 1] - first;
        memcpy(w->order + next, w->member + first, (size_t)n * sizeof *w->order);
        shuffle(w->order + next, n, d);
        next += n;
    }
}

/* A random set; each member's swing is looked at in it. */
static bool random_set(double *swings, work *w, dice *d)
{
    int32_t n = w->game->players;
    uint32_t bits = 0;
    memset(w->sum, 0, (size_t)w->game->criteria * sizeof *w->sum);
    for (int32_t i = 0; i < n; i++) {
        bits = i % 32 == 0 ? roll(d) : bits >> 1;
        w->in[i] = bits & 1;
        if (w->in[i])
            join(w, i, 1);
    }
    bool wins = ent__game_wins(w->game, w->sum, w->satisfied);
    for (int32_t i = 0; i < n; i++) {
        if (w->in[i] != wins)
            continue; /* one more never harms: leaving a losing set, or joining a winning one, turns nothing */
        join(w, i, w->in[i] ? -1 : 1);
        swings[i] += ent__game_wins(w->game, w->sum, w->satisfied) != wins;
        join(w, i, w->in[i] ? 1 : -1);
    }
    return wins;
}

static void draw(ent__sampled *out, work *w, const int32_t *bloc, int32_t blocs, int64_t samples, uint64_t seed)
{
    size_t n = (size_t)w->game->players;
    double share = 1 / (double)samples;
    dice orders = {.seed = seed, .stream = 1}, sets = {.seed = seed, .stream = 2}, nested = {.seed = seed, .stream = 3};
    for (size_t i = 0; i < n; i++)
        w->order[i] = (int32_t)i;
    for (int64_t k = 0; k < samples; k++) {
        shuffle(w->order, (int32_t)n, &orders);
        out->value[pivot(w)]++;
        out->act += random_set(out->ratio, w, &sets);
    }
    if (out->owen != NULL)
        find_blocs(w, bloc, blocs);
    for (int64_t k = 0; out->owen != NULL && k < samples; k++) {
        order_by_blocs(w, blocs, &nested);
        out->owen[pivot(w)]++;
    }
    out->act *= share;
    for (size_t i = 0; i < n; i++) {
        out->value[i] *= share;
        out->ratio[i] *= share;
        if (out->owen != NULL)
            out->owen[i] *= share;
    }
}

ent_status ent__sample(ent__sampled *out, const ent__game *game, const int32_t *bloc, int32_t blocs, int64_t samples,
                       uint64_t seed)
{
    size_t n = (size_t)game->players, criteria = (size_t)game->criteria, b = (size_t)blocs + 1;
    work w = {.game = game};
    w.order = ent__alloc(n, sizeof *w.order);
    w.member = ent__alloc(n, sizeof *w.member);
    w.in = ent__alloc(n, sizeof *w.in);
    w.bloc_order = ent__alloc(b, sizeof *w.bloc_order);
    w.first = ent__alloc(b, sizeof *w.first);
    w.sum = ent__alloc(criteria, sizeof *w.sum);
    w.satisfied = ent__alloc(criteria, sizeof *w.satisfied);
    bool enough = w.order != NULL && w.member != NULL && w.in != NULL && w.bloc_order != NULL && w.first != NULL &&
                  w.sum != NULL && w.satisfied != NULL;
    if (enough)
        draw(out, &w, bloc, blocs, samples, seed);
    ent__free(w.order);
    ent__free(w.member);
    ent__free(w.in);
    ent__free(w.bloc_order);
    ent__free(w.first);
    ent__free(w.sum);
    ent__free(w.satisfied);
    return enough ? ENT_OK : ENT_ERR_MEMORY;
}
