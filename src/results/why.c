/* Studies beside the draws, as they were attached. */
#include "results/results.h"

void ent__json_why(ent__json *json, const ent_results *results)
{
    size_t n = ent_results_attached(results, 0, NULL, NULL);
    if (n == 0)
        return;
    ent__json_member_open(json, "why", '{');
    for (size_t i = 0; i < n; i++) {
        const char *key = "", *text = "";
        (void)ent_results_attached(results, i, &key, &text);
        ent__json_key(json, key);
        ent__json_raw(json, text);
    }
    ent__json_close(json, '}');
}
