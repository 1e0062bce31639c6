#!/usr/bin/python3
"""The models of the alliance against their plain twins in reference/, on random numbers. Usage: test_twin.py PLAY"""
import csv
import math
import os
import random
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "reference"))
sys.path.insert(0, os.path.join(SOURCE, "tests"))
import burden_sharing  # noqa: E402
import capability  # noqa: E402
import cinc  # noqa: E402
import deterrence  # noqa: E402
import membership  # noqa: E402
import similarity  # noqa: E402
from tap import case, check, run, same  # noqa: E402

PLAY = os.path.abspath(sys.argv.pop(1))
CASES = 500


def share(rng, ends=0.15):
    """From 0 to 1, sometimes an end."""
    return rng.choice([0.0, 1.0]) if rng.random() < ends else rng.random()


def flat(*parts):
    for part in parts:
        if isinstance(part, (list, tuple)):
            yield from flat(*part)
        else:
            yield math.nan if part is None else int(part) if isinstance(part, bool) else part


def play(kind, cases):
    """The numbers that C tells of each case, as lists to be taken from."""
    lines = [kind + " " + " ".join(map(repr, flat(*numbers))) for numbers in cases]
    done = subprocess.run([PLAY], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stderr)
    told = [[float(x) for x in line.split()] for line in done.stdout.splitlines()]
    same(len(told), len(cases))
    return told


def take(told, n=1):
    part = told[:n]
    del told[:n]
    return part


class Worst:
    """The greatest difference so far; fails beyond the tolerance."""
    def __init__(self, tolerance):
        self.tolerance, self.most = tolerance, 0.0

    def near(self, got, want, scale, *context):
        for i, (x, y) in enumerate(zip(got, want, strict=True)):
            if y is None or math.isnan(y):
                check(math.isnan(x), *context, f"at {i}: got {x!r}, want undefined")
                continue
            apart = abs(x - y) / (scale[i] if isinstance(scale, list) else scale)
            check(apart <= self.tolerance, *context, f"at {i}: got {x!r}, want {y!r}")
            self.most = max(self.most, apart)


# --- burden sharing --------------------------------------------------------------------------------------

def random_alliance(rng, most, by_pair=None):
    """Incomes over four orders of magnitude, tastes, spillovers, floors; b may be 0 for some or all."""
    n = rng.randint(1, most)
    income = [math.exp(rng.uniform(0, 9)) for _ in range(n)]
    no_private = rng.random() < 0.25
    t = [rng.choice([rng.uniform(0.001, 0.1), rng.uniform(0.001, 0.6)]) for _ in range(n)]
    v = [0.0 if no_private or rng.random() < 0.1 else share(rng, 0.05) for _ in range(n)]
    if by_pair is None:
        by_pair = rng.random() < 0.4
    s = share(rng)
    pair = [[share(rng) if by_pair else s for _ in range(n)] for _ in range(n)]
    trust = [share(rng) for _ in range(n)]
    floor = [rng.choice([0.0, rng.uniform(0, 0.1)]) * x if rng.random() < 0.4 else 0.0 for x in income]
    return {"n": n, "income": income, "a": [(1 - x) * y for x, y in zip(v, t)], "b": [x * y for x, y in zip(v, t)],
            "pair": pair, "trust": trust, "floor": floor, "weight": [rng.choice([1.0, rng.uniform(0.2, 5)]) for _ in range(n)],
            "by_pair": by_pair}


def numbers_of(g):
    return [g["n"], g["income"], g["a"], g["b"], g["pair"], g["trust"], g["floor"], g["weight"]]


def spill_of(g):
    return burden_sharing.spill(g["trust"], g["pair"])


