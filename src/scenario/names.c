/* Names: found by hash, guessed by nearness, and checked as ids. */
#include "scenario/reader.h"

#include <stdio.h>
#include <string.h>

enum { MOST_GUESSES = 100 };

static size_t slot_of(const ent__names *names, const char *name)
{
    size_t at = (size_t)ent__hash(name, strlen(name)) & (names->slots - 1);
    while (names->slot[at] != 0 && strcmp(names->name[names->slot[at] - 1], name) != 0)
        at = (at + 1) & (names->slots - 1);
    return at;
}

int32_t ent__names_find(const ent__names *names, const char *name)
{
    return names->slots == 0 ? -1 : names->slot[slot_of(names, name)] - 1;
}

/* Twice the room; the old arrays stay in the arena, all together as large as the new. */
static bool grow(ent__parse *to, ent__names *names)
{
    int32_t capacity = names->capacity > 0 ? 2 * names->capacity : 16;
    ent__names fresh = {.n = names->n, .capacity = capacity, .slots = 2 * (size_t)capacity};
    fresh.name = ent__take(to, (size_t)capacity, sizeof *fresh.name);
    fresh.place = ent__take(to, (size_t)capacity, sizeof *fresh.place);
    fresh.slot = ent__take(to, fresh.slots, sizeof *fresh.slot);
    if (fresh.name == NULL || fresh.place == NULL || fresh.slot == NULL)
        return false;
    for (int32_t i = 0; i < names->n; i++) {
        fresh.name[i] = names->name[i];
        fresh.place[i] = names->place[i];
        fresh.slot[slot_of(&fresh, fresh.name[i])] = i + 1;
    }
    *names = fresh;
    return true;
}

int32_t ent__names_add(ent__parse *to, ent__names *names, const char *name, ent__place place)
{
    int32_t found = ent__names_find(names, name);
    if (found >= 0)
        return found;
    if (names->n == names->capacity && !grow(to, names))
        return -1;
    names->name[names->n] = name;
    names->place[names->n] = place;
    names->slot[slot_of(names, name)] = names->n + 1;
    return names->n++;
}

const char *ent__guess(ent__reader *r, char buffer[128], const char *name, const char *const *names, size_t n)
{
    const char *near = r->guesses < MOST_GUESSES ? ent__nearest(name, names, n) : NULL;
    r->guesses++;
    buffer[0] = 0;
    if (near != NULL)
        snprintf(buffer, 128, "; did you mean '%.80s'?", near);
    return buffer;
}

bool ent__id(ent__reader *r, ent__names *names, const char *id, ent__place place, const char *what, bool word)
{
    if (!ent__is_id(id) || strlen(id) > ENT_MAX_ID) {
        ent__complain(&r->to, place,
                      "'%.80s' cannot be the id of %s: an id is made of lower-case letters, digits and _, "
                      "begins with a letter and has at most %d of them",
                      id, what, ENT_MAX_ID);
        return false;
    }
    if (word ? ent__is_keyword(id) : ent__is_reserved(id)) {
        ent__complain(&r->to, place, "'%s' cannot be the id of %s: the word has a meaning in expressions", id, what);
        return false;
    }
    int32_t before = names->n;
    int32_t found = ent__names_add(&r->to, names, id, place);
    if (found < 0)
        return false;
    if (found == before)
        return true;
    ent__place first = names->place[found];
    if (strcmp(first.file, place.file) == 0)
        ent__complain(&r->to, place, "'%s' is the id of %s, but it is taken since line %d", id, what, (int)first.line);
    else
        ent__complain(&r->to, place, "'%s' is the id of %s, but it is taken since %s:%d", id, what, first.file,
                      (int)first.line);
    return false;
}

bool ent__is_actor(ent__reader *r, const char *id, ent__place place, bool group)
{
    if (r->no_actors || ent__names_find(&r->actors, id) >= 0 || (group && ent__names_find(&r->groups, id) >= 0))
        return true;
    char guess[128];
    ent__guess(r, guess, id, r->actors.name, (size_t)r->actors.n);
    if (guess[0] == 0 && group)
        ent__guess(r, guess, id, r->groups.name, (size_t)r->groups.n);
    ent__complain(&r->to, place, "'%.60s' is no actor%s%s", id, group ? " and no group" : "", guess);
    return false;
}
