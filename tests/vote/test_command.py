#!/usr/bin/python3
"""`entente power` as a user or a script meets it: golden numbers, shipped rules, rules in files and what is wrong in them."""
import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
import unicodedata

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests"))
sys.path.insert(0, os.path.join(SOURCE, "reference"))
import power  # noqa: E402
import rules  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
SHIPPED = ["consensus", "eu-council-lisbon", "eu-council-nice", "majority", "nato", "two-thirds", "un-security-council",
           "us-electoral-college"]


def entente(*args, code=0):
    done = subprocess.run([ENTENTE, *args], capture_output=True, env=ENV, check=False)
    same(done.returncode, code, args, done.stdout.decode(), done.stderr.decode())
    return done.stdout.decode(), done.stderr.decode()


def power_json(*args):
    text, err = entente("power", *args, "--json")
    same(err, "")
    return json.loads(text)


def write(name, text):
    with open(name, "w", encoding="utf-8") as f:
        f.write(text)


def golden():
    games = {}
    with open(os.path.join(SOURCE, "tests", "golden", "power", "power_indices.csv"), encoding="utf-8") as f:
        for row in csv.DictReader(f):
            games.setdefault(row["game"], []).append(row)
    return games


def meets(got, rows):
    for row in rows:
        name = row["member"]
        same(int(got["swings"][name]), int(row["swings"]), name)
        for key in ("banzhaf_absolute", "banzhaf", "shapley_shubik"):
            want = row["banzhaf_normalised" if key == "banzhaf" else key]
            same(f"{got[key][name]:.10f}", want, name, key)


@case
def golden_games_are_met_to_every_digit(_):
    games = golden()
    same(sorted(games), ["EEC6_1958", "EU15", "EU27_Lisbon_WBpop2020_block4", "UNSC_15"])
    for game, quota in (("EEC6_1958", 12), ("EU15", 62), ("UNSC_15", 39)):
        rows = games[game]
        meets(power_json("--weights", ",".join(r["weight"] for r in rows), "--quota", str(quota), "--names",
                         ",".join(r["member"] for r in rows)), rows)


LISBON = """entente: 1
title: Lisbon, population of 2020
members:
%s
rule:
  any:
    - all: [{at_least: 15}, {weights: population, at_least: 65 %%}]
    - {all_but: 3}
"""


@case
def the_council_under_lisbon_is_met_from_a_file(_):
    rows = golden()["EU27_Lisbon_WBpop2020_block4"]
    write("lisbon.yaml", LISBON % "\n".join(f"  {r['member']}: {{population: {r['weight']}}}" for r in rows))
    got = power_json("--rule", "lisbon.yaml")
    meets(got, rows)
    same(got["winning"], 17730600)
    same(got["n"], 27)
    check("exact" in got["method"])


@case
def every_shipped_rule_is_read_by_name_and_by_file(_):
    for name in SHIPPED:
        by_name = power_json("--rule", name)
        same(power_json("--rule", os.path.join(SOURCE, "scenarios", "rules", name + ".yaml")), by_name)
        check(abs(sum(by_name["shapley_shubik"].values()) - 1) < 1e-12, name)
        check("exact" in by_name["method"], name)
        with open(os.path.join(SOURCE, "scenarios", "rules", name + ".yaml"), encoding="utf-8") as f:
            check("\nsource:" in f.read(), name)
    same(sorted(f[:-5] for f in os.listdir(os.path.join(SOURCE, "scenarios", "rules"))), SHIPPED)
    text, _ = entente("power", "--help")
    check(all(name in text.replace("\n", " ") for name in SHIPPED))


