/*
 * Python's small objects in huge pages, where the kernel gives them to those who ask
 * (`madvise`, Linux): members by the million lie scattered over gigabytes, and a
 * processor that looks for one must first find its page. CPython does the same from 3.15
 * on (PYTHON_PYMALLOC_HUGEPAGES).
 *
 * New memory is cleared when it is first touched, which on a virtual machine takes a
 * tenth of the time of whoever touches it. So a thread touches what comes next.
 *
 * Only whole arenas are ours, a megabyte each; all else that Python asks its allocator of
 * arenas for goes on to the one before. An arena that is given back is kept for the next.
 *
 * What is larger than 512 bytes, members and what is told of them, is the C library's. It
 * asks the kernel for 128 kB at a time and gives them back as soon as it can, and each time
 * waits for whoever touches new memory. Here it asks for more, and keeps it.
 */

#define _GNU_SOURCE
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#ifdef __linux__
#include <pthread.h>
#include <sys/mman.h>
#ifndef MADV_POPULATE_WRITE
/* Of Linux 5.14; an older kernel refuses it, and memory is touched when it is needed. */
#define MADV_POPULATE_WRITE 23
#endif
#endif

#ifdef MADV_HUGEPAGE

#define ARENA_BYTES ((size_t)1 << 20)
#define PAGE_BYTES ((size_t)2 << 20)
/* Of arenas in use one region is begun, and one is ready: so much is there too early. */
#define REGION_BYTES ((size_t)32 << 20)

static PyObjectArenaAllocator before;
static int is_used;
static char *next_arena;
static char *region_end;
static char *next_region;
/* Each begins with the address of the next. */
static void *given_back;

/* A region that nobody has touched; NULL if there is none. */
static char *a_region(void)
{
    char *region = mmap(
        NULL, REGION_BYTES + PAGE_BYTES, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0
    );
    if (region == MAP_FAILED)
        return NULL;
    uintptr_t first = ((uintptr_t)region + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1);
    /* Where it is refused the pages are small: slower, and nothing else. */
    madvise((void *)first, REGION_BYTES, MADV_HUGEPAGE);
    return (char *)first;
}

/* Page by page: who asks the kernel for memory meanwhile waits until a call has ended. */
static void *touch(void *region)
{
    char *end = (char *)region + REGION_BYTES;
    for (char *page = region; page < end; page += PAGE_BYTES)
        if (madvise(page, PAGE_BYTES, MADV_POPULATE_WRITE) != 0)
            break;
    return NULL;
}

/* Whoever needs the region before the thread is through touches it himself. */
static void touch_in_a_thread(char *region)
{
    pthread_t thread;
    if (region != NULL && pthread_create(&thread, NULL, touch, region) == 0)
        pthread_detach(thread);
}

static int take_region(void)
{
    char *region = next_region != NULL ? next_region : a_region();
    if (region == NULL)
        return 0;
    next_arena = region;
    region_end = region + REGION_BYTES;
    next_region = a_region();
    touch_in_a_thread(next_region);
    return 1;
}

static void *allocate(void *context, size_t size)
{
    (void)context;
    if (size != ARENA_BYTES)
        return before.alloc(before.ctx, size);
    if (given_back != NULL) {
        void *arena = given_back;
        given_back = *(void **)arena;
        return arena;
    }
    if (next_arena == region_end && !take_region())
        return NULL;
    char *arena = next_arena;
    next_arena += ARENA_BYTES;
    return arena;
}

static void give_back(void *context, void *arena, size_t size)
{
    (void)context;
    if (size != ARENA_BYTES) {
        before.free(before.ctx, arena, size);
        return;
    }
    *(void **)arena = given_back;
    given_back = arena;
}

/* ---- the C library's share ------------------------------------------------- */

#define HEAP_STEP_BYTES (16 << 20)
#define HEAP_KEPT_BYTES (64 << 20)
/* The most that it takes: what is larger has pages of its own, new ones each time. */
#define HEAP_OBJECT_BYTES_MAX (32 << 20)

static void keep_heap(void)
{
#ifdef __GLIBC__
    mallopt(M_TOP_PAD, HEAP_STEP_BYTES);
    mallopt(M_TRIM_THRESHOLD, HEAP_KEPT_BYTES);
    mallopt(M_MMAP_THRESHOLD, HEAP_OBJECT_BYTES_MAX);
#endif
}

/* ---- the module ----------------------------------------------------------- */

static PyObject *use(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    if (!is_used) {
        PyObjectArenaAllocator ours = {NULL, allocate, give_back};
        PyObject_GetArenaAllocator(&before);
        PyObject_SetArenaAllocator(&ours);
        keep_heap();
        is_used = 1;
    }
    Py_RETURN_TRUE;
}

#else

static PyObject *use(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    Py_RETURN_FALSE;
}

#endif

static PyMethodDef methods[] = {
    {"use", use, METH_NOARGS, "Ask for huge pages for all arenas to come, if there are any; keep the heap."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "huge_pages", NULL, -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit_huge_pages(void)
{
    return PyModule_Create(&definition);
}
