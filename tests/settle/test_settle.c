/* What surrounds the models: the table, options from text, what is refused and why, draws that hold no numbers. */
#include "settle_case.h"

/* --- the table --------------------------------------------------------------------------------------- */

static void port_is_whole(const ent_port *port)
{
    CHECK(port->name != NULL && port->name[0] != 0);
    CHECK(port->shape != NULL && port->unit != NULL);
    CHECK(port->meaning != NULL && strlen(port->meaning) > 8);
    CHECK(port->choices != NULL || port->low < port->high);
}

static void every_model_is_told_in_full(void **state)
{
    (void)state;
    CHECK(ent_model_count() >= 6);
    CHECK(ent_model_get(ent_model_count()) == NULL);
    for (size_t m = 0; m < ent_model_count(); m++) {
        const ent_model *model = ent_model_get(m);
        CHECK(ent_model_find(model->name) == model);
        CHECK(strcmp(model->room, "settle") == 0 || strcmp(model->room, "vote") == 0 ||
              strcmp(model->room, "alliance") == 0 || strcmp(model->room, "war") == 0);
        CHECK(strlen(model->title) > 5 && strlen(model->summary) > 80 && strlen(model->equation) > 5);
        CHECK(strlen(model->citation) > 10 && model->accuracy != NULL && model->cost[0] == 'O');
        CHECK(model->n_inputs > 0 && model->n_outputs > 0);
        for (size_t i = 0; i < model->n_inputs; i++)
            port_is_whole(&model->inputs[i]);
        for (size_t i = 0; i < model->n_outputs; i++)
            port_is_whole(&model->outputs[i]);
        for (size_t i = 0; i < model->n_options; i++) {
            const ent_port *port = &model->options[i];
            port_is_whole(port);
            CHECK(port->choices != NULL || (port->fallback >= port->low && port->fallback <= port->high));
        }
        CHECK((model->settle != NULL) == (model->workspace != NULL));
    }
    CHECK(ent_model_find("") == NULL && ent_model_find("Nash") == NULL && ent_model_find(NULL) == NULL);
}

static void every_stop_has_its_words(void **state)
{
    (void)state;
    for (int a = 0; a < ENT_STOP_COUNT; a++) {
        CHECK(strlen(ent_stop_text((ent_stop)a)) > 3);
        CHECK(strcmp(ent_stop_text((ent_stop)a), ent_stop_text((ent_stop)ENT_STOP_COUNT)) != 0);
        for (int b = 0; b < a; b++)
            CHECK(strcmp(ent_stop_text((ent_stop)a), ent_stop_text((ent_stop)b)) != 0);
    }
}

/* --- options from text -------------------------------------------------------------------------------- */

static void options_are_read(void **state)
{
    (void)state;
    double value = -1;
    size_t index = 99;
    CHECK(ent_model_option(&value, &index, &ent__model_nash, "loss", "2.5", NULL) == ENT_OK);
    CHECK(index == 1 && value == 2.5);
    CHECK(ent_model_option(&value, &index, &ent__model_nash, "disagreement", "status_quo", NULL) == ENT_OK);
    CHECK(index == 2 && value == 1);
    CHECK(ent_model_option(&value, &index, &ent__model_nash, "disagreement", "loss", NULL) == ENT_OK);
    CHECK(value == 0);
    double all[3];
    ent_model_defaults(all, &ent__model_nash);
    CHECK(all[0] == 2 && all[1] == 1 && all[2] == 0);
    ent_model_defaults(all, &ent__model_gravity);
    CHECK(all[1] == 0.75);
}

static void refuses_option(const char *name, const char *text, ent_status status, const char *a, const char *b)
{
    double value = -1;
    size_t index = 99;
    ent_error err = {0};
    ent_status got = ent_model_option(&value, &index, &ent__model_nash, name, text, &err);
    if (got != status || strstr(err.message, a) == NULL || strstr(err.message, b) == NULL || value != -1)
        fail_msg("%s=%s: status %d, \"%s\"; wanted %d, '%s' and '%s'", name, text, got, err.message, status, a, b);
}

static void wrong_options_say_what_is_allowed(void **state)
{
    (void)state;
    refuses_option("los", "1", ENT_ERR_ARGUMENT, "did you mean 'loss'?", "there is: r, loss, disagreement");
    refuses_option("zzzzzzzz", "1", ENT_ERR_ARGUMENT, "no option 'zzzzzzzz'; there is: r", "nash");
    refuses_option("disagreement", "statusquo", ENT_ERR_ARGUMENT, "did you mean 'status_quo'?", "loss, status_quo");
    refuses_option("disagreement", "1", ENT_ERR_ARGUMENT, "disagreement of nash cannot be '1'", "loss, status_quo");
    refuses_option("disagreement", "", ENT_ERR_ARGUMENT, "cannot be ''", "loss, status_quo");
    refuses_option("r", "two", ENT_ERR_ARGUMENT, "is a number, found 'two'", "r of nash");
    refuses_option("r", "1,5", ENT_ERR_ARGUMENT, "is a number, found '1,5'", "r of nash");
    refuses_option("r", "0.5", ENT_ERR_DOMAIN, "0.5; allowed is 1 to 20", "r of nash");
    refuses_option("loss", "-1", ENT_ERR_DOMAIN, "-1; allowed is 0 to", "loss of nash");
}

