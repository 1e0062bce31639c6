#!/usr/bin/python3
"""Changes one operator or number of a model file at a time and sees whether a test notices: tools/mutate.py [OPTION..] [FILE..]

  --each N      mutants of a file, drawn from all that are possible (12)
  --seed N      which ones (1)
  --workers N   builds side by side (2)
  --out FILE    where the figures go (docs/testing/mutation.json)
  --judged FILE reasons why survivors are no gap (tests/mutation/judged.txt)

Each worker has a copy of the sources and a build of its own. Of the tests of a file's room those run that are named after it, and
all that take no more than a few seconds. A mutant is killed by a test of its room that fails, dies or does not end; one whose object file is that of
the unchanged source is no mutant."""
import argparse
import concurrent.futures
import hashlib
import json
import os
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOMS = ("settle", "vote", "alliance", "war")
OPERATORS = {"+": "-", "-": "+", "*": "/", "/": "*", "<": "<=", ">": ">=", "<=": "<", ">=": ">", "==": "!=", "!=": "==", "&&": "||", "||": "&&",
             "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*="}
# clang-format puts spaces around operators of two operands and none around the others.
OPERATOR = re.compile(r"(?<= )(" + "|".join(re.escape(o) for o in sorted(OPERATORS, key=len, reverse=True)) + r")(?= )")
NUMBER = re.compile(r"(?<![\w.])(\d+\.\d+(?:[eE][-+]?\d+)?|\d+(?:[eE][-+]?\d+)?)(?![\w.])")
TRUTH = re.compile(r"\b(true|false)\b")
PATIENCE = 60  # seconds for one test
QUICK = 4  # seconds up to which a test runs for every file of its room


def code_only(text):
    """The text with comments, strings and lines of the preprocessor blanked, at the same places."""
    blank = lambda m: re.sub(r"[^\n]", " ", m.group(0))  # noqa: E731
    text = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text, flags=re.S)
    return re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", blank, text, flags=re.M)


def other_number(number):
    if re.fullmatch(r"\d+", number):
        return str(int(number) + 1)
    return repr(float(number) * 1.25) if float(number) != 0.0 else "0.25"


def mutants(text):
    """(place, before, after) of all changes that can be made to a file."""
    code, out = code_only(text), []
    for m in OPERATOR.finditer(code):
        out.append((m.start(), m.group(1), OPERATORS[m.group(1)]))
    for m in NUMBER.finditer(code):
        out.append((m.start(), m.group(1), other_number(m.group(1))))
    for m in TRUTH.finditer(code):
        out.append((m.start(), m.group(1), "false" if m.group(1) == "true" else "true"))
    return sorted(out)


def chosen(files, each, seed):
    for name in files:
        with open(os.path.join(ROOT, name), encoding="utf-8") as f:
            text = f.read()
        every = mutants(text)
        picked = random.Random(f"{seed} {name}").sample(every, min(each, len(every)))
        for place, before, after in sorted(picked):
            line = text.count("\n", 0, place) + 1
            shown = text.split("\n")[line - 1].strip()
            yield {"file": name, "line": line, "column": place - text.rfind("\n", 0, place), "before": before, "after": after, "code": shown,
                   "place": place}


