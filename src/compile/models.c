/* Models in use (`models:`): what goes into each, over its actors and years, and the cells of what comes out.
 *
 * A model of the table with `call` becomes one step a year (ENT_PHASE_YEAR), one before them where something is
 * calibrated (FIRST), one after them where something is told of all years (LAST); a model in months is one step. What a
 * year carries on goes into the next year's step. Inputs are values or expressions, compiled for each actor and year
 * that the model's port has; one number stands for any shape. In years before the scenario's first an input is taken
 * without the document, and what has no value that early as in its first year. */
#include "compile/compile.h"

#include "core/random.h"

#include <stdio.h>
#include <string.h>

enum { MOST_KEYS = 96 };

static const char axis_letters[] = "amlcyte"; /* in the order of ent_axis */

/* Which key of a model in use names the actors of an axis. */
static const struct { const char *key; ent_axis axis; } axis_key[] = {
    {"group", ENT_AXIS_MEMBER},   {"allies", ENT_AXIS_ALLY},          {"defenders", ENT_AXIS_ALLY},
    {"members", ENT_AXIS_ALLY},   {"candidates", ENT_AXIS_CANDIDATE},
};
static const char *const own_key[] = {"start", "years", "months", "like", "events", "issue", "asked"};

/* --- entries ------------------------------------------------------------------------------------- */

static const ent__model_use *use_find(const ent__compiler *c, const char *id)
{
    for (int32_t m = 0; m < c->scenario->n_models; m++)
        if (strcmp(c->scenario->models[m].id, id) == 0)
            return &c->scenario->models[m];
    return NULL;
}

static const ent__model_input *own_entry(const ent__model_use *use, const char *key)
{
    for (int32_t i = 0; i < use->n_inputs; i++)
        if (strcmp(use->input[i].name, key) == 0)
            return &use->input[i];
    return NULL;
}

/* The model whose inputs and draws this one shares, or NULL. */
static const ent__model_use *like_of(const ent__compiler *c, const ent__model_use *use)
{
    const ent__model_input *like = own_entry(use, "like");
    return like != NULL && like->value.text != NULL ? use_find(c, like->value.text) : NULL;
}

/* An entry of the model, or of the one it is like; *owner is whose it is. */
static const ent__model_input *entry_of(const ent__compiler *c, const ent__model_use *use, const char *key, const ent__model_use **owner)
{
    for (int depth = 0; use != NULL && depth < 16; depth++, use = like_of(c, use)) {
        const ent__model_input *entry = own_entry(use, key);
        if (entry != NULL) {
            if (owner != NULL)
                *owner = use;
            return entry;
        }
    }
    return NULL;
}

const char *ent__model_side(const ent__compiler *c, const ent__model_use *use, int side)
{
    for (int depth = 0; use != NULL && depth < 16; depth++, use = like_of(c, use))
        if (use->side[side][0] != 0)
            return use->side[side];
    return "";
}

const ent__model_input *ent__model_entry(const ent__compiler *c, const ent__model_use *use, const char *key)
{
    return entry_of(c, use, key, NULL);
}

static bool is_constant(const ent__value *value)
{
    return value->kind == ENT__VALUE_DISTRIBUTION && value->distribution.kind == ENT__DIST_CONSTANT;
}

/* A whole number within bounds, or `otherwise` where the key is not there. */
static int32_t whole_entry(ent__compiler *c, const ent__model_use *use, const char *key, int32_t low, int32_t high, int32_t otherwise)
{
    const ent__model_input *entry = entry_of(c, use, key, NULL);
    if (entry == NULL)
        return otherwise;
    double x = is_constant(&entry->value) ? entry->value.distribution.p[0] : -1;
    if (x >= low && x <= high && x == (double)(int32_t)x)
        return (int32_t)x;
    ent__compile_error(c, entry->value.place, "`%s` of the model \"%s\" is a whole number from %d to %d, found '%.40s'", key, use->id, low, high,
                       entry->value.text != NULL ? entry->value.text : "");
    return otherwise;
}

/* "2022-04" as a month counted from the year 0. */
static int32_t month_entry(ent__compiler *c, const ent__model_use *use)
{
    const ent__model_input *entry = entry_of(c, use, "start", NULL);
    const char *text = entry != NULL && entry->n_list == 1 ? entry->list[0] : entry != NULL ? entry->value.text : NULL;
    int year, month;
    if (text != NULL && sscanf(text, "%4d-%2d", &year, &month) == 2 && year > 0 && month >= 1 && month <= 12)
        return year * 12 + month - 1;
    ent__compile_error(c, entry != NULL ? entry->place : use->place, "the model \"%s\" runs in months: `start` is its first one, such as 2022-04", use->id);
    return -1;
}

