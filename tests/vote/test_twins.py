#!/usr/bin/python3
"""Rules, chances, consent, agenda setting and power against their twins in reference/. Usage: test_twins.py PLAY [CASES]"""
import math
import os
import random
import subprocess
import sys
from fractions import Fraction

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "reference"))
sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
import agenda  # noqa: E402
import consent  # noqa: E402
import power  # noqa: E402
import rules  # noqa: E402
from tap import case, check, run, same  # noqa: E402

PLAY = os.path.abspath(sys.argv.pop(1))
CASES = int(sys.argv.pop(1)) if sys.argv[1:] and sys.argv[1].isdigit() else 500
AUTO, COUNT, LARGE, ENUMERATE, SAMPLE, INTEGRAL = range(6)


def random_rule(rng, most=7):
    """Criteria over members and over criteria before them: whole, decimal, real and zero weights; some nested so that a
    part stands alone, some with all counted again above. Always one that all together satisfy."""
    n = rng.randint(1, most)
    kind = rng.choice(["whole", "whole", "decimal", "real"])
    weight = {"whole": lambda: rng.randint(0, 5), "decimal": lambda: rng.randint(0, 40) / 8,
              "real": lambda: rng.choice([0.0, rng.uniform(0, 9), rng.uniform(0, 9)])}[kind]
    rule, unused = [], set()
    for number in range(rng.randint(1, 4)):
        units = [i for i in range(n) if rng.random() < 0.6]
        last = number == 3 or rng.random() < 0.4
        units += [u for u in range(n, n + number) if rng.random() < 0.3 or (last and u in unused)]
        units = units or [rng.randrange(n)]
        parts = [(u, weight() if u < n else max(weight(), 1)) for u in units]
        if not any(w for _, w in parts):
            parts[0] = (units[0], 1)
        total = sum(w for _, w in parts)
        shape = rng.random()
        if shape < 0.2:
            parts, quota = [(u, 1) for u in units], len(units)
        elif shape < 0.35:
            parts, quota = [(u, 1) for u in units], 1
        else:
            quota = rng.uniform(0.05, 1) * total
            quota = max(1, round(quota)) if kind == "whole" else quota
        strict = rng.random() < 0.2 and quota < 0.9 * sum(w for _, w in parts)
        unused -= set(units)
        unused.add(n + number)
        rule.append([parts, quota, strict])
        if last:
            break
    return n, rule


def usable(rng, most=7):
    """A rule whose criteria all count and that someone can satisfy."""
    while True:
        n, rule = random_rule(rng, most)
        counted = {u for parts, _, _ in rule for u, _ in parts}
        if all(n + k in counted for k in range(len(rule) - 1)) and rules.decides(rule, n, set(range(n))):
            return n, rule


def written(n, rule):
    words = [n, len(rule)]
    for parts, quota, strict in rule:
        words += [len(parts), int(strict), repr(float(quota))]
        for unit, weight in parts:
            words += [unit, repr(float(weight))]
    return " ".join(map(str, words))


def play(lines):
    done = subprocess.run([PLAY], input="\n".join(lines) + "\n", capture_output=True, text=True, check=False)
    check(done.returncode == 0, done.stderr)
    answers = done.stdout.splitlines()
    same(len(answers), len(lines))
    for line, answer in zip(lines, answers):
        check(not answer.startswith("error"), answer, line)
    return [answer.split() for answer in answers]


def near(got, want, tolerance, *context):
    got, want = float(got), float(want)
    check(abs(got - want) <= tolerance or (math.isnan(got) and math.isnan(want)), f"got {got!r}, want {want!r}", *context)


@case
def the_chance_of_a_decision_is_its_twin(_):
    rng = random.Random(1)
    asked = [usable(rng) for _ in range(2 * CASES)]
    chances = [[rng.choice([rng.random(), rng.random(), 0.0, 1.0, 0.5]) for _ in range(n)] for n, _ in asked]
    lines = [f"chance {written(*a)} " + " ".join(map(repr, p)) for a, p in zip(asked, chances)]
    for (n, rule), p, line, answer in zip(asked, chances, lines, play(lines)):
        winning = rules.deciding(rule, n)
        near(answer[0], consent.chance(rule, n, p, winning), 1e-13, line)
        for got, want in zip(answer[1:], consent.blocks(rule, n, p, winning)):
            near(got, want, 1e-13, line)
    check(sum(len(rule) > 1 for _, rule in asked) > CASES / 2, "too few nested rules")


@case
def consent_is_its_twin(_):
    rng = random.Random(2)
    lines, wants = [], []
    for _ in range(CASES):
        n, rule = usable(rng, 5)
        low = rng.choice([0.0, rng.uniform(-100, 100)])
        high = low + rng.choice([1.0, 100.0, rng.uniform(1, 1000)])
        place = lambda: rng.choice([low, high, rng.uniform(low, high), rng.uniform(low, high)])
        members = [(place(), rng.random(), rng.choice([0.0, 1.0, rng.uniform(0, 50)])) for _ in range(n)]
        members[0] = (members[0][0], 0.5, 1.0)
        now, to, sharpness = place(), place(), rng.choice([0.0, 5.0, rng.uniform(0, 60)])
        cost, drift, rounds = rng.choice([0, 0.1, rng.random()]), rng.choice([0, 0.1, 1.0]), rng.choice([1, 1, 2, 5])
        r = rng.choice([2, 2, 1, 1.5])
        lines.append(f"consent {written(n, rule)} " + " ".join(map(repr, [low, high, now, to, sharpness, cost, drift, rounds, r]
                                                                        + [x for m in members for x in m])))
        position, salience, capability = map(list, zip(*members))
        wants.append((n, consent.consent(rule, position, salience, capability, low, high, now, to, sharpness, cost, drift,
                                         rounds, r), rules.gridlock(rule, n, position)))
    for line, (n, (chance, accept, blocks), grid), answer in zip(lines, wants, play(lines)):
        near(answer[0], chance, 1e-12, line)
        low, high = grid if grid is not None else (math.nan, math.nan)
        near(answer[1], low, 0, line)
        near(answer[2], high, 0, line)
        for got, want in zip(answer[3:], accept + blocks):
            near(got, want, 1e-12, line)


