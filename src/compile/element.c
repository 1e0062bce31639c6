/* The cell of one element of one quantity, made on demand: its own value, then what the provisions change, in the
 * order of the file. */
#include "compile/compile.h"

#include "core/elementary.h"
#include "core/random.h"

#include <string.h>

/* --- inputs: drawn values ------------------------------------------------------------------------ */

static uint32_t input_bucket(const ent__compiler *c, const char *name)
{
    return (uint32_t)ent__hash(name, strlen(name)) & ((uint32_t)c->n_input_buckets - 1);
}

static int32_t find_input(const ent__compiler *c, const char *name)
{
    if (c->n_input_buckets == 0)
        return -1;
    for (uint32_t b = input_bucket(c, name); c->input_bucket[b] != 0; b = (b + 1) & ((uint32_t)c->n_input_buckets - 1)) {
        int32_t i = c->input_bucket[b] - 1;
        if (strcmp(ent__plan_text(c->plan, c->plan->inputs[i].name), name) == 0)
            return i;
    }
    return -1;
}

static void index_input(ent__compiler *c, int32_t input)
{
    uint32_t mask = (uint32_t)c->n_input_buckets - 1;
    uint32_t b = input_bucket(c, ent__plan_text(c->plan, c->plan->inputs[input].name));
    while (c->input_bucket[b] != 0)
        b = (b + 1) & mask;
    c->input_bucket[b] = input + 1;
}

static int32_t add_input(ent__compiler *c, const ent__value *value, const char *name, const char *label, const char *unit,
                         int32_t cell, int32_t distribution)
{
    ent__plan_input *input = ENT__PLAN_ADD(c->plan, inputs);
    if (input == NULL) {
        c->no_memory = true;
        return 0;
    }
    int32_t i = c->plan->n_inputs - 1;
    bool own_unit = value->unit != NULL && value->unit[0] != 0;
    *input = (ent__plan_input){.cell = cell, .distribution = distribution, .uncertain = (c->cell_flag[cell] & ENT__UNCERTAIN) != 0, .uniform = -1};
    /* Texts go through the pool, which may move the plan's tables but not this one. */
    input->name = ent__pool_text(c, name);
    input->label = ent__pool_words(c, label);
    input->unit = ent__pool_words(c, own_unit ? value->unit : unit);
    input->text = ent__pool_words(c, value->text);
    input->source = ent__pool_words(c, value->source);
    input->why = ent__pool_words(c, value->why);
    if (2 * (c->plan->n_inputs + 1) > c->n_input_buckets) {
        int32_t want = c->n_input_buckets > 0 ? 2 * c->n_input_buckets : 1024;
        int32_t *fresh = ent__alloc((size_t)want, sizeof *fresh);
        if (fresh == NULL) {
            c->no_memory = true;
            return i;
        }
        ent__free(c->input_bucket);
        c->input_bucket = fresh;
        c->n_input_buckets = want;
        for (int32_t k = 0; k < i; k++)
            index_input(c, k);
    }
    index_input(c, i);
    return i;
}

int32_t ent__add_driver(ent__compiler *c, int32_t kind, int32_t cell, int32_t input, int32_t bins, const char *name, const char *label)
{
    ent__plan_driver *driver = ENT__PLAN_ADD(c->plan, drivers);
    if (driver == NULL) {
        c->no_memory = true;
        return 0;
    }
    *driver = (ent__plan_driver){.kind = kind, .cell = cell, .input = input, .bins = bins, .inputs = c->plan->n_inputs};
    driver->name = ent__pool_text(c, name);
    driver->label = ent__pool_words(c, label);
    return c->plan->n_drivers - 1;
}

int32_t ent__emit_uniform(ent__compiler *c, const char *name, const char *purpose)
{
    ent__stream_entry *stream = ENT__PLAN_ADD(c->plan, streams);
    if (stream == NULL) {
        c->no_memory = true;
        return 0;
    }
    stream->key = ent__stream(name, strlen(name), purpose);
    stream->name = ent__pool_text(c, name);
    return ent__emit(c, ENT__DO_UNIFORM, 1, NULL, 0, c->plan->n_streams - 1);
}

