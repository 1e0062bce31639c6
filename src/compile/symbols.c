/* Names, the sets of actors they range over, and the axes of expressions. */
#include "compile/compile.h"

#include <stdio.h>
#include <string.h>

/* --- finding ------------------------------------------------------------------------------------- */

static uint32_t bucket_of(const char *name, int32_t n_buckets)
{
    return (uint32_t)ent__hash(name, strlen(name)) & ((uint32_t)n_buckets - 1);
}

static int32_t power_of_two(int32_t least)
{
    int32_t n = 16;
    while (n < least)
        n *= 2;
    return n;
}

ent__symbol *ent__symbol_find(const ent__compiler *c, const char *name)
{
    if (c->n_buckets == 0)
        return NULL;
    for (uint32_t b = bucket_of(name, c->n_buckets); c->bucket[b] != 0; b = (b + 1) & ((uint32_t)c->n_buckets - 1))
        if (strcmp(c->symbol[c->bucket[b] - 1].name, name) == 0)
            return &c->symbol[c->bucket[b] - 1];
    return NULL;
}

int32_t ent__actor_find(const ent__compiler *c, const char *id)
{
    int32_t n = power_of_two(2 * c->scenario->n_actors + 2);
    for (uint32_t b = bucket_of(id, n); c->actor_bucket[b] != 0; b = (b + 1) & ((uint32_t)n - 1))
        if (strcmp(c->scenario->actors[c->actor_bucket[b] - 1].id, id) == 0)
            return c->actor_bucket[b] - 1;
    return -1;
}

int32_t ent__group_find(const ent__compiler *c, const char *id)
{
    for (int32_t g = 0; g < c->scenario->n_groups; g++)
        if (strcmp(c->scenario->groups[g].id, id) == 0)
            return g;
    return -1;
}

const char *ent__nearest_name(const ent__compiler *c, const char *name)
{
    const char *best = NULL;
    for (int32_t s = 0; s < c->n_symbols; s++) { /* best of two at a time: no list of all names is needed */
        const char *pair[2] = {best, c->symbol[s].name};
        best = best == NULL ? ent__nearest(name, pair + 1, 1) : ent__nearest(name, pair, 2);
    }
    return best;
}

/* --- sets ---------------------------------------------------------------------------------------- */

/* The index of a set with these actors, ascending; `actor` is kept (arena). */
int32_t ent__set_of(ent__compiler *c, const int32_t *actor, int32_t n)
{
    for (int32_t s = 0; s < c->n_sets; s++)
        if (c->set[s].n == n && memcmp(c->set[s].actor, actor, (size_t)n * sizeof *actor) == 0)
            return s;
    ent__set *fresh = ent__plan_grow((void **)&c->set, &c->n_sets, &c->capacity_sets, sizeof *fresh);
    if (fresh == NULL) {
        c->no_memory = true;
        return 0;
    }
    *fresh = (ent__set){n, actor};
    return c->n_sets - 1;
}

static int32_t *new_members(ent__compiler *c, int32_t n)
{
    int32_t *member = ent__arena_alloc(c->arena, (size_t)n, sizeof *member);
    c->no_memory = c->no_memory || member == NULL;
    return member;
}

