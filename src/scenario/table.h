/* Tables of actors and issues, whatever file they come from. Private to this room. */
#ifndef ENT_SRC_SCENARIO_TABLE_H
#define ENT_SRC_SCENARIO_TABLE_H

#include "entente/table.h"
#include "scenario/reader.h"

/* What a table is filled through: its arrays, writable. */
typedef struct ent__table_draft {
    size_t n, issues;
    double *position, *salience, *capability, *low, *high;
    int32_t *line, *column;
    const char **actor, **actor_about, **issue, **issue_about;
} ent__table_draft;

/* Arrays for n actors and so many issues: nobody takes part in anything, no scale is stated, all texts are "". Too many
 * are told; false then, or without memory. */
bool ent__table_start(ent__parse *to, ent__table_draft *draft, const char *file, size_t n, size_t issues);
/* Hands the arrays over. */
void ent__table_fill(ent_table *table, const ent__table_draft *draft);

typedef enum ent__table_number { ENT__POSITION, ENT__SALIENCE, ENT__CAPABILITY, ENT__TABLE_COLUMNS } ent__table_number;

/* One number of an actor; what is wrong with it is told. `issue` is "" where there is only one. */
bool ent__table_number_read(ent__parse *to, double *out, const ent__cell *cell, ent__table_number which,
                            const char *file, bool comma, const char *actor, const char *issue);

/* The formats. What is wrong is told: ENT_OK, ENT_ERR_SCENARIO, ENT_ERR_LIMIT, ENT_ERR_MEMORY. */
ent_status ent__decide_parse(ent_table *out, ent__parse *to, const char *file, const char *text, size_t length);

#endif
