/* What the report tells of models in use (docs/report-data.md: decisions, power, burdens, memberships, deterrence,
 * capability, wars): their quantities put together as series by year or month, and as values by actor. */
#include "results/results.h"

#include "core/elementary.h"
#include "entente/vote.h"
#include "findings/findings.h"

#include <stdio.h>
#include <string.h>

typedef struct telling { /* one model in use */
    ent__json *json;
    const ent_plan *plan;
    const ent_results *results;
    const ent__plan_use *use;
    const ent_model *model;
} telling;

static const char *const arm_name[ENT_ARM_COUNT] = {"without", "with", "taken"};

/* Six decimals are far beyond any error, and keep the page small. */
static void rounded(ent__json *json, double x)
{
    double scale = x < 1000 && x > -1000 ? 1e6 : 1e3;
    ent__json_number(json, ent__is_finite(x) ? ent_floor(x * scale + 0.5) / scale : x);
}

static void member_text(const telling *t, const char *key, const char *text)
{
    ent__json_key(t->json, key);
    ent__json_text(t->json, text);
}

static void member_number(const telling *t, const char *key, double x)
{
    ent__json_key(t->json, key);
    rounded(t->json, x);
}

static void open(const telling *t, const char *key, char bracket)
{
    ent__json_key(t->json, key);
    ent__json_open(t->json, bracket);
}

static int32_t output_of(const telling *t, const char *name)
{
    for (size_t o = 0; o < t->model->n_outputs; o++)
        if (strcmp(t->model->outputs[o].name, name) == 0)
            return (int32_t)o;
    return -1;
}

/* The next quantity of an output (of an actor, or -1; of an event) from `at` on, or the end. */
static int32_t next(const telling *t, int32_t at, int32_t output, int32_t actor, int32_t event)
{
    int32_t end = t->use->quantity + t->use->n_quantities;
    for (; at < end; at++) {
        const ent__plan_quantity *q = &t->plan->quantities[at];
        if (q->output == output && q->actor == actor && q->event == event)
            return at;
    }
    return end;
}

static int32_t end_of(const telling *t) { return t->use->quantity + t->use->n_quantities; }

/* Any quantity of an output. */
static int32_t first_of(const telling *t, int32_t output)
{
    int32_t at = t->use->quantity;
    while (at < end_of(t) && t->plan->quantities[at].output != output)
        at++;
    return at;
}

/* --- series and points ---------------------------------------------------------------------------- */

enum { MEAN = -1, MC_ERROR = -2, LAST = 0 };

static double statistic(const ent_summary *s, int which)
{
    return which == MEAN ? s->mean : which == MC_ERROR ? s->mc_error : s->quantile[which];
}

static void list_of(const telling *t, const char *key, int which, int32_t output, int32_t actor, int32_t event, int arm)
{
    int32_t q = next(t, t->use->quantity, output, actor, event);
    open(t, key, '[');
    if (t->use->months > 0)
        for (; q < end_of(t); q = next(t, q + 1, output, actor, event))
            rounded(t->json, statistic(&t->results->quantity[q].arm[arm], which));
    for (int32_t y = 0; t->use->months == 0 && y < (t->use->years > 0 ? t->use->years : 1); y++) {
        bool told = q < end_of(t) && (t->use->years == 0 || t->plan->quantities[q].year == t->use->first_year + y);
        rounded(t->json, told ? statistic(&t->results->quantity[q].arm[arm], which) : ENT_UNDEFINED);
        q = told ? next(t, q + 1, output, actor, event) : q;
    }
    ent__json_close(t->json, ']');
}

