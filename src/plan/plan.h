/* A plan: a scenario as ordered steps over numbers.
 *
 * A *cell* is one number per draw and arm; a *step* computes one or several cells from others. Axes (actors, years) are
 * unrolled when the scenario is compiled, so a plan is flat arrays of plain structs: it is saved as they are and runs
 * in the browser as it runs here. Texts are offsets into one pool. Where a compiler would leave room before or after numbers
 * of 64 bits, the structs name it (pad), so that one for 32 bits lays them out alike.
 *
 * An *arm* says which provisions are in force. Before a run the plan is instanced for a list of arms (program.c): each
 * step gets one instance for each distinct set of inputs, so what no provision reaches runs once for all arms. */
#ifndef ENT_SRC_PLAN_H
#define ENT_SRC_PLAN_H

#include "core/core.h"
#include "core/distribution.h"
#include "entente/model.h"
#include "entente/results.h"
#include "entente/vote.h"
#include "entente/war.h"

#include <string.h>

typedef int32_t ent__text; /* offset into plan->text; 0 is "" */

/* Which arm an argument is taken from. */
enum { ENT__ARM_SELF = 0, ENT__ARM_WITHOUT = 1, ENT__ARM_WITH = 2, ENT__ARM_TAKEN = 3, ENT__ARM_SUBSET = 4 /* + k: only the
       provisions of subsets[k] */ };

typedef struct ent__arg {
    int32_t cell;
    int32_t arm;
} ent__arg;

/* op, arguments, extra. Truths are 0 and 1. An undefined argument makes the result undefined, but a comparison with it
 * is false. A result that is not finite is undefined. */
#define ENT__OPS(X)                                                                                                    \
    X(NUMBER)     /* (): numbers[extra] */                                                                             \
    X(UNIFORM)    /* (): streams[extra] */                                                                             \
    X(COPULA)     /* (u_0 .. u_k): the k-th uniform of a correlated set; numbers[extra ..] its row of the factor */    \
    X(QUANTILE)   /* (u): distributions[extra] */                                                                      \
    X(POOL)       /* (u, u of the expert): pools[extra] */                                                             \
    X(CHOICE)     /* (u): index into readings[extra] by weight */                                                      \
    X(EVENT)      /* (u, p): u < p */                                                                                  \
    X(GATE)       /* (event) or (): provision extra is in force in this arm */                                         \
    X(SELECT)     /* (c, a, b) */                                                                                      \
    X(ADD) X(SUBTRACT) X(MULTIPLY) X(DIVIDE) X(POWER) X(NEGATE)                                                        \
    X(ABS) X(EXP) X(LOG) X(SQRT)                                                                                       \
    X(LESS) X(LESS_EQUAL) X(GREATER) X(GREATER_EQUAL) X(EQUAL) X(UNEQUAL)                                              \
    X(AND) X(OR) X(NOT) X(DEFINED)                                                                                     \
    X(SUM) X(MEAN) X(MIN) X(MAX) X(ANY) X(ALL)                                                                         \
    X(RANK_CORRELATION) /* (a_1 .. a_n, b_1 .. b_n) */                                                                 \
    X(SHAPLEY)    /* (x in every subset of k provisions, in the order of its bits): out: the Shapley value of each */        \
    X(SETTLE)     /* ([reading] [status quo] positions, saliences, capabilities): settles[extra];                      \
                     out: outcome, utility[n], gain[n], distribution[n] */                                             \
    X(SETTLE_MANY) /* ([reading], then for each issue [status quo] positions, saliences, capabilities): joints[extra]; \
                     out: every issue's outcome, then for each issue utility[n], gain[n] */ \
    X(CALL)       /* (the model's inputs in its order, those given; in the last phase the outputs of the years; what an \
                     earlier call carried on): calls[extra]; out: what the phase gives, then what is carried on */         \
    X(CALIBRATE)  /* ([reading], outcome of the model, uniform, [status quo], positions, saliences, capabilities):         \
                     calibrates[extra]; out: outcome drawn around the model's, utility[n], gain[n] */
typedef enum ent__op_code {
#define X(name) ENT__DO_##name,
    ENT__OPS(X)
#undef X
    ENT__DO_COUNT
} ent__op_code;

