/* Claims and what is known: truths on each draw, and statements over all draws. */
#include "compile/compile.h"

#include "core/elementary.h"

#include <string.h>

static bool is_scalar(ent__compiler *c, const ent__node *node, const char *where)
{
    ent__axes axes = ent__node_axes(c, node);
    if (axes.set < 0 && axes.count == 0)
        return true;
    ent__compile_error(c, node->place, "%s is one truth a draw; this has a value for each %s: name one in brackets, or take %s of it",
                       where, axes.set >= 0 ? "actor" : "year", axes.set >= 0 ? "sum, mean, min or max" : "first, last, mean, any or all");
    return false;
}

static const char *printed(ent__compiler *c, const ent__node *node, const char *as_written)
{
    if (as_written != NULL && *as_written)
        return as_written;
    ent__buffer text = {0};
    ent__expression_print(&text, node);
    const char *copy = text.failed ? NULL : ent__arena_text(c->arena, text.data, text.length);
    ent__buffer_free(&text);
    c->no_memory = c->no_memory || copy == NULL;
    return copy != NULL ? copy : "";
}

/* A cell of the arm it is asked in, whatever arm an outermost without() or with() names. */
static int32_t own(ent__compiler *c, ent__ref ref)
{
    return ref.arm == ENT__ARM_SELF ? ref.cell : ent__emit(c, ENT__DO_SUM, 1, &ref, 1, 0);
}

static int32_t add_form(ent__compiler *c, const ent__node *holds, const char *read, const char *text, const char *claim)
{
    int32_t cell = -1;
    ent__context context = {.actor = -1, .value = -1, .undefined = -1, .track_undefined = true, .claim = claim};
    if (is_scalar(c, holds, "`holds`")) {
        cell = own(c, ent__compile_node(c, holds, &context));
        ent__check_units(c, holds);
    }
    ent__plan_form *form = ENT__PLAN_ADD(c->plan, forms);
    if (form == NULL) {
        c->no_memory = true;
        return -1;
    }
    *form = (ent__plan_form){.cell = cell, .undefined = context.undefined, .needs_with = context.compares_arms};
    form->read = ent__pool_text(c, read);
    form->text = ent__pool_text(c, printed(c, holds, text));
    return c->plan->n_forms - 1;
}

/* --- overall: a tree over statistics ------------------------------------------------------------- */

static int32_t add_overall(ent__compiler *c, ent__overall node)
{
    ent__overall *to = ENT__PLAN_ADD(c->plan, overalls);
    if (to == NULL) {
        c->no_memory = true;
        return -1;
    }
    *to = node;
    return c->plan->n_overalls - 1;
}

static ent__arg statistic_of(ent__compiler *c, const ent__node *node, ent__context *context)
{
    if (!is_scalar(c, node, "a statement over draws"))
        return (ent__arg){-1, 0};
    ent__ref ref = ent__compile_node(c, node, context);
    return (ent__arg){own(c, ref), ENT__ARM_SELF};
}

