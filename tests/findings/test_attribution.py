"""entente attribution against its plain twin, whose values of subsets are runs with provisions switched off; and what must
hold of Shapley values."""
import json
import os
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "reference")]
from attribution import parts  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]

HEAD = """entente: 1
title: A test
draws: {draws}
seed: 5
actors: actors.csv
issues:
  door:
    question: Open?
    scale: {{0: shut, 100: open}}
    status_quo: 50
    stances: door.csv
    settle: {{compromise: 2, median: 1}}
inputs:
  x: {{value: 0 to 10, source: s, why: w, unit: points}}
  y: {{value: 1 to 2, source: s, why: w, unit: points}}
quantities:
  z: "x * y + door.outcome / 10"
"""
DOCUMENT = """document:
  title: D
  provisions:
    more: {takes_hold: 0.6, changes: {x: value + 3}}
    twice: {takes_hold: 0.5, changes: {y: value * 2}}
    shut: {changes: {"door.position[us]": 0 to 10}}
    idle: {takes_hold: 0.5, changes: {w: value + 1}}
given:
  - "x < 8"
claims:
  high: {says: z is high, who: a, holds: "z > 14"}
  grows: {says: z grows, who: a, holds: "change(z) > 4"}
  if_more: {says: it grows where more holds, who: a, holds: "change(z) > 4", when: "more.in_force"}
"""


def scenario(folder, text, draws=320):
    with open(os.path.join(folder, "actors.csv"), "w") as f:
        f.write("id,name\nus,US\nfr,France\npl,Poland\n")
    with open(os.path.join(folder, "door.csv"), "w") as f:
        f.write("actor,position,salience,capability\nus,10 to 30,0.8,100\nfr,40 to 60,0.6 to 0.8,40\npl,90,0.9,20\n")
    with open(os.path.join(folder, "scenario.yaml"), "w") as f:
        f.write(HEAD.format(draws=draws) + text)


def entente(*arguments, code=0):
    done = subprocess.run([ENTENTE, *arguments], capture_output=True, text=True)
    same(done.returncode, code, done.stderr)
    return done.stdout


@case
def parts_are_those_of_runs_with_provisions_switched_off(folder):
    scenario(folder, "  v: \"w + 1\"\n" + DOCUMENT)
    with open("scenario.yaml") as f:
        text = f.read().replace("quantities:\n", "  w: {value: 1 to 3, source: s, why: w, unit: points}\nquantities:\n")
    with open("scenario.yaml", "w") as f:
        f.write(text)
    got = json.loads(entente("attribution", folder, "--json"))
    names = [p["id"] for p in got["provisions"]]
    same(names, ["more", "twice", "shut", "idle"])
    runs = {}

    def results(players):
        if players not in runs:
            off = [a for p in names if p not in players for a in ("--set", f"{p}.in_force=no")]
            runs[players] = json.loads(entente("run", folder, "--json", "--out", os.path.join(folder, "out"), *off))
        return runs[players]

    def value_of(name):
        if name in ("high", "grows"):
            return lambda players: results(players)["claims"][name]["share"] or 0.0
        return lambda players: results(players)["quantities"][name]["mean"]

    for name in ("high", "grows", "door.outcome", "door.utility[us]", "door.utility[pl]"):
        twin, mine = parts(names, value_of(name)), got["targets"][name]
        for p in names:
            check(abs(twin[p] - mine["shares"][p]["value"]) < 1e-12, name, p, twin[p], mine["shares"][p])
        check(abs(sum(twin.values()) - mine["change"]) < 1e-12, name)
        same(mine["shares"]["idle"], {"value": 0, "mc_error": 0}, name)
    check(got["targets"]["high"]["change"] > 0.2 and got["targets"]["grows"]["without"] == 0)


