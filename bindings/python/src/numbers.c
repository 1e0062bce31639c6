/* Numbers in: a float, anything with a buffer (NumPy, array.array, memoryview), anything with __array__ (pandas, polars),
 * or lists of numbers. Doubles in a row are borrowed; all else is copied once. None within a list is undefined. */
#include "module.h"

#include <string.h>

static int wrong(const char *name, const char *what)
{
    if (!PyErr_Occurred())
        raise_wrong("%s takes numbers: %s", name, what);
    return -1;
}

static int make_room(numbers *to, size_t n)
{
    to->own = PyMem_Malloc((n + 1) * sizeof *to->own);
    if (to->own == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    to->value = to->own;
    to->n = n;
    return 0;
}

/* --- buffers ---------------------------------------------------------------------------------------- */

#define READ(letter, type)                                                                                             \
    case letter: {                                                                                                     \
        type x;                                                                                                        \
        memcpy(&x, at, sizeof x);                                                                                      \
        *out = (double)x;                                                                                              \
        return 1;                                                                                                      \
    }

static int read_item(double *out, const char *at, char format)
{
    switch (format) {
        READ('d', double)
        READ('f', float)
        READ('b', signed char)
        READ('B', unsigned char)
        READ('?', unsigned char)
        READ('h', short)
        READ('H', unsigned short)
        READ('i', int)
        READ('I', unsigned int)
        READ('l', long)
        READ('L', unsigned long)
        READ('q', long long)
        READ('Q', unsigned long long)
    default:
        return 0;
    }
}

/* The letter of a native format; 0 where it is of another kind (objects, records, the other byte order). */
static char letter_of(const Py_buffer *view)
{
    const char *format = view->format != NULL ? view->format : "B";
    const int one = 1;
    const int little = *(const char *)&one;
    if (*format == '@' || *format == '=' || (*format == '<' && little) || (*format == '>' && !little))
        format++;
    if (format[0] == 0 || format[1] != 0)
        return 0;
    double x;
    char none[16] = {0};
    return read_item(&x, none, *format) ? *format : 0;
}

static int copy_buffer(numbers *to, const Py_buffer *view, char letter)
{
    size_t at[MOST_DIMENSIONS] = {0};
    if (make_room(to, to->n) != 0)
        return -1;
    for (size_t k = 0; k < to->n; k++) {
        const char *item = view->buf;
        for (int d = 0; d < to->dimensions; d++)
            item += (Py_ssize_t)at[d] * view->strides[d];
        read_item(&to->own[k], item, letter);
        for (int d = to->dimensions - 1; d >= 0 && ++at[d] == to->count[d]; d--)
            at[d] = 0;
    }
    return 0;
}

/* 1: done; 0: no buffer that can be read; -1: an exception. */
static int take_buffer(numbers *to, PyObject *from, const char *name)
{
    if (PyObject_GetBuffer(from, &to->view, PyBUF_STRIDES | PyBUF_FORMAT) != 0) {
        PyErr_Clear();
        return 0;
    }
    const Py_buffer *view = &to->view;
    const char letter = letter_of(view);
    if (letter == 0) {
        PyBuffer_Release(&to->view);
        return 0;
    }
    to->has_view = 1;
    if (view->ndim > MOST_DIMENSIONS)
        return wrong(name, "there are more than three dimensions");
    to->dimensions = view->ndim;
    to->n = 1;
    for (int d = 0; d < view->ndim; d++)
        to->n *= to->count[d] = (size_t)view->shape[d];
    if (letter == 'd' && PyBuffer_IsContiguous(view, 'C') && (uintptr_t)view->buf % sizeof(double) == 0) {
        to->value = view->buf;
        return 1;
    }
    return copy_buffer(to, view, letter) == 0 ? 1 : -1;
}

/* --- lists ------------------------------------------------------------------------------------------ */

static int read_number(double *out, PyObject *from, const char *name)
{
    if (from == Py_None) {
        *out = Py_NAN;
        return 0;
    }
    *out = PyFloat_AsDouble(from);
    return *out == -1 && PyErr_Occurred() ? (PyErr_Clear(), wrong(name, "one of them is none")) : 0;
}

static int is_row(PyObject *item)
{
    return PyList_Check(item) || PyTuple_Check(item);
}

static int take_rows(numbers *to, PyObject *list, const char *name)
{
    const Py_ssize_t rows = PyList_Size(list);
    PyObject *first = PyList_GetItem(list, 0);
    const Py_ssize_t columns = PySequence_Size(first);
    to->dimensions = 2;
    to->count[0] = (size_t)rows;
    to->count[1] = (size_t)columns;
    if (make_room(to, (size_t)rows * (size_t)columns) != 0)
        return -1;
    for (Py_ssize_t r = 0; r < rows; r++) {
        PyObject *row = PyList_GetItem(list, r);
        if (!is_row(row) || PySequence_Size(row) != columns)
            return wrong(name, "its rows are not all of the same length");
        for (Py_ssize_t c = 0; c < columns; c++) {
            PyObject *item = PySequence_GetItem(row, c);
            const int bad = item == NULL || read_number(&to->own[r * columns + c], item, name) != 0;
            Py_XDECREF(item);
            if (bad)
                return -1;
        }
    }
    return 0;
}

static int take_list(numbers *to, PyObject *from, const char *name)
{
    PyObject *list = PyList_Check(from) ? Py_NewRef(from) : PySequence_List(from);
    if (list == NULL) {
        PyErr_Clear();
        return wrong(name, "this is none");
    }
    const Py_ssize_t n = PyList_Size(list);
    int bad = 0;
    if (n > 0 && is_row(PyList_GetItem(list, 0))) {
        bad = take_rows(to, list, name);
    } else {
        to->dimensions = 1;
        to->count[0] = (size_t)n;
        bad = make_room(to, (size_t)n);
        for (Py_ssize_t i = 0; !bad && i < n; i++)
            bad = read_number(&to->own[i], PyList_GetItem(list, i), name);
    }
    Py_DECREF(list);
    return bad;
}

/* pandas, polars and arrays of objects: NumPy makes doubles of them. */
static int take_array(numbers *to, PyObject *from, const char *name)
{
    PyObject *numpy = PyImport_ImportModule("numpy");
    PyObject *array = numpy != NULL ? PyObject_CallMethod(numpy, "asarray", "Os", from, "float64") : NULL;
    int got = -1;
    Py_XDECREF(numpy);
    if (array != NULL)
        got = take_buffer(to, array, name); /* the buffer keeps the array */
    else
        PyErr_Clear();
    Py_XDECREF(array);
    return got == 1 ? 0 : wrong(name, "this cannot be read as such");
}

int numbers_take(numbers *to, PyObject *from, const char *name)
{
    memset(to, 0, sizeof *to);
    if (from == NULL || from == Py_None)
        return 0;
    if (PyFloat_Check(from) || PyLong_Check(from)) {
        to->one = PyFloat_AsDouble(from);
        to->value = &to->one;
        to->n = 1;
        return to->one == -1 && PyErr_Occurred() ? -1 : 0;
    }
    if (PyUnicode_Check(from) || PyBytes_Check(from) || PyByteArray_Check(from) || PyDict_Check(from))
        return wrong(name, "this is text");
    const int got = take_buffer(to, from, name);
    if (got != 0)
        return got == 1 ? 0 : -1;
    if (PyObject_HasAttrString(from, "__array__"))
        return take_array(to, from, name);
    return take_list(to, from, name);
}

void numbers_free(numbers *of)
{
    PyMem_Free(of->own);
    if (of->has_view)
        PyBuffer_Release(&of->view);
    memset(of, 0, sizeof *of);
}
