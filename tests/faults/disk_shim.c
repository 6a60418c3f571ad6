/* Records what a process does to the files below DISK_ROOT, and lets the n-th of these calls fail.

   Loaded with LD_PRELOAD. The record goes to the file DISK_LOG: for each call one letter (W write, T truncate,
   S sync, U unlink), length of the path, offset, length of the data, then path and data. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls, fails_at;
static int error_number, fails_on;

/* Let the n-th call from now on fail, and with `on` all that follow; 0 for none. */
void disk_fail(long n, int error, int on) { calls = 0; fails_at = n; error_number = error; fails_on = on; }
long disk_calls(void) { return calls; }

static int is_watched(const char *path) {
    const char *root = getenv("DISK_ROOT");
    return root && strncmp(path, root, strlen(root)) == 0 && !strstr(path, "-shm");
}

static int find_path(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_watched(path);
}

/* Return whether the call has to fail; otherwise record it. */
static int note(char kind, const char *path, int64_t offset, const void *data, uint32_t size) {
    static int log = -1;
    int fails;
    pthread_mutex_lock(&lock);
    calls++;
    fails = fails_at && (calls == fails_at || (fails_on && calls > fails_at));
    if (log < 0 && getenv("DISK_LOG")) log = open(getenv("DISK_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (!fails && log >= 0) {
        uint32_t length = strlen(path);
        char head[17];
        head[0] = kind;
        memcpy(head + 1, &length, 4);
        memcpy(head + 5, &offset, 8);
        memcpy(head + 13, &size, 4);
        if (syscall(SYS_write, log, head, sizeof head) < 0 || syscall(SYS_write, log, path, length) < 0
            || syscall(SYS_write, log, data ? data : "", data ? size : 0) < 0) abort();
    }
    pthread_mutex_unlock(&lock);
    if (fails) errno = error_number;
    return fails;
}

ssize_t write(int fd, const void *data, size_t size) {
    char path[PATH_MAX];
    if (find_path(fd, path)) {
        struct stat found;
        int64_t at = fcntl(fd, F_GETFL) & O_APPEND && fstat(fd, &found) == 0 ? found.st_size : lseek(fd, 0, SEEK_CUR);
        if (note('W', path, at, data, size)) return -1;
    }
    return syscall(SYS_write, fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    char path[PATH_MAX];
    if (find_path(fd, path) && note('W', path, at, data, size)) return -1;
    return syscall(SYS_pwrite64, fd, data, size, at);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return pwrite64(fd, data, size, at); }

int ftruncate64(int fd, off64_t size) {
    char path[PATH_MAX];
    if (find_path(fd, path) && note('T', path, size, NULL, 0)) return -1;
    return syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
    char path[PATH_MAX];
    if (find_path(fd, path) && note('S', path, 0, NULL, 0)) return -1;
    return syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
    char path[PATH_MAX];
    if (find_path(fd, path) && note('S', path, 0, NULL, 0)) return -1;
    return syscall(SYS_fdatasync, fd);
}

int unlink(const char *path) {
    if (is_watched(path) && note('U', path, 0, NULL, 0)) return -1;
    return syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
