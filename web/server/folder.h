/* Scenario folders: which there are, and files in them that are reached by no way but down. */
#ifndef ENT_SERVER_FOLDER_H
#define ENT_SERVER_FOLDER_H

#include "text.h"

#include <sys/stat.h>

enum { MOST_PATH = ENT_SERVE_MAX_PATH + 1 };

typedef struct place {
    char id[64];  /* letters, digits, - and _ */
    char *path;   /* of the folder, as the reader of scenarios takes it */
    char *title;  /* as scenario.yaml has it, else the folder's name */
} place;

typedef struct places {
    place *item;
    size_t count;
} places;

/* Scenarios in these folders: each itself, or what lies in it down to two levels. Links are not followed. */
bool places_scan(places *out, const char *const *folder, size_t n_folders);
void places_free(places *p);

/* The folder of a scenario, opened; -1 where it is not there. */
int folder_open(const char *path);

typedef struct listed_file {
    char path[MOST_PATH]; /* from the scenario's folder */
    int64_t bytes, changed; /* nanoseconds since 1970 */
} listed_file;

/* The texts of a scenario (.yaml, .csv, .md, ...), without what begins with a dot and without out/; the caller frees. */
bool folder_list(listed_file **out, size_t *count, int folder);
/* A link in the folder that leads out of it, or NULL. */
bool folder_is_closed(const char *path, char link[MOST_PATH]);

/* The names in an open folder, sorted, without those that begin with a dot; NULL without memory. */
char **names_in(int folder, size_t *count);
void names_free(char **name, size_t count);

/* Whether a path may be asked for: parts without "..", dots in front, control characters; a text's ending. */
bool path_is_plain(const char *path);
bool path_is_text(const char *path);
/* Opens a path for reading, part by part; links are refused. -1 with errno. */
int path_open(int folder, const char *path);
/* All bytes of an open file, at most `most`. */
bool file_take(text *out, int file, size_t most);

/* 16 hexadecimal digits and the length: what If-Match is compared with. */
void bytes_tag(char tag[48], const char *bytes, size_t length);

typedef enum write_status { WRITE_DONE, WRITE_CHANGED, WRITE_MISSING, WRITE_FAILED } write_status;
/* Puts bytes in the place of a file whose tag is `expected` ("*": of a file that is not there): written beside it, synced,
 * renamed. */
write_status path_write(int folder, const char *path, const char *bytes, size_t length, const char *expected);

/* out/runs, made where it is missing and no link: its descriptor, or -1. */
int runs_open(int folder, bool make);

#endif
