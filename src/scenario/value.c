/* Values: what may stand where a number may, from one scalar's text.
 *
 *     3            a number
 *     2 to 5       a 90 % interval: the normal distribution whose 5 % and 95 % points these are
 *     lognormal 0.01 to 0.5                   the same for a lognormal one
 *     normal(m, sd)  lognormal(mu, sigma)  uniform(a, b)  beta(a, b)  gamma(shape, scale)
 *     triangular(a, m, b)  pert(a, m, b)  discrete {4: 1, 5: 2}
 *     anything else: an expression
 *
 * What looks like a number but would be read as something else (5 %, 5-10, nan, 1,5) is refused with a hint. */
#include "scenario/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- pieces of text ------------------------------------------------------------------------------- */

typedef struct piece {
    const char *text;
    size_t length;
} piece;

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static piece trim(piece p)
{
    while (p.length > 0 && is_space(p.text[0]))
        p.text++, p.length--;
    while (p.length > 0 && is_space(p.text[p.length - 1]))
        p.length--;
    return p;
}

static bool number(double *out, piece p)
{
    p = trim(p);
    return ent__number_read(out, p.text, p.length, false);
}

static bool starts(piece p, const char *word)
{
    size_t length = strlen(word);
    return p.length >= length && memcmp(p.text, word, length) == 0;
}

static piece after(piece p, size_t bytes) { return (piece){p.text + bytes, p.length - bytes}; }

/* The first " to " between spaces, or SIZE_MAX. */
static size_t find_to(piece p)
{
    for (size_t i = 1; i + 2 < p.length; i++)
        if (p.text[i] == 't' && p.text[i + 1] == 'o' && is_space(p.text[i - 1]) && is_space(p.text[i + 2]))
            return i;
    return SIZE_MAX;
}

#define SHOW(p) ((p).length > 60 ? 60 : (int)(p).length), (p).text

/* --- the forms ------------------------------------------------------------------------------------ */

typedef enum attempt { NOT_THIS, READ, REFUSED } attempt;

typedef struct form {
    ent__parse *to;
    ent__value *out;
    piece said; /* as written, for messages */
    piece text; /* the same with points for commas */
    bool comma;
} form;

#define REFUSE(f, ...) (ent__complain((f)->to, (f)->out->place, __VA_ARGS__), REFUSED)

static attempt accept(form *f, ent__distribution d, double low, double high)
{
    ent_error err = {0};
    if (ent__distribution_prepare(&d, &err) != ENT_OK)
        return REFUSE(f, "'%.*s': %s", SHOW(f->said), err.message);
    f->out->kind = ENT__VALUE_DISTRIBUTION;
    f->out->distribution = d;
    f->out->low = low;
    f->out->high = high;
    return READ;
}

static ent__distribution plain(ent__distribution_kind kind)
{
    return (ent__distribution){.kind = (int32_t)kind, .low = -INFINITY, .high = INFINITY, .clamp_low = -INFINITY,
                               .clamp_high = INFINITY};
}

static attempt read_constant(form *f)
{
    ent__distribution d = plain(ENT__DIST_CONSTANT);
    if (!number(&d.p[0], f->text))
        return NOT_THIS;
    return accept(f, d, d.p[0], d.p[0]);
}

static attempt read_interval(form *f)
{
    piece rest = f->text;
    bool lognormal = starts(rest, "lognormal ");
    if (lognormal || starts(rest, "normal "))
        rest = trim(after(rest, lognormal ? 10 : 7));
    size_t at = find_to(rest);
    if (at == SIZE_MAX)
        return NOT_THIS;
    double low, high;
    if (!number(&low, (piece){rest.text, at}) || !number(&high, after(rest, at + 2)))
        return REFUSE(f, "'%.*s' is no interval; one goes from number to number: 2 to 5, or lognormal 0.01 to 0.5",
                      SHOW(f->said));
    if (low > high)
        return REFUSE(f, "'%.*s' runs backwards: the lower end comes first", SHOW(f->said));
    if (lognormal && low <= 0)
        return REFUSE(f, "'%.*s': a lognormal interval lies above 0", SHOW(f->said));
    ent__distribution d = ent__distribution_interval(low, high, lognormal);
    return accept(f, d, low, high);
}

static const struct {
    const char *name;
    ent__distribution_kind kind;
    int n;
    const char *parameters;
} named[] = {{"normal", ENT__DIST_NORMAL, 2, "mean, sd"},
             {"lognormal", ENT__DIST_LOGNORMAL, 2, "mu, sigma of the logarithm"},
             {"uniform", ENT__DIST_UNIFORM, 2, "low, high"},
             {"beta", ENT__DIST_BETA, 2, "alpha, beta"},
             {"gamma", ENT__DIST_GAMMA, 2, "shape, scale"},
             {"triangular", ENT__DIST_TRIANGULAR, 3, "low, mode, high"},
             {"pert", ENT__DIST_PERT, 3, "low, mode, high"}};

