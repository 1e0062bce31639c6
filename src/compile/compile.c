/* The order of compiling: names, correlations, provisions, issues, every quantity to be reported, what is known,
 * claims; last, what the report tells beside the numbers. */
#include "compile/compile.h"

#include <string.h>

static bool start_plan(ent__compiler *c)
{
    ent_plan *plan = c->plan;
    ent__plan_head *head = ENT__PLAN_ADD(plan, head);
    plan->text = ent__alloc(4096, 1);
    if (head == NULL || plan->text == NULL)
        return false;
    plan->n_text = 1; /* offset 0 is "" */
    plan->capacity_text = 4096;
    const ent_scenario *s = c->scenario;
    head->seed = s->seed;
    head->hash = s->hash;
    head->draws = s->draws;
    head->start = s->start;
    head->years = s->years;
    head->has_document = s->has_document && s->n_provisions > 0;
    return true;
}

static void add_joints(ent__compiler *c)
{
    for (int32_t j = 0; j < c->scenario->n_joints && !c->no_memory; j++) {
        const ent__issue list = ent__joint_as_issue(&c->scenario->joints[j]);
        int32_t choice = ent__add_choices(c, &list, (size_t)c->scenario->n_actors, true);
        c->joint_choice[j] = choice >= 0 && ent__weights_hold(c, &list, choice) ? choice : -1;
    }
}

static bool start_tables(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    size_t years = s->years > 0 ? (size_t)s->years : 1;
    c->gate = ent__arena_alloc(c->arena, (size_t)s->n_provisions * years, sizeof *c->gate);
    c->lever = ent__arena_alloc(c->arena, (size_t)s->n_levers, sizeof *c->lever);
    c->settled = ent__arena_alloc(c->arena, (size_t)s->n_issues * years, sizeof *c->settled);
    c->joint_settled = ent__arena_alloc(c->arena, (size_t)s->n_joints * years, sizeof *c->joint_settled);
    c->joint_choice = ent__arena_alloc(c->arena, (size_t)s->n_joints, sizeof *c->joint_choice);
    c->calibrated = ent__arena_alloc(c->arena, (size_t)s->n_issues * years, sizeof *c->calibrated);
    c->given_model = ent__arena_alloc(c->arena, (size_t)s->n_given, sizeof *c->given_model);
    if (c->given_model == NULL || c->lever == NULL || c->gate == NULL || c->settled == NULL || c->joint_settled == NULL || c->joint_choice == NULL ||
        c->calibrated == NULL)
        return false;
    for (size_t j = 0; j < (size_t)s->n_joints * years; j++)
        c->joint_settled[j] = ENT__UNSEEN;
    for (size_t p = 0; p < (size_t)s->n_provisions * years; p++)
        c->gate[p] = ENT__UNSEEN;
    for (size_t i = 0; i < (size_t)s->n_issues * years; i++)
        c->settled[i] = c->calibrated[i] = ENT__UNSEEN;
    return true;
}

static void read_settings(ent__compiler *c, const ent_setting *settings, size_t n)
{
    c->override = ent__arena_alloc(c->arena, n, sizeof *c->override);
    if (c->override == NULL) {
        c->no_memory = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        ent__override *to = &c->override[c->n_overrides++];
        char *name = ent__arena_text(c->arena, settings[i].name, strlen(settings[i].name));
        char *text = ent__arena_text(c->arena, settings[i].value, strlen(settings[i].value));
        if (name == NULL || text == NULL) {
            c->no_memory = true;
            return;
        }
        size_t kept = 0; /* x[pl, 2030] and x[pl,2030] are one name */
        for (size_t k = 0; name[k] != 0; k++)
            if (name[k] != ' ')
                name[kept++] = name[k];
        name[kept] = 0;
        to->name = name;
        ent__place place = {"--set", 1, (int32_t)strlen(name) + 2};
        ent__value_parse(&to->value, c->arena, text, place, false, c->list);
    }
}

