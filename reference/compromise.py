"""Compromise: the weighted mean of positions (Van den Bos 1991; Achen 2006)."""
from settle import weights


def outcome(position, salience, capability):
    w = weights(salience, capability)
    return sum(wi * x for wi, x in zip(w, position)) / sum(w)
