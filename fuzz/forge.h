/* Parts of a run that are made to look whole: what the checksums guard against by accident, a forger does on purpose.
 */
#ifndef ENT_FUZZ_FORGE_H
#define ENT_FUZZ_FORGE_H

#include "ensemble/part.h"
#include "run.h"

#include <stdlib.h>

/* The bytes after the head become `body`; the head says so. */
static inline void fuzz_forge(unsigned char **bytes, size_t *length, const uint8_t *body, size_t n)
{
    ent__part_head head;
    if (*length < sizeof head)
        return;
    memcpy(&head, *bytes, sizeof head);
    *length = sizeof head + n + 32;
    head.state_length = *length;
    head.plan_length = head.rows_length = 0;
    *bytes = realloc(*bytes, *length);
    MUST(*bytes != NULL, "no memory");
    memcpy(*bytes, &head, sizeof head);
    if (n > 0)
        memcpy(*bytes + sizeof head, body, n);
}

static inline void fuzz_sum(unsigned char out[32], const unsigned char *bytes, size_t length)
{
    ent__checksum sum;
    ent__checksum_begin(&sum);
    ent__checksum_add(&sum, bytes, length);
    ent__checksum_end(out, &sum);
}

/* Both checksums made to fit, as far as the lengths in the head allow; rows NULL: they follow the state. */
static inline void fuzz_sum_part(unsigned char *bytes, size_t length, const unsigned char *rows, size_t rows_length)
{
    ent__part_head head;
    if (length < sizeof head)
        return;
    memcpy(&head, bytes, sizeof head);
    if (head.state_length < sizeof head + 32 || head.state_length > length)
        return;
    if (rows == NULL) {
        rows = bytes + head.state_length;
        rows_length = length - (size_t)head.state_length;
    }
    if (head.rows_length <= rows_length)
        fuzz_sum(head.rows_sum, rows, (size_t)head.rows_length);
    memcpy(bytes, &head, sizeof head);
    fuzz_sum(bytes + head.state_length - 32, bytes, (size_t)head.state_length - 32);
}

#endif
