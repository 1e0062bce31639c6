/* SHA-256 of bytes that come piece by piece. */
#ifndef ENT_SRC_SHA256_H
#define ENT_SRC_SHA256_H

#include <stddef.h>
#include <stdint.h>

typedef struct ent__sha256 {
    uint32_t state[8];
    uint64_t length;
    unsigned char rest[64]; /* length % 64 bytes not yet mixed in */
} ent__sha256;

void ent__sha256_begin(ent__sha256 *hash);
void ent__sha256_add(ent__sha256 *hash, const void *bytes, size_t length);
/* The hash of all so far; more may be added afterwards. */
void ent__sha256_end(unsigned char out[32], const ent__sha256 *hash);

#endif
