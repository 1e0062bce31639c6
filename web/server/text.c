#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- text that grows --------------------------------------------------------------------------------- */

static bool reserve(text *t, size_t more)
{
    if (t->failed || more > SIZE_MAX / 4 - t->length) {
        t->failed = true;
        return false;
    }
    if (t->length + more + 1 <= t->room)
        return true;
    size_t room = t->room < 256 ? 256 : t->room;
    while (room < t->length + more + 1)
        room *= 2;
    char *data = realloc(t->data, room);
    if (data == NULL) {
        t->failed = true;
        return false;
    }
    t->data = data;
    t->room = room;
    return true;
}

void text_add(text *t, const char *bytes, size_t length)
{
    if (!reserve(t, length))
        return;
    if (length > 0)
        memcpy(t->data + t->length, bytes, length);
    t->length += length;
    t->data[t->length] = 0;
}

void text_put(text *t, const char *string)
{
    text_add(t, string, strlen(string));
}

void text_format(text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length >= 0 && reserve(t, (size_t)length)) {
        vsnprintf(t->data + t->length, (size_t)length + 1, format, again);
        t->length += (size_t)length;
    }
    va_end(again);
    va_end(args);
}

void text_json(text *t, const char *string)
{
    char *quoted = ent_text_json(string, strlen(string));
    if (quoted == NULL)
        t->failed = true;
    else
        text_put(t, quoted);
    ent_bytes_free(quoted);
}

void text_number(text *t, double x)
{
    char number[32];
    text_add(t, number, ent_number_text(number, x));
}

void text_free(text *t)
{
    free(t->data);
    *t = (text){0};
}

/* --- JSON -------------------------------------------------------------------------------------------- */

/* Nodes and unescaped texts lie in one block: a value takes at least one byte of JSON (and a comma between), a text no
 * more bytes than it is written with. */
typedef struct reader {
    const char *at, *end;
    json *node;
    char *room;
    const char *why;
    int depth;
} reader;

static bool fail(reader *r, const char *why)
{
    if (r->why == NULL)
        r->why = why;
    return false;
}

static void blanks(reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static bool next_is(reader *r, char c)
{
    blanks(r);
    if (r->at < r->end && *r->at == c) {
        r->at++;
        return true;
    }
    return false;
}

static bool hex4(reader *r, uint32_t *out)
{
    *out = 0;
    if (r->end - r->at < 4)
        return fail(r, "a text is cut short");
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef";
        int lower = *r->at >= 'A' && *r->at <= 'F' ? *r->at + 32 : *r->at;
        const char *found = lower != 0 ? strchr(digits, lower) : NULL;
        if (found == NULL)
            return fail(r, "\\u takes four hexadecimal digits");
        *out = *out * 16 + (uint32_t)(found - digits);
        r->at++;
    }
    return true;
}

