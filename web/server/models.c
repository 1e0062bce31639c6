/* The table of models as JSON, for the form view: what `entente models --json` tells, with what a field needs. */
#include "jobs.h"

static void number(text *out, const char *key, double x)
{
    text_format(out, ",\"%s\":", key);
    text_number(out, x);
}

static void string(text *out, const char *key, const char *value)
{
    text_format(out, ",\"%s\":", key);
    text_json(out, value != NULL ? value : "");
}

static void ports(text *out, const char *key, const ent_port *port, size_t n)
{
    text_format(out, ",\"%s\":[", key);
    for (size_t i = 0; i < n; i++) {
        text_put(out, i > 0 ? ",\n  {\"name\":" : "\n  {\"name\":");
        text_json(out, port[i].name);
        string(out, "shape", port[i].shape);
        string(out, "unit", port[i].unit);
        number(out, "low", port[i].low);
        number(out, "high", port[i].high);
        number(out, "fallback", port[i].fallback);
        string(out, "choices", port[i].choices);
        string(out, "falls_back", port[i].falls_back);
        string(out, "meaning", port[i].meaning);
        text_format(out, ",\"required\":%s}", port[i].required ? "true" : "false");
    }
    text_put(out, "]");
}

void models_json(text *out)
{
    text_put(out, "{\"format\":1,\"models\":[");
    for (size_t i = 0; i < ent_model_count(); i++) {
        const ent_model *m = ent_model_get(i);
        text_put(out, i > 0 ? ",\n {\"name\":" : "\n {\"name\":");
        text_json(out, m->name);
        string(out, "room", m->room);
        string(out, "title", m->title);
        string(out, "summary", m->summary);
        string(out, "equation", m->equation);
        string(out, "citation", m->citation);
        ports(out, "inputs", m->inputs, m->n_inputs);
        ports(out, "options", m->options, m->n_options);
        ports(out, "outputs", m->outputs, m->n_outputs);
        text_put(out, "}");
    }
    text_put(out, "]}\n");
}
