/* A folder in which a run is saved while it is under way.
 *
 *     a.state, b.state   written by turns: when the disk loses one, the other is the one before
 *     new.state          a state while it is written, renamed once it is on the disk: what a kill leaves counts for nothing
 *     rows               values of draws, only ever added to; a state says how many of its bytes count, and their checksum
 *     lock               held by the process that saves here
 *
 * A save is: rows, synced; then the older of the two states, written anew, synced and put in its place. So a state that is whole has its rows. */
#include "core/descriptor.h"
#include "ensemble/part.h"
#include "results/results.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATES = 2 };
static const double usual = 3; /* seconds from one save to the next */

struct ent_checkpoint {
    ent_saver saver;
    char *folder, *state[STATES], *new_path, *rows_path, *lock_path;
    int lock, rows;          /* descriptors, or -1 */
    off_t rows_length;       /* that count */
    int older;               /* the state that is written next */
    bool begun;              /* something of this run is there */
    unsigned char *bytes[2]; /* of saver.from: state, rows */
    char trouble[1024];
};

/* "x: it cannot be written: No space left on device", and what that means. */
static void note(ent_checkpoint *c, const char *what)
{
    snprintf(c->trouble, sizeof c->trouble, "%s: %s: %s", c->folder, what, strerror(errno));
}

const ent_saver *ent_checkpoint_saver(const ent_checkpoint *c) { return &c->saver; }
const char *ent_checkpoint_trouble(const ent_checkpoint *c) { return c->trouble; }

/* --- reading -------------------------------------------------------------------------------------- */

/* One process at a time; fcntl's locks go with the process. */
static bool take_lock(ent_checkpoint *c, bool *others)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    *others = false;
    if (c->lock >= 0)
        return true;
    c->lock = ent__open(c->lock_path, O_RDWR | O_CREAT);
    if (c->lock < 0)
        return false;
    if (fcntl(c->lock, F_SETLK, &whole) == 0 || (errno != EACCES && errno != EAGAIN)) /* some file systems have no locks */
        return true;
    *others = true;
    close(c->lock);
    c->lock = -1;
    return false;
}

typedef struct found { /* a file of state */
    unsigned char *bytes;
    size_t length;
    ent__part part;
    bool there, sound;
    ent_error why;
} found;

static ent_status read_state(found *out, const char *path, const unsigned char *rows, size_t rows_length, ent_error *err)
{
    ent_error why = {0};
    *out = (found){0};
    if (access(path, F_OK) != 0)
        return ENT_OK;
    ent_status status = ent_file_read(&out->bytes, &out->length, path, &why);
    if (status != ENT_OK)
        return ent__error_set(err, status, path, 0, 0, "%s", why.message);
    out->there = true;
    out->sound = ent__part_open(&out->part, out->bytes, out->length, rows, rows_length, &out->why) == ENT_OK;
    return ENT_OK;
}

/* Takes the newest state that is sound; the other is written next. */
static ent_status choose(ent_checkpoint *c, found *state, int64_t *draws, ent_error *err)
{
    int best = -1, bad = -1;
    for (int i = 0; i < STATES; i++) {
        if (state[i].sound && (best < 0 || state[i].part.head.draws > state[best].part.head.draws))
            best = i;
        if (state[i].there && !state[i].sound)
            bad = i;
    }
    if (best < 0 && bad < 0)
        return ENT_OK;
    if (best < 0)
        return ent__error_set(err, ENT_ERR_FORMAT, c->state[bad], 0, 0, "%s, and no other state of the run is there", state[bad].why.message);
    if (bad >= 0)
        snprintf(c->trouble, sizeof c->trouble, "%s: %s; the state before it is used", c->state[bad], state[bad].why.message);
    *draws = state[best].part.head.draws;
    c->rows_length = (off_t)state[best].part.head.rows_length;
    c->older = 1 - best;
    c->begun = true;
    c->bytes[0] = state[best].bytes;
    c->saver.from.state = state[best].bytes;
    c->saver.from.state_length = state[best].length;
    state[best].bytes = NULL;
    return ENT_OK;
}

ent_status ent_checkpoint_read(ent_checkpoint *c, int64_t *draws, ent_error *err)
{
    ent_status status = ENT_OK;
    found state[STATES] = {0};
    bool others;
    struct stat s;
    *draws = 0;
    if (stat(c->folder, &s) != 0)
        return ENT_OK;
    bool locked = take_lock(c, &others);
    ENT_REQUIRE(!others, ENT_ERR_IO, "%s: another run is saving there", c->folder);
    ENT_REQUIRE(locked, ENT_ERR_IO, "%s: it cannot be written: %s", c->folder, strerror(errno));
    size_t rows_length = 0;
    if (access(c->rows_path, F_OK) == 0)
        ENT_TRY(ent_file_read(&c->bytes[1], &rows_length, c->rows_path, err));
    const unsigned char *rows = c->bytes[1] != NULL ? c->bytes[1] : (const unsigned char *)"";
    for (int i = 0; i < STATES; i++)
        ENT_TRY(read_state(&state[i], c->state[i], rows, rows_length, err));
    ENT_TRY(choose(c, state, draws, err));
    c->saver.from.rows = rows;
    c->saver.from.rows_length = rows_length;
done:
    for (int i = 0; i < STATES; i++)
        ent__free(state[i].bytes);
    return status;
}

