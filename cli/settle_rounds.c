/* The rounds of a model that has them, as JSON: where everyone stood at the start of each, and who offered what to
 * whom. */
#include "settle.h"

#include <stdlib.h>
#include <string.h>

/* "KEY":{"ACTOR":value, ...}; `in_list` writes each value as a list of one, a dimension. */
static void by_actor(const settled *s, char *const *name, const char *key, const double *value, bool in_list)
{
    printf("\"%s\":{", key);
    for (size_t i = 0; i < s->in.n; i++) {
        char text[32];
        ent_number_text(text, value[i]);
        printf("%s%s:%s%s%s", i > 0 ? "," : "", name[i], in_list ? "[" : "", text, in_list ? "]" : "");
    }
    putchar('}');
}

static void member(const char *key, double x)
{
    putchar(',');
    settle_json_number(key, x);
}

static void truth(const char *key, bool x)
{
    printf(",\"%s\":%s", key, x ? "true" : "false");
}

/* --- spatial -------------------------------------------------------------------------------------------- */

static void spatial_round(const settled *s, const ent_spatial_round *round, char *const *name)
{
    by_actor(s, name, "positions", round->position, true);
    member("median", settle_by(s, "median", round->position));
    member("mean", settle_by(s, "compromise", round->position));
    putchar(',');
    by_actor(s, name, "risk", round->risk, false);
    putchar(',');
    by_actor(s, name, "win_probability", round->win_probability, false);
    printf(",\"offers\":[");
    for (size_t k = 0; k < round->n_offers; k++) {
        const ent_spatial_offer *o = &round->offer[k];
        printf("%s\n   {\"from\":%s,\"to\":%s", k > 0 ? "," : "", name[o->initiator], name[o->receiver]);
        member("chance", o->phi);
        member("gain", o->delta);
        member("from_moves_to", o->initiator_moves[0]);
        member("to_moves_to", o->receiver_moves[0]);
        truth("from_takes", o->initiator_takes);
        truth("to_takes", o->receiver_takes);
        putchar('}');
    }
    putchar(']');
}

static int spatial_rounds(const settled *s, char *const *name)
{
    const ent_spatial_input in = {.n = s->in.n,
                                  .dims = 1,
                                  .position = s->in.position,
                                  .salience = s->in.salience,
                                  .capability = s->in.capability,
                                  .low = &s->in.low,
                                  .high = &s->in.high};
    ent_spatial_options options = ent_spatial_options_of(s->option);
    options.seed = s->in.seed;
    ent_spatial_result *result = NULL;
    ent_error err = {0};
    if (ent_spatial(&result, &in, &options, &err) != ENT_OK)
        return cli_fail_error(false, &err);
    for (int32_t r = 0; r <= result->rounds; r++) {
        fputs(r > 0 ? ",\n  {" : "\n  {", stdout);
        spatial_round(s, &result->round[r], name);
        putchar('}');
    }
    ent_spatial_free(result);
    return CLI_GO;
}

/* --- challenge ------------------------------------------------------------------------------------------ */

static void challenge_round(const settled *s, const ent_challenge_round *round, char *const *name)
{
    static const char *const kind[] = {
        [ENT_CHALLENGE_CONFRONTATION] = "confrontation", [ENT_CHALLENGE_COMPROMISE] = "compromise"};
    by_actor(s, name, "positions", round->position, false);
    member("median", round->median);
    member("mean", round->mean);
    putchar(',');
    if (round->risk != NULL)
        by_actor(s, name, "risk", round->risk, false);
    else
        printf("\"risk\":null");
    printf(",\"offers\":[");
    for (size_t k = 0; k < round->n_offers; k++) {
        const ent_challenge_offer *o = &round->offer[k];
        printf("%s\n   {\"from\":%s,\"to\":%s,\"kind\":\"%s\"", k > 0 ? "," : "", name[o->proposer], name[o->receiver],
               kind[o->kind]);
        member("asks", o->position);
        member("expected_from", o->eu_proposer);
        member("expected_to", o->eu_receiver);
        truth("accepted", o->accepted);
        putchar('}');
    }
    putchar(']');
}

static int challenge_rounds(const settled *s, char *const *name)
{
    const ent_challenge_input in = {
        .n = s->in.n, .position = s->in.position, .salience = s->in.salience, .capability = s->in.capability};
    const ent_challenge_options options = ent_challenge_options_of(s->option);
    ent_challenge_result *result = NULL;
    ent_error err = {0};
    if (ent_challenge(&result, &in, &options, &err) != ENT_OK)
        return cli_fail_error(false, &err);
    for (int32_t r = 0; r <= result->rounds; r++) {
        fputs(r > 0 ? ",\n  {" : "\n  {", stdout);
        challenge_round(s, &result->round[r], name);
        putchar('}');
    }
    ent_challenge_free(result);
    return CLI_GO;
}

/* --- all ------------------------------------------------------------------------------------------------ */

/* Every actor's name as a JSON string; NULL without memory. */
static char **quote_names(const ent_table *table)
{
    char **name = calloc(table->n, sizeof *name);
    for (size_t i = 0; name != NULL && i < table->n; i++)
        if ((name[i] = cli_json(table->actor[i])) == NULL) {
            while (i-- > 0)
                ent_bytes_free(name[i]);
            free(name);
            return NULL;
        }
    return name;
}

int settle_rounds_json(const settled *s)
{
    char **name = quote_names(s->table);
    int code = CLI_GO;
    if (name == NULL)
        return cli_fail(false, CLI_IO, "not enough memory");
    printf("\"rounds\":[");
    if (strcmp(s->model->name, "spatial") == 0 && s->in.n > 1)
        code = spatial_rounds(s, name);
    else if (strcmp(s->model->name, "challenge") == 0)
        code = challenge_rounds(s, name);
    putchar(']');
    for (size_t i = 0; i < s->in.n; i++)
        ent_bytes_free(name[i]);
    free(name);
    return code;
}
