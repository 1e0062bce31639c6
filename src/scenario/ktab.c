/* Reading KTAB's scenario files: what is checked of both formats, and the CSV format.
 *
 *     line 1   name, description, actors, dimensions
 *     line 2   Actor, Description, Power, then for each dimension its name (the position) and that of its salience
 *     then     name, description, capability, position, salience, position, salience, ...   one line an actor
 *
 * Cells are apart by commas and may be quoted; blanks around them and cells beyond the last that counts are not looked
 * at. It is no table with a header, so csv.c, which asks for as many cells in every row, does not read it. */
#include "scenario/ktab.h"
#include "scenario/cells.h"
#include "scenario/file.h"

#include <stdio.h>
#include <string.h>

/* --- shared ----------------------------------------------------------------------------------------------- */

bool ent__ktab_number_of(ent__parse *to, ent__ktab_number *out, const char *text, ent__place place, const char *what)
{
    out->place = place;
    if (ent__number_read(&out->value, text, strlen(text), false))
        return true;
    out->value = 0;
    if (text[0] == 0)
        ent__complain(to, place, "%s is missing", what);
    else
        ent__complain(to, place, "%s is '%.60s', which is no number", what, text);
    return false;
}

/* --- checks ------------------------------------------------------------------------------------------------ */

static void check_list(ent__parse *to, const ent__ktab_raw *raw, const ent__ktab_actor *actor,
                       const ent__ktab_list *list, const char *what, const char *many)
{
    if (list->n != raw->n_dimensions)
        ent__complain(to, actor->place, "'%.60s' has %zu %s%s, but there %s %zu dimension%s", actor->name, list->n,
                      many, list->n == 1 ? "" : "s", raw->n_dimensions == 1 ? "is" : "are", raw->n_dimensions,
                      raw->n_dimensions == 1 ? "" : "s");
    double sum = 0;
    for (size_t k = 0; k < list->n; k++) {
        char found[32];
        double x = list->item[k].value;
        found[ent__number_text(found, x)] = 0;
        sum += x;
        if (!(x >= 0 && x <= 100))
            ent__complain(to, list->item[k].place, "the %s of '%.60s' is %s; the scale runs from 0 to 100", what,
                          actor->name, found);
    }
    if (list == &actor->salience && sum > 100 + 1e-9 && list->n > 1) {
        char found[32];
        found[ent__number_people(found, sum, 6)] = 0;
        ent__complain(to, list->item[0].place, "the saliences of '%.60s' sum to %s; at most 100 is allowed",
                      actor->name, found);
    }
}

static void check_actors(ent__parse *to, const ent__ktab_raw *raw, ent__names *names)
{
    for (size_t i = 0; i < raw->n_actors && !to->no_memory; i++) {
        ent__ktab_actor *actor = &raw->actor[i];
        int32_t before = names->n, at = actor->name != NULL && actor->name[0] != 0
                                            ? ent__names_add(to, names, actor->name, actor->place)
                                            : -1;
        if (actor->name == NULL || actor->name[0] == 0) {
            ent__complain(to, actor->place, "this actor has no name");
            actor->name = "";
        } else if (at >= 0 && at < before)
            ent__complain(to, actor->place, "'%.60s' again: the first is in line %d", actor->name,
                          (int)names->place[at].line);
        if (!actor->has_capability)
            ent__complain(to, actor->place, "'%.60s' has no capability", actor->name);
        else if (!(actor->capability.value >= 0 && actor->capability.value <= 1e100))
            ent__complain(to, actor->capability.place, "the capability of '%.60s' is below 0 or beyond measure",
                          actor->name);
        check_list(to, raw, actor, &actor->position, "position", "position");
        check_list(to, raw, actor, &actor->salience, "salience", "salience");
    }
}

