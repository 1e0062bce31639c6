/* Settled issues: the list of models with weights and options, one reading of it a draw, and the steps that settle an
 * issue on its own or several together in an arena. */
#include "compile/compile.h"

#include "core/random.h"
#include "entente/calibrate.h"

#include <string.h>

/* Models and weights of a list, as one text: lists with the same text share their draw of a reading. */
static const char *reading_name(ent__compiler *c, const ent__issue *issue)
{
    ent__buffer text = {0};
    for (int32_t k = 0; k < issue->n_settle; k++) {
        const ent__choice *choice = &issue->settle[k];
        ent__buffer_printf(&text, "%s%s", k > 0 ? "," : "", choice->model);
        for (int32_t o = 0; o < choice->n_options; o++)
            ent__buffer_printf(&text, ";%s=%s", choice->option[o], choice->option_text[o]);
        ent__buffer_text(&text, ":");
        ent__buffer_number(&text, choice->weight);
    }
    char *name = text.failed ? NULL : ent__arena_text(c->arena, text.data, text.length);
    ent__buffer_free(&text);
    c->no_memory = c->no_memory || name == NULL;
    return name;
}

/* The part of its model's weight that this reading of the model has: 1 where the model is read in one way. */
static double share_of_model(const ent__issue *issue, const ent__choice *choice)
{
    double total = 0;
    for (int32_t k = 0; k < issue->n_settle; k++)
        if (strcmp(issue->settle[k].model, choice->model) == 0)
            total += issue->settle[k].weight;
    return total > 0 ? choice->weight / total : 0;
}

/* Whether a setting's name is ID.settle.MODEL, ID being that of an issue or arena with this list of models. */
static bool names_weight(ent__compiler *c, const char *set, const char *list, const char *model)
{
    const ent_scenario *s = c->scenario;
    const char *middle = strstr(set, ".settle.");
    if (middle == NULL || strcmp(middle + strlen(".settle."), model) != 0)
        return false;
    for (int32_t i = 0; i < s->n_issues + s->n_joints; i++) {
        const ent__issue issue = i < s->n_issues ? s->issues[i] : ent__joint_as_issue(&s->joints[i - s->n_issues]);
        if (issue.n_settle > 0 && strlen(issue.id) == (size_t)(middle - set) && memcmp(issue.id, set, strlen(issue.id)) == 0) {
            const char *own = reading_name(c, &issue);
            return own != NULL && strcmp(own, list) == 0;
        }
    }
    return false;
}

static double choice_weight(ent__compiler *c, const ent__issue *issue, const ent__choice *choice, const char *list)
{
    double weight = choice->weight;
    for (int32_t o = 0; o < c->n_overrides; o++) {
        if (!names_weight(c, c->override[o].name, list, choice->model))
            continue;
        const ent__value *value = &c->override[o].value;
        c->override[o].used = true;
        if (value->kind == ENT__VALUE_DISTRIBUTION && value->distribution.kind == ENT__DIST_CONSTANT && value->distribution.p[0] >= 0)
            weight = value->distribution.p[0] * share_of_model(issue, choice);
        else
            ent__compile_error(c, value->place, "the weight %s is a number of at least 0", c->override[o].name);
    }
    return weight;
}

/* What tells a reading of a model from the other readings of it: "challenge, accept strongest". */
static const char *choice_label(ent__compiler *c, const ent__issue *issue, const ent__choice *choice)
{
    const char *label = choice->model;
    for (int32_t o = 0; o < choice->n_options; o++) {
        bool differs = false;
        for (int32_t k = 0; k < issue->n_settle && !differs; k++) {
            const ent__choice *other = &issue->settle[k];
            differs = strcmp(other->model, choice->model) == 0 && o < other->n_options &&
                      strcmp(other->option[o], choice->option[o]) == 0 &&
                      strcmp(other->option_text[o], choice->option_text[o]) != 0;
        }
        const char *longer = differs ? ent__arena_printf(c->arena, "%s, %s %s", label, choice->option[o], choice->option_text[o]) : label;
        label = longer != NULL ? longer : label;
    }
    return label;
}

/* Whether a model settles what it is asked to: one issue, or several together. In an arena a model of one issue settles
 * them one by one. */
