/* Scores against closed forms and sums by hand. */
#include "check.h"

#include "core/core.h"
#include "core/random.h"
#include "entente/backtest.h"
#include "entente/score.h"
#include "entente/seal.h"

#include <unistd.h>

/* The quantiles of a normal distribution, by bisection of erf: an independent way to a sample. */
static double normal_quantile(double p)
{
    double low = -10, high = 10;
    for (int i = 0; i < 200; i++) {
        const double middle = (low + high) / 2;
        if (0.5 * (1 + erf(middle / sqrt(2))) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* At its own mean a normal scores sd (2 phi(0) - 1 / sqrt(pi)) = sd (sqrt(2) - 1) / sqrt(pi). */
static void test_crps_of_a_normal(void **state)
{
    (void)state;
    enum { N = 20000 };
    static double x[N];
    for (int i = 0; i < N; i++)
        x[i] = 2 + 3 * normal_quantile((i + 0.5) / N);
    CHECK_NEAR(ent_score_crps_normal(0, 1, 0), (sqrt(2) - 1) / sqrt(acos(-1)), 1e-15);
    for (double y = -9; y < 14; y += 1.75)
        CHECK_NEAR(ent_score_crps(x, N, y), ent_score_crps_normal(2, 3, y), 2e-4);
    CHECK(isnan(ent_score_crps_normal(0, 0, 1)));
}

/* {0, 10}, y = 5: mean |x - y| = 5, mean |x - x'| = 5, so 5 - 2.5. */
static void test_crps_by_hand(void **state)
{
    (void)state;
    const double two[] = {0, 10}, one[] = {3};
    CHECK_SAME(ent_score_crps(two, 2, 5), 2.5);
    CHECK_SAME(ent_score_crps(two, 2, 20), 12.5);
    CHECK_SAME(ent_score_crps(one, 1, 7.5), 4.5);
    CHECK(isnan(ent_score_crps(one, 0, 1)));
}

static void test_brier_and_log(void **state)
{
    (void)state;
    CHECK_NEAR(ent_score_brier(0.7, true), 0.09, 1e-16);
    CHECK_NEAR(ent_score_brier(0.7, false), 0.49, 1e-16);
    CHECK_NEAR(ent_score_log(0.5, true), log(2), 1e-16);
    CHECK_NEAR(ent_score_log(0.9, false), -log(0.1), 1e-15);
    CHECK(isinf(ent_score_log(0, true)) && ent_score_log(0, false) == 0);
    CHECK(isnan(ent_score_brier(1.5, true)) && isnan(ent_score_log(-0.1, false)) && isnan(ent_score_log(NAN, true)));
}

/* Outcomes drawn from the forecast itself, half of it an atom at 0: the transform is uniform, and every level covers
 * what it says, within four standard errors of 20 000 draws. Closed intervals would cover far more. */
static void test_transform_is_uniform(void **state)
{
    (void)state;
    enum { N = 200, DRAWS = 20000 };
    double x[N], tenth[10] = {0}, cover[3] = {0};
    const double level[3] = {0.5, 0.8, 0.95};
    for (int i = 0; i < N; i++)
        x[i] = i < N / 2 ? 0 : i;
    for (int d = 0; d < DRAWS; d++) {
        const ent_pit pit = ent_score_pit(x, N, x[(int)(N * ent__uniform(7, 1, (uint64_t)d))]);
        for (int b = 0; b < 10; b++)
            tenth[b] += ent_score_pit_share(pit, b / 10.0, (b + 1) / 10.0) / DRAWS;
        for (int c = 0; c < 3; c++)
            cover[c] += ent_score_coverage(pit, level[c]) / DRAWS;
    }
    for (int b = 0; b < 10; b++)
        CHECK_NEAR(tenth[b], 0.1, 4 * sqrt(0.1 * 0.9 / DRAWS));
    for (int c = 0; c < 3; c++)
        CHECK_NEAR(cover[c], level[c], 4 * sqrt(level[c] * (1 - level[c]) / DRAWS));
}

static void test_transform_by_hand(void **state)
{
    (void)state;
    const double x[] = {0, 0, 5, 10};
    const ent_pit atom = ent_score_pit(x, 4, 0), none = ent_score_pit(x, 4, 7);
    CHECK(atom.below == 0 && atom.at == 0.5 && none.below == 0.75 && none.at == 0.75);
    CHECK_SAME(ent_score_coverage(atom, 0.5), 0.5); /* [0.25, 0.75] meets [0, 0.5] in a half of it */
    CHECK_SAME(ent_score_coverage(none, 0.8), 1);
    CHECK_SAME(ent_score_coverage(none, 0.4), 0);
}

/* Two clusters 0 and 1 of one value: means 0, 1/2, 1 with chances 1/4, 1/2, 1/4. */
static void test_bootstrap(void **state)
{
    (void)state;
    const double value[] = {0, 1, NAN, 4, 4, 4};
    const int32_t cluster[] = {0, 1, 1, 2, 3, 2};
    ent_interval a, b, c;
    ent_bootstrap_options options = ENT_BOOTSTRAP_OPTIONS_INIT;
    options.level = 0.4;
    CHECK(ent_score_bootstrap(&a, value, cluster, 3, 2, &options, NULL) == ENT_OK);
    CHECK(a.low == 0.5 && a.high == 0.5);
    options.level = 0.9;
    CHECK(ent_score_bootstrap(&a, value, cluster, 3, 2, &options, NULL) == ENT_OK);
    CHECK(a.low == 0 && a.high == 1);
    CHECK(ent_score_bootstrap(&a, value, cluster, 6, 4, &options, NULL) == ENT_OK);
    CHECK(ent_score_bootstrap(&b, value, cluster, 6, 4, &options, NULL) == ENT_OK);
    CHECK(a.low == b.low && a.high == b.high && a.low > 0 && a.high <= 4);
    CHECK(ent_score_bootstrap(&c, value + 3, cluster + 3, 3, 4, NULL, NULL) == ENT_OK);
    CHECK(c.low == 4 && c.high == 4);
}

/* 90 % intervals for the mean of 30 clusters of three equal numbers cover it about 90 times of 100; without the
 * clusters they would be too narrow by sqrt(3) and cover about 66. */
static void test_bootstrap_covers(void **state)
{
    (void)state;
    enum { TRIALS = 400, CLUSTERS = 30 };
    int covered = 0;
    double value[3 * CLUSTERS];
    int32_t cluster[3 * CLUSTERS];
    const ent_bootstrap_options options = {1, 400, 0.9, 5};
    for (int t = 0; t < TRIALS; t++) {
        for (int i = 0; i < 3 * CLUSTERS; i++) {
            cluster[i] = i / 3;
            value[i] = ent__uniform(3, (uint64_t)t, (uint64_t)(i / 3));
        }
        ent_interval x;
        CHECK(ent_score_bootstrap(&x, value, cluster, 3 * CLUSTERS, CLUSTERS, &options, NULL) == ENT_OK);
        covered += x.low <= 0.5 && 0.5 <= x.high;
    }
    CHECK_NEAR(covered / (double)TRIALS, 0.89, 4 * sqrt(0.9 * 0.1 / TRIALS));
}

/* One forecaster at 0, one at 10, outcomes 0 three times of four: sum w miss - 1/2 sum w w apart
 * = 2.5 w + 7.5 (1 - w) - 10 w (1 - w), least at w = 3/4. */
static void test_stack(void **state)
{
    (void)state;
    const double miss[] = {2.5, 7.5, 7.5}, apart[] = {0, 10, 10, 10, 0, 0, 10, 0, 0}, two[] = {0, 10, 10, 0};
    double weight[3];
    ent_score_stack(weight, miss, two, 2);
    CHECK_NEAR(weight[0], 0.75, 1e-12);
    CHECK_NEAR(weight[1], 0.25, 1e-12);
    ent_score_stack(weight, miss, apart, 3); /* the third is the second's twin */
    CHECK_NEAR(weight[0], 0.75, 1e-12);
    CHECK_NEAR(weight[1] + weight[2], 0.25, 1e-12);
    ent_score_stack(weight, miss, apart, 1);
    CHECK_SAME(weight[0], 1);
}

static void test_distance(void **state)
{
    (void)state;
    const double x[] = {0, 10}, y[] = {5}, z[] = {0, 0, 30};
    CHECK_SAME(ent_score_distance(x, 2, y, 1), 5);
    CHECK_SAME(ent_score_distance(x, 2, x, 2), 5);
    CHECK_NEAR(ent_score_distance(x, 2, z, 3), (0 + 0 + 30 + 10 + 10 + 20) / 6.0, 1e-14);
    CHECK(isnan(ent_score_distance(x, 0, y, 1)));
}

static void test_errors(void **state)
{
    (void)state;
    const double value[] = {1, 2};
    const int32_t same[] = {0, 0}, beyond[] = {0, 7};
    ent_interval x = {-1, -2};
    ent_error err = {0};
    ent_bootstrap_options options = ENT_BOOTSTRAP_OPTIONS_INIT;
    CHECK(ent_score_bootstrap(&x, value, same, 2, 2, NULL, &err) == ENT_ERR_DOMAIN);
    CHECK(strstr(err.message, "1 cluster with a value") != NULL);
    CHECK(ent_score_bootstrap(&x, value, beyond, 2, 2, NULL, NULL) == ENT_ERR_ARGUMENT);
    CHECK(ent_score_bootstrap(NULL, value, same, 2, 2, NULL, NULL) == ENT_ERR_ARGUMENT);
    options.level = 1.5;
    CHECK(ent_score_bootstrap(&x, value, same, 2, 2, &options, NULL) == ENT_ERR_DOMAIN);
    options.level = 0.9;
    options.replicates = -3;
    CHECK(ent_score_bootstrap(&x, value, same, 2, 2, &options, NULL) == ENT_ERR_ARGUMENT);
    CHECK(x.low == -1 && x.high == -2);
}

/* FIPS 180-4 examples: the empty text, "abc", 56 letters (two blocks), a million times "a". */
static void test_sha256(void **state)
{
    (void)state;
    char got[65];
    char *million = malloc(1000000);
    ent_sha256(got, "", 0);
    assert_string_equal(got, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    ent_sha256(got, "abc", 3);
    assert_string_equal(got, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    ent_sha256(got, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56);
    assert_string_equal(got, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    memset(million, 'a', 1000000);
    ent_sha256(got, million, 1000000);
    assert_string_equal(got, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

static void test_dates(void **state)
{
    (void)state;
    CHECK(ent_seal_date("2024-02-29") && ent_seal_date("2000-02-29") && ent_seal_date("2025-12-05"));
    CHECK(!ent_seal_date("2025-02-29") && !ent_seal_date("1900-02-29") && !ent_seal_date("2025-13-01"));
    CHECK(!ent_seal_date("2025-1-01") && !ent_seal_date("2025-00-10") && !ent_seal_date("") && !ent_seal_date(NULL));
}

/* Every step out of memory once, or from then on: told, nothing leaked (sanitizers see that), the result untouched. */
static void test_out_of_memory(void **state)
{
    (void)state;
    char folder[4096];
    const ent_model *model[] = {ent_model_find("compromise"), ent_model_find("exchange")};
    ent_backtest_options options = ENT_BACKTEST_OPTIONS_INIT;
    ent_decisions *decisions = NULL;
    ent_backtest *found = NULL;
    ent_status status = ENT_ERR_MEMORY;
    snprintf(folder, sizeof folder, "%s/data/eu", getenv("ENTENTE_SOURCE"));
    ent_diagnostics *list = ent_diagnostics_create();
    for (int64_t k = 1; status != ENT_OK; k += 1 + k / 4) {
        ent__alloc_fail_at(k, true);
        status = ent_decisions_read(&decisions, folder, list, NULL);
        ent__alloc_fail_at(0, false);
        CHECK(status == ENT_OK || (status == ENT_ERR_MEMORY && decisions == NULL));
    }
    options.model = model;
    options.n_models = 2;
    options.replicates = 50;
    status = ENT_ERR_MEMORY;
    for (int64_t k = 1; status != ENT_OK; k += 1 + k / 4) {
        ent__alloc_fail_at(k, true);
        status = ent_backtest_run(&found, decisions, &options, NULL);
        ent__alloc_fail_at(0, false);
        CHECK(status == ENT_OK || (status == ENT_ERR_MEMORY && found == NULL));
    }
    CHECK(found->issues == 226 && found->forecasters == 4);
    ent_backtest_free(found);
    ent_backtest_free(NULL);
    ent_decisions_free(decisions);
    ent_decisions_free(NULL);
    ent_diagnostics_free(list);
}

/* The same of a record: read or not, nothing is leaked and nothing half-read is given. */
static void test_record_out_of_memory(void **state)
{
    (void)state;
    ent_seal *seal = NULL;
    ent_error err = {0};
    ent_status status = ENT_ERR_MEMORY;
    ent__buffer body = {0};
    char hash[65], path[] = "seal-XXXXXX";
    ent__buffer_text(
        &body, "{\"format\":1,\n\"record\":\"entente forecast\",\n\"version\":\"0\",\n\"date\":\"2025-12-05\",\n"
               "\"scenario\":\"s\",\n\"title\":\"t\",\n\"hash\":\"h\",\n\"seed\":7,\n\"draws\":9,\n\"quantities\":{},\n"
               "\"claims\":{\n\"c\":{\"title\":\"t\",\"share\":null,\"verdict\":\"v\"}},\n");
    ent_sha256(hash, body.data, body.length);
    ent__buffer_text(&body, "\"sha256\":\"");
    ent__buffer_text(&body, hash);
    ent__buffer_text(&body, "\"}\n");
    const int file = mkstemp(path);
    CHECK(file >= 0 && write(file, body.data, body.length) == (ssize_t)body.length && close(file) == 0);
    for (int64_t k = 1; status != ENT_OK; k++) {
        ent__alloc_fail_at(k, true);
        err.status = ENT_OK;
        status = ent_seal_read(&seal, path, &err);
        ent__alloc_fail_at(0, false);
        if (status != ENT_OK && status != ENT_ERR_MEMORY)
            fail_msg("allocation %d: %s: %s", (int)k, ent_status_text(status), err.message);
        CHECK(status == ENT_OK || seal == NULL);
    }
    CHECK(unlink(path) == 0);
    CHECK(seal->seed == 7 && seal->draws == 9 && seal->quantities == 0 && seal->claims == 1);
    CHECK(isnan(seal->claim[0].share) && strcmp(seal->claim[0].id, "c") == 0);
    ent_seal_free(seal);
    ent_seal_free(NULL);
    ent__buffer_free(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crps_of_a_normal),
        cmocka_unit_test(test_crps_by_hand),
        cmocka_unit_test(test_brier_and_log),
        cmocka_unit_test(test_transform_is_uniform),
        cmocka_unit_test(test_transform_by_hand),
        cmocka_unit_test(test_bootstrap),
        cmocka_unit_test(test_bootstrap_covers),
        cmocka_unit_test(test_stack),
        cmocka_unit_test(test_distance),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_record_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
