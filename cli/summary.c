/* What was found, in 80 columns: the question, what was computed, outcomes, claims, provisions, what to do next. The
 * same order and the same numbers as the report's first screen. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, BAR = 20, NAME = 19, OUTCOMES = 12, CLAIMS = 60, FEW_DRAWS = 200 };

typedef enum tone { PLAIN, BOLD, GREY, BLUE, ORANGE, RED } tone;

typedef struct page {
    cli_style style;
    const ent_results *results;
    ent_run_facts facts;
} page;

static void begin(const page *p, tone t)
{
    static const char *const few[] = {"", "\033[1m", "\033[90m", "\033[34m", "\033[33m", "\033[31m"};
    static const char *const many[] = {"", "\033[1m", "\033[90m", "\033[38;5;33m", "\033[38;5;208m", "\033[31m"};
    if (p->style.colour)
        fputs((p->style.many_colours ? many : few)[t], stdout);
}

static void end(const page *p)
{
    if (p->style.colour)
        fputs("\033[0m", stdout);
}

static void heading(const page *p, const char *text)
{
    putchar('\n');
    begin(p, BOLD);
    fputs(text, stdout);
    end(p);
    putchar('\n');
}

static void put(const page *p, const char *text, int width, int pad) { cli_put(stdout, &p->style, text, width, pad); }

static void more(size_t count)
{
    if (count > 0)
        printf("  %zu more in the report\n", count);
}

/* --- the question and what was computed ------------------------------------------------------------ */

static void computed(const page *p)
{
    char draws[32], inputs[32], effective[32], line[320];
    cli_grouped(draws, p->facts.draws);
    cli_grouped(inputs, (int64_t)p->facts.uncertain);
    cli_grouped(effective, (int64_t)(p->facts.effective_draws + 0.5));
    int used = snprintf(line, sizeof line, "%s draws of %s uncertain inputs; %zu model%s", draws, inputs,
                        p->facts.models, p->facts.models == 1 ? "" : "s");
    if (p->facts.has_given)
        snprintf(line + used, sizeof line - (size_t)used, "; effective %s after what is known", effective);
    strcat(line, ".");
    cli_wrap(stdout, &p->style, line, 0, WIDTH);
}

static void warnings(const page *p)
{
    char done[32], asked[32], line[320];
    cli_grouped(done, p->facts.draws);
    cli_grouped(asked, p->facts.draws_asked);
    if (p->facts.interrupted) {
        snprintf(line, sizeof line, "Stopped after %s of %s draws: this is what a run of %s draws finds.", done, asked,
                 done);
        cli_wrap(stdout, &p->style, line, 0, WIDTH);
    }
    if (p->facts.counted)
        cli_wrap(stdout, &p->style, "Draws were counted in bins, not kept: quantiles are exact to a bin, which their errors hold; "
                                    "claims are exact.", 0, WIDTH);
    if (p->facts.effective_draws >= FEW_DRAWS)
        return;
    cli_number(done, p->facts.effective_draws, 0);
    snprintf(line, sizeof line,
             "Warning: the result rests on an effective sample of %s draws; below %d it is not to be "
             "relied on. Run more draws (--draws)%s.",
             done, FEW_DRAWS, p->facts.has_given ? ", or see whether what is known fits the inputs" : "");
    begin(p, RED);
    cli_wrap(stdout, &p->style, line, 0, WIDTH);
    end(p);
}

/* --- outcomes -------------------------------------------------------------------------------------- */

