/* The parts of the spatial model: elections, contests, and the run that uses both. All positions are on scales of
 * length 1. */
#ifndef ENT_SRC_SPATIAL_H
#define ENT_SRC_SPATIAL_H

#include "entente/spatial.h"
#include "settle/settle.h"

/* The n^3 loops walk their tables in tiles of so many columns, for several rows at once (ENT__SPATIAL_VOTED,
 * ENT__SPATIAL_BLOCK): what they add to then stays in the innermost cache. Every sum keeps its order. Measured best of
 * the near powers of two at 1 000 actors; at 160 it makes no difference. */
enum { ENT__SPATIAL_TILE = 128 };

/* --- votes and elections (spatial_election.c) ----------------------------------------------------- */

/* An actor of weight w votes between two options whose utilities differ by d; rule is an ent_spatial_vote. Inlined with
 * a constant rule into the loops over triples, so that the switch costs nothing there. */
static inline __attribute__((always_inline)) double ent__spatial_vote(int rule, double w, double d)
{
    double whole = d / 1e-8;
    whole = whole > 1 ? 1 : whole < -1 ? -1 : whole;
    switch (rule) {
    case ENT_SPATIAL_VOTE_BINARY:
        return w * whole;
    case ENT_SPATIAL_VOTE_PROP_BINARY:
        return w * (0.8 * d + 0.2 * whole);
    case ENT_SPATIAL_VOTE_PROP:
        return w * d;
    case ENT_SPATIAL_VOTE_PROP_CUBIC:
        return w * (0.5 * d + 0.5 * (d * d * d));
    case ENT_SPATIAL_VOTE_CUBIC:
        return w * (d * d * d);
    default:
        return w * (d > 0 ? (2.0 / 3.0) * d : d);
    }
}

/* Runs the code once for each voting rule, with `RULE` a constant in it. */
#define ENT__SPATIAL_EACH_RULE(rule, ...)                                                                              \
    switch (rule) {                                                                                                    \
    case ENT_SPATIAL_VOTE_BINARY: {                                                                                    \
        enum { RULE = ENT_SPATIAL_VOTE_BINARY };                                                                       \
        __VA_ARGS__;                                                                                                   \
        break;                                                                                                         \
    }                                                                                                                  \
    case ENT_SPATIAL_VOTE_PROP_BINARY: {                                                                               \
        enum { RULE = ENT_SPATIAL_VOTE_PROP_BINARY };                                                                  \
        __VA_ARGS__;                                                                                                   \
        break;                                                                                                         \
    }                                                                                                                  \
    case ENT_SPATIAL_VOTE_PROP: {                                                                                      \
        enum { RULE = ENT_SPATIAL_VOTE_PROP };                                                                         \
        __VA_ARGS__;                                                                                                   \
        break;                                                                                                         \
    }                                                                                                                  \
    case ENT_SPATIAL_VOTE_PROP_CUBIC: {                                                                                \
        enum { RULE = ENT_SPATIAL_VOTE_PROP_CUBIC };                                                                   \
        __VA_ARGS__;                                                                                                   \
        break;                                                                                                         \
    }                                                                                                                  \
    case ENT_SPATIAL_VOTE_CUBIC: {                                                                                     \
        enum { RULE = ENT_SPATIAL_VOTE_CUBIC };                                                                        \
        __VA_ARGS__;                                                                                                   \
        break;                                                                                                         \
    }                                                                                                                  \
    default: {                                                                                                         \
        enum { RULE = ENT_SPATIAL_VOTE_PROSPECT };                                                                     \
        __VA_ARGS__;                                                                                                   \
        break;                                                                                                         \
    }                                                                                                                  \
    }

/* The probability that strength a > 0 beats b > 0, and its complement. */
double ent__spatial_victory(double *complement, int rule, double a, double b);

/* An election among m options by n voters of weights w (those of weight 0 do not vote). */
typedef struct ent__spatial_poll {
    size_t m, n;
    const double *utility; /* n x m, voter by voter */
    const double *weight;  /* n */
    int vote, victory, election;
    double *work; /* ent__spatial_poll_work(m, markov) doubles */
} ent__spatial_poll;

enum { ENT__SPATIAL_VOTED = 8 }; /* options voted on at once, against all before them */
static inline size_t ent__spatial_poll_work(size_t m, bool markov)
{
    return (3 + 2 * ENT__SPATIAL_VOTED) * m + (markov ? 2 * m * m : 0);
}
/* The options' probabilities, which sum to 1. False where a Markov form missed its tolerance. */
bool ent__spatial_elect(double *p, const ent__spatial_poll *poll);

