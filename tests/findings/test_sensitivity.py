"""Sensitivity: functions whose indices are known, the plain twin, and the command."""
import json
import math
import os
import random
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "reference")]
import sensitivity as twin  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
PLAY = os.environ["PLAY_INDICES"]


def play(head, rows):
    text = head + "\n" + "\n".join(" ".join(repr(float(v)) for v in row) for row in rows) + "\n"
    done = subprocess.run([PLAY], input=text, capture_output=True, text=True)
    same(done.returncode, 0, done.stderr)
    return [tuple(float(x) for x in line.split()) for line in done.stdout.splitlines()]


def indices(function, inputs, n, seed):
    """(first, total) of each input of a function on [0, 1]^inputs, each (value, low, high)."""
    rng = random.Random(seed)
    a = [[rng.random() for _ in range(inputs)] for _ in range(n)]
    b = [[rng.random() for _ in range(inputs)] for _ in range(n)]
    out = []
    for i in range(inputs):
        ab = [x[:i] + [y[i]] + x[i + 1:] for x, y in zip(a, b)]
        out.append(play(f"sobol {n}", [(function(x), function(y), function(z)) for x, y, z in zip(a, b, ab)]))
    return out


def near(index, true, name):
    """Within two and a half times the half-width of the interval that is told: the tolerance is the index's own error."""
    value, low, high = index
    check(abs(value - true) <= max(2.5 * (high - low) / 2, 1e-12), name, index, true)
    check(high - low < 0.2, name, index)


@case
def ishigami_has_its_known_indices(folder):
    def f(u):
        x = [math.pi * (2 * v - 1) for v in u]
        return math.sin(x[0]) + 7 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0])
    known = [(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)]
    for i, (found, true) in enumerate(zip(indices(f, 3, 4096, 11), known)):
        near(found[0], true[0], f"first {i + 1}")
        near(found[1], true[1], f"total {i + 1}")


@case
def sobol_g_has_its_known_indices(folder):
    weights = [0, 1, 4.5, 99]

    def g(u):
        return math.prod((abs(4 * x - 2) + w) / (1 + w) for x, w in zip(u, weights))
    part = [1 / 3 / (1 + w) ** 2 for w in weights]
    whole = math.prod(1 + p for p in part) - 1
    for i, found in enumerate(indices(g, 4, 4096, 12)):
        near(found[0], part[i] / whole, f"first {i + 1}")
        near(found[1], part[i] * math.prod(1 + p for k, p in enumerate(part) if k != i) / whole, f"total {i + 1}")


@case
def indices_are_those_of_the_twin(folder):
    rng = random.Random(3)
    for trial in range(20):
        n = rng.randrange(2, 200)
        rows = [[rng.gauss(5, 2) if rng.random() < 0.9 else math.nan for _ in range(3)] for _ in range(n)]
        rows += [[1.0, 2.0, 1.5], [2.0, 1.0, 1.5]]
        found = play(f"sobol {len(rows)}", rows)
        first, total = twin.sobol(*zip(*rows))
        check(abs(found[0][0] - first) < 1e-9 * max(1, abs(first)) and abs(found[1][0] - total) < 1e-9 * max(1, total), found, first, total)
        check(found[0][1] <= found[0][2] and 0 <= found[1][1] <= found[1][2])


@case
def delta_is_the_twins_less_what_chance_shows(folder):
    """y has two values: delta is the mean distance of the share in a class of x from the share at large."""
    rng = random.Random(4)
    n = 3000
    x = [rng.randrange(4) for _ in range(n)]
    w = [rng.random() for _ in range(n)]
    y = [float(rng.random() < 0.2 + 0.2 * k) for k in x]
    (value, low, high), = play(f"delta {n} 4", zip(y, x, w))
    plain = twin.delta(y, x, w)
    check(0 <= plain - value < 0.03 and low <= value <= high, plain, value, low, high)
    check(abs(value - 0.2) < 0.03, value)  # shares 0.2 0.4 0.6 0.8 around 0.5: the mean of |P_m - P|
    (value, low, high), = play(f"delta {n} 4", zip([float(rng.random() < 0.5) for _ in range(n)], x, w))
    check(value < 0.03 and low == 0, value, low, high)


