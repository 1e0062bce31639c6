/* What the report tells beside the numbers: names, groups, the causal map, limits, the files themselves. Written once
 * when the scenario is compiled, as pieces of JSON that results/ puts in place. */
#include "compile/compile.h"

#include <stdio.h>
#include <string.h>

static void add_text(ent__buffer *out, const char *text) { ent__buffer_json(out, text != NULL ? text : "", text != NULL ? strlen(text) : 0); }

static ent__text keep(ent__compiler *c, ent__buffer *buffer)
{
    ent__text at = 0;
    if (buffer->failed)
        c->no_memory = true;
    else
        at = ent__pool_text(c, buffer->data);
    ent__buffer_free(buffer);
    return at;
}

static void describe_actors(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    ent__buffer actors = {0}, groups = {0};
    ent__buffer_text(&actors, "{");
    for (int32_t a = 0; a < s->n_actors; a++) {
        ent__plan_actor *to = ENT__PLAN_ADD(c->plan, actors);
        if (to == NULL) {
            c->no_memory = true;
            break;
        }
        to->id = ent__pool_text(c, s->actors[a].id);
        to->name = ent__pool_text(c, s->actors[a].name);
        ent__buffer_text(&actors, a > 0 ? "," : "");
        add_text(&actors, s->actors[a].id);
        ent__buffer_text(&actors, ":{\"name\":");
        add_text(&actors, s->actors[a].name);
        ent__buffer_text(&actors, ",\"groups\":[");
        int32_t listed = 0;
        for (int32_t g = 0; g < s->n_groups; g++) {
            if (ent__set_place(&c->set[c->group_set[g]], a) < 0)
                continue;
            ent__buffer_text(&actors, listed++ > 0 ? "," : "");
            add_text(&actors, s->groups[g].id);
        }
        ent__buffer_text(&actors, "]}");
    }
    ent__buffer_text(&actors, "}");
    ent__buffer_text(&groups, "{");
    for (int32_t g = 0; g < s->n_groups; g++) {
        const ent__set *set = &c->set[c->group_set[g]];
        ent__buffer_text(&groups, g > 0 ? "," : "");
        add_text(&groups, s->groups[g].id);
        ent__buffer_text(&groups, ":{\"name\":");
        add_text(&groups, s->groups[g].name != NULL && s->groups[g].name[0] ? s->groups[g].name : s->groups[g].id);
        ent__buffer_text(&groups, ",\"members\":[");
        for (int32_t m = 0; m < set->n; m++) {
            ent__buffer_text(&groups, m > 0 ? "," : "");
            add_text(&groups, s->actors[set->actor[m]].id);
        }
        ent__buffer_text(&groups, "]}");
    }
    ent__buffer_text(&groups, "}");
    c->plan->head->actors_json = keep(c, &actors);
    c->plan->head->groups_json = keep(c, &groups);
}

/* --- the causal map ------------------------------------------------------------------------------ */

typedef struct map { /* nodes and edges under construction */
    ent__compiler *c;
    ent__buffer nodes, edges;
    int32_t n_nodes, n_edges;
    bool *seen; /* symbols that have a node */
} map;

static void add_node(map *m, const char *id, const char *label, const char *band, const char *text)
{
    ent__buffer_text(&m->nodes, m->n_nodes++ > 0 ? ",{\"id\":" : "{\"id\":");
    add_text(&m->nodes, id);
    ent__buffer_text(&m->nodes, ",\"label\":");
    add_text(&m->nodes, label);
    ent__buffer_text(&m->nodes, ",\"band\":");
    add_text(&m->nodes, band);
    ent__buffer_text(&m->nodes, ",\"text\":");
    add_text(&m->nodes, text);
    ent__buffer_text(&m->nodes, "}");
}

static void add_edge(map *m, const char *from, const char *to)
{
    ent__buffer_text(&m->edges, m->n_edges++ > 0 ? ",[" : "[");
    add_text(&m->edges, from);
    ent__buffer_text(&m->edges, ",");
    add_text(&m->edges, to);
    ent__buffer_text(&m->edges, "]");
}

