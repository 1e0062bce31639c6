/* An ensemble as bytes: what a range of whole blocks found, to be carried to another process or kept for later.
 *
 *     state: head, ranges of the grids, smallest and largest values, nodes of the tree, counts, curves, the plan where
 *            asked for; last the checksum of all that
 *     rows:  the values of every draw that are kept, block by block; their checksum is in the head
 *
 * Rows are only ever added to, so that a long run saves each of them once. Numbers are as in memory (little-endian
 * machines only; others are refused); arrays of the state are packed: pack() in part.c. */
#ifndef ENT_SRC_PART_H
#define ENT_SRC_PART_H

#include "core/checksum.h"
#include "ensemble/ensemble.h"

enum { ENT__PART_FORMAT = 2 };

typedef struct ent__part_head { /* as it stands in the bytes: no padding */
    char magic[8];
    uint32_t byte_order, format;
    char version[24];            /* of entente */
    uint64_t scenario, plan;     /* hashes: of the scenario's files and settings, of the plan's numbers and steps */
    uint64_t seed;
    int64_t asked, first, draws; /* as in ent__ensemble */
    int32_t weighted, kept, counted, n_pairs;
    int32_t n_tallies, n_grids, n_columns, n_readings, n_drivers, n_tracks;
    uint64_t state_length, plan_length, rows_length;
    unsigned char rows_sum[32];
} ent__part_head;

/* Bytes that are a part, checked as far as that can be done without its plan. Borrowed. */
typedef struct ent__part {
    ent__part_head head;
    const unsigned char *body; /* from the end of the head to the plan */
    size_t body_length;
    const unsigned char *plan; /* head.plan_length */
    const unsigned char *rows; /* head.rows_length */
} ent__part;

/* Appends the rows of draws first .. first + draws - 1 of the whole run, which begin and end with a block. */
void ent__part_rows(ent__buffer *out, const ent__ensemble *e, int64_t first, int64_t draws);
/* Appends the state; rows: the checksum of all rows of the part. plan may be NULL. The tree must not be folded. */
void ent__part_state(ent__buffer *out, const ent__ensemble *e, const ent__checksum *rows, const unsigned char *plan,
                     size_t plan_length);

/* Refuses bytes that are cut short, altered, or of another format or order of bytes: ENT_ERR_FORMAT. Where the rows are
 * kept apart, they are rows[rows_length], of which the first head.rows_length are the part's; else rows is NULL. */
ent_status ent__part_open(ent__part *out, const unsigned char *bytes, size_t length, const unsigned char *rows,
                          size_t rows_length, ent_error *err);
/* Refuses a part of another version, scenario, seed, number of draws, or other things kept: ENT_ERR_ARGUMENT with the
 * reason. */
ent_status ent__part_fits(const ent__part *part, const ent__ensemble *e, ent_error *err);
/* Adds what the part found; its draws must have room in the ensemble and not be there yet. After an error
 * (ENT_ERR_FORMAT, ENT_ERR_MEMORY) the ensemble is of no use. */
ent_status ent__part_add(ent__ensemble *e, const ent__part *part, ent_error *err);

#endif
