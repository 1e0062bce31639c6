/* Rules and power, capability shares, similarity, checks, and the table of models. */
#include "entente_r.h"

#include <stdlib.h>
#include <string.h>

/* --- rules ---------------------------------------------------------------------------------------------- */

static SEXP read_rule(rule *to, const char *name, size_t members)
{
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    if (list == NULL)
        return failure_of("not enough memory");
    ent_status status = strpbrk(name, "/.") == NULL ? ent_rule_file_shipped(&to->file, name, members, list, &err)
                                                    : ent_rule_file_read(&to->file, name, members, list, &err);
    ent_diagnostics_sort(list);
    SEXP bad = status != ENT_OK ? failure(&err, list) : NULL;
    ent_diagnostics_free(list);
    to->in = status == ENT_OK ? to->file->rule : NULL;
    return bad;
}

SEXP rule_take(rule *to, SEXP name, size_t members)
{
    if (!Rf_isString(name) || Rf_length(name) != 1)
        return failure_of("rule takes the name of a shipped rule, or a file by its path");
    const char *text = Rf_translateCharUTF8(STRING_ELT(name, 0));
    SEXP bad = read_rule(to, text, 0);
    if (bad == NULL && members > 0 && (size_t)to->in->members != members) { /* one that says only how many there are */
        rule_free(to);
        bad = read_rule(to, text, members);
    }
    return bad;
}

void rule_free(rule *of)
{
    ent_rule_file_free(of->file);
    ent_rule_free(of->own);
    *of = (rule){0};
}

static SEXP read_quota(double *quota, bool *share, bool *strict, SEXP given)
{
    const char *at = "";
    char number[32];
    if (Rf_isString(given) && Rf_length(given) == 1)
        at = Rf_translateCharUTF8(STRING_ELT(given, 0));
    else if (Rf_isNumeric(given) && Rf_length(given) == 1) {
        number[ent_number_text(number, Rf_asReal(given))] = 0;
        at = number;
    }
    *strict = *at == '>';
    at += *strict;
    size_t length = strlen(at);
    *share = length > 0 && at[length - 1] == '%';
    length -= *share;
    while (length > 0 && at[length - 1] == ' ')
        length--;
    if (!ent_number_read(quota, at, length))
        return failure_of("quota takes a weight (12), a share (\"65 %%\"), or one of them to be passed (\">50 %%\")");
    *quota /= *share ? 100 : 1;
    return NULL;
}

static SEXP weigh(rule *to, SEXP weights, SEXP quota)
{
    numbers weight;
    double needed = 0;
    bool share = false, strict = false;
    ent_error err = {0};
    SEXP bad = numbers_take(&weight, weights, "weights");
    if (bad == NULL)
        bad = read_quota(&needed, &share, &strict, quota);
    if (bad == NULL && ent_rule_weighted(&to->own, weight.value, weight.n, needed, share, strict, &err) != ENT_OK)
        bad = failure(&err, NULL);
    to->in = to->own;
    return bad;
}

static SEXP column(const double *x, R_xlen_t n)
{
    if (x == NULL)
        return R_NilValue;
    SEXP out = Rf_allocVector(REALSXP, n);
    memcpy(REAL(out), x, (size_t)n * sizeof *x);
    return out;
}

static SEXP member_names(const rule *r)
{
    SEXP out = PROTECT(Rf_allocVector(STRSXP, r->in->members));
    for (R_xlen_t i = 0; i < r->in->members; i++) {
        char number[32];
        number[ent_number_text(number, (double)i + 1)] = 0;
        SET_STRING_ELT(out, i, text_of(r->file != NULL ? r->file->member[i] : number));
    }
    UNPROTECT(1);
    return out;
}

static SEXP tell_power(const rule *r, const ent_power *p)
{
    static const char *const name[] = {"member", "shapley_shubik", "banzhaf", "banzhaf_absolute", "prevent", "initiate", "owen", "act", "method"};
    const double *value[] = {NULL, p->shapley_shubik, p->banzhaf, p->banzhaf_absolute, p->prevent, p->initiate, p->owen};
    SEXP out = PROTECT(Rf_allocVector(VECSXP, 9)), names = PROTECT(Rf_allocVector(STRSXP, 9));
    for (int i = 0; i < 9; i++)
        SET_STRING_ELT(names, i, Rf_mkChar(name[i]));
    Rf_setAttrib(out, R_NamesSymbol, names);
    SET_VECTOR_ELT(out, 0, member_names(r));
    for (int i = 1; i < 7; i++)
        SET_VECTOR_ELT(out, i, column(value[i], (R_xlen_t)p->n));
    SET_VECTOR_ELT(out, 7, Rf_ScalarReal(p->act));
    SET_VECTOR_ELT(out, 8, Rf_mkString(ent_power_method_text(p->method)));
    UNPROTECT(2);
    return out;
}

