/* Philox4x32-10, a keyed bijection of 128-bit counters (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011). One round, with hi and lo the halves of a 32 x 32 -> 64 bit product:
 *
 *     (c0, c1, c2, c3) -> (hi(M1 c2) ^ c1 ^ k0, lo(M1 c2), hi(M0 c0) ^ c3 ^ k1, lo(M0 c0))
 *
 * ten times, the key growing by (W0, W1) between rounds. */
#include "core/random.h"
#include "core/core.h"

#include <string.h>

#define M0 UINT64_C(0xd2511f53)
#define M1 UINT64_C(0xcd9e8d57)
#define W0 UINT32_C(0x9e3779b9) /* golden ratio */
#define W1 UINT32_C(0xbb67ae85) /* sqrt(3) - 1 */

void ent__philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t a = M0 * c0, b = M1 * c2;
        c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)b;
        c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)a;
        k0 += W0;
        k1 += W1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static void store64(unsigned char *to, uint64_t x)
{
    for (int i = 0; i < 8; i++)
        to[i] = (unsigned char)(x >> 8 * i);
}

/* ent__hash of 16 bytes: ent__hash(name), then ent__hash(purpose), each low byte first. */
uint64_t ent__stream(const char *name, size_t length, const char *purpose)
{
    unsigned char both[16];
    store64(both, ent__hash(name, length));
    store64(both + 8, ent__hash(purpose, strlen(purpose)));
    return ent__hash((const char *)both, sizeof both);
}

/* The first 64 bits of the block with the stream as key and (round, actor) as counter. */
uint64_t ent__stream_step(uint64_t stream, uint64_t round, uint64_t actor)
{
    uint32_t out[4];
    ent__philox(out, (uint32_t[4]){(uint32_t)round, (uint32_t)(round >> 32), (uint32_t)actor, (uint32_t)(actor >> 32)},
                (uint32_t[2]){(uint32_t)stream, (uint32_t)(stream >> 32)});
    return out[0] | (uint64_t)out[1] << 32;
}

/* 52 bits and a half: exact in a double, so neither 0 nor 1 can come of rounding. */
static double unit(uint32_t low, uint32_t high)
{
    return ((double)(int64_t)((low | (uint64_t)high << 32) >> 12) + 0.5) * 0x1p-52;
}

static void block(uint32_t out[4], uint64_t seed, uint64_t stream, uint64_t at)
{
    ent__philox(out, (uint32_t[4]){(uint32_t)at, (uint32_t)(at >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)},
                (uint32_t[2]){(uint32_t)seed, (uint32_t)(seed >> 32)});
}

double ent__uniform(uint64_t seed, uint64_t stream, uint64_t draw)
{
    uint32_t out[4];
    block(out, seed, stream, draw / 2);
    return draw & 1 ? unit(out[2], out[3]) : unit(out[0], out[1]);
}

void ent__uniform_many(double *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    size_t i = 0;
    if (n > 0 && (first & 1))
        out[i++] = ent__uniform(seed, stream, first);
    for (; i + 1 < n; i += 2) {
        uint32_t bits[4];
        block(bits, seed, stream, (first + i) / 2);
        out[i] = unit(bits[0], bits[1]);
        out[i + 1] = unit(bits[2], bits[3]);
    }
    if (i < n)
        out[i] = ent__uniform(seed, stream, first + i);
}
