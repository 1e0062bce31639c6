/* A model of the rooms vote, alliance and war called as one function, over its years, as a plan does step by step
 * (compile/models.c): once before the years with the first year's inputs, where something is given then; once a year,
 * each with what the year before carried on; once after them, with the outputs of all.
 *
 * Where an input has one number for all, it is spread once. An input that is left out is the first year of what it
 * falls back on, or its default, or NULL. Yearly outputs that nobody wants are kept all the same where the last call
 * reads them. */
#include "entente/call.h"

#include "core/core.h"
#include "entente/scenario.h"
#include "entente/vote.h"
#include "plan/plan.h"
#include "war/war.h"

#include <stdio.h>
#include <string.h>

enum { MOST_PORTS = 64, MOST_OPTIONS = 32 };
static const char axes[] = "amlcyte"; /* in the order of ent_axis */

typedef struct caller {
    const ent_model *model;
    const ent_model_input *in;
    size_t years;
    size_t count[ENT_AXIS_COUNT];    /* those given, with one year where none are */
    const double *input[MOST_PORTS]; /* of the first year; NULL: not there */
    size_t stride[MOST_PORTS];       /* from one year to the next; 0: the same every year */
    double *output[MOST_PORTS];
    double option[MOST_OPTIONS];
    double *state;                   /* two rows: before, after */
    size_t n_state;
    void *workspace;
    ent_stop stop;
    ent__arena *arena;
} caller;

size_t ent_port_size(const ent_port *port, const size_t *count, bool one_year)
{
    size_t size = 1;
    for (const char *letter = port->shape; *letter != 0; letter++) {
        const char *at = *letter != ',' ? strchr(axes, *letter) : NULL;
        if (at == NULL)
            continue;
        const bool years = at - axes == ENT_AXIS_YEAR;
        const size_t n = years && (one_year || count[ENT_AXIS_YEAR] == 0) ? 1 : count[at - axes];
        if (n > 0 && size > SIZE_MAX / sizeof(double) / n)
            return SIZE_MAX;
        size *= n;
    }
    return size;
}

bool ent_model_gives(const ent_model *model, size_t output)
{
    return output < model->n_outputs && strcmp(model->outputs[output].unit, "truth") != 0;
}

/* --- what goes in ----------------------------------------------------------------------------------------- */

static ent_status check_range(const caller *c, size_t i, const double *x, size_t n, ent_error *err)
{
    const ent_port *port = &c->model->inputs[i];
    for (size_t k = 0; k < n; k++) {
        char found[32] = "infinite", low[32], high[32] = "", where[64] = "";
        if (ent__is_finite(x[k]) && x[k] >= port->low && x[k] <= port->high)
            continue;
        if (ent__is_finite(x[k]))
            found[ent__number_text(found, x[k])] = 0;
        else if (ent__is_undefined(x[k]))
            strcpy(found, "undefined");
        if (n > 1)
            snprintf(where, sizeof where, " (number %zu of %zu)", k + 1, n);
        if (ent__is_finite(port->low))
            low[ent__number_text(low, port->low)] = 0;
        else
            strcpy(low, "a finite number");
        if (ent__is_finite(port->high))
            high[ent__number_text(high, port->high)] = 0;
        return ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s%s is %s; allowed is %s%s%s", port->name, where, found,
                              low, high[0] != 0 ? " to " : ent__is_finite(port->low) ? " and more" : "", high);
    }
    return ENT_OK;
}

/* n numbers that are all x; NULL without memory. */
static const double *spread(ent__arena *arena, double x, size_t n)
{
    double *to = ent__arena_alloc(arena, n + (n == 0), sizeof *to);
    for (size_t i = 0; to != NULL && i < n; i++)
        to[i] = x;
    return to;
}

