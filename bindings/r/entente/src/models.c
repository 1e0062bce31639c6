/* Models of the table called with R's vectors. What comes out is written by the library into vectors of R's. */
#include "entente_r.h"

#include <string.h>

enum { MOST_PORTS = 64 };
static const char axes[] = "amlcyte"; /* in the order of ent_axis */
static const char *const axis_words[] = {"actors", "members", "allies", "candidates", "years", "months", "events"};

/* --- options ------------------------------------------------------------------------------------------ */

static SEXP read_option(double *to, const ent_model *model, size_t o, SEXP given)
{
    const ent_port *port = &model->options[o];
    ent_error err = {0};
    size_t index;
    char number[32];
    const char *word;
    if (Rf_isString(given) && Rf_length(given) == 1) {
        word = Rf_translateCharUTF8(STRING_ELT(given, 0));
    } else if (Rf_isLogical(given) && Rf_length(given) == 1 && port->choices != NULL) {
        const int yes = LOGICAL(given)[0] == 1;
        word = strstr(port->choices, "true") != NULL ? (yes ? "true" : "false") : (yes ? "yes" : "no");
    } else if (Rf_isNumeric(given) && Rf_length(given) == 1) {
        number[ent_number_text(number, Rf_asReal(given))] = 0;
        word = number;
    } else {
        return failure_of("the option %s of %s takes one value", port->name, model->name);
    }
    return ent_model_option(to, &index, model, port->name, word, &err) == ENT_OK ? NULL : failure(&err, NULL);
}

/* One element for each option of the model; NULL: its default. */
static SEXP read_options(double *option, const ent_model *model, SEXP given)
{
    ent_model_defaults(option, model);
    for (size_t o = 0; o < model->n_options && (R_xlen_t)o < Rf_xlength(given); o++) {
        SEXP one = VECTOR_ELT(given, (R_xlen_t)o);
        SEXP bad = Rf_isNull(one) ? NULL : read_option(&option[o], model, o, one);
        if (bad != NULL)
            return bad;
    }
    return NULL;
}

/* --- what comes out ------------------------------------------------------------------------------------- */

static SEXP outcome_of(const ent_model *model, SEXP list, SEXP names, int n)
{
    SEXP out = PROTECT(Rf_allocVector(VECSXP, n)), labels = PROTECT(Rf_allocVector(STRSXP, n));
    for (int i = 0; i < n; i++) {
        SET_VECTOR_ELT(out, i, VECTOR_ELT(list, i));
        SET_STRING_ELT(labels, i, STRING_ELT(names, i));
    }
    Rf_setAttrib(out, R_NamesSymbol, labels);
    Rf_setAttrib(out, Rf_install("model"), PROTECT(Rf_mkString(model->name)));
    Rf_setAttrib(out, R_ClassSymbol, PROTECT(Rf_mkString("ent_outcome")));
    UNPROTECT(4);
    return out;
}

/* Adds one named value; *n counts. */
static void put(SEXP list, SEXP names, int *n, const char *name, SEXP value)
{
    SET_VECTOR_ELT(list, *n, value);
    SET_STRING_ELT(names, (*n)++, Rf_mkChar(name));
}

/* --- settling ------------------------------------------------------------------------------------------- */

/* One number for all, one an actor, or all of them: made full. NULL with *bad set where it fits none. */
static const double *in_full(const numbers *from, size_t rows, size_t columns, const char *name, SEXP *bad)
{
    const size_t n = rows * columns;
    const int table = from->dimensions == 2;
    if (table && from->n > 1 && (from->count[0] != rows || from->count[1] != columns)) {
        *bad = failure_of("%s is a table of %zu rows and %zu columns; there are %zu actors and %zu issues", name, from->count[0],
                          from->count[1], rows, columns);
        return NULL;
    }
    if (from->n == n)
        return from->value;
    const int by_row = !table && from->n == rows;
    if (from->n != 1 && !by_row) {
        *bad = failure_of("%s has %zu numbers; there are %zu actors%s", name, from->n, rows, columns > 1 ? " and several issues" : "");
        return NULL;
    }
    double *to = (double *)R_alloc(n + 1, sizeof *to);
    for (size_t i = 0; i < n; i++)
        to[i] = from->value[by_row ? i / columns : 0];
    return to;
}

