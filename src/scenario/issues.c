/* Issues: a question with a scale, who stands where, and how it is settled. */
#include "scenario/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- the scale ------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const ent__label *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

static void read_scale(ent__reader *r, ent__issue *issue, const ent__yaml *node)
{
    if (!ent__is_mapping(r, node, "'scale'"))
        return;
    ent__label *label = ent__take(&r->to, (size_t)node->n, sizeof *label);
    if (label == NULL)
        return;
    int32_t n = 0;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        if (!ent__is_text(r, entry, "a point of a scale"))
            continue;
        if (!ent__number_read(&label[n].at, entry->key, strlen(entry->key), false)) {
            ent__complain(&r->to, entry->key_place,
                          "a scale has a number for each of its texts, {0: none, 100: all}, found '%.60s'", entry->key);
            continue;
        }
        label[n++].text = entry->text;
    }
    qsort(label, (size_t)n, sizeof *label, by_place);
    for (int32_t i = 1; i < n; i++)
        if (label[i].at == label[i - 1].at) {
            ent__complain(&r->to, node->place, "two texts at the same point of the scale: '%.60s' and '%.60s'",
                          label[i - 1].text, label[i].text);
            return;
        }
    if (n < 2 && n == node->n)
        ent__complain(&r->to, node->place, "a scale has at least two points, its ends: {0: none, 100: all}");
    if (n < 2)
        return;
    issue->label = label;
    issue->n_labels = n;
}

/* --- stances --------------------------------------------------------------------------------------- */

typedef struct stances {
    ent__issue *issue;
    bool *seen;  /* actors, then groups */
    double low, high;
} stances;

int32_t ent__find_who(ent__reader *r, const char *id, ent__place place)
{
    if (r->no_actors || !ent__is_actor(r, id, place, true))
        return -1;
    int32_t i = ent__names_find(&r->actors, id);
    return i >= 0 ? i : r->actors.n + ent__names_find(&r->groups, id);
}

const char *ent__name_of_who(const ent__reader *r, int32_t i)
{
    return i < r->actors.n ? r->actors.name[i] : r->groups.name[i - r->actors.n];
}

/* The actor or group of a stance; NULL where it is none or has one already. */
static const char *read_who(ent__reader *r, stances *to, const char *id, ent__place place)
{
    int32_t i = ent__find_who(r, id, place);
    if (i < 0)
        return NULL;
    if (to->seen[i]) {
        ent__complain(&r->to, place, "'%.60s' again: it has a stance on this issue already", id);
        return NULL;
    }
    to->seen[i] = true;
    return ent__name_of_who(r, i);
}

static void check_stance(ent__reader *r, const stances *to, ent__stance *stance)
{
    if (to->issue->n_labels > 0)
        ent__clamp(r, &stance->position, "a position", to->low, to->high);
    ent__clamp(r, &stance->salience, "a salience", 0, 1);
    ent__clamp(r, &stance->capability, "a capability", 0, INFINITY);
}

enum {
    ACTOR = ENT__STANCE_ACTOR,
    POSITION = ENT__STANCE_POSITION,
    SALIENCE = ENT__STANCE_SALIENCE,
    CAPABILITY = ENT__STANCE_CAPABILITY,
    SOURCE = ENT__STANCE_SOURCE,
    STANCE_COLUMNS = ENT__STANCE_COLUMNS
};
static const char *const stance_column[STANCE_COLUMNS] = {"actor",  "position", "salience", "capability",
                                                          "source", "expert",   "weight"};

