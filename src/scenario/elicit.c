/* Tables of answers: what experts say of where actors stand, how much they care and how much they count.
 *
 *     actor, position, salience, capability       needed; with a scenario to be like, any of the three numbers
 *     issue                                       where there are several
 *     expert, weight                              who says it, and how much that counts among the experts
 *     name, source, note                          what the actor is called, why the expert thinks so, what else
 *
 * A cell holds what a cell of a table of stances may hold. Cells that are empty are no answers, and rows without any are
 * passed over: nobody needs to answer everything. */
#include "scenario/elicit.h"
#include "scenario/cells.h"
#include "scenario/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ACTOR, POSITION, SALIENCE, CAPABILITY, ISSUE, EXPERT, WEIGHT, NAME, SOURCE, NOTE, COLUMNS };
static const char *const column_name[COLUMNS] = {"actor",  "position", "salience", "capability", "issue",
                                                 "expert", "weight",   "name",     "source",     "note"};

typedef struct sheet {
    ent__csv table;
    int32_t column[COLUMNS];
    const char *name, *stem; /* of the file, without folders; and without its ending */
    bool several;            /* files: who is not named is called by the file */
} sheet;

static const ent__cell *cell_of(const sheet *s, int32_t row, int column)
{
    static const ent__cell empty = {.text = ""};
    return s->column[column] < 0 ? &empty : ent__csv_cell(&s->table, row, s->column[column]);
}

static ent__place place_of(const sheet *s, int32_t row, int column)
{
    const ent__cell *cell = s->column[column] < 0 ? cell_of(s, row, ACTOR) : cell_of(s, row, column);
    return ent__cell_place(&s->table, cell);
}

/* --- columns ----------------------------------------------------------------------------------------------------- */

static void missing(ent__answers *to, const sheet *s, const char *name, const char *why)
{
    const char *names[ENT_MAX_CSV_COLUMNS];
    char guess[128];
    for (int32_t i = 0; i < s->table.n_columns; i++)
        names[i] = s->table.header[i].text;
    ent__complain(&to->reader.to, (ent__place){s->table.file, s->table.header[0].line, 1}, "there is no column '%s'%s%s", name, why,
                  ent__guess(&to->reader, guess, name, names, (size_t)s->table.n_columns));
}

static bool find_columns(ent__answers *to, sheet *s)
{
    int32_t before = to->reader.to.errors, numbers = 0;
    for (int c = 0; c < COLUMNS; c++) {
        s->column[c] = ent__csv_column(&s->table, column_name[c]);
        numbers += c >= POSITION && c <= CAPABILITY && s->column[c] >= 0;
        if (s->column[c] < 0 && (c == ACTOR || (to->like == NULL && c >= POSITION && c <= CAPABILITY)))
            missing(to, s, column_name[c], "");
    }
    if (numbers == 0 && to->like != NULL)
        missing(to, s, "position", ", nor salience or capability: nothing is answered");
    if (to->like != NULL && s->column[ISSUE] < 0 && to->issue.n > 1)
        missing(to, s, "issue", ", and the scenario has several issues");
    if (s->column[WEIGHT] >= 0 && s->column[EXPERT] < 0 && !s->several)
        missing(to, s, "expert", ", and the weight is an expert's");
    for (int32_t i = 0; i < s->table.n_columns; i++) {
        bool known = false;
        for (int c = 0; c < COLUMNS; c++)
            known |= s->column[c] == i;
        if (!known)
            ent__warn(&to->reader.to, ent__cell_place(&s->table, &s->table.header[i]), "column '%.60s' is not read",
                      s->table.header[i].text);
    }
    return to->reader.to.errors == before;
}

/* --- who and what --------------------------------------------------------------------------------------------------- */

