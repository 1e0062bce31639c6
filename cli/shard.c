/* entente run --shard K/M: the K-th of M parts of a run, for `entente merge`. */
#include "run.h"

#include <stdlib.h>
#include <string.h>

int shard_read(run_request *request, const cli_args *args)
{
    const char *text = request->shard_text;
    if (text == NULL)
        return CLI_GO;
    char *end = NULL;
    bool digits = text[strspn(text, "0123456789/")] == 0 && strchr("/", text[0]) == NULL;
    request->shard = digits ? strtoll(text, &end, 10) : 0;
    if (end != NULL && *end == '/' && end[1] != 0 && end[1] != '/')
        request->shards = strtoll(end + 1, &end, 10);
    if (end == NULL || *end != 0 || request->shard < 1 || request->shard > request->shards || request->shards > 1000000)
        return cli_fail(args->json, CLI_USAGE, "--shard takes K/M, such as 2/4: the second of four parts, not '%s'", text);
    return CLI_GO;
}

/* What became of a part. */
static int tell(const char *path, const ent_part_facts *facts, const run_request *request, const cli_args *args, bool whole)
{
    char from[32], to[32], all[32];
    cli_grouped(from, facts->first + 1);
    cli_grouped(to, facts->first + facts->draws);
    cli_grouped(all, facts->draws_asked);
    if (!whole)
        fprintf(stderr, "entente: stopped: the part holds draws %s to %s alone\n", from, to);
    if (args->json) {
        char *name = cli_json(path);
        printf("{\"format\":1,\"part\":%s,\"shard\":%lld,\"shards\":%lld,\"first\":%lld,\"draws\":%lld,\"draws_asked\":%lld}\n",
               name != NULL ? name : "\"\"", (long long)request->shard, (long long)request->shards, (long long)facts->first + 1,
               (long long)facts->draws, (long long)facts->draws_asked);
        ent_bytes_free(name);
    } else if (!args->quiet) {
        const cli_style style = cli_style_of(stdout);
        printf("Part %lld of %lld: draws %s to %s of %s, in\n  ", (long long)request->shard, (long long)request->shards, from, to, all);
        cli_put(stdout, &style, path, 0, 0);
        puts("\n`entente merge` of the folder makes the results when all parts are there.");
    }
    int code = cli_close_stdout();
    return code == CLI_DONE && !whole ? CLI_INTERRUPTED : code;
}

int shard_run(const ent_plan *plan, const run_request *request, const cli_args *args, const char *folder)
{
    cli_progress progress;
    ent_run_options options = run_options(request, args, &progress);
    ent_error err = {0};
    ent_part_facts facts = {0};
    unsigned char *bytes = NULL;
    size_t length = 0;
    int64_t first, blocks, draws = ent_plan_draws(plan, &options);
    if (request->shards > (draws + ENT_PART_BLOCK - 1) / ENT_PART_BLOCK)
        return cli_fail(args->json, CLI_USAGE, "a run of %lld draws can be made in at most %lld part%s of %d draws, not in %lld",
                        (long long)draws, (long long)((draws + ENT_PART_BLOCK - 1) / ENT_PART_BLOCK),
                        draws > ENT_PART_BLOCK ? "s" : "", ENT_PART_BLOCK, (long long)request->shards);
    ent_part_share(&first, &blocks, draws, request->shard - 1, request->shards);
    size_t room = strlen(folder) + 80;
    char *path = malloc(room);
    if (path == NULL)
        return cli_fail(args->json, CLI_IO, "not enough memory");
    snprintf(path, room, "%s%spart-%lld-of-%lld.entente", folder, folder[0] != 0 && folder[strlen(folder) - 1] == '/' ? "" : "/",
             (long long)request->shard, (long long)request->shards);
    run_keep keep;
    cli_catch_interrupts();
    ent_status status = run_keep_open(&keep, request, request->shard, request->shards, folder, args->quiet, &options, &err);
    if (status == ENT_OK)
        status = ent_part_run(&bytes, &length, plan, first, blocks, true, &options, &err);
    cli_progress_end(&progress);
    run_keep_tell(&keep);
    run_keep_failed(&keep, request, &err);
    if (status == ENT_OK)
        status = ent_part_read(&facts, bytes, length, &err);
    if (status == ENT_OK)
        status = ent_file_write(path, bytes, length, &err);
    int64_t end = (first + blocks) * ENT_PART_BLOCK < draws ? (first + blocks) * ENT_PART_BLOCK : draws;
    int code = status == ENT_OK ? tell(path, &facts, request, args, facts.first + facts.draws == end) : cli_fail_error(args->json, &err);
    run_keep_close(&keep, code == CLI_DONE);
    ent_bytes_free(bytes);
    free(path);
    return code;
}
