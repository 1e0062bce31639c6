/* Forecast records. One entry a line, so that a difference can be named and a record can be read and put under version
 * control; the last line is the SHA-256 of all bytes before it. */
#include "entente/seal.h"
#include "results/results.h"
#include "scenario/file.h"
#include "scenario/yaml.h"

#include <stdio.h>
#include <string.h>

static const char FIRST[] = "{\"format\":1,\n\"record\":\"entente forecast\",\n", LAST[] = "\"sha256\":\"",
                  UNDEFINED[] = "none";
enum { HASH = 64, TAIL = sizeof LAST - 1 + HASH + 3 }; /* and "}, a line end */

/* --- writing -------------------------------------------------------------------------------------------- */

static int number_of(const char *text, int n)
{
    int x = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        x = 10 * x + text[i] - '0';
    }
    return x;
}

bool ent_seal_date(const char *text)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    const int year = number_of(text, 4), month = number_of(text + 5, 2), day = number_of(text + 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    const bool leap = month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + leap;
}

static void line(ent__json *json, bool first)
{
    ent__buffer_text(&json->out, first ? "\n" : ",\n");
    json->after = false;
}

static void member_text(ent__json *json, const char *key, const char *text)
{
    ent__json_key(json, key);
    ent__json_text(json, text);
}

static void member_number(ent__json *json, const char *key, double x)
{
    ent__json_key(json, key);
    ent__json_number(json, x);
}

static void put_numbers(ent__json *json, const char *key, const double *x, size_t n)
{
    ent__json_key(json, key);
    ent__json_open(json, '[');
    for (size_t i = 0; i < n; i++)
        ent__json_number(json, x[i]);
    ent__json_close(json, ']');
}

static void put_head(ent__json *json, const ent_run_facts *f, const char *date)
{
    char hash[17];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)f->hash);
    ent__buffer_text(&json->out, "{\"format\":1");
    line(json, false), member_text(json, "record", "entente forecast");
    line(json, false), member_text(json, "version", f->version);
    line(json, false), member_text(json, "date", date);
    line(json, false), member_text(json, "scenario", f->scenario);
    line(json, false), member_text(json, "title", f->title);
    line(json, false), member_text(json, "hash", hash);
    line(json, false), ent__json_key(json, "seed"), ent__json_unsigned(json, f->seed);
    line(json, false), ent__json_key(json, "draws"), ent__json_whole(json, f->draws);
    line(json, false), member_number(json, "effective_draws", f->effective_draws);
}

/* Outcomes of issues, and quantities that the scenario asks for as one number. */
static bool is_sealed(const ent_quantity_view *q)
{
    const bool single = strcmp(q->kind, "derived") == 0 && q->actor[0] == 0 && q->year == 0 && q->month == 0;
    return (q->headline || single) && !q->detail;
}

static void put_quantities(ent__json *json, const ent_results *results, size_t n)
{
    bool first = true;
    line(json, false);
    ent__json_key(json, "quantities");
    ent__json_open(json, '{');
    for (size_t i = 0; i < n; i++) {
        const ent_quantity_view q = ent_results_quantity(results, i);
        const ent_summary *s = &q.arm[ENT_ARM_WITH];
        if (!is_sealed(&q))
            continue;
        line(json, first);
        first = false;
        ent__json_key(json, q.name);
        ent__json_open(json, '{');
        member_text(json, "unit", q.unit);
        member_number(json, "mean", s->mean);
        member_number(json, "sd", s->sd);
        member_number(json, "mc_error", s->mc_error);
        member_number(json, "undefined", s->undefined);
        put_numbers(json, "quantiles", s->quantile, 5);
        put_numbers(json, "dots", s->dot, ENT_SEAL_DOTS);
        ent__json_close(json, '}');
    }
    ent__json_close(json, '}');
}

static void put_claims(ent__json *json, const ent_results *results, size_t n)
{
    line(json, false);
    ent__json_key(json, "claims");
    ent__json_open(json, '{');
    for (size_t i = 0; i < n; i++) {
        const ent_claim_view c = ent_results_claim(results, i);
        const ent_claim_arm *arm = &c.arm[ENT_ARM_WITH];
        line(json, i == 0);
        ent__json_key(json, c.id);
        ent__json_open(json, '{');
        member_text(json, "title", c.title);
        member_number(json, "share", arm->share);
        member_number(json, "mc_error", arm->mc_error);
        member_text(json, "verdict", ent_verdict_text(arm->verdict));
        ent__json_close(json, '}');
    }
    ent__json_close(json, '}');
}

