#!/usr/bin/python3
"""The spatial model against its plain twin, reference/spatial.py, on random groups and options.

test_spatial_twin.py PLAY, the program of play_spatial.c. Positions, ideals and outcomes agree to 1e-9 in every round.
So do chances, attitudes to risk (times the spread of chances, which they are made from) and offers, but where they
cannot: once a group has gathered, its votes shrink to the size of the 1e-8 that every coalition has, and rounding in
the sixteenth digit of a position shows in the ninth of a chance. How far is measured: the twin assesses the same
state with positions and capabilities shaken by 4e-16 and by what both differ by; fifty times what its own numbers
then change by is allowed on top, and to offers what attitudes differ by. Nineteen states in twenty must do without.
Two near equal choices may part the two runs in one case of a hundred, after which they are not compared.
"""
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.environ.get("ENTENTE_SOURCE", "."), "reference"))
import spatial  # noqa: E402

PLAY = sys.argv[1]
WORDS = {
    "victory": ["linear", "square", "quartic", "octic", "binary"],
    "election": ["conditional", "incentive", "uniform"],
    "transition": ["deterministic", "stochastic"],
    "vote": ["binary", "prop_binary", "prop", "prop_cubic", "cubic", "prospect"],
    "adjust": ["none", "third", "half", "two_thirds", "full"],
    "range": ["min", "mid", "max"],
    "commit": ["none", "semi", "full"],
    "interpolation": ["s1p1", "s2p2", "s2pmax"],
    "bargain": ["initiator", "both", "weighted"],
}
MASK = (1 << 64) - 1


def philox(counter, key):
    """Philox4x32-10 (Salmon et al. 2011)."""
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def halves(x):
    return [x & 0xFFFFFFFF, x >> 32]


