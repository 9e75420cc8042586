/*
 * Avro bytes to named tuples and back, in one pass over a plan.
 *
 * The plan is made from an Avro schema by `schemas/tuples.py`, so nothing here
 * knows an order or a member. Whatever is unusual (broken bytes, a second block
 * of an array, a value of an unexpected type) is not judged here: `decode` and
 * `encode` return None for it, and the Python twin reads or refuses it. So every
 * error has one place and one wording.
 *
 * No Python code runs between the first and the last byte: only exact types and
 * tuples are looked into. That is why one buffer per codec is enough.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>
#include "plain_objects.h"

enum kind {
    AVRO_NULL, AVRO_BOOLEAN, AVRO_LONG, AVRO_DOUBLE, AVRO_STRING, AVRO_BYTES,
    AVRO_ENUM, AVRO_ARRAY, AVRO_MAP, AVRO_UNION, AVRO_RECORD, KINDS
};

/* In the order of `enum kind`. */
static const char *const KIND_NAMES[KINDS] = {
    "null", "boolean", "long", "double", "string", "bytes",
    "enum", "array", "map", "union", "record"
};

typedef struct node {
    enum kind kind;
    Py_ssize_t count;       /* parts, or symbols of an enum */
    struct node *parts;     /* fields, branches, or the one kind of item */
    PyObject *about;        /* record: its class; enum: its symbols, a tuple */
    PyObject *numbers;      /* enum: number of each symbol, a dict */
} node;

typedef struct {
    PyObject_HEAD
    node plan;
    uint8_t *buffer;        /* what is being encoded */
    size_t length, capacity;
} codec;

/* ---- the plan ---------------------------------------------------------- */

static void node_clear(node *self)
{
    if (self->parts != NULL) {
        for (Py_ssize_t i = 0; i < self->count; i++)
            node_clear(&self->parts[i]);
        PyMem_Free(self->parts);
        self->parts = NULL;
    }
    Py_CLEAR(self->about);
    Py_CLEAR(self->numbers);
}

/* plan: (kind, class or symbols or None, (part, ...)) */
static int node_build(node *self, PyObject *plan)
{
    const char *name;
    PyObject *about, *parts;
    if (!PyTuple_Check(plan)) {
        PyErr_SetString(PyExc_TypeError, "a plan is a tuple");
        return -1;
    }
    if (!PyArg_ParseTuple(plan, "sOO!", &name, &about, &PyTuple_Type, &parts))
        return -1;
    int kind = 0;
    while (kind < KINDS && strcmp(name, KIND_NAMES[kind]) != 0)
        kind++;
    if (kind == KINDS) {
        PyErr_Format(PyExc_ValueError, "no kind is called %s", name);
        return -1;
    }
    self->kind = (enum kind)kind;
    self->about = Py_NewRef(about);
    self->count = PyTuple_GET_SIZE(parts);
    if (kind == AVRO_RECORD) {
        /* Its instances are filled as tuples, so they must be nothing more. */
        if (!PyType_Check(about)
            || !PyType_IsSubtype((PyTypeObject *)about, &PyTuple_Type)
            || ((PyTypeObject *)about)->tp_dictoffset != 0) {
            PyErr_SetString(PyExc_TypeError, "a record is made as a named tuple");
            return -1;
        }
    }
    if (kind == AVRO_ENUM) {
        if (!PyTuple_Check(about) || self->count != 0) {
            PyErr_SetString(PyExc_TypeError, "an enum has a tuple of symbols");
            return -1;
        }
        if ((self->numbers = PyDict_New()) == NULL)
            return -1;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(about); i++) {
            PyObject *number = PyLong_FromSsize_t(i);
            if (number == NULL)
                return -1;
            int failed = PyDict_SetItem(
                self->numbers, PyTuple_GET_ITEM(about, i), number);
            Py_DECREF(number);
            if (failed)
                return -1;
        }
    }
    if ((kind == AVRO_ARRAY || kind == AVRO_MAP) && self->count != 1) {
        PyErr_SetString(PyExc_ValueError, "one kind of item is needed");
        return -1;
    }
    self->parts = PyMem_Calloc((size_t)self->count + 1, sizeof(node));
    if (self->parts == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < self->count; i++)
        if (node_build(&self->parts[i], PyTuple_GET_ITEM(parts, i)) < 0)
            return -1;
    return 0;
}

/* ---- decoding: NULL without an exception says "unusual" ----------------- */

typedef struct { const uint8_t *at, *end; } reader;

