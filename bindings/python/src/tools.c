/* What needs no type of its own: capability shares, similarity, checking a scenario, starting one. */
#include "module.h"

#include <string.h>

/* rows numbers of the call's own, or NULL with an exception */
static double *room_for(size_t n)
{
    double *room = PyMem_Calloc(n + 1, sizeof *room);
    if (room == NULL)
        PyErr_NoMemory();
    return room;
}

static void free_block(PyObject *capsule) { PyMem_Free(PyCapsule_GetPointer(capsule, "entente.block")); }

/* An array that owns its block. */
static PyObject *own_array(double *block, size_t n)
{
    PyObject *owner = PyCapsule_New(block, "entente.block", free_block);
    if (owner == NULL) {
        PyMem_Free(block);
        return NULL;
    }
    PyObject *out = array_of(block, 1, &n, 0, owner);
    Py_DECREF(owner);
    return out;
}

static int put_component(double *component, const numbers *x, size_t rows, size_t c)
{
    if (x->value != NULL && x->n != rows) {
        raise_wrong("%s has %zu numbers; the first component has %zu", ent_cinc_component(c), x->n, rows);
        return -1;
    }
    for (size_t i = 0; i < rows; i++) /* -9 is Correlates of War's way to write missing */
        component[i * ENT_CINC_COMPONENTS + c] = x->value == NULL || x->value[i] == -9 ? Py_NAN : x->value[i];
    return 0;
}

static int put_years(int32_t **to, const numbers *year, size_t rows)
{
    *to = NULL;
    if (year->value == NULL)
        return 0;
    *to = year->n == rows ? PyMem_Calloc(rows + 1, sizeof **to) : NULL;
    if (*to == NULL) {
        raise_wrong("year has %zu numbers; there are %zu rows", year->n, rows);
        return -1;
    }
    for (size_t i = 0; i < rows; i++) {
        const double y = year->value[i];
        if (!(y >= -1000000 && y <= 1000000) || y != (double)(int32_t)y) {
            raise_wrong("the year of row %zu is no whole number", i + 1);
            return -1;
        }
        (*to)[i] = (int32_t)y;
    }
    return 0;
}

/* cinc(year, milex, milper, irst, pec, tpop, upop); None where a column is not there */
static PyObject *cinc(PyObject *Py_UNUSED(self), PyObject *args)
{
    PyObject *given[1 + ENT_CINC_COMPONENTS];
    numbers x[1 + ENT_CINC_COMPONENTS] = {0};
    double *component = NULL, *out = NULL;
    int32_t *year = NULL;
    size_t rows = 0;
    ent_error err = {0};
    if (!PyArg_UnpackTuple(args, "cinc", 7, 7, &given[0], &given[1], &given[2], &given[3], &given[4], &given[5], &given[6]))
        return NULL;
    int bad = 0;
    for (size_t c = 0; c <= ENT_CINC_COMPONENTS && !bad; c++) {
        bad = numbers_take(&x[c], given[c], c == 0 ? "year" : ent_cinc_component(c - 1));
        rows = c > 0 && rows == 0 ? x[c].n : rows;
    }
    if (!bad && rows == 0) {
        raise_wrong("none of milex, milper, irst, pec, tpop, upop is there");
        bad = 1;
    }
    component = bad ? NULL : room_for(rows * ENT_CINC_COMPONENTS);
    out = component != NULL ? room_for(rows) : NULL;
    bad = bad || out == NULL || put_years(&year, &x[0], rows) != 0;
    for (size_t c = 0; c < ENT_CINC_COMPONENTS && !bad; c++)
        bad = put_component(component, &x[c + 1], rows, c);
    if (!bad && ent_cinc(out, component, year, rows, &err) != ENT_OK) {
        raise_error(&err, NULL);
        bad = 1;
    }
    for (size_t c = 0; c <= ENT_CINC_COMPONENTS; c++)
        numbers_free(&x[c]);
    PyMem_Free(component);
    PyMem_Free(year);
    if (bad) {
        PyMem_Free(out);
        return NULL;
    }
    return own_array(out, rows);
}

