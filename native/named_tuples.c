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
#include "plain_objects.h"

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

static int holds_only_leaves(PyObject *tuple);

/*
 * Whether a value can never be a part of a cycle: text, numbers, and tuples of them.
 * What holds only such values need not be looked at by the collector, ever: nearly
 * all of a member. (An untracked dict may come to hold others.) The collector lets
 * go of plain tuples by itself, but only after it has looked at them and at what
 * holds them; a plain tuple that is in a value cannot change any more, so that can
 * be done here.
 */
static int cannot_lead_on_tuple(PyObject *value);

static inline int cannot_lead_on(PyObject *value)
{
    /* Nearly everything: told by its class alone, without a call. */
    if (!PyType_HasFeature(Py_TYPE(value), Py_TPFLAGS_HAVE_GC))
        return 1;
    return PyTuple_Check(value) && cannot_lead_on_tuple(value);
}

static int cannot_lead_on_tuple(PyObject *value)
{
    if (!is_tracked(value))
        return 1;
    if (!PyTuple_CheckExact(value) || !holds_only_leaves(value))
        return 0;
    PyObject_GC_UnTrack(value);
    return 1;
}

/* Whether all that a tuple holds is known to lead nowhere; looks at one level. */
static int holds_only_leaves(PyObject *tuple)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++) {
        PyObject *value = PyTuple_GET_ITEM(tuple, i);
        /* Whoever builds a plain tuple in C may still be filling it. */
        if (value == NULL || may_lead_on(value))
            return 0;
    }
    return 1;
}

/* What is known of a class that was given to `quicken`. */
typedef struct {
    PyTypeObject *type;
    PyObject *fields;
    /* One for each field, the last ones: those without a default come first. */
    PyObject *defaults;
} Shape;

/* Found by the address of the class, which is never let go; a quarter stays free. */
#define SHAPES 2048
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

/* Where a name stands among the fields; -1 if it is none, or not the same object. */
static Py_ssize_t place_of(PyObject *name, PyObject *fields)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(fields); i++)
        if (PyTuple_GET_ITEM(fields, i) == name)
            return i;
    return -1;
}

/*
 * Tuples that were let go, by their number of places: a decision makes a hundred, and
 * lets most of them go when it is written. Each holds the next one in its first place.
 */
#define SPARE_PLACES 33
#define SPARE_MAX 256
static PyObject *spare[SPARE_PLACES];
static int spare_count[SPARE_PLACES];

/* Let go of all that a tuple holds, then of itself, or keep it for the next one. */
static void end(PyObject *self, PyTypeObject *type, int is_kept)
{
    Py_ssize_t count = PyTuple_GET_SIZE(self);
    for (Py_ssize_t i = count; i-- > 0;)
        Py_XDECREF(PyTuple_GET_ITEM(self, i));
#ifdef Py_GIL_DISABLED
    is_kept = 0;
#endif
    if (is_kept && count > 0 && count < SPARE_PLACES && spare_count[count] < SPARE_MAX) {
        PyTuple_SET_ITEM(self, 0, spare[count]);
        spare[count] = self;
        spare_count[count]++;
    } else {
        type->tp_free(self);
    }
    Py_DECREF(type);
}

/* What Python does in two rounds, for it cannot know that the class adds nothing. */
static void quick_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (is_tracked(self))
        PyObject_GC_UnTrack(self);
    if (type->tp_dealloc != quick_dealloc) {
        /* A class below ours: Python has ended what that adds, and leaves us the rest,
           its reference to the class, too. */
        end(self, type, 0);
        return;
    }
    /* Tuples in tuples in tuples must not let go of one another on the stack. */
    Py_TRASHCAN_BEGIN(self, quick_dealloc)
    end(self, type, 1);
    Py_TRASHCAN_END
}

/* A tuple of a class without attributes, not tracked, whose places hold anything. */
static PyObject *unfilled(PyTypeObject *type, Py_ssize_t count)
{
    if (count < SPARE_PLACES && spare[count] != NULL) {
        PyObject *made = spare[count];
        spare[count] = PyTuple_GET_ITEM(made, 0);
        spare_count[count]--;
        return (PyObject *)PyObject_InitVar((PyVarObject *)made, type, count);
    }
    return (PyObject *)PyObject_GC_NewVar(PyTupleObject, type, count);
}

