"""What the models of how a group settles an issue share, written to be read.

These files are slow, obvious twins of src/settle: the program is tested against them. A group has an issue before it,
a scale with a low and a high end. Each actor has a position on it, a salience (how much it cares, 0 to 1) and a
capability (how much it could bring to bear). Its weight is capability times salience.

Every function takes plain lists, one value an actor, and any kind of number: with fractions.Fraction the results are
exact.

    python3 -c "import compromise; print(compromise.outcome([0, 50, 100], [1, .5, 1], [1, 2, 2]))"
"""


def weights(salience, capability):
    return [c * s for c, s in zip(capability, salience)]


def utility(x, position, low, high, r=2):
    """1 at the actor's own position, 0 a whole scale away; r = 2: far steps cost more than near ones."""
    return 1 - (abs(x - position) / (high - low)) ** r


def gains(x, position, low, high, r=2, status_quo=None):
    """What each actor gains by x over the status quo, or over the mean of positions where none is stated."""
    before = sum(position) / len(position) if status_quo is None else status_quo
    return [utility(x, p, low, high, r) - utility(before, p, low, high, r) for p in position]


def held(position, weight):
    """The distinct positions in ascending order, and the weight behind each."""
    places = sorted(set(position))
    return places, [sum(w for p, w in zip(position, weight) if p == place) for place in places]
