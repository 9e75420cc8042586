/*
 * A value of tuples, texts and numbers as MessagePack: whole, or when it differs in
 * places from one whose bytes are known. Byte for byte what msgspec writes of what
 * `schemas/trimming.py` leaves: a record of a class that was told of (`know`) ends
 * before the values that are the defaults of its last fields.
 *
 * A member is some hundred objects, and most of them lie where the processor's cache
 * is not: to visit them all for one new order took ten times as long as to write them.
 * What is the same object as before is not visited; its bytes are copied. So an order
 * costs what it changes, however much its member has.
 *
 * Only a value that nobody can have changed since is taken for the same: text, number,
 * or a tuple that the collector does not track, which holds nothing else (see
 * `named_tuples.c`). Whatever is unusual (another type, a whole number beyond 64 bits,
 * a text that is no UTF-8, bytes that are not those of the old value) is not judged
 * here: `pack` and `repack` return None for it, and msgspec writes or refuses all of
 * it.
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

#define DEPTH_MAX 64
/* How far on in the old values one is looked for; what is beyond is written anew. */
#define LOOK_MAX 8

/* Where the bytes of the old value are being read. */
typedef struct {
    const uint8_t *at, *end;
} Old;

/* ---- writing ----------------------------------------------------------- */

/* A mark, and a number of so many bytes, the high one first. */
static int put_number(uint8_t mark, uint64_t value, int bytes)
{
    if (!reserve(9))
        return 0;
    buffer[length++] = mark;
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        buffer[length++] = (uint8_t)(value >> shift);
    return 1;
}

static int put_byte(uint8_t value)
{
    return put_number(value, 0, 0);
}

static int put_integer(PyObject *value)
{
    long long number;
    if (!number_of(value, &number))
        return 0;
    if (number >= -32 && number < 128)
        return put_byte((uint8_t)number);
    uint64_t bits = (uint64_t)number;
    if (number > 0) {
        if (bits <= UINT8_MAX)
            return put_number(0xcc, bits, 1);
        if (bits <= UINT16_MAX)
            return put_number(0xcd, bits, 2);
        return bits <= UINT32_MAX ? put_number(0xce, bits, 4)
                                  : put_number(0xcf, bits, 8);
    }
    if (number >= INT8_MIN)
        return put_number(0xd0, bits, 1);
    if (number >= INT16_MIN)
        return put_number(0xd1, bits, 2);
    return number >= INT32_MIN ? put_number(0xd2, bits, 4) : put_number(0xd3, bits, 8);
}

/* Marks of a kind: its length in the mark itself, or in 1, 2 or 4 bytes after it. */
typedef struct {
    uint8_t small, small_max, one, two, four;
} Marks;

static const Marks TEXT = {0xa0, 31, 0xd9, 0xda, 0xdb};
static const Marks ARRAY = {0x90, 15, 0, 0xdc, 0xdd};
static const Marks MAP = {0x80, 15, 0, 0xde, 0xdf};

static int put_length(size_t count, const Marks *marks)
{
    if (count <= marks->small_max)
        return put_byte((uint8_t)(marks->small | count));
    if (count <= UINT8_MAX && marks->one)
        return put_number(marks->one, count, 1);
    if (count <= UINT16_MAX)
        return put_number(marks->two, count, 2);
    return count <= UINT32_MAX && put_number(marks->four, count, 4);
}

static int put_text(PyObject *value)
{
    Py_ssize_t count;
    const char *bytes = utf8_of(value, &count);
    if (bytes == NULL) {
        PyErr_Clear();
        return 0;
    }
    return put_length((size_t)count, &TEXT) && put_bytes(bytes, (size_t)count);
}

static int put_binary(PyObject *value)
{
    size_t count = (size_t)PyBytes_GET_SIZE(value);
    int marked = count <= UINT8_MAX ? put_number(0xc4, count, 1)
        : count <= UINT16_MAX       ? put_number(0xc5, count, 2)
        : count <= UINT32_MAX       ? put_number(0xc6, count, 4)
                                    : 0;
    return marked && put_bytes(PyBytes_AS_STRING(value), count);
}