def uniform_of(seed, stream, draw):
    """The run's own random numbers: by round and actor."""
    def uniform(round_, actor):
        first = philox(halves(round_) + halves(actor), halves(stream))
        block = philox(halves(draw // 2) + halves(first[0] | first[1] << 32), halves(seed))
        low, high = block[2:] if draw & 1 else block[:2]
        return (((low | high << 32) >> 12) + 0.5) / 2 ** 52
    return uniform


def random_case(rng):
    n, dims = rng.randint(2, 9), rng.choice([1, 1, 2, 3, 5])
    by_dimension = rng.random() < 0.2
    actors = [{"position": [rng.random() for _ in range(dims)],
               "salience": [rng.random() for _ in range(dims)],
               "capability": [rng.uniform(1, 100) for _ in range(dims)] if by_dimension else rng.uniform(1, 100)}
              for _ in range(n)]
    if n > 2 and rng.random() < 0.2: # somebody who cares for nothing, somebody who can do nothing
        actors[0]["salience"] = [0.0] * dims
        actors[-1]["capability"] = [0.0] * dims if by_dimension else 0.0
    accommodation = None
    if rng.random() < 0.3:
        accommodation = [[rng.random() / n for _ in range(n)] for _ in range(n)]
    return actors, by_dimension, accommodation


def play(actors, by_dimension, accommodation, options, keys):
    """The states, as the C code gives them."""
    n, dims = len(actors), len(actors[0]["position"])
    numbers = [n, dims, int(by_dimension), int(accommodation is not None), *keys, 0] # mode corrected
    numbers += [WORDS[name].index(options[name]) for name in WORDS] + [options["rounds"]]
    for column in ("position", "salience"):
        numbers += [x for actor in actors for x in actor[column]]
    for actor in actors:
        numbers += actor["capability"] if by_dimension else [actor["capability"]]
    for row in accommodation or []:
        numbers += row
    done = subprocess.run([PLAY], input=" ".join(map(repr, numbers)), text=True, stdout=subprocess.PIPE, check=True)
    states = []
    for line in done.stdout.splitlines():
        name, *values = line.split(" ")
        if name == "error":
            raise RuntimeError(line)
        if name == "position":
            states.append({"offers": []})
        if name == "offer":
            offer = [float(v) for v in values]
            states[-1]["offers"].append(offer[:4] + offer[6:]) # without who takes it
        else:
            states[-1][name] = [float(v) for v in values]
    return states


def flat(table):
    return [x for row in table for x in row]


def tables(state):
    """What the twin's state has, as play() tells ours."""
    offers = []
    for offer in state["offers"]:
        i, j = offer["initiator"], offer["receiver"]
        offers.append([i, j, offer["phi"], offer["delta"]] + flat(zip(offer["to"][i], offer["to"][j])))
    return {"position": flat(state["position"]), "ideal": flat(state["ideal"]), "risk": state["risk"],
            "chance": state["chance"], "win": state["win"], "offers": offers}


def differences(a, b):
    """The largest difference of two states, by table. An offer to somebody else is infinitely different."""
    found = {name: max(abs(x - y) for x, y in zip(a[name], b[name])) for name in a if name != "offers"}
    same = [o[:2] for o in a["offers"]] == [o[:2] for o in b["offers"]]
    pairs = zip(flat(a["offers"]), flat(b["offers"]))
    found["attitude"] = found["risk"]
    found["risk"] *= (max(b["chance"]) - min(b["chance"])) / max(b["chance"])
    found["offers"] = max((abs(x - y) for x, y in pairs), default=0.0) if same else float("inf")
    return found


def leave_of(state, group, options, by, rng):
    """By how much the twin's numbers for a state change when positions are shaken: per table."""
    most, plain = {}, tables(state)
    for _ in range(6):
        tilted = [dict(actor, power=actor["power"] * (1 + rng.choice((-4e-16, 4e-16)))) for actor in group]
        shake = [[x + rng.choice((-by, by)) for x in row] for row in state["position"]]
        ideal = [[x + rng.choice((-by, by)) for x in row] for row in state["ideal"]]
        other = spatial.assess(shake, shake if state["ideal"] == state["position"] else ideal, tilted, options)
        if state["offers"]:
            other["offers"] = spatial.offers_of(other, tilted, options)
        for name, found in differences(plain, tables(other)).items():
            most[name] = max(most.get(name, 0.0), found)
    return most


def compare(rng, fixed, rounds=100):
    """One random case in both; raises where they differ. Returns states compared, those with leave, and parting."""
    actors, by_dimension, accommodation = random_case(rng)
    options = dict(spatial.DEFAULTS, rounds=rounds, **fixed)
    keys = rng.getrandbits(64), rng.getrandbits(64), rng.randint(0, 1000)
    twin = spatial.play(actors, uniform_of(*keys), accommodation, **options)
    ours = play(actors, by_dimension, accommodation, options, keys)
    group, needed, told = spatial.weigh(actors), 0, f"{fixed}, {len(actors)} actors"
    for t, (a, state) in enumerate(zip(ours, twin)):
        b = tables(state)
        found = differences({name: a[name] for name in b}, b)
        apart = max(found["position"], found["ideal"])
        if t > 1 and (apart > 1e-6 or found["offers"] == float("inf")):
            return t, needed, True
        assert apart <= 1e-9, f"state {t}: positions differ by {apart:g}: {told}"
        attitude = found.pop("attitude")
        if max(found.values()) > 1e-9:
            needed += 1
            leave = leave_of(state, group, options, 4e-16 + apart, rng)
            for name, most in found.items():
                allowed = 1e-9 + 50 * leave[name] + (20 * attitude if name == "offers" else 0)
                assert most <= allowed, f"state {t}: {name} differs by {most:g}, allowed {allowed:g}: {told}"
    if len(ours) != len(twin):
        return min(len(ours), len(twin)), needed, True
    end = spatial.outcome(actors, twin)
    assert max(abs(x - y) for x, y in zip(ours[-1]["outcome"], end)) <= 1e-9
    return len(twin), needed, False


def main():
    tests = [("defaults", [{}] * 25)]
    for name, words in WORDS.items():
        tests += [(f"{name} {word}", [{name: word}] * 8) for word in words if word != spatial.DEFAULTS[name]]
    rng = random.Random(3)
    tests.append(("options at random", [{name: rng.choice(words) for name, words in WORDS.items()} for _ in range(60)]))
    print(f"1..{len(tests) + 1}")
    failed = total = strained = parted = 0
    for number, (name, cases) in enumerate(tests, 1):
        states = 0
        try:
            for case in cases:
                more, needed, apart = compare(rng, case)
                states += more
                strained += needed
                parted += apart
            assert states > 2 * len(cases)
            total += states
            print(f"ok {number} - {name}: {states} states")
        except (AssertionError, RuntimeError) as problem:
            failed += 1
            print(f"not ok {number} - {name}\n# {problem}")
        sys.stdout.flush()
    few = total > 500 and strained <= total / 20 and parted <= sum(len(cases) for _, cases in tests) / 100
    word = "ok" if few else "not ok"
    print(f"{word} {len(tests) + 1} - {strained} of {total} states needed leave, {parted} runs parted")
    return failed > 0 or not few


if __name__ == "__main__":
    sys.exit(main())
