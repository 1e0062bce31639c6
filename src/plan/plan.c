/* A plan's tables: growing, saving, loading.
 *
 * Saved form: "entplan1", byte-order mark 0x01020304, number of tables; for each table its element size, count and
 * bytes, padded to 8; last a hash of all before it. Numbers are as in memory (little-endian machines only; others are
 * refused by the mark). ent__plan_check() tests every index, so that hostile bytes cannot reach outside a table. */
#include "plan/plan.h"

#include "entente/calibrate.h"

#include <string.h>

void *ent__plan_grow(void **table, int32_t *count, int32_t *capacity, size_t size)
{
    if (*count == *capacity) {
        if (*capacity > INT32_MAX / 2)
            return NULL;
        int32_t want = *capacity > 0 ? 2 * *capacity : 64;
        unsigned char *grown = ent__realloc(*table, (size_t)want, size);
        if (grown == NULL)
            return NULL;
        memset(grown + (size_t)*capacity * size, 0, (size_t)(want - *capacity) * size);
        *table = grown;
        *capacity = want;
    }
    return (unsigned char *)*table + (size_t)(*count)++ * size;
}

void ent_plan_free(ent_plan *plan)
{
    if (plan == NULL)
        return;
#define X(type, name) ent__free(plan->name);
    ENT__PLAN_TABLES(X)
#undef X
    ent__free(plan);
}

static const char magic[8] = {'e', 'n', 't', 'p', 'l', 'a', 'n', '1'};
enum { BYTE_ORDER_MARK = 0x01020304 };

static void save_table(ent__buffer *out, const void *table, int32_t count, size_t size)
{
    static const char zero[8] = {0};
    uint64_t shape[2] = {size, (uint64_t)count};
    size_t bytes = size * (size_t)count;
    ent__buffer_add(out, (const char *)shape, sizeof shape);
    ent__buffer_add(out, table, bytes);
    ent__buffer_add(out, zero, (8 - bytes % 8) % 8);
}

