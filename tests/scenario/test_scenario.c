/* What a scenario says arrives in the struct. */
#include "folder.h"

static void every_part_is_read(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, NULL, NULL, NULL);
    ent_scenario *s = folder_read(&f);
    assert_string_equal(s->title, "A test");
    assert_string_equal(s->about, "A door.");
    CHECK(s->start == 2026 && s->years == 3 && s->draws == 100 && s->seed == 7);
    CHECK(s->n_actors == 4 && s->n_groups == 2 && s->n_issues == 1 && s->n_tables == 1 && s->n_inputs == 2);
    CHECK(s->n_quantities == 1 && s->n_provisions == 1 && s->n_models == 1 && s->n_given == 1 && s->n_claims == 1);
    CHECK(s->n_levers == 1 && s->n_correlations == 1 && s->n_known == 1 && s->n_limits == 1);
    assert_string_equal(s->limit[0], "One.");
    assert_string_equal(s->id, strrchr(f.path, '/') + 1);
    ent_scenario_free(s);
    ent_scenario_free(NULL);
    folder_close(&f);
}

static void actors_have_words_and_numbers(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, NULL, NULL, NULL);
    ent_scenario *s = folder_read(&f);
    CHECK(s->n_actor_columns == 2);
    assert_string_equal(s->actor_column[0].name, "member");
    assert_string_equal(s->actor_column[1].unit, "billion");
    assert_string_equal(s->actors[0].name, "United States");
    assert_string_equal(s->actors[0].text[0], "yes");
    CHECK(s->actors[0].value[0].kind == ENT__VALUE_NONE); /* a column of words */
    CHECK(s->actors[0].value[1].kind == ENT__VALUE_DISTRIBUTION);
    CHECK_SAME(s->actors[0].value[1].distribution.p[0], 100);
    CHECK(s->actors[1].value[1].distribution.kind == ENT__DIST_NORMAL);
    CHECK_SAME(s->actors[1].value[1].low, 20);
    CHECK_SAME(s->actors[1].value[1].high, 30);
    CHECK(s->actors[2].value[1].kind == ENT__VALUE_NONE); /* empty */
    CHECK(s->actors[2].place.line == 4 && s->actors[2].place.column == 1);
    CHECK(s->actors[1].value[1].place.line == 3 && s->actors[1].value[1].place.column == 14);
    ent_scenario_free(s);
    folder_close(&f);
}

static void groups_and_rules(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "  pair: {members: [us, ru]}\n",
                "  pair: {members: [us, ru], rule: {weighted: gdp, quota: 0.6}, nested: yes, name: The two}\n"
                "  rest: {members: {except: [us]}, rule: {all: [consensus, {any: [majority, {weighted: gdp, quota: 50}]}]}}\n"
                "  list: [us, pair]\n");
    ent_scenario *s = folder_read(&f);
    CHECK(s->n_groups == 4);
    const ent__group *club = &s->groups[0], *pair = &s->groups[1], *rest = &s->groups[2], *list = &s->groups[3];
    CHECK(club->member == NULL && club->n_conditions == 1 && club->rule.kind == ENT__RULE_CONSENSUS && !club->nested);
    assert_string_equal(club->condition[0].column, "member");
    assert_string_equal(club->condition[0].word, "yes");
    CHECK(pair->n_members == 2 && pair->nested && pair->rule.kind == ENT__RULE_WEIGHTED);
    assert_string_equal(pair->rule.column, "gdp");
    assert_string_equal(pair->name, "The two");
    CHECK_SAME(pair->rule.quota, 0.6);
    CHECK(rest->n_conditions == 0 && rest->n_except == 1 && rest->rule.kind == ENT__RULE_ALL && rest->rule.n_parts == 2);
    CHECK(rest->rule.part[1].kind == ENT__RULE_ANY && rest->rule.part[1].part[0].kind == ENT__RULE_MAJORITY);
    CHECK(list->n_members == 2 && list->rule.kind == ENT__RULE_NONE);
    ent_scenario_free(s);
    folder_close(&f);
}

static void an_unquoted_yes_is_a_word(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "member: \"yes\"", "member: yes");
    ent_scenario *s = folder_read(&f);
    assert_string_equal(s->groups[0].condition[0].word, "yes");
    ent_scenario_free(s);
    folder_close(&f);
}