typedef struct issue {
    numbers position, salience, capability, status_quo, low, high;
    double option[MOST_PORTS];
    uint64_t seed, draw;
    size_t n, issues;
    const double *weight[2]; /* salience, capability: in full */
} issue;

static SEXP whole(uint64_t *to, SEXP given, const char *name)
{
    const double x = Rf_isNull(given) || Rf_length(given) != 1 ? -1 : Rf_asReal(given);
    if (!(x >= 0 && x <= 9007199254740992.0) || x != (double)(uint64_t)x)
        return failure_of("%s takes a whole number, 0 or more", name);
    *to = (uint64_t)x;
    return NULL;
}

static SEXP settle_one(const ent_model *model, const issue *is, SEXP names_of)
{
    const double *position = is->position.value;
    ent_error err = {0};
    ent_settle_input in = {.n = is->n, .position = position, .salience = is->weight[0], .capability = is->weight[1], .option = is->option,
                           .seed = is->seed, .draw = is->draw};
    in.status_quo = is->status_quo.value != NULL ? is->status_quo.value[0] : NA_REAL;
    ent_settle_scale(&in.low, &in.high, position, is->n, in.status_quo);
    in.low = is->low.value != NULL ? is->low.value[0] : in.low;
    in.high = is->high.value != NULL ? is->high.value[0] : in.high;
    ent_settle_output out = {0};
    SEXP list = PROTECT(Rf_allocVector(VECSXP, 8)), names = PROTECT(Rf_allocVector(STRSXP, 8));
    int n = 1;
    for (size_t o = 0; o < model->n_outputs; o++) {
        const char *name = model->outputs[o].name;
        double **to = strcmp(name, "utility") == 0 ? &out.utility : strcmp(name, "gain") == 0 ? &out.gain
                      : strcmp(name, "distribution") == 0 ? &out.distribution : NULL;
        if (to == NULL)
            continue;
        SEXP vector = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)is->n));
        *to = REAL(vector);
        if (!Rf_isNull(names_of))
            Rf_setAttrib(vector, R_NamesSymbol, names_of);
        put(list, names, &n, name, vector);
        UNPROTECT(1);
    }
    if (ent_settle(&out, &in, model, &err) != ENT_OK) {
        UNPROTECT(2);
        return failure(&err, NULL);
    }
    SET_VECTOR_ELT(list, 0, Rf_ScalarReal(out.outcome));
    SET_STRING_ELT(names, 0, Rf_mkChar("outcome"));
    put(list, names, &n, "stop", Rf_mkString(ent_stop_word(out.stop)));
    put(list, names, &n, "rounds", Rf_ScalarInteger(out.rounds));
    SEXP made = outcome_of(model, list, names, n);
    UNPROTECT(2);
    return made;
}

static SEXP settle_many(const ent_model *model, const issue *is, SEXP dimnames)
{
    const size_t n = is->n, issues = is->issues;
    const numbers *part[] = {&is->low, &is->high, &is->status_quo};
    static const char *const name[] = {"low", "high", "status_quo"};
    for (int k = 0; k < 3; k++)
        if (part[k]->value != NULL && part[k]->n != 1 && part[k]->n != issues)
            return failure_of("%s has %zu numbers; there are %zu issues", name[k], part[k]->n, issues);
    double *scale = (double *)R_alloc(3 * issues + n, sizeof *scale), *column = scale + 3 * issues;
    for (size_t d = 0; d < issues; d++) {
        double guess[2];
        for (size_t i = 0; i < n; i++)
            column[i] = is->position.value[i * issues + d];
        scale[2 * issues + d] = is->status_quo.value == NULL ? NA_REAL : is->status_quo.value[is->status_quo.n == 1 ? 0 : d];
        ent_settle_scale(&guess[0], &guess[1], column, n, scale[2 * issues + d]);
        for (size_t k = 0; k < 2; k++)
            scale[k * issues + d] = part[k]->value == NULL ? guess[k] : part[k]->value[part[k]->n == 1 ? 0 : d];
    }
    ent_error err = {0};
    ent_stop stop;
    ent_settle_many_input in = {.n = n, .issues = issues, .position = is->position.value, .salience = is->weight[0], .capability = is->weight[1],
                                .low = scale, .high = scale + issues, .status_quo = scale + 2 * issues, .option = is->option, .seed = is->seed,
                                .draw = is->draw};
    SEXP list = PROTECT(Rf_allocVector(VECSXP, 2)), names = PROTECT(Rf_allocVector(STRSXP, 2));
    SEXP outcome = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)issues));
    int count = 0;
    if (Rf_length(dimnames) == 2)
        Rf_setAttrib(outcome, R_NamesSymbol, VECTOR_ELT(dimnames, 1));
    if (ent_settle_many(REAL(outcome), &stop, &in, model, &err) != ENT_OK) {
        UNPROTECT(3);
        return failure(&err, NULL);
    }
    put(list, names, &count, "outcome", outcome);
    put(list, names, &count, "stop", Rf_mkString(ent_stop_word(stop)));
    SEXP made = outcome_of(model, list, names, count);
    UNPROTECT(3);
    return made;
}

