/* entente models: the table of models, and each of them in full. */
#include "cli.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 80, NAME_WIDTH = 16 };

static const struct {
    const char *room, *about;
} ROOM[] = {
    {"settle", "how a group settles an issue"},
    {"vote", "rules, power and consent"},
    {"alliance", "what allies contribute and whom they deter"},
    {"war", "fighting and stopping"},
};
enum { ROOMS = sizeof ROOM / sizeof ROOM[0] };

/* --- the table ------------------------------------------------------------------------------------------ */

static bool room_has_models(const char *room)
{
    for (size_t m = 0; m < ent_model_count(); m++)
        if (strcmp(ent_model_get(m)->room, room) == 0)
            return true;
    return false;
}

static void list_all(const cli_style *style)
{
    bool first = true;
    for (size_t r = 0; r < ROOMS; r++) {
        if (!room_has_models(ROOM[r].room))
            continue;
        printf("%s%s: %s\n", first ? "" : "\n", ROOM[r].room, ROOM[r].about);
        first = false;
        for (size_t m = 0; m < ent_model_count(); m++) {
            const ent_model *model = ent_model_get(m);
            if (strcmp(model->room, ROOM[r].room) != 0)
                continue;
            printf("  %-*s", NAME_WIDTH, model->name);
            cli_put(stdout, style, model->title, WIDTH - NAME_WIDTH - 2, 0);
            putchar('\n');
        }
    }
    printf("\n`entente models NAME` tells of one: its paper, its equation, what goes in and what comes out.\n");
}

/* --- one model ------------------------------------------------------------------------------------------ */

static const char *bound(char out[32], double x)
{
    ent_number_people(out, x, 10);
    return out;
}

/* "1 to 20", "0 or more", "any"; "" for words. */
static void range_of(char *out, size_t size, const ent_port *port)
{
    char low[32], high[32];
    bound(low, port->low), bound(high, port->high);
    if (port->choices != NULL)
        out[0] = 0;
    else if (isfinite(port->low) && isfinite(port->high))
        snprintf(out, size, "%s to %s", low, high);
    else if (isfinite(port->low))
        snprintf(out, size, "%s or more", low);
    else if (isfinite(port->high))
        snprintf(out, size, "at most %s", high);
    else
        snprintf(out, size, "any number");
}

/* "loss|status_quo" as "loss or status_quo". */
static void words_of(char *out, size_t size, const char *choices)
{
    size_t used = 0;
    for (const char *at = choices; *at != 0 && used + 8 < size;) {
        size_t length = strcspn(at, "|");
        used += (size_t)snprintf(out + used, size - used, "%s%.*s", used > 0 ? " or " : "", (int)length, at);
        at += length + (at[length] != 0);
    }
}

static void tell_port(const cli_style *style, const ent_port *port, bool is_option)
{
    char facts[512] = "", range[96], value[32], line[1024];
    const char *unit = strcmp(port->unit, "1") == 0 ? "" : strcmp(port->unit, "any") == 0 ? "any unit" : port->unit;
    range_of(range, sizeof range, port);
    if (port->choices != NULL && is_option) {
        words_of(facts, sizeof facts, port->choices);
        size_t used = strlen(facts);
        snprintf(facts + used, sizeof facts - used, "; default %.*s", (int)strcspn(port->choices, "|"), port->choices);
    } else if (port->choices != NULL)
        words_of(facts, sizeof facts, port->choices);
    else if (is_option)
        snprintf(facts, sizeof facts, "%s; default %s", range, bound(value, port->fallback));
    else
        snprintf(facts, sizeof facts, "%s%s%s%s", unit, unit[0] != 0 ? ", " : "", range,
                 port->required ? "; required" : "");
    snprintf(line, sizeof line, "%s (%s)", port->meaning, facts);
    printf("  %s\n", port->name);
    cli_wrap(stdout, style, line, 6, WIDTH);
}

