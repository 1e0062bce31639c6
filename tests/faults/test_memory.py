#!/usr/bin/python3
"""Each allocation that the program makes fails in turn: it says so and ends, or does without; it never crashes, and what was
there before stays as it was."""
import os

from faults import EVERY, SANITIZED, add_up, base, places, run, told
from tap import case, check, run as run_cases, same, skip

FEW = 20
counted = {"commands": 0, "allocations": 0, "tried": 0}


def under_memory(words, folder=None, most=FEW, may_write=()):
    """Runs a command with each allocation failing in turn. In `folder` nothing may have changed where it failed."""
    if SANITIZED:
        skip("the sanitizer has an allocator of its own")
    before = told(folder) if folder else None
    code, want, err, calls = run(words, "memory", 0)
    same(code, 0, words, err)
    check(calls > 0, "it allocates nothing?", words)
    after = told(folder) if folder else None
    counted["commands"] += 1
    counted["allocations"] += calls
    for k in places(calls, most):
        for stays in (False, True):
            if stays and not EVERY and k % 2:
                continue
            counted["tried"] += 1
            code, out, err, _ = run(words, "memory", k, stays=stays)
            check(code >= 0 and code < 128, f"allocation {k} of {calls}{' and all after it' if stays else ''}: ended by signal {-code}", words, err)
            if code != 0:
                check("memory" in err, f"allocation {k} of {calls}: it ends with {code} and does not say why", words, err)
            elif "--json" in words:
                same(out, want, f"allocation {k} of {calls}: it says that it is done, and tells something else", words)
            if folder and code == 0:
                same(told(folder), after, f"allocation {k} of {calls}: it says that it is done, and writes something else", words)
            if folder and code != 0:
                now = told(folder)
                check(now in (before, after), f"allocation {k} of {calls}: the folder is neither as before nor as after", words, err,
                      sorted(set(now.items()) ^ set(after.items())))


@case
def check_of_a_scenario(folder):
    for name in ("base_door", "base_years", "base_consent", "base_war", "base_alliance", "base_arena"):
        under_memory(["check", base(name, name)], name)


# promise: fuzz-replayed
@case
def run_of_a_scenario(folder):
    for name in ("base_door", "base_consent", "base_war", "base_arena"):
        base(name, name)
        same(run(["run", name, "--draws", 300, "--out", "out", "--quiet"], "memory", 0)[0], 0)
        under_memory(["run", name, "--draws", 300, "--out", "out", "--json", "--csv", "--jobs", 1], "out", 12)


@case
def run_with_all_its_studies(folder):
    base("base_door", "door")
    under_memory(["run", "door", "--draws", 100, "--out", "out", "--why", "--quiet", "--jobs", 1], "out", 12)


@case
def every_model_that_settles(folder):
    with open("table.csv", "w", encoding="utf-8") as f:
        f.write("actor,position,salience,capability\na,10,0.5,3\nb,90,1,2\nc,40,0.7,1\n")
    for model in ("compromise", "median", "mode", "nash", "condorcet", "agenda", "challenge", "spatial", "gravity", "exchange"):
        if model == "exchange":  # it trades one issue for another
            with open("table.csv", "w", encoding="utf-8") as f:
                f.write("actor,position.p,salience.p,position.q,salience.q,capability\na,10,0.5,80,0.9,3\nb,90,1,20,0.3,2\nc,40,0.7,50,0.7,1\n")
        status_quo = ["--status-quo", 50] if model in ("gravity", "agenda") else []
        under_memory(["settle", "table.csv", "--model", model, *status_quo], None, 12)


@case
def every_other_model(folder):
    with open("allies.csv", "w", encoding="utf-8") as f:
        f.write("ally,income,observed\na,100,2\nb,20,0.5\nc,50,1\n")
    under_memory(["model", "burden_sharing", "allies.csv"], None, 12)
    under_memory(["war", "--option", "line=6", "--option", "cost_a=0.002", "--option", "cost_b=0.003", "--option", "discount=0.99"], None, 12)
    under_memory(["power", "--rule", "eu-council-nice"], None, 12)


@case
def files_of_others(folder):
    with open("decide.csv", "w", encoding="utf-8") as f:
        f.write("#A,x\n#A,y\n#P,p\n#D,x,p,10,0.5,1\n#D,y,p,60,1,2\n")
    import shutil
    if SANITIZED:
        skip("the sanitizer has an allocator of its own")
    _, _, _, calls = run(["import", "decide.csv", "made"], "memory", 0)
    check(calls > 0, "it allocates nothing?")
    want = told("made")
    for k in places(calls, 40):
        shutil.rmtree("made", ignore_errors=True)
        code, _, err, _ = run(["import", "decide.csv", "made"], "memory", k)
        check(0 <= code < 128, f"allocation {k}: signal {-code}", err)
        check(told("made") == (want if code == 0 or os.path.isdir("made") else {}), f"allocation {k}: half a folder", err)
        same([n for n in os.listdir(".") if n not in ("made", "decide.csv")], [], f"allocation {k}: something is left")
        counted["tried"] += 1
    counted["commands"] += 1
    counted["allocations"] += calls


@case
def a_record(folder):
    base("base_door", "door")
    under_memory(["seal", "door", "--draws", 200, "--date", "2026-01-02", "--out", "record.json", "--quiet"], None, 12)
    if not os.path.exists("record.json"):
        same(run(["seal", "door", "--draws", 200, "--date", "2026-01-02", "--out", "record.json", "--quiet"], "memory", 0)[0], 0)
    under_memory(["verify", "record.json", "door"], None, 12)


@case
def figures(folder):
    check(counted["tried"] > 0 or SANITIZED)
    add_up("memory", **counted)


run_cases()
