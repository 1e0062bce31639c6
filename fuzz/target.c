/* What the fuzz targets share: files of their own, a reader of JSON, choices out of bytes. */
#include "target.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void fuzz_broken(const char *file, int line, const char *rule, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: %s does not hold: ", file, line, rule);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}

/* libfyaml 0.7 keeps a block of a text of many pieces (quotes within quotes, folded lines); seen in
 * fy_atom_format_text(). */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so\n";
}

/* --- files -------------------------------------------------------------------------------------------- */

enum { PATHS = 8, LONG = 1024 };
static char own[LONG];

void fuzz_remove(const char *path)
{
    struct stat s;
    if (lstat(path, &s) != 0)
        return;
    if (!S_ISDIR(s.st_mode)) {
        (void)unlink(path);
        return;
    }
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
        char below[LONG];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int n = snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        if (n > 0 && (size_t)n < sizeof below)
            fuzz_remove(below);
    }
    if (dir != NULL)
        closedir(dir);
    (void)rmdir(path);
}

static pid_t owner;
static void remove_own(void)
{
    if (getpid() == owner)
        fuzz_remove(own);
}

const char *fuzz_folder(void)
{
    if (own[0] == 0) {
        const char *base = getenv("TMPDIR");
        snprintf(own, sizeof own, "%s/entente-fuzz-XXXXXX",
                 base != NULL                    ? base
                 : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                                 : "/tmp");
        MUST(mkdtemp(own) != NULL, "no folder of our own: %s", own);
        owner = getpid();
        atexit(remove_own);
    }
    return own;
}

const char *fuzz_path(const char *name)
{
    static char path[PATHS][2 * LONG];
    static int next;
    char *out = path[next++ % PATHS];
    snprintf(out, 2 * LONG, "%s/%s", fuzz_folder(), name);
    return out;
}

static void write_file(const char *path, const void *bytes, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    MUST(file >= 0 && write(file, bytes, length) == (ssize_t)length && close(file) == 0, "%s cannot be written", path);
}

const char *fuzz_write(const char *name, const void *bytes, size_t length)
{
    const char *path = fuzz_path(name);
    write_file(path, bytes, length);
    return path;
}

char *fuzz_source(const char *name, size_t *length)
{
    char path[LONG];
    unsigned char *bytes = NULL;
    size_t size = 0;
    ent_error err = {0};
    const char *base = getenv("ENTENTE_SOURCE");
    snprintf(path, sizeof path, "%s/%s", base != NULL ? base : FUZZ_SOURCE, name);
    MUST(ent_file_read(&bytes, &size, path, &err) == ENT_OK, "%s: %s", path, err.message);
    char *text = realloc(bytes, size + 1);
    MUST(text != NULL, "no memory");
    text[size] = 0;
    if (length != NULL)
        *length = size;
    return text;
}

static bool is_plain_name(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '_' ||
              name[i] == '-' || (name[i] == '.' && i > 0)))
            return false;
    return length > 0 && length < 64;
}

const char *fuzz_scenario(const char *text, size_t length)
{
    const char *folder = fuzz_path("scenario"), *name = "scenario.yaml", *end = text + length;
    size_t name_length = strlen(name);
    fuzz_remove(folder);
    MUST(mkdir(folder, 0700) == 0, "%s cannot be made", folder);
    for (const char *from = text; from < end;) {
        const char *mark = from, *line = end;
        /* up to the next line "%% NAME" or the end */
        for (; mark < end; mark = line) {
            const char *stop = memchr(mark, '\n', (size_t)(end - mark));
            line = stop != NULL ? stop + 1 : end;
            if (line - mark > 4 && memcmp(mark, "%% ", 3) == 0)
                break;
        }
        if (mark > from && is_plain_name(name, name_length)) {
            char path[2 * LONG + 128];
            snprintf(path, sizeof path, "%s/%.*s", folder, (int)name_length, name);
            write_file(path, from, (size_t)(mark - from));
        }
        if (mark >= end)
            break;
        name = mark + 3;
        name_length = (size_t)(line - name);
        while (name_length > 0 && (name[name_length - 1] == '\n' || name[name_length - 1] == '\r'))
            name_length--;
        from = line;
    }
    return folder;
}

/* --- JSON --------------------------------------------------------------------------------------------- */

typedef struct json {
    const char *at, *end;
    int depth;
} json;

