/* entente run --mpi: every process makes one part of the run, the first puts them together.
 *
 * The first process compiles the scenario and hands the plan to all. While they work, the others tell it every second
 * how far they are; who is silent for too long is taken for dead. Parts are merged in their order, so that what came
 * before a part that is lost is kept. */
#include "run.h"

#ifndef ENTENTE_MPI

int mpi_run(run_request *request, const cli_args *args)
{
    (void)request;
    return cli_fail(args->json, CLI_USAGE, "this entente was built without MPI: build it with `meson setup -Dmpi=enabled`, or make "
                                           "parts by --shard K/M and put them together by `entente merge`");
}

#else

#include <mpi.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TAG_FAR = 1, TAG_STOP, TAG_END, TAG_BYTES };

typedef struct ending { /* what a process says when it has ended */
    int64_t length;     /* of the part that follows; 0: none */
    int32_t status, whole; /* whole: all of its share */
    char message[512], host[64];
} ending;

typedef struct member {
    int64_t done;       /* draws */
    double heard;       /* when it last said something */
    bool ended;
    ending ending;
    unsigned char *bytes;
} member;

typedef struct team {
    int rank, size;
    run_request *request;
    const cli_args *args;
    ent_plan *plan;
    ent_run_options options;
    cli_progress progress;
    int64_t far;        /* what was last sent of how far this one is */
    double told;
    run_keep keep;
    char *folder;
    MPI_Request sending;
    bool is_sending, stopped;
    member *member;     /* of the first process */
} team;

/* --- bytes of any length ----------------------------------------------------------------------------- */

enum { CHUNK = 1 << 28 };

static void send_bytes(const unsigned char *bytes, int64_t length, int to)
{
    for (int64_t at = 0; at < length; at += CHUNK)
        MPI_Send(bytes + at, (int)(length - at < CHUNK ? length - at : CHUNK), MPI_BYTE, to, TAG_BYTES, MPI_COMM_WORLD);
}

