"""War and its end, as plainly as it can be said.

Two sides fight over a line with states k = 0..K (x = k / K is A's share of the territory) and a political stake (y is A's
share of it), and bargain while they fight. A war is a dict of the inputs in DEFAULTS and NEEDED; what differs by month is
a list, one value a month, or a number.

    report = war(months=60, line=6, cost_a=0.002, cost_b=0.002, discount=0.99)
    report["settled"][12]          probability that it was settled by the end of month 12
    report["events"]["buffer"]     by month, of events={"buffer": (states, (x, x), (y, y))}

An oracle for the C code in src/war, which shares nothing with it but the equations: values of fighting on come from whole
linear systems, one for each state at which a side might give up; the distribution is a table of (state, line, y). Slow on
purpose.
"""

DEFAULTS = {
    "states": 20, "move": 0.3, "m": 1.0, "effort_a": 1.0, "effort_b": 1.0, "aid_b": 0.0, "optimism_a": 0.0,
    "optimism_b": 0.0, "learning": 0.98, "alpha_a": 0.5, "alpha_b": 0.5, "y0": 0.5, "guarantee_a": 1.0, "guarantee_b": 1.0,
    "talk": 1.0, "freeze_cost": 0.2, "resume": 0.0, "beta": 0.5, "freezing": True, "events": {},
    "seen": None,                  # (month, states): in that month it was in one of these states
}
NEEDED = ["months", "line", "cost_a", "cost_b", "discount"]
SERIES = ["effort_a", "effort_b", "aid_b", "cost_a", "cost_b", "guarantee_a", "guarantee_b", "talk"]
STATES = ["fighting", "settled", "frozen", "collapse_a", "collapse_b"]


# --- fighting --------------------------------------------------------------------------------------------

def contest(a, b, m):
    """The chance that effort a prevails over effort b."""
    if a == b:
        return 0.5
    most = max(a, b)
    return (a / most) ** m / ((a / most) ** m + (b / most) ** m)


