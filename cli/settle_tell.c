/* What `entente settle` found, in 80 columns for people. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, NAMES = 18, BAR = 24, POSITIONS = 200, MOST_ACTORS = 40 };

const ent_port *settle_output(const ent_model *model, const char *name)
{
    for (size_t i = 0; i < model->n_outputs; i++)
        if (strcmp(model->outputs[i].name, name) == 0)
            return &model->outputs[i];
    return NULL;
}

const char *settle_choice(int *length, const char *choices, size_t index)
{
    for (; index > 0 && choices[strcspn(choices, "|")] != 0; index--)
        choices += strcspn(choices, "|") + 1;
    *length = (int)strcspn(choices, "|");
    return choices;
}

static double weight(const settled *s, size_t i)
{
    return s->salience[i] * s->capability[i];
}

static double all_weight(const settled *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += weight(s, i);
    return sum;
}

static void column(const char *text, int width)
{
    printf("%*s", width, text);
}

/* --- what was asked ---------------------------------------------------------------------------------------- */

/* Options that differ from their defaults: "with r = 1 and loss = 0.2". */
static void options_text(char *out, size_t size, const settled *s)
{
    size_t used = 0;
    out[0] = 0;
    for (size_t o = 0; o < s->model->n_options && used + 80 < size; o++) {
        const ent_port *port = &s->model->options[o];
        double fallback = port->choices != NULL ? 0 : port->fallback;
        char value[40];
        if (s->option[o] == fallback)
            continue;
        if (port->choices != NULL) {
            int length = 0;
            const char *word = settle_choice(&length, port->choices, (size_t)s->option[o]);
            snprintf(value, sizeof value, "%.*s", length, word);
        } else
            settle_people(value, s->option[o]);
        used += (size_t)snprintf(out + used, size - used, "%s%s = %s", used > 0 ? ", " : " with ", port->name, value);
    }
}

/* Whether an option of that name has other than its default. */
static bool is_changed(const settled *s, const char *name)
{
    for (size_t o = 0; o < s->model->n_options; o++)
        if (strcmp(s->model->options[o].name, name) == 0)
            return s->option[o] != 0;
    return false;
}

/* Where the file is another program's: how it was taken, and how to get that program's numbers. */
static void file_note(const settled *s, const cli_style *style)
{
    ent_table_format format = s->table->format;
    bool its_model = s->table->model != NULL && strcmp(s->table->model, s->model->name) == 0;
    if (format == ENT_TABLE_OWN || !its_model)
        return;
    if (format == ENT_TABLE_DECIDE)
        settle_say(style, 0, 0, "(A data file of Decide%s.)",
                   is_changed(s, "faithful") ? ", computed as that program does, but for ties"
                                             : "; as that program computes, but for ties: --option faithful=true");
    else
        settle_say(style, 0, 0, "(From KTAB%s%s.)",
                   s->file_has_options ? ", with the parameters that the file states" : "",
                   is_changed(s, "mode") ? ", computed as that program does"
                                         : "; that program's own numbers, oddities included: --option mode=ktab");
}

static void head(const settled *s, const cli_style *style)
{
    char options[512], low[32], high[32], quo[32] = "";
    options_text(options, sizeof options, s);
    if (s->table->title[0] != 0)
        settle_say(style, 0, 0, "%.400s", s->table->title);
    if (s->issues == 1)
        settle_say(style, 0, 2, "%s%s: %zu actor%s on a scale from %s to %s%s%s%s%.200s", s->model->title, options,
                   s->n, s->n == 1 ? "" : "s", settle_people(low, s->low[0]), settle_people(high, s->high[0]),
                   isnan(s->status_quo) ? "" : ", status quo ",
                   isnan(s->status_quo) ? "" : settle_people(quo, s->status_quo),
                   s->issue[0][0] != 0 ? "; issue: " : "", s->issue[0]);
    else
        settle_say(style, 0, 2, "%s%s: %zu actor%s on %zu issues", s->model->title, options, s->n, s->n == 1 ? "" : "s",
                   s->issues);
    if (s->scale_is_guessed)
        settle_say(style, 0, 0,
                   "(%s positions do not fit 0 to 100, so the scale runs over them; --low and --high set its ends.)",
                   s->issues > 1 ? "Some" : "The");
    file_note(s, style);
}

/* --- one issue ---------------------------------------------------------------------------------------------- */

