/* Shapes: that a node is a text, a list, a mapping, a number, a truth, an expression, and says so where it is not. */
#include "scenario/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *found(const ent__yaml *node)
{
    switch (node->kind) {
    case ENT__YAML_LIST:
        return "a list";
    case ENT__YAML_MAPPING:
        return "a mapping";
    case ENT__YAML_TEXT:
    case ENT__YAML_BAD:
        break;
    }
    return "a text";
}

static bool is_kind(ent__reader *r, const ent__yaml *node, ent__yaml_kind kind, const char *what, const char *wanted)
{
    if (node->kind == kind)
        return true;
    if (node->kind == ENT__YAML_TEXT)
        ent__complain(&r->to, node->place, "%s takes %s, found '%.60s'", what, wanted, node->text);
    else if (node->kind != ENT__YAML_BAD)
        ent__complain(&r->to, node->place, "%s takes %s, found %s", what, wanted, found(node));
    return false;
}

bool ent__is_mapping(ent__reader *r, const ent__yaml *node, const char *what)
{
    return is_kind(r, node, ENT__YAML_MAPPING, what, "a mapping (key: value)");
}

bool ent__is_list(ent__reader *r, const ent__yaml *node, const char *what)
{
    return is_kind(r, node, ENT__YAML_LIST, what, "a list ([a, b], or a line `- a` for each)");
}

bool ent__is_text(ent__reader *r, const ent__yaml *node, const char *what)
{
    return is_kind(r, node, ENT__YAML_TEXT, what, "a text");
}

void ent__keys(ent__reader *r, const ent__yaml *mapping, const char *what, const char *const *known)
{
    size_t n = 0;
    while (known[n] != NULL)
        n++;
    for (const ent__yaml *entry = mapping->first; entry != NULL; entry = entry->next) {
        size_t i = 0;
        while (i < n && strcmp(entry->key, known[i]) != 0)
            i++;
        if (i < n || entry->kind == ENT__YAML_BAD)
            continue;
        char all[256] = "", guess[128];
        size_t used = 0;
        for (i = 0; i < n && used < sizeof all - 1; i++)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i > 0 ? ", " : "; it takes ", known[i]);
        ent__guess(r, guess, entry->key, known, n);
        ent__complain(&r->to, entry->key_place, "'%.60s' is no key of %s%s", entry->key, what,
                      guess[0] != 0 ? guess : all);
    }
}

const ent__yaml *ent__required(ent__reader *r, const ent__yaml *mapping, const char *key, const char *what)
{
    const ent__yaml *entry = ent__yaml_get(mapping, key);
    if (entry == NULL) {
        ent__place place = mapping->key[0] != 0 ? mapping->key_place : mapping->place;
        ent__complain(&r->to, place, "%s lacks '%s'", what, key);
    }
    return entry;
}

const char *ent__read_text(ent__reader *r, const ent__yaml *mapping, const char *key)
{
    const ent__yaml *entry = ent__yaml_get(mapping, key);
    char what[96];
    snprintf(what, sizeof what, "'%.80s'", key);
    if (entry == NULL || !ent__is_text(r, entry, what))
        return "";
    size_t length = strlen(entry->text); /* a block ends in a line end that nobody meant */
    while (length > 0 && strchr(" \t\r\n", entry->text[length - 1]) != NULL)
        length--;
    if (entry->text[length] == 0)
        return entry->text;
    const char *trimmed = ent__keep(&r->to, entry->text, length);
    return trimmed != NULL ? trimmed : "";
}

/* " from 0 to 1", " of at least 0", "" */
static const char *show_range(char out[96], double low, double high)
{
    char a[32], b[32];
    out[0] = 0;
    if (ent__is_finite(low))
        a[ent__number_text(a, low)] = 0;
    if (ent__is_finite(high))
        b[ent__number_text(b, high)] = 0;
    if (ent__is_finite(low) && ent__is_finite(high))
        snprintf(out, 96, " from %s to %s", a, b);
    else if (ent__is_finite(low))
        snprintf(out, 96, " of at least %s", a);
    else if (ent__is_finite(high))
        snprintf(out, 96, " of at most %s", b);
    return out;
}

bool ent__read_number(ent__reader *r, const ent__yaml *node, const char *what, double low, double high, double *out)
{
    char range[96], wanted[128];
    snprintf(wanted, sizeof wanted, "a number%s", show_range(range, low, high));
    if (!is_kind(r, node, ENT__YAML_TEXT, what, wanted))
        return false;
    double x;
    if (ent__number_read(&x, node->text, strlen(node->text), false) && x >= low && x <= high) {
        *out = x;
        return true;
    }
    const char *hint = strchr(node->text, '%') != NULL ? "; a percentage is written as a share: 0.05 for 5 %" : "";
    ent__complain(&r->to, node->place, "%s takes %s, found '%.60s'%s", what, wanted, node->text, hint);
    return false;
}