@case
def equilibria_are_as_the_twin_tells_them(_):
    rng, worst = random.Random(1), Worst(1e-10)
    games = [random_alliance(rng, 7) for _ in range(CASES)]
    settled, several = 0, 0
    for g, told in zip(games, play("burden", [numbers_of(g) for g in games])):
        n, income, s = g["n"], g["income"], spill_of(g)
        q = burden_sharing.equilibrium(income, g["a"], g["b"], s, g["floor"], sweeps=4000)
        stop = told[-1]
        if q is None:           # best answers that never settle: the C says so as well, or knows that there is one
            check(g["by_pair"] == (stop != 0), "no convergence", g)
            continue
        same(stop, 0.0, g)
        settled += 1
        alone = burden_sharing.alone(income, g["a"], g["b"], g["floor"])
        spent = sum(q)
        worst.near(take(told, n), q, income, "spending", g)
        worst.near(take(told, n), [x / y for x, y in zip(q, income)], 1, "burden", g)
        worst.near(take(told, n), alone, income, "alone", g)
        worst.near(take(told, n), [x - y for x, y in zip(alone, q)], income, "free ride", g)
        worst.near(take(told, n), [burden_sharing.spill_in(s, q, i) for i in range(n)], sum(income), "spill-in", g)
        worst.near(take(told, n), [x / spent if spent > 0 else None for x in q], 1, "share of the total", g)
        worst.near(take(told, n), [x / sum(income) for x in income], 1, "share of income", g)
        several += told[3] > 1e-9
    check(settled > 0.95 * CASES, settled)
    print(f"# {settled} equilibria, {several} of which are one of several, at most {worst.most:.1e} apart")


@case
def efficient_spending_is_as_the_twin_tells_it(_):
    rng, worst = random.Random(2), Worst(1e-9)
    games = [random_alliance(rng, 3) for _ in range(CASES)]
    for g, told in zip(games, play("burden", [numbers_of(g) for g in games])):
        if told[-1] != 0:
            continue
        best = burden_sharing.efficient(g["income"], g["a"], g["b"], spill_of(g), g["weight"])
        spent = sum(told[:g["n"]])
        worst.near(told[-6:-4], [best, 1 - spent / best], [sum(g["income"]), spent / best + 1], g)
    print(f"# at most {worst.most:.1e} apart")


@case
def ranks_are_as_the_twin_tells_them(_):
    rng, worst = random.Random(3), Worst(1e-12)
    games = []
    for _ in range(CASES):      # nobody relies on anybody: burdens are a + b, which has ties as the incomes do
        n = rng.randint(1, 20)
        games.append({"n": n, "income": [float(rng.randint(1, 8)) for _ in range(n)], "a": [0.0] * n,
                      "b": [rng.randint(1, 4) / 16 for _ in range(n)], "pair": [[0.0] * n] * n, "trust": [1.0] * n,
                      "floor": [0.0] * n, "weight": [1.0] * n})
    for g, told in zip(games, play("burden", [numbers_of(g) for g in games])):
        worst.near(told[-4:-3], [burden_sharing.rank_correlation(g["income"], g["b"])], 1, g)


@case
def tastes_are_as_the_twin_tells_them_and_return_what_was_observed(_):
    rng, worst, back = random.Random(4), Worst(1e-13), Worst(1e-9)
    games, tastes = [], []
    for _ in range(CASES):
        g = random_alliance(rng, 7, by_pair=rng.random() < 0.2)
        g["v"] = [rng.choice([rng.random(), rng.uniform(0.3, 0.9)]) for _ in g["income"]]
        g["observed"] = [x * rng.choice([rng.uniform(0.005, 0.06), rng.uniform(0.005, 0.4)]) for x in g["income"]]
        games.append(g)
    for g, told in zip(games, play("tastes", [[g["n"], g["income"], g["observed"], g["v"], g["pair"], g["trust"]] for g in games])):
        a, b = burden_sharing.tastes(g["income"], g["observed"], g["v"], spill_of(g))
        worst.near(told, a + b, 1, g)
        g.update(a=told[:g["n"]], b=told[g["n"]:], floor=[0.0] * g["n"])
        tastes.append(g)
    returned = 0
    for g, told in zip(tastes, play("burden", [numbers_of(g) for g in tastes])):
        if not g["by_pair"]:    # there it may be another one of several equilibria
            back.near([q / x for q, x in zip(told, g["income"])], [q / x for q, x in zip(g["observed"], g["income"])], 1, g)
            returned += 1
    check(returned > 300, returned)
    print(f"# {returned} alliances return to within {back.most:.1e}")


# --- membership ------------------------------------------------------------------------------------------