/* --- resolving ----------------------------------------------------------------------------------- */

static bool has_axis(const ent_model *model, char letter)
{
    for (size_t i = 0; i < model->n_inputs; i++)
        if (strchr(model->inputs[i].shape, letter) != NULL)
            return true;
    for (size_t o = 0; o < model->n_outputs; o++)
        if (strchr(model->outputs[o].shape, letter) != NULL)
            return true;
    return false;
}

static void no_such_model(ent__compiler *c, const ent__model_use *use)
{
    const char *names[MOST_KEYS];
    size_t n = 0;
    for (size_t m = 0; m < ent_model_count() && n < MOST_KEYS; m++)
        if (ent_model_get(m)->call != NULL)
            names[n++] = ent_model_get(m)->name;
    const ent_model *settles = ent_model_find(use->use);
    const char *near = ent__nearest(use->use, names, n);
    if (settles != NULL)
        ent__compile_error(c, use->place, "the model \"%s\" settles issues: name it under `settle:` of an issue or an arena", use->use);
    else
        ent__compile_error(c, use->place, "model \"%s\" uses the unknown \"%s\"%s%s%s; `entente models` lists them", use->id, use->use,
                           near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static int32_t known_keys(const ent_model *model, const char *key[MOST_KEYS])
{
    int32_t n = 0;
    for (size_t i = 0; i < model->n_inputs && n < MOST_KEYS; i++)
        key[n++] = model->inputs[i].name;
    for (size_t o = 0; o < model->n_options && n < MOST_KEYS; o++)
        key[n++] = model->options[o].name;
    for (size_t k = 0; k < ENT_COUNT(axis_key) && n < MOST_KEYS; k++)
        if (has_axis(model, axis_letters[axis_key[k].axis]))
            key[n++] = axis_key[k].key;
    for (size_t k = 0; k < ENT_COUNT(own_key) && n < MOST_KEYS; k++)
        key[n++] = own_key[k];
    return n;
}

static void keys_are_known(ent__compiler *c, const ent__model_use *use, const ent_model *model)
{
    const char *key[MOST_KEYS];
    int32_t n = known_keys(model, key);
    for (int32_t i = 0; i < use->n_inputs; i++) {
        bool known = false;
        for (int32_t k = 0; k < n && !known; k++)
            known = strcmp(key[k], use->input[i].name) == 0;
        const char *near = known ? NULL : ent__nearest(use->input[i].name, key, (size_t)n);
        if (!known)
            ent__compile_error(c, use->input[i].place, "the model %s has no input \"%s\"%s%s%s; `entente models %s` lists them", model->name,
                               use->input[i].name, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "", model->name);
    }
}

/* The actors of an axis: those of the group that the key names. */
static void axis_actors(ent__compiler *c, ent__use *use, const char *key, ent_axis axis)
{
    const ent__model_input *entry = entry_of(c, use->from, key, NULL);
    if (entry == NULL)
        return;
    const char *text = entry->n_list == 0 && entry->value.text != NULL ? entry->value.text : "";
    int32_t group = ent__group_find(c, text), actor = ent__actor_find(c, text);
    if (group >= 0 && axis == ENT_AXIS_MEMBER) {
        (void)ent__rule_members(c, use, group);
    } else if (group >= 0) {
        use->set[axis] = c->group_set[group];
    } else if (actor >= 0) {
        int32_t *alone = ent__arena_alloc(c->arena, 1, sizeof *alone);
        if (alone == NULL) {
            c->no_memory = true;
            return;
        }
        *alone = actor;
        use->set[axis] = ent__set_of(c, alone, 1);
    } else {
        ent__compile_error(c, entry->value.place, "`%s` of the model \"%s\" is a group of the scenario; there is none \"%s\"", key, use->from->id, text);
    }
}

/* Axis "a" of a model with members and candidates: the members, then the candidates. */
static void join_actors(ent__compiler *c, ent__use *use)
{
    const ent__set *first = &c->set[use->set[ENT_AXIS_ALLY]], *second = &c->set[use->set[ENT_AXIS_CANDIDATE]];
    int32_t n = first->n + second->n;
    int32_t *order = ent__arena_alloc(c->arena, (size_t)n, sizeof *order), *sorted = ent__arena_alloc(c->arena, (size_t)n, sizeof *sorted);
    if (order == NULL || sorted == NULL) {
        c->no_memory = true;
        return;
    }
    memcpy(order, first->actor, (size_t)first->n * sizeof *order);
    memcpy(order + first->n, second->actor, (size_t)second->n * sizeof *order);
    int32_t i = 0, j = 0, k = 0;
    while (i < first->n || j < second->n) {
        if (i < first->n && j < second->n && first->actor[i] == second->actor[j]) {
            ent__compile_error(c, use->from->place, "model \"%s\": %s is a member and a candidate", use->from->id,
                               c->scenario->actors[first->actor[i]].id);
            return;
        }
        bool take_first = j >= second->n || (i < first->n && first->actor[i] < second->actor[j]);
        sorted[k++] = take_first ? first->actor[i++] : second->actor[j++];
    }
    use->set[ENT_AXIS_ACTOR] = ent__set_of(c, sorted, n);
    use->actor[ENT_AXIS_ACTOR] = order;
    use->count[ENT_AXIS_ACTOR] = (size_t)n;
}

static bool resolve_axes(ent__compiler *c, ent__use *use)
{
    const ent_model *model = use->model;
    for (int a = 0; a < ENT_AXIS_COUNT; a++)
        use->set[a] = -1;
    use->group = -1;
    for (size_t k = 0; k < ENT_COUNT(axis_key); k++)
        if (has_axis(model, axis_letters[axis_key[k].axis]))
            axis_actors(c, use, axis_key[k].key, axis_key[k].axis);
    for (int a = ENT_AXIS_MEMBER; a <= ENT_AXIS_CANDIDATE; a++) {
        if (!has_axis(model, axis_letters[a]))
            continue;
        if (use->set[a] < 0) {
            const char *key = a == ENT_AXIS_MEMBER ? "group" : a == ENT_AXIS_CANDIDATE ? "candidates" : has_axis(model, 'c') ? "members" : "allies";
            ent__compile_error(c, use->from->place, "the model \"%s\" (%s) needs `%s:`, a group of the scenario", use->from->id, model->name, key);
            return false;
        }
        use->actor[a] = c->set[use->set[a]].actor;
        use->count[a] = (size_t)c->set[use->set[a]].n;
        if (use->count[a] == 0) {
            ent__compile_error(c, use->from->place, "model \"%s\": its group has no member", use->from->id);
            return false;
        }
    }
    if (has_axis(model, 'a'))
        join_actors(c, use);
    return true;
}

static bool resolve_years(ent__compiler *c, ent__use *use)
{
    const ent_scenario *s = c->scenario;
    use->start_month = 0;
    if (has_axis(use->model, 't')) {
        use->start_month = month_entry(c, use->from);
        int32_t months = whole_entry(c, use->from, "months", 1, ENT_WAR_MAX_MONTHS, 0);
        if (months == 0 && entry_of(c, use->from, "months", NULL) == NULL)
            ent__compile_error(c, use->from->place, "the model \"%s\" runs in months: `months` says how many", use->from->id);
        if (use->start_month < 0 || months == 0)
            return false;
        use->count[ENT_AXIS_MONTH] = (size_t)months;
        use->first_year = use->start_month / 12;
        use->years = 0;
        return true;
    }
    int32_t start = whole_entry(c, use->from, "start", 1, 9998, s->start);
    use->years = whole_entry(c, use->from, "years", 1, ENT_MAX_YEARS, s->years);
    use->first_year = use->years > 0 ? start : 0;
    use->count[ENT_AXIS_YEAR] = use->years > 0 ? (size_t)use->years : 1;
    return true;
}

static void options_of(ent__compiler *c, ent__use *use)
{
    double option[64];
    const ent_model *model = use->model;
    ent_model_defaults(option, model);
    for (size_t o = 0; o < model->n_options; o++) {
        const ent__model_input *entry = entry_of(c, use->from, model->options[o].name, NULL);
        ent_error err = {0};
        size_t index;
        double value;
        if (entry == NULL)
            continue;
        if (ent_model_option(&value, &index, model, model->options[o].name, entry->value.text != NULL ? entry->value.text : "", &err) != ENT_OK)
            ent__compile_error(c, entry->value.place, "%s", err.message);
        else
            option[index] = value;
    }
    use->option = c->plan->n_numbers;
    for (size_t o = 0; o < model->n_options; o++)
        ent__add_number(c, option[o]);
}

static void required_are_there(ent__compiler *c, const ent__use *use)
{
    for (size_t i = 0; i < use->model->n_inputs; i++) {
        const ent_port *port = &use->model->inputs[i];
        if (port->required && entry_of(c, use->from, port->name, NULL) == NULL && !ent__decision_supplies(use, port->name))
            ent__compile_error(c, use->from->place, "the model \"%s\" (%s) needs `%s`: %s", use->from->id, use->model->name, port->name, port->meaning);
    }
}

/* --- a war's events, and what is known of it ------------------------------------------------------- */

static const struct { const char *word; int32_t state; } war_state[] = {
    {"fighting", ENT_WAR_FIGHTING},     {"going_on", ENT_WAR_FIGHTING},     {"settled", ENT_WAR_SETTLED},
    {"frozen", ENT_WAR_FROZEN},         {"collapse_a", ENT_WAR_COLLAPSE_A}, {"collapse_b", ENT_WAR_COLLAPSE_B},
};

static int32_t state_of(const char *word)
{
    for (size_t k = 0; k < ENT_COUNT(war_state); k++)
        if (strcmp(war_state[k].word, word) == 0)
            return war_state[k].state;
    return 0;
}

static void event_states(ent__compiler *c, const ent__model_input *part, ent_war_event *to)
{
    to->states = 0;
    for (int32_t i = 0; i < part->n_list || (i == 0 && part->n_list == 0); i++) {
        const char *word = part->n_list > 0 ? part->list[i] : part->value.text != NULL ? part->value.text : "";
        int32_t state = state_of(word);
        if (state == 0)
            ent__compile_error(c, part->n_list > 0 ? part->list_place[i] : part->place,
                               "\"%s\" is no state of a war; they are fighting, settled, frozen, collapse_a, collapse_b", word);
        to->states |= state;
    }
}

static void event_interval(ent__compiler *c, const ent__model_input *part, double *low, double *high)
{
    double x[2] = {0, 0};
    bool good = part->n_list == 2;
    for (int32_t i = 0; i < 2 && good; i++)
        good = ent__number_read(&x[i], part->list[i], strlen(part->list[i]), false) && x[i] >= 0 && x[i] <= 1;
    if (!good || x[0] > x[1])
        ent__compile_error(c, part->place, "`%s` of an event is an interval within 0 and 1, such as [0.2, 0.4]", part->name);
    *low = x[0];
    *high = x[1];
}

/* events: {NAME: {state: [..], line: [low, high], y: [low, high]}} */
static bool resolve_events(ent__compiler *c, ent__use *use)
{
    const ent__model_input *events = has_axis(use->model, 'e') ? entry_of(c, use->from, "events", NULL) : NULL;
    use->event = c->plan->n_war_events;
    use->count[ENT_AXIS_EVENT] = events != NULL ? (size_t)events->n_parts : 0;
    for (int32_t e = 0; events != NULL && e < events->n_parts; e++) {
        const ent__model_input *from = &events->part[e];
        ent_war_event *to = ENT__PLAN_ADD(c->plan, war_events);
        if (to == NULL) {
            c->no_memory = true;
            return false;
        }
        *to = (ent_war_event){.states = ENT_WAR_ANY, .line_high = 1, .y_high = 1};
        for (int32_t k = 0; k < from->n_parts; k++) {
            const ent__model_input *part = &from->part[k];
            if (strcmp(part->name, "state") == 0)
                event_states(c, part, to);
            else if (strcmp(part->name, "line") == 0)
                event_interval(c, part, &to->line_low, &to->line_high);
            else if (strcmp(part->name, "y") == 0)
                event_interval(c, part, &to->y_low, &to->y_high);
            else
                ent__compile_error(c, part->place, "an event has state, line and y, not \"%s\"", part->name);
        }
        if (from->n_parts == 0)
            ent__compile_error(c, from->place, "the event \"%s\" is made of state, line and y, such as {state: [settled, frozen], line: [0.2, 0.4]}", from->name);
    }
    return true;
}

int32_t ent__seen_model(ent__compiler *c, const ent__given *given)
{
    const ent__node *node = given->holds;
    bool negated = node != NULL && node->kind == ENT__NODE_UNARY && node->op == ENT__OP_NOT;
    node = negated ? node->child[0] : node;
    const ent__symbol *symbol = node != NULL && node->kind == ENT__NODE_NAME && node->n_index == 1 && node->index[0].is_time &&
                                        node->index[0].from.month != 0 && !node->index[0].is_range
                                    ? ent__symbol_find(c, node->name) : NULL;
    int32_t state = symbol != NULL && symbol->kind == ENT__SYMBOL_MODEL && symbol->month_count > 0 ? state_of(strchr(symbol->name, '.') + 1) : 0;
    if (state == 0)
        return -1;
    ent__use *use = &c->use[symbol->part];
    int32_t month = node->index[0].from.year * 12 + node->index[0].from.month - 1 - use->start_month;
    if (month < 0 || month >= symbol->month_count)
        return -1; /* compiling it says what is wrong */
    if (use->seen_month >= 0 && use->seen_month != month) {
        ent__compile_error(c, given->place, "what is known of the war \"%s\" is its state in one month", use->from->id);
        return -1;
    }
    state = negated ? ENT_WAR_ANY & ~state : state;
    use->seen_state = use->seen_month >= 0 ? use->seen_state & state : state;
    use->seen_month = month;
    return symbol->part;
}

/* --- symbols of what comes out -------------------------------------------------------------------- */

static void add_output(ent__compiler *c, int32_t m, int32_t output, const char *name, int32_t event)
{
    const ent__use *use = &c->use[m];
    const ent_port *port = &use->model->outputs[output];
    ent__axes axes = {-1, 0, 0};
    for (const char *letter = port->shape; *letter; letter++) {
        const char *at = *letter != ',' ? strchr(axis_letters, *letter) : NULL;
        if (at != NULL && at - axis_letters <= ENT_AXIS_CANDIDATE)
            axes.set = use->set[at - axis_letters];
        if (at != NULL && at - axis_letters == ENT_AXIS_YEAR)
            axes = (ent__axes){axes.set, use->first_year, use->years};
    }
    bool monthly = strchr(port->shape, 't') != NULL;
    int32_t months = (int32_t)use->count[ENT_AXIS_MONTH];
    if (monthly)
        axes = (ent__axes){axes.set, use->first_year, (use->start_month + months - 1) / 12 - use->first_year + 1};
    ent__symbol *symbol = ent__add_symbol(c, ENT__SYMBOL_MODEL, ent__arena_printf(c->arena, "%s.%s", use->from->id, name), m, axes);
    if (symbol == NULL)
        return;
    symbol->column = output;
    symbol->event = event;
    symbol->month_from = monthly ? use->start_month : 0;
    symbol->month_count = monthly ? months : 0;
    symbol->low = port->low;
    symbol->high = port->high;
    symbol->unit = strcmp(port->unit, "1") == 0 ? "" : port->unit;
}

static void add_outputs(ent__compiler *c, int32_t m)
{
    const ent__use *use = &c->use[m];
    for (int32_t o = 0; o < (int32_t)use->model->n_outputs && !c->no_memory; o++) {
        const ent_port *port = &use->model->outputs[o];
        if (strchr(port->shape, 'e') == NULL) {
            add_output(c, m, o, port->name, 0);
            continue;
        }
        const ent__model_input *events = entry_of(c, use->from, "events", NULL);
        for (int32_t e = 0; events != NULL && e < events->n_parts; e++)
            add_output(c, m, o, events->part[e].name, e);
    }
}

bool ent__models_resolve(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    c->use = ent__arena_alloc(c->arena, (size_t)s->n_models, sizeof *c->use);
    if (c->use == NULL)
        return false;
    for (int32_t m = 0; m < s->n_models && !c->no_memory; m++) {
        ent__use *use = &c->use[m];
        *use = (ent__use){.from = &s->models[m], .first = ENT__UNSEEN, .last = ENT__UNSEEN, .seen_month = -1, .issue = -1, .rule = -1};
        const ent_model *model = ent_model_find(s->models[m].use);
        if (model == NULL || model->call == NULL) {
            no_such_model(c, use->from);
            continue;
        }
        use->model = model;
        const ent__model_input *like = own_entry(use->from, "like");
        if (like != NULL && like_of(c, use->from) == NULL)
            ent__compile_error(c, like->place, "model \"%s\" is like \"%s\", which is no model of this scenario", use->from->id,
                               like->value.text != NULL ? like->value.text : "");
        keys_are_known(c, use->from, model);
        bool good = resolve_axes(c, use) && resolve_years(c, use) && ent__decision_resolve(c, use) && resolve_events(c, use);
        if (!good || c->no_memory) {
            use->model = NULL;
            continue;
        }
        required_are_there(c, use);
        options_of(c, use);
        use->n_state = model->state != NULL ? (int32_t)model->state(use->count) : 0;
        size_t years = use->years > 0 ? (size_t)use->years : 1;
        use->year = ent__arena_alloc(c->arena, years, sizeof *use->year);
        for (size_t y = 0; use->year != NULL && y < years; y++)
            use->year[y] = ENT__UNSEEN;
        c->no_memory = c->no_memory || use->year == NULL;
        if (!c->no_memory)
            add_outputs(c, m);
    }
    return !c->no_memory;
}

/* --- inputs --------------------------------------------------------------------------------------- */

/* An ally where a model asks for one ("withdraws: us"): its place among the allies, or -1. */
static int32_t ally_place(const ent__compiler *c, const ent__use *use, const ent__value *value)
{
    const ent__node *node = value->expression;
    if (value->kind != ENT__VALUE_EXPRESSION || node->kind != ENT__NODE_NAME || node->n_index > 0 ||
        ent__symbol_find(c, node->name) != NULL || use->set[ENT_AXIS_ALLY] < 0)
        return -1;
    int32_t actor = ent__actor_find(c, node->name);
    return actor >= 0 ? ent__set_place(&c->set[use->set[ENT_AXIS_ALLY]], actor) : -1;
}

/* An actor is named where a model asks for an ally, but it is none. */
static bool names_another(ent__compiler *c, const ent__use *use, const ent_port *port, const ent__value *value)
{
    const ent__node *node = value->expression;
    if (value->kind != ENT__VALUE_EXPRESSION || node->kind != ENT__NODE_NAME || node->n_index > 0 || ent__symbol_find(c, node->name) != NULL ||
        ent__actor_find(c, node->name) < 0 || use->set[ENT_AXIS_ALLY] < 0 || ally_place(c, use, value) >= 0)
        return false;
    ent__compile_error(c, value->place, "`%s` of the model \"%s\": %s is none of the allies", port->name, use->from->id, node->name);
    return true;
}

static void check_constant(ent__compiler *c, const ent__use *use, const ent_port *port, const ent__value *value)
{
    double x = is_constant(value) ? value->distribution.p[0] : 0;
    if (!is_constant(value) || (x >= port->low && x <= port->high))
        return;
    char low[32], high[32];
    ent__number_text(low, port->low);
    ent__number_text(high, port->high);
    ent__compile_error(c, value->place, "`%s` of the model \"%s\" lies between %s and %s; here it is %s", port->name, use->from->id, low, high, value->text);
}

/* One number of an input: for an actor (or -1) in a year (or 0). */
static ent__ref input_cell(ent__compiler *c, const ent__use *use, const ent_port *port, const ent__model_input *entry,
                           const ent__model_use *owner, int32_t actor, int32_t year)
{
    ent__context context = {.actor = actor, .year = year, .value = -1, .undefined = -1, .clamp_years = true};
    const ent__value *value = &entry->value;
    ent__ref ref;
    int32_t place = ally_place(c, use, value);
    if (place >= 0)
        return ent__self(ent__emit_number(c, place));
    if (value->kind == ENT__VALUE_EXPRESSION) {
        ref = ent__compile_node(c, value->expression, &context);
    } else {
        const char *name = ent__arena_printf(c->arena, "%s.%s", owner->id, port->name);
        const char *label = ent__arena_printf(c->arena, "%s: %s", owner->id, port->name);
        ref = ent__self(ent__value_cell(c, value, name, &context, port->low, port->high, label, strcmp(port->unit, "1") == 0 ? "" : port->unit));
    }
    if (year != 0 && year < c->scenario->start && ref.arm == ENT__ARM_SELF)
        ref.arm = ENT__ARM_WITHOUT;
    return ref;
}

/* The actors of a port: its first axis of actors, or -1; *more where it has a second one. */
static int actor_axis(const ent_port *port, bool *more)
{
    int axis = -1;
    *more = false;
    for (const char *letter = port->shape; *letter; letter++) {
        const char *at = *letter != ',' ? strchr(axis_letters, *letter) : NULL;
        if (at == NULL || at - axis_letters > ENT_AXIS_CANDIDATE)
            continue;
        *more = axis >= 0;
        axis = axis >= 0 ? axis : (int)(at - axis_letters);
    }
    return axis;
}

/* All numbers of an input in one year: actors, or pairs of them. */
static int32_t input_of_year(ent__compiler *c, const ent__use *use, const ent_port *port, const ent__model_input *entry,
                             const ent__model_use *owner, int32_t year, ent__ref *arg)
{
    bool pairs;
    int axis = actor_axis(port, &pairs);
    const ent__value *value = &entry->value;
    bool by_actor = value->kind == ENT__VALUE_EXPRESSION && ally_place(c, use, value) < 0 && ent__node_axes(c, value->expression).set >= 0;
    int32_t n = axis >= 0 ? (int32_t)use->count[axis] : 1, size = pairs ? n * n : n;
    if (by_actor && (axis < 0 || pairs)) {
        ent__compile_error(c, value->place, "`%s` of the model \"%s\" is one number; this has a value for each actor", port->name, use->from->id);
        by_actor = false;
    }
    for (int32_t i = 0; i < size; i++)
        arg[i] = i > 0 && !by_actor ? arg[0] : input_cell(c, use, port, entry, owner, by_actor ? use->actor[axis][i] : -1, year);
    return size;
}

static int32_t fill(ent__ref *arg, int32_t n, ent__ref with)
{
    for (int32_t i = 0; i < n; i++)
        arg[i] = with;
    return n;
}

/* All numbers of one input of a call; 0 where it is left out and nothing stands for it. */
static int32_t input_arguments(ent__compiler *c, const ent__use *use, const ent_port *port, const ent__plan_call *call, int32_t year, ent__ref *arg)
{
    int32_t size = (int32_t)ent__port_size(port, call, true), n = 0;
    const ent__model_use *owner = use->from;
    const ent__model_input *entry = entry_of(c, use->from, port->name, &owner);
    if (entry == NULL && ent__decision_supplies(use, port->name))
        return ent__decision_input(c, use, port->name, year, arg);
    if (entry == NULL && port->falls_back != NULL) { /* a baseline: that input's first year, without the document */
        for (size_t i = 0; i < use->model->n_inputs; i++)
            if (strcmp(use->model->inputs[i].name, port->falls_back) == 0)
                n = input_arguments(c, use, &use->model->inputs[i], call, use->first_year, arg);
        for (int32_t i = 0; i < n; i++)
            arg[i].arm = arg[i].arm == ENT__ARM_SELF ? ENT__ARM_WITHOUT : arg[i].arm;
        return n;
    }
    if (entry == NULL)
        return port->fallback == port->fallback ? fill(arg, size, ent__self(ent__emit_number(c, port->fallback))) : 0;
    check_constant(c, use, port, &entry->value);
    if (names_another(c, use, port, &entry->value))
        return fill(arg, size, ent__self(ent__emit_number(c, ENT_UNDEFINED)));
    if (strchr(port->shape, 't') == NULL)
        return input_of_year(c, use, port, entry, owner, year, arg);
    for (int32_t y = 0; n < size; y++)
        n += input_of_year(c, use, port, entry, owner, use->first_year + y, arg + n);
    return n;
}

/* --- calls ---------------------------------------------------------------------------------------- */

static int32_t first_call(ent__compiler *c, int32_t m);
static int32_t year_call(ent__compiler *c, int32_t m, int32_t y);

static bool has_phase(const ent_model *model, int32_t phase)
{
    for (size_t o = 0; o < model->n_outputs; o++)
        if (ent__port_takes(&model->outputs[o], phase))
            return true;
    return false;
}

static int32_t outputs_of(const ent_model *model, const ent__plan_call *call, int32_t phase)
{
    int64_t n = 0;
    for (size_t o = 0; o < model->n_outputs; o++)
        n += ent__port_takes(&model->outputs[o], phase) ? ent__port_size(&model->outputs[o], call, false) : 0;
    return (int32_t)n;
}

static ent__plan_call call_of(ent__compiler *c, const ent__use *use, int32_t phase, int32_t year)
{
    const ent__model_use *owner = use->from;
    for (const ent__model_use *like = like_of(c, owner); like != NULL; like = like_of(c, owner))
        owner = like;
    ent__plan_call call = {.stream = ent__stream(owner->id, strlen(owner->id), "model"), .phase = phase, .option = use->option,
                           .n_options = (int32_t)use->model->n_options, .n_state = use->n_state, .year = year,
                           .first_year = use->first_year, .start_month = use->start_month, .seen_month = use->seen_month,
                           .seen_state = use->seen_state, .rule = use->rule, .event = use->event, .n_events = (int32_t)use->count[ENT_AXIS_EVENT]};
    for (int a = 0; a < ENT_AXIS_COUNT; a++)
        call.count[a] = (int32_t)use->count[a];
    return call;
}

/* Outputs of all years, output by output, in each the years one after another: what the last call reads. */
static int32_t years_arguments(ent__compiler *c, int32_t m, ent__ref *arg)
{
    const ent_model *model = c->use[m].model;
    int32_t years = c->use[m].years > 0 ? c->use[m].years : 1, n = 0, offset = 0;
    ent__plan_call call = call_of(c, &c->use[m], ENT_PHASE_YEAR, 0);
    for (size_t o = 0; o < model->n_outputs; o++) {
        if (!ent__port_takes(&model->outputs[o], ENT_PHASE_YEAR))
            continue;
        int32_t size = (int32_t)ent__port_size(&model->outputs[o], &call, false);
        for (int32_t y = 0; y < years; y++)
            for (int32_t i = 0; i < size; i++)
                arg[n++] = ent__self(year_call(c, m, y) + offset + i);
        offset += size;
    }
    return n;
}

/* The step of a call; its first cell. `before`: the first cell that carries on into it, or -1. */
static int32_t make_call(ent__compiler *c, int32_t m, int32_t phase, int32_t year, int32_t before)
{
    const ent__use *use = &c->use[m];
    const ent_model *model = use->model;
    ent__plan_call call = call_of(c, use, phase, year);
    call.has_before = before >= 0 && use->n_state > 0;
    int64_t most = use->n_state;
    for (size_t i = 0; i < model->n_inputs; i++)
        most += ent__port_size(&model->inputs[i], &call, true);
    if (phase == ENT_PHASE_LAST)
        most += (int64_t)outputs_of(model, &call, ENT_PHASE_YEAR);
    ent__ref *arg = most < INT32_MAX / 16 ? ent__arena_alloc(c->arena, (size_t)most, sizeof *arg) : NULL;
    int32_t n = 0;
    if (arg == NULL) {
        c->no_memory = true;
        return 0;
    }
    for (size_t i = 0; i < model->n_inputs && !c->no_memory; i++) {
        int32_t taken = ent__port_takes(&model->inputs[i], phase) ? input_arguments(c, use, &model->inputs[i], &call, year, arg + n) : 0;
        call.given |= taken > 0 ? UINT64_C(1) << i : 0;
        n += taken;
    }
    if (phase == ENT_PHASE_LAST)
        n += years_arguments(c, m, arg + n);
    for (int32_t k = 0; call.has_before && k < use->n_state; k++)
        arg[n++] = ent__self(before + k);
    int32_t outs = outputs_of(model, &call, phase) + (phase != ENT_PHASE_LAST ? use->n_state : 0);
    call.model = ent__pool_text(c, model->name);
    ent__plan_call *to = ENT__PLAN_ADD(c->plan, calls);
    if (to == NULL || c->no_memory) {
        c->no_memory = true;
        return 0;
    }
    *to = call;
    return ent__emit(c, ENT__DO_CALL, outs, arg, n, c->plan->n_calls - 1);
}

static int32_t first_call(ent__compiler *c, int32_t m)
{
    if (c->use[m].first == ENT__UNSEEN) {
        int32_t cell = make_call(c, m, ENT_PHASE_FIRST, c->use[m].first_year, -1);
        c->use[m].first = cell;
    }
    return c->use[m].first;
}

static int32_t year_call(ent__compiler *c, int32_t m, int32_t y)
{
    const ent__use *use = &c->use[m];
    if (use->year[y] != ENT__UNSEEN)
        return use->year[y];
    int32_t before = -1;
    if (use->n_state > 0 && (y > 0 || has_phase(use->model, ENT_PHASE_FIRST))) {
        ent__plan_call call = call_of(c, use, ENT_PHASE_YEAR, 0);
        before = y > 0 ? year_call(c, m, y - 1) + outputs_of(use->model, &call, ENT_PHASE_YEAR)
                       : first_call(c, m) + outputs_of(use->model, &call, ENT_PHASE_FIRST);
    }
    int32_t cell = make_call(c, m, ENT_PHASE_YEAR, use->years > 0 ? use->first_year + y : 0, before);
    use->year[y] = cell;
    return cell;
}

int32_t ent__model_output(ent__compiler *c, int32_t m, int32_t output, int32_t index, int32_t year)
{
    ent__use *use = &c->use[m];
    const ent_port *port = &use->model->outputs[output];
    int32_t phase = port->phase != 0 ? port->phase : ENT_PHASE_YEAR, offset = 0, cell;
    ent__plan_call call = call_of(c, use, phase, 0);
    for (int32_t o = 0; o < output; o++)
        if (ent__port_takes(&use->model->outputs[o], phase))
            offset += (int32_t)ent__port_size(&use->model->outputs[o], &call, false);
    if (phase == ENT_PHASE_FIRST) {
        cell = first_call(c, m);
    } else if (phase == ENT_PHASE_LAST) {
        if (use->last == ENT__UNSEEN) {
            int32_t made = make_call(c, m, ENT_PHASE_LAST, 0, -1);
            use->last = made;
        }
        cell = use->last;
    } else {
        cell = year_call(c, m, use->years > 0 && strchr(port->shape, 'y') != NULL ? year - use->first_year : 0);
    }
    return cell + offset + index;
}

int32_t ent__model_element(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year)
{
    const ent__use *use = &c->use[symbol->part];
    if (use->model == NULL)
        return ent__emit_number(c, ENT_UNDEFINED);
    const ent_port *port = &use->model->outputs[symbol->column];
    bool pairs;
    int axis = actor_axis(port, &pairs);
    int32_t index = 0;
    if (axis >= 0)
        while (index < (int32_t)use->count[axis] - 1 && use->actor[axis][index] != actor)
            index++;
    if (symbol->month_count > 0)
        index = symbol->event * symbol->month_count + year - symbol->month_from;
    if (ent__decision_gives(use, port->name))
        return ent__decision_element(c, symbol->part, port->name, year);
    return ent__model_output(c, symbol->part, symbol->column, index, year);
}

int32_t ent__model_kept(ent__compiler *c, int32_t m)
{
    const ent_model *model = c->use[m].model;
    int32_t output = 0;
    while (output < (int32_t)model->n_outputs - 1 && strcmp(model->outputs[output].name, "kept") != 0)
        output++;
    return ent__model_output(c, m, output, 0, 0);
}
