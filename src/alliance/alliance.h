/* What the files of this room share. */
#ifndef ENT_SRC_ALLIANCE_H
#define ENT_SRC_ALLIANCE_H

#include "core/core.h"
#include "entente/alliance.h"

extern const ent_model ent__model_burden_sharing, ent__model_capability, ent__model_deterrence, ent__model_membership;

/* --- check.c: numbers in range, and if not which one is wrong ----------------------------------------- */

typedef struct ent__range {
    double low, high;
    bool low_open, high_open;
} ent__range;
extern const ent__range ENT__MONEY, ENT__INCOME, ENT__SHARE, ENT__TASTE, ENT__NOT_NEGATIVE, ENT__POSITIVE;

/* ENT_OK, or "NAME is X; allowed is ..."; `who` ("ally") with its number from 1 where who is not NULL. */
ent_status ent__alliance_number(const char *name, const char *who, size_t at, double x, const ent__range *range,
                                ent_error *err);
/* The same for each of n numbers; NULL is good where `optional`. */
ent_status ent__alliance_numbers(const char *name, const char *who, const double *x, size_t n, const ent__range *range,
                                 bool optional, ent_error *err);
/* Each of x below the most beside it. */
ent_status ent__alliance_below(const char *name, const double *x, const char *most_name, const double *most, size_t n,
                               ent_error *err);
ent_status ent__alliance_spill(const ent_spill *spill, size_t n, ent_error *err);

/* --- game.c: allies that choose their spending -------------------------------------------------------- */

typedef struct ent__game {
    size_t n;
    const double *income, *a, *b; /* a shared, b private */
    const double *floor;          /* NULL: 0 */
    ent_spill spill;
    const double *counts; /* s_j where s_ij depends on j alone; else NULL */
} ent__game;

/* s_j into counts[n] and true where s_ij depends on j alone. */
bool ent__spill_counts(double *counts, const ent_spill *spill, size_t n);
static inline double ent__spill_of(const ent_spill *spill, size_t n, size_t i, size_t j)
{
    double s = spill->by_pair != NULL ? spill->by_pair[i * n + j] : spill->spillover;
    return spill->credibility != NULL ? s * spill->credibility[j] : s;
}
/* What i can count on of the others' spending. */
double ent__spill_in(const ent__game *game, const double *spending, size_t i);
/* The best answer to a spill-in, not below the floor. */
double ent__best_response(double a, double b, double income, double spill_in, double floor);
/* The greatest utility to be had with that spill-in; *spending may be NULL. -infinity where the floor leaves nothing.
 */
double ent__best_utility(double a, double b, double income, double spill_in, double floor, double *spending);
/* Tastes from what is spent, for checked numbers. */
void ent__calibrate(double *a, double *b, double income, double observed, double private_share, double spill_in);
/* The equilibrium from q[n] (a start, then the answer). The steps it took, or -1 where it did not converge. */
int32_t ent__nash(double *q, const ent__game *game);
/* Greatest difference of q / I between `q` and the equilibrium from a second start; `other` holds n. NaN where that
 * does not converge; 0 where the equilibrium is known to be one. */
double ent__nash_again(const double *q, double *other, const ent__game *game);

/* --- efficient.c -------------------------------------------------------------------------------------- */

enum { ENT__EFFICIENT_SPACE = 11 }; /* times n numbers */
/* Total spending that is best for all, weighted (weight NULL: 1); NaN where it was not found. */
double ent__efficient(const ent__game *game, const double *weight, double *space);

/* --- burden.c ----------------------------------------------------------------------------------------- */

/* Spearman's rank correlation, ties at their mean rank; `space` holds 2 n numbers, order n. NaN where one is constant.
 */
double ent__rank_correlation(const double *x, const double *y, size_t n, double *space, size_t *order);

/* --- deterrence.c ------------------------------------------------------------------------------------- */

ent_status ent__deterrence_check(const ent_deterrence_input *in, ent_error *err);

/* --- of all calls ------------------------------------------------------------------------------------- */

/* A place among n; -1 nobody, also where x is NULL; -2 where it is none. */
int32_t ent__place_among(const double *x, size_t n);
/* Undefined into every output that the phase gives and into what is carried on. */
void ent__alliance_nothing(const ent_call *call, const ent_model *model);
static inline void ent__put(const ent_call *call, int port, double x)
{
    if (call->out[port] != NULL)
        *call->out[port] = x;
}

#endif
