/**
 * @file entente/calibrate.h
 * @brief From a model's point to a distribution, by what the model got wrong on decisions whose outcome is known.
 */
#ifndef ENTENTE_CALIBRATE_H
#define ENTENTE_CALIBRATE_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What was learned of one model. All numbers are thousandths; errors and outcomes are shares of the *range held*: from
 * the lowest to the highest of the model's point and the positions held by actors with weight.
 *
 * The distribution mixes, in these proportions: a position held by an actor, the likelier the more its capability times
 * salience and the nearer it is to the model's point; the point plus one of the model's past errors, kept within the range
 * held; and the place in the range held where a past outcome lay.
 */
typedef struct ent_calibration {
    const char *model;
    int32_t held, error, past;         /**< sum to 1000 */
    int32_t n_errors, n_outcomes;
    const int16_t *errors, *outcomes;  /**< rising; an outcome is 0 to 1000 */
    double mae, crps, cover80;         /**< on proposals that were not used: mean error of the median and CRPS, in
                                            hundredths of the scale; share of outcomes in the central 80 % */
} ent_calibration;

/** What ships of a model, learned from decisions of the European Union (data/calibration-eu.json), or NULL. */
ENT_API const ent_calibration *ent_calibration_of(const ent_model *model);

/**
 * Quantiles of the distribution around a model's point.
 *
 * A quantile lies within the range held, rises with p, and moves with the scale where the scale is moved or stretched.
 * Where all agree with the point, it is the point.
 * @param[out] out          n; may be p; unchanged on error
 * @param      p            n probabilities, in (0, 1)
 * @param      in           the issue; options are not looked at
 * @param      point        where the model settles it
 * @return ENT_OK; ENT_ERR_ARGUMENT; ENT_ERR_DOMAIN (nobody has weight, a number is not finite, p outside (0, 1));
 *         ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_calibrated_quantiles(double *out, const double *p, size_t n,
                                                           const ent_settle_input *in, double point,
                                                           const ent_calibration *calibration, ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
