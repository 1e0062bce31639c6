/* The rounds of the challenge model, told as ent_story. */
#include "entente/challenge.h"
#include "settle/settle.h"
#include "settle/story.h"

ent_status ent__challenge_story(ent_story *out, const ent_settle_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_challenge_result *result = NULL;
    ent_story story = {0};
    ent__story_room room;
    ent_challenge_options options = ent_challenge_options_of(in->option);
    const ent_challenge_input input = {in->n, in->position, in->salience, in->capability};
    ENT_TRY(ent_challenge(&result, &input, &options, err));
    size_t offers = 0;
    for (int32_t r = 0; r <= result->rounds; r++)
        offers += result->round[r].n_offers;
    ENT_REQUIRE(ent__story_begin(&story, &room, in->n, result->rounds, offers), ENT_ERR_MEMORY,
                "not enough memory to tell %d rounds", result->rounds);
    story.stop = result->stop;
    story.outcome = result->outcome;
    for (int32_t r = 0; r <= result->rounds; r++) {
        const ent_challenge_round *round = &result->round[r];
        ent__story_state(&story, &room, r, round->position);
        room.median[r] = round->median;
        room.mean[r] = round->mean;
        for (size_t k = 0; k < round->n_offers; k++) {
            const ent_challenge_offer *from = &round->offer[k];
            room.offer[story.n_offers++] = (ent_story_offer){
                .round = r + 1, .from = from->proposer, .to = from->receiver,
                .kind = from->kind == ENT_CHALLENGE_CONFRONTATION ? "confrontation" : "compromise",
                .stands = round->position[from->receiver], .asks = from->position, .eu_from = from->eu_proposer,
                .eu_to = from->eu_receiver, .accepted = from->accepted};
        }
    }
    *out = story;
    story = (ent_story){0};
done:
    ent_challenge_free(result);
    ent_story_free(&story);
    return status;
}
