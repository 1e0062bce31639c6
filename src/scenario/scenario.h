/* A scenario as read from its folder: names, numbers and expressions with their places, nothing resolved yet.
 *
 * The reader reports every error it can find in one pass (unknown keys, wrong shapes, bad numbers, missing files,
 * duplicate ids); src/compile resolves names and shapes and reports the rest. All memory lies in one arena. */
#ifndef ENT_SRC_SCENARIO_H
#define ENT_SRC_SCENARIO_H

#include "core/core.h"
#include "core/distribution.h"

typedef struct ent__place {
    const char *file; /* as the user would write it: SCENARIO/enlargement.csv; never NULL */
    int32_t line, column;
} ent__place;

/* --- expressions -------------------------------------------------------------------------------- */

typedef enum ent__node_kind {
    ENT__NODE_NUMBER,
    ENT__NODE_NAME,  /* a dotted name, with an index or without: x, enlargement.position[us], x[pl, 2030] */
    ENT__NODE_UNARY, /* "-" "not" */
    ENT__NODE_BINARY,/* + - * / ^ < <= > >= == != and or */
    ENT__NODE_CALL   /* if abs exp log sqrt min max sum mean first last any all without with taken change share
                        previous defined rank_correlation best worst p E quantile corr */
} ent__node_kind;

typedef enum ent__operator {
    ENT__OP_NONE, ENT__OP_ADD, ENT__OP_SUBTRACT, ENT__OP_MULTIPLY, ENT__OP_DIVIDE, ENT__OP_POWER,
    ENT__OP_LESS, ENT__OP_LESS_EQUAL, ENT__OP_GREATER, ENT__OP_GREATER_EQUAL, ENT__OP_EQUAL, ENT__OP_UNEQUAL,
    ENT__OP_AND, ENT__OP_OR, ENT__OP_NEGATE, ENT__OP_NOT
} ent__operator;

typedef struct ent__time { /* 2030, 2025-12 */
    int32_t year;
    int32_t month; /* 1..12; 0: a year */
} ent__time;

typedef struct ent__index { /* one item in brackets */
    bool is_time, is_range;
    const char *id;         /* actor or group id, where not a time */
    ent__time from, to;     /* to: of a range 2026..2030 */
    ent__place place;
} ent__index;

typedef struct ent__node ent__node;
struct ent__node {
    ent__node_kind kind;
    ent__operator op;
    ent__place place;        /* of its first character (of the operator for a binary one) */
    double number;
    const char *name;        /* of a name or a call */
    ent__index *index;       /* of a name */
    int32_t n_index;
    ent__node **child;       /* operands or arguments */
    int32_t n_child;
    int32_t depth;           /* of the tree from here down: a leaf has 1; at most 1000 */
};

/* Parses an expression. Syntax errors go to `list` with their place (place + offset in text); returns NULL then. Precedence,
 * loosest first: or, and, not, comparison (not chained: `a < b < c` is an error that says so), + -, * /, unary -, ^ (right).
 * Nesting deeper than 200 is an error. Reserved words (and or not if ...) are not names. */
ent__node *ent__expression_parse(ent__arena *arena, const char *text, ent__place place, ent_diagnostics *list);
/* The expression as text with canonical spaces; for reports. */
void ent__expression_print(ent__buffer *out, const ent__node *node);

/* --- values ------------------------------------------------------------------------------------- */

typedef enum ent__value_kind {
    ENT__VALUE_NONE,          /* an empty cell */
    ENT__VALUE_DISTRIBUTION,  /* a number (a constant) or a distribution */
    ENT__VALUE_EXPERTS,       /* several distributions, pooled linearly */
    ENT__VALUE_EXPRESSION
} ent__value_kind;

typedef struct ent__expert {
    const char *name;   /* "" where not given */
    double weight;      /* > 0 */
    ent__distribution distribution;
} ent__expert;

