/* The app's server: scenario folders, runs and comparisons over HTTP on this machine (docs/serve.md).
 *
 * It sees include/entente.h alone. One thread a connection (libmicrohttpd), one a run; nothing is kept between requests but
 * the table of jobs and the list of scenarios. */
#ifndef ENT_SERVER_H
#define ENT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct server server; /* opaque */

typedef struct server_options {
    const char *const *folder; /* scenarios, or folders of scenarios; borrowed until server_stop() */
    size_t n_folders;
    const char *host;          /* an address of this machine: "127.0.0.1" */
    int port;                  /* 0: any free one */
} server_options;

/* Listens; false with a message for people where it cannot. */
bool server_start(server **out, const server_options *options, char message[512]);
/* The address to open, the token in it. */
const char *server_url(const server *s);
/* The same with a ticket that is good once: for a browser's command line, which others on the machine can read. */
const char *server_ticket_url(const server *s);
int server_port(const server *s);
size_t server_scenarios(server *s); /* how many it found */
/* Asks runs to stop, saves what they have, answers nobody any more, frees all. */
void server_stop(server *s);

#endif
