/* What must hold of the challenge model: symmetries of one round, the hull, ends, awkward and bad input. */
#include "check.h"
#include "core/random.h"
#include "entente/challenge.h"
#include "settle/settle.h"

enum { MOST = 24, GROUPS = 300 };
static const double TOLERANCE = 1e-9;

typedef struct group {
    size_t n;
    double position[MOST], salience[MOST], capability[MOST];
    ent_challenge_options options;
} group;

/* Any numbers in [0, 1]; coarse: on a grid of few, so that actors are alike and things tie. */
static group random_group(uint64_t seed, bool coarse)
{
    double u[3 * MOST + 8];
    group g = {.options = ENT_CHALLENGE_OPTIONS_INIT};
    ent__uniform_many(u, 3 * MOST + 8, seed, coarse, 0);
    g.n = 3 + (size_t)(u[0] * (MOST - 3));
    g.options.accept = u[1] < 0.5 ? ENT_CHALLENGE_LEAST : ENT_CHALLENGE_STRONGEST;
    g.options.confrontation = u[2] < 0.7 ? ENT_CHALLENGE_CONCEDE : ENT_CHALLENGE_NONE;
    g.options.q = u[3] < 0.5 ? 1 : u[4];
    for (size_t i = 0; i < 3 * g.n; i++) {
        double x = coarse ? floor(u[8 + i] * 5) / 4 : u[8 + i];
        (i < g.n ? g.position : i < 2 * g.n ? g.salience : g.capability)[i % g.n] = x;
    }
    g.salience[0] = g.capability[0] = 1;
    return g;
}

static ent_status try_group(ent_challenge_result **result, const group *g, ent_error *err)
{
    ent_challenge_input input = {
        .n = g->n, .position = g->position, .salience = g->salience, .capability = g->capability};
    return ent_challenge(result, &input, &g->options, err);
}

static ent_challenge_result *play(const group *g)
{
    ent_challenge_result *result = NULL;
    ent_error err = {0};
    if (try_group(&result, g, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return result;
}

/* --- symmetries of one round -------------------------------------------------------------------------------- */

/* Plays one round of g and of g with positions a x + b: exponents are the same, positions follow. */
static void check_moved_scale(const group *g, double a, double b)
{
    group other = *g;
    other.options.max_rounds = 1;
    for (size_t i = 0; i < g->n; i++)
        other.position[i] = a * g->position[i] + b;
    group one = *g;
    one.options.max_rounds = 1;
    ent_challenge_result *want = play(&one), *got = play(&other);
    assert_int_equal(got->round[0].n_offers, want->round[0].n_offers);
    for (size_t i = 0; i < g->n; i++) {
        CHECK_NEAR(got->round[0].exponent[i], want->round[0].exponent[i], TOLERANCE);
        CHECK_NEAR((got->round[1].position[i] - b) / a, want->round[1].position[i], TOLERANCE);
        CHECK((got->round[0].accepted[i] < 0) == (want->round[0].accepted[i] < 0));
    }
    CHECK_NEAR((got->outcome - b) / a, want->outcome, TOLERANCE);
    CHECK_NEAR((got->mean - b) / a, want->mean, TOLERANCE);
    ent_challenge_free(want);
    ent_challenge_free(got);
}

static void one_round_follows_the_scale(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < GROUPS; seed++) {
        group g = random_group(seed, seed % 3 == 0);
        check_moved_scale(&g, -1, 1);      /* mirrored */
        check_moved_scale(&g, 1, 17.3);    /* shifted */
        check_moved_scale(&g, 250, 0);     /* scaled */
        check_moved_scale(&g, -0.037, -2); /* all three */
    }
}

static void capability_counts_in_proportion(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < GROUPS; seed++) {
        group g = random_group(seed, false);
        g.options.max_rounds = 1;
        ent_challenge_result *want = play(&g);
        for (size_t i = 0; i < g.n; i++)
            g.capability[i] *= 3e7;
        ent_challenge_result *got = play(&g);
        for (size_t i = 0; i < g.n; i++)
            CHECK_NEAR(got->round[1].position[i], want->round[1].position[i], TOLERANCE);
        ent_challenge_free(want);
        ent_challenge_free(got);
    }
}

static void the_order_of_actors_does_not_matter(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < GROUPS; seed++) {
        group g = random_group(seed, false), turned = g;
        g.options.max_rounds = turned.options.max_rounds = 1;
        for (size_t i = 0; i < g.n; i++) {
            size_t to = (i + 1 + seed % (g.n - 1)) % g.n;
            turned.position[to] = g.position[i];
            turned.salience[to] = g.salience[i];
            turned.capability[to] = g.capability[i];
        }
        ent_challenge_result *want = play(&g), *got = play(&turned);
        for (size_t i = 0; i < g.n; i++) {
            size_t to = (i + 1 + seed % (g.n - 1)) % g.n;
            CHECK_NEAR(got->round[1].position[to], want->round[1].position[i], TOLERANCE);
        }
        CHECK_NEAR(got->outcome, want->outcome, TOLERANCE);
        ent_challenge_free(want);
        ent_challenge_free(got);
    }
}

