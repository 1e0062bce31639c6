/* Groups: members by name or by a column's word, and the rule by which they decide. Who the members are is checked once
 * all groups are known, since a group may be a member of another. */
#include "scenario/reader.h"

#include <math.h>
#include <string.h>

static void read_condition(ent__reader *r, ent__group *group, const ent__yaml *node)
{
    group->condition = ent__take(&r->to, (size_t)node->n, sizeof *group->condition);
    if (group->condition == NULL)
        return;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        if (strcmp(entry->key, "except") == 0)
            group->except = ent__read_texts(r, entry, "'except'", &group->n_except, &group->except_place);
        else if (ent__is_text(r, entry, "a condition on members"))
            group->condition[group->n_conditions++] = (ent__condition){entry->key, entry->text, entry->key_place};
    }
}

static void read_members(ent__reader *r, ent__group *group, const ent__yaml *node)
{
    if (node->kind == ENT__YAML_MAPPING) {
        read_condition(r, group, node);
        return;
    }
    group->member = ent__read_texts(r, node, "'members'", &group->n_members, &group->member_place);
    if (node->kind == ENT__YAML_LIST && node->n == 0)
        ent__complain(&r->to, node->place, "group '%s' has no members", group->id);
}

static void read_rule(ent__reader *r, ent__rule *rule, const ent__yaml *node);

static void read_parts(ent__reader *r, ent__rule *rule, const ent__yaml *list, const char *what)
{
    if (!ent__is_list(r, list, what))
        return;
    if (list->n == 0)
        ent__complain(&r->to, list->place, "%s is an empty list", what);
    rule->part = ent__take(&r->to, (size_t)list->n, sizeof *rule->part);
    if (rule->part == NULL)
        return;
    for (const ent__yaml *item = list->first; item != NULL; item = item->next)
        read_rule(r, &rule->part[rule->n_parts++], item);
}

static void read_weighted(ent__reader *r, ent__rule *rule, const ent__yaml *node)
{
    static const char *const keys[] = {"weighted", "quota", "more_than", NULL};
    const ent__yaml *column = ent__yaml_get(node, "weighted"), *more = ent__yaml_get(node, "more_than");
    const ent__yaml *quota = more != NULL ? more : ent__required(r, node, "quota", "a weighted rule");
    ent__keys(r, node, "a weighted rule", keys);
    rule->kind = ENT__RULE_WEIGHTED;
    rule->strict = more != NULL;
    if (more != NULL && ent__yaml_get(node, "quota") != NULL)
        ent__complain(&r->to, more->place, "a weighted rule has 'quota' (at least) or 'more_than', not both");
    if (ent__is_text(r, column, "'weighted'"))
        rule->column = column->text;
    if (quota != NULL && ent__read_number(r, quota, "'quota'", 0, INFINITY, &rule->quota) && rule->quota == 0)
        ent__complain(&r->to, quota->place, "'quota' lies above 0");
}

/* consensus | majority | {weighted: COLUMN, quota: q} | {all: [..]} | {any: [..]} */
static void read_rule(ent__reader *r, ent__rule *rule, const ent__yaml *node)
{
    *rule = (ent__rule){.column = "", .place = node->place};
    static const char *const words[] = {"consensus", "majority"};
    if (node->kind == ENT__YAML_TEXT) {
        if (strcmp(node->text, words[0]) == 0)
            rule->kind = ENT__RULE_CONSENSUS;
        else if (strcmp(node->text, words[1]) == 0)
            rule->kind = ENT__RULE_MAJORITY;
        else {
            char guess[128];
            ent__guess(r, guess, node->text, words, ENT_COUNT(words));
            ent__complain(
                &r->to, node->place, "'%.60s' is no rule%s", node->text,
                guess[0] != 0
                    ? guess
                    : "; rules are consensus, majority, {weighted: COLUMN, quota: q}, {all: [..]}, {any: [..]}");
        }
        return;
    }
    if (!ent__is_mapping(r, node, "'rule'"))
        return;
    if (ent__yaml_get(node, "weighted") != NULL) {
        read_weighted(r, rule, node);
        return;
    }
    static const char *const keys[] = {"weighted", "all", "any", NULL};
    const ent__yaml *all = ent__yaml_get(node, "all"), *any = ent__yaml_get(node, "any");
    ent__keys(r, node, "a rule", keys);
    if ((all != NULL) == (any != NULL)) {
        ent__complain(&r->to, node->place,
                      "a rule is one of consensus, majority, {weighted: COLUMN, quota: q}, {all: [..]}, "
                      "{any: [..]}");
        return;
    }
    rule->kind = all != NULL ? ENT__RULE_ALL : ENT__RULE_ANY;
    read_parts(r, rule, all != NULL ? all : any, all != NULL ? "'all'" : "'any'");
}