/* Finds the columns; false where one that is needed is missing. */
static bool find_columns(ent__reader *r, const ent__csv *table, int32_t column[STANCE_COLUMNS])
{
    static const char *const notes[] = {"name", "why", "note", "notes"};
    bool all = true;
    for (int c = 0; c < STANCE_COLUMNS; c++) {
        column[c] = ent__csv_column(table, stance_column[c]);
        if (column[c] >= 0 || c >= SOURCE)
            continue;
        const char *names[ENT_MAX_CSV_COLUMNS];
        for (int32_t i = 0; i < table->n_columns; i++)
            names[i] = table->header[i].text;
        char guess[128];
        ent__complain(&r->to, (ent__place){table->file, table->header[0].line, 1},
                      "a table of stances has the columns actor, "
                      "position, salience and capability; '%s' is missing%s",
                      stance_column[c], ent__guess(r, guess, stance_column[c], names, (size_t)table->n_columns));
        all = false;
    }
    for (int32_t i = 0; i < table->n_columns && all; i++) {
        const char *name = table->header[i].text;
        bool known = name[0] == 0;
        for (int c = 0; c < STANCE_COLUMNS; c++)
            known |= strcmp(name, stance_column[c]) == 0;
        for (size_t c = 0; c < ENT_COUNT(notes); c++)
            known |= strcmp(name, notes[c]) == 0;
        if (!known)
            ent__warn(&r->to, ent__cell_place(table, &table->header[i]), "column '%.60s' is not read", name);
    }
    return all;
}

static bool read_row(ent__reader *r, stances *to, ent__stance *out, const ent__csv *table, int32_t row,
                     const int32_t column[STANCE_COLUMNS])
{
    const ent__cell *who = ent__csv_cell(table, row, column[ACTOR]);
    ent__value *value[] = {NULL, &out->position, &out->salience, &out->capability};
    *out = (ent__stance){.source = "", .place = ent__cell_place(table, who)};
    out->actor = read_who(r, to, who->text, out->place);
    for (int c = POSITION; c <= CAPABILITY; c++) {
        const ent__cell *cell = ent__csv_cell(table, row, column[c]);
        if (cell->text[0] == 0)
            ent__complain(&r->to, ent__cell_place(table, cell), "the %s of '%.60s' is missing", stance_column[c],
                          who->text);
        ent__cell_value(r, value[c], table, cell);
    }
    if (column[SOURCE] >= 0)
        out->source = ent__csv_cell(table, row, column[SOURCE])->text;
    check_stance(r, to, out);
    return out->actor != NULL;
}

static void read_table(ent__reader *r, stances *to, const char *file, ent__place said)
{
    ent__csv table;
    int32_t column[STANCE_COLUMNS];
    if (!ent__read_csv(r, file, said, &table) || !find_columns(r, &table, column))
        return;
    to->issue->stance = ent__take(&r->to, (size_t)table.n_rows, sizeof *to->issue->stance);
    if (to->issue->stance == NULL)
        return;
    if (column[ENT__STANCE_EXPERT] >= 0) {
        ent__read_experts(r, to->issue, &table, column, (const double[2]){to->low, to->high});
        return;
    }
    if (column[ENT__STANCE_WEIGHT] >= 0)
        ent__warn(&r->to, ent__cell_place(&table, &table.header[column[ENT__STANCE_WEIGHT]]),
                  "'weight' is an expert's: it is not read where there is no column 'expert'");
    for (int32_t row = 0; row < table.n_rows && !r->to.no_memory; row++)
        to->issue->n_stances += read_row(r, to, &to->issue->stance[to->issue->n_stances], &table, row, column);
}

