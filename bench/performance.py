#!/usr/bin/python3
"""Writes docs/performance.md and its picture from timings of a build made with -Dbench=true: bench/performance.py BUILD [PART..]

Parts are growth, scaling and kernels; what is not asked for stays as docs/performance.json has it.

How time grows with actors, issues, draws, threads and processes, and how near the kernels come to what this machine could do.
The machine should be idle; each figure is the best of several runs."""
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
EMISSIONS = os.path.join(ROOT, "scenarios", "ec-emissions-1989")
SHIPPED = os.path.join(ROOT, "scenarios", "european-security-2025")


def machine():
    with open("/proc/cpuinfo") as f:
        name = next((line.split(":", 1)[1].strip() for line in f if line.startswith("model name")), platform.processor())
    compiler = subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    return f"{name}, {os.cpu_count()} cores; {compiler}; Linux {platform.release().split('-')[0]}"


class Timer:
    def __init__(self, build):
        self.build = os.path.abspath(build)
        self.program = os.path.join(self.build, "cli", "entente")
        self.folder = tempfile.mkdtemp(prefix="entente-performance-")

    def once(self, *arguments):
        start = time.monotonic()
        pid = os.posix_spawn(self.program, [self.program, *arguments], os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
        _, status, usage = os.wait4(pid, 0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"performance: {' '.join(arguments)} failed")
        return time.monotonic() - start, usage.ru_maxrss / 1024

    def best(self, *arguments, runs=3):
        seen = [self.once(*arguments) for _ in range(runs)]
        return min(s for s, _ in seen), max(m for _, m in seen)

    def run(self, scenario, draws, *more, runs=3):
        return self.best("run", scenario, "--draws", str(draws), "--quiet", "--out", os.path.join(self.folder, "out"), *more, runs=runs)

    def large(self, actors, issues, stances):
        folder = os.path.join(self.folder, f"large-{actors}-{issues}-{stances}")
        subprocess.run([sys.executable, os.path.join(HERE, "make_large.py"), folder, str(actors), str(issues), str(stances)], check=True)
        return folder


# --- growth ------------------------------------------------------------------------------------------------

def growth(timer):
    out = {"actors": [], "issues": [], "draws": []}
    for actors in (100, 300, 1000, 3000, 10000):
        folder = timer.large(actors, 20, min(actors, 250))
        out["actors"].append((actors, timer.best("check", folder)[0], *timer.run(folder, 256, runs=2)))
    for issues in (10, 30, 100, 200):
        folder = timer.large(1000, issues, 250)
        out["issues"].append((issues, timer.best("check", folder)[0], *timer.run(folder, 256, runs=2)))
    for draws in (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000):
        out["draws"].append((draws, *timer.run(EMISSIONS, draws, *emission_weights(), runs=1 if draws > 10_000_000 else 2)))
    folder = timer.large(10000, 200, 250)
    out["largest"] = (timer.best("check", folder), timer.run(folder, 1024, runs=1))
    return out


def emission_weights():
    """Those settings that the scenario takes: only the weighted mean is left."""
    with open(os.path.join(EMISSIONS, "scenario.yaml")) as f:
        text = f.read()
    found = re.search(r"settle: \{(.*)\}", text)
    names = [m.split(":")[0].strip() for m in re.sub(r"\{[^}]*\}", "1", found.group(1)).split(",")] if found else []
    issue = re.search(r"issues:\n  (\w+):", text).group(1)
    return [w for m in names if m != "compromise" for w in ("--set", f"{issue}.settle.{m}=0")]


def side_by_side(timer, commands):
    start = time.monotonic()
    for p in [subprocess.Popen(c, stdout=subprocess.DEVNULL) for c in commands]:
        if p.wait() != 0:
            sys.exit("performance: a run failed")
    return time.monotonic() - start


def scaling(timer):
    """One thread, two, two processes, two runs that have nothing to do with each other: by turns, the best of each."""
    run = [timer.program, "run", SHIPPED, "--draws", "4096", "--quiet"]
    place = lambda name: ["--out", os.path.join(timer.folder, name)]  # noqa: E731
    merge = [timer.program, "merge", os.path.join(timer.folder, "shards"), "--quiet", *place("merged")]
    ways = {"one": [[*run, "--jobs", "1", *place("one")]], "two": [[*run, "--jobs", "2", *place("two")]],
            "processes": [[*run, "--jobs", "1", "--shard", f"{k}/2", *place("shards")] for k in (1, 2)], "merge": [merge],
            "apart": [[*run, "--jobs", "1", *place(f"apart{k}")] for k in (1, 2)]}
    out = {}
    for _ in range(3):
        for name, commands in ways.items():
            out[name] = min(side_by_side(timer, commands), out.get(name, math.inf))
    # Saved every 3 seconds, as usual, and not at all; by turns, so that what else the machine does meets both.
    pairs = [[timer.run(SHIPPED, 8192, "--checkpoint", how, runs=1)[0] for how in ("3", "off")] for _ in range(3)]
    out["checkpoint"] = tuple(min(pair[k] for pair in pairs) for k in (0, 1))
    return out


# --- kernels -----------------------------------------------------------------------------------------------

KERNELS = (  # name, program, arguments, passes in a timed unit's run, elements in a pass, what an element is, repetitions to count
    ("sampling", "bench_sample", ["65536"], 1, 65536, "draw of a normal input", 4),
    ("challenge", "bench_challenge", ["160", "engine"], 1, 160 * 160, "pair of actors, 160 actors", 4),
    ("spatial", "bench_spatial", ["160", "2", "corrected"], 5, 160 * 160, "pair of actors, 160 actors on 2 issues", 2),
    ("burden sharing", "bench_alliance", ["burden_sharing", "1000"], 10, 1000 * 1000, "pair of allies, 1 000 allies", 4),
    ("war", "bench_war", ["21", "120"], 1, 21 * 120, "state and month, 21 lines by 120 months", 20),
)


def executed(program, arguments, folder):
    """How often each instruction of the program was executed, by its address, from callgrind."""
    file = os.path.join(folder, "callgrind.out")
    subprocess.run(["valgrind", "--tool=callgrind", "-q", "--dump-instr=yes", "--compress-pos=no", "--compress-strings=no", f"--callgrind-out-file={file}", program, *arguments],
                   capture_output=True, check=True)
    seen, skip, main, name = {}, False, None, ""
    with open(file, encoding="utf-8", errors="replace") as f:
        for line in f:
            if line.startswith("fn="):
                name = line[3:].rstrip("\n")
            elif line.startswith("calls="):
                skip = True  # the next line is what the called function took
            elif line.startswith("0x"):
                address, _, cost = line.split()
                if not skip:
                    seen[int(address, 16)] = seen.get(int(address, 16), 0) + int(cost)
                    if name == "main" and main is None:
                        main = int(address, 16)
                skip = False
    return seen, main


def kinds(program):
    """The kind of each instruction of the program, by its address, and where main is."""
    out, main = {}, None
    for line in subprocess.run(["objdump", "-d", "--no-show-raw-insn", program], capture_output=True, text=True, check=True).stdout.splitlines():
        if line.endswith("<main>:"):
            main = int(line.split()[0], 16)
        found = re.match(r"\s*([0-9a-f]+):\t(\S+)\s*(.*)", line)
        if found is None:
            continue
        name, operands = found.group(2), found.group(3).split("#")[0].strip()
        last = re.split(r",(?![^(]*\))", operands)[-1]
        kind = []
        if re.fullmatch(r"(add|sub|min|max|cmp\w*|u?comi|hadd)[sp]d|cvt\w+", name):
            kind.append("add")
        elif re.fullmatch(r"mul[sp]d", name):
            kind.append("multiply")
        elif re.fullmatch(r"div[sp]d", name):
            kind.append("divide")
        elif re.fullmatch(r"sqrt[sp]d", name):
            kind.append("root")
        elif re.fullmatch(r"i?div[lq]?", name):
            kind.append("integer_divide")
        elif "%xmm" not in operands and name not in ("nop", "ret"):
            kind.append("integer")
        if "(" in operands and name not in ("lea", "nopw", "nopl", "nop"):
            kind.append("store" if "(" in last and name.startswith("mov") else "load")
        out[int(found.group(1), 16)] = kind
    return out, main


def bound(mix, rate):
    """The least cycles for so many instructions of each kind, whichever part of the machine is busiest, and which that is."""
    parts = {k: mix.get(k, 0) / rate[k] for k in ("any", "integer", "add", "multiply", "load", "store")}
    parts["divide"] = sum(mix.get(k, 0) * rate[k] for k in ("divide", "root"))
    parts["integer divide"] = mix.get("integer_divide", 0) * rate["integer_divide"]
    most = max(parts, key=parts.get)
    return parts[most], most


def kernels(timer):
    rate = {}
    for _ in range(15):  # the best of many, since a bound is what the machine could do
        told = subprocess.run([os.path.join(timer.build, "bench", "bench_clock")], capture_output=True, text=True, check=True).stdout
        for name, value in (line.split() for line in told.splitlines()):
            better = min if name in ("divide", "root", "integer_divide") else max
            rate[name] = better(rate.get(name, float(value)), float(value))
    rows = []
    for name, program, arguments, passes, elements, what, repeat in KERNELS:
        path = os.path.join(timer.build, "bench", program)
        best = min(float(subprocess.run([path, *arguments, str(8 * repeat)], capture_output=True, text=True, check=True).stdout.split()[0]) for _ in range(5))
        kind, main = kinds(path)
        mix = {}
        for runs, sign in ((repeat, -1), (2 * repeat, 1)):
            seen, start = executed(path, [*arguments, str(runs)], timer.folder)
            for address, times in seen.items():
                for k in ["any", *kind.get(address - start + main, [])]:
                    mix[k] = mix.get(k, 0) + sign * times
        mix = {k: v / repeat / passes / elements for k, v in mix.items()}
        least, busiest = bound(mix, rate)
        rows.append((name, what, best * rate["clock"] * 1e9 / elements, mix["any"], least, busiest))
    return rate, rows


# --- the page ------------------------------------------------------------------------------------------------

def picture(path, series):
    """Time against size, both logarithmic: one line each, named at its end."""
    width, height, left, right, top, base = 720, 360, 56, 200, 16, 320
    xs = [x for _, points in series for x, _ in points]
    ys = [y for _, points in series for _, y in points]
    x0, x1 = math.floor(math.log10(min(xs))), math.ceil(math.log10(max(xs)))
    y0, y1 = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    x = lambda v: left + (math.log10(v) - x0) / (x1 - x0) * (width - left - right)  # noqa: E731
    y = lambda v: base - (math.log10(v) - y0) / (y1 - y0) * (base - top)  # noqa: E731
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" role="img" '
           'aria-label="Seconds of a whole run against the number of actors, issues and draws, both logarithmic">',
           f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for k in range(x0, x1 + 1):
        out.append(f'<path d="M{x(10 ** k):.1f} {top}V{base}" stroke="#dde0e4"/><text x="{x(10 ** k):.1f}" y="{base + 18}" text-anchor="middle" fill="#59616b">10<tspan dy="-5" font-size="9">{k}</tspan></text>')
    for k in range(y0, y1 + 1):
        out.append(f'<path d="M{left} {y(10 ** k):.1f}H{width - right}" stroke="#dde0e4"/><text x="{left - 6}" y="{y(10 ** k) + 4:.1f}" text-anchor="end" fill="#59616b">{10 ** k:g} s</text>')
    for (name, points), dash in zip(series, ("", ' stroke-dasharray="6 3"', ' stroke-dasharray="2 3"')):
        line = "L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in points)
        out.append(f'<path d="M{line}" fill="none" stroke="#16191d" stroke-width="2"{dash}/>')
        out.append(f'<text x="{x(points[-1][0]) + 8:.1f}" y="{y(points[-1][1]) + 4:.1f}" fill="#16191d">{name}</text>')
    out.append("</svg>\n")
    with open(path, "w") as f:
        f.write("\n".join(out))


def write(where, grown, scaled, cores):
    rate, rows = cores
    lines = ["# How fast it is", "", f"Made by `./do bench docs` on: {machine()}. Whole processes, files written; each figure is the best of several runs.", "",
             "![Seconds against actors, issues and draws](performance.svg)", "", "## Growth", "",
             "A scenario made by `bench/make_large.py`, two uncertain numbers a stance, two models an issue; 20 issues with up to 250 stances each:", "",
             "| actors | check | run, 256 draws | memory |", "|---:|---:|---:|---:|"]
    lines += [f"| {a:,} | {c:.2f} s | {s:.2f} s | {m:.0f} MB |".replace(",", "\u00a0") for a, c, s, m in grown["actors"]]
    lines += ["", "1 000 actors, 250 stances an issue:", "", "| issues | check | run, 256 draws | memory |", "|---:|---:|---:|---:|"]
    lines += [f"| {a} | {c:.2f} s | {s:.2f} s | {m:.0f} MB |" for a, c, s, m in grown["issues"]]
    (check, check_memory), (run, memory) = grown["largest"]
    lines += ["", f"10 000 actors, 200 issues, 100 000 uncertain inputs: check {check:.2f} s ({check_memory:.0f} MB), run of 1 024 draws {run:.1f} s ({memory:.0f} MB).", "",
              "The EC emissions case, weighted mean alone:", "", "| draws | run | memory |", "|---:|---:|---:|"]
    lines += [f"| {a:,} | {s:.2f} s | {m:.0f} MB |".replace(",", "\u00a0") for a, s, m in grown["draws"]]
    one, two, both, merge, apart = (scaled[k] for k in ("one", "two", "processes", "merge", "apart"))
    lines += ["", "## Threads and processes", "", f"The shipped scenario, 4 096 draws: 1 thread {one:.1f} s, 2 threads {two:.1f} s: {one / two:.2f} times."]
    lines += [f"Two processes, each a shard on one thread: {both:.1f} s, {one / both:.2f} times; merging takes {merge:.1f} s more. Two whole runs that have nothing "
              f"to do with each other, side by side on these two cores, take {apart:.1f} s, so that {2 * one / apart:.2f} times is what the machine allows."]
    saved, off = scaled["checkpoint"]
    lines += ["", f"Saving every 3 seconds what is finished (`--checkpoint`), 8 192 draws: {saved:.2f} s against {off:.2f} s without, {100 * (saved / off - 1):+.1f} %."]
    lines += ["", "## Kernels", "",
              f"The clock runs at {rate['clock']:.2f} GHz. In a cycle the machine does at most {rate['any']:.1f} instructions, of them {rate['integer']:.1f} on integers, "
              f"{rate['add']:.1f} floating-point additions, {rate['multiply']:.1f} multiplications, {rate['load']:.1f} loads and {rate['store']:.1f} stores; a division keeps it "
              f"busy for {rate['divide']:.1f} cycles, a square root for {rate['root']:.1f} (`bench/bench_clock.c`). The bound of a kernel is the time of the busiest of these for "
              "the instructions that callgrind counts in it, by kind. What a kernel takes above it is lost to waiting for results, for memory and at wrong guesses of branches.", "",
              "| kernel | an element is | cycles | instructions | bound, cycles | busiest | times the bound | lost |", "|---|---|---:|---:|---:|---|---:|---:|"]
    lines += [f"| {name} | {what} | {cycles:.1f} | {instructions:.1f} | {least:.1f} | {busiest} | {cycles / least:.1f} | {100 * (1 - least / cycles):.0f} % |"
              for name, what, cycles, instructions, least, busiest in rows]
    with open(os.path.join(where, "performance.md"), "w") as f:
        f.write("\n".join(lines) + "\n")
    picture(os.path.join(where, "performance.svg"), [("actors (20 issues)", [(a, s) for a, _, s, _ in grown["actors"]]),
                                                      ("issues (1 000 actors)", [(a, s) for a, _, s, _ in grown["issues"]]),
                                                      ("draws (emissions)", [(a, s) for a, s, _ in grown["draws"]])])


def main():
    timer, kept = Timer(sys.argv[1]), os.path.join(ROOT, "docs", "performance.json")
    told = {}
    if os.path.exists(kept):
        with open(kept, encoding="utf-8") as f:
            told = json.load(f)
    try:
        for name, part in (("growth", growth), ("scaling", scaling), ("kernels", kernels)):
            if name not in told or name in (sys.argv[2:] or [name]):
                told[name] = part(timer)
    finally:
        shutil.rmtree(timer.folder, ignore_errors=True)
    with open(kept, "w", encoding="utf-8") as f:
        json.dump(told, f, indent=1)
        f.write("\n")
    write(os.path.join(ROOT, "docs"), told["growth"], told["scaling"], told["kernels"])


if __name__ == "__main__":
    main()