static ent_status take(caller *c, size_t i, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_port *port = &c->model->inputs[i];
    const ent_numbers *given = &c->in->input[i];
    const size_t one = ent_port_size(port, c->count, true), all = ent_port_size(port, c->count, false);
    ENT_REQUIRE(all < SIZE_MAX, ENT_ERR_LIMIT, "%s would have too many numbers", port->name);
    if (given->value == NULL) {
        ENT_REQUIRE(!port->required, ENT_ERR_ARGUMENT, "%s needs %s: %s", c->model->name, port->name, port->meaning);
        if (port->falls_back == NULL && !ent__is_undefined(port->fallback)) {
            c->input[i] = spread(c->arena, port->fallback, one);
            ENT_REQUIRE(c->input[i] != NULL, ENT_ERR_MEMORY, "not enough memory for %s", port->name);
        }
        goto done;
    }
    if (one == all)
        ENT_REQUIRE(given->n == 1 || given->n == one, ENT_ERR_ARGUMENT, "%s has %zu numbers; it takes %zu, or one for all",
                    port->name, given->n, one);
    else
        ENT_REQUIRE(given->n == 1 || given->n == one || given->n == all, ENT_ERR_ARGUMENT,
                    "%s has %zu numbers; it takes %zu, %zu a year over %zu years, or one for all", port->name, given->n, one,
                    one, c->years);
    ENT_TRY(check_range(c, i, given->value, given->n, err));
    c->stride[i] = given->n == all && one < all ? one : 0;
    c->input[i] = given->n == 1 && one != 1 ? spread(c->arena, given->value[0], one) : given->value;
    ENT_REQUIRE(c->input[i] != NULL, ENT_ERR_MEMORY, "not enough memory for %s", port->name);
done:
    return status;
}

/* Those that fall back on the first year of another, which is there or not. */
static void fall_back(caller *c)
{
    for (size_t i = 0; i < c->model->n_inputs; i++)
        for (size_t k = 0; c->input[i] == NULL && c->model->inputs[i].falls_back != NULL && k < c->model->n_inputs; k++)
            if (strcmp(c->model->inputs[k].name, c->model->inputs[i].falls_back) == 0)
                c->input[i] = c->input[k];
}

/* The options that were given, else the defaults; in their ranges. */
static ent_status take_options(double *option, const ent_model *model, const double *given, ent_error *err)
{
    ent_status status = ENT_OK;
    ENT_REQUIRE(model->n_options <= MOST_OPTIONS, ENT_ERR_LIMIT, "%s has too many options", model->name);
    ent_model_defaults(option, model);
    for (size_t o = 0; given != NULL && o < model->n_options; o++) {
        const ent_port *port = &model->options[o];
        const double x = given[o];
        double most = port->choices != NULL ? 0 : port->high;
        for (const char *c = port->choices; c != NULL && *c != 0; c++)
            most += *c == '|';
        ENT_REQUIRE(port->choices == NULL || (x >= 0 && x <= most && x == (double)(int)x), ENT_ERR_DOMAIN,
                    "the option %s of %s is one of %s", port->name, model->name, port->choices);
        ENT_REQUIRE(port->choices != NULL || (x >= port->low && x <= most), ENT_ERR_DOMAIN,
                    "the option %s of %s is out of its range", port->name, model->name);
        option[o] = x;
    }
done:
    return status;
}

/* Consent has as many members as its rule, war as many events as it is said. */
static ent_status check_call(const caller *c, ent_error *err)
{
    ent_status status = ENT_OK;
    const ent_model_input *in = c->in;
    bool member = false, year = false;
    for (size_t i = 0; i < c->model->n_inputs; i++) {
        member = member || strchr(c->model->inputs[i].shape, 'm') != NULL;
        year = year || strchr(c->model->inputs[i].shape, 'y') != NULL;
        for (const char *letter = c->model->inputs[i].shape; *letter != 0; letter++) {
            const char *at = *letter != ',' && *letter != 'y' ? strchr(axes, *letter) : NULL;
            ENT_REQUIRE(at == NULL || at - axes == ENT_AXIS_CANDIDATE || in->count[at - axes] > 0, ENT_ERR_ARGUMENT,
                        "%s needs at least one %s", c->model->name, *letter == 't' ? "month" : "actor");
        }
    }
    ENT_REQUIRE(!member || in->rule != NULL, ENT_ERR_ARGUMENT, "%s needs the rule by which the group decides", c->model->name);
    ENT_REQUIRE(!member || (size_t)in->rule->members == in->count[ENT_AXIS_MEMBER], ENT_ERR_ARGUMENT,
                "there are %zu members, the rule has %d", in->count[ENT_AXIS_MEMBER], (int)in->rule->members);
    ENT_REQUIRE(year || c->years == 1, ENT_ERR_ARGUMENT, "%s has no years", c->model->name);
    ENT_REQUIRE(in->count[ENT_AXIS_EVENT] == 0 || in->event != NULL, ENT_ERR_ARGUMENT, "events are counted, but not given");
    ENT_REQUIRE(in->count[ENT_AXIS_ACTOR] == 0 || in->count[ENT_AXIS_ACTOR] == in->count[ENT_AXIS_ALLY] + in->count[ENT_AXIS_CANDIDATE] ||
                    in->count[ENT_AXIS_ALLY] == 0,
                ENT_ERR_ARGUMENT, "%zu actors are not %zu members and %zu candidates", in->count[ENT_AXIS_ACTOR],
                in->count[ENT_AXIS_ALLY], in->count[ENT_AXIS_CANDIDATE]);
done:
    return status;
}

