/* Options from a table: read, explained by --help, and the nearest name told for one that is unknown. By hand rather
 * than getopt_long, which permutes argv, abbreviates names and prints messages of its own. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 18, MOST_OPTIONS = 32 };

static void help_line(const char *name, const char *argument, const char *text)
{
    int width = printf("  --%s%s%s", name, argument ? " " : "", argument ? argument : "");
    printf("%*s%s\n", width < NAME_WIDTH ? NAME_WIDTH - width : 1, "", text);
}

static int help(const cli_syntax *syntax)
{
    const cli_style style = cli_style_of(stdout);
    printf("usage: entente %s%s%s%s\n\n", syntax->name, syntax->arguments[0] ? " " : "", syntax->arguments,
           " [OPTIONS]");
    cli_wrap(stdout, &style, syntax->about, 0, 80);
    putchar('\n');
    for (size_t i = 0; i < syntax->n_options; i++)
        help_line(syntax->option[i].name, syntax->option[i].argument, syntax->option[i].help);
    help_line("json", NULL, "print JSON and nothing else on standard output");
    help_line("quiet", NULL, "no progress, no summary");
    help_line("help", NULL, "this text");
    printf("\nexample:\n");
    for (const char *line = syntax->example; *line != 0;) {
        size_t length = strcspn(line, "\n");
        printf("  %.*s\n", (int)length, line);
        line += length + (line[length] != 0);
    }
    return cli_close_stdout();
}

/* The table as JSON, for whoever makes manual pages and completions of it (cli/manual.py). */
static int describe(const cli_syntax *syntax)
{
    static const char *const kind[] = {"flag", "text", "list", "count", "seed"}; /* in the order of cli_kind */
    const char *key[] = {"name", "arguments", "about", "example"}, *value[] = {syntax->name, syntax->arguments, syntax->about, syntax->example};
    putchar('{');
    for (size_t i = 0; i < sizeof key / sizeof key[0]; i++) {
        char *text = cli_json(value[i]);
        printf("\"%s\":%s,\n ", key[i], text != NULL ? text : "\"\"");
        ent_bytes_free(text);
    }
    fputs("\"options\":[", stdout);
    for (size_t i = 0; i < syntax->n_options; i++) {
        const cli_option *o = &syntax->option[i];
        char *argument = cli_json(o->argument != NULL ? o->argument : ""), *text = cli_json(o->help);
        printf("%s\n  {\"name\":\"%s\",\"kind\":\"%s\",\"argument\":%s,\"help\":%s}", i > 0 ? "," : "", o->name, kind[o->kind],
               argument != NULL ? argument : "\"\"", text != NULL ? text : "\"\"");
        ent_bytes_free(argument);
        ent_bytes_free(text);
    }
    fputs("]}\n", stdout);
    return cli_close_stdout();
}

static const cli_option *find(const cli_syntax *syntax, const char *name, size_t length)
{
    for (size_t i = 0; i < syntax->n_options; i++)
        if (strlen(syntax->option[i].name) == length && memcmp(syntax->option[i].name, name, length) == 0)
            return &syntax->option[i];
    return NULL;
}

static int unknown_option(const cli_args *args, const cli_syntax *syntax, const char *text, size_t length)
{
    const char *name[MOST_OPTIONS + 3] = {"json", "quiet", "help"};
    size_t count = 3;
    for (size_t i = 0; i < syntax->n_options && i < MOST_OPTIONS; i++)
        name[count++] = syntax->option[i].name;
    char given[64];
    snprintf(given, sizeof given, "%.*s", (int)length, text);
    const char *nearest = ent_text_nearest(given, name, count);
    return cli_fail(args->json, CLI_USAGE, "entente %s has no option '--%s'%s%s%s; `entente %s --help` lists them",
                    syntax->name, given, nearest ? "; did you mean '--" : "", nearest ? nearest : "",
                    nearest ? "'?" : "", syntax->name);
}

/* Decimal digits alone, in [0, 2^64). */
static bool whole_number(uint64_t *out, const char *text)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != 0)
        return false;
    errno = 0;
    unsigned long long value = strtoull(text, NULL, 10);
    *out = value;
    return errno == 0 && value <= UINT64_MAX;
}

