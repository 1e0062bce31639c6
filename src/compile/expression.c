/* Expressions to cells. An expression is compiled once for each element of the quantity it stands in; where that is
 * (actor, year, the value being changed) is its context. */
#include "compile/compile.h"

#include <string.h>

static ent__ref undefined(ent__compiler *c) { return ent__self(ent__emit_number(c, ENT_UNDEFINED)); }

/* --- names --------------------------------------------------------------------------------------- */

static ent__ref unknown_name(ent__compiler *c, const ent__node *node)
{
    const char *dot = strchr(node->name, '.');
    if (dot != NULL) {
        for (int32_t m = 0; m < c->scenario->n_models; m++) {
            const ent__model_use *use = &c->scenario->models[m];
            bool its = strlen(use->id) == (size_t)(dot - node->name) && strncmp(use->id, node->name, strlen(use->id)) == 0;
            if (its && c->use[m].model == NULL) /* why it cannot run was said */
                return undefined(c);
        }
    }
    const char *near = ent__nearest_name(c, node->name);
    ent__compile_error(c, node->place, "unknown name \"%s\"%s%s%s", node->name, near ? "; did you mean \"" : "", near ? near : "",
                       near ? "\"?" : "");
    return undefined(c);
}

static ent__ref special_name(ent__compiler *c, const ent__node *node, const ent__context *context)
{
    if (strcmp(node->name, "value") == 0) {
        if (context->value >= 0)
            return ent__self(context->value);
        ent__compile_error(c, node->place, "\"value\" is the number that a provision or a lever changes; there is none here");
    } else if (strcmp(node->name, "lever") == 0) {
        if (context->lever > 0)
            return ent__self(context->lever - 1);
        ent__compile_error(c, node->place, "\"lever\" is how far a lever is pulled; it stands only in what a lever changes");
    } else if (context->year != 0) {
        return ent__self(ent__emit_number(c, context->year));
    } else {
        ent__compile_error(c, node->place, "\"year\" is known only inside a yearly quantity");
    }
    return undefined(c);
}

/* Fills actor and year from the brackets and the context; false after an error. */
static bool resolve_index(ent__compiler *c, const ent__node *node, const ent__symbol *symbol, const ent__context *context,
                          int32_t *actor, int32_t *year)
{
    *actor = context->actor;
    *year = context->year;
    bool has_actor = false;
    for (int32_t i = 0; i < node->n_index; i++) {
        const ent__index *index = &node->index[i];
        if (index->is_time) {
            if (index->from.month != 0 && symbol->month_count > 0 && !index->is_range) {
                *year = index->from.year * 12 + index->from.month - 1;
                continue;
            }
            if (index->from.month != 0 && symbol->axes.count > 0) {
                ent__compile_error(c, index->place, "%s has values by year, not by month", symbol->name);
                return false;
            }
            if (!index->is_range)
                *year = index->from.year;
            else if (symbol->axes.count > 0 && (*year < index->from.year || *year > index->to.year)) {
                ent__compile_error(c, index->place, "%s over several years: take first, last, sum, mean, min, max, any or all of it", symbol->name);
                return false;
            }
            continue;
        }
        if (symbol->axes.set < 0 || has_actor) {
            ent__compile_error(c, index->place, "%s has %s", symbol->name, has_actor ? "one actor in brackets, not two" : "no value by actor");
            return false;
        }
        has_actor = true;
        int32_t one = ent__actor_find(c, index->id), group = ent__group_find(c, index->id);
        if (one >= 0) {
            *actor = one;
        } else if (group < 0) {
            ent__compile_error(c, index->place, "\"%s\" is neither an actor nor a group", index->id);
            return false;
        } else if (*actor < 0 || ent__set_place(&c->set[c->group_set[group]], *actor) < 0) {
            ent__compile_error(c, index->place, "%s[%s] is one value for each member: name one, or take sum, mean, min or max of it", symbol->name, index->id);
            return false;
        }
    }
    if (symbol->axes.set >= 0 && *actor < 0) {
        ent__compile_error(c, node->place, "%s has one value for each actor: name one in brackets, or take sum, mean, min or max of it", symbol->name);
        return false;
    }
    if (symbol->axes.count > 0 && *year == 0) {
        ent__compile_error(c, node->place, "%s has one value for each year: name one in brackets, or take first, last, sum, mean, min, max, any or all of it", symbol->name);
        return false;
    }
    return true;
}