/* --- the calls -------------------------------------------------------------------------------------------- */

static bool has_phase(const ent_model *model, int32_t phase)
{
    for (size_t o = 0; o < model->n_outputs; o++)
        if (ent__port_takes(&model->outputs[o], phase))
            return true;
    return false;
}

static ent_status make_room(caller *c, double *const *out, ent_error *err)
{
    ent_status status = ENT_OK;
    const bool last = has_phase(c->model, ENT_PHASE_LAST);
    for (size_t o = 0; o < c->model->n_outputs; o++) {
        const ent_port *port = &c->model->outputs[o];
        const size_t n = ent_port_size(port, c->count, false);
        ENT_REQUIRE(n < SIZE_MAX, ENT_ERR_LIMIT, "%s would have too many numbers", port->name);
        c->output[o] = out[o];
        if ((out[o] == NULL && last && ent__port_takes(port, ENT_PHASE_YEAR)) || !ent_model_gives(c->model, o)) {
            c->output[o] = ent__arena_alloc(c->arena, n + 1, sizeof(double));
            ENT_REQUIRE(c->output[o] != NULL, ENT_ERR_MEMORY, "not enough memory for %s", port->name);
        }
        for (size_t i = 0; c->output[o] != NULL && i < n; i++)
            c->output[o][i] = ENT_UNDEFINED;
    }
    c->n_state = c->model->state != NULL ? c->model->state(c->count) : 0;
    const size_t bytes = c->model->call_workspace != NULL ? c->model->call_workspace(c->count, c->in->rule) : 0;
    c->state = ent__arena_alloc(c->arena, 2 * c->n_state + 1, sizeof(double));
    c->workspace = bytes > 0 ? ent__arena_alloc(c->arena, bytes, 1) : NULL;
    ENT_REQUIRE(c->state != NULL && (bytes == 0 || c->workspace != NULL), ENT_ERR_MEMORY, "not enough memory to call %s",
                c->model->name);
done:
    return status;
}

static ent_status make_call(caller *c, int32_t phase, size_t year, const double *before, double *after, ent_error *err)
{
    const double *in[MOST_PORTS] = {NULL};
    double *out[MOST_PORTS] = {NULL};
    ent_stop stop = ENT_STOP_DONE;
    for (size_t i = 0; i < c->model->n_inputs; i++)
        if (c->input[i] != NULL && ent__port_takes(&c->model->inputs[i], phase))
            in[i] = c->input[i] + year * c->stride[i];
    for (size_t o = 0; o < c->model->n_outputs; o++) {
        const ent_port *port = &c->model->outputs[o];
        const bool yearly = ent__port_takes(port, ENT_PHASE_YEAR) && strchr(port->shape, 'y') != NULL;
        const bool read = phase == ENT_PHASE_LAST && ent__port_takes(port, ENT_PHASE_YEAR);
        if (c->output[o] != NULL && (read || ent__port_takes(port, phase)))
            out[o] = c->output[o] + (yearly && !read ? year * ent_port_size(port, c->count, true) : 0);
    }
    const ent_call call = {.phase = phase, .count = c->count, .in = in, .out = out, .before = before, .after = after,
                           .option = c->option, .rule = c->in->rule, .event = c->in->event,
                           .year = c->in->first_year + (int32_t)year, .first_year = c->in->first_year,
                           .seen_month = c->in->seen_month, .seen_state = c->in->seen_state, .monthly = true};
    c->model->call(&stop, &call, c->workspace);
    if (c->stop == ENT_STOP_DONE)
        c->stop = stop;
    if (stop != ENT_STOP_UNDEFINED)
        return ENT_OK;
    ent_status status = c->model->explain != NULL ? c->model->explain(&call, c->workspace, err) : ENT_OK;
    return status != ENT_OK ? status
                            : ent__error_set(err, ENT_ERR_DOMAIN, "", 0, 0, "%s gives nothing for these numbers", c->model->name);
}