/* A tuple of a class whose places are still empty; not tracked, if that can be. */
static PyObject *empty_of(PyTypeObject *type, Py_ssize_t count)
{
    /* A class below ours may give its tuples attributes. */
    if (type->tp_dictoffset != 0)
        return type->tp_alloc(type, count);
    PyObject *made = unfilled(type, count);
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
            if (!is_tracked(made))
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
static int put_defaults(const Shape *shape, PyObject *made, Py_ssize_t from)
{
    Py_ssize_t count = PyTuple_GET_SIZE(made);
    Py_ssize_t needed = count - PyTuple_GET_SIZE(shape->defaults);
    for (Py_ssize_t i = from; i < count; i++) {
        if (PyTuple_GET_ITEM(made, i) != NULL)
            continue;
        if (i < needed)
            return 0;
        PyTuple_SET_ITEM(
            made, i, Py_NewRef(PyTuple_GET_ITEM(shape->defaults, i - needed)));
    }
    return 1;
}

/* A tuple of a class from all its values, in their order: nearly every call. */
static PyObject *tuple_of(
    PyTypeObject *type, PyObject *const *values, Py_ssize_t count)
{
    PyObject *made = unfilled(type, count);
    if (made == NULL)
        return NULL;
    int leads_on = 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *value = values[i];
        PyTuple_SET_ITEM(made, i, Py_NewRef(value));
        leads_on = leads_on || !cannot_lead_on(value);
    }
    if (leads_on)
        PyObject_GC_Track(made);
    return made;
}

static PyObject *quick_call(
    PyObject *self, PyObject *const *arguments, size_t flags, PyObject *names)
{
    PyTypeObject *type = (PyTypeObject *)self;
    Py_ssize_t count = PyVectorcall_NARGS(flags);
    const Shape *shape = shape_of(type);
    if (names == NULL && count == PyTuple_GET_SIZE(shape->fields))
        return tuple_of(type, arguments, count);
    if (count > PyTuple_GET_SIZE(shape->fields))
        return ordinary_call(self, arguments, count, names);
    PyObject *made = empty_of(type, PyTuple_GET_SIZE(shape->fields));
    if (made == NULL)
        return NULL;
    for (Py_ssize_t i = 0; i < count; i++)
        PyTuple_SET_ITEM(made, i, Py_NewRef(arguments[i]));
    if ((names == NULL || put_named(made, shape->fields, arguments + count, names))
        && put_defaults(shape, made, count))
        return filled(made);
    Py_DECREF(made);
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
    /* A class below ours has its `_replace` from one that is known. */
    PyTypeObject *known = type;
    while (shape_of(known)->type == NULL)
        known = known->tp_base;
    PyObject *fields = shape_of(known)->fields;
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

/* Remember a class for good; -1 and an exception if that cannot be. */
static int remember(PyTypeObject *type, PyObject *fields)
{
    Shape *shape = shape_of(type);
    if (shape->type == type)
        return 0;
    PyObject *defaults = PyDict_GetItemWithError(type->tp_dict, defaults_name);
    if (defaults == NULL || !PyDict_CheckExact(defaults)
        || shape_count >= SHAPES_MAX) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "a named tuple class is needed");
        return -1;
    }
    /* A namedtuple's defaults are those of its last fields, in their order. */
    PyObject *values = PyDict_Values(defaults);
    PyObject *last = values == NULL ? NULL : PyList_AsTuple(values);
    Py_XDECREF(values);
    if (last == NULL)
        return -1;
    shape->type = (PyTypeObject *)Py_NewRef(type);
    shape->fields = Py_NewRef(fields);
    shape->defaults = last;
    shape_count++;
    return 0;
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
    if (remember(type, fields) < 0)
        return NULL;
    PyObject *replace = PyDescr_NewMethod(type, &replace_method);
    if (replace == NULL || PyObject_SetAttr(cls, replace_name, replace) < 0) {
        Py_XDECREF(replace);
        return NULL;
    }
    Py_DECREF(replace);
    type->tp_vectorcall = quick_call;
    /* Only where there is a tuple to let go of, and nothing more. */
    if (type->tp_basicsize == PyTuple_Type.tp_basicsize && type->tp_weaklistoffset == 0
        && type->tp_del == NULL && type->tp_finalize == NULL)
        type->tp_dealloc = quick_dealloc;
    return Py_NewRef(cls);
}

/* Look at a value from the inside out; whether it leads nowhere. */
static int settle_value(PyObject *value)
{
    if (cannot_lead_on(value))
        return 1;
    if (!PyTuple_Check(value))
        return 0;
    if (Py_EnterRecursiveCall(" while settling"))
        return -1;
    int leads_nowhere = 1;
    for (Py_ssize_t i = 0; leads_nowhere >= 0 && i < PyTuple_GET_SIZE(value); i++) {
        int found = settle_value(PyTuple_GET_ITEM(value, i));
        leads_nowhere = found < 0 ? -1 : leads_nowhere & found;
    }
    Py_LeaveRecursiveCall();
    /* Only where nothing can have been added by a class of one's own. */
    if (leads_nowhere == 1 && Py_TYPE(value)->tp_dictoffset == 0)
        PyObject_GC_UnTrack(value);
    return leads_nowhere;
}

static PyObject *settle(PyObject *Py_UNUSED(module), PyObject *value)
{
    return settle_value(value) < 0 ? NULL : Py_NewRef(value);
}

static PyMethodDef methods[] = {
    {"quicken", quicken, METH_O, "Make calls of a named tuple class cheap; return it."},
    {"settle", settle, METH_O,
     "Keep the collector from looking at tuples of plain values; return the value."},
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
