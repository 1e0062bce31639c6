/* Actors: a table with columns id, name and whatever a scenario knows of them, or a list or mapping in scenario.yaml.
 *
 * A column is of numbers when at least half of its cells that are not empty look like one; then every cell must be.
 * Else it is of words, by which groups choose their members. */
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

void ent__cell_value(ent__reader *r, ent__value *out, const ent__csv *table, const ent__cell *cell)
{
    ent__value_read(out, &r->to, cell->text, ent__cell_place(table, cell), table->comma);
    if (out->kind != ENT__VALUE_EXPRESSION)
        return;
    bool word = out->expression->kind == ENT__NODE_NAME;
    ent__complain(&r->to, out->place, "'%.60s' is no number and no distribution; %s", out->text,
                  word ? "leave the cell empty where nothing is known"
                       : "what is made of others stands under `quantities`");
    out->kind = ENT__VALUE_NONE;
}

void ent__column_notes(ent__reader *r, const ent__yaml *node, ent__column *const *column, int32_t n)
{
    static const char *const keys[] = {"unit", "source", "why", NULL};
    if (node == NULL || !ent__is_mapping(r, node, "'columns'"))
        return;
    const char **names = ent__take(&r->to, (size_t)n, sizeof *names);
    if (names == NULL)
        return;
    for (int32_t i = 0; i < n; i++)
        names[i] = column[i]->name;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        int32_t i = 0;
        while (i < n && strcmp(names[i], entry->key) != 0)
            i++;
        if (i == n) {
            char guess[128];
            ent__complain(&r->to, entry->key_place, "'%.60s' is no column of the table%s", entry->key,
                          ent__guess(r, guess, entry->key, names, (size_t)n));
            continue;
        }
        if (entry->kind == ENT__YAML_TEXT) { /* a word for the unit alone */
            column[i]->unit = entry->text;
            continue;
        }
        if (!ent__is_mapping(r, entry, "a column"))
            continue;
        ent__keys(r, entry, "a column", keys);
        column[i]->unit = ent__read_text(r, entry, "unit");
        column[i]->source = ent__read_text(r, entry, "source");
        column[i]->why = ent__read_text(r, entry, "why");
    }
}

/* --- shared by both forms -------------------------------------------------------------------------- */

static bool has_notes_only(const char *column)
{
    static const char *const notes[] = {"source", "why", "note", "notes"};
    for (size_t i = 0; i < ENT_COUNT(notes); i++)
        if (strcmp(column, notes[i]) == 0)
            return true;
    return false;
}

static bool looks_like_number(const char *text)
{
    static const char *const forms[] = {"normal", "lognormal",  "uniform", "beta",
                                        "gamma",  "triangular", "pert",    "discrete"};
    double x;
    if (ent__number_scan(&x, text, strlen(text)) > 0)
        return true;
    for (size_t i = 0; i < ENT_COUNT(forms); i++) {
        size_t length = strlen(forms[i]);
        if (strncmp(text, forms[i], length) == 0 && strchr(" ({", text[length]) != NULL)
            return true;
    }
    return false;
}

static bool is_numeric(const ent_scenario *s, int32_t column)
{
    int32_t filled = 0, numbers = 0;
    if (has_notes_only(s->actor_column[column].name))
        return false;
    for (int32_t i = 0; i < s->n_actors; i++) {
        const char *text = s->actors[i].text[column];
        filled += text[0] != 0;
        numbers += text[0] != 0 && looks_like_number(text);
    }
    return numbers > 0 && 2 * numbers >= filled;
}

static bool new_column(ent__reader *r, ent__column *column, const char *name, ent__place place)
{
    *column = (ent__column){.name = name, .unit = "", .source = "", .why = "", .place = place};
    if (!ent__id(r, &r->columns, name, place, "a column", false))
        return false;
    return has_notes_only(name) || ent__id(r, &r->numbers, name, place, "a column", false);
}