/* The numbers between the brackets; -1 where one of them is none, told already. */
static int read_numbers(form *f, double *out, int most, piece inside, const char *name)
{
    int n = 0;
    for (size_t from = 0; from <= inside.length;) {
        size_t to = from;
        while (to < inside.length && inside.text[to] != ',')
            to++;
        piece part = trim((piece){inside.text + from, to - from});
        double x;
        if (!number(&x, part)) {
            (void)REFUSE(f, "%s takes numbers, found '%.*s'", name, SHOW(part));
            return -1;
        }
        if (n < most)
            out[n] = x;
        n++;
        from = to + 1;
    }
    return n;
}

static attempt read_named(form *f)
{
    for (size_t i = 0; i < ENT_COUNT(named); i++) {
        if (!starts(f->text, named[i].name))
            continue;
        piece rest = trim(after(f->text, strlen(named[i].name)));
        if (rest.length < 2 || rest.text[0] != '(' || rest.text[rest.length - 1] != ')' ||
            memchr(rest.text, ')', rest.length - 1) != NULL)
            continue;
        ent__distribution d = plain(named[i].kind);
        int n = read_numbers(f, d.p, 4, (piece){rest.text + 1, rest.length - 2}, named[i].name);
        if (n < 0)
            return REFUSED;
        if (n != named[i].n)
            return REFUSE(f, "'%.*s': %s takes %d numbers (%s), found %d%s", SHOW(f->said), named[i].name, named[i].n,
                          named[i].parameters, n,
                          f->comma ? "; with decimal commas ; stands between them: uniform(0,5; 2)" : "");
        double low = NAN, high = NAN;
        if (named[i].kind == ENT__DIST_BETA)
            low = 0, high = 1;
        else if (named[i].kind == ENT__DIST_UNIFORM || named[i].n == 3)
            low = d.p[0], high = d.p[named[i].n - 1];
        return accept(f, d, low, high);
    }
    return NOT_THIS;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static attempt read_discrete(form *f)
{
    piece rest = f->text;
    if (!starts(rest, "discrete"))
        return NOT_THIS;
    rest = trim(after(rest, 8));
    if (rest.length < 2 || rest.text[0] != '{' || rest.text[rest.length - 1] != '}')
        return REFUSE(f, "'%.*s' is not of the form discrete {4: 1, 5: 2} (value: weight)", SHOW(f->said));
    double pair[2 * ENT_MAX_POINTS], total = 0;
    int32_t n = 0;
    piece inside = {rest.text + 1, rest.length - 2};
    for (size_t from = 0; from <= inside.length;) {
        size_t to = from, colon;
        while (to < inside.length && inside.text[to] != ',')
            to++;
        for (colon = from; colon < to && inside.text[colon] != ':';)
            colon++;
        piece both = trim((piece){inside.text + from, to - from});
        if (n == ENT_MAX_POINTS)
            return REFUSE(f, "'%.*s...' has more than %d points", SHOW(f->said), ENT_MAX_POINTS);
        if (colon == to || !number(&pair[2 * n], (piece){inside.text + from, colon - from}) ||
            !number(&pair[2 * n + 1], (piece){inside.text + colon + 1, to - colon - 1}))
            return REFUSE(f, "discrete takes pairs of numbers, value: weight; found '%.*s'", SHOW(both));
        if (pair[2 * n + 1] < 0)
            return REFUSE(f, "the weight of a discrete value is at least 0; found '%.*s'", SHOW(both));
        total += pair[2 * n + 1];
        n++;
        from = to + 1;
    }
    if (!(total > 0) || !ent__is_finite(total))
        return REFUSE(f, "'%.*s': some weight must be above 0", SHOW(f->said));
    qsort(pair, (size_t)n, 2 * sizeof *pair, by_value);
    double *point = ent__take(f->to, (size_t)n, 2 * sizeof *point);
    if (point == NULL)
        return REFUSED;
    for (int32_t i = 0; i < n; i++) {
        if (i > 0 && pair[2 * i] == pair[2 * i - 2])
            return REFUSE(f, "'%.*s' names a value twice", SHOW(f->said));
        point[2 * i] = pair[2 * i];
        point[2 * i + 1] = pair[2 * i + 1] / total;
    }
    ent__distribution d = plain(ENT__DIST_DISCRETE);
    d.points = n;
    d.point = point;
    return accept(f, d, point[0], point[2 * n - 2]);
}

static bool same_word(piece p, const char *word)
{
    if (p.length != strlen(word))
        return false;
    for (size_t i = 0; i < p.length; i++) {
        char c = p.text[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != word[i])
            return false;
    }
    return true;
}

/* What reads as something other than what was meant. */
static attempt refuse_traps(form *f)
{
    static const char *const not_finite[] = {"nan", "inf", "infinity"};
    piece bare = f->text;
    while (bare.length > 0 && strchr("+-.", bare.text[0]) != NULL)
        bare = after(bare, 1);
    for (size_t i = 0; i < ENT_COUNT(not_finite); i++)
        if (same_word(bare, not_finite[i]))
            return REFUSE(f, "'%.*s' is no finite number", SHOW(f->said));
    if (memchr(f->text.text, '%', f->text.length) != NULL)
        return REFUSE(f, "'%.*s': a percentage is written as a share: 0.05 for 5 %%", SHOW(f->said));
    double x;
    if (!f->comma && ent__number_read(&x, f->text.text, f->text.length, true))
        return REFUSE(
            f, "'%.*s' has a decimal comma: write a point (a comma is read in tables with ; or tab between columns)",
            SHOW(f->said));
    ent__time time;
    if (f->text.length == 7 && ent__time_read(&time, f->text.text, f->text.length))
        return REFUSE(f, "'%.*s' is a time, and a number is expected", SHOW(f->said));
    piece rest = trim(after(f->text, ent__number_scan(&x, f->text.text, f->text.length)));
    size_t dash = starts(rest, "-") ? 1 : starts(rest, "\xe2\x80\x93") || starts(rest, "\xe2\x80\x94") ? 3 : 0;
    if (rest.length < f->text.length && dash > 0 && number(&x, after(rest, dash)))
        return REFUSE(f, "'%.*s' would be a difference; an interval is written with to: 2 to 5", SHOW(f->said));
    return NOT_THIS;
}

static attempt read_expression(form *f)
{
    f->out->expression = ent__expression_read(f->to, f->text.text, f->out->place);
    if (f->out->expression == NULL)
        return REFUSED;
    f->out->kind = ENT__VALUE_EXPRESSION;
    return READ;
}

/* A comma between two digits becomes a point, and ; becomes a comma: the same length, so places stay true. False where
 * a point stands between digits: one file keeps to one convention. */
static bool point_for_comma(form *f, char *text)
{
    for (char *c = text; *c != 0; c++) {
        bool between = c > text && is_digit(c[-1]) && is_digit(c[1]);
        if (*c == '.' && between) {
            (void)REFUSE(f, "'%.*s' has a decimal point in a table whose decimals are written with a comma",
                         SHOW(f->said));
            return false;
        }
        if (*c == ',' && between)
            *c = '.';
        else if (*c == ';')
            *c = ',';
    }
    return true;
}

/* A number, an interval or a distribution by name; what is neither is NOT_THIS. */
static attempt read_plain(form *f)
{
    static attempt (*const forms[])(form *) = {read_constant, refuse_traps, read_interval, read_named, read_discrete};
    for (size_t i = 0; i < ENT_COUNT(forms); i++) {
        attempt read = forms[i](f);
        if (read != NOT_THIS)
            return read;
    }
    return NOT_THIS;
}

/* Everything but the form of the value; false where there is nothing to read, or no memory. */
static bool begin(form *f, ent__value *out, ent__parse *to, const char *text, ent__place place, bool comma)
{
    piece whole = {text, strlen(text)}, trimmed = trim(whole);
    size_t before = trimmed.length > 0 ? (size_t)(trimmed.text - text) : 0;
    *out = (ent__value){
        .kind = ENT__VALUE_NONE, .text = text, .low = NAN, .high = NAN, .unit = "", .source = "", .why = ""};
    out->place = ent__place_after(place, text, before);
    *f = (form){to, out, trimmed, trimmed, comma};
    if (trimmed.length < whole.length) {
        char *copy = ent__keep(to, trimmed.text, trimmed.length);
        if (copy == NULL)
            return false;
        out->text = f->said.text = f->text.text = copy;
    }
    if (trimmed.length == 0)
        return false;
    if (comma) {
        char *copy = ent__keep(to, trimmed.text, trimmed.length);
        if (copy == NULL || !point_for_comma(f, copy))
            return false;
        f->text.text = copy;
    }
    return true;
}

void ent__value_read(ent__value *out, ent__parse *to, const char *text, ent__place place, bool comma)
{
    form f;
    if (begin(&f, out, to, text, place, comma) && read_plain(&f) == NOT_THIS)
        (void)read_expression(&f);
}

bool ent__value_parse_plain(ent__value *out, ent__arena *arena, const char *text, ent__place place, ent_diagnostics *list)
{
    ent__parse to = {.arena = arena, .list = list};
    form f;
    bool plain = begin(&f, out, &to, text, place, false) && read_plain(&f) == READ;
    if (to.no_memory)
        ent__complain(&to, place, "not enough memory for this value");
    return plain && !to.no_memory;
}

void ent__value_parse(ent__value *out, ent__arena *arena, const char *text, ent__place place, bool comma,
                      ent_diagnostics *list)
{
    ent__parse to = {.arena = arena, .list = list};
    char *copy = ent__keep(&to, text, strlen(text));
    *out = (ent__value){.text = "", .low = NAN, .high = NAN, .unit = "", .source = "", .why = "", .place = place};
    if (copy != NULL)
        ent__value_read(out, &to, copy, place, comma);
    if (to.no_memory) {
        out->kind = ENT__VALUE_NONE;
        ent__complain(&to, place, "not enough memory for this value");
    }
}