@case
def shipped_rules_say_what_is_known_of_them(_):
    council = power_json("--rule", "un-security-council")["shapley_shubik"]
    same((round(council["China"], 5), round(council["Elected 7"], 5)), (0.19627, 0.00186))
    nato = power_json("--rule", "nato")
    same((nato["n"], nato["winning"], nato["shapley_shubik"]["Iceland"]), (32, 1, 1 / 32))
    same(nato["coleman"]["act"], 2.0 ** -32)
    college = power_json("--rule", "us-electoral-college")
    same((college["n"], sum(college["weight"].values())), (51, 538))
    same(college["swings"]["California"], 518714817081760)
    nice = power_json("--rule", "eu-council-nice")
    same((nice["n"], sum(nice["weight"].values())), (28, 352))
    same(power_json("--rule", "majority", "--members", "7")["shapley_shubik"]["3"], 1 / 7)
    same(power_json("--rule", "two-thirds")["winning"], sum([84, 36, 9, 1]))


@case
def integers_beyond_doubles_are_strings(_):
    got = power_json("--rule", "majority", "--members", "63")
    same(got["winning"], str(2 ** 62))
    large = power_json("--weights", ",".join(str(1 + i % 7) for i in range(300)), "--quota", ">50%")
    check(isinstance(large["winning"], str) and int(large["winning"]) <= 2 ** 299)
    check(abs(int(large["winning"]) / 2 ** 300 - large["coleman"]["act"]) < 1e-15)
    check(sum(large["shapley_shubik"].values()) - 1 < 1e-11)


@case
def thousand_members_sum_to_one(_):
    weights = [1 + (37 * i * i) % 2000 for i in range(1000)]
    got = power_json("--weights", ",".join(map(str, weights)), "--quota", ">50%")
    check(abs(sum(got["shapley_shubik"].values()) - 1) < 1e-11)
    order = sorted(range(1000), key=lambda i: weights[i])
    shapley = [got["shapley_shubik"][str(i + 1)] for i in order]
    check(all(a <= b + 1e-15 for a, b in zip(shapley, shapley[1:])), "power does not fall with weight")
    swings = [int(got["swings"][str(i + 1)]) for i in order]
    check(all(a <= b for a, b in zip(swings, swings[1:])))


@case
def quotas_come_as_weights_and_shares(_):
    base = power_json("--weights", "4,4,4,2,2,1", "--quota", "12")["swings"]
    same(power_json("--weights", "4, 4, 4, 2, 2, 1", "--quota", "70%")["swings"], base)    # 11.9
    same(power_json("--weights", "4,4,4,2,2,1", "--quota", ">11")["swings"], base)
    same(power_json("--weights", "0.4,0.4,0.4,0.2,0.2,0.1", "--quota", "1.2")["swings"], base)


@case
def blocs_give_owens_value(_):
    rule = rules.weighted([4, 4, 4, 2, 2, 1], 12)
    got = power_json("--weights", "4,4,4,2,2,1", "--quota", "12", "--names", "de,fr,it,nl,be,lu", "--blocs", "nl+be+lu,de+fr")
    want = power.owen(rule, 6, [1, 1, 2, 0, 0, 0])
    for name, value in zip(["de", "fr", "it", "nl", "be", "lu"], want):
        check(abs(got["owen"][name] - float(value)) < 1e-14, name)
    write("benelux.yaml", "entente: 1\nmembers: {de: {v: 4}, fr: {v: 4}, it: {v: 4}, nl: {v: 2}, be: {v: 2}, lu: {v: 1}}\n"
          "rule: {weights: v, at_least: 12}\nblocs: {benelux: [nl, be, lu], axis: [de, fr]}\n")
    same(power_json("--rule", "./benelux.yaml")["owen"], got["owen"])


