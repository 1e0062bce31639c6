/* Philox4x32-10 against the published known answers and an independent implementation (Random123, tests only). */
#include "check.h"
#include "core/core.h"
#include "core/random.h"

#if HAVE_RANDOM123
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#include <Random123/philox.h>
#pragma GCC diagnostic pop
#endif

/* Random123's kat_vectors: zeros, ones, digits of pi. */
static void known_answers(void **state)
{
    (void)state;
    static const struct {
        uint32_t counter[4], key[2], want[4];
    } kat[] = {{{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
               {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                {0xffffffff, 0xffffffff},
                {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
               {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                {0xa4093822, 0x299f31d0},
                {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
    for (size_t i = 0; i < ENT_COUNT(kat); i++) {
        uint32_t got[4];
        ent__philox(got, kat[i].counter, kat[i].key);
        assert_memory_equal(got, kat[i].want, sizeof got);
    }
}

static void agrees_with_random123(void **state)
{
    (void)state;
#if HAVE_RANDOM123
    uint32_t word[6] = {1, 2, 3, 4, 5, 6};
    for (int i = 0; i < 100000; i++) {
        philox4x32_ctr_t counter = {{word[0], word[1], word[2], word[3]}};
        philox4x32_key_t key = {{word[4], word[5]}};
        philox4x32_ctr_t want = philox4x32(counter, key);
        uint32_t got[4];
        ent__philox(got, word, word + 4);
        assert_memory_equal(got, want.v, sizeof got);
        memcpy(word + i % 3, got, sizeof got); /* the next arguments: what came out */
    }
#else
    skip();
#endif
}

/* The layout of key and counter is part of the format: written out here once more. */
static void a_uniform_is_a_function_of_seed_stream_and_draw(void **state)
{
    (void)state;
    const uint64_t seed = UINT64_C(0x0123456789abcdef), stream = UINT64_C(0xfedcba9876543210);
    const uint64_t draws[] = {0, 1, 2, 3, UINT64_C(0x1ffffffff), UINT64_C(0x200000000), UINT64_MAX};
    for (size_t i = 0; i < ENT_COUNT(draws); i++) {
        uint64_t block = draws[i] >> 1;
        uint32_t out[4];
        ent__philox(out, (uint32_t[4]){(uint32_t)block, (uint32_t)(block >> 32), 0x76543210, 0xfedcba98},
                    (uint32_t[2]){0x89abcdef, 0x01234567});
        size_t half = draws[i] & 1 ? 2 : 0;
        uint64_t bits = ((uint64_t)out[half + 1] << 32 | out[half]) >> 12;
        CHECK_SAME(ent__uniform(seed, stream, draws[i]), ((double)bits + 0.5) / 0x1p52);
    }
}

static void many_are_the_same_as_one_by_one(void **state)
{
    (void)state;
    double got[301];
    for (uint64_t first = 0; first < 5; first++)
        for (size_t n = 0; n <= 300; n += n < 20 ? 1 : 35) {
            got[n] = 7;
            ent__uniform_many(got, n, 42, 43, first);
            for (size_t i = 0; i < n; i++)
                CHECK_SAME(got[i], ent__uniform(42, 43, first + i));
            CHECK(got[n] == 7); /* nothing beyond n */
        }
    ent__uniform_many(got, 4, 1, 2, UINT64_C(0x1fffffffe)); /* the counter's words carry */
    for (size_t i = 0; i < 4; i++)
        CHECK_SAME(got[i], ent__uniform(1, 2, UINT64_C(0x1fffffffe) + i));
}

/* Extremes of the bits: 0 and all ones stay inside (0, 1). */
static void uniforms_lie_strictly_inside(void **state)
{
    (void)state;
    CHECK((0 + 0.5) * 0x1p-52 > 0);
    CHECK(((double)((UINT64_C(1) << 52) - 1) + 0.5) * 0x1p-52 < 1);
    double least = 1, greatest = 0, sum = 0, squares = 0, lag = 0, last = 0.5, u[1000];
    enum { N = 1000000 };
    int cell[64] = {0};
    for (uint64_t first = 0; first < N; first += 1000) {
        ent__uniform_many(u, 1000, 2026, ent__stream("x", 1, "value"), first);
        for (int i = 0; i < 1000; i++) {
            least = u[i] < least ? u[i] : least;
            greatest = u[i] > greatest ? u[i] : greatest;
            sum += u[i];
            squares += (u[i] - 0.5) * (u[i] - 0.5);
            lag += (u[i] - 0.5) * (last - 0.5);
            cell[(int)(u[i] * 64)]++;
            last = u[i];
        }
    }
    CHECK(least > 0 && least < 2e-5 && greatest < 1 && greatest > 1 - 2e-5);
    CHECK_NEAR(sum / N, 0.5, 5 * 0.2887 / 1000);          /* five standard errors */
    CHECK_NEAR(squares / N, 1.0 / 12, 5 * 0.0745 / 1000);
    CHECK_NEAR(lag / N, 0, 5.0 / 12 / 1000);
    double chi = 0;
    for (int i = 0; i < 64; i++)
        chi += (cell[i] - N / 64.0) * (cell[i] - N / 64.0) / (N / 64.0);
    CHECK(chi > 25 && chi < 120); /* 63 degrees of freedom: both tails below 1e-4 */
}

static void streams_differ_by_name_purpose_round_and_actor(void **state)
{
    (void)state;
    uint64_t a = ent__stream("us_stake", 8, "value"), seen[400];
    CHECK(a == ent__stream("us_stake_", 8, "value")); /* the length counts */
    CHECK(a != ent__stream("us_stake", 8, "expert") && a != ent__stream("us_stak", 7, "value"));
    CHECK(ent__stream("ab", 2, "c") != ent__stream("a", 1, "bc"));
    unsigned char both[16]; /* as documented: the hash of two hashes, low bytes first */
    uint64_t name = ent__hash("us_stake", 8), purpose = ent__hash("value", 5);
    for (int i = 0; i < 8; i++) {
        both[i] = (unsigned char)(name >> 8 * i);
        both[8 + i] = (unsigned char)(purpose >> 8 * i);
    }
    CHECK(a == ent__hash((const char *)both, 16));
    for (uint64_t i = 0; i < 400; i++) {
        seen[i] = ent__stream_step(a, i / 20, i % 20);
        CHECK(seen[i] != a);
        for (uint64_t j = 0; j < i; j++)
            CHECK(seen[i] != seen[j]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_answers),
                                       cmocka_unit_test(agrees_with_random123),
                                       cmocka_unit_test(a_uniform_is_a_function_of_seed_stream_and_draw),
                                       cmocka_unit_test(many_are_the_same_as_one_by_one),
                                       cmocka_unit_test(uniforms_lie_strictly_inside),
                                       cmocka_unit_test(streams_differ_by_name_purpose_round_and_actor)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
