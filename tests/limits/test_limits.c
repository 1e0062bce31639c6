/* Limits of the library's calls: what is just within is taken, one more is refused by an error that names the limit and what was
 * found. Each row tries one constant of entente/limits.h; those of files and of the server are tried by files.py and server.py. */
#include "../small.h"

#include "core/core.h"
#include "scenario/csv.h"
#include "vote/power.h"

/* A case of size n goes in; what the library says comes back. */
typedef ent_status (*attempt)(int64_t n, ent_error *err);

typedef struct row {
    const char *name;
    int64_t limit;
    attempt try;
    ent_status past; /* what one more is refused with */
} row;

enum { MANY = 100002 };

/* One number many times over, which cases borrow. */
static const double *all(double x, size_t n)
{
    static double ones[MANY], zeros[MANY], halves[MANY];
    double *list = x == 1 ? ones : x == 0.5 ? halves : zeros;
    assert_true(n <= MANY);
    for (size_t i = 0; i < n; i++)
        list[i] = x;
    return list;
}

/* 0, 1, .. 100 and again */
static const double *spread(size_t n)
{
    static double list[MANY];
    assert_true(n <= MANY);
    for (size_t i = 0; i < n; i++)
        list[i] = (double)(i % 101);
    return list;
}

static void has(const char *message, const char *words)
{
    if (strstr(message, words) == NULL)
        fail_msg("'%s' does not say %s", message, words);
}

/* --- settling ------------------------------------------------------------------------------------------------- */

static ent_status settle_actors(int64_t n, ent_error *err)
{
    const ent_model *model = ent_model_find("median");
    double option[64];
    ent_model_defaults(option, model);
    const size_t count = (size_t)n;
    const ent_settle_input in = {.n = count, .position = spread(count), .salience = all(1, count), .capability = all(1, count), .high = 100,
                                 .status_quo = (double)NAN, .option = option};
    return ent_settle_check(&in, model, err);
}

static int stop_at_once(int32_t round, double share, void *payload)
{
    (void)round, (void)share, (void)payload;
    return 1;
}

static ent_status challenge(size_t n, int32_t rounds, int32_t offers, ent_error *err)
{
    ent_challenge_options options = ENT_CHALLENGE_OPTIONS_INIT;
    options.max_rounds = rounds;
    options.max_offers = offers;
    options.progress = stop_at_once;
    const ent_challenge_input in = {.n = n, .position = spread(n), .salience = all(1, n), .capability = all(1, n)};
    ent_challenge_result *result = NULL;
    ent_status status = ent_challenge(&result, &in, &options, err);
    ent_challenge_free(result);
    return status;
}

static ent_status challenge_actors(int64_t n, ent_error *err) { return challenge((size_t)n, 1, 0, err); }
static ent_status challenge_rounds(int64_t n, ent_error *err) { return challenge(2, (int32_t)n, 0, err); }
static ent_status challenge_offers(int64_t n, ent_error *err) { return challenge(2, 1, (int32_t)n, err); }

static ent_status exchange(size_t n, size_t issues, int32_t iterations, int32_t trades, double power, ent_error *err)
{
    ent_exchange_options options = ENT_EXCHANGE_OPTIONS_INIT;
    options.iterations = iterations;
    options.max_trades = trades;
    options.progress = stop_at_once;
    const ent_exchange_input in = {.n = n, .issues = issues, .position = spread(n * issues), .salience = all(1, n * issues),
                                   .power = all(power, n * issues)};
    ent_exchange_result *result = NULL;
    ent_status status = ent_exchange(&result, &in, &options, err);
    ent_exchange_free(result);
    return status;
}

static ent_status exchange_actors(int64_t n, ent_error *err) { return exchange((size_t)n, 1, 1, 0, 1, err); }
static ent_status exchange_issues(int64_t n, ent_error *err) { return exchange(2, (size_t)n, 1, 0, 1, err); }
static ent_status exchange_iterations(int64_t n, ent_error *err) { return exchange(2, 2, (int32_t)n, 0, 1, err); }
static ent_status exchange_trades(int64_t n, ent_error *err) { return exchange(2, 2, 1, (int32_t)n, 1, err); }

