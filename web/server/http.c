/* Who may ask, and how an answer goes out: libmicrohttpd with a thread a connection.
 *
 * A request is let in when its Host is this server's own name (a page elsewhere that rebinds its DNS name has another one),
 * its Origin, where it has one, is this server's, a browser does not say that it comes from another site, and it carries the
 * token: in the opened address, then in a cookie that scripts cannot read, or in `Authorization: Bearer`. The address that
 * the browser is started with carries a ticket instead, good for one request: others on the machine can read it in the list
 * of processes.
 * A connection that does not finish a request in time is closed, however slowly it drips; so is one that is idle. */
#include "http.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TOKEN = 32 };

extern const unsigned char ent__app_page[];
extern const size_t ent__app_page_length;

/* What a connection is doing, and since when. */
typedef enum phase { PHASE_FREE, PHASE_HEADER, PHASE_BODY, PHASE_ANSWER } phase;
typedef struct line {
    phase phase;
    int socket;
    time_t since;
} line;

struct http {
    struct MHD_Daemon *daemon;
    pthread_t watcher;
    pthread_mutex_t lock; /* of the lines */
    pthread_cond_t wake;
    line line[ENT_SERVE_MAX_CONNECTIONS + 8];
    int port;
    bool loopback;
    char token[TOKEN * 2 + 1], ticket[TOKEN * 2 + 1], cookie[40], *policy, url[512], ticket_url[512];
    bool ticket_used; /* under the server's lock */
};

typedef struct exchange {
    server *s;
    text body;
    size_t most;
    bool refused;
} exchange;

bool server_is_stopping(server *s)
{
    return __atomic_load_n(&s->stopping, __ATOMIC_RELAXED);
}

/* --- who may ask ---------------------------------------------------------------------------------------- */

typedef struct header_search {
    const char *name, *value;
    int count;
} header_search;

static enum MHD_Result on_header(void *payload, enum MHD_ValueKind kind, const char *key, const char *value)
{
    header_search *search = payload;
    (void)kind;
    if (strcasecmp(key, search->name) == 0) {
        search->count++;
        search->value = value != NULL ? value : "";
    }
    return MHD_YES;
}

/* The header's value; NULL where it is not there once. */
static const char *header(struct MHD_Connection *connection, const char *name, int *count)
{
    header_search search = {name, NULL, 0};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, on_header, &search);
    if (count != NULL)
        *count = search.count;
    return search.count == 1 ? search.value : NULL;
}

static bool is_number_address(const char *name)
{
    unsigned char bytes[16];
    return inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1;
}

/* "NAME:PORT" is this server: by its own name, or, where it listens to the network, by any address in numbers, which
 * nobody can rebind. */
static bool is_own_host(const server *s, const char *host)
{
    char name[256];
    const char *port = strrchr(host, ':');
    bool in_brackets = host[0] == '[';
    if (port == NULL || atoi(port + 1) != s->http->port || strspn(port + 1, "0123456789") != strlen(port + 1))
        return false;
    size_t length = (size_t)(port - host);
    if (in_brackets && (length < 3 || host[length - 1] != ']'))
        return false;
    snprintf(name, sizeof name, "%.*s", (int)(length < 200 ? length - 2 * in_brackets : 0), host + in_brackets);
    if (strcmp(name, "127.0.0.1") == 0 || strcasecmp(name, "localhost") == 0 || strcmp(name, "::1") == 0 ||
        strcasecmp(name, s->options.host) == 0)
        return true;
    return !s->http->loopback && is_number_address(name);
}

static bool is_own_origin(const server *s, const char *origin)
{
    return strncmp(origin, "http://", 7) == 0 && is_own_host(s, origin + 7);
}

/* In the same time whatever is wrong with it. */
static bool is_secret(const char *secret, const char *given)
{
    unsigned differ = 0;
    if (given == NULL || strlen(given) != 2 * TOKEN)
        return false;
    for (size_t i = 0; i < 2 * TOKEN; i++)
        differ |= (unsigned)(given[i] ^ secret[i]);
    return differ == 0;
}

static bool is_token(const server *s, const char *given)
{
    return is_secret(s->http->token, given);
}

static bool take_ticket(server *s, const char *given)
{
    pthread_mutex_lock(&s->lock);
    bool good = !s->http->ticket_used && is_secret(s->http->ticket, given);
    s->http->ticket_used = s->http->ticket_used || good;
    pthread_mutex_unlock(&s->lock);
    return good;
}

