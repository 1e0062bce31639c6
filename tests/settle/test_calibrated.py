#!/usr/bin/python3
"""model_error: calibrated. Runs against the plain twin (reference/calibrate.py) of the distribution around a model's point."""
import csv
import json
import os
import random
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "reference")]
import calibrate  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
with open(os.path.join(SOURCE, "data", "calibration-eu.json"), encoding="utf-8") as file:
    LEARNED = json.load(file)["models"]
ACTORS = ["a", "b", "c", "d", "e", "f"]


def entente(*args, code=0):
    done = subprocess.run([ENTENTE, *map(str, args)], capture_output=True, text=True, check=False)
    same(done.returncode, code, args, done.stdout[-500:], done.stderr[-500:])
    return done.stdout if code == 0 else done.stdout + done.stderr


def calibration(model):
    m = LEARNED[model]
    return {**{k: m["weights"][k] / 1000 for k in ("held", "error", "past")}, "errors": [e / 1000 for e in m["errors"]],
            "outcomes": [o / 1000 for o in m["outcomes"]]}


def write(folder, rows, settle="compromise", error="calibrated", more="", issue="", head="", status_quo="30"):
    """One issue, aim, on a scale from 0 to 100; rows: position, salience, capability as they are written."""
    with open(os.path.join(folder, "actors.csv"), "w", encoding="utf-8") as f:
        f.write("id,name\n" + "".join(f"{a},{a.upper()}\n" for a in ACTORS[:len(rows)]))
    with open(os.path.join(folder, "aim.csv"), "w", encoding="utf-8") as f:
        f.write("actor,position,salience,capability\n" + "".join(f"{a},{p},{s},{c}\n" for a, (p, s, c) in zip(ACTORS, rows)))
    with open(os.path.join(folder, "scenario.yaml"), "w", encoding="utf-8") as f:
        f.write(f"entente: 1\ntitle: T\ndraws: 2000\nseed: 5\n{head}actors: actors.csv\nissues:\n  aim:\n    scale: {{0: low, 100: high}}\n"
                f"    status_quo: {status_quo}\n    stances: aim.csv\n    settle: {settle}\n"
                + (f"    model_error: {error}\n" if error else "") + issue + more)
    return folder


def found(folder, *args):
    return json.loads(entente("run", folder, "--json", "--out", os.path.join(folder, "out"), *args))