/* --set PROVISION.in_force=no leaves a provision out of all arms; yes puts it back. */
static void switch_provision(ent__compiler *c, int32_t p, const char *name)
{
    uint64_t bit = UINT64_C(1) << p;
    for (int32_t o = 0; o < c->n_overrides; o++) {
        const ent__value *value = &c->override[o].value;
        if (strcmp(c->override[o].name, name) != 0)
            continue;
        c->override[o].used = true;
        bool no = strcmp(value->text, "no") == 0;
        if (!no && strcmp(value->text, "yes") != 0)
            ent__compile_error(c, value->place, "%s is yes or no, not '%s'", name, value->text);
        c->plan->head->off = no ? c->plan->head->off | bit : c->plan->head->off & ~bit;
    }
    ent__add_param(c, name, ENT__PARAM_IN_FORCE, p, 0, 0);
}

static void unused_settings(ent__compiler *c)
{
    for (int32_t o = 0; o < c->n_overrides; o++) {
        const ent__override *x = &c->override[o];
        if (x->used)
            continue;
        const char *near = NULL;
        for (int32_t p = 0; p < c->plan->n_params; p++) {
            const char *pair[2] = {near, ent__plan_text(c->plan, c->plan->params[p].name)};
            near = near == NULL ? ent__nearest(x->name, pair + 1, 1) : ent__nearest(x->name, pair, 2);
        }
        ent__compile_error(c, x->value.place, "nothing is named \"%s\" that could be set%s%s%s", x->name,
                           near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
}

/* --- provisions and issues ----------------------------------------------------------------------- */

static void check_target(ent__compiler *c, const char *what, const char *id, const ent__change *change)
{
    if (change->target == NULL)
        return;
    ent__symbol *symbol = ent__symbol_find(c, change->target->name);
    if (symbol == NULL) {
        const char *near = ent__nearest_name(c, change->target->name);
        ent__compile_error(c, change->place, "%s \"%s\" changes the unknown \"%s\"%s%s%s", what, id, change->target->name,
                           near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
        return;
    }
    if (symbol->kind > ENT__SYMBOL_STATUS_QUO) {
        ent__compile_error(c, change->place, "%s \"%s\" changes %s, which follows from other numbers: change one of those", what, id, symbol->name);
        return;
    }
    symbol->used = true;
    bool has_actor = false;
    for (int32_t i = 0; i < change->target->n_index; i++) {
        const ent__index *index = &change->target->index[i];
        if (index->is_time && c->scenario->years == 0)
            ent__compile_error(c, index->place, "a change from a year on needs `time:` in the scenario");
        else if (index->is_time && (index->is_range || index->from.month != 0 || index->from.year < c->scenario->start ||
                                    index->from.year >= c->scenario->start + c->scenario->years))
            ent__compile_error(c, index->place, "a change begins in one of the years %d to %d and stays", c->scenario->start,
                               c->scenario->start + c->scenario->years - 1);
        if (index->is_time)
            continue;
        has_actor = true;
        int32_t actor = ent__actor_find(c, index->id);
        if (actor < 0 && ent__group_find(c, index->id) < 0)
            ent__compile_error(c, index->place, "\"%s\" is neither an actor nor a group", index->id);
        else if (symbol->axes.set < 0)
            ent__compile_error(c, index->place, "%s has no value by actor", symbol->name);
        else if (actor >= 0 && ent__set_place(&c->set[symbol->axes.set], actor) < 0)
            ent__compile_error(c, index->place, "%s has no value for %s", symbol->name, index->id);
    }
    if (!has_actor && symbol->axes.set >= 0)
        ent__compile_warning(c, change->place, "%s \"%s\" changes %s of every actor; name one in brackets if that is not meant", what, id, symbol->name);
    if (change->value.kind == ENT__VALUE_EXPRESSION)
        ent__check_units(c, change->value.expression);
}

static void add_provisions(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    for (int32_t p = 0; p < s->n_provisions && !c->no_memory; p++) {
        const ent__provision *from = &s->provisions[p];
        ent__buffer changes = {0};
        for (int32_t k = 0; k < from->n_changes; k++) {
            ent__buffer_printf(&changes, "%s%s: %s", k > 0 ? "\n" : "", from->change[k].text, from->change[k].value.text);
            check_target(c, "provision", from->id, &from->change[k]);
        }
        ent__plan_provision *to = ENT__PLAN_ADD(c->plan, provisions);
        if (to == NULL || changes.failed) {
            c->no_memory = true;
            ent__buffer_free(&changes);
            return;
        }
        to->id = ent__pool_text(c, from->id);
        to->title = ent__pool_text(c, from->title);
        to->says = ent__pool_text(c, from->says);
        to->where = ent__pool_text(c, from->where);
        to->takes_hold = ent__pool_text(c, from->has_takes_hold ? from->takes_hold.text : "certain");
        to->changes = ent__pool_text(c, changes.data);
        to->binding = from->binding;
        to->event = -1;
        ent__buffer_free(&changes);
        const char *in_force = ent__arena_printf(c->arena, "%s.in_force", from->id);
        c->no_memory = c->no_memory || in_force == NULL;
        if (in_force != NULL)
            switch_provision(c, p, in_force);
    }
}

/* How far a lever is pulled: not at all (undefined) unless --set ID.lever says so. */
static double amount_of(ent__compiler *c, const ent__lever *lever)
{
    const char *name = ent__arena_printf(c->arena, "%s.lever", lever->id);
    double amount = ENT_UNDEFINED;
    for (int32_t o = 0; o < c->n_overrides && name != NULL; o++) {
        const ent__value *value = &c->override[o].value;
        if (strcmp(c->override[o].name, name) != 0)
            continue;
        c->override[o].used = true;
        amount = value->distribution.p[0];
        if (value->kind != ENT__VALUE_DISTRIBUTION || value->distribution.kind != ENT__DIST_CONSTANT || !(amount >= lever->low) || !(amount <= lever->high))
            ent__compile_error(c, value->place, "the lever \"%s\" takes a plain number from %g to %g", lever->id, lever->low, lever->high);
    }
    return amount;
}

static void add_levers(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    for (int32_t l = 0; l < s->n_levers && !c->no_memory; l++) {
        const ent__lever *from = &s->levers[l];
        for (int32_t k = 0; k < from->n_changes; k++)
            check_target(c, "lever", from->id, &from->change[k]);
        int32_t number = ent__add_number(c, amount_of(c, from));
        int32_t actor = ent__actor_find(c, from->actor), group = ent__group_find(c, from->actor);
        c->lever[l] = ent__emit(c, ENT__DO_NUMBER, 1, NULL, 0, number);
        c->cell_flag[c->lever[l]] |= ENT__MAY_BE_UNDEFINED;
        ent__add_param(c, ent__arena_printf(c->arena, "%s.lever", from->id), ENT__PARAM_LEVER, number, from->low, from->high);
        ent__plan_lever *to = ENT__PLAN_ADD(c->plan, levers);
        if (to == NULL) {
            c->no_memory = true;
            return;
        }
        *to = (ent__plan_lever){.cell = c->lever[l], .unit_cost = from->unit_cost, .low = from->low, .high = from->high};
        to->id = ent__pool_text(c, from->id);
        to->title = ent__pool_text(c, from->title);
        to->actor = ent__pool_text(c, from->actor);
        to->actor_name = ent__pool_text(c, actor >= 0 ? s->actors[actor].name : group >= 0 && s->groups[group].name[0] != 0 ? s->groups[group].name : from->actor);
        to->cost_unit = ent__pool_text(c, from->cost_unit);
    }
}

static void add_issue(ent__compiler *c, int32_t i)
{
    const ent__issue *from = &c->scenario->issues[i];
    ent_plan *plan = c->plan;
    ent__plan_issue *to = ENT__PLAN_ADD(plan, issues);
    if (to == NULL) {
        c->no_memory = true;
        return;
    }
    *to = (ent__plan_issue){.label = plan->n_labels, .n_labels = from->n_labels, .choice = -1, .status_quo = ENT_UNDEFINED};
    to->low = from->n_labels > 0 ? from->label[0].at : 0;
    to->high = from->n_labels > 0 ? from->label[from->n_labels - 1].at : 1;
    if (from->has_status_quo && from->status_quo.kind == ENT__VALUE_DISTRIBUTION && from->status_quo.distribution.kind == ENT__DIST_CONSTANT)
        to->status_quo = from->status_quo.distribution.p[0];
    to->id = ent__pool_text(c, from->id);
    to->title = ent__pool_text(c, from->title);
    to->question = ent__pool_text(c, from->question);
    to->unit = ent__pool_text(c, from->position.unit);
    for (int32_t l = 0; l < from->n_labels; l++) {
        ent__plan_label *label = ENT__PLAN_ADD(plan, labels);
        if (label == NULL) {
            c->no_memory = true;
            return;
        }
        label->at = from->label[l].at;
        label->text = ent__pool_text(c, from->label[l].text);
    }
    if (from->joint > 0) { /* its models are the arena's */
        to->choice = c->joint_choice[from->joint - 1];
        to->n_choices = to->choice >= 0 ? c->scenario->joints[from->joint - 1].n_settle : 0;
    }
    if (from->n_settle == 0)
        return;
    int32_t choice = ent__add_choices(c, from, (size_t)from->n_stances, false);
    to->n_choices = choice >= 0 ? from->n_settle : 0;
    to->choice = choice >= 0 && ent__weights_hold(c, from, choice) ? choice : -1;
}

/* --- what is reported ---------------------------------------------------------------------------- */

static int32_t add_one(ent__compiler *c, ent__symbol *symbol, int32_t kind, int32_t issue, int32_t actor, int32_t year, bool detail,
                       ent__place place)
{
    int32_t cell = ent__element(c, symbol, actor, year, place);
    bool scalar = actor < 0 || symbol->axes.set < 0;
    if (c->only_checks && !scalar && c->scenario->n_known == 0) /* its name is asked for by nobody */
        return 0;
    const char *name = ent__element_name(c, symbol, actor, year);
    ent__plan_quantity *to = ENT__PLAN_ADD(c->plan, quantities);
    if (to == NULL || name == NULL) {
        c->no_memory = true;
        return -1;
    }
    *to = (ent__plan_quantity){.kind = kind, .issue = issue, .actor = scalar ? -1 : actor, .year = symbol->axes.count == 0 ? 0 : symbol->month_count > 0 ? year / 12 : year,
                               .cell = cell, .reading = -1, .low = symbol->low, .high = symbol->high, .known = ENT_UNDEFINED};
    to->use = -1;
    if (symbol->kind == ENT__SYMBOL_MODEL) {
        to->use = symbol->part;
        to->output = symbol->column;
        to->event = symbol->event;
        to->month = symbol->month_count > 0 ? year % 12 + 1 : 0;
    }
    to->detail = detail;
    to->exact = scalar && to->year == 0;
    /* A scenario without issues shows its derived numbers first. */
    to->headline = to->exact && (kind == ENT__KIND_OUTCOME || (kind == ENT__KIND_DERIVED && c->scenario->n_issues == 0));
    to->name = ent__pool_text(c, name);
    to->unit = ent__pool_text(c, symbol->unit);
    for (int32_t k = 0; k < c->scenario->n_known; k++) {
        if (strcmp(c->scenario->known[k].quantity, name) == 0) {
            to->known = c->scenario->known[k].value;
            to->known_source = ent__pool_text(c, c->scenario->known[k].source);
        }
    }
    return c->plan->n_quantities - 1;
}

static int32_t add_quantity(ent__compiler *c, ent__symbol *symbol, int32_t kind, int32_t issue, int32_t actor, int32_t year, ent__place place)
{
    bool many = kind == ENT__KIND_STANCE || kind == ENT__KIND_UTILITY || kind == ENT__KIND_GAIN;
    return add_one(c, symbol, kind, issue, actor, year, many && c->is_large, place);
}

static void add_all(ent__compiler *c, ent__symbol *symbol, int32_t kind, int32_t issue, ent__place place)
{
    int32_t actors = symbol->axes.set >= 0 ? c->set[symbol->axes.set].n : 1, years = symbol->axes.count > 0 ? symbol->axes.count : 1;
    for (int32_t a = 0; a < actors && !c->no_memory; a++)
        for (int32_t y = 0; y < years && !c->no_memory; y++)
            add_quantity(c, symbol, kind, issue, symbol->axes.set >= 0 ? c->set[symbol->axes.set].actor[a] : -1,
                         symbol->axes.count > 0 ? symbol->axes.from + y : 0, place);
}

static ent__symbol *issue_field(ent__compiler *c, const ent__issue *issue, const char *field)
{
    char *name = ent__arena_printf(c->arena, "%s.%s", issue->id, field);
    c->no_memory = c->no_memory || name == NULL;
    return name != NULL ? ent__symbol_find(c, name) : NULL;
}

static void add_stances(ent__compiler *c, int32_t i)
{
    const ent__issue *issue = &c->scenario->issues[i];
    static const char *const names[3] = {"position", "salience", "capability"};
    ent__symbol *field[3];
    int32_t first[3];
    for (int f = 0; f < 3; f++) {
        field[f] = issue_field(c, issue, names[f]);
        if (field[f] == NULL)
            return;
        first[f] = c->plan->n_quantities;
        add_all(c, field[f], ENT__KIND_STANCE, i, issue->place);
    }
    const ent__set set = c->set[field[0]->base.set];
    c->plan->issues[i].stance = c->plan->n_stances;
    for (int32_t a = 0; a < set.n && !c->no_memory; a++) {
        const ent__stance *from = &issue->stance[c->stance_at[i][set.actor[a]]];
        ent__plan_stance *to = ENT__PLAN_ADD(c->plan, stances);
        if (to == NULL) {
            c->no_memory = true;
            return;
        }
        to->actor = set.actor[a];
        for (int f = 0; f < 3; f++)
            to->quantity[f] = first[f] + a * (field[f]->axes.count > 0 ? field[f]->axes.count : 1);
        to->source = ent__pool_words(c, from->source);
        to->text[0] = ent__pool_words(c, from->position.text);
        to->text[1] = ent__pool_words(c, from->salience.text);
        to->text[2] = ent__pool_words(c, from->capability.text);
    }
    c->plan->issues[i].n_stances = c->plan->n_stances - c->plan->issues[i].stance;
}

/* Which years of an output are told. A decision's chance and what members do to it, in years in which it is asked. Of what has
 * a value for each actor the first and the last year, as a rule: all of it would be ten thousand numbers. */
static bool year_is_told(const ent__use *use, const ent__symbol *symbol, int32_t y)
{
    const char *output = strchr(symbol->name, '.') + 1;
    if (use->asked != NULL && strcmp(output, "by_year") != 0 && strcmp(output, "adopted") != 0)
        return use->asked[y];
    return symbol->axes.set < 0 || y == 0 || y == use->years - 1 || use->model->outputs[symbol->column].every_year;
}

/* What a model in use gives. Of probabilities by actor the mean is told; of those by month as well, but for the ends of years. */
static void add_model_output(ent__compiler *c, ent__symbol *symbol)
{
    const ent__use *use = &c->use[symbol->part];
    ent__place place = use->from->place;
    int32_t from = symbol->axes.from, years = symbol->axes.count > 0 ? symbol->axes.count : 1;
    bool chance = strcmp(symbol->unit, "probability") == 0;
    if (symbol->month_count > 0) {
        int32_t last = symbol->month_from + symbol->month_count - 1;
        for (int32_t t = symbol->month_from; t <= last && !c->no_memory; t++)
            add_one(c, symbol, ENT__KIND_MODEL, -1, -1, t, chance && t % 12 != 11 && t != last, place);
        return;
    }
    int32_t actors = symbol->axes.set >= 0 ? c->set[symbol->axes.set].n : 1;
    for (int32_t a = 0; a < actors && !c->no_memory; a++) {
        int32_t actor = symbol->axes.set >= 0 ? c->set[symbol->axes.set].actor[a] : -1;
        for (int32_t y = 0; y < years && !c->no_memory; y++)
            if (symbol->axes.count == 0 || year_is_told(use, symbol, y))
                add_one(c, symbol, ENT__KIND_MODEL, -1, actor, symbol->axes.count > 0 ? from + y : 0, actor >= 0 && chance, place);
    }
}

/* The rule of a group in words, as it is written. */
static void rule_words(ent__buffer *out, const ent__rule *rule)
{
    static const char *const word[] = {[ENT__RULE_NONE] = "", [ENT__RULE_CONSENSUS] = "consensus", [ENT__RULE_MAJORITY] = "majority",
                                       [ENT__RULE_WEIGHTED] = "", [ENT__RULE_ALL] = "all of", [ENT__RULE_ANY] = "one of"};
    ent__buffer_text(out, word[rule->kind]);
    if (rule->kind == ENT__RULE_WEIGHTED) {
        ent__buffer_text(out, rule->strict ? "more than " : "at least ");
        ent__buffer_number(out, rule->quota <= 1 ? 100 * rule->quota : rule->quota);
        ent__buffer_printf(out, "%s of %s", rule->quota <= 1 ? " %" : "", rule->column);
    }
    for (int32_t k = 0; k < rule->n_parts; k++) {
        ent__buffer_text(out, k > 0 ? ", " : " (");
        rule_words(out, &rule->part[k]);
    }
    ent__buffer_text(out, rule->n_parts > 0 ? ")" : "");
}

/* A plain number among the inputs of a model in use, or NaN. */
static double plain_input(const ent__compiler *c, const ent__use *use, const char *key)
{
    const ent__model_input *entry = ent__model_entry(c, use->from, key);
    bool plain = entry != NULL && entry->value.kind == ENT__VALUE_DISTRIBUTION && entry->value.distribution.kind == ENT__DIST_CONSTANT;
    return plain ? entry->value.distribution.p[0] : ENT_UNDEFINED;
}

/* What the report tells of a model in use beside its numbers. */
static void use_facts(ent__compiler *c, ent__plan_use *to, const ent__use *from)
{
    static const ent_axis axis[3] = {ENT_AXIS_MEMBER, ENT_AXIS_ALLY, ENT_AXIS_CANDIDATE};
    const ent__issue *issue = from->issue >= 0 ? &c->scenario->issues[from->issue] : NULL;
    for (int k = 0; k < 3; k++) {
        to->axis[k] = c->plan->n_indices;
        for (size_t i = 0; i < from->count[axis[k]]; i++) {
            int32_t *actor = ENT__PLAN_ADD(c->plan, indices);
            if (actor == NULL) {
                c->no_memory = true;
                return;
            }
            *actor = from->actor[axis[k]][i];
            to->n_axis[k]++;
        }
    }
    to->asked = c->plan->n_indices;
    to->plan_rule = from->rule;
    to->seen_month = from->seen_month;
    to->from = plain_input(c, from, "from");
    if (issue != NULL && to->from != to->from && issue->has_status_quo && issue->status_quo.kind == ENT__VALUE_DISTRIBUTION &&
        issue->status_quo.distribution.kind == ENT__DIST_CONSTANT)
        to->from = issue->status_quo.distribution.p[0];
    to->to = plain_input(c, from, "to");
    double rounds = plain_input(c, from, "rounds");
    to->rounds = rounds >= 1 && rounds <= 1000000 ? (int32_t)rounds : 1;
    const ent__model_input *ally = ent__model_entry(c, from->from, "without_ally");
    ally = ally != NULL ? ally : ent__model_entry(c, from->from, "withdraws");
    to->without_ally = ally != NULL && ally->value.text != NULL ? ent__actor_find(c, ally->value.text) : -1;
}

/* A second name of the output before it, for those who ask "is it going on?". */
static bool is_other_name(const ent__symbol *symbol) { return strcmp(strchr(symbol->name, '.'), ".going_on") == 0; }

static void add_use(ent__compiler *c, int32_t u)
{
    const ent__use *from = &c->use[u];
    ent__plan_use *to = ENT__PLAN_ADD(c->plan, uses);
    int32_t at = c->plan->n_uses - 1;
    ent__buffer rule = {0};
    if (to == NULL) {
        c->no_memory = true;
        return;
    }
    *to = (ent__plan_use){.issue = from->issue, .first_year = from->first_year, .years = from->years, .start_month = from->start_month,
                          .months = (int32_t)from->count[ENT_AXIS_MONTH], .asked = c->plan->n_indices};
    use_facts(c, to, from);
    if (from->group >= 0)
        rule_words(&rule, &c->scenario->groups[from->group].rule);
    to->id = ent__pool_text(c, from->from->id);
    to->model = ent__pool_text(c, from->model->name);
    to->title = ent__pool_text(c, from->from->title[0] ? from->from->title : ent__in_words(c, from->from->id));
    for (int k = 0; k < 2; k++)
        to->side[k] = ent__pool_text(c, ent__model_side(c, from->from, k));
    to->group = ent__pool_text(c, from->group >= 0 ? c->scenario->groups[from->group].id : "");
    to->rule = ent__pool_text(c, rule.data);
    c->no_memory = c->no_memory || rule.failed;
    ent__buffer_free(&rule);
    for (int32_t y = 0; from->asked != NULL && (y == 0 || y < from->years); y++) {
        int32_t *year = from->asked[y] ? ENT__PLAN_ADD(c->plan, indices) : NULL;
        if (year != NULL) {
            *year = from->first_year + y;
            to->n_asked++;
        }
    }
    to->quantity = c->plan->n_quantities;
    for (int32_t k = 0; k < c->n_symbols && !c->no_memory; k++)
        if (c->symbol[k].kind == ENT__SYMBOL_MODEL && c->symbol[k].part == u && !is_other_name(&c->symbol[k]))
            add_model_output(c, &c->symbol[k]);
    to = &c->plan->uses[at];
    to->n_quantities = c->plan->n_quantities - to->quantity;
}

static void add_reported(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    for (int32_t i = 0; i < s->n_inputs && !c->no_memory; i++)
        for (int32_t y = 0; y < 1; y++) {
            ent__symbol *symbol = ent__symbol_find(c, s->inputs[i].id);
            bool used = symbol->used;
            ent__element(c, symbol, -1, symbol->axes.count > 0 ? symbol->axes.from : 0, s->inputs[i].place);
            symbol->used = used;
        }
    for (int32_t i = 0; i < s->n_issues && !c->no_memory; i++) {
        ent__symbol *outcome = issue_field(c, &s->issues[i], "outcome");
        if (outcome != NULL && c->plan->issues[i].choice >= 0)
            add_all(c, outcome, ENT__KIND_OUTCOME, i, s->issues[i].place);
        if (s->issues[i].has_error && !ent__is_settled(&s->issues[i]))
            ent__compile_error(c, s->issues[i].error_place, "'model_error' is that of a model, and no model settles the issue \"%s\"", s->issues[i].id);
    }
    for (int32_t i = 0; i < s->n_quantities && !c->no_memory; i++) {
        ent__symbol *symbol = ent__symbol_find(c, s->quantities[i].id);
        if (s->quantities[i].value.kind == ENT__VALUE_EXPRESSION)
            ent__check_units(c, s->quantities[i].value.expression);
        add_all(c, symbol, ENT__KIND_DERIVED, -1, s->quantities[i].place);
    }
    for (int32_t i = 0; i < s->n_issues && !c->no_memory; i++) {
        add_stances(c, i);
        ent__symbol *utility = issue_field(c, &s->issues[i], "utility"), *gain = issue_field(c, &s->issues[i], "gain");
        if (utility == NULL || gain == NULL || c->plan->issues[i].choice < 0)
            continue;
        add_all(c, utility, ENT__KIND_UTILITY, i, s->issues[i].place);
        add_all(c, gain, ENT__KIND_GAIN, i, s->issues[i].place);
    }
    for (int32_t u = 0; u < s->n_models && !c->no_memory; u++)
        if (c->use[u].model != NULL)
            add_use(c, u);
    for (int32_t p = 0; p < s->n_provisions && !c->no_memory; p++) {
        char *name = ent__arena_printf(c->arena, "%s.in_force", s->provisions[p].id);
        ent__symbol *symbol = name != NULL ? ent__symbol_find(c, name) : NULL;
        if (symbol != NULL)
            add_quantity(c, symbol, ENT__KIND_EVENT, -1, -1, 0, s->provisions[p].place);
    }
}

static void check_known(ent__compiler *c)
{
    for (int32_t k = 0; k < c->scenario->n_known; k++) {
        bool found = false;
        for (int32_t q = 0; q < c->plan->n_quantities && !found; q++)
            found = strcmp(ent__plan_text(c->plan, c->plan->quantities[q].name), c->scenario->known[k].quantity) == 0;
        if (!found)
            ent__compile_error(c, c->scenario->known[k].place, "nothing is computed that is named \"%s\"", c->scenario->known[k].quantity);
    }
}

static void warn_unused(ent__compiler *c)
{
    for (int32_t i = 0; i < c->scenario->n_inputs; i++) {
        const ent__symbol *symbol = ent__symbol_find(c, c->scenario->inputs[i].id);
        if (symbol != NULL && !symbol->used)
            ent__compile_warning(c, c->scenario->inputs[i].place, "nothing uses the input \"%s\"", symbol->name);
    }
}

static void check_correlations(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    for (int32_t k = 0; k < s->n_correlations; k++)
        for (int side = 0; side < 2; side++) {
            const char *name = side == 0 ? s->correlations[k].a : s->correlations[k].b;
            bool found = false;
            for (int32_t o = 0; o < c->n_overrides && !found; o++) /* what --set makes a plain number goes with nothing */
                found = strcmp(c->override[o].name, name) == 0;
            for (int32_t i = 0; i < c->plan->n_inputs && !found; i++)
                found = c->plan->inputs[i].uncertain && strcmp(ent__plan_text(c->plan, c->plan->inputs[i].name), name) == 0;
            if (!found)
                ent__compile_error(c, side == 0 ? s->correlations[k].a_place : s->correlations[k].b_place,
                                   "\"%s\" is no uncertain input, so it cannot be correlated", name);
        }
}

static void compile_all(ent__compiler *c)
{
    int64_t stances = 0;
    for (int32_t i = 0; i < c->scenario->n_issues; i++)
        stances += c->scenario->issues[i].n_stances;
    c->is_large = stances > ENT__MANY_STANCES;
    ent__emit_number(c, 0); /* cell 0: what stands in where memory ran out, so that every cell has its flags */
    if (c->no_memory || !ent__correlations_build(c)) {
        c->no_memory = true;
        return;
    }
    ent__axes_settle(c);
    for (int32_t g = 0; g < c->scenario->n_given; g++)
        c->given_model[g] = ent__seen_model(c, &c->scenario->given[g]);
    if (!c->no_memory)
        add_joints(c);
    if (!c->no_memory)
        add_provisions(c);
    if (!c->no_memory)
        add_levers(c);
    for (int32_t i = 0; i < c->scenario->n_issues && !c->no_memory; i++)
        add_issue(c, i);
    if (!c->no_memory)
        add_reported(c);
    if (!c->no_memory)
        ent__compile_given(c);
    if (!c->no_memory)
        ent__compile_claims(c);
    if (c->no_memory)
        return;
    check_known(c);
    check_correlations(c);
    warn_unused(c);
    unused_settings(c);
    if (!c->only_checks)
        ent__describe(c);
}

static ent_status first_error(const ent__compiler *c, ent_error *err)
{
    ent_diagnostics_sort(c->list);
    for (size_t i = 0; i < ent_diagnostics_count(c->list); i++) {
        ent_diagnostic d = ent_diagnostics_get(c->list, i);
        if (d.severity == ENT_SEVERITY_ERROR)
            return ent__error_set(err, ENT_ERR_SCENARIO, d.file, d.line, d.column, "%s", d.message);
    }
    return ent__error_set(err, ENT_ERR_SCENARIO, "", 0, 0, "the scenario has errors");
}

ent_status ent_plan_compile(ent_plan **out, const ent_scenario *scenario, const ent_setting *settings, size_t n_settings,
                            ent_diagnostics *list, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__compiler compiler = {.scenario = scenario, .list = list}, *c = &compiler;
    c->only_checks = out == NULL;
    c->arena = ent__arena_create();
    c->plan = ent__alloc(1, sizeof *c->plan);
    ENT_REQUIRE(c->arena != NULL && c->plan != NULL && start_plan(c) && start_tables(c), ENT_ERR_MEMORY,
                "not enough memory to compile the scenario");
    read_settings(c, settings, n_settings);
    if (!c->no_memory && ent__symbols_build(c) && !ent__arena_failed(c->arena)) /* every name can be found */
        compile_all(c);
    ENT_REQUIRE(!c->no_memory && !ent__arena_failed(c->arena), ENT_ERR_MEMORY, "not enough memory to compile the scenario");
    if (ent_diagnostics_errors(list) > 0) {
        status = first_error(c, err);
        goto done;
    }
    if (c->only_checks)
        goto done;
    bool no_memory, sound = ent__plan_is_sound(c->plan, &no_memory);
    ENT_REQUIRE(!no_memory, ENT_ERR_MEMORY, "not enough memory to compile the scenario");
    ENT_REQUIRE(sound, ENT_ERR_FORMAT, "the compiled plan does not hold together (a defect of entente)");
    *out = c->plan;
    c->plan = NULL;
done:
    ent_plan_free(c->plan);
    ent__arena_free(c->arena);
    ent__free(c->symbol);
    ent__free(c->set);
    ent__free(c->cell_reading);
    ent__free(c->cell_reach);
    ent__free(c->cell_flag);
    ent__free(c->shapley_of);
    ent__free(c->shapley);
    ent__free(c->text_bucket);
    ent__free(c->number_bucket);
    ent__free(c->input_bucket);
    ent__free(c->chain);
    return status;
}
