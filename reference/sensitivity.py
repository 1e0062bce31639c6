"""Sobol' indices and Borgonovo's delta, slowly and plainly.

    sobol(a, b, ab) -> (first, total)       Saltelli et al. 2010, Jansen 1999; draws with an undefined value left out
    delta(y, x_class, weight) -> plug-in delta over classes of y
"""
from math import isnan


def sobol(a, b, ab):
    rows = [(x, y, z) for x, y, z in zip(a, b, ab) if not (isnan(x) or isnan(y) or isnan(z))]
    both = [x for x, _, _ in rows] + [y for _, y, _ in rows]
    mean = sum(both) / len(both)
    variance = sum((v - mean) ** 2 for v in both) / len(both)
    first = sum((y - mean) * (z - x) for x, y, z in rows) / len(rows)
    total = sum((x - z) ** 2 for x, _, z in rows) / len(rows) / 2
    return first / variance, total / variance


def delta(y, x_class, weight=None):
    """Half the distance between how y's classes are filled at large and within each class of x. y holds classes."""
    weight = weight or [1.0] * len(y)
    whole = sum(weight)
    found = 0.0
    for b in set(x_class):
        inside = sum(w for w, c in zip(weight, x_class) if c == b)
        for k in set(y):
            here = sum(w for w, c, v in zip(weight, x_class, y) if c == b and v == k)
            at_large = sum(w for w, v in zip(weight, y) if v == k)
            found += abs(here / whole - inside / whole * at_large / whole)
    return found / 2
