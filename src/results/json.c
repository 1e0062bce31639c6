/* The JSON of `entente run --json`: the plain part of docs/report-data.md. Numbers read back to the same double;
 * undefined is null; the same results give the same bytes. */
#include "results/results.h"

#include <stdio.h>
#include <string.h>

/* --- the writer ---------------------------------------------------------------------------------- */

static void comma(ent__json *json)
{
    if (json->after)
        ent__buffer_add(&json->out, ",", 1);
    json->after = true;
}

void ent__json_key(ent__json *json, const char *key)
{
    if (json->after)
        ent__buffer_add(&json->out, ",", 1);
    ent__buffer_json(&json->out, key, strlen(key));
    ent__buffer_add(&json->out, ":", 1);
    json->after = false;
}

void ent__json_open(ent__json *json, char bracket)
{
    comma(json);
    ent__buffer_add(&json->out, &bracket, 1);
    json->after = false;
}

void ent__json_close(ent__json *json, char bracket)
{
    ent__buffer_add(&json->out, &bracket, 1);
    json->after = true;
}

void ent__json_text(ent__json *json, const char *text)
{
    comma(json);
    ent__buffer_json(&json->out, text, strlen(text));
}

void ent__json_number(ent__json *json, double x)
{
    comma(json);
    if (json->page && ent__is_finite(x)) {
        char text[32];
        ent__buffer_add(&json->out, text, ent__number_people(text, x, 7));
    } else {
        ent__buffer_number(&json->out, x);
    }
}

void ent__json_whole(ent__json *json, int64_t x)
{
    comma(json);
    ent__buffer_printf(&json->out, "%lld", (long long)x);
}

void ent__json_unsigned(ent__json *json, uint64_t x)
{
    comma(json);
    ent__buffer_printf(&json->out, x > UINT64_C(1) << 53 ? "\"%llu\"" : "%llu", (unsigned long long)x);
}

void ent__json_bool(ent__json *json, bool x)
{
    comma(json);
    ent__buffer_text(&json->out, x ? "true" : "false");
}

void ent__json_raw(ent__json *json, const char *text)
{
    comma(json);
    ent__buffer_text(&json->out, text[0] != 0 ? text : "null");
}

static void member_text(ent__json *json, const char *key, const char *text)
{
    ent__json_key(json, key);
    ent__json_text(json, text);
}

static void member_number(ent__json *json, const char *key, double x)
{
    ent__json_key(json, key);
    ent__json_number(json, x);
}

static void member_whole(ent__json *json, const char *key, int64_t x)
{
    ent__json_key(json, key);
    ent__json_whole(json, x);
}

static void member_bool(ent__json *json, const char *key, bool x)
{
    ent__json_key(json, key);
    ent__json_bool(json, x);
}

static void member_open(ent__json *json, const char *key, char bracket)
{
    ent__json_key(json, key);
    ent__json_open(json, bracket);
}

/* --- what is said -------------------------------------------------------------------------------- */

static const char *const QUANTILE[5] = {"p05", "p25", "p50", "p75", "p95"};

void ent__json_summary(ent__json *json, const ent_summary *s, bool with_dots)
{
    member_number(json, "mean", s->mean);
    member_number(json, "sd", s->sd);
    for (size_t i = 0; i < ENT_COUNT(QUANTILE); i++)
        member_number(json, QUANTILE[i], s->quantile[i]);
    member_number(json, "mc_error", s->mc_error);
    member_open(json, "quantile_error", '{');
    for (size_t i = 0; i < ENT_COUNT(QUANTILE); i++)
        member_number(json, QUANTILE[i], s->quantile_error[i]);
    ent__json_close(json, '}');
    member_number(json, "undefined", s->undefined);
    if (!with_dots)
        return;
    member_open(json, "dots", '[');
    for (size_t i = 0; i < ENT_COUNT(s->dot); i++)
        ent__json_number(json, s->dot[i]);
    ent__json_close(json, ']');
}

static void summary_object(ent__json *json, const char *key, const ent_summary *s, bool with_dots)
{
    member_open(json, key, '{');
    ent__json_summary(json, s, with_dots);
    ent__json_close(json, '}');
}