SEXP r_settle(SEXP name, SEXP position, SEXP salience, SEXP capability, SEXP status_quo, SEXP low, SEXP high, SEXP seed, SEXP draw, SEXP options)
{
    const ent_model *model = ent_model_find(Rf_translateCharUTF8(STRING_ELT(name, 0)));
    issue is = {.issues = 1};
    SEXP bad = model == NULL ? failure_of("there is no such model") : NULL;
    const struct { const char *name; SEXP from; numbers *to; } part[] = {
        {"position", position, &is.position}, {"salience", salience, &is.salience}, {"capability", capability, &is.capability},
        {"status_quo", status_quo, &is.status_quo}, {"low", low, &is.low}, {"high", high, &is.high}};
    for (size_t i = 0; i < sizeof part / sizeof part[0] && bad == NULL; i++) {
        bad = numbers_take(part[i].to, part[i].from, part[i].name);
        if (bad == NULL && i < 3 && part[i].to->n == 0)
            bad = failure_of("%s takes a number for each actor, or a table with a row an actor and a column an issue", part[i].name);
        if (bad == NULL && i >= 3 && part[i].to->value != NULL && is.position.dimensions < 2 && part[i].to->n != 1)
            bad = failure_of("%s of one issue is one number", part[i].name);
    }
    if (bad == NULL)
        bad = whole(&is.seed, seed, "seed");
    if (bad == NULL)
        bad = whole(&is.draw, draw, "draw");
    if (bad == NULL)
        bad = read_options(is.option, model, options);
    const int table = is.position.dimensions == 2;
    is.n = is.position.count[0];
    is.issues = table ? is.position.count[1] : 1;
    if (bad == NULL)
        is.weight[0] = in_full(&is.salience, is.n, is.issues, "salience", &bad);
    if (bad == NULL)
        is.weight[1] = in_full(&is.capability, is.n, is.issues, "capability", &bad);
    if (bad == NULL && !table && model->settle == NULL)
        bad = failure_of("%s settles several issues together: position takes a matrix with a row an actor and a column an issue", model->name);
    if (bad != NULL)
        return bad;
    return table ? settle_many(model, &is, Rf_getAttrib(position, R_DimNamesSymbol)) : settle_one(model, &is, Rf_getAttrib(position, R_NamesSymbol));
}

/* --- votes, alliances, war ------------------------------------------------------------------------------ */

typedef struct given {
    const ent_model *model;
    numbers of[MOST_PORTS];
    ent_numbers input[MOST_PORTS];
    double option[MOST_PORTS];
    ent_model_input in;
    rule rule;
    int yearly;
    SEXP names[ENT_AXIS_COUNT]; /* of actors, as a named vector or a matrix has them; borrowed from the arguments */
} given;

static int has_axis(const ent_model *model, char letter)
{
    for (size_t i = 0; i < model->n_inputs; i++)
        if (strchr(model->inputs[i].shape, letter) != NULL)
            return 1;
    return 0;
}

