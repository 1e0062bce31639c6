#!/usr/bin/python3
"""The models against their twins in reference/, on random issues and on awkward ones. Usage: test_twins.py PLAY [CASES]

All but nash are computed by the twins in exact fractions, so that only the program rounds."""
import math
import os
import random
import subprocess
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "reference"))
sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
import compromise  # noqa: E402
import condorcet  # noqa: E402
import gravity  # noqa: E402
import median  # noqa: E402
import mode  # noqa: E402
import nash  # noqa: E402
import settle  # noqa: E402
from tap import case, check, run  # noqa: E402

PLAY = os.path.abspath(sys.argv.pop(1))
CASES = int(sys.argv.pop(1)) if sys.argv[1:] and sys.argv[1].isdigit() else 2000
TOLERANCE = 1e-10  # of the scale
STATUS_QUO_STANDS = 1


class Issue:
    """A random issue. Kinds: any numbers; coarse ones, so that positions are equal and halves tie; positions that
    nearly coincide; extreme weights; everything at the ends of the scale."""

    def __init__(self, rng, most):
        kind = rng.choice(["any", "any", "coarse", "coarse", "close", "extreme", "ends"])
        n = rng.choice([1, 2, 3]) if rng.random() < 0.15 else rng.randint(2, most)
        self.low = rng.choice([0.0, -50.0, rng.uniform(-1000, 1000)])
        self.high = self.low + rng.choice([100.0, 1.0, rng.uniform(0.01, 5000)])
        place = {"any": rng.random,
                 "extreme": rng.random,
                 "coarse": lambda: rng.randint(0, 4) / 4,
                 "close": lambda: (rng.choice([0.1, 0.4, 0.4, 0.9]) +
                                   rng.choice([1e-3, 1e-8, 1e-10]) * rng.randint(0, 9)),
                 "ends": lambda: rng.choice([0, 1, 1])}[kind]
        # Weights of the coarse kind are small binary fractions: sums of them are exact, and so are ties.
        weight = {"coarse": lambda: rng.randint(1, 4) / 4,
                  "extreme": lambda: 10 ** rng.uniform(-12, 0)}.get(kind, rng.random)
        self.position = [min(self.high, self.low + (self.high - self.low) * place()) for _ in range(n)]
        self.salience = [weight() for _ in range(n)]
        unit = 1 if kind == "coarse" else 50
        self.capability = [0.0 if i and rng.random() < 0.1 else weight() * unit for i in range(n)]
        spot = rng.random()
        self.status_quo = (rng.choice(self.position) if spot < 0.1 else self.low if spot < 0.25 else
                           min(self.high, self.low + (self.high - self.low) * rng.choice([place, rng.random])()))

    def line(self, model, options=(2.0,), status_quo=True):
        numbers = [len(self.position), self.low, self.high, self.status_quo if status_quo else math.nan,
                   *options, *[0.0] * (3 - len(options))]
        for actor in zip(self.position, self.salience, self.capability):
            numbers.extend(actor)
        return " ".join([model, *map(repr, numbers)])

    def exact(self):
        return [[Fraction(x) for x in values] for values in (self.position, self.salience, self.capability)]


def play(lines):
    """The program's answers: (outcome, stop, [utility], [gain], [probability]) for each line."""
    done = subprocess.run([PLAY], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stderr)
    answers = [[float(word) for word in line.split()] for line in done.stdout.splitlines()]
    check(len(answers) == len(lines), f"{len(answers)} answers to {len(lines)} issues")
    return [(a[0], int(a[1]), a[2::3], a[3::3], a[4::3]) for a in answers]


def compare(model, seed, twin, options=lambda rng: (2.0,), most=12, status_quo=True):
    """`twin(issue, options)` gives what the program should."""
    rng = random.Random(seed)
    issues = [Issue(rng, most) for _ in range(CASES)]
    chosen = [options(rng) for _ in issues]
    lines = [issue.line(model, choice, status_quo) for issue, choice in zip(issues, chosen)]
    worst = 0
    for number, (issue, choice, line, answer) in enumerate(zip(issues, chosen, lines, play(lines))):
        want = twin(issue, choice)
        off = abs(float(Fraction(answer[0]) - Fraction(want))) / (issue.high - issue.low)
        worst = max(worst, off)
        check(off <= TOLERANCE, f"{model} {number}: got {answer[0]!r}, want {float(want)!r}; {line}")
        check_gains(issue, choice[0], status_quo, answer, line)
    print(f"# {model}: {CASES} issues, at most {worst:.1e} of the scale apart")


