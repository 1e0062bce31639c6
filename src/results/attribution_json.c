/* The JSON of `entente attribution`. */
#include "entente/attribution.h"

#include "results/results.h"

#include <string.h>

static void target(ent__json *json, const ent_attribution *a, const ent_attributed_view *v)
{
    ent__json_member_open(json, v->name, '{');
    bool claim = strcmp(v->kind, "claim") == 0;
    ent__json_member_text(json, "kind", claim ? "claim" : "quantity");
    if (!claim)
        ent__json_member_text(json, "quantity", v->kind);
    ent__json_member_text(json, "title", v->title);
    ent__json_member_text(json, "unit", v->unit);
    ent__json_member_text(json, "why_not", v->why_not);
    ent__json_member_number(json, "without", v->without);
    ent__json_member_number(json, "with", v->with);
    ent__json_member_number(json, "change", v->change);
    ent__json_member_number(json, "mc_error", v->error);
    ent__json_member_open(json, "shares", '{');
    for (size_t p = 0; p < ent_attribution_get_facts(a).provisions; p++) {
        ent__json_member_open(json, ent_attribution_provision(a, p).id, '{');
        ent__json_member_number(json, "value", v->part[p]);
        ent__json_member_number(json, "mc_error", v->part_error[p]);
        ent__json_close(json, '}');
    }
    ent__json_close(json, '}');
    ent__json_close(json, '}');
}

static void facts(ent__json *json, const ent_attribution_facts *f)
{
    ent__json_key(json, "format");
    ent__json_whole(json, 1);
    ent__json_member_text(json, "scenario", f->scenario);
    ent__json_member_text(json, "version", ENT_VERSION);
    ent__json_key(json, "seed");
    ent__json_unsigned(json, f->seed);
    ent__json_key(json, "draws");
    ent__json_whole(json, f->draws);
    ent__json_member_number(json, "effective_draws", f->effective_draws);
    ent__json_member_text(json, "method", f->sampled ? "sampled" : "exact");
    ent__json_key(json, "subsets");
    ent__json_whole(json, (int64_t)f->subsets);
    ent__json_member_open(json, "steps", '{');
    ent__json_key(json, "one_run");
    ent__json_whole(json, f->steps_one);
    ent__json_key(json, "subsets");
    ent__json_whole(json, f->steps_apart);
    ent__json_key(json, "shared");
    ent__json_whole(json, f->steps_run);
    ent__json_close(json, '}');
}

ent_status ent_attribution_json(char **text, size_t *length, const ent_attribution *a, ent_error *err)
{
    ent__json json = {0};
    ent_attribution_facts f = ent_attribution_get_facts(a);
    ent__json_open(&json, '{');
    facts(&json, &f);
    ent__json_member_open(&json, "provisions", '[');
    for (size_t p = 0; p < f.provisions; p++) {
        ent_party_view v = ent_attribution_provision(a, p);
        ent__json_open(&json, '{');
        ent__json_member_text(&json, "id", v.id);
        ent__json_member_text(&json, "title", v.title);
        ent__json_close(&json, '}');
    }
    ent__json_close(&json, ']');
    ent__json_member_open(&json, "targets", '{');
    for (size_t t = 0; t < f.targets; t++) {
        ent_attributed_view v = ent_attribution_target(a, t);
        target(&json, a, &v);
    }
    ent__json_close(&json, '}');
    ent__json_close(&json, '}');
    if (json.out.failed) {
        ent__buffer_free(&json.out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for the JSON");
    }
    *text = json.out.data;
    *length = json.out.length;
    return ENT_OK;
}
