/* Files that appear whole or not at all: write NAME.PID.part, fsync, rename, fsync the folder. */
#include "results/results.h"

#include "core/descriptor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ent_status fail(const char *path, const char *what, ent_error *err)
{
    ent_status status = errno == ENOMEM ? ENT_ERR_MEMORY : ENT_ERR_IO;
    return ent__error_set(err, status, path, 0, 0, "%s: %s", what, strerror(errno));
}

ent_status ent__file_make_folders(char *path, ent_error *err)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        int made = mkdir(path, 0777);
        if (made != 0 && errno != EEXIST && errno != EISDIR) {
            struct stat s; /* a folder above may be read-only or a mount point and yet be there */
            int why = errno;
            if (stat(path, &s) != 0 || !S_ISDIR(s.st_mode)) {
                errno = why;
                ent_status status = fail(path, "the folder cannot be made", err);
                *slash = '/';
                return status;
            }
        }
        *slash = '/';
    }
    return ENT_OK;
}

/* True for NAME.PID.part of a process that is gone; a number that is in use may be another host's or a new process. */
static bool is_crumb(const char *entry, const char *name, size_t length)
{
    if (strncmp(entry, name, length) != 0 || entry[length] != '.')
        return false;
    const char *digits = entry + length + 1;
    size_t n = strspn(digits, "0123456789");
    if (n == 0 || n > 9 || strcmp(digits + n, ".part") != 0)
        return false;
    long pid = 0;
    for (size_t i = 0; i < n; i++)
        pid = 10 * pid + (digits[i] - '0');
    return kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* What a run that was killed while it wrote left behind: parts of this file that nobody has touched for ten minutes. */
static void sweep(const char *path, time_t now)
{
    enum { OLD = 600 };
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    ent__buffer folder = {0};
    ent__buffer_add(&folder, path, (size_t)(name - path));
    DIR *dir = folder.failed ? NULL : opendir(slash != NULL ? folder.data : ".");
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        struct stat s;
        bool crumb = is_crumb(entry->d_name, name, strlen(name));
        if (crumb && fstatat(dirfd(dir), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) == 0 && now - s.st_mtime > OLD)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    if (dir != NULL)
        closedir(dir);
    ent__buffer_free(&folder);
}

static void forget(ent__file *file)
{
    ent__free(file->path);
    ent__free(file->temporary);
    *file = (ent__file){.descriptor = -1};
}

ent_status ent__file_begin(ent__file *file, const char *path, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__buffer name = {0}, copy = {0};
    *file = (ent__file){.descriptor = -1};
    ent__buffer_text(&copy, path);
    ent__buffer_printf(&name, "%s.%ld.part", path, (long)getpid());
    file->path = copy.data;
    file->temporary = name.data;
    if (name.failed || copy.failed) {
        forget(file);
        return ent__error_set(err, ENT_ERR_MEMORY, path, 0, 0, "not enough memory to write it");
    }
    if ((status = ent__file_make_folders(file->path, err)) == ENT_OK) {
        file->descriptor = ent__open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC);
        if (file->descriptor < 0)
            status = fail(path, "it cannot be written", err);
    }
    struct stat made; /* its time is by the file system's own clock */
    if (status == ENT_OK && fstat(file->descriptor, &made) == 0)
        sweep(file->path, made.st_mtime);
    if (status != ENT_OK)
        forget(file);
    return status;
}

ent_status ent__file_write(ent__file *file, const char *text, size_t length, ent_error *err)
{
    while (length > 0) {
        ssize_t written = write(file->descriptor, text, length < (1u << 30) ? length : (1u << 30));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail(file->path, "it cannot be written", err);
        text += written;
        length -= (size_t)written;
    }
    return ENT_OK;
}

/* A new name is safe on disk only once its folder is. Some file systems cannot sync a folder: no error then. */
void ent__file_sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    ent__buffer folder = {0};
    ent__buffer_add(&folder, path, slash != NULL ? (size_t)(slash - path) + 1 : 0);
    if (slash == NULL)
        ent__buffer_text(&folder, ".");
    int descriptor = folder.failed ? -1 : ent__open(folder.data, O_RDONLY);
    if (descriptor >= 0) {
        (void)ent__sync(descriptor, fsync);
        close(descriptor);
    }
    ent__buffer_free(&folder);
}

ent_status ent__file_finish(ent__file *file, ent_error *err)
{
    ent_status status = ENT_OK;
    if (ent__sync(file->descriptor, fsync) != 0 && errno != EINVAL && errno != EROFS)
        status = fail(file->path, "it cannot be written to the disk", err);
    if (ent__close(file->descriptor) != 0 && status == ENT_OK)
        status = fail(file->path, "it cannot be written", err);
    file->descriptor = -1;
    return status;
}

ent_status ent__file_move(ent__file *file, ent_error *err)
{
    if (rename(file->temporary, file->path) != 0)
        return fail(file->path, "it cannot be replaced", err);
    forget(file);
    return ENT_OK;
}

void ent__file_abandon(ent__file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    if (file->temporary != NULL)
        unlink(file->temporary);
    forget(file);
}

