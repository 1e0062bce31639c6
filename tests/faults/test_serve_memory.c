/* Each allocation of the server fails in turn while it answers: it says that memory is short or does without, gives
 * back every block, and answers the next request as before. */
#include "check.h"
#include "wrap.h"

#include "http.h"

#include <unistd.h>

static char top[] = "/tmp/entente-serve-memory-XXXXXX";
static char folder[64], id[64];
static server *the;

static reply ask(const char *method, const char *path, const char *type, const char *file, const char *body)
{
    char whole[256];
    snprintf(whole, sizeof whole, path, id);
    const http_request r = {
        .method = method, .path = whole, .body = body, .length = strlen(body), .type = type, .file = file};
    reply out = {.file = -1};
    answer(the, &r, &out);
    return out;
}

static void let_go(reply *out)
{
    if (out->file >= 0)
        close(out->file);
    text_free(&out->body);
}

static void each_fails(const char *method, const char *path, const char *type, const char *file, const char *body)
{
    wrap_fail(0, false);
    long before = wrap.live;
    reply out = ask(method, path, type, file, body);
    int want = out.status;
    let_go(&out);
    long calls = wrap.calls;
    CHECK(want == 200 && calls > 0);
    assert_int_equal(wrap.live, before);
    for (long i = 0; i < calls; i++) {
        wrap_fail(i + 1, i % 2 == 1);
        out = ask(method, path, type, file, body);
        wrap_fail(0, false);
        if (out.status < 200 || out.status > 599)
            fail_msg("%s %s, allocation %ld of %ld: status %d", method, path, i + 1, calls, out.status);
        let_go(&out);
        if (wrap.live != before)
            fail_msg("%s %s, allocation %ld of %ld: %ld blocks are not given back", method, path, i + 1, calls,
                     wrap.live - before);
        out = ask(method, path, type, file, body);
        assert_int_equal(out.status, want);
        let_go(&out);
    }
    print_message("# %s %s: %ld allocations\n", method, path, calls);
}

static void what_is_read(void **state)
{
    (void)state;
    each_fails("GET", "/api/scenarios/%s", NULL, NULL, "");
    each_fails("GET", "/api/scenarios/%s/files/trade.csv", NULL, NULL, "");
    each_fails("GET", "/api/scenarios/%s/runs", NULL, NULL, "");
    each_fails("GET", "/api/models", NULL, NULL, "");
}

static void a_text_that_is_checked(void **state)
{
    (void)state;
    each_fails("POST", "/api/scenarios/%s/check", NULL, "scenario.yaml",
               "entente: 1\ntitle: T\nactors: actors.csv\nquantities: {q: {value: gdp * x}}\n");
}

/* A run is a thread of its own: what fails there is the run. */
static void runs(void **state)
{
    (void)state;
    for (long k = 1; k < 400; k += 7) {
        wrap_fail(k, k % 2 == 1);
        reply out =
            ask("POST", "/api/scenarios/%s/runs", "application/json", NULL, "{\"draws\": 300, \"keep\": false}");
        char job[40] = "";
        bool told_of = out.status == 202 && !out.body.failed; /* where the text failed, 500 is sent: see send_reply() */
        const char *at = told_of ? strstr(out.body.data, "\":\"") : NULL;
        if (at != NULL)
            snprintf(job, sizeof job, "%.*s", (int)strcspn(at + 3, "\""), at + 3);
        CHECK(told_of ? at != NULL : out.status == 202 || (out.status >= 400 && out.status < 600));
        let_go(&out);
        int64_t version = -1;
        bool over = false;
        for (int i = 0; i < 2000 && job[0] != 0 && !over; i++) {
            text told = {0};
            if (i == 40) /* it may not be told of the end while memory fails */
                wrap_fail(0, false);
            (void)jobs_tell(the->jobs, job, 20, &version, &over, &told);
            text_free(&told);
        }
        wrap_fail(0, false);
        CHECK(job[0] == 0 || over);
    }
    reply out = ask("GET", "/api/scenarios/%s", NULL, NULL, "");
    assert_int_equal(out.status, 200);
    let_go(&out);
}

int main(void)
{
    char message[512], command[128];
    ent_error err = {0};
    assert_non_null(mkdtemp(top));
    snprintf(folder, sizeof folder, "%s/small", top);
    assert_int_equal(ent_scenario_new(folder, &err), ENT_OK);
    const char *const served[] = {top};
    const server_options options = {.folder = served, .n_folders = 1, .host = "127.0.0.1"};
    assert_true(server_start(&the, &options, message));
    reply all = ask("GET", "/api/scenarios", NULL, NULL, "");
    const char *at = strstr(all.body.data, "\"id\":\"");
    assert_non_null(at);
    snprintf(id, sizeof id, "%.*s", (int)strcspn(at + 6, "\""), at + 6);
    let_go(&all);
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_read), cmocka_unit_test(a_text_that_is_checked),
                                       cmocka_unit_test(runs)};
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    server_stop(the);
    print_message("# at the end %ld blocks are out\n", wrap.live);
    snprintf(command, sizeof command, "rm -rf '%s'", top);
    return system(command) != 0 || failed || wrap.live != 0;
}