static const char *band_of(const ent__symbol *symbol)
{
    switch (symbol->kind) {
    case ENT__SYMBOL_QUANTITY:
        return "quantity";
    case ENT__SYMBOL_OUTCOME: case ENT__SYMBOL_UTILITY: case ENT__SYMBOL_GAIN: case ENT__SYMBOL_DISTRIBUTION:
    case ENT__SYMBOL_POINT:
        return "outcome";
    case ENT__SYMBOL_IN_FORCE:
        return "provision";
    default:
        return "input";
    }
}

const char *ent__in_words(ent__compiler *c, const char *name)
{
    char *words = ent__arena_text(c->arena, name, strlen(name));
    if (words == NULL)
        return name;
    for (char *w = words; *w; w++)
        *w = *w == '_' || *w == '.' ? ' ' : *w;
    return words;
}

/* The text of a node: an expression, or how many values it has. */
static const char *symbol_text(map *m, const ent__symbol *symbol)
{
    const ent_scenario *s = m->c->scenario;
    if (symbol->kind == ENT__SYMBOL_INPUT)
        return s->inputs[symbol->part].value.text;
    if (symbol->kind == ENT__SYMBOL_QUANTITY)
        return s->quantities[symbol->part].value.text;
    if (symbol->axes.set >= 0) {
        const char *text = ent__arena_printf(m->c->arena, "%d actors", m->c->set[symbol->axes.set].n);
        return text != NULL ? text : "";
    }
    return "";
}

static void need_node(map *m, const ent__symbol *symbol)
{
    int32_t at = (int32_t)(symbol - m->c->symbol);
    if (m->seen[at])
        return;
    m->seen[at] = true;
    const char *label = ent__in_words(m->c, symbol->name);
    if (symbol->kind >= ENT__SYMBOL_POSITION && symbol->kind <= ENT__SYMBOL_POINT) {
        const char *title = m->c->scenario->issues[symbol->part].title;
        const char *field = strchr(symbol->name, '.') + 1;
        const char *full = symbol->kind == ENT__SYMBOL_OUTCOME ? title : ent__arena_printf(m->c->arena, "%s: %s", title, field);
        label = full != NULL ? full : label;
    }
    add_node(m, symbol->name, label, band_of(symbol), symbol_text(m, symbol));
}

/* Edges from every name in an expression to `to`. */
static void edges_from(map *m, const ent__node *node, const char *to)
{
    if (node == NULL)
        return;
    if (node->kind == ENT__NODE_NAME) {
        const ent__symbol *symbol = ent__symbol_find(m->c, node->name);
        if (symbol != NULL && symbol->kind == ENT__SYMBOL_MODEL) {
            const char *model = m->c->scenario->models[symbol->part].id;
            if (strcmp(model, to) != 0)
                add_edge(m, model, to);
        } else if (symbol != NULL && symbol->kind == ENT__SYMBOL_IN_FORCE) {
            add_edge(m, m->c->scenario->provisions[symbol->part].id, to);
        } else if (symbol != NULL && strcmp(symbol->name, to) != 0) {
            need_node(m, symbol);
            add_edge(m, symbol->name, to);
        }
    }
    for (int32_t i = 0; i < node->n_child; i++)
        edges_from(m, node->child[i], to);
}

static void map_provisions(map *m)
{
    const ent_scenario *s = m->c->scenario;
    for (int32_t p = 0; p < s->n_provisions; p++) {
        const ent__provision *from = &s->provisions[p];
        add_node(m, from->id, from->title, "provision", from->says);
        if (ent__provision_decision(m->c, from) >= 0)
            add_edge(m, from->takes_hold.expression->name, from->id);
        else if (from->has_takes_hold && from->takes_hold.kind == ENT__VALUE_EXPRESSION)
            edges_from(m, from->takes_hold.expression, from->id);
        for (int32_t k = 0; k < from->n_changes; k++) {
            const ent__symbol *target = from->change[k].target != NULL ? ent__symbol_find(m->c, from->change[k].target->name) : NULL;
            if (target == NULL)
                continue;
            need_node(m, target);
            add_edge(m, from->id, target->name);
            if (from->change[k].value.kind == ENT__VALUE_EXPRESSION)
                edges_from(m, from->change[k].value.expression, target->name);
        }
    }
}