/* The matrix: the identity, with the listed pairs written over it. */
static double *fill_pairs(ent__parse *to, const ent__ktab_raw *raw, const ent__names *names)
{
    size_t n = raw->n_actors;
    if (!raw->has_pairs)
        return NULL;
    if (n > ENT_SPATIAL_MAX_ACTORS) {
        ent__complain(to, raw->start, "%zu actors with IdealAdjustment; at most %d are read", n,
                      ENT_SPATIAL_MAX_ACTORS);
        return NULL;
    }
    double *matrix = ent__take(to, n * n, sizeof *matrix);
    for (size_t i = 0; i < n && matrix != NULL; i++)
        matrix[i * n + i] = 1;
    int guesses = 0;
    for (size_t p = 0; p < raw->n_pairs && matrix != NULL; p++) {
        const ent__ktab_pair *pair = &raw->pair[p];
        const char *said[] = {pair->ideal, pair->position};
        int32_t at[2] = {-1, -1};
        for (int side = 0; side < 2; side++) {
            at[side] = said[side] != NULL ? ent__names_find(names, said[side]) : -1;
            const char *near = said[side] != NULL && at[side] < 0 && guesses++ < 20
                                   ? ent__nearest(said[side], names->name, (size_t)names->n)
                                   : NULL;
            if (said[side] == NULL)
                ent__complain(to, pair->place, "this pair has no %s", side == 0 ? "adjustingIdeal" : "referencePos");
            else if (at[side] < 0)
                ent__complain(to, pair->place, "'%.60s' is no actor%s%.60s%s", said[side],
                              near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        }
        if (!pair->has_adjust)
            ent__complain(to, pair->place, "this pair has no adjust");
        else if (!(pair->adjust.value >= 0 && pair->adjust.value <= 1))
            ent__complain(to, pair->adjust.place, "adjust is a number from 0 to 1");
        else if (at[0] >= 0 && at[1] >= 0)
            matrix[(size_t)at[0] * n + (size_t)at[1]] = pair->adjust.value;
    }
    for (size_t i = 0; i < n && matrix != NULL; i++) {
        double sum = 0;
        char found[32];
        for (size_t j = 0; j < n; j++)
            sum += matrix[i * n + j];
        found[ent__number_people(found, sum, 6)] = 0;
        if (sum > 1 + 1e-10)
            ent__complain(
                to, raw->actor[i].place,
                "the ideal of '%.60s' follows positions by %s in all; at most 1 is allowed (it follows its own by 1 "
                "unless a pair says otherwise)",
                raw->actor[i].name, found);
    }
    return matrix;
}

/* --- the result -------------------------------------------------------------------------------------------- */

typedef struct owned {
    ent_ktab ktab; /* first: the caller's pointer is this one's */
    ent__arena *arena;
} owned;

/* Only after everything was found right: every actor has `dims` positions and saliences. */
static void fill(ent_ktab *out, ent__parse *to, const ent__ktab_raw *raw, const double *matrix)
{
    size_t n = raw->n_actors, dims = raw->n_dimensions;
    double *position = ent__take(to, n * dims, sizeof *position), *salience = ent__take(to, n * dims, sizeof *salience);
    double *capability = ent__take(to, n, sizeof *capability);
    const char **actor = ent__take(to, n, sizeof *actor), **about = ent__take(to, n, sizeof *about);
    int32_t *line = ent__take(to, n, sizeof *line);
    if (to->no_memory)
        return;
    for (size_t i = 0; i < n; i++) {
        const ent__ktab_actor *from = &raw->actor[i];
        actor[i] = from->name;
        about[i] = from->about != NULL ? from->about : "";
        capability[i] = from->capability.value;
        line[i] = from->place.line;
        for (size_t k = 0; k < dims; k++) {
            position[i * dims + k] = from->position.item[k].value;
            salience[i * dims + k] = from->salience.item[k].value / 100;
        }
    }
    *out = (ent_ktab){.name = raw->name != NULL ? raw->name : "",
                      .description = raw->description != NULL ? raw->description : "",
                      .n = n,
                      .dims = dims,
                      .actor = actor,
                      .about = about,
                      .dimension = raw->dimension,
                      .position = position,
                      .salience = salience,
                      .capability = capability,
                      .accommodation = matrix,
                      .options = raw->options,
                      .has_parameters = raw->has_parameters,
                      .has_seed = raw->has_seed,
                      .line = line};
}

static ent_status check_and_fill(ent_ktab *out, ent__parse *to, ent__ktab_raw *raw)
{
    ent__names names = {0};
    if (to->errors == 0 && raw->n_actors == 0)
        ent__complain(to, raw->start, "there are no actors in it");
    if (to->errors == 0 && raw->n_dimensions == 0)
        ent__complain(to, raw->start, "there are no dimensions in it");
    if (to->errors == 0 || raw->n_actors > 0)
        check_actors(to, raw, &names);
    double *matrix = to->no_memory ? NULL : fill_pairs(to, raw, &names);
    if (to->errors == 0 && !to->no_memory)
        fill(out, to, raw, matrix);
    return to->no_memory ? ENT_ERR_MEMORY : to->errors > 0 ? ENT_ERR_SCENARIO : ENT_OK;
}

static bool is_xml(const char *text, size_t length)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t at = length >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    while (at < length && strchr(" \t\r\n", text[at]) != NULL && text[at] != 0)
        at++;
    return at < length && text[at] == '<';
}

ent_status ent__ktab_parse(ent_ktab *out, ent__parse *to, const char *file, const char *text, size_t length)
{
    ent__ktab_raw raw = {.options = ENT_SPATIAL_OPTIONS_INIT, .start = {file, 1, 1}};
    raw.options.mode = ENT_SPATIAL_KTAB;
    bool xml = is_xml(text, length);
    ent_status status = xml ? ent__ktab_xml(to, &raw, file, text, length) : ent__ktab_csv(to, &raw, file, text, length);
    if (status == ENT_OK)
        status = check_and_fill(out, to, &raw);
    out->is_xml = xml;
    return status;
}

