/* Failures and findings as lists, of which R's side makes conditions and data frames. */
#include "entente_r.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

SEXP text_of(const char *s) { return Rf_mkCharLenCE(s, (int)strlen(s), CE_UTF8); }

static SEXP named(const char *const *name, int n)
{
    SEXP list = PROTECT(Rf_allocVector(VECSXP, n)), names = PROTECT(Rf_allocVector(STRSXP, n));
    for (int i = 0; i < n; i++)
        SET_STRING_ELT(names, i, Rf_mkChar(name[i]));
    Rf_setAttrib(list, R_NamesSymbol, names);
    UNPROTECT(2);
    return list;
}

SEXP findings_of(const ent_diagnostics *list)
{
    static const char *const name[] = {"file", "line", "column", "severity", "message"};
    const R_xlen_t n = list != NULL ? (R_xlen_t)ent_diagnostics_count(list) : 0;
    SEXP out = PROTECT(named(name, 5));
    for (int c = 0; c < 5; c++)
        SET_VECTOR_ELT(out, c, Rf_allocVector(c == 1 || c == 2 ? INTSXP : STRSXP, n));
    for (R_xlen_t i = 0; i < n; i++) {
        const ent_diagnostic d = ent_diagnostics_get(list, (size_t)i);
        SET_STRING_ELT(VECTOR_ELT(out, 0), i, text_of(d.file));
        INTEGER(VECTOR_ELT(out, 1))[i] = d.line > 0 ? d.line : NA_INTEGER;
        INTEGER(VECTOR_ELT(out, 2))[i] = d.column > 0 ? d.column : NA_INTEGER;
        SET_STRING_ELT(VECTOR_ELT(out, 3), i, Rf_mkChar(d.severity == ENT_SEVERITY_ERROR ? "error" : "warning"));
        SET_STRING_ELT(VECTOR_ELT(out, 4), i, text_of(d.message));
    }
    UNPROTECT(1);
    return out;
}

SEXP failure(const ent_error *err, const ent_diagnostics *list)
{
    static const char *const name[] = {"status", "message", "file", "line", "column", "findings"};
    static const char *const word[] = {"ok", "argument", "domain", "memory", "io", "scenario", "limit", "format", "interrupted"};
    SEXP out = PROTECT(named(name, 6));
    const int status = -(int)err->status;
    SET_VECTOR_ELT(out, 0, Rf_mkString(status > 0 && status < 9 ? word[status] : "unknown"));
    SET_VECTOR_ELT(out, 1, Rf_ScalarString(text_of(err->message)));
    SET_VECTOR_ELT(out, 2, Rf_ScalarString(text_of(err->file)));
    SET_VECTOR_ELT(out, 3, Rf_ScalarInteger(err->line > 0 ? err->line : NA_INTEGER));
    SET_VECTOR_ELT(out, 4, Rf_ScalarInteger(err->column > 0 ? err->column : NA_INTEGER));
    SET_VECTOR_ELT(out, 5, findings_of(list));
    Rf_setAttrib(out, R_ClassSymbol, PROTECT(Rf_mkString("ent_failure")));
    UNPROTECT(2);
    return out;
}

SEXP failure_of(const char *format, ...)
{
    ent_error err = {.status = ENT_ERR_ARGUMENT};
    va_list args;
    va_start(args, format);
    vsnprintf(err.message, sizeof err.message, format, args);
    va_end(args);
    return failure(&err, NULL);
}