static int read_long(reader *from, int64_t *value)
{
    /* Most are counts, and lengths of texts. */
    if (from->at < from->end && *from->at < 0x80) {
        uint8_t byte = *from->at++;
        *value = (byte >> 1) ^ -(int64_t)(byte & 1);
        return 0;
    }
    uint64_t raw = 0;
    for (int shift = 0; shift < 64 && from->at < from->end; shift += 7) {
        uint8_t byte = *from->at++;
        /* The tenth byte has room for one bit. */
        if (shift == 63 && byte > 1)
            return -1;
        raw |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *value = (int64_t)(raw >> 1) ^ -(int64_t)(raw & 1);
            return 0;
        }
    }
    return -1;
}

/* Length of a text, or how many items a block has: never more than bytes are left. */
static int read_size(reader *from, Py_ssize_t *size)
{
    int64_t value;
    if (read_long(from, &value) < 0 || value < 0 || value > from->end - from->at)
        return -1;
    *size = (Py_ssize_t)value;
    return 0;
}

/* Only what one block holds; more blocks are legal, and rare. */
static int read_end_of_blocks(reader *from)
{
    return from->at < from->end && *from->at++ == 0 ? 0 : -1;
}

static PyObject *decode_node(const node *plan, reader *from);

static PyObject *decode_string(reader *from)
{
    Py_ssize_t size;
    if (read_size(from, &size) < 0)
        return NULL;
    PyObject *text = PyUnicode_DecodeUTF8((const char *)from->at, size, NULL);
    from->at += size;
    return text;
}

static PyObject *decode_array(const node *plan, reader *from)
{
    Py_ssize_t count;
    if (read_size(from, &count) < 0)
        return NULL;
    PyObject *items = PyTuple_New(count);
    if (items == NULL || count == 0)
        return items;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *item = decode_node(plan->parts, from);
        if (item == NULL) {
            Py_DECREF(items);
            return NULL;
        }
        PyTuple_SET_ITEM(items, i, item);
    }
    if (read_end_of_blocks(from) < 0)
        Py_CLEAR(items);
    return items;
}

static PyObject *decode_map(const node *plan, reader *from)
{
    Py_ssize_t count;
    if (read_size(from, &count) < 0)
        return NULL;
    PyObject *items = PyDict_New();
    if (items == NULL || count == 0)
        return items;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *key = decode_string(from);
        PyObject *value = key == NULL ? NULL : decode_node(plan->parts, from);
        int failed = value == NULL || PyDict_SetItem(items, key, value) < 0;
        Py_XDECREF(key);
        Py_XDECREF(value);
        if (failed) {
            Py_DECREF(items);
            return NULL;
        }
    }
    if (read_end_of_blocks(from) < 0)
        Py_CLEAR(items);
    return items;
}

static PyObject *decode_record(const node *plan, reader *from)
{
    PyTypeObject *type = (PyTypeObject *)plan->about;
    PyObject *record = (PyObject *)PyObject_GC_NewVar(PyTupleObject, type, plan->count);
    if (record == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < plan->count; i++)
        PyTuple_SET_ITEM(record, i, NULL);
    int is_leading_on = 0;
    for (Py_ssize_t i = 0; i < plan->count; i++) {
        PyObject *field = decode_node(&plan->parts[i], from);
        if (field == NULL) {
            Py_DECREF(record);
            return NULL;
        }
        PyTuple_SET_ITEM(record, i, field);
        is_leading_on = is_leading_on || may_lead_on(field);
    }
    if (is_leading_on)
        PyObject_GC_Track(record);
    return record;
}

static PyObject *decode_double(reader *from)
{
    double value;
    if (from->end - from->at < 8)
        return NULL;
    value = PyFloat_Unpack8((const char *)from->at, 1);
    from->at += 8;
    return PyFloat_FromDouble(value);
}