static bool can_settle(const ent_model *model, bool many)
{
    return model != NULL && (model->settle != NULL || (many && model->settle_many != NULL));
}

static void no_such_model(ent__compiler *c, const ent__choice *choice, bool many)
{
    const char *names[64];
    size_t n = 0;
    for (size_t m = 0; m < ent_model_count() && n < ENT_COUNT(names); m++)
        if (can_settle(ent_model_get(m), many))
            names[n++] = ent_model_get(m)->name;
    const char *near = ent__nearest(choice->model, names, n);
    const ent_model *known = ent_model_find(choice->model);
    if (known != NULL && known->settle_many != NULL) {
        ent__compile_error(c, choice->place, "the model \"%s\" settles several issues together: name it under `arenas:`", choice->model);
        return;
    }
    ent__compile_error(c, choice->place, "there is no model \"%s\" that settles %s%s%s%s; `entente models` lists them",
                       choice->model, many ? "several issues together" : "an issue", near ? "; did you mean \"" : "",
                       near ? near : "", near ? "\"?" : "");
}

static void add_choice(ent__compiler *c, const ent__issue *issue, const ent__choice *from, const ent_model *model, const double *option,
                       const char *list)
{
    ent__plan_choice *to = ENT__PLAN_ADD(c->plan, choices);
    if (to == NULL) {
        c->no_memory = true;
        return;
    }
    *to = (ent__plan_choice){.n_options = (int32_t)model->n_options, .option = c->plan->n_numbers};
    for (size_t o = 0; o < model->n_options; o++)
        ent__add_number(c, option[o]);
    to->weight = ent__add_number(c, choice_weight(c, issue, from, list));
    to->model = ent__pool_text(c, from->model);
    to->label = ent__pool_text(c, choice_label(c, issue, from));
}

/* The first of the choices of an earlier list with the same text, or -1. */
static int32_t find_list(const ent__compiler *c, const char *text)
{
    for (const ent__listed *l = c->listed; l != NULL; l = l->next)
        if (strcmp(l->text, text) == 0)
            return l->choice;
    return -1;
}

static void keep_list(ent__compiler *c, const char *text, int32_t choice)
{
    ent__listed *fresh = ent__arena_alloc(c->arena, 1, sizeof *fresh);
    c->no_memory = c->no_memory || fresh == NULL;
    if (fresh != NULL)
        *fresh = (ent__listed){text, choice, c->listed};
    c->listed = fresh != NULL ? fresh : c->listed;
}

/* Lists with the same text share their choices, hence their weights, as they share their draw of a reading. */
int32_t ent__add_choices(ent__compiler *c, const ent__issue *issue, size_t n, bool many)
{
    const char *list = reading_name(c, issue);
    int32_t shared = list != NULL ? find_list(c, list) : -1, first = shared >= 0 ? shared : c->plan->n_choices;
    for (int32_t k = 0; k < issue->n_settle && !c->no_memory; k++) {
        const ent__choice *from = &issue->settle[k];
        const ent_model *model = ent_model_find(from->model);
        if (!can_settle(model, many)) {
            no_such_model(c, from, many);
            return -1;
        }
        if (model->most_actors > 0 && n > model->most_actors) {
            ent__compile_error(c, from->place, "the model %s takes at most %zu actors, for what more would cost; here are %zu",
                               model->name, model->most_actors, n);
            return -1;
        }
        double option[32];
        ent_model_defaults(option, model);
        for (int32_t o = 0; o < from->n_options; o++) {
            size_t index;
            double value;
            ent_error err = {0};
            if (ent_model_option(&value, &index, model, from->option[o], from->option_text[o], &err) != ENT_OK) {
                ent__compile_error(c, from->place, "%s", err.message);
                return -1;
            }
            option[index] = value;
        }
        if (!many && !issue->has_status_quo && ent_model_needs_status_quo(model, option)) {
            ent__compile_error(c, from->place, "the model %s with these options needs a status quo, and issue \"%s\" states none",
                               model->name, issue->id);
            return -1;
        }
        if (shared < 0)
            add_choice(c, issue, from, model, option, list);
        ent__add_param(c, ent__arena_printf(c->arena, "%s.settle.%s", issue->id, from->model), ENT__PARAM_WEIGHT, first + k,
                       share_of_model(issue, from), 0);
    }
    if (shared < 0 && !c->no_memory)
        keep_list(c, list, first);
    return c->no_memory ? -1 : first;
}

