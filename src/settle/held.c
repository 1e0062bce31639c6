/* The positions that are held: actors sorted by position, those at the same position made one.
 *
 * A merge sort over runs that insertion made, stable, so that the weights of one position are summed in the actors'
 * order; the C library's qsort is neither stable nor the same everywhere. */
#include "settle/settle.h"

typedef struct stand {
    double position;
    int32_t actor;
} stand;

enum { RUN = 48 }; /* insertion is faster than merging up to about here */

size_t ent__held_workspace(size_t n)
{
    return n * (2 * sizeof(stand) + 3 * sizeof(double));
}

static void insert(stand *s, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        stand moved = s[i];
        size_t j = i;
        for (; j > 0 && s[j - 1].position > moved.position; j--)
            s[j] = s[j - 1];
        s[j] = moved;
    }
}

static void merge(stand *to, const stand *a, size_t n_a, const stand *b, size_t n_b)
{
    while (n_a > 0 && n_b > 0) {
        bool second = b->position < a->position;
        *to++ = second ? *b : *a;
        b += second, n_b -= second;
        a += !second, n_a -= !second;
    }
    while (n_a-- > 0)
        *to++ = *a++;
    while (n_b-- > 0)
        *to++ = *b++;
}

/* Sorts; the result is in one of the two. */
static const stand *sorted(stand *s, stand *other, size_t n)
{
    for (size_t at = 0; at < n; at += RUN)
        insert(s + at, n - at < RUN ? n - at : RUN);
    for (size_t length = RUN; length < n; length *= 2) {
        for (size_t at = 0; at < n; at += 2 * length) {
            size_t n_a = n - at < length ? n - at : length, left = n - at - n_a;
            merge(other + at, s + at, n_a, s + at + n_a, left < length ? left : length);
        }
        stand *swap = s;
        s = other;
        other = swap;
    }
    return s;
}

void ent__held_find(ent__held *out, const ent_settle_input *in, void *workspace)
{
    size_t n = in->n, k = 0;
    stand *s = workspace, *other = s + n;
    double *position = (double *)(other + n), *weight = position + n;
    int32_t *place = (int32_t *)(weight + n);
    for (size_t i = 0; i < n; i++)
        s[i] = (stand){in->position[i], (int32_t)i};
    const stand *by_position = sorted(s, other, n);
    for (size_t i = 0; i < n; i++) {
        size_t actor = (size_t)by_position[i].actor;
        double x = by_position[i].position, w = ent__settle_weight(in, actor);
        if (i == 0 || x > position[k]) {
            k += i > 0;
            position[k] = x;
            weight[k] = 0;
        }
        weight[k] += w;
        place[actor] = (int32_t)k;
    }
    *out = (ent__held){.n = k + 1, .position = position, .weight = weight, .place = place};
    for (size_t j = 0; j <= k; j++)
        out->total += weight[j];
    out->rest = weight + 2 * n;
}
