/* A YAML file as a tree of our own: texts, lists and mappings, each with its place; no types, no aliases. */
#ifndef ENT_SRC_SCENARIO_YAML_H
#define ENT_SRC_SCENARIO_YAML_H

#include "scenario/text.h"

typedef enum ent__yaml_kind {
    ENT__YAML_TEXT,
    ENT__YAML_LIST,
    ENT__YAML_MAPPING,
    ENT__YAML_BAD /* wrong in a way that was told already: whoever reads it says nothing more */
} ent__yaml_kind;

typedef struct ent__yaml ent__yaml;
struct ent__yaml {
    ent__yaml_kind kind;
    ent__place place;     /* of its first character; of the first character inside the quotes of a quoted text */
    const char *text;     /* of a text, ended by 0; "" elsewhere */
    const char *lines;    /* of a text over several lines: as it stands in the file, from lines_place on; else NULL */
    ent__place lines_place;
    const char *key;      /* of an entry of a mapping; "" in a list and at the root */
    ent__place key_place;
    ent__yaml *first, *next; /* items of a list, entries of a mapping, in the order of the file */
    int32_t n;
};

/* The one document in text[0..length), ended by 0. Every error goes to to->list. ENT_ERR_SCENARIO where there was a
 * syntax error (which comes alone) or no mapping at the root: *root is NULL then. Other errors (a key twice, without a
 * value, anchors, aliases, tags) leave *root usable. ENT_ERR_LIMIT where it is too deep, ENT_ERR_MEMORY. */
ent_status ent__yaml_parse(const ent__yaml **root, ent__parse *to, const char *text, size_t length, const char *file);

/* The entry of a mapping with that key, or NULL. */
const ent__yaml *ent__yaml_get(const ent__yaml *mapping, const char *key);

#endif
