/* The heap of the page's engine (web/engine/memory.c), here in a piece of memory that grows by pages as a module's does. */
#include "check.h"

enum { WASM_PAGE = 1 << 16, PAGES = 256 };
unsigned char heap_base[PAGES * WASM_PAGE] __attribute__((aligned(65536)));
static size_t pages;

static size_t grow_heap(size_t n)
{
    if (n > PAGES - pages)
        return SIZE_MAX;
    pages += n;
    return pages - n;
}

#define __heap_base heap_base
#define __builtin_wasm_memory_size(memory) ((uintptr_t)heap_base / WASM_PAGE + pages)
#define __builtin_wasm_memory_grow(memory, n) grow_heap(n)
#define malloc engine_malloc
#define calloc engine_calloc
#define realloc engine_realloc
#define free engine_free
#include "../../web/engine/memory.c"

enum { BLOCKS = 300, STEPS = 200000 };
static uint64_t state = 88172645463325252u;

static size_t chance(size_t n) /* Marsaglia's xorshift (2003) */
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (size_t)(state % n);
}

typedef struct held { unsigned char *at; size_t size; unsigned char mark; } held;

static void fill(held *b)
{
    b->mark = (unsigned char)(1 + chance(255));
    memset(b->at, b->mark, b->size);
}

static void holds(const held *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (b->at[i] != b->mark)
            fail_msg("byte %zu of %zu was written over", i, b->size);
}

static size_t some_size(void) { return chance(20) == 0 ? chance(200000) : chance(600); }

/* What is given out is aligned, zero where that was asked for, and nobody else's; freed, it is whole again. */
static void blocks_are_their_owners_alone(void **unused)
{
    (void)unused;
    static held all[BLOCKS];
    for (int step = 0; step < STEPS; step++) {
        held *b = &all[chance(BLOCKS)];
        size_t size = some_size();
        holds(b, b->at != NULL ? b->size : 0);
        if (b->at != NULL && chance(3) > 0) {
            free(b->at);
            *b = (held){0};
            continue;
        }
        if (b->at != NULL) {
            held old = *b;
            b->at = realloc(b->at, size);
            assert_non_null(b->at);
            b->size = size;
            holds(&(held){b->at, size, old.mark}, size < old.size ? size : old.size);
        } else if (chance(2)) {
            *b = (held){.at = calloc(size, 1), .size = size};
            assert_non_null(b->at);
            holds(b, size); /* mark is 0 */
        } else {
            *b = (held){.at = malloc(size), .size = size};
            assert_non_null(b->at);
        }
        CHECK((uintptr_t)b->at % 16 == 0);
        fill(b);
    }
    for (int i = 0; i < BLOCKS; i++)
        free(all[i].at);
    size_t before = pages;
    unsigned char *whole = malloc(pages * WASM_PAGE - 64);
    assert_non_null(whole); /* the free blocks have joined */
    CHECK(pages == before);
    free(whole);
}

static void memory_that_is_not_there_is_null(void **unused)
{
    (void)unused;
    assert_null(malloc((size_t)PAGES * WASM_PAGE));
    assert_null(malloc(SIZE_MAX - 8));
    assert_null(calloc(SIZE_MAX / 2, 3));
    unsigned char *small = malloc(10);
    memset(small, 7, 10);
    assert_null(realloc(small, (size_t)PAGES * WASM_PAGE));
    CHECK(small[9] == 7);
    free(small);
    free(NULL);
    unsigned char *rest = malloc((size_t)(PAGES - 1) * WASM_PAGE);
    assert_non_null(rest);
    free(rest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(blocks_are_their_owners_alone), cmocka_unit_test(memory_that_is_not_there_is_null)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
