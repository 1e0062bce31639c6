/* Scenarios that are written: texts as YAML, CSV and Markdown want them, ids, and a folder that is there as a whole or not
 * at all. Private to this room. */
#ifndef ENT_SRC_SCENARIO_FOLDER_H
#define ENT_SRC_SCENARIO_FOLDER_H

#include "scenario/reader.h"

/* --- texts --------------------------------------------------------------------------------------------------- */

/* On one line: line ends and blanks become one blank; characters of `doubled` stand twice. */
void ent__text_line(ent__buffer *out, const char *text, const char *doubled);
void ent__yaml_text(ent__buffer *out, const char *text);     /* 'it''s' */
void ent__csv_text(ent__buffer *out, const char *text);      /* "a ""b""" */
void ent__markdown_text(ent__buffer *out, const char *text); /* marks of Markdown made plain */
/* An id of its own among those taken, to which it is added: "EU (incl Norway)" as eu_incl_norway; what has no letter of a
 * to z becomes `what` and its number. */
enum { ENT__LONGEST_OWN_ID = 40 };
const char *ent__own_id(ent__parse *to, ent__names *taken, const char *name, const char *what, size_t number);

/* --- the folder ------------------------------------------------------------------------------------------------ */

/* All is written into a folder of another name beside the one that is wanted, which then takes that name. */
typedef struct ent__new_folder {
    ent__arena *arena;
    const char *folder, *made; /* as wanted; where it is written, NULL before */
    const char **item;         /* files and folders made, in this order */
    size_t n, room;
    ent_error *err;
} ent__new_folder;

/* Makes it. ENT_ERR_ARGUMENT (no name), ENT_ERR_IO (there already, cannot be made), ENT_ERR_MEMORY. */
ent_status ent__new_folder_open(ent__new_folder *to, ent__arena *arena, const char *folder, ent_error *err);
/* Writes a file; folders within its name ("tables/past.csv") are made. */
ent_status ent__new_folder_write(ent__new_folder *to, const char *name, const ent__buffer *text);
/* ENT_OK: it takes its name. Else all that was written is removed. Returns `status`, or what went wrong last. */
ent_status ent__new_folder_close(ent__new_folder *to, ent_status status);

#endif
