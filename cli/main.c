/* entente: the table of commands and nothing else. */
#include "cli.h"

#include <string.h>

static const cli_command COMMAND[] = {
    {"run", "run a scenario: findings, report.html, results.sqlite", cmd_run},
    {"merge", "the parts of a run put together", cmd_merge},
    {"check", "every error and warning of a scenario, with its place", cmd_check},
    {"new", "a small, commented scenario to start from, or one of what experts answered", cmd_new},
    {"settle", "one model on one table of actors", cmd_settle},
    {"war", "a war and its end, month by month", cmd_war},
    {"power", "power indices of the members of a rule", cmd_power},
    {"model", "one model of an alliance on one table of states", cmd_model},
    {"cinc", "capability shares from a table of states and years", cmd_cinc},
    {"import", "a scenario from a table, or from a file of KTAB or Decide", cmd_import},
    {"questionnaire", "what experts are asked about a scenario, to print and to fill in", cmd_questionnaire},
    {"claims", "each claim opened: how it was read, why its verdict, what would turn it", cmd_claims},
    {"attribution", "what each provision of the document contributes to what it changes", cmd_attribution},
    {"sensitivity", "which inputs matter, how much, and along which values", cmd_sensitivity},
    {"compare", "two scenarios, or one under two settings, on the same draws", cmd_compare},
    {"levers", "what an actor can do to change a verdict, and at what cost", cmd_levers},
    {"export", "a game for other programs (Gambit)", cmd_export},
    {"backtest", "how good the models were on decisions with known outcomes", cmd_backtest},
    {"seal", "a forecast record that cannot be changed unnoticed", cmd_seal},
    {"verify", "whether a record comes out of a scenario, byte by byte", cmd_verify},
    {"score", "a record graded against what happened", cmd_score},
    {"serve", "the app in the browser: edit, check, run, compare", cmd_serve},
    {"models", "the table of models: papers, inputs, outputs", cmd_models},
    {NULL, NULL, NULL},
};

static int help(void)
{
    fputs("entente " ENT_VERSION ": put arguments about states to the test\n\n"
          "usage: entente COMMAND [ARGUMENTS]\n\n",
          stdout);
    for (const cli_command *c = COMMAND; c->name != NULL; c++)
        printf("  %-13s %s\n", c->name, c->help);
    fputs("\n`entente COMMAND --help` tells about one. Exit codes: 0 done, 1 the scenario is wrong, 2 usage,\n"
          "3 input/output, 4 `verify` differs, 130 interrupted.\n",
          stdout);
    return cli_close_stdout();
}

/* The table as JSON, as each command gives its own with --describe. */
static int describe(void)
{
    putchar('[');
    for (const cli_command *c = COMMAND; c->name != NULL; c++)
        printf("%s\n {\"name\":\"%s\",\"help\":\"%s\"}", c > COMMAND ? "," : "", c->name, c->help);
    puts("]");
    return cli_close_stdout();
}

static bool is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

static int unknown(int argc, char **argv)
{
    const char *name[sizeof COMMAND / sizeof COMMAND[0]];
    size_t count = 0;
    bool json = false;
    for (const cli_command *c = COMMAND; c->name != NULL; c++)
        name[count++] = c->name;
    for (int i = 2; i < argc; i++)
        json = json || strcmp(argv[i], "--json") == 0;
    const char *nearest = ent_text_nearest(argv[1], name, count);
    return cli_fail(json, CLI_USAGE, "there is no command '%s'%s%s%s; `entente --help` lists them", argv[1],
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return help();
    if (is_one_of(argv[1], "--help", "-h", "help") && argc == 2)
        return help();
    if (is_one_of(argv[1], "--version", "-V", "version")) {
        puts("entente " ENT_VERSION);
        return cli_close_stdout();
    }
    if (strcmp(argv[1], "--describe") == 0 && argc == 2)
        return describe();
    bool about = is_one_of(argv[1], "--help", "-h", "help"); /* `entente help run` */
    for (const cli_command *c = COMMAND; c->name != NULL; c++) {
        if (!about && strcmp(argv[1], c->name) == 0)
            return c->run(argc - 1, argv + 1);
        if (about && strcmp(argv[2], c->name) == 0)
            return c->run(2, (char *[]){argv[2], (char[]){"--help"}, NULL});
    }
    return about ? unknown(argc - 1, argv + 1) : unknown(argc, argv);
}
