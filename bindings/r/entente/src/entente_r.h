/* What the files of the R package share. R's errors jump over C's frames, so nothing here calls Rf_error() while it holds
 * something of the library's: a failure is given back as a list of class "ent_failure", which R's side raises. */
#ifndef ENT_R_H
#define ENT_R_H

#define R_NO_REMAP
#define STRICT_R_HEADERS
#include <R.h>
#include <Rinternals.h>

#include <entente.h>

/* --- conditions.c ------------------------------------------------------------------------------------- */

SEXP failure(const ent_error *err, const ent_diagnostics *list); /* list may be NULL */
SEXP failure_of(const char *format, ...) ENT_PRINTF(1, 2);       /* ENT_ERR_ARGUMENT */
SEXP findings_of(const ent_diagnostics *list);                   /* a list of columns */
SEXP text_of(const char *s);                                     /* a CHARSXP in UTF-8 */

/* --- numbers.c ---------------------------------------------------------------------------------------- */

/* Doubles of an argument; rows after rows where it is a matrix. value NULL: R's NULL. Lives until the call ends. */
typedef struct numbers {
    const double *value;
    size_t n;
    int dimensions; /* 0: one number; a vector of length one is that */
    size_t count[2];
} numbers;
/* NULL, or a failure that names the argument. */
SEXP numbers_take(numbers *to, SEXP from, const char *name);

/* --- draws.c: a vector of R's over the library's own memory -------------------------------------------- */

void draws_ready(DllInfo *dll);
SEXP draws_of(const double *data, R_xlen_t n, SEXP owner);

/* --- what R calls --------------------------------------------------------------------------------------- */

SEXP r_settle(SEXP model, SEXP position, SEXP salience, SEXP capability, SEXP status_quo, SEXP low, SEXP high, SEXP seed, SEXP draw, SEXP options);
SEXP r_call(SEXP model, SEXP inputs, SEXP options, SEXP rule, SEXP first_year, SEXP months);
SEXP r_run(SEXP path, SEXP names, SEXP values, SEXP draws, SEXP seed, SEXP jobs, SEXP keep, SEXP progress);
SEXP r_facts(SEXP results);
SEXP r_check_of(SEXP results);
SEXP r_quantities(SEXP results, SEXP arms);
SEXP r_claims(SEXP results, SEXP arms);
SEXP r_drivers(SEXP results);
SEXP r_inputs(SEXP results);
SEXP r_json(SEXP results);
SEXP r_draws(SEXP results, SEXP name, SEXP arm);
SEXP r_weights(SEXP results);
SEXP r_write(SEXP results, SEXP what, SEXP path, SEXP draws);
SEXP r_check(SEXP path);
SEXP r_new(SEXP path);
SEXP r_cinc(SEXP year, SEXP components);
SEXP r_similarity(SEXP a, SEXP b, SEXP width, SEXP kind, SEXP squared);
SEXP r_power(SEXP rule, SEXP weights, SEXP quota, SEXP members, SEXP blocs, SEXP method, SEXP samples, SEXP seed);
SEXP r_rules(void);
SEXP r_models(void);

/* A rule by name or path, or of weights; *file and *own are the caller's to free. NULL, or a failure. */
typedef struct rule { ent_rule_file *file; ent_rule *own; const ent_rule *in; } rule;
SEXP rule_take(rule *to, SEXP name, size_t members);
void rule_free(rule *of);

#endif