/* An output by year or month in all arms; one arm stands for all where the document does not reach it. */
static void series_arms(const telling *t, const char *name, int32_t actor, int32_t event)
{
    static const struct { const char *key; int which; } column[] = {{"mean", MEAN}, {"mc_error", MC_ERROR}, {"p05", 0}, {"p25", 1},
                                                                    {"p50", 2},     {"p75", 3},             {"p95", 4}};
    int32_t output = output_of(t, name), first = output >= 0 ? next(t, t->use->quantity, output, actor, event) : end_of(t);
    bool moves = false, detail = false;
    for (int32_t q = first; q < end_of(t); q = next(t, q + 1, output, actor, event)) {
        moves = moves || t->results->quantity[q].moves;
        detail = detail || t->plan->quantities[q].detail;
    }
    for (int arm = 0; arm < ENT_ARM_COUNT && first < end_of(t); arm++) {
        if (!moves && arm != ENT_ARM_WITH)
            continue;
        open(t, arm_name[arm], '{');
        for (size_t k = 0; k < (detail ? 2 : ENT_COUNT(column)); k++)
            list_of(t, column[k].key, column[k].which, output, actor, event, arm);
        ent__json_close(t->json, '}');
    }
}

static void series(const telling *t, const char *key, const char *name, int32_t actor, int32_t event)
{
    open(t, key, '{');
    series_arms(t, name, actor, event);
    ent__json_close(t->json, '}');
}

static void point(const telling *t, const ent_summary *s)
{
    member_number(t, "mean", s->mean);
    member_number(t, "mc_error", s->mc_error);
    member_number(t, "p05", s->quantile[0]);
    member_number(t, "p50", s->quantile[2]);
    member_number(t, "p95", s->quantile[4]);
    member_number(t, "undefined", s->undefined);
}

/* The arms of one quantity, as members of an object that is open. */
static void points(const telling *t, int32_t q)
{
    const ent_quantity_view *view = &t->results->quantity[q];
    for (int arm = 0; arm < ENT_ARM_COUNT; arm++) {
        if (!view->moves && arm != ENT_ARM_WITH)
            continue;
        open(t, arm_name[arm], '{');
        point(t, &view->arm[arm]);
        ent__json_close(t->json, '}');
    }
}

/* The quantity of an output in a year; LAST: in the last one there is. */
static int32_t of_year(const telling *t, const char *name, int32_t actor, int32_t year)
{
    int32_t output = output_of(t, name), found = end_of(t);
    for (int32_t q = output >= 0 ? next(t, t->use->quantity, output, actor, 0) : end_of(t); q < end_of(t); q = next(t, q + 1, output, actor, 0)) {
        if (year == LAST || t->plan->quantities[q].year == year || t->plan->quantities[q].year == 0)
            found = q;
    }
    return found;
}

static void point_of(const telling *t, const char *key, const char *name, int32_t actor, int32_t year)
{
    int32_t q = of_year(t, name, actor, year);
    if (q == end_of(t))
        return;
    open(t, key, '{');
    points(t, q);
    ent__json_close(t->json, '}');
}

/* [{actor, arms}]: an output of each actor on an axis, in one year. */
static void by_actor(const telling *t, const char *key, const char *name, int axis, int32_t year)
{
    open(t, key, '[');
    for (int32_t i = 0; i < t->use->n_axis[axis]; i++) {
        int32_t actor = t->plan->indices[t->use->axis[axis] + i], q = of_year(t, name, actor, year);
        if (q == end_of(t))
            continue;
        ent__json_open(t->json, '{');
        member_text(t, "actor", ent__plan_text(t->plan, t->plan->actors[actor].id));
        points(t, q);
        ent__json_close(t->json, '}');
    }
    ent__json_close(t->json, ']');
}

static void years(const telling *t)
{
    open(t, "years", '[');
    for (int32_t y = 0; y < (t->use->years > 0 ? t->use->years : 1); y++)
        ent__json_whole(t->json, t->use->years > 0 ? t->use->first_year + y : t->plan->head->start);
    ent__json_close(t->json, ']');
}

static void head(const telling *t)
{
    member_text(t, "id", ent__plan_text(t->plan, t->use->id));
    member_text(t, "title", ent__plan_text(t->plan, t->use->title));
}

/* --- decisions and power -------------------------------------------------------------------------- */