def check_gains(issue, r, status_quo, answer, line):
    """Utility and gain at the program's outcome."""
    outcome, _, utility, gain, _ = answer
    want = settle.gains(outcome, issue.position, issue.low, issue.high, r, issue.status_quo if status_quo else None)
    for i, position in enumerate(issue.position):
        u = settle.utility(outcome, position, issue.low, issue.high, r)
        check(abs(utility[i] - u) <= TOLERANCE, f"utility of actor {i + 1}: {line}")
        check(abs(gain[i] - want[i]) <= TOLERANCE, f"gain of actor {i + 1}: {line}")


@case
def compromise_is_its_twin(_):
    compare("compromise", 1, lambda issue, _: compromise.outcome(*issue.exact()),
            lambda rng: (rng.choice([1.0, 2.0, 3.5]),))


@case
def gravity_is_its_twin(_):
    compare("gravity", 2, lambda issue, o: gravity.outcome(*issue.exact(), Fraction(issue.status_quo), Fraction(o[1])),
            lambda rng: (2.0, rng.choice([0.0, 0.75, 1.0, rng.random()])))


@case
def median_is_its_twin(_):
    compare("median", 3, lambda issue, _: median.outcome(*issue.exact()), most=30, status_quo=False)


@case
def mode_is_its_twin(_):
    compare("mode", 4, lambda issue, _: mode.outcome(*issue.exact()), most=30)


@case
def condorcet_is_its_twin(_):
    rng = random.Random(5)
    issues = [Issue(rng, 8) for _ in range(CASES)]
    issues += [Issue(rng, 40) for _ in range(CASES // 200)]
    lines = [issue.line("condorcet") for issue in issues]
    worst = 0
    for issue, line, answer in zip(issues, lines, play(lines)):
        low, high = Fraction(issue.low), Fraction(issue.high)
        position, salience, capability = issue.exact()
        places, p = condorcet.probabilities(position, salience, capability, low, high, Fraction(1e-8))
        outcome = sum(x * px for x, px in zip(places, p))
        shares = [p[places.index(x)] / position.count(x) for x in position]
        off = max([abs(answer[0] - outcome) / (high - low)] + [abs(a - b) for a, b in zip(answer[4], shares)])
        worst = max(worst, float(off))
        check(off <= TOLERANCE, f"condorcet, {float(off):.2e} apart: {line}")
        check_gains(issue, 2.0, True, answer, line)
    print(f"# condorcet: {len(issues)} issues, at most {worst:.1e} apart")


def nash_against_loss(issue, options):
    r, loss, _ = options
    return nash.outcome(issue.position, issue.salience, issue.capability, issue.low, issue.high, r, loss)


def nash_against_status_quo(issue, options):
    return nash.outcome(issue.position, issue.salience, issue.capability, issue.low, issue.high, options[0],
                        status_quo=issue.status_quo)


def curvature(rng):
    return rng.choice([2.0, 2.0, 1.0, 1.0, 1.5, 3.0, rng.uniform(1, 4)])


@case
def nash_is_its_twin(_):
    def options(rng):
        # Straight utilities and a great loss: the slope is all but a step function of the weights, and where these tie
        # doubles know its zero to 1e-16 * loss of the scale only.
        r = curvature(rng)
        return r, rng.choice([1.0, 1.0, 0.0, 0.1, 30.0, 1e4 if r < 1.5 else 1e6]), 0.0
    compare("nash", 6, nash_against_loss, options)


@case
def nash_against_the_status_quo_is_its_twin(_):
    compare("nash", 7, nash_against_status_quo, lambda rng: (curvature(rng), 1.0, 1.0))


@case
def twins_agree_on_when_the_status_quo_stands(_):
    rng = random.Random(8)
    issues = [Issue(rng, 5) for _ in range(CASES)]
    stood = 0
    for issue, answer in zip(issues, play([issue.line("nash", (2.0, 1.0, 1.0)) for issue in issues])):
        heavy = [x for x, s, c in zip(issue.position, issue.salience, issue.capability) if s * c > 0]
        stands = min(heavy) <= issue.status_quo <= max(heavy)
        stood += stands
        check((answer[1] == STATUS_QUO_STANDS) == stands, issue.line("nash"))
        check(not stands or answer[0] == issue.status_quo, issue.line("nash"))
    check(CASES / 5 < stood < CASES, f"the status quo stood in {stood} of {CASES}: too few of one kind to tell")


run()
