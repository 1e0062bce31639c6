/**
 * @file entente/score.h
 * @brief How good a forecast was: proper scores, calibration, intervals for means, and weights for several forecasters.
 *
 * A forecast of a number is a sample of equally likely values in rising order; a forecast of an event is its
 * probability. A lower score is better. What has no value (an empty sample, an undefined number) gives NaN. All
 * functions are thread-safe and keep nothing.
 */
#ifndef ENTENTE_SCORE_H
#define ENTENTE_SCORE_H

#include "entente/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The continuous ranked probability score of a sample: mean |x - y| less half the mean |x - x'|.
 *
 * >= 0, in the unit of y; of a sample of one it is |x - y|. O(n).
 * Source: Gneiting & Raftery 2007, "Strictly Proper Scoring Rules, Prediction, and Estimation", JASA 102, eq. 21.
 * @param sorted  n values, rising
 * @param y       what happened
 */
ENT_API double ent_score_crps(const double *sorted, size_t n, double y);
/** The same of a normal distribution, in closed form (Gneiting & Raftery 2007, eq. 22); sd > 0. */
ENT_API double ent_score_crps_normal(double mean, double sd, double y);
/** Brier's score of one event, (p - happened)^2, in [0, 1] (Brier 1950). p in [0, 1]. */
ENT_API double ent_score_brier(double p, bool happened);
/** The logarithmic score, -ln of the probability given to what happened; infinite where that was 0. p in [0, 1]. */
ENT_API double ent_score_log(double p, bool happened);

/** Where an outcome falls in a forecast's distribution F: F just below it, and F at it. Equal where F has no atom
 * there. */
typedef struct ent_pit {
    double below, at;
} ent_pit;
ENT_API ent_pit ent_score_pit(const double *sorted, size_t n, double y);
/**
 * The chance that the randomised probability integral transform, uniform between `below` and `at`, lies in [low, high].
 *
 * Its mean over many outcomes is the coverage, without the noise of a draw. Closed intervals would cover more than they
 * say where outcomes have atoms. Source: Czado, Gneiting & Held 2009, Biometrics 65, sec. 2.1 (non-randomised).
 */
ENT_API double ent_score_pit_share(ent_pit pit, double low, double high);
/** The same for the central interval of a level in (0, 1), such as 0.8. */
ENT_API double ent_score_coverage(ent_pit pit, double level);

typedef struct ent_interval {
    double low, high;
} ent_interval;

typedef struct ent_bootstrap_options {
    int32_t version;    /**< 1 */
    int32_t replicates; /**< 0: 2000; at most 1 000 000 */
    double level;       /**< 0: 0.95 */
    uint64_t seed;      /**< two calls with one seed draw the same clusters, so that their results can be compared */
} ent_bootstrap_options;
#define ENT_BOOTSTRAP_OPTIONS_INIT                                                                                     \
    {                                                                                                                  \
        .version = 1, .seed = 1                                                                                        \
    }

/**
 * A percentile interval for the mean of values that come in clusters, whose members are not independent: clusters are
 * drawn with replacement, whole (Davison & Hinkley 1997, sec. 3.8).
 *
 * A function of values, clusters, options: the same bits everywhere. O(replicates x clusters).
 * @param[out] out       unchanged on error
 * @param      value     n finite numbers; NaN: left out
 * @param      cluster   n numbers, 0 <= cluster < clusters
 * @param      options   NULL: the defaults
 * @return ENT_OK; ENT_ERR_ARGUMENT; ENT_ERR_DOMAIN (fewer than two clusters hold a value, level not in (0, 1));
 *         ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_score_bootstrap(ent_interval *out, const double *value, const int32_t *cluster,
                                                      size_t n, int32_t clusters, const ent_bootstrap_options *options,
                                                      ent_error *err);

/** The mean |x - x'| of two samples in rising order, each in O(n). */
ENT_API double ent_score_distance(const double *x, size_t n, const double *y, size_t m);
/**
 * Weights, >= 0 and summing to 1, with which the mixture of k forecasters has the least mean CRPS: the least of
 * sum w_i miss_i - 1/2 sum w_i w_j apart_ij, a convex function.
 *
 * Stacking (Yao et al. 2018, Bayesian Analysis 13) by CRPS. With forecasts made without the case they are scored on, as
 * in ent_backtest(), the weights are leave-one-out ones.
 * @param[out] weight  k
 * @param      miss    k: the mean |x - y| of each
 * @param      apart   k x k: the mean |x - x'| of each two (ent_score_distance()), symmetric
 */
ENT_API void ent_score_stack(double *weight, const double *miss, const double *apart, size_t k);

#ifdef __cplusplus
}
#endif
#endif
