/* A table of stances in which several experts have rows of their own.
 *
 * What they say of one number is pooled linearly: a draw takes one expert's answer, chosen by the experts' weights, so
 * that disagreement shows as spread and is not averaged away. A cell that an expert leaves empty is no answer: the
 * others' stand. The position, the salience and the capability of an actor are pooled each on its own. */
#include "scenario/reader.h"

#include <math.h>
#include <string.h>

typedef struct rows {
    ent__reader *r;
    const ent__csv *table;
    const int32_t *column;
    int32_t *first, *last; /* by actor and group: 1 + row, 0 where there is none */
    int32_t *next;         /* by row: 1 + the next of the same actor */
} rows;

static const ent__cell *cell_of(const rows *t, int32_t row, int column)
{
    static const ent__cell empty = {.text = ""};
    return t->column[column] < 0 ? &empty : ent__csv_cell(t->table, row, t->column[column]);
}

/* Strings the rows of each actor together, in the order of the file. */
static bool sort_rows(rows *t)
{
    size_t n = (size_t)t->r->actors.n + (size_t)t->r->groups.n;
    t->first = ent__take(&t->r->to, n, sizeof *t->first);
    t->last = ent__take(&t->r->to, n, sizeof *t->last);
    t->next = ent__take(&t->r->to, (size_t)t->table->n_rows, sizeof *t->next);
    if (t->first == NULL || t->last == NULL || t->next == NULL)
        return false;
    for (int32_t row = 0; row < t->table->n_rows; row++) {
        const ent__cell *who = cell_of(t, row, ENT__STANCE_ACTOR);
        int32_t i = ent__find_who(t->r, who->text, ent__cell_place(t->table, who));
        if (i < 0)
            continue;
        if (t->first[i] == 0)
            t->first[i] = row + 1;
        else
            t->next[t->last[i] - 1] = row + 1;
        t->last[i] = row + 1;
    }
    return true;
}

/* How many rows an actor has; no expert may have two of them. */
static int32_t count_rows(const rows *t, int32_t first)
{
    int32_t n = 0;
    for (int32_t row = first; row > 0; row = t->next[row - 1]) {
        const ent__cell *who = cell_of(t, row - 1, ENT__STANCE_ACTOR), *expert = cell_of(t, row - 1, ENT__STANCE_EXPERT);
        if (++n > ENT_MAX_EXPERTS) {
            ent__complain(&t->r->to, ent__cell_place(t->table, who), "more than %d experts on '%.60s'", ENT_MAX_EXPERTS,
                          who->text);
            return 0;
        }
        for (int32_t before = first; before != row; before = t->next[before - 1])
            if (strcmp(cell_of(t, before - 1, ENT__STANCE_EXPERT)->text, expert->text) == 0) {
                ent__complain(&t->r->to, ent__cell_place(t->table, expert), "%s%.60s%s has spoken of '%.60s' already",
                              expert->text[0] != 0 ? "'" : "", expert->text[0] != 0 ? expert->text : "nobody by name",
                              expert->text[0] != 0 ? "'" : "", who->text);
                break;
            }
    }
    return n;
}

static double read_weight(rows *t, int32_t row)
{
    const ent__cell *cell = cell_of(t, row, ENT__STANCE_WEIGHT);
    ent__value value;
    if (cell->text[0] == 0)
        return 1;
    ent__cell_value(t->r, &value, t->table, cell);
    bool number = value.kind == ENT__VALUE_DISTRIBUTION && value.distribution.kind == ENT__DIST_CONSTANT;
    if (number && value.distribution.p[0] > 0)
        return value.distribution.p[0];
    if (number || value.kind == ENT__VALUE_DISTRIBUTION)
        ent__complain(&t->r->to, ent__cell_place(t->table, cell), "an expert's weight is a number above 0, found '%.60s'",
                      cell->text);
    return 1;
}

/* The answers of all experts to one question, in words: "20 to 30; 50". */
static const char *words_of(ent__reader *r, const ent__buffer *words)
{
    const char *kept = words->failed ? NULL : ent__keep(&r->to, words->data, words->length);
    r->to.no_memory |= words->failed;
    return kept != NULL ? kept : "";
}

/* The lower of two ends; an open one (NaN) stays open. */
static double lower(double a, double b) { return a != a || b != b ? NAN : a < b ? a : b; }

