/*
 * Numbers, texts and tuples as CPython has them: without a call where its version tells
 * how they lie in memory, by its functions everywhere else.
 */

#ifndef PLAIN_OBJECTS_H
#define PLAIN_OBJECTS_H

#include <Python.h>
#include <stdint.h>

/*
 * Whether the collector looks at a tuple. Until 3.12 the head that it keeps before each
 * one begins with a link, which is null where it does not.
 */
static inline int is_tracked(PyObject *tuple)
{
#if PY_VERSION_HEX < 0x030D0000
    return ((uintptr_t *)tuple)[-2] != 0;
#else
    return PyObject_GC_IsTracked(tuple);
#endif
}

/* Whether a value may be a part of a cycle: told by its class, and of tuples as above. */
static inline int may_lead_on(PyObject *value)
{
    return PyType_HasFeature(Py_TYPE(value), Py_TPFLAGS_HAVE_GC)
        && (!PyTuple_Check(value) || is_tracked(value));
}

/* A whole number; 0 if it is beyond 64 bits. Most have one or two of Python's digits. */
static inline int number_of(PyObject *value, long long *number)
{
#if PY_VERSION_HEX < 0x030C0000
    /* Until 3.11 the size is that of the digits, with the number's sign. */
    Py_ssize_t size = Py_SIZE(value);
    const digit *digits = ((PyLongObject *)value)->ob_digit;
    if (size >= -2 && size <= 2) {
        long long whole = size == 0 ? 0 : digits[0];
        if (size == 2 || size == -2)
            whole |= (long long)digits[1] << PyLong_SHIFT;
        *number = size < 0 ? -whole : whole;
        return 1;
    }
#endif
    int overflow = 0;
    *number = PyLong_AsLongLongAndOverflow(value, &overflow);
    return !overflow;
}

/* UTF-8 of a text, which keeps it; NULL and an exception for half a character. */
static inline const char *utf8_of(PyObject *value, Py_ssize_t *size)
{
    if (PyUnicode_IS_COMPACT_ASCII(value)) {
        *size = PyUnicode_GET_LENGTH(value);
        return (const char *)PyUnicode_DATA(value);
    }
    return PyUnicode_AsUTF8AndSize(value, size);
}

#endif
