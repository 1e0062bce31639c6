/* Consent: what must hold of it, the model's call, and years of asking. test_twins.py compares random cases. */
#include "entente/model.h"
#include "rule_case.h"

enum { MOST = 32 };

typedef struct group {
    ent_rule *rule;
    ent_consent_input in;
    ent_consent_output out;
    double position[MOST], salience[MOST], capability[MOST], accept[MOST], blocks[MOST];
} group;

static group *make(ent_rule *rule, uint64_t seed)
{
    group *g = calloc(1, sizeof *g);
    dice d = {seed};
    CHECK(g != NULL && rule != NULL);
    g->rule = rule;
    for (int32_t i = 0; i < rule->members; i++) {
        g->position[i] = 100 * roll(&d);
        g->salience[i] = roll(&d);
        g->capability[i] = 10 * roll(&d);
    }
    g->in = (ent_consent_input){.rule = rule, .n = (size_t)rule->members, .position = g->position};
    g->in.salience = g->salience;
    g->in.capability = g->capability;
    g->in.high = 100;
    g->in.from = 55;
    g->in.to = 20;
    g->in.lambda = 25;
    g->in.tau = 0.1;
    g->in.rho = 0.05;
    g->in.rounds = 1;
    g->in.r = 2;
    g->out = (ent_consent_output){.accept = g->accept, .blocks = g->blocks};
    return g;
}

static ent_rule *consensus(size_t n)
{
    ent_rule *rule = NULL;
    CHECK(ent_rule_consensus(&rule, n, NULL) == ENT_OK);
    return rule;
}

static void end(group *g)
{
    ent_rule_free(g->rule);
    free(g);
}

static double ask(group *g)
{
    ent_error err = {0};
    if (ent_consent(&g->out, &g->in, &err) != ENT_OK)
        fail_msg("%s", err.message);
    return g->out.chance;
}

static void who_gains_nothing_and_pays_nothing_tosses_a_coin(void **state)
{
    (void)state;
    group *g = make(consensus(3), 1);
    g->in.tau = 0;
    g->in.to = g->in.from;
    CHECK_NEAR(ask(g), 0.125, 0);
    CHECK_NEAR(g->accept[1], 0.5, 0);
    CHECK_NEAR(g->blocks[1], 0.125, 0);
    g->in.to = 20;
    g->in.lambda = 0; /* choice by lot */
    CHECK_NEAR(ask(g), 0.125, 0);
    end(g);
}

/* One member by hand: position 20, salience 0.5, from 55 to 20: u rises by 0.35^2; lambda 25, tau 0.1. */
static void one_member_by_hand(void **state)
{
    (void)state;
    group *g = make(consensus(1), 1);
    g->position[0] = 20;
    g->salience[0] = 0.5;
    CHECK_NEAR(ask(g), 1 / (1 + exp(-25 * (0.5 * 0.35 * 0.35 + 0.1))), 1e-15);
    CHECK_NEAR(g->blocks[0], 1 - g->out.chance, 1e-15);
    g->in.r = 1;
    CHECK_NEAR(ask(g), 1 / (1 + exp(-25 * (0.5 * 0.35 + 0.1))), 1e-15);
    end(g);
}

static void sharp_choice_is_certain_and_never_overflows(void **state)
{
    (void)state;
    group *g = make(consensus(2), 1);
    g->in.lambda = 1e9;
    g->position[0] = g->position[1] = 20;
    CHECK(ask(g) == 1);
    g->position[1] = 90;
    g->salience[1] = 1;
    CHECK(ask(g) == 0);
    CHECK(g->blocks[1] == 1 && g->blocks[0] == 0);
    end(g);
}

