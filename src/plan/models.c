/* The table of models. To add one: its file, its line here, its tests. */
#include "settle/settle.h"

#include <string.h>

static const ent_model *const table[] = {
    &ent__model_compromise, &ent__model_median, &ent__model_mode, &ent__model_nash, &ent__model_condorcet, &ent__model_gravity,
};

size_t ent_model_count(void) { return ENT_COUNT(table); }

const ent_model *ent_model_get(size_t i) { return i < ENT_COUNT(table) ? table[i] : NULL; }

const ent_model *ent_model_find(const char *name)
{
    for (size_t m = 0; m < ENT_COUNT(table); m++)
        if (strcmp(table[m]->name, name) == 0)
            return table[m];
    return NULL;
}

void ent_model_defaults(double *options, const ent_model *model)
{
    for (size_t o = 0; o < model->n_options; o++)
        options[o] = model->options[o].choices != NULL ? 0 : model->options[o].fallback;
}

/* The index of a word among "least|strongest", or -1. */
static int word_index(const char *choices, const char *word)
{
    size_t length = strlen(word);
    for (int index = 0;; index++) {
        const char *end = strchr(choices, '|');
        size_t here = end != NULL ? (size_t)(end - choices) : strlen(choices);
        if (here == length && memcmp(choices, word, length) == 0)
            return index;
        if (end == NULL)
            return -1;
        choices = end + 1;
    }
}

static ent_status unknown_option(const ent_model *model, const char *name, ent_error *err)
{
    const char *names[32];
    ent__buffer known = {0};
    for (size_t o = 0; o < model->n_options && o < ENT_COUNT(names); o++) {
        names[o] = model->options[o].name;
        ent__buffer_printf(&known, "%s%s", o > 0 ? ", " : "", names[o]);
    }
    const char *near = ent__nearest(name, names, model->n_options);
    ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "the model %s has no option \"%s\"%s%s%s; it has %s", model->name, name,
                   near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "", known.data != NULL ? known.data : "none");
    ent__buffer_free(&known);
    return ENT_ERR_ARGUMENT;
}

static ent_status out_of_range(const ent_port *port, const ent_model *model, const char *text, ent_error *err)
{
    char low[32], high[32];
    low[ent__number_text(low, port->low)] = 0;
    bool bounded = ent__is_finite(port->high);
    high[ent__number_text(high, bounded ? port->high : 0)] = 0;
    return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "the option %s of model %s is \"%s\"; it must be a number %s%s%s%s", port->name,
                          model->name, text, bounded ? "from " : "of at least ", low, bounded ? " to " : "", bounded ? high : "");
}

ent_status ent_model_option(double *value, size_t *index, const ent_model *model, const char *name, const char *text, ent_error *err)
{
    for (size_t o = 0; o < model->n_options; o++) {
        const ent_port *port = &model->options[o];
        if (strcmp(port->name, name) != 0)
            continue;
        *index = o;
        if (port->choices != NULL) {
            int word = word_index(port->choices, text);
            if (word < 0)
                return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "the option %s of model %s is \"%s\"; it must be one of %s", name,
                                      model->name, text, port->choices);
            *value = word;
            return ENT_OK;
        }
        double number;
        if (!ent__number_read(&number, text, strlen(text), false) || !(number >= port->low && number <= port->high))
            return out_of_range(port, model, text, err);
        *value = number;
        return ENT_OK;
    }
    return unknown_option(model, name, err);
}
