/* entente verify: whether a forecast record comes out of a scenario, to the byte. */
#include "seal.h"

#include <stdlib.h>
#include <string.h>

static void put_member(const char *key, const char *text)
{
    char *quoted = cli_json(text);
    printf(",\"%s\":%s", key, quoted != NULL ? quoted : "null");
    ent_bytes_free(quoted);
}

static void put_side(const char *side, const char *text, const cli_style *style)
{
    printf("  %s: ", side);
    cli_put(stdout, style, text[0] != 0 ? text : "(nothing)", 66, 0);
    putchar('\n');
}

static int tell(const ent_seal *seal, const ent_seal_difference *d, const cli_args *args)
{
    const cli_style style = cli_style_of(stdout);
    if (args->json) {
        printf("{\"format\":1,\"identical\":%s", d->differs ? "false" : "true");
        put_member("sha256", seal->sha256);
        if (d->differs) {
            printf(",\"line\":%d", (int)d->line);
            put_member("entry", d->entry);
            put_member("member", d->member);
            put_member("sealed", d->first);
            put_member("now", d->second);
        }
        puts("}");
    } else if (!d->differs && !args->quiet) {
        printf("identical, byte by byte: %s\nsealed on %s by version %s, seed %llu, %lld draws\n", args->item[0],
               seal->date, seal->version, (unsigned long long)seal->seed, (long long)seal->draws);
    } else if (d->differs) {
        printf("differs in line %d, %s%s%s\n", (int)d->line, d->entry[0] != 0 ? d->entry : "before any entry",
               d->member[0] != 0 ? ": " : "", d->member);
        put_side("sealed", d->first, &style);
        put_side("now   ", d->second, &style);
        if (strcmp(d->entry, "version") == 0)
            puts("Another version of entente sealed it: use that one to tell.");
        if (strcmp(d->entry, "hash") == 0)
            puts("The scenario's files are not those that were sealed.");
    }
    const int code = cli_close_stdout();
    return code == CLI_DONE && d->differs ? (int)CLI_DIFFERS : code;
}

/* A record that was altered answers the question, too. */
static int unreadable(const ent_error *err, bool json)
{
    const int code = cli_fail_error(json, err);
    return err->status == ENT_ERR_FORMAT && strstr(err->message, "altered") != NULL ? (int)CLI_DIFFERS : code;
}

static int verify(const cli_args *args, int64_t jobs)
{
    ent_error err = {0};
    ent_seal *seal = NULL;
    char *text = NULL;
    size_t length = 0;
    if (ent_seal_read(&seal, args->item[0], &err) != ENT_OK)
        return unreadable(&err, args->json);
    const sealing what = {args->item[1], seal->date, seal->draws, jobs, {true, seal->seed}};
    int code = seal_run(&text, &length, &what, args->json, args->quiet);
    if (code == CLI_GO) {
        const ent_seal_difference d = ent_seal_compare(seal->text, seal->length, text, length);
        code = tell(seal, &d, args);
    }
    ent_bytes_free(text);
    ent_seal_free(seal);
    return code;
}

int cmd_verify(int argc, char **argv)
{
    int64_t jobs = 0;
    const cli_option options[] = {
        {"jobs", CLI_COUNT, &jobs, "J", "threads (default: one for each core); changes no result", ENT_MAX_JOBS},
    };
    const cli_syntax syntax = {
        .name = "verify",
        .arguments = "RECORD SCENARIO",
        .about =
            "Runs a scenario with the seed and draws of a forecast record and compares the two byte by byte: exit code "
            "0 "
            "where they are identical, 4 where they differ, with the first difference named, or where the record was "
            "altered.",
        .example = "entente verify emissions.seal.json scenarios/ec-emissions-1989",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 2,
        .most = 2,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    code = verify(&args, jobs);
    cli_args_free(&args);
    return code;
}
