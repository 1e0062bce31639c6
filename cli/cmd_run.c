/* entente run: the whole way from a scenario to findings, results.sqlite and report.html. */
#include "run.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* SCENARIO/out; beside the file where SCENARIO is one. The caller frees it. */
static char *default_folder(const char *scenario)
{
    struct stat s;
    size_t length = strlen(scenario);
    if (stat(scenario, &s) == 0 && !S_ISDIR(s.st_mode)) {
        const char *slash = strrchr(scenario, '/');
        length = slash != NULL ? (size_t)(slash - scenario) + 1 : 0;
    }
    bool bare = length == 0 || scenario[length - 1] == '/';
    char *out = malloc(length + sizeof "/out");
    if (out != NULL) {
        memcpy(out, scenario, length);
        strcpy(out + length, bare ? "out" : "/out");
    }
    return out;
}

char *run_folder(const run_request *request)
{
    return request->out != NULL ? strdup(request->out) : default_folder(request->scenario);
}

/* "NAME=VALUE" taken apart; texts and settings lie in one block that the caller frees. NULL after a message. */
static ent_setting *read_settings(const cli_list *set, bool json)
{
    size_t bytes = (set->count + 1) * sizeof(ent_setting);
    for (size_t i = 0; i < set->count; i++)
        bytes += strlen(set->item[i]) + 1;
    ent_setting *setting = calloc(1, bytes);
    if (setting == NULL) {
        cli_fail(json, CLI_IO, "not enough memory");
        return NULL;
    }
    char *text = (char *)(setting + set->count + 1);
    for (size_t i = 0; i < set->count; i++) {
        const char *equals = strchr(set->item[i], '=');
        if (equals == NULL || equals == set->item[i] || equals[1] == 0) {
            cli_fail(json, CLI_USAGE,
                     "--set takes NAME=VALUE, such as precision=10 to 20 or \"precision=10 to 20\", not '%s'", set->item[i]);
            free(setting);
            return NULL;
        }
        strcpy(text, set->item[i]);
        text[equals - set->item[i]] = 0;
        setting[i] = (ent_setting){text, text + (equals - set->item[i]) + 1};
        text += strlen(set->item[i]) + 1;
    }
    return setting;
}

ent_status cli_compile(ent_plan **plan, const char *scenario, const ent_setting *setting, size_t n_settings,
                       ent_diagnostics *list, ent_error *err)
{
    ent_scenario *read = NULL;
    if (list == NULL) {
        err->status = ENT_ERR_MEMORY;
        return ENT_ERR_MEMORY;
    }
    ent_status status = ent_scenario_read(&read, scenario, list, err);
    if (status == ENT_OK)
        status = ent_plan_compile(plan, read, setting, n_settings, list, err);
    ent_scenario_free(read);
    ent_diagnostics_sort(list);
    return status;
}

int cli_compile_failed(bool json, ent_status status, const ent_diagnostics *list, const ent_error *err)
{
    if (list == NULL || ent_diagnostics_errors(list) == 0)
        return cli_fail_error(json, err);
    int code = cli_findings(json, list);
    return code == CLI_WRONG ? cli_exit_code(status) : code; /* a file that is not there is in the list, too */
}

ent_plan *cli_plan(const char *scenario, const cli_list *set, const cli_args *args, int *code)
{
    ent_plan *plan = NULL;
    ent_error err = {0};
    ent_setting *setting = read_settings(set, args->json);
    *code = CLI_USAGE;
    if (setting == NULL)
        return NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = cli_compile(&plan, scenario, setting, set->count, list, &err);
    if (status != ENT_OK)
        *code = cli_compile_failed(args->json, status, list, &err);
    else if (!args->quiet)
        cli_findings(false, list); /* warnings; stdout is for the results */
    ent_diagnostics_free(list);
    free(setting);
    return plan;
}

ent_run_options run_options(const run_request *request, const cli_args *args, cli_progress *progress)
{
    *progress = (cli_progress){.style = cli_style_of(stderr), .start = cli_seconds()};
    progress->visible = progress->style.terminal && !args->quiet;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = request->draws;
    options.has_seed = request->seed.given;
    options.seed = request->seed.value;
    options.jobs = (int32_t)request->jobs;
    options.keep_draws = request->csv;
    options.counts = request->counts;
    options.memory = request->memory * 1000000;
    options.progress = cli_on_progress;
    options.payload = progress;
    return options;
}

static int print_json(const ent_results *results)
{
    char *text = NULL;
    size_t length = 0;
    ent_error err = {0};
    if (ent_results_json(&text, &length, results, &err) != ENT_OK)
        return cli_fail_error(true, &err);
    int code = cli_write(text, length);
    ent_bytes_free(text);
    return code;
}

/* Files first: what is printed then says where they are. */
int run_tell(const ent_results *results, const char *scenario, bool csv, const cli_args *args, const char *folder)
{
    ent_error err = {0};
    ent_run_facts facts = ent_results_facts(results);
    if (facts.interrupted && facts.draws == 0)
        return cli_fail(args->json, CLI_INTERRUPTED, "stopped before the first draws were done; nothing was written");
    if (ent_results_write_folder(results, folder, csv, &err) != ENT_OK)
        return cli_fail_error(args->json, &err);
    if (facts.interrupted && (args->quiet || args->json))
        fprintf(stderr, "entente: stopped after %lld of %lld draws; the result is that of a run of %lld draws\n",
                (long long)facts.draws, (long long)facts.draws_asked, (long long)facts.draws);
    int code = CLI_DONE;
    if (args->json)
        code = print_json(results);
    else if (!args->quiet)
        code = cli_summary(results, scenario, folder);
    return code == CLI_DONE && facts.interrupted ? CLI_INTERRUPTED : code;
}

