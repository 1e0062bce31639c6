/* Models in use: which, and what goes into each. How a model's inputs are called and shaped src/compile checks. */
#include "scenario/reader.h"

#include <string.h>

static void read_input(ent__reader *r, ent__model_input *out, const ent__yaml *node);

/* {buffer: {state: [settled, frozen], line: [0.05, 0.95]}}: inputs within an input */
static void read_parts(ent__reader *r, ent__model_input *out, const ent__yaml *node)
{
    out->part = ent__take(&r->to, (size_t)node->n, sizeof *out->part);
    if (out->part == NULL)
        return;
    for (const ent__yaml *entry = node->first; entry != NULL; entry = entry->next)
        read_input(r, &out->part[out->n_parts++], entry);
}

static void read_input(ent__reader *r, ent__model_input *out, const ent__yaml *node)
{
    ent__time time;
    *out = (ent__model_input){.name = node->key, .place = node->key_place};
    out->value = (ent__value){.text = "",
                              .unit = "",
                              .source = "",
                              .why = "",
                              .low = ENT_UNDEFINED,
                              .high = ENT_UNDEFINED,
                              .place = node->place};
    if (!ent__is_id(node->key))
        ent__complain(&r->to, node->key_place, "'%.60s' is no name of an input: lower-case letters, digits and _",
                      node->key);
    bool month = node->kind == ENT__YAML_TEXT && strlen(node->text) == 7 && ent__time_read(&time, node->text, 7);
    if (node->kind == ENT__YAML_LIST || month) {
        out->list = ent__read_texts(r, node, "a model's input", &out->n_list, &out->list_place);
        out->value.text = month ? node->text : "";
    } else if (node->kind == ENT__YAML_MAPPING && !ent__is_value_mapping(node))
        read_parts(r, out, node);
    else
        ent__read_value(r, &out->value, node, "a model's input", NULL, NULL);
}

void ent__read_models(ent__reader *r, const ent__yaml *node)
{
    ent__model_use *list =
        ent__is_mapping(r, node, "'models'") ? ent__take(&r->to, (size_t)node->n, sizeof *list) : NULL;
    if (list == NULL)
        return;
    r->out->models = list;
    for (const ent__yaml *entry = node->first; entry != NULL && !r->to.no_memory; entry = entry->next) {
        ent__model_use *model = &list[r->out->n_models];
        *model = (ent__model_use){.id = entry->key, .use = "", .title = "", .side = {"", ""}, .place = entry->key_place};
        bool named = ent__id(r, &r->dotted, entry->key, entry->key_place, "a model", false);
        if (!ent__is_mapping(r, entry, "a model"))
            continue;
        (void)ent__required(r, entry, "use", "a model");
        model->use = ent__read_text(r, entry, "use");
        model->input = ent__take(&r->to, (size_t)entry->n, sizeof *model->input);
        if (model->input == NULL)
            return;
        model->title = ent__read_text(r, entry, "title");
        model->side[0] = ent__read_text(r, entry, "a");
        model->side[1] = ent__read_text(r, entry, "b");
        static const char *const words[] = {"use", "title", "a", "b"};
        for (const ent__yaml *input = entry->first; input != NULL; input = input->next) {
            bool word = false;
            for (size_t k = 0; k < ENT_COUNT(words) && !word; k++)
                word = strcmp(input->key, words[k]) == 0;
            if (!word)
                read_input(r, &model->input[model->n_inputs++], input);
        }
        r->out->n_models += named;
    }
}