int32_t ent__set_place(const ent__set *set, int32_t actor)
{
    int32_t low = 0, high = set->n;
    while (low < high) {
        int32_t middle = low + (high - low) / 2;
        if (set->actor[middle] < actor)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->n && set->actor[low] == actor ? low : -1;
}

int32_t ent__set_intersect(ent__compiler *c, int32_t a, int32_t b)
{
    if (a == b)
        return a;
    const ent__set x = c->set[a], y = c->set[b];
    int32_t *both = new_members(c, x.n < y.n ? x.n : y.n), n = 0;
    if (both == NULL)
        return a;
    for (int32_t i = 0, j = 0; i < x.n && j < y.n;) {
        if (x.actor[i] == y.actor[j]) {
            both[n++] = x.actor[i++];
            j++;
        } else if (x.actor[i] < y.actor[j]) {
            i++;
        } else {
            j++;
        }
    }
    return ent__set_of(c, both, n);
}

static bool meets(const ent__compiler *c, const ent__actor *actor, const ent__condition *condition)
{
    for (int32_t k = 0; k < c->scenario->n_actor_columns; k++)
        if (strcmp(c->scenario->actor_column[k].name, condition->column) == 0)
            return actor->text[k] != NULL && strcmp(actor->text[k], condition->word) == 0;
    return false;
}

static bool listed(const char *id, const char *const *list, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (strcmp(list[i], id) == 0)
            return true;
    return false;
}

static void group_names_are_known(ent__compiler *c, const ent__group *group)
{
    for (int32_t i = 0; i < group->n_members; i++)
        if (ent__actor_find(c, group->member[i]) < 0)
            ent__compile_error(c, group->member_place[i], "group \"%s\" has the unknown member \"%s\"", group->id, group->member[i]);
    for (int32_t i = 0; i < group->n_except; i++)
        if (ent__actor_find(c, group->except[i]) < 0)
            ent__compile_error(c, group->except_place[i], "group \"%s\" leaves out the unknown actor \"%s\"", group->id, group->except[i]);
    for (int32_t i = 0; i < group->n_conditions; i++) {
        bool known = false;
        for (int32_t k = 0; k < c->scenario->n_actor_columns; k++)
            known = known || strcmp(c->scenario->actor_column[k].name, group->condition[i].column) == 0;
        if (!known)
            ent__compile_error(c, group->condition[i].place, "group \"%s\" asks for the column \"%s\", which the table of actors lacks",
                               group->id, group->condition[i].column);
    }
}

static void build_groups(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    int32_t *all = new_members(c, s->n_actors);
    c->group_set = ent__arena_alloc(c->arena, (size_t)s->n_groups, sizeof *c->group_set);
    if (all == NULL || c->group_set == NULL) {
        c->no_memory = true;
        return;
    }
    for (int32_t a = 0; a < s->n_actors; a++)
        all[a] = a;
    c->all_actors = ent__set_of(c, all, s->n_actors);
    for (int32_t g = 0; g < s->n_groups; g++) {
        const ent__group *group = &s->groups[g];
        group_names_are_known(c, group);
        int32_t *member = new_members(c, s->n_actors), n = 0;
        if (member == NULL)
            return;
        for (int32_t a = 0; a < s->n_actors; a++) {
            bool in = group->n_conditions > 0 || listed(s->actors[a].id, group->member, group->n_members);
            for (int32_t k = 0; k < group->n_conditions && in; k++)
                in = meets(c, &s->actors[a], &group->condition[k]);
            if (in && !listed(s->actors[a].id, group->except, group->n_except))
                member[n++] = a;
        }
        c->group_set[g] = ent__set_of(c, member, n);
        if (n == 0)
            ent__compile_warning(c, group->place, "group \"%s\" has no member", group->id);
    }
}

/* --- symbols ------------------------------------------------------------------------------------- */

ent__symbol *ent__add_symbol(ent__compiler *c, ent__symbol_kind kind, const char *name, int32_t part, ent__axes axes)
{
    ent__symbol *symbol = ent__plan_grow((void **)&c->symbol, &c->n_symbols, &c->capacity_symbols, sizeof *symbol);
    if (symbol == NULL || name == NULL) {
        c->no_memory = true;
        return NULL;
    }
    *symbol = (ent__symbol){.kind = kind, .name = name, .part = part, .base = axes, .axes = axes,
                            .low = -__builtin_inf(), .high = __builtin_inf(), .unit = ""};
    return symbol;
}

static const ent__axes no_axes = {-1, 0, 0};

static void add_column(ent__compiler *c, int32_t k)
{
    const ent_scenario *s = c->scenario;
    int32_t *member = new_members(c, s->n_actors), n = 0;
    if (member == NULL)
        return;
    for (int32_t a = 0; a < s->n_actors; a++)
        if (s->actors[a].value[k].kind != ENT__VALUE_NONE)
            member[n++] = a;
    if (n == 0)
        return; /* a column of words */
    ent__axes axes = {ent__set_of(c, member, n), 0, 0};
    ent__symbol *symbol = ent__add_symbol(c, ENT__SYMBOL_COLUMN, s->actor_column[k].name, k, axes);
    if (symbol != NULL && s->actor_column[k].unit != NULL)
        symbol->unit = s->actor_column[k].unit;
}

static void add_table(ent__compiler *c, int32_t t)
{
    const ent__table *table = &c->scenario->tables[t];
    ent__axes axes = no_axes;
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (int32_t r = 0; r < table->n_rows && table->year != NULL; r++) {
        first = table->year[r] < first ? table->year[r] : first;
        last = table->year[r] > last ? table->year[r] : last;
    }
    if (last >= first) {
        axes.from = first;
        axes.count = last - first + 1;
    }
    if (table->actor != NULL) {
        int32_t *member = new_members(c, c->scenario->n_actors), n = 0;
        bool *in = ent__arena_alloc(c->arena, (size_t)c->scenario->n_actors, sizeof *in);
        if (member == NULL || in == NULL) {
            c->no_memory = true;
            return;
        }
        for (int32_t r = 0; r < table->n_rows; r++) {
            int32_t actor = table->actor[r] != NULL ? ent__actor_find(c, table->actor[r]) : -1;
            if (actor >= 0)
                in[actor] = true;
        }
        for (int32_t a = 0; a < c->scenario->n_actors; a++)
            if (in[a])
                member[n++] = a;
        axes.set = ent__set_of(c, member, n);
    }
    int32_t width = axes.count > 0 ? axes.count : 1, n = (axes.set >= 0 ? c->set[axes.set].n : 1) * width;
    int32_t *row = ent__arena_alloc(c->arena, (size_t)n, sizeof *row);
    if (row == NULL) {
        c->no_memory = true;
        return;
    }
    for (int32_t r = 0; r < table->n_rows; r++) {
        int32_t place = 0;
        if (table->actor != NULL) {
            int32_t actor = table->actor[r] != NULL ? ent__actor_find(c, table->actor[r]) : -1;
            if (actor < 0)
                continue; /* the reader has said so */
            place = ent__set_place(&c->set[axes.set], actor);
        }
        row[place * width + (axes.count > 0 ? table->year[r] - axes.from : 0)] = r + 1;
    }
    for (int32_t k = 0; k < table->n_columns; k++) {
        ent__symbol *symbol = ent__add_symbol(c, ENT__SYMBOL_TABLE, table->column[k].name, t, axes);
        if (symbol == NULL)
            return;
        symbol->column = k;
        symbol->row = row;
        symbol->unit = table->column[k].unit != NULL ? table->column[k].unit : "";
    }
}

static void add_issue(ent__compiler *c, int32_t i)
{
    const ent__issue *issue = &c->scenario->issues[i];
    int32_t *member = new_members(c, issue->n_stances), n = 0;
    int32_t *stance_at = new_members(c, c->scenario->n_actors);
    if (member == NULL || stance_at == NULL)
        return;
    for (int32_t a = 0; a < c->scenario->n_actors; a++)
        stance_at[a] = -1;
    for (int32_t k = 0; k < issue->n_stances; k++) {
        int32_t actor = ent__actor_find(c, issue->stance[k].actor);
        if (actor >= 0)
            stance_at[actor] = k;
    }
    for (int32_t a = 0; a < c->scenario->n_actors && n < issue->n_stances; a++)
        if (stance_at[a] >= 0)
            member[n++] = a;
    c->stance_at[i] = stance_at;
    ent__axes axes = {ent__set_of(c, member, n), 0, 0};
    double low = issue->n_labels > 0 ? issue->label[0].at : 0;
    double high = issue->n_labels > 0 ? issue->label[issue->n_labels - 1].at : 100;
    static const struct {
        ent__symbol_kind kind;
        const char *name;
        bool by_actor, on_scale;
        double low, high;
    } field[] = {{ENT__SYMBOL_POSITION, "position", true, true, 0, 0},
                 {ENT__SYMBOL_SALIENCE, "salience", true, false, 0, 1},
                 {ENT__SYMBOL_CAPABILITY, "capability", true, false, 0, __builtin_inf()},
                 {ENT__SYMBOL_STATUS_QUO, "status_quo", false, true, 0, 0},
                 {ENT__SYMBOL_OUTCOME, "outcome", false, true, 0, 0},
                 {ENT__SYMBOL_UTILITY, "utility", true, false, 0, 1},
                 {ENT__SYMBOL_GAIN, "gain", true, false, -1, 1},
                 {ENT__SYMBOL_DISTRIBUTION, "distribution", true, false, 0, 1},
                 {ENT__SYMBOL_POINT, "point", false, true, 0, 0}};
    for (size_t f = 0; f < ENT_COUNT(field); f++) {
        if ((field[f].kind == ENT__SYMBOL_STATUS_QUO && !issue->has_status_quo) ||
            (field[f].kind >= ENT__SYMBOL_OUTCOME && !ent__is_settled(issue)) || (field[f].kind == ENT__SYMBOL_POINT && !issue->has_error))
            continue;
        ent__symbol *symbol = ent__add_symbol(c, field[f].kind, ent__arena_printf(c->arena, "%s.%s", issue->id, field[f].name),
                                         i, field[f].by_actor ? axes : no_axes);
        if (symbol == NULL)
            return;
        symbol->low = field[f].on_scale ? low : field[f].low;
        symbol->high = field[f].on_scale ? high : field[f].high;
        symbol->unit = field[f].on_scale ? "points" : field[f].kind == ENT__SYMBOL_UTILITY || field[f].kind == ENT__SYMBOL_GAIN ? "utility" : "";
        if (field[f].on_scale && issue->position.unit != NULL && issue->position.unit[0] != 0)
            symbol->unit = issue->position.unit;
    }
}

static ent__place symbol_place(const ent__compiler *c, const ent__symbol *symbol)
{
    const ent_scenario *s = c->scenario;
    switch (symbol->kind) {
    case ENT__SYMBOL_INPUT:
        return s->inputs[symbol->part].place;
    case ENT__SYMBOL_QUANTITY:
        return s->quantities[symbol->part].place;
    case ENT__SYMBOL_COLUMN:
        return s->actor_column[symbol->part].place;
    case ENT__SYMBOL_TABLE:
        return s->tables[symbol->part].place;
    case ENT__SYMBOL_IN_FORCE:
        return s->provisions[symbol->part].place;
    case ENT__SYMBOL_MODEL:
        return s->models[symbol->part].place;
    default:
        return s->issues[symbol->part].place;
    }
}

static void index_symbols(ent__compiler *c)
{
    c->n_buckets = power_of_two(2 * c->n_symbols + 2);
    c->bucket = ent__arena_alloc(c->arena, (size_t)c->n_buckets, sizeof *c->bucket);
    if (c->bucket == NULL) {
        c->no_memory = true;
        c->n_buckets = 0;
        return;
    }
    for (int32_t s = 0; s < c->n_symbols; s++) {
        ent__symbol *symbol = &c->symbol[s];
        const ent__symbol *other = ent__symbol_find(c, symbol->name);
        if (other != NULL) {
            ent__place there = symbol_place(c, other);
            ent__compile_error(c, symbol_place(c, symbol), "the name \"%s\" is already in use at %s:%d", symbol->name,
                               there.file, there.line);
            continue;
        }
        uint32_t b = bucket_of(symbol->name, c->n_buckets);
        while (c->bucket[b] != 0)
            b = (b + 1) & ((uint32_t)c->n_buckets - 1);
        c->bucket[b] = s + 1;
    }
}

static bool index_actors(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    int32_t n = power_of_two(2 * s->n_actors + 2);
    c->actor_bucket = ent__arena_alloc(c->arena, (size_t)n, sizeof *c->actor_bucket);
    if (c->actor_bucket == NULL)
        return false;
    for (int32_t a = 0; a < s->n_actors; a++) {
        uint32_t b = bucket_of(s->actors[a].id, n);
        while (c->actor_bucket[b] != 0)
            b = (b + 1) & ((uint32_t)n - 1);
        c->actor_bucket[b] = a + 1;
    }
    return true;
}

bool ent__symbols_build(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    if (!index_actors(c))
        return false;
    c->stance_at = ent__arena_alloc(c->arena, (size_t)s->n_issues, sizeof *c->stance_at);
    if (c->stance_at == NULL)
        return false;
    build_groups(c);
    for (int32_t i = 0; i < s->n_inputs; i++) {
        ent__symbol *symbol = ent__add_symbol(c, ENT__SYMBOL_INPUT, s->inputs[i].id, i, no_axes);
        if (symbol == NULL)
            return false;
        symbol->low = s->inputs[i].low;
        symbol->high = s->inputs[i].high;
        symbol->unit = s->inputs[i].value.unit != NULL ? s->inputs[i].value.unit : "";
    }
    for (int32_t i = 0; i < s->n_quantities; i++) {
        ent__symbol *symbol = ent__add_symbol(c, ENT__SYMBOL_QUANTITY, s->quantities[i].id, i, no_axes);
        if (symbol == NULL)
            return false;
        symbol->low = s->quantities[i].low;
        symbol->high = s->quantities[i].high;
        symbol->unit = s->quantities[i].value.unit != NULL ? s->quantities[i].value.unit : "";
    }
    for (int32_t k = 0; k < s->n_actor_columns; k++)
        add_column(c, k);
    for (int32_t t = 0; t < s->n_tables; t++)
        add_table(c, t);
    for (int32_t i = 0; i < s->n_issues; i++)
        add_issue(c, i);
    for (int32_t p = 0; p < s->n_provisions; p++)
        ent__add_symbol(c, ENT__SYMBOL_IN_FORCE, ent__arena_printf(c->arena, "%s.in_force", s->provisions[p].id), p, no_axes);
    if (!c->no_memory && ent__models_resolve(c))
        index_symbols(c);
    return !c->no_memory;
}

char *ent__element_name(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year)
{
    const char *id = symbol->axes.set >= 0 && actor >= 0 ? c->scenario->actors[actor].id : NULL;
    char *name;
    char month[16] = "";
    if (symbol->month_count > 0 && year >= 12000)
        snprintf(month, sizeof month, "%04d-%02d", (int)(year / 12), (int)(year % 12 + 1));
    if (symbol->axes.count == 0 || month[0] != 0)
        year = 0;
    if (month[0] != 0) /* outputs by month have no actors */
        return ent__arena_printf(c->arena, "%s[%s]", symbol->name, month);
    if (id != NULL && year != 0)
        name = ent__arena_printf(c->arena, "%s[%s,%d]", symbol->name, id, year);
    else if (id != NULL)
        name = ent__arena_printf(c->arena, "%s[%s]", symbol->name, id);
    else if (year != 0)
        name = ent__arena_printf(c->arena, "%s[%d]", symbol->name, year);
    else
        name = ent__arena_printf(c->arena, "%s", symbol->name);
    c->no_memory = c->no_memory || name == NULL;
    return name;
}

/* --- axes ---------------------------------------------------------------------------------------- */

ent__axes ent__axes_join(ent__compiler *c, ent__axes a, ent__axes b)
{
    ent__axes joined = a;
    if (a.set < 0)
        joined.set = b.set;
    else if (b.set >= 0)
        joined.set = ent__set_intersect(c, a.set, b.set);
    if (a.count == 0) {
        joined.from = b.from;
        joined.count = b.count;
    } else if (b.count > 0) {
        int32_t from = a.from > b.from ? a.from : b.from;
        int32_t end = a.from + a.count < b.from + b.count ? a.from + a.count : b.from + b.count;
        joined.from = from;
        joined.count = end > from ? end - from : 0;
    }
    return joined;
}

static ent__axes name_axes(ent__compiler *c, const ent__node *node)
{
    ent__axes years = {-1, c->scenario->start, c->scenario->years};
    if (strcmp(node->name, "year") == 0)
        return years;
    const ent__symbol *symbol = ent__symbol_find(c, node->name);
    if (symbol == NULL)
        return no_axes;
    ent__axes axes = symbol->axes;
    for (int32_t i = 0; i < node->n_index; i++) {
        const ent__index *index = &node->index[i];
        if (index->is_time && index->is_range && axes.count > 0) {
            axes = ent__axes_join(c, axes, (ent__axes){-1, index->from.year, index->to.year - index->from.year + 1});
        } else if (index->is_time) {
            axes.from = axes.count = 0;
        } else {
            int32_t actor = ent__actor_find(c, index->id), group = ent__group_find(c, index->id);
            if (actor >= 0)
                axes.set = -1;
            else if (group >= 0 && axes.set >= 0)
                axes.set = ent__set_intersect(c, axes.set, c->group_set[group]);
        }
    }
    return axes;
}

static bool is_one_of(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

static ent__axes call_axes(ent__compiler *c, const ent__node *node)
{
    static const char *const over_either[] = {"sum", "mean", "min", "max", "any", "all"};
    static const char *const over_time[] = {"first", "last"};
    static const char *const scalar[] = {"p", "E", "quantile", "corr"};
    ent__axes axes = no_axes;
    if (is_one_of(node->name, scalar, ENT_COUNT(scalar)))
        return axes;
    for (int32_t i = 0; i < node->n_child; i++)
        axes = ent__axes_join(c, axes, ent__node_axes(c, node->child[i]));
    if (strcmp(node->name, "share") == 0 && node->n_child == 2)
        return ent__node_axes(c, node->child[1]);
    if (strcmp(node->name, "rank_correlation") == 0)
        axes.set = -1;
    if (strcmp(node->name, "previous") == 0)
        axes = ent__axes_join(c, axes, (ent__axes){-1, c->scenario->start, c->scenario->years});
    if (node->n_child != 1)
        return axes;
    bool truth = strcmp(node->name, "any") == 0 || strcmp(node->name, "all") == 0;
    if (is_one_of(node->name, over_either, ENT_COUNT(over_either))) {
        if (axes.set >= 0 && !(truth && axes.count > 0))
            axes.set = -1;
        else
            axes.from = axes.count = 0;
    } else if (is_one_of(node->name, over_time, ENT_COUNT(over_time))) {
        axes.from = axes.count = 0;
    }
    return axes;
}

ent__axes ent__node_axes(ent__compiler *c, const ent__node *node)
{
    ent__axes axes = no_axes;
    switch (node->kind) {
    case ENT__NODE_NUMBER:
        return axes;
    case ENT__NODE_NAME:
        return name_axes(c, node);
    case ENT__NODE_CALL:
        return call_axes(c, node);
    default:
        for (int32_t i = 0; i < node->n_child; i++)
            axes = ent__axes_join(c, axes, ent__node_axes(c, node->child[i]));
        return axes;
    }
}

/* What an expression adds to a quantity that has its actors already: only years. */
static void join_years(ent__compiler *c, ent__symbol *symbol, ent__axes more)
{
    more.set = -1;
    symbol->axes = ent__axes_join(c, symbol->axes, more);
}

static void join_values(ent__compiler *c, ent__symbol *symbol)
{
    const ent_scenario *s = c->scenario;
    if (symbol->kind == ENT__SYMBOL_QUANTITY && s->quantities[symbol->part].value.kind == ENT__VALUE_EXPRESSION)
        symbol->axes = ent__axes_join(c, symbol->axes, ent__node_axes(c, s->quantities[symbol->part].value.expression));
    if (symbol->kind == ENT__SYMBOL_INPUT && s->inputs[symbol->part].value.kind == ENT__VALUE_EXPRESSION)
        symbol->axes = ent__axes_join(c, symbol->axes, ent__node_axes(c, s->inputs[symbol->part].value.expression));
    if (symbol->kind == ENT__SYMBOL_COLUMN)
        for (int32_t a = 0; a < s->n_actors; a++)
            if (s->actors[a].value[symbol->part].kind == ENT__VALUE_EXPRESSION)
                join_years(c, symbol, ent__node_axes(c, s->actors[a].value[symbol->part].expression));
    if (symbol->kind >= ENT__SYMBOL_POSITION && symbol->kind <= ENT__SYMBOL_CAPABILITY) {
        const ent__issue *issue = &s->issues[symbol->part];
        for (int32_t k = 0; k < issue->n_stances; k++) {
            const ent__stance *stance = &issue->stance[k];
            const ent__value *value = symbol->kind == ENT__SYMBOL_POSITION   ? &stance->position
                                      : symbol->kind == ENT__SYMBOL_SALIENCE ? &stance->salience
                                                                             : &stance->capability;
            if (value->kind == ENT__VALUE_EXPRESSION)
                join_years(c, symbol, ent__node_axes(c, value->expression));
        }
    }
    if (symbol->kind == ENT__SYMBOL_STATUS_QUO && s->issues[symbol->part].status_quo.kind == ENT__VALUE_EXPRESSION)
        join_years(c, symbol, ent__node_axes(c, s->issues[symbol->part].status_quo.expression));
    if (symbol->kind >= ENT__SYMBOL_OUTCOME && symbol->kind <= ENT__SYMBOL_POINT && s->issues[symbol->part].error_by_year)
        join_years(c, symbol, (ent__axes){-1, s->start, s->years});
    if (symbol->kind >= ENT__SYMBOL_OUTCOME && symbol->kind <= ENT__SYMBOL_POINT)
        for (int32_t other = 0; other < c->n_symbols; other++) {
            const ent__symbol *from = &c->symbol[other];
            if (from->kind < ENT__SYMBOL_POSITION || from->kind > ENT__SYMBOL_STATUS_QUO)
                continue;
            int32_t joint = s->issues[symbol->part].joint; /* what is settled together moves together */
            if (from->part == symbol->part || (joint > 0 && s->issues[from->part].joint == joint))
                join_years(c, symbol, from->axes);
        }
}

static void join_changes(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    for (int32_t p = 0; p < s->n_provisions; p++)
        for (int32_t k = 0; k < s->provisions[p].n_changes; k++) {
            const ent__change *change = &s->provisions[p].change[k];
            ent__symbol *target = change->target != NULL ? ent__symbol_find(c, change->target->name) : NULL;
            if (target == NULL)
                continue;
            int32_t decision = ent__provision_decision(c, &s->provisions[p]);
            if (decision >= 0 && ent__decision_is_yearly(&c->use[decision])) /* it holds from the year in which that falls */
                join_years(c, target, (ent__axes){-1, s->start, s->years});
            if (change->value.kind == ENT__VALUE_EXPRESSION)
                join_years(c, target, ent__node_axes(c, change->value.expression));
            for (int32_t i = 0; i < change->target->n_index; i++)
                if (change->target->index[i].is_time) /* from a year on: then it has a value for each year */
                    join_years(c, target, (ent__axes){-1, s->start, s->years});
        }
}

void ent__axes_settle(ent__compiler *c)
{
    bool moved = true;
    for (int round = 0; moved && round < 100 && !c->no_memory; round++) { /* axes only narrow: few rounds are needed */
        moved = false;
        for (int32_t s = 0; s < c->n_symbols; s++) {
            ent__axes before = c->symbol[s].axes;
            join_values(c, &c->symbol[s]);
            if (s == 0)
                join_changes(c);
            ent__axes after = c->symbol[s].axes;
            moved = moved || before.set != after.set || before.count != after.count || before.from != after.from;
        }
    }
    for (int32_t s = 0; s < c->n_symbols && !c->no_memory; s++) {
        ent__symbol *symbol = &c->symbol[s];
        int32_t actors = symbol->axes.set >= 0 ? c->set[symbol->axes.set].n : 1;
        symbol->n_elements = actors * (symbol->axes.count > 0 ? symbol->axes.count : 1);
        if (symbol->month_count > 0)
            symbol->n_elements = symbol->month_count;
        symbol->cell = ent__arena_alloc(c->arena, (size_t)symbol->n_elements, sizeof *symbol->cell);
        if (symbol->cell == NULL) {
            c->no_memory = true;
            return;
        }
        for (int32_t e = 0; e < symbol->n_elements; e++)
            symbol->cell[e] = ENT__UNSEEN;
    }
}