/* What may stand where a number may: 3, 2 to 5, beta(2, 5), "value * 0.8", {value, unit, source, why, range, experts}. */
typedef struct ent__value {
    ent__value_kind kind;
    ent__distribution distribution; /* prepared; clamps not yet set by the quantity's scale */
    ent__expert *expert;
    int32_t n_experts;
    ent__node *expression;
    const char *text;               /* as written */
    double low, high;               /* as stated: the ends of an interval or of a bounded distribution (over all experts), a number
                                     * twice; NaN where there are none (normal(m, sd), an expression) */
    const char *unit, *source, *why;/* "" where not given */
    ent__place place;
} ent__value;

/* Reads a value from one scalar's text: number, `a to b`, `lognormal a to b`, named distributions, `discrete {4: 1, 5: 2}`,
 * else an expression. `comma`: decimal commas (CSV with ; or tab). An error is reported and kind is NONE. */
void ent__value_parse(ent__value *out, ent__arena *arena, const char *text, ent__place place, bool comma, ent_diagnostics *list);

/* The same of a number or a distribution alone; false where it is neither. An error is reported where it looks like one. */
bool ent__value_parse_plain(ent__value *out, ent__arena *arena, const char *text, ent__place place, ent_diagnostics *list);

/* --- the parts of a scenario -------------------------------------------------------------------- */

typedef struct ent__column { /* of a CSV table */
    const char *name, *unit, *source, *why;
    ent__place place;
} ent__column;

typedef struct ent__actor {
    const char *id, *name;
    const char **text;      /* n_columns cells as written (for groups by a column's word) */
    ent__value *value;      /* n_columns; NONE where empty or not a number (text columns) */
    ent__place place;
} ent__actor;

typedef struct ent__condition { const char *column, *word; ent__place place; } ent__condition; /* nato: "yes" */

typedef enum ent__rule_kind { ENT__RULE_NONE, ENT__RULE_CONSENSUS, ENT__RULE_MAJORITY, ENT__RULE_WEIGHTED, ENT__RULE_ALL, ENT__RULE_ANY } ent__rule_kind;
typedef struct ent__rule ent__rule;
struct ent__rule { ent__rule_kind kind; const char *column; double quota; bool strict; /* more than the quota */ ent__rule *part; int32_t n_parts; ent__place place; };

typedef struct ent__group {
    const char *id, *name;
    const char **member;          /* ids, as listed; NULL where by condition */
    ent__place *member_place;
    int32_t n_members;
    ent__condition *condition;    /* all must hold */
    int32_t n_conditions;
    const char **except;
    ent__place *except_place;
    int32_t n_except;
    ent__rule rule;
    bool nested;
    ent__place place;
} ent__group;

typedef struct ent__label { double at; const char *text; } ent__label;
typedef struct ent__choice { const char *model; double weight; const char **option; const char **option_text; int32_t n_options; ent__place place; } ent__choice;
typedef struct ent__stance {
    const char *actor, *source;
    ent__value position, salience, capability;
    ent__place place;
} ent__stance;

typedef struct ent__joint {          /* arenas: issues that are settled together */
    const char *id;
    int32_t *issue;              /* indices of issues */
    int32_t n_issues;
    ent__choice *settle;
    int32_t n_settle;
    ent__place place, settle_place;
} ent__joint;

typedef struct ent__issue {
    const char *id, *title, *question; /* title: short name for charts; made from the id where not given */
    ent__label *label;           /* of the scale, ascending; at least two */
    int32_t n_labels;
    bool has_status_quo;
    ent__value status_quo;
    ent__stance *stance;
    int32_t n_stances;
    const char *stances_file;    /* the table they stand in; NULL where they stand in scenario.yaml */
    ent__column position, salience, capability; /* unit, source, why of the columns */
    ent__choice *settle;         /* empty: stances are used as they are */
    int32_t n_settle;
    int32_t joint;               /* 1 + the index of its arena; 0: settled on its own, or not at all */
    bool has_error, error_by_year; /* model_error: the outcome is drawn around the model's; each year anew */
    ent__place place, settle_place, error_place;
} ent__issue;

typedef struct ent__quantity { const char *id; ent__value value; double low, high; /* range, or -+INFINITY */ ent__place place; } ent__quantity; /* inputs and quantities */

