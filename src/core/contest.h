/* Contest success and the logit, which several rooms share. */
#ifndef ENT_SRC_CONTEST_H
#define ENT_SRC_CONTEST_H

#include "core/core.h"

/* Chance that a prevails over b, both >= 0, with decisiveness m > 0; 1/2 where both are equal (zero included).
 * Undefined for anything else. */
double ent_contest(double a, double b, double m);
/* The same by their difference: 1 / (1 + exp(-k (a - b))). */
double ent_contest_difference(double a, double b, double k);
/* 1 / (1 + exp(-x)), without overflow. */
double ent_logistic(double x);

#endif
