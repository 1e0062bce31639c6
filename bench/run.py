#!/usr/bin/python3
"""Times whole runs of the program against the figures it is meant to reach: bench/run.py BUILD [NAME...]

Each figure is the best of several runs of the whole process (start, reading, draws, files), since other work on the machine
can only make a run slower; the median is printed beside it. Nothing here fails: it prints a table."""
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SPINE = os.path.join(HERE, "spine")
SHIPPED = os.path.join(HERE, "..", "scenarios", "european-security-2025")
EMISSIONS = os.path.join(HERE, "..", "scenarios", "ec-emissions-1989")
LARGE = os.path.join(HERE, "make_large.py")


def once(command):
    """Seconds and peak memory in MB of one process."""
    with open(os.devnull, "wb") as null:
        start = time.monotonic()
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null.fileno(), 1)])
        _, status, usage = os.wait4(pid, 0)
        seconds = time.monotonic() - start
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{' '.join(command)}: exit {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / 1024


class Bench:
    def __init__(self, build):
        self.program = os.path.abspath(os.path.join(build, "cli", "entente"))
        self.challenge = os.path.abspath(os.path.join(build, "bench", "bench_challenge"))
        self.spatial = os.path.abspath(os.path.join(build, "bench", "bench_spatial"))
        self.exchange = os.path.abspath(os.path.join(build, "bench", "bench_exchange"))
        self.war = os.path.abspath(os.path.join(build, "bench", "bench_war"))
        self.vote = os.path.abspath(os.path.join(build, "bench", "bench_vote"))
        self.alliance = os.path.abspath(os.path.join(build, "bench", "bench_alliance"))
        self.out = tempfile.mkdtemp(prefix="entente-bench-")
        self.best = {}

    def time(self, name, *args, runs=5):
        """Best and median seconds, peak memory; remembered under `name`."""
        if name not in self.best:
            seen = [once([self.program, *args]) for _ in range(runs)]
            seconds = [s for s, _ in seen]
            self.best[name] = min(seconds), statistics.median(seconds), max(m for _, m in seen)
        return self.best[name]

    def run(self, draws, jobs, runs=3):
        return self.time(f"run {draws} {jobs}", "run", SPINE, "--draws", str(draws), "--jobs", str(jobs), "--quiet", "--out",
                         self.out, runs=runs)


def row(name, figure, target, met, beside=""):
    mark = "" if met is None else "met" if met else "missed"
    print(f"{name:<52} {figure:>12} {target:>12}  {mark:<7} {beside}".rstrip(), flush=True)


def seconds_row(name, timed, target):
    best, median, memory = timed
    unit = (lambda s: f"{1000 * s:.0f} ms") if target < 1 else (lambda s: f"{s:.2f} s")
    row(name, unit(best), unit(target), best <= target, f"median {unit(median)}, {memory:.0f} MB")


def draws(bench):
    two = bench.run(100000, 2)
    seconds_row("100 000 draws, 2 threads", two, 2)
    row("  peak memory", f"{two[2]:.0f} MB", "200 MB", two[2] <= 200)
    one = bench.run(100000, 1)
    row("100 000 draws, 1 thread", f"{one[0]:.2f} s", "", None, f"median {one[1]:.2f} s, {one[2]:.0f} MB")
    row("  2 threads are faster by", f"{one[0] / two[0]:.2f}", "1.80", one[0] / two[0] >= 1.8)


def linear(bench):
    half, whole = bench.run(50000, 2), bench.run(100000, 2)
    ratio = whole[0] / half[0]
    row("100 000 draws against 50 000", f"{ratio:.2f}", "2.20", ratio <= 2.2, f"{half[0]:.2f} s and {whole[0]:.2f} s")


def start_to_finish(bench):
    seconds_row("1 000 draws with report and database", bench.run(1000, 2, runs=9), 0.1)


def check(bench):
    folder = os.path.join(bench.out, "large")
    subprocess.run(["/usr/bin/python3", LARGE, folder], check=True, stdout=subprocess.DEVNULL)
    seconds_row("check of 1 000 actors and 50 issues", bench.time("check", "check", folder, "--quiet"), 0.2)


def spatial(bench):
    """A round of the spatial model: processor seconds of one core, from bench_spatial.c."""
    def time_of(n, dims, kind, runs=5):
        command = [bench.spatial, str(n), str(dims), kind, str(runs)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    for dims in (1, 3):
        best = time_of(160, dims, "corrected")
        loop = time_of(160, dims, "naive", 2)
        row(f"spatial, 160 actors, {dims} dim., a round", f"{1e3 * best:.1f} ms", "40 ms", best <= 0.04,
            f"plain C loops {1e3 * loop:.0f} ms, {loop / best:.1f} times")
        best = time_of(160, dims, "ktab")
        row("  mode ktab", f"{1e3 * best:.1f} ms", "40 ms", best <= 0.04)
    growth = time_of(640, 1, "corrected", 2) / time_of(160, 1, "corrected")
    row("  640 actors against 160", f"{growth:.0f}", "64", growth <= 64)
    sys.path.insert(0, os.path.join(HERE, "..", "reference"))
    import spatial as twin
    actors = [{"position": [(37 * i % 41) / 41], "salience": [0.3 + i % 7 / 10], "capability": 1 + i % 13} for i in range(40)]
    start = time.process_time()
    rounds = len(twin.play(actors, rounds=1)) - 1
    slow, best = (time.process_time() - start) / rounds, time_of(40, 1, "corrected")
    row("spatial, 40 actors, a round", f"{1e3 * best:.2f} ms", "", None, f"the twin {slow:.2f} s, {slow / best:.0f} times")


def challenge(bench):
    """A round of the challenge model, from bench_challenge.c, and the EC emissions case as a scenario."""
    def time_of(n, kind, runs=5):
        command = [bench.challenge, str(n), kind, str(runs)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    best, loop = time_of(160, "engine", 20), time_of(160, "naive", 1)
    row("challenge, 160 actors, a round", f"{1e3 * best:.1f} ms", "5 ms", best <= 0.005,
        f"plain C loops {1e3 * loop:.0f} ms, {loop / best:.0f} times")
    growth = time_of(640, "engine", 2) / best
    row("  640 actors against 160", f"{growth:.0f}", "64", growth <= 64)
    sys.path.insert(0, os.path.join(HERE, "..", "reference"))
    import challenge as twin
    start = time.process_time()
    twin.play([(37 * i % 41) / 41 for i in range(40)], [0.3 + i % 7 / 10 for i in range(40)], [1 + i % 13 for i in range(40)], max_rounds=1)
    slow, best = time.process_time() - start, time_of(40, "engine", 20)
    row("challenge, 40 actors, a round", f"{1e3 * best:.2f} ms", "", None, f"the twin {slow:.2f} s, {slow / best:.0f} times")
    folder = os.path.join(bench.out, "emissions")
    shutil.copytree(EMISSIONS, folder, ignore=shutil.ignore_patterns("out"))
    with open(os.path.join(folder, "scenario.yaml"), encoding="utf-8") as file:
        text = file.read()
    with open(os.path.join(folder, "scenario.yaml"), "w", encoding="utf-8") as file:
        file.write(re.sub(r"settle: \{compromise[^}]*\}", "settle: {challenge: {weight: 1, max_rounds: 10}}", text))
    seconds_row("EC emissions by challenge, 10 000 draws, one core",
                bench.time("ec", "run", folder, "--draws", "10000", "--jobs", "1", "--quiet", "--out", os.path.join(bench.out, "ec")), 0.6)


def whole(bench):
    """The shipped scenario: votes, alliance, war, 2026 to 2035, without and with its document."""
    out = ["--quiet", "--out", os.path.join(bench.out, "whole")]
    issues = ("enlargement", "war_aim", "payer", "threat")
    simple = [word for i in issues for m in ("nash", "challenge", "condorcet", "spatial") for word in ("--set", f"{i}.settle.{m}=0")]
    for name, settings, few, many, target in (("by compromise", simple, 1000, 5000, 1500), ("as shipped", [], 500, 1500, 100)):
        start = bench.time(name + " few", "run", SHIPPED, "--draws", str(few), "--jobs", "1", *out, *settings, runs=3)
        end = bench.time(name + " many", "run", SHIPPED, "--draws", str(many), "--jobs", "1", *out, *settings, runs=3)
        rate = (many - few) / (end[0] - start[0])
        row(f"shipped scenario {name}, draws a second a core", f"{rate:.0f}", f"{target}", rate >= target, f"{start[0]:.1f} s for {few}, {end[2]:.0f} MB")
    seconds = bench.time("whole", "run", SHIPPED, "--draws", "100000", "--jobs", "2", *out, *simple, runs=1)
    seconds_row("  by compromise, 100 000 draws, 2 threads", seconds, 40)
    row("    peak memory", f"{seconds[2]:.0f} MB", "300 MB", seconds[2] <= 300)


def exchange(bench):
    """An iteration of the exchange model, or ten of COP21: processor seconds of one core, from bench_exchange.c."""
    def time_of(group, issues, kind, iterations, runs=5):
        command = [bench.exchange, str(group), str(issues), kind, str(iterations), str(runs)]
        best, trades = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        return float(best), int(trades)
    cop21 = os.path.join(HERE, "..", "tests", "golden", "exchange", "cop21", "input_normalised.csv")
    best, loop = 10 * time_of(cop21, 0, "engine", 10, 20)[0], 10 * time_of(cop21, 0, "naive", 10)[0]
    row("exchange, COP21 (15 actors, 13 issues), 10 iterations", f"{1e3 * best:.1f} ms", "10 ms", best <= 0.01,
        f"plain C loops {1e3 * loop:.0f} ms, {loop / best:.1f} times")
    sys.path.insert(0, os.path.join(HERE, "..", "reference"))
    import exchange as twin
    with open(cop21, encoding="utf-8") as file:
        rows = [line.strip().split(",")[:5] for line in file][1:]
    issues, actors = list(dict.fromkeys(r[0] for r in rows)), list(dict.fromkeys(r[1] for r in rows))
    table = [[[None] * len(issues) for _ in actors] for _ in range(3)]
    for issue, actor, *numbers in rows:
        for part, number in zip(table, numbers):
            part[actors.index(actor)][issues.index(issue)] = float(number)
    start = time.process_time()
    twin.play(*table)
    slow = time.process_time() - start
    row("  the twin", f"{slow:.2f} s", "", None, f"{slow / best:.0f} times")
    (best, trades), (loop, _) = time_of(80, 10, "engine", 1), time_of(80, 10, "naive", 1, 1)
    row("exchange, 80 actors, 10 issues, an iteration", f"{1e3 * best:.1f} ms", "100 ms", best <= 0.1,
        f"{trades} trades; plain C loops {loop:.2f} s, {loop / best:.0f} times")
    best, trades = time_of(2000, 2, "engine", 1, 1)
    row("  2 000 actors, 2 issues", f"{best:.2f} s", "", None, f"{trades} trades")


def war(bench):
    """One war, as a draw makes it: processor seconds of one core, from bench_war.c."""
    def time_of(states, months, runs):
        command = [bench.war, str(states), str(months), str(runs)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    best = time_of(20, 120, 3000)
    sys.path.insert(0, os.path.join(HERE, "..", "reference"))
    import war as twin
    years = [(t + 3) // 12 for t in range(120)]  # the same war: see input_value() there
    states = {"a": (["settled", "frozen"], (0.05, 0.95), (0.5, 1)), "b": (["settled", "collapse_b"], (0.9, 1), (0.8, 1)),
              "c": (["settled", "frozen"], (0.15, 0.4), (0, 1)), "d": (["settled", "collapse_a"], (0, 0.05), (0, 1))}
    start = time.process_time()
    twin.war(months=120, line=6, move=0.4, discount=0.99, optimism_a=0.3, optimism_b=0.25, learning=0.995, alpha_b=0.6,
             resume=0.05, events=states, effort_b=[0.8 + 0.01 * y for y in years], aid_b=[0.4 + 0.002 * y for y in years],
             cost_a=[0.002 + 0.0001 * y for y in years], cost_b=[0.0015 + 0.0001 * y for y in years],
             guarantee_a=[0.8] * 120, guarantee_b=[0.6 - 0.002 * y for y in years], talk=[0.02 + 0.0001 * y for y in years])
    slow = time.process_time() - start
    row("war, 21 line states, 120 months", f"{1e6 * best:.0f} us", "50 us", best <= 5e-5,
        f"the twin {slow:.2f} s, {slow / best:.0f} times")
    longest = time_of(20, 1200, 300)
    row("  1 200 months", f"{1e6 * longest:.0f} us", "", None, f"{longest / best:.1f} times")
    finest = time_of(200, 120, 300)
    row("  201 line states", f"{1e6 * finest:.0f} us", "", None, f"{finest / best:.1f} times")


def vote(bench):
    """Consent as a draw makes it, exact chances and power indices: processor seconds of one core, from bench_vote.c."""
    def time_of(what, runs=3):
        command = [bench.vote, what, str(runs)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    sys.path.insert(0, os.path.join(HERE, "..", "reference"))
    import consent as twin
    import power
    import rules
    best = time_of("consent", 5)
    members = [(6.0 * i, 0.1 + 0.05 * i, 1 + i % 5) for i in range(16)]
    start = time.process_time()
    p = [twin.accepts(x, s, 0, 100, 55, 0, 25, 0.1) for x, s, _ in members]
    everyone = {frozenset(range(16))}  # the one set that decides: listing them all takes the twin a second
    twin.chance(rules.consensus(16), 16, p, everyone), twin.blocks(rules.consensus(16), 16, p, everyone)
    slow = time.process_time() - start
    row("consent, 32 members, consensus, a draw", f"{1e6 * best:.2f} us", "5 us", best <= 5e-6,
        f"the twin with 16 {1e6 * slow:.0f} us, {slow / best:.0f} times")
    best, loops = time_of("council"), time_of("naive", 1)
    row("chance under Lisbon, 27 members, a draw", f"{1e3 * best:.1f} ms", "", None,
        f"all sets by C loops {loops:.1f} s, {loops / best:.0f} times")
    best = time_of("lisbon")
    start = time.process_time()
    power.shapley_shubik(rules.weighted([4, 4, 4, 2, 2, 1, 1, 1, 1, 1, 1, 1], 13), 12)
    slow = time.process_time() - start
    row("power under Lisbon, 27 members", f"{best:.2f} s", "1 s", best <= 1, f"the twin with 12 members {slow:.2f} s")
    best = time_of("college", 20)
    row("power in the Electoral College, 51 members", f"{1e3 * best:.1f} ms", "10 ms", best <= 0.01)
    best = time_of("thousand", 1)
    row("power of 1 000 members, weights of 10^6", f"{best:.1f} s", "10 s", best <= 10, "swings exact, 300 digits")
    _, memory = once([bench.vote, "thousand", "1"])
    row("  peak memory", f"{memory:.0f} MB", "1024 MB", memory <= 1024)


def alliance(bench):
    """A year of the alliance's models: processor seconds of one core a call, all outputs, from bench_alliance.c."""
    def time_of(model, allies, runs=100):
        command = [bench.alliance, model, str(allies), str(runs)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    sys.path.insert(0, os.path.join(HERE, "..", "reference"))
    import burden_sharing, deterrence, membership  # noqa: E401
    allies = range(32)
    part = [(i * 7 + 3) % 11 / 11 for i in allies]
    income = [30000 / (i + 1) for i in allies]
    trust = [0.95 - 0.5 * x for x in part]
    s = burden_sharing.spill(trust, 0.4)
    a, b = burden_sharing.tastes(income, [x * (0.01 + 0.03 * y) for x, y in zip(income, part)], [0.6] * 32, s)
    start = time.process_time()
    q = burden_sharing.equilibrium(income, a, b, burden_sharing.spill([x - 0.02 for x in trust], 0.4))
    slow, best, plain = time.process_time() - start, time_of("burden_sharing", 32), time_of("plain", 32)
    row("burden sharing, 32 allies, a year, warm", f"{1e6 * best:.1f} us", "20 us", best <= 20e-6,
        f"the twin, equilibrium alone {1e3 * slow:.0f} ms, {slow / best:.0f} times; plain C loops, alone {1e6 * plain:.1f} us")
    best, plain = time_of("burden_sharing", 1000, 5), time_of("plain", 1000, 2)
    row("  1 000 allies", f"{1e3 * best:.1f} ms", "20 ms", best <= 0.02, f"plain C loops, equilibrium alone {1e3 * plain:.1f} ms")
    start = time.process_time()
    membership.worth(income, a, b, q, 0.4, trust, 0.15)
    slow, best = time.process_time() - start, time_of("membership", 32)
    row("membership, 32 members, a year", f"{1e6 * best:.1f} us", "", None, f"the twin {1e3 * slow:.0f} ms, {slow / best:.0f} times")
    for n in (12, 32):
        game = {"help": [x * 0.01 for x in income[:n]], "stake": [0.4 + 0.4 * x for x in part[:n]],
                "cost": [0.3 + 0.1 * x for x in part[:n]], "loss": [0.2 + 0.5 * x for x in part[:n]], "challenger": 350, "target": 10,
                "lambda_defender": 8, "lambda_challenger": 8, "m": 1.3, "v": 0.8, "c": 0.1, "c_opposed": 0.6}
        start = time.process_time()
        deterrence.deterrence(withdraws=0, wanted=0.85, **game)
        slow, best = time.process_time() - start, time_of("deterrence", n, 20)
        row(f"deterrence and what is required, {n} defenders", f"{1e6 * best:.0f} us", "", None,
            f"the twin {1e3 * slow:.0f} ms, {slow / best:.0f} times" + ("; exact over all sets" if n == 12 else ""))


PARTS = [(draws, SPINE), (linear, SPINE), (start_to_finish, SPINE), (check, LARGE), (challenge, HERE), (spatial, HERE), (exchange, HERE), (war, HERE), (vote, HERE), (alliance, HERE), (whole, SHIPPED)]


def main():
    bench = Bench(sys.argv[1])
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    row("what", "best", "target", None)
    try:
        for part, needs in PARTS:
            if sys.argv[2:] and part.__name__ not in sys.argv[2:]:
                continue
            if not os.path.exists(needs):
                print(f"{part.__name__}: left out, {os.path.relpath(needs)} is not there")
                continue
            try:
                part(bench)
            except (RuntimeError, OSError, subprocess.SubprocessError) as failure:
                print(f"{part.__name__}: {failure}")
    finally:
        shutil.rmtree(bench.out, ignore_errors=True)


if __name__ == "__main__":
    main()
