/* Rules by which groups decide, and the power of their members. */
#include "module.h"

#include <string.h>

typedef struct rule {
    PyObject_HEAD
    ent_rule_file *file; /* shipped, or of a path */
    ent_rule *own;       /* of weights */
    const ent_rule *in;
} rule;

static PyObject *rule_type;

static void rule_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    ent_rule_file_free(((rule *)self)->file);
    ent_rule_free(((rule *)self)->own);
    release(self);
    Py_DECREF(type);
}

/* As `entente power --rule` takes it: what has a point or a slash is a path, all else the name of a shipped rule. */
static int read_rule(rule *to, const char *name, size_t members)
{
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    if (list == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    ent_status status = strpbrk(name, "/.") == NULL ? ent_rule_file_shipped(&to->file, name, members, list, &err)
                                                    : ent_rule_file_read(&to->file, name, members, list, &err);
    ent_diagnostics_sort(list);
    if (status != ENT_OK)
        raise_error(&err, list);
    else
        to->in = to->file->rule;
    ent_diagnostics_free(list);
    return status == ENT_OK ? 0 : -1;
}

/* "65 %", ">50 %", "12" or a number. */
static int read_quota(double *quota, int *share, int *strict, PyObject *given)
{
    PyObject *text = PyObject_Str(given);
    Py_ssize_t length = 0;
    const char *at = text != NULL ? PyUnicode_AsUTF8AndSize(text, &length) : NULL;
    int bad = at == NULL;
    if (!bad) {
        *strict = *at == '>';
        at += *strict;
        length -= *strict;
        *share = length > 0 && at[length - 1] == '%';
        length -= *share;
        while (length > 0 && at[length - 1] == ' ')
            length--;
        if (!ent_number_read(quota, at, (size_t)length)) {
            raise_wrong("quota takes a weight (12), a share ('65%%'), or one of them to be passed ('>50%%')");
            bad = 1;
        }
        *quota /= *share ? 100 : 1;
    }
    Py_XDECREF(text);
    return bad ? -1 : 0;
}

static int weigh_rule(rule *to, PyObject *weights, PyObject *quota)
{
    numbers weight = {0};
    ent_error err = {0};
    double needed = 0;
    int share = 0, strict = 0, bad = numbers_take(&weight, weights, "weights");
    if (!bad && (quota == NULL || quota == Py_None)) {
        raise_wrong("weights need a quota: a weight (12), a share ('65%%'), or one of them to be passed ('>50%%')");
        bad = -1;
    }
    if (!bad)
        bad = read_quota(&needed, &share, &strict, quota);
    if (!bad && ent_rule_weighted(&to->own, weight.value, weight.n, needed, share, strict, &err) != ENT_OK) {
        raise_error(&err, NULL);
        bad = -1;
    }
    to->in = to->own;
    numbers_free(&weight);
    return bad;
}

static PyObject *rule_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    static char *keyword[] = {"rule", "members", "weights", "quota", NULL};
    const char *name = NULL;
    Py_ssize_t members = 0;
    PyObject *weights = Py_None, *quota = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, names, "|z$nOO", keyword, &name, &members, &weights, &quota))
        return NULL;
    allocfunc allocate = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    rule *to = (rule *)allocate(type, 0);
    int bad = to == NULL;
    if (!bad && (name == NULL) == (weights == Py_None)) {
        raise_wrong("a rule is a name ('eu-council-lisbon'), a file by its path, or weights and a quota");
        bad = 1;
    } else if (!bad) {
        bad = name != NULL ? read_rule(to, name, members > 0 ? (size_t)members : 0) : weigh_rule(to, weights, quota);
    }
    if (bad)
        Py_CLEAR(to);
    return (PyObject *)to;
}