/* The twenty dots (each 5 % of the weight) counted on twenty cells of the scale; the highest cell is full. */
static void bar(const page *p, const ent_summary *s, double low, double high)
{
    static const char *const block[] = {" ",            "\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
                                        "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88"};
    static const char ascii[] = " .:-=+*%#";
    int count[BAR] = {0}, most = 0;
    for (int i = 0; i < 20; i++) {
        if (!isfinite(s->dot[i]))
            continue;
        double at = (s->dot[i] - low) / (high - low) * BAR;
        int cell = at < 0 ? 0 : at >= BAR ? BAR - 1 : (int)at;
        if (++count[cell] > most)
            most = count[cell];
    }
    fputs(p->style.utf8 ? "\xe2\x94\x82" : "|", stdout);
    for (int i = 0; i < BAR; i++) {
        int level = count[i] == 0 ? 0 : (count[i] * 8 + most - 1) / most;
        if (p->style.utf8)
            fputs(block[level], stdout);
        else
            putchar(ascii[level]);
    }
    fputs(p->style.utf8 ? "\xe2\x94\x82" : "|", stdout);
}

/* The declared scale, or the range of what was drawn. */
static void scale_of(const ent_quantity_view *q, double *low, double *high)
{
    *low = q->low;
    *high = q->high;
    if (isfinite(*low) && isfinite(*high) && *low < *high)
        return;
    const double *with = q->arm[ENT_ARM_WITH].dot, *without = q->arm[ENT_ARM_WITHOUT].dot;
    *low = with[0] < without[0] ? with[0] : without[0];
    *high = with[19] > without[19] ? with[19] : without[19];
    if (!(*low < *high)) {
        *low -= 1;
        *high += 1;
    }
}

static bool differs(double a, double b, double error_a, double error_b)
{
    return fabs(a - b) > 2 * sqrt(error_a * error_a + error_b * error_b);
}

static double larger(double a, double b) { return a > b ? a : b; }

static void outcome_numbers(const page *p, const ent_quantity_view *q, char *out, size_t size)
{
    const ent_summary *with = &q->arm[ENT_ARM_WITH], *without = &q->arm[ENT_ARM_WITHOUT];
    char before[32], after[32], low[32], high[32];
    /* numbers that are compared show the same digits: those of the less certain one */
    double middle = larger(with->quantile_error[2], without->quantile_error[2]);
    double edge = larger(with->quantile_error[0], with->quantile_error[4]);
    cli_number(before, without->quantile[2], middle);
    cli_number(after, with->quantile[2], middle);
    cli_number(low, with->quantile[0], edge);
    cli_number(high, with->quantile[4], edge);
    bool moved = differs(with->quantile[2], without->quantile[2], with->quantile_error[2], without->quantile_error[2]);
    if (!isfinite(with->quantile[2]))
        snprintf(out, size, "undefined in every draw");
    else if (!p->facts.has_document)
        snprintf(out, size, "%s  [%s .. %s]", after, low, high);
    else if (q->moves && moved && strcmp(before, after) != 0)
        snprintf(out, size, "%s %s %s  [%s .. %s]", before, p->style.utf8 ? "\xe2\x86\x92" : "->", after, low, high);
    else
        snprintf(out, size, "%s no difference  [%s .. %s]", after, low, high);
}

/* An issue's title where the quantity is its outcome, else the quantity's name. */
static const ent_issue_view *issue_of(const page *p, const ent_quantity_view *q, ent_issue_view *room)
{
    for (size_t i = 0; i < p->facts.issues && strcmp(q->kind, "outcome") == 0; i++) {
        *room = ent_results_issue(p->results, i);
        if (strcmp(room->id, q->issue) == 0)
            return room;
    }
    return NULL;
}

static void ends(const page *p, const ent_quantity_view *q, const ent_issue_view *issue, double low, double high)
{
    char a[32], b[32], line[256];
    cli_number(a, low, 0);
    cli_number(b, high, 0);
    if (issue != NULL && (issue->low_text[0] != 0 || issue->high_text[0] != 0))
        snprintf(line, sizeof line, "%s = %.90s; %s = %.90s", a, issue->low_text, b, issue->high_text);
    else
        snprintf(line, sizeof line, "%s to %s%s%.90s", a, b, q->unit[0] ? ", " : "", q->unit);
    if (isfinite(q->known)) {
        cli_number(a, q->known, 0);
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, "; what happened: %s", a);
    }
    fputs("    ", stdout);
    begin(p, GREY);
    put(p, line, WIDTH - 4, 0);
    end(p);
    putchar('\n');
}

