#!/usr/bin/python3
"""report.html, results.sqlite and the JSON of made-up results with hostile texts and undefined numbers."""
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
from tap import as_on_the_page, case, check, run, same  # noqa: E402

WRITE = os.environ["WRITE_FAKE"]
DOCS = os.path.join(os.environ["ENTENTE_SOURCE"], "docs", "results.md")
HOSTILE = ("</script><!-- \"quo\\te\" \u2028\u2029 \U0001f600 \u202eRTL \x1b[31m\t\n\ufffd & <b>")


def write(folder="out", quantities=8, limit=None):
    def before():
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return subprocess.run([WRITE, folder, str(quantities)], capture_output=True, preexec_fn=before, check=False)


def data_of(html):
    found = re.search(r'<script type="application/json" id="entente-data">(.*?)</script>', html, re.S)
    check(found, "the page has no data block")
    return found.group(1)


# promise: numbers-read-back
@case
def the_json_reads_back_with_every_key(_):
    j = json.loads(write().stdout)
    same(j["format"], 1)
    same(j["seed"], "9007199254740993", "a seed above 2^53 is a string")
    same(j["scenario"], {"id": "fake", "title": HOSTILE, "hash": "00000000deadbeef"})
    same((j["draws"], j["draws_asked"], j["interrupted"]), (500, 20000, True))
    q = j["quantities"]["x[0]"]
    same(set(q), set("mean sd p05 p25 p50 p75 p95 mc_error quantile_error undefined dots without taken by_model unit kind "
                     "issue actor year headline moves known low high".split()))
    same(set(q["quantile_error"]), {"p05", "p25", "p50", "p75", "p95"})
    same((q["known"], q["low"], q["high"], len(q["dots"])), (40, 0, 100, 20))
    same(list(q["by_model"]), ["compromise", "nash", 'mo"de'])
    check(q["without"]["mean"] != q["mean"] and set(q["without"]) == set(q["taken"]))
    same(j["why"], {"attribution": {"method": "exact"}, "levers": {}})
    c = j["claims"]["standstill"]
    same(set(c), set("title explanation who says read where holds when overall needs share mc_error verdict near_threshold counted "
                     "undefined without taken by_model readings drivers".split()))
    same(c["readings"][0]["holds"], "x[0] < 3")
    same(len(c["drivers"][0]["curve"]), 16)
    same(j["provisions"]["pay"]["changes"], ["a: 1", "b: 2"])
    same((j["provisions"]["end"]["binding"], j["provisions"]["pay"]["binding"]), (None, False))
    same(j["inputs"]["us_stake"]["why"], HOSTILE)


@case
def undefined_and_infinite_numbers_are_null(_):
    j = json.loads(write().stdout, parse_constant=lambda name: check(False, name, "is no JSON"))
    q = j["quantities"]["x[4]"]
    same((q["mean"], q["p50"], q["dots"][0], q["without"]["sd"]), (None, None, None, None))
    same((j["quantities"]["x[3]"]["low"], j["quantities"]["x[3]"]["high"]), (None, None))
    same(j["claims"]["later"]["share"], None)


@case
def arms_that_are_equal_are_all_written(_):
    q = json.loads(write().stdout)["quantities"]["x[3]"]
    same(q["moves"], False)
    for arm in ("without", "taken"):
        same(q[arm], {k: q[k] for k in q[arm]})


# promise: report-asks-nothing
@case
def hostile_texts_stay_texts_in_the_page(_):
    plain = json.loads(write().stdout)
    with open("out/report.html", encoding="utf-8") as f:
        html = f.read()
    block = data_of(html)
    check("<" not in block and "\u2028" not in block and "\u2029" not in block)
    page = json.loads(block)
    same(page["quantities"] == as_on_the_page(plain["quantities"]), True)
    same(page["title"], HOSTILE)
    same(page["claims"]["hostile"]["title"], HOSTILE)
    same(html.count("</script>"), html.replace(block, "").count("</script>"))


def documented_tables():
    with open(DOCS, encoding="utf-8") as f:
        text = f.read()
    groups = {}
    summary = re.search(r"Columns named SUMMARY below are (.*?)Columns named SHARE are (.*?)\n\n", text, re.S)
    words = re.findall(r"`(\w+)`", summary.group(1))
    at = words.index("p05_error")
    groups["SUMMARY"] = words[:at] + ["p05_error", "p25_error", "p50_error", "p75_error", "p95_error"] + words[at + 2:]
    groups["SHARE"] = re.findall(r"`(\w+)`", summary.group(2))
    tables = {}
    for row in re.findall(r"^\| `(\w+)` \|[^|]*\| (.*) \|$", text, re.M):
        columns = re.sub(r"\([^)]*\)", "", row[1])
        tables[row[0]] = [c for word in re.findall(r"`\w+`|SUMMARY|SHARE", columns)
                          for c in groups.get(word, [word.strip("`")])]
    return tables