static bool has_token(server *s, struct MHD_Connection *connection, const char *path)
{
    const char *bearer = header(connection, "Authorization", NULL);
    if (bearer != NULL && strncmp(bearer, "Bearer ", 7) == 0 && is_token(s, bearer + 7))
        return true;
    if (is_token(s, MHD_lookup_connection_value(connection, MHD_COOKIE_KIND, s->http->cookie)))
        return true;
    if (strcmp(path, "/") != 0)
        return false;
    return is_token(s, MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "token")) ||
           take_ticket(s, MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "ticket"));
}

/* False with the refusal. */
static bool may_ask(server *s, struct MHD_Connection *connection, const char *path, const char *method, reply *out)
{
    int hosts, origins, sites;
    const char *host = header(connection, "Host", &hosts), *origin = header(connection, "Origin", &origins),
               *site = header(connection, "Sec-Fetch-Site", &sites);
    bool is_page = strcmp(path, "/") == 0 && (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0);
    if (hosts != 1 || !is_own_host(s, host))
        refuse(out, 403, "this server is not what the request calls it");
    else if (origins > 1 || (origin != NULL && !is_own_origin(s, origin)))
        refuse(out, 403, "a page of another site may not ask");
    else if (!is_page && (sites > 1 || (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)))
        refuse(out, 403, "a page of another site may not ask");
    else if (!has_token(s, connection, path))
        refuse(out, 401, "open the address that `entente serve` printed: it carries the token");
    else
        return true;
    return false;
}

/* --- answers -------------------------------------------------------------------------------------------- */

typedef struct stream {
    server *s;
    stream_kind kind;
    char subject[MOST_PATH];
    int64_t version;
    text pending, last;
    size_t sent;
    bool over;
    time_t beat;
} stream;

static time_t seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

static void next_of_job(stream *at)
{
    text told = {0};
    int64_t version = at->version;
    bool over = false;
    if (!jobs_tell(at->s->jobs, at->subject, 500, &version, &over, &told))
        at->over = true;
    else if (version != at->version || over) {
        for (size_t i = 0; i < told.length; i++) /* an event's data is one line */
            if (told.data[i] == '\n')
                told.data[i] = ' ';
        text_format(&at->pending, "event: %s\ndata: %s\n\n", over ? "end" : "progress", told.data);
        at->version = version;
        at->over = over;
    }
    text_free(&told);
}

static void next_of_folder(stream *at)
{
    text told = {0};
    if (at->last.data != NULL)
        nanosleep(&(struct timespec){0, 500000000}, NULL);
    if (!files_json(&told, at->subject) || told.failed || told.data == NULL) {
        text_put(&at->pending, "event: gone\ndata: {}\n\n");
        at->over = true;
    } else if (at->last.data == NULL || strcmp(at->last.data, told.data) != 0) {
        text_format(&at->pending, "event: files\ndata: {\"files\":%s}\n\n", told.data);
        text_free(&at->last);
        at->last = told;
        return;
    }
    text_free(&told);
}

/* Waits for an event; a beat every ten seconds finds out who has left. */
static ssize_t next_of_stream(void *payload, uint64_t position, char *into, size_t most)
{
    stream *at = payload;
    (void)position;
    while (at->sent == at->pending.length) {
        if (at->over || server_is_stopping(at->s) || at->pending.failed)
            return MHD_CONTENT_READER_END_OF_STREAM;
        at->sent = at->pending.length = 0;
        (at->kind == STREAM_JOB ? next_of_job : next_of_folder)(at);
        if (at->pending.length == 0 && seconds() - at->beat >= 10)
            text_put(&at->pending, ":\n\n");
        if (at->pending.length > 0)
            at->beat = seconds();
    }
    size_t n = at->pending.length - at->sent;
    n = n < most ? n : most;
    memcpy(into, at->pending.data + at->sent, n);
    at->sent += n;
    return (ssize_t)n;
}

static void end_stream(void *payload)
{
    stream *at = payload;
    text_free(&at->pending);
    text_free(&at->last);
    free(at);
}

static struct MHD_Response *stream_response(server *s, const reply *out)
{
    stream *at = calloc(1, sizeof *at);
    if (at == NULL)
        return NULL;
    *at = (stream){.s = s, .kind = out->stream, .version = -1, .beat = seconds()};
    memcpy(at->subject, out->subject, sizeof at->subject);
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, next_of_stream, at, end_stream);
    if (response == NULL)
        end_stream(at);
    return response;
}

static struct MHD_Response *file_response(reply *out)
{
    struct stat facts;
    if (fstat(out->file, &facts) != 0)
        return NULL;
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)facts.st_size, out->file);
    if (response != NULL)
        out->file = -1; /* libmicrohttpd closes it */
    return response;
}

