#include "jobs.h"
#include "folder.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

typedef enum job_state { JOB_EMPTY, JOB_RUNNING, JOB_DONE, JOB_STOPPED, JOB_FAILED } job_state;

typedef struct side {
    char *scenario, *path, *run;
    ent_setting *setting; /* its texts as well */
    size_t n_settings;
} side;

typedef struct task {
    jobs *owner;
    char id[40];
    job_state state;
    bool is_compare, is_look, keep_draws, has_seed, cancel, joinable;
    int64_t draws, done, total, version, order;
    uint64_t seed;
    char *note;
    side side[2];
    text result, failure;
    pthread_t thread;
} task;

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    task job[ENT_SERVE_MAX_JOBS];
    int running;
    int64_t order;
    bool stopping;
};

/* --- errors, for people ------------------------------------------------------------------------------- */

/* The path without the scenario's folder in front of it. */
static const char *inside(const char *file, const char *folder)
{
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/')
        n--;
    if (strncmp(file, folder, n) != 0 || file[n] != '/')
        return file;
    return file + n + strspn(file + n, "/");
}

static void findings_json(text *out, const ent_diagnostics *list, const char *folder)
{
    size_t count = list != NULL ? ent_diagnostics_count(list) : 0;
    text_put(out, "[");
    for (size_t i = 0; i < count; i++) {
        ent_diagnostic d = ent_diagnostics_get(list, i);
        text_put(out, i > 0 ? ",\n {\"file\":" : "\n {\"file\":");
        text_json(out, inside(d.file, folder));
        text_format(out, ",\"line\":%d,\"column\":%d,\"severity\":\"%s\",\"message\":", d.line, d.column,
                    d.severity == ENT_SEVERITY_ERROR ? "error" : "warning");
        text_json(out, d.message);
        text_put(out, "}");
    }
    text_put(out, "]");
}

void failure_json(text *out, const char *message, const ent_diagnostics *list, const char *folder)
{
    text_put(out, "{\"error\":");
    text_json(out, message);
    text_put(out, ",\"findings\":");
    findings_json(out, list, folder);
    text_put(out, "}\n");
}

ent_status compile_folder(ent_plan **plan, const char *path, const ent_setting *setting, size_t n, ent_diagnostics *list,
                          ent_error *err)
{
    ent_scenario *scenario = NULL;
    char link[MOST_PATH];
    if (!folder_is_closed(path, link)) {
        snprintf(err->message, sizeof err->message, "'%.200s' is a link that leads out of the scenario's folder", link);
        return err->status = ENT_ERR_IO;
    }
    ent_status status = ent_scenario_read(&scenario, path, list, err);
    if (status == ENT_OK)
        status = ent_plan_compile(plan, scenario, setting, n, list, err);
    ent_scenario_free(scenario);
    ent_diagnostics_sort(list);
    return status;
}

static const char *message_of(const ent_error *err, ent_status status)
{
    return err->message[0] != 0 ? err->message : ent_status_text(status);
}

/* --- what a job does ---------------------------------------------------------------------------------- */

static int on_progress(const ent_progress *at, void *payload)
{
    task *job = payload;
    jobs *j = job->owner;
    pthread_mutex_lock(&j->lock);
    job->done = at->done;
    job->total = at->total;
    job->version++;
    int stop = job->cancel || j->stopping;
    pthread_cond_broadcast(&j->changed);
    pthread_mutex_unlock(&j->lock);
    return stop;
}

static ent_run_options options_of(task *job)
{
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = job->draws;
    options.has_seed = job->has_seed;
    options.seed = job->seed;
    options.keep_draws = job->keep_draws;
    options.progress = on_progress;
    options.payload = job;
    return options;
}

/* SCENARIO/out/runs/ID and, where `name` is given, a file of it; the caller frees. */
static char *run_path(const side *of, const char *id, const char *name)
{
    text t = {0};
    text_format(&t, "%s/out/runs/%s%s%s", of->path, id, name != NULL ? "/" : "", name != NULL ? name : "");
    if (t.failed)
        text_free(&t);
    return t.data;
}

