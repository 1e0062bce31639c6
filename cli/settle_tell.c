/* What `entente settle` found: in 80 columns for people, as JSON for machines. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, NAMES = 18, DIGITS = 4, BAR = 24, POSITIONS = 200 };

const ent_port *settle_output(const ent_model *model, const char *name)
{
    for (size_t i = 0; i < model->n_outputs; i++)
        if (strcmp(model->outputs[i].name, name) == 0)
            return &model->outputs[i];
    return NULL;
}

/* The start of the index-th word of "loss|status_quo", and its length. */
static const char *choice(int *length, const char *choices, size_t index)
{
    for (; index > 0 && choices[strcspn(choices, "|")] != 0; index--)
        choices += strcspn(choices, "|") + 1;
    *length = (int)strcspn(choices, "|");
    return choices;
}

static double weight(const settled *s, size_t i)
{
    return s->in.salience[i] * s->in.capability[i];
}

static double all_weight(const settled *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->in.n; i++)
        sum += weight(s, i);
    return sum;
}

static const char *people(char out[32], double x)
{
    ent_number_people(out, x, DIGITS);
    return out;
}

/* --- in words ------------------------------------------------------------------------------------------- */

static void wrap(const cli_style *style, const char *text)
{
    cli_wrap(stdout, style, text, 0, WIDTH);
}

static void head(const settled *s, const cli_style *style)
{
    char line[512], low[32], high[32], quo[32] = "";
    size_t n = s->in.n;
    snprintf(line, sizeof line, "%s: %zu actor%s on a scale from %s to %s%s%s", s->model->title, n, n == 1 ? "" : "s",
             people(low, s->in.low), people(high, s->in.high), isnan(s->in.status_quo) ? "" : ", status quo ",
             isnan(s->in.status_quo) ? "" : people(quo, s->in.status_quo));
    wrap(style, line);
    if (s->scale_is_guessed)
        wrap(style, "(The positions do not fit 0 to 100, so the scale runs over them; --low and --high set its ends.)");
}

static void outcomes(const settled *s)
{
    char x[32];
    printf("\n  outcome          %s\n", people(x, s->out.outcome));
    printf("  weighted median  %s\n", people(x, s->median));
    printf("  weighted mean    %s\n", people(x, s->mean));
    if (s->out.rounds > 0)
        printf("  rounds           %d\n", (int)s->out.rounds);
    putchar('\n');
}

/* The actor that gains most, or loses most (sign -1); n where nobody does. */
static size_t extreme(const settled *s, double sign)
{
    size_t most = s->in.n;
    for (size_t i = 0; i < s->in.n; i++)
        if (sign * s->gain[i] > 1e-9 && (most == s->in.n || sign * s->gain[i] > sign * s->gain[most]))
            most = i;
    return most;
}

static void meaning(const settled *s, const cli_style *style)
{
    char line[1024], x[32];
    size_t gains = extreme(s, 1), loses = extreme(s, -1), n = s->in.n;
    const char *const *actor = s->table->actor;
    wrap(style, s->model->summary);
    if (s->out.stop != ENT_STOP_DONE) {
        snprintf(line, sizeof line, "How it ended: %s.", ent_stop_text(s->out.stop));
        wrap(style, line);
    }
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += s->in.position[i] / (double)n;
    if (isnan(s->in.status_quo))
        snprintf(line, sizeof line, "No status quo is stated, so gains are against the mean of positions, %s.",
                 people(x, mean));
    else
        snprintf(line, sizeof line, "Gains are against the status quo, %s.", people(x, s->in.status_quo));
    size_t used = strlen(line);
    if (gains < n)
        used += (size_t)snprintf(line + used, sizeof line - used, " %.60s gains most.", actor[gains]);
    if (loses < n)
        snprintf(line + used, sizeof line - used, " %.60s loses most.", actor[loses]);
    wrap(style, line);
}

static void column(const char *text, int width)
{
    printf("%*s", width, text);
}

/* Decimals that show the greatest gain with two digits. */
static int decimals(const settled *s)
{
    double most = 0;
    int count = 3;
    for (size_t i = 0; i < s->in.n; i++)
        most = fabs(s->gain[i]) > most ? fabs(s->gain[i]) : most;
    for (double unit = 1e-2; most > 0 && most < unit && count < 6; unit /= 10)
        count++;
    return count;
}

