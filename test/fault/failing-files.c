/*
 * Makes the i-th file operation on a journal's files fail: once, or from then on for ever. Preloaded before the C library;
 * armed and asked by opening paths that do not exist, so that the program under test needs nothing else:
 *   /failing-files/arm/<kind>/<once|ever>/<i>   kind: eio, enospc, emfile, short
 *   /failing-files/fired                        opens when the operation was reached since arming, else ENOENT
 *   /failing-files/disarm
 * Operations count from 1 over all files whose path holds the word "journal.sqlite".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define CONTROL "/failing-files/"
#define WATCHED "journal.sqlite"
#define DESCRIPTORS 4096

enum kind { NONE, EIO_, ENOSPC_, EMFILE_, SHORT_ };
enum operation { OPEN, READ, WRITE, SYNC, TRUNCATE, NAME };

static _Atomic int kind, ever, count, fired;
static _Atomic long at;
static _Atomic char watched[DESCRIPTORS];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int concerns(enum operation operation) {
  switch (kind) {
    case EIO_: return 1;
    case ENOSPC_: return operation == WRITE || operation == SYNC || operation == TRUNCATE;
    case EMFILE_: return operation == OPEN;
    case SHORT_: return operation == READ || operation == WRITE;
    default: return 0;
  }
}

/* 0: go on; otherwise errno is set, or for `short` half of the operation is wanted. */
static int fails(enum operation operation) {
  if (!concerns(operation)) return 0;
  long now = ++count;
  if (now != at && !(ever && now > at)) return 0;
  fired = 1;
  errno = kind == ENOSPC_ ? ENOSPC : kind == EMFILE_ ? EMFILE : EIO;
  return 1;
}

static int is_watched(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS && watched[descriptor];
}

static int control(const char *path) {
  char name[16], mode[16];
  long place;
  if (sscanf(path, CONTROL "arm/%15[a-z]/%15[a-z]/%ld", name, mode, &place) == 3) {
    count = 0;
    fired = 0;
    at = place;
    ever = strcmp(mode, "ever") == 0;
    kind = !strcmp(name, "eio") ? EIO_ : !strcmp(name, "enospc") ? ENOSPC_ : !strcmp(name, "emfile") ? EMFILE_ : SHORT_;
  } else if (strcmp(path, CONTROL "disarm") == 0) {
    kind = NONE;
  } else if (strcmp(path, CONTROL "fired") == 0 && fired) {
    return REAL(open)("/dev/null", O_RDONLY);
  }
  errno = ENOENT;
  return -1;
}

static int open_file(const char *path, int flags, mode_t mode) {
  if (strncmp(path, CONTROL, strlen(CONTROL)) == 0) return control(path);
  int watch = strstr(path, WATCHED) != NULL;
  if (watch && fails(OPEN)) return -1;
  int descriptor = REAL(open)(path, flags, mode);
  if (descriptor >= 0 && descriptor < DESCRIPTORS) watched[descriptor] = (char)watch;
  return descriptor;
}

static mode_t mode_of(int flags, va_list more) {
  return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_file(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = mode_of(flags, more);
  va_end(more);
  return open_file(path, flags, mode);
}

int close(int descriptor) {
  if (descriptor >= 0 && descriptor < DESCRIPTORS) watched[descriptor] = 0;
  return REAL(close)(descriptor);
}

static size_t part(size_t bytes) { return bytes > 1 ? bytes / 2 : bytes; }

#define TRANSFER(name, operation, ...)                      \
  if (is_watched(descriptor) && fails(operation)) {                           \
    if (kind != SHORT_) return -1;                                            \
    bytes = part(bytes);                                                      \
  }                                                                           \
  return REAL(name)(descriptor, data, bytes, ##__VA_ARGS__);

ssize_t write(int descriptor, const void *data, size_t bytes) { TRANSFER(write, WRITE) }
ssize_t read(int descriptor, void *data, size_t bytes) { TRANSFER(read, READ) }
ssize_t pwrite(int descriptor, const void *data, size_t bytes, off_t place) { TRANSFER(pwrite, WRITE, place) }
ssize_t pwrite64(int descriptor, const void *data, size_t bytes, off64_t place) { TRANSFER(pwrite64, WRITE, place) }
ssize_t pread(int descriptor, void *data, size_t bytes, off_t place) { TRANSFER(pread, READ, place) }
ssize_t pread64(int descriptor, void *data, size_t bytes, off64_t place) { TRANSFER(pread64, READ, place) }

int fsync(int descriptor) { return is_watched(descriptor) && fails(SYNC) ? -1 : REAL(fsync)(descriptor); }
int fdatasync(int descriptor) { return is_watched(descriptor) && fails(SYNC) ? -1 : REAL(fdatasync)(descriptor); }
int ftruncate(int descriptor, off_t size) {
  return is_watched(descriptor) && fails(TRUNCATE) ? -1 : REAL(ftruncate)(descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) {
  return is_watched(descriptor) && fails(TRUNCATE) ? -1 : REAL(ftruncate64)(descriptor, size);
}
int rename(const char *from, const char *to) {
  return strstr(from, WATCHED) && fails(NAME) ? -1 : REAL(rename)(from, to);
}
int unlink(const char *path) { return strstr(path, WATCHED) && fails(NAME) ? -1 : REAL(unlink)(path); }