def draws(folder, *args):
    entente("run", folder, "--quiet", "--csv", "--out", os.path.join(folder, "out"), *args)
    with open(os.path.join(folder, "out", "draws.csv"), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def some_rows(rng):
    return [(rng.randrange(0, 101, 5), rng.randrange(1, 11) / 10, rng.randrange(0, 20) + (k == 0)) for k in range(rng.randrange(2, 7))]


def agrees(got, spread, u):
    """Chances are summed in another order here: a uniform on the edge of two values may get either."""
    values = {calibrate.quantile(spread, min(max(u + d, 0), 1)) for d in (-1e-9, 0, 1e-9)}
    check(any(abs(got - v) <= 1e-9 for v in values), got, values, u)


@case
def an_outcome_is_the_quantile_at_the_error(folder):
    rng = random.Random(1)
    for model in ("compromise", "median", "mode", "nash", "condorcet", "gravity", "agenda", "challenge", "spatial"):
        for _ in range(3):
            rows = some_rows(rng)
            write(folder, rows, settle=model, more="quantities:\n  said: {value: aim.point, why: as it is}\n")
            u = rng.randrange(1, 1000) / 1000
            q = found(folder, "--set", f"aim.model_error={u}", "--draws", 64)["quantities"]
            point, got = q["said"]["mean"], q["aim.outcome"]["mean"]
            spread = calibrate.distribution(calibration(model), [r[0] for r in rows], [r[1] * r[2] for r in rows], point)
            agrees(got, spread, u)
            for a, (p, _, _) in zip(ACTORS, rows):
                want = 1 - ((got - p) / 100) ** 2
                check(abs(q[f"aim.utility[{a}]"]["mean"] - want) < 1e-12, model, a)
                check(abs(q[f"aim.gain[{a}]"]["mean"] - want + 1 - ((30 - p) / 100) ** 2) < 1e-12, model, a)


@case
def settle_predicts_as_the_twin(folder):
    rng = random.Random(2)
    path = os.path.join(folder, "table.csv")
    for model in ("compromise", "median", "condorcet", "challenge"):
        rows = some_rows(rng)
        with open(path, "w", encoding="utf-8") as f:
            f.write("actor,position,salience,capability\n" + "".join(f"{a},{p},{s},{c}\n" for a, (p, s, c) in zip(ACTORS, rows)))
        out = json.loads(entente("settle", path, "--model", model, "--predict", "--json"))
        spread = calibrate.distribution(calibration(model), [r[0] for r in rows], [r[1] * r[2] for r in rows], out["outcome"])
        for key, u in (("p05", .05), ("p25", .25), ("p50", .5), ("p75", .75), ("p95", .95)):
            agrees(out["predicted"][key], spread, u)
        check("nine times of ten from" in entente("settle", path, "--model", model, "--predict"))
        check("predicted" not in json.loads(entente("settle", path, "--model", model, "--json")))


@case
def settle_predicts_several_issues(folder):
    path = os.path.join(folder, "table.csv")
    table = {"x": [(10, .9, 3), (90, .2, 5), (40, .5, 4)], "y": [(80, .2, 3), (10, .9, 5)]}
    with open(path, "w", encoding="utf-8") as f:
        f.write("issue,actor,position,salience,capability\n" + "".join(
            f"{i},{a},{p},{s},{c}\n" for i, rows in table.items() for a, (p, s, c) in zip(ACTORS, rows)))
    out = json.loads(entente("settle", path, "--model", "exchange", "--predict", "--json"))
    last = out["outcome"]
    for issue, rows in table.items():
        spread = calibrate.distribution(calibration("exchange"), [r[0] for r in rows], [r[1] * r[2] for r in rows], last[issue])
        agrees(out["predicted"][issue]["p25"], spread, .25)
    text = entente("settle", path, "--model", "exchange", "--predict")
    check("\n  x: " in text and all(len(line) <= 80 for line in text.splitlines()), text)


@case
def draws_have_the_distribution(folder):
    rows = [(10, .5, 3), (20, .9, 5), (70, .4, 8), (100, 1, 1)]
    write(folder, rows, more="quantities:\n  said: {value: aim.point, why: as it is}\n")
    q = found(folder, "--draws", 20000)["quantities"]
    spread = calibrate.distribution(calibration("compromise"), [r[0] for r in rows], [r[1] * r[2] for r in rows], q["said"]["mean"])
    for key, u in (("p05", .05), ("p25", .25), ("p50", .5), ("p75", .75), ("p95", .95)):
        low, high = calibrate.quantile(spread, u - .012), calibrate.quantile(spread, u + .012)
        check(low <= q["aim.outcome"][key] <= high, key, low, q["aim.outcome"][key], high)
    mean = sum(v * w for v, w in spread)
    check(abs(q["aim.outcome"]["mean"] - mean) < 4 * q["aim.outcome"]["mc_error"], mean, q["aim.outcome"])


@case
def arms_share_the_error(folder):
    """All want five points more with the document: so does what comes out, on every draw; and nothing else differs."""
    rows = [(10, .5, "2 to 4"), ("15 to 25", .9, 5), ("60 to 75", .4, 8)]
    document = "document:\n  title: D\n  issuer: a\n  provisions:\n    p:\n      says: S.\n      binding: yes\n      changes:\n"
    claims = "claims:\n  five: {who: W, says: S, holds: \"abs(change(aim.outcome) - 5) < 1e-9\"}\n"
    write(folder, rows, more=document + "".join(f"        aim.position[{a}]: value + 5\n" for a in "abc") + claims)
    same(found(folder)["claims"]["five"]["share"], 1)


@case
def a_model_that_is_drawn_has_its_own_errors(folder):
    rows = [(0, .5, 3), (30, .9, 5), (70, .4, 8), (100, 1, 2)]
    write(folder, rows, settle="{compromise: 1, median: 1}")
    by_model = found(folder, "--draws", 20000)["quantities"]["aim.outcome"]["by_model"]
    for model in ("compromise", "median"):
        write(folder, rows, settle=model, more="quantities:\n  said: {value: aim.point, why: as it is}\n")
        point = found(folder, "--draws", 64)["quantities"]["said"]["mean"]
        spread = calibrate.distribution(calibration(model), [r[0] for r in rows], [r[1] * r[2] for r in rows], point)
        mean = sum(v * w for v, w in spread)
        check(abs(by_model[model]["mean"] - mean) < 1.5, model, by_model[model]["mean"], mean)


@case
def issues_of_an_arena_have_errors_too(folder):
    rows = [(10, .9, 3), (90, .2, 5), (40, .5, 4)]
    write(folder, rows, error=None)
    with open(os.path.join(folder, "other.csv"), "w", encoding="utf-8") as f:
        f.write("actor,position,salience,capability\na,80,.2,3\nb,10,.9,5\nc,30,.5,4\n")
    with open(os.path.join(folder, "scenario.yaml"), "w", encoding="utf-8") as f:
        f.write("entente: 1\ntitle: T\ndraws: 500\nseed: 5\nactors: actors.csv\nissues:\n"
                "  aim: {scale: {0: low, 100: high}, stances: aim.csv, model_error: calibrated}\n"
                "  price: {scale: {0: low, 100: high}, stances: other.csv}\n"
                "arenas:\n  both: {issues: [aim, price], settle: {exchange: 1, compromise: 1}}\n"
                "quantities:\n  said: {value: aim.point, why: as it is}\n")
    q = found(folder, "--set", "aim.model_error=0.7")["quantities"]
    for model in ("exchange", "compromise"):
        point, got = q["said"]["by_model"][model]["mean"], q["aim.outcome"]["by_model"][model]["mean"]
        spread = calibrate.distribution(calibration(model), [r[0] for r in rows], [r[1] * r[2] for r in rows], point)
        agrees(got, spread, 0.7)
    plain = q["price.outcome"]["by_model"]["compromise"]
    same(plain["p05"], plain["p95"], "the other issue has no error")


@case
def one_error_for_all_years_or_one_a_year(folder):
    rows = [(10, .5, 3), (80, .9, 5), (40, .4, 8)]
    head = "time: {start: 2026, years: 3}\n"
    years = "quantities:\n" + "".join(f"  y{y}: {{value: \"aim.outcome[202{y}]\", why: as it is}}\n" for y in "678")

    def outcomes(error):
        write(folder, rows, error=error, head=head, status_quo="30 + 0 * year", more=years)
        return [[float(row["y" + y]) for y in "678"] for row in draws(folder, "--draws", 300)]
    check(all(a == b == c for a, b, c in outcomes("calibrated")), "the same error in all years")
    other = outcomes("calibrated by year")
    check(sum(a != b and b != c for a, b, c in other) > 150, other[:5])


@case
def results_do_not_depend_on_threads_or_other_issues(folder):
    rows = [("5 to 20", .5, 3), (20, .9, "2 to 8"), (70, .4, 8)]
    write(folder, rows, settle="{compromise: 1, median: 1, nash: 1}")
    one = entente("run", folder, "--json", "--out", os.path.join(folder, "out"), "--jobs", 1)
    same(one, entente("run", folder, "--json", "--out", os.path.join(folder, "out"), "--jobs", 3))
    before = json.loads(one)["quantities"]["aim.outcome"]
    write(folder, rows, settle="{compromise: 1, median: 1, nash: 1}",
          issue="  more:\n    scale: {0: low, 100: high}\n    stances: aim.csv\n    settle: median\n    model_error: calibrated\n")
    q = found(folder)["quantities"]
    same(q["aim.outcome"], before, "another issue leaves every draw as it was")
    check(q["more.outcome"]["mean"] != before["mean"])


@case
def where_nothing_can_be_settled_nothing_is_made_up(folder):
    document = "document:\n  title: D\n  issuer: a\n  provisions:\n    p:\n      says: S.\n      binding: yes\n      changes:\n"
    write(folder, [(10, 1, 1), ('"uniform(0, 100)"', .5, 5)],
          more=document + "        aim.capability[a]: if(aim.position[b] > 50, 0 / 0, 1)\n")
    q = found(folder)["quantities"]["aim.outcome"]
    check(0.45 < q["undefined"] < 0.55 and q["p95"] <= 50 and q["without"]["undefined"] == 0, q)


@case
def the_wrong_words_are_told(folder):
    text = entente("check", write(folder, [(10, .5, 3), (20, .9, 5)], error="yes please"), code=1)
    check("'model_error' is calibrated" in text and "scenario.yaml:12" in text, text)
    write(folder, [(10, .5, 3), (20, .9, 5)])
    path = os.path.join(folder, "scenario.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("    settle: compromise\n", ""))
    text = entente("check", folder, code=1)
    check("no model settles the issue \"aim\"" in text, text)
    write(folder, [(10, .5, 3), (20, .9, 5)], error=None, more="quantities:\n  said: {value: aim.point, why: as it is}\n")
    check("aim.point" in entente("check", folder, code=1), "the point has a name of its own only beside an error")


run()
