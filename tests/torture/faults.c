/*
 * A library to be preloaded (LD_PRELOAD): it counts what a process writes beneath a folder, and at a chosen
 * call lets it fail, writes only half, stops the process, or kills it.
 *
 * Counted are the calls that change a disk: open with O_CREAT or O_TRUNC, write, pwrite, writev, sendfile,
 * copy_file_range, fsync, fdatasync, ftruncate, fallocate, rename, link, unlink, mkdir, and mmap of a file
 * that others see. Nothing happens before faults_arm is called, which tests.torture.shim does with ctypes.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OFF, COUNT, FAIL, HALF, KILL_BEFORE, KILL_AFTER, KILL_TORN, STOP };

struct told {
    long calls;      /* so many were counted */
    long hit;        /* so many of them met what was ordered */
    char what[112];  /* the first that did: the call, and the name of its file */
};

static char root[PATH_MAX];
static size_t root_length;
static int order = OFF, fault_errno, lasting;
static long at_call;
static struct told unread, *told = &unread;

/* Order a fault at the n-th call from now on; `told` lies in memory that the ordering process sees too. */
void faults_arm(const char *folder, int what, long nth, int error, int from_then_on, struct told *where) {
    snprintf(root, sizeof root, "%s/", folder);
    root_length = strlen(root);
    at_call = nth;
    fault_errno = error;
    lasting = from_then_on;
    told = where ? where : &unread;
    order = what;
}

static int beneath(const char *path) {
    return !strncmp(path, root, root_length);
}

static int fd_beneath(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return beneath(path);
}

static int name_beneath(int folder, const char *name, char *path) {
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
        return beneath(path);
    }
    char before[PATH_MAX];
    if (folder == AT_FDCWD) {
        if (!getcwd(before, sizeof before)) return 0;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, before, sizeof before - 1);
        if (length <= 0) return 0;
        before[length] = 0;
    }
    if (snprintf(path, PATH_MAX, "%s/%s", before, name) >= PATH_MAX) return 0;
    return beneath(path);
}

/* Whether this call meets what was ordered; half of what is written may go through before that. */
static int meets(const char *call, const char *path) {
    long now = __atomic_add_fetch(&told->calls, 1, __ATOMIC_SEQ_CST);
    if (order == COUNT || now < at_call || (now > at_call && !lasting)) return 0;
    if (__atomic_add_fetch(&told->hit, 1, __ATOMIC_SEQ_CST) == 1) {
        const char *name = strrchr(path, '/');
        snprintf(told->what, sizeof told->what, "%s %s", call, name ? name + 1 : path);
    }
    if (order == KILL_BEFORE) kill(getpid(), SIGKILL);
    if (order == STOP) raise(SIGSTOP);
    return order != STOP;
}

#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* What does not write bytes: it fails, or is the last that the process does. */
#define DONE(kind, wanted, call_name, path, doing) \
    do { \
        if (order != OFF && (wanted) && meets(call_name, path)) { \
            if (order == FAIL || order == HALF) { \
                errno = fault_errno; \
                return (kind)-1; \
            } \
            kind result = (doing); \
            (void)result; \
            kill(getpid(), SIGKILL); \
        } \
        return (doing); \
    } while (0)