static void issues_have_scale_and_stances(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "scale: {0: shut, 100: open}", "scale: {100: open, 0: shut, 50.5: \"ajar\"}");
    ent_scenario *s = folder_read(&f);
    const ent__issue *door = &s->issues[0];
    assert_string_equal(door->title, "Door");
    assert_string_equal(door->question, "Open?");
    CHECK(door->n_labels == 3 && door->label[0].at == 0 && door->label[1].at == 50.5 && door->label[2].at == 100);
    assert_string_equal(door->label[2].text, "open");
    CHECK(door->has_status_quo && door->status_quo.distribution.clamp_high == 100);
    CHECK(door->n_stances == 3);
    assert_string_equal(door->stance[1].actor, "ru");
    assert_string_equal(door->stance[1].source, "guess");
    const ent__distribution *position = &door->stance[1].position.distribution;
    CHECK(position->clamp_low == 0 && position->clamp_high == 100);
    CHECK(door->stance[1].salience.distribution.clamp_low == 0 && door->stance[1].salience.distribution.clamp_high == 1);
    CHECK(door->stance[1].capability.distribution.clamp_low == 0 && door->stance[1].capability.distribution.clamp_high == INFINITY);
    CHECK(door->n_settle == 2 && door->settle[0].weight == 2);
    assert_string_equal(door->settle[1].model, "median");
    ent_scenario_free(s);
    folder_close(&f);
}

static void experts_in_rows_of_their_own_are_pooled(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "door.csv", NULL, "actor,expert,weight,position,salience,capability,source\n"
                                      "us,Ann,,10 to 20,0.5,9,a speech\nru,Ann,,5,1,4,\nus,Ben,3,\"normal(40, 5)\",,,\nus,Cleo,1,70,,,a vote\n");
    ent_scenario *s = folder_read(&f);
    const ent__issue *door = &s->issues[0];
    CHECK(door->n_stances == 2);
    const ent__stance *us = &door->stance[0];
    assert_string_equal(us->actor, "us");
    assert_string_equal(us->source, "Ann: a speech; Cleo: a vote");
    CHECK(us->position.kind == ENT__VALUE_EXPERTS && us->position.n_experts == 3 && isnan(us->position.low));
    assert_string_equal(us->position.expert[1].name, "Ben");
    CHECK(us->position.expert[0].weight == 1 && us->position.expert[1].weight == 3);
    CHECK(us->position.expert[1].distribution.clamp_high == 100);
    assert_string_equal(us->position.text, "10 to 20; normal(40, 5); 70");
    CHECK(us->salience.kind == ENT__VALUE_DISTRIBUTION && us->salience.low == 0.5); /* one answer is no pool */
    CHECK(door->stance[1].position.kind == ENT__VALUE_DISTRIBUTION);
    ent_scenario_free(s);
    folder_close(&f);
}

static void choices_of_options_are_readings(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "settle: {compromise: 2, median: 1}",
                "settle: {compromise: 2, nash: 0, challenge: {weight: 3, accept: {least: 2, strongest: 1}, rounds: 5}}");
    ent_scenario *s = folder_read(&f);
    const ent__choice *c = s->issues[0].settle;
    CHECK(s->issues[0].n_settle == 3); /* a model without weight is no reading */
    CHECK(c[1].weight == 2 && c[2].weight == 1 && c[1].n_options == 2 && c[2].n_options == 2);
    assert_string_equal(c[1].model, "challenge");
    assert_string_equal(c[1].option[0], "accept");
    assert_string_equal(c[1].option_text[0], "least");
    assert_string_equal(c[2].option_text[0], "strongest");
    assert_string_equal(c[2].option[1], "rounds");
    assert_string_equal(c[2].option_text[1], "5");
    ent_scenario_free(s);
    folder_close(&f);
}

static void one_model_as_a_word(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "settle: {compromise: 2, median: 1}", "settle: nash");
    ent_scenario *s = folder_read(&f);
    CHECK(s->issues[0].n_settle == 1 && s->issues[0].settle[0].weight == 1);
    assert_string_equal(s->issues[0].settle[0].model, "nash");
    ent_scenario_free(s);
    folder_close(&f);
}

