"""The composite index of national capability: the mean, over components, of a state's share of the year's total.

    cinc(rows)      rows: (year, [component or None, ...]); an index for each, None for a row without components

Singer, Bremer & Stuckey (1972). A component that is missing, or of which nobody has any, is left out of the mean.
An oracle for the C code in src/alliance.
"""


def cinc(rows):
    told = []
    for year, components in rows:
        shares = []
        for c, x in enumerate(components):
            total = sum(other[c] for y, other in rows if y == year and other[c] is not None)
            if x is not None and total > 0:
                shares.append(x / total)
        told.append(sum(shares) / len(shares) if shares else None)
    return told
