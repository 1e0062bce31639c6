/* The exchange model in words: iteration by iteration the trades, and what came of the issues. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_TRADES = 8, LATER_TRADES = 3, MOST_OUTCOMES = 8, MOST_ACTORS = 12 };

static const char *gain_text(char out[32], double x)
{
    ent_number_people(out, x, 3);
    return out;
}

static char *short_issue(const settled *s, const cli_style *style, int32_t issue)
{
    return cli_safe(style, s->issue[issue], 24);
}

/* "France moves 10 -> 7 on emissions for Germany's 4 -> 5.2 on date; each gains 0.04" */
static void tell_trade(const settled *s, const cli_style *style, const ent_exchange_trade *trade)
{
    const ent_exchange_side *a = &trade->side[0], *b = &trade->side[1];
    char *on_a = short_issue(s, style, a->supply), *on_b = short_issue(s, style, b->supply);
    char x[4][32], gain[2][32], what[128];
    settle_place(x[0], s, (size_t)a->supply, a->from), settle_place(x[1], s, (size_t)a->supply, a->to);
    settle_place(x[2], s, (size_t)b->supply, b->from), settle_place(x[3], s, (size_t)b->supply, b->to);
    gain_text(gain[0], a->gain), gain_text(gain[1], b->gain);
    if (strcmp(gain[0], gain[1]) == 0)
        snprintf(what, sizeof what, "each gains %s", gain[0]);
    else
        snprintf(what, sizeof what, "they gain %s and %s", gain[0], gain[1]);
    settle_say(style, 2, 4, "%s moves %s -> %s on %s for %s's %s -> %s on %s; %s", s->said[a->actor], x[0], x[1],
               on_a != NULL ? on_a : "", s->said[b->actor], x[2], x[3], on_b != NULL ? on_b : "", what);
    free(on_a);
    free(on_b);
}

static void tell_outcomes(const settled *s, const cli_style *style, const ent_exchange_iteration *it)
{
    char line[1600] = "";
    size_t used = 0, told = 0;
    for (size_t d = 0; d < s->issues && (s->all || told < MOST_OUTCOMES) && used + 160 < sizeof line; d++) {
        char a[32], b[32], *name = short_issue(s, style, (int32_t)d);
        if (it->start[d] == it->outcome[d]) {
            free(name);
            continue;
        }
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s %s -> %s", told++ > 0 ? ", " : "",
                                 name != NULL ? name : "", settle_place(a, s, d, it->start[d]),
                                 settle_place(b, s, d, it->outcome[d]));
        free(name);
    }
    if (told > 0)
        settle_say(style, 2, 4, "Outcomes: %s%s", line, told < s->issues && told == MOST_OUTCOMES ? ", ..." : ".");
    else
        settle_say(style, 2, 4, "No outcome changes.");
}

static void tell_iteration(const settled *s, const cli_style *style, int32_t k)
{
    const ent_exchange_iteration *it = &s->exchange->iteration[k];
    size_t most = s->all ? it->n_trades : k == 0 ? FIRST_TRADES : LATER_TRADES, made = it->n_trades + it->left_out;
    size_t shown = it->n_trades < most ? it->n_trades : most;
    printf("\nIteration %d: %zu trade%s of %zu that were possible at its start\n", (int)k + 1, made,
           made == 1 ? "" : "s", it->possible);
    for (size_t t = 0; t < shown; t++)
        tell_trade(s, style, &it->trade[t]);
    if (made > shown)
        settle_say(style, 2, 4, "and %zu more", made - shown);
    tell_outcomes(s, style, it);
}

static void tell_end(const settled *s, const cli_style *style)
{
    const ent_exchange_result *result = s->exchange;
    if (result->interrupted)
        settle_say(style, 0, 0, "Interrupted after %d whole iteration%s.", (int)result->iterations,
                   result->iterations == 1 ? "" : "s");
    else if (result->settled_at > 0)
        settle_say(style, 0, 0,
                   "How it ended: %d iterations were played; since iteration %d no outcome changes by as much as "
                   "a thousandth of its scale. The outcome is the weighted mean after the last trades.",
                   (int)result->iterations, (int)result->settled_at);
    else if (result->iterations == 1)
        settle_say(style, 0, 0,
                   "How it ended: the one iteration asked for was played. The outcome is the weighted mean after its "
                   "trades.");
    else
        settle_say(style, 0, 0,
                   "How it ended: the %d iterations asked for were played, and outcomes have not settled: they still "
                   "change from one to the next. The outcome is the weighted mean after the last trades.",
                   (int)result->iterations);
}

/* --- who gains --------------------------------------------------------------------------------------------- */

typedef struct balance {
    size_t actor;
    double own, others, all;
    int64_t trades;
} balance;

static int by_all(const void *a, const void *b)
{
    const balance *x = a, *y = b;
    return x->all != y->all ? (x->all < y->all) - (x->all > y->all) : (x->actor > y->actor) - (x->actor < y->actor);
}

static void tell_gains(const settled *s, const cli_style *style)
{
    balance *list = calloc(s->n, sizeof *list);
    size_t half = MOST_ACTORS / 2;
    if (list == NULL)
        return;
    for (size_t i = 0; i < s->n; i++) {
        list[i].actor = i;
        for (int32_t k = 0; k < s->exchange->iterations; k++) {
            const ent_exchange_sum *sum = &s->exchange->iteration[k].sum[i];
            list[i].own += sum->own;
            list[i].others += sum->inner_gain + sum->inner_loss + sum->outer_gain + sum->outer_loss;
            list[i].trades += sum->trades;
        }
        list[i].all = list[i].own + list[i].others;
    }
    qsort(list, s->n, sizeof *list, by_all);
    printf("\n%-24s  trades  by its own  by those of others\n", "actor");
    for (size_t k = 0; k < s->n; k++) {
        if (!s->all && s->n > MOST_ACTORS && k == half) {
            printf("%-24s\n", "...");
            k = s->n - half;
        }
        char own[32], others[32];
        cli_put(stdout, style, s->actor[list[k].actor], 24, 24);
        printf("%8lld%12s%20s\n", (long long)list[k].trades, gain_text(own, list[k].own),
               gain_text(others, list[k].others));
    }
    settle_say(style, 0, 0,
               "(Gains over all iterations; 1 is a hundredth of a scale's length of outcome on an issue that matters "
               "fully. Trades of others may help or hurt.)");
    free(list);
}

void settle_tell_trades(const settled *s, const cli_style *style)
{
    int32_t count = s->exchange->iterations;
    for (int32_t k = 0; k < count; k++) {
        if (!s->all && count > 5 && k == 3) {
            printf("\nIterations 4 to %d: --all tells them\n", (int)count - 1);
            k = count - 1;
        }
        tell_iteration(s, style, k);
    }
    putchar('\n');
    tell_end(s, style);
    tell_gains(s, style);
}
