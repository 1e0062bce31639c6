/* KTAB's scenario files: what its two formats have in common, before it is checked. Private to this room. */
#ifndef ENT_SRC_SCENARIO_KTAB_H
#define ENT_SRC_SCENARIO_KTAB_H

#include "entente/ktab.h"
#include "scenario/reader.h"

typedef struct ent__ktab_number {
    double value;
    ent__place place;
} ent__ktab_number;

typedef struct ent__ktab_list {
    ent__ktab_number *item;
    size_t n, capacity;
} ent__ktab_list;

typedef struct ent__ktab_actor {
    const char *name, *about; /* NULL where not said */
    ent__place place;
    ent__ktab_number capability;
    bool has_capability;
    ent__ktab_list position, salience; /* as in the file: 0 to 100 */
} ent__ktab_actor;

/* "i's ideal follows j's position by so much." */
typedef struct ent__ktab_pair {
    const char *ideal, *position;
    ent__ktab_number adjust;
    ent__place place;
    bool has_adjust;
} ent__ktab_pair;

typedef struct ent__ktab_raw {
    const char *name, *description;
    const char **dimension;
    ent__ktab_actor *actor;
    ent__ktab_pair *pair;
    size_t n_dimensions, n_actors, n_pairs, dimension_room, actor_room, pair_room;
    ent_spatial_options options;
    bool has_parameters, has_seed, has_pairs;
    ent__place start;
} ent__ktab_raw;

/* A number from a text at a place, told where it is none. */
bool ent__ktab_number_of(ent__parse *to, ent__ktab_number *out, const char *text, ent__place place, const char *what);

/* The whole of such a text, into the arena of `to`: nothing of `out` is to be freed. What is wrong is told.
 * ENT_ERR_SCENARIO (see the list), ENT_ERR_LIMIT, ENT_ERR_MEMORY. */
ent_status ent__ktab_parse(ent_ktab *out, ent__parse *to, const char *file, const char *text, size_t length);

/* The two formats. What is wrong is told; a status is returned for memory and limits alone. */
ent_status ent__ktab_csv(ent__parse *to, ent__ktab_raw *raw, const char *file, const char *text, size_t length);
ent_status ent__ktab_xml(ent__parse *to, ent__ktab_raw *raw, const char *file, const char *text, size_t length);

#endif
