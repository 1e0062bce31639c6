/* entente serve: the app in the browser, on this machine. */
#include "cli.h"

#ifdef ENTENTE_SERVE

#include "server.h"

#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

typedef struct serve_request {
    int64_t port;
    const char *host;
    bool no_browser;
} serve_request;

/* Whether a browser can show itself here. */
static bool has_screen(void)
{
#ifdef __APPLE__
    return true;
#else
    return getenv("DISPLAY") != NULL || getenv("WAYLAND_DISPLAY") != NULL;
#endif
}

static void open_browser(const char *url)
{
#ifdef __APPLE__
    const char *opener = "open";
#else
    const char *opener = "xdg-open";
#endif
    char *const argv[] = {(char *)(uintptr_t)opener, (char *)(uintptr_t)url, NULL};
    posix_spawnattr_t attributes;
    sigset_t none;
    pid_t child;
    sigemptyset(&none);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    (void)posix_spawnp(&child, opener, NULL, &attributes, argv, environ); /* the address is printed as well */
    posix_spawnattr_destroy(&attributes);
}

static int tell_start(server *s, const serve_request *request, const cli_args *args)
{
    if (args->json) {
        char *url = cli_json(server_url(s));
        printf("{\"format\": 1, \"url\": %s, \"port\": %d, \"scenarios\": %zu}\n", url != NULL ? url : "null", server_port(s),
               server_scenarios(s));
        ent_bytes_free(url);
    } else {
        size_t n = server_scenarios(s);
        if (!args->quiet)
            printf("%zu scenario%s. Ctrl-C stops the server; runs under way keep what is finished.\n", n, n == 1 ? "" : "s");
        printf("%s\n", server_url(s));
    }
    if (!args->quiet && strncmp(request->host, "127.", 4) != 0 && strcmp(request->host, "::1") != 0 && strcmp(request->host, "localhost") != 0)
        fputs("entente: others in the network can reach this, and what is sent is not encrypted\n", stderr);
    return cli_close_stdout();
}

/* Until SIGINT, SIGTERM or SIGHUP; asked twice, the program leaves at once. */
static void wait_for_end(const sigset_t *ends, bool quiet)
{
    int number = 0;
    while (sigwait(ends, &number) != 0)
        ;
    pthread_sigmask(SIG_UNBLOCK, ends, NULL);
    if (!quiet)
        fputs("entente: stopping\n", stderr);
}

static int serve(const serve_request *request, const cli_args *args)
{
    static const char *const HERE[] = {"."};
    const server_options options = {.folder = args->count > 0 ? args->item : HERE,
                                    .n_folders = args->count > 0 ? (size_t)args->count : 1,
                                    .host = request->host, .port = (int)request->port};
    char message[512];
    server *s = NULL;
    sigset_t ends;
    struct stat facts;
    for (int i = 0; i < args->count; i++)
        if (stat(args->item[i], &facts) != 0 || !S_ISDIR(facts.st_mode))
            return cli_fail(args->json, CLI_IO, "%s is no folder", args->item[i]);
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT), sigaddset(&ends, SIGTERM), sigaddset(&ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before any thread: all inherit it, and sigwait() alone takes them */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN); /* the browser's opener leaves no zombie */
    if (!server_start(&s, &options, message))
        return cli_fail(args->json, CLI_IO, "%s", message);
    int code = tell_start(s, request, args);
    if (code == CLI_DONE && !request->no_browser && !args->json && has_screen())
        open_browser(server_ticket_url(s));
    if (code == CLI_DONE)
        wait_for_end(&ends, args->quiet);
    server_stop(s);
    return code;
}

int cmd_serve(int argc, char **argv)
{
    serve_request request = {.host = "127.0.0.1"};
    const cli_option options[] = {
        {"port", CLI_COUNT, &request.port, "N", "where it listens (default: any free port)", 65535},
        {"host", CLI_TEXT, &request.host, "ADDR", "on which address (default: 127.0.0.1, this machine alone)", 0},
        {"no-browser", CLI_FLAG, &request.no_browser, NULL, "print the address, open nothing", 0},
    };
    const cli_syntax syntax = {
        .name = "serve",
        .arguments = "[FOLDER...]",
        .about = "The app: opens the browser on the scenarios in these folders (default: the one you are in), to edit, check, "
                 "run and compare them. Files stay plain files; runs are kept in SCENARIO/out/runs. The address that is "
                 "printed carries a secret: who has it can change the scenarios (docs/serve.md).",
        .example = "entente serve scenarios",
        .option = options,
        .n_options = sizeof options / sizeof options[0],
        .least = 0,
        .most = 50,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    code = serve(&request, &args);
    cli_args_free(&args);
    return code;
}

#else

int cmd_serve(int argc, char **argv)
{
    const cli_syntax syntax = {
        .name = "serve",
        .arguments = "[FOLDER...]",
        .about = "The app in the browser. This program was built without it: install libmicrohttpd-dev and build again.",
        .example = "entente serve scenarios",
        .least = 0,
        .most = 50,
    };
    cli_args args;
    int code = cli_parse(&args, &syntax, argc, argv);
    if (code != CLI_GO)
        return code;
    code = cli_fail(args.json, CLI_USAGE, "this program was built without the app: install libmicrohttpd-dev and build again");
    cli_args_free(&args);
    return code;
}

#endif