/* --- rounds ------------------------------------------------------------------------------------------------- */

static void check_round(const group *g, const ent_challenge_round *now, const ent_challenge_round *next)
{
    for (size_t o = 0; o < now->n_offers; o++) {
        const ent_challenge_offer *offer = &now->offer[o];
        double from = now->position[offer->receiver], to = now->position[offer->proposer];
        CHECK(offer->eu_proposer > fabs(offer->eu_receiver));
        CHECK(offer->position >= (from < to ? from : to) && offer->position <= (from < to ? to : from));
        CHECK((offer->kind == ENT_CHALLENGE_CONFRONTATION) == (offer->eu_receiver > 0));
        CHECK(offer->accepted == (now->accepted[offer->receiver] == (int32_t)o));
        CHECK(o == 0 || offer[-1].receiver < offer->receiver ||
              (offer[-1].receiver == offer->receiver && offer[-1].proposer < offer->proposer));
    }
    for (size_t i = 0; i < g->n; i++) {
        int32_t accepted = now->accepted[i];
        bool conflict = accepted >= 0 && now->offer[accepted].kind == ENT_CHALLENGE_CONFRONTATION &&
                        g->options.confrontation == ENT_CHALLENGE_NONE;
        CHECK_SAME(next->position[i], accepted < 0 || conflict ? now->position[i] : now->offer[accepted].position);
        CHECK(now->exponent[i] >= 0.5 && now->exponent[i] <= 2);
        CHECK(next->position[i] >= 0 && next->position[i] <= 1);
    }
}

static void check_end(const ent_challenge_result *result, const group *g)
{
    int32_t last = result->rounds;
    const ent_challenge_round *round = result->round;
    double medians = 0;
    CHECK(result->outcome >= 0 && result->outcome <= 1);
    CHECK(round[last].danger == NULL && round[last].accepted == NULL && round[last].n_offers == 0);
    for (int32_t t = 0; t < last; t++)
        CHECK((round[t].moved <= g->options.tolerance) == (result->stop == ENT_STOP_SETTLED && t == last - 1));
    if (result->stop != ENT_STOP_CYCLE) {
        CHECK_SAME(result->outcome, round[last].median);
        assert_int_equal(result->cycle_length, 0);
        return;
    }
    assert_int_equal(result->cycle_start + result->cycle_length, last);
    for (size_t i = 0; i < g->n; i++)
        CHECK_NEAR(round[last].position[i], round[result->cycle_start].position[i], TOLERANCE * result->range);
    for (int32_t t = result->cycle_start; t < last; t++)
        medians += round[t].median;
    CHECK_NEAR(result->outcome, medians / result->cycle_length, TOLERANCE);
}

/* Every way to end is met, and what is told is what was played. */
static void rounds_are_told_as_played(void **state)
{
    (void)state;
    size_t ends[ENT_STOP_COUNT] = {0};
    for (uint64_t seed = 0; seed < GROUPS; seed++) {
        group g = random_group(seed, seed % 2 == 0);
        ent_challenge_result *result = play(&g);
        for (int32_t t = 0; t < result->rounds; t++)
            check_round(&g, &result->round[t], &result->round[t + 1]);
        check_end(result, &g);
        ends[result->stop]++;
        ent_challenge_free(result);
    }
    CHECK(ends[ENT_STOP_SETTLED] > 10 && ends[ENT_STOP_CYCLE] > 0 && ends[ENT_STOP_MAX_ROUNDS] > 10);
}

