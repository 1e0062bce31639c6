/* Between http.c (connections, who may ask, how an answer goes out) and routes.c (what is answered). */
#ifndef ENT_SERVER_HTTP_H
#define ENT_SERVER_HTTP_H

#include "folder.h"
#include "jobs.h"
#include "server.h"

#include <pthread.h>

typedef struct http_request {
    const char *method, *path; /* path: %-decoded, without the query */
    const char *body;
    size_t length;
    const char *if_match, *if_none_match, *type, *file; /* headers, and ?file=; NULL where not given */
} http_request;

typedef enum stream_kind { STREAM_NONE, STREAM_JOB, STREAM_FOLDER } stream_kind;

typedef struct reply {
    int status;
    const char *type;     /* of the content; NULL: JSON */
    text body;
    int file;             /* sent instead of the body where >= 0; closed by http.c */
    const char *download; /* the name under which a browser saves it; NULL: shown */
    bool is_report;       /* a page with scripts of its own: kept in a sandbox */
    char tag[48];
    stream_kind stream;
    char subject[MOST_PATH]; /* of the stream: a job's id, a folder's path */
} reply;

struct server {
    pthread_mutex_t lock;   /* of what follows down to the gap */
    places places;
    size_t bodies;
    int checks;
    pthread_cond_t checked; /* one of them is done */

    pthread_mutex_t writing; /* one file at a time */
    server_options options;
    jobs *jobs;
    bool stopping;           /* atomic */
    struct http *http;
};

/* The answer to a request that may be asked. */
void answer(server *s, const http_request *r, reply *out);
/* {"error": message} */
void refuse(reply *out, int status, const char *format, ...) ENT_PRINTF(3, 4);
/* How much body a request may have. */
size_t most_body(const char *method, const char *path);
/* The state of a scenario's files, as an event tells it. */
bool files_json(text *out, const char *path);
bool server_is_stopping(server *s);
bool server_scan(server *s);

#endif
