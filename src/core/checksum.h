/* A checksum of bytes that come piece by piece, at the speed of memory: it tells damage by accident (a write that was
 * torn, a bit that fell over), not forgery.
 *
 * Four lanes take the 64-bit words in turn: lane = rotate(lane xor word, 29) * odd. For a given lane each word leads to
 * another lane, so a change in one word always shows; changes that cancel need 64 bits to fall right. */
#ifndef ENT_SRC_CHECKSUM_H
#define ENT_SRC_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

typedef struct ent__checksum {
    uint64_t lane[4];
    uint64_t length;
    unsigned char rest[32]; /* length % 32 bytes not yet taken in */
} ent__checksum;

void ent__checksum_begin(ent__checksum *sum);
void ent__checksum_add(ent__checksum *sum, const void *bytes, size_t length);
/* The checksum of all so far, the same on every little-endian machine; more may be added afterwards. */
void ent__checksum_end(unsigned char out[32], const ent__checksum *sum);

#endif
