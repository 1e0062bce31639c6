/* What a model takes, from a table of states and options. */
#include "model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- the model ---------------------------------------------------------------------------------------- */

static bool has_axis(const ent_model *model, char letter)
{
    for (size_t i = 0; i < model->n_inputs; i++)
        if (strchr(model->inputs[i].shape, letter) != NULL)
            return true;
    return false;
}

static bool takes_states(const ent_model *model)
{
    return model->call != NULL && has_axis(model, 'l') && !has_axis(model, 'm') && !has_axis(model, 't');
}

int model_find(const ent_model **model, const char *name, bool json)
{
    const char *names[MODEL_PORTS];
    char all[512] = "";
    size_t n = 0;
    for (size_t m = 0; m < ent_model_count() && n < MODEL_PORTS; m++) {
        if (!takes_states(ent_model_get(m)))
            continue;
        names[n++] = ent_model_get(m)->name;
        if (strlen(all) + strlen(names[n - 1]) + 3 < sizeof all)
            strcat(strcat(all, n > 1 ? ", " : ""), names[n - 1]);
    }
    *model = ent_model_find(name);
    if (*model != NULL && takes_states(*model))
        return CLI_GO;
    if (*model != NULL && (*model)->settle != NULL)
        return cli_fail(json, CLI_USAGE, "%s settles an issue: `entente settle TABLE.csv --model %s`", name, name);
    if (*model != NULL && has_axis(*model, 't'))
        return cli_fail(json, CLI_USAGE, "%s runs by months: `entente %s --help`", name, name);
    if (*model != NULL)
        return cli_fail(json, CLI_USAGE, "%s decides by a group's rule, which a scenario names; here there is: %s",
                        name, all);
    const char *near = ent_text_nearest(name, names, n);
    return cli_fail(json, CLI_USAGE, "there is no model '%s'%s%s%s; there is: %s", name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "", all);
}

/* --- shapes ------------------------------------------------------------------------------------------- */

char model_axis(const ent_port *port)
{
    for (const char *letter = port->shape; *letter != 0; letter++)
        if (strchr("lac", *letter) != NULL)
            return *letter;
    return 0;
}

size_t model_size(const model_given *g, const ent_port *port)
{
    static const char axes[] = "amlcyte"; /* in the order of ent_axis */
    size_t n = 1;
    for (const char *letter = port->shape; *letter != 0; letter++) {
        const char *at = *letter != ',' ? strchr(axes, *letter) : NULL;
        n *= at != NULL && at - axes != ENT_AXIS_YEAR ? g->count[at - axes] : 1;
    }
    return n;
}

/* A column of the table may hold it: one number a state. */
static bool is_column(const ent_port *port)
{
    return model_axis(port) != 0 && strcmp(port->shape, "l,l") != 0;
}

/* --- failures ------------------------------------------------------------------------------------------- */

static int wrong_row(const model_given *g, size_t row, bool json, const char *message)
{
    ent_error err = {.status = ENT_ERR_SCENARIO, .line = g->table->line[row]};
    snprintf(err.file, sizeof err.file, "%s", g->file);
    snprintf(err.message, sizeof err.message, "%s", message);
    return cli_fail_error(json, &err);
}

static void allowed(char *out, size_t size, const ent_port *port)
{
    char low[32], high[32];
    ent_number_text(low, port->low);
    ent_number_text(high, port->high);
    if (isfinite(port->low) && isfinite(port->high))
        snprintf(out, size, "%s to %s", low, high);
    else if (isfinite(port->low))
        snprintf(out, size, "%s or more", low);
    else
        snprintf(out, size, "any number");
}

