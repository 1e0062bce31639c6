#!/usr/bin/python3
"""`entente settle` and `entente models` as a user or a script meets them."""
import json
import os
import subprocess
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "reference"))
import compromise  # noqa: E402
import condorcet  # noqa: E402
import nash  # noqa: E402
import settle as twin  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}

# Emission standards for cars, 1989 (Bueno de Mesquita 1994): years of delay
EMISSIONS = """actor,position,salience,capability
Netherlands,4,0.8,0.08
Belgium,7,0.4,0.08
Luxembourg,4,0.2,0.03
Germany,4,0.8,0.16
France,10,0.6,0.16
Italy,10,0.6,0.16
UK,10,0.9,0.16
Ireland,7,0.1,0.05
Denmark,4,1,0.05
Greece,7,0.7,0.08
"""


def write(name, text):
    with open(name, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def entente(*args, code=0, env=None):
    done = subprocess.run([ENTENTE, *args], capture_output=True, env=env or ENV, check=False)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    check(done.returncode == code,
          f"{args}: exit {done.returncode}, expected {code}; stdout {out[:300]!r}; stderr {err[:600]!r}")
    return out, err


def settle(*args):
    """The JSON of `entente settle`."""
    out, err = entente("settle", *args, "--json")
    same(err, "")
    return json.loads(out)


def columns(table):
    rows = [line.split(",") for line in table.splitlines()[1:]]
    return [[float(row[k]) for row in rows] for k in (1, 2, 3)]


def cells(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def near(got, want, tolerance=1e-10):
    check(abs(got - want) <= tolerance, f"got {got!r}, want {want!r}")


def all_models():
    return json.loads(entente("models", "--json")[0])["models"]


# --- models ------------------------------------------------------------------------------------------

@case
def models_lists_each_in_its_room(_):
    out, _ = entente("models")
    check(out.startswith("settle: "), out)
    for model in all_models():
        check(f"\n  {model['name']} " in out and model["title"][:40] in out, model["name"], out)


@case
def a_model_is_told_in_full_and_in_80_columns(_):
    for model in all_models():
        out, _ = entente("models", model["name"])
        flat = " ".join(out.split())
        for text in ("summary", "equation", "citation", "accuracy", "cost"):
            check(" ".join(model[text].split()) in flat, model["name"], text, out)
        for port in model["inputs"] + model["options"] + model["outputs"]:
            check(f"\n  {port['name']}\n" in out and port["meaning"] in flat, model["name"], port["name"], out)
        for option in model["options"]:
            check(f"default {option['default']}" in flat, model["name"], option, out)
        check(all(cells(line) <= 80 for line in out.splitlines()), out)


@case
def the_table_holds_what_settle_takes(_):
    models = {model["name"]: model for model in all_models()}
    check({"compromise", "median", "mode", "nash", "condorcet", "gravity"} <= set(models), list(models))
    options = {o["name"]: o for o in models["nash"]["options"]}
    same(options["disagreement"]["choices"], ["loss", "status_quo"])
    same((options["disagreement"]["default"], options["loss"]["default"], options["r"]["low"]), ("loss", 1, 1))
    same(json.loads(entente("models", "nash", "--json")[0])["models"], [models["nash"]])
    check("22.99" in models["compromise"]["accuracy"] and "28.37" in models["median"]["accuracy"])


@case
def an_unknown_model_is_told_with_the_nearest(_):
    same(entente("models", "nahs", code=2)[1],
         "entente: there is no model 'nahs'; did you mean 'nash'?; `entente models` lists them\n")


# --- settle --------------------------------------------------------------------------------------------

@case
def what_json_says_is_what_the_twins_say(_):
    write("t.csv", EMISSIONS)
    position, salience, capability = columns(EMISSIONS)
    got = settle("t.csv", "--model", "nash", "--low", "4", "--high", "10", "--option", "loss=0.2", "--option", "r=3")
    near(got["outcome"], nash.outcome(position, salience, capability, 4, 10, 3, 0.2))
    near(got["mean"], compromise.outcome(position, salience, capability))
    same((got["format"], got["model"], got["median"], got["stop"], got["rounds"]), (1, "nash", 7, "done", []))
    same(got["options"], {"r": 3, "loss": 0.2, "disagreement": "loss"})
    same([a["actor"] for a in got["actors"]], [line.split(",")[0] for line in EMISSIONS.splitlines()[1:]])
    gains = twin.gains(got["outcome"], position, 4, 10, 3)
    for i, actor in enumerate(got["actors"]):
        same([actor["position"], actor["salience"], actor["capability"]], [position[i], salience[i], capability[i]])
        near(actor["utility"], twin.utility(got["outcome"], position[i], 4, 10, 3))
        near(actor["gain"], gains[i])
        same(actor["probability"], None)


@case
def condorcet_reports_its_distribution(_):
    write("t.csv", EMISSIONS)
    position, salience, capability = columns(EMISSIONS)
    got = settle("t.csv", "--model", "condorcet", "--low", "4", "--high", "10")
    want = condorcet.distribution(position, salience, capability, 4, 10)
    for actor, share in zip(got["actors"], want):
        near(actor["probability"], share)
    out, _ = entente("settle", "t.csv", "--model", "condorcet", "--low", "4", "--high", "10")
    for place in (4, 7, 10):
        share = 100 * sum(p for p, x in zip(want, position) if x == place)
        check(f"{place:10d}{share:10.1f}  " in out, place, share, out)
    check("France, Italy, UK" in out, out)


@case
def the_status_quo_stands(_):
    write("t.csv", EMISSIONS)
    args = ("t.csv", "--model", "nash", "--option", "disagreement=status_quo", "--status-quo", "7")
    got = settle(*args)
    same((got["outcome"], got["stop"], got["status_quo"]), (7, "status_quo", 7))
    check("How it ended: the status quo stands" in entente("settle", *args)[0])


@case
def the_text_has_the_same_numbers(_):
    write("t.csv", EMISSIONS)
    out, _ = entente("settle", "t.csv", "--model", "compromise", "--low", "4", "--high", "10", "--status-quo", "4")
    check("10 actors on a scale from 4 to 10, status quo 4" in out, out)
    check("\n  outcome          7.39\n  weighted median  7\n  weighted mean    7.39\n" in out, out)
    # 1 - (3.38996/6)^2 and that less 1; 100 * .8 * .08 / .677
    check("\nNetherlands         4       0.8        0.08       9.5     0.681    -0.319\n" in out, out)
    check("France gains most. Netherlands loses most." in out, out)


@case
def quiet_is_the_outcome_alone(_):
    write("t.csv", EMISSIONS)
    out, err = entente("settle", "t.csv", "--model", "compromise", "--quiet")
    near(float(out), 5.003 / 0.677, 1e-14)
    same((err, out.count("\n")), ("", 1))


@case
def every_model_fits_80_columns_and_ascii(_):
    names = ["Ünited Kingdom of Great Britain and Northern Ireland", "\u65e5\u672c", "x" * 200, "e\u0301"]
    rows = "".join(f'"{n}",{10 * i},{i / 4},{10.0 ** i}\n' for i, n in enumerate(names))
    write("t.csv", "actor,position,salience,capability\n" + rows)
    for model in (m["name"] for m in all_models() if m["room"] == "settle" and m["name"] != "exchange"):  # it needs several issues
        for env in (ENV, dict(ENV, LC_ALL="C")):
            out, _ = entente("settle", "t.csv", "--model", model, "--status-quo", "5", env=env)
            check(all(cells(line) <= 80 for line in out.splitlines()), model, out)
            check(env is ENV or out.isascii(), model, out)


@case
def headers_in_any_case_and_order_and_decimal_commas(_):
    write("plain.csv", "actor,position,salience,capability\nA,12.5,0.5,2\nB,80,1,1\n")
    write("odd.csv", "\ufeffCapability;note;ACTOR;Salience;Position\r\n2;x;A;0,5;12,5\r\n1;\"y\nz\";B;1;80\r\n")
    same(settle("plain.csv", "--model", "nash"), settle("odd.csv", "--model", "nash"))


@case
def the_scale_is_0_to_100_where_all_fits(_):
    def scale(rows, *args):
        write("t.csv", "actor,position,salience,capability\n" + rows)
        got = settle("t.csv", "--model", "median", *args)
        text, _ = entente("settle", "t.csv", "--model", "median", *args)
        return got["low"], got["high"], "do not fit 0 to 100" in text
    same(scale("A,0,1,1\nB,100,1,1\n"), (0, 100, False))
    same(scale("A,-5,1,1\nB,60,1,1\n"), (-5, 60, True))
    same(scale("A,2000,1,1\nB,2010,1,1\n", "--status-quo", "1990"), (1990, 2010, True))
    same(scale("A,2000,1,1\nB,2010,1,1\n", "--low", "1900", "--high", "2100"), (1900, 2100, False))
    same(scale("A,20,1,1\nB,30,1,1\n", "--high", "50"), (0, 50, False))


@case
def rounds_of_the_spatial_model(_):
    write("t.csv", EMISSIONS)
    got = settle("t.csv", "--model", "spatial", "--low", "4", "--high", "10")
    rounds, capability = got["rounds"], {a["actor"]: a["capability"] for a in got["actors"]}
    check(len(rounds) > 2, len(rounds))
    same({a["actor"]: [a["position"]] for a in got["actors"]}, rounds[0]["positions"])
    pull = sum(c * rounds[-1]["positions"][actor][0] for actor, c in capability.items())
    near(got["outcome"], pull / sum(capability.values()))
    same((rounds[0]["median"], rounds[0]["mean"]), (got["median"], got["mean"]))
    check(any(r["offers"] for r in rounds), rounds)
    for offer in rounds[0]["offers"]:
        check(offer["from"] in capability and offer["to"] in capability and 0 <= offer["chance"] <= 1, offer)


@case
def rounds_of_the_challenge_model(_):
    write("t.csv", EMISSIONS)
    got = settle("t.csv", "--model", "challenge", "--low", "4", "--high", "10")
    rounds, names = got["rounds"], [a["actor"] for a in got["actors"]]
    check(len(rounds) > 2, len(rounds))
    same({a["actor"]: a["position"] for a in got["actors"]}, rounds[0]["positions"])
    near(rounds[0]["median"], got["median"])
    near(rounds[0]["mean"], got["mean"])
    check(got["stop"] in ("settled", "cycle", "max_rounds"), got["stop"])
    if got["stop"] == "settled":
        near(got["outcome"], rounds[-1]["median"])
    moved = {name for name in names if rounds[0]["positions"][name] != rounds[1]["positions"][name]}
    accepted = {offer["to"]: offer["asks"] for offer in rounds[0]["offers"] if offer["accepted"]}
    check(moved and moved <= set(accepted), moved, accepted)
    for name in moved:
        near(rounds[1]["positions"][name], accepted[name])


# --- failures ------------------------------------------------------------------------------------------

def fails(table, args, code, message):
    """The message on stderr; under --json the same in check's array, alone on stdout."""
    write("t.csv", table)
    out, err = entente("settle", "t.csv", *args, code=code)
    same(out, "")
    check(message in err, f"{message!r} is not in {err!r}")
    out, _ = entente("settle", "t.csv", *args, "--json", code=code)
    found = json.loads(out)
    check(any(f["severity"] == "error" and f["message"] in err for f in found), out, err)


HEADER = "actor,position,salience,capability\n"
MODE = ("--model", "mode")


@case
def wrong_tables_are_told_with_their_place(_):
    for table, message in (
            ("", "t.csv:1:1: error: the table is empty"),
            (HEADER, "t.csv:1:1: error: the table has no rows"),
            ("actor,positon,salience,capability\nA,1,1,1\n", "t.csv:1:1: error: the column 'position' is missing; a "
             "table to settle has actor, position, salience and capability; is it 'positon'?"),
            ("actor,position,salience,capability,ACTOR\nA,1,1,1,A\n", "t.csv:1:36: error: column 'actor' again, as "
             "'ACTOR'"),
            (HEADER + "A,1,80,1\n", "t.csv:2:5: error: the salience of 'A' is 80; a salience is from 0 to 1 "
             "(percentages are divided by 100)"),
            (HEADER + "A,1,-1,1\n", "t.csv:2:5: error: the salience of 'A' is -1; a salience is from 0 to 1\n"),
            (HEADER + "A,1,1,-2\n", "t.csv:2:7: error: the capability of 'A' is -2; a capability is 0 or more"),
            (HEADER + "A,2 to 5,1,1\n", "t.csv:2:3: error: the position of 'A' is '2 to 5', which is no number; an "
             "uncertain one belongs in a scenario"),
            (HEADER + "A,1,,1\n", "t.csv:2:5: error: the salience of 'A' is missing"),
            (HEADER + "A,1,nan,1\n", "the salience of 'A' is 'nan', which is no number"),
            (HEADER + "A,1e999,1,1\n", "the position of 'A' is '1e999', which is no number"),
            (HEADER + "A,1,1,1\nB,1,1,1\nA,2,1,1\n", "t.csv:4:1: error: 'A' again: its first row is in line 2"),
            (HEADER + ",1,1,1\n", "t.csv:2:1: error: this row names no actor"),
            (HEADER + "A,1,1\n", "t.csv:2:1: error: this row has 3 cells, the header has 4"),
            (HEADER + "A,1,0,1\nB,5,1,0\n", "every weight (salience times capability) is zero")):
        fails(table, MODE, 1, message)


@case
def all_that_is_wrong_is_told_at_once(_):
    write("t.csv", HEADER + "A,x,2,-1\nA,,1,1\n")
    found = json.loads(entente("settle", "t.csv", *MODE, "--json", code=1)[0])
    same([(f["line"], f["column"]) for f in found], [(2, 3), (2, 5), (2, 7), (3, 1), (3, 3)])


@case
def wrong_arguments_say_what_is_allowed(_):
    table = HEADER + "A,10,1,1\nB,90,1,1\n"
    for args, message in (
            ((), "--model says how the issue is settled: compromise, median, mode, nash"),
            (("--model", "medain"), "there is no model 'medain' that settles an issue; did you mean 'median'?"),
            (("--model", "nash", "--option", "los=2"), "the model nash has no option 'los'; did you mean 'loss'?"),
            (("--model", "nash", "--option", "r=0.5"), "the option r of nash is 0.5; allowed is 1 to 20"),
            (("--model", "nash", "--option", "r"), "--option takes NAME=VALUE, such as --option r=1, not 'r'"),
            (("--model", "nash", "--option", "=2"), "--option takes NAME=VALUE"),
            (("--model", "gravity"), "gravity pulls the outcome toward the status quo: state it with --status-quo"),
            (("--model", "nash", "--option", "disagreement=status_quo"), "state it with --status-quo"),
            ((*MODE, "--low", "x"), "--low takes a number, not 'x'"),
            ((*MODE, "--status-quo", "1,5"), "--status-quo takes a number, not '1,5'"),
            ((*MODE, "--low", "100"), "--low 100 is not below --high 100")):
        fails(table, args, 2, message)
    fails(HEADER + "A,150,1,1\n", MODE, 2, "the scale would run from 150 to 150: give its ends with --low and --high")


@case
def positions_off_the_scale_are_told_with_their_line(_):
    fails(HEADER + "A,10,1,1\n\nB,90,1,1\n", (*MODE, "--high", "50", "--low", "0"), 1,
          "t.csv:4:3: error: the position of 'B' is 90; the scale runs from 0 to 50")
    fails(HEADER + "A,10,1,1\n", (*MODE, "--low", "0", "--high", "50", "--status-quo", "60"), 1,
          "the status quo is 60; allowed is 0 to 50")


@case
def files_that_cannot_be_read(_):
    check("nope.csv is not there" in entente("settle", "nope.csv", *MODE, code=3)[1])
    check("is a folder" in entente("settle", ".", *MODE, code=3)[1])


run()
