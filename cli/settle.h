/* What `entente settle` found out, for its two ways of telling it. */
#ifndef ENT_CLI_SETTLE_H
#define ENT_CLI_SETTLE_H

#include "cli.h"

typedef struct settled {
    const char *file;
    const ent_table *table;
    const ent_model *model;
    double *option;
    ent_settle_input in;
    ent_settle_output out;
    double *utility, *gain, *distribution; /* n each; distribution NULL where the model gives none */
    double median, mean;                   /* of the positions, by weight */
    bool scale_is_guessed;                 /* the positions do not fit 0 to 100 */
} settled;

/* NULL where the model has no output of that name. */
const ent_port *settle_output(const ent_model *model, const char *name);

/* The outcome by another model with its defaults, from these positions; NAN where there is none. */
double settle_by(const settled *s, const char *model, const double *position);

void settle_tell(const settled *s);
void settle_json_number(const char *key, double x); /* "KEY":x */
/* "rounds":[...], empty for a model without. */
int settle_rounds_json(const settled *s);
int settle_tell_json(const settled *s);

#endif
