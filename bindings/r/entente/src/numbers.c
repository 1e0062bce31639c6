/* Numbers in. A vector of doubles is borrowed as it is; whole numbers, truths and matrices are copied once, matrices to
 * rows after rows, as the library has tables. NA is undefined. */
#include "entente_r.h"

SEXP numbers_take(numbers *to, SEXP from, const char *name)
{
    *to = (numbers){0};
    if (Rf_isNull(from))
        return NULL;
    if (!(Rf_isReal(from) || Rf_isInteger(from) || Rf_isLogical(from)) || Rf_isFactor(from))
        return failure_of("%s takes numbers", name);
    SEXP dim = Rf_getAttrib(from, R_DimSymbol);
    const int table = Rf_length(dim) == 2;
    const R_xlen_t n = Rf_xlength(from);
    if (Rf_length(dim) > 2)
        return failure_of("%s has more than two dimensions", name);
    to->n = (size_t)n;
    to->dimensions = table ? 2 : n == 1 ? 0 : 1;
    to->count[0] = table ? (size_t)INTEGER(dim)[0] : to->n;
    to->count[1] = table ? (size_t)INTEGER(dim)[1] : 1;
    if (Rf_isReal(from) && !(table && to->count[0] > 1 && to->count[1] > 1)) {
        to->value = REAL_RO(from);
        return NULL;
    }
    double *copy = (double *)R_alloc(to->n + 1, sizeof *copy);
    for (size_t i = 0; i < to->n; i++) {
        const size_t at = table ? i % to->count[0] * to->count[1] + i / to->count[0] : i;
        const int x = Rf_isReal(from) ? 0 : INTEGER_RO(from)[i]; /* truths lie as whole numbers do */
        copy[at] = Rf_isReal(from) ? REAL_RO(from)[i] : x == NA_INTEGER ? NA_REAL : x;
    }
    to->value = copy;
    return NULL;
}