/* Adds again what was written at `from`; in pieces, since adding may move the text. */
static void repeat(ent__json *json, size_t from, size_t length)
{
    char piece[1024];
    for (size_t done = 0; done < length && !json->out.failed;) {
        size_t n = length - done < sizeof piece ? length - done : sizeof piece;
        memcpy(piece, json->out.data + from + done, n);
        ent__buffer_add(&json->out, piece, n);
        done += n;
    }
}

/* The three arms of a quantity; where the document does not reach it they are one text, written once and copied. */
static void arms(ent__json *json, const ent_quantity_view *q)
{
    bool dots = !json->page || q->headline;
    size_t from = json->out.length + (json->after ? 1 : 0);
    ent__json_summary(json, &q->arm[ENT_ARM_WITH], dots);
    size_t length = json->out.length - from;
    static const ent_arm other[] = {ENT_ARM_WITHOUT, ENT_ARM_TAKEN};
    static const char *const name[] = {"without", "taken"};
    for (size_t i = 0; i < ENT_COUNT(other); i++) {
        if (q->moves) {
            summary_object(json, name[i], &q->arm[other[i]], dots);
            continue;
        }
        member_open(json, name[i], '{');
        repeat(json, from, length);
        ent__json_close(json, '}');
    }
}

static void quantity(ent__json *json, const ent_quantity_view *q)
{
    if (q->detail && q->month != 0) /* hundreds of months of which only the mean is known: those are in the database */
        return;
    member_open(json, q->name, '{');
    arms(json, q);
    member_open(json, "by_model", '{');
    for (size_t m = 0; m < q->n_models; m++)
        summary_object(json, q->model[m], &q->by_model[m], !json->page || q->headline);
    ent__json_close(json, '}');
    member_text(json, "unit", q->unit);
    member_text(json, "kind", q->kind);
    member_text(json, "issue", q->issue);
    member_text(json, "actor", q->actor);
    member_whole(json, "year", q->year);
    member_bool(json, "headline", q->headline);
    member_bool(json, "moves", q->moves);
    member_number(json, "known", q->known);
    member_number(json, "low", q->low);
    member_number(json, "high", q->high);
    ent__json_close(json, '}');
}

static void claim_arm(ent__json *json, const ent_claim_arm *a)
{
    member_number(json, "share", a->share);
    member_number(json, "mc_error", a->mc_error);
    member_text(json, "verdict", ent_verdict_text(a->verdict));
    member_bool(json, "near_threshold", a->near_threshold);
    member_number(json, "counted", a->counted);
    member_number(json, "undefined", a->undefined);
}

static void claim_arm_object(ent__json *json, const char *key, const ent_claim_arm *a)
{
    member_open(json, key, '{');
    claim_arm(json, a);
    ent__json_close(json, '}');
}

static void driver(ent__json *json, const ent_driver *d)
{
    ent__json_open(json, '{');
    member_text(json, "input", d->input);
    member_text(json, "label", d->label);
    member_number(json, "strength", d->strength);
    member_number(json, "strength_error", d->strength_error);
    member_open(json, "curve", '[');
    for (int32_t b = 0; b < d->bins; b++) {
        ent__json_open(json, '{');
        if (d->model != NULL) {
            member_text(json, "model", d->model[b]);
        } else {
            member_number(json, "low", d->low[b]);
            member_number(json, "high", d->high[b]);
        }
        member_number(json, "share", d->share[b]);
        member_number(json, "error", d->error[b]);
        ent__json_close(json, '}');
    }
    ent__json_close(json, ']');
    member_number(json, "break_even", d->break_even);
    ent__json_close(json, '}');
}

static void claim_texts(ent__json *json, const ent_claim_view *c)
{
    const struct { const char *key, *text; } text[] = {
        {"title", c->title}, {"who", c->who},   {"says", c->says},       {"read", c->read},  {"where", c->where},
        {"holds", c->holds}, {"when", c->when}, {"overall", c->overall}, {"needs", c->needs}};
    for (size_t i = 0; i < ENT_COUNT(text); i++)
        member_text(json, text[i].key, text[i].text);
}

