/* vsnprintf() and snprintf() for what the library asks of them: %s %c %d %u %x %%, sizes l, ll and z, a width with or
 * without leading zeros, a precision of %s. It asks for no other (numbers with digits behind the point are written by
 * ent__number_text()); anything else is copied as it stands. A tenth of the C library's, which reads long doubles too. */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct writer {
    char *out;
    size_t size, length; /* of out; of the whole text */
} writer;

typedef struct form { /* of one conversion */
    bool zeros;
    int width, precision; /* precision -1: none */
    int longs;            /* 0 int, 1 long or size_t, 2 long long */
} form;

static void put(writer *w, char c)
{
    if (w->length + 1 < w->size)
        w->out[w->length] = c;
    w->length++;
}

static void pad(writer *w, int n, char c)
{
    for (; n > 0; n--)
        put(w, c);
}

static void put_number(writer *w, const form *f, unsigned long long x, bool negative, unsigned base)
{
    char digit[24];
    int n = 0;
    do
        digit[n++] = "0123456789abcdef"[x % base];
    while ((x /= base) > 0);
    int room = f->width - n - negative;
    pad(w, f->zeros ? 0 : room, ' ');
    pad(w, negative, '-');
    pad(w, f->zeros ? room : 0, '0');
    while (n > 0)
        put(w, digit[--n]);
}

static void put_text(writer *w, const form *f, const char *text)
{
    size_t n = 0;
    while ((f->precision < 0 || n < (size_t)f->precision) && text[n] != 0)
        n++;
    pad(w, f->width - (int)n, ' ');
    for (size_t i = 0; i < n; i++)
        put(w, text[i]);
}

int vsnprintf(char *restrict out, size_t size, const char *restrict format, va_list args)
{
    writer w = {out, size, 0};
    for (const char *at = format; *at != 0; at++) {
        if (*at != '%') {
            put(&w, *at);
            continue;
        }
        const char *begin = at++;
        form f = {.precision = -1};
        for (; *at == '0'; at++)
            f.zeros = true;
        for (; *at >= '0' && *at <= '9'; at++)
            f.width = 10 * f.width + (*at - '0');
        if (*at == '.' && at[1] == '*') {
            f.precision = va_arg(args, int);
            at += 2;
        } else if (*at == '.') {
            f.precision = 0;
            for (at++; *at >= '0' && *at <= '9'; at++)
                f.precision = 10 * f.precision + (*at - '0');
        }
        for (; *at == 'l' || *at == 'z'; at++)
            f.longs++;
        if (*at == 's') {
            put_text(&w, &f, va_arg(args, const char *));
        } else if (*at == 'c') {
            put(&w, (char)va_arg(args, int));
        } else if (*at == '%') {
            put(&w, '%');
        } else if (*at == 'd') {
            long long x = f.longs == 2 ? va_arg(args, long long) : f.longs == 1 ? va_arg(args, long) : va_arg(args, int);
            put_number(&w, &f, x < 0 ? 0ull - (unsigned long long)x : (unsigned long long)x, x < 0, 10);
        } else if (*at == 'u' || *at == 'x') {
            unsigned long long x = f.longs == 2   ? va_arg(args, unsigned long long)
                                   : f.longs == 1 ? va_arg(args, unsigned long)
                                                  : va_arg(args, unsigned);
            put_number(&w, &f, x, false, *at == 'x' ? 16 : 10);
        } else {
            for (; begin < at; begin++)
                put(&w, *begin);
            at -= *at == 0;
        }
    }
    if (size > 0)
        out[w.length < size ? w.length : size - 1] = 0;
    return (int)w.length;
}

int snprintf(char *restrict out, size_t size, const char *restrict format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(out, size, format, args);
    va_end(args);
    return length;
}
