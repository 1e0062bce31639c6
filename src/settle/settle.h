/* What the models of this room share. */
#ifndef ENT_SRC_SETTLE_H
#define ENT_SRC_SETTLE_H

#include "core/core.h"
#include "entente/model.h"

extern const ent_model ent__model_compromise, ent__model_median, ent__model_mode, ent__model_nash, ent__model_condorcet,
    ent__model_gravity, ent__model_agenda;
extern const ent_model ent__model_spatial;
extern const ent_model ent__model_challenge;
extern const ent_model ent__model_exchange;

/* Utility and gain of every actor at an outcome; r >= 1 the curvature (2 where the model has no option r). */
void ent__settle_welfare(ent_settle_output *out, const ent_settle_input *in, double r);

/* story.c: for the models with rounds. */
struct ent_story;
ent_status ent__challenge_story(struct ent_story *out, const ent_settle_input *in, ent_error *err);
ent_status ent__spatial_story(struct ent_story *out, const ent_settle_input *in, ent_error *err);

/* The call of the draw loop: no checks, no allocation; workspace holds model->workspace(n) bytes. Where all weights are
 * zero or a number is undefined, the outcome and every array are undefined and stop is ENT_STOP_UNDEFINED. So is an
 * issue with a negative weight, and one without the status quo that the model needs. */
void ent__settle_draw(ent_settle_output *out, const ent_settle_input *in, const ent_model *model, void *workspace);

/* --- for the models of this folder ----------------------------------------------------------------- */

/* The weight of an actor, w_i = c_i s_i. */
static inline double ent__settle_weight(const ent_settle_input *in, size_t i)
{
    return in->capability[i] * in->salience[i];
}

/* sum w x / sum w, kept within the positions of those with weight. */
double ent__settle_compromise(const ent_settle_input *in);

/* Every position that is held, once, in ascending order, with the summed weight of those who hold it (may be 0). */
typedef struct ent__held {
    size_t n;
    const double *position;
    const double *weight;
    double total;         /* sum of the weights */
    const int32_t *place; /* of each actor: whose position is position[place[i]] */
    void *rest;           /* of the workspace */
} ent__held;
size_t ent__held_workspace(size_t n);
void ent__held_find(ent__held *out, const ent_settle_input *in, void *workspace);

/* Two summed weights that differ by less than this share of all weight are equal: sums in another order differ by
 * rounding, and neither the order of the actors nor the direction of the scale may decide a tie. */
#define ENT__SETTLE_TIE 1e-12

/* What goes in and comes out of every model here. */
extern const ent_port ent__settle_inputs[4], ent__settle_outputs[4];
/* clang-format off */
#define ENT__SETTLE_OUTPUTS                                                                                            \
    {.name = "outcome", .shape = "y", .unit = "scale", .low = -__builtin_inf(), .high = __builtin_inf(),               \
     .fallback = ENT_UNDEFINED, .meaning = "where the issue is settled"},                                              \
    {.name = "utility", .shape = "a,y", .unit = "utility", .low = -__builtin_inf(), .high = 1,                         \
     .fallback = ENT_UNDEFINED, .meaning = "each actor's utility there, 1 - |outcome - position|^r / range^r"},      \
    {.name = "gain", .shape = "a,y", .unit = "utility", .low = -__builtin_inf(), .high = __builtin_inf(),              \
     .fallback = ENT_UNDEFINED,                                                                                        \
     .meaning = "utility less that at the status quo, or at the mean of positions where none is stated"},              \
    {.name = "stop", .shape = "y", .unit = "", .low = 0, .high = ENT_STOP_COUNT - 1, .fallback = ENT_UNDEFINED,        \
     .choices = "done|status_quo|settled|cycle|max_rounds|undefined", .meaning = "why the model stopped"}
/* The option that every model has first; of most the outcome does not depend on it. */
#define ENT__SETTLE_OPTION_R                                                                                           \
    {.name = "r", .shape = "", .unit = "1", .low = 1, .high = 20, .fallback = 2,                                       \
     .meaning = "curvature of the utilities that are told; the outcome does not depend on it"}
/* clang-format on */

#endif
