/* Results as a run could have found them, made up from a counter: what the writers of src/results see in their tests.
 * Texts are hostile on purpose; numbers include undefined and infinite ones. */
#include "core/core.h"
#include "entente/results.h"
#include "fake.h"
#include "results/results.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char HOSTILE[] =
    "</script><!-- \"quo\\te\" \xe2\x80\xa8\xe2\x80\xa9 \xf0\x9f\x98\x80 \xe2\x80\xaeRTL \x1b[31m\t\n\xff & <b>";
static const char *const MODEL[] = {"compromise", "nash", "mo\"de"};

/* What the views of this thread point at. */
static _Thread_local struct {
    char name[128];
    ent_summary by_model[3];
    ent_claim_arm share[3], reading;
    ent_driver driver;
} fake;

static double number(size_t i, size_t j) { return (double)((i * 7919 + j * 104729) % 100003) / 997.0; }

static ent_summary summary(size_t i)
{
    ent_summary s = {.mean = number(i, 0), .sd = number(i, 1), .mc_error = number(i, 2) / 100, .undefined = 0.25};
    for (size_t k = 0; k < 5; k++) {
        s.quantile[k] = 10.0 * (double)k + number(i, 3) / 20;
        s.quantile_error[k] = 0.1 * (double)k;
    }
    for (size_t k = 0; k < 20; k++)
        s.dot[k] = (double)k * 2.5 + number(i, 4) / 40;
    return s;
}

static ent_summary undefined(void)
{
    ent_summary s = {.mean = NAN, .sd = NAN, .mc_error = NAN, .undefined = 1};
    for (size_t k = 0; k < 5; k++)
        s.quantile[k] = s.quantile_error[k] = NAN;
    for (size_t k = 0; k < 20; k++)
        s.dot[k] = NAN;
    return s;
}

ent_run_facts ent_results_facts(const ent_results *r)
{
    return (ent_run_facts){.scenario = "fake", .title = HOSTILE, .version = ENT_VERSION, .document = "A document",
                           .issuer = "us", .command = "entente run 'fa ke' --seed 9007199254740993",
                           .seed = UINT64_C(9007199254740993), .hash = 0xdeadbeef, .draws = 500, .draws_asked = 20000,
                           .interrupted = true, .has_document = true, .has_given = true, .effective_draws = 123.4,
                           .log_evidence = -1.5, .inputs = 2, .actors = 3, .issues = 2, .models = 3,
                           .quantities = r->quantities, .claims = r->claims, .provisions = 2};
}

ent_quantity_view ent_results_quantity(const ent_results *r, size_t i)
{
    (void)r;
    if (i == 1)
        snprintf(fake.name, sizeof fake.name, "%s", HOSTILE);
    else
        snprintf(fake.name, sizeof fake.name, "x[%zu]", i);
    for (size_t m = 0; m < ENT_COUNT(MODEL); m++)
        fake.by_model[m] = summary(i * 10 + m);
    ent_quantity_view q = {.name = fake.name,
                           .unit = "scale",
                           .kind = i < 2 ? "outcome" : "derived",
                           .issue = "door",
                           .actor = i == 0 ? "" : "us",
                           .year = i == 2 ? 2030 : 0,
                           .headline = i < 4,
                           .moves = i % 2 == 0,
                           .n_models = i % 3 == 0 ? ENT_COUNT(MODEL) : 0,
                           .model = MODEL,
                           .by_model = fake.by_model,
                           .known = i == 0 ? 40 : NAN,
                           .low = i == 3 ? -INFINITY : 0,
                           .high = i == 3 ? INFINITY : 100};
    for (size_t a = 0; a < ENT_ARM_COUNT; a++)
        q.arm[a] = i == 4 ? undefined() : summary(q.moves ? i * 3 + a : i);
    return q;
}

static ent_claim_arm share(size_t i, size_t a)
{
    double p = (double)((i * 13 + a * 5) % 101) / 100;
    ent_verdict verdict = p >= 0.9 ? ENT_VERDICT_FOLLOWS : p >= 2. / 3 ? ENT_VERDICT_LEANS_TO : p <= 0.1 ?
        ENT_VERDICT_DOES_NOT_FOLLOW : p <= 1. / 3 ? ENT_VERDICT_LEANS_AGAINST : ENT_VERDICT_OPEN;
    return (ent_claim_arm){.share = p, .mc_error = 0.004, .verdict = verdict, .near_threshold = i == 3, .counted = 1};
}

