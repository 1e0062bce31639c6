/* The spatial model by itself: what must hold of every run, what is refused, the draw loop, memory that fails. Numbers
 * come from outside in test_spatial_golden.c and test_spatial_twin.py. */
#include "check.h"
#include "core/random.h"
#include "settle/settle.h"
#include "settle/spatial.h"

enum { MOST = 150, MOST_DIMS = 3 };

typedef struct group {
    size_t n, dims;
    double position[MOST * MOST_DIMS], salience[MOST * MOST_DIMS], capability[MOST], low[MOST_DIMS], high[MOST_DIMS];
} group;

typedef struct dice {
    uint64_t seed, next;
} dice;
static double roll(dice *d)
{
    return ent__uniform(d->seed, 11, d->next++);
}
static int pick(dice *d, int n)
{
    return (int)(roll(d) * n);
}

static group group_of(dice *d, size_t n, size_t dims)
{
    group g = {.n = n, .dims = dims};
    for (size_t k = 0; k < g.dims; k++) {
        g.low[k] = 200 * roll(d) - 100;
        g.high[k] = g.low[k] + 1 + 100 * roll(d);
    }
    for (size_t i = 0; i < g.n; i++) {
        g.capability[i] = 1 + 50 * roll(d);
        for (size_t k = 0; k < g.dims; k++) {
            g.position[i * g.dims + k] = g.low[k] + (g.high[k] - g.low[k]) * roll(d);
            g.salience[i * g.dims + k] = (0.1 + 0.9 * roll(d)) / (double)g.dims;
        }
    }
    return g;
}

static group random_group(dice *d)
{
    size_t n = 3 + (size_t)pick(d, 10);
    return group_of(d, n, 1 + (size_t)pick(d, MOST_DIMS));
}

static ent_spatial_options random_options(dice *d)
{
    ent_spatial_options o = ENT_SPATIAL_OPTIONS_INIT;
    o.victory = (ent_spatial_victory)pick(d, ENT_SPATIAL_VICTORY_COUNT);
    o.election = (ent_spatial_election)pick(d, ENT_SPATIAL_ELECTION_COUNT);
    o.vote = (ent_spatial_vote)pick(d, ENT_SPATIAL_VOTE_COUNT);
    o.adjust = (ent_spatial_adjust)pick(d, ENT_SPATIAL_ADJUST_COUNT);
    o.range = (ent_spatial_range)pick(d, ENT_SPATIAL_RANGE_COUNT);
    o.commit = (ent_spatial_commit)pick(d, ENT_SPATIAL_COMMIT_COUNT);
    o.interpolation = (ent_spatial_interpolation)pick(d, ENT_SPATIAL_INTERPOLATION_COUNT);
    o.bargain = (ent_spatial_bargain)pick(d, ENT_SPATIAL_BARGAIN_COUNT);
    return o;
}

static ent_spatial_input input_of(const group *g)
{
    return (ent_spatial_input){.n = g->n,
                               .dims = g->dims,
                               .position = g->position,
                               .salience = g->salience,
                               .capability = g->capability,
                               .low = g->low,
                               .high = g->high};
}

