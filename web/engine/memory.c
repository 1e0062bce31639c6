/* The heap of the engine: malloc(), calloc(), realloc() and free() in a tenth of the C library's code.
 *
 * Free blocks are a list in the order of their addresses, joined with their neighbours; the first that is large enough is
 * taken. There are few: a plan is some tables, results lie in arenas, a run has its columns. Memory that was never given
 * out is zero, so calloc() clears only what was. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1 << 16, HEAD = 16 };

typedef struct block { /* before what is given out */
    size_t size;       /* with this head; a multiple of HEAD */
    struct block *next;
} block;

extern unsigned char __heap_base[]; /* from the linker */

static block first;              /* its next is the lowest free block */
static unsigned char *end;       /* of the heap so far */
static unsigned char *touched;   /* nothing was given out from here on */

/* Joins a block of the list with the next one where they touch; the head in between becomes zero again. */
static void join(block *b)
{
    block *next = b->next;
    if (next == NULL || (unsigned char *)b + b->size != (unsigned char *)next)
        return;
    b->size += next->size;
    b->next = next->next;
    *next = (block){0};
}

static void give_back(block *b)
{
    block *before = &first;
    while (before->next != NULL && before->next < b)
        before = before->next;
    b->next = before->next;
    before->next = b;
    join(b);
    if (before != &first)
        join(before);
}

/* A free block of at least `size` bytes at the end of the heap: what is free there already is a part of it. */
static int grow(size_t size)
{
    if (end == NULL) {
        end = (unsigned char *)(((uintptr_t)__heap_base + HEAD - 1) & ~(uintptr_t)(HEAD - 1));
        touched = end;
    }
    const block *last = &first;
    while (last->next != NULL)
        last = last->next;
    bool at_end = last != &first && (const unsigned char *)last + last->size == end;
    size_t room = __builtin_wasm_memory_size(0) * PAGE - (uintptr_t)end, wanted = size - (at_end ? last->size : 0);
    if (room < wanted) {
        size_t more = (wanted - room + PAGE - 1) / PAGE;
        if (__builtin_wasm_memory_grow(0, more) == SIZE_MAX)
            return 0;
        room += more * PAGE;
    }
    block *b = (block *)(void *)end;
    b->size = room & ~(size_t)(HEAD - 1);
    end += b->size;
    give_back(b);
    return 1;
}

void *malloc(size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        return NULL;
    size_t size = (bytes + HEAD + HEAD - 1) & ~(size_t)(HEAD - 1);
    block *before = &first;
    while (before->next != NULL && before->next->size < size)
        before = before->next;
    if (before->next == NULL) {
        if (!grow(size))
            return NULL;
        return malloc(bytes);
    }
    block *b = before->next;
    if (b->size >= size + 2 * HEAD) {
        block *rest = (block *)(void *)((unsigned char *)b + size);
        rest->size = b->size - size;
        rest->next = b->next;
        b->size = size;
        before->next = rest;
        if ((unsigned char *)rest + HEAD > touched)
            touched = (unsigned char *)rest + HEAD;
    } else {
        before->next = b->next;
        if ((unsigned char *)b + b->size > touched)
            touched = (unsigned char *)b + b->size;
    }
    return b + 1;
}

void free(void *given)
{
    if (given != NULL)
        give_back((block *)given - 1);
}

void *calloc(size_t n, size_t size)
{
    size_t bytes;
    unsigned char *old = touched;
    if (__builtin_mul_overflow(n, size, &bytes))
        return NULL;
    unsigned char *given = malloc(bytes);
    if (given != NULL && (old == NULL || given < old))
        memset(given, 0, old != NULL && (size_t)(old - given) < bytes ? (size_t)(old - given) : bytes);
    return given;
}

void *realloc(void *given, size_t bytes)
{
    if (given == NULL)
        return malloc(bytes);
    size_t had = ((block *)given - 1)->size - HEAD;
    if (had >= bytes)
        return given;
    void *larger = malloc(bytes);
    if (larger != NULL) {
        memcpy(larger, given, had);
        free(given);
    }
    return larger;
}
