"""Median: half of the weight on either side (Black 1958); half way between the two medians where the halves tie."""
from settle import weights


def outcome(position, salience, capability):
    w = weights(salience, capability)
    half = sum(w) / 2
    lower = min(x for x in position if sum(wi for wi, y in zip(w, position) if y <= x) >= half)
    upper = max(x for x in position if sum(wi for wi, y in zip(w, position) if y >= x) >= half)
    return (lower + upper) / 2
