/* The rounds of a model that has them, as JSON: where everyone stood at the start of each, and who offered what to whom. */
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

static void offers(const ent_spatial_round *round, char *const *name)
{
    printf("\"offers\":[");
    for (size_t k = 0; k < round->n_offers; k++) {
        const ent_spatial_offer *o = &round->offer[k];
        printf("%s\n   {\"from\":%s,\"to\":%s,", k > 0 ? "," : "", name[o->initiator], name[o->receiver]);
        settle_json_number("chance", o->phi), putchar(',');
        settle_json_number("gain", o->delta), putchar(',');
        settle_json_number("from_moves_to", o->initiator_moves[0]), putchar(',');
        settle_json_number("to_moves_to", o->receiver_moves[0]);
        printf(",\"from_takes\":%s,\"to_takes\":%s}", o->initiator_takes ? "true" : "false", o->receiver_takes ? "true" : "false");
    }
    putchar(']');
}

static void tell(const settled *s, const ent_spatial_result *result, char *const *name)
{
    for (int32_t r = 0; r <= result->rounds; r++) {
        const ent_spatial_round *round = &result->round[r];
        printf("%s\n  {", r > 0 ? "," : "");
        by_actor(s, name, "positions", round->position, true);
        putchar(',');
        settle_json_number("median", settle_by(s, "median", round->position)), putchar(',');
        settle_json_number("mean", settle_by(s, "compromise", round->position)), putchar(',');
        by_actor(s, name, "risk", round->risk, false), putchar(',');
        by_actor(s, name, "win_probability", round->win_probability, false), putchar(',');
        offers(round, name);
        putchar('}');
    }
}

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

static int spatial_rounds(const settled *s)
{
    const ent_spatial_input in = {.n = s->in.n, .dims = 1, .position = s->in.position, .salience = s->in.salience,
                                  .capability = s->in.capability, .low = &s->in.low, .high = &s->in.high};
    ent_spatial_options options = ent_spatial_options_of(s->option);
    options.seed = s->in.seed;
    ent_spatial_result *result = NULL;
    ent_error err = {0};
    if (ent_spatial(&result, &in, &options, &err) != ENT_OK)
        return cli_fail_error(false, &err);
    char **name = quote_names(s->table);
    if (name != NULL)
        tell(s, result, name);
    for (size_t i = 0; name != NULL && i < s->in.n; i++)
        ent_bytes_free(name[i]);
    free(name);
    ent_spatial_free(result);
    return name != NULL ? CLI_GO : cli_fail(false, CLI_IO, "not enough memory");
}

int settle_rounds_json(const settled *s)
{
    printf("\"rounds\":[");
    int code = strcmp(s->model->name, "spatial") == 0 && s->in.n > 1 ? spatial_rounds(s) : CLI_GO;
    putchar(']');
    return code;
}
