/**
 * @file entente/seal.h
 * @brief Forecast records: what was said, when, from which scenario, so that it can be checked and graded later.
 *
 * A record is JSON, one entry a line, that ends with the SHA-256 of all bytes before it. The same scenario, version,
 * seed, draws and date give the same bytes.
 */
#ifndef ENTENTE_SEAL_H
#define ENTENTE_SEAL_H

#include "entente/results.h"

#ifdef __cplusplus
extern "C" {
#endif

/** SHA-256 of bytes, as 64 lower-case hexadecimal digits and a 0 (FIPS 180-4). */
ENT_API void ent_sha256(char out[65], const void *bytes, size_t length);

/**
 * The record of a run: scenario, hash, version, seed, draws and date; of each issue's outcome, each
 * quantity that is one number and each claim what is said with the document.
 * @param[out] text  the caller's: ent_bytes_free()
 * @param      date  "2025-12-05"
 * @return ENT_OK; ENT_ERR_ARGUMENT (NULL); ENT_ERR_DOMAIN (no such date); ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_seal_text(char **text, size_t *length, const ent_results *results,
                                                const char *date, ent_error *err);
/** Whether a text is a day of the calendar such as 2025-12-05. */
ENT_API bool ent_seal_date(const char *text);

enum { ENT_SEAL_DOTS = 20 };

typedef struct ent_sealed_quantity {
    const char *name, *unit;
    double mean, sd;           /**< NaN: undefined */
    double dot[ENT_SEAL_DOTS]; /**< quantiles at (i - 1/2) / 20, rising; NaN: undefined */
} ent_sealed_quantity;

typedef struct ent_sealed_claim {
    const char *id, *title, *verdict;
    double share; /**< NaN: not tested */
} ent_sealed_claim;

/** A record that was read. Plain data, owned by itself. */
typedef struct ent_seal {
    const char *version, *scenario, *title, *hash, *date, *sha256;
    uint64_t seed;
    int64_t draws;
    size_t quantities, claims;
    const ent_sealed_quantity *quantity;
    const ent_sealed_claim *claim;
    const char *text; /**< the whole record */
    size_t length;
} ent_seal;

/**
 * Reads a record and checks its hash.
 * @param[out] out  ent_seal_free() it; NULL on failure
 * @return ENT_OK; ENT_ERR_FORMAT (no record, or altered: the message says which); ENT_ERR_IO; ENT_ERR_LIMIT;
 *         ENT_ERR_ARGUMENT; ENT_ERR_MEMORY
 */
ENT_API ENT_MUST_CHECK ent_status ent_seal_read(ent_seal **out, const char *path, ent_error *err);
ENT_API void ent_seal_free(ent_seal *seal); /**< NULL is allowed */

/** Writes a record as a whole or not at all. */
ENT_API ENT_MUST_CHECK ent_status ent_seal_write(const char *path, const char *text, size_t length, ent_error *err);

/** The first place where two records differ. */
typedef struct ent_seal_difference {
    bool differs;
    int32_t line;               /**< of the first record, from 1 */
    char entry[128];            /**< "delay.outcome", "hash" */
    char member[64];            /**< "mean"; "" where the entry is one value */
    char first[96], second[96]; /**< what stands there, cut */
} ent_seal_difference;
ENT_API ent_seal_difference ent_seal_compare(const char *first, size_t first_length, const char *second,
                                             size_t second_length);

#ifdef __cplusplus
}
#endif
#endif
