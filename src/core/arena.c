/* Memory: checked allocation with a hook for fault tests, and arenas. */
#include "core/core.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The hook is a test's tool and the one exception to "no global state": it is 0 outside of fault tests. Atomic, since what
 * is tested may use threads. */
static _Atomic int64_t fail_at = 0;
static _Atomic bool fail_sticky = false;

int64_t ent__alloc_fail_at(int64_t k, bool sticky)
{
    fail_sticky = sticky;
    return atomic_exchange(&fail_at, k);
}

static bool must_fail(void)
{
    int64_t left = atomic_load_explicit(&fail_at, memory_order_relaxed);
    while (left > 0) {
        if (left == 1 && fail_sticky)
            return true;
        if (atomic_compare_exchange_weak(&fail_at, &left, left - 1))
            return left == 1;
    }
    return false;
}

void *ent__alloc(size_t n, size_t size)
{
    if (must_fail())
        return NULL;
    return calloc(n ? n : 1, size ? size : 1); /* calloc checks n * size itself */
}

void *ent__realloc(void *block, size_t n, size_t size)
{
    if (must_fail() || (size != 0 && n > SIZE_MAX / size))
        return NULL;
    size_t bytes = n * size;
    return realloc(block, bytes > 0 ? bytes : 1);
}

void ent__free(void *block) { free(block); }

enum { CHUNK = 64 * 1024, ALIGN = 16 };

typedef struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(ALIGN) unsigned char data[];
} chunk;

struct ent__arena {
    chunk *first; /* the one being filled; larger blocks are put behind it */
    size_t bytes;
    bool failed;
};

ent__arena *ent__arena_create(void) { return ent__alloc(1, sizeof(ent__arena)); }

void ent__arena_free(ent__arena *arena)
{
    if (arena == NULL)
        return;
    for (chunk *c = arena->first, *next; c != NULL; c = next) {
        next = c->next;
        ent__free(c);
    }
    ent__free(arena);
}

void *ent__arena_alloc(ent__arena *arena, size_t n, size_t size)
{
    /* Memory runs out only where a chunk is full; a fault test lets it run out anywhere. */
    if (must_fail() || (size != 0 && n > (SIZE_MAX / 2) / size)) {
        arena->failed = true;
        return NULL;
    }
    size_t want = (n * size + ALIGN - 1) / ALIGN * ALIGN;
    chunk *c = arena->first;
    if (c == NULL || c->size - c->used < want) {
        size_t room = want > CHUNK / 4 ? want : CHUNK;
        chunk *fresh = ent__alloc(1, sizeof(chunk) + room);
        if (fresh == NULL) {
            arena->failed = true;
            return NULL;
        }
        fresh->size = room;
        if (room != CHUNK && c != NULL) { /* a large block of its own: keep filling the current chunk */
            fresh->next = c->next;
            c->next = fresh;
        } else {
            fresh->next = c;
            arena->first = fresh;
        }
        c = fresh;
    }
    void *block = c->data + c->used;
    c->used += want;
    arena->bytes += want;
    return block;
}

char *ent__arena_text(ent__arena *arena, const char *text, size_t length)
{
    char *copy = ent__arena_alloc(arena, length + 1, 1);
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *ent__arena_printf(ent__arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : ent__arena_alloc(arena, (size_t)length + 1, 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    va_end(args);
    return text;
}

size_t ent__arena_bytes(const ent__arena *arena) { return arena->bytes; }
bool ent__arena_failed(const ent__arena *arena) { return arena->failed; }
