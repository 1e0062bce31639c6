/* What the models of this room share. */
#ifndef ENT_SRC_SETTLE_H
#define ENT_SRC_SETTLE_H

#include "core/core.h"
#include "entente/model.h"

extern const ent_model ent__model_compromise, ent__model_median, ent__model_mode, ent__model_nash, ent__model_condorcet,
    ent__model_gravity;

/* Utility and gain of every actor at an outcome; r >= 1 the curvature (2 where the model has no option r). */
void ent__settle_welfare(ent_settle_output *out, const ent_settle_input *in, double r);

/* The call of the draw loop: no checks, no allocation; workspace holds model->workspace(n) bytes. Where all weights are
 * zero or a number is undefined, the outcome and every array are undefined and stop is ENT_STOP_UNDEFINED. */
void ent__settle_draw(ent_settle_output *out, const ent_settle_input *in, const ent_model *model, void *workspace);

#endif