# promise: parts-add-up
@case
def parts_add_up_and_a_condition_is_asked_with_the_whole_document(folder):
    scenario(folder, DOCUMENT.replace("    idle: {takes_hold: 0.5, changes: {w: value + 1}}\n", ""))
    got = json.loads(entente("attribution", folder, "--json"))
    for name, target in got["targets"].items():
        total = sum(s["value"] for s in target["shares"].values())
        check(abs(total - (target["with"] - target["without"])) < 1e-12, name, target)
    run_ = json.loads(entente("run", folder, "--json", "--out", os.path.join(folder, "out")))
    check(abs(got["targets"]["if_more"]["with"] - run_["claims"]["if_more"]["share"]) < 1e-12)
    same(got["targets"]["if_more"]["without"], 0)
    check(got["steps"]["shared"] < got["steps"]["subsets"] and got["subsets"] == 8, got["steps"])


# promise: share-has-the-mean
@case
def the_share_of_a_provision_on_each_draw_has_the_same_mean(folder):
    names = ("more", "twice", "shut")
    scenario(folder, "".join(f"  share_{p}: \"share({p}, z)\"\n" for p in names) +
             DOCUMENT.replace("    idle: {takes_hold: 0.5, changes: {w: value + 1}}\n", ""))
    got = json.loads(entente("attribution", folder, "--of", "z", "--json"))["targets"]["z"]["shares"]
    run_ = json.loads(entente("run", folder, "--json", "--out", os.path.join(folder, "out")))["quantities"]
    for p in names:
        check(abs(got[p]["value"] - run_[f"share_{p}"]["mean"]) < 1e-12, p, got[p], run_[f"share_{p}"])
        check(got[p]["value"] != 0, p)


def spread_and_told(of, provisions, seeds, *more):
    """How far a part scatters over seeds, and the error that it comes with."""
    seen = [json.loads(entente("attribution", ".", "--json", "--of", of, "--seed", str(s), *more)) for s in range(seeds)]
    for p in provisions:
        shares = [t["targets"][of]["shares"][p] for t in seen]
        mean = sum(s["value"] for s in shares) / seeds
        spread = (sum((s["value"] - mean) ** 2 for s in shares) / (seeds - 1)) ** 0.5
        yield p, spread, sum(s["mc_error"] for s in shares) / seeds


@case
def errors_are_of_the_size_of_what_seeds_show(folder):
    """The spread of 24 seeds is known to about a seventh."""
    scenario(folder, DOCUMENT.replace("    idle: {takes_hold: 0.5, changes: {w: value + 1}}\n", ""), draws=1024)
    for p, spread, told in spread_and_told("high", ("more", "twice", "shut"), 24):
        check(0.6 * spread < told < 1.6 * spread, p, spread, told)
    for p, spread, told in spread_and_told("high", ("more", "twice"), 24, "--draws", "48"):
        check(0.6 * spread < told < 1.6 * spread, p, spread, told)


def document_of(count, line, holds):
    lines = ["document:", "  title: D", "  provisions:", *(f"    p{i:02d}: {line(i)}" for i in range(count))]
    return "\n".join([*lines, "claims:", f"  c: {{says: s, who: a, holds: \"{holds}\"}}", ""])


@case
def errors_of_sampled_orders_are_of_the_size_of_what_seeds_show(folder):
    """With few orders and many draws the spread is of the orders: four of 13 provisions are enough for the claim."""
    scenario(folder, document_of(13, lambda i: "{changes: {x: value + 10}}", "x > 45"))
    for p, spread, told in spread_and_told("c", ("p00", "p05", "p12"), 40, "--orders", "30", "--draws", "64"):
        check(spread > 0.01 and 0.6 * spread < told < 1.6 * spread, p, spread, told)