/* ---- defaults that a record ends in ------------------------------------ */

/* A class of records, and the defaults of its last fields. */
typedef struct {
    PyTypeObject *type;
    PyObject *defaults;
} Shape;

/* Found by the address of the class, which is never let go; a quarter stays free. */
#define SHAPES 512
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

/* Whether a value is of the same type as a default, and says the same. */
static int is_default(PyObject *value, PyObject *known, int depth)
{
    if (value == known)
        return 1;
    if (Py_TYPE(value) != Py_TYPE(known) || depth >= DEPTH_MAX)
        return 0;
    if (PyUnicode_CheckExact(value))
        return PyUnicode_GET_LENGTH(value) == PyUnicode_GET_LENGTH(known)
            && PyUnicode_Compare(value, known) == 0;
    if (PyLong_CheckExact(value)) {
        long long one, other;
        return number_of(value, &one) && number_of(known, &other) && one == other;
    }
    if (PyBytes_CheckExact(value))
        return PyBytes_GET_SIZE(value) == PyBytes_GET_SIZE(known)
            && memcmp(
                   PyBytes_AS_STRING(value), PyBytes_AS_STRING(known),
                   (size_t)PyBytes_GET_SIZE(value)) == 0;
    if (!PyTuple_Check(value) || PyTuple_GET_SIZE(value) != PyTuple_GET_SIZE(known))
        return 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); i++)
        if (!is_default(
                PyTuple_GET_ITEM(value, i), PyTuple_GET_ITEM(known, i), depth + 1))
            return 0;
    return 1;
}

/* How many values of a tuple are written. */
static Py_ssize_t kept_of(PyObject *value)
{
    Py_ssize_t end = PyTuple_GET_SIZE(value);
    if (PyTuple_CheckExact(value))
        return end;
    PyObject *defaults = shape_of(Py_TYPE(value))->defaults;
    Py_ssize_t left = defaults == NULL ? 0 : PyTuple_GET_SIZE(defaults);
    while (left > 0 && end > 0
           && is_default(
               PyTuple_GET_ITEM(value, end - 1), PyTuple_GET_ITEM(defaults, left - 1),
               0)) {
        end--;
        left--;
    }
    return end;
}

static int put_value(PyObject *value, int depth);

static int put_tuple(PyObject *value, int depth)
{
    Py_ssize_t count = kept_of(value);
    if (depth >= DEPTH_MAX || !put_length((size_t)count, &ARRAY))
        return 0;
    for (Py_ssize_t i = 0; i < count; i++)
        if (!put_value(PyTuple_GET_ITEM(value, i), depth + 1))
            return 0;
    return 1;
}

static int put_dict(PyObject *value, int depth)
{
    PyObject *key, *held;
    Py_ssize_t position = 0;
    if (depth >= DEPTH_MAX || !put_length((size_t)PyDict_GET_SIZE(value), &MAP))
        return 0;
    while (PyDict_Next(value, &position, &key, &held))
        if (!PyUnicode_CheckExact(key) || !put_text(key)
            || !put_value(held, depth + 1))
            return 0;
    return 1;
}

/* Write a value; 0 if it is left to the twin. */
static int put_value(PyObject *value, int depth)
{
    if (PyLong_CheckExact(value))
        return put_integer(value);
    if (PyUnicode_CheckExact(value))
        return put_text(value);
    if (PyTuple_Check(value))
        return put_tuple(value, depth);
    if (value == Py_None)
        return put_byte(0xc0);
    if (PyBool_Check(value))
        return put_byte(value == Py_True ? 0xc3 : 0xc2);
    if (PyBytes_CheckExact(value))
        return put_binary(value);
    return PyDict_CheckExact(value) && put_dict(value, depth);
}

/* ---- reading the old bytes --------------------------------------------- */

/* So many bytes as one number, and on behind them; 0 if they are not all there. */
static int take_number(Old *old, int bytes, uint64_t *value)
{
    if (old->end - old->at < bytes)
        return 0;
    *value = 0;
    while (bytes--)
        *value = *value << 8 | *old->at++;
    return 1;
}

