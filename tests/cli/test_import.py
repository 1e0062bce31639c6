#!/usr/bin/python3
"""`entente import`: a scenario from every format, which checks and runs and says what the file says."""
import csv
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tables  # noqa: E402
from tables import EMISSIONS, write  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


def entente(*args, code=0, before=None):
    done = subprocess.run([ENTENTE, *args], capture_output=True, env=ENV, check=False, preexec_fn=before)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    check(done.returncode == code,
          f"{args}: exit {done.returncode}, expected {code}; stdout {out[:300]!r}; stderr {err[:900]!r}")
    return out, err


def stances(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def imported(file, folder):
    """The scenario passes its check without a word, and runs."""
    out, err = entente("import", file, folder)
    same(err, "")
    check(f"{folder} is there. Its claims are placeholders. Next:\n  entente check {folder}\n  entente run {folder}\n"
          in out, out)
    same(json.loads(entente("check", folder, "--json")[0]), [])
    return json.loads(entente("run", folder, "--json", "--quiet")[0])


def settled(*args):
    return json.loads(entente("settle", *args, "--json")[0])


def near(got, want, tolerance, *context):
    check(abs(got - want) <= tolerance, f"got {got!r}, want {want!r}", *context)


@case
def a_table_of_one_issue_becomes_a_scenario(_):
    write("t.csv", EMISSIONS)
    got = imported("t.csv", "s")["quantities"]["t.outcome"]["by_model"]
    for model in ("compromise", "median", "challenge"):
        near(got[model]["mean"], settled("t.csv", "--model", model)["outcome"], 1e-9, model)
    same([(r["actor"], r["position"], r["source"]) for r in stances("s/t.csv")[:2]],
         [("netherlands", "4", "t.csv, line 2"), ("belgium", "7", "t.csv, line 3")])


@case
def decides_file_becomes_an_arena_that_trades(_):
    write("d.txt", tables.decide())
    got, want = imported("d.txt", "s")["quantities"], settled("d.txt")
    for issue, outcome in want["outcome"].items():
        q = got[issue.replace("-", "_") + ".outcome"]["by_model"]
        near(q["exchange"]["mean"], outcome, 1e-8, issue)
        near(q["compromise"]["mean"], want["mean"][issue], 1e-9, issue)
    with open("s/scenario.yaml", encoding="utf-8") as f:
        text = f.read()
    check("question: 'What of tol-hoogte?'" in text and "100: 'yes, fully'" in text, text)
    with open("s/actors.csv", encoding="utf-8") as f:
        check('willems,"The party Willems"\n' in f.read())


@case
def a_ktab_table_becomes_a_scenario_settled_by_the_spatial_model(_):
    for name, dims in (("SOE-Policy.csv", 1), ("dummyData_3Dim.csv", 3)):
        file, folder = tables.path("spatial", "inputs", name), f"s{dims}"
        got, want = imported(file, folder)["quantities"], settled(file)
        outcomes = [q["by_model"]["spatial"]["mean"] for k, q in got.items() if k.endswith(".outcome")]
        same(len(outcomes), dims)
        expected = want["outcome"].values() if dims > 1 else [want["outcome"]]
        for x, y in zip(sorted(outcomes), sorted(expected)):
            near(x, y, 1e-8, name)


@case
def a_ktab_files_parameters_come_along_and_what_does_not_is_said(_):
    dimensions, actors = tables.ktab("dummyData_3Dim.csv")
    every = {element: words[-1] for element, words in tables.PARAMETERS.values()}
    every["StateTransitions"] = "Deterministic"
    pairs = ("<IdealAdjustment><iaPair><adjustingIdeal>SActor-00</adjustingIdeal><referencePos>SActor-01</referencePos>"
             "<adjust>0</adjust></iaPair></IdealAdjustment><prngSeed>7</prngSeed>")
    write("k.xml", tables.ktab_xml(dimensions, actors, every, pairs))
    got, want = imported("k.xml", "s")["quantities"], settled("k.xml")
    for d in dimensions:
        near(got[d.lower() + ".outcome"]["by_model"]["spatial"]["mean"], want["outcome"][d], 1e-8, d)
    with open("s/brief.md", encoding="utf-8") as f:
        brief = f.read()
    check("IdealAdjustment" in brief and "seed" in brief, brief)
    with open("s/scenario.yaml", encoding="utf-8") as f:
        check("vote: prospect" in f.read())


@case
def several_issues_in_rows_or_columns_come_out_alike(_):
    write("long.csv", tables.long_table())
    write("wide.csv", tables.wide_table())
    a, b = imported("long.csv", "a"), imported("wide.csv", "b")
    for key, q in a["quantities"].items():
        if key.endswith(".outcome"):
            same(q, b["quantities"][key], key)


@case
def hostile_names_become_ids_of_their_own(_):
    names = ["EU (incl. Norway)", "EU incl Norway", "\u65e5\u672c", "year", "actors", "\u0395\u03bb\u03bb\u03ac\u03b4\u03b1", "1st", 'a "b", <c>',
             "x" * 200, "sum", "=cmd()", "'; --", "and"]
    rows = "".join(f'"{n.replace(chr(34), chr(34) * 2)}",{i},0.5,1\n' for i, n in enumerate(names))
    write("t: #1 'x'.csv", "actor,position,salience,capability\n" + rows)
    imported("t: #1 'x'.csv", "s")
    ids = [r["actor"] for r in stances("s/t_1_x.csv")]
    same(len(set(ids)), len(names))
    same(ids[:4], ["eu_incl_norway", "eu_incl_norway_2", "actor_3", "year_2"])
    same([r["name"] for r in stances("s/actors.csv")], names)
    head = ",".join(f'"position.{n.replace(chr(34), chr(34) * 2)}"' for n in names)
    write("w.csv", f"actor,{head},salience,capability\nA,{','.join(map(str, range(13)))},1,1\nB,{','.join(['7'] * 13)},1,2\n")
    imported("w.csv", "w")


@case
def odd_tables_become_scenarios_that_run(_):
    for k, rows in enumerate(("A,5,1,1\n", "A,2010,1,1\nB,2010,1,1\n", "A,-3,0.1,1\nB,-1,1,0\n", "A,0,1e-9,1e-9\nB,1e-9,1,1e9\n",
                              "A,1e50,1,1\nB,-1e50,1,1\n")):
        write("t.csv", "actor,position,salience,capability\n" + rows)
        imported("t.csv", f"s{k}")
    write("t.csv", "actor,issue,position,salience,capability\nA,a,1,1,1\nB,b,2,1,1\n")
    imported("t.csv", "apart")


@case
def nobody_with_weight_is_no_scenario(_):
    write("t.csv", "actor,position,salience,capability\nA,5,0,1\nB,6,1,0\n")
    _, err = entente("import", "t.csv", "s", code=1)
    check("nobody counts" in err, err)
    same(os.listdir("."), ["t.csv"])


@case
def a_folder_that_is_there_is_left_alone(_):
    write("t.csv", EMISSIONS)
    os.mkdir("empty")
    os.mkdir("full")
    write("full/scenario.yaml", "mine\n")
    write("file", "mine\n")
    os.symlink("nowhere", "link")
    for name in ("empty", "full", "file", "link", "full/"):
        _, err = entente("import", "t.csv", name, code=3)
        check("is there already" in err, name, err)
        found = json.loads(entente("import", "t.csv", name, "--json", code=3)[0])
        check("is there already" in found[0]["message"], found)
    same(sorted(os.listdir(".")), ["empty", "file", "full", "link", "t.csv"])
    same((os.listdir("empty"), os.listdir("full")), ([], ["scenario.yaml"]))


@case
def the_folder_is_named_after_the_file_where_nothing_is_said(_):
    os.mkdir("data")
    write("data/oil policy.csv", EMISSIONS)
    got = json.loads(entente("import", "data/oil policy.csv", "--json")[0])
    same((got["scenario"], got["actors"], got["issues"], got["from"]), ("oil policy", 10, 1, "a table of actors"))
    same(sorted(os.listdir("oil policy")), ["actors.csv", "brief.md", "oil_policy.csv", "scenario.yaml"])
    write("plain", EMISSIONS)
    same(entente("import", "plain", "--quiet")[0], "")
    check(os.path.isdir("plain-scenario"))
    same(entente("import", "t.csv", "nowhere/s", code=3)[0], "")


# promise: import-whole
@case
def what_cannot_be_written_leaves_nothing(_):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
    write("t.csv", EMISSIONS)
    _, err = entente("import", "t.csv", "s", code=3, before=limit)
    check("cannot be written" in err, err)
    same(os.listdir("."), ["t.csv"])
    _, err = entente("import", "t.csv", "nowhere/s", code=3)
    check("the folder above it is not there" in err, err)
    _, err = entente("import", "t.csv", "", code=2)
    check("needs a folder" in err, err)


# promise: import-places
@case
def a_wrong_file_is_told_with_its_place_and_writes_nothing(_):
    write("t.csv", "actor,position,salience,capability\nA,5,2,1\n")
    _, err = entente("import", "t.csv", "s", code=1)
    check("t.csv:2:5: error: the salience of 'A' is 2" in err, err)
    same(os.listdir("."), ["t.csv"])


@case
def the_page_about_files_is_what_the_program_does(_):
    """Every file of docs/import.md is written, every command of it run."""
    with open(os.path.join(os.environ["ENTENTE_SOURCE"], "docs", "import.md"), encoding="utf-8") as f:
        page = f.read()
    for name, text in re.findall(r"```csv (\S+)\n(.*?)```", page, re.S):
        write(name, text)
    commands = [line for block in re.findall(r"```sh\n(.*?)```", page, re.S) for line in block.splitlines()]
    check(len(commands) >= 12, commands)
    for line in commands:
        words = shlex.split(line)
        same(words[0], "entente")
        out, err = entente(*words[1:])
        check(out and not err, line, err)
        if "--json" in words:
            check(json.loads(out)["outcome"] is not None, line)
    same(sorted(os.listdir("summit")), ["actors.csv", "brief.md", "funds.csv", "out", "scenario.yaml", "treaty.csv"])


run()
