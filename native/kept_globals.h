/*
 * What a module's name stands for, remembered where it was asked.
 *
 * Included after mypyc's own runtime. A dictionary of CPython 3.11 has a version that no
 * other state of any dictionary has: while it is the same, so is the answer, and the
 * dictionary holds it. Pythons without that version ask each time.
 */

#if PY_VERSION_HEX < 0x030C0000

static inline PyObject *kept_global(PyObject *globals, PyObject *name, PyObject **known,
                                    uint64_t *version) {
    uint64_t now = ((PyDictObject *)globals)->ma_version_tag;
    if (likely(now == *version)) {
        Py_INCREF(*known);
        return *known;
    }
    PyObject *found = CPyDict_GetItem(globals, name);
    if (found != NULL) {
        *known = found;
        *version = now;
    }
    return found;
}

#define KEPT_GLOBAL(globals, name)                          \
    ({                                                      \
        static PyObject *known;                             \
        static uint64_t version;                            \
        kept_global((globals), (name), &known, &version);   \
    })

#else

#define KEPT_GLOBAL(globals, name) CPyDict_GetItem((globals), (name))

#endif
