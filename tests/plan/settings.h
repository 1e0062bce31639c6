/* Random settings of whatever a plan lets be set, a scenario that has a bit of everything, and what a run tells: for the tests
 * that compare two ways to one result. */
#ifndef ENT_TESTS_SETTINGS_H
#define ENT_TESTS_SETTINGS_H

#include "small.h"

#include "core/random.h"
#include "plan/plan.h"

/* --- random settings --------------------------------------------------------------------------------- */

typedef struct chance { /* whole numbers and shares, one after the other, from a seed */
    uint64_t seed, next;
} chance;

static inline double share(chance *c) { return ent__uniform(c->seed, 7, c->next++); }
static inline int pick(chance *c, int n) { return (int)(share(c) * n); }

/* Where an input may lie: its scale where that is bounded, else around what it is. */
static inline void ends(const ent_plan *plan, const ent__param *p, double *low, double *high)
{
    const ent__plan_input *input = &plan->inputs[p->index];
    *low = p->low;
    *high = p->high;
    if (p->high - p->low < 1e9)
        return;
    const ent__distribution *d = input->distribution >= 0 ? &plan->distributions[input->distribution].d : NULL;
    double center = d != NULL && d->kind != ENT__DIST_DISCRETE ? ent__distribution_quantile(d, 0.5) : 2;
    *low = center > 0 ? 0.5 * center : center - 1;
    *high = center > 0 ? 2 * center : center + 1;
}

static inline void input_text(char out[128], chance *c, const ent_plan *plan, const ent__param *p)
{
    double low, high;
    ends(plan, p, &low, &high);
    double a = low + share(c) * (high - low), b = low + share(c) * (high - low), m = 0.5 * (a + b);
    if (a > b) {
        double swap = a;
        a = b;
        b = swap;
    }
    switch (pick(c, 9)) {
    case 0: snprintf(out, 128, "%.6g to %.6g", a, b + 1e-3); break;
    case 1: snprintf(out, 128, "uniform(%.6g, %.6g)", a, b + 1e-3); break;
    case 2: snprintf(out, 128, "triangular(%.4g,%.4g , %.4g)", a - 1, m, b + 1); break;
    case 3: snprintf(out, 128, "discrete {%.6g: 1, %.6g: 2.5, %.6g: 0.25}", a, b + 1, b + 2); break;
    case 4: snprintf(out, 128, "  normal(%.6g, 0.125) ", m); break;
    case 5: snprintf(out, 128, "pert(%.4g, %.4g, %.4g)", a - 1, m, b + 1); break;
    default: snprintf(out, 128, "%.6g", a);
    }
}

static inline void random_setting(ent_setting *to, char name[256], char value[128], chance *c, const ent_plan *plan)
{
    const ent__param *p = &plan->params[pick(c, plan->n_params)];
    snprintf(name, 256, "%s", ent__plan_text(plan, p->name));
    if (strchr(name, ',') != NULL) { /* x[pl, 2030] is x[pl,2030] */
        char *comma = strchr(name, ',');
        memmove(comma + 2, comma + 1, strlen(comma + 1) + 1);
        comma[1] = ' ';
    }
    switch (p->kind) {
    case ENT__PARAM_INPUT: input_text(value, c, plan, p); break;
    case ENT__PARAM_WEIGHT: snprintf(value, 128, "%d", pick(c, 3)); break;
    case ENT__PARAM_IN_FORCE: snprintf(value, 128, "%s", pick(c, 3) ? "no" : "yes"); break;
    case ENT__PARAM_LEVER: snprintf(value, 128, "%.6g", p->low + share(c) * (p->high - p->low)); break;
    default: snprintf(value, 128, "%.6g", share(c) * 100);
    }
    *to = (ent_setting){name, value};
}

/* --- a bit of everything -------------------------------------------------------------------------------- */

