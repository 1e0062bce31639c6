/* Times the room vote: bench_vote WHAT [RUNS] prints the best seconds of one core for one
 *     consent     call of the model for 32 members under consensus, as a draw makes it
 *     council     exact chance, and who blocks, under Lisbon's three criteria for 27 members
 *     naive       the same chance by adding up all 2^27 sets, as plain C loops
 *     lisbon      all exact indices of the same
 *     college     all exact indices of 51 members, 538 votes
 *     thousand    all indices of 1 000 members whose whole weights sum to about 10^6 */
#include "entente/model.h"
#include "entente/vote.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LISBON = 27, COLLEGE = 51, THOUSAND = 1000, CONSENT = 32 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double roll(uint64_t *state) /* xorshift: any spread will do */
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (double)(*state >> 11) * 0x1p-53;
}

static const double population[LISBON] = {83516593, 68551653, 58952704, 48848840, 36559233, 19051804, 17993485,
                                          11858610, 10905028, 10694681, 10569709, 10405134, 9562065,  9177982,
                                          6441421,  5976992,  5619911,  5422069,  5395790,  3866200,  2888278,
                                          2127400,  1866124,  1372341,  1358282,  677012,   568847};
static const double electors[COLLEGE] = {9, 3,  11, 6,  54, 10, 7,  3, 3,  30, 16, 4, 4,  19, 11, 6,  6,
                                         8, 8,  4,  10, 11, 15, 10, 6, 10, 4,  5,  6, 4,  14, 5,  28, 16,
                                         3, 17, 7,  8,  19, 4,  9,  3, 11, 40, 6,  3, 13, 12, 4,  10, 3};

static void need(ent_status status, const ent_error *err)
{
    if (status == ENT_OK)
        return;
    fprintf(stderr, "%s\n", err->message);
    exit(1);
}

static double quota_of(void)
{
    double total = 0;
    for (int i = 0; i < LISBON; i++)
        total += population[i];
    return 0.65 * total;
}

static ent_rule *council(void)
{
    ent_rule *rule = NULL;
    ent_error err = {0};
    ent_rule_builder *to = ent_rule_begin(LISBON);
    int32_t both[2];
    both[0] = ent_rule_criterion(to, NULL, NULL, LISBON, 15, false);
    both[1] = ent_rule_criterion(to, NULL, population, LISBON, quota_of(), false);
    int32_t either[2] = {ent_rule_all(to, both, 2), ent_rule_all_but(to, NULL, LISBON, 3)};
    ent_rule_any(to, either, 2);
    need(ent_rule_end(&rule, to, &err), &err);
    return rule;
}

/* --- chances ------------------------------------------------------------------------------------------------ */

static double p_of(int i)
{
    return 0.3 + 0.02 * i;
}

static double naive_chance(void)
{
    double chance = 0, quota = quota_of(), p[LISBON];
    for (int i = 0; i < LISBON; i++)
        p[i] = p_of(i);
    for (uint32_t set = 0; set < (uint32_t)1 << LISBON; set++) {
        double here = 1, people = 0;
        int members = 0;
        for (int i = 0; i < LISBON; i++) {
            bool in = set >> i & 1;
            here *= in ? p[i] : 1 - p[i];
            people += in ? population[i] : 0;
            members += in;
        }
        chance += (members >= 15 && people >= quota) || members >= LISBON - 3 ? here : 0;
    }
    return chance;
}

static double time_naive(void)
{
    ent_rule *rule = council();
    double p[LISBON], chance, start = now(), slow = naive_chance(), seconds = now() - start;
    void *space = malloc(ent_rule_chance_workspace(rule));
    for (int i = 0; i < LISBON; i++)
        p[i] = p_of(i);
    ent_rule_chance(&chance, NULL, rule, p, space);
    free(space);
    ent_rule_free(rule);
    if (!(chance - slow < 1e-10 && slow - chance < 1e-10)) {
        fprintf(stderr, "the loops give %.17g, the engine %.17g\n", slow, chance);
        exit(1);
    }
    return seconds;
}

static double time_chance(int repeats)
{
    ent_rule *rule = council();
    double p[LISBON], blocks[LISBON], chance;
    void *space = malloc(ent_rule_chance_workspace(rule));
    for (int i = 0; i < LISBON; i++)
        p[i] = p_of(i);
    double start = now();
    for (int k = 0; k < repeats; k++)
        ent_rule_chance(&chance, blocks, rule, p, space);
    double seconds = (now() - start) / repeats;
    free(space);
    ent_rule_free(rule);
    return seconds;
}

static double time_consent(int repeats)
{
    ent_rule *rule = NULL;
    ent_error err = {0};
    need(ent_rule_consensus(&rule, CONSENT, &err), &err);
    const ent_model *model = ent_model_find("consent");
    size_t count[ENT_AXIS_COUNT] = {[ENT_AXIS_MEMBER] = CONSENT};
    double position[CONSENT], salience[CONSENT], capability[CONSENT], accept[CONSENT], blocks[CONSENT], chance, low,
        high;
    double scale[2] = {0, 100}, from = 55, to = 0, lambda = 25, tau = 0.1, rho = 0.05, option[2] = {1, 2};
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < CONSENT; i++) {
        position[i] = 100 * roll(&state);
        salience[i] = roll(&state);
        capability[i] = roll(&state);
    }
    const double *in[] = {position, salience, capability, &scale[0], &scale[1], &from, &to, &lambda, &tau, &rho};
    double *out[] = {&chance, NULL, NULL, NULL, accept, blocks, &low, &high};
    ent_call call = {.phase = ENT_PHASE_YEAR, .count = count, .in = in, .out = out, .option = option, .rule = rule};
    ent_stop stop;
    void *space = malloc(model->call_workspace(count, rule));
    double start = now();
    for (int k = 0; k < repeats; k++)
        model->call(&stop, &call, space);
    double seconds = (now() - start) / repeats;
    free(space);
    ent_rule_free(rule);
    return seconds;
}

/* --- power -------------------------------------------------------------------------------------------------------- */

static double time_power(ent_rule *rule)
{
    ent_power *power = NULL;
    ent_error err = {0};
    double start = now();
    need(ent_power_indices(&power, rule, NULL, &err), &err);
    double seconds = now() - start;
    ent_power_free(power);
    ent_rule_free(rule);
    return seconds;
}

static ent_rule *one_criterion(const double *weight, size_t n, double quota)
{
    ent_rule *rule = NULL;
    ent_error err = {0};
    need(ent_rule_weighted(&rule, weight, n, quota, true, true, &err), &err);
    return rule;
}

static double time_of(const char *what)
{
    if (strcmp(what, "consent") == 0)
        return time_consent(20000);
    if (strcmp(what, "council") == 0)
        return time_chance(20);
    if (strcmp(what, "naive") == 0)
        return time_naive();
    if (strcmp(what, "lisbon") == 0)
        return time_power(council());
    if (strcmp(what, "college") == 0)
        return time_power(one_criterion(electors, COLLEGE, 0.5));
    static double weight[THOUSAND];
    uint64_t state = 88172645463325252u;
    for (int i = 0; i < THOUSAND; i++)
        weight[i] = 1 + (double)(int)(2000 * roll(&state));
    return time_power(one_criterion(weight, THOUSAND, 0.5));
}

int main(int argc, char **argv)
{
    double best = 1e300;
    for (int run = 0; run < (argc > 2 ? atoi(argv[2]) : 3); run++) {
        double seconds = time_of(argc > 1 ? argv[1] : "consent");
        best = seconds < best ? seconds : best;
    }
    printf("%.9g\n", best);
    return 0;
}
