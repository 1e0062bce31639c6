/**
 * @file entente/table.h
 * @brief A table of actors on one issue, read from a CSV file: what `entente settle` takes.
 */
#ifndef ENTENTE_TABLE_H
#define ENTENTE_TABLE_H

#include "entente/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Who wants what. Plain data, owned by the table; row i is actor i in every array. */
typedef struct ent_table {
    size_t n;                 /**< actors, >= 1 */
    const char *const *actor; /**< as written; no two alike, none empty */
    const double *position;   /**< finite */
    const double *salience;   /**< 0 to 1 */
    const double *capability; /**< finite, >= 0 */
    const int32_t *line;      /**< of each row in the file, from 1 */
} ent_table;

/**
 * Reads a table with the columns actor, position, salience and capability, in any order and in upper or lower case;
 * other columns are not looked at. Cells are apart by comma, semicolon or tab; with the latter two a decimal comma is
 * read.
 *
 * Everything that is wrong goes to `list` with its line and column: a missing column with the nearest that is there,
 * cells that hold no number, numbers out of range, an actor named twice.
 * @param[out] out   the table, ent_table_free() it; NULL on failure
 * @param      path  not NULL
 * @param[out] list  not NULL
 * @param[out] err   may be NULL
 * @return ENT_OK; ENT_ERR_SCENARIO (see the list); ENT_ERR_IO (no such file); ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_table_read(ent_table **out, const char *path, ent_diagnostics *list,
                                                 ent_error *err);
ENT_API void ent_table_free(ent_table *table); /**< NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
