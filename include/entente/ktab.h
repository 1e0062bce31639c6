/**
 * @file entente/ktab.h
 * @brief Scenario files of KTAB's Spatial Model of Politics, read as they are: CSV and XML.
 */
#ifndef ENTENTE_KTAB_H
#define ENTENTE_KTAB_H

#include "entente/spatial.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What such a file says. Plain data, owned by it; tables hold one row an actor. */
typedef struct ent_ktab {
    const char *name, *description; /**< of the scenario; "" where not said */
    size_t n, dims;
    const char *const *actor;      /**< n names, no two alike, none empty */
    const char *const *about;      /**< n descriptions, "" where not said */
    const char *const *dimension;  /**< dims names, "" where not said */
    const double *position;        /**< n x dims, 0 to 100 */
    const double *salience;        /**< n x dims, 0 to 1: the file's number divided by 100 */
    const double *capability;      /**< n, >= 0 */
    const double *accommodation;   /**< n x n, rows summing to at most 1; NULL where the file does not say */
    ent_spatial_options options;   /**< mode ktab, with the file's parameters and seed; else that program's defaults */
    bool has_parameters, has_seed; /**< whether the file says them (a CSV file never does) */
    bool is_xml;
    const int32_t *line; /**< n: where each actor stands in the file, from 1 */
} ent_ktab;

/** True where text begins as such a file does: an XML document of a `Scenario`, or a CSV file whose first line ends in
 * two counts and whose second starts with Actor, Description. Nothing else is looked at. */
ENT_API bool ent_ktab_recognise(const char *text, size_t length);

/**
 * Reads such a file. Which of the two formats it is, its first character says ('<': XML).
 *
 * Everything that is wrong goes to `list` with its line and column: counts that do not fit the rows, rows that are too
 * short, cells that hold no number or one off its scale, saliences that sum to more than 100, an actor named twice,
 * parameters that are unknown (with the nearest known), XML that is not well formed. A document type in XML is refused,
 * so no entity is ever expanded. Elements that the format does not have give a warning.
 * @param[out] out   ent_ktab_free() it; NULL on failure
 * @param      path  not NULL
 * @param[out] list  not NULL
 * @param[out] err   may be NULL
 * @return ENT_OK; ENT_ERR_SCENARIO (see the list); ENT_ERR_IO; ENT_ERR_LIMIT (too large, too many actors);
 * ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_ktab_read(ent_ktab **out, const char *path, ent_diagnostics *list,
                                                ent_error *err);
ENT_API void ent_ktab_free(ent_ktab *ktab); /**< NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
