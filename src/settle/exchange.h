/* The parts of the exchange model: what a trade comes to (exchange_trade.c), which are realised (exchange_play.c), and
 * the run and its result (exchange.c). Positions are on 0 to 100. */
#ifndef ENT_SRC_EXCHANGE_H
#define ENT_SRC_EXCHANGE_H

#include "entente/exchange.h"
#include "settle/settle.h"

/* One side of a possible trade. k is it, o its partner; D the issue that k supplies, E the one it demands. */
typedef struct ent__exchange_side {
    int32_t actor;
    int32_t supply;          /* D */
    double at;               /* x_k: its position on D now */
    double move, to;         /* m_k, y_k = x_k + m_k */
    double past, past_size;  /* sums over earlier moves that count, and of their sizes */
    bool past_left, past_right; /* there are such to the left, to the right */
    bool capped;
    double before, after;    /* o0, o1: the outcome of D with x_k and with y_k */
    double gain, gain_before_cap;
} ent__exchange_side;

/* A possible trade: side[0] is I, who demands what side[1], J, supplies, and the other way round. */
typedef struct ent__exchange_trade {
    ent__exchange_side side[2];
    double gain;
    int32_t computed; /* how often, for the stream */
    int32_t touched;  /* by which realised trade */
    bool inner_ad;    /* partners are on the same sides of their issues: A with D, not B with C */
    bool valid;
} ent__exchange_trade;

/* What n others have come to hold, as the one who demanded it of them knows: a list for each actor and issue. */
typedef struct ent__exchange_known {
    int32_t actor, next;
    double position;
} ent__exchange_known;

typedef struct ent__exchange {
    size_t n, issues;
    ent_exchange_options options;
    /* n x issues */
    double *position; /* X: at the start of the iteration; NaN where the actor takes no part */
    double *voted, *next;
    double *salience, *power, *weight; /* weight: salience times power, over the issue's sum; 0 without part */
    double *known_outcome;             /* O with what the actor knows others have come to hold */
    int32_t *known;                    /* first of its list, -1 for none */
    int32_t *supply_at, *demand_at;    /* n x issues + 1: where lists of possible trades start, by side */
    /* issues */
    double *outcome;
    /* possible trades */
    size_t most, n_trades, n_known;
    ent__exchange_trade *trade;
    int32_t *supplied, *demanded; /* trade * 2 + side, by the cell that the side supplies, demands */
    int32_t *realised, *affected; /* trades */
    ent__exchange_known *knows;
    double *best;                 /* the tree of gains: exchange_play.c */
    size_t leaves;
} ent__exchange;

static inline size_t ent__exchange_cell(const ent__exchange *game, int32_t actor, int32_t issue)
{
    return (size_t)actor * game->issues + (size_t)issue;
}

/* What a trade comes to, from where both stand and what is known. Sets its moves, gains, outcomes and `valid`. */
void ent__exchange_compute(const ent__exchange *game, ent__exchange_trade *trade, int32_t number, int32_t iteration);

/* Forms the possible trades of an iteration, realises them one by one, and moves all. `n_realised` are in
 * game->realised. False where progress stopped it. */
bool ent__exchange_play(size_t *n_realised, size_t *n_possible, ent__exchange *game, int32_t iteration);
/* sum of weight times position of each issue. */
void ent__exchange_outcomes(double *outcome, const ent__exchange *game, const double *position);
/* At most how many possible trades there can be. */
size_t ent__exchange_most(const ent_exchange_input *input);

#endif
