"""Random inputs of every model and of power and cinc, and what the program says of them: what the bindings must say, too."""
import json
import os
import random
import subprocess

PROGRAM = os.environ["ENTENTE"]


def table():
    return {m["name"]: m for m in json.loads(program("models", "--json"))["models"]}


def program(*args):
    done = subprocess.run([PROGRAM, *map(str, args)], capture_output=True)
    if done.returncode != 0:
        raise AssertionError(f"{args}: {done.stdout.decode()} {done.stderr.decode()}")
    return done.stdout


def random_options(lot, model, n=2):
    out = {}
    for port in lot.sample(model["options"], min(n, len(model["options"]))):
        if port["choices"]:
            out[port["name"]] = lot.choice(port["choices"])
        elif port["name"] in ("rounds", "max_rounds", "iterations", "states"):
            out[port["name"]] = lot.randint(5, 20)
        elif port["name"] not in ("g", "randomize") and port["low"] is not None and port["high"] is not None:
            out[port["name"]] = round(lot.uniform(port["low"], min(port["high"], 5)), 3)
    return out


def settling(lot, models):
    for model in models.values():
        for k in range(5 if model["room"] == "settle" else 0):
            n, issues = lot.randint(1, 12), lot.randint(2, 4) if model["name"] == "exchange" else 1
            case = {"kind": "settle", "model": model["name"], "n": n, "issues": issues, "options": random_options(lot, model)}
            span = 100 if k % 2 else 250
            case["position"] = [[lot.uniform(0, span) for _ in range(issues)] for _ in range(n)]
            case["salience"] = [[lot.uniform(0.01, 1) for _ in range(issues)] for _ in range(n)]
            case["capability"] = [[lot.uniform(0.1, 50) for _ in range(issues)] for _ in range(n)]
            if issues == 1:
                case["status_quo"] = lot.uniform(0, span)
            if span > 100:
                case["low"], case["high"] = -10, 260
            yield case


def column(lot, n, low, high):
    return [lot.uniform(low, high) for _ in range(n)]


def alliances(lot):
    for _ in range(4):
        n = lot.randint(2, 9)
        yield {"kind": "model", "model": "burden_sharing", "n": n, "options": {"benchmark": lot.choice(["yes", "no"])},
               "columns": {"income": column(lot, n, 10, 20000), "observed": column(lot, n, 0.1, 0.5), "private_share": column(lot, n, 0.1, 0.9),
                           "credibility": column(lot, n, 0.5, 1)}, "numbers": {"spillover": lot.uniform(0, 1)}}
        yield {"kind": "model", "model": "deterrence", "n": n, "options": {},
               "columns": {"help": column(lot, n, 0, 800), "stake": column(lot, n, 0, 2), "cost": column(lot, n, 0, 2), "loss": column(lot, n, 0, 2)},
               "numbers": {"challenger": lot.uniform(100, 500), "target": lot.uniform(1, 50), "lambda_defender": lot.uniform(1, 9),
                           "lambda_challenger": lot.uniform(1, 9), "c": 0.1, "c_opposed": 0.7, "wanted": 0.8, "withdraws": lot.randrange(n)}}
        yield {"kind": "model", "model": "capability", "n": n, "options": {},
               "columns": {"income": column(lot, n, 100, 20000), "spending": column(lot, n, 1, 90), "efficiency": column(lot, n, 0.5, 1)},
               "numbers": {"wear": lot.uniform(0.02, 0.2), "required": lot.uniform(0.5, 2)}}
        yield {"kind": "model", "model": "membership", "n": n, "options": {"adjust": lot.choice(["yes", "no"])},
               "columns": {"income": column(lot, n, 100, 20000), "observed": column(lot, n, 1, 5), "taste_shared": column(lot, n, 0.01, 0.03),
                           "taste_private": column(lot, n, 0.01, 0.03), "spending": column(lot, n, 1, 5), "credibility": column(lot, n, 0.5, 1)},
               "numbers": {"spillover": lot.uniform(0, 1)}}


