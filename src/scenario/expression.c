/* Expressions: text to a tree, and a tree to text.
 *
 *     or         a or b
 *     and        a and b
 *     not        not a
 *     comparison a < b, <=, >, >=, ==, !=      not chained
 *     sum        a + b, a - b
 *     product    a * b, a / b
 *     unary      -a
 *     power      a ^ b                         from the right; b may carry a sign
 *     primary    number, name, name[index, ...], function(a, ...), (a)
 *
 * loosest first, by recursive descent: one function a level. One error is told for each expression, the first; what
 * follows it would be guesswork. Depth is limited so that neither this parser nor any that walks the tree after it can
 * run out of stack. */
#include "scenario/text.h"

#include <string.h>

static const struct {
    const char *name;
    int32_t least, most; /* arguments */
} function[] = {
    {"if", 3, 3},      {"abs", 1, 1},     {"exp", 1, 1},  {"log", 1, 1},      {"sqrt", 1, 1},
    {"min", 1, ENT_MAX_ARGUMENTS},           {"max", 1, ENT_MAX_ARGUMENTS},         {"sum", 1, 1},
    {"mean", 1, 1},    {"first", 1, 1},   {"last", 1, 1}, {"any", 1, 1},      {"all", 1, 1},
    {"without", 1, 1}, {"with", 1, 1},    {"taken", 1, 1}, {"change", 1, 1},  {"share", 2, 2},
    {"previous", 2, 2}, {"defined", 1, 1}, {"rank_correlation", 2, 2},        {"best", 1, 1},
    {"worst", 1, 1},   {"p", 1, 1},       {"E", 1, 1},    {"quantile", 2, 2}, {"corr", 2, 2}};

static const char *const distribution[] = {"normal", "lognormal", "uniform",    "beta",
                                           "gamma",  "pert",      "triangular", "discrete"};

bool ent__is_keyword(const char *word)
{
    return strcmp(word, "and") == 0 || strcmp(word, "or") == 0 || strcmp(word, "not") == 0 || strcmp(word, "if") == 0;
}

static bool is_function(const char *word)
{
    for (size_t i = 0; i < ENT_COUNT(function); i++)
        if (strcmp(word, function[i].name) == 0)
            return true;
    return false;
}

static bool is_distribution(const char *word)
{
    for (size_t i = 0; i < ENT_COUNT(distribution); i++)
        if (strcmp(word, distribution[i]) == 0)
            return true;
    return false;
}

bool ent__is_reserved(const char *word)
{
    return ent__is_keyword(word) || is_function(word) || is_distribution(word) || strcmp(word, "value") == 0 ||
           strcmp(word, "lever") == 0 || strcmp(word, "year") == 0;
}

/* --- words ---------------------------------------------------------------------------------------- */

typedef enum token_kind { TOKEN_END, TOKEN_NUMBER, TOKEN_NAME, TOKEN_OPERATOR, TOKEN_MARK } token_kind;

typedef struct token {
    token_kind kind;
    ent__operator op;
    char mark; /* ( ) [ ] , */
    double number;
    const char *text;
    size_t length;
    ent__place place;
} token;

typedef struct parser {
    ent__parse *to;
    const char *text, *end, *at;
    ent__place place; /* of `at` */
    token next;
    int nesting;
    bool failed;
} parser;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

static void *stop(parser *p)
{
    p->failed = true;
    p->at = p->end;
    p->next = (token){.kind = TOKEN_END, .text = "", .place = p->place};
    return NULL;
}

#define FAIL(p, place, ...) ((p)->failed ? NULL : (ent__complain((p)->to, place, __VA_ARGS__), stop(p)))

static void skip(parser *p, size_t bytes)
{
    p->place = ent__place_after(p->place, p->at, bytes);
    p->at += bytes;
}

/* The character at `at` as text, whole in UTF-8. */
static int character_length(const parser *p)
{
    int n = 1;
    while (p->at + n < p->end && (p->at[n] & 0xc0) == 0x80)
        n++;
    return n;
}

