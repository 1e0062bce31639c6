/* What is found out from an ensemble: summaries, verdicts, what decides a claim. */
#ifndef ENT_SRC_FINDINGS_H
#define ENT_SRC_FINDINGS_H

#include "ensemble/ensemble.h"
#include "entente/results.h"

/* Where one number of the plan, in one arm, is found in the ensemble. */
typedef struct ent__source {
    int32_t slot;
    int32_t tally, grid, column; /* or -1 */
    bool scalar;                 /* every draw of it is kept, unless it is counted, too */
    bool is_constant;
    double constant;
} ent__source;

typedef struct ent__form_source { /* a truth in one arm */
    int32_t tally, undefined, counted; /* -1: no value, none may be undefined, every draw counts */
    bool is_constant;
} ent__form_source;

struct ent_results {
    const ent_plan *plan;        /* borrowed: it must outlive the results */
    ent__program *program;
    ent__ensemble *ensemble;
    ent__arena *arena;
    ent_run_facts facts;
    ent_quantity_view *quantity;
    ent_claim_view *claim;
    ent_provision_view *provision;
    ent_input_view *input;
    ent_issue_view *issue;
    ent_story_view *story;
    size_t n_stories;
    bool brief;                  /* a first look: quantity[] and claim[] alone are filled, and few of the former */
    size_t n_quantities;
    double *given_share;         /* [n_givens]: mean of the observation before weighing */
    int32_t everything;          /* tally of the weights themselves */
    struct { const char *key, *json; } attached[ENT_MOST_ATTACHED];
    size_t n_attached;
};

/* plan.c (of this room): what to keep, asked for before the run */
typedef struct ent__wanted {
    ent__keep keep;
    ent__source *quantity;       /* [n_quantities][ENT_ARM_COUNT] */
    int32_t *quantity_model;     /* [n_quantities][ENT_CURVE_BINS]: tallies with the document */
    int32_t *quantity_model_grid; /* [n_quantities][ENT_CURVE_BINS]: where scalars are counted */
    ent__source *input;          /* [n_inputs][2]: prior, weighted */
    ent__form_source *form;      /* [n_forms][ENT_ARM_COUNT] */
    int32_t *form_model;         /* [n_forms][ENT_CURVE_BINS] */
    int32_t *form_track;         /* [n_forms] or -1 */
    int32_t *overall_column;     /* [n_overalls][2][ENT_ARM_COUNT]: columns of x and y */
    int32_t *overall_count;      /* [n_overalls][ENT_ARM_COUNT][ENT__GROUPS]: the first tally of each group, or its grid */
    int32_t *event, *given;      /* tallies */
    int32_t *provision;          /* tallies of each gate with the document, or -1: certain */
    int32_t everything;
} ent__wanted;
ent_status ent__wanted_build(ent__wanted *wanted, const ent__program *program, ent__arena *arena, const ent_run_options *options,
                             ent_error *err);
/* What a brief run computes: exact quantities, claims, what is known, whether provisions take hold. */
bool ent__is_in_brief(const ent__plan_quantity *quantity);
ent_status ent__brief_program(ent__program **out, const ent_plan *plan, ent_error *err);

/* results.c: the views and stories, from an ensemble that is folded */
ent_status ent__results_fill(ent_results *results, const ent__wanted *wanted, ent_error *err);

/* summary.c */
void ent__summarise(ent_summary *out, const ent__ensemble *e, const ent__source *source, double *scratch);
/* The same over the draws in which readings[reading] is `model`; the source must be a scalar, counted in `grid` where its
 * draws are not kept. */
void ent__summarise_model(ent_summary *out, const ent__ensemble *e, const ent__source *source, int32_t tally, int32_t grid,
                          int32_t reading, int32_t model, double *scratch);
size_t ent__summary_scratch(const ent__ensemble *e); /* numbers */
double ent__moments_error(const ent__moments *m, bool weighted); /* standard error of the mean */
void ent__sort(double *x, double *weight, size_t n, double *scratch); /* by x; scratch: 2 n; weight may be NULL */

/* claims.c */
void ent__claim_arm(ent_claim_arm *out, const ent__ensemble *e, const ent__form_source *source);
void ent__claim_drivers(ent_results *results, ent_claim_view *view, const ent__wanted *wanted, int32_t form);
ent_verdict ent__verdict_of(double share);
bool ent__near_threshold(double share, double error);
bool ent__models_differ(const ent_claim_arm *by_model, size_t n);

/* explain.c: a paragraph in the arena; NULL without memory */
const char *ent__claim_explain(const ent_results *results, const ent_claim_view *claim);

/* stories.c: models with rounds, at the medians of the stances */
ent_status ent__stories_play(ent_results *results, ent_error *err);
void ent__stories_free(ent_results *results);

/* overall.c: left less right side, its error and whether it holds */
void ent__overall_value(double *value, double *error, bool *holds, const ent__ensemble *e, const ent__wanted *wanted,
                        int32_t root, ent_arm arm, double *scratch);

#endif