@case
def delta_of_a_line_in_noise(folder):
    """y = x + e, both standard normal: delta by numerical integration over eight equally likely classes of x."""
    n, bins = 20000, 8
    rng = random.Random(5)
    normal = __import__("statistics").NormalDist()
    u = [rng.random() for _ in range(n)]
    y = [normal.inv_cdf(v) + rng.gauss(0, 1) for v in u]
    (value, low, high), = play(f"delta {n} {bins}", [(b, int(a * bins), 1.0) for a, b in zip(u, y)])
    rows = 4000
    xs = [normal.inv_cdf((i + 0.5) / rows) for i in range(rows)]
    edges = [2 ** 0.5 * normal.inv_cdf(k / 12) for k in range(1, 12)]
    cdf = lambda x, e: normal.cdf(e - x)  # noqa: E731
    true = 0.0
    for m in range(bins):
        inside = xs[m * rows // bins:(m + 1) * rows // bins]
        at = [0.0] + [sum(cdf(x, e) for x in inside) / len(inside) for e in edges] + [1.0]
        true += sum(abs(at[k + 1] - at[k] - 1 / 12) for k in range(12)) / bins / 2
    check(abs(value - true) < 0.02, value, true)


SCENARIO = """entente: 1
title: A test
draws: 400
seed: 3
actors: actors.csv
inputs:
  x: {value: "uniform(0, 1)", source: s, why: w, unit: points}
  y: {value: "uniform(0, 1)", source: s, why: w, unit: points}
  idle: {value: "uniform(0, 1)", source: s, why: w, unit: points}
  fixed: {value: 3, source: s, why: w, unit: points}
quantities:
  z: "x + 2 * y + fixed"
  hump: "x * (1 - x)"
  same: "fixed + 1"
  spare: "idle"
claims:
  high: {says: s, who: a, holds: "y > 0.5"}
  always: {says: s, who: a, holds: "x >= 0"}
  all: {says: s, who: a, overall: "E(x) > 0.1"}
"""


def scenario(folder, text=SCENARIO):
    with open(os.path.join(folder, "actors.csv"), "w") as f:
        f.write("id,name\nus,US\nfr,France\n")
    with open(os.path.join(folder, "scenario.yaml"), "w") as f:
        f.write(text)


def entente(*arguments, code=0):
    done = subprocess.run([ENTENTE, *arguments], capture_output=True, text=True)
    same(done.returncode, code, done.stderr)
    return done.stdout if code == 0 else done.stderr


@case
def a_linear_scenario_has_the_indices_of_its_variances(folder):
    scenario(folder)
    got = json.loads(entente("sensitivity", folder, "--json", "--base", "4096", "--of", "z", "--of", "high", "--of", "hump", "--of", "same"))
    z = {i["name"]: i for i in got["targets"]["z"]["inputs"]}
    same(sorted(z), ["x", "y"])
    for name, true in (("x", 0.2), ("y", 0.8)):
        for kind in ("first", "total"):
            near(tuple(z[name][kind][k] for k in ("value", "low", "high")), true, f"{name} {kind}")
        check(z[name]["beyond_noise"])
    same([i["name"] for i in got["targets"]["high"]["inputs"]], ["y"])
    near(tuple(got["targets"]["high"]["inputs"][0]["total"][k] for k in ("value", "low", "high")), 1, "y decides it alone")
    check(abs(got["targets"]["high"]["inputs"][0]["delta"]["value"] - 0.5) < 0.02, got["targets"]["high"]["inputs"])
    same(got["targets"]["same"]["variance"], 0)
    tornado = got["targets"]["hump"]["tornado"][0]
    same(tornado["name"], "x")
    check(abs(tornado["high"]["at"] - 0.5) < 0.05 and abs(tornado["high"]["value"] - 0.25) < 0.01, tornado)  # its top is inside
    check(tornado["low"]["value"] < 0.01, tornado)
    curve = got["targets"]["z"]["curves"]["y"]
    same(len(curve), 17)
    check(all(abs(b["value"] - a["value"] - 2 * (b["at"] - a["at"])) < 1e-9 for a, b in zip(curve, curve[1:])), curve)


# promise: studies-threads
@case
def threads_change_nothing(folder):
    scenario(folder)
    one = entente("sensitivity", folder, "--json", "--base", "300", "--jobs", "1")
    same(entente("sensitivity", folder, "--json", "--base", "300", "--jobs", "3"), one)


@case
def groups_of_the_shipped_scenario(folder):
    got = json.loads(entente("sensitivity", os.path.join(SOURCE, "scenarios", "european-security-2025"), "--json", "--groups", "--base", "64",
                             "--of", "europe_cannot_lead", "--of", "standstill"))
    names = {i["name"] for t in got["targets"].values() for i in t["inputs"]}
    check({"stances of United States", "the choice of model", "inputs of the model deterrence"} <= names, names)
    strongest = got["targets"]["europe_cannot_lead"]["inputs"][0]
    same(strongest["name"], "inputs of the model deterrence")
    check(strongest["total"]["value"] > 0.7)


@case
def clear_answers(folder):
    scenario(folder)
    text = entente("sensitivity", folder, "--base", "64")
    check("the same in every draw" in text and "total index" in text, text)
    check("did you mean \"high\"" in entente("sensitivity", folder, "--of", "hihg", code=2))
    check("no uncertain input is called \"fixed\"" in entente("sensitivity", folder, "--input", "fixed", code=2))
    check("statement about all draws" in entente("sensitivity", folder, "--of", "all", code=2))
    entente("sensitivity", folder, "--base", "1")
    scenario(folder, "entente: 1\ntitle: T\nactors: actors.csv\ninputs:\n  x: {value: 1, source: s, why: w}\nquantities:\n  z: x\n")
    check("no uncertain inputs" in entente("sensitivity", folder))
    same(json.loads(entente("sensitivity", folder, "--json"))["factors"], 0)


run()
