/* Writes the made-up results of fake.c: write_fake FOLDER [QUANTITIES] writes report.html, results.sqlite and prints
 * the JSON. Exit code 3 and the message on stderr where a file cannot be written. */
#include "fake.h"
#include "results/results.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    const ent_results made_up = {.quantities = argc > 2 ? (size_t)strtoul(argv[2], NULL, 10) : 8, .claims = 6};
    const ent_results *results = &made_up;
    ent_error err = {0};
    char *text = NULL;
    size_t length = 0;
    signal(SIGXFSZ, SIG_IGN); /* a file-size limit then fails the write, as a full disk does */
    if (ent_results_write_folder(results, argv[1], false, &err) != ENT_OK ||
        ent_results_json(&text, &length, results, &err) != ENT_OK) {
        fprintf(stderr, "%s: %s\n", err.file, err.message);
        return 3;
    }
    fwrite(text, 1, length, stdout);
    ent_bytes_free(text);
    return 0;
}
