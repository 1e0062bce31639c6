/* Files of the scenario's folder: only those inside it, only ordinary ones, only up to a stated size. */
#include "scenario/file.h"
#include "entente/scenario.h"
#include "scenario/reader.h"

#include "core/descriptor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *problem_of(int number)
{
    switch (number) {
    case ENOENT:
        return "is not there";
    case EACCES:
    case EPERM:
        return "cannot be read: no permission";
    case EISDIR:
        return "is a folder, not a file";
    case ENOTDIR:
        return "is not there: a part of its path is a file";
    case ENAMETOOLONG:
        return "has too long a name";
    default:
        return "cannot be read";
    }
}

/* All of a file that is `size` long by its own account; it may have changed since, so what is read counts. */
static ent_status read_whole(int file, size_t size, char **text, size_t *length, char problem[160])
{
    char *data = ent__alloc(size + 1, 1);
    if (data == NULL)
        return ENT_ERR_MEMORY;
    size_t have = 0;
    while (have < size) {
        ssize_t got = read(file, data + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            snprintf(problem, 160, "%s", problem_of(errno));
            ent__free(data);
            return ENT_ERR_IO;
        }
        if (got == 0)
            break;
        have += (size_t)got;
    }
    data[have] = 0;
    *text = data;
    *length = have;
    return ENT_OK;
}

ent_status ent__file_read(char **text, size_t *length, const char *path, char problem[160])
{
    *text = NULL;
    *length = 0;
    problem[0] = 0;
    int file = ent__open(path, O_RDONLY | O_NONBLOCK); /* a pipe would else wait for its writer */
    if (file < 0) {
        snprintf(problem, 160, "%s", problem_of(errno));
        return ENT_ERR_IO;
    }
    struct stat facts;
    ent_status status = ENT_ERR_IO;
    if (fstat(file, &facts) != 0)
        snprintf(problem, 160, "cannot be read");
    else if (S_ISDIR(facts.st_mode))
        snprintf(problem, 160, "is a folder, not a file");
    else if (!S_ISREG(facts.st_mode))
        snprintf(problem, 160, "is no ordinary file");
    else if (facts.st_size > ENT_MAX_FILE_BYTES) {
        snprintf(problem, 160, "has %lld bytes; at most %d are read", (long long)facts.st_size, ENT_MAX_FILE_BYTES);
        status = ENT_ERR_LIMIT;
    } else
        status = read_whole(file, (size_t)facts.st_size, text, length, problem);
    (void)close(file);
    return status;
}

/* A part of the path that leads out of the folder, or could on some machine. */
static bool leads_out(const char *name)
{
    if (name[0] == '/' || strchr(name, '\\') != NULL || strchr(name, ':') != NULL)
        return true;
    for (const char *part = name; part != NULL; part = strchr(part, '/')) {
        part += *part == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == 0 || part[2] == '/'))
            return true;
    }
    return false;
}

void ent__hash_file(ent_scenario *scenario, const char *name, const char *text, size_t length)
{
    uint64_t part[3] = {scenario->hash, ent__hash(name, strlen(name)), ent__hash(text, length)};
    unsigned char bytes[24];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(part[i / 8] >> (8 * (i % 8))); /* the same on every machine */
    scenario->hash = ent__hash((const char *)bytes, sizeof bytes);
}

bool ent__keep_file(ent_scenario *scenario, const char *name, const char *text, size_t length)
{
    int32_t n = scenario->n_files;
    for (int32_t i = 0; i < n; i++)
        if (strcmp(scenario->file_name[i], name) == 0)
            return true;
    if ((n & (n - 1)) == 0) { /* full at each power of two */
        size_t room = n > 0 ? 2 * (size_t)n : 1;
        const char **names = ent__arena_alloc(scenario->arena, room, sizeof *names);
        const char **texts = ent__arena_alloc(scenario->arena, room, sizeof *texts);
        if (names == NULL || texts == NULL)
            return false;
        for (int32_t i = 0; i < n; i++) {
            names[i] = scenario->file_name[i];
            texts[i] = scenario->file_text[i];
        }
        scenario->file_name = names;
        scenario->file_text = texts;
    }
    scenario->file_name[n] = ent__arena_text(scenario->arena, name, strlen(name));
    scenario->file_text[n] = ent__arena_text(scenario->arena, text, length);
    if (scenario->file_name[n] == NULL || scenario->file_text[n] == NULL)
        return false;
    scenario->n_files++;
    return true;
}

/* The nearest name among the files beside it, as ent__guess() has it. */
static void guess_file(ent__reader *r, char guess[128], const char *name)
{
    enum { MOST = 256 };
    const char *names[MOST];
    size_t n = 0;
    DIR *folder = opendir(r->out->folder);
    for (const struct dirent *entry; folder != NULL && n < MOST && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.' && (names[n] = ent__keep(&r->to, entry->d_name, strlen(entry->d_name))) != NULL)
            n++;
    if (folder != NULL)
        (void)closedir(folder);
    ent__guess(r, guess, name, names, n);
}

bool ent__read_file(ent__reader *r, const char *name, ent__place said, char **text, size_t *length, const char **shown)
{
    *text = NULL;
    if (name[0] == 0 || leads_out(name)) {
        ent__complain(&r->to, said,
                      "'%.80s' is no file of the scenario's folder: files stand in it, without .. or a leading /",
                      name);
        return false;
    }
    const char *path = ent__arena_printf(r->to.arena, "%s/%s", r->out->folder, name);
    char problem[160];
    if (path == NULL) {
        r->to.no_memory = true;
        return false;
    }
    *shown = path;
    ent_status status = ent__file_read(text, length, path, problem);
    r->to.no_memory |= status == ENT_ERR_MEMORY;
    if (status == ENT_OK) {
        ent__hash_file(r->out, name, *text, *length);
        r->to.no_memory |= !ent__keep_file(r->out, name, *text, *length);
    } else if (status != ENT_ERR_MEMORY) {
        char guess[128] = "";
        if (access(path, F_OK) != 0)
            guess_file(r, guess, name);
        ent__complain(&r->to, said, "the file '%.80s' %s%s", name, problem, guess);
    }
    return status == ENT_OK;
}

bool ent__read_csv(ent__reader *r, const char *name, ent__place said, ent__csv *out)
{
    char *text;
    size_t length;
    const char *shown;
    if (!ent__read_file(r, name, said, &text, &length, &shown))
        return false;
    size_t before = ent_diagnostics_errors(r->to.list);
    ent_status status = ent__csv_parse(out, r->to.arena, text, length, shown, r->to.list);
    ent__free(text);
    r->to.errors += (int32_t)(ent_diagnostics_errors(r->to.list) - before);
    r->to.no_memory |= status == ENT_ERR_MEMORY;
    return status == ENT_OK || (status == ENT_ERR_SCENARIO && out->header != NULL && out->cell != NULL);
}
