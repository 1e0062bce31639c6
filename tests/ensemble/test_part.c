/* A run in parts: put together they give the bytes of the run in one piece; what does not fit is refused by name. */
#include "small.h"

#include "ensemble/part.h"

#define MIXED                                                                                                          \
    HEAD DOOR "    settle: {compromise: 2, nash: 1, median: 1, condorcet: 1}\n"                                        \
              "inputs:\n  x: {value: 10 to 20}\n  y: {value: lognormal 1 to 4}\n  z: {value: \"beta(2, 5)\"}\n"        \
              "  odds: {value: 0.2 to 0.6, range: [0, 1]}\n"                                                           \
              "quantities:\n  sum_xy: {value: x + y}\n  by_actor: {value: gdp * z}\n"                                  \
              "document:\n  title: T\n  provisions:\n    p: {says: a, takes_hold: odds, changes: {\"door.position[us]\": 60 to 80, x: value * 1.1}}\n" \
              "claims:\n  a: {who: w, says: s, holds: \"door.outcome > 40\"}\n"                                        \
              "  b: {who: w, says: s, when: p.in_force, holds: \"change(x) > 1.5\"}\n"                                 \
              "  o: {who: w, says: s, overall: \"quantile(sum_xy, 0.5) < E(x) + 3\"}\n"
#define KNOWN "given:\n  - {quantity: x, is: 14, error: 2}\n"

typedef struct piece {
    unsigned char *bytes;
    size_t length;
} piece;

static piece make(small *s, int64_t draws, int64_t k, int64_t n, int32_t jobs, bool keep)
{
    piece p = {0};
    int64_t first, count;
    ent_run_options options = {.version = 1, .draws = draws, .jobs = jobs, .keep_draws = keep};
    ent_part_share(&first, &count, draws, k, n);
    if (ent_part_run(&p.bytes, &p.length, s->plan, first, count, false, &options, &s->err) != ENT_OK)
        fail_msg("%s", s->err.message);
    return p;
}

static char *whole(small *s, int64_t draws)
{
    small_run(s, draws, 1);
    return small_json(s);
}

static void parts_give_the_bytes_of_one_run(void **state)
{
    (void)state;
    const char *const yaml[] = {MIXED, MIXED KNOWN};
    for (size_t y = 0; y < 2; y++) {
        small s = small_new(yaml[y]);
        char *want = whole(&s, 2700);
        for (int64_t n = 1; n <= 7; n++) {
            ent_merge *merge = NULL;
            CHECK(ent_merge_create(&merge, s.plan, NULL) == ENT_OK);
            for (int64_t i = 0; i < n; i++) { /* in an order of its own */
                int64_t k = (3 * i + 1) % n == i || n % 3 == 0 ? i : (3 * i + 1) % n;
                piece p = make(&s, 2700, k, n, 1 + (int32_t)(i % 3), y == 1);
                CHECK(ent_merge_add(merge, p.bytes, p.length, "a part", &s.err) == ENT_OK);
                ent_bytes_free(p.bytes);
            }
            ent_results_free(s.results);
            s.results = NULL;
            CHECK(ent_merge_results(&s.results, &merge, false, &s.err) == ENT_OK && merge == NULL);
            char *got = small_json(&s);
            assert_string_equal(got, want);
            ent_bytes_free(got);
        }
        ent_bytes_free(want);
        small_free(&s);
    }
}

static void shares_cover_a_run(void **state)
{
    (void)state;
    for (int64_t draws = 1; draws < 100000; draws = 5 * draws + 3)
        for (int64_t n = 1; n <= 9; n++) {
            int64_t next = 0, first, count;
            for (int64_t k = 0; k < n; k++, next += count) {
                ent_part_share(&first, &count, draws, k, n);
                CHECK(first == next && count >= 0);
            }
            CHECK(next == (draws + ENT_PART_BLOCK - 1) / ENT_PART_BLOCK);
        }
}

/* Whatever is missing at the end, the rest is the run of as many draws. */
static void a_prefix_is_an_interrupted_run(void **state)
{
    (void)state;
    small s = small_new(MIXED);
    char *want = whole(&s, 1024);
    ent_merge *merge = NULL;
    CHECK(ent_merge_create(&merge, s.plan, NULL) == ENT_OK);
    for (int64_t k = 0; k < 2; k++) {
        piece p = make(&s, 2048, k, 4, 1, false);
        CHECK(ent_merge_add(merge, p.bytes, p.length, "a part", &s.err) == ENT_OK);
        ent_bytes_free(p.bytes);
    }
    ent_results *results = NULL;
    CHECK(ent_merge_results(&results, &merge, false, &s.err) == ENT_ERR_ARGUMENT && results == NULL);
    assert_string_equal(s.err.message, "draws 1025 to 2048 of 2048 are in none of the parts");
    CHECK(ent_merge_results(&results, &merge, true, NULL) == ENT_OK);
    ent_run_facts facts = ent_results_facts(results);
    CHECK(facts.interrupted && facts.draws == 1024 && facts.draws_asked == 2048);
    ent_results_free(s.results);
    s.results = results;
    small t = s;
    char *got = small_json(&t);
    /* All but what says that it was interrupted. */
    CHECK(strstr(got, "\"quantities\"") != NULL);
    assert_string_equal(strstr(got, "\"quantities\""), strstr(want, "\"quantities\""));
    ent_bytes_free(got);
    ent_bytes_free(want);
    small_free(&s);
}

