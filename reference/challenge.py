"""The challenge model (expected utility), written to be read: a slow, obvious twin of src/settle/challenge.c.

Bueno de Mesquita 1994, 1997; replicated by Scholz, Calbert & Smith 2011. Actors hold positions on one issue. In every round
each actor i looks at every other actor j and asks two things: what would I expect of challenging j, and what does j expect of
challenging me? Where j would gain the more by it, j has something to ask of i, and i gives way, in whole or in part. Each
actor follows at most one such offer, and all move at once.

    python3 -c "import challenge; print(challenge.play([4, 7, 10], [.8, .4, .6], [8, 8, 15])['outcome'])"

Every list has one value an actor, in one order. `variant="scholz"` plays what the one public program (Velev 2014) computes.
"""
import settle

EQUAL = 1e-9  # two numbers (distances as shares of the range) that differ by no more are equal; in scholz none are


def play(position, salience, capability, variant="classic", accept="least", confrontation="concede", q=1.0, tolerance=1e-3,
         max_rounds=50):
    """The rounds, why they ended, and the outcome. Each round tells the state it started from and every offer made in it."""
    spread = max(position) - min(position)
    group = {"salience": salience, "weight": settle.weights(salience, [c / max(capability) for c in capability]),
             "range": spread, "variant": variant, "accept": accept, "confrontation": confrontation, "q": q,
             "equal": 0 if variant == "scholz" else EQUAL}
    states = [state_of(group, list(position))]
    if spread == 0:
        return ended("settled", states, 1)
    for _ in range(max_rounds):
        now = states[-1]
        play_round(group, now)
        states.append(state_of(group, now["next"]))
        if variant == "scholz":
            continue
        if max(abs(a - b) for a, b in zip(now["position"], now["next"])) <= max(tolerance, EQUAL) * spread:
            return ended("settled", states, 1)
        for earlier in range(len(states) - 3, -1, -1):
            if all(abs(a - b) <= EQUAL * spread for a, b in zip(states[earlier]["position"], now["next"])):
                return ended("cycle", states, len(states) - 1 - earlier)
    return ended("max_rounds", states, 1)


def ended(stop, states, length):
    """The outcome is the median at the end; in a cycle, the mean of its medians."""
    last = states[-length:]
    return {"stop": stop, "rounds": states, "cycle": length if stop == "cycle" else 0,
            "outcome": sum(s["median"] for s in last) / length, "mean": sum(s["mean"] for s in last) / length}


def state_of(group, position):
    weight = group["weight"]
    return {"position": position, "median": median(group, position),
            "mean": sum(w * x for w, x in zip(weight, position)) / sum(weight)}


def median(group, position):
    """Half of the weight on either side; half way between the two medians where the halves tie (scholz: the lower)."""
    weight = group["weight"]
    half = sum(weight) * (0.5 - 1e-12)
    lower = min(x for x in position if sum(w for w, y in zip(weight, position) if y <= x) >= half)
    upper = max(x for x in position if sum(w for w, y in zip(weight, position) if y >= x) >= half)
    return lower if group["variant"] == "scholz" else (lower + upper) / 2


def play_round(group, state):
    """Who is endangered; who is therefore willing to take risks; what is offered; who moves where."""
    actors = range(len(state["position"]))
    neutral = [1.0 for _ in actors]
    odds = probabilities(group, state, neutral)
    state["danger"] = [sum(expected(group, state, odds, j, i, 1.0) for j in actors if apart(group, state, i, j)) for i in actors]
    state["risk"] = risks(group, state["danger"])
    state["exponent"] = [(1 - risk / 3) / (1 + risk / 3) for risk in state["risk"]]
    odds = probabilities(group, state, state["exponent"])
    state["offers"] = [offers_to(group, state, odds, i) for i in actors]
    state["accepted"] = [choose(group, state, offers) for offers in state["offers"]]
    state["next"] = [goes_to(group, x, offer) for x, offer in zip(state["position"], state["accepted"])]


def goes_to(group, position, offer):
    if offer is None:
        return position
    if offer["kind"] == "confrontation" and group["confrontation"] == "none" and group["variant"] == "classic":
        return position  # conflict, whose outcome is uncertain
    return offer["position"]


def distance(group, state, i, j):
    return abs(state["position"][i] - state["position"][j]) / group["range"]


def apart(group, state, i, j):
    return distance(group, state, i, j) > group["equal"]