static struct MHD_Response *text_response(reply *out)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(out->body.length, out->body.data, MHD_RESPMEM_MUST_FREE);
    if (response != NULL)
        out->body = (text){0};
    return response;
}

/* A report runs its scripts where no origin is: it may have come with a folder from anywhere. */
#define REPORT_POLICY                                                                                                        \
    "sandbox allow-scripts allow-downloads allow-popups; connect-src 'none'; frame-src 'none'; object-src 'none'; "          \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define PLAIN_POLICY "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"

static void add_headers(struct MHD_Response *response, const reply *out, const char *policy)
{
    char value[600];
    const char *type = out->stream != STREAM_NONE ? "text/event-stream" : out->type != NULL ? out->type : "application/json";
    MHD_add_response_header(response, "Content-Type", type);
    MHD_add_response_header(response, "Cache-Control", "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "X-Frame-Options", "DENY");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
    MHD_add_response_header(response, "Cross-Origin-Opener-Policy", "same-origin");
    MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
    MHD_add_response_header(response, "Content-Security-Policy", policy != NULL ? policy : out->is_report ? REPORT_POLICY : PLAIN_POLICY);
    if (out->tag[0] != 0) {
        snprintf(value, sizeof value, "\"%s\"", out->tag);
        MHD_add_response_header(response, "ETag", value);
    }
    if (out->download != NULL) {
        snprintf(value, sizeof value, "attachment; filename=\"%s\"", out->download);
        MHD_add_response_header(response, "Content-Disposition", value);
    }
}

static enum MHD_Result send_reply(server *s, struct MHD_Connection *connection, reply *out)
{
    if (out->body.failed) {
        refuse(out, 500, "not enough memory");
        if (out->body.failed)
            return MHD_NO;
    }
    struct MHD_Response *response = out->stream != STREAM_NONE ? stream_response(s, out) : out->file >= 0 ? file_response(out) : text_response(out);
    enum MHD_Result sent = MHD_NO;
    if (response != NULL) {
        add_headers(response, out, NULL);
        sent = MHD_queue_response(connection, (unsigned)out->status, response);
        MHD_destroy_response(response);
    }
    if (out->file >= 0)
        close(out->file);
    text_free(&out->body);
    return sent;
}

/* The page itself, with the cookie that carries the token from here on. */
static enum MHD_Result send_page(server *s, struct MHD_Connection *connection)
{
    char cookie[256];
    const reply out = {.type = "text/html; charset=utf-8", .file = -1};
    struct MHD_Response *response =
        MHD_create_response_from_buffer(ent__app_page_length, (void *)(uintptr_t)ent__app_page, MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    add_headers(response, &out, s->http->policy);
    snprintf(cookie, sizeof cookie, "%s=%s; HttpOnly; SameSite=Strict; Path=/", s->http->cookie, s->http->token);
    MHD_add_response_header(response, "Set-Cookie", cookie);
    enum MHD_Result sent = MHD_queue_response(connection, 200, response);
    MHD_destroy_response(response);
    return sent;
}

/* --- requests --------------------------------------------------------------------------------------------- */

static void set_phase(server *s, struct MHD_Connection *connection, phase now)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    line *its = info != NULL ? info->socket_context : NULL;
    if (its == NULL)
        return;
    pthread_mutex_lock(&s->http->lock);
    its->phase = now;
    its->since = seconds();
    pthread_mutex_unlock(&s->http->lock);
}

/* Room for so many more bytes among all requests under way. */
static bool take_room(server *s, size_t more)
{
    pthread_mutex_lock(&s->lock);
    bool fits = s->bodies + more <= ENT_SERVE_MAX_BODIES;
    if (fits)
        s->bodies += more;
    pthread_mutex_unlock(&s->lock);
    return fits;
}

static void give_room(server *s, size_t less)
{
    pthread_mutex_lock(&s->lock);
    s->bodies -= less;
    pthread_mutex_unlock(&s->lock);
}

/* Headers are here, the body is not: who may not ask is answered now. */
static enum MHD_Result begin(server *s, struct MHD_Connection *connection, const char *path, const char *method, void **context)
{
    reply out = {.file = -1};
    exchange *x = calloc(1, sizeof *x);
    if (x == NULL)
        return MHD_NO;
    *context = x;
    *x = (exchange){.s = s, .most = most_body(method, path)};
    const char *length = header(connection, "Content-Length", NULL);
    set_phase(s, connection, PHASE_BODY);
    if (!may_ask(s, connection, path, method, &out))
        x->refused = true;
    else if (length != NULL && (strlen(length) > 12 || strtoull(length, NULL, 10) > x->most)) {
        x->refused = true;
        refuse(&out, 413, "%.12s%s bytes; a body of this request has at most %zu", length, strlen(length) > 12 ? "..." : "", x->most);
    }
    return x->refused ? send_reply(s, connection, &out) : MHD_YES;
}

static enum MHD_Result more_body(exchange *x, const char *bytes, size_t *length)
{
    if (x->body.length + *length > x->most || !take_room(x->s, *length))
        return MHD_NO; /* the connection is closed */
    size_t before = x->body.length;
    text_add(&x->body, bytes, *length);
    if (x->body.failed) {
        give_room(x->s, *length);
        x->body.length = before;
        return MHD_NO;
    }
    *length = 0;
    return MHD_YES;
}

static enum MHD_Result on_request(void *payload, struct MHD_Connection *connection, const char *path, const char *method,
                                  const char *version, const char *bytes, size_t *length, void **context)
{
    server *s = payload;
    exchange *x = *context;
    (void)version;
    if (x == NULL)
        return begin(s, connection, path, method, context);
    if (*length > 0) {
        if (!x->refused)
            return more_body(x, bytes, length);
        *length = 0; /* what comes after a refusal is not kept */
        return MHD_YES;
    }
    if (x->refused)
        return MHD_YES;
    set_phase(s, connection, PHASE_ANSWER);
    bool is_head = strcmp(method, "HEAD") == 0;
    if (strcmp(path, "/") == 0 && (is_head || strcmp(method, "GET") == 0))
        return send_page(s, connection);
    const http_request r = {
        .method = is_head ? "GET" : method,
        .path = path,
        .body = x->body.data != NULL ? x->body.data : "",
        .length = x->body.length,
        .if_match = header(connection, "If-Match", NULL),
        .if_none_match = header(connection, "If-None-Match", NULL),
        .type = header(connection, "Content-Type", NULL),
        .file = MHD_lookup_connection_value(connection, MHD_GET_ARGUMENT_KIND, "file"),
    };
    reply out = {.file = -1};
    answer(s, &r, &out);
    return send_reply(s, connection, &out);
}

static void on_end(void *payload, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode code)
{
    server *s = payload;
    exchange *x = *context;
    (void)code;
    set_phase(s, connection, PHASE_HEADER);
    if (x == NULL)
        return;
    give_room(s, x->body.length);
    text_free(&x->body);
    free(x);
    *context = NULL;
}

/* --- connections that take too long ------------------------------------------------------------------------- */

static void on_connection(void *payload, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
    struct http *h = ((server *)payload)->http;
    pthread_mutex_lock(&h->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        for (size_t i = 0; i < sizeof h->line / sizeof h->line[0] && *context == NULL; i++)
            if (h->line[i].phase == PHASE_FREE && info != NULL) {
                h->line[i] = (line){PHASE_HEADER, info->connect_fd, seconds()};
                *context = &h->line[i];
            }
    } else if (*context != NULL) {
        ((line *)*context)->phase = PHASE_FREE; /* before the socket's number can mean another */
        *context = NULL;
    }
    pthread_mutex_unlock(&h->lock);
}

static void *watch_lines(void *payload)
{
    server *s = payload;
    struct http *h = s->http;
    pthread_mutex_lock(&h->lock);
    while (!server_is_stopping(s)) {
        time_t now = seconds();
        for (size_t i = 0; i < sizeof h->line / sizeof h->line[0]; i++) {
            line *its = &h->line[i];
            int most = its->phase == PHASE_HEADER ? ENT_SERVE_HEADER_SECONDS : its->phase == PHASE_BODY ? ENT_SERVE_BODY_SECONDS : 0;
            if (most > 0 && now - its->since > most) {
                (void)shutdown(its->socket, SHUT_RDWR);
                its->since = now;
            }
        }
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&h->wake, &h->lock, &until);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

/* --- start and stop -------------------------------------------------------------------------------------------- */

/* The content security policy that the page states of itself, with what only a header can say. */
static char *page_policy(void)
{
    static const char BEFORE[] = "http-equiv=\"Content-Security-Policy\" content=\"";
    text t = {0};
    const char *page = (const char *)ent__app_page, *found = strstr(page, BEFORE); /* embed.py ends it in 0 */
    if (found != NULL) {
        found += sizeof BEFORE - 1;
        text_add(&t, found, strcspn(found, "\""));
        text_put(&t, "; frame-ancestors 'none'");
    }
    return t.data;
}

static bool make_secret(char out[2 * TOKEN + 1])
{
    unsigned char bytes[TOKEN];
    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
        return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24) == 127;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
    return memcmp(&six->sin6_addr, &in6addr_loopback, sizeof six->sin6_addr) == 0;
}

static bool listen_at(server *s, char message[512])
{
    struct http *h = s->http;
    char port[16];
    struct addrinfo *found = NULL;
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    snprintf(port, sizeof port, "%d", s->options.port);
    if (getaddrinfo(s->options.host, port, &wanted, &found) != 0 || found == NULL) {
        snprintf(message, 512, "--host takes an address of this machine, such as 127.0.0.1, not '%.200s'", s->options.host);
        return false;
    }
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC;
    h->loopback = is_loopback(found->ai_addr);
    pthread_mutex_lock(&h->lock); /* on_connection() waits for it: nobody is answered before the port is known */
    h->daemon = MHD_start_daemon(
        flags | (found->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0), (uint16_t)s->options.port, NULL, NULL, on_request, s,
        MHD_OPTION_SOCK_ADDR, found->ai_addr, MHD_OPTION_CONNECTION_LIMIT, (unsigned)ENT_SERVE_MAX_CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)ENT_SERVE_IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)ENT_SERVE_MAX_HEADER, MHD_OPTION_NOTIFY_COMPLETED, on_end, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s, MHD_OPTION_LISTEN_BACKLOG_SIZE, 128u, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = h->daemon != NULL ? MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    h->port = info != NULL ? info->port : 0;
    bool six = found->ai_family == AF_INET6 && strchr(s->options.host, ':') != NULL;
    snprintf(h->url, sizeof h->url, "http://%s%.200s%s:%d/?token=%s", six ? "[" : "", s->options.host, six ? "]" : "", h->port, h->token);
    snprintf(h->ticket_url, sizeof h->ticket_url, "http://%s%.200s%s:%d/?ticket=%s", six ? "[" : "", s->options.host, six ? "]" : "", h->port, h->ticket);
    snprintf(h->cookie, sizeof h->cookie, "entente_%d", h->port);
    pthread_mutex_unlock(&h->lock);
    freeaddrinfo(found);
    if (h->daemon == NULL)
        snprintf(message, 512, "cannot listen on %.200s, port %d: it is in use, or not ours to take", s->options.host, s->options.port);
    return h->daemon != NULL;
}

