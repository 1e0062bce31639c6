/* Reading whole files. */
#ifndef ENT_SRC_SCENARIO_FILE_H
#define ENT_SRC_SCENARIO_FILE_H

#include "entente/scenario.h"
#include "scenario/scenario.h"

/* The bytes of an ordinary file of at most ENT_MAX_FILE_BYTES, ended by 0; ent__free() them. Else ENT_ERR_IO or
 * ENT_ERR_LIMIT with a problem that follows the file's name in a sentence, or ENT_ERR_MEMORY. */
ent_status ent__file_read(char **text, size_t *length, const char *path, char problem[160]);
/* Counts a file that was read into the scenario's hash. */
void ent__hash_file(ent_scenario *scenario, const char *name, const char *text, size_t length);
/* Keeps its text for the report, once for each name; false without memory. */
bool ent__keep_file(ent_scenario *scenario, const char *name, const char *text, size_t length);

#endif
