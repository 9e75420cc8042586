/*
 * Makes calls of named tuple classes cheap: `Point(1, 2)`, `Point(x=1, y=2)`, and
 * `point._replace(x=3)`.
 *
 * Python runs a generated function, `__new__`, for each; a decision makes dozens of
 * named tuples, and that was a third of its time. A class given to `quicken` fills
 * the tuple directly: by position, by name, from the defaults. A call that leaves
 * something out or names something else goes the ordinary way, with its ordinary
 * errors.
 */

#include <Python.h>

static PyObject *fields_name;    /* "_fields", interned */
static PyObject *defaults_name;  /* "_field_defaults", interned */
static PyObject *replace_name;   /* "_replace", interned */

static PyObject *ordinary_call(
    PyObject *type, PyObject *const *arguments, Py_ssize_t count, PyObject *names)
{
    PyObject *made = NULL, *named = NULL;
    PyObject *positional = PyTuple_New(count);
    if (positional == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < count; i++)
        PyTuple_SET_ITEM(positional, i, Py_NewRef(arguments[i]));
    if (names != NULL) {
        if ((named = PyDict_New()) == NULL)
            goto end;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++)
            if (PyDict_SetItem(
                    named, PyTuple_GET_ITEM(names, i), arguments[count + i]) < 0)
                goto end;
    }
    made = PyType_Type.tp_call(type, positional, named);
end:
    Py_DECREF(positional);
    Py_XDECREF(named);
    return made;
}

/*
 * Whether a value can never be a part of a cycle: text, numbers, and tuples of them.
 * What holds only such values need not be looked at by the collector, ever: most of
 * a member's lots, lines and gains. (An untracked dict may come to hold others.)
 */
static int cannot_lead_on(PyObject *value)
{
    if (!PyObject_IS_GC(value))
        return 1;
    return PyTuple_Check(value) && !PyObject_GC_IsTracked(value);
}

/* Where a name stands among the fields; -1 if it is none, or not the same object. */
static Py_ssize_t place_of(PyObject *name, PyObject *fields)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); i++)
        if (PyTuple_GET_ITEM(fields, i) == name)
            return i;
    return -1;
}

/* A tuple of a class whose places are still empty, and not yet tracked. */
static PyObject *empty_of(PyTypeObject *type, Py_ssize_t count)
{
    PyObject *made = (PyObject *)PyObject_GC_NewVar(PyTupleObject, type, count);
    if (made != NULL)
        for (Py_ssize_t i = 0; i < count; i++)
            PyTuple_SET_ITEM(made, i, NULL);
    return made;
}

/* Give a filled tuple to the collector, unless it never needs to look at it. */
static PyObject *filled(PyObject *made)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(made); i++)
        if (!cannot_lead_on(PyTuple_GET_ITEM(made, i))) {
            PyObject_GC_Track(made);
            break;
        }
    return made;
}

/* Put named values into their places; whether each name has one of its own. */
static int put_named(
    PyObject *made, PyObject *fields, PyObject *const *values, PyObject *names)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        Py_ssize_t place = place_of(PyTuple_GET_ITEM(names, i), fields);
        if (place < 0 || PyTuple_GET_ITEM(made, place) != NULL)
            return 0;
        PyTuple_SET_ITEM(made, place, Py_NewRef(values[i]));
    }
    return 1;
}

/* Fill what is empty from the defaults; whether nothing is left empty. */
static int put_defaults(PyTypeObject *type, PyObject *made, PyObject *fields)
{
    PyObject *defaults = NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); i++) {
        if (PyTuple_GET_ITEM(made, i) != NULL)
            continue;
        if (defaults == NULL)
            defaults = PyDict_GetItemWithError(type->tp_dict, defaults_name);
        if (defaults == NULL || !PyDict_CheckExact(defaults))
            return 0;
        PyObject *value =
            PyDict_GetItemWithError(defaults, PyTuple_GET_ITEM(fields, i));
        if (value == NULL)
            return 0;
        PyTuple_SET_ITEM(made, i, Py_NewRef(value));
    }
    return 1;
}

