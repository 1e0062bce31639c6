"""Mode: the position with most weight behind it; where several tie, their mean."""
from settle import held, weights


def outcome(position, salience, capability):
    places, behind = held(position, weights(salience, capability))
    best = [place for place, weight in zip(places, behind) if weight == max(behind)]
    return sum(best) / len(best)