static void outcome(const page *p, const ent_quantity_view *q)
{
    char numbers[160];
    double low, high;
    ent_issue_view room;
    const ent_issue_view *issue = issue_of(p, q, &room);
    scale_of(q, &low, &high);
    outcome_numbers(p, q, numbers, sizeof numbers);
    fputs("  ", stdout);
    put(p, issue != NULL ? issue->title : q->name, NAME, NAME + 1);
    put(p, numbers, 34, 35);
    if (isfinite(q->arm[ENT_ARM_WITH].quantile[2])) {
        bar(p, &q->arm[ENT_ARM_WITH], low, high);
        putchar('\n');
        ends(p, q, issue, low, high);
    } else
        putchar('\n');
}

/* By how much the document moves an outcome, in lengths of its scale. */
static double shift(const ent_quantity_view *q)
{
    double low, high, size = fabs(q->arm[ENT_ARM_WITH].quantile[2] - q->arm[ENT_ARM_WITHOUT].quantile[2]);
    scale_of(q, &low, &high);
    return q->moves && isfinite(size) ? size / (high - low) : 0;
}

typedef struct candidate {
    size_t index;
    bool is_issue;
    double shift;
} candidate;

static int most_telling_first(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->is_issue != y->is_issue)
        return x->is_issue ? -1 : 1;
    if (x->shift != y->shift)
        return x->shift > y->shift ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static int in_their_order(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    return x->index < y->index ? -1 : 1;
}

/* Every headline quantity; of very many, outcomes of issues before others and then those that the document moves most,
 * as on the report's first screen. */
static void outcomes(const page *p)
{
    candidate *row = calloc(p->facts.quantities + 1, sizeof *row);
    size_t count = 0;
    for (size_t i = 0; i < p->facts.quantities && row != NULL; i++) {
        ent_quantity_view q = ent_results_quantity(p->results, i);
        if (q.headline)
            row[count++] = (candidate){i, strcmp(q.kind, "outcome") == 0, shift(&q)};
    }
    if (count > 0)
        heading(p, p->facts.has_document ? "Outcomes: median without -> with the document [90 % range with it]"
                                         : "Outcomes: median [90 % range]");
    size_t shown = count > OUTCOMES ? OUTCOMES : count;
    if (count > shown) {
        qsort(row, count, sizeof *row, most_telling_first);
        qsort(row, shown, sizeof *row, in_their_order);
    }
    for (size_t i = 0; i < shown; i++) {
        ent_quantity_view q = ent_results_quantity(p->results, row[i].index);
        outcome(p, &q);
    }
    more(count - shown);
    free(row);
}

/* --- claims ---------------------------------------------------------------------------------------- */

static int by_verdict_then_share(const void *a, const void *b)
{
    const ent_claim_view *x = a, *y = b;
    const ent_claim_arm *p = &x->arm[ENT_ARM_WITH], *q = &y->arm[ENT_ARM_WITH];
    if (p->verdict != q->verdict)
        return p->verdict < q->verdict ? -1 : 1;
    if (p->share != q->share && isfinite(p->share) && isfinite(q->share))
        return p->share > q->share ? -1 : 1;
    return strcmp(x->id, y->id);
}

static tone tone_of(ent_verdict verdict)
{
    switch (verdict) {
    case ENT_VERDICT_FOLLOWS:
    case ENT_VERDICT_LEANS_TO:
        return BLUE;
    case ENT_VERDICT_LEANS_AGAINST:
    case ENT_VERDICT_DOES_NOT_FOLLOW:
        return ORANGE;
    case ENT_VERDICT_OPEN:
    case ENT_VERDICT_DEPENDS:
    case ENT_VERDICT_UNTESTED:
    case ENT_VERDICT_COUNT:
        break;
    }
    return GREY;
}

