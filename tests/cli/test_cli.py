#!/usr/bin/python3
"""The program as a user or a script meets it."""
import csv
import json
import os
import pty
import re
import resource
import select
import signal
import sqlite3
import subprocess
import sys
import time
import unicodedata

sys.path.insert(0, os.path.join(os.environ["ENTENTE_SOURCE"], "tests"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import scenario  # noqa: E402
from tap import as_on_the_page, case, check, run, same, skip  # noqa: E402

ENTENTE = os.environ["ENTENTE"]
PLAIN = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/nonexistent"}
UTF8 = dict(PLAIN, LC_ALL="C.UTF-8")
COMMANDS = ("run", "check", "new")


def entente(*args, env=None, code=0, before=None, text=True):
    """Runs the program; fails where it leaves with another code than expected."""
    done = subprocess.run([ENTENTE, *args], capture_output=True, env=env or UTF8, check=False, preexec_fn=before)
    if text:
        done.stdout, done.stderr = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    check(done.returncode == code, f"{args}: exit {done.returncode}, expected {code}; stdout {done.stdout[:400]!r}; "
                                   f"stderr {done.stderr[:600]!r}")
    return done


def cells(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def result(folder="s/out"):
    return {name: read(os.path.join(folder, name)) for name in sorted(os.listdir(folder))}


def page_data(folder="s/out"):
    html = read(os.path.join(folder, "report.html")).decode("utf-8")
    found = re.search(r'<script type="application/json" id="entente-data">(.*?)</script>', html, re.S)
    check(found, "the page has no data block")
    return json.loads(found.group(1))


# --- help and usage ----------------------------------------------------------------------------------

@case
def help_lists_every_command(_):
    for args in ((), ("--help",), ("-h",), ("help",)):
        out = entente(*args).stdout
        for command in COMMANDS:
            check(re.search(rf"^  {command} +\S", out, re.M), args, command, out)
        check(all(cells(line) <= 100 for line in out.splitlines()), out)


@case
def every_command_has_help_with_an_example_and_its_options(_):
    for command in COMMANDS:
        out = entente(command, "--help").stdout
        check(out.startswith(f"usage: entente {command}"), out)
        check(f"\nexample:\n  entente {command}" in out, out)
        for option in ("--json", "--quiet", "--help"):
            check(f"\n  {option}" in out, command, option)
        same(entente("help", command).stdout, out)
        check(all(cells(line) <= 100 for line in out.splitlines()), out)


@case
def the_version_is_printed(_):
    for args in (("--version",), ("-V",), ("version",)):
        check(re.fullmatch(r"entente \d+\.\d+\.\d+\n", entente(*args).stdout), args)


# promise: exit-codes
@case
def usage_errors_name_what_is_near_and_leave_with_2(_):
    scenario.write("s")
    for args, part in (
            (("rnu",), "there is no command 'rnu'; did you mean 'run'?"),
            (("qqqqqqqq",), "there is no command 'qqqqqqqq'; `entente --help` lists them"),
            (("run", "s", "--drws", "5"), "has no option '--drws'; did you mean '--draws'?"),
            (("run", "s", "--drws=5"), "did you mean '--draws'?"),
            (("run", "s", "--zzzzzz"), "entente run has no option '--zzzzzz'; `entente run --help` lists them"),
            (("run",), "entente run takes SCENARIO"),
            (("run", "s", "t"), "but found also t"),
            (("run", "s", "--draws"), "--draws needs a value: --draws N"),
            (("run", "s", "--draws", "--json"), "--draws needs a value"),
            (("run", "s", "--draws", "0"), "--draws takes a whole number from 1 to 9223372036854775807, not '0'"),
            (("run", "s", "--draws", "1e3"), "not '1e3'"),
            (("run", "s", "--draws", "-5"), "not '-5'"),
            (("run", "s", "--draws", "9223372036854775808"), "not '9223372036854775808'"),
            (("run", "s", "--seed", "18446744073709551616"), "--seed takes a whole number"),
            (("run", "s", "--jobs", "5000"), "from 1 to 4096"),
            (("run", "s", "--csv=yes"), "--csv takes no value"),
            (("run", "s", "-d", "5"), "options begin with two dashes, not '-d'"),
            (("run", "s", "--set", "stake"), "--set takes NAME=VALUE"),
            (("run", "s", "--set", "=3"), "--set takes NAME=VALUE"),
            (("check",), "entente check takes SCENARIO")):
        done = entente(*args, code=2)
        check(part in done.stderr, args, done.stderr)
        check(done.stderr.startswith("entente: "), done.stderr)
        if "--json" not in args:
            same(done.stdout, "")


# --- failures ----------------------------------------------------------------------------------------

BROKEN = scenario.SCENARIO.replace("double >= 1", "duoble >= 1").replace("door.outcome > 1000", "dor.outcome > 1000")


@case
def errors_are_lines_with_a_place_and_a_count(_):
    scenario.write("s", BROKEN)
    for command in ("check", "run"):
        done = entente(command, "s", code=1)
        lines = done.stderr.splitlines()
        check(any(re.match(r"s/scenario\.yaml:\d+:\d+: error: .*duoble.*double", line) for line in lines), lines)
        check(any(re.match(r"s/scenario\.yaml:\d+:\d+: error: .*dor\.outcome.*door\.outcome", line) for line in lines), lines)
        same(lines[-1], "2 errors")
        same(done.stdout, "")
    check(not os.path.exists("s/out"))


@case
def under_json_a_failure_is_checks_array_and_nothing_else(_):
    scenario.write("s", BROKEN)
    scenario.write("good")
    for args, code in ((("check", "s"), 1), (("run", "s"), 1), (("run", "nowhere"), 3), (("check", "nowhere"), 3),
                       (("run", "good", "--drws", "3"), 2), (("rnu",), 2), (("run", "good", "--set", "staek=1"), 1),
                       (("run", "good", "--out", "good/actors.csv/x"), 3)):
        done = entente(*args, "--json", code=code)
        found = json.loads(done.stdout)
        check(found and all(set(f) == {"file", "line", "column", "severity", "message"} for f in found), args, found)
        check(any(f["severity"] == "error" and f["message"] for f in found), args, found)
        check(done.stderr.strip(), args, "stderr says it as well")
    same(json.loads(entente("check", "good", "--json").stdout), [])


@case
def a_scenario_that_is_not_there_is_an_io_error(_):
    done = entente("run", "nowhere", code=3)
    check("nowhere" in done.stderr and "error" in done.stderr, done.stderr)


@case
def hostile_names_in_messages_cannot_reach_the_terminal(_):
    name = "s\x1b[31m\u202e"
    done = entente("check", name, code=3)
    check("\x1b" not in done.stderr and "\u202e" not in done.stderr, done.stderr)
    done = entente("run", "\udcff\udcfe", code=3, text=False)
    done.stderr.decode("utf-8")


@case
def a_folder_that_cannot_be_written_to_is_an_io_error_with_the_path(_):
    scenario.write("s")
    for out in ("s/actors.csv/out", "/proc/entente"):
        done = entente("run", "s", "--out", out, code=3)
        check(out in done.stderr, done.stderr)
        same(done.stdout, "")


# promise: whole-or-not
@case
def a_full_disk_leaves_the_old_result(_):
    scenario.write("s")
    entente("run", "s")
    before = result()

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    done = entente("run", "s", "--seed", "8", code=3, before=limit)
    check("s/out/" in done.stderr, done.stderr)
    same(result() == before, True)


@case
def a_full_file_system_is_told(folder):
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], capture_output=True, check=False)
    if mounted.returncode != 0:
        skip("a small file system cannot be mounted here")
    try:
        os.chdir("/")
        os.chdir(folder)
        os.mkdir("out")
        scenario.write("s")
        done = entente("run", "s", "--out", "out", code=3)
        check("No space left" in done.stderr or "full" in done.stderr, done.stderr)
        same(os.listdir("out"), [])
    finally:
        os.chdir("/")
        subprocess.run(["umount", folder], check=True)


@case
def a_standard_output_that_takes_nothing_is_an_io_error(_):
    scenario.write("s")
    for args in (("run", "s"), ("run", "s", "--json"), ("--help",), ("check", "s")):
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run([ENTENTE, *args], stdout=full, stderr=subprocess.PIPE, env=UTF8, check=False)
        same(done.returncode, 3, args)
        check(b"standard output: No space left" in done.stderr, done.stderr)


@case
def more_draws_than_memory_holds_say_how_much_they_need(_):
    scenario.write_heavy("s")
    done = entente("run", "s", "--draws", "300000", "--memory", "1", code=1)
    check(re.search(r"need [0-9.]+ MB of memory and 1.0 MB are allowed", done.stderr), done.stderr)
    done = entente("run", "s", "--draws", "1000000000000", code=2)
    check("it must be 1 to 4294967295" in done.stderr, done.stderr)


# --- results -----------------------------------------------------------------------------------------

@case
def json_has_the_keys_that_are_promised(_):
    scenario.write("s")
    j = json.loads(entente("run", "s", "--json").stdout)
    for key in ("format", "scenario", "version", "seed", "draws", "effective_draws", "quantities", "claims", "provisions"):
        check(key in j, key)
    same((j["format"], j["seed"], j["draws"]), (1, 7, 400))
    q = j["quantities"]["door.outcome"]
    for key in "mean sd p05 p25 p50 p75 p95 mc_error quantile_error without taken by_model".split():
        check(key in q, key)
    same(sorted(q["by_model"]), ["compromise", "median"])
    check("door.utility[us]" in j["quantities"], list(j["quantities"])[:50])
    c = j["claims"]["standstill"]
    for key in "share mc_error verdict without taken by_model".split():
        check(key in c, key)
    same((j["claims"]["never"]["share"], j["claims"]["never"]["verdict"]), (0, "does not follow"))
    share = j["provisions"]["shut"]["share"]
    check(abs(share - 0.5) < 5 * (0.25 / 400) ** 0.5, share)
    check(c["share"] > c["without"]["share"] and c["taken"]["share"] > c["share"], c)


@case
def the_page_and_the_database_say_what_the_json_says(_):
    scenario.write("s")
    j = json.loads(entente("run", "s", "--json").stdout)
    same(sorted(os.listdir("s/out")), ["report.html", "results.sqlite"])
    page = page_data()
    for key in ("quantities", "claims", "provisions", "inputs", "draws", "seed"):
        same(page[key] == as_on_the_page(j[key]), True, key)
    db = sqlite3.connect("s/out/results.sqlite")
    same(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    same(db.execute("PRAGMA foreign_key_check").fetchall(), [])
    same(dict(db.execute("SELECT claim, share FROM claim_arms WHERE arm = 'with'")),
         {k: c["share"] for k, c in j["claims"].items()})
    same(db.execute("SELECT count(*) FROM quantities").fetchone()[0], len(j["quantities"]))


# promise: every-input-told
@case
def the_page_tells_the_whole_story(_):
    scenario.write("s")
    entente("run", "s", "--quiet")
    page = page_data()
    same(page["scenario"]["id"], "s")
    same(page["document"]["issuer"], "us")
    same(page["actors"]["pl"]["name"], "Poland")
    same(page["groups"]["allies"]["members"], ["us", "fr", "pl"])
    issue = page["issues"]["door"]
    same((issue["low"], issue["high"], issue["labels"][0]), (0, 100, {"at": 0, "text": "closed for good"}))
    same(issue["settle"], [{"model": "compromise", "share": 0.5}, {"model": "median", "share": 0.5}])
    stance = {s["actor"]: s for s in issue["stances"]}
    same((stance["us"]["position"]["text"], stance["pl"]["position"]["with"]["p50"]), ("10 to 30", 90))
    check(stance["us"]["position"]["taken"]["p95"] < stance["us"]["position"]["without"]["p50"], stance["us"])
    same(page["inputs"]["stake"]["why"], "a test")
    same(page["given"], [])
    check(page["models"]["median"]["citation"], page["models"])
    check({"door.outcome", "standstill"} <= {n["id"] for n in page["graph"]["nodes"]}, page["graph"])
    same({f["name"]: f["text"] for f in page["files"]}["actors.csv"], scenario.ACTORS)


@case
def threads_change_no_byte(_):
    scenario.write("s")
    first = None
    for jobs in ("1", "2", "8"):
        out = entente("run", "s", "--json", "--csv", "--jobs", jobs, "--draws", "1500").stdout
        now = (out, result())
        first = first or now
        same(now[0] == first[0], True, "JSON with", jobs, "threads")
        for name in first[1]:
            same(now[1][name] == first[1][name], True, name, "with", jobs, "threads")


@case
def the_command_in_the_result_gives_it_again(_):
    scenario.write("s")
    out = entente("run", "s", "--json", "--draws", "300", "--seed", "9007199254740993", "--set", "stake=0.1 to 0.3").stdout
    j = json.loads(out)
    same(j["seed"], "9007199254740993")
    check(j["command"].startswith("entente run "), j["command"])
    again = subprocess.run(["/bin/sh", "-c", ENTENTE + j["command"][len("entente"):] + " --json"], capture_output=True,
                           env=UTF8, check=False)
    same(again.stdout.decode("utf-8") == out, True, j["command"], again.stderr)


# promise: one-row-a-draw
@case
def draws_are_written_one_row_each(_):
    scenario.write("s")
    j = json.loads(entente("run", "s", "--json", "--csv").stdout)
    with open("s/out/draws.csv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    same([r["draw"] for r in rows], [str(i) for i in range(1, 401)])
    same({r["weight"] for r in rows}, {"1"})
    q, c = j["quantities"]["door.outcome"], j["claims"]["standstill"]
    for name, want in (("door.outcome", q["mean"]), ("without(door.outcome)", q["without"]["mean"]),
                       ("taken(door.outcome)", q["taken"]["mean"]), ("claim(standstill)", c["share"]),
                       ("without(claim(standstill))", c["without"]["share"])):
        got = sum(float(r[name]) for r in rows) / 400
        check(abs(got - want) < 1e-9, name, got, want)
    check({r["compromise:1,median:1"] for r in rows} == {"compromise", "median"})
    entente("run", "s")
    same(sorted(os.listdir("s/out")), ["report.html", "results.sqlite"])


@case
def settings_change_an_input_and_unknown_ones_are_errors(_):
    scenario.write("s")
    j = json.loads(entente("run", "s", "--json", "--set", "stake=0.9").stdout)
    same(j["claims"]["large"]["share"], 1)
    done = entente("run", "s", "--set", "staek=0.9", code=1)
    check("staek" in done.stderr and "stake" in done.stderr, done.stderr)


@case
def a_file_may_stand_for_its_folder(_):
    scenario.write("s")
    one = entente("run", "s", "--json").stdout
    os.rename("s/out", "before")
    two = entente("run", "s/scenario.yaml", "--json").stdout
    same(json.loads(one)["claims"] == json.loads(two)["claims"], True)
    same(sorted(os.listdir("s/out")), ["report.html", "results.sqlite"])


@case
def hostile_texts_are_shown_as_texts(_):
    hostile = "</script><b>\"q\" \U0001f600 \u202eRTL\u2028 it's"
    text = scenario.SCENARIO.replace("title: Does the door stay open?", "title: " + json.dumps(hostile))
    text = text.replace("title: The stake is large", "title: " + json.dumps(hostile))
    scenario.write("s", text, scenario.ACTORS.replace("Poland", "\"Pol</script>,\"\"and\""))
    out = entente("run", "s").stdout
    check("\u202e" not in out and "\u2028" not in out, out)
    check("</script><b>\"q\"" in out, out)
    page = page_data()
    same(page["scenario"]["title"], hostile)
    same(page["actors"]["pl"]["name"], "Pol</script>,\"and")


@case
def a_folder_with_a_hostile_name_works(_):
    name = "it's \"a\" $(touch x) \u202e \U0001f600;"
    scenario.write(name)
    out = entente("run", name).stdout
    check("\u202e" not in out)
    j = json.loads(entente("run", name, "--json").stdout)
    same(j["scenario"]["id"], name)
    again = subprocess.run(["/bin/sh", "-c", ENTENTE + j["command"][len("entente"):] + " --json"], capture_output=True,
                           env=UTF8, check=False)
    same(json.loads(again.stdout)["claims"] == j["claims"], True, j["command"], again.stderr)
    check(not os.path.exists("x"))


# --- the terminal ------------------------------------------------------------------------------------

@case
def the_summary_keeps_to_80_columns_in_both_encodings(_):
    long = "A very long sentence about enlargement and what it means for the alliance in the years to come, with \u4e2d\u6587"
    scenario.write("s", scenario.SCENARIO.replace("title: The stake is large", "title: " + json.dumps(long))
                   .replace("title: Does the door stay open?", "title: " + json.dumps(long + " " + long))
                   .replace("closed for good", json.dumps(long)))
    for env in (UTF8, PLAIN):
        out = entente("run", "s", env=env).stdout
        wide = [line for line in out.splitlines() if cells(line) > 80]
        same(wide, [])
        check("\x1b" not in out)
        if env is PLAIN:
            check(out.isascii(), out)
        for part in ("400 draws of", "Outcomes", "Claims", "Enlargement comes to a standstill", "does not follow",
                     "Provisions", "The door is to be shut", "s/out/report.html", "Next"):
            check(part in out, part, out)


@case
def a_claim_that_compares_what_is_undefined_says_so(_):
    scenario.write("s", scenario.SCENARIO.replace("door.outcome > 1000", "1 / (stake - stake) > 1"))
    out = entente("run", "s").stdout
    check('In 100 % of the draws "The door falls off" compares an undefined value' in " ".join(out.split()), out)
    scenario.write("t")
    check("undefined" not in entente("run", "t").stdout)


@case
def claims_come_by_verdict_and_then_by_share(_):
    scenario.write("s")
    out = entente("run", "s").stdout
    order = [v for v in re.findall(r"^  [^\w\s]\S* +(follows|leans to|open|leans against|does not follow|depends on the model)",
                                   out, re.M)]
    rank = ["follows", "leans to", "open", "leans against", "does not follow", "depends on the model"]
    same(len(order), 3, out)
    same(order, sorted(order, key=rank.index))


@case
def without_a_document_nothing_is_said_of_one(_):
    text = re.sub(r"document:.*?(?=\nclaims:)", "", scenario.SCENARIO, flags=re.S)
    scenario.write("s", text)
    out = entente("run", "s").stdout
    check("->" not in out and "\u2192" not in out and "document" not in out and "Provisions" not in out, out)


@case
def of_very_many_outcomes_and_claims_the_most_telling_are_shown(_):
    more = "".join(f"  road{i}:\n    question: Is road {i} built?\n    scale: {{0: no, 100: yes}}\n    stances: door.csv\n"
                   "    settle: {compromise: 1}\n" for i in range(15))
    text = scenario.SCENARIO.replace("\ninputs:\n", "\n" + more + "\ninputs:\n")
    claims = "".join(f"  c{i}:\n    title: Claim {i}\n    who: nobody\n    says: It is so.\n    holds: \"stake > 0.{i + 10}\"\n"
                     for i in range(80))
    scenario.write("s", text + claims)
    out = entente("run", "s").stdout
    check(re.search(r"^  Door ", out, re.M), out)
    same(re.findall(r"^  \d+ more in the report", out, re.M)[1:], ["  23 more in the report"])
    same(len(re.findall(r"^  (?:Door|Road).*[|\u2502]$", out, re.M)), 12, out)
    same([line for line in out.splitlines() if cells(line) > 80], [])


@case
def few_effective_draws_are_warned_of(_):
    scenario.write("s")
    check("effective sample" not in entente("run", "s").stdout)
    check("Warning: the result rests on an effective sample of 50 draws" in
          entente("run", "s", "--draws", "50").stdout)


def on_terminal(args, env, interrupt=None):
    """Runs with standard output and error on a pseudo-terminal; returns exit code and what was shown."""
    pid, master = pty.fork()
    if pid == 0:
        os.execve(ENTENTE, [ENTENTE, *args], env)
    shown = b""
    start = time.monotonic()
    while True:
        ready, _, _ = select.select([master], [], [], 0.05)
        if ready:
            try:
                more = os.read(master, 65536)
            except OSError:
                more = b""
            if not more:
                break
            shown += more
        if interrupt is not None and time.monotonic() - start > interrupt:
            os.write(master, b"\x03")
            interrupt = None
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode("utf-8", "replace")


@case
def colour_comes_on_a_terminal_alone_and_no_color_stops_it(_):
    scenario.write("s")
    env = dict(UTF8, TERM="xterm")
    code, shown = on_terminal(["run", "s"], env)
    same(code, 0, shown)
    check("\x1b[34m" in shown or "\x1b[33m" in shown, shown)
    _, shown = on_terminal(["run", "s"], dict(env, NO_COLOR="1"))
    check("\x1b" not in shown, shown)
    _, shown = on_terminal(["run", "s"], dict(env, TERM="dumb"))
    check("\x1b" not in shown, shown)
    check("\x1b" not in entente("run", "s", env=env).stdout)


@case
def quiet_prints_nothing(_):
    scenario.write("s")
    done = entente("run", "s", "--quiet")
    same((done.stdout, done.stderr), ("", ""))
    same(sorted(os.listdir("s/out")), ["report.html", "results.sqlite"])


# --- interruption ------------------------------------------------------------------------------------

LONG = ("--draws", "3000000")


def start_long(*args):
    """A run of many actors that takes seconds, half a second after its start."""
    process = subprocess.Popen([ENTENTE, "run", "s", *LONG, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=UTF8)
    time.sleep(0.5)
    check(process.poll() is None, "the run is too short to interrupt")
    return process


@case
def ctrl_c_keeps_what_is_finished_with_the_bytes_of_a_run_of_that_many_draws(_):
    scenario.write_heavy("s")
    process = start_long("--json")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    same(process.returncode, 130, err)
    j = json.loads(out)
    same((j["interrupted"], j["draws_asked"]), (True, 3000000))
    check(0 < j["draws"] < 3000000, j["draws"])
    check(f"stopped after {j['draws']} of 3000000 draws".encode() in err, err)
    same(page_data()["draws"], j["draws"])
    same(sqlite3.connect("s/out/results.sqlite").execute("PRAGMA integrity_check").fetchall(), [("ok",)])
    counts = ["--counts"] if j.get("counted") else []
    again = json.loads(entente("run", "s", "--draws", str(j["draws"]), *counts, "--json", "--out", "again").stdout)
    for key in again:
        if key not in ("draws_asked", "interrupted"):
            same(again[key] == j[key], True, key)


@case
def a_second_ctrl_c_leaves_at_once_and_the_old_result_stands(_):
    scenario.write_heavy("s")
    entente("run", "s", "--quiet")
    before = result()
    process = start_long()
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.002)
    start = time.monotonic()
    process.communicate(timeout=60)
    same(process.returncode, 130)
    check(time.monotonic() - start < 1)
    now = result()
    check(now == before or json.loads(entente("run", "s", "--json").stdout), "neither old nor whole")


# promise: old-or-new
@case
def kill_during_a_run_leaves_the_old_result_whole(_):
    scenario.write_heavy("s")
    entente("run", "s", "--quiet")
    before = result()
    process = start_long()
    process.kill()
    process.communicate()
    same(result() == before, True)


@case
def progress_is_one_line_on_a_terminal(_):
    scenario.write_heavy("s")
    code, shown = on_terminal(["run", "s", *LONG], dict(UTF8, TERM="xterm"), interrupt=1.2)
    same(code, 130, shown[-500:])
    check(re.search(r"\r[\d ]+ of 3 000 000 draws   [\d ]+ a second   \d+:\d\d left", shown), shown[:400])
    check("stopping after the draws under way" in shown, shown[:2000])
    check("Stopped after" in shown, shown[-3000:])


# --- new ---------------------------------------------------------------------------------------------

@case
def a_new_scenario_runs_as_it_is_and_is_not_overwritten(_):
    check("entente run fresh" in entente("new", "fresh").stdout)
    entente("check", "fresh")
    j = json.loads(entente("run", "fresh", "--json").stdout)
    check(j["quantities"] and j["claims"])
    before = read("fresh/scenario.yaml")
    done = entente("new", "fresh", code=3)
    check("fresh" in done.stderr, done.stderr)
    same(read("fresh/scenario.yaml"), before)
    same(json.loads(entente("new", "other", "--json").stdout)["scenario"], "other")


run()
