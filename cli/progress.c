/* Progress on one line of a terminal, and what Ctrl-C does: the first stops the run after the draws under way, the
 * second leaves at once. */
#include "cli.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t asked_to_stop; /* written by the handler alone */

static void on_signal(int number)
{
    (void)number;
    if (asked_to_stop)
        _exit(CLI_INTERRUPTED);
    asked_to_stop = 1;
}

void cli_catch_interrupts(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool cli_interrupted(void) { return asked_to_stop != 0; }

double cli_seconds(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void erase(const cli_progress *progress)
{
    fprintf(stderr, "\r%*s\r", progress->style.width > 1 ? progress->style.width - 1 : 0, "");
}

static void show(cli_progress *progress, const ent_progress *at, double now)
{
    char done[32], total[32], line[160];
    double passed = now - progress->start, speed = passed > 0 ? (double)at->done / passed : 0;
    double left = speed > 0 ? (double)(at->total - at->done) / speed : 0;
    cli_grouped(done, at->done);
    cli_grouped(total, at->total);
    int used = snprintf(line, sizeof line, "%s of %s draws", done, total);
    if (passed > 0.5 && at->done > 0) {
        cli_grouped(done, (int64_t)speed);
        snprintf(line + used, sizeof line - (size_t)used, "   %s a second   %lld:%02d left", done,
                 (long long)(left / 60), (int)(left - 60 * (double)(long long)(left / 60)));
    }
    erase(progress);
    fprintf(stderr, "%.*s", progress->style.width - 1, line);
    fflush(stderr);
    progress->shown = true;
}

int cli_on_progress(const ent_progress *at, void *payload)
{
    cli_progress *progress = payload;
    if (asked_to_stop) {
        if (progress->visible && !progress->told) {
            erase(progress);
            fputs("stopping after the draws under way; Ctrl-C again leaves at once", stderr);
            fflush(stderr);
            progress->told = progress->shown = true;
        }
        return 1;
    }
    double now = cli_seconds();
    if (progress->visible && now - progress->start > 0.3)
        show(progress, at, now);
    return 0;
}

void cli_progress_end(cli_progress *progress)
{
    if (progress->shown)
        erase(progress);
    fflush(stderr);
}