class Worker:
    """A copy of the sources, its build, and what tests there are of each room."""

    def __init__(self, folder):
        self.source, self.build = os.path.join(folder, "source"), os.path.join(folder, "build")
        os.makedirs(self.source)
        listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, check=True).stdout.decode().split("\0")
        for name in filter(None, listed):
            os.makedirs(os.path.dirname(os.path.join(self.source, name)), exist_ok=True)
            shutil.copy2(os.path.join(ROOT, name), os.path.join(self.source, name))
        subprocess.run(["meson", "setup", self.build, self.source, "--buildtype=plain", "-Dc_args=-O1 -UNDEBUG", "-Dpython=disabled",
                        "-Dtests=enabled"], check=True, stdout=subprocess.DEVNULL)
        told = json.loads(subprocess.run(["meson", "introspect", self.build, "--tests"], capture_output=True, check=True).stdout)
        self.tests = {}
        for test in told:
            room = test["suite"][0].split(":")[-1]
            inside = [os.path.relpath(os.path.join(self.build, c), self.build) for c in test["cmd"]
                      if ".." not in c and (c.startswith(self.build + os.sep) or c.startswith("tests/"))]
            whole = not inside  # one that calls the program
            if room in ROOMS:
                self.tests.setdefault(room, []).append((whole, test, ["cli/entente"] if whole else inside))
        self.took = {}
        for room in self.tests:
            if not self.pass_all(room):
                sys.exit(f"the tests of {room} fail on the unchanged sources: {self.failed}")

    def ninja(self, targets):
        return subprocess.run(["ninja", "-C", self.build, "-j1", "--quiet", *sorted(set(targets))], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def object_of(self, name):
        room = name.split("/")[1]
        return os.path.join(self.build, "src", room, f"libentente_{room}.a.p", os.path.basename(name) + ".o")

    def passes(self, test):
        more = {**os.environ, **test["env"]}
        start, self.failed = time.monotonic(), test["name"]
        try:
            done = subprocess.run(test["cmd"], cwd=test["workdir"] or self.build, env=more, capture_output=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return False
        self.took.setdefault(test["name"], time.monotonic() - start)
        out = done.stdout.decode(errors="replace")
        return done.returncode == 0 and not re.search(r"^not ok\b(?!.*# SKIP)", out, re.M)

    def pass_all(self, room, about=""):
        """Whether all tests of a room pass: those of the library first, then those that call the program; in each part those that
        are named after the file, then the quickest."""
        for whole in (False, True):
            named = lambda t: about != "" and about in t[1]["name"]  # noqa: E731
            took = lambda t: self.took.get(t[1]["name"], 0)  # noqa: E731
            tests = sorted((t for t in self.tests.get(room, []) if t[0] == whole and (named(t) or took(t) <= QUICK)), key=lambda t: (not named(t), took(t)))
            if not self.ninja([target for _, _, targets in tests for target in targets]):
                return False
            if not all(self.passes(test) for _, test, _ in tests):
                return False
        return True

    def judge(self, mutant):
        path = os.path.join(self.source, mutant["file"])
        with open(path, encoding="utf-8") as f:
            whole = f.read()
        place, before = mutant["place"], mutant["before"]
        compiled = self.object_of(mutant["file"])
        with open(compiled, "rb") as f:
            digest = hashlib.sha256(f.read()).digest()
        try:
            with open(path, "w", encoding="utf-8") as f:
                f.write(whole[:place] + mutant["after"] + whole[place + len(before):])
            if not self.ninja([os.path.relpath(compiled, self.build)]):
                return "does not compile"
            with open(compiled, "rb") as f:
                if hashlib.sha256(f.read()).digest() == digest:
                    return "same code"
            room, about = mutant["file"].split("/")[1], os.path.basename(mutant["file"])[:-2].split("_")[0]
            return "survived" if self.pass_all(room, about) else "killed"
        finally:
            with open(path, "w", encoding="utf-8") as f:
                f.write(whole)
            self.ninja([os.path.relpath(compiled, self.build)])


def judged(path):
    """Reasons, by file, code and change: a block "FILE: CODE: BEFORE -> AFTER" and lines of reason below, indented."""
    out, key = {}, None
    if os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            for line in f:
                if line.startswith("#") or not line.strip():
                    continue
                if not line.startswith(" "):
                    key = line.strip()
                    out[key] = ""
                elif key is not None:
                    out[key] = (out[key] + " " + line.strip()).strip()
    return out


def key_of(mutant):
    return f"{mutant['file']}: {mutant['code']}: {mutant['before']} -> {mutant['after']}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", default=os.path.join(ROOT, "docs", "testing", "mutation.json"))
    parser.add_argument("--judged", default=os.path.join(ROOT, "tests", "mutation", "judged.txt"))
    parser.add_argument("files", nargs="*")
    args = parser.parse_args()
    files = args.files or [f"src/{room}/{name}" for room in ROOMS for name in sorted(os.listdir(os.path.join(ROOT, "src", room)))
                           if name.endswith(".c")]
    todo = list(chosen(files, args.each, args.seed))
    reasons = judged(args.judged)
    with tempfile.TemporaryDirectory(prefix="entente-mutate-") as folder:
        free = queue.Queue()
        with concurrent.futures.ThreadPoolExecutor(args.workers) as pool:
            for worker in pool.map(lambda k: Worker(os.path.join(folder, str(k))), range(args.workers)):
                free.put(worker)

            def one(mutant):
                worker = free.get()
                try:
                    return mutant, worker.judge(mutant)
                finally:
                    free.put(worker)

            told = {}
            for mutant, fate in pool.map(one, todo):
                told.setdefault(mutant["file"], []).append((mutant, fate))
                print(f"{fate:16} {mutant['file']}:{mutant['line']}:{mutant['column']}  {mutant['before']} -> {mutant['after']}   {mutant['code']}", flush=True)
                write(args, told, reasons)


def write(args, told, reasons):
    """The figures so far, so that a run that is cut off leaves what it knew."""
    out = {"what": "mutants of the model files: one operator or number changed, the tests of its room run",
           "each": args.each, "seed": args.seed, "files": {}, "survivors": []}
    for name, seen in sorted(told.items()):
        count = {fate: sum(1 for _, f in seen if f == fate) for fate in ("killed", "survived", "same code", "does not compile")}
        out["files"][name] = {"killed": count["killed"], "survived": count["survived"], "no_mutants": count["same code"] + count["does not compile"]}
        for mutant, fate in seen:
            if fate == "survived":
                out["survivors"].append({**{k: mutant[k] for k in ("file", "line", "before", "after", "code")}, "judged": reasons.get(key_of(mutant))})
    out["killed"] = sum(f["killed"] for f in out["files"].values())
    out["survived"] = sum(f["survived"] for f in out["files"].values())
    with open(args.out + ".part", "w", encoding="utf-8") as f:
        json.dump(out, f, indent=1)
        f.write("\n")
    os.replace(args.out + ".part", args.out)


if __name__ == "__main__":
    main()
