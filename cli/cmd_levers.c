/* entente levers: what each actor can do to bring a claim or an outcome past a goal, and at what cost; and the values of
 * inputs at which verdicts turn. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80 };

typedef struct levers_request {
    const char *scenario;
    int64_t draws, jobs;
    cli_seed seed;
    cli_list set, goal;
} levers_request;

/* "too-late >= 0.67", "enlargement.outcome<=30", "too-late": the text is cut in place. */
static bool read_goal(ent_goal *goal, char *text, bool json)
{
    char *sign = strpbrk(text, "<>");
    *goal = (ent_goal){.name = text, .threshold = NAN};
    if (sign != NULL) {
        char *number = sign + 1 + (sign[1] == '='), *end = number;
        goal->direction = *sign == '>' ? 1 : -1;
        goal->threshold = strtod(number, &end);
        if (end == number || *end != 0 || !isfinite(goal->threshold)) {
            cli_fail(json, CLI_USAGE, "a goal is a claim or a quantity and where it shall be, as in \"%s\", not '%s'",
                     "wall_holds >= 0.67", text);
            return false;
        }
        *sign = 0;
    }
    for (char *at = text + strlen(text); at > text && at[-1] == ' ';)
        *--at = 0;
    return true;
}

static ent_goal *read_goals(const cli_list *list, bool json)
{
    size_t bytes = (list->count + 1) * sizeof(ent_goal);
    for (size_t i = 0; i < list->count; i++)
        bytes += strlen(list->item[i]) + 1;
    ent_goal *goal = calloc(1, bytes);
    if (goal == NULL) {
        cli_fail(json, CLI_IO, "not enough memory");
        return NULL;
    }
    char *text = (char *)(goal + list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        strcpy(text, list->item[i]);
        size_t length = strlen(text);
        if (!read_goal(&goal[i], text, json)) {
            free(goal);
            return NULL;
        }
        text += length + 1;
    }
    return goal;
}

/* --- in words ------------------------------------------------------------------------------------- */

static void value_of(char out[32], const ent_goal_view *g, double x, double error)
{
    if (g->is_claim) {
        cli_percent(out, x, error);
        strcat(out, " %");
    } else {
        cli_number(out, x, error);
    }
}

static void tell_way(const cli_style *style, const ent_levers *levers, const ent_goal_view *g, const ent_way_view *w)
{
    char line[1024], amount[32], high[32], cost[32], reaches[32];
    const char *unit = "";
    int used = snprintf(line, sizeof line, "%.60s: ", w->actor_name);
    for (size_t l = 0; l < ent_levers_get_facts(levers).levers && used < (int)sizeof line - 300; l++) {
        if (!isfinite(w->amount[l]))
            continue;
        ent_lever_view v = ent_levers_lever(levers, l);
        cli_number(amount, w->amount[l], 0);
        cli_number(high, v.high, 0);
        used += snprintf(line + used, sizeof line - (size_t)used, "%s%.100s: %s of at most %s", unit[0] != 0 ? "; " : "", v.title, amount, high);
        unit = v.cost_unit[0] != 0 ? v.cost_unit : "units";
    }
    cli_number(cost, w->cost, 0);
    value_of(reaches, g, w->reaches, w->error);
    snprintf(line + used, sizeof line - (size_t)used, ". It costs %s %.60s and brings it to %s.", cost, unit, reaches);
    cli_wrap(stdout, style, line, 2, WIDTH);
}

/* Those whose levers do not get there: who comes nearest, and how near. */
static void tell_others(const cli_style *style, const ent_levers *levers, size_t goal, const ent_goal_view *g, size_t found)
{
    char line[512], best[32];
    double nearest = g->now;
    const char *who = NULL;
    size_t actors = ent_levers_get_facts(levers).actors;
    for (size_t a = 0; a < actors; a++) {
        ent_way_view w = ent_levers_way(levers, goal, a);
        bool nearer = g->at_least ? w.reaches > nearest : w.reaches < nearest;
        if (w.found || !nearer)
            continue;
        nearest = w.reaches;
        who = w.actor_name;
    }
    if (found == actors)
        return;
    int used = snprintf(line, sizeof line, found > 0 ? "No other lever gets there" : "No lever gets there");
    if (who != NULL) {
        value_of(best, g, nearest, 0);
        snprintf(line + used, sizeof line - (size_t)used, "; the nearest is of %.60s, to %s.", who, best);
    } else {
        strcat(line, found > 0 ? "." : " or changes it that way.");
    }
    cli_wrap(stdout, style, line, 2, WIDTH);
}

