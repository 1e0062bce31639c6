"""The spatial model of politics, mode corrected, as plainly as it can be said.

After KTAB's Spatial Model of Politics (Wise, Lester & Efird 2015). Actors bargain in one or more dimensions. Every
position lies in [0, 1] on each dimension. An actor is a dict:

    position    one number a dimension
    salience    how much it cares, 0 to 1, one number a dimension
    capability  how much it can bring to bear, >= 0: one number, or one a dimension

    states = play(actors)          the list of rounds, the last one without offers
    states[-1]["position"]         where everybody stands at the end
    outcome(actors, states)        the capability-weighted mean of that

An oracle for the C code in src/settle, which shares nothing with it but the equations. Slow on purpose. In vote(), a
difference of less than 1e-8 between utilities counts in part under the rules with a step: there two programs can differ
by rounding.
"""
import math

DEFAULTS = {
    "victory": "linear",           # linear, square, quartic, octic, binary
    "election": "conditional",     # conditional, incentive, uniform
    "transition": "deterministic", # deterministic, stochastic
    "vote": "prop",                # binary, prop_binary, prop, prop_cubic, cubic, prospect
    "adjust": "third",             # none, third, half, two_thirds, full
    "range": "mid",                # min, mid, max
    "commit": "semi",              # none, semi, full
    "interpolation": "s2p2",       # s1p1, s2p2, s2pmax
    "bargain": "initiator",        # initiator, both, weighted
    "rounds": 100,
}


# --- votes and elections ---------------------------------------------------------------------------------

def vote(rule, weight, difference):
    """How strongly an actor of that weight backs the option it likes better by `difference` (negative: the other)."""
    d = difference
    step = max(-1.0, min(1.0, d / 1e-8))
    return weight * {
        "binary": step,
        "prop_binary": 0.8 * d + 0.2 * step,
        "prop": d,
        "prop_cubic": 0.5 * d + 0.5 * d ** 3,
        "cubic": d ** 3,
        "prospect": d if d < 0 else 2 / 3 * d,
    }[rule]


def victory(model, a, b):
    """The probability that strength a prevails over strength b."""
    if model == "binary":
        if a >= 1.1 * b:
            x, y = 1.0, 1e-6
        elif b >= 1.1 * a:
            x, y = 1e-6, 1.0
        else:
            x = (2.1 * a / (a + b) - 1) / 0.1
            y = 1 - x
        return x / (x + y)
    power = {"linear": 1, "square": 2, "quartic": 4, "octic": 8}[model]
    most = max(a, b)
    x, y = (a / most) ** power, (b / most) ** power
    return x / (x + y)


def elect(utility, weight, options):
    """Probabilities of the options; utility[k][o] is what voter k thinks of option o."""
    m = len(utility[0])
    strength = [[1e-8] * m for _ in range(m)]
    for o in range(m):
        for q in range(o):
            votes = [vote(options["vote"], w, u[o] - u[q]) for w, u in zip(weight, utility)]
            strength[o][q] += sum(v for v in votes if v > 0)
            strength[q][o] += sum(-v for v in votes if v < 0)
    wins = [[0.5 if o == q else victory(options["victory"], strength[o][q], strength[q][o]) for q in range(m)]
            for o in range(m)]

    if options["election"] == "conditional":
        product = [sum(math.log(wins[o][q]) for q in range(m)) for o in range(m)]
        likely = [math.exp(x - max(product)) for x in product]
        return [x / sum(likely) for x in likely]

    p = [1 / m] * m
    if options["election"] == "uniform":
        challenge = [[1 / m] * m for _ in range(m)]
        tolerance = 1e-6
    else: # incentive
        drive = [[strength[o][q] * wins[o][q] + (1e-10 if o == q else 0) for q in range(m)] for o in range(m)]
        challenge = [[drive[o][q] / sum(drive[r][q] for r in range(m)) for q in range(m)] for o in range(m)]
        tolerance = 1e-8
    for _ in range(1000):
        aim = [sum(wins[o][r] * (p[o] * challenge[r][o] + p[r] * challenge[o][r]) for r in range(m)) for o in range(m)]
        far = max(abs(a - b) for a, b in zip(aim, p))
        p = [(a + b) / 2 for a, b in zip(aim, p)]
        if far <= tolerance:
            break
    return p


# --- utilities and contests -----------------------------------------------------------------------------

