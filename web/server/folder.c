/* A path is walked part by part with openat() and O_NOFOLLOW from the scenario's folder: there is no way out of it. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TITLE_BYTES = 1 << 16 };

/* --- names ------------------------------------------------------------------------------------------- */

static bool part_is_plain(const char *part, size_t length)
{
    if (length == 0 || length > 255 || part[0] == '.')
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)part[i] < 0x20 || part[i] == 0x7F || part[i] == '\\' || part[i] == '/')
            return false;
    return true;
}

bool path_is_plain(const char *path)
{
    int parts = 0;
    if (strlen(path) >= MOST_PATH)
        return false;
    for (const char *part = path;; part++) {
        size_t length = strcspn(part, "/");
        if (!part_is_plain(part, length) || ++parts > ENT_SERVE_FILE_DEPTH)
            return false;
        if (parts == 1 && length == 3 && memcmp(part, "out", 3) == 0)
            return false;
        part += length;
        if (*part == 0)
            return true;
    }
}

bool path_is_text(const char *path)
{
    static const char *const ENDING[] = {".yaml", ".yml", ".csv", ".tsv", ".md", ".txt"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof ENDING / sizeof ENDING[0]; i++) {
        size_t n = strlen(ENDING[i]);
        if (length > n && strcmp(path + length - n, ENDING[i]) == 0)
            return true;
    }
    return false;
}

void bytes_tag(char tag[48], const char *bytes, size_t length)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a: tells a change, is no proof against a forger */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001B3u;
    snprintf(tag, 48, "%016llx-%zx", (unsigned long long)hash, length);
}

/* --- scenarios --------------------------------------------------------------------------------------- */

static char *joined(const char *folder, const char *name)
{
    size_t n = strlen(folder), m = strlen(name);
    while (n > 1 && folder[n - 1] == '/')
        n--;
    char *path = malloc(n + m + 2);
    if (path == NULL)
        return NULL;
    memcpy(path, folder, n);
    path[n] = '/';
    memcpy(path + n + (folder[n - 1] != '/'), name, m + 1);
    return path;
}

int folder_open(const char *path)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int folder_at(int folder, const char *name)
{
    return openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int file_at(int folder, const char *name)
{
    int file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat facts;
    if (file >= 0 && (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode))) {
        close(file);
        errno = EACCES;
        return -1;
    }
    return file;
}

