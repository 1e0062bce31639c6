#!/usr/bin/python3
"""Makes what the bindings say of themselves from one description: the table of models (`entente models --json`) and
interface.toml.

    describe.py python-docs  ENTENTE OUT.h      the text of each model's __doc__, with its signature, as a C header
    describe.py python-text  ENTENTE OUT.py     the docstrings of the other functions
    describe.py python-stub  ENTENTE OUT.pyi    type stubs
    describe.py r            ENTENTE FOLDER     R functions, help pages and NAMESPACE"""
import json
import os
import subprocess
import sys
import textwrap
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))
PYTHONS_OWN = {"from": "from_", "lambda": "lambda_"}  # words that cannot name an argument; models.c has the same
AXIS = {"a": "actor", "m": "member", "l": "ally", "c": "candidate", "y": "year", "t": "month", "e": "event"}


def read(program):
    models = json.loads(subprocess.run([program, "models", "--json"], check=True, capture_output=True).stdout)["models"]
    with open(os.path.join(HERE, "interface.toml"), "rb") as file:
        return models, tomllib.load(file)


# --- the table ------------------------------------------------------------------------------------------

def letters(port):
    return port["shape"].replace(",", "")


def extra_of(model):
    """The arguments that a function of a model has beside the table's; models.c has the same."""
    axes = set("".join(letters(p) for p in model["inputs"]))
    if model["room"] == "settle":
        return ["low", "high", "seed", "draw"]
    if "m" in axes:
        return ["rule", "first_year"]
    return ["months"] if "t" in axes else ["first_year"]


def inputs_in_order(model):
    return [p for p in model["inputs"] if p["required"]] + [p for p in model["inputs"] if not p["required"]]


def range_of(port):
    low, high = port["low"], port["high"]
    if low is None and high is None:
        return ""
    if high is None:
        return f"{number(low)} or more"
    return f"{number(low)} to {number(high)}" if low is not None else f"at most {number(high)}"


def number(x):
    return str(int(x)) if isinstance(x, float) and x == int(x) and abs(x) < 1e15 else repr(x)


def unit_of(port):
    return "" if port["unit"] in ("", "1", "any") else port["unit"]


def default_text(port):
    if port["choices"]:
        return f"{port['default']} unless given" if port["default"] else ""
    return f"{number(port['default'])} unless given" if port["default"] is not None else ""


def each_of(port):
    """"a number for each ally and year"."""
    words = [AXIS[c] for c in letters(port) if c != "y"]
    words = [words[0], "other"] if len(words) == 2 and words[0] == words[1] else words
    if "y" in letters(port):
        words.append("year")
    return " and ".join(words)


def facts(port, model):
    """"US$ billion; by ally and year; 0 or more"; what settles an issue knows no years."""
    per = each_of(port if model["room"] != "settle" else {"shape": port["shape"].replace("y", "")})
    parts = [unit_of(port), f"by {per}" if per else "", range_of(port), default_text(port)]
    if port["choices"]:
        parts.append("one of " + ", ".join(port["choices"]))
    return "; ".join(p for p in parts if p)


def outputs_of(model):
    """What a function gives: a truth of each draw of a scenario is not among it."""
    outs = [p for p in model["outputs"] if p["unit"] != "truth" and "e" not in letters(p)]
    names = {p["name"] for p in outs}
    if "stop" not in names:
        outs.append({"name": "stop", "shape": "", "unit": "", "low": None, "high": None, "default": None, "required": False,
                     "choices": ["done", "no_convergence"], "meaning": "why the model stopped"})
    if model["room"] == "settle":
        outs.append({"name": "rounds", "shape": "", "unit": "", "low": 0, "high": None, "default": None, "required": False,
                     "choices": None, "meaning": "how many rounds were played; 0 without rounds; of one issue"})
    return outs


# --- Python ---------------------------------------------------------------------------------------------

def python_default(port):
    if port["choices"]:
        return repr(port["default"])
    return number(port["default"]) if port["default"] is not None else "None"