static void warn_missing_members(ent__compiler *c, const ent__node *node, const ent__symbol *symbol)
{
    for (int32_t i = 0; i < node->n_index; i++) {
        int32_t group = node->index[i].is_time ? -1 : ent__group_find(c, node->index[i].id);
        if (group < 0 || symbol->axes.set < 0 || ent__actor_find(c, node->index[i].id) >= 0)
            continue;
        const ent__set *members = &c->set[c->group_set[group]], *has = &c->set[symbol->axes.set];
        for (int32_t m = 0; m < members->n; m++)
            if (ent__set_place(has, members->actor[m]) < 0)
                ent__compile_warning(c, node->index[i].place, "%s has no value for %s of %s: it is left out", symbol->name,
                                     c->scenario->actors[members->actor[m]].id, node->index[i].id);
    }
}

static ent__ref compile_name(ent__compiler *c, const ent__node *node, const ent__context *context)
{
    if (strcmp(node->name, "value") == 0 || strcmp(node->name, "year") == 0 || strcmp(node->name, "lever") == 0)
        return special_name(c, node, context);
    ent__symbol *symbol = ent__symbol_find(c, node->name);
    if (symbol == NULL)
        return unknown_name(c, node);
    int32_t actor, year, last = symbol->axes.from + symbol->axes.count - 1;
    warn_missing_members(c, node, symbol);
    if (!resolve_index(c, node, symbol, context, &actor, &year))
        return undefined(c);
    if (context->clamp_years && symbol->axes.count > 0 && year < 12000)
        year = year < symbol->axes.from ? symbol->axes.from : year > last ? last : year;
    return ent__self(ent__element(c, symbol, actor, year, node->place));
}

/* --- operators ----------------------------------------------------------------------------------- */

static int32_t op_code(ent__operator op)
{
    static const int32_t code[] = {
        [ENT__OP_ADD] = ENT__DO_ADD, [ENT__OP_SUBTRACT] = ENT__DO_SUBTRACT, [ENT__OP_MULTIPLY] = ENT__DO_MULTIPLY,
        [ENT__OP_DIVIDE] = ENT__DO_DIVIDE, [ENT__OP_POWER] = ENT__DO_POWER, [ENT__OP_LESS] = ENT__DO_LESS,
        [ENT__OP_LESS_EQUAL] = ENT__DO_LESS_EQUAL, [ENT__OP_GREATER] = ENT__DO_GREATER,
        [ENT__OP_GREATER_EQUAL] = ENT__DO_GREATER_EQUAL, [ENT__OP_EQUAL] = ENT__DO_EQUAL,
        [ENT__OP_UNEQUAL] = ENT__DO_UNEQUAL, [ENT__OP_AND] = ENT__DO_AND, [ENT__OP_OR] = ENT__DO_OR,
        [ENT__OP_NEGATE] = ENT__DO_NEGATE, [ENT__OP_NOT] = ENT__DO_NOT};
    return code[op];
}

static bool is_comparison(ent__operator op) { return op >= ENT__OP_LESS && op <= ENT__OP_UNEQUAL; }

static bool may_be_undefined(const ent__compiler *c, ent__ref x) { return c->cell_flag[x.cell] & ENT__MAY_BE_UNDEFINED; }

/* Remembers whether this comparison met an undefined value: it was false then, and the share of such draws is told. */
static void track_undefined(ent__compiler *c, ent__ref a, ent__ref b, ent__context *context)
{
    ent__ref side[2] = {a, b};
    for (int k = 0; k < 2; k++) {
        if (!context->track_undefined || !may_be_undefined(c, side[k]))
            continue;
        ent__ref is_defined = ent__self(ent__emit(c, ENT__DO_DEFINED, 1, &side[k], 1, 0));
        ent__ref missing = ent__self(ent__emit(c, ENT__DO_NOT, 1, &is_defined, 1, 0));
        context->undefined = context->undefined < 0 ? missing.cell
                                                    : ent__emit_op(c, ENT__DO_OR, ent__self(context->undefined), missing);
    }
}