/* Ten independent tries turn 0.19 into 0.88: said of the model wherever rounds are offered. */
static void rounds_are_independent_tries(void **state)
{
    (void)state;
    group *g = make(consensus(4), 3);
    g->in.rho = 0;
    double once = ask(g), blocked = g->blocks[2];
    g->in.rounds = 10;
    CHECK_NEAR(ask(g), 1 - pow(1 - once, 10), 1e-14);
    CHECK_NEAR(g->blocks[2], pow(1 - once, 10) - pow(1 - once - blocked, 10), 1e-14);
    CHECK_NEAR(1 - pow(1 - 0.19, 10), 0.88, 0.005);
    g->in.rho = 1; /* from the second round on all stand at the mean, and decide alike */
    g->in.rounds = 2;
    double mean = 0, total = 0, product = 1;
    for (int i = 0; i < 4; i++) {
        mean += g->capability[i] * g->salience[i] * g->position[i];
        total += g->capability[i] * g->salience[i];
    }
    mean /= total;
    for (int i = 0; i < 4; i++) {
        double gain = pow((55 - mean) / 100, 2) - pow((20 - mean) / 100, 2);
        product *= 1 / (1 + exp(-25 * (g->salience[i] * gain + 0.1)));
    }
    CHECK_NEAR(ask(g), 1 - (1 - once) * (1 - product), 1e-14);
    end(g);
}

static void more_to_lose_by_blocking_makes_consent_likelier(void **state)
{
    (void)state;
    group *g = make(consensus(32), 4);
    double before = -1;
    for (g->in.tau = 0; g->in.tau < 1; g->in.tau += 0.1) {
        double chance = ask(g);
        CHECK(chance > before);
        before = chance;
    }
    end(g);
}

static void chances_are_chances(void **state)
{
    (void)state;
    dice d = {6};
    for (uint64_t seed = 1; seed < 300; seed++) {
        group *g = make(seed % 2 ? security_council() : consensus(7), seed);
        g->in.lambda = 60 * roll(&d);
        g->in.tau = roll(&d);
        g->in.rho = roll(&d);
        g->in.rounds = 1 + pick(&d, 6);
        double chance = ask(g);
        CHECK(chance >= 0 && chance <= 1);
        for (size_t i = 0; i < g->in.n; i++)
            CHECK(g->accept[i] >= 0 && g->accept[i] <= 1 && g->blocks[i] >= 0 && chance + g->blocks[i] <= 1 + 1e-12);
        end(g);
    }
}

/* --- the model's call --------------------------------------------------------------------------------------------- */

typedef struct made_call {
    ent_call call;
    size_t count[ENT_AXIS_COUNT];
    const double *in[10];
    double *out[8], option[2], chance, low, high, accept[MOST], blocks[MOST];
    void *workspace;
} made_call;

static void prepare(made_call *c, const group *g)
{
    *c = (made_call){.count = {[ENT_AXIS_MEMBER] = g->in.n},
                     .in = {g->position, g->salience, g->capability, &g->in.low, &g->in.high, &g->in.from, &g->in.to,
                            &g->in.lambda, &g->in.tau, &g->in.rho},
                     .option = {g->in.rounds, g->in.r}};
    c->out[0] = &c->chance;
    c->out[4] = c->accept;
    c->out[5] = c->blocks;
    c->out[6] = &c->low;
    c->out[7] = &c->high;
    c->call = (ent_call){.phase = ENT_PHASE_YEAR, .count = c->count, .in = c->in, .out = c->out, .option = c->option};
    c->call.rule = g->rule;
    c->workspace = malloc(ent__model_consent.call_workspace(c->count, g->rule));
    CHECK(c->workspace != NULL);
}

static void the_model_gives_what_the_function_gives(void **state)
{
    (void)state;
    const ent_model *model = ent_model_find("consent");
    CHECK(model == &ent__model_consent && model->settle == NULL && model->n_inputs == 10 && model->n_outputs == 8);
    for (uint64_t seed = 1; seed < 50; seed++) {
        group *g = make(seed % 2 ? security_council() : consensus(9), seed);
        g->in.rounds = 1 + (int32_t)(seed % 3);
        made_call c;
        ent_stop stop = ENT_STOP_COUNT;
        prepare(&c, g);
        model->call(&stop, &c.call, c.workspace);
        CHECK(stop == ENT_STOP_DONE);
        CHECK_SAME(c.chance, ask(g));
        CHECK_SAME(c.low, g->out.gridlock_low);
        CHECK_SAME(c.high, g->out.gridlock_high);
        for (size_t i = 0; i < g->in.n; i++) {
            CHECK_SAME(c.accept[i], g->accept[i]);
            CHECK_SAME(c.blocks[i], g->blocks[i]);
        }
        free(c.workspace);
        end(g);
    }
}

