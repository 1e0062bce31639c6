#!/usr/bin/python3
"""The challenge model against its plain twin, reference/challenge.py, on random groups. Usage: test_challenge_twin.py PLAY

Everything told of every round agrees to 1e-9 (positions as shares of the range, expected utilities, dangers an actor). The
runs are chaotic: a decision within rounding of a tie sends them apart, and the numbers of a later round rest on those of the
one before. So the twin is asked round by round: it plays one round from the positions the program had, and both must come to
the same; whole runs are compared as well, and may part in one of two hundred. Scholz compares exactly: where it has brought
actors so near that their distances are rounding (one round in fifty at most), nothing can be compared."""
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "reference"))
sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
import challenge  # noqa: E402
from tap import case, check, run  # noqa: E402

PLAY = os.path.abspath(sys.argv.pop(1))
CASES = int(sys.argv.pop(1)) if sys.argv[1:] and sys.argv[1].isdigit() else 400
TOLERANCE = 1e-9
STOPS = {2: "settled", 3: "cycle", 4: "max_rounds"}
KINDS = ["confrontation", "compromise"]


class Issue:
    """A random issue: any numbers; coarse ones, so that actors are alike and things tie; near ones; extreme weights."""

    def __init__(self, rng, variant):
        kind = rng.choice(["any", "any", "coarse", "near", "extreme"] if variant == "classic" else ["any", "any", "extreme"])
        n = rng.choice([1, 2, 3]) if rng.random() < 0.1 and variant == "classic" else rng.randint(3, 12)
        scale, shift = rng.choice([1.0, 100.0, 1e-3]), rng.choice([0.0, -3.0, 100.0]) if variant == "classic" else 0.0
        place = {"coarse": lambda: rng.randint(0, 4) / 4, "near": lambda: 0.5 + rng.choice([1, 1e-2, 1e-4]) * (rng.random() - 0.5)}
        weight = {"coarse": lambda: rng.randint(1, 4) / 4, "extreme": lambda: 10 ** rng.uniform(-4, 0)}.get(kind, rng.random)
        self.position = [shift + scale * place.get(kind, rng.random)() for _ in range(n)]
        self.salience = [0.0 if i and rng.random() < 0.05 else weight() for i in range(n)]
        self.capability = [0.0 if i and rng.random() < 0.05 else 50 * weight() for i in range(n)]
        self.options = {"variant": variant, "accept": rng.choice(["least", "strongest"]),
                        "confrontation": rng.choice(["concede", "concede", "none"]), "q": rng.choice([1.0, 1.0, 0.5, rng.random()]),
                        "tolerance": rng.choice([1e-3, 1e-3, 0.0, 0.01]), "max_rounds": rng.choice([1, 5, 20])}
        self.range = max(self.position) - min(self.position)

    def line(self):
        o = self.options
        numbers = [len(self.position), ["classic", "scholz"].index(o["variant"]), ["least", "strongest"].index(o["accept"]),
                   ["concede", "none"].index(o["confrontation"]), o["q"], o["tolerance"], o["max_rounds"]]
        for actor in zip(self.position, self.salience, self.capability):
            numbers.extend(actor)
        return " ".join(map(repr, numbers))


def play(issues):
    """What the program tells of each: its rounds as the twin tells them, and how it ended."""
    done = subprocess.run([PLAY], input="\n".join(i.line() for i in issues) + "\n", capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stderr)
    runs = []
    for line in done.stdout.splitlines():
        name, *values = line.split(" ")
        numbers = [float(v) for v in values]
        if name == "case":
            runs.append({"rounds": []})
        elif name == "end":
            runs[-1]["end"] = numbers
        elif name == "position":
            runs[-1]["rounds"].append({"position": numbers, "offers": []})
        elif name == "offer":
            runs[-1]["rounds"][-1]["offers"].append(numbers)
        else:
            runs[-1]["rounds"][-1][name] = numbers
    check(len(runs) == len(issues), len(runs), "runs")
    return runs


