/* Rules made of bytes. Power indices sum to one, equal members have equal power, and the ways to compute them agree;
 * the chance of a decision is the sum over all sets of members, and lies between 0 and 1. */
#include "target.h"

#include <math.h>
#include <stdlib.h>

enum { MEMBERS = 8, NODES = 4 };

static ent_rule *make(dice *d)
{
    size_t n = 1 + (size_t)dice_pick(d, MEMBERS);
    bool wild = dice_byte(d) < 30;
    ent_rule_builder *to = ent_rule_begin(n);
    int32_t unit[MEMBERS + NODES];
    double weight[MEMBERS + NODES];
    int32_t made[NODES];
    int nodes = 1 + dice_pick(d, NODES), parts = 0;
    for (int k = 0; k < nodes; k++) {
        size_t count = 0;
        double total = 0;
        for (size_t i = 0; i < n; i++)
            if (dice_byte(d) < 200)
                unit[count++] = wild && dice_byte(d) < 20 ? (int32_t)dice_byte(d) - 9 : (int32_t)i;
        if (k == nodes - 1)
            for (int m = 0; m < parts; m++)
                unit[count++] = made[m];
        for (size_t i = 0; i < count; i++)
            total += weight[i] = wild ? dice_number(d) : dice_byte(d) < 128 ? dice_pick(d, 5) : dice_between(d, 0, 3);
        double quota = wild ? dice_number(d) : total * dice_unit(d);
        switch (dice_pick(d, 4)) {
        case 0:
            made[parts++] = ent_rule_all(to, unit, count);
            break;
        case 1:
            made[parts++] = ent_rule_any(to, unit, count);
            break;
        case 2:
            made[parts++] = ent_rule_all_but(to, unit, count, (size_t)dice_pick(d, 4));
            break;
        default:
            made[parts++] = ent_rule_criterion(to, unit, weight, count, quota, dice_byte(d) & 1);
        }
    }
    ent_error err = {0};
    ent_rule *rule = NULL;
    ent_status status = ent_rule_end(&rule, to, &err);
    MUST((status == ENT_OK) == (rule != NULL) && (rule != NULL || err.message[0] != 0), "%s", ent_status_text(status));
    return rule;
}

static void agree(const ent_power *exact, const ent_rule *rule, ent_power_method method)
{
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    ent_power *other = NULL;
    ent_error err = {0};
    options.method = method;
    if (ent_power_indices(&other, rule, &options, &err) != ENT_OK) /* it cannot take this rule */
        return;
    for (size_t i = 0; i < exact->n; i++)
        MUST(fabs(exact->shapley_shubik[i] - other->shapley_shubik[i]) < 1e-10 &&
                 fabs(exact->banzhaf[i] - other->banzhaf[i]) < 1e-10,
             "member %zu: %.17g and %.17g by enumeration, %.17g and %.17g by %s", i, exact->shapley_shubik[i],
             exact->banzhaf[i], other->shapley_shubik[i], other->banzhaf[i], ent_power_method_text(method));
    ent_power_free(other);
}

/* Over all sets: the chance, the power to act, and by pivots the indices themselves. */
static void check(const ent_rule *rule, dice *d)
{
    int n = rule->members;
    double p[MEMBERS], swings[MEMBERS] = {0}, all = 0, want = 0, winning = 0, got, blocks[MEMBERS];
    bool yes[MEMBERS], wins[1 << MEMBERS];
    for (int i = 0; i < n; i++)
        p[i] = dice_unit(d);
    for (unsigned set = 0; set < 1u << n; set++) {
        double chance = 1;
        for (int i = 0; i < n; i++) {
            yes[i] = set >> i & 1;
            chance *= yes[i] ? p[i] : 1 - p[i];
        }
        wins[set] = ent_rule_wins(rule, yes);
        winning += wins[set];
        want += wins[set] ? chance : 0;
    }
    for (unsigned set = 0; set < 1u << n; set++)
        for (int i = 0; i < n; i++)
            if (wins[set] && (set >> i & 1) && !wins[set & ~(1u << i)])
                swings[i]++, all++;
    ent_error err = {0};
    ent_power *power = NULL;
    ent_power_options options = ENT_POWER_OPTIONS_INIT;
    options.method = ENT_POWER_ENUMERATE;
    MUST(ent_power_indices(&power, rule, &options, &err) == ENT_OK, "%s", err.message);
    double sum = 0;
    for (int i = 0; i < n; i++) {
        sum += power->shapley_shubik[i];
        MUST(fabs(power->banzhaf[i] - swings[i] / all) < 1e-12, "member %d: Banzhaf's %.17g, swings %g of %g", i,
             power->banzhaf[i], swings[i], all);
        MUST((power->shapley_shubik[i] == 0) == (swings[i] == 0), "member %d: %.17g with %g swings", i,
             power->shapley_shubik[i], swings[i]);
    }
    MUST(fabs(sum - 1) < 1e-12, "the indices sum to %.17g", sum);
    MUST(fabs(power->act - ldexp(winning, -n)) < 1e-12, "the power to act is %.17g, winning are %g", power->act,
         winning);
    for (int m = ENT_POWER_AUTO; m < ENT_POWER_METHOD_COUNT; m++)
        if (m != ENT_POWER_SAMPLE && m != ENT_POWER_ENUMERATE)
            agree(power, rule, (ent_power_method)m);
    ent_power_free(power);
    if (ent_rule_chance_check(rule, &err) != ENT_OK)
        return;
    void *workspace = aligned_alloc(16, (ent_rule_chance_workspace(rule) + 31) / 16 * 16);
    MUST(workspace != NULL, "no memory");
    ent_rule_chance(&got, blocks, rule, p, workspace);
    MUST(fabs(got - want) < 1e-12 && got >= 0 && got <= 1, "the chance is %.17g; the sum over all sets %.17g", got,
         want);
    for (int i = 0; i < n; i++)
        MUST(blocks[i] >= 0 && blocks[i] <= 1, "member %d blocks %.17g", i, blocks[i]);
    free(workspace);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dice d = {data, size};
    ent_rule *rule = make(&d);
    if (rule != NULL)
        check(rule, &d);
    ent_rule_free(rule);
    return 0;
}
