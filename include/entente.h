/**
 * @file entente.h
 * @brief entente: put arguments about states to the test. The only supported include.
 */
#ifndef ENTENTE_H
#define ENTENTE_H

#include "entente/alliance.h"
#include "entente/attribution.h"
#include "entente/backtest.h"
#include "entente/calibrate.h"
#include "entente/call.h"
#include "entente/challenge.h"
#include "entente/columns.h"
#include "entente/compare.h"
#include "entente/core.h"
#include "entente/elicit.h"
#include "entente/exchange.h"
#include "entente/ktab.h"
#include "entente/levers.h"
#include "entente/limits.h"
#include "entente/model.h"
#include "entente/results.h"
#include "entente/scenario.h"
#include "entente/score.h"
#include "entente/seal.h"
#include "entente/sensitivity.h"
#include "entente/spatial.h"
#include "entente/story.h"
#include "entente/table.h"
#include "entente/vote.h"
#include "entente/war.h"

#endif