def distance(salience, ideal, point):
    """From an actor's ideal to a point, weighted by what the actor cares for; 0 where it cares for nothing."""
    norm = sum(s * s for s in salience)
    if norm == 0:
        return 0.0
    return math.sqrt(sum((s * (a - b)) ** 2 for s, a, b in zip(salience, ideal, point)) / norm)


def utility(d, risk):
    """Of a point at distance d; risk above 0 is averse, below 0 seeking."""
    return (1 - d) * (1 + d * risk) if d <= 1 else (1 - d) * (1 + risk)


def estimate(options, own, other):
    """What an actor of risk attitude `own` takes that of the other to be."""
    share = {"none": 0, "third": 1 / 3, "half": 1 / 2, "two_thirds": 2 / 3, "full": 1}[options["adjust"]]
    return own + share * (other - own)


def contest(state, group, options, h, i, j):
    """h's estimate of the probability that i defeats j, and of what i gains by challenging j."""
    n = len(group)

    def u(a, b): # a's utility of b's position, as h sees it
        risk = state["risk"][a] if a == h else estimate(options, state["risk"][h], state["risk"][a])
        return utility(state["distance"][a][b], risk)

    votes = [vote(options["vote"], group[i]["weight"], u(i, i) - u(i, j)),
             vote(options["vote"], group[j]["weight"], u(j, i) - u(j, j))]
    share = {"none": 0, "semi": 0.5, "full": 1}[options["commit"]]
    for third in range(n):
        if third not in (i, j):
            votes.append(share * vote(options["vote"], group[third]["weight"], u(third, i) - u(third, j)))
    phi = victory(options["victory"], 1e-10 + sum(v for v in votes if v > 0), 1e-10 + sum(-v for v in votes if v < 0))

    won, lost = 2 * u(i, i), 2 * u(i, j)
    resists = group[j]["resists"]
    challenge = (1 - resists) * won + resists * (phi * won + (1 - phi) * lost)
    return phi, challenge - (u(i, i) + u(i, j))


def meet(options, one, two, p):
    """Where two would stand if the first prevails with probability p: a point for each."""
    q, tiny = 1 - p, 1e-6
    for_one, for_two = [], []
    for x, y, s, t in zip(one["at"], two["at"], one["salience"], two["salience"]):
        if options["interpolation"] == "s2pmax": # only the weaker side moves
            behind, ahead = max(0.0, q - p), max(0.0, p - q)
            f = behind * t * t / (behind * t * t + tiny + (1 - behind) * s * s)
            g = ahead * s * s / (ahead * s * s + tiny + (1 - ahead) * t * t)
            for_one.append(x + f * (y - x))
            for_two.append(y + g * (x - y))
        else:
            power = 1 if options["interpolation"] == "s1p1" else 2
            a, b = (s * p) ** power, (t * q) ** power
            for_one.append(((a + tiny) * x + b * y) / (a + tiny + b))
            for_two.append((a * x + (b + tiny) * y) / (a + tiny + b))
    return for_one, for_two


# --- a round ---------------------------------------------------------------------------------------------

def weigh(actors):
    """What each actor weighs in elections (power) and in contests (weight), and whether it resists a challenge."""
    group = []
    for actor in actors:
        s, c = actor["salience"], actor["capability"]
        total = sum(s)
        if isinstance(c, (list, tuple)): # by dimension
            effort = sum(a * b for a, b in zip(c, s))
            power = effort / total if total > 0 else sum(c) / len(c)
        else:
            power, effort = c, c * total
        group.append({"salience": s, "power": power, "weight": effort, "resists": min(1.0, total)})
    whole = sum(actor["power"] for actor in group)
    for actor in group:
        actor["power"] /= whole
        actor["weight"] /= whole
    return group


def assess(position, ideal, group, options):
    """A state: distances, chances of every position, risk attitudes, probability of each distinct position."""
    n = len(group)
    far = [[distance(group[i]["salience"], ideal[i], position[j]) for j in range(n)] for i in range(n)]
    power = [actor["power"] for actor in group]
    p = elect([[1 - d for d in row] for row in far], power, options)
    low, high = min(p), max(p)
    if high - low <= 1e-10 * high:
        risk = [0.0] * n
    else:
        share = [(x - low) / (high - low) for x in p]
        risk = {"min": share, "mid": [1.5 * x - 0.5 for x in share], "max": [2 * x - 1 for x in share]}[options["range"]]
    state = {"position": position, "ideal": ideal, "distance": far, "chance": p, "risk": risk, "offers": []}

    first = [] # the first holder of each distinct position
    for i in range(n):
        if not any(math.dist(position[i], position[f]) < 1e-3 for f in first):
            first.append(i)
    win = elect([[utility(far[i][f], risk[i]) for f in first] for i in range(n)], power, options)
    state["win"] = [next(win[k] for k in reversed(range(len(first)))
                         if math.dist(position[i], position[first[k]]) < 1e-3) for i in range(n)]
    return state


