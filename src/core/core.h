/* What every room may use: memory, errors, text and numbers. Nothing here is public. */
#ifndef ENT_SRC_CORE_H
#define ENT_SRC_CORE_H

#include "entente/core.h"

#include <stdarg.h>

/* --- memory ------------------------------------------------------------------------------------ */

/* All heap memory comes through these: n * size is checked for overflow, and a test can make the
 * k-th call fail (ent__alloc_fail_at). They return zeroed memory, or NULL. */
void *ent__alloc(size_t n, size_t size);
void *ent__realloc(void *block, size_t n, size_t size); /* new part not zeroed; old block stays on NULL */
void ent__free(void *block);
/* Test hook: the k-th allocation from now fails, in an arena too, as do all after it when `sticky`; 0 switches it off. What was
 * left of the k before: 0 where one failed. */
int64_t ent__alloc_fail_at(int64_t k, bool sticky);

/* An arena: many small blocks, one free. Blocks are zeroed and aligned to 16 bytes. */
typedef struct ent__arena ent__arena;
ent__arena *ent__arena_create(void);
void ent__arena_free(ent__arena *arena);
void *ent__arena_alloc(ent__arena *arena, size_t n, size_t size);
char *ent__arena_text(ent__arena *arena, const char *text, size_t length); /* a copy, ended by 0 */
char *ent__arena_printf(ent__arena *arena, const char *format, ...) ENT_PRINTF(2, 3);
size_t ent__arena_bytes(const ent__arena *arena);
/* Whether a block was not given, so that whoever fills the arena need not ask after each name and label. */
bool ent__arena_failed(const ent__arena *arena);

/* A growing byte string. `failed` is sticky: test it once at the end. */
typedef struct ent__buffer {
    char *data; /* always ended by 0 once anything was added; NULL before */
    size_t length, capacity;
    bool failed;
} ent__buffer;
void ent__buffer_add(ent__buffer *buffer, const char *text, size_t length);
void ent__buffer_text(ent__buffer *buffer, const char *text);
void ent__buffer_printf(ent__buffer *buffer, const char *format, ...) ENT_PRINTF(2, 3); /* no %f %g %e: see ent__number_text */
void ent__buffer_number(ent__buffer *buffer, double x); /* shortest round trip; "null" where not finite */
void ent__buffer_json(ent__buffer *buffer, const char *text, size_t length); /* quoted and escaped; bad UTF-8 becomes U+FFFD */
void ent__buffer_shell(ent__buffer *buffer, const char *text); /* one word of a POSIX shell, quoted where it must be */
void ent__buffer_free(ent__buffer *buffer);

/* --- errors ------------------------------------------------------------------------------------ */

/* Fills err (may be NULL) and returns status. Does not overwrite an error that is already there. */
ent_status ent__error_set(ent_error *err, ent_status status, const char *file, int32_t line, int32_t column,
                          const char *format, ...) ENT_PRINTF(6, 7);

/* Adds one finding to a list (NULL list: nothing). Texts are copied. */
void ent__diagnose(ent_diagnostics *list, ent_severity severity, const char *file, int32_t line, int32_t column,
                   const char *format, ...) ENT_PRINTF(6, 7);

/* The name of `names` nearest to `name` by edit distance, or NULL where none is near (more than a third of it differs). */
const char *ent__nearest(const char *name, const char *const *names, size_t count);

/* The only macros that jump; both need a label `done:` and a variable `status` in the function. */
#define ENT_TRY(call)                                                                              \
    do {                                                                                           \
        status = (call);                                                                           \
        if (status != ENT_OK)                                                                      \
            goto done;                                                                             \
    } while (0)

#define ENT_REQUIRE(condition, code, ...)                                                          \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            status = ent__error_set(err, code, "", 0, 0, __VA_ARGS__);                             \
            goto done;                                                                             \
        }                                                                                          \
    } while (0)

#define ENT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- text and numbers, free of locale ---------------------------------------------------------- */

/* The shortest decimal that reads back to the same double ("0.1", "1e-7", "42", "-0"); 32 bytes suffice.
 * x must be finite. Returns the length. */
size_t ent__number_text(char out[32], double x);
/* A number for people: at most `digits` significant digits, correctly rounded, no exponent between 1e-4 and 1e7,
 * no needless trailing zeros. "-" where not finite. Returns the length. */
size_t ent__number_people(char out[32], double x, int digits);
/* A whole decimal number ("-12", "3.5", "1e-3", ".5", "+2") in text[0..length); correctly rounded. False where it is
 * anything else (also "nan", "inf", "0x10", "1_000", empty, or overflow). `comma`: the decimal mark is a comma. */
bool ent__number_read(double *out, const char *text, size_t length, bool comma);
/* The same for the longest prefix; returns its length, 0 where there is none. */
size_t ent__number_scan(double *out, const char *text, size_t length);

/* 64-bit hash of a byte string (FNV-1a, then a mixing step); the same on every machine, part of the format. */
uint64_t ent__hash(const char *text, size_t length);
/* True where text is valid UTF-8. */
bool ent__utf8_valid(const char *text, size_t length);
/* True where text is one value of JSON (RFC 8259), at most 64 deep. */
bool ent__json_valid(const char *text);
/* The width of UTF-8 text in terminal cells (combining marks 0, wide East Asian and emoji 2). */
size_t ent__utf8_width(const char *text, size_t length);

/* "Undefined" inside the engine: a missing number, 0/0, log of a negative number. Any NaN counts; this is the one written. */
#define ENT_UNDEFINED (__builtin_nan(""))
static inline bool ent__is_undefined(double x) { return x != x; }
static inline bool ent__is_finite(double x) { return x - x == 0; }

#endif
