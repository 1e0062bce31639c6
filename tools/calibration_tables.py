#!/usr/bin/python3
"""Writes src/settle/calibration_tables.h from data/calibration-eu.json, so that the engine knows it without reading files.

    build/cli/entente backtest data/eu --capability votes --calibration > data/calibration-eu.json
    tools/calibration_tables.py            writes the header
    tools/calibration_tables.py --check    tells whether it would change (exit code 1)
"""
import json
import os
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FROM, TO = os.path.join(SOURCE, "data", "calibration-eu.json"), os.path.join(SOURCE, "src", "settle", "calibration_tables.h")


def wrapped(numbers):
    lines, line = [], "   "
    for n in numbers:
        if len(line) + len(f" {n},") > 120:
            lines.append(line)
            line = "   "
        line += f" {n},"
    return "\n".join(lines + [line])


def header(data):
    pieces = [f"/* Made by tools/calibration_tables.py from data/calibration-eu.json: {data['issues']} issues of {data['proposals']} "
              f"proposals of the\n * European Union, capability by {data['capability']}. */", "/* clang-format off */"]
    rows = []
    lists = {}
    for name, m in data["models"].items():
        places = []
        for what in ("errors", "outcomes"):
            key = tuple(m[what])
            if key not in lists:
                lists[key] = f"{name}_{what}"
                pieces.append(f"static const int16_t {lists[key]}[] = {{\n{wrapped(key)}\n}};")
            places.append(lists[key])
        w, t = m["weights"], m["tested"]
        rows.append(f"    {{.model = \"{name}\", .held = {w['held']}, .error = {w['error']}, .past = {w['past']}, "
                    f".n_errors = {len(m['errors'])}, .n_outcomes = {len(m['outcomes'])},\n"
                    f"     .errors = {places[0]}, .outcomes = {places[1]}, .mae = {t['mae']:.2f}, .crps = {t['crps']:.2f}, "
                    f".cover80 = {t['cover80']:.3f}}},")
    pieces.append("static const ent_calibration calibration_table[] = {\n" + "\n".join(rows) + "\n};")
    return "\n".join(pieces + ["/* clang-format on */", ""])


def main():
    with open(FROM, encoding="utf-8") as file:
        after = header(json.load(file))
    if "--check" in sys.argv:
        with open(TO, encoding="utf-8") as file:
            sys.exit(0 if file.read() == after else "src/settle/calibration_tables.h is not what tools/calibration_tables.py writes")
    with open(TO, "w", encoding="utf-8") as file:
        file.write(after)


main()
