/* entente attribution: what each provision contributes to what the document changes. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, HALF = 12, NAME = 36, FEW = 200 };

typedef struct attribution_request {
    const char *scenario;
    int64_t draws, jobs, orders;
    cli_seed seed;
    cli_list set, of;
} attribution_request;

/* In points of a hundred for a claim, else in the quantity's unit. */
static void value_of(char out[32], const ent_attributed_view *v, double x, double error)
{
    bool claim = strcmp(v->kind, "claim") == 0;
    cli_number(out, claim ? 100 * x : x, claim ? 100 * error : error);
}

/* To the left where it lowers, to the right where it raises; the longest is half the width. */
static void bar(const cli_style *style, double x, double longest)
{
    int cells = longest > 0 ? (int)(fabs(x) / longest * HALF + 0.5) : 0;
    const char *full = style->utf8 ? "\xe2\x96\x88" : "#";
    for (int c = HALF; c > 0; c--)
        fputs(x < 0 && c <= cells ? full : " ", stdout);
    fputs(style->utf8 ? "\xe2\x94\x82" : "|", stdout);
    for (int c = 1; c <= HALF; c++)
        fputs(x > 0 && c <= cells ? full : " ", stdout);
}

static bool has_effect(const ent_attribution *a, const ent_attributed_view *v)
{
    for (size_t p = 0; p < ent_attribution_get_facts(a).provisions; p++)
        if (v->part[p] != 0) /* NaN as well */
            return true;
    return false;
}

static void tell_parts(const cli_style *style, const ent_attribution *a, const ent_attributed_view *v)
{
    double longest = 0, scale = strcmp(v->kind, "claim") == 0 ? 100 : 1;
    size_t n = ent_attribution_get_facts(a).provisions, none = 0;
    for (size_t p = 0; p < n; p++)
        longest = fabs(v->part[p]) > longest ? fabs(v->part[p]) : longest;
    for (size_t p = 0; p < n; p++) {
        char part[32], error[32];
        if (v->part[p] == 0) {
            none++;
            continue;
        }
        cli_with_error(part, error, scale * v->part[p], scale * v->part_error[p]);
        printf("  ");
        cli_put(stdout, style, ent_attribution_provision(a, p).title, NAME, NAME + 1);
        bar(style, v->part[p], longest);
        printf(" %7s %s%s\n", part, style->utf8 ? "\xc2\xb1" : "+-", error);
    }
    if (none == n)
        printf("  none of the %zu provisions has any effect on it\n", n);
    else if (none > 0)
        printf("  %zu other%s without any effect on it\n", none, none == 1 ? "" : "s");
}

static void tell_target(const cli_style *style, const ent_attribution *a, const ent_attributed_view *v)
{
    char without[32], with[32], change[32], error[32], line[512];
    putchar('\n');
    if (v->why_not[0] != 0) {
        snprintf(line, sizeof line, "%.200s: no parts, since %s.", v->title, v->why_not);
        cli_wrap(stdout, style, line, 0, WIDTH);
        return;
    }
    bool claim = strcmp(v->kind, "claim") == 0;
    value_of(without, v, v->without, v->error);
    value_of(with, v, v->with, v->error);
    cli_with_error(change, error, claim ? 100 * v->change : v->change, claim ? 100 * v->error : v->error);
    snprintf(line, sizeof line, "%.200s: %s %s %s%s, a change of %s%s%s%s", v->title, without,
             style->utf8 ? "\xe2\x86\x92" : "->", with, claim ? " %" : "", change,
             v->change != 0 && style->utf8 ? " \xc2\xb1" : v->change != 0 ? " +-" : "", v->change != 0 ? error : "",
             claim ? " points" : "");
    cli_wrap(stdout, style, line, 0, WIDTH);
    tell_parts(style, a, v);
}

/* What no provision has any effect on, in one paragraph. */
static void tell_untouched(const cli_style *style, const ent_attribution *a)
{
    char line[4096];
    int used = snprintf(line, sizeof line, "The document has no effect on ");
    size_t count = 0;
    for (size_t t = 0; t < ent_attribution_get_facts(a).targets; t++) {
        ent_attributed_view v = ent_attribution_target(a, t);
        if (strcmp(v.kind, "utility") == 0 || has_effect(a, &v))
            continue;
        if ((size_t)used < sizeof line - 200)
            used += snprintf(line + used, sizeof line - (size_t)used, "%s\"%.100s\"", count > 0 ? ", " : "", v.title);
        count++;
    }
    if (count == 0)
        return;
    snprintf(line + used, sizeof line - (size_t)used, ".");
    putchar('\n');
    cli_wrap(stdout, style, line, 0, WIDTH);
}

