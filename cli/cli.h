/* What the commands share. A command is one file and one line of the table in main.c; it sees the public headers alone.
 *
 * A command's shape (cmd_check.c is the smallest):
 *     const cli_option options[] = {{"method", CLI_TEXT, &method, "NAME", "how the index is computed"}};
 *     const cli_syntax syntax = {"power", "TABLE.csv", "Power indices of a rule.", "entente power eec-1958.csv",
 *                                options, 1, 1, 1};
 *     cli_args args;
 *     int code = cli_parse(&args, &syntax, argc, argv);
 *     if (code != CLI_GO)
 *         return code;
 *     ... args.item[0 .. args.count - 1], args.json, args.quiet ...
 *     cli_args_free(&args);
 */
#ifndef ENT_CLI_H
#define ENT_CLI_H

#include "entente.h"

#include <stdio.h>

/* Exit codes. */
enum { CLI_GO = -1, CLI_DONE = 0, CLI_WRONG = 1, CLI_USAGE = 2, CLI_IO = 3, CLI_INTERRUPTED = 130 };

typedef struct cli_command {
    const char *name, *help;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
} cli_command;

int cmd_attribution(int argc, char **argv);
int cmd_backtest(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_cinc(int argc, char **argv);
int cmd_claims(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_levers(int argc, char **argv);
int cmd_merge(int argc, char **argv);
int cmd_model(int argc, char **argv);
int cmd_models(int argc, char **argv);
int cmd_new(int argc, char **argv);
int cmd_power(int argc, char **argv);
int cmd_questionnaire(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_score(int argc, char **argv);
int cmd_seal(int argc, char **argv);
int cmd_sensitivity(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_settle(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_war(int argc, char **argv);

/* --- options ------------------------------------------------------------------------------------- */

typedef enum cli_kind {
    CLI_FLAG,  /* bool *: set to true */
    CLI_TEXT,  /* const char **: the last one given */
    CLI_LIST,  /* cli_list *: each one given */
    CLI_COUNT, /* int64_t *: a whole number in [1, most], 0 stays "not given" */
    CLI_SEED   /* cli_seed *: a whole number in [0, 2^64) */
} cli_kind;

typedef struct cli_list { const char **item; size_t count; } cli_list; /* freed by cli_args_free() */
typedef struct cli_seed { bool given; uint64_t value; } cli_seed;

typedef struct cli_option {
    const char *name;     /* without the dashes */
    cli_kind kind;
    void *value;
    const char *argument; /* "N"; NULL for a flag */
    const char *help;     /* one line; says the default */
    int64_t most;         /* of CLI_COUNT; 0: no limit */
} cli_option;

typedef struct cli_syntax {
    const char *name, *arguments; /* "run", "SCENARIO" */
    const char *about;            /* a sentence or two */
    const char *example;          /* one or more lines */
    const cli_option *option;
    size_t n_options;
    int least, most;              /* positional arguments */
} cli_syntax;

typedef struct cli_args {
    const char **item; /* positional arguments */
    int count;
    bool json, quiet;
    void *memory;
} cli_args;

/* CLI_GO, or the exit code to leave with: CLI_DONE after --help, CLI_USAGE after a message. Every command has --help,
 * --json and --quiet. */
int cli_parse(cli_args *args, const cli_syntax *syntax, int argc, char **argv);
void cli_args_free(cli_args *args);

/* --- failures: text on stderr; under --json check's array on stdout --------------------------------- */

/* "entente: MESSAGE" and, for CLI_USAGE, where help is. Returns `code`. */
int cli_fail(bool json, int code, const char *format, ...) ENT_PRINTF(3, 4);
/* An error of the library, with its place; returns the exit code of its status. */
int cli_fail_error(bool json, const ent_error *err);
/* Every finding as file:line:column: error: message, then a line that counts them. Returns CLI_WRONG where one is an
 * error, else CLI_DONE. */
int cli_findings(bool json, const ent_diagnostics *list);
int cli_exit_code(ent_status status);
/* Writes to stdout and flushes; CLI_DONE, or CLI_IO with a message where stdout cannot take it (a full disk). */
int cli_write(const char *text, size_t length);
int cli_close_stdout(void);

/* --- how a stream may be written to ------------------------------------------------------------------ */

typedef struct cli_style {
    bool terminal, colour, many_colours, utf8;
    int width; /* of a terminal; 80 otherwise */
} cli_style;
/* Colour on a terminal unless NO_COLOR is set or TERM is "dumb"; UTF-8 as LC_ALL, LC_CTYPE or LANG say. */
cli_style cli_style_of(FILE *stream);

/* Text from a file or a user, made safe to show: control characters and marks that turn the reading direction become
 * one "?" each, and without UTF-8 so does every character beyond ASCII but dashes, quotes and arrows, which have a
 * plain twin. Cut to `width` cells with an ellipsis; `pad` fills up with spaces (negative: on the left); 0: not cut. */
void cli_put(FILE *stream, const cli_style *style, const char *text, int width, int pad);
/* The same into a string the caller frees; NULL without memory. */
char *cli_safe(const cli_style *style, const char *text, int width);
/* Broken at a space into at most two lines of `width` cells, the second cut where it must be; each freed by the caller,
 * NULL where there is none. */
void cli_two_lines(char *line[2], const cli_style *style, const char *text, int width);
/* Broken at spaces into lines of `width` cells, the indent counted in. */
void cli_wrap(FILE *stream, const cli_style *style, const char *text, int indent, int width);

/* --- numbers for people ------------------------------------------------------------------------------ */

/* At most three significant digits and none beyond the error; "-" where undefined. */
void cli_number(char out[32], double x, double error);
/* A value and plus or minus twice its error, both to the first digit of the latter: "0.012" and "0.002". */
void cli_with_error(char out[32], char plus_minus[32], double x, double error);
/* A share in [0, 1] as a percentage without its sign. */
void cli_percent(char out[32], double share, double error);
/* 12 345: groups of three, apart by a space. */
void cli_grouped(char out[32], int64_t x);
/* A JSON string; ent_bytes_free(). */
char *cli_json(const char *text);

/* --- running ----------------------------------------------------------------------------------------- */

/* Reads and compiles; the list is sorted. list may be NULL: then there was no memory for it. */
ent_status cli_compile(ent_plan **plan, const char *scenario, const ent_setting *setting, size_t n_settings,
                       ent_diagnostics *list, ent_error *err);
/* The plan of a scenario under settings ("NAME=VALUE"), warnings told; or NULL with *code and the failure told. */
ent_plan *cli_plan(const char *scenario, const cli_list *set, const cli_args *args, int *code);
/* Tells why it did not compile; the exit code. */
int cli_compile_failed(bool json, ent_status status, const ent_diagnostics *list, const ent_error *err);

typedef struct cli_progress {
    cli_style style;
    double start;
    bool visible, shown, told;
} cli_progress;
double cli_seconds(void);
/* From here on Ctrl-C asks the run to stop; asked twice, the program leaves at once with CLI_INTERRUPTED. */
void cli_catch_interrupts(void);
bool cli_interrupted(void);
int cli_on_progress(const ent_progress *at, void *payload); /* payload: a cli_progress */
void cli_progress_end(cli_progress *progress);

/* What was found, in 80 columns on stdout. */
int cli_summary(const ent_results *results, const char *scenario, const char *folder);

#endif
