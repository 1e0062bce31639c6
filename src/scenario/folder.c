/* What is needed to write a scenario: texts, ids, and a folder that appears as a whole or not at all. */
#include "scenario/folder.h"

#include "core/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- texts ----------------------------------------------------------------------------------------------------- */

void ent__text_line(ent__buffer *out, const char *text, const char *doubled)
{
    bool gap = false;
    for (const char *c = text; *c != 0; c++) {
        if (*c == ' ' || *c == '\t' || *c == '\n' || *c == '\r') {
            gap = true;
            continue;
        }
        if (gap && c != text)
            ent__buffer_text(out, " ");
        gap = false;
        if (strchr(doubled, *c) != NULL)
            ent__buffer_add(out, c, 1);
        ent__buffer_add(out, c, 1);
    }
}

void ent__yaml_text(ent__buffer *out, const char *text)
{
    ent__buffer_text(out, "'");
    ent__text_line(out, text, "'");
    ent__buffer_text(out, "'");
}

void ent__csv_text(ent__buffer *out, const char *text)
{
    ent__buffer_text(out, "\"");
    ent__text_line(out, text, "\"");
    ent__buffer_text(out, "\"");
}

void ent__markdown_text(ent__buffer *out, const char *text)
{
    ent__buffer line = {0};
    ent__text_line(&line, text, "");
    for (const char *c = line.data != NULL ? line.data : ""; *c != 0; c++) {
        if (strchr("\\`*_[]<>#&|!~$", *c) != NULL)
            ent__buffer_text(out, "\\");
        ent__buffer_add(out, c, 1);
    }
    out->failed |= line.failed;
    ent__buffer_free(&line);
}

/* --- ids ------------------------------------------------------------------------------------------------------- */

enum { LONGEST_ID = ENT__LONGEST_OWN_ID };

/* "EU (incl Norway)" as eu_incl_norway; what has no letter of a to z becomes `what` and a number. */
static void id_of(char out[LONGEST_ID + 8], const char *name, const char *what, size_t number)
{
    size_t n = 0;
    bool gap = false, letter = false;
    for (const char *c = name; *c != 0 && n < LONGEST_ID; c++) {
        char lower = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
        bool is_letter = lower >= 'a' && lower <= 'z', is_digit = lower >= '0' && lower <= '9';
        if (!is_letter && (!is_digit || !letter)) {
            gap = n > 0;
            continue;
        }
        if (gap)
            out[n++] = '_';
        out[n++] = lower;
        letter |= is_letter;
        gap = false;
    }
    out[n] = 0;
    if (n == 0)
        snprintf(out, LONGEST_ID + 8, "%s_%zu", what, number + 1);
}

const char *ent__own_id(ent__parse *to, ent__names *taken, const char *name, const char *what, size_t number)
{
    char base[LONGEST_ID + 8], id[LONGEST_ID + 40];
    id_of(base, name, what, number);
    snprintf(id, sizeof id, "%s", base);
    for (size_t k = 2; ent__names_find(taken, id) >= 0 || ent__is_reserved(id) || ent__is_keyword(id); k++)
        snprintf(id, sizeof id, "%s_%zu", base, k);
    const char *kept = ent__keep(to, id, strlen(id));
    if (kept != NULL)
        (void)ent__names_add(to, taken, kept, (ent__place){"", 0, 0});
    return kept;
}

/* --- the folder ------------------------------------------------------------------------------------------------- */

static bool put_all(int to, const char *text, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = write(to, text + done, length - done);
        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return ent__sync(to, fsync) == 0;
}