static void put_utf8(reader *r, uint32_t c)
{
    if (c < 0x80) {
        *r->room++ = (char)c;
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    const unsigned lead[] = {0, 0xC0, 0xE0, 0xF0};
    *r->room++ = (char)(lead[more] | c >> (6 * more));
    while (more-- > 0)
        *r->room++ = (char)(0x80 | (c >> (6 * more) & 0x3F));
}

static bool code_point(reader *r)
{
    uint32_t c, low;
    if (!hex4(r, &c))
        return false;
    if (c >= 0xD800 && c < 0xDC00) {
        if (r->end - r->at < 2 || r->at[0] != '\\' || r->at[1] != 'u')
            return fail(r, "half of a surrogate pair");
        r->at += 2;
        if (!hex4(r, &low) || low < 0xDC00 || low > 0xDFFF)
            return fail(r, "half of a surrogate pair");
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    } else if (c >= 0xDC00 && c <= 0xDFFF)
        return fail(r, "half of a surrogate pair");
    if (c == 0)
        return fail(r, "a text with U+0000 in it");
    put_utf8(r, c);
    return true;
}

static bool read_text(reader *r, const char **out)
{
    *out = r->room;
    while (r->at < r->end && *r->at != '"') {
        unsigned char c = (unsigned char)*r->at++;
        if (c < 0x20)
            return fail(r, "a control character in a text");
        if (c != '\\') {
            *r->room++ = (char)c;
            continue;
        }
        if (r->at == r->end)
            return fail(r, "a text is cut short");
        char escape = *r->at++;
        const char *names = "\"\\/bfnrt", *means = "\"\\/\b\f\n\r\t", *found = escape != 0 ? strchr(names, escape) : NULL;
        if (found != NULL)
            *r->room++ = means[found - names];
        else if (escape != 'u')
            return fail(r, "an unknown escape in a text");
        else if (!code_point(r))
            return false;
    }
    if (r->at == r->end)
        return fail(r, "a text is cut short");
    r->at++;
    *r->room++ = 0;
    return true;
}

static bool read_value(reader *r, json **out);

static bool read_many(reader *r, json *into, char close)
{
    json **last = &into->child;
    if (++r->depth > ENT_SERVE_MAX_JSON_DEPTH)
        return fail(r, "lists and objects lie within one another more than 32 deep"); /* ENT_SERVE_MAX_JSON_DEPTH */
    if (next_is(r, close)) {
        r->depth--;
        return true;
    }
    do {
        const char *name = NULL;
        blanks(r);
        if (close == '}' && (!next_is(r, '"') || !read_text(r, &name) || !next_is(r, ':')))
            return fail(r, "an object takes \"name\": value");
        if (!read_value(r, last))
            return false;
        (*last)->name = name;
        last = &(*last)->next;
    } while (next_is(r, ','));
    r->depth--;
    return next_is(r, close) || fail(r, "a list or an object is not closed");
}

static bool read_word(reader *r, json *node, const char *word, json_kind kind)
{
    size_t length = strlen(word);
    if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0)
        return fail(r, "no JSON value");
    r->at += length;
    node->kind = kind;
    return true;
}

static bool read_number(reader *r, json *node)
{
    const char *start = r->at;
    while (r->at < r->end && strchr("+-.0123456789eE", *r->at) != NULL && *r->at != 0)
        r->at++;
    if (!ent_number_read(&node->number, start, (size_t)(r->at - start)))
        return fail(r, "no JSON value");
    node->kind = JSON_NUMBER;
    node->value = r->room;
    memcpy(r->room, start, (size_t)(r->at - start));
    r->room += r->at - start;
    *r->room++ = 0;
    return true;
}

static bool read_value(reader *r, json **out)
{
    blanks(r);
    if (r->at == r->end)
        return fail(r, "the text ends early");
    json *node = *out = r->node++;
    switch (*r->at) {
    case '{':
    case '[':
        node->kind = *r->at == '{' ? JSON_OBJECT : JSON_LIST;
        r->at++;
        return read_many(r, node, node->kind == JSON_OBJECT ? '}' : ']');
    case '"':
        node->kind = JSON_TEXT;
        r->at++;
        return read_text(r, &node->value);
    case 't':
        return read_word(r, node, "true", JSON_TRUE);
    case 'f':
        return read_word(r, node, "false", JSON_FALSE);
    case 'n':
        return read_word(r, node, "null", JSON_NULL);
    default:
        return read_number(r, node);
    }
}

bool json_read(json **out, void **memory, const char *bytes, size_t length, const char **why)
{
    size_t nodes = 1;
    for (size_t i = 0; i < length; i++)
        nodes += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
    *out = NULL;
    *memory = calloc(1, nodes * sizeof(json) + 2 * length + 2);
    if (*memory == NULL) {
        *why = "not enough memory";
        return false;
    }
    reader r = {.at = bytes, .end = bytes + length, .node = *memory};
    r.room = (char *)(r.node + nodes);
    json *root = NULL;
    bool fine = read_value(&r, &root);
    blanks(&r);
    if (fine && r.at != r.end)
        fine = fail(&r, "something stands after the value");
    *why = r.why;
    if (fine)
        *out = root;
    else {
        free(*memory);
        *memory = NULL;
    }
    return fine;
}

const json *json_get(const json *object, const char *name)
{
    if (object == NULL || object->kind != JSON_OBJECT)
        return NULL;
    for (const json *member = object->child; member != NULL; member = member->next)
        if (strcmp(member->name, name) == 0)
            return member;
    return NULL;
}
