/* The rounds of the spatial model in one dimension, told as ent_story. */
#include "entente/spatial.h"
#include "settle/settle.h"
#include "settle/story.h"

/* The receiver's side of every proposal, and the initiator's where it would move as well. */
static void tell_offers(ent_story *story, ent_story_offer *offer, int32_t r, const ent_spatial_round *round)
{
    for (size_t k = 0; k < round->n_offers; k++) {
        const ent_spatial_offer *from = &round->offer[k];
        offer[story->n_offers++] = (ent_story_offer){.round = r + 1,
                                                     .from = from->initiator,
                                                     .to = from->receiver,
                                                     .kind = "proposal",
                                                     .stands = round->position[from->receiver],
                                                     .asks = from->receiver_moves[0],
                                                     .eu_from = from->delta,
                                                     .eu_to = from->receiver_delta,
                                                     .accepted = from->receiver_takes};
        offer[story->n_offers++] = (ent_story_offer){.round = r + 1,
                                                     .from = from->receiver,
                                                     .to = from->initiator,
                                                     .kind = "proposal",
                                                     .stands = round->position[from->initiator],
                                                     .asks = from->initiator_moves[0],
                                                     .eu_from = from->receiver_delta,
                                                     .eu_to = from->delta,
                                                     .accepted = from->initiator_takes};
    }
}

ent_status ent__spatial_story(ent_story *out, const ent_settle_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_spatial_result *result = NULL;
    ent_story story = {0};
    ent__story_room room;
    void *workspace = NULL;
    ent_spatial_options options = ent_spatial_options_of(in->option);
    options.seed = in->seed;
    options.stream = in->stream;
    options.draw = in->draw;
    const ent_spatial_input input = {.n = in->n,
                                     .dims = 1,
                                     .position = in->position,
                                     .salience = in->salience,
                                     .capability = in->capability,
                                     .low = &in->low,
                                     .high = &in->high};
    ENT_TRY(ent_spatial(&result, &input, &options, err));
    size_t offers = 0;
    for (int32_t r = 0; r <= result->rounds; r++)
        offers += 2 * result->round[r].n_offers;
    workspace = ent__alloc(ent__model_median.workspace(in->n) + ent__model_compromise.workspace(in->n) + 1, 1);
    ENT_REQUIRE(workspace != NULL && ent__story_begin(&story, &room, in->n, result->rounds, offers), ENT_ERR_MEMORY,
                "not enough memory to tell %d rounds", result->rounds);
    story.stop = result->stop;
    story.outcome = result->outcome[0];
    for (int32_t r = 0; r <= result->rounds; r++) {
        const ent_spatial_round *round = &result->round[r];
        ent_settle_input state = *in;
        state.position = round->position;
        ent__story_state(&story, &room, r, round->position);
        ent_settle_output got = {0};
        ent__model_median.settle(&got, &state, workspace);
        room.median[r] = got.outcome;
        ent__model_compromise.settle(&got, &state, workspace);
        room.mean[r] = got.outcome;
        tell_offers(&story, room.offer, r, round);
    }
    *out = story;
    story = (ent_story){0};
done:
    ent_spatial_free(result);
    ent_story_free(&story);
    ent__free(workspace);
    return status;
}
