/* Decisions with known outcomes, in the layout of "Decision-making in the European Union".
 *
 * A row without a position says that the actor takes no part in that issue. A position without a salience gets the mean
 * salience of those who have both on the issue, 0.5 where nobody has: it then counts like the others. */
#include "scenario/deu.h"
#include "scenario/decisions.h"
#include "scenario/file.h"

#include <dirent.h>
#include <string.h>

typedef struct folder {
    ent__parse to;
    ent__decisions *out;
    const char *path;
    ent__names issue, proposal, actor;
    ent_decision_issue *issues;
    const char **names; /* of actors, by number */
    ent_status status;
} folder;

/* --- files --------------------------------------------------------------------------------------------- */

static bool ends_so(const char *name, const char *end)
{
    const size_t n = strlen(name), m = strlen(end);
    return n >= m && strcmp(name + n - m, end) == 0;
}

/* NAME in the folder, else the first in the alphabet that ends in NAME; NULL where there is none. */
static const char *find_file(folder *f, const char *name)
{
    const char *best = NULL;
    DIR *dir = opendir(f->path);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        if (!ends_so(entry->d_name, name) || entry->d_name[0] == '.')
            continue;
        if (strcmp(entry->d_name, name) == 0 || best == NULL ||
            (strcmp(best, name) != 0 && strcmp(entry->d_name, best) < 0))
            best = ent__keep(&f->to, entry->d_name, strlen(entry->d_name));
    }
    if (dir != NULL)
        closedir(dir);
    if (best == NULL)
        return NULL;
    return ent__arena_printf(f->to.arena, "%s%s%s", f->path, ends_so(f->path, "/") ? "" : "/", best);
}

static bool read_table(folder *f, ent__csv *csv, const char *path)
{
    char *text = NULL, problem[160];
    size_t length = 0;
    ent_status status = ent__file_read(&text, &length, path, problem);
    if (status != ENT_OK)
        ent__complain(&f->to, (ent__place){path, 0, 0}, "%s", status == ENT_ERR_MEMORY ? "needs more memory" : problem);
    else {
        const size_t before = ent_diagnostics_errors(f->to.list);
        status = ent__csv_parse(csv, f->to.arena, text, length, path, f->to.list);
        f->to.errors += (int32_t)(ent_diagnostics_errors(f->to.list) - before);
    }
    ent__free(text);
    if (status != ENT_OK && f->status == ENT_OK)
        f->status = status;
    return status == ENT_OK;
}

/* The columns of these names; the first `required` must be there. */
static bool find_columns(folder *f, int32_t *column, const ent__csv *csv, const char *const *name, size_t n,
                         size_t required)
{
    bool all = true;
    for (size_t k = 0; k < n; k++) {
        column[k] = ent__csv_column(csv, name[k]);
        if (column[k] >= 0 || k >= required)
            continue;
        all = false;
        ent__complain(&f->to, (ent__place){csv->file, csv->header[0].line, 1}, "there is no column '%s'", name[k]);
    }
    return all;
}

static const ent__cell *cell_at(const ent__csv *csv, int32_t row, int32_t column)
{
    static const ent__cell none = {.text = ""};
    return column >= 0 ? ent__csv_cell(csv, row, column) : &none;
}

/* A number in [low, high], or NaN where the cell is empty or wrong (which is told). */
static double number_at(folder *f, const ent__csv *csv, int32_t row, int32_t column, double low, double high)
{
    const ent__cell *cell = cell_at(csv, row, column);
    double x = ENT_UNDEFINED;
    if (cell->text[0] == 0)
        return ENT_UNDEFINED;
    if (!ent__number_read(&x, cell->text, strlen(cell->text), csv->comma) || x < low || x > high) {
        char a[32], b[32];
        ent__number_people(a, low, 7), ent__number_people(b, high, 7);
        ent__complain(&f->to, ent__cell_place(csv, cell), "'%.60s' is no number from %s to %s", cell->text, a, b);
        return ENT_UNDEFINED;
    }
    return x;
}

/* A name that must be there; its number, -1 where it is empty. */
static int32_t name_at(folder *f, ent__names *names, const ent__csv *csv, int32_t row, int32_t column)
{
    const ent__cell *cell = cell_at(csv, row, column);
    if (cell->text[0] != 0)
        return ent__names_add(&f->to, names, cell->text, ent__cell_place(csv, cell));
    ent__complain(&f->to, ent__cell_place(csv, cell), "the column '%s' is empty in this row", csv->header[column].text);
    return -1;
}

/* --- issues --------------------------------------------------------------------------------------------- */

