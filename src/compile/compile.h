/* A scenario becomes a plan: names are resolved, axes (actors, years) are unrolled, every element of every quantity
 * becomes one cell, on demand and once. What depends on itself without a year between is a cycle and an error. */
#ifndef ENT_SRC_COMPILE_H
#define ENT_SRC_COMPILE_H

#include "plan/plan.h"
#include "scenario/scenario.h"

/* The free axes of a quantity or an expression. */
typedef struct ent__axes {
    int32_t set;         /* sets[]: its actors; -1: no such axis */
    int32_t from, count; /* years from .. from + count - 1; count 0: no such axis */
} ent__axes;

typedef struct ent__set { /* actors, ascending */
    int32_t n;
    const int32_t *actor;
} ent__set;

typedef enum ent__symbol_kind {
    ENT__SYMBOL_INPUT, ENT__SYMBOL_QUANTITY, ENT__SYMBOL_COLUMN, ENT__SYMBOL_TABLE, ENT__SYMBOL_POSITION,
    ENT__SYMBOL_SALIENCE, ENT__SYMBOL_CAPABILITY, ENT__SYMBOL_STATUS_QUO, ENT__SYMBOL_OUTCOME, ENT__SYMBOL_UTILITY,
    ENT__SYMBOL_GAIN, ENT__SYMBOL_DISTRIBUTION, ENT__SYMBOL_POINT, ENT__SYMBOL_IN_FORCE, ENT__SYMBOL_MODEL
} ent__symbol_kind;

typedef struct ent__symbol {
    ent__symbol_kind kind;
    const char *name;      /* as in an expression, without index */
    int32_t part;          /* index of the input, quantity, column, table, issue, provision or model in use */
    int32_t column;        /* of a table; which output of a model */
    int32_t event;         /* which event of a model's */
    int32_t month_from, month_count; /* of a model in months: year * 12 + month - 1; a year stands for its last month */
    ent__axes base, axes;  /* as declared; with what expressions and provisions add */
    double low, high;      /* its own scale */
    const char *unit;
    int32_t *cell;         /* one for each element: set-major, then year; UNSEEN, OPEN or the cell */
    int32_t n_elements;
    int32_t *row;          /* of a table: row + 1 for each element */
    bool used;             /* something refers to it */
} ent__symbol;

typedef struct ent__ref { /* a cell as seen from an arm */
    int32_t cell, arm;
} ent__ref;

enum { ENT__MANY_STANCES = 5000 };

typedef struct ent__context { /* where an expression stands */
    int32_t actor;        /* or -1 */
    int32_t year;         /* or 0 */
    int32_t value;        /* the cell of `value`, or -1 */
    int32_t lever;        /* 1 + the cell of `lever`, or 0 */
    bool compares_arms;   /* out: with, without, taken or change was used */
    int32_t undefined;    /* out: cell that is 1 where an undefined value was compared; -1 none */
    bool track_undefined;
    bool clamp_years;     /* what has no value in so early (late) a year is taken in its first (last) one */
    const char *claim;    /* the claim whose thresholds are named, or NULL */
    int32_t thresholds;   /* out: how many so far */
} ent__context;

typedef struct ent__override { /* --set */
    const char *name;
    ent__value value;
    bool used;
} ent__override;

typedef struct ent__correlated { /* a set of inputs joined by rank correlations */
    int32_t n;
    const char **name;
    int32_t row; /* numbers[row ..]: the factor, n * n */
    int32_t *uniform; /* cells, or -1 */
} ent__correlated;

typedef struct ent__link { /* an element under way */
    const ent__symbol *symbol;
    int32_t actor, year;
} ent__link;

typedef struct ent__pooled { /* a text in the pool, with its hash at hand */
    uint32_t hash;
    ent__text at; /* 0: free */
} ent__pooled;

typedef struct ent__use { /* a model in use (models.c) */
    const ent__model_use *from;
    const ent_model *model;                /* NULL where it cannot run: that was said */
    int32_t set[ENT_AXIS_COUNT];           /* sets[] of the actors on each axis, or -1 */
    const int32_t *actor[ENT_AXIS_COUNT];  /* they in the model's order */
    size_t count[ENT_AXIS_COUNT];
    int32_t first_year, years;             /* years 0: it has none, or runs in months */
    int32_t start_month;
    int32_t option, n_state;               /* numbers[option ..]; numbers carried on */
    int32_t event;                         /* war_events[] */
    int32_t seen_month, seen_state;        /* what is known of its own state, or -1 */
    int32_t first, *year, last;            /* first cells of its calls, or UNSEEN */
    int32_t group, issue, rule;            /* of a decision: groups[], issues[], rules[] */
    bool *asked;                           /* by year */
    int32_t *adopted, *by_year;            /* cells by year, or UNSEEN */
} ent__use;

