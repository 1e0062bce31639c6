/* What may be written to a stream, and text from outside made safe for it. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != 0;
}

/* The first of the three that is set says the encoding, as in setlocale(3), which is not called: it would change how
 * numbers are read and written. */
static bool locale_is_utf8(void)
{
    static const char *const name[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
        if (!is_set(name[i]))
            continue;
        for (const char *at = getenv(name[i]); *at != 0; at++)
            if (strncasecmp(at, "utf-8", 5) == 0 || strncasecmp(at, "utf8", 4) == 0)
                return true;
        return false;
    }
    return false;
}

cli_style cli_style_of(FILE *stream)
{
    cli_style style = {.width = 80, .utf8 = locale_is_utf8()};
    const char *term = getenv("TERM");
    struct winsize size = {0};
    style.terminal = isatty(fileno(stream)) == 1;
    style.colour = style.terminal && !is_set("NO_COLOR") && term != NULL && strcmp(term, "dumb") != 0;
    style.many_colours = style.colour && strstr(term, "256color") != NULL;
    if (style.terminal && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        style.width = size.ws_col;
    return style;
}

/* The code point at text[0..left) and its length; U+FFFD and 1 where it is not UTF-8. */
static uint32_t code_point(const char *text, size_t left, size_t *length)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;
    size_t n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
    *length = 1;
    if (n == 0 || n > left)
        return 0xfffd;
    uint32_t point = n == 1 ? s[0] : s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0xfffd;
        point = point << 6 | (s[i] & 0x3fu);
    }
    if (point < least[n] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
        return 0xfffd;
    *length = n;
    return point;
}

/* Control characters can move the cursor or recolour the screen; these marks turn the direction of what follows. */
static bool is_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff || c == 0xfffd;
}

static const char *plain_twin(uint32_t c)
{
    static const struct { uint32_t point; const char *text; } twin[] = {
        {0xa0, " "}, {0x2010, "-"}, {0x2011, "-"}, {0x2012, "-"}, {0x2013, "-"}, {0x2014, "-"}, {0x2018, "'"},
        {0x2019, "'"}, {0x201c, "\""}, {0x201d, "\""}, {0x201e, "\""}, {0x2026, "..."}, {0x2192, "->"}, {0xd7, "x"},
        {0xb1, "+-"}, {0x2264, "<="}, {0x2265, ">="}, {0x2212, "-"}};
    for (size_t i = 0; i < sizeof twin / sizeof twin[0]; i++)
        if (twin[i].point == c)
            return twin[i].text;
    return "?";
}

/* Appends to out (room for 4 bytes) what is shown for the character at text; returns the bytes read. */
static size_t shown(char *out, const cli_style *style, const char *text, size_t left)
{
    size_t length = 0;
    uint32_t point = code_point(text, left, &length);
    if (point == '\t' || point == '\n' || point == '\r')
        strcpy(out, " ");
    else if (is_unsafe(point))
        strcpy(out, "?");
    else if (point >= 0x80 && !style->utf8)
        strcpy(out, plain_twin(point));
    else {
        memcpy(out, text, length);
        out[length] = 0;
    }
    return length;
}

static int cells(const char *text) { return (int)ent_text_width(text, strlen(text)); }

char *cli_safe(const cli_style *style, const char *text, int width)
{
    size_t left = strlen(text), used = 0, cut = 0;
    char *out = malloc(3 * left + 8), one[8];
    const char *dots = style->utf8 ? "\xe2\x80\xa6" : "...";
    int dots_width = style->utf8 ? 1 : 3, wide = 0;
    if (out == NULL)
        return NULL;
    out[0] = 0;
    while (left > 0) {
        size_t read = shown(one, style, text, left), length = strlen(one);
        int more = cells(one);
        if (width > 0 && wide + more > width) {
            strcpy(out + cut, dots_width <= width ? dots : "");
            return out;
        }
        memcpy(out + used, one, length + 1);
        used += length;
        wide += more;
        if (wide + dots_width <= width && one[0] != ' ')
            cut = used; /* the longest start that leaves room for the ellipsis, no space before it */
        text += read;
        left -= read;
    }
    return out;
}

static void spaces(FILE *stream, int count) { fprintf(stream, "%*s", count > 0 ? count : 0, ""); }

void cli_put(FILE *stream, const cli_style *style, const char *text, int width, int pad)
{
    char *safe = cli_safe(style, text, width);
    if (safe == NULL) { /* memory is short, and this may be what says so: character by character, not cut */
        char one[8];
        for (size_t left = strlen(text), read; left > 0; text += read, left -= read) {
            read = shown(one, style, text, left);
            fputs(one, stream);
        }
        return;
    }
    int wide = cells(safe);
    if (pad < 0)
        spaces(stream, -pad - wide);
    fputs(safe, stream);
    if (pad > 0)
        spaces(stream, pad - wide);
    free(safe);
}

/* The length of the longest start of `text` that ends at a word and fits; at least one word. */
static size_t line_length(const char *text, int room)
{
    const char *end = text, *next = text;
    while (*next != 0) {
        next += strspn(next, " ");
        next += strcspn(next, " ");
        if (end != text && (int)ent_text_width(text, (size_t)(next - text)) > room)
            break;
        end = next;
    }
    return (size_t)(end - text);
}

void cli_wrap(FILE *stream, const cli_style *style, const char *text, int indent, int width)
{
    char *safe = cli_safe(style, text, 0);
    for (char *line = safe; line != NULL && *line != 0;) {
        char *end = line + line_length(line, width - indent), kept = *end;
        *end = 0;
        spaces(stream, indent);
        cli_put(stream, style, line, width - indent, 0); /* a single word may still be too long */
        fputc('\n', stream);
        *end = kept;
        line = end + strspn(end, " ");
    }
    free(safe);
}

void cli_two_lines(char *line[2], const cli_style *style, const char *text, int width)
{
    char *safe = cli_safe(style, text, 0);
    line[0] = line[1] = NULL;
    if (safe == NULL)
        return;
    char *end = safe + line_length(safe, width), *rest = end + strspn(end, " ");
    if (*rest != 0)
        line[1] = cli_safe(style, rest, width);
    *end = 0;
    line[0] = cli_safe(style, safe, width);
    free(safe);
}
