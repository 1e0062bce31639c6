"""The distribution around a model's point, slow and obvious: a list of (value, chance); and how it is learned.

A calibration is a dict: weights held, error, past that sum to 1; errors and outcomes as shares of the range held."""
import math

REACH = 0.3


def held_range(position, weight, point):
    held = [p for p, w in zip(position, weight) if w > 0] + [point]
    return min(held), max(held)


def distribution(c, position, weight, point):
    low, high = held_range(position, weight, point)
    size = high - low

    def inside(x):
        return min(max(x, low), high)
    near = [(p, w * (math.exp(-abs(p - point) / (REACH * size)) if size > 0 else 1)) for p, w in zip(position, weight) if w > 0]
    total = sum(w for _, w in near)
    return ([(p, c["held"] * w / total) for p, w in near]
            + [(inside(point + size * e), c["error"] / len(c["errors"])) for e in c["errors"]]
            + [(inside(low + size * o), c["past"] / len(c["outcomes"])) for o in c["outcomes"]])


def at(spread, x):
    return sum(chance for value, chance in spread if value <= x)


def below(spread, x):
    return sum(chance for value, chance in spread if value < x)


def quantile(spread, u):
    so_far = 0.0
    for value, chance in sorted(spread):
        so_far += chance
        if so_far >= u:
            return value
    return max(spread)[0]


def cross(a, b, y):
    """The integral of (F_a - [x >= y]) (F_b - [x >= y])."""
    rising = sorted([(v, w, 0) for v, w in a] + [(v, 0, w) for v, w in b] + [(y, 0, 0)])
    total = f = g = 0.0
    before = rising[0][0]
    for x, w_a, w_b in rising:
        happened = before >= y
        total += (f - happened) * (g - happened) * (x - before)
        f, g, before = f + w_a, g + w_b, x
    return total


def crps(spread, y):
    return cross(spread, spread, y)


def thousandths(x, low, high):
    return math.floor(1000 * min(max(x, low), high) + 0.5) / 1000


def lists(cases):
    """Errors and outcomes as shares of the range held. A case: position, weight, point, outcome, proposal."""
    errors, outcomes = [], []
    for position, weight, point, outcome, _ in cases:
        low, high = held_range(position, weight, point)
        if high > low:
            errors.append(thousandths((outcome - point) / (high - low), -30, 30))
            outcomes.append(thousandths((outcome - low) / (high - low), 0, 1))
    return sorted(errors), sorted(outcomes)


def products(cases):
    """The mean of g_ab, each case with lists that do not know its proposal."""
    names, mean, n = ("held", "error", "past"), [[0.0] * 3 for _ in range(3)], 0
    for case in cases:
        errors, outcomes = lists([c for c in cases if c[4] != case[4]])
        if not errors:
            continue
        part = [distribution({**{k: float(k == name) for k in names}, "errors": errors, "outcomes": outcomes}, *case[:3])
                for name in names]
        part = [[(v, w) for v, w in p if w > 0] for p in part]
        n += 1
        for a in range(3):
            for b in range(3):
                mean[a][b] += cross(part[a], part[b], case[3])
    return [[x / n for x in row] for row in mean] if n else None


def mixed(g, weight):
    return sum(weight[a] * weight[b] * g[a][b] for a in range(3) for b in range(3))


def learn(cases, steps=200):
    """The weights on a grid with the least mean CRPS."""
    g = products(cases)
    errors, outcomes = lists(cases)
    grid = [(a / steps, b / steps, 1 - (a + b) / steps) for a in range(steps + 1) for b in range(steps + 1 - a)]
    held, error, past = min(grid, key=lambda w: mixed(g, w))
    return {"held": held, "error": error, "past": past, "errors": errors, "outcomes": outcomes}
