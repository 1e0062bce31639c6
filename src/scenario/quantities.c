/* Numbers that a scenario names: inputs, quantities derived from them, correlations; and the long form of a value,
 * {value, unit, source, why, range, experts}. */
#include "scenario/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const value_keys[] = {"value", "unit", "source", "why", "range", "experts", NULL};

bool ent__is_value_mapping(const ent__yaml *node)
{
    return node->kind == ENT__YAML_MAPPING &&
           (ent__yaml_get(node, "value") != NULL || ent__yaml_get(node, "experts") != NULL);
}

/* --- experts -------------------------------------------------------------------------------------- */

static bool read_expert(ent__reader *r, const ent__yaml *node, ent__expert *out, ent__value *value)
{
    static const char *const keys[] = {"name", "value", "weight", NULL};
    out->name = "";
    out->weight = 1;
    if (node->kind == ENT__YAML_MAPPING) {
        ent__keys(r, node, "an expert", keys);
        out->name = ent__read_text(r, node, "name");
        const ent__yaml *weight = ent__yaml_get(node, "weight");
        if (weight != NULL && ent__read_number(r, weight, "an expert's weight", 0, INFINITY, &out->weight) &&
            out->weight == 0)
            ent__complain(&r->to, weight->place, "an expert's weight lies above 0");
        if ((node = ent__required(r, node, "value", "an expert")) == NULL)
            return false;
    }
    if (!ent__is_text(r, node, "an expert's value"))
        return false;
    ent__value_read(value, &r->to, node->text, node->place, false);
    if (value->kind == ENT__VALUE_EXPRESSION)
        ent__complain(&r->to, node->place, "an expert's value is a number or a distribution, found '%.60s'",
                      node->text);
    out->distribution = value->distribution;
    return value->kind == ENT__VALUE_DISTRIBUTION;
}

static void read_experts(ent__reader *r, ent__value *out, const ent__yaml *node)
{
    if (!ent__is_list(r, node, "'experts'"))
        return;
    if (node->n == 0) {
        ent__complain(&r->to, node->place, "'experts' is an empty list");
        return;
    }
    ent__expert *expert = ent__take(&r->to, (size_t)node->n, sizeof *expert);
    if (expert == NULL)
        return;
    int32_t n = 0;
    for (const ent__yaml *item = node->first; item != NULL; item = item->next) {
        ent__value value;
        if (!read_expert(r, item, &expert[n], &value))
            continue;
        out->low = n == 0 ? value.low : out->low < value.low ? out->low : value.low; /* NaN, an open end, stays */
        out->high = n == 0 ? value.high : out->high > value.high ? out->high : value.high;
        n++;
    }
    if (n < node->n)
        return; /* told above */
    out->kind = ENT__VALUE_EXPERTS;
    out->expert = expert;
    out->n_experts = n;
    out->place = node->place;
    out->text = "experts";
}

/* --- the long form -------------------------------------------------------------------------------- */

/* Cuts a distribution off at the ends of a stated range; a number must lie within. */
static void truncate(ent__reader *r, ent__value *value, ent__distribution *d, double low, double high)
{
    ent_error err = {0};
    d->low = low;
    d->high = high;
    if (ent__distribution_prepare(d, &err) != ENT_OK)
        ent__complain(&r->to, value->place, "'%.60s': %s", value->text, err.message);
}

static void read_range(ent__reader *r, ent__value *value, const ent__yaml *node, double *low, double *high)
{
    if (low == NULL) {
        ent__complain(&r->to, node->key_place, "'range' has no meaning here: the quantity has its own");
        return;
    }
    if (!ent__read_range(r, node, "'range'", low, high))
        return;
    if (value->kind == ENT__VALUE_DISTRIBUTION && value->distribution.kind == ENT__DIST_CONSTANT) {
        if (value->distribution.p[0] < *low || value->distribution.p[0] > *high)
            ent__complain(&r->to, value->place, "'%.60s' lies outside its range [%.40s, %.40s]", value->text,
                          node->first->text, node->first->next->text);
    } else if (value->kind == ENT__VALUE_DISTRIBUTION)
        truncate(r, value, &value->distribution, *low, *high);
    for (int32_t i = 0; i < value->n_experts; i++)
        if (value->expert[i].distribution.kind != ENT__DIST_CONSTANT)
            truncate(r, value, &value->expert[i].distribution, *low, *high);
}

