/* Studies beside the draws, as they were attached. */
#include "findings/findings.h"
#include "results/results.h"

void ent__json_why(ent__json *json, const ent_results *results)
{
    if (results->n_attached == 0)
        return;
    ent__json_member_open(json, "why", '{');
    for (size_t i = 0; i < results->n_attached; i++) {
        ent__json_key(json, results->attached[i].key);
        ent__json_raw(json, results->attached[i].json);
    }
    ent__json_close(json, '}');
}
