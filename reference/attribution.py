"""Shapley values (Shapley 1953), slowly and plainly: by going through every order in which the players can come.

    parts(players, value): value(frozenset of players) -> number; {player: part}
"""
from itertools import permutations
from math import factorial


def parts(players, value):
    total = {p: 0.0 for p in players}
    for order in permutations(players):
        here = frozenset()
        for p in order:
            total[p] += value(here | {p}) - value(here)
            here = here | {p}
    return {p: t / factorial(len(players)) for p, t in total.items()}