static PyObject *quick_call(
    PyObject *self, PyObject *const *arguments, size_t flags, PyObject *names)
{
    PyTypeObject *type = (PyTypeObject *)self;
    Py_ssize_t count = PyVectorcall_NARGS(flags);
    /* Asked for each time: the class is the one place that knows. */
    PyObject *fields = PyDict_GetItemWithError(type->tp_dict, fields_name);
    if (fields == NULL || count > PyTuple_GET_SIZE(fields)) {
        if (PyErr_Occurred())
            return NULL;
        return ordinary_call(self, arguments, count, names);
    }
    PyObject *made = empty_of(type, PyTuple_GET_SIZE(fields));
    if (made == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < count; i++)
        PyTuple_SET_ITEM(made, i, Py_NewRef(arguments[i]));
    if ((names == NULL || put_named(made, fields, arguments + count, names))
        && put_defaults(type, made, fields))
        return filled(made);
    Py_DECREF(made);
    if (PyErr_Occurred())
        return NULL;
    return ordinary_call(self, arguments, count, names);
}

/* As collections.namedtuple says it. */
static PyObject *unexpected(PyObject *names, PyObject *fields)
{
    PyObject *others = PyList_New(0);
    if (others == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
        PyObject *name = PyTuple_GET_ITEM(names, i);
        int is_known = PySequence_Contains(fields, name);
        if (is_known < 0 || (!is_known && PyList_Append(others, name) < 0)) {
            Py_DECREF(others);
            return NULL;
        }
    }
    PyErr_Format(PyExc_ValueError, "Got unexpected field names: %R", others);
    Py_DECREF(others);
    return NULL;
}

static PyObject *quick_replace(
    PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *names)
{
    if (count != 0) {
        PyErr_SetString(PyExc_TypeError, "_replace() takes fields by their names");
        return NULL;
    }
    PyTypeObject *type = Py_TYPE(self);
    PyObject *fields = PyObject_GetAttr((PyObject *)type, fields_name);
    if (fields == NULL)
        return NULL;
    PyObject *made = empty_of(type, PyTuple_GET_SIZE(self));
    if (made != NULL && names != NULL) {
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++) {
            Py_ssize_t place = place_of(PyTuple_GET_ITEM(names, i), fields);
            /* A name that was put together at run time is another object. */
            if (place < 0)
                place = PySequence_Index(fields, PyTuple_GET_ITEM(names, i));
            if (place < 0) {
                PyErr_Clear();
                Py_CLEAR(made);
                unexpected(names, fields);
                break;
            }
            PyTuple_SET_ITEM(made, place, Py_NewRef(arguments[i]));
        }
    }
    Py_DECREF(fields);
    if (made == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(self); i++)
        if (PyTuple_GET_ITEM(made, i) == NULL)
            PyTuple_SET_ITEM(made, i, Py_NewRef(PyTuple_GET_ITEM(self, i)));
    return filled(made);
}

static PyMethodDef replace_method = {
    "_replace", (PyCFunction)(void (*)(void))quick_replace,
    METH_FASTCALL | METH_KEYWORDS,
    "Return a new named tuple with fields replaced by new values."
};

static PyObject *quicken(PyObject *Py_UNUSED(module), PyObject *cls)
{
    if (!PyType_CheckExact(cls)) {
        PyErr_SetString(PyExc_TypeError, "a class is needed, with no metaclass");
        return NULL;
    }
    PyTypeObject *type = (PyTypeObject *)cls;
    PyObject *fields = PyDict_GetItemWithError(type->tp_dict, fields_name);
    if (fields == NULL || !PyTuple_CheckExact(fields)
        || type->tp_base != &PyTuple_Type || type->tp_dictoffset != 0
        || !PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "a named tuple class is needed");
        return NULL;
    }
    PyObject *replace = PyDescr_NewMethod(type, &replace_method);
    if (replace == NULL || PyObject_SetAttr(cls, replace_name, replace) < 0) {
        Py_XDECREF(replace);
        return NULL;
    }
    Py_DECREF(replace);
    type->tp_vectorcall = quick_call;
    return Py_NewRef(cls);
}

static PyMethodDef methods[] = {
    {"quicken", quicken, METH_O, "Make calls of a named tuple class cheap; return it."},
    {NULL, NULL, 0, NULL}
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "named_tuples",
    "Cheap calls of named tuple classes; see native/README.md.", -1,
    methods, NULL, NULL, NULL, NULL
};

PyMODINIT_FUNC PyInit_named_tuples(void)
{
    fields_name = PyUnicode_InternFromString("_fields");
    defaults_name = PyUnicode_InternFromString("_field_defaults");
    replace_name = PyUnicode_InternFromString("_replace");
    if (fields_name == NULL || defaults_name == NULL || replace_name == NULL)
        return NULL;
    return PyModule_Create(&module);
}
