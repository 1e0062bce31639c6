/* The table of models, and how their options are read. Whatever shows or checks a model reads it here. */
#include "entente/model.h"
#include "alliance/alliance.h"
#include "settle/settle.h"
#include "vote/vote.h"
#include "war/war.h"

#include <stdio.h>
#include <string.h>

enum { MOST_NAMES = 32 };

static const ent_model *const table[] = {
    &ent__model_compromise, &ent__model_median,  &ent__model_mode,    &ent__model_nash,
    &ent__model_condorcet,  &ent__model_gravity, &ent__model_agenda, &ent__model_spatial, &ent__model_challenge,
    &ent__model_exchange,   &ent__model_consent, &ent__model_burden_sharing, &ent__model_membership,
    &ent__model_deterrence, &ent__model_capability, &ent__model_war,
};

size_t ent_model_count(void)
{
    return ENT_COUNT(table);
}

const ent_model *ent_model_get(size_t i)
{
    return i < ENT_COUNT(table) ? table[i] : NULL;
}

const ent_model *ent_model_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < ENT_COUNT(table); i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}

void ent_model_defaults(double *options, const ent_model *model)
{
    for (size_t o = 0; o < model->n_options; o++)
        options[o] = model->options[o].choices != NULL ? 0 : model->options[o].fallback;
}

/* --- reading an option --------------------------------------------------------------------------- */

/* The index of a word among "least|strongest", or -1. */
static int word_index(const char *choices, const char *word)
{
    size_t length = strlen(word);
    for (int index = 0;; index++) {
        size_t here = strcspn(choices, "|");
        if (here == length && memcmp(choices, word, length) == 0)
            return index;
        if (choices[here] == 0)
            return -1;
        choices += here + 1;
    }
}

/* "there is none such": what was found, what is allowed, the nearest. */
static ent_status none_such(const char *what, const char *const *name, size_t n, const char *found, ent_error *err)
{
    ent__buffer all = {0};
    for (size_t i = 0; i < n; i++)
        ent__buffer_printf(&all, "%s%s", i > 0 ? ", " : "", name[i]);
    const char *near = ent__nearest(found, name, n);
    ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "%s '%.60s'%s%s%s; there is: %s", what, found,
                   near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "",
                   n > 0 && all.data != NULL ? all.data : "none");
    ent__buffer_free(&all);
    return ENT_ERR_ARGUMENT;
}

static ent_status no_such_option(const ent_model *model, const char *found, ent_error *err)
{
    const char *name[MOST_NAMES] = {NULL};
    char what[96];
    size_t n = 0;
    for (; n < model->n_options && n < MOST_NAMES; n++)
        name[n] = model->options[n].name;
    snprintf(what, sizeof what, "the model %s has no option", model->name);
    return none_such(what, name, n, found, err);
}

static ent_status no_such_word(const ent_model *model, const ent_port *port, const char *found, ent_error *err)
{
    const char *name[MOST_NAMES] = {NULL};
    char words[256] = "", what[96];
    size_t n = 0;
    strncat(words, port->choices, sizeof words - 1);
    for (char *word = words; word != NULL && n < MOST_NAMES;) {
        char *bar = strchr(word, '|');
        if (bar != NULL)
            *bar++ = 0;
        name[n++] = word;
        word = bar;
    }
    snprintf(what, sizeof what, "the option %s of %s cannot be", port->name, model->name);
    return none_such(what, name, n, found, err);
}

static ent_status read_number(double *value, const ent_model *model, const ent_port *port, const char *text,
                              ent_error *err)
{
    char low[32], high[32];
    double x;
    if (!ent__number_read(&x, text, strlen(text), false))
        return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "the option %s of %s is a number, found '%.60s'",
                              port->name, model->name, text);
    bool bounded = ent__is_finite(port->high), within = x >= port->low && x <= port->high;
    low[ent__number_text(low, port->low)] = 0;
    high[bounded ? ent__number_text(high, port->high) : 0] = 0;
    if (!within)
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "the option %s of %s is %.60s; allowed is %s%s%s",
                              port->name, model->name, text, low, bounded ? " to " : " and more", high);
    *value = x;
    return ENT_OK;
}

ent_status ent_model_option(double *value, size_t *index, const ent_model *model, const char *name, const char *text,
                            ent_error *err)
{
    for (size_t o = 0; o < model->n_options; o++) {
        const ent_port *port = &model->options[o];
        if (strcmp(port->name, name) != 0)
            continue;
        *index = o;
        if (port->choices == NULL)
            return read_number(value, model, port, text, err);
        int word = word_index(port->choices, text);
        if (word < 0)
            return no_such_word(model, port, text, err);
        *value = word;
        return ENT_OK;
    }
    return no_such_option(model, name, err);
}