@case
def groups_decide_by_their_own_rule(_):
    write("nested.yaml", "entente: 1\nmembers: [a, b, us]\nrule: consensus\n"
          "groups:\n  us: {members: {executive: {weight: 3}, congress: {weight: 2}, public: {weight: 1}},\n"
          "       rule: {weights: weight, more_than: 50 %}}\n")
    got = power_json("--rule", "nested.yaml")
    group = [[(2, 3), (3, 2), (4, 1)], 3, True]
    want = power.shapley_shubik([group, [[(0, 1), (1, 1), (5, 1)], 3, False]], 5)
    for name, value in zip(["a", "b", "executive", "congress", "public"], want):
        check(abs(got["shapley_shubik"][name] - float(value)) < 1e-14, name)
    write("scenario-words.yaml", "entente: 1\nmembers: {a: {w: 3}, b: {w: 2}, c: {w: 1}}\nrule: {weighted: w, quota: 4}\n")
    same(power_json("--rule", "./scenario-words.yaml")["swings"], {"a": 3, "b": 1, "c": 1})
    write("share.yaml", "entente: 1\nmembers: {a: {w: 3}, b: {w: 2}, c: {w: 1}}\nrule: {weighted: w, quota: 0.6}\n")
    same(power_json("--rule", "./share.yaml")["swings"], {"a": 3, "b": 1, "c": 1})


@case
def the_table_reads_well_in_80_columns(_):
    for args in (["--rule", "eu-council-lisbon"], ["--rule", "us-electoral-college", "--blocs", "Texas+Florida"],
                 ["--rule", "nato"], ["--weights", ",".join(["1000000000"] * 80), "--quota", ">50%"]):
        text, err = entente("power", *args)
        same(err, "")
        for line in text.splitlines():
            width = sum(0 if unicodedata.combining(c) else 1 for c in line)
            check(width <= 80, width, line)
    text, _ = entente("power", "--rule", "eu-council-lisbon")
    rows = [line for line in text.splitlines() if line.startswith("  ")]
    check(rows[0].split() == ["member", "population", "%", "Shapley", "%", "Banzhaf", "%", "ratio"], rows[0])
    same(rows[1].split()[0], "Germany")
    same(rows[-1].split()[0], "Malta")
    text, _ = entente("power", "--rule", "eu-council-lisbon", "--quiet")
    check("Source" not in text and "Germany" in text)
    text, _ = entente("power", "--weights", ",".join(["1"] * 80), "--quota", "41")
    check("and 20 more: --csv prints all" in text)


