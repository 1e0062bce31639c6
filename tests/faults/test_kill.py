#!/usr/bin/python3
"""A run that is killed at any moment and resumed: what is there is whole, and the end is that of a run that never stopped.

KILLS in the environment: how many (20)."""
# promise: resume-same-bytes
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time

from faults import ENTENTE, add_up, base, told
from tap import case, check, run, same

KILLS = int(os.environ.get("KILLS", 20))


def start(*more):
    return subprocess.Popen([ENTENTE, "run", "door", "--draws", "30000", "--out", "out", "--csv", "--json", "--checkpoint", "0.01", *more],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def check_folder(old, new):
    """The results of the folder are the older run's or this one's, each whole; returns whether any is there."""
    for name in ("report.html", "results.sqlite", "draws.csv"):
        path = os.path.join("out", name)
        if os.path.exists(path):
            check(told("out")[name] in (old.get(name), new.get(name)), f"{name} is neither the old nor the new one")
    if os.path.exists("out/results.sqlite"):
        with sqlite3.connect("file:out/results.sqlite?mode=ro", uri=True) as db:
            same(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])


@case
def killed_at_any_moment_and_resumed(folder):
    dice = random.Random(10)
    base("base_door", "door")
    with open("door/scenario.yaml", encoding="utf-8") as f:
        text = f.read()
    with open("door/scenario.yaml", "w", encoding="utf-8") as f:
        f.write(text.replace("max_rounds: 5", "max_rounds: 12"))
    same(subprocess.run([ENTENTE, "run", "door", "--draws", "500", "--seed", "3", "--out", "out", "--csv", "--quiet"], check=False).returncode, 0)
    old = told("out")
    shutil.copytree("out", "kept")
    begun = time.monotonic()
    out, _ = start().communicate()
    took, new = time.monotonic() - begun, told("out")
    killed = ended = resumed = 0
    while killed < KILLS:
        shutil.rmtree("out")
        shutil.copytree("kept", "out")
        most = dice.randrange(1, 5)
        for attempt in range(most + 1):  # one run, killed up to so many times, and resumed until it is through
            process = start("--resume", "--jobs", str(1 + dice.randrange(2)))
            last = killed >= KILLS or attempt == most
            if not last:
                time.sleep(dice.random() * took * 1.05)
                process.send_signal(signal.SIGKILL)
            told_out, told_err = process.communicate()
            if process.returncode == -signal.SIGKILL:
                killed += 1
                check_folder(old, new)
                continue
            same(process.returncode, 0, told_err)
            resumed += "the run goes on behind them" in told_err
            same(told_out, out)
            same({n: h for n, h in told("out").items() if not n.endswith(".part")}, new)
            ended += 1
            break
    check(ended > 0, "no run came to its end")
    add_up("kills", kills=killed, runs_ended=ended, resumed_at_the_end=resumed, integrity_checks=killed)


run()
