/* entente claims: each claim opened: the sentence, how it was read, its share, why, and what would turn it. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, BAR = 20, INDENT = 2 };

typedef struct claims_request {
    const char *scenario;
    int64_t draws, jobs;
    cli_seed seed;
    cli_list set;
} claims_request;

/* cli_wrap() makes the text safe to show. */
static void line_of(const cli_style *style, const char *key, const char *text)
{
    char *whole = text[0] != 0 ? malloc(strlen(key) + strlen(text) + 1) : NULL;
    if (whole == NULL)
        return;
    strcpy(whole, key);
    strcat(whole, text);
    cli_wrap(stdout, style, whole, INDENT, WIDTH);
    free(whole);
}

static void share_of(char out[96], const ent_claim_arm *arm)
{
    char share[32], error[32];
    if (!isfinite(arm->share)) {
        strcpy(out, "-");
        return;
    }
    cli_percent(share, arm->share, arm->mc_error);
    double twice = 200 * arm->mc_error; /* two errors, in percent, as everywhere */
    if (twice >= 1)
        snprintf(error, sizeof error, "%.0f", twice);
    else
        ent_number_people(error, twice, 1);
    snprintf(out, 96, "%s %%%s%s", share, arm->mc_error > 0 ? " +-" : "", arm->mc_error > 0 ? error : "");
}

static void shares(const cli_style *style, const ent_claim_view *c, bool has_document)
{
    char with[96], without[96], taken[96], line[400];
    share_of(with, &c->arm[ENT_ARM_WITH]);
    share_of(without, &c->arm[ENT_ARM_WITHOUT]);
    share_of(taken, &c->arm[ENT_ARM_TAKEN]);
    const char *verdict = ent_verdict_text(c->arm[ENT_ARM_WITH].verdict);
    int used = snprintf(line, sizeof line, "%s: %s%s", verdict, with, has_document ? " with the document" : "");
    if (has_document && isfinite(c->arm[ENT_ARM_WITHOUT].share))
        used += snprintf(line + used, sizeof line - (size_t)used, ", %s without it", without);
    if (has_document)
        snprintf(line + used, sizeof line - (size_t)used, ", %s were it certain to take hold", taken);
    cli_wrap(stdout, style, line, INDENT, WIDTH);
}

static void by_model(const cli_style *style, const ent_claim_view *c)
{
    for (size_t m = 0; m < c->n_models; m++) {
        double share = c->by_model[m].share;
        char text[96];
        share_of(text, &c->by_model[m]);
        printf("    ");
        cli_put(stdout, style, c->model[m], 22, 23);
        for (int b = 0; b < BAR; b++)
            fputs(share > (b + 0.5) / BAR ? (style->utf8 ? "\xe2\x96\x88" : "#") : (style->utf8 ? "\xc2\xb7" : "."), stdout);
        printf("  %s\n", text);
    }
}

/* The share along an input, eight levels high. */
static void curves(const cli_style *style, const ent_claim_view *c)
{
    static const char *const block[] = {"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
                                        "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88"};
    for (size_t d = 0; d < c->n_drivers; d++) {
        const ent_driver *x = &c->driver[d];
        char low[32], high[32];
        if (x->model != NULL || x->is_event)
            continue;
        cli_number(low, x->low[0], 0);
        cli_number(high, x->high[x->bins - 1], 0);
        printf("    ");
        cli_put(stdout, style, x->label, 34, 35);
        printf("%8s ", low);
        for (int32_t b = 0; b < x->bins; b++) {
            int level = isfinite(x->share[b]) ? (int)(7.99 * x->share[b]) : -1;
            fputs(level < 0 ? " " : style->utf8 ? block[level] : (const char *[]){"0", "1", "2", "3", "4", "5", "6", "7"}[level], stdout);
        }
        printf(" %s\n", high);
    }
}

static void open_claim(const cli_style *style, const ent_claim_view *c, bool has_document)
{
    char head[600];
    snprintf(head, sizeof head, "%s %.200s (%.80s)", style->utf8 ? ent_verdict_glyph(c->arm[ENT_ARM_WITH].verdict) : "*",
             c->title[0] != 0 ? c->title : c->id, c->id);
    putchar('\n');
    cli_wrap(stdout, style, head, 0, WIDTH);
    line_of(style, c->who[0] != 0 ? "Said: " : "Says: ", c->says);
    line_of(style, "Read: ", c->read);
    line_of(style, "Holds where: ", c->holds);
    line_of(style, "Holds if: ", c->overall);
    line_of(style, "Asked where: ", c->when);
    shares(style, c, has_document);
    by_model(style, c);
    line_of(style, "Why: ", c->explanation);
    curves(style, c);
    for (size_t r = 0; r < c->n_readings; r++) {
        char share[96], text[700];
        share_of(share, &c->reading[r]);
        snprintf(text, sizeof text, "%s, %s: %.500s", ent_verdict_text(c->reading[r].verdict), share, c->reading_text[r]);
        line_of(style, "Or read as: ", text);
    }
}

