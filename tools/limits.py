#!/usr/bin/python3
"""The limits of include/entente/limits.h: their names, values and reasons; and the table of docs/limits.md made of them.

    limits.py           the table
    limits.py --write   puts it into docs/limits.md
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HEADER = os.path.join(ROOT, "include", "entente", "limits.h")
PAGE = os.path.join(ROOT, "docs", "limits.md")
BEGIN, END = "<!-- made by tools/limits.py from include/entente/limits.h -->\n", "<!-- end -->\n"

# What it says, and "#define NAME value", or "NAME = value," of an enum.
ONE = re.compile(r"^ *+/\*\* ((?:(?!\*/).)*?) \*/\n(?:#define |    )(ENT_\w+)(?: = | )([\w.*< ]+),?$", re.M | re.S)
GROUP = re.compile(r"^/\* --- (.*?) -+ \*/$", re.M)


def value_of(text):
    """A whole number or a power of ten, as C writes it: 64 << 20, 10 * 1000 * 1000, 1e100."""
    if re.fullmatch(r"[\d<* ]+", text):
        return eval(text, {"__builtins__": {}})  # digits, products and shifts alone
    return float(text)


def read():
    """[(group, [(name, value, text of the value, what it says)])], in the header's order."""
    with open(HEADER, encoding="utf-8") as file:
        text = file.read()
    parts = GROUP.split(text)[1:]
    groups = []
    for title, body in zip(parts[::2], parts[1::2]):
        groups.append((title, [(name, value_of(value), value, " ".join(re.sub(r"\n *\*", " ", says).split())) for says, name, value in ONE.findall(body)]))
    named = set(re.findall(r"\bENT_[A-Z_]+\b", re.sub(r"/\*.*?\*/", "", text, flags=re.S))) - {"ENT_", "ENTENTE_LIMITS_H"}
    missed = named - {one[0] for _, ones in groups for one in ones}
    if missed:
        raise SystemExit(f"limits.h: without a reason, or not in the form of the others: {', '.join(sorted(missed))}")
    return groups


def values():
    return {name: value for _, ones in read() for name, value, _, _ in ones}


def shown(value, text):
    if isinstance(value, float):
        return text
    for shift, unit in ((20, "MB"), (10, "kB")):
        if f"<< {shift}" in text and value >= 10 << shift:
            return f"{value >> shift} {unit}"
    return f"{value:,}".replace(",", " ")


def table():
    out = []
    for title, ones in read():
        out += [f"### {title}", "", "| | at most | |", "|---|--:|---|"]
        out += [f"| `{name}` | {shown(value, text)} | {says.replace('|', chr(92) + '|')} |" for name, value, text, says in ones]
        out.append("")
    return "\n".join(out)


def page(text):
    before, rest = text.split(BEGIN)
    return before + BEGIN + "\n" + table() + "\n" + END + rest.split(END)[1]


def main():
    if sys.argv[1:] != ["--write"]:
        print(table())
        return
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page(text))


if __name__ == "__main__":
    main()