typedef struct ent__step {
    int32_t op;
    int32_t out, n_out; /* cells out .. out + n_out - 1 */
    int32_t arg, n_arg; /* args[arg ..] */
    int32_t extra;
} ent__step;

typedef struct ent__stream_entry {
    uint64_t key;
    ent__text name;
    int32_t pad;
} ent__stream_entry;

typedef struct ent__plan_distribution { /* ent__distribution with its points in numbers[] */
    ent__distribution d;                /* d.point is NULL here; set when the plan is made ready */
    int64_t point;                      /* first of 2 * d.points numbers, or -1 */
} ent__plan_distribution;

typedef struct ent__pool { int32_t distribution, count, weight, pad; } ent__pool; /* weights: numbers[weight ..], cumulative */

typedef struct ent__plan_choice { /* one model of a reading, with its options */
    ent__text model, label;       /* the label tells apart the same model under other options */
    int32_t weight;               /* numbers[weight] */
    int32_t option, n_options;    /* numbers[option ..] */
} ent__plan_choice;
typedef struct ent__reading { ent__text name; int32_t choice, n_choices, cell; } ent__reading;

typedef struct ent__settle_call {
    uint64_t stream;              /* of a model that draws */
    int32_t issue, n;             /* actors */
    int32_t choice, n_choices;
    int32_t has_reading, has_status_quo;
    int32_t has_distribution, pad;
    double low, high;
} ent__settle_call;

typedef struct ent__joint_call { /* issues settled together */
    uint64_t stream;
    int32_t n;                    /* actors that take part in any of them */
    int32_t part, n_parts;        /* parts[part ..]: its issues */
    int32_t choice, n_choices;
    int32_t has_reading;
} ent__joint_call;
typedef struct ent__joint_part {
    int32_t issue, n;             /* actors with a stance on it */
    int32_t actor;                /* indices[actor ..]: the place of each among the call's actors */
    int32_t has_status_quo;
    double low, high;
} ent__joint_part;

typedef struct ent__calibrate_call { /* an issue's outcome with the error of the model that settled it */
    int32_t issue, n;             /* actors with a stance on it */
    int32_t choice, n_choices;
    int32_t has_reading, has_status_quo;
    int32_t many, pad;            /* it was settled in an arena */
    double low, high;
} ent__calibrate_call;

/* One call of a model of the rooms vote, alliance, war: entente/model.h, ent_call. */
typedef struct ent__plan_call {
    uint64_t stream, given;       /* given: bit i where the model's i-th input stands among the arguments */
    ent__text model;
    int32_t phase;
    int32_t count[ENT_AXIS_COUNT];
    int32_t option, n_options;    /* numbers[option ..] */
    int32_t n_state, has_before;  /* numbers carried on; whether some come from an earlier call */
    int32_t year, first_year, start_month, seen_month, seen_state;
    int32_t rule;                 /* of a decision: rules[], or -1 */
    int32_t event, n_events;      /* of a war: war_events[event ..] */
    int32_t pad;
} ent__plan_call;
/* A rule: its nodes and parts lie in tables of their own. */
typedef struct ent__plan_rule { int32_t members, node, nodes, part, parts; } ent__plan_rule;
static inline ent_rule ent__plan_rule_of(const ent_rule_node *node, const ent_rule_part *part, const ent__plan_rule *rule)
{
    return (ent_rule){rule->members, rule->nodes, rule->parts, node + rule->node, part + rule->part};
}
/* How many numbers a port has in a call; in the last phase an output of the years has all of them. */
int64_t ent__port_size(const ent_port *port, const ent__plan_call *call, bool input);
/* Whether a call of this phase takes an input, gives an output. */
static inline bool ent__port_takes(const ent_port *port, int32_t phase)
{
    return ((port->phase != 0 ? port->phase : ENT_PHASE_YEAR) & phase) != 0;
}

/* --- what the results tell --------------------------------------------------------------------- */

typedef struct ent__plan_actor { ent__text id, name; } ent__plan_actor;

