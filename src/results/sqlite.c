/* results.sqlite: the tables of docs/results.md in one file. Written in one transaction to a file beside the target,
 * without a journal (a file that is not whole is never moved onto the target), synced once. */
#include "results/results.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { FORMAT = 1, APPLICATION = 0x656e7431 /* "ent1" */ };

#define SUMMARY_COLUMNS                                                                                                \
    "mean REAL, sd REAL, mc_error REAL, p05 REAL, p25 REAL, p50 REAL, p75 REAL, p95 REAL, "                            \
    "p05_error REAL, p25_error REAL, p50_error REAL, p75_error REAL, p95_error REAL, undefined REAL"
#define SHARE_COLUMNS                                                                                                  \
    "share REAL, mc_error REAL, verdict TEXT NOT NULL, near_threshold INTEGER NOT NULL, counted REAL, undefined REAL"
#define ARM "arm TEXT NOT NULL CHECK (arm IN ('without', 'with', 'taken'))"
#define OF_QUANTITY "quantity INTEGER NOT NULL REFERENCES quantities (id)"
#define OF_CLAIM "claim TEXT NOT NULL REFERENCES claims (id)"

static const char SCHEMA[] =
    "CREATE TABLE run (format INTEGER PRIMARY KEY, scenario TEXT NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL, "
    "document TEXT NOT NULL, issuer TEXT NOT NULL, command TEXT NOT NULL, seed TEXT NOT NULL, hash TEXT NOT NULL, "
    "draws INTEGER NOT NULL, draws_asked INTEGER NOT NULL, interrupted INTEGER NOT NULL, "
    "has_document INTEGER NOT NULL, "
    "has_given INTEGER NOT NULL, effective_draws REAL, log_evidence REAL, models INTEGER NOT NULL) STRICT;"
    "CREATE TABLE quantities (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, unit TEXT NOT NULL, "
    "kind TEXT NOT NULL, "
    "issue TEXT NOT NULL, actor TEXT NOT NULL, year INTEGER, headline INTEGER NOT NULL, moves INTEGER NOT NULL, "
    "known REAL, low REAL, high REAL) STRICT;"
    "CREATE TABLE quantity_arms (" OF_QUANTITY ", " ARM ", " SUMMARY_COLUMNS
    ", PRIMARY KEY (quantity, arm)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE quantity_models (" OF_QUANTITY ", model TEXT NOT NULL, " SUMMARY_COLUMNS
    ", PRIMARY KEY (quantity, model)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE claims (id TEXT PRIMARY KEY, position INTEGER NOT NULL, title TEXT NOT NULL, who TEXT NOT NULL, "
    "says TEXT NOT NULL, read TEXT NOT NULL, place TEXT NOT NULL, holds TEXT NOT NULL, counts_when TEXT NOT NULL, "
    "overall TEXT NOT NULL, needs TEXT NOT NULL) STRICT;"
    "CREATE TABLE claim_arms (" OF_CLAIM ", " ARM ", " SHARE_COLUMNS
    ", PRIMARY KEY (claim, arm)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE claim_models (" OF_CLAIM ", model TEXT NOT NULL, " SHARE_COLUMNS
    ", PRIMARY KEY (claim, model)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE claim_readings (" OF_CLAIM
    ", reading INTEGER NOT NULL, read TEXT NOT NULL, holds TEXT NOT NULL, " SHARE_COLUMNS
    ", PRIMARY KEY (claim, reading)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE drivers (" OF_CLAIM
    ", rank INTEGER NOT NULL, input TEXT NOT NULL, label TEXT NOT NULL, strength REAL, "
    "strength_error REAL, break_even REAL, PRIMARY KEY (claim, rank)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE driver_bins (claim TEXT NOT NULL, rank INTEGER NOT NULL, bin INTEGER NOT NULL, low REAL, high REAL, "
    "share REAL, error REAL, PRIMARY KEY (claim, rank, bin), FOREIGN KEY (claim, rank) "
    "REFERENCES drivers (claim, rank)) "
    "STRICT, WITHOUT ROWID;"
    "CREATE TABLE provisions (id TEXT PRIMARY KEY, position INTEGER NOT NULL, title TEXT NOT NULL, says TEXT NOT NULL, "
    "takes_hold TEXT NOT NULL, changes TEXT NOT NULL, binding INTEGER, share REAL, share_error REAL) STRICT;"
    "CREATE TABLE inputs (name TEXT PRIMARY KEY, position INTEGER NOT NULL, label TEXT NOT NULL, unit TEXT NOT NULL, "
    "text TEXT NOT NULL, source TEXT NOT NULL, why TEXT NOT NULL, uncertain INTEGER NOT NULL) STRICT;"
    "CREATE TABLE input_summaries (input TEXT NOT NULL REFERENCES inputs (name), "
    "stage TEXT NOT NULL CHECK (stage IN ('prior', 'weighted')), " SUMMARY_COLUMNS
    ", PRIMARY KEY (input, stage)) STRICT, WITHOUT ROWID;";

