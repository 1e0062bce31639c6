/* What this machine can do at best: bench_clock prints, a line each, the clock in GHz by a chain of multiplications that each wait
 * for the one before (three cycles each on the x86-64 of the last ten years), then how many of a kind of instruction it does in a
 * cycle where none waits for another: any at all, integer, floating-point additions, multiplications, loads, stores; and how many
 * cycles a division, a square root of two doubles and a division of integers keep it busy. */
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
#define TWELVE(op) op "0\n\t" op "1\n\t" op "2\n\t" op "3\n\t" op "4\n\t" op "5\n\t" op "6\n\t" op "7\n\t" op "8\n\t" op "9\n\t" op "10\n\t" op "11\n\t"
#define SIX(a, b, c, x, y, z)                                                                                          \
    "add %6, %" a "\n\taddpd %%xmm12, %%xmm" x "\n\tmovapd (%7), %%xmm" z "\n\tadd %6, %" b "\n\tmulpd %%xmm12, %%xmm" y "\n\tadd %6, %" c "\n\t"
#define VECTORS "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "memory"

enum { LOOPS = 100000, AGAIN = 9 };

/* The least seconds for LOOPS times the instructions. */
#define BEST(seconds, code, ...)                                                                                      \
    do {                                                                                                               \
        (seconds) = 1e9;                                                                                               \
        for (int again = 0; again < AGAIN; again++) {                                                                  \
            const double start = now();                                                                                \
            for (int i = 0; i < LOOPS; i++)                                                                            \
                __asm__ volatile(code __VA_ARGS__);                                                                    \
            const double passed = now() - start;                                                                         \
            (seconds) = passed < (seconds) ? passed : (seconds);                                                           \
        }                                                                                                              \
    } while (0)

static void rate(const char *name, double instructions, double seconds, double hertz)
{
    printf("%s %.3f\n", name, instructions * LOOPS / (seconds * hertz));
}

int main(void)
{
    static _Alignas(16) double room[64] = {1};
    uint64_t a = 1, b = 2, c = 3, d = 4, e = 5, f = 6;
    const uint64_t step = 7;
    double took;
    BEST(took, TEN(TEN("imul %0, %0\n\t")), : "+r"(a));
    const double hertz = 300.0 * LOOPS / took;
    printf("clock %.4f\n", hertz * 1e-9);
    BEST(took, "xorps %%xmm12, %%xmm12\n\t" TEN(SIX("0", "1", "2", "0", "1", "8") SIX("3", "4", "5", "2", "3", "9") SIX("0", "1", "2", "4", "5", "10")
                                                 SIX("3", "4", "5", "6", "7", "11")),
         : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f) : "r"(step), "r"(room) : VECTORS);
    rate("any", 240, took, hertz);
    BEST(took, TEN("add %6, %0\n\tadd %6, %1\n\tadd %6, %2\n\tadd %6, %3\n\tadd %6, %4\n\tadd %6, %5\n\t"),
         : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f) : "r"(step));
    rate("integer", 60, took, hertz);
    BEST(took, "xorps %%xmm12, %%xmm12\n\t" TEN(TWELVE("addpd %%xmm12, %%xmm")), : : : VECTORS);
    rate("add", 120, took, hertz);
    BEST(took, "xorps %%xmm12, %%xmm12\n\t" TEN(TWELVE("mulpd %%xmm12, %%xmm")), : : : VECTORS);
    rate("multiply", 120, took, hertz);
    BEST(took, TEN(TWELVE("movapd (%0), %%xmm")), : : "r"(room) : VECTORS);
    rate("load", 120, took, hertz);
    BEST(took, TEN("movapd %%xmm0, (%0)\n\tmovapd %%xmm0, 16(%0)\n\tmovapd %%xmm0, 32(%0)\n\tmovapd %%xmm0, 48(%0)\n\t"), : : "r"(room) : VECTORS);
    rate("store", 40, took, hertz);
    BEST(took, "movapd (%0), %%xmm12\n\tunpcklpd %%xmm12, %%xmm12\n\t" TWELVE("movapd %%xmm12, %%xmm") TWELVE("divpd %%xmm12, %%xmm"), : : "r"(room) : VECTORS);
    printf("divide %.3f\n", took * hertz / (12.0 * LOOPS));
    BEST(took, "movapd (%0), %%xmm12\n\t" TWELVE("sqrtpd %%xmm12, %%xmm"), : : "r"(room) : VECTORS);
    printf("root %.3f\n", took * hertz / (12.0 * LOOPS));
    BEST(took, TEN("mov $1000003, %%eax\n\txor %%edx, %%edx\n\tdivq %0\n\t"), : : "r"(step) : "rax", "rdx");
    printf("integer_divide %.3f\n", took * hertz / (10.0 * LOOPS));
    return 0;
}
