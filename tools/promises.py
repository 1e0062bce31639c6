#!/usr/bin/python3
"""Promises in README and docs, and the tests that keep them: tools/promises.py [--unmarked]

A sentence that promises a number or a property ends in <!-- promise: ID -->; a test cites it in a comment of its own, "promise: ID". Printed
are all promises with their tests; the exit status is 1 where one has no test, or a test cites a promise that nobody makes.
--unmarked lists sentences that sound like a promise and carry no id, for whoever reads the pages again."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CITED = re.compile(r"(?:# |/\* |// )promise: ([\w-]+)")
MADE = re.compile(r"<!-- promise: ([\w-]+) -->")
SOUNDS = re.compile(r"\b(never|always|every|all|no|none|same|exact\w*|at most|at least|within|refused|without|cannot)\b|\d")


def pages():
    yield "README.md"
    yield "SECURITY.md"
    for name in sorted(os.listdir(os.path.join(ROOT, "docs"))):
        if name.endswith(".md") and name not in ("argument.md", "testing.md", "performance.md", "same-bytes.md"):  # made from runs
            yield os.path.join("docs", name)


def sentences(text):
    """(line, sentence with the comment behind it), without code, tables and headings."""
    text = re.sub(r"^```.*?^```$", lambda m: re.sub(r"[^\n]", " ", m.group(0)), text, flags=re.M | re.S)
    text = re.sub(r"^(#|\||    ).*$", lambda m: " " * len(m.group(0)), text, flags=re.M)
    for m in re.finditer(r"\S(?:(?!\n\s*\n|\n- )[\s\S])*?(?:[.:;?](?:\*\*)?(?=\s)(?:\s*<!-- promise: [\w-]+ -->)?|(?=\n\s*\n|\n- )|\Z)", text):
        yield text.count("\n", 0, m.start()) + 1, re.sub(r"\s+", " ", m.group(0))


def tests():
    """Files of tests by the promises that they cite."""
    out = {}
    for top in ("tests", "fuzz", "bindings", "examples"):
        for folder, _, names in os.walk(os.path.join(ROOT, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".py", ".mjs", ".ts", ".R", ".sh")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8", errors="replace") as f:
                        for m in CITED.finditer(f.read()):
                            out.setdefault(m.group(1), []).append(os.path.relpath(path, ROOT))
    return out


def main():
    made, unmarked = {}, []
    for page in pages():
        with open(os.path.join(ROOT, page), encoding="utf-8") as f:
            text = f.read()
        for line, sentence in sentences(text):
            found = MADE.search(sentence)
            if found:
                made.setdefault(found.group(1), []).append((page, line, MADE.sub("", sentence).strip()))
            elif SOUNDS.search(sentence):
                unmarked.append((page, line, sentence))
    if "--unmarked" in sys.argv[1:]:
        for page, line, sentence in unmarked:
            print(f"{page}:{line}: {sentence}")
        return 0
    cited, bad = tests(), 0
    for promise, places in sorted(made.items()):
        page, line, sentence = places[0]
        print(f"{promise}  ({page}:{line})\n    {sentence}\n    {', '.join(sorted(set(cited.get(promise, ())))) or 'NO TEST'}")
        bad += promise not in cited
    for promise in sorted(set(cited) - set(made)):
        print(f"{promise}: cited by {', '.join(sorted(set(cited[promise])))}, but nobody promises it")
        bad += 1
    print(f"{len(made)} promises, {bad} without a test or without a page")
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
