/* Numbers as text: shortest and exact both ways, whatever the locale says. The oracle is the C library in the C
 * locale. */
#include "check.h"
#include "core/core.h"

#include <locale.h>

static uint64_t next(uint64_t *state) /* splitmix64: Steele, Lea & Flood 2014 */
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static bool read_text(double *x, const char *text) { return ent__number_read(x, text, strlen(text), false); }

static void check_text(double x, const char *want)
{
    char got[32];
    size_t n = ent__number_text(got, x);
    assert_string_equal(got, want);
    CHECK(n == strlen(want));
}

static void texts_are_as_people_write_them(void **state)
{
    (void)state;
    check_text(0, "0");
    check_text(-0.0, "-0");
    check_text(42, "42");
    check_text(-1500, "-1500");
    check_text(0.1, "0.1");
    check_text(0.1 + 0.2, "0.30000000000000004");
    check_text(1e-6, "0.000001");
    check_text(1e-7, "1e-7");
    check_text(-1.5e-9, "-1.5e-9");
    check_text(1e20, "100000000000000000000");
    check_text(1e21, "1e21");
    check_text(9007199254740993.0, "9007199254740992");
    check_text(5e-324, "5e-324");
    check_text(2.2250738585072014e-308, "2.2250738585072014e-308");
    check_text(1.7976931348623157e308, "1.7976931348623157e308");
    check_text(9.5367431640625e-7, "9.5367431640625e-7");
    check_text(2e23, "2e23"); /* hard for methods that are nearly right: Steele & White 1990 ff. */
    check_text(9e-265, "9e-265");
    check_text(1.2345678e-26, "1.2345678e-26");
}

/* Whether some decimal of so many digits reads back to x; the nearest such decimal is what %e gives. */
static bool reads_back(double x, int digits, char text[40])
{
    snprintf(text, 40, "%.*e", digits - 1, x);
    return strtod(text, NULL) == x;
}

static int count_digits(const char *text)
{
    int count = 0, zeros = 0, before = 0;
    for (; *text != 0 && *text != 'e'; text++) {
        if (*text == '0')
            zeros++;
        else if (*text > '0' && *text <= '9') {
            count += (before ? zeros : 0) + 1;
            before = 1;
            zeros = 0;
        }
    }
    return count;
}

/* Shortest: one digit fewer does not read back. Nearest: of that length, nothing is closer than what %e gives. */
static void check_shortest(double x)
{
    char got[32], other[40];
    double back;
    size_t length = ent__number_text(got, x);
    CHECK(length < 32 && got[length] == 0);
    CHECK(ent__number_read(&back, got, length, false));
    CHECK_SAME(back, x);
    CHECK_SAME(strtod(got, NULL), x);
    int digits = count_digits(got);
    if (digits > 1 && reads_back(x, digits - 1, other))
        fail_msg("%a: %s has more digits than %s", x, got, other);
    if (reads_back(x, digits, other)) {
        double ours = strtod(got, NULL), theirs = strtod(other, NULL);
        CHECK_SAME(ours, theirs);
        if (count_digits(other) != digits || strncmp(other + (other[0] == '-'), "0", 1) == 0)
            return;
        char normal[40];
        snprintf(normal, sizeof normal, "%.*e", digits - 1, strtod(got, NULL));
        assert_string_equal(normal, other);
    }
}

static void a_million_doubles_go_there_and_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int i = 0; i < 1000000; i++) {
        uint64_t bits = next(&seed);
        if (i % 8 == 0)
            bits &= ~(UINT64_C(0x7ff) << 52); /* subnormal */
        double x = from_bits(bits), back;
        char text[32];
        if (!ent__is_finite(x))
            continue;
        size_t n = ent__number_text(text, x);
        if (!ent__number_read(&back, text, n, false) || memcmp(&back, &x, sizeof x) != 0)
            fail_msg("%a was written as %s and read as %a", x, text, back);
    }
}

