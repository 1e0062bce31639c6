#!/usr/bin/python3
"""There and back: what is read from each format is what stands in it, to the last bit, and what is written in each format is the same
results. (The game tree, .efg, is read back and solved in tests/alliance/test_command.py.)"""
import csv
import json
import math
import os
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tables  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE, SOURCE = os.environ["ENTENTE"], os.environ["ENTENTE_SOURCE"]


def entente(*args):
    done = subprocess.run([ENTENTE, *args], capture_output=True, text=True, check=False)
    check(done.returncode == 0, args, "exit", done.returncode, done.stderr[-2000:])
    return done.stdout


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def id_of(name):
    return "".join(c if c.isalnum() else "_" for c in name.lower())


def there_and_back(file, want):
    """`want`: (actor, position, salience, capability) by issue, as the test itself reads the file. The scenario has these numbers;
    its tables, read as plain tables, settle to what the file settles to; imported again they are the same tables."""
    entente("import", file, "s")
    for issue, stances in want.items():
        path = f"s/{id_of(issue)}.csv" if issue else "s/t.csv"
        told = rows(path)
        same([(float(r["position"]), float(r["salience"]), float(r["capability"])) for r in told], [s[1:] for s in stances], issue)
        names = {r["id"]: r["name"] for r in rows("s/actors.csv")}
        same([names[r["actor"]] for r in told], [s[0] for s in stances], issue)
        one = ("--issue", issue) if len(want) > 1 else ()
        outcome = json.loads(entente("settle", file, "--model", "compromise", "--json", *one))["outcome"]
        same(json.loads(entente("settle", path, "--model", "compromise", "--json"))["outcome"], outcome, issue)
        back = f"again_{id_of(issue) or 't'}"
        entente("import", path, back)
        again = rows(f"{back}/{os.path.basename(path)}")
        numbers = ("position", "salience", "capability")
        same([[r[k] for k in numbers] for r in again], [[r[k] for k in numbers] for r in told], issue)


def by_issue(table, actor, issue, *numbers):
    out = {}
    for r in table:
        out.setdefault(r[issue] if issue else "", []).append((r[actor], *(float(r[k]) for k in numbers)))
    return out


@case
def a_plain_table(_):
    tables.write("t.csv", tables.EMISSIONS)
    there_and_back("t.csv", by_issue(rows("t.csv"), "actor", None, "position", "salience", "capability"))


@case
def a_plain_table_of_several_issues(_):
    tables.write("long.csv", tables.long_table())
    there_and_back("long.csv", by_issue(rows("long.csv"), "actor", "issue", "position", "salience", "capability"))


@case
def decide_s_own_file(_):
    tables.write("d.txt", tables.decide())
    table = tables.rows("exchange", "sample_data", "input_normalised.csv")
    want = by_issue(table, "actor", "issue", "position_0_100", "salience", "power")
    there_and_back("d.txt", {k: [(f"The party {s[0]}", *s[1:]) for s in v] for k, v in want.items()})


def ktab_stances(dimensions, actors):
    return {d: [(a, float(position[k]), float(salience[k]) / 100, float(capability)) for a, _, capability, position, salience in actors]
            for k, d in enumerate(dimensions)}


@case
def a_ktab_table(_):
    for name in ("SOE-Policy.csv", "dummyData_3Dim.csv"):
        os.mkdir(name + "_")
        os.chdir(name + "_")
        there_and_back(tables.path("spatial", "inputs", name), ktab_stances(*tables.ktab(name)))
        os.chdir("..")


@case
def a_ktab_file_of_xml(_):
    dimensions, actors = tables.ktab("dummyData_3Dim.csv")
    tables.write("k.xml", tables.ktab_xml(dimensions, actors))
    there_and_back("k.xml", ktab_stances(dimensions, actors))


@case
def results_are_the_same_in_json_csv_and_sqlite(_):
    scenario = os.path.join(SOURCE, "scenarios", "climate-finance-2024")
    told = json.loads(entente("run", scenario, "--draws", "257", "--json", "--csv", "--out", "out"))
    draws, db = rows("out/draws.csv"), sqlite3.connect("out/results.sqlite")
    same(len(draws), 257)
    seen = 0
    for name, q in told["quantities"].items():
        for arm, block in (("with", q), ("without", q.get("without")), ("taken", q.get("taken"))):
            if block is None:
                continue
            stored = db.execute("SELECT mean, sd, p05, p50, p95 FROM quantity_arms JOIN quantities ON id = quantity WHERE name = ? AND arm = ?", (name, arm)).fetchone()
            same(stored, tuple(block[k] for k in ("mean", "sd", "p05", "p50", "p95")), name, arm)
            column = name if arm == "with" else f"{arm}({name})"
            if column in draws[0]:
                values = sorted(float(r[column]) for r in draws)
                same((values[128], values[0] <= block["p05"] <= values[-1]), (block["p50"], True), column)
                check(math.isclose(math.fsum(values) / 257, block["mean"], rel_tol=1e-12, abs_tol=1e-12), column)
                seen += 1
    check(seen > 6, seen)
    for claim, c in told["claims"].items():
        got = sum(float(r[f"claim({claim})"]) for r in draws) / 257
        check(math.isclose(got, c["share"], rel_tol=1e-12), claim, got, c["share"])
    db.close()


run()