typedef struct ent__plan_issue {
    ent__text id, title, question, unit;
    double low, high, status_quo;     /* status_quo NaN where none, or where it is uncertain */
    int32_t label, n_labels;          /* labels[] */
    int32_t choice, n_choices;        /* choices[] */
    int32_t stance, n_stances;        /* stances[] */
} ent__plan_issue;
typedef struct ent__plan_label { double at; ent__text text; int32_t pad; } ent__plan_label;
typedef struct ent__plan_stance {
    int32_t actor;
    ent__text source;
    int32_t quantity[3];              /* quantities[]: position, salience, capability */
    ent__text text[3];
} ent__plan_stance;

enum { ENT__KIND_OUTCOME, ENT__KIND_STANCE, ENT__KIND_UTILITY, ENT__KIND_GAIN, ENT__KIND_DERIVED, ENT__KIND_EVENT, ENT__KIND_MODEL };
typedef struct ent__plan_quantity {
    ent__text name, unit;
    int32_t kind;
    int32_t issue, actor;             /* or -1 */
    int32_t year;                     /* or 0 */
    int32_t cell;
    int32_t headline;
    int32_t detail;                   /* only its mean is kept */
    int32_t exact;                    /* every draw is kept: exact quantiles */
    int32_t reading;                  /* the list of models that reaches it, or -1 */
    int32_t pad;
    double low, high;                 /* declared range or -+INFINITY */
    double known;                     /* or NaN */
    ent__text known_source;
    int32_t use, output, event, month;/* of a model in use: uses[] (or -1), which of its outputs, of its events; 1 to 12 */
    int32_t pad_end;
} ent__plan_quantity;

typedef struct ent__plan_use {        /* a model in use */
    ent__text id, model, title;
    ent__text side[2];                /* of a war: actors or words */
    ent__text group, rule;            /* of a decision: who decides, how */
    int32_t issue;                    /* of a decision: issues[], or -1 */
    int32_t quantity, n_quantities;   /* quantities[quantity ..]: what comes out of it */
    int32_t first_year, years;        /* years 0: none, or it runs in months */
    int32_t start_month, months;
    int32_t asked, n_asked;           /* indices[asked ..]: the years in which a decision is asked */
    int32_t axis[3], n_axis[3];       /* indices[axis ..]: its members, allies, candidates as actors */
    int32_t plan_rule;                /* of a decision: rules[], or -1 */
    int32_t seen_month;               /* of a war: from its first, or -1 */
    double from, to;                  /* of a decision, where they are plain numbers; else NaN */
    int32_t rounds, without_ally;     /* of a decision; actors[] or -1 */
} ent__plan_use;

typedef struct ent__plan_form {       /* a truth (or probability) on each draw */
    ent__text read, text;
    int32_t cell;                     /* or -1 */
    int32_t undefined;                /* cell: 1 where an undefined value was compared; or -1 */
    int32_t needs_with;               /* it compares arms: no value without the document */
    int32_t pad;
} ent__plan_form;

typedef struct ent__plan_claim {
    ent__text id, title, who, says, where, when_text, needs;
    int32_t form;                     /* forms[]: the first reading; -1 where `needs` or overall */
    int32_t reading_form, n_readings; /* second readings, forms[] */
    int32_t when;                     /* cell or -1 */
    int32_t overall;                  /* overalls[]: root, or -1 */
    int32_t overall_needs_with;
    ent__text overall_text, read;
    int32_t reading;                  /* the list of models that reaches it, or -1 */
} ent__plan_claim;

/* A statement about distributions: a tree over statistics of cells. */
enum { ENT__STAT_NONE, ENT__STAT_MEAN, ENT__STAT_QUANTILE, ENT__STAT_CORRELATION };
typedef struct ent__overall {
    int32_t op;        /* ent__op_code for + - * / < <= > >= NUMBER NEGATE; or DO_COUNT for a statistic */
    int32_t a, b;      /* overalls[] or -1 */
    int32_t stat;      /* ENT__STAT_* */
    ent__arg x, y;     /* of a statistic */
    double number;     /* of NUMBER; of a quantile its probability */
} ent__overall;

typedef struct ent__plan_event { ent__text name, label; int32_t cell, pad; } ent__plan_event;
typedef struct ent__plan_provision {
    ent__text id, title, says, where, takes_hold, changes;
    int32_t binding;
    int32_t event;                    /* events[], or -1: certain */
} ent__plan_provision;

