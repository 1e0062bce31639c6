"""Scores of forecasts, and a backtest, slow and obvious.

A distribution is a list of equally likely values. Of a forecaster it is its prediction plus each error it made on issues of
other proposals, cut at the ends of the scale."""
import math


def crps(values, y):
    n = len(values)
    return sum(abs(x - y) for x in values) / n - sum(abs(x - z) for x in values for z in values) / (2 * n * n)


def crps_normal(mean, sd, y):
    z = (y - mean) / sd
    return sd * (z * math.erf(z / math.sqrt(2)) + math.sqrt(2 / math.pi) * math.exp(-z * z / 2) - 1 / math.sqrt(math.pi))


def brier(p, happened):
    return (p - (1 if happened else 0)) ** 2


def log(p, happened):
    p = p if happened else 1 - p
    return -math.log(p) if p > 0 else math.inf


def pit(values, y):
    return sum(x < y for x in values) / len(values), sum(x <= y for x in values) / len(values)


def pit_share(below, at, low, high):
    """The chance that a number drawn evenly between below and at lies in [low, high]."""
    if at == below:
        return 1.0 if low <= below <= high else 0.0
    return max(0.0, min(at, high) - max(below, low)) / (at - below)


def coverage(values, y, level):
    return pit_share(*pit(values, y), (1 - level) / 2, (1 + level) / 2)


def distance(a, b):
    return sum(abs(x - y) for x in a for y in b) / (len(a) * len(b))


def mixture_score(weight, miss, apart):
    k = len(weight)
    return sum(weight[i] * miss[i] for i in range(k)) - sum(
        weight[i] * weight[j] * apart[i][j] for i in range(k) for j in range(k)) / 2


def distribution(prediction, outcome, proposal, i, low=0.0, high=100.0):
    """Of one forecaster on issue i; None where it did not predict it."""
    if prediction[i] is None:
        return None
    return [min(max(prediction[i] + outcome[j] - prediction[j], low), high) for j in range(len(outcome))
            if prediction[j] is not None and proposal[j] != proposal[i]]


def backtest(prediction, outcome, proposal):
    """Mean absolute error, CRPS and coverage of one forecaster."""
    known = [i for i in range(len(outcome)) if prediction[i] is not None]
    spread = {i: distribution(prediction, outcome, proposal, i) for i in known}
    return {"n": len(known), "mae": sum(abs(prediction[i] - outcome[i]) for i in known) / len(known),
            "crps": sum(crps(spread[i], outcome[i]) for i in known) / len(known),
            **{f"cover{round(100 * level)}": sum(coverage(spread[i], outcome[i], level) for i in known) / len(known)
               for level in (0.5, 0.8, 0.95)},
            "brier_above_50": sum(brier(sum(x > 50 for x in spread[i]) / len(spread[i]), outcome[i] > 50) for i in known)
            / len(known)}
