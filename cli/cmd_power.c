/* entente power: the power of the members of a rule. */
#include "cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 80, NAMES = 19, ROWS = 60 };

typedef struct wanted {
    const char *rule, *weights, *quota, *names, *blocs, *method;
    int64_t members, samples;
    cli_seed seed;
    bool csv;
} wanted;

/* A rule with its names, from wherever it came. */
typedef struct asked {
    ent_rule_file *file; /* of --rule */
    ent_rule *own;       /* of --weights */
    const ent_rule *rule;
    const char **member;  /* n names */
    const double *weight; /* n; NULL: none */
    const char *weight_name;
    int32_t *bloc;   /* n; NULL: none */
    double *numbers; /* what --weights said */
    char *text;      /* what the names point into */
    size_t n;
    ent_power *power;
} asked;

static void asked_free(asked *a)
{
    ent_power_free(a->power);
    ent_rule_file_free(a->file);
    ent_rule_free(a->own);
    free((void *)a->member);
    free(a->bloc);
    free(a->numbers);
    free(a->text);
}

/* --- what the command line says ------------------------------------------------------------------------------- */

static size_t count_items(const char *list, char mark)
{
    size_t n = 1;
    for (; *list != 0; list++)
        n += *list == mark;
    return n;
}

/* Cuts "a,b,c" in place; the parts go to item[], without spaces at their ends. */
static size_t cut(const char **item, char *list, char mark)
{
    size_t n = 0;
    for (char *at = list; at != NULL;) {
        char *next = strchr(at, mark);
        if (next != NULL)
            *next++ = 0;
        while (*at == ' ')
            at++;
        for (size_t length = strlen(at); length > 0 && at[length - 1] == ' '; length--)
            at[length - 1] = 0;
        item[n++] = at;
        at = next;
    }
    return n;
}

static char *copy(const char *text)
{
    size_t length = strlen(text) + 1;
    char *out = malloc(length);
    if (out != NULL)
        memcpy(out, text, length);
    return out;
}

static int read_weights(asked *a, const char *list, bool json)
{
    size_t n = count_items(list, ',');
    char *text = copy(list);
    const char **item = calloc(n, sizeof *item);
    int code = CLI_GO;
    a->numbers = calloc(n, sizeof *a->numbers);
    if (text == NULL || item == NULL || a->numbers == NULL)
        code = cli_fail(json, CLI_IO, "not enough memory");
    else
        a->n = cut(item, text, ',');
    for (size_t i = 0; i < a->n && code == CLI_GO; i++)
        if (!ent_number_read(&a->numbers[i], item[i], strlen(item[i])))
            code =
                cli_fail(json, CLI_USAGE,
                         "--weights takes numbers apart by commas, such as 4,4,4,2,2,1; '%.60s' is no number", item[i]);
    free((void *)item);
    free(text);
    return code;
}

/* "12", "65 %", and with > before it: more than. */
static int read_quota(double *quota, bool *share, bool *strict, const char *text, bool json)
{
    const char *at = text + (*text == '>');
    size_t length = strlen(at);
    *strict = *text == '>';
    *share = length > 0 && at[length - 1] == '%';
    length -= *share;
    while (length > 0 && at[length - 1] == ' ')
        length--;
    if (!ent_number_read(quota, at, length))
        return cli_fail(json, CLI_USAGE,
                        "--quota takes a weight (12), a share (65%%), or one of them to be passed ('>50%%'), not '%s'",
                        text);
    *quota /= *share ? 100 : 1;
    return CLI_GO;
}

