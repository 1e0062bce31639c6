#!/usr/bin/python3
"""entente model, cinc and export as a user runs them; the exported game is read again and solved."""
import csv
import itertools
import json
import math
import os
import random
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "reference"))
sys.path.insert(0, os.path.join(SOURCE, "tests"))
import burden_sharing  # noqa: E402
import capability  # noqa: E402
import deterrence  # noqa: E402
import membership  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
SAMPLE = os.path.join(SOURCE, "tests", "golden", "alliance", "nmc_v7_sample.csv")
ALLIES = """ally,income,observed,help,stake,cost,loss,spending
us,27000,900,300,0.65,0.45,0.2,950
de,4500,90,40,0.6,0.4,0.4,90
pl,900,38,20,0.8,0.3,0.7,50
ee,42,1.4,0.8,0.8,0.3,0.8,1.4
"""
GAME = {"challenger": 350, "target": 10, "lambda_defender": 8, "lambda_challenger": 6, "c": 0.1, "c_opposed": 0.7, "m": 1.2,
        "v": 0.9}


def entente(*args, code=0):
    done = subprocess.run([ENTENTE, *map(str, args)], capture_output=True, text=True, check=False)
    same(done.returncode, code, args, done.stdout, done.stderr)
    return done.stdout if code == 0 or "--json" in args else done.stdout + done.stderr


def options(**values):
    return [word for name, value in values.items() for word in ("--option", f"{name}={value}")]


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)
    return name


def columns(text):
    rows = list(csv.DictReader(text.splitlines()))
    return {name: [float(r[name]) if r[name] else None for r in rows] for name in rows[0] if name != "ally"}


def outputs(*args):
    return json.loads(entente("model", *args, "--json"))["outputs"]


def near(got, want, tolerance=1e-9):
    got = list(got.values()) if isinstance(got, dict) else [got]
    want = want if isinstance(want, list) else [want]
    for x, y in zip(got, want, strict=True):
        check((x is None and y is None) or abs(x - y) <= tolerance * (1 + abs(y)), f"got {got}, want {want}")


# --- entente model -----------------------------------------------------------------------------------------

@case
def burden_sharing_from_a_table(_):
    t = columns(ALLIES)
    got = outputs("burden_sharing", write("a.csv", ALLIES), *options(spillover=0.5, private_share=0.5, credibility=0.9,
                                                                     baseline_credibility=0.7, floor=1))
    a, b = burden_sharing.tastes(t["income"], t["observed"], [0.5] * 4, burden_sharing.spill([0.7] * 4, 0.5))
    want = burden_sharing.year(t["income"], a, b, burden_sharing.spill([0.9] * 4, 0.5), floor=[1.0] * 4)
    near(got["taste_shared"], a), near(got["taste_private"], b)
    for name in ("spending", "burden", "alone", "free_ride", "spill_in", "total_share", "income_share", "efficient",
                 "under_provision", "rank_correlation"):
        near(got[name], want[name])
    check(got["iterations"] >= 2 and got["start_difference"] == 0, got)


@case
def the_baseline_falls_back_on_what_holds_now(_):
    t = columns(ALLIES)
    got = outputs("burden_sharing", write("a.csv", ALLIES), *options(credibility=0.8))
    near(got["spending"], t["observed"])


@case
def a_threat_raises_the_shared_taste(_):
    t = columns(ALLIES)
    path = write("a.csv", ALLIES)
    got = outputs("burden_sharing", path, *options(threat=0.3, baseline_threat=0.1, threat_response=2))
    s = burden_sharing.spill([1.0] * 4, 0.4)
    a, b = burden_sharing.tastes(t["income"], t["observed"], [0.6] * 4, s)
    near(got["taste_shared"], a)
    near(got["spending"], burden_sharing.equilibrium(t["income"], burden_sharing.answer_threat(a, b, 2, 0.3, 0.1), b, s))
    same(outputs("burden_sharing", path, *options(threat=0.3, threat_response=2))["spending"],
         outputs("burden_sharing", path)["spending"], "a threat like the baseline's")


