/* Answers test_twins.py on standard input, a question a line. Every one begins with its word and a rule:
 *     WORD MEMBERS NODES  COUNT STRICT QUOTA  UNIT WEIGHT ..(COUNT)  ..(NODES)
 * then
 *     chance   P..                                    -> CHANCE BLOCKS..
 *     consent  LOW HIGH FROM TO LAMBDA TAU RHO ROUNDS R, POSITION SALIENCE CAPABILITY.. -> CHANCE LOW HIGH ACCEPT..
 * BLOCKS.. agenda   LOW HIGH STATUS_QUO IDEAL, POSITION..  -> WIN_LOW WIN_HIGH OUTCOME GRIDLOCK_LOW GRIDLOCK_HIGH power
 * METHOD SAMPLES, BLOC..(or -1)          -> METHOD WINNING ACT, SWINGS SHAPLEY BANZHAF PREVENT INITIATE OWEN.. years N,
 * CHANCE ASKED..                      -> EXPECTED BY_YEAR.. Where the rule is refused: "error MESSAGE". */
#include "entente/vote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 2048 };

static double number(void)
{
    char text[64];
    if (scanf("%63s", text) != 1)
        exit(1);
    return strtod(text, NULL);
}

static ent_rule *read_rule(ent_error *err)
{
    static int32_t unit[MOST];
    static double weight[MOST];
    size_t members = (size_t)number(), nodes = (size_t)number();
    ent_rule_builder *to = ent_rule_begin(members);
    ent_rule *rule = NULL;
    for (size_t k = 0; k < nodes; k++) {
        size_t count = (size_t)number();
        bool strict = number() != 0;
        double quota = number();
        for (size_t j = 0; j < count; j++) {
            unit[j] = (int32_t)number();
            weight[j] = number();
        }
        ent_rule_criterion(to, unit, weight, count, quota, strict);
    }
    if (ent_rule_end(&rule, to, err) != ENT_OK)
        rule = NULL;
    return rule;
}

static void read_many(double *to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = number();
}

static void put_many(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf(" %.17g", x[i]);
}

static ent_status chance(const ent_rule *rule, ent_error *err)
{
    double p[MOST], blocks[MOST], whole;
    size_t n = (size_t)rule->members;
    read_many(p, n);
    ent_status status = ent_rule_chance_check(rule, err);
    void *workspace = malloc(ent_rule_chance_workspace(rule));
    if (status == ENT_OK && workspace != NULL) {
        ent_rule_chance(&whole, blocks, rule, p, workspace);
        printf("%.17g", whole);
        put_many(blocks, n);
    }
    free(workspace);
    return status;
}

static ent_status consent(const ent_rule *rule, ent_error *err)
{
    double scalar[9], position[MOST], salience[MOST], capability[MOST], accept[MOST], blocks[MOST];
    size_t n = (size_t)rule->members;
    read_many(scalar, 9);
    for (size_t i = 0; i < n; i++) {
        position[i] = number();
        salience[i] = number();
        capability[i] = number();
    }
    ent_consent_input in = {rule,      n,         position,  salience,  capability, scalar[0],          scalar[1],
                            scalar[2], scalar[3], scalar[4], scalar[5], scalar[6],  (int32_t)scalar[7], scalar[8]};
    ent_consent_output out = {.accept = accept, .blocks = blocks};
    ent_status status = ent_consent(&out, &in, err);
    if (status == ENT_OK) {
        printf("%.17g %.17g %.17g", out.chance, out.gridlock_low, out.gridlock_high);
        put_many(accept, n);
        put_many(blocks, n);
    }
    return status;
}

static ent_status agenda(const ent_rule *rule, ent_error *err)
{
    double scalar[4], position[MOST], low, high;
    read_many(scalar, 4);
    read_many(position, (size_t)rule->members);
    ent_agenda_input in = {.rule = rule, .position = position, .low = scalar[0], .high = scalar[1]};
    in.status_quo = scalar[2];
    in.ideal = scalar[3];
    ent_agenda_output out;
    ent_status status = ent_agenda(&out, &in, err);
    if (status == ENT_OK)
        status = ent_gridlock(&low, &high, rule, position, err);
    if (status == ENT_OK)
        printf("%.17g %.17g %.17g %.17g %.17g", out.win_low, out.win_high, out.outcome, low, high);
    return status;
}

static ent_status power(const ent_rule *rule, ent_error *err)
{
    int32_t bloc[MOST];
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    ent_power *p = NULL;
    options.method = (ent_power_method)number();
    options.samples = (int64_t)number();
    for (int32_t i = 0; i < rule->members; i++)
        bloc[i] = (int32_t)number();
    options.bloc = bloc[0] >= 0 ? bloc : NULL;
    ent_status status = ent_power_indices(&p, rule, &options, err);
    for (size_t i = 0; status == ENT_OK && i < p->n; i++) {
        if (i == 0)
            printf("%d %s %.17g", (int)p->method, p->winning != NULL ? p->winning : "-", p->act);
        printf(" %s %.17g %.17g %.17g %.17g %.17g", p->swings != NULL ? p->swings[i] : "-", p->shapley_shubik[i],
               p->banzhaf[i], p->prevent[i], p->initiate[i], p->owen != NULL ? p->owen[i] : 0);
    }
    ent_power_free(p);
    return status;
}

static ent_status years(void)
{
    double chance[MOST], by_year[MOST];
    bool asked[MOST];
    size_t n = (size_t)number();
    for (size_t y = 0; y < n; y++) {
        chance[y] = number();
        asked[y] = number() != 0;
    }
    ent_consent_by_year(by_year, chance, asked, n);
    printf("%.17g", ent_consent_expected_time(chance, asked, n));
    put_many(by_year, n);
    return ENT_OK;
}

int main(void)
{
    char word[16];
    while (scanf("%15s", word) == 1) {
        ent_error err = {0};
        ent_status status = ENT_ERR_ARGUMENT;
        ent_rule *rule = read_rule(&err);
        if (rule != NULL)
            status = strcmp(word, "chance") == 0    ? chance(rule, &err)
                     : strcmp(word, "consent") == 0 ? consent(rule, &err)
                     : strcmp(word, "agenda") == 0  ? agenda(rule, &err)
                     : strcmp(word, "years") == 0   ? years()
                                                    : power(rule, &err);
        else
            while (getchar() != '\n')
                ;
        if (status != ENT_OK)
            printf("error %s", err.message);
        putchar('\n');
        ent_rule_free(rule);
    }
    return 0;
}