@case
def csv_is_csv(_):
    text, _ = entente("power", "--rule", "us-electoral-college", "--csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    same(len(rows), 51)
    got = power_json("--rule", "us-electoral-college")
    for row in rows:
        same(int(row["swings"]), got["swings"][row["member"]])
        same(float(row["shapley_shubik"]), got["shapley_shubik"][row["member"]])
        same(float(row["prevent"]), got["coleman"]["prevent"][row["member"]])


@case
def sampling_tells_its_interval(_):
    got = power_json("--rule", "eu-council-lisbon", "--method", "sample", "--samples", "20000", "--seed", "5")
    exact = power_json("--rule", "eu-council-lisbon")
    same(got["method"], "random sampling")
    check(got["winning"] is None and "swings" not in got)
    for name, value in got["shapley_shubik"].items():
        check(abs(value - exact["shapley_shubik"][name]) < 5 * got["shapley_shubik_error"][name] + 1e-4, name)
    text, _ = entente("power", "--rule", "eu-council-lisbon", "--method", "sample", "--samples", "20000")
    check("give or take" in text and "random sampling" in text, text)


@case
def bad_usage_is_told(_):
    for args, words in [
            ((), "a rule is needed"), (("--weights", "1,2"), "--weights needs a --quota"),
            (("--weights", "1,x", "--quota", "2"), "'x' is no number"), (("--weights", "1,,2", "--quota", "2"), "'' is no number"),
            (("--weights", "1,2", "--quota", "two"), "--quota takes a weight"),
            (("--weights", "1,2", "--quota", "2", "--rule", "nato"), "not both"),
            (("--weights", "1,2", "--quota", "2", "--names", "a"), "1 names for 2 weights"),
            (("--weights", "1,2", "--quota", "2", "--names", "a,a"), "'a' is there twice"),
            (("--weights", "1,2", "--quota", "2", "--members", "3"), "--members belongs to --rule"),
            (("--rule", "nato", "--quota", "2"), "--quota belongs to --weights"),
            (("--rule", "nata"), "there is no rule 'nata'; did you mean 'nato'?"),
            (("--rule", "nato", "--method", "cuont"), "did you mean 'count'?"),
            (("--rule", "nato", "--blocs", "Germany+Frence"), "did you mean 'France'?"),
            (("--rule", "nato", "--blocs", "Germany+France,Spain+France"), "'France' is in two blocs"),
            (("--rule", "nato", "--csv", "--json"), "not both")]:
        out, err = entente("power", *args, code=2)
        text = err if "--json" not in args else out
        check(words in text, args, out, err)


@case
def impossible_rules_are_told(_):
    for args, words in [
            (("--weights", "1,2", "--quota", "4"), "nobody can satisfy the rule: a weight of 4 is needed"),
            (("--weights", "1,2", "--quota", "0"), "nobody would need to agree"),
            (("--weights", "1,-2", "--quota", "1"), "the weight of member 2 in criterion 1 is -2"),
            (("--weights", "0,0", "--quota", "1"), "every weight of criterion 1 is zero"),
            (("--weights", "1,2", "--quota", "120%"), "a share of the weight is from 0 to 1"),
            (("--weights", "1,2", "--quota", ">3"), "nobody can satisfy the rule: more than 3 is needed")]:
        _, err = entente("power", *args, code=1)
        check(words in err, args, err)
        found = json.loads(entente("power", *args, "--json", code=1)[0])
        check(words in found[0]["message"], found)
    _, err = entente("power", "--rule", "./none.yaml", code=3)
    check("none.yaml" in err, err)


HEAD = "entente: 1\nmembers: {a: {v: 1}, b: {v: 2}, c: {v: 3}}\n"
WRONG = [  # file, line, column, words
    ("entente: 1\nrule: consensus\n", 1, 1, "lacks 'members'"),
    ("entente: 1\nmembers: [a, b]\n", 1, 1, "lacks 'rule'"),
    ("entente: 1\nmembers: []\nrule: consensus\n", 2, 10, "there are no members"),
    ("entente: 1\nmembers: [a, b, a]\nrule: consensus\n", 2, 17, "'a' again"),
    ("entente: 1\nmembers: 0\nrule: consensus\n", 2, 10, "a whole number from 1 to 10000"),
    ("entente: 1\nmembers: 99999\nrule: consensus\n", 2, 10, "a whole number from 1 to 10000"),
    (HEAD + "rule: consensos\n", 3, 7, "did you mean 'consensus'?"),
    (HEAD + "rule: {at_leest: 2}\n", 3, 8, "did you mean 'at_least'?"),
    (HEAD + "rule: {weights: v}\n", 3, 7, "says one of at_least, more_than and all_but"),
    (HEAD + "rule: {at_least: 2, more_than: 1}\n", 3, 7, "says one of at_least, more_than and all_but"),
    (HEAD + "rule: {weights: w, at_least: 2}\n", 3, 17, "there is no 'w' of 'a'"),
    (HEAD + "rule: {weights: v, at_least: 7}\n", 3, 30, "nobody can satisfy it: 'at_least' is 7, all weights sum to 6"),
    (HEAD + "rule: {weights: v, more_than: 100 %}\n", 3, 31, "nobody can satisfy it"),
    (HEAD + "rule: {weights: v, at_least: 0}\n", 3, 30, "nobody would need to agree"),
    (HEAD + "rule: {weights: v, at_least: -1}\n", 3, 30, "nobody would need to agree"),
    (HEAD + "rule: {weights: v, at_least: some}\n", 3, 30, "a number, or a share such as 65 %"),
    (HEAD + "rule: {all_but: 3}\n", 3, 17, "a whole number from 0 to 2"),
    (HEAD + "rule: {at_least: 2, veto: [a, d]}\n", 3, 31, "'d' is no member"),
    (HEAD + "rule: {at_least: 2, of: [a, a]}\n", 3, 29, "'a' again"),
    (HEAD + "rule: {all: []}\n", 3, 13, "empty list"),
    (HEAD + "rule: {all: [a, {at_least: 1}], any: [b]}\n", 3, 7, "not both"),
    (HEAD + "rule: {all: [a, e]}\n", 3, 17, "'e' is no rule and no member"),
    (HEAD + "rule: consensus\nblocs: {x: [a, z]}\n", 4, 16, "'z' is no member"),
    (HEAD + "rule: consensus\nblocs: {x: [a], y: [b, a]}\n", 4, 24, "'a' is in a bloc already"),
    (HEAD + "rule: consensus\ntitel: x\n", 4, 1, "did you mean 'title'?"),
    ("entente: 1\nmembers: {a: {v: -1}, b: {v: 2}}\nrule: {weights: v, at_least: 2}\n", 2, 18, "a number from 0"),
    ("entente: 1\nmembers: {a: {v: .nan}, b: {v: 2}}\nrule: {weights: v, at_least: 2}\n", 2, 18, "a number from 0"),
    ("entente: 1\nmembers: {a: {v: 0}, b: {v: 0}}\nrule: {weights: v, at_least: 2}\n", 3, 30, "nobody can satisfy it"),
    ("entente: 1\nmembers: [a, g]\nrule: consensus\ngroups: {g: {members: [b, g], rule: consensus}}\n", 4, 27,
     "group 'g' contains itself"),
    ("entente: 1\nmembers: [a, g]\nrule: consensus\ngroups:\n  g: {members: [h], rule: consensus}\n"
     "  h: {members: [g], rule: consensus}\n", 6, 17, "group 'g' contains itself"),
    ("entente: 1\nmembers: [a]\nrule: consensus\ngroups: {g: {members: [b], rule: consensus}}\n", 4, 10, "is a member of nothing"),
    ("entente: 1\nmembers: [a, b]\nrule: {all: [a, {at_least: 3}]}\n", 3, 28, "nobody can satisfy it"),
    ("members: [a, b\nrule: consensus\n", None, None, ""),
    ("", None, None, ""),
    ("- 3\n", None, None, ""),
]


@case
def errors_in_files_are_told_at_their_place(_):
    for number, (text, line, column, words) in enumerate(WRONG):
        write("wrong.yaml", text)
        found = json.loads(entente("power", "--rule", "wrong.yaml", "--json", code=1)[0])
        check(found, number, text)
        check(words in found[0]["message"], number, found, words)
        if line is not None:
            same((found[0]["line"], found[0]["column"]), (line, column), number, text, found)


@case
def damaged_files_never_crash(_):
    with open(os.path.join(SOURCE, "scenarios", "rules", "un-security-council.yaml"), encoding="utf-8") as f:
        whole = f.read()
    for cut in range(0, len(whole), 7):
        for text in (whole[:cut], whole[:cut] + "{" + whole[cut:], whole[:cut] + "\t9" + whole[cut + 3:]):
            write("damaged.yaml", text)
            done = subprocess.run([ENTENTE, "power", "--rule", "damaged.yaml", "--quiet"], capture_output=True, env=ENV,
                                  check=False)
            check(done.returncode in (0, 1), done.returncode, text)


@case
def the_page_about_rules_says_what_is(_):
    with open(os.path.join(SOURCE, "docs", "rules.md"), encoding="utf-8") as f:
        page = f.read()
    blocks = re.findall(r"```(\w+)\n(.*?)```", page, re.S)
    same([kind for kind, _ in blocks], ["sh", "yaml", "sh"])
    write("file.yaml", blocks[1][1])
    got = power_json("--rule", "./file.yaml")
    same(got["swings"], {"Germany": 2, "France": 2, "Malta": 0})
    write("table.csv", "actor,position,salience,capability\na,10,1,1\nb,40,1,2\nc,90,1,3\n")
    for command in (blocks[0][1] + blocks[2][1]).splitlines():
        words = shlex.split(command)
        same(words[0], "entente")
        entente(*words[1:])
    for name in SHIPPED:
        check(f"`{name}`" in page, name)


run()