# promise: twelve-exact
@case
def twelve_provisions_are_exact_and_one_that_never_takes_hold_has_no_part(folder):
    """x grows by 0, 1 ... 10, so that on average each part is its number; subsets run in several programs."""
    scenario(folder, document_of(12, lambda i: f"{{takes_hold: {0 if i == 11 else 1}, changes: {{x: value + {i}}}}}", "x > 40"), draws=64)
    with open("scenario.yaml") as f:
        text = f.read()
    with open("scenario.yaml", "w") as f:
        f.write(text.replace('  z: "', '  v: "x + 1"\n  z: "'))
    got = json.loads(entente("attribution", folder, "--of", "v", "--of", "c", "--json"))
    same((got["method"], got["subsets"]), ("exact", 4096))
    for i in range(12):
        check(abs(got["targets"]["v"]["shares"][f"p{i:02d}"]["value"] - (0 if i == 11 else i)) < 1e-10, i, got["targets"]["v"])
    claim = got["targets"]["c"]
    check(abs(sum(s["value"] for s in claim["shares"].values()) - claim["change"]) < 1e-12 and claim["change"] > 0.5, claim)
    same(claim["shares"]["p11"], {"value": 0, "mc_error": 0})


# promise: studies-threads
@case
def threads_change_nothing(folder):
    scenario(folder, DOCUMENT.replace("    idle: {takes_hold: 0.5, changes: {w: value + 1}}\n", ""))
    one = entente("attribution", folder, "--json", "--jobs", "1")
    same(entente("attribution", folder, "--json", "--jobs", "3"), one)


@case
def beyond_twelve_provisions_orders_are_sampled(folder):
    """Twenty provisions that add to x: an additive game, in which every order gives the same parts."""
    scenario(folder, document_of(20, lambda i: f"{{takes_hold: {0 if i == 3 else 1}, changes: {{x: value + {i}}}}}", "x > 100"))
    got = json.loads(entente("attribution", folder, "--json", "--of", "z", "--of", "c", "--orders", "20", "--draws", "64"))
    same(got["method"], "sampled")
    target = got["targets"]["z"]
    check(abs(sum(s["value"] for s in target["shares"].values()) - target["change"]) < 1e-9, target)
    ratio = target["change"] / (sum(range(20)) - 3)
    for i in range(20):
        check(abs(target["shares"][f"p{i:02d}"]["value"] - ratio * i * (i != 3)) < 1e-9, i, target)
    claim = got["targets"]["c"]
    check(abs(sum(s["value"] for s in claim["shares"].values()) - claim["change"]) < 1e-12, claim)
    check(claim["shares"]["p19"]["value"] > claim["shares"]["p01"]["value"] > -1e-12, claim)
    same(claim["shares"]["p03"], {"value": 0, "mc_error": 0})


@case
def as_many_provisions_as_are_read(folder):
    scenario(folder, document_of(62, lambda i: f"{{takes_hold: 0.5, changes: {{x: value + {i}}}}}", "x > 900"))
    got = json.loads(entente("attribution", folder, "--json", "--of", "c", "--orders", "8"))
    claim = got["targets"]["c"]
    check(got["subsets"] > 400 and abs(sum(s["value"] for s in claim["shares"].values()) - claim["change"]) < 1e-12, claim)
    check(sum(abs(s["value"]) for s in claim["shares"].values()) > 0.1 and claim["shares"]["p00"]["value"] == 0, claim)


@case
def clear_answers_where_there_is_nothing_to_say(folder):
    scenario(folder, "claims:\n  c: {says: s, who: a, holds: \"z > 5\"}\n")
    check("no document" in entente("attribution", folder))
    got = json.loads(entente("attribution", folder, "--json"))
    same((got["provisions"], got["targets"]["c"]["change"]), ([], None))
    entente("attribution", folder, "--of", "nobody", code=2)
    entente("attribution", os.path.join(folder, "nowhere"), code=3)
    scenario(folder, DOCUMENT.replace("    idle: {takes_hold: 0.5, changes: {w: value + 1}}\n", "").replace("x < 8", "x > 1000"))
    got = json.loads(entente("attribution", folder, "--json"))
    same((got["effective_draws"], got["targets"]["high"]["why_not"], got["targets"]["high"]["change"]), (0, "no draw agrees with what is known", None))
    told = entente("attribution", os.path.join(SOURCE, "scenarios", "european-security-2025"), "--draws", "64")
    check("Shapley" in told and "Warning" in told and max(map(len, told.split("\n"))) <= 80, told)


run()