typedef struct ent__plan_input {
    ent__text name, label, unit, text, source, why;
    int32_t cell;                     /* its value as drawn */
    int32_t distribution;             /* or -1 (pooled experts) */
    int32_t uncertain;
    int32_t uniform;                  /* cell that it is drawn by, or -1: it has none */
} ent__plan_input;

enum { ENT__DRIVER_UNIFORM, ENT__DRIVER_CHOICE, ENT__DRIVER_EVENT };
typedef struct ent__plan_driver {     /* what a claim's share is looked at along */
    int32_t kind, cell;               /* the uniform, the choice, the event */
    int32_t input;                    /* inputs[] of a uniform; readings[] of a choice; events[] of an event */
    int32_t bins;
    int32_t inputs;                   /* how many inputs were there when it was added: drivers stand in the order of adding */
    ent__text name, label;
    int32_t pad;
} ent__plan_driver;

typedef struct ent__plan_lever {      /* what an actor can do, and how far */
    ent__text id, title, actor, actor_name, cost_unit;
    int32_t cell;                     /* its amount: undefined where it is not pulled */
    double unit_cost, low, high;      /* cost of one unit; its limits */
} ent__plan_lever;

typedef struct ent__plan_given { ent__text says, text, source; int32_t cell; } ent__plan_given;

/* What --set and ent_plan_set() may change, by name. */
enum {
    ENT__PARAM_INPUT,     /* inputs[index], kept within low .. high */
    ENT__PARAM_WEIGHT,    /* choices[index]; low: the part of its model's weight that this reading of the model has */
    ENT__PARAM_THRESHOLD, /* numbers[index] */
    ENT__PARAM_OVERALL,   /* the threshold overalls[index].number */
    ENT__PARAM_LEVER,     /* numbers[index]; must lie in low .. high */
    ENT__PARAM_IN_FORCE,  /* provisions[index]: yes or no */
    ENT__PARAM_COUNT
};
typedef struct ent__param { ent__text name; int32_t kind, index, pad; double low, high; } ent__param;

/* One-of-a-kind texts and numbers. */
typedef struct ent__plan_head {
    uint64_t seed, hash;
    uint64_t off;                                    /* provisions that are switched off: in force in no arm */
    int64_t draws;
    int32_t n_cells, start, years, has_document;
    ent__text scenario, title, about, brief_html, document_title, document_issuer, document_source, document_date;
    ent__text folder, settings;                      /* settings: " --set a=b ..." for the command line */
    ent__text actors_json, groups_json, graph_json, files_json, limits_json; /* ready pieces of the report's data */
    int32_t n_settings;
} ent__plan_head;

/* Every table of a plan: type, name. Saved and loaded in this order. */
#define ENT__PLAN_TABLES(X)                                                                                            \
    X(ent__plan_head, head)                                                                                            \
    X(ent__step, steps)                                                                                                \
    X(ent__arg, args)                                                                                                  \
    X(double, numbers)                                                                                                 \
    X(ent__stream_entry, streams)                                                                                      \
    X(ent__plan_distribution, distributions)                                                                           \
    X(ent__pool, pools)                                                                                                \
    X(ent__plan_choice, choices)                                                                                       \
    X(ent__reading, readings)                                                                                          \
    X(ent__settle_call, settles)                                                                                       \
    X(ent__joint_call, joints)                                                                                         \
    X(ent__joint_part, parts)                                                                                          \
    X(ent__plan_call, calls)                                                                                           \
    X(ent__calibrate_call, calibrates)                                                                                 \
    X(ent_war_event, war_events)                                                                                       \
    X(ent__plan_rule, rules)                                                                                           \
    X(ent_rule_node, rule_nodes)                                                                                       \
    X(ent_rule_part, rule_parts)                                                                                       \
    X(uint64_t, subsets)                                                                                               \
    X(int32_t, indices)                                                                                                \
    X(ent__plan_actor, actors)                                                                                         \
    X(ent__plan_issue, issues)                                                                                         \
    X(ent__plan_label, labels)                                                                                         \
    X(ent__plan_stance, stances)                                                                                       \
    X(ent__plan_quantity, quantities)                                                                                  \
    X(ent__plan_use, uses)                                                                                             \
    X(ent__plan_form, forms)                                                                                           \
    X(ent__plan_claim, claims)                                                                                         \
    X(ent__overall, overalls)                                                                                          \
    X(ent__plan_event, events)                                                                                         \
    X(ent__plan_provision, provisions)                                                                                 \
    X(ent__plan_input, inputs)                                                                                         \
    X(ent__plan_driver, drivers)                                                                                       \
    X(ent__plan_given, givens)                                                                                         \
    X(ent__plan_lever, levers)                                                                                         \
    X(ent__param, params)                                                                                              \
    X(char, text)