static void input_edges(map *m, const ent__model_input *input, const char *to)
{
    if (input->value.kind == ENT__VALUE_EXPRESSION)
        edges_from(m, input->value.expression, to);
    for (int32_t k = 0; k < input->n_parts; k++)
        input_edges(m, &input->part[k], to);
}

/* A model in use is one node, whatever comes out of it; a decision stands on the stances of its issue. */
static void map_models(map *m)
{
    const ent__compiler *c = m->c;
    for (int32_t u = 0; u < c->scenario->n_models; u++) {
        const ent__use *use = &c->use[u];
        if (use->model == NULL)
            continue;
        add_node(m, use->from->id, use->from->title[0] ? use->from->title : ent__in_words(m->c, use->from->id), "quantity", use->model->title);
        for (int32_t i = 0; i < use->from->n_inputs; i++)
            if (strcmp(use->from->input[i].name, "like") != 0)
                input_edges(m, &use->from->input[i], use->from->id);
        static const char *const field[] = {"position", "salience", "capability"};
        for (size_t f = 0; f < ENT_COUNT(field) && use->issue >= 0; f++) {
            char *name = ent__arena_printf(c->arena, "%s.%s", c->scenario->issues[use->issue].id, field[f]);
            const ent__symbol *symbol = name != NULL ? ent__symbol_find(c, name) : NULL;
            if (symbol != NULL) {
                need_node(m, symbol);
                add_edge(m, symbol->name, use->from->id);
            }
        }
    }
}

static void map_issues(map *m)
{
    const ent__compiler *c = m->c;
    for (int32_t s = 0; s < c->n_symbols; s++) {
        const ent__symbol *from = &c->symbol[s];
        bool derived = from->kind >= ENT__SYMBOL_UTILITY && from->kind <= ENT__SYMBOL_DISTRIBUTION;
        if (derived && m->seen[s]) { /* utilities only where a claim asks for them */
            char *outcome = ent__arena_printf(m->c->arena, "%s.outcome", c->scenario->issues[from->part].id);
            const ent__symbol *symbol = outcome != NULL ? ent__symbol_find(c, outcome) : NULL;
            if (symbol != NULL) {
                need_node(m, symbol);
                add_edge(m, symbol->name, from->name);
            }
        }
    }
    for (int32_t s = 0; s < c->n_symbols; s++) {
        const ent__symbol *to = &c->symbol[s];
        if (to->kind != ENT__SYMBOL_OUTCOME && (to->kind != ENT__SYMBOL_POINT || !m->seen[s]))
            continue;
        need_node(m, to);
        for (int32_t k = 0; k < c->n_symbols; k++) {
            const ent__symbol *from = &c->symbol[k];
            if (from->part != to->part || from->kind < ENT__SYMBOL_POSITION || from->kind > ENT__SYMBOL_STATUS_QUO)
                continue;
            need_node(m, from);
            add_edge(m, from->name, to->name);
        }
    }
}

