/* What `entente run` and `entente merge` share. */
#ifndef ENT_CLI_RUN_H
#define ENT_CLI_RUN_H

#include "cli.h"

typedef struct run_request {
    const char *scenario, *out;
    int64_t draws, jobs;
    cli_seed seed;
    cli_list set;
    bool csv, why;
    const char *shard_text;
    int64_t shard, shards; /* 1 <= shard <= shards; 0: the whole run */
    bool mpi;
    int64_t patience;      /* seconds without a word after which a process is taken for lost */
} run_request;

/* The options of the run; `progress` is told how far it is. */
ent_run_options run_options(const run_request *request, const cli_args *args, cli_progress *progress);
/* Writes DIR/results.sqlite and so on, and tells what was found: on the terminal, or as JSON. The exit code. */
int run_tell(const ent_results *results, const char *scenario, bool csv, const cli_args *args, const char *folder);

/* Where the results go; the caller frees it. NULL without memory. */
char *run_folder(const run_request *request);

/* mpi.c: with the other processes that were started by mpirun or srun. */
int mpi_run(run_request *request, const cli_args *args);

/* shard.c: K/M of a run. Reads "2/4"; an exit code, or CLI_GO. */
int shard_read(run_request *request, const cli_args *args);
/* Makes the part and writes DIR/part-K-of-M.entente. */
int shard_run(const ent_plan *plan, const run_request *request, const cli_args *args, const char *folder);

/* run_why.c: attribution, sensitivity and levers, attached to the results. */
ent_status run_why(ent_results *results, const ent_plan *plan, const run_request *request, const cli_args *args, ent_error *err);

#endif