@case
def deterrence_from_a_table(_):
    t = columns(ALLIES)
    got = outputs("deterrence", write("a.csv", ALLIES), *options(**GAME, withdraws="us", wanted=0.8))
    want = deterrence.deterrence(withdraws=0, wanted=0.8, **GAME, **{k: t[k] for k in ("help", "stake", "cost", "loss")})
    for name in want:
        near(got[name], want[name])


@case
def capability_from_a_table(_):
    t = columns(ALLIES)
    got = outputs("capability", write("a.csv", ALLIES), *options(initial=30, required=1.3, without_ally="us", wear=0.1), "--year", 2030)
    want = capability.capability([t["income"]], [t["spending"]], 0.1, 0.003, start=[30.0] * 4, required=[1.3], without=0)
    near(got["stock"], want[0]["stock"]), near(got["spent"], want[0]["spent"]), near(got["deficit"], want[0]["deficit"])
    same(got["first_closed"], None)
    near(got["window"], capability.window(want))
    same(outputs("capability", "a.csv", *options(required=0.9), "--year", 2030)["first_closed"], 2030)


@case
def membership_from_a_table_whatever_the_order_of_rows(_):
    text = """state,candidate,income,observed,spending,taste_shared,taste_private,credibility
ua,1,190,40,,,,
us,0,27000,900,950,0.02,0.02,0.9
pl,,900,38,50,0.03,0.03,0.95
"""
    got = outputs("membership", write("a.csv", text), *options(spillover=0.4, outside=0.2, floor_inside=2))
    same(list(got["equivalent"]), ["us", "pl", "ua"])
    q, v = 40.0, 0.5
    counted = 0.2 * 0.4 * (0.9 * 900 + 0.95 * 38)
    t = 1 / (1 + (190 - q) * (v / q + (1 - v) / (q + counted)))
    near(got["candidate_shared"], (1 - v) * t), near(got["candidate_private"], v * t)
    want = membership.worth([27000, 900, 190], [0.02, 0.03, (1 - v) * t], [0.02, 0.03, v * t], [950, 50], 0.4, [0.9, 0.95], 0.2,
                            floor=[2.0] * 3)
    for name in ("equivalent", "inside", "outside"):
        near(got[name], [w[name] for w in want])
    near(outputs("membership", "a.csv", *options(spillover=0.4, outside=0.2, adjust="yes"))["equivalent"],
         [w["equivalent"] for w in membership.worth([27000, 900, 190], [0.02, 0.03, (1 - v) * t], [0.02, 0.03, v * t], [950, 50],
                                                    0.4, [0.9, 0.95], 0.2, adjust=True)])


@case
def tables_fit_into_80_columns(_):
    path = write("a.csv", ALLIES)
    for text in (entente("model", "burden_sharing", path), entente("model", "deterrence", path, *options(**GAME)),
                 entente("model", "--help"), entente("export", "--help"), entente("cinc", "--help"), entente("cinc", SAMPLE)):
        check(max(map(len, text.splitlines())) <= 80, max(text.splitlines(), key=len))
    plain = entente("model", "burden_sharing", path, "--quiet").splitlines()
    check(plain[0].startswith("spending\tus\t900"), plain[0])
    check(all(line.count("\t") == 2 for line in plain))