static int pass_bytes(Old *old, uint64_t count)
{
    if ((uint64_t)(old->end - old->at) < count)
        return 0;
    old->at += count;
    return 1;
}

/* Bytes of the number that follows a mark, by its low five bits, from 0xc0 on. */
static const uint8_t LENGTH_BYTES[32] = {
    0, 0, 0, 0, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 2, 4, 2, 4
};
static const uint8_t PLAIN_BYTES[32] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 8, 1, 2, 4, 8,
    1, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
};

/* On behind so many values; 0 if their bytes are not what we write. */
static int pass_values(Old *old, uint64_t left)
{
    uint64_t count;
    for (; left; left--) {
        if (old->at >= old->end)
            return 0;
        uint8_t mark = *old->at++;
        if (mark < 0x80 || mark >= 0xe0)
            continue;
        if (mark < 0xa0) {
            left += (uint64_t)(mark & 15) * (mark < 0x90 ? 2 : 1);
            continue;
        }
        if (mark < 0xc0) {
            if (!pass_bytes(old, mark & 31))
                return 0;
            continue;
        }
        if ((mark > 0xc6 && mark < 0xca) || (mark > 0xd3 && mark < 0xd9)
            || mark == 0xc1)
            return 0;
        if (!take_number(old, LENGTH_BYTES[mark & 31], &count))
            return 0;
        if (mark >= 0xdc)
            left += count * (mark < 0xde ? 1 : 2);
        else if (!pass_bytes(old, LENGTH_BYTES[mark & 31] ? count
                                                          : PLAIN_BYTES[mark & 31]))
            return 0;
    }
    return 1;
}

/* Into an array of so many values. */
static int enter_array(Old *old, uint64_t *count)
{
    if (old->at >= old->end)
        return 0;
    uint8_t mark = *old->at++;
    if (mark >= 0x90 && mark < 0xa0) {
        *count = mark & 15;
        return 1;
    }
    return (mark == 0xdc || mark == 0xdd)
        && take_number(old, mark == 0xdc ? 2 : 4, count);
}

/* Copy what so many values have been written as. */
static int copy_values(Old *old, uint64_t count)
{
    const uint8_t *from = old->at;
    return pass_values(old, count) && put_bytes(from, (size_t)(old->at - from));
}

/* ---- both side by side ------------------------------------------------- */

/* Whether a value is the same object as before, and cannot have changed since. */
static int is_same(PyObject *now, PyObject *before)
{
    return now == before
        && (!PyObject_IS_GC(now) || (PyTuple_Check(now) && !is_tracked(now)));
}

static int repack_value(PyObject *now, PyObject *before, Old *old, int depth);

/*
 * Records have their values in their places: `count` of them are to be written, and
 * `written` were.
 */
static int repack_record(
    PyObject *now, PyObject *before, Old *old, Py_ssize_t count, Py_ssize_t written,
    int depth)
{
    Py_ssize_t both = count < written ? count : written;
    for (Py_ssize_t i = 0; i < both;) {
        Py_ssize_t same = i;
        while (same < both
               && is_same(PyTuple_GET_ITEM(now, same), PyTuple_GET_ITEM(before, same)))
            same++;
        if (same > i && !copy_values(old, (uint64_t)(same - i)))
            return 0;
        i = same;
        if (i < both
            && !repack_value(
                PyTuple_GET_ITEM(now, i), PyTuple_GET_ITEM(before, i), old, depth))
            return 0;
        i += i < both;
    }
    for (Py_ssize_t i = both; i < count; i++)
        if (!put_value(PyTuple_GET_ITEM(now, i), depth))
            return 0;
    return pass_values(old, (uint64_t)(written - both));
}