/* --- what is refused ------------------------------------------------------------------------------------ */

static settle_case sound(const ent_model *model)
{
    settle_case c = CASE(*model, 3, LIST(10, 50, 80), {1, 2, 1});
    return c;
}

static void refuses(const settle_case *c, const ent_model *model, ent_status status, const char *part)
{
    settle_answer a = settle_it(c, model);
    if (a.status != status || a.err.status != status || strstr(a.err.message, part) == NULL)
        fail_msg("status %d, \"%s\"; wanted %d and '%s'", a.status, a.err.message, status, part);
    CHECK_SAME(a.utility[0], 0); /* nothing is written */
}

static void wrong_numbers_are_named(void **state)
{
    (void)state;
    const ent_model *m = &ent__model_compromise;
    settle_case c = sound(m);
    c.position[1] = 101, refuses(&c, m, ENT_ERR_DOMAIN, "the position of actor 2 is 101; allowed is 0 to 100");
    c = sound(m), c.position[0] = -0.5, refuses(&c, m, ENT_ERR_DOMAIN, "actor 1 is -0.5");
    c = sound(m), c.position[2] = ENT_UNDEFINED, refuses(&c, m, ENT_ERR_DOMAIN, "the position of actor 3 is undefined");
    c = sound(m), c.salience[2] = 1.5,
    refuses(&c, m, ENT_ERR_DOMAIN, "the salience of actor 3 is 1.5; allowed is 0 to 1");
    c = sound(m), c.salience[0] = -0.1, refuses(&c, m, ENT_ERR_DOMAIN, "the salience of actor 1 is -0.1");
    c = sound(m), c.capability[1] = -1, refuses(&c, m, ENT_ERR_DOMAIN, "the capability of actor 2 is -1");
    c = sound(m), c.capability[1] = INFINITY, refuses(&c, m, ENT_ERR_DOMAIN, "the capability of actor 2 is infinite");
    c = sound(m), c.status_quo = 130, refuses(&c, m, ENT_ERR_DOMAIN, "the status quo is 130; allowed is 0 to 100");
    c = sound(m), c.low = 100, refuses(&c, m, ENT_ERR_DOMAIN, "the scale runs from 100 to 100");
    c = sound(m), c.high = INFINITY, refuses(&c, m, ENT_ERR_DOMAIN, "the high end of the scale is infinite");
    c = sound(m), c.low = ENT_UNDEFINED, refuses(&c, m, ENT_ERR_DOMAIN, "the low end of the scale is undefined");
    c = sound(m), c.n = 0, refuses(&c, m, ENT_ERR_ARGUMENT, "at least one actor");
    c = sound(m), c.option[0] = 0.5, refuses(&c, m, ENT_ERR_DOMAIN, "option r is 0.5; allowed is 1 to 20");
    c = sound(m), c.option[0] = ENT_UNDEFINED, refuses(&c, m, ENT_ERR_DOMAIN, "option r is undefined");
    c = sound(&ent__model_nash), c.option[2] = 0.5,
    refuses(&c, &ent__model_nash, ENT_ERR_DOMAIN, "option disagreement");
    c = sound(&ent__model_nash), c.option[2] = 2,
    refuses(&c, &ent__model_nash, ENT_ERR_DOMAIN, "option disagreement is 2");
}

static void without_any_weight_there_is_an_error(void **state)
{
    (void)state;
    for (size_t m = 0; m < ent_model_count(); m++) {
        const ent_model *model = ent_model_get(m);
        if (model->settle == NULL)
            continue;
        settle_case c = CASE(ent__model_compromise, 2, LIST(10, 50), {1, 2});
        double option[32];
        ent_model_defaults(option, model);
        c.status_quo = 20;
        c.salience[0] = 0;
        c.capability[1] = 0;
        ent_settle_input in = case_input(&c);
        in.option = option;
        ent_error err = {0};
        CHECK(ent_settle_check(&in, model, &err) == ENT_ERR_DOMAIN);
        CHECK(strstr(err.message, "every weight") != NULL);
    }
}