struct ent_plan {
#define X(type, name)                                                                                                  \
    type *name;                                                                                                        \
    int32_t n_##name, capacity_##name;
    ENT__PLAN_TABLES(X)
#undef X
};

/* What the k-th setting, NAME=VALUE, adds to the hash of a scenario (by exclusive or). */
static inline uint64_t ent__setting_hash(const char *text, int32_t k)
{
    return ent__hash(text, strlen(text)) * (uint64_t)(2 * k + 3);
}

static inline const char *ent__plan_text(const ent_plan *plan, ent__text at) { return plan->text + at; }

/* Room for one more element at the end of a table, zeroed; NULL without memory. */
void *ent__plan_grow(void **table, int32_t *count, int32_t *capacity, size_t size);
#define ENT__PLAN_ADD(plan, name)                                                                                      \
    ent__plan_grow((void **)&(plan)->name, &(plan)->n_##name, &(plan)->capacity_##name, sizeof *(plan)->name)

/* True where every index, offset and text of a plan (or of one step) stays inside its tables. */
bool ent__plan_is_sound(const ent_plan *plan, bool *no_memory); /* *no_memory: false because it could not be told */
bool ent__plan_step_is_sound(const ent_plan *plan, const ent__step *step);

/* --- the plan instanced for arms (program.c) ---------------------------------------------------- */

enum { ENT__LANES = 64 }; /* draws run together; no result depends on it */

typedef struct ent__arm_state {
    uint64_t off, sure; /* provisions that are out of force, and that certainly take hold; others as events fall */
} ent__arm_state;

typedef struct ent__instance {
    int32_t step;
    int32_t out;         /* first slot */
    int32_t arg;         /* slots[arg ..]: the slot of each argument */
    int32_t twin, n_twins; /* twins[twin ..]: earlier instances of the same step, in other arms */
} ent__instance;

typedef struct ent__twin { /* an earlier instance, and the arguments in which the two differ: unlike[unlike ..] */
    int32_t instance, unlike, n_unlike;
} ent__twin;

typedef struct ent__program {
    const ent_plan *plan;
    ent__arm_state *arm;      /* without, with, taken; then for each subset of provisions as events fall, and certain */
    int32_t n_arms;
    unsigned char *needed;    /* [n_arms][n_cells]: of the arms of subsets, only what a share is made of */
    ent__instance *constant;  /* run once */
    int32_t n_constants;
    ent__instance *instance;  /* run for each batch of draws */
    int32_t n_instances;
    int32_t *arg_slot;
    int32_t n_arg_slots;
    ent__twin *twins;
    int32_t *unlike;
    int32_t n_twins, n_unlike, capacity_twins, capacity_unlike;
    int32_t *cell_slot;       /* [n_arms][n_cells] */
    unsigned char *slot_constant; /* [n_slots] */
    int32_t n_slots;
    size_t scratch_bytes;     /* for one worker */
    const ent_model **model;  /* of each choice */
    const struct ent_calibration **calibration; /* of each choice, NULL where its errors are not known */
    const ent_model **called; /* of each call */
    ent_rule *rule;           /* of each rule; they borrow the plan's tables */
    ent__distribution *distribution; /* ready to draw */
    ent_memo *memo;           /* of draws that were run before, or NULL; then one machine alone may run */
} ent__program;

/* The base arms: without, with, taken; `self` arguments of arm a; ENT__ARM_WITH of `taken` is `taken`. */
ent_status ent__program_create(ent__program **out, const ent_plan *plan, ent_error *err);

/* A program for a question: further arms, in each of which only some provisions are in force (there, "with" the document is
 * with those), and what is wanted of all of them. A step that nothing wanted depends on is left out. */
typedef struct ent__aim {
    const uint64_t *subset;   /* named ENT__ARM_SUBSET + plan->n_subsets + k in roots */
    int32_t n_subsets;
    const ent__arg *root;     /* cells and arms (not SELF); none: everything, in the base arms */
    int32_t n_roots;
} ent__aim;
ent_status ent__program_create_for(ent__program **out, const ent_plan *plan, const ent__aim *aim, ent_error *err);
/* The row of cell_slot of an arm as it is named in arguments (ENT__ARM_WITHOUT, ..., ENT__ARM_SUBSET + k). */
int32_t ent__program_arm(int32_t arm);
/* Whether a cell is computed in a row of cell_slot. */
static inline bool ent__program_has(const ent__program *program, int32_t row, int32_t cell)
{
    return program->needed[(size_t)row * (size_t)program->plan->head->n_cells + (size_t)cell] != 0;
}
void ent__program_free(ent__program *program);
static inline int32_t ent__program_slot(const ent__program *program, int32_t arm, int32_t cell)
{
    return program->cell_slot[(size_t)arm * (size_t)program->plan->head->n_cells + (size_t)cell];
}

/* One worker's memory: slots * ENT__LANES numbers and scratch. */
typedef struct ent__machine {
    const ent__program *program;
    uint64_t seed;
    double *slot;    /* [n_slots][ENT__LANES] */
    void *scratch;
    const struct ent__before *before; /* of the instance at hand, or NULL (memo.h) */
} ent__machine;
ent_status ent__machine_create(ent__machine **out, const ent__program *program, uint64_t seed, ent_error *err);
void ent__machine_free(ent__machine *machine);
/* Runs one instance again; `constant` ones are independent of the draw. */
void ent__machine_instance(ent__machine *machine, const ent__instance *instance, int64_t first, int32_t lanes);
/* Runs draws first .. first + lanes - 1; nothing is allocated. */
void ent__machine_run(ent__machine *machine, int64_t first, int32_t lanes);
static inline const double *ent__machine_slot(const ent__machine *machine, int32_t slot)
{
    return machine->slot + (size_t)slot * ENT__LANES;
}

/* --- running again after a change (rerun.c) ------------------------------------------------------- */

/* What is done to a cell before all that follows from it runs again. */
enum { ENT__REDO_AGAIN, ENT__REDO_VALUE, ENT__REDO_SEED };
typedef struct ent__redo {
    int32_t kind;
    double value;    /* of VALUE: every draw has this, in every arm */
    uint64_t seed;   /* of SEED: a uniform is drawn with this one */
} ent__redo;

/* The part of a program that lies downstream of some cells: as they are drawn, or as numbers or distributions of the
 * plan that were written over (AGAIN). */
typedef struct ent__rerun {
    const ent__program *program;
    int32_t n_cells;
    int32_t *cell;                    /* where the change is */
    const ent__instance **constant, **instance;
    int32_t n_constants, n_instances; /* what runs again, in its order */
    int32_t *slot;                    /* what that writes, and the cells' own */
    int32_t n_slots;
    int32_t *own_slot, *own_cell;     /* slots of the cells: which one */
    int32_t n_own;
} ent__rerun;

ent_status ent__rerun_create(ent__rerun **out, const ent__program *program, const int32_t *cell, int32_t n_cells, ent_error *err);
void ent__rerun_free(ent__rerun *rerun);
/* Keeps what will be written over in kept[n_slots][ENT__LANES]; after ent__machine_run(). */
void ent__rerun_keep(const ent__rerun *rerun, const ent__machine *machine, double *kept);
/* Runs what follows from the cells, with one redo for each of them, on the draws that the machine ran last. */
void ent__rerun_run(const ent__rerun *rerun, ent__machine *machine, const ent__redo *redo, int64_t first, int32_t lanes);
/* Puts back what was kept. */
void ent__rerun_restore(const ent__rerun *rerun, ent__machine *machine, const double *kept);

#endif