static void outcomes(const settled *s)
{
    char x[32];
    printf("\n  outcome          %s\n", settle_people(x, s->outcome[0]));
    printf("  weighted median  %s\n", settle_people(x, s->median[0]));
    printf("  weighted mean    %s\n", settle_people(x, s->mean[0]));
    if (s->out.rounds > 0)
        printf("  rounds           %d\n", (int)s->out.rounds);
    if (settle_end(s) != NULL)
        printf("  (median and mean are those of the positions at the start)\n");
    putchar('\n');
}

/* The actor that gains most, or loses most (sign -1); n where nobody does. */
static size_t extreme(const settled *s, double sign)
{
    size_t most = s->n;
    for (size_t i = 0; i < s->n; i++)
        if (sign * s->gain[i] > 1e-9 && (most == s->n || sign * s->gain[i] > sign * s->gain[most]))
            most = i;
    return most;
}

static void gains(const settled *s, const cli_style *style)
{
    char line[1024], x[32];
    size_t winner = extreme(s, 1), loser = extreme(s, -1);
    double mean = 0;
    for (size_t i = 0; i < s->n; i++)
        mean += s->position[i] / (double)s->n;
    if (isnan(s->status_quo))
        snprintf(line, sizeof line, "No status quo is stated, so gains are against the mean of positions, %s.",
                 settle_people(x, mean));
    else
        snprintf(line, sizeof line, "Gains are against the status quo, %s.", settle_people(x, s->status_quo));
    size_t used = strlen(line);
    if (winner < s->n)
        used += (size_t)snprintf(line + used, sizeof line - used, " %.60s gains most.", s->actor[winner]);
    if (loser < s->n)
        snprintf(line + used, sizeof line - used, " %.60s loses most.", s->actor[loser]);
    settle_say(style, 0, 0, "%s", line);
}

static void ending(const settled *s, const cli_style *style)
{
    if (s->out.stop != ENT_STOP_DONE)
        settle_say(style, 0, 0, "How it ended: %s.", ent_stop_text(s->out.stop));
}

/* Decimals that show the greatest gain with two digits. */
static int decimals(const settled *s)
{
    double most = 0;
    int count = 3;
    for (size_t i = 0; i < s->n; i++)
        most = fabs(s->gain[i]) > most ? fabs(s->gain[i]) : most;
    for (double unit = 1e-2; most > 0 && most < unit && count < 6; unit /= 10)
        count++;
    return count;
}

static int by_weight(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x < *y) - (*x > *y);
}

/* The weight that an actor must have to be shown: of a long table the heaviest are. */
static double least_weight(const settled *s)
{
    if (s->all || s->n <= MOST_ACTORS)
        return -1;
    double *list = malloc(s->n * sizeof *list), least = -1;
    for (size_t i = 0; i < s->n && list != NULL; i++)
        list[i] = weight(s, i);
    if (list != NULL) {
        qsort(list, s->n, sizeof *list, by_weight);
        least = list[MOST_ACTORS - 1];
    }
    free(list);
    return least;
}

/* With rounds, where each ends; else how much the outcome is worth to it. */
static void actors(const settled *s, const cli_style *style)
{
    char x[32];
    int longest = 5, digits = decimals(s);
    const double *end = settle_end(s);
    double total = all_weight(s), least = 0.5 * pow(10, -digits), heavy = least_weight(s);
    size_t shown = 0;
    for (size_t i = 0; i < s->n; i++) {
        int cells = (int)ent_text_width(s->actor[i], strlen(s->actor[i]));
        longest = cells > longest ? cells : longest;
    }
    longest = longest > NAMES ? NAMES : longest;
    printf("\n%-*s  %s  salience  capability  weight %%%s      gain\n", longest, "actor",
           end != NULL ? "   start" : "position", end != NULL ? "       end" : "   utility");
    for (size_t i = 0; i < s->n; i++) {
        if (weight(s, i) < heavy || (heavy >= 0 && shown == MOST_ACTORS))
            continue;
        shown++;
        cli_put(stdout, style, s->actor[i], longest, longest);
        column(settle_people(x, s->position[i]), 10);
        ent_number_people(x, s->salience[i], 3), column(x, 10);
        ent_number_people(x, s->capability[i], 3), column(x, 12);
        printf("%10.1f", 100 * weight(s, i) / total);
        if (end != NULL)
            column(settle_people(x, end[i]), 10);
        else
            printf("%10.*f", digits, s->utility[i]);
        printf("%+10.*f\n", digits, fabs(s->gain[i]) < least ? 0 : s->gain[i]);
    }
    if (shown < s->n)
        settle_say(style, 0, 0, "These %zu have the greatest weight; %zu more with --all.", shown, s->n - shown);
}

