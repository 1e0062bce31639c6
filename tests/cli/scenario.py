"""Small scenarios for the tests of the command line."""
import os

ACTORS = """id,name
us,United States
fr,France
pl,Poland
"""

STANCES = """actor,position,salience,capability
us,10 to 30,0.8,100
fr,40 to 60,0.6 to 0.8,40
pl,90,0.9,20
"""

SCENARIO = """entente: 1
title: Does the door stay open?
draws: 400
seed: 7

actors: actors.csv
groups:
  allies: {members: [us, fr, pl]}

issues:
  door:
    question: Does the alliance keep its door open?
    scale: {0: closed for good, 100: wide open}
    status_quo: 55
    stances: door.csv
    settle: {compromise: 1, median: 1}

inputs:
  stake:
    value: 0.2 to 0.8
    unit: share
    source: judgement
    why: a test
    range: [0, 1]

quantities:
  double: "2 * stake"

document:
  title: A strategy
  issuer: us
  provisions:
    shut:
      title: The door is to be shut
      says: No more members.
      takes_hold: 0.5
      changes:
        door.position[us]: 0 to 10

claims:
  standstill:
    title: Enlargement comes to a standstill
    who: the author
    says: It will stop.
    holds: "door.outcome <= 27"
  large:
    title: The stake is large
    who: a critic
    says: It is large.
    holds: "double >= 1"
  never:
    title: The door falls off
    who: nobody
    says: It falls off.
    holds: "door.outcome > 1000"
"""


def write(folder, scenario=SCENARIO, actors=ACTORS, stances=STANCES):
    os.makedirs(folder, exist_ok=True)
    for name, text in (("scenario.yaml", scenario), ("actors.csv", actors), ("door.csv", stances)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    return folder


def write_heavy(folder):
    """The same with eighty more actors: some ten times slower."""
    more = range(80)
    return write(folder, actors=ACTORS + "".join(f"a{i},Actor {i}\n" for i in more),
                 stances=STANCES + "".join(f"a{i},{i} to {i + 10},0.2 to 0.4,{i + 1}\n" for i in more))
