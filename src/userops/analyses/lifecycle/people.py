"""Who is in a state of a lifecycle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.analyses.lifecycle.document import Lifecycle
from userops.analyses.lifecycle.running import SQL, day_of, periods, person_pieces
from userops.analyses.lifecycle.states import BY_NAME
from userops.analyses.lifecycle.units import number_of
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.dates import Bucket
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.words import Words


def people(
    document: Lifecycle, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """`selection`: `{"start": "2024-01-01", "state": "new"}`; see `states.BY_NAME` for the states."""
    unit = _selected(periods(document, scope), selection)
    values = scope.values()
    number = values.whole(number_of(day_of(unit), document.unit))
    pieces = {
        **person_pieces(document, scope, values),
        "unit": number,
        "after": values.instant(unit.end),
        "state": BY_NAME[selection["state"]].sql.replace("{unit}", number),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _selected(units: list[Bucket], selection: Mapping[str, Any]) -> Bucket:
    starts = {unit.key(): unit for unit in units}
    start, state = selection.get("start"), selection.get("state")
    fits = (
        isinstance(start, str) and isinstance(state, str) and set(selection) == {"start", "state"}
    )
    if not fits or start not in starts or state not in BY_NAME:
        known = ", ".join(BY_NAME)
        raise DocumentError(
            Words(
                f"选择不正确：应为结果中的一个 start 和一个 state（{known}）。",
                f"The selection is wrong: it needs a `start` of the result and a `state` ({known}).",
            ),
            code="selection_invalid",
            hint=Words(
                '格式如 {"start": "2024-01-01", "state": "new"}。',
                'It reads like {"start": "2024-01-01", "state": "new"}.',
            ),
        )
    return starts[start]