/* Sequences lose some values, change some and get others: each is looked for. */
static int repack_sequence(PyObject *now, PyObject *before, Old *old, int depth)
{
    Py_ssize_t count = PyTuple_GET_SIZE(now), known = PyTuple_GET_SIZE(before);
    Py_ssize_t next = 0;
    for (Py_ssize_t i = 0; i < count;) {
        Py_ssize_t found = next, same = 0;
        while (found < known && found < next + LOOK_MAX
               && !is_same(PyTuple_GET_ITEM(now, i), PyTuple_GET_ITEM(before, found)))
            found++;
        if (found == known || found == next + LOOK_MAX) {
            if (!put_value(PyTuple_GET_ITEM(now, i), depth))
                return 0;
            i++;
            continue;
        }
        while (i + same < count && found + same < known
               && is_same(
                   PyTuple_GET_ITEM(now, i + same),
                   PyTuple_GET_ITEM(before, found + same)))
            same++;
        if (!pass_values(old, (uint64_t)(found - next))
            || !copy_values(old, (uint64_t)same))
            return 0;
        i += same;
        next = found + same;
    }
    return pass_values(old, (uint64_t)(known - next));
}

/* Write a value beside what was there before it; 0 if all is left to the twin. */
static int repack_value(PyObject *now, PyObject *before, Old *old, int depth)
{
    if (!PyTuple_Check(now) || Py_TYPE(now) != Py_TYPE(before))
        return pass_values(old, 1) && put_value(now, depth);
    uint64_t known = (uint64_t)PyTuple_GET_SIZE(before), written;
    Py_ssize_t count = kept_of(now);
    if (depth >= DEPTH_MAX || !enter_array(old, &written)
        || !put_length((size_t)count, &ARRAY))
        return 0;
    if (PyTuple_CheckExact(now))
        return written == known && repack_sequence(now, before, old, depth + 1);
    /* Fewer were written if it ended in defaults, or had fewer fields then. */
    if ((uint64_t)PyTuple_GET_SIZE(now) != known || written > known)
        return 0;
    return repack_record(now, before, old, count, (Py_ssize_t)written, depth + 1);
}

static PyObject *pack(PyObject *Py_UNUSED(module), PyObject *value)
{
    length = 0;
    return finished(put_value(value, 0));
}

static PyObject *repack(
    PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 4 || !PyBytes_Check(arguments[2])) {
        PyErr_SetString(PyExc_TypeError, "repack(now, before, bytes, from)");
        return NULL;
    }
    const uint8_t *bytes = (const uint8_t *)PyBytes_AS_STRING(arguments[2]);
    Py_ssize_t from = PyLong_AsSsize_t(arguments[3]);
    if (from == -1 && PyErr_Occurred())
        return NULL;
    Py_ssize_t size = PyBytes_GET_SIZE(arguments[2]);
    if (from < 0 || from > size)
        Py_RETURN_NONE;
    Old old = {bytes + from, bytes + size};
    length = 0;
    return finished(repack_value(arguments[0], arguments[1], &old, 0));
}

static PyObject *know(
    PyObject *Py_UNUSED(module), PyObject *const *arguments, Py_ssize_t count)
{
    if (count != 2 || !PyType_Check(arguments[0])
        || !PyType_IsSubtype((PyTypeObject *)arguments[0], &PyTuple_Type)
        || !PyTuple_CheckExact(arguments[1])) {
        PyErr_SetString(PyExc_TypeError, "know(class of tuples, defaults)");
        return NULL;
    }
    Shape *shape = shape_of((PyTypeObject *)arguments[0]);
    if (shape->type == NULL) {
        if (shape_count >= SHAPES_MAX) {
            PyErr_SetString(PyExc_ValueError, "too many classes");
            return NULL;
        }
        shape->type = (PyTypeObject *)Py_NewRef(arguments[0]);
        shape->defaults = Py_NewRef(arguments[1]);
        shape_count++;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"know", (PyCFunction)(void (*)(void))know, METH_FASTCALL,
     "know(class, defaults): records of the class end before the defaults of their "
     "last fields."},
    {"pack", pack, METH_O, "pack(value): its bytes; None for what is left to the twin."},
    {"repack", (PyCFunction)(void (*)(void))repack, METH_FASTCALL,
     "repack(now, before, bytes, from): bytes of `now`, where those of `before` begin "
     "at `from`; None for what is left to the twin."},
    {NULL, NULL, 0, NULL}
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "message_pack",
    "MessagePack of members; see native/README.md.", -1,
    methods, NULL, NULL, NULL, NULL
};

PyMODINIT_FUNC PyInit_message_pack(void)
{
    return PyModule_Create(&module);
}