static void the_status_quo_is_asked_for_where_it_is_needed(void **state)
{
    (void)state;
    for (size_t m = 0; m < ent_model_count(); m++) { /* as the models are, gravity and agenda */
        const ent_model *model = ent_model_get(m);
        double option[32];
        ent_model_defaults(option, model);
        CHECK((ent_model_needs_status_quo(model, option) != NULL) ==
              (model == &ent__model_gravity || model == &ent__model_agenda));
    }
    settle_case c = sound(&ent__model_gravity);
    refuses(&c, &ent__model_gravity, ENT_ERR_DOMAIN, "no status quo is stated, and gravity");
    c = sound(&ent__model_nash);
    CHECK(settle_it(&c, &ent__model_nash).status == ENT_OK);
    c.option[2] = 1;
    refuses(&c, &ent__model_nash, ENT_ERR_DOMAIN, "no status quo is stated, and disagreement: status_quo");
}

static void missing_arrays_are_errors(void **state)
{
    (void)state;
    settle_case c = sound(&ent__model_compromise);
    const ent_settle_input whole = case_input(&c);
    ent_settle_output out = {0};
    ent_settle_input in = whole;
    in.position = NULL;
    CHECK(ent_settle(&out, &in, &ent__model_compromise, NULL) == ENT_ERR_ARGUMENT);
    in = whole, in.salience = NULL;
    CHECK(ent_settle(&out, &in, &ent__model_compromise, NULL) == ENT_ERR_ARGUMENT);
    in = whole, in.capability = NULL;
    CHECK(ent_settle(&out, &in, &ent__model_compromise, NULL) == ENT_ERR_ARGUMENT);
    in = whole, in.option = NULL;
    CHECK(ent_settle(&out, &in, &ent__model_compromise, NULL) == ENT_ERR_ARGUMENT);
    in = whole, in.n = (size_t)1 << 40;
    CHECK(ent_settle(&out, &in, &ent__model_compromise, NULL) == ENT_ERR_LIMIT);
    CHECK(ent_settle(NULL, &whole, &ent__model_compromise, NULL) == ENT_ERR_ARGUMENT);
    CHECK(ent_settle(&out, NULL, &ent__model_compromise, NULL) == ENT_ERR_ARGUMENT);
    CHECK(ent_settle(&out, &whole, NULL, NULL) == ENT_ERR_ARGUMENT);
    ent_model votes = ent__model_compromise;
    votes.settle = NULL;
    CHECK(ent_settle(&out, &whole, &votes, NULL) == ENT_ERR_ARGUMENT);
    CHECK(ent_settle(&out, &whole, &ent__model_compromise, NULL) == ENT_OK);
}

static void without_memory_there_is_an_error(void **state)
{
    (void)state;
    settle_case c = sound(&ent__model_median);
    ent__alloc_fail_at(1, true);
    settle_answer a = settle_it(&c, &ent__model_median);
    ent__alloc_fail_at(0, false);
    CHECK(a.status == ENT_ERR_MEMORY);
    CHECK_SAME(a.outcome, -12345);
}

/* --- draws ----------------------------------------------------------------------------------------------- */

static void draw(settle_answer *a, const settle_case *c, const ent_model *model)
{
    static double workspace[1 << 14];
    assert_true(model->workspace(c->n) <= sizeof workspace);
    ent_settle_output out = {.utility = a->utility, .gain = a->gain, .distribution = a->distribution};
    ent_settle_input in = case_input(c);
    ent__settle_draw(&out, &in, model, workspace);
    a->outcome = out.outcome;
    a->stop = out.stop;
}

static void is_undefined(const settle_case *c, const ent_model *model)
{
    settle_answer a = {0};
    draw(&a, c, model);
    CHECK(a.stop == ENT_STOP_UNDEFINED);
    CHECK(ent__is_undefined(a.outcome));
    for (size_t i = 0; i < c->n; i++)
        CHECK(ent__is_undefined(a.utility[i]) && ent__is_undefined(a.gain[i]) && ent__is_undefined(a.distribution[i]));
}

static const ent_model *const simple[] = {&ent__model_compromise, &ent__model_median,    &ent__model_mode,
                                          &ent__model_nash,       &ent__model_condorcet, &ent__model_gravity};