static bool read_entry(ent__reader *r, stances *to, ent__stance *out, const ent__yaml *node, bool list)
{
    static const char *const keys[] = {"actor", "position", "salience", "capability", "source", NULL};
    *out = (ent__stance){.source = "", .place = list ? node->place : node->key_place};
    if (!ent__is_mapping(r, node, "a stance"))
        return false;
    ent__keys(r, node, "a stance", list ? keys : keys + 1);
    const ent__yaml *who = list ? ent__required(r, node, "actor", "a stance") : NULL;
    if (list && (who == NULL || !ent__is_text(r, who, "'actor'")))
        return false;
    out->actor = read_who(r, to, list ? who->text : node->key, list ? who->place : node->key_place);
    ent__value *value[] = {NULL, &out->position, &out->salience, &out->capability};
    for (int c = POSITION; c <= CAPABILITY; c++) {
        char what[32];
        snprintf(what, sizeof what, "a %s", stance_column[c]);
        const ent__yaml *entry = ent__required(r, node, stance_column[c], "a stance");
        if (entry == NULL)
            continue;
        ent__read_value(r, value[c], entry, what, NULL, NULL);
        if (value[c]->kind == ENT__VALUE_EXPRESSION)
            ent__complain(&r->to, value[c]->place, "'%.60s' is no number and no distribution", value[c]->text);
    }
    out->source = ent__read_text(r, node, "source");
    check_stance(r, to, out);
    return out->actor != NULL;
}

static void read_entries(ent__reader *r, stances *to, const ent__yaml *node)
{
    bool list = node->kind == ENT__YAML_LIST;
    to->issue->stance = ent__take(&r->to, (size_t)node->n, sizeof *to->issue->stance);
    if (to->issue->stance == NULL)
        return;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next)
        to->issue->n_stances += read_entry(r, to, &to->issue->stance[to->issue->n_stances], entry, list);
}

/* Somebody must count: capability times salience above zero in some draw. */
static void check_weights(ent__reader *r, const ent__issue *issue, ent__place place)
{
    for (int32_t i = 0; i < issue->n_stances; i++)
        if (issue->stance[i].salience.high != 0 && issue->stance[i].capability.high != 0)
            return;
    ent__complain(&r->to, place, "nobody counts in '%s': capability times salience is 0 for every actor", issue->id);
}

static void read_stances(ent__reader *r, ent__issue *issue, const ent__yaml *node)
{
    stances to = {.issue = issue};
    int32_t before = r->to.errors;
    if (issue->n_labels > 0) {
        to.low = issue->label[0].at;
        to.high = issue->label[issue->n_labels - 1].at;
    }
    to.seen = ent__take(&r->to, (size_t)r->actors.n + (size_t)r->groups.n, sizeof *to.seen);
    if (to.seen == NULL)
        return;
    if (node->kind == ENT__YAML_TEXT) {
        issue->stances_file = node->text;
        read_table(r, &to, node->text, node->place);
    }
    else if (node->kind == ENT__YAML_LIST || ent__is_mapping(r, node, "'stances'"))
        read_entries(r, &to, node);
    if (r->to.errors > before || r->to.no_memory || r->no_actors || node->kind == ENT__YAML_BAD)
        return;
    if (issue->n_stances == 0)
        ent__complain(&r->to, node->place, "there are no stances on '%s'", issue->id);
    else
        check_weights(r, issue, node->place);
}

/* --- how it is settled ----------------------------------------------------------------------------- */

typedef struct choices {
    ent__choice *list;
    int32_t n, capacity;
    int32_t errors; /* when the model was begun: options that multiply are not gone through after the first mistake */
} choices;

static ent__choice *new_choice(ent__reader *r, choices *all, ent__place place)
{
    if (all->n == ENT_MAX_READINGS) {
        ent__complain(&r->to, place, "more than %d readings of 'settle': models, each as often as its options can be combined", ENT_MAX_READINGS);
        return NULL;
    }
    if (all->n == all->capacity) {
        int32_t capacity = all->capacity > 0 ? 2 * all->capacity : 8;
        ent__choice *grown = ent__take(&r->to, (size_t)capacity, sizeof *grown);
        if (grown == NULL)
            return NULL;
        if (all->n > 0)
            memcpy(grown, all->list, (size_t)all->n * sizeof *grown);
        all->list = grown;
        all->capacity = capacity;
    }
    return &all->list[all->n++];
}