static double draw(ent_settle_output *out, const group *g)
{
    const ent_model *model = &ent__model_challenge;
    double option[] = {2,
                       (double)g->options.variant,
                       (double)g->options.accept,
                       (double)g->options.confrontation,
                       g->options.q,
                       g->options.tolerance,
                       (double)g->options.max_rounds};
    ent_settle_input in = {.n = g->n,
                           .position = g->position,
                           .salience = g->salience,
                           .capability = g->capability,
                           .low = -1,
                           .high = 2,
                           .status_quo = ENT_UNDEFINED,
                           .option = option};
    ent_error err = {0};
    if (ent_settle(out, &in, model, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return out->outcome;
}

static void a_draw_is_a_run(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < GROUPS; seed++) {
        group g = random_group(seed, seed % 2 == 0);
        g.options.variant = seed % 5 == 0 ? ENT_CHALLENGE_SCHOLZ : ENT_CHALLENGE_CLASSIC;
        ent_challenge_result *result = play(&g);
        ent_settle_output out = {0};
        CHECK_SAME(draw(&out, &g), result->outcome);
        assert_int_equal(out.stop, result->stop);
        assert_int_equal(out.rounds, result->rounds);
        ent_challenge_free(result);
    }
}

/* Offers beyond max_offers are counted, and the accepted ones kept. */
static void offers_left_out_change_nothing(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 50; seed++) {
        group g = random_group(seed, false);
        ent_challenge_result *all = play(&g);
        g.options.max_offers = 20;
        ent_challenge_result *few = play(&g);
        size_t others = 0; /* kept though not accepted */
        assert_int_equal(few->rounds, all->rounds);
        for (int32_t t = 0; t < all->rounds; t++) {
            const ent_challenge_round *a = &all->round[t], *b = &few->round[t];
            assert_int_equal(b->n_offers + b->left_out, a->n_offers);
            for (size_t i = 0; i < g.n; i++) {
                CHECK_SAME(b[1].position[i], a[1].position[i]);
                CHECK((a->accepted[i] < 0) == (b->accepted[i] < 0));
                others -= b->accepted[i] >= 0;
                if (b->accepted[i] >= 0)
                    assert_int_equal(b->offer[b->accepted[i]].proposer, a->offer[a->accepted[i]].proposer);
            }
            others += b->n_offers;
        }
        CHECK(others <= 20);
        ent_challenge_free(all);
        ent_challenge_free(few);
    }
}

/* --- awkward and bad input ------------------------------------------------------------------------------------ */

static group of(size_t n, const double *position, const double *salience, const double *capability)
{
    group g = {.n = n, .options = ENT_CHALLENGE_OPTIONS_INIT};
    memcpy(g.position, position, n * sizeof *position);
    memcpy(g.salience, salience, n * sizeof *salience);
    memcpy(g.capability, capability, n * sizeof *capability);
    return g;
}
#define OF(n, position, salience, capability)                                                                          \
    of(n, (const double[])position, (const double[])salience, (const double[])capability)
#define LIST(...)                                                                                                      \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }

static void check_outcome(group g, double want)
{
    for (int variant = 0; variant < 2; variant++) {
        g.options.variant = (ent_challenge_variant)variant;
        ent_challenge_result *result = play(&g);
        CHECK_NEAR(result->outcome, want, TOLERANCE);
        for (size_t i = 0; i < g.n; i++)
            CHECK(isfinite(result->round[result->rounds].position[i]));
        CHECK(isfinite(result->mean));
        ent_settle_output out = {0};
        CHECK_SAME(draw(&out, &g), result->outcome);
        ent_challenge_free(result);
    }
}

static void awkward_groups(void **state)
{
    (void)state;
    check_outcome(OF(1, LIST(0.3), LIST(0.5), LIST(2)), 0.3);
    check_outcome(OF(3, LIST(0.3, 0.3, 0.3), LIST(0.5, 1, 0), LIST(2, 1, 5)), 0.3);
    check_outcome(OF(2, LIST(0, 1), LIST(1, 0), LIST(1, 1)), 0);          /* one cares not at all */
    check_outcome(OF(3, LIST(0, 1, 1), LIST(1, 1, 1), LIST(1, 0, 0)), 0); /* two can do nothing */
    check_outcome(OF(3, LIST(0, 0.5, 1), LIST(1, 1, 1), LIST(1e-3, 1e6, 1e-3)), 0.5);
    /* two alike: equally endangered, so both are neutral, and each expects 0 of a challenge */
    group pair = OF(2, LIST(0, 1), LIST(1, 1), LIST(1, 1));
    ent_challenge_result *result = play(&pair);
    assert_int_equal(result->stop, ENT_STOP_SETTLED);
    assert_int_equal(result->rounds, 1);
    assert_int_equal(result->round[0].n_offers, 0);
    CHECK_SAME(result->outcome, 0.5);
    CHECK_SAME(result->round[0].exponent[0], 1);
    ent_challenge_free(result);
}

