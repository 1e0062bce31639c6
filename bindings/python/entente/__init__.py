"""entente: put arguments about states to the test.

    import entente
    r = entente.run("scenarios/european-security-2025", draws=2000)
    r.claims["shuts"].verdict
    entente.challenge([10, 40, 80], [1, 0.5, 0.8], [3, 2, 1]).outcome

Every model is a function (entente.models() lists them), `run` runs a scenario, and what is wrong is an entente.Error
with its file, line and column. NumPy, pandas and polars are used where they are installed; none is needed.
"""

import json as _json
import warnings as _warnings

from . import _entente
from ._entente import Rule, __version__
from ._errors import ArgumentError, DomainError, Error, FileError, FormatError, LimitError, ScenarioError, Warning
from ._outcome import Outcome, Power
from ._progress import watcher as _watcher
from ._records import Record
from ._results import Results
from ._text import DOC as _DOC
from ._text import MODELS as _MODELS

_entente._set_outcome(Outcome)
globals().update({name: getattr(_entente, name) for name in _entente._models})  # one function a model


def _documented(function):
    function.__doc__ = _DOC[function.__name__]
    return function


@_documented
def run(scenario, *, draws=None, seed=None, set=None, jobs=0, keep_draws=False, progress=None):  # noqa: A002
    settings = [(str(name), _value_text(value)) for name, value in (set or {}).items()]
    if draws is not None and int(draws) < 1:
        raise ValueError(f"draws is 1 or more, not {draws}")
    if seed is not None and not 0 <= int(seed) < 2**64:
        raise ValueError(f"seed is from 0 to 2^64 - 1, not {seed}")
    tell = _watcher(progress)
    try:
        inner, found = _entente.run(scenario, settings, int(draws or 0), None if seed is None else int(seed), int(jobs), keep_draws, tell)
    finally:
        if progress is True:
            tell.end()
    for f in found:
        _warnings.warn(f"{f['file']}:{f['line']}:{f['column']}: {f['message']}", Warning, stacklevel=2)
    return Results(inner, found)


@_documented
def check(scenario):
    return [Record(f) for f in _entente.check(scenario)]


@_documented
def new(folder):
    _entente.new(folder)


@_documented
def power(rule=None, *, weights=None, quota=None, members=0, blocs=None, method="auto", samples=0, seed=1):
    if not isinstance(rule, Rule):
        rule = Rule(rule, members=members, weights=weights, quota=quota)
    return Power(members=rule.members, **rule._power(blocs=blocs, method=method, samples=samples, seed=seed))


@_documented
def rules():
    return _entente.rules()


@_documented
def cinc(table):
    columns = {str(name).lower(): name for name in table.keys()}
    wanted = ("year", "milex", "milper", "irst", "pec", "tpop", "upop")
    return _entente.cinc(*(table[columns[w]] if w in columns else None for w in wanted))


@_documented
def similarity(a, b, width, *, kind="s", squared=False):
    return _entente.similarity(kind, squared, a, b, width)


@_documented
def models():
    return {m["name"]: m for m in map(Record, _json.loads(_MODELS))}


def _value_text(value):
    """A setting as `--set` takes it: 0.5, (0.3, 0.6) for "0.3 to 0.6", True for yes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return f"{value[0]} to {value[1]}"
    return str(value)


__all__ = ["run", "check", "new", "power", "rules", "cinc", "similarity", "models", "Rule", "Results", "Outcome", "Power", "Record",
           "Error", "ArgumentError", "DomainError", "ScenarioError", "LimitError", "FormatError", "FileError", "Warning",
           "__version__", *_entente._models]