static SEXP count_axis(given *g, int axis, size_t n, const char *name)
{
    size_t *count = &g->in.count[axis];
    if (*count != 0 && *count != n)
        return failure_of("%s has %zu %s; what came before it has %zu", name, n, axis_words[axis], *count);
    *count = n;
    g->yearly = g->yearly || axis == ENT_AXIS_YEAR;
    return NULL;
}

/* How many there are on each axis, and what they are called, by the shape of one input: a matrix has years in its rows. */
static SEXP count_input(given *g, size_t i, SEXP from)
{
    const ent_port *port = &g->model->inputs[i];
    const numbers *x = &g->of[i];
    const int years = strchr(port->shape, 'y') != NULL;
    int axis[4], n = 0;
    for (const char *letter = port->shape; *letter != 0 && n < 3; letter++)
        if (*letter != ',' && *letter != 'y')
            axis[n++] = (int)(strchr(axes, *letter) - axes);
    if (x->value == NULL || x->dimensions == 0)
        return NULL;
    const int with_years = years && x->dimensions == n + 1;
    if (x->dimensions != n && !with_years)
        return failure_of("%s has %d dimensions; it takes %s%s", port->name, x->dimensions, n == 0 ? "one number" : n == 1 ? "a vector" : "a matrix",
                          years ? (n == 0 ? ", or one a year" : ", or a matrix with a row a year") : "");
    SEXP bad = with_years ? count_axis(g, ENT_AXIS_YEAR, x->count[0], port->name) : NULL;
    for (int k = 0; k < n && bad == NULL; k++)
        bad = count_axis(g, axis[k], x->count[k + with_years], port->name);
    if (bad == NULL && n == 1 && Rf_isNull(g->names[axis[0]])) {
        SEXP dimnames = Rf_getAttrib(from, R_DimNamesSymbol);
        g->names[axis[0]] = with_years && Rf_length(dimnames) == 2 ? VECTOR_ELT(dimnames, 1) : Rf_getAttrib(from, R_NamesSymbol);
    }
    return bad;
}

static SEXP read_given(given *g, SEXP inputs, SEXP options, SEXP rule_name, SEXP first_year, SEXP months)
{
    SEXP bad = NULL;
    for (size_t i = 0; i < g->model->n_inputs && bad == NULL; i++) {
        SEXP from = VECTOR_ELT(inputs, (R_xlen_t)i);
        bad = numbers_take(&g->of[i], from, g->model->inputs[i].name);
        if (bad == NULL)
            bad = count_input(g, i, from);
        g->input[i] = (ent_numbers){g->of[i].value, g->of[i].n};
    }
    if (bad == NULL && has_axis(g->model, 'm')) {
        bad = rule_take(&g->rule, rule_name, g->in.count[ENT_AXIS_MEMBER]);
        g->in.rule = g->rule.in;
        if (bad == NULL)
            bad = count_axis(g, ENT_AXIS_MEMBER, (size_t)g->in.rule->members, "the rule");
    }
    if (bad == NULL && !Rf_isNull(months))
        bad = count_axis(g, ENT_AXIS_MONTH, (size_t)Rf_asInteger(months), "months");
    if (bad == NULL && has_axis(g->model, 't') && g->in.count[ENT_AXIS_MONTH] == 0)
        bad = failure_of("%s needs months, how many there are, or an input with one number a month", g->model->name);
    if (bad != NULL)
        return bad;
    if (!Rf_isNull(first_year))
        g->in.first_year = Rf_asInteger(first_year);
    size_t *count = g->in.count;
    if (has_axis(g->model, 'a')) {
        count[ENT_AXIS_ALLY] = count[ENT_AXIS_ALLY] == 0 ? count[ENT_AXIS_ACTOR] : count[ENT_AXIS_ALLY];
        count[ENT_AXIS_CANDIDATE] = count[ENT_AXIS_ACTOR] >= count[ENT_AXIS_ALLY] ? count[ENT_AXIS_ACTOR] - count[ENT_AXIS_ALLY] : 0;
    }
    return read_options(g->option, g->model, options);
}