bool file_take(text *out, int file, size_t most)
{
    char bytes[1 << 14];
    for (;;) {
        ssize_t got = read(file, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 && !out->failed;
        if (out->length + (size_t)got > most)
            return false;
        text_add(out, bytes, (size_t)got);
    }
}

/* What stands after "title:" at the beginning of a line of scenario.yaml, without quotes; "" where nothing plain does. */
static char *title_in(int folder)
{
    text t = {0};
    int file = file_at(folder, "scenario.yaml");
    char *title = NULL;
    if (file >= 0 && (file_take(&t, file, TITLE_BYTES) || t.length > 0) && t.data != NULL) {
        const char *line = strncmp(t.data, "title:", 6) == 0 ? t.data - 1 : strstr(t.data, "\ntitle:");
        if (line != NULL) {
            line += 7 + strspn(line + 7, " ");
            size_t length = strcspn(line, "\r\n");
            char quote = line[0];
            const char *close = quote == '"' || quote == '\'' ? memchr(line + 1, quote, length > 0 ? length - 1 : 0) : NULL;
            if (close != NULL) {
                line++;
                length = (size_t)(close - line);
            }
            for (size_t i = 1; close == NULL && i < length; i++)
                if (line[i] == '#' && line[i - 1] == ' ') /* a comment */
                    length = i;
            while (close == NULL && length > 0 && line[length - 1] == ' ')
                length--;
            if (length > 0 && length < 300 && strchr("|>&*", line[0]) == NULL)
                title = strndup(line, length);
        }
    }
    if (file >= 0)
        close(file);
    text_free(&t);
    return title;
}

/* "european-security-2025-1f3a9c2e": the folder's name as far as it is plain, and a hash of the path. */
static void make_id(char id[64], const char *path)
{
    char *real = realpath(path, NULL), tag[48];
    const char *from = real != NULL ? real : path, *name = strrchr(from, '/');
    size_t used = 0;
    for (name = name != NULL ? name + 1 : from; *name != 0 && used < 40; name++)
        if ((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') || (*name >= '0' && *name <= '9') || *name == '-' || *name == '_')
            id[used++] = *name;
    bytes_tag(tag, from, strlen(from));
    snprintf(id + used, 64 - used, "%s%.8s", used > 0 ? "-" : "", tag);
    free(real);
}

static bool add_place(places *out, const char *path, int folder)
{
    place p = {.path = strdup(path), .title = title_in(folder)};
    make_id(p.id, path);
    for (size_t i = 0; i < out->count; i++)
        if (strcmp(out->item[i].id, p.id) == 0) { /* given twice */
            free(p.path), free(p.title);
            return true;
        }
    if (p.title == NULL) {
        const char *name = strrchr(path, '/');
        p.title = strdup(name != NULL && name[1] != 0 ? name + 1 : path);
    }
    place *more = realloc(out->item, (out->count + 1) * sizeof *more);
    if (more != NULL)
        out->item = more;
    if (more == NULL || p.path == NULL || p.title == NULL) {
        free(p.path), free(p.title);
        return false;
    }
    out->item[out->count++] = p;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **names_in(int folder, size_t *count)
{
    char **name = calloc(1, sizeof *name);
    int again = dup(folder);
    DIR *list = again >= 0 ? fdopendir(again) : NULL;
    *count = 0;
    if (list == NULL && again >= 0)
        close(again);
    if (list != NULL)
        rewinddir(list);
    for (struct dirent *entry; name != NULL && list != NULL && *count < ENT_SERVE_MAX_ENTRIES && (entry = readdir(list)) != NULL;) {
        if (!part_is_plain(entry->d_name, strlen(entry->d_name)))
            continue;
        char **more = realloc(name, (*count + 2) * sizeof *more);
        if (more == NULL)
            break;
        name = more;
        if ((name[*count] = strdup(entry->d_name)) == NULL)
            break;
        ++*count;
    }
    if (list != NULL)
        closedir(list);
    if (name != NULL)
        qsort(name, *count, sizeof *name, by_name);
    return name;
}

void names_free(char **name, size_t count)
{
    for (size_t i = 0; name != NULL && i < count; i++)
        free(name[i]);
    free(name);
}

static bool has_scenario(int folder)
{
    struct stat facts;
    return fstatat(folder, "scenario.yaml", &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(facts.st_mode);
}

static bool scan(places *out, const char *path, int folder, int levels)
{
    if (has_scenario(folder))
        return add_place(out, path, folder);
    size_t count = 0;
    char **name = levels > 0 ? names_in(folder, &count) : NULL;
    bool fine = levels == 0 || name != NULL;
    for (size_t i = 0; fine && i < count && out->count < ENT_SERVE_MAX_SCENARIOS; i++) {
        int below = strcmp(name[i], "node_modules") != 0 ? folder_at(folder, name[i]) : -1;
        if (below < 0)
            continue;
        char *deeper = strcmp(path, ".") == 0 ? strdup(name[i]) : joined(path, name[i]);
        fine = deeper != NULL && scan(out, deeper, below, levels - 1);
        free(deeper);
        close(below);
    }
    names_free(name, count);
    return fine;
}

bool places_scan(places *out, const char *const *folder, size_t n_folders)
{
    *out = (places){0};
    bool fine = true;
    for (size_t i = 0; fine && i < n_folders; i++) {
        int root = folder_open(folder[i]);
        if (root < 0)
            continue;
        fine = scan(out, folder[i], root, ENT_SERVE_SCENARIO_DEPTH);
        close(root);
    }
    if (!fine)
        places_free(out);
    return fine;
}

void places_free(places *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->item[i].path);
        free(p->item[i].title);
    }
    free(p->item);
    *p = (places){0};
}

/* --- files of a scenario ------------------------------------------------------------------------------ */

typedef struct listing {
    listed_file *file;
    size_t count;
} listing;

static bool list_folder(listing *l, int folder, const char *before, int levels)
{
    size_t count = 0;
    char **name = names_in(folder, &count);
    bool fine = name != NULL;
    for (size_t i = 0; fine && i < count && l->count < ENT_SERVE_MAX_FILES; i++) {
        struct stat facts;
        char path[MOST_PATH];
        if (snprintf(path, sizeof path, "%s%s%s", before, before[0] != 0 ? "/" : "", name[i]) >= (int)sizeof path ||
            fstatat(folder, name[i], &facts, AT_SYMLINK_NOFOLLOW) != 0 || !path_is_plain(path))
            continue;
        if (S_ISDIR(facts.st_mode) && levels > 0) {
            int below = folder_at(folder, name[i]);
            fine = below < 0 || list_folder(l, below, path, levels - 1);
            if (below >= 0)
                close(below);
        } else if (S_ISREG(facts.st_mode) && path_is_text(path)) {
            listed_file *more = realloc(l->file, (l->count + 1) * sizeof *more);
            fine = more != NULL;
            if (!fine)
                break;
            l->file = more;
            listed_file *f = &l->file[l->count++];
            *f = (listed_file){.bytes = facts.st_size,
                               .changed = (int64_t)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec};
            memcpy(f->path, path, sizeof path);
        }
    }
    names_free(name, count);
    return fine;
}

bool folder_list(listed_file **out, size_t *count, int folder)
{
    listing l = {0};
    bool fine = list_folder(&l, folder, "", ENT_SERVE_FILE_DEPTH - 1);
    *out = l.file;
    *count = l.count;
    return fine;
}

static bool is_closed(const char *top, int folder, const char *path, int levels, char link[MOST_PATH])
{
    size_t count = 0, length = strlen(top);
    char **name = names_in(folder, &count);
    bool closed = name != NULL;
    for (size_t i = 0; closed && i < count; i++) {
        struct stat facts;
        if (fstatat(folder, name[i], &facts, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        char *below = S_ISLNK(facts.st_mode) || S_ISDIR(facts.st_mode) ? joined(path, name[i]) : NULL, *real = NULL;
        if (S_ISLNK(facts.st_mode)) {
            real = below != NULL ? realpath(below, NULL) : NULL;
            closed = real == NULL || (strncmp(real, top, length) == 0 && real[length] == '/');
        } else if (S_ISDIR(facts.st_mode) && levels > 0 && strcmp(name[i], "out") != 0) {
            int at = folder_at(folder, name[i]);
            closed = at < 0 || is_closed(top, at, below != NULL ? below : "", levels - 1, link);
            if (at >= 0)
                close(at);
        }
        if (!closed && link[0] == 0)
            snprintf(link, MOST_PATH, "%s", name[i]);
        free(below), free(real);
    }
    names_free(name, count);
    return closed;
}

bool folder_is_closed(const char *path, char link[MOST_PATH])
{
    char *top = realpath(path, NULL);
    int folder = top != NULL ? folder_open(top) : -1;
    link[0] = 0;
    bool closed = folder < 0 || is_closed(top, folder, top, ENT_SERVE_FILE_DEPTH, link);
    if (folder >= 0)
        close(folder);
    free(top);
    return closed;
}

/* The folder in which the path's last part lies, and that part. -1 with errno. */
static int walk(int folder, const char *path, const char **leaf)
{
    int at = dup(folder);
    char part[256];
    for (const char *slash; at >= 0 && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        size_t length = (size_t)(slash - path);
        if (length >= sizeof part)
            length = sizeof part - 1; /* path_is_plain() has refused it */
        memcpy(part, path, length);
        part[length] = 0;
        int below = folder_at(at, part);
        close(at);
        at = below;
    }
    *leaf = path;
    return at;
}

int path_open(int folder, const char *path)
{
    const char *leaf;
    int at = walk(folder, path, &leaf);
    if (at < 0)
        return -1;
    int file = file_at(at, leaf), number = errno;
    close(at);
    errno = number;
    return file;
}

static bool write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t put = write(file, bytes, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes += put;
        length -= (size_t)put;
    }
    int synced; /* a signal may interrupt it */
    do
        synced = fsync(file);
    while (synced != 0 && errno == EINTR);
    return synced == 0;
}

/* Whether what stands there is what the client last saw. *mode: of the file that is to be replaced. */
static write_status compare_tag(int at, const char *leaf, const char *expected, mode_t *mode)
{
    bool is_new = strcmp(expected, "*") == 0;
    struct stat facts;
    int file = file_at(at, leaf);
    if (file < 0)
        return errno != ENOENT ? WRITE_FAILED : is_new ? WRITE_DONE : WRITE_MISSING;
    text now = {0};
    char tag[48];
    write_status status = WRITE_CHANGED;
    if (fstat(file, &facts) != 0 || !file_take(&now, file, ENT_MAX_FILE_BYTES))
        status = WRITE_FAILED;
    else {
        bytes_tag(tag, now.data != NULL ? now.data : "", now.length);
        if (!is_new && strcmp(tag, expected) == 0)
            status = WRITE_DONE;
        *mode = facts.st_mode & 07777;
    }
    text_free(&now);
    close(file);
    return status;
}

write_status path_write(int folder, const char *path, const char *bytes, size_t length, const char *expected)
{
    const char *leaf;
    char beside[320];
    mode_t mode = 0;
    int at = walk(folder, path, &leaf);
    if (at < 0)
        return WRITE_MISSING;
    write_status status = compare_tag(at, leaf, expected, &mode);
    snprintf(beside, sizeof beside, ".%.255s.%ld.part", leaf, (long)getpid());
    int file = -1;
    if (status == WRITE_DONE) {
        (void)unlinkat(at, beside, 0); /* of a server of this number that was killed */
        file = openat(at, beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode != 0 ? mode : 0666);
        bool fine = file >= 0 && (mode == 0 || fchmod(file, mode) == 0) && write_all(file, bytes, length);
        if (file >= 0)
            fine = (close(file) == 0 || errno == EINTR) && fine;
        if (fine)
            fine = renameat(at, beside, at, leaf) == 0;
        if (fine)
            (void)fsync(at);
        else {
            int number = errno;
            if (file >= 0)
                (void)unlinkat(at, beside, 0);
            errno = number;
            status = WRITE_FAILED;
        }
    }
    close(at);
    return status;
}

/* --- runs -------------------------------------------------------------------------------------------- */

static int below(int folder, const char *name, bool make)
{
    if (make && mkdirat(folder, name, 0777) != 0 && errno != EEXIST)
        return -1;
    return folder_at(folder, name);
}

int runs_open(int folder, bool make)
{
    int out = below(folder, "out", make);
    if (out < 0)
        return -1;
    int runs = below(out, "runs", make);
    close(out);
    return runs;
}