@case
def what_membership_is_worth_is_as_the_twin_tells_it(_):
    rng, worst = random.Random(5), Worst(1e-9)
    cases = []
    for k in range(CASES):
        members, candidates = rng.randint(1, 3), rng.randint(0, 2)
        n = members + candidates
        income = [math.exp(rng.uniform(0, 7)) for _ in range(n)]
        t, v = [rng.uniform(0.005, 0.5) for _ in range(n)], [rng.choice([0.0, share(rng), 0.6]) for _ in range(n)]
        cases.append({"income": income, "a": [(1 - x) * y for x, y in zip(v, t)], "b": [x * y for x, y in zip(v, t)],
                      "spending": [x * rng.uniform(0.001, 0.2) for x in income[:members]], "spillover": share(rng),
                      "credibility": [share(rng) for _ in range(members)], "outside": share(rng),
                      "floor": [x * rng.uniform(0, 0.6) if rng.random() < 0.3 else 0.0 for x in income], "adjust": k % 4 == 0})
    order = ["income", "a", "b", "spending", "credibility", "floor", "spillover", "outside", "adjust"]
    lines = [[len(c["spending"]), len(c["income"]) - len(c["spending"])] + [c[name] for name in order] for c in cases]
    below = 0
    for c, told in zip(cases, play("membership", lines)):
        n, want = len(c["income"]), membership.worth(**c)
        for name in ("equivalent", "inside", "outside"):
            worst.near(take(told, n), [w[name] for w in want], 1, name, c)
        below += sum(w["equivalent"] < 0 for w in want)
    check(below > 50, below)
    print(f"# at most {worst.most:.1e} apart; in {below} cases the floor costs more than membership gives")


# --- deterrence ------------------------------------------------------------------------------------------

def random_deterrence(rng, n):
    return {
        "help": [0.0 if rng.random() < 0.1 else math.exp(rng.uniform(-1, 6)) for _ in range(n)],
        "stake": [rng.uniform(0, 1.2) for _ in range(n)], "cost": [rng.uniform(0, 1) for _ in range(n)],
        "loss": [share(rng) for _ in range(n)], "challenger": rng.choice([0.0, 350.0, rng.uniform(1, 500)]),
        "target": rng.choice([0.0, 10.0, rng.uniform(1, 500)]), "lambda_defender": rng.choice([0.0, 8.0, rng.uniform(0, 60)]),
        "lambda_challenger": rng.choice([0.0, 8.0, 8.0, rng.uniform(0, 60)]), "m": rng.choice([1.0, rng.uniform(0.3, 3)]),
        "v": rng.uniform(0, 1.5), "c": rng.uniform(0, 0.4), "c_opposed": rng.uniform(0.1, 2)}


@case
def deterrence_is_as_the_twin_tells_it(_):
    rng, worst, factors = random.Random(6), Worst(1e-12), Worst(1e-9)
    cases, lines, found, none, exact = [], [], 0, 0, 0
    for _ in range(CASES + 200):
        n = rng.choice([1, 2, 3, 4, 5, 6, 7, 13, 20, 32])
        g = random_deterrence(rng, n)
        withdraws, wanted = rng.choice([None, rng.randrange(n)]), rng.choice([None, 0.8, rng.uniform(0.05, 0.999), -1, -1])
        if wanted == -1:        # near what there is
            wanted = min(max(deterrence.deterrence(**g)["deterrence"] + rng.uniform(-0.1, 0.1), 0.001), 0.999)
        cases.append((g, withdraws, wanted))
        lines.append([n] + list(g.values()) + [-1 if withdraws is None else withdraws, wanted])
    for (g, withdraws, wanted), told in zip(cases, play("deterrence", lines)):
        want = deterrence.deterrence(withdraws, wanted, **g)
        worst.near(take(told, len(g["help"])), want["honour"], 1, "honour", g)
        for name in ("alliance", "force", "challenge", "deterrence", "challenger_value"):
            worst.near(take(told), [want[name]], 1, name, g)
        level = want["required"]
        factors.near(take(told), [level], max(level or 0, 1e-3) * 1e3 if g["lambda_challenger"] < 0.1 else max(level or 0, 1e-3),
                     "required", withdraws, wanted, g)
        found += level is not None and level > 0
        none += level is None and wanted is not None
        exact += told[0] > 0
    check(found > 100 and none > 50 and exact > 300, found, none, exact)
    print(f"# at most {worst.most:.1e} apart; {found} factors, at most {factors.most:.1e} apart, {none} times none")