static ent_status exchange_in_scenarios(int64_t n, ent_error *err)
{
    const size_t count = (size_t)n;
    const double low = 0, high = 100, status_quo = (double)NAN;
    double outcome, option[64];
    ent_model_defaults(option, ent_model_find("exchange"));
    const ent_settle_many_input in = {.n = count, .issues = 1, .position = spread(count), .salience = all(1, count), .capability = all(1, count),
                                      .low = &low, .high = &high, .status_quo = &status_quo, .option = option};
    return ent_settle_many(&outcome, NULL, &in, ent_model_find("exchange"), err);
}

static ent_status spatial(size_t n, size_t dims, int32_t rounds, ent_error *err)
{
    ent_spatial_options options = ENT_SPATIAL_OPTIONS_INIT;
    options.max_rounds = rounds;
    options.progress = stop_at_once;
    const ent_spatial_input in = {.n = n, .dims = dims, .position = spread(n * dims), .salience = all(0.5, n * dims), .capability = all(1, n)};
    ent_spatial_result *result = NULL;
    ent_status status = ent_spatial(&result, &in, &options, err);
    ent_spatial_free(result);
    return status;
}

static ent_status spatial_actors(int64_t n, ent_error *err) { return spatial((size_t)n, 1, 1, err); }
static ent_status spatial_dimensions(int64_t n, ent_error *err) { return spatial(2, (size_t)n, 1, err); }
static ent_status spatial_rounds(int64_t n, ent_error *err) { return spatial(2, 1, (int32_t)n, err); }

/* --- wars and alliances ------------------------------------------------------------------------------------------ */

static ent_status war(int32_t months, int32_t states, size_t events, ent_error *err)
{
    static ent_war_event event[ENT_WAR_MAX_EVENTS + 1];
    for (size_t i = 0; i < events; i++)
        event[i] = (ent_war_event){.states = ENT_WAR_ANY, .line_high = 1, .y_high = 1};
    ent_war_input in = ENT_WAR_INPUT_INIT;
    in.months = months;
    in.states = states;
    in.line = states / 2;
    in.cost_a = in.cost_b = all(0, (size_t)months);
    in.discount = 0.9;
    in.event = event;
    in.n_events = events;
    ent_war_output out = {0};
    return ent_war(&out, &in, err);
}

static ent_status war_months(int64_t n, ent_error *err) { return war((int32_t)n, 2, 0, err); }
static ent_status war_states(int64_t n, ent_error *err) { return war(1, (int32_t)n, 0, err); }
static ent_status war_events(int64_t n, ent_error *err) { return war(1, 2, (size_t)n, err); }

static ent_deterrence_input defenders(size_t n)
{
    ent_deterrence_input in = ENT_DETERRENCE_INPUT_INIT;
    in.n = n;
    in.help = in.stake = in.cost = in.loss = all(1, n);
    in.challenger = in.target = in.lambda_defender = in.lambda_challenger = 1;
    return in;
}

static ent_status deterrence_tree(int64_t n, ent_error *err)
{
    const ent_deterrence_input in = defenders((size_t)n);
    char *text = NULL;
    size_t length;
    ent_status status = ent_deterrence_efg(&text, &length, &in, NULL, err);
    ent_bytes_free(text);
    return status;
}

static void deterrence_is_exact_up_to_the_limit(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        const ent_deterrence_input in = defenders(ENT_DETERRENCE_EXACT + more);
        ent_deterrence_output out = {0};
        CHECK(ent_deterrence(&out, &in, NULL) == ENT_OK);
        CHECK(out.exact == (more == 0));
    }
}

/* --- votes ------------------------------------------------------------------------------------------------------ */

