/* Counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011).
 *
 * A number depends on (seed, stream, draw) alone, never on what was drawn before, so any thread, process or browser
 * can make any draw. A stream is the hash of a qualified name and a purpose. */
#ifndef ENT_SRC_RANDOM_H
#define ENT_SRC_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* One block: out = Philox4x32-10(counter, key), as in the paper's known answers. */
void ent__philox(uint32_t out[4], const uint32_t counter[4], const uint32_t key[2]);

/* The stream of a name ("us_stake", "enlargement.position[us]") for a purpose ("value", "expert", "event"):
 * ent__hash of 16 bytes, ent__hash(name) and ent__hash(purpose), each low byte first. */
uint64_t ent__stream(const char *name, size_t length, const char *purpose);

/* Uniform in the open interval (0, 1), 52 bits, never 0 or 1: ((bits >> 12) + 1/2) / 2^52, of draw number `draw`.
 * (53 bits and a half do not fit a double: the largest would round to 1.)
 * Key: seed (low word first). Counter: draw / 2 (64 bits), stream (64 bits); draw & 1 picks half of the block. */
double ent__uniform(uint64_t seed, uint64_t stream, uint64_t draw);
/* The same for draws first .. first + n - 1. */
void ent__uniform_many(double *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first);
/* A stream further keyed by round and actor, for stochastic models: the first 64 bits of the block with the stream as
 * key and round (64 bits) and actor (64 bits) as counter, low words first. */
uint64_t ent__stream_step(uint64_t stream, uint64_t round, uint64_t actor);

#endif
