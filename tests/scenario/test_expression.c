/* Expressions: the tree, its text, and every syntax error with its place. */
#include "check.h"

#include "scenario/scenario.h"
#include "scenario/text.h"

typedef struct one {
    const char *text, *want; /* canonical text, or the message; a mark ^ in `text` is where the message points */
} one;

static const one good[] = {
    {"1+2*3", "1 + 2 * 3"},
    {"(1+2)*3", "(1 + 2) * 3"},
    {"1-2-3", "1 - 2 - 3"},
    {"1-(2-3)", "1 - (2 - 3)"},
    {"1-(2+3)", "1 - (2 + 3)"},
    {"8/4/2", "8 / 4 / 2"},
    {"8/(4/2)", "8 / (4 / 2)"},
    {"2^3^2", "2 ^ 3 ^ 2"},
    {"(2^3)^2", "(2 ^ 3) ^ 2"},
    {"-2^2", "-2 ^ 2"},
    {"(-2)^2", "(-2) ^ 2"},
    {"2^-1", "2 ^ -1"},
    {"a*-b", "a * -b"},
    {"+a", "a"},
    {"- -a", "--a"},
    {"not a or b and c", "not a or b and c"},
    {"(a or b) and not (c and d)", "(a or b) and not (c and d)"},
    {"not not a", "not not a"},
    {"not a==b", "not a == b"},
    {"a<b and b<c", "a < b and b < c"},
    {"(a<b)==(b<c)", "(a < b) == (b < c)"},
    {"a!=1 or a>=2 or a<=3 or a>4", "a != 1 or a >= 2 or a <= 3 or a > 4"},
    {"if(a>1,  b ,c)", "if(a > 1, b, c)"},
    {"max(a,b,1)", "max(a, b, 1)"},
    {"E(x)-quantile(x,.05)", "E(x) - quantile(x, 0.05)"},
    {"p(x > 1) >= 0.9", "p(x > 1) >= 0.9"},
    {"war.buffer[2035-12]>=.5", "war.buffer[2035-12] >= 0.5"},
    {"x[pl,2030]", "x[pl, 2030]"},
    {"x[ 2026..2030 , europe ]", "x[2026..2030, europe]"},
    {"x[2025-01..2025-12]", "x[2025-01..2025-12]"},
    {"sum(sum(history.free_ride[europe]))", "sum(sum(history.free_ride[europe]))"},
    {"share(five, last(worth[ua]))<0", "share(five, last(worth[ua])) < 0"},
    {"without(a.b[us])\n * 2", "without(a.b[us]) * 2"},
    {"1e-3+1.5E2", "0.001 + 150"},
    {"year-2025", "year - 2025"},
    {"value * (1 + lever)", "value * (1 + lever)"},
    {"android", "android"},
    {"x[no]", "x[no]"},
    {"x2_.y_1", "x2_.y_1"},
};

static ent__node *parse(ent__arena *arena, const char *text, ent_diagnostics *list)
{
    return ent__expression_parse(arena, text, (ent__place){"f", 1, 1}, list);
}

static void printed(void **state)
{
    const one *c = *state;
    ent__arena *arena = ent__arena_create();
    ent_diagnostics *list = ent_diagnostics_create();
    ent__buffer out = {0}, again = {0};
    const ent__node *node = parse(arena, c->text, list);
    for (size_t i = 0; i < ent_diagnostics_count(list); i++)
        print_message("# %s\n", ent_diagnostics_get(list, i).message);
    assert_non_null(node);
    ent__expression_print(&out, node);
    assert_string_equal(out.data, c->want);
    node = parse(arena, out.data, list); /* what is printed reads as the same */
    assert_non_null(node);
    ent__expression_print(&again, node);
    assert_string_equal(again.data, c->want);
    ent__buffer_free(&out);
    ent__buffer_free(&again);
    ent_diagnostics_free(list);
    ent__arena_free(arena);
}

