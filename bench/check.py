#!/usr/bin/python3
"""Counts the instructions of ten fixed workloads by callgrind and compares them with the committed figures:

    bench/check.py BUILD [NAME...]         exit 1 where one is more than 5 % worse, with the function that grew most
    bench/check.py BUILD --write [NAME...] writes bench/instructions.json anew

Counts do not depend on how busy the machine is. They do on the compiler and the C library: the figures are those of Debian 12's
gcc on x86-64, release build; on another machine the check says so and compares nothing."""
import collections
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
FIGURES = os.path.join(HERE, "instructions.json")
WORSE = 1.05
KEPT = 40  # functions by workload

SHIPPED = os.path.join(ROOT, "scenarios", "european-security-2025")
EMISSIONS = os.path.join(ROOT, "scenarios", "ec-emissions-1989")
GOLDEN = os.path.join(ROOT, "tests", "golden")
OUT = "@out@"

WORKLOADS = {
    "run_emissions": ["run", EMISSIONS, "--draws", "512", "--jobs", "1", "--quiet", "--out", OUT],
    "backtest": ["backtest", os.path.join(ROOT, "data", "eu"), "--json"],
    "run_spine": ["run", os.path.join(HERE, "spine"), "--draws", "2048", "--jobs", "1", "--quiet", "--out", OUT],
    "check_argument": ["check", SHIPPED],
    "settle_challenge": ["settle", os.path.join(GOLDEN, "challenge", "ExampleActors.csv"), "--model", "challenge", "--json"],
    "settle_exchange": ["settle", os.path.join(GOLDEN, "exchange", "cop21_decide_input.csv"), "--model", "exchange", "--json"],
    "settle_spatial": ["settle", os.path.join(GOLDEN, "spatial", "inputs", "dummyData_3Dim.csv"), "--model", "spatial", "--json"],
    "power_college": ["power", "--rule", "us-electoral-college", "--json"],
    "levers_argument": ["levers", SHIPPED, "--draws", "64", "--jobs", "1", "--goal", "leverage", "--json"],
    "cinc": ["cinc", os.path.join(GOLDEN, "alliance", "nmc_v7_sample.csv"), "--json"],
}


def counts(path):
    """Instructions of each function itself, from a callgrind file."""
    names, by_function = {}, collections.Counter()
    current, skip = None, False
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith("fn="):
                found = re.match(r"fn=\((\d+)\)(?: (.*))?", line.rstrip("\n"))
                if found.group(2) is not None:
                    names[found.group(1)] = found.group(2)
                current = names[found.group(1)]
            elif line.startswith(("cfn=", "cfi=", "cob=", "ob=", "fl=", "fi=", "fe=", "jcnd=", "jump=")):
                found = re.match(r"cfn=\((\d+)\) (.*)", line.rstrip("\n"))
                if found:
                    names[found.group(1)] = found.group(2)
            elif line.startswith("calls="):
                skip = True  # the next line is what the called function took
            elif line[:1] in "0123456789+-*" and current is not None and line.strip():
                if not skip:
                    by_function[current] += int(line.split()[1])
                skip = False
    return by_function


def count(program, arguments):
    folder = tempfile.mkdtemp(prefix="entente-count-")
    try:
        out = os.path.join(folder, "callgrind.out")
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--compress-pos=yes", "-q", program]
        command += [os.path.join(folder, "results") if a == OUT else a for a in arguments]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        if done.returncode != 0:
            sys.exit(f"bench-check: {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()[-400:]}")
        return counts(out)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def machine():
    compiler = subprocess.run(["cc", "-dumpfullversion"], capture_output=True, text=True).stdout.strip()
    with open("/proc/cpuinfo") as f:  # the C library takes other copies of memcpy and its like on other processors
        words = [line.split(":", 1)[1].strip() for line in f if line.startswith(("model name", "cpu family", "model\t"))]
    return f"{platform.machine()}, {' '.join(words[:3])}, gcc {compiler}, {platform.libc_ver()[0]} {platform.libc_ver()[1]}"


def grown(before, now):
    """The function whose own instructions grew most."""
    name = max(now, key=lambda f: now[f] - before.get(f, 0))
    return name, before.get(name, 0), now[name]


def main():
    arguments = [a for a in sys.argv[1:] if a != "--write"]
    write = "--write" in sys.argv
    if not arguments or not shutil.which("valgrind"):
        sys.exit(__doc__ if not arguments else "bench-check: valgrind is missing (Debian: valgrind)")
    program = os.path.abspath(os.path.join(arguments[0], "cli", "entente"))
    chosen = arguments[1:] or list(WORKLOADS)
    known = json.load(open(FIGURES)) if os.path.exists(FIGURES) else {"machine": machine(), "workloads": {}}
    if not write and known["machine"] != machine():
        print(f"ok 1 # SKIP the figures are of {known['machine']}, this is {machine()}")
        print("1..1")
        return 0
    failed = 0
    for i, name in enumerate(chosen, 1):
        now = count(program, WORKLOADS[name])
        total, before = sum(now.values()), known["workloads"].get(name, {})
        if write:
            known["workloads"][name] = {"total": total, "functions": dict(now.most_common(KEPT))}
            print(f"{name:<20} {total / 1e6:10.1f} million instructions", flush=True)
            continue
        ratio = total / before["total"] if before else float("inf")
        good = ratio <= WORSE
        failed += not good
        print(f"{'ok' if good else 'not ok'} {i} - {name}: {total / 1e6:.1f} million instructions, {100 * (ratio - 1):+.1f} %", flush=True)
        if not good and before:
            function, old, new = grown(before["functions"], now)
            print(f"# grew most: {function}, from {old / 1e6:.2f} to {new / 1e6:.2f} million")
    if write:
        known["machine"] = machine()
        with open(FIGURES, "w") as file:
            json.dump(known, file, indent=1)
            file.write("\n")
        return 0
    print(f"1..{len(chosen)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