void ent__set_threshold(ent__compiler *c, const char *name, double *number)
{
    for (int32_t o = 0; o < c->n_overrides; o++) {
        const ent__value *value = &c->override[o].value;
        if (strcmp(c->override[o].name, name) != 0)
            continue;
        c->override[o].used = true;
        if (value->kind == ENT__VALUE_DISTRIBUTION && value->distribution.kind == ENT__DIST_CONSTANT)
            *number = value->distribution.p[0];
        else
            ent__compile_error(c, value->place, "the threshold %s is a number", name);
    }
}

/* A number that a claim compares with is its threshold: it gets a name, so that it can be changed from outside. */
static ent__ref threshold(ent__compiler *c, const ent__node *node, ent__context *context)
{
    context->thresholds++;
    const char *name = context->thresholds == 1
                           ? ent__arena_printf(c->arena, "%s.threshold", context->claim)
                           : ent__arena_printf(c->arena, "%s.threshold%d", context->claim, context->thresholds);
    if (name == NULL) {
        c->no_memory = true;
        return undefined(c);
    }
    double value = node->number;
    ent__set_threshold(c, name, &value);
    int32_t number = ent__add_number(c, value);
    ent__add_param(c, name, ENT__PARAM_THRESHOLD, number, 0, 0);
    return ent__self(ent__emit(c, ENT__DO_NUMBER, 1, NULL, 0, number));
}

static ent__ref compile_operand(ent__compiler *c, const ent__node *parent, int32_t i, ent__context *context)
{
    const ent__node *child = parent->child[i];
    if (context->claim != NULL && is_comparison(parent->op) && child->kind == ENT__NODE_NUMBER)
        return threshold(c, child, context);
    return ent__compile_node(c, child, context);
}

static ent__ref compile_operator(ent__compiler *c, const ent__node *node, ent__context *context)
{
    ent__ref a = compile_operand(c, node, 0, context);
    if (node->kind == ENT__NODE_UNARY)
        return ent__self(ent__emit(c, op_code(node->op), 1, &a, 1, 0));
    ent__ref b = compile_operand(c, node, 1, context);
    if (is_comparison(node->op))
        track_undefined(c, a, b, context);
    return ent__self(ent__emit_op(c, op_code(node->op), a, b));
}

/* --- calls --------------------------------------------------------------------------------------- */

/* sum, mean, min, max, any, all of one argument: over its actors, else over its years (any and all the other way). */
static ent__ref reduce(ent__compiler *c, const ent__node *node, ent__context *context, int32_t op)
{
    const ent__node *child = node->child[0];
    ent__axes axes = ent__node_axes(c, child);
    bool truth = op == ENT__DO_ANY || op == ENT__DO_ALL;
    bool by_actor = axes.set >= 0 && !(truth && axes.count > 0);
    int32_t n = by_actor ? c->set[axes.set].n : axes.count;
    if (!by_actor && axes.count == 0) {
        if (op == ENT__DO_SUM)
            ent__compile_error(c, node->place, "sum() of one number: there are neither actors nor years to sum over");
        return ent__compile_node(c, child, context);
    }
    if (n == 0) {
        ent__compile_error(c, node->place, "%s() over nobody", node->name);
        return undefined(c);
    }
    ent__ref *each = ent__arena_alloc(c->arena, (size_t)n, sizeof *each);
    if (each == NULL) {
        c->no_memory = true;
        return undefined(c);
    }
    int32_t actor = context->actor, year = context->year;
    for (int32_t i = 0; i < n; i++) {
        if (by_actor)
            context->actor = c->set[axes.set].actor[i];
        else
            context->year = axes.from + i;
        each[i] = ent__compile_node(c, child, context);
    }
    context->actor = actor;
    context->year = year;
    return ent__self(ent__emit(c, op, 1, each, n, 0));
}

static ent__ref compile_end(ent__compiler *c, const ent__node *node, ent__context *context, bool last)
{
    ent__axes axes = ent__node_axes(c, node->child[0]);
    int32_t year = context->year;
    if (axes.count > 0)
        context->year = last ? axes.from + axes.count - 1 : axes.from;
    ent__ref ref = ent__compile_node(c, node->child[0], context);
    context->year = year;
    return ref;
}

