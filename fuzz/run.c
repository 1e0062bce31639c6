/* What targets that run a plan share. */
#include "run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A hostile plan may be sound and yet cost hours: steps, and of a war its months times its lines. */
bool fuzz_is_small(const ent_plan *plan)
{
    enum { MOST_STEPS = 20000, MOST_CELLS = 200000 };
    int64_t lines = 0;
    if (plan->n_steps > MOST_STEPS || plan->head[0].n_cells > MOST_CELLS || plan->n_claims > 200 ||
        plan->n_quantities > 20000)
        return false;
    for (int32_t i = 0; i < plan->n_calls; i++) {
        const ent__plan_call *call = &plan->calls[i];
        int64_t k = 1;
        for (int a = 0; a < ENT_AXIS_COUNT; a++)
            k = k > 10000 ? k : k * (call->count[a] > 1 ? call->count[a] : 1);
        for (int32_t o = 0; o < call->n_options && o < 3 && call->option >= 0; o++) /* a war's lines are an option */
            if (plan->numbers[call->option + o] > 1)
                k = k > 100000 ? k : (int64_t)((double)k * fmin(plan->numbers[call->option + o], 1000));
        lines += k;
    }
    for (int32_t i = 0; i < plan->n_settles; i++)
        lines += (int64_t)plan->settles[i].n * plan->settles[i].n * plan->settles[i].n;
    for (int32_t i = 0; i < plan->n_joints; i++)
        lines += (int64_t)plan->joints[i].n * plan->joints[i].n * plan->joints[i].n;
    return lines < 100000;
}

static bool is_share(double x)
{
    return ent__is_undefined(x) || (x >= 0 && x <= 1 + 1e-9);
}

void fuzz_check_results(const ent_results *results)
{
    ent_run_facts facts = ent_results_facts(results);
    for (size_t i = 0; i < facts.claims; i++) {
        ent_claim_view claim = ent_results_claim(results, i);
        for (int arm = 0; arm < ENT_ARM_COUNT; arm++) {
            const ent_claim_arm *a = &claim.arm[arm];
            MUST(is_share(a->share) && is_share(a->counted) && is_share(a->undefined), "claim %s: %g of %g", claim.id,
                 a->share, a->counted);
            MUST(a->verdict >= 0 && a->verdict < ENT_VERDICT_COUNT, "claim %s: verdict %d", claim.id, (int)a->verdict);
        }
        for (size_t k = 0; k < claim.n_drivers; k++)
            MUST(claim.driver[k].strength >= 0 && claim.driver[k].strength <= 1 + 1e-9, "claim %s: %s has strength %g",
                 claim.id, claim.driver[k].input, claim.driver[k].strength);
    }
    for (size_t i = 0; i < facts.quantities; i++) {
        ent_quantity_view q = ent_results_quantity(results, i);
        for (int arm = 0; arm < ENT_ARM_COUNT; arm++) {
            const ent_summary *s = &q.arm[arm];
            MUST(is_share(s->undefined), "%s: undefined in %g", q.name, s->undefined);
            MUST(!(s->sd < 0) && !isinf(s->mean) && !isinf(s->sd), "%s: mean %g, sd %g", q.name, s->mean, s->sd);
            for (int k = 1; k < 5; k++)
                MUST(!(s->quantile[k] < s->quantile[k - 1]), "%s: quantiles fall from %g to %g", q.name,
                     s->quantile[k - 1], s->quantile[k]);
        }
    }
    for (size_t i = 0; i < facts.provisions; i++)
        MUST(is_share(ent_results_provision(results, i).share), "a provision's share");
}