bool server_start(server **out, const server_options *options, char message[512])
{
    server *s = calloc(1, sizeof *s);
    struct http *h = calloc(1, sizeof *h);
    snprintf(message, 512, "not enough memory");
    *out = NULL;
    if (s == NULL || h == NULL) {
        free(s), free(h);
        return false;
    }
    s->options = *options;
    s->http = h;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->checked, NULL);
    pthread_mutex_init(&s->writing, NULL);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->wake, NULL);
    h->policy = page_policy();
    if (jobs_create(&s->jobs) && h->policy != NULL && make_secret(h->token) && make_secret(h->ticket) && server_scan(s) && listen_at(s, message)) {
        if (pthread_create(&h->watcher, NULL, watch_lines, s) == 0) {
            *out = s;
            return true;
        }
        MHD_stop_daemon(h->daemon);
    }
    h->daemon = NULL;
    server_stop(s);
    return false;
}

void server_stop(server *s)
{
    struct http *h = s->http;
    __atomic_store_n(&s->stopping, true, __ATOMIC_RELAXED);
    if (h->daemon != NULL) {
        MHD_socket listening = MHD_quiesce_daemon(h->daemon);
        jobs_stop(s->jobs);
        pthread_mutex_lock(&h->lock);
        pthread_cond_signal(&h->wake);
        pthread_mutex_unlock(&h->lock);
        pthread_join(h->watcher, NULL);
        MHD_stop_daemon(h->daemon);
        if (listening != MHD_INVALID_SOCKET)
            close(listening);
    }
    jobs_free(s->jobs);
    places_free(&s->places);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->checked);
    pthread_mutex_destroy(&s->writing);
    pthread_mutex_destroy(&h->lock);
    pthread_cond_destroy(&h->wake);
    free(h->policy);
    free(h);
    free(s);
}

const char *server_url(const server *s)
{
    return s->http->url;
}

const char *server_ticket_url(const server *s)
{
    return s->http->ticket_url;
}

int server_port(const server *s)
{
    return s->http->port;
}

size_t server_scenarios(server *s)
{
    pthread_mutex_lock(&s->lock);
    size_t count = s->places.count;
    pthread_mutex_unlock(&s->lock);
    return count;
}
