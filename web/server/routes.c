/* What is asked of the server, and what it answers; docs/serve.md is the list. */
#include "http.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PARTS = 6 };

/* A request being answered: the path taken apart, and the scenario it is about. */
typedef struct call {
    server *s;
    const http_request *r;
    reply *out;
    char part[MOST_PARTS][MOST_PATH];
    int parts;
    bool more; /* than MOST_PARTS */
    const char *rest; /* what stands after the third part: a file's path */
    char id[64], *path, *title; /* of the scenario */
} call;

void refuse(reply *out, int status, const char *format, ...)
{
    char message[700];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    text_free(&out->body);
    out->status = status;
    failure_json(&out->body, message, NULL, "");
}

/* --- scenarios ---------------------------------------------------------------------------------------- */

bool server_scan(server *s)
{
    places found, old;
    if (!places_scan(&found, s->options.folder, s->options.n_folders))
        return false;
    pthread_mutex_lock(&s->lock);
    old = s->places;
    s->places = found;
    pthread_mutex_unlock(&s->lock);
    places_free(&old);
    return true;
}

static bool find_now(call *c, const char *id)
{
    bool found = false;
    pthread_mutex_lock(&c->s->lock);
    for (size_t i = 0; i < c->s->places.count && !found; i++) {
        const place *p = &c->s->places.item[i];
        if (strcmp(p->id, id) != 0)
            continue;
        snprintf(c->id, sizeof c->id, "%s", p->id);
        free(c->path), free(c->title);
        c->path = strdup(p->path);
        c->title = strdup(p->title);
        found = c->path != NULL && c->title != NULL;
    }
    pthread_mutex_unlock(&c->s->lock);
    return found;
}

static bool find_scenario(call *c, const char *id)
{
    return find_now(c, id) || (server_scan(c->s) && find_now(c, id));
}

static size_t count_runs(const char *path)
{
    size_t count = 0;
    int folder = folder_open(path), runs = folder >= 0 ? runs_open(folder, false) : -1;
    if (runs >= 0) {
        char **name = names_in(runs, &count);
        names_free(name, count);
        close(runs);
    }
    if (folder >= 0)
        close(folder);
    return count;
}

static void list_scenarios(call *c)
{
    text *t = &c->out->body;
    if (!server_scan(c->s)) {
        refuse(c->out, 500, "not enough memory");
        return;
    }
    text_put(t, "{\"format\":1,\"version\":\"" ENT_VERSION "\",\"scenarios\":[");
    pthread_mutex_lock(&c->s->lock);
    for (size_t i = 0; i < c->s->places.count; i++) {
        const place *p = &c->s->places.item[i];
        text_put(t, i > 0 ? ",\n {\"id\":" : "\n {\"id\":");
        text_json(t, p->id);
        text_put(t, ",\"title\":");
        text_json(t, p->title);
        text_put(t, ",\"folder\":");
        text_json(t, p->path);
        text_format(t, ",\"runs\":%zu}", count_runs(p->path));
    }
    pthread_mutex_unlock(&c->s->lock);
    text_put(t, "]}\n");
}

bool files_json(text *out, const char *path)
{
    listed_file *file = NULL;
    size_t count = 0;
    int folder = folder_open(path);
    bool fine = folder >= 0 && folder_list(&file, &count, folder);
    text_put(out, "[");
    for (size_t i = 0; fine && i < count; i++) {
        text_put(out, i > 0 ? ",{\"path\":" : "{\"path\":");
        text_json(out, file[i].path);
        text_format(out, ",\"bytes\":%lld,\"changed\":\"%lld\"}", (long long)file[i].bytes, (long long)file[i].changed);
    }
    text_put(out, "]");
    free(file);
    if (folder >= 0)
        close(folder);
    return fine;
}

static void tell_scenario(call *c)
{
    text *t = &c->out->body;
    text_put(t, "{\"format\":1,\"id\":");
    text_json(t, c->id);
    text_put(t, ",\"title\":");
    text_json(t, c->title);
    text_put(t, ",\"folder\":");
    text_json(t, c->path);
    text_put(t, ",\"files\":");
    if (!files_json(t, c->path))
        refuse(c->out, 404, "the folder %s cannot be read", c->path);
    else
        text_put(t, "}\n");
}

/* --- files -------------------------------------------------------------------------------------------- */

