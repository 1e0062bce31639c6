"""The exchange model: two actors who care unequally about two issues trade, each moving where it cares less.

After Stokman & Van Oosten (1994), as the public program Decide computes it, but for ties: gains within 1e-9 of the best
are equal, and the earliest pair goes first. The randomised rate is that of Dijkstra, Van Assen, Stokman & Draaijer (2018).
A slow, obvious twin of src/settle/exchange*.c: every possible exchange carries all it knows with it.

Tables are lists of actors, each a list of issues; positions are on 0 to 100, None where an actor takes no part.

    python3 -c "import exchange; print(exchange.play([[0, 0], [100, 100]], [[.9, .3], [.2, .8]], [[1, 1], [1, 1]])[0]['outcome'])"
"""
EQUAL = 1e-9     # positions, outcomes and gains nearer than this are equal
LEAST = 1e-10    # what a move and a gain must exceed
RATIO = 1e-12    # the same for the two products that say who cares more


def outcome(game, d, places):
    """The mean of positions on issue d weighted by salience times power; `places` replaces some actors' positions."""
    return sum(w * places.get(a, game["start"][a][d]) for a, w in game["weight"][d].items())


class Side:
    """One partner k: moves on issue `supply`, for which the other moves on issue `demand`."""

    def __init__(self, game, actor, supply, demand):
        self.actor, self.supply, self.demand = actor, supply, demand
        self.ss, self.sd = game["salience"][actor][supply], game["salience"][actor][demand]
        self.share = game["weight"][supply][actor]            # how far the outcome follows its moves
        self.first = self.x = game["start"][actor][supply]
        self.wants = game["start"][actor][demand]             # t_k: how far the partner would move at most
        self.moves = []                                       # h_k; the last is the one in question
        self.move = self.y = self.gain = self.gain_before_cap = self.o0 = self.o1 = 0.0
        self.capped = False

    def limit(self):
        return abs(self.partner.wants - self.x)

    def go(self, size):
        """Moves so far towards where the partner wants it."""
        self.move = -size if self.x > self.partner.wants else size
        self.y = self.x + self.move

    def can_go(self, game):
        path = self.moves + [self.move]
        far = sum(path) if game["signed_blocking"] else abs(sum(path))
        return (LEAST < abs(self.move) <= 100 + EQUAL and -EQUAL <= self.y <= 100 + EQUAL and far <= 100 + EQUAL
                and (min(path) > 0 or max(path) < 0))


