/* A scenario run, and its results. The run holds no lock of Python's; ten times a second it takes it to look for Ctrl-C
 * and to tell how far it is. */
#include "module.h"

#include <string.h>

typedef struct results {
    PyObject_HEAD
    ent_plan *plan;
    ent_results *in;
} results;

static PyObject *results_type;

static void results_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    ent_results_free(((results *)self)->in);
    ent_plan_free(((results *)self)->plan);
    release(self);
    Py_DECREF(type);
}

/* --- running ------------------------------------------------------------------------------------------ */

typedef struct watcher {
    PyThreadState *state;
    PyObject *progress; /* a callable or None */
    int raised;
} watcher;

static int on_progress(const ent_progress *at, void *payload)
{
    watcher *w = payload;
    int stop = 0;
    PyEval_RestoreThread(w->state);
    if (PyErr_CheckSignals() != 0)
        stop = w->raised = 1;
    if (!stop && w->progress != Py_None) {
        PyObject *said = PyObject_CallFunction(w->progress, "LL", (long long)at->done, (long long)at->total);
        stop = said == NULL ? 1 : PyObject_IsTrue(said) == 1;
        w->raised = said == NULL;
        Py_XDECREF(said);
    }
    w->state = PyEval_SaveThread();
    return stop;
}

/* "name": "value" pairs; the texts are borrowed from the list. NULL with an exception. */
static ent_setting *read_settings(PyObject *list, size_t *n)
{
    *n = (size_t)PyList_Size(list);
    ent_setting *setting = PyMem_Calloc(*n + 1, sizeof *setting);
    if (setting == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (size_t i = 0; i < *n; i++) {
        PyObject *pair = PyList_GetItem(list, (Py_ssize_t)i);
        PyObject *name = PyTuple_GetItem(pair, 0), *value = name != NULL ? PyTuple_GetItem(pair, 1) : NULL;
        setting[i].name = value != NULL ? PyUnicode_AsUTF8AndSize(name, NULL) : NULL;
        setting[i].value = value != NULL ? PyUnicode_AsUTF8AndSize(value, NULL) : NULL;
        if (setting[i].name == NULL || setting[i].value == NULL) {
            PyMem_Free(setting);
            return NULL;
        }
    }
    return setting;
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

/* Compiles and runs; an exception where it fails. *warnings is a new reference. */
static results *make(const char *path, PyObject *settings, ent_run_options *options, PyObject *progress, PyObject **warnings)
{
    size_t n = 0;
    ent_error err = {0};
    ent_plan *plan = NULL;
    ent_results *in = NULL;
    watcher watch = {.progress = progress};
    ent_setting *setting = read_settings(settings, &n);
    ent_diagnostics *list = setting != NULL ? ent_diagnostics_create() : NULL;
    if (list == NULL) {
        PyMem_Free(setting);
        return PyErr_Occurred() ? NULL : (results *)PyErr_NoMemory();
    }
    options->progress = on_progress;
    options->payload = &watch;
    watch.state = PyEval_SaveThread();
    ent_status status = compile(&plan, path, setting, n, list, &err);
    const int compiled = status == ENT_OK;
    if (compiled)
        status = ent_run(&in, plan, options, &err);
    PyEval_RestoreThread(watch.state);
    PyMem_Free(setting);
    results *to = NULL;
    if (!watch.raised && status != ENT_OK)
        raise_error(&err, compiled ? NULL : list);
    else if (!watch.raised)
        to = (results *)((allocfunc)PyType_GetSlot((PyTypeObject *)results_type, Py_tp_alloc))((PyTypeObject *)results_type, 0);
    *warnings = to != NULL ? findings_of(list) : NULL;
    ent_diagnostics_free(list);
    if (to == NULL) {
        ent_results_free(in);
        ent_plan_free(plan);
        return NULL;
    }
    to->plan = plan;
    to->in = in;
    return to;
}

/* run(path, [(name, value)], draws, seed or None, jobs, keep_draws, progress or None): (results, warnings) */
static PyObject *run(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *path, *settings, *seed, *progress, *bytes = NULL, *warnings = NULL;
    long long draws;
    int jobs, keep;
    if (!PyArg_ParseTuple(args, "OO!LOipO", &path, &PyList_Type, &settings, &draws, &seed, &jobs, &keep, &progress) ||
        !PyUnicode_FSConverter(path, &bytes))
        return NULL;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = draws;
    options.jobs = jobs;
    options.keep_draws = keep != 0;
    options.has_seed = seed != Py_None;
    options.seed = options.has_seed ? PyLong_AsUnsignedLongLong(seed) : 0;
    results *made = PyErr_Occurred() ? NULL : make(PyBytes_AsString(bytes), settings, &options, progress, &warnings);
    Py_DECREF(bytes);
    return made != NULL && warnings != NULL ? Py_BuildValue("(NN)", made, warnings) : NULL;
}

static PyMethodDef run_method = {"run", run, METH_VARARGS, NULL};

/* --- what is told --------------------------------------------------------------------------------------- */

static const ent_results *in(PyObject *self) { return ((results *)self)->in; }

static PyObject *json(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    char *text = NULL;
    size_t length = 0;
    ent_error err = {0};
    ent_status status;
    Py_BEGIN_ALLOW_THREADS
    status = ent_results_json(&text, &length, in(self), &err);
    Py_END_ALLOW_THREADS
    if (status != ENT_OK)
        return raise_error(&err, NULL);
    PyObject *out = PyUnicode_DecodeUTF8(text, (Py_ssize_t)length, "replace");
    ent_bytes_free(text);
    return out;
}

static PyObject *text_of(const char *s) { return PyUnicode_DecodeUTF8(s, (Py_ssize_t)strlen(s), "replace"); }

static PyObject *facts(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    const ent_run_facts f = ent_results_facts(in(self));
    return Py_BuildValue("{s:N,s:N,s:s,s:N,s:N,s:N,s:K,s:L,s:L,s:N,s:N,s:N,s:d,s:d}", "scenario", text_of(f.scenario), "title",
                         text_of(f.title), "version", f.version, "document", text_of(f.document), "issuer", text_of(f.issuer),
                         "command", text_of(f.command), "seed", (unsigned long long)f.seed, "draws", (long long)f.draws,
                         "draws_asked", (long long)f.draws_asked, "interrupted", PyBool_FromLong(f.interrupted), "has_document",
                         PyBool_FromLong(f.has_document), "has_given", PyBool_FromLong(f.has_given), "effective_draws",
                         f.effective_draws, "log_evidence", f.log_evidence);
}

static PyObject *quantity_names(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    const size_t n = ent_results_facts(in(self)).quantities;
    PyObject *list = PyList_New((Py_ssize_t)n);
    for (size_t i = 0; list != NULL && i < n; i++) {
        PyObject *name = text_of(ent_results_quantity(in(self), i).name);
        if (name == NULL || PyList_SetItem(list, (Py_ssize_t)i, name) != 0)
            Py_CLEAR(list);
    }
    return list;
}

/* Text columns of the table of quantities. */
static PyObject *quantity_texts(PyObject *self, PyObject *field)
{
    const char *name = PyUnicode_AsUTF8AndSize(field, NULL);
    const size_t n = ent_results_facts(in(self)).quantities;
    PyObject *list = name != NULL ? PyList_New((Py_ssize_t)n) : NULL;
    for (size_t i = 0; list != NULL && i < n; i++) {
        const ent_quantity_view q = ent_results_quantity(in(self), i);
        const char *s = strcmp(name, "name") == 0    ? q.name
                        : strcmp(name, "unit") == 0  ? q.unit
                        : strcmp(name, "kind") == 0  ? q.kind
                        : strcmp(name, "issue") == 0 ? q.issue
                                                     : q.actor;
        PyObject *text = text_of(s);
        if (text != NULL)
            PyUnicode_InternInPlace(&text);
        if (text == NULL || PyList_SetItem(list, (Py_ssize_t)i, text) != 0)
            Py_CLEAR(list);
    }
    return list;
}

static const char *const number_field[] = {"year", "month", "headline", "moves", "known", "low", "high", "mean", "sd", "mc_error",
                                           "p05",  "p25",   "p50",      "p75",   "p95",   "undefined", NULL};

static double number_of(const ent_quantity_view *q, const ent_summary *s, int field)
{
    switch (field) {
    case 0: return q->year;
    case 1: return q->month;
    case 2: return q->headline;
    case 3: return q->moves;
    case 4: return q->known;
    case 5: return q->low;
    case 6: return q->high;
    case 7: return s->mean;
    case 8: return s->sd;
    case 9: return s->mc_error;
    case 15: return s->undefined;
    default: return s->quantile[field - 10];
    }
}

static void free_block(PyObject *capsule) { PyMem_Free(PyCapsule_GetPointer(capsule, "entente.block")); }

/* quantity_numbers(field, arm): a column of the table of quantities */
static PyObject *quantity_numbers(PyObject *self, PyObject *args)
{
    const char *name;
    int arm, field = 0;
    if (!PyArg_ParseTuple(args, "si", &name, &arm) || arm < 0 || arm >= ENT_ARM_COUNT)
        return PyErr_Occurred() ? NULL : raise_wrong("there is no arm %d", arm);
    while (number_field[field] != NULL && strcmp(number_field[field], name) != 0)
        field++;
    if (number_field[field] == NULL)
        return raise_wrong("there is no column '%.40s'", name);
    const size_t n = ent_results_facts(in(self)).quantities;
    double *block = PyMem_Calloc(n + 1, sizeof *block);
    PyObject *owner = block != NULL ? PyCapsule_New(block, "entente.block", free_block) : PyErr_NoMemory();
    for (size_t i = 0; owner != NULL && i < n; i++) {
        const ent_quantity_view q = ent_results_quantity(in(self), i);
        block[i] = number_of(&q, &q.arm[arm], field);
    }
    PyObject *out = owner != NULL ? array_of(block, 1, &n, 0, owner) : NULL;
    Py_XDECREF(owner);
    return out;
}

static PyObject *show_draws(PyObject *self, const ent_draws_view *view)
{
    const size_t n = (size_t)ent_results_facts(in(self)).draws;
    if (view->value != NULL)
        return array_of(view->value, 1, &n, 0, self);
    double *block = PyMem_Calloc(n + 1, sizeof *block);
    PyObject *owner = block != NULL ? PyCapsule_New(block, "entente.block", free_block) : PyErr_NoMemory();
    for (size_t i = 0; owner != NULL && i < n; i++)
        block[i] = view->constant;
    PyObject *out = owner != NULL ? array_of(block, 1, &n, 0, owner) : NULL;
    Py_XDECREF(owner);
    return out;
}

/* draws(is_claim, i, arm): borrowed from the results, which the array keeps */
static PyObject *draws(PyObject *self, PyObject *args)
{
    int claim, arm;
    Py_ssize_t i;
    ent_draws_view view = {0};
    ent_error err = {0};
    if (!PyArg_ParseTuple(args, "pni", &claim, &i, &arm))
        return NULL;
    ent_status status = claim ? ent_results_claim_draws(&view, in(self), (size_t)i, (ent_arm)arm, &err)
                              : ent_results_quantity_draws(&view, in(self), (size_t)i, (ent_arm)arm, &err);
    return status == ENT_OK ? show_draws(self, &view) : raise_error(&err, NULL);
}

static PyObject *weights(PyObject *self, PyObject *Py_UNUSED(nothing))
{
    const size_t n = (size_t)ent_results_facts(in(self)).draws;
    const double *weight = ent_results_weights(in(self));
    if (weight == NULL)
        Py_RETURN_NONE;
    return array_of(weight, 1, &n, 0, self);
}

/* write(what, path, with_draws) */
static PyObject *write_to(PyObject *self, PyObject *args)
{
    const char *what;
    PyObject *path, *bytes = NULL;
    int with_draws;
    ent_error err = {0};
    if (!PyArg_ParseTuple(args, "sOp", &what, &path, &with_draws) || !PyUnicode_FSConverter(path, &bytes))
        return NULL;
    const char *to = PyBytes_AsString(bytes);
    ent_status status;
    Py_BEGIN_ALLOW_THREADS
    status = strcmp(what, "report") == 0   ? ent_results_write_report(in(self), to, &err)
             : strcmp(what, "sqlite") == 0 ? ent_results_write_sqlite(in(self), to, &err)
             : strcmp(what, "draws") == 0  ? ent_results_write_draws(in(self), to, &err)
                                           : ent_results_write_folder(in(self), to, with_draws != 0, &err);
    Py_END_ALLOW_THREADS
    Py_DECREF(bytes);
    if (status != ENT_OK)
        return raise_error(&err, NULL);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"json", json, METH_NOARGS, NULL},
    {"facts", facts, METH_NOARGS, NULL},
    {"quantity_names", quantity_names, METH_NOARGS, NULL},
    {"quantity_texts", quantity_texts, METH_O, NULL},
    {"quantity_numbers", quantity_numbers, METH_VARARGS, NULL},
    {"draws", draws, METH_VARARGS, NULL},
    {"weights", weights, METH_NOARGS, NULL},
    {"write", write_to, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_dealloc, results_dealloc},
    {Py_tp_methods, methods},
    {0, NULL},
};
static PyType_Spec spec = {"entente._entente.Results", sizeof(results), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

int run_ready(PyObject *module)
{
    results_type = add_type(module, &spec, "Results");
    PyObject *function = results_type != NULL ? PyCFunction_NewEx(&run_method, NULL, NULL) : NULL;
    const int bad = function == NULL || PyModule_AddObjectRef(module, "run", function) != 0;
    Py_XDECREF(function);
    return bad ? -1 : 0;
}