void ent__read_value(ent__reader *r, ent__value *out, const ent__yaml *node, const char *what, double *low,
                     double *high)
{
    *out = (ent__value){.text = "", .low = NAN, .high = NAN, .unit = "", .source = "", .why = "", .place = node->place};
    if (node->kind == ENT__YAML_TEXT && node->lines != NULL) {
        ent__value_read(out, &r->to, node->lines, node->lines_place, false);
        out->text = ent__one_line(r, node->text);
    } else if (node->kind == ENT__YAML_TEXT && node->text[0] != 0)
        ent__value_read(out, &r->to, node->text, node->place, false);
    else if (node->kind == ENT__YAML_TEXT)
        ent__complain(&r->to, node->place, "%s is empty", what);
    if (node->kind == ENT__YAML_LIST)
        ent__complain(&r->to, node->place, "%s takes a number, a distribution or an expression, found a list; "
                                           "an interval is written 2 to 5", what);
    if (node->kind != ENT__YAML_MAPPING)
        return;
    ent__keys(r, node, what, value_keys);
    const ent__yaml *value = ent__yaml_get(node, "value"), *experts = ent__yaml_get(node, "experts");
    if (value == NULL && experts == NULL)
        (void)ent__required(r, node, "value", what);
    else if (value != NULL && experts != NULL)
        ent__complain(&r->to, experts->key_place, "%s has both 'value' and 'experts': one of them is enough", what);
    else if (value != NULL && ent__is_text(r, value, what))
        ent__read_value(r, out, value, what, NULL, NULL);
    else if (experts != NULL)
        read_experts(r, out, experts);
    const ent__yaml *range = ent__yaml_get(node, "range");
    if (range != NULL)
        read_range(r, out, range, low, high);
    out->unit = ent__read_text(r, node, "unit");
    out->source = ent__read_text(r, node, "source");
    out->why = ent__read_text(r, node, "why");
}

/* --- scales --------------------------------------------------------------------------------------- */

static void off_scale(ent__reader *r, const ent__value *value, const char *what, double x, double low, double high)
{
    char found[32], from[32], to[32];
    found[ent__number_text(found, x)] = 0;
    from[ent__number_text(from, low)] = 0;
    if (high == INFINITY)
        ent__complain(&r->to, value->place, "%s is at least %s, found %s in '%.60s'", what, from, found, value->text);
    else {
        to[ent__number_text(to, high)] = 0;
        ent__complain(&r->to, value->place, "%s lies between %s and %s, found %s in '%.60s'", what, from, to, found,
                      value->text);
    }
}

static void clamp(ent__distribution *d, double low, double high)
{
    d->clamp_low = low;
    d->clamp_high = high;
}

void ent__clamp(ent__reader *r, ent__value *value, const char *what, double low, double high)
{
    double least = value->low, most = value->high;
    if (value->kind == ENT__VALUE_DISTRIBUTION) {
        if (value->distribution.kind == ENT__DIST_NORMAL && least != least)
            least = most = value->distribution.p[0]; /* normal(m, sd): at least its middle is on the scale */
        clamp(&value->distribution, low, high);
    } else if (value->kind == ENT__VALUE_EXPERTS)
        for (int32_t i = 0; i < value->n_experts; i++)
            clamp(&value->expert[i].distribution, low, high);
    else
        return;
    if (least < low || least > high)
        off_scale(r, value, what, least, low, high);
    else if (most > high || most < low)
        off_scale(r, value, what, most, low, high);
}

/* --- inputs, quantities, correlations -------------------------------------------------------------- */