/* One model with options, some of which are themselves choices with weights: each combination is a reading of its own,
 * and their weights add up to the model's. `option` are the entries from here on, `set` those already decided. */
static void expand(ent__reader *r, choices *all, const ent__choice *set, const ent__yaml *option)
{
    if (r->to.errors > all->errors || r->to.no_memory)
        return;
    while (option != NULL && strcmp(option->key, "weight") == 0)
        option = option->next;
    if (option == NULL) {
        ent__choice *choice = new_choice(r, all, set->place);
        if (choice != NULL)
            *choice = *set;
        return;
    }
    if (set->n_options == ENT_MAX_MODEL_OPTIONS) {
        ent__complain(&r->to, option->key_place, "more than %d options of one model", ENT_MAX_MODEL_OPTIONS);
        return;
    }
    ent__choice next = *set;
    next.option = ent__take(&r->to, ENT_MAX_MODEL_OPTIONS, sizeof *next.option);
    next.option_text = ent__take(&r->to, ENT_MAX_MODEL_OPTIONS, sizeof *next.option_text);
    if (next.option == NULL || next.option_text == NULL)
        return;
    for (int32_t i = 0; i < set->n_options; i++) {
        next.option[i] = set->option[i];
        next.option_text[i] = set->option_text[i];
    }
    next.option[next.n_options++] = option->key;
    if (option->kind != ENT__YAML_MAPPING) {
        if (!ent__is_text(r, option, "an option of a model"))
            return;
        next.option_text[set->n_options] = option->text;
        expand(r, all, &next, option->next);
        return;
    }
    double total = 0, weight;
    for (const ent__yaml *entry = option->first; entry != NULL; entry = entry->next)
        if (!ent__read_number(r, entry, "a weight", 0, INFINITY, &weight))
            return;
        else
            total += weight;
    if (!(total > 0) || !ent__is_finite(total)) {
        ent__complain(&r->to, option->place, "the weights of '%.60s' are all zero", option->key);
        return;
    }
    for (const ent__yaml *entry = option->first; entry != NULL; entry = entry->next) {
        ent__choice each = next;
        const char **text = ent__take(&r->to, ENT_MAX_MODEL_OPTIONS, sizeof *text);
        if (text == NULL || !ent__number_read(&weight, entry->text, strlen(entry->text), false))
            return;
        memcpy(text, next.option_text, (size_t)set->n_options * sizeof *text);
        text[set->n_options] = entry->key;
        each.option_text = text;
        each.weight = set->weight * (weight / total);
        if (weight > 0)
            expand(r, all, &each, option->next);
    }
}

/* MODEL: weight, or MODEL: {weight: 1, option: value} */
static bool read_choice(ent__reader *r, choices *all, const ent__yaml *node, double *weight)
{
    ent__choice choice = {.model = node->key, .weight = 1, .place = node->key_place};
    *weight = 0;
    if (!ent__is_id(node->key)) {
        ent__complain(&r->to, node->key_place, "'%.60s' is no name of a model", node->key);
        return false;
    }
    const ent__yaml *stated = node->kind == ENT__YAML_MAPPING ? ent__yaml_get(node, "weight") : node;
    if (stated != NULL && !ent__read_number(r, stated, "the weight of a model", 0, INFINITY, &choice.weight))
        return false;
    *weight = choice.weight;
    all->errors = r->to.errors;
    if (choice.weight > 0)
        expand(r, all, &choice, node->kind == ENT__YAML_MAPPING ? node->first : NULL);
    return true;
}

