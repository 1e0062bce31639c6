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


@case
def errors_are_of_the_size_of_what_seeds_show(folder):
    scenario(folder, DOCUMENT.replace("    idle: {takes_hold: 0.5, changes: {w: value + 1}}\n", ""), draws=1024)
    seen = [json.loads(entente("attribution", folder, "--json", "--seed", str(s)))["targets"]["high"] for s in range(24)]
    for p in ("more", "twice", "shut"):
        values = [t["shares"][p]["value"] for t in seen]
        mean = sum(values) / len(values)
        spread = (sum((v - mean) ** 2 for v in values) / (len(values) - 1)) ** 0.5
        told = sum(t["shares"][p]["mc_error"] for t in seen) / len(seen)
        check(0.6 * spread < told < 1.6 * spread, p, spread, told)  # the spread of 24 is known to about a seventh


@case
def threads_change_nothing(folder):
    scenario(folder, DOCUMENT.replace("    idle: {takes_hold: 0.5, changes: {w: value + 1}}\n", ""))
    one = entente("attribution", folder, "--json", "--jobs", "1")
    same(entente("attribution", folder, "--json", "--jobs", "3"), one)


@case
def beyond_twelve_provisions_orders_are_sampled(folder):
    """Twenty provisions that add to x: an additive game, in which every order gives the same parts."""
    lines = ["document:", "  title: D", "  provisions:"]
    lines += [f"    p{i:02d}: {{changes: {{x: value + {i}}}}}" for i in range(20)]
    scenario(folder, "\n".join(lines + ["claims:", "  c: {says: s, who: a, holds: \"x > 100\"}", ""]))
    got = json.loads(entente("attribution", folder, "--json", "--of", "z", "--of", "c", "--orders", "20", "--draws", "64"))
    same(got["method"], "sampled")
    target = got["targets"]["z"]
    check(abs(sum(s["value"] for s in target["shares"].values()) - target["change"]) < 1e-9, target)
    ratio = target["change"] / sum(range(20))
    for i in range(20):
        check(abs(target["shares"][f"p{i:02d}"]["value"] - ratio * i) < 1e-9, i, target)
    claim = got["targets"]["c"]
    check(abs(sum(s["value"] for s in claim["shares"].values()) - claim["change"]) < 1e-12, claim)
    check(claim["shares"]["p19"]["value"] > claim["shares"]["p01"]["value"] > -1e-12, claim)


@case
def clear_answers_where_there_is_nothing_to_say(folder):
    scenario(folder, "claims:\n  c: {says: s, who: a, holds: \"z > 5\"}\n")
    check("no document" in entente("attribution", folder))
    got = json.loads(entente("attribution", folder, "--json"))
    same((got["provisions"], got["targets"]["c"]["change"]), ([], None))
    entente("attribution", folder, "--of", "nobody", code=2)
    entente("attribution", os.path.join(folder, "nowhere"), code=3)
    check("add up to the change" in entente("attribution", os.path.join(SOURCE, "scenarios", "european-security-2025"), "--draws", "64"))


run()