typedef struct ent__listed ent__listed;
struct ent__listed { /* a list of models that has its choices */
    const char *text;
    int32_t choice;
    ent__listed *next;
};

typedef struct ent__compiler {
    const ent_scenario *scenario;
    ent_plan *plan;
    ent_diagnostics *list;
    ent__arena *arena;
    bool no_memory;

    ent__symbol *symbol;
    int32_t n_symbols, capacity_symbols;
    int32_t *bucket;        /* hash of names: symbol + 1 */
    int32_t n_buckets;
    ent__set *set;
    int32_t n_sets, capacity_sets;
    int32_t *group_set;     /* of each group: sets[] */
    int32_t all_actors;     /* sets[] */
    int32_t *actor_bucket;  /* hash of actor ids */

    uint64_t *cell_reading; /* of each cell: the lists of models that reach it */
    uint64_t *cell_reach;   /* of each cell: the provisions that may change it */
    unsigned char *cell_flag; /* MAY_BE_UNDEFINED, UNCERTAIN */
    int32_t capacity_cells;
    int32_t *shapley_of, *shapley; /* cells whose shares were taken; the first cell of them */
    int32_t n_shapley;
    ent__pooled *text_bucket;
    int32_t n_text_buckets, n_texts;
    int32_t *number_bucket; /* hash of NUMBER cells by value: cell + 1 */
    int32_t n_number_buckets, n_number_cells;

    int32_t **stance_at;    /* [issue][actor]: the row of its table, or -1 */
    ent__use *use;          /* of each model in use */
    int32_t *given_model;   /* of each observation: use[] whose own state it tells, or -1 */
    int32_t *gate;          /* of each provision and year: its cell, or -1 */
    int32_t *lever;         /* of each lever: the cell of its amount */
    bool is_large;          /* so many stances that only their means are kept */
    int32_t *settled;       /* of each issue and year: first cell, or -1 */
    int32_t *joint_settled; /* of each arena and year: first cell, or -1 */
    int32_t *calibrated;    /* of each issue and year: first cell of what the model's error leads to, or -1 */
    int32_t *joint_choice;  /* of each arena: its first model in choices[], or -1 */
    ent__listed *listed;    /* the lists of models so far */
    ent__override *override;
    int32_t n_overrides;
    ent__correlated *correlated;
    int32_t n_correlated;
    int32_t *input_bucket;  /* hash of the names of inputs: inputs[] + 1 */
    int32_t n_input_buckets;
    ent__link *chain;       /* the elements under way, for a cycle's message */
    int32_t depth, chain_capacity;
    int32_t nested; /* expressions under way, each within the one before */
    bool only_checks;       /* nobody will read the plan: texts for reports are left out */
} ent__compiler;

enum { ENT__UNSEEN = -1, ENT__OPEN = -2 };
enum { ENT__MAY_BE_UNDEFINED = 1, ENT__UNCERTAIN = 2 };

/* emit.c: steps and texts */
ent__text ent__pool_text(ent__compiler *c, const char *text); /* NULL is "" */
ent__text ent__pool_words(ent__compiler *c, const char *text); /* the same of a text that only a report needs */
int32_t ent__emit(ent__compiler *c, int32_t op, int32_t n_out, const ent__ref *arg, int32_t n_arg, int32_t extra);
int32_t ent__emit_number(ent__compiler *c, double value);
int32_t ent__emit_op(ent__compiler *c, int32_t op, ent__ref a, ent__ref b); /* two arguments */
int32_t ent__add_number(ent__compiler *c, double value); /* a place of its own in numbers[] */
void ent__add_param(ent__compiler *c, const char *name, int32_t kind, int32_t index, double low, double high);
static inline ent__ref ent__self(int32_t cell) { return (ent__ref){cell, ENT__ARM_SELF}; }
void ent__compile_error(ent__compiler *c, ent__place place, const char *format, ...) ENT_PRINTF(3, 4);
void ent__compile_warning(ent__compiler *c, ent__place place, const char *format, ...) ENT_PRINTF(3, 4);

/* An issue has an outcome: it is settled on its own or in an arena. */
static inline bool ent__is_settled(const ent__issue *issue) { return issue->n_settle > 0 || issue->joint > 0; }

