"""Capability over time, as plainly as it can be said.

What allies spend becomes a stock that wears by the year; spending moves toward its target by at most `ramp` of GDP a year.

    years = capability(income, target, wear, ramp)      tables: a list of years, in each a list of allies
    years[t]["stock"]      as the yearly spending that would keep it up

`required` is, year by year, the factor to which the stocks of the year before must rise (None: no such factor).
An oracle for the C code in src/alliance.
"""


def capability(income, target, wear, ramp, start=None, efficiency=None, baseline=None, required=None, without=None):
    allies, told = range(len(target[0])), []
    efficiency = efficiency or [[1.0] * len(allies) for _ in target]
    baseline = baseline or efficiency[0]
    q = list(start or target[0])
    K = [baseline[i] * q[i] / wear for i in allies]
    before = [wear * K[i] / baseline[i] for i in allies]
    for t in range(len(target)):
        if t > 0:
            for i in allies:
                most = ramp * income[t][i]
                q[i] += min(max(target[t][i] - q[i], -most), most)
                K[i] = (1 - wear) * K[i] + efficiency[t][i] * q[i]
        stock = [wear * K[i] / baseline[i] for i in allies]
        factor = required[t] if required else None
        deficit = None
        if factor is not None:
            deficit = sum(factor * before[i] - stock[i] for i in allies if i != without)
        told.append({"stock": stock, "spent": list(q), "deficit": deficit})
        before = stock
    return told


def first_closed(told):
    """The first year without a deficit, None where there is none."""
    return next((t for t, year in enumerate(told) if year["deficit"] is not None and year["deficit"] <= 0), None)


def window(told):
    """The area under the deficit; None where one is undefined."""
    deficits = [year["deficit"] for year in told]
    return None if None in deficits else sum(max(d, 0.0) for d in deficits)