/* An actor, or its full name, of the scenario that is to be like; else a new one. -1, told, where there is none. */
static int32_t read_actor(ent__answers *to, const sheet *s, int32_t row)
{
    const ent__cell *cell = cell_of(s, row, ACTOR), *name = cell_of(s, row, NAME);
    ent__parse *p = &to->reader.to;
    char guess[128];
    if (cell->text[0] == 0) {
        ent__complain(p, place_of(s, row, ACTOR), "who is this about? The cell 'actor' is empty");
        return -1;
    }
    int32_t found = ent__names_find(&to->actor, cell->text);
    int32_t full = found < 0 ? ent__names_find(&to->full, cell->text) : -1;
    if (found >= 0 || full >= 0)
        return found >= 0 ? found : to->full_of[full];
    if (to->like != NULL) {
        ent__complain(p, place_of(s, row, ACTOR), "'%.60s' is no actor of the scenario%s", cell->text,
                      ent__guess(&to->reader, guess, cell->text, to->actor.name, (size_t)to->actor.n));
        return -1;
    }
    found = ent__names_add(p, &to->actor, cell->text, place_of(s, row, ACTOR));
    void *items = to->actor_name;
    const char **fresh = ent__more(p, &items, &to->n_actor_names, &to->actor_room, sizeof *fresh);
    to->actor_name = items;
    if (fresh == NULL)
        return -1;
    *fresh = name->text[0] != 0 ? name->text : cell->text;
    return found;
}

static int32_t read_issue(ent__answers *to, const sheet *s, int32_t row)
{
    const ent__cell *cell = cell_of(s, row, ISSUE);
    ent__parse *p = &to->reader.to;
    char guess[128];
    if (to->like != NULL && s->column[ISSUE] < 0)
        return 0; /* the only one */
    if (s->column[ISSUE] >= 0 && cell->text[0] == 0) {
        ent__complain(p, place_of(s, row, ISSUE), "on which issue? The cell 'issue' is empty");
        return -1;
    }
    const char *name = s->column[ISSUE] >= 0 ? cell->text : s->stem;
    int32_t found = ent__names_find(&to->issue, name);
    if (found >= 0 || to->like == NULL)
        return found >= 0 ? found : ent__names_add(p, &to->issue, name, place_of(s, row, ISSUE));
    ent__complain(p, place_of(s, row, ISSUE), "'%.60s' is no issue of the scenario%s", name,
                  ent__guess(&to->reader, guess, name, to->issue.name, (size_t)to->issue.n));
    return -1;
}

/* Issues of one scenario that share a table share its answers. */
static const char *table_of(const ent__answers *to, int32_t issue)
{
    return to->like != NULL && to->like->issues[issue].stances_file != NULL ? to->like->issues[issue].stances_file : to->issue.name[issue];
}

/* Nobody speaks twice of the same. */
static bool is_first(ent__answers *to, const sheet *s, int32_t row, const ent__answer *a)
{
    ent__parse *p = &to->reader.to;
    const char *key = ent__arena_printf(p->arena, "%s\x1f%s\x1f%s", table_of(to, a->issue), to->actor.name[a->actor], a->expert);
    if (key == NULL) {
        p->no_memory = true;
        return false;
    }
    int32_t n = to->seen.n, found = ent__names_add(p, &to->seen, key, a->place);
    if (found == n || found < 0)
        return found == n;
    const char *slash = strrchr(to->seen.place[found].file, '/');
    ent__complain(p, place_of(s, row, EXPERT), "%s%.60s%s has spoken of '%.60s' on '%.60s' already, in %.60s, line %d",
                  a->expert[0] != 0 ? "'" : "", a->expert[0] != 0 ? a->expert : "somebody without a name",
                  a->expert[0] != 0 ? "'" : "", to->actor.name[a->actor], to->issue.name[a->issue],
                  slash != NULL ? slash + 1 : to->seen.place[found].file, (int)to->seen.place[found].line);
    return false;
}

/* --- numbers -------------------------------------------------------------------------------------------------------- */