/* A vector for an output: with years and actors a matrix, a row a year, which the library fills row by row into `rows`. */
static SEXP make_vector(const given *g, const ent_port *port, double **rows)
{
    const size_t n = ent_port_size(port, g->in.count, false);
    const char *letter = port->shape;
    int axis = -1;
    for (; *letter != 0; letter++)
        if (*letter != ',' && *letter != 'y')
            axis = (int)(strchr(axes, *letter) - axes);
    const int years = strchr(port->shape, 'y') != NULL && g->yearly;
    SEXP out = PROTECT(years && axis >= 0 ? Rf_allocMatrix(REALSXP, (int)g->in.count[ENT_AXIS_YEAR], (int)g->in.count[axis])
                                          : Rf_allocVector(REALSXP, (R_xlen_t)n));
    SEXP names = axis >= 0 ? g->names[axis] : R_NilValue;
    if (!Rf_isNull(names) && years) {
        SEXP dimnames = PROTECT(Rf_allocVector(VECSXP, 2));
        SET_VECTOR_ELT(dimnames, 1, names);
        Rf_setAttrib(out, R_DimNamesSymbol, dimnames);
        UNPROTECT(1);
    } else if (!Rf_isNull(names)) {
        Rf_setAttrib(out, R_NamesSymbol, names);
    }
    *rows = years && axis >= 0 ? (double *)R_alloc(n + 1, sizeof(double)) : REAL(out);
    UNPROTECT(1);
    return out;
}

static SEXP make_call(given *g)
{
    const ent_model *model = g->model;
    double *out[MOST_PORTS] = {NULL};
    ent_error err = {0};
    ent_stop stop = ENT_STOP_DONE;
    int n = 0, place[MOST_PORTS];
    SEXP list = PROTECT(Rf_allocVector(VECSXP, (R_xlen_t)model->n_outputs + 1)), names = PROTECT(Rf_allocVector(STRSXP, (R_xlen_t)model->n_outputs + 1));
    for (size_t o = 0; o < model->n_outputs; o++) {
        place[o] = -1;
        if (!ent_model_gives(model, o) || ent_port_size(&model->outputs[o], g->in.count, false) == 0)
            continue;
        place[o] = n;
        put(list, names, &n, model->outputs[o].name, make_vector(g, &model->outputs[o], &out[o]));
    }
    if (ent_model_call(out, &stop, model, &g->in, &err) != ENT_OK) {
        UNPROTECT(2);
        return failure(&err, NULL);
    }
    for (size_t o = 0; o < model->n_outputs; o++) { /* rows after rows to columns after columns */
        SEXP to = place[o] >= 0 ? VECTOR_ELT(list, place[o]) : R_NilValue;
        if (place[o] < 0 || out[o] == REAL(to))
            continue;
        const R_xlen_t rows = Rf_nrows(to), columns = Rf_ncols(to);
        for (R_xlen_t r = 0; r < rows; r++)
            for (R_xlen_t c = 0; c < columns; c++)
                REAL(to)[c * rows + r] = out[o][r * columns + c];
    }
    put(list, names, &n, "stop", Rf_mkString(ent_stop_word(stop)));
    SEXP made = outcome_of(model, list, names, n);
    UNPROTECT(2);
    return made;
}

SEXP r_call(SEXP name, SEXP inputs, SEXP options, SEXP rule_name, SEXP first_year, SEXP months)
{
    given *g = (given *)R_alloc(1, sizeof *g);
    memset(g, 0, sizeof *g);
    g->model = ent_model_find(Rf_translateCharUTF8(STRING_ELT(name, 0)));
    if (g->model == NULL || g->model->call == NULL || (size_t)Rf_xlength(inputs) != g->model->n_inputs)
        return failure_of("there is no such model");
    g->in = (ent_model_input)ENT_MODEL_INPUT_INIT;
    g->in.input = g->input;
    g->in.option = g->option;
    for (int a = 0; a < ENT_AXIS_COUNT; a++)
        g->names[a] = R_NilValue;
    SEXP bad = read_given(g, inputs, options, rule_name, first_year, months);
    SEXP made = PROTECT(bad != NULL ? bad : make_call(g));
    rule_free(&g->rule);
    UNPROTECT(1);
    return made;
}
