#!/usr/bin/python3
"""Writes the tables of docs/backtest.md from what `entente backtest` says, between their marks, and docs/reliability.svg; the
text is left as it is.

    tools/backtest_table.py build/cli/entente            writes both
    tools/backtest_table.py build/cli/entente --check    tells whether they would change (exit code 1)
"""
import json
import os
import re
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PAGE = os.path.join(SOURCE, "docs", "backtest.md")
PLOT = os.path.join(SOURCE, "docs", "reliability.svg")
RULES = ["equal", "votes", "population", "gdp"]


def found(entente, rule):
    data = os.path.join(SOURCE, "data", "eu")
    return json.loads(subprocess.run([entente, "backtest", data, "--capability", rule, "--json"], capture_output=True, check=True,
                                     text=True).stdout)


def number(x, digits=1):
    return "" if x is None else f"{0.0 if abs(x) < 0.5 * 10 ** -digits else x:.{digits}f}"


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


def calibrated(result):
    """Every model with its errors on other proposals, on proposals that were not used."""
    lines = ["| model | error of median (95 %) | CRPS (95 %) | less that of compromise with its errors alone (90 %) | covers 50 | 80 | 95 "
             "| held | error | past |", "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for name, s in result["models"].items():
        c = s["calibrated"]
        if c is None:
            continue
        w = c["weights"]
        lines.append(f"| {name} | {number(c['mae'])}{interval(c['mae_ci'])} | {number(c['crps'])}{interval(c['crps_ci'])} | "
                     f"{number(c['against']['difference'], 2)} ({number(c['against']['ci90'][0], 2)} to {number(c['against']['ci90'][1], 2)}) | "
                     f"{percent(c['cover50'])} | {percent(c['cover80'])} | {percent(c['cover95'])} | {percent(w['held'])} | "
                     f"{percent(w['error'])} | {percent(w['past'])} |")
    return lines


def calibrated_by_rule(results):
    lines = ["| rule | error of median | CRPS | less that of compromise with its errors alone (90 %) | covers 80 |", "|---|--:|--:|--:|--:|"]
    for rule in RULES:
        c = results[rule]["models"]["compromise"]["calibrated"]
        lines.append(f"| {rule} | {number(c['mae'])} | {number(c['crps'])} | {number(c['against']['difference'], 2)} "
                     f"({number(c['against']['ci90'][0], 2)} to {number(c['against']['ci90'][1], 2)}) | {percent(c['cover80'])} |")
    return lines


SIDE, LEFT, TOP, GAP = 240, 60, 56, 90
ALONE, LEARNED = "#b45309", "#1d4ed8"


def frame(x, title, low, high):
    """A panel with its axes."""
    out = [f'<rect x="{x}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#6b7280"/>',
           f'<text x="{x + SIDE / 2:.0f}" y="{TOP + SIDE + 40}" text-anchor="middle">{low}</text>',
           f'<text transform="translate({x - 40} {TOP + SIDE / 2:.0f}) rotate(-90)" text-anchor="middle">{high}</text>',
           f'<text x="{x}" y="{TOP - 12}" font-weight="bold">{title}</text>']
    return out


def ticks(x, across, up):
    out = []
    for at, label in across:
        out.append(f'<text x="{x + SIDE * at:.1f}" y="{TOP + SIDE + 18}" text-anchor="middle">{label}</text>')
    for at, label in up:
        out.append(f'<text x="{x - 8}" y="{TOP + SIDE * (1 - at) + 4:.1f}" text-anchor="end">{label}</text>')
    return out


def dots(x, said, happened, count, colour, filled):
    """One dot a step, its area the number of issues."""
    out = []
    for s, h, n in zip(said, happened, count):
        if n > 0.5:
            out.append(f'<circle cx="{x + SIDE * s:.1f}" cy="{TOP + SIDE * (1 - h):.1f}" r="{n ** 0.5 + 1:.1f}" stroke="{colour}" '
                       f'stroke-width="2" fill="{colour if filled else "none"}" fill-opacity="0.6"/>')
    return out


def bars(x, shares, colour, shift, most=0.16):
    wide = SIDE / 10
    return [f'<rect x="{x + wide * b + wide * shift:.1f}" y="{TOP + SIDE * (1 - s / most):.1f}" width="{wide * 0.4:.1f}" '
            f'height="{SIDE * s / most:.1f}" fill="{colour}"/>' for b, s in enumerate(shares)]


def plot(result, name):
    """Reliability of one forecaster, with its errors alone and with what was learned, and where outcomes fall in its distribution."""
    alone, learned = result["models"][name], result["models"][name]["calibrated"]
    x, x2 = LEFT, LEFT + SIDE + GAP
    fifths = [(k / 5, f"{20 * k}") for k in range(6)]
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="670" height="380" viewBox="0 0 670 380" font-family="sans-serif" font-size="12" '
           'fill="#111827" role="img">',
           f"<title>Reliability of {name}: what it said and what happened</title>", '<rect width="670" height="380" fill="#ffffff"/>']
    out += frame(x, "That the outcome lies above 50", "chance said, %", "happened, %") + ticks(x, fifths, fifths)
    out.append(f'<line x1="{x}" y1="{TOP + SIDE}" x2="{x + SIDE}" y2="{TOP}" stroke="#9ca3af"/>')
    for s, colour, filled in ((alone, ALONE, False), (learned, LEARNED, True)):
        r = s["reliability"]
        out += dots(x, r["forecast"], r["happened"], r["n"], colour, filled)
    out += frame(x2, "Where in the forecast outcomes fell", "tenth", "outcomes, %")
    out += ticks(x2, [(k / 10 + 0.05, f"{k + 1}") for k in range(10)], [(k / 16, f"{k}") for k in (0, 5, 10, 15)])
    out += bars(x2, alone["pit"], ALONE, 0.08) + bars(x2, learned["pit"], LEARNED, 0.52)
    out.append(f'<line x1="{x2}" y1="{TOP + SIDE * (1 - 10 / 16):.1f}" x2="{x2 + SIDE}" y2="{TOP + SIDE * (1 - 10 / 16):.1f}" stroke="#111827" '
               'stroke-dasharray="4 3"/>')
    for k, (colour, what) in enumerate(((ALONE, f"{name} with its errors alone"), (LEARNED, "calibrated, on proposals that were not used"))):
        out.append(f'<rect x="{LEFT + 230 * k}" y="362" width="10" height="10" fill="{colour}"/>'
                   f'<text x="{LEFT + 16 + 230 * k}" y="371">{what}</text>')
    return "\n".join(out + ["</svg>", ""])