void ent__read_groups(ent__reader *r, const ent__yaml *node)
{
    static const char *const keys[] = {"name", "members", "rule", "nested", NULL};
    ent__group *list = ent__is_mapping(r, node, "'groups'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    r->out->groups = list;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        if (!ent__id(r, &r->groups, entry->key, entry->key_place, "a group", true))
            continue;
        ent__group *group = &list[r->out->n_groups++];
        *group = (ent__group){.id = entry->key, .name = "", .place = entry->key_place};
        if (entry->kind == ENT__YAML_LIST) { /* the members alone */
            read_members(r, group, entry);
            continue;
        }
        if (!ent__is_mapping(r, entry, "a group"))
            continue;
        ent__keys(r, entry, "a group", keys);
        group->name = ent__read_text(r, entry, "name");
        const ent__yaml *members = ent__required(r, entry, "members", "a group"), *rule = ent__yaml_get(entry, "rule");
        const ent__yaml *nested = ent__yaml_get(entry, "nested");
        if (members != NULL)
            read_members(r, group, members);
        if (rule != NULL)
            read_rule(r, &group->rule, rule);
        if (nested != NULL)
            (void)ent__read_truth(r, nested, "'nested'", &group->nested);
    }
}

/* --- checks ---------------------------------------------------------------------------------------- */

static void check_names(ent__reader *r, const ent__group *group, const char *const *name, const ent__place *place,
                        int32_t n)
{
    ent__names seen = {0};
    for (int32_t i = 0; i < n; i++) {
        if (strcmp(name[i], group->id) == 0 && ent__names_find(&r->actors, name[i]) < 0 && !r->no_actors)
            ent__complain(&r->to, place[i], "group '%s' cannot be a member of itself", group->id);
        else
            (void)ent__is_actor(r, name[i], place[i], true);
        int32_t before = seen.n, found = ent__names_add(&r->to, &seen, name[i], place[i]);
        if (found >= 0 && found < before)
            ent__complain(&r->to, place[i], "'%.60s' again", name[i]);
    }
}

static int32_t column_of(const ent_scenario *s, const char *name)
{
    for (int32_t c = 0; c < s->n_actor_columns; c++)
        if (strcmp(s->actor_column[c].name, name) == 0)
            return c;
    return -1;
}

/* Every condition names a column, and some actor meets them all. */
static void check_conditions(ent__reader *r, const ent__group *group)
{
    const ent_scenario *s = r->out;
    bool *out = ent__take(&r->to, (size_t)s->n_actors, sizeof *out);
    int32_t left = s->n_actors;
    if (out == NULL)
        return;
    for (int32_t k = 0; k < group->n_conditions; k++) {
        const ent__condition *condition = &group->condition[k];
        int32_t column = column_of(s, condition->column);
        if (column < 0) {
            char guess[128];
            ent__complain(&r->to, condition->place, "'%.60s' is no column of the actors%s", condition->column,
                          ent__guess(r, guess, condition->column, r->columns.name, (size_t)r->columns.n));
            return;
        }
        for (int32_t i = 0; i < s->n_actors; i++)
            if (!out[i] && strcmp(s->actors[i].text[column], condition->word) != 0) {
                out[i] = true;
                left--;
            }
    }
    for (int32_t k = 0; k < group->n_except; k++) {
        int32_t i = ent__names_find(&r->actors, group->except[k]);
        if (i >= 0 && i < s->n_actors && !out[i]) {
            out[i] = true;
            left--;
        }
    }
    if (left == 0)
        ent__complain(&r->to, group->n_conditions > 0 ? group->condition[0].place : group->place,
                      "group '%s' has no members: no actor meets its conditions", group->id);
}

void ent__check_groups(ent__reader *r)
{
    for (int32_t i = 0; i < r->out->n_groups; i++) {
        const ent__group *group = &r->out->groups[i];
        check_names(r, group, group->member, group->member_place, group->n_members);
        check_names(r, group, group->except, group->except_place, group->n_except);
        if (group->condition != NULL && !r->no_actors)
            check_conditions(r, group);
    }
}