static ent__ref compile_previous(ent__compiler *c, const ent__node *node, ent__context *context)
{
    if (context->year == 0) {
        ent__compile_error(c, node->place, "previous() is known only inside a yearly quantity");
        return undefined(c);
    }
    if (context->year <= c->scenario->start)
        return ent__compile_node(c, node->child[1], context);
    context->year--;
    ent__ref ref = ent__compile_node(c, node->child[0], context);
    context->year++;
    return ref;
}

static ent__ref in_arm(ent__compiler *c, const ent__node *node, ent__context *context, int32_t arm)
{
    ent__ref ref = ent__compile_node(c, node, context);
    context->compares_arms = true;
    return ref.arm == ENT__ARM_SELF ? (ent__ref){ref.cell, arm} : ref;
}

static ent__ref compile_change(ent__compiler *c, const ent__node *node, ent__context *context)
{
    ent__ref with = in_arm(c, node, context, ENT__ARM_WITH), without = {with.cell, ENT__ARM_WITHOUT};
    return ent__self(ent__emit_op(c, ENT__DO_SUBTRACT, with, without));
}

static ent__ref compile_rank_correlation(ent__compiler *c, const ent__node *node, ent__context *context)
{
    ent__axes axes = ent__axes_join(c, ent__node_axes(c, node->child[0]), ent__node_axes(c, node->child[1]));
    int32_t n = axes.set >= 0 ? c->set[axes.set].n : 0;
    ent__ref *each = ent__arena_alloc(c->arena, (size_t)(2 * n), sizeof *each);
    if (n < 2 || each == NULL) {
        c->no_memory = c->no_memory || each == NULL;
        ent__compile_error(c, node->place, "rank_correlation() needs two quantities over at least two common actors");
        return undefined(c);
    }
    int32_t actor = context->actor;
    for (int32_t side = 0; side < 2; side++) {
        for (int32_t i = 0; i < n; i++) {
            context->actor = c->set[axes.set].actor[i];
            each[side * n + i] = ent__compile_node(c, node->child[side], context);
        }
    }
    context->actor = actor;
    return ent__self(ent__emit(c, ENT__DO_RANK_CORRELATION, 1, each, 2 * n, 0));
}

static ent__ref compile_several(ent__compiler *c, const ent__node *node, ent__context *context, int32_t op)
{
    ent__ref *arg = ent__arena_alloc(c->arena, (size_t)node->n_child, sizeof *arg);
    if (arg == NULL) {
        c->no_memory = true;
        return undefined(c);
    }
    for (int32_t i = 0; i < node->n_child; i++)
        arg[i] = ent__compile_node(c, node->child[i], context);
    return ent__self(ent__emit(c, op, 1, arg, node->n_child, 0));
}

/* share(provision, x): the part of the provision in what the document changes of x, on this draw */
static ent__ref compile_share(ent__compiler *c, const ent__node *node, ent__context *context)
{
    const ent__node *name = node->child[0];
    const char *near = NULL;
    int32_t p = name->kind == ENT__NODE_NAME && name->n_index == 0 ? ent__provision_find(c, name->name, &near) : -1;
    ent__ref of = ent__compile_node(c, node->child[1], context);
    context->compares_arms = true;
    if (p < 0)
        ent__compile_error(c, name->place, "the first argument of share() is a provision of the document%s%s%s", near ? "; did you mean \"" : "",
                           near ? near : "", near ? "\"?" : "");
    return p < 0 ? undefined(c) : ent__share(c, of, p, node->place);
}