class Exchange:
    def __init__(self, game, number, a, b, p, q, kind):
        s = game["salience"]
        if s[a][p] * s[b][q] < s[b][p] * s[a][q] - RATIO:
            a, b = b, a
        self.number, self.kind, self.computed = number, kind, 0
        self.i, self.j = Side(game, a, q, p), Side(game, b, p, q)   # i cares more for p
        self.i.partner, self.j.partner = self.j, self.i
        self.sides = (self.i, self.j)
        self.known = {p: {}, q: {}}                            # where others have moved to, as far as it counts here
        self.compute(game)

    def compute(self, game):
        i, j = self.sides
        self.computed += 1
        self.gain, self.valid = 0.0, i.share > 0 and j.share > 0
        if not self.valid:
            return
        size_j = j.limit()                                     # j goes all the way, ...
        dp = size_j * j.share
        dq = dp * (j.ss + i.sd) / (j.sd + i.ss)                # ... for which i owes this, so that both gain the same
        size_i = dq / i.share
        if size_i > i.limit() + EQUAL:                         # more than i has: i goes all the way
            size_i = i.limit()
            dq = size_i * i.share
            dp = dq * (i.ss + j.sd) / (i.sd + j.ss)
            size_j = dp / j.share
        i.go(size_i), j.go(size_j)
        self.gain = abs(dq * i.ss - dp * i.sd)
        i.gain = j.gain = i.gain_before_cap = j.gain_before_cap = self.gain
        i.capped = j.capped = False
        self.valid = i.can_go(game) and j.can_go(game) and self.gain >= LEAST
        if self.valid:
            self.cap(game, i), self.cap(game, j)
            self.valid = i.can_go(game) and j.can_go(game)
        if self.valid and game["randomize"] > 0:
            self.draw_rate(game)
        if self.valid and not game["stale_gains"]:
            for k in self.sides:
                k.o1 = self.outcome(game, k, k.y)

    def outcome(self, game, k, x):
        return outcome(game, k.supply, {**self.known[k.supply], k.actor: x})

    def crosses(self, k):
        z = k.partner.wants
        return not (min(k.o0, k.o1) >= z - EQUAL or max(k.o0, k.o1) <= z + EQUAL)

    def to_wants(self, game, k):
        """How far k would have to move for the outcome to be where the partner wants it."""
        now = outcome(game, k.supply, {k.actor: k.x, **self.known[k.supply]})
        return abs(k.partner.wants - now) / k.share

    def cap(self, game, k):
        """The outcome may not pass what the partner wants: k moves less, and the partner in proportion."""
        o = k.partner
        k.o0, k.o1 = self.outcome(game, k, k.x), self.outcome(game, k, k.y)
        if not self.crosses(k):
            return
        k.capped = True
        k.go(self.to_wants(game, k))
        given = abs(k.move) * k.share
        got = given * (k.ss + o.sd) / (k.sd + o.ss)
        o.go(got / o.share)
        k.o1 = self.outcome(game, k, k.y)
        self.gain = abs(got * o.ss - given * o.sd)
        if not game["stale_gains"]:
            k.gain = o.gain = self.gain

    # --- the randomised rate ---------------------------------------------------------------------------------------

    def draw_rate(self, game):
        """One partner, by lot, gains more or less than the equal share, up to `randomize` of what could be."""
        u, v, z = (game["uniform"](self.number, self.computed, which) for which in range(3))
        k = self.i if u < 0.5 else self.j
        most = (self.published_most if game["faithful"] else self.most)(game)[k is self.j]
        share = game["randomize"] * z
        target = self.gain + share * (most - self.gain) if v < 0.5 else self.gain - share * self.gain
        (self.published_rate if game["faithful"] else self.rate)(game, k, target)
        self.valid = self.i.can_go(game) and self.j.can_go(game)

    def reach(self, game, k):
        """The largest shift of the outcome that k can give."""
        size, back = k.limit(), k.y
        k.go(size)
        k.o1 = self.outcome(game, k, k.y)
        if self.crosses(k):
            size = self.to_wants(game, k)
        k.y = back
        return size * k.share

    def most(self, game):
        """What each would gain if the other gained nothing."""
        full = [self.reach(game, k) for k in self.sides]
        result = []
        for k, give, get in ((self.i, *full), (self.j, *full[::-1])):
            o = k.partner
            owed = get * o.ss / o.sd if o.sd > 0 else float("inf")  # k gives so much that o loses nothing
            result.append(get * k.sd - owed * k.ss if owed <= give else give * o.sd / o.ss * k.sd - give * k.ss)
        return result

    def rate(self, game, k, target):
        """k gives all it can, or else the partner does, so that k gains `target`."""
        o = k.partner
        give, get = self.reach(game, k), self.reach(game, o)
        wanted = (target + give * k.ss) / k.sd if k.sd > 0 else float("inf")
        if wanted <= get:
            get = wanted
        else:
            give = max(0.0, (get * k.sd - target) / k.ss)
        k.go(give / k.share), o.go(get / o.share)
        k.gain, o.gain = target, give * o.sd - get * o.ss
        for side in self.sides:
            side.o1 = self.outcome(game, side, side.y)

    def published_most(self, game):
        i, j = self.sides
        shift = [abs(k.o0 - self.outcome(game, k, k.y if k.wants == k.y else k.partner.wants)) for k in (i, j)]
        l1, g2, l2, g1 = shift[1] * j.ss, shift[1] * i.sd, shift[0] * i.ss, shift[0] * j.sd
        a, b, g, loss = (j, i, g1, l2) if g2 > g1 else (i, j, g2, l1)
        most_b = b.sd * g / a.ss - loss
        most_a = g - a.ss * loss / b.sd if b.sd > 0 else 0.0
        instead = 0.0
        if i.wants == i.y and g1 > l1:
            instead = g2 - l1 / j.sd * i.ss
        if j.wants == j.y and g2 > l2:
            instead = g1 - l2 / i.sd * j.ss
        most_b = instead or most_b
        return (most_a, most_b) if a is i else (most_b, most_a)

    def published_rate(self, game, k, target):
        o = k.partner
        size = k.limit()
        give = size * k.share
        get = (target + give * k.ss) / k.sd if k.sd > 0 else float("inf")
        o_size = get / o.share
        gain = abs(get * o.ss - give * o.sd)
        k.go(size)
        k.o1 = self.outcome(game, k, k.y)
        if o_size > o.limit():
            o_size = o.limit()
            get = o_size * o.share
            give = abs((target - get * k.sd) / k.ss)
            size = give / k.share
            if size < k.limit():
                gain = abs(get * o.ss - give * o.sd)
        elif self.crosses(k):
            give = self.to_wants(game, k) * k.share
            get = (target + give * k.ss) / k.sd
            o_size = get / o.share
            gain = abs(get * o.ss - give * o.sd)
            size = k.move                                      # signed already, and below again
        k.go(size), o.go(o_size)
        k.gain, o.gain = target, gain
        for side in self.sides:
            side.o0, side.o1 = self.outcome(game, side, side.x), self.outcome(game, side, side.y)

    # --- after another exchange --------------------------------------------------------------------------------------

    def update(self, game, done):
        """Another was realised: whoever supplies the same stands elsewhere; whoever demands the same has got some."""
        changed = False
        for k in self.sides:
            for r in done.sides:
                if (k.actor, k.supply) == (r.actor, r.supply):
                    k.x, changed = r.y, True
                    k.moves = k.moves + [k.move]               # the move it had in mind still counts
                if (k.actor, k.demand) == (r.actor, r.demand):
                    n, known = r.partner, self.known[k.demand]
                    old = known.get(n.actor)
                    nearer = n.y if old is None else min(old, n.y) if n.first <= old else max(old, n.y)
                    known[n.actor], changed = nearer, True
        if changed:
            self.compute(game)