static SEXP read_blocs(int32_t **to, const rule *r, SEXP given)
{
    numbers bloc;
    const size_t n = (size_t)r->in->members;
    SEXP bad = numbers_take(&bloc, given, "blocs");
    if (bad != NULL)
        return bad;
    if (bloc.value != NULL && bloc.n != n)
        return failure_of("blocs has %zu numbers; the rule has %zu members", bloc.n, n);
    if (bloc.value == NULL && (r->file == NULL || r->file->bloc == NULL))
        return NULL;
    *to = (int32_t *)R_alloc(n + 1, sizeof **to);
    for (size_t i = 0; i < n; i++)
        (*to)[i] = bloc.value == NULL ? r->file->bloc[i] : bloc.value[i] >= 0 && bloc.value[i] < (double)n ? (int32_t)bloc.value[i] : -1;
    return NULL;
}

SEXP r_power(SEXP name, SEXP weights, SEXP quota, SEXP members, SEXP blocs, SEXP method, SEXP samples, SEXP seed)
{
    static const char *const word[] = {"auto", "count", "large", "enumerate", "sample", "integral"}; /* as in the enum */
    rule r = {0};
    ent_power *power = NULL;
    ent_error err = {0};
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    int32_t *bloc = NULL;
    size_t m = 0;
    if (Rf_isNull(name) == Rf_isNull(weights))
        return failure_of("a rule is a name (\"eu-council-lisbon\"), a file by its path, or weights and a quota");
    while (m < 6 && strcmp(word[m], CHAR(STRING_ELT(method, 0))) != 0)
        m++;
    if (m == 6)
        return failure_of("method is auto, count, large, enumerate, integral or sample, not '%.40s'", CHAR(STRING_ELT(method, 0)));
    SEXP bad = !Rf_isNull(weights) ? weigh(&r, weights, quota) : rule_take(&r, name, (size_t)Rf_asInteger(members));
    if (bad == NULL)
        bad = read_blocs(&bloc, &r, blocs);
    options.method = (ent_power_method)m;
    options.samples = (int64_t)Rf_asReal(samples);
    options.seed = (uint64_t)Rf_asReal(seed);
    options.bloc = bloc;
    if (bad == NULL && ent_power_indices(&power, r.in, &options, &err) != ENT_OK)
        bad = failure(&err, NULL);
    SEXP out = PROTECT(bad != NULL ? bad : tell_power(&r, power));
    ent_power_free(power);
    rule_free(&r);
    UNPROTECT(1);
    return out;
}

SEXP r_rules(void)
{
    SEXP out = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)ent_rule_shipped_count()));
    for (size_t i = 0; i < ent_rule_shipped_count(); i++)
        SET_STRING_ELT(out, (R_xlen_t)i, Rf_mkChar(ent_rule_shipped_id(i)));
    UNPROTECT(1);
    return out;
}

/* --- capability, similarity ------------------------------------------------------------------------------- */

