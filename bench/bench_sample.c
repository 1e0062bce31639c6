/* Times what an uncertain input costs: bench_sample N [RUNS] prints the best seconds for N draws of a normal input, uniform
 * and quantile, 64 at a time as a machine makes them. */
#include "core/distribution.h"
#include "core/random.h"
#include "entente/core.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    enum { LANES = 64 };
    if (argc < 2) {
        fprintf(stderr, "bench_sample N [RUNS]\n");
        return 2;
    }
    const long n = atol(argv[1]), runs = argc > 2 ? atol(argv[2]) : 50;
    ent__distribution d = {.kind = ENT__DIST_NORMAL, .p = {10, 3}, .low = -INFINITY, .high = INFINITY, .clamp_low = 0, .clamp_high = 20};
    ent_error err;
    if (ent__distribution_prepare(&d, &err) != ENT_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    double best = 1e9, u[LANES], x[LANES], sum = 0;
    for (long r = 0; r < runs; r++) {
        const double start = now();
        for (long first = 0; first < n; first += LANES) {
            ent__uniform_many(u, LANES, 7, (uint64_t)r, (uint64_t)first);
            ent__distribution_quantiles(x, u, LANES, &d);
            sum += x[0];
        }
        const double seconds = now() - start;
        best = seconds < best ? seconds : best;
    }
    fprintf(stderr, "%g\n", sum);
    printf("%.9f\n", best);
    return 0;
}
