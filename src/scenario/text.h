/* What the parsers of expressions, values and tables share. Private to this room. */
#ifndef ENT_SRC_SCENARIO_TEXT_H
#define ENT_SRC_SCENARIO_TEXT_H

#include "scenario/scenario.h"

/* Where parsed things go. `no_memory` is sticky: an allocation failed, and what was returned is not to be used. */
typedef struct ent__parse {
    ent__arena *arena;
    ent_diagnostics *list;
    bool no_memory;
    int32_t errors; /* so far, without warnings */
    int32_t told;   /* findings in the list */
} ent__parse;

/* Zeroed memory of the arena, or NULL with no_memory set. */
void *ent__take(ent__parse *to, size_t n, size_t size);
/* A copy of text[0..length) ended by 0, or NULL with no_memory set. */
char *ent__keep(ent__parse *to, const char *text, size_t length);

void ent__complain(ent__parse *to, ent__place place, const char *format, ...) ENT_PRINTF(3, 4);
void ent__warn(ent__parse *to, ent__place place, const char *format, ...) ENT_PRINTF(3, 4);

/* As ent__expression_parse() and ent__value_parse(), but a failed allocation is told apart from an error. */
ent__node *ent__expression_read(ent__parse *to, const char *text, ent__place place);
void ent__value_read(ent__value *out, ent__parse *to, const char *text, ent__place place, bool comma);

/* A word that an expression gives a meaning of its own: no quantity may have that id. */
bool ent__is_reserved(const char *word);
/* and, or, not, if: no id at all may be one of these. */
bool ent__is_keyword(const char *word);
/* [a-z][a-z0-9_]* */
bool ent__is_id(const char *text);
/* A year, or a year and month: 2030, 2025-12. False where text[0..length) is anything else. */
bool ent__time_read(ent__time *out, const char *text, size_t length);

/* True where text[0..length), ended by 0, is UTF-8 without control characters; else false, with the first bad byte
 * told. */
bool ent__text_check(ent__parse *to, const char *file, const char *text, size_t length);
/* The place `bytes` further on in the same text. */
ent__place ent__place_after(ent__place place, const char *text, size_t bytes);

#endif
