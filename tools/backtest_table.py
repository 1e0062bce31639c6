#!/usr/bin/python3
"""Writes the tables of docs/backtest.md from what `entente backtest` says, between their marks; the text is left as it is.

    tools/backtest_table.py build/cli/entente            writes the page
    tools/backtest_table.py build/cli/entente --check    tells whether it would change (exit code 1)
"""
import json
import os
import re
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(SOURCE, "docs", "backtest.md")
RULES = ["equal", "votes", "population", "gdp"]


def found(entente, rule):
    data = os.path.join(SOURCE, "data", "eu")
    return json.loads(subprocess.run([entente, "backtest", data, "--capability", rule, "--json"], capture_output=True, check=True,
                                     text=True).stdout)


def number(x, digits=1):
    return "" if x is None else f"{x:.{digits}f}".replace("-0.0", "0.0")


def interval(pair):
    return "" if pair[0] is None else f" ({number(pair[0])} to {number(pair[1])})"


def percent(x):
    return "" if x is None else f"{100 * x:.0f}"


def scores(result):
    """Every forecaster under one rule."""
    first = next(iter(result["models"]))
    lines = [f"| forecaster | issues | mean error (95 %) | less that of {first} (90 %) | CRPS (95 %) | covers 50 | 80 | 95 | in stack |",
             "|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for name, s in result["models"].items():
        weight = result["stacking"]["weights"].get(name)
        against = "" if name == first else number(s["against"]["difference"]) + interval(s["against"]["ci90"])
        lines.append(f"| {'*' + name + '*' if s['yardstick'] else name} | {s['n']} | {number(s['mae'])}{interval(s['mae_ci'])} | "
                     f"{against} | {number(s['crps'])}{interval(s['crps_ci'])} | {percent(s['cover50'])} | "
                     f"{percent(s['cover80'])} | {percent(s['cover95'])} | {percent(weight)} |")
    stack = result["stacking"]
    lines.append(f"| stack | {result['n']} | | | {number(stack['crps'])}{interval(stack['crps_ci'])} | | | | |")
    return lines


def by_rule(results):
    names = list(results["equal"]["models"])
    lines = ["| forecaster | " + " | ".join(RULES) + " |", "|---|" + "--:|" * len(RULES)]
    for name in names:
        lines.append(f"| {name} | " + " | ".join(
            f"{number(results[r]['models'][name]['mae'])} / {number(results[r]['models'][name]['crps'])}" for r in RULES) + " |")
    return lines


def reliability(result, name):
    s = result["models"][name]["reliability"]
    lines = ["| chance said | issues | mean said | happened |", "|---|--:|--:|--:|"]
    for b, n in enumerate(s["n"]):
        if n:
            lines.append(f"| {20 * b} to {20 * b + 20} % | {n} | {percent(s['forecast'][b])} % | {percent(s['happened'][b])} % |")
    return lines


def main():
    results = {rule: found(sys.argv[1], rule) for rule in RULES}
    tables = {"count": [f"{results['equal']['n']} issues of {results['equal']['proposals']} proposals, "
                        f"{results['equal']['rows_without_salience']} positions without a salience."],
              "scores": scores(results["votes"]), "rules": by_rule(results), "reliability": reliability(results["votes"], "compromise")}
    with open(PAGE, encoding="utf-8") as file:
        before = file.read()
    after = before
    for name, lines in tables.items():
        after, times = re.subn(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda m, t=lines: m[1] + "\n".join(t) + "\n" + m[2],
                               after, flags=re.S)
        if times != 1:
            sys.exit(f"docs/backtest.md has the marks of the table '{name}' {times} times")
    if "--check" in sys.argv:
        sys.exit(0 if after == before else "docs/backtest.md is not what a run says: tools/backtest_table.py writes it")
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(after)


main()
