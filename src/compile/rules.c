/* The rule of a group that decides, as the flat rule that src/vote knows, and who is asked under it.
 *
 * Asked are the group's members; of a group with `nested: yes`, the members of a member that is itself a group (its id is
 * an actor's) instead of it, under that group's own rule: two levels, or more. */
#include "compile/compile.h"

#include <string.h>

/* --- who is asked ---------------------------------------------------------------------------------- */

/* The group inside a member, where the asking group looks inside; or -1. */
static int32_t inside(const ent__compiler *c, int32_t group, int32_t actor)
{
    if (!c->scenario->groups[group].nested)
        return -1;
    int32_t inner = ent__group_find(c, c->scenario->actors[actor].id);
    return inner != group ? inner : -1;
}

static bool add_asked(ent__compiler *c, const ent__use *use, int32_t group, int32_t *asked, int32_t *n, int level)
{
    const ent__set set = c->set[c->group_set[group]];
    if (level > ENT_MAX_GROUP_DEPTH) {
        ent__compile_error(c, use->from->place, "the decision \"%s\": the group \"%s\" lies more than %d groups deep, or contains itself",
                           use->from->id, c->scenario->groups[group].id, ENT_MAX_GROUP_DEPTH);
        return false;
    }
    for (int32_t i = 0; i < set.n; i++) {
        int32_t actor = set.actor[i], inner = inside(c, group, actor);
        if (inner >= 0 && !add_asked(c, use, inner, asked, n, level + 1))
            return false;
        if (inner >= 0)
            continue;
        for (int32_t k = 0; k < *n; k++)
            if (asked[k] == actor) {
                ent__compile_error(c, use->from->place, "the decision \"%s\" asks %s twice, in two groups", use->from->id,
                                   c->scenario->actors[actor].id);
                return false;
            }
        if (*n == c->scenario->n_actors)
            return false;
        asked[(*n)++] = actor;
    }
    return true;
}

static void sort(int32_t *x, int32_t n)
{
    for (int32_t i = 1; i < n; i++) {
        int32_t value = x[i], at = i;
        for (; at > 0 && x[at - 1] > value; at--)
            x[at] = x[at - 1];
        x[at] = value;
    }
}

bool ent__rule_members(ent__compiler *c, ent__use *use, int32_t group)
{
    int32_t *asked = ent__arena_alloc(c->arena, (size_t)c->scenario->n_actors, sizeof *asked), n = 0;
    use->group = group;
    if (asked == NULL) {
        c->no_memory = true;
        return false;
    }
    if (!add_asked(c, use, group, asked, &n, 0))
        return false;
    sort(asked, n); /* a set of actors is ascending */
    use->set[ENT_AXIS_MEMBER] = ent__set_of(c, asked, n);
    return true;
}

/* --- the rule --------------------------------------------------------------------------------------- */

/* A rule under way; `unit` are those of the members of the group that it belongs to. */
typedef struct building {
    ent__compiler *c;
    const ent__use *use;
    ent_rule_builder *to;
    bool failed;
} building;

static double weight_of(building *b, const ent__rule *rule, int32_t actor)
{
    const ent_scenario *s = b->c->scenario;
    for (int32_t k = 0; k < s->n_actor_columns; k++) {
        if (strcmp(s->actor_column[k].name, rule->column) != 0)
            continue;
        const ent__value *value = &s->actors[actor].value[k];
        if (value->kind == ENT__VALUE_DISTRIBUTION && value->distribution.kind == ENT__DIST_CONSTANT && value->distribution.p[0] >= 0)
            return value->distribution.p[0];
        ent__compile_error(b->c, value->kind == ENT__VALUE_NONE ? rule->place : value->place,
                           "the weight of %s in a rule (column \"%s\") is a number of at least 0%s", s->actors[actor].id, rule->column,
                           value->kind == ENT__VALUE_NONE ? "; here is none" : "");
        b->failed = true;
        return 1;
    }
    ent__compile_error(b->c, rule->place, "the rule weighs by the column \"%s\", which the table of actors lacks", rule->column);
    b->failed = true;
    return 1;
}

static int32_t group_unit(building *b, int32_t group, int level);

