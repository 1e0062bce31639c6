"""Who pays in an alliance, as plainly as it can be said.

Ally i splits its income between consumption and defence q:

    U_i = (1 - a_i - b_i) ln(income_i - q_i) + b_i ln q_i + a_i ln(q_i + R_i),   R_i = sum of s[i][j] q_j over the others

a is its taste for security that allies can share, b for what only its own forces give.

    tastes(income, observed, private_share, s)     a and b at which the equilibrium is what is observed
    equilibrium(income, a, b, s, floor)            each its best answer to the others
    efficient(income, a, b, s, weight)             what would be best for all

An oracle for the C code in src/alliance, which shares nothing with it but the equations: answers come from halving an
interval, equilibria from answers in turn, the efficient spending from improving one ally's at a time. Slow on purpose.
"""
import math


def spill(credibility, spillover):
    """s[i][j], what i can count on of a dollar of j's; spillover is a number or a table."""
    n = len(credibility)
    pair = spillover if isinstance(spillover, list) else [[spillover] * n for _ in range(n)]
    return [[credibility[j] * pair[i][j] if i != j else 0.0 for j in range(n)] for i in range(n)]


def spill_in(s, q, i):
    return sum(s[i][j] * q[j] for j in range(len(q)) if j != i)


def root(falling, low, high):
    """Where a function that falls passes zero, by halving to the last digit; an end where it does not pass."""
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if falling(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def answer(income, a, b, others, floor=0.0):
    """The spending at which one dollar more would cost as much as it gives, at least the floor."""
    def gain(q):
        if q >= income:
            return -math.inf
        shared = (math.inf if q + others == 0 else a / (q + others)) if a > 0 else 0.0
        private = (math.inf if q == 0 else b / q) if b > 0 else 0.0
        return shared + private - (1 - a - b) / (income - q)
    if gain(floor) <= 0:
        return floor
    return root(gain, floor, income)


def utility(income, a, b, q, others):
    return ((1 - a - b) * math.log(income - q) + (b * math.log(q) if b > 0 else 0)
            + (a * math.log(q + others) if a > 0 else 0))


def tastes(income, observed, private_share, s):
    a, b = [], []
    for i, (income_i, q, v) in enumerate(zip(income, observed, private_share)):
        gain = v / q + (1 - v) / (q + spill_in(s, observed, i))      # of one dollar, for a taste of one
        # (1 - t) / (income - q) = t gain
        t = 1 / (1 + (income_i - q) * gain)
        a.append((1 - v) * t)
        b.append(v * t)
    return a, b


def alone(income, a, b, floor):
    return [max((a_i + b_i) * income_i, least) for income_i, a_i, b_i, least in zip(income, a, b, floor)]


def equilibrium(income, a, b, s, floor=None, start=None, sweeps=200000):
    """Best answers in turn until none moves by more than 1e-14 of income; None where they never settle."""
    floor = floor or [0.0] * len(income)
    q = list(start or alone(income, a, b, floor))
    for _ in range(sweeps):
        most = 0.0
        for i in range(len(q)):
            new = answer(income[i], a[i], b[i], spill_in(s, q, i), floor[i])
            most = max(most, abs(new - q[i]) / income[i])
            q[i] = new
        if most <= 1e-14:
            return q
    return None


def efficient(income, a, b, s, weight=None):
    """Total spending that is best for all: one ally's spending after another to where it is best for the sum of all."""
    n = len(income)
    weight = weight or [1.0] * n
    q = [(a_i + b_i) * income_i for income_i, a_i, b_i in zip(income, a, b)]
    for _ in range(100000):
        most = 0.0
        for k in range(n):
            # what ally i has beside what k gives it, and what a dollar of k's is to it
            rest = [q[i] + spill_in(s, q, i) - (s[i][k] if i != k else 1.0) * q[k] for i in range(n)]
            part = [s[i][k] if i != k else 1.0 for i in range(n)]

            def gain(x):
                if x >= income[k]:
                    return -math.inf
                total = (math.inf if x == 0 else weight[k] * b[k] / x) if b[k] > 0 else 0.0
                for i in range(n):
                    have = rest[i] + part[i] * x
                    if part[i] * a[i] > 0:
                        total += math.inf if have <= 0 else weight[i] * a[i] * part[i] / have
                return total - weight[k] * (1 - a[k] - b[k]) / (income[k] - x)
            new = 0.0 if gain(0.0) <= 0 else root(gain, 0.0, income[k])
            most = max(most, abs(new - q[k]) / income[k])
            q[k] = new
        if most <= 1e-13:
            break
    return sum(q)


def ranks(x):
    """Places from 1; those that are alike share the mean of theirs."""
    return [sum(y < v for y in x) + (sum(y == v for y in x) + 1) / 2 for v in x]


def rank_correlation(x, y):
    p, q = ranks(x), ranks(y)
    middle = (len(x) + 1) / 2
    xx, yy = sum((r - middle) ** 2 for r in p), sum((r - middle) ** 2 for r in q)
    if xx == 0 or yy == 0:
        return None
    return sum((r - middle) * (t - middle) for r, t in zip(p, q)) / math.sqrt(xx * yy)


def year(income, a, b, s, floor=None, weight=None, start=None):
    """All that is told of one year; None without an equilibrium."""
    floor = floor or [0.0] * len(income)
    q = equilibrium(income, a, b, s, floor, start)
    if q is None:
        return None
    by_itself = alone(income, a, b, floor)
    burden = [q_i / income_i for q_i, income_i in zip(q, income)]
    best = efficient(income, a, b, s, weight)
    return {
        "spending": q, "burden": burden, "alone": by_itself,
        "free_ride": [x - y for x, y in zip(by_itself, q)],
        "spill_in": [spill_in(s, q, i) for i in range(len(q))],
        "total_share": [q_i / sum(q) if sum(q) > 0 else math.nan for q_i in q],
        "income_share": [income_i / sum(income) for income_i in income],
        "efficient": best, "under_provision": 1 - sum(q) / best if best > 0 else math.nan,
        "rank_correlation": rank_correlation(income, burden),
    }


def answer_threat(a, b, response, threat, baseline):
    """The shared tastes of a year in danger."""
    factor = 1 + response * (threat - baseline)
    return [min(max(a_i * factor, 0.0), max(0.99 - b_i, a_i)) for a_i, b_i in zip(a, b)]
