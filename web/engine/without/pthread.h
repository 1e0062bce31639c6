/* What the engine's sources use of POSIX threads, where there are none: in the browser. No thread can be made, so the
 * caller works alone (src/ensemble/crew.c), and a lock has nobody to keep out. */
#ifndef ENT_WITHOUT_PTHREAD_H
#define ENT_WITHOUT_PTHREAD_H

#include <errno.h>
#include <time.h>

typedef int pthread_t, pthread_mutex_t, pthread_cond_t, pthread_condattr_t;
#define PTHREAD_MUTEX_INITIALIZER 0
#define PTHREAD_COND_INITIALIZER 0

static inline int pthread_mutex_lock(pthread_mutex_t *lock) { return (void)lock, 0; }
static inline int pthread_mutex_unlock(pthread_mutex_t *lock) { return (void)lock, 0; }
static inline int pthread_condattr_init(pthread_condattr_t *attributes) { return *attributes = 0; }
static inline int pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock) { return (void)attributes, (void)clock, 0; }
static inline int pthread_condattr_destroy(pthread_condattr_t *attributes) { return (void)attributes, 0; }
static inline int pthread_cond_init(pthread_cond_t *change, const pthread_condattr_t *attributes) { return (void)attributes, *change = 0; }
static inline int pthread_cond_destroy(pthread_cond_t *change) { return (void)change, 0; }
static inline int pthread_cond_signal(pthread_cond_t *change) { return (void)change, 0; }
static inline int pthread_cond_broadcast(pthread_cond_t *change) { return (void)change, 0; }
static inline int pthread_cond_wait(pthread_cond_t *change, pthread_mutex_t *lock) { return (void)change, (void)lock, 0; }
static inline int pthread_cond_timedwait(pthread_cond_t *change, pthread_mutex_t *lock, const struct timespec *until)
{
    return (void)change, (void)lock, (void)until, 0;
}
static inline int pthread_create(pthread_t *thread, const void *attributes, void *(*main)(void *), void *payload)
{
    return (void)thread, (void)attributes, (void)main, (void)payload, EAGAIN;
}
static inline int pthread_join(pthread_t thread, void **result) { return (void)thread, (void)result, ESRCH; }

#endif
