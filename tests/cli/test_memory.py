#!/usr/bin/python3
"""A big scenario under `ulimit -v`: with enough memory it runs, with too little it says so and leaves nothing behind."""
import json
import os
import resource
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
ENTENTE = os.environ["ENTENTE"]
sys.path.insert(0, os.path.join(SOURCE, "tests"))
from tap import case, check, run, same  # noqa: E402

ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
MB = 1 << 20
ACTORS, ISSUES = "1000", "20"


def entente(megabytes, *args):
    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * MB, megabytes * MB))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return subprocess.run([ENTENTE, *args], env=ENV, capture_output=True, text=True, preexec_fn=limit)


def make(folder):
    subprocess.run([sys.executable, os.path.join(SOURCE, "bench", "make_large.py"), "big", ACTORS, ISSUES], check=True)
    return ["run", "big", "--draws", "256", "--jobs", "2", "--quiet", "--out", "out"]


@case
def with_enough_memory_it_runs(folder):
    done = entente(1500, *make(folder), "--json")
    same(done.returncode, 0, done.stderr)
    same(len(json.loads(done.stdout)["claims"]), int(ISSUES))
    check(os.path.exists(os.path.join("out", "report.html")) or os.listdir("out"), "nothing was written")


@case
def with_too_little_it_says_so(folder):
    command = make(folder)
    refused = 0
    for megabytes in range(20, 200, 20):
        done = entente(megabytes, *command)
        check(done.returncode >= 0, megabytes, "MB: killed by signal", -done.returncode, done.stderr)
        if done.returncode == 127:
            continue  # not even the shared libraries fit
        if done.returncode != 0:
            refused += 1
            check("memory" in done.stderr, megabytes, "MB:", done.returncode, done.stderr)
            check(len(done.stderr.splitlines()) <= 3, done.stderr)
            check(not os.path.exists("out") or not [f for f in os.listdir("out") if not f.startswith(".")], megabytes, "MB: left", os.path.exists("out") and os.listdir("out"))
    check(refused >= 3, "refused only", refused)


run()
