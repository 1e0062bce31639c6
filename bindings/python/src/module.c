/* The module itself, and how a call's arguments are told apart. */
#include "module.h"

#include <string.h>

/* --- arguments ------------------------------------------------------------------------------------------ */

static Py_ssize_t find(const parameters *of, PyObject *name)
{
    for (Py_ssize_t k = 0; k < of->n; k++) /* names in a call are interned: nearly always the first loop finds them */
        if (of->list[k].interned == name)
            return k;
    for (Py_ssize_t k = 0; k < of->n; k++)
        if (PyUnicode_Compare(of->list[k].interned, name) == 0)
            return k;
    return -1;
}

static int unknown(const parameters *of, PyObject *name)
{
    const char *names[128];
    size_t n = 0;
    const char *found = PyUnicode_AsUTF8AndSize(name, NULL);
    for (Py_ssize_t k = 0; k < of->n && n < sizeof names / sizeof names[0]; k++)
        names[n++] = of->list[k].name;
    const char *near = found != NULL ? ent_text_nearest(found, names, n) : NULL;
    PyErr_Format(PyExc_TypeError, "%s() has no argument '%s'%s%s%s", of->function, found != NULL ? found : "?",
                 near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
    return -1;
}

int parameters_read(PyObject **value, const parameters *of, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    memset(value, 0, (size_t)of->n * sizeof *value);
    if (n_args > of->positional) {
        PyErr_Format(PyExc_TypeError, "%s() takes %zd arguments by position, the others by name; there are %zd", of->function,
                     of->positional, n_args);
        return -1;
    }
    for (Py_ssize_t k = 0; k < n_args; k++)
        value[k] = args[k];
    const Py_ssize_t n_names = names != NULL ? PyTuple_Size(names) : 0;
    for (Py_ssize_t i = 0; i < n_names; i++) {
        PyObject *name = PyTuple_GetItem(names, i);
        const Py_ssize_t k = find(of, name);
        if (k < 0)
            return unknown(of, name);
        if (value[k] != NULL) {
            PyErr_Format(PyExc_TypeError, "%s() got '%s' twice", of->function, of->list[k].name);
            return -1;
        }
        value[k] = args[n_args + i];
    }
    for (Py_ssize_t k = 0; k < of->n; k++)
        if (of->list[k].required && value[k] == NULL) {
            PyErr_Format(PyExc_TypeError, "%s() needs '%s'", of->function, of->list[k].name);
            return -1;
        }
    return 0;
}

/* --- the module ----------------------------------------------------------------------------------------- */

PyObject *add_type(PyObject *module, PyType_Spec *spec, const char *name)
{
    PyObject *type = PyType_FromSpec(spec);
    if (type != NULL && PyModule_AddObjectRef(module, name, type) != 0)
        Py_CLEAR(type);
    return type;
}

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "entente._entente",
    .m_doc = "The library behind entente; use the package.",
    .m_size = -1,
    .m_methods = tools_methods,
};

PyMODINIT_FUNC PyInit__entente(void);
PyMODINIT_FUNC PyInit__entente(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL)
        return NULL;
    if (array_ready(module) != 0 || models_ready(module) != 0 || rules_ready(module) != 0 || run_ready(module) != 0 ||
        PyModule_AddStringConstant(module, "__version__", ENT_VERSION) != 0)
        Py_CLEAR(module);
    return module;
}