static const char *hint_for(const char *at)
{
    static const struct {
        const char *found, *hint;
    } hint[] = {{"%", "a percentage is written as a share: 0.05 for 5 %"},
                {"&&", "write `and`"},
                {"&", "write `and`"},
                {"||", "write `or`"},
                {"|", "write `or`"},
                {"!", "write `not`"},
                {"\xe2\x88\x92", "write a plain minus: -"},
                {"\xe2\x80\x93", "write a plain minus, or `to` for an interval"},
                {"\xc2\xb1", "an interval is written 3 to 7"},
                {"\xc3\x97", "write *"},
                {"\xc2\xb7", "write *"},
                {"\xc3\xb7", "write /"},
                {"\xe2\x89\xa4", "write <="},
                {"\xe2\x89\xa5", "write >="},
                {"\xe2\x89\xa0", "write !="},
                {"{", "braces do not belong in an expression"},
                {"\"", "quotes do not belong inside an expression"},
                {"'", "quotes do not belong inside an expression"}};
    for (size_t i = 0; i < ENT_COUNT(hint); i++)
        if (strncmp(at, hint[i].found, strlen(hint[i].found)) == 0)
            return hint[i].hint;
    return "it has no meaning in an expression";
}

static size_t operator_at(const char *at, ent__operator *op)
{
    static const struct {
        const char *text;
        ent__operator op;
    } list[] = {{"<=", ENT__OP_LESS_EQUAL}, {">=", ENT__OP_GREATER_EQUAL}, {"==", ENT__OP_EQUAL},
                {"!=", ENT__OP_UNEQUAL},    {"<", ENT__OP_LESS},           {">", ENT__OP_GREATER},
                {"+", ENT__OP_ADD},         {"-", ENT__OP_SUBTRACT},       {"*", ENT__OP_MULTIPLY},
                {"/", ENT__OP_DIVIDE},      {"^", ENT__OP_POWER}};
    for (size_t i = 0; i < ENT_COUNT(list); i++) {
        size_t length = strlen(list[i].text);
        if (strncmp(at, list[i].text, length) == 0) {
            *op = list[i].op;
            return length;
        }
    }
    return 0;
}

static void read_number(parser *p, token *t)
{
    size_t length = ent__number_scan(&t->number, p->at, (size_t)(p->end - p->at));
    size_t whole = length;
    while (p->at + whole < p->end && (is_letter(p->at[whole]) || is_digit(p->at[whole]) || p->at[whole] == '.'))
        whole++;
    if (length == 0)
        FAIL(p, p->place, "'%.*s' is no finite number", whole > 60 ? 60 : (int)whole, p->at);
    if (length == 0 || whole > length) {
        FAIL(p, p->place, "'%.*s' is neither a number nor a name", whole > 60 ? 60 : (int)whole, p->at);
        return;
    }
    t->kind = TOKEN_NUMBER;
    t->length = length;
}

static void read_name(parser *p, token *t)
{
    size_t length = 0, left = (size_t)(p->end - p->at);
    while (length < left && (is_letter(p->at[length]) || is_digit(p->at[length]) ||
                             (p->at[length] == '.' && length + 1 < left && is_letter(p->at[length + 1]))))
        length++;
    t->length = length;
    t->kind = TOKEN_NAME;
    if (length == 3 && memcmp(p->at, "and", 3) == 0)
        t->kind = TOKEN_OPERATOR, t->op = ENT__OP_AND;
    else if (length == 2 && memcmp(p->at, "or", 2) == 0)
        t->kind = TOKEN_OPERATOR, t->op = ENT__OP_OR;
    else if (length == 3 && memcmp(p->at, "not", 3) == 0)
        t->kind = TOKEN_OPERATOR, t->op = ENT__OP_NOT;
}

