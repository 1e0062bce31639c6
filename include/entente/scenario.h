/**
 * @file entente/scenario.h
 * @brief Read and check a scenario folder.
 */
#ifndef ENTENTE_SCENARIO_H
#define ENTENTE_SCENARIO_H

#include "entente/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A scenario as read; immutable. Opaque. */
typedef struct ent_scenario ent_scenario;

/**
 * Reads the scenario in a folder (or its scenario.yaml): YAML, the CSV tables it names and its brief.
 *
 * Every error and warning found goes to `list`, each with file, line and column; a syntax error of the YAML comes alone.
 * On any error in the list the status is ENT_ERR_SCENARIO and *out stays NULL.
 * @param[out] out   owned by the caller; ent_scenario_free()
 * @param      path  folder or file
 * @param      list  not NULL
 * @param[out] err   may be NULL; the first error
 * @return ENT_OK; ENT_ERR_SCENARIO; ENT_ERR_IO (not there, unreadable); ENT_ERR_LIMIT (too large, too deep);
 *         ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_scenario_read(ent_scenario **out, const char *path, ent_diagnostics *list,
                                                    ent_error *err);
ENT_API void ent_scenario_free(ent_scenario *scenario); /**< NULL is allowed */

/**
 * Writes a small scenario to start from: commented, complete, ready to run (scenario.yaml, actors.csv, trade.csv, brief.md).
 *
 * The folder is made where it is not there. One that holds anything is left alone. scenario.yaml is written last, and after a
 * failure nothing of what was written stays.
 * @param      folder  not NULL, not ""
 * @param[out] err     may be NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (no name); ENT_ERR_IO (not empty, no permission, disk full); ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_scenario_new(const char *folder, ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