static void undefined_inputs_give_undefined_outputs(void **state)
{
    (void)state;
    const double bad[] = {NAN, INFINITY, -INFINITY, -1};
    group *g = make(security_council(), 5);
    g->in.rounds = 3;
    double *where[] = {&g->position[3], &g->salience[14], &g->capability[0], &g->in.low, &g->in.high,
                       &g->in.from,     &g->in.to,        &g->in.lambda,     &g->in.tau, &g->in.rho};
    for (size_t w = 0; w < ENT_COUNT(where); w++)
        for (size_t b = 0; b < ENT_COUNT(bad); b++) {
            bool allowed = bad[b] == -1 && (w == 0 || w == 3 || w == 5 || w == 6); /* somewhere on the line */
            double kept = *where[w];
            made_call c;
            ent_stop stop = ENT_STOP_COUNT;
            *where[w] = bad[b];
            prepare(&c, g);
            ent__model_consent.call(&stop, &c.call, c.workspace);
            if (allowed)
                CHECK(stop == ENT_STOP_DONE && c.chance >= 0 && c.chance <= 1);
            else
                CHECK(stop == ENT_STOP_UNDEFINED && isnan(c.chance));
            free(c.workspace);
            *where[w] = kept;
        }
    made_call c;
    ent_stop stop = ENT_STOP_COUNT;
    prepare(&c, g);
    for (size_t o = 0; o < ENT_COUNT(c.out); o++)
        c.out[o] = NULL; /* nobody wants any */
    ent__model_consent.call(&stop, &c.call, c.workspace);
    c.call.phase = ENT_PHASE_LAST;
    ent__model_consent.call(&stop, &c.call, c.workspace);
    CHECK(stop == ENT_STOP_DONE);
    free(c.workspace);
    end(g);
}

static void rules_without_an_exact_chance_have_no_workspace(void **state)
{
    (void)state;
    double w[60];
    dice d = {7};
    size_t count[ENT_AXIS_COUNT] = {[ENT_AXIS_MEMBER] = 60};
    for (int i = 0; i < 60; i++)
        w[i] = roll(&d);
    ent_rule *rule = weighted(w, 60, 12);
    CHECK(ent__model_consent.call_workspace(count, rule) == 0);
    CHECK(ent__model_consent.call_workspace(count, NULL) == 0);
    double none[60] = {0.5}, scale[2] = {0, 1}, chance = 0;
    const double *in[] = {none, none, none, &scale[0], &scale[1], none, none, none, none, none};
    double *out[8] = {&chance}, option[] = {1, 2};
    ent_call call = {.phase = ENT_PHASE_YEAR, .count = count, .in = in, .out = out, .option = option, .rule = rule};
    ent_stop stop = ENT_STOP_DONE;
    ent__model_consent.call(&stop, &call, NULL);
    CHECK(stop == ENT_STOP_UNDEFINED && isnan(chance));
    ent_rule_free(rule);
}

/* --- bad input ------------------------------------------------------------------------------------------------------
 */

static void refuse(group *g, ent_status want, const char *words)
{
    ent_error err = {0};
    ent_status status = ent_consent(&g->out, &g->in, &err);
    if (status != want || strstr(err.message, words) == NULL)
        fail_msg("status %d, want %d; message '%s', want '%s'", status, want, err.message, words);
}