@case
def the_tables_are_those_of_the_documentation(_):
    write()
    db = sqlite3.connect("file:out/results.sqlite?mode=ro", uri=True)
    names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")]
    schema = {n: [r[1] for r in db.execute(f"PRAGMA table_info({n})")] for n in names}
    documented = documented_tables()
    for name in set(documented) | set(schema):
        same(schema.get(name), documented.get(name), name)
    check(all(r[0] for r in db.execute("SELECT strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                                       "AND name NOT LIKE 'sqlite%'")), "every table is STRICT")


@case
def the_database_is_sound_and_says_what_the_json_says(_):
    j = json.loads(write().stdout)
    db = sqlite3.connect("out/results.sqlite")
    same(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    same(db.execute("PRAGMA foreign_key_check").fetchall(), [])
    same(db.execute("PRAGMA user_version").fetchone()[0], 1)
    same(db.execute("PRAGMA application_id").fetchone()[0], 0x656e7431)
    same(db.execute("SELECT seed, hash, title FROM run").fetchone(), ("9007199254740993", "00000000deadbeef", HOSTILE))
    rows = db.execute("SELECT name, arm, mean, p95, p95_error FROM quantity_arms JOIN quantities ON id = quantity").fetchall()
    same(len(rows), 3 * len(j["quantities"]))
    for name, arm, mean, p95, error in rows:
        q = j["quantities"][name]
        q = q if arm == "with" else q[arm]
        same((mean, p95, error), (q["mean"], q["p95"], q["quantile_error"]["p95"]), name, arm)
    for claim, model, share in db.execute("SELECT claim, model, share FROM claim_models"):
        same(share, j["claims"][claim]["by_model"][model]["share"])
    same(db.execute("SELECT count(*) FROM driver_bins").fetchone()[0],
         sum(len(d["curve"]) for c in j["claims"].values() for d in c["drivers"]))


@case
def rounds_and_offers_are_told_in_tables(_):
    write()
    db = sqlite3.connect("out/results.sqlite")
    assert db.execute("SELECT issue, model, arm, stop, rounds, outcome FROM stories").fetchall() == [
        ("door", "challenge", "taken", "settled", 2, 45)]
    assert db.execute("SELECT round, median, mean FROM rounds").fetchall() == [(0, 80, 40), (1, 45, 30), (2, 45, 30)]
    assert db.execute("SELECT actor, position FROM round_positions WHERE round = 1").fetchall() == [("de", 45), ("us", 10)]
    assert db.execute("SELECT round, from_actor, to_actor, kind, stands, asks, eu_from, eu_to, accepted FROM offers").fetchall() == [
        (1, "us", "de", "compromise", 80, 45, 0.5, -0.25, 1), (2, "de", "us", "confrontation", 10, 45, 0.1, None, 0)]
    db.close()


def missing_folders_are_made_and_the_same_results_give_the_same_bytes(_):
    first = write("a/b/c")
    second = write("d")
    same(first.stdout, second.stdout)
    for name in ("report.html", "results.sqlite"):
        with open("a/b/c/" + name, "rb") as a, open("d/" + name, "rb") as b:
            same(a.read() == b.read(), True, name)
    same(sorted(os.listdir("d")), ["report.html", "results.sqlite"])


def content(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            found[name] = f.read()
    return found


# promise: old-or-new
@case
def a_write_that_fails_leaves_the_old_result_and_no_crumbs(_):
    write()
    before = content("out")
    sizes = sorted(len(v) for v in before.values())
    for limit in (0, 100, 4096, sizes[0] - 1, sizes[1] - 1):
        failed = write(limit=limit, quantities=9)
        same(failed.returncode, 3, limit)
        check(b"out/re" in failed.stderr and b"cannot be written" in failed.stderr, failed.stderr)
        same(content("out") == before, True, limit)


@case
def a_folder_below_a_file_and_a_target_that_is_a_folder_are_told(_):
    with open("file", "w", encoding="ascii") as f:
        f.write("x")
    failed = write("file/out")
    same((failed.returncode, failed.stderr), (3, b"file/out: the folder cannot be made: Not a directory\n"))
    os.makedirs("out/report.html/full")
    failed = write("out")
    same(failed.returncode, 3)
    check(failed.stderr.startswith(b"out/report.html: it cannot be replaced: "), failed.stderr)
    check(not [n for n in os.listdir("out") if n.endswith(".part")], os.listdir("out"))


@case
def what_a_killed_run_left_behind_goes_after_a_while(_):
    gone = subprocess.Popen(["true"])
    gone.wait()
    os.mkdir("out")
    names = {f"report.html.{gone.pid}.part": False, f"report.html.{os.getpid()}.part": True, "report.html.1x.part": True,
             f"report.html.{gone.pid}.parts": True, f"other.html.{gone.pid}.part": True}
    for age, kept in ((0, set(names)), (700, {n for n, stays in names.items() if stays})):
        for name in names:
            with open("out/" + name, "w", encoding="ascii"):
                pass
            os.utime("out/" + name, (time.time() - age,) * 2)
        write()
        same(set(os.listdir("out")), kept | {"report.html", "results.sqlite"}, age)


@case
def an_older_runs_draws_go_with_it(_):
    os.mkdir("out")
    with open("out/draws.csv", "w", encoding="ascii") as f:
        f.write("draw\n")
    write()
    same(sorted(os.listdir("out")), ["report.html", "results.sqlite"])


run()