ent_status ent_seal_text(char **text, size_t *length, const ent_results *results, const char *date, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__json json = {0};
    char hash[HASH + 1];
    ENT_REQUIRE(text != NULL && length != NULL && results != NULL && date != NULL, ENT_ERR_ARGUMENT,
                "a record needs results, a date and a place for its text");
    ENT_REQUIRE(ent_seal_date(date), ENT_ERR_DOMAIN, "'%.60s' is no day of the calendar such as 2025-12-05", date);
    const ent_run_facts facts = ent_results_facts(results);
    put_head(&json, &facts, date);
    put_quantities(&json, results, facts.quantities);
    put_claims(&json, results, facts.claims);
    ent__buffer_text(&json.out, ",\n");
    ENT_REQUIRE(!json.out.failed, ENT_ERR_MEMORY, "not enough memory for the record");
    ent_sha256(hash, json.out.data, json.out.length);
    ent__buffer_text(&json.out, LAST);
    ent__buffer_text(&json.out, hash);
    ent__buffer_text(&json.out, "\"}\n");
    ENT_REQUIRE(!json.out.failed, ENT_ERR_MEMORY, "not enough memory for the record");
    *text = json.out.data;
    *length = json.out.length;
    json.out = (ent__buffer){0};
done:
    ent__buffer_free(&json.out);
    return status;
}

ent_status ent_seal_write(const char *path, const char *text, size_t length, ent_error *err)
{
    ent__file file;
    ent_status status = ent__file_begin(&file, path, err);
    if (status != ENT_OK)
        return status;
    status = ent__file_write(&file, text, length, err);
    if (status == ENT_OK)
        status = ent__file_finish(&file, err);
    if (status == ENT_OK)
        status = ent__file_move(&file, err);
    if (status == ENT_OK)
        ent__file_sync_folder(path);
    ent__file_abandon(&file);
    return status;
}

/* --- reading ---------------------------------------------------------------------------------------------- */

typedef struct owned {
    ent_seal seal; /* first: the caller's pointer is this one's */
    ent__arena *arena;
    char *text;
    bool no_memory;
} owned;

static ent_status check_hash(const char *text, size_t length, const char *path, ent_error *err)
{
    char hash[HASH + 1];
    if (length < sizeof FIRST + TAIL || memcmp(text, FIRST, sizeof FIRST - 1) != 0)
        return ent__error_set(err, ENT_ERR_FORMAT, path, 0, 0,
                              "this is no forecast record: it does not begin as `entente seal` writes them");
    const char *tail = text + length - TAIL;
    if (memcmp(tail, LAST, sizeof LAST - 1) != 0 || memcmp(text + length - 3, "\"}\n", 3) != 0)
        return ent__error_set(err, ENT_ERR_FORMAT, path, 0, 0,
                              "the record was altered: it does not end with its hash as `entente seal` writes it");
    ent_sha256(hash, text, length - TAIL);
    if (memcmp(tail + sizeof LAST - 1, hash, HASH) != 0)
        return ent__error_set(err, ENT_ERR_FORMAT, path, 0, 0,
                              "the record was altered: its hash says %.12s..., its bytes give %.12s...",
                              tail + sizeof LAST - 1, hash);
    return ENT_OK;
}

/* Text, or NULL where the entry is missing or no text. */
static const char *text_at(const ent__yaml *mapping, const char *key)
{
    const ent__yaml *node = ent__yaml_get(mapping, key);
    return node != NULL && node->kind == ENT__YAML_TEXT ? node->text : NULL;
}

/* The reader of YAML takes null for a value that was forgotten: a word of the same length stands in for it. */
static char *without_nulls(owned *to)
{
    char *text = ent__arena_text(to->arena, to->text, to->seal.length);
    bool quoted = false;
    for (char *at = text; at != NULL && *at != 0; at++) {
        if (quoted && *at == '\\' && at[1] != 0)
            at++;
        else if (*at == '"')
            quoted = !quoted;
        else if (!quoted && strncmp(at, "null", 4) == 0)
            memcpy(at, UNDEFINED, 4);
    }
    return text;
}

