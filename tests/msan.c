/* For the build with MemorySanitizer alone (tools/matrix.py): clang 14 does not know that stat64, fstat64 and fstatat64 of newer C
 * libraries fill what they are given, and takes every byte for uninitialised. The linker's --wrap brings the calls here, which tell it. */
#include <stddef.h>
#include <sys/stat.h>

void __msan_unpoison(const volatile void *what, size_t size) __attribute__((weak));
int __real_stat64(const char *path, struct stat *s);
int __real_fstat64(int descriptor, struct stat *s);
int __real_fstatat64(int folder, const char *path, struct stat *s, int flags);
int __wrap_stat64(const char *path, struct stat *s);
int __wrap_fstat64(int descriptor, struct stat *s);
int __wrap_fstatat64(int folder, const char *path, struct stat *s, int flags);

static int tell(int result, struct stat *s)
{
    if (result == 0 && __msan_unpoison != NULL)
        __msan_unpoison(s, sizeof *s);
    return result;
}

int __wrap_stat64(const char *path, struct stat *s) { return tell(__real_stat64(path, s), s); }
int __wrap_fstat64(int descriptor, struct stat *s) { return tell(__real_fstat64(descriptor, s), s); }
int __wrap_fstatat64(int folder, const char *path, struct stat *s, int flags)
{
    return tell(__real_fstatat64(folder, path, s, flags), s);
}