def apart(issue, ours, twin):
    """The largest difference between two tellings of one round, or infinity where the offers are others."""
    n, scale = len(issue.position), issue.range or 1.0
    worst = [abs(a - b) / scale for a, b in zip(ours["position"], twin["position"])]
    worst += [abs(ours["middle"][0] - twin["median"]) / scale, abs(ours["middle"][1] - twin["mean"]) / scale]
    if "danger" not in ours:
        return max(worst)
    worst += [abs(a - b) / n for a, b in zip(ours["danger"], twin["danger"])]
    spread = (max(twin["danger"]) - min(twin["danger"])) / n
    worst += [abs(a - b) * min(1.0, spread) for name in ("risk", "exponent") for a, b in zip(ours[name], twin[name])]
    theirs = [(o, o is chosen) for offers, chosen in zip(twin["offers"], twin["accepted"]) for o in offers]
    if [o[:3] + o[6:] for o in ours["offers"]] != [[o["receiver"], o["proposer"], KINDS.index(o["kind"]), taken] for o, taken in theirs]:
        return float("inf")
    for mine, (offer, _) in zip(ours["offers"], theirs):
        worst += [abs(mine[3] - offer["eu_receiver"]), abs(mine[4] - offer["eu_proposer"]), abs(mine[5] - offer["position"]) / scale]
    return max(worst)


def is_rounding(issue, told):
    """Whether some positions differ by no more than what rounding leaves."""
    places = sorted(told["position"])
    return any(0 < b - a < 1e-9 * issue.range for a, b in zip(places, places[1:]))


def compare(variant, seed):
    rng = random.Random(seed)
    issues = [Issue(rng, variant) for _ in range(CASES)]
    worst, rounds, offers, parted, rounding, ends = 0.0, 0, 0, 0, 0, {}
    for issue, ours in zip(issues, play(issues)):
        whole = challenge.play(issue.position, issue.salience, issue.capability, **issue.options)
        ends[whole["stop"]] = ends.get(whole["stop"], 0) + 1
        group = {**issue.options, "salience": issue.salience, "weight": challenge.settle.weights(
            issue.salience, [c / max(issue.capability) for c in issue.capability]), "range": issue.range,
            "equal": 0 if variant == "scholz" else challenge.EQUAL}
        for told in ours["rounds"]:
            if variant == "scholz" and is_rounding(issue, told):
                rounding += 1
                continue
            state = challenge.state_of(group, told["position"])
            if "danger" in told:
                challenge.play_round(group, state)
                offers += len(told["offers"])
                rounds += 1
            off = apart(issue, told, state)
            check(off <= TOLERANCE, f"{off:.2e} apart in a round: {issue.line()}")
            worst = max(worst, off)
        for before, after in zip(ours["rounds"], ours["rounds"][1:]):
            if variant == "scholz" and is_rounding(issue, before):
                break
            state = challenge.state_of(group, before["position"])
            challenge.play_round(group, state)
            off = max(abs(a - b) for a, b in zip(state["next"], after["position"])) / issue.range
            check(off <= TOLERANCE, f"moves are {off:.2e} apart: {issue.line()}")
        stop, cycle, outcome, mean = ours["end"]
        same = len(whole["rounds"]) == len(ours["rounds"]) and all(
            apart(issue, a, b) <= TOLERANCE for a, b in zip(ours["rounds"], whole["rounds"]))
        parted += not same and not (variant == "scholz" and is_rounding(issue, ours["rounds"][-1]))
        if same:
            check(STOPS[int(stop)] == whole["stop"] and cycle == whole["cycle"], f"ended otherwise: {issue.line()}")
            check(abs(outcome - whole["outcome"]) <= TOLERANCE * (issue.range or 1.0), f"outcome: {issue.line()}")
            check(abs(mean - whole["mean"]) <= TOLERANCE * (issue.range or 1.0), f"mean: {issue.line()}")
    check(parted <= CASES / 200, f"{parted} of {CASES} runs parted")
    check(rounding <= rounds / 50, f"{rounding} of {rounds} rounds cannot be compared")
    check(rounds > 2 * CASES and offers > 5 * rounds, f"{rounds} rounds and {offers} offers are too few to tell")
    print(f"# {variant}: {CASES} runs {ends}, {rounds} rounds, {offers} offers, at most {worst:.1e} apart, {parted} parted")


@case
def classic_is_its_twin(_):
    compare("classic", 1)


@case
def scholz_is_its_twin(_):
    compare("scholz", 2)


run()
