#!/usr/bin/env python3
"""Writes src/core/number_tables.h: powers of ten to 128 bits, and the widths of characters in a terminal.

    /usr/bin/python3 tools/number_tables.py > src/core/number_tables.h

The widths come from the Unicode data of this Python (its version is written into the header).
"""
import textwrap
import unicodedata

LOWEST, HIGHEST = -342, 342


def power(k):
    """floor(10^k * 2^s) with s such that it has 128 bits."""
    if k >= 0:
        n = 10 ** k
        shift = 128 - n.bit_length()
        return n << shift if shift >= 0 else n >> -shift
    d = 10 ** -k
    n = (1 << (d.bit_length() + 130)) // d
    return n >> (n.bit_length() - 128)


def ranges(width):
    """Maximal runs of characters of that width; unassigned ones may lie within."""
    found, start, last = [], None, None
    for point in range(0x80, 0x110000):
        c = chr(point)
        category = unicodedata.category(c)
        if category == "Cn":
            continue
        if width(c, category):
            start = point if start is None else start
            last = point
        elif start is not None:
            found.append((start, last))
            start = None
    if start is not None:
        found.append((start, last))
    return found


def is_zero(c, category):
    return category in ("Mn", "Me") or (category == "Cf" and c != "\u00ad") or "\u1160" <= c <= "\u11ff"


def is_wide(c, category):
    return unicodedata.east_asian_width(c) in "WF" and not is_zero(c, category)


def show(name, found):
    print(f"\nstatic const uint32_t {name}[{len(found)}][2] = {{")
    print(textwrap.fill(", ".join(f"{{0x{a:x},0x{b:x}}}" for a, b in found), 118, initial_indent="    ",
                        subsequent_indent="    ", break_long_words=False))
    print("};")


def main():
    print("/* Made by tools/number_tables.py; do not edit. */")
    print("#ifndef ENT_SRC_NUMBER_TABLES_H\n#define ENT_SRC_NUMBER_TABLES_H\n\n#include <stdint.h>")
    print(f"\n#define POWER_LOWEST ({LOWEST})\n#define POWER_HIGHEST {HIGHEST}")
    print("\n/* 10^k from 10^POWER_LOWEST on, cut to its first 128 bits: exact for 0 <= k <= 55. */")
    print(f"static const uint64_t power_of_10[{HIGHEST - LOWEST + 1}][2] = {{")
    for k in range(LOWEST, HIGHEST + 1):
        p = power(k)
        print(f"    {{UINT64_C(0x{p >> 64:016x}), UINT64_C(0x{p & (1 << 64) - 1:016x})}},")
    print("};")
    print(f"\n/* Unicode {unicodedata.unidata_version}: characters that take no cell, and two. */", end="")
    show("zero_width", ranges(is_zero))
    show("double_width", ranges(is_wide))
    print("\n#endif")


if __name__ == "__main__":
    main()
