/*
 * The one buffer of an extension, in which a value is written from its first byte to
 * its last; each extension that includes this has its own.
 */

#ifndef GROWING_BUFFER_H
#define GROWING_BUFFER_H

#include <Python.h>
#include <stdint.h>
#include <string.h>

#define BUFFER_BYTES 4096
/* What is kept for the next value; a larger one gives back what it needed. */
#define KEPT_BYTES 1048576

static uint8_t *buffer;
static size_t length, capacity;

/* Room for so many bytes more; 0 if there is no memory. */
static int reserve(size_t more)
{
    if (more <= capacity - length)
        return 1;
    size_t wanted = capacity ? capacity * 2 : BUFFER_BYTES;
    while (wanted - length < more)
        wanted *= 2;
    uint8_t *grown = PyMem_RawRealloc(buffer, wanted);
    if (grown == NULL)
        return 0;
    buffer = grown;
    capacity = wanted;
    return 1;
}

static int put_bytes(const void *bytes, size_t count)
{
    if (!reserve(count))
        return 0;
    memcpy(buffer + length, bytes, count);
    length += count;
    return 1;
}

/* What has been written since `length` was 0, or None if it is left to the twin. */
static PyObject *finished(int is_written)
{
    PyObject *bytes = is_written
        ? PyBytes_FromStringAndSize((const char *)buffer, (Py_ssize_t)length)
        : Py_NewRef(Py_None);
    if (capacity > KEPT_BYTES) {
        PyMem_RawFree(buffer);
        buffer = NULL;
        capacity = 0;
    }
    return bytes;
}

#endif
