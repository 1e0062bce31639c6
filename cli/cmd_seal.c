/* entente seal: a forecast record of a scenario. */
#include "seal.h"

#include <stdlib.h>
#include <string.h>

static int run(ent_results **results, const ent_plan *plan, const sealing *what, bool json, bool quiet)
{
    ent_error err = {0};
    cli_progress progress = {.style = cli_style_of(stderr), .start = cli_seconds()};
    progress.visible = progress.style.terminal && !quiet;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = what->draws;
    options.has_seed = what->seed.given;
    options.seed = what->seed.value;
    options.jobs = (int32_t)what->jobs;
    options.progress = cli_on_progress;
    options.payload = &progress;
    cli_catch_interrupts();
    const ent_status status = ent_run(results, plan, &options, &err);
    cli_progress_end(&progress);
    if (status != ENT_OK)
        return cli_fail_error(json, &err);
    if (ent_results_facts(*results).interrupted)
        return cli_fail(json, CLI_INTERRUPTED, "stopped before all draws were done: a part of a run is no record");
    return CLI_GO;
}

int seal_run(char **text, size_t *length, const sealing *what, bool json, bool quiet)
{
    ent_error err = {0};
    ent_plan *plan = NULL;
    ent_results *results = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    int code = CLI_GO;
    const ent_status status = cli_compile(&plan, what->scenario, NULL, 0, list, &err);
    if (status != ENT_OK)
        code = cli_compile_failed(json, status, list, &err);
    if (code == CLI_GO)
        code = run(&results, plan, what, json, quiet);
    if (code == CLI_GO && ent_seal_text(text, length, results, what->date, &err) != ENT_OK)
        code = cli_fail_error(json, &err);
    ent_results_free(results);
    ent_plan_free(plan);
    ent_diagnostics_free(list);
    return code;
}

static int write_record(const char *path, const char *text, size_t length, const cli_args *args)
{
    ent_error err = {0};
    char hash[65];
    if (path == NULL || args->json)
        cli_write(text, length);
    if (path == NULL)
        return CLI_GO;
    if (ent_seal_write(path, text, length, &err) != ENT_OK)
        return cli_fail_error(args->json, &err);
    if (args->json || args->quiet)
        return CLI_GO;
    ent_sha256(hash, text, length);
    printf("sealed in %s\nsha256 of the file: %s\n"
           "Whoever gets this number today can check later that the forecast was not changed.\n",
           path, hash);
    return CLI_GO;
}

int cmd_seal(int argc, char **argv)
{
    sealing what = {0};
    const char *out = NULL;
    char *text = NULL;
    size_t length = 0;
    const cli_option options[] = {
        {"date", CLI_TEXT, &what.date, "DAY", "the day of the forecast, such as 2025-12-05 (required)", 0},
        {"out", CLI_TEXT, &out, "FILE", "where the record goes (default: printed)", 0},
        {"draws", CLI_COUNT, &what.draws, "N", "how many draws (default: the scenario's)", 0},
        {"seed", CLI_SEED, &what.seed, "S", "of the random numbers (default: the scenario's)", 0},
        {"jobs", CLI_COUNT, &what.jobs, "J", "threads (default: one for each core); changes no result", ENT_MAX_JOBS},
    };
    const cli_syntax syntax = {
        .name = "seal",
        .arguments = "SCENARIO",
        .about =
            "Runs a scenario and writes a forecast record: scenario, its hash, version, seed, draws, date, headline "
            "quantities and claims, and the SHA-256 of it all. `entente verify` makes it again, `entente score` "
            "grades it once the outcomes are known.",
        .example = "entente seal scenarios/ec-emissions-1989 --date 1989-01-15 --out emissions.seal.json\n"
                   "entente verify emissions.seal.json scenarios/ec-emissions-1989",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    what.scenario = args.item[0];
    if (what.date == NULL)
        code =
            cli_fail(args.json, CLI_USAGE, "--date says which day the forecast was made on, such as --date 2025-12-05");
    else if (!ent_seal_date(what.date))
        code = cli_fail(args.json, CLI_USAGE, "--date takes a day of the calendar such as 2025-12-05, not '%.60s'",
                        what.date);
    if (code == CLI_GO)
        code = seal_run(&text, &length, &what, args.json, args.quiet);
    if (code == CLI_GO)
        code = write_record(out, text, length, &args);
    ent_bytes_free(text);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