static void claim(ent__json *json, const ent_claim_view *c)
{
    member_open(json, c->id, '{');
    claim_texts(json, c);
    claim_arm(json, &c->arm[ENT_ARM_WITH]);
    claim_arm_object(json, "without", &c->arm[ENT_ARM_WITHOUT]);
    claim_arm_object(json, "taken", &c->arm[ENT_ARM_TAKEN]);
    member_open(json, "by_model", '{');
    for (size_t m = 0; m < c->n_models; m++)
        claim_arm_object(json, c->model[m], &c->by_model[m]);
    ent__json_close(json, '}');
    member_open(json, "readings", '[');
    for (size_t r = 0; r < c->n_readings; r++) {
        ent__json_open(json, '{');
        member_text(json, "read", c->reading_text[r]);
        member_text(json, "holds", c->reading_holds[r]);
        claim_arm(json, &c->reading[r]);
        ent__json_close(json, '}');
    }
    ent__json_close(json, ']');
    member_open(json, "drivers", '[');
    for (size_t d = 0; d < c->n_drivers; d++)
        driver(json, &c->driver[d]);
    ent__json_close(json, ']');
    member_text(json, "explanation", c->explanation);
    ent__json_close(json, '}');
}

static void provision(ent__json *json, const ent_provision_view *p)
{
    member_open(json, p->id, '{');
    member_text(json, "title", p->title);
    member_text(json, "says", p->says);
    ent__json_key(json, "binding");
    ent__json_raw(json, p->binding < 0 ? "null" : p->binding > 0 ? "true" : "false");
    member_text(json, "takes_hold", p->takes_hold);
    member_number(json, "share", p->share);
    member_number(json, "share_error", p->share_error);
    member_open(json, "changes", '[');
    for (const char *line = p->changes; *line != 0;) {
        size_t length = strcspn(line, "\n");
        comma(json);
        ent__buffer_json(&json->out, line, length);
        line += length + (line[length] != 0);
    }
    ent__json_close(json, ']');
    ent__json_close(json, '}');
}

static void input(ent__json *json, const ent_input_view *v)
{
    const struct { const char *key, *text; } text[] = {
        {"label", v->label}, {"unit", v->unit}, {"text", v->text}, {"source", v->source}, {"why", v->why}};
    member_open(json, v->name, '{');
    for (size_t i = 0; i < ENT_COUNT(text); i++)
        member_text(json, text[i].key, text[i].text);
    member_bool(json, "uncertain", v->uncertain);
    summary_object(json, "prior", &v->prior, !json->page);
    summary_object(json, "weighted", &v->weighted, !json->page);
    ent__json_close(json, '}');
}

static void facts(ent__json *json, const ent_run_facts *f, bool with_scenario)
{
    member_whole(json, "format", 1);
    if (with_scenario) {
        char hash[17];
        snprintf(hash, sizeof hash, "%016llx", (unsigned long long)f->hash);
        member_open(json, "scenario", '{');
        member_text(json, "id", f->scenario);
        member_text(json, "title", f->title);
        member_text(json, "hash", hash);
        ent__json_close(json, '}');
    }
    member_text(json, "version", f->version);
    ent__json_key(json, "seed");
    ent__json_unsigned(json, f->seed);
    member_whole(json, "draws", f->draws);
    member_whole(json, "draws_asked", f->draws_asked);
    member_bool(json, "interrupted", f->interrupted);
    if (f->counted)
        member_bool(json, "counted", true);
    member_number(json, "effective_draws", f->effective_draws);
    member_number(json, "log_evidence", f->log_evidence);
    member_bool(json, "has_given", f->has_given);
    member_bool(json, "has_document", f->has_document);
    const struct { const char *key; size_t count; } count[] = {
        {"inputs", f->inputs},         {"actors", f->actors}, {"issues", f->issues},        {"models", f->models},
        {"quantities", f->quantities}, {"claims", f->claims}, {"provisions", f->provisions}};
    member_open(json, "counts", '{');
    for (size_t i = 0; i < ENT_COUNT(count); i++)
        member_whole(json, count[i].key, (int64_t)count[i].count);
    ent__json_close(json, '}');
    member_text(json, "command", f->command);
}

