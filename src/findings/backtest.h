/* A backtest under way: what its parts share. */
#ifndef ENT_SRC_FINDINGS_BACKTEST_H
#define ENT_SRC_FINDINGS_BACKTEST_H

#include "core/core.h"
#include "entente/backtest.h"

typedef struct tagged {
    double error;
    int32_t proposal;
} tagged;

typedef struct trial {
    ent_backtest whole; /* first: the caller's pointer is this one's */
    ent__arena *arena;
    const ent_decisions *from;
    const ent_model *model[ENT_BACKTEST_MODELS]; /* NULL: a yardstick */
    size_t k, n;                                 /* forecasters, issues */
    ent_backtest_scores *scores;
    int32_t *issue, *proposal; /* n: numbers in the decisions */
    double *outcome;           /* n */
    double *capability;        /* stances */
    double *prediction;        /* k x n */
    double *miss;              /* k x n: CRPS's first half, mean |x - y| */
    double *apart;             /* n x k x k; half of it is the second */
    double *distance, *crps;   /* n each, of one forecaster */
    double *sample;            /* k x n: of one issue */
    size_t *size;              /* k */
    tagged *errors;            /* k x n, by size */
    size_t *n_errors;          /* k */
    const ent_calibration **calibration; /* k: NULL for a yardstick */
    ent_bootstrap_options bootstrap;
} trial;

/* The mean of what has a value among n, and its interval; NaN where there are not two proposals. */
ent_status ent__trial_mean(double *mean, ent_interval *interval, const trial *t, const double *value, double level,
                           ent_error *err);
/* Adds an outcome to the tenths of the forecasts' distributions. */
void ent__trial_tenth(double tenth[ENT_BACKTEST_BINS], ent_pit pit);
/* Learns from the decisions how far each model may be off, and scores that on proposals that were not used. */
ent_status ent__trial_calibrate(trial *t, ent_error *err);

#endif
