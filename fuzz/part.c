/* Parts of a run, edited or forged. The checksums are made to fit (unless the first byte says not to): what is no part
 * is refused, and what is taken gives results that hold together. */
#include "ensemble/part.h"
#include "forge.h"

#include <stdlib.h>
#include <string.h>

enum { DRAWS = 600 };

static void merge(const ent_plan *plan, const unsigned char *bytes, size_t length)
{
    ent_error err = {0};
    ent_merge *all = NULL;
    ent_results *results = NULL;
    MUST(ent_merge_create(&all, plan, &err) == ENT_OK, "%s", err.message);
    ent_status status = ent_merge_add(all, bytes, length, "part", &err);
    if (status == ENT_OK)
        status = ent_merge_results(&results, &all, true, &err);
    MUST((status == ENT_OK) == (results != NULL), "a status that does not fit: %s", ent_status_text(status));
    MUST(status == ENT_OK || err.message[0] != 0, "refused without a word");
    if (results != NULL) {
        char *json = NULL;
        size_t n;
        MUST(ent_results_json(&json, &n, results, &err) == ENT_OK && fuzz_is_json(json, n), "no JSON: %s", err.message);
        ent_bytes_free(json);
    }
    ent_results_free(results);
    ent_merge_free(all);
}

/* A copy of one part of a run; parts are made once. */
static unsigned char *fresh(int base, int how, size_t *length)
{
    static struct {
        unsigned char *bytes;
        size_t length;
    } made[6][16];
    ent_error err = {0};
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = DRAWS;
    options.jobs = 1;
    options.keep_draws = how & 1;
    base %= 6;
    if (made[base][how].bytes == NULL)
        MUST(ent_part_run(&made[base][how].bytes, &made[base][how].length, fuzz_base(base), how >> 1 & 1,
                          1 + (how >> 2 & 1), how & 8, &options, &err) == ENT_OK,
             "%s", err.message);
    unsigned char *copy = malloc(made[base][how].length);
    MUST(copy != NULL, "no memory");
    *length = made[base][how].length;
    return memcpy(copy, made[base][how].bytes, *length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ent_error err = {0};
    ent_part_facts facts;
    ent_plan *plan = NULL;
    unsigned char *bytes = NULL;
    size_t length;
    if (size < 2)
        return 0;
    dice d = {data + 2, size - 2};
    bytes = fresh(data[0] & 63, data[1] & 15, &length);
    if (data[0] & 128) { /* what follows is the part; its head is made to fit the plan */
        fuzz_forge(&bytes, &length, d.data, d.left);
    } else {
        fuzz_edit(&bytes, &length, &d);
    }
    if (!(data[0] & 64))
        fuzz_sum_part(bytes, length, NULL, 0);
    ent_status status = ent_part_read(&facts, bytes, length, &err);
    MUST(status == ENT_OK || status == ENT_ERR_FORMAT, "refused as %s", ent_status_text(status));
    if (status == ENT_OK && facts.has_plan && ent_part_plan(&plan, bytes, length, &err) == ENT_OK &&
        fuzz_is_small(plan))
        merge(plan, bytes, length);
    ent_plan_free(plan);
    if (facts.draws_asked <= DRAWS || status != ENT_OK)
        merge(fuzz_base(data[0] & 63), bytes, length);
    free(bytes);
    return 0;
}