static void texts_are_the_shortest(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int i = 0; i < 60000; i++) {
        uint64_t bits = next(&seed);
        if (i % 8 == 0)
            bits >>= 12 + next(&seed) % 50; /* subnormal */
        double x = from_bits(bits);
        if (i % 8 == 1)
            x = (double)(int64_t)(next(&seed) % 1000000) / 1000;
        if (ent__is_finite(x))
            check_shortest(x);
    }
    for (int e = -1074; e <= 1023; e++) { /* powers of 2: the neighbour below is half as far */
        check_shortest(ldexp(1, e));
        check_shortest(nextafter(ldexp(1, e), 0));
        check_shortest(nextafter(ldexp(1, e), INFINITY));
    }
    for (int e = -323; e <= 308; e++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", e);
        check_shortest(strtod(text, NULL));
    }
}

static void check_read(const char *text)
{
    double x = -1, want = strtod(text, NULL);
    if (!read_text(&x, text) || memcmp(&x, &want, sizeof x) != 0)
        fail_msg("%s: read %a, want %a", text, x, want);
}

static void texts_are_read_to_the_nearest_double(void **state)
{
    (void)state;
    static const char *const hard[] = {
        "0", "-0", "+2", ".5", "007", "1e23", "8.5e22", "9007199254740993", "9007199254740992.999999999999999999999",
        "9007199254740993.00000000000000000000000000000000000000000000000000000000000000000000000000000001",
        "2.2250738585072011e-308", "2.2250738585072012e-308", "2.2250738585072014e-308", "4.9e-324",
        "2.4703282292062328e-324", "2.4703282292062327e-324", "1e-400", "0e99999999999999999999",
        "1e-99999999999999999999", "1.7976931348623158e308",
        "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070"
        "9633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447"
        "5730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880e-1",
        "6.631236846766476e-316",
        "3.23788391330290128958835241250153217486303766942310805990129704955230197067067656578683574258779557"
        "8606157765598382834355143910841531692526891905643964595773946180389283653051434639551003566966656292"
        "0201733134403164e-320",
        "0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "0001e100"};
    for (size_t i = 0; i < ENT_COUNT(hard); i++)
        check_read(hard[i]);
    uint64_t seed = 3;
    char text[1400];
    for (int i = 0; i < 200000; i++) {
        snprintf(text, sizeof text, "%llu.%llue%d", (unsigned long long)(next(&seed) >> next(&seed) % 64),
                 (unsigned long long)(next(&seed) >> next(&seed) % 64), (int)(next(&seed) % 640) - 335);
        if (strtod(text, NULL) < INFINITY)
            check_read(text);
    }
}

/* The midpoint of two doubles written in full, then a digit more or less at the end: up to 770 digits. */
static void midpoints_are_told_from_what_lies_beside_them(void **state)
{
    (void)state;
    uint64_t seed = 4;
    char text[1600];
    for (int i = 0; i < 3000; i++) {
        int e = (int)(next(&seed) % 2045) - 1074, zeros = (int)(next(&seed) % 52);
        long double c = (long double)((next(&seed) >> 12 >> zeros << zeros | UINT64_C(1) << 52) * 2 + 1);
        if (e < -1022)
            c = (long double)(2 * (next(&seed) >> 40) + 1);
        long double midpoint = ldexpl(c, e - 1);
        int n = snprintf(text, 1500, "%.*Lf", e < 1 ? 1 - e : 1, midpoint);
        if (n >= 1490)
            continue;
        check_read(text);
        strcat(text, "1");
        check_read(text);
        for (char *last = text + n; last > text; last--)
            if (*last >= '1' && *last <= '9' && last < text + n) {
                --*last;
                break;
            }
        check_read(text);
    }
}

/* 100000 digits before and after the point, and zeros that lead or trail. */
static void long_texts_are_read_too(void **state)
{
    (void)state;
    enum { N = 100000 };
    char *text = malloc(2 * N + 64);
    double x;
    memset(text, '7', 2 * N);
    memcpy(text, "0.", 2);
    CHECK(ent__number_read(&x, text, 2 * N, false) && x == 7.0 / 9); /* 0.777... */
    memset(text + 2, '0', N);
    CHECK(ent__number_read(&x, text, 2 * N, false) && x == 0);
    memcpy(text + 2 * N, "e100001", 8);
    CHECK(ent__number_read(&x, text, 2 * N + 7, false) && x == 70.0 / 9);
    memset(text, '1', 2 * N);
    CHECK(!ent__number_read(&x, text, 2 * N, false)); /* too large */
    memcpy(text + 2 * N, "e-199999", 9);
    CHECK(ent__number_read(&x, text, 2 * N + 8, false) && x == 10.0 / 9);
    memset(text, '0', 2 * N);
    CHECK(ent__number_read(&x, text, 2 * N, false) && x == 0);
    /* halfway between 1 and its neighbour but for a digit 100000 places on */
    int n = sprintf(text, "1.00000000000000011102230246251565404236316680908203125");
    memset(text + n, '0', N);
    CHECK(ent__number_read(&x, text, (size_t)n + N, false) && x == 1);
    text[n + N] = '1';
    CHECK(ent__number_read(&x, text, (size_t)n + N + 1, false) && x == 1 + 0x1p-52);
    free(text);
}

static void what_is_no_number_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "-", "+", ".", "-.", "e5", "nan", "inf", "0x10", "1_000", "1e", "1e+", "1.",
                                      "1 ", " 1", "1e999", "-1e400", "1.7976931348623159e308", "1,5", "--1", "1.5.2"};
    double x = 7;
    for (size_t i = 0; i < ENT_COUNT(bad); i++) {
        if (ent__number_read(&x, bad[i], strlen(bad[i]), false))
            fail_msg("'%s' was read as %g", bad[i], x);
        CHECK(x == 7); /* untouched */
    }
    CHECK(!ent__number_read(&x, "1.5", 3, true));
    CHECK(ent__number_read(&x, "-1,25e1", 7, true));
    CHECK_SAME(x, -12.5);
    CHECK(ent__number_scan(&x, "3.5e-1xyz", 9) == 6);
    CHECK_SAME(x, 0.35);
    CHECK(ent__number_scan(&x, "2 to 5", 6) == 1);
    CHECK(ent__number_scan(&x, "4e", 2) == 1 && x == 4);
    CHECK(ent__number_scan(&x, "5.", 2) == 1 && x == 5);
    CHECK(ent__number_scan(&x, "to", 2) == 0);
    CHECK(ent__number_scan(&x, "12345", 3) == 3 && x == 123); /* the length counts, not a 0 at the end */
}

