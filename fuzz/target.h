/* What every fuzz target shares.
 *
 * A target is one file with LLVMFuzzerTestOneInput(): it must neither crash nor leak nor break a rule of MUST()
 * whatever the bytes. With -Dfuzz=true each is linked with libFuzzer (./do fuzz); without, with replay.c, which plays
 * what lies in fuzz/corpus as a test. */
#ifndef ENT_FUZZ_TARGET_H
#define ENT_FUZZ_TARGET_H

#include "core/core.h"
#include "entente.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* What must hold of every input: else the process ends with the place and the reason, and the input is kept. */
#define MUST(condition, ...)                                                                                           \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            fuzz_broken(__FILE__, __LINE__, #condition, __VA_ARGS__);                                                  \
    } while (0)
_Noreturn void fuzz_broken(const char *file, int line, const char *rule, const char *format, ...) ENT_PRINTF(4, 5);

/* A folder of this process's own, removed with all that is in it when the process ends. */
const char *fuzz_folder(void);
/* folder/name, borrowed until the eighth call after this one. */
const char *fuzz_path(const char *name);
const char *fuzz_write(const char *name, const void *bytes, size_t length); /* fuzz_path() of a file of these bytes */
void fuzz_remove(const char *path); /* a file, or a folder and all that is in it */

/* A file of the repository, ended by 0: free() it. */
char *fuzz_source(const char *name, size_t *length);

/* That text is JSON as RFC 8259 has it, in which a NaN or an infinity cannot stand. */
bool fuzz_is_json(const char *text, size_t length);
/* Writes the files of a scenario that stand in one text, each after a line "%% NAME", and returns their folder. A name
 * that leads out of the folder is passed over. What an earlier call wrote there is removed. */
const char *fuzz_scenario(const char *text, size_t length);

/* --- inputs made of bytes --------------------------------------------------------------------------- */

/* Bytes as a source of choices: 0 once they are used up, so every input means something. */
typedef struct dice {
    const uint8_t *data;
    size_t left;
} dice;
uint32_t dice_byte(dice *d);
int dice_pick(dice *d, int n); /* 0 .. n - 1 */
double dice_unit(dice *d);     /* 0 to 1, ends and simple fractions often among them */
double dice_number(dice *d);   /* anything that a double may be: tiny, huge, infinite, NaN */
double dice_between(dice *d, double low, double high);

#endif
