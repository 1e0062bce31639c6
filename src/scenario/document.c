/* The document under analysis: its provisions and what each changes; and levers, which change things likewise. */
#include "scenario/reader.h"

#include <string.h>

ent__change *ent__read_changes(ent__reader *r, const ent__yaml *node, int32_t *n)
{
    *n = 0;
    ent__change *list = ent__is_mapping(r, node, "'changes'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return NULL;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        ent__change *change = &list[*n];
        *change = (ent__change){.text = entry->key, .place = entry->key_place};
        change->target = ent__read_name(r, entry->key, entry->key_place, "what is changed");
        ent__read_value(r, &change->value, entry, "a change", NULL, NULL);
        *n += change->target != NULL;
    }
    return list;
}

static void read_takes_hold(ent__reader *r, ent__provision *provision, const ent__yaml *node)
{
    provision->has_takes_hold = true;
    ent__read_value(r, &provision->takes_hold, node, "'takes_hold'", NULL, NULL);
    ent__clamp(r, &provision->takes_hold, "the probability to take hold", 0, 1);
    const ent__value *value = &provision->takes_hold;
    if (value->kind == ENT__VALUE_EXPRESSION && value->expression->kind != ENT__NODE_NAME)
        ent__complain(&r->to, value->place, "'takes_hold' names a decision or is a probability, found '%.60s'",
                      value->text);
}

static void read_provision(ent__reader *r, ent__provision *provision, const ent__yaml *node)
{
    static const char *const keys[] = {"title", "says", "where", "binding", "takes_hold", "changes", NULL};
    if (!ent__is_mapping(r, node, "a provision"))
        return;
    ent__keys(r, node, "a provision", keys);
    const char *title = ent__read_text(r, node, "title");
    provision->title = title[0] != 0 ? title : ent__title_of(r, provision->id);
    provision->says = ent__read_text(r, node, "says");
    provision->where = ent__read_text(r, node, "where");
    const ent__yaml *binding = ent__yaml_get(node, "binding"), *takes_hold = ent__yaml_get(node, "takes_hold");
    const ent__yaml *changes = ent__yaml_get(node, "changes");
    bool yes;
    if (binding != NULL && ent__read_truth(r, binding, "'binding'", &yes))
        provision->binding = yes;
    if (takes_hold != NULL)
        read_takes_hold(r, provision, takes_hold);
    if (changes != NULL)
        provision->change = ent__read_changes(r, changes, &provision->n_changes);
}

static void read_provisions(ent__reader *r, const ent__yaml *node)
{
    ent__provision *list =
        ent__is_mapping(r, node, "'provisions'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    if (node->n > ENT_MAX_PROVISIONS) {
        ent__complain(&r->to, node->key_place, "%d provisions; at most %d are read", (int)node->n, ENT_MAX_PROVISIONS);
        return;
    }
    r->out->provisions = list;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        ent__provision *provision = &list[r->out->n_provisions];
        *provision = (ent__provision){.id = entry->key, .title = entry->key, .says = "", .where = "", .binding = -1,
                                      .place = entry->key_place};
        bool named = ent__id(r, &r->provisions, entry->key, entry->key_place, "a provision", true);
        read_provision(r, provision, entry);
        r->out->n_provisions += named;
    }
}

/* A year, a month, or a day, of which the month is kept. */
static void read_date(ent__reader *r, const ent__yaml *node)
{
    if (!ent__is_text(r, node, "'date'"))
        return;
    size_t length = strlen(node->text);
    const char *day = length == 10 && node->text[7] == '-' ? node->text + 8 : NULL;
    bool good = ent__time_read(&r->out->document_date, node->text, day != NULL ? 7 : length);
    double number = 1;
    if (good && day != NULL)
        good = ent__number_read(&number, day, 2, false) && number >= 1 && number <= 31;
    if (good)
        return;
    r->out->document_date = (ent__time){0};
    ent__complain(&r->to, node->place, "'%.60s' is no date: write 2025-12, or 2025-12-04", node->text);
}

void ent__read_document(ent__reader *r, const ent__yaml *node)
{
    static const char *const keys[] = {"title", "issuer", "date", "source", "provisions", NULL};
    ent_scenario *s = r->out;
    if (!ent__is_mapping(r, node, "'document'"))
        return;
    ent__keys(r, node, "'document'", keys);
    s->has_document = true;
    (void)ent__required(r, node, "title", "'document'");
    s->document_title = ent__read_text(r, node, "title");
    s->document_issuer = ent__read_text(r, node, "issuer");
    s->document_source = ent__read_text(r, node, "source");
    const ent__yaml *date = ent__yaml_get(node, "date"),
                    *provisions = ent__required(r, node, "provisions", "'document'");
    if (date != NULL)
        read_date(r, date);
    if (provisions != NULL)
        read_provisions(r, provisions);
}

/* "1.5 % of GDP": what one unit of the lever costs, and in what; words alone are what one unit costs. */
static void read_cost(ent__reader *r, ent__lever *lever, const ent__yaml *node)
{
    size_t number = strcspn(lever->cost, " ");
    lever->unit_cost = 1;
    lever->cost_unit = lever->cost;
    if (node == NULL || !ent__number_read(&lever->unit_cost, lever->cost, number, false))
        return;
    lever->cost_unit = lever->cost + number + strspn(lever->cost + number, " ");
    if (!(lever->unit_cost > 0))
        ent__complain(&r->to, node->place, "one unit of a lever costs more than 0, found '%.60s'", lever->cost);
}

void ent__read_levers(ent__reader *r, const ent__yaml *node)
{
    static const char *const keys[] = {"title", "actor", "range", "cost", "changes", NULL};
    ent__names names = {0};
    ent__lever *list = ent__is_mapping(r, node, "'levers'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    r->out->levers = list;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        ent__lever *lever = &list[r->out->n_levers];
        *lever =
            (ent__lever){.id = entry->key, .title = entry->key, .actor = "", .cost = "", .cost_unit = "", .unit_cost = 1,
                         .low = 0, .high = 1, .place = entry->key_place};
        bool named = ent__id(r, &names, entry->key, entry->key_place, "a lever", true);
        if (!ent__is_mapping(r, entry, "a lever"))
            continue;
        ent__keys(r, entry, "a lever", keys);
        const ent__yaml *actor = ent__required(r, entry, "actor", "a lever"),
                        *range = ent__required(r, entry, "range", "a lever");
        const ent__yaml *changes = ent__required(r, entry, "changes", "a lever");
        const char *title = ent__read_text(r, entry, "title");
        lever->title = title[0] != 0 ? title : ent__title_of(r, lever->id);
        lever->actor = ent__read_text(r, entry, "actor");
        lever->cost = ent__read_text(r, entry, "cost");
        read_cost(r, lever, ent__yaml_get(entry, "cost"));
        if (actor != NULL && lever->actor[0] != 0)
            (void)ent__is_actor(r, lever->actor, actor->place, true);
        if (range != NULL)
            (void)ent__read_range(r, range, "'range'", &lever->low, &lever->high);
        if (changes != NULL)
            lever->change = ent__read_changes(r, changes, &lever->n_changes);
        r->out->n_levers += named;
    }
}
