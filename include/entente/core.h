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
    X(ENT_ERR_FORMAT, -7, "a file is not of the format it should have")

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

#ifdef __cplusplus
}
#endif
#endif
