/* The parts of the challenge model: one round (challenge_round.c), and the run and its result (challenge.c). */
#ifndef ENT_SRC_CHALLENGE_H
#define ENT_SRC_CHALLENGE_H

#include "entente/challenge.h"
#include "settle/settle.h"

/* One state of a run, and the round that starts from it. Without a story `offer` and `accepted` are NULL, and danger,
 * risk and exponent are the same arrays in every state. */
typedef struct ent__challenge_state {
    double *position, *danger, *risk, *exponent; /* n each */
    int32_t *accepted;                           /* n: index within the round's offers, -1 for none */
    ent_challenge_offer *offer;
    size_t n_offers, left_out;
    double median, mean, moved;
} ent__challenge_state;

/* How one actor sees a place. */
typedef struct ent__challenge_sight {
    bool apart;                 /* from its own */
    double if_resisted, if_not; /* what it expects of challenging one there of salience 1, of salience 0 */
    double eu_proposer;         /* what one there expects of challenging it */
} ent__challenge_sight;

/* A run and its workspace. m is the number of distinct positions in the round that is worked on, its places. */
typedef struct ent__challenge {
    size_t n;
    ent_challenge_options options;
    double range; /* of the positions at the start */
    const double *salience;
    double *capability; /* n; the greatest is 1 */
    size_t room;        /* for offers that are not accepted, in the rest of the run */
    ent__held held;     /* the places, ascending */
    void *held_space;
    double *holders;        /* m: how many actors stand there */
    double *below, *moment; /* m: weight at or below, and the sum of weight times distance from the lowest */
    double *support;        /* m x m: S_pq, by how much those who like p better than q like it better */
    double *power;          /* the table of w_k d^r, in blocks of places: challenge_round.c */
    double *total;          /* m: its sums over k */
    double *log_distance, *log_near, *log_far; /* m x m: logs of d, (1 - d) / 2, (1 + d) / 2 */
    ent__challenge_sight *sight;               /* m */
    ent_challenge_offer *offer;                /* n: what one receiver is offered */
} ent__challenge;

/* Lays out the workspace of n actors in a block (NULL: only its size), and returns the bytes. */
size_t ent__challenge_layout(ent__challenge *game, size_t n, void *block);
/* Takes the numbers of an issue in. False where they have no finite range or no weight. */
bool ent__challenge_prepare(ent__challenge *game, const double *position, const double *salience,
                            const double *capability);
/* Places, median and mean of a state; the first step of its round. */
void ent__challenge_look(ent__challenge *game, ent__challenge_state *state);
/* The round that starts from a state that was looked at; `next` gets where all stand after it. False where progress
 * stopped it. */
bool ent__challenge_round(ent__challenge *game, ent__challenge_state *state, double *next, int32_t round);

#endif
