/* Quantities whose expressions are made of bytes, computed by a plan and, draw by draw, by a plain evaluator here that
 * walks the tree: every draw has the same bits, in all three arms. (Elementary functions are the engine's own in both;
 * tests/core measures those against MPFR.) */
#include "core/elementary.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INPUTS = 3,
    QUANTITIES = 4,
    NODES = 96,
    FULL = 40 /* then only leaves are added, at most three for each of the levels that are open */,
    DRAWS = 130
};

typedef enum kind {
    NUMBER,
    INPUT,
    EARLIER,
    NEGATE,
    ABS,
    EXP,
    LOG,
    SQRT,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    POWER,
    MIN,
    MAX,
    IF,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL,
    EQUAL,
    UNEQUAL,
    AND,
    OR,
    NOT,
    DEFINED,
    KINDS
} kind;
typedef struct node {
    kind kind;
    int a, b, c; /* operands, or which input */
    double number;
} node;
typedef struct tree {
    node node[NODES];
    int n;
} tree;

static int grow(tree *t, dice *d, int depth, int earlier, bool truth);

static int number_node(tree *t, dice *d, int depth, int earlier)
{
    node x = {.kind = depth > 5 || t->n > FULL ? (kind)dice_pick(d, 2) : (kind)dice_pick(d, IF + 1)};
    if (x.kind == EARLIER && earlier == 0)
        x.kind = INPUT;
    if (x.kind == NUMBER) {
        static const double some[] = {0, 1, 2, 0.5, 3, 100, 1e-3, 1e200};
        x.number = some[dice_pick(d, 8)];
    } else if (x.kind <= EARLIER) {
        x.a = dice_pick(d, x.kind == INPUT ? INPUTS : earlier);
    } else if (x.kind == IF) {
        x.a = grow(t, d, depth + 1, earlier, true);
        x.b = grow(t, d, depth + 1, earlier, false);
        x.c = grow(t, d, depth + 1, earlier, false);
    } else {
        x.a = grow(t, d, depth + 1, earlier, false);
        x.b = x.kind >= ADD ? grow(t, d, depth + 1, earlier, false) : 0;
    }
    t->node[t->n] = x;
    return t->n++;
}

static int grow(tree *t, dice *d, int depth, int earlier, bool truth)
{
    if (!truth)
        return number_node(t, d, depth, earlier);
    node x = {.kind = (kind)(LESS + dice_pick(d, depth > 4 || t->n > FULL ? 6 : KINDS - LESS))};
    bool of_truths = x.kind == AND || x.kind == OR || x.kind == NOT;
    x.a = grow(t, d, depth + 1, earlier, of_truths);
    x.b = x.kind < NOT ? grow(t, d, depth + 1, earlier, of_truths) : 0;
    t->node[t->n] = x;
    return t->n++;
}

static void print(ent__buffer *out, const tree *t, int at)
{
    static const char *const sign[KINDS] = {
        [ADD] = " + ",      [SUBTRACT] = " - ",    [MULTIPLY] = " * ", [DIVIDE] = " / ",         [POWER] = " ^ ",
        [LESS] = " < ",     [LESS_EQUAL] = " <= ", [GREATER] = " > ",  [GREATER_EQUAL] = " >= ", [EQUAL] = " == ",
        [UNEQUAL] = " != ", [AND] = " and ",       [OR] = " or "};
    static const char *const name[KINDS] = {
        [NEGATE] = "-", [ABS] = "abs", [EXP] = "exp", [LOG] = "log",  [SQRT] = "sqrt",
        [MIN] = "min",  [MAX] = "max", [IF] = "if",   [NOT] = "not ", [DEFINED] = "defined"};
    const node *x = &t->node[at];
    if (x->kind == NUMBER) {
        ent__buffer_number(out, x->number);
    } else if (x->kind <= EARLIER) {
        ent__buffer_printf(out, "%c%d", x->kind == INPUT ? 'x' : 'q', x->a);
    } else if (sign[x->kind] != NULL) {
        ent__buffer_text(out, "(");
        print(out, t, x->a);
        ent__buffer_text(out, sign[x->kind]);
        print(out, t, x->b);
        ent__buffer_text(out, ")");
    } else {
        ent__buffer_printf(out, "%s%s(", x->kind == NEGATE || x->kind == NOT ? "(" : "", name[x->kind]);
        print(out, t, x->a);
        if (x->kind == MIN || x->kind == MAX || x->kind == IF) {
            ent__buffer_text(out, ", ");
            print(out, t, x->b);
        }
        if (x->kind == IF) {
            ent__buffer_text(out, ", ");
            print(out, t, x->c);
        }
        ent__buffer_text(out, x->kind == NEGATE || x->kind == NOT ? "))" : ")");
    }
}

static double defined(double x)
{
    return ent__is_finite(x) ? x : ENT_UNDEFINED;
}

