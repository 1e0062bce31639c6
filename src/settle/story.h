/* What the tellers of rounds share. */
#ifndef ENT_SRC_STORY_H
#define ENT_SRC_STORY_H

#include "core/core.h"
#include "entente/story.h"

typedef struct ent__story_room { /* the story's arrays, to be filled */
    double *position, *median, *mean;
    ent_story_offer *offer;
} ent__story_room;

/* A story with room for its arrays, owned by an arena of its own; false without memory (free the story all the same). */
bool ent__story_begin(ent_story *story, ent__story_room *room, size_t n, int32_t rounds, size_t offers);
/* Notes where all stand at the start of a round. */
void ent__story_state(const ent_story *story, ent__story_room *room, int32_t round, const double *position);

#endif