/* Room for n actors with the columns known by now. */
static bool make_actors(ent__reader *r, size_t n)
{
    ent_scenario *s = r->out;
    size_t columns = (size_t)s->n_actor_columns;
    s->actors = ent__take(&r->to, n, sizeof *s->actors);
    const char **text = ent__take(&r->to, n * columns, sizeof *text);
    ent__value *value = ent__take(&r->to, n * columns, sizeof *value);
    if (s->actors == NULL || text == NULL || value == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        s->actors[i].text = text + i * columns;
        s->actors[i].value = value + i * columns;
        for (size_t c = 0; c < columns; c++) {
            text[i * columns + c] = "";
            value[i * columns + c] = (ent__value){.text = "", .unit = "", .source = "", .why = ""};
        }
    }
    return true;
}

static bool too_many(ent__reader *r, int32_t n, ent__place place)
{
    if (n <= ENT_MAX_ACTORS)
        return false;
    ent__complain(&r->to, place, "%d actors; at most %d are read", (int)n, ENT_MAX_ACTORS);
    return true;
}

/* --- a table --------------------------------------------------------------------------------------- */

static void read_columns(ent__reader *r, const ent__csv *table, int32_t *place_of)
{
    ent_scenario *s = r->out;
    s->actor_column = ent__take(&r->to, (size_t)table->n_columns, sizeof *s->actor_column);
    if (s->actor_column == NULL)
        return;
    for (int32_t c = 0; c < table->n_columns; c++) {
        const ent__cell *cell = &table->header[c];
        if (strcmp(cell->text, "id") == 0 || strcmp(cell->text, "name") == 0 || cell->text[0] == 0)
            continue;
        if (new_column(r, &s->actor_column[s->n_actor_columns], cell->text, ent__cell_place(table, cell)))
            place_of[s->n_actor_columns++] = c;
    }
}

static void read_table(ent__reader *r, const char *file, ent__place said)
{
    ent_scenario *s = r->out;
    ent__csv table;
    if (!ent__read_csv(r, file, said, &table) || too_many(r, table.n_rows, said))
        return;
    int32_t id = ent__csv_column(&table, "id"), name = ent__csv_column(&table, "name");
    int32_t *place_of = ent__take(&r->to, (size_t)table.n_columns, sizeof *place_of);
    if (id < 0) {
        ent__complain(&r->to, (ent__place){table.file, 1, 1}, "the table of actors has no column 'id'");
        return;
    }
    if (place_of == NULL)
        return;
    read_columns(r, &table, place_of);
    if (r->to.no_memory || !make_actors(r, (size_t)table.n_rows))
        return;
    for (int32_t row = 0; row < table.n_rows; row++) {
        const ent__cell *cell = ent__csv_cell(&table, row, id);
        if (!ent__id(r, &r->actors, cell->text, ent__cell_place(&table, cell), "an actor", true))
            continue;
        ent__actor *actor = &s->actors[s->n_actors++];
        const char *given = name >= 0 ? ent__csv_cell(&table, row, name)->text : "";
        actor->id = cell->text;
        actor->name = given[0] != 0 ? given : cell->text;
        actor->place = ent__cell_place(&table, cell);
        for (int32_t c = 0; c < s->n_actor_columns; c++) {
            const ent__cell *source = ent__csv_cell(&table, row, place_of[c]);
            actor->text[c] = source->text;
            actor->value[c].place = ent__cell_place(&table, source);
        }
    }
    for (int32_t c = 0; c < s->n_actor_columns; c++) {
        if (!is_numeric(s, c))
            continue;
        for (int32_t i = 0; i < s->n_actors; i++) {
            ent__value *value = &s->actors[i].value[c];
            ent__cell source = {s->actors[i].text[c], value->place.line, value->place.column};
            ent__cell_value(r, value, &table, &source);
        }
    }
}

/* --- in scenario.yaml ------------------------------------------------------------------------------ */

