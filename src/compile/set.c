/* A change to a plan that was compiled: what --set NAME=VALUE would have made of it, without the scenario's text.
 *
 * Numbers are written over. An input that becomes certain is a NUMBER where it was a QUANTILE or a POOL, and what it was
 * drawn by is drawn for nothing; one that becomes uncertain gets a UNIFORM before it, so that all later cells move up by
 * one. Drivers stand in the order in which the compiler would have added them. Everything is made ready before anything
 * is changed, so that a failure leaves the plan as it was. */
#include "plan/plan.h"

#include "core/random.h"
#include "scenario/scenario.h"

typedef struct setting {
    ent_plan *plan;
    ent__arena *arena;
    const char *name;       /* without blanks */
    const char *said;       /* "NAME=VALUE" */
    ent__value value;       /* of a number or a distribution */
    ent_error *err;
} setting;

#define WRONG(s, ...) ent__error_set((s)->err, ENT_ERR_ARGUMENT, "", 0, 0, __VA_ARGS__)

/* --- reading --------------------------------------------------------------------------------------- */

static const char *param_name(const ent_plan *plan, int32_t p) { return ent__plan_text(plan, plan->params[p].name); }

/* The next parameter of that name from p on, or n_params. */
static int32_t find_param(const ent_plan *plan, const char *name, int32_t p)
{
    while (p < plan->n_params && strcmp(param_name(plan, p), name) != 0)
        p++;
    return p;
}

