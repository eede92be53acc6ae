"""Numbers of events by breakdown value and unit, of values that are few.

Counting by one small number is much cheaper than by texts. Values that an earlier question found have such
numbers; where any other turns up, all are counted by their texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import prod
from pathlib import Path

from userops.analyses.breakdown import Value, values_of
from userops.analyses.seen_texts import Texts, remember_texts, seen_texts
from userops.query.axis import Axis
from userops.query.scope import Scope
from userops.query.sql import Values, coded_sql, statement
from userops.query.steps import Breakdown

SQL = Path(__file__).parent / "sql"
NUMBERS = 2**16
"""So many cells can be told apart by a small number."""
Cells = dict[Value, dict[int, int]]
"""Events by value and place on the axis."""


def counted(
    breakdown: tuple[Breakdown, ...], scope: Scope, axis: Axis, values: Values, condition: str
) -> Cells:
    """Of the events that fit a condition, whose parameters are among `values`."""
    pieces = {
        "condition": condition,
        "begin": values.instant(axis.bounds[0]),
        "after": values.instant(axis.bounds[1]),
        "bucket": axis.bucket_sql(values),
    }
    seen = seen_texts(scope, breakdown)
    found = _by_number(breakdown, seen, scope, axis, values, pieces) if seen is not None else None
    if found is not None:
        return found
    cells = _by_text(breakdown, scope, axis, values, pieces)
    for each, texts in zip(breakdown, zip(*cells, strict=True), strict=False):
        remember_texts(scope, each, texts)
    return cells


def _by_text(
    breakdown: tuple[Breakdown, ...],
    scope: Scope,
    axis: Axis,
    values: Values,
    pieces: dict[str, str],
) -> Cells:
    names = [f"b{number}" for number in range(len(breakdown))]
    columns = [f"{each.sql(values)} as {name}" for each, name in zip(breakdown, names, strict=True)]
    pieces = {**pieces, "columns": ", ".join(columns), "names": ", ".join(names)}
    table = scope.ask(statement(SQL / "counted.sql", pieces), values)
    rows, cells = table.to_pydict(), Cells()
    found = zip(
        values_of(rows, len(breakdown), table.num_rows), rows["bucket"], rows["events"], strict=True
    )
    for value, bucket, events in found:
        cells.setdefault(value, {})[axis.places[bucket]] = events
    return cells


def _by_number(
    breakdown: tuple[Breakdown, ...],
    seen: Sequence[Texts],
    scope: Scope,
    axis: Axis,
    values: Values,
    pieces: dict[str, str],
) -> Cells | None:
    """None where there are too many cells or none (a time zone may skip a day), or a value that was not seen
    before."""
    if not axis.places:
        return None
    first, last = min(axis.places), max(axis.places)
    # one code more than there are texts, for any other
    if (last - first + 1) * prod(len(texts) + 1 for texts in seen) > NUMBERS:
        return None
    number = f"{pieces['bucket']} - {values.whole(first)}"
    for each, texts in zip(breakdown, seen, strict=True):
        code = coded_sql(each.sql(values), texts, range(len(texts)), len(texts), values)
        number = f"({number}) * {len(texts) + 1} + {code}"
    table = scope.ask(
        statement(SQL / "numbered.sql", {**pieces, "number": f"toUInt16({number})"}), values
    )
    held = list(product(*((*texts, None) for texts in seen)))
    cells = Cells()
    for told, events in zip(*table.to_pydict().values(), strict=True):
        bucket, code = divmod(told, len(held))
        value = held[code]
        if None in value:
            return None
        cells.setdefault(value, {})[axis.places[bucket + first]] = events
    return cells
