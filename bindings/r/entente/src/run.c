/* A scenario run, and its results as columns. While it runs R is asked ten times a second whether somebody interrupts, in a
 * way that does not jump over the library; an interrupt comes back as the text "interrupted". */
#include "entente_r.h"

#include <string.h>

typedef struct run {
    ent_plan *plan;
    ent_results *results;
} run;

static void run_free(run *r)
{
    ent_results_free(r->results);
    ent_plan_free(r->plan);
    R_Free(r);
}

static void finalize(SEXP pointer)
{
    run *r = R_ExternalPtrAddr(pointer);
    if (r != NULL)
        run_free(r);
    R_ClearExternalPtr(pointer);
}

static const ent_results *results_of(SEXP pointer)
{
    const run *r = TYPEOF(pointer) == EXTPTRSXP ? R_ExternalPtrAddr(pointer) : NULL;
    if (r == NULL)
        Rf_error("these results are gone: results cannot be saved with a session; run again with the same seed");
    return r->results;
}

/* --- running ---------------------------------------------------------------------------------------------- */

typedef struct watcher {
    SEXP progress; /* a function or NULL */
    int interrupted, failed;
} watcher;

static void look_for_interrupt(void *nothing)
{
    (void)nothing;
    R_CheckUserInterrupt();
}

static int on_progress(const ent_progress *at, void *payload)
{
    watcher *w = payload;
    if (!R_ToplevelExec(look_for_interrupt, NULL))
        return w->interrupted = 1;
    if (Rf_isNull(w->progress))
        return 0;
    SEXP done = PROTECT(Rf_ScalarReal((double)at->done)), total = PROTECT(Rf_ScalarReal((double)at->total));
    SEXP call = PROTECT(Rf_lang3(w->progress, done, total));
    int error = 0;
    SEXP said = R_tryEvalSilent(call, R_GlobalEnv, &error);
    const int stop = error || (Rf_isLogical(said) && Rf_length(said) == 1 && LOGICAL(said)[0] == 1);
    w->failed = error;
    UNPROTECT(3);
    return stop;
}

static ent_status compile(ent_plan **plan, const char *path, const ent_setting *setting, size_t n, ent_diagnostics *list, ent_error *err)
{
    ent_scenario *scenario = NULL;
    ent_status status = ent_scenario_read(&scenario, path, list, err);
    if (status == ENT_OK)
        status = ent_plan_compile(plan, scenario, setting, n, list, err);
    ent_scenario_free(scenario);
    ent_diagnostics_sort(list);
    return status;
}

/* An external pointer with the warnings as its tag. */
static SEXP point_to(run *r, const ent_diagnostics *list)
{
    SEXP findings = PROTECT(findings_of(list));
    SEXP pointer = PROTECT(R_MakeExternalPtr(r, findings, R_NilValue));
    R_RegisterCFinalizerEx(pointer, finalize, TRUE);
    UNPROTECT(2);
    return pointer;
}

SEXP r_run(SEXP path, SEXP names, SEXP values, SEXP draws, SEXP seed, SEXP jobs, SEXP keep, SEXP progress)
{
    const size_t n = (size_t)Rf_xlength(names);
    ent_setting *setting = (ent_setting *)R_alloc(n + 1, sizeof *setting);
    for (size_t i = 0; i < n; i++)
        setting[i] = (ent_setting){Rf_translateCharUTF8(STRING_ELT(names, (R_xlen_t)i)), Rf_translateCharUTF8(STRING_ELT(values, (R_xlen_t)i))};
    watcher watch = {.progress = progress};
    ent_error err = {0};
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = (int64_t)Rf_asReal(draws);
    options.has_seed = !Rf_isNull(seed);
    options.seed = options.has_seed ? (uint64_t)Rf_asReal(seed) : 0;
    options.jobs = Rf_asInteger(jobs);
    options.keep_draws = Rf_asLogical(keep) == 1;
    options.progress = on_progress;
    options.payload = &watch;
    run *r = R_Calloc(1, run);
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = list != NULL ? compile(&r->plan, CHAR(STRING_ELT(path, 0)), setting, n, list, &err) : ENT_ERR_MEMORY;
    const int compiled = status == ENT_OK;
    if (compiled)
        status = ent_run(&r->results, r->plan, &options, &err);
    SEXP out;
    if (watch.interrupted)
        out = Rf_mkString("interrupted");
    else if (watch.failed)
        out = failure_of("progress failed: its function gave an error");
    else
        out = status == ENT_OK ? point_to(r, list) : failure(&err, compiled ? NULL : list);
    PROTECT(out);
    if (TYPEOF(out) != EXTPTRSXP)
        run_free(r);
    ent_diagnostics_free(list);
    UNPROTECT(1);
    return out;
}

