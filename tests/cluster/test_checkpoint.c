/* Runs that are saved on their way: gone on from any save they give the bytes of a run that was never stopped; what is torn
 * is noticed and the save before it is used. */
#include "small.h"

#include "ensemble/part.h"

#define MIXED                                                                                                          \
    HEAD DOOR "    settle: {compromise: 2, spatial: 1, condorcet: 1}\n"                                        \
              "inputs:\n  x: {value: 10 to 20}\n  y: {value: lognormal 1 to 4}\n  odds: {value: 0.2 to 0.6, range: [0, 1]}\n" \
              "quantities:\n  sum_xy: {value: x + y}\n  by_actor: {value: gdp * y}\n"                                  \
              "document:\n  title: T\n  provisions:\n    p: {says: a, takes_hold: odds, changes: {\"door.position[us]\": 60 to 80, x: value * 1.1}}\n" \
              "claims:\n  a: {who: w, says: s, holds: \"door.outcome > 40\"}\n"                                        \
              "  o: {who: w, says: s, overall: \"quantile(sum_xy, 0.5) < E(x) + 3\"}\n"
#define KNOWN "given:\n  - {quantity: x, is: 14, error: 2}\n"
#define TINY HEAD "inputs:\n  x: {value: 1 to 2}\nquantities:\n  q: {value: x}\nclaims:\n  c: {who: w, says: s, holds: \"x > 1\"}\n"

enum { MOST = 6 };

typedef struct journal { /* what a saver was given */
    ent_saved saved[MOST]; /* rows: all so far */
    int n, refuse;         /* refuse: so many saves fail first */
    unsigned char *rows;
    size_t rows_length;
} journal;

