/* entente sensitivity: which inputs matter to a claim or an outcome, how much, and along which values. */
#include "cli.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 80, NAME = 40, BAR = 12, SHOWN = 8 };

typedef struct sensitivity_request {
    const char *scenario;
    int64_t base, jobs;
    cli_seed seed;
    cli_list set, of, input;
    bool groups, quick;
} sensitivity_request;

static void filled(const cli_style *style, double share)
{
    int cells = share > 0 ? (int)(share * BAR + 0.5) : 0;
    for (int c = 0; c < BAR; c++)
        fputs(c < cells ? (style->utf8 ? "\xe2\x96\x88" : "#") : (style->utf8 ? "\xc2\xb7" : "."), stdout);
}

static void index_text(char out[48], const ent_index *x)
{
    if (!isfinite(x->value))
        strcpy(out, "-");
    else
        snprintf(out, 48, "%.2f [%.2f .. %.2f]", x->value, x->low, x->high);
}

/* The strongest that can be told from nothing; how many others there are. */
static void tell_factors(const cli_style *style, const ent_sensitivity *s, const ent_sensed_view *v)
{
    ent_sensitivity_facts facts = ent_sensitivity_get_facts(s);
    const ent_index *main = facts.sobol ? v->total : v->delta;
    size_t shown = 0, noise = 0, more = 0;
    for (size_t r = 0; r < facts.factors; r++) {
        int32_t f = v->order[r];
        char text[48];
        if (!v->reaches[f])
            continue;
        if (!ent_index_tells(&main[f]) || shown == SHOWN) {
            noise += !ent_index_tells(&main[f]);
            more += ent_index_tells(&main[f]);
            continue;
        }
        if (shown++ == 0)
            printf("  %-*s %s\n", NAME, facts.sobol ? "total index [90 % interval]; first order" : "delta [90 % interval]", "");
        printf("  ");
        cli_put(stdout, style, ent_sensitivity_factor(s, (size_t)f).label, NAME - 1, NAME);
        filled(style, main[f].value);
        index_text(text, &main[f]);
        if (facts.sobol && isfinite(v->first[f].value))
            printf(" %s; %.2f\n", text, v->first[f].value < 0 ? 0 : v->first[f].value);
        else
            printf(" %s\n", text);
    }
    if (shown == 0)
        puts("  no input can be told from nothing at this number of draws");
    if (more > 0 || noise > 0)
        printf("  %zu more matter less; %zu reach it and cannot be told from nothing\n", more, noise);
}

static void end_of(char out[80], const ent_curve_view *c, int32_t p, bool claim)
{
    char at[32], value[32];
    cli_number(value, claim ? 100 * c->value[p] : c->value[p], claim ? 100 * c->error[p] : c->error[p]);
    if (c->word[p][0] != 0)
        snprintf(at, sizeof at, "%.20s", c->word[p]);
    else
        cli_number(at, isfinite(c->at[p]) ? c->at[p] : 100 * c->percentile[p], 0);
    snprintf(out, 80, "%s%s at %s", value, claim ? " %" : "", at);
}

/* From the least to the greatest value along each curve. */
static void tell_tornado(const cli_style *style, const ent_sensitivity *s, size_t t, const ent_sensed_view *v)
{
    size_t n = ent_sensitivity_curve_count(s, t);
    for (size_t c = 0; c < n && c < SHOWN; c++) {
        ent_curve_view x = ent_sensitivity_curve(s, t, c);
        char low[80], high[80];
        if (!(x.value[x.highest] - x.value[x.lowest] > 2 * (x.error[x.highest] + x.error[x.lowest])))
            continue;
        end_of(low, &x, x.lowest, v->is_claim);
        end_of(high, &x, x.highest, v->is_claim);
        printf("  ");
        cli_put(stdout, style, ent_sensitivity_factor(s, x.factor).label, NAME - 1, NAME);
        printf("%s .. %s\n", low, high);
    }
}

