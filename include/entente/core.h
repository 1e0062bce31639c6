/**
 * @file entente/core.h
 * @brief Status, errors with a place in the user's file, and the lists that collect them.
 *
 * Every function that can fail returns an ent_status and fills an ent_error that the caller owns.
 * There is no global state: two threads with their own objects never meet. What a model found out
 * ("no agreement", "a cycle") is a result, never an error.
 */
#ifndef ENTENTE_CORE_H
#define ENTENTE_CORE_H

#include "entente/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ENT_API __attribute__((visibility("default")))
#define ENT_MUST_CHECK __attribute__((warn_unused_result))
#define ENT_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define ENT_API
#define ENT_MUST_CHECK
#define ENT_PRINTF(at, first)
#endif

/** The version of the library, "MAJOR.MINOR.PATCH". A result is a function of scenario, seed and version. */
#define ENT_VERSION "0.1.0"

/** Each status with its value (frozen) and what it means to a reader; the enum and the texts come from here. */
#define ENT_STATUS_LIST(X)                                                                         \
    X(ENT_OK, 0, "done")                                                                           \
    X(ENT_ERR_ARGUMENT, -1, "a call got an argument it cannot take")                               \
    X(ENT_ERR_DOMAIN, -2, "a number lies outside its range")                                       \
    X(ENT_ERR_MEMORY, -3, "not enough memory")                                                     \
    X(ENT_ERR_IO, -4, "a file cannot be read or written")                                          \
    X(ENT_ERR_SCENARIO, -5, "the scenario or its data are wrong")                                  \
    X(ENT_ERR_LIMIT, -6, "a stated limit is exceeded")                                             \
    X(ENT_ERR_FORMAT, -7, "a file is not of the format it should have")                            \
    X(ENT_ERR_INTERRUPTED, -8, "it was stopped before it was done")

typedef enum ent_status {
#define X(name, value, text) name = value,
    ENT_STATUS_LIST(X)
#undef X
} ent_status;

/** The text of a status; "unknown status" for a value that is none. Never NULL. */
ENT_API const char *ent_status_text(ent_status status);

/** One failure: what happened and where. Plain data, owned by the caller; no pointers to free. */
typedef struct ent_error {
    ent_status status;
    int32_t line;       /**< in `file`, from 1; 0 where it is not about a line */
    int32_t column;     /**< from 1, in code points; 0 where unknown */
    char file[256];     /**< "" where it is not about a file; the end of a longer name */
    char message[512];  /**< one line: what was found, what is allowed, the nearest known name */
} ent_error;

typedef enum ent_severity { ENT_SEVERITY_ERROR = 0, ENT_SEVERITY_WARNING = 1 } ent_severity;

/** One finding of a check. The strings are borrowed from the list it lies in. */
typedef struct ent_diagnostic {
    ent_severity severity;
    int32_t line, column; /**< from 1; 0 unknown */
    const char *file;     /**< path as the user would write it; "" unknown */
    const char *message;
} ent_diagnostic;

/** A growing list of findings, in the order of file, line and column once sorted. Opaque. */
typedef struct ent_diagnostics ent_diagnostics;

/** An empty list, or NULL without memory. Free it with ent_diagnostics_free(). */
ENT_API ENT_MUST_CHECK ent_diagnostics *ent_diagnostics_create(void);
ENT_API void ent_diagnostics_free(ent_diagnostics *list); /**< NULL is allowed */
ENT_API size_t ent_diagnostics_count(const ent_diagnostics *list);
/** How many of them are errors (the rest are warnings). */
ENT_API size_t ent_diagnostics_errors(const ent_diagnostics *list);
/** The i-th finding, 0 <= i < count; borrowed until the list changes. */
ENT_API ent_diagnostic ent_diagnostics_get(const ent_diagnostics *list, size_t i);
/** Sorts by file, then line, then column, then message, and drops exact repeats. */
ENT_API void ent_diagnostics_sort(ent_diagnostics *list);

/** The list as JSON: `[{"file", "line", "column", "severity", "message"}]`. *text is the caller's: ent_bytes_free(). */
ENT_API ENT_MUST_CHECK ent_status ent_diagnostics_json(char **text, size_t *length, const ent_diagnostics *list,
                                                       ent_error *err);

/* --- text and numbers, for whatever shows results ------------------------------------------------ */

/** The width of UTF-8 text in terminal cells: combining marks 0, wide East Asian characters and emoji 2. */
ENT_API size_t ent_text_width(const char *text, size_t length);
/** The name of `names` nearest to `name` by edit distance, or NULL where none is near. */
ENT_API const char *ent_text_nearest(const char *name, const char *const *names, size_t count);
/** Text as a JSON string with its quotes; bad UTF-8 becomes U+FFFD. The caller's: ent_bytes_free(). NULL without memory. */
ENT_API ENT_MUST_CHECK char *ent_text_json(const char *text, size_t length);
/** The shortest decimal that reads back to the same double, or "null" where x is not finite. Returns the length. */
ENT_API size_t ent_number_text(char out[32], double x);
/** A number for people: at most `digits` significant digits; "-" where x is not finite. Returns the length. */
ENT_API size_t ent_number_people(char out[32], double x, int digits);
/** Reads a whole decimal number in the C form, whatever the locale; false where it is anything else. */
ENT_API bool ent_number_read(double *out, const char *text, size_t length);
ENT_API void ent_bytes_free(void *bytes); /**< frees what the library gave away; NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
