"""Nash: the point with the greatest product of gains over no agreement, each raised to the actor's weight (Nash 1950;
Kalai 1977 for the weights). No agreement is a stated loss for everyone, or the status quo.

The sum of w ln(u(x) - d) is concave where all gain, so its slope falls: halving finds where it passes zero.
"""
from settle import weights


def outcome(position, salience, capability, low, high, r=2, loss=1, status_quo=None):
    """With a status quo, that is the disagreement and `loss` does not count. None where no agreement is possible."""
    w = weights(salience, capability)
    actors = [(wi, x) for wi, x in zip(w, position) if wi > 0]  # without weight there is no veto
    least, greatest = min(x for _, x in actors), max(x for _, x in actors)
    if status_quo is not None and least <= status_quo <= greatest:
        return status_quo  # whoever stands on one side of it loses by any move to the other

    def distance(x, y):
        return abs(x - y) / (high - low)

    def margin(x, ideal):
        """u(x) - d: how much better x is than no agreement."""
        if status_quo is None:
            return 1 + loss - distance(x, ideal) ** r
        return distance(status_quo, ideal) ** r - distance(x, ideal) ** r

    def slope(x):
        total = 0
        for wi, ideal in actors:
            toward = (ideal > x) - (ideal < x)
            if margin(x, ideal) <= 0:
                return toward * float("inf")  # too far for this actor: back toward it
            total += wi * toward * r * distance(x, ideal) ** (r - 1) / margin(x, ideal)
        return total

    for _ in range(2000):
        middle = (least + greatest) / 2
        if not least < middle < greatest:
            break
        if slope(middle) > 0:
            least = middle
        else:
            greatest = middle
    return (least + greatest) / 2
