#!/usr/bin/python3
"""Which lines and branches of src/ the tests run: tools/coverage.py BUILD; writes docs/testing/coverage.json and uncovered.md.

BUILD is made with -Db_coverage=true and -Db_ndebug=true where it is not there. Tests that build the sources themselves or count
instructions tell nothing more and are left out. What is not run is listed by file and function; reasons are kept in
docs/testing/reasons.txt, "FILE FUNCTION: why", and a reason for what is run by now is an error."""
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOLD = os.path.join(ROOT, "docs", "testing")
LEFT_OUT = ("same_bits", "bench_check", "bindings_deb", "bindings_r", "web_build", "site", "snippets")


def build_and_test(build):
    if not os.path.exists(os.path.join(build, "build.ninja")):
        subprocess.run(["meson", "setup", build, ROOT, "-Db_coverage=true", "-Db_ndebug=true", "-Doptimization=0", "-Ddebug=true", "-Dtests=enabled"],
                       check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", build, "--quiet"], check=True)
    listed = subprocess.run(["meson", "test", "-C", build, "--list"], capture_output=True, text=True, check=True).stdout
    names = [line.rsplit(" / ", 1)[-1].strip() for line in listed.splitlines() if " / " in line]
    subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--timeout-multiplier", "10", *[n for n in names if n not in LEFT_OUT]], check=False)


def functions(path):
    """(first line, name) of the functions of a file that clang-format laid out: a line that begins a definition, a brace alone."""
    out = []
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    for k, line in enumerate(lines):
        if line == "{":
            j = k - 1
            while j > 0 and (lines[j].startswith(" ") or not re.search(r"\w\(", lines[j])):
                j -= 1
            found = re.search(r"(\w+)\(", lines[j])
            if found:
                out.append((j + 1, found.group(1)))
    return out


def main():
    build = os.path.abspath(sys.argv[1])
    if "--no-run" not in sys.argv[2:]:
        build_and_test(build)
    told = json.loads(subprocess.run(["gcovr", "-r", ROOT, "--object-directory", build, "-f", os.path.join(ROOT, "src") + "/", "--exclude-unreachable-branches", "--exclude-throw-branches",
                                      "--gcov-ignore-parse-errors", "--json", "-", "-j", "2", build], capture_output=True, text=True, check=True).stdout)
    reasons = {}
    if os.path.exists(os.path.join(TOLD, "reasons.txt")):
        with open(os.path.join(TOLD, "reasons.txt"), encoding="utf-8") as f:
            for line in f:
                if line.strip() and not line.startswith("#"):
                    key, _, why = line.partition(": ")
                    reasons[key.strip()] = why.strip()
    total = {"lines": 0, "lines_covered": 0, "branches": 0, "branches_covered": 0}
    rooms, listed, used = {}, [], set()
    for file in sorted(told["files"], key=lambda f: f["file"]):
        name = file["file"]
        room = rooms.setdefault(name.split("/")[1], dict.fromkeys(total, 0))
        missed, branches, covered = {}, 0, 0
        starts = functions(os.path.join(ROOT, name)) if name.endswith(".c") else []
        for line in file["lines"]:
            if line.get("gcovr/noncode"):
                continue
            within = [f for start, f in starts if start <= line["line_number"]]
            gap = line["count"] == 0
            for d in (total, room):
                d["lines"] += 1
                d["lines_covered"] += not gap
            here = [b for b in line["branches"] if not b.get("throw")]
            for d in (total, room):
                d["branches"] += len(here)
                d["branches_covered"] += sum(b["count"] > 0 for b in here)
            branches, covered = branches + len(here), covered + sum(b["count"] > 0 for b in here)
            if gap:
                missed.setdefault(within[-1] if within else "-", []).append(line["line_number"])
        for function, lines in missed.items():
            key = f"{name} {function}"
            used.add(key)
            listed.append(f"- `{name}`, `{function}`, line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}" + (f": {reasons[key]}" if key in reasons else ""))
    stale = sorted(set(reasons) - used)
    out = {"what": "lines and branches of src/ that the tests run", "left_out": "Left out are the tests " + ", ".join(LEFT_OUT) + ".", **total, "rooms": rooms}
    with open(os.path.join(TOLD, "coverage.json"), "w", encoding="utf-8") as f:
        json.dump(out, f, indent=1)
        f.write("\n")
    with open(os.path.join(TOLD, "uncovered.md"), "w", encoding="utf-8") as f:
        f.write("# Lines that no test runs\n\nMade by `./do coverage`; reasons from `docs/testing/reasons.txt`.\n\n" + "\n".join(listed) + "\n")
    print(f"lines {100 * total['lines_covered'] / total['lines']:.1f} %, branches {100 * total['branches_covered'] / total['branches']:.1f} %")
    if stale:
        sys.exit("reasons for what is run by now: " + "; ".join(stale))


if __name__ == "__main__":
    main()
