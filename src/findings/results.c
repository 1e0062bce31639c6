/* From a plan to results: what to keep, the run, and the views that everything outside reads. */
#include "findings/findings.h"

#include "core/elementary.h"

#include <string.h>

const char *ent_verdict_text(ent_verdict verdict)
{
    static const char *const text[ENT_VERDICT_COUNT] = {
        [ENT_VERDICT_FOLLOWS] = "follows",
        [ENT_VERDICT_LEANS_TO] = "leans to",
        [ENT_VERDICT_OPEN] = "open",
        [ENT_VERDICT_LEANS_AGAINST] = "leans against",
        [ENT_VERDICT_DOES_NOT_FOLLOW] = "does not follow",
        [ENT_VERDICT_DEPENDS] = "depends on the model",
        [ENT_VERDICT_UNTESTED] = "not yet tested"};
    return verdict >= 0 && verdict < ENT_VERDICT_COUNT ? text[verdict] : "unknown verdict";
}

const char *ent_verdict_glyph(ent_verdict verdict)
{
    static const char *const glyph[ENT_VERDICT_COUNT] = {
        [ENT_VERDICT_FOLLOWS] = "\u25b2",         [ENT_VERDICT_LEANS_TO] = "\u25b3",
        [ENT_VERDICT_OPEN] = "\u25cb",            [ENT_VERDICT_LEANS_AGAINST] = "\u25bd",
        [ENT_VERDICT_DOES_NOT_FOLLOW] = "\u25bc", [ENT_VERDICT_DEPENDS] = "\u25c6",
        [ENT_VERDICT_UNTESTED] = "\u00b7"};
    return verdict >= 0 && verdict < ENT_VERDICT_COUNT ? glyph[verdict] : "?";
}

static const char *text_of(const ent_results *r, ent__text text) { return ent__plan_text(r->plan, text); }

/* --- facts ---------------------------------------------------------------------------------------- */

static size_t count_models(const ent_plan *plan)
{
    ent__text known[64];
    size_t n = 0;
    for (int32_t k = 0; k < plan->n_choices + plan->n_uses; k++) {
        ent__text model = k < plan->n_choices ? plan->choices[k].model : plan->uses[k - plan->n_choices].model;
        bool seen = false;
        for (size_t i = 0; i < n && !seen; i++)
            seen = known[i] == model; /* texts are pooled: one text, one offset */
        if (!seen && n < ENT_COUNT(known))
            known[n++] = model;
    }
    return n;
}

static size_t count_uncertain(const ent_plan *plan)
{
    size_t n = 0;
    for (int32_t i = 0; i < plan->n_inputs; i++)
        n += plan->inputs[i].uncertain != 0;
    return n;
}

static const char *command_of(ent_results *r)
{
    const ent__plan_head *head = r->plan->head;
    ent__buffer line = {0};
    ent__buffer_text(&line, "entente run ");
    ent__buffer_shell(&line, text_of(r, head->folder));
    ent__buffer_printf(&line, " --draws %lld --seed %llu", (long long)r->ensemble->draws,
                       (unsigned long long)r->ensemble->seed);
    if (r->ensemble->counted && r->ensemble->draws <= ENT_EXACT_DRAWS)
        ent__buffer_text(&line, " --counts");
    ent__buffer_text(&line, text_of(r, head->settings));
    const char *text = line.failed ? NULL : ent__arena_text(r->arena, line.data, line.length);
    ent__buffer_free(&line);
    return text;
}

static bool fill_facts(ent_results *r)
{
    const ent_plan *plan = r->plan;
    const ent__ensemble *e = r->ensemble;
    const ent__moments *all = &e->moments[r->everything];
    r->facts = (ent_run_facts){ /* the counts are of what is told: a brief run tells no inputs */
        .scenario = text_of(r, plan->head->scenario), .title = text_of(r, plan->head->title), .version = ENT_VERSION,
        .document = text_of(r, plan->head->document_title), .issuer = text_of(r, plan->head->document_issuer),
        .command = command_of(r), .folder = text_of(r, plan->head->folder), .seed = e->seed, .hash = plan->head->hash, .draws = e->draws, .draws_asked = e->asked,
        .interrupted = e->interrupted, .counted = e->counted, .has_document = plan->head->has_document != 0, .has_given = plan->n_givens > 0,
        .effective_draws = e->weighted ? (all->square > 0 ? all->weight * all->weight / all->square : 0) : (double)e->draws,
        .log_evidence = e->weighted ? (all->weight > 0 ? ent_log(all->weight / (double)e->draws) : ENT_UNDEFINED) : 0,
        .inputs = r->brief ? 0 : (size_t)plan->n_inputs, .uncertain = count_uncertain(plan), .actors = (size_t)plan->n_actors, .issues = (size_t)plan->n_issues,
        .models = count_models(plan), .quantities = r->n_quantities, .claims = (size_t)plan->n_claims,
        .provisions = (size_t)plan->n_provisions};
    return r->facts.command != NULL;
}