static const char STORIES_SCHEMA[] =
    "CREATE TABLE stories (id INTEGER PRIMARY KEY, issue TEXT NOT NULL, model TEXT NOT NULL, " ARM
    ", stop TEXT NOT NULL, rounds INTEGER NOT NULL, outcome REAL) STRICT;"
    "CREATE TABLE rounds (story INTEGER NOT NULL REFERENCES stories (id), round INTEGER NOT NULL, median REAL, mean REAL, "
    "PRIMARY KEY (story, round)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE round_positions (story INTEGER NOT NULL, round INTEGER NOT NULL, actor TEXT NOT NULL, position REAL, "
    "PRIMARY KEY (story, round, actor), FOREIGN KEY (story, round) REFERENCES rounds (story, round)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE offers (story INTEGER NOT NULL REFERENCES stories (id), offer INTEGER NOT NULL, round INTEGER NOT NULL, "
    "from_actor TEXT NOT NULL, to_actor TEXT NOT NULL, kind TEXT NOT NULL, stands REAL, asks REAL, eu_from REAL, "
    "eu_to REAL, accepted INTEGER NOT NULL, PRIMARY KEY (story, offer)) STRICT, WITHOUT ROWID;";

/* --- statements ---------------------------------------------------------------------------------- */

/* A prepared INSERT that takes its values from left to right; the first failure sticks in `code`. */
typedef struct insert {
    sqlite3 *db;
    sqlite3_stmt *statement;
    int next, code;
} insert;

static insert begin(sqlite3 *db, const char *table, int columns)
{
    char sql[256];
    int used = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
    for (int c = 1; c < columns; c++)
        used += snprintf(sql + used, sizeof sql - (size_t)used, ",?");
    snprintf(sql + used, sizeof sql - (size_t)used, ")");
    insert in = {.db = db};
    in.code = sqlite3_prepare_v2(db, sql, -1, &in.statement, NULL);
    return in;
}

static void keep(insert *in, int code)
{
    if (in->code == SQLITE_OK && code != SQLITE_OK && code != SQLITE_DONE)
        in->code = code;
}

/* A folder's name may be no UTF-8; SQLite would store it and its readers stumble. Each wrong byte becomes U+FFFD. */
static void repaired(insert *in, const char *value, size_t length)
{
    ent__buffer out = {0};
    for (size_t i = 0; i < length;) {
        size_t n = 1;
        while (n <= 4 && i + n <= length && !ent__utf8_valid(value + i, n))
            n++;
        bool valid = n <= 4 && i + n <= length;
        ent__buffer_add(&out, valid ? value + i : "\xef\xbf\xbd", valid ? n : 3);
        i += valid ? n : 1;
    }
    keep(in, out.failed ? SQLITE_NOMEM
                        : sqlite3_bind_text(in->statement, ++in->next, out.data, (int)out.length, SQLITE_TRANSIENT));
    ent__buffer_free(&out);
}

static void text(insert *in, const char *value) /* must live until row() */
{
    size_t length = strlen(value);
    if (in->code != SQLITE_OK)
        return;
    if (length > INT32_MAX)
        keep(in, SQLITE_TOOBIG);
    else if (ent__utf8_valid(value, length))
        keep(in, sqlite3_bind_text(in->statement, ++in->next, value, (int)length, SQLITE_STATIC));
    else
        repaired(in, value, length);
}

static void whole(insert *in, int64_t value)
{
    if (in->code == SQLITE_OK)
        keep(in, sqlite3_bind_int64(in->statement, ++in->next, value));
}

static void real(insert *in, double value) /* undefined and infinite are NULL */
{
    if (in->code != SQLITE_OK)
        return;
    keep(in, ent__is_finite(value) ? sqlite3_bind_double(in->statement, ++in->next, value)
                                   : sqlite3_bind_null(in->statement, ++in->next));
}

