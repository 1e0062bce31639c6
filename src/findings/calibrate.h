/* Learning from known decisions how far a model's point may be off. */
#ifndef ENT_SRC_FINDINGS_CALIBRATE_H
#define ENT_SRC_FINDINGS_CALIBRATE_H

#include "settle/calibrate.h"

/* A decision that a model settled, with what was decided. */
typedef struct ent__known {
    ent__predictive is; /* .from is set by whoever looks */
    double outcome;
    int32_t proposal;
    int16_t error, past; /* thousandths of the range held */
    bool counts;         /* there is a range */
} ent__known;
/* Sets error, past and counts. */
void ent__known_measure(ent__known *known);

/* The decisions of one model, ready to be learned from again and again. */
typedef struct ent__learner {
    size_t n;
    ent__known *known;               /* those of a proposal next to each other */
    size_t *by_error, *by_past;      /* n: the order of both */
    int16_t *errors, *outcomes;      /* n: what was learned last; the calibration borrows them */
    int16_t *own_errors, *own_outcomes; /* n: the same without a proposal */
} ent__learner;
/* Everything is taken from the arena; NULL without memory. */
ent__learner *ent__learner_create(ent__arena *arena, size_t most);
/* Puts known[0 .. n - 1] in order; false without memory. */
bool ent__learner_sort(ent__learner *learner);
/* Learns from all proposals p with left_out[p] == 0 (NULL: from all); false where there are not two of them. */
bool ent__learner_learn(ent_calibration *out, ent__learner *learner, const unsigned char *left_out);

/* The CRPS of a distribution. O(n + errors). */
double ent__predictive_crps(const ent__predictive *p, double outcome);

#endif
