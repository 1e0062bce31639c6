#!/usr/bin/python3
"""docs/argument.md is what tools/argument.py makes of a run, and that run is of the scenario as it stands."""
import json
import os
import re
import subprocess
import sys

ENTENTE, SOURCE = os.environ["ENTENTE"], os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tools")]
import argument  # noqa: E402
from tap import case, check, run, same  # noqa: E402

DRAWS, SEED = "1000", "2"


def text(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as f:
        return f.read()


def kept():
    return json.loads(text("docs", "argument.json"))


def run_of(*options):
    """Other draws than the page's."""
    command = [ENTENTE, "run", os.path.join(SOURCE, argument.SCENARIO), "--draws", DRAWS, "--seed", SEED, "--json",
               "--quiet", "--out", "out", *options]
    done = subprocess.run(command, capture_output=True, check=False)
    check(done.returncode == 0, done.stderr[-2000:])
    return json.loads(done.stdout)


_fresh = []


def fresh():
    """Such a run, kept as the page's own is."""
    if not _fresh:
        _fresh.append(argument.kept_of(run_of(), text("docs", "argument.md.in")))
    return _fresh[0]


@case
def the_page_is_what_the_script_makes_of_its_run(folder):
    same(argument.page(text("docs", "argument.md.in"), kept()) == text("docs", "argument.md"), True,
         "docs/argument.md is stale: tools/argument.py page")


@case
def no_result_is_typed(folder):
    typed = re.sub(r"\{\{[^}]*\}\}", "", text("docs", "argument.md.in"))
    shares = set(re.findall(r"[0-9.]+ (?:to [0-9.]+ )?%", typed))
    same(shares, {"60 %", "5 %", "75 to 95 %"}, "an example, the provision's demand and an input's range may be typed")


@case
def the_run_is_of_the_scenario_as_it_stands(folder):
    same(kept()["hash"], fresh()["hash"], "docs/argument.json is of another scenario: tools/argument.py run, then page")
    same(sorted(kept()["claims"]), sorted(fresh()["claims"]))
    for id, claim in fresh()["claims"].items():
        for key in ("title", "who", "says", "read"):
            same(kept()["claims"][id][key], claim[key], id)


def apart(id, one, other):
    """Two shares of the same claim, from different draws."""
    error = (one["mc_error"] ** 2 + other["mc_error"] ** 2) ** 0.5
    check(abs(one["share"] - other["share"]) <= 4 * error + 0.01, id, one["share"], other["share"])


@case
def other_draws_tell_the_same(folder):
    for id, claim in fresh()["claims"].items():
        mine = kept()["claims"][id]
        apart(id, mine, claim)
        for arm, form in claim["arms"].items():
            apart(id + " " + arm, mine["arms"][arm], form)
        for n, (one, other) in enumerate(zip(mine["readings"], claim["readings"])):
            apart(f"{id} reading {n + 1}", one, other)


@case
def every_claim_of_the_argument_is_on_the_page(folder):
    page = text("docs", "argument.md")
    for id, claim in kept()["claims"].items():
        check(f"**{claim['title']}**: {claim['read']} |" in page, id)
        check(f"| {claim['title']} | {claim['who']} |" in page, id)
    check("{{" not in page and "}}" not in page)


@case
def the_other_range_that_the_page_tries_is_tried(folder):
    for id, claim in run_of("--set", kept()["set"])["claims"].items():
        apart(id, kept()["what_if"][id], claim)
    check(f'--set "{kept()["set"]}"' in text("docs", "argument.md"))


if __name__ == "__main__":
    run()