/* As a table with commas between its cells has it: 0,5 as 0.5, and uniform(0,5; 2) as uniform(0.5, 2). */
static const char *with_points(ent__answers *to, const char *text, bool comma)
{
    char *copy = comma ? ent__keep(&to->reader.to, text, strlen(text)) : NULL;
    if (copy == NULL)
        return text;
    for (char *c = copy; *c != 0; c++) {
        bool between = c > copy && c[-1] >= '0' && c[-1] <= '9' && c[1] >= '0' && c[1] <= '9';
        if (*c == ',' && between)
            *c = '.';
        else if (*c == ';')
            *c = ',';
    }
    return copy;
}

static void read_number(ent__answers *to, const sheet *s, int32_t row, int which, ent__answer *a)
{
    static const char *const what[] = {"a position", "a salience", "a capability"};
    const ent__cell *cell = cell_of(s, row, POSITION + which);
    double low = which == ENT__ANSWER_POSITION ? -INFINITY : 0, high = which == ENT__ANSWER_SALIENCE ? 1 : INFINITY;
    ent__value value;
    a->number[which] = "";
    if (cell->text[0] == 0)
        return;
    if (which == ENT__ANSWER_POSITION && to->like != NULL && to->like->issues[a->issue].n_labels > 0) {
        const ent__issue *issue = &to->like->issues[a->issue];
        low = issue->label[0].at;
        high = issue->label[issue->n_labels - 1].at;
    }
    ent__cell_value(&to->reader, &value, &s->table, cell);
    if (value.kind == ENT__VALUE_DISTRIBUTION && low > -INFINITY)
        ent__clamp(&to->reader, &value, what[which], low, high);
    if (which == ENT__ANSWER_POSITION) {
        a->low = value.low;
        a->high = value.high;
    }
    a->number[which] = with_points(to, cell->text, s->table.comma);
}

static void read_weight(ent__answers *to, const sheet *s, int32_t row, ent__answer *a)
{
    const ent__cell *cell = cell_of(s, row, WEIGHT);
    double weight;
    a->weight = with_points(to, cell->text, s->table.comma);
    if (cell->text[0] != 0 && (!ent__number_read(&weight, a->weight, strlen(a->weight), false) || !(weight > 0)))
        ent__complain(&to->reader.to, place_of(s, row, WEIGHT), "an expert's weight is a number above 0, found '%.60s'", cell->text);
}

static void read_row(ent__answers *to, const sheet *s, int32_t row)
{
    ent__parse *p = &to->reader.to;
    bool says = false;
    for (int c = POSITION; c <= CAPABILITY; c++)
        says |= cell_of(s, row, c)->text[0] != 0;
    if (!says)
        return;
    ent__answer a = {.actor = read_actor(to, s, row), .issue = read_issue(to, s, row), .low = NAN, .high = NAN};
    if (a.actor < 0 || a.issue < 0)
        return;
    a.place = place_of(s, row, ACTOR);
    a.expert = cell_of(s, row, EXPERT)->text;
    if (a.expert[0] == 0 && s->several)
        a.expert = s->stem;
    a.note = cell_of(s, row, NOTE)->text;
    a.source = cell_of(s, row, SOURCE)->text;
    if (a.source[0] == 0)
        a.source = ent__arena_printf(p->arena, "%s, line %d", s->name, (int)a.place.line);
    p->no_memory |= a.source == NULL;
    if (p->no_memory || !is_first(to, s, row, &a))
        return;
    if (to->like != NULL && to->like->issues[a.issue].stances_file == NULL) {
        ent__complain(p, place_of(s, row, ISSUE), "the stances on '%.60s' stand in scenario.yaml: put them in a table, which answers can replace",
                      to->issue.name[a.issue]);
        return;
    }
    for (int c = 0; c < ENT__ANSWER_NUMBERS; c++)
        read_number(to, s, row, c, &a);
    read_weight(to, s, row, &a);
    (void)ent__names_add(p, &to->expert, a.expert, a.place);
    void *items = to->answer;
    ent__answer *fresh = ent__more(p, &items, &to->n, &to->room, sizeof *fresh);
    to->answer = items;
    if (fresh != NULL)
        *fresh = a;
}

