/* What is read of a folder of decisions. Private to this room. */
#ifndef ENT_SRC_SCENARIO_DEU_H
#define ENT_SRC_SCENARIO_DEU_H

#include "entente/backtest.h"
#include "scenario/reader.h"

enum { ENT__TREATIES = 5 };

typedef struct ent__state_year {
    int32_t state, year;
    double population, gdp;
} ent__state_year;

typedef struct ent__decisions {
    ent_decisions whole; /* first: the caller's pointer is this one's */
    ent__arena *arena;
    ent__names voter; /* the countries of council_votes.csv */
    double *votes;    /* [voter][ENT__TREATIES], NaN where empty */
    ent__names state; /* the countries of states.csv */
    ent__state_year *year;
    int32_t n_years;
} ent__decisions;

#endif