static bool receive_bytes(unsigned char *bytes, int64_t length, int from)
{
    for (int64_t at = 0; at < length; at += CHUNK)
        if (MPI_Recv(bytes + at, (int)(length - at < CHUNK ? length - at : CHUNK), MPI_BYTE, from, TAG_BYTES, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return false;
    return true;
}

static void share_bytes(unsigned char *bytes, int64_t length)
{
    for (int64_t at = 0; at < length; at += CHUNK)
        MPI_Bcast(bytes + at, (int)(length - at < CHUNK ? length - at : CHUNK), MPI_BYTE, 0, MPI_COMM_WORLD);
}

/* --- the plan: compiled once ------------------------------------------------------------------------- */

/* CLI_GO, or the exit code for all. */
static int share_plan(team *t)
{
    unsigned char *bytes = NULL;
    size_t length = 0;
    ent_error err = {0};
    int64_t head[2] = {CLI_GO, 0};
    int code = CLI_GO;
    if (t->rank == 0) {
        t->plan = cli_plan(t->request->scenario, &t->request->set, t->args, &code);
        if (t->plan != NULL)
            code = ent_plan_save(&bytes, &length, t->plan, &err) == ENT_OK ? CLI_GO : cli_fail_error(t->args->json, &err);
        head[0] = code;
        head[1] = (int64_t)length;
    }
    MPI_Bcast(head, 2, MPI_INT64_T, 0, MPI_COMM_WORLD);
    code = (int)head[0];
    if (code == CLI_GO && t->rank != 0) {
        bytes = malloc((size_t)head[1]);
        if (bytes == NULL)
            MPI_Abort(MPI_COMM_WORLD, CLI_IO);
    }
    if (code == CLI_GO)
        share_bytes(bytes, head[1]);
    if (code == CLI_GO && t->rank != 0 && ent_plan_load(&t->plan, bytes, (size_t)head[1], &err) != ENT_OK) {
        fprintf(stderr, "entente: process %d: %s\n", t->rank, err.message);
        MPI_Abort(MPI_COMM_WORLD, CLI_IO);
    }
    if (t->rank == 0)
        ent_bytes_free(bytes);
    else
        free(bytes);
    return code;
}

/* --- while they work --------------------------------------------------------------------------------- */

/* Says how far this process is, unless what it said before is still on its way. */
static void say_how_far(team *t, int64_t done, double now)
{
    if (t->is_sending) {
        int gone = 0;
        MPI_Test(&t->sending, &gone, MPI_STATUS_IGNORE);
        if (!gone)
            return;
        t->is_sending = false;
    }
    if (now - t->told < 1)
        return;
    t->told = now;
    t->far = done;
    t->is_sending = MPI_Isend(&t->far, 1, MPI_INT64_T, 0, TAG_FAR, MPI_COMM_WORLD, &t->sending) == MPI_SUCCESS;
}

static int on_progress_of_member(const ent_progress *at, void *payload)
{
    team *t = payload;
    int asked = 0;
    say_how_far(t, at->done, cli_seconds());
    MPI_Iprobe(0, TAG_STOP, MPI_COMM_WORLD, &asked, MPI_STATUS_IGNORE);
    if (asked)
        MPI_Recv(NULL, 0, MPI_BYTE, 0, TAG_STOP, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    t->stopped = t->stopped || asked || cli_interrupted();
    return t->stopped;
}

/* Listens to the others: how far they are. */
static void listen(team *t)
{
    for (;;) {
        int there = 0;
        MPI_Status from;
        MPI_Iprobe(MPI_ANY_SOURCE, TAG_FAR, MPI_COMM_WORLD, &there, &from);
        if (!there)
            return;
        MPI_Recv(&t->member[from.MPI_SOURCE].done, 1, MPI_INT64_T, from.MPI_SOURCE, TAG_FAR, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        t->member[from.MPI_SOURCE].heard = cli_seconds();
    }
}

static void stop_all(team *t)
{
    for (int r = 1; r < t->size && !t->stopped; r++) {
        MPI_Request sent;
        if (!t->member[r].ended && MPI_Isend(NULL, 0, MPI_BYTE, r, TAG_STOP, MPI_COMM_WORLD, &sent) == MPI_SUCCESS)
            MPI_Request_free(&sent);
    }
    t->stopped = true;
}

static void show(team *t)
{
    ent_progress all = {0, ent_plan_draws(t->plan, &t->options)};
    for (int r = 0; r < t->size; r++)
        all.done += t->member[r].done;
    if (cli_on_progress(&all, &t->progress) != 0)
        stop_all(t);
}

static int on_progress_of_first(const ent_progress *at, void *payload)
{
    team *t = payload;
    t->member[0].done = at->done;
    listen(t);
    show(t);
    return t->stopped;
}

/* --- one part each ----------------------------------------------------------------------------------- */

/* Threads where none were asked for: the cores of the machine by the processes on it. */
static int32_t threads_of_one(void)
{
    MPI_Comm machine;
    int here = 1;
    if (MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine) == MPI_SUCCESS) {
        MPI_Comm_size(machine, &here);
        MPI_Comm_free(&machine);
    }
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores > here ? (int32_t)(cores / here) : 1;
}

static void make_part(team *t, ending *out, unsigned char **bytes)
{
    int64_t first, blocks, draws = ent_plan_draws(t->plan, &t->options);
    size_t length = 0;
    ent_error err = {0};
    memset(out, 0, sizeof *out);
    ent_part_share(&first, &blocks, draws, t->rank, t->size);
    if (gethostname(out->host, sizeof out->host - 1) != 0)
        strcpy(out->host, "a machine without a name");
    ent_part_facts facts = {0};
    out->whole = true;
    if (blocks == 0)
        return;
    out->status = run_keep_open(&t->keep, t->request, t->rank + 1, t->size, t->folder, true, &t->options, &err);
    if (out->status == ENT_OK)
        out->status = ent_part_run(bytes, &length, t->plan, first, blocks, false, &t->options, &err);
    run_keep_tell(&t->keep);
    run_keep_failed(&t->keep, t->request, &err);
    if (out->status == ENT_OK)
        out->status = ent_part_read(&facts, *bytes, length, &err);
    out->whole = facts.draws == (draws < (first + blocks) * ENT_PART_BLOCK ? draws : (first + blocks) * ENT_PART_BLOCK) - facts.first;
    out->length = (int64_t)length;
    snprintf(out->message, sizeof out->message, "%.200s%s%.300s", err.file, err.file[0] != 0 ? ": " : "", err.message);
}

static void hand_in(team *t)
{
    unsigned char *bytes = NULL;
    ending end;
    make_part(t, &end, &bytes);
    if (t->is_sending)
        MPI_Wait(&t->sending, MPI_STATUS_IGNORE);
    MPI_Send(&end, (int)sizeof end, MPI_BYTE, 0, TAG_END, MPI_COMM_WORLD);
    send_bytes(bytes, end.length, 0);
    ent_bytes_free(bytes);
}

/* --- the first process ------------------------------------------------------------------------------- */

/* The next end of a process, if one has come. False where its part does not fit in memory. */
static bool receive_end(team *t)
{
    int there = 0;
    MPI_Status from;
    MPI_Iprobe(MPI_ANY_SOURCE, TAG_END, MPI_COMM_WORLD, &there, &from);
    if (!there)
        return true;
    member *m = &t->member[from.MPI_SOURCE];
    MPI_Recv(&m->ending, (int)sizeof m->ending, MPI_BYTE, from.MPI_SOURCE, TAG_END, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    m->bytes = malloc((size_t)m->ending.length + 1);
    if (m->bytes == NULL || !receive_bytes(m->bytes, m->ending.length, from.MPI_SOURCE))
        return false;
    m->ended = true;
    m->heard = cli_seconds();
    return true;
}

/* Merges parts in their order as far as they are there; after one that is not whole, none. *next: the first that is not
 * merged. */
static ent_status merge_some(team *t, ent_merge *merge, int *next, ent_error *err)
{
    while (*next < t->size && t->member[*next].ended) {
        member *m = &t->member[*next];
        char name[128];
        snprintf(name, sizeof name, "process %d (%s)", *next, m->ending.host);
        ent_status status = m->ending.status == ENT_ERR_INTERRUPTED ? ENT_OK : (ent_status)m->ending.status;
        if (status != ENT_OK) {
            err->status = status;
            snprintf(err->file, sizeof err->file, "%s", name);
            snprintf(err->message, sizeof err->message, "%s", m->ending.message);
        } else if (m->ending.length > 0) {
            status = ent_merge_add(merge, m->bytes, (size_t)m->ending.length, name, err);
        }
        free(m->bytes);
        m->bytes = NULL;
        if (status != ENT_OK)
            return status;
        *next = m->ending.whole ? *next + 1 : t->size;
    }
    return ENT_OK;
}

/* The first process of which nothing was heard for too long, or -1. */
static int find_silent(const team *t)
{
    for (int r = 1; r < t->size; r++)
        if (!t->member[r].ended && cli_seconds() - t->member[r].heard > (double)t->request->patience)
            return r;
    return -1;
}

static bool all_ended(const team *t)
{
    for (int r = 0; r < t->size; r++)
        if (!t->member[r].ended)
            return false;
    return true;
}

/* Until all have ended, or one is lost. */
static ent_status gather(team *t, ent_merge *merge, ent_error *err)
{
    int next = 0;
    ent_status status = merge_some(t, merge, &next, err);
    while (status == ENT_OK && !all_ended(t)) {
        struct timespec moment = {0, 5000000};
        listen(t);
        show(t);
        if (!receive_end(t)) {
            err->status = status = ENT_ERR_MEMORY;
            break;
        }
        status = merge_some(t, merge, &next, err);
        int silent = find_silent(t);
        if (status == ENT_OK && silent >= 0) {
            err->status = status = ENT_ERR_IO;
            snprintf(err->message, sizeof err->message, "nothing was heard of process %d for %lld seconds: it is taken for lost",
                     silent, (long long)t->request->patience);
        }
        nanosleep(&moment, NULL);
    }
    return status;
}

static int lead(team *t)
{
    ent_error err = {0}, why = {0};
    ent_results *results = NULL;
    ent_merge *merge = NULL;
    ent_status status = ent_merge_create(&merge, t->plan, &err);
    make_part(t, &t->member[0].ending, &t->member[0].bytes);
    t->member[0].ended = true;
    for (int r = 1; r < t->size; r++)
        t->member[r].heard = cli_seconds();
    if (status == ENT_OK)
        status = gather(t, merge, &err);
    if (status != ENT_OK)
        stop_all(t);
    cli_progress_end(&t->progress);
    ent_status whole = merge != NULL ? ent_merge_results(&results, &merge, true, &why) : status;
    int code = CLI_DONE;
    if (status != ENT_OK)
        code = cli_fail_error(t->args->json && results == NULL, &err);
    else if (whole != ENT_OK)
        code = t->stopped ? cli_fail(t->args->json, CLI_INTERRUPTED, "stopped before the first draws were done; nothing was written")
                          : cli_fail_error(t->args->json, &why);
    if (results != NULL) {
        int told = run_tell(results, t->request->scenario, t->request->csv, t->args, t->folder);
        code = code == CLI_DONE ? told : code;
    }
    ent_results_free(results);
    ent_merge_free(merge);
    if (status != ENT_OK) /* who waits for the dead waits for ever */
        MPI_Abort(MPI_COMM_WORLD, code);
    return code;
}

static int work(team *t)
{
    int code = share_plan(t);
    if (code != CLI_GO)
        return code;
    t->options = run_options(t->request, t->args, &t->progress);
    if (t->options.jobs == 0)
        t->options.jobs = threads_of_one();
    t->options.progress = t->rank == 0 ? on_progress_of_first : on_progress_of_member;
    t->options.payload = t;
    cli_catch_interrupts();
    t->folder = run_folder(t->request);
    t->member = calloc((size_t)t->size, sizeof *t->member);
    if (t->member == NULL || t->folder == NULL)
        MPI_Abort(MPI_COMM_WORLD, cli_fail(t->args->json, CLI_IO, "not enough memory"));
    if (t->rank == 0)
        code = lead(t);
    else
        hand_in(t);
    MPI_Bcast(&code, 1, MPI_INT, 0, MPI_COMM_WORLD);
    run_keep_close(&t->keep, code == CLI_DONE);
    for (int r = 0; r < t->size; r++)
        free(t->member[r].bytes);
    free(t->member);
    free(t->folder);
    return code;
}

int mpi_run(run_request *request, const cli_args *args)
{
    int provided = 0;
    cli_args quiet = *args;
    if (MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS)
        return cli_fail(args->json, CLI_IO, "MPI cannot be started");
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    team t = {.request = request, .args = args};
    MPI_Comm_rank(MPI_COMM_WORLD, &t.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &t.size);
    quiet.quiet = true;
    t.args = t.rank == 0 ? args : &quiet;
    int code = work(&t);
    ent_plan_free(t.plan);
    MPI_Finalize();
    return code;
}

#endif