static void tell_goal(const cli_style *style, const ent_levers *levers, size_t i)
{
    ent_goal_view g = ent_levers_goal(levers, i);
    char now[32], threshold[32], line[512];
    size_t found = 0;
    value_of(now, &g, g.now, g.now_error);
    value_of(threshold, &g, g.threshold, 0);
    snprintf(line, sizeof line, "%.300s: %s; the goal is at %s %s%s", g.title, now, g.at_least ? "least" : "most", threshold,
             g.met ? ", met already." : ".");
    putchar('\n');
    cli_wrap(stdout, style, line, 0, WIDTH);
    for (size_t a = 0; a < ent_levers_get_facts(levers).actors && !g.met; a++) {
        ent_way_view w = ent_levers_way(levers, i, a);
        if (w.found)
            tell_way(style, levers, &g, &w);
        found += w.found;
    }
    if (!g.met)
        tell_others(style, levers, i, &g, found);
}

static void tell_levers(const cli_style *style, const ent_levers *levers)
{
    ent_levers_facts facts = ent_levers_get_facts(levers);
    if (facts.levers == 0) {
        cli_wrap(stdout, style, "The scenario names no levers (`levers:` in scenario.yaml: who can do what, how far and at what "
                                "cost), so nothing can be searched.", 0, WIDTH);
        return;
    }
    char draws[32], low[32], high[32], cost[32], line[512];
    cli_grouped(draws, facts.draws);
    snprintf(line, sizeof line, "Levers, each tried on the same %s draws:", draws);
    cli_wrap(stdout, style, line, 0, WIDTH);
    for (size_t l = 0; l < facts.levers; l++) {
        ent_lever_view v = ent_levers_lever(levers, l);
        cli_number(low, v.low, 0);
        cli_number(high, v.high, 0);
        cli_number(cost, v.unit_cost, 0);
        snprintf(line, sizeof line, "%.60s: %.100s, %s to %s%s%s%s%.60s%s", v.actor_name, v.title, low, high, v.cost_unit[0] != 0 ? "; one costs " : "",
                 v.cost_unit[0] != 0 ? cost : "", v.cost_unit[0] != 0 ? " " : "", v.cost_unit, ".");
        cli_wrap(stdout, style, line, 2, WIDTH);
    }
    for (size_t g = 0; g < facts.goals; g++)
        tell_goal(style, levers, g);
}

/* --- the command ---------------------------------------------------------------------------------- */

static int search(const ent_plan *plan, const levers_request *request, const cli_args *args, const ent_goal *goal)
{
    cli_progress progress = {.style = cli_style_of(stderr), .start = cli_seconds()};
    progress.visible = progress.style.terminal && !args->quiet;
    ent_levers_options options = ENT_LEVERS_OPTIONS_INIT;
    options.draws = request->draws;
    options.has_seed = request->seed.given;
    options.seed = request->seed.value;
    options.jobs = (int32_t)request->jobs;
    options.goal = goal;
    options.n_goals = request->goal.count;
    options.progress = cli_on_progress;
    options.payload = &progress;
    ent_levers *levers = NULL;
    ent_error err = {0};
    cli_catch_interrupts();
    ent_status status = ent_levers_run(&levers, plan, &options, &err);
    cli_progress_end(&progress);
    if (status != ENT_OK)
        return cli_fail_error(args->json, &err);
    int code = CLI_DONE;
    if (args->json) {
        char *text = NULL;
        size_t length = 0;
        code = ent_levers_json(&text, &length, levers, &err) == ENT_OK ? cli_write(text, length) : cli_fail_error(true, &err);
        ent_bytes_free(text);
    } else {
        const cli_style style = cli_style_of(stdout);
        tell_levers(&style, levers);
        code = cli_close_stdout();
    }
    ent_levers_free(levers);
    return code;
}

int cmd_levers(int argc, char **argv)
{
    levers_request request = {0};
    const cli_option options[] = {
        {"goal", CLI_LIST, &request.goal, "GOAL", "\"CLAIM >= 0.67\", \"QUANTITY <= 30\", CLAIM (past one half); may be repeated", 0},
        {"draws", CLI_COUNT, &request.draws, "N", "on how many draws pulls are tried (default: 512)", 0},
        {"seed", CLI_SEED, &request.seed, "S", "of the random numbers (default: the scenario's)", 0},
        {"jobs", CLI_COUNT, &request.jobs, "J", "threads (default: one for each core); changes no result", ENT_MAX_JOBS},
        {"set", CLI_LIST, &request.set, "NAME=VALUE", "gives an input another value; may be repeated", 0},
    };
    const cli_syntax syntax = {
        .name = "levers",
        .arguments = "SCENARIO",
        .about = "Finds, for each actor that has levers, the least costly pull that brings a claim's share or a quantity's "
                 "mean to a goal, or says that there is none. Without --goal: each claim past one half.",
        .example = "entente levers scenarios/european-security-2025 --goal \"gap_not_guarantee <= 0.33\"",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 1,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    request.scenario = args.item[0];
    ent_plan *plan = cli_plan(request.scenario, &request.set, &args, &code);
    ent_goal *goal = plan != NULL ? read_goals(&request.goal, args.json) : NULL;
    if (plan != NULL)
        code = goal != NULL ? search(plan, &request, &args, goal) : CLI_USAGE;
    free(goal);
    ent_plan_free(plan);
    cli_args_free(&args);
    return code;
}