/* similarity(kind, squared, a, b, width) */
static PyObject *similarity(PyObject *Py_UNUSED(self), PyObject *args)
{
    const char *kind;
    int squared;
    PyObject *first, *second;
    double width, out = 0;
    numbers a = {0}, b = {0};
    ent_error err = {0};
    if (!PyArg_ParseTuple(args, "spOOd", &kind, &squared, &first, &second, &width))
        return NULL;
    const ent_similarity_kind which = strcmp(kind, "kappa") == 0 ? ENT_SIMILARITY_KAPPA
                                      : strcmp(kind, "pi") == 0  ? ENT_SIMILARITY_PI
                                                                 : ENT_SIMILARITY_S;
    int bad = numbers_take(&a, first, "a") != 0 || numbers_take(&b, second, "b") != 0;
    if (!bad && (strcmp(kind, "kappa") != 0 && strcmp(kind, "pi") != 0 && strcmp(kind, "s") != 0)) {
        raise_wrong("kind is s, kappa or pi, not '%.40s'", kind);
        bad = 1;
    }
    if (!bad && a.n != b.n) {
        raise_wrong("a has %zu numbers, b has %zu", a.n, b.n);
        bad = 1;
    }
    if (!bad && ent_similarity(&out, which, squared != 0, a.value, b.value, a.n, width, &err) != ENT_OK) {
        raise_error(&err, NULL);
        bad = 1;
    }
    numbers_free(&a);
    numbers_free(&b);
    return bad ? NULL : PyFloat_FromDouble(out);
}

/* check(path): every finding, errors and warnings */
static PyObject *check(PyObject *Py_UNUSED(self), PyObject *path)
{
    ent_error err = {0};
    ent_scenario *scenario = NULL;
    PyObject *bytes = NULL, *out = NULL;
    if (!PyUnicode_FSConverter(path, &bytes))
        return NULL;
    const char *file = PyBytes_AsString(bytes);
    ent_diagnostics *list = ent_diagnostics_create();
    if (list == NULL) {
        Py_DECREF(bytes);
        return PyErr_NoMemory();
    }
    ent_status status;
    Py_BEGIN_ALLOW_THREADS
    status = ent_scenario_read(&scenario, file, list, &err);
    if (status == ENT_OK)
        status = ent_plan_compile(NULL, scenario, NULL, 0, list, &err);
    Py_END_ALLOW_THREADS
    ent_scenario_free(scenario);
    ent_diagnostics_sort(list);
    /* What is wrong in the scenario is the answer; that it cannot be read is not. */
    out = status == ENT_OK || ent_diagnostics_errors(list) > 0 ? findings_of(list) : raise_error(&err, list);
    ent_diagnostics_free(list);
    Py_DECREF(bytes);
    return out;
}

static PyObject *new_scenario(PyObject *Py_UNUSED(self), PyObject *path)
{
    ent_error err = {0};
    PyObject *bytes = NULL;
    if (!PyUnicode_FSConverter(path, &bytes))
        return NULL;
    ent_status status = ent_scenario_new(PyBytes_AsString(bytes), &err);
    Py_DECREF(bytes);
    if (status != ENT_OK)
        return raise_error(&err, NULL);
    Py_RETURN_NONE;
}

static PyObject *rules(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(nothing))
{
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < ent_rule_shipped_count(); i++) {
        PyObject *name = PyUnicode_FromString(ent_rule_shipped_id(i));
        if (name == NULL || PyList_Append(list, name) != 0)
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

PyMethodDef tools_methods[] = {
    {"cinc", cinc, METH_VARARGS, NULL},
    {"similarity", similarity, METH_VARARGS, NULL},
    {"check", check, METH_O, NULL},
    {"new", new_scenario, METH_O, NULL},
    {"rules", rules, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
