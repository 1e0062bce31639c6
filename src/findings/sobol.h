/* Sobol' indices and delta on resamples that many of them share. */
#ifndef ENT_SRC_SOBOL_H
#define ENT_SRC_SOBOL_H

#include "entente/sensitivity.h"
#include "findings/findings.h"

enum { ENT__RESAMPLES = 200, ENT__SHUFFLES = 16 };

typedef struct ent__resamples { /* which draws each resample takes, of n */
    size_t n;
    uint32_t *random;           /* [ENT__RESAMPLES + ENT__SHUFFLES][n] */
} ent__resamples;
ent_status ent__resamples_make(ent__resamples *resamples, size_t n, uint64_t seed, ent_error *err);
void ent__resamples_free(ent__resamples *resamples);

ent_status ent__sobol(ent_index *first, ent_index *total, const double *a, const double *b, const double *ab,
                      const ent__resamples *resamples, ent_error *err);
ent_status ent__delta(ent_index *delta, const double *y, const int32_t *bin, int32_t bins, const double *weight,
                      const ent__resamples *resamples, ent_error *err);

#endif