ent_status ent_plan_save(unsigned char **bytes, size_t *length, const ent_plan *plan, ent_error *err)
{
    ent__buffer out = {0};
    uint32_t mark[2] = {BYTE_ORDER_MARK, 0};
    ent__buffer_add(&out, magic, sizeof magic);
    ent__buffer_add(&out, (const char *)mark, sizeof mark);
#define X(type, name) save_table(&out, plan->name, plan->n_##name, sizeof(type));
    ENT__PLAN_TABLES(X)
#undef X
    if (!out.failed) {
        uint64_t hash = ent__hash(out.data, out.length);
        ent__buffer_add(&out, (const char *)&hash, sizeof hash);
    }
    if (out.failed) {
        ent__buffer_free(&out);
        return ent__error_set(err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory to save the plan");
    }
    *bytes = (unsigned char *)out.data;
    *length = out.length;
    return ENT_OK;
}

static ent_status load_table(void **table, int32_t *count, int32_t *capacity, size_t size, const unsigned char *bytes,
                       size_t length, size_t *at)
{
    uint64_t shape[2];
    if (length - *at < sizeof shape)
        return ENT_ERR_FORMAT;
    memcpy(shape, bytes + *at, sizeof shape);
    *at += sizeof shape;
    if (shape[0] != size || shape[1] > INT32_MAX || shape[1] > (length - *at) / size)
        return ENT_ERR_FORMAT;
    size_t n = (size_t)shape[1] * size;
    *table = ent__alloc((size_t)shape[1], size);
    if (*table == NULL)
        return ENT_ERR_MEMORY;
    memcpy(*table, bytes + *at, n);
    *count = *capacity = (int32_t)shape[1];
    *at += n + (8 - n % 8) % 8;
    return *at <= length ? ENT_OK : ENT_ERR_FORMAT;
}

static bool between(int64_t first, int64_t count, int64_t limit)
{
    return first >= 0 && count >= 0 && first <= limit && count <= limit - first;
}

static bool steps_are_sound(const ent_plan *plan)
{
    int32_t next = 0; /* cells are numbered in the order in which they are computed */
    for (int32_t s = 0; s < plan->n_steps; s++) {
        const ent__step *step = &plan->steps[s];
        if (step->op < 0 || step->op >= ENT__DO_COUNT || step->out != next || step->n_out < 1 ||
            !between(step->arg, step->n_arg, plan->n_args) || step->n_out > plan->head->n_cells - next)
            return false;
        for (int32_t a = 0; a < step->n_arg; a++) {
            ent__arg arg = plan->args[step->arg + a];
            if (arg.cell < 0 || arg.cell >= next || arg.arm < ENT__ARM_SELF || arg.arm >= ENT__ARM_SUBSET + plan->n_subsets)
                return false;
        }
        if (!ent__plan_step_is_sound(plan, step))
            return false;
        next += step->n_out;
    }
    return next == plan->head->n_cells;
}

static bool cell_or_none(const ent_plan *plan, int32_t cell) { return cell >= -1 && cell < plan->head->n_cells; }
static bool cell_is(const ent_plan *plan, int32_t cell) { return cell >= 0 && cell < plan->head->n_cells; }
static bool text_is(const ent_plan *plan, ent__text text) { return text >= 0 && text < plan->n_text; }
static bool index_or_none(int32_t i, int32_t n) { return i >= -1 && i < n; }

static bool texts_are_sound(const ent_plan *plan)
{
    if (plan->n_text < 1 || plan->text[plan->n_text - 1] != 0 || !ent__utf8_valid(plan->text, (size_t)plan->n_text))
        return false;
    const ent__plan_head *h = plan->head;
    const ent__text head[] = {h->scenario, h->title, h->about, h->brief_html, h->document_title, h->document_issuer,
                              h->document_source, h->document_date, h->folder, h->settings, h->actors_json,
                              h->groups_json, h->graph_json, h->files_json, h->limits_json};
    for (size_t i = 0; i < ENT_COUNT(head); i++)
        if (!text_is(plan, head[i]))
            return false;
#ifndef __wasm__ /* in the page, whose JSON.parse() would tell, the room is dear */
    enum { PIECES = 5 }; /* the last of them stand in the report's data as they are */
    for (size_t i = ENT_COUNT(head) - PIECES; i < ENT_COUNT(head); i++)
        if (plan->text[head[i]] != 0 && !ent__json_valid(plan->text + head[i]))
            return false;
#endif
    bool sound = true;
#define EACH(table, ...)                                                                                               \
    for (int32_t i = 0; i < plan->n_##table; i++) {                                                                    \
        const ent__text field[] = {__VA_ARGS__};                                                                       \
        for (size_t f = 0; f < ENT_COUNT(field); f++)                                                                  \
            sound = sound && text_is(plan, field[f]);                                                                  \
    }
#define OF(table, field) plan->table[i].field
    EACH(streams, OF(streams, name))
    EACH(choices, OF(choices, model), OF(choices, label))
    EACH(calls, OF(calls, model))
    EACH(uses, OF(uses, id), OF(uses, model), OF(uses, group), OF(uses, rule), OF(uses, title), OF(uses, side[0]), OF(uses, side[1]))
    EACH(readings, OF(readings, name))
    EACH(actors, OF(actors, id), OF(actors, name))
    EACH(issues, OF(issues, id), OF(issues, title), OF(issues, question), OF(issues, unit))
    EACH(labels, OF(labels, text))
    EACH(stances, OF(stances, source), OF(stances, text[0]), OF(stances, text[1]), OF(stances, text[2]))
    EACH(quantities, OF(quantities, name), OF(quantities, unit), OF(quantities, known_source))
    EACH(forms, OF(forms, read), OF(forms, text))
    EACH(claims, OF(claims, id), OF(claims, title), OF(claims, who), OF(claims, says), OF(claims, where),
         OF(claims, when_text), OF(claims, needs), OF(claims, overall_text), OF(claims, read))
    EACH(events, OF(events, name), OF(events, label))
    EACH(provisions, OF(provisions, id), OF(provisions, title), OF(provisions, says), OF(provisions, where),
         OF(provisions, takes_hold), OF(provisions, changes))
    EACH(inputs, OF(inputs, name), OF(inputs, label), OF(inputs, unit), OF(inputs, text), OF(inputs, source),
         OF(inputs, why))
    EACH(drivers, OF(drivers, name), OF(drivers, label))
    EACH(givens, OF(givens, says), OF(givens, text), OF(givens, source))
    EACH(levers, OF(levers, id), OF(levers, title), OF(levers, actor), OF(levers, actor_name), OF(levers, cost_unit))
    EACH(params, OF(params, name))
#undef EACH
#undef OF
    return sound;
}

static bool param_is_sound(const ent_plan *p, const ent__param *param)
{
    switch (param->kind) {
    case ENT__PARAM_INPUT:
        return between(param->index, 1, p->n_inputs) && param->low <= param->high;
    case ENT__PARAM_WEIGHT:
        return between(param->index, 1, p->n_choices) && between(p->choices[param->index].weight, 1, p->n_numbers) && param->low >= 0;
    case ENT__PARAM_THRESHOLD: case ENT__PARAM_LEVER:
        return between(param->index, 1, p->n_numbers);
    case ENT__PARAM_OVERALL:
        return between(param->index, 1, p->n_overalls);
    case ENT__PARAM_IN_FORCE:
        return between(param->index, 1, p->n_provisions);
    default:
        return false;
    }
}

static bool results_are_sound(const ent_plan *p)
{
    for (int32_t i = 0; i < p->n_issues; i++) {
        const ent__plan_issue *x = &p->issues[i];
        if (!between(x->label, x->n_labels, p->n_labels) || (x->n_choices != 0 && !between(x->choice, x->n_choices, p->n_choices)) ||
            !between(x->stance, x->n_stances, p->n_stances))
            return false;
    }
    for (int32_t i = 0; i < p->n_stances; i++) {
        const ent__plan_stance *x = &p->stances[i];
        if (x->actor < 0 || x->actor >= p->n_actors)
            return false;
        for (int k = 0; k < 3; k++)
            if (x->quantity[k] < 0 || x->quantity[k] >= p->n_quantities)
                return false;
    }
    for (int32_t i = 0; i < p->n_quantities; i++) {
        const ent__plan_quantity *x = &p->quantities[i];
        if (!cell_is(p, x->cell) || !index_or_none(x->issue, p->n_issues) || !index_or_none(x->actor, p->n_actors) ||
            !index_or_none(x->reading, p->n_readings) || x->kind < 0 || x->kind > ENT__KIND_MODEL || !index_or_none(x->use, p->n_uses) || !(x->low <= x->high))
            return false;
    }
    for (int32_t i = 0; i < p->n_uses; i++) {
        const ent__plan_use *x = &p->uses[i];
        if (!index_or_none(x->issue, p->n_issues) || !between(x->quantity, x->n_quantities, p->n_quantities) ||
            !between(x->asked, x->n_asked, p->n_indices) || !index_or_none(x->plan_rule, p->n_rules) || !index_or_none(x->without_ally, p->n_actors))
            return false;
        for (int k = 0; k < 3; k++) {
            if (!between(x->axis[k], x->n_axis[k], p->n_indices))
                return false;
            for (int32_t a = 0; a < x->n_axis[k]; a++)
                if (p->indices[x->axis[k] + a] < 0 || p->indices[x->axis[k] + a] >= p->n_actors)
                    return false;
        }
        if (x->plan_rule >= 0 && p->rules[x->plan_rule].members != x->n_axis[0])
            return false;
    }
    for (int32_t i = 0; i < p->n_forms; i++)
        if (!cell_or_none(p, p->forms[i].cell) || !cell_or_none(p, p->forms[i].undefined))
            return false;
    for (int32_t i = 0; i < p->n_claims; i++) {
        const ent__plan_claim *x = &p->claims[i];
        if (!index_or_none(x->form, p->n_forms) || !between(x->reading_form, x->n_readings, p->n_forms) ||
            !cell_or_none(p, x->when) || !index_or_none(x->overall, p->n_overalls) ||
            !index_or_none(x->reading, p->n_readings))
            return false;
    }
    for (int32_t i = 0; i < p->n_overalls; i++) { /* children come before their parent: no cycle */
        const ent__overall *x = &p->overalls[i];
        if (!index_or_none(x->a, i) || !index_or_none(x->b, i) || x->op < 0 || x->op > ENT__DO_COUNT ||
            !cell_or_none(p, x->x.cell) || !cell_or_none(p, x->y.cell))
            return false;
    }
    for (int32_t i = 0; i < p->n_params; i++)
        if (!param_is_sound(p, &p->params[i]))
            return false;
    for (int32_t i = 0; i < p->n_inputs; i++)
        if (!cell_is(p, p->inputs[i].cell) || !cell_or_none(p, p->inputs[i].uniform) || !index_or_none(p->inputs[i].distribution, p->n_distributions))
            return false;
    for (int32_t i = 0; i < p->n_readings; i++) {
        const ent__reading *x = &p->readings[i];
        if (!cell_is(p, x->cell) || x->n_choices < 1 || x->n_choices > ENT_CURVE_BINS ||
            !between(x->choice, x->n_choices, p->n_choices))
            return false;
    }
    for (int32_t i = 0; i < p->n_drivers; i++) {
        const ent__plan_driver *x = &p->drivers[i];
        int32_t limit = x->kind == ENT__DRIVER_CHOICE  ? p->n_readings
                        : x->kind == ENT__DRIVER_EVENT ? p->n_events
                                                       : p->n_inputs;
        if (x->kind < 0 || x->kind > ENT__DRIVER_EVENT || !cell_is(p, x->cell) || x->input < 0 || x->input >= limit ||
            x->bins < 1 || x->bins > ENT_CURVE_BINS)
            return false;
    }
    for (int32_t i = 0; i < p->n_events; i++)
        if (!cell_is(p, p->events[i].cell))
            return false;
    for (int32_t i = 0; i < p->n_provisions; i++)
        if (!index_or_none(p->provisions[i].event, p->n_events))
            return false;
    for (int32_t i = 0; i < p->n_levers; i++)
        if (!cell_is(p, p->levers[i].cell) || !(p->levers[i].low <= p->levers[i].high))
            return false;
    for (int32_t i = 0; i < p->n_givens; i++)
        if (!cell_is(p, p->givens[i].cell))
            return false;
    return p->n_provisions <= ENT_MAX_PROVISIONS && p->n_subsets <= 1 << ENT_MAX_SHARED && p->head->draws > 0 && p->head->n_settings >= 0;
}

/* Every option in its range; a word is the index of one of its choices. */
static bool options_are_sound(const ent_model *model, const double *option)
{
    for (size_t o = 0; o < model->n_options; o++) {
        const ent_port *port = &model->options[o];
        double high = port->high;
        if (port->choices != NULL) {
            high = 0;
            for (const char *c = port->choices; *c; c++)
                high += *c == '|';
        }
        double low = port->choices != NULL ? 0 : port->low;
        bool whole = port->choices == NULL || option[o] == (double)(int32_t)(option[o] >= 0 && option[o] <= 1000 ? option[o] : -1);
        if (!(option[o] >= low && option[o] <= high) || !whole)
            return false;
    }
    return true;
}

/* The models of a list, of one issue or of several, with their options. */
static bool choices_are_sound(const ent_plan *p, int32_t first, int32_t n, bool many)
{
    for (int32_t c = 0; c < n; c++) {
        const ent__plan_choice *choice = &p->choices[first + c];
        const ent_model *model = text_is(p, choice->model) ? ent_model_find(ent__plan_text(p, choice->model)) : NULL;
        if (model == NULL || (model->settle == NULL && !(many && model->settle_many != NULL)) ||
            (size_t)choice->n_options != model->n_options || !between(choice->option, choice->n_options, p->n_numbers) ||
            !options_are_sound(model, p->numbers + choice->option))
            return false;
    }
    return true;
}

static bool joint_is_sound(const ent_plan *p, const ent__step *s, const ent__joint_call *call)
{
    if (call->n < 1 || call->n > ENT_MAX_ACTORS || call->n_parts < 1 || !between(call->part, call->n_parts, p->n_parts) ||
        call->n_choices < 1 || !between(call->choice, call->n_choices, p->n_choices))
        return false;
    int64_t args = call->has_reading != 0, outs = call->n_parts;
    for (int32_t k = 0; k < call->n_parts; k++) {
        const ent__joint_part *part = &p->parts[call->part + k];
        if (part->n < 1 || part->n > call->n || !(part->low < part->high) || !between(part->actor, part->n, p->n_indices))
            return false;
        for (int32_t a = 0; a < part->n; a++)
            if (p->indices[part->actor + a] < 0 || p->indices[part->actor + a] >= call->n)
                return false;
        args += (part->has_status_quo != 0) + 3 * (int64_t)part->n;
        outs += 2 * (int64_t)part->n;
    }
    return s->n_arg == args && s->n_out == outs && choices_are_sound(p, call->choice, call->n_choices, true);
}

static bool calibrate_is_sound(const ent_plan *p, const ent__step *s, const ent__calibrate_call *call)
{
    if (call->n < 1 || call->n > ENT_MAX_ACTORS || call->n_choices < 1 || !(call->low < call->high) ||
        !between(call->choice, call->n_choices, p->n_choices) ||
        s->n_arg != 2 + (call->has_reading != 0) + (call->has_status_quo != 0) + 3 * call->n || s->n_out != 1 + 2 * call->n ||
        !choices_are_sound(p, call->choice, call->n_choices, call->many != 0))
        return false;
    for (int32_t c = 0; c < call->n_choices; c++)
        if (ent_calibration_of(ent_model_find(ent__plan_text(p, p->choices[call->choice + c].model))) == NULL)
            return false;
    return true;
}

/* --- calls ---------------------------------------------------------------------------------------- */

int64_t ent__port_size(const ent_port *port, const ent__plan_call *call, bool input)
{
    static const char axes[] = "amlcyte"; /* in the order of ent_axis */
    int64_t size = 1;
    for (const char *letter = port->shape; *letter; letter++) {
        const char *at = *letter != ',' ? strchr(axes, *letter) : NULL;
        if (at == NULL)
            continue;
        int64_t count = call->count[at - axes];
        if (at - axes == ENT_AXIS_YEAR && (input || call->phase != ENT_PHASE_LAST))
            count = 1;
        if (at - axes == ENT_AXIS_MONTH && input) /* one value a calendar year */
            count = (call->start_month + count - 1) / 12 - call->start_month / 12 + 1;
        size *= count;
        if (size > INT32_MAX)
            return INT32_MAX;
    }
    return size;
}

static bool call_is_sound(const ent_plan *p, const ent__step *s, const ent__plan_call *call)
{
    const ent_model *model = text_is(p, call->model) ? ent_model_find(ent__plan_text(p, call->model)) : NULL;
    if (model == NULL || model->call == NULL || model->n_inputs > 64 || model->n_outputs > 64 ||
        (size_t)call->n_options != model->n_options || !between(call->option, call->n_options, p->n_numbers) ||
        !options_are_sound(model, p->numbers + call->option) || call->n_state < 0 ||
        (call->phase != ENT_PHASE_YEAR && call->phase != ENT_PHASE_FIRST && call->phase != ENT_PHASE_LAST) ||
        call->start_month < 0 || call->start_month > 12 * 10000)
        return false;
    if (call->n_events != call->count[ENT_AXIS_EVENT] || (call->n_events != 0 && !between(call->event, call->n_events, p->n_war_events)))
        return false;
    for (int32_t e = 0; e < call->n_events; e++) {
        const ent_war_event *event = &p->war_events[call->event + e];
        if (event->states <= 0 || event->states > ENT_WAR_ANY || !(event->line_low >= 0 && event->line_low <= event->line_high) ||
            !(event->line_high <= 1 && event->y_low >= 0 && event->y_low <= event->y_high && event->y_high <= 1))
            return false;
    }
    size_t count[ENT_AXIS_COUNT];
    for (int a = 0; a < ENT_AXIS_COUNT; a++) {
        if (call->count[a] < 0 || call->count[a] > ENT_MAX_ACTORS)
            return false;
        count[a] = (size_t)call->count[a];
    }
    bool decides = call->rule >= 0;
    if (decides && (!between(call->rule, 1, p->n_rules) || p->rules[call->rule].members != call->count[ENT_AXIS_MEMBER]))
        return false;
    if (strcmp(model->name, "consent") == 0 && !decides)
        return false;
    if ((size_t)call->n_state != (model->state != NULL ? model->state(count) : 0))
        return false;
    int64_t args = 0, outs = 0;
    for (size_t i = 0; i < model->n_inputs; i++)
        args += call->given >> i & 1 ? ent__port_size(&model->inputs[i], call, true) : 0;
    for (size_t o = 0; o < model->n_outputs; o++) {
        int64_t size = ent__port_size(&model->outputs[o], call, false);
        outs += ent__port_takes(&model->outputs[o], call->phase) ? size : 0;
        args += call->phase == ENT_PHASE_LAST && ent__port_takes(&model->outputs[o], ENT_PHASE_YEAR) ? size : 0;
    }
    args += call->has_before != 0 ? call->n_state : 0;
    outs += call->phase != ENT_PHASE_LAST ? call->n_state : 0;
    return s->n_arg == args && s->n_out == outs;
}

bool ent__plan_step_is_sound(const ent_plan *p, const ent__step *s)
{
    int32_t n = s->n_arg;
    switch ((ent__op_code)s->op) {
    case ENT__DO_NUMBER:
        return n == 0 && s->n_out == 1 && between(s->extra, 1, p->n_numbers);
    case ENT__DO_UNIFORM:
        return n == 0 && s->n_out == 1 && between(s->extra, 1, p->n_streams);
    case ENT__DO_COPULA:
        return n >= 1 && s->n_out == 1 && between(s->extra, n, p->n_numbers);
    case ENT__DO_QUANTILE:
        return n == 1 && s->n_out == 1 && between(s->extra, 1, p->n_distributions);
    case ENT__DO_POOL: {
        if (n != 2 || s->n_out != 1 || !between(s->extra, 1, p->n_pools))
            return false;
        const ent__pool *pool = &p->pools[s->extra];
        return pool->count >= 1 && between(pool->distribution, pool->count, p->n_distributions) &&
               between(pool->weight, pool->count, p->n_numbers);
    }
    case ENT__DO_CHOICE: {
        if (n != 1 || s->n_out != 1 || !between(s->extra, 1, p->n_readings))
            return false;
        const ent__reading *reading = &p->readings[s->extra];
        if (reading->n_choices < 1 || !between(reading->choice, reading->n_choices, p->n_choices) ||
            reading->n_choices > ENT_CURVE_BINS)
            return false;
        for (int32_t c = 0; c < reading->n_choices; c++)
            if (!between(p->choices[reading->choice + c].weight, 1, p->n_numbers))
                return false;
        return true;
    }
    case ENT__DO_GATE:
        return n <= 1 && s->n_out == 1 && between(s->extra, 1, p->n_provisions);
    case ENT__DO_SELECT:
        return n == 3 && s->n_out == 1;
    case ENT__DO_NEGATE: case ENT__DO_ABS: case ENT__DO_EXP: case ENT__DO_LOG: case ENT__DO_SQRT: case ENT__DO_NOT:
    case ENT__DO_DEFINED:
        return n == 1 && s->n_out == 1;
    case ENT__DO_SUM: case ENT__DO_MEAN: case ENT__DO_MIN: case ENT__DO_MAX: case ENT__DO_ANY: case ENT__DO_ALL:
        return n >= 1 && s->n_out == 1;
    case ENT__DO_SHAPLEY:
        return s->n_out >= 1 && s->n_out <= ENT_MAX_SHARED && n == 1 << s->n_out;
    case ENT__DO_RANK_CORRELATION:
        return n >= 4 && n % 2 == 0 && s->n_out == 1;
    case ENT__DO_SETTLE: {
        if (!between(s->extra, 1, p->n_settles))
            return false;
        const ent__settle_call *call = &p->settles[s->extra];
        if (call->n < 1 || call->n > ENT_MAX_ACTORS || call->n_choices < 1 || !(call->low < call->high) ||
            !between(call->choice, call->n_choices, p->n_choices) ||
            n != (call->has_reading != 0) + (call->has_status_quo != 0) + 3 * call->n ||
            s->n_out != 1 + (call->has_distribution != 0 ? 3 : 2) * call->n)
            return false;
        return choices_are_sound(p, call->choice, call->n_choices, false);
    }
    case ENT__DO_CALL:
        return between(s->extra, 1, p->n_calls) && call_is_sound(p, s, &p->calls[s->extra]);
    case ENT__DO_CALIBRATE:
        return between(s->extra, 1, p->n_calibrates) && calibrate_is_sound(p, s, &p->calibrates[s->extra]);
    case ENT__DO_SETTLE_MANY:
        return between(s->extra, 1, p->n_joints) && joint_is_sound(p, s, &p->joints[s->extra]);
    default:
        return n == 2 && s->n_out == 1;
    }
}

/* Every rule is one, and its chances can be computed. */
static bool rules_are_sound(const ent_plan *p, bool *no_memory)
{
    for (int32_t i = 0; i < p->n_rules; i++) {
        const ent__plan_rule *x = &p->rules[i];
        if (x->nodes < 1 || x->parts < 1 || !between(x->node, x->nodes, p->n_rule_nodes) || !between(x->part, x->parts, p->n_rule_parts))
            return false;
        ent_rule rule = ent__plan_rule_of(p->rule_nodes, p->rule_parts, x);
        ent_status status = ent_rule_check(&rule, NULL);
        if (status == ENT_OK)
            status = ent_rule_chance_check(&rule, NULL);
        *no_memory |= status == ENT_ERR_MEMORY;
        if (status != ENT_OK)
            return false;
    }
    return true;
}

static bool numbers_are_sound(const ent_plan *plan)
{
    for (int32_t i = 0; i < plan->n_distributions; i++) {
        const ent__plan_distribution *x = &plan->distributions[i];
        if (x->d.kind < 0 || x->d.kind >= ENT__DIST_COUNT || x->d.points < 0 || x->d.points > ENT_MAX_POINTS ||
            x->d.point != NULL || (x->d.points > 0 && !between(x->point, 2 * x->d.points, plan->n_numbers)))
            return false;
    }
    return true;
}

bool ent__plan_is_sound(const ent_plan *plan, bool *no_memory)
{
    *no_memory = false;
    return plan->n_head == 1 && texts_are_sound(plan) && numbers_are_sound(plan) && rules_are_sound(plan, no_memory) && steps_are_sound(plan) &&
           results_are_sound(plan);
}

ent_status ent_plan_load(ent_plan **out, const unsigned char *bytes, size_t length, ent_error *err)
{
    ent_status status = ENT_OK;
    size_t at = sizeof magic + 2 * sizeof(uint32_t);
    uint32_t mark = 0;
    uint64_t hash = 0;
    ent_plan *plan = ent__alloc(1, sizeof *plan);
    ENT_REQUIRE(plan != NULL, ENT_ERR_MEMORY, "not enough memory to load the plan");
    ENT_REQUIRE(length >= at + sizeof hash && memcmp(bytes, magic, sizeof magic) == 0, ENT_ERR_FORMAT,
                "this is no saved plan of entente");
    memcpy(&mark, bytes + sizeof magic, sizeof mark);
    ENT_REQUIRE(mark == BYTE_ORDER_MARK, ENT_ERR_FORMAT, "the plan was saved on a machine with another order of bytes");
    length -= sizeof hash;
    memcpy(&hash, bytes + length, sizeof hash);
    ENT_REQUIRE(hash == ent__hash((const char *)bytes, length), ENT_ERR_FORMAT,
                "the saved plan is damaged: its hash does not fit its bytes");
#define X(type, name)                                                                                                  \
    status = load_table((void **)&plan->name, &plan->n_##name, &plan->capacity_##name, sizeof(type), bytes, length, &at); \
    ENT_REQUIRE(status != ENT_ERR_MEMORY, ENT_ERR_MEMORY, "not enough memory to load the plan");                       \
    ENT_REQUIRE(status == ENT_OK, ENT_ERR_FORMAT, "the saved plan's table \"%s\" is damaged or of another version", #name);
    ENT__PLAN_TABLES(X)
#undef X
    bool no_memory = false, sound = at == length && ent__plan_is_sound(plan, &no_memory);
    ENT_REQUIRE(!no_memory, ENT_ERR_MEMORY, "not enough memory to load the plan");
    ENT_REQUIRE(sound, ENT_ERR_FORMAT, "the saved plan does not hold together");
    *out = plan;
    plan = NULL;
done:
    ent_plan_free(plan);
    return status;
}