/* --- quantities and inputs ------------------------------------------------------------------------ */

static const char *const *reading_models(ent_results *r, int32_t reading, size_t *n)
{
    const ent__reading *list = &r->plan->readings[reading];
    const char **name = ent__arena_alloc(r->arena, (size_t)list->n_choices, sizeof *name);
    *n = name != NULL ? (size_t)list->n_choices : 0;
    for (size_t m = 0; m < *n; m++)
        name[m] = text_of(r, r->plan->choices[list->choice + (int32_t)m].label);
    return name;
}

static bool fill_quantity(ent_quantity_view *to, ent_results *r, const ent__wanted *wanted, int32_t q, double *scratch)
{
    static const char *const kind[] = {"outcome", "stance", "utility", "gain", "derived", "event", "model"};
    const ent__plan_quantity *from = &r->plan->quantities[q];
    const ent__source *source = wanted->quantity + (size_t)q * ENT_ARM_COUNT;
    *to = (ent_quantity_view){.name = text_of(r, from->name), .unit = text_of(r, from->unit), .kind = kind[from->kind],
                              .issue = from->issue >= 0 ? text_of(r, r->plan->issues[from->issue].id) : "",
                              .actor = from->actor >= 0 ? text_of(r, r->plan->actors[from->actor].id) : "",
                              .actor_name = from->actor >= 0 ? text_of(r, r->plan->actors[from->actor].name) : "",
                              .year = from->year, .month = from->month, .detail = from->detail != 0, .headline = from->headline != 0, .known = from->known,
                              .low = from->low, .high = from->high};
    for (int32_t arm = 0; arm < ENT_ARM_COUNT; arm++) {
        int32_t same = 0;
        while (same < arm && source[same].slot != source[arm].slot)
            same++;
        if (same < arm)
            to->arm[arm] = to->arm[same];
        else
            ent__summarise(&to->arm[arm], r->ensemble, &source[arm], scratch);
    }
    to->moves = source[ENT_ARM_TAKEN].slot != source[ENT_ARM_WITHOUT].slot || source[ENT_ARM_WITH].slot != source[ENT_ARM_WITHOUT].slot;
    if (from->reading < 0 || !source[ENT_ARM_WITH].scalar)
        return true;
    to->model = reading_models(r, from->reading, &to->n_models);
    ent_summary *by_model = ent__arena_alloc(r->arena, to->n_models, sizeof *by_model);
    if (to->model == NULL || by_model == NULL)
        return false;
    for (size_t m = 0; m < to->n_models; m++)
        ent__summarise_model(&by_model[m], r->ensemble, &source[ENT_ARM_WITH], wanted->quantity_model[q * ENT_CURVE_BINS + (int32_t)m],
                             wanted->quantity_model_grid[q * ENT_CURVE_BINS + (int32_t)m], from->reading, (int32_t)m, scratch);
    to->by_model = by_model;
    return true;
}

static void fill_input(ent_results *r, const ent__wanted *wanted, int32_t i, double *scratch)
{
    const ent__plan_input *from = &r->plan->inputs[i];
    ent_input_view *to = &r->input[i];
    *to = (ent_input_view){.name = text_of(r, from->name), .label = text_of(r, from->label), .unit = text_of(r, from->unit),
                           .text = text_of(r, from->text), .source = text_of(r, from->source), .why = text_of(r, from->why),
                           .uncertain = from->uncertain != 0};
    ent__summarise(&to->prior, r->ensemble, &wanted->input[2 * i], scratch);
    if (r->ensemble->weighted)
        ent__summarise(&to->weighted, r->ensemble, &wanted->input[2 * i + 1], scratch);
    else
        to->weighted = to->prior;
}

