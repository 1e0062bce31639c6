/* The spatial model in mode ktab against what that program gave: tests/golden/spatial. */
#include "check.h"
#include "settle/spatial.h"

#define TOLERANCE 1e-9
enum { MOST_ACTORS = 32, MOST_DIMENSIONS = 3, MOST_CELLS = 24 };

/* --- files ----------------------------------------------------------------------------------------- */

typedef struct scenario {
    size_t n, dims;
    double position[MOST_ACTORS * MOST_DIMENSIONS], salience[MOST_ACTORS * MOST_DIMENSIONS], capability[MOST_ACTORS];
} scenario;

static FILE *open_file(const char *name)
{
    const char *source = getenv("ENTENTE_SOURCE");
    char path[1024];
    snprintf(path, sizeof path, "%s/tests/golden/spatial/%s", source ? source : ".", name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s cannot be read", path);
    return file;
}

/* The cells of the next line, or 0. */
static size_t next_line(char *cell[MOST_CELLS], char *line, size_t size, FILE *file)
{
    size_t n = 0;
    if (!fgets(line, (int)size, file))
        return 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at && n < MOST_CELLS;) {
        cell[n++] = at;
        at = strchr(at, ',');
        if (at)
            *at++ = '\0';
    }
    return n;
}

static scenario read_scenario(const char *name)
{
    scenario s = {0};
    char path[256], line[1024], *cell[MOST_CELLS];
    snprintf(path, sizeof path, "inputs/%s.csv", name);
    FILE *file = open_file(path);
    next_line(cell, line, sizeof line, file);
    size_t columns = next_line(cell, line, sizeof line, file); /* with an empty one at the end */
    s.dims = (columns - 4) / 2;
    while (next_line(cell, line, sizeof line, file) >= 3 + 2 * s.dims) {
        s.capability[s.n] = strtod(cell[2], NULL);
        for (size_t k = 0; k < s.dims; k++) {
            s.position[s.n * s.dims + k] = strtod(cell[3 + 2 * k], NULL);
            s.salience[s.n * s.dims + k] = strtod(cell[4 + 2 * k], NULL) / 100;
        }
        s.n++;
    }
    fclose(file);
    return s;
}

/* --- runs ------------------------------------------------------------------------------------------- */

static ent_spatial_options ktab_options(void)
{
    ent_spatial_options options = ENT_SPATIAL_OPTIONS_INIT;
    options.mode = ENT_SPATIAL_KTAB;
    return options;
}

/* "vpm3": victory = octic, and so on. */
static ent_spatial_options variant_options(const char *variant)
{
    ent_spatial_options options = ktab_options();
    size_t length = strlen(variant) - 1;
    int value = variant[length] - '0';
    if (strncmp(variant, "vpm", length) == 0)
        options.victory = (ent_spatial_victory)value;
    else if (strncmp(variant, "pcem", length) == 0)
        options.election = (ent_spatial_election)value;
    else if (strncmp(variant, "stm", length) == 0)
        options.transition = (ent_spatial_transition)value;
    else if (strncmp(variant, "vr", length) == 0)
        options.vote = (ent_spatial_vote)value;
    else if (strncmp(variant, "bigRAdj", length) == 0)
        options.adjust = (ent_spatial_adjust)value;
    else if (strncmp(variant, "bigRRng", length) == 0)
        options.range = (ent_spatial_range)value;
    else if (strncmp(variant, "tpc", length) == 0)
        options.commit = (ent_spatial_commit)value;
    else if (strncmp(variant, "ivb", length) == 0)
        options.interpolation = (ent_spatial_interpolation)value;
    else if (strncmp(variant, "bmod", length) == 0)
        options.bargain = (ent_spatial_bargain)value;
    else
        fail_msg("no option %s", variant);
    return options;
}

