/* Reading the CSV files of tests/golden: no quotes, no commas within cells. */
#ifndef ENT_TESTS_GOLDEN_H
#define ENT_TESTS_GOLDEN_H

#include "check.h"

enum { GOLDEN_CELLS = 24, GOLDEN_LINE = 1024 };

typedef struct golden {
    FILE *file;
    char line[GOLDEN_LINE];
    char *cell[GOLDEN_CELLS];
    size_t n;      /* cells of the line */
    size_t number; /* of the line, the header is 1 */
} golden;

static inline size_t golden_next(golden *g)
{
    g->n = 0;
    if (fgets(g->line, GOLDEN_LINE, g->file) == NULL)
        return 0;
    g->number++;
    g->line[strcspn(g->line, "\r\n")] = 0;
    for (char *at = g->line; at != NULL && g->n < GOLDEN_CELLS;) {
        g->cell[g->n++] = at;
        at = strchr(at, ',');
        if (at != NULL)
            *at++ = 0;
    }
    return g->n;
}

/* Opens tests/golden/FOLDER/NAME behind its header. */
static inline golden golden_open(const char *folder, const char *name)
{
    const char *source = getenv("ENTENTE_SOURCE");
    golden g = {0};
    char path[GOLDEN_LINE];
    snprintf(path, sizeof path, "%s/tests/golden/%s/%s", source != NULL ? source : ".", folder, name);
    g.file = fopen(path, "r");
    if (g.file == NULL)
        fail_msg("%s cannot be read", path);
    golden_next(&g);
    return g;
}

static inline double golden_number(const golden *g, size_t cell)
{
    return strtod(g->cell[cell], NULL);
}

/* The index of a name in a list of n; fails where it is not there. */
static inline size_t golden_index(char name[][48], size_t n, const char *wanted)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name[i], wanted) == 0)
            return i;
    fail_msg("no %s", wanted);
    return 0;
}

#endif
