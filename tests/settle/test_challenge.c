/* The challenge model, variant scholz, against what the public program gave: tests/golden/challenge. */
#include "golden.h"
#include "settle/challenge.h"

#define TOLERANCE 1e-9
enum { MOST = 16, ROUNDS = 12 };

typedef struct emissions {
    size_t n;
    char name[MOST][48];
    double position[MOST], salience[MOST], capability[MOST];
} emissions;

static emissions read_emissions(void)
{
    emissions e = {0};
    golden g = golden_open("challenge", "ExampleActors.csv");
    for (; golden_next(&g) > 0; e.n++) {
        snprintf(e.name[e.n], sizeof e.name[0], "%.47s", g.cell[0]);
        e.capability[e.n] = golden_number(&g, 1);
        e.position[e.n] = golden_number(&g, 2);
        e.salience[e.n] = golden_number(&g, 3);
    }
    fclose(g.file);
    return e;
}

static ent_challenge_result *play(const emissions *e, const ent_challenge_options *options)
{
    ent_challenge_result *result = NULL;
    ent_error err = {0};
    ent_challenge_input input = {
        .n = e->n, .position = e->position, .salience = e->salience, .capability = e->capability};
    if (ent_challenge(&result, &input, options, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return result;
}

static ent_challenge_result *play_scholz(const emissions *e, double q)
{
    ent_challenge_options options = ENT_CHALLENGE_OPTIONS_INIT;
    options.variant = ENT_CHALLENGE_SCHOLZ;
    options.q = q;
    options.max_rounds = ROUNDS;
    return play(e, &options);
}

static const struct {
    const char *folder;
    double q;
} run[] = {{"challenge/ExampleActors_q1.0", 1}, {"challenge/ExampleActors_q0.5", 0.5}};
enum { RUNS = 2 };

/* --- golden ----------------------------------------------------------------------------------------------- */

static void medians_and_means(void **state)
{
    (void)state;
    emissions e = read_emissions();
    for (size_t r = 0; r < RUNS; r++) {
        ent_challenge_result *result = play_scholz(&e, run[r].q);
        golden g = golden_open(run[r].folder, "rounds.csv");
        int32_t t = 0;
        for (; golden_next(&g) > 0; t++) {
            CHECK_NEAR(result->round[t].median, golden_number(&g, 1), TOLERANCE);
            CHECK_NEAR(result->round[t].mean, golden_number(&g, 3), TOLERANCE);
        }
        assert_int_equal(t, ROUNDS + 1);
        assert_int_equal(result->rounds, ROUNDS);
        assert_int_equal(result->stop, ENT_STOP_MAX_ROUNDS);
        CHECK_SAME(result->outcome, result->round[ROUNDS].median);
        CHECK_SAME(result->range, 6);
        fclose(g.file);
        ent_challenge_free(result);
    }
}

static void actors_by_round(void **state)
{
    (void)state;
    emissions e = read_emissions();
    for (size_t r = 0; r < RUNS; r++) {
        ent_challenge_result *result = play_scholz(&e, run[r].q);
        golden g = golden_open(run[r].folder, "actors_by_round.csv");
        size_t lines = 0;
        for (; golden_next(&g) > 0; lines++) {
            const ent_challenge_round *now = &result->round[(int)golden_number(&g, 0) - 1];
            size_t i = golden_index(e.name, e.n, g.cell[2]);
            CHECK_NEAR(now->position[i], golden_number(&g, 5), TOLERANCE);
            CHECK_NEAR(now->danger[i], golden_number(&g, 6), TOLERANCE);
            CHECK_NEAR(now->risk[i], golden_number(&g, 7), TOLERANCE);
            CHECK_NEAR(now->exponent[i], golden_number(&g, 8), TOLERANCE);
            CHECK_NEAR(now[1].position[i], golden_number(&g, 13), TOLERANCE);
            CHECK((now->accepted[i] < 0) == (g.cell[9][0] == 0));
            if (now->accepted[i] >= 0)
                assert_int_equal(now->offer[now->accepted[i]].proposer, golden_index(e.name, e.n, g.cell[10]));
        }
        assert_int_equal(lines, ROUNDS * e.n);
        fclose(g.file);
        ent_challenge_free(result);
    }
}

static void every_offer(void **state)
{
    (void)state;
    emissions e = read_emissions();
    for (size_t r = 0; r < RUNS; r++) {
        ent_challenge_result *result = play_scholz(&e, run[r].q);
        golden g = golden_open(run[r].folder, "offers_by_round.csv");
        int32_t t = 0;
        size_t o = 0, lines = 0, told = 0;
        for (; golden_next(&g) > 0; lines++, o++) {
            int32_t round = (int32_t)golden_number(&g, 0) - 1;
            o = round == t ? o : 0;
            t = round;
            CHECK(o < result->round[t].n_offers);
            const ent_challenge_offer *offer = &result->round[t].offer[o];
            assert_int_equal(offer->receiver, golden_index(e.name, e.n, g.cell[1]));
            assert_int_equal(offer->proposer, golden_index(e.name, e.n, g.cell[2]));
            assert_int_equal(offer->kind, strcmp(g.cell[3], "confrontation") == 0 ? ENT_CHALLENGE_CONFRONTATION
                                                                                  : ENT_CHALLENGE_COMPROMISE);
            CHECK_NEAR(offer->eu_receiver, golden_number(&g, 4), TOLERANCE);
            CHECK_NEAR(offer->eu_proposer, golden_number(&g, 5), TOLERANCE);
            CHECK_NEAR(offer->position, golden_number(&g, 6), TOLERANCE);
            assert_int_equal(offer->accepted, golden_number(&g, 7) == 1);
        }
        for (t = 0; t < ROUNDS; t++)
            told += result->round[t].n_offers + result->round[t].left_out;
        assert_int_equal(told, lines);
        CHECK(lines > 10);
        fclose(g.file);
        ent_challenge_free(result);
    }
}

/* The probabilities of all pairs, with each actor's own exponent: S_ij / V after the first round. */
static void probabilities(void **state)
{
    (void)state;
    emissions e = read_emissions();
    for (size_t r = 0; r < RUNS; r++) {
        double array[4][MOST], next[MOST], votes = 0;
        ent__challenge game = {.options = ENT_CHALLENGE_OPTIONS_INIT};
        game.options.variant = ENT_CHALLENGE_SCHOLZ;
        game.options.q = run[r].q;
        void *block = ent__alloc(ent__challenge_layout(&game, e.n, NULL), 1);
        ent__challenge_layout(&game, e.n, block);
        ent__challenge_state start = {.position = array[0], .danger = array[1], .risk = array[2], .exponent = array[3]};
        memcpy(array[0], e.position, sizeof e.position);
        CHECK(ent__challenge_prepare(&game, e.position, e.salience, e.capability));
        ent__challenge_look(&game, &start);
        CHECK(ent__challenge_round(&game, &start, next, 1));
        size_t m = game.held.n, lines = 0;
        for (size_t i = 0; i < e.n; i++)
            for (size_t j = 0; j < e.n; j++)
                votes += 2 * game.support[(size_t)game.held.place[i] * m + (size_t)game.held.place[j]];
        golden g = golden_open(run[r].folder, "round1_pairs.csv");
        for (; golden_next(&g) > 0; lines++) {
            size_t p = (size_t)game.held.place[golden_index(e.name, e.n, g.cell[0])];
            size_t q = (size_t)game.held.place[golden_index(e.name, e.n, g.cell[1])];
            CHECK_NEAR(game.support[p * m + q] / votes, golden_number(&g, 2), TOLERANCE);
        }
        assert_int_equal(lines, e.n * (e.n - 1));
        fclose(g.file);
        ent__free(block);
    }
}

/* The paper prints one digit. The replication leaves its medians by up to 0.3 (round 2: 9.6 for 9.9), and its means by
 * up to 0.1; of all readings of the paper that were tried none came nearer. */
static void near_the_published_rounds(void **state)
{
    (void)state;
    emissions e = read_emissions();
    ent_challenge_result *result = play_scholz(&e, 1);
    golden g = golden_open("challenge", "ec_emissions_published.csv");
    size_t lines = 0;
    for (; golden_next(&g) > 0; lines++) {
        const ent_challenge_round *now = &result->round[(int)golden_number(&g, 0)];
        CHECK_NEAR(now->median, golden_number(&g, 1), 0.3);
        CHECK_NEAR(now->mean, golden_number(&g, 2), 0.1);
    }
    assert_int_equal(lines, 8);
    fclose(g.file);
    ent_challenge_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_and_means), cmocka_unit_test(actors_by_round),           cmocka_unit_test(every_offer),
        cmocka_unit_test(probabilities),     cmocka_unit_test(near_the_published_rounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