static bool is_correlated(const ent__compiler *c, const char *name)
{
    for (int32_t k = 0; k < c->scenario->n_correlations; k++)
        if (strcmp(c->scenario->correlations[k].a, name) == 0 || strcmp(c->scenario->correlations[k].b, name) == 0)
            return true;
    return false;
}

/* The uniform of an input; of one in a correlated set, its combination of the set's. */
static int32_t input_uniform(ent__compiler *c, const char *name)
{
    for (int32_t s = 0; s < c->n_correlated; s++) {
        ent__correlated *set = &c->correlated[s];
        for (int32_t k = 0; k < set->n; k++) {
            if (strcmp(set->name[k], name) != 0)
                continue;
            ent__ref *arg = ent__arena_alloc(c->arena, (size_t)set->n, sizeof *arg);
            if (arg == NULL) {
                c->no_memory = true;
                return 0;
            }
            for (int32_t m = 0; m <= k; m++) {
                if (set->uniform[m] < 0)
                    set->uniform[m] = ent__emit_uniform(c, set->name[m], "value");
                arg[m] = ent__self(set->uniform[m]);
            }
            return k == 0 ? set->uniform[0] : ent__emit(c, ENT__DO_COPULA, 1, arg, k + 1, set->row + k * set->n);
        }
    }
    return ent__emit_uniform(c, name, "value");
}

static int32_t add_distribution(ent__compiler *c, const ent__distribution *d, double low, double high)
{
    ent__plan_distribution *to = ENT__PLAN_ADD(c->plan, distributions);
    if (to == NULL) {
        c->no_memory = true;
        return 0;
    }
    int32_t at = c->plan->n_distributions - 1;
    to->d = *d;
    to->d.point = NULL;
    to->point = -1;
    to->d.clamp_low = d->clamp_low > low ? d->clamp_low : low;
    to->d.clamp_high = d->clamp_high < high ? d->clamp_high : high;
    if (d->points > 0) {
        to->point = c->plan->n_numbers;
        for (int32_t i = 0; i < 2 * d->points; i++)
            ent__add_number(c, d->point[i]);
    }
    return at;
}

static int32_t emit_pool(ent__compiler *c, const ent__value *value, const char *name, int32_t u, double low, double high)
{
    double total = 0, at = 0;
    for (int32_t e = 0; e < value->n_experts; e++)
        total += value->expert[e].weight;
    int32_t weight = c->plan->n_numbers;
    for (int32_t e = 0; e < value->n_experts; e++) {
        at += value->expert[e].weight;
        ent__add_number(c, at / total);
    }
    int32_t first = c->plan->n_distributions;
    for (int32_t e = 0; e < value->n_experts; e++)
        add_distribution(c, &value->expert[e].distribution, low, high);
    ent__pool *pool = ENT__PLAN_ADD(c->plan, pools);
    if (pool == NULL) {
        c->no_memory = true;
        return 0;
    }
    *pool = (ent__pool){first, value->n_experts, weight, 0};
    ent__ref arg[2] = {ent__self(u), ent__self(ent__emit_uniform(c, name, "expert"))};
    return ent__emit(c, ENT__DO_POOL, 1, arg, 2, c->plan->n_pools - 1);
}

static double clamped(double x, double low, double high) { return x < low ? low : x > high ? high : x; }

/* Keeps a computed value on its quantity's own scale, as a drawn one is kept. */
static int32_t emit_bounded(ent__compiler *c, ent__ref x, double low, double high)
{
    if (low > -__builtin_inf())
        x = ent__self(ent__emit_op(c, ENT__DO_MAX, x, ent__self(ent__emit_number(c, low))));
    if (high < __builtin_inf())
        x = ent__self(ent__emit_op(c, ENT__DO_MIN, x, ent__self(ent__emit_number(c, high))));
    if (x.arm == ENT__ARM_SELF)
        return x.cell;
    return ent__emit(c, ENT__DO_SUM, 1, &x, 1, 0); /* a copy: an element is a cell of its own arm */
}

/* A mere check in which nothing refers to an input by its full name. */
static bool names_do_not_matter(const ent__compiler *c)
{
    return c->only_checks && c->n_overrides == 0 && c->scenario->n_correlations == 0;
}

