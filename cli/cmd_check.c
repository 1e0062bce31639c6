/* entente check: every error and warning of a scenario with its place. */
#include "cli.h"

int cmd_check(int argc, char **argv)
{
    const cli_syntax syntax = {
        .name = "check",
        .arguments = "SCENARIO",
        .about = "Reads and compiles a scenario (a folder, or its scenario.yaml) and lists every error and warning as "
                 "file:line:column. Nothing is run and nothing is written. Leaves with 1 where there is an error.",
        .example = "entente check scenarios/european-security-2025",
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;

    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = cli_compile(NULL, args.item[0], NULL, 0, list, &err);
    code = status != ENT_OK ? cli_compile_failed(args.json, status, list, &err) : cli_findings(args.json, list);
    if (code == CLI_DONE && !args.json && !args.quiet)
        printf("%s: no errors\n", args.item[0]);
    ent_diagnostics_free(list);
    cli_args_free(&args);
    return code == CLI_DONE ? cli_close_stdout() : code;
}