static void advance(parser *p)
{
    while (p->at < p->end && strchr(" \t\r\n", *p->at) != NULL)
        skip(p, 1);
    token t = {.kind = TOKEN_END, .text = p->at, .place = p->place};
    if (p->at < p->end) {
        char c = *p->at;
        size_t length = operator_at(p->at, &t.op);
        if (is_digit(c) || (c == '.' && p->at + 1 < p->end && is_digit(p->at[1])))
            read_number(p, &t);
        else if (is_letter(c))
            read_name(p, &t);
        else if (strchr("()[],", c) != NULL)
            t.kind = TOKEN_MARK, t.mark = c, t.length = 1;
        else if (p->at[0] == '*' && p->at[1] == '*')
            FAIL(p, p->place, "found '**'; a power is written a ^ b");
        else if (length > 0)
            t.kind = TOKEN_OPERATOR, t.length = length;
        else if (c == '=')
            FAIL(p, p->place, "found '='; equality is written ==");
        else
            FAIL(p, p->place, "found '%.*s'; %s", character_length(p), p->at, hint_for(p->at));
    }
    if (p->failed)
        return;
    p->next = t;
    skip(p, t.length);
}

static bool at_mark(const parser *p, char mark) { return p->next.kind == TOKEN_MARK && p->next.mark == mark; }
static bool at_operator(const parser *p, ent__operator op)
{
    return p->next.kind == TOKEN_OPERATOR && p->next.op == op;
}

static void *expected(parser *p, const char *what)
{
    if (p->next.kind == TOKEN_END)
        return FAIL(p, p->next.place, "the expression ends where %s is expected", what);
    int length = p->next.length > 60 ? 60 : (int)p->next.length;
    return FAIL(p, p->next.place, "found '%.*s' where %s is expected", length, p->next.text, what);
}

/* --- nodes ---------------------------------------------------------------------------------------- */

static ent__node *make(parser *p, ent__node_kind kind, ent__operator op, ent__place place, ent__node *const *child,
                       int32_t n_child)
{
    ent__node *node = ent__take(p->to, 1, sizeof *node);
    if (node == NULL)
        return stop(p);
    *node = (ent__node){.kind = kind, .op = op, .place = place, .n_child = n_child, .depth = 1};
    if (n_child == 0)
        return node;
    node->child = ent__take(p->to, (size_t)n_child, sizeof *node->child);
    if (node->child == NULL)
        return stop(p);
    for (int32_t i = 0; i < n_child; i++) {
        node->child[i] = child[i];
        if (child[i]->depth >= node->depth)
            node->depth = child[i]->depth + 1;
    }
    if (node->depth > ENT_MAX_DEPTH)
        return FAIL(p, place, "the expression is deeper than %d steps: name parts of it under `quantities`",
                    ENT_MAX_DEPTH);
    return node;
}

static ent__node *parse_or(parser *p);

static bool enter(parser *p)
{
    if (++p->nesting <= ENT_MAX_NESTING)
        return true;
    FAIL(p, p->next.place, "the expression is nested deeper than %d levels", ENT_MAX_NESTING);
    return false;
}

bool ent__is_id(const char *text)
{
    if (!(text[0] >= 'a' && text[0] <= 'z'))
        return false;
    for (const char *c = text; *c != 0; c++)
        if (!((*c >= 'a' && *c <= 'z') || is_digit(*c) || *c == '_'))
            return false;
    return true;
}

bool ent__time_read(ent__time *out, const char *text, size_t length)
{
    if (length != 4 && !(length == 7 && text[4] == '-'))
        return false;
    int32_t digits[7] = {0};
    for (size_t i = 0; i < length; i++) {
        if (i == 4)
            continue;
        if (!is_digit(text[i]))
            return false;
        digits[i] = text[i] - '0';
    }
    int32_t month = length == 7 ? digits[5] * 10 + digits[6] : 0;
    *out = (ent__time){digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3], month};
    return out->year > 0 && (length == 4 || (month >= 1 && month <= 12));
}

/* A time in brackets, read from the text itself: as tokens 2025-12 would be a difference. */
static bool parse_time(parser *p, ent__time *out)
{
    const char *from = p->next.text;
    size_t length = 0, left = (size_t)(p->end - from);
    while (length < left && (is_digit(from[length]) || (from[length] == '-' && length == 4)))
        length++;
    if (!ent__time_read(out, from, length)) {
        FAIL(p, p->next.place, "'%.*s' is no time; a time is a year, 2030, or a month, 2025-12",
             length > 40 ? 40 : (int)length, from);
        return false;
    }
    p->at = from;
    p->place = p->next.place;
    skip(p, length);
    return true;
}