@case
def agenda_setting_is_its_twin(_):
    rng = random.Random(3)
    lines, wants = [], []
    for _ in range(2 * CASES):
        n, rule = usable(rng)
        place = (lambda: float(rng.randint(0, 16))) if rng.random() < 0.5 else (lambda: rng.randint(0, 16 * 1024) / 1024)
        position, status_quo, ideal = [place() for _ in range(n)], place(), place()
        lines.append(f"agenda {written(n, rule)} 0 16 {status_quo!r} {ideal!r} " + " ".join(map(repr, position)))
        exact = [Fraction(x) for x in position]
        down, up = agenda.win_set(rule, exact, Fraction(status_quo), 0, 16)
        want = [down, up, agenda.outcome(rule, exact, Fraction(status_quo), Fraction(ideal), 0, 16)]
        wants.append(want + list(rules.gridlock(rule, n, position) or (math.nan, math.nan)))
    for line, want, answer in zip(lines, wants, play(lines)):
        for got, x in zip(answer, want):
            near(got, x, 0, line)


@case
def power_is_its_twin_whatever_the_method(_):
    rng = random.Random(4)
    lines, wants = [], []
    for _ in range(CASES):
        n, rule = usable(rng)
        bloc = [0]
        for _ in range(n - 1):
            bloc.append(rng.randint(0, max(bloc) + 1))
        wants.append((n, rule, bloc))
        whole = all(float(w).is_integer() for parts, _, _ in rule for _, w in parts)
        methods = [AUTO, ENUMERATE, INTEGRAL] + [COUNT] * whole + [LARGE] * (whole and len(rule) == 1)
        lines.append([f"power {written(n, rule)} {m} 0 " + " ".join(map(str, bloc)) for m in methods])
    answers = iter(play([line for group in lines for line in group]))
    for group, (n, rule, bloc) in zip(lines, wants):
        swings, act = power.swings(rule, n), power.coleman(rule, n)
        shapley, owen = power.shapley_shubik(rule, n), power.owen(rule, n, bloc)
        same(sum(shapley), 1)
        same(sum(owen), 1)
        for line in group:
            method, winning, got_act, *rest = next(answers)
            same(int(winning), act[0] * 2 ** n, line)
            near(got_act, act[0], 0, line)
            for i in range(n):
                got = rest[6 * i:6 * i + 6]
                same(int(got[0]), swings[i], line)
                for x, want in zip(got[1:], [shapley[i], Fraction(swings[i], sum(swings)), act[1][i], act[2][i], owen[i]]):
                    near(x, want, 1e-13, method, line)


@case
def sampling_lies_within_its_interval(_):
    """500 random games, 5 standard errors each: a false alarm in a million or so."""
    rng = random.Random(5)
    asked = [usable(rng, 6) for _ in range(CASES)]
    samples = 4000
    lines = [f"power {written(n, rule)} {SAMPLE} {samples} " + " ".join(["0"] * n) for n, rule in asked]
    for (n, rule), line, (method, winning, act, *rest) in zip(asked, lines, play(lines)):
        same((int(method), winning), (SAMPLE, "-"))
        total = sum(power.swings(rule, n))
        shares = [(act, power.coleman(rule, n)[0])]
        shares += zip(rest[1::6], power.shapley_shubik(rule, n))
        for got, want in shares:
            error = math.sqrt(want * (1 - want) / samples)
            near(got, want, 5.5 * error + 2 / samples, line)
        check(total > 0)


@case
def years_of_asking_are_their_twin(_):
    rng = random.Random(6)
    lines, wants = [], []
    for _ in range(CASES):
        n = rng.randint(1, 8)
        chances = [rng.choice([0.0, 1.0, rng.uniform(0.05, 1), rng.uniform(0.05, 1)]) for _ in range(n)]
        asked = [rng.random() < 0.6 for _ in range(n)]
        asked[rng.randrange(n)] = True
        lines.append("years 1 1 1 0 1 0 1 " + f"{n} " + " ".join(f"{c!r} {int(a)}" for c, a in zip(chances, asked)))
        wants.append((consent.expected_time(chances, asked), consent.by_year(chances, asked)))
    for line, (time, by_year), answer in zip(lines, wants, play(lines)):
        near(answer[0], math.nan if time is None else time, 1e-9, line)
        for got, want in zip(answer[1:], by_year):
            near(got, want, 1e-15, line)
    check(sum(time is None for time, _ in wants) > CASES / 50, "too few that never end")


run()