/* symbols.c: names, sets, axes */
bool ent__symbols_build(ent__compiler *c);
ent__symbol *ent__symbol_find(const ent__compiler *c, const char *name);
int32_t ent__actor_find(const ent__compiler *c, const char *id); /* or -1 */
int32_t ent__group_find(const ent__compiler *c, const char *id); /* or -1 */
int32_t ent__set_place(const ent__set *set, int32_t actor);      /* place in the set, or -1 */
int32_t ent__set_intersect(ent__compiler *c, int32_t a, int32_t b);
ent__axes ent__axes_join(ent__compiler *c, ent__axes a, ent__axes b);
ent__axes ent__node_axes(ent__compiler *c, const ent__node *node);
ent__symbol *ent__add_symbol(ent__compiler *c, ent__symbol_kind kind, const char *name, int32_t part, ent__axes axes);
int32_t ent__set_of(ent__compiler *c, const int32_t *actor, int32_t n); /* sets[] of these actors, ascending; the array is kept */
void ent__axes_settle(ent__compiler *c); /* to a fixed point over all symbols */
const char *ent__nearest_name(const ent__compiler *c, const char *name);
char *ent__element_name(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year);

/* element.c: the cell of one element, with what provisions change */
int32_t ent__element(ent__compiler *c, ent__symbol *symbol, int32_t actor, int32_t year, ent__place place);
int32_t ent__value_cell(ent__compiler *c, const ent__value *value, const char *name, ent__context *context, double low,
                        double high, const char *label, const char *unit);
/* Whether a provision is in force, in a year where that may change from year to year (0: in the end). */
int32_t ent__gate(ent__compiler *c, int32_t provision, int32_t year);
int32_t ent__provision_decision(const ent__compiler *c, const ent__provision *provision); /* use[] that it takes hold by, or -1 */
/* The models of an issue with n actors (or of an arena), in choices[]; the first, or -1. */
int32_t ent__add_choices(ent__compiler *c, const ent__issue *issue, size_t n, bool many);
ent__issue ent__joint_as_issue(const ent__joint *joint); /* what its list of models needs */
bool ent__weights_hold(ent__compiler *c, const ent__issue *issue, int32_t choice);
bool ent__correlations_build(ent__compiler *c);
int32_t ent__add_driver(ent__compiler *c, int32_t kind, int32_t cell, int32_t input, int32_t bins, const char *name, const char *label);
int32_t ent__emit_uniform(ent__compiler *c, const char *name, const char *purpose);

/* settled.c: outcome, utility, gain and distribution of issues */
int32_t ent__settled_element(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year, ent__place place);

/* models.c: what goes into models in use and what comes out */
bool ent__models_resolve(ent__compiler *c); /* and adds the symbols of their outputs */
int32_t ent__model_element(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year);
int32_t ent__model_output(ent__compiler *c, int32_t use, int32_t output, int32_t index, int32_t year); /* its cell */
const char *ent__model_side(const ent__compiler *c, const ent__model_use *use, int side); /* who a war's a and b are, or "" */
const ent__model_input *ent__model_entry(const ent__compiler *c, const ent__model_use *use, const char *key);

/* The model in use whose own state a `given` tells (war.going_on[2025-12]), or -1. From then on it is known to it. */
int32_t ent__model_kept(ent__compiler *c, int32_t use); /* how probable that was: the draw's weight */
int32_t ent__seen_model(ent__compiler *c, const ent__given *given);

/* decisions.c: models in use that are decisions of a group */
bool ent__is_decision(const ent__use *use);
bool ent__decision_resolve(ent__compiler *c, ent__use *use);
bool ent__decision_supplies(const ent__use *use, const char *port); /* an input that comes from the issue */
int32_t ent__decision_input(ent__compiler *c, const ent__use *use, const char *port, int32_t year, ent__ref *arg);
bool ent__decision_gives(const ent__use *use, const char *port);    /* an output that follows from the chances */
int32_t ent__decision_element(ent__compiler *c, int32_t use, const char *port, int32_t year);
bool ent__decision_is_yearly(const ent__use *use);
int32_t ent__decision_find(const ent__compiler *c, const char *id); /* use[], or -1 */

/* rules.c: the rule of a group that decides, and who is asked */
bool ent__rule_members(ent__compiler *c, ent__use *use, int32_t group);
bool ent__rule_resolve(ent__compiler *c, ent__use *use);

/* expression.c (of this room) */
ent__ref ent__compile_node(ent__compiler *c, const ent__node *node, ent__context *context);
void ent__check_units(ent__compiler *c, const ent__node *node);
void ent__set_threshold(ent__compiler *c, const char *name, double *number); /* to what --set says, if it does */

/* shares.c: the Shapley value of a provision in a value with the document */
ent__ref ent__share(ent__compiler *c, ent__ref of, int32_t provision, ent__place place);
int32_t ent__provision_find(const ent__compiler *c, const char *id, const char **near); /* or -1, and the nearest name */

/* claims.c */
void ent__compile_claims(ent__compiler *c);
void ent__compile_given(ent__compiler *c);

/* describe.c: what the report tells beside the numbers */
void ent__describe(ent__compiler *c);
const char *ent__in_words(ent__compiler *c, const char *name); /* us_stake: "us stake" */

#endif