static void describe_map(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    map m = {.c = c, .seen = ent__arena_alloc(c->arena, (size_t)c->n_symbols, sizeof(bool))};
    if (m.seen == NULL) {
        c->no_memory = true;
        return;
    }
    map_provisions(&m);
    for (int32_t q = 0; q < s->n_quantities; q++) {
        const ent__symbol *symbol = ent__symbol_find(c, s->quantities[q].id);
        if (symbol == NULL || s->quantities[q].value.kind != ENT__VALUE_EXPRESSION)
            continue;
        need_node(&m, symbol);
        edges_from(&m, s->quantities[q].value.expression, symbol->name);
    }
    map_models(&m);
    for (int32_t i = 0; i < s->n_claims; i++) {
        const ent__claim *claim = &s->claims[i];
        const ent__node *node = claim->holds != NULL ? claim->holds : claim->overall;
        if (node == NULL)
            continue;
        add_node(&m, claim->id, claim->title, "claim", claim->says);
        edges_from(&m, node, claim->id);
        edges_from(&m, claim->when, claim->id);
    }
    map_issues(&m);
    ent__buffer graph = {0};
    ent__buffer_text(&graph, "{\"nodes\":[");
    ent__buffer_add(&graph, m.nodes.data != NULL ? m.nodes.data : "", m.nodes.length);
    ent__buffer_text(&graph, "],\"edges\":[");
    ent__buffer_add(&graph, m.edges.data != NULL ? m.edges.data : "", m.edges.length);
    ent__buffer_text(&graph, "]}");
    c->no_memory = c->no_memory || m.nodes.failed || m.edges.failed;
    ent__buffer_free(&m.nodes);
    ent__buffer_free(&m.edges);
    c->plan->head->graph_json = keep(c, &graph);
}

/* --- the rest ------------------------------------------------------------------------------------ */

static void describe_limits(ent__compiler *c)
{
    ent__buffer out = {0};
    ent__buffer_text(&out, "[");
    for (int32_t i = 0; i < c->scenario->n_limits; i++) {
        ent__buffer_text(&out, i > 0 ? "," : "");
        add_text(&out, c->scenario->limit[i]);
    }
    ent__buffer_text(&out, "]");
    c->plan->head->limits_json = keep(c, &out);
}

static void describe_files(ent__compiler *c)
{
    ent__buffer out = {0};
    ent__buffer_text(&out, "[");
    for (int32_t i = 0; i < c->scenario->n_files; i++) {
        ent__buffer_text(&out, i > 0 ? ",{\"name\":" : "{\"name\":");
        add_text(&out, c->scenario->file_name[i]);
        ent__buffer_text(&out, ",\"text\":");
        add_text(&out, c->scenario->file_text[i]);
        ent__buffer_text(&out, "}");
    }
    ent__buffer_text(&out, "]");
    c->plan->head->files_json = keep(c, &out);
}

static ent__text describe_settings(ent__compiler *c)
{
    ent__buffer out = {0};
    ent__buffer word = {0};
    for (int32_t o = 0; o < c->n_overrides; o++) {
        word.length = 0;
        ent__buffer_printf(&word, "%s=%s", c->override[o].name, c->override[o].value.text);
        ent__buffer_text(&out, " --set ");
        ent__buffer_shell(&out, word.failed ? "" : word.data);
    }
    out.failed = out.failed || word.failed;
    ent__buffer_free(&word);
    return keep(c, &out);
}

void ent__describe(ent__compiler *c)
{
    const ent_scenario *s = c->scenario;
    describe_actors(c);
    describe_map(c);
    describe_limits(c);
    describe_files(c);
    ent__plan_head *head = c->plan->head;
    head->scenario = ent__pool_text(c, s->id);
    head->folder = ent__pool_text(c, s->folder);
    head->title = ent__pool_text(c, s->title);
    head->about = ent__pool_text(c, s->about);
    head->brief_html = ent__pool_text(c, s->brief_html);
    head->document_title = ent__pool_text(c, s->document_title);
    head->document_issuer = ent__pool_text(c, s->document_issuer);
    head->document_source = ent__pool_text(c, s->document_source);
    head->settings = describe_settings(c);
    if (s->document_date.year != 0) {
        char date[32];
        if (s->document_date.month != 0)
            snprintf(date, sizeof date, "%04d-%02d", s->document_date.year, s->document_date.month);
        else
            snprintf(date, sizeof date, "%04d", s->document_date.year);
        head->document_date = ent__pool_text(c, date);
    }
    head->n_settings = c->n_overrides;
    for (int32_t o = 0; o < c->n_overrides; o++) { /* what was set is part of what is asked */
        char *text = ent__arena_printf(c->arena, "%s=%s", c->override[o].name, c->override[o].value.text);
        if (text != NULL)
            head->hash ^= ent__setting_hash(text, o);
    }
}