ent_status ent__file_replace(const char *path, ent__file_fill *fill, const ent_results *results, ent_error *err)
{
    ent__file file;
    ent_status status = ent__file_begin(&file, path, err);
    if (status == ENT_OK)
        status = fill(&file, results, err);
    if (status == ENT_OK)
        status = ent__file_finish(&file, err);
    if (status == ENT_OK)
        status = ent__file_move(&file, err);
    if (status == ENT_OK)
        ent__file_sync_folder(path);
    ent__file_abandon(&file);
    return status;
}

ent_status ent_file_write(const char *path, const void *bytes, size_t length, ent_error *err)
{
    ent__file file;
    ent_status status = ent__file_begin(&file, path, err);
    if (status == ENT_OK)
        status = ent__file_write(&file, bytes, length, err);
    if (status == ENT_OK)
        status = ent__file_finish(&file, err);
    if (status == ENT_OK)
        status = ent__file_move(&file, err);
    if (status == ENT_OK)
        ent__file_sync_folder(path);
    ent__file_abandon(&file);
    return status;
}

ent_status ent_file_read(unsigned char **bytes, size_t *length, const char *path, ent_error *err)
{
    ent_status status = ENT_OK;
    struct stat s;
    unsigned char *room = NULL;
    size_t have = 0;
    int descriptor = ent__open(path, O_RDONLY);
    if (descriptor < 0 || fstat(descriptor, &s) != 0 || !S_ISREG(s.st_mode)) {
        errno = descriptor < 0 || S_ISREG(s.st_mode) ? errno : EISDIR;
        status = fail(path, "it cannot be read", err);
        goto done;
    }
    size_t size = (size_t)s.st_size;
    room = ent__alloc(size + 1, 1);
    if (room == NULL) {
        status = ent__error_set(err, ENT_ERR_MEMORY, path, 0, 0, "not enough memory to read its %llu bytes", (unsigned long long)size);
        goto done;
    }
    while (have < size) {
        ssize_t got = read(descriptor, room + have, size - have < (1u << 30) ? size - have : (1u << 30));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            status = fail(path, "it cannot be read", err);
            goto done;
        }
        if (got == 0)
            break; /* it became shorter meanwhile */
        have += (size_t)got;
    }
    *bytes = room;
    *length = have;
    room = NULL;
done:
    if (descriptor >= 0)
        close(descriptor);
    ent__free(room);
    return status;
}

/* path = folder / name */
static bool join(ent__buffer *path, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    bool bare = length == 0 || folder[length - 1] == '/';
    ent__buffer_printf(path, "%s%s%s", folder, bare ? "" : "/", name);
    return !path->failed;
}

/* One file of the folder, filled and synced; the files are filled side by side. */
typedef struct part {
    ent__file file;
    ent__file_fill *fill;
    const ent_results *results;
    ent_status status;
    ent_error err;
    pthread_t thread;
    bool apart;
} part;

static void *fill_part(void *payload)
{
    part *p = payload;
    p->status = p->fill(&p->file, p->results, &p->err);
    if (p->status == ENT_OK)
        p->status = ent__file_finish(&p->file, &p->err);
    return NULL;
}

/* The first part in this thread, each other in one of its own where there is one to be had. */
static ent_status fill_parts(part *all, size_t count, ent_error *err)
{
    for (size_t i = 1; i < count; i++)
        all[i].apart = pthread_create(&all[i].thread, NULL, fill_part, &all[i]) == 0;
    for (size_t i = 0; i < count; i++)
        if (!all[i].apart)
            fill_part(&all[i]);
    for (size_t i = 1; i < count; i++)
        if (all[i].apart)
            pthread_join(all[i].thread, NULL);
    for (size_t i = 0; i < count; i++)
        if (all[i].status != ENT_OK)
            return ent__error_set(err, all[i].status, all[i].err.file, 0, 0, "%s", all[i].err.message);
    return ENT_OK;
}

ent_status ent_results_write_folder(const ent_results *results, const char *folder, bool with_draws, ent_error *err)
{
    static const struct { const char *name; ent__file_fill *fill; } kind[] = {
        {"results.sqlite", ent__fill_sqlite}, {"report.html", ent__fill_report}, {"draws.csv", ent__fill_draws}};
    enum { PARTS = ENT_COUNT(kind), DRAWS = PARTS - 1 };
    ent_status status = ENT_OK;
    ent__buffer path[PARTS] = {0};
    part all[PARTS];
    size_t count = with_draws ? PARTS : DRAWS;
    for (size_t i = 0; i < PARTS; i++)
        all[i] = (part){.file.descriptor = -1, .fill = kind[i].fill, .results = results};
    for (size_t i = 0; i < PARTS; i++)
        ENT_REQUIRE(join(&path[i], folder, kind[i].name), ENT_ERR_MEMORY, "not enough memory for a file name");
    for (size_t i = 0; i < count; i++)
        ENT_TRY(ent__file_begin(&all[i].file, path[i].data, err));
    ENT_TRY(fill_parts(all, count, err));
    for (size_t i = 0; i < count; i++)
        ENT_TRY(ent__file_move(&all[i].file, err));
    if (!with_draws && unlink(path[DRAWS].data) != 0 && errno != ENOENT)
        ENT_TRY(fail(path[DRAWS].data, "the draws of an older run cannot be removed", err));
    ent__file_sync_folder(path[0].data);
done:
    for (size_t i = 0; i < PARTS; i++) {
        ent__file_abandon(&all[i].file);
        ent__buffer_free(&path[i]);
    }
    return status;
}