static double value(const tree *t, int at, const double *input, const double *earlier)
{
    const node *x = &t->node[at];
    if (x->kind == NUMBER)
        return x->number;
    if (x->kind <= EARLIER)
        return x->kind == INPUT ? input[x->a] : earlier[x->a];
    double a = value(t, x->a, input, earlier);
    if (x->kind == IF)
        return value(t, a != 0 ? x->b : x->c, input, earlier);
    double b = (x->kind >= ADD && x->kind < NOT) ? value(t, x->b, input, earlier) : 0;
    bool either = ent__is_undefined(a) || ent__is_undefined(b);
    switch (x->kind) {
    case NEGATE:
        return defined(-a);
    case ABS:
        return defined(a < 0 ? -a : a);
    case EXP:
        return defined(ent_exp(a));
    case LOG:
        return defined(ent_log(a));
    case SQRT:
        return defined(ent_sqrt(a));
    case ADD:
        return defined(a + b);
    case SUBTRACT:
        return defined(a - b);
    case MULTIPLY:
        return defined(a * b);
    case DIVIDE:
        return defined(a / b);
    case POWER:
        return defined(either ? ENT_UNDEFINED : ent_pow(a, b));
    case MIN:
        return either ? ENT_UNDEFINED : b < a ? b : a;
    case MAX:
        return either ? ENT_UNDEFINED : b > a ? b : a;
    case LESS:
        return a < b;
    case LESS_EQUAL:
        return a <= b;
    case GREATER:
        return a > b;
    case GREATER_EQUAL:
        return a >= b;
    case EQUAL:
        return a == b;
    case UNEQUAL:
        return !either && a != b;
    case AND:
        return a != 0 && b != 0;
    case OR:
        return a != 0 || b != 0;
    case NOT:
        return a == 0;
    case DEFINED:
        return !ent__is_undefined(a);
    default:
        return ENT_UNDEFINED;
    }
}

static void write_scenario(ent__buffer *out, const tree *t, const int *root)
{
    ent__buffer_text(out, "entente: 1\ntitle: T\nactors: {a: A}\ninputs: {x0: {value: -1 to 2}, x1: {value: \"discrete "
                          "{0: 1, 1: 1, 2: 1}\"}, x2: {value: 0.5}}\n"
                          "document: {title: D, provisions: {p: {says: s, takes_hold: 0.5, changes: {x2: \"value - "
                          "3\"}}}}\nquantities:\n");
    for (int k = 0; k < INPUTS; k++)
        ent__buffer_printf(out, "  v%d: {value: \"x%d\"}\n", k, k);
    for (int k = 0; k < QUANTITIES; k++) {
        ent__buffer_printf(out, "  q%d: {value: \"", k);
        print(out, &t[k], root[k]);
        ent__buffer_text(out, "\"}\n");
    }
}

static ent_draws_view draws_of(const ent_results *results, const char *name, ent_arm arm)
{
    ent_error err = {0};
    ent_draws_view view = {0};
    ent_run_facts facts = ent_results_facts(results);
    for (size_t i = 0; i < facts.quantities; i++)
        if (strcmp(ent_results_quantity(results, i).name, name) == 0) {
            MUST(ent_results_quantity_draws(&view, results, i, arm, &err) == ENT_OK, "%s", err.message);
            return view;
        }
    MUST(false, "%s is not among the results", name);
}

static double at_draw(ent_draws_view view, int draw)
{
    return view.value != NULL ? view.value[draw] : view.constant;
}

static void compare(const ent_results *results, const tree *t, const int *root, const char *text)
{
    char name[8];
    for (int arm = 0; arm < ENT_ARM_COUNT; arm++) {
        ent_draws_view input[INPUTS], got[QUANTITIES];
        for (int k = 0; k < INPUTS; k++)
            input[k] = (snprintf(name, sizeof name, "v%d", k), draws_of(results, name, (ent_arm)arm));
        for (int k = 0; k < QUANTITIES; k++)
            got[k] = (snprintf(name, sizeof name, "q%d", k), draws_of(results, name, (ent_arm)arm));
        for (int i = 0; i < DRAWS; i++) {
            double x[INPUTS], q[QUANTITIES];
            for (int k = 0; k < INPUTS; k++)
                x[k] = at_draw(input[k], i);
            for (int k = 0; k < QUANTITIES; k++) {
                q[k] = value(&t[k], root[k], x, q);
                double have = at_draw(got[k], i);
                MUST(have == q[k] || (ent__is_undefined(have) && ent__is_undefined(q[k])),
                     "arm %d, draw %d: q%d is %.17g, the tree gives %.17g\n%s", arm, i, k, have, q[k], text);
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tree t[QUANTITIES] = {0};
    int root[QUANTITIES];
    dice d = {data, size};
    ent_error err = {0};
    ent_scenario *scenario = NULL;
    ent_plan *plan = NULL;
    ent_results *results = NULL;
    ent__buffer text = {0};
    for (int k = 0; k < QUANTITIES; k++)
        root[k] = grow(&t[k], &d, 0, k, false);
    write_scenario(&text, t, root);
    MUST(!text.failed, "no memory");
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = ent_scenario_read(&scenario, fuzz_scenario(text.data, text.length), list, &err);
    if (status == ENT_OK)
        status = ent_plan_compile(&plan, scenario, NULL, 0, list, &err);
    MUST(status == ENT_OK, "%s\n%s",
         ent_diagnostics_count(list) > 0 ? ent_diagnostics_get(list, 0).message : err.message, text.data);
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = DRAWS;
    options.jobs = 1;
    options.keep_draws = true;
    MUST(ent_run(&results, plan, &options, &err) == ENT_OK, "%s", err.message);
    compare(results, t, root, text.data);
    ent_results_free(results);
    ent_plan_free(plan);
    ent_scenario_free(scenario);
    ent_diagnostics_free(list);
    ent__buffer_free(&text);
    return 0;
}