/* --- claims --------------------------------------------------------------------------------------- */

static void fill_overall(ent_results *r, const ent__wanted *wanted, const ent__plan_claim *from, ent_claim_view *to, double *scratch)
{
    to->is_overall = true;
    for (int32_t arm = 0; arm < ENT_ARM_COUNT; arm++) {
        ent_claim_arm *a = &to->arm[arm];
        *a = (ent_claim_arm){.share = ENT_UNDEFINED, .mc_error = ENT_UNDEFINED, .verdict = ENT_VERDICT_UNTESTED, .counted = 1};
        if (from->overall_needs_with && arm == ENT_ARM_WITHOUT)
            continue;
        bool holds;
        ent__overall_value(&to->value[arm], &to->value_error[arm], &holds, r->ensemble, wanted, from->overall, (ent_arm)arm, scratch);
        double value = to->value[arm], error = to->value_error[arm];
        if (value != value)
            continue;
        a->share = holds;
        a->mc_error = 0;
        a->near_threshold = (value < 0 ? -value : value) <= 2 * error;
        a->verdict = a->near_threshold ? ENT_VERDICT_OPEN : holds ? ENT_VERDICT_FOLLOWS : ENT_VERDICT_DOES_NOT_FOLLOW;
    }
}

static bool fill_by_model(ent_results *r, const ent__wanted *wanted, const ent__plan_claim *from, ent_claim_view *to)
{
    if (from->reading < 0)
        return true;
    to->model = reading_models(r, from->reading, &to->n_models);
    ent_claim_arm *by_model = ent__arena_alloc(r->arena, to->n_models, sizeof *by_model);
    if (to->model == NULL || by_model == NULL)
        return false;
    for (size_t m = 0; m < to->n_models; m++) {
        ent__form_source source = {wanted->form_model[from->form * ENT_CURVE_BINS + (int32_t)m], -1, -1, false};
        ent__claim_arm(&by_model[m], r->ensemble, &source);
        by_model[m].counted = to->arm[ENT_ARM_WITH].counted;
    }
    to->by_model = by_model;
    if (ent__models_differ(by_model, to->n_models))
        to->arm[ENT_ARM_WITH].verdict = ENT_VERDICT_DEPENDS;
    return true;
}

static bool fill_readings(ent_results *r, const ent__wanted *wanted, const ent__plan_claim *from, ent_claim_view *to)
{
    size_t n = (size_t)from->n_readings;
    const char **text = ent__arena_alloc(r->arena, n, sizeof *text), **holds = ent__arena_alloc(r->arena, n, sizeof *holds);
    ent_claim_arm *arm = ent__arena_alloc(r->arena, n, sizeof *arm);
    if (text == NULL || holds == NULL || arm == NULL)
        return false;
    for (size_t k = 0; k < n; k++) {
        int32_t f = from->reading_form + (int32_t)k;
        text[k] = text_of(r, r->plan->forms[f].read);
        holds[k] = text_of(r, r->plan->forms[f].text);
        ent__claim_arm(&arm[k], r->ensemble, &wanted->form[f * ENT_ARM_COUNT + ENT_ARM_WITH]);
    }
    to->n_readings = n;
    to->reading_text = text;
    to->reading_holds = holds;
    to->reading = arm;
    return true;
}

static bool fill_numbers(ent_results *r, const ent__wanted *wanted, int32_t i, double *scratch)
{
    const ent__plan_claim *from = &r->plan->claims[i];
    ent_claim_view *to = &r->claim[i];
    *to = (ent_claim_view){.id = text_of(r, from->id), .title = text_of(r, from->title), .who = text_of(r, from->who),
                           .says = text_of(r, from->says), .read = text_of(r, from->read), .where = text_of(r, from->where),
                           .holds = from->form >= 0 ? text_of(r, r->plan->forms[from->form].text) : "",
                           .when = text_of(r, from->when_text), .overall = text_of(r, from->overall_text),
                           .needs = text_of(r, from->needs)};
    for (int32_t arm = 0; arm < ENT_ARM_COUNT; arm++) {
        to->value[arm] = to->value_error[arm] = ENT_UNDEFINED;
        to->arm[arm] = (ent_claim_arm){.share = ENT_UNDEFINED, .mc_error = ENT_UNDEFINED, .verdict = ENT_VERDICT_UNTESTED};
    }
    if (from->overall >= 0) {
        fill_overall(r, wanted, from, to, scratch);
        return fill_readings(r, wanted, from, to);
    }
    if (from->form < 0)
        return fill_readings(r, wanted, from, to);
    for (int32_t arm = 0; arm < ENT_ARM_COUNT; arm++)
        ent__claim_arm(&to->arm[arm], r->ensemble, &wanted->form[from->form * ENT_ARM_COUNT + arm]);
    ent__claim_drivers(r, to, wanted, from->form);
    return fill_by_model(r, wanted, from, to) && fill_readings(r, wanted, from, to);
}

