/* Rules of decision in files. Of a rule that is read, one more yes never hurts, and power sums to one. */
#include "target.h"

#include <math.h>

static void check_rule(const ent_rule *rule)
{
    enum { FEW = 10 };
    bool yes[FEW] = {false};
    if (rule->members > FEW)
        return;
    for (unsigned set = 0; set < 1u << rule->members; set++) {
        for (int i = 0; i < rule->members; i++)
            yes[i] = set >> i & 1;
        bool wins = ent_rule_wins(rule, yes);
        for (int i = 0; i < rule->members && wins; i++)
            if (!yes[i]) {
                yes[i] = true;
                MUST(ent_rule_wins(rule, yes), "the set %x decides, and with member %d it does not", set, i);
                yes[i] = false;
            }
        MUST(set != 0 || !wins, "nobody decides");
        MUST(set != (1u << rule->members) - 1 || wins, "all together cannot decide");
    }
    ent_power *power = NULL;
    ent_error err = {0};
    MUST(ent_power_indices(&power, rule, NULL, &err) == ENT_OK, "%s", err.message);
    double shapley = 0, banzhaf = 0;
    for (size_t i = 0; i < power->n; i++) {
        shapley += power->shapley_shubik[i];
        banzhaf += power->banzhaf[i];
    }
    MUST(fabs(shapley - 1) < 1e-9 && fabs(banzhaf - 1) < 1e-9, "indices sum to %.17g and %.17g", shapley, banzhaf);
    ent_power_free(power);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ent_error err = {0};
    ent_rule_file *file = NULL;
    ent_diagnostics *list = ent_diagnostics_create();
    ent_status status = ent_rule_file_read(&file, fuzz_write("rule.yaml", data, size), 0, list, &err);
    MUST((status == ENT_OK) == (file != NULL), "a status that does not fit: %s", ent_status_text(status));
    MUST(status != ENT_ERR_SCENARIO || ent_diagnostics_errors(list) > 0, "refused, and no mistake is told");
    if (file != NULL) {
        MUST(ent_rule_check(file->rule, &err) == ENT_OK, "what was read is no rule: %s", err.message);
        check_rule(file->rule);
    }
    ent_rule_file_free(file);
    ent_diagnostics_free(list);
    return 0;
}