PyObject *rule_take(PyObject *from, size_t members)
{
    if (PyObject_TypeCheck(from, (PyTypeObject *)rule_type))
        return Py_NewRef(from);
    const char *name = PyUnicode_Check(from) ? PyUnicode_AsUTF8AndSize(from, NULL) : NULL;
    if (name == NULL)
        return PyErr_Occurred() ? NULL : raise_wrong("rule takes a Rule, the name of a shipped rule, or a file by its path");
    allocfunc allocate = (allocfunc)PyType_GetSlot((PyTypeObject *)rule_type, Py_tp_alloc);
    rule *to = (rule *)allocate((PyTypeObject *)rule_type, 0);
    int bad = to == NULL || read_rule(to, name, 0) != 0;
    if (!bad && members > 0 && (size_t)to->in->members != members) { /* one that says only how many there are */
        ent_rule_file_free(to->file);
        to->file = NULL;
        bad = read_rule(to, name, members) != 0;
    }
    if (bad)
        Py_CLEAR(to);
    return (PyObject *)to;
}

const ent_rule *rule_in(PyObject *of) { return ((rule *)of)->in; }

/* --- what it tells -------------------------------------------------------------------------------------- */

static PyObject *texts(const char *const *text, size_t n)
{
    PyObject *list = PyList_New((Py_ssize_t)n);
    for (size_t i = 0; list != NULL && i < n; i++) {
        PyObject *one = PyUnicode_DecodeUTF8(text[i], (Py_ssize_t)strlen(text[i]), "replace");
        if (one == NULL || PyList_SetItem(list, (Py_ssize_t)i, one) != 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *get_members(PyObject *self, void *Py_UNUSED(closure))
{
    const rule *r = (const rule *)self;
    if (r->file != NULL)
        return texts(r->file->member, (size_t)r->in->members);
    PyObject *list = PyList_New(r->in->members);
    for (Py_ssize_t i = 0; list != NULL && i < r->in->members; i++) {
        PyObject *number = PyUnicode_FromFormat("%zd", i + 1);
        if (number == NULL || PyList_SetItem(list, i, number) != 0)
            Py_CLEAR(list);
    }
    return list;
}

static PyObject *get_title(PyObject *self, void *Py_UNUSED(closure))
{
    const rule *r = (const rule *)self;
    return PyUnicode_FromString(r->file != NULL ? r->file->title : "weights");
}

static PyObject *wins(PyObject *self, PyObject *yes)
{
    const rule *r = (const rule *)self;
    numbers said;
    bool *vote = NULL;
    PyObject *out = NULL;
    if (numbers_take(&said, yes, "yes") == 0) {
        vote = PyMem_Calloc((size_t)r->in->members + 1, sizeof *vote);
        if (vote == NULL)
            PyErr_NoMemory();
        else if (said.n != (size_t)r->in->members)
            raise_wrong("yes has %zu values; the rule has %d members", said.n, (int)r->in->members);
        else {
            for (size_t i = 0; i < said.n; i++)
                vote[i] = said.value[i] != 0;
            out = PyBool_FromLong(ent_rule_wins(r->in, vote));
        }
    }
    PyMem_Free(vote);
    numbers_free(&said);
    return out;
}

static PyObject *put(PyObject *dict, const char *name, const double *value, size_t n, PyObject *owner)
{
    if (dict == NULL || value == NULL)
        return dict;
    PyObject *array = array_of(value, 1, &n, 0, owner);
    if (array == NULL || PyDict_SetItemString(dict, name, array) != 0) {
        Py_XDECREF(array);
        Py_DECREF(dict);
        return NULL;
    }
    Py_DECREF(array);
    return dict;
}

static void free_power(PyObject *capsule) { ent_power_free(PyCapsule_GetPointer(capsule, "entente.power")); }

static PyObject *describe_power(ent_power *power)
{
    const size_t n = (size_t)power->n;
    PyObject *owner = PyCapsule_New(power, "entente.power", free_power);
    if (owner == NULL) {
        ent_power_free(power);
        return NULL;
    }
    PyObject *out = Py_BuildValue("{s:s,s:d,s:z}", "method", ent_power_method_text(power->method), "act", power->act, "winning", power->winning);
    out = put(out, "shapley_shubik", power->shapley_shubik, n, owner);
    out = put(out, "banzhaf", power->banzhaf, n, owner);
    out = put(out, "banzhaf_absolute", power->banzhaf_absolute, n, owner);
    out = put(out, "prevent", power->prevent, n, owner);
    out = put(out, "initiate", power->initiate, n, owner);
    out = put(out, "owen", power->owen, n, owner);
    out = put(out, "shapley_shubik_error", power->shapley_shubik_error, n, owner);
    out = put(out, "banzhaf_absolute_error", power->banzhaf_absolute_error, n, owner);
    out = put(out, "owen_error", power->owen_error, n, owner);
    Py_DECREF(owner);
    return out;
}

static int read_blocs(int32_t **to, const rule *r, PyObject *given)
{
    numbers bloc;
    const size_t n = (size_t)r->in->members;
    int bad = numbers_take(&bloc, given, "blocs");
    *to = NULL;
    if (!bad && (bloc.value != NULL || (r->file != NULL && r->file->bloc != NULL))) {
        *to = PyMem_Calloc(n + 1, sizeof **to);
        if (*to == NULL) {
            PyErr_NoMemory();
            bad = -1;
        } else if (bloc.value == NULL) {
            memcpy(*to, r->file->bloc, n * sizeof **to);
        } else if (bloc.n != n) {
            raise_wrong("blocs has %zu numbers; the rule has %zu members", bloc.n, n);
            bad = -1;
        } else {
            for (size_t i = 0; i < n; i++)
                (*to)[i] = bloc.value[i] >= 0 && bloc.value[i] < (double)n ? (int32_t)bloc.value[i] : -1;
        }
    }
    numbers_free(&bloc);
    return bad;
}

static int find_method(ent_power_method *to, const char *word)
{
    static const char *const name[] = {"auto", "count", "large", "enumerate", "sample", "integral"}; /* as in the enum */
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++)
        if (strcmp(name[i], word) == 0) {
            *to = (ent_power_method)i;
            return 0;
        }
    raise_wrong("method is auto, count, large, enumerate, integral or sample, not '%.40s'", word);
    return -1;
}

static PyObject *rule_power(PyObject *self, PyObject *args, PyObject *names)
{
    static char *keyword[] = {"blocs", "method", "samples", "seed", NULL};
    const rule *r = (const rule *)self;
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    const char *method = "auto";
    PyObject *blocs = Py_None;
    long long samples = 0;
    unsigned long long seed = 1;
    int32_t *bloc = NULL;
    ent_power *power = NULL;
    ent_error err = {0};
    if (!PyArg_ParseTupleAndKeywords(args, names, "|$OsLK", keyword, &blocs, &method, &samples, &seed) ||
        find_method(&options.method, method) != 0 || read_blocs(&bloc, r, blocs) != 0) {
        PyMem_Free(bloc);
        return NULL;
    }
    options.samples = samples;
    options.seed = seed;
    options.bloc = bloc;
    ent_status status;
    Py_BEGIN_ALLOW_THREADS
    status = ent_power_indices(&power, r->in, &options, &err);
    Py_END_ALLOW_THREADS
    PyMem_Free(bloc);
    return status == ENT_OK ? describe_power(power) : raise_error(&err, NULL);
}

static PyMethodDef methods[] = {
    {"wins", wins, METH_O, "wins($self, yes, /)\n--\n\nWhether those who say yes can decide; yes has a truth for each member."},
    {"_power", (PyCFunction)(void (*)(void))rule_power, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef properties[] = {
    {"members", get_members, NULL, "The names of the members.", NULL},
    {"title", get_title, NULL, "What the rule is called.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyType_Slot slots[] = {
    {Py_tp_new, rule_new},
    {Py_tp_dealloc, rule_dealloc},
    {Py_tp_methods, methods},
    {Py_tp_getset, properties},
    {0, NULL},
};
static PyType_Spec spec = {"entente._entente.Rule", sizeof(rule), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, slots};

int rules_ready(PyObject *module)
{
    rule_type = add_type(module, &spec, "Rule");
    return rule_type != NULL ? 0 : -1;
}