/* What stands under `settle:` of an issue or an arena; the number of readings. */
static int32_t read_settle(ent__reader *r, ent__choice **list, const ent__yaml *node)
{
    choices all = {0};
    *list = NULL;
    if (node->kind == ENT__YAML_TEXT) { /* one model alone */
        ent__choice *choice = new_choice(r, &all, node->place);
        if (choice == NULL)
            return 0;
        *choice = (ent__choice){.model = node->text, .weight = 1, .place = node->place};
        if (!ent__is_id(node->text))
            ent__complain(&r->to, node->place, "'%.60s' is no name of a model", node->text);
    } else if (ent__is_mapping(r, node, "'settle'")) {
        double total = 0, weight;
        bool good = true;
        for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
            good &= read_choice(r, &all, entry, &weight);
            total += weight;
        }
        if (good && !(total > 0))
            ent__complain(&r->to, node->place, "the weights of the models are all zero");
        else if (good && !ent__is_finite(total))
            ent__complain(&r->to, node->place, "the weights of the models add up to more than a number can hold");
    }
    *list = all.list;
    return all.n;
}

/* --- an issue -------------------------------------------------------------------------------------- */

/* "end_of_war" is shown as "End of war" where no title is given. */
const char *ent__title_of(ent__reader *r, const char *id)
{
    char *title = ent__keep(&r->to, id, strlen(id));
    if (title == NULL)
        return id;
    for (char *c = title; *c != 0; c++)
        if (*c == '_')
            *c = ' ';
    if (title[0] >= 'a' && title[0] <= 'z')
        title[0] = (char)(title[0] - 'a' + 'A');
    return title;
}

static void read_status_quo(ent__reader *r, ent__issue *issue, const ent__yaml *node)
{
    ent__read_value(r, &issue->status_quo, node, "'status_quo'", NULL, NULL);
    issue->has_status_quo = issue->status_quo.kind != ENT__VALUE_NONE;
    if (issue->n_labels > 0)
        ent__clamp(r, &issue->status_quo, "the status quo", issue->label[0].at, issue->label[issue->n_labels - 1].at);
}

static void read_model_error(ent__reader *r, ent__issue *issue, const ent__yaml *node)
{
    const char *word = node->kind == ENT__YAML_TEXT ? node->text : "";
    issue->error_place = node->place;
    issue->has_error = strcmp(word, "calibrated") == 0 || strcmp(word, "calibrated by year") == 0;
    issue->error_by_year = strcmp(word, "calibrated by year") == 0;
    if (!issue->has_error)
        ent__complain(&r->to, node->place, "'model_error' is calibrated, or \"calibrated by year\" where each year has an error of its own");
}

static void read_issue(ent__reader *r, ent__issue *issue, const ent__yaml *node)
{
    static const char *const keys[] = {"title", "question", "scale",   "status_quo", "stances",
                                       "settle", "columns", "model_error", NULL};
    if (!ent__is_mapping(r, node, "an issue"))
        return;
    ent__keys(r, node, "an issue", keys);
    const char *title = ent__read_text(r, node, "title");
    issue->title = title[0] != 0 ? title : ent__title_of(r, issue->id);
    issue->question = ent__read_text(r, node, "question");
    const ent__yaml *scale = ent__required(r, node, "scale", "an issue"), *settle = ent__yaml_get(node, "settle");
    const ent__yaml *status_quo = ent__yaml_get(node, "status_quo"), *rough = ent__yaml_get(node, "model_error");
    if (scale != NULL)
        read_scale(r, issue, scale);
    if (status_quo != NULL)
        read_status_quo(r, issue, status_quo);
    const ent__yaml *given = ent__required(r, node, "stances", "an issue");
    if (given != NULL)
        read_stances(r, issue, given);
    if (settle != NULL) {
        issue->settle_place = settle->place;
        issue->n_settle = read_settle(r, &issue->settle, settle);
    }
    if (rough != NULL)
        read_model_error(r, issue, rough);
    ent__column *column[] = {&issue->position, &issue->salience, &issue->capability};
    ent__column_notes(r, ent__yaml_get(node, "columns"), column, ENT_COUNT(column));
}