static bool path_may_be(call *c, const char *path)
{
    if (path != NULL && path_is_plain(path) && path_is_text(path))
        return true;
    refuse(c->out, 403, "a file of the scenario is a .yaml, .csv, .tsv, .md or .txt inside its folder, outside out/, with no dot in front, at "
           "most %d names deep and %d bytes long",
           ENT_SERVE_FILE_DEPTH, ENT_SERVE_MAX_PATH);
    return false;
}

static void read_path(call *c)
{
    int folder = folder_open(c->path), file = folder >= 0 ? path_open(folder, c->rest) : -1;
    if (file < 0)
        refuse(c->out, errno == ENOENT || errno == ENOTDIR ? 404 : 403, "%s: %s", c->rest,
               errno == ENOENT || errno == ENOTDIR ? "is not there" : "is a link, or cannot be read");
    else if (!file_take(&c->out->body, file, ENT_MAX_FILE_BYTES))
        refuse(c->out, 413, "%s has more than %d bytes, or cannot be read", c->rest, ENT_MAX_FILE_BYTES);
    else {
        c->out->status = 200;
        c->out->type = "text/plain; charset=utf-8";
        bytes_tag(c->out->tag, c->out->body.data != NULL ? c->out->body.data : "", c->out->body.length);
    }
    if (file >= 0)
        close(file);
    if (folder >= 0)
        close(folder);
}

/* A tag as a header has it, without its quotes. */
static void plain_tag(char out[64], const char *header)
{
    size_t n = strlen(header);
    bool quoted = n >= 2 && header[0] == '"' && header[n - 1] == '"';
    snprintf(out, 64, "%.*s", (int)(quoted ? n - 2 : n < 63 ? n : 63), quoted ? header + 1 : header);
}

static void write_path(call *c)
{
    char expected[64] = "*";
    if (c->r->if_match != NULL)
        plain_tag(expected, c->r->if_match);
    else if (c->r->if_none_match == NULL || strcmp(c->r->if_none_match, "*") != 0) {
        refuse(c->out, 428, "writing needs If-Match with the tag of what was read, or If-None-Match: * for a new file");
        return;
    }
    if (c->r->if_match != NULL && strcmp(expected, "*") == 0) {
        refuse(c->out, 400, "If-Match takes the tag of what was read, not *");
        return;
    }
    int folder = folder_open(c->path);
    pthread_mutex_lock(&c->s->writing);
    write_status status = folder >= 0 ? path_write(folder, c->rest, c->r->body, c->r->length, expected) : WRITE_MISSING;
    int number = errno;
    pthread_mutex_unlock(&c->s->writing);
    if (folder >= 0)
        close(folder);
    if (status == WRITE_CHANGED)
        refuse(c->out, 409, "%s was changed meanwhile by another program; nothing was written", c->rest);
    else if (status == WRITE_MISSING)
        refuse(c->out, 409, "%s is no longer there; nothing was written", c->rest);
    else if (status == WRITE_FAILED)
        refuse(c->out, 403, "%s cannot be written: %s", c->rest, number == ELOOP ? "it is a link" : strerror(number));
    else {
        bytes_tag(c->out->tag, c->r->body, c->r->length);
        text_format(&c->out->body, "{\"tag\":\"%s\"}\n", c->out->tag);
    }
}

static void check_text(call *c)
{
    const char *file = c->r->file;
    if (file != NULL && !path_may_be(c, file))
        return;
    pthread_mutex_lock(&c->s->lock);
    while (c->s->checks >= ENT_SERVE_MAX_CHECKS) /* each takes memory, and milliseconds */
        pthread_cond_wait(&c->s->checked, &c->s->lock);
    c->s->checks++;
    pthread_mutex_unlock(&c->s->lock);
    if (!check_folder(&c->out->body, c->path, file, c->r->body, c->r->length))
        refuse(c->out, 500, "%s could not be checked: a link leads out of the folder, or there is no room in TMPDIR", c->path);
    pthread_mutex_lock(&c->s->lock);
    c->s->checks--;
    pthread_cond_signal(&c->s->checked);
    pthread_mutex_unlock(&c->s->lock);
}

/* --- runs and comparisons -------------------------------------------------------------------------------- */

