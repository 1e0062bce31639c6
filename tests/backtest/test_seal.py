#!/usr/bin/python3
"""entente seal, verify and score: what was sealed is made again to the byte, what was altered is noticed."""
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "reference"))
sys.path.insert(0, os.path.join(SOURCE, "tests"))
import score  # noqa: E402
from tap import case, check, run, same  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
CASE = os.path.join(SOURCE, "scenarios", "ec-emissions-1989")
DRAWS = ("--draws", 500)


def entente(*args, code=0):
    done = subprocess.run([ENTENTE, *map(str, args)], capture_output=True, text=True, check=False)
    same(done.returncode, code, args, done.stdout, done.stderr)
    return done.stdout if code == 0 or "--json" in args else done.stdout + done.stderr


def seal(*args):
    entente("seal", CASE, "--date", "1989-01-15", "--out", "record.json", *DRAWS, *args)
    with open("record.json", "rb") as file:
        return file.read()


def write(name, data):
    with open(name, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def reseal(data):
    """The same record with another body and the hash that belongs to it."""
    body = data[:data.rindex(b'"sha256"')]
    return body + b'"sha256":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


# promise: sealed-bytes
@case
def sealed_is_json_with_its_hash(_folder):
    data = seal()
    record = json.loads(data)
    same((record["format"], record["date"], record["draws"], record["scenario"]), (1, "1989-01-15", 500, "ec-emissions-1989"))
    same(record["sha256"], hashlib.sha256(data[:data.rindex(b'"sha256"')]).hexdigest())
    same(len(record["quantities"]["delay.outcome"]["dots"]), 20)
    same(reseal(data), data)
    same(entente("seal", CASE, "--date", "1989-01-15", *DRAWS).encode(), data, "printed without --out")


@case
def numbers_are_those_of_a_run(folder):
    record = json.loads(seal())
    found = json.loads(entente("run", CASE, *DRAWS, "--json", "--out", os.path.join(folder, "out")))
    for name, q in record["quantities"].items():
        same((q["mean"], q["sd"]), (found["quantities"][name]["mean"], found["quantities"][name]["sd"]), name)
    for name, c in record["claims"].items():
        same((c["share"], c["verdict"]), (found["claims"][name]["share"], found["claims"][name]["verdict"]), name)
    same(list(record["claims"]), list(found["claims"]))


@case
def verified_byte_by_byte_on_any_threads(_folder):
    seal("--seed", 2**64 - 1)
    for jobs in (1, 3):
        check("identical" in entente("verify", "record.json", CASE, "--jobs", jobs))
    same(json.loads(entente("verify", "record.json", CASE, "--json"))["identical"], True)


@case
def every_altered_byte_is_noticed(_folder):
    data = seal()
    dice = random.Random(1)
    for at in [0, 1, len(data) - 1, len(data) - 2, len(data) - 5, data.rindex(b'"sha256"')] + dice.sample(range(len(data)), 60):
        changed = bytearray(data)
        changed[at] ^= 1 << dice.randrange(8)
        write("altered.json", bytes(changed))
        done = subprocess.run([ENTENTE, "verify", "altered.json", CASE], capture_output=True, check=False)
        check(done.returncode == 4 or (at < 42 and done.returncode == 1), at, done.returncode, done.stderr)
    for cut in (0, 10, 60, len(data) // 2, len(data) - 1):
        write("altered.json", data[:cut])
        done = subprocess.run([ENTENTE, "verify", "altered.json", CASE], capture_output=True, check=False)
        check(done.returncode in (1, 4), cut, done.returncode)
    check("was altered" in entente("score", "altered.json", "--outcomes", "x.csv", code=1))


@case
def first_difference_is_named(folder):
    data = seal()
    write("other.json", reseal(data.replace(b'"mean":', b'"mean":1', 1)))
    found = json.loads(entente("verify", "other.json", CASE, "--json", code=4))
    same((found["identical"], found["line"], found["entry"], found["member"]), (False, 12, "delay.outcome", "mean"))
    record = json.loads(data)
    check(found["sealed"].startswith("1" + str(record["quantities"]["delay.outcome"]["mean"])), found)
    check(found["now"].startswith(str(record["quantities"]["delay.outcome"]["mean"])), found)
    changed = os.path.join(folder, "ec-emissions-1989")
    shutil.copytree(CASE, changed, ignore=shutil.ignore_patterns("out"))
    with open(os.path.join(changed, "scenario.yaml"), "a", encoding="utf-8") as file:
        file.write("# a remark\n")
    text = entente("verify", "record.json", changed, code=4)
    check("differs in line 7, hash" in text and "not those that were sealed" in text, text)
    write("other.json", reseal(data.replace(b'"version":"', b'"version":"9', 1)))
    check("Another version" in entente("verify", "other.json", CASE, code=4))


# promise: brier
@case
def graded_as_the_twin(_folder):
    record = json.loads(seal())
    write("outcomes.csv", "name,outcome\ndelay.outcome,8.833\nmodels_close,1\nmedian_beats_mean,0\ncompromise_close,1\n"
                          "median_voter.outcome,\n")
    found = json.loads(entente("score", "record.json", "--outcomes", "outcomes.csv", "--json"))
    dots = record["quantities"]["delay.outcome"]["dots"]
    got = found["quantities"]["scores"]["delay.outcome"]
    check(abs(got["crps"] - score.crps(dots, 8.833)) < 1e-12, got)
    check(abs(got["error"] - abs(record["quantities"]["delay.outcome"]["mean"] - 8.833)) < 1e-12, got)
    same(found["unscored"], 4)
    total = 0
    for name, happened in (("models_close", True), ("median_beats_mean", False), ("compromise_close", True)):
        p = min(max(record["claims"][name]["share"], 0.001), 0.999)
        got = found["claims"]["scores"][name]
        check(abs(got["brier"] - score.brier(p, happened)) < 1e-12, name, got)
        check(abs(got["log"] - score.log(p, happened)) < 1e-12, name, got)
        total += score.brier(p, happened) / 3
    check(abs(found["claims"]["brier"] - total) < 1e-12)
    text = entente("score", "record.json", "--outcomes", "outcomes.csv")
    check("sealed on 1989-01-15; 4 outcomes; 4 of the record without one" in text, text)
    check(all(len(line) <= 80 for line in text.splitlines()), text)


@case
def wrong_outcomes_are_told(_folder):
    seal()

    def told(word, table, code=1):
        write("outcomes.csv", table)
        text = entente("score", "record.json", "--outcomes", "outcomes.csv", code=code)
        check(word in text, word, text)
    told("did you mean 'delay.outcome'", "name,outcome\ndelay.outcom,8\n")
    told("1 (it held) or 0", "name,outcome\nmodels_close,0.7\n")
    told("there is no column 'outcome'", "name,result\nmodels_close,1\n")
    told("nothing can be graded", "name,outcome\nmodels_close,\n")
    told("'yes'", "name,outcome\nmodels_close,yes\n")
    told("again", "name,outcome\nmodels_close,1\nmodels_close,0\n")
    check("--outcomes says what happened" in entente("score", "record.json", code=2))
    check("is not there" in entente("score", "record.json", "--outcomes", "none.csv", code=3).lower())


@case
def records_made_by_hand_are_refused(_folder):
    data = seal()
    for old, new in ((b'"draws":500', b'"draws":0'), (b'"draws":500', b'"draws":5e9'), (b'"draws":500', b'"draws":9223372036854775807'),
                     (b'"seed":1', b'"seed":-1'),
                     (b'"date":"1989-01-15"', b'"date":"1989-02-30"'), (b'"dots":[', b'"dots":[1,'),
                     (b'"share":', b'"share":7'), (b'"claims":{', b'"claims":[{'), (b'"claims":', b'"claimz":')):
        write("other.json", reseal(data.replace(old, new, 1)))
        text = entente("verify", "other.json", CASE, code=1)
        check("not what a record says" in text, old, text)


@case
def what_is_undefined_is_not_graded(folder):
    broken = os.path.join(folder, "undefined")
    shutil.copytree(CASE, broken, ignore=shutil.ignore_patterns("out"))
    path = os.path.join(broken, "scenario.yaml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("quantities:\n", "quantities:\n  nowhere:\n    value: 0 * delay.outcome / 0\n    unit: years\n"
                                "    why: undefined on purpose, \"null\"\n"))
    entente("seal", broken, "--date", "1989-01-15", "--out", "record.json", *DRAWS)
    with open("record.json", encoding="utf-8") as file:
        record = json.load(file)
    same((record["quantities"]["nowhere"]["mean"], record["quantities"]["nowhere"]["dots"]), (None, [None] * 20))
    check("identical" in entente("verify", "record.json", broken))
    write("outcomes.csv", "name,outcome\nnowhere,3\nmodels_close,1\n")
    found = json.loads(entente("score", "record.json", "--outcomes", "outcomes.csv", "--json"))
    same((found["quantities"]["n"], found["claims"]["n"], found["unscored"]), (0, 1, len(record["quantities"]) + len(record["claims"]) - 1))


@case
def wrong_words_are_told(_folder):
    check("--date says which day" in entente("seal", CASE, code=2))
    check("not '2025-02-30'" in entente("seal", CASE, "--date", "2025-02-30", code=2))
    check("is not there" in entente("verify", "none.json", CASE, code=3).lower())
    seal()
    entente("verify", "record.json", "none", code=3)
    check("no forecast record" in entente("verify", os.path.join(CASE, "brief.md"), CASE, code=1))
    entente("seal", CASE, "--date", "1989-01-15", "--out", "record.json/below", *DRAWS, code=3)


run()
