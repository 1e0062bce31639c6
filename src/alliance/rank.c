/* Spearman's rank correlation: Pearson's of the ranks, ties at their mean rank. */
#include "alliance/alliance.h"

#include <math.h>

/* Heapsort of indices by value: n log n whatever the order, no memory of its own. Equal values keep no order, which
 * ties do not need. */
static void sift(size_t *order, size_t root, size_t n, const double *x)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && x[order[child + 1]] > x[order[child]])
            child++;
        if (!(x[order[child]] > x[order[root]]))
            return;
        const size_t swap = order[root];
        order[root] = order[child];
        order[child] = swap;
    }
}

static void sort(size_t *order, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    for (size_t root = n / 2; root-- > 0;)
        sift(order, root, n, x);
    for (size_t end = n; end-- > 1;) {
        const size_t swap = order[0];
        order[0] = order[end];
        order[end] = swap;
        sift(order, 0, end, x);
    }
}

static void ranks(double *rank, size_t *order, const double *x, size_t n)
{
    sort(order, x, n);
    for (size_t first = 0, next; first < n; first = next) {
        next = first + 1;
        while (next < n && x[order[next]] == x[order[first]])
            next++;
        for (size_t k = first; k < next; k++)
            rank[order[k]] = 0.5 * (double)(first + next - 1);
    }
}

double ent__rank_correlation(const double *x, const double *y, size_t n, double *space, size_t *order)
{
    double *p = space, *q = space + n, xx = 0, yy = 0, xy = 0;
    const double middle = 0.5 * (double)(n - 1);
    ranks(p, order, x, n);
    ranks(q, order, y, n);
    for (size_t i = 0; i < n; i++) {
        xx += (p[i] - middle) * (p[i] - middle);
        yy += (q[i] - middle) * (q[i] - middle);
        xy += (p[i] - middle) * (q[i] - middle);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : ENT_UNDEFINED;
}