int32_t ent__value_cell(ent__compiler *c, const ent__value *value, const char *name, ent__context *context, double low,
                        double high, const char *label, const char *unit)
{
    if (c->no_memory || name == NULL || label == NULL) {
        c->no_memory = true;
        return 0;
    }
    if (names_do_not_matter(c) && (value->kind == ENT__VALUE_DISTRIBUTION || value->kind == ENT__VALUE_EXPERTS))
        return 0; /* any cell will do: nothing can be wrong with a drawn value any more */
    for (int32_t o = 0; o < c->n_overrides; o++) {
        if (strcmp(c->override[o].name, name) == 0) {
            ent__value *changed = ent__arena_alloc(c->arena, 1, sizeof *changed);
            if (changed == NULL) {
                c->no_memory = true;
                return 0;
            }
            *changed = c->override[o].value;
            changed->unit = value->unit;
            changed->source = "--set";
            changed->why = value->why;
            c->override[o].used = true;
            value = changed;
        }
    }
    if (value->kind == ENT__VALUE_NONE)
        return ent__emit_number(c, ENT_UNDEFINED);
    if (value->kind == ENT__VALUE_EXPRESSION)
        return emit_bounded(c, ent__compile_node(c, value->expression, context), low, high);
    int32_t known = find_input(c, name);
    if (known >= 0)
        return c->plan->inputs[known].cell;
    if (value->kind == ENT__VALUE_DISTRIBUTION && value->distribution.kind == ENT__DIST_CONSTANT) {
        int32_t u = is_correlated(c, name) ? input_uniform(c, name) : -1; /* for ent_plan_set() */
        int32_t number = ent__add_number(c, clamped(value->distribution.p[0], low, high));
        int32_t cell = ent__emit(c, ENT__DO_NUMBER, 1, NULL, 0, number);
        int32_t input = add_input(c, value, name, label, unit, cell, -1);
        if (c->no_memory)
            return 0;
        c->plan->inputs[input].uniform = u;
        ent__add_param(c, name, ENT__PARAM_INPUT, input, low, high);
        return cell;
    }
    int32_t u = input_uniform(c, name), cell, distribution = -1;
    if (value->kind == ENT__VALUE_EXPERTS) {
        cell = emit_pool(c, value, name, u, low, high);
    } else {
        distribution = add_distribution(c, &value->distribution, low, high);
        ent__ref arg = ent__self(u);
        cell = ent__emit(c, ENT__DO_QUANTILE, 1, &arg, 1, distribution);
    }
    int32_t input = add_input(c, value, name, label, unit, cell, distribution);
    if (c->no_memory)
        return 0;
    c->plan->inputs[input].uniform = u;
    ent__add_param(c, name, ENT__PARAM_INPUT, input, low, high);
    ent__add_driver(c, ENT__DRIVER_UNIFORM, u, input, ENT_CURVE_BINS, name, label);
    return cell;
}

/* --- correlations -------------------------------------------------------------------------------- */

static int32_t root_of(int32_t *parent, int32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* Cholesky factor of the n * n matrix r, in place (lower triangle); false where it is not positive definite. */
static bool factor(double *r, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j <= i; j++) {
            double sum = r[i * n + j];
            for (int32_t k = 0; k < j; k++)
                sum -= r[i * n + k] * r[j * n + k];
            if (i == j) {
                if (!(sum > 1e-12))
                    return false;
                r[i * n + i] = ent_sqrt(sum);
            } else {
                r[i * n + j] = sum / r[j * n + j];
            }
        }
        for (int32_t j = i + 1; j < n; j++)
            r[i * n + j] = 0;
    }
    return true;
}

