/* The bins of a grid. Where the range of a slot is known, or only a coarse count is wanted, all are of one width. A wide grid is for
 * a scalar of unknown range, maybe with a heavy tail: it counts y = (x - middle) / unit, middle and unit being the median and the
 * distance of the quartiles in the run's first draws, in bins of 1/1024 up to |y| = 2, then 256 bins an octave for 20 octaves. */
#ifndef ENT_SRC_GRID_H
#define ENT_SRC_GRID_H

#include "ensemble/ensemble.h"

#include <string.h>

enum { ENT__WIDE_HALF = ENT__WIDE_BINS / 2, ENT__WIDE_LINEAR = 2048, ENT__WIDE_OCTAVE = 256 };

/* Of the bins before a, which is at least 0: exact, since a double's bits say its octave and its place in it. */
static inline int32_t ent__wide_place(double a)
{
    if (a < 2)
        return (int32_t)(a * 1024);
    uint64_t bits;
    memcpy(&bits, &a, sizeof bits);
    const int64_t place = ENT__WIDE_LINEAR + ((int64_t)(bits >> 52) - 1024) * ENT__WIDE_OCTAVE + (int64_t)(bits >> 44 & (ENT__WIDE_OCTAVE - 1));
    return place < ENT__WIDE_HALF ? (int32_t)place : ENT__WIDE_HALF;
}

/* Bin 0 is below, bins + 1 above. x is not undefined. */
static inline int32_t ent__grid_bin(const ent__grid *grid, double x)
{
    if (grid->wide) {
        const double y = (x - grid->middle) / grid->unit;
        return y >= 0 ? ENT__WIDE_HALF + 1 + ent__wide_place(y) : ENT__WIDE_HALF - ent__wide_place(-y);
    }
    const double bins = grid->bins, place = (x - grid->low) * (bins / (grid->high - grid->low));
    return place < 0 ? 0 : place > bins ? grid->bins + 1 : place == bins ? grid->bins : (int32_t)place + 1;
}

/* Where bin b ends and the next begins; 0 <= b <= bins. */
static inline double ent__grid_edge(const ent__grid *grid, int32_t b)
{
    if (!grid->wide)
        return grid->low + b * ((grid->high - grid->low) / grid->bins);
    const int32_t k = b < ENT__WIDE_HALF ? ENT__WIDE_HALF - b : b - ENT__WIDE_HALF, j = k - ENT__WIDE_LINEAR;
    const double y = j < 0 ? k / 1024.0 : (double)(INT64_C(2) << j / ENT__WIDE_OCTAVE) * (1 + (double)(j % ENT__WIDE_OCTAVE) / ENT__WIDE_OCTAVE);
    return grid->middle + (b < ENT__WIDE_HALF ? -y : y) * grid->unit;
}

#endif
