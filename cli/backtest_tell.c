/* A backtest for people: scores, scores with what was learned of the models' errors, reliability, and what it comes to. */
#include "backtest.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 80, FEW = 3 };

/* --- numbers ------------------------------------------------------------------------------------------------------- */

static const char *one_decimal(char out[32], double x)
{
    if (isfinite(x))
        snprintf(out, 32, "%.1f", x);
    else
        strcpy(out, "-");
    return strcmp(out, "-0.0") == 0 ? "0.0" : out;
}

static const char *percent(char out[32], double x)
{
    if (isfinite(x))
        snprintf(out, 32, "%.0f", 100 * x);
    else
        strcpy(out, "-");
    return out;
}

static const char *between(char out[32], ent_interval x)
{
    char low[32], high[32];
    if (isnan(x.low))
        return "";
    snprintf(out, 32, "%.6s to %.6s", one_decimal(low, x.low), one_decimal(high, x.high));
    return out;
}

/* --- tables -------------------------------------------------------------------------------------------------------- */

static void tell_row(const ent_backtest_scores *s, bool first)
{
    char a[32], b[32], c[32], d[32], e[32], f[32], g[32], h[32], i[32];
    printf("%-10.10s %6zu %5s %-12s %5s %4s %3s %3s %5s %-12s %5s\n", s->name, s->n, one_decimal(a, s->mae),
           between(b, s->mae_interval), one_decimal(c, s->crps), percent(d, s->cover[0]), percent(e, s->cover[1]),
           percent(f, s->cover[2]), first ? "" : one_decimal(g, s->against),
           first ? "" : between(h, s->against_interval), isnan(s->weight) ? "-" : percent(i, s->weight));
}

static void tell_scores(const ent_backtest *b)
{
    char crps[32], interval[32];
    printf("\n%-17s %-18s       %-12s %-18s\n", "", "mean error", "covers, in %", "error less that of");
    printf("%-10s %6s %5s %-12s %5s %4s %3s %3s %5s %-12s %5s\n", "model", "issues", "", "95 %", "CRPS", "50", "80", "95", "",
           b->scores[0].name, "stack");
    for (size_t k = 0; k < b->forecasters; k++)
        tell_row(&b->scores[k], k == 0);
    if (!isnan(b->stack_crps))
        printf("%-10s %6zu %18s %5s  95 %%: %s, out of sample\n", "stack", b->issues, "", one_decimal(crps, b->stack_crps),
               between(interval, b->stack_interval));
}

static void tell_calibrated_row(const ent_backtest_calibrated *s, const ent_calibration *c, bool compared)
{
    char a[32], b[32], d[32], e[32], f[32], g[32], h[32], i[32];
    printf("%-10.10s %5s %-12s %5s %4s %3s %3s %5s %-12s %4d %3d %3d\n", c->model, one_decimal(a, s->mae), between(b, s->mae_interval),
           one_decimal(d, s->crps), percent(e, s->cover[0]), percent(f, s->cover[1]), percent(g, s->cover[2]),
           compared ? one_decimal(h, s->against) : "", compared ? between(i, s->against_interval) : "", (c->held + 5) / 10,
           (c->error + 5) / 10, (c->past + 5) / 10);
}

static bool any_calibrated(const ent_backtest *b)
{
    for (size_t k = 0; k < b->forecasters; k++)
        if (b->calibration[k] != NULL && !isnan(b->scores[k].calibrated.crps))
            return true;
    return false;
}

static void tell_calibrated(const ent_backtest *b, const cli_style *style)
{
    if (!any_calibrated(b))
        return;
    putchar('\n');
    cli_wrap(stdout, style,
             b->is_shipped ? "With the errors that models made on decisions of the European Union, which ship with entente "
                             "(model_error: calibrated):"
                           : "With the models' errors on other proposals (model_error: calibrated), on proposals that were not used "
                             "to learn them, ten times in five parts:",
             0, WIDTH);
    printf("\n%-10s %-18s       %-12s %-18s %12s\n", "", "error of median", "covers, in %", b->is_shipped ? "" : "CRPS less that of", "made of, %");
    printf("%-10s %5s %-12s %5s %4s %3s %3s %5s %-12.12s %4s %3s %3s\n", "model", "", "95 %", "CRPS", "50", "80", "95", "",
           b->is_shipped ? "" : b->scores[0].name, "held", "err", "old");
    for (size_t k = 0; k < b->forecasters; k++)
        if (b->calibration[k] != NULL && !isnan(b->scores[k].calibrated.crps))
            tell_calibrated_row(&b->scores[k].calibrated, b->calibration[k], !b->is_shipped);
    cli_wrap(stdout, style, "made of: positions held; the model's point with its past errors; places of past outcomes in the range held", 2, WIDTH);
}

/* What was said of a few issues. */
static void tell_few(const ent_backtest *b, const ent_decisions *d)
{
    char number[32];
    for (size_t i = 0; i < b->issues && b->issues <= FEW; i++) {
        const ent_decision_issue *issue = &d->issue[b->issue[i]];
        printf("\n%.40s ended at %s, in hundredths of its scale. Models say:\n ", issue->id, one_decimal(number, issue->outcome));
        int used = 1;
        for (size_t k = 0; k < b->forecasters; k++) {
            char word[96];
            const int length = snprintf(word, sizeof word, " %s %s%s", b->scores[k].name, one_decimal(number, b->prediction[k * b->issues + i]),
                                        k + 1 < b->forecasters ? "," : "");
            if (used + length > WIDTH)
                used = printf("\n ") - 1;
            used += length;
            fputs(word, stdout);
        }
        putchar('\n');
    }
}