def offers_of(state, group, options):
    """Every actor challenges the one that pays most, where it pays more than 1e-5, and proposes."""
    n, offers = len(group), []
    side = [dict(group[i], at=state["position"][i]) for i in range(n)]
    for i in range(n):
        estimates = {j: contest(state, group, options, i, i, j) for j in range(n) if j != i}
        j = max(estimates, key=lambda j: estimates[j][1]) # the first of equals
        phi, delta = estimates[j]
        if delta <= 1e-5:
            continue
        seen = contest(state, group, options, j, i, j)[0] # by the other side
        mine, theirs = meet(options, side[i], side[j], phi), meet(options, side[i], side[j], seen)
        proposals = {"initiator": [mine], "both": [mine, theirs]}.get(options["bargain"])
        if proposals is None: # weighted
            w, v = group[i]["weight"], group[j]["weight"]
            w, v = (w, v) if w + v > 0 else (1, 1)
            proposals = [tuple([(w * a + v * b) / (w + v) for a, b in zip(x, y)] for x, y in zip(mine, theirs))]
        for to_i, to_j in proposals:
            offers.append({"initiator": i, "receiver": j, "phi": phi, "delta": delta, "to": {i: to_i, j: to_j}})
    return offers


def gain(state, group, voter, offer):
    """What a voter would gain by an offer, against everybody staying."""
    n, total = len(group), 0.0
    for moved, point in offer["to"].items():
        d = distance(group[voter]["salience"], state["ideal"][voter], point)
        total += utility(d, state["risk"][voter]) - utility(state["distance"][voter][moved], state["risk"][voter])
    return total / n


def choices(state, group, options, uniform):
    """For every actor the offer that it takes, or None: it stays."""
    n, taken = len(group), []
    for k in range(n):
        line = [(offer["initiator"], offer) for offer in state["offers"] if k in offer["to"]]
        at = sum(1 for i, _ in line if i < k) # staying stands where its own initiative does
        line = [offer for _, offer in line]
        line.insert(at, None)
        table = [[0.0 if offer is None else gain(state, group, v, offer) for offer in line] for v in range(n)]
        p = elect(table, [actor["power"] for actor in group], options)
        if options["transition"] == "deterministic":
            best = p.index(max(p))
        else:
            aim, best, sum_ = uniform(len(state["past"]) + 1, k), 0, p[0]
            while sum_ < aim and best + 1 < len(p):
                best += 1
                sum_ += p[best]
        taken.append(line[best])
    return taken


def play(actors, uniform=None, accommodation=None, **chosen):
    """All rounds. `uniform(round, actor)` gives the random numbers of stochastic transitions, rounds counted from 1."""
    options = dict(DEFAULTS, **chosen)
    group, n = weigh(actors), len(actors)
    position = [list(actor["position"]) for actor in actors]
    states, moved = [assess(position, position, group, options)], []
    while len(moved) < options["rounds"]:
        state = states[-1]
        state["offers"] = offers_of(state, group, options)
        state["past"] = moved
        taken = choices(state, group, options, uniform)
        fresh = [state["position"][k] if taken[k] is None else taken[k]["to"][k] for k in range(n)]
        ideal = fresh
        if accommodation is not None:
            ideal = [[sum(a * x[d] for a, x in zip(row, fresh)) + (1 - min(1.0, sum(row))) * y
                      for d, y in enumerate(old)] for row, old in zip(accommodation, state["ideal"])]
        moved = moved + [sum(math.dist(a, b) for a, b in zip(fresh, state["position"]))]
        states.append(assess(fresh, ideal, group, options))
        if len(moved) >= 2 and moved[-1] / (moved[0] + 1e-4) < 0.02:
            break
    return states


def outcome(actors, states):
    """The mean of final positions by capability, on each dimension."""
    result = []
    for d in range(len(actors[0]["position"])):
        c = [a["capability"][d] if isinstance(a["capability"], (list, tuple)) else a["capability"] for a in actors]
        c = c if sum(c) > 0 else [1] * len(c)
        result.append(sum(w * x[d] for w, x in zip(c, states[-1]["position"])) / sum(c))
    return result
