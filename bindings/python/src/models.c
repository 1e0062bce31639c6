/* Every model of the table as a function, and what one gives.
 *
 * A function's arguments are the model's inputs in the table's order (the required ones may be given by position), its
 * options, and a few more: the scale, the random numbers' keys, the group's rule, months, the first year. How many
 * actors, years and months there are is read off the arrays. */
#include "module.h"

#include "describe.h" /* made: the text of each function's __doc__ */

#include <string.h>

enum { MOST_PORTS = 64, MOST_ARGUMENTS = 96 };
static const char axes[] = "amlcyte"; /* in the order of ent_axis */
static const char *const axis_words[] = {"actors", "members", "allies", "candidates", "years", "months", "events"};

/* --- what a model gives ------------------------------------------------------------------------------- */

typedef struct outcome {
    PyObject_HEAD
    const ent_model *model;
    ent_stop stop;
    int rounds;                   /* -1: the model has none to tell */
    size_t count[ENT_AXIS_COUNT];
    int yearly;                   /* outputs by year keep that axis */
    size_t issues;                /* 0: one issue, or none at all */
    double *block;                /* all outputs */
    const double *at[MOST_PORTS]; /* where each output begins in it; NULL: not given */
    PyObject *made;               /* dict: what was asked for already */
} outcome;

static PyObject *outcome_type, *outcome_class; /* the class that the package makes of it */

static void outcome_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    PyMem_Free(((outcome *)self)->block);
    Py_XDECREF(((outcome *)self)->made);
    release(self);
    Py_DECREF(type);
}

static outcome *outcome_new(const ent_model *model)
{
    PyTypeObject *type = (PyTypeObject *)(outcome_class != NULL ? outcome_class : outcome_type);
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    outcome *o = (outcome *)allocate(type, 0);
    if (o != NULL) {
        o->model = model;
        o->rounds = -1;
    }
    return o;
}

/* The dimensions of an output: the years first, then the others as the table has them. */
static int shape_of(const outcome *o, const ent_port *port, size_t *count)
{
    int n = 0;
    if (strchr(port->shape, 'y') != NULL && o->yearly)
        count[n++] = o->count[ENT_AXIS_YEAR];
    for (const char *letter = port->shape; *letter != 0 && n < MOST_DIMENSIONS; letter++) {
        const char *axis = *letter != ',' && *letter != 'y' ? strchr(axes, *letter) : NULL;
        if (axis != NULL)
            count[n++] = o->count[axis - axes];
    }
    return n;
}

/* Whether an output can be asked for: the reason is among them, though it is a word. */
static int gives(const outcome *o, size_t i)
{
    return o->at[i] != NULL || strcmp(o->model->outputs[i].name, "stop") == 0;
}

static PyObject *make_value(outcome *o, const char *name)
{
    size_t count[MOST_DIMENSIONS];
    if (strcmp(name, "stop") == 0)
        return PyUnicode_FromString(ent_stop_word(o->stop));
    if (strcmp(name, "model") == 0)
        return PyUnicode_FromString(o->model->name);
    if (strcmp(name, "rounds") == 0 && o->rounds >= 0)
        return PyLong_FromLong(o->rounds);
    for (size_t i = 0; i < o->model->n_outputs; i++) {
        if (o->at[i] == NULL || strcmp(o->model->outputs[i].name, name) != 0)
            continue;
        if (o->issues > 0)
            return array_of(o->at[i], 1, &o->issues, 0, (PyObject *)o);
        const int dimensions = shape_of(o, &o->model->outputs[i], count);
        return dimensions > 0 ? array_of(o->at[i], dimensions, count, 0, (PyObject *)o) : PyFloat_FromDouble(*o->at[i]);
    }
    return NULL;
}