SEXP r_check_of(SEXP results) { return R_ExternalPtrTag(results); } /* the warnings of its scenario */

/* --- what is told -------------------------------------------------------------------------------------------- */

static SEXP columns(const char *const *name, const SEXPTYPE *type, int n, R_xlen_t rows)
{
    SEXP out = PROTECT(Rf_allocVector(VECSXP, n)), names = PROTECT(Rf_allocVector(STRSXP, n));
    for (int c = 0; c < n; c++) {
        SET_STRING_ELT(names, c, Rf_mkChar(name[c]));
        SET_VECTOR_ELT(out, c, Rf_allocVector(type[c], rows));
    }
    Rf_setAttrib(out, R_NamesSymbol, names);
    UNPROTECT(2);
    return out;
}

static void set_text(SEXP table, int column, R_xlen_t row, const char *s) { SET_STRING_ELT(VECTOR_ELT(table, column), row, text_of(s)); }
static void set_number(SEXP table, int column, R_xlen_t row, double x) { REAL(VECTOR_ELT(table, column))[row] = x == x ? x : NA_REAL; }
static void set_whole(SEXP table, int column, R_xlen_t row, int x) { INTEGER(VECTOR_ELT(table, column))[row] = x; }
static void set_truth(SEXP table, int column, R_xlen_t row, int x) { LOGICAL(VECTOR_ELT(table, column))[row] = x; }

static const char *const arm_word[] = {"without", "with", "taken"};

/* mean, sd, mc_error, p05 .. p95, undefined in nine columns from `first` */
static void set_summary(SEXP table, int first, R_xlen_t row, const ent_summary *s)
{
    set_number(table, first, row, s->mean);
    set_number(table, first + 1, row, s->sd);
    set_number(table, first + 2, row, s->mc_error);
    for (int k = 0; k < 5; k++)
        set_number(table, first + 3 + k, row, s->quantile[k]);
    set_number(table, first + 8, row, s->undefined);
}
#define SUMMARY_NAMES "mean", "sd", "mc_error", "p05", "p25", "p50", "p75", "p95", "undefined"
#define SUMMARY_TYPES REALSXP, REALSXP, REALSXP, REALSXP, REALSXP, REALSXP, REALSXP, REALSXP, REALSXP

SEXP r_facts(SEXP results)
{
    static const char *const name[] = {"title", "document", "version", "command", "seed", "draws", "draws_asked", "interrupted", "has_document",
                                       "has_given", "effective_draws", "log_evidence"};
    static const SEXPTYPE type[] = {STRSXP, STRSXP, STRSXP, STRSXP, STRSXP, REALSXP, REALSXP, LGLSXP, LGLSXP, LGLSXP, REALSXP, REALSXP};
    const ent_run_facts f = ent_results_facts(results_of(results));
    char seed[24];
    SEXP out = PROTECT(columns(name, type, 12, 1));
    set_text(out, 0, 0, f.title);
    set_text(out, 1, 0, f.document);
    set_text(out, 2, 0, f.version);
    set_text(out, 3, 0, f.command);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)f.seed); /* R has no whole numbers above 2^53 */
    set_text(out, 4, 0, seed);
    set_number(out, 5, 0, (double)f.draws);
    set_number(out, 6, 0, (double)f.draws_asked);
    set_truth(out, 7, 0, f.interrupted);
    set_truth(out, 8, 0, f.has_document);
    set_truth(out, 9, 0, f.has_given);
    set_number(out, 10, 0, f.effective_draws);
    set_number(out, 11, 0, f.log_evidence);
    UNPROTECT(1);
    return out;
}

