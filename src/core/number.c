/* Numbers as text. For the first hour over the C library; replaced by our own, which knows no locale. */
#include "core/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t ent__number_text(char out[32], double x)
{
    int length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(out, 32, "%.*g", digits, x);
        if (strtod(out, NULL) == x)
            break;
    }
    return (size_t)length;
}

size_t ent__number_people(char out[32], double x, int digits)
{
    if (!ent__is_finite(x))
        return (size_t)snprintf(out, 32, "-");
    return (size_t)snprintf(out, 32, "%.*g", digits, x);
}

static size_t scan(double *out, const char *text, size_t length, char mark)
{
    char copy[400];
    size_t i = 0, n = 0, digits = 0;
    if (i < length && (text[i] == '-' || text[i] == '+'))
        copy[n++] = text[i++];
    for (; i < length && n < 380 && text[i] >= '0' && text[i] <= '9'; digits++)
        copy[n++] = text[i++];
    if (i < length && text[i] == mark) {
        copy[n++] = '.';
        for (i++; i < length && n < 380 && text[i] >= '0' && text[i] <= '9'; digits++)
            copy[n++] = text[i++];
    }
    if (digits == 0)
        return 0;
    if (i < length && (text[i] == 'e' || text[i] == 'E')) {
        size_t j = i + 1, m = n, some = 0;
        copy[m++] = 'e';
        if (j < length && (text[j] == '-' || text[j] == '+'))
            copy[m++] = text[j++];
        for (; j < length && m < 398 && text[j] >= '0' && text[j] <= '9'; some++)
            copy[m++] = text[j++];
        if (some > 0)
            i = j, n = m;
    }
    copy[n] = 0;
    double x = strtod(copy, NULL);
    if (!ent__is_finite(x))
        return 0;
    *out = x;
    return i;
}

bool ent__number_read(double *out, const char *text, size_t length, bool comma)
{
    double x;
    size_t n = scan(&x, text, length, comma ? ',' : '.');
    if (n == 0 || n != length)
        return false;
    *out = x;
    return true;
}

size_t ent__number_scan(double *out, const char *text, size_t length) { return scan(out, text, length, '.'); }

/* FNV-1a (Fowler, Noll & Vo), then the 64-bit finaliser of MurmurHash3, so that all bits depend on all bytes. */
uint64_t ent__hash(const char *text, size_t length)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

size_t ent__utf8_width(const char *text, size_t length)
{
    size_t width = 0;
    for (size_t i = 0; i < length; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}
