/* The distribution around a model's point: what fitting, scoring and the draw loop share. */
#ifndef ENT_SRC_CALIBRATE_H
#define ENT_SRC_CALIBRATE_H

#include "entente/calibrate.h"
#include "settle/settle.h"

/* Three lists of values in rising order: positions held, the point with its errors, places of past outcomes. */
enum { ENT__HELD, ENT__ERROR, ENT__PAST, ENT__PARTS };

typedef struct ent__predictive {
    const ent_calibration *from;
    size_t n;               /* positions held by someone with weight, each once */
    const double *position; /* rising */
    const double *weight;   /* share of those who hold it in all weight */
    double *share;          /* of all chance, at that position or below; the last is 1 */
    double point, low, high; /* the range held */
} ent__predictive;

size_t ent__predictive_workspace(size_t n); /* bytes; the workspace is aligned to 16 */
/* False, and nothing set, where nobody has weight, a weight is negative or a number is not finite. */
bool ent__predictive_make(ent__predictive *out, const ent_settle_input *in, double point, const ent_calibration *from, void *workspace);

/* The same issue with the model's point elsewhere. */
void ent__predictive_move(ent__predictive *p, double point);

/* How many values a part has, its i-th, and the share of the part at the first i of them. */
static inline size_t ent__predictive_count(const ent__predictive *p, int part)
{
    return part == ENT__HELD ? p->n : (size_t)(part == ENT__ERROR ? p->from->n_errors : p->from->n_outcomes);
}
static inline double ent__predictive_value(const ent__predictive *p, int part, size_t i)
{
    if (part == ENT__HELD)
        return p->position[i];
    const double range = p->high - p->low;
    const double x = part == ENT__ERROR ? p->point + range * (p->from->errors[i] / 1000.0)
                                        : p->low + range * (p->from->outcomes[i] / 1000.0);
    return x < p->low ? p->low : x > p->high ? p->high : x;
}
static inline double ent__predictive_share(const ent__predictive *p, int part, size_t i)
{
    if (part == ENT__HELD)
        return i > 0 ? p->share[i - 1] : 0;
    return (double)i / (double)ent__predictive_count(p, part);
}

/* The chance of an outcome at x or below; of one below x. */
double ent__predictive_at(const ent__predictive *p, double x);
double ent__predictive_below(const ent__predictive *p, double x);
/* The smallest value with a chance of at least u at it or below. O(log(n + errors)^2). */
double ent__predictive_quantile(const ent__predictive *p, double u);

#endif
