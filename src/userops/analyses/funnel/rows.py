"""Reading: the few columns of the few rows that a funnel needs, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.profile_texts import Texts, texts
from userops.query.dates import midnight, milliseconds
from userops.query.filters import conditions_sql, text_sql
from userops.query.scope import Scope
from userops.query.sql import Values, any_of, statement
from userops.query.steps import EventStep

SQL = Path(__file__).parent / "sql"
Ints = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """One entry per event. `steps` and `exclusions` are bit masks."""

    person: Ints
    at: Ints
    steps: Ints
    exclusions: Ints
    holds: list[Texts]
    session: Texts | None
    breakdowns: dict[int, Texts]
    """The event properties of the breakdown, by their place in the document."""
    in_order: bool = False
    """Whether they stand by person and time."""

    def __len__(self) -> int:
        return len(self.at)

    def take(self, chosen: Ints) -> Rows:
        """Some of the rows, in the order given."""

        def cut(texts: Texts) -> Texts:
            return Texts(texts.codes[chosen], texts.values)

        return Rows(
            self.person[chosen],
            self.at[chosen],
            self.steps[chosen],
            self.exclusions[chosen],
            [cut(each) for each in self.holds],
            None if self.session is None else cut(self.session),
            {place: cut(each) for place, each in self.breakdowns.items()},
        )


def read_until(document: FunnelDocument, scope: Scope) -> int:
    """The first millisecond that no attempt of the range can reach."""
    return document.range.bounds(scope.zone)[1] + (document.window_ms or 0)


def wanted_sql(document: FunnelDocument, values: Values, person: str) -> str:
    """Rows that are a step or an exclusion; by their names first, so that the index is used."""
    sources: tuple[EventStep, ...] = (*document.steps, *document.exclusions)
    conditions = any_of([each.sql(values, person) for each in sources])
    if not all(each.events for each in sources):
        return f"({conditions})"
    names = sorted({name for each in sources for name in each.events})
    by_name = f"event in {values.texts(names)}"
    return f"{by_name} and ({conditions})" if any(each.filters for each in sources) else by_name


def mask_sql(steps: tuple[EventStep, ...], values: Values, person: str) -> str:
    """Bit k is set when the row is the k-th of `steps`. Names alone are looked up together."""
    masks: dict[str, int] = {}
    bits = []
    for at, each in enumerate(steps):
        if each.filters or not each.events:
            bits.append(f"bitShiftLeft(toUInt32({each.sql(values, person)}), {at})")
            continue
        for name in each.events:
            masks[name] = masks.get(name, 0) | 1 << at
    if masks:
        marked = values.add(list(masks.values()), "Array(UInt32)")
        bits.append(f"transform(event, {values.texts(list(masks))}, {marked}, toUInt32(0))")
    return " + ".join(bits) or "0"


Block = tuple[int, int]
"""Which of how many blocks of persons."""
EVERYBODY: Block = (0, 1)


def of_block(block: Block, scope: Scope, values: Values) -> str:
    if block == EVERYBODY:
        return "1"
    which, count = (values.whole(each) for each in block)
    return f"{scope.person} % {count} = {which}"


def which_rows(document: FunnelDocument, scope: Scope) -> tuple[Values, dict[str, str]]:
    """Parameters and pieces that say which rows a funnel looks at."""
    values = scope.values()
    begin, _ = document.range.bounds(scope.zone)
    values.parameters.update(begin=begin, until=read_until(document, scope))
    strict = document.order == "strict"
    return values, {
        # strict order must see what stands in between
        "wanted": "1" if strict else wanted_sql(document, values, scope.person),
        "filters": conditions_sql(document.filters, values, scope.person),
    }


def read(document: FunnelDocument, scope: Scope, block: Block = EVERYBODY) -> Rows:
    """Fetch the rows of a resolved document, of all persons or of a block of them."""
    values, which = which_rows(document, scope)
    columns = [
        (f"h{at}", text_sql(name, "event", values))
        for at, name in enumerate(document.hold_constant)
    ]
    if document.count == "sessions":
        columns.append(("session", "session"))
    columns += [
        (f"b{at}", each.sql(values))
        for at, each in enumerate(document.breakdown)
        if each.of == "event"
    ]
    sql = statement(
        SQL / "rows.sql",
        {
            "person": scope.person,
            "steps": mask_sql(document.steps, values, scope.person),
            "exclusions": mask_sql(document.exclusions, values, scope.person),
            "columns": "".join(f",\n    {piece} as {name}" for name, piece in columns),
            **which,
            "block": of_block(block, scope, values),
        },
    )
    return _rows(scope.ask(sql, values), document)


def _rows(table: pa.Table, document: FunnelDocument) -> Rows:
    steps = numbers(table, "steps").astype(np.int64)
    exclusions = numbers(table, "exclusions").astype(np.int64)
    names = set(table.column_names)
    return Rows(
        numbers(table, "person").astype(np.int64),
        numbers(table, "at").astype(np.int64),
        steps,
        # an event that is a step is never an exclusion
        np.where(steps > 0, 0, exclusions),
        [texts(table, f"h{at}") for at in range(len(document.hold_constant))],
        texts(table, "session") if "session" in names else None,
        {at: texts(table, f"b{at}") for at in range(len(document.breakdown)) if f"b{at}" in names},
    )


def numbers(table: pa.Table, name: str) -> Ints:
    array: Ints = table.column(name).to_numpy()
    return array


def session_starts(
    document: FunnelDocument, scope: Scope, block: Block = EVERYBODY
) -> tuple[Ints, Ints]:
    """Person and time of each event that carries no session id, sorted."""
    values = scope.values()
    begin, _ = document.range.bounds(scope.zone)
    values.parameters.update(begin=begin, until=read_until(document, scope))
    table = scope.ask(
        statement(
            SQL / "loose.sql", {"person": scope.person, "block": of_block(block, scope, values)}
        ),
        values,
    )
    person, at = numbers(table, "person").astype(np.int64), numbers(table, "at").astype(np.int64)
    order = np.lexsort((at, person))
    return person[order], at[order]


def day_ends(document: FunnelDocument, scope: Scope) -> Ints:
    """The last millisecond of each local day of the range, in order."""
    from datetime import timedelta

    days = range(1, document.range.days + 1)
    return np.array(
        [
            milliseconds(midnight(document.range.first + timedelta(days=day), scope.zone)) - 1
            for day in days
        ],
        np.int64,
    )
