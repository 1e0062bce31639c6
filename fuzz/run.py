#!/usr/bin/python3
"""Fuzzes: ./do fuzz [SECONDS] [TARGET..], SECONDS a target (60), two targets at a time.

Builds the targets with clang, libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer in build-fuzz, and lets each loose
on what it found before (build-fuzz/found/TARGET) and on fuzz/corpus/TARGET. An input that breaks something is left in
build-fuzz/broken. How long each ran and what it found is added up in docs/testing/fuzz.json."""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(HERE)
BUILD = os.environ.get("ENTENTE_FUZZ_BUILD", os.path.join(SOURCE, "build-fuzz"))
TOLD = os.path.join(SOURCE, "docs", "testing", "fuzz.json")


def build(targets):
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        subprocess.run(["meson", "setup", BUILD, SOURCE, "-Dfuzz=true", "-Dtests=disabled", "-Dpython=disabled", "-Dbuildtype=debugoptimized",
                        "-Db_sanitize=address,undefined", "-Db_lundef=false", "-Db_pie=true"],
                       env={**os.environ, "CC": "clang"}, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", BUILD, "-j2", "--quiet", *[f"fuzz/fuzz_{t}" for t in targets]], check=True)


def fuzz(target, seconds):
    """Runs one target; (executions, inputs in its corpus, edges, whether it broke)."""
    found, broken = (os.path.join(BUILD, where, target) for where in ("found", "broken"))
    os.makedirs(found, exist_ok=True)
    os.makedirs(broken, exist_ok=True)
    words = os.path.join(HERE, "words", target)
    command = [os.path.join(BUILD, "fuzz", "fuzz_" + target), found, os.path.join(HERE, "corpus", target), f"-max_total_time={seconds}",
               "-timeout=30", "-rss_limit_mb=3000", "-max_len=20000", "-print_final_stats=1", f"-artifact_prefix={broken}/"]
    if os.path.exists(words):
        command.append("-dict=" + words)
    begun = time.time()
    environment = {**os.environ, "ENTENTE_SOURCE": SOURCE, "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
                   "ASAN_OPTIONS": "detect_stack_use_after_return=0:allocator_may_return_null=1"}
    with open(os.path.join(BUILD, f"{target}.log"), "w", encoding="utf-8", errors="replace") as log:
        code = subprocess.run(command, env=environment, stdout=log, stderr=log, check=False).returncode
    with open(log.name, encoding="utf-8", errors="replace") as log:
        text = log.read()
    runs = [int(n) for n in re.findall(r"^#(\d+)\s", text, re.M)]
    edges = [int(n) for n in re.findall(r"cov: (\d+)", text)]
    return {"runs": max(runs, default=0), "edges": max(edges, default=0), "inputs": len(os.listdir(found)),
            "seconds": round(time.time() - begun), "broken": code != 0, "log": log.name}


def tell(target, got):
    """Adds to what is told of earlier runs."""
    os.makedirs(os.path.dirname(TOLD), exist_ok=True)
    told = {"what": "fuzzing with libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer; seconds of one core, added up over all runs",
            "targets": {}}
    if os.path.exists(TOLD):
        with open(TOLD, encoding="utf-8") as f:
            told = json.load(f)
    before = told["targets"].get(target, {"inputs": 0, "seconds": 0, "edges": 0})
    with open(os.path.join(HERE, "found.json"), encoding="utf-8") as f:  # what was found, and the input that shows it
        found = json.load(f)
    told["targets"][target] = {"inputs": before["inputs"] + got["runs"], "seconds": before["seconds"] + got["seconds"],
                               "edges": max(before["edges"], got["edges"])}
    for name, of in told["targets"].items():
        of["found"] = len(found.get(name, []))
    told["targets"] = dict(sorted(told["targets"].items()))
    told["inputs"] = sum(t["inputs"] for t in told["targets"].values())
    told["seconds"] = sum(t["seconds"] for t in told["targets"].values())
    told["found"] = sum(t["found"] for t in told["targets"].values())
    with open(TOLD, "w", encoding="utf-8") as f:
        json.dump(told, f, indent=1)
        f.write("\n")


def main():
    words = sys.argv[1:]
    seconds = int(words.pop(0)) if words and words[0].isdigit() else 60
    all_targets = sorted(d for d in os.listdir(os.path.join(HERE, "corpus")))
    targets = words or all_targets
    for t in targets:
        if t not in all_targets:
            sys.exit(f"./do fuzz: there is no target '{t}'; there are {', '.join(all_targets)}")
    build(targets)
    broken = 0
    with concurrent.futures.ThreadPoolExecutor(2) as two:
        jobs = {two.submit(fuzz, t, seconds): t for t in targets}
        for job in concurrent.futures.as_completed(jobs):
            target, got = jobs[job], job.result()
            tell(target, got)
            broken += got["broken"]
            print(f"{target}: {got['runs']} inputs in {got['seconds']} s, {got['edges']} edges reached" +
                  (f"; IT BROKE: {got['log']}" if got["broken"] else ""), flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