#define EVERYTHING                                                                                                     \
    HEAD "time: {start: 2026, years: 3}\n"                                                                             \
         "groups: {west: [us, pl, fr], council: {members: [us, pl, fr], rule: majority}}\n"                            \
         "tables: {past: past.csv}\n"                                                                                  \
         "inputs:\n  x: 2 to 5\n  y: {value: 4, range: [0, 10]}\n  z: lognormal 0.1 to 2\n  w: 0.3\n"                  \
         "  half: {value: 1 to 9, range: [2, 8], unit: points, source: judgement, why: so}\n"                          \
         "  ask: {experts: [{name: A, value: 1 to 2}, {name: B, value: 2 to 5, weight: 2}]}\n"                         \
         "  odd: \"discrete {1: 1, 3: 1}\"\n  lone: 7\n"                                                                   \
         "quantities:\n  q: x * y + ask\n  grows: previous(grows, w) * 1.1 + z + year - 2026\n"                        \
         "  by: gdp * odd + half\n  level: {value: 3, range: [0, 5]}\n  sum_past: spent[us, 2025] + spent[pl, 2024]\n"                          \
         "issues:\n"                                                                                                   \
         "  door:\n    question: Open?\n    scale: {0: shut, 100: open}\n    status_quo: 50\n    stances: door.csv\n"  \
         "    settle: {compromise: 2, nash: {weight: 2, loss: {1: 2, 0: 1}}, median: 1}\n"                             \
         "  dues:\n    question: Who?\n    scale: {0: none, 10: all}\n    stances:\n"                                  \
         "      us: {position: 1 to 3, salience: 0.6, capability: 9}\n"                                                \
         "      fr: {position: 4, salience: 0.6 to 0.9, capability: 5}\n      pl: {position: 2 to 8, salience: 1, capability: lognormal 1 to 3}\n" \
         "    settle: {compromise: 2, nash: {weight: 2, loss: {1: 2, 0: 1}}, median: 1}\n"                             \
         "  price:\n    question: How much?\n    scale: {0: nothing, 10: all}\n    stances:\n"                         \
         "      us: {position: 1, salience: 0.6, capability: 9}\n      fr: {position: 4 to 8, salience: 0.7, capability: 5}\n" \
         "arenas:\n  summit: {issues: [price], settle: {exchange: 1, compromise: 2}}\n"                                \
         "models:\n"                                                                                                   \
         "  vote: {use: consent, group: council, issue: door, to: 100, lambda: 15 to 40, tau: 0.1, asked: [2026, 2028]}\n" \
         "document:\n  title: A document\n  provisions:\n"                                                            \
         "    one: {takes_hold: 0.2 to 0.8, changes: {\"door.position[us]\": 60 to 80, y: value * w}}\n"             \
         "    second: {changes: {\"door.salience[west]\": 0.9, z: 1}}\n"                                               \
         "    third: {takes_hold: w, changes: {x: 3 to 4}}\n"                                                          \
         "    fourth: {takes_hold: 0.4, changes: {odd: 2, \"door.position[ru]\": value + 5}}\n"                        \
         "    fifth: {takes_hold: vote, changes: {\"dues.position[us]\": 5}}\n"                                        \
         "levers:\n  dredge: {actor: us, range: [0, 1], changes: {half: value * (1 + lever)}}\n"                       \
         "correlations:\n  - [x, z, 0.5]\n  - [\"door.position[pl]\", x, -0.3]\n"                                      \
         "given:\n  - q > 5\n  - {quantity: last(grows), is: 4, error: 3}\n"                                           \
         "claims:\n"                                                                                                   \
         "  falls: {who: a, says: It falls., holds: \"last(door.outcome) <= 45\"}\n"                                   \
         "  both: {who: a, says: Both., holds: \"q >= 10 and x < 4\", when: \"odd > 1\"}\n"                            \
         "  moved: {who: b, says: Moves., holds: \"change(last(door.outcome)) > 1\", readings: [{read: less, holds: \"change(last(door.outcome)) > 0.1\"}]}\n" \
         "  most: {who: c, says: On the whole., overall: \"E(q) >= 12\"}\n"                                            \
         "  part: {who: d, says: Its part., holds: \"share(one, last(door.outcome)) > 2\"}\n"                        \
         "  apart: {who: e, says: Apart., holds: \"price.outcome / dues.outcome[2026] < 1.5\"}\n"

static inline small everything(void)
{
    small s = small_new(EVERYTHING);
    small_write(&s, "door.csv", "actor,position,salience,capability\nus,20 to 30,0.5,4\nru,0,1,2 to 3\npl,90 to 95,1,1\nfr,60,0.5 to 0.7,3\n");
    small_write(&s, "past.csv", "actor,year,spent\nus,2024,3\nus,2025,3 to 4\npl,2024,1\npl,2025,2\n");
    if (small_compile(&s, NULL, 0) != ENT_OK) {
        small_print_errors(&s);
        fail_msg("the scenario does not compile");
    }
    return s;
}

/* --- runs ----------------------------------------------------------------------------------------------- */

typedef struct told { /* what a run tells, or how it failed */
    char *json, *report;
    size_t json_length, report_length;
} told;

static inline told run_plan(const ent_plan *plan, int64_t draws)
{
    told t = {0};
    ent_results *results = NULL;
    ent_error err = {0};
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = draws;
    options.jobs = 1;
    if (ent_run(&results, plan, &options, &err) != ENT_OK)
        fail_msg("%s", err.message);
    CHECK(ent_results_json(&t.json, &t.json_length, results, NULL) == ENT_OK);
    CHECK(ent_results_report_json(&t.report, &t.report_length, results, NULL) == ENT_OK);
    ent_results_free(results);
    return t;
}

static inline void free_told(told *t)
{
    ent_bytes_free(t->json);
    ent_bytes_free(t->report);
}

static inline ent_plan *compiled(const ent_scenario *scenario, const ent_setting *setting, size_t n)
{
    ent_plan *plan = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    ent_error err = {0};
    if (ent_plan_compile(&plan, scenario, setting, n, list, &err) != ENT_OK)
        plan = NULL;
    ent_diagnostics_free(list);
    return plan;
}

#endif
