/* Plays the inputs of one folder, one after another, as a test: what was once found stays found.
 *
 *     replay_TARGET FOLDER
 *
 * A rule that does not hold ends the process, which the harness counts as a failure. */
/* promise: fuzz-replayed */
#include "target.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **entry = NULL;
    int n = argc == 2 ? scandir(argv[1], &entry, is_input, alphasort) : -1;
    if (n <= 0) {
        fprintf(stderr, "usage: replay FOLDER, in which there is at least one input\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (LLVMFuzzerInitialize != NULL)
        LLVMFuzzerInitialize(&argc, &argv);
    printf("1..%d\n", n);
    for (int i = 0; i < n; i++) {
        char path[4096];
        unsigned char *bytes = NULL;
        size_t length = 0;
        ent_error err = {0};
        snprintf(path, sizeof path, "%s/%s", argv[1], entry[i]->d_name);
        MUST(ent_file_read(&bytes, &length, path, &err) == ENT_OK, "%s: %s", path, err.message);
        /* of its own size, so that a sanitizer sees a byte read past the end */
        uint8_t *exact = malloc(length > 0 ? length : 1);
        MUST(exact != NULL, "no memory");
        memcpy(exact, bytes, length);
        printf("# %s\n", entry[i]->d_name); /* told before, so that the last line names what broke it */
        LLVMFuzzerTestOneInput(exact, length);
        printf("ok %d - %s\n", i + 1, entry[i]->d_name);
        free(exact);
        ent_bytes_free(bytes);
        free(entry[i]);
    }
    free(entry);
    return 0;
}