static void row(insert *in)
{
    if (in->code == SQLITE_OK)
        keep(in, sqlite3_step(in->statement));
    if (in->code == SQLITE_OK)
        keep(in, sqlite3_reset(in->statement));
    in->next = 0;
}

static int end(insert *in)
{
    sqlite3_finalize(in->statement);
    return in->code;
}

static void summary(insert *in, const ent_summary *s)
{
    real(in, s->mean);
    real(in, s->sd);
    real(in, s->mc_error);
    for (size_t i = 0; i < ENT_COUNT(s->quantile); i++)
        real(in, s->quantile[i]);
    for (size_t i = 0; i < ENT_COUNT(s->quantile_error); i++)
        real(in, s->quantile_error[i]);
    real(in, s->undefined);
}

static void share(insert *in, const ent_claim_arm *a)
{
    real(in, a->share);
    real(in, a->mc_error);
    text(in, ent_verdict_text(a->verdict));
    whole(in, a->near_threshold);
    real(in, a->counted);
    real(in, a->undefined);
}

/* --- tables -------------------------------------------------------------------------------------- */

static const char *const ARM_NAME[ENT_ARM_COUNT] = {"without", "with", "taken"};

static int write_run(sqlite3 *db, const ent_run_facts *f)
{
    char seed[24], hash[24];
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)f->seed);
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)f->hash);
    insert in = begin(db, "run", 17);
    whole(&in, FORMAT);
    const char *const words[] = {f->scenario, f->title, f->version, f->document, f->issuer, f->command, seed, hash};
    for (size_t i = 0; i < ENT_COUNT(words); i++)
        text(&in, words[i]);
    const int64_t numbers[] = {f->draws, f->draws_asked, f->interrupted, f->has_document, f->has_given};
    for (size_t i = 0; i < ENT_COUNT(numbers); i++)
        whole(&in, numbers[i]);
    real(&in, f->effective_draws);
    real(&in, f->log_evidence);
    whole(&in, (int64_t)f->models);
    row(&in);
    return end(&in);
}

static void quantity_facts(insert *in, int64_t id, const ent_quantity_view *q)
{
    whole(in, id);
    const char *const words[] = {q->name, q->unit, q->kind, q->issue, q->actor};
    for (size_t i = 0; i < ENT_COUNT(words); i++)
        text(in, words[i]);
    q->year != 0 ? whole(in, q->year) : real(in, ENT_UNDEFINED);
    whole(in, q->headline);
    whole(in, q->moves);
    real(in, q->known);
    real(in, q->low);
    real(in, q->high);
    row(in);
}

static int first_of(int a, int b, int c)
{
    return a != SQLITE_OK ? a : b != SQLITE_OK ? b : c;
}

static int write_quantities(sqlite3 *db, const ent_results *results, size_t count)
{
    insert facts = begin(db, "quantities", 12), arm = begin(db, "quantity_arms", 16),
           model = begin(db, "quantity_models", 16);
    for (size_t i = 0; i < count; i++) {
        ent_quantity_view q = ent_results_quantity(results, i);
        int64_t id = (int64_t)i + 1;
        quantity_facts(&facts, id, &q);
        for (size_t a = 0; a < ENT_ARM_COUNT; a++) {
            whole(&arm, id);
            text(&arm, ARM_NAME[a]);
            summary(&arm, &q.arm[a]);
            row(&arm);
        }
        for (size_t m = 0; m < q.n_models; m++) {
            whole(&model, id);
            text(&model, q.model[m]);
            summary(&model, &q.by_model[m]);
            row(&model);
        }
    }
    int a = end(&facts), b = end(&arm), c = end(&model);
    return first_of(a, b, c);
}

static void claim_facts(insert *in, int64_t position, const ent_claim_view *c)
{
    text(in, c->id);
    whole(in, position);
    const char *const words[] = {c->title, c->who, c->says, c->read, c->where, c->holds, c->when, c->overall, c->needs};
    for (size_t i = 0; i < ENT_COUNT(words); i++)
        text(in, words[i]);
    row(in);
}

