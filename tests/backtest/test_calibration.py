#!/usr/bin/python3
"""What is learned of the models' errors: against its plain twin (reference/calibrate.py), on proposals that were not used,
and what ships."""
import csv
import io
import json
import os
import random
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "reference")]
import calibrate  # noqa: E402
import score  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
EU = os.path.join(SOURCE, "data", "eu")
SHIPPED = os.path.join(SOURCE, "data", "calibration-eu.json")


def entente(*args, code=0):
    done = subprocess.run([ENTENTE, *map(str, args)], capture_output=True, text=True, check=False)
    same(done.returncode, code, args, done.stdout[-500:], done.stderr[-500:])
    return done.stdout if code == 0 else done.stdout + done.stderr


def near(got, want, what, tolerance=1e-9):
    check(abs(got - want) <= tolerance, what, got, want)


def cases_of(folder, model):
    """Positions, weights (capability: equal), point, outcome and proposal of every issue that the model settled."""
    stances = {}
    actors = [n for n in os.listdir(folder) if n.endswith("actors.csv")][0]
    with open(os.path.join(folder, actors), encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            if row["position"] != "":
                stances.setdefault(row["issue"], []).append((float(row["position"]), row["salience"]))
    found = []
    for row in csv.DictReader(io.StringIO(entente("backtest", folder, "--models", model, "--csv"))):
        if row[model] == "":
            continue
        known = [float(s) / 100 for _, s in stances[row["issue"]] if s != ""]
        mean = sum(known) / len(known) if known else 0.5
        weight = [float(s) / 100 if s != "" else mean for _, s in stances[row["issue"]]]
        found.append(([p for p, _ in stances[row["issue"]]], weight, float(row[model]), float(row["outcome"]), row["proposal"]))
    return found


def made_up(folder, proposals, seed=3):
    rng = random.Random(seed)
    issues, actors = "issue,proposal,outcome,reference_point\n", "issue,actor,position,salience\n"
    for p in range(proposals):
        for i in range(rng.randrange(1, 5)):
            rows = [(rng.randrange(0, 101, 10), rng.choice(["", 20, 50, 90])) for _ in range(rng.randrange(2, 8))]
            outcome = rng.choice([r[0] for r in rows] + [rng.randrange(0, 101)])
            issues += f"p{p}i{i},p{p},{outcome},{rng.choice(['', 0, 50])}\n"
            actors += "".join(f"p{p}i{i},a{k},{x},{s}\n" for k, (x, s) in enumerate(rows))
    for name, text in (("issues.csv", issues), ("actors.csv", actors)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    return folder


def learned_by(*args):
    return json.loads(entente("backtest", *args, "--calibration"))["models"]


@case
def learns_as_the_twin_from_the_union(_folder):
    for model, got in learned_by(EU, "--models", "compromise,agenda").items():
        cases = cases_of(EU, model)
        errors, outcomes = calibrate.lists(cases)
        same(got["errors"], [round(1000 * e) for e in errors], model)
        same(got["outcomes"], [round(1000 * o) for o in outcomes], model)
        g = calibrate.products(cases)
        weight = [got["weights"][k] / 1000 for k in ("held", "error", "past")]
        near(sum(weight), 1, model)
        grid = min(calibrate.mixed(g, (a / 100, b / 100, 1 - (a + b) / 100)) for a in range(101) for b in range(101 - a))
        check(calibrate.mixed(g, weight) < grid + 1e-4, "none on a grid is better", model, calibrate.mixed(g, weight), grid)


@case
def scores_proposals_that_were_not_used(folder):
    """Of at most five proposals each is a part of its own, however they are dealt: the twin learns from the others."""
    for seed in (3, 4):
        made_up(folder, 5, seed)
        found = json.loads(entente("backtest", folder, "--json"))["models"]
        for model in ("compromise", "median"):
            cases, crps, miss, brier, cover = cases_of(folder, model), 0, 0, 0, {0.5: 0, 0.8: 0, 0.95: 0}
            learned = {p: calibrate.learn([c for c in cases if c[4] != p]) for p in {c[4] for c in cases}}
            for c in cases:
                spread = calibrate.distribution(learned[c[4]], *c[:3])
                crps += calibrate.crps(spread, c[3]) / len(cases)
                miss += abs(calibrate.quantile(spread, 0.5) - c[3]) / len(cases)
                brier += score.brier(1 - calibrate.at(spread, 50), c[3] > 50) / len(cases)
                for level in cover:
                    cover[level] += score.pit_share(calibrate.below(spread, c[3]), calibrate.at(spread, c[3]), (1 - level) / 2,
                                                    (1 + level) / 2) / len(cases)
            got = found[model]["calibrated"]
            near(got["crps"], crps, f"{model} CRPS", 0.05)  # the twin's weights lie on a grid
            near(got["mae"], miss, f"{model} median", 1.5)
            near(got["brier_above_50"], brier, f"{model} Brier", 0.005)
            for level, share in cover.items():
                near(got[f"cover{round(100 * level)}"], share, f"{model} {level}", 0.02)
            near(sum(got["pit"]), 1, "tenths")
            near(sum(got["reliability"]["n"]), len(cases), "issues")


@case
def what_a_proposal_decided_does_not_teach_its_own_forecast(folder):
    """One outcome changed: the forecasts of its own proposal stay, so its score follows from the old distribution."""
    made_up(folder, 3)
    before = json.loads(entente("backtest", folder, "--models", "compromise", "--json"))["models"]["compromise"]["calibrated"]
    path = os.path.join(folder, "issues.csv")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    cases = cases_of(folder, "compromise")
    old = cases[0][3]
    new = 100 - old if old != 50 else 0
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace(f"p0i0,p0,{old:g},", f"p0i0,p0,{new:g},"))
    after = json.loads(entente("backtest", folder, "--models", "compromise", "--json"))["models"]["compromise"]["calibrated"]
    learned = calibrate.learn([c for c in cases if c[4] != "p0"])
    spread = calibrate.distribution(learned, *cases[0][:3])
    gain = calibrate.crps(spread, new) - calibrate.crps(spread, old)
    others = [c for c in cases if c[4] != "p0"]
    moved = 0
    for c in others:
        for at, sign in ((cases, -1), ([cases[0][:3] + (new, "p0")] + cases[1:], 1)):
            other = calibrate.learn([x for x in at if x[4] != c[4]])
            moved += sign * calibrate.crps(calibrate.distribution(other, *c[:3]), c[3])
    near(len(cases) * (after["crps"] - before["crps"]), gain + moved, "the change is that of its own score and of what others learn", 0.7)


@case
def the_target_on_proposals_that_were_not_used(_folder):
    """Better than the weighted mean with its pooled errors by more than chance; intervals cover what they say."""
    found = json.loads(entente("backtest", EU, "--capability", "votes", "--json"))["models"]
    mean = found["compromise"]["calibrated"]
    check(mean["against"]["ci90"][1] < 0, mean["against"])
    same(mean["against"]["model"], "compromise")
    check(mean["crps"] < found["compromise"]["crps"] - 0.3 and mean["crps"] < 16.3 and mean["crps"] < found["middle"]["crps"] - 2, mean["crps"])
    check(abs(mean["cover80"] - 0.8) < 0.03 and abs(mean["cover95"] - 0.95) < 0.02, mean)
    check(mean["mae"] <= 23.5, mean["mae"])
    for name, s in found.items():
        if s["yardstick"]:
            same(s["calibrated"], None, name)
            continue
        c = s["calibrated"]
        check(c["crps"] < s["crps"], name, "is better than its point with its errors", c["crps"], s["crps"])
        check(abs(c["cover80"] - 0.8) < 0.06, name, c["cover80"])
        check(c["brier_above_50"] < s["brier_above_50"], name)


@case
def other_deals_of_the_proposals_say_the_same(_folder):
    one, other = (json.loads(entente("backtest", EU, "--capability", "votes", "--models", "compromise", "--seed", seed, "--json"))
                  ["models"]["compromise"]["calibrated"] for seed in (1, 2))
    check(one["crps"] != other["crps"], "the seed deals")
    near(one["crps"], other["crps"], "CRPS", 0.1)
    near(one["cover80"], other["cover80"], "coverage", 0.015)


# promise: calibration-ships
@case
def what_ships_is_what_is_learned(_folder):
    with open(SHIPPED, encoding="utf-8") as f:
        text = f.read()
    same(entente("backtest", EU, "--capability", "votes", "--calibration"), text)
    tool = os.path.join(SOURCE, "tools", "calibration_tables.py")
    done = subprocess.run(["/usr/bin/python3", tool, "--check"], capture_output=True, text=True, check=False)
    same(done.returncode, 0, done.stderr)
    found = json.loads(text)
    same((found["issues"], found["proposals"], found["capability"]), (226, 90, "votes"))
    for name, m in found["models"].items():
        same(sum(m["weights"].values()), 1000, name)


@case
def too_little_to_learn_from(folder):
    """Of one or two proposals nothing is learned: they are scored with what ships."""
    with open(SHIPPED, encoding="utf-8") as f:
        m = json.load(f)["models"]["compromise"]
    shipped = {**{k: m["weights"][k] / 1000 for k in ("held", "error", "past")}, "errors": [e / 1000 for e in m["errors"]],
               "outcomes": [o / 1000 for o in m["outcomes"]]}
    for proposals in (1, 2):
        made_up(folder, proposals)
        got = json.loads(entente("backtest", folder, "--models", "compromise", "--json"))["models"]["compromise"]["calibrated"]
        cases = cases_of(folder, "compromise")
        same(got["learned"], "shipped")
        near(got["crps"], sum(calibrate.crps(calibrate.distribution(shipped, *c[:3]), c[3]) for c in cases) / len(cases), "CRPS")
        near(sum(got["reliability"]["n"]), len(cases), "issues")
        same(got["against"]["difference"] is None, proposals == 1, "there are no errors on other proposals")
        same(json.loads(entente("backtest", folder, "--calibration"))["models"], {})
    made_up(folder, 3)
    got = json.loads(entente("backtest", folder, "--models", "compromise", "--json"))["models"]["compromise"]["calibrated"]
    same(got["learned"], "others")
    check(got["crps"] > 0 and got["against"]["ci90"][0] <= got["against"]["ci90"][1], got)
    check("two ways to tell" in entente("backtest", folder, "--calibration", "--csv", code=2))


@case
def a_scenario_that_says_how_it_ended(folder):
    """The emissions of 1989, in hundredths of the scale from 4 to 10 years; by hand in tests/settle/test_means.c."""
    emissions = os.path.join(SOURCE, "scenarios", "ec-emissions-1989")
    found = json.loads(entente("backtest", emissions, "--json"))
    same((found["n"], found["proposals"], found["capability"]), (1, 1, "given"))
    table = list(csv.DictReader(io.StringIO(entente("backtest", emissions, "--csv"))))
    near(float(table[0]["outcome"]), 100 * (8.833 - 4) / 6, "outcome")
    mean = (0.2455 * 4 + 0.093 * 7 + 0.336 * 10) / 0.6745  # of Denmark's salience, 0.9 to 1, the median is 0.95
    near(float(table[0]["compromise"]), 100 * (mean - 4) / 6, "the weighted mean", 0.2)
    near(float(table[0]["median"]), 50, "the weighted median")
    near(found["models"]["compromise"]["mae"], 100 * (8.833 - mean) / 6, "error", 0.2)
    same(found["models"]["gravity"]["n"], 0, "no status quo is stated")
    same(found["models"]["compromise"]["calibrated"]["learned"], "shipped")
    same(found["models"]["compromise"]["calibrated"]["cover80"], 1)
    check("delay ended at 80.5" in entente("backtest", emissions))
    text = entente("backtest", os.path.join(SOURCE, "scenarios", "european-security-2025"), code=1)
    check("does not state how an issue ended" in text, text)
    text = entente("backtest", emissions, "--capability", "votes", code=1)
    check("no date" in text, text)


@case
def capabilities_that_the_file_states(folder):
    for name, text in (("issues.csv", "issue,proposal,outcome\na,p,10\nb,q,40\n"),
                       ("actors.csv", "issue,actor,position,salience,capability\na,x,0,50,1\na,y,100,50,3\nb,x,40,50,2\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    rows = list(csv.DictReader(io.StringIO(entente("backtest", folder, "--capability", "given", "--csv", "--models", "compromise"))))
    same([float(r["compromise"]) for r in rows], [75.0, 40.0])
    with open(os.path.join(folder, "actors.csv"), "w", encoding="utf-8") as f:
        f.write("issue,actor,position,salience,capability\na,x,0,50,1\na,y,100,50,\nb,x,40,50,2\n")
    text = entente("backtest", folder, "--capability", "given", code=1)
    check("'y' has no capability on the issue 'a'" in text, text)


@case
def where_all_hold_one_position_there_is_nothing_to_learn(folder):
    for name, text in (("issues.csv", "issue,proposal,outcome\na,p,10\nb,q,40\nc,r,60\n"),
                       ("actors.csv", "issue,actor,position,salience\na,x,10,50\nb,x,40,50\nc,x,50,50\n")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    found = json.loads(entente("backtest", folder, "--models", "compromise", "--json"))["models"]["compromise"]
    same(found["calibrated"], None)
    near(found["mae"], 10 / 3, "the point is scored")


run()
