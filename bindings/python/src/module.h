/* The extension module entente._entente: what Python's buffers hold goes to the library and comes back without a copy.
 *
 * It uses CPython's limited API of 3.11 alone, so one file serves every later version. What people see (types with
 * methods for pandas, progress lines) is in the package's Python files; here is what must be in C. */
#ifndef ENT_PYTHON_MODULE_H
#define ENT_PYTHON_MODULE_H

#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030b0000
#endif
#include <Python.h>

#include "entente.h"

/* --- errors.c: an ent_error becomes an exception of the package --------------------------------------- */

/* Raises; `list` may be NULL. Always returns NULL. */
PyObject *raise_error(const ent_error *err, const ent_diagnostics *list);
PyObject *raise_wrong(const char *format, ...) ENT_PRINTF(1, 2); /* ENT_ERR_ARGUMENT; no Python formats */
PyObject *findings_of(const ent_diagnostics *list);              /* a list of dicts */

/* --- numbers.c: in ------------------------------------------------------------------------------------ */

enum { MOST_DIMENSIONS = 3 };

/* Numbers that an argument holds: borrowed from its buffer where that is of doubles without gaps, else copied. */
typedef struct numbers {
    const double *value; /* NULL: not given, or None */
    size_t n;
    int dimensions;      /* 0: one number */
    size_t count[MOST_DIMENSIONS];
    double one;
    double *own;
    Py_buffer view;
    int has_view;
} numbers;

/* 0, or -1 with an exception that names the argument. Take None as not given. */
int numbers_take(numbers *to, PyObject *from, const char *name);
void numbers_free(numbers *of);

/* --- array.c: out ------------------------------------------------------------------------------------- */

/* An array over doubles that `owner` keeps alive: one of NumPy's where that is installed, else a memoryview. Read-only.
 * `stride` in doubles, of one dimension; 0: without gaps. */
PyObject *array_of(const double *data, int dimensions, const size_t *count, Py_ssize_t stride, PyObject *owner);
int array_ready(PyObject *module);

/* --- models.c, rules.c, tools.c, run.c: what the module offers ---------------------------------------------------- */

int models_ready(PyObject *module);
int rules_ready(PyObject *module);
int run_ready(PyObject *module);
extern PyMethodDef tools_methods[];   /* tools.c: what needs no type */
/* A Rule, or one made of a name or a path for so many members (0: as it says): a new reference; NULL with an exception. */
PyObject *rule_take(PyObject *from, size_t members);
const ent_rule *rule_in(PyObject *rule);

/* What the caller said: positional first, then names; each argument at its place in `name`. */
typedef struct parameter {
    const char *port; /* what the library calls it */
    const char *name; /* the same, but for Python's own words: from_ */
    PyObject *interned;
    int required;
} parameter;
typedef struct parameters {
    const char *function;
    parameter *list;
    Py_ssize_t n;
    Py_ssize_t positional; /* how many may be given without their names */
} parameters;
int parameters_read(PyObject **value, const parameters *of, PyObject *const *args, Py_ssize_t n_args, PyObject *names);

/* A new reference of a type made from `spec` and put into the module. */
PyObject *add_type(PyObject *module, PyType_Spec *spec, const char *name);

#endif