static const json *read_body(call *c, void **memory)
{
    json *body = NULL;
    const char *why = "";
    *memory = NULL;
    if (c->r->type == NULL || strncmp(c->r->type, "application/json", 16) != 0)
        refuse(c->out, 415, "the body is to be application/json");
    else if (!json_read(&body, memory, c->r->body, c->r->length, &why))
        refuse(c->out, 400, "the body is no JSON: %s", why);
    else if (body->kind != JSON_OBJECT)
        refuse(c->out, 400, "the body is to be an object");
    else
        return body;
    return NULL;
}

/* A whole number from 0 to `most`, as a number or a text; *given where it is there. */
static bool whole(call *c, const json *body, const char *name, uint64_t most, uint64_t *out, bool *given)
{
    const json *v = json_get(body, name);
    *given = v != NULL && v->kind != JSON_NULL;
    if (!*given)
        return true;
    const char *digits = v->kind == JSON_NUMBER || v->kind == JSON_TEXT ? v->value : "";
    errno = 0;
    if (digits[0] != 0 && strspn(digits, "0123456789") == strlen(digits)) {
        *out = strtoull(digits, NULL, 10);
        if (errno == 0 && *out <= most)
            return true;
    }
    refuse(c->out, 400, "'%s' takes a whole number from 0 to %llu", name, (unsigned long long)most);
    return false;
}

/* {"NAME": "VALUE"}: values are texts or numbers. */
static bool read_settings(call *c, const json *settings, ent_setting into[ENT_SERVE_MAX_SETTINGS], size_t *count)
{
    *count = 0;
    if (settings == NULL || settings->kind == JSON_NULL)
        return true;
    for (const json *v = settings->kind == JSON_OBJECT ? settings->child : NULL; v != NULL; v = v->next) {
        if ((v->kind != JSON_TEXT && v->kind != JSON_NUMBER) || v->name[0] == 0 || v->value[0] == 0 || *count == ENT_SERVE_MAX_SETTINGS) {
            refuse(c->out, 400, "'settings' takes at most %d names with values, such as {\"us_stake\": \"0.3 to 0.6\"}", ENT_SERVE_MAX_SETTINGS);
            return false;
        }
        into[(*count)++] = (ent_setting){v->name, v->value};
    }
    if (settings->kind == JSON_OBJECT)
        return true;
    refuse(c->out, 400, "'settings' is to be an object");
    return false;
}

static bool is_run_id(const char *id)
{
    size_t n = strlen(id);
    return n > 0 && n < 40 && strspn(id, "0123456789abcdef-") == n;
}

static void start(call *c, const job_request *request)
{
    char id[40];
    job_answer got = jobs_start(c->s->jobs, id, request);
    if (got == JOB_BUSY)
        refuse(c->out, 429, "%d runs are under way, and no more at a time; wait for one or cancel it", ENT_SERVE_MAX_RUNS);
    else if (got != JOB_STARTED)
        refuse(c->out, 500, "not enough memory");
    else {
        c->out->status = 202;
        text_format(&c->out->body, "{\"id\":\"%s\"}\n", id);
    }
}

static bool read_common(call *c, const json *body, job_request *request)
{
    uint64_t draws = 0;
    bool given;
    if (!whole(c, body, "draws", ENT_MAX_DRAWS, &draws, &given) || !whole(c, body, "seed", UINT64_MAX, &request->seed, &request->has_seed))
        return false;
    const json *csv = json_get(body, "csv"), *note = json_get(body, "note"), *keep = json_get(body, "keep");
    request->draws = (int64_t)draws;
    request->keep_draws = csv != NULL && csv->kind == JSON_TRUE;
    request->is_look = keep != NULL && keep->kind == JSON_FALSE;
    request->note = note != NULL && note->kind == JSON_TEXT ? note->value : "";
    if (strlen(request->note) <= ENT_SERVE_MAX_NOTE)
        return true;
    refuse(c->out, 400, "a note of %zu bytes; at most %d are kept", strlen(request->note), ENT_SERVE_MAX_NOTE);
    return false;
}

static void start_run(call *c)
{
    void *memory;
    const json *body = read_body(c, &memory);
    ent_setting setting[ENT_SERVE_MAX_SETTINGS];
    job_request request = {0};
    size_t n = 0;
    if (body != NULL && read_settings(c, json_get(body, "settings"), setting, &n) && read_common(c, body, &request)) {
        request.side[0] = (job_side){c->id, c->path, "", setting, n};
        start(c, &request);
    }
    free(memory);
}