static bool build_set(ent__compiler *c, ent__correlated *set, ent__place place)
{
    const double pi = 0x1.921fb54442d18p+1;
    size_t n = (size_t)set->n;
    double *r = ent__arena_alloc(c->arena, n * n, sizeof *r);
    set->uniform = ent__arena_alloc(c->arena, n, sizeof *set->uniform);
    if (r == NULL || set->uniform == NULL) {
        c->no_memory = true;
        return false;
    }
    for (int32_t i = 0; i < set->n; i++) {
        set->uniform[i] = -1;
        r[i * set->n + i] = 1;
    }
    for (int32_t k = 0; k < c->scenario->n_correlations; k++) {
        const ent__correlation *pair = &c->scenario->correlations[k];
        int32_t a = -1, b = -1;
        for (int32_t i = 0; i < set->n; i++) {
            a = strcmp(set->name[i], pair->a) == 0 ? i : a;
            b = strcmp(set->name[i], pair->b) == 0 ? i : b;
        }
        if (a >= 0 && b >= 0) /* of normal scores, from the rank correlation: 2 sin(pi r / 6) (Pearson 1907) */
            r[a * set->n + b] = r[b * set->n + a] = 2 * ent_sin(pi * pair->r / 6);
    }
    if (!factor(r, set->n)) {
        ent__compile_error(c, place, "the correlations of \"%s\" and what it is joined with contradict each other", set->name[0]);
        return false;
    }
    set->row = c->plan->n_numbers;
    for (size_t i = 0; i < n * n; i++)
        ent__add_number(c, r[i]);
    return true;
}

bool ent__correlations_build(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    int32_t n = 2 * s->n_correlations, names = 0;
    const char **name = ent__arena_alloc(c->arena, (size_t)n, sizeof *name);
    int32_t *parent = ent__arena_alloc(c->arena, (size_t)n, sizeof *parent);
    ent__place *place = ent__arena_alloc(c->arena, (size_t)n, sizeof *place);
    c->correlated = ent__arena_alloc(c->arena, (size_t)n, sizeof *c->correlated);
    if (name == NULL || parent == NULL || place == NULL || c->correlated == NULL)
        return false;
    for (int32_t k = 0; k < s->n_correlations; k++) {
        int32_t end[2];
        for (int side = 0; side < 2; side++) {
            const char *id = side == 0 ? s->correlations[k].a : s->correlations[k].b;
            int32_t i = 0;
            while (i < names && strcmp(name[i], id) != 0)
                i++;
            if (i == names) {
                name[names] = id;
                place[names] = side == 0 ? s->correlations[k].a_place : s->correlations[k].b_place;
                parent[names] = names;
                names++;
            }
            end[side] = root_of(parent, i);
        }
        parent[end[1] > end[0] ? end[1] : end[0]] = end[1] > end[0] ? end[0] : end[1];
    }
    for (int32_t i = 0; i < names; i++) {
        if (root_of(parent, i) != i)
            continue;
        ent__correlated *set = &c->correlated[c->n_correlated];
        set->name = ent__arena_alloc(c->arena, (size_t)names, sizeof *set->name);
        if (set->name == NULL)
            return false;
        for (int32_t k = i; k < names; k++)
            if (root_of(parent, k) == i)
                set->name[set->n++] = name[k];
        if (build_set(c, set, place[i]))
            c->n_correlated++;
    }
    return !c->no_memory;
}

/* --- provisions ---------------------------------------------------------------------------------- */

/* The name that keys a provision's event: the input it names, so that provisions that name one take hold together. */
static const char *event_name(const ent__compiler *c, const ent__provision *provision)
{
    const ent__value *p = &provision->takes_hold;
    if (p->kind == ENT__VALUE_EXPRESSION && p->expression->kind == ENT__NODE_NAME && p->expression->n_index == 0 &&
        ent__symbol_find(c, p->expression->name) != NULL)
        return p->expression->name;
    return provision->id;
}

static int32_t decision_event(ent__compiler *c, int32_t decision)
{
    const char *name = c->use[decision].from->id;
    for (int32_t e = 0; e < c->plan->n_events; e++)
        if (strcmp(ent__plan_text(c->plan, c->plan->events[e].name), name) == 0)
            return e;
    int32_t cell = ent__decision_element(c, decision, "adopted", 0);
    ent__plan_event *event = ENT__PLAN_ADD(c->plan, events);
    if (event == NULL) {
        c->no_memory = true;
        return -1;
    }
    event->cell = cell;
    event->name = ent__pool_text(c, name);
    event->label = ent__pool_text(c, "whether the document takes hold");
    int32_t e = c->plan->n_events - 1;
    ent__add_driver(c, ENT__DRIVER_EVENT, cell, e, 2, name, "whether the document takes hold");
    return e;
}

