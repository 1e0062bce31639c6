/**
 * @file entente/backtest.h
 * @brief Decisions whose outcome is known, settled by every model and scored.
 *
 *     ent_decisions_read -> ent_backtest_run -> ent_backtest, a plain struct
 */
#ifndef ENTENTE_BACKTEST_H
#define ENTENTE_BACKTEST_H

#include "entente/calibrate.h"
#include "entente/model.h"
#include "entente/score.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- decisions ----------------------------------------------------------------------------------- */

/** What one actor wanted on one issue. */
typedef struct ent_decision_stance {
    int32_t actor;
    double position; /**< 0 to 100 */
    double salience; /**< 0 to 1; where the file has none, the mean of the others' on the issue, else 0.5 */
    double capability; /**< as the file or the scenario states it; NaN: it does not */
} ent_decision_stance;

typedef struct ent_decision_issue {
    const char *id;
    int32_t proposal;
    int32_t year, month; /**< of the final act, else of the introduction; 0: neither is known */
    bool codecision;     /**< the European Parliament decides, too */
    double reference;    /**< where it ends up without a decision; NaN: not known */
    double outcome;      /**< 0 to 100; NaN: not known */
    size_t first, n;     /**< its stances: stance[first .. first + n - 1]; n may be 0 */
} ent_decision_issue;

/** Decisions with their outcomes, on scales from 0 to 100. Plain data, owned by itself. */
typedef struct ent_decisions {
    size_t issues, proposals, actors, stances;
    const ent_decision_issue *issue;
    const char *const *proposal; /**< ids */
    const char *const *actor;    /**< ids */
    const char *const *actor_name;
    const ent_decision_stance *stance;
    size_t no_position, no_salience; /**< rows without a position, left out; positions without a salience, filled */
    bool has_votes, has_states;      /**< the tables of votes, of population and GDP were there */
} ent_decisions;

/**
 * Reads a folder in the layout of "Decision-making in the European Union" (DEU): ISSUES (`issues.csv`, or the one file
 * whose name ends so) with the columns issue, proposal, outcome and, where known, reference_point, procedure,
 * introduced and final_act; ACTORS (`actors.csv` likewise) with issue, actor, position, salience (0 to 100) and, where
 * known, actor_name and capability. Beside them may stand `council_votes.csv` (country, votes by treaty) and `states.csv` (country,
 * year, population, gdp).
 *
 * Everything that is wrong goes to `list` with its line and column.
 * @param[out] out  ent_decisions_free() it; NULL on failure
 * @return ENT_OK; ENT_ERR_SCENARIO (see the list); ENT_ERR_IO; ENT_ERR_LIMIT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_decisions_read(ent_decisions **out, const char *folder, ent_diagnostics *list,
                                                     ent_error *err);
ENT_API void ent_decisions_free(ent_decisions *decisions); /**< NULL is allowed */
struct ent_results;
/**
 * The issues of a scenario whose outcome it states (`known: {ISSUE.outcome: ..}`), as decisions: stances at their medians
 * without the document, scales made 0 to 100, all of one proposal.
 * @param[out] out  ent_decisions_free() it; it borrows nothing; NULL on failure
 * @return ENT_OK; ENT_ERR_SCENARIO (no outcome of an issue is stated); ENT_ERR_ARGUMENT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_decisions_of_results(ent_decisions **out, const struct ent_results *results,
                                                           ent_error *err);

/** What an actor's weight is taken from. */
typedef enum ent_capability_rule {
    ENT_CAPABILITY_EQUAL, /**< 1 each */
    ENT_CAPABILITY_VOTES, /**< votes in the Council by the treaty in force: before Nice, Nice, Lisbon (population) */
    ENT_CAPABILITY_POPULATION,
    ENT_CAPABILITY_GDP,
    ENT_CAPABILITY_GIVEN, /**< what the file or the scenario states */
    ENT_CAPABILITY_COUNT
} ent_capability_rule;
/** "equal", "votes", "population", "gdp", "given". Never NULL. */
ENT_API const char *ent_capability_rule_word(ent_capability_rule rule);

/**
 * The weight of every stance under a rule.
 *
 * States by their own number on the date of the decision (of population and GDP the year's, else the nearest earlier,
 * else the nearest later one); a state that had no vote then counts 0. The Commission (com) counts as the largest state
 * that has a stance on the issue, and so does the Parliament (ep) under codecision; where it is only heard it counts 0.
 * @param[out] capability  one number a stance
 * @return ENT_OK; ENT_ERR_SCENARIO (the table is not there, an actor is not in it, an issue has no date)
 */
ENT_API ENT_MUST_CHECK ent_status ent_decisions_capability(double *capability, const ent_decisions *decisions,
                                                           ent_capability_rule rule, ent_error *err);

/* --- backtest ------------------------------------------------------------------------------------ */