/* "58 -> 81 % +-1", the error being twice the standard error as on the report; without a document, or where it changes
 * nothing that can be told, "81 % +-1". */
static void claim_share(const page *p, const ent_claim_view *c, char *out, size_t size)
{
    const ent_claim_arm *with = &c->arm[ENT_ARM_WITH], *without = &c->arm[ENT_ARM_WITHOUT];
    char before[32], after[32], error[32] = "";
    double digits = without->mc_error > with->mc_error ? without->mc_error : with->mc_error;
    cli_percent(before, without->share, digits);
    cli_percent(after, with->share, digits);
    if (200 * with->mc_error >= 1)
        snprintf(error, sizeof error, "%.0f", 200 * with->mc_error);
    else if (with->mc_error > 0)
        ent_number_people(error, 200 * with->mc_error, 1);
    const char *near = p->style.utf8 ? "\xe2\x89\x88 " : "~ "; /* within two errors of a threshold */
    const char *sign = error[0] == 0 ? "" : p->style.utf8 ? " \xc2\xb1" : " +-";
    const char *arrow = p->style.utf8 ? " \xe2\x86\x92 " : " -> ";
    bool moved = p->facts.has_document && isfinite(without->share) && strcmp(before, after) != 0 &&
                 differs(with->share, without->share, with->mc_error, without->mc_error);
    if (!isfinite(with->share))
        snprintf(out, size, "-");
    else
        snprintf(out, size, "%s%s%s%s %%%s%s", with->near_threshold ? near : "", moved ? before : "",
                 moved ? arrow : "", after, sign, error);
}

static const char *glyph(const page *p, ent_verdict verdict)
{
    static const char *const ascii[ENT_VERDICT_COUNT] = {"+", "(+)", "o", "(-)", "-", "?", "."};
    return p->style.utf8 || verdict >= ENT_VERDICT_COUNT ? ent_verdict_glyph(verdict) : ascii[verdict];
}

/* Column widths that hold every claim of this run. */
typedef struct columns { int glyph, verdict, share; } columns;

static int cells(const char *text) { return (int)ent_text_width(text, strlen(text)); }

static columns measure(const page *p, const ent_claim_view *claim, size_t count)
{
    columns c = {p->style.utf8 ? 2 : 4, 0, 0};
    char share[128];
    for (size_t i = 0; i < count; i++) {
        if (claim[i].needs[0] != 0)
            continue;
        claim_share(p, &claim[i], share, sizeof share);
        c.share = cells(share) > c.share ? cells(share) : c.share;
        int word = cells(ent_verdict_text(claim[i].arm[ENT_ARM_WITH].verdict));
        c.verdict = word > c.verdict ? word : c.verdict;
    }
    return c;
}

/* The sentence in what is left of the line, on a second line where it needs one; then who says it. */
static void claim_sentence(const page *p, const ent_claim_view *c, int indent)
{
    char *line[2] = {NULL, NULL}, *text = malloc(strlen(c->title) + strlen(c->id) + strlen(c->who) + 4);
    if (text == NULL)
        return;
    sprintf(text, c->who[0] != 0 ? "%s (%s)" : "%s%s", c->title[0] != 0 ? c->title : c->id, c->who);
    cli_two_lines(line, &p->style, text, WIDTH - indent);
    puts(line[0] != NULL ? line[0] : "");
    if (line[1] != NULL)
        printf("%*s%s\n", indent, "", line[1]);
    free(line[0]);
    free(line[1]);
    free(text);
}