static ent_status rule_members(int64_t n, ent_error *err)
{
    ent_rule *rule = NULL;
    ent_status status = ent_rule_majority(&rule, (size_t)n, err);
    ent_rule_free(rule);
    return status;
}

/* A chain: each criterion is satisfied by the only member and the one before it. */
static ent_status rule_criteria(int64_t n, ent_error *err)
{
    static ent_rule_node node[ENT_RULE_MOST_NODES + 1];
    static ent_rule_part part[2 * (ENT_RULE_MOST_NODES + 1)];
    int32_t parts = 0;
    for (int32_t k = 0; k < n; k++) {
        node[k] = (ent_rule_node){.kind = ENT_RULE_ANY, .first = parts, .count = k > 0 ? 2 : 1, .quota = 1};
        part[parts++] = (ent_rule_part){.unit = 0, .weight = 1};
        if (k > 0)
            part[parts++] = (ent_rule_part){.unit = 1 + k - 1, .weight = 1};
    }
    const ent_rule rule = {1, (int32_t)n, parts, node, part};
    return ent_rule_check(&rule, err);
}

/* Ten criteria over the same members, the last of which has what is missing, and one over them. */
static ent_status rule_parts(int64_t n, ent_error *err)
{
    enum { OVER = 10, MEMBERS = 9999 };
    static ent_rule_node node[OVER + 1];
    static ent_rule_part part[ENT_RULE_MOST_PARTS + 1];
    int32_t parts = 0;
    for (int32_t k = 0; k < OVER; k++) {
        const int32_t left = (int32_t)n - OVER - parts, count = k + 1 == OVER ? left : MEMBERS;
        node[k] = (ent_rule_node){.kind = ENT_RULE_CRITERION, .first = parts, .count = count, .quota = 1};
        for (int32_t i = 0; i < count; i++)
            part[parts++] = (ent_rule_part){.unit = i, .weight = 1};
    }
    node[OVER] = (ent_rule_node){.kind = ENT_RULE_ALL, .first = parts, .count = OVER, .quota = OVER};
    for (int32_t k = 0; k < OVER; k++)
        part[parts++] = (ent_rule_part){.unit = ENT_RULE_MOST_MEMBERS + k, .weight = 1};
    assert_int_equal(parts, n);
    const ent_rule rule = {ENT_RULE_MOST_MEMBERS, OVER + 1, parts, node, part};
    return ent_rule_check(&rule, err);
}

/* Every member in each of `criteria` criteria, all of which are needed; weights as given, a row a criterion. */
static ent_rule *together(const double *weight, size_t members, size_t criteria, const double *quota)
{
    ent_rule_builder *to = ent_rule_begin(members);
    int32_t unit[32];
    for (size_t k = 0; k < criteria; k++)
        unit[k] = ent_rule_criterion(to, NULL, weight + k * members, members, quota[k], false);
    if (criteria > 1)
        (void)ent_rule_all(to, unit, criteria);
    ent_rule *rule = NULL;
    CHECK(ent_rule_end(&rule, to, NULL) == ENT_OK);
    return rule;
}

static ent_status chance(ent_rule *rule, ent_error *err)
{
    ent_status status = ent_rule_chance_check(rule, err);
    ent_rule_free(rule);
    return status;
}

/* 63 members: the table has 64 times one cell for each whole sum up to the quota. */
static ent_status chance_cells(int64_t n, ent_error *err)
{
    double weight[63];
    for (size_t i = 0; i < 63; i++)
        weight[i] = 1000 * (double)(i + 1) + 1;
    const double quota = (double)(n / 64 - 1);
    return chance(together(weight, 63, 1, &quota), err);
}

/* Weights that are not whole, in so many criteria as there are quotas. */
static ent_status chance_of_fractions(size_t n, size_t criteria, ent_error *err)
{
    double weight[2 * 64], quota[2];
    for (size_t k = 0; k < criteria; k++) {
        quota[k] = 0;
        for (size_t i = 0; i < n; i++) {
            weight[k * n + i] = sqrt((double)(2 + i + 3 * k * i));
            quota[k] += 0.6 * weight[k * n + i];
        }
    }
    return chance(together(weight, n, criteria, quota), err);
}