# --- capability --------------------------------------------------------------------------------------------

@case
def stocks_are_as_the_twin_tells_them(_):
    rng, worst = random.Random(7), Worst(1e-12)
    cases, lines = [], []
    for _ in range(CASES):
        n, years = rng.randint(1, 6), rng.randint(1, 15)
        income = [[rng.uniform(10, 1000) for _ in range(n)] for _ in range(years)]
        c = {"income": income, "target": [[x * rng.uniform(0, 0.06) for x in row] for row in income],
             "wear": rng.choice([1.0, rng.uniform(0.01, 0.3)]), "ramp": rng.choice([0.0, 0.003, 1.0, rng.uniform(0, 0.02)]),
             "start": [x * rng.uniform(0, 0.05) for x in income[0]],
             "efficiency": [[rng.uniform(0.3, 1.5) for _ in range(n)] for _ in range(years)],
             "baseline": [rng.uniform(0.3, 1.5) for _ in range(n)],
             "required": [None if rng.random() < 0.05 else rng.uniform(0.5, 1.8) for _ in range(years)],
             "without": rng.choice([None, rng.randrange(n)])}
        cases.append(c)
        lines.append([n, years] + [c[k] for k in ("income", "target", "efficiency", "start", "baseline", "required", "wear", "ramp")]
                     + [-1 if c["without"] is None else c["without"]])
    closed = 0
    for c, told in zip(cases, play("capability", lines)):
        want = capability.capability(**c)
        for name in ("stock", "spent"):
            for year in want:
                worst.near(take(told, len(year[name])), year[name], 1000, name, c)
        worst.near(take(told, len(want)), [year["deficit"] for year in want], 1000, "deficit", c)
        first = capability.first_closed(want)
        same(take(told), [-1.0 if first is None else float(first)], c)
        worst.near(take(told), [capability.window(want)], 1000, "window", c)
        closed += first is not None and first > 0
    check(closed > 50, closed)
    print(f"# at most {worst.most:.1e} of 1000 apart")


# --- indices -----------------------------------------------------------------------------------------------

@case
def the_index_of_capability_is_as_the_twin_tells_it(_):
    rng, worst = random.Random(8), Worst(1e-14)
    tables = [[(rng.randint(1900, 1904), [None if rng.random() < 0.15 else 0.0 if rng.random() < 0.1 else rng.expovariate(1e-3)
                                          for _ in range(6)]) for _ in range(rng.randint(1, 12))] for _ in range(CASES)]
    for table, told in zip(tables, play("cinc", [[len(table), table] for table in tables])):
        worst.near(told, cinc.cinc(table), 1, table)


@case
def likeness_is_as_the_twin_tells_it(_):
    rng, worst = random.Random(9), Worst(1e-12)
    cases = []
    for _ in range(CASES):
        n, steps = rng.randint(1, 30), rng.choice([1, 2, 3, 100])
        cases.append(([rng.randint(0, steps) / steps * 3 for _ in range(n)], [rng.randint(0, steps) / steps * 3 for _ in range(n)]))
    for (a, b), told in zip(cases, play("similarity", [[len(a), a, b, 3.0] for a, b in cases])):
        want = [similarity.similarity(kind, a, b, 3.0, squared) for kind in ("S", "kappa", "pi") for squared in (False, True)]
        worst.near(told, want, [1 if w is None else 1 + abs(w) for w in want], a, b)


@case
def published_indices_of_capability_return(_):
    """Every state of four years of National Material Capabilities 7.0, to the six digits that it promises."""
    with open(os.path.join(SOURCE, "tests", "golden", "alliance", "nmc_v7_sample.csv"), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ["milex", "milper", "irst", "pec", "tpop", "upop"]
    table = [(int(r["year"]), [None if r[name] in ("", "-9") else float(r[name]) for name in names]) for r in rows]
    told, want = play("cinc", [[len(table), table]])[0], [float(r["cinc"]) for r in rows]
    worst = Worst(1e-6)
    worst.near(told, want, 1)
    same(len({year for year, _ in table}), 4)
    print(f"# {len(rows)} values, at most {worst.most:.1e} apart")


run()
