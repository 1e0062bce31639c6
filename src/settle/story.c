/* Models of rounds, told in one shape: each model's own telling is in its NAME_story.c. */
#include "settle/story.h"

#include "settle/settle.h"

bool ent__story_begin(ent_story *story, ent__story_room *room, size_t n, int32_t rounds, size_t offers)
{
    size_t states = (size_t)rounds + 1;
    ent__arena *arena = ent__arena_create();
    *story = (ent_story){.n = n, .rounds = rounds, .owner = arena};
    if (arena == NULL)
        return false;
    story->position = room->position = ent__arena_alloc(arena, states * n, sizeof *room->position);
    story->median = room->median = ent__arena_alloc(arena, states, sizeof *room->median);
    story->mean = room->mean = ent__arena_alloc(arena, states, sizeof *room->mean);
    story->offer = room->offer = ent__arena_alloc(arena, offers, sizeof *room->offer);
    return room->position != NULL && room->median != NULL && room->mean != NULL && room->offer != NULL;
}

void ent__story_state(const ent_story *story, ent__story_room *room, int32_t round, const double *position)
{
    for (size_t i = 0; i < story->n; i++)
        room->position[(size_t)round * story->n + i] = position[i];
}

ent_status ent_settle_story(ent_story *out, const ent_settle_input *in, const ent_model *model, ent_error *err)
{
    if (out == NULL || model == NULL || model->story == NULL)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "the model %s has no rounds to tell", model != NULL ? model->name : "that is missing");
    ent_status status = ent_settle_check(in, model, err);
    return status == ENT_OK ? model->story(out, in, err) : status;
}

void ent_story_free(ent_story *story)
{
    if (story == NULL)
        return;
    ent__arena_free(story->owner);
    *story = (ent_story){0};
}
