/* What the report tells beside the numbers (docs/report-data.md): the scenario, its document, who stands where, what is
 * known, the models, the causal map, the files. It comes from the plan, which was made with it. */
#include "results/results.h"

#include "findings/findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct story {
    ent__json *json;
    const ent_plan *plan;
    const ent_results *results;
} story;

static void member(const story *s, const char *key, ent__text at)
{
    ent__json_key(s->json, key);
    ent__json_text(s->json, ent__plan_text(s->plan, at));
}

static void piece(const story *s, const char *key, ent__text at)
{
    ent__json_key(s->json, key);
    ent__json_raw(s->json, ent__plan_text(s->plan, at));
}

static void member_number(const story *s, const char *key, double x)
{
    ent__json_key(s->json, key);
    ent__json_number(s->json, x);
}

static void scenario(const story *s)
{
    const ent__plan_head *head = s->plan->head;
    char hash[17];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)ent_results_facts(s->results).hash);
    ent__json_key(s->json, "scenario");
    ent__json_open(s->json, '{');
    member(s, "id", head->scenario);
    member(s, "title", head->title);
    member(s, "about", head->about);
    member(s, "brief_html", head->brief_html);
    ent__json_key(s->json, "hash");
    ent__json_text(s->json, hash);
    ent__json_key(s->json, "start");
    ent__json_whole(s->json, head->start);
    ent__json_key(s->json, "years");
    ent__json_whole(s->json, head->years);
    piece(s, "limits", head->limits_json);
    ent__json_close(s->json, '}');
}

static void document(const story *s)
{
    const ent__plan_head *head = s->plan->head;
    ent__json_key(s->json, "document");
    if (!head->has_document) {
        ent__json_raw(s->json, "null");
        return;
    }
    ent__json_open(s->json, '{');
    member(s, "title", head->document_title);
    member(s, "issuer", head->document_issuer);
    member(s, "date", head->document_date);
    member(s, "source", head->document_source);
    ent__json_close(s->json, '}');
}

/* --- issues -------------------------------------------------------------------------------------- */

static void stance_value(const story *s, const char *key, ent__text text, int32_t index)
{
    static const char *const name[ENT_ARM_COUNT] = {"without", "with", "taken"};
    ent_quantity_view q = ent_results_quantity(s->results, (size_t)index);
    ent__json_key(s->json, key);
    ent__json_open(s->json, '{');
    member(s, "text", text);
    for (size_t a = 0; a < ENT_ARM_COUNT; a++) {
        ent__json_key(s->json, name[a]);
        ent__json_open(s->json, '{');
        if (q.detail) {
            ent__json_key(s->json, "mean");
            ent__json_number(s->json, q.arm[a].mean);
        } else {
            ent__json_summary(s->json, &q.arm[a], false); /* its dots are with the quantity */
        }
        ent__json_close(s->json, '}');
    }
    ent__json_close(s->json, '}');
}

static void stance(const story *s, const ent__plan_stance *from)
{
    static const char *const part[3] = {"position", "salience", "capability"};
    ent__json_open(s->json, '{');
    member(s, "actor", s->plan->actors[from->actor].id);
    member(s, "source", from->source);
    for (size_t k = 0; k < ENT_COUNT(part); k++)
        stance_value(s, part[k], from->text[k], from->quantity[k]);
    ent__json_close(s->json, '}');
}

static double weight_of(const story *s, const ent__plan_stance *stance)
{
    double salience = ent_results_quantity(s->results, (size_t)stance->quantity[1]).arm[ENT_ARM_WITHOUT].mean;
    double capability = ent_results_quantity(s->results, (size_t)stance->quantity[2]).arm[ENT_ARM_WITHOUT].mean;
    return salience * capability >= 0 ? salience * capability : 0;
}

static int larger_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x > y ? -1 : x < y;
}

/* What a stance must weigh (salience times capability) to be told where there are too many for a page. */
static double least_told(const story *s, const ent__plan_issue *issue)
{
    size_t n = (size_t)issue->n_stances;
    double *weight = n > ENT_REPORT_MAX_STANCES ? ent__alloc(n, sizeof *weight) : NULL, least = 0;
    if (weight == NULL)
        return 0;
    for (size_t k = 0; k < n; k++)
        weight[k] = weight_of(s, &s->plan->stances[issue->stance + (int32_t)k]);
    qsort(weight, n, sizeof *weight, larger_first);
    least = weight[ENT_REPORT_MAX_STANCES - 1];
    ent__free(weight);
    return least;
}