/* {"scenario": ID, "run": ID, "settings": {..}} */
static bool read_side(call *c, const json *v, job_side *side, ent_setting setting[ENT_SERVE_MAX_SETTINGS])
{
    const json *scenario = json_get(v, "scenario"), *run = json_get(v, "run");
    if (scenario == NULL || scenario->kind != JSON_TEXT || !find_scenario(c, scenario->value)) {
        refuse(c->out, 404, "'a' and 'b' each name a scenario that is there");
        return false;
    }
    if (run != NULL && run->kind != JSON_NULL && (run->kind != JSON_TEXT || (run->value[0] != 0 && !is_run_id(run->value)))) {
        refuse(c->out, 400, "'run' is the id of an earlier run");
        return false;
    }
    *side = (job_side){scenario->value, c->path, run != NULL && run->kind == JSON_TEXT ? run->value : "", setting, 0};
    c->path = NULL; /* the side's now */
    return read_settings(c, json_get(v, "settings"), setting, &side->n_settings);
}

static void start_compare(call *c)
{
    void *memory;
    const json *body = read_body(c, &memory);
    ent_setting setting[2][ENT_SERVE_MAX_SETTINGS];
    job_request request = {.is_compare = true};
    if (body != NULL && read_side(c, json_get(body, "a"), &request.side[0], setting[0]) &&
        read_side(c, json_get(body, "b"), &request.side[1], setting[1]) && read_common(c, body, &request)) {
        request.keep_draws = false;
        start(c, &request);
    }
    free((char *)(uintptr_t)request.side[0].path);
    free((char *)(uintptr_t)request.side[1].path);
    free(memory);
}

static void about_job(call *c)
{
    int64_t version = 0;
    bool over = false, post = strcmp(c->r->method, "POST") == 0;
    const char *id = c->part[2], *what = c->parts > 3 ? c->part[3] : "";
    if (!is_run_id(id) || !jobs_tell(c->s->jobs, id, 0, &version, &over, &c->out->body))
        refuse(c->out, 404, "there is no such job");
    else if (c->parts == 3 && !post)
        text_put(&c->out->body, "\n");
    else if (strcmp(what, "cancel") == 0 && post)
        (void)jobs_cancel(c->s->jobs, id);
    else if (strcmp(what, "events") == 0 && !post) {
        text_free(&c->out->body);
        c->out->stream = STREAM_JOB;
        snprintf(c->out->subject, sizeof c->out->subject, "%s", id);
    } else if (strcmp(what, "result") == 0 && !post) {
        text_free(&c->out->body);
        if (!jobs_result(c->s->jobs, id, &c->out->body))
            refuse(c->out, 404, over ? "the job has no result" : "the job is not done yet");
    } else
        refuse(c->out, 405, "a job takes GET, GET events, GET result, POST cancel");
}

/* --- history ------------------------------------------------------------------------------------------- */