bool fuzz_run(const ent_plan *plan, int64_t draws, char **json)
{
    ent_error err = {0};
    ent_results *results = NULL;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = draws;
    options.jobs = 1;
    options.memory = 256 << 20;
    if (json != NULL)
        *json = NULL;
    if (!fuzz_is_small(plan))
        return false;
    ent_status status = ent_run(&results, plan, &options, &err);
    if (status != ENT_OK) {
        MUST(results == NULL && err.message[0] != 0, "a refusal without a reason: %s", ent_status_text(status));
        return false;
    }
    fuzz_check_results(results);
    char *text = NULL, *page = NULL;
    size_t length, page_length;
    MUST(ent_results_json(&text, &length, results, &err) == ENT_OK, "%s", err.message);
    MUST(fuzz_is_json(text, length), "the result is no JSON: %.*s", 200, text);
    MUST(ent_results_report_json(&page, &page_length, results, &err) == ENT_OK, "%s", err.message);
    MUST(fuzz_is_json(page, page_length), "the report's data is no JSON");
    ent_bytes_free(page);
    ent_results_free(results);
    if (json != NULL)
        *json = text;
    else
        ent_bytes_free(text);
    return true;
}

/* --- plans to start from ---------------------------------------------------------------------------- */

enum { BASES = 6 };
static const char *const base_name[BASES] = {"base_arena",    "base_consent", "base_door",
                                             "base_alliance", "base_war",     "base_years"};
static ent_plan *base[BASES];

static void free_bases(void)
{
    for (int k = 0; k < BASES; k++)
        ent_plan_free(base[k]);
}

const ent_plan *fuzz_base(int k)
{
    static bool begun;
    k = k % BASES;
    if (!begun)
        atexit(free_bases);
    begun = true;
    if (base[k] == NULL) {
        char name[64];
        size_t length;
        ent_error err = {0};
        ent_scenario *scenario = NULL;
        ent_diagnostics *list = ent_diagnostics_create();
        snprintf(name, sizeof name, "fuzz/corpus/scenario/%s", base_name[k]);
        char *text = fuzz_source(name, &length);
        MUST(ent_scenario_read(&scenario, fuzz_scenario(text, length), list, &err) == ENT_OK, "%s: %s", name,
             err.message);
        MUST(ent_plan_compile(&base[k], scenario, NULL, 0, list, &err) == ENT_OK, "%s: %s", name, err.message);
        ent_scenario_free(scenario);
        ent_diagnostics_free(list);
        free(text);
    }
    return base[k];
}

void fuzz_edit(unsigned char **bytes, size_t *length, dice *d)
{
    enum { MOST = 1 << 20 };
    static const uint64_t odd[] = {0,
                                   1,
                                   0x7f,
                                   0xff,
                                   0x7fff,
                                   0xffff,
                                   0x7fffffff,
                                   0x80000000,
                                   0xffffffff,
                                   0x7fffffffffffffff,
                                   0x8000000000000000,
                                   0xffffffffffffffff,
                                   0x7ff0000000000000,
                                   0x7ff8000000000000,
                                   0x3ff0000000000000,
                                   0x100000};
    while (d->left > 3 && *length > 8) {
        uint32_t kind = dice_byte(d);
        size_t at = (dice_byte(d) << 16 | dice_byte(d) << 8 | dice_byte(d)) % *length, room = *length - at;
        uint64_t word = kind & 8 ? odd[dice_byte(d) % 16] : dice_byte(d);
        size_t width = (size_t)1 << (kind >> 4 & 3);
        if (kind < 192) { /* one number of 1 to 8 bytes, aligned to its width from the front or from the back */
            at = kind & 4 ? at & ~(width - 1) : at;
            if (kind & 2 && at + width <= *length) { /* near what is there */
                uint64_t old = 0;
                memcpy(&old, *bytes + at, width);
                word = old + (kind & 1 ? word : 0 - word);
            }
            memcpy(*bytes + at, &word, width < room ? width : room);
        } else if (kind < 224) {
            size_t n = (word + 1) % (room + 1);
            memmove(*bytes + at, *bytes + at + n, room - n);
            *length -= n;
        } else if (kind < 250 && *length + 256 < MOST) {
            size_t n = (word & 0xff) + 1;
            unsigned char *grown = realloc(*bytes, *length + n);
            MUST(grown != NULL, "no memory");
            memmove(grown + at + n, grown + at, room);
            memset(grown + at, (int)(word >> 8 & 0xff), n);
            *bytes = grown;
            *length += n;
        } else {
            *length = at;
        }
    }
}