static void claim_shares(insert *arm, insert *model, insert *reading, const ent_claim_view *c)
{
    for (size_t a = 0; a < ENT_ARM_COUNT; a++) {
        text(arm, c->id);
        text(arm, ARM_NAME[a]);
        share(arm, &c->arm[a]);
        row(arm);
    }
    for (size_t m = 0; m < c->n_models; m++) {
        text(model, c->id);
        text(model, c->model[m]);
        share(model, &c->by_model[m]);
        row(model);
    }
    for (size_t r = 0; r < c->n_readings; r++) {
        text(reading, c->id);
        whole(reading, (int64_t)r + 1);
        text(reading, c->reading_text[r]);
        text(reading, c->reading_holds[r]);
        share(reading, &c->reading[r]);
        row(reading);
    }
}

static int write_claims(sqlite3 *db, const ent_results *results, size_t count)
{
    insert facts = begin(db, "claims", 11), arm = begin(db, "claim_arms", 8), model = begin(db, "claim_models", 8),
           reading = begin(db, "claim_readings", 10);
    for (size_t i = 0; i < count; i++) {
        ent_claim_view c = ent_results_claim(results, i);
        claim_facts(&facts, (int64_t)i + 1, &c);
        claim_shares(&arm, &model, &reading, &c);
    }
    int a = end(&facts), b = end(&arm), c = end(&model), d = end(&reading);
    return first_of(a, b, c != SQLITE_OK ? c : d);
}

static int write_drivers(sqlite3 *db, const ent_results *results, size_t count)
{
    insert in = begin(db, "drivers", 7), bin = begin(db, "driver_bins", 7);
    for (size_t i = 0; i < count; i++) {
        ent_claim_view c = ent_results_claim(results, i);
        for (size_t d = 0; d < c.n_drivers; d++) {
            const ent_driver *v = &c.driver[d];
            text(&in, c.id);
            whole(&in, (int64_t)d + 1);
            text(&in, v->input);
            text(&in, v->label);
            real(&in, v->strength);
            real(&in, v->strength_error);
            real(&in, v->break_even);
            row(&in);
            for (int32_t b = 0; b < v->bins; b++) {
                text(&bin, c.id);
                whole(&bin, (int64_t)d + 1);
                whole(&bin, b + 1);
                const double numbers[] = {v->low[b], v->high[b], v->share[b], v->error[b]};
                for (size_t k = 0; k < ENT_COUNT(numbers); k++)
                    real(&bin, numbers[k]);
                row(&bin);
            }
        }
    }
    int a = end(&in), b = end(&bin);
    return first_of(a, b, SQLITE_OK);
}

static int write_provisions(sqlite3 *db, const ent_results *results, size_t count)
{
    insert in = begin(db, "provisions", 9);
    for (size_t i = 0; i < count; i++) {
        ent_provision_view p = ent_results_provision(results, i);
        text(&in, p.id);
        whole(&in, (int64_t)i + 1);
        const char *const words[] = {p.title, p.says, p.takes_hold, p.changes};
        for (size_t k = 0; k < ENT_COUNT(words); k++)
            text(&in, words[k]);
        p.binding >= 0 ? whole(&in, p.binding) : real(&in, ENT_UNDEFINED);
        real(&in, p.share);
        real(&in, p.share_error);
        row(&in);
    }
    return end(&in);
}

static int write_inputs(sqlite3 *db, const ent_results *results, size_t count)
{
    insert in = begin(db, "inputs", 8), stage = begin(db, "input_summaries", 16);
    for (size_t i = 0; i < count; i++) {
        ent_input_view v = ent_results_input(results, i);
        text(&in, v.name);
        whole(&in, (int64_t)i + 1);
        const char *const words[] = {v.label, v.unit, v.text, v.source, v.why};
        for (size_t k = 0; k < ENT_COUNT(words); k++)
            text(&in, words[k]);
        whole(&in, v.uncertain);
        row(&in);
        for (size_t k = 0; k < 2; k++) {
            text(&stage, v.name);
            text(&stage, k == 0 ? "prior" : "weighted");
            summary(&stage, k == 0 ? &v.prior : &v.weighted);
            row(&stage);
        }
    }
    int a = end(&in), b = end(&stage);
    return first_of(a, b, SQLITE_OK);
}

static void story_rounds(insert *round, insert *position, int64_t id, const ent_story_view *v)
{
    const ent_story *s = v->story;
    for (int32_t r = 0; r <= s->rounds; r++) {
        whole(round, id);
        whole(round, r);
        real(round, s->median[r]);
        real(round, s->mean[r]);
        row(round);
        for (size_t i = 0; i < s->n; i++) {
            whole(position, id);
            whole(position, r);
            text(position, v->actor[i]);
            real(position, s->position[(size_t)r * s->n + i]);
            row(position);
        }
    }
}

