#!/usr/bin/python3
"""entente/limits.h itself: every limit has a meaning and a reason, is tried by a test of this folder, stands in docs/limits.md as it is,
and stands in no other header."""
import os
import re
import sys

SOURCE = os.environ["ENTENTE_SOURCE"]
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tools")]
from tap import case, check, run, same  # noqa: E402
import limits  # noqa: E402

HERE = os.path.join(SOURCE, "tests", "limits")


def text_of(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


# What names a constant to be tried by: a row of the table in C, a case of files.py, a look-up of its value.
def tried():
    tests = {name: text_of("tests", "limits", name) for name in ("test_limits.c", "files.py", "server.py")}
    c = re.sub(r"/\*.*?\*/", "", tests.pop("test_limits.c"), flags=re.S)
    found = set(re.findall(r"\bROW\((ENT_\w+),", c)) | set(re.findall(r"\bgreatest\(\w+, (ENT_\w+),", c))
    found |= set(re.findall(r"\b(ENT_EXACT_DRAWS|ENT_EXCHANGE_MAX_CANDIDATES)\b", c))  # each in a test of its own
    for text in tests.values():
        found |= set(re.findall(r'^@limit\("(ENT_\w+)"', text, re.M)) | set(re.findall(r'LIMIT\["(ENT_\w+)"\]', text))
        found |= set(re.findall(r'^option\("(ENT_\w+)"', text, re.M))
        found |= set(re.findall(r'\("(ENT_SERVE_MAX_\w+)", ', text))
    return found


@case
def every_limit_is_tried_or_says_why_not(_):
    said = {name: says for _, ones in limits.read() for name, _, _, says in ones}
    done = tried()
    same([name for name, says in said.items() if name not in done and "Not tested at the limit:" not in says], [])
    same(sorted(done - set(said)), [], "no limit of that name")


@case
def every_limit_has_a_meaning_and_a_reason(_):
    for title, ones in limits.read():
        check(ones, title)
        for name, value, _, says in ones:
            check(value > 0, name)
            check(len(re.findall(r"[.:;] [A-Z0-9]", says)) >= 1 and says.endswith("."), name, says)


@case
def no_other_header_has_a_limit(_):
    for name in sorted(os.listdir(os.path.join(SOURCE, "include", "entente"))):
        if name != "limits.h":
            text = re.sub(r"/\*.*?\*/", "", text_of("include", "entente", name), flags=re.S)
            same(re.findall(r"\bENT_\w*(?:MAX|MOST|EXACT)\w*(?: *=|  *\d)", text), [], name)


@case
def the_page_has_them_as_they_are(_):
    page = text_of("docs", "limits.md")
    same(page, limits.page(page), "docs/limits.md is not what limits.h says: tools/limits.py --write")


run()
