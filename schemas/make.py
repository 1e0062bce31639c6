#!/usr/bin/python3
"""Makes scenario.schema.json, the JSON Schema of scenario.yaml for editors, from what the reader itself reads: the tables of
keys in src/scenario/*.c and the table of models.

    schemas/make.py PROGRAM [OUTPUT]

What stands under a key is said here, in SHAPE; a key that the reader knows and SHAPE does not, or the other way round, stops it."""
import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(os.path.dirname(HERE), "src/scenario")
ID = "^[a-z][a-z0-9_]{0,63}$"


def ref(name):
    return {"$ref": f"#/$defs/{name}"}


def by_id(what, pattern=ID):
    return {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": what}


def listed(what):
    return {"type": "array", "items": what}


TEXT = {"type": ["string", "number", "boolean"]}  # YAML makes numbers and truths of some words
ONE_OR_MORE = {"anyOf": [TEXT, listed(TEXT)]}
RANGE = {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}
VALUE = ref("value")
CHANGES = {"type": "object", "additionalProperties": VALUE, "description": "what becomes of a number: NAME: a value, or an expression with `value`"}
COLUMNS = {"type": "object", "additionalProperties": {"anyOf": [TEXT, ref("column")]}}

# What stands under each key, by what the reader calls the mapping (ent__keys) and the key.
SHAPE = {
    "scenario.yaml": {
        "entente": {"const": 1, "description": "the version of the format"},
        "title": {**TEXT, "description": "the question that is asked"},
        "about": {**TEXT, "description": "a sentence or two"},
        "time": ref("time"), "draws": {"type": "integer", "minimum": 1, "description": "how many draws; 20 000 where it is left out"},
        "seed": {"type": "integer", "minimum": 0, "description": "the number from which all chance comes"},
        "limits": {**listed(TEXT), "description": "what the scenario cannot say"},
        "actors": {"anyOf": [TEXT, listed(TEXT), {"type": "object"}], "description": "a CSV file, `id: Name`, or a list of ids"},
        "columns": {**COLUMNS, "description": "of the actors' table"}, "groups": by_id({"anyOf": [listed(TEXT), ref("group")]}),
        "tables": by_id(ref("table")), "inputs": {**by_id(VALUE), "description": "numbers and distributions that are no actor's"},
        "quantities": {"type": "object", "additionalProperties": VALUE, "description": "what is made of others, by an expression"}, "issues": by_id(ref("issue")), "arenas": by_id(ref("arena")),
        "models": by_id(ref("use")), "document": ref("document"),
        "given": {**listed({"anyOf": [TEXT, ref("observation")]}), "description": "what is known to be true"}, "claims": by_id(ref("claim")),
        "levers": by_id(ref("lever")), "correlations": listed({"type": "array", "minItems": 3, "maxItems": 3}),
        "known": {"type": "object", "additionalProperties": {"anyOf": [TEXT, ref("known")]}, "description": "what happened; used nowhere"},
        "brief": {**TEXT, "description": "a Markdown file"}},
    "time": {"start": {"type": "integer"}, "years": {"type": "integer", "minimum": 1, "maximum": 200}},
    "a column": {"unit": TEXT, "source": TEXT, "why": TEXT},
    "a group": {"name": TEXT, "members": {"anyOf": [listed(TEXT), {"type": "object"}]}, "rule": ref("rule"), "nested": TEXT},
    "a weighted rule": {"weighted": TEXT, "quota": TEXT, "more_than": TEXT},
    "a rule": {"weighted": TEXT, "all": listed(ref("rule")), "any": listed(ref("rule"))},
    "a table": {"file": TEXT, "columns": COLUMNS},
    "value": {"value": VALUE, "unit": TEXT, "source": {**TEXT, "description": "where the number is from, or `judgement: why`"}, "why": TEXT,
              "range": RANGE, "experts": listed({"anyOf": [TEXT, ref("expert")]})},
    "an expert": {"name": TEXT, "value": VALUE, "weight": {"type": "number", "exclusiveMinimum": 0}},
    "an issue": {"title": TEXT, "question": TEXT, "scale": {"type": "object", "minProperties": 2, "description": "at least the two ends in words"},
                 "status_quo": VALUE, "stances": {"anyOf": [TEXT, listed(ref("stance")), {"type": "object", "additionalProperties": ref("stance")}],
                                                  "description": "a CSV file, or a row an actor"},
                 "settle": ref("settle"), "columns": COLUMNS, "model_error": {"enum": ["calibrated", "calibrated by year"]}},
    "a stance": {"actor": TEXT, "position": {"anyOf": [VALUE], "description": "where on the scale it wants the issue to end"},
                 "salience": {"anyOf": [VALUE], "description": "how much it cares: 0 not at all, 1 above everything else"},
                 "capability": {"anyOf": [VALUE], "description": "how much weight it has; only ratios matter"}, "source": TEXT},
    "an arena": {"issues": listed(TEXT), "settle": ref("settle")},
    "'document'": {"title": TEXT, "issuer": TEXT, "date": TEXT, "source": TEXT, "provisions": by_id(ref("provision"))},
    "a provision": {"title": TEXT, "says": TEXT, "where": TEXT, "binding": TEXT,
                    "takes_hold": {"anyOf": [VALUE], "description": "a probability, or the name of an input, quantity or decision"}, "changes": CHANGES},
    "a claim": {"who": TEXT, "says": TEXT, "title": TEXT, "read": {**TEXT, "description": "how the sentence was turned into the expression"},
                "where": TEXT, "source": TEXT, "why": TEXT, "holds": {**TEXT, "description": "an expression that is true or false in each draw"},
                "when": {**TEXT, "description": "only draws where this is true count"}, "overall": {**TEXT, "description": "a comparison about all draws"},
                "readings": listed(ref("reading")), "needs": ONE_OR_MORE},
    "a reading": {"read": TEXT, "holds": TEXT},
    "an observation": {"says": TEXT, "holds": TEXT, "quantity": TEXT, "is": TEXT, "error": TEXT, "source": TEXT},
    "what is known": {"value": TEXT, "source": TEXT},
    "a lever": {"title": TEXT, "actor": TEXT, "range": RANGE, "cost": TEXT, "changes": CHANGES},
}
NAME = {"scenario.yaml": None, "time": "time", "a column": "column", "a group": "group", "a weighted rule": "weighted", "a rule": "rule_of_rules",
        "a table": "table_file", "value": "value_in_full", "an expert": "expert", "an issue": "issue", "a stance": "stance", "an arena": "arena",
        "'document'": "document", "a provision": "provision", "a claim": "claim", "a reading": "reading", "an observation": "observation",
        "what is known": "known", "a lever": "lever"}
REQUIRED = {"scenario.yaml": ["entente", "title"], "an issue": ["scale", "stances"], "an arena": ["issues", "settle"], "a claim": ["says"],
            "a lever": ["actor", "range", "changes"], "a weighted rule": ["weighted"]}
# What the reader calls a mapping where the words differ from ours, and mappings of files that are no scenario.
SPOKEN = {"'time'": "time", "what": "value"}
ELSEWHERE = {"rule_file.c"}


def key_tables():
    """{what the reader calls a mapping: its keys}, as ent__keys() is called in the sources."""
    found = {}
    for path in sorted(glob.glob(os.path.join(SOURCE, "*.c"))):
        if os.path.basename(path) in ELSEWHERE:
            continue
        with open(path, encoding="utf-8") as file:
            text = file.read()
        lists = [(m.start(), m.group(1), re.findall(r'"(.*?)"', m.group(2)))
                 for m in re.finditer(r"static const char \*const (\w+)\[\]\s*=\s*\{(.*?)\}", text, re.S)]
        parts = [(m.start(), "keys", re.findall(r'\{"(\w+)",', m.group(1))) for m in re.finditer(r"\} part\[\] = \{(.*?)\};", text, re.S)]
        for call in re.finditer(r'ent__keys\([^,]+, [^,]+, ("(.*?)"|what), (.*)\);', text):
            what = call.group(2) or "what"
            name = re.findall(r"\w+", call.group(3))[0] if "?" not in call.group(3) else re.search(r"\? (\w+)", call.group(3)).group(1)
            before = [l for l in lists + parts if l[0] < call.start() and l[1] == name]
            if not before:
                raise SystemExit(f"{path}: no table of keys '{name}' before {call.group(0)}")
            found[SPOKEN.get(what, what)] = max(before)[2]
    return found


def mapping(what, keys):
    shape = SHAPE[what]
    if set(keys) != set(shape):
        raise SystemExit(f"{what}: the reader knows {sorted(keys)}, SHAPE in {__file__} {sorted(shape)}")
    out = {"type": "object", "properties": {k: shape[k] for k in keys}, "additionalProperties": False}
    return {**out, "required": REQUIRED[what]} if what in REQUIRED else out


def settle(models):
    """A name, or names with weights and options."""
    one = {}
    for m in models:
        if m["room"] != "settle":
            continue
        options = {p["name"]: {"anyOf": [TEXT, {"type": "object"}], "description": p["meaning"] + (f" ({', '.join(p['choices'])})" if p["choices"] else "")}
                   for p in m["options"]}
        one[m["name"]] = {"description": m["title"], "anyOf": [
            TEXT, {"type": "object", "properties": {"weight": TEXT, **options}, "additionalProperties": False}]}
    return {"anyOf": [{"enum": list(one)}, {"type": "object", "properties": one, "additionalProperties": False, "minProperties": 1}],
            "description": "how the outcome comes about: a model, or models with weights"}


def use(models):
    """A model in use: what each takes is told, what it does not take is the program's to say."""
    called = [m for m in models if m["room"] != "settle"]
    words = {"use": {"enum": [m["name"] for m in called]}, "title": TEXT, "like": TEXT}
    takes = [{"if": {"properties": {"use": {"const": m["name"]}}}, "then": {"properties": {p["name"]: {"description": p["meaning"]} for p in m["inputs"] + m["options"]}}}
             for m in called]
    return {"type": "object", "required": ["use"], "properties": words, "allOf": takes}


def schema(program):
    models = json.loads(subprocess.run([program, "models", "--json"], check=True, capture_output=True).stdout)["models"]
    tables = key_tables()
    missing = set(SHAPE) ^ set(tables)
    if missing:
        raise SystemExit(f"known to the reader or to SHAPE alone: {sorted(missing)}")
    made = {what: mapping(what, keys) for what, keys in tables.items()}
    defs = {NAME[what]: m for what, m in made.items() if NAME[what]}
    defs["value"] = {"anyOf": [TEXT, ref("value_in_full"), listed({}), {"type": "object", "maxProperties": 1, "patternProperties": {"^discrete": {}}, "additionalProperties": False}],
                     "description": "3, `2 to 5` (a 90 % interval), a distribution, an expression, or the long form"}
    defs["table"] = {"anyOf": [TEXT, ref("table_file")]}
    defs["rule"] = {"anyOf": [TEXT, ref("weighted"), ref("rule_of_rules")]}
    defs["settle"], defs["use"] = settle(models), use(models)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A scenario of entente (scenario.yaml)",
            "description": "docs/scenario.md says what stands where. Made by schemas/make.py.", **made["scenario.yaml"], "$defs": defs}


def main():
    text = json.dumps(schema(sys.argv[1]), indent=1, ensure_ascii=False) + "\n"
    with open(sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, "scenario.schema.json"), "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
