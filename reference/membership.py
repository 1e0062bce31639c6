"""What membership of an alliance is worth, as plainly as it can be said.

A member can count on its allies' spending as far as they are credible, an outsider on the part `outside` of that; a member
spends at least its floor. The worth is the share e of income that a state would give up each year to be inside:

    best utility(outside, income) = best utility(member, (1 - e) income)

    worth(income, a, b, spending, spillover, credibility, outside)     of members, then candidates, in every list

An oracle for the C code in src/alliance: e by halving an interval, each utility at an answer found by halving another.
"""
import math

from burden_sharing import answer, root, utility


def best(income, a, b, others, floor):
    if income <= floor:
        return -math.inf
    q = answer(income, a, b, others, floor)
    return utility(income, a, b, q, others)


def equivalent(income, a, b, inside, outside, floor):
    """e, by halving: first an income at which a member is better off, then the one at which it is as well off."""
    aim = best(income, a, b, outside, 0.0)
    high = income
    while best(high, a, b, inside, floor) < aim:
        high *= 2
    enough = root(lambda x: aim - best(x, a, b, inside, floor), floor, high)
    return 1 - enough / income


def played(i, members, income, a, b, spending, spillover, credibility, across, floor, own_floor):
    """What i can count on where all answer each other: the members and i, what crosses between i and them cut to `across`."""
    states = list(range(members)) + ([i] if i >= members else [])
    trust = {j: credibility[j] if j < members else sum(credibility) / members for j in states}
    q = {j: spending[j] if j < members else (a[j] + b[j]) * income[j] for j in states}

    def got(k):
        return sum(spillover * trust[j] * q[j] * (across if i in (j, k) else 1.0) for j in states if j != k)
    for _ in range(100000):
        most = 0.0
        for k in states:
            new = answer(income[k], a[k], b[k], got(k), own_floor if k == i else floor[k])
            most = max(most, abs(new - q[k]) / income[k])
            q[k] = new
        if most <= 1e-14:
            return got(i)
    return None


def worth(income, a, b, spending, spillover, credibility, outside, floor=None, adjust=False):
    members, told = len(spending), []
    floor = floor or [0.0] * len(income)
    for i in range(len(income)):
        if adjust:
            rest = (members, income, a, b, spending, spillover, credibility)
            inside, without = played(i, *rest, 1.0, floor, floor[i]), played(i, *rest, outside, floor, 0.0)
        else:
            inside = sum(credibility[j] * spillover * spending[j] for j in range(members) if j != i)
            without = outside * inside
        told.append({"inside": best(income[i], a[i], b[i], inside, floor[i]),
                     "outside": best(income[i], a[i], b[i], without, 0.0),
                     "equivalent": equivalent(income[i], a[i], b[i], inside, without, floor[i])})
    return told