static PyObject *outcome_getattr(PyObject *self, PyObject *name)
{
    outcome *o = (outcome *)self;
    PyObject *found = o->made != NULL ? PyDict_GetItemWithError(o->made, name) : NULL;
    if (found != NULL)
        return Py_NewRef(found);
    const char *text = PyUnicode_AsUTF8AndSize(name, NULL);
    PyObject *made = text != NULL ? make_value(o, text) : NULL;
    if (made == NULL)
        return PyErr_Occurred() ? NULL : PyObject_GenericGetAttr(self, name);
    /* An array holds the outcome, so the outcome must not hold the array: only plain values are kept. */
    if (PyFloat_Check(made) || PyUnicode_Check(made) || PyLong_Check(made)) {
        if (o->made == NULL)
            o->made = PyDict_New();
        if (o->made == NULL || PyDict_SetItem(o->made, name, made) != 0)
            PyErr_Clear();
    }
    return made;
}

static int append(PyObject *list, const char *word)
{
    PyObject *name = PyUnicode_FromString(word);
    const int bad = name == NULL || PyList_Append(list, name) != 0;
    Py_XDECREF(name);
    return bad;
}

static PyObject *outcome_keys(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    const outcome *o = (const outcome *)self;
    PyObject *list = PyList_New(0);
    int bad = list == NULL, stop = 0;
    for (size_t i = 0; !bad && i < o->model->n_outputs; i++)
        if (gives(o, i)) {
            bad = append(list, o->model->outputs[i].name);
            stop = stop || strcmp(o->model->outputs[i].name, "stop") == 0;
        }
    if (!bad && !stop)
        bad = append(list, "stop");
    if (!bad && o->rounds >= 0)
        bad = append(list, "rounds");
    if (bad)
        Py_CLEAR(list);
    return list;
}

/* The axes of each output that has some, for tables: {"burden": "l"}. */
static PyObject *outcome_axes(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    const outcome *o = (const outcome *)self;
    PyObject *out = PyDict_New();
    for (size_t i = 0; out != NULL && i < o->model->n_outputs; i++) {
        char letters[8] = "";
        size_t n = 0;
        const ent_port *port = &o->model->outputs[i];
        if (o->at[i] == NULL)
            continue;
        if (strchr(port->shape, 'y') != NULL && o->yearly)
            letters[n++] = 'y';
        for (const char *c = port->shape; *c != 0 && n < sizeof letters - 1; c++)
            if (*c != ',' && *c != 'y')
                letters[n++] = *c;
        PyObject *text = PyUnicode_FromString(o->issues > 0 ? "d" : letters);
        if (text == NULL || PyDict_SetItemString(out, port->name, text) != 0)
            Py_CLEAR(out);
        Py_XDECREF(text);
    }
    return out;
}