static void a_draw_without_numbers_is_undefined(void **state)
{
    (void)state;
    const double odd[] = {ENT_UNDEFINED, INFINITY, -INFINITY, -1e308};
    for (size_t m = 0; m < ENT_COUNT(simple); m++)
        for (size_t k = 0; k < ENT_COUNT(odd); k++) {
            settle_case c = sound(simple[m]);
            c.status_quo = 20;
            c.position[1] = odd[k], is_undefined(&c, simple[m]);
            c = sound(simple[m]), c.status_quo = 20, c.salience[2] = odd[k], is_undefined(&c, simple[m]);
            c = sound(simple[m]), c.status_quo = 20, c.capability[0] = odd[k], is_undefined(&c, simple[m]);
            c = sound(simple[m]), c.status_quo = 20;
            c.capability[0] = c.capability[1] = c.salience[2] = 0, is_undefined(&c, simple[m]);
        }
    for (size_t m = 0; m < ENT_COUNT(simple); m++) { /* a little below zero, though all weight is above */
        settle_case c = sound(simple[m]);
        c.status_quo = 20;
        c.salience[1] = -0.1, is_undefined(&c, simple[m]);
        c.salience[1] = 1, c.capability[1] = -0.1, is_undefined(&c, simple[m]);
        c.capability[1] = 1, c.status_quo = INFINITY, is_undefined(&c, simple[m]);
    }
    settle_case c = sound(&ent__model_gravity);
    is_undefined(&c, &ent__model_gravity);
    c = sound(&ent__model_nash), c.option[2] = 1;
    is_undefined(&c, &ent__model_nash);
}

/* An uncertain position may be drawn beyond the scale's ends. */
static void a_draw_off_the_scale_is_settled(void **state)
{
    (void)state;
    for (size_t m = 0; m < ENT_COUNT(simple); m++) {
        settle_case c = CASE(*simple[m], 3, LIST(-20, 50, 130), {1, 1, 1});
        settle_answer a = {0};
        c.status_quo = 20;
        draw(&a, &c, simple[m]);
        CHECK(a.stop == ENT_STOP_DONE);
        CHECK(a.outcome >= -20 && a.outcome <= 130);
    }
    /* 200 apart on a scale of 100 with L = 0: no point is within 100 of both */
    settle_case c = CASE(ent__model_nash, 2, LIST(-60, 140), {1, 1});
    c.option[1] = 0;
    c.position[0] = -61;
    is_undefined(&c, &ent__model_nash);
}

static void one_actor_gets_what_it_wants(void **state)
{
    (void)state;
    for (size_t m = 0; m < ENT_COUNT(simple); m++) {
        settle_case c = CASE(*simple[m], 1, LIST(33.3), {0.7});
        c.status_quo = 33.3;
        settle_answer a = settle_it(&c, simple[m]);
        CHECK_SAME(a.outcome, 33.3);
        CHECK_SAME(a.utility[0], 1);
        CHECK_SAME(a.gain[0], 0);
    }
}

static void equal_positions_are_met_exactly(void **state)
{
    (void)state;
    for (size_t m = 0; m < ENT_COUNT(simple); m++) {
        settle_case c = CASE(*simple[m], 5, LIST(.3, .3, .3, .3, .3), {0.7, .1, 0, 12, 1e-9});
        c.status_quo = .3;
        CHECK_SAME(outcome_of(&c, simple[m]), .3);
        settle_answer a = settle_it(&c, simple[m]);
        if (simple[m] == &ent__model_condorcet)
            CHECK_NEAR(a.distribution[2], .2, 1e-16);
    }
}

/* Capabilities of any size: 1e-300 as well as 1e100. */
static void the_unit_of_capability_does_not_matter(void **state)
{
    (void)state;
    for (size_t m = 0; m < ENT_COUNT(simple); m++) {
        settle_case c = CASE(*simple[m], 4, LIST(10, 90, 30, 70), {1, .5, .2, .4});
        c.status_quo = 0;
        double plain = outcome_of(&c, simple[m]);
        for (int sign = -1; sign <= 1; sign += 2) {
            settle_case scaled = c;
            for (size_t i = 0; i < c.n; i++)
                scaled.capability[i] *= sign < 0 ? 0x1p-950 : 0x1p330;
            CHECK_NEAR(outcome_of(&scaled, simple[m]), plain, 1e-12);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_model_is_told_in_full),
        cmocka_unit_test(every_stop_has_its_words),
        cmocka_unit_test(options_are_read),
        cmocka_unit_test(wrong_options_say_what_is_allowed),
        cmocka_unit_test(wrong_numbers_are_named),
        cmocka_unit_test(without_any_weight_there_is_an_error),
        cmocka_unit_test(the_status_quo_is_asked_for_where_it_is_needed),
        cmocka_unit_test(missing_arrays_are_errors),
        cmocka_unit_test(without_memory_there_is_an_error),
        cmocka_unit_test(a_draw_without_numbers_is_undefined),
        cmocka_unit_test(a_draw_off_the_scale_is_settled),
        cmocka_unit_test(one_actor_gets_what_it_wants),
        cmocka_unit_test(equal_positions_are_met_exactly),
        cmocka_unit_test(the_unit_of_capability_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