static void check_refused(const group *g, ent_status status, const char *message)
{
    ent_challenge_result *result = (void *)&result;
    ent_error err = {0};
    assert_int_equal(try_group(&result, g, &err), status);
    CHECK(result == NULL);
    if (strstr(err.message, message) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    const group good = random_group(1, false);
    group g;
    g = good, g.n = 0;
    check_refused(&g, ENT_ERR_ARGUMENT, "at least one actor");
    g = good, g.position[1] = NAN;
    check_refused(&g, ENT_ERR_DOMAIN, "actor 2: position not a number");
    g = good, g.salience[2] = 1.25;
    check_refused(&g, ENT_ERR_DOMAIN, "actor 3: salience 1.25; allowed are 0 to 1");
    g = good, g.capability[0] = -1;
    check_refused(&g, ENT_ERR_DOMAIN, "actor 1: capability -1");
    g = good, g.capability[0] = INFINITY;
    check_refused(&g, ENT_ERR_DOMAIN, "actor 1: capability infinite");
    g = good, memset(g.salience, 0, sizeof g.salience);
    check_refused(&g, ENT_ERR_DOMAIN, "every weight");
    g = good, g.options.q = 1.5;
    check_refused(&g, ENT_ERR_DOMAIN, "option q is 1.5");
    g = good, g.options.tolerance = -1;
    check_refused(&g, ENT_ERR_DOMAIN, "option tolerance");
    g = good, g.options.max_rounds = 0;
    check_refused(&g, ENT_ERR_ARGUMENT, "option max_rounds is 0; allowed are 1 to 1000");
    g = good, g.options.max_offers = -1;
    check_refused(&g, ENT_ERR_ARGUMENT, "option max_offers");
    g = good, g.options.accept = (ent_challenge_accept)7;
    check_refused(&g, ENT_ERR_ARGUMENT, "option accept is 7");
    g = good, g.options.version = 0;
    check_refused(&g, ENT_ERR_ARGUMENT, "ENT_CHALLENGE_OPTIONS_INIT");
    ent_challenge_result *result = NULL;
    assert_int_equal(ent_challenge(&result, NULL, NULL, NULL), ENT_ERR_ARGUMENT);
    assert_int_equal(ent_challenge(NULL, NULL, NULL, NULL), ENT_ERR_ARGUMENT);
    ent_challenge_free(NULL);
}

static void without_memory(void **state)
{
    (void)state;
    group g = random_group(1, false);
    for (int64_t k = 1; k <= 2; k++) {
        ent__alloc_fail_at(k, false);
        check_refused(&g, ENT_ERR_MEMORY, "not enough memory");
    }
    ent__alloc_fail_at(3, true); /* two allocations and no more, however many rounds */
    ent_challenge_result *result = play(&g);
    ent__alloc_fail_at(0, false);
    ent_challenge_free(result);
}

/* --- many actors ------------------------------------------------------------------------------------------------ */

typedef struct crowd {
    size_t told, stop_at;
    double share;
} crowd;

static int watch(int32_t round, double share, void *payload)
{
    crowd *c = payload;
    CHECK(share >= 0 && share <= 1 && round >= 1);
    c->share = share;
    return ++c->told == c->stop_at;
}

static ent_status play_crowd(ent_challenge_result **result, size_t n, crowd *c, ent_error *err)
{
    double *number = malloc(3 * n * sizeof *number);
    ent__uniform_many(number, 3 * n, 5, 5, 0);
    ent_challenge_options options = ENT_CHALLENGE_OPTIONS_INIT;
    options.max_rounds = 1;
    options.progress = watch;
    options.payload = c;
    ent_challenge_input input = {.n = n, .position = number, .salience = number + n, .capability = number + 2 * n};
    ent_status status = ent_challenge(result, &input, &options, err);
    free(number);
    return status;
}

static void the_limit_names_the_cost(void **state)
{
    (void)state;
    ent_challenge_result *result = NULL;
    ent_error err = {0};
    crowd c = {0};
    assert_int_equal(play_crowd(&result, ENT_CHALLENGE_MAX_ACTORS + 1, &c, &err), ENT_ERR_LIMIT);
    CHECK(strstr(err.message, "2001 actors") != NULL && strstr(err.message, "n^3") != NULL);
    assert_int_equal(c.told, 0);
    assert_int_equal(play_crowd(&result, ENT_CHALLENGE_MAX_ACTORS, &c, &err), ENT_OK);
    CHECK(c.told >= 40 && c.told <= 60);
    assert_int_equal(result->rounds, 1);
    ent_challenge_free(result);
}

static void progress_can_stop_it(void **state)
{
    (void)state;
    ent_challenge_result *result = NULL;
    crowd c = {.stop_at = 3};
    assert_int_equal(play_crowd(&result, 300, &c, NULL), ENT_OK);
    CHECK(result->interrupted && c.told == 3);
    assert_int_equal(result->rounds, 0);
    CHECK_SAME(result->outcome, result->round[0].median);
    ent_challenge_free(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_round_follows_the_scale),
        cmocka_unit_test(capability_counts_in_proportion),
        cmocka_unit_test(the_order_of_actors_does_not_matter),
        cmocka_unit_test(rounds_are_told_as_played),
        cmocka_unit_test(a_draw_is_a_run),
        cmocka_unit_test(offers_left_out_change_nothing),
        cmocka_unit_test(awkward_groups),
        cmocka_unit_test(bad_input_is_refused),
        cmocka_unit_test(without_memory),
        cmocka_unit_test(the_limit_names_the_cost),
        cmocka_unit_test(progress_can_stop_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