static void small_scenarios_need_no_tables(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", NULL,
                "entente: 1\ntitle: Small\n"
                "actors: {us: United States, ru: {name: Russia, gdp: 5 to 6, bloc: east}, pl: {bloc: west}}\n"
                "groups: {east: {members: {bloc: east}}}\n"
                "issues:\n"
                "  a:\n"
                "    scale: {0: no, 1: yes}\n"
                "    stances: {us: {position: 0, salience: 1, capability: 1}}\n"
                "  b:\n"
                "    scale: {0: no, 1: yes}\n"
                "    stances:\n"
                "      - {actor: ru, position: \"uniform(0, 1)\", salience: 1, capability: 1, source: x}\n"
                "      - {actor: east, position: {value: 0.5, source: y}, salience: 1, capability: 1}\n");
    ent_scenario *s = folder_read(&f);
    assert_string_equal(s->actors[0].name, "United States");
    assert_string_equal(s->actors[2].name, "pl");
    CHECK(s->n_actor_columns == 2 && s->actors[1].value[0].kind == ENT__VALUE_DISTRIBUTION);
    assert_string_equal(s->actors[1].text[1], "east");
    assert_string_equal(s->actors[0].text[1], "");
    CHECK(s->issues[1].n_stances == 2 && s->issues[1].stance[0].position.distribution.kind == ENT__DIST_UNIFORM);
    assert_string_equal(s->issues[1].stance[1].actor, "east");
    assert_string_equal(s->issues[1].stance[1].position.source, "y");
    CHECK(!s->has_document && s->years == 0 && s->draws == 20000 && s->seed == 1);
    ent_scenario_free(s);
    folder_close(&f);
}

static void tables_by_actor_and_year(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "past: past.csv", "past: {file: past.csv, columns: {spent: {unit: billion, source: office}}}");
    ent_scenario *s = folder_read(&f);
    const ent__table *past = &s->tables[0];
    CHECK(past->n_rows == 3 && past->n_columns == 1 && past->year[2] == 2021);
    assert_string_equal(past->actor[2], "pl");
    assert_string_equal(past->column[0].name, "spent");
    assert_string_equal(past->column[0].unit, "billion");
    CHECK_SAME(past->value[1].distribution.p[0], 4);
    ent_scenario_free(s);
    folder_close(&f);
}

static void the_document_and_its_provisions(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, NULL, NULL, NULL);
    ent_scenario *s = folder_read(&f);
    CHECK(s->has_document && s->document_date.year == 2025 && s->document_date.month == 12);
    assert_string_equal(s->document_issuer, "us");
    const ent__provision *p = &s->provisions[0];
    assert_string_equal(p->title, "Shut it");
    assert_string_equal(p->says, "Shut it.");
    CHECK(p->binding == 0 && p->has_takes_hold && p->takes_hold.distribution.p[0] == 0.5 && p->n_changes == 1);
    assert_string_equal(p->change[0].text, "door.position[us]");
    assert_string_equal(p->change[0].target->name, "door.position");
    assert_string_equal(p->change[0].target->index[0].id, "us");
    CHECK_SAME(p->change[0].value.high, 10);
    ent_scenario_free(s);
    folder_close(&f);
}

static void a_day_is_a_date_and_takes_hold_may_name_a_decision(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "  date: 2025-12\n  provisions:\n    shut_it:\n      says: Shut it.\n      binding: no\n      takes_hold: 0.5\n",
                "  date: 2025-12-04\n  provisions:\n    shut_it:\n      takes_hold: vote\n");
    ent_scenario *s = folder_read(&f);
    CHECK(s->document_date.year == 2025 && s->document_date.month == 12);
    CHECK(s->provisions[0].binding == -1 && s->provisions[0].takes_hold.kind == ENT__VALUE_EXPRESSION);
    assert_string_equal(s->provisions[0].takes_hold.expression->name, "vote");
    ent_scenario_free(s);
    folder_close(&f);
}