static bool parse_index(parser *p, ent__index *out)
{
    /* the token after [ or , was not read yet: numbers here are times */
    while (p->at < p->end && strchr(" \t\r\n", *p->at) != NULL)
        skip(p, 1);
    p->next = (token){.kind = TOKEN_END, .text = p->at, .place = p->place};
    out->place = p->place;
    if (p->at < p->end && is_digit(*p->at)) {
        out->is_time = true;
        if (!parse_time(p, &out->from))
            return false;
        out->to = out->from;
        if (p->end - p->at >= 2 && p->at[0] == '.' && p->at[1] == '.') {
            skip(p, 2);
            out->is_range = true;
            p->next = (token){.kind = TOKEN_END, .text = p->at, .place = p->place};
            if (!parse_time(p, &out->to))
                return false;
            int32_t from = out->from.year * 12 + out->from.month, to = out->to.year * 12 + out->to.month;
            if ((out->from.month == 0) != (out->to.month == 0)) {
                FAIL(p, out->place, "a range goes from year to year or from month to month");
                return false;
            }
            if (to < from) {
                FAIL(p, out->place, "the range runs backwards: the earlier time comes first");
                return false;
            }
        }
        advance(p);
        return !p->failed;
    }
    advance(p);
    if (p->failed)
        return false;
    bool word = p->next.kind == TOKEN_NAME || (p->next.kind == TOKEN_OPERATOR && is_letter(p->next.text[0]));
    if (!word) {
        expected(p, "an actor, a group or a time");
        return false;
    }
    char *id = ent__keep(p->to, p->next.text, p->next.length);
    if (id == NULL) {
        stop(p);
        return false;
    }
    if (!ent__is_id(id)) {
        FAIL(p, p->next.place, "'%.60s' is no actor's or group's id: in brackets stand only ids and times", id);
        return false;
    }
    out->id = id;
    advance(p);
    return !p->failed;
}

static ent__node *parse_indices(parser *p, ent__node *node)
{
    ent__index item[ENT_MAX_INDICES] = {0};
    ent__place open = p->next.place;
    int32_t n = 0;
    do {
        if (n == ENT_MAX_INDICES)
            return FAIL(p, p->next.place, "more than %d items in brackets", ENT_MAX_INDICES);
        if (!parse_index(p, &item[n++]))
            return NULL;
        if (!at_mark(p, ',') && !at_mark(p, ']')) {
            if (p->next.kind == TOKEN_END)
                return FAIL(p, open, "the bracket [ is not closed");
            return expected(p, "] or , (in brackets stand only ids and times)");
        }
    } while (at_mark(p, ','));
    advance(p);
    if (at_mark(p, '['))
        return FAIL(p, p->next.place, "a second bracket; all indices stand in one: x[pl, 2030]");
    node->index = ent__take(p->to, (size_t)n, sizeof *node->index);
    if (node->index == NULL)
        return stop(p);
    memcpy(node->index, item, (size_t)n * sizeof *item);
    node->n_index = n;
    return node;
}

static ent__node *unknown_function(parser *p, ent__place place, const char *name)
{
    const char *names[ENT_COUNT(function)];
    for (size_t i = 0; i < ENT_COUNT(function); i++)
        names[i] = function[i].name;
    if (is_distribution(name))
        return FAIL(p, place, "a distribution (%s) stands alone: make it an input and use the input's name", name);
    const char *near = ent__nearest(name, names, ENT_COUNT(names));
    return FAIL(p, place, "'%.60s' is no function%s%s%s", name, near != NULL ? "; did you mean '" : "",
                near != NULL ? near : "", near != NULL ? "'?" : "");
}

