/* What the engine's sources use of resource limits, where there are none: in the browser. */
#ifndef ENT_WITHOUT_RESOURCE_H
#define ENT_WITHOUT_RESOURCE_H

#include <stdint.h>

typedef uint64_t rlim_t;
struct rlimit { rlim_t rlim_cur, rlim_max; };
#define RLIM_INFINITY UINT64_MAX
#define RLIMIT_AS 9

static inline int getrlimit(int resource, struct rlimit *limit)
{
    (void)resource;
    limit->rlim_cur = limit->rlim_max = RLIM_INFINITY;
    return 0;
}

#endif
