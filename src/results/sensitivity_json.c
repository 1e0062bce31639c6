/* The JSON of `entente sensitivity`. */
#include "entente/sensitivity.h"

#include "results/results.h"

static void index_member(ent__json *json, const char *key, const ent_index *x)
{
    ent__json_member_open(json, key, '{');
    ent__json_member_number(json, "value", x->value);
    ent__json_member_number(json, "low", x->low);
    ent__json_member_number(json, "high", x->high);
    ent__json_close(json, '}');
}

static void factor(ent__json *json, const ent_sensitivity *s, const ent_sensed_view *v, int32_t f)
{
    ent_factor_view x = ent_sensitivity_factor(s, (size_t)f);
    bool sobol = ent_sensitivity_get_facts(s).sobol;
    ent__json_open(json, '{');
    ent__json_member_text(json, "name", x.name);
    ent__json_member_text(json, "label", x.label);
    ent__json_member_text(json, "kind", x.kind);
    ent__json_key(json, "inputs");
    ent__json_whole(json, (int64_t)x.inputs);
    index_member(json, "first", &v->first[f]);
    index_member(json, "total", &v->total[f]);
    index_member(json, "delta", &v->delta[f]);
    ent__json_key(json, "beyond_noise");
    ent__json_bool(json, ent_index_tells(sobol ? &v->total[f] : &v->delta[f]));
    ent__json_close(json, '}');
}

static void point(ent__json *json, const ent_curve_view *c, int32_t p)
{
    ent__json_open(json, '{');
    ent__json_member_number(json, "at", c->at[p]);
    ent__json_member_number(json, "percentile", c->percentile[p]);
    ent__json_member_text(json, "word", c->word[p]);
    ent__json_member_number(json, "value", c->value[p]);
    ent__json_member_number(json, "error", c->error[p]);
    ent__json_close(json, '}');
}

/* The lowest and the highest point of every curve, widest first. */
static void tornado(ent__json *json, const ent_sensitivity *s, size_t t)
{
    size_t n = ent_sensitivity_curve_count(s, t);
    bool told[64] = {false};
    for (size_t rank = 0; rank < n && n <= 64; rank++) {
        size_t widest = n;
        double width = -1;
        for (size_t c = 0; c < n; c++) {
            ent_curve_view v = ent_sensitivity_curve(s, t, c);
            double here = v.value[v.highest] - v.value[v.lowest];
            if (!told[c] && here > width) {
                width = here;
                widest = c;
            }
        }
        if (widest == n)
            break;
        told[widest] = true;
        ent_curve_view v = ent_sensitivity_curve(s, t, widest);
        ent_factor_view f = ent_sensitivity_factor(s, v.factor);
        ent__json_open(json, '{');
        ent__json_member_text(json, "name", f.name);
        ent__json_member_text(json, "label", f.label);
        ent__json_member_text(json, "unit", f.unit);
        ent__json_key(json, "low");
        point(json, &v, v.lowest);
        ent__json_key(json, "high");
        point(json, &v, v.highest);
        ent__json_member_number(json, "base", v.base);
        ent__json_close(json, '}');
    }
}

static void target(ent__json *json, const ent_sensitivity *s, size_t t, size_t most)
{
    ent_sensed_view v = ent_sensitivity_target(s, t);
    ent_sensitivity_facts facts = ent_sensitivity_get_facts(s);
    ent__json_member_open(json, v.name, '{');
    ent__json_member_text(json, "kind", v.is_claim ? "claim" : "quantity");
    ent__json_member_text(json, "title", v.title);
    ent__json_member_text(json, "unit", v.unit);
    ent__json_member_number(json, "mean", v.mean);
    ent__json_member_number(json, "variance", v.variance);
    ent__json_member_open(json, "inputs", '[');
    size_t told = 0;
    for (size_t r = 0; r < facts.factors && (most == 0 || told < most); r++)
        if (v.reaches[v.order[r]]) {
            factor(json, s, &v, v.order[r]);
            told++;
        }
    ent__json_close(json, ']');
    ent__json_member_open(json, "tornado", '[');
    tornado(json, s, t);
    ent__json_close(json, ']');
    ent__json_member_open(json, "curves", '{');
    for (size_t c = 0; c < ent_sensitivity_curve_count(s, t); c++) {
        ent_curve_view curve = ent_sensitivity_curve(s, t, c);
        ent__json_member_open(json, ent_sensitivity_factor(s, curve.factor).name, '[');
        for (int32_t p = 0; p < curve.points; p++)
            point(json, &curve, p);
        ent__json_close(json, ']');
    }
    ent__json_close(json, '}');
    ent__json_close(json, '}');
}

ent_status ent_sensitivity_json(char **text, size_t *length, const ent_sensitivity *s, size_t most, ent_error *err)
{
    ent__json json = {0};
    ent_sensitivity_facts f = ent_sensitivity_get_facts(s);
    ent__json_open(&json, '{');
    ent__json_key(&json, "format");
    ent__json_whole(&json, 1);
    ent__json_member_text(&json, "scenario", f.scenario);
    ent__json_member_text(&json, "version", ENT_VERSION);
    ent__json_key(&json, "seed");
    ent__json_unsigned(&json, f.seed);
    ent__json_key(&json, "draws");
    ent__json_whole(&json, f.base);
    ent__json_key(&json, "base_draws");
    ent__json_whole(&json, f.base);
    ent__json_member_number(&json, "effective_draws", f.effective_draws);
    ent__json_key(&json, "factors");
    ent__json_whole(&json, (int64_t)f.factors);
    ent__json_member_open(&json, "steps", '{');
    ent__json_key(&json, "one_run");
    ent__json_whole(&json, f.steps_one);
    ent__json_key(&json, "run");
    ent__json_whole(&json, f.steps_run);
    ent__json_close(&json, '}');
    ent__json_member_open(&json, "targets", '{');
    for (size_t t = 0; t < f.targets; t++)
        target(&json, s, t, most);
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
