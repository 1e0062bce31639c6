"""How alike two states' profiles are: Signorino & Ritter's S, and the chance-corrected kappa and pi (Haege 2011).

    similarity("S", a, b, width)         1 alike, -1 opposed throughout
    similarity("kappa", a, b, width)     1 alike, 0 as by chance: an item of a with one of b
    similarity("pi", a, b, width)        the same with two items of a and b thrown together

An oracle for the C code in src/alliance: what is expected by chance is a mean over all pairs.
"""


def mean(x):
    x = list(x)
    return sum(x) / len(x)


def similarity(kind, a, b, width, squared=False):
    def distance(x, y):
        return (x - y) ** 2 if squared else abs(x - y)
    found = mean(distance(x, y) for x, y in zip(a, b))
    if kind == "S":
        return 1 - 2 * found / distance(0, width)
    both = list(a) + list(b)
    first, second = (a, b) if kind == "kappa" else (both, both)
    expected = mean(distance(x, y) for x in first for y in second)
    return 1 - found / expected if expected > 0 else None
