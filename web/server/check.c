/* Checking what is being typed: the folder is copied as links into one under TMPDIR, with the one unsaved text in its
 * place, since ent_scenario_read() reads folders. Messages then name the files as the user knows them. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "folder.h"
#include "jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes the folders that lead to a path of the copy. */
static bool make_way(const char *top, const char *path)
{
    char way[2048];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        if (snprintf(way, sizeof way, "%s/%.*s", top, (int)(slash - path), path) >= (int)sizeof way)
            return false;
        if (mkdir(way, 0700) != 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool put_file(const char *path, const char *bytes, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool fine = file >= 0;
    while (fine && length > 0) {
        ssize_t put = write(file, bytes, length);
        fine = put > 0 || (put < 0 && errno == EINTR);
        bytes += put > 0 ? put : 0;
        length -= put > 0 ? (size_t)put : 0;
    }
    if (file >= 0)
        fine = close(file) == 0 && fine;
    return fine;
}

/* The copy of one file: a link, or the unsaved text. */
static bool copy_file(const char *top, const char *real, const char *path, const char *bytes, size_t length)
{
    text from = {0}, to = {0};
    text_format(&from, "%s/%s", real, path);
    text_format(&to, "%s/%s", top, path);
    bool fine = !from.failed && !to.failed && make_way(top, path) &&
                (bytes != NULL ? put_file(to.data, bytes, length) : symlink(from.data, to.data) == 0);
    text_free(&from);
    text_free(&to);
    return fine;
}

static void remove_copy(const char *top, const listed_file *file, size_t count, const char *extra)
{
    char path[2048];
    for (size_t i = 0; i <= count; i++) {
        const char *name = i < count ? file[i].path : extra;
        snprintf(path, sizeof path, "%s/%s", top, name);
        (void)unlink(path);
    }
    for (int again = 0; again < 4; again++) /* deepest folders first, however they lie */
        for (size_t i = 0; i <= count; i++) {
            snprintf(path, sizeof path, "%s/%s", top, i < count ? file[i].path : extra);
            for (char *slash; strlen(path) > strlen(top) + 1 && (slash = strrchr(path, '/')) != NULL && slash > path + strlen(top);) {
                *slash = 0;
                (void)rmdir(path);
            }
        }
    (void)rmdir(top);
}

/* The folder in messages is the copy's: it is left out. */
static void tell_copy(text *out, const ent_diagnostics *list, const ent_error *err, ent_status status, const char *top)
{
    const char *message = status == ENT_OK ? "" : err->message[0] != 0 ? err->message : ent_status_text(status);
    text raw = {0};
    failure_json(&raw, message, list, top);
    size_t n = strlen(top);
    for (const char *at = raw.data; at != NULL && *at != 0;) {
        const char *found = strstr(at, top);
        size_t upto = found != NULL ? (size_t)(found - at) : strlen(at);
        text_add(out, at, upto);
        at += upto;
        if (found != NULL)
            at += n + (at[n] == '/');
    }
    out->failed = out->failed || raw.failed;
    text_free(&raw);
}

static void check(text *out, const char *path)
{
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = list != NULL ? compile_folder(NULL, path, NULL, 0, list, &err) : ENT_ERR_MEMORY;
    tell_copy(out, list, &err, status, path);
    ent_diagnostics_free(list);
}

bool check_folder(text *out, const char *path, const char *name, const char *bytes, size_t length)
{
    if (name == NULL) {
        check(out, path);
        return !out->failed;
    }
    const char *temporary = getenv("TMPDIR");
    char top[512], link[MOST_PATH], *real = realpath(path, NULL);
    listed_file *file = NULL;
    size_t count = 0;
    int folder = real != NULL && folder_is_closed(path, link) ? folder_open(path) : -1;
    snprintf(top, sizeof top, "%.400s/entente-check-XXXXXX", temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
    bool fine = folder >= 0 && folder_list(&file, &count, folder) && mkdtemp(top) != NULL;
    if (fine) {
        for (size_t i = 0; fine && i < count; i++)
            if (strcmp(file[i].path, name) != 0)
                fine = copy_file(top, real, file[i].path, NULL, 0);
        fine = fine && copy_file(top, real, name, bytes, length);
        ent_error err = {0};
        ent_diagnostics *list = ent_diagnostics_create();
        ent_status status = ENT_ERR_MEMORY;
        ent_scenario *scenario = NULL;
        if (fine && list != NULL) {
            status = ent_scenario_read(&scenario, top, list, &err);
            if (status == ENT_OK)
                status = ent_plan_compile(NULL, scenario, NULL, 0, list, &err);
            ent_scenario_free(scenario);
            ent_diagnostics_sort(list);
        }
        if (fine)
            tell_copy(out, list, &err, status, top);
        ent_diagnostics_free(list);
        remove_copy(top, file, count, name);
    }
    if (folder >= 0)
        close(folder);
    free(file);
    free(real);
    return fine && !out->failed;
}
