/* What an actor of the European Union counts, by the treaty in force.
 *
 * Votes in the Council: of nine to 1980, ten to 1985, twelve to 1994, fifteen to April 2004, by the treaty of Nice to
 * October 2014 (in force from November 2004; the six months before had weights of transition, which are left out), then
 * population, by the treaty of Lisbon. */
#include "scenario/deu.h"

#include <string.h>

typedef struct weighing {
    const ent__decisions *all;
    ent_capability_rule rule;
    const ent_decision_issue *issue;
    const char *problem;
} weighing;

const char *ent_capability_rule_word(ent_capability_rule rule)
{
    static const char *const word[ENT_CAPABILITY_COUNT] = {"equal", "votes", "population", "gdp", "given"};
    return (unsigned)rule < ENT_CAPABILITY_COUNT ? word[rule] : "unknown";
}

/* Which column of votes is in force, ENT__TREATIES for population. */
static int32_t treaty_of(const ent_decision_issue *issue)
{
    static const int32_t ends[ENT__TREATIES] = {1981 * 12, 1986 * 12, 1995 * 12, 2004 * 12 + 4, 2014 * 12 + 10};
    const int32_t month = issue->year * 12 + issue->month - 1;
    int32_t treaty = 0;
    while (treaty < ENT__TREATIES && month >= ends[treaty])
        treaty++;
    return treaty;
}

/* Of the year, else of the nearest earlier, else of the nearest later one; NaN where there is none. */
static double in_year(const ent__decisions *all, const char *country, int32_t year, bool gdp)
{
    const int32_t state = ent__names_find(&all->state, country);
    double found = ENT_UNDEFINED;
    int32_t at = 0;
    for (int32_t i = 0; i < all->n_years && state >= 0; i++) {
        const ent__state_year *y = &all->year[i];
        const double x = gdp ? y->gdp : y->population;
        if (y->state != state || ent__is_undefined(x))
            continue;
        const bool earlier = y->year <= year, was_earlier = at <= year;
        if (ent__is_undefined(found) || (earlier && (!was_earlier || y->year > at)) ||
            (!earlier && !was_earlier && y->year < at)) {
            found = x;
            at = y->year;
        }
    }
    return found;
}

static double of_state(weighing *w, const char *country)
{
    const int32_t treaty = w->rule == ENT_CAPABILITY_VOTES ? treaty_of(w->issue) : ENT__TREATIES;
    if (treaty == ENT__TREATIES) {
        const double x = in_year(w->all, country, w->issue->year, w->rule == ENT_CAPABILITY_GDP);
        if (ent__is_undefined(x))
            w->problem = w->all->whole.has_states ? "is not in states.csv" : "needs a table states.csv in the folder";
        return x;
    }
    const int32_t voter = ent__names_find(&w->all->voter, country);
    if (voter < 0) {
        w->problem =
            w->all->whole.has_votes ? "is not in council_votes.csv" : "needs a table council_votes.csv in the folder";
        return ENT_UNDEFINED;
    }
    const double votes = w->all->votes[voter * ENT__TREATIES + treaty];
    return ent__is_undefined(votes) ? 0 : votes; /* no member yet */
}

/* "" of a state, else "com" or "ep". */
static const char *institution(const char *actor)
{
    return strcmp(actor, "com") == 0 || strcmp(actor, "ep") == 0 ? actor : "";
}

static ent_status weigh(double *capability, weighing *w, ent_error *err)
{
    const ent_decisions *d = &w->all->whole;
    double largest = 0;
    if (w->issue->n > 0 && w->issue->year == 0)
        return ent__error_set(err, ENT_ERR_SCENARIO, "", 0, 0, "the issue '%.60s' has no date, by which %s are found",
                              w->issue->id, w->rule == ENT_CAPABILITY_VOTES ? "votes" : "numbers of states");
    for (size_t i = w->issue->first; i < w->issue->first + w->issue->n; i++) {
        const int32_t actor = d->stance[i].actor;
        if (institution(d->actor[actor])[0] != 0)
            continue;
        capability[i] = of_state(w, d->actor_name[actor]);
        if (ent__is_undefined(capability[i]))
            return ent__error_set(err, ENT_ERR_SCENARIO, "", 0, 0, "the rule %s: '%.60s' %s",
                                  ent_capability_rule_word(w->rule), d->actor_name[actor], w->problem);
        largest = capability[i] > largest ? capability[i] : largest;
    }
    for (size_t i = w->issue->first; i < w->issue->first + w->issue->n; i++) {
        const char *name = institution(d->actor[d->stance[i].actor]);
        if (name[0] != 0)
            capability[i] = name[0] == 'e' && !w->issue->codecision ? 0 : largest;
    }
    return ENT_OK;
}

static ent_status take_given(double *capability, const ent_decisions *d, ent_error *err)
{
    for (size_t k = 0; k < d->issues; k++)
        for (size_t i = d->issue[k].first; i < d->issue[k].first + d->issue[k].n; i++) {
            if (ent__is_undefined(d->stance[i].capability))
                return ent__error_set(err, ENT_ERR_SCENARIO, "", 0, 0,
                                      "the rule given: '%.60s' has no capability on the issue '%.60s'; a column 'capability' states it",
                                      d->actor[d->stance[i].actor], d->issue[k].id);
            capability[i] = d->stance[i].capability;
        }
    return ENT_OK;
}

ent_status ent_decisions_capability(double *capability, const ent_decisions *decisions, ent_capability_rule rule,
                                    ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(capability != NULL && decisions != NULL && (unsigned)rule < ENT_CAPABILITY_COUNT, ENT_ERR_ARGUMENT,
                "a rule of capability is one of equal, votes, population, gdp, given");
    if (rule == ENT_CAPABILITY_GIVEN)
        return take_given(capability, decisions, err);
    weighing w = {.all = (const ent__decisions *)decisions, .rule = rule};
    for (size_t i = 0; i < decisions->stances; i++)
        capability[i] = 1;
    for (size_t k = 0; k < decisions->issues && rule != ENT_CAPABILITY_EQUAL; k++) {
        w.issue = &decisions->issue[k];
        ENT_TRY(weigh(capability, &w, err));
    }
done:
    return status;
}
