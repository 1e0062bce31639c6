/**
 * @file entente/table.h
 * @brief Who wants what, how much and with what weight, read from a file: what `entente settle` takes.
 *
 * Four formats are read as they are: a table of our own in CSV, the CSV and the XML scenarios of KTAB's Spatial Model
 * of Politics, and the data files of Decide, the program of the exchange model.
 */
#ifndef ENTENTE_TABLE_H
#define ENTENTE_TABLE_H

#include "entente/spatial.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ent_table_format {
    ENT_TABLE_OWN = 0,
    ENT_TABLE_KTAB_CSV,
    ENT_TABLE_KTAB_XML,
    ENT_TABLE_DECIDE,
    ENT_TABLE_FORMAT_COUNT
} ent_table_format;

/** A few words for a format, e.g. "a KTAB scenario (XML)". Never NULL. */
ENT_API const char *ent_table_format_text(ent_table_format format);

/** What a place on an issue's scale means, in words. */
typedef struct ent_table_label {
    size_t issue;
    double at;
    const char *text;
} ent_table_label;

/** An option of a model, as `--option NAME=VALUE` takes it. */
typedef struct ent_table_option {
    const char *name, *value;
} ent_table_option;

/**
 * Who wants what. Plain data, owned by the table. Arrays of n x issues hold one row an actor, one column an issue (a
 * dimension): with one issue, element i is actor i.
 */
typedef struct ent_table {
    ent_table_format format;
    size_t n, issues;               /**< each >= 1 */
    const char *title, *about;      /**< of the whole; "" where not said */
    const char *const *actor;       /**< n, as written; no two alike, none empty */
    const char *const *actor_about; /**< n: a longer name or a description, "" where not said */
    const char *const *issue;       /**< issues: names, no two alike; "" where the only one has none */
    const char *const *issue_about; /**< issues: what is asked, "" where not said */
    const double *position;         /**< n x issues, finite; NaN: the actor takes no part in the issue */
    const double *salience;         /**< n x issues, 0 to 1; 0 where the actor takes no part */
    const double *capability;       /**< n x issues, 0 to 1e100; 0 where the actor takes no part */
    const double *low, *high;       /**< issues: the scales' ends; both NaN where the file does not say */
    const int32_t *line, *column;   /**< n x issues: where the position stands in the file, from 1; 0: no part */
    const ent_table_label *label;   /**< by issue, then as written */
    size_t n_labels;
    const double *accommodation;    /**< n x n: how far ideal i follows position j (KTAB's XML); else NULL */
    const char *model;              /**< the model that the file was made for, "spatial" or "exchange"; NULL for ours */
    const ent_table_option *option; /**< the options of that model that the file states (KTAB's parameters) */
    size_t n_options;
    uint64_t seed; /**< KTAB's prngSeed, 0 where it is not stated */
} ent_table;

/**
 * Reads a file of any of the formats, which its first lines tell.
 *
 * Our own: the columns actor, position, salience and capability, in any order and in upper or lower case; other columns
 * are not looked at; capability may be called power. Cells are apart by comma, semicolon or tab; with the latter two a
 * decimal comma is read. Several issues stand either in rows of their own, named by a column `issue`, or side by side,
 * in columns position.NAME with salience.NAME and capability.NAME, or salience and capability for all of them. An actor
 * with no row, or with empty cells, takes no part in an issue.
 *
 * Everything that is wrong goes to `list` with its line and column: a missing column with the nearest that is there,
 * cells that hold no number, numbers out of range, an actor named twice on an issue, counts that do not fit.
 * @param[out] out   the table, ent_table_free() it; NULL on failure
 * @param      path  not NULL
 * @param[out] list  not NULL
 * @param[out] err   may be NULL
 * @return ENT_OK; ENT_ERR_SCENARIO (see the list); ENT_ERR_IO (no such file); ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_table_read(ent_table **out, const char *path, ent_diagnostics *list,
                                                 ent_error *err);
ENT_API void ent_table_free(ent_table *table); /**< NULL is allowed */

/**
 * Writes a scenario made of a table: scenario.yaml, actors.csv, a table of stances for each issue, brief.md. It passes
 * `entente check` and runs; its claims are placeholders.
 *
 * The folder must not be there. It appears as a whole or not at all: everything is written beside it first.
 * @param      table   not NULL
 * @param      source  the path of the file that the table is from; its last part is named as the source
 * @param      folder  not NULL, not ""
 * @param[out] err     may be NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (no name); ENT_ERR_SCENARIO (nobody has weight on an issue); ENT_ERR_IO (there
 *         already, no permission, disk full); ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_table_import(const ent_table *table, const char *source, const char *folder,
                                                   ent_error *err);

/** True where text begins as a data file of Decide does: with a line marked #O, #/, #A, #P, #M or #D. */
ENT_API bool ent_decide_recognise(const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
