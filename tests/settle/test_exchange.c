/* The exchange model as the public program computes it, with the fixed rule for ties: tests/golden/exchange. */
#include "golden.h"

#include "entente/exchange.h"

#define TOLERANCE 1e-8
enum { MOST = 16, ITERATIONS = 10 };

typedef struct table {
    size_t n, issues;
    char actor[MOST][48], issue[MOST][48];
    double position[MOST * MOST], salience[MOST * MOST], power[MOST * MOST];
} table;

/* The index of a name; one that is new is added. */
static size_t place_of(char name[][48], size_t *n, const char *wanted)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(name[i], wanted) == 0)
            return i;
    CHECK(*n < MOST);
    snprintf(name[*n], 48, "%.47s", wanted);
    return (*n)++;
}

static table read_table(const char *folder)
{
    table t = {0};
    for (int pass = 0; pass < 2; pass++) { /* sizes first, then cells */
        golden g = golden_open(folder, "input_normalised.csv");
        for (size_t k = 0; k < MOST * MOST; k++)
            t.position[k] = NAN;
        while (golden_next(&g) > 0) {
            size_t d = place_of(t.issue, &t.issues, g.cell[0]), a = place_of(t.actor, &t.n, g.cell[1]),
                   at = a * t.issues + d;
            if (pass == 0)
                continue;
            t.position[at] = golden_number(&g, 2);
            t.salience[at] = golden_number(&g, 3);
            t.power[at] = golden_number(&g, 4);
        }
        fclose(g.file);
    }
    return t;
}

