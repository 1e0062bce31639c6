#!/usr/bin/python3
"""Writes a large scenario, for timing: make_large.py FOLDER [ACTORS [ISSUES [STANCES]]].

1000 actors and 50 issues where not said, and of each issue as many stances as there are actors; fewer are spread over
them. Each stance has two uncertain numbers. Stances differ from row to row and are the same on every machine: they come
from a small linear congruential generator."""
import os
import sys


class Numbers:
    """Whole numbers below n, by x -> 69069 x + 1 modulo 2^32 (Marsaglia), from its upper bits."""

    def __init__(self, seed):
        self.x = seed

    def below(self, n):
        self.x = (69069 * self.x + 1) % 2**32
        return (self.x >> 8) % n


def write(folder, name, lines):
    with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as f:
        f.write("\n".join(lines) + "\n")


def stances(actors, many, numbers):
    yield "actor,position,salience,capability,source"
    for i in (k * (actors // many) + (numbers.below(actors // many) if k > 0 else 0) for k in range(many)):
        low, share = numbers.below(80), numbers.below(70)
        high, capability = low + 5 + numbers.below(15), 1 + numbers.below(999)
        yield (f"a{i:05d},{low} to {high},0.{share:02d} to 0.{share + 20:02d},{capability},"
               f"judgement: row {i} of a made table")


def main():
    folder = sys.argv[1]
    actors, issues = (int(n) for n in (sys.argv[2:4] + ["1000", "50"][len(sys.argv[2:4]):])[:2])
    many = int(sys.argv[4]) if len(sys.argv) > 4 else actors
    os.makedirs(folder, exist_ok=True)
    numbers = Numbers(1)
    regions = ["north", "east", "south", "west"]
    write(folder, "actors.csv", ["id,name,region,gdp"] + [
        f"a{i:05d},Actor {i},{regions[numbers.below(4)]},{1 + numbers.below(5000)}" for i in range(actors)])
    lines = ["entente: 1", f"title: {actors} actors and {issues} issues", "time: {start: 2026, years: 5}",
             "actors: actors.csv", "groups:"]
    lines += [f'  {r}: {{members: {{region: "{r}"}}}}' for r in regions]
    lines.append("issues:")
    for k in range(issues):
        write(folder, f"issue_{k:03d}.csv", stances(actors, many, numbers))
        lines += [f"  issue_{k:03d}:", f"    question: How is question {k} settled?",
                  "    scale: {0: not at all, 100: in full}", "    status_quo: 50", f"    stances: issue_{k:03d}.csv",
                  "    settle: {compromise: 1, median: 1}"]
    lines += ["document:", "  title: A made document", "  issuer: a00000", "  provisions:"]
    for k in range(min(issues, 6)):
        lines += [f"    provision_{k}:", "      takes_hold: 0.3 to 0.8", "      changes:",
                  f"        issue_{k:03d}.position[a00000]: 0 to 10"]
    lines.append("claims:")
    for k in range(issues):
        lines += [f"  claim_{k:03d}:", f"    says: Question {k} is settled low.",
                  f'    holds: "last(issue_{k:03d}.outcome) <= 50"']
    write(folder, "scenario.yaml", lines)


if __name__ == "__main__":
    main()
