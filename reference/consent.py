"""Consent: the chance that a group adopts a proposal, by adding up every set of members that may say yes.

    P_i = 1 / (1 + exp(-sharpness * (salience * (u(to) - u(now)) + cost of standing in the way)))

Members of a round decide independently, rounds too; between rounds positions drift toward the weighted mean.
"""
from itertools import combinations
from math import exp

import rules


def chance(rule, members, p, winning=None):
    """P(the rule is satisfied), members saying yes with chances p, independently."""
    winning = rules.deciding(rule, members) if winning is None else winning
    total = 0
    for s in winning:
        part = 1
        for i in range(members):
            part *= p[i] if i in s else 1 - p[i]
        total += part
    return total


def blocks(rule, members, p, winning=None):
    """By how much the chance would rise if each were sure to say yes."""
    winning = rules.deciding(rule, members) if winning is None else winning
    now = chance(rule, members, p, winning)
    return [chance(rule, members, p[:i] + [1] + p[i + 1:], winning) - now for i in range(members)]


def utility(x, position, low, high, r=2):
    return 1 - (abs(x - position) / (high - low)) ** r


def accepts(position, salience, low, high, now, to, sharpness, cost, r=2):
    gains = salience * (utility(to, position, low, high, r) - utility(now, position, low, high, r)) + cost
    return 1 / (1 + exp(-sharpness * gains))


def consent(rule, position, salience, capability, low, high, now, to, sharpness, cost=0, drift=0, rounds=1, r=2):
    """(chance, accept of the first round, blocks)."""
    n = len(position)
    winning = rules.deciding(rule, n)
    weight = [c * s for c, s in zip(capability, salience)]
    mean = sum(w * x for w, x in zip(weight, position)) / sum(weight)
    fails, fails_with, first = 1, [1] * n, None
    for _ in range(rounds):
        p = [accepts(x, s, low, high, now, to, sharpness, cost, r) for x, s in zip(position, salience)]
        first = p if first is None else first
        fails *= 1 - chance(rule, n, p, winning)
        for i in range(n):
            fails_with[i] *= 1 - chance(rule, n, p[:i] + [1] + p[i + 1:], winning)
        position = [x + drift * (mean - x) for x in position]
    return 1 - fails, first, [fails - f for f in fails_with]


def by_year(chances, asked):
    """P(adopted by then) for each year."""
    result, fails = [], 1
    for c, is_asked in zip(chances, asked):
        fails *= 1 - c if is_asked else 1
        result.append(1 - fails)
    return result


def expected_time(chances, asked, years=100000):
    """Years from the first asking, by asking on and on at the last spacing; None where that never ends."""
    times = [y for y, is_asked in enumerate(asked) if is_asked]
    spacing = times[-1] - times[-2] if len(times) > 1 else 1
    fails, total, last = 1.0, 0.0, chances[times[-1]]
    for y in times:
        total += fails * chances[y] * (y - times[0])
        fails *= 1 - chances[y]
    if fails > 0 and last <= 0:
        return None
    y = times[-1]
    for _ in range(years):
        y += spacing
        total += fails * last * (y - times[0])
        fails *= 1 - last
        if fails < 1e-18:
            break
    return total
