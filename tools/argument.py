#!/usr/bin/python3
"""docs/argument.md, what the shipped scenario says about the argument that it tests: no number in it is typed.

    tools/argument.py run build/cli/entente    runs the scenario and keeps what the page needs in docs/argument.json
    tools/argument.py page                     writes docs/argument.md from docs/argument.md.in and docs/argument.json

Run both after a change of the scenario or of the engine's results. In docs/argument.md.in stands between {{ and }}

    CLAIM [N] [without|taken|verdict|models]    a share (of its Nth other reading), its verdict, its share by model
    q NAME [without|taken] [p05|p50|p95|range] FORM    a quantity (its mean if nothing is said); FORM: %, %1, 0, 1, 2
    table CLAIM...                              how each was read, and what came of it
    decides CLAIM                               the inputs that decide it
    what_if CLAIM [verdict]                     its share in a second run, with WHAT_IF
    provision ID, run KEY, all, limits          how often it takes hold; a number of the run; all verdicts; the limits
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SCENARIO = "scenarios/european-security-2025"
ARMS = ("without", "taken")
WHAT_IF = "cost_if_allies_come=0.2 to 0.5"  # what decides most of deterrence, at half of its range
STRONG, CERTAIN = 0.03, 3  # a driver is told from this strength on, and where it is this many errors from nothing


def text(*path):
    with open(os.path.join(HERE, *path), encoding="utf-8") as f:
        return f.read()


def write(name, content):
    with open(os.path.join(HERE, "docs", name), "w", encoding="utf-8") as f:
        f.write(content)


# --- what is kept of a run ---------------------------------------------------------------------------

def short(x):
    """Six significant digits are beyond every error."""
    return float(f"{x:.6g}") if isinstance(x, float) else x


def share_of(form):
    return {key: short(form[key]) for key in ("share", "mc_error", "verdict", "near_threshold")}


def claim_of(claim):
    kept = {key: claim[key] for key in ("title", "who", "says", "read", "when")}
    kept.update(share_of(claim), counted=short(claim["counted"]))
    kept["arms"] = {arm: share_of(claim[arm]) for arm in ARMS if claim[arm]["share"] is not None}
    kept["models"] = {model: short(form["share"]) for model, form in claim["by_model"].items()}
    kept["readings"] = [dict(share_of(form), read=form["read"]) for form in claim["readings"]]
    of_driver = ("input", "label", "strength", "strength_error", "break_even")
    kept["drivers"] = [{key: short(driver[key]) for key in of_driver} for driver in claim["drivers"]]
    return kept


def summary_of(summary):
    return {key: short(summary[key]) for key in ("mean", "p05", "p50", "p95")}


def quantities_named(template):
    return sorted(set(re.findall(r"\{\{q (\S+)", template)))


def kept_of(results, template):
    quantities = {}
    for name in quantities_named(template):
        found = results["quantities"][name]
        quantities[name] = dict({arm: summary_of(found[arm]) for arm in ARMS}, **{"with": summary_of(found)})
    return {
        "scenario": results["scenario"]["id"], "hash": results["scenario"]["hash"], "version": results["version"],
        "draws": results["draws"], "seed": results["seed"], "effective_draws": round(results["effective_draws"]),
        "inputs": sum(value["uncertain"] for value in results["inputs"].values()),
        "units": {name: value["unit"] for name, value in results["inputs"].items() if value["uncertain"]},
        "claims": {id: claim_of(claim) for id, claim in results["claims"].items()},
        "provisions": {id: short(provision["share"]) for id, provision in results["provisions"].items()},
        "quantities": quantities}


def results_of(entente, *options):
    with tempfile.TemporaryDirectory() as out:
        command = [entente, "run", os.path.join(HERE, SCENARIO), "--json", "--quiet", "--out", out, *options]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def run(entente):
    kept = kept_of(results_of(entente), text("docs", "argument.md.in"))
    other = results_of(entente, "--set", WHAT_IF)
    kept["set"], kept["what_if"] = WHAT_IF, {id: share_of(claim) for id, claim in other["claims"].items()}
    named = {driver["input"] for claim in kept["claims"].values() for driver in claim["drivers"]}
    kept["units"] = {name: unit for name, unit in kept["units"].items() if name in named}
    write("argument.json", json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


# --- the page ------------------------------------------------------------------------------------------

def percent(x, digits=0):
    """As the terminal tells it: what is not quite none or all says so."""
    if x is None:
        return "–"
    least = 10 ** -digits
    if 0 < x < least / 200:
        return f"under {least:g} %"
    if 1 - least / 200 < x < 1:
        return f"over {100 - least:g} %"
    return f"{100 * x:.{digits}f} %"


def number(x, form):
    if form.startswith("%"):
        return percent(x, int(form[1:] or 0))
    return f"{x:.{int(form)}f}".replace("-", "−")


def quantity(kept, words):
    arms = kept["quantities"][words[0]]
    arm = next((w for w in words[1:-1] if w in ARMS), "with")
    which = next((w for w in words[1:-1] if w not in ARMS), "mean")
    if which == "range":
        return f"{number(arms[arm]['p05'], words[-1])} to {number(arms[arm]['p95'], words[-1])}"
    return number(arms[arm][which], words[-1])


def of_claim(kept, words):
    claim = kept["claims"][words[0]]
    form, rest = claim, words[1:]
    if rest and rest[0].isdigit():
        form, rest = claim["readings"][int(rest[0]) - 1], rest[1:]
    if not rest:
        return percent(form["share"])
    if rest == ["verdict"]:
        return form["verdict"]
    if rest == ["models"]:
        models = sorted(form["models"].items(), key=lambda m: m[1])
        return ", ".join(f"{model} {percent(share)}" for model, share in models)
    return percent(form["arms"][rest[0]]["share"])


def verdict_of(form):
    return ("≈ " if form.get("near_threshold") else "") + form["verdict"]


def table(kept, ids):
    rows = ["| | without | with | certain | verdict |", "|---|---|---|---|---|"]
    for id in ids:
        claim = kept["claims"][id]
        arms = [percent(claim["arms"].get(arm, {}).get("share")) for arm in ARMS]
        rows.append(f"| **{claim['title']}**: {claim['read']} | {arms[0]} | {percent(claim['share'])} | {arms[1]} | "
                    f"**{verdict_of(claim)}** |")
        rows += [f"| — {form['read']} | | {percent(form['share'])} | | {verdict_of(form)} |"
                 for form in claim["readings"]]
    return "\n".join(rows)


def break_even(kept, driver):
    points = " points" if kept["units"].get(driver["input"]) == "points" else ""
    return f" (even odds at {driver['break_even']:.2g}{points})" if driver["break_even"] else ""


def drivers(kept, id):
    told = [d for d in kept["claims"][id]["drivers"]
            if d["strength"] >= STRONG and d["strength"] >= CERTAIN * d["strength_error"]]
    return "; ".join(f"{d['label']}{break_even(kept, d)}" for d in told) or "no single input"


def everything(kept):
    rows = ["| claim | who | share | verdict | what decides it most |", "|---|---|---|---|---|"]
    for id, claim in sorted(kept["claims"].items(), key=lambda c: -c[1]["share"]):
        rows.append(f"| {claim['title']} | {claim['who']} | {percent(claim['share'])} | {verdict_of(claim)} | "
                    f"{drivers(kept, id).split(';')[0]} |")
    return "\n".join(rows)


def limits():
    listed = re.search(r"^limits:\n((?:  - .*\n)+)", text(SCENARIO, "scenario.yaml"), re.M)[1]
    return re.sub(r"^  - ", "- ", listed, flags=re.M).rstrip()


def told(kept, words):
    if words[0] == "q":
        return quantity(kept, words[1:])
    if words[0] == "table":
        return table(kept, words[1:])
    if words[0] == "decides":
        return drivers(kept, words[1])
    if words[0] == "what_if":
        form = kept["what_if"][words[1]]
        return verdict_of(form) if words[2:] == ["verdict"] else percent(form["share"])
    if words[0] == "provision":
        return percent(kept["provisions"][words[1]])
    if words[0] == "run":
        return f"{kept[words[1]]:,}".replace(",", " ") if isinstance(kept[words[1]], int) else kept[words[1]]
    if words[0] == "all":
        return everything(kept)
    return limits() if words[0] == "limits" else of_claim(kept, words)


def page(template, kept):
    return re.sub(r"\{\{([^}]+)\}\}", lambda found: told(kept, found[1].split()), template)


def main():
    if sys.argv[1:2] == ["run"] and len(sys.argv) == 3:
        run(sys.argv[2])
    elif sys.argv[1:] == ["page"]:
        write("argument.md", page(text("docs", "argument.md.in"), json.loads(text("docs", "argument.json"))))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