/* --- files ---------------------------------------------------------------------------------------------------------- */

ent_status ent__answers_read(ent__answers *to, const char *path, bool several)
{
    ent__parse *p = &to->reader.to;
    char *text = NULL, problem[160];
    size_t length = 0;
    ent_status status = ent__file_read(&text, &length, path, problem);
    if (status == ENT_ERR_MEMORY)
        return status;
    if (status != ENT_OK) {
        ent__complain(p, (ent__place){path, 0, 0}, "%s", problem);
        return status;
    }
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path, *dot = strrchr(name, '.');
    sheet s = {.name = name, .several = several};
    s.stem = ent__keep(p, name, dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name));
    to->files = ent__arena_printf(p->arena, "%s%s%s", to->files, to->files[0] != 0 ? ", " : "", name);
    size_t before = ent_diagnostics_errors(p->list);
    status = to->files == NULL || s.stem == NULL ? ENT_ERR_MEMORY
                                                 : ent__csv_parse(&s.table, p->arena, text, length, path, p->list);
    ent__free(text);
    p->errors += (int32_t)(ent_diagnostics_errors(p->list) - before);
    if (status != ENT_OK && status != ENT_ERR_SCENARIO)
        return status;
    if (s.table.header == NULL || s.table.cell == NULL || !find_columns(to, &s))
        return ENT_OK; /* told */
    for (int32_t row = 0; row < s.table.n_rows && !p->no_memory; row++)
        read_row(to, &s, row);
    return p->no_memory ? ENT_ERR_MEMORY : ENT_OK;
}

bool ent__answers_sort(ent__answers *all)
{
    all->first = ent__take(&all->reader.to, (size_t)all->issue.n, sizeof *all->first);
    all->last = ent__take(&all->reader.to, (size_t)all->issue.n, sizeof *all->last);
    if (all->first == NULL || all->last == NULL)
        return false;
    for (size_t k = 0; k < all->n; k++) {
        int32_t i = all->answer[k].issue, at = (int32_t)k + 1;
        if (all->first[i] == 0)
            all->first[i] = at;
        else
            all->answer[all->last[i] - 1].next = at;
        all->last[i] = at;
    }
    return true;
}

/* The actors, groups and issues that may be spoken of. */
static void take_names(ent__answers *all)
{
    const ent_scenario *s = all->like;
    ent__parse *p = &all->reader.to;
    all->full_of = ent__take(p, (size_t)s->n_actors + (size_t)s->n_groups, sizeof *all->full_of);
    for (int32_t i = 0; i < s->n_actors + s->n_groups && !p->no_memory; i++) {
        bool group = i >= s->n_actors;
        const char *id = group ? s->groups[i - s->n_actors].id : s->actors[i].id;
        int32_t n = all->actor.n;
        if (ent__names_add(p, &all->actor, id, (ent__place){"", 0, 0}) < n)
            continue; /* a group of an actor's id is that actor's inside */
        void *items = all->actor_name;
        const char **name = ent__more(p, &items, &all->n_actor_names, &all->actor_room, sizeof *name);
        all->actor_name = items;
        if (name == NULL)
            return;
        *name = group ? s->groups[i - s->n_actors].name : s->actors[i].name;
        int32_t before = all->full.n, full = ent__names_add(p, &all->full, *name, (ent__place){"", 0, 0});
        if (full == before)
            all->full_of[full] = n;
    }
    for (int32_t i = 0; i < s->n_issues && !p->no_memory; i++)
        (void)ent__names_add(p, &all->issue, s->issues[i].id, (ent__place){"", 0, 0});
}