static ent__ref compile_call(ent__compiler *c, const ent__node *node, ent__context *context)
{
    static const struct {
        const char *name;
        int32_t op;
        bool reduces;
    } call[] = {{"abs", ENT__DO_ABS, false},   {"exp", ENT__DO_EXP, false},   {"log", ENT__DO_LOG, false},
                {"sqrt", ENT__DO_SQRT, false}, {"if", ENT__DO_SELECT, false}, {"defined", ENT__DO_DEFINED, false},
                {"sum", ENT__DO_SUM, true},    {"mean", ENT__DO_MEAN, true},  {"min", ENT__DO_MIN, true},
                {"max", ENT__DO_MAX, true},    {"any", ENT__DO_ANY, true},    {"all", ENT__DO_ALL, true}};
    for (size_t k = 0; k < ENT_COUNT(call); k++) {
        if (strcmp(call[k].name, node->name) != 0)
            continue;
        return call[k].reduces && node->n_child == 1 ? reduce(c, node, context, call[k].op)
                                                     : compile_several(c, node, context, call[k].op);
    }
    if (strcmp(node->name, "first") == 0 || strcmp(node->name, "last") == 0)
        return compile_end(c, node, context, node->name[0] == 'l');
    if (strcmp(node->name, "previous") == 0)
        return compile_previous(c, node, context);
    if (strcmp(node->name, "without") == 0)
        return in_arm(c, node->child[0], context, ENT__ARM_WITHOUT);
    if (strcmp(node->name, "with") == 0)
        return in_arm(c, node->child[0], context, ENT__ARM_WITH);
    if (strcmp(node->name, "taken") == 0)
        return in_arm(c, node->child[0], context, ENT__ARM_TAKEN);
    if (strcmp(node->name, "change") == 0)
        return compile_change(c, node->child[0], context);
    if (strcmp(node->name, "share") == 0)
        return compile_share(c, node, context);
    if (strcmp(node->name, "rank_correlation") == 0)
        return compile_rank_correlation(c, node, context);
    bool over_draws = strcmp(node->name, "p") == 0 || strcmp(node->name, "E") == 0 ||
                      strcmp(node->name, "quantile") == 0 || strcmp(node->name, "corr") == 0;
    ent__compile_error(c, node->place, over_draws ? "%s() is a statement over all draws: it stands outermost in `overall:`"
                                                  : "%s() is not built yet in this version", node->name);
    return undefined(c);
}

ent__ref ent__compile_node(ent__compiler *c, const ent__node *node, ent__context *context)
{
    ent__ref x;
    if (c->no_memory)
        return (ent__ref){0, ENT__ARM_SELF};
    if (node->kind == ENT__NODE_NUMBER)
        return ent__self(ent__emit_number(c, node->number));
    if (c->nested >= ENT_MAX_NESTED) { /* the stack ends */
        ent__compile_error(c, node->place, "expressions lie within one another more than %d deep, through the quantities that they need", ENT_MAX_NESTED);
        return undefined(c);
    }
    c->nested++;
    if (node->kind == ENT__NODE_NAME)
        x = compile_name(c, node, context);
    else if (node->kind == ENT__NODE_CALL)
        x = compile_call(c, node, context);
    else
        x = compile_operator(c, node, context);
    c->nested--;
    return x;
}

/* --- units --------------------------------------------------------------------------------------- */

/* The unit of an expression: that of its names where addition or choice keeps it, else "" (unknown). */
static const char *unit_of(ent__compiler *c, const ent__node *node)
{
    static const char *const keeps[] = {"sum", "mean", "min", "max", "first", "last", "without", "with", "taken", "change", "previous", "abs"};
    if (node->kind == ENT__NODE_NAME) {
        const ent__symbol *symbol = ent__symbol_find(c, node->name);
        return symbol != NULL && symbol->unit != NULL ? symbol->unit : "";
    }
    if (node->kind == ENT__NODE_BINARY && (node->op == ENT__OP_ADD || node->op == ENT__OP_SUBTRACT)) {
        const char *a = unit_of(c, node->child[0]);
        return *a ? a : unit_of(c, node->child[1]);
    }
    if (node->kind == ENT__NODE_UNARY && node->op == ENT__OP_NEGATE)
        return unit_of(c, node->child[0]);
    if (node->kind == ENT__NODE_CALL)
        for (size_t k = 0; k < ENT_COUNT(keeps); k++)
            if (strcmp(keeps[k], node->name) == 0)
                return unit_of(c, node->child[0]);
    return "";
}

void ent__check_units(ent__compiler *c, const ent__node *node)
{
    for (int32_t i = 0; i < node->n_child; i++)
        ent__check_units(c, node->child[i]);
    bool adds = node->kind == ENT__NODE_BINARY && (node->op == ENT__OP_ADD || node->op == ENT__OP_SUBTRACT || is_comparison(node->op));
    if (!adds)
        return;
    const char *a = unit_of(c, node->child[0]), *b = unit_of(c, node->child[1]);
    if (*a && *b && strcmp(a, b) != 0)
        ent__compile_warning(c, node->place, "unlike units: \"%s\" and \"%s\"", a, b);
}