def wars(lot):
    for _ in range(4):
        months = lot.randint(3, 40)
        yield {"kind": "war", "model": "war", "months": months, "options": {"states": lot.randint(5, 30), "freezing": lot.choice(["yes", "no"])},
               "columns": {"effort_a": column(lot, months, 0.5, 2), "cost_a": column(lot, months, 0.001, 0.004), "cost_b": column(lot, months, 0.001, 0.004)},
               "numbers": {"line": lot.randint(1, 4), "discount": lot.uniform(0.9, 0.995), "optimism_a": lot.uniform(0, 0.3), "talk": lot.uniform(0.05, 1)}}


def powers(lot):
    for _ in range(6):
        weights = [lot.randint(1, 30) for _ in range(lot.randint(2, 14))]
        yield {"kind": "power", "weights": weights, "quota": lot.randint(sum(weights) // 2 + 1, sum(weights))}


def indices(lot):
    for _ in range(3):
        n = lot.randint(2, 20)
        names = ["milex", "milper", "irst", "pec", "tpop", "upop"]
        yield {"kind": "cinc", "columns": {"year": [lot.choice([1990, 1991]) for _ in range(n)],
                                           **{c: [-9 if lot.random() < 0.1 else round(lot.uniform(0, 1e5), 2) for _ in range(n)] for c in names}}}


def all_cases(seed, models):
    lot = random.Random(seed)
    return [*settling(lot, models), *alliances(lot), *wars(lot), *powers(lot), *indices(lot)]


# --- what the program says ------------------------------------------------------------------------------------

def write_csv(path, columns):
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(columns) + "\n")
        for row in zip(*columns.values()):
            file.write(",".join(map(repr_of, row)) + "\n")


def repr_of(x):
    return x if isinstance(x, str) else repr(x)


def options_of(case):
    return [w for k, v in {**case.get("numbers", {}), **case["options"]}.items() for w in ("--option", f"{k}={repr_of(v)}")]


def settle_by_program(case):
    actor = [f"a{i}" for i in range(case["n"])]
    if case["issues"] == 1:
        columns = {"actor": actor, **{k: [row[0] for row in case[k]] for k in ("position", "salience", "capability")}}
    else:
        columns = {"actor": actor, **{f"{k}.d{d}": [row[d] for row in case[k]] for d in range(case["issues"]) for k in ("position", "salience", "capability")}}
    write_csv("table.csv", columns)
    args = ["settle", "table.csv", "--model", case["model"], "--json", *options_of(case)]
    for key, option in (("low", "--low"), ("high", "--high"), ("status_quo", "--status-quo")):
        args += [option, repr(case[key])] if key in case else []
    said = json.loads(program(*args))
    outcome = said["outcome"]
    return {"outcome": list(outcome.values()) if isinstance(outcome, dict) else [outcome],
            **({"stop": said["stop"]} if "stop" in said else {})}


def model_by_program(case):
    write_csv("table.csv", {"state": [f"s{i}" for i in range(case["n"])], **case["columns"]})
    options = [f"withdraws=s{int(o.split('=')[1])}" if o.startswith("withdraws=") else o for o in options_of(case)]
    said = json.loads(program("model", case["model"], "table.csv", "--json", *options))["outputs"]
    return {k: list(v.values()) if isinstance(v, dict) else [v] for k, v in said.items()}


def war_by_program(case):
    write_csv("months.csv", {"month": list(range(1, case["months"] + 1)), **case["columns"]})
    said = json.loads(program("war", "months.csv", "--json", *options_of(case)))
    return {k: v for k, v in said.items() if isinstance(v, list)}


def power_by_program(case):
    said = json.loads(program("power", "--weights", ",".join(map(str, case["weights"])), "--quota", case["quota"], "--json"))
    return {"act": [said["coleman"]["act"]], **{k: list(said[k].values()) for k in ("shapley_shubik", "banzhaf", "banzhaf_absolute")},
            **{k: list(said["coleman"][k].values()) for k in ("prevent", "initiate")}}


def cinc_by_program(case):
    n = len(case["columns"]["year"])
    write_csv("cinc.csv", {"state": [f"s{i}" for i in range(n)], **case["columns"]})
    return {"cinc": [r["cinc"] for r in json.loads(program("cinc", "cinc.csv", "--json"))]}


BY_PROGRAM = {"settle": settle_by_program, "model": model_by_program, "war": war_by_program, "power": power_by_program, "cinc": cinc_by_program}


def by_program(case):
    return BY_PROGRAM[case["kind"]](case)