bool ent__read_integer(ent__reader *r, const ent__yaml *node, const char *what, int64_t low, int64_t high, int64_t *out)
{
    double x;
    char wanted[96];
    snprintf(wanted, sizeof wanted, "a whole number from %lld to %lld", (long long)low, (long long)high);
    if (!is_kind(r, node, ENT__YAML_TEXT, what, wanted))
        return false;
    if (ent__number_read(&x, node->text, strlen(node->text), false) && x >= (double)low && x <= (double)high &&
        x == (double)(int64_t)x) {
        *out = (int64_t)x;
        return true;
    }
    ent__complain(&r->to, node->place, "%s takes %s, found '%.60s'", what, wanted, node->text);
    return false;
}

bool ent__read_truth(ent__reader *r, const ent__yaml *node, const char *what, bool *out)
{
    if (!is_kind(r, node, ENT__YAML_TEXT, what, "yes or no"))
        return false;
    bool yes = strcmp(node->text, "yes") == 0 || strcmp(node->text, "true") == 0;
    if (!yes && strcmp(node->text, "no") != 0 && strcmp(node->text, "false") != 0) {
        ent__complain(&r->to, node->place, "%s takes yes or no, found '%.60s'", what, node->text);
        return false;
    }
    *out = yes;
    return true;
}

const char **ent__read_texts(ent__reader *r, const ent__yaml *node, const char *what, int32_t *n, ent__place **place)
{
    *n = 0;
    bool one = node->kind == ENT__YAML_TEXT;
    if (!one && !ent__is_list(r, node, what))
        return NULL;
    size_t most = one ? 1 : (size_t)node->n;
    const char **text = ent__take(&r->to, most, sizeof *text);
    ent__place *places = ent__take(&r->to, most, sizeof *places);
    if (text == NULL || places == NULL)
        return NULL;
    char item_what[128];
    snprintf(item_what, sizeof item_what, "an item of %.100s", what);
    for (const ent__yaml *item = one ? node : node->first; item != NULL; item = one ? NULL : item->next) {
        if (!ent__is_text(r, item, item_what))
            continue;
        text[*n] = item->text;
        places[(*n)++] = item->place;
    }
    if (place != NULL)
        *place = places;
    return text;
}

bool ent__read_range(ent__reader *r, const ent__yaml *node, const char *what, double *low, double *high)
{
    if (!ent__is_list(r, node, what))
        return false;
    if (node->n != 2) {
        ent__complain(&r->to, node->place, "%s takes two numbers, [low, high], found %d", what, (int)node->n);
        return false;
    }
    double a, b;
    if (!ent__read_number(r, node->first, what, -INFINITY, INFINITY, &a) ||
        !ent__read_number(r, node->first->next, what, -INFINITY, INFINITY, &b))
        return false;
    if (!(a < b)) {
        ent__complain(&r->to, node->place, "%s: the first number must be below the second, found [%.40s, %.40s]", what,
                      node->first->text, node->first->next->text);
        return false;
    }
    *low = a;
    *high = b;
    return true;
}

const char *ent__one_line(ent__reader *r, const char *text)
{
    size_t length = strlen(text), n = 0;
    char *line = ent__keep(&r->to, text, length);
    if (line == NULL)
        return "";
    for (size_t i = 0; i < length; i++) {
        bool space = strchr(" \t\r\n", text[i]) != NULL;
        if (!space)
            line[n++] = text[i];
        else if (n > 0 && line[n - 1] != ' ')
            line[n++] = ' ';
    }
    n -= n > 0 && line[n - 1] == ' ';
    line[n] = 0;
    return line;
}

static bool is_truth_word(const char *text)
{
    static const char *const words[] = {"yes", "no", "true", "false", "on", "off", "Yes", "No", "True", "False"};
    for (size_t i = 0; i < ENT_COUNT(words); i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

ent__node *ent__read_expression(ent__reader *r, const ent__yaml *node, const char *what, const char **text)
{
    if (text != NULL)
        *text = "";
    if (!is_kind(r, node, ENT__YAML_TEXT, what, "an expression in quotes"))
        return NULL;
    if (is_truth_word(node->text)) {
        ent__complain(&r->to, node->place, "%s takes an expression over results, such as \"last(x) >= 5\", found '%s'",
                      what, node->text);
        return NULL;
    }
    if (text != NULL)
        *text = ent__one_line(r, node->text);
    return ent__expression_read(&r->to, node->lines != NULL ? node->lines : node->text,
                                node->lines != NULL ? node->lines_place : node->place);
}

ent__node *ent__read_name(ent__reader *r, const char *text, ent__place place, const char *what)
{
    ent__node *node = ent__expression_read(&r->to, text, place);
    if (node != NULL && node->kind != ENT__NODE_NAME) {
        ent__complain(&r->to, place, "%s takes a name, such as x or x[us], found '%.60s'", what, text);
        return NULL;
    }
    return node;
}