static const one bad[] = {
    {"^", "an empty expression"},
    {"1 +^", "the expression ends where a number, a name or ( is expected"},
    {"1 + ^* 2", "found '*' where a number, a name or ( is expected"},
    {"a ^b", "found 'b' where an operator or the end is expected"},
    {"a ^= b", "found '='; equality is written =="},
    {"a < b ^< c", "comparisons do not chain: write `a < b and b < c`"},
    {"a ^&& b", "found '&'; write `and`"},
    {"a ^|| b", "found '|'; write `or`"},
    {"^!a", "found '!'; write `not`"},
    {"a ^** 2", "found '**'; a power is written a ^ b"},
    {"5 ^% of a", "found '%'; a percentage is written as a share: 0.05 for 5 %"},
    {"a ^\xe2\x88\x92 b", "found '\xe2\x88\x92'; write a plain minus: -"},
    {"a ^\xc3\x97 b", "found '\xc3\x97'; write *"},
    {"a ^\xe2\x89\xa4 b", "found '\xe2\x89\xa4'; write <="},
    {"a + ^\xf0\x9f\x98\x80", "found '\xf0\x9f\x98\x80'; it has no meaning in an expression"},
    {"^(a + b", "the bracket ( is not closed"},
    {"max^(a, b", "the bracket ( is not closed"},
    {"a + b^)", "found ')' where an operator or the end is expected"},
    {"x^[us", "the bracket [ is not closed"},
    {"x[us^+1]", "found '+' where ] or , (in brackets stand only ids and times) is expected"},
    {"x[^\"us\"]", "found '\"'; quotes do not belong inside an expression"},
    {"x[^Us]", "'Us' is no actor's or group's id: in brackets stand only ids and times"},
    {"x[^a.b]", "'a.b' is no actor's or group's id: in brackets stand only ids and times"},
    {"x[^]", "found ']' where an actor, a group or a time is expected"},
    {"x[^2025-13]", "'2025-13' is no time; a time is a year, 2030, or a month, 2025-12"},
    {"x[^25]", "'25' is no time; a time is a year, 2030, or a month, 2025-12"},
    {"x[^2030..2026]", "the range runs backwards: the earlier time comes first"},
    {"x[^2026..2030-01]", "a range goes from year to year or from month to month"},
    {"x[2026..^soon]", "'' is no time; a time is a year, 2030, or a month, 2025-12"},
    {"x[us]^[2030]", "a second bracket; all indices stand in one: x[pl, 2030]"},
    {"x[a, b, c, d^, e]", "more than 4 items in brackets"},
    {"^maxx(a)", "'maxx' is no function; did you mean 'max'?"},
    {"^weather(a)", "'weather' is no function"},
    {"2 * ^uniform(0, 1)", "a distribution (uniform) stands alone: make it an input and use the input's name"},
    {"^if(a, b)", "if takes 3 arguments, found 2"},
    {"^abs()", "abs takes 1 argument, found 0"},
    {"^min()", "min takes 1 to 16 arguments, found 0"},
    {"min(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,^17)", "min has more than 16 arguments"},
    {"^max + 1", "'max' is a function: write max(...)"},
    {"^Us + 1", "'Us' is no name: names are lower-case letters, digits and _, a letter first"},
    {"^_a", "'_a' is no name: names are lower-case letters, digits and _, a letter first"},
    {"^5x", "'5x' is neither a number nor a name"},
    {"1 + ^1.2.3", "'1.2.3' is neither a number nor a name"},
    {"^1e999", "'1e999' is no finite number"},
    {"a^. + b", "found '.'; it has no meaning in an expression"},
    {"a and\n  b ^or", NULL},
    {"é", NULL},
};

static void refused(void **state)
{
    const one *c = *state;
    char text[256];
    int32_t line = 1, column = 1;
    const char *mark = strchr(c->text, '^');
    size_t before = mark != NULL ? (size_t)(mark - c->text) : 0;
    snprintf(text, sizeof text, "%.*s%s", (int)before, c->text, mark != NULL ? mark + 1 : c->text);
    for (size_t i = 0; i < before; i++)
        if (text[i] == '\n')
            line++, column = 1;
        else if ((text[i] & 0xc0) != 0x80)
            column++;
    ent__arena *arena = ent__arena_create();
    ent_diagnostics *list = ent_diagnostics_create();
    assert_null(parse(arena, text, list));
    CHECK(ent_diagnostics_count(list) == 1);
    ent_diagnostic d = ent_diagnostics_get(list, 0);
    if (c->want != NULL) {
        assert_string_equal(d.message, c->want);
        if (d.line != line || d.column != column)
            fail_msg("told at %d:%d, not at %d:%d", (int)d.line, (int)d.column, (int)line, (int)column);
    }
    ent_diagnostics_free(list);
    ent__arena_free(arena);
}

static void places_follow_lines_and_characters(void **state)
{
    (void)state;
    ent__arena *arena = ent__arena_create();
    ent_diagnostics *list = ent_diagnostics_create();
    ent__node *node = ent__expression_parse(arena, "a +\n  bb * c", (ent__place){"f", 7, 11}, list);
    CHECK(node->place.line == 7 && node->place.column == 13);
    CHECK(node->child[0]->place.line == 7 && node->child[0]->place.column == 11);
    CHECK(node->child[1]->place.line == 8 && node->child[1]->place.column == 6);
    CHECK(node->child[1]->child[0]->place.column == 3 && node->child[1]->child[1]->place.column == 8);
    ent_diagnostics_free(list);
    ent__arena_free(arena);
}

static void times_are_read(void **state)
{
    (void)state;
    ent__arena *arena = ent__arena_create();
    ent__node *node = parse(arena, "x[us, 2025-12..2026-03]", NULL);
    CHECK(node->n_index == 2 && !node->index[0].is_time && node->index[1].is_time && node->index[1].is_range);
    CHECK(node->index[1].from.year == 2025 && node->index[1].from.month == 12);
    CHECK(node->index[1].to.year == 2026 && node->index[1].to.month == 3);
    CHECK(node->index[1].place.column == 7);
    node = parse(arena, "x[2030]", NULL);
    CHECK(!node->index[0].is_range && node->index[0].to.year == 2030 && node->index[0].from.month == 0);
    ent__arena_free(arena);
}

