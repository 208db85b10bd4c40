/* Lets one of the system calls of a process fail, or kills the process there: preloaded, so that it needs no rights.
 *
 * Calls count from when the process opens /faults/begin until it opens /faults/end, which prints their number. FAULT_AT is the number of
 * the one that fails, FAULT_KIND is `kill` or the number of an error. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int armed, count, at = -1, kind;

static int fails(void) {
    if (at == -1) {
        const char *text = getenv("FAULT_AT"), *what = getenv("FAULT_KIND");
        at = text ? atoi(text) : 0;
        kind = what && strcmp(what, "kill") != 0 ? atoi(what) : 0;
    }
    if (!armed || ++count != at) return 0;
    if (kind == 0) raise(SIGKILL);
    errno = kind;
    return 1;
}

/* Whether a path is one of the two words to this library. */
static int is_word(const char *path) {
    if (strcmp(path, "/faults/begin") == 0) {
        armed = 1;
    } else if (strcmp(path, "/faults/end") == 0) {
        armed = 0;
        dprintf(STDOUT_FILENO, "\ncalls: %d\n", count);
    } else {
        return 0;
    }
    errno = ENOENT;
    return 1;
}

#define WRAP(result, name, parameters, arguments) \
    result name parameters { \
        static result(*next) parameters; \
        if (!next) next = (result(*) parameters)dlsym(RTLD_NEXT, #name); \
        if (fails()) return -1; \
        return next arguments; \
    }

WRAP(ssize_t, read, (int fd, void *buffer, size_t size), (fd, buffer, size))
WRAP(ssize_t, write, (int fd, const void *buffer, size_t size), (fd, buffer, size))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, link, (const char *from, const char *to), (from, to))
WRAP(int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
WRAP(int, rename, (const char *from, const char *to), (from, to))
WRAP(int, unlink, (const char *path), (path))
WRAP(int, rmdir, (const char *path), (path))
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(int, flock, (int fd, int operation), (fd, operation))
WRAP(int, statx, (int fd, const char *path, int flags, unsigned mask, struct statx *into), (fd, path, flags, mask, into))

int open64(const char *path, int flags, ...) {
    static int (*next)(const char *, int, ...);
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (!next) next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    if (is_word(path) || fails()) return -1;
    return next(path, flags, mode);
}