static void check_people(double x, int digits, const char *want)
{
    char got[32];
    CHECK(ent__number_people(got, x, digits) == strlen(want));
    assert_string_equal(got, want);
}

static void people_get_few_digits(void **state)
{
    (void)state;
    check_people(0, 3, "0");
    check_people(-0.0, 3, "0");
    check_people(NAN, 3, "-");
    check_people(-INFINITY, 3, "-");
    check_people(0.123456, 3, "0.123");
    check_people(-1234567, 3, "-1230000");
    check_people(9999999.6, 3, "1e7");
    check_people(9999999.4, 7, "9999999");
    check_people(0.0001, 3, "0.0001");
    check_people(0.00009999, 2, "0.0001");
    check_people(0.000099, 2, "9.9e-5");
    check_people(1.5e300, 4, "1.5e300");
    check_people(0.15, 1, "0.1"); /* the double lies below */
    check_people(2.5, 1, "2");    /* a tie goes to even */
    check_people(3.5, 1, "4");
    check_people(250, 1, "200");
    check_people(99.95, 3, "100");
    check_people(5e-324, 17, "4.9406564584124654e-324");
}

/* As printf's %.*e in the C locale rounds. */
static void people_get_correct_digits(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 300000; i++) {
        double x = from_bits(next(&seed));
        if (i % 4 == 0)
            x = (double)(int64_t)(next(&seed) % 20001 * 5) / (double)(1 << next(&seed) % 8);
        if (i % 16 == 1)
            x = from_bits(next(&seed) >> 12);
        if (!ent__is_finite(x))
            continue;
        int digits = 1 + (int)(next(&seed) % 17);
        char got[32], want[40];
        ent__number_people(got, x, digits);
        snprintf(want, sizeof want, "%.*e", digits - 1, x);
        if (strtod(got, NULL) != strtod(want, NULL) || count_digits(got) > digits)
            fail_msg("%a at %d digits: got %s, want %s", x, digits, got, want);
    }
}

