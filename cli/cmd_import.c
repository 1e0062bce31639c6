/* entente import: a scenario from a table, or from a file of another program. */
#include "settle.h"

#include <stdlib.h>
#include <string.h>

/* The file's name without folders and what follows its last dot: where the scenario goes if nothing is said. */
static char *default_folder(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path, *dot = strrchr(name, '.');
    size_t length = dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name);
    char *folder = malloc(length + 12);
    if (folder == NULL)
        return NULL;
    memcpy(folder, name, length);
    strcpy(folder + length, dot != NULL && dot > name ? "" : "-scenario"); /* not the file itself */
    return folder;
}

static int tell_json(const ent_table *table, const char *folder)
{
    char *quoted = cli_json(folder), *format = cli_json(ent_table_format_text(table->format));
    printf("{\"format\":1,\"scenario\":%s,\"from\":%s,\"actors\":%zu,\"issues\":%zu}\n",
           quoted != NULL ? quoted : "null", format != NULL ? format : "null", table->n, table->issues);
    ent_bytes_free(quoted);
    ent_bytes_free(format);
    return CLI_GO;
}

static void tell(const ent_table *table, const char *path, const char *folder)
{
    const cli_style style = cli_style_of(stdout);
    cli_put(stdout, &style, path, 0, 0);
    printf(" is %s: %zu actor%s on %zu issue%s", ent_table_format_text(table->format), table->n,
           table->n == 1 ? "" : "s", table->issues, table->issues == 1 ? "" : "s");
    printf(".\n");
    if (table->accommodation != NULL)
        printf("Left out: its IdealAdjustment; a scenario has no place for that.\n");
    cli_put(stdout, &style, folder, 0, 0);
    printf(" is there. Its claims are placeholders. Next:\n  entente check ");
    cli_put(stdout, &style, folder, 0, 0);
    printf("\n  entente run ");
    cli_put(stdout, &style, folder, 0, 0);
    putchar('\n');
}

int cmd_import(int argc, char **argv)
{
    const cli_syntax syntax = {
        .name = "import",
        .arguments = "FILE [DIR]",
        .about = "Writes a scenario that runs, made of a file: a table as entente settle takes it, a scenario of KTAB "
                 "(CSV or XML), or a data file of Decide. DIR, by default the file's name without its ending, must not "
                 "be there.",
        .example = "entente import package.csv\nentente import smp.xml oil-policy\nentente run oil-policy",
        .least = 1,
        .most = 2,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    ent_table *table = NULL;
    ent_error err = {0};
    const char *path = args.item[0];
    char *folder = args.count > 1 ? strdup(args.item[1]) : default_folder(path);
    if (folder == NULL)
        code = cli_fail(args.json, CLI_IO, "not enough memory");
    if (code == CLI_GO)
        code = settle_read(&table, path, args.json);
    if (code == CLI_GO && ent_table_import(table, path, folder, &err) != ENT_OK)
        code = cli_fail_error(args.json, &err);
    if (code == CLI_GO && args.json)
        code = tell_json(table, folder);
    else if (code == CLI_GO && !args.quiet)
        tell(table, path, folder);
    free(folder);
    ent_table_free(table);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
