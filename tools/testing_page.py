#!/usr/bin/python3
"""Writes docs/testing.md from the figures in docs/testing/*.json, which the targets that make them write: tools/testing_page.py [--check]

--check writes nothing and fails where the page is not what the figures give."""
import json
import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FIGURES = os.path.join(ROOT, "docs", "testing")
PAGE = os.path.join(ROOT, "docs", "testing.md")


def read(name):
    path = os.path.join(FIGURES, name + ".json")
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def n(value):
    return f"{value:,}".replace(",", "\u00a0")


def share(a, b):
    return f"{100 * a / b:.1f} %" if b else "-"


def table(head, rows):
    align = ["---"] + ["---:" if all(isinstance(r[k], (int, float)) or str(r[k]).replace("\u00a0", "").rstrip("%").replace(".", "").isdigit() for r in rows) else "---"
                       for k in range(1, len(head))]
    out = ["| " + " | ".join(head) + " |", "|" + "|".join(align) + "|"]
    return out + ["| " + " | ".join(n(c) if isinstance(c, int) else str(c) for c in row) + " |" for row in rows] + [""]


def fuzzing():
    told = read("fuzz")
    lines = ["## Fuzzing", "", f"`./do fuzz`: libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer, {n(told['inputs'])} inputs in {told['seconds'] / 3600:.1f} hours of one "
             f"core, {told['found']} faults found and mended. The inputs that found them, and a choice of the others, are in `fuzz/corpus` and replayed by `./do test`. "
             "A target beside a parser asserts mathematics as well: outcomes inside the range of positions, indices that add up to 1, no profitable deviation "
             "from an equilibrium, probabilities that add up to 1.", ""]
    lines += table(["target", "inputs", "minutes", "branches reached", "found"],
                   [(name, t["inputs"], f"{t['seconds'] / 60:.0f}", t["edges"], t["found"]) for name, t in sorted(told["targets"].items())])
    short = [name for name, t in told["targets"].items() if t["seconds"] < 20 * 60]
    if short:
        lines += [f"Below the 20 minutes that each is meant to have had: {', '.join(sorted(short))}.", ""]
    return lines


def faults():
    told = read("faults")
    return ["## Faults", "", "`./do faults`: each allocation and each call of a disk made to fail in its turn; the program must end with an error that says so, lose no memory and leave "
            "either the old file or the new one.", "",
            *table(["what fails", "tried", "of"], [
                ("an allocation, seen from outside", told["memory"]["tried"], f"{n(told['memory']['allocations'])} allocations of {told['memory']['commands']} commands, each once and all after it"),
                ("an allocation inside the library, counted for leaks", told["memory_inside"]["library"], f"{told['memory_inside']['blocks_lost']} blocks lost"),
                ("an allocation inside the server", told["memory_inside"]["server"], "the server answers on"),
                ("write, fsync, rename, close (full disk, EIO, EINTR)", told["files"]["tried"], f"{told['files']['calls']} calls; {told['files']['integrity_checks']} SQLite files checked"),
                ("the whole program (SIGKILL at a random moment)", told["kills"]["kills"],
                 f"{told['kills']['runs_ended']} runs resumed to the end with the same bytes; {told['kills']['integrity_checks']} integrity checks")])]


def hostile():
    told = read("hostile")
    return ["## The server among hostile clients", "", f"`./do hostile`: {n(told['inputs'])} requests in {told['seconds'] // 60} minutes from eight clients at once, the server built with AddressSanitizer; "
            "it answered an honest client throughout, lost no memory, and gave no byte from outside the scenario folders.", "",
            *table(["kind", "requests"], sorted(told["by_kind"].items()))]


