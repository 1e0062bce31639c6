"""entente compare: differences on the same draws, with their errors."""
import json
import os
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests")]
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
SCENARIO = """entente: 1
title: A test
draws: {draws}
seed: 3
actors: actors.csv
inputs:
  x: {{value: "uniform(0, 10)", source: s, why: w, unit: points}}
  y: {{value: "uniform(0, 10)", source: s, why: w, unit: points}}
quantities:
  z: "x + y"
  w: "x"
{more}document:
  title: D
  provisions:
    up: {{takes_hold: 0.5, changes: {{x: value + 1}}}}
{given}claims:
  high: {{says: s, who: a, holds: "z > 10"}}
  grows: {{says: s, who: a, holds: "change(z) > 0"}}
{claims}"""


def scenario(folder, draws=640, more="", given="", claims=""):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "actors.csv"), "w") as f:
        f.write("id,name\nus,US\n")
    with open(os.path.join(folder, "scenario.yaml"), "w") as f:
        f.write(SCENARIO.format(draws=draws, more=more, given=given, claims=claims))


def entente(*arguments, code=0):
    done = subprocess.run([ENTENTE, *arguments], capture_output=True, text=True)
    same(done.returncode, code, done.stderr)
    return done.stdout if code == 0 else done.stderr


def compared(*arguments):
    return json.loads(entente("compare", *arguments, "--json"))


@case
def a_scenario_is_like_itself(folder):
    scenario("a")
    got = compared("a", "a")
    for pair in (*got["quantities"].values(), *got["claims"].values()):
        check(pair["difference"] in (0, None) and pair["mc_error"] in (0, None), pair)
    same((got["only_a"], got["only_b"]), ([], []))


# promise: compare-noise
@case
def a_shift_is_seen_without_noise(folder):
    scenario("a")
    got = compared("a", "--set", "y=uniform(1, 11)")
    check(abs(got["quantities"]["z"]["difference"] - 1) < 1e-12 and got["quantities"]["z"]["mc_error"] < 1e-12, got["quantities"]["z"])
    same(got["quantities"]["w"]["difference"], 0)
    claim = got["claims"]["high"]
    check(claim["difference"] > 0 and claim["mc_error"] < 0.02 < (0.25 / 640) ** 0.5 * 2 ** 0.5, claim)
    same(claim["without"]["a"] < claim["a"], True)
    same(got["claims"]["grows"]["without"]["a"], None)


@case
def each_side_is_a_run(folder):
    scenario("a", given="given:\n  - \"x < 7\"\n")
    got = compared("a", "--set", "y=2 to 9")
    for key, more in (("a", []), ("b", ["--set", "y=2 to 9"])):
        mine = json.loads(entente("run", "a", "--json", "--out", "out", *more))
        for name in ("z", "w"):
            check(abs(mine["quantities"][name]["mean"] - got["quantities"][name][key]) < 1e-12, name, key)
            check(abs(mine["quantities"][name]["without"]["mean"] - got["quantities"][name]["without"][key]) < 1e-12, name, key)
        check(abs(mine["claims"]["high"]["share"] - got["claims"]["high"][key]) < 1e-12)
        check(abs(mine["effective_draws"] - got[key]["effective_draws"]) < 1e-9)


@case
def errors_are_of_the_size_of_what_seeds_show(folder):
    scenario("a", draws=1024, given="given:\n  - \"x < 7\"\n")
    for draws in ("1024", "60"):
        seen = [compared("a", "--set", "x=2 to 9", "--seed", str(s), "--draws", draws)["quantities"]["z"] for s in range(30)]
        values = [v["difference"] for v in seen]
        mean = sum(values) / len(values)
        spread = (sum((v - mean) ** 2 for v in values) / (len(values) - 1)) ** 0.5
        told = sum(v["mc_error"] for v in seen) / len(seen)
        check(0.6 * spread < told < 1.6 * spread, draws, spread, told)


SETTLED = """entente: 1
title: A test
draws: 500
seed: 4
actors: actors.csv
issues:
  door:
    question: Open?
    scale: {{0: shut, 100: open}}
    stances: door.csv
    settle: {{compromise: 1, median: 1}}
given:
  - "door.position[pl] > 5"
claims:
  open: {{says: s, who: a, holds: "door.outcome > 50"}}
  held: {{says: s, who: a, holds: "door.outcome > 40", when: "door.position[us] > 92"}}
  average: {{says: s, who: a, overall: "E(door.outcome) > 45"}}
  soon: {{says: s, who: a, needs: war}}
{more}"""


def settled(folder, more=""):
    """The median is the second actor's, the mean lies far below: models fall on two sides of one half."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "actors.csv"), "w") as f:
        f.write("id,name\nus,US\nfr,France\npl,Poland\n")
    with open(os.path.join(folder, "door.csv"), "w") as f:
        f.write("actor,position,salience,capability\nus,85 to 95,0.8,30\nfr,55 to 60,0.8,30\npl,0 to 10,0.8,59\n")
    with open(os.path.join(folder, "scenario.yaml"), "w") as f:
        f.write(SETTLED.format(more=more))


@case
def verdicts_are_those_of_runs_by_model_too(folder):
    settled("a")
    more = ["--set", "door.capability[us]=90"]
    got = compared("a", *more)["claims"]
    for key, change in (("a", []), ("b", more)):
        claims = json.loads(entente("run", "a", "--json", "--out", "out", *change))["claims"]
        for name in ("open", "held"):
            same(got[name][f"verdict_{key}"], claims[name]["verdict"], name)
            check(abs(got[name][key] - claims[name]["share"]) < 1e-12, name)
    same(got["open"]["verdict_a"], "depends on the model")
    check("depends on the model becomes: " in entente("compare", "a", *more))


# promise: compare-not-overall
@case
def claims_about_all_draws_are_named_as_not_compared(folder):
    settled("a")
    settled("b", "  other: {says: s, who: a, overall: \"p(door.outcome > 50) > 0.5\"}\n")
    got = compared("a", "b")
    same((got["not_compared"], sorted(got["claims"])), (["average", "other"], ["held", "open"]))
    check("not compared: average, other" in entente("compare", "a", "b"))


@case
def what_one_alone_has_is_named(folder):
    scenario("a")
    scenario("b", more="  extra: \"x * 2\"\n", claims="  more: {says: s, who: a, holds: \"x > 1\"}\n")
    got = compared("a", "b")
    same((got["only_a"], sorted(got["only_b"])), ([], ["extra", "more"]))
    same(sorted(compared("b", "a")["only_a"]), ["extra", "more"])
    check("Only the second has: " in entente("compare", "a", "b"))


@case
def threads_change_nothing_and_errors_are_told(folder):
    scenario("a")
    one = entente("compare", "a", "--set", "y=2 to 9", "--json", "--jobs", "1")
    same(entente("compare", "a", "--set", "y=2 to 9", "--json", "--jobs", "3"), one)
    check("--set says what" in entente("compare", "a", code=2))
    entente("compare", "a", "nowhere", code=3)
    check("did you mean \"y\"" in entente("compare", "a", "--set", "yy=3", code=1))


run()