static void the_locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "de_DE", "fr_FR.UTF-8"};
    const char *found = NULL;
    for (size_t i = 0; i < ENT_COUNT(names) && found == NULL; i++)
        if (setlocale(LC_ALL, names[i]) != NULL)
            found = names[i];
    double x = 0;
    ent__buffer buffer = {0};
    ent__buffer_number(&buffer, -2.5e-9);
    assert_string_equal(buffer.data, "-2.5e-9");
    ent__buffer_free(&buffer);
    check_text(0.5, "0.5");
    check_people(0.25, 2, "0.25");
    CHECK(read_text(&x, "1.5") && x == 1.5);
    CHECK(!read_text(&x, "1,5"));
    setlocale(LC_ALL, "C");
    printf("# in locale %s\n", found != NULL ? found : "C, for want of one with a decimal comma: see german.py");
}

static void hashes_are_part_of_the_format(void **state)
{
    (void)state;
    /* FNV-1a of "" is its offset basis; mixed by hand with Python's whole numbers */
    CHECK(ent__hash("", 0) == UINT64_C(0xefd01f60ba992926));
    CHECK(ent__hash("a", 1) == UINT64_C(0x82a2a958a9bece5b));
    CHECK(ent__hash("us_stake", 8) == UINT64_C(0x597d1b5d910e72e5));
    CHECK(ent__hash("\0", 1) != ent__hash("", 0));
}

static size_t width(const char *text) { return ent__utf8_width(text, strlen(text)); }

static void widths_are_counted_in_cells(void **state)
{
    (void)state;
    CHECK(width("") == 0);
    CHECK(width("plain") == 5);
    CHECK(width("Z\xc3\xbcrich") == 6);
    CHECK(width("e\xcc\x81") == 1);               /* combining acute */
    CHECK(width("\xe4\xb8\xad\xe5\x9b\xbd") == 4); /* two Han characters */
    CHECK(width("\xf0\x9f\x98\x80") == 2);         /* emoji */
    CHECK(width("\xea\xb0\x80") == 2);             /* Hangul syllable */
    CHECK(width("\xe2\x80\x8b") == 0);             /* zero width space */
    CHECK(width("\xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2") == 4);
    CHECK(width("a\tb\n") == 2); /* control characters take no cell */
    CHECK(width("\xff\xc3") == 2 && width("\xe4\xb8") == 2); /* broken: one each, as U+FFFD */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts_are_as_people_write_them),
                                       cmocka_unit_test(a_million_doubles_go_there_and_back),
                                       cmocka_unit_test(texts_are_the_shortest),
                                       cmocka_unit_test(texts_are_read_to_the_nearest_double),
                                       cmocka_unit_test(midpoints_are_told_from_what_lies_beside_them),
                                       cmocka_unit_test(long_texts_are_read_too),
                                       cmocka_unit_test(what_is_no_number_is_refused),
                                       cmocka_unit_test(people_get_few_digits),
                                       cmocka_unit_test(people_get_correct_digits),
                                       cmocka_unit_test(the_locale_does_not_matter),
                                       cmocka_unit_test(hashes_are_part_of_the_format),
                                       cmocka_unit_test(widths_are_counted_in_cells)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
