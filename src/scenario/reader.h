/* Reading the parts of a scenario: what they share. Private to this room.
 *
 * Each part is a function `ent__read_PART(reader, node)` that fills the scenario from one entry of scenario.yaml. They
 * never stop at an error: what is wrong is told and left out, so that one pass tells everything. A failed allocation
 * sets reader->to.no_memory, after which whatever is read is thrown away. */
#ifndef ENT_SRC_SCENARIO_READER_H
#define ENT_SRC_SCENARIO_READER_H

#include "entente/scenario.h"
#include "scenario/csv.h"
#include "scenario/scenario.h"
#include "scenario/text.h"
#include "scenario/yaml.h"

/* Names with their number, by hash. */
typedef struct ent__names {
    const char **name; /* n, in the order of adding: what ent__nearest() takes */
    ent__place *place;
    int32_t n, capacity;
    int32_t *slot;     /* 1 + number, 0 empty */
    size_t slots;
} ent__names;

typedef struct ent__reader {
    ent__parse to;
    ent_scenario *out;
    ent__names actors, groups, columns, claims, provisions;
    ent__names numbers;   /* inputs, quantities, columns: what is a number by its bare name */
    ent__names dotted;    /* issues and models: what has outputs, NAME.output */
    bool no_actors;       /* they could not be read, which was told: nobody is looked for among them */
    int32_t guesses;      /* nearest names looked for: each costs, so a table full of errors gets only some */
} ent__reader;

/* The number of a name, or -1. */
int32_t ent__names_find(const ent__names *names, const char *name);
/* Adds it; its number, or that of the same name from before (check n), or -1 without memory. */
int32_t ent__names_add(ent__parse *to, ent__names *names, const char *name, ent__place place);
/* That there is such an actor (or group); else told, with the nearest. */
bool ent__is_actor(ent__reader *r, const char *id, ent__place place, bool group);
/* "; did you mean 'x'?" in buffer, or "". */
const char *ent__guess(ent__reader *r, char buffer[128], const char *name, const char *const *names, size_t n);

/* --- shapes: each tells what is wrong and returns false or NULL then -------------------------------- */

bool ent__is_mapping(ent__reader *r, const ent__yaml *node, const char *what);
bool ent__is_list(ent__reader *r, const ent__yaml *node, const char *what);
bool ent__is_text(ent__reader *r, const ent__yaml *node, const char *what);
/* Every key of a mapping must be among these (ended by NULL). */
void ent__keys(ent__reader *r, const ent__yaml *mapping, const char *what, const char *const *known);
/* The entry, or NULL with an error that names it. */
const ent__yaml *ent__required(ent__reader *r, const ent__yaml *mapping, const char *key, const char *what);
/* The text of an optional entry, "" where it is missing or no text. */
const char *ent__read_text(ent__reader *r, const ent__yaml *mapping, const char *key);
/* A plain number in [low, high]. */
bool ent__read_number(ent__reader *r, const ent__yaml *node, const char *what, double low, double high, double *out);
bool ent__read_integer(ent__reader *r, const ent__yaml *node, const char *what, int64_t low, int64_t high,
                       int64_t *out);
/* yes, no, true, false. */
bool ent__read_truth(ent__reader *r, const ent__yaml *node, const char *what, bool *out);
/* A list of texts, or one text for a list of one. */
const char **ent__read_texts(ent__reader *r, const ent__yaml *node, const char *what, int32_t *n, ent__place **place);
/* [low, high] with low < high. */
bool ent__read_range(ent__reader *r, const ent__yaml *node, const char *what, double *low, double *high);
/* An expression; NULL where it is none, or only a yes or no. *text (may be NULL): as written. */
ent__node *ent__read_expression(ent__reader *r, const ent__yaml *node, const char *what, const char **text);
/* Spaces and line ends between words as one space each, none at the ends. */
const char *ent__one_line(ent__reader *r, const char *text);
/* An expression that is a name, x or x[us]. */
ent__node *ent__read_name(ent__reader *r, const char *text, ent__place place, const char *what);

/* An id of the right form, not reserved (of a quantity, unless `word` is true: then only and, or, not, if are), and not
 * yet in `names`, to which it is added. `what` in words: "actor". */
bool ent__id(ent__reader *r, ent__names *names, const char *id, ent__place place, const char *what, bool word);