static void tell_ports(const cli_style *style, const char *heading, const ent_port *port, size_t n, bool options)
{
    if (n > 0)
        printf("\n%s\n", heading);
    for (size_t i = 0; i < n; i++)
        tell_port(style, &port[i], options);
}

/* Each line of the text on its own, broken where it is too long. */
static void tell_lines(const cli_style *style, const char *text)
{
    while (*text != 0) {
        char line[512];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        cli_wrap(stdout, style, line, 2, WIDTH);
        text += length + (text[length] != 0);
    }
}

/* What it got wrong where that could be looked up. */
static void tell_errors(const cli_style *style, const ent_model *model)
{
    const ent_calibration *c = ent_calibration_of(model);
    char line[512];
    if (c == NULL)
        return;
    snprintf(line, sizeof line,
             "On %d decisions of the European Union, on scales from 0 to 100: with its errors on other decisions (model_error: calibrated) the "
             "median of its distribution is off by %.1f on average, the CRPS is %.1f, and the central 80 %% hold %.0f %% of the outcomes.",
             c->n_errors, c->mae, c->crps, 100 * c->cover80);
    cli_wrap(stdout, style, line, 2, WIDTH);
}

static void tell(const cli_style *style, const ent_model *model)
{
    printf("%s: ", model->name);
    cli_put(stdout, style, model->title, 0, 0);
    printf("\n\n");
    cli_wrap(stdout, style, model->summary, 0, WIDTH);
    printf("\nEquation\n");
    tell_lines(style, model->equation);
    printf("\nPaper\n");
    cli_wrap(stdout, style, model->citation, 2, WIDTH);
    printf("\nHow well it does\n");
    cli_wrap(stdout, style,
             model->accuracy[0] != 0 ? model->accuracy : "No public test of it on its own is known to us.", 2, WIDTH);
    tell_errors(style, model);
    tell_ports(style, "What goes in", model->inputs, model->n_inputs, false);
    tell_ports(style, "Options", model->options, model->n_options, true);
    tell_ports(style, "What comes out", model->outputs, model->n_outputs, false);
    char cost[256];
    snprintf(cost, sizeof cost, "Cost: %s%s", model->cost, model->most_actors > 0 ? "; at most " : "");
    if (model->most_actors > 0)
        snprintf(cost + strlen(cost), sizeof cost - strlen(cost), "%zu actors", model->most_actors);
    putchar('\n');
    cli_wrap(stdout, style, cost, 0, WIDTH);
}

/* --- JSON ----------------------------------------------------------------------------------------------- */

static int json_member(const char *key, const char *text)
{
    char *quoted = text != NULL ? cli_json(text) : NULL;
    if (text != NULL && quoted == NULL)
        return cli_fail(false, CLI_IO, "not enough memory");
    printf("\"%s\":%s", key, quoted != NULL ? quoted : "null");
    ent_bytes_free(quoted);
    return CLI_GO;
}

static int json_texts(const char *const pair[][2], size_t n)
{
    int code = CLI_GO;
    for (size_t i = 0; i < n && code == CLI_GO; i++) {
        if (i > 0)
            putchar(',');
        code = json_member(pair[i][0], pair[i][1]);
    }
    return code;
}

static int json_port(const ent_port *port, bool is_option)
{
    char low[32], high[32], fallback[32], first[64] = "";
    const char *const text[][2] = {
        {"name", port->name}, {"shape", port->shape}, {"unit", port->unit}, {"meaning", port->meaning}};
    ent_number_text(low, port->choices != NULL ? NAN : port->low);
    ent_number_text(high, port->choices != NULL ? NAN : port->high);
    ent_number_text(fallback, port->choices != NULL ? NAN : port->fallback);
    if (port->choices != NULL && is_option)
        snprintf(first, sizeof first, "\"%.*s\"", (int)strcspn(port->choices, "|"), port->choices);
    putchar('{');
    int code = json_texts(text, sizeof text / sizeof text[0]);
    printf(",\"low\":%s,\"high\":%s,\"default\":%s,\"choices\":", low, high, first[0] != 0 ? first : fallback);
    fputs(port->choices != NULL ? "[" : "null", stdout);
    for (const char *at = port->choices; at != NULL && *at != 0;) {
        size_t length = strcspn(at, "|");
        printf("%s\"%.*s\"", at > port->choices ? "," : "", (int)length, at);
        at += length + (at[length] != 0);
    }
    printf("%s,\"required\":%s}", port->choices != NULL ? "]" : "", port->required ? "true" : "false");
    return code;
}

