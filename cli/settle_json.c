/* What `entente settle` found, as JSON: everything, rounds and offers included. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void json_number(const char *key, double x)
{
    char text[32];
    ent_number_text(text, x);
    printf("\"%s\":%s", key, text);
}

static void member(const char *key, double x)
{
    putchar(',');
    json_number(key, x);
}

static void truth(const char *key, bool x)
{
    printf(",\"%s\":%s", key, x ? "true" : "false");
}

static void number(double x)
{
    char text[32];
    ent_number_text(text, x);
    fputs(text, stdout);
}

/* "KEY":{"ACTOR":value, ...} */
static void by_actor(const settled *s, char *const *actor, const char *key, const double *value)
{
    printf("\"%s\":{", key);
    for (size_t i = 0; i < s->n; i++) {
        printf("%s%s:", i > 0 ? "," : "", actor[i]);
        number(value[i]);
    }
    putchar('}');
}

/* "KEY":{"ISSUE":value, ...} */
static void by_issue(const settled *s, char *const *issue, const char *key, const double *value)
{
    printf("\"%s\":{", key);
    for (size_t d = 0; d < s->issues; d++) {
        printf("%s%s:", d > 0 ? "," : "", issue[d]);
        number(value[d]);
    }
    putchar('}');
}

/* [x, y, ...] */
static void list(const double *value, size_t n)
{
    for (size_t d = 0; d < n; d++) {
        putchar(d > 0 ? ',' : '[');
        number(value[d]);
    }
    putchar(']');
}

/* --- spatial -------------------------------------------------------------------------------------------- */

static void spatial_middle(const settled *s, char *const *issue, const char *key, const char *model,
                           const double *position)
{
    putchar(',');
    if (s->issues == 1) {
        json_number(key, settle_by(s, model, position, 0));
        return;
    }
    printf("\"%s\":{", key);
    for (size_t d = 0; d < s->issues; d++) {
        printf("%s%s:", d > 0 ? "," : "", issue[d]);
        number(settle_by(s, model, position, d));
    }
    putchar('}');
}

/* Where a proposal would have somebody stand: a number on one issue, else a list. */
static void moves_to(const settled *s, const char *key, const double *moves)
{
    printf(",\"%s\":", key);
    if (s->issues == 1)
        number(moves[0]);
    else
        list(moves, s->issues);
}

static void spatial_offers(const settled *s, const ent_spatial_round *round, char *const *actor)
{
    static const char *const proposer[] = {"from", "to", "both"};
    printf(",\"offers\":[");
    for (size_t k = 0; k < round->n_offers; k++) {
        const ent_spatial_offer *o = &round->offer[k];
        printf("%s\n   {\"from\":%s,\"to\":%s,\"proposer\":\"%s\"", k > 0 ? "," : "", actor[o->initiator],
               actor[o->receiver], proposer[o->proposer]);
        member("chance", o->phi);
        member("gain", o->delta);
        moves_to(s, "from_moves_to", o->initiator_moves);
        moves_to(s, "to_moves_to", o->receiver_moves);
        truth("from_takes", o->initiator_takes);
        truth("to_takes", o->receiver_takes);
        putchar('}');
    }
    putchar(']');
}

static void spatial_round(const settled *s, const ent_spatial_round *round, char *const *actor, char *const *issue)
{
    printf("\"positions\":{");
    for (size_t i = 0; i < s->n; i++) {
        printf("%s%s:", i > 0 ? "," : "", actor[i]);
        list(&round->position[i * s->issues], s->issues);
    }
    putchar('}');
    spatial_middle(s, issue, "median", "median", round->position);
    spatial_middle(s, issue, "mean", "compromise", round->position);
    putchar(',');
    by_actor(s, actor, "risk", round->risk);
    putchar(',');
    by_actor(s, actor, "win_probability", round->win_probability);
    spatial_offers(s, round, actor);
}

/* --- challenge ------------------------------------------------------------------------------------------ */

