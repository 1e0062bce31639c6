/* The JSON of `entente levers`: what each actor can do about each goal; and where verdicts turn along an input. */
#include "entente/levers.h"

#include "findings/findings.h"
#include "results/results.h"

#include <string.h>

static ent_status hand_over(char **text, size_t *length, ent__json *json, ent_error *err)
{
    if (json->out.failed) {
        ent__buffer_free(&json->out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for the JSON");
    }
    *text = json->out.data;
    *length = json->out.length;
    return ENT_OK;
}

static void lever(ent__json *json, const ent_lever_view *v)
{
    ent__json_open(json, '{');
    ent__json_member_text(json, "id", v->id);
    ent__json_member_text(json, "title", v->title);
    ent__json_member_text(json, "actor", v->actor);
    ent__json_member_text(json, "actor_name", v->actor_name);
    ent__json_member_open(json, "range", '[');
    ent__json_number(json, v->low);
    ent__json_number(json, v->high);
    ent__json_close(json, ']');
    ent__json_member_number(json, "cost", v->unit_cost);
    ent__json_member_text(json, "cost_unit", v->cost_unit);
    ent__json_close(json, '}');
}

static void way(ent__json *json, const ent_levers *levers, const ent_way_view *w)
{
    size_t n = ent_levers_get_facts(levers).levers;
    ent__json_member_open(json, w->actor, '{');
    ent__json_member_text(json, "name", w->actor_name);
    ent__json_key(json, "found");
    ent__json_bool(json, w->found);
    ent__json_member_open(json, "changes", '{');
    for (size_t l = 0; l < n; l++)
        if (w->amount[l] == w->amount[l])
            ent__json_member_number(json, ent_levers_lever(levers, l).id, w->amount[l]);
    ent__json_close(json, '}');
    ent__json_member_number(json, "cost", w->cost);
    ent__json_member_number(json, "reaches", w->reaches);
    ent__json_member_number(json, "error", w->error);
    ent__json_member_number(json, "change_error", w->change_error);
    ent__json_close(json, '}');
}

static void goal(ent__json *json, const ent_levers *levers, size_t g)
{
    ent_goal_view v = ent_levers_goal(levers, g);
    ent__json_member_open(json, v.name, '{');
    ent__json_member_text(json, "kind", v.is_claim ? "claim" : "quantity");
    ent__json_member_text(json, "title", v.title);
    ent__json_member_text(json, "unit", v.unit);
    ent__json_key(json, "at_least");
    ent__json_bool(json, v.at_least);
    ent__json_member_number(json, "threshold", v.threshold);
    ent__json_member_number(json, "now", v.now);
    ent__json_member_number(json, "now_error", v.now_error);
    ent__json_key(json, "met");
    ent__json_bool(json, v.met);
    ent__json_member_open(json, "actors", '{');
    for (size_t a = 0; a < ent_levers_get_facts(levers).actors; a++) {
        ent_way_view w = ent_levers_way(levers, g, a);
        way(json, levers, &w);
    }
    ent__json_close(json, '}');
    ent__json_close(json, '}');
}

ent_status ent_levers_json(char **text, size_t *length, const ent_levers *levers, ent_error *err)
{
    ent__json json = {0};
    ent_levers_facts facts = ent_levers_get_facts(levers);
    ent__json_open(&json, '{');
    ent__json_key(&json, "format");
    ent__json_whole(&json, 1);
    ent__json_member_text(&json, "scenario", facts.scenario);
    ent__json_member_text(&json, "version", ENT_VERSION);
    ent__json_key(&json, "seed");
    ent__json_unsigned(&json, facts.seed);
    ent__json_key(&json, "draws");
    ent__json_whole(&json, facts.draws);
    ent__json_member_number(&json, "effective_draws", facts.effective_draws);
    ent__json_member_open(&json, "levers", '[');
    for (size_t l = 0; l < facts.levers; l++) {
        ent_lever_view v = ent_levers_lever(levers, l);
        lever(&json, &v);
    }
    ent__json_close(&json, ']');
    ent__json_member_open(&json, "targets", '{');
    for (size_t g = 0; g < facts.goals; g++)
        goal(&json, levers, g);
    ent__json_close(&json, '}');
    ent__json_close(&json, '}');
    return hand_over(text, length, &json, err);
}

/* --- break-even ------------------------------------------------------------------------------------ */

/* The first and last bin with a share: the claim along an input from end to end. */
static void turning(ent__json *json, const ent_driver *d)
{
    int32_t first = 0, last = d->bins - 1;
    while (first < last && d->share[first] != d->share[first])
        first++;
    while (last > first && d->share[last] != d->share[last])
        last--;
    bool words = d->model != NULL || d->is_event;
    ent__json_open(json, '{');
    ent__json_member_text(json, "input", d->input);
    ent__json_member_text(json, "label", d->label);
    ent__json_member_number(json, "at", d->break_even);
    ent__json_member_open(json, "range", '[');
    ent__json_number(json, words ? ENT_UNDEFINED : d->low[first]);
    ent__json_number(json, words ? ENT_UNDEFINED : d->high[last]);
    ent__json_close(json, ']');
    ent__json_member_number(json, "share_low", d->share[first]);
    ent__json_member_number(json, "share_high", d->share[last]);
    ent__json_member_text(json, "verdict_below", ent_verdict_text(ent__verdict_of(d->share[first])));
    ent__json_member_text(json, "verdict_above", ent_verdict_text(ent__verdict_of(d->share[last])));
    ent__json_close(json, '}');
}

ent_status ent_break_even_json(char **text, size_t *length, const ent_results *results, ent_error *err)
{
    ent__json json = {0};
    ent__json_open(&json, '{');
    for (size_t i = 0; i < ent_results_facts(results).claims; i++) {
        ent_claim_view c = ent_results_claim(results, i);
        ent__json_member_open(&json, c.id, '[');
        for (size_t d = 0; d < c.n_drivers; d++)
            turning(&json, &c.driver[d]);
        ent__json_close(&json, ']');
    }
    ent__json_close(&json, '}');
    return hand_over(text, length, &json, err);
}
