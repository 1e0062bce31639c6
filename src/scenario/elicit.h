/* Answers of experts, as read from their tables. Private to this room. */
#ifndef ENT_SRC_SCENARIO_ELICIT_H
#define ENT_SRC_SCENARIO_ELICIT_H

#include "entente/elicit.h"
#include "scenario/folder.h"

enum { ENT__ANSWER_POSITION, ENT__ANSWER_SALIENCE, ENT__ANSWER_CAPABILITY, ENT__ANSWER_NUMBERS };

/* What one expert says of one actor on one issue: cells as text, decimals with points, "" where nothing is said. */
typedef struct ent__answer {
    int32_t issue, actor; /* in the lists below */
    const char *expert, *weight, *number[ENT__ANSWER_NUMBERS], *source, *note;
    double low, high;     /* ends of the position; NaN where there are none */
    ent__place place;
    int32_t next;         /* 1 + the next on the same issue, 0 at the end */
} ent__answer;

typedef struct ent__answers {
    ent__reader reader;
    ent_scenario *like;       /* NULL: a new scenario */
    ent__names actor, issue, expert;
    ent__names full;          /* actors by their names; full_of: which actor */
    int32_t *full_of;
    const char **actor_name;  /* by actor */
    size_t n_actor_names, actor_room;
    ent__answer *answer;
    size_t n, room;
    int32_t *first, *last;    /* by issue: 1 + answer */
    ent__names seen;          /* who has spoken of what */
    const char *files;        /* their names, for people: "ann.csv, ben.csv" */
} ent__answers;

/* Adds the answers of a file; what is wrong is told. ENT_OK also then: the reader counts errors. */
ent_status ent__answers_read(ent__answers *to, const char *path, bool several);
/* Strings the answers of each issue together. */
bool ent__answers_sort(ent__answers *all);
/* Writes the scenario's files. */
ent_status ent__answers_write(ent__answers *all, ent__new_folder *to);

#endif