static int32_t provision_event(ent__compiler *c, const ent__provision *provision)
{
    const char *name = event_name(c, provision);
    for (int32_t e = 0; e < c->plan->n_events; e++)
        if (strcmp(ent__plan_text(c->plan, c->plan->events[e].name), name) == 0)
            return e;
    ent__context context = {.actor = -1, .value = -1, .undefined = -1};
    const char *input = ent__arena_printf(c->arena, "%s.takes_hold", provision->id);
    const char *label = ent__arena_printf(c->arena, "chance that %s takes hold", provision->title);
    if (input == NULL || label == NULL) {
        c->no_memory = true;
        return -1;
    }
    if (provision->takes_hold.kind == ENT__VALUE_EXPRESSION) {
        ent__axes axes = ent__node_axes(c, provision->takes_hold.expression);
        if (axes.set >= 0 || axes.count > 0) {
            ent__compile_error(c, provision->takes_hold.place, "takes_hold is one probability; this has a value for each %s",
                               axes.set >= 0 ? "actor" : "year");
            return -1;
        }
    }
    int32_t p = ent__value_cell(c, &provision->takes_hold, input, &context, 0, 1, label, "probability");
    /* Whether a document takes hold is asked before it does: the chance is that of the arm without it. */
    ent__ref arg[2] = {ent__self(ent__emit_uniform(c, name, "event")), {p, ENT__ARM_WITHOUT}};
    int32_t cell = ent__emit(c, ENT__DO_EVENT, 1, arg, 2, 0);
    ent__plan_event *event = ENT__PLAN_ADD(c->plan, events);
    if (event == NULL) {
        c->no_memory = true;
        return -1;
    }
    event->cell = cell;
    event->name = ent__pool_text(c, name);
    bool shared = strcmp(name, provision->id) != 0;
    label = shared ? "whether the document takes hold" : ent__arena_printf(c->arena, "whether %s takes hold", provision->title);
    event->label = ent__pool_text(c, label);
    int32_t e = c->plan->n_events - 1;
    ent__add_driver(c, ENT__DRIVER_EVENT, cell, e, 2, name, label);
    return e;
}

int32_t ent__provision_decision(const ent__compiler *c, const ent__provision *provision)
{
    const ent__value *p = &provision->takes_hold;
    bool named = provision->has_takes_hold && p->kind == ENT__VALUE_EXPRESSION && p->expression->kind == ENT__NODE_NAME &&
                 p->expression->n_index == 0;
    return named ? ent__decision_find(c, p->expression->name) : -1;
}

/* Whether it takes hold at all, by the last year: what results tell of it. */
static int32_t event_of(ent__compiler *c, int32_t p)
{
    const ent__provision *provision = &c->scenario->provisions[p];
    int32_t decision = ent__provision_decision(c, provision);
    int32_t e = !provision->has_takes_hold ? -1 : decision >= 0 ? decision_event(c, decision) : provision_event(c, provision);
    c->plan->provisions[p].event = e;
    return e;
}

int32_t ent__gate(ent__compiler *c, int32_t p, int32_t year)
{
    const ent__provision *provision = &c->scenario->provisions[p];
    int32_t decision = ent__provision_decision(c, provision), years = c->scenario->years > 0 ? c->scenario->years : 1, y = years - 1;
    bool yearly = decision >= 0 && ent__decision_is_yearly(&c->use[decision]);
    if (yearly && year != 0)
        y = year - c->scenario->start;
    y = y < 0 ? 0 : y >= years ? years - 1 : y;
    int32_t *gate = &c->gate[p * years + y];
    if (*gate >= 0)
        return *gate;
    if (*gate == ENT__OPEN) {
        ent__compile_error(c, provision->place, "whether provision \"%s\" takes hold depends on what it changes itself", provision->id);
        return ent__emit_number(c, 0);
    }
    *gate = ENT__OPEN;
    ent__ref event = {0, ENT__ARM_WITHOUT}; /* it is asked before the document is in force */
    int32_t e = event_of(c, p);
    if (e >= 0)
        event.cell = yearly ? ent__decision_element(c, decision, "adopted", c->scenario->start + y) : c->plan->events[e].cell;
    *gate = ent__emit(c, ENT__DO_GATE, 1, &event, e >= 0, p);
    return *gate;
}