static ent_status chance_members(int64_t n, ent_error *err) { return chance_of_fractions((size_t)n, 1, err); }
static ent_status chance_sets(int64_t n, ent_error *err) { return chance_of_fractions((size_t)n, 2, err); }

/* Thirty members with fractions in one criterion, and whole weights in another with a quota of n - 1. */
static ent_status chance_states(int64_t n, ent_error *err)
{
    double weight[2 * 30], quota[2] = {10, (double)(n - 1)};
    for (size_t i = 0; i < 30; i++) {
        weight[i] = sqrt((double)(2 + i));
        weight[30 + i] = 500 + (double)(i * i);
    }
    return chance(together(weight, 30, 2, quota), err);
}

static ent_status consent_rounds(int64_t n, ent_error *err)
{
    ent_rule *rule = NULL;
    CHECK(ent_rule_consensus(&rule, 2, NULL) == ENT_OK);
    const ent_consent_input in = {.rule = rule, .n = 2, .position = spread(2), .salience = all(1, 2), .low = 0, .high = 100, .to = 50,
                                  .lambda = 1, .rounds = (int32_t)n, .r = 2};
    ent_consent_output out = {0};
    ent_status status = ent_consent(&out, &in, err);
    ent_rule_free(rule);
    return status;
}

static ent_status power(ent_rule *rule, ent_power_method method, ent_error *err)
{
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    options.method = method;
    ent_power *got = NULL;
    ent_status status = ent_power_indices(&got, rule, &options, err);
    ent_power_free(got);
    ent_rule_free(rule);
    return status;
}

static ent_status power_counted(int64_t n, ent_error *err)
{
    ent_rule *rule = NULL;
    CHECK(ent_rule_majority(&rule, (size_t)n, NULL) == ENT_OK);
    return power(rule, ENT_POWER_COUNT, err);
}

/* Three members; criterion k counts the first alone, so that no sum follows from the number of members. */
static ent_status power_sums(int64_t n, ent_error *err)
{
    double weight[3 * 32], quota[32];
    for (size_t k = 0; k < (size_t)n; k++) {
        weight[3 * k] = 1;
        weight[3 * k + 1] = weight[3 * k + 2] = 0;
        quota[k] = 1;
    }
    return power(together(weight, 3, (size_t)n, quota), ENT_POWER_COUNT, err);
}

/* Three members: four sizes times one more than all weight. */
static ent_status power_cells(int64_t n, ent_error *err)
{
    const double weight[3] = {1, 2, (double)(n / 4 - 1 - 3)}, quota = 3;
    return power(together(weight, 3, 1, &quota), ENT_POWER_COUNT, err);
}

static ent_status power_criteria(int64_t n, ent_error *err)
{
    double weight[2 * 32], quota[32];
    for (size_t k = 0; k < (size_t)n; k++) {
        weight[2 * k] = (double)(k + 1);
        weight[2 * k + 1] = quota[k] = 1;
    }
    return power(together(weight, 2, (size_t)n, quota), ENT_POWER_ENUMERATE, err);
}

static ent_status power_integrated(int64_t n, ent_error *err)
{
    ent_rule *rule = NULL;
    CHECK(ent_rule_consensus(&rule, (size_t)n, NULL) == ENT_OK);
    return power(rule, ENT_POWER_INTEGRAL, err);
}

/* What takes minutes at the limit is asked of the check alone; past it, of the whole call, which refuses at once. */
static bool fits(const ent_rule *rule, bool (*which)(const ent__game *))
{
    ent__game game;
    ent__arena *arena = ent__arena_create();
    CHECK(ent__game_make(&game, rule, NULL, 0, arena) == ENT_OK);
    const bool good = which(&game);
    ent__arena_free(arena);
    return good;
}

