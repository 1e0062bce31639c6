/* For the build with MemorySanitizer alone (tools/matrix.py): clang 14 does not know that fstat and stat of newer C libraries fill what
 * they are given, and takes every byte for uninitialised. The linker's --wrap brings the calls here, which tell it. */
#include <stddef.h>
#include <sys/stat.h>

void __msan_unpoison(const volatile void *what, size_t size) __attribute__((weak));
int __real_fstat(int descriptor, struct stat *s);
int __real_stat(const char *path, struct stat *s);
int __real_lstat(const char *path, struct stat *s);
int __wrap_fstat(int descriptor, struct stat *s);
int __wrap_stat(const char *path, struct stat *s);
int __wrap_lstat(const char *path, struct stat *s);

static int tell(int result, struct stat *s)
{
    if (result == 0 && __msan_unpoison != NULL)
        __msan_unpoison(s, sizeof *s);
    return result;
}

int __wrap_fstat(int descriptor, struct stat *s) { return tell(__real_fstat(descriptor, s), s); }
int __wrap_stat(const char *path, struct stat *s) { return tell(__real_stat(path, s), s); }
int __wrap_lstat(const char *path, struct stat *s) { return tell(__real_lstat(path, s), s); }
