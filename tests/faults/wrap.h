/* Every block that entente's own code takes and gives back, counted, and the k-th made to fail: link with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=free. What libraries take for themselves is not
 * seen. */
#ifndef ENT_TESTS_WRAP_H
#define ENT_TESTS_WRAP_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t n);
void __real_free(void *block);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t n);
char *__wrap_strdup(const char *text);
void __wrap_free(void *block);

enum { WRAP_ROOM = 1 << 18 };
static struct {
    pthread_mutex_t lock;
    void *block[WRAP_ROOM]; /* open addressing; a block that was given back leaves WRAP_GONE */
    long live, calls, fail_at;
    bool stays;
} wrap = {.lock = PTHREAD_MUTEX_INITIALIZER};
#define WRAP_GONE ((void *)&wrap)

static size_t wrap_slot(const void *block)
{
    return (size_t)(((uintptr_t)block >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 46);
}

static bool wrap_fails(void)
{
    pthread_mutex_lock(&wrap.lock);
    long k = ++wrap.calls;
    bool fails = wrap.fail_at > 0 && (k == wrap.fail_at || (wrap.stays && k > wrap.fail_at));
    pthread_mutex_unlock(&wrap.lock);
    return fails;
}

static void *wrap_keep(void *block)
{
    if (block == NULL)
        return NULL;
    pthread_mutex_lock(&wrap.lock);
    size_t at = wrap_slot(block);
    while (wrap.block[at] != NULL && wrap.block[at] != WRAP_GONE)
        at = (at + 1) % WRAP_ROOM;
    wrap.block[at] = block;
    wrap.live++;
    pthread_mutex_unlock(&wrap.lock);
    return block;
}

static void wrap_forget(const void *block)
{
    if (block == NULL)
        return;
    pthread_mutex_lock(&wrap.lock);
    size_t at = wrap_slot(block);
    while (wrap.block[at] != NULL && wrap.block[at] != block)
        at = (at + 1) % WRAP_ROOM;
    if (wrap.block[at] == block) { /* else a library took it */
        wrap.live--;
        bool last = wrap.block[(at + 1) % WRAP_ROOM] == NULL; /* of a run of slots: nothing is looked for beyond it */
        wrap.block[at] = last ? NULL : WRAP_GONE;
        for (size_t i = at; last && wrap.block[i = (i + WRAP_ROOM - 1) % WRAP_ROOM] == WRAP_GONE;)
            wrap.block[i] = NULL;
    }
    pthread_mutex_unlock(&wrap.lock);
}

void *__wrap_malloc(size_t n)
{
    return wrap_fails() ? NULL : wrap_keep(__real_malloc(n));
}
void *__wrap_calloc(size_t n, size_t size)
{
    return wrap_fails() ? NULL : wrap_keep(__real_calloc(n, size));
}
void *__wrap_realloc(void *block, size_t n)
{
    if (wrap_fails())
        return NULL;
    wrap_forget(block);
    void *moved = __real_realloc(block, n);
    return wrap_keep(moved != NULL ? moved : block);
}
char *__wrap_strdup(const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = __wrap_malloc(n);
    return copy != NULL ? memcpy(copy, text, n) : NULL;
}
void __wrap_free(void *block)
{
    wrap_forget(block);
    __real_free(block);
}

/* From here on the k-th allocation fails (0: none), and all after it where `stays`. */
static void wrap_fail(long k, bool stays)
{
    pthread_mutex_lock(&wrap.lock);
    if (wrap.live == 0) /* no block is out: the table is cleaned */
        memset(wrap.block, 0, sizeof wrap.block);
    wrap.calls = 0;
    wrap.fail_at = k;
    wrap.stays = stays;
    pthread_mutex_unlock(&wrap.lock);
}

#endif