static ent_status power_enumerated(int64_t n, ent_error *err)
{
    ent_rule *rule = NULL;
    CHECK(ent_rule_majority(&rule, (size_t)n, NULL) == ENT_OK);
    if (!fits(rule, ent__enumerate_fits))
        return power(rule, ENT_POWER_ENUMERATE, err);
    ent_rule_free(rule);
    return ENT_OK;
}

static ent_status power_sum(int64_t n, ent_error *err)
{
    const double weight[2] = {1, (double)(n - 1)}, quota = 1;
    ent_rule *rule = together(weight, 2, 1, &quota);
    if (!fits(rule, ent__large_fits))
        return power(rule, ENT_POWER_LARGE, err);
    ent_rule_free(rule);
    return ENT_OK;
}

/* --- runs and studies --------------------------------------------------------------------------------------------- */

static int stop_run(const ent_progress *progress, void *payload)
{
    (void)progress, (void)payload;
    return 1;
}

/* A run that is stopped at its first word: it was taken, and would have gone on. */
static ent_status run_draws(int64_t n, ent_error *err)
{
    small s = small_new(HEAD DOOR);
    CHECK(small_compile(&s, NULL, 0) == ENT_OK);
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = n;
    options.jobs = 1;
    options.progress = stop_run;
    ent_status status = ent_run(&s.results, s.plan, &options, err);
    if (status == ENT_OK)
        CHECK(ent_results_facts(s.results).draws < n);
    small_free(&s);
    return status;
}

static ent_status memo_batches(int64_t n, ent_error *err)
{
    ent_memo *memo = NULL;
    ent_status status = ent_memo_create(&memo, (int32_t)n, err);
    ent_memo_free(memo);
    return status;
}

static ent_status attached(int64_t n, ent_error *err)
{
    small s = small_new(HEAD DOOR);
    small_run(&s, 64, 1);
    ent_status status = ENT_OK;
    for (int64_t i = 0; i < n && status == ENT_OK; i++) {
        char key[24];
        snprintf(key, sizeof key, "study_%d", (int)i);
        status = ent_results_attach(s.results, key, "{}", err);
    }
    small_free(&s);
    return status;
}

static ent_status json_depth(int64_t n, ent_error *err)
{
    char text[2 * 128 + 1] = "";
    memset(text, '[', (size_t)n);
    memset(text + n, ']', (size_t)n);
    small s = small_new(HEAD DOOR);
    small_run(&s, 64, 1);
    ent_status status = ent_results_attach(s.results, "study", text, err);
    small_free(&s);
    return status;
}

static ent_status backtest(size_t issues, size_t models, ent_error *err)
{
    static ent_decision_issue issue[ENT_BACKTEST_MAX_ISSUES + 1];
    static ent_decision_stance stance[2 * (ENT_BACKTEST_MAX_ISSUES + 1)];
    const char *proposal[] = {"p"}, *actor[] = {"a", "b"};
    const ent_model *model[ENT_BACKTEST_MODELS];
    for (size_t i = 0; i < issues; i++) {
        issue[i] = (ent_decision_issue){.id = "i", .reference = (double)NAN, .outcome = 50, .first = 2 * i, .n = 2};
        for (int32_t a = 0; a < 2; a++)
            stance[2 * i + (size_t)a] = (ent_decision_stance){.actor = a, .position = 40 + 30 * a, .salience = 0.5, .capability = 1};
    }
    for (size_t m = 0; m < models; m++)
        model[m] = ent_model_find("median");
    const ent_decisions decisions = {.issues = issues, .proposals = 1, .actors = 2, .stances = 2 * issues, .issue = issue,
                                     .proposal = proposal, .actor = actor, .actor_name = actor, .stance = stance};
    ent_backtest_options options = ENT_BACKTEST_OPTIONS_INIT;
    options.model = model;
    options.n_models = models;
    options.replicates = 1;
    ent_backtest *out = NULL;
    ent_status status = ent_backtest_run(&out, &decisions, &options, err);
    ent_backtest_free(out);
    return status;
}