typedef struct ent__table {      /* tables: {past: {file: past.csv}} with columns actor, year, ... */
    const char *id;
    ent__column *column;         /* value columns only */
    int32_t n_columns;
    const char **actor;          /* n_rows; NULL where the table has no actor column */
    int32_t *year;               /* n_rows; NULL where it has no year column */
    ent__value *value;           /* n_rows * n_columns */
    int32_t n_rows;
    ent__place place;
} ent__table;

typedef struct ent__change { const char *text; ent__node *target; ent__value value; ent__place place; } ent__change; /* target: a NAME node */
typedef struct ent__provision {
    const char *id, *title, *says, *where;
    int32_t binding;             /* 1 yes, 0 no, -1 not said */
    bool has_takes_hold;
    ent__value takes_hold;       /* a probability, or a NAME expression naming a decision model */
    ent__change *change;
    int32_t n_changes;
    ent__place place;
} ent__provision;

typedef struct ent__model_input ent__model_input;
struct ent__model_input {
    const char *name;
    ent__value value;            /* NONE where there is a list or parts */
    const char **list;           /* [2026, 2029] or [us, ca]; one month alone, 2022-04, is a list of one */
    ent__place *list_place;
    int32_t n_list;
    ent__model_input *part;      /* {buffer: {state: [settled, frozen]}}: inputs within an input */
    int32_t n_parts;
    ent__place place;
};
typedef struct ent__model_use { const char *id, *use, *title, *side[2]; /* side: who a war's a and b are */ ent__model_input *input; int32_t n_inputs; ent__place place; } ent__model_use;

typedef struct ent__given { const char *says; ent__node *holds; ent__node *quantity; double is, error; const char *source, *text; ent__place place; } ent__given; /* holds, or quantity +- error */

typedef struct ent__claim_form { const char *read, *text; ent__node *holds; ent__place place; } ent__claim_form; /* text: holds as written */
typedef struct ent__claim {
    const char *id, *title, *who, *says, *read, *where, *source, *why; /* title: short sentence for tables; says where not given */
    ent__node *holds, *when, *overall; /* exactly one of holds and overall, unless `needs` */
    const char *holds_text, *when_text, *overall_text;
    ent__claim_form *reading;    /* second forms */
    int32_t n_readings;
    const char **needs;          /* rooms that are not built yet: vote, alliance, war */
    int32_t n_needs;
    ent__place place;
} ent__claim;

typedef struct ent__lever { const char *id, *title, *actor, *cost, *cost_unit; double unit_cost; /* of one unit of the lever: cost's number; 1 where it has none */ double low, high; ent__change *change; int32_t n_changes; ent__place place; } ent__lever;
typedef struct ent__correlation { const char *a, *b; double r; ent__place place, a_place, b_place; } ent__correlation; /* names as a NAME node's text: x, stake[us] */

typedef struct ent__known { const char *quantity, *text, *source; double value; ent__place place; } ent__known; /* known: what happened, shown beside a result */

struct ent_scenario {
    ent__arena *arena;
    const char *folder, *file;    /* as given; folder/scenario.yaml */
    const char *id, *title, *brief_html, *brief_text, *about; /* id: the folder's last name */
    int32_t start, years;         /* time; years 0 where there is no time */
    int64_t draws;
    uint64_t seed;
    uint64_t hash;                /* of all files read, in order of reading */
    const char *document_title, *document_issuer, *document_source;
    ent__time document_date;      /* year 0: not given */
    bool has_document;
    const char **file_name, **file_text; /* every file read, for the report's download; text valid UTF-8 */
    int32_t n_files;
    const char **limit;           /* limits: sentences for the report */
    int32_t n_limits;
    ent__column *actor_column;    /* columns of actors.csv but id and name */
    int32_t n_actor_columns;
#define ENT__PARTS(X)                                                                                      \
    X(actor, actors) X(group, groups) X(issue, issues) X(joint, joints) X(quantity, inputs) X(quantity, quantities)          \
    X(table, tables) X(provision, provisions) X(model_use, models) X(given, given) X(claim, claims)        \
    X(lever, levers) X(correlation, correlations) X(known, known)
#define X(type, name) ent__##type *name; int32_t n_##name;
    ENT__PARTS(X)
#undef X
};

#endif
