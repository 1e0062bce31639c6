/* Faults for a program that does not know of them: LD_PRELOAD this, and of the calls that the program itself makes (not
 * of those that its libraries make for themselves) the k-th fails.
 *
 *     FAULT_OF     memory: malloc, calloc, realloc, strdup; files: write, pwrite, fsync, fdatasync, rename, close,
 * ftruncate, mkdir, and open for writing FAULT_AT     k, from 1; 0: none fails, they are counted FAULT_ERRNO  of files:
 * the number that is given FAULT_STAYS  1: all after the k-th fail as well (but for close) FAULT_TOLD   a file to which
 * the number of such calls is written at the end
 *
 * A write that fails with EINTR was not made; a close that fails was (as Linux does). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *block, size_t n);

enum { MOST_RANGES = 16 };
static struct {
    uintptr_t from, to;
} range[MOST_RANGES];
static int ranges;
static bool of_memory, of_files, stays, ready;
static long at;
static int number = EIO;
static _Atomic long calls;

static int on_object(struct dl_phdr_info *info, size_t size, void *payload)
{
    (void)size, (void)payload;
    const char *slash = strrchr(info->dlpi_name, '/'), *name = slash != NULL ? slash + 1 : info->dlpi_name;
    if (name[0] != 0 && strncmp(name, "libentente", 10) != 0)
        return 0; /* the program itself has no name here */
    for (int i = 0; i < info->dlpi_phnum && ranges < MOST_RANGES; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && (info->dlpi_phdr[i].p_flags & PF_X)) {
            range[ranges].from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            range[ranges++].to = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
        }
    return 0;
}

__attribute__((constructor)) static void begin(void)
{
    const char *of = getenv("FAULT_OF"), *k = getenv("FAULT_AT"), *which = getenv("FAULT_ERRNO"),
               *sticky = getenv("FAULT_STAYS");
    dl_iterate_phdr(on_object, NULL);
    of_memory = of != NULL && strcmp(of, "memory") == 0;
    of_files = of != NULL && strcmp(of, "files") == 0;
    at = k != NULL ? atol(k) : 0;
    number = which != NULL ? atoi(which) : EIO;
    stays = sticky != NULL && sticky[0] == '1';
    ready = true;
}

__attribute__((destructor)) static void end(void)
{
    const char *told = getenv("FAULT_TOLD");
    char text[32];
    if (told == NULL)
        return;
    int n = snprintf(text, sizeof text, "%ld\n", atomic_load(&calls));
    long file = syscall(SYS_openat, AT_FDCWD, told, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file >= 0) {
        syscall(SYS_write, file, text, n);
        syscall(SYS_close, file);
    }
}

static bool fails(bool kind, const void *caller)
{
    uintptr_t from = (uintptr_t)caller;
    bool own = false;
    if (!ready || !kind)
        return false;
    for (int i = 0; i < ranges && !own; i++)
        own = from >= range[i].from && from < range[i].to;
    if (!own)
        return false;
    long k = atomic_fetch_add(&calls, 1) + 1;
    return at > 0 && (k == at || (stays && k > at));
}

#define HERE __builtin_return_address(0)
#define API __attribute__((visibility("default")))

API void *malloc(size_t n)
{
    if (fails(of_memory, HERE)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(n);
}
API void *calloc(size_t n, size_t size)
{
    if (fails(of_memory, HERE)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(n, size);
}
API void *realloc(void *block, size_t n)
{
    if (fails(of_memory, HERE)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(block, n);
}
API char *strdup(const char *text)
{
    size_t n = strlen(text) + 1;
    if (fails(of_memory, HERE)) {
        errno = ENOMEM;
        return NULL;
    }
    char *copy = __libc_malloc(n);
    return copy != NULL ? memcpy(copy, text, n) : NULL;
}

/* --- files: what goes to the terminal is not among them ------------------------------------------------- */

#define FAIL_IF(condition)                                                                                             \
    if (fails(of_files && (condition), HERE)) {                                                                        \
        errno = number;                                                                                                \
        return -1;                                                                                                     \
    }

static bool is_file(int file) /* neither the terminal, a pipe nor a socket */
{
    struct stat s;
    return file > 2 && fstat(file, &s) == 0 && (S_ISREG(s.st_mode) || S_ISDIR(s.st_mode));
}

API ssize_t write(int file, const void *bytes, size_t n)
{
    FAIL_IF(is_file(file))
    return syscall(SYS_write, file, bytes, n);
}
API ssize_t pwrite(int file, const void *bytes, size_t n, off_t offset)
{
    FAIL_IF(is_file(file))
    return syscall(SYS_pwrite64, file, bytes, n, offset);
}
API int fsync(int file)
{
    FAIL_IF(true)
    return (int)syscall(SYS_fsync, file);
}
API int fdatasync(int file)
{
    FAIL_IF(true)
    return (int)syscall(SYS_fdatasync, file);
}
API int ftruncate(int file, off_t length)
{
    FAIL_IF(true)
    return (int)syscall(SYS_ftruncate, file, length);
}
API int rename(const char *from, const char *to)
{
    FAIL_IF(number != EINTR) /* rename() is not interrupted */
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
API int mkdir(const char *path, mode_t mode)
{
    FAIL_IF(number != EINTR)
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}
API int close(int file)
{
    bool ours = is_file(file) && fails(of_files, HERE);
    int done = (int)syscall(SYS_close, file);
    if (ours) {
        errno = number;
        return -1;
    }
    return done;
}
API int open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    FAIL_IF((flags & O_ACCMODE) != O_RDONLY)
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