/* --- values ------------------------------------------------------------------------------------------ */

/* From a text, or {value, unit, source, why, range, experts}; the range goes to low and high (NULL: none allowed). */
void ent__read_value(ent__reader *r, ent__value *out, const ent__yaml *node, const char *what, double *low,
                     double *high);
bool ent__is_value_mapping(const ent__yaml *node);
/* "end_of_war" as "End of war": the title of what has none. */
const char *ent__title_of(ent__reader *r, const char *id);
/* What can be told without drawing lies in [low, high], the quantity's own scale; draws are moved onto it. */
void ent__clamp(ent__reader *r, ent__value *value, const char *what, double low, double high);

/* --- tables ------------------------------------------------------------------------------------------ */

/* A whole file of the folder, ended by 0 (ent__free it), and counted into the scenario's hash; false with an error at
 * `said`. shown: its path as the user would write it. */
bool ent__read_file(ent__reader *r, const char *name, ent__place said, char **text, size_t *length, const char **shown);
/* A table of the folder; false where it cannot be used. */
bool ent__read_csv(ent__reader *r, const char *name, ent__place said, ent__csv *out);
static inline const ent__cell *ent__csv_cell(const ent__csv *table, int32_t row, int32_t column)
{
    return &table->cell[(size_t)row * (size_t)table->n_columns + (size_t)column];
}
static inline ent__place ent__cell_place(const ent__csv *table, const ent__cell *cell)
{
    return (ent__place){table->file, cell->line, cell->column};
}
/* unit, source and why of columns, from `columns: {gdp: {unit: ...}}`; each key must be one of them. */
void ent__column_notes(ent__reader *r, const ent__yaml *node, ent__column *const *column, int32_t n);
/* A cell's value, which is a number or a distribution; kind NONE where it is empty or was refused. */
void ent__cell_value(ent__reader *r, ent__value *out, const ent__csv *table, const ent__cell *cell);

/* --- stances ----------------------------------------------------------------------------------------- */

/* The columns of a table of stances; the first four must be there. */
enum {
    ENT__STANCE_ACTOR,
    ENT__STANCE_POSITION,
    ENT__STANCE_SALIENCE,
    ENT__STANCE_CAPABILITY,
    ENT__STANCE_SOURCE,
    ENT__STANCE_EXPERT,
    ENT__STANCE_WEIGHT,
    ENT__STANCE_COLUMNS
};

/* Which of the actors, and behind them of the groups, this is; -1, told, where it is none. */
int32_t ent__find_who(ent__reader *r, const char *id, ent__place place);
const char *ent__name_of_who(const ent__reader *r, int32_t who);
/* The stances of a table in which experts have rows of their own: what they say of one number is pooled. `column`: where
 * each column is, -1 where it is not. issue->stance has room for the table's rows. */
void ent__read_experts(ent__reader *r, ent__issue *issue, const ent__csv *table,
                       const int32_t column[ENT__STANCE_COLUMNS], const double scale[2]);

/* --- parts ------------------------------------------------------------------------------------------- */

void ent__read_actors(ent__reader *r, const ent__yaml *node);
void ent__read_columns(ent__reader *r, const ent__yaml *node); /* units and sources of the actors' columns */
void ent__read_groups(ent__reader *r, const ent__yaml *node);
void ent__check_groups(ent__reader *r);
void ent__read_issues(ent__reader *r, const ent__yaml *node);
void ent__read_arenas(ent__reader *r, const ent__yaml *node); /* after the issues */
void ent__read_inputs(ent__reader *r, const ent__yaml *node);
void ent__read_quantities(ent__reader *r, const ent__yaml *node);
void ent__read_correlations(ent__reader *r, const ent__yaml *node);
void ent__read_tables(ent__reader *r, const ent__yaml *node);
void ent__read_document(ent__reader *r, const ent__yaml *node);
ent__change *ent__read_changes(ent__reader *r, const ent__yaml *node, int32_t *n);
void ent__read_models(ent__reader *r, const ent__yaml *node);
void ent__read_given(ent__reader *r, const ent__yaml *node);
void ent__read_claims(ent__reader *r, const ent__yaml *node);
void ent__read_levers(ent__reader *r, const ent__yaml *node);
void ent__read_known(ent__reader *r, const ent__yaml *node);
void ent__read_brief(ent__reader *r, const ent__yaml *node);

#endif