/* --- reliability --------------------------------------------------------------------------------------------------- */

/* The forecaster whose forecasts are worth to be looked at: the calibrated one of least CRPS, else the least without. */
static const ent_backtest_scores *best_of(const ent_backtest *b, bool *calibrated)
{
    const ent_backtest_scores *best = NULL;
    *calibrated = any_calibrated(b) && !b->is_shipped;
    for (size_t k = 0; k < b->forecasters; k++) {
        const ent_backtest_scores *s = &b->scores[k];
        const double crps = *calibrated ? s->calibrated.crps : s->crps;
        if (s->n == b->issues && !isnan(crps) && (best == NULL || crps < (*calibrated ? best->calibrated.crps : best->crps)))
            best = s;
    }
    return best;
}

/* One step: where it was said (o) and where it happened (x) between 0 and 100 %. */
static void tell_step(double count, double said, double happened)
{
    enum { PLACES = 41 };
    char a[32], b[32], line[PLACES + 1];
    if (!(count > 0))
        return;
    memset(line, ' ', PLACES);
    line[PLACES] = 0;
    line[(PLACES - 1) / 2] = '.';
    const int o = (int)floor(said * (PLACES - 1) + 0.5), x = (int)floor(happened * (PLACES - 1) + 0.5);
    line[o] = 'o';
    line[x] = o == x ? '*' : 'x';
    printf("  %6.0f %5s %% %7s %%  |%s|\n", count, percent(a, said), percent(b, happened), line);
}

static void tell_reliability(const ent_backtest *b, const cli_style *style)
{
    bool calibrated = false;
    const ent_backtest_scores *s = best_of(b, &calibrated);
    char line[256];
    if (s == NULL)
        return;
    snprintf(line, sizeof line, "Reliability of %s%s: the chance that it gave to an outcome above 50 (o), and how often that was so (x)", s->name,
             calibrated ? " with its errors" : "");
    putchar('\n');
    cli_wrap(stdout, style, line, 0, WIDTH);
    printf("  issues    said  happened  0                  50 %%                100 %%\n");
    for (size_t step = 0; step < ENT_BACKTEST_STEPS; step++)
        if (calibrated)
            tell_step(s->calibrated.count[step], s->calibrated.said[step], s->calibrated.happened[step]);
        else
            tell_step((double)s->count[step], s->said[step], s->happened[step]);
    printf("  outcomes in each tenth of its distribution, in %% (10 is right):");
    for (size_t t = 0; t < ENT_BACKTEST_BINS; t++) {
        char share[32];
        printf("%s%s", t == 0 ? "\n   " : " ", percent(share, (calibrated ? s->calibrated.pit : s->pit)[t]));
    }
    putchar('\n');
}

/* --- in words ------------------------------------------------------------------------------------------------------ */

/* Who is ahead of the first, beyond doubt or not. */
static void tell_points(const ent_backtest *b, const cli_style *style)
{
    char text[640], list[256] = "";
    const ent_backtest_scores *first = &b->scores[0];
    for (size_t k = 1; k < b->forecasters; k++)
        if (b->scores[k].against_interval.high < 0 && strlen(list) + strlen(b->scores[k].name) + 3 < sizeof list)
            strcat(strcat(list, list[0] != 0 ? ", " : ""), b->scores[k].name);
    if (isnan(first->mae_interval.low))
        snprintf(text, sizeof text,
                 "All issues belong to one proposal: there are no intervals, and no errors on other proposals.");
    else if (list[0] != 0)
        snprintf(text, sizeof text, "Nearer to the outcomes than %s by more than chance: %s.", first->name, list);
    else
        snprintf(text, sizeof text, "None is nearer to the outcomes than %s by more than chance.", first->name);
    cli_wrap(stdout, style, text, 0, WIDTH);
}

static void tell_in_words(const ent_backtest *b, const cli_style *style)
{
    char text[640], crps[32], less[32];
    const ent_backtest_calibrated *first = &b->scores[0].calibrated;
    putchar('\n');
    tell_points(b, style);
    if (!b->is_shipped && first->against_interval.high < 0) {
        snprintf(text, sizeof text,
                 "What was learned helps: with it the distribution around %s has a CRPS of %s, %s less than with its errors alone, and covers "
                 "what it says more nearly.",
                 b->scores[0].name, one_decimal(crps, first->crps), one_decimal(less, -first->against));
        cli_wrap(stdout, style, text, 0, WIDTH);
    }
    cli_wrap(stdout, style,
             "A mean is hard to beat, weighted or not: elaborate models of bargaining have not done so on these kinds of data. "
             "Differences below about 3 points cannot be told apart with a few hundred issues.",
             0, WIDTH);
}

void backtest_tell(const ent_backtest *b, const ent_decisions *d, ent_capability_rule rule)
{
    const cli_style style = cli_style_of(stdout);
    printf("%zu issue%s of %zu proposal%s; capability: %s\n", b->issues, b->issues == 1 ? "" : "s", b->proposals, b->proposals == 1 ? "" : "s",
           ent_capability_rule_word(rule));
    if (d->no_salience > 0)
        printf("%zu positions without a salience got the mean of their issue\n", d->no_salience);
    tell_few(b, d);
    tell_scores(b);
    tell_calibrated(b, &style);
    tell_reliability(b, &style);
    tell_in_words(b, &style);
}
