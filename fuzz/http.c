/* Requests to `entente serve`: bytes as they are over a socket ("R"), or a request that was let in, given straight to
 * what answers ("D", far quicker). In both @I stands for the scenario's id, in the first @T for the token and @H for
 * host and port.
 *
 *     D<METHOD> PATH          then lines "If-Match: ..", "If-None-Match: ..", "Content-Type: ..", "file: ..", an empty
 * one, the body
 *
 * Nothing that stands outside of the scenario's folder may come out, by whatever path or link; what is JSON is JSON. */
#include "http.h"
#include "target.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char secret[] = "CANARY-5d1f0a37-outside";
static server *the;
static char id[64], token[80], host[40];

static void put_scenario(void)
{
    ent_error err = {0};
    fuzz_remove(fuzz_path("served"));
    MUST(mkdir(fuzz_path("served"), 0700) == 0, "no folder");
    fuzz_write("secret.csv", secret, strlen(secret));
    MUST(ent_scenario_new(fuzz_path("served/small"), &err) == ENT_OK, "%s", err.message);
    /* links that lead out, as somebody else's scenario may hold */
    MUST(symlink("../../secret.csv", fuzz_path("served/small/link.csv")) == 0 &&
             symlink("../..", fuzz_path("served/small/up")) == 0,
         "no link");
    MUST(mkdir(fuzz_path("served/small/out"), 0700) == 0 && mkdir(fuzz_path("served/small/out/runs"), 0700) == 0,
         "no folder");
    MUST(symlink("../../../..", fuzz_path("served/small/out/runs/20260101-000000-000")) == 0, "no link");
}

static void stop(void)
{
    server_stop(the);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const char *folder[1];
    static char served[1024];
    char message[512];
    text told = {0};
    (void)argc, (void)argv;
    put_scenario();
    snprintf(served, sizeof served, "%s", fuzz_path("served"));
    folder[0] = served;
    const server_options options = {.folder = folder, .n_folders = 1, .host = "127.0.0.1", .port = 0};
    MUST(server_start(&the, &options, message), "%s", message);
    atexit(stop);
    snprintf(host, sizeof host, "127.0.0.1:%d", server_port(the));
    snprintf(token, sizeof token, "%s", strstr(server_url(the), "token=") + strlen("token="));
    const http_request all = {.method = "GET", .path = "/api/scenarios", .body = ""};
    reply out = {.file = -1};
    answer(the, &all, &out);
    told = out.body;
    const char *at = strstr(told.data, "\"id\":\"");
    at = at != NULL ? at : strstr(told.data, "\"id\": \"");
    MUST(at != NULL, "no scenario: %s", told.data);
    at = strchr(at + strlen("\"id\""), '"') + 1;
    snprintf(id, sizeof id, "%.*s", (int)strcspn(at, "\""), at);
    text_free(&told);
    return 0;
}

/* The input with what its marks stand for. */
static char *filled(const uint8_t *data, size_t size, size_t *length)
{
    ent__buffer out = {0};
    for (size_t i = 0; i < size; i++) {
        const char *word = i + 1 < size && data[i] == '@' ? data[i + 1] == 'I'   ? id
                                                            : data[i + 1] == 'T' ? token
                                                            : data[i + 1] == 'H' ? host
                                                                                 : NULL
                                                          : NULL;
        if (word != NULL)
            ent__buffer_text(&out, word), i++;
        else
            ent__buffer_add(&out, (const char *)data + i, 1);
    }
    MUST(!out.failed, "no memory");
    *length = out.length;
    return out.data;
}

static bool has(const void *bytes, size_t length, const char *word)
{
    const char *at = bytes;
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= length; i++)
        if (at[i] == word[0] && memcmp(at + i, word, n) == 0)
            return true;
    return false;
}

static bool holds_secret(const char *bytes, size_t length)
{
    return has(bytes, length, secret);
}

