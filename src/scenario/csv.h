/* CSV tables as RFC 4180 has them, with what spreadsheets add: a byte order mark, ; or tab between cells, decimal
 * commas. */
#ifndef ENT_SRC_SCENARIO_CSV_H
#define ENT_SRC_SCENARIO_CSV_H

#include "core/core.h"

typedef struct ent__cell {
    const char *text;     /* ended by 0; trimmed unless it was quoted; "" where empty */
    int32_t line, column; /* of its first character in the file (the quote, where quoted), from 1, in characters */
} ent__cell;

typedef struct ent__csv {
    const char *file;       /* as the user would write it */
    char delimiter;         /* , ; or tab */
    bool comma;             /* numbers are written 0,5 (only with ; or tab) */
    int32_t n_columns;
    int32_t n_rows;         /* without the header */
    const ent__cell *header;/* n_columns; no two alike, none empty */
    const ent__cell *cell;  /* n_rows * n_columns, row by row */
} ent__csv;

/* Reads a table from text, which is copied into the arena. The delimiter is the one that the header line has most of,
 * outside quotes. Rows without any text are skipped. Every error goes to `list` with its place: bytes that are no
 * UTF-8, a quote that is not closed or not at the start of its cell, rows that are longer or shorter than the header,
 * columns without a name or with the same one, decimal points and decimal commas in one file, no header.
 * ENT_ERR_SCENARIO where there was an error (what could be read is in `out`), ENT_ERR_LIMIT, ENT_ERR_MEMORY. */
ent_status ent__csv_parse(ent__csv *out, ent__arena *arena, const char *text, size_t length, const char *file,
                          ent_diagnostics *list);
/* The index of the column of that name, or -1. */
int32_t ent__csv_column(const ent__csv *table, const char *name);

#endif