static void pool(rows *t, ent__value *out, int32_t first, int32_t n, int column, double low, double high)
{
    static const char *const what[] = {"", "a position", "a salience", "a capability"};
    static const char *const bare[] = {"", "position", "salience", "capability"};
    ent__expert *expert = ent__take(&t->r->to, (size_t)n, sizeof *expert);
    ent__buffer words = {0};
    int32_t answers = 0, errors = t->r->to.errors;
    *out = (ent__value){.text = "", .low = NAN, .high = NAN, .unit = "", .source = "", .why = ""};
    for (int32_t row = first; row > 0 && expert != NULL; row = t->next[row - 1]) {
        const ent__cell *cell = cell_of(t, row - 1, column);
        ent__value value;
        if (cell->text[0] == 0)
            continue;
        ent__cell_value(t->r, &value, t->table, cell);
        ent__clamp(t->r, &value, what[column], low, high);
        if (value.kind != ENT__VALUE_DISTRIBUTION)
            continue;
        double least = answers == 0 ? value.low : lower(out->low, value.low);
        double most = answers == 0 ? value.high : -lower(-out->high, -value.high);
        expert[answers] = (ent__expert){cell_of(t, row - 1, ENT__STANCE_EXPERT)->text, read_weight(t, row - 1), value.distribution};
        ent__buffer_printf(&words, "%s%s", answers > 0 ? "; " : "", value.text);
        if (answers++ == 0)
            *out = value;
        out->low = least;
        out->high = most;
    }
    const ent__cell *who = cell_of(t, first - 1, ENT__STANCE_ACTOR);
    if (answers == 0 && errors == t->r->to.errors)
        ent__complain(&t->r->to, ent__cell_place(t->table, cell_of(t, first - 1, column)), "the %s of '%.60s' is missing: no expert tells it",
                      bare[column], who->text);
    if (answers > 1) {
        out->kind = ENT__VALUE_EXPERTS;
        out->expert = expert;
        out->n_experts = answers;
        out->text = words_of(t->r, &words);
    }
    ent__buffer_free(&words);
}

/* "Ann: lives from its ports; Ben: as last year" */
static const char *sources_of(rows *t, int32_t first)
{
    ent__buffer words = {0};
    for (int32_t row = first; row > 0; row = t->next[row - 1]) {
        const char *source = cell_of(t, row - 1, ENT__STANCE_SOURCE)->text, *name = cell_of(t, row - 1, ENT__STANCE_EXPERT)->text;
        if (source[0] == 0)
            continue;
        ent__buffer_printf(&words, "%s%s%s%s", words.length > 0 ? "; " : "", name, name[0] != 0 ? ": " : "", source);
    }
    const char *kept = words.length > 0 || words.failed ? words_of(t->r, &words) : "";
    ent__buffer_free(&words);
    return kept;
}

void ent__read_experts(ent__reader *r, ent__issue *issue, const ent__csv *table,
                       const int32_t column[ENT__STANCE_COLUMNS], const double scale[2])
{
    rows t = {.r = r, .table = table, .column = column};
    if (!sort_rows(&t))
        return;
    bool scaled = issue->n_labels > 0;
    for (int32_t row = 0; row < table->n_rows && !r->to.no_memory; row++) {
        const ent__cell *cell = cell_of(&t, row, ENT__STANCE_ACTOR);
        int32_t who = ent__names_find(&r->actors, cell->text);
        if (who < 0 && ent__names_find(&r->groups, cell->text) >= 0)
            who = r->actors.n + ent__names_find(&r->groups, cell->text);
        if (who < 0 || t.first[who] != row + 1)
            continue;
        int32_t n = count_rows(&t, row + 1);
        if (n == 0)
            continue;
        ent__stance *out = &issue->stance[issue->n_stances++];
        *out = (ent__stance){.actor = ent__name_of_who(r, who), .source = sources_of(&t, row + 1), .place = ent__cell_place(table, cell)};
        pool(&t, &out->position, row + 1, n, ENT__STANCE_POSITION, scaled ? scale[0] : -INFINITY, scaled ? scale[1] : INFINITY);
        pool(&t, &out->salience, row + 1, n, ENT__STANCE_SALIENCE, 0, 1);
        pool(&t, &out->capability, row + 1, n, ENT__STANCE_CAPABILITY, 0, INFINITY);
    }
}
