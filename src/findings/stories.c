/* How a model with rounds plays out on an issue: once, at the medians of all stances, without the document and, where it
 * moves a stance, with it taken. One run shows the mechanism; the outcomes over the draws are in the quantities. */
#include "findings/findings.h"

#include "core/random.h"

#include <string.h>

typedef struct table { /* one issue's stances at their medians */
    int32_t n;
    double *position, *salience, *capability;
    const char **actor;
} table;

static bool fill_table(ent_results *r, const ent__plan_issue *issue, ent_arm arm, table *out)
{
    size_t n = (size_t)issue->n_stances;
    double *each[3];
    for (int f = 0; f < 3; f++)
        if ((each[f] = ent__arena_alloc(r->arena, n, sizeof(double))) == NULL)
            return false;
    *out = (table){issue->n_stances, each[0], each[1], each[2], ent__arena_alloc(r->arena, n, sizeof *out->actor)};
    if (out->actor == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        const ent__plan_stance *stance = &r->plan->stances[issue->stance + (int32_t)i];
        out->actor[i] = ent__plan_text(r->plan, r->plan->actors[stance->actor].id);
        for (int f = 0; f < 3; f++)
            each[f][i] = r->quantity[stance->quantity[f]].arm[arm].quantile[2];
    }
    return true;
}

static bool document_moves(const ent_results *r, const ent__plan_issue *issue)
{
    for (int32_t i = 0; i < issue->n_stances; i++)
        for (int f = 0; f < 3; f++)
            if (r->quantity[r->plan->stances[issue->stance + i].quantity[f]].moves)
                return true;
    return false;
}

static bool same_reading_before(const ent_results *r, const ent__plan_issue *issue, int32_t choice)
{
    for (int32_t k = 0; k < choice; k++)
        if (r->plan->choices[issue->choice + k].label == r->plan->choices[issue->choice + choice].label)
            return true;
    return false;
}

/* Plays one; an issue that cannot be played at its medians (every weight zero) has no story. */
static ent_status play(ent_results *r, const ent__plan_issue *issue, int32_t choice, ent_arm arm, ent_error *err)
{
    const ent__plan_choice *reading = &r->plan->choices[issue->choice + choice];
    const char *id = ent__plan_text(r->plan, issue->id);
    table at = {0};
    ent_story *story = ent__arena_alloc(r->arena, 1, sizeof *story);
    if (story == NULL || !fill_table(r, issue, arm, &at))
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to tell the rounds of %s", id);
    const ent_settle_input in = {.n = (size_t)at.n, .position = at.position, .salience = at.salience, .capability = at.capability,
                                 .low = issue->low, .high = issue->high, .status_quo = issue->status_quo,
                                 .option = r->plan->numbers + reading->option, .seed = r->ensemble->seed,
                                 .stream = ent__stream(id, strlen(id), "story")};
    ent_error own = {0};
    ent_status status = ent_settle_story(story, &in, r->program->model[issue->choice + choice], &own);
    if (status == ENT_ERR_MEMORY)
        return ent__error_set(err, status, "", 0, 0, "%s", own.message);
    if (status == ENT_OK)
        r->story[r->n_stories++] = (ent_story_view){id, ent__plan_text(r->plan, reading->label), arm, at.actor, story};
    return ENT_OK;
}

ent_status ent__stories_play(ent_results *r, ent_error *err)
{
    const ent_plan *plan = r->plan;
    ent_status status = ENT_OK;
    size_t most = 0;
    for (int32_t i = 0; i < plan->n_issues; i++)
        most += 2 * (size_t)plan->issues[i].n_choices;
    r->story = ent__arena_alloc(r->arena, most, sizeof *r->story);
    ENT_REQUIRE(r->story != NULL, ENT_ERR_MEMORY, "not enough memory for the rounds of the models");
    for (int32_t i = 0; i < plan->n_issues; i++) {
        const ent__plan_issue *issue = &plan->issues[i];
        for (int32_t c = 0; c < issue->n_choices && issue->choice >= 0 && issue->n_stances <= ENT_REPORT_MAX_STORY; c++) {
            if (r->program->model[issue->choice + c]->story == NULL || same_reading_before(r, issue, c))
                continue;
            ENT_TRY(play(r, issue, c, ENT_ARM_WITHOUT, err));
            if (document_moves(r, issue))
                ENT_TRY(play(r, issue, c, ENT_ARM_TAKEN, err));
        }
    }
done:
    return status;
}

void ent__stories_free(ent_results *r)
{
    for (size_t i = 0; i < r->n_stories; i++)
        ent_story_free((ent_story *)r->story[i].story); /* made here, shown to others as const */
}