static void decision(const telling *t)
{
    const ent__plan_use *use = t->use;
    head(t);
    member_text(t, "group", ent__plan_text(t->plan, use->group));
    ent__json_key(t->json, "members");
    ent__json_whole(t->json, use->n_axis[0]);
    member_text(t, "issue", use->issue >= 0 ? ent__plan_text(t->plan, t->plan->issues[use->issue].id) : "");
    member_number(t, "from", use->from);
    member_number(t, "to", use->to);
    member_text(t, "rule", ent__plan_text(t->plan, use->rule));
    ent__json_key(t->json, "rounds");
    ent__json_whole(t->json, use->rounds);
    years(t);
    open(t, "asked", '[');
    for (int32_t i = 0; i < use->n_asked; i++)
        ent__json_whole(t->json, t->plan->indices[use->asked + i]);
    ent__json_close(t->json, ']');
    series(t, "by_year", "by_year", -1, 0);
    series(t, "chance", "chance", -1, 0);
    int32_t asked = use->n_asked > 0 && use->years > 0 ? t->plan->indices[use->asked + use->n_asked - 1] : LAST;
    by_actor(t, "blocks", "blocks", 0, asked);
    by_actor(t, "accept", "accept", 0, asked);
    int32_t low = of_year(t, "gridlock_low", -1, asked), high = of_year(t, "gridlock_high", -1, asked);
    if (low < end_of(t) && high < end_of(t)) {
        open(t, "gridlock", '{');
        for (int k = 0; k < 2; k++) {
            open(t, k == 0 ? "low" : "high", '{');
            point(t, &t->results->quantity[k == 0 ? low : high].arm[ENT_ARM_WITH]);
            ent__json_close(t->json, '}');
        }
        ent__json_close(t->json, '}');
    }
    point_of(t, "expected_time", "expected_time", -1, LAST);
}

/* The power of members whose votes weigh unequally; a rule under which all are alike says nothing. */
static void power(const telling *t)
{
    enum { MOST = 60 };
    if (t->use->plan_rule < 0 || t->use->n_axis[0] > MOST)
        return;
    const ent__plan_rule *from = &t->plan->rules[t->use->plan_rule];
    ent_rule rule = ent__plan_rule_of(t->plan->rule_nodes, t->plan->rule_parts, from);
    double weight[MOST] = {0};
    bool unlike = false;
    for (int32_t k = 0; rule.nodes == 1 && k < rule.parts; k++)
        weight[rule.part[k].unit] = rule.part[k].weight;
    for (int32_t i = 1; i < rule.members; i++)
        unlike = unlike || weight[i] != weight[0];
    ent_power *found = NULL;
    if (!unlike || ent_power_indices(&found, &rule, NULL, NULL) != ENT_OK)
        return;
    ent__json_open(t->json, '{');
    head(t);
    member_text(t, "rule", ent__plan_text(t->plan, t->use->rule));
    member_text(t, "method", ent_power_method_text(found->method));
    open(t, "members", '[');
    for (int32_t i = 0; i < rule.members; i++) {
        int32_t actor = t->plan->indices[t->use->axis[0] + i];
        ent__json_open(t->json, '{');
        member_text(t, "actor", ent__plan_text(t->plan, t->plan->actors[actor].id));
        member_number(t, "weight", weight[i]);
        ent__json_key(t->json, "veto");
        ent__json_bool(t->json, found->prevent[i] == 1);
        member_number(t, "shapley_shubik", found->shapley_shubik[i]);
        member_number(t, "banzhaf", found->banzhaf[i]);
        member_number(t, "error", found->shapley_shubik_error != NULL ? found->shapley_shubik_error[i] : 0);
        ent__json_close(t->json, '}');
    }
    ent__json_close(t->json, ']');
    ent__json_close(t->json, '}');
    ent_power_free(found);
}

/* --- the alliance --------------------------------------------------------------------------------- */