static ent_status backtest_issues(int64_t n, ent_error *err) { return backtest((size_t)n, 1, err); }
/* Rows: models and two yardsticks. */
static ent_status backtest_rows(int64_t n, ent_error *err) { return backtest(1, (size_t)n - 2, err); }

static void every_draw_is_kept_up_to_the_limit(void **state)
{
    (void)state;
    small s = small_new(HEAD DOOR);
    small_run(&s, ENT_EXACT_DRAWS, 0);
    CHECK(!ent_results_facts(s.results).counted);
    small_run(&s, ENT_EXACT_DRAWS + 1, 0);
    CHECK(ent_results_facts(s.results).counted);
    small_free(&s);
}

/* --- numbers ------------------------------------------------------------------------------------------------------- */

static ent_status capability_of(double x, ent_error *err)
{
    const double position = 0, salience = 1, capability = x;
    double option[64];
    ent_model_defaults(option, ent_model_find("median"));
    const ent_settle_input in = {.n = 1, .position = &position, .salience = &salience, .capability = &capability, .high = 1,
                                 .status_quo = (double)NAN, .option = option};
    return ent_settle_check(&in, ent_model_find("median"), err);
}

static ent_status income_of(double x, ent_error *err)
{
    const double income = x, observed = 1, share = 0.5;
    const ent_burden_past past = {.n = 1, .income = &income, .observed = &observed, .private_share = &share};
    double shared, own;
    return ent_burden_calibrate(&shared, &own, &past, err);
}

/* The greatest number is taken, the next double is not, and the message has both the limit and the number. */
static void greatest(ent_status (*try)(double, ent_error *), double limit, const char *shown)
{
    ent_error err = {0};
    if (try(limit, &err) != ENT_OK)
        fail_msg("at the limit: %s", err.message);
    CHECK(try(nextafter(limit, INFINITY), &err) == ENT_ERR_DOMAIN);
    if (strstr(err.message, shown) == NULL)
        fail_msg("'%s' does not say %s", err.message, shown);
}

static void the_greatest_numbers_are_taken(void **state)
{
    (void)state;
    greatest(capability_of, ENT_MAX_NUMBER, "1e100");
    greatest(income_of, ENT_MAX_MONEY, "1e30");
}

/* Possible trades grow in steps of many: 20 actors on a thousand issues are the most below the limit, 21 are the first above. At the
 * limit nobody has power, so that the call ends before it takes 3 GB. */
static void possible_trades_are_limited(void **state)
{
    (void)state;
    ent_error err = {0};
    CHECK(999 * 1000 / 2 * (20 * 20 / 4) <= ENT_EXCHANGE_MAX_CANDIDATES);
    CHECK(999 * 1000 / 2 * (21 * 21 / 4) > ENT_EXCHANGE_MAX_CANDIDATES);
    CHECK(exchange(20, 1000, 1, 0, 0, &err) == ENT_ERR_DOMAIN);
    err = (ent_error){0};
    CHECK(exchange(21, 1000, 1, 0, 0, &err) == ENT_ERR_LIMIT);
    has(err.message, "at most 50 million");
    has(err.message, "21 actors and 1000 issues");
}

/* A thousand columns and ten thousand rows, and one more: half a gigabyte for a second. */
static ent_status csv_cells(int64_t n, ent_error *err)
{
    enum { COLUMNS = 1000 };
    const size_t rows = (size_t)((n + COLUMNS - 1) / COLUMNS);
    ent__buffer text = {0};
    for (int i = 0; i < COLUMNS; i++)
        ent__buffer_printf(&text, "%sc%d", i > 0 ? "," : "", i);
    char line[COLUMNS + 1]; /* "\nx,,,..": a row without any text would be passed over */
    memset(line, ',', sizeof line);
    line[0] = '\n';
    line[1] = 'x';
    for (size_t i = 0; i < rows; i++)
        ent__buffer_add(&text, line, sizeof line);
    assert_false(text.failed);
    ent__csv csv;
    ent__arena *arena = ent__arena_create();
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = ent__csv_parse(&csv, arena, text.data, text.length, "t.csv", list);
    if (status != ENT_OK)
        ent__error_set(err, status, "", 0, 0, "%s", ent_diagnostics_get(list, 0).message);
    ent_diagnostics_free(list);
    ent__arena_free(arena);
    ent__buffer_free(&text);
    return status;
}

