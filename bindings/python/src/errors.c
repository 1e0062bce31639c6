/* An ent_error becomes an exception: entente._errors.make() knows the classes. */
#include "module.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static PyObject *text(const char *s)
{
    return PyUnicode_DecodeUTF8(s, (Py_ssize_t)strlen(s), "replace");
}

PyObject *findings_of(const ent_diagnostics *list)
{
    const size_t n = list != NULL ? ent_diagnostics_count(list) : 0;
    PyObject *out = PyList_New(0);
    for (size_t i = 0; out != NULL && i < n; i++) {
        const ent_diagnostic d = ent_diagnostics_get(list, i);
        PyObject *one = Py_BuildValue("{s:N,s:i,s:i,s:s,s:N}", "file", text(d.file), "line", (int)d.line, "column", (int)d.column,
                                      "severity", d.severity == ENT_SEVERITY_ERROR ? "error" : "warning", "message",
                                      text(d.message));
        if (one == NULL || PyList_Append(out, one) != 0)
            Py_CLEAR(out);
        Py_XDECREF(one);
    }
    return out;
}

PyObject *raise_error(const ent_error *err, const ent_diagnostics *list)
{
    PyObject *module = PyImport_ImportModule("entente._errors"), *findings = findings_of(list), *made = NULL;
    if (module != NULL && findings != NULL)
        made = PyObject_CallMethod(module, "make", "iNNiiO", (int)err->status, text(err->message), text(err->file), (int)err->line,
                                   (int)err->column, findings);
    if (made != NULL)
        PyErr_SetObject((PyObject *)Py_TYPE(made), made);
    Py_XDECREF(made);
    Py_XDECREF(findings);
    Py_XDECREF(module);
    return NULL;
}

PyObject *raise_wrong(const char *format, ...)
{
    ent_error err = {.status = ENT_ERR_ARGUMENT};
    va_list args;
    va_start(args, format);
    vsnprintf(err.message, sizeof err.message, format, args);
    va_end(args);
    return raise_error(&err, NULL);
}
