/* An issue to settle in a test: a few actors, one call. */
#ifndef ENT_TESTS_SETTLE_CASE_H
#define ENT_TESTS_SETTLE_CASE_H

#include "check.h"
#include "settle/settle.h"

enum { CASE_MOST = 64, CASE_OPTIONS = 4 };

typedef struct settle_case {
    size_t n;
    double position[CASE_MOST], salience[CASE_MOST], capability[CASE_MOST];
    double low, high, status_quo;
    double option[CASE_OPTIONS];
} settle_case;

typedef struct settle_answer {
    double outcome;
    ent_stop stop;
    int32_t rounds;
    double utility[CASE_MOST], gain[CASE_MOST], distribution[CASE_MOST];
    ent_status status;
    ent_error err;
} settle_answer;

/* Positions and weights on a scale from 0 to 100, everyone with salience 1; options are the model's defaults. */
static inline settle_case case_of(const ent_model *model, size_t n, const double *position, const double *weight)
{
    settle_case c = {.n = n, .low = 0, .high = 100, .status_quo = ENT_UNDEFINED};
    for (size_t i = 0; i < n; i++) {
        c.position[i] = position[i];
        c.salience[i] = 1;
        c.capability[i] = weight[i];
    }
    ent_model_defaults(c.option, model);
    return c;
}
#define CASE(model, n, position, ...) case_of(&(model), n, (const double[])position, (const double[])__VA_ARGS__)
#define LIST(...)                                                                                                      \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }

static inline ent_settle_input case_input(const settle_case *c)
{
    return (ent_settle_input){.n = c->n,
                              .position = c->position,
                              .salience = c->salience,
                              .capability = c->capability,
                              .low = c->low,
                              .high = c->high,
                              .status_quo = c->status_quo,
                              .option = c->option};
}

static inline settle_answer settle_it(const settle_case *c, const ent_model *model)
{
    settle_answer a = {.outcome = -12345};
    ent_settle_output out = {.utility = a.utility, .gain = a.gain, .distribution = a.distribution};
    ent_settle_input in = case_input(c);
    a.status = ent_settle(&out, &in, model, &a.err);
    if (a.status == ENT_OK) {
        a.outcome = out.outcome;
        a.stop = out.stop;
        a.rounds = out.rounds;
    }
    return a;
}

static inline double outcome_of(const settle_case *c, const ent_model *model)
{
    settle_answer a = settle_it(c, model);
    if (a.status != ENT_OK)
        fail_msg("%s: %s", model->name, a.err.message);
    return a.outcome;
}

#endif