static int number_names(asked *a, bool json)
{
    a->member = calloc(a->n, sizeof *a->member);
    a->text = calloc(a->n, 24);
    if (a->member == NULL || a->text == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    for (size_t i = 0; i < a->n; i++) {
        snprintf(a->text + 24 * i, 24, "%zu", i + 1);
        a->member[i] = a->text + 24 * i;
    }
    return CLI_GO;
}

static int read_names(asked *a, const char *list, bool json)
{
    size_t n = count_items(list, ',');
    if (n != a->n)
        return cli_fail(json, CLI_USAGE, "--names has %zu names for %zu weights", n, a->n);
    a->text = copy(list);
    a->member = calloc(n, sizeof *a->member);
    if (a->text == NULL || a->member == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    cut(a->member, a->text, ',');
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (a->member[i][0] == 0 || strcmp(a->member[i], a->member[k]) == 0)
                return cli_fail(json, CLI_USAGE, "--names: '%.60s' %s", a->member[i],
                                a->member[i][0] == 0 ? "is no name" : "is there twice");
    return CLI_GO;
}

static int rule_of_weights(asked *a, const wanted *w, bool json)
{
    double quota = 0;
    bool share = false, strict = false;
    ent_error err = {0};
    int code = read_weights(a, w->weights, json);
    if (code == CLI_GO && w->quota == NULL)
        code = cli_fail(json, CLI_USAGE, "--weights needs a --quota: a weight (12), a share (65%%), or '>50%%'");
    if (code == CLI_GO)
        code = read_quota(&quota, &share, &strict, w->quota, json);
    if (code == CLI_GO && ent_rule_weighted(&a->own, a->numbers, a->n, quota, share, strict, &err) != ENT_OK)
        code = cli_fail_error(json, &err);
    a->rule = a->own;
    a->weight = a->numbers;
    a->weight_name = "weight";
    if (code == CLI_GO)
        code = w->names != NULL ? read_names(a, w->names, json) : number_names(a, json);
    return code;
}

static bool is_shipped(const char *name)
{
    for (size_t i = 0; i < ent_rule_shipped_count(); i++)
        if (strcmp(ent_rule_shipped_id(i), name) == 0)
            return true;
    return false;
}

static int rule_of_file(asked *a, const wanted *w, bool json)
{
    ent_error err = {0};
    ent_diagnostics *list = ent_diagnostics_create();
    int code = CLI_GO;
    if (list == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    bool is_name = is_shipped(w->rule) || strpbrk(w->rule, "/.") == NULL;
    size_t members = (size_t)w->members;
    ent_status status = is_name ? ent_rule_file_shipped(&a->file, w->rule, members, list, &err)
                                : ent_rule_file_read(&a->file, w->rule, members, list, &err);
    ent_diagnostics_sort(list);
    if (status == ENT_ERR_ARGUMENT)
        code = cli_fail(json, CLI_USAGE, "%s; a file is given by its path, such as ./%.60s.yaml", err.message, w->rule);
    else if (status != ENT_OK && ent_diagnostics_errors(list) > 0)
        code = cli_findings(json, list);
    else if (status != ENT_OK)
        code = cli_fail_error(json, &err);
    ent_diagnostics_free(list);
    if (code != CLI_GO)
        return code;
    a->rule = a->file->rule;
    a->n = (size_t)a->rule->members;
    a->weight = a->file->weight;
    a->weight_name = a->file->weight_name;
    a->member = calloc(a->n, sizeof *a->member);
    if (a->member == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    memcpy((void *)a->member, a->file->member, a->n * sizeof *a->member);
    return CLI_GO;
}

/* --- blocs ------------------------------------------------------------------------------------------------------- */

static int put_in_bloc(asked *a, const char *name, int32_t bloc, bool json)
{
    for (size_t i = 0; i < a->n; i++) {
        if (strcmp(a->member[i], name) != 0)
            continue;
        if (a->bloc[i] >= 0)
            return cli_fail(json, CLI_USAGE, "--blocs: '%.60s' is in two blocs", name);
        a->bloc[i] = bloc;
        return CLI_GO;
    }
    const char *near = ent_text_nearest(name, a->member, a->n);
    return cli_fail(json, CLI_USAGE, "--blocs: '%.60s' is no member%s%s%s", name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

/* "Germany+France,Italy+Spain"; those who are in none are each a bloc of their own. */
static int read_blocs(asked *a, const char *list, bool json)
{
    char *text = copy(list);
    size_t n = count_items(list, ',');
    const char **bloc = calloc(n, sizeof *bloc), **name = calloc(count_items(list, '+') + n, sizeof *name);
    int code = CLI_GO;
    int32_t number = 0;
    a->bloc = calloc(a->n, sizeof *a->bloc);
    if (text == NULL || bloc == NULL || name == NULL || a->bloc == NULL)
        code = cli_fail(json, CLI_IO, "not enough memory");
    for (size_t i = 0; i < a->n && code == CLI_GO; i++)
        a->bloc[i] = -1;
    n = code == CLI_GO ? cut(bloc, text, ',') : 0;
    for (size_t b = 0; b < n && code == CLI_GO; b++, number++) {
        size_t names = cut(name, text + (bloc[b] - text), '+');
        for (size_t k = 0; k < names && code == CLI_GO; k++)
            code = put_in_bloc(a, name[k], number, json);
    }
    for (size_t i = 0; i < a->n && code == CLI_GO; i++)
        if (a->bloc[i] < 0)
            a->bloc[i] = number++;
    free(text);
    free((void *)bloc);
    free((void *)name);
    return code;
}

static int blocs_of_file(asked *a, bool json)
{
    a->bloc = calloc(a->n, sizeof *a->bloc);
    if (a->bloc == NULL)
        return cli_fail(json, CLI_IO, "not enough memory");
    memcpy(a->bloc, a->file->bloc, a->n * sizeof *a->bloc);
    return CLI_GO;
}

/* --- for people -----------------------------------------------------------------------------------------------------
 */

static const double *sort_key; /* of the comparison below: one thread, one table */

static int heavier(const void *a, const void *b)
{
    size_t i = *(const size_t *)a, k = *(const size_t *)b;
    double x = sort_key[i], y = sort_key[k];
    return x > y || (x == x && y != y) ? -1 : y > x || (x != x && y == y) ? 1 : (i > k) - (i < k);
}

/* Three decimals in a column of `width`, so that points stand above each other; three digits of what would be 0.000. */
static void put_number(double x, int width)
{
    char text[32];
    if (!isfinite(x) || (x != 0 && fabs(x) < 0.0005))
        ent_number_people(text, x, 3);
    else
        snprintf(text, sizeof text, "%.3f", x);
    printf("%*s", width, text);
}

static void put_weight(double x)
{
    char text[32];
    if (x == floor(x) && fabs(x) < 1e15)
        cli_grouped(text, (int64_t)x);
    else
        ent_number_people(text, x, 5);
    printf("%13s", text);
}

static void tell_row(const asked *a, const cli_style *style, size_t i, double total)
{
    const ent_power *p = a->power;
    double share = a->weight != NULL ? a->weight[i] / total : NAN;
    fputs("  ", stdout);
    cli_put(stdout, style, a->member[i], NAMES, NAMES);
    if (a->weight != NULL) {
        put_weight(a->weight[i]);
        put_number(100 * share, 8);
    }
    put_number(100 * p->shapley_shubik[i], 10);
    put_number(100 * p->banzhaf[i], 10);
    if (p->owen != NULL)
        put_number(100 * p->owen[i], 8);
    if (a->weight != NULL)
        put_number(p->shapley_shubik[i] / share, 9);
    putchar('\n');
}

static void tell_head(const asked *a)
{
    printf("\n  %-*s", NAMES, "member");
    if (a->weight != NULL)
        printf("%13.13s%8s", a->weight_name, "%");
    printf("%10s%10s", "Shapley %", "Banzhaf %");
    if (a->power->owen != NULL)
        printf("%8s", "Owen %");
    if (a->weight != NULL)
        printf("%9s", "ratio");
    putchar('\n');
}

static int tell_table(const asked *a, const cli_style *style)
{
    double total = 0;
    size_t *order = calloc(a->n, sizeof *order), rows = a->n > ROWS + 5 ? ROWS : a->n;
    if (order == NULL)
        return cli_fail(false, CLI_IO, "not enough memory");
    for (size_t i = 0; i < a->n; i++) {
        order[i] = i;
        total += a->weight != NULL && a->weight[i] == a->weight[i] ? a->weight[i] : 0;
    }
    sort_key = a->weight != NULL ? a->weight : a->power->shapley_shubik;
    qsort(order, a->n, sizeof *order, heavier);
    tell_head(a);
    for (size_t k = 0; k < rows; k++)
        tell_row(a, style, order[k], total);
    if (rows < a->n)
        printf("  and %zu more: --csv prints all\n", a->n - rows);
    free(order);
    return CLI_GO;
}

static void tell_end(const asked *a, const cli_style *style)
{
    const ent_power *p = a->power;
    char line[512], act[32], error[64] = "", width[32];
    cli_number(act, p->act, p->act_error);
    if (p->act_error > 0) {
        ent_number_people(width, 1.96 * p->act_error, 2);
        snprintf(error, sizeof error, ", give or take %s", width);
    }
    snprintf(line, sizeof line, "Power to act (Coleman): %s of all sets of members can decide%s%s%s%s.", act, error,
             p->winning != NULL && strlen(p->winning) < 25 ? ", " : "",
             p->winning != NULL && strlen(p->winning) < 25 ? p->winning : "",
             p->winning != NULL && strlen(p->winning) < 25 ? " in number" : "");
    putchar('\n');
    cli_wrap(stdout, style, line, 0, WIDTH);
    double worst = 0;
    for (size_t i = 0; p->shapley_shubik_error != NULL && i < p->n; i++)
        worst = p->shapley_shubik_error[i] > worst ? p->shapley_shubik_error[i] : worst;
    ent_number_people(width, 196 * worst, 2);
    snprintf(line, sizeof line, "Method: %s%s%s%s.", ent_power_method_text(p->method),
             worst > 0 ? "; each Shapley-Shubik index give or take at most " : "", worst > 0 ? width : "",
             worst > 0 ? " percentage points (95 %)" : "");
    cli_wrap(stdout, style, line, 0, WIDTH);
    if (a->weight != NULL)
        cli_wrap(stdout, style,
                 "Shapley: Shapley-Shubik index. Banzhaf: normalised. Ratio: Shapley-Shubik index to share of weight.",
                 0, WIDTH);
}

static int tell(const asked *a, bool quiet)
{
    const cli_style style = cli_style_of(stdout);
    char line[512];
    if (!quiet && a->file != NULL) {
        snprintf(line, sizeof line, "%s: %zu member%s", a->file->title[0] != 0 ? a->file->title : a->file->id, a->n,
                 a->n == 1 ? "" : "s");
        cli_wrap(stdout, &style, line, 0, WIDTH);
        if (a->file->about[0] != 0)
            cli_wrap(stdout, &style, a->file->about, 0, WIDTH);
        if (a->file->source[0] != 0) {
            snprintf(line, sizeof line, "Source: %s", a->file->source);
            cli_wrap(stdout, &style, line, 0, WIDTH);
        }
    }
    int code = tell_table(a, &style);
    if (code == CLI_GO && !quiet)
        tell_end(a, &style);
    return code;
}

/* --- for machines
 * ----------------------------------------------------------------------------------------------------- */

static void json_number(double x)
{
    char text[32];
    ent_number_text(text, x);
    fputs(text, stdout);
}

/* An integer as a number, or as a string where a double would not hold it. */
static void json_integer(const char *text)
{
    bool large = text != NULL && (strlen(text) > 16 || (strlen(text) == 16 && strcmp(text, "9007199254740992") > 0));
    printf("%s%s%s", large ? "\"" : "", text != NULL ? text : "null", large ? "\"" : "");
}

static int json_each(const asked *a, const char *key, const double *value, const char *const *text)
{
    printf(",\n  \"%s\":{", key);
    for (size_t i = 0; i < a->n; i++) {
        char *name = cli_json(a->member[i]);
        if (name == NULL)
            return cli_fail(false, CLI_IO, "not enough memory");
        printf("%s%s:", i > 0 ? "," : "", name);
        if (value != NULL)
            json_number(value[i]);
        else
            json_integer(text[i]);
        ent_bytes_free(name);
    }
    putchar('}');
    return CLI_GO;
}

static int tell_json(const asked *a)
{
    const ent_power *p = a->power;
    const struct {
        const char *key;
        const double *value;
    } each[] = {{"weight", a->weight},
                {"shapley_shubik", p->shapley_shubik},
                {"banzhaf", p->banzhaf},
                {"banzhaf_absolute", p->banzhaf_absolute},
                {"owen", p->owen},
                {"shapley_shubik_error", p->shapley_shubik_error},
                {"banzhaf_absolute_error", p->banzhaf_absolute_error},
                {"owen_error", p->owen_error}};
    char *title = cli_json(a->file != NULL ? a->file->title : "");
    int code = title != NULL ? CLI_GO : cli_fail(false, CLI_IO, "not enough memory");
    printf("{\"format\":1,\n  \"title\":%s,\n  \"n\":%zu,\n  \"winning\":", title != NULL ? title : "\"\"", a->n);
    json_integer(p->winning);
    for (size_t k = 0; k < sizeof each / sizeof each[0] && code == CLI_GO; k++)
        if (each[k].value != NULL)
            code = json_each(a, each[k].key, each[k].value, NULL);
    if (code == CLI_GO && p->swings != NULL)
        code = json_each(a, "swings", NULL, p->swings);
    printf(",\n  \"coleman\":{\"act\":");
    json_number(p->act);
    if (p->act_error > 0) {
        printf(",\"act_error\":");
        json_number(p->act_error);
    }
    if (code == CLI_GO)
        code = json_each(a, "prevent", p->prevent, NULL);
    if (code == CLI_GO)
        code = json_each(a, "initiate", p->initiate, NULL);
    printf("},\n  \"method\":\"%s\"}\n", ent_power_method_text(p->method));
    ent_bytes_free(title);
    return code;
}

/* A cell of CSV, quoted where it must be. */
static void csv_text(const char *text)
{
    bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    if (quoted)
        putchar('"');
    for (; *text != 0; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    if (quoted)
        putchar('"');
}

static void csv_number(double x)
{
    putchar(',');
    if (isfinite(x))
        json_number(x);
}

static void tell_csv(const asked *a)
{
    const ent_power *p = a->power;
    printf("member,weight,swings,banzhaf_absolute,banzhaf,shapley_shubik,prevent,initiate%s\r\n",
           p->owen != NULL ? ",owen" : "");
    for (size_t i = 0; i < a->n; i++) {
        csv_text(a->member[i]);
        csv_number(a->weight != NULL ? a->weight[i] : NAN);
        printf(",%s", p->swings != NULL ? p->swings[i] : "");
        const double *column[] = {p->banzhaf_absolute, p->banzhaf, p->shapley_shubik, p->prevent, p->initiate, p->owen};
        for (size_t c = 0; c < sizeof column / sizeof column[0]; c++)
            if (column[c] != NULL)
                csv_number(column[c][i]);
        fputs("\r\n", stdout);
    }
}

/* --- the command
 * ------------------------------------------------------------------------------------------------------- */

static int find_method(ent_power_method *method, const char *name, bool json)
{
    static const char *const word[] = {"auto", "count", "large", "enumerate", "sample", "integral"};
    size_t n = sizeof word / sizeof word[0];
    for (size_t k = 0; k < n; k++)
        if (strcmp(word[k], name) == 0) {
            *method = (ent_power_method)k;
            return CLI_GO;
        }
    const char *near = ent_text_nearest(name, word, n);
    return cli_fail(json, CLI_USAGE,
                    "there is no method '%s'%s%s%s; there is auto, count, large, enumerate, integral, sample", name,
                    near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static int check_options(const wanted *w, bool json)
{
    if ((w->rule != NULL) == (w->weights != NULL))
        return cli_fail(json, CLI_USAGE, "%s; see `entente power --help`",
                        w->rule == NULL ? "a rule is needed: --weights 4,4,4,2,2,1 --quota 12, or --rule NAME"
                                        : "the rule is --rule or --weights with --quota, not both");
    if (w->rule != NULL && (w->quota != NULL || w->names != NULL))
        return cli_fail(json, CLI_USAGE, "--%s belongs to --weights: a rule's file says its own",
                        w->quota != NULL ? "quota" : "names");
    if (w->rule == NULL && w->members > 0)
        return cli_fail(json, CLI_USAGE, "--members belongs to --rule: there are as many members as weights");
    return w->csv && json ? cli_fail(json, CLI_USAGE, "--csv or --json, not both") : CLI_GO;
}

static int power_of(asked *a, const wanted *w, const cli_args *args)
{
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    ent_error err = {0};
    int code = check_options(w, args->json);
    if (code == CLI_GO && w->method != NULL)
        code = find_method(&options.method, w->method, args->json);
    if (code == CLI_GO)
        code = w->rule != NULL ? rule_of_file(a, w, args->json) : rule_of_weights(a, w, args->json);
    if (code == CLI_GO && w->blocs != NULL)
        code = read_blocs(a, w->blocs, args->json);
    else if (code == CLI_GO && a->file != NULL && a->file->bloc != NULL)
        code = blocs_of_file(a, args->json);
    if (code != CLI_GO)
        return code;
    options.bloc = a->bloc;
    options.samples = w->samples;
    options.seed = w->seed.given ? w->seed.value : 1;
    if (ent_power_indices(&a->power, a->rule, &options, &err) != ENT_OK)
        return cli_fail_error(args->json, &err);
    if (args->json)
        return tell_json(a);
    if (w->csv) {
        tell_csv(a);
        return CLI_GO;
    }
    return tell(a, args->quiet);
}

int cmd_power(int argc, char **argv)
{
    wanted w = {0};
    const cli_option options[] = {
        {"rule", CLI_TEXT, &w.rule, "NAME|FILE", "a shipped rule, or a YAML file by its path", 0},
        {"weights", CLI_TEXT, &w.weights, "W,W,..", "weights of the members, with --quota", 0},
        {"quota", CLI_TEXT, &w.quota, "Q", "weight that decides: 12, 65%, or '>50%' for more than", 0},
        {"names", CLI_TEXT, &w.names, "A,B,..", "names for --weights (1, 2, ...)", 0},
        {"members", CLI_COUNT, &w.members, "N", "of a rule without names, such as consensus", ENT_RULE_MOST_MEMBERS},
        {"blocs", CLI_TEXT, &w.blocs, "A+B,C+D", "precoalitions: adds Owen's value", 0},
        {"method", CLI_TEXT, &w.method, "NAME", "auto, count, large, enumerate, integral, sample (auto)", 0},
        {"samples", CLI_COUNT, &w.samples, "N", "of sampling (1000000)", ENT_MAX_SAMPLES},
        {"seed", CLI_SEED, &w.seed, "S", "of sampling (1)", 0},
        {"csv", CLI_FLAG, &w.csv, NULL, "a CSV table of all indices", 0},
    };
    const cli_syntax syntax = {
        .name = "power",
        .arguments = "",
        .about =
            "Power indices of the members of a rule: Shapley-Shubik, Banzhaf, Coleman and, with blocs, Owen; exact "
            "where that is possible, and the output says how. Shipped rules: consensus, eu-council-lisbon, "
            "eu-council-nice, majority, nato, two-thirds, un-security-council, us-electoral-college.",
        .example = "entente power --weights 4,4,4,2,2,1 --quota 12\n"
                   "entente power --rule eu-council-lisbon\n"
                   "entente power --rule un-security-council --blocs \"Elected 1+Elected 2+Elected 3\" --json",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    asked a = {0};
    code = power_of(&a, &w, &args);
    asked_free(&a);
    cli_args_free(&args);
    return code == CLI_GO ? cli_close_stdout() : code;
}