enum { ISSUE, PROPOSAL, OUTCOME, REFERENCE, PROCEDURE, INTRODUCED, FINAL_ACT, ISSUE_COLUMNS };

static int32_t digits(const char *text, int n)
{
    int32_t x = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        x = 10 * x + text[i] - '0';
    }
    return x;
}

/* 2001-05-30, or 2001-05. Empty: nothing; anything else is told. */
static void read_date(folder *f, ent_decision_issue *issue, const ent__csv *csv, const ent__cell *cell)
{
    const size_t n = strlen(cell->text);
    if (n == 0)
        return;
    const bool long_enough = n == 10 || n == 7;
    const int32_t year = long_enough ? digits(cell->text, 4) : -1, month = year > 0 ? digits(cell->text + 5, 2) : -1;
    const int32_t day = n == 10 ? digits(cell->text + 8, 2) : 1;
    if (year < 1000 || month < 1 || month > 12 || day < 1 || day > 31 || cell->text[4] != '-' ||
        (n == 10 && cell->text[7] != '-')) {
        ent__complain(&f->to, ent__cell_place(csv, cell), "'%.60s' is no date such as 2001-05-30", cell->text);
        return;
    }
    issue->year = year;
    issue->month = month;
}

static void read_issue(folder *f, const ent__csv *csv, int32_t row, const int32_t *column)
{
    const int32_t before = f->issue.n, id = name_at(f, &f->issue, csv, row, column[ISSUE]);
    const int32_t proposal = name_at(f, &f->proposal, csv, row, column[PROPOSAL]);
    if (id < 0 || proposal < 0)
        return;
    if (id < before) {
        ent__complain(&f->to, ent__cell_place(csv, ent__csv_cell(csv, row, column[ISSUE])),
                      "the issue '%.60s' again: its first row is in line %d", f->issue.name[id],
                      (int)f->issue.place[id].line);
        return;
    }
    ent_decision_issue *issue = &f->issues[id];
    issue->id = f->issue.name[id];
    issue->proposal = proposal;
    issue->outcome = number_at(f, csv, row, column[OUTCOME], 0, 100);
    issue->reference = number_at(f, csv, row, column[REFERENCE], 0, 100);
    issue->codecision = strcmp(cell_at(csv, row, column[PROCEDURE])->text, "CNS") != 0;
    read_date(f, issue, csv, cell_at(csv, row, column[INTRODUCED]));
    read_date(f, issue, csv, cell_at(csv, row, column[FINAL_ACT]));
}

static void read_issues(folder *f)
{
    static const char *const name[ISSUE_COLUMNS] = {"issue",     "proposal",   "outcome",  "reference_point",
                                                    "procedure", "introduced", "final_act"};
    ent__csv csv;
    int32_t column[ISSUE_COLUMNS];
    const char *path = find_file(f, "issues.csv");
    if (path == NULL) {
        DIR *dir = opendir(f->path);
        ent__complain(&f->to, (ent__place){f->path, 0, 0}, "%s",
                      dir == NULL ? "there is no such folder that can be read"
                                  : "there is no file issues.csv in it, nor one whose name ends so; docs/backtest.md "
                                    "tells the layout");
        if (dir != NULL)
            closedir(dir);
        f->status = ENT_ERR_IO;
        return;
    }
    if (!read_table(f, &csv, path) || !find_columns(f, column, &csv, name, ISSUE_COLUMNS, REFERENCE))
        return;
    f->issues = ent__take(&f->to, (size_t)csv.n_rows + 1, sizeof *f->issues);
    for (int32_t row = 0; row < csv.n_rows && !f->to.no_memory; row++)
        read_issue(f, &csv, row, column);
    if (csv.n_rows == 0)
        ent__complain(&f->to, (ent__place){path, csv.header[0].line, 1}, "the table has no rows, only its header");
}

/* --- stances --------------------------------------------------------------------------------------------- */

enum { OF_ISSUE, ACTOR, POSITION, SALIENCE, ACTOR_NAME, CAPABILITY, ACTOR_COLUMNS };

typedef struct row_of {
    int32_t issue;
    ent_decision_stance stance;
} row_of;

static int32_t find_issue(folder *f, const ent__csv *csv, int32_t row, int32_t column)
{
    const ent__cell *cell = ent__csv_cell(csv, row, column);
    const int32_t id = cell->text[0] != 0 ? ent__names_find(&f->issue, cell->text) : -1;
    if (id < 0)
        ent__complain(&f->to, ent__cell_place(csv, cell), "the issue '%.60s' is not in the table of issues",
                      cell->text);
    return id;
}