static int take(const cli_args *args, const cli_syntax *syntax, const cli_option *option, const char *value)
{
    uint64_t whole = 0;
    switch (option->kind) {
    case CLI_FLAG:
        *(bool *)option->value = true;
        return CLI_GO;
    case CLI_TEXT:
        *(const char **)option->value = value;
        return CLI_GO;
    case CLI_LIST: {
        cli_list *list = option->value;
        list->item[list->count++] = value;
        return CLI_GO;
    }
    case CLI_COUNT: {
        uint64_t most = option->most > 0 ? (uint64_t)option->most : (uint64_t)INT64_MAX;
        if (!whole_number(&whole, value) || whole < 1 || whole > most)
            return cli_fail(args->json, CLI_USAGE,
                            "--%s takes a whole number from 1 to %llu, not '%s'; see `entente %s --help`", option->name,
                            (unsigned long long)most, value, syntax->name);
        *(int64_t *)option->value = (int64_t)whole;
        return CLI_GO;
    }
    case CLI_SEED:
        if (!whole_number(&whole, value))
            return cli_fail(args->json, CLI_USAGE, "--%s takes a whole number from 0 to %llu, not '%s'", option->name,
                            (unsigned long long)UINT64_MAX, value);
        *(cli_seed *)option->value = (cli_seed){true, whole};
        return CLI_GO;
    }
    return CLI_GO;
}

/* One argument that begins with "--"; *i moves past a value that stands apart. */
static int option(cli_args *args, const cli_syntax *syntax, int argc, char **argv, int *i)
{
    const char *name = argv[*i] + 2, *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    if (equals == NULL && (strcmp(name, "json") == 0 || strcmp(name, "quiet") == 0)) {
        *(name[0] == 'j' ? &args->json : &args->quiet) = true;
        return CLI_GO;
    }
    if (equals == NULL && strcmp(name, "help") == 0) {
        int code = help(syntax);
        return code;
    }
    if (equals == NULL && strcmp(name, "describe") == 0)
        return describe(syntax);
    const cli_option *found = find(syntax, name, length);
    if (found == NULL)
        return unknown_option(args, syntax, name, length);
    if (found->kind == CLI_FLAG)
        return equals == NULL ? take(args, syntax, found, NULL)
                              : cli_fail(args->json, CLI_USAGE, "--%s takes no value", found->name);
    if (equals != NULL)
        return take(args, syntax, found, equals + 1);
    if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
        return cli_fail(args->json, CLI_USAGE, "--%s needs a value: --%s %s", found->name, found->name,
                        found->argument);
    return take(args, syntax, found, argv[++*i]);
}

/* Room for every argument in every list: argc is small, and nothing can overflow. */
static bool reserve(cli_args *args, const cli_syntax *syntax, int argc)
{
    size_t lists = 1, row = (size_t)argc + 1;
    for (size_t i = 0; i < syntax->n_options; i++)
        lists += syntax->option[i].kind == CLI_LIST;
    const char **room = calloc(lists * row, sizeof *room);
    if (room == NULL)
        return false;
    args->memory = (void *)room;
    args->item = room;
    size_t next = 1;
    for (size_t i = 0; i < syntax->n_options; i++)
        if (syntax->option[i].kind == CLI_LIST)
            *(cli_list *)syntax->option[i].value = (cli_list){room + row * next++, 0};
    return true;
}

int cli_parse(cli_args *args, const cli_syntax *syntax, int argc, char **argv)
{
    *args = (cli_args){0};
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        args->json = args->json || strcmp(argv[i], "--json") == 0; /* also for an error that comes before it */
    if (!reserve(args, syntax, argc))
        return cli_fail(args->json, CLI_IO, "not enough memory");
    int code = CLI_GO;
    bool only_items = false;
    for (int i = 1; i < argc && code == CLI_GO; i++) {
        if (only_items || argv[i][0] != '-' || argv[i][1] == 0)
            args->item[args->count++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            only_items = true;
        else if (strcmp(argv[i], "-h") == 0)
            code = help(syntax);
        else if (argv[i][1] == '-')
            code = option(args, syntax, argc, argv, &i);
        else
            code = cli_fail(args->json, CLI_USAGE, "options begin with two dashes, not '%s'; see `entente %s --help`",
                            argv[i], syntax->name);
    }
    if (code == CLI_GO && (args->count < syntax->least || args->count > syntax->most))
        code = cli_fail(args->json, CLI_USAGE, "entente %s takes %s%s%s; see `entente %s --help`", syntax->name,
                        syntax->arguments[0] ? syntax->arguments : "no argument",
                        args->count > syntax->most ? ", but found also " : "",
                        args->count > syntax->most ? args->item[syntax->most] : "", syntax->name);
    if (code != CLI_GO)
        cli_args_free(args);
    return code;
}

void cli_args_free(cli_args *args)
{
    free(args->memory);
    *args = (cli_args){0};
}
