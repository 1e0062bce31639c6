#!/usr/bin/python3
"""`entente settle` as a person and a script meet it: the story it tells, files of other programs, and bad input."""
import json
import math
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import time
import unicodedata

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tables  # noqa: E402
from tables import EMISSIONS, SCALE, write  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "TERM": "xterm"}
ONE = ("compromise", "median", "mode", "nash", "condorcet", "challenge", "spatial")


def entente(*args, code=0, env=None):
    done = subprocess.run([ENTENTE, *args], capture_output=True, env=env or ENV, check=False)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    check(done.returncode == code,
          f"{args}: exit {done.returncode}, expected {code}; stdout {out[:300]!r}; stderr {err[:900]!r}")
    return out, err


def no_constant(text):
    raise AssertionError(f"{text} in JSON")


def settle(*args):
    out, _ = entente("settle", *args, "--json")
    return json.loads(out, parse_constant=no_constant)


def near(got, want, tolerance, *context):
    check(abs(got - want) <= tolerance, f"got {got!r}, want {want!r}", *context)


def cells(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def fits(out):
    check(all(cells(line) <= 80 for line in out.splitlines()), out)
    check(not re.search(r"\b(nan|inf|null)\b", out, re.I), out)


# --- the story ------------------------------------------------------------------------------------------

def spoken(x):
    """A place on a scale of length 6 as the story says it: to a thousandth of the scale, no trailing zeros."""
    return f"{x:.2f}".rstrip("0").rstrip(".")


@case
def the_challenge_model_says_who_gives_way_to_whom(_):
    write("t.csv", EMISSIONS)
    got = settle("t.csv", "--model", "challenge", *SCALE, "--all")
    out, err = entente("settle", "t.csv", "--model", "challenge", *SCALE, "--all")
    same(err, "")
    fits(out)
    parts = re.split(r"\nRound (\d+)\n", out)
    same([int(n) for n in parts[1::2]], list(range(1, len(got["rounds"]))))
    for r, text in enumerate(parts[2::2]):
        said = " ".join(text.split())
        for offer in got["rounds"][r]["offers"]:
            verb = "gives? way to {}," if offer["kind"] == "confrontation" else "accepts? {}'s compromise,"
            who = offer["to"]
            a, b = (spoken(got["rounds"][k]["positions"][who]) for k in (r, r + 1))
            if offer["accepted"] and got["rounds"][r]["positions"][who] != got["rounds"][r + 1]["positions"][who]:
                found = re.search(rf"{who}(,| and)? [^.]*?{verb.format(offer['from'])} {a} -> {b} \(\+", said)
                check(found, r + 1, offer, said)


@case
def refused_demands_are_a_count(_):
    write("t.csv", EMISSIONS)
    got = settle("t.csv", "--model", "challenge", *SCALE)
    out, _ = entente("settle", "t.csv", "--model", "challenge", *SCALE)
    first = " ".join(re.split(r"\nRound \d+\n", out)[1].split())
    refused = sum(not o["accepted"] for o in got["rounds"][0]["offers"])
    check(f"{refused} demands refused." in first, refused, first)
    check("Refused:" not in out and "Refused:" in entente("settle", "t.csv", "--model", "challenge", *SCALE, "--all")[0])
    check(re.search(r"\nRounds 7 to \d+\n  \d+ movements, which --all tells", out), out)


@case
def the_outcome_stands_beside_median_and_mean_with_the_reason_it_ended(_):
    write("t.csv", EMISSIONS)
    for model in ("challenge", "spatial"):
        got = settle("t.csv", "--model", model, *SCALE)
        out, _ = entente("settle", "t.csv", "--model", model, *SCALE)
        fits(out)
        rounds = len(got["rounds"]) - 1
        same((got["stop"], out.count("How it ended: after")), ("settled", 1))
        check(f"after {rounds} rounds" in out, rounds, out)
        check(re.search(rf"\n  outcome          {got['outcome']:.4g}\n  weighted median  7\n  weighted mean    7.39\n",
                        out), got["outcome"], out)


@case
def a_bar_shows_how_many_stand_where(_):
    write("t.csv", EMISSIONS)
    out, _ = entente("settle", "t.csv", "--model", "median", *SCALE, env=dict(ENV, LC_ALL="C"))
    bar = re.search(r"\n {13}4 +10\n  positions +([.\d]+)\n  outcome( +)\^ 7\n", out)
    check(bar, out)
    same((bar[1][0], bar[1][-1], bar[1].strip("."), len(bar[1])), ("4", "3", bar[1], 60))
    same(sum(int(c) for c in bar[1] if c != "."), 10)
    end = re.search(r"\n  start +([.\d+]+)\n  end +([.\d+]+)\n", entente(
        "settle", "t.csv", "--model", "challenge", *SCALE, env=dict(ENV, LC_ALL="C"))[0])
    same([sum(int(c) for c in end[k] if c != ".") for k in (1, 2)], [10, 10])


@case
def rounds_that_use_up_what_is_allowed_say_so(_):
    write("t.csv", EMISSIONS)
    for model, name in (("challenge", "max_rounds"), ("spatial", "rounds")):
        out, _ = entente("settle", "t.csv", "--model", model, *SCALE, "--option", f"{name}=1")
        check("rounds allowed were used up" in " ".join(out.split()), out)
        check(f"with {name} = 1:" in out.splitlines()[0], out)
        same(settle("t.csv", "--model", model, *SCALE, "--option", f"{name}=1")["stop"], "max_rounds")


@case
def the_story_agrees_with_settling_without_one(_):
    """ent_settle() plays in the draw loop's way, the command with a story: the same bits."""
    write("t.csv", EMISSIONS)
    for model in ("challenge", "spatial"):
        got = settle("t.csv", "--model", model, *SCALE)
        same(entente("settle", "t.csv", "--model", model, *SCALE, "--quiet")[0], f"{got['outcome']!r}\n")
        last = got["rounds"][-1]["positions"]
        for actor in got["actors"]:
            near(actor["utility"], 1 - ((got["outcome"] - actor["position"]) / 6) ** 2, 1e-12)
            check(actor["actor"] in last)


@case
def options_and_issues_that_are_none_are_told_with_the_nearest(_):
    write("t.csv", EMISSIONS)
    write("m.csv", tables.long_table())
    for args, message in (
            (("t.csv", "--model", "challenge", "--option", "acept=least"), "did you mean 'accept'?"),
            (("t.csv", "--model", "challenge", "--option", "accept=lest"), "least"),
            (("t.csv", "--model", "spatial", "--option", "vote=cubik"), "cubic"),
            (("t.csv", "--model", "exchange"), "the model exchange trades one issue for another, and here is one"),
            (("m.csv", "--model", "exchange", "--issue", "tol-hogte"), "did you mean 'tol-hoogte'?"),
            (("m.csv", "--model", "median"), "the table has 6 issues and the model median settles one: --issue says "
             "which (tolheffing-binnenstad, tol-hoogte"),
            (("m.csv", "--model", "exchange", "--status-quo", "4"), "--status-quo is for one issue, and here are 6"),
            (("m.csv",), "--model says how the issue is settled: compromise, median")):
        _, err = entente("settle", *args, code=2)
        check(message in err, message, err)


# --- several issues -----------------------------------------------------------------------------------------

@case
def trades_are_the_published_ones(_):
    """Against the canonical run of the exchange model, in JSON and in words."""
    write("m.csv", tables.long_table())
    got = settle("m.csv", "--model", "exchange", "--option", "faithful=true")
    trades = tables.rows("exchange", "sample_data", "exchanges_realised.csv")
    means = tables.rows("exchange", "sample_data", "nbs_by_iteration.csv")
    for k, it in enumerate(got["iterations"], 1):
        want = [t for t in trades if int(t["iteration"]) == k]
        same(len(it["exchanges"]), len(want), "iteration", k)
        for trade, t in zip(it["exchanges"], want):
            side = trade["sides"]
            same((side[0]["actor"], side[0]["moves_on"], side[1]["actor"], side[1]["moves_on"]),
                 (t["actor_i"], t["supply_i"], t["actor_j"], t["supply_j"]))
            for got_x, name in ((side[0]["from"], "x_i"), (side[0]["to"], "y_i"), (side[1]["from"], "x_j"),
                                (side[1]["to"], "y_j"), (trade["gain"], "gain")):
                near(got_x, float(t[name]), 1e-8, k, t)
        for row in means:
            if int(row["iteration"]) == k:
                near(it["start"][row["issue"]], float(row["nbs_start"]), 1e-8)
                near(it["outcome"][row["issue"]], float(row["nbs_voting"]), 1e-8)
    same(got["outcome"], got["iterations"][-1]["outcome"])
    out, _ = entente("settle", "m.csv", "--model", "exchange", "--option", "faithful=true")
    fits(out)
    said = " ".join(out.split())
    check("Willems moves 25 -> 100 on extra-investering for Wcentr's 0 -> 61.1 on tolheffing-binnenstad; each gains "
          "1.97" in said, out)
    check("have not settled" in said and "How well it does elsewhere: Mean absolute error" in said, out)


@case
def rows_columns_and_decides_own_file_say_the_same(_):
    want = settle(write("long.csv", tables.long_table()), "--model", "exchange")
    same(settle(write("wide.csv", tables.wide_table()), "--model", "exchange"), want)
    for delimiter, comma in (("\t", False), (",", False), (";", False), (";", True), ("\t", True)):
        same(settle(write("data.txt", tables.decide(delimiter, comma))), want, repr(delimiter), comma)


@case
def one_issue_of_several_is_settled_by_any_model(_):
    write("m.csv", tables.long_table())
    rows = [r for r in tables.rows("exchange", "sample_data", "input_normalised.csv") if r["issue"] == "tol-hoogte"]
    write("one.csv", "actor,position,salience,power\n" + "".join(
        f'{r["actor"]},{r["position_0_100"]},{r["salience"]},{r["power"]}\n' for r in rows))
    for model in ONE:
        got = settle("m.csv", "--model", model, "--issue", "tol-hoogte")
        same(got.pop("issue"), "tol-hoogte")
        same(got, settle("one.csv", "--model", model))


@case
def an_actor_may_take_no_part_in_an_issue(_):
    write("m.csv", "actor,position.a,salience.a,position.b,salience.b,capability\n"
                   "A,0,1,100,0.5,1\nB,100,0.5,0,1,1\nC,,,50,1,2\n")
    got = settle("m.csv", "--model", "exchange")
    same(got["iterations"][0]["positions"], {"A": {"a": 0, "b": 100}, "B": {"a": 100, "b": 0}, "C": {"b": 50}})
    near(got["mean"]["a"], 100 * 0.5 / 1.5, 1e-12)
    same(settle("m.csv", "--model", "mode", "--issue", "a")["actors"][-1]["actor"], "B")
    _, err = entente("settle", "m.csv", "--model", "spatial", code=1)
    check("'C' has no position on 'a'" in err, err)


@case
def the_spatial_model_takes_every_dimension(_):
    dimensions, actors = tables.ktab("dummyData_3Dim.csv")
    head = ",".join(f"position.{d},salience.{d}" for d in dimensions)
    write("m.csv", f"actor,capability,{head}\n" + "".join(
        f"{a},{c}," + ",".join(f"{x},{float(s) / 100!r}" for x, s in zip(p, q)) + "\n" for a, _, c, p, q in actors))
    got = settle("m.csv", "--model", "spatial", "--option", "mode=ktab")
    for row in tables.rows("spatial", "default_dummyData_3Dim_positions.csv"):
        near(got["rounds"][int(row["turn"])]["positions"][row["name"]][int(row["dim"])], float(row["position"]), 1e-9)
    for row in tables.rows("spatial", "default_dummyData_3Dim_winprob.csv"):
        near(got["rounds"][int(row["turn"])]["win_probability"][row["name"]], float(row["prob_of_position"]), 1e-9)
    check(len(got["rounds"][0]["offers"][0]["to_moves_to"]) == 3)
    out, _ = entente("settle", "m.csv", "--model", "spatial")
    fits(out)
    check(re.search(r"accepts? SActor-0\d's proposal, \d[\d.]* -> \d[\d.]* on Pstn1, ", " ".join(out.split())), out)


# --- KTAB's files ---------------------------------------------------------------------------------------------

@case
def a_ktab_table_gives_that_programs_numbers(_):
    got = settle(tables.path("spatial", "inputs", "SOE-Policy.csv"), "--option", "mode=ktab")
    same((got["model"], got["issue"], got["low"], got["high"]), ("spatial", "Policy Position", 0, 100))
    for row in tables.rows("spatial", "default_SOE-Policy_positions.csv"):
        near(got["rounds"][int(row["turn"])]["positions"][row["name"]][0], float(row["position"]), 1e-9)
    out, _ = entente("settle", tables.path("spatial", "inputs", "SOE-Policy.csv"))
    fits(out)
    check("mode=ktab" in out and "China Policy" in out, out[:300])


@case
def the_parameters_of_a_ktab_file_are_taken_and_said(_):
    """One parameter at a time, the stochastic one with the program's own default seed."""
    dimensions, actors = tables.ktab("dummyData_3Dim.csv")
    golden = tables.rows("spatial", "variants_dummyData_3Dim_positions.csv")
    for variant in dict.fromkeys(row["variant"] for row in golden):
        element, words = tables.PARAMETERS[variant.rstrip("0123456789")]
        word = words[int(variant[-1])]
        write("s.xml", tables.ktab_xml(dimensions, actors, {element: word}))
        got = settle("s.xml", "--option", "mode=ktab")
        for row in golden:
            if row["variant"] == variant:
                x = got["rounds"][int(row["turn"])]["positions"][row["name"]][int(row["dim"])]
                near(x, float(row["position"]), 1e-9, variant, row)
    write("s.xml", tables.ktab_xml(dimensions, actors, {"VotingRule": "Cubic"}))
    same(settle("s.xml")["options"]["vote"], "cubic")
    same(settle("s.xml", "--option", "vote=prop")["options"]["vote"], "prop")
    out, _ = entente("settle", "s.xml")
    check("with vote = cubic:" in out and "with the parameters that the file states" in " ".join(out.split()), out[:400])


@case
def random_choices_come_from_the_seed_of_the_file_or_of_the_command_line(_):
    dimensions, actors = tables.ktab("dummyData_3Dim.csv")
    parameters = {"StateTransitions": "Stochastic"}
    write("a.xml", tables.ktab_xml(dimensions, actors, parameters, "<prngSeed>7</prngSeed>"))
    write("b.xml", tables.ktab_xml(dimensions, actors, parameters, "<prngSeed>8</prngSeed>"))
    for mode in ((), ("--option", "mode=ktab")):
        a, b = settle("a.xml", *mode), settle("b.xml", *mode)
        check(a["rounds"] != b["rounds"], mode)
        same(settle("a.xml", *mode), a)
        same(settle("a.xml", *mode, "--seed", "8"), b)


# --- bad input --------------------------------------------------------------------------------------------------

HEADER = "actor,position,salience,capability\n"
LONG = "actor,issue,position,salience,capability\n"


def told(name, text, code, *messages, args=("--model", "median")):
    write(name, text)
    out, err = entente("settle", name, *args, code=code)
    same(out, "")
    for message in messages:
        check(message in err, f"{message!r} is not in {err!r}")
    found = json.loads(entente("settle", name, *args, "--json", code=code)[0])
    check(found and all(f["severity"] in ("error", "warning") for f in found), found)


@case
def odd_but_defined_tables_have_a_result(_):
    """One actor, two, all alike, nothing known of some: every model, in words and in JSON, without a nan."""
    odd = {"one": "A,30,1,1\n",
           "two": "A,30,1,1\nB,70,0.5,2\n",
           "equal": "A,40,1,1\nB,40,1,1\nC,40,1,1\n",
           "two alike": "A,40,0.5,1\nB,60,0.5,1\n",
           "no capability": "A,10,1,0\nB,50,1,1\nC,90,1,2\n",
           "no salience": "A,10,0,1\nB,50,1,1\nC,90,1,2\n",
           "only one counts": "A,10,0,1\nB,50,1,0\nC,90,1,2\n",
           "both ends": "A,0,1,1\nB,100,1,1\nC,0,1,1\nD,100,1,1\n",
           "hugely unlike": "A,0,1,1e-300\nB,100,1,1e100\nC,50,1e-300,1\n"}
    for what, rows in odd.items():
        write("t.csv", HEADER + rows)
        for model in (*ONE, "gravity", "agenda"):
            args = ("t.csv", "--model", model, *(("--status-quo", "20") if model in ("gravity", "agenda") else ()))
            out, _ = entente("settle", *args)
            fits(out)
            got = settle(*args)
            check(got["outcome"] is not None and 0 <= got["outcome"] <= 100, what, model, got["outcome"])
            for actor in got["actors"]:
                check(math.isfinite(actor["utility"]) and math.isfinite(actor["gain"]), what, model, actor)


@case
def odd_tables_of_several_issues_have_a_result(_):
    odd = {"one actor": "A,a,1,1,1\nA,b,2,1,1\n",
           "no trade": "A,a,0,1,1\nA,b,0,1,1\nB,a,100,1,1\nB,b,100,1,1\n",
           "equal": "A,a,5,1,1\nA,b,5,1,1\nB,a,5,1,1\nB,b,5,1,1\n",
           "no power of one": "A,a,0,1,0\nA,b,0,0.2,0\nB,a,100,0.5,1\nB,b,100,1,1\nC,a,0,1,1\nC,b,0,0.2,1\n"}
    for what, rows in odd.items():
        write("t.csv", LONG + rows)
        for model in ("exchange", "spatial"):
            if model == "spatial" and what == "one actor":
                continue
            fits(entente("settle", "t.csv", "--model", model)[0])
            got = settle("t.csv", "--model", model)
            check(all(0 <= x <= 100 for x in got["outcome"].values()), what, model, got["outcome"])


@case
def numbers_out_of_range_are_told_with_their_place(_):
    told("t.csv", HEADER + "A,1,0,1\nB,5,1,0\n", 1, "every weight (salience times capability) is zero")
    told("t.csv", HEADER + "A,1,0,1\nB,5,0,1\n", 1, "every weight", args=("--model", "challenge"))
    told("t.csv", HEADER + "A,1,-0.5,1\n", 1, "t.csv:2:5: error: the salience of 'A' is -0.5; a salience is from 0 to 1")
    told("t.csv", HEADER + "A,1,1.5,1\n", 1, "the salience of 'A' is 1.5; a salience is from 0 to 1")
    told("t.csv", HEADER + "A,1,1,-2\n", 1, "t.csv:2:7: error: the capability of 'A' is -2")
    told("t.csv", HEADER + "A,-5,1,1\nB,3,1,1\n", 1, "t.csv:2:3: error: the position of 'A' is -5",
         args=("--model", "median", "--low", "0"))
    for word in ("nan", "inf", "-inf", "1e999", "0x10", "1_000", "١"):
        told("t.csv", HEADER + f"A,{word},1,1\n", 1, "t.csv:2:3: error: the position of 'A' is", "no number")
    told("t.csv", HEADER + "A,1e150,1,1\n", 1, "a position is from -1e100 to 1e100")
    told("t.csv", HEADER + "A,1,1,1e150\n", 1, "a capability is at most 1e100")


@case
def missing_cells_and_repeated_rows_are_told_with_their_place(_):
    told("t.csv", HEADER + "A,,1,1\n", 1, "t.csv:2:3: error: the position of 'A' is missing")
    told("t.csv", HEADER + "A,1,1\n", 1, "t.csv:2:1: error: this row has 3 cells, the header has 4")
    told("t.csv", HEADER + "A,1,1,1\nB,2,1,1\nA,3,1,1\n", 1, "t.csv:4:1: error: 'A' again: its first row is in line 2")
    told("t.csv", LONG + "A,a,1,1,1\nA,b,1,1,1\nA,a,2,1,1\n", 1, "t.csv:4:1: error: 'A' again on 'a': its first row is "
         "in line 2")
    told("t.csv", LONG + "A,,1,1,1\n", 1, "t.csv:2:3: error: this row names no issue")
    told("t.csv", LONG + "A,a,,1,1\n", 1, "t.csv:2:5: error: the position of 'A' on 'a' is missing")
    told("t.csv", "actor,position.a,salience.a,capability\nA,,1,1\n", 1, "the position of 'A' on 'a' is missing")
    told("t.csv", "actor,position.a,position.b,salience,capability\nA,1,,1,1\nB,1,,1,1\n", 1, "nobody has a position on 'b'")
    told("t.csv", "actor,issue,position.a,salience,capability\nA,a,1,1,1\n", 1, "issues stand in rows or in columns")
    told("t.csv", "actor,position.a,salience.b,capability\nA,1,1,1\n", 1, "the column 'salience.a' is missing",
         "the column 'position.b' is missing")
    told("t.csv", "actor,position,position.a,salience,capability\nA,1,1,1,1\n", 1, "which issue is it?")


@case
def wrong_ktab_files_are_told_with_their_place(_):
    head = "name,desc,3,1\nActor,Description,Power,P,S\n"
    told("k.csv", head + "A,d,1,1,1\nB,d,1,2,1\n", 1, "the first line says 3 actors, but 2 rows follow")
    told("k.csv", head.replace("3,1", "2,2") + "A,d,1,1,1\nB,d,1,2,1\n", 1, "the header has 5 cells")
    told("k.csv", head.replace("3,1", "0,1"), 1, "k.csv:1:11: error: the number of actors is '0'")
    told("k.csv", head.replace("3,1", "99999999999,1"), 1, "the number of actors is '99999999999'")
    told("k.csv", head.replace("3,1", "2,1") + "A,d,1,101,1\nB,d,1,2,1\n", 1, "k.csv:3:7: error: the position of 'A' is "
         "101; the scale runs from 0 to 100")
    told("k.csv", head.replace("3,1", "2,1") + "A,d,1,10,1\nB,d,1,2,nan\n", 1, "k.csv:4:9: error: the salience of 'B' is "
         "'nan', which is no number")
    dimensions, actors = tables.ktab("dummyData_3Dim.csv")
    xml = tables.ktab_xml(dimensions, actors)
    told("k.xml", xml.replace("<dCoord>75.79</dCoord>", ""), 1, "'SActor-00' has 2 positions, but there are 3 dimensions")
    told("k.xml", xml[:-14], 1, "the XML is not well formed")
    told("k.xml", "<?xml version='1.0'?>\n<Szenario/>\n", 1)


# promise: no-entity
@case
def an_xml_bomb_expands_to_nothing(_):
    entities = "".join(f'<!ENTITY e{k} "{f"&e{k - 1};" * 10 if k else "ha"}">\n' for k in range(30))
    bomb = f"<?xml version='1.0'?>\n<!DOCTYPE Scenario [\n{entities}]>\n<Scenario><name>&e29;</name></Scenario>\n"
    start = time.time()
    told("k.xml", bomb, 1, "a document type (<!DOCTYPE) is not taken", args=("--model", "spatial"))
    told("k.xml", "<Scenario>" + "<a>" * 200000 + "</a>" * 200000 + "</Scenario>", 1, "more than 8 deep")
    check(time.time() - start < 20, time.time() - start)


@case
def wrong_decide_files_are_told_with_their_place(_):
    good = "#A\tUSA\tUSA\n#A\tEU\tEU\n#P\tp\tWhat?\n#P\tq\tWhen?\n"
    rows = "#D\tUSA\tp\t10\t0.9\t1\n#D\tEU\tp\t90\t0.5\t1\n#D\tUSA\tq\t10\t0.1\t1\n#D\tEU\tq\t90\t0.5\t1\n"
    same(sorted(settle(write("d.txt", good + rows))["outcome"]), ["p", "q"])
    for text, message in (
            (good + rows.replace("EU\tp", "UE\tp"), "d.txt:6:4: error: there is no #A line for the actor 'UE'"),
            (good + rows.replace("EU\tq", "EU\tqq"), "there is no #P line for the issue 'qq'; did you mean 'q'?"),
            (good + rows.replace("90", "160", 1), "d.txt:6:9: error: the position of 'EU' on 'p' is 160; its scale runs "
             "from 0 to 100"),
            (good + rows.replace("0.9", "90"), "the salience of 'USA' on 'p' is 90; a salience is from 0 to 1"),
            (good + rows.replace("\t0.5\t1\n#D\tUSA", "\t0.5\t-1\n#D\tUSA"), "the capability of 'EU' on 'p' is -1"),
            (good + rows.replace("0.1", "0,1"), "d.txt:7:13: error: '0,1' has a decimal comma, numbers before it have a "
             "decimal point"),
            (good + rows + rows[:18], "'USA' again on 'p': its first line is 5"),
            (good + "#A\tEU\tagain\n" + rows, "d.txt:5:4: error: actor 'EU' again: the first is in line 2"),
            (good + rows[:35], "nobody has a position on 'q'"),
            (good + "#M\tp\t5\tfive\n" + rows, "the scale of 'p' has one place, 5"),
            (good + "#M\tp\tfive\t5\n" + rows, "a place on the scale of 'p' is 'five', which is no number"),
            (good + "#X\tp\n" + rows, "d.txt:5:1: error: a line of a Decide file begins with #O, #/, #A, #P, #M or #D"),
            (good + '#D\t"USA\tp\t1\t1\t1\n' + rows, "d.txt:5:4: error: this quote is not closed"),
            (good + "#D\tUSA\tp\n" + rows, "the position of 'USA' on 'p' is missing"),
            ("#O\tnothing\n", "there are no actors in it")):
        told("d.txt", text, 1, message, args=())


@case
def files_that_are_none_are_told(folder):
    _, err = entente("settle", folder, "--model", "median", code=3)
    check("is a folder, not a file" in err, err)
    check("is not there" in entente("settle", "nowhere.csv", "--model", "median", code=3)[1])
    with open("big.csv", "wb") as f:
        f.truncate(100 << 20)
    _, err = entente("settle", "big.csv", "--model", "median", code=1)
    check("has 104857600 bytes; at most 67108864 are read" in err, err)
    with open("bytes.csv", "wb") as f:
        f.write(HEADER.encode() + b"A\xff,1,1,1\n")
    check("bytes.csv:2:2: error: a byte that is no UTF-8 text" in entente("settle", "bytes.csv", "--model", "median",
                                                                          code=1)[1])
    with open("zero.csv", "wb") as f:
        f.write(b"\0" * 1000)
    entente("settle", "zero.csv", "--model", "median", code=1)
    os.mkfifo("pipe")
    check("is no ordinary file" in entente("settle", "pipe", "--model", "median", code=3)[1])


@case
def random_bytes_and_torn_files_never_crash(_):
    rng = random.Random(11)
    dimensions, actors = tables.ktab("dummyData_3Dim.csv")
    whole = [EMISSIONS, tables.long_table(), tables.decide(), tables.ktab_xml(dimensions, actors),
             open(tables.path("spatial", "inputs", "dummyData_3Dim.csv"), encoding="utf-8").read()]
    for text in whole:
        data = text.encode()
        for _ in range(12):
            torn = bytearray(data[:rng.randrange(len(data))] if rng.random() < 0.5 else data)
            for _ in range(rng.randrange(1, 6)):
                if torn:
                    torn[rng.randrange(len(torn))] = rng.choice(b'\t\n,;"<>#-.0159eA\xff')
            with open("torn", "wb") as f:
                f.write(torn)
            done = subprocess.run([ENTENTE, "settle", "torn", "--model", rng.choice(("median", "spatial", "exchange")), "--json"],
                                  capture_output=True, env=ENV, check=False, timeout=60)
            check(done.returncode in (0, 1, 2), done.returncode, bytes(torn)[:400], done.stderr)
            json.loads(done.stdout, parse_constant=no_constant)


# --- many actors ------------------------------------------------------------------------------------------------

def many(n):
    rng = random.Random(1)
    return HEADER + "".join(f"A{i},{rng.uniform(0, 100):.3f},{rng.uniform(0.05, 1):.3f},{rng.uniform(0.1, 5):.3f}\n"
                            for i in range(n))


def on_terminal(*args, interrupt=None):
    """What goes to a terminal's stderr; SIGINT after so many seconds. With the exit code."""
    master, slave = pty.openpty()
    child = subprocess.Popen([ENTENTE, *args], stdin=slave, stdout=subprocess.DEVNULL, stderr=slave, env=ENV,
                             close_fds=True)
    os.close(slave)
    out, start, sent = b"", time.time(), False
    while time.time() - start < 100:
        if select.select([master], [], [], 0.1)[0]:
            try:
                block = os.read(master, 65536)
            except OSError:
                break
            if not block:
                break
            out += block
        if interrupt is not None and not sent and time.time() - start > interrupt and b"left" in out:
            child.send_signal(signal.SIGINT)
            sent = True
    os.close(master)
    return out.decode("utf-8"), child.wait(20)


@case
def two_thousand_actors_run_with_progress_on_a_terminal(_):
    write("t.csv", many(2000))
    err, code = on_terminal("settle", "t.csv", "--model", "challenge", "--option", "max_rounds=2")
    same(code, 0)
    check(re.search(r"\rround [12] of at most 2, \d+ %   \d+:\d\d left in it, at most \d+:\d\d in all", err), err[-300:])
    check(err.endswith("\r"), repr(err[-90:]))  # erased
    out, err = entente("settle", "t.csv", "--model", "challenge", "--option", "max_rounds=1")
    same(err, "")  # no terminal, no progress
    fits(out)
    check("1960 more with --all" in out and len(out.splitlines()) < 120, len(out.splitlines()))


@case
def ctrl_c_keeps_the_whole_rounds(_):
    write("t.csv", many(2000))
    _, code = on_terminal("settle", "t.csv", "--model", "spatial", interrupt=1)
    same(code, 130)
    child = subprocess.Popen([ENTENTE, "settle", "t.csv", "--model", "challenge", "--option", "tolerance=0",
                              "--option", "max_rounds=1000", "--json"], stdout=subprocess.PIPE, env=ENV)
    time.sleep(6)
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=60)
    same(child.returncode, 130)
    got = json.loads(out)
    check(got["interrupted"] is True and 0 < len(got["rounds"]) < 1000, got["interrupted"], len(got["rounds"]))


@case
def one_more_than_two_thousand_is_refused_with_the_cost(_):
    write("t.csv", many(2001))
    for model in ("challenge", "spatial"):
        _, err = entente("settle", "t.csv", "--model", model, code=1)
        check(f"2001 actors; the model {model} takes at most 2000: its cost is O(n^3) a round" in err, err)
    fits(entente("settle", "t.csv", "--model", "median")[0])
    head = "actor,position.a,position.b,salience,capability\n"
    told("z.csv", LONG + "A,a,1,1,0\nA,b,1,1,1\nB,a,1,0,1\nB,b,1,1,1\n", 1, "z.csv: nobody counts on 'a'",
         args=("--model", "exchange"))
    write("m.csv", head + "".join(f"A{i},{i % 100},{i % 7},1,1\n" for i in range(2001)))
    _, err = entente("settle", "m.csv", "--model", "spatial", code=1)
    check("2001" in err and "n^3" in err.replace("³", "^3"), err)


run()