/* components: a list of the six columns in the library's order, NULL where one is not there */
SEXP r_cinc(SEXP year, SEXP components)
{
    numbers x[ENT_CINC_COMPONENTS], years;
    size_t rows = 0;
    ent_error err = {0};
    int32_t *when = NULL;
    SEXP bad = numbers_take(&years, year, "year");
    for (size_t c = 0; c < ENT_CINC_COMPONENTS && bad == NULL; c++) {
        bad = numbers_take(&x[c], VECTOR_ELT(components, (R_xlen_t)c), ent_cinc_component(c));
        rows = rows == 0 && bad == NULL ? x[c].n : rows;
    }
    if (bad == NULL && rows == 0)
        bad = failure_of("none of the columns milex, milper, irst, pec, tpop, upop is there");
    if (bad != NULL)
        return bad;
    double *component = (double *)R_alloc(rows * ENT_CINC_COMPONENTS + 1, sizeof *component);
    for (size_t c = 0; c < ENT_CINC_COMPONENTS; c++)
        for (size_t i = 0; i < rows; i++) /* -9 is Correlates of War's way to write missing */
            component[i * ENT_CINC_COMPONENTS + c] = x[c].value == NULL || x[c].value[i] == -9 ? NA_REAL : x[c].value[i];
    if (years.value != NULL)
        when = (int32_t *)R_alloc(rows + 1, sizeof *when);
    for (size_t i = 0; when != NULL && i < rows; i++) {
        if (!(years.value[i] >= -1e6 && years.value[i] <= 1e6) || years.value[i] != (double)(int32_t)years.value[i])
            return failure_of("the year of row %zu is no whole number", i + 1);
        when[i] = (int32_t)years.value[i];
    }
    SEXP out = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)rows));
    if (ent_cinc(REAL(out), component, when, rows, &err) != ENT_OK) {
        UNPROTECT(1);
        return failure(&err, NULL);
    }
    UNPROTECT(1);
    return out;
}

SEXP r_similarity(SEXP first, SEXP second, SEXP width, SEXP kind, SEXP squared)
{
    numbers a, b;
    double out = 0;
    ent_error err = {0};
    const char *word = CHAR(STRING_ELT(kind, 0));
    SEXP bad = numbers_take(&a, first, "a");
    if (bad == NULL)
        bad = numbers_take(&b, second, "b");
    if (bad != NULL)
        return bad;
    if (a.n != b.n)
        return failure_of("a has %zu numbers, b has %zu", a.n, b.n);
    if (strcmp(word, "s") != 0 && strcmp(word, "kappa") != 0 && strcmp(word, "pi") != 0)
        return failure_of("kind is s, kappa or pi, not '%.40s'", word);
    const ent_similarity_kind which = word[0] == 's' ? ENT_SIMILARITY_S : word[0] == 'k' ? ENT_SIMILARITY_KAPPA : ENT_SIMILARITY_PI;
    if (ent_similarity(&out, which, Rf_asLogical(squared) == 1, a.value, b.value, a.n, Rf_asReal(width), &err) != ENT_OK)
        return failure(&err, NULL);
    return Rf_ScalarReal(out);
}

/* --- scenarios ------------------------------------------------------------------------------------------------ */

SEXP r_check(SEXP path)
{
    ent_error err = {0};
    ent_scenario *scenario = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    if (list == NULL)
        return failure_of("not enough memory");
    ent_status status = ent_scenario_read(&scenario, CHAR(STRING_ELT(path, 0)), list, &err);
    if (status == ENT_OK)
        status = ent_plan_compile(NULL, scenario, NULL, 0, list, &err);
    ent_scenario_free(scenario);
    ent_diagnostics_sort(list);
    /* What is wrong in the scenario is the answer; that it cannot be read is not. */
    SEXP out = status == ENT_OK || ent_diagnostics_errors(list) > 0 ? findings_of(list) : failure(&err, list);
    ent_diagnostics_free(list);
    return out;
}

SEXP r_new(SEXP path)
{
    ent_error err = {0};
    return ent_scenario_new(CHAR(STRING_ELT(path, 0)), &err) == ENT_OK ? R_NilValue : failure(&err, NULL);
}

SEXP r_models(void)
{
    static const char *const name[] = {"name", "room", "title", "summary", "equation", "citation", "accuracy"};
    const R_xlen_t n = (R_xlen_t)ent_model_count();
    SEXP out = PROTECT(Rf_allocVector(VECSXP, 7)), names = PROTECT(Rf_allocVector(STRSXP, 7));
    for (int c = 0; c < 7; c++) {
        SET_STRING_ELT(names, c, Rf_mkChar(name[c]));
        SET_VECTOR_ELT(out, c, Rf_allocVector(STRSXP, n));
    }
    Rf_setAttrib(out, R_NamesSymbol, names);
    for (R_xlen_t i = 0; i < n; i++) {
        const ent_model *m = ent_model_get((size_t)i);
        const char *text[] = {m->name, m->room, m->title, m->summary, m->equation, m->citation, m->accuracy};
        for (int c = 0; c < 7; c++)
            SET_STRING_ELT(VECTOR_ELT(out, c), i, text_of(text[c]));
    }
    UNPROTECT(2);
    return out;
}