ent_claim_view ent_results_claim(const ent_results *r, size_t i)
{
    (void)r;
    static const char *const reading[] = {"another reading"}, *const holds[] = {"x[0] < 3"};
    static const char *const id[] = {"standstill", "pays", "long", "hostile", "later", "splits"};
    for (size_t m = 0; m < ENT_COUNT(MODEL); m++)
        fake.share[m] = share(i, m);
    fake.reading = share(i, 7);
    fake.driver = (ent_driver){.input = "us_stake",
                               .label = "stake of the US",
                               .strength = 0.31,
                               .strength_error = 0.01,
                               .bins = ENT_CURVE_BINS,
                               .break_even = i == 0 ? 0.55 : NAN};
    for (size_t b = 0; b < ENT_CURVE_BINS; b++) {
        fake.driver.low[b] = (double)b / 16;
        fake.driver.high[b] = (double)(b + 1) / 16;
        fake.driver.share[b] = (double)b / 20;
        fake.driver.error[b] = 0.01;
    }
    ent_claim_view c = {.id = id[i % 6],
                        .title = i == 3   ? HOSTILE
                                 : i == 2 ? "A claim whose short sentence for tables is "
                                            "nevertheless far too long for the one line it is given"
                                          : "Enlargement comes to a standstill",
                        .who = i == 1 ? "" : "the author",
                        .says = "It says so.",
                        .read = "as",
                        .where = "p. 3",
                        .holds = "last(x) <= 30",
                        .when = "",
                        .overall = "",
                        .needs = i == 4 ? "vote, war" : "",
                        .n_models = ENT_COUNT(MODEL),
                        .model = MODEL,
                        .by_model = fake.share,
                        .n_readings = i == 0,
                        .reading_text = reading,
                        .reading_holds = holds,
                        .reading = &fake.reading,
                        .n_drivers = i < 2,
                        .driver = &fake.driver,
                        .explanation = i < 2 ? "What decides it most is the stake of the US." : ""};
    for (size_t a = 0; a < ENT_ARM_COUNT; a++)
        c.arm[a] = i == 4 ? (ent_claim_arm){NAN, NAN, ENT_VERDICT_UNTESTED, false, 0, 0} : share(i * 3 + 3, a);
    if (i == 5)
        c.arm[ENT_ARM_WITH].verdict = ENT_VERDICT_DEPENDS;
    return c;
}

ent_provision_view ent_results_provision(const ent_results *r, size_t i)
{
    (void)r;
    return (ent_provision_view){.id = i == 0 ? "end" : "pay",
                                .title = i == 0 ? "End enlargement" : HOSTILE,
                                .says = "So.",
                                .takes_hold = "0.5 to 0.8",
                                .changes = "a: 1\nb: 2",
                                .binding = (int32_t)i - 1,
                                .share = 0.66,
                                .share_error = 0.002};
}

ent_input_view ent_results_input(const ent_results *r, size_t i)
{
    (void)r;
    return (ent_input_view){.name = i == 0 ? "us_stake" : "fixed", .label = "stake", .unit = "1", .text = "0.5 to 0.8",
                            .source = "judgement", .why = HOSTILE, .uncertain = i == 0, .prior = summary(77),
                            .weighted = summary(78)};
}

/* One story: Germany (hostile names and all) gives way in the first of two rounds, then nobody moves. */
size_t ent_results_story_count(const ent_results *r)
{
    (void)r;
    return 1;
}

ent_story_view ent_results_story(const ent_results *r, size_t i)
{
    (void)r;
    (void)i;
    static const double position[] = {10, 80, 10, 45, 10, 45}, median[] = {80, 45, 45}, mean[] = {40, 30, 30};
    static const ent_story_offer offer[] = {
        {.round = 1, .from = 0, .to = 1, .kind = "compromise", .stands = 80, .asks = 45, .eu_from = 0.5, .eu_to = -0.25, .accepted = true},
        {.round = 2, .from = 1, .to = 0, .kind = "confrontation", .stands = 10, .asks = 45, .eu_from = 0.1, .eu_to = 0.0 / 0.0}};
    static const ent_story story = {.n = 2, .rounds = 2, .stop = ENT_STOP_SETTLED, .outcome = 45, .position = position,
                                    .median = median, .mean = mean, .offer = offer, .n_offers = 2};
    static const char *const actor[] = {"us", "de"};
    return (ent_story_view){"door", "challenge", ENT_ARM_TAKEN, actor, &story};
}

ent_issue_view ent_results_issue(const ent_results *r, size_t i)
{
    (void)r;
    return (ent_issue_view){.id = i == 0 ? "door" : "other",
                            .title = "Enlargement",
                            .question = "Is the door open?",
                            .unit = "",
                            .low = 0,
                            .high = 100,
                            .status_quo = 55,
                            .low_text = "enlargement formally ended",
                            .high_text = "Ukraine invited"};
}

const char *ent_verdict_text(ent_verdict verdict)
{
    static const char *const text[ENT_VERDICT_COUNT] = {
        "follows", "leans to", "open", "leans against", "does not follow", "depends on the model", "not yet tested"};
    return text[verdict];
}

/* What comes from a plan has no place in made-up results. */
void ent__json_story(ent__json *json, const ent_results *results)
{
    ent__json_key(json, "title");
    ent__json_text(json, ent_results_facts(results).title);
}

ent_status ent__results_are_whole(const ent_results *results, ent_error *err)
{
    (void)results;
    (void)err;
    return ENT_OK;
}

ent_status ent__results_plan(unsigned char **bytes, size_t *length, const ent_results *results, ent_error *err)
{
    (void)results;
    (void)err;
    *bytes = NULL;
    *length = 0;
    return ENT_OK;
}

ent_status ent__fill_draws(ent__file *file, const ent_results *results, ent_error *err)
{
    (void)file;
    (void)results;
    return ent__error_set(err, ENT_ERR_ARGUMENT, "", 0, 0, "made-up results have no draws");
}

size_t ent_results_attached(const ent_results *r, size_t i, const char **key, const char **json)
{
    static const char *const keys[] = {"attribution", "levers"}, *const texts[] = {"{\"method\":\"exact\"}", "{}"};
    (void)r;
    if (i < 2 && key != NULL)
        *key = keys[i];
    if (i < 2 && json != NULL)
        *json = texts[i];
    return 2;
}