/* One row: false where it holds no stance, or is wrong. */
static bool read_stance(folder *f, row_of *out, const ent__csv *csv, int32_t row, const int32_t *column)
{
    ent_decisions *whole = &f->out->whole;
    out->issue = find_issue(f, csv, row, column[OF_ISSUE]);
    out->stance.actor = name_at(f, &f->actor, csv, row, column[ACTOR]);
    out->stance.position = number_at(f, csv, row, column[POSITION], 0, 100);
    out->stance.salience = number_at(f, csv, row, column[SALIENCE], 0, 100) / 100;
    out->stance.capability = number_at(f, csv, row, column[CAPABILITY], 0, 1e12);
    if (out->issue < 0 || out->stance.actor < 0)
        return false;
    if (f->names[out->stance.actor] == NULL)
        f->names[out->stance.actor] = cell_at(csv, row, column[ACTOR_NAME])->text;
    const bool stated = !ent__is_undefined(out->stance.position);
    whole->no_position += !stated;
    whole->no_salience += stated && ent__is_undefined(out->stance.salience);
    return stated;
}

/* Rows by issue, in the order of the file within each. */
static ent_decision_stance *by_issue(folder *f, const row_of *row, size_t n)
{
    ent_decision_stance *stance = ent__take(&f->to, n + 1, sizeof *stance);
    size_t first = 0;
    if (stance == NULL)
        return NULL;
    for (size_t i = 0; i < n; i++)
        f->issues[row[i].issue].n++;
    for (int32_t k = 0; k < f->issue.n; k++) {
        f->issues[k].first = first;
        first += f->issues[k].n;
        f->issues[k].n = 0;
    }
    for (size_t i = 0; i < n; i++) {
        ent_decision_issue *issue = &f->issues[row[i].issue];
        stance[issue->first + issue->n++] = row[i].stance;
    }
    return stance;
}

/* An actor twice on an issue, and salience where there is none. */
static void complete(folder *f, const ent_decision_issue *issue, ent_decision_stance *stance, int32_t *seen,
                     int32_t mark)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < issue->n; i++) {
        if (seen[stance[i].actor] == mark)
            ent__complain(&f->to, (ent__place){f->path, 0, 0}, "the actor '%.60s' has two rows on the issue '%.60s'",
                          f->actor.name[stance[i].actor], issue->id);
        seen[stance[i].actor] = mark;
        if (ent__is_undefined(stance[i].salience))
            continue;
        sum += stance[i].salience;
        n++;
    }
    for (size_t i = 0; i < issue->n; i++)
        if (ent__is_undefined(stance[i].salience))
            stance[i].salience = n > 0 ? sum / n : 0.5;
}

static void read_actors(folder *f)
{
    static const char *const name[ACTOR_COLUMNS] = {"issue", "actor", "position", "salience", "actor_name", "capability"};
    ent__csv csv;
    int32_t column[ACTOR_COLUMNS];
    size_t n = 0;
    const char *path = find_file(f, "actors.csv");
    if (path == NULL) {
        ent__complain(&f->to, (ent__place){f->path, 0, 0},
                      "there is no file actors.csv in it, nor one whose name ends so");
        f->status = ENT_ERR_IO;
        return;
    }
    if (f->issues == NULL || !read_table(f, &csv, path) ||
        !find_columns(f, column, &csv, name, ACTOR_COLUMNS, ACTOR_NAME))
        return;
    row_of *rows = ent__take(&f->to, (size_t)csv.n_rows + 1, sizeof *rows);
    f->names = ent__take(&f->to, (size_t)csv.n_rows + 1, sizeof *f->names);
    for (int32_t row = 0; row < csv.n_rows && !f->to.no_memory; row++)
        n += read_stance(f, &rows[n], &csv, row, column);
    ent_decision_stance *stance = f->to.no_memory ? NULL : by_issue(f, rows, n);
    int32_t *seen = ent__take(&f->to, (size_t)f->actor.n + 1, sizeof *seen);
    for (int32_t k = 0; k < f->issue.n && stance != NULL && seen != NULL; k++)
        complete(f, &f->issues[k], stance + f->issues[k].first, seen, k + 1);
    f->out->whole.stance = stance;
    f->out->whole.stances = n;
}

/* --- votes, population, GDP ------------------------------------------------------------------------------- */