/* --- saving --------------------------------------------------------------------------------------- */

static bool write_all(int descriptor, const unsigned char *bytes, size_t length, off_t at)
{
    while (length > 0) {
        ssize_t written = pwrite(descriptor, bytes, length < (1u << 30) ? length : (1u << 30), at);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        length -= (size_t)written;
        at += written;
    }
    return true;
}

static bool synced(int descriptor) { return ent__sync(descriptor, fdatasync) == 0 || errno == EINVAL || errno == EROFS; }

/* Before the first save: what an older run left is removed, unless this run goes on from it. */
static bool begin(ent_checkpoint *c)
{
    bool others;
    ent_error err = {0};
    if (c->rows >= 0)
        return true;
    if (ent__file_make_folders(c->lock_path, &err) != ENT_OK) {
        snprintf(c->trouble, sizeof c->trouble, "%s: %s", err.file, err.message);
        return false;
    }
    if (!take_lock(c, &others)) {
        errno = others ? EBUSY : errno;
        note(c, others ? "another run is saving there" : "it cannot be written");
        return false;
    }
    for (int i = 0; i < STATES && !c->begun; i++)
        if (unlink(c->state[i]) != 0 && errno != ENOENT) {
            note(c, "what an older run left cannot be removed");
            return false;
        }
    c->rows = ent__open(c->rows_path, O_RDWR | O_CREAT);
    if (c->rows < 0 || ftruncate(c->rows, c->rows_length) != 0) {
        note(c, "it cannot be written");
        return false;
    }
    return true;
}

static bool write_state(const ent_checkpoint *c, const ent_saved *now)
{
    int descriptor = ent__open(c->new_path, O_WRONLY | O_CREAT | O_TRUNC);
    if (descriptor < 0)
        return false;
    bool written = write_all(descriptor, now->state, now->state_length, 0) && synced(descriptor);
    int why = errno;
    bool closed = ent__close(descriptor) == 0;
    errno = written ? errno : why;
    return written && closed && rename(c->new_path, c->state[c->older]) == 0;
}

static double save(const ent_saved *now, void *payload)
{
    ent_checkpoint *c = payload;
    if (!begin(c))
        return -c->saver.seconds;
    if (!write_all(c->rows, now->rows, now->rows_length, c->rows_length) || (now->rows_length > 0 && !synced(c->rows)) ||
        !write_state(c, now)) {
        note(c, "the run cannot be saved there");
        return -c->saver.seconds;
    }
    if (!c->begun)
        ent__file_sync_folder(c->lock_path);
    c->begun = true;
    c->rows_length += (off_t)now->rows_length;
    c->older = 1 - c->older;
    c->trouble[0] = 0;
    return c->saver.seconds;
}

/* --- the folder ----------------------------------------------------------------------------------- */

static char *path_of(const char *folder, const char *name)
{
    ent__buffer path = {0};
    size_t length = strlen(folder);
    ent__buffer_printf(&path, "%s%s%s", folder, name[0] == 0 || length == 0 || folder[length - 1] == '/' ? "" : "/", name);
    if (path.failed) {
        ent__buffer_free(&path);
        return NULL;
    }
    return path.data;
}

ent_status ent_checkpoint_open(ent_checkpoint **out, const char *folder, double seconds, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_checkpoint *c = ent__alloc(1, sizeof *c);
    ENT_REQUIRE(c != NULL, ENT_ERR_MEMORY, "not enough memory to save a run");
    *c = (ent_checkpoint){.lock = -1, .rows = -1, .saver = {.seconds = seconds > 0 ? seconds : usual, .save = save, .payload = c}};
    c->folder = path_of(folder, "");
    c->state[0] = path_of(folder, "a.state");
    c->state[1] = path_of(folder, "b.state");
    c->new_path = path_of(folder, "new.state");
    c->rows_path = path_of(folder, "rows");
    c->lock_path = path_of(folder, "lock");
    ENT_REQUIRE(c->folder && c->state[0] && c->state[1] && c->new_path && c->rows_path && c->lock_path, ENT_ERR_MEMORY, "not enough memory to save a run");
    *out = c;
    c = NULL;
done:
    ent_checkpoint_free(c);
    return status;
}

void ent_checkpoint_remove(ent_checkpoint *c)
{
    bool others;
    struct stat s;
    if (stat(c->folder, &s) != 0 || !take_lock(c, &others))
        return;
    for (int i = 0; i < STATES; i++)
        unlink(c->state[i]);
    unlink(c->new_path);
    unlink(c->rows_path);
    unlink(c->lock_path);
    rmdir(c->folder);
}

void ent_checkpoint_free(ent_checkpoint *c)
{
    if (c == NULL)
        return;
    if (c->rows >= 0)
        close(c->rows);
    if (c->lock >= 0)
        close(c->lock);
    for (int i = 0; i < 2; i++)
        ent__free(c->bytes[i]);
    for (int i = 0; i < STATES; i++)
        ent__free(c->state[i]);
    ent__free(c->folder);
    ent__free(c->new_path);
    ent__free(c->rows_path);
    ent__free(c->lock_path);
    ent__free(c);
}
