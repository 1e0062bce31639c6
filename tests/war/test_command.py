#!/usr/bin/python3
"""`entente war` as a user or a script meets it."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "reference"))
import war as twin  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
GIVEN = {"line": 6, "discount": 0.98, "cost_a": 0.002, "cost_b": 0.003, "optimism_a": 0.3, "talk": 0.1, "guarantee_b": 0.8}
AID = "month,effort_b,aid_b\n" + "".join(f"2022-{m:02},{1 - m / 50},{m / 100}\n" for m in range(4, 13)) + "2023-01,0.7,0.1\n"


def entente(*args, code=0, env=None):
    done = subprocess.run([ENTENTE, *args], capture_output=True, env=env or ENV, check=False)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    check(done.returncode == code, f"{args}: exit {done.returncode}, expected {code}; stdout {out[:300]!r}; stderr {err[:600]!r}")
    return out, err


def options(**given):
    return [word for name, value in given.items() for word in ("--option", f"{name}={value}")]


def write(name, text):
    with open(name, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def near(got, want):
    for name in twin.STATES + ["line", "concession", "value_a", "value_b", "leverage_a", "leverage_a_no_aid"]:
        for t, (x, y) in enumerate(zip(got[name], want[name], strict=True)):
            check(x is None and y is None or abs(x - y) < 1e-12, name, t, x, y)


@case
def json_says_what_the_twin_says(_):
    got = json.loads(entente("war", *options(**GIVEN), "--months", "30", "--json")[0])
    same((got["format"], got["model"], got["months"], got["start"]), (1, "war", 30, None))
    same((got["options"]["line"], got["options"]["states"], got["options"]["optimism_a"], got["options"]["freezing"]),
         (6, 20, 0.3, "yes"))
    same(got["series"]["talk"], [0.1] * 30)
    check("effort_a" not in got["series"])
    near(got, twin.war(months=30, **GIVEN))


@case
def a_table_gives_what_changes(_):
    write("aid.csv", AID)
    rows = [line.split(",") for line in AID.splitlines()[1:]]
    got = json.loads(entente("war", "aid.csv", *options(**GIVEN), "--option", "freezing=no", "--json")[0])
    same((got["months"], got["start"], got["options"]["freezing"]), (10, "2022-04", "no"))
    near(got, twin.war(months=10, freezing=False, effort_b=[float(r[1]) for r in rows], aid_b=[float(r[2]) for r in rows],
                       **GIVEN))
    write("semicolon.csv", AID.replace(",", ";").replace(".", ","))
    same(entente("war", "semicolon.csv", *options(**GIVEN), "--json"), entente("war", "aid.csv", *options(**GIVEN), "--json"))


@case
def people_see_each_year_and_a_sentence(_):
    out, err = entente("war", *options(**GIVEN), "--months", "20", "--start", "2022-04")
    same(err, "")
    told = twin.war(months=20, **GIVEN)
    rows = [line.split() for line in out.splitlines() if line[:2] == "20"]
    same([r[0] for r in rows], ["2022-12", "2023-11"])
    for row, t in zip(rows, (8, 19)):
        check(row[1] == f"{100 * told['fighting'][t]:.1f}" and row[-1] == f"{told['line'][t]:.2f}", row)
    check("In 2023-11 most likely it has been settled" in " ".join(out.split()), out)
    check("█" in out and "A could hold out for" in out and all(len(line) <= 80 for line in out.splitlines()), out)
    plain, _ = entente("war", *options(**GIVEN), "--months", "20", env={**ENV, "LC_ALL": "C"})
    check(plain.isascii() and "#" in plain and "\n11 " in plain and "\n19 " in plain, plain)
    quiet, _ = entente("war", *options(**GIVEN), "--months", "20", "--quiet")
    check(max(abs(float(x) - told[s][19]) for x, s in zip(quiet.split(), twin.STATES)) < 1e-12, quiet)


@case
def an_old_war_is_told_as_well(_):
    for line in (0, 20):
        out, _ = entente("war", *options(**{**GIVEN, "line": line}), "--months", "1200")
        check(("A has lost all" if line == 0 else "B has lost all") in " ".join(out.split()), out)
        check("hold out" not in out and len(out.splitlines()) == 106, len(out.splitlines()))


@case
def what_is_wrong_is_told(_):
    write("aid.csv", AID)
    given = options(**GIVEN)
    for args, code, words in (
            (["--option", "line=6"], 2, "also needs discount, cost_a, cost_b"),
            ([*given, "--option", "lime=6"], 2, "no option 'lime'; did you mean 'line'?"),
            ([*given, "--option", "line=6.5"], 2, "line of war is a whole number"),
            ([*given, "--option", "m"], 2, "--option takes NAME=VALUE"),
            ([*given, "--option", "m=two"], 2, "m of war is a number, not 'two'"),
            ([*given, "--option", "freezing=maybe"], 2, "yes, no"),
            ([*given, "--option", "m=0"], 1, "m is 0; allowed is above 0"),
            ([*given, "--option", "line=21"], 1, "line is 21; allowed is 0 to states (20)"),
            ([*given, "--start", "2022-13"], 2, "--start takes a month"),
            ([*given, "--months", "1201"], 2, "1 to 1200"),
            (["aid.csv", *given, "--option", "aid_b=1"], 2, "aid_b is a column of the table and an option"),
            (["aid.csv", *given, "--start", "2022-04"], 2, "leave --start out"),
            (["aid.csv", *given, "--months", "3"], 2, "the table has 10"),
            (["none.csv", *given], 3, "none.csv")):
        for json_too in ([], ["--json"]):
            out, err = entente("war", *args, *json_too, code=code)
            check(words in err, args, err)
            check(words in json.loads(out)[0]["message"] or "none.csv" in out if json_too else out == "", args, out)


@case
def what_is_wrong_in_a_table_is_told_with_its_place(_):
    for text, words in (
            (AID.replace("aid_b", "aid_c"), "t.csv:1:16: error: a war has no column 'aid_c'; did you mean 'aid_b'?"),
            (AID.replace("month", "talk"), "t.csv:1:1: error: the column 'month' is missing"),
            (AID.replace("2022-07", "2022-08"), "t.csv:5:1: error: '2022-08' does not follow the month before it"),
            (AID.replace("2022-04", "4"), "t.csv:3:1: error: '2022-05' does not follow the month before it"),
            (AID.replace("2022-04", "soon"), "t.csv:2:1: error: 'soon' is no month"),
            (AID.replace("0.92", "much"), "t.csv:2:9: error: effort_b is 'much', which is no number"),
            ("month,talk\n", "0 rows; a war has 1 to 1200 months"),
            ("month,talk\n" + "".join(f"{t},1\n" for t in range(1201)), "1201 rows; a war has 1 to 1200 months")):
        write("t.csv", text)
        _, err = entente("war", "t.csv", *options(**GIVEN), code=1)
        check(words in err, words, err)


run()