SEXP r_quantities(SEXP results, SEXP arms)
{
    static const char *const name[] = {"name", "unit", "kind", "issue", "actor", "arm", "year", "month", "headline", "moves", SUMMARY_NAMES, "known", "low", "high"};
    static const SEXPTYPE type[] = {STRSXP, STRSXP, STRSXP, STRSXP, STRSXP, STRSXP, INTSXP, INTSXP, LGLSXP, LGLSXP, SUMMARY_TYPES, REALSXP, REALSXP, REALSXP};
    const ent_results *r = results_of(results);
    const R_xlen_t n = (R_xlen_t)ent_results_facts(r).quantities, n_arms = Rf_xlength(arms);
    SEXP out = PROTECT(columns(name, type, 22, n * n_arms));
    for (R_xlen_t a = 0; a < n_arms; a++)
        for (R_xlen_t i = 0; i < n; i++) {
            const int arm = INTEGER(arms)[a];
            const R_xlen_t row = a * n + i;
            const ent_quantity_view q = ent_results_quantity(r, (size_t)i);
            set_text(out, 0, row, q.name);
            set_text(out, 1, row, q.unit);
            set_text(out, 2, row, q.kind);
            set_text(out, 3, row, q.issue);
            set_text(out, 4, row, q.actor);
            set_text(out, 5, row, arm_word[arm]);
            set_whole(out, 6, row, q.year != 0 ? q.year : NA_INTEGER);
            set_whole(out, 7, row, q.month != 0 ? q.month : NA_INTEGER);
            set_truth(out, 8, row, q.headline);
            set_truth(out, 9, row, q.moves);
            set_summary(out, 10, row, &q.arm[arm]);
            set_number(out, 19, row, q.known);
            set_number(out, 20, row, q.low);
            set_number(out, 21, row, q.high);
        }
    UNPROTECT(1);
    return out;
}

SEXP r_claims(SEXP results, SEXP arms)
{
    static const char *const name[] = {"id", "title", "who", "says", "arm", "share", "mc_error", "verdict", "near_threshold", "counted", "undefined"};
    static const SEXPTYPE type[] = {STRSXP, STRSXP, STRSXP, STRSXP, STRSXP, REALSXP, REALSXP, STRSXP, LGLSXP, REALSXP, REALSXP};
    const ent_results *r = results_of(results);
    const R_xlen_t n = (R_xlen_t)ent_results_facts(r).claims, n_arms = Rf_xlength(arms);
    SEXP out = PROTECT(columns(name, type, 11, n * n_arms));
    for (R_xlen_t i = 0; i < n; i++)
        for (R_xlen_t a = 0; a < n_arms; a++) {
            const int arm = INTEGER(arms)[a];
            const R_xlen_t row = i * n_arms + a;
            const ent_claim_view c = ent_results_claim(r, (size_t)i);
            set_text(out, 0, row, c.id);
            set_text(out, 1, row, c.title);
            set_text(out, 2, row, c.who);
            set_text(out, 3, row, c.says);
            set_text(out, 4, row, arm_word[arm]);
            set_number(out, 5, row, c.arm[arm].share);
            set_number(out, 6, row, c.arm[arm].mc_error);
            set_text(out, 7, row, ent_verdict_text(c.arm[arm].verdict));
            set_truth(out, 8, row, c.arm[arm].near_threshold);
            set_number(out, 9, row, c.arm[arm].counted);
            set_number(out, 10, row, c.arm[arm].undefined);
        }
    UNPROTECT(1);
    return out;
}

SEXP r_drivers(SEXP results)
{
    static const char *const name[] = {"claim", "rank", "input", "label", "strength", "strength_error", "break_even"};
    static const SEXPTYPE type[] = {STRSXP, INTSXP, STRSXP, STRSXP, REALSXP, REALSXP, REALSXP};
    const ent_results *r = results_of(results);
    const size_t n = ent_results_facts(r).claims;
    R_xlen_t rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += (R_xlen_t)ent_results_claim(r, i).n_drivers;
    SEXP out = PROTECT(columns(name, type, 7, rows));
    rows = 0;
    for (size_t i = 0; i < n; i++) {
        const ent_claim_view c = ent_results_claim(r, i);
        for (size_t d = 0; d < c.n_drivers; d++, rows++) {
            set_text(out, 0, rows, c.id);
            set_whole(out, 1, rows, (int)d + 1);
            set_text(out, 2, rows, c.driver[d].input);
            set_text(out, 3, rows, c.driver[d].label);
            set_number(out, 4, rows, c.driver[d].strength);
            set_number(out, 5, rows, c.driver[d].strength_error);
            set_number(out, 6, rows, c.driver[d].break_even);
        }
    }
    UNPROTECT(1);
    return out;
}