@case
def bad_input_is_told_with_its_place(_):
    def told(code, *args, says):
        text = entente("model", *args, code=code)
        check(says in text and "nan" not in text, repr(says), "not in", repr(text))
    bad = lambda old, new: write("bad.csv", ALLIES.replace(old, new))  # noqa: E731
    told(1, "burden_sharing", bad("4500,90", ",90"), says="bad.csv:3: error: the income of 'de' is missing")
    told(1, "burden_sharing", bad("4500,90", "0,90"), says="income of ally 2 is 0; allowed is above 0")
    told(1, "burden_sharing", bad("4500,90", "4500,9000"), says="observed of ally 2 is 9000, its income 4500; allowed is less")
    told(1, "burden_sharing", bad("4500,90", "4500,0"), says="observed of ally 2 is 0; allowed is above 0")
    told(1, "burden_sharing", bad("4500,90", "x,90"), says="bad.csv:3:4: error: the income of 'de' is 'x', which is no number")
    told(1, "burden_sharing", bad("de,", "us,"), says="bad.csv:3:1: error: 'us' again: its first row is in line 2")
    told(1, "burden_sharing", bad("income", "incom"), says="needs a column or an option income")
    told(1, "burden_sharing", bad("income", "incom"), says="is it the column 'incom'?")
    path = write("a.csv", ALLIES)
    told(1, "burden_sharing", path, *options(floor=50), says="floor of ally 4 is 50, its income 42; allowed is less than that")
    told(2, "burden_sharing", path, *options(credibility=1.2), says="the option credibility of burden_sharing is 1.2; allowed is 0 to 1")
    told(2, "burden_sharing", path, *options(spilover=0.3), says="did you mean 'spillover'?")
    told(2, "burden_sharing", path, *options(income=3), says="income is a column of the table and an option")
    told(2, "burden_sharing", path, *options(calibrate="always"), says="there is: once, each_year")
    told(1, "deterrence", path, *options(**{**GAME, "m": 0}), says="m is 0; allowed is above 0")
    told(1, "deterrence", path, *options(**GAME, withdraws=7), says="withdraws")
    told(1, "deterrence", path, *options(challenger=3), says="deterrence needs the option target")
    told(1, "capability", path, *options(wear=0), says="wear is 0; allowed is above 0, to 1")
    told(2, "war", path, says="entente war --help")
    told(2, "nash", path, says="entente settle TABLE.csv --model nash")
    told(2, "deterence", path, says="did you mean 'deterrence'?")
    told(3, "deterrence", "none.csv", says="none.csv")
    told(1, "membership", bad("spending", "candidate"), *options(spillover=0.4), says="candidate is 1 (a candidate) or 0 (a member)")
    same(json.loads(entente("model", "deterrence", path, "--json", code=1))[0]["severity"], "error")
    check(outputs("deterrence", path, *options(**{**GAME, "c_opposed": 0.05}, wanted=0.8))["required"] is None,
          "no factor where being opposed costs less")


# --- entente cinc ------------------------------------------------------------------------------------------

