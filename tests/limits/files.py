#!/usr/bin/python3
"""Limits of what is read from files, through the program: what is just within is taken, one more is refused by an error that names the
limit. Each case is a constant of entente/limits.h, and how to write a scenario or a table of that size."""
import json
import os
import re
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tools")]
from tap import case, check, run, same  # noqa: E402
import limits  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
LIMIT = limits.values()

HEAD = "entente: 1\ntitle: A test\ndraws: 100\nseed: 7\nactors: actors.csv\n"
ACTORS = "id,name,gdp\nus,United States,4\nru,Russia,2\npl,Poland,1\nfr,France,3\n"
STANCES = "actor,position,salience,capability\nus,20,0.5,4\nru,0,1,2\npl,90,1,1\nfr,60,0.5,3\n"
DOOR = "  {id}:\n    title: Door\n    question: Open?\n    scale: {{0: shut, 100: open}}\n    status_quo: 50\n    stances: door.csv\n"
ISSUE = "issues:\n" + DOOR.format(id="door")


def write(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def scenario(more="", actors=ACTORS, stances=STANCES, issues=ISSUE, head=HEAD):
    """Writes a scenario here; returns how it is checked."""
    write("scenario.yaml", head + issues + more)
    write("actors.csv", actors)
    write("door.csv", stances)
    return ["check", "."]


def program(arguments, wait=120):
    done = subprocess.run([ENTENTE, *arguments], capture_output=True, text=True, timeout=wait, check=False)
    check("Sanitizer" not in done.stderr, done.stderr[:2000])
    return done.returncode, done.stdout + done.stderr


def limit(name, words="{limit}", below=True):
    """A case: the function writes what has n of them and returns the program's arguments. Past the limit the message has `words`; at
    it the program is content, or (below=False) finds something else to complain of but not this."""
    def wrap(function):
        def tried(folder):
            at = LIMIT[name]
            says = words.format(limit=at)
            code, told = program(function(at))
            check(code == 0 if below else says not in told, f"at {at}: {told[:600]}")
            code, told = program(function(at + 1))
            check(code in (1, 2) and says in told, f"past {at}: {code}, {told[:600]}")
        tried.__name__ = name
        return case(tried)
    return wrap


# --- files -----------------------------------------------------------------------------------------------------

@limit("ENT_MAX_FILE_BYTES")
def _(n):
    """A table whose last row has a long note; only its size matters."""
    text = ACTORS.replace("gdp\n", "gdp,note\n").replace("4\n", "4,\n").replace("2\n", "2,\n").replace("1\n", "1,\n").replace("3\n", "3,")
    arguments = scenario(actors="")
    with open("actors.csv", "w", encoding="ascii") as file:
        file.write(text + "x" * (n - len(text)))
    return arguments


@limit("ENT_MAX_YAML_DEPTH", "nested deeper than {limit} levels", below=False)
def _(n):
    return scenario("known: " + "[" * (n - 1) + "]" * (n - 1) + "\n")  # within the mapping of all


@limit("ENT_MAX_CSV_COLUMNS", "more than {limit} cells in one row")
def _(n):
    rows = ACTORS.splitlines()
    return scenario(actors="\n".join([rows[0] + "".join(f",c{i}" for i in range(n - 3)), *(row + ",1" * (n - 3) for row in rows[1:])]) + "\n")


@limit("ENT_MAX_FINDINGS", "more than {limit} findings: the rest is not listed", below=False)
def _(n):
    """Rows that are too short, each a mistake."""
    return scenario(actors=ACTORS + "x\n" * n)


def ktab(about="d", deeper=0):
    """KTAB's XML of two actors; `deeper` elements within one another beside them."""
    person = "<Actor><name>{}</name><description>{}</description><capability>10</capability>" \
             "<Position><dCoord>{}</dCoord></Position><Salience><dSal>50</dSal></Salience></Actor>\n"
    write("s.xml", "<?xml version=\"1.0\"?>\n<Scenario xmlns:xsi=\"x\">\n<Dimensions><dName>Door</dName></Dimensions>\n<Actors>\n"
          + person.format("A", about, 10) + person.format("B", "d", 90) + "</Actors>\n" + "<x>" * deeper + "</x>" * deeper + "</Scenario>\n")
    return ["settle", "s.xml", "--quiet"]


@limit("ENT_MAX_XML_DEPTH", "more than {limit} deep")
def _(n):
    return ktab(deeper=n - 1)


@limit("ENT_MAX_XML_TEXT", "is longer than {limit} bytes")
def _(n):
    return ktab(about="d" * n)


# --- scenarios ---------------------------------------------------------------------------------------------------

@limit("ENT_MAX_ID")
def _(n):
    return scenario(f"inputs:\n  {'x' * n}: 1\n")


@limit("ENT_MAX_ACTORS")
def _(n):
    return scenario(actors="id\n" + "".join(f"a{i}\n" for i in range(n)), stances=STANCES.replace("us", "a1").replace("ru", "a2").replace("pl", "a3").replace("fr", "a4"))


@limit("ENT_MAX_ISSUES")
def _(n):
    return scenario(issues="issues:\n" + "".join(DOOR.format(id=f"door{i}") for i in range(n)))


@limit("ENT_MAX_EXPERTS")
def _(n):
    return scenario(stances=STANCES.replace("capability", "capability,expert").replace(",4\n", ",4,A\n").replace(",2\n", ",2,A\n").replace(
        ",1\n", ",1,A\n").replace(",3\n", ",3,A\n") + "".join(f"us,{i % 100},0.5,4,E{i}\n" for i in range(n - 1)))


@limit("ENT_MAX_POSITIONS")
def _(n):
    """A row for each actor, on one issue after another: n actors times issues, all but a few of them empty."""
    issues = 1000
    actors = -(-n // issues)
    with open("table.csv", "w", encoding="ascii") as file:
        file.write("actor,issue,position,salience,capability\n")
        for i in range(actors):
            file.write(f"a{i},i{i % issues},{i % 101},1,1\n")
    return ["settle", "table.csv", "--model", "median", "--issue", "i0", "--quiet"]


def provisions(n, change="x: value + 1", certain=True):
    chance = "" if certain else "takes_hold: 0.5, "
    return "document:\n  title: D\n  provisions:\n" + "".join(f"    p{i}: {{title: P, {chance}changes: {{{change}}}}}\n" for i in range(n))


@limit("ENT_MAX_PROVISIONS")
def _(n):
    return scenario("inputs:\n  x: 1\n" + provisions(n))


@limit("ENT_MAX_SHARED")
def _(n):
    return scenario("inputs:\n  x: 1 to 2\n" + provisions(n) + "quantities:\n  y: share(p0, x)\n")


@limit("ENT_MAX_START")
def _(n):
    return scenario(f"time: {{start: {n}, years: 1}}\n")


@limit("ENT_MAX_YEARS")
def _(n):
    return scenario(f"time: {{start: 2026, years: {n}}}\n")


@limit("ENT_WAR_MAX_MONTHS")
def _(n):
    return scenario(f"models:\n  war: {{use: war, start: 2025-04, months: {n}, line: 6, cost_a: 0.002, cost_b: 0.003, discount: 0.99}}\n")


@limit("ENT_MAX_READINGS", "more than {limit} readings of 'settle'")
def _(n):
    """Sixteen values of one option, and one model more."""
    values = ", ".join(f"{0.5 + i / 100}: 1" for i in range(LIMIT["ENT_MAX_READINGS"] - 1))
    extra = ", compromise: 1, median: 1" if n > LIMIT["ENT_MAX_READINGS"] else ", median: 1"
    return scenario(issues=ISSUE + f"    settle: {{gravity: {{weight: 1, g: {{{values}}}}}{extra}}}\n")


@limit("ENT_MAX_MODEL_OPTIONS", "more than {limit} options of one model", below=False)
def _(n):
    return scenario(issues=ISSUE + "    settle: {gravity: {weight: 1, " + ", ".join(f"o{i}: 1" for i in range(n)) + "}}\n")


@limit("ENT_MAX_GROUP_DEPTH", "more than {limit} groups deep")
def _(n):
    """g0 is asked; g1, which is a member of it, lies one deep. Nobody is in two groups."""
    asked = [f"g{i}" for i in range(n + 1)]
    alone = [f"a{i}" for i in range(n + 1)]
    groups = "".join(f"  {g}: {{members: [{inner}, {other}], rule: consensus, nested: yes}}\n"
                     for g, inner, other in zip(asked, [*asked[1:], "us"], alone))
    people = [*asked[1:], *alone]
    return scenario(f"groups:\n{groups}models:\n  m: {{use: consent, group: g0, issue: door, to: 100, lambda: 2}}\n",
                    actors=ACTORS + "".join(f"{p},{p},1\n" for p in people), stances=STANCES + "".join(f"{p},50,0.5,1\n" for p in people))


@limit("ENT_MAX_CHAIN")
def _(n):
    return scenario("quantities:\n" + "".join(f"  q{i}: q{i + 1} + 1\n" for i in range(n - 1)) + f"  q{n - 1}: 1\n")


@limit("ENT_MAX_NESTED", "more than {limit} deep")
def _(n):
    """A link is so many sums and a name within one another."""
    links = [800] * ((n - 1) // 800)
    links.append(n - sum(links))
    return scenario("quantities:\n" + "".join(f"  q{i}: q{i + 1}{' + 1' * (k - 1)}\n" for i, k in enumerate(links)) + f"  q{len(links)}: 1\n")


@limit("ENT_MAX_POINTS", "more than {limit} points")
def _(n):
    return scenario("inputs:\n  x: \"discrete {" + ", ".join(f"{i}: 1" for i in range(n)) + "}\"\n")


@limit("ENT_MAX_DRAWS")
def _(n):
    return scenario(head=HEAD.replace("draws: 100", f"draws: {n}"))


# --- expressions ---------------------------------------------------------------------------------------------------

def quantity(expression):
    return scenario(f"quantities:\n  q: \"{expression}\"\n")


@limit("ENT_MAX_EXPRESSION_BYTES")
def _(n):
    return quantity("1 +" + " " * (n - 4) + "1")


@limit("ENT_MAX_NESTING")
def _(n):
    return quantity("(" * n + "1" + ")" * n)


@limit("ENT_MAX_DEPTH")
def _(n):
    return quantity("1" + " + 1" * (n - 1))


@limit("ENT_MAX_ARGUMENTS", "more than {limit} arguments")
def _(n):
    return quantity("max(" + ", ".join("1" for _ in range(n)) + ")")


@limit("ENT_MAX_INDICES", "more than {limit} items in brackets", below=False)
def _(n):
    return quantity("door.utility[" + ", ".join(["us"] * n) + "]")


# --- options ---------------------------------------------------------------------------------------------------------

def option(name, flag, *arguments):
    """Of a thing that is not there, which is found out after the options."""
    @limit(name, "--" + flag + " takes a whole number from 1 to {limit}, not", below=False)
    def _(n):
        return [*arguments, "--" + flag, str(n)]


option("ENT_MAX_JOBS", "jobs", "run", "nothing")
option("ENT_MAX_ORDERS", "orders", "attribution", "nothing")
option("ENT_MAX_BASE", "base", "sensitivity", "nothing")
option("ENT_MAX_REPLICATES", "replicates", "backtest", "nothing")
option("ENT_MAX_SAMPLES", "samples", "power", "nothing")


# --- what the report leaves out ----------------------------------------------------------------------------------------

def page(arguments):
    """The data of the report that is made of the scenario here."""
    code, told = program(["run", ".", "--draws", "64", "--out", "made", *arguments])
    check(code == 0, told)
    with open("made/report.html", encoding="utf-8") as file:
        return json.loads(re.search(r'<script type="application/json" id="entente-data">(.*?)</script>', file.read(), re.S).group(1))


def people(n):
    """So many actors, each of a weight of its own."""
    return {"actors": "id\n" + "".join(f"a{i}\n" for i in range(n)),
            "stances": "actor,position,salience,capability\n" + "".join(f"a{i},{i % 101},0.5,{i + 1}\n" for i in range(n))}


@case
def rounds_stances_and_inputs_of_the_report(folder):
    for more in (0, 1):
        most = LIMIT["ENT_REPORT_MAX_STORY"]
        scenario(issues=ISSUE + "    settle: {challenge: {weight: 1, max_rounds: 1}}\n", **people(most + more))
        same(len(page([])["stories"]), 1 - more, most + more)
        most = LIMIT["ENT_REPORT_MAX_STANCES"]
        scenario(issues=ISSUE + "    settle: median\n", **people(most + more))
        told = [s["actor"] for s in page([])["issues"]["door"]["stances"]]
        same(set(told), {f"a{i}" for i in range(more, most + more)})
        most = LIMIT["ENT_REPORT_MAX_INPUTS"]
        scenario("inputs:\n" + "".join(f"  x{i}: 1 to 2\n" for i in range(most + more)), issues="")
        same(len(page([])["inputs"]), most)


# --- what is no whole number, or no error --------------------------------------------------------------------------

@case
def the_greatest_shape(folder):  # ENT_MAX_SHAPE
    most = int(LIMIT["ENT_MAX_SHAPE"])
    for text in ("beta({}, 2)", "beta(2, {})", "gamma({}, 1)"):
        code, told = program(scenario(f"inputs:\n  x: {text.format(most)}\n"))
        check(code == 0, told)
        code, told = program(scenario(f"inputs:\n  x: {text.format(most + 1)}\n"))
        check(code == 1 and f"at most {most}" in told and str(most + 1) in told, told)


@case
def all_subsets_of_provisions_are_run(folder):
    """One more, and orders of them are sampled instead, which the results say."""
    for more in (0, 1):
        n = LIMIT["ENT_EXACT_PROVISIONS"] + more
        scenario("inputs:\n  x: 1 to 2\n" + provisions(n) + "quantities:\n  y: x + 1\n")
        code, told = program(["attribution", ".", "--of", "y", "--draws", "64", "--json"])
        check(code == 0, told[:600])
        facts = json.loads(told)
        check((facts["method"] == "exact") == (more == 0) and (facts["subsets"] == 2 ** n) == (more == 0), n, told[:300])


@case
def mistakes_in_options_that_multiply_are_told_once(folder):
    """Fifteen options with twenty values each are 3e19 readings; the search ends at the first mistake."""
    values = "{" + ", ".join(f"{i}: 1" for i in range(20)) + "}"
    options = ", ".join(f"o{i}: {values}" for i in range(15))
    for last in ("", ", last: [1, 2]", ", p: 1, q: 1"):
        code, told = program(scenario(issues=ISSUE + f"    settle: {{gravity: {{weight: 1, {options}{last}}}}}\n"), wait=30)
        check(code == 1 and told.count("\n") < 20, told[:600])


run()