static void story_offers(insert *offer, int64_t id, const ent_story_view *v)
{
    for (size_t k = 0; k < v->story->n_offers; k++) {
        const ent_story_offer *o = &v->story->offer[k];
        whole(offer, id);
        whole(offer, (int64_t)k + 1);
        whole(offer, o->round);
        text(offer, v->actor[o->from]);
        text(offer, v->actor[o->to]);
        text(offer, o->kind);
        const double numbers[] = {o->stands, o->asks, o->eu_from, o->eu_to};
        for (size_t i = 0; i < ENT_COUNT(numbers); i++)
            real(offer, numbers[i]);
        whole(offer, o->accepted);
        row(offer);
    }
}

static int write_stories(sqlite3 *db, const ent_results *results)
{
    static const char *const arm[ENT_ARM_COUNT] = {"without", "with", "taken"};
    insert story = begin(db, "stories", 7), round = begin(db, "rounds", 4), position = begin(db, "round_positions", 4),
           offer = begin(db, "offers", 11);
    for (size_t i = 0; i < ent_results_story_count(results); i++) {
        ent_story_view v = ent_results_story(results, i);
        whole(&story, (int64_t)i + 1);
        text(&story, v.issue);
        text(&story, v.model);
        text(&story, arm[v.arm]);
        text(&story, ent_stop_word(v.story->stop));
        whole(&story, v.story->rounds);
        real(&story, v.story->outcome);
        row(&story);
        story_rounds(&round, &position, (int64_t)i + 1, &v);
        story_offers(&offer, (int64_t)i + 1, &v);
    }
    int a = end(&story), b = end(&round), c = end(&position), d = end(&offer);
    return first_of(a, b, c != SQLITE_OK ? c : d);
}

/* --- the file ------------------------------------------------------------------------------------ */

static int execute(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, NULL, NULL, NULL); }

static int write_all(sqlite3 *db, const ent_results *results)
{
    char head[160];
    ent_run_facts f = ent_results_facts(results);
    snprintf(head, sizeof head, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION, FORMAT);
    const char *const before[] = {"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;",
                                  head, "BEGIN", SCHEMA, STORIES_SCHEMA};
    int code = SQLITE_OK;
    for (size_t i = 0; i < ENT_COUNT(before) && code == SQLITE_OK; i++)
        code = execute(db, before[i]);
    if (code == SQLITE_OK)
        code = write_run(db, &f);
    if (code == SQLITE_OK)
        code = write_quantities(db, results, f.quantities);
    if (code == SQLITE_OK)
        code = write_claims(db, results, f.claims);
    if (code == SQLITE_OK)
        code = write_drivers(db, results, f.claims);
    if (code == SQLITE_OK)
        code = write_provisions(db, results, f.provisions);
    if (code == SQLITE_OK)
        code = write_inputs(db, results, f.inputs);
    if (code == SQLITE_OK)
        code = write_stories(db, results);
    return code == SQLITE_OK ? execute(db, "COMMIT") : code;
}

static ent_status tell(sqlite3 *db, int code, const char *path, ent_error *err)
{
    int system = db != NULL ? sqlite3_system_errno(db) : 0;
    ent_status status = code == SQLITE_NOMEM ? ENT_ERR_MEMORY : ENT_ERR_IO;
    return ent__error_set(err, status, path, 0, 0, "it cannot be written: %s%s%s", sqlite3_errstr(code),
                          system != 0 ? ": " : "", system != 0 ? strerror(system) : "");
}

ent_status ent__fill_sqlite(ent__file *file, const ent_results *results, ent_error *err)
{
    sqlite3 *db = NULL;
    ent_status status = ent__results_are_whole(results, err);
    if (status != ENT_OK)
        return status;
    /* No locks ("unix-none"): nobody else knows the name yet, and some network folders cannot lock. */
    int code = sqlite3_open_v2(file->temporary, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix-none");
    if (code == SQLITE_OK)
        code = write_all(db, results);
    if (code != SQLITE_OK)
        status = tell(db, code, file->path, err);
    sqlite3_close(db);
    return status;
}

ent_status ent_results_write_sqlite(const ent_results *results, const char *path, ent_error *err)
{
    return ent__file_replace(path, ent__fill_sqlite, results, err);
}