static int32_t compile_overall(ent__compiler *c, const ent__node *node, ent__context *context)
{
    ent__overall made = {.op = ENT__DO_COUNT, .a = -1, .b = -1, .x = {-1, 0}, .y = {-1, 0}};
    if (node->kind == ENT__NODE_NUMBER) {
        made.op = ENT__DO_NUMBER;
        made.number = node->number;
        return add_overall(c, made);
    }
    if (node->kind == ENT__NODE_CALL) {
        bool quantile = strcmp(node->name, "quantile") == 0, corr = strcmp(node->name, "corr") == 0;
        if (!quantile && !corr && strcmp(node->name, "p") != 0 && strcmp(node->name, "E") != 0) {
            ent__compile_error(c, node->place, "`overall` is made of p(), E(), quantile() and corr() of expressions; %s() stands inside one of them", node->name);
            return -1;
        }
        made.stat = quantile ? ENT__STAT_QUANTILE : corr ? ENT__STAT_CORRELATION : ENT__STAT_MEAN;
        made.x = statistic_of(c, node->child[0], context);
        if (corr)
            made.y = statistic_of(c, node->child[1], context);
        if (quantile && (node->child[1]->kind != ENT__NODE_NUMBER || !(node->child[1]->number > 0 && node->child[1]->number < 1))) {
            ent__compile_error(c, node->child[1]->place, "the second argument of quantile() is a number between 0 and 1");
            return -1;
        }
        if (quantile)
            made.number = node->child[1]->number;
        return add_overall(c, made);
    }
    static const int32_t code[] = {[ENT__OP_ADD] = ENT__DO_ADD, [ENT__OP_SUBTRACT] = ENT__DO_SUBTRACT,
                                   [ENT__OP_MULTIPLY] = ENT__DO_MULTIPLY, [ENT__OP_DIVIDE] = ENT__DO_DIVIDE,
                                   [ENT__OP_LESS] = ENT__DO_LESS, [ENT__OP_LESS_EQUAL] = ENT__DO_LESS_EQUAL,
                                   [ENT__OP_GREATER] = ENT__DO_GREATER, [ENT__OP_GREATER_EQUAL] = ENT__DO_GREATER_EQUAL,
                                   [ENT__OP_NEGATE] = ENT__DO_NEGATE, [ENT__OP_NOT] = 0};
    if (node->kind == ENT__NODE_NAME || (size_t)node->op >= ENT_COUNT(code) || code[node->op] == 0) {
        ent__compile_error(c, node->place, "`overall` joins p(), E(), quantile() and corr() by + - * / and one comparison");
        return -1;
    }
    made.op = code[node->op];
    made.a = compile_overall(c, node->child[0], context);
    made.b = node->n_child > 1 ? compile_overall(c, node->child[1], context) : -1;
    return made.a < 0 || (node->n_child > 1 && made.b < 0) ? -1 : add_overall(c, made);
}

/* A number on one side of the comparison is the claim's threshold, CLAIM.threshold. */
static void overall_threshold(ent__compiler *c, int32_t root, const char *claim)
{
    const char *name = ent__arena_printf(c->arena, "%s.threshold", claim);
    c->no_memory = c->no_memory || name == NULL;
    for (int side = 1; side >= 0 && root >= 0 && !c->no_memory; side--) {
        int32_t at = side == 1 ? c->plan->overalls[root].b : c->plan->overalls[root].a;
        if (c->plan->overalls[at].op != ENT__DO_NUMBER)
            continue;
        ent__set_threshold(c, name, &c->plan->overalls[at].number);
        ent__add_param(c, name, ENT__PARAM_OVERALL, at, 0, 0);
        return;
    }
}

static int32_t overall_root(ent__compiler *c, const ent__node *node, bool *compares_arms)
{
    bool comparison = node->kind == ENT__NODE_BINARY && node->op >= ENT__OP_LESS && node->op <= ENT__OP_GREATER_EQUAL;
    if (!comparison) {
        ent__compile_error(c, node->place, "`overall` is one comparison, such as E(x) >= 0.1");
        return -1;
    }
    ent__context context = {.actor = -1, .value = -1, .undefined = -1};
    int32_t root = compile_overall(c, node, &context);
    *compares_arms = context.compares_arms;
    return root;
}

/* --- claims -------------------------------------------------------------------------------------- */

/* The list of models that reaches a cell: its index in readings[], or -1. The first, where several do. */
static int32_t reading_of(const ent__compiler *c, int32_t cell)
{
    uint64_t mask = cell >= 0 ? c->cell_reading[cell] : 0;
    for (int32_t r = 0; r < 64; r++)
        if (mask >> r & 1)
            return r;
    return -1;
}

static const char *needs_text(ent__compiler *c, const ent__claim *claim)
{
    ent__buffer text = {0};
    for (int32_t i = 0; i < claim->n_needs; i++)
        ent__buffer_printf(&text, "%s%s", i > 0 ? ", " : "", claim->needs[i]);
    const char *copy = text.failed ? NULL : ent__arena_text(c->arena, text.data != NULL ? text.data : "", text.length);
    ent__buffer_free(&text);
    c->no_memory = c->no_memory || copy == NULL;
    return copy;
}

