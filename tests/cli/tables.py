"""Tables of actors in every format that `entente settle` and `entente import` read, made from the golden inputs."""
import csv
import os
from xml.sax.saxutils import escape

GOLDEN = os.path.join(os.environ["ENTENTE_SOURCE"], "tests", "golden")

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
SCALE = ("--low", "4", "--high", "10")

# KTAB's parameters, each with its words in the order of the numbers that the golden file names variants by.
PARAMETERS = {
    "vpm": ("VictoryProbModel", ["Linear", "Square", "Quartic", "Octic", "Binary"]),
    "pcem": ("PCEModel", ["Conditional", "MarkovIncentive", "MarkovUniform"]),
    "stm": ("StateTransitions", ["Deterministic", "Stochastic"]),
    "vr": ("VotingRule", ["Binary", "PropBin", "Prop", "PropCbc", "Cubic", "ASymProsp"]),
    "bigRAdj": ("BigRAdjust", ["None", "OneThird", "Half", "TwoThirds", "Full"]),
    "bigRRng": ("BigRRange", ["Min", "Mid", "Max"]),
    "tpc": ("ThirdPartyCommit", ["NoCommit", "SemiCommit", "FullCommit"]),
    "ivb": ("InterVecBrgn", ["S1P1", "S2P2", "S2PMax"]),
    "bmod": ("BargnModel", ["InitOnlyInterp", "InitRcvrInterp", "PWCompInterp"]),
}


def write(name, text):
    with open(name, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    return name


def rows(*path):
    with open(os.path.join(GOLDEN, *path), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def path(*parts):
    return os.path.join(GOLDEN, *parts)


def ktab(name):
    """The golden KTAB table as dimensions and [(actor, about, capability, [position], [salience])]."""
    with open(path("spatial", "inputs", name), encoding="utf-8", newline="") as f:
        lines = [[cell.strip() for cell in row] for row in csv.reader(f) if row]
    dims = int(lines[0][3])
    actors = [(r[0], r[1], r[2], r[3:3 + 2 * dims:2], r[4:4 + 2 * dims:2]) for r in lines[2:]]
    return lines[1][3:3 + 2 * dims:2], actors


def ktab_xml(dimensions, actors, parameters=None, extra=""):
    out = ["<?xml version='1.0'?>", "<Scenario>", "<name>Dummy</name>", "<desc>For a test</desc>"]
    if parameters is not None:
        out += ["<ModelParameters>", *(f"<{k}>{v}</{k}>" for k, v in parameters.items()), "</ModelParameters>"]
    out += ["<Dimensions>", *(f"<dName>{escape(d)}</dName>" for d in dimensions), "</Dimensions>", "<Actors>"]
    for name, about, capability, position, salience in actors:
        out += [f"<Actor><name>{escape(name)}</name><description>{escape(about)}</description>",
                f"<capability>{capability}</capability>",
                "<Position>" + "".join(f"<dCoord>{x}</dCoord>" for x in position) + "</Position>",
                "<Salience>" + "".join(f"<dSal>{x}</dSal>" for x in salience) + "</Salience></Actor>"]
    return "\n".join(out + ["</Actors>", extra, "</Scenario>"]) + "\n"


def decide(delimiter="\t", comma=False):
    """The golden sample of the exchange model as the program's data file."""
    table = rows("exchange", "sample_data", "input_normalised.csv")
    lines = [["#O", "A training case"], ["#/", "ID", "Full name"]]
    lines += [["#A", a, f"The party {a}"] for a in dict.fromkeys(r["actor"] for r in table)]
    for issue in dict.fromkeys(r["issue"] for r in table):
        lines += [["#P", issue, f"What of {issue}?"], ["#M", issue, "0", "no"], ["#M", issue, "100", "yes, fully"]]
    for r in table:
        number = [r["position_0_100"], r["salience"], r["power"]]
        lines.append(["#D", r["actor"], r["issue"], *(x.replace(".", ",") if comma else x for x in number)])
    return "\n".join(delimiter.join(f'"{c}"' if delimiter in c else c for c in line) for line in lines) + "\n"


def long_table():
    """The same in our own format, a row for each actor on each issue."""
    return "actor,issue,position,salience,capability\n" + "".join(
        f'{r["actor"]},{r["issue"]},{r["position_0_100"]},{r["salience"]},{r["power"]}\n'
        for r in rows("exchange", "sample_data", "input_normalised.csv"))


def wide_table():
    """The same again, a row an actor."""
    table = rows("exchange", "sample_data", "input_normalised.csv")
    issues = list(dict.fromkeys(r["issue"] for r in table))
    cell = {(r["actor"], r["issue"]): r for r in table}
    head = ["actor"] + [f"{k}.{issue}" for issue in issues for k in ("position", "salience", "capability")]
    out = [",".join(head)]
    for actor in dict.fromkeys(r["actor"] for r in table):
        line = [actor]
        for issue in issues:
            r = cell.get((actor, issue))
            line += [r["position_0_100"], r["salience"], r["power"]] if r else ["", "", ""]
        out.append(",".join(line))
    return "\n".join(out) + "\n"