void ent__read_issues(ent__reader *r, const ent__yaml *node)
{
    ent__issue *list = ent__is_mapping(r, node, "'issues'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    if (node->n > ENT_MAX_ISSUES) {
        ent__complain(&r->to, node->key_place, "%d issues; at most %d are read", (int)node->n, ENT_MAX_ISSUES);
        return;
    }
    r->out->issues = list;
    for (const ent__yaml *entry = node->first; entry != NULL && !r->to.no_memory; entry = entry->next) {
        ent__issue *issue = &list[r->out->n_issues];
        ent__column blank = {.unit = "", .source = "", .why = "", .place = entry->key_place};
        *issue = (ent__issue){.id = entry->key, .title = entry->key, .question = "", .place = entry->key_place,
                              .position = blank, .salience = blank, .capability = blank};
        issue->position.name = "position";
        issue->salience.name = "salience";
        issue->capability.name = "capability";
        bool named = ent__id(r, &r->dotted, entry->key, entry->key_place, "an issue", false);
        read_issue(r, issue, entry);
        r->out->n_issues += named;
    }
}

/* --- arenas: issues that are settled together ------------------------------------------------------ */

static int32_t find_issue(const ent__reader *r, const char *id)
{
    for (int32_t i = 0; i < r->out->n_issues; i++)
        if (strcmp(r->out->issues[i].id, id) == 0)
            return i;
    return -1;
}

/* An issue joins an arena: it must be known, without a `settle:` of its own, and in no other arena. */
static void join_issue(ent__reader *r, ent__joint *joint, const char *id, ent__place place)
{
    int32_t i = find_issue(r, id);
    if (i < 0) {
        const char *names[ENT_MAX_ISSUES];
        char guess[128];
        for (int32_t k = 0; k < r->out->n_issues; k++)
            names[k] = r->out->issues[k].id;
        ent__complain(&r->to, place, "there is no issue '%.60s'%s", id,
                      ent__guess(r, guess, id, names, (size_t)r->out->n_issues));
        return;
    }
    ent__issue *issue = &r->out->issues[i];
    if (issue->n_settle > 0)
        ent__complain(&r->to, place, "issue '%s' says itself how it is settled, so it cannot be in an arena", id);
    else if (issue->joint != 0)
        ent__complain(&r->to, place, "issue '%s' is in an arena already", id);
    else {
        issue->joint = r->out->n_joints + 1;
        joint->issue[joint->n_issues++] = i;
    }
}

static void read_arena(ent__reader *r, ent__joint *joint, const ent__yaml *node)
{
    static const char *const keys[] = {"issues", "settle", NULL};
    if (!ent__is_mapping(r, node, "an arena"))
        return;
    ent__keys(r, node, "an arena", keys);
    const ent__yaml *issues = ent__required(r, node, "issues", "an arena"), *settle = ent__required(r, node, "settle", "an arena");
    ent__place *place = NULL;
    int32_t n = 0;
    const char **id = issues != NULL ? ent__read_texts(r, issues, "'issues'", &n, &place) : NULL;
    joint->issue = ent__take(&r->to, (size_t)n, sizeof *joint->issue);
    for (int32_t i = 0; i < n && id != NULL && joint->issue != NULL; i++)
        join_issue(r, joint, id[i], place[i]);
    if (settle == NULL)
        return;
    joint->settle_place = settle->place;
    joint->n_settle = read_settle(r, &joint->settle, settle);
}

void ent__read_arenas(ent__reader *r, const ent__yaml *node)
{
    ent__joint *list = ent__is_mapping(r, node, "'arenas'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    r->out->joints = list;
    for (const ent__yaml *entry = node->first; entry != NULL && !r->to.no_memory; entry = entry->next) {
        ent__joint *joint = &list[r->out->n_joints];
        *joint = (ent__joint){.id = entry->key, .place = entry->key_place};
        if (!ent__id(r, &r->dotted, entry->key, entry->key_place, "an arena", false))
            continue;
        read_arena(r, joint, entry);
        r->out->n_joints++;
    }
}
