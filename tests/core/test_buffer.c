#include "check.h"
#include "core/core.h"

static void json_text_is_escaped_and_repaired(void **state)
{
    (void)state;
    ent__buffer b = {0};
    ent__buffer_json(&b, "a\"b\\\n\x01\xc3\xa9\xff\xed\xa0\x80", 12);
    assert_string_equal(b.data, "\"a\\\"b\\\\\\n\\u0001\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    ent__buffer_free(&b);
}

static void buffer_grows_and_failure_is_sticky(void **state)
{
    (void)state;
    ent__buffer b = {0};
    for (int i = 0; i < 1000; i++)
        ent__buffer_printf(&b, "%d,", i);
    CHECK(!b.failed && b.length == 10 * 2 + 90 * 3 + 900 * 4);
    ent__alloc_fail_at(1, true);
    for (int i = 0; i < 10000 && !b.failed; i++)
        ent__buffer_text(&b, "more");
    ent__alloc_fail_at(0, false);
    CHECK(b.failed);
    size_t before = b.length;
    ent__buffer_text(&b, "x");
    CHECK(b.length == before);
    ent__buffer_free(&b);
}

static void arena_blocks_are_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    ent__arena *arena = ent__arena_create();
    unsigned char *last = NULL;
    assert_non_null(ent__arena_alloc(arena, 0, 8)); /* not NULL, though it may share its place with the next */
    for (size_t n = 1; n < 3000; n += 7) {
        unsigned char *block = ent__arena_alloc(arena, n * 20, 1);
        CHECK((uintptr_t)block % 16 == 0);
        for (size_t i = 0; i < n * 20; i++)
            CHECK(block[i] == 0);
        memset(block, 0xaa, n * 20);
        CHECK(block != last);
        last = block;
    }
    assert_null(ent__arena_alloc(arena, SIZE_MAX / 2, 8));
    assert_string_equal(ent__arena_printf(arena, "%s-%d", "x", 3), "x-3");
    ent__arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(json_text_is_escaped_and_repaired),
                                       cmocka_unit_test(buffer_grows_and_failure_is_sticky),
                                       cmocka_unit_test(arena_blocks_are_zeroed_aligned_and_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