ent_status ent_ktab_read(ent_ktab **out, const char *path, ent_diagnostics *list, ent_error *err)
{
    ent_status status = ENT_OK;
    char *text = NULL, problem[160];
    size_t length = 0;
    owned *to = ent__alloc(1, sizeof *to);
    *out = NULL;
    if (to != NULL)
        to->arena = ent__arena_create();
    ENT_REQUIRE(to != NULL && to->arena != NULL, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    status = ent__file_read(&text, &length, path, problem);
    ENT_REQUIRE(status == ENT_OK, status, "%s %s", path, status == ENT_ERR_MEMORY ? "needs more memory" : problem);
    ent__parse parse = {.arena = to->arena, .list = list};
    const char *file = ent__keep(&parse, path, strlen(path));
    ENT_REQUIRE(file != NULL, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    status = ent__ktab_parse(&to->ktab, &parse, file, text, length);
    ENT_REQUIRE(status == ENT_OK, status, "%s",
                status == ENT_ERR_MEMORY  ? "not enough memory"
                : status == ENT_ERR_LIMIT ? "the file is too large"
                                          : "the file is wrong");
done:
    ent__free(text);
    if (status == ENT_OK)
        *out = &to->ktab;
    else if (to != NULL)
        ent_ktab_free(&to->ktab);
    return status;
}

void ent_ktab_free(ent_ktab *ktab)
{
    if (ktab == NULL)
        return;
    owned *to = (owned *)ktab;
    ent__arena_free(to->arena);
    ent__free(to);
}

/* --- the CSV format ------------------------------------------------------------------------------------------ */

enum { MOST_CELLS = 4 + 2 * ENT_SPATIAL_MAX_DIMENSIONS };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* A count of line 1. */
static size_t count_of(ent__parse *to, const ent__cell *cell, const char *file, const char *what, size_t most)
{
    double x;
    ent__place place = {file, cell->line, cell->column};
    bool number = ent__number_read(&x, cell->text, strlen(cell->text), false);
    if (number && x >= 1 && x <= (double)most && x == (double)(size_t)x)
        return (size_t)x;
    ent__complain(to, place, "the number of %s is '%.60s'; a whole number from 1 to %zu is needed", what, cell->text,
                  most);
    return 0;
}

static void read_actor(ent__parse *to, ent__ktab_raw *raw, const ent__cells *row, ent__place start)
{
    void *items = raw->actor;
    ent__ktab_actor *actor = ent__more(to, &items, &raw->n_actors, &raw->actor_room, sizeof *actor);
    raw->actor = items;
    if (actor == NULL)
        return;
    size_t dims = raw->n_dimensions, wanted = 3 + 2 * dims;
    actor->place = start;
    actor->name = row->cell[0].text;
    actor->about = row->n > 1 ? row->cell[1].text : "";
    if (row->n < wanted) {
        ent__complain(
            to, start,
            "'%.60s' has %zu cell%s; a name, a description, a capability and %zu positions with their saliences are "
            "%zu",
            actor->name, row->n, row->n == 1 ? "" : "s", dims, wanted);
        raw->n_actors--; /* said once is enough */
        return;
    }
    actor->has_capability = true;
    for (size_t c = 2; c < wanted; c++) {
        char what[128];
        const ent__cell *cell = &row->cell[c];
        ent__ktab_list *list = c % 2 != 0 ? &actor->position : &actor->salience;
        ent__ktab_number *number = &actor->capability;
        snprintf(what, sizeof what, "the %s of '%.60s'",
                 c == 2       ? "capability"
                 : c % 2 != 0 ? "position"
                              : "salience",
                 actor->name);
        if (c > 2) {
            items = list->item;
            number = ent__more(to, &items, &list->n, &list->capacity, sizeof *number);
            list->item = items;
        }
        if (number != NULL)
            ent__ktab_number_of(to, number, cell->text, (ent__place){start.file, cell->line, cell->column}, what);
    }
}

static void read_header(ent__parse *to, ent__ktab_raw *raw, const ent__cells *row, ent__place start)
{
    for (size_t k = 0; k < raw->n_dimensions && !to->no_memory; k++) {
        void *items = raw->dimension;
        size_t n = k;
        const char **name = ent__more(to, &items, &n, &raw->dimension_room, sizeof *name);
        raw->dimension = items;
        if (name != NULL)
            *name = 3 + 2 * k < row->n ? row->cell[3 + 2 * k].text : "";
    }
    if (row->n < 3 + 2 * raw->n_dimensions)
        ent__complain(to, start, "the header has %zu cells; %zu dimensions, each with position and salience, need %zu",
                      row->n, raw->n_dimensions, 3 + 2 * raw->n_dimensions);
}

static void check_rows(ent__parse *to, const ent__ktab_raw *raw, size_t said, size_t rows)
{
    if (rows != said)
        ent__complain(to, raw->start, "the first line says %zu actor%s, but %zu row%s follow%s", said,
                      said == 1 ? "" : "s", rows, rows == 1 ? "" : "s", rows == 1 ? "s" : "");
}

ent_status ent__ktab_csv(ent__parse *to, ent__ktab_raw *raw, const char *file, const char *text, size_t length)
{
    ent__cells row = {0};
    size_t said = 0, rows = 0, lines = 0;
    ent__place place = {file, 0, 1};
    if (!ent__text_check(to, file, text, length))
        return to->no_memory ? ENT_ERR_MEMORY : ENT_OK;
    size_t at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < length && !to->no_memory) {
        const char *line = text + at, *end = memchr(line, '\n', length - at);
        end = end != NULL ? end : text + length;
        at = (size_t)(end - text) + 1;
        end -= end > line && end[-1] == '\r';
        place.line++;
        const char *from = line;
        while (from < end && (is_blank(*from) || *from == ','))
            from++;
        if (from == end)
            continue; /* nothing but blanks and commas */
        int32_t before = to->errors;
        ent__cells_split(to, &row, place, line, end, ',', MOST_CELLS + 2);
        if (to->errors > before || to->no_memory)
            continue;
        if (lines++ == 0) {
            if (row.n < 4)
                ent__complain(
                    to, place,
                    "the first line holds the scenario's name, its description, and the numbers of actors and "
                    "dimensions; it has %zu cell%s",
                    row.n, row.n == 1 ? "" : "s");
            if (row.n < 4)
                return ENT_OK;
            raw->name = row.cell[0].text;
            raw->description = row.cell[1].text;
            said = count_of(to, &row.cell[2], file, "actors", ENT_MAX_ACTORS);
            raw->n_dimensions = count_of(to, &row.cell[3], file, "dimensions", ENT_SPATIAL_MAX_DIMENSIONS);
            if (said == 0 || raw->n_dimensions == 0)
                return ENT_OK;
        } else if (lines == 2)
            read_header(to, raw, &row, place);
        else {
            rows++;
            read_actor(to, raw, &row, place);
        }
    }
    if (lines == 0)
        ent__complain(to, raw->start, "the file is empty");
    else
        check_rows(to, raw, said, rows);
    return to->no_memory ? ENT_ERR_MEMORY : ENT_OK;
}

/* --- whether it is one ------------------------------------------------------------------------------------------ */

/* The cells of a line, counted without memory: quotes are skipped over. */
static bool counts_end_line(const char *line, size_t length)
{
    size_t cell = 0, digits[4] = {0}, others[4] = {0};
    bool inside = false;
    for (size_t i = 0; i < length; i++) {
        char c = line[i];
        inside ^= c == '"';
        if (c == ',' && !inside)
            cell++;
        else if (cell < 4 && c >= '0' && c <= '9')
            digits[cell]++;
        else if (cell < 4 && !is_blank(c))
            others[cell]++;
    }
    return cell >= 3 && digits[2] > 0 && digits[3] > 0 && others[2] == 0 && others[3] == 0;
}

static size_t line_length(const char *text, size_t length)
{
    const char *end = memchr(text, '\n', length);
    size_t n = end != NULL ? (size_t)(end - text) : length;
    return n > 0 && text[n - 1] == '\r' ? n - 1 : n;
}

/* The text with `word` next, blanks and letter case aside; NULL where it is not. */
static const char *after_word(const char *text, const char *end, const char *word)
{
    while (text < end && (is_blank(*text) || *text == '"'))
        text++;
    for (; *word != 0; word++, text++)
        if (text >= end || (*text | 0x20) != *word)
            return NULL;
    while (text < end && *text != ',')
        text++;
    return text < end ? text + 1 : end;
}

static bool has_text(const char *text, size_t length, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= length; i++)
        if (memcmp(text + i, word, n) == 0)
            return true;
    return false;
}

bool ent_ktab_recognise(const char *text, size_t length)
{
    size_t head = length < 4096 ? length : 4096;
    if (is_xml(text, length))
        return has_text(text, head, "<Scenario");
    size_t first = line_length(text, length), at = first;
    while (at < length && (text[at] == '\n' || text[at] == '\r'))
        at++;
    const char *end = text + at + line_length(text + at, length - at);
    const char *next = after_word(text + at, end, "actor");
    return counts_end_line(text, first) && next != NULL && after_word(next, end, "desc") != NULL;
}
