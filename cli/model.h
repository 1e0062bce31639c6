/* One model of the table with the numbers of one year: what `entente model` and `entente export` share. */
#ifndef ENT_CLI_MODEL_H
#define ENT_CLI_MODEL_H

#include "cli.h"

enum { MODEL_PORTS = 64, MODEL_OPTIONS = 32 };

typedef struct model_given {
    const ent_model *model;
    const char *file;
    ent_columns *table;
    size_t *row; /* row of the table of each state: members, then candidates */
    size_t count[ENT_AXIS_COUNT];
    const double *in[MODEL_PORTS]; /* of each input: its numbers, in full shape; NULL where it has none */
    double *own[MODEL_PORTS];      /* the same where it is not another input's */
    double option[MODEL_OPTIONS];
} model_given;

/* The model of that name that runs by a call of its own on states in rows; else told what to use. */
int model_find(const ent_model **model, const char *name, bool json);
/* Reads TABLE and options (NAME=VALUE: an input, for every state, or an option of the model). */
int model_read(model_given *g, const char *file, const cli_list *option, bool json);
void model_free(model_given *g);
/* The name of the i-th state. */
static inline const char *model_state(const model_given *g, size_t i)
{
    return g->table->name[g->row[i]];
}
/* How many numbers a port has in one year, and along which axis: 'l', 'a', 'c', or 0. */
size_t model_size(const model_given *g, const ent_port *port);
char model_axis(const ent_port *port);

#endif