# --- who wins ------------------------------------------------------------------------------------------------------------

def probabilities(group, state, exponent):
    """probability[i][j]: i wins a contest with j. Every actor k backs the nearer of the two, by how much it likes it better."""
    actors = range(len(exponent))
    loss = [[group["weight"][k] * lost(distance(group, state, k, a), exponent[k], group["equal"]) for a in actors] for k in actors]
    support = [[sum(max(0.0, loss[k][j] - loss[k][i]) for k in actors) for j in actors] for i in actors]
    if group["variant"] == "scholz":
        votes = sum(support[i][j] + support[j][i] for i in actors for j in actors)
        return [[support[i][j] / votes if votes > 0 else 0.0 for j in actors] for i in actors]
    return [[share(support[i][j], support[j][i], EQUAL * sum(group["weight"])) for j in actors] for i in actors]


def lost(d, exponent, equal):
    """A root is steep near 0: what is equal but for rounding must not count as a distance there."""
    return d ** exponent if d > equal or exponent == 1 else 0.0


def share(mine, other, nothing):
    return mine / (mine + other) if mine + other > nothing else 0.5


# --- what it is worth ------------------------------------------------------------------------------------------------------

def expected(group, state, odds, i, j, r):
    """What i expects of challenging j, seen by an actor of exponent r, over leaving j alone."""
    d, s, p = distance(group, state, i, j), group["salience"][j], odds[i][j]
    success, failure, status_quo = worth(0.5 - 0.5 * d, r), worth(0.5 + 0.5 * d, r), worth(0.5, r)
    challenged = s * (p * success + (1 - p) * failure) + (1 - s) * success  # one that does not care does not resist
    return challenged - group["q"] * status_quo - left_alone(group, state, i, d, r)


def worth(base, r):
    return 2 - 4 * min(max(base, 0.0), 1.0) ** r


def left_alone(group, state, i, d, r):
    """Something changes without a challenge: the other moves to the median, which is good for i if the median is nearer."""
    if group["variant"] == "scholz":
        return 0.0
    m = abs(state["position"][i] - state["median"]) / group["range"]
    better = m < d - EQUAL
    return (1 - group["q"]) * worth(0.5 - (m + d) / 4 if better else 0.5 + (m + d) / 4, r)


def risks(group, danger):
    """-1 for the safest, 1 for the most endangered; 0 for all where none is in more danger than another."""
    least, most = min(danger), max(danger)
    if most - least <= group["equal"]:
        return [0.0 for _ in danger]
    return [(2 * d - most - least) / (most - least) for d in danger]


# --- offers ----------------------------------------------------------------------------------------------------------------

def offers_to(group, state, odds, i):
    """What the others ask of i, as i sees it with its own attitude to risk."""
    offers, equal = [], group["equal"]
    x, r = state["position"], state["exponent"][i]
    for j in range(len(x)):
        if not apart(group, state, i, j):
            continue
        a, b = expected(group, state, odds, i, j, r), expected(group, state, odds, j, i, r)
        offer = {"receiver": i, "proposer": j, "eu_receiver": a, "eu_proposer": b}
        if a > equal and b > a + equal:
            offers.append({**offer, "kind": "confrontation", "position": x[j]})
        elif a < -equal and b > equal and b > -a + equal:
            offers.append({**offer, "kind": "compromise", "position": x[i] + (x[j] - x[i]) * (-a / b)})
    return offers


def choose(group, state, offers):
    """The best offer by two numbers, the second where the first is equal; then the lower-numbered proposer."""
    if not offers:
        return None
    ranks = [rank(group, state, offer) for offer in offers]
    best = min(first for first, _ in ranks) + group["equal"]
    second_best = min(second for first, second in ranks if first <= best) + group["equal"]
    return next(o for o, (first, second) in zip(offers, ranks) if first <= best and second <= second_best)


def rank(group, state, offer):
    x_i, x_j = state["position"][offer["receiver"]], state["position"][offer["proposer"]]
    movement = abs(offer["position"] - x_i) / group["range"]
    if group["variant"] == "scholz":  # a confrontation first; of compromises the leftmost weighted point
        a, b = abs(offer["eu_receiver"]), abs(offer["eu_proposer"])
        return (0, abs(x_i - x_j)) if offer["kind"] == "confrontation" else (1, (a * x_i + b * x_j) / (a + b))
    return (-offer["eu_proposer"], movement) if group["accept"] == "strongest" else (movement, 0)
