/* entente new: a small scenario to start from, or one made of what experts answered. */
#include "cli.h"

static int tell_new(const cli_args *args)
{
    if (args->json) {
        char *folder = cli_json(args->item[0]);
        printf("{\"format\":1,\"scenario\":%s}\n", folder != NULL ? folder : "null");
        ent_bytes_free(folder);
    } else if (!args->quiet)
        printf("%s is there. Next:\n  entente run %s\n", args->item[0], args->item[0]);
    return cli_close_stdout();
}

static void tell_answers(const ent_elicited *told, const char *like, const char *folder)
{
    const cli_style style = cli_style_of(stdout);
    printf("%zu answer%s of %zu expert%s: %zu actor%s on %zu issue%s.\n", told->answers, told->answers == 1 ? "" : "s", told->experts,
           told->experts == 1 ? "" : "s", told->actors, told->actors == 1 ? "" : "s", told->issues, told->issues == 1 ? "" : "s");
    cli_put(stdout, &style, folder, 0, 0);
    if (like == NULL)
        printf(" is there. Its claims are placeholders. Next:\n  entente check ");
    else {
        printf(" is there: ");
        cli_put(stdout, &style, like, 0, 0);
        printf(" with these answers. Next:\n  entente check ");
    }
    cli_put(stdout, &style, folder, 0, 0);
    printf("\n  entente run ");
    cli_put(stdout, &style, folder, 0, 0);
    putchar('\n');
}

/* A scenario made of tables of answers. */
static int from_answers(const cli_args *args, const cli_list *from, const char *like)
{
    ent_error err = {0};
    ent_elicited told;
    int code = CLI_GO;
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = ENT_ERR_MEMORY;
    if (list != NULL)
        status = ent_elicit_scenario(&told, from->item, from->count, like, args->item[0], list, &err);
    if (status != ENT_OK) {
        code = cli_compile_failed(args->json, status, list, &err);
    } else if (args->json) {
        char *folder = cli_json(args->item[0]);
        printf("{\"format\":1,\"scenario\":%s,\"answers\":%zu,\"experts\":%zu,\"actors\":%zu,\"issues\":%zu}\n", folder != NULL ? folder : "null",
               told.answers, told.experts, told.actors, told.issues);
        ent_bytes_free(folder);
    } else {
        if (ent_diagnostics_count(list) > 0)
            (void)cli_findings(false, list); /* warnings */
        if (!args->quiet)
            tell_answers(&told, like, args->item[0]);
    }
    ent_diagnostics_free(list);
    return code == CLI_GO ? cli_close_stdout() : code;
}

int cmd_new(int argc, char **argv)
{
    cli_list from = {0};
    const char *like = NULL;
    const cli_option options[] = {
        {"from", CLI_LIST, &from, "TABLE.csv", "of these stances; several experts' answers are pooled; may be given again", 0},
        {"like", CLI_TEXT, &like, "SCENARIO", "with --from: a copy of this scenario with the answers in it", 0},
    };
    const cli_syntax syntax = {
        .name = "new",
        .arguments = "DIR",
        .about = "Writes a small, commented scenario that runs as it is; or, with --from, one made of tables of stances "
                 "(actor, position, salience, capability, and issue and expert where there are several). A folder that "
                 "holds a scenario already is left alone.",
        .example = "entente new my-scenario\nentente new --from stances.csv my-case\n"
                   "entente new --from ann.csv --from ben.csv --like my-case asked",
        .option = options,
        .n_options = sizeof options / sizeof *options,
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;

    ent_error err = {0};
    if (from.count > 0)
        code = from_answers(&args, &from, like);
    else if (like != NULL)
        code = cli_fail(args.json, CLI_USAGE, "--like needs --from: the table whose answers go into the copy");
    else if (ent_scenario_new(args.item[0], &err) != ENT_OK)
        code = cli_fail_error(args.json, &err);
    else
        code = tell_new(&args);
    cli_args_free(&args);
    return code;
}