static ent_status no_memory(const ent__new_folder *to)
{
    return ent__error_set(to->err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to write '%.200s'", to->folder);
}

static ent_status is_there(const ent__new_folder *to)
{
    return ent__error_set(to->err, ENT_ERR_IO, to->folder, 0, 0,
                          "is there already: what is written needs a folder of its own");
}

static ent_status cannot(const ent__new_folder *to, const char *path, int problem)
{
    return ent__error_set(to->err, ENT_ERR_IO, path, 0, 0, "cannot be written: %s",
                          problem == ENOSPC || problem == EDQUOT ? "the disk is full" : strerror(problem));
}

/* Room for the path of one more file, before it is made. */
static bool make_room(ent__new_folder *to)
{
    if (to->n < to->room)
        return true;
    size_t room = to->room > 0 ? 2 * to->room : 16;
    const char **fresh = ent__arena_alloc(to->arena, room, sizeof *fresh);
    if (fresh == NULL)
        return false;
    if (to->n > 0)
        memcpy(fresh, to->item, to->n * sizeof *fresh);
    to->item = fresh;
    to->room = room;
    return true;
}

ent_status ent__new_folder_open(ent__new_folder *to, ent__arena *arena, const char *folder, ent_error *err)
{
    struct stat facts;
    *to = (ent__new_folder){.arena = arena, .folder = folder != NULL ? folder : "", .err = err};
    if (to->folder[0] == 0)
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "a scenario needs a folder to be written to");
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    const char *name = ent__arena_text(arena, folder, length);
    if (name == NULL)
        return no_memory(to);
    to->folder = name;
    if (lstat(to->folder, &facts) == 0)
        return is_there(to);
    for (int k = 0; k < 1000; k++) {
        to->made = ent__arena_printf(arena, "%s.part%ld.%d", to->folder, (long)getpid(), k);
        if (to->made == NULL)
            return no_memory(to);
        if (mkdir(to->made, 0777) == 0)
            return ENT_OK;
        if (errno != EEXIST)
            break;
    }
    int problem = errno;
    to->made = NULL;
    return ent__error_set(err, ENT_ERR_IO, to->folder, 0, 0, "the folder cannot be made%s",
                          problem == ENOENT         ? ": the folder above it is not there"
                          : problem == EACCES       ? ": no permission"
                          : problem == ENOTDIR      ? ": a part of its path is a file"
                          : problem == ENAMETOOLONG ? ": its name is too long"
                                                    : "");
}

/* The folders on the way to a file. */
static ent_status make_way(ent__new_folder *to, const char *name)
{
    for (const char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        const char *path = ent__arena_printf(to->arena, "%s/%.*s", to->made, (int)(slash - name), name);
        if (path == NULL || !make_room(to))
            return no_memory(to);
        if (mkdir(path, 0777) == 0)
            to->item[to->n++] = path;
        else if (errno != EEXIST)
            return cannot(to, path, errno);
    }
    return ENT_OK;
}

ent_status ent__new_folder_write(ent__new_folder *to, const char *name, const ent__buffer *text)
{
    ent_status status = make_way(to, name);
    if (status != ENT_OK)
        return status;
    const char *path = ent__arena_printf(to->arena, "%s/%s", to->made, name);
    if (path == NULL || text->failed || !make_room(to))
        return no_memory(to);
    int file = ent__open(path, O_WRONLY | O_CREAT | O_EXCL);
    if (file >= 0)
        to->item[to->n++] = path;
    bool whole = file >= 0 && put_all(file, text->data, text->length);
    int problem = errno;
    whole &= file >= 0 && ent__close(file) == 0;
    return whole ? ENT_OK : cannot(to, path, problem);
}

static ent_status take_name(ent__new_folder *to)
{
    struct stat facts;
    if (lstat(to->folder, &facts) == 0) /* rename() would replace an empty folder */
        return is_there(to);
    if (rename(to->made, to->folder) == 0)
        return ENT_OK;
    if (errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR)
        return is_there(to);
    return ent__error_set(to->err, ENT_ERR_IO, to->folder, 0, 0, "the folder cannot take its name: %s", strerror(errno));
}

ent_status ent__new_folder_close(ent__new_folder *to, ent_status status)
{
    if (status == ENT_OK)
        status = take_name(to);
    if (status == ENT_OK || to->made == NULL)
        return status;
    for (size_t k = to->n; k-- > 0;)
        (void)remove(to->item[k]);
    (void)rmdir(to->made);
    return status;
}