static ent_spatial_result *run(const scenario *s, const ent_spatial_options *options)
{
    ent_spatial_result *result = NULL;
    ent_error err = {0};
    ent_spatial_input input = {
        .n = s->n, .dims = s->dims, .position = s->position, .salience = s->salience, .capability = s->capability};
    if (ent_spatial(&result, &input, options, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return result;
}

/* A run for each variant met in a file; NULL for the defaults. */
typedef struct cache {
    const char *name;
    scenario s;
    char variant[32];
    ent_spatial_result *result;
} cache;

static const ent_spatial_result *result_of(cache *c, const char *variant)
{
    if (!c->result || strcmp(c->variant, variant) != 0) {
        ent_spatial_free(c->result);
        c->s = read_scenario(c->name);
        ent_spatial_options options = *variant ? variant_options(variant) : ktab_options();
        c->result = run(&c->s, &options);
        snprintf(c->variant, sizeof c->variant, "%s", variant);
    }
    return c->result;
}

static void near_in(double got, double want, const char *what, const char *variant, size_t turn, size_t actor)
{
    if (!(fabs(got - want) <= TOLERANCE))
        fail_msg("%s %s, turn %zu, actor %zu: got %.17g, want %.17g", variant, what, turn, actor, got, want);
}

/* --- tests ------------------------------------------------------------------------------------------ */

/* Columns: [variant,] turn, actor, name, dim, [dimname,] position, ideal. Every turn is there, and no more. */
static void compare_positions(const char *scenario_name, bool variants)
{
    cache c = {.name = scenario_name};
    char file_name[128], line[1024], *cell[MOST_CELLS];
    snprintf(file_name, sizeof file_name, "%s_%s_positions.csv", variants ? "variants" : "default", scenario_name);
    FILE *file = open_file(file_name);
    size_t lines = 0, at = variants ? 1 : 0, column = 5, turns = 0;
    next_line(cell, line, sizeof line, file);
    while (next_line(cell, line, sizeof line, file) > 0) {
        size_t turn = (size_t)atoi(cell[at]), actor = (size_t)atoi(cell[at + 1]), k = (size_t)atoi(cell[at + 3]);
        const char *variant = variants ? cell[0] : "";
        if (c.result && strcmp(c.variant, variant) != 0) /* the one before ended where the file's did */
            assert_int_equal(c.result->rounds, turns);
        const ent_spatial_result *result = result_of(&c, variant);
        turns = turn;
        if (turn > (size_t)result->rounds)
            fail_msg("%s: stopped after %d rounds, the file has turn %zu", variant, (int)result->rounds, turn);
        near_in(result->round[turn].position[actor * result->dims + k], strtod(cell[column], NULL), "position", variant,
                turn, actor);
        near_in(result->round[turn].ideal[actor * result->dims + k], strtod(cell[column + 1], NULL), "ideal", variant,
                turn, actor);
        lines++;
    }
    assert_int_equal(c.result->rounds, turns);
    CHECK(lines > 200);
    ent_spatial_free(c.result);
    fclose(file);
}

static void compare_win(const char *scenario_name, bool variants)
{
    cache c = {.name = scenario_name};
    char file_name[128], line[1024], *cell[MOST_CELLS];
    snprintf(file_name, sizeof file_name, "%s_%s_winprob.csv", variants ? "variants" : "default", scenario_name);
    FILE *file = open_file(file_name);
    size_t lines = 0, at = variants ? 1 : 0;
    next_line(cell, line, sizeof line, file);
    while (next_line(cell, line, sizeof line, file) > 0) {
        size_t turn = (size_t)atoi(cell[at]), actor = (size_t)atoi(cell[at + 1]);
        const ent_spatial_result *result = result_of(&c, variants ? cell[0] : "");
        CHECK(turn <= (size_t)result->rounds);
        const ent_spatial_round *round = &result->round[turn];
        if (!variants)
            assert_int_equal(round->place[actor], atoi(cell[3]));
        near_in(round->win_probability[actor], strtod(cell[4], NULL), "win probability", c.variant, turn, actor);
        lines++;
    }
    CHECK(lines > 50);
    ent_spatial_free(c.result);
    fclose(file);
}

static void compare_risk(const char *scenario_name)
{
    cache c = {.name = scenario_name};
    char file_name[128], line[1024], *cell[MOST_CELLS];
    snprintf(file_name, sizeof file_name, "default_%s_risk.csv", scenario_name);
    FILE *file = open_file(file_name);
    size_t lines = 0;
    next_line(cell, line, sizeof line, file);
    while (next_line(cell, line, sizeof line, file) > 0) {
        size_t turn = (size_t)atoi(cell[0]), actor = (size_t)atoi(cell[1]);
        near_in(result_of(&c, "")->round[turn].risk[actor], strtod(cell[3], NULL), "risk", "", turn, actor);
        lines++;
    }
    CHECK(lines > 50);
    ent_spatial_free(c.result);
    fclose(file);
}

static void compare_offer(const ent_spatial_offer *offer, char *cell[MOST_CELLS], size_t cells, size_t dims,
                          size_t turn)
{
    size_t who = (size_t)offer->initiator;
    assert_int_equal(offer->receiver, atoi(cell[3]));
    near_in(offer->delta, strtod(cell[4], NULL), "delta", "", turn, who);
    near_in(offer->initiator_chance, strtod(cell[5], NULL), "chance with the initiator", "", turn, who);
    near_in(offer->receiver_chance, strtod(cell[7], NULL), "chance with the receiver", "", turn, who);
    assert_int_equal(offer->initiator_takes, atoi(cell[6]));
    assert_int_equal(offer->receiver_takes, atoi(cell[8]));
    for (size_t k = 0; k < dims && 10 + 2 * k < cells; k++) {
        near_in(offer->initiator_moves[k], strtod(cell[9 + 2 * k], NULL), "place of the initiator", "", turn, who);
        near_in(offer->receiver_moves[k], strtod(cell[10 + 2 * k], NULL), "place of the receiver", "", turn, who);
    }
}

/* One line for staying and one for each proposal, in the order of initiators. */
static void compare_bargains(const char *scenario_name)
{
    cache c = {.name = scenario_name};
    char file_name[128], line[1024], *cell[MOST_CELLS];
    snprintf(file_name, sizeof file_name, "default_%s_bargains.csv", scenario_name);
    FILE *file = open_file(file_name);
    size_t cells, offers = 0, stays = 0, next = 0, last = 0;
    next_line(cell, line, sizeof line, file);
    while ((cells = next_line(cell, line, sizeof line, file)) > 0) {
        size_t turn = (size_t)atoi(cell[0]), actor = (size_t)atoi(cell[2]);
        const ent_spatial_result *result = result_of(&c, "");
        const ent_spatial_round *round = &result->round[turn];
        CHECK(turn < (size_t)result->rounds);
        next = turn == last ? next : 0;
        last = turn;
        if (atoi(cell[3]) == atoi(cell[2])) {
            near_in(round->stay[actor], strtod(cell[5], NULL), "chance to stay", "", turn, actor);
            assert_int_equal(round->taken[actor] < 0, atoi(cell[6]));
            stays++;
        } else {
            CHECK(next < round->n_offers && (size_t)round->offer[next].initiator == actor);
            compare_offer(&round->offer[next++], cell, cells, result->dims, turn);
            offers++;
        }
    }
    CHECK(stays > 50 && offers > 40);
    ent_spatial_free(c.result);
    fclose(file);
}

/* Estimates by every actor, from the positions and attitudes of a state. */
static void test_estimates(void **unused)
{
    (void)unused;
    enum { N = 7, D = 3 };
    cache c = {.name = "dummyData_3Dim"};
    const ent_spatial_result *result = result_of(&c, "");
    const ent_spatial_options options = ktab_options();
    double near_[N * N], reach[N * N], weight[N], resist[N], work[5 * N * ENT__SPATIAL_BLOCK], estimate[N];
    char line[1024], *cell[MOST_CELLS];
    FILE *file = open_file("default_dummyData_3Dim_probvict.csv");
    size_t lines = 0;
    next_line(cell, line, sizeof line, file);
    while (next_line(cell, line, sizeof line, file) > 0) {
        size_t turn = (size_t)atoi(cell[0]), h = (size_t)atoi(cell[1]), i = (size_t)atoi(cell[2]),
               j = (size_t)atoi(cell[3]);
        const ent_spatial_round *round = &result->round[turn];
        for (size_t a = 0; a < N; a++) {
            resist[a] = 0;
            for (size_t k = 0; k < D; k++)
                resist[a] += c.s.salience[a * D + k];
            weight[a] = c.s.capability[a] * resist[a];
            for (size_t b = 0; b < N; b++) {
                double sum = 0, norm = 0;
                for (size_t k = 0; k < D; k++) {
                    double s = c.s.salience[a * D + k];
                    double far = s * (round->ideal[a * D + k] - round->position[b * D + k]) / 100;
                    sum += far * far;
                    norm += s * s;
                }
                reach[a * N + b] = sqrt(sum / norm);
                near_[a * N + b] = 1 - reach[a * N + b];
            }
        }
        ent__spatial_field field = {.n = N,
                                    .near = near_,
                                    .reach = reach,
                                    .risk = round->risk,
                                    .weight = weight,
                                    .resist = resist,
                                    .options = &options,
                                    .work = work};
        double delta, phi = ent__spatial_contest(&delta, &field, h, i, j);
        near_in(phi, strtod(cell[4], NULL), "chance to defeat", cell[3], turn, i);
        lines++;
    }
    assert_int_equal(lines, 1140);
    fclose(file);

    file = open_file("default_dummyData_3Dim_util_t0.csv");
    lines = 0;
    next_line(cell, line, sizeof line, file);
    while (next_line(cell, line, sizeof line, file) > 0) {
        size_t h = (size_t)atoi(cell[1]), i = (size_t)atoi(cell[2]), j = (size_t)atoi(cell[3]);
        double sum = 0, norm = 0;
        for (size_t k = 0; k < D; k++) {
            double far = c.s.salience[i * D + k] * (c.s.position[i * D + k] - c.s.position[j * D + k]) / 100;
            sum += far * far;
            norm += c.s.salience[i * D + k] * c.s.salience[i * D + k];
        }
        double d = sqrt(sum / norm);
        ent__spatial_field field = {.n = N, .risk = result->round[0].risk, .options = &options};
        ent__spatial_estimates(estimate, &field, h);
        near_in((1 - d) * (1 + d * estimate[i]), strtod(cell[4], NULL), "utility", "", 0, i);
        lines++;
    }
    assert_int_equal(lines, N * N * N);
    ent_spatial_free(c.result);
    fclose(file);
}

static void test_default_line(void **unused)
{
    (void)unused;
    compare_positions("SOE-Policy", false);
    compare_win("SOE-Policy", false);
    compare_risk("SOE-Policy");
    compare_bargains("SOE-Policy");
}

static void test_default_three_dimensions(void **unused)
{
    (void)unused;
    compare_positions("dummyData_3Dim", false);
    compare_win("dummyData_3Dim", false);
    compare_risk("dummyData_3Dim");
    compare_bargains("dummyData_3Dim");
}

static void test_variants_line(void **unused)
{
    (void)unused;
    compare_positions("SOE-Policy", true);
    compare_win("SOE-Policy", true);
}

static void test_variants_three_dimensions(void **unused)
{
    (void)unused;
    compare_positions("dummyData_3Dim", true);
    compare_win("dummyData_3Dim", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default_line),
        cmocka_unit_test(test_default_three_dimensions),
        cmocka_unit_test(test_estimates),
        cmocka_unit_test(test_variants_line),
        cmocka_unit_test(test_variants_three_dimensions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
