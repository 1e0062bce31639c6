/* The engine's own vsnprintf() (web/engine/text.c) writes what the C library's does, for all that the library asks of it. */
#include "check.h"

#include <stdarg.h>
#include <stdbool.h>

#define vsnprintf engine_vsnprintf
#define snprintf engine_snprintf
int engine_vsnprintf(char *restrict out, size_t size, const char *restrict format, va_list args);
int engine_snprintf(char *restrict out, size_t size, const char *restrict format, ...);
#include "../../web/engine/text.c"
#undef vsnprintf
#undef snprintf

/* The same in every size of room. */
#define SAME(...)                                                                                                      \
    do {                                                                                                               \
        for (size_t size = 0; size < 64; size++) {                                                                     \
            char got[64], want[64];                                                                                    \
            memset(got, 1, sizeof got);                                                                                \
            memset(want, 1, sizeof want);                                                                              \
            int n = engine_snprintf(got, size, __VA_ARGS__), wanted = snprintf(want, size, __VA_ARGS__);               \
            if (n != wanted || memcmp(got, want, sizeof got) != 0)                                                     \
                fail_msg("in %zu bytes: %d \"%.63s\", not %d \"%.63s\"", size, n, got, wanted, want);                  \
        }                                                                                                              \
    } while (0)

#pragma GCC diagnostic ignored "-Wformat-truncation"
static void texts_are_the_c_librarys(void **state)
{
    (void)state;
    SAME("plain");
    SAME("%s and %s, %%", "one", "");
    SAME("%.*s|%.3s|%.60s", 2, "abc", "abcdef", "abc");
    SAME("%d %d %d", 0, -17, INT32_MIN);
    SAME("%lld %lld", (long long)INT64_MIN, (long long)INT64_MAX);
    SAME("%llu %zu %u", (unsigned long long)UINT64_MAX, (size_t)42, 4000000000u);
    SAME("%016llx", 0xdeadbeefull);
    SAME("%04x %02x", 31u, 255u);
    SAME("%04d-%02d", 2026, 3);
    SAME("%04d|%5d|%5s", -12, -12, "abc");
    SAME("%c%c", 'x', 'y');
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_are_the_c_librarys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
