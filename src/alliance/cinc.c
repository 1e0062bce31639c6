/* The composite index of national capability: CINC = mean over components of (a state's amount / the year's total).
 *
 * Singer, Bremer & Stuckey (1972). A missing component is left out of the mean; so is one of which nobody has any. Rows
 * are taken year by year, in the caller's order within a year, so that totals do not depend on anything else. */
#include "alliance/alliance.h"

#include <stdlib.h>

const char *ent_cinc_component(size_t i)
{
    static const char *const name[ENT_CINC_COMPONENTS] = {"milex", "milper", "irst", "pec", "tpop", "upop"};
    return i < ENT_CINC_COMPONENTS ? name[i] : NULL;
}

typedef struct entry {
    int32_t year;
    size_t row;
} entry;

static int by_year(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    return x->year != y->year ? (x->year > y->year) - (x->year < y->year) : (x->row > y->row) - (x->row < y->row);
}

static void index_year(double *out, const double *component, const entry *at, size_t n)
{
    double total[ENT_CINC_COMPONENTS] = {0};
    for (size_t k = 0; k < n; k++)
        for (size_t c = 0; c < ENT_CINC_COMPONENTS; c++) {
            const double x = component[at[k].row * ENT_CINC_COMPONENTS + c];
            total[c] += ent__is_undefined(x) ? 0 : x;
        }
    for (size_t k = 0; k < n; k++) {
        double sum = 0;
        int there = 0;
        for (size_t c = 0; c < ENT_CINC_COMPONENTS; c++) {
            const double x = component[at[k].row * ENT_CINC_COMPONENTS + c];
            if (ent__is_undefined(x) || !(total[c] > 0))
                continue;
            sum += x / total[c];
            there++;
        }
        out[at[k].row] = there > 0 ? sum / there : ENT_UNDEFINED;
    }
}

ent_status ent_cinc(double *out, const double *component, const int32_t *year, size_t rows, ent_error *err)
{
    ent_status status = ENT_OK;
    entry *order = NULL;
    ENT_REQUIRE(out != NULL && component != NULL && rows > 0, ENT_ERR_ARGUMENT, "there are no rows");
    for (size_t i = 0; i < rows * ENT_CINC_COMPONENTS; i++)
        if (!ent__is_undefined(component[i]))
            ENT_TRY(ent__alliance_number(ent_cinc_component(i % ENT_CINC_COMPONENTS), "row", i / ENT_CINC_COMPONENTS,
                                         component[i], &ENT__MONEY, err));
    order = ent__alloc(rows, sizeof *order);
    ENT_REQUIRE(order != NULL, ENT_ERR_MEMORY, "not enough memory for %zu rows", rows);
    for (size_t i = 0; i < rows; i++)
        order[i] = (entry){year != NULL ? year[i] : 0, i};
    qsort(order, rows, sizeof *order, by_year);
    for (size_t first = 0, next; first < rows; first = next) {
        next = first + 1;
        while (next < rows && order[next].year == order[first].year)
            next++;
        index_year(out, component, order + first, next - first);
    }
done:
    ent__free(order);
    return status;
}