/* What a plan makes of the yearly chances of a decision, every year being asked. */
static void tell_by_year(caller *c)
{
    const double *chance = NULL;
    double *by_year = NULL, *expected = NULL;
    for (size_t o = 0; o < c->model->n_outputs; o++) {
        const char *name = c->model->outputs[o].name;
        chance = strcmp(name, "chance") == 0 ? c->output[o] : chance;
        by_year = strcmp(name, "by_year") == 0 ? c->output[o] : by_year;
        expected = strcmp(name, "expected_time") == 0 ? c->output[o] : expected;
    }
    bool *asked = ent__arena_alloc(c->arena, c->years, sizeof *asked);
    if (chance == NULL || asked == NULL)
        return;
    for (size_t y = 0; y < c->years; y++)
        asked[y] = true;
    if (by_year != NULL)
        ent_consent_by_year(by_year, chance, asked, c->years);
    if (expected != NULL)
        *expected = ent_consent_expected_time(chance, asked, c->years);
}

static ent_status make_calls(caller *c, ent_error *err)
{
    ent_status status = ENT_OK;
    double *before = NULL, *after = c->state;
    if (has_phase(c->model, ENT_PHASE_FIRST)) {
        ENT_TRY(make_call(c, ENT_PHASE_FIRST, 0, NULL, after, err));
        before = after;
        after = c->state + c->n_state;
    }
    for (size_t y = 0; y < c->years; y++) {
        ENT_TRY(make_call(c, ENT_PHASE_YEAR, y, c->n_state > 0 ? before : NULL, after, err));
        double *swap = before != NULL ? before : c->state + c->n_state;
        before = after;
        after = swap;
    }
    if (has_phase(c->model, ENT_PHASE_LAST))
        ENT_TRY(make_call(c, ENT_PHASE_LAST, 0, NULL, NULL, err));
    if (c->in->rule != NULL)
        tell_by_year(c);
done:
    return status;
}

ent_status ent_model_call(double *const *out, ent_stop *stop, const ent_model *model, const ent_model_input *in, ent_error *err)
{
    ent_status status = ENT_OK;
    caller c = {.model = model, .in = in};
    ENT_REQUIRE(out != NULL && model != NULL && in != NULL && in->input != NULL, ENT_ERR_ARGUMENT,
                "room for outputs, a model and inputs are needed, one is NULL");
    ENT_REQUIRE(model->call != NULL, ENT_ERR_ARGUMENT, "%s settles an issue: ent_settle() calls it", model->name);
    ENT_REQUIRE(model->n_inputs <= MOST_PORTS && model->n_outputs <= MOST_PORTS, ENT_ERR_LIMIT, "%s has too many inputs",
                model->name);
    c.years = in->count[ENT_AXIS_YEAR] > 0 ? in->count[ENT_AXIS_YEAR] : 1;
    memcpy(c.count, in->count, sizeof c.count);
    c.count[ENT_AXIS_YEAR] = c.years;
    c.arena = ent__arena_create();
    ENT_REQUIRE(c.arena != NULL, ENT_ERR_MEMORY, "not enough memory to call %s", model->name);
    ENT_TRY(check_call(&c, err));
    ENT_TRY(take_options(c.option, model, in->option, err));
    for (size_t i = 0; i < model->n_inputs; i++)
        ENT_TRY(take(&c, i, err));
    fall_back(&c);
    ENT_TRY(make_room(&c, out, err));
    ENT_TRY(make_calls(&c, err));
    if (stop != NULL)
        *stop = c.stop;
done:
    ent__arena_free(c.arena);
    return status;
}

/* --- issues ------------------------------------------------------------------------------------------------ */

void ent_settle_scale(double *low, double *high, const double *position, size_t n, double status_quo)
{
    double least = status_quo, most = status_quo;
    for (size_t i = 0; i < n; i++) {
        if (ent__is_undefined(position[i]))
            continue;
        least = least <= position[i] ? least : position[i]; /* also where least is NaN */
        most = most >= position[i] ? most : position[i];
    }
    const bool fits = !(least < 0) && !(most > 100);
    *low = fits ? 0 : least;
    *high = fits ? 100 : most;
}

/* One issue of several, those who take part moved together into rows[3 n]. */
static ent_settle_input part_of(const ent_settle_many_input *in, const double *option, size_t d, double *rows)
{
    double *position = rows, *salience = rows + in->n, *capability = rows + 2 * in->n;
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++) {
        const size_t at = i * in->issues + d;
        if (ent__is_undefined(in->position[at]))
            continue;
        position[n] = in->position[at];
        salience[n] = in->salience[at];
        capability[n++] = in->capability[at];
    }
    return (ent_settle_input){.n = n, .position = position, .salience = salience, .capability = capability, .low = in->low[d],
                              .high = in->high[d], .status_quo = in->status_quo[d], .option = option, .seed = in->seed,
                              .stream = in->stream, .draw = in->draw};
}