static void challenge_round(const settled *s, const ent_challenge_round *round, char *const *actor)
{
    static const char *const kind[] = {
        [ENT_CHALLENGE_CONFRONTATION] = "confrontation", [ENT_CHALLENGE_COMPROMISE] = "compromise"};
    by_actor(s, actor, "positions", round->position);
    member("median", round->median);
    member("mean", round->mean);
    putchar(',');
    if (round->risk != NULL)
        by_actor(s, actor, "risk", round->risk);
    else
        printf("\"risk\":null");
    printf(",\"offers_left_out\":%zu,\"offers\":[", round->left_out);
    for (size_t k = 0; k < round->n_offers; k++) {
        const ent_challenge_offer *o = &round->offer[k];
        printf("%s\n   {\"from\":%s,\"to\":%s,\"kind\":\"%s\"", k > 0 ? "," : "", actor[o->proposer],
               actor[o->receiver], kind[o->kind]);
        member("asks", o->position);
        member("expected_from", o->eu_proposer);
        member("expected_to", o->eu_receiver);
        truth("accepted", o->accepted);
        putchar('}');
    }
    putchar(']');
}

/* --- exchange ------------------------------------------------------------------------------------------- */

static void one_exchange(const ent_exchange_trade *trade, char *const *actor, char *const *issue)
{
    printf("{");
    json_number("gain", trade->gain);
    truth("aligned", trade->aligned);
    printf(",\"sides\":[");
    for (int k = 0; k < 2; k++) {
        const ent_exchange_side *side = &trade->side[k];
        printf("%s{\"actor\":%s,\"moves_on\":%s,\"wants_on\":%s", k > 0 ? "," : "", actor[side->actor],
               issue[side->supply], issue[side->demand]);
        member("from", side->from);
        member("to", side->to);
        member("outcome_before", side->before);
        member("outcome_after", side->after);
        member("gain", side->gain);
        truth("capped", side->capped);
        putchar('}');
    }
    printf("]}");
}

/* "KEY":{"ACTOR":{"ISSUE":x, ...}, ...}, issues left out in which an actor takes no part. */
static void by_both(const settled *s, char *const *actor, char *const *issue, const char *key, const double *value)
{
    printf("\"%s\":{", key);
    for (size_t i = 0; i < s->n; i++) {
        bool first = true;
        printf("%s%s:{", i > 0 ? "," : "", actor[i]);
        for (size_t d = 0; d < s->issues; d++) {
            if (isnan(value[i * s->issues + d]))
                continue;
            printf("%s%s:", first ? "" : ",", issue[d]);
            number(value[i * s->issues + d]);
            first = false;
        }
        putchar('}');
    }
    putchar('}');
}

static void gains(const settled *s, const ent_exchange_sum *sum, char *const *actor)
{
    printf("\"gains\":{");
    for (size_t i = 0; i < s->n; i++) {
        printf("%s%s:{\"trades\":%d", i > 0 ? "," : "", actor[i], (int)sum[i].trades);
        member("own", sum[i].own);
        member("inner_gain", sum[i].inner_gain);
        member("inner_loss", sum[i].inner_loss);
        member("outer_gain", sum[i].outer_gain);
        member("outer_loss", sum[i].outer_loss);
        putchar('}');
    }
    putchar('}');
}

static void iteration(const settled *s, const ent_exchange_iteration *it, char *const *actor, char *const *issue)
{
    by_issue(s, issue, "start", it->start);
    putchar(',');
    by_issue(s, issue, "outcome", it->outcome);
    member("change", it->change);
    printf(",\"candidates\":%zu,\"possible\":%zu,\"exchanges_left_out\":%zu,\n  \"exchanges\":[", it->candidates,
           it->possible, it->left_out);
    for (size_t t = 0; t < it->n_trades; t++) {
        fputs(t > 0 ? ",\n   " : "\n   ", stdout);
        one_exchange(&it->trade[t], actor, issue);
    }
    printf("],\n  ");
    by_both(s, actor, issue, "positions", it->position);
    printf(",\n  ");
    by_both(s, actor, issue, "voted", it->voted);
    printf(",\n  ");
    gains(s, it->sum, actor);
}

/* --- rounds --------------------------------------------------------------------------------------------- */