static int32_t find_reading(ent__compiler *c, const char *name, int32_t choice, int32_t n)
{
    if (name == NULL)
        return 0;
    for (int32_t r = 0; r < c->plan->n_readings; r++)
        if (strcmp(ent__plan_text(c->plan, c->plan->readings[r].name), name) == 0)
            return r;
    ent__reading *reading = ENT__PLAN_ADD(c->plan, readings);
    if (reading == NULL) {
        c->no_memory = true;
        return 0;
    }
    *reading = (ent__reading){.choice = choice, .n_choices = n};
    reading->name = ent__pool_text(c, name);
    int32_t r = c->plan->n_readings - 1;
    ent__ref u = ent__self(ent__emit_uniform(c, name, "reading"));
    int32_t cell = ent__emit(c, ENT__DO_CHOICE, 1, &u, 1, r);
    c->plan->readings[r].cell = cell;
    ent__add_driver(c, ENT__DRIVER_CHOICE, cell, r, n, name, "the model of how a group settles");
    return r;
}

bool ent__weights_hold(ent__compiler *c, const ent__issue *issue, int32_t choice)
{
    double total = 0;
    for (int32_t k = 0; k < issue->n_settle; k++)
        total += c->plan->numbers[c->plan->choices[choice + k].weight];
    if (total > 0)
        return true;
    ent__compile_error(c, issue->settle_place, "the weights of the models of issue \"%s\" are all zero", issue->id);
    return false;
}

static ent__symbol *issue_symbol(ent__compiler *c, const ent__issue *issue, const char *field)
{
    char *name = ent__arena_printf(c->arena, "%s.%s", issue->id, field);
    c->no_memory = c->no_memory || name == NULL;
    return name != NULL ? ent__symbol_find(c, name) : NULL;
}

static bool has_distribution(const ent__issue *issue)
{
    for (int32_t k = 0; k < issue->n_settle; k++)
        if (strcmp(issue->settle[k].model, "condorcet") == 0)
            return true;
    return false;
}

/* The draw of a reading, as the first argument of a step; nothing where there is only one model. */
static void reading_argument(ent__compiler *c, const ent__issue *issue, int32_t choice, ent__ref *arg, int32_t *n_arg)
{
    if (issue->n_settle < 2)
        return;
    int32_t reading = find_reading(c, reading_name(c, issue), choice, issue->n_settle);
    if (!c->no_memory)
        arg[(*n_arg)++] = ent__self(c->plan->readings[reading].cell);
}

/* Status quo, positions, saliences and capabilities of an issue in a year, as arguments of a step. */
static void stance_arguments(ent__compiler *c, const ent__issue *issue, int32_t year, ent__place place, ent__ref *arg, int32_t *n_arg)
{
    static const char *const names[3] = {"position", "salience", "capability"};
    if (issue->has_status_quo)
        arg[(*n_arg)++] = ent__self(ent__element(c, issue_symbol(c, issue, "status_quo"), -1, year, place));
    for (int f = 0; f < 3; f++) {
        ent__symbol *field = issue_symbol(c, issue, names[f]);
        if (field == NULL)
            return;
        const ent__set actors = c->set[field->base.set];
        for (int32_t a = 0; a < actors.n; a++)
            arg[(*n_arg)++] = ent__self(ent__element(c, field, actors.actor[a], year, place));
    }
}

/* The step that settles an issue in a year; its first cell, the outcome. */
static int32_t settle_issue(ent__compiler *c, int32_t i, int32_t year, ent__place place)
{
    const ent__issue *issue = &c->scenario->issues[i];
    const ent__symbol *position = issue_symbol(c, issue, "position");
    if (position == NULL)
        return 0;
    int32_t choice = c->plan->issues[i].choice, n = c->set[position->base.set].n, n_arg = 0;
    bool distribution = has_distribution(issue);
    ent__ref *arg = ent__arena_alloc(c->arena, (size_t)(3 * n + 2), sizeof *arg);
    ent__settle_call *call = ENT__PLAN_ADD(c->plan, settles);
    if (arg == NULL || call == NULL) {
        c->no_memory = true;
        return 0;
    }
    *call = (ent__settle_call){.stream = ent__stream(issue->id, strlen(issue->id), "settle"), .issue = i, .n = n, .choice = choice,
                               .n_choices = issue->n_settle, .has_reading = issue->n_settle > 1,
                               .has_status_quo = issue->has_status_quo, .has_distribution = distribution,
                               .low = position->low, .high = position->high};
    int32_t index = c->plan->n_settles - 1;
    reading_argument(c, issue, choice, arg, &n_arg);
    stance_arguments(c, issue, year, place, arg, &n_arg);
    return c->no_memory ? 0 : ent__emit(c, ENT__DO_SETTLE, 1 + (distribution ? 3 : 2) * n, arg, n_arg, index);
}

