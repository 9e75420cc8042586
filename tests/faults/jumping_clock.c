/*
 * A wall clock that jumps, for the processes that this library is loaded into first.
 *
 * It is off by so many seconds as stand in the file that JUMPING_CLOCK names (a 64-bit
 * integer, mapped: a jump is seen at once). Times that only grow are the system's. A wait
 * that ends at a time of the wall clock does what the kernel's would: after a jump forward
 * it is over, after a jump back it lasts the longer for it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

/* Between two looks at the clock of whoever waits. */
#define LOOK_NANOSECONDS 50000000L
#define BILLION 1000000000L
/* Whoever waits until less than this waits by a clock that began at the machine's start. */
#define WALL_SECONDS_MIN 1000000000L

static const volatile int64_t *ahead;

__attribute__((constructor)) static void open_file(void)
{
    const char *name = getenv("JUMPING_CLOCK");
    int file = name == NULL ? -1 : open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    void *mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED)
        ahead = mapped;
    close(file);
}

static int is_wall(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
}

/* By the C library's own way: asked by name, it would find us. */
static int true_time(clockid_t clock, struct timespec *told)
{
    static int (*asked)(clockid_t, struct timespec *);
    if (asked == NULL)
        asked = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    return asked(clock, told);
}

int clock_gettime(clockid_t clock, struct timespec *told)
{
    int failed = true_time(clock, told);
    if (!failed && ahead != NULL && is_wall(clock))
        told->tv_sec += *ahead;
    return failed;
}

int timespec_get(struct timespec *told, int base)
{
    if (base != TIME_UTC)
        return 0;
    return clock_gettime(CLOCK_REALTIME, told) ? 0 : base;
}

int gettimeofday(struct timeval *told, void *zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now))
        return -1;
    told->tv_sec = now.tv_sec;
    told->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *told)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (told != NULL)
        *told = now.tv_sec;
    return now.tv_sec;
}

static int is_over(const struct timespec *until)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != until->tv_sec)
        return now.tv_sec > until->tv_sec;
    return now.tv_nsec >= until->tv_nsec;
}

/* The end of a look, by the true clock; no later than what is waited for. */
static struct timespec look_end(const struct timespec *until)
{
    struct timespec true_until = *until, end;
    true_until.tv_sec -= ahead == NULL ? 0 : *ahead;
    true_time(CLOCK_REALTIME, &end);
    end.tv_nsec += LOOK_NANOSECONDS;
    end.tv_sec += end.tv_nsec / BILLION;
    end.tv_nsec %= BILLION;
    if (true_until.tv_sec < end.tv_sec ||
        (true_until.tv_sec == end.tv_sec && true_until.tv_nsec < end.tv_nsec))
        return true_until;
    return end;
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                           const struct timespec *until)
{
    static int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    if (wait == NULL)
        wait = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))dlvsym(
            RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (until->tv_sec < WALL_SECONDS_MIN)
        return wait(condition, mutex, until);
    for (;;) {
        struct timespec end = look_end(until);
        int came = wait(condition, mutex, &end);
        if (came != ETIMEDOUT || is_over(until))
            return came;
    }
}

int cnd_timedwait(cnd_t *condition, mtx_t *mutex, const struct timespec *until)
{
    static int (*wait)(cnd_t *, mtx_t *, const struct timespec *);
    if (wait == NULL)
        wait = (int (*)(cnd_t *, mtx_t *, const struct timespec *))dlsym(RTLD_NEXT,
                                                                        "cnd_timedwait");
    for (;;) {
        struct timespec end = look_end(until);
        int came = wait(condition, mutex, &end);
        if (came != thrd_timedout || is_over(until))
            return came;
    }
}
