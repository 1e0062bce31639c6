/* A growing byte string, and JSON's way of writing text. */
#include "core/core.h"

#include <stdio.h>
#include <string.h>

static bool reserve(ent__buffer *buffer, size_t more)
{
    if (buffer->failed)
        return false;
    if (buffer->capacity - buffer->length > more)
        return true;
    size_t want = buffer->capacity ? buffer->capacity : 256;
    while (want - buffer->length <= more) {
        if (want > SIZE_MAX / 2) {
            buffer->failed = true;
            return false;
        }
        want *= 2;
    }
    char *grown = ent__realloc(buffer->data, want, 1);
    if (grown == NULL) {
        buffer->failed = true;
        return false;
    }
    buffer->data = grown;
    buffer->capacity = want;
    return true;
}

void ent__buffer_add(ent__buffer *buffer, const char *text, size_t length)
{
    if (!reserve(buffer, length))
        return;
    if (length > 0)
        memcpy(buffer->data + buffer->length, text, length);
    buffer->length += length;
    buffer->data[buffer->length] = 0;
}

void ent__buffer_text(ent__buffer *buffer, const char *text) { ent__buffer_add(buffer, text, strlen(text)); }

void ent__buffer_printf(ent__buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    if (length < 0)
        buffer->failed = true;
    else if (reserve(buffer, (size_t)length)) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    va_end(args);
}

void ent__buffer_number(ent__buffer *buffer, double x)
{
    char text[32];
    if (!ent__is_finite(x))
        ent__buffer_text(buffer, "null");
    else
        ent__buffer_add(buffer, text, ent__number_text(text, x));
}

/* The length of the valid UTF-8 sequence at text[0..left), or 0. */
static size_t sequence_length(const unsigned char *text, size_t left)
{
    static const struct {
        unsigned char mask, lead;
        size_t length;
        uint32_t least;
    } form[] = {{0x80, 0x00, 1, 0}, {0xe0, 0xc0, 2, 0x80}, {0xf0, 0xe0, 3, 0x800}, {0xf8, 0xf0, 4, 0x10000}};
    for (size_t f = 0; f < ENT_COUNT(form); f++) {
        if ((text[0] & form[f].mask) != form[f].lead)
            continue;
        if (form[f].length > left)
            return 0;
        uint32_t point = text[0] & (unsigned char)~form[f].mask;
        for (size_t i = 1; i < form[f].length; i++) {
            if ((text[i] & 0xc0) != 0x80)
                return 0;
            point = point << 6 | (text[i] & 0x3fu);
        }
        bool surrogate = point >= 0xd800 && point <= 0xdfff;
        return point < form[f].least || point > 0x10ffff || surrogate ? 0 : form[f].length;
    }
    return 0;
}

void ent__buffer_json(ent__buffer *buffer, const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    ent__buffer_add(buffer, "\"", 1);
    for (size_t i = 0; i < length;) {
        size_t run = i;
        while (run < length && s[run] >= 0x20 && s[run] < 0x7f && s[run] != '"' && s[run] != '\\')
            run++;
        ent__buffer_add(buffer, text + i, run - i);
        if (run == length)
            break;
        i = run;
        size_t n = sequence_length(s + i, length - i);
        if (n == 0)
            ent__buffer_text(buffer, "\xef\xbf\xbd"), n = 1;
        else if (s[i] == '"' || s[i] == '\\')
            ent__buffer_printf(buffer, "\\%c", s[i]);
        else if (s[i] == '\n')
            ent__buffer_text(buffer, "\\n");
        else if (s[i] < 0x20 || s[i] == 0x7f)
            ent__buffer_printf(buffer, "\\u%04x", s[i]);
        else
            ent__buffer_add(buffer, text + i, n);
        i += n;
    }
    ent__buffer_add(buffer, "\"", 1);
}

void ent__buffer_shell(ent__buffer *buffer, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,+:@%";
    if (text[0] != 0 && text[strspn(text, plain)] == 0) {
        ent__buffer_text(buffer, text);
        return;
    }
    ent__buffer_text(buffer, "'");
    for (; *text != 0; text++)
        ent__buffer_add(buffer, *text == '\'' ? "'\\''" : text, *text == '\'' ? 4 : 1);
    ent__buffer_text(buffer, "'");
}

void ent__buffer_free(ent__buffer *buffer)
{
    ent__free(buffer->data);
    *buffer = (ent__buffer){0};
}

bool ent__utf8_valid(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    for (size_t i = 0; i < length;) {
        size_t n = sequence_length(s + i, length - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}
