/* The nodes that wait for their siblings. There are few: one for each bit of the number of blocks, and one for each
 * thread that is ahead. */
#include "ensemble/tree.h"

#include <string.h>

static void merge_all(ent__moments *left, const ent__moments *right, int32_t n)
{
    for (int32_t t = 0; t < n; t++)
        ent__moments_merge(&left[t], &right[t]);
}

/* Room for one more element; NULL without memory. */
static void *grow(void *list, int32_t count, int32_t *capacity, size_t size)
{
    if (count < *capacity)
        return list;
    int32_t want = *capacity > 0 ? 2 * *capacity : 8;
    void *grown = ent__realloc(list, (size_t)want, size);
    if (grown != NULL)
        *capacity = want;
    return grown;
}

static void give_back(ent__tree *tree, ent__moments *moments)
{
    void *room = grow(tree->spare, tree->n_spare, &tree->capacity_spare, sizeof *tree->spare);
    if (room == NULL) {
        ent__free(moments);
        return;
    }
    tree->spare = room;
    tree->spare[tree->n_spare++] = moments;
}

ent__moments *ent__tree_take(ent__tree *tree)
{
    if (tree->n_spare > 0)
        return tree->spare[--tree->n_spare];
    return ent__alloc((size_t)tree->n_tallies, sizeof(ent__moments));
}

static int32_t find_sibling(const ent__tree *tree, int32_t level, int64_t index)
{
    for (int32_t i = 0; i < tree->n_waiting; i++)
        if (tree->waiting[i].level == level && tree->waiting[i].index == (index ^ 1))
            return i;
    return -1;
}

bool ent__tree_join(ent__tree *tree, int32_t level, int64_t index, ent__moments *moments)
{
    for (int32_t i = find_sibling(tree, level, index); i >= 0; i = find_sibling(tree, level, index)) {
        ent__subtree other = tree->waiting[i];
        tree->waiting[i] = tree->waiting[--tree->n_waiting];
        ent__moments *left = other.index < index ? other.moments : moments;
        ent__moments *right = other.index < index ? moments : other.moments;
        merge_all(left, right, tree->n_tallies);
        give_back(tree, right);
        moments = left;
        level++;
        index >>= 1;
    }
    void *room = grow(tree->waiting, tree->n_waiting, &tree->capacity_waiting, sizeof *tree->waiting);
    if (room == NULL) {
        ent__free(moments);
        return false;
    }
    tree->waiting = room;
    tree->waiting[tree->n_waiting++] = (ent__subtree){index, level, moments};
    return true;
}

void ent__tree_fold(ent__tree *tree, ent__moments *total)
{
    while (tree->n_waiting > 0) {
        int32_t last = 0;
        for (int32_t i = 1; i < tree->n_waiting; i++)
            if (tree->waiting[i].index << tree->waiting[i].level > tree->waiting[last].index << tree->waiting[last].level)
                last = i;
        ent__moments *left = tree->waiting[last].moments;
        merge_all(left, total, tree->n_tallies);
        memcpy(total, left, (size_t)tree->n_tallies * sizeof *total);
        give_back(tree, left);
        tree->waiting[last] = tree->waiting[--tree->n_waiting];
    }
}

void ent__tree_free(ent__tree *tree)
{
    for (int32_t i = 0; i < tree->n_waiting; i++)
        ent__free(tree->waiting[i].moments);
    for (int32_t i = 0; i < tree->n_spare; i++)
        ent__free(tree->spare[i]);
    ent__free(tree->waiting);
    ent__free(tree->spare);
    *tree = (ent__tree){0};
}