/* --- arenas: issues settled together --------------------------------------------------------------- */

/* An arena's list of models, where a function wants an issue's. */
ent__issue ent__joint_as_issue(const ent__joint *joint)
{
    return (ent__issue){.id = joint->id, .title = joint->id, .settle = joint->settle, .n_settle = joint->n_settle,
                        .place = joint->place, .settle_place = joint->settle_place};
}

/* Everybody with a stance on some issue of the arena, ascending; the number of them. */
static int32_t joint_actors(ent__compiler *c, const ent__joint *joint, int32_t *actor)
{
    int32_t n = 0;
    for (int32_t a = 0; a < c->scenario->n_actors; a++) {
        bool in = false;
        for (int32_t k = 0; k < joint->n_issues && !in; k++)
            in = c->stance_at[joint->issue[k]][a] >= 0;
        if (in)
            actor[n++] = a;
    }
    return n;
}

static bool add_part(ent__compiler *c, int32_t i, const int32_t *actor, int32_t n, int32_t *cells)
{
    const ent__issue *issue = &c->scenario->issues[i];
    const ent__symbol *position = issue_symbol(c, issue, "position");
    ent__joint_part *part = position != NULL ? ENT__PLAN_ADD(c->plan, parts) : NULL;
    if (part == NULL)
        return false;
    const ent__set set = c->set[position->base.set];
    *part = (ent__joint_part){.issue = i, .n = set.n, .actor = c->plan->n_indices, .has_status_quo = issue->has_status_quo,
                              .low = position->low, .high = position->high};
    const ent__set everybody = {n, actor};
    for (int32_t a = 0; a < set.n; a++) {
        int32_t *place = ENT__PLAN_ADD(c->plan, indices);
        if (place == NULL)
            return false;
        *place = ent__set_place(&everybody, set.actor[a]);
    }
    *cells += 2 * set.n;
    return set.n > 0;
}

static int32_t settle_joint(ent__compiler *c, int32_t j, int32_t year, ent__place place)
{
    const ent__joint *joint = &c->scenario->joints[j];
    const ent__issue list = ent__joint_as_issue(joint);
    int32_t choice = c->joint_choice[j], cells = joint->n_issues, n_arg = 0, first_part = c->plan->n_parts;
    int32_t *actor = ent__arena_alloc(c->arena, (size_t)c->scenario->n_actors, sizeof *actor);
    int32_t n = actor != NULL ? joint_actors(c, joint, actor) : 0;
    bool good = n > 0;
    for (int32_t k = 0; k < joint->n_issues && good; k++)
        good = add_part(c, joint->issue[k], actor, n, &cells);
    ent__ref *arg = ent__arena_alloc(c->arena, 2 * (size_t)cells + (size_t)joint->n_issues + 1, sizeof *arg);
    ent__joint_call *call = ENT__PLAN_ADD(c->plan, joints);
    if (!good || arg == NULL || call == NULL) {
        c->no_memory = true;
        return 0;
    }
    *call = (ent__joint_call){.stream = ent__stream(joint->id, strlen(joint->id), "settle"), .n = n, .part = first_part,
                              .n_parts = joint->n_issues, .choice = choice, .n_choices = joint->n_settle,
                              .has_reading = joint->n_settle > 1};
    int32_t index = c->plan->n_joints - 1;
    reading_argument(c, &list, choice, arg, &n_arg);
    for (int32_t k = 0; k < joint->n_issues; k++)
        stance_arguments(c, &c->scenario->issues[joint->issue[k]], year, place, arg, &n_arg);
    return c->no_memory ? 0 : ent__emit(c, ENT__DO_SETTLE_MANY, cells, arg, n_arg, index);
}