static void bad_input_is_told(void **state)
{
    (void)state;
    group *g = make(consensus(3), 1);
    g->position[1] = 101;
    refuse(g, ENT_ERR_DOMAIN, "the position of member 2 is 101; allowed is 0 to 100");
    g->position[1] = NAN;
    refuse(g, ENT_ERR_DOMAIN, "the position of member 2 is undefined");
    g->position[1] = 50;
    g->salience[2] = 1.5;
    refuse(g, ENT_ERR_DOMAIN, "the salience of member 3 is 1.5");
    g->salience[2] = 1;
    g->capability[0] = -1;
    refuse(g, ENT_ERR_DOMAIN, "the capability of member 1 is -1; allowed is 0 or more");
    g->capability[0] = 1;
    g->in.lambda = -1;
    refuse(g, ENT_ERR_DOMAIN, "lambda is -1");
    g->in.lambda = 1;
    g->in.rounds = 0;
    refuse(g, ENT_ERR_DOMAIN, "the number of rounds is 0; allowed is 1 to 1000");
    g->in.rounds = 2;
    g->in.to = -3;
    refuse(g, ENT_ERR_DOMAIN, "what is proposed (to) is -3");
    g->in.to = 3;
    g->in.high = 0;
    refuse(g, ENT_ERR_DOMAIN, "low end must be below");
    g->in.high = 100;
    g->in.n = 2;
    refuse(g, ENT_ERR_ARGUMENT, "there are 2 members, the rule has 3");
    g->in.n = 3;
    g->salience[0] = g->salience[1] = g->salience[2] = 0;
    refuse(g, ENT_ERR_DOMAIN, "every weight");
    g->in.rho = 0; /* nobody drifts: no mean is needed */
    CHECK(ask(g) > 0);
    g->in.rule = NULL;
    refuse(g, ENT_ERR_ARGUMENT, "one is NULL");
    CHECK(ent_consent(NULL, &g->in, NULL) == ENT_ERR_ARGUMENT);
    end(g);
}

static void failed_allocations_are_told(void **state)
{
    (void)state;
    group *g = make(security_council(), 1);
    ent_status status = ENT_ERR_MEMORY;
    int64_t k = 1;
    for (; status == ENT_ERR_MEMORY && k < 100; k++) {
        ent__alloc_fail_at(k, false);
        status = ent_consent(&g->out, &g->in, NULL);
        ent__alloc_fail_at(0, false);
    }
    CHECK(status == ENT_OK && k > 3);
    end(g);
}

static void years_without_asking_or_chance(void **state)
{
    (void)state;
    double by_year[3];
    const double chance[] = {0.5, NAN, 0.5};
    ent_consent_by_year(by_year, chance, (const bool[]){true, true, false}, 3);
    CHECK(by_year[0] == 0.5 && isnan(by_year[1]) && isnan(by_year[2]));
    ent_consent_by_year(by_year, chance, (const bool[]){true, false, true},
                        3); /* not asked: its chance does not matter */
    CHECK(by_year[1] == 0.5 && by_year[2] == 0.75);
    CHECK(isnan(ent_consent_expected_time(chance, (const bool[]){false, false, false}, 3)));
    CHECK(isnan(ent_consent_expected_time(chance, (const bool[]){true, true, false}, 3)));
    CHECK(ent_consent_expected_time((const double[]){0.25}, (const bool[]){true}, 1) == 3);
    CHECK(ent_consent_expected_time((const double[]){0, 1, 0}, (const bool[]){true, true, true}, 3) == 1);
    CHECK(isnan(ent_consent_expected_time((const double[]){0.5, 0}, (const bool[]){true, true}, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_gains_nothing_and_pays_nothing_tosses_a_coin),
        cmocka_unit_test(one_member_by_hand),
        cmocka_unit_test(sharp_choice_is_certain_and_never_overflows),
        cmocka_unit_test(rounds_are_independent_tries),
        cmocka_unit_test(more_to_lose_by_blocking_makes_consent_likelier),
        cmocka_unit_test(chances_are_chances),
        cmocka_unit_test(the_model_gives_what_the_function_gives),
        cmocka_unit_test(undefined_inputs_give_undefined_outputs),
        cmocka_unit_test(rules_without_an_exact_chance_have_no_workspace),
        cmocka_unit_test(bad_input_is_told),
        cmocka_unit_test(failed_allocations_are_told),
        cmocka_unit_test(years_without_asking_or_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
