/* The issues of a scenario that were decided, as a backtest takes them. */
#include "entente/backtest.h"
#include "findings/findings.h"
#include "scenario/decisions.h"

#include <string.h>

/* The outcome that the scenario states; NaN where it states none. */
static double known_outcome(const ent_results *r, int32_t issue)
{
    for (int32_t q = 0; q < r->plan->n_quantities; q++) {
        const ent__plan_quantity *quantity = &r->plan->quantities[q];
        if (quantity->kind == ENT__KIND_OUTCOME && quantity->issue == issue && !ent__is_undefined(quantity->known))
            return quantity->known;
    }
    return ENT_UNDEFINED;
}

static double of_scale(const ent__plan_issue *issue, double x)
{
    const double share = 100 * (x - issue->low) / (issue->high - issue->low);
    return share < 0 ? 0 : share > 100 ? 100 : share; /* NaN stays */
}

/* Its median without the document; where only the mean was kept, that. */
static double middle(const ent_results *r, int32_t quantity)
{
    const ent_summary *s = &r->quantity[quantity].arm[ENT_ARM_WITHOUT];
    return r->plan->quantities[quantity].detail ? s->mean : s->quantile[2];
}

static const char *text_of(ent__arena *arena, const ent_plan *plan, ent__text at)
{
    const char *text = ent__plan_text(plan, at);
    return ent__arena_text(arena, text, strlen(text));
}

static bool name_actors(ent_decisions *d, ent__arena *arena, const ent_plan *plan)
{
    const size_t n = (size_t)plan->n_actors;
    const char **id = ent__arena_alloc(arena, n, sizeof *id), **name = ent__arena_alloc(arena, n, sizeof *name);
    for (size_t a = 0; a < n && id != NULL && name != NULL; a++) {
        id[a] = text_of(arena, plan, plan->actors[a].id);
        name[a] = text_of(arena, plan, plan->actors[a].name);
        if (id[a] == NULL || name[a] == NULL)
            return false;
    }
    d->actors = n;
    d->actor = id;
    d->actor_name = name;
    return id != NULL && name != NULL;
}

/* Issues with an outcome into `issue`, their stances into `stance`; counts them where there is no room to fill. */
static void take(ent_decisions *whole, const ent_results *r, ent_decision_issue *issue, ent_decision_stance *stance, ent__arena *arena)
{
    const ent_plan *plan = r->plan;
    whole->issues = whole->stances = 0;
    for (int32_t i = 0; i < plan->n_issues; i++) {
        const ent__plan_issue *from = &plan->issues[i];
        const double outcome = known_outcome(r, i);
        if (ent__is_undefined(outcome))
            continue;
        if (issue != NULL)
            issue[whole->issues] = (ent_decision_issue){.id = text_of(arena, plan, from->id), .outcome = of_scale(from, outcome),
                                                        .reference = of_scale(from, from->status_quo), .first = whole->stances,
                                                        .n = (size_t)from->n_stances};
        for (int32_t k = 0; k < from->n_stances && stance != NULL; k++) {
            const ent__plan_stance *s = &plan->stances[from->stance + k];
            stance[whole->stances + (size_t)k] =
                (ent_decision_stance){.actor = s->actor, .position = of_scale(from, middle(r, s->quantity[0])),
                                      .salience = middle(r, s->quantity[1]), .capability = middle(r, s->quantity[2])};
        }
        whole->stances += (size_t)from->n_stances;
        whole->issues++;
    }
}

ent_status ent_decisions_of_results(ent_decisions **out, const ent_results *results, ent_error *err)
{
    ent_status status = ENT_OK;
    ent_decisions *d = NULL;
    ent__arena *arena = NULL;
    ENT_REQUIRE(out != NULL && results != NULL, ENT_ERR_ARGUMENT, "decisions are taken from results, into a place for them");
    *out = NULL;
    d = ent__decisions_create(&arena);
    ENT_REQUIRE(d != NULL, ENT_ERR_MEMORY, "not enough memory for decisions");
    take(d, results, NULL, NULL, NULL);
    ENT_REQUIRE(d->issues > 0, ENT_ERR_SCENARIO,
                "the scenario does not state how an issue ended: `known: {ISSUE.outcome: {value: .., source: ..}}` does");
    ent_decision_issue *issue = ent__arena_alloc(arena, d->issues, sizeof *issue);
    ent_decision_stance *stance = ent__arena_alloc(arena, d->stances + 1, sizeof *stance);
    const char **proposal = ent__arena_alloc(arena, 1, sizeof *proposal);
    ENT_REQUIRE(issue != NULL && stance != NULL && proposal != NULL && name_actors(d, arena, results->plan), ENT_ERR_MEMORY,
                "not enough memory for decisions");
    take(d, results, issue, stance, arena);
    proposal[0] = text_of(arena, results->plan, results->plan->head->scenario);
    for (size_t i = 0; i < d->issues; i++)
        ENT_REQUIRE(issue[i].id != NULL, ENT_ERR_MEMORY, "not enough memory for decisions");
    ENT_REQUIRE(proposal[0] != NULL, ENT_ERR_MEMORY, "not enough memory for decisions");
    d->proposals = 1;
    d->proposal = proposal;
    d->issue = issue;
    d->stance = stance;
done:
    if (status == ENT_OK)
        *out = d;
    else
        ent_decisions_free(d);
    return status;
}
