/* What the models of this room share. */
#ifndef ENT_SRC_SETTLE_H
#define ENT_SRC_SETTLE_H

#include "core/core.h"
#include "entente/model.h"

extern const ent_model ent__model_compromise, ent__model_median, ent__model_mode, ent__model_nash, ent__model_condorcet,
    ent__model_gravity;

enum { ENT__SETTLE_MOST_ACTORS = 100000 };

/* distance^r, exactly distance^2 and distance for r = 2 and 1; distance >= 0 as a share of the scale. */
double ent__settle_loss(double distance, double r);
/* sum w x / sum w over the actors, w = salience * capability; the sum of weights must be above zero. */
double ent__settle_mean(const ent_settle_input *in);
/* The weighted median: the midpoint of lower and upper median where the halves tie. workspace: 2 n numbers. */
double ent__settle_median(const ent_settle_input *in, double *workspace);
/* Places of the actors by position, ties by number; order[n]. */
void ent__settle_order(int32_t *order, const double *position, size_t n);

/* The inputs and outputs that all models of one issue have. */
extern const ent_port ent__settle_inputs[4], ent__settle_outputs[4];
size_t ent__settle_no_workspace(size_t n);
/* "r": the curvature of utility. */
#define ENT__SETTLE_OPTION_R                                                                                           \
    {.name = "r", .shape = "", .unit = "1", .low = 1, .high = 100, .fallback = 2,                                       \
     .meaning = "Curvature of utility: 1 falls in a straight line with distance, 2 with its square."}

/* Utility and gain of every actor at an outcome; r >= 1 the curvature (2 where the model has no option r). */
void ent__settle_welfare(ent_settle_output *out, const ent_settle_input *in, double r);

/* The call of the draw loop: no checks, no allocation; workspace holds model->workspace(n) bytes. Where all weights are
 * zero or a number is undefined, the outcome and every array are undefined and stop is ENT_STOP_UNDEFINED. */
void ent__settle_draw(ent_settle_output *out, const ent_settle_input *in, const ent_model *model, void *workspace);

#endif