typedef struct spot {
    double position, probability;
    size_t first;
} spot;

static int by_position(const void *a, const void *b)
{
    const spot *x = a, *y = b;
    return x->position != y->position ? (x->position > y->position) - (x->position < y->position)
                                      : (x->first > y->first) - (x->first < y->first);
}

/* How likely each position is, those who hold it named. */
static int distribution(const settled *s, const cli_style *style)
{
    size_t n = s->n, at = 0;
    spot *list = malloc(n * sizeof *list);
    if (list == NULL)
        return cli_fail(false, CLI_IO, "not enough memory");
    for (size_t i = 0; i < n; i++)
        list[i] = (spot){s->position[i], s->distribution[i], i};
    qsort(list, n, sizeof *list, by_position);
    printf("\n  position  chance %%\n");
    for (int shown = 0; at < n && shown < POSITIONS; shown++) {
        char x[32], names[160] = "";
        double sum = 0;
        size_t k = at;
        for (; k < n && list[k].position == list[at].position; k++) {
            sum += list[k].probability;
            size_t used = strlen(names);
            snprintf(names + used, sizeof names - used, "%s%s", k > at ? ", " : "", s->actor[list[k].first]);
        }
        column(settle_people(x, list[at].position), 10);
        int bar = (int)(BAR * sum + 0.5);
        printf("%10.1f  ", 100 * sum);
        for (int b = 0; b < bar; b++)
            fputs(style->utf8 ? "\xe2\x96\x88" : "#", stdout);
        printf("%*s", BAR - bar + 1, "");
        cli_put(stdout, style, names, WIDTH - 24 - BAR, 0);
        putchar('\n');
        at = k;
    }
    if (at < n)
        printf("  and more positions, of %zu further actors\n", n - at);
    free(list);
    return CLI_GO;
}

/* --- several ------------------------------------------------------------------------------------------------ */

static void issues(const settled *s, const cli_style *style)
{
    int longest = 5;
    for (size_t d = 0; d < s->issues; d++) {
        int cells = (int)ent_text_width(s->issue[d], strlen(s->issue[d]));
        longest = cells > longest ? cells : longest;
    }
    longest = longest > 30 ? 30 : longest;
    printf("\n%-*s     scale from        to   outcome    median      mean\n", longest, "issue");
    for (size_t d = 0; d < s->issues; d++) {
        char x[32];
        const double number[] = {s->low[d], s->high[d], s->outcome[d], s->median[d], s->mean[d]};
        cli_put(stdout, style, s->issue[d], longest, longest);
        for (size_t k = 0; k < sizeof number / sizeof number[0]; k++)
            column(settle_people(x, number[k]), k == 0 ? 15 : 10);
        putchar('\n');
    }
    settle_say(style, 0, 0,
               "(Median and mean are those of the positions at the start, weighted by salience and "
               "capability.)");
}

static void several(const settled *s, const cli_style *style)
{
    if (s->exchange != NULL)
        settle_tell_trades(s, style);
    else
        settle_tell_rounds(s, style);
    issues(s, style);
    settle_tell_predicted(s, style);
    for (size_t d = 0; d < s->issues && (s->all || d < 8); d++) {
        putchar('\n');
        settle_say(style, 0, 2, "%s", s->issue[d]);
        settle_tell_bars(s, style, settle_end(s), d);
    }
    settle_tell_key(style);
}

static void accuracy(const settled *s, const cli_style *style)
{
    if (s->model->accuracy[0] == 0)
        return;
    putchar('\n');
    settle_say(style, 0, 0, "How well it does elsewhere: %s", s->model->accuracy);
}

void settle_tell(const settled *s)
{
    const cli_style style = cli_style_of(stdout);
    bool rounds = s->challenge != NULL || s->spatial != NULL;
    head(s, &style);
    putchar('\n');
    settle_say(&style, 0, 0, "%s", s->model->summary);
    if (s->issues > 1) {
        several(s, &style);
        accuracy(s, &style);
        return;
    }
    if (rounds)
        settle_tell_rounds(s, &style);
    else
        ending(s, &style);
    outcomes(s);
    settle_tell_predicted(s, &style);
    settle_tell_bars(s, &style, settle_end(s), 0);
    settle_tell_key(&style);
    putchar('\n');
    gains(s, &style);
    actors(s, &style);
    if (s->distribution != NULL)
        (void)distribution(s, &style);
    accuracy(s, &style);
}
