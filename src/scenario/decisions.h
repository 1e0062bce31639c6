/* Decisions made by another room. */
#ifndef ENT_SRC_SCENARIO_DECISIONS_H
#define ENT_SRC_SCENARIO_DECISIONS_H

#include "core/core.h"
#include "entente/backtest.h"

/* Empty decisions with the arena that their tables are to lie in; NULL without memory. ent_decisions_free() it. */
ent_decisions *ent__decisions_create(ent__arena **arena);

#endif
