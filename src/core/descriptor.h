/* open, fsync and close that a signal does not turn into a failure. A signal may come at any moment (Ctrl-C, a timer of
 * the caller's), and on slow or networked disks it interrupts calls. */
#ifndef ENT_SRC_DESCRIPTOR_H
#define ENT_SRC_DESCRIPTOR_H

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static inline int ent__open(const char *path, int flags)
{
    int descriptor;
    do
        descriptor = open(path, flags | O_CLOEXEC, 0666);
    while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

static inline int ent__sync(int descriptor, int sync(int))
{
    int done;
    do
        done = sync(descriptor);
    while (done != 0 && errno == EINTR);
    return done;
}

/* After EINTR the descriptor is closed (Linux, BSD) or in an unknown state: never to be closed again, and with all
 * bytes synced before, nothing is lost. */
static inline int ent__close(int descriptor)
{
    int done = close(descriptor);
    return done != 0 && errno == EINTR ? 0 : done;
}

#endif
