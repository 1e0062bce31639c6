/* The parts of the exchange model: what a trade comes to (exchange_trade.c), which are realised in an iteration
 * (exchange_play.c), the run and what it tells (exchange.c), its entry in the table of models (exchange_model.c).
 * Positions and outcomes are in points, 0 to 100 on every issue. */
#ifndef ENT_SRC_EXCHANGE_H
#define ENT_SRC_EXCHANGE_H

#include "entente/exchange.h"
#include "settle/settle.h"

#define ENT__EXCHANGE_EQUAL 1e-9  /* positions, outcomes and gains nearer than this are equal */
#define ENT__EXCHANGE_LEAST 1e-10 /* what a move and a gain must exceed */

/* One actor on one issue. */
typedef struct ent__exchange_cell {
    double start;           /* X: where the iteration finds it; NaN where it takes no part */
    double now;             /* where realised trades have brought it */
    double salience, share; /* share: salience times power, over the issue's sum */
    double known; /* how far the outcome is known to have moved by others, from whom the actor has demanded the issue */
    int32_t knows; /* first of the list of those others, -1 for none */
    bool left;     /* not above the mean */
} ent__exchange_cell;

/* An entry of such a list: where another stands, as the one who demanded the issue of it counts it. */
typedef struct ent__exchange_known {
    double position;
    int32_t actor, next;
} ent__exchange_known;

/* Two issues, first < second, and the actors on both by the side they are on: a right on both, b left on the first
 * alone, c left on the second alone, d left on both. Possible trades are all of a with d, then all of b with c. */
typedef struct ent__exchange_pair {
    int32_t first, second;
    int32_t a, b, c, d; /* how many */
    size_t ad, bc;      /* numbers of the first possible trades */
} ent__exchange_pair;

/* A possible trade. actor[0] is I, who demands the first issue of the pair and supplies the second; actor[1] is J. */
typedef struct ent__exchange_offer {
    int32_t actor[2];
    int32_t pair;
    uint32_t computed; /* how often */
    double move[2];    /* as last computed */
    double past[2];    /* moves it had in mind before, since when that actor was moved by another trade */
} ent__exchange_offer;

/* One side of a trade while it is computed: k; its partner is o. */
typedef struct ent__exchange_leg {
    const ent__exchange_cell *supply, *demand;
    double share;         /* of k in the outcome of what it supplies */
    double at;            /* x_k */
    double wants;         /* t_k: where k stood on what it demands */
    double past;          /* of h_k, all but the last */
    double mean;          /* the outcome of what k supplies, as o knows it */
    double counted;       /* where k is in that */
    bool is_known;        /* it is counted elsewhere than at its start */
    double move, to;      /* m_k, y_k */
    double before, after; /* o0, o1: the outcome with k at x_k, at y_k */
    double gain, gain_before_cap;
    bool capped;
} ent__exchange_leg;

typedef struct ent__exchange_deal {
    ent__exchange_leg leg[2];
    double gain; /* of each at the equal rate */
    bool valid;
} ent__exchange_deal;

enum { ENT__EXCHANGE_FAN = 16, ENT__EXCHANGE_LEVELS = 8 };

typedef struct ent__exchange ent__exchange;
/* Told of every realised trade, before it changes anything. */
typedef void (*ent__exchange_told)(void *payload, const ent__exchange *game, const ent__exchange_offer *offer,
                                   const ent__exchange_deal *deal);

struct ent__exchange {
    size_t n, issues, pairs;
    size_t most, most_known; /* possible trades, entries of lists: what there is room for */
    ent_exchange_options options;
    int32_t iteration;        /* from 1 */
    ent__exchange_cell *cell; /* n x issues */
    double *mean;             /* issues: O at the start of the iteration; NaN where nobody settles the issue */
    double *outcome;          /* issues: O after it */
    ent__exchange_pair *pair; /* by first, then second issue */
    int32_t *rank;            /* pairs x n: the actor's place among its kind, -1 where it is not on both issues */
    int32_t *member;          /* 4 x n: those kinds, while trades are formed */
    ent__exchange_offer *offer;
    double *level[ENT__EXCHANGE_LEVELS]; /* level[0]: gain of each, below 0 where it is none any more; above it largest
                                            of each ENT__EXCHANGE_FAN below */
    size_t length[ENT__EXCHANGE_LEVELS];
    int top;
    ent__exchange_known *known;
    size_t n_known, offers, possible, alive, realised, next_tick;
    ent__exchange_told told; /* may be NULL */
    void *payload;
    bool interrupted;
};

static inline ent__exchange_cell *ent__exchange_at(const ent__exchange *game, int32_t actor, int32_t issue)
{
    return &game->cell[(size_t)actor * game->issues + (size_t)issue];
}

/* Possible trades at most, with n actors on every issue. */
double ent__exchange_most(size_t n, size_t issues);
/* Bytes for n, issues and most; the game's pointers are set into `block` where it is not NULL. */
size_t ent__exchange_layout(ent__exchange *game, void *block);
/* Points on an issue's scale, kept within it. */
double ent__exchange_to_scale(double points, double low, double high);
/* Shares, and positions in points. An issue without weight takes no part. False where a number is none. */
bool ent__exchange_prepare(ent__exchange *game, const ent_exchange_input *in);
/* The means at the start of an iteration; then the iteration itself, from the cells' `start`, after which they stand at
 * `now`. False where progress stopped it. */
void ent__exchange_means(ent__exchange *game);
bool ent__exchange_play(ent__exchange *game);
/* Sets the start of the next iteration. */
void ent__exchange_step_back(ent__exchange *game);
/* The largest change of an outcome; both tables of issues may hold NaN. */
double ent__exchange_change(const double *before, const double *after, size_t issues);

/* What a trade comes to now. */
void ent__exchange_compute(ent__exchange_deal *deal, const ent__exchange *game, const ent__exchange_offer *offer);

#endif