/* --- the table ----------------------------------------------------------------------------------------------------- */

#define ROW(constant, try, past) {#constant, constant, try, past}
static row rows[] = {
    ROW(ENT_MAX_CSV_CELLS, csv_cells, ENT_ERR_LIMIT),
    ROW(ENT_MAX_ACTORS, settle_actors, ENT_ERR_LIMIT),
    ROW(ENT_MAX_JSON_DEPTH, json_depth, ENT_ERR_ARGUMENT),
    ROW(ENT_MAX_DRAWS, run_draws, ENT_ERR_ARGUMENT),
    ROW(ENT_MAX_BATCHES, memo_batches, ENT_ERR_ARGUMENT),
    ROW(ENT_MOST_ATTACHED, attached, ENT_ERR_ARGUMENT),
    ROW(ENT_BACKTEST_MODELS, backtest_rows, ENT_ERR_LIMIT),
    ROW(ENT_BACKTEST_MAX_ISSUES, backtest_issues, ENT_ERR_LIMIT),
    ROW(ENT_CHALLENGE_MAX_ACTORS, challenge_actors, ENT_ERR_LIMIT),
    ROW(ENT_CHALLENGE_MAX_ROUNDS, challenge_rounds, ENT_ERR_ARGUMENT),
    ROW(ENT_CHALLENGE_MAX_OFFERS, challenge_offers, ENT_ERR_ARGUMENT),
    ROW(ENT_EXCHANGE_MAX_ACTORS, exchange_actors, ENT_ERR_LIMIT),
    ROW(ENT_EXCHANGE_SETTLE_ACTORS, exchange_in_scenarios, ENT_ERR_LIMIT),
    ROW(ENT_EXCHANGE_MAX_ISSUES, exchange_issues, ENT_ERR_LIMIT),
    ROW(ENT_EXCHANGE_MAX_ITERATIONS, exchange_iterations, ENT_ERR_ARGUMENT),
    ROW(ENT_EXCHANGE_MAX_TRADES, exchange_trades, ENT_ERR_ARGUMENT),
    ROW(ENT_SPATIAL_MAX_ACTORS, spatial_actors, ENT_ERR_LIMIT),
    ROW(ENT_SPATIAL_MAX_DIMENSIONS, spatial_dimensions, ENT_ERR_LIMIT),
    ROW(ENT_SPATIAL_MAX_ROUNDS, spatial_rounds, ENT_ERR_ARGUMENT),
    ROW(ENT_RULE_MOST_MEMBERS, rule_members, ENT_ERR_LIMIT),
    ROW(ENT_RULE_MOST_NODES, rule_criteria, ENT_ERR_LIMIT),
    ROW(ENT_RULE_MOST_PARTS, rule_parts, ENT_ERR_LIMIT),
    ROW(ENT_CHANCE_MAX_CELLS, chance_cells, ENT_ERR_LIMIT),
    ROW(ENT_CHANCE_MAX_MEMBERS, chance_members, ENT_ERR_LIMIT),
    ROW(ENT_CHANCE_MAX_STATES, chance_states, ENT_ERR_LIMIT),
    ROW(ENT_CHANCE_MAX_SETS, chance_sets, ENT_ERR_LIMIT),
    ROW(ENT_CONSENT_MAX_ROUNDS, consent_rounds, ENT_ERR_DOMAIN),
    ROW(ENT_POWER_MAX_COUNTED, power_counted, ENT_ERR_LIMIT),
    ROW(ENT_POWER_MAX_SUMS, power_sums, ENT_ERR_LIMIT),
    ROW(ENT_POWER_MAX_CELLS, power_cells, ENT_ERR_LIMIT),
    ROW(ENT_POWER_MAX_SUM, power_sum, ENT_ERR_LIMIT),
    ROW(ENT_POWER_MAX_ENUMERATED, power_enumerated, ENT_ERR_LIMIT),
    ROW(ENT_POWER_MAX_CRITERIA, power_criteria, ENT_ERR_LIMIT),
    ROW(ENT_POWER_MAX_INTEGRATED, power_integrated, ENT_ERR_LIMIT),
    ROW(ENT_DETERRENCE_EXACT, deterrence_tree, ENT_ERR_LIMIT),
    ROW(ENT_WAR_MAX_STATES, war_states, ENT_ERR_LIMIT),
    ROW(ENT_WAR_MAX_MONTHS, war_months, ENT_ERR_LIMIT),
    ROW(ENT_WAR_MAX_EVENTS, war_events, ENT_ERR_LIMIT),
};