static ent_exchange_result *play(const table *t, const ent_exchange_options *options)
{
    ent_exchange_result *result = NULL;
    ent_error err = {0};
    ent_exchange_input input = {
        .n = t->n, .issues = t->issues, .position = t->position, .salience = t->salience, .power = t->power};
    if (ent_exchange(&result, &input, options, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return result;
}

static ent_exchange_result *play_faithful(const table *t)
{
    ent_exchange_options options = ENT_EXCHANGE_OPTIONS_INIT;
    options.faithful = true;
    return play(t, &options);
}

static const char *const folder[] = {"exchange/sample_data", "exchange/cop21"};
enum { FOLDERS = 2 };

/* The files' flag "capped" stays once it was set while trades were weighed; ours tells of the move that was made. */
static size_t same_side(const ent_exchange_side *side, const table *t, const golden *g, size_t first)
{
    assert_int_equal(side->actor, golden_index((char(*)[48])t->actor, t->n, g->cell[2 + first]));
    assert_int_equal(side->supply, golden_index((char(*)[48])t->issue, t->issues, g->cell[3 + first]));
    CHECK_NEAR(side->from, golden_number(g, 6 + first), TOLERANCE);
    CHECK_NEAR(side->to, golden_number(g, 7 + first), TOLERANCE);
    CHECK_NEAR(side->before, golden_number(g, 11 + first), TOLERANCE);
    CHECK_NEAR(side->after, golden_number(g, 12 + first), TOLERANCE);
    CHECK(!side->capped || golden_number(g, 15 + first / 2) == 1);
    return side->capped;
}

static void every_exchange(void **state)
{
    (void)state;
    size_t capped = 0, trades = 0;
    for (size_t f = 0; f < FOLDERS; f++) {
        table t = read_table(folder[f]);
        ent_exchange_result *result = play_faithful(&t);
        golden g = golden_open(folder[f], "exchanges_realised.csv");
        int32_t last = 0;
        size_t order = 0;
        assert_int_equal(result->iterations, ITERATIONS);
        while (golden_next(&g) > 0) {
            int32_t iteration = (int32_t)golden_number(&g, 0) - 1;
            if (iteration != last)
                assert_int_equal(order, result->iteration[last].n_trades);
            order = iteration == last ? order : 0;
            last = iteration;
            CHECK(order < result->iteration[iteration].n_trades);
            const ent_exchange_trade *trade = &result->iteration[iteration].trade[order++];
            CHECK_NEAR(trade->gain, golden_number(&g, 10), TOLERANCE);
            assert_int_equal(trade->side[0].demand, trade->side[1].supply);
            assert_int_equal(trade->side[1].demand, trade->side[0].supply);
            capped += same_side(&trade->side[0], &t, &g, 0) + same_side(&trade->side[1], &t, &g, 2);
            trades++;
        }
        assert_int_equal(order, result->iteration[last].n_trades);
        fclose(g.file);
        ent_exchange_free(result);
    }
    assert_int_equal(trades, 365 + 1307);
    assert_int_equal(capped, 19); /* of 48 that the files flag */
}

static void outcomes_and_positions(void **state)
{
    (void)state;
    for (size_t f = 0; f < FOLDERS; f++) {
        table t = read_table(folder[f]);
        ent_exchange_result *result = play_faithful(&t);
        golden g = golden_open(folder[f], "nbs_by_iteration.csv");
        size_t lines = 0;
        for (; golden_next(&g) > 0; lines++) {
            const ent_exchange_iteration *now = &result->iteration[(int)golden_number(&g, 0) - 1];
            size_t d = golden_index(t.issue, t.issues, g.cell[1]);
            CHECK_NEAR(now->start[d], golden_number(&g, 2), TOLERANCE);
            CHECK_NEAR(now->outcome[d], golden_number(&g, 3), TOLERANCE);
        }
        assert_int_equal(lines, ITERATIONS * t.issues);
        fclose(g.file);
        g = golden_open(folder[f], "positions.csv");
        for (lines = 0; golden_next(&g) > 0; lines++) {
            const ent_exchange_iteration *now = &result->iteration[(int)golden_number(&g, 0) - 1];
            size_t at = golden_index(t.actor, t.n, g.cell[2]) * t.issues + golden_index(t.issue, t.issues, g.cell[1]);
            CHECK_NEAR(now->position[at], golden_number(&g, 3), TOLERANCE);
            CHECK_NEAR(now->voted[at], golden_number(&g, 4), TOLERANCE);
            CHECK_NEAR(now->next[at], golden_number(&g, 5), TOLERANCE);
        }
        size_t cells = 0;
        for (size_t k = 0; k < t.n * t.issues; k++)
            cells += t.position[k] == t.position[k];
        assert_int_equal(lines, ITERATIONS * cells);
        CHECK(result->stop == ENT_STOP_MAX_ROUNDS && result->settled_at == 0 && !result->interrupted);
        fclose(g.file);
        ent_exchange_free(result);
    }
}

/* The program itself in 28 digits: the same up to the first gains that are equal but for its rounding. */
enum { BEFORE_TIES = 6 };

static void the_program_before_its_first_tie(void **state)
{
    (void)state;
    table t = read_table("exchange/sample_data_decimal28");
    ent_exchange_result *result = play_faithful(&t);
    golden g = golden_open("exchange/sample_data_decimal28", "externalities_iter1.csv");
    double value[MOST];
    ent_exchange_effect kind[MOST];
    size_t lines = 0;
    static const char *const word[] = {"none", "own", "inner", "outer"};
    while (golden_next(&g) > 0 && golden_number(&g, 0) <= BEFORE_TIES) {
        size_t a = golden_index(t.actor, t.n, g.cell[1]);
        ent_exchange_effects(value, kind, result, 0, (size_t)golden_number(&g, 0) - 1);
        char told[48];
        snprintf(told, sizeof told, "%s%s", word[kind[a]],
                 kind[a] < ENT_EXCHANGE_INNER ? ""
                 : value[a] > 0               ? "_pos"
                                              : "_neg");
        assert_string_equal(told, g.cell[2]);
        CHECK_NEAR(value[a], golden_number(&g, 3), TOLERANCE);
        lines++;
    }
    assert_int_equal(lines, BEFORE_TIES * t.n);
    fclose(g.file);
    g = golden_open("exchange/sample_data_decimal28", "exchanges_potential_iter1.csv");
    size_t possible = 0;
    for (lines = 0; golden_next(&g) > 0; lines++)
        possible += golden_number(&g, 1) == 1;
    assert_int_equal(lines, result->iteration[0].candidates);
    assert_int_equal(possible, result->iteration[0].possible);
    fclose(g.file);
    ent_exchange_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_exchange),
        cmocka_unit_test(outcomes_and_positions),
        cmocka_unit_test(the_program_before_its_first_tie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