static void actors(const settled *s, const cli_style *style)
{
    char x[32];
    int longest = 5, digits = decimals(s);
    double total = all_weight(s), least = 0.5 * pow(10, -digits);
    for (size_t i = 0; i < s->in.n; i++) {
        int cells = (int)ent_text_width(s->table->actor[i], strlen(s->table->actor[i]));
        longest = cells > longest ? cells : longest;
    }
    longest = longest > NAMES ? NAMES : longest;
    printf("\n%-*s  position  salience  capability  weight %%   utility      gain\n", longest, "actor");
    for (size_t i = 0; i < s->in.n; i++) {
        cli_put(stdout, style, s->table->actor[i], longest, longest);
        column(people(x, s->in.position[i]), 10);
        ent_number_people(x, s->in.salience[i], 3), column(x, 10);
        ent_number_people(x, s->in.capability[i], 3), column(x, 12);
        printf("%10.1f%10.*f%+10.*f\n", 100 * weight(s, i) / total, digits, s->utility[i], digits,
               fabs(s->gain[i]) < least ? 0 : s->gain[i]);
    }
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
    size_t n = s->in.n, at = 0;
    spot *list = malloc(n * sizeof *list);
    if (list == NULL)
        return cli_fail(false, CLI_IO, "not enough memory");
    for (size_t i = 0; i < n; i++)
        list[i] = (spot){s->in.position[i], s->distribution[i], i};
    qsort(list, n, sizeof *list, by_position);
    printf("\n  position  chance %%\n");
    for (int shown = 0; at < n && shown < POSITIONS; shown++) {
        char x[32], names[160] = "";
        double sum = 0;
        size_t k = at;
        for (; k < n && list[k].position == list[at].position; k++) {
            sum += list[k].probability;
            size_t used = strlen(names);
            snprintf(names + used, sizeof names - used, "%s%s", k > at ? ", " : "", s->table->actor[list[k].first]);
        }
        column(people(x, list[at].position), 10);
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

void settle_tell(const settled *s)
{
    const cli_style style = cli_style_of(stdout);
    head(s, &style);
    outcomes(s);
    meaning(s, &style);
    actors(s, &style);
    if (s->distribution != NULL)
        (void)distribution(s, &style);
}

/* --- as JSON -------------------------------------------------------------------------------------------- */

void settle_json_number(const char *key, double x)
{
    char text[32];
    ent_number_text(text, x);
    printf("\"%s\":%s", key, text);
}

static int json_text(const char *text)
{
    char *quoted = cli_json(text);
    if (quoted == NULL)
        return cli_fail(false, CLI_IO, "not enough memory");
    fputs(quoted, stdout);
    ent_bytes_free(quoted);
    return CLI_GO;
}

static void json_options(const settled *s)
{
    printf("\"options\":{");
    for (size_t o = 0; o < s->model->n_options; o++) {
        const ent_port *port = &s->model->options[o];
        if (o > 0)
            putchar(',');
        if (port->choices == NULL) {
            settle_json_number(port->name, s->option[o]);
            continue;
        }
        int length = 0;
        const char *word = choice(&length, port->choices, (size_t)s->option[o]);
        printf("\"%s\":\"%.*s\"", port->name, length, word);
    }
    putchar('}');
}

static int json_actors(const settled *s)
{
    int code = CLI_GO;
    printf(" \"actors\":[");
    for (size_t i = 0; i < s->in.n && code == CLI_GO; i++) {
        const struct {
            const char *key;
            double value;
        } number[] = {{"position", s->in.position[i]},
                      {"salience", s->in.salience[i]},
                      {"capability", s->in.capability[i]},
                      {"utility", s->utility[i]},
                      {"gain", s->gain[i]},
                      {"probability", s->distribution != NULL ? s->distribution[i] : NAN}};
        printf("%s\n  {\"actor\":", i > 0 ? "," : "");
        code = json_text(s->table->actor[i]);
        for (size_t k = 0; k < sizeof number / sizeof number[0]; k++) {
            putchar(',');
            settle_json_number(number[k].key, number[k].value);
        }
        putchar('}');
    }
    printf("\n ]");
    return code;
}

int settle_tell_json(const settled *s)
{
    const struct {
        const char *key;
        double value;
    } number[] = {{"low", s->in.low},          {"high", s->in.high},  {"status_quo", s->in.status_quo},
                  {"outcome", s->out.outcome}, {"median", s->median}, {"mean", s->mean}};
    printf("{\"format\":1,\"model\":\"%s\",", s->model->name);
    json_options(s);
    printf(",\n ");
    for (size_t k = 0; k < sizeof number / sizeof number[0]; k++) {
        settle_json_number(number[k].key, number[k].value);
        putchar(',');
    }
    printf("\"stop\":\"%s\",\n ", ent_stop_word(s->out.stop));
    int code = settle_rounds_json(s);
    printf(",\n");
    if (code == CLI_GO)
        code = json_actors(s);
    printf("}\n");
    return code;
}