static unsigned char *copy_of(const unsigned char *bytes, size_t length)
{
    unsigned char *copy = malloc(length + 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

static double note(const ent_saved *now, void *payload)
{
    journal *j = payload;
    if (j->refuse-- > 0)
        return -0.001;
    j->rows = realloc(j->rows, j->rows_length + now->rows_length + 1);
    if (now->rows_length > 0)
        memcpy(j->rows + j->rows_length, now->rows, now->rows_length);
    j->rows_length += now->rows_length;
    if (j->n < MOST)
        j->saved[j->n++] = (ent_saved){copy_of(now->state, now->state_length), now->state_length,
                                       copy_of(j->rows, j->rows_length), j->rows_length};
    return j->n < MOST ? 0 : 1000;
}

static void forget(journal *j)
{
    for (int i = 0; i < j->n; i++) {
        free((void *)(uintptr_t)j->saved[i].state);
        free((void *)(uintptr_t)j->saved[i].rows);
    }
    free(j->rows);
    *j = (journal){0};
}

static char *run_with(small *s, ent_run_options options)
{
    ent_results_free(s->results);
    s->results = NULL;
    options.version = 1;
    if (ent_run(&s->results, s->plan, &options, &s->err) != ENT_OK)
        fail_msg("%s", s->err.message);
    return small_json(s);
}

static void any_save_is_gone_on_from_to_the_same_bytes(void **state)
{
    (void)state;
    const char *const yaml[] = {MIXED, MIXED KNOWN};
    for (int32_t jobs = 1; jobs <= 3; jobs++) {
        small s = small_new(yaml[jobs % 2]);
        CHECK(small_compile(&s, NULL, 0) == ENT_OK);
        ent_run_options options = {.draws = 20100, .jobs = jobs, .keep_draws = jobs == 2};
        char *want = run_with(&s, options);
        journal j = {.refuse = jobs};
        ent_saver saver = {.save = note, .payload = &j};
        options.saver = &saver;
        char *got = run_with(&s, options);
        while (j.n < 2 && options.draws < 5000000) { /* a busy machine woke the saving thread too late: a longer run */
            assert_string_equal(got, want);
            ent_bytes_free(got);
            ent_bytes_free(want);
            forget(&j);
            options.draws = 4 * options.draws + 1;
            options.saver = NULL;
            want = run_with(&s, options);
            options.saver = &saver;
            got = run_with(&s, options);
        }
        assert_string_equal(got, want);
        ent_bytes_free(got);
        CHECK(j.n > 1);
        for (int i = 0; i < j.n; i++) {
            journal rest = {0};
            ent_saver from = {.save = note, .payload = &rest, .from = j.saved[i]};
            options.saver = &from;
            options.jobs = 1 + i % 3;
            got = run_with(&s, options);
            assert_string_equal(got, want);
            ent_bytes_free(got);
            forget(&rest);
        }
        forget(&j);
        ent_bytes_free(want);
        small_free(&s);
    }
}

static int stop_soon(const ent_progress *progress, void *payload)
{
    int64_t *until = payload;
    return progress->done >= *until;
}

/* Stopped again and again, each time gone on from what was saved last. */
static void a_run_that_is_stopped_often_ends_the_same(void **state)
{
    (void)state;
    small s = small_new(MIXED KNOWN);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    char *want = run_with(&s, (ent_run_options){.draws = 250000, .jobs = 1}), *got = NULL;
    unsigned char *state_bytes = NULL, *rows = NULL;
    int stops = 0;
    for (bool whole = false; !whole;) {
        journal j = {0};
        ent_saver saver = {.seconds = 1000, .save = note, .payload = &j};
        ent_saved from = {0};
        if (state_bytes != NULL) {
            ent__part_head head;
            memcpy(&head, state_bytes, sizeof head);
            from = (ent_saved){state_bytes, (size_t)head.state_length, rows, (size_t)head.rows_length};
            j.rows = copy_of(rows, from.rows_length);
            j.rows_length = from.rows_length;
        }
        saver.from = from;
        int64_t until = 1000;
        ent_bytes_free(got);
        got = run_with(&s, (ent_run_options){.draws = 250000, .jobs = 2, .saver = &saver, .progress = stop_soon, .payload = &until});
        ent_run_facts facts = ent_results_facts(s.results);
        whole = !facts.interrupted;
        CHECK(whole || j.n == 1);
        if (j.n > 0) {
            free(state_bytes);
            free(rows);
            state_bytes = copy_of(j.saved[0].state, j.saved[0].state_length);
            rows = copy_of(j.saved[0].rows, j.saved[0].rows_length);
        }
        stops += !whole;
        forget(&j);
    }
    assert_string_equal(got, want);
    CHECK(stops > 1);
    free(state_bytes);
    free(rows);
    ent_bytes_free(got);
    ent_bytes_free(want);
    small_free(&s);
}

/* promise: saved-by-another */
static void what_is_of_another_run_is_refused(void **state)
{
    (void)state;
    small s = small_new(TINY), other = small_new(TINY "  d: {who: w, says: s, holds: \"x > 1.5\"}\n");
    CHECK(small_compile(&s, NULL, 0) == ENT_OK && small_compile(&other, NULL, 0) == ENT_OK);
    journal j = {0};
    ent_saver saver = {.save = note, .payload = &j};
    ent_bytes_free(run_with(&s, (ent_run_options){.draws = 200000, .jobs = 1, .saver = &saver}));
    CHECK(j.n > 0);
    const struct { const ent_plan *plan; ent_run_options options; const char *why; } bad[] = {
        {other.plan, {.version = 1, .draws = 200000}, "another scenario"},
        {s.plan, {.version = 1, .draws = 200000, .has_seed = true, .seed = 3}, "it has the seed 7, not 3"},
        {s.plan, {.version = 1, .draws = 200001}, "a run of 200000 draws, not of 200001"},
        {s.plan, {.version = 1, .draws = 200000, .keep_draws = true}, "does not keep every draw"}};
    for (size_t i = 0; i < ENT_COUNT(bad); i++) {
        ent_results *results = NULL;
        ent_error err = {0};
        ent_saver from = {.save = note, .payload = &j, .from = j.saved[0]};
        ent_run_options options = bad[i].options;
        options.saver = &from;
        CHECK(ent_run(&results, bad[i].plan, &options, &err) == ENT_ERR_ARGUMENT && results == NULL);
        if (strstr(err.message, bad[i].why) == NULL)
            fail_msg("'%s' does not say '%s'", err.message, bad[i].why);
    }
    forget(&j);
    small_free(&s);
    small_free(&other);
}

/* --- the folder ----------------------------------------------------------------------------------- */

typedef struct place {
    char folder[64], path[2][96], rows[96], lock[96];
} place;

static place new_place(void)
{
    place p = {.folder = "/tmp/entente-saved-XXXXXX"};
    assert_non_null(mkdtemp(p.folder));
    snprintf(p.path[0], sizeof p.path[0], "%s/a.state", p.folder);
    snprintf(p.path[1], sizeof p.path[1], "%s/b.state", p.folder);
    snprintf(p.rows, sizeof p.rows, "%s/rows", p.folder);
    snprintf(p.lock, sizeof p.lock, "%s/lock", p.folder);
    return p;
}

static void put(const char *path, const unsigned char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    CHECK(fwrite(bytes, 1, length, file) == length);
    fclose(file);
}

static int64_t draws_in(const place *p, ent_status want, bool *trouble)
{
    ent_checkpoint *c = NULL;
    ent_error err = {0};
    int64_t draws = -1;
    CHECK(ent_checkpoint_open(&c, p->folder, 0, &err) == ENT_OK);
    CHECK(ent_checkpoint_read(c, &draws, &err) == want);
    CHECK((want == ENT_OK) == (err.message[0] == 0));
    *trouble = ent_checkpoint_trouble(c)[0] != 0;
    ent_checkpoint_free(c);
    return draws;
}

/* As a run would have saved it after so many blocks. */
static ent_saved saved_after(small *s, int64_t blocks)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    ent__part_head head;
    ent_run_options options = {.version = 1, .draws = 2560, .jobs = 1};
    CHECK(ent_part_run(&bytes, &length, s->plan, 0, blocks, false, &options, &s->err) == ENT_OK);
    memcpy(&head, bytes, sizeof head);
    ent_saved saved = {copy_of(bytes, head.state_length), head.state_length, copy_of(bytes + head.state_length, head.rows_length), head.rows_length};
    ent_bytes_free(bytes);
    return saved;
}

/* The newer state cut short at every byte: the one before it is used. Both: an error. */
/* promise: altered-byte */
static void every_torn_write_is_noticed(void **state)
{
    (void)state;
    small s = small_new(TINY);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    journal j = {.saved = {saved_after(&s, 1), saved_after(&s, 3)}, .n = 2};
    place p = new_place();
    ent__part_head head[2];
    bool trouble;
    memcpy(&head[0], j.saved[0].state, sizeof head[0]);
    memcpy(&head[1], j.saved[1].state, sizeof head[1]);
    CHECK(head[0].draws < head[1].draws);
    put(p.rows, j.saved[1].rows, j.saved[1].rows_length);
    put(p.path[0], j.saved[0].state, j.saved[0].state_length);
    put(p.path[1], j.saved[1].state, j.saved[1].state_length);
    CHECK(draws_in(&p, ENT_OK, &trouble) == head[1].draws && !trouble);
    for (size_t n = j.saved[1].state_length; n-- > 0;) {
        CHECK(truncate(p.path[1], (off_t)n) == 0);
        CHECK(draws_in(&p, ENT_OK, &trouble) == head[0].draws && trouble);
    }
    put(p.path[1], j.saved[1].state, j.saved[1].state_length);
    for (size_t n = j.saved[1].rows_length - 1; n > 100; n -= n > j.saved[0].rows_length ? 7 : 97) { /* rows cut short */
        CHECK(truncate(p.rows, (off_t)n) == 0);
        bool none = n < j.saved[0].rows_length;
        CHECK(draws_in(&p, none ? ENT_ERR_FORMAT : ENT_OK, &trouble) == (none ? 0 : head[0].draws));
    }
    put(p.rows, j.saved[1].rows, j.saved[1].rows_length);
    CHECK(truncate(p.path[1], (off_t)j.saved[1].state_length - 1) == 0);
    for (size_t n = j.saved[0].state_length; n-- > 0;) {
        CHECK(truncate(p.path[0], (off_t)n) == 0);
        CHECK(draws_in(&p, ENT_ERR_FORMAT, &trouble) == 0);
    }
    ent_checkpoint *c = NULL;
    CHECK(ent_checkpoint_open(&c, p.folder, 0, NULL) == ENT_OK);
    ent_checkpoint_remove(c);
    ent_checkpoint_free(c);
    CHECK(access(p.folder, F_OK) != 0);
    forget(&j);
    small_free(&s);
}

/* Saved through the folder and read back, many times over: two files by turns. */
static void a_folder_keeps_what_it_is_given(void **state)
{
    (void)state;
    small s = small_new(TINY);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    journal j = {0};
    for (; j.n < 5; j.n++)
        j.saved[j.n] = saved_after(&s, 2 * j.n + 1);
    place p = new_place();
    ent_checkpoint *c = NULL;
    CHECK(ent_checkpoint_open(&c, p.folder, 0, NULL) == ENT_OK);
    const ent_saver *to = ent_checkpoint_saver(c);
    size_t given = 0;
    for (int i = 0; i < j.n; i++) {
        ent_saved now = {j.saved[i].state, j.saved[i].state_length, j.saved[i].rows + given, j.saved[i].rows_length - given};
        CHECK(to->save(&now, to->payload) > 0 && ent_checkpoint_trouble(c)[0] == 0);
        given = j.saved[i].rows_length;
        ent_checkpoint *reader = NULL; /* the same process may: the lock is against others */
        int64_t draws = 0;
        ent__part_head head;
        memcpy(&head, j.saved[i].state, sizeof head);
        CHECK(ent_checkpoint_open(&reader, p.folder, 0, NULL) == ENT_OK && ent_checkpoint_read(reader, &draws, NULL) == ENT_OK);
        const ent_saved *from = &ent_checkpoint_saver(reader)->from;
        CHECK(draws == head.draws && from->rows_length == given && memcmp(from->rows, j.saved[i].rows, given) == 0);
        ent_checkpoint_free(reader);
    }
    ent_checkpoint_remove(c);
    ent_checkpoint_free(c);
    CHECK(access(p.folder, F_OK) != 0);
    CHECK(ent_checkpoint_open(&c, "/proc/no/such", 0, NULL) == ENT_OK); /* nowhere to write: told, and no more */
    to = ent_checkpoint_saver(c);
    CHECK(to->save(&j.saved[0], to->payload) < 0 && strstr(ent_checkpoint_trouble(c), "/proc/no") != NULL);
    ent_checkpoint_free(c);
    forget(&j);
    small_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(any_save_is_gone_on_from_to_the_same_bytes),
                                       cmocka_unit_test(a_run_that_is_stopped_often_ends_the_same),
                                       cmocka_unit_test(what_is_of_another_run_is_refused),
                                       cmocka_unit_test(every_torn_write_is_noticed),
                                       cmocka_unit_test(a_folder_keeps_what_it_is_given)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