/* What was written passes its own check; else the first thing that is wrong with it. */
static ent_status check_made(const ent__new_folder *to, ent_error *err)
{
    ent_scenario *made = NULL;
    ent_error wrong = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = list != NULL ? ent_scenario_read(&made, to->made, list, &wrong) : ENT_ERR_MEMORY;
    if (status != ENT_OK)
        (void)ent__error_set(err, status, "", 0, 0, "the answers make no whole scenario: %s", wrong.message);
    ent_scenario_free(made);
    ent_diagnostics_free(list);
    return status;
}

static ent_status write_all(ent__answers *all, const char *folder, ent_error *err)
{
    ent__new_folder to;
    ent_status status = ent__new_folder_open(&to, all->reader.to.arena, folder, err);
    if (status == ENT_OK)
        status = ent__answers_write(all, &to);
    if (status == ENT_OK)
        status = check_made(&to, err);
    return ent__new_folder_close(&to, status);
}

static void count(ent_elicited *told, const ent__answers *all)
{
    bool *seen = ent__arena_alloc(all->reader.to.arena, (size_t)all->actor.n, sizeof *seen);
    *told = (ent_elicited){.experts = (size_t)all->expert.n, .answers = all->n};
    for (int32_t i = 0; i < all->issue.n; i++)
        told->issues += all->first[i] > 0;
    for (size_t k = 0; k < all->n && seen != NULL; k++) {
        told->actors += !seen[all->answer[k].actor];
        seen[all->answer[k].actor] = true;
    }
}

/* The first error of the list as the call's. */
static ent_status first_error(ent_status status, ent_diagnostics *list, ent_error *err)
{
    ent_diagnostics_sort(list);
    for (size_t i = 0; i < ent_diagnostics_count(list); i++) {
        ent_diagnostic d = ent_diagnostics_get(list, i);
        if (d.severity == ENT_SEVERITY_ERROR)
            return ent__error_set(err, status, d.file, d.line, d.column, "%s", d.message);
    }
    return ent__error_set(err, status, "", 0, 0, "%s", ent_status_text(status));
}

ent_status ent_elicit_scenario(ent_elicited *told, const char *const *file, size_t n, const char *like,
                               const char *folder, ent_diagnostics *list, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__answers all = {.files = "", .reader.to = {.arena = ent__arena_create(), .list = list}};
    ENT_REQUIRE(all.reader.to.arena != NULL, ENT_ERR_MEMORY, "not enough memory");
    ENT_REQUIRE(n > 0 && file != NULL, ENT_ERR_ARGUMENT, "no table of answers is given");
    ENT_REQUIRE(folder != NULL && folder[0] != 0, ENT_ERR_ARGUMENT, "a scenario needs a folder to be written to");
    if (like != NULL) {
        ENT_TRY(ent_scenario_read(&all.like, like, list, err));
        take_names(&all);
    }
    for (size_t k = 0; k < n; k++) {
        ent_status read = ent__answers_read(&all, file[k], n > 1);
        status = status == ENT_OK || read == ENT_ERR_MEMORY ? read : status;
    }
    if (all.reader.to.no_memory)
        status = ENT_ERR_MEMORY;
    if (status == ENT_OK && all.n == 0 && all.reader.to.errors == 0)
        ent__complain(&all.reader.to, (ent__place){file[0], 0, 0}, "nothing is answered: no row has a position, a salience or a capability");
    if (status == ENT_OK && all.reader.to.errors > 0)
        status = ENT_ERR_SCENARIO;
    if (status != ENT_OK)
        status = first_error(status, list, err);
    else if (!ent__answers_sort(&all))
        status = ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory");
    else
        status = write_all(&all, folder, err);
    if (status == ENT_OK && told != NULL)
        count(told, &all);
done:
    ent_scenario_free(all.like);
    ent__arena_free(all.reader.to.arena);
    return status;
}
