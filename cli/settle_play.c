/* Settling: models of rounds are played with their story, and say on a terminal how far they are. */
#include "settle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- progress ------------------------------------------------------------------------------------------- */

typedef struct meter {
    cli_progress progress;
    int32_t most; /* rounds */
    const char *round;
} meter;

static void clock_text(char out[32], double seconds)
{
    long long whole = seconds < 1e9 ? (long long)(seconds + 0.5) : 1000000000;
    snprintf(out, 32, "%lld:%02lld", whole / 60, whole % 60);
}

static void show(meter *m, int32_t round, double share, double passed)
{
    char line[160], left[32], all[32];
    double done = round - 1 + share, each = done > 0 ? passed / done : 0;
    clock_text(left, each * (1 - share));
    clock_text(all, each * (m->most - done));
    int used = snprintf(line, sizeof line, "%s %d of at most %d, %d %%", m->round, (int)round, (int)m->most,
                        (int)(100 * share));
    if (done > 0)
        snprintf(line + used, sizeof line - (size_t)used, "   %s left in it, at most %s in all", left, all);
    int width = m->progress.style.width - 1;
    fprintf(stderr, "\r%*s\r%.*s", width > 0 ? width : 0, "", width > 0 ? width : 0, line);
    fflush(stderr);
    m->progress.shown = true;
}

static int on_round(int32_t round, double share, void *payload)
{
    meter *m = payload;
    double passed = cli_seconds() - m->progress.start;
    if (cli_interrupted())
        return 1;
    if (m->progress.visible && passed > 0.3)
        show(m, round, share, passed);
    return 0;
}

static meter start_meter(const settled *s, int32_t most, const char *round)
{
    meter m = {.most = most, .round = round};
    m.progress.style = cli_style_of(stderr);
    m.progress.start = cli_seconds();
    m.progress.visible = m.progress.style.terminal && !s->quiet && !s->json;
    cli_catch_interrupts();
    return m;
}

/* --- other models, for comparison ------------------------------------------------------------------------- */

double settle_by(const settled *s, const char *name, const double *position, size_t issue)
{
    const ent_model *model = ent_model_find(name);
    double option[32], *kept = malloc(3 * s->n * sizeof *kept);
    ent_settle_input in = {.low = s->low[issue], .high = s->high[issue], .status_quo = NAN, .option = option};
    ent_settle_output out = {.outcome = NAN};
    if (kept == NULL)
        return NAN;
    double *x = kept, *salience = kept + s->n, *capability = kept + 2 * s->n;
    for (size_t i = 0; i < s->n; i++) {
        size_t at = i * s->issues + issue;
        if (isnan(position[at]))
            continue;
        x[in.n] = position[at];
        salience[in.n] = s->salience[at];
        capability[in.n++] = s->capability[at];
    }
    in.position = x, in.salience = salience, in.capability = capability;
    ent_model_defaults(option, model);
    bool good = in.n > 0 && ent_settle(&out, &in, model, NULL) == ENT_OK;
    free(kept);
    return good ? out.outcome : NAN;
}

/* --- each model of rounds ----------------------------------------------------------------------------------- */

static int failed(const settled *s, const ent_error *err)
{
    return cli_fail_error(s->json, err);
}

static int play_challenge(settled *s)
{
    const ent_challenge_input in = {
        .n = s->n, .position = s->position, .salience = s->salience, .capability = s->capability};
    ent_challenge_options options = ent_challenge_options_of(s->option);
    meter m = start_meter(s, options.max_rounds, "round");
    ent_error err = {0};
    options.progress = on_round;
    options.payload = &m;
    if (!s->all) /* in words refused offers are only counted; as JSON a million of them would be 150 MB */
        options.max_offers = s->json ? 100 * 1000 : 0;
    ent_status status = ent_challenge(&s->challenge, &in, &options, &err);
    cli_progress_end(&m.progress);
    if (status != ENT_OK)
        return failed(s, &err);
    s->outcome[0] = s->challenge->outcome;
    s->out.stop = s->challenge->stop;
    s->out.rounds = s->challenge->rounds;
    s->interrupted = s->challenge->interrupted;
    return CLI_GO;
}

static bool capability_differs(const settled *s)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t d = 1; d < s->issues; d++)
            if (s->capability[i * s->issues + d] != s->capability[i * s->issues])
                return true;
    return false;
}

/* Somebody counts on each issue. */
static int check_weights(const settled *s)
{
    for (size_t d = 0; d < s->issues; d++) {
        bool any = false;
        for (size_t i = 0; i < s->n; i++)
            any |= s->salience[i * s->issues + d] > 0 && s->capability[i * s->issues + d] > 0;
        if (!any)
            return cli_fail(s->json, CLI_WRONG,
                            "%s: nobody counts on '%.60s': salience times capability is 0 for every actor", s->file,
                            s->issue[d]);
    }
    return CLI_GO;
}

