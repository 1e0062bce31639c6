/* What `entente settle` found out, for its ways of telling it. */
#ifndef ENT_CLI_SETTLE_H
#define ENT_CLI_SETTLE_H

#include "cli.h"

enum { SETTLE_QUANTILES = 5 }; /* at 5, 25, 50, 75 and 95 % */

/* What is settled: of a table the actors that take part and the issues that are asked for, and what came of it. Arrays
 * of n x issues hold one row an actor. */
typedef struct settled {
    const char *file;
    const ent_table *table;
    const ent_model *model;
    const double *option;
    size_t n, issues;
    const char **actor, **issue;              /* names; an issue may have "" */
    char **said;                              /* n: the names made safe to show, and not too long for a sentence */
    double *position, *salience, *capability; /* n x issues */
    double *low, *high, status_quo;           /* issues */
    bool scale_is_guessed;                    /* some positions do not fit 0 to 100 */
    bool file_has_options;                    /* KTAB's parameters were taken over */
    uint64_t seed;
    bool all, quiet, json;

    ent_settle_input in;                   /* of one issue */
    ent_settle_output out;                 /* of one issue; outcome, stop and rounds of several */
    double *utility, *gain, *distribution; /* n each, of one issue; distribution NULL where the model gives none */
    double *outcome, *median, *mean;       /* issues; the latter two of the positions at the start, by weight */
    double *quantile;                      /* issues x SETTLE_QUANTILES, where --predict asks for them; else NULL */
    ent_challenge_result *challenge;       /* at most one of the three */
    ent_spatial_result *spatial;
    ent_exchange_result *exchange;
    bool interrupted;
} settled;

/* Reads a table or a file of another program, warnings told. CLI_GO, or the exit code after a message. */
int settle_read(ent_table **table, const char *path, bool json);

/* NULL where the model has no output of that name. */
const ent_port *settle_output(const ent_model *model, const char *name);
/* The start of the index-th word of "loss|status_quo", and its length. */
const char *settle_choice(int *length, const char *choices, size_t index);

/* The outcome of an issue by another model with its defaults, from these positions (n x issues); NAN where there is
 * none. */
double settle_by(const settled *s, const char *model, const double *position, size_t issue);

/* Settles, with progress on a terminal. CLI_GO, or the exit code after a message. */
int settle_play(settled *s);

/* How far off the outcomes may be. CLI_GO, or the exit code after a message. */
int settle_predict(settled *s);
void settle_tell_predicted(const settled *s, const cli_style *style);
void settle_json_predicted(const settled *s, char *const *issue);

/* In words. */
void settle_tell(const settled *s);
void settle_tell_rounds(const settled *s, const cli_style *style);
void settle_tell_trades(const settled *s, const cli_style *style);
void settle_tell_bars(const settled *s, const cli_style *style, const double *end, size_t issue);
void settle_tell_key(const cli_style *style); /* what the bars mean */
/* A paragraph or a sentence: its first line indented by `indent`, the others by `hang`. */
void settle_say(const cli_style *style, int indent, int hang, const char *format, ...) ENT_PRINTF(4, 5);
const char *settle_people(char out[32], double x); /* for a sentence */
/* A place on an issue's scale, to a thousandth of it. */
const char *settle_place(char out[32], const settled *s, size_t issue, double x);
/* Whose end positions are told: NULL where the model has no rounds. */
const double *settle_end(const settled *s);

/* As JSON. */
int settle_tell_json(const settled *s);

#endif