/* The plan of a side: of the scenario as it stands, or as it was saved with an earlier run. */
static ent_status plan_of(ent_plan **plan, const side *of, text *failure)
{
    ent_error err = {0};
    ent_status status;
    if (of->run[0] != 0) {
        unsigned char *bytes = NULL;
        size_t length = 0;
        char *path = run_path(of, of->run, "plan.entente");
        status = path != NULL ? ent_file_read(&bytes, &length, path, &err) : ENT_ERR_MEMORY;
        if (status == ENT_OK)
            status = ent_plan_load(plan, bytes, length, &err);
        for (size_t i = 0; status == ENT_OK && i < of->n_settings; i++)
            status = ent_plan_set(*plan, of->setting[i].name, of->setting[i].value, &err);
        ent_bytes_free(bytes);
        free(path);
        if (status != ENT_OK)
            failure_json(failure, message_of(&err, status), NULL, of->path);
        return status;
    }
    ent_diagnostics *list = ent_diagnostics_create();
    status = list != NULL ? compile_folder(plan, of->path, of->setting, of->n_settings, list, &err) : ENT_ERR_MEMORY;
    if (status != ENT_OK)
        failure_json(failure, message_of(&err, status), list, of->path);
    ent_diagnostics_free(list);
    return status;
}

static void settings_json(text *t, const side *of)
{
    text_put(t, "{");
    for (size_t i = 0; i < of->n_settings; i++) {
        text_put(t, i > 0 ? "," : "");
        text_json(t, of->setting[i].name);
        text_put(t, ":");
        text_json(t, of->setting[i].value);
    }
    text_put(t, "}");
}

/* What the history tells of a run; written last, so that a run without it is none. */
static ent_status write_facts(const task *job, const ent_results *results, const char *started, double seconds, ent_error *err)
{
    ent_run_facts f = ent_results_facts(results);
    text t = {0};
    text_put(&t, "{\"format\":1,\"id\":");
    text_json(&t, job->id);
    text_put(&t, ",\"title\":");
    text_json(&t, f.title);
    text_put(&t, ",\"note\":");
    text_json(&t, job->note);
    text_format(&t, ",\"started\":\"%s\",\"seconds\":%.2f,\"version\":", started, seconds);
    text_json(&t, f.version);
    text_format(&t, ",\"seed\":\"%llu\",\"hash\":\"%016llx\",\"draws\":%lld,\"draws_asked\":%lld,\"interrupted\":%s,\"csv\":%s",
                (unsigned long long)f.seed, (unsigned long long)f.hash, (long long)f.draws, (long long)f.draws_asked,
                f.interrupted ? "true" : "false", job->keep_draws ? "true" : "false");
    text_put(&t, ",\"effective_draws\":");
    text_number(&t, f.effective_draws);
    text_put(&t, ",\"command\":");
    text_json(&t, f.command);
    text_put(&t, ",\"settings\":");
    settings_json(&t, &job->side[0]);
    text_put(&t, ",\"claims\":[");
    for (size_t i = 0; i < f.claims; i++) {
        ent_claim_view c = ent_results_claim(results, i);
        text_put(&t, i > 0 ? ",\n {\"id\":" : "\n {\"id\":");
        text_json(&t, c.id);
        text_put(&t, ",\"verdict\":");
        text_json(&t, ent_verdict_text(c.arm[ENT_ARM_WITH].verdict));
        text_put(&t, ",\"share\":");
        text_number(&t, c.arm[ENT_ARM_WITH].share);
        text_put(&t, "}");
    }
    text_put(&t, "]}\n");
    char *path = run_path(&job->side[0], job->id, "run.json");
    ent_status status = t.failed || path == NULL ? ENT_ERR_MEMORY : ent_file_write(path, t.data, t.length, err);
    free(path);
    text_free(&t);
    return status;
}

