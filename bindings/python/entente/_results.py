"""Results of a run, as people use them: records, frames, draws."""

import json
from functools import cached_property

from ._errors import ArgumentError
from ._records import Record, records

ARMS = ("without", "with", "taken")
GLYPH = {"follows": "▲", "leans to": "△", "open": "○", "leans against": "▽", "does not follow": "▼", "depends on the model": "◆"}
SUMMARY = ("mean", "sd", "mc_error", "p05", "p25", "p50", "p75", "p95", "undefined")
SHARE = ("share", "mc_error", "verdict", "near_threshold", "counted", "undefined")


class Results:
    """What was found in a run. Nothing is copied that need not be: draws are arrays over the library's own memory."""

    def __init__(self, inner, warnings):
        self._inner = inner
        self.warnings = [Record(w) for w in warnings]

    @cached_property
    def facts(self):
        """What was run: title, version, seed, draws, command, ..."""
        return Record(self._inner.facts())

    def json(self):
        """The JSON of `entente run --json` (docs/results.md)."""
        return self._inner.json()

    @cached_property
    def _data(self):
        return records(json.loads(self._inner.json()))

    @property
    def claims(self):
        """The claims by their id: claim.verdict, claim.share, claim.without, claim.drivers, ..."""
        return self._data.claims

    @property
    def quantities(self):
        """The quantities by name, with the document; `.without` and `.taken` beside it, `.by_model` by model."""
        return self._data.quantities

    @property
    def provisions(self):
        """The document's provisions by their id."""
        return self._data.provisions

    @property
    def inputs(self):
        """Every input by name: its text, source and summary."""
        return self._data.inputs

    # --- draws ------------------------------------------------------------------------------------------

    @cached_property
    def _places(self):
        return {name: i for i, name in enumerate(self._inner.quantity_names())}

    def draws(self, name, arm="with"):
        """What a quantity was in every draw, an array over the library's memory; "claim(ID)": whether a claim holds.

        Quantities of an actor or a year keep counts and no draws; claims keep theirs with keep_draws=True.
        """
        if arm not in ARMS:
            raise ValueError(f"arm is without, with or taken, not {arm!r}")
        if name.startswith("claim(") and name.endswith(")"):
            ids = list(self.claims)
            if name[6:-1] not in ids:
                raise KeyError(f"there is no claim {name[6:-1]!r}; there is: {', '.join(ids)}")
            return self._inner.draws(True, ids.index(name[6:-1]), ARMS.index(arm))
        if name not in self._places:
            raise KeyError(f"there is no quantity {name!r}{_nearest(name, self._places)}")
        return self._inner.draws(False, self._places[name], ARMS.index(arm))

    @property
    def weights(self):
        """The weight of every draw where something is known of what happened; else None: all are 1."""
        return self._inner.weights()

    # --- frames -----------------------------------------------------------------------------------------

    def _columns(self, what):
        make = {"quantities": self._quantity_columns, "claims": self._claim_columns, "drivers": self._driver_columns,
                "inputs": self._input_columns, "draws": self._draw_columns}
        if what not in make:
            raise ValueError(f"there is no table {what!r}; there is: {', '.join(make)}")
        return make[what]()

    @property
    def _arms(self):
        return range(3) if self.facts.has_document else range(1, 2)

    def _quantity_columns(self):
        inner, arms, n = self._inner, self._arms, len(self._places)
        columns = {field: inner.quantity_texts(field) * len(arms) for field in ("name", "unit", "kind", "issue", "actor")}
        columns["arm"] = [ARMS[a] for a in arms for _ in range(n)]
        for field in ("year", "month"):
            columns[field] = [int(x) for a in arms for x in inner.quantity_numbers(field, a)]
        for field in ("headline", "moves"):
            columns[field] = [bool(x) for a in arms for x in inner.quantity_numbers(field, a)]
        for field in (*SUMMARY, "known", "low", "high"):
            columns[field] = _joined([inner.quantity_numbers(field, a) for a in arms])
        return columns

    def _claim_columns(self):
        rows = []
        for key, claim in self.claims.items():
            for a in self._arms:
                side = claim if ARMS[a] == "with" else claim[ARMS[a]]
                rows.append({"id": key, "title": claim.title, "who": claim.who, "arm": ARMS[a], **{f: side.get(f) for f in SHARE}})
        return _by_column(rows, ["id", "title", "who", "arm", *SHARE], SHARE)

    def _driver_columns(self):
        rows = [{"claim": key, "rank": i + 1, **{f: d.get(f) for f in ("input", "label", "strength", "strength_error", "break_even")}}
                for key, claim in self.claims.items() for i, d in enumerate(claim.drivers)]
        return _by_column(rows, ["claim", "rank", "input", "label", "strength", "strength_error", "break_even"], ["break_even"])

    def _input_columns(self):
        fields = ["label", "unit", "text", "source", "why", "uncertain"]
        rows = [{"name": key, **{f: i[f] for f in fields}, **{f: i.weighted.get(f) for f in SUMMARY}} for key, i in self.inputs.items()]
        return _by_column(rows, ["name", *fields, *SUMMARY], SUMMARY)

    def _draw_columns(self):
        columns = {}
        for name, i in self._places.items():
            for a in self._arms:
                try:
                    column = self._inner.draws(False, i, a)
                except ArgumentError:
                    continue
                columns[name if ARMS[a] == "with" else f"{ARMS[a]}({name})"] = column
        return columns

    def to_pandas(self, what="quantities"):
        """A frame of the quantities (a row a quantity and arm), the claims, their drivers, the inputs, or the draws."""
        import pandas

        return pandas.DataFrame(self._columns(what), copy=False)

    def to_polars(self, what="quantities"):
        """The same as to_pandas(), for polars."""
        import polars

        return polars.DataFrame({k: _for_polars(v) for k, v in self._columns(what).items()})

    # --- files ------------------------------------------------------------------------------------------

    def write(self, folder, draws=False):
        """report.html, results.sqlite and, with draws, draws.csv in one folder, as `entente run` does."""
        self._inner.write("folder", folder, draws)

    def write_report(self, path):
        """The report page, one file."""
        self._inner.write("report", path, False)

    def write_sqlite(self, path):
        """All numbers as tables of SQLite (docs/results.md)."""
        self._inner.write("sqlite", path, False)

    def write_draws(self, path):
        """Every draw as CSV; needs keep_draws=True."""
        self._inner.write("draws", path, False)

    # --- for people -------------------------------------------------------------------------------------

    def _lines(self):
        f = self.facts
        yield f"{f.title}: {f.draws} draws" + (f" of {f.draws_asked} (stopped)" if f.interrupted else "") + f", seed {f.seed}"
        if self.claims:
            yield ""
        for claim in self.claims.values():
            if claim.share is None:
                yield f"  {'':>6} {claim.verdict:20} {claim.title}"
            else:
                yield f"{GLYPH.get(claim.verdict, ' ')} {100 * claim.share:4.0f} % {claim.verdict:20} {claim.title}"

    def __repr__(self):
        return "\n".join(_cut(line, 100) for line in self._lines())

    def _repr_html_(self):
        from html import escape

        f = self.facts
        rows = "".join(
            f"<tr><td>{GLYPH.get(c.verdict, '')} {escape(c.verdict)}</td>"
            f"<td style='text-align:right'>{'' if c.share is None else f'{100 * c.share:.0f} %'}</td>"
            f"<td style='text-align:left'>{escape(c.title)}</td></tr>" for c in self.claims.values())
        return (f"<p><b>{escape(f.title)}</b>: {f.draws} draws, seed {f.seed}</p>"
                f"<table><tr><th>verdict</th><th>holds in</th><th>claim</th></tr>{rows}</table>")


def _cut(line, width):
    return line if len(line) <= width else line[: width - 1] + "…"


def _nearest(name, names):
    import difflib

    near = difflib.get_close_matches(name, list(names)[:5000], 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _by_column(rows, names, numbers):
    """Rows as columns; of what is a number, null becomes NaN."""
    nan = float("nan")
    return {n: [nan if r[n] is None and n in numbers else r[n] for r in rows] for n in names}


def _joined(parts):
    if len(parts) == 1:
        return parts[0]
    if hasattr(parts[0], "dtype"):
        import numpy

        return numpy.concatenate(parts)
    return [x for part in parts for x in part]


def _for_polars(column):
    return list(column) if isinstance(column, memoryview) else column