/* A number, or null as undefined; false for anything else. */
static bool number_from(double *out, const ent__yaml *node)
{
    *out = ENT_UNDEFINED;
    if (node == NULL || node->kind != ENT__YAML_TEXT)
        return false;
    return strcmp(node->text, UNDEFINED) == 0 || ent__number_read(out, node->text, strlen(node->text), false);
}

static bool whole_at(const ent__yaml *mapping, const char *key, uint64_t most, uint64_t *out)
{
    const char *text = text_at(mapping, key);
    *out = 0;
    for (; text != NULL && *text >= '0' && *text <= '9'; text++) {
        const uint64_t digit = (uint64_t)(*text - '0');
        if (*out > (most - digit) / 10)
            return false;
        *out = *out * 10 + digit;
    }
    return text != NULL && *text == 0;
}

static bool read_dots(double *dot, const ent__yaml *list)
{
    if (list == NULL || list->kind != ENT__YAML_LIST || list->n != ENT_SEAL_DOTS)
        return false;
    double before = -__builtin_inf();
    for (const ent__yaml *item = list->first; item != NULL; item = item->next, dot++) {
        if (!number_from(dot, item) || *dot < before) /* quantiles rise */
            return false;
        before = *dot;
    }
    return true;
}

static bool read_quantities(owned *to, const ent__yaml *all)
{
    if (all == NULL || all->kind != ENT__YAML_MAPPING)
        return false;
    ent_sealed_quantity *q = ent__arena_alloc(to->arena, (size_t)all->n + 1, sizeof *q);
    to->seal.quantity = q;
    to->no_memory |= q == NULL;
    for (const ent__yaml *one = all->first; one != NULL && q != NULL; one = one->next, q++) {
        q->name = one->key;
        if (one->kind != ENT__YAML_MAPPING || (q->unit = text_at(one, "unit")) == NULL ||
            !number_from(&q->mean, ent__yaml_get(one, "mean")) || !number_from(&q->sd, ent__yaml_get(one, "sd")) ||
            !read_dots(q->dot, ent__yaml_get(one, "dots")))
            return false;
        to->seal.quantities++;
    }
    return q != NULL;
}

static bool read_claims(owned *to, const ent__yaml *all)
{
    if (all == NULL || all->kind != ENT__YAML_MAPPING)
        return false;
    ent_sealed_claim *c = ent__arena_alloc(to->arena, (size_t)all->n + 1, sizeof *c);
    to->seal.claim = c;
    to->no_memory |= c == NULL;
    for (const ent__yaml *one = all->first; one != NULL && c != NULL; one = one->next, c++) {
        c->id = one->key;
        if (one->kind != ENT__YAML_MAPPING || (c->title = text_at(one, "title")) == NULL ||
            (c->verdict = text_at(one, "verdict")) == NULL || !number_from(&c->share, ent__yaml_get(one, "share")) ||
            c->share < 0 || c->share > 1)
            return false;
        to->seal.claims++;
    }
    return c != NULL;
}

/* A record with a right hash that says what `entente seal` never writes was made by hand: refused. */
static bool read_record(owned *to, const ent__yaml *root)
{
    uint64_t draws = 0;
    ent_seal *seal = &to->seal;
    return (seal->version = text_at(root, "version")) != NULL && (seal->scenario = text_at(root, "scenario")) != NULL &&
           (seal->title = text_at(root, "title")) != NULL && (seal->hash = text_at(root, "hash")) != NULL &&
           (seal->date = text_at(root, "date")) != NULL && ent_seal_date(seal->date) &&
           (seal->sha256 = text_at(root, "sha256")) != NULL && whole_at(root, "seed", UINT64_MAX, &seal->seed) &&
           whole_at(root, "draws", UINT64_C(1) << 48, &draws) && (seal->draws = (int64_t)draws) > 0 &&
           read_quantities(to, ent__yaml_get(root, "quantities")) && read_claims(to, ent__yaml_get(root, "claims"));
}