/* What writes bytes: the half of them may be written first. */
#define WRITTEN(call_name, fd, length, whole, half) \
    do { \
        char path[PATH_MAX]; \
        if (order != OFF && fd_beneath(fd, path) && meets(call_name, path)) { \
            if (order == HALF && told->hit == 1 && (length) > 1) return (half); \
            if (order == FAIL || order == HALF) { \
                errno = fault_errno; \
                return -1; \
            } \
            ssize_t result = order == KILL_TORN && (length) > 1 ? (half) : (whole); \
            (void)result; \
            kill(getpid(), SIGKILL); \
        } \
        return (whole); \
    } while (0)

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    WRITTEN("write", fd, length, real(fd, bytes, length), real(fd, bytes, length / 2));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    REAL(pwrite);
    WRITTEN("pwrite", fd, length, real(fd, bytes, length, at), real(fd, bytes, length / 2, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    REAL(pwrite64);
    WRITTEN("pwrite", fd, length, real(fd, bytes, length, at), real(fd, bytes, length / 2, at));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(writev);
    WRITTEN("writev", fd, count, real(fd, parts, count), real(fd, parts, count / 2));
}

ssize_t sendfile64(int fd, int from, off64_t *at, size_t length) {
    ssize_t sendfile64_declared(int, int, off64_t *, size_t);
    static __typeof__(&sendfile64_declared) real;
    if (!real) real = (__typeof__(&sendfile64_declared))dlsym(RTLD_NEXT, "sendfile64");
    WRITTEN("sendfile", fd, length, real(fd, from, at, length), real(fd, from, at, length / 2));
}

ssize_t copy_file_range(int from, off64_t *at, int fd, off64_t *to, size_t length, unsigned int flags) {
    REAL(copy_file_range);
    WRITTEN("copy_file_range", fd, length, real(from, at, fd, to, length, flags),
            real(from, at, fd, to, length / 2, flags));
}

int fsync(int fd) {
    REAL(fsync);
    char path[PATH_MAX];
    DONE(int, fd_beneath(fd, path), "fsync", path, real(fd));
}

int fdatasync(int fd) {
    REAL(fdatasync);
    char path[PATH_MAX];
    DONE(int, fd_beneath(fd, path), "fdatasync", path, real(fd));
}

int ftruncate(int fd, off_t length) {
    REAL(ftruncate);
    char path[PATH_MAX];
    DONE(int, fd_beneath(fd, path), "ftruncate", path, real(fd, length));
}

int ftruncate64(int fd, off64_t length) {
    REAL(ftruncate64);
    char path[PATH_MAX];
    DONE(int, fd_beneath(fd, path), "ftruncate", path, real(fd, length));
}

int fallocate64(int fd, int mode, off64_t at, off64_t length) {
    REAL(fallocate64);
    char path[PATH_MAX];
    DONE(int, fd_beneath(fd, path), "fallocate", path, real(fd, mode, at, length));
}

int posix_fallocate64(int fd, off64_t at, off64_t length) {
    REAL(posix_fallocate64);
    char path[PATH_MAX];
    if (order == FAIL && fd_beneath(fd, path) && meets("fallocate", path)) return fault_errno;
    return real(fd, at, length);
}

#define OPENED(call, folder, name, ...) \
    do { \
        REAL(call); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | __O_TMPFILE)) { \
            va_list rest; \
            va_start(rest, flags); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        char path[PATH_MAX]; \
        DONE(int, (flags & (O_CREAT | O_TRUNC)) && name_beneath(folder, name, path), "open", path, \
             real(__VA_ARGS__, flags, mode)); \
    } while (0)

int open(const char *name, int flags, ...) { OPENED(open, AT_FDCWD, name, name); }

int open64(const char *name, int flags, ...) { OPENED(open64, AT_FDCWD, name, name); }

int openat(int folder, const char *name, int flags, ...) { OPENED(openat, folder, name, folder, name); }

int openat64(int folder, const char *name, int flags, ...) { OPENED(openat64, folder, name, folder, name); }

int rename(const char *from, const char *to) {
    REAL(rename);
    char path[PATH_MAX];
    DONE(int, name_beneath(AT_FDCWD, to, path), "rename", path, real(from, to));
}

int renameat(int from_folder, const char *from, int folder, const char *to) {
    REAL(renameat);
    char path[PATH_MAX];
    DONE(int, name_beneath(folder, to, path), "rename", path, real(from_folder, from, folder, to));
}

int link(const char *from, const char *to) {
    REAL(link);
    char path[PATH_MAX];
    DONE(int, name_beneath(AT_FDCWD, to, path), "link", path, real(from, to));
}

int linkat(int from_folder, const char *from, int folder, const char *to, int flags) {
    REAL(linkat);
    char path[PATH_MAX];
    DONE(int, name_beneath(folder, to, path), "link", path, real(from_folder, from, folder, to, flags));
}

int unlink(const char *name) {
    REAL(unlink);
    char path[PATH_MAX];
    DONE(int, name_beneath(AT_FDCWD, name, path), "unlink", path, real(name));
}

int unlinkat(int folder, const char *name, int flags) {
    REAL(unlinkat);
    char path[PATH_MAX];
    DONE(int, name_beneath(folder, name, path), "unlink", path, real(folder, name, flags));
}

int mkdir(const char *name, mode_t mode) {
    REAL(mkdir);
    char path[PATH_MAX];
    DONE(int, name_beneath(AT_FDCWD, name, path), "mkdir", path, real(name, mode));
}

int mkdirat(int folder, const char *name, mode_t mode) {
    REAL(mkdirat);
    char path[PATH_MAX];
    DONE(int, name_beneath(folder, name, path), "mkdir", path, real(folder, name, mode));
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t from) {
    REAL(mmap);
    char path[PATH_MAX];
    DONE(void *, fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE) && fd_beneath(fd, path),
         "mmap", path, real(at, length, protection, flags, fd, from));
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t from) {
    REAL(mmap64);
    char path[PATH_MAX];
    DONE(void *, fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE) && fd_beneath(fd, path),
         "mmap", path, real(at, length, protection, flags, fd, from));
}
