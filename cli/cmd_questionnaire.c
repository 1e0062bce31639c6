/* entente questionnaire: what an expert is asked about a scenario, on paper and as a table. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

/* SCENARIO/questionnaire where nothing is said. */
static char *default_folder(const char *scenario)
{
    size_t length = strlen(scenario);
    char *folder = malloc(length + 16);
    while (length > 1 && scenario[length - 1] == '/')
        length--;
    if (folder != NULL)
        snprintf(folder, length + 16, "%.*s/questionnaire", (int)length, scenario);
    return folder;
}

static void tell(const ent_elicited *asked, const char *scenario, const char *folder)
{
    const cli_style style = cli_style_of(stdout);
    printf("%zu issue%s, %zu actor%s, %zu line%s to fill in:\n  ", asked->issues, asked->issues == 1 ? "" : "s", asked->actors,
           asked->actors == 1 ? "" : "s", asked->answers, asked->answers == 1 ? "" : "s");
    cli_put(stdout, &style, folder, 0, 0);
    printf("/questionnaire.html   to read or print\n  ");
    cli_put(stdout, &style, folder, 0, 0);
    printf("/answers.csv          to fill in: a copy for each expert\nThen:\n  entente new --from ann.csv --from ben.csv --like ");
    cli_put(stdout, &style, scenario, 0, 0);
    printf(" DIR\n");
}

int cmd_questionnaire(int argc, char **argv)
{
    cli_list issue = {0};
    const char *expert = NULL;
    const cli_option options[] = {
        {"issue", CLI_LIST, &issue, "ID", "ask about this issue; may be given again (default: all)", 0},
        {"expert", CLI_TEXT, &expert, "NAME", "a name that stands in the table already", 0},
    };
    const cli_syntax syntax = {
        .name = "questionnaire",
        .arguments = "SCENARIO [DIR]",
        .about = "Writes what an expert is asked about a scenario's stances: a page that prints, and a table to fill in, which "
                 "`entente new --from` reads. Neither shows a number of the scenario. DIR, by default "
                 "SCENARIO/questionnaire, must not be there.",
        .example = "entente questionnaire scenarios/european-security-2025 asked\n"
                   "entente new --from ann.csv --from ben.csv --like scenarios/european-security-2025 answered",
        .option = options,
        .n_options = sizeof options / sizeof *options,
        .least = 1,
        .most = 2,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;

    ent_error err = {0};
    ent_elicited asked;
    const char *scenario = args.item[0];
    char *folder = args.count > 1 ? strdup(args.item[1]) : default_folder(scenario);
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = ENT_ERR_MEMORY;
    if (folder != NULL && list != NULL)
        status = ent_questionnaire_write(&asked, scenario, issue.item, issue.count, expert, folder, list, &err);
    if (status != ENT_OK)
        code = cli_compile_failed(args.json, status, list, &err);
    else if (args.json) {
        char *quoted = cli_json(folder);
        printf("{\"format\":1,\"folder\":%s,\"issues\":%zu,\"actors\":%zu,\"lines\":%zu}\n", quoted != NULL ? quoted : "null", asked.issues,
               asked.actors, asked.answers);
        ent_bytes_free(quoted);
    } else if (!args.quiet)
        tell(&asked, scenario, folder);
    ent_diagnostics_free(list);
    free(folder);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