static ent__quantity *read_all(ent__reader *r, const ent__yaml *node, const char *what, int32_t *n)
{
    *n = 0;
    ent__quantity *list = ent__is_mapping(r, node, what) ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return NULL;
    char of[96];
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next) {
        ent__quantity *q = &list[*n];
        *q = (ent__quantity){.id = entry->key, .low = -INFINITY, .high = INFINITY, .place = entry->key_place};
        snprintf(of, sizeof of, "'%.80s'", entry->key);
        bool named =
            ent__id(r, &r->numbers, entry->key, entry->key_place, what[1] == 'i' ? "an input" : "a quantity", false);
        ent__read_value(r, &q->value, entry, of, &q->low, &q->high);
        *n += named;
    }
    return list;
}

void ent__read_inputs(ent__reader *r, const ent__yaml *node)
{
    r->out->inputs = read_all(r, node, "'inputs'", &r->out->n_inputs);
    for (int32_t i = 0; i < r->out->n_inputs; i++) {
        const ent__value *value = &r->out->inputs[i].value;
        if (value->kind == ENT__VALUE_EXPRESSION)
            ent__complain(&r->to, value->place,
                          "an input is a number or a distribution, found '%.60s'; what is made of others "
                          "stands under `quantities`",
                          value->text);
    }
}

void ent__read_quantities(ent__reader *r, const ent__yaml *node)
{
    r->out->quantities = read_all(r, node, "'quantities'", &r->out->n_quantities);
}

static const char *canonical(ent__reader *r, const ent__yaml *node)
{
    if (!ent__is_text(r, node, "a name in 'correlations'"))
        return NULL;
    const ent__node *name = ent__read_name(r, node->text, node->place, "a correlation");
    ent__buffer text = {0};
    if (name != NULL)
        ent__expression_print(&text, name);
    const char *kept = name != NULL && !text.failed ? ent__keep(&r->to, text.data, text.length) : NULL;
    r->to.no_memory |= text.failed;
    ent__buffer_free(&text);
    return kept;
}

static bool read_correlation(ent__reader *r, const ent__yaml *node, ent__correlation *out)
{
    if (!ent__is_list(r, node, "a correlation"))
        return false;
    if (node->n != 3) {
        ent__complain(&r->to, node->place, "a correlation is two names and a number, [a, b, 0.5], found %d item%s; "
                                           "a name with brackets needs quotes", (int)node->n, node->n == 1 ? "" : "s");
        return false;
    }
    const ent__yaml *a = node->first, *b = a->next;
    *out = (ent__correlation){.place = node->place, .a_place = a->place, .b_place = b->place};
    out->a = canonical(r, a);
    out->b = canonical(r, b);
    if (!ent__read_number(r, b->next, "a correlation", -1, 1, &out->r) || out->a == NULL || out->b == NULL)
        return false;
    if (strcmp(out->a, out->b) == 0) {
        ent__complain(&r->to, b->place, "'%.60s' is correlated with itself", out->b);
        return false;
    }
    return true;
}

void ent__read_correlations(ent__reader *r, const ent__yaml *node)
{
    ent__names pairs = {0};
    ent__correlation *list =
        ent__is_list(r, node, "'correlations'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    int32_t n = 0;
    for (const ent__yaml *item = node->first; item != NULL; item = item->next) {
        if (!read_correlation(r, item, &list[n]))
            continue;
        bool ordered = strcmp(list[n].a, list[n].b) < 0;
        const char *pair = ent__arena_printf(r->to.arena, "%s, %s", ordered ? list[n].a : list[n].b,
                                             ordered ? list[n].b : list[n].a);
        int32_t before = pairs.n;
        int32_t found = pair != NULL ? ent__names_add(&r->to, &pairs, pair, item->place) : -1;
        r->to.no_memory |= pair == NULL;
        if (found >= 0 && found < before)
            ent__complain(&r->to, item->place, "the correlation of %s stands in line %d already", pair,
                          (int)pairs.place[found].line);
        else
            n++;
    }
    r->out->correlations = list;
    r->out->n_correlations = n;
}
