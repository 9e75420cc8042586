/*
 * Makes calls of named tuple classes cheap: `Point(1, 2)`.
 *
 * Python runs a generated function, `__new__`, for each; a decision makes a dozen
 * named tuples, and that was a third of its time. A class given to `quicken` fills
 * the tuple directly when all fields are given by position. Any other call (names,
 * defaults, a wrong number) goes the ordinary way, with its ordinary errors.
 */

#include <Python.h>

static PyObject *fields_name;    /* "_fields", interned */

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

static PyObject *quick_call(
    PyObject *self, PyObject *const *arguments, size_t flags, PyObject *names)
{
    PyTypeObject *type = (PyTypeObject *)self;
    Py_ssize_t count = PyVectorcall_NARGS(flags);
    /* Asked for each time: the class is the one place that knows. */
    PyObject *fields = PyDict_GetItemWithError(type->tp_dict, fields_name);
    if (fields == NULL || names != NULL || count != PyTuple_GET_SIZE(fields)) {
        if (PyErr_Occurred())
            return NULL;
        return ordinary_call(self, arguments, count, names);
    }
    PyObject *made = (PyObject *)PyObject_GC_NewVar(PyTupleObject, type, count);
    if (made == NULL)
        return NULL;
    int is_leaf = 1;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyTuple_SET_ITEM(made, i, Py_NewRef(arguments[i]));
        is_leaf = is_leaf && cannot_lead_on(arguments[i]);
    }
    if (!is_leaf)
        PyObject_GC_Track(made);
    return made;
}

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
    return fields_name == NULL ? NULL : PyModule_Create(&module);
}