/* Columns in the order in which they are first named. */
static void collect_columns(ent__reader *r, const ent__yaml *node)
{
    ent_scenario *s = r->out;
    size_t most = 0;
    for (const ent__yaml *actor = node->first; actor != NULL; actor = actor->next)
        most += actor->kind == ENT__YAML_MAPPING ? (size_t)actor->n : 0;
    s->actor_column = ent__take(&r->to, most, sizeof *s->actor_column);
    if (s->actor_column == NULL)
        return;
    for (const ent__yaml *actor = node->first; actor != NULL; actor = actor->next) {
        if (actor->kind != ENT__YAML_MAPPING)
            continue;
        for (const ent__yaml *entry = actor->first; entry != NULL; entry = entry->next)
            if (strcmp(entry->key, "name") != 0 && ent__names_find(&r->columns, entry->key) < 0 &&
                new_column(r, &s->actor_column[s->n_actor_columns], entry->key, entry->key_place))
                s->n_actor_columns++;
    }
}

static void read_cell(ent__reader *r, ent__actor *actor, int32_t column, const ent__yaml *node)
{
    ent__value *value = &actor->value[column];
    if (node->kind == ENT__YAML_TEXT && !looks_like_number(node->text)) {
        actor->text[column] = node->text; /* a word; whether the column is of numbers is for its user to ask */
        value->place = node->place;
        return;
    }
    ent__read_value(r, value, node, "an actor's column", NULL, NULL);
    actor->text[column] = value->text;
    if (value->kind == ENT__VALUE_EXPRESSION)
        ent__complain(&r->to, value->place, "'%.60s' is no number and no distribution", value->text);
}

static void read_inline(ent__reader *r, const ent__yaml *node)
{
    ent_scenario *s = r->out;
    bool list = node->kind == ENT__YAML_LIST;
    if (too_many(r, node->n, node->place))
        return;
    collect_columns(r, node);
    if (r->to.no_memory || !make_actors(r, (size_t)node->n))
        return;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        if (list && !ent__is_text(r, entry, "an actor in a list"))
            continue;
        const char *id = list ? entry->text : entry->key;
        ent__place place = list ? entry->place : entry->key_place;
        if (!ent__id(r, &r->actors, id, place, "an actor", true))
            continue;
        ent__actor *actor = &s->actors[s->n_actors++];
        actor->id = actor->name = id;
        actor->place = place;
        if (list)
            continue;
        if (entry->kind == ENT__YAML_TEXT) {
            actor->name = entry->text;
            continue;
        }
        if (!ent__is_mapping(r, entry, "an actor"))
            continue;
        const char *name = ent__read_text(r, entry, "name");
        actor->name = name[0] != 0 ? name : id;
        for (int32_t c = 0; c < s->n_actor_columns; c++) {
            const ent__yaml *cell = ent__yaml_get(entry, s->actor_column[c].name);
            if (cell != NULL)
                read_cell(r, actor, c, cell);
        }
    }
}

void ent__read_actors(ent__reader *r, const ent__yaml *node)
{
    int32_t before = r->to.errors;
    if (node->kind == ENT__YAML_TEXT)
        read_table(r, node->text, node->place);
    else if (node->kind == ENT__YAML_LIST || ent__is_mapping(r, node, "'actors'"))
        read_inline(r, node);
    if (r->out->n_actors == 0 && r->to.errors == before && !r->to.no_memory)
        ent__complain(&r->to, node->place, "there are no actors");
    r->no_actors = r->out->n_actors == 0;
}

void ent__read_columns(ent__reader *r, const ent__yaml *node)
{
    ent_scenario *s = r->out;
    ent__column **column = ent__take(&r->to, (size_t)s->n_actor_columns, sizeof *column);
    if (column == NULL || r->no_actors)
        return;
    for (int32_t c = 0; c < s->n_actor_columns; c++)
        column[c] = &s->actor_column[c];
    ent__column_notes(r, node, column, s->n_actor_columns);
}
