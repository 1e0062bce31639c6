"""Rules: which sets of members can decide. Slow and obvious: the program is tested against it.

A rule is a list of criteria, each [parts, quota, strict]; parts are (unit, weight). Units below `members` are members;
members + k is criterion k, which stands before the one that counts it. The last criterion decides. Equality is judged to
1e-12 of all weight, so that 0.1 + 0.2 reaches 0.3.

    python3 -c "import rules; print(rules.decides(rules.weighted([4, 4, 4, 2, 2, 1], 12), 6, {0, 1, 2}))"
"""
from fractions import Fraction
from itertools import combinations

TIE = Fraction(1, 10 ** 12)


def consensus(members):
    return [[[(i, 1) for i in range(members)], members, False]]


def weighted(weights, quota, strict=False):
    return [[list(enumerate(weights)), quota, strict]]


def decides(rule, members, yes):
    """Whether the members in the set `yes` can decide."""
    satisfied = set(yes)
    for number, (parts, quota, strict) in enumerate(rule):
        total = sum(Fraction(w) for _, w in parts)
        weight = sum(Fraction(w) for unit, w in parts if unit in satisfied)
        if weight > quota + TIE * total or (not strict and weight >= quota - TIE * total):
            satisfied.add(members + number)
    return members + len(rule) - 1 in satisfied


def deciding(rule, members):
    """Every set that decides."""
    return {frozenset(s) for size in range(members + 1) for s in combinations(range(members), size)
            if decides(rule, members, set(s))}


def gridlock(rule, members, position):
    """The points that no deciding set prefers to leave: (low, high), or None where every point is left."""
    low = max(p for p in position if decides(rule, members, {i for i in range(members) if position[i] >= p}))
    high = min(p for p in position if decides(rule, members, {i for i in range(members) if position[i] <= p}))
    return (low, high) if low <= high else None