static int open_run(call *c, const char *id)
{
    int folder = folder_open(c->path), runs = folder >= 0 ? runs_open(folder, false) : -1;
    int run = runs >= 0 && is_run_id(id) ? openat(runs, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (runs >= 0)
        close(runs);
    if (folder >= 0)
        close(folder);
    return run;
}

/* run.json, where it is whole: it is passed on as it stands. */
static bool put_run(call *c, const char *id, bool first)
{
    text t = {0};
    json *tree = NULL;
    void *memory = NULL;
    const char *why;
    int run = open_run(c, id), file = run >= 0 ? path_open(run, "run.json") : -1;
    bool whole_file = file >= 0 && file_take(&t, file, ENT_SERVE_MAX_FACTS) && t.data != NULL && json_read(&tree, &memory, t.data, t.length, &why);
    const json *its = whole_file ? json_get(tree, "id") : NULL;
    bool fine = its != NULL && its->kind == JSON_TEXT && strcmp(its->value, id) == 0;
    if (fine) {
        text_put(&c->out->body, first ? "\n" : ",\n");
        text_add(&c->out->body, t.data, t.length);
    }
    free(memory);
    text_free(&t);
    if (file >= 0)
        close(file);
    if (run >= 0)
        close(run);
    return fine;
}

static void list_runs(call *c)
{
    size_t count = 0, told = 0;
    int folder = folder_open(c->path), runs = folder >= 0 ? runs_open(folder, false) : -1;
    char **name = runs >= 0 ? names_in(runs, &count) : NULL;
    text_put(&c->out->body, "{\"format\":1,\"runs\":[");
    for (size_t i = count; i > 0 && told < ENT_SERVE_MAX_LISTED; i--) /* ids begin with the time: newest first */
        if (is_run_id(name[i - 1]))
            told += put_run(c, name[i - 1], told == 0);
    text_put(&c->out->body, "]}\n");
    names_free(name, count);
    if (runs >= 0)
        close(runs);
    if (folder >= 0)
        close(folder);
}

static const struct {
    const char *name, *type;
    bool download;
} RUN_FILE[] = {
    {"report.html", "text/html; charset=utf-8", false}, {"results.json", "application/json", true},
    {"results.sqlite", "application/vnd.sqlite3", true}, {"draws.csv", "text/csv; charset=utf-8", true},
    {"run.json", "application/json", true},             {"plan.entente", "application/octet-stream", true},
};
enum { RUN_FILES = sizeof RUN_FILE / sizeof RUN_FILE[0] };

static void read_run_file(call *c)
{
    for (size_t i = 0; i < RUN_FILES; i++) {
        if (strcmp(c->part[5], RUN_FILE[i].name) != 0)
            continue;
        int run = open_run(c, c->part[4]), file = run >= 0 ? path_open(run, RUN_FILE[i].name) : -1;
        if (run >= 0)
            close(run);
        if (file < 0)
            break;
        c->out->file = file;
        c->out->type = RUN_FILE[i].type;
        c->out->download = RUN_FILE[i].download ? RUN_FILE[i].name : NULL;
        c->out->is_report = i == 0;
        return;
    }
    refuse(c->out, 404, "the run has no such file");
}

/* The files that a run writes, then its folder, where nothing else lies in it. */
static void remove_run(call *c)
{
    int run = open_run(c, c->part[4]), folder = folder_open(c->path), runs = folder >= 0 ? runs_open(folder, false) : -1;
    bool fine = run >= 0 && runs >= 0;
    for (size_t i = 0; fine && i < RUN_FILES; i++)
        fine = unlinkat(run, RUN_FILE[i].name, 0) == 0 || errno == ENOENT;
    fine = fine && unlinkat(runs, c->part[4], AT_REMOVEDIR) == 0;
    if (!fine)
        refuse(c->out, run < 0 ? 404 : 409, run < 0 ? "there is no such run" : "the run's folder holds other files, or cannot be changed");
    else
        text_put(&c->out->body, "{}\n");
    if (run >= 0)
        close(run);
    if (runs >= 0)
        close(runs);
    if (folder >= 0)
        close(folder);
}

/* --- a new scenario --------------------------------------------------------------------------------------- */

static void new_scenario(call *c)
{
    void *memory;
    const json *body = read_body(c, &memory), *name = json_get(body, "folder");
    ent_error err = {0};
    const char *root = NULL;
    struct stat facts;
    text path = {0};
    for (size_t i = 0; i < c->s->options.n_folders && root == NULL; i++) { /* the first that is no scenario itself */
        text_format(&path, "%s/scenario.yaml", c->s->options.folder[i]);
        root = path.data != NULL && stat(path.data, &facts) != 0 ? c->s->options.folder[i] : NULL;
        text_free(&path);
    }
    if (body == NULL)
        ;
    else if (root == NULL)
        refuse(c->out, 409, "the server was started on scenarios alone: there is no folder to put a new one into");
    else if (name == NULL || name->kind != JSON_TEXT || strlen(name->value) > 100 || name->value[0] == 0 ||
             strspn(name->value, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(name->value) || strcmp(name->value, "out") == 0)
        refuse(c->out, 400, "'folder' takes lower-case letters, digits, - and _");
    else {
        text_format(&path, "%s%s%s", strcmp(root, ".") == 0 ? "" : root, strcmp(root, ".") == 0 ? "" : "/", name->value);
        if (path.failed || ent_scenario_new(path.data, &err) != ENT_OK)
            refuse(c->out, 409, "%s", err.message[0] != 0 ? err.message : "not enough memory");
        else if (server_scan(c->s)) {
            pthread_mutex_lock(&c->s->lock);
            for (size_t i = 0; i < c->s->places.count; i++)
                if (strcmp(c->s->places.item[i].path, path.data) == 0)
                    snprintf(c->id, sizeof c->id, "%s", c->s->places.item[i].id);
            pthread_mutex_unlock(&c->s->lock);
            c->out->status = 201;
            text_format(&c->out->body, "{\"id\":\"%s\"}\n", c->id);
        }
    }
    text_free(&path);
    free(memory);
}

/* --- the table of what can be asked ----------------------------------------------------------------------- */

static void tell_models(call *c)
{
    models_json(&c->out->body);
}

static void watch(call *c)
{
    c->out->stream = STREAM_FOLDER;
    snprintf(c->out->subject, sizeof c->out->subject, "%s", c->path);
}

static void take_file(call *c)
{
    if (path_may_be(c, c->rest))
        (strcmp(c->r->method, "PUT") == 0 ? write_path : read_path)(c);
}

/* "*" stands for one part, "**" for the rest. */
static const struct {
    const char *method, *path;
    void (*act)(call *c);
} ROUTE[] = {
    {"GET", "api/scenarios", list_scenarios},
    {"POST", "api/scenarios", new_scenario},
    {"GET", "api/models", tell_models},
    {"POST", "api/compare", start_compare},
    {"GET", "api/jobs/*", about_job},
    {"GET", "api/jobs/*/*", about_job},
    {"POST", "api/jobs/*/*", about_job},
    {"GET", "api/scenarios/*", tell_scenario},
    {"GET", "api/scenarios/*/events", watch},
    {"POST", "api/scenarios/*/check", check_text},
    {"GET", "api/scenarios/*/files/**", take_file},
    {"PUT", "api/scenarios/*/files/**", take_file},
    {"GET", "api/scenarios/*/runs", list_runs},
    {"POST", "api/scenarios/*/runs", start_run},
    {"DELETE", "api/scenarios/*/runs/*", remove_run},
    {"GET", "api/scenarios/*/runs/*/*", read_run_file},
};

static bool take_apart(call *c)
{
    const char *at = c->r->path;
    if (*at++ != '/')
        return false;
    for (;;) {
        size_t length = strcspn(at, "/");
        if (length >= MOST_PATH || length == 0)
            return c->parts > 0 && length == 0;
        if (c->parts == 4)
            c->rest = at;
        if (c->parts == MOST_PARTS)
            return c->more = true; /* a file's path may go on */
        memcpy(c->part[c->parts], at, length);
        c->part[c->parts++][length] = 0;
        at += length;
        if (*at == 0)
            return true;
        at++;
    }
}

static bool fits(const call *c, const char *pattern)
{
    int i = 0;
    for (const char *at = pattern;; i++) {
        size_t length = strcspn(at, "/");
        if (strncmp(at, "**", 2) == 0)
            return c->rest != NULL;
        if (i >= c->parts)
            return false;
        if (at[0] != '*' && (strlen(c->part[i]) != length || strncmp(at, c->part[i], length) != 0))
            return false;
        at += length;
        if (*at == 0)
            return i + 1 == c->parts && !c->more;
        at++;
    }
}

size_t most_body(const char *method, const char *path)
{
    bool text_comes = strcmp(method, "PUT") == 0 || (strlen(path) > 6 && strcmp(path + strlen(path) - 6, "/check") == 0);
    return text_comes ? ENT_SERVE_MAX_WRITTEN : strcmp(method, "POST") == 0 ? ENT_SERVE_MAX_BODY : 0;
}

void answer(server *s, const http_request *r, reply *out)
{
    call *c = calloc(1, sizeof *c);
    bool known = false;
    if (c == NULL) {
        refuse(out, 500, "not enough memory");
        return;
    }
    *c = (call){.s = s, .r = r, .out = out};
    bool readable = take_apart(c);
    for (size_t i = 0; readable && i < sizeof ROUTE / sizeof ROUTE[0]; i++) {
        if (!fits(c, ROUTE[i].path))
            continue;
        known = true;
        if (strcmp(ROUTE[i].method, r->method) != 0)
            continue;
        if (c->parts > 2 && strcmp(c->part[1], "scenarios") == 0 && !find_scenario(c, c->part[2]))
            refuse(out, 404, "there is no such scenario");
        else
            ROUTE[i].act(c);
        readable = false;
        known = false;
        break;
    }
    if (known)
        refuse(out, 405, "%s cannot be asked for with %s", r->path, r->method);
    else if (out->status == 0 && out->body.length == 0 && out->file < 0 && out->stream == STREAM_NONE)
        refuse(out, 404, "there is nothing at this address");
    if (out->status == 0)
        out->status = 200;
    free(c->path), free(c->title);
    free(c);
}