ent_status ent_seal_read(ent_seal **out, const char *path, ent_error *err)
{
    ent_status status = ENT_OK;
    char problem[160];
    const ent__yaml *root = NULL;
    owned *to = NULL;
    ent_diagnostics *list = NULL;
    ENT_REQUIRE(out != NULL && path != NULL, ENT_ERR_ARGUMENT, "a record is read from a file");
    *out = NULL;
    to = ent__alloc(1, sizeof *to);
    list = ent_diagnostics_create();
    if (to != NULL)
        to->arena = ent__arena_create();
    ENT_REQUIRE(to != NULL && to->arena != NULL && list != NULL, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    status = ent__file_read(&to->text, &to->seal.length, path, problem);
    ENT_REQUIRE(status == ENT_OK, status, "%s %s", path, status == ENT_ERR_MEMORY ? "needs more memory" : problem);
    ENT_TRY(check_hash(to->text, to->seal.length, path, err));
    ent__parse parse = {.arena = to->arena, .list = list};
    const char *text = without_nulls(to);
    ENT_REQUIRE(text != NULL, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    status = ent__yaml_parse(&root, &parse, text, to->seal.length, path);
    ENT_REQUIRE(status != ENT_ERR_MEMORY && !parse.no_memory, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    status = status == ENT_OK && parse.errors == 0 && read_record(to, root) ? ENT_OK : ENT_ERR_FORMAT;
    ENT_REQUIRE(!to->no_memory, ENT_ERR_MEMORY, "not enough memory to read %s", path);
    ENT_REQUIRE(status == ENT_OK, status, "%s has the hash of a record, but not what a record says", path);
    to->seal.text = to->text;
done:
    ent_diagnostics_free(list);
    if (status == ENT_OK)
        *out = &to->seal;
    else if (to != NULL)
        ent_seal_free(&to->seal);
    return status;
}

void ent_seal_free(ent_seal *seal)
{
    if (seal == NULL)
        return;
    owned *all = (owned *)seal;
    ent__free(all->text);
    ent__arena_free(all->arena);
    ent__free(all);
}

/* --- comparing --------------------------------------------------------------------------------------------- */

/* The text of a JSON string that starts at `quote`, cut; keys of ours hold no escapes but those of names. */
static void take_key(char *out, size_t size, const char *quote, const char *end)
{
    size_t n = 0;
    for (const char *at = quote + 1; at < end && *at != '"' && n + 1 < size; at++)
        out[n++] = *at;
    out[n] = 0;
}

/* From `at` to the end of the value, cut. */
static void take_value(char *out, size_t size, const char *at, const char *end)
{
    size_t n = 0;
    while (at < end && *at != '\n' && n + 1 < size)
        out[n++] = *at++;
    while (n > 0 && (out[n - 1] == ',' || ((unsigned char)out[n - 1] & 0xc0) == 0x80))
        n--;
    out[n] = 0;
}

/* The last "key": of the line before `at`: where its quote stands; NULL where there is none. */
static const char *last_key(const char *start, const char *at)
{
    for (const char *colon = at; colon > start + 1; colon--) {
        if (colon[-1] != ':' || colon[-2] != '"')
            continue;
        for (const char *quote = colon - 3; quote >= start; quote--)
            if (*quote == '"')
                return quote;
    }
    return NULL;
}

ent_seal_difference ent_seal_compare(const char *first, size_t first_length, const char *second, size_t second_length)
{
    ent_seal_difference d = {.line = 1};
    size_t at = 0, start = 0;
    while (at < first_length && at < second_length && first[at] == second[at]) {
        if (first[at++] == '\n') {
            d.line++;
            start = at;
        }
    }
    d.differs = at < first_length || at < second_length;
    if (!d.differs)
        return d;
    const char *key = last_key(first + start, first + at);
    size_t value = start;
    if (at < first_length && first[start] == '"')
        take_key(d.entry, sizeof d.entry, first + start, first + first_length);
    if (key != NULL) {
        value = (size_t)(key - first) + 1;
        while (value < at && !(first[value - 1] == ':' && first[value - 2] == '"'))
            value++;
        if (key != first + start)
            take_key(d.member, sizeof d.member, key, first + at);
    }
    take_value(d.first, sizeof d.first, first + value, first + first_length);
    take_value(d.second, sizeof d.second, second + value, second + second_length);
    return d;
}
