/* Status texts, errors with a place, lists of findings, the nearest known name. */
#include "core/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *ent_status_text(ent_status status)
{
    switch (status) {
#define X(name, value, text)                                                                                           \
    case name:                                                                                                         \
        return text;
        ENT_STATUS_LIST(X)
#undef X
    }
    return "unknown status";
}

ent_status ent__error_set(ent_error *err, ent_status status, const char *file, int32_t line, int32_t column,
                          const char *format, ...)
{
    if (err == NULL || err->status != ENT_OK)
        return status;
    err->status = status;
    err->line = line;
    err->column = column;
    size_t length = strlen(file);
    const char *tail = length < sizeof err->file ? file : file + (length - sizeof err->file + 1);
    snprintf(err->file, sizeof err->file, "%s", tail);
    va_list args;
    va_start(args, format);
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return status;
}

struct ent_diagnostics {
    ent__arena *arena;
    ent_diagnostic *item;
    size_t count, capacity, errors;
};

ent_diagnostics *ent_diagnostics_create(void)
{
    ent_diagnostics *list = ent__alloc(1, sizeof *list);
    if (list != NULL && (list->arena = ent__arena_create()) == NULL) {
        ent__free(list);
        list = NULL;
    }
    return list;
}

void ent_diagnostics_free(ent_diagnostics *list)
{
    if (list == NULL)
        return;
    ent__arena_free(list->arena);
    ent__free(list->item);
    ent__free(list);
}

size_t ent_diagnostics_count(const ent_diagnostics *list) { return list->count; }
size_t ent_diagnostics_errors(const ent_diagnostics *list) { return list->errors; }
ent_diagnostic ent_diagnostics_get(const ent_diagnostics *list, size_t i) { return list->item[i]; }

void ent__diagnose(ent_diagnostics *list, ent_severity severity, const char *file, int32_t line, int32_t column,
                   const char *format, ...)
{
    if (list == NULL)
        return;
    if (severity == ENT_SEVERITY_ERROR)
        list->errors++; /* counted even where there is no memory for its text: an error is never lost */
    if (list->count == list->capacity) {
        size_t want = list->capacity ? 2 * list->capacity : 16;
        ent_diagnostic *grown = ent__realloc(list->item, want, sizeof *grown);
        if (grown == NULL)
            return;
        list->item = grown;
        list->capacity = want;
    }
    char message[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    char *text = ent__arena_text(list->arena, message, strlen(message));
    char *name = ent__arena_text(list->arena, file, strlen(file));
    if (text != NULL && name != NULL)
        list->item[list->count++] = (ent_diagnostic){severity, line, column, name, text};
}

static int compare(const void *a, const void *b)
{
    const ent_diagnostic *x = a, *y = b;
    int order = strcmp(x->file, y->file);
    if (order == 0)
        order = (x->line > y->line) - (x->line < y->line);
    if (order == 0)
        order = (x->column > y->column) - (x->column < y->column);
    return order != 0 ? order : strcmp(x->message, y->message);
}

void ent_diagnostics_sort(ent_diagnostics *list)
{
    if (list->count < 2)
        return;
    qsort(list->item, list->count, sizeof *list->item, compare);
    size_t kept = 1;
    for (size_t i = 1; i < list->count; i++) {
        if (compare(&list->item[i], &list->item[kept - 1]) != 0)
            list->item[kept++] = list->item[i];
        else if (list->item[i].severity == ENT_SEVERITY_ERROR)
            list->errors--;
    }
    list->count = kept;
}

/* Edits (insert, delete, replace, swap of neighbours) between two short names; `most` where it is at least that. */
static size_t edits(const char *a, const char *b, size_t most)
{
    enum { LONGEST = 64 };
    size_t n = strlen(a), m = strlen(b), row[3][LONGEST + 1];
    if (n > LONGEST || m > LONGEST)
        return most;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *two_before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = before[j - 1] + (a[i - 1] != b[j - 1]);
            if (before[j] + 1 < best)
                best = before[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && two_before[j - 2] + 1 < best)
                best = two_before[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[n % 3][m] < most ? row[n % 3][m] : most;
}

const char *ent__nearest(const char *name, const char *const *names, size_t count)
{
    const char *found = NULL;
    size_t best = strlen(name) / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edits(name, names[i], best);
        if (distance < best) {
            best = distance;
            found = names[i];
        }
    }
    return found;
}