/* Claims and outcomes in their order; of the utilities how many change, and which most. */
static void tell_all(const cli_style *style, const ent_attribution *a, bool named)
{
    ent_attribution_facts f = ent_attribution_get_facts(a);
    ent_attributed_view most = {0};
    char line[600];
    size_t utilities = 0;
    for (size_t t = 0; t < f.targets; t++) {
        ent_attributed_view v = ent_attribution_target(a, t);
        bool utility = strcmp(v.kind, "utility") == 0;
        if (named || (!utility && has_effect(a, &v)))
            tell_target(style, a, &v);
        else if (utility && fabs(v.change) > 2 * v.error) {
            most = utilities++ == 0 || fabs(v.change) > fabs(most.change) ? v : most;
        }
    }
    if (named)
        return;
    tell_untouched(style, a);
    if (utilities > 0) {
        snprintf(line, sizeof line,
                 "Utilities that change by more than two errors: %zu, %.200s most. --json has them, --of %.200s shows it.",
                 utilities, most.name, most.name);
        putchar('\n');
        cli_wrap(stdout, style, line, 0, WIDTH);
    }
}

static void tell(const ent_attribution *a, bool named)
{
    const cli_style style = cli_style_of(stdout);
    ent_attribution_facts f = ent_attribution_get_facts(a);
    char draws[32], effective[32], line[512];
    if (f.provisions == 0) {
        cli_wrap(stdout, &style, "The scenario has no document with provisions, so there is nothing to attribute.", 0,
                 WIDTH);
        return;
    }
    cli_grouped(draws, f.draws);
    cli_grouped(effective, (int64_t)(f.effective_draws + 0.5));
    snprintf(line, sizeof line,
             "Parts of %zu provision%s in what the document changes (Shapley values), with twice their errors, from %zu "
             "%ssubsets on the same %s draws (effective %s). They add up to the change. Steps shared by subsets run "
             "once: %.1f times the steps of one run.",
             f.provisions, f.provisions == 1 ? "" : "s", f.subsets, f.sampled ? "sampled " : "", draws, effective,
             f.steps_one > 0 ? (double)f.steps_run / (double)f.steps_one : 0);
    cli_wrap(stdout, &style, line, 0, WIDTH);
    if (f.effective_draws < FEW) {
        snprintf(line, sizeof line, "Warning: below %d effective draws the parts are not to be relied on.", FEW);
        cli_wrap(stdout, &style, line, 0, WIDTH);
    }
    tell_all(&style, a, named);
}

static int attribute(const ent_plan *plan, const attribution_request *request, const cli_args *args)
{
    cli_progress progress = {.style = cli_style_of(stderr), .start = cli_seconds()};
    progress.visible = progress.style.terminal && !args->quiet;
    ent_attribution_options options = ENT_ATTRIBUTION_OPTIONS_INIT;
    options.draws = request->draws;
    options.has_seed = request->seed.given;
    options.seed = request->seed.value;
    options.jobs = (int32_t)request->jobs;
    options.orders = (int32_t)request->orders;
    options.target = request->of.item;
    options.n_targets = request->of.count;
    options.progress = cli_on_progress;
    options.payload = &progress;
    ent_attribution *a = NULL;
    ent_error err = {0};
    cli_catch_interrupts();
    ent_status status = ent_attribution_run(&a, plan, &options, &err);
    cli_progress_end(&progress);
    if (status != ENT_OK)
        return cli_fail_error(args->json, &err);
    int code = CLI_DONE;
    if (args->json) {
        char *text = NULL;
        size_t length = 0;
        status = ent_attribution_json(&text, &length, a, &err);
        code = status == ENT_OK ? cli_write(text, length) : cli_fail_error(true, &err);
        ent_bytes_free(text);
    } else {
        tell(a, request->of.count > 0);
        code = cli_close_stdout();
    }
    ent_attribution_free(a);
    return code;
}

int cmd_attribution(int argc, char **argv)
{
    attribution_request request = {0};
    const cli_option options[] = {
        {"of", CLI_LIST, &request.of, "NAME", "a claim or a quantity (default: claims, outcomes, utilities); may be repeated", 0},
        {"draws", CLI_COUNT, &request.draws, "N", "how many draws (default: the scenario's)", 0},
        {"orders", CLI_COUNT, &request.orders, "N", "orders to sample beyond 12 provisions (default: 200)", ENT_MAX_ORDERS},
        {"seed", CLI_SEED, &request.seed, "S", "of the random numbers (default: the scenario's)", 0},
        {"jobs", CLI_COUNT, &request.jobs, "J", "threads (default: one for each core); changes no result", ENT_MAX_JOBS},
        {"set", CLI_LIST, &request.set, "NAME=VALUE", "gives an input another value; may be repeated", 0},
    };
    const cli_syntax syntax = {
        .name = "attribution",
        .arguments = "SCENARIO",
        .about = "What each provision of the document contributes to what the document changes: Shapley values over all "
                 "subsets of provisions, of every claim, outcome and actor's utility. They add up to the change.",
        .example = "entente attribution scenarios/european-security-2025 --of standstill --draws 2000",
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
    if (plan != NULL)
        code = attribute(plan, &request, &args);
    ent_plan_free(plan);
    cli_args_free(&args);
    return code;
}