static ent__node *parse_call(parser *p, ent__place place, const char *name)
{
    size_t f = 0;
    while (f < ENT_COUNT(function) && strcmp(function[f].name, name) != 0)
        f++;
    if (f == ENT_COUNT(function))
        return unknown_function(p, place, name);
    ent__node *argument[ENT_MAX_ARGUMENTS];
    ent__place open = p->next.place;
    int32_t n = 0;
    if (!enter(p))
        return NULL;
    advance(p);
    if (!at_mark(p, ')'))
        for (;;) {
            if (n == ENT_MAX_ARGUMENTS)
                return FAIL(p, p->next.place, "%s has more than %d arguments", name, ENT_MAX_ARGUMENTS);
            argument[n] = parse_or(p);
            if (argument[n] == NULL)
                return NULL;
            n++;
            if (at_mark(p, ')'))
                break;
            if (!at_mark(p, ',')) {
                if (p->next.kind == TOKEN_END)
                    return FAIL(p, open, "the bracket ( is not closed");
                return expected(p, ") or ,");
            }
            advance(p);
        }
    advance(p);
    p->nesting--;
    if (n < function[f].least || n > function[f].most) {
        if (function[f].least == function[f].most)
            return FAIL(p, place, "%s takes %d argument%s, found %d", name, (int)function[f].least,
                        function[f].least == 1 ? "" : "s", (int)n);
        return FAIL(p, place, "%s takes %d to %d arguments, found %d", name, (int)function[f].least,
                    (int)function[f].most, (int)n);
    }
    ent__node *node = make(p, ENT__NODE_CALL, ENT__OP_NONE, place, argument, n);
    if (node != NULL)
        node->name = function[f].name;
    return node;
}

static ent__node *parse_name(parser *p)
{
    ent__place place = p->next.place;
    char *name = ent__keep(p->to, p->next.text, p->next.length);
    if (name == NULL)
        return stop(p);
    advance(p);
    if (at_mark(p, '('))
        return parse_call(p, place, name);
    for (const char *c = name; *c != 0; c++)
        if ((*c >= 'A' && *c <= 'Z') || (*c == '_' && (c == name || c[-1] == '.')))
            return FAIL(p, place, "'%.60s' is no name: names are lower-case letters, digits and _, a letter first",
                        name);
    if (is_function(name))
        return FAIL(p, place, "'%s' is a function: write %s(...)", name, name);
    ent__node *node = make(p, ENT__NODE_NAME, ENT__OP_NONE, place, NULL, 0);
    if (node == NULL)
        return NULL;
    node->name = name;
    return at_mark(p, '[') ? parse_indices(p, node) : node;
}

static ent__node *parse_primary(parser *p)
{
    if (p->next.kind == TOKEN_NUMBER) {
        ent__node *node = make(p, ENT__NODE_NUMBER, ENT__OP_NONE, p->next.place, NULL, 0);
        if (node != NULL)
            node->number = p->next.number;
        advance(p);
        return p->failed ? NULL : node;
    }
    if (p->next.kind == TOKEN_NAME)
        return parse_name(p);
    if (!at_mark(p, '('))
        return expected(p, "a number, a name or (");
    ent__place open = p->next.place;
    if (!enter(p))
        return NULL;
    advance(p);
    ent__node *inner = parse_or(p);
    if (inner == NULL)
        return NULL;
    if (!at_mark(p, ')')) {
        if (p->next.kind == TOKEN_END)
            return FAIL(p, open, "the bracket ( is not closed");
        return expected(p, ")");
    }
    advance(p);
    p->nesting--;
    return p->failed ? NULL : inner;
}

static ent__node *parse_unary(parser *p);

static ent__node *parse_power(parser *p)
{
    ent__node *side[2] = {parse_primary(p), NULL};
    if (side[0] == NULL || !at_operator(p, ENT__OP_POWER))
        return side[0];
    ent__place place = p->next.place;
    if (!enter(p))
        return NULL;
    advance(p);
    side[1] = parse_unary(p);
    p->nesting--;
    return side[1] == NULL ? NULL : make(p, ENT__NODE_BINARY, ENT__OP_POWER, place, side, 2);
}