static int missing(const model_given *g, const ent_port *port, bool json)
{
    const char *near = ent_text_nearest(port->name, g->table->header, g->table->n_headers);
    ent_error err = {.status = ENT_ERR_SCENARIO, .line = is_column(port) ? 1 : 0};
    snprintf(err.file, sizeof err.file, "%s", is_column(port) ? g->file : "");
    snprintf(err.message, sizeof err.message, "%s needs %s%s: %s%s%s%s", g->model->name,
             is_column(port) ? "a column or an option " : "the option ", port->name, port->meaning,
             near != NULL ? "; is it the column '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
    return cli_fail_error(json, &err);
}

static int unknown_option(const model_given *g, const char *name, bool json)
{
    const char *names[2 * MODEL_PORTS];
    size_t n = 0;
    for (size_t i = 0; i < g->model->n_inputs; i++)
        names[n++] = g->model->inputs[i].name;
    for (size_t o = 0; o < g->model->n_options; o++)
        names[n++] = g->model->options[o].name;
    const char *near = ent_text_nearest(name, names, n);
    return cli_fail(json, CLI_USAGE, "%s has no input or option '%s'%s%s%s; `entente models %s` lists them",
                    g->model->name, name, near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
                    near != NULL ? "'?" : "", g->model->name);
}

/* --- the table -------------------------------------------------------------------------------------------- */

static int read_table(model_given *g, bool json)
{
    static const char *const naming[] = {"ally", "actor", "state", "defender", "member"};
    const char *column[MODEL_PORTS + 1];
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    int code = CLI_GO;
    if (list == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    for (size_t i = 0; i < g->model->n_inputs; i++) /* what is no column has a name that no column can have */
        column[i] = is_column(&g->model->inputs[i]) ? g->model->inputs[i].name : "";
    column[g->model->n_inputs] = has_axis(g->model, 'a') ? "candidate" : "";
    const ent_columns_wanted wanted = {naming, sizeof naming / sizeof naming[0], column, g->model->n_inputs + 1, false};
    ent_status status = ent_columns_read(&g->table, g->file, &wanted, list, &err);
    ent_diagnostics_sort(list);
    if (status != ENT_OK && ent_diagnostics_errors(list) > 0)
        code = cli_findings(json, list);
    else if (status != ENT_OK)
        code = cli_fail_error(json, &err);
    ent_diagnostics_free(list);
    return code;
}

/* Members first, then candidates (those with a 1 in the column candidate). */
static int count_states(model_given *g, bool json)
{
    const double *candidate = g->table->column[g->model->n_inputs];
    const size_t n = g->table->n;
    size_t members = 0, at = 0;
    g->row = malloc(n * sizeof *g->row);
    if (g->row == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    for (size_t i = 0; candidate != NULL && i < n; i++)
        if (!isnan(candidate[i]) && candidate[i] != 0 && candidate[i] != 1)
            return wrong_row(g, i, json, "candidate is 1 (a candidate) or 0 (a member)");
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++)
            if ((candidate != NULL && candidate[i] == 1) == (pass == 1)) {
                g->row[at++] = i;
                members += pass == 0;
            }
    if (members == 0)
        return cli_fail(json, CLI_WRONG, "%s: every row is a candidate; there must be members", g->file);
    g->count[ENT_AXIS_ACTOR] = n;
    g->count[ENT_AXIS_ALLY] = members;
    g->count[ENT_AXIS_CANDIDATE] = n - members;
    g->count[ENT_AXIS_YEAR] = 1;
    return CLI_GO;
}

/* --- inputs ----------------------------------------------------------------------------------------------- */

static int take(model_given *g, size_t input, bool json)
{
    g->own[input] = malloc((model_size(g, &g->model->inputs[input]) + 1) * sizeof(double));
    g->in[input] = g->own[input];
    return g->own[input] != NULL ? CLI_GO : cli_fail(json, CLI_IO, "not enough memory");
}

static int fill(model_given *g, size_t input, double x, bool json)
{
    int code = take(g, input, json);
    for (size_t i = 0; code == CLI_GO && i < model_size(g, &g->model->inputs[input]); i++)
        g->own[input][i] = x;
    return code;
}

static int fill_from_column(model_given *g, size_t input, bool json)
{
    const ent_port *port = &g->model->inputs[input];
    int code = take(g, input, json);
    for (size_t i = 0; code == CLI_GO && i < model_size(g, port); i++) {
        const size_t row = g->row[i];
        const double x = g->table->column[input][row];
        char message[256], number[32], range[96];
        allowed(range, sizeof range, port);
        ent_number_text(number, x);
        if (isnan(x))
            snprintf(message, sizeof message, "the %s of '%.60s' is missing", port->name, g->table->name[row]);
        else
            snprintf(message, sizeof message, "the %s of '%.60s' is %s; allowed is %s", port->name, g->table->name[row],
                     number, range);
        if (!(x >= port->low && x <= port->high))
            code = wrong_row(g, row, json, message);
        g->own[input][i] = x;
    }
    return code;
}

/* An input given as an option: a number for all, or the name of a state where its place is asked for. */
static int fill_from_option(model_given *g, size_t input, const char *text, bool json)
{
    const ent_port *port = &g->model->inputs[input];
    double x = NAN;
    char range[96];
    for (size_t i = 0; model_axis(port) == 0 && i < g->count[ENT_AXIS_ALLY]; i++)
        if (strcmp(model_state(g, i), text) == 0)
            return fill(g, input, (double)i, json);
    if (!ent_number_read(&x, text, strlen(text)))
        return cli_fail(json, CLI_USAGE, "the option %s of %s is a number, not '%s'", port->name, g->model->name, text);
    allowed(range, sizeof range, port);
    if (!(x >= port->low && x <= port->high))
        return cli_fail(json, CLI_USAGE, "the option %s of %s is %s; allowed is %s", port->name, g->model->name, text,
                        range);
    if (is_column(port) && g->table->column[input] != NULL)
        return cli_fail(json, CLI_USAGE, "%s is a column of the table and an option: which one?", port->name);
    free(g->own[input]);
    return fill(g, input, x, json);
}

static int take_option(model_given *g, const char *given, bool json)
{
    char name[64];
    const char *equals = strchr(given, '=');
    if (equals == NULL || equals == given || (size_t)(equals - given) >= sizeof name)
        return cli_fail(json, CLI_USAGE, "--option takes NAME=VALUE, such as --option spillover=0.4, not '%s'", given);
    snprintf(name, sizeof name, "%.*s", (int)(equals - given), given);
    for (size_t i = 0; i < g->model->n_inputs; i++)
        if (strcmp(g->model->inputs[i].name, name) == 0)
            return fill_from_option(g, i, equals + 1, json);
    for (size_t o = 0; o < g->model->n_options; o++)
        if (strcmp(g->model->options[o].name, name) == 0) {
            ent_error err = {0};
            size_t index = 0;
            if (ent_model_option(&g->option[o], &index, g->model, name, equals + 1, &err) != ENT_OK)
                return cli_fail(json, CLI_USAGE, "%s", err.message);
            return CLI_GO;
        }
    return unknown_option(g, name, json);
}

/* Inputs neither in the table nor among the options: what they fall back on, their default, or nothing. */
static int complete(model_given *g, bool json)
{
    int code = CLI_GO;
    for (size_t i = 0; i < g->model->n_inputs && code == CLI_GO; i++) {
        const ent_port *port = &g->model->inputs[i];
        if (g->in[i] != NULL)
            continue;
        if (port->required)
            return missing(g, port, json);
        if (port->falls_back == NULL && !isnan(port->fallback))
            code = fill(g, i, port->fallback, json);
    }
    for (size_t i = 0; i < g->model->n_inputs; i++)
        for (size_t k = 0; g->in[i] == NULL && g->model->inputs[i].falls_back != NULL && k < g->model->n_inputs; k++)
            if (strcmp(g->model->inputs[k].name, g->model->inputs[i].falls_back) == 0)
                g->in[i] = g->in[k];
    return code;
}

int model_read(model_given *g, const char *file, const cli_list *option, bool json)
{
    g->file = file;
    ent_model_defaults(g->option, g->model);
    int code = read_table(g, json);
    if (code == CLI_GO)
        code = count_states(g, json);
    for (size_t i = 0; i < g->model->n_inputs && code == CLI_GO; i++)
        if (is_column(&g->model->inputs[i]) && g->table->column[i] != NULL)
            code = fill_from_column(g, i, json);
    for (size_t k = 0; k < option->count && code == CLI_GO; k++)
        code = take_option(g, option->item[k], json);
    return code == CLI_GO ? complete(g, json) : code;
}

void model_free(model_given *g)
{
    for (size_t i = 0; i < MODEL_PORTS; i++)
        free(g->own[i]);
    free(g->row);
    ent_columns_free(g->table);
}
