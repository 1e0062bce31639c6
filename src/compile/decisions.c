/* Decisions: a group with a rule asked, on an issue, to move from the status quo to a point (models/vote.md, consent).
 *
 * The members' stances are those of the issue, after provisions. A member without a stance of its own that is itself a
 * group (its id is an actor's) stands where the compromise of its members stands:
 *     position = sum p s c / sum s c,   salience = sum s c / sum c,   capability = sum c
 * A group with `nested: yes` asks the members of such a member instead. Of the chance in each year follow, with one
 * uniform u a decision and year, shared by all arms:
 *     adopted(y) = adopted(y - 1) or (asked in y and u < chance(y))
 *     by_year(y) = 1 - (1 - by_year(y - 1)) (1 - chance(y))      in years in which it is asked, else as the year before
 *     expected_time = sum_k (t_k - t_1) c_k prod_{j<k} (1 - c_j)  + what is left after the last time t_n, when it is
 *                     asked on every d = t_n - t_{n-1} years (1 where it is asked once) with chance c_n: t_n - t_1 + d / c_n */
#include "compile/compile.h"

#include <string.h>

bool ent__is_decision(const ent__use *use) { return use->model != NULL && strcmp(use->model->name, "consent") == 0; }

static bool is_one_of(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

/* --- what it is about ----------------------------------------------------------------------------- */

static void find_issue(ent__compiler *c, ent__use *use)
{
    const ent__model_input *entry = ent__model_entry(c, use->from, "issue");
    const char *id = entry != NULL && entry->value.text != NULL ? entry->value.text : "";
    const char *near = NULL;
    for (int32_t i = 0; i < c->scenario->n_issues; i++) {
        if (strcmp(c->scenario->issues[i].id, id) == 0)
            use->issue = i;
        const char *pair[2] = {near, c->scenario->issues[i].id};
        near = near == NULL ? ent__nearest(id, pair + 1, 1) : ent__nearest(id, pair, 2);
    }
    if (use->issue >= 0)
        return;
    if (entry == NULL)
        ent__compile_error(c, use->from->place, "the decision \"%s\" needs `issue:`, one of the scenario's", use->from->id);
    else
        ent__compile_error(c, entry->value.place, "the decision \"%s\" is about the unknown issue \"%s\"%s%s%s", use->from->id, id,
                           near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static bool ask_in(ent__compiler *c, ent__use *use, double year, ent__place place)
{
    int32_t at = use->years > 0 ? (int32_t)(year >= 0 && year < 10000 ? year : -1) - use->first_year : 0;
    if (year != (double)(int32_t)year || at < 0 || at >= (use->years > 0 ? use->years : 1)) {
        ent__compile_error(c, place, "the decision \"%s\" is asked in years from %d to %d", use->from->id, use->first_year,
                           use->first_year + use->years - 1);
        return false;
    }
    use->asked[at] = true;
    return true;
}

static double number_in(const char *text)
{
    double year = 0;
    for (const char *t = text; *t; t++) {
        if (*t < '0' || *t > '9' || year > 100000)
            return -1;
        year = 10 * year + (*t - '0');
    }
    return *text ? year : -1;
}

/* asked: 2026 | [2026, 2029] | each_year; once, in the first year, where it is left out */
static bool find_asked(ent__compiler *c, ent__use *use)
{
    const ent__model_input *entry = ent__model_entry(c, use->from, "asked");
    size_t years = use->years > 0 ? (size_t)use->years : 1;
    use->asked = ent__arena_alloc(c->arena, years, sizeof *use->asked);
    use->adopted = ent__arena_alloc(c->arena, years, sizeof *use->adopted);
    use->by_year = ent__arena_alloc(c->arena, years, sizeof *use->by_year);
    if (use->asked == NULL || use->adopted == NULL || use->by_year == NULL) {
        c->no_memory = true;
        return false;
    }
    for (size_t y = 0; y < years; y++)
        use->adopted[y] = use->by_year[y] = ENT__UNSEEN;
    if (entry == NULL) {
        use->asked[0] = true;
        return true;
    }
    if (entry->n_list > 0) {
        bool good = true;
        for (int32_t i = 0; i < entry->n_list; i++)
            good = ask_in(c, use, number_in(entry->list[i]), entry->list_place[i]) && good;
        return good;
    }
    if (entry->value.text != NULL && strcmp(entry->value.text, "each_year") == 0) {
        for (size_t y = 0; y < years; y++)
            use->asked[y] = true;
        return true;
    }
    return ask_in(c, use, entry->value.text != NULL ? number_in(entry->value.text) : -1, entry->value.place);
}

/* Several times, or later than at first: then what it decides has a value for each year. */
bool ent__decision_is_yearly(const ent__use *use)
{
    for (int32_t y = 1; y < use->years; y++)
        if (use->asked[y])
            return true;
    return false;
}

bool ent__decision_resolve(ent__compiler *c, ent__use *use)
{
    if (!ent__is_decision(use))
        return true;
    find_issue(c, use);
    return use->issue >= 0 && find_asked(c, use) && ent__rule_resolve(c, use);
}

/* --- what goes in --------------------------------------------------------------------------------- */

bool ent__decision_supplies(const ent__use *use, const char *port)
{
    static const char *const supplied[] = {"position", "salience", "capability", "from", "scale_low", "scale_high"};
    return ent__is_decision(use) && is_one_of(port, supplied, ENT_COUNT(supplied));
}

static ent__symbol *stance_symbol(ent__compiler *c, int32_t issue, const char *field)
{
    char *name = ent__arena_printf(c->arena, "%s.%s", c->scenario->issues[issue].id, field);
    c->no_memory = c->no_memory || name == NULL;
    return name != NULL ? ent__symbol_find(c, name) : NULL;
}

typedef struct stance { ent__ref position, salience, capability; } stance;

static ent__ref product(ent__compiler *c, ent__ref a, ent__ref b) { return ent__self(ent__emit_op(c, ENT__DO_MULTIPLY, a, b)); }

static stance stance_of(ent__compiler *c, const ent__use *use, int32_t actor, int32_t year, int depth);

/* Where the members of a group that is a member stand together. */
static stance compromise_of(ent__compiler *c, const ent__use *use, int32_t group, int32_t year, int depth)
{
    const ent__set members = c->set[c->group_set[group]];
    ent__ref *pull = ent__arena_alloc(c->arena, 3 * (size_t)members.n, sizeof *pull);
    stance none = {ent__self(0), ent__self(0), ent__self(0)};
    if (pull == NULL || members.n == 0) {
        c->no_memory = c->no_memory || pull == NULL;
        return none;
    }
    ent__ref *weight = pull + members.n, *capability = weight + members.n;
    for (int32_t i = 0; i < members.n; i++) {
        stance of = stance_of(c, use, members.actor[i], year, depth + 1);
        capability[i] = of.capability;
        weight[i] = product(c, of.salience, of.capability);
        pull[i] = product(c, of.position, weight[i]);
    }
    ent__ref all = ent__self(ent__emit(c, ENT__DO_SUM, 1, capability, members.n, 0));
    ent__ref weights = ent__self(ent__emit(c, ENT__DO_SUM, 1, weight, members.n, 0));
    ent__ref pulls = ent__self(ent__emit(c, ENT__DO_SUM, 1, pull, members.n, 0));
    return (stance){ent__self(ent__emit_op(c, ENT__DO_DIVIDE, pulls, weights)), ent__self(ent__emit_op(c, ENT__DO_DIVIDE, weights, all)), all};
}

static stance stance_of(ent__compiler *c, const ent__use *use, int32_t actor, int32_t year, int depth)
{
    const char *id = c->scenario->actors[actor].id;
    stance none = {ent__self(ent__emit_number(c, ENT_UNDEFINED)), ent__self(ent__emit_number(c, 0)), ent__self(ent__emit_number(c, 0))};
    if (c->stance_at[use->issue][actor] >= 0) {
        ent__symbol *position = stance_symbol(c, use->issue, "position"), *salience = stance_symbol(c, use->issue, "salience");
        ent__symbol *capability = stance_symbol(c, use->issue, "capability");
        return (stance){ent__self(ent__element(c, position, actor, year, use->from->place)),
                        ent__self(ent__element(c, salience, actor, year, use->from->place)),
                        ent__self(ent__element(c, capability, actor, year, use->from->place))};
    }
    int32_t group = ent__group_find(c, id);
    if (group >= 0 && depth < 16)
        return compromise_of(c, use, group, year, depth);
    ent__compile_error(c, use->from->place, "the decision \"%s\": %s has no stance on the issue \"%s\"", use->from->id, id,
                       c->scenario->issues[use->issue].id);
    return none;
}

int32_t ent__decision_input(ent__compiler *c, const ent__use *use, const char *port, int32_t year, ent__ref *arg)
{
    const ent__issue *issue = &c->scenario->issues[use->issue];
    const ent__symbol *position = stance_symbol(c, use->issue, "position");
    int32_t n = (int32_t)use->count[ENT_AXIS_MEMBER];
    if (position == NULL)
        return 0;
    if (strcmp(port, "scale_low") == 0 || strcmp(port, "scale_high") == 0) {
        *arg = ent__self(ent__emit_number(c, strcmp(port, "scale_low") == 0 ? position->low : position->high));
        return 1;
    }
    if (strcmp(port, "from") == 0) {
        if (!issue->has_status_quo)
            ent__compile_error(c, use->from->place, "the decision \"%s\" starts from the status quo, and issue \"%s\" states none: give `from`",
                               use->from->id, issue->id);
        *arg = ent__self(issue->has_status_quo ? ent__element(c, stance_symbol(c, use->issue, "status_quo"), -1, year, use->from->place)
                                               : ent__emit_number(c, ENT_UNDEFINED));
        return 1;
    }
    for (int32_t i = 0; i < n && !c->no_memory; i++) {
        stance of = stance_of(c, use, use->actor[ENT_AXIS_MEMBER][i], year, 0);
        arg[i] = strcmp(port, "position") == 0 ? of.position : strcmp(port, "salience") == 0 ? of.salience : of.capability;
    }
    return n;
}

/* --- what comes of the chances -------------------------------------------------------------------- */

bool ent__decision_gives(const ent__use *use, const char *port)
{
    static const char *const given[] = {"adopted", "by_year", "expected_time"};
    return ent__is_decision(use) && is_one_of(port, given, ENT_COUNT(given));
}

static ent__ref chance(ent__compiler *c, int32_t m, int32_t y)
{
    const ent__use *use = &c->use[m];
    int32_t output = 0;
    while (output < (int32_t)use->model->n_outputs - 1 && strcmp(use->model->outputs[output].name, "chance") != 0)
        output++;
    return ent__self(ent__model_output(c, m, output, 0, use->first_year + y));
}

static ent__ref number(ent__compiler *c, double x) { return ent__self(ent__emit_number(c, x)); }
static ent__ref less_from_one(ent__compiler *c, ent__ref x) { return ent__self(ent__emit_op(c, ENT__DO_SUBTRACT, number(c, 1), x)); }

static int32_t adopted(ent__compiler *c, int32_t m, int32_t y)
{
    ent__use *use = &c->use[m];
    if (use->adopted[y] != ENT__UNSEEN)
        return use->adopted[y];
    ent__ref before = y > 0 ? ent__self(adopted(c, m, y - 1)) : number(c, 0);
    int32_t cell = before.cell;
    if (use->asked[y]) {
        char *name = ent__arena_printf(c->arena, "%s[%d]", use->from->id, use->first_year + y);
        if (name == NULL) {
            c->no_memory = true;
            return 0;
        }
        ent__ref pair[2] = {ent__self(ent__emit_uniform(c, name, "decision")), chance(c, m, y)};
        ent__ref now = ent__self(ent__emit(c, ENT__DO_EVENT, 1, pair, 2, 0));
        cell = y > 0 ? ent__emit_op(c, ENT__DO_OR, before, now) : now.cell;
    }
    use->adopted[y] = cell;
    return cell;
}

static int32_t by_year(ent__compiler *c, int32_t m, int32_t y)
{
    ent__use *use = &c->use[m];
    if (use->by_year[y] != ENT__UNSEEN)
        return use->by_year[y];
    ent__ref before = y > 0 ? ent__self(by_year(c, m, y - 1)) : number(c, 0);
    int32_t cell = before.cell;
    if (use->asked[y])
        cell = less_from_one(c, product(c, less_from_one(c, before), less_from_one(c, chance(c, m, y)))).cell;
    use->by_year[y] = cell;
    return cell;
}

static int32_t expected_time(ent__compiler *c, int32_t m)
{
    const ent__use *use = &c->use[m];
    int32_t years = use->years > 0 ? use->years : 1, first = -1, last = -1, step = 1;
    ent__ref sum = number(c, 0), open = number(c, 1), chance_of_last = open;
    for (int32_t y = 0; y < years; y++) {
        if (!use->asked[y])
            continue;
        step = last >= 0 ? y - last : step;
        first = first >= 0 ? first : y;
        last = y;
        chance_of_last = chance(c, m, y);
        sum = ent__self(ent__emit_op(c, ENT__DO_ADD, sum, product(c, number(c, y - first), product(c, open, chance_of_last))));
        open = product(c, open, less_from_one(c, chance_of_last));
    }
    ent__ref waits = ent__self(ent__emit_op(c, ENT__DO_DIVIDE, number(c, step), chance_of_last));
    waits = ent__self(ent__emit_op(c, ENT__DO_ADD, waits, number(c, last - first)));
    return ent__emit_op(c, ENT__DO_ADD, sum, product(c, open, waits));
}

int32_t ent__decision_element(ent__compiler *c, int32_t m, const char *port, int32_t year)
{
    const ent__use *use = &c->use[m];
    int32_t y = use->years > 0 ? (year != 0 ? year : use->first_year + use->years - 1) - use->first_year : 0;
    if (strcmp(port, "adopted") == 0)
        return adopted(c, m, y);
    if (strcmp(port, "by_year") == 0)
        return by_year(c, m, y);
    return expected_time(c, m);
}

int32_t ent__decision_find(const ent__compiler *c, const char *id)
{
    for (int32_t m = 0; m < c->scenario->n_models; m++)
        if (ent__is_decision(&c->use[m]) && strcmp(c->scenario->models[m].id, id) == 0)
            return m;
    return -1;
}