def coverage():
    told = read("coverage")
    if told is None:
        return []
    return ["## Coverage", "", f"`./do coverage`: of `src/` the tests run {n(told['lines_covered'])} of {n(told['lines'])} lines ({share(told['lines_covered'], told['lines'])}) and "
            f"{n(told['branches_covered'])} of {n(told['branches'])} branches ({share(told['branches_covered'], told['branches'])}).", "",
            *([told["left_out"], ""] if told.get("left_out") else []),
            *table(["room", "lines", "branches"], [(room, share(r["lines_covered"], r["lines"]), share(r["branches_covered"], r["branches"])) for room, r in sorted(told["rooms"].items())]),
            *([f"What is not run, by file, with the reason where it was looked at: `docs/testing/uncovered.md`.", ""] if os.path.exists(os.path.join(FIGURES, "uncovered.md")) else [])]


def mutation():
    told = read("mutation")
    if told is None:
        return []
    equivalent = [s for s in told["survivors"] if s.get("judged")]
    gaps = [s for s in told["survivors"] if not s.get("judged")]
    tried = told["killed"] + told["survived"]
    lines = ["## Mutants", "", f"`tools/mutate.py`: one operator or number of a model file changed at a time, {told['each']} a file drawn at random; {n(tried)} mutants that change the code, "
             f"{n(told['killed'])} killed ({share(told['killed'], tried)}) by the tests of their room. Of the {len(told['survivors'])} survivors, {len(equivalent)} were judged to make no "
             f"difference that a test could see, {len(gaps)} are gaps or not judged yet.", ""]
    rooms = {}
    for name, f in told["files"].items():
        room = rooms.setdefault(name.split("/")[1], [0, 0])
        room[0] += f["killed"]
        room[1] += f["killed"] + f["survived"]
    lines += table(["room", "mutants", "killed"], [(room, tried, share(killed, tried)) for room, (killed, tried) in sorted(rooms.items())])
    missing = sorted({"settle", "vote", "alliance", "war"} - set(rooms))
    if missing:
        lines += [f"The run was cut off; not tried yet: {', '.join(missing)}.", ""]
    if equivalent:
        lines += ["Survivors that were judged:", ""] + [f"- `{s['file']}`, `{s['code']}`, `{s['before']}` to `{s['after']}`: {s['judged']}" for s in equivalent] + [""]
    if gaps:
        lines += ["Survivors that are gaps or not judged yet:", ""] + [f"- `{s['file']}`, `{s['code']}`, `{s['before']}` to `{s['after']}`" for s in gaps] + [""]
    return lines


def matrix():
    told = read("matrix")
    if told is None:
        return []
    rows = told["rows"] if isinstance(told.get("rows"), list) else [{"row": k, **v} for k, v in told["rows"].items()]
    return ["## Sanitizers and compilers", "", "`./do matrix`:", "",
            *table(["what", "how", "passed", "failed"], [(r["row"], r.get("what", ""), r.get("passed", 0), r.get("failed", 0)) for r in rows])]


def static():
    told = read("static")
    if told is None:
        return []
    return ["## Static analysis", "", "`./do lint`:", "", *table(["tool", "what", "warnings"], [(r["tool"], r["what"], r["warnings"]) for r in told["rows"]])]


def page():
    lines = ["# How entente is tested", "", "Made by `tools/testing_page.py` from figures of real runs (`docs/testing/*.json`). `./do test` runs every test in minutes and "
             "ends in one line; what takes hours is a target beside it.", "",
             "A model is tested three ways: against published or independent numbers (`tests/golden`), against a plain-Python twin (`reference/`) on random inputs, and by "
             "the mathematics that its page promises. Every promise in README and docs that can be tested carries an id which a test cites (`tools/promises.py`).", ""]
    for part in (coverage, mutation, fuzzing, faults, hostile, matrix, static):
        lines += part()
    return "\n".join(lines).rstrip() + "\n"


def main():
    text = page()
    if "--check" in sys.argv[1:]:
        with open(PAGE, encoding="utf-8") as f:
            if f.read() != text:
                sys.exit("docs/testing.md is not what docs/testing/*.json give: run tools/testing_page.py")
        return
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