static void settle(const story *s, const ent__plan_issue *issue)
{
    double total = 0;
    for (int32_t k = 0; k < issue->n_choices; k++)
        total += s->plan->numbers[s->plan->choices[issue->choice + k].weight];
    ent__json_key(s->json, "settle");
    ent__json_open(s->json, '[');
    for (int32_t k = 0; k < issue->n_choices; k++) {
        const ent__plan_choice *choice = &s->plan->choices[issue->choice + k];
        ent__json_open(s->json, '{');
        member(s, "model", choice->label);
        member_number(s, "share", s->plan->numbers[choice->weight] / total);
        ent__json_close(s->json, '}');
    }
    ent__json_close(s->json, ']');
}

static void issue(const story *s, const ent__plan_issue *from)
{
    ent__json_key(s->json, ent__plan_text(s->plan, from->id));
    ent__json_open(s->json, '{');
    member(s, "title", from->title);
    member(s, "question", from->question);
    member(s, "unit", from->unit);
    member_number(s, "low", from->low);
    member_number(s, "high", from->high);
    ent__json_key(s->json, "labels");
    ent__json_open(s->json, '[');
    for (int32_t l = 0; l < from->n_labels; l++) {
        const ent__plan_label *label = &s->plan->labels[from->label + l];
        ent__json_open(s->json, '{');
        member_number(s, "at", label->at);
        member(s, "text", label->text);
        ent__json_close(s->json, '}');
    }
    ent__json_close(s->json, ']');
    member_number(s, "status_quo", from->status_quo);
    settle(s, from);
    ent__json_key(s->json, "stances");
    ent__json_open(s->json, '[');
    double least = least_told(s, from);
    for (int32_t k = 0; k < from->n_stances; k++)
        if (weight_of(s, &s->plan->stances[from->stance + k]) >= least)
            stance(s, &s->plan->stances[from->stance + k]);
    ent__json_close(s->json, ']');
    member_number(s, "stances_total", from->n_stances);
    ent__json_close(s->json, '}');
}

/* --- what is known, models ------------------------------------------------------------------------ */

static void given(const story *s)
{
    ent__json_key(s->json, "given");
    ent__json_open(s->json, '[');
    for (int32_t i = 0; i < s->plan->n_givens; i++) {
        const ent__plan_given *from = &s->plan->givens[i];
        ent__json_open(s->json, '{');
        member(s, "says", from->says);
        member(s, "text", from->text);
        member(s, "source", from->source);
        member_number(s, "share", s->results->given_share[i]);
        ent__json_close(s->json, '}');
    }
    ent__json_close(s->json, ']');
}

static void model(const story *s, const char *label, const ent_model *m)
{
    const struct { const char *key, *text; } text[] = {{"title", m->title},       {"summary", m->summary},
                                                       {"equation", m->equation}, {"citation", m->citation},
                                                       {"accuracy", m->accuracy}, {"cost", m->cost}};
    ent__json_key(s->json, label);
    ent__json_open(s->json, '{');
    for (size_t i = 0; i < ENT_COUNT(text); i++) {
        ent__json_key(s->json, text[i].key);
        ent__json_text(s->json, text[i].text);
    }
    ent__json_close(s->json, '}');
}

static bool told_before(const ent_plan *plan, int32_t choice)
{
    const char *label = ent__plan_text(plan, plan->choices[choice].label);
    for (int32_t k = 0; k < choice; k++)
        if (strcmp(ent__plan_text(plan, plan->choices[k].label), label) == 0)
            return true;
    return false;
}

static void models(const story *s)
{
    ent__json_key(s->json, "models");
    ent__json_open(s->json, '{');
    for (int32_t k = 0; k < s->plan->n_choices; k++) {
        const ent_model *m = ent_model_find(ent__plan_text(s->plan, s->plan->choices[k].model));
        if (m != NULL && !told_before(s->plan, k))
            model(s, ent__plan_text(s->plan, s->plan->choices[k].label), m);
    }
    for (int32_t u = 0; u < s->plan->n_uses; u++) {
        bool told = false;
        for (int32_t k = 0; k < u && !told; k++)
            told = s->plan->uses[k].model == s->plan->uses[u].model;
        const ent_model *m = told ? NULL : ent_model_find(ent__plan_text(s->plan, s->plan->uses[u].model));
        if (m != NULL)
            model(s, m->name, m);
    }
    ent__json_close(s->json, '}');
}

/* --- models with rounds --------------------------------------------------------------------------- */

static void numbers(const story *s, const double *x, size_t n)
{
    ent__json_open(s->json, '[');
    for (size_t i = 0; i < n; i++)
        ent__json_number(s->json, x[i]);
    ent__json_close(s->json, ']');
}

static void member_text(const story *s, const char *key, const char *text)
{
    ent__json_key(s->json, key);
    ent__json_text(s->json, text);
}