static void claim_line(const page *p, const ent_claim_view *c, columns width)
{
    const ent_verdict verdict = c->arm[ENT_ARM_WITH].verdict;
    char share[128];
    claim_share(p, c, share, sizeof share);
    fputs("  ", stdout);
    begin(p, tone_of(verdict));
    put(p, glyph(p, verdict), 0, width.glyph);
    put(p, ent_verdict_text(verdict), 0, width.verdict);
    end(p);
    fputs("  ", stdout);
    put(p, share, 0, -width.share);
    fputs("  ", stdout);
    claim_sentence(p, c, 2 + width.glyph + width.verdict + 2 + width.share + 2);
}

static void untested(const page *p, const ent_claim_view *claim, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += claim[i].needs[0] != 0;
    if (n == 0)
        return;
    if (n > 3) {
        char line[128];
        snprintf(line, sizeof line, "%zu more are not yet tested; the report says what each of them needs.", n);
        cli_wrap(stdout, &p->style, line, 2, WIDTH);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (claim[i].needs[0] == 0)
            continue;
        char line[512];
        snprintf(line, sizeof line, "%s not yet tested: %.200s (needs %.100s)", glyph(p, ENT_VERDICT_UNTESTED),
                 claim[i].title[0] ? claim[i].title : claim[i].id, claim[i].needs);
        fputs("  ", stdout);
        put(p, line, WIDTH - 2, 0);
        putchar('\n');
    }
}

/* A comparison with an undefined value is false: that is no evidence against the claim, so it is told. */
static void undefined(const page *p, const ent_claim_view *claim, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const ent_claim_arm *with = &claim[i].arm[ENT_ARM_WITH];
        char share[32], line[320];
        if (claim[i].needs[0] != 0 || !(with->undefined >= 0.0005))
            continue;
        cli_percent(share, with->undefined, with->mc_error);
        snprintf(line, sizeof line, "In %s %% of the draws \"%.200s\" compares an undefined value and counts as false.", share,
                 claim[i].title[0] ? claim[i].title : claim[i].id);
        begin(p, RED);
        cli_wrap(stdout, &p->style, line, 2, WIDTH);
        end(p);
    }
}

static void claims(const page *p, const ent_claim_view *claim, size_t count)
{
    if (count == 0)
        return;
    heading(p, p->facts.has_document ? "Claims: share of the draws in which each holds, without -> with the document"
                                     : "Claims: share of the draws in which each holds");
    columns width = measure(p, claim, count);
    size_t tested = 0;
    for (size_t i = 0; i < count; i++)
        if (claim[i].needs[0] == 0 && ++tested <= CLAIMS)
            claim_line(p, &claim[i], width);
    more(tested > CLAIMS ? tested - CLAIMS : 0);
    untested(p, claim, count);
    undefined(p, claim, count);
    begin(p, GREY);
    char line[160];
    snprintf(line, sizeof line, "%s two standard errors; %s near the threshold of a verdict. This follows from the stated assumptions; "
             "it is no forecast.", p->style.utf8 ? "\xc2\xb1" : "+-", p->style.utf8 ? "\xe2\x89\x88" : "~");
    cli_wrap(stdout, &p->style, line, 2, WIDTH);
    end(p);
}

/* --- decisions ------------------------------------------------------------------------------------- */

/* The last quantity of a model in use that is named "ID.output[..]". False where there is none. */
static bool output_of(const page *p, const ent_use_view *use, const char *output, ent_quantity_view *found)
{
    size_t length = strlen(use->id), named = strlen(output);
    bool any = false;
    for (size_t i = use->first; i < use->first + use->count; i++) {
        ent_quantity_view q = ent_results_quantity(p->results, i);
        const char *rest = q.name + length + 1;
        if (strncmp(rest, output, named) != 0 || (rest[named] != '[' && rest[named] != 0))
            continue;
        *found = q;
        any = true;
    }
    return any;
}

typedef struct blocker { const char *name; double by; } blocker;