static void tell(const ent_sensitivity *s)
{
    const cli_style style = cli_style_of(stdout);
    ent_sensitivity_facts f = ent_sensitivity_get_facts(s);
    char base[32], factors[32], line[512];
    if (f.factors == 0) {
        cli_wrap(stdout, &style, "The scenario has no uncertain inputs, so nothing can matter more than anything else.", 0, WIDTH);
        return;
    }
    cli_grouped(base, f.base);
    cli_grouped(factors, (int64_t)f.factors);
    snprintf(line, sizeof line, "%s %s on %s base draws; %.1f runs' worth of steps where %zu would be taken without reuse.%s", factors,
             f.groups ? "groups of inputs" : "factors", base, f.steps_one > 0 ? (double)f.steps_run / (double)f.steps_one : 0,
             f.factors + 2, f.sobol ? "" : " Delta alone, from one sample.");
    cli_wrap(stdout, &style, line, 0, WIDTH);
    for (size_t t = 0; t < f.targets; t++) {
        ent_sensed_view v = ent_sensitivity_target(s, t);
        putchar('\n');
        cli_wrap(stdout, &style, v.title, 0, WIDTH);
        if (!(v.variance > 0)) {
            puts(v.variance == 0 ? "  It is the same in every draw: no input matters to it." : "  It has no value in any draw.");
            continue;
        }
        tell_factors(&style, s, &v);
        tell_tornado(&style, s, t, &v);
    }
}

static int study(const ent_plan *plan, const sensitivity_request *request, const cli_args *args)
{
    cli_progress progress = {.style = cli_style_of(stderr), .start = cli_seconds()};
    progress.visible = progress.style.terminal && !args->quiet;
    ent_sensitivity_options options = ENT_SENSITIVITY_OPTIONS_INIT;
    options.base = request->base;
    options.has_seed = request->seed.given;
    options.seed = request->seed.value;
    options.jobs = (int32_t)request->jobs;
    options.target = request->of.item;
    options.n_targets = request->of.count;
    options.input = request->input.item;
    options.n_inputs = request->input.count;
    options.groups = request->groups;
    options.no_sobol = request->quick;
    options.progress = cli_on_progress;
    options.payload = &progress;
    ent_sensitivity *s = NULL;
    ent_error err = {0};
    cli_catch_interrupts();
    ent_status status = ent_sensitivity_run(&s, plan, &options, &err);
    cli_progress_end(&progress);
    if (status != ENT_OK)
        return cli_fail_error(args->json, &err);
    int code = CLI_DONE;
    if (args->json) {
        char *text = NULL;
        size_t length = 0;
        code = ent_sensitivity_json(&text, &length, s, 0, &err) == ENT_OK ? cli_write(text, length) : cli_fail_error(true, &err);
        ent_bytes_free(text);
    } else {
        tell(s);
        code = cli_close_stdout();
    }
    ent_sensitivity_free(s);
    return code;
}

int cmd_sensitivity(int argc, char **argv)
{
    sensitivity_request request = {0};
    const cli_option options[] = {
        {"of", CLI_LIST, &request.of, "NAME", "a claim or a quantity (default: claims and outcomes); may be repeated", 0},
        {"groups", CLI_FLAG, &request.groups, NULL, "groups of inputs: an actor's stances, a model's inputs, ... (fast)", 0},
        {"quick", CLI_FLAG, &request.quick, NULL, "only delta and curves, from one sample", 0},
        {"input", CLI_LIST, &request.input, "NAME", "only this input (default: all uncertain ones); may be repeated", 0},
        {"base", CLI_COUNT, &request.base, "N", "draws of each of the two samples (default: 1024)", ENT_MAX_BASE},
        {"seed", CLI_SEED, &request.seed, "S", "of the random numbers (default: the scenario's)", 0},
        {"jobs", CLI_COUNT, &request.jobs, "J", "threads (default: one for each core); changes no result", ENT_MAX_JOBS},
        {"set", CLI_LIST, &request.set, "NAME=VALUE", "gives an input another value; may be repeated", 0},
    };
    const cli_syntax syntax = {
        .name = "sensitivity",
        .arguments = "SCENARIO",
        .about = "Which inputs matter: Sobol' total and first-order indices with bootstrap intervals, Borgonovo's delta, and the "
                 "lowest and highest value along each of the strongest inputs (a tornado).",
        .example = "entente sensitivity scenarios/european-security-2025 --groups --of standstill",
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
        code = study(plan, &request, &args);
    ent_plan_free(plan);
    cli_args_free(&args);
    return code;
}
