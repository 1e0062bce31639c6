/* A vector over the library's own memory: R's ALTREP. What reads it reads the draws in place; what would write gets a
 * copy of its own, so that results never change. */
#include "entente_r.h"

#include <R_ext/Altrep.h>
#include <string.h>

/* data1: an external pointer to the first number, which keeps the owner, with the length as its tag; data2: the copy. */
static R_altrep_class_t class;

static const double *data_of(SEXP x) { return R_ExternalPtrAddr(R_altrep_data1(x)); }

static R_xlen_t length(SEXP x) { return (R_xlen_t)REAL_RO(R_ExternalPtrTag(R_altrep_data1(x)))[0]; }

static void *dataptr(SEXP x, Rboolean writeable)
{
    SEXP copy = R_altrep_data2(x);
    if (copy == R_NilValue && !writeable)
        return (void *)(uintptr_t)data_of(x);
    if (copy == R_NilValue) {
        copy = PROTECT(Rf_allocVector(REALSXP, length(x)));
        memcpy(REAL(copy), data_of(x), (size_t)length(x) * sizeof(double));
        R_set_altrep_data2(x, copy);
        UNPROTECT(1);
    }
    return REAL(copy);
}

static const void *dataptr_or_null(SEXP x)
{
    SEXP copy = R_altrep_data2(x);
    return copy != R_NilValue ? (const void *)REAL_RO(copy) : (const void *)data_of(x);
}

static double element(SEXP x, R_xlen_t i) { return ((const double *)dataptr_or_null(x))[i]; }

static Rboolean inspect(SEXP x, int pre, int deep, int pvec, void (*subtree)(SEXP, int, int, int))
{
    (void)pre, (void)deep, (void)pvec, (void)subtree;
    Rprintf(" draws of entente, %s\n", R_altrep_data2(x) == R_NilValue ? "in place" : "copied");
    return TRUE;
}

void draws_ready(DllInfo *dll)
{
    class = R_make_altreal_class("ent_draws", "entente", dll);
    R_set_altrep_Length_method(class, length);
    R_set_altrep_Inspect_method(class, inspect);
    R_set_altvec_Dataptr_method(class, dataptr);
    R_set_altvec_Dataptr_or_null_method(class, dataptr_or_null);
    R_set_altreal_Elt_method(class, element);
}

SEXP draws_of(const double *data, R_xlen_t n, SEXP owner)
{
    SEXP tag = PROTECT(Rf_ScalarReal((double)n));
    SEXP pointer = PROTECT(R_MakeExternalPtr((void *)(uintptr_t)data, tag, owner));
    SEXP out = R_new_altrep(class, pointer, R_NilValue);
    UNPROTECT(2);
    return out;
}
