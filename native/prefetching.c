/*
 * Brings members into the processor's cache before they are needed.
 *
 * A member is some hundred small objects, each found through the one before it. Looked
 * for one after the other, each is waited for; looked for side by side, for several
 * members at once, the waits fall together. Nothing is changed, and nothing has to be
 * found: whoever decides looks for all of it again.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* Objects of all members together; whoever is beyond is waited for as ever. */
#define OBJECTS_MAX 4096
/* The last parts of a long tuple are the latest, and looked at most. */
#define PARTS_MAX 32
/* From what is held of a member to the orders and lots of its state, and their ids. */
#define STEPS 4
#define LINE_BYTES 64
#define BYTES_MAX 1024

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)(address))
#endif

/* The lock of Python is held all the time, so one of each is enough. */
static PyObject *found[OBJECTS_MAX];
static PyObject *found_next[OBJECTS_MAX];

static void prefetch_all_of(PyObject *value)
{
    Py_ssize_t size = 0;
    if (PyTuple_Check(value))
        size = (Py_ssize_t)sizeof(PyVarObject)
            + (Py_ssize_t)sizeof(PyObject *) * PyTuple_GET_SIZE(value);
    else if (PyBytes_CheckExact(value))
        size = (Py_ssize_t)sizeof(PyBytesObject) + PyBytes_GET_SIZE(value);
    if (size > BYTES_MAX)
        size = BYTES_MAX;
    for (Py_ssize_t at = LINE_BYTES; at < size; at += LINE_BYTES)
        PREFETCH((char *)value + at);
}

/* Parts of tuples; returns how many were found. */
static Py_ssize_t step(PyObject **values, Py_ssize_t count, PyObject **parts)
{
    Py_ssize_t all = 0;
    for (Py_ssize_t i = 0; i < count; i++)
        prefetch_all_of(values[i]);
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!PyTuple_Check(values[i]))
            continue;
        Py_ssize_t size = PyTuple_GET_SIZE(values[i]);
        for (Py_ssize_t n = size > PARTS_MAX ? size - PARTS_MAX : 0; n < size; n++) {
            if (all == OBJECTS_MAX)
                return all;
            parts[all] = PyTuple_GET_ITEM(values[i], n);
            PREFETCH(parts[all++]);
        }
    }
    return all;
}

/* ---- the module ----------------------------------------------------------- */

static PyObject *prefetch(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
{
    (void)module;
    if (count != 2 || !PyDict_CheckExact(arguments[0]) || !PyList_CheckExact(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "prefetch(a dictionary, a list of keys)");
        return NULL;
    }
    PyObject *held = arguments[0], *keys = arguments[1];
    PyObject **values = found, **parts = found_next;
    Py_ssize_t known = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(keys) && known < OBJECTS_MAX; i++) {
        PyObject *key = PyList_GET_ITEM(keys, i);
        if (!PyBytes_CheckExact(key))
            continue;
        PyObject *name = PyUnicode_DecodeUTF8(
            PyBytes_AS_STRING(key), PyBytes_GET_SIZE(key), "replace"
        );
        if (name == NULL)
            return NULL;
        PyObject *value = PyDict_GetItemWithError(held, name);
        Py_DECREF(name);
        if (value == NULL && PyErr_Occurred())
            return NULL;
        if (value == NULL)
            continue;
        values[known++] = value;
        PREFETCH(value);
    }
    for (int n = 0; n < STEPS && known; n++) {
        known = step(values, known, parts);
        PyObject **swapped = values;
        values = parts;
        parts = swapped;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"prefetch", (PyCFunction)(void (*)(void))prefetch, METH_FASTCALL,
     "Bring what a dictionary holds under keys, as UTF-8, into the processor's cache."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "prefetching", NULL, -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_prefetching(void)
{
    return PyModule_Create(&definition);
}