static void models_take_values_lists_months_and_parts(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "  vote: {use: consent, group: club, asked: [2026, 2028]}\n",
                "  vote: {use: consent, group: club, asked: [2026, 2028], start: 2022-04, limit: {value: 2 to 3, unit: day}}\n"
                "  war:\n    use: war\n    help: \"max(0, stake)\"\n    events:\n      truce: {state: [settled, frozen], line: [0.1, 0.4]}\n");
    ent_scenario *s = folder_read(&f);
    const ent__model_use *vote = &s->models[0], *war = &s->models[1];
    assert_string_equal(vote->use, "consent");
    CHECK(vote->n_inputs == 4 && vote->input[0].value.kind == ENT__VALUE_EXPRESSION);
    assert_string_equal(vote->input[0].name, "group");
    CHECK(vote->input[1].n_list == 2 && vote->input[1].value.kind == ENT__VALUE_NONE);
    assert_string_equal(vote->input[1].list[1], "2028");
    CHECK(vote->input[2].n_list == 1);
    assert_string_equal(vote->input[2].list[0], "2022-04");
    assert_string_equal(vote->input[3].value.unit, "day");
    CHECK(war->input[0].value.expression->kind == ENT__NODE_CALL && war->input[1].n_parts == 1);
    CHECK(war->input[1].part[0].n_parts == 2 && war->input[1].part[0].part[1].n_list == 2);
    assert_string_equal(war->input[1].part[0].part[0].list[1], "frozen");
    ent_scenario_free(s);
    folder_close(&f);
}

static void claims_of_every_form(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "    holds: last(door.outcome) <= 30\n",
                "    title: Shut\n    when: \"gap > 3\"\n    holds: last(door.outcome) <= 30\n    read: by 2028\n    where: p. 3\n"
                "    source: a\n    why: b\n    readings:\n      - {read: wider, holds: last(door.outcome) <= 40}\n"
                "  mean:\n    says: On average.\n    overall: mean(last(door.outcome)) < 3\n"
                "  later:\n    says: Not yet.\n    needs: [vote, war]\n");
    ent_scenario *s = folder_read(&f);
    CHECK(s->n_claims == 3);
    const ent__claim *c = s->claims;
    assert_string_equal(c[0].title, "Shut");
    assert_string_equal(c[0].when_text, "gap > 3");
    assert_string_equal(c[0].holds_text, "last(door.outcome) <= 30");
    CHECK(c[0].n_readings == 1 && c[0].holds != NULL && c[0].overall == NULL);
    assert_string_equal(c[0].reading[0].text, "last(door.outcome) <= 40");
    assert_string_equal(c[1].title, "On average.");
    CHECK(c[1].overall != NULL && c[1].holds == NULL);
    CHECK(c[2].n_needs == 2 && c[2].holds == NULL && c[2].overall == NULL);
    assert_string_equal(c[2].who, "");
    ent_scenario_free(s);
    folder_close(&f);
}

static void observations_and_what_happened(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "  - door.outcome[2026] <= 90\n",
                "  - door.outcome[2026] <= 90\n  - {says: seen, holds: gap > 1}\n  - {quantity: gap, is: 40, error: 5, source: news}\n");
    ent_scenario *s = folder_read(&f);
    CHECK(s->n_given == 3 && s->given[0].holds != NULL && s->given[1].holds != NULL && s->given[2].quantity != NULL);
    assert_string_equal(s->given[0].text, "door.outcome[2026] <= 90");
    assert_string_equal(s->given[1].says, "seen");
    CHECK(s->given[2].is == 40 && s->given[2].error == 5);
    assert_string_equal(s->known[0].quantity, "door.outcome");
    CHECK_SAME(s->known[0].value, 20);
    assert_string_equal(s->known[0].source, "news");
    ent_scenario_free(s);
    folder_close(&f);
}

