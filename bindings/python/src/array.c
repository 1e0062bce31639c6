/* Numbers out: an object over somebody's doubles, with the buffer protocol, which NumPy takes without a copy. */
#include "module.h"

#include <string.h>

typedef struct array {
    PyObject_HEAD
    const double *data;
    PyObject *owner;
    int dimensions;
    Py_ssize_t count[MOST_DIMENSIONS], stride[MOST_DIMENSIONS]; /* strides in bytes */
} array;

static PyObject *array_type, *as_numpy;

static int get_buffer(PyObject *self, Py_buffer *view, int flags)
{
    array *a = (array *)self;
    if ((flags & PyBUF_WRITABLE) != 0) {
        PyErr_SetString(PyExc_BufferError, "what entente computed is read-only; make a copy to change it");
        return -1;
    }
    memset(view, 0, sizeof *view);
    view->buf = (void *)(uintptr_t)a->data;
    view->obj = Py_NewRef(self);
    view->len = (Py_ssize_t)sizeof(double);
    for (int d = 0; d < a->dimensions; d++)
        view->len *= a->count[d];
    view->readonly = 1;
    view->itemsize = (Py_ssize_t)sizeof(double);
    view->format = (flags & PyBUF_FORMAT) != 0 ? (char *)(uintptr_t)"d" : NULL;
    view->ndim = a->dimensions;
    view->shape = a->count;
    view->strides = a->stride;
    return 0;
}

static void array_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(((array *)self)->owner);
    PyObject_Free(self);
    Py_DECREF(type);
}

static PyType_Slot slots[] = {
    {Py_bf_getbuffer, get_buffer},
    {Py_tp_dealloc, array_dealloc},
    {Py_tp_doc, "Numbers that something else keeps: numpy.asarray() and memoryview() take them without a copy."},
    {0, NULL},
};
static PyType_Spec spec = {"entente._entente.Array", sizeof(array), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION, slots};

PyObject *array_of(const double *data, int dimensions, const size_t *count, Py_ssize_t stride, PyObject *owner)
{
    array *a = PyObject_New(array, (PyTypeObject *)array_type);
    if (a == NULL)
        return NULL;
    a->data = data;
    a->owner = Py_NewRef(owner);
    a->dimensions = dimensions;
    for (int d = dimensions - 1; d >= 0; d--) {
        a->count[d] = (Py_ssize_t)count[d];
        a->stride[d] = d == dimensions - 1 ? (Py_ssize_t)sizeof(double) : a->stride[d + 1] * a->count[d + 1];
    }
    if (stride > 0)
        a->stride[0] = stride * (Py_ssize_t)sizeof(double);
    if (as_numpy == NULL) { /* NumPy is looked for once */
        PyObject *numpy = PyImport_ImportModule("numpy");
        as_numpy = numpy != NULL ? PyObject_GetAttrString(numpy, "asarray") : NULL;
        if (as_numpy == NULL) {
            PyErr_Clear();
            as_numpy = Py_NewRef(Py_None);
        }
        Py_XDECREF(numpy);
    }
    PyObject *out = as_numpy != Py_None ? PyObject_CallFunctionObjArgs(as_numpy, (PyObject *)a, NULL) : PyMemoryView_FromObject((PyObject *)a);
    Py_DECREF(a);
    return out;
}

int array_ready(PyObject *module)
{
    array_type = add_type(module, &spec, "Array");
    return array_type != NULL ? 0 : -1;
}
