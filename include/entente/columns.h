/**
 * @file entente/columns.h
 * @brief A table of named rows with columns of numbers, read from a CSV file.
 */
#ifndef ENTENTE_COLUMNS_H
#define ENTENTE_COLUMNS_H

#include "entente/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Numbers by row and column. Plain data, owned by the table. */
typedef struct ent_columns {
    size_t n;                    /**< rows, >= 1 */
    const char *const *name;     /**< n: the text of the naming column, as written; never empty */
    const double *const *column; /**< of each column asked for: n numbers, NaN where a cell is empty; NULL: not there */
    const char *const *header;   /**< n_headers: all columns that the table has */
    size_t n_headers;
    const int32_t *line; /**< n: of each row in the file, from 1 */
} ent_columns;

/** What is read. Columns are found in upper or lower case; those not asked for are not looked at. */
typedef struct ent_columns_wanted {
    const char *const
        *naming; /**< the column that names the rows: the first of these that is there, else the first one */
    size_t n_naming;
    const char *const *column; /**< columns of numbers */
    size_t n_columns;
    bool repeats; /**< whether a name may come again (one row a state and year) */
} ent_columns_wanted;

/**
 * Reads a table. Cells are apart by comma, semicolon or tab; with the latter two a decimal comma is read.
 *
 * Everything that is wrong goes to `list` with its line and column: cells that hold no number, rows without a name, a
 * name that comes again.
 * @param[out] out  the table, ent_columns_free() it; NULL on failure
 * @return ENT_OK; ENT_ERR_SCENARIO (see the list); ENT_ERR_IO; ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_columns_read(ent_columns **out, const char *path,
                                                   const ent_columns_wanted *wanted, ent_diagnostics *list,
                                                   ent_error *err);
ENT_API void ent_columns_free(ent_columns *table); /**< NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