static PyObject *decode_node(const node *plan, reader *from)
{
    int64_t value;
    Py_ssize_t size;
    PyObject *bytes;
    switch (plan->kind) {
    case AVRO_STRING:
        return decode_string(from);
    case AVRO_LONG:
        return read_long(from, &value) < 0 ? NULL : PyLong_FromLongLong(value);
    case AVRO_ENUM:
        if (read_long(from, &value) < 0 || value < 0
            || value >= PyTuple_GET_SIZE(plan->about))
            return NULL;
        return Py_NewRef(PyTuple_GET_ITEM(plan->about, (Py_ssize_t)value));
    case AVRO_RECORD:
        return decode_record(plan, from);
    case AVRO_ARRAY:
        return decode_array(plan, from);
    case AVRO_MAP:
        return decode_map(plan, from);
    case AVRO_UNION:
        if (read_long(from, &value) < 0 || value < 0 || value >= plan->count)
            return NULL;
        return decode_node(&plan->parts[value], from);
    case AVRO_NULL:
        return Py_NewRef(Py_None);
    case AVRO_BOOLEAN:
        if (from->at >= from->end || *from->at > 1)
            return NULL;
        return PyBool_FromLong(*from->at++);
    case AVRO_DOUBLE:
        return decode_double(from);
    case AVRO_BYTES:
        if (read_size(from, &size) < 0)
            return NULL;
        bytes = PyBytes_FromStringAndSize((const char *)from->at, size);
        from->at += size;
        return bytes;
    default:
        return NULL;
    }
}

/* ---- encoding: -1 without an exception says "unusual" ------------------- */

static int reserve(codec *self, size_t more)
{
    if (self->capacity - self->length >= more)
        return 0;
    size_t capacity = 2 * self->capacity + more;
    uint8_t *buffer = PyMem_Realloc(self->buffer, capacity);
    if (buffer == NULL)
        return -1;
    self->buffer = buffer;
    self->capacity = capacity;
    return 0;
}

static int write_long(codec *self, int64_t value)
{
    uint64_t raw = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
    if (reserve(self, 10) < 0)
        return -1;
    while (raw >= 0x80) {
        self->buffer[self->length++] = (uint8_t)(raw | 0x80);
        raw >>= 7;
    }
    self->buffer[self->length++] = (uint8_t)raw;
    return 0;
}

static int write_bytes(codec *self, const char *bytes, Py_ssize_t size)
{
    if (reserve(self, (size_t)size) < 0)
        return -1;
    memcpy(self->buffer + self->length, bytes, (size_t)size);
    self->length += (size_t)size;
    return 0;
}

static int encode_node(codec *self, const node *plan, PyObject *value);

static int encode_string(codec *self, PyObject *value)
{
    Py_ssize_t size;
    if (!PyUnicode_CheckExact(value))
        return -1;
    const char *text = utf8_of(value, &size);
    if (text == NULL || write_long(self, size) < 0)
        return -1;
    return write_bytes(self, text, size);
}

static int encode_array(codec *self, const node *plan, PyObject *value)
{
    if (!PyTuple_Check(value) && !PyList_CheckExact(value))
        return -1;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(value);
    PyObject **items = PySequence_Fast_ITEMS(value);
    if (count == 0)
        return write_long(self, 0);
    if (write_long(self, count) < 0)
        return -1;
    for (Py_ssize_t i = 0; i < count; i++)
        if (encode_node(self, plan->parts, items[i]) < 0)
            return -1;
    return write_long(self, 0);
}

static int encode_map(codec *self, const node *plan, PyObject *value)
{
    PyObject *key, *item;
    Py_ssize_t place = 0;
    if (!PyDict_CheckExact(value))
        return -1;
    if (PyDict_GET_SIZE(value) == 0)
        return write_long(self, 0);
    if (write_long(self, PyDict_GET_SIZE(value)) < 0)
        return -1;
    while (PyDict_Next(value, &place, &key, &item))
        if (encode_string(self, key) < 0 || encode_node(self, plan->parts, item) < 0)
            return -1;
    return write_long(self, 0);
}

static int encode_union(codec *self, const node *plan, PyObject *value)
{
    /* Which branch a value belongs to is only plain for "nothing, or that". */
    if (plan->count != 2 || plan->parts[0].kind != AVRO_NULL)
        return -1;
    if (value == Py_None)
        return write_long(self, 0);
    if (write_long(self, 1) < 0)
        return -1;
    return encode_node(self, &plan->parts[1], value);
}

static int encode_record(codec *self, const node *plan, PyObject *value)
{
    if (Py_TYPE(value) != (PyTypeObject *)plan->about
        || PyTuple_GET_SIZE(value) != plan->count)
        return -1;
    for (Py_ssize_t i = 0; i < plan->count; i++)
        if (encode_node(self, &plan->parts[i], PyTuple_GET_ITEM(value, i)) < 0)
            return -1;
    return 0;
}

static int encode_integer(codec *self, PyObject *value)
{
    long long number;
    if (!PyLong_CheckExact(value) || !number_of(value, &number))
        return -1;
    return write_long(self, number);
}

