#!/usr/bin/python3
"""Runs that are killed: --resume ends with the bytes of a run that was never stopped, or says why it cannot."""
import json
import os
import resource
import shutil
import signal
import subprocess
import time

from small import ENTENTE, entente, results, scenario
from tap import case, check, run, same

# Slow enough to be saved on its way: models with rounds, and weights.
SLOW = "given:\n  - {quantity: x, is: 14, error: 2}\n"
DRAWS = 60000


def slow(folder="channel"):
    scenario(folder, more=SLOW)
    with open(os.path.join(folder, "scenario.yaml")) as file:
        text = file.read()
    with open(os.path.join(folder, "scenario.yaml"), "w") as file:
        file.write(text.replace("{compromise: 2, median: 1, condorcet: 1}", "{compromise: 1, challenge: 1, spatial: 2}"))
    return folder


def start(*args, **options):
    return subprocess.Popen([ENTENTE, "run", *map(str, args), "--checkpoint", "0.05"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def wait_for(process, *paths):
    """Until the files are there; the process must still be at work then."""
    for _ in range(6000):
        if all(os.path.exists(p) and os.path.getsize(p) > 0 for p in paths):
            return
        if process.poll() is not None:
            raise AssertionError(f"it ended before {paths} were there: {process.communicate()}")
        time.sleep(0.01)
    raise AssertionError(f"{paths} did not come")


def killed(out, *args, states=("a",)):
    process = start("channel", "--draws", DRAWS, "--out", out, *args)
    wait_for(process, *(f"{out}/checkpoint/{s}.state" for s in states))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    check(not os.path.exists(f"{out}/report.html"))


# promise: resume-same-bytes
@case
def killed_and_resumed_it_has_the_bytes_of_one_run(folder):
    slow()
    for more in (("--csv",), ("--counts",)):
        want = entente("run", "channel", "--draws", DRAWS, "--out", "one", "--json", *more).stdout
        killed("two", "--jobs", 2, *more, states=("a", "b"))
        done = entente("run", "channel", "--draws", DRAWS, "--out", "two", "--json", "--resume", "--jobs", 1, *more)
        same(done.stdout, want)
        check("draws are there; the run goes on behind them" in done.stderr, done.stderr)
        same(results("two"), results("one"))
        same(sorted(os.listdir("two")), [*(["draws.csv"] if "--csv" in more else []), "report.html", "results.sqlite"])
        shutil.rmtree("one")
        shutil.rmtree("two")


@case
def what_is_torn_or_of_another_run_is_told(folder):
    slow()
    killed("out", states=("a", "b"))
    shutil.copytree("out", "kept")
    same_run = ("run", "channel", "--draws", DRAWS, "--out", "out", "--quiet", "--resume")
    for args, why in ((("--seed", 5), "it has the seed 7, not 5"), (("--set", "x=12"), "other settings"),
                      (("--draws", DRAWS + 1), f"a run of {DRAWS} draws, not of {DRAWS + 1}"), (("--csv",), "does not keep every draw")):
        told = entente(*same_run, *args, code=2).stderr
        check("out/checkpoint: error: " in told and why in told, why, told)
    with open("channel/scenario.yaml", "a") as file:
        file.write("  # a remark\n")
    check("a scenario that was changed since" in entente(*same_run, code=2).stderr)
    slow()
    newest = max(("a", "b"), key=lambda s: os.stat(f"out/checkpoint/{s}.state").st_mtime_ns)
    os.truncate(f"out/checkpoint/{newest}.state", 1000)
    process = start("channel", "--draws", DRAWS, "--out", "out", "--resume", "--json")
    out, told = process.communicate()
    check(f"{newest}.state: the part is cut short" in told and "the state before it is used" in told, told)
    want = entente("run", "channel", "--draws", DRAWS, "--out", "one", "--json").stdout
    same(out, want)
    same(results("out"), results("one"))
    shutil.rmtree("out")
    os.rename("kept", "out")
    for state in ("a", "b"):
        os.truncate(f"out/checkpoint/{state}.state", 1000)
    check("no other state of the run is there" in entente(*same_run, code=1).stderr)


@case
def interrupted_it_keeps_its_prefix_and_goes_on(folder):
    slow()
    process = start("channel", "--draws", DRAWS, "--out", "out", "--json", "--jobs", 2)
    wait_for(process, "out/checkpoint/a.state")
    process.send_signal(signal.SIGTERM)
    out, told = process.communicate()
    same(process.returncode, 130)
    got = json.loads(out)
    check(0 < got["draws"] < DRAWS and "--resume goes on" in told, told)
    short = json.loads(entente("run", "channel", "--draws", got["draws"], "--out", "short", "--json").stdout)
    same(got["claims"], short["claims"])
    done = entente("run", "channel", "--draws", DRAWS, "--out", "out", "--json", "--resume")
    check(f"{got['draws']:,}".replace(",", " ") + " draws are there" in done.stderr, done.stderr)
    same(done.stdout, entente("run", "channel", "--draws", DRAWS, "--out", "one", "--json").stdout)
    check(not os.path.exists("out/checkpoint"))


@case
def a_part_is_resumed_too(folder):
    slow()
    process = start("channel", "--draws", 2 * DRAWS, "--shard", "2/2", "--out", "out", "--quiet")
    wait_for(process, "out/checkpoint-2-of-2/a.state")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    entente("run", "channel", "--draws", 2 * DRAWS, "--shard", "2/2", "--out", "out", "--quiet", "--resume")
    entente("run", "channel", "--draws", 2 * DRAWS, "--shard", "2/2", "--out", "one", "--quiet")
    same(os.listdir("out"), ["part-2-of-2.entente"])
    same(open("out/part-2-of-2.entente", "rb").read(), open("one/part-2-of-2.entente", "rb").read())


@case
def killed_while_it_is_first_saved_it_begins_anew(folder):
    slow()
    want = entente("run", "channel", "--draws", DRAWS, "--out", "one", "--json").stdout
    killed("two")
    os.remove("two/checkpoint/a.state")
    if os.path.exists("two/checkpoint/b.state"):
        os.remove("two/checkpoint/b.state")
    with open("two/checkpoint/new.state", "wb") as file:
        file.write(b"half of a st")
    done = entente("run", "channel", "--draws", DRAWS, "--out", "two", "--json", "--resume")
    check("nothing is there to go on from" in done.stderr, done.stderr)
    same(done.stdout, want)
    check(not os.path.exists("two/checkpoint"))


@case
def with_nothing_to_resume_it_begins(folder):
    scenario()
    told = entente("run", "channel", "--draws", 1000, "--out", "out", "--resume", "--json").stderr
    check("nothing is there to go on from" in told, told)


@case
def two_runs_do_not_save_in_one_folder(folder):
    slow()
    first = start("channel", "--draws", 16 * DRAWS, "--out", "out", "--quiet")
    wait_for(first, "out/checkpoint/a.state")
    try:
        told = entente("run", "channel", "--draws", DRAWS, "--out", "out", "--resume", code=3).stderr
        check("another run is saving there" in told, told)
    finally:
        first.kill()
        first.communicate()


@case
def a_disk_that_is_full_stops_no_run(folder):
    slow()

    def little_room():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    process = start("channel", "--draws", 16 * DRAWS, "--out", "out", "--jobs", 2, preexec_fn=little_room)
    wait_for(process, "out/checkpoint/rows")
    process.send_signal(signal.SIGINT)
    out, told = process.communicate()
    check("the run cannot be saved there: File too large" in told, told)
    check(process.returncode == 3 and not os.path.exists("out/report.html"), process.returncode, told)


run()
