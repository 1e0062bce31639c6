/**
 * @file entente/call.h
 * @brief Any model of the rooms vote, alliance and war as one function: numbers in, numbers out, over its years.
 *
 * For whoever calls models by what the table says of them: `ent_model` (entente/model.h) has the calls that a year is
 * made of, this makes them in their order. The bindings for Python and R stand on it.
 */
#ifndef ENTENTE_CALL_H
#define ENTENTE_CALL_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Numbers of one input. Borrowed. */
typedef struct ent_numbers {
    const double *value; /**< NULL: left out */
    size_t n;            /**< 1: the same everywhere; ent_port_size() of one year: the same every year; or of all years,
                              year after year. By months: one a month (or one for all) */
} ent_numbers;

/** What goes into a model. Start from ENT_MODEL_INPUT_INIT. */
typedef struct ent_model_input {
    int32_t version;                   /**< 1 */
    size_t count[ENT_AXIS_COUNT];      /**< how many there are on each axis; of years 0 is one */
    const ent_numbers *input;          /**< one for each input of the model, in the table's order */
    const double *option;              /**< one for each option (a word is its index); NULL: the defaults */
    const struct ent_rule *rule;       /**< of consent; else NULL */
    const struct ent_war_event *event; /**< [count[ENT_AXIS_EVENT]] of war; else NULL */
    int32_t first_year;
    int32_t seen_month, seen_state;    /**< of war: the month whose state is known, or -1, and the mask of states */
} ent_model_input;
#define ENT_MODEL_INPUT_INIT {.version = 1, .first_year = 1, .seen_month = -1, .seen_state = -1}

/** How many numbers a port has with these counts: all years together, or of one year. SIZE_MAX where that is too many. */
ENT_API size_t ent_port_size(const ent_port *port, const size_t *count, bool one_year);

/** Whether ent_model_call() gives an output. What is a truth of each draw of a scenario it does not give. */
ENT_API bool ent_model_gives(const ent_model *model, size_t output);

/**
 * Calls a model: before its years where something is calibrated, once a year, and once after them.
 *
 * An input that is left out is what it falls back on, or its default, or not there, as the table says.
 * @param[out] out   for each output NULL (not wanted) or room for ent_port_size() numbers of all years, year after year. A
 *                   number that is undefined is NaN. What ent_model_gives() refuses is left as it is.
 * @param[out] stop  why it stopped; NULL is allowed. ENT_STOP_NO_CONVERGENCE: of the first year that did not converge
 * @param      model one with `call`; not NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (a required input is missing, a number of values that does not fit: the message names
 *         the input); ENT_ERR_DOMAIN (a number out of its range); ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_model_call(double *const *out, ent_stop *stop, const ent_model *model,
                                                 const ent_model_input *in, ent_error *err);

/* --- issues ------------------------------------------------------------------------------------------------ */

/**
 * The scale that is taken where none is stated, as by `entente settle`: 0 to 100 where all lies within, else from the
 * least to the greatest of the positions and the status quo. NaN is passed over. The ends are equal where all is.
 */
ENT_API void ent_settle_scale(double *low, double *high, const double *position, size_t n, double status_quo);

/**
 * Settles several issues by one model: together where it has a way to (exchange, spatial), else one by one.
 *
 * An actor takes no part in an issue where its position is NaN.
 * @param[out] outcome  issues, the caller's; unchanged on error
 * @param[out] stop     NULL is allowed. One by one: that of the last issue that was not done
 * @return ENT_OK; what ent_settle_check() gives, with the number; ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_settle_many(double *outcome, ent_stop *stop, const ent_settle_many_input *in,
                                                  const ent_model *model, ent_error *err);

#ifdef __cplusplus
}
#endif
#endif