static ent__node *parse_unary(parser *p)
{
    bool plus = at_operator(p, ENT__OP_ADD);
    if (!plus && !at_operator(p, ENT__OP_SUBTRACT))
        return parse_power(p);
    ent__place place = p->next.place;
    if (!enter(p))
        return NULL;
    advance(p);
    ent__node *operand = parse_unary(p);
    p->nesting--;
    return operand == NULL || plus ? operand : make(p, ENT__NODE_UNARY, ENT__OP_NEGATE, place, &operand, 1);
}

/* One level of operators that group from the left. */
static ent__node *parse_chain(parser *p, ent__operator first, ent__operator second, ent__node *(*tighter)(parser *))
{
    ent__node *left = tighter(p);
    while (left != NULL && (at_operator(p, first) || at_operator(p, second))) {
        ent__operator op = p->next.op;
        ent__place place = p->next.place;
        advance(p);
        ent__node *side[2] = {left, tighter(p)};
        left = side[1] == NULL ? NULL : make(p, ENT__NODE_BINARY, op, place, side, 2);
    }
    return p->failed ? NULL : left;
}

static ent__node *parse_product(parser *p) { return parse_chain(p, ENT__OP_MULTIPLY, ENT__OP_DIVIDE, parse_unary); }
static ent__node *parse_sum(parser *p) { return parse_chain(p, ENT__OP_ADD, ENT__OP_SUBTRACT, parse_product); }

static bool at_comparison(const parser *p)
{
    return p->next.kind == TOKEN_OPERATOR && p->next.op >= ENT__OP_LESS && p->next.op <= ENT__OP_UNEQUAL;
}

static ent__node *parse_comparison(parser *p)
{
    ent__node *side[2] = {parse_sum(p), NULL};
    if (side[0] == NULL || !at_comparison(p))
        return side[0];
    ent__operator op = p->next.op;
    ent__place place = p->next.place;
    advance(p);
    side[1] = parse_sum(p);
    if (side[1] == NULL)
        return NULL;
    if (at_comparison(p))
        return FAIL(p, p->next.place, "comparisons do not chain: write `a < b and b < c`");
    return make(p, ENT__NODE_BINARY, op, place, side, 2);
}

static ent__node *parse_not(parser *p)
{
    if (!at_operator(p, ENT__OP_NOT))
        return parse_comparison(p);
    ent__place place = p->next.place;
    if (!enter(p))
        return NULL;
    advance(p);
    ent__node *operand = parse_not(p);
    p->nesting--;
    return operand == NULL ? NULL : make(p, ENT__NODE_UNARY, ENT__OP_NOT, place, &operand, 1);
}

static ent__node *parse_and(parser *p) { return parse_chain(p, ENT__OP_AND, ENT__OP_AND, parse_not); }
static ent__node *parse_or(parser *p) { return parse_chain(p, ENT__OP_OR, ENT__OP_OR, parse_and); }

ent__node *ent__expression_read(ent__parse *to, const char *text, ent__place place)
{
    size_t length = strlen(text);
    parser p = {.to = to, .text = text, .at = text, .end = text + length, .place = place};
    if (length > ENT_MAX_EXPRESSION_BYTES) {
        ent__complain(to, place, "an expression of %zu bytes; at most %d are allowed", length, ENT_MAX_EXPRESSION_BYTES);
        return NULL;
    }
    advance(&p);
    if (p.failed)
        return NULL;
    if (p.next.kind == TOKEN_END) {
        ent__complain(to, place, "an empty expression");
        return NULL;
    }
    ent__node *node = parse_or(&p);
    if (node != NULL && p.next.kind != TOKEN_END)
        node = expected(&p, "an operator or the end");
    return p.failed ? NULL : node;
}

ent__node *ent__expression_parse(ent__arena *arena, const char *text, ent__place place, ent_diagnostics *list)
{
    ent__parse to = {.arena = arena, .list = list};
    ent__node *node = ent__expression_read(&to, text, place);
    if (to.no_memory)
        ent__complain(&to, place, "not enough memory for this expression");
    return to.no_memory ? NULL : node;
}

/* --- a tree as text ------------------------------------------------------------------------------- */