static void compile_claim(ent__compiler *c, const ent__claim *from)
{
    ent__plan_claim claim = {.form = -1, .when = -1, .overall = -1, .reading = -1};
    bool compares = false;
    if (from->holds != NULL)
        claim.form = add_form(c, from->holds, from->read, from->holds_text, from->id);
    if (from->overall != NULL) {
        claim.overall = overall_root(c, from->overall, &compares);
        overall_threshold(c, claim.overall, from->id);
        claim.overall_text = ent__pool_text(c, printed(c, from->overall, from->overall_text));
    }
    if (from->when != NULL && is_scalar(c, from->when, "`when`")) {
        ent__context context = {.actor = -1, .value = -1, .undefined = -1};
        claim.when = own(c, ent__compile_node(c, from->when, &context));
        claim.when_text = ent__pool_text(c, printed(c, from->when, from->when_text));
    }
    claim.overall_needs_with = compares;
    claim.reading_form = c->plan->n_forms;
    for (int32_t r = 0; r < from->n_readings; r++)
        if (from->reading[r].holds != NULL && add_form(c, from->reading[r].holds, from->reading[r].read, NULL, NULL) >= 0)
            claim.n_readings++;
    if (claim.form >= 0)
        claim.reading = reading_of(c, c->plan->forms[claim.form].cell);
    claim.id = ent__pool_text(c, from->id);
    claim.title = ent__pool_text(c, from->title);
    claim.who = ent__pool_text(c, from->who);
    claim.says = ent__pool_text(c, from->says);
    claim.read = ent__pool_text(c, from->read);
    claim.where = ent__pool_text(c, from->where);
    claim.needs = ent__pool_text(c, needs_text(c, from));
    ent__plan_claim *to = ENT__PLAN_ADD(c->plan, claims);
    if (to == NULL)
        c->no_memory = true;
    else
        *to = claim;
}

void ent__compile_claims(ent__compiler *c)
{
    for (int32_t i = 0; i < c->scenario->n_claims && !c->no_memory; i++)
        compile_claim(c, &c->scenario->claims[i]);
    for (int32_t q = 0; q < c->plan->n_quantities; q++)
        c->plan->quantities[q].reading = reading_of(c, c->plan->quantities[q].cell);
}

/* --- what is known ------------------------------------------------------------------------------- */

/* exp(-((x - is) / error)^2 / 2): the density of the observation relative to its peak, so that no weight passes 1. */
static int32_t density(ent__compiler *c, const ent__given *given, ent__context *context)
{
    ent__ref x = ent__compile_node(c, given->quantity, context);
    ent__ref z = ent__self(ent__emit_op(c, ENT__DO_SUBTRACT, x, ent__self(ent__emit_number(c, given->is))));
    z = ent__self(ent__emit_op(c, ENT__DO_DIVIDE, z, ent__self(ent__emit_number(c, given->error))));
    z = ent__self(ent__emit_op(c, ENT__DO_MULTIPLY, z, z));
    z = ent__self(ent__emit_op(c, ENT__DO_MULTIPLY, z, ent__self(ent__emit_number(c, -0.5))));
    return ent__emit(c, ENT__DO_EXP, 1, &z, 1, 0);
}

/* What is known is known when the document comes out: no time in it may be later. */
static void check_dates(ent__compiler *c, const ent__node *node)
{
    ent__time document = c->scenario->document_date;
    for (int32_t i = 0; i < node->n_index && document.year != 0; i++) {
        const ent__index *index = &node->index[i];
        ent__time last = index->is_range ? index->to : index->from;
        bool later = last.year > document.year || (last.year == document.year && document.month != 0 && last.month > document.month);
        if (index->is_time && later)
            ent__compile_error(c, index->place, "an observation is dated no later than the document, which is of %d", document.year);
    }
    for (int32_t i = 0; i < node->n_child; i++)
        check_dates(c, node->child[i]);
}

void ent__compile_given(ent__compiler *c)
{
    for (int32_t i = 0; i < c->scenario->n_given && !c->no_memory; i++) {
        const ent__given *from = &c->scenario->given[i];
        ent__context context = {.actor = -1, .value = -1, .undefined = -1};
        const ent__node *node = from->holds != NULL ? from->holds : from->quantity;
        if (node == NULL || !is_scalar(c, node, "an observation"))
            continue;
        check_dates(c, node);
        int32_t seen = c->given_model[i];
        int32_t cell = seen >= 0 ? ent__model_kept(c, seen) : from->holds != NULL ? own(c, ent__compile_node(c, node, &context)) : density(c, from, &context);
        if (context.compares_arms)
            ent__compile_error(c, from->place, "an observation is made without the document; it cannot use without, with, taken or change");
        ent__plan_given *to = ENT__PLAN_ADD(c->plan, givens);
        if (to == NULL) {
            c->no_memory = true;
            return;
        }
        to->cell = cell;
        to->says = ent__pool_text(c, from->says);
        to->source = ent__pool_text(c, from->source);
        to->text = ent__pool_text(c, printed(c, node, from->text));
    }
}
