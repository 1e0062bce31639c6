"""A small scenario with everything that a run keeps, runs of it, and what of a folder of results must be the same."""
import hashlib
import os
import subprocess

ENTENTE = os.environ["ENTENTE"]
YAML = """entente: 1
title: A channel
draws: 1000
seed: 7
actors: actors.csv
issues:
  door:
    title: Door
    question: Open?
    scale: {0: shut, 100: open}
    status_quo: 50
    stances: door.csv
    settle: {compromise: 2, median: 1, condorcet: 1}
inputs:
  x: {value: 10 to 20}
  y: {value: lognormal 1 to 4}
  odds: {value: 0.2 to 0.6, range: [0, 1]}
quantities:
  sum_xy: {value: x + y}
  by_actor: {value: gdp * y}
document:
  title: T
  provisions:
    p: {says: a, takes_hold: odds, changes: {"door.position[us]": 60 to 80, x: value * 1.1}}
claims:
  a: {who: w, says: s, holds: "door.outcome > 40"}
  b: {who: w, says: s, when: p.in_force, holds: "change(x) > 1.5"}
  o: {who: w, says: s, overall: "quantile(sum_xy, 0.5) < E(x) + 3"}
"""


def scenario(folder="channel", more=""):
    os.makedirs(folder, exist_ok=True)
    for name, text in (("scenario.yaml", YAML + more),
                       ("actors.csv", "id,name,gdp\nus,United States,4\nru,Russia,2\npl,Poland,1\nfr,France,3\n"),
                       ("door.csv", "actor,position,salience,capability\nus,20,0.5,4\nru,0,1,2\npl,90,1,1\nfr,60,0.5,3\n")):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    return folder


def entente(*args, code=0, **options):
    done = subprocess.run([ENTENTE, *map(str, args)], capture_output=True, text=True, timeout=300, **options)
    if code is not None and done.returncode != code:
        raise AssertionError(f"{args}: exit {done.returncode}, not {code}: {done.stdout[-500:]} {done.stderr[-1500:]}")
    return done


def results(folder):
    """Of each file of results its hash."""
    return {name: hashlib.sha256(open(os.path.join(folder, name), "rb").read()).hexdigest()
            for name in sorted(os.listdir(folder)) if name in ("report.html", "results.sqlite", "draws.csv")}
