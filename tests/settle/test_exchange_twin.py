#!/usr/bin/python3
"""The exchange model against its plain twin, reference/exchange.py, on random tables. Usage: test_exchange_twin.py PLAY [CASES]

Every trade of every iteration, its moves, gains and what it does to everybody, and all outcomes and positions agree to 1e-8
points. What decides (a tie, a cap, whether anything is left to trade) does so within 1e-9 or 1e-10, and both round otherwise;
so one run of a hundred may part where a number lies on such an edge, and no more."""
import math
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "reference"))
sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
import exchange  # noqa: E402
from tap import case, check, run, same  # noqa: E402

PLAY = os.path.abspath(sys.argv.pop(1))
CASES = int(sys.argv.pop(1)) if sys.argv[1:] and sys.argv[1].isdigit() else 600
TOLERANCE = 1e-8
EFFECTS = ["none", "own", "inner", "outer"]
SETTLED, MAX_ROUNDS = 2, 4


# --- the run's own random numbers --------------------------------------------------------------------------------------

def philox(counter, key):
    """Philox4x32-10 (Salmon et al. 2011)."""
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def halves(x):
    return [x & 0xFFFFFFFF, x >> 32]


def step(stream, a, b):
    low, high = philox(halves(a) + halves(b), halves(stream))[:2]
    return low | high << 32