static bool fill_claim(ent_results *r, const ent__wanted *wanted, int32_t i, double *scratch)
{
    bool all = fill_numbers(r, wanted, i, scratch);
    r->claim[i].explanation = all && !r->brief ? ent__claim_explain(r, &r->claim[i]) : "";
    return all && r->claim[i].explanation != NULL;
}

/* --- the rest ------------------------------------------------------------------------------------- */

static void fill_provisions(ent_results *r, const ent__wanted *wanted)
{
    for (int32_t p = 0; p < r->plan->n_provisions; p++) {
        const ent__plan_provision *from = &r->plan->provisions[p];
        bool off = r->plan->head->off >> p & 1;
        const ent__moments *m = wanted->provision[p] >= 0 && !off ? &r->ensemble->moments[wanted->provision[p]] : NULL;
        r->provision[p] = (ent_provision_view){
            .id = text_of(r, from->id), .title = text_of(r, from->title), .says = text_of(r, from->says),
            .takes_hold = off ? "switched off" : text_of(r, from->takes_hold), .changes = text_of(r, from->changes), .binding = from->binding,
            .share = off ? 0 : m != NULL ? m->mean : 1, .share_error = m != NULL ? ent__moments_error(m, r->ensemble->weighted) : 0};
    }
}

static void fill_issues(ent_results *r)
{
    for (int32_t i = 0; i < r->plan->n_issues; i++) {
        const ent__plan_issue *from = &r->plan->issues[i];
        const ent__plan_label *label = r->plan->labels + from->label;
        r->issue[i] = (ent_issue_view){.id = text_of(r, from->id), .title = text_of(r, from->title),
                                       .question = text_of(r, from->question), .unit = text_of(r, from->unit),
                                       .low = from->low, .high = from->high, .status_quo = from->status_quo,
                                       .low_text = from->n_labels > 0 ? text_of(r, label[0].text) : "",
                                       .high_text = from->n_labels > 0 ? text_of(r, label[from->n_labels - 1].text) : ""};
    }
}

static bool make_room(ent_results *r)
{
    const ent_plan *plan = r->plan;
    r->quantity = ent__arena_alloc(r->arena, (size_t)plan->n_quantities, sizeof *r->quantity);
    r->claim = ent__arena_alloc(r->arena, (size_t)plan->n_claims, sizeof *r->claim);
    r->provision = ent__arena_alloc(r->arena, (size_t)plan->n_provisions, sizeof *r->provision);
    r->input = ent__arena_alloc(r->arena, (size_t)plan->n_inputs, sizeof *r->input);
    r->issue = ent__arena_alloc(r->arena, (size_t)plan->n_issues, sizeof *r->issue);
    r->given_share = ent__arena_alloc(r->arena, (size_t)plan->n_givens, sizeof *r->given_share);
    return r->quantity && r->claim && r->provision && r->input && r->issue && r->given_share;
}