static int32_t rule_unit(building *b, const ent__rule *rule, const ent__set *set, const int32_t *unit)
{
    size_t n = (size_t)set->n;
    double total = 0, *weight;
    int32_t *part;
    switch (rule->kind) {
    case ENT__RULE_MAJORITY:
        return ent_rule_criterion(b->to, unit, NULL, n, 0.5 * (double)n, true);
    case ENT__RULE_WEIGHTED:
        weight = ent__arena_alloc(b->c->arena, n, sizeof *weight);
        for (size_t i = 0; weight != NULL && i < n; i++)
            total += weight[i] = weight_of(b, rule, set->actor[i]);
        if (weight == NULL || b->failed) {
            b->c->no_memory = b->c->no_memory || weight == NULL;
            return -1;
        }
        return ent_rule_criterion(b->to, unit, weight, n, rule->quota <= 1 ? rule->quota * total : rule->quota, rule->strict);
    case ENT__RULE_ALL:
    case ENT__RULE_ANY:
        part = ent__arena_alloc(b->c->arena, (size_t)rule->n_parts, sizeof *part);
        for (int32_t k = 0; part != NULL && k < rule->n_parts; k++)
            part[k] = rule_unit(b, &rule->part[k], set, unit);
        if (part == NULL) {
            b->c->no_memory = true;
            return -1;
        }
        return rule->kind == ENT__RULE_ALL ? ent_rule_all(b->to, part, (size_t)rule->n_parts) : ent_rule_any(b->to, part, (size_t)rule->n_parts);
    default:
        return ent_rule_all(b->to, unit, n);
    }
}

static int32_t group_unit(building *b, int32_t group, int level)
{
    ent__compiler *c = b->c;
    const ent__set set = c->set[c->group_set[group]];
    int32_t *unit = ent__arena_alloc(c->arena, (size_t)set.n, sizeof *unit);
    if (c->scenario->groups[group].rule.kind == ENT__RULE_NONE) {
        ent__compile_error(c, b->use->from->place, "the decision \"%s\" asks the group \"%s\", which has no `rule`: consensus, majority, ...",
                           b->use->from->id, c->scenario->groups[group].id);
        b->failed = true;
        return -1;
    }
    if (unit == NULL || level > ENT_MAX_GROUP_DEPTH) {
        c->no_memory = c->no_memory || unit == NULL;
        return -1;
    }
    for (int32_t i = 0; i < set.n; i++) {
        int32_t inner = inside(c, group, set.actor[i]);
        unit[i] = inner >= 0 ? group_unit(b, inner, level + 1) : ent__set_place(&c->set[b->use->set[ENT_AXIS_MEMBER]], set.actor[i]);
    }
    return b->failed ? -1 : rule_unit(b, &c->scenario->groups[group].rule, &set, unit);
}

static bool keep_rule(ent__compiler *c, ent__use *use, const ent_rule *rule)
{
    ent__plan_rule *to = ENT__PLAN_ADD(c->plan, rules);
    if (to == NULL)
        return false;
    *to = (ent__plan_rule){rule->members, c->plan->n_rule_nodes, rule->nodes, c->plan->n_rule_parts, rule->parts};
    use->rule = c->plan->n_rules - 1;
    for (int32_t i = 0; i < rule->nodes; i++) {
        ent_rule_node *node = ENT__PLAN_ADD(c->plan, rule_nodes);
        if (node == NULL)
            return false;
        *node = rule->node[i];
    }
    for (int32_t i = 0; i < rule->parts; i++) {
        ent_rule_part *part = ENT__PLAN_ADD(c->plan, rule_parts);
        if (part == NULL)
            return false;
        *part = rule->part[i];
    }
    return true;
}

bool ent__rule_resolve(ent__compiler *c, ent__use *use)
{
    building b = {.c = c, .use = use, .to = ent_rule_begin(use->count[ENT_AXIS_MEMBER])};
    ent_rule *rule = NULL;
    ent_error err = {0};
    if (use->group < 0)
        b.failed = true;
    else
        group_unit(&b, use->group, 0);
    ent_status status = ent_rule_end(&rule, b.to, &err);
    if (status == ENT_OK && !b.failed)
        status = ent_rule_chance_check(rule, &err);
    c->no_memory |= status == ENT_ERR_MEMORY;
    if (status != ENT_OK && status != ENT_ERR_MEMORY && !b.failed)
        ent__compile_error(c, use->group >= 0 ? c->scenario->groups[use->group].place : use->from->place, "the rule of \"%s\": %s",
                           use->group >= 0 ? c->scenario->groups[use->group].id : "", err.message);
    bool good = status == ENT_OK && !b.failed;
    if (good && !keep_rule(c, use, rule)) {
        c->no_memory = true;
        good = false;
    }
    ent_rule_free(rule);
    return good;
}