static void space(json *j)
{
    while (j->at < j->end && (*j->at == ' ' || *j->at == '\n' || *j->at == '\t' || *j->at == '\r'))
        j->at++;
}
static bool next_is(json *j, char c)
{
    space(j);
    bool is = j->at < j->end && *j->at == c;
    j->at += is;
    return is;
}
static size_t digits(json *j)
{
    const char *from = j->at;
    while (j->at < j->end && *j->at >= '0' && *j->at <= '9')
        j->at++;
    return (size_t)(j->at - from);
}
static bool word(json *j, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(j->end - j->at) < n || memcmp(j->at, text, n) != 0)
        return false;
    j->at += n;
    return true;
}
static bool number(json *j)
{
    if (j->at < j->end && *j->at == '-')
        j->at++;
    bool zero = j->at < j->end && *j->at == '0';
    size_t n = digits(j);
    if (n == 0 || (zero && n > 1))
        return false;
    if (j->at < j->end && *j->at == '.' && (j->at++, digits(j) == 0))
        return false;
    if (j->at < j->end && (*j->at == 'e' || *j->at == 'E')) {
        j->at++;
        if (j->at < j->end && (*j->at == '+' || *j->at == '-'))
            j->at++;
        return digits(j) > 0;
    }
    return true;
}
static bool string(json *j)
{
    if (!next_is(j, '"'))
        return false;
    const char *from = j->at;
    for (; j->at < j->end && *j->at != '"'; j->at++) {
        if ((unsigned char)*j->at < 0x20)
            return false;
        if (*j->at == '\\' && (++j->at >= j->end || strchr("\"\\/bfnrtu", *j->at) == NULL))
            return false;
    }
    return j->at < j->end && ent__utf8_valid(from, (size_t)(j->at++ - from));
}
static bool value(json *j);
static bool items(json *j, char close, bool keys)
{
    if (next_is(j, close))
        return true;
    do {
        if (keys && !(string(j) && next_is(j, ':')))
            return false;
        if (!value(j))
            return false;
    } while (next_is(j, ','));
    return next_is(j, close);
}
static bool value(json *j)
{
    enum { DEEPEST = 500 };
    bool fine = false;
    space(j);
    if (j->at >= j->end || ++j->depth > DEEPEST)
        return false;
    switch (*j->at) {
    case '{':
        j->at++;
        fine = items(j, '}', true);
        break;
    case '[':
        j->at++;
        fine = items(j, ']', false);
        break;
    case '"':
        fine = string(j);
        break;
    case 't':
        fine = word(j, "true");
        break;
    case 'f':
        fine = word(j, "false");
        break;
    case 'n':
        fine = word(j, "null");
        break;
    default:
        fine = number(j);
    }
    j->depth--;
    return fine;
}

bool fuzz_is_json(const char *text, size_t length)
{
    json j = {text, text + length, 0};
    bool fine = value(&j);
    space(&j);
    return fine && j.at == j.end;
}

/* --- choices ------------------------------------------------------------------------------------------ */

uint32_t dice_byte(dice *d)
{
    if (d->left == 0)
        return 0;
    d->left--;
    return *d->data++;
}

int dice_pick(dice *d, int n)
{
    return (int)((n > 256 ? dice_byte(d) << 8 | dice_byte(d) : dice_byte(d)) % (uint32_t)n);
}

double dice_unit(dice *d)
{
    uint32_t byte = dice_byte(d);
    if (byte < 128) /* sevenths and eighths and the ends */
        return byte < 64 ? (byte % 9) / 8. : (byte % 8) / 7.;
    return ((byte & 127) << 16 | dice_byte(d) << 8 | dice_byte(d)) / 8388607.;
}

double dice_between(dice *d, double low, double high)
{
    double x = low + (high - low) * dice_unit(d);
    return x < low ? low : x > high ? high : x;
}

double dice_number(dice *d)
{
    static const double odd[] = {0,      -0.,   1,     -1,        1e-300,          -1e-300,          5e-324, 1e300,
                                 -1e300, 1e100, 1e-12, 1 + 1e-15, __builtin_inf(), -__builtin_inf(), 100,    0.5};
    uint64_t bits = 0;
    double x;
    uint32_t kind = dice_byte(d);
    if (kind < 64)
        return odd[kind % 16];
    if (kind < 70)
        return ENT_UNDEFINED;
    if (kind < 220)
        return dice_between(d, kind % 2 == 0 ? 0 : -100, 100);
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | dice_byte(d);
    memcpy(&x, &bits, sizeof x);
    return x;
}
