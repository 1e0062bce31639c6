/* What this machine can do at best: bench_clock prints the clock in GHz, by a chain of multiplications that each wait for the one
 * before (three cycles each on the x86-64 of the last ten years; additions are too easily folded), and the most instructions a
 * cycle, of additions that wait for nothing. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#define TEN(x) x x x x x x x x x x

int main(void)
{
    enum { LOOPS = 2000000 };
    double chain = 1e9, wide = 1e9;
    for (int again = 0; again < 7; again++) {
        const uint64_t start_bits = (uint64_t)again + 3;
        uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8;
        double start = now();
        for (int i = 0; i < LOOPS; i++)
            __asm__ volatile(TEN(TEN("imul %0, %0\n\t")) : "+r"(a));
        double middle = now();
        for (int i = 0; i < LOOPS; i++)
            __asm__ volatile(TEN("add %8, %0\n\tadd %8, %1\n\tadd %8, %2\n\tadd %8, %3\n\tadd %8, %4\n\tadd %8, %5\n\tadd %8, %6\n\tadd %8, %7\n\tadd %8, %0\n\tadd %8, %4\n\t")
                             : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f), "+r"(g), "+r"(h)
                             : "r"(start_bits));
        double end = now();
        chain = middle - start < chain ? middle - start : chain;
        wide = end - middle < wide ? end - middle : wide;
    }
    double hertz = 300.0 * LOOPS / chain;
    printf("%.4f %.3f\n", hertz * 1e-9, 100.0 * LOOPS / (wide * hertz));
    return 0;
}