static void refused(ent_merge *merge, piece p, const char *name, ent_status status, const char *message)
{
    ent_error err = {0};
    CHECK(ent_merge_add(merge, p.bytes, p.length, name, &err) == status);
    assert_string_equal(err.file, name);
    if (strstr(err.message, message) == NULL)
        fail_msg("'%s' does not say '%s'", err.message, message);
    ent_bytes_free(p.bytes);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    small s = small_new(MIXED), other = small_new(HEAD "inputs:\n  x: {value: 10 to 20}\nquantities:\n  q: {value: x}\n");
    CHECK(small_compile(&s, NULL, 0) == ENT_OK && small_compile(&other, NULL, 0) == ENT_OK);
    ent_merge *merge = NULL;
    CHECK(ent_merge_create(&merge, s.plan, NULL) == ENT_OK);
    piece first = make(&s, 1200, 0, 3, 1, false);
    CHECK(ent_merge_add(merge, first.bytes, first.length, "one", &s.err) == ENT_OK);
    refused(merge, make(&s, 1200, 0, 3, 1, false), "again", ENT_ERR_ARGUMENT, "draws 1 to 512 are there already: the same part was given in one");
    refused(merge, make(&s, 1200, 0, 2, 1, false), "across", ENT_ERR_ARGUMENT, "draws 1 to 512 are there already: they are also in one");
    refused(merge, make(&s, 1400, 2, 3, 1, false), "longer", ENT_ERR_ARGUMENT, "a run of 1400 draws, not of 1200");
    refused(merge, make(&other, 1200, 1, 3, 1, false), "other", ENT_ERR_ARGUMENT, "another scenario");
    refused(merge, make(&s, 1200, 1, 3, 1, true), "kept", ENT_ERR_ARGUMENT, "keeps every draw");
    ent_run_options options = {.version = 1, .draws = 1200, .has_seed = true, .seed = 77};
    piece p = {0};
    CHECK(ent_part_run(&p.bytes, &p.length, s.plan, 2, 1, false, &options, &s.err) == ENT_OK);
    refused(merge, p, "seed", ENT_ERR_ARGUMENT, "it has the seed 77, not 7");
    p = make(&s, 1200, 1, 3, 1, false);
    memcpy(p.bytes + offsetof(ent__part_head, version), "9.9.9", 6);
    ent__checksum sum;
    ent__part_head head;
    memcpy(&head, p.bytes, sizeof head);
    ent__checksum_begin(&sum);
    ent__checksum_add(&sum, p.bytes, (size_t)head.state_length - 32);
    ent__checksum_end(p.bytes + head.state_length - 32, &sum);
    refused(merge, p, "version", ENT_ERR_ARGUMENT, "version 9.9.9 of entente, not of " ENT_VERSION);
    ent_results *results = NULL;
    ent_error err = {0};
    CHECK(ent_merge_results(&results, &merge, true, &err) == ENT_OK); /* what was refused did no harm */
    ent_results_free(results);
    ent_bytes_free(first.bytes);
    small_free(&s);
    small_free(&other);
}

#define TINY HEAD "inputs:\n  x: {value: 1 to 2}\nquantities:\n  q: {value: x}\n  r: {value: gdp * x}\nclaims:\n  c: {who: w, says: s, holds: \"x > 1\"}\n"

static ent_status try(const small *s, const unsigned char *bytes, size_t length)
{
    ent_merge *merge = NULL;
    ent_results *results = NULL;
    ent_error err = {0};
    CHECK(ent_merge_create(&merge, s->plan, NULL) == ENT_OK);
    ent_status status = ent_merge_add(merge, bytes, length, "p", &err);
    if (status == ENT_OK)
        status = ent_merge_results(&results, &merge, false, &err);
    CHECK(status == ENT_OK || err.message[0] != 0);
    ent_results_free(results);
    ent_merge_free(merge);
    return status;
}

/* Cut short at every byte, and every byte altered: both are noticed. */
/* promise: altered-byte */
static void every_cut_and_every_altered_byte_is_noticed(void **state)
{
    (void)state;
    small s = small_new(TINY);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    piece p = make(&s, 70, 0, 1, 1, false);
    CHECK(try(&s, p.bytes, p.length) == ENT_OK);
    for (size_t n = 0; n < p.length; n++) {
        unsigned char *cut = malloc(n + 1); /* of this size, so that reading on is noticed by sanitizers */
        memcpy(cut, p.bytes, n);
        CHECK(try(&s, cut, n) == ENT_ERR_FORMAT);
        free(cut);
    }
    for (size_t i = 0; i < p.length; i++) {
        p.bytes[i] ^= (unsigned char)(1 + 37 * i % 255);
        CHECK(try(&s, p.bytes, p.length) == ENT_ERR_FORMAT);
        p.bytes[i] ^= (unsigned char)(1 + 37 * i % 255);
    }
    ent_bytes_free(p.bytes);
    small_free(&s);
}