static void unit_of(const telling *t, const char *output)
{
    int32_t o = output_of(t, output);
    int32_t q = o >= 0 ? first_of(t, o) : end_of(t);
    member_text(t, "unit", q < end_of(t) ? ent__plan_text(t->plan, t->plan->quantities[q].unit) : "");
}

static double mean_with(const telling *t, int32_t q)
{
    return q < end_of(t) ? t->results->quantity[q].arm[ENT_ARM_WITH].mean : ENT_UNDEFINED;
}

static void burden(const telling *t)
{
    head(t);
    unit_of(t, "spending");
    years(t);
    open(t, "members", '[');
    for (int32_t i = 0; i < t->use->n_axis[1]; i++) {
        int32_t actor = t->plan->indices[t->use->axis[1] + i];
        ent__json_open(t->json, '{');
        member_text(t, "actor", ent__plan_text(t->plan, t->plan->actors[actor].id));
        member_number(t, "gdp_share", mean_with(t, of_year(t, "income_share", actor, LAST)));
        series(t, "burden", "burden", actor, 0);
        point_of(t, "alone", "alone_burden", actor, LAST);
        point_of(t, "free_ride", "free_ride", actor, LAST);
        ent__json_close(t->json, '}');
    }
    ent__json_close(t->json, ']');
    series(t, "under_provision", "under_provision", -1, 0);
    series(t, "rank_correlation", "rank_correlation", -1, 0);
}

static void membership(const telling *t)
{
    head(t);
    ent__json_key(t->json, "year");
    ent__json_whole(t->json, t->use->years > 0 ? t->use->first_year + t->use->years - 1 : t->plan->head->start);
    open(t, "members", '[');
    for (int axis = 1; axis <= 2; axis++) {
        for (int32_t i = 0; i < t->use->n_axis[axis]; i++) {
            int32_t actor = t->plan->indices[t->use->axis[axis] + i], q = of_year(t, "equivalent", actor, LAST);
            if (q == end_of(t))
                continue;
            ent__json_open(t->json, '{');
            member_text(t, "actor", ent__plan_text(t->plan, t->plan->actors[actor].id));
            ent__json_key(t->json, "candidate");
            ent__json_bool(t->json, axis == 2);
            open(t, "equivalent", '{');
            points(t, q);
            ent__json_close(t->json, '}');
            ent__json_close(t->json, '}');
        }
    }
    ent__json_close(t->json, ']');
}

static void deterrence(const telling *t)
{
    head(t);
    member_text(t, "challenger", ent__plan_text(t->plan, t->use->side[0]));
    years(t);
    series(t, "challenge", "challenge", -1, 0);
    series(t, "force", "force", -1, 0);
    ent__json_key(t->json, "honour_year");
    ent__json_whole(t->json, t->use->years > 0 ? t->use->first_year + t->use->years - 1 : t->plan->head->start);
    by_actor(t, "honour", "honour", 1, LAST);
}

/* Twenty years, each for 5 % of the draws, in order: those in which it is never enough come last, as null. */
static void closed_in(const telling *t, const ent_summary *s)
{
    double never = s->undefined;
    open(t, "dots", '[');
    for (int i = 0; i < 20; i++) {
        double p = (i + 0.5) / 20;
        int at = never < 1 && p < 1 - never ? (int)(p / (1 - never) * 20) : 20; /* the dots are of the draws in which it is */
        ent__json_number(t->json, at < 20 ? ent_floor(s->dot[at] + 0.5) : ENT_UNDEFINED);
    }
    ent__json_close(t->json, ']');
    member_number(t, "never", never);
    member_number(t, "mc_error", ent_sqrt(never * (1 - never) / ent_results_facts(t->results).effective_draws));
}