static PyMethodDef outcome_methods[] = {
    {"keys", outcome_keys, METH_NOARGS, "The names of what the model gives."},
    {"_axes", outcome_axes, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot outcome_slots[] = {
    {Py_tp_dealloc, outcome_dealloc},
    {Py_tp_getattro, outcome_getattr},
    {Py_tp_methods, outcome_methods},
    {0, NULL},
};
static PyType_Spec outcome_spec = {"entente._entente.Outcome", sizeof(outcome), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, outcome_slots};

/* --- a function --------------------------------------------------------------------------------------- */

typedef struct function {
    const ent_model *model;
    parameter list[MOST_ARGUMENTS];
    parameters arguments;
    Py_ssize_t options, extra; /* where they begin */
    PyMethodDef method;
} function;

static const char *const extra_of_settling[] = {"low", "high", "seed", "draw", NULL};
static const char *const extra_of_consent[] = {"rule", "first_year", NULL};
static const char *const extra_of_years[] = {"first_year", NULL};
static const char *const extra_of_months[] = {"months", NULL};

static int has_axis(const ent_model *model, char letter)
{
    for (size_t i = 0; i < model->n_inputs; i++)
        if (strchr(model->inputs[i].shape, letter) != NULL)
            return 1;
    return 0;
}

static const char *const *extra_of(const ent_model *model)
{
    return model->call == NULL       ? extra_of_settling
           : has_axis(model, 'm') ? extra_of_consent
           : has_axis(model, 't') ? extra_of_months
                                     : extra_of_years;
}

static int add_parameter(function *f, const char *port, int required)
{
    const char *name = strcmp(port, "from") == 0 ? "from_" : strcmp(port, "lambda") == 0 ? "lambda_" : port;
    PyObject *interned = PyUnicode_InternFromString(name);
    if (interned == NULL || f->arguments.n == MOST_ARGUMENTS)
        return -1;
    f->list[f->arguments.n++] = (parameter){port, name, interned, required};
    return 0;
}

/* Required inputs first, so that they can be given by position; then the others. */
static int describe(function *f, const ent_model *model)
{
    int bad = 0;
    f->model = model;
    f->arguments = (parameters){.function = model->name, .list = f->list};
    for (int required = 1; required >= 0; required--) {
        for (size_t i = 0; i < model->n_inputs && !bad; i++)
            if (model->inputs[i].required == (required == 1))
                bad = add_parameter(f, model->inputs[i].name, required);
        if (required == 1)
            f->arguments.positional = f->arguments.n;
    }
    f->options = f->arguments.n;
    for (size_t o = 0; o < model->n_options && !bad; o++)
        bad = add_parameter(f, model->options[o].name, 0);
    f->extra = f->arguments.n;
    for (const char *const *word = extra_of(model); *word != NULL && !bad; word++)
        bad = add_parameter(f, *word, strcmp(*word, "rule") == 0);
    return bad;
}

/* Where the i-th input of the model stands among the arguments. */
static Py_ssize_t place_of(const function *f, const char *name)
{
    for (Py_ssize_t k = 0; k < f->arguments.n; k++)
        if (f->list[k].port == name || strcmp(f->list[k].port, name) == 0)
            return k;
    return -1;
}

static int read_option(double *to, const ent_model *model, size_t o, PyObject *given)
{
    const ent_port *port = &model->options[o];
    ent_error err = {0};
    size_t index;
    PyObject *text = PyBool_Check(given) && port->choices != NULL
                         ? PyUnicode_FromString(strstr(port->choices, "true") != NULL ? (given == Py_True ? "true" : "false")
                                                                                     : (given == Py_True ? "yes" : "no"))
                         : PyObject_Str(given);
    const char *word = text != NULL ? PyUnicode_AsUTF8AndSize(text, NULL) : NULL;
    int bad = word == NULL;
    if (!bad && ent_model_option(to, &index, model, port->name, word, &err) != ENT_OK) {
        raise_error(&err, NULL);
        bad = 1;
    }
    Py_XDECREF(text);
    return bad ? -1 : 0;
}

static int read_options(double *option, const function *f, PyObject *const *value)
{
    ent_model_defaults(option, f->model);
    for (size_t o = 0; o < f->model->n_options; o++) {
        PyObject *given = value[f->options + (Py_ssize_t)o];
        if (given != NULL && given != Py_None && read_option(&option[o], f->model, o, given) != 0)
            return -1;
    }
    return 0;
}

static int read_whole(uint64_t *to, PyObject *given, const char *name)
{
    if (given == NULL || given == Py_None)
        return 0;
    PyObject *index = PyNumber_Index(given);
    *to = index != NULL ? PyLong_AsUnsignedLongLong(index) : 0;
    Py_XDECREF(index);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        raise_wrong("%s takes a whole number, 0 or more", name);
        return -1;
    }
    return 0;
}

/* --- settling ----------------------------------------------------------------------------------------- */

typedef struct issue {
    numbers position, salience, capability, status_quo, low, high;
    double option[MOST_PORTS];
    uint64_t seed, draw;
    double *spread; /* what was one number for all */
} issue;

static void issue_free(issue *of)
{
    numbers *all[] = {&of->position, &of->salience, &of->capability, &of->status_quo, &of->low, &of->high};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        numbers_free(all[i]);
    PyMem_Free(of->spread);
}

static int read_issue(issue *to, const function *f, PyObject *const *value)
{
    const struct { const char *name; numbers *to; } part[] = {
        {"position", &to->position}, {"salience", &to->salience}, {"capability", &to->capability},
        {"status_quo", &to->status_quo}, {"low", &to->low}, {"high", &to->high}};
    to->seed = 1; /* as the program */
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
        if (numbers_take(part[i].to, value[place_of(f, part[i].name)], part[i].name) != 0)
            return -1;
    if (read_whole(&to->seed, value[place_of(f, "seed")], "seed") != 0 || read_whole(&to->draw, value[place_of(f, "draw")], "draw") != 0)
        return -1;
    return read_options(to->option, f, value);
}

/* One number for all, one an actor, or all of them: made full. */
static const double *in_full(const numbers *from, double **room, size_t rows, size_t columns, const char *name, double otherwise)
{
    const size_t n = rows * columns;
    const int table = from->dimensions == 2;
    if (from->value != NULL && (from->n == n || from->n == 1) && table && (from->count[0] != rows || from->count[1] != columns) && n != 1) {
        raise_wrong("%s is a table of %zu rows and %zu columns; there are %zu actors and %zu issues", name, from->count[0], from->count[1],
                    rows, columns);
        return NULL;
    }
    if (from->value != NULL && from->n == n)
        return from->value;
    const int by_row = from->value != NULL && !table && from->n == rows;
    if (from->value != NULL && from->n != 1 && !by_row) {
        raise_wrong("%s has %zu numbers; there are %zu actors%s", name, from->n, rows, columns > 1 ? " and several issues" : "");
        return NULL;
    }
    double *to = *room;
    *room += n;
    for (size_t i = 0; i < n; i++)
        to[i] = from->value == NULL ? otherwise : from->value[by_row ? i / columns : 0];
    return to;
}

static PyObject *settle_one(const ent_model *model, issue *is)
{
    const size_t n = is->position.n;
    double *room = is->spread;
    ent_error err = {0};
    outcome *o = outcome_new(model);
    if (o == NULL)
        return NULL;
    o->block = PyMem_Malloc((3 * n + 1) * sizeof *o->block);
    if (o->block == NULL) {
        Py_DECREF(o);
        return PyErr_NoMemory();
    }
    ent_settle_output out = {.utility = o->block + 1, .gain = o->block + 1 + n};
    ent_settle_input in = {.n = n, .position = is->position.value, .option = is->option, .seed = is->seed, .draw = is->draw};
    in.salience = in_full(&is->salience, &room, n, 1, "salience", 0);
    in.capability = in.salience != NULL ? in_full(&is->capability, &room, n, 1, "capability", 0) : NULL;
    in.status_quo = is->status_quo.value != NULL ? is->status_quo.value[0] : Py_NAN;
    ent_settle_scale(&in.low, &in.high, in.position, n, in.status_quo);
    in.low = is->low.value != NULL ? is->low.value[0] : in.low;
    in.high = is->high.value != NULL ? is->high.value[0] : in.high;
    if (in.capability == NULL) {
        Py_DECREF(o);
        return NULL;
    }
    o->count[ENT_AXIS_ACTOR] = n;
    for (size_t i = 0; i < model->n_outputs; i++) {
        const char *name = model->outputs[i].name;
        o->at[i] = strcmp(name, "outcome") == 0 ? o->block : strcmp(name, "utility") == 0 ? out.utility : strcmp(name, "gain") == 0 ? out.gain : NULL;
        if (strcmp(name, "distribution") == 0)
            o->at[i] = out.distribution = o->block + 1 + 2 * n;
    }
    ent_status status;
    Py_BEGIN_ALLOW_THREADS
    status = ent_settle(&out, &in, model, &err);
    Py_END_ALLOW_THREADS
    if (status != ENT_OK) {
        Py_DECREF(o);
        return raise_error(&err, NULL);
    }
    o->block[0] = out.outcome;
    o->stop = out.stop;
    o->rounds = (int)out.rounds;
    return (PyObject *)o;
}

static int scales_of(double *low, double *high, double *status_quo, const issue *is, const double *position, size_t n, size_t issues, double *column)
{
    const numbers *part[] = {&is->low, &is->high, &is->status_quo};
    static const char *const name[] = {"low", "high", "status_quo"};
    for (int k = 0; k < 3; k++)
        if (part[k]->value != NULL && part[k]->n != 1 && part[k]->n != issues) {
            raise_wrong("%s has %zu numbers; there are %zu issues", name[k], part[k]->n, issues);
            return -1;
        }
    for (size_t d = 0; d < issues; d++) {
        for (size_t i = 0; i < n; i++)
            column[i] = position[i * issues + d];
        status_quo[d] = is->status_quo.value == NULL ? Py_NAN : is->status_quo.value[is->status_quo.n == 1 ? 0 : d];
        ent_settle_scale(&low[d], &high[d], column, n, status_quo[d]);
        low[d] = is->low.value == NULL ? low[d] : is->low.value[is->low.n == 1 ? 0 : d];
        high[d] = is->high.value == NULL ? high[d] : is->high.value[is->high.n == 1 ? 0 : d];
    }
    return 0;
}

/* Positions in a table: a row an actor, a column an issue. */
static PyObject *settle_many(const ent_model *model, issue *is)
{
    const size_t n = is->position.count[0], issues = is->position.dimensions > 1 ? is->position.count[1] : 1;
    double *room = is->spread, *scale = room + 2 * n * issues, *column = scale + 3 * issues;
    ent_error err = {0};
    ent_settle_many_input in = {.n = n, .issues = issues, .position = is->position.value, .low = scale, .high = scale + issues,
                                .status_quo = scale + 2 * issues, .option = is->option, .seed = is->seed, .draw = is->draw};
    in.salience = in_full(&is->salience, &room, n, issues, "salience", 0);
    in.capability = in.salience != NULL ? in_full(&is->capability, &room, n, issues, "capability", 0) : NULL;
    if (in.capability == NULL || scales_of(scale, scale + issues, scale + 2 * issues, is, in.position, n, issues, column) != 0)
        return NULL;
    outcome *o = outcome_new(model);
    if (o == NULL)
        return NULL;
    o->block = PyMem_Malloc((issues + 1) * sizeof *o->block);
    if (o->block == NULL) {
        Py_DECREF(o);
        return PyErr_NoMemory();
    }
    for (size_t i = 0; i < model->n_outputs; i++)
        o->at[i] = strcmp(model->outputs[i].name, "outcome") == 0 ? o->block : NULL;
    o->issues = issues;
    ent_status status;
    Py_BEGIN_ALLOW_THREADS
    status = ent_settle_many(o->block, &o->stop, &in, model, &err);
    Py_END_ALLOW_THREADS
    if (status != ENT_OK) {
        Py_DECREF(o);
        return raise_error(&err, NULL);
    }
    return (PyObject *)o;
}

static PyObject *settle(const function *f, PyObject *const *value)
{
    issue is = {0};
    PyObject *out = NULL;
    if (read_issue(&is, f, value) == 0) {
        const size_t n = is.position.n;
        is.spread = PyMem_Malloc((6 * n + 8) * sizeof *is.spread);
        if (is.spread == NULL)
            PyErr_NoMemory();
        else if (is.position.value == NULL || is.position.dimensions > 2 || n == 0)
            raise_wrong("position takes a number for each actor, or a table with a row an actor and a column an issue");
        else if (is.position.dimensions < 2 && (is.low.n > 1 || is.high.n > 1 || is.status_quo.n > 1))
            raise_wrong("low, high and status_quo of one issue are one number each");
        else if (is.position.dimensions < 2 && f->model->settle != NULL)
            out = settle_one(f->model, &is);
        else if (is.position.dimensions < 2)
            raise_wrong("%s settles several issues together: position takes a table with a row an actor and a column an issue",
                        f->model->name);
        else
            out = settle_many(f->model, &is);
    }
    issue_free(&is);
    return out;
}

/* --- votes, alliances, war ---------------------------------------------------------------------------- */

typedef struct given {
    const function *f;
    numbers of[MOST_PORTS];
    ent_numbers input[MOST_PORTS];
    double option[MOST_PORTS];
    ent_model_input in;
    PyObject *rule;
    int yearly;
} given;

/* Takes note of a length on an axis; all must agree. */
static int count_axis(given *g, int axis, size_t n, const char *name)
{
    size_t *count = &g->in.count[axis];
    if (*count != 0 && *count != n) {
        raise_wrong("%s has %zu %s; what came before it has %zu", name, n, axis_words[axis], *count);
        return -1;
    }
    *count = n;
    g->yearly = g->yearly || axis == ENT_AXIS_YEAR;
    return 0;
}

/* How many there are on each axis, by the dimensions of one input. */
static int count_input(given *g, size_t i)
{
    const ent_port *port = &g->f->model->inputs[i];
    const numbers *x = &g->of[i];
    int axis[MOST_DIMENSIONS + 1], n = 0, years = strchr(port->shape, 'y') != NULL, d = 0;
    for (const char *letter = port->shape; *letter != 0 && n < MOST_DIMENSIONS; letter++)
        if (*letter != ',' && *letter != 'y')
            axis[n++] = (int)(strchr(axes, *letter) - axes);
    if (x->value == NULL || x->dimensions == 0)
        return 0;
    if (x->dimensions == n + 1 && years) {
        if (count_axis(g, ENT_AXIS_YEAR, x->count[d++], port->name) != 0)
            return -1;
    } else if (x->dimensions != n) {
        raise_wrong("%s has %d dimensions; it takes %s%s", port->name, x->dimensions,
                    n == 0 ? "one number" : n == 1 ? "a list" : "a table", years ? ", or that with the years before it" : "");
        return -1;
    }
    for (int k = 0; k < n; k++)
        if (count_axis(g, axis[k], x->count[d + k], port->name) != 0)
            return -1;
    return 0;
}

/* Actors are allies and candidates: what is known of two tells the third. */
static void complete_counts(given *g)
{
    size_t *count = g->in.count;
    if (!has_axis(g->f->model, 'a'))
        return;
    if (count[ENT_AXIS_ALLY] == 0)
        count[ENT_AXIS_ALLY] = count[ENT_AXIS_ACTOR];
    if (count[ENT_AXIS_ACTOR] >= count[ENT_AXIS_ALLY])
        count[ENT_AXIS_CANDIDATE] = count[ENT_AXIS_ACTOR] - count[ENT_AXIS_ALLY];
}

static int read_extra(given *g, PyObject *const *value)
{
    const Py_ssize_t rule = place_of(g->f, "rule"), year = place_of(g->f, "first_year"), months = place_of(g->f, "months");
    uint64_t whole = 0;
    if (rule >= 0) {
        g->rule = rule_take(value[rule], g->in.count[ENT_AXIS_MEMBER]);
        g->in.rule = g->rule != NULL ? rule_in(g->rule) : NULL;
        if (g->in.rule == NULL || count_axis(g, ENT_AXIS_MEMBER, (size_t)g->in.rule->members, "the rule") != 0)
            return -1;
    }
    if (year >= 0) {
        if (read_whole(&whole, value[year], "first_year") != 0)
            return -1;
        g->in.first_year = whole > 0 && whole < 100000 ? (int32_t)whole : 1;
    }
    if (months >= 0) {
        whole = 0;
        if (read_whole(&whole, value[months], "months") != 0 ||
            (whole > 0 && count_axis(g, ENT_AXIS_MONTH, (size_t)whole, "months") != 0))
            return -1;
        if (g->in.count[ENT_AXIS_MONTH] == 0) {
            raise_wrong("%s needs months, how many there are, or an input with one number a month", g->f->model->name);
            return -1;
        }
    }
    return 0;
}

static int read_given(given *g, const function *f, PyObject *const *value)
{
    g->f = f;
    g->in = (ent_model_input)ENT_MODEL_INPUT_INIT;
    for (size_t i = 0; i < f->model->n_inputs; i++) {
        const char *name = f->model->inputs[i].name;
        if (numbers_take(&g->of[i], value[place_of(f, name)], name) != 0 || count_input(g, i) != 0)
            return -1;
        g->input[i] = (ent_numbers){g->of[i].value, g->of[i].n};
    }
    if (read_extra(g, value) != 0)
        return -1;
    complete_counts(g);
    g->in.input = g->input;
    g->in.option = g->option;
    return read_options(g->option, f, value);
}

/* Room for all outputs in one block. */
static outcome *make_outcome(const given *g, double **out)
{
    const ent_model *model = g->f->model;
    size_t all = 0;
    outcome *o = outcome_new(model);
    if (o == NULL)
        return NULL;
    memcpy(o->count, g->in.count, sizeof o->count);
    o->yearly = g->yearly;
    for (size_t i = 0; i < model->n_outputs; i++) {
        const size_t n = ent_port_size(&model->outputs[i], g->in.count, false);
        all = n < SIZE_MAX / 16 - all ? all + n : SIZE_MAX / 16;
    }
    o->block = all < SIZE_MAX / 16 ? PyMem_Malloc((all + 1) * sizeof *o->block) : NULL;
    if (o->block == NULL) {
        Py_DECREF(o);
        PyErr_NoMemory();
        return NULL;
    }
    all = 0;
    for (size_t i = 0; i < model->n_outputs; i++) {
        const size_t n = ent_port_size(&model->outputs[i], g->in.count, false);
        out[i] = ent_model_gives(model, i) && n > 0 ? o->block + all : NULL;
        o->at[i] = out[i];
        all += n;
    }
    return o;
}

static PyObject *call(const function *f, PyObject *const *value)
{
    given g = {0};
    double *out[MOST_PORTS] = {NULL};
    outcome *o = read_given(&g, f, value) == 0 ? make_outcome(&g, out) : NULL;
    if (o != NULL) {
        ent_error err = {0};
        ent_status status;
        Py_BEGIN_ALLOW_THREADS
        status = ent_model_call(out, &o->stop, f->model, &g.in, &err);
        Py_END_ALLOW_THREADS
        if (status != ENT_OK) {
            Py_CLEAR(o);
            raise_error(&err, NULL);
        }
    }
    for (size_t i = 0; i < f->model->n_inputs; i++)
        numbers_free(&g.of[i]);
    Py_XDECREF(g.rule);
    return (PyObject *)o;
}

static PyObject *function_call(PyObject *self, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    const function *f = PyCapsule_GetPointer(self, "entente.model");
    PyObject *value[MOST_ARGUMENTS];
    if (f == NULL || parameters_read(value, &f->arguments, args, n_args, names) != 0)
        return NULL;
    return f->model->call == NULL ? settle(f, value) : call(f, value);
}

/* --- the module ----------------------------------------------------------------------------------------- */

static PyObject *set_outcome(PyObject *Py_UNUSED(self), PyObject *class)
{
    Py_XDECREF(outcome_class);
    outcome_class = Py_NewRef(class);
    Py_RETURN_NONE;
}

static PyMethodDef set_outcome_method = {"_set_outcome", set_outcome, METH_O, NULL};

static int add_model(PyObject *module, const ent_model *model, PyObject *module_name)
{
    function *f = PyMem_Calloc(1, sizeof *f); /* lives as long as the module */
    if (f == NULL || describe(f, model) != 0)
        return -1;
    f->method = (PyMethodDef){model->name, (PyCFunction)(void (*)(void))function_call, METH_FASTCALL | METH_KEYWORDS, NULL};
    for (size_t d = 0; d < sizeof description / sizeof description[0]; d++)
        if (strcmp(description[d].name, model->name) == 0)
            f->method.ml_doc = description[d].text;
    PyObject *self = PyCapsule_New(f, "entente.model", NULL);
    PyObject *made = self != NULL ? PyCFunction_NewEx(&f->method, self, module_name) : NULL;
    Py_XDECREF(self);
    const int bad = made == NULL || PyModule_AddObjectRef(module, model->name, made) != 0;
    Py_XDECREF(made);
    return bad ? -1 : 0;
}

int models_ready(PyObject *module)
{
    PyObject *module_name = PyUnicode_InternFromString("entente");
    PyObject *set = PyCFunction_NewEx(&set_outcome_method, NULL, NULL), *names = PyList_New(0);
    int bad = module_name == NULL || set == NULL || names == NULL || PyModule_AddObjectRef(module, "_set_outcome", set) != 0;
    outcome_type = bad ? NULL : add_type(module, &outcome_spec, "Outcome");
    bad = bad || outcome_type == NULL;
    for (size_t m = 0; m < ent_model_count() && !bad; m++)
        bad = add_model(module, ent_model_get(m), module_name) != 0 || append(names, ent_model_get(m)->name);
    bad = bad || PyModule_AddObjectRef(module, "_models", names) != 0;
    Py_XDECREF(names);
    Py_XDECREF(set);
    Py_XDECREF(module_name);
    return bad ? -1 : 0;
}