def python_signature(model, interface, typed=False):
    parts = []
    for port in inputs_in_order(model):
        if not port["required"] and "*" not in parts:
            parts.append("*")
        kind = ": ArrayLike" if typed and port["required"] else ": ArrayLike | None" if typed else ""
        parts.append(PYTHONS_OWN.get(port["name"], port["name"]) + kind + ("" if port["required"] else (" = None" if typed else "=None")))
    if "*" not in parts:
        parts.append("*")
    for port in model["options"]:
        if typed:
            words = [repr(c) for c in port["choices"] or []]
            kind = ("bool | " if {"yes", "no"} == set(port["choices"]) or {"true", "false"} == set(port["choices"]) else "") + \
                "Literal[" + ", ".join(words) + "]" if words else "float"
            parts.append(f"{port['name']}: {kind} = {python_default(port)}")
        else:
            parts.append(f"{port['name']}={python_default(port)}")
    for name in extra_of(model):
        kind, default = interface["extra"][name][:2]
        parts.append((f"{name}: {kind}" if typed else name) + ((f" = {default}" if typed else f"={default}") if default else ""))
    return ", ".join(parts)


def wrapped(text, indent):
    return textwrap.fill(text, 96, initial_indent=indent, subsequent_indent=indent + "    " if indent else "",
                         break_on_hyphens=False, break_long_words=False)


def python_text(model, interface):
    lines = [f"{model['title']}.", "", wrapped(model["summary"], ""), ""]
    lines += ["    " + line for line in model["equation"].split("\n")] + ["", "Arguments:"]
    for port in inputs_in_order(model) + model["options"]:
        note = facts(port, model)
        name = PYTHONS_OWN.get(port["name"], port["name"])
        lines.append(wrapped(f"{name}: {port['meaning']}" + (f" ({note})" if note else ""), "    "))
    for name in extra_of(model):
        lines.append(wrapped(f"{name}: {interface['extra'][name][3]}", "    "))
    lines += ["", "Gives:"]
    for port in outputs_of(model):
        note = facts(port, model)
        lines.append(wrapped(f"{port['name']}: {port['meaning']}" + (f" ({note})" if note else ""), "    "))
    lines += ["", "Source:", wrapped(model["citation"], "    ").replace("\n        ", "\n    ")]
    if model["accuracy"]:
        lines += ["", "Accuracy:", wrapped(model["accuracy"], "    ").replace("\n        ", "\n    ")]
    return "\n".join(lines) + "\n"


def c_text(text):
    out = []
    for line in text.split("\n"):
        escaped = line.replace("\\", "\\\\").replace('"', '\\"')
        out.append(f'     "{escaped}\\n"')
    return "\n".join(out)


def python_docs(models, interface):
    out = ["/* Made by bindings/describe.py from the table of models. */",
           "static const struct { const char *name, *text; } description[] = {"]
    for model in models:
        text = f"{model['name']}({python_signature(model, interface)})\n--\n\n" + python_text(model, interface)
        out.append(f'    {{"{model["name"]}",\n{c_text(text)}}},')
    return "\n".join(out) + "\n};\n"


def function_text(function):
    lines = [f"{function['title']}.", "", wrapped(function["about"], ""), ""]
    if function["arguments"]:
        lines.append("Arguments:")
        lines += [wrapped(f"{name}: {meaning}", "    ") for name, _, _, _, meaning in function["arguments"]]
        lines.append("")
    lines += [wrapped(f"Gives {function['gives']}.", ""), "", "Example:"]
    lines += ["    >>> " + line if not line.startswith(" ") else "    ... " + line
              for line in function["example_python"].strip().split("\n")]
    return "\n".join(lines) + "\n"


def python_functions(models, interface):
    out = ['"""Made by bindings/describe.py from interface.toml and the table of models."""', "", "DOC = {"]
    for function in interface["function"]:
        out.append(f"    {function['name']!r}: {function_text(function)!r},")
    out += ["}", f"MODELS = {json.dumps(models, ensure_ascii=False)!r}"]
    return "\n".join(out) + "\n"