/* The members whose consent would raise the chance most, in the last year: at most three. */
static size_t blockers_of(const page *p, const ent_use_view *use, blocker most[3])
{
    ent_quantity_view last;
    size_t n = 0;
    if (!output_of(p, use, "blocks", &last))
        return 0;
    for (size_t i = use->first; i < use->first + use->count; i++) {
        ent_quantity_view q = ent_results_quantity(p->results, i);
        if (strncmp(q.name + strlen(use->id), ".blocks", 7) != 0 || q.year != last.year || !(q.arm[ENT_ARM_WITH].mean >= 0.0005))
            continue;
        blocker here = {q.actor_name, q.arm[ENT_ARM_WITH].mean};
        size_t at = n < 3 ? n : 3;
        while (at > 0 && most[at - 1].by < here.by)
            at--;
        for (size_t k = n < 3 ? n : 2; k > at; k--)
            most[k] = most[k - 1];
        if (at < 3)
            most[at] = here;
        n += n < 3;
    }
    return n;
}

/* A chance within a thousandth of never or always, and yet neither, is told so. */
static void chance(const page *p, char out[32], const ent_summary *s)
{
    bool rare = s->mean > 0 && s->mean < 0.0005, near_sure = s->mean < 1 && s->mean > 0.9995;
    if (rare || near_sure)
        snprintf(out, 32, rare ? "<%s0.1" : ">%s99.9", p->style.utf8 ? "\xc2\xa0" : " ");
    else
        cli_percent(out, s->mean, s->mc_error);
}

/* As a claim: the chance in its column, the title beside it on one line or two, then who stands in the way. */
static void decision(const page *p, const ent_use_view *use)
{
    enum { CHANCE = 16, INDENT = CHANCE + 4 };
    ent_quantity_view by_year;
    if (!output_of(p, use, "by_year", &by_year))
        return;
    char before[32], after[32], line[160] = "", *title[2];
    chance(p, before, &by_year.arm[ENT_ARM_WITHOUT]);
    chance(p, after, &by_year.arm[ENT_ARM_WITH]);
    if (p->facts.has_document && by_year.moves && strcmp(before, after) != 0)
        snprintf(line, sizeof line, "%s \xe2\x86\x92 %s %%", before, after);
    else
        snprintf(line, sizeof line, "%s %%", after);
    fputs("  ", stdout);
    put(p, line, CHANCE, -CHANCE);
    fputs("  ", stdout);
    cli_two_lines(title, &p->style, use->title, WIDTH - INDENT);
    puts(title[0] != NULL ? title[0] : "");
    if (title[1] != NULL)
        printf("%*s%s\n", INDENT, "", title[1]);
    free(title[0]);
    free(title[1]);
    blocker most[3];
    size_t n = blockers_of(p, use, most), used = 0;
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%.40s", i > 0 ? ", " : "held up by ", most[i].name);
    if (n == 0)
        return;
    begin(p, GREY);
    cli_wrap(stdout, &p->style, line, INDENT, WIDTH);
    end(p);
}

static void decisions(const page *p)
{
    bool any = false;
    for (size_t u = 0; u < ent_results_use_count(p->results); u++) {
        ent_use_view use = ent_results_use(p->results, u);
        if (strcmp(use.model, "consent") != 0)
            continue;
        if (!any) {
            char line[96] = "Decisions: chance that each is taken";
            if (use.years > 0)
                snprintf(line, sizeof line, "Decisions: chance that each is taken by %d%s", (int)(use.first_year + use.years - 1),
                         p->facts.has_document ? ", without -> with the document" : "");
            heading(p, line);
        }
        any = true;
        decision(p, &use);
    }
}

/* --- provisions and what comes next ---------------------------------------------------------------- */