static bool change_reaches(ent__compiler *c, const ent__change *change, const ent__symbol *symbol, int32_t actor)
{
    if (change->target == NULL || strcmp(change->target->name, symbol->name) != 0)
        return false;
    for (int32_t i = 0; i < change->target->n_index; i++) {
        const ent__index *index = &change->target->index[i];
        if (index->is_time)
            continue;
        int32_t one = ent__actor_find(c, index->id), group = ent__group_find(c, index->id);
        if (one >= 0 ? one != actor : group < 0 || ent__set_place(&c->set[c->group_set[group]], actor) < 0)
            return false;
    }
    return true;
}

static bool change_applies_in(const ent__change *change, int32_t year)
{
    for (int32_t i = 0; i < change->target->n_index; i++)
        if (change->target->index[i].is_time && year != 0 && year < change->target->index[i].from.year)
            return false;
    return true;
}

typedef struct changer { /* a provision or a lever at work on one element */
    const char *id, *title;
    ent__symbol *symbol;
    int32_t actor, year;
    const char *label; /* of the element */
    int32_t lever;     /* 1 + the cell of its amount, or 0 */
} changer;

/* The cell of what a change makes of `cell`. */
static int32_t changed_cell(ent__compiler *c, const changer *by, const ent__change *change, int32_t cell)
{
    bool of_actor = by->actor >= 0 && by->symbol->axes.set >= 0;
    ent__context context = {.actor = by->actor, .year = by->year, .value = cell, .lever = by->lever, .undefined = -1};
    const char *name = ent__arena_printf(c->arena, "%s.%s%s%s%s", by->id, by->symbol->name, of_actor ? "[" : "",
                                         of_actor ? c->scenario->actors[by->actor].id : "", of_actor ? "]" : "");
    const char *words = ent__arena_printf(c->arena, "%s, after \"%s\"", by->label, by->title);
    if (name == NULL || words == NULL) {
        c->no_memory = true;
        return cell;
    }
    return ent__value_cell(c, &change->value, name, &context, by->symbol->low, by->symbol->high, words, by->symbol->unit);
}

/* What the provisions make of an element, in file order; then the levers, of those that are pulled. */
static int32_t apply_changes(ent__compiler *c, ent__symbol *symbol, int32_t actor, int32_t year, int32_t cell, const char *label)
{
    const ent_scenario *s = c->scenario;
    for (int32_t p = 0; p < s->n_provisions; p++) {
        changer by = {s->provisions[p].id, s->provisions[p].title, symbol, actor, year, label, 0};
        for (int32_t k = 0; k < s->provisions[p].n_changes; k++) {
            const ent__change *change = &s->provisions[p].change[k];
            if (!change_reaches(c, change, symbol, actor) || !change_applies_in(change, year))
                continue;
            int32_t changed = changed_cell(c, &by, change, cell);
            ent__ref arg[3] = {ent__self(ent__gate(c, p, year)), ent__self(changed), ent__self(cell)};
            cell = ent__emit(c, ENT__DO_SELECT, 1, arg, 3, 0);
        }
    }
    for (int32_t l = 0; l < s->n_levers; l++) {
        changer by = {s->levers[l].id, s->levers[l].title, symbol, actor, year, label, 1 + c->lever[l]};
        for (int32_t k = 0; k < s->levers[l].n_changes; k++) {
            const ent__change *change = &s->levers[l].change[k];
            if (!change_reaches(c, change, symbol, actor) || !change_applies_in(change, year))
                continue;
            int32_t changed = changed_cell(c, &by, change, cell);
            ent__ref amount = ent__self(c->lever[l]), pulled = ent__self(ent__emit(c, ENT__DO_DEFINED, 1, &amount, 1, 0));
            ent__ref arg[3] = {pulled, ent__self(changed), ent__self(cell)};
            cell = ent__emit(c, ENT__DO_SELECT, 1, arg, 3, 0);
        }
    }
    return cell;
}

/* --- elements ------------------------------------------------------------------------------------ */

