"""Power indices by looking at every set and every order of members, in exact fractions.

    python3 -c "import rules, power; print(power.shapley_shubik(rules.weighted([4, 4, 4, 2, 2, 1], 12), 6))"
"""
from fractions import Fraction
from itertools import combinations
from math import factorial

import rules


def swings(rule, members):
    """Of each member, the deciding sets that would not decide without it."""
    winning = rules.deciding(rule, members)
    return [sum(1 for s in winning if i in s and s - {i} not in winning) for i in range(members)]


def banzhaf(rule, members):
    """Absolute (Penrose 1946)."""
    return [Fraction(s, 2 ** (members - 1)) for s in swings(rule, members)]


def shapley_shubik(rule, members):
    """The share of the orders of members in which each makes the set before it decide."""
    winning = rules.deciding(rule, members)
    n = factorial(members)
    return [sum(Fraction(factorial(len(s) - 1) * factorial(members - len(s)), n)
                for s in winning if i in s and s - {i} not in winning) for i in range(members)]


def owen(rule, members, bloc):
    """Owen's value: orders in which the members of a bloc come one right after another."""
    blocs = [[i for i in range(members) if bloc[i] == b] for b in range(max(bloc) + 1)]
    winning = rules.deciding(rule, members)
    value = []
    for i in range(members):
        others = [b for b in blocs if i not in b]
        mates = [j for j in blocs[bloc[i]] if j != i]
        m, n, total = len(blocs), len(mates) + 1, Fraction(0)
        for r in range(m):
            for outer in combinations(others, r):
                before = frozenset(j for b in outer for j in b)
                for t in range(n):
                    for inner in combinations(mates, t):
                        s = before | set(inner)
                        if s not in winning and s | {i} in winning:
                            total += (Fraction(factorial(r) * factorial(m - r - 1), factorial(m))
                                      * Fraction(factorial(t) * factorial(n - t - 1), factorial(n)))
        value.append(total)
    return value


def coleman(rule, members):
    """Power of the body to act; of each member to prevent and to initiate."""
    winning = len(rules.deciding(rule, members))
    turned = swings(rule, members)
    return (Fraction(winning, 2 ** members), [Fraction(s, winning) for s in turned],
            [Fraction(s, 2 ** members - winning) for s in turned])