/* --- the command ---------------------------------------------------------------------------------- */

/* Which claims: those named, or all. False after a message where a name is nobody's. */
static bool choose(bool *chosen, const ent_results *results, const cli_args *args)
{
    ent_run_facts facts = ent_results_facts(results);
    for (size_t i = 0; i < facts.claims; i++)
        chosen[i] = args->count < 2;
    for (int a = 1; a < args->count; a++) {
        bool found = false;
        for (size_t i = 0; i < facts.claims; i++)
            if (strcmp(ent_results_claim(results, i).id, args->item[a]) == 0)
                found = chosen[i] = true;
        if (!found) {
            cli_fail(args->json, CLI_USAGE, "the scenario has no claim called '%s'", args->item[a]);
            return false;
        }
    }
    return true;
}

static int tell(const ent_results *results, const cli_args *args)
{
    static bool chosen[4096];
    ent_run_facts facts = ent_results_facts(results);
    if (facts.claims > sizeof chosen)
        return cli_fail(args->json, CLI_WRONG, "%zu claims are more than can be opened at once; name some", facts.claims);
    if (!choose(chosen, results, args))
        return CLI_USAGE;
    if (args->json) {
        char *text = NULL;
        size_t length = 0;
        ent_error err = {0};
        if (ent_results_claims_json(&text, &length, results, chosen, &err) != ENT_OK)
            return cli_fail_error(true, &err);
        int code = cli_write(text, length);
        ent_bytes_free(text);
        return code;
    }
    const cli_style style = cli_style_of(stdout);
    if (facts.claims == 0)
        puts("The scenario makes no claims (`claims:` in scenario.yaml).");
    for (size_t i = 0; i < facts.claims; i++) {
        ent_claim_view c = ent_results_claim(results, i);
        if (chosen[i])
            open_claim(&style, &c, facts.has_document);
    }
    return cli_close_stdout();
}

static int run_and_tell(const ent_plan *plan, const claims_request *request, const cli_args *args)
{
    cli_progress progress = {.style = cli_style_of(stderr), .start = cli_seconds()};
    progress.visible = progress.style.terminal && !args->quiet;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = request->draws;
    options.has_seed = request->seed.given;
    options.seed = request->seed.value;
    options.jobs = (int32_t)request->jobs;
    options.progress = cli_on_progress;
    options.payload = &progress;
    ent_results *results = NULL;
    ent_error err = {0};
    cli_catch_interrupts();
    ent_status status = ent_run(&results, plan, &options, &err);
    cli_progress_end(&progress);
    int code = status == ENT_OK ? tell(results, args) : cli_fail_error(args->json, &err);
    if (status == ENT_OK && ent_results_facts(results).interrupted && code == CLI_DONE)
        code = CLI_INTERRUPTED;
    ent_results_free(results);
    return code;
}

int cmd_claims(int argc, char **argv)
{
    claims_request request = {0};
    const cli_option options[] = {
        {"draws", CLI_COUNT, &request.draws, "N", "how many draws (default: the scenario's)", 0},
        {"seed", CLI_SEED, &request.seed, "S", "of the random numbers (default: the scenario's)", 0},
        {"jobs", CLI_COUNT, &request.jobs, "J", "threads (default: one for each core); changes no result", ENT_MAX_JOBS},
        {"set", CLI_LIST, &request.set, "NAME=VALUE", "gives an input another value; may be repeated", 0},
    };
    const cli_syntax syntax = {
        .name = "claims",
        .arguments = "SCENARIO [CLAIM...]",
        .about = "Opens claims one by one: the sentence and how it was read, its share by model, why it has its verdict, the "
                 "share along the inputs that decide it, and other readings.",
        .example = "entente claims scenarios/european-security-2025 standstill leverage --draws 2000",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 4096,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    request.scenario = args.item[0];
    ent_plan *plan = cli_plan(request.scenario, &request.set, &args, &code);
    if (plan != NULL)
        code = run_and_tell(plan, &request, &args);
    ent_plan_free(plan);
    cli_args_free(&args);
    return code;
}
