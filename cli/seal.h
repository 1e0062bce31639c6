/* What seal and verify share. */
#ifndef ENT_CLI_SEAL_H
#define ENT_CLI_SEAL_H

#include "cli.h"

enum { CLI_DIFFERS = 4 };

typedef struct sealing {
    const char *scenario, *date;
    int64_t draws, jobs; /* 0: the scenario's; one for each core */
    cli_seed seed;
} sealing;

/* Compiles, runs and writes the record; *text by ent_bytes_free(). Tells what fails. */
int seal_run(char **text, size_t *length, const sealing *what, bool json, bool quiet);

#endif
