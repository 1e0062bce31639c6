/* The folder of a run that was killed: its two states and its rows, edited or forged, with checksums that fit (unless
 * the first byte says not to). What is taken gives the results of the run in one piece or is refused; nothing else. */
#include "ensemble/part.h"
#include "forge.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A run of this plan that was saved once; both parts of it are the caller's. */
typedef struct saved {
    unsigned char *state, *rows;
    size_t state_length, rows_length;
} saved;

static double keep(const ent_saved *now, void *payload)
{
    saved *s = payload;
    if (s->state == NULL) {
        s->state = malloc(now->state_length);
        s->rows = malloc(now->rows_length + 1);
        MUST(s->state != NULL && s->rows != NULL, "no memory");
        memcpy(s->state, now->state, now->state_length);
        if (now->rows_length > 0)
            memcpy(s->rows, now->rows, now->rows_length);
        s->state_length = now->state_length;
        s->rows_length = now->rows_length;
    }
    return 1e6;
}

static ent_status run(const ent_plan *plan, const ent_saver *saver, ent_error *err)
{
    enum { DRAWS = 600 };
    ent_results *results = NULL;
    ent_run_options options = ENT_RUN_OPTIONS_INIT;
    options.draws = DRAWS;
    options.jobs = 1;
    options.memory = 256 << 20;
    options.saver = saver;
    ent_status status = ent_run(&results, plan, &options, err);
    MUST((status == ENT_OK) == (results != NULL), "a status that does not fit: %s", ent_status_text(status));
    if (results != NULL) {
        char *json = NULL;
        size_t n;
        MUST(ent_results_json(&json, &n, results, err) == ENT_OK && fuzz_is_json(json, n), "no JSON: %s", err->message);
        ent_bytes_free(json);
    }
    ent_results_free(results);
    return status;
}

static void go_on(const ent_plan *plan)
{
    ent_error err = {0};
    ent_checkpoint *point = NULL;
    int64_t draws = 0;
    MUST(ent_checkpoint_open(&point, fuzz_path("saved"), 1e6, &err) == ENT_OK, "%s", err.message);
    ent_status status = ent_checkpoint_read(point, &draws, &err);
    MUST(status == ENT_OK || (status == ENT_ERR_FORMAT && err.message[0] != 0), "refused as %s: %s",
         ent_status_text(status), err.message);
    if (status == ENT_OK) {
        MUST(draws >= 0, "%lld draws are there", (long long)draws);
        status = run(plan, ent_checkpoint_saver(point), &err);
        MUST(status == ENT_OK || err.message[0] != 0, "refused without a word");
    }
    ent_checkpoint_remove(point);
    ent_checkpoint_free(point);
}

/* A copy of what such a run saved; each is made once. */
static saved fresh(int base)
{
    static saved made[6];
    saved *one = &made[base], copy = {0};
    ent_error err = {0};
    ent_saver saver = {.seconds = 0, .save = keep, .payload = one};
    if (one->state == NULL)
        MUST(run(fuzz_base(base), &saver, &err) == ENT_OK, "%s", err.message);
    if (one->state == NULL)
        return copy;
    copy = (saved){malloc(one->state_length), malloc(one->rows_length + 1), one->state_length, one->rows_length};
    MUST(copy.state != NULL && copy.rows != NULL, "no memory");
    memcpy(copy.state, one->state, one->state_length);
    memcpy(copy.rows, one->rows, one->rows_length);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    saved s;
    if (size < 2)
        return 0;
    const ent_plan *plan = fuzz_base(data[0]);
    dice d = {data + 2, size - 2};
    s = fresh(data[0] % 6);
    if (s.state == NULL) /* the run was over before it was saved */
        return 0;
    if (data[0] & 128)
        fuzz_forge(&s.state, &s.state_length, d.data, d.left);
    else if (data[1] & 1)
        fuzz_edit(&s.rows, &s.rows_length, &d);
    else
        fuzz_edit(&s.state, &s.state_length, &d);
    if (!(data[0] & 64))
        fuzz_sum_part(s.state, s.state_length, s.rows, s.rows_length);
    fuzz_remove(fuzz_path("saved"));
    MUST(mkdir(fuzz_path("saved"), 0700) == 0, "no folder");
    fuzz_write(data[1] & 2 ? "saved/b.state" : "saved/a.state", s.state, s.state_length);
    if (data[1] & 4) /* the other one is torn */
        fuzz_write(data[1] & 2 ? "saved/a.state" : "saved/b.state", s.state, s.state_length / 2);
    if (!(data[1] & 8))
        fuzz_write("saved/rows", s.rows, s.rows_length);
    go_on(plan);
    fuzz_remove(fuzz_path("saved"));
    free(s.state);
    free(s.rows);
    return 0;
}