static void inputs_with_ranges_experts_and_reasons(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "  cost: 3\n",
                "  cost:\n    experts:\n      - 1 to 4\n      - {name: Ann, value: \"uniform(2, 6)\", weight: 2}\n    range: [0, 10]\n    unit: day\n"
                "  free: {value: \"normal(0, 1)\", range: [0, 2]}\n");
    ent_scenario *s = folder_read(&f);
    const ent__quantity *stake = &s->inputs[0], *cost = &s->inputs[1], *free_one = &s->inputs[2];
    CHECK(stake->low == 0 && stake->high == 1 && stake->value.distribution.low == 0 && stake->value.distribution.high == 1);
    assert_string_equal(stake->value.why, "a guess");
    CHECK(cost->value.kind == ENT__VALUE_EXPERTS && cost->value.n_experts == 2 && cost->value.expert[1].weight == 2);
    assert_string_equal(cost->value.expert[1].name, "Ann");
    assert_string_equal(cost->value.unit, "day");
    CHECK(cost->value.expert[0].distribution.high == 10 && cost->value.low == 1 && cost->value.high == 6);
    CHECK(free_one->value.distribution.u_low == 0.5); /* prepared again after the cut */
    assert_string_equal(s->correlations[0].a, "stake");
    CHECK_SAME(s->correlations[0].r, 0.5);
    ent_scenario_free(s);
    folder_close(&f);
}

static void levers_change_things(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, NULL, NULL, NULL);
    ent_scenario *s = folder_read(&f);
    CHECK(s->levers[0].low == 0 && s->levers[0].high == 1 && s->levers[0].n_changes == 1);
    assert_string_equal(s->levers[0].actor, "us");
    assert_string_equal(s->levers[0].cost, "some");
    assert_string_equal(s->levers[0].change[0].value.text, "value * lever");
    ent_scenario_free(s);
    folder_close(&f);
}

static void seeds_have_64_bits(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", "seed: 7", "seed: 18446744073709551615");
    ent_scenario *s = folder_read(&f);
    CHECK(s->seed == UINT64_MAX);
    ent_scenario_free(s);
    folder_close(&f);
}

static void the_hash_is_of_names_and_bytes(void **state)
{
    (void)state;
    uint64_t hash[3];
    const char *const change[][3] = {{NULL, NULL, NULL}, {NULL, NULL, NULL}, {"door.csv", "pl,100", "pl,99"}};
    for (size_t i = 0; i < 3; i++) {
        folder f;
        folder_open(&f, change[i][0], change[i][1], change[i][2]);
        ent_scenario *s = folder_read(&f);
        hash[i] = s->hash;
        ent_scenario_free(s);
        folder_close(&f);
    }
    CHECK(hash[0] == hash[1] && hash[0] != hash[2] && hash[0] != 0);
}

static void windows_files_read_the_same(void **state)
{
    (void)state;
    folder f;
    folder_open(&f, "scenario.yaml", NULL, "\xef\xbb\xbf" "entente: 1\r\ntitle: Crossed lines\r\nactors: actors.csv\r\n");
    const char *actors = "\xef\xbb\xbf" "id;name;gdp\r\nus;United States;1,5\r\n";
    folder_write(&f, "actors.csv", actors, strlen(actors));
    ent_scenario *s = folder_read(&f);
    assert_string_equal(s->title, "Crossed lines");
    CHECK_SAME(s->actors[0].value[0].distribution.p[0], 1.5);
    ent_scenario_free(s);
    folder_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_read), cmocka_unit_test(actors_have_words_and_numbers), cmocka_unit_test(groups_and_rules),
        cmocka_unit_test(an_unquoted_yes_is_a_word), cmocka_unit_test(issues_have_scale_and_stances),
        cmocka_unit_test(experts_in_rows_of_their_own_are_pooled), cmocka_unit_test(choices_of_options_are_readings), cmocka_unit_test(one_model_as_a_word),
        cmocka_unit_test(small_scenarios_need_no_tables), cmocka_unit_test(tables_by_actor_and_year),
        cmocka_unit_test(the_document_and_its_provisions), cmocka_unit_test(a_day_is_a_date_and_takes_hold_may_name_a_decision),
        cmocka_unit_test(models_take_values_lists_months_and_parts), cmocka_unit_test(claims_of_every_form),
        cmocka_unit_test(observations_and_what_happened), cmocka_unit_test(inputs_with_ranges_experts_and_reasons),
        cmocka_unit_test(levers_change_things), cmocka_unit_test(seeds_have_64_bits),
        cmocka_unit_test(the_hash_is_of_names_and_bytes), cmocka_unit_test(windows_files_read_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
