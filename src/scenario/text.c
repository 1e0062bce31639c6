/* Memory, findings and the check of bytes that all parsers of this room share. */
#include "scenario/text.h"

#include <stdio.h>
#include <string.h>

void *ent__take(ent__parse *to, size_t n, size_t size)
{
    void *block = ent__arena_alloc(to->arena, n, size);
    to->no_memory |= block == NULL;
    return block;
}

char *ent__keep(ent__parse *to, const char *text, size_t length)
{
    char *copy = ent__arena_text(to->arena, text, length);
    to->no_memory |= copy == NULL;
    return copy;
}

/* Length of the UTF-8 character at text[0..left), 0 where the bytes are none or a control character that no file of
 * ours has a use for. */
static size_t character(const char *text, size_t left)
{
    unsigned char c = (unsigned char)text[0];
    if (c < 0x20 ? c != '\t' && c != '\n' && c != '\r' : c == 0x7f)
        return 0;
    for (size_t n = 1; n <= 4 && n <= left; n++)
        if (ent__utf8_valid(text, n))
            return n;
    return 0;
}

/* One line of whole characters: what users wrote is quoted in messages, cut by bytes, and may hold line ends. */
static void make_line(char *text)
{
    char *out = text;
    for (size_t left = strlen(text); left > 0;) {
        size_t n = character(text, left);
        bool space = n == 1 && (unsigned char)text[0] < 0x20;
        for (size_t i = 0; i < n; i++)
            *out++ = space ? ' ' : text[i];
        n += n == 0; /* a torn character is dropped */
        text += n;
        left -= n;
    }
    *out = 0;
}

static void tell(ent__parse *to, ent_severity severity, ent__place place, const char *format, va_list args)
{
    char message[768];
    to->errors += severity == ENT_SEVERITY_ERROR;
    if (to->told > ENT_MAX_FINDINGS)
        return;
    if (to->told++ == ENT_MAX_FINDINGS)
        snprintf(message, sizeof message, "more than %d findings: the rest is not listed", ENT_MAX_FINDINGS);
    else
        vsnprintf(message, sizeof message, format, args);
    make_line(message);
    ent__diagnose(to->list, severity, place.file, place.line, place.column, "%s", message);
}

void ent__complain(ent__parse *to, ent__place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(to, ENT_SEVERITY_ERROR, place, format, args);
    va_end(args);
}

void ent__warn(ent__parse *to, ent__place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tell(to, ENT_SEVERITY_WARNING, place, format, args);
    va_end(args);
}

ent__place ent__place_after(ent__place place, const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (text[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if ((text[i] & 0xc0) != 0x80)
            place.column++;
    return place;
}

bool ent__text_check(ent__parse *to, const char *file, const char *text, size_t length)
{
    ent__place place = {file, 1, 1};
    for (size_t at = 0; at < length;) {
        size_t n =
            (unsigned char)text[at] >= 0x20 && (unsigned char)text[at] < 0x7f ? 1 : character(text + at, length - at);
        if (n == 0) {
            unsigned byte = (unsigned char)text[at];
            ent__complain(to, place,
                          byte < 0x80 ? "a control character (0x%02x): the file is not plain text"
                                      : "a byte that is no UTF-8 text (0x%02x): save the file as UTF-8",
                          byte);
            return false;
        }
        if (text[at] == '\n' || (text[at] == '\r' && text[at + 1] != '\n')) {
            place.line++;
            place.column = 1;
        } else if (text[at] != '\r')
            place.column++;
        at += n;
    }
    return true;
}