static void rounds(const settled *s, char *const *actor, char *const *issue)
{
    int32_t states = s->challenge != NULL ? s->challenge->rounds + 1 : s->spatial != NULL ? s->spatial->rounds + 1 : 0;
    if (s->exchange != NULL)
        states = s->exchange->iterations;
    printf("\"%s\":[", s->exchange != NULL ? "iterations" : "rounds");
    for (int32_t r = 0; r < states; r++) {
        fputs(r > 0 ? ",\n  {" : "\n  {", stdout);
        if (s->exchange != NULL)
            iteration(s, &s->exchange->iteration[r], actor, issue);
        else if (s->spatial != NULL)
            spatial_round(s, &s->spatial->round[r], actor, issue);
        else
            challenge_round(s, &s->challenge->round[r], actor);
        putchar('}');
    }
    putchar(']');
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void json_options(const settled *s)
{
    printf("\"options\":{");
    for (size_t o = 0; o < s->model->n_options; o++) {
        const ent_port *port = &s->model->options[o];
        if (o > 0)
            putchar(',');
        if (port->choices == NULL) {
            json_number(port->name, s->option[o]);
            continue;
        }
        int length = 0;
        const char *word = settle_choice(&length, port->choices, (size_t)s->option[o]);
        printf("\"%s\":\"%.*s\"", port->name, length, word);
    }
    putchar('}');
}

static void one_issue(const settled *s, char *const *issue)
{
    if (s->issue[0][0] != 0)
        printf("\"issue\":%s,", issue[0]);
    json_number("low", s->low[0]);
    member("high", s->high[0]);
    member("status_quo", s->status_quo);
    member("outcome", s->outcome[0]);
    member("median", s->median[0]);
    member("mean", s->mean[0]);
}

static void several_issues(const settled *s, char *const *issue)
{
    const struct {
        const char *key;
        const double *value;
    } part[] = {{"low", s->low}, {"high", s->high}, {"outcome", s->outcome}, {"median", s->median}, {"mean", s->mean}};
    for (size_t k = 0; k < sizeof part / sizeof part[0]; k++) {
        fputs(k > 0 ? ",\n " : "", stdout);
        by_issue(s, issue, part[k].key, part[k].value);
    }
}

static void json_actors(const settled *s, char *const *actor)
{
    printf(",\n \"actors\":[");
    for (size_t i = 0; i < s->n; i++) {
        printf("%s\n  {\"actor\":%s", i > 0 ? "," : "", actor[i]);
        member("position", s->position[i]);
        member("salience", s->salience[i]);
        member("capability", s->capability[i]);
        member("utility", s->utility[i]);
        member("gain", s->gain[i]);
        member("probability", s->distribution != NULL ? s->distribution[i] : NAN);
        putchar('}');
    }
    printf("\n ]");
}

static void whole(const settled *s, char *const *actor, char *const *issue)
{
    printf("{\"format\":1,\"model\":\"%s\",", s->model->name);
    json_options(s);
    printf(",\n ");
    if (s->issues == 1)
        one_issue(s, issue);
    else
        several_issues(s, issue);
    settle_json_predicted(s, issue);
    printf(",\"stop\":\"%s\"", ent_stop_word(s->out.stop));
    if (s->exchange != NULL)
        printf(",\"settled_at\":%d", (int)s->exchange->settled_at);
    truth("interrupted", s->interrupted);
    printf(",\n ");
    rounds(s, actor, issue);
    if (s->issues == 1)
        json_actors(s, actor);
    printf("}\n");
}

static void free_names(char **name, size_t n)
{
    for (size_t i = 0; name != NULL && i < n; i++)
        ent_bytes_free(name[i]);
    free(name);
}

/* Every name as a JSON string; NULL without memory. */
static char **quote_names(const char *const *text, size_t n)
{
    char **name = calloc(n, sizeof *name);
    for (size_t i = 0; name != NULL && i < n; i++)
        if ((name[i] = cli_json(text[i])) == NULL) {
            free_names(name, i);
            return NULL;
        }
    return name;
}

int settle_tell_json(const settled *s)
{
    char **actor = quote_names(s->actor, s->n), **issue = quote_names(s->issue, s->issues);
    int code = CLI_GO;
    if (actor == NULL || issue == NULL)
        code = cli_fail(true, CLI_IO, "not enough memory");
    else
        whole(s, actor, issue);
    free_names(actor, s->n);
    free_names(issue, s->issues);
    return code;
}
