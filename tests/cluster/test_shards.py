#!/usr/bin/python3
"""entente run --shard and entente merge: the bytes of one run; what is missing, given twice or of another run is named."""
import json
import os
import shutil

from small import entente, results, scenario
from tap import case, check, run, same


def parts(of, draws, out, *more, name="channel"):
    for k in range(of, 0, -1):
        entente("run", name, "--draws", draws, "--shard", f"{k}/{of}", "--out", out, "--quiet", "--jobs", 1 + k % 2, *more)


# promise: splits-change-nothing
@case
def parts_give_the_bytes_of_one_run(folder):
    scenario()
    want = entente("run", "channel", "--draws", 3000, "--json", "--out", "one", "--csv").stdout
    for of in (1, 2, 5):
        out = f"parts{of}"
        parts(of, 3000, out, "--csv")
        same(entente("merge", out, "--json").stdout, want, of)
        same(results(out), results("one"), of)
        same(sorted(results(out)), ["draws.csv", "report.html", "results.sqlite"])


@case
def a_merge_needs_no_scenario_and_takes_folders_and_files(folder):
    scenario()
    want = entente("run", "channel", "--draws", 2000, "--set", "x=12 to 18", "--json", "--out", "one").stdout
    parts(3, 2000, "p", "--set", "x=12 to 18")
    os.makedirs("q")
    os.rename("p/part-2-of-3.entente", "q/part-2-of-3.entente")
    os.rename("p/part-3-of-3.entente", "last")
    shutil.rmtree("channel")
    same(entente("merge", "p", "q", "last", "--json", "--out", "all").stdout, want)
    same(results("all"), results("one"))
    check("--set 'x=12 to 18'" in json.loads(want)["command"])


@case
def with_what_is_known_the_weights_merge_too(folder):
    scenario(more="given:\n  - {quantity: x, is: 14, error: 2}\n")
    want = entente("run", "channel", "--draws", 3000, "--json", "--out", "one").stdout
    parts(4, 3000, "p")
    same(entente("merge", "p", "--json").stdout, want)


# promise: counts-any-order
@case
def counted_parts_give_the_bytes_of_one_run_and_its_draws_are_made_again(folder):
    scenario(more="given:\n  - {quantity: x, is: 14, error: 2}\n")
    entente("run", "channel", "--draws", 3000, "--quiet", "--out", "kept", "--csv")
    want = entente("run", "channel", "--draws", 3000, "--counts", "--json", "--out", "one", "--csv", "--jobs", 1).stdout
    check(json.loads(want)["counted"] and "--counts" in json.loads(want)["command"], want[:300])
    same(results("one")["draws.csv"], results("kept")["draws.csv"])
    for of in (2, 4):
        out = f"parts{of}"
        parts(of, 3000, out, "--counts", "--csv")
        same(entente("merge", out, "--json").stdout, want, of)
        same(results(out), results("one"), of)
    entente("run", "channel", "--draws", 3000, "--shard", "2/2", "--out", "parts2", "--quiet", "--csv")
    told = entente("merge", "parts2", code=2).stderr
    check("this run" in told and "count" in told, told)


# promise: part-refused-by-name
@case
def what_is_missing_or_there_twice_is_named(folder):
    scenario()
    parts(4, 3000, "p")
    os.rename("p/part-3-of-4.entente", "three")
    told = entente("merge", "p", code=3).stderr
    check("draws 1537 to 2304 of 3000 are in none of the parts; missing: part 3 of 4" in told, told)
    check(not os.path.exists("p/report.html"))
    shutil.copy("three", "four")
    told = entente("merge", "p", "three", "four", code=2).stderr
    check("draws 1537 to 2304 are there already: the same part was given in " in told, told)
    told = entente("merge", "p", "--partial", "--json", code=130)
    got = json.loads(told.stdout)
    check("part-4-of-4.entente is left out" in told.stderr and got["draws"] == 1536 and got["draws_asked"] == 3000, told.stderr)
    want = json.loads(entente("run", "channel", "--draws", 1536, "--json", "--out", "short").stdout)
    same(got["quantities"], want["quantities"])
    same(got["claims"], want["claims"])


@case
def parts_of_other_runs_are_refused(folder):
    scenario()
    scenario("other", "  d: {who: w, says: s, holds: \"x > 15\"}\n")
    parts(2, 1000, "p")
    os.remove("p/part-2-of-2.entente")
    for why, args in (("another scenario", ("other", "--draws", 1000)), ("the seed 5, not", ("channel", "--draws", 1000, "--seed", 5)),
                      ("a run of 1500 draws, not of 1000", ("channel", "--draws", 1500)),
                      ("other settings", ("channel", "--draws", 1000, "--set", "x=11"))):
        entente("run", *args, "--shard", "2/2", "--out", "q", "--quiet")
        told = entente("merge", "p", "q", code=2).stderr
        check(why in told and "part-2-of-2.entente" in told, told)


@case
def damaged_files_are_refused_by_name(folder):
    scenario()
    parts(2, 1000, "p")
    whole = open("p/part-2-of-2.entente", "rb").read()
    for bad, why in ((b"", "no part"), (b"hello", "no part"), (whole[:-1], "cut short"), (whole + b"x", "bytes follow"),
                     (whole[:500] + bytes([whole[500] ^ 1]) + whole[501:], "damaged"), (whole[:300], "cut short"),
                     (whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:], "damaged")):
        with open("p/part-2-of-2.entente", "wb") as file:
            file.write(bad)
        told = entente("merge", "p", code=1).stderr
        check("part-2-of-2.entente" in told and why in told, why, told)
    check(not os.path.exists("p/report.html"))


@case
def wrong_words_are_told(folder):
    scenario()
    for word in ("0/2", "3/2", "x/2", "2", "1/2/3", "/", "-1/2", "1/0", ""):
        told = entente("run", "channel", "--shard", word, code=2).stderr
        check("--shard takes K/M" in told, word, told)
    check("at most 4 parts" in entente("run", "channel", "--draws", 1000, "--shard", "1/5", code=2).stderr)
    check("cannot be read" in entente("merge", "nowhere", code=3).stderr)
    check("no part is there" in entente("merge", "channel", code=3).stderr)


run()
