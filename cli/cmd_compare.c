/* entente compare: two scenarios, or one under two settings, on the same draws. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, NAME = 36, OTHERS = 5, SHOWN = 20, FEW = 200 };
static const double ERRORS = 3.5; /* of ten thousand that do not differ, chance brings fewer than ten so far apart */

typedef struct compare_request {
    int64_t draws, jobs;
    cli_seed seed;
    cli_list set, set_a;
} compare_request;

static double size_of(const ent_pair_view *v)
{
    const ent_difference *d = &v->with;
    if (!isfinite(d->difference) || d->difference == 0)
        return 0;
    return d->error > 0 ? fabs(d->difference) / d->error : HUGE_VAL;
}

static int class_of(const ent_pair_view *v) { return v->is_claim ? 0 : v->headline ? 1 : 2; }

/* Claims before outcomes before the rest; then what differs most in its errors. */
static int most_telling_first(const void *a, const void *b)
{
    const ent_pair_view *x = a, *y = b;
    if (class_of(x) != class_of(y))
        return class_of(x) - class_of(y);
    double p = size_of(x), q = size_of(y);
    return p > q ? -1 : p < q ? 1 : strcmp(x->name, y->name);
}

/* How much of a name says what is measured: enlargement.utility of enlargement.utility[ua]. */
static size_t stem(const ent_pair_view *v) { return v->is_claim ? strlen(v->name) : strcspn(v->name, "["); }

static bool same_stem(const ent_pair_view *a, const ent_pair_view *b)
{
    return stem(a) == stem(b) && strncmp(a->name, b->name, stem(a)) == 0;
}

/* `more` others of its kind differ less. */
static void tell_pair(const cli_style *style, const ent_pair_view *v, size_t more)
{
    char a[32], b[32], difference[32], error[32], others[32] = "";
    const ent_difference *d = &v->with;
    double scale = v->is_claim ? 100 : 1;
    cli_with_error(a, error, scale * d->a, scale * d->error);
    cli_with_error(b, error, scale * d->b, scale * d->error);
    cli_with_error(difference, error, scale * d->difference, scale * d->error);
    if (more > 0)
        snprintf(others, sizeof others, "+%zu", more);
    int room = more > 0 ? OTHERS : 0;
    printf("  ");
    cli_put(stdout, style, v->title, NAME - room, NAME - room + 1);
    printf("%-*s%7s %s %-7s%s %8s %s%s\n", room, others, a, style->utf8 ? "\xe2\x86\x92" : "->", b,
           v->is_claim ? "%" : " ", difference, style->utf8 ? "\xc2\xb1" : "+-", error);
    if (v->is_claim && v->verdict_a != v->verdict_b)
        printf("    %s becomes: %s\n", ent_verdict_text(v->verdict_a), ent_verdict_text(v->verdict_b));
}

static const char *only_first(const ent_compare *c, size_t i) { return ent_compare_only(c, 0, i); }
static const char *only_second(const ent_compare *c, size_t i) { return ent_compare_only(c, 1, i); }

static void tell_list(const cli_style *style, const ent_compare *c, const char *what, size_t n,
                      const char *(*name)(const ent_compare *, size_t))
{
    char line[1024];
    if (n == 0)
        return;
    int used = snprintf(line, sizeof line, "%s", what);
    for (size_t i = 0; i < n && i < 5; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, "%s%.100s", i > 0 ? ", " : "", name(c, i));
    if (n > 5)
        snprintf(line + used, sizeof line - (size_t)used, " and %zu more", n - 5);
    cli_wrap(stdout, style, line, 0, WIDTH);
}

static const char *heading_of(int class)
{
    static const char *const text[] = {"Claims: first, second, difference in points",
                                       "Outcomes: first, second, difference of means",
                                       "Other quantities, those that differ most in their errors first (+3: three more)"};
    return text[class];
}

/* Sorted pairs; of other quantities each kind once, by its most telling member. */
static void tell_pairs(const cli_style *style, const ent_pair_view *pair, size_t n)
{
    int heading = -1;
    size_t shown = 0, told = 0;
    for (size_t i = 0; i < n; i++) {
        size_t more = 0, before = 0;
        for (size_t k = 0; k < n && class_of(&pair[i]) == 2 && before == 0; k++) {
            if (class_of(&pair[k]) != 2 || !same_stem(&pair[k], &pair[i]))
                continue;
            before += k < i;
            more += k > i;
        }
        if (before > 0)
            continue;
        if (class_of(&pair[i]) == 2 && shown++ == SHOWN)
            break;
        if (class_of(&pair[i]) != heading)
            printf("\n%s\n", heading_of(heading = class_of(&pair[i])));
        tell_pair(style, &pair[i], more);
        told += 1 + more;
    }
    if (told < n)
        printf("  %zu more in --json\n", n - told);
}

