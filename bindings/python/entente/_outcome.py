"""What a model gives, as people use it."""

from . import _entente
from ._records import Record


class Outcome(_entente.Outcome):
    """What a model gives. Its numbers are attributes and keys; arrays lie over the library's own memory."""

    def __getitem__(self, name):
        if name in self.keys():
            return getattr(self, name)
        raise KeyError(f"{self.model} gives no {name!r}; there is: {', '.join(self.keys())}")

    def __iter__(self):
        return iter(self.keys())

    def __len__(self):
        return len(self.keys())

    def __contains__(self, name):
        return name in self.keys()

    def __dir__(self):
        return [*super().__dir__(), *self.keys()]

    def __repr__(self):
        width = max(map(len, self.keys()))
        return f"{self.model}\n" + "\n".join(f"  {k:{width}}  {_short(getattr(self, k))}" for k in self.keys())

    def to_pandas(self, names=None):
        """A frame of what has a value for each actor (ally, candidate, ...), one row each, with `names` as its index.

        With several years a row is an actor in a year.
        """
        import pandas

        axes = self._axes()
        kinds = [a for a in axes.values() if a.replace("y", "")]
        if not kinds:
            return pandas.DataFrame({k: [self[k]] for k in axes})
        kind = max(kinds, key=lambda a: (kinds.count(a), a))
        columns = {k: getattr(self, k) for k, a in axes.items() if a == kind}
        frame = pandas.DataFrame({k: _flat(v) for k, v in columns.items()})
        if names is not None:
            years = len(frame) // len(names)
            frame.index = list(names) * years
        return frame


class Power(Record):
    """Power indices of the members of a rule."""

    def to_pandas(self):
        """A frame with a row a member."""
        import pandas

        n = len(self.members)
        return pandas.DataFrame({k: v for k, v in self.items() if k != "members" and not isinstance(v, (str, float, type(None))) and len(v) == n},
                                index=self.members)


def _flat(x):
    return x.reshape(-1) if hasattr(x, "reshape") else [v for row in x.tolist() for v in (row if isinstance(row, list) else [row])]


def _short(x):
    if isinstance(x, (float, int, str)):
        return f"{x:.6g}" if isinstance(x, float) else str(x)
    values = _flat(x)
    shown = ", ".join(f"{v:.6g}" for v in values[:6])
    return f"[{shown}{', ...' if len(values) > 6 else ''}]"