enum { ENT_BACKTEST_BINS = 10, ENT_BACKTEST_STEPS = 5 };

typedef struct ent_backtest_options {
    int32_t version;               /**< 1 */
    const ent_model *const *model; /**< NULL: every model that settles issues */
    size_t n_models;               /**< at most ENT_BACKTEST_MODELS - 2 */
    ent_capability_rule capability;
    int32_t replicates; /**< of the bootstrap; 0: 2000 */
    uint64_t seed;
} ent_backtest_options;
#define ENT_BACKTEST_OPTIONS_INIT                                                                                      \
    {                                                                                                                  \
        .version = 1, .seed = 1                                                                                        \
    }

/**
 * How good the distribution around a model's point is that was learned from other decisions (entente/calibrate.h). NaN:
 * cannot be told. Three proposals or more are dealt into five parts (three, four) at random, ten times; each part is scored
 * with what was learned from the others, and an issue's score is its mean over the ten.
 */
typedef struct ent_backtest_calibrated {
    double mae; /**< of the median */
    ent_interval mae_interval;
    double crps;
    ent_interval crps_interval;
    double against;                /**< CRPS less that of the first forecaster with its errors on the same four parts */
    ent_interval against_interval; /**< 90 % */
    double cover[3], pit[ENT_BACKTEST_BINS];
    double brier;
    double said[ENT_BACKTEST_STEPS], happened[ENT_BACKTEST_STEPS]; /**< reliability, as below */
    double count[ENT_BACKTEST_STEPS];                              /**< issues: a tenth for each time it was there */
} ent_backtest_calibrated;

/** How good one forecaster was. NaN: cannot be told (a distribution needs two proposals). */
typedef struct ent_backtest_scores {
    const char *name,
        *title; /**< of the model; "mean" and "middle" are the two yardsticks that every model must beat */
    bool is_yardstick;
    size_t n;                  /**< issues it settled */
    double mae;                /**< mean |prediction - outcome|, 0 to 100 */
    ent_interval mae_interval; /**< 95 %, bootstrap by proposal */
    double crps;               /**< of the prediction with its errors on the other proposals spread around it */
    ent_interval crps_interval;
    double against;                /**< mean absolute error less that of the first forecaster, on issues both settled */
    ent_interval against_interval; /**< 90 % */
    double cover[3];               /**< of the central 50, 80 and 95 % intervals */
    double pit[ENT_BACKTEST_BINS]; /**< share of outcomes in each tenth of the forecast's distribution: 0.1 is right */
    double brier;                  /**< of "the outcome lies above 50" */
    double said[ENT_BACKTEST_STEPS], happened[ENT_BACKTEST_STEPS]; /**< reliability of that: forecast, frequency */
    size_t count[ENT_BACKTEST_STEPS];                              /**< issues with a forecast in that fifth */
    double weight; /**< in the stack; NaN where the forecaster did not settle every issue that counts */
    ent_backtest_calibrated calibrated; /**< all NaN for a yardstick */
} ent_backtest_scores;

typedef struct ent_backtest {
    size_t forecasters, issues, proposals; /**< issues with an outcome and a stance; proposals they belong to */
    const ent_backtest_scores *scores;     /**< forecasters: the models in the order asked for, then the yardsticks */
    const int32_t *issue;                  /**< issues: numbers in the decisions */
    const double *prediction;              /**< forecasters x issues; NaN: not settled */
    double stack_crps;                     /**< of the mixture, its weights found without the proposal scored */
    ent_interval stack_interval;
    size_t stacked; /**< forecasters in the stack */
    bool is_shipped; /**< there are fewer than three proposals: calibrated scores are with what ships, learned elsewhere */
    const ent_calibration *const *calibration; /**< forecasters: what was learned from all proposals, or what ships; NULL
                                                    for a yardstick */
} ent_backtest;

/**
 * Settles every issue with every model and scores what comes out.
 *
 * A model without a reference point where it needs one, or without any weight to settle with, does not settle that
 * issue; nothing is filled in. Models of trades settle all issues of a proposal at once. The distribution of a forecast
 * is its prediction plus each of its errors on the issues of other proposals, cut at 0 and 100.
 * O(models^2 x issues^2). A function of decisions, options and version: the same bits everywhere.
 * @param[out] out  ent_backtest_free() it; it borrows nothing of the decisions
 * @return ENT_OK; ENT_ERR_ARGUMENT; ENT_ERR_SCENARIO (no outcome at all, or no table for the rule); ENT_ERR_LIMIT (more
 *         than 5000 issues); ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_backtest_run(ent_backtest **out, const ent_decisions *decisions,
                                                   const ent_backtest_options *options, ent_error *err);
ENT_API void ent_backtest_free(ent_backtest *backtest); /**< NULL is allowed */

#ifdef __cplusplus
}
#endif
#endif
