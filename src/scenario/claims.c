/* What is claimed, what is given, and what is known to have happened. */
#include "scenario/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- claims ---------------------------------------------------------------------------------------- */

static void read_readings(ent__reader *r, ent__claim *claim, const ent__yaml *node)
{
    static const char *const keys[] = {"read", "holds", NULL};
    if (!ent__is_list(r, node, "'readings'"))
        return;
    claim->reading = ent__take(&r->to, (size_t)node->n, sizeof *claim->reading);
    if (claim->reading == NULL)
        return;
    for (const ent__yaml *item = node->first; item != NULL; item = item->next) {
        if (!ent__is_mapping(r, item, "a reading"))
            continue;
        ent__keys(r, item, "a reading", keys);
        const ent__yaml *holds = ent__required(r, item, "holds", "a reading");
        ent__claim_form form = {.read = ent__read_text(r, item, "read"), .place = item->place};
        form.holds = holds != NULL ? ent__read_expression(r, holds, "'holds'", &form.text) : NULL;
        if (form.holds != NULL)
            claim->reading[claim->n_readings++] = form;
    }
}

static void read_needs(ent__reader *r, ent__claim *claim, const ent__yaml *node)
{
    static const char *const rooms[] = {"vote", "alliance", "war"};
    ent__place *place = NULL;
    claim->needs = ent__read_texts(r, node, "'needs'", &claim->n_needs, &place);
    for (int32_t i = 0; i < claim->n_needs; i++) {
        bool known = false;
        for (size_t k = 0; k < ENT_COUNT(rooms); k++)
            known |= strcmp(claim->needs[i], rooms[k]) == 0;
        if (known)
            continue;
        char guess[128];
        ent__guess(r, guess, claim->needs[i], rooms, ENT_COUNT(rooms));
        ent__complain(&r->to, place[i], "'%.60s' is not among what a claim can need: vote, alliance, war%s",
                      claim->needs[i], guess);
    }
}

/* A number alone is no claim: it would hold in each draw, or in none. */
static ent__node *read_form(ent__reader *r, const ent__yaml *node, const char *what, const char **text)
{
    ent__node *form = node != NULL ? ent__read_expression(r, node, what, text) : NULL;
    if (form != NULL && form->kind == ENT__NODE_NUMBER) {
        ent__complain(&r->to, node->place,
                      "%s takes an expression over results, such as \"last(x) >= 5\", found the number '%.40s'", what,
                      node->text);
        return NULL;
    }
    return form;
}

static void read_claim(ent__reader *r, ent__claim *claim, const ent__yaml *node)
{
    static const char *const keys[] = {"who",   "says", "title",   "read",     "where", "source", "why",
                                       "holds", "when", "overall", "readings", "needs", NULL};
    if (!ent__is_mapping(r, node, "a claim"))
        return;
    ent__keys(r, node, "a claim", keys);
    (void)ent__required(r, node, "says", "a claim");
    claim->who = ent__read_text(r, node, "who");
    claim->says = ent__read_text(r, node, "says");
    claim->title = ent__read_text(r, node, "title");
    if (claim->title[0] == 0)
        claim->title = claim->says;
    claim->read = ent__read_text(r, node, "read");
    claim->where = ent__read_text(r, node, "where");
    claim->source = ent__read_text(r, node, "source");
    claim->why = ent__read_text(r, node, "why");
    const ent__yaml *holds = ent__yaml_get(node, "holds"), *overall = ent__yaml_get(node, "overall");
    const ent__yaml *needs = ent__yaml_get(node, "needs"), *readings = ent__yaml_get(node, "readings");
    claim->holds = read_form(r, holds, "'holds'", &claim->holds_text);
    claim->when = read_form(r, ent__yaml_get(node, "when"), "'when'", &claim->when_text);
    claim->overall = read_form(r, overall, "'overall'", &claim->overall_text);
    if (needs != NULL)
        read_needs(r, claim, needs);
    if (readings != NULL)
        read_readings(r, claim, readings);
    if (holds != NULL && overall != NULL)
        ent__complain(&r->to, overall->key_place, "a claim has 'holds' or 'overall', not both");
    else if (holds == NULL && overall == NULL && needs == NULL)
        ent__complain(&r->to, node->key_place,
                      "claim '%s' has no form: 'holds' (on each draw), 'overall' (about distributions), or "
                      "'needs' (what is not built yet)",
                      claim->id);
}

