#!/usr/bin/python3
"""Writes docs/same-bytes.md: the same run on threads, in shards, by processes and in the browser, and whether the bytes of its
JSON agree. tools/same_bytes.py BUILD"""
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
SCENARIO = "scenarios/european-security-2025"
DRAWS = 1100


def run(command, **more):
    done = subprocess.run(command, cwd=ROOT, capture_output=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr.decode(errors='replace')[-500:]}")
    return done.stdout


def main():
    build = os.path.abspath(sys.argv[1])
    program, folder = os.path.join(build, "cli", "entente"), tempfile.mkdtemp(prefix="entente-same-")
    rows = []
    first = None

    def row(what, how, json):
        nonlocal first
        digest = hashlib.sha256(json.rstrip(b"\n")).hexdigest()
        first = first or digest
        rows.append((what, how, digest[:16], "yes" if digest == first else "**no**"))
        print(*rows[-1], flush=True)

    base = ["run", SCENARIO, "--draws", str(DRAWS), "--json"]
    try:
        for jobs in (1, 2, 3, 8):
            row("threads", str(jobs), run([program, *base, "--jobs", str(jobs), "--out", os.path.join(folder, "t")]))
        for shards in (1, 2, 3, 4):
            here = os.path.join(folder, f"s{shards}")
            for k in range(1, shards + 1):
                run([program, "run", SCENARIO, "--draws", str(DRAWS), "--quiet", "--shard", f"{k}/{shards}", "--out", here])
            row("shards, merged", str(shards), run([program, "merge", here, "--json", "--out", os.path.join(folder, "m")]))
        mpi = os.path.join(build, "tests", "cluster", "entente-openmpi")
        launcher = shutil.which("mpirun.openmpi") or shutil.which("mpirun")
        if os.path.exists(mpi) and launcher:
            more = {"env": {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}}
            for n in (1, 2, 3, 4, 8):
                row("processes (Open MPI)", str(n), run([launcher, "--oversubscribe", "-n", str(n), mpi, *base, "--mpi", "--out", os.path.join(folder, "p")], **more))
        report = os.path.join(folder, "t", "report.html")
        if os.path.isdir(os.path.join(ROOT, "web", "node_modules")) and shutil.which("node"):
            for workers in (1, 3):
                row("the browser (Chromium), workers", str(workers), run(["node", os.path.join(HERE, "browser_json.mjs"), report, str(DRAWS), str(workers)]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = ["# The same bytes", "", f"`entente run {SCENARIO} --draws {DRAWS} --json`, by `tools/same_bytes.py` on {platform.machine()} with {os.cpu_count()} cores: "
             "SHA-256 of the JSON, and whether it is that of the first row. Compilers and their options are compared by the test `same_bits`.", "",
             "| how | how many | SHA-256 begins | the same |", "|---|---:|---|---|"]
    lines += [f"| {a} | {b} | `{c}` | {d} |" for a, b, c, d in rows]
    with open(os.path.join(ROOT, "docs", "same-bytes.md"), "w") as file:
        file.write("\n".join(lines) + "\n")
    return 0 if all(r[3] == "yes" for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
