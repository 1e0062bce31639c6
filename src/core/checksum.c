/* Stripes of 32 bytes, one word a lane; at the end each lane is mixed with the length and the lanes before it. */
#include "core/checksum.h"

#include <string.h>

static uint64_t turn(uint64_t x, int n) { return x << n | x >> (64 - n); }

/* Odd, with bits all over: the fractional parts of the square roots of 2, 3, 5 and 7, the first one up by 1. */
static const uint64_t odd[4] = {0x6a09e667f3bcc909, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1};

static void take(uint64_t lane[4], const unsigned char *stripe)
{
    uint64_t word[4];
    memcpy(word, stripe, sizeof word);
    for (int k = 0; k < 4; k++)
        lane[k] = turn(lane[k] ^ word[k], 29) * odd[k];
}

void ent__checksum_begin(ent__checksum *sum)
{
    *sum = (ent__checksum){.lane = {1, 2, 3, 4}};
}

void ent__checksum_add(ent__checksum *sum, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    size_t held = (size_t)(sum->length % sizeof sum->rest);
    sum->length += length;
    if (held > 0) {
        size_t fits = length < sizeof sum->rest - held ? length : sizeof sum->rest - held;
        memcpy(sum->rest + held, at, fits);
        at += fits;
        length -= fits;
        if (held + fits < sizeof sum->rest)
            return;
        take(sum->lane, sum->rest);
    }
    uint64_t lane[4];
    memcpy(lane, sum->lane, sizeof lane);
    for (; length >= sizeof sum->rest; at += sizeof sum->rest, length -= sizeof sum->rest)
        take(lane, at);
    memcpy(sum->lane, lane, sizeof lane);
    if (length > 0)
        memcpy(sum->rest, at, length);
}

void ent__checksum_end(unsigned char out[32], const ent__checksum *sum)
{
    uint64_t lane[4];
    unsigned char last[32] = {0};
    memcpy(lane, sum->lane, sizeof lane);
    memcpy(last, sum->rest, (size_t)(sum->length % sizeof last));
    take(lane, last);
    for (int round = 0; round < 3; round++)
        for (int k = 0; k < 4; k++) {
            lane[k] = (lane[k] ^ sum->length ^ turn(lane[(k + 3) & 3], 17)) * odd[k];
            lane[k] ^= lane[k] >> 32;
        }
    memcpy(out, lane, sizeof lane);
}
