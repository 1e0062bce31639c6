/**
 * @file entente/story.h
 * @brief What a model of rounds did, told in one shape for all of them: for pictures and for words.
 */
#ifndef ENTENTE_STORY_H
#define ENTENTE_STORY_H

#include "entente/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One offer: `from` would have `to` stand at `asks`. Texts are constants. */
typedef struct ent_story_offer {
    int32_t round;       /**< from 1 */
    int32_t from, to;    /**< numbers of actors */
    const char *kind;    /**< "confrontation", "compromise", "proposal" */
    double stands, asks; /**< where `to` stands, and where it is to stand */
    double eu_from;      /**< what `from` expects to gain by a challenge, as the model sees it */
    double eu_to;        /**< what `to` expects; NaN where the model has no such number */
    bool accepted;
} ent_story_offer;

/** Owned by the caller, ent_story_free(). There are rounds + 1 states, the first as given. */
typedef struct ent_story {
    size_t n;
    int32_t rounds;
    ent_stop stop;
    double outcome;
    const double *position; /**< (rounds + 1) x n */
    const double *median;   /**< rounds + 1: weighted by capability times salience */
    const double *mean;     /**< rounds + 1 */
    const ent_story_offer *offer; /**< by round, then in the model's order */
    size_t n_offers;
    void *owner;            /**< what holds the arrays */
} ent_story;

/**
 * Plays a model of rounds on one issue and tells it.
 *
 * @param[out] out    owned by the caller; unchanged on error
 * @param      in     as for ent_settle()
 * @param      model  one with rounds (ent_model::story)
 * @param[out] err    may be NULL
 * @return ENT_OK; ENT_ERR_ARGUMENT (the model has no rounds); what ent_settle_check() gives; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_settle_story(ent_story *out, const ent_settle_input *in, const ent_model *model,
                                                   ent_error *err);
ENT_API void ent_story_free(ent_story *story); /**< NULL and a zeroed story are allowed */

#ifdef __cplusplus
}
#endif
#endif