static int json_ports(const char *key, const ent_port *port, size_t n, bool options)
{
    int code = CLI_GO;
    printf(",\n  \"%s\":[", key);
    for (size_t i = 0; i < n && code == CLI_GO; i++) {
        fputs(i > 0 ? ",\n   " : "\n   ", stdout);
        code = json_port(&port[i], options);
    }
    putchar(']');
    return code;
}

static void json_errors(const ent_model *model)
{
    const ent_calibration *c = ent_calibration_of(model);
    char mae[32], crps[32], cover[32];
    if (c == NULL) {
        printf(",\n  \"calibrated\":null");
        return;
    }
    ent_number_text(mae, c->mae), ent_number_text(crps, c->crps), ent_number_text(cover, c->cover80);
    printf(",\n  \"calibrated\":{\"issues\":%d,\"mae\":%s,\"crps\":%s,\"cover80\":%s}", c->n_errors, mae, crps, cover);
}

static int json_model(const ent_model *model)
{
    const char *const text[][2] = {{"name", model->name},         {"room", model->room},
                                   {"title", model->title},       {"summary", model->summary},
                                   {"equation", model->equation}, {"citation", model->citation},
                                   {"accuracy", model->accuracy}, {"cost", model->cost}};
    printf("\n {");
    int code = json_texts(text, sizeof text / sizeof text[0]);
    if (code == CLI_GO)
        code = json_ports("inputs", model->inputs, model->n_inputs, false);
    if (code == CLI_GO)
        code = json_ports("options", model->options, model->n_options, true);
    if (code == CLI_GO)
        code = json_ports("outputs", model->outputs, model->n_outputs, false);
    json_errors(model);
    putchar('}');
    return code;
}

static int json_table(const ent_model *only)
{
    int code = CLI_GO;
    bool first = true;
    printf("{\"format\":1,\"models\":[");
    for (size_t m = 0; m < ent_model_count() && code == CLI_GO; m++) {
        if (only != NULL && ent_model_get(m) != only)
            continue;
        fputs(first ? "" : ",", stdout);
        first = false;
        code = json_model(ent_model_get(m));
    }
    printf("\n]}\n");
    return code;
}

/* --- the command ---------------------------------------------------------------------------------------- */

static int unknown(const char *name, bool json)
{
    const char *names[64];
    size_t n = 0;
    for (; n < ent_model_count() && n < sizeof names / sizeof names[0]; n++)
        names[n] = ent_model_get(n)->name;
    const char *near = ent_text_nearest(name, names, n);
    return cli_fail(json, CLI_USAGE, "there is no model '%s'%s%s%s; `entente models` lists them", name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

int cmd_models(int argc, char **argv)
{
    const cli_syntax syntax = {
        .name = "models",
        .arguments = "[MODEL]",
        .about = "The models that entente knows. With a name: its paper, equation, inputs, options with their defaults "
                 "and ranges, "
                 "outputs, cost, and how well it does in public tests.",
        .example = "entente models\nentente models nash",
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    const cli_style style = cli_style_of(stdout);
    const ent_model *model = args.count > 0 ? ent_model_find(args.item[0]) : NULL;
    if (args.count > 0 && model == NULL)
        code = unknown(args.item[0], args.json);
    else if (args.json)
        code = json_table(model);
    else if (model != NULL)
        tell(&style, model);
    else
        list_all(&style);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
