/*
 * Named tuples as JSON objects, byte for byte what msgspec writes of the structs that
 * `schemas/views.py` makes of them: the names of a class's fields are told once
 * (`know`), and what lies between two values is copied as one piece.
 *
 * Whatever is unusual is not judged here: a text with a quotation mark, a backslash or
 * a control character, half a character, a number beyond 64 bits, any other type or
 * class. `write` returns None for it, and msgspec writes or refuses all of it.
 *
 * No Python code runs between the first and the last byte: only exact types and tuples
 * are looked into. That is why one buffer is enough.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>
#include "growing_buffer.h"
#include "plain_objects.h"

#define DEPTH_MAX 16
/* A minus sign and all digits of 64 bits. */
#define NUMBER_BYTES_MAX 20

/* ---- plain values: 0 if they are left to the twin ------------------------ */

static int put_integer(PyObject *value)
{
    long long number;
    if (!number_of(value, &number) || !reserve(NUMBER_BYTES_MAX))
        return 0;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    uint8_t digits[NUMBER_BYTES_MAX];
    int count = 0;
    do {
        digits[count++] = (uint8_t)('0' + left % 10);
        left /= 10;
    } while (left);
    if (number < 0)
        buffer[length++] = '-';
    while (count)
        buffer[length++] = digits[--count];
    return 1;
}

static int put_text(PyObject *value)
{
    Py_ssize_t size;
    const uint8_t *text = (const uint8_t *)utf8_of(value, &size);
    if (text == NULL)
        PyErr_Clear();
    if (text == NULL || !reserve((size_t)size + 2))
        return 0;
    int is_escaped = 0;
    for (Py_ssize_t i = 0; i < size; i++)
        is_escaped |= (text[i] < 0x20) | (text[i] == '"') | (text[i] == '\\');
    if (is_escaped)
        return 0;
    buffer[length++] = '"';
    memcpy(buffer + length, text, (size_t)size);
    length += (size_t)size;
    buffer[length++] = '"';
    return 1;
}

/* ---- lists and objects --------------------------------------------------- */

/* A class, and what goes before each of its values: `{"a":`, `,"b":`. */
typedef struct {
    PyTypeObject *type;
    PyObject *names;
} Shape;

/* Found by the address of the class, which is never let go; a quarter stays free. */
#define SHAPES 64
#define SHAPES_MAX (SHAPES / 4 * 3)
static Shape shapes[SHAPES];
static Py_ssize_t shape_count;

/* The place of a class, or the free one that it would take. */
static Shape *shape_of(PyTypeObject *type)
{
    size_t place = ((size_t)type >> 5) % SHAPES;
    while (shapes[place].type != NULL && shapes[place].type != type)
        place = (place + 1) % SHAPES;
    return &shapes[place];
}

static int put_value(PyObject *value, int depth);

static int put_list(PyObject *value, int depth)
{
    if (!put_bytes("[", 1))
        return 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); i++)
        if ((i && !put_bytes(",", 1)) || !put_value(PyTuple_GET_ITEM(value, i), depth))
            return 0;
    return put_bytes("]", 1);
}

static int put_object(PyObject *value, int depth)
{
    PyObject *names = shape_of(Py_TYPE(value))->names;
    if (names == NULL || PyTuple_GET_SIZE(names) != PyTuple_GET_SIZE(value))
        return 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); i++) {
        PyObject *name = PyTuple_GET_ITEM(names, i);
        if (!put_bytes(PyBytes_AS_STRING(name), (size_t)PyBytes_GET_SIZE(name))
            || !put_value(PyTuple_GET_ITEM(value, i), depth))
            return 0;
    }
    return put_bytes("}", 1);
}

static int put_value(PyObject *value, int depth)
{
    if (PyLong_CheckExact(value))
        return put_integer(value);
    if (PyUnicode_CheckExact(value))
        return put_text(value);
    if (value == Py_None)
        return put_bytes("null", 4);
    if (value == Py_True)
        return put_bytes("true", 4);
    if (value == Py_False)
        return put_bytes("false", 5);
    if (!PyTuple_Check(value) || depth >= DEPTH_MAX)
        return 0;
    return PyTuple_CheckExact(value) ? put_list(value, depth + 1)
                                     : put_object(value, depth + 1);
}

/* ---- the Python face ----------------------------------------------------- */

static PyObject *write_value(PyObject *Py_UNUSED(module), PyObject *value)
{
    length = 0;
    return finished(put_value(value, 0));
}

/* Whether all of a tuple are bytes, and there are any. */
static int are_names(PyObject *names)
{
    if (!PyTuple_CheckExact(names) || PyTuple_GET_SIZE(names) == 0)
        return 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(names); i++)
        if (!PyBytes_CheckExact(PyTuple_GET_ITEM(names, i)))
            return 0;
    return 1;
}

static PyObject *know(
    PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 2 || !PyType_Check(arguments[0])
        || !PyType_IsSubtype((PyTypeObject *)arguments[0], &PyTuple_Type)
        || !are_names(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "know(class of tuples, bytes before values)");
        return NULL;
    }
    Shape *shape = shape_of((PyTypeObject *)arguments[0]);
    if (shape->type == NULL) {
        if (shape_count >= SHAPES_MAX) {
            PyErr_SetString(PyExc_ValueError, "too many classes");
            return NULL;
        }
        shape->type = (PyTypeObject *)Py_NewRef(arguments[0]);
        shape->names = Py_NewRef(arguments[1]);
        shape_count++;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"know", (PyCFunction)(void (*)(void))know, METH_FASTCALL,
     "know(class, names): what goes before each value of the class, the first with "
     "the brace that opens the object."},
    {"write", write_value, METH_O,
     "write(value): its JSON; None for what is left to the twin."},
    {NULL, NULL, 0, NULL}
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "json_objects",
    "JSON of named tuples; see native/README.md.", -1,
    methods, NULL, NULL, NULL, NULL
};

PyMODINIT_FUNC PyInit_json_objects(void)
{
    return PyModule_Create(&module);
}