/* Everyone has a place in every dimension: a contest is about all of them. */
static int check_places(const settled *s)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t d = 0; d < s->issues; d++)
            if (isnan(s->position[i * s->issues + d]))
                return cli_fail(s->json, CLI_WRONG,
                                "%s: '%.60s' has no position on '%.60s'; the spatial model needs everybody on every "
                                "issue, or one issue alone (--issue NAME)",
                                s->file, s->actor[i], s->issue[d]);
    return CLI_GO;
}

static int play_spatial(settled *s)
{
    int code = check_places(s);
    if (code != CLI_GO)
        return code;
    bool by_dimension = s->issues > 1 && capability_differs(s);
    double *one = malloc(s->n * sizeof *one);
    if (one == NULL)
        return cli_fail(s->json, CLI_IO, "not enough memory");
    for (size_t i = 0; i < s->n; i++)
        one[i] = s->capability[i * s->issues];
    const ent_spatial_input in = {.n = s->n,
                                  .dims = s->issues,
                                  .position = s->position,
                                  .salience = s->salience,
                                  .capability = by_dimension ? s->capability : one,
                                  .by_dimension = by_dimension,
                                  .accommodation = s->n == s->table->n ? s->table->accommodation : NULL,
                                  .low = s->low,
                                  .high = s->high};
    ent_spatial_options options = ent_spatial_options_of(s->option);
    meter m = start_meter(s, options.max_rounds, "round");
    ent_error err = {0};
    options.seed = s->seed;
    options.progress = on_round;
    options.payload = &m;
    ent_status status = ent_spatial(&s->spatial, &in, &options, &err);
    cli_progress_end(&m.progress);
    free(one);
    if (status != ENT_OK)
        return failed(s, &err);
    for (size_t d = 0; d < s->issues; d++)
        s->outcome[d] = s->spatial->outcome[d];
    s->out.stop = s->spatial->stop;
    s->out.rounds = s->spatial->rounds;
    s->interrupted = s->spatial->interrupted;
    return CLI_GO;
}

static int play_exchange(settled *s)
{
    const ent_exchange_input in = {.n = s->n,
                                   .issues = s->issues,
                                   .position = s->position,
                                   .salience = s->salience,
                                   .power = s->capability,
                                   .low = s->low,
                                   .high = s->high};
    ent_exchange_options options = ent_exchange_options_of(s->option);
    meter m = start_meter(s, options.iterations, "iteration");
    ent_error err = {0};
    options.seed = s->seed;
    options.progress = on_round;
    options.payload = &m;
    if (!s->all && !s->quiet)
        options.max_trades = 100 * 1000;
    ent_status status = ent_exchange(&s->exchange, &in, &options, &err);
    cli_progress_end(&m.progress);
    if (status != ENT_OK)
        return failed(s, &err);
    for (size_t d = 0; d < s->issues; d++)
        s->outcome[d] = s->exchange->outcome != NULL ? s->exchange->outcome[d] : s->mean[d];
    s->out.stop = s->exchange->stop;
    s->out.rounds = s->exchange->iterations;
    s->interrupted = s->exchange->interrupted;
    return CLI_GO;
}

/* --- all ------------------------------------------------------------------------------------------------ */

/* What one issue must be, with the actor's name and line in place of its number where that can be told. */
static int check_one(const settled *s)
{
    ent_error err = {0};
    if (ent_settle_check(&s->in, s->model, &err) == ENT_OK)
        return CLI_GO;
    ent_settle_input with = s->in;
    with.status_quo = with.low; /* is that all it lacks? */
    if (isnan(s->in.status_quo) && ent_settle_check(&with, s->model, NULL) == ENT_OK)
        return cli_fail(s->json, CLI_USAGE, "%s: state it with --status-quo", err.message);
    snprintf(err.file, sizeof err.file, "%s", s->file);
    return cli_fail_error(s->json, &err);
}

static int play_one(settled *s)
{
    ent_error err = {0};
    int code = check_one(s);
    if (code != CLI_GO)
        return code;
    if (strcmp(s->model->name, "challenge") == 0)
        code = play_challenge(s);
    else if (strcmp(s->model->name, "spatial") == 0 && s->n > 1)
        code = play_spatial(s);
    else if (ent_settle(&s->out, &s->in, s->model, &err) != ENT_OK)
        return cli_fail_error(s->json, &err);
    else
        s->outcome[0] = s->out.outcome;
    s->out.outcome = s->outcome[0];
    if (code == CLI_GO && (s->challenge != NULL || s->spatial != NULL))
        ent_settle_welfare(&s->out, &s->in, s->model);
    return code;
}

int settle_play(settled *s)
{
    bool exchange = strcmp(s->model->name, "exchange") == 0;
    for (size_t d = 0; d < s->issues; d++) {
        s->median[d] = settle_by(s, "median", s->position, d);
        s->mean[d] = settle_by(s, "compromise", s->position, d);
    }
    if (s->issues == 1)
        return play_one(s);
    int code = check_weights(s);
    return code != CLI_GO ? code : exchange ? play_exchange(s) : play_spatial(s);
}