static ent_spatial_result *play_input(const ent_spatial_input *in, const ent_spatial_options *options)
{
    ent_spatial_result *result = NULL;
    ent_error err = {0};
    if (ent_spatial(&result, in, options, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return result;
}

static ent_spatial_result *play(const group *g, const ent_spatial_options *options)
{
    ent_spatial_input in = input_of(g);
    return play_input(&in, options);
}

/* --- what must hold of every run ---------------------------------------------------------------------- */

static void check_round(const ent_spatial_result *r, int32_t t, const group *g)
{
    const ent_spatial_round *round = &r->round[t];
    double chances = 0, by_place[MOST] = {0}, win = 0;
    for (size_t i = 0; i < r->n; i++) {
        chances += round->chance[i];
        CHECK(round->chance[i] >= 0 && round->risk[i] >= -1 - 1e-12 && round->risk[i] <= 1 + 1e-12);
        CHECK((size_t)round->place[i] < round->places);
        by_place[round->place[i]] = round->win_probability[i];
        for (size_t k = 0; k < r->dims; k++) {
            double least = INFINITY, most = -INFINITY, x = round->position[i * r->dims + k];
            for (size_t j = 0; j < r->n; j++) {
                least = fmin(least, g->position[j * r->dims + k]);
                most = fmax(most, g->position[j * r->dims + k]);
            }
            CHECK(x >= least - 1e-9 && x <= most + 1e-9);
        }
    }
    for (size_t place = 0; place < round->places; place++)
        win += by_place[place];
    CHECK_NEAR(chances, 1, 1e-12);
    CHECK_NEAR(win, 1, 1e-12);
    if (t == r->rounds) {
        CHECK(round->n_offers == 0 && round->stay == NULL && round->taken == NULL);
        return;
    }
    double queue[MOST];
    memcpy(queue, round->stay, r->n * sizeof *queue);
    for (size_t m = 0; m < round->n_offers; m++) {
        const ent_spatial_offer *offer = &round->offer[m];
        CHECK(offer->initiator != offer->receiver && offer->phi >= 0 && offer->phi <= 1 && offer->delta > 1e-5);
        queue[offer->initiator] += offer->initiator_chance;
        queue[offer->receiver] += offer->receiver_chance;
        CHECK(offer->initiator_takes == (round->taken[offer->initiator] == (int32_t)m));
        CHECK(offer->receiver_takes == (round->taken[offer->receiver] == (int32_t)m));
    }
    for (size_t i = 0; i < r->n; i++) {
        CHECK_NEAR(queue[i], 1, 1e-12);
        const double *to = &round->position[i * r->dims];
        if (round->taken[i] >= 0) {
            const ent_spatial_offer *offer = &round->offer[round->taken[i]];
            to = (size_t)offer->initiator == i ? offer->initiator_moves : offer->receiver_moves;
        }
        for (size_t k = 0; k < r->dims; k++)
            CHECK_NEAR(r->round[t + 1].position[i * r->dims + k], to[k], 1e-12 * (1 + fabs(to[k])));
    }
}

static void test_every_run_is_sound(void **unused)
{
    (void)unused;
    size_t offers = 0, moved = 0;
    for (uint64_t seed = 0; seed < 150; seed++) {
        dice d = {.seed = seed};
        group g = random_group(&d);
        ent_spatial_options o = random_options(&d);
        o.transition = (ent_spatial_transition)pick(&d, 2);
        ent_spatial_result *r = play(&g, &o);
        CHECK(r->rounds >= 2 || o.max_rounds < 2);
        CHECK(r->stop == (r->rounds == 100 ? r->stop : ENT_STOP_SETTLED));
        for (int32_t t = 0; t <= r->rounds; t++) {
            check_round(r, t, &g);
            offers += r->round[t].n_offers;
            moved += r->round[t].moved > 0;
        }
        CHECK(memcmp(r->round[0].position, g.position, g.n * g.dims * sizeof(double)) == 0);
        ent_spatial_free(r);
    }
    CHECK(offers > 1000 && moved > 200);
}

/* One round only: over many, paths part by rounding. The rules with a step or a threshold magnify it, and prospect
 * reads pairs in the order of the actors, so they are left out. */
static ent_spatial_options smooth_options(dice *d)
{
    ent_spatial_options o = random_options(d);
    if (o.vote != ENT_SPATIAL_VOTE_PROP_CUBIC)
        o.vote = ENT_SPATIAL_VOTE_PROP;
    if (o.victory == ENT_SPATIAL_BINARY)
        o.victory = ENT_SPATIAL_LINEAR;
    o.max_rounds = 1;
    return o;
}

static void test_order_does_not_matter(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1000; seed < 1154; seed++) {
        dice d = {.seed = seed};
        group g = seed < 1150 ? random_group(&d) : group_of(&d, MOST, 2); /* more than the loops take at once */
        group h = g;
        ent_spatial_options o = smooth_options(&d);
        size_t turn[MOST];
        for (size_t i = 0; i < g.n; i++) { /* a random order */
            size_t j = (size_t)pick(&d, (int)i + 1);
            turn[i] = turn[j];
            turn[j] = i;
        }
        for (size_t i = 0; i < g.n; i++) {
            h.capability[i] = g.capability[turn[i]];
            for (size_t k = 0; k < g.dims; k++) {
                h.position[i * g.dims + k] = g.position[turn[i] * g.dims + k];
                h.salience[i * g.dims + k] = g.salience[turn[i] * g.dims + k];
            }
        }
        ent_spatial_result *a = play(&g, &o), *b = play(&h, &o);
        for (size_t i = 0; i < g.n; i++) {
            CHECK_NEAR(b->round[0].risk[i], a->round[0].risk[turn[i]], 1e-7);
            if (a->round[0].places == g.n) /* of those who stand together, the first speaks for all */
                CHECK_NEAR(b->round[0].win_probability[i], a->round[0].win_probability[turn[i]], 1e-9);
            for (size_t k = 0; k < g.dims; k++)
                CHECK_NEAR(b->round[1].position[i * g.dims + k], a->round[1].position[turn[i] * g.dims + k], 1e-7);
        }
        for (size_t k = 0; k < g.dims; k++)
            CHECK_NEAR(b->outcome[k], a->outcome[k], 1e-8);
        ent_spatial_free(a);
        ent_spatial_free(b);
    }
}

/* The scale moved and stretched, mirrored, and capabilities in another unit. */
static void test_scales_do_not_matter(void **unused)
{
    (void)unused;
    for (uint64_t seed = 2000; seed < 2150; seed++) {
        dice d = {.seed = seed};
        group g = random_group(&d), h = g;
        ent_spatial_options o = smooth_options(&d);
        bool mirrored = pick(&d, 2);
        double stretch = 0.5 + 3 * roll(&d), shift = 50 * roll(&d);
        for (size_t i = 0; i < g.n; i++) {
            h.capability[i] = g.capability[i] * 37;
            for (size_t k = 0; k < g.dims; k++) {
                double x = g.position[i * g.dims + k] - g.low[k];
                h.low[k] = g.low[k] + shift;
                h.high[k] = h.low[k] + stretch * (g.high[k] - g.low[k]);
                x = mirrored ? h.high[k] - stretch * x : h.low[k] + stretch * x;
                h.position[i * g.dims + k] = fmin(fmax(x, h.low[k]), h.high[k]);
            }
        }
        ent_spatial_result *a = play(&g, &o), *b = play(&h, &o);
        for (size_t i = 0; i < g.n; i++)
            for (size_t k = 0; k < g.dims; k++) {
                double x = a->round[1].position[i * g.dims + k] - g.low[k];
                CHECK_NEAR(b->round[1].position[i * g.dims + k],
                           mirrored ? h.high[k] - stretch * x : h.low[k] + stretch * x, 1e-6);
            }
        ent_spatial_free(a);
        ent_spatial_free(b);
    }
}

/* --- degenerate groups -------------------------------------------------------------------------------- */

static void test_equal_positions_stay(void **unused)
{
    (void)unused;
    group g = {.n = 4, .dims = 2, .low = {0, 0}, .high = {100, 100}};
    for (size_t i = 0; i < 8; i++) {
        g.position[i] = 30;
        g.salience[i] = 0.5;
    }
    for (size_t i = 0; i < 4; i++)
        g.capability[i] = (double)(1 + i);
    for (int mode = 0; mode < 2; mode++) {
        ent_spatial_options o = ENT_SPATIAL_OPTIONS_INIT;
        o.mode = (ent_spatial_mode)mode;
        ent_spatial_result *r = play(&g, &o);
        CHECK(r->stop == ENT_STOP_SETTLED && r->rounds == 2);
        CHECK_NEAR(r->outcome[0], 30, 1e-12);
        for (size_t i = 0; i < 4; i++) {
            CHECK_SAME(r->round[0].risk[i], 0);
            CHECK_NEAR(r->round[0].chance[i], 0.25, 1e-15);
            CHECK_NEAR(r->round[0].win_probability[i], 1, 1e-15);
        }
        assert_int_equal(r->round[0].places, 1);
        ent_spatial_free(r);
    }
}

/* Nobody who cannot or does not care moves another; whoever is alone in caring and able is met where it stands. */
static void test_some_without_weight(void **unused)
{
    (void)unused;
    group g = {.n = 3,
               .dims = 1,
               .position = {10, 60, 90},
               .salience = {0.5, 0, 0.8},
               .capability = {10, 5, 0},
               .low = {0},
               .high = {100}};
    for (int trial = 0; trial < 40; trial++) {
        dice d = {.seed = (uint64_t)trial};
        ent_spatial_options o = random_options(&d);
        ent_spatial_result *r = play(&g, &o);
        for (int32_t t = 0; t <= r->rounds; t++)
            check_round(r, t, &g);
        CHECK(r->outcome[0] >= 10 - 1e-9 && r->outcome[0] <= 90);
        ent_spatial_free(r);
    }
}

static void test_two_actors(void **unused)
{
    (void)unused;
    group g = {.n = 2,
               .dims = 1,
               .position = {0, 100},
               .salience = {0.9, 0.2},
               .capability = {10, 1},
               .low = {0},
               .high = {100}};
    ent_spatial_result *r = play(&g, NULL);
    check_round(r, 0, &g);
    CHECK(r->outcome[0] < 20); /* the strong one hardly moves */
    ent_spatial_free(r);
}

/* Accommodation 0: ideals never move, whatever positions do. The identity given is the identity implied. */
static void test_accommodation(void **unused)
{
    (void)unused;
    dice d = {.seed = 77};
    group g = random_group(&d);
    double none[MOST * MOST] = {0}, own[MOST * MOST] = {0};
    for (size_t i = 0; i < g.n; i++)
        own[i * g.n + i] = 1;
    ent_spatial_input in = input_of(&g);
    ent_spatial_result *plain = play_input(&in, NULL);
    in.accommodation = own;
    ent_spatial_result *same = play_input(&in, NULL);
    in.accommodation = none;
    ent_spatial_result *rigid = play_input(&in, NULL);
    assert_int_equal(plain->rounds, same->rounds);
    CHECK(memcmp(plain->round[plain->rounds].position, same->round[same->rounds].position,
                 g.n * g.dims * sizeof(double)) == 0);
    CHECK(rigid->round[0].moved > 0);
    for (size_t at = 0; at < g.n * g.dims; at++)
        CHECK_NEAR(rigid->round[rigid->rounds].ideal[at], g.position[at], 1e-9);
    ent_spatial_free(plain);
    ent_spatial_free(same);
    ent_spatial_free(rigid);
}

/* One capability an actor is the same as that one on every dimension. */
static void test_capability_by_dimension(void **unused)
{
    (void)unused;
    dice d = {.seed = 5};
    group g = random_group(&d);
    double wide[MOST * MOST_DIMS];
    for (size_t i = 0; i < g.n; i++)
        for (size_t k = 0; k < g.dims; k++)
            wide[i * g.dims + k] = g.capability[i];
    ent_spatial_input in = input_of(&g);
    ent_spatial_result *a = play_input(&in, NULL);
    in.capability = wide;
    in.by_dimension = true;
    ent_spatial_result *b = play_input(&in, NULL);
    for (size_t k = 0; k < g.dims; k++)
        CHECK_NEAR(a->outcome[k], b->outcome[k], 1e-6);
    ent_spatial_free(a);
    ent_spatial_free(b);
}

static void check_numbers(const ent_spatial_result *r, double bound)
{
    for (int32_t t = 0; t <= r->rounds; t++) {
        const ent_spatial_round *round = &r->round[t];
        double chances = 0;
        for (size_t i = 0; i < r->n; i++) {
            chances += round->chance[i];
            CHECK(ent__is_finite(round->risk[i]) && ent__is_finite(round->win_probability[i]));
            for (size_t k = 0; k < r->dims; k++)
                CHECK(fabs(round->position[i * r->dims + k]) <= bound);
        }
        CHECK_NEAR(chances, 1, 1e-9);
        for (size_t m = 0; m < round->n_offers; m++)
            CHECK(ent__is_finite(round->offer[m].phi) && ent__is_finite(round->offer[m].delta));
    }
    for (size_t k = 0; k < r->dims; k++)
        CHECK(fabs(r->outcome[k]) <= bound);
}

/* Mode ktab takes a gain for a chance in some readings, so positions may leave the scale: they stay numbers. */
static void test_ktab_gives_numbers(void **unused)
{
    (void)unused;
    for (uint64_t seed = 3000; seed < 3300; seed++) {
        dice d = {.seed = seed};
        group g = random_group(&d);
        ent_spatial_options o = random_options(&d);
        o.mode = ENT_SPATIAL_KTAB;
        o.transition = (ent_spatial_transition)pick(&d, 2);
        o.seed = seed;
        if (o.adjust == ENT_SPATIAL_ADJUST_FULL)
            o.adjust = ENT_SPATIAL_ADJUST_NONE;
        ent_spatial_result *r = play(&g, &o);
        check_numbers(r, 1e12);
        ent_spatial_free(r);
    }
}

/* Weights and saliences of any size, and positions on a few points: equal ones, ends of the scale. */
static void test_any_size_gives_numbers(void **unused)
{
    (void)unused;
    int played = 0;
    for (uint64_t seed = 4000; seed < 4400; seed++) {
        dice d = {.seed = seed};
        group g = random_group(&d);
        ent_spatial_options o = random_options(&d);
        for (size_t i = 0; i < g.n; i++) {
            const double size[] = {0, 1e-300, 1e-160, 1e-9, 1, 1e9, 1e150, 1e300};
            g.capability[i] = i == 0 ? size[2 + pick(&d, 6)] : size[pick(&d, 8)];
            for (size_t k = 0; k < g.dims; k++) {
                double *x = &g.position[i * g.dims + k], *s = &g.salience[i * g.dims + k];
                *x = pick(&d, 2) ? g.low[k] : pick(&d, 2) ? g.high[k] : *x;
                *s = pick(&d, 3) ? *s : i == 0 ? 1 : size[pick(&d, 5)];
            }
        }
        ent_spatial_input in = input_of(&g);
        ent_spatial_result *r = NULL;
        ent_status status = ent_spatial(&r, &in, &o, NULL);
        CHECK(status == ENT_OK || status == ENT_ERR_DOMAIN); /* nobody with weight worth mentioning */
        if (status == ENT_OK)
            check_numbers(r, 201);
        played += status == ENT_OK;
        ent_spatial_free(r);
    }
    CHECK(played > 350);
}

/* --- choices at random --------------------------------------------------------------------------------- */

/* The same keys give the same run, others another; shares of what is taken follow the stated chances. */
static void test_stochastic(void **unused)
{
    (void)unused;
    dice d = {.seed = 9};
    group g = random_group(&d);
    ent_spatial_options o = ENT_SPATIAL_OPTIONS_INIT;
    o.transition = ENT_SPATIAL_STOCHASTIC;
    o.max_rounds = 1;
    double stays = 0, expected = 0, variance = 0;
    for (o.draw = 0; o.draw < 400; o.draw++) {
        ent_spatial_result *a = play(&g, &o), *b = play(&g, &o);
        CHECK(memcmp(a->round[1].position, b->round[1].position, g.n * g.dims * sizeof(double)) == 0);
        for (size_t i = 0; i < g.n; i++) {
            double p = a->round[0].stay[i];
            stays += a->round[0].taken[i] < 0;
            expected += p;
            variance += p * (1 - p);
        }
        ent_spatial_free(a);
        ent_spatial_free(b);
    }
    CHECK(variance > 50);
    CHECK_NEAR(stays, expected, 4 * sqrt(variance));
}

/* --- the draw loop ---------------------------------------------------------------------------------------- */

/* The model of the table on one issue is the call of this header in one dimension, for every word of every option. */
static void test_draw_loop(void **unused)
{
    (void)unused;
    const ent_model *model = &ent__model_spatial;
    for (uint64_t seed = 0; seed < 120; seed++) {
        dice d = {.seed = seed};
        group g = random_group(&d);
        double option[32], x[MOST], s[MOST];
        for (size_t i = 0; i < g.n; i++) {
            x[i] = g.position[i * g.dims];
            s[i] = g.salience[i * g.dims];
        }
        ent_model_defaults(option, model);
        for (size_t k = 1; k < model->n_options; k++) {
            int words = 1;
            for (const char *c = model->options[k].choices; c && *c; c++)
                words += *c == '|';
            if (model->options[k].choices && k > 1) /* mode ktab keys its generator in its own way */
                option[k] = pick(&d, words);
        }
        ent_settle_input in = {.n = g.n,
                               .position = x,
                               .salience = s,
                               .capability = g.capability,
                               .low = g.low[0],
                               .high = g.high[0],
                               .status_quo = ENT_UNDEFINED,
                               .option = option,
                               .seed = seed,
                               .stream = 3,
                               .draw = 8};
        ent_settle_output out = {0};
        ent_error err = {0};
        if (ent_settle(&out, &in, model, &err) != ENT_OK)
            fail_msg("%s", err.message);
        ent_spatial_options o = ent_spatial_options_of(option);
        o.seed = seed;
        o.stream = 3;
        o.draw = 8;
        ent_spatial_input same = {.n = g.n,
                                  .dims = 1,
                                  .position = x,
                                  .salience = s,
                                  .capability = g.capability,
                                  .low = g.low,
                                  .high = g.high};
        ent_spatial_result *r = play_input(&same, &o);
        CHECK_NEAR(out.outcome, r->outcome[0], 1e-9);
        assert_int_equal(out.rounds, r->rounds);
        assert_int_equal(out.stop, r->stop);
        ent_spatial_free(r);
    }
}

static void test_words_have_ktabs_values(void **unused)
{
    (void)unused;
    const struct {
        const char *option, *word;
        int value;
    } want[] = {{"victory", "octic", 3},      {"election", "incentive", 1}, {"election", "uniform", 2},
                {"vote", "binary", 0},        {"vote", "prop", 2},          {"vote", "prospect", 5},
                {"adjust", "none", 0},        {"adjust", "third", 1},       {"adjust", "full", 4},
                {"range", "min", 0},          {"range", "mid", 1},          {"range", "max", 2},
                {"commit", "none", 0},        {"commit", "semi", 1},        {"commit", "full", 2},
                {"interpolation", "s1p1", 0}, {"interpolation", "s2p2", 1}, {"bargain", "weighted", 2},
                {"mode", "ktab", 1}};
    for (size_t w = 0; w < ENT_COUNT(want); w++) {
        double option[32];
        size_t index = 0;
        ent_model_defaults(option, &ent__model_spatial);
        CHECK(ent_model_option(&option[31], &index, &ent__model_spatial, want[w].option, want[w].word, NULL) == ENT_OK);
        option[index] = option[31];
        ent_spatial_options o = ent_spatial_options_of(option);
        const struct {
            const char *name;
            int value;
        } got[] = {{"mode", (int)o.mode},     {"victory", (int)o.victory}, {"election", (int)o.election},
                   {"vote", (int)o.vote},     {"adjust", (int)o.adjust},   {"range", (int)o.range},
                   {"commit", (int)o.commit}, {"bargain", (int)o.bargain}, {"interpolation", (int)o.interpolation}};
        for (size_t k = 0; k < ENT_COUNT(got); k++)
            if (strcmp(got[k].name, want[w].option) == 0)
                assert_int_equal(got[k].value, want[w].value);
    }
}

/* --- what is refused ----------------------------------------------------------------------------------------- */

static void refuses(const ent_spatial_input *in, const ent_spatial_options *o, ent_status status, const char *says)
{
    ent_spatial_result *result = (ent_spatial_result *)1;
    ent_error err = {0};
    assert_int_equal(ent_spatial(&result, in, o, &err), status);
    CHECK(result == NULL);
    if (!strstr(err.message, says))
        fail_msg("\"%s\" does not say \"%s\"", err.message, says);
}

static void test_bad_input(void **unused)
{
    (void)unused;
    const group good = {.n = 3,
                        .dims = 2,
                        .position = {10, 20, 30, 40, 50, 60},
                        .salience = {.5, .5, .4, .4, .3, .3},
                        .capability = {1, 2, 3},
                        .low = {0, 0},
                        .high = {100, 100}};
    const ent_spatial_options ktab = {.version = 1, .mode = ENT_SPATIAL_KTAB, .max_rounds = 10};
    group g = good;
    ent_spatial_input in = input_of(&g);
#define BAD(change, status, says) (g = good, in = input_of(&g), change, refuses(&in, NULL, status, says))
    g = good;
    refuses(NULL, NULL, ENT_ERR_ARGUMENT, "missing");
    assert_int_equal(ent_spatial(NULL, &in, NULL, NULL), ENT_ERR_ARGUMENT);
    BAD(in.n = 1, ENT_ERR_DOMAIN, "1 actor; bargaining needs at least two");
    BAD(in.n = 0, ENT_ERR_DOMAIN, "0 actors");
    BAD(in.n = 2001, ENT_ERR_LIMIT,
        "2001 actors; the spatial model takes at most 2000, since a round costs on the order of n^3");
    BAD(in.dims = 0, ENT_ERR_LIMIT, "0 dimensions");
    BAD(in.salience = NULL, ENT_ERR_ARGUMENT, "missing");
    BAD(in.high = NULL, ENT_ERR_ARGUMENT, "one end");
    BAD(g.high[1] = 0, ENT_ERR_DOMAIN, "dimension 2 runs from 0 to 0");
    BAD(g.position[3] = 152.8, ENT_ERR_DOMAIN, "actor 2: position 152.8 on dimension 2; the scale runs from 0 to 100");
    BAD(g.position[3] = ENT_UNDEFINED, ENT_ERR_DOMAIN, "actor 2: position not a number");
    BAD(g.salience[4] = 1.5, ENT_ERR_DOMAIN, "actor 3: salience 1.5 on dimension 1; allowed are 0 to 1");
    BAD(g.salience[4] = -0.1, ENT_ERR_DOMAIN, "actor 3: salience");
    BAD(g.capability[0] = -1, ENT_ERR_DOMAIN, "actor 1: capability -1");
    BAD(g.capability[0] = INFINITY, ENT_ERR_DOMAIN, "actor 1: capability infinite");
    BAD(memset(g.capability, 0, sizeof g.capability), ENT_ERR_DOMAIN, "nothing to weigh");
    BAD(memset(g.salience, 0, sizeof g.salience), ENT_ERR_DOMAIN, "nothing to weigh");
    double matrix[9] = {1, 0, 0, 0.5, 0.5, 0.5, 0, 0, 1};
    BAD(in.accommodation = matrix, ENT_ERR_DOMAIN, "accommodation of actor 2 sums to 1.5");
    matrix[3] = -0.5;
    BAD(in.accommodation = matrix, ENT_ERR_DOMAIN, "accommodation of actor 2 to actor 1 is -0.5");
    g = good;
    in = input_of(&g);
    g.capability[1] = 0;
    refuses(&in, &ktab, ENT_ERR_DOMAIN, "actor 2: capability 0; mode ktab");
    g = good;
    g.salience[0] = g.salience[1] = 0;
    refuses(&in, &ktab, ENT_ERR_DOMAIN, "actor 1: total salience 0; mode ktab");
    ent_spatial_options o = ktab;
    o.adjust = ENT_SPATIAL_ADJUST_FULL;
    refuses(&in, &o, ENT_ERR_DOMAIN, "adjust full in mode ktab");
    o = ktab;
    o.vote = (ent_spatial_vote)6;
    refuses(&in, &o, ENT_ERR_ARGUMENT, "option vote is 6; allowed are 0 to 5");
    o = ktab;
    o.max_rounds = 0;
    refuses(&in, &o, ENT_ERR_ARGUMENT, "option rounds is 0");
    o.version = 0;
    refuses(&in, &o, ENT_ERR_ARGUMENT, "version 0");
#undef BAD
}

static void test_no_memory(void **unused)
{
    (void)unused;
    dice d = {.seed = 4};
    group g = random_group(&d);
    for (int64_t k = 1; k <= 2; k++) {
        ent_spatial_input in = input_of(&g);
        ent__alloc_fail_at(k, false);
        refuses(&in, NULL, ENT_ERR_MEMORY, "not enough memory");
        ent__alloc_fail_at(0, false);
    }
    ent_spatial_free(NULL);
}

/* --- progress ------------------------------------------------------------------------------------------------- */

typedef struct watch {
    int calls;
    int32_t stop_in; /* a round, 0 for none */
    double last;
} watch;

static int look(int32_t round, double share, void *payload)
{
    watch *w = payload;
    w->calls++;
    CHECK(round >= 1 && share >= 0 && share < 1);
    w->last = round + share;
    return w->stop_in == round;
}

static void test_progress(void **unused)
{
    (void)unused;
    dice d = {.seed = 2};
    group g = random_group(&d);
    watch w = {.calls = 0};
    ent_spatial_options o = ENT_SPATIAL_OPTIONS_INIT;
    o.progress = look;
    o.payload = &w;
    ent_spatial_result *whole = play(&g, &o);
    CHECK(whole->rounds >= 2 && !whole->interrupted && w.calls >= whole->rounds && w.last >= whole->rounds);
    w.stop_in = 2;
    ent_spatial_result *part = play(&g, &o);
    CHECK(part->interrupted && part->rounds == 1);
    CHECK(memcmp(part->round[1].position, whole->round[1].position, g.n * g.dims * sizeof(double)) == 0);
    CHECK(part->round[1].n_offers == 0);
    ent_spatial_free(whole);
    ent_spatial_free(part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_run_is_sound),
        cmocka_unit_test(test_order_does_not_matter),
        cmocka_unit_test(test_scales_do_not_matter),
        cmocka_unit_test(test_equal_positions_stay),
        cmocka_unit_test(test_some_without_weight),
        cmocka_unit_test(test_two_actors),
        cmocka_unit_test(test_accommodation),
        cmocka_unit_test(test_capability_by_dimension),
        cmocka_unit_test(test_ktab_gives_numbers),
        cmocka_unit_test(test_any_size_gives_numbers),
        cmocka_unit_test(test_stochastic),
        cmocka_unit_test(test_draw_loop),
        cmocka_unit_test(test_words_have_ktabs_values),
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
