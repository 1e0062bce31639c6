/* entente new: a small scenario to start from. */
#include "cli.h"

int cmd_new(int argc, char **argv)
{
    const cli_syntax syntax = {
        .name = "new",
        .arguments = "DIR",
        .about =
            "Writes a small, commented scenario that runs as it is. A folder that holds a scenario already is left "
            "alone.",
        .example = "entente new my-scenario\nentente run my-scenario",
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;

    ent_error err = {0};
    if (ent_scenario_new(args.item[0], &err) != ENT_OK) {
        code = cli_fail_error(args.json, &err);
    } else if (args.json) {
        char *folder = cli_json(args.item[0]);
        printf("{\"format\":1,\"scenario\":%s}\n", folder != NULL ? folder : "null");
        ent_bytes_free(folder);
        code = cli_close_stdout();
    } else {
        if (!args.quiet)
            printf("%s is there. Next:\n  entente run %s\n", args.item[0], args.item[0]);
        code = cli_close_stdout();
    }
    cli_args_free(&args);
    return code;
}