/* "issue 2: ..." */
static ent_status of_issue(ent_status status, size_t d, size_t issues, ent_error *err)
{
    if (status == ENT_OK || err == NULL || issues == 1)
        return status;
    ent_error told = *err;
    snprintf(err->message, sizeof err->message, "issue %zu: %.480s", d + 1, told.message);
    return status;
}

static ent_status settle_each(double *outcome, ent_stop *stop, const ent_settle_many_input *in, const ent_model *model, double *rows,
                              ent_error *err)
{
    *stop = ENT_STOP_DONE;
    for (size_t d = 0; d < in->issues; d++) {
        const ent_settle_input one = part_of(in, in->option, d, rows);
        ent_settle_output out = {0};
        ent_status status = of_issue(ent_settle(&out, &one, model, err), d, in->issues, err);
        if (status != ENT_OK)
            return status;
        outcome[d] = out.outcome;
        *stop = out.stop != ENT_STOP_DONE ? out.stop : *stop;
    }
    return ENT_OK;
}

/* Numbers as those of single issues are checked; what options are is the model's own. */
static ent_status check_issues(const ent_settle_many_input *in, const ent_model *model, const double *option, double *rows, ent_error *err)
{
    ent_status status = ENT_OK;
    double defaults[MOST_OPTIONS];
    const ent_model *checks = model->settle != NULL ? model : ent_model_find("compromise");
    ent_model_defaults(defaults, checks);
    for (size_t d = 0; d < in->issues; d++) {
        const ent_settle_input one = part_of(in, checks == model ? option : defaults, d, rows);
        ENT_TRY(of_issue(ent_settle_check(&one, checks, err), d, in->issues, err));
    }
done:
    return status;
}

ent_status ent_settle_many(double *outcome, ent_stop *stop, const ent_settle_many_input *in, const ent_model *model, ent_error *err)
{
    ent_status status = ENT_OK;
    double option[MOST_OPTIONS];
    double *rows = NULL, *got = NULL;
    void *workspace = NULL;
    ent_stop stopped = ENT_STOP_DONE;
    ENT_REQUIRE(outcome != NULL && in != NULL && model != NULL, ENT_ERR_ARGUMENT,
                "room for outcomes, issues and a model are needed, one is NULL");
    ENT_REQUIRE(model->settle != NULL || model->settle_many != NULL, ENT_ERR_ARGUMENT, "the model '%s' does not settle an issue",
                model->name);
    ENT_REQUIRE(in->n >= 1 && in->issues >= 1, ENT_ERR_ARGUMENT, "%zu actors and %zu issues; there must be one of each", in->n, in->issues);
    const size_t most = model->most_actors > 0 ? model->most_actors : ENT_MAX_ACTORS;
    ENT_REQUIRE(in->n <= most && in->issues <= ENT_MAX_ISSUES, ENT_ERR_LIMIT, "%zu actors and %zu issues; the model %s takes at most %zu and %d",
                in->n, in->issues, model->name, most, ENT_MAX_ISSUES);
    ENT_TRY(take_options(option, model, in->option, err));
    rows = ent__alloc(3 * in->n, sizeof *rows);
    got = ent__alloc(in->issues, sizeof *got);
    ENT_REQUIRE(rows != NULL && got != NULL, ENT_ERR_MEMORY, "not enough memory to settle %zu issues", in->issues);
    ent_settle_many_input together = *in;
    together.option = option;
    if (model->settle_many == NULL) {
        ENT_TRY(settle_each(got, &stopped, &together, model, rows, err));
    } else {
        ENT_TRY(check_issues(in, model, option, rows, err));
        workspace = ent__alloc(model->workspace_many(in->n, in->issues) + 1, 1);
        ENT_REQUIRE(workspace != NULL, ENT_ERR_MEMORY, "not enough memory to settle %zu issues", in->issues);
        model->settle_many(got, &stopped, &together, workspace);
        ENT_REQUIRE(stopped != ENT_STOP_UNDEFINED, ENT_ERR_LIMIT, "%zu actors and %zu issues are too many for the model %s", in->n,
                    in->issues, model->name);
    }
    memcpy(outcome, got, in->issues * sizeof *got);
    if (stop != NULL)
        *stop = stopped;
done:
    ent__free(workspace);
    ent__free(got);
    ent__free(rows);
    return status;
}