static void read_votes(folder *f)
{
    static const char *const name[1 + ENT__TREATIES] = {"country",    "votes_ec9",          "votes_ec10",
                                                        "votes_ec12", "votes_eu15_to_2004", "votes_nice_2004_2014"};
    ent__csv csv;
    int32_t column[1 + ENT__TREATIES];
    const char *path = find_file(f, "council_votes.csv");
    if (path == NULL || !read_table(f, &csv, path) || !find_columns(f, column, &csv, name, ENT_COUNT(name), 1))
        return;
    f->out->votes = ent__take(&f->to, ((size_t)csv.n_rows + 1) * ENT__TREATIES, sizeof *f->out->votes);
    for (int32_t row = 0; row < csv.n_rows && !f->to.no_memory; row++) {
        const int32_t voter = name_at(f, &f->out->voter, &csv, row, column[0]);
        for (int32_t t = 0; voter >= 0 && t < ENT__TREATIES; t++)
            f->out->votes[voter * ENT__TREATIES + t] = number_at(f, &csv, row, column[1 + t], 0, 1e6);
    }
    f->out->whole.has_votes = true;
}

static void read_states(folder *f)
{
    static const char *const name[] = {"country", "year", "population", "gdp"};
    ent__csv csv;
    int32_t column[ENT_COUNT(name)];
    const char *path = find_file(f, "states.csv");
    if (path == NULL || !read_table(f, &csv, path) || !find_columns(f, column, &csv, name, ENT_COUNT(name), 2))
        return;
    ent__state_year *year = ent__take(&f->to, (size_t)csv.n_rows + 1, sizeof *year);
    for (int32_t row = 0; row < csv.n_rows && !f->to.no_memory; row++) {
        const int32_t state = name_at(f, &f->out->state, &csv, row, column[0]);
        const double when = number_at(f, &csv, row, column[1], 1000, 9999);
        year[row] =
            (ent__state_year){state, ent__is_undefined(when) ? 0 : (int32_t)when,
                              number_at(f, &csv, row, column[2], 0, 1e12), number_at(f, &csv, row, column[3], 0, 1e18)};
    }
    f->out->year = year;
    f->out->n_years = csv.n_rows;
    f->out->whole.has_states = true;
}

/* --- the whole -------------------------------------------------------------------------------------------- */

static void conclude(folder *f)
{
    ent_decisions *whole = &f->out->whole;
    for (int32_t a = 0; a < f->actor.n; a++)
        f->names[a] = f->names[a] != NULL && f->names[a][0] != 0 ? f->names[a] : f->actor.name[a];
    whole->issues = (size_t)f->issue.n;
    whole->proposals = (size_t)f->proposal.n;
    whole->actors = (size_t)f->actor.n;
    whole->issue = f->issues;
    whole->proposal = f->proposal.name;
    whole->actor = f->actor.name;
    whole->actor_name = f->names;
}

ent_status ent_decisions_read(ent_decisions **out, const char *path, ent_diagnostics *list, ent_error *err)
{
    ent_status status = ENT_OK;
    folder f = {.to = {.list = list}};
    ENT_REQUIRE(out != NULL && path != NULL && list != NULL, ENT_ERR_ARGUMENT,
                "decisions are read from a folder, with a list for what is wrong");
    *out = NULL;
    f.out = ent__alloc(1, sizeof *f.out);
    if (f.out != NULL)
        f.out->arena = f.to.arena = ent__arena_create();
    ENT_REQUIRE(f.out != NULL && f.to.arena != NULL, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    f.path = ent__keep(&f.to, path, strlen(path));
    ENT_REQUIRE(f.path != NULL, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    read_issues(&f);
    if (f.status == ENT_OK && !f.to.no_memory)
        read_actors(&f);
    read_votes(&f);
    read_states(&f);
    ENT_REQUIRE(!f.to.no_memory, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    status = f.status != ENT_OK ? f.status : f.to.errors > 0 ? ENT_ERR_SCENARIO : ENT_OK;
    ENT_REQUIRE(status == ENT_OK, status, "%s does not hold decisions that can be read", path);
    conclude(&f);
done:
    if (status == ENT_OK)
        *out = &f.out->whole;
    else if (f.out != NULL)
        ent_decisions_free(&f.out->whole);
    return status;
}

ent_decisions *ent__decisions_create(ent__arena **arena)
{
    ent__decisions *all = ent__alloc(1, sizeof *all);
    *arena = all != NULL ? all->arena = ent__arena_create() : NULL;
    if (*arena == NULL) {
        ent__free(all);
        return NULL;
    }
    return &all->whole;
}

void ent_decisions_free(ent_decisions *decisions)
{
    if (decisions == NULL)
        return;
    ent__decisions *all = (ent__decisions *)decisions;
    ent__arena_free(all->arena);
    ent__free(all);
}