def update(path, after, check):
    """Writes what changed; with --check only says that it did."""
    try:
        with open(path, encoding="utf-8") as file:
            same = file.read() == after
    except FileNotFoundError:
        same = False
    if same:
        return
    if check:
        sys.exit(f"docs/{os.path.basename(path)} is not what a run says: tools/backtest_table.py writes it")
    with open(path, "w", encoding="utf-8") as file:
        file.write(after)


def main():
    results = {rule: found(sys.argv[1], rule) for rule in RULES}
    tables = {"count": [f"{results['equal']['n']} issues of {results['equal']['proposals']} proposals, "
                        f"{results['equal']['rows_without_salience']} positions without a salience."],
              "scores": scores(results["votes"]), "rules": by_rule(results), "reliability": reliability(results["votes"], "compromise"),
              "calibrated": calibrated(results["votes"]), "calibrated_rules": calibrated_by_rule(results)}
    with open(PAGE, encoding="utf-8") as file:
        before = file.read()
    after = before
    for name, lines in tables.items():
        after, times = re.subn(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda m, t=lines: m[1] + "\n".join(t) + "\n" + m[2],
                               after, flags=re.S)
        if times != 1:
            sys.exit(f"docs/backtest.md has the marks of the table '{name}' {times} times")
    check = "--check" in sys.argv
    update(PAGE, after, check)
    update(PLOT, plot(results["votes"], "compromise"), check)


main()