static const char *label_of(ent__compiler *c, const ent__symbol *symbol, int32_t actor)
{
    if (c->only_checks)
        return "";
    const ent_scenario *s = c->scenario;
    const char *who = actor >= 0 ? s->actors[actor].name : "";
    ent__buffer words = {0};
    if (symbol->kind >= ENT__SYMBOL_POSITION && symbol->kind <= ENT__SYMBOL_STATUS_QUO) {
        static const char *const noun[] = {"position", "salience", "capability", "status quo"};
        const char *what = noun[symbol->kind - ENT__SYMBOL_POSITION];
        ent__buffer_printf(&words, "%s%s%s on %s", who, *who ? " " : "", what, s->issues[symbol->part].title);
    } else {
        ent__buffer_text(&words, symbol->name);
        for (size_t i = 0; i < words.length; i++)
            words.data[i] = words.data[i] == '_' ? ' ' : words.data[i];
        if (*who)
            ent__buffer_printf(&words, ", %s", who);
    }
    char *text = words.failed ? NULL : ent__arena_text(c->arena, words.data, words.length);
    ent__buffer_free(&words);
    c->no_memory = c->no_memory || text == NULL;
    return text != NULL ? text : "";
}

/* An actor's row gives its source where the value has none of its own. */
static ent__value with_column(const ent__value *value, const ent__column *column, const char *row_source)
{
    ent__value full = *value;
    if (full.source == NULL || full.source[0] == 0)
        full.source = row_source != NULL && row_source[0] != 0 ? row_source : column != NULL ? column->source : "";
    if ((full.why == NULL || full.why[0] == 0) && column != NULL)
        full.why = column->why;
    if ((full.unit == NULL || full.unit[0] == 0) && column != NULL)
        full.unit = column->unit;
    return full;
}

static int32_t own_cell(ent__compiler *c, ent__symbol *symbol, int32_t actor, int32_t year, int32_t element, const char *label, ent__place place)
{
    const ent_scenario *s = c->scenario;
    ent__context context = {.actor = actor, .year = year, .value = -1, .undefined = -1};
    ent__value value = {0};
    const char *name = symbol->name;
    switch (symbol->kind) {
    case ENT__SYMBOL_INPUT:
        value = s->inputs[symbol->part].value;
        break;
    case ENT__SYMBOL_QUANTITY:
        value = s->quantities[symbol->part].value;
        break;
    case ENT__SYMBOL_COLUMN:
        value = with_column(&s->actors[actor].value[symbol->part], &s->actor_column[symbol->part], NULL);
        name = ent__arena_printf(c->arena, "%s[%s]", symbol->name, s->actors[actor].id);
        break;
    case ENT__SYMBOL_TABLE: {
        const ent__table *table = &s->tables[symbol->part];
        if (symbol->row[element] == 0) {
            ent__compile_error(c, place, "%s has no row in its table", ent__element_name(c, symbol, actor, year));
            return ent__emit_number(c, ENT_UNDEFINED);
        }
        value = with_column(&table->value[(symbol->row[element] - 1) * table->n_columns + symbol->column],
                            &table->column[symbol->column], NULL);
        name = ent__element_name(c, symbol, actor, year);
        break;
    }
    case ENT__SYMBOL_POSITION:
    case ENT__SYMBOL_SALIENCE:
    case ENT__SYMBOL_CAPABILITY: {
        const ent__issue *issue = &s->issues[symbol->part];
        const ent__stance *stance = &issue->stance[c->stance_at[symbol->part][actor]];
        value = symbol->kind == ENT__SYMBOL_POSITION   ? with_column(&stance->position, &issue->position, stance->source)
                : symbol->kind == ENT__SYMBOL_SALIENCE ? with_column(&stance->salience, &issue->salience, stance->source)
                                                       : with_column(&stance->capability, &issue->capability, stance->source);
        if (!names_do_not_matter(c))
            name = ent__arena_printf(c->arena, "%s[%s]", symbol->name, s->actors[actor].id);
        break;
    }
    case ENT__SYMBOL_STATUS_QUO:
        value = s->issues[symbol->part].status_quo;
        break;
    case ENT__SYMBOL_IN_FORCE:
        return ent__gate(c, symbol->part, 0);
    case ENT__SYMBOL_MODEL:
        return ent__model_element(c, symbol, actor, year);
    default:
        return ent__settled_element(c, symbol, actor, year, place);
    }
    if (name == NULL) {
        c->no_memory = true;
        return 0;
    }
    return ent__value_cell(c, &value, name, &context, symbol->low, symbol->high, label, symbol->unit);
}

