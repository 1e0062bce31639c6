"""Condorcet: a probabilistic election between the positions that are held (Wise, Lester & Efird 2015, KTAB).

Each pair of positions is put to the vote. An actor votes for the nearer one with its weight times how much nearer it
is. The more votes, the likelier the win; a position's probability is in proportion to its chance of winning against all
others.
"""
from settle import held, weights


def probabilities(position, salience, capability, low, high, floor=1e-8):
    """The distinct positions and the probability of each. `floor` keeps every contest open."""
    weight = weights(salience, capability)
    total = sum(weight)
    places, _ = held(position, weight)

    def support(o, q):
        """How much weight prefers o to q, by how much."""
        votes = (w / total * (abs(x - q) - abs(x - o)) / (high - low) for w, x in zip(weight, position))
        return floor + sum(v for v in votes if v > 0)

    def wins_all(o):
        chance = 1
        for q in places:
            if q != o:
                chance = chance * support(o, q) / (support(o, q) + support(q, o))
        return chance

    chances = [wins_all(o) for o in places]
    return places, [c / sum(chances) for c in chances]


def outcome(position, salience, capability, low, high, floor=1e-8):
    places, p = probabilities(position, salience, capability, low, high, floor)
    return sum(x * px for x, px in zip(places, p))


def distribution(position, salience, capability, low, high, floor=1e-8):
    """One value an actor: the probability of its position, shared equally by those who hold it."""
    places, p = probabilities(position, salience, capability, low, high, floor)
    return [p[places.index(x)] / position.count(x) for x in position]
