/* The JSON of `entente compare`. */
#include "entente/compare.h"

#include "results/results.h"

static void difference(ent__json *json, const ent_difference *d)
{
    ent__json_member_number(json, "a", d->a);
    ent__json_member_number(json, "b", d->b);
    ent__json_member_number(json, "difference", d->difference);
    ent__json_member_number(json, "mc_error", d->error);
}

static void pair(ent__json *json, const ent_pair_view *v)
{
    ent__json_member_open(json, v->name, '{');
    if (v->is_claim) {
        ent__json_member_text(json, "title", v->title);
        ent__json_member_text(json, "verdict_a", ent_verdict_text(v->verdict_a));
        ent__json_member_text(json, "verdict_b", ent_verdict_text(v->verdict_b));
    }
    if (!v->is_claim)
        ent__json_member_text(json, "unit", v->unit);
    difference(json, &v->with);
    ent__json_member_open(json, "without", '{');
    difference(json, &v->without);
    ent__json_close(json, '}');
    ent__json_close(json, '}');
}

static void only(ent__json *json, const ent_compare *c, const char *key, int side, size_t n)
{
    ent__json_member_open(json, key, '[');
    for (size_t i = 0; i < n; i++)
        ent__json_text(json, ent_compare_only(c, side, i));
    ent__json_close(json, ']');
}

static void side(ent__json *json, const char *key, const char *title, double effective)
{
    ent__json_member_open(json, key, '{');
    ent__json_member_text(json, "title", title);
    ent__json_member_number(json, "effective_draws", effective);
    ent__json_close(json, '}');
}

ent_status ent_compare_json(char **text, size_t *length, const ent_compare *c, ent_error *err)
{
    ent__json json = {0};
    ent_compare_facts f = ent_compare_get_facts(c);
    ent__json_open(&json, '{');
    ent__json_key(&json, "format");
    ent__json_whole(&json, 1);
    ent__json_member_text(&json, "version", ENT_VERSION);
    ent__json_key(&json, "seed");
    ent__json_unsigned(&json, f.seed);
    ent__json_key(&json, "draws");
    ent__json_whole(&json, f.draws);
    side(&json, "a", f.title_a, f.effective_a);
    side(&json, "b", f.title_b, f.effective_b);
    for (int claims = 1; claims >= 0; claims--) {
        ent__json_member_open(&json, claims ? "claims" : "quantities", '{');
        for (size_t i = 0; i < f.pairs; i++) {
            ent_pair_view v = ent_compare_pair(c, i);
            if (v.is_claim == (claims != 0))
                pair(&json, &v);
        }
        ent__json_close(&json, '}');
    }
    only(&json, c, "only_a", 0, f.only_a);
    only(&json, c, "only_b", 1, f.only_b);
    ent__json_member_open(&json, "not_compared", '[');
    for (size_t i = 0; i < f.skipped; i++)
        ent__json_text(&json, ent_compare_skipped(c, i));
    ent__json_close(&json, ']');
    ent__json_close(&json, '}');
    if (json.out.failed) {
        ent__buffer_free(&json.out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for the JSON");
    }
    *text = json.out.data;
    *length = json.out.length;
    return ENT_OK;
}