STUB_HEAD = '''"""Made by bindings/describe.py from the table of models and interface.toml."""
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

class _Buffer(Protocol):
    def __array__(self) -> Any: ...

ArrayLike: TypeAlias = float | Sequence[float] | Sequence[Sequence[float]] | memoryview | _Buffer | Any
Array: TypeAlias = Any  # numpy.ndarray where NumPy is installed, else memoryview; read-only

__version__: str

class Error(Exception):
    """What the library says is wrong."""
    status: str
    file: str
    line: int
    column: int
    message: str
    findings: list["Finding"]
class ArgumentError(Error, ValueError): ...
class DomainError(Error, ValueError): ...
class ScenarioError(Error): ...
class LimitError(Error): ...
class FormatError(Error): ...
class FileError(Error, OSError): ...
class Warning(UserWarning): ...

class Record(dict[str, Any]):
    """A dict whose keys are attributes, too; a trailing underscore helps with words of Python's own: r.with_"""
    def __getattr__(self, name: str) -> Any: ...

class Finding(Record):
    file: str
    line: int
    column: int
    severity: Literal["error", "warning"]
    message: str

class Rule:
    """A rule by which a group decides."""
    def __init__(self, rule: str | None = None, *, members: int = 0, weights: ArrayLike | None = None,
                 quota: float | str | None = None) -> None: ...
    members: list[str]
    title: str
    def wins(self, yes: Sequence[bool], /) -> bool: ...

class Power(Record):
    members: list[str]
    shapley_shubik: Array
    banzhaf: Array
    banzhaf_absolute: Array
    prevent: Array
    initiate: Array
    owen: Array
    act: float
    method: str
    def to_pandas(self) -> Any: ...

class Outcome:
    """What a model gives; its numbers are attributes and keys."""
    model: str
    stop: str
    def keys(self) -> list[str]: ...
    def __getitem__(self, name: str) -> Any: ...
    def to_pandas(self, names: Sequence[str] | None = None) -> Any: ...

class Results:
    """What was found in a run."""
    @property
    def facts(self) -> Record: ...
    @property
    def claims(self) -> Mapping[str, Record]: ...
    @property
    def quantities(self) -> Mapping[str, Record]: ...
    @property
    def provisions(self) -> Mapping[str, Record]: ...
    @property
    def inputs(self) -> Mapping[str, Record]: ...
    @property
    def warnings(self) -> list[Finding]: ...
    @property
    def weights(self) -> Array | None: ...
    def json(self) -> str: ...
    def draws(self, name: str, arm: Literal["without", "with", "taken"] = "with") -> Array: ...
    def to_pandas(self, what: Literal["quantities", "claims", "drivers", "inputs", "draws"] = "quantities") -> Any: ...
    def to_polars(self, what: Literal["quantities", "claims", "drivers", "inputs", "draws"] = "quantities") -> Any: ...
    def write(self, folder: str | os.PathLike[str], draws: bool = False) -> None: ...
    def write_report(self, path: str | os.PathLike[str]) -> None: ...
    def write_sqlite(self, path: str | os.PathLike[str]) -> None: ...
    def write_draws(self, path: str | os.PathLike[str]) -> None: ...
    def _repr_html_(self) -> str: ...

'''


def class_name(model):
    return "".join(word.capitalize() for word in model["name"].split("_")) + "Outcome"


def python_stub(models, interface):
    out = [STUB_HEAD]
    for function in interface["function"]:
        parts = []
        for name, kind, default, _, _ in function["arguments"]:
            if default and "*" not in parts and (parts or function["name"] != "power"):
                parts.append("*")
            parts.append(f"{name}: {kind}" + (f" = {default}" if default else ""))
            if function["name"] == "power" and len(parts) == 1:
                parts.append("*")
        out.append(f"def {function['name']}({', '.join(parts)}) -> {function['type']}:\n    \"\"\"{function['title']}.\"\"\"\n")
    for model in models:
        name = class_name(model)
        out.append(f"class {name}(Outcome):")
        for port in outputs_of(model):
            kind = "str" if port["choices"] else "int" if port["name"] == "rounds" else \
                "Array" if letters(port).replace("y", "") else "float | Array" if letters(port) else "float"
            if port["name"] == "outcome":
                kind = "float | Array"
            if port["name"] != "stop":
                out.append(f"    {port['name']}: {kind}")
        out.append(f"def {model['name']}({python_signature(model, interface, typed=True)}) -> {name}:")
        out.append(f"    \"\"\"{model['title']}.\"\"\"\n")
    return "\n".join(out)


# --- all ------------------------------------------------------------------------------------------------

def main():
    what, program, target = sys.argv[1:4]
    models, interface = read(program)
    if what == "r":
        import describe_r
        describe_r.write(models, interface, target, sys.modules["__main__"])
        return
    make = {"python-docs": python_docs, "python-text": python_functions, "python-stub": python_stub}[what]
    with open(target, "w", encoding="utf-8") as file:
        file.write(make(models, interface))


if __name__ == "__main__":
    main()