/* A run that was begun is not worth waiting for. */
static void end_jobs(const reply *out)
{
    const char *at = out->body.length > 0 ? strstr(out->body.data, "\"id\"") : NULL;
    char job[40];
    int64_t version = -1;
    bool over = false;
    if (at == NULL || (at = strchr(at + 4, '"')) == NULL)
        return;
    snprintf(job, sizeof job, "%.*s", (int)strcspn(at + 1, "\""), at + 1);
    if (!jobs_cancel(the->jobs, job))
        return;
    for (int i = 0; i < 400 && !over; i++) {
        text told = {0};
        bool known = jobs_tell(the->jobs, job, 50, &version, &over, &told);
        text_free(&told);
        if (!known)
            return;
    }
}

static char *next_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    *at = end != NULL ? end + 1 : line + strlen(line);
    if (end != NULL)
        *end = 0;
    return line;
}

static void straight(char *bytes, size_t length)
{
    char *at = bytes, *first = next_line(&at), *space = strchr(first, ' ');
    http_request r = {.method = first, .path = space != NULL ? space + 1 : "/"};
    if (space != NULL)
        *space = 0;
    if (r.path[0] != '/') /* libmicrohttpd passes on no other */
        return;
    while (*at != 0) {
        char *line = next_line(&at), *value = strstr(line, ": ");
        if (line[0] == 0)
            break;
        if (value == NULL)
            continue;
        *value = 0;
        value += 2;
        *(strcmp(line, "If-Match") == 0        ? &r.if_match
          : strcmp(line, "If-None-Match") == 0 ? &r.if_none_match
          : strcmp(line, "file") == 0          ? &r.file
                                               : &r.type) = value;
    }
    r.body = at;
    r.length = (size_t)(bytes + length - at);
    if (r.length > most_body(r.method, r.path))
        return;
    reply out = {.file = -1};
    answer(the, &r, &out);
    MUST(out.status == 0 || (out.status >= 200 && out.status < 600), "status %d", out.status);
    MUST(!holds_secret(out.body.data, out.body.length), "%s %s tells what is outside", r.method, r.path);
    if (out.type == NULL && out.file < 0 && out.body.length > 0 && out.stream == STREAM_NONE)
        MUST(fuzz_is_json(out.body.data, out.body.length), "%s %s is answered by no JSON: %.200s", r.method, r.path,
             out.body.data);
    if (out.file >= 0) {
        char got[4096];
        ssize_t n = read(out.file, got, sizeof got);
        MUST(n < 0 || !holds_secret(got, (size_t)n), "%s %s gives a file from outside", r.method, r.path);
        close(out.file);
    }
    if (strcmp(r.method, "POST") == 0)
        end_jobs(&out);
    text_free(&out.body);
}

static void over_socket(const char *bytes, size_t length)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)server_port(the)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ent__buffer got = {0};
    char piece[4096];
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    MUST(s >= 0 && connect(s, (struct sockaddr *)&to, sizeof to) == 0, "the server is gone");
    for (size_t done = 0; done < length;) {
        ssize_t n = send(s, bytes + done, length - done, MSG_NOSIGNAL);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    (void)shutdown(s, SHUT_WR);
    struct pollfd wait = {.fd = s, .events = POLLIN};
    ssize_t n = 0;
    while (got.length < 1 << 20 && poll(&wait, 1, 200) > 0 && (n = recv(s, piece, sizeof piece, 0)) > 0)
        ent__buffer_add(&got, piece, (size_t)n);
    close(s);
    MUST(!holds_secret(got.data, got.length), "it tells what is outside");
    MUST(got.length == 0 || strncmp(got.data, "HTTP/1.", 7) == 0, "no answer of HTTP: %.60s", got.data);
    ent__buffer_free(&got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length;
    if (size < 2)
        return 0;
    char *bytes = filled(data + 1, size - 1, &length);
    if (holds_secret(bytes,
                     length)) { /* libFuzzer reads it from our comparisons; an answer may repeat what was asked */
        free(bytes);
        return 0;
    }
    if (data[0] == 'R')
        over_socket(bytes, length);
    else
        straight(bytes, length);
    if (has(data, size, "PUT") || has(data, size, "POST") || has(data, size, "DELETE")) /* it may have written */
        put_scenario();
    free(bytes);
    return 0;
}
