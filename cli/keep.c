/* The folder beside the results in which a run is saved, so that a kill costs seconds: DIR/checkpoint, and of a part
 * DIR/checkpoint-K-of-M. */
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_there(const char *folder, const char *name)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    return length > 0 && (size_t)length < sizeof path && access(path, F_OK) == 0;
}

static void say(const run_keep *keep, const char *what)
{
    const cli_style style = cli_style_of(stderr);
    fputs("entente: ", stderr);
    cli_put(stderr, &style, keep->folder, 0, 0);
    fprintf(stderr, ": %s\n", what);
}

int run_keep_read(run_request *request, const cli_args *args)
{
    const char *text = request->every_text;
    if (text == NULL)
        return CLI_GO;
    if (strcmp(text, "off") == 0)
        request->every = -1;
    else if (!ent_number_read(&request->every, text, strlen(text)) || !(request->every >= 0.01 && request->every <= 1e6))
        return cli_fail(args->json, CLI_USAGE, "--checkpoint takes seconds from 0.01 to 1000000, or off, not '%s'", text);
    if (request->every < 0 && request->resume)
        return cli_fail(args->json, CLI_USAGE, "--resume needs what --checkpoint off leaves out");
    return CLI_GO;
}

/* Reads what an earlier run left. */
static ent_status go_on(run_keep *keep, bool quiet, ent_error *err)
{
    int64_t draws = 0;
    char text[128], count[32];
    ent_status status = ent_checkpoint_read(keep->checkpoint, &draws, err);
    if (status != ENT_OK)
        return status;
    if (ent_checkpoint_trouble(keep->checkpoint)[0] != 0)
        fprintf(stderr, "entente: warning: %s\n", ent_checkpoint_trouble(keep->checkpoint));
    cli_grouped(count, draws);
    snprintf(text, sizeof text, draws > 0 ? "%s draws are there; the run goes on behind them"
                                          : "nothing is there to go on from; the run begins at its first draw%.0s", count);
    if (!quiet)
        say(keep, text);
    return ENT_OK;
}

ent_status run_keep_open(run_keep *keep, const run_request *request, int64_t shard, int64_t shards, const char *folder, bool quiet,
                         ent_run_options *options, ent_error *err)
{
    size_t room = strlen(folder) + 80;
    *keep = (run_keep){0};
    if (request->every < 0)
        return ENT_OK;
    keep->folder = malloc(room);
    if (keep->folder == NULL) {
        err->status = ENT_ERR_MEMORY;
        return ENT_ERR_MEMORY;
    }
    const char *slash = folder[0] != 0 && folder[strlen(folder) - 1] == '/' ? "" : "/";
    if (shards > 0)
        snprintf(keep->folder, room, "%s%scheckpoint-%lld-of-%lld", folder, slash, (long long)shard, (long long)shards);
    else
        snprintf(keep->folder, room, "%s%scheckpoint", folder, slash);
    ent_status status = ent_checkpoint_open(&keep->checkpoint, keep->folder, request->every, err);
    if (status == ENT_OK && request->resume)
        status = go_on(keep, quiet, err);
    else if (!quiet && (is_there(keep->folder, "a.state") || is_there(keep->folder, "b.state")))
        say(keep, "a run that was stopped is saved there; --resume would go on with it");
    if (status != ENT_OK && err->file[0] == 0)
        snprintf(err->file, sizeof err->file, "%s", keep->folder);
    options->saver = status == ENT_OK ? ent_checkpoint_saver(keep->checkpoint) : NULL;
    return status;
}

void run_keep_failed(const run_keep *keep, const run_request *request, ent_error *err)
{
    if (request->resume && err->file[0] == 0 && keep->checkpoint != NULL && ent_checkpoint_saver(keep->checkpoint)->from.state != NULL)
        snprintf(err->file, sizeof err->file, "%s", keep->folder);
}

void run_keep_close(run_keep *keep, bool whole)
{
    if (keep->checkpoint != NULL && whole)
        ent_checkpoint_remove(keep->checkpoint);
    else if (keep->checkpoint != NULL && is_there(keep->folder, "lock") && ent_checkpoint_trouble(keep->checkpoint)[0] == 0)
        say(keep, "what is finished is saved there; the same command with --resume goes on");
    ent_checkpoint_free(keep->checkpoint);
    free(keep->folder);
    *keep = (run_keep){0};
}

void run_keep_tell(const run_keep *keep)
{
    if (keep->checkpoint != NULL && ent_checkpoint_trouble(keep->checkpoint)[0] != 0)
        fprintf(stderr, "entente: warning: %s; the run was not saved on its way\n", ent_checkpoint_trouble(keep->checkpoint));
}
