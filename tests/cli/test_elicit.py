#!/usr/bin/python3
"""Experts: what they are asked, what they answered, and the scenario that comes of it."""
import csv
import html.parser
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import scenario as door  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
HEAD = "actor,expert,position,salience,capability\n"


def write(name, text):
    with open(name, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def read(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as f:
        return f.read()


def rows(*path):
    return list(csv.DictReader(read(*path).splitlines()))


def entente(*args, code=0, before=None):
    done = subprocess.run([ENTENTE, *args], capture_output=True, env=ENV, check=False, preexec_fn=before)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    check(done.returncode == code, f"{args}: exit {done.returncode}, expected {code}; stdout {out[:300]!r}; stderr {err[:900]!r}")
    return out, err


def quantities(folder, draws=4000):
    same(json.loads(entente("check", folder, "--json")[0]), [], folder)
    return json.loads(entente("run", folder, "--json", "--quiet", "--draws", str(draws))[0])["quantities"]


def near(got, want, width, *context):
    check(abs(got - want) <= width, f"got {got}, want {want} within {width}", *context)


def wrong(files, message, *more):
    """The tables are refused with exactly these findings, and nothing is written."""
    for name, text in files.items():
        write(name, text)
    before = sorted(os.listdir("."))
    froms = [word for name in files for word in ("--from", name)]
    found = json.loads(entente("new", *froms, *more, "--json", "made", code=1)[0])
    errors = [f"{f['file']}:{f['line']}:{f['column']}: {f['message']}" for f in found if f["severity"] == "error"]
    same(errors, [message] if isinstance(message, str) else message)
    same(sorted(os.listdir(".")), before)


# --- pooling ------------------------------------------------------------------------------------------

# promise: experts-mixed
@case
def a_draw_takes_the_answer_of_one_expert_by_weight(_):
    """Answers at 20 and 80 with weights 3 and 1: a quarter of the draws at 80, none between; mean 35."""
    write("t.csv", "actor,expert,weight,position,salience,capability\nA,Ann,3,20,1,1\nA,Ben,1,80,,\n")
    entente("new", "--from", "t.csv", "s")
    got = quantities("s")["t.outcome"]
    near(got["mean"], 35, 4 * 60 * (0.75 * 0.25 / 4000) ** 0.5)
    same((got["p05"], got["p50"], got["p95"]), (20, 20, 80))


@case
def one_answer_is_what_a_table_without_experts_would_hold(_):
    """The same draws, to the last bit."""
    write("a.csv", HEAD + "A,Ann,20 to 40,0.8,2\nB,Ben,\"uniform(50, 90)\",0.4 to 0.6,1\n")
    write("b.csv", "actor,position,salience,capability\nA,20 to 40,0.8,2\nB,\"uniform(50, 90)\",0.4 to 0.6,1\n")
    for name in "ab":
        os.rename(f"{name}.csv", "t.csv")
        entente("new", "--from", "t.csv", name)
        os.rename("t.csv", f"{name}.csv")
    same(quantities("a"), quantities("b"))
    same([(r["actor"], r["expert"], r["source"]) for r in rows("b", "t.csv")], [("a", "", "t.csv, line 2"), ("b", "", "t.csv, line 3")])


@case
def what_an_expert_leaves_empty_the_others_tell(_):
    write("t.csv", HEAD + "A,Ann,10,,\nA,Ben,,1,\nA,Cleo,,,1\nB,Ben,70,0.5,2\n")
    entente("new", "--from", "t.csv", "s")
    got = quantities("s")["t.outcome"]["by_model"]["compromise"]
    near(got["mean"], (10 * 1 * 1 + 70 * 0.5 * 2) / 2, 1e-9)


@case
def experts_in_files_of_their_own_are_called_by_them(_):
    os.mkdir("filled")
    write("filled/ann.csv", "actor,issue,position,salience,capability,source\nA,fish,10,1,1,said so\n")
    write("ben.csv", "actor;issue;position;salience;capability\nA;fish;30 to 40,5;0,5;1\nA;grain;\"uniform(0,5; 2)\";1;1\n")
    told = json.loads(entente("new", "--from", "filled/ann.csv", "--from", "ben.csv", "s", "--json")[0])
    same(told, {"format": 1, "scenario": "s", "answers": 3, "experts": 2, "actors": 1, "issues": 2})
    same([(r["expert"], r["position"], r["salience"], r["source"]) for r in rows("s", "fish.csv")],
         [("ann", "10", "1", "said so"), ("ben", "30 to 40.5", "0.5", "ben.csv, line 2")])
    same(rows("s", "grain.csv")[0]["position"], "uniform(0.5, 2)")
    quantities("s", 200)


# promise: kept-on-scale
@case
def positions_off_the_usual_scale_make_their_own(_):
    write("t.csv", HEAD + "A,Ann,-3 to 2,1,1\nA,Ben,250,1,1\n")
    entente("new", "--from", "t.csv", "s")
    check("      -3: the low end\n      250: the high end\n" in read("s", "scenario.yaml"))
    quantities("s", 200)


# --- the questionnaire ----------------------------------------------------------------------------------

class Page(html.parser.HTMLParser):
    """The page's text, and that every element that is opened is closed."""
    def __init__(self, text):
        super().__init__()
        self.open, self.words, self.n = [], [], {}
        self.feed(text)
        self.close()
        same(self.open, [])

    def handle_starttag(self, tag, attrs):
        self.n[tag] = self.n.get(tag, 0) + 1
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        same(self.open.pop(), tag)

    def handle_data(self, data):
        self.words.append(data)


# promise: questionnaire-shows-no-number
@case
def a_questionnaire_asks_of_every_actor_on_every_issue_and_shows_no_number(_):
    shown = os.path.join(SOURCE, "scenarios", "european-security-2025")
    out, _err = entente("questionnaire", shown, "asked")
    same(sorted(os.listdir("asked")), ["answers.csv", "questionnaire.html"])
    table = rows("asked", "answers.csv")
    stances = {i: [r["actor"] for r in rows(shown, i + ".csv")] for i in ("enlargement", "war_aim", "payer", "threat", "strategy")}
    same({i: [r["actor"] for r in table if r["issue"] == i] for i in stances}, stances)
    same({r[c] for r in table for c in ("expert", "position", "salience", "capability", "source")}, {""})
    page = Page(read("asked", "questionnaire.html"))
    same(page.n["section"], len({r["issue"] for r in table}))
    same(page.n["tr"], len(table) + page.n["section"])
    check("United States" in page.words and "Poland" in page.words)
    check(f"{len(table)} lines to fill in" in out, out)
    check(all(len(line) <= 80 for line in out.splitlines()[:3]), out)


@case
def names_are_text_in_the_page(_):
    door.write("d", door.SCENARIO.replace("closed for good", "'<b>shut & \"sealed\"'"), door.ACTORS.replace("France", '"<i>France"'))
    entente("questionnaire", "d", "--expert", "A \"<x>\" B", "--issue", "door")
    page = Page(read("d", "questionnaire", "questionnaire.html"))
    for text in ('<b>shut & "sealed"', "<i>France", 'A "<x>" B'):
        check(text in "".join(page.words), text)
    same([r["expert"] for r in rows("d", "questionnaire", "answers.csv")], ['A "<x>" B'] * 3)


@case
def what_cannot_be_asked_is_said(_):
    door.write("d")
    _, err = entente("questionnaire", "d", "asked", "--issue", "dor", code=2)
    check("there is no issue 'dor'; did you mean 'door'?" in err, err)
    entente("questionnaire", "d", "asked")
    _, err = entente("questionnaire", "d", "asked", code=3)
    check("is there already" in err, err)
    entente("questionnaire", "nowhere", "x", code=3)
    door.write("i", door.SCENARIO.replace("stances: door.csv", "stances: {us: {position: 1, salience: 1, capability: 1}}"))
    _, err = entente("questionnaire", "i", "x", code=2)
    check("there is nothing to ask" in err, err)
    same(sorted(os.listdir(".")), ["asked", "d", "i"])


# --- read back --------------------------------------------------------------------------------------------

@case
def a_filled_questionnaire_comes_back_into_the_scenario(_):
    """All cells filled with what the scenario has give the scenario's numbers; one cell changed changes that one."""
    door.write("d")
    entente("questionnaire", "d", "asked", "--expert", "Ann")
    asked, had = rows("asked", "answers.csv"), {r["actor"]: r for r in rows("d", "door.csv")}
    for r in asked:
        r.update({k: had[r["actor"]][k] for k in ("position", "salience", "capability")})
    for name, france in (("same", "40 to 60"), ("other", "90")):
        asked[1]["position"] = france
        with open(f"{name}.csv", "w", newline="", encoding="utf-8") as f:
            out = csv.DictWriter(f, asked[0])
            out.writeheader()
            out.writerows(asked)
        entente("new", "--from", f"{name}.csv", "--like", "d", name)
    before, again, other = (quantities(name, 400) for name in ("d", "same", "other"))
    same(again, before)
    check(other["door.outcome"]["mean"] > before["door.outcome"]["mean"] + 3, other["door.outcome"])
    same(read("same", "scenario.yaml"), read("d", "scenario.yaml"))
    same(read("same", "actors.csv"), read("d", "actors.csv"))


@case
def what_nobody_answered_stays_as_it_was(_):
    door.write("d")
    write("ann.csv", "actor,position,salience,source\nFrance,80,,a speech\n")  # one issue: no column for it; a full name
    write("ben.csv", "actor,position,salience,source\nfr,70,0.9,\n")
    entente("new", "--from", "ann.csv", "--from", "ben.csv", "--like", "d", "s")
    same([tuple(r.values()) for r in rows("s", "door.csv")], [
        ("us", "", "", "10 to 30", "0.8", "100", "", ""), ("fr", "ann", "", "80", "", "", "a speech", ""),
        ("fr", "ben", "", "70", "0.9", "", "ben.csv, line 2", ""), ("fr", "", "", "", "", "40", "", ""),
        ("pl", "", "", "90", "0.9", "20", "", "")])
    got = json.loads(entente("run", "s", "--json", "--quiet", "--draws", "400")[0])
    same(got["inputs"]["door.salience[fr]"]["uncertain"], False)
    # Who answers again replaces what the same name had said; the rest of that is kept apart.
    write("again.csv", "actor,expert,position\nfr,ben,60\n")
    entente("new", "--from", "again.csv", "--like", "s", "t")
    same([(r["expert"], r["position"], r["salience"]) for r in rows("t", "door.csv") if r["actor"] == "fr"],
         [("ben", "60", ""), ("ben before", "", "0.9"), ("", "", "")])
    quantities("t", 100)


# --- what is wrong ----------------------------------------------------------------------------------------

@case
def mistakes_in_a_table_are_told_with_their_place(_):
    wrong({"t.csv": "actor,positon,salience,capability\nA,1,1,1\n"}, "t.csv:1:1: there is no column 'position'; did you mean 'positon'?")
    wrong({"t.csv": HEAD + "A,Ann,1,1.5,1\n"}, "t.csv:2:9: a salience lies between 0 and 1, found 1.5 in '1.5'")
    wrong({"t.csv": HEAD + "A,Ann,1,1,-2\n"}, "t.csv:2:11: a capability is at least 0, found -2 in '-2'")
    wrong({"t.csv": HEAD + "A,Ann,5 to 3,1,1\n"}, "t.csv:2:7: '5 to 3' runs backwards: the lower end comes first")
    wrong({"t.csv": HEAD + "A,Ann,much,1,1\n"}, "t.csv:2:7: 'much' is no number and no distribution; leave the cell empty where nothing is known")
    wrong({"t.csv": HEAD + ",Ann,1,1,1\n"}, "t.csv:2:1: who is this about? The cell 'actor' is empty")
    wrong({"t.csv": "actor,issue,position,salience,capability\nA,,1,1,1\n"}, "t.csv:2:3: on which issue? The cell 'issue' is empty")
    wrong({"t.csv": HEAD + "A,Ann,1,1,1\nA,Ann,2,1,1\n"}, "t.csv:3:3: 'Ann' has spoken of 'A' on 't' already, in t.csv, line 2")
    wrong({"t.csv": "actor,position,salience,capability\nA,1,1,1\nA,2,1,1\n"},
          "t.csv:3:1: somebody without a name has spoken of 'A' on 't' already, in t.csv, line 2")
    wrong({"t.csv": "actor,expert,weight,position,salience,capability\nA,Ann,0,1,1,1\n"},
          "t.csv:2:7: an expert's weight is a number above 0, found '0'")
    wrong({"t.csv": "actor,weight,position,salience,capability\nA,1,1,1,1\n"},
          "t.csv:1:1: there is no column 'expert', and the weight is an expert's")
    wrong({"t.csv": HEAD + "A,Ann,1,1,\nB,Ann,1,1,1\n"}, "t.csv:2:1: nobody tells the capability of 'A' on 't'")
    wrong({"t.csv": HEAD + "A,Ann,,,\n"}, "t.csv:0:0: nothing is answered: no row has a position, a salience or a capability")


# promise: elicit-mistakes
@case
def mistakes_of_all_files_come_at_once(_):
    wrong({"a.csv": HEAD + "A,Ann,1,2,1\n", "b.csv": HEAD + "A,Ben,1,1,1\nA,Ben,x,1,1\n"},
          ["a.csv:2:9: a salience lies between 0 and 1, found 2 in '2'",
           "b.csv:3:3: 'Ben' has spoken of 'A' on 'b' already, in b.csv, line 2"])


@case
def answers_must_fit_the_scenario_they_are_for(_):
    door.write("d")
    wrong({"t.csv": "actor,issue,position\nfrr,door,5\n"}, "t.csv:2:1: 'frr' is no actor of the scenario; did you mean 'fr'?", "--like", "d")
    wrong({"t.csv": "actor,issue,position\nfr,doors,5\n"}, "t.csv:2:4: 'doors' is no issue of the scenario; did you mean 'door'?", "--like", "d")
    wrong({"t.csv": "actor,position\nfr,105\n"}, "t.csv:2:4: a position lies between 0 and 100, found 105 in '105'", "--like", "d")
    door.write("i", door.SCENARIO.replace("stances: door.csv", "stances: {us: {position: 1, salience: 1, capability: 1}}"))
    wrong({"t.csv": "actor,position\nus,5\n"},
          "t.csv:2:1: the stances on 'door' stand in scenario.yaml: put them in a table, which answers can replace", "--like", "i")
    door.write("broken", door.SCENARIO.replace("draws: 400", "drawz: 400"))
    write("t.csv", "actor,position\nus,5\n")
    _, err = entente("new", "--from", "t.csv", "--like", "broken", "made", code=1)
    check("broken/scenario.yaml:3:1: error: 'drawz'" in err, err)
    check(not os.path.exists("made"))


@case
def answers_that_make_no_scenario_write_nothing(_):
    write("t.csv", HEAD + "A,Ann,5,0,1\n")
    _, err = entente("new", "--from", "t.csv", "made", code=1)
    check("nobody counts in 't'" in err, err)
    _, err = entente("new", "--from", "none.csv", "made", code=3)
    check("none.csv: error: is not there" in err, err)
    _, err = entente("new", "--like", "d", "made", code=2)
    check("--like needs --from" in err, err)
    same(os.listdir("."), ["t.csv"])


# promise: elicit-whole
@case
def a_full_disk_leaves_nothing(_):
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    door.write("d")
    write("t.csv", HEAD + "A,Ann,1,1,1\n")
    for words in (("new", "--from", "t.csv", "made"), ("questionnaire", "d", "made")):
        _, err = entente(*words, code=3, before=limit)
        check("cannot be written" in err, err)
        same(sorted(os.listdir(".")), ["d", "t.csv"], words)


# --- the page about it ------------------------------------------------------------------------------------

@case
def the_page_about_experts_is_what_the_program_does(_):
    page = read(SOURCE, "docs", "elicit.md")
    for name, text in re.findall(r"```csv (\S+)\n(.*?)```", page, re.S):
        write(name, text)
    commands = [line for block in re.findall(r"```sh\n(.*?)```", page, re.S) for line in block.splitlines()]
    same(len(commands), 7)
    for line in commands:
        out, err = entente(*shlex.split(line)[1:])
        check(out and not err, line, err)
    same([(r["actor"], r["expert"], r["weight"]) for r in rows("answered", "trade.csv")][:3],
         [("north", "Ann", ""), ("north", "Ben", "2"), ("north", "", "")])


run()