@case
def capability_shares_return_what_is_published(_):
    with open(SAMPLE, encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    got = json.loads(entente("cinc", SAMPLE, "--json"))
    same(len(got), len(published))
    for ours, theirs in zip(got, published):
        same((ours["state"], ours["year"]), (theirs["stateabb"], int(theirs["year"])))
        check(abs(ours["cinc"] - float(theirs["cinc"])) <= 1e-6, ours, theirs)


@case
def a_missing_component_is_left_out_of_the_mean(_):
    got = json.loads(entente("cinc", write("a.csv", "state,milex,tpop\na,1,1\nb,3,-9\nc,,3\nd,,\n"), "--json"))
    same([x["cinc"] for x in got], [0.25, 0.75, 0.75, None])
    check("an amount is 0 or more" in entente("cinc", write("b.csv", "state,milex\na,-3\n"), code=1))
    check("none of the columns" in entente("cinc", write("c.csv", "state,cinc\na,1\n"), code=1))


# --- entente export ----------------------------------------------------------------------------------------

def tokens(text):
    """Words of an .efg: quoted strings as ("text", it), the rest as they are."""
    at = 0
    while at < len(text):
        if text[at].isspace() or text[at] == ",":
            at += 1
        elif text[at] == '"':
            end = text.index('"', at + 1)
            yield "text", text[at + 1:end]
            at = end + 1
        elif text[at] in "{}":
            yield text[at]
            at += 1
        else:
            end = at
            while end < len(text) and not text[end].isspace() and text[end] not in '{},"':
                end += 1
            yield text[at:end]
            at = end


def braced(words):
    same(next(words), "{")
    return list(itertools.takewhile(lambda w: w != "}", words))


def read_node(words):
    kind = next(words)
    next(words)                                     # the node's name
    if kind == "p":
        player, information = int(next(words)), int(next(words))
        next(words)                                 # its name
        actions = braced(words)
        same(next(words), "0")                      # no outcome before the end
        return {"player": player, "set": (player, information), "after": [read_node(words) for _ in actions]}
    same(kind, "t")
    next(words), next(words)                        # outcome and its name
    return {"payoffs": [float(x) for x in braced(words)]}


def read_efg(text):
    words = tokens(text)
    same([next(words) for _ in range(3)], ["EFG", "2", "R"])
    next(words)
    players = [name for _, name in braced(words)]
    next(words)                                     # the comment
    root = read_node(words)
    same(list(words), [])
    return players, root


def leaves(node, path=()):
    if "payoffs" in node:
        yield path, node["payoffs"]
    for action, after in enumerate(node.get("after", [])):
        yield from leaves(after, path + ((node["set"], action),))


def agent_quantal_response(root):
    """P(second action) in each information set, by logit of what its player can expect there, precision 1. The game has
    no set before which another one's answer matters but the challenger's: two rounds of answers reach the fixed point."""
    ends = list(leaves(root))
    chance = {step[0]: 0.5 for path, _ in ends for step in path}
    for _ in range(3):
        new = {}
        for at in chance:
            value, reached = [0.0, 0.0], [0.0, 0.0]
            for path, payoffs in ends:
                mine = [action for s, action in path if s == at]
                if not mine:
                    continue
                weight = math.prod((chance[s] if action else 1 - chance[s]) for s, action in path if s != at)
                value[mine[0]] += weight * payoffs[at[0] - 1]
                reached[mine[0]] += weight
            gain = value[1] / reached[1] - value[0] / reached[0]
            new[at] = 1 / (1 + math.exp(-gain))
        done, chance = all(abs(new[s] - chance[s]) < 1e-13 for s in new), new
    check(done, "no fixed point")
    return chance


@case
def the_exported_game_has_the_models_chances_as_its_equilibrium(_):
    rng, names = random.Random(1), ["help", "stake", "cost", "loss"]
    for n in (1, 1, 2, 3, 5, 7):
        rows = [[rng.uniform(0, 300), rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0, 1)] for _ in range(n)]
        game = {**GAME, "challenger": rng.uniform(50, 400), "lambda_defender": rng.uniform(1, 12), "lambda_challenger": rng.uniform(1, 12),
                "m": rng.uniform(0.5, 2)}
        path = write("g.csv", "ally," + ",".join(names) + "\n" + "".join(f"state {i},{','.join(map(repr, r))}\n" for i, r in enumerate(rows)))
        players, root = read_efg(entente("export", path, *options(**game)))
        same(players, ["challenger"] + [f"state {i}" for i in range(n)])
        same(len(list(leaves(root))), 1 + 2 ** n)
        chance = agent_quantal_response(root)
        got = outputs("deterrence", path, *options(**game))
        check(abs(chance[(1, 1)] - got["challenge"]) < 1e-12, chance, got)
        for i, h in enumerate(got["honour"].values()):
            check(abs(chance[(i + 2, 1)] - h) < 1e-12, chance, got)


@case
def what_cannot_be_exported_is_told(_):
    path = write("a.csv", ALLIES)
    check("there is: efg" in entente("export", path, "--to", "nfg", code=2))
    check("deterrence is" in entente("export", path, "--model", "capability", code=2))
    check("deterrence needs the option challenger" in entente("export", path, code=1))
    many = ALLIES.splitlines()[0] + "\n" + "".join(f"a{i},1,1,1,1,1,1,1\n" for i in range(13))
    check("13 defenders; a game tree is written for at most 12" in
          entente("export", write("many.csv", many), *options(**GAME), code=1))
    same(json.loads(entente("export", path, *options(**GAME), "--json"))["efg"], entente("export", path, *options(**GAME)))


run()