static void tell(const ent_compare *c)
{
    const cli_style style = cli_style_of(stdout);
    ent_compare_facts f = ent_compare_get_facts(c);
    ent_pair_view *pair = calloc(f.pairs + 1, sizeof *pair);
    char draws[32], line[600];
    size_t differ = 0;
    if (pair == NULL)
        return;
    for (size_t i = 0; i < f.pairs; i++) {
        ent_pair_view v = ent_compare_pair(c, i);
        if (size_of(&v) > ERRORS)
            pair[differ++] = v;
    }
    if (differ > 0)
        qsort(pair, differ, sizeof *pair, most_telling_first);
    cli_grouped(draws, f.draws);
    if (f.pairs == 0)
        snprintf(line, sizeof line, "The two have no quantity and no claim in common.");
    else
        snprintf(line, sizeof line,
                 "On the same %s draws, with the document, %zu of %zu quantities and claims differ by more than 3.5 "
                 "errors. Behind a difference stands twice its error.", draws, differ, f.pairs);
    cli_wrap(stdout, &style, line, 0, WIDTH);
    if (f.effective_a < FEW || f.effective_b < FEW) {
        snprintf(line, sizeof line,
                 "Warning: after what is known the first rests on %.0f effective draws, the second on %.0f; below %d a "
                 "difference is not to be relied on.", f.effective_a, f.effective_b, FEW);
        cli_wrap(stdout, &style, line, 0, WIDTH);
    }
    tell_pairs(&style, pair, differ);
    if (f.only_a + f.only_b + f.skipped > 0)
        putchar('\n');
    tell_list(&style, c, "Only the first has: ", f.only_a, only_first);
    tell_list(&style, c, "Only the second has: ", f.only_b, only_second);
    tell_list(&style, c, "About all draws, so not compared: ", f.skipped, ent_compare_skipped);
    free(pair);
}

static int compare(const ent_plan *a, const ent_plan *b, const compare_request *request, const cli_args *args)
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
    ent_compare *c = NULL;
    ent_error err = {0};
    cli_catch_interrupts();
    ent_status status = ent_compare_run(&c, a, b, &options, &err);
    cli_progress_end(&progress);
    if (status != ENT_OK)
        return cli_fail_error(args->json, &err);
    int code = CLI_DONE;
    if (args->json) {
        char *text = NULL;
        size_t length = 0;
        status = ent_compare_json(&text, &length, c, &err);
        code = status == ENT_OK ? cli_write(text, length) : cli_fail_error(true, &err);
        ent_bytes_free(text);
    } else {
        tell(c);
        code = cli_close_stdout();
    }
    ent_compare_free(c);
    return code;
}

int cmd_compare(int argc, char **argv)
{
    compare_request request = {0};
    const cli_option options[] = {
        {"set", CLI_LIST, &request.set, "NAME=VALUE", "for the second; with one scenario, what makes the second of it", 0},
        {"set-first", CLI_LIST, &request.set_a, "NAME=VALUE", "for the first; may be repeated", 0},
        {"draws", CLI_COUNT, &request.draws, "N", "how many draws (default: the first scenario's)", 0},
        {"seed", CLI_SEED, &request.seed, "S", "of the random numbers (default: the first scenario's)", 0},
        {"jobs", CLI_COUNT, &request.jobs, "J", "threads (default: one for each core); changes no result", ENT_MAX_JOBS},
    };
    const cli_syntax syntax = {
        .name = "compare",
        .arguments = "SCENARIO [SCENARIO]",
        .about = "Compares two scenarios, or one with itself under --set, on the same draws: inputs that both have are "
                 "drawn alike, so small differences show. Errors are of the paired difference.",
        .example = "entente compare scenarios/european-security-2025 --set \"cost_if_allies_come=0.2 to 0.5\" "
                   "--draws 2000",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 1,
        .most = 2,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    ent_plan *a = NULL, *b = NULL;
    if (args.count < 2 && request.set.count == 0 && request.set_a.count == 0)
        code = cli_fail(args.json, CLI_USAGE, "with one scenario, --set says what the second differs in");
    else if ((a = cli_plan(args.item[0], &request.set_a, &args, &code)) != NULL &&
             (b = cli_plan(args.item[args.count - 1], &request.set, &args, &code)) != NULL)
        code = compare(a, b, &request, &args);
    ent_plan_free(a);
    ent_plan_free(b);
    cli_args_free(&args);
    return code;
}