static ent_status unknown(const setting *s)
{
    const ent_plan *plan = s->plan;
    for (int32_t q = 0; q < plan->n_quantities; q++)
        if (strcmp(ent__plan_text(plan, plan->quantities[q].name), s->name) == 0)
            return WRONG(s, "\"%s\" follows from other numbers, and here only those can be set; `entente run --set` can replace it", s->name);
    const char *near = NULL;
    for (int32_t p = 0; p < plan->n_params; p++) {
        const char *pair[2] = {near, param_name(plan, p)};
        near = near == NULL ? ent__nearest(s->name, pair + 1, 1) : ent__nearest(s->name, pair, 2);
    }
    return WRONG(s, "nothing is named \"%s\" that could be set%s%s%s", s->name, near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* The value as a number or a distribution. */
static ent_status read_plain(setting *s, const char *text)
{
    ent_status status = ENT_OK;
    ent_error *err = s->err;
    ent_diagnostics *list = ent_diagnostics_create();
    ENT_REQUIRE(list != NULL, ENT_ERR_MEMORY, "not enough memory for a setting");
    if (!ent__value_parse_plain(&s->value, s->arena, text, (ent__place){"--set", 1, 1}, list)) {
        if (ent_diagnostics_count(list) > 0)
            status = WRONG(s, "%s: %s", s->name, ent_diagnostics_get(list, 0).message);
        else if (s->value.text[0] == 0)
            status = WRONG(s, "%s needs a value: a number, or a range such as 2 to 5", s->name);
        else
            status = WRONG(s, "%s: '%.60s' is neither a number nor a distribution; what is computed can be set by `entente run --set`", s->name, s->value.text);
    }
done:
    ent_diagnostics_free(list);
    return status;
}

static bool is_number(const setting *s) { return s->value.distribution.kind == ENT__DIST_CONSTANT; }

/* --- writing --------------------------------------------------------------------------------------- */

/* Room for n more elements of a table. */
static bool reserve(void **table, int32_t count, int32_t *capacity, int32_t n, size_t size)
{
    if (n <= *capacity - count)
        return true;
    if (n > INT32_MAX / 2 - count)
        return false;
    int32_t want = 2 * (count + n);
    unsigned char *grown = ent__realloc(*table, (size_t)want, size);
    if (grown == NULL)
        return false;
    memset(grown + (size_t)count * size, 0, (size_t)(want - count) * size);
    *table = grown;
    *capacity = want;
    return true;
}
#define RESERVE(plan, name, n) reserve((void **)&(plan)->name, (plan)->n_##name, &(plan)->capacity_##name, (n), sizeof *(plan)->name)

/* The text at the end of the pool, where there is room for it. */
static ent__text put_text(ent_plan *plan, const char *text)
{
    ent__text at = plan->n_text;
    size_t bytes = strlen(text) + 1;
    memcpy(plan->text + at, text, bytes);
    plan->n_text += (int32_t)bytes;
    return at;
}

/* All later cells move up by one. */
static void move_cells(ent_plan *p, int32_t from)
{
#define MOVE(place) (place) += (place) >= from
#define EACH(table, ...)                                                                                               \
    for (int32_t i = 0; i < p->n_##table; i++) {                                                                       \
        int32_t *const cell[] = {__VA_ARGS__};                                                                         \
        for (size_t k = 0; k < ENT_COUNT(cell); k++)                                                                   \
            MOVE(*cell[k]);                                                                                            \
    }
    EACH(steps, &p->steps[i].out)
    EACH(args, &p->args[i].cell)
    EACH(readings, &p->readings[i].cell)
    EACH(quantities, &p->quantities[i].cell)
    EACH(forms, &p->forms[i].cell, &p->forms[i].undefined)
    EACH(claims, &p->claims[i].when)
    EACH(overalls, &p->overalls[i].x.cell, &p->overalls[i].y.cell)
    EACH(events, &p->events[i].cell)
    EACH(inputs, &p->inputs[i].cell, &p->inputs[i].uniform)
    EACH(drivers, &p->drivers[i].cell)
    EACH(levers, &p->levers[i].cell)
    EACH(givens, &p->givens[i].cell)
#undef EACH
#undef MOVE
    p->head->n_cells++;
}

/* The step that computes a cell: steps are in the order of their cells. */
static int32_t step_of(const ent_plan *plan, int32_t cell)
{
    int32_t low = 0, high = plan->n_steps - 1;
    while (low < high) {
        int32_t middle = low + (high - low + 1) / 2;
        if (plan->steps[middle].out <= cell)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* A uniform for an input that had none, drawn right before it. */
static void add_uniform(ent_plan *plan, ent__plan_input *input)
{
    const char *name = ent__plan_text(plan, input->name);
    int32_t cell = input->cell, s = step_of(plan, cell);
    plan->streams[plan->n_streams] = (ent__stream_entry){.key = ent__stream(name, strlen(name), "value"), .name = input->name};
    memmove(plan->steps + s + 1, plan->steps + s, (size_t)(plan->n_steps - s) * sizeof *plan->steps);
    plan->n_steps++;
    move_cells(plan, cell);
    plan->steps[s] = (ent__step){.op = ENT__DO_UNIFORM, .out = cell, .n_out = 1, .arg = plan->n_args, .extra = plan->n_streams++};
    input->uniform = cell;
}

static void drop_driver(ent_plan *plan, int32_t input)
{
    int32_t kept = 0;
    for (int32_t d = 0; d < plan->n_drivers; d++)
        if (plan->drivers[d].kind != ENT__DRIVER_UNIFORM || plan->drivers[d].input != input)
            plan->drivers[kept++] = plan->drivers[d];
    plan->n_drivers = kept;
}

/* Before the first that was added when the input was there. */
static void add_driver(ent_plan *plan, int32_t input)
{
    const ent__plan_input *of = &plan->inputs[input];
    int32_t d = 0;
    while (d < plan->n_drivers && plan->drivers[d].inputs <= input)
        d++;
    memmove(plan->drivers + d + 1, plan->drivers + d, (size_t)(plan->n_drivers - d) * sizeof *plan->drivers);
    plan->n_drivers++;
    plan->drivers[d] = (ent__plan_driver){.kind = ENT__DRIVER_UNIFORM, .cell = of->uniform, .input = input, .bins = ENT_CURVE_BINS,
                                          .inputs = input + 1, .name = of->name, .label = of->label};
}

static void make_number(ent_plan *plan, int32_t i, double value)
{
    ent__plan_input *input = &plan->inputs[i];
    ent__step *step = &plan->steps[step_of(plan, input->cell)];
    if (step->op != ENT__DO_NUMBER) {
        *step = (ent__step){.op = ENT__DO_NUMBER, .out = step->out, .n_out = 1, .arg = step->arg, .extra = plan->n_numbers++};
        drop_driver(plan, i);
    }
    plan->numbers[step->extra] = value;
    input->distribution = -1;
    input->uncertain = 0;
}

static void make_distribution(ent_plan *plan, int32_t i, const ent__distribution *d, const ent__param *param)
{
    ent__plan_input *input = &plan->inputs[i];
    bool was_certain = plan->steps[step_of(plan, input->cell)].op == ENT__DO_NUMBER;
    if (was_certain && input->uniform < 0)
        add_uniform(plan, input);
    ent__step *step = &plan->steps[step_of(plan, input->cell)];
    if (step->op != ENT__DO_QUANTILE) {
        plan->args[plan->n_args] = (ent__arg){input->uniform, ENT__ARM_SELF};
        *step = (ent__step){.op = ENT__DO_QUANTILE, .out = step->out, .n_out = 1, .arg = plan->n_args++, .n_arg = 1, .extra = plan->n_distributions++};
    }
    ent__plan_distribution *to = &plan->distributions[step->extra];
    *to = (ent__plan_distribution){.d = *d, .point = d->points > 0 ? plan->n_numbers : -1};
    to->d.point = NULL;
    to->d.clamp_low = d->clamp_low > param->low ? d->clamp_low : param->low;
    to->d.clamp_high = d->clamp_high < param->high ? d->clamp_high : param->high;
    for (int32_t k = 0; k < 2 * d->points; k++)
        plan->numbers[plan->n_numbers++] = d->point[k];
    input->distribution = step->extra;
    input->uncertain = 1;
    if (was_certain)
        add_driver(plan, i);
}

/* --- what each kind of parameter takes --------------------------------------------------------------- */

/* An input's step is one of those that ent__value_cell() emits, and its uniform comes before it. */
static bool input_is_sound(const ent_plan *plan, int32_t i)
{
    const ent__plan_input *input = &plan->inputs[i];
    const ent__step *step = &plan->steps[step_of(plan, input->cell)];
    bool drawn = step->op == ENT__DO_QUANTILE || step->op == ENT__DO_POOL;
    return step->out == input->cell && step->n_out == 1 && (drawn ? input->uniform >= 0 : step->op == ENT__DO_NUMBER) &&
           input->uniform < input->cell;
}

static ent_status set_input(const setting *s, const ent__param *param)
{
    ent_plan *plan = s->plan;
    const ent__param of = *param; /* tables may move */
    if (!input_is_sound(plan, of.index))
        return ent__error_set(s->err, ENT_ERR_FORMAT, "", 0, 0, "the plan says of \"%s\" what cannot be", s->name);
    const ent__distribution *d = &s->value.distribution;
    if (!RESERVE(plan, numbers, 1 + 2 * d->points) || !RESERVE(plan, distributions, 1) || !RESERVE(plan, drivers, 1) ||
        !RESERVE(plan, args, 1) || !RESERVE(plan, steps, 1) || !RESERVE(plan, streams, 1))
        return ent__error_set(s->err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for a setting");
    double x = d->p[0];
    if (is_number(s))
        make_number(plan, of.index, x < of.low ? of.low : x > of.high ? of.high : x);
    else
        make_distribution(plan, of.index, d, &of);
    plan->inputs[of.index].text = put_text(plan, s->value.text);
    plan->inputs[of.index].source = put_text(plan, "--set");
    return ENT_OK;
}

static ent_status set_weights(const setting *s, int32_t first)
{
    ent_plan *plan = s->plan;
    if (!is_number(s) || !(s->value.distribution.p[0] >= 0))
        return WRONG(s, "the weight %s is a number of at least 0", s->name);
    double *old = ent__arena_alloc(s->arena, (size_t)plan->n_params, sizeof *old);
    if (old == NULL)
        return ent__error_set(s->err, ENT_ERR_MEMORY, "", 0, 0, "not enough memory for a setting");
    for (int32_t p = first; p < plan->n_params; p = find_param(plan, s->name, p + 1)) {
        double *weight = &plan->numbers[plan->choices[plan->params[p].index].weight];
        old[p] = *weight;
        *weight = s->value.distribution.p[0] * plan->params[p].low;
    }
    for (int32_t i = 0; i < plan->n_issues; i++) {
        const ent__plan_issue *issue = &plan->issues[i];
        double total = 0;
        for (int32_t k = 0; k < issue->n_choices; k++)
            total += plan->numbers[plan->choices[issue->choice + k].weight];
        if (issue->n_choices == 0 || total > 0)
            continue;
        for (int32_t p = first; p < plan->n_params; p = find_param(plan, s->name, p + 1))
            plan->numbers[plan->choices[plan->params[p].index].weight] = old[p];
        return WRONG(s, "the weights of the models of issue \"%s\" are all zero", ent__plan_text(plan, issue->id));
    }
    return ENT_OK;
}

static ent_status set_number(const setting *s, const ent__param *param)
{
    double x = s->value.distribution.p[0], *number = param->kind == ENT__PARAM_OVERALL ? &s->plan->overalls[param->index].number : &s->plan->numbers[param->index];
    if (param->kind == ENT__PARAM_LEVER && (!is_number(s) || !(x >= param->low && x <= param->high))) {
        char low[32], high[32];
        ent__number_people(low, param->low, 6);
        ent__number_people(high, param->high, 6);
        return WRONG(s, "%s takes a plain number from %s to %s", s->name, low, high);
    }
    if (!is_number(s))
        return WRONG(s, "the threshold %s is a number", s->name);
    *number = x;
    return ENT_OK;
}

static ent_status set_in_force(const setting *s, const ent__param *param, const char *value)
{
    uint64_t bit = UINT64_C(1) << param->index;
    bool no = strcmp(value, "no") == 0;
    if (!no && strcmp(value, "yes") != 0)
        return WRONG(s, "%s is yes or no, not '%.60s'", s->name, value);
    s->plan->head->off = no ? s->plan->head->off | bit : s->plan->head->off & ~bit;
    return ENT_OK;
}

static ent_status set_param(const setting *s, int32_t p)
{
    const ent__param *param = &s->plan->params[p];
    switch (param->kind) {
    case ENT__PARAM_INPUT:
        return set_input(s, param);
    case ENT__PARAM_WEIGHT:
        return set_weights(s, p);
    case ENT__PARAM_IN_FORCE:
        return set_in_force(s, param, s->value.text);
    default:
        return set_number(s, param);
    }
}

/* --- the setting as a whole -------------------------------------------------------------------------- */

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Name and value without blanks around, and what results will tell of them; false without memory. */
static bool take_texts(setting *s, const char *name, const char *value)
{
    char *bare = ent__arena_text(s->arena, name, strlen(name));
    size_t length = strlen(value), kept = 0;
    while (length > 0 && is_blank(value[length - 1]))
        length--;
    while (length > 0 && is_blank(value[0]))
        value++, length--;
    const char *trimmed = ent__arena_text(s->arena, value, length);
    if (bare == NULL || trimmed == NULL)
        return false;
    for (size_t k = 0; bare[k] != 0; k++) /* x[pl, 2030] and x[pl,2030] are one name */
        if (bare[k] != ' ')
            bare[kept++] = bare[k];
    bare[kept] = 0;
    s->name = bare;
    s->value.text = trimmed;
    s->said = ent__arena_printf(s->arena, "%s=%s", bare, trimmed);
    return s->said != NULL;
}

ent_status ent_plan_set(ent_plan *plan, const char *name, const char *value, ent_error *err)
{
    ent_status status = ENT_OK;
    ent__buffer settings = {0};
    setting s = {.plan = plan, .err = err, .arena = ent__arena_create()};
    ENT_REQUIRE(s.arena != NULL && take_texts(&s, name, value), ENT_ERR_MEMORY, "not enough memory for a setting");
    int32_t p = find_param(plan, s.name, 0);
    if (p == plan->n_params)
        ENT_TRY(unknown(&s));
    if (plan->params[p].kind != ENT__PARAM_IN_FORCE)
        ENT_TRY(read_plain(&s, value));
    ent__buffer_text(&settings, ent__plan_text(plan, plan->head->settings));
    ent__buffer_text(&settings, " --set ");
    ent__buffer_shell(&settings, s.said);
    ENT_REQUIRE(!settings.failed && settings.length < INT32_MAX / 4 &&
                    RESERVE(plan, text, (int32_t)(settings.length + strlen(s.said) + sizeof "--set" + 2)),
                ENT_ERR_MEMORY, "not enough memory for a setting");
    ENT_TRY(set_param(&s, p));
    plan->head->hash ^= ent__setting_hash(s.said, plan->head->n_settings++);
    plan->head->settings = put_text(plan, settings.data);
done:
    ent__buffer_free(&settings);
    ent__arena_free(s.arena);
    return status;
}