def candidates(game):
    """Every pair of actors on opposite sides of both issues, by pair of issues."""
    start, found = game["start"], []
    left = [[x is not None and x <= game["mean"][d] + EQUAL for d, x in enumerate(row)] for row in start]
    for p in range(game["issues"]):
        for q in range(p + 1, game["issues"]):
            both = [a for a, row in enumerate(start) if row[p] is not None and row[q] is not None]
            side = {(x, y): [a for a in both if (left[a][p], left[a][q]) == (x, y)] for x in (True, False) for y in (True, False)}
            for kind, one, other in (("ad", (False, False), (True, True)), ("bc", (True, False), (False, True))):
                for a in side[one]:
                    for b in side[other]:
                        found.append(Exchange(game, len(found), a, b, p, q, kind))
    return found


def realise(game):
    """The exchanges of an iteration, the best first."""
    left, done = [e for e in candidates(game) if e.valid], []
    while left:
        best = max(e.gain for e in left)
        chosen = next(e for e in left if e.gain >= best - EQUAL)
        done.append(chosen)
        left.remove(chosen)
        for e in left:
            e.update(game, chosen)
        left = [e for e in left if e.valid]
    return done


def effects(game, e):
    """What each actor gains by an exchange, and whether it is a partner, of their groups, or neither."""
    i, j = e.sides
    p, q = j.supply, i.supply
    result = []
    for a, row in enumerate(game["start"]):
        if row[p] is None or row[q] is None:
            result.append(("none", 0.0))
            continue
        if a in (i.actor, j.actor):
            result.append(("own", (i if a == i.actor else j).gain))
            continue
        s = game["salience"][a]
        same = (row[p] <= game["mean"][p] + EQUAL) == (row[q] <= game["mean"][q] + EQUAL)
        value = s[p] * (abs(j.o0 - row[p]) - abs(j.o1 - row[p])) + s[q] * (abs(i.o0 - row[q]) - abs(i.o1 - row[q]))
        result.append(("inner" if same == (e.kind == "ad") else "outer", value))
    return result


def play(position, salience, power, iterations=10, faithful=False, signed_blocking=False, stale_gains=False, randomize=0.0,
         uniform=None):
    """Every iteration: where all stand, the outcomes, the exchanges, where they vote, and where they start next.

    uniform(iteration, number of the exchange, how often it was computed, 0 to 2) gives the chances of the randomised rate.
    """
    n, issues, told = len(position), len(position[0]), []
    for t in range(iterations):
        game = {"start": position, "salience": salience, "issues": issues, "faithful": faithful, "randomize": randomize,
                "signed_blocking": faithful or signed_blocking, "stale_gains": faithful or stale_gains, "weight": [],
                "uniform": lambda number, time, which, t=t: uniform(t + 1, number, time, which)}
        for d in range(issues):
            weight = {a: salience[a][d] * power[a][d] for a in range(n) if position[a][d] is not None}
            total = sum(weight.values())
            game["weight"].append({a: w / total for a, w in weight.items()})
        game["mean"] = [outcome(game, d, {}) for d in range(issues)]
        done = realise(game)
        vote, following = [row[:] for row in position], [row[:] for row in position]
        for e in done:
            for k in e.sides:
                part = (1 - k.ss) * 0.4 + 0.1                  # of the way stays: less where it cares
                vote[k.actor][k.supply] = k.y
                following[k.actor][k.supply] = (1 - part) * k.first + part * k.y
        told.append({"position": position, "start": game["mean"], "exchanges": done, "vote": vote, "next": following,
                     "effects": [effects(game, e) for e in done],
                     "outcome": [outcome({**game, "start": vote}, d, {}) for d in range(issues)]})
        position = following
    return told