static const char *const operator_text[] = {
    [ENT__OP_NONE] = "",          [ENT__OP_ADD] = " + ",           [ENT__OP_SUBTRACT] = " - ",
    [ENT__OP_MULTIPLY] = " * ",   [ENT__OP_DIVIDE] = " / ",        [ENT__OP_POWER] = " ^ ",
    [ENT__OP_LESS] = " < ",       [ENT__OP_LESS_EQUAL] = " <= ",   [ENT__OP_GREATER] = " > ",
    [ENT__OP_GREATER_EQUAL] = " >= ", [ENT__OP_EQUAL] = " == ",    [ENT__OP_UNEQUAL] = " != ",
    [ENT__OP_AND] = " and ",      [ENT__OP_OR] = " or ",           [ENT__OP_NEGATE] = "-",
    [ENT__OP_NOT] = "not "};

/* How tightly a node binds; a child that binds less than its place asks is put in brackets. */
static int tightness(const ent__node *node)
{
    switch (node->op) {
    case ENT__OP_OR:
        return 1;
    case ENT__OP_AND:
        return 2;
    case ENT__OP_NOT:
        return 3;
    case ENT__OP_LESS:
    case ENT__OP_LESS_EQUAL:
    case ENT__OP_GREATER:
    case ENT__OP_GREATER_EQUAL:
    case ENT__OP_EQUAL:
    case ENT__OP_UNEQUAL:
        return 4;
    case ENT__OP_ADD:
    case ENT__OP_SUBTRACT:
        return 5;
    case ENT__OP_MULTIPLY:
    case ENT__OP_DIVIDE:
        return 6;
    case ENT__OP_NEGATE:
        return 7;
    case ENT__OP_POWER:
        return 8;
    case ENT__OP_NONE:
        break;
    }
    return 9;
}

static void print_time(ent__buffer *out, ent__time time)
{
    ent__buffer_printf(out, "%04d", (int)time.year);
    if (time.month > 0)
        ent__buffer_printf(out, "-%02d", (int)time.month);
}

static void print_indices(ent__buffer *out, const ent__node *node)
{
    for (int32_t i = 0; i < node->n_index; i++) {
        const ent__index *index = &node->index[i];
        ent__buffer_text(out, i == 0 ? "[" : ", ");
        if (!index->is_time) {
            ent__buffer_text(out, index->id);
            continue;
        }
        print_time(out, index->from);
        if (index->is_range) {
            ent__buffer_text(out, "..");
            print_time(out, index->to);
        }
    }
    if (node->n_index > 0)
        ent__buffer_text(out, "]");
}

static void print(ent__buffer *out, const ent__node *node, int least)
{
    int tight = tightness(node);
    bool brackets = tight < least;
    if (brackets)
        ent__buffer_text(out, "(");
    switch (node->kind) {
    case ENT__NODE_NUMBER:
        ent__buffer_number(out, node->number);
        break;
    case ENT__NODE_NAME:
        ent__buffer_text(out, node->name);
        print_indices(out, node);
        break;
    case ENT__NODE_UNARY:
        ent__buffer_text(out, operator_text[node->op]);
        print(out, node->child[0], tight);
        break;
    case ENT__NODE_BINARY: /* a level groups from the left, ^ from the right, comparisons not at all */
        print(out, node->child[0], tight == 4 || node->op == ENT__OP_POWER ? tight + 1 : tight);
        ent__buffer_text(out, operator_text[node->op]);
        print(out, node->child[1], node->op == ENT__OP_POWER ? tight - 1 : tight + 1);
        break;
    case ENT__NODE_CALL:
        ent__buffer_printf(out, "%s(", node->name);
        for (int32_t i = 0; i < node->n_child; i++) {
            ent__buffer_text(out, i == 0 ? "" : ", ");
            print(out, node->child[i], 0);
        }
        ent__buffer_text(out, ")");
        break;
    }
    if (brackets)
        ent__buffer_text(out, ")");
}

void ent__expression_print(ent__buffer *out, const ent__node *node) { print(out, node, 0); }