static void provisions(const page *p)
{
    if (p->facts.provisions == 0)
        return;
    heading(p, "Provisions: share of the draws in which each takes hold");
    for (size_t i = 0; i < p->facts.provisions; i++) {
        ent_provision_view v = ent_results_provision(p->results, i);
        char share[32], line[48];
        cli_percent(share, v.share, v.share_error);
        snprintf(line, sizeof line, "%s %%", share);
        fputs("  ", stdout);
        put(p, line, 8, -8);
        fputs("  ", stdout);
        put(p, v.title[0] ? v.title : v.id, 52, v.binding < 0 ? 0 : 52);
        put(p, v.binding < 0 ? "" : v.binding > 0 ? "  binds" : "  does not bind", 15, 0);
        putchar('\n');
    }
}

/* An input whose break-even decides a claim that is open, to try with --set: the strongest such. */
static const ent_driver *worth_trying(const ent_claim_view *claim, size_t count)
{
    const ent_driver *best = NULL;
    for (size_t i = 0; i < count; i++)
        for (size_t d = 0; d < claim[i].n_drivers; d++) {
            const ent_driver *driver = &claim[i].driver[d];
            if (isfinite(driver->break_even) && (best == NULL || driver->strength > best->strength))
                best = driver;
        }
    return best;
}

/* A word for the shell, in quotes where it needs them. */
static void shell_word(const page *p, const char *text)
{
    bool plain =
        text[0] != 0 &&
        strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,+:@%") == strlen(text);
    if (plain) {
        put(p, text, 0, 0);
        return;
    }
    putchar('\'');
    for (const char *at = text; *at != 0;) {
        size_t run = strcspn(at, "'");
        char *piece = strndup(at, run);
        put(p, piece != NULL ? piece : "", 0, 0);
        free(piece);
        at += run;
        if (*at == '\'') {
            fputs("'\\''", stdout);
            at++;
        }
    }
    putchar('\'');
}

static void path_line(const page *p, const char *before, const char *folder, const char *name, const char *after)
{
    char *path = malloc(strlen(folder) + strlen(name) + 2);
    if (path == NULL)
        return;
    sprintf(path, "%s%s%s", folder, folder[0] != 0 && folder[strlen(folder) - 1] == '/' ? "" : "/", name);
    fputs(before, stdout);
    shell_word(p, path);
    puts(after);
    free(path);
}

static void next(const page *p, const ent_claim_view *claim, size_t count, const char *scenario, const char *folder)
{
    heading(p, "Report");
    path_line(p, "  ", folder, "report.html", "");
    heading(p, "Next");
    path_line(p, "  xdg-open ", folder, "report.html", "");
    const ent_driver *driver = worth_trying(claim, count);
    fputs("  entente run ", stdout);
    shell_word(p, scenario);
    if (driver != NULL) {
        char value[32], setting[256];
        cli_number(value, driver->break_even, 0);
        snprintf(setting, sizeof setting, "%.200s=%s", driver->input, value);
        fputs(" --set ", stdout);
        shell_word(p, setting);
    } else
        printf(" --draws %lld", (long long)p->facts.draws * 10);
    putchar('\n');
    path_line(p, "  sqlite3 ", folder, "results.sqlite", " 'select * from claim_arms'");
}

int cli_summary(const ent_results *results, const char *scenario, const char *folder)
{
    page p = {cli_style_of(stdout), results, ent_results_facts(results)};
    ent_claim_view *claim = calloc(p.facts.claims + 1, sizeof *claim);
    if (claim == NULL)
        return cli_fail(false, CLI_IO, "not enough memory");
    for (size_t i = 0; i < p.facts.claims; i++)
        claim[i] = ent_results_claim(results, i);
    qsort(claim, p.facts.claims, sizeof *claim, by_verdict_then_share);
    begin(&p, BOLD);
    cli_wrap(stdout, &p.style, p.facts.title, 0, WIDTH);
    end(&p);
    computed(&p);
    warnings(&p);
    outcomes(&p);
    claims(&p, claim, p.facts.claims);
    decisions(&p);
    provisions(&p);
    next(&p, claim, p.facts.claims, scenario, folder);
    free(claim);
    return cli_close_stdout();
}