static void report_cycle(ent__compiler *c, const ent__link *again, ent__place place)
{
    ent__buffer text = {0};
    int32_t from = c->depth - 1;
    while (from > 0 && (c->chain[from].symbol != again->symbol || c->chain[from].actor != again->actor ||
                        c->chain[from].year != again->year))
        from--;
    for (int32_t i = from; i <= c->depth; i++) {
        const ent__link *link = i < c->depth ? &c->chain[i] : again;
        const char *name = ent__element_name(c, link->symbol, link->actor, link->year);
        ent__buffer_printf(&text, "%s%s", i > from ? " -> " : "", name != NULL ? name : "");
    }
    if (!text.failed)
        ent__compile_error(c, place, "a cycle: %.800s; previous(x, first) takes last year's value", text.data);
    ent__buffer_free(&text);
}

static bool chain_push(ent__compiler *c, const ent__link *link, ent__place place)
{
    if (c->depth >= ENT_MAX_CHAIN) {
        ent__compile_error(c, place, "%s needs a chain of more than %d quantities", link->symbol->name, ENT_MAX_CHAIN);
        return false;
    }
    if (c->depth == c->chain_capacity) {
        int32_t want = c->chain_capacity > 0 ? 2 * c->chain_capacity : 64;
        ent__link *grown = ent__realloc(c->chain, (size_t)want, sizeof *grown);
        if (grown == NULL) {
            c->no_memory = true;
            return false;
        }
        c->chain = grown;
        c->chain_capacity = want;
    }
    c->chain[c->depth++] = *link;
    return true;
}

int32_t ent__element(ent__compiler *c, ent__symbol *symbol, int32_t actor, int32_t year, ent__place place)
{
    int32_t at = 0;
    if (c->no_memory || symbol == NULL)
        return 0;
    if (symbol->axes.set >= 0) {
        int32_t member = actor >= 0 ? ent__set_place(&c->set[symbol->axes.set], actor) : -1;
        if (member < 0) {
            ent__compile_error(c, place, "%s has no value for %s", symbol->name, actor >= 0 ? c->scenario->actors[actor].id : "this actor");
            return ent__emit_number(c, ENT_UNDEFINED);
        }
        at = member;
    }
    if (symbol->month_count > 0) {
        int32_t month = year >= 12000 ? year : year * 12 + 11;
        at = month - symbol->month_from;
        if (at < 0 || at >= symbol->month_count) {
            char *name = ent__element_name(c, symbol, -1, month), *first = ent__element_name(c, symbol, -1, symbol->month_from);
            char *last = ent__element_name(c, symbol, -1, symbol->month_from + symbol->month_count - 1);
            ent__compile_error(c, place, "there is no %s; the model runs from %s to %s", name ? name : "", first ? first : "", last ? last : "");
            return ent__emit_number(c, ENT_UNDEFINED);
        }
        year = month;
    } else if (symbol->axes.count > 0) {
        if (year < symbol->axes.from || year >= symbol->axes.from + symbol->axes.count) {
            ent__compile_error(c, place, "%s has no value for %d; its years are %d to %d", symbol->name, year, symbol->axes.from,
                               symbol->axes.from + symbol->axes.count - 1);
            return ent__emit_number(c, ENT_UNDEFINED);
        }
        at = at * symbol->axes.count + (year - symbol->axes.from);
    }
    symbol->used = true;
    if (symbol->cell[at] >= 0)
        return symbol->cell[at];
    ent__link link = {symbol, symbol->axes.set >= 0 ? actor : -1, symbol->axes.count > 0 ? year : 0};
    if (symbol->cell[at] == ENT__OPEN) {
        report_cycle(c, &link, place);
        return ent__emit_number(c, ENT_UNDEFINED);
    }
    if (!chain_push(c, &link, place))
        return ent__emit_number(c, ENT_UNDEFINED);
    symbol->cell[at] = ENT__OPEN;
    const char *label = label_of(c, symbol, symbol->axes.set >= 0 ? actor : -1);
    int32_t cell = own_cell(c, symbol, actor, year, at, label, place);
    if (symbol->kind <= ENT__SYMBOL_STATUS_QUO)
        cell = apply_changes(c, symbol, actor, year, cell, label);
    c->depth--;
    symbol->cell[at] = cell;
    return cell;
}