static ent_status make_folder(const task *job, ent_error *err)
{
    int scenario = folder_open(job->side[0].path), runs = scenario >= 0 ? runs_open(scenario, true) : -1;
    bool fine = runs >= 0 && mkdirat(runs, job->id, 0777) == 0;
    if (!fine)
        snprintf(err->message, sizeof err->message, "%.200s/out/runs: %.100s", job->side[0].path,
                 errno == ENOTDIR || errno == ELOOP ? "is a link or no folder" : strerror(errno));
    if (runs >= 0)
        close(runs);
    if (scenario >= 0)
        close(scenario);
    return fine ? ENT_OK : ENT_ERR_IO;
}

static ent_status save(const task *job, const ent_plan *plan, const ent_results *results, const char *started, double seconds,
                       ent_error *err)
{
    char *folder = run_path(&job->side[0], job->id, NULL), *plan_path = run_path(&job->side[0], job->id, "plan.entente"),
         *json_path = run_path(&job->side[0], job->id, "results.json"), *told = NULL;
    unsigned char *bytes = NULL;
    size_t length = 0;
    ent_status status = folder != NULL && plan_path != NULL && json_path != NULL ? make_folder(job, err) : ENT_ERR_MEMORY;
    if (status == ENT_OK)
        status = ent_results_write_folder(results, folder, job->keep_draws, err);
    if (status == ENT_OK)
        status = ent_plan_save(&bytes, &length, plan, err);
    if (status == ENT_OK)
        status = ent_file_write(plan_path, bytes, length, err);
    if (status == ENT_OK)
        status = ent_results_json(&told, &length, results, err);
    if (status == ENT_OK)
        status = ent_file_write(json_path, told, length, err);
    if (status == ENT_OK)
        status = write_facts(job, results, started, seconds, err);
    ent_bytes_free(bytes), ent_bytes_free(told);
    free(folder), free(plan_path), free(json_path);
    return status;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void utc_text(char out[24], const char *format)
{
    time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(out, 24, format, &parts);
}

static ent_status tell_results(const ent_results *results, text *result, ent_error *err)
{
    char *told = NULL;
    size_t length = 0;
    ent_status status = ent_results_json(&told, &length, results, err);
    if (status == ENT_OK)
        text_add(result, told, length);
    ent_bytes_free(told);
    return status;
}

static job_state run(task *job, text *failure, text *result)
{
    ent_plan *plan = NULL;
    ent_results *results = NULL;
    ent_error err = {0};
    char started[24];
    double start = seconds_now();
    utc_text(started, "%Y-%m-%dT%H:%M:%SZ");
    if (plan_of(&plan, &job->side[0], failure) != ENT_OK)
        return JOB_FAILED;
    ent_run_options options = options_of(job);
    job_state state = JOB_FAILED;
    ent_status status = ent_run(&results, plan, &options, &err);
    ent_run_facts facts = {0};
    if (status == ENT_OK) {
        facts = ent_results_facts(results);
        on_progress(&(ent_progress){facts.draws, facts.draws_asked}, job);
        state = facts.interrupted ? JOB_STOPPED : JOB_DONE;
        if (facts.draws > 0)
            status = job->is_look ? tell_results(results, result, &err) : save(job, plan, results, started, seconds_now() - start, &err);
    }
    if (status == ENT_ERR_INTERRUPTED)
        state = JOB_STOPPED;
    else if (status != ENT_OK) {
        state = JOB_FAILED;
        failure_json(failure, message_of(&err, status), NULL, job->side[0].path);
    }
    ent_results_free(results);
    ent_plan_free(plan);
    return state;
}

static job_state compare(task *job, text *failure, text *result)
{
    ent_plan *plan[2] = {NULL, NULL};
    ent_compare *c = NULL;
    ent_error err = {0};
    job_state state = JOB_FAILED;
    if (plan_of(&plan[0], &job->side[0], failure) == ENT_OK && plan_of(&plan[1], &job->side[1], failure) == ENT_OK) {
        ent_run_options options = options_of(job);
        char *told = NULL;
        size_t length = 0;
        ent_status status = ent_compare_run(&c, plan[0], plan[1], &options, &err);
        if (status == ENT_OK)
            status = ent_compare_json(&told, &length, c, &err);
        if (status == ENT_OK)
            text_add(result, told, length);
        state = status == ENT_OK ? JOB_DONE : status == ENT_ERR_INTERRUPTED ? JOB_STOPPED : JOB_FAILED;
        if (state == JOB_FAILED)
            failure_json(failure, message_of(&err, status), NULL, "");
        ent_bytes_free(told);
    }
    ent_compare_free(c);
    ent_plan_free(plan[0]);
    ent_plan_free(plan[1]);
    return state;
}

static void *work(void *payload)
{
    task *job = payload;
    jobs *j = job->owner;
    text failure = {0}, result = {0};
    job_state state = job->is_compare ? compare(job, &failure, &result) : run(job, &failure, &result);
    pthread_mutex_lock(&j->lock);
    job->failure = failure;
    job->result = result;
    job->state = state;
    job->version++;
    j->running--;
    pthread_cond_broadcast(&j->changed);
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

/* --- the table ---------------------------------------------------------------------------------------- */

bool jobs_create(jobs **out)
{
    jobs *j = calloc(1, sizeof *j);
    *out = j;
    if (j == NULL)
        return false;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return true;
}

static void side_free(side *s)
{
    free(s->scenario), free(s->path), free(s->run), free(s->setting);
    *s = (side){0};
}

static void job_clear(task *job)
{
    if (job->joinable)
        pthread_join(job->thread, NULL);
    side_free(&job->side[0]);
    side_free(&job->side[1]);
    free(job->note);
    text_free(&job->result);
    text_free(&job->failure);
    *job = (task){0};
}

static bool side_copy(side *to, const job_side *from)
{
    size_t bytes = (from->n_settings + 1) * sizeof(ent_setting);
    for (size_t i = 0; i < from->n_settings; i++)
        bytes += strlen(from->setting[i].name) + strlen(from->setting[i].value) + 2;
    *to = (side){strdup(from->scenario), strdup(from->path), strdup(from->run), calloc(1, bytes), from->n_settings};
    if (to->scenario == NULL || to->path == NULL || to->run == NULL || to->setting == NULL)
        return false;
    char *room = (char *)(to->setting + from->n_settings + 1);
    for (size_t i = 0; i < from->n_settings; i++) {
        const ent_setting *s = &from->setting[i];
        char *name = strcpy(room, s->name), *value = strcpy(room + strlen(s->name) + 1, s->value);
        to->setting[i] = (ent_setting){name, value};
        room = value + strlen(value) + 1;
    }
    return true;
}

/* An empty slot, or that of the job that ended first; the lock is held. */
static task *free_slot(jobs *j)
{
    task *oldest = NULL;
    for (size_t i = 0; i < ENT_SERVE_MAX_JOBS; i++) {
        task *at = &j->job[i];
        if (at->state == JOB_EMPTY)
            return at;
        if (at->state != JOB_RUNNING && (oldest == NULL || at->order < oldest->order))
            oldest = at;
    }
    if (oldest != NULL)
        job_clear(oldest); /* its thread has let go of the lock and does nothing more */
    return oldest;
}

job_answer jobs_start(jobs *j, char id[40], const job_request *request)
{
    unsigned char chance[4] = {0};
    char when[24];
    job_answer answer = JOB_FAILED_TO_START;
    utc_text(when, "%Y%m%d-%H%M%S");
    if (getrandom(chance, sizeof chance, 0) != sizeof chance)
        return answer;
    pthread_mutex_lock(&j->lock);
    task *job = j->stopping || j->running >= ENT_SERVE_MAX_RUNS ? NULL : free_slot(j);
    if (job == NULL)
        answer = JOB_BUSY;
    else {
        *job = (task){.owner = j, .state = JOB_RUNNING, .is_compare = request->is_compare, .is_look = request->is_look, .keep_draws = request->keep_draws,
                            .has_seed = request->has_seed, .draws = request->draws, .seed = request->seed,
                            .order = j->order++, .note = strdup(request->note)};
        snprintf(job->id, sizeof job->id, "%s-%02x%02x%02x%02x", when, chance[0], chance[1], chance[2], chance[3]);
        memcpy(id, job->id, sizeof job->id);
        bool fine = job->note != NULL && side_copy(&job->side[0], &request->side[0]) &&
                    (!request->is_compare || side_copy(&job->side[1], &request->side[1])) &&
                    pthread_create(&job->thread, NULL, work, job) == 0;
        job->joinable = fine;
        if (fine) {
            j->running++;
            answer = JOB_STARTED;
        } else
            job_clear(job);
    }
    pthread_mutex_unlock(&j->lock);
    return answer;
}

static task *find(jobs *j, const char *id)
{
    for (size_t i = 0; i < ENT_SERVE_MAX_JOBS; i++)
        if (j->job[i].state != JOB_EMPTY && strcmp(j->job[i].id, id) == 0)
            return &j->job[i];
    return NULL;
}

static void tell(const task *job, text *out)
{
    static const char *const STATE[] = {"", "running", "done", "stopped", "failed"};
    text_put(out, "{\"id\":");
    text_json(out, job->id);
    text_format(out, ",\"kind\":\"%s\",\"scenario\":", job->is_compare ? "compare" : "run");
    text_json(out, job->side[0].scenario);
    text_format(out, ",\"state\":\"%s\",\"done\":%lld,\"total\":%lld", STATE[job->state], (long long)job->done, (long long)job->total);
    if (job->failure.data != NULL) {
        size_t end = job->failure.length;
        while (end > 0 && job->failure.data[end - 1] == '\n')
            end--;
        text_put(out, ",\"failure\":");
        text_add(out, job->failure.data, end);
    }
    text_put(out, "}");
}

bool jobs_tell(jobs *j, const char *id, int wait, int64_t *version, bool *over, text *out)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait / 1000;
    until.tv_nsec += (long)(wait % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&j->lock);
    task *job = find(j, id);
    while (wait > 0 && job != NULL && job->state == JOB_RUNNING && job->version == *version && !j->stopping &&
           pthread_cond_timedwait(&j->changed, &j->lock, &until) == 0)
        job = find(j, id);
    if (job != NULL) {
        *version = job->version;
        *over = job->state != JOB_RUNNING;
        tell(job, out);
    }
    pthread_mutex_unlock(&j->lock);
    return job != NULL;
}

bool jobs_cancel(jobs *j, const char *id)
{
    pthread_mutex_lock(&j->lock);
    task *job = find(j, id);
    if (job != NULL)
        job->cancel = true;
    pthread_mutex_unlock(&j->lock);
    return job != NULL;
}

bool jobs_result(jobs *j, const char *id, text *out)
{
    pthread_mutex_lock(&j->lock);
    task *job = find(j, id);
    bool is_there = job != NULL && job->result.data != NULL;
    if (is_there)
        text_add(out, job->result.data, job->result.length);
    pthread_mutex_unlock(&j->lock);
    return is_there;
}

void jobs_stop(jobs *j)
{
    pthread_mutex_lock(&j->lock);
    j->stopping = true;
    pthread_cond_broadcast(&j->changed);
    while (j->running > 0)
        pthread_cond_wait(&j->changed, &j->lock);
    pthread_mutex_unlock(&j->lock);
}

void jobs_free(jobs *j)
{
    if (j == NULL)
        return;
    jobs_stop(j);
    for (size_t i = 0; i < ENT_SERVE_MAX_JOBS; i++)
        if (j->job[i].state != JOB_EMPTY)
            job_clear(&j->job[i]);
    pthread_cond_destroy(&j->changed);
    pthread_mutex_destroy(&j->lock);
    free(j);
}
