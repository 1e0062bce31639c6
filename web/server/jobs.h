/* Runs and comparisons, each in a thread of its own; what a run finds is kept as plain files in SCENARIO/out/runs/ID. */
#ifndef ENT_SERVER_JOBS_H
#define ENT_SERVER_JOBS_H

#include "text.h"

typedef struct jobs jobs;

/* One side of a comparison, or what is run: a scenario under settings, or an earlier run of it (its saved plan). */
typedef struct job_side {
    const char *scenario, *path; /* id, folder */
    const char *run;             /* "" or the id of an earlier run */
    const ent_setting *setting;
    size_t n_settings;
} job_side;

typedef struct job_request {
    job_side side[2]; /* a run has one */
    bool is_compare, keep_draws, has_seed;
    bool is_look; /* a run that is not kept: its JSON is the job's result */
    int64_t draws; /* 0: the scenario's */
    uint64_t seed;
    const char *note; /* for the history */
} job_request;

typedef enum job_answer { JOB_STARTED, JOB_BUSY, JOB_FAILED_TO_START } job_answer;

bool jobs_create(jobs **out);
/* Copies what it needs of the request. id[40]. */
job_answer jobs_start(jobs *j, char id[40], const job_request *request);
/* {"id", "kind", "state", "done", "total", ...}; waits up to `wait` milliseconds for something other than *version; false
 * where there is no such job. *over: it has ended. */
bool jobs_tell(jobs *j, const char *id, int wait, int64_t *version, bool *over, text *out);
bool jobs_cancel(jobs *j, const char *id);
/* The JSON of a comparison, or of a run that is not kept; false where there is none (yet). */
bool jobs_result(jobs *j, const char *id, text *out);
/* Asks all to stop, and waits until they have saved what they have. */
void jobs_stop(jobs *j);
void jobs_free(jobs *j);

/* Errors and warnings as `{"error": .., "findings": [..]}`; file names without the folder in front. */
void failure_json(text *out, const char *message, const ent_diagnostics *list, const char *folder);
/* Reads and compiles. Links that lead out of the folder are refused. */
ent_status compile_folder(ent_plan **plan, const char *path, const ent_setting *setting, size_t n, ent_diagnostics *list,
                          ent_error *err);
/* `text` checked in the place of the scenario's file `file` (NULL: as it stands on disk): `{"findings": [..]}`. */
bool check_folder(text *out, const char *path, const char *file, const char *bytes, size_t length);
/* The table of models. */
void models_json(text *out);

#endif