/* Where the limit is of what a message does not count as the constant does, what it says instead: of the limit, of what was found. */
static const struct {
    const char *name, *limit, *found;
} other[] = {
    {"ENT_MAX_CSV_CELLS", "10000000", "more than"},
    {"ENT_MAX_JSON_DEPTH", "64", "study"},
    {"ENT_BACKTEST_MODELS", "30", "31"},
    {"ENT_MOST_ATTACHED", "8", "study"},
    {"ENT_CHANCE_MAX_CELLS", "65536", "63 members"},
    {"ENT_CHANCE_MAX_STATES", "36", "30 members"},
    {"ENT_CHANCE_MAX_SETS", "36", "21 members"},
    {"ENT_POWER_MAX_SUMS", "16", "18 criteria"},
    {"ENT_POWER_MAX_CRITERIA", "12", "14 criteria"},
    {"ENT_POWER_MAX_CELLS", "16777216", "3 members"},
    {"ENT_POWER_MAX_SUM", "40000000", "2 members"},
    {"ENT_RULE_MOST_PARTS", "100000", "100001"},
};

static void at_the_limit_and_past_it(void **state)
{
    const row *r = *state;
    ent_error err = {0};
    char limit[24], found[24];
    /* The table of sums grows by 64 and by 4 cells a sum. */
    const int64_t step = strcmp(r->name, "ENT_CHANCE_MAX_CELLS") == 0 ? 64 : strcmp(r->name, "ENT_POWER_MAX_CELLS") == 0 ? 4 : 1;
    ent_status status = r->try(r->limit, &err);
    if (status != ENT_OK)
        fail_msg("%s, at %lld: status %d, %s", r->name, (long long)r->limit, (int)status, err.message);
    status = r->try(r->limit + step, &err);
    if (status != r->past)
        fail_msg("%s, past %lld: status %d, not %d: %s", r->name, (long long)r->limit, (int)status, (int)r->past, err.message);
    snprintf(limit, sizeof limit, "%lld", (long long)r->limit);
    snprintf(found, sizeof found, "%lld", (long long)(r->limit + 1));
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (strcmp(other[i].name, r->name) == 0) {
            snprintf(limit, sizeof limit, "%s", other[i].limit);
            snprintf(found, sizeof found, "%s", other[i].found);
        }
    has(err.message, limit);
    has(err.message, found);
}

int main(void)
{
    enum { ROWS = sizeof rows / sizeof *rows };
    struct CMUnitTest tests[ROWS + 4];
    for (size_t i = 0; i < ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name, .test_func = at_the_limit_and_past_it, .initial_state = &rows[i]};
    const struct CMUnitTest more[] = {
        cmocka_unit_test(deterrence_is_exact_up_to_the_limit),
        cmocka_unit_test(every_draw_is_kept_up_to_the_limit),
        cmocka_unit_test(the_greatest_numbers_are_taken),
        cmocka_unit_test(possible_trades_are_limited),
    };
    memcpy(tests + ROWS, more, sizeof more);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