def uniform_of(seed, stream, draw):
    """By iteration, number of the possible trade, how often it was computed, which of the three."""
    def uniform(iteration, number, computed, which):
        block = philox(halves(which // 2) + halves(step(step(stream, iteration, number), draw, computed)), halves(seed))
        low, high = block[2:] if which & 1 else block[:2]
        return (((low | high << 32) >> 12) + 0.5) / 2 ** 52
    return uniform


# --- tables ------------------------------------------------------------------------------------------------------------

class Table:
    """Any numbers; coarse ones, so that gains tie; some missing; some who care for nothing or can do nothing; all alike; extreme
    weights."""

    def __init__(self, rng, randomize):
        kind = rng.choice(["any", "any", "coarse", "missing", "missing", "zeros", "alike", "extreme"])
        n = rng.choice([1, 2, 2, 3]) if rng.random() < 0.15 else rng.randint(3, 9)
        issues = 1 if rng.random() < 0.05 else rng.randint(2, 5)
        place = {"coarse": lambda: rng.randint(0, 4) * 25.0, "alike": lambda: rng.choice([50.0, 50.0, 50.0, 0.0, 100.0])}
        weight = {"coarse": lambda: rng.randint(1, 4) / 4, "extreme": lambda: 10 ** rng.uniform(-6, 0)}.get(kind, rng.random)
        zero = (lambda: rng.random() < 0.2) if kind == "zeros" else lambda: False
        self.n, self.issues, self.kind = n, issues, kind
        self.scale = [rng.choice([(0.0, 100.0), (0.0, 1.0), (-3.0, 7.5), (1000.0, 1001.0)]) for _ in range(issues)]
        self.points = [[place.get(kind, lambda: 100 * rng.random())() for _ in range(issues)] for _ in range(n)]
        self.salience = [[0.0 if zero() else weight() for _ in range(issues)] for _ in range(n)]
        self.power = [[0.0 if zero() else 10 * weight() for _ in range(issues)] for _ in range(n)]
        if kind == "missing" or rng.random() < 0.1:
            self.points = [[None if rng.random() < 0.3 else x for x in row] for row in self.points]
        for d in range(issues):  # somebody has weight on every issue
            if not any(self.points[a][d] is not None and self.salience[a][d] * self.power[a][d] > 0 for a in range(n)):
                self.points[0][d], self.salience[0][d], self.power[0][d] = 40.0, 0.5, 1.0
        faithful = rng.random() < 0.4
        self.options = {"iterations": rng.choice([1, 3, 10]), "faithful": faithful, "signed_blocking": rng.random() < 0.2,
                        "stale_gains": rng.random() < 0.2, "randomize": rng.choice([0.3, 1.0]) if randomize else 0.0}
        self.keys = (rng.randint(0, 9), rng.randint(0, 9), rng.randint(0, 9))
        # what the program is given, and what the twin reads from that: points that went through a scale
        self.position = [[None if x is None else low + x / 100 * (high - low) for x, (low, high) in zip(row, self.scale)]
                         for row in self.points]
        self.points = [[None if x is None else (x - low) * 100 / (high - low) for x, (low, high) in zip(row, self.scale)]
                       for row in self.position]

    def line(self):
        o = self.options
        numbers = [self.n, self.issues, o["iterations"], int(o["faithful"]), int(o["signed_blocking"]), int(o["stale_gains"]),
                   o["randomize"], *self.keys]
        for scale in self.scale:
            numbers.extend(scale)
        for rows in zip(self.position, self.salience, self.power):
            for x, s, c in zip(*rows):
                numbers.extend(("nan" if x is None else x, s, c))
        return " ".join(str(x) for x in numbers)

    def twin(self):
        return exchange.play(self.points, self.salience, self.power, uniform=uniform_of(*self.keys), **self.options)


def play(tables):
    """What the program tells of each."""
    done = subprocess.run([PLAY], input="\n".join(t.line() for t in tables) + "\n", capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stderr)
    runs = []
    for line in done.stdout.splitlines():
        name, *values = line.split()
        if name == "case":
            runs.append({"iterations": [], "error": None})
        elif name == "error":
            runs[-1]["error"] = line
        elif name == "start":
            runs[-1]["iterations"].append({"start": [float(v) for v in values], "trade": [], "effects": []})
        elif name in ("trade", "effects"):
            runs[-1]["iterations"][-1][name].append([float(v) for v in values])
        elif name in ("end", "model"):
            runs[-1][name] = [float(v) for v in values]
        else:
            runs[-1]["iterations"][-1][name] = [float(v) for v in values]
    same(len(runs), len(tables))
    return runs


# --- comparison ----------------------------------------------------------------------------------------------------------

def difference(ours, twin, scale=(0.0, 100.0)):
    """In points; infinite where one is missing or no number."""
    if twin is None:
        return 0.0 if ours != ours else math.inf
    low, high = scale
    d = abs((ours - low) * 100 / (high - low) - min(max(twin, 0.0), 100.0))
    return d if d == d else math.inf


def trade_difference(table, ours, twin):
    """Between two tellings of one trade; infinite where it is another."""
    gain, aligned, *sides = ours
    worst = abs(gain - twin.gain)
    for k, numbers in zip(twin.sides, (sides[:10], sides[10:])):
        if numbers[:3] != [k.actor, k.supply, k.demand] or bool(numbers[9]) != k.capped or bool(aligned) != (twin.kind == "ad"):
            return math.inf
        scale = table.scale[k.supply]
        worst = max([worst, abs(numbers[7] - k.gain), abs(numbers[8] - k.gain_before_cap)] +
                    [difference(x, y, scale) for x, y in zip(numbers[3:7], (k.x, k.y, k.o0, k.o1))])
    return worst


def effects_difference(ours, twin):
    pairs = list(zip(ours[::2], ours[1::2]))
    if [EFFECTS[int(kind)] for kind, _ in pairs] != [kind for kind, _ in twin]:
        return math.inf
    return max(abs(a - b) for (_, a), (_, b) in zip(pairs, twin))


def sums_of(table, effects):
    """Own gain, gains and losses of each from the trades of its own groups and of others, and how often it was a partner."""
    result = []
    for a in range(table.n):
        mine = [e[a] for e in effects]
        result += [sum(v for k, v in mine if k == "own")]
        for kind in ("inner", "outer"):
            result += [sum(v for k, v in mine if k == kind and v > 0), sum(v for k, v in mine if k == kind and v <= 0)]
        result.append(sum(k == "own" for k, _ in mine))
    return result


def iteration_difference(table, ours, twin):
    if len(ours["trade"]) != len(twin["exchanges"]):
        return math.inf
    worst = [trade_difference(table, *both) for both in zip(ours["trade"], twin["exchanges"])]
    worst += [effects_difference(*both) for both in zip(ours["effects"], twin["effects"])]
    worst += [abs(a - b) for a, b in zip(ours["sums"], sums_of(table, twin["effects"]))]
    for name, values in (("start", twin["start"]), ("outcome", twin["outcome"])):
        worst += [difference(*three) for three in zip(ours[name], values, table.scale)]
    for name, rows in (("position", twin["position"]), ("voted", twin["vote"]), ("next", twin["next"])):
        worst += [difference(*three) for three in zip(ours[name], sum(rows, []), table.scale * table.n)]
    return max(worst)


def compare(seed, cases, randomize):
    rng = random.Random(seed)
    tables = [Table(rng, randomize) for _ in range(cases)]
    worst, trades, capped, parted, kinds = 0.0, 0, 0, 0, {}
    for table, ours in zip(tables, play(tables)):
        check(ours["error"] is None, ours["error"], table.line())
        twin = table.twin()
        same(len(ours["iterations"]), len(twin))
        off = 0.0
        for mine, theirs in zip(ours["iterations"], twin):
            off = max(off, iteration_difference(table, mine, theirs))
            if off > TOLERANCE:
                break
            trades += len(theirs["exchanges"])
            capped += sum(k.capped for e in theirs["exchanges"] for k in e.sides)
            kinds[table.kind] = kinds.get(table.kind, 0) + len(theirs["exchanges"])
        if off > TOLERANCE:
            parted += 1
            print(f"# {off:.1e} apart: {table.kind} {table.line()}")
            continue
        worst = max(worst, off)
        same(ours["model"][1:], ours["iterations"][-1]["outcome"], "the draw loop")
        changes = [max(abs(x - y) for x, y in zip(a["outcome"], b["outcome"])) for a, b in zip(twin, twin[1:])]
        still = next((len(changes) - i for i, c in enumerate(reversed(changes)) if c >= 0.1), 0)
        settled = still + 1 if still < len(changes) else 0
        same(ours["end"], [SETTLED if settled else MAX_ROUNDS, settled], changes)
        same(ours["model"][0], ours["end"][0])
    check(parted <= cases / 100, f"{parted} of {cases} runs parted")
    check(trades > 10 * cases and capped > cases / 100 and len(kinds) == 6, f"{trades} trades, {capped} capped, {kinds}: too few")
    print(f"# {cases} runs, {trades} trades {kinds}, {capped} capped, at most {worst:.1e} apart, {parted} parted")


@case
def equal_gains_are_the_twins(_):
    compare(1, CASES, False)


@case
def the_randomised_rate_is_the_twins(_):
    compare(2, CASES // 2, True)


run()