static int32_t joint_element(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year, ent__place place)
{
    int32_t j = c->scenario->issues[symbol->part].joint - 1, years = c->scenario->years > 0 ? c->scenario->years : 1;
    const ent__joint *joint = &c->scenario->joints[j];
    int32_t at = j * years + (symbol->axes.count > 0 ? year - symbol->axes.from : 0);
    if (c->joint_settled[at] == ENT__UNSEEN) {
        int32_t cell = settle_joint(c, j, symbol->axes.count > 0 ? year : 0, place);
        c->joint_settled[at] = cell;
    }
    int32_t cell = c->joint_settled[at] + joint->n_issues;
    for (int32_t k = 0; k < joint->n_issues; k++) {
        const ent__symbol *position = issue_symbol(c, &c->scenario->issues[joint->issue[k]], "position");
        if (position == NULL)
            return 0;
        const ent__set *set = &c->set[position->base.set];
        if (joint->issue[k] == symbol->part) {
            if (symbol->kind == ENT__SYMBOL_OUTCOME)
                return c->joint_settled[at] + k;
            return cell + (symbol->kind == ENT__SYMBOL_GAIN ? set->n : 0) + ent__set_place(set, actor);
        }
        cell += 2 * set->n;
    }
    return 0;
}

/* --- the model's error ------------------------------------------------------------------------------ */

/* Where in the distribution around the model's point the outcome falls: an input like any other, by year where each has an
 * error of its own, else one for the whole draw. */
static ent__ref error_input(ent__compiler *c, const ent__issue *issue, int32_t year)
{
    ent__value value = {.kind = ENT__VALUE_DISTRIBUTION, .text = "uniform(0, 1)", .unit = "quantile", .place = issue->error_place,
                        .distribution = {.kind = ENT__DIST_UNIFORM, .p = {0, 1}, .low = -__builtin_inf(), .high = __builtin_inf(),
                                         .clamp_low = -__builtin_inf(), .clamp_high = __builtin_inf()},
                        .low = 0, .high = 1,
                        .source = "the model's errors on decisions of the European Union (Arregui & Perarnaud 2021, DEU III)",
                        .why = "how far above or below what the model says the outcome falls: 0 is the lowest that is possible"};
    ent__context none = {.actor = -1, .value = -1, .undefined = -1};
    const bool yearly = issue->error_by_year && year > 0;
    char *name = yearly ? ent__arena_printf(c->arena, "%s.model_error[%d]", issue->id, (int)year)
                        : ent__arena_printf(c->arena, "%s.model_error", issue->id);
    char *label = yearly ? ent__arena_printf(c->arena, "error of the model in %d: %s", (int)year, issue->title)
                         : ent__arena_printf(c->arena, "error of the model: %s", issue->title);
    if (ent__distribution_prepare(&value.distribution, NULL) != ENT_OK)
        c->no_memory = true;
    return ent__self(ent__value_cell(c, &value, name, &none, 0, 1, label, "quantile"));
}

static bool errors_are_known(ent__compiler *c, const ent__issue *issue, const ent__issue *list)
{
    for (int32_t k = 0; k < list->n_settle; k++)
        if (ent_calibration_of(ent_model_find(list->settle[k].model)) == NULL) {
            ent__compile_error(c, issue->error_place, "the errors of the model %s are not known, so they cannot be drawn", list->settle[k].model);
            return false;
        }
    return true;
}