static int encode_node(codec *self, const node *plan, PyObject *value)
{
    PyObject *number;
    switch (plan->kind) {
    case AVRO_STRING:
        return encode_string(self, value);
    case AVRO_LONG:
        return encode_integer(self, value);
    case AVRO_ENUM:
        if (!PyUnicode_CheckExact(value))
            return -1;
        number = PyDict_GetItemWithError(plan->numbers, value);
        return number == NULL ? -1 : encode_integer(self, number);
    case AVRO_RECORD:
        return encode_record(self, plan, value);
    case AVRO_ARRAY:
        return encode_array(self, plan, value);
    case AVRO_MAP:
        return encode_map(self, plan, value);
    case AVRO_UNION:
        return encode_union(self, plan, value);
    case AVRO_NULL:
        return value == Py_None ? 0 : -1;
    case AVRO_BYTES:
        if (!PyBytes_CheckExact(value) || write_long(self, PyBytes_GET_SIZE(value)) < 0)
            return -1;
        return write_bytes(self, PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value));
    default:
        /* Floats and booleans are in no record of the hot path. */
        return -1;
    }
}

/* ---- the Python face ---------------------------------------------------- */

/* None for what is unusual; an error only when memory is out. */
static PyObject *unusual(void)
{
    if (PyErr_Occurred()) {
        if (PyErr_ExceptionMatches(PyExc_MemoryError))
            return NULL;
        PyErr_Clear();
    }
    Py_RETURN_NONE;
}

static PyObject *codec_decode(codec *self, PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 2 || !PyBytes_Check(arguments[0])) {
        PyErr_SetString(PyExc_TypeError, "decode(value: bytes, start: int)");
        return NULL;
    }
    Py_ssize_t start = PyLong_AsSsize_t(arguments[1]);
    if (start == -1 && PyErr_Occurred())
        return NULL;
    if (start < 0 || start > PyBytes_GET_SIZE(arguments[0]))
        Py_RETURN_NONE;
    const uint8_t *bytes = (const uint8_t *)PyBytes_AS_STRING(arguments[0]);
    reader from = {bytes + start, bytes + PyBytes_GET_SIZE(arguments[0])};
    PyObject *record = decode_node(&self->plan, &from);
    if (record != NULL && from.at == from.end)
        return record;
    Py_XDECREF(record);
    return unusual();
}

static PyObject *codec_encode(codec *self, PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 2 || !PyBytes_Check(arguments[0])) {
        PyErr_SetString(PyExc_TypeError, "encode(header: bytes, record: tuple)");
        return NULL;
    }
    PyObject *header = arguments[0];
    self->length = 0;
    if (write_bytes(self, PyBytes_AS_STRING(header), PyBytes_GET_SIZE(header)) < 0
        || encode_node(self, &self->plan, arguments[1]) < 0)
        return unusual();
    return PyBytes_FromStringAndSize((const char *)self->buffer, (Py_ssize_t)self->length);
}

static PyObject *codec_new(PyTypeObject *type, PyObject *arguments, PyObject *names)
{
    PyObject *plan;
    static char *keywords[] = {"plan", NULL};
    if (!PyArg_ParseTupleAndKeywords(arguments, names, "O", keywords, &plan))
        return NULL;
    codec *self = (codec *)type->tp_alloc(type, 0);
    if (self != NULL && node_build(&self->plan, plan) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

static void codec_dealloc(codec *self)
{
    node_clear(&self->plan);
    PyMem_Free(self->buffer);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static PyMethodDef codec_methods[] = {
    {"decode", (PyCFunction)(void (*)(void))codec_decode, METH_FASTCALL,
     "Record that begins at a position and ends with the bytes; None if unusual."},
    {"encode", (PyCFunction)(void (*)(void))codec_encode, METH_FASTCALL,
     "Header and record as bytes; None if anything about it is unusual."},
    {NULL, NULL, 0, NULL}
};

static PyTypeObject codec_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "record_codec.RecordCodec",
    .tp_doc = "Reads and writes the records of one plan.",
    .tp_basicsize = sizeof(codec),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_new = codec_new,
    .tp_dealloc = (destructor)codec_dealloc,
    .tp_methods = codec_methods,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "record_codec",
    "Avro bytes to named tuples and back; see native/README.md.", -1,
    NULL, NULL, NULL, NULL, NULL
};

PyMODINIT_FUNC PyInit_record_codec(void)
{
    PyObject *made = PyModule_Create(&module);
    if (made == NULL || PyModule_AddType(made, &codec_type) < 0) {
        Py_XDECREF(made);
        return NULL;
    }
    return made;
}