def solve(matrix, right):
    """Gaussian elimination with the largest pivot of the column."""
    n = len(right)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for column in range(n):
        pivot = max(range(column, n), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for r in range(column + 1, n):
            factor = rows[r][column] / rows[column][column]
            if factor:
                for c in range(column, n + 1):
                    rows[r][c] -= factor * rows[column][c]
    x = [0.0] * n
    for r in reversed(range(n)):
        x[r] = (rows[r][n] - sum(rows[r][c] * x[c] for c in range(r + 1, n))) / rows[r][r]
    return x


def fighting_on(states, p, cost, move, discount):
    """W(0..K) of a side that collapses at 0, wins all at K and a move with chance p; and the state below which it quits."""
    for quits in range(states):
        inside = list(range(quits + 1, states))
        matrix, right = [], []
        for k in inside:
            row = [0.0] * len(inside)
            row[k - quits - 1] = 1 - discount * (1 - move)
            constant = -cost
            for to, chance in ((k + 1, move * p), (k - 1, move * (1 - p))):
                if to == states:
                    constant += discount * chance
                elif to > quits:
                    row[to - quits - 1] -= discount * chance
            matrix.append(row)
            right.append(constant)
        values = solve(matrix, right)
        if all(v >= 0 for v in values):
            return [0.0] * (quits + 1) + values + [1.0], quits


def values(w, p_a, p_b, cost_a, cost_b):
    """W_A(k), W_B(k) and the lines on which each gives up, by what each believes of A's odds p."""
    a, quits_a = fighting_on(w["states"], p_a, cost_a, w["move"], w["discount"])
    b, quits_b = fighting_on(w["states"], 1 - p_b, cost_b, w["move"], w["discount"])
    lines = range(w["states"] + 1)
    return a, b[::-1], [k for k in lines if k <= quits_a], [k for k in lines if w["states"] - k <= quits_b]


def belief(p):
    return min(max(p, 1e-9), 1 - 1e-9)


# --- stopping --------------------------------------------------------------------------------------------

def face_a(w, x, y):
    return w["alpha_a"] * x + (1 - w["alpha_a"]) * y


def face_b(w, x, y):
    return w["alpha_b"] * (1 - x) + (1 - w["alpha_b"]) * (1 - y)


def agreement(w, now, x, worth_a, worth_b):
    """The y that is agreed on, or None where no y suits both."""
    a_bargains = w["alpha_a"] < 1 and now["guarantee_a"] > 0
    b_bargains = w["alpha_b"] < 1 and now["guarantee_b"] > 0
    if not a_bargains and now["guarantee_a"] * face_a(w, x, w["y0"]) < worth_a:
        return None
    if not b_bargains and now["guarantee_b"] * face_b(w, x, w["y0"]) < worth_b:
        return None
    low, high, lo, hi = 0.0, 1.0, None, None
    if a_bargains:
        lo = (worth_a / now["guarantee_a"] - w["alpha_a"] * x) / (1 - w["alpha_a"])
        low = max(low, lo)
    if b_bargains:
        hi = 1 - (worth_b / now["guarantee_b"] - w["alpha_b"] * (1 - x)) / (1 - w["alpha_b"])
        high = min(high, hi)
    if low > high + 1e-12:
        return None
    if low > high:
        return (low + high) / 2
    if a_bargains and b_bargains:
        return min(max((1 - w["beta"]) * lo + w["beta"] * hi, low), high)
    return high if a_bargains else low if b_bargains else w["y0"]


def freezes(w, now, x, worth_a, worth_b):
    after = 1 - w["discount"]
    return w["freezing"] and face_a(w, x, w["y0"]) - w["freeze_cost"] * now["cost_a"] / after > worth_a \
        and face_b(w, x, w["y0"]) - w["freeze_cost"] * now["cost_b"] / after > worth_b


# --- month by month --------------------------------------------------------------------------------------

def add(table, key, mass):
    if mass > 0:
        table[key] = table.get(key, 0.0) + mass


def decide(w, now, beliefs, table):
    """What becomes of each line that was fighting, before the line moves."""
    worth_a, worth_b, quits_a, quits_b = values(w, *beliefs, now["cost_a"], now["cost_b"])
    after = {}
    for (state, k, y), mass in table.items():
        if state != "fighting":
            add(after, (state, k, y), mass)
            continue
        x = k / w["states"]
        agreed = agreement(w, now, x, worth_a[k], worth_b[k])
        if agreed is not None:
            add(after, ("settled", k, agreed), mass * now["talk"])
            add(after, ("fighting", k, y), mass * (1 - now["talk"]))
        elif freezes(w, now, x, worth_a[k], worth_b[k]):
            add(after, ("frozen", k, y), mass)
        elif k in quits_a:
            add(after, ("collapse_a", 0, 0.0), mass)
        elif k in quits_b:
            add(after, ("collapse_b", w["states"], 1.0), mass)
        else:
            add(after, ("fighting", k, y), mass)
    return after


def resume(w, table):
    """What takes up arms again, and what stays as it is."""
    again, rest = {}, {}
    for (state, k, y), mass in table.items():
        if state == "frozen":
            add(again, ("fighting", k, y), mass * w["resume"])
            add(rest, (state, k, y), mass * (1 - w["resume"]))
        else:
            add(rest, (state, k, y), mass)
    return again, rest


def move_line(w, p, table):
    after = {}
    for (state, k, y), mass in table.items():
        if state != "fighting":
            add(after, (state, k, y), mass)
            continue
        for to, chance in ((k + 1, w["move"] * p), (k - 1, w["move"] * (1 - p)), (k, 1 - w["move"])):
            add(after, place(w, to), mass * chance)
    return after


def place(w, k):
    """Where a war stands that is fought at line k: at the ends a side has collapsed and the other takes all."""
    if k == 0:
        return "collapse_a", 0, 0.0
    return ("collapse_b", k, 1.0) if k == w["states"] else ("fighting", k, w["y0"])


def leverage(w, now, p, table):
    fought = {k: mass for (state, k, _), mass in table.items() if state == "fighting"}
    if not fought:
        return None
    worth_a, worth_b, _, _ = values(w, belief(p), belief(p), now["cost_a"], now["cost_b"])
    held = {k: (1 - w["beta"]) * worth_a[k] + w["beta"] * (1 - worth_b[k]) for k in fought}
    return sum(held[k] * mass for k, mass in fought.items()) / sum(fought.values())


def within(x, interval):
    return interval[0] - 1e-12 <= x <= interval[1] + 1e-12


def tell(w, now, p, p_alone, table):
    """The report of one month."""
    told = {s: sum(mass for (state, _, _), mass in table.items() if state == s) for s in STATES}
    told["line"] = sum(mass * k / w["states"] for (_, k, _), mass in table.items())
    told["concession"] = sum(mass * y for (_, _, y), mass in table.items())
    told["value_a"] = sum(mass * face_a(w, k / w["states"], y) for (_, k, y), mass in table.items())
    told["value_b"] = sum(mass * face_b(w, k / w["states"], y) for (_, k, y), mass in table.items())
    told["leverage_a"] = leverage(w, now, p, table)
    told["leverage_a_no_aid"] = leverage(w, now, p_alone, table)
    told["events"] = {
        name: sum(mass for (state, k, y), mass in table.items()
                  if state in states and within(k / w["states"], line) and within(y, stake))
        for name, (states, line, stake) in w["events"].items()}
    return told


def war(**given):
    """The report by month: a list for each of STATES and of what tell() tells; and `kept`, the probability of what was seen.
    Where that is 0 the lists end before the month that was seen."""
    w = {**DEFAULTS, **given}
    missing = [name for name in NEEDED if name not in w]
    if missing:
        raise ValueError("missing: " + ", ".join(missing))
    months, kept = [], 1.0
    table = {place(w, w["line"]): 1.0}
    for t in range(w["months"]):
        now = {name: w[name][t] if isinstance(w[name], list) else w[name] for name in SERIES}
        p = contest(now["effort_a"], now["effort_b"], w["m"])
        p_alone = contest(now["effort_a"], now["effort_b"] - now["aid_b"], w["m"])
        left = w["learning"] ** t
        beliefs = belief(p + w["optimism_a"] * left), belief(p - w["optimism_b"] * left)
        again, table = resume(w, table)
        table = decide(w, now, beliefs, table)
        for key, mass in again.items():
            add(table, key, mass)
        table = move_line(w, p, table)
        if w["seen"] and w["seen"][0] == t:
            table = {key: mass for key, mass in table.items() if key[0] in w["seen"][1]}
            kept = sum(table.values())
            if kept == 0:
                break
            table = {key: mass / kept for key, mass in table.items()}
        months.append(tell(w, now, p, p_alone, table))
    report = {name: [month[name] for month in months] for name in (months[0] if months else ()) if name != "events"}
    report["events"] = {name: [month["events"][name] for month in months] for name in w["events"]}
    report["kept"] = kept
    return report