static void offer(const story *s, const ent_story_view *v, const ent_story_offer *o)
{
    ent__json_open(s->json, '{');
    ent__json_key(s->json, "round");
    ent__json_whole(s->json, o->round);
    member_text(s, "from", v->actor[o->from]);
    member_text(s, "to", v->actor[o->to]);
    member_text(s, "kind", o->kind);
    member_number(s, "stands", o->stands);
    member_number(s, "asks", o->asks);
    member_number(s, "eu_from", o->eu_from);
    member_number(s, "eu_to", o->eu_to);
    ent__json_key(s->json, "accepted");
    ent__json_bool(s->json, o->accepted);
    ent__json_close(s->json, '}');
}

/* Most offers are refused, thousands in a play: told are the REFUSED that were worth most to whoever made them (and those
 * worth as much). The worth from which on they are; all are in the database. */
static double wanted_most(const ent_story *told)
{
    enum { REFUSED = 40 };
    double most[REFUSED];
    size_t n = 0;
    for (size_t k = 0; k < told->n_offers; k++) {
        double worth = told->offer[k].eu_from;
        if (told->offer[k].accepted || !(worth == worth) || (n == REFUSED && worth <= most[n - 1]))
            continue;
        size_t at = n < REFUSED ? n++ : n - 1;
        for (; at > 0 && most[at - 1] < worth; at--)
            most[at] = most[at - 1];
        most[at] = worth;
    }
    return n == REFUSED ? most[n - 1] : -__builtin_inf();
}

static void rounds(const story *s, const ent_story_view *v)
{
    const ent_story *told = v->story;
    size_t states = (size_t)told->rounds + 1;
    ent__json_open(s->json, '{');
    member_text(s, "issue", v->issue);
    member_text(s, "model", v->model);
    member_text(s, "arm", v->arm == ENT_ARM_WITHOUT ? "without" : "taken");
    member_text(s, "stop", ent_stop_word(told->stop));
    member_number(s, "outcome", told->outcome);
    ent__json_key(s->json, "actors");
    ent__json_open(s->json, '[');
    for (size_t i = 0; i < told->n; i++)
        ent__json_text(s->json, v->actor[i]);
    ent__json_close(s->json, ']');
    ent__json_key(s->json, "positions");
    ent__json_open(s->json, '[');
    for (size_t r = 0; r < states; r++)
        numbers(s, told->position + r * told->n, told->n);
    ent__json_close(s->json, ']');
    ent__json_key(s->json, "median");
    numbers(s, told->median, states);
    ent__json_key(s->json, "mean");
    numbers(s, told->mean, states);
    double least = wanted_most(told);
    size_t refused = 0;
    ent__json_key(s->json, "offers");
    ent__json_open(s->json, '[');
    for (size_t k = 0; k < told->n_offers; k++) {
        bool told_here = told->offer[k].accepted || told->offer[k].eu_from >= least;
        refused += !told->offer[k].accepted;
        if (told_here)
            offer(s, v, &told->offer[k]);
    }
    ent__json_close(s->json, ']');
    ent__json_key(s->json, "refused");
    ent__json_whole(s->json, (int64_t)refused);
    ent__json_close(s->json, '}');
}

void ent__json_story(ent__json *json, const ent_results *results)
{
    const story s = {json, results->plan, results};
    const ent__plan_head *head = s.plan->head;
    scenario(&s);
    document(&s);
    piece(&s, "actors", head->actors_json);
    piece(&s, "groups", head->groups_json);
    ent__json_key(json, "issues");
    ent__json_open(json, '{');
    for (int32_t i = 0; i < s.plan->n_issues; i++)
        issue(&s, &s.plan->issues[i]);
    ent__json_close(json, '}');
    given(&s);
    models(&s);
    ent__json_rooms(json, results);
    ent__json_key(json, "stories");
    ent__json_open(json, '[');
    for (size_t i = 0; i < ent_results_story_count(results); i++) {
        const ent_story_view v = ent_results_story(results, i);
        rounds(&s, &v);
    }
    ent__json_close(json, ']');
    piece(&s, "graph", head->graph_json);
    piece(&s, "files", head->files_json);
}

ent_status ent__results_are_whole(const ent_results *results, ent_error *err)
{
    return !results->brief ? ENT_OK : ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "a brief run tells too little for a report or a database");
}

ent_status ent__results_plan(unsigned char **bytes, size_t *length, const ent_results *results, ent_error *err)
{
    /* Of the run, which may have had another seed than the scenario's: who runs the plan again draws the same numbers. */
    ent_plan plan = *results->plan;
    ent__plan_head head = *plan.head;
    head.seed = ent_results_facts(results).seed;
    plan.head = &head;
    return ent_plan_save(bytes, length, &plan, err);
}