static void capability(const telling *t)
{
    head(t);
    unit_of(t, "remaining");
    member_text(t, "without_ally", t->use->without_ally >= 0 ? ent__plan_text(t->plan, t->plan->actors[t->use->without_ally].id) : "");
    years(t);
    series(t, "stock", "remaining", -1, 0);
    series(t, "required", "level", -1, 0);
    int32_t q = of_year(t, "first_closed", -1, LAST);
    if (q < end_of(t)) {
        const ent_quantity_view *view = &t->results->quantity[q];
        open(t, "first_closed", '{');
        for (int arm = 0; arm < ENT_ARM_COUNT; arm++) {
            if (!view->moves && arm != ENT_ARM_WITH)
                continue;
            open(t, arm_name[arm], '{');
            closed_in(t, &view->arm[arm]);
            ent__json_close(t->json, '}');
        }
        ent__json_close(t->json, '}');
    }
    point_of(t, "window", "window", -1, LAST);
}

/* --- the war -------------------------------------------------------------------------------------- */

static void month(const telling *t, const char *key, int32_t at)
{
    char text[16];
    snprintf(text, sizeof text, "%04d-%02d", (int)(at / 12), (int)(at % 12 + 1));
    member_text(t, key, text);
}

static const char *event_name(const telling *t, int32_t q)
{
    const char *name = ent__plan_text(t->plan, t->plan->quantities[q].name), *dot = strchr(name, '.');
    return dot != NULL ? dot + 1 : name;
}

static void war(const telling *t)
{
    static const char *const state[] = {"fighting", "settled", "frozen", "collapse_a", "collapse_b"};
    static const char *const other[] = {"line", "concession", "leverage_a", "leverage_a_no_aid"};
    head(t);
    member_text(t, "a", ent__plan_text(t->plan, t->use->side[0]));
    member_text(t, "b", ent__plan_text(t->plan, t->use->side[1]));
    month(t, "start", t->use->start_month);
    ent__json_key(t->json, "months");
    ent__json_whole(t->json, t->use->months);
    if (t->use->seen_month >= 0)
        month(t, "known", t->use->start_month + t->use->seen_month);
    open(t, "states", '{');
    for (size_t k = 0; k < ENT_COUNT(state); k++)
        series(t, state[k], state[k], -1, 0);
    ent__json_close(t->json, '}');
    for (size_t k = 0; k < ENT_COUNT(other); k++)
        series(t, other[k], other[k], -1, 0);
    open(t, "events", '[');
    int32_t output = output_of(t, "events");
    for (int32_t e = 0; output >= 0; e++) {
        int32_t q = next(t, t->use->quantity, output, -1, e);
        if (q == end_of(t))
            break;
        char id[128];
        snprintf(id, sizeof id, "%.*s", (int)strcspn(event_name(t, q), "["), event_name(t, q));
        ent__json_open(t->json, '{');
        member_text(t, "id", id);
        series_arms(t, "events", -1, e);
        ent__json_close(t->json, '}');
    }
    ent__json_close(t->json, ']');
}

/* --- all of them ---------------------------------------------------------------------------------- */

void ent__json_rooms(ent__json *json, const ent_results *results)
{
    static const struct { const char *key, *model; void (*tell)(const telling *); } part[] = {
        {"decisions", "consent", decision},         {"burdens", "burden_sharing", burden},
        {"memberships", "membership", membership},  {"deterrence", "deterrence", deterrence},
        {"capability", "capability", capability},   {"wars", "war", war}};
    const ent_plan *plan = results->plan;
    for (size_t p = 0; p <= ENT_COUNT(part); p++) {
        ent__json_key(json, p < ENT_COUNT(part) ? part[p].key : "power");
        ent__json_open(json, '[');
        for (int32_t u = 0; u < plan->n_uses; u++) {
            telling t = {json, plan, results, &plan->uses[u], ent_model_find(ent__plan_text(plan, plan->uses[u].model))};
            bool its = t.model != NULL && strcmp(t.model->name, p < ENT_COUNT(part) ? part[p].model : "consent") == 0;
            if (its && p == ENT_COUNT(part))
                power(&t);
            if (!its || p == ENT_COUNT(part))
                continue;
            ent__json_open(json, '{');
            part[p].tell(&t);
            ent__json_close(json, '}');
        }
        ent__json_close(json, ']');
    }
}
