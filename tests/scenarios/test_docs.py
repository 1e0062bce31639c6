#!/usr/bin/python3
"""What the pages about scenarios and verdicts say is what the program does."""
import json
import os
import re
import subprocess
import sys

ENTENTE, SOURCE = os.environ["ENTENTE"], os.environ["ENTENTE_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests"))
from tap import case, check, run, same  # noqa: E402


def page(name):
    with open(os.path.join(SOURCE, "docs", name), encoding="utf-8") as f:
        return f.read()


def entente(*args):
    done = subprocess.run([ENTENTE, *args], capture_output=True, env=dict(os.environ, LC_ALL="C.UTF-8"), check=False)
    check(done.returncode == 0, args, "exit", done.returncode, done.stderr[-2000:])
    return done.stdout


def example():
    """The page's whole scenario, in the folder of the case."""
    text = re.search(r"```yaml\n(.*?)```", page("scenario.md"), re.S)[1]
    os.mkdir("toll")
    with open("toll/scenario.yaml", "w", encoding="utf-8") as f:
        f.write(text)
    return text


def shown(*settings):
    options = [word for setting in settings for word in ("--set", setting)]
    return json.loads(entente("run", "toll", "--draws", "2000", "--json", "--quiet", "--out", "out", *options))


@case
def the_example_has_twenty_lines_and_runs(folder):
    check(len(example().splitlines()) <= 20)
    same(json.loads(entente("check", "toll", "--json")), [])
    claims = shown()["claims"]
    same(sorted(claims), ["falls", "matters"])
    for id, claim in claims.items():
        check(0.02 < claim["share"] < 0.98, id, claim["share"])


@case
def the_decision_of_the_page_can_be_added_to_the_example(folder):
    text = example()
    more = re.search(r"## Models in use\n\n```yaml\n(.*?)```", page("scenario.md"), re.S)[1]
    with open("toll/scenario.yaml", "w", encoding="utf-8") as f:
        f.write(text + more)
    out = json.loads(entente("run", "toll", "--draws", "2000", "--json", "--quiet", "--out", "out"))
    chance = [out["quantities"][f"free_it.by_year[{year}]"]["mean"] for year in range(2026, 2030)]
    check(0.02 < chance[0] < 0.98 and chance[0] == chance[1] < chance[2] == chance[3], chance)
    with open("out/report.html", encoding="utf-8") as f:
        report = json.loads(re.search(r'id="entente-data">(.*?)</script>', f.read(), re.S)[1])
    same([blocks["actor"] for blocks in report["decisions"][0]["blocks"]].count("delta"), 1)


@case
def every_setting_of_the_page_changes_the_example(folder):
    example()
    settings = re.findall(r'--set\s+(?:"([^"]+)"|([^\s`]+))`', page("scenario.md"))
    settings = [" ".join((a or b).split()) for a, b in settings if b != "NAME=VALUE"]
    check(len(settings) >= 5, settings)
    plain = shown()
    for setting in settings:
        changed = shown(setting)
        check(any(changed["claims"][id]["share"] != plain["claims"][id]["share"] for id in plain["claims"]), setting)


@case
def models_of_the_page_settle_an_issue(folder):
    text = example()
    models = re.search(r"with weights: (.*?)\. Each draw", page("scenario.md"), re.S)[1]
    models = re.findall(r"`(\w+)`", models)
    check(len(models) >= 6, models)
    text = text.replace("settle: {compromise: 2, median: 1}",
                        "status_quo: 50\n    settle: {" + ", ".join(m + ": 1" for m in models) + "}")
    with open("toll/scenario.yaml", "w", encoding="utf-8") as f:
        f.write(text)
    same(sorted(shown()["quantities"]["toll.outcome"]["by_model"]), sorted(models))


@case
def forms_of_numbers_of_the_page_are_read(folder):
    text = example()
    for form in ("3", "2 to 5", "lognormal 1 to 5", "uniform(5, 30)", "triangular(5, 8, 30)", "pert(5, 8, 30)",
                 "beta(2, 5)", "gamma(2, 5)", "normal(20, 5)", "lognormal(2, 0.5)", '"discrete {4: 1, 5: 2}"',
                 "{value: 2 to 5, range: [0, 10], unit: points, source: judgement, why: a test}",
                 "{experts: [{name: A, value: 1 to 2}, {name: B, value: 2 to 5, weight: 2}]}"):
        with open("toll/scenario.yaml", "w", encoding="utf-8") as f:
            f.write(text + "inputs:\n  x: " + form + "\n  y: 1\nquantities: {z: x + y}\n")
        same(json.loads(entente("check", "toll", "--json")), [], form)
        name = re.match(r"[\"{]?(\w*)", form)[1]
        check(f"`{name}" in page("scenario.md") or f"{{{name}: " in page("scenario.md"), form, "is not on the page")


# promise: claims-words
@case
def verdicts_of_the_page_are_the_program_s(folder):
    example()
    words = re.findall(r"^\| (\S) \| ([a-z ]+) \|", page("read-a-verdict.md"), re.M)
    glyph = {word: sign for sign, word in words}
    same(len(glyph), 7)
    seen = set()
    for limit in ("0", "20", "26", "30", "33", "37", "40", "50", "100"):
        claim = shown("falls.threshold=" + limit, "toll.settle.median=0")["claims"]["falls"]
        share = claim["share"]
        want = ("follows" if share >= 0.9 else "leans to" if share >= 2 / 3 else "does not follow" if share <= 0.1 else
                "leans against" if share <= 1 / 3 else "open")
        same(claim["verdict"], want, share)
        check(claim["verdict"] in glyph)
        done = entente("run", "toll", "--draws", "2000", "--out", "out", "--set", "falls.threshold=" + limit,
                       "--set", "toll.settle.median=0").decode("utf-8")
        check(glyph[claim["verdict"]] + " " + claim["verdict"] in done, done[:600])
        seen.add(claim["verdict"])
    check(len(seen) >= 4, seen)


if __name__ == "__main__":
    run()