SEXP r_inputs(SEXP results)
{
    static const char *const name[] = {"name", "label", "unit", "text", "source", "why", "uncertain", SUMMARY_NAMES};
    static const SEXPTYPE type[] = {STRSXP, STRSXP, STRSXP, STRSXP, STRSXP, STRSXP, LGLSXP, SUMMARY_TYPES};
    const ent_results *r = results_of(results);
    const R_xlen_t n = (R_xlen_t)ent_results_facts(r).inputs;
    SEXP out = PROTECT(columns(name, type, 16, n));
    for (R_xlen_t i = 0; i < n; i++) {
        const ent_input_view v = ent_results_input(r, (size_t)i);
        const char *text[] = {v.name, v.label, v.unit, v.text, v.source, v.why};
        for (int c = 0; c < 6; c++)
            set_text(out, c, i, text[c]);
        set_truth(out, 6, i, v.uncertain);
        set_summary(out, 7, i, &v.weighted);
    }
    UNPROTECT(1);
    return out;
}

SEXP r_json(SEXP results)
{
    char *text = NULL;
    size_t length = 0;
    ent_error err = {0};
    if (ent_results_json(&text, &length, results_of(results), &err) != ENT_OK)
        return failure(&err, NULL);
    SEXP out = PROTECT(Rf_ScalarString(Rf_mkCharLenCE(text, (int)length, CE_UTF8)));
    ent_bytes_free(text);
    UNPROTECT(1);
    return out;
}

static SEXP show_draws(SEXP results, const ent_draws_view *view)
{
    const R_xlen_t n = (R_xlen_t)ent_results_facts(results_of(results)).draws;
    if (view->value != NULL)
        return draws_of(view->value, n, results);
    SEXP out = Rf_allocVector(REALSXP, n);
    for (R_xlen_t i = 0; i < n; i++)
        REAL(out)[i] = view->constant;
    return out;
}

/* name: of a quantity, or "claim(ID)" */
SEXP r_draws(SEXP results, SEXP name, SEXP arm)
{
    const ent_results *r = results_of(results);
    const ent_run_facts f = ent_results_facts(r);
    const char *wanted = Rf_translateCharUTF8(STRING_ELT(name, 0));
    const size_t length = strlen(wanted);
    ent_draws_view view = {0};
    ent_error err = {0};
    ent_status status = ENT_ERR_ARGUMENT;
    size_t i = 0;
    const bool claim = length > 7 && strncmp(wanted, "claim(", 6) == 0 && wanted[length - 1] == ')';
    if (claim) {
        while (i < f.claims && !(strlen(ent_results_claim(r, i).id) == length - 7 && strncmp(ent_results_claim(r, i).id, wanted + 6, length - 7) == 0))
            i++;
        if (i == f.claims)
            return failure_of("there is no claim '%.*s'", (int)(length - 7), wanted + 6);
        status = ent_results_claim_draws(&view, r, i, (ent_arm)Rf_asInteger(arm), &err);
    } else {
        while (i < f.quantities && strcmp(ent_results_quantity(r, i).name, wanted) != 0)
            i++;
        if (i == f.quantities)
            return failure_of("there is no quantity '%.200s'", wanted);
        status = ent_results_quantity_draws(&view, r, i, (ent_arm)Rf_asInteger(arm), &err);
    }
    return status == ENT_OK ? show_draws(results, &view) : failure(&err, NULL);
}

SEXP r_weights(SEXP results)
{
    const ent_results *r = results_of(results);
    const double *weight = ent_results_weights(r);
    return weight != NULL ? draws_of(weight, (R_xlen_t)ent_results_facts(r).draws, results) : R_NilValue;
}

SEXP r_write(SEXP results, SEXP what, SEXP path, SEXP draws)
{
    const ent_results *r = results_of(results);
    const char *kind = CHAR(STRING_ELT(what, 0)), *to = CHAR(STRING_ELT(path, 0));
    ent_error err = {0};
    ent_status status = strcmp(kind, "report") == 0   ? ent_results_write_report(r, to, &err)
                        : strcmp(kind, "sqlite") == 0 ? ent_results_write_sqlite(r, to, &err)
                        : strcmp(kind, "draws") == 0  ? ent_results_write_draws(r, to, &err)
                                                      : ent_results_write_folder(r, to, Rf_asLogical(draws) == 1, &err);
    return status == ENT_OK ? R_NilValue : failure(&err, NULL);
}