/* The step that draws an outcome around the model's, the cell `point`; its first cell. */
static int32_t calibrate(ent__compiler *c, int32_t i, int32_t point, int32_t year, ent__place place)
{
    const ent__issue *issue = &c->scenario->issues[i];
    const ent__issue list = issue->joint > 0 ? ent__joint_as_issue(&c->scenario->joints[issue->joint - 1]) : *issue;
    const ent__symbol *position = issue_symbol(c, issue, "position");
    if (position == NULL || !errors_are_known(c, issue, &list))
        return ent__emit_number(c, ENT_UNDEFINED);
    int32_t n = c->set[position->base.set].n, n_arg = 0;
    int32_t choice = issue->joint > 0 ? c->joint_choice[issue->joint - 1] : c->plan->issues[i].choice;
    ent__ref *arg = ent__arena_alloc(c->arena, (size_t)(3 * n + 4), sizeof *arg), error = error_input(c, issue, year);
    ent__calibrate_call *call = ENT__PLAN_ADD(c->plan, calibrates);
    if (arg == NULL || call == NULL) {
        c->no_memory = true;
        return 0;
    }
    *call = (ent__calibrate_call){.issue = i, .n = n, .choice = choice, .n_choices = list.n_settle, .has_reading = list.n_settle > 1,
                                  .has_status_quo = issue->has_status_quo, .many = issue->joint > 0, .low = position->low,
                                  .high = position->high};
    int32_t index = c->plan->n_calibrates - 1;
    reading_argument(c, &list, choice, arg, &n_arg);
    arg[n_arg++] = ent__self(point);
    arg[n_arg++] = error;
    stance_arguments(c, issue, year, place, arg, &n_arg);
    return c->no_memory ? 0 : ent__emit(c, ENT__DO_CALIBRATE, 1 + 2 * n, arg, n_arg, index);
}

/* --- an element of what is settled ----------------------------------------------------------------- */

static int32_t settled_element(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year, ent__place place);

/* Outcome, utilities and gains with the model's error; the point and the distribution are the model's own. */
static int32_t calibrated_element(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year, ent__place place)
{
    const int32_t years = c->scenario->years > 0 ? c->scenario->years : 1;
    int32_t *first = &c->calibrated[symbol->part * years + (symbol->axes.count > 0 ? year - symbol->axes.from : 0)];
    if (*first == ENT__UNSEEN) {
        ent__symbol point = *symbol;
        point.kind = ENT__SYMBOL_OUTCOME;
        year = symbol->axes.count > 0 ? year : 0;
        *first = calibrate(c, symbol->part, settled_element(c, &point, -1, year, place), year, place);
    }
    if (symbol->kind == ENT__SYMBOL_OUTCOME)
        return *first;
    const ent__set *set = &c->set[symbol->base.set];
    return *first + 1 + (symbol->kind == ENT__SYMBOL_GAIN ? set->n : 0) + ent__set_place(set, actor);
}

int32_t ent__settled_element(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year, ent__place place)
{
    if (c->plan->issues[symbol->part].choice < 0) /* its models are unknown: that was said */
        return ent__emit_number(c, ENT_UNDEFINED);
    if (c->scenario->issues[symbol->part].has_error && symbol->kind <= ENT__SYMBOL_GAIN)
        return calibrated_element(c, symbol, actor, year, place);
    if (symbol->kind != ENT__SYMBOL_POINT)
        return settled_element(c, symbol, actor, year, place);
    ent__symbol outcome = *symbol;
    outcome.kind = ENT__SYMBOL_OUTCOME;
    return settled_element(c, &outcome, actor, year, place);
}

static int32_t settled_element(ent__compiler *c, const ent__symbol *symbol, int32_t actor, int32_t year, ent__place place)
{
    if (symbol->kind == ENT__SYMBOL_DISTRIBUTION && !has_distribution(&c->scenario->issues[symbol->part])) {
        ent__compile_error(c, place, "%s is known only where the model condorcet settles the issue", symbol->name);
        return ent__emit_number(c, ENT_UNDEFINED);
    }
    if (c->scenario->issues[symbol->part].joint > 0)
        return joint_element(c, symbol, actor, year, place);
    int32_t years = c->scenario->years > 0 ? c->scenario->years : 1;
    int32_t at = symbol->part * years + (symbol->axes.count > 0 ? year - symbol->axes.from : 0);
    if (c->settled[at] == ENT__UNSEEN) {
        int32_t cell = settle_issue(c, symbol->part, symbol->axes.count > 0 ? year : 0, place);
        c->settled[at] = cell;
    }
    int32_t first = c->settled[at];
    if (symbol->kind == ENT__SYMBOL_OUTCOME)
        return first;
    const ent__set *set = &c->set[symbol->base.set];
    int32_t block = (int32_t)symbol->kind - ENT__SYMBOL_UTILITY; /* utility, gain, distribution, in this order */
    return first + 1 + block * set->n + ent__set_place(set, actor);
}

