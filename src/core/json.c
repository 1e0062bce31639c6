/* Whether text is JSON: for pieces that were made elsewhere and are written as they are. */
#include "core/core.h"

#include <string.h>

typedef struct reader {
    const char *at;
    int depth;
} reader;

static void skip_space(reader *r)
{
    r->at += strspn(r->at, " \t\r\n");
}

static bool take(reader *r, char c)
{
    skip_space(r);
    bool is = *r->at == c;
    r->at += is;
    return is;
}

static bool take_word(reader *r, const char *word)
{
    size_t n = strlen(word);
    bool is = strncmp(r->at, word, n) == 0;
    r->at += is ? n : 0;
    return is;
}

static bool take_text(reader *r)
{
    if (!take(r, '"'))
        return false;
    for (; *r->at != '"'; r->at++) {
        if ((unsigned char)*r->at < 0x20)
            return false;
        if (*r->at != '\\')
            continue;
        r->at++;
        if (*r->at == 'u' && strspn(r->at + 1, "0123456789abcdefABCDEF") < 4)
            return false;
        if (*r->at == 0 || strchr("\"\\/bfnrtu", *r->at) == NULL)
            return false;
    }
    r->at++;
    return true;
}

static bool take_digits(reader *r)
{
    size_t n = strspn(r->at, "0123456789");
    r->at += n;
    return n > 0;
}

static bool take_number(reader *r)
{
    r->at += *r->at == '-';
    if (*r->at == '0' && r->at[1] >= '0' && r->at[1] <= '9')
        return false;
    if (!take_digits(r) || (*r->at == '.' && (r->at++, !take_digits(r))))
        return false;
    if (*r->at != 'e' && *r->at != 'E')
        return true;
    r->at++;
    r->at += *r->at == '+' || *r->at == '-';
    return take_digits(r);
}

static bool take_value(reader *r);
static bool take_items(reader *r, bool keys, char close)
{
    if (take(r, close))
        return true;
    do {
        if ((keys && !(take_text(r) && take(r, ':'))) || !take_value(r))
            return false;
    } while (take(r, ','));
    return take(r, close);
}

static bool take_value(reader *r)
{
    bool fine = ++r->depth <= ENT_MAX_JSON_DEPTH;
    if (fine && take(r, '{'))
        fine = take_items(r, true, '}');
    else if (fine && take(r, '['))
        fine = take_items(r, false, ']');
    else if (fine)
        fine = *r->at == '"' ? take_text(r)
                             : take_word(r, "true") || take_word(r, "false") || take_word(r, "null") || take_number(r);
    r->depth--;
    return fine;
}

bool ent__json_valid(const char *text)
{
    reader r = {text, 0};
    bool fine = take_value(&r);
    skip_space(&r);
    return fine && *r.at == 0 && ent__utf8_valid(text, (size_t)(r.at - text));
}