static int run_whole(const ent_plan *plan, const run_request *request, const cli_args *args, const char *folder)
{
    cli_progress progress;
    ent_run_options options = run_options(request, args, &progress);
    ent_error err = {0};
    ent_results *results = NULL;
    run_keep keep;
    cli_catch_interrupts();
    ent_status status = run_keep_open(&keep, request, 0, 0, folder, args->quiet, &options, &err);
    if (status == ENT_OK)
        status = ent_run(&results, plan, &options, &err);
    cli_progress_end(&progress);
    run_keep_tell(&keep);
    run_keep_failed(&keep, request, &err);
    if (status == ENT_OK && request->why && !ent_results_facts(results).interrupted)
        status = run_why(results, plan, request, args, &err);
    int code = status != ENT_OK ? cli_fail_error(args->json, &err) : run_tell(results, request->scenario, request->csv, args, folder);
    run_keep_close(&keep, code == CLI_DONE);
    ent_results_free(results);
    return code;
}

static int run_all(run_request *request, const cli_args *args)
{
    int code = shard_read(request, args);
    if (code == CLI_GO)
        code = run_keep_read(request, args);
    if (code == CLI_GO && request->mpi && request->shards > 0)
        code = cli_fail(args->json, CLI_USAGE, "--mpi makes all parts of a run and --shard makes one: give one of the two");
    if (code == CLI_GO && request->why && (request->mpi || request->shards > 0))
        code = cli_fail(args->json, CLI_USAGE, "--why is for a run in one piece, without --shard and --mpi");
    if (code == CLI_GO && request->mpi)
        code = mpi_run(request, args);
    if (code != CLI_GO)
        return code;
    ent_plan *plan = cli_plan(request->scenario, &request->set, args, &code);
    if (plan == NULL)
        return code;
    char *folder = run_folder(request);
    if (folder == NULL)
        code = cli_fail(args->json, CLI_IO, "not enough memory");
    else
        code = (request->shards > 0 ? shard_run : run_whole)(plan, request, args, folder);
    ent_plan_free(plan);
    free(folder);
    return code;
}

int cmd_run(int argc, char **argv)
{
    run_request request = {.patience = 60};
    const cli_option options[] = {
        {"draws", CLI_COUNT, &request.draws, "N", "how many draws (default: the scenario's)", 0},
        {"seed", CLI_SEED, &request.seed, "S", "of the random numbers (default: the scenario's)", 0},
        {"jobs", CLI_COUNT, &request.jobs, "J", "threads (default: one for each core); changes no result", ENT_MAX_JOBS},
        {"out", CLI_TEXT, &request.out, "DIR", "where the results go (default: SCENARIO/out)", 0},
        {"set", CLI_LIST, &request.set, "NAME=VALUE", "gives a number another value; may be repeated", 0},
        {"why", CLI_FLAG, &request.why, NULL, "also what contributes, which inputs matter, what levers could do; takes longer", 0},
        {"csv", CLI_FLAG, &request.csv, NULL, "also write every draw to DIR/draws.csv", 0},
        {"counts", CLI_FLAG, &request.counts, NULL, "count draws in bins instead of keeping them, as runs of more than 1 000 000 do", 0},
        {"memory", CLI_COUNT, &request.memory, "MB", "most megabytes for draws; where they do not fit, they are counted", 1000000000},
        {"shard", CLI_TEXT, &request.shard_text, "K/M", "make the K-th of M parts, DIR/part-K-of-M.entente, for `entente merge`", 0},
        {"checkpoint", CLI_TEXT, &request.every_text, "S|off", "seconds from one save of the run to the next (default: 3)", 0},
        {"resume", CLI_FLAG, &request.resume, NULL, "go on from where a run that was stopped or killed was last saved", 0},
        {"mpi", CLI_FLAG, &request.mpi, NULL, "with the other processes that mpirun or srun started (docs/cluster.md)", 0},
        {"patience", CLI_COUNT, &request.patience, "S", "of --mpi: seconds until a silent process is taken for lost (default: 60)", 1000000},
    };
    const cli_syntax syntax = {
        .name = "run",
        .arguments = "SCENARIO",
        .about =
            "Runs a scenario (a folder, or its scenario.yaml): prints what was found and writes DIR/results.sqlite "
            "and DIR/report.html. Ctrl-C stops after the draws under way and keeps what is finished; a second "
            "one leaves at once. A run of more than a few seconds is saved in DIR/checkpoint on its way. --set takes an input or a stance, PROVISION.in_force=no, ISSUE.settle.MODEL=WEIGHT, "
            "CLAIM.threshold=X, LEVER.lever=X (docs/scenario.md).",
        .example = "entente run scenarios/european-security-2025 --set end_enlargement.in_force=no",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    request.scenario = args.item[0];
    code = run_all(&request, &args);
    cli_args_free(&args);
    return code;
}
