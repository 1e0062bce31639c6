/* What `entente backtest` found out, for its ways of telling it. */
#ifndef ENT_CLI_BACKTEST_H
#define ENT_CLI_BACKTEST_H

#include "cli.h"

/* For people, at most 80 columns wide. */
void backtest_tell(const ent_backtest *b, const ent_decisions *d, ent_capability_rule rule);

#endif