/* A text of n times `head`, a middle, and n times `tail`. */
static char *nested(size_t n, const char *head, const char *middle, const char *tail)
{
    ent__buffer out = {0};
    for (size_t i = 0; i < n; i++)
        ent__buffer_text(&out, head);
    ent__buffer_text(&out, middle);
    for (size_t i = 0; i < n; i++)
        ent__buffer_text(&out, tail);
    CHECK(!out.failed);
    return out.data;
}

static void depth_is_limited(void **state)
{
    (void)state;
    static const struct {
        const char *head, *middle, *tail;
        size_t fits, breaks;
        const char *message;
    } c[] = {{"(", "1", ")", 200, 201, "the expression is nested deeper than 200 levels"},
             {"abs(", "1", ")", 200, 201, "the expression is nested deeper than 200 levels"},
             {"-", "1", "", 200, 201, "the expression is nested deeper than 200 levels"},
             {"not ", "1", "", 200, 201, "the expression is nested deeper than 200 levels"},
             {"2^", "1", "", 200, 201, "the expression is nested deeper than 200 levels"},
             {"", "1", "+1", 999, 1000, "the expression is deeper than 1000 steps: name parts of it under `quantities`"},
             {"", "a", " and a", 999, 20000, "an expression of 120001 bytes; at most 65536 are allowed"}};
    for (size_t i = 0; i < ENT_COUNT(c); i++) {
        ent__arena *arena = ent__arena_create();
        ent_diagnostics *list = ent_diagnostics_create();
        ent__buffer out = {0};
        char *fits = nested(c[i].fits, c[i].head, c[i].middle, c[i].tail);
        char *breaks = nested(c[i].breaks, c[i].head, c[i].middle, c[i].tail);
        ent__node *node = parse(arena, fits, list);
        assert_non_null(node);
        ent__expression_print(&out, node);
        CHECK(!out.failed && parse(arena, breaks, list) == NULL && ent_diagnostics_count(list) == 1);
        assert_string_equal(ent_diagnostics_get(list, 0).message, c[i].message);
        ent__free(fits);
        ent__free(breaks);
        ent__buffer_free(&out);
        ent_diagnostics_free(list);
        ent__arena_free(arena);
    }
}

static void words_with_a_meaning(void **state)
{
    (void)state;
    CHECK(ent__is_keyword("and") && ent__is_keyword("if") && !ent__is_keyword("max"));
    CHECK(ent__is_reserved("not") && ent__is_reserved("max") && ent__is_reserved("value") && ent__is_reserved("beta"));
    CHECK(!ent__is_reserved("stake") && !ent__is_reserved("is") && !ent__is_reserved("to"));
    CHECK(ent__is_id("a") && ent__is_id("a_1") && !ent__is_id("") && !ent__is_id("1a") && !ent__is_id("_a") && !ent__is_id("aB"));
}

static void any_text_is_read_or_refused(void **state)
{
    (void)state;
    static const char *const piece[] = {"a", "max(", "(", ")", "[", "]", ",", "1", "2030", "..", "-", "^", "and", " ", "not ", "<", ".",
                                        "x.y", "if(", "\xc3\xa9", "\n", "E(", "=", "us"};
    uint32_t seed = 1;
    int read = 0;
    for (int i = 0; i < 20000; i++) {
        char text[128] = "";
        for (int k = 0; k < 8; k++) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, piece[(seed >> 16) % ENT_COUNT(piece)]);
        }
        ent__arena *arena = ent__arena_create();
        ent_diagnostics *list = ent_diagnostics_create();
        const ent__node *node = parse(arena, text, list);
        CHECK((node != NULL) == (ent_diagnostics_count(list) == 0));
        read += node != NULL;
        ent_diagnostics_free(list);
        ent__arena_free(arena);
    }
    CHECK(read > 0);
}

int main(void)
{
    static struct CMUnitTest tests[ENT_COUNT(good) + ENT_COUNT(bad) + 5];
    static char names[ENT_COUNT(good) + ENT_COUNT(bad)][80];
    size_t n = 0;
    for (size_t i = 0; i < ENT_COUNT(good) + ENT_COUNT(bad); i++) {
        const one *c = i < ENT_COUNT(good) ? &good[i] : &bad[i - ENT_COUNT(good)];
        snprintf(names[n], sizeof names[n], "%s: %s", i < ENT_COUNT(good) ? "reads" : "refuses", c->text);
        for (char *k = names[n]; *k != 0; k++)
            *k = *k == '\n' || *k == '#' ? ' ' : *k;
        tests[n] = (struct CMUnitTest){names[n], i < ENT_COUNT(good) ? printed : refused, NULL, NULL, (void *)(uintptr_t)c};
        n++;
    }
    const struct CMUnitTest more[] = {
        cmocka_unit_test(places_follow_lines_and_characters), cmocka_unit_test(times_are_read), cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(words_with_a_meaning), cmocka_unit_test(any_text_is_read_or_refused)};
    memcpy(tests + n, more, sizeof more);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