/* --- contests (spatial_contest.c) ------------------------------------------------------------------ */

/* What estimates of contests rest on, for one state. Tables are n x n, row: the actor, column: whose position. */
typedef struct ent__spatial_field {
    size_t n;
    const double *near;   /* 1 - d: d the salience-weighted distance from the actor's ideal to the position */
    const double *reach;  /* min(d, 1) */
    const double *risk;   /* n */
    const double *weight; /* n: capability times total salience */
    const double *resist; /* n: the probability that one resists, its total salience, at most 1 */
    const ent_spatial_options *options;
    double *work; /* 5 n ENT__SPATIAL_BLOCK */
} ent__spatial_field;

/* What an actor takes another's risk attitude to be, by an ent_spatial_adjust. */
double ent__spatial_estimate(int adjust, double own, double other);
/* h's estimate of each actor's. Its own is what it is; mode ktab puts it through the formula, which rounds: proposals
 * that are equal but for rounding are told apart by that program in the eighth digit, and so here. */
void ent__spatial_estimates(double *estimate, const ent__spatial_field *field, size_t h);
/* h's estimate of the probability that i defeats j, and of what i gains if it challenges j. */
double ent__spatial_contest(double *delta, const ent__spatial_field *field, size_t h, size_t i, size_t j);
/* The same by i's own estimate for `count` actors i from `first` on and every target j: tables of count x n, where j =
 * i is not set. Several at once use what is read of the n x n tables while it is in the cache. */
enum { ENT__SPATIAL_BLOCK = 8 };
void ent__spatial_challenges(double *phi, double *delta, const ent__spatial_field *field, size_t first, size_t count);

/* --- the run (spatial_run.c) ------------------------------------------------------------------------- */

/* One state and what was offered in it; what ent_spatial_round shows. */
typedef struct ent__spatial_state {
    double *position, *ideal;           /* n x dims */
    double *risk, *chance, *win, *stay; /* n; win NULL where it is not wanted */
    int32_t *place, *taken;             /* n */
    size_t places, n_offers;
    ent_spatial_offer *offer; /* n, or 2 n where both sides propose */
    double *moves;            /* 2 dims an offer: the initiator's place, the receiver's place */
    double moved;
} ent__spatial_state;

typedef struct ent__spatial_run {
    size_t n, dims, offers; /* offers: most in a round */
    ent_spatial_options options;
    const double *salience;      /* n x dims */
    const double *accommodation; /* n x n, NULL: the identity */
    double *norm;                /* n: sum over dimensions of squared salience */
    double *power;               /* n: weight in elections */
    double *weight, *resist;     /* n: as in ent__spatial_field */
    double *near, *reach;        /* n x n */
    double *own;                 /* n: each one's estimate of its own risk attitude */
    double *phi, *delta;         /* ENT__SPATIAL_BLOCK n */
    double *contest;             /* 5 n ENT__SPATIAL_BLOCK */
    double *value;               /* offers x n: each actor's utility of each offer */
    double *quo;                 /* n: utility of the status quo */
    double *queue;               /* n x (offers + 1): utilities of one queue or of the distinct positions */
    double *odds;                /* offers + 1 */
    double *poll;                /* for elections */
    int32_t *line;               /* offers + 1: the queue of one actor: indices of offers, -1 the status quo */
    uint64_t twister[312];       /* mode ktab's generator */
    int32_t twist;
    double first_moved;
    size_t unconverged;
    bool interrupted;
} ent__spatial_run;

/* Bytes that a run needs beside its states; the run's pointers are set into `block` where it is not NULL. Of the run,
 * n, dims, and options.bargain and .election must be set. */
size_t ent__spatial_layout(ent__spatial_run *run, void *block);
/* Totals of salience and capability, after which a run can start. capability: n, or n x dims where by_dimension. False
 * where nothing is to be settled: nobody has both capability and salience. */
bool ent__spatial_prepare(ent__spatial_run *run, const double *capability, bool by_dimension);
/* Plays from state[0], of which position and ideal are set. States are used in turn: state[t % n_states] for round t,
 * so two serve where no story is wanted. Returns the rounds played. */
int32_t ent__spatial_play(ent_stop *stop, ent__spatial_run *run, ent__spatial_state *state, size_t n_states);

#endif
