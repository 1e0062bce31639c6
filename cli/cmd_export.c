/* entente export: a game as other programs read it. */
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double *input(const model_given *g, const char *name)
{
    for (size_t i = 0; i < g->model->n_inputs; i++)
        if (strcmp(g->model->inputs[i].name, name) == 0)
            return g->in[i];
    return NULL;
}

static double number(const model_given *g, const char *name, double otherwise)
{
    const double *x = input(g, name);
    return x != NULL ? *x : otherwise;
}

/* The game as Gambit's .efg on stdout. */
static int export_efg(const model_given *g, bool json)
{
    const ent_deterrence_input in = {
        .n = g->count[ENT_AXIS_ALLY],
        .help = input(g, "help"),
        .stake = input(g, "stake"),
        .cost = input(g, "cost"),
        .loss = input(g, "loss"),
        .challenger = number(g, "challenger", NAN),
        .target = number(g, "target", NAN),
        .lambda_defender = number(g, "lambda_defender", NAN),
        .lambda_challenger = number(g, "lambda_challenger", NAN),
        .m = number(g, "m", 1),
        .v = number(g, "v", 1),
        .c = number(g, "c", NAN),
        .c_opposed = number(g, "c_opposed", NAN),
        .withdraws = -1,
        .wanted = NAN,
    };
    const char **name = malloc((in.n + 1) * sizeof *name);
    char *text = NULL;
    size_t length = 0;
    ent_error err = {0};
    if (name == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    name[0] = "challenger";
    for (size_t i = 0; i < in.n; i++)
        name[i + 1] = model_state(g, i);
    ent_status status = ent_deterrence_efg(&text, &length, &in, name, &err);
    free(name);
    if (status != ENT_OK) {
        snprintf(err.file, sizeof err.file, "%s", g->file);
        return cli_fail_error(json, &err);
    }
    int code = CLI_DONE;
    if (json) {
        char *quoted = ent_text_json(text, length);
        if (quoted == NULL)
            code = cli_fail(true, CLI_IO, "not enough memory");
        else
            printf("{\"format\":1,\"efg\":%s}\n", quoted);
        ent_bytes_free(quoted);
    } else {
        code = cli_write(text, length);
    }
    ent_bytes_free(text);
    return code == CLI_DONE ? CLI_GO : code;
}

int cmd_export(int argc, char **argv)
{
    const char *model = NULL, *to = NULL;
    cli_list option = {0};
    const cli_option options[] = {
        {"model", CLI_TEXT, &model, "NAME", "the model that plays the game: deterrence (the default)", 0},
        {"option", CLI_LIST, &option, "K=V", "an input, for all defenders; may be repeated", 0},
        {"to", CLI_TEXT, &to, "FORMAT", "efg: Gambit's extensive form (the default)", 0},
    };
    const cli_syntax syntax = {
        .name = "export",
        .arguments = "TABLE.csv",
        .about =
            "Writes the game of deterrence as Gambit's extensive form. The table has a row a defender (help, stake, "
            "cost, loss); the rest are options, as for `entente model deterrence`. Payoffs are multiplied by each "
            "player's own lambda, so that the logit agent quantal response equilibrium at lambda = 1 has the chances "
            "that the model tells. At most 12 defenders.",
        .example = "entente export allies.csv --option challenger=350 --option target=10 \\\n"
                   "  --option c=0.1 --option c_opposed=0.7 --option lambda_defender=8 \\\n"
                   "  --option lambda_challenger=8 > game.efg",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1,
    };
    cli_args args;
    model_given g = {0};
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    if (to != NULL && strcmp(to, "efg") != 0)
        code = cli_fail(args.json, CLI_USAGE, "there is no format '%s' to export to; there is: efg", to);
    if (code == CLI_GO && model != NULL && strcmp(model, "deterrence") != 0)
        code = cli_fail(args.json, CLI_USAGE, "%s is no game that can be written as efg; deterrence is", model);
    if (code == CLI_GO)
        code = model_find(&g.model, "deterrence", args.json);
    if (code == CLI_GO)
        code = model_read(&g, args.item[0], &option, args.json);
    if (code == CLI_GO)
        code = export_efg(&g, args.json);
    model_free(&g);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
