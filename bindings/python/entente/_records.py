"""Parts of a result: dicts whose keys are attributes as well."""


class Record(dict):
    """A dict whose keys are attributes, too: claim.verdict, claim["verdict"]. Words of Python's own take a trailing
    underscore."""

    def __getattr__(self, name):
        for key in (name, name.rstrip("_")):
            if key in self:
                return self[key]
        raise AttributeError(f"there is no {name!r}; there is: {', '.join(map(str, self))}")

    def __dir__(self):
        return [*super().__dir__(), *(k for k in self if isinstance(k, str) and k.isidentifier())]


def records(x):
    """All dicts within x as records."""
    if isinstance(x, dict):
        return Record((k, records(v)) for k, v in x.items())
    return [records(v) for v in x] if isinstance(x, list) else x
