/* Who had how much power in the Council of the six, 1958 to 1972: 4, 4, 4, 2, 2 and 1 votes, 12 needed. */
#include <entente.h>

#include <stdio.h>

int main(void)
{
    static const char *const member[] = {"Germany", "France", "Italy", "Belgium", "Netherlands", "Luxembourg"};
    const double votes[] = {4, 4, 4, 2, 2, 1};
    ent_error err = {0};
    ent_rule *rule = NULL;
    ent_power *power = NULL;
    ent_status status = ent_rule_weighted(&rule, votes, 6, 12, false, false, &err);
    if (status == ENT_OK)
        status = ent_power_indices(&power, rule, NULL, &err);
    for (int i = 0; status == ENT_OK && i < 6; i++)
        printf("%-12s %g of 17 votes, Shapley-Shubik %.3f, Banzhaf %.3f\n", member[i], votes[i], power->shapley_shubik[i],
               power->banzhaf[i]);
    if (status != ENT_OK)
        fprintf(stderr, "%s\n", err.message);
    ent_power_free(power);
    ent_rule_free(rule);
    return status == ENT_OK ? 0 : 1;
}
