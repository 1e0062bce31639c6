/* Text that grows, JSON written into it, and JSON read from what a client sent. */
#ifndef ENT_SERVER_TEXT_H
#define ENT_SERVER_TEXT_H

#include "entente.h"

typedef struct text {
    char *data; /* ends in 0 once anything was added */
    size_t length, room;
    bool failed; /* not enough memory: what was added since is lost */
} text;

void text_add(text *t, const char *bytes, size_t length);
void text_put(text *t, const char *string);
void text_format(text *t, const char *format, ...) ENT_PRINTF(2, 3);
void text_json(text *t, const char *string); /* with its quotes; bad UTF-8 becomes U+FFFD */
void text_number(text *t, double x);         /* null where not finite */
void text_free(text *t);

typedef enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_OBJECT } json_kind;

typedef struct json {
    json_kind kind;
    const char *name;  /* of a member of an object */
    const char *value; /* of a text, unescaped; of a number as written */
    double number;
    struct json *child, *next;
} json;

/* Reads one value; false with the reason where the text is none. A text with U+0000 in it is refused. *memory is freed by
 * the caller with free(), and the tree with it. */
bool json_read(json **out, void **memory, const char *bytes, size_t length, const char **why);
/* The member of that name, or NULL. */
const json *json_get(const json *object, const char *name);

#endif