/* Every byte altered in turn with the hashes made right again: refused, or harmless. */
static void a_hostile_part_is_refused_or_harmless(void **state)
{
    (void)state;
    small s = small_new(TINY);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    piece p = make(&s, 300, 0, 1, 1, true);
    ent__part_head head;
    memcpy(&head, p.bytes, sizeof head);
    size_t refused = 0;
    for (size_t i = 0; i < p.length; i += i < 6000 ? 1 : 11) {
        unsigned char was = p.bytes[i];
        p.bytes[i] ^= (unsigned char)(1 + 37 * i % 255);
        ent__checksum sum;
        if (head.state_length <= p.length) {
            ent__checksum_begin(&sum);
            ent__checksum_add(&sum, p.bytes + head.state_length, (size_t)head.rows_length);
            ent__checksum_end(p.bytes + offsetof(ent__part_head, rows_sum), &sum);
            ent__checksum_begin(&sum);
            ent__checksum_add(&sum, p.bytes, (size_t)head.state_length - 32);
            ent__checksum_end(p.bytes + head.state_length - 32, &sum);
        }
        refused += try(&s, p.bytes, p.length) != ENT_OK;
        p.bytes[i] = was;
    }
    CHECK(refused > 200);
    ent_bytes_free(p.bytes);
    small_free(&s);
}

/* A part may carry its plan, so that a merge needs no scenario. */
static void a_part_carries_its_plan(void **state)
{
    (void)state;
    small s = small_new(MIXED);
    char *want = whole(&s, 600);
    piece p = {0};
    ent_run_options options = {.version = 1, .draws = 600, .jobs = 2};
    CHECK(ent_part_run(&p.bytes, &p.length, s.plan, 0, 3, true, &options, &s.err) == ENT_OK);
    ent_part_facts facts;
    CHECK(ent_part_read(&facts, p.bytes, p.length, &s.err) == ENT_OK);
    CHECK(facts.has_plan && facts.first == 0 && facts.draws == 600 && facts.draws_asked == 600 && !facts.keeps_draws);
    ent_results_free(s.results);
    s.results = NULL;
    ent_plan_free(s.plan);
    s.plan = NULL;
    ent_merge *merge = NULL;
    CHECK(ent_part_plan(&s.plan, p.bytes, p.length, &s.err) == ENT_OK);
    CHECK(ent_merge_create(&merge, s.plan, NULL) == ENT_OK);
    CHECK(ent_merge_add(merge, p.bytes, p.length, "p", &s.err) == ENT_OK);
    CHECK(ent_merge_results(&s.results, &merge, false, &s.err) == ENT_OK);
    char *got = small_json(&s);
    assert_string_equal(got, want);
    ent_bytes_free(got);
    ent_bytes_free(want);
    ent_bytes_free(p.bytes);
    CHECK(ent_part_run(&p.bytes, &p.length, s.plan, 3, 1, true, &options, &s.err) == ENT_ERR_ARGUMENT);
    small_free(&s);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    small s = small_new(TINY KNOWN);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    int64_t k = 1;
    for (bool done = false; !done; k++) {
        piece p = {0};
        ent_merge *merge = NULL;
        ent_results *results = NULL;
        ent_error err = {0};
        ent_run_options options = {.version = 1, .draws = 600, .jobs = 1};
        ent__alloc_fail_at(k, false);
        ent_status status = ent_part_run(&p.bytes, &p.length, s.plan, 0, 3, true, &options, &err);
        if (status == ENT_OK)
            status = ent_merge_create(&merge, s.plan, &err);
        if (status == ENT_OK)
            status = ent_merge_add(merge, p.bytes, p.length, "p", &err);
        if (status == ENT_OK)
            status = ent_merge_results(&results, &merge, false, &err);
        ent__alloc_fail_at(0, false);
        CHECK(status == ENT_OK || (status == ENT_ERR_MEMORY && results == NULL && err.message[0] != 0));
        done = status == ENT_OK;
        ent_results_free(results);
        ent_merge_free(merge);
        ent_bytes_free(p.bytes);
    }
    CHECK(k > 40);
    small_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_give_the_bytes_of_one_run),
                                       cmocka_unit_test(shares_cover_a_run),
                                       cmocka_unit_test(a_prefix_is_an_interrupted_run),
                                       cmocka_unit_test(what_does_not_fit_is_refused),
                                       cmocka_unit_test(every_cut_and_every_altered_byte_is_noticed),
                                       cmocka_unit_test(a_hostile_part_is_refused_or_harmless),
                                       cmocka_unit_test(a_part_carries_its_plan),
                                       cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