static bool decides(const ent_results *results, const char *name)
{
    for (size_t c = 0; c < ent_results_facts(results).claims; c++) {
        ent_claim_view claim = ent_results_claim(results, c);
        for (size_t d = 0; d < claim.n_drivers; d++)
            if (strcmp(claim.driver[d].input, name) == 0)
                return true;
    }
    return false;
}

void ent__json_findings(ent__json *json, const ent_results *results, bool with_scenario)
{
    ent_run_facts f = ent_results_facts(results);
    facts(json, &f, with_scenario);
    member_open(json, "quantities", '{');
    for (size_t i = 0; i < f.quantities; i++) {
        ent_quantity_view q = ent_results_quantity(results, i);
        bool series = q.year != 0 && strcmp(q.kind, "model") == 0; /* the page has those as series: rooms.c */
        bool one_of_many = q.detail && q.issue[0] != 0 && strcmp(q.kind, "model") != 0; /* and the weightiest with their issue: story.c */
        if (with_scenario || !(series || one_of_many))
            quantity(json, &q);
    }
    ent__json_close(json, '}');
    member_open(json, "claims", '{');
    for (size_t i = 0; i < f.claims; i++) {
        ent_claim_view c = ent_results_claim(results, i);
        claim(json, &c);
    }
    ent__json_close(json, '}');
    member_open(json, "provisions", '{');
    for (size_t i = 0; i < f.provisions; i++) {
        ent_provision_view p = ent_results_provision(results, i);
        provision(json, &p);
    }
    ent__json_close(json, '}');
    member_open(json, "inputs", '{');
    for (size_t i = 0; i < f.inputs; i++) {
        ent_input_view v = ent_results_input(results, i);
        if (with_scenario || i < ENT_REPORT_MAX_INPUTS || decides(results, v.name))
            input(json, &v);
    }
    ent__json_close(json, '}');
}

ent_status ent_results_json(char **text, size_t *length, const ent_results *results, ent_error *err)
{
    ent__json json = {0};
    ent__json_open(&json, '{');
    ent__json_findings(&json, results, true);
    ent__json_why(&json, results);
    ent__json_close(&json, '}');
    ent__buffer_text(&json.out, "\n");
    if (json.out.failed) {
        ent__buffer_free(&json.out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for the results as JSON");
    }
    *text = json.out.data;
    *length = json.out.length;
    return ENT_OK;
}

ent_status ent_results_report_json(char **text, size_t *length, const ent_results *results, ent_error *err)
{
    ent__json json = {.page = true};
    ent__json_open(&json, '{');
    ent__json_findings(&json, results, false);
    if (ent__results_are_whole(results, NULL) == ENT_OK)
        ent__json_story(&json, results);
    ent__json_why(&json, results);
    ent__json_close(&json, '}');
    if (json.out.failed) {
        ent__buffer_free(&json.out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for the data of the report");
    }
    *text = json.out.data;
    *length = json.out.length;
    return ENT_OK;
}

ent_status ent_results_claims_json(char **text, size_t *length, const ent_results *results, const bool *chosen, ent_error *err)
{
    ent__json json = {0};
    ent_run_facts f = ent_results_facts(results);
    ent__json_open(&json, '{');
    facts(&json, &f, true);
    member_open(&json, "claims", '{');
    for (size_t i = 0; i < f.claims; i++) {
        ent_claim_view c = ent_results_claim(results, i);
        if (chosen[i])
            claim(&json, &c);
    }
    ent__json_close(&json, '}');
    ent__json_close(&json, '}');
    ent__buffer_text(&json.out, "\n");
    if (json.out.failed) {
        ent__buffer_free(&json.out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for the claims as JSON");
    }
    *text = json.out.data;
    *length = json.out.length;
    return ENT_OK;
}
