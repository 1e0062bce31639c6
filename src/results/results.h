/* What the writers of this room share: a JSON writer that places the commas, and files that appear whole or not at
 * all. */
#ifndef ENT_SRC_RESULTS_H
#define ENT_SRC_RESULTS_H

#include "core/core.h"
#include "entente/results.h"

/* --- JSON ---------------------------------------------------------------------------------------- */

typedef struct ent__json {
    ent__buffer out;
    bool after; /* a value came before in this object or list: a comma is due */
    bool page;  /* for the report page: numbers to seven digits, quantile dots where they are drawn */
} ent__json;

void ent__json_key(ent__json *json, const char *key);
void ent__json_open(ent__json *json, char bracket);  /* '{' or '[' */
void ent__json_close(ent__json *json, char bracket); /* '}' or ']' */
void ent__json_text(ent__json *json, const char *text);
void ent__json_number(ent__json *json, double x);      /* null where not finite */
void ent__json_whole(ent__json *json, int64_t x);
void ent__json_unsigned(ent__json *json, uint64_t x);  /* as a string above 2^53, where doubles have gaps */
void ent__json_bool(ent__json *json, bool x);
void ent__json_raw(ent__json *json, const char *text); /* a piece that is JSON already; "" is null */

/* Members of an object that is open. */
static inline void ent__json_member_text(ent__json *json, const char *key, const char *text)
{
    ent__json_key(json, key);
    ent__json_text(json, text);
}
static inline void ent__json_member_number(ent__json *json, const char *key, double x)
{
    ent__json_key(json, key);
    ent__json_number(json, x);
}
static inline void ent__json_member_open(ent__json *json, const char *key, char bracket)
{
    ent__json_key(json, key);
    ent__json_open(json, bracket);
}
void ent__json_summary(ent__json *json, const ent_summary *s, bool with_dots);
/* Everything `entente run --json` says, as members; for the page (not `with_scenario`) without the scenario and without
 * what ent__json_rooms() tells as series. */
void ent__json_findings(ent__json *json, const ent_results *results, bool with_scenario);
/* Studies that were attached, under `why`; nothing where there are none. */
void ent__json_why(ent__json *json, const ent_results *results);
/* What the report tells beside it. */
void ent__json_story(ent__json *json, const ent_results *results);
/* Of its models of votes, alliances and wars. */
void ent__json_rooms(ent__json *json, const ent_results *results);

/* That they are of a run that was not brief; else ENT_ERR_ARGUMENT. */
ent_status ent__results_are_whole(const ent_results *results, ent_error *err);
/* The saved plan that was run: ent_plan_save(). */
ent_status ent__results_plan(unsigned char **bytes, size_t *length, const ent_results *results, ent_error *err);

/* --- files --------------------------------------------------------------------------------------- */

/* A file on its way: written beside the target, then moved onto it. A reader sees the old file or the new one, whole,
 * even if the program is killed at any moment (POSIX rename is atomic within a folder). */
typedef struct ent__file {
    char *path, *temporary;
    int descriptor;          /* -1 once closed */
} ent__file;

/* Makes the missing folders above `path`, which is changed meanwhile. */
ent_status ent__file_make_folders(char *path, ent_error *err);
/* Makes the missing folders above `path` and opens the temporary file. On error nothing is left to clean up. */
ent_status ent__file_begin(ent__file *file, const char *path, ent_error *err);
ent_status ent__file_write(ent__file *file, const char *text, size_t length, ent_error *err);
/* Everything is on the disk; the target is untouched yet. */
ent_status ent__file_finish(ent__file *file, ent_error *err);
/* Moves a finished file onto its target. */
ent_status ent__file_move(ent__file *file, ent_error *err);
/* Removes what is not yet moved; nothing after a move. Always right to call after begin. */
void ent__file_abandon(ent__file *file);
void ent__file_sync_folder(const char *path);

/* The whole content of each kind of file, between begin and finish. */
typedef ent_status ent__file_fill(ent__file *file, const ent_results *results, ent_error *err);
ent__file_fill ent__fill_report, ent__fill_sqlite, ent__fill_draws;
ent__file_fill ent__fill_engine, ent__fill_plan; /* blocks of the report (live.c) */
ent_status ent__file_replace(const char *path, ent__file_fill *fill, const ent_results *results, ent_error *err);

#endif