void ent__read_claims(ent__reader *r, const ent__yaml *node)
{
    ent__claim *list = ent__is_mapping(r, node, "'claims'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    r->out->claims = list;
    for (const ent__yaml *entry = node->first; entry != NULL && !r->to.no_memory; entry = entry->next) {
        ent__claim *claim = &list[r->out->n_claims];
        *claim = (ent__claim){.id = entry->key,
                              .title = "",
                              .who = "",
                              .says = "",
                              .read = "",
                              .where = "",
                              .source = "",
                              .why = "",
                              .holds_text = "",
                              .when_text = "",
                              .overall_text = "",
                              .place = entry->key_place};
        bool named = ent__id(r, &r->claims, entry->key, entry->key_place, "a claim", true);
        read_claim(r, claim, entry);
        r->out->n_claims += named;
    }
}

/* --- given ------------------------------------------------------------------------------------------ */

/* {says, holds} or {quantity, is, error, source} */
static bool read_observation(ent__reader *r, ent__given *given, const ent__yaml *node)
{
    static const char *const keys[] = {"says", "holds", "quantity", "is", "error", "source", NULL};
    ent__keys(r, node, "an observation", keys);
    given->says = ent__read_text(r, node, "says");
    given->source = ent__read_text(r, node, "source");
    const ent__yaml *holds = ent__yaml_get(node, "holds"), *quantity = ent__yaml_get(node, "quantity");
    if ((holds != NULL) == (quantity != NULL)) {
        ent__complain(&r->to, node->place, "an observation is {says, holds} or {quantity, is, error, source}");
        return false;
    }
    if (holds != NULL) {
        given->holds = ent__read_expression(r, holds, "'holds'", &given->text);
        return given->holds != NULL;
    }
    given->quantity = ent__read_expression(r, quantity, "'quantity'", &given->text);
    const ent__yaml *is = ent__required(r, node, "is", "an observed quantity");
    const ent__yaml *error = ent__required(r, node, "error", "an observed quantity");
    bool good = is != NULL && ent__read_number(r, is, "'is'", -INFINITY, INFINITY, &given->is);
    if (error == NULL || !ent__read_number(r, error, "'error'", 0, INFINITY, &given->error))
        return false;
    if (given->error == 0) {
        ent__complain(&r->to, error->place, "'error' lies above 0: no draw meets a number exactly");
        return false;
    }
    return good && given->quantity != NULL;
}

void ent__read_given(ent__reader *r, const ent__yaml *node)
{
    ent__given *list = ent__is_list(r, node, "'given'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    r->out->given = list;
    for (const ent__yaml *item = node->first; item != NULL; item = item->next) {
        ent__given *given = &list[r->out->n_given];
        *given = (ent__given){.says = "", .source = "", .text = "", .place = item->place};
        bool good = false;
        if (item->kind == ENT__YAML_MAPPING)
            good = read_observation(r, given, item);
        else
            good = (given->holds = ent__read_expression(r, item, "an observation", &given->text)) != NULL;
        r->out->n_given += good;
    }
}

/* --- what happened ------------------------------------------------------------------------------------ */

void ent__read_known(ent__reader *r, const ent__yaml *node)
{
    static const char *const keys[] = {"value", "source", NULL};
    ent__known *list = ent__is_mapping(r, node, "'known'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    r->out->known = list;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        ent__known *known = &list[r->out->n_known];
        *known = (ent__known){.quantity = entry->key, .source = "", .text = "", .place = entry->key_place};
        const ent__yaml *value = entry;
        ent__node *name = ent__read_name(r, entry->key, entry->key_place, "'known'");
        if (entry->kind == ENT__YAML_MAPPING) {
            ent__keys(r, entry, "what is known", keys);
            known->source = ent__read_text(r, entry, "source");
            value = ent__required(r, entry, "value", "what is known");
        }
        if (value == NULL || name == NULL ||
            !ent__read_number(r, value, "what is known", -INFINITY, INFINITY, &known->value))
            continue;
        ent__buffer text = {0};
        ent__expression_print(&text, name);
        known->quantity = text.failed ? NULL : ent__keep(&r->to, text.data, text.length);
        r->to.no_memory |= text.failed;
        ent__buffer_free(&text);
        known->text = value->text;
        r->out->n_known++;
    }
}
