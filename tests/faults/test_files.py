#!/usr/bin/python3
"""Each write, sync, rename, close, open and mkdir fails in turn (full disk, broken disk, interrupted): every file is then the
old one or the new one, whole, nothing else is left, and the program says what could not be written."""
import errno
import os
import shutil
import sqlite3

from faults import EVERY, SANITIZED, add_up, base, places, run, told
from tap import case, check, run as run_cases, same

counted = {"calls": 0, "tried": 0, "integrity_checks": 0}
NUMBERS = (errno.ENOSPC, errno.EIO, errno.EINTR)


def is_whole(path):
    counted["integrity_checks"] += 1
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        same(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)], path)


def under_faults(words, out, most, prepare, may_fail_silently=False):
    """`prepare` makes the state before. After a failure each file is as before or as after, and none is new but those."""
    prepare()
    before = told(out) if os.path.isdir(out) else {}
    code, _, err, calls = run(words, "files", 0)
    same(code, 0, words, err)
    check(calls > 3, "it writes nothing?", words, calls)
    after = told(out)
    counted["calls"] += calls
    here = sorted(os.listdir("."))
    for number in NUMBERS:
        for stays in (False, True):
            if number == errno.EINTR and stays:
                continue  # interrupted for ever is no fault that there is
            for k in places(calls, most):
                prepare()
                counted["tried"] += 1
                code, stdout, err, _ = run(words, "files", k, number, stays)
                what = f"{errno.errorcode[number]} at {k} of {calls}{' and after' if stays else ''}"
                check(0 <= code < 128, f"{what}: signal {-code}", err)
                now = told(out) if os.path.isdir(out) else {}
                for name, bytes_of in now.items():
                    check(bytes_of in (before.get(name), after.get(name)), f"{what}: {name} is neither the old nor the new one", words, err)
                for name in before:
                    check(name in now or name not in after, f"{what}: {name} is gone", err)
                if code == 0:
                    same(now, after, f"{what}: it says that it is done", err)
                else:
                    check(err.strip() != "", f"{what}: it ends with {code} and no word", words)
                left = [n for n in os.listdir(".") if n not in here]
                same(left, [], f"{what}: something is left")
                if number == errno.EINTR:
                    same(code, 0, f"{what}: an interrupted call is made again", words, err)
                for name in now:
                    if name.endswith(".sqlite"):
                        is_whole(os.path.join(out, name))


# promise: whole-or-not
@case
def results_over_older_ones(folder):
    base("base_door", "door")
    same(run(["run", "door", "--draws", 300, "--seed", 5, "--out", "kept", "--csv", "--quiet", "--jobs", 1], "files", 0)[0], 0)

    def prepare():
        shutil.rmtree("out", ignore_errors=True)
        shutil.copytree("kept", "out")

    under_faults(["run", "door", "--draws", 300, "--out", "out", "--csv", "--quiet", "--jobs", 1, "--checkpoint", "off"], "out", 14, prepare)


@case
def results_in_a_new_folder(folder):
    base("base_years", "years")
    under_faults(["run", "years", "--draws", 300, "--out", "out", "--quiet", "--jobs", 1, "--checkpoint", "off"], "out", 10,
                 lambda: shutil.rmtree("out", ignore_errors=True))


@case
def a_part_and_a_record(folder):
    base("base_door", "door")
    under_faults(["run", "door", "--draws", 600, "--shard", "1/2", "--out", "out", "--quiet", "--jobs", 1], "out", 10,
                 lambda: shutil.rmtree("out", ignore_errors=True))
    os.makedirs("sealed")
    under_faults(["seal", "door", "--draws", 300, "--date", "2026-01-02", "--out", "sealed/r.json", "--quiet"], "sealed", 10,
                 lambda: [os.remove(os.path.join("sealed", n)) for n in os.listdir("sealed")])


@case
def an_import(folder):
    with open("decide.csv", "w", encoding="utf-8") as f:
        f.write("#A,x\n#A,y\n#P,p\n#D,x,p,10,0.5,1\n#D,y,p,60,1,2\n")
    same(run(["import", "decide.csv", "made"], "files", 0)[0], 0)
    under_faults(["import", "decide.csv", "made"], "made", 40, lambda: shutil.rmtree("made", ignore_errors=True))


@case
def a_scenario_to_start_from(folder):
    under_faults(["new", "fresh"], "fresh", 40, lambda: shutil.rmtree("fresh", ignore_errors=True))


@case
def a_run_goes_on_where_it_cannot_be_saved(folder):
    """A checkpoint that cannot be written costs the saving, not the run; what was saved is whole or told to be damaged."""
    base("base_door", "door")
    words = ["run", "door", "--draws", 20000, "--out", "out", "--json", "--jobs", 1, "--checkpoint", "0.01"]
    _, want, _, _ = run([*words[:-1], "off"], "files", 0)
    for number in (errno.ENOSPC, errno.EIO, errno.EINTR):
        for k in (1, 2, 3, 4, 5, 6, 8) if not EVERY else range(1, 30):
            shutil.rmtree("out", ignore_errors=True)
            counted["tried"] += 1
            code, got, err, _ = run(words, "files", k, number)
            check(0 <= code < 128, f"{errno.errorcode[number]} at {k}: signal {-code}", err)
            if code == 0:
                same(got, want, f"{errno.errorcode[number]} at {k}")
                is_whole("out/results.sqlite")
            else:
                check(err.strip() != "", "it ends without a word")


@case
def standard_output_that_is_full(folder):
    base("base_door", "door")
    import subprocess
    from faults import ENTENTE
    for words in (["check", "door"], ["run", "door", "--draws", "100", "--out", "out", "--json"], ["models"], ["models", "--json"], ["power", "--rule", "nato", "--json"]):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([ENTENTE, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        check(done.returncode > 0 and done.stderr.strip(), f"{words}: it ends with {done.returncode} and says {done.stderr!r}, though nothing was told")


@case
def figures(folder):
    check(counted["integrity_checks"] > 0 or SANITIZED)
    add_up("files", **counted)


run_cases()
