"""Test cases in Python that print TAP: functions decorated with @case run in the order of the file, each in a folder of its
own that is removed afterwards.

    from tap import case, run, check, skip
    @case
    def what_must_hold(folder): ...
    run()
"""
import os
import shutil
import sys
import tempfile
import traceback

_cases = []


class Skip(Exception):
    pass


def case(function):
    _cases.append(function)
    return function


def skip(reason):
    raise Skip(reason)


def check(condition, *context):
    if not condition:
        raise AssertionError(" ".join(str(c)[:2000] for c in context) or "does not hold")


def same(got, want, *context):
    if got != want:
        raise AssertionError(f"got {got!r}, want {want!r} " + " ".join(map(str, context)))


def as_on_the_page(x):
    """What the report page has of a piece of the JSON: numbers to seven digits, dots of what the first screen shows alone."""
    if isinstance(x, dict):
        keeps = x.get("headline", True) and "prior" not in x
        x = x if keeps else without_dots(x)
        return {k: as_on_the_page(v) for k, v in x.items()}
    if isinstance(x, list):
        return [as_on_the_page(v) for v in x]
    return float(f"{x:.7g}") if isinstance(x, float) else x


def without_dots(x):
    return {k: without_dots(v) for k, v in x.items() if k != "dots"} if isinstance(x, dict) else x


def run():
    chosen = [c for c in _cases if not sys.argv[1:] or c.__name__ in sys.argv[1:]]
    failed = 0
    start = os.getcwd()
    for number, function in enumerate(chosen, 1):
        folder = tempfile.mkdtemp(prefix="entente-test-")
        name = function.__name__.replace("_", " ")
        try:
            os.chdir(folder)
            function(folder)
            print(f"ok {number} - {name}", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {reason}", flush=True)
        except Exception:  # every failure of a case is told, and the next case runs
            failed += 1
            traceback.print_exc()
            print(f"not ok {number} - {name}", flush=True)
        finally:
            os.chdir(start)
            shutil.rmtree(folder, ignore_errors=True)
    print(f"1..{len(chosen)}")
    sys.exit(1 if failed else 0)
