"""Whether a promise deters, as plainly as it can be said.

A challenger keeps the status quo (worth 0 to it) or challenges; then each defender abandons the target or honours its
promise, deciding by its own stake, cost, loss and help alone. All choose with logit error.

    report = deterrence(help=[..], stake=[..], cost=[..], loss=[..], challenger=300, target=10, lambda_defender=8,
                        lambda_challenger=8, c=0.1, c_opposed=0.6)
    report["honour"][j]     the credibility of defender j
    report["deterrence"]    1 - P(challenge)

An oracle for the C code in src/alliance: the average over who comes is a sum over all sets, `required` is found by halving.
"""
import itertools
import math

EXACT = 12          # defenders with help, up to which all sets are summed
MOST_FACTOR = 100.0


def contest(a, b, m):
    if a == b:
        return 0.5
    most = max(a, b)
    return (a / most) ** m / ((a / most) ** m + (b / most) ** m)


def logistic(x):
    return 1 / (1 + math.exp(-x)) if x > 0 else math.exp(x) / (1 + math.exp(x)) if x > -700 else 0.0


def honour(g, j, factor=1.0):
    alone = contest(g["challenger"], g["target"], g["m"])
    helped = contest(g["challenger"], g["target"] + factor * g["help"][j], g["m"])
    return logistic(g["lambda_defender"] * (g["stake"][j] - g["cost"][j] + (alone - helped) * g["loss"][j]))


def challenger_value(g, factor=1.0, without=None):
    """What a challenge is worth to the challenger."""
    there = [j for j in range(len(g["help"])) if j != without]
    h = {j: honour(g, j, factor) for j in there}
    unopposed = contest(g["challenger"], g["target"], g["m"]) * g["v"] - g["c"]

    def opposed(force):
        return contest(g["challenger"], g["target"] + force, g["m"]) * g["v"] - g["c_opposed"]
    nobody = math.prod(1 - h[j] for j in there)
    if sum(g["help"][j] > 0 for j in there) > EXACT:
        force = sum(h[j] * factor * g["help"][j] for j in there)
        return nobody * unopposed + (1 - nobody) * opposed(force / (1 - nobody) if nobody < 1 else 0.0)
    total = 0.0
    for choice in itertools.product([False, True], repeat=len(there)):
        chance = math.prod(h[j] if comes else 1 - h[j] for j, comes in zip(there, choice))
        force = sum(factor * g["help"][j] for j, comes in zip(there, choice) if comes)
        total += chance * (opposed(force) if any(choice) else unopposed)
    return total


def required(g, wanted, without=None):
    """The factor on the remaining defenders' help at which deterrence is `wanted`; None where there is none."""
    def reached(factor):
        return 1 - logistic(g["lambda_challenger"] * challenger_value(g, factor, without)) >= wanted
    if g["c_opposed"] < g["c"]:
        return None
    if reached(0.0):
        return 0.0
    if not reached(MOST_FACTOR):
        return None
    low, high = 0.0, MOST_FACTOR
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return (low + high) / 2


def deterrence(withdraws=None, wanted=None, **game):
    g = {"m": 1.0, "v": 1.0, **game}
    h = [honour(g, j) for j in range(len(g["help"]))]
    value, everything = challenger_value(g), sum(g["help"])
    x = logistic(g["lambda_challenger"] * value)
    return {
        "honour": h, "alliance": 1 - math.prod(1 - p for p in h),
        "force": sum(p * c for p, c in zip(h, g["help"])) / everything if everything > 0 else None,
        "challenger_value": value, "challenge": x, "deterrence": 1 - x,
        "required": None if wanted is None else required(g, wanted, withdraws),
    }
