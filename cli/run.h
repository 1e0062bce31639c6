/* What `entente run` and `entente merge` share. */
#ifndef ENT_CLI_RUN_H
#define ENT_CLI_RUN_H

#include "cli.h"

typedef struct run_request {
    const char *scenario, *out;
    int64_t draws, jobs;
    cli_seed seed;
    cli_list set;
    bool csv, why, counts;
    int64_t memory;        /* most megabytes for draws; 0: three quarters of the machine's */
    const char *shard_text;
    int64_t shard, shards; /* 1 <= shard <= shards; 0: the whole run */
    bool mpi, resume;
    const char *every_text;
    double every;          /* seconds from save to save; 0: as usual; below 0: never */
    int64_t patience;      /* seconds without a word after which a process is taken for lost */
} run_request;

/* The options of the run; `progress` is told how far it is. */
ent_run_options run_options(const run_request *request, const cli_args *args, cli_progress *progress);
/* Writes DIR/results.sqlite and so on, and tells what was found: on the terminal, or as JSON. The exit code. */
int run_tell(const ent_results *results, const char *scenario, bool csv, const cli_args *args, const char *folder);

/* Where the results go; the caller frees it. NULL without memory. */
char *run_folder(const run_request *request);

/* keep.c: the folder in which a run is saved. */
typedef struct run_keep {
    ent_checkpoint *checkpoint;
    char *folder;
} run_keep;
/* Reads --checkpoint; an exit code, or CLI_GO. */
int run_keep_read(run_request *request, const cli_args *args);
/* Opens it for a run (shards 0) or a part and, with --resume, reads it; options->saver is set. Close it also on error. */
ent_status run_keep_open(run_keep *keep, const run_request *request, int64_t shard, int64_t shards, const char *folder, bool quiet,
                         ent_run_options *options, ent_error *err);
/* An error of a run that was to go on from there: names the folder. */
void run_keep_failed(const run_keep *keep, const run_request *request, ent_error *err);
/* Warns where the run could not be saved. */
void run_keep_tell(const run_keep *keep);
/* Removes what was saved where the results are whole; else says that it is there. */
void run_keep_close(run_keep *keep, bool whole);

/* mpi.c: with the other processes that were started by mpirun or srun. */
int mpi_run(run_request *request, const cli_args *args);

/* shard.c: K/M of a run. Reads "2/4"; an exit code, or CLI_GO. */
int shard_read(run_request *request, const cli_args *args);
/* Makes the part and writes DIR/part-K-of-M.entente. */
int shard_run(const ent_plan *plan, const run_request *request, const cli_args *args, const char *folder);

/* run_why.c: attribution, sensitivity and levers, attached to the results. */
ent_status run_why(ent_results *results, const ent_plan *plan, const run_request *request, const cli_args *args, ent_error *err);

#endif
