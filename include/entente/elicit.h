/**
 * @file entente/elicit.h
 * @brief Stances asked of people: a questionnaire made from a scenario, and a scenario made of their answers.
 *
 * A table of answers has a row for what one expert says of one actor on one issue; docs/elicit.md documents its columns.
 * What several experts say of the same number is pooled: a draw takes one expert's answer, by the experts' weights.
 */
#ifndef ENTENTE_ELICIT_H
#define ENTENTE_ELICIT_H

#include "entente/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What was read, or asked. */
typedef struct ent_elicited {
    size_t actors, issues; /**< of which something is said or asked */
    size_t experts;        /**< distinct names; 1 where nobody is named */
    size_t answers;        /**< rows that say something, or that ask */
} ent_elicited;

/**
 * Writes a scenario from tables of answers.
 *
 * Without `like` it is a new one: a scale from 0 to 100 (or over the positions, where they do not fit), placeholders for
 * claims. With `like` it is a copy of that scenario in which what the experts answered takes the place of what stood in its
 * tables of stances; what nobody answered stays as it was. All mistakes of all files go to `list`, with file, line and
 * column. The folder must not be there, and appears as a whole or not at all.
 * @param[out] told    may be NULL
 * @param      file    n paths, n >= 1
 * @param      like    a scenario's folder, or NULL
 * @param      folder  not NULL, not ""
 * @param      list    not NULL
 * @param[out] err     may be NULL; the first error
 * @return ENT_OK; ENT_ERR_ARGUMENT (no file, no folder); ENT_ERR_IO (a file cannot be read, the folder is there or cannot be
 *         written); ENT_ERR_SCENARIO (mistakes in a table, or in `like`); ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_elicit_scenario(ent_elicited *told, const char *const *file, size_t n,
                                                      const char *like, const char *folder, ent_diagnostics *list,
                                                      ent_error *err);

/**
 * Writes a questionnaire on a scenario's stances: questionnaire.html, to be read on a screen or printed, and answers.csv,
 * a table to fill in, which ent_elicit_scenario() reads. It shows no number of the scenario, so that it suggests none.
 *
 * @param[out] told      may be NULL; what is asked
 * @param      scenario  a scenario's folder
 * @param      issue     n_issues ids to ask about; n_issues 0: all
 * @param      expert    a name that stands in the table already; NULL or "": left empty
 * @param      folder    must not be there; appears as a whole or not at all
 * @param      list      not NULL; what is wrong with the scenario
 * @param[out] err       may be NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (no such issue, nothing to ask, no folder); ENT_ERR_IO; ENT_ERR_SCENARIO; ENT_ERR_LIMIT;
 *         ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_questionnaire_write(ent_elicited *told, const char *scenario,
                                                          const char *const *issue, size_t n_issues, const char *expert,
                                                          const char *folder, ent_diagnostics *list, ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
