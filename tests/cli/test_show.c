#include "check.h"
#include "cli.h"

static void number_is(double x, double error, const char *want)
{
    char got[32];
    cli_number(got, x, error);
    assert_string_equal(got, want);
}

static void numbers_have_three_digits_and_none_beyond_the_error(void **state)
{
    (void)state;
    number_is(42.1234, 0, "42.1");
    number_is(42.1234, 0.3, "42");
    number_is(42.1234, 0.1, "42.1");
    number_is(42.1234, 0.05, "42.1");
    number_is(42.1234, 0.001, "42.1");
    number_is(4.1234, 0.001, "4.12");
    number_is(0.41234, 0.0001, "0.412");
    number_is(0.41234, 0.04, "0.4");
    number_is(42.1, 30, "42");
    number_is(-0.2, 1, "0");
    number_is(123456, 10, "123000");
    number_is(0, 0, "0");
    number_is(100, 0, "100");
    number_is((double)NAN, 1, "-");
    number_is(1, (double)NAN, "1");
}

static void percentages_and_groups(void **state)
{
    (void)state;
    char got[32];
    cli_percent(got, 0.8134, 0.004);
    assert_string_equal(got, "81");
    cli_percent(got, 0.8134, 0.0004);
    assert_string_equal(got, "81.3");
    cli_percent(got, 1, 0);
    assert_string_equal(got, "100");
    static const struct { int64_t x; const char *want; } group[] = {
        {0, "0"}, {999, "999"}, {1000, "1 000"}, {1234567, "1 234 567"}, {-100, "-100"}, {-1000, "-1 000"},
        {INT64_MAX, "9 223 372 036 854 775 807"}, {INT64_MIN, "-9 223 372 036 854 775 808"}};
    for (size_t i = 0; i < sizeof group / sizeof group[0]; i++) {
        cli_grouped(got, group[i].x);
        assert_string_equal(got, group[i].want);
    }
}

static void safe_is(bool utf8, const char *text, int width, const char *want)
{
    const cli_style style = {.utf8 = utf8, .width = 80};
    char *got = cli_safe(&style, text, width);
    assert_string_equal(got, want);
    free(got);
}

static void text_from_outside_cannot_steer_the_terminal(void **state)
{
    (void)state;
    safe_is(true, "a\x1b[31mb\x07\x9b", 0, "a?[31mb??");
    safe_is(true, "\xe2\x80\xae" "abc\xe2\x81\xa6\xe2\x80\x8f", 0, "?abc??");
    safe_is(true, "a\nb\tc\r", 0, "a b c ");
    safe_is(true, "\xc2\x9b" "2J\xff\xc3", 0, "?2J??");
    safe_is(true, "z\xc3\xbcrich \xf0\x9f\x98\x80", 0, "z\xc3\xbcrich \xf0\x9f\x98\x80");
    safe_is(false, "z\xc3\xbcrich \xe2\x80\x93 \xe2\x80\x9cq\xe2\x80\x9d \xe2\x89\xa4 \xf0\x9f\x98\x80", 0,
            "z?rich - \"q\" <= ?");
}

static void text_is_cut_to_its_cells(void **state)
{
    (void)state;
    safe_is(true, "abcdef", 6, "abcdef");
    safe_is(true, "abcdefg", 6, "abcde\xe2\x80\xa6");
    safe_is(false, "abcdefg", 6, "abc...");
    safe_is(false, "abcdefg", 2, "");
    safe_is(true, "abc", 1, "\xe2\x80\xa6");
    safe_is(true, "z\xc3\xbcrich", 4, "z\xc3\xbcr\xe2\x80\xa6");
    safe_is(true, "", 5, "");
}

static void sentences_break_at_spaces_into_two_lines(void **state)
{
    (void)state;
    const cli_style style = {.utf8 = true, .width = 80};
    static const struct { const char *text, *first, *second; int width; } sample[] = {
        {"one two", "one two", NULL, 7},           {"one two", "one", "two", 6},
        {"one two three four", "one two", "three\xe2\x80\xa6", 7}, {"unbreakable", "unbr\xe2\x80\xa6", NULL, 5},
        {"", "", NULL, 5},                         {"a  b", "a", "b", 1}};
    for (size_t i = 0; i < sizeof sample / sizeof sample[0]; i++) {
        char *line[2];
        cli_two_lines(line, &style, sample[i].text, sample[i].width);
        assert_string_equal(line[0], sample[i].first);
        if (sample[i].second == NULL)
            assert_null(line[1]);
        else
            assert_string_equal(line[1], sample[i].second);
        free(line[0]);
        free(line[1]);
    }
}

static void the_locale_is_read_from_the_first_variable_that_is_set(void **state)
{
    (void)state;
    static const struct { const char *all, *type, *lang; bool utf8; } sample[] = {
        {"", "", "", false},          {"", "", "en_US.UTF-8", true}, {"", "C", "en_US.UTF-8", false},
        {"de_DE.utf8", "C", "C", true}, {"C", "", "en_US.UTF-8", false}, {"", "C.UTF-8", "C", true}};
    for (size_t i = 0; i < sizeof sample / sizeof sample[0]; i++) {
        setenv("LC_ALL", sample[i].all, 1);
        setenv("LC_CTYPE", sample[i].type, 1);
        setenv("LANG", sample[i].lang, 1);
        CHECK(cli_style_of(stdout).utf8 == sample[i].utf8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_three_digits_and_none_beyond_the_error),
        cmocka_unit_test(percentages_and_groups),
        cmocka_unit_test(text_from_outside_cannot_steer_the_terminal),
        cmocka_unit_test(text_is_cut_to_its_cells),
        cmocka_unit_test(sentences_break_at_spaces_into_two_lines),
        cmocka_unit_test(the_locale_is_read_from_the_first_variable_that_is_set)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