static ent_status fill(ent_results *r, const ent__wanted *wanted, ent_error *err)
{
    ent_status status = ENT_OK;
    double *scratch = ent__alloc(ent__summary_scratch(r->ensemble), sizeof *scratch);
    bool all = scratch != NULL && make_room(r);
    if (all) {
        r->everything = wanted->everything;
        for (int32_t i = 0; i < r->plan->n_inputs && !r->brief; i++)
            fill_input(r, wanted, i, scratch);
        for (int32_t q = 0; q < r->plan->n_quantities && all; q++)
            if (!r->brief || ent__is_in_brief(&r->plan->quantities[q]))
                all = fill_quantity(&r->quantity[r->n_quantities++], r, wanted, q, scratch);
        all = all && fill_facts(r);
        for (int32_t i = 0; i < r->plan->n_claims && all; i++)
            all = fill_claim(r, wanted, i, scratch);
        fill_provisions(r, wanted);
        fill_issues(r);
        for (int32_t g = 0; g < r->plan->n_givens; g++)
            r->given_share[g] = r->ensemble->moments[wanted->given[g]].mean;
    }
    ENT_REQUIRE(all, ENT_ERR_MEMORY, "not enough memory for the results of %lld draws", (long long)r->ensemble->draws);
done:
    ent__free(scratch);
    return status;
}

void ent_results_free(ent_results *r)
{
    if (r == NULL)
        return;
    ent__stories_free(r);
    ent__ensemble_free(r->ensemble);
    ent__program_free(r->program);
    ent__arena_free(r->arena);
    ent__free(r);
}

ent_run_facts ent_results_facts(const ent_results *r) { return r->facts; }
ent_quantity_view ent_results_quantity(const ent_results *r, size_t i) { return r->quantity[i]; }
ent_claim_view ent_results_claim(const ent_results *r, size_t i) { return r->claim[i]; }
ent_provision_view ent_results_provision(const ent_results *r, size_t i) { return r->provision[i]; }
ent_input_view ent_results_input(const ent_results *r, size_t i) { return r->input[i]; }
size_t ent_results_use_count(const ent_results *r) { return r->brief ? 0 : (size_t)r->plan->n_uses; }

ent_use_view ent_results_use(const ent_results *r, size_t i)
{
    const ent__plan_use *from = &r->plan->uses[i];
    return (ent_use_view){.id = text_of(r, from->id), .title = text_of(r, from->title), .model = text_of(r, from->model),
                          .group = text_of(r, from->group), .rule = text_of(r, from->rule),
                          .issue = from->issue >= 0 ? text_of(r, r->plan->issues[from->issue].id) : "",
                          .first_year = from->first_year, .years = from->years, .first = (size_t)from->quantity,
                          .count = (size_t)from->n_quantities};
}

size_t ent_results_story_count(const ent_results *r) { return r->n_stories; }
ent_story_view ent_results_story(const ent_results *r, size_t i) { return r->story[i]; }
ent_issue_view ent_results_issue(const ent_results *r, size_t i) { return r->issue[i]; }

ent_status ent__results_fill(ent_results *r, const ent__wanted *wanted, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_TRY(fill(r, wanted, err));
    if (!r->brief)
        ENT_TRY(ent__stories_play(r, err));
    ENT_REQUIRE(!ent__arena_failed(r->arena), ENT_ERR_MEMORY, "not enough memory for the findings");
done:
    return status;
}

ent_status ent_results_attach(ent_results *r, const char *key, const char *json, ent_error *err)
{
    ent_status status = ENT_OK;
    for (size_t i = 0; i < r->n_attached; i++)
        ENT_REQUIRE(strcmp(r->attached[i].key, key) != 0, ENT_ERR_ARGUMENT, "\"%s\" is attached to these results already", key);
    ENT_REQUIRE(r->n_attached < ENT_MOST_ATTACHED, ENT_ERR_ARGUMENT, "at most %d studies are attached to results; \"%.60s\" is one more",
                ENT_MOST_ATTACHED, key);
    ENT_REQUIRE(ent__json_valid(json), ENT_ERR_ARGUMENT,
                "the study \"%.60s\" is no JSON, or has lists and objects more than %d deep in one another", key, ENT_MAX_JSON_DEPTH);
    const char *name = ent__arena_text(r->arena, key, strlen(key)), *text = ent__arena_text(r->arena, json, strlen(json));
    ENT_REQUIRE(name != NULL && text != NULL, ENT_ERR_MEMORY, "not enough memory to attach \"%s\"", key);
    r->attached[r->n_attached].key = name;
    r->attached[r->n_attached++].json = text;
done:
    return status;
}

size_t ent_results_attached(const ent_results *r, size_t i, const char **key, const char **json)
{
    if (i < r->n_attached && key != NULL)
        *key = r->attached[i].key;
    if (i < r->n_attached && json != NULL)
        *json = r->attached[i].json;
    return r->n_attached;
}
