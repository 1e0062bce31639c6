/* For tests: reads "sobol N" and N lines "a b ab", or "delta N BINS" and N lines "y class weight"; prints the indices. */
#include "entente.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_index(const ent_index *x) { printf("%.17g %.17g %.17g\n", x->value, x->low, x->high); }

int main(void)
{
    char what[16], word[64];
    size_t n;
    int bins = 1;
    ent_error err;
    if (scanf("%15s %zu", what, &n) != 2 || (strcmp(what, "delta") == 0 && scanf("%d", &bins) != 1))
        return 2;
    double *x[3];
    int32_t *bin = calloc(n, sizeof *bin);
    for (int k = 0; k < 3; k++)
        x[k] = calloc(n, sizeof *x[k]);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 3; k++) {
            if (scanf("%63s", word) != 1)
                return 2;
            x[k][i] = strtod(word, NULL);
        }
    if (strcmp(what, "sobol") == 0) {
        ent_index first, total;
        if (ent_sobol_indices(&first, &total, x[0], x[1], x[2], n, 1, &err) != ENT_OK)
            return 1;
        print_index(&first);
        print_index(&total);
    } else {
        ent_index delta;
        for (size_t i = 0; i < n; i++)
            bin[i] = (int32_t)x[1][i];
        if (ent_delta_index(&delta, x[0], bin, bins, x[2], n, 1, &err) != ENT_OK)
            return 1;
        print_index(&delta);
    }
    for (int k = 0; k < 3; k++)
        free(x[k]);
    free(bin);
    return 0;
}
