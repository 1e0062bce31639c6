/* Where everybody stands, on one line: a digit says how many stand there. And sentences in 80 columns. */
#include "settle.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, DIGITS = 4, LABEL = 13, BAR = 60 };

const char *settle_people(char out[32], double x)
{
    ent_number_people(out, x, DIGITS);
    return out;
}

/* A thousandth of the scale is what can be told apart; more digits would only look exact. */
const char *settle_place(char out[32], const settled *s, size_t issue, double x)
{
    double unit = (s->high[issue] - s->low[issue]) / 1000;
    int decimals = 0;
    if (!(fabs(x) < 1e9) || !(unit > 1e-7))
        return settle_people(out, x);
    for (double step = 1; step > unit * 2 && decimals < 9; step /= 10)
        decimals++;
    snprintf(out, 32, "%.*f", decimals, x);
    for (size_t end = strlen(out); decimals > 0 && (out[end - 1] == '0' || out[end - 1] == '.'); end--) {
        bool point = out[end - 1] == '.';
        out[end - 1] = 0;
        if (point)
            break;
    }
    if (strcmp(out, "-0") == 0)
        strcpy(out, "0");
    return out;
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

void settle_say(const cli_style *style, int indent, int hang, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (size_t end = strlen(text); end > 0 && text[end - 1] == ' '; end--)
        text[end - 1] = 0;
    char *safe = cli_safe(style, text, 0);
    for (char *line = safe; line != NULL && *line != 0;) {
        char *end = line + line_length(line, WIDTH - indent), kept = *end;
        *end = 0;
        printf("%*s", indent, "");
        cli_put(stdout, style, line, WIDTH - indent, 0); /* a single word may still be too long */
        putchar('\n');
        *end = kept;
        line = end + strspn(end, " ");
        indent = hang;
    }
    free(safe);
}

const double *settle_end(const settled *s)
{
    if (s->challenge != NULL)
        return s->challenge->round[s->challenge->rounds].position;
    if (s->spatial != NULL)
        return s->spatial->round[s->spatial->rounds].position;
    if (s->exchange != NULL && s->exchange->iterations > 0)
        return s->exchange->iteration[s->exchange->iterations - 1].voted;
    return NULL;
}

/* --- the bars ------------------------------------------------------------------------------------------- */

static int cell_of(const settled *s, size_t issue, double x)
{
    double share = (x - s->low[issue]) / (s->high[issue] - s->low[issue]);
    int cell = (int)(share * (BAR - 1) + 0.5);
    return cell < 0 ? 0 : cell >= BAR ? BAR - 1 : cell;
}

static void bar(const settled *s, const cli_style *style, const char *label, const double *position, size_t issue)
{
    size_t count[BAR] = {0};
    for (size_t i = 0; i < s->n; i++)
        if (!isnan(position[i * s->issues + issue]))
            count[cell_of(s, issue, position[i * s->issues + issue])]++;
    printf("  %-*s", LABEL - 2, label);
    for (int c = 0; c < BAR; c++)
        if (count[c] == 0)
            fputs(style->utf8 ? "\xc2\xb7" : ".", stdout);
        else
            putchar(count[c] > 9 ? '+' : (int)('0' + count[c]));
    putchar('\n');
}

void settle_tell_key(const cli_style *style)
{
    settle_say(style, 2, 2, "(A digit says how many stand there, + more than nine.)");
}

void settle_tell_bars(const settled *s, const cli_style *style, const double *end, size_t issue)
{
    char low[32], high[32], x[32];
    settle_people(low, s->low[issue]), settle_people(high, s->high[issue]);
    printf("%*s%-*s%s\n", LABEL, "", BAR - (int)strlen(high), low, high);
    bar(s, style, end != NULL ? "start" : "positions", s->position, issue);
    if (end != NULL)
        bar(s, style, "end", end, issue);
    if (!isnan(s->outcome[issue])) {
        int at = cell_of(s, issue, s->outcome[issue]);
        settle_place(x, s, issue, s->outcome[issue]);
        bool left = at + 2 + (int)strlen(x) > BAR; /* the number stands before the mark where it would not fit behind */
        if (left)
            printf("  %-*s%*s%s ^\n", LABEL - 2, "outcome", at - 1 - (int)strlen(x), "", x);
        else
            printf("  %-*s%*s^ %s\n", LABEL - 2, "outcome", at, "", x);
    }
}
